"""A GPU lent to a sandbox: the right device files and no others, its memory watched, nothing of CUDA before the fork."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from grader.sandbox import Card, CardTrouble, Child, Limits, Sandbox
from grader.sandbox.cards import check_node, choose, find, lendable, parse
from grader.sandbox.lending import lend, prove
from grader.sandbox.lent import library_in
from grader.sandbox.limits import MIB

from .conftest import LIMITS, printed

Machine = Any  # the fixture of tests/conftest.py
H200 = "0, GPU-8932f937-d72c-4106-c12f-20bd9faed9f6, 00000000:35:00.0, 143771, 0, Disabled, 580.159.03, NVIDIA H200"
RTX = "1, GPU-74ab2d11-0001-4106-c12f-20bd9faed9f6, 00000001:AF:00.0, 24576, 410, [N/A], 570.86, NVIDIA GeForce RTX 3090"
BOTH = f"{H200}\n{RTX}\n"


def test_nvidia_smis_answer_is_read() -> None:
    first, second = parse(BOTH)
    assert (first.index, first.bus, first.total_bytes, first.used_bytes) == (0, "0000:35:00.0", 143771 * MIB, 0)
    assert (second.bus, second.name, second.driver, second.split) == ("0001:af:00.0", "NVIDIA GeForce RTX 3090", "570.86", False)
    assert str(second) == "GPU 1, NVIDIA GeForce RTX 3090"


@pytest.mark.parametrize(
    ("visible", "numbers"),
    [(None, [0, 1]), ("1", [1]), ("0,1", [0, 1]), ("GPU-74ab", [1]), ("GPU-8932f937-d72c-4106-c12f-20bd9faed9f6", [0]), ("5, 1", [1])],
)
def test_the_instructors_choice_of_cards_is_kept_to(visible: str | None, numbers: list[int]) -> None:
    assert [card.index for card in choose(parse(BOTH), visible)] == numbers


@pytest.mark.parametrize(
    ("text", "visible", "sentence"),
    [
        ("", None, "--gpu needs an NVIDIA card, and nvidia-smi shows no card."),
        (BOTH, "", "--gpu needs an NVIDIA card, and CUDA_VISIBLE_DEVICES= leaves none of the 2 here."),
        (H200.replace("Disabled", "Enabled"), None, "GPU 0, NVIDIA H200 is split by MIG, and only whole cards can be lent"),
        (H200.replace(" 0, Dis", " 90000, Dis"), None, "GPU 0, NVIDIA H200: other programs use 90000 MiB of its memory"),
        (H200.replace("143771, 0", "[N/A], [N/A]"), None, "GPU 0 (NVIDIA H200) does not tell how much of its memory is in use"),
    ],
)
def test_why_no_card_can_be_lent(text: str, visible: str | None, sentence: str) -> None:
    with pytest.raises(CardTrouble) as trouble:
        choose(parse(text), visible)
    assert str(trouble.value).startswith(sentence)


def test_a_busy_card_is_left_out_when_another_is_free() -> None:
    busy = H200.replace(" 0, Dis", " 90000, Dis")
    assert [card.index for card in choose(parse(f"{busy}\n{RTX}"), None)] == [1]


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the listing is an x86-64 one")
def test_the_library_of_this_processor_is_found() -> None:
    listing = [
        "1209 libs found in cache `/etc/ld.so.cache'",
        "\tlibcuda.so.1 (libc6) => /usr/lib/i386-linux-gnu/libcuda.so.1",
        "\tlibcuda.so.1 (libc6,x86-64) => /usr/lib/x86_64-linux-gnu/libcuda.so.1",
    ]
    assert str(library_in(listing)) == "/usr/lib/x86_64-linux-gnu/libcuda.so.1"
    assert library_in(listing[:2]) is None


def test_a_missing_or_closed_device_file_is_named(machine: Machine) -> None:
    node = machine.root / "dev/nvidia-uvm"
    node.chmod(0o640)
    if os.geteuid() == 0:
        with pytest.raises(CardTrouble, match=r"nvidia-uvm cannot be opened by the sandbox's user \(its mode is 0640\): run `chmod 0666"):
            lendable(nodes=True)
    assert len(lendable(nodes=False)) == 2  # without a sandbox, CUDA sees to it
    node.unlink()
    with pytest.raises(
        CardTrouble, match="nvidia-uvm is missing: the driver makes it when it is first used; run `nvidia-modprobe -u -c 0`"
    ):
        check_node(node)


@pytest.fixture
def lent(machine: Machine) -> Iterator[Any]:
    """Starts children of sandboxes that have a card each."""
    cards = find()
    with ExitStack() as stack:

        def start(number: int, **more: Any) -> Child:
            sandbox = stack.enter_context(Sandbox(**{"limits": LIMITS, "card": cards[number], **more}))
            return stack.enter_context(sandbox.start())

        yield start


DEVICES = "import json, os; print(json.dumps(sorted(name for name in os.listdir('/dev') if 'nvidia' in name)))"


def test_each_sandbox_has_the_device_files_of_its_own_card(lent: Any) -> None:
    shared = ["nvidia-uvm", "nvidia-uvm-tools", "nvidiactl"]
    first, second = lent(0), lent(1)
    assert json.loads(printed(first, DEVICES)) == sorted(["nvidia1", *shared])  # the kernel's number, not nvidia-smi's
    assert json.loads(printed(second, DEVICES)) == sorted(["nvidia0", *shared])
    opened = printed(first, "print([open(f'/dev/{name}', 'r+b').read() for name in ('nvidia1', 'nvidiactl', 'nvidia-uvm')])")
    assert opened == "[b'', b'', b'']"


def test_without_a_card_there_are_no_device_files_and_cuda_sees_none(machine: Machine, child: Child) -> None:
    assert json.loads(printed(child, DEVICES)) == []
    assert printed(child, "import os; print(repr(os.environ['CUDA_VISIBLE_DEVICES']))") == "''"


@pytest.mark.parametrize("kind", ["bwrap", "none"])
def test_cuda_is_told_the_card_by_its_name(lent: Any, kind: str) -> None:
    child = lent(1, kind=kind)
    told = json.loads(printed(child, "import json, os; print(json.dumps({k: v for k, v in os.environ.items() if 'CUDA' in k}))"))
    assert told == {"CUDA_VISIBLE_DEVICES": "GPU-1b7a9e64-0000-4000-8000-000000000001", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}


def test_of_sys_only_what_cuda_reads_is_there(lent: Any, machine: Machine) -> None:
    child = lent(0)
    found = printed(child, "import os; print(*os.listdir('/sys/module'), *os.listdir('/sys/bus/pci/devices'), *os.listdir('/sys'))").split()
    assert sorted(found) == sorted(["nvidia", "nvidia_uvm", "0000:35:00.0", "bus", "devices", "module"])
    assert printed(child, "print(open('/sys/bus/pci/devices/0000:35:00.0/numa_node').read())") == "0"
    assert child.execute("open('/sys/module/nvidia/initstate', 'w')").outputs[-1]["ename"] in ("OSError", "PermissionError")
    assert not printed(child, f"import os; print(*os.listdir({str(machine.root)!r}))").replace("lib", "")


def test_the_drivers_libraries_are_there_to_be_read(lent: Any, machine: Machine) -> None:
    child = lent(0)
    assert printed(child, "import os; print(os.environ['LD_LIBRARY_PATH'])") == str(machine.lib)
    assert "libcuda.so.1" in printed(child, f"import os; print(*os.listdir({str(machine.lib)!r}))")
    assert child.execute(f"open('{machine.lib}/planted', 'w')").status == "error"


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="system calls by their x86-64 numbers")
def test_the_kernel_grants_what_cuda_needs_and_nothing_more(lent: Any) -> None:
    child = lent(0)
    assert printed(child, "import mmap; print(len(mmap.mmap(-1, 4096)))") == "4096"  # anonymous and shared
    call = "import ctypes; libc = ctypes.CDLL(None, use_errno=True); print({}, ctypes.get_errno())"
    assert printed(child, "import os; print(os.memfd_create('x') > 2)") == "True"
    assert printed(child, "open('/proc/self/task/1/comm', 'w').write('cuda'); print(open('/proc/self/comm').read())") == "cuda"
    for denied in ("libc.ptrace(0, 0, 0, 0)", "libc.mount(b'x', b'/tmp', b'tmpfs', 0, 0)", "libc.shmget(1, 4096, 0o1600)"):
        assert printed(child, call.format(denied)) == "-1 1"


def test_a_notebook_with_too_much_of_the_gpus_memory_is_stopped(lent: Any, machine: Machine) -> None:
    child = lent(0, limits=Limits(**{**vars(LIMITS), "card_bytes": 512 * MIB}))
    machine.use(0, 400, 401)
    while machine.in_use(0) == [400, 401]:  # until the guard has looked
        assert child.execute("1").status == "ok"
    machine.use(0, 600)
    result = child.execute("import time; time.sleep(60)")
    assert (result.status, result.reason) == ("died", "the notebook's process used more than 512 MiB of the GPU's memory")
    assert child.execute("1").reason == result.reason


def test_the_next_notebook_waits_until_the_memory_is_back(machine: Machine) -> None:
    with Sandbox(limits=LIMITS, card=find()[0]) as sandbox:
        machine.use(0, 5000, 4000, 5)
        sandbox.start().close()
        assert machine.in_use(0) == [5]


@pytest.mark.stress
def test_memory_that_does_not_come_back_is_told(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.sandbox.guard._EMPTY_SECONDS", 0.5)
    with Sandbox(limits=LIMITS, card=find()[0]) as sandbox:
        machine.use(0, 5000)
        with pytest.raises(
            CardTrouble, match=r"^GPU 0, NVIDIA Test did not get its memory back: 5000 MiB are in use, 3 MiB were at the start"
        ):
            sandbox.start()


WITHOUT_PROC = """
import sys
from pathlib import Path
from grader.sandbox import Sandbox, cards
cards.ROOT = Path(sys.argv[1])
with Sandbox(card=cards.find()[0]) as sandbox:
    sandbox.start()
