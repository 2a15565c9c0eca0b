"""One program for every device: which one there is, when it is done, and what it can do."""

import sys
import timeit
from statistics import median
from types import SimpleNamespace

import pytest
import torch
from torch.utils.benchmark import Timer

from course_utils.training import devices

CPU = torch.device("cpu")


def pretend_there_is(monkeypatch, *kinds):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: "cuda" in kinds)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: "mps" in kinds)


@pytest.mark.parametrize(
    ("there", "best", "available"),
    [
        ([], "cpu", ["cpu"]),
        (["mps"], "mps", ["cpu", "mps"]),
        (["cuda"], "cuda", ["cpu", "cuda"]),
        (["cuda", "mps"], "cuda", ["cpu", "cuda"]),
    ],
)
def test_the_best_device_is_the_accelerator_where_there_is_one(monkeypatch, there, best, available):
    pretend_there_is(monkeypatch, *there)
    assert devices.best() == torch.device(best)
    assert devices.available() == [torch.device(name) for name in available]


def test_every_device_that_is_offered_can_compute():
    assert CPU in devices.available()
    assert devices.best() in devices.available()
    for device in devices.available():
        assert float(torch.ones(3, device=device).sum()) == 3


def test_an_accelerator_gets_the_large_setting():
    assert devices.settings("cpu") is devices.settings(CPU) is devices.SMALL
    assert devices.settings("cuda") is devices.settings(torch.device("mps")) is devices.LARGE
    small, large = devices.SMALL, devices.LARGE
    assert all(more > less for more, less in zip(large[1:], small[1:], strict=True))


@pytest.mark.parametrize(("cores", "threads"), [(None, 1), (1, 1), (2, 1), (5, 2), (64, 32)])
def test_half_of_the_cores_work_and_at_least_one(monkeypatch, cores, threads):
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert devices.threads() == threads


def test_compiling_needs_a_compiler(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert devices.why_not_compile(CPU) == "there is no C++ compiler on this machine"
    compiler = tmp_path / "g++"
    compiler.write_text("#!/bin/sh\n")
    compiler.chmod(0o755)
    assert devices.why_not_compile(CPU) == ""


def test_compiling_for_cuda_needs_triton(monkeypatch):
    monkeypatch.setitem(sys.modules, "triton", None)
    assert "Triton" in devices.why_not_compile("cuda")
    monkeypatch.setitem(sys.modules, "triton", sys)
    assert devices.why_not_compile("cuda") == ""


def test_mixed_precision_is_a_yes_or_a_no(monkeypatch):
    assert devices.mixed("cpu") in (True, False)
    assert isinstance(devices.mixed(CPU), bool)
    assert devices.mixed("mps") is False
    for capability, pays in (((7, 5), False), ((8, 0), True), ((9, 0), True)):
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device, found=capability: found)
        assert devices.mixed("cuda") is pays


def test_a_pretended_device_queues_at_once_and_is_done_when_somebody_waits(slept):
    device = devices.Pretend()
    device.launch(0.25)
    device.launch(0.5)
    assert slept == []
    devices.synchronize(device)
    assert slept == [0.75]
    devices.synchronize(device)
    assert sum(slept) == 0.75
    assert str(device) == device.type == "pretend"


@pytest.mark.parametrize("device", ["cpu", CPU])
def test_waiting_for_a_cpu_is_free(slept, monkeypatch, device):
    for library in (torch.cuda, torch.mps):
        monkeypatch.setattr(library, "synchronize", lambda *_: pytest.fail("another device was waited for"))
    devices.synchronize(device)
    assert slept == []


def test_each_accelerator_is_waited_for_in_its_own_way(monkeypatch):
    waited = []
    monkeypatch.setattr(torch.cuda, "synchronize", lambda device: waited.append(str(device)))
    monkeypatch.setattr(torch.mps, "synchronize", lambda: waited.append("mps"))
    for device in ("cuda:1", torch.device("cuda"), "mps"):
        devices.synchronize(device)
    assert waited == ["cuda:1", "cuda", "mps"]


def square(width):
    A = torch.randn(width, width)
    return lambda: A @ A


@pytest.fixture
def one_thread():
    """Two threads wait for each other when the machine is busy."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def near(measured, direct):
    """Whether two measurements agree within a factor of five; asked again when the machine was busy."""
    return any(1 / 5 < measured() / direct() < 5 for _ in range(5))


def seconds(fn):
    return median(timeit.repeat(fn, number=2, repeat=5)) / 2


@pytest.mark.usefixtures("one_thread")
def test_steady_agrees_with_torchs_own_timer():
    fn = square(192)
    timer = Timer("fn()", globals={"fn": fn})
    assert near(lambda: devices.steady(fn, CPU, at_least=0.05), lambda: timer.blocked_autorange(min_run_time=0.05).median)


def test_steady_waits_until_the_device_is_done(monkeypatch):
    now = 0.0

    def sleep(seconds):
        nonlocal now
        now += seconds

    monkeypatch.setattr(devices, "time", SimpleNamespace(sleep=sleep, perf_counter=lambda: now))
    device = devices.Pretend()
    assert devices.steady(lambda: device.launch(0.002), device, at_least=0.02) == pytest.approx(0.002)


def test_rates_count_two_operations_per_product_and_two_bytes_per_copied_byte(monkeypatch):
    done = []

    def stopped_clock(fn, device):
        done.append((fn(), device))
        return 0.25

    monkeypatch.setattr(devices, "steady", stopped_clock)
    assert devices.matrix_rate(CPU, torch.bfloat16, width=10) == 4 * (2 * 10**3)
    assert devices.memory_rate(CPU, megabytes=3) == 4 * (2 * 3 * 2**20)
    (product, _), (copy, _) = done
    assert (product.dtype, product.shape, copy.nbytes) == (torch.bfloat16, (10, 10), 3 * 2**20)
    assert {device for _, device in done} == {CPU}


@pytest.mark.usefixtures("one_thread")
def test_the_arithmetic_limit_is_near_a_direct_measurement():
    product = square(256)
    assert near(lambda: devices.matrix_rate(CPU, width=256), lambda: 2 * 256**3 / seconds(product))


@pytest.mark.usefixtures("one_thread")
def test_the_memory_limit_is_near_a_direct_measurement():
    source = torch.ones(16 * 2**18)  # 16 MiB
    target = source.clone()
    assert near(lambda: devices.memory_rate(CPU, megabytes=16), lambda: 2 * source.nbytes / seconds(lambda: target.copy_(source)))