"""


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("unshare") is None, reason="only root's files can be covered in bubblewrap's /proc")
def test_a_machine_without_a_proc_for_notebooks_is_told(machine: Machine) -> None:
    as_user = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    done = subprocess.run([*as_user, sys.executable, "-c", WITHOUT_PROC, machine.root], capture_output=True, text=True, check=False)
    if done.returncode == 0 or "unshare" in done.stderr.splitlines()[0]:
        pytest.skip("here a /proc can be mounted all the same, or no user namespace made")
    assert "no /proc of its own can be mounted here, and CUDA does not start without one" in done.stderr


def test_an_nvidia_smi_that_fails_is_told(machine: Machine) -> None:
    (machine.bin / "nvidia-smi").write_text("#!/bin/sh\necho 'Failed to initialize NVML: Driver/library version mismatch'\nexit 18\n")
    with pytest.raises(CardTrouble, match=r"nvidia-smi fails \(Failed to initialize NVML: Driver/library version mismatch\)"):
        find()


compiled = pytest.mark.skipif(shutil.which("cc") is None, reason="the stand-in for CUDA's library needs a C compiler")


@compiled
@pytest.mark.parametrize("kind", ["bwrap", "none"])
def test_a_card_that_works_inside_is_taken(machine: Machine, kind: str) -> None:
    with Sandbox(limits=LIMITS, card=lend(kind)[0], kind=kind) as sandbox:
        prove(sandbox)


@compiled
@pytest.mark.parametrize(
    ("library", "sentence"),
    [({"error": 304}, r"RuntimeError: CUDA's error 304"), ({"cards": 2}, r"RuntimeError: CUDA sees 2 cards")],
)
def test_a_card_that_does_not_work_inside_is_refused(machine: Machine, library: dict[str, int], sentence: str) -> None:
    machine.cuda(**library)
    with (
        Sandbox(limits=LIMITS, card=find()[0]) as sandbox,
        pytest.raises(CardTrouble, match=rf"does not work inside the sandbox \({sentence}\)"),
    ):
        prove(sandbox)


# the nodes of autograd's graphs are numbered from 0 on in each thread, and a fork goes on with its parent's numbers
GRAPHS = "import torch; print(torch.ones(1, requires_grad=True).exp().grad_fn._sequence_nr(), torch.cuda.is_initialized())"


@pytest.mark.stress
def test_with_a_card_no_backward_pass_runs_before_the_fork(machine: Machine) -> None:
    def numbers(card: Card | None) -> str:
        with Sandbox(preload=["torch"], card=card) as sandbox, sandbox.start() as child:
            told = printed(child, GRAPHS)
            assert printed(child, "x = torch.ones(2, requires_grad=True); (x**2).sum().backward(); print(x.grad.tolist())") == "[2.0, 2.0]"
            return told

    assert numbers(find()[0]) == "0 False"
    assert numbers(None) != "0 False"
