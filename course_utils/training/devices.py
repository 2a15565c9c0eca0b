"""The device that there is: which one, when it is done, what it can do. The same calls on a CPU, on CUDA and on MPS."""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import torch


class Settings(NamedTuple):
    """How much a notebook does: enough to see the point on a CPU, enough to fill a GPU."""

    name: str
    epochs: int
    batch_sizes: tuple[int, ...]  # to measure throughput with
    copies: int  # how often the training images are repeated where speed is measured
    width: int  # side of the matrices whose product is timed
    compiles: bool  # whether torch.compile is worth its wait


SMALL = Settings("small", epochs=8, batch_sizes=(16, 64, 256), copies=1, width=1024, compiles=False)
LARGE = Settings("large", epochs=20, batch_sizes=(16, 64, 256, 1024, 4096), copies=20, width=8192, compiles=True)


def best() -> torch.device:
    """CUDA where there is one, else MPS, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def available() -> list[torch.device]:
    """The CPU, and the accelerator where there is one."""
    found = [torch.device("cpu"), best()]
    return found[: 1 + (found[1].type != "cpu")]


def threads() -> int:
    """Half of the processor's cores, at least one: two programs that take all of them wait for each other most of the time."""
    return max(1, (os.cpu_count() or 1) // 2)


def settings(device: Any) -> Settings:
    """Small on a CPU, large on an accelerator."""
    return SMALL if torch.device(device).type == "cpu" else LARGE


def synchronize(device: Any) -> None:
    """Wait until the device has done all that it was given. A CPU is done when the call returns, so there it costs nothing."""
    if isinstance(device, Pretend):
        device.synchronize()
        return
    kind = torch.device(device).type
    if kind == "cuda":
        torch.cuda.synchronize(device)
    elif kind == "mps":
        torch.mps.synchronize()


def mixed(device: Any) -> bool:
    """Whether bfloat16 products are faster than float32 ones there, so that mixed precision pays."""
    kind = torch.device(device).type
    if kind == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    if kind != "cpu" or not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return False
    # on x86 the question before is about AVX-512 alone; without instructions of its own bfloat16 is three times slower than float32
    own = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return platform.machine() not in ("x86_64", "AMD64") or any(getattr(torch.cpu, name, bool)() for name in own)


def why_not_compile(device: Any) -> str:
    """Why torch.compile cannot work on this machine; "" where it can."""
    if torch.device(device).type == "cuda":
        try:
            import triton  # noqa: F401 - only whether it is there
        except ImportError:
            return "Triton, which writes the GPU's code, is not installed"
    elif not any(map(shutil.which, ("c++", "g++", "clang++", "cl"))):
        return "there is no C++ compiler on this machine"
    return ""


def why_not_mix(device: Any) -> str:
    """Why bfloat16 gains nothing on this device; "" where it does."""
    return "" if mixed(device) else "this device has no unit of its own for bfloat16"


def why_not_fuse(device: Any) -> str:
    """Why an optimizer cannot do its step in one program there; "" where it can."""
    try:
        torch.optim.SGD([torch.zeros(1, device=device)], fused=True)
    except (RuntimeError, ValueError) as error:
        return f"torch says: {str(error).splitlines()[0][:100]}"
    return ""


def why_not_record(device: Any) -> str:
    """Why a step cannot be recorded as a CUDA graph there; "" where it can."""
    kind = torch.device(device).type
    return "" if kind == "cuda" else f"only an NVIDIA GPU records a step, and this device is {kind}"


def name(device: Any) -> str:
    """What the device calls itself, such as "NVIDIA H200"; a CPU with the threads that torch has on it."""
    kind = torch.device(device).type
    if kind == "cuda":
        return str(torch.cuda.get_device_name(device))
    threads = torch.get_num_threads()
    return f"a CPU ({platform.machine()}, {threads} thread{'s' * (threads > 1)})" if kind == "cpu" else kind.upper()


class Pretend:
    """An accelerator that only pretends: work is queued at once, and done when somebody waits.

    As on a GPU, `launch` returns before anything has happened. With it, what a forgotten wait does to a measurement
    shows on any machine: `devices.synchronize(device)` sleeps for as long as the queued work takes.
    """

    type = "pretend"

    def __init__(self) -> None:
        self.queued = 0.0  # seconds

    def launch(self, seconds: float) -> None:
        """Queue work that takes this long."""
        self.queued += seconds

    def synchronize(self) -> None:
        """Wait until the queue is empty."""
        waiting, self.queued = self.queued, 0.0
        time.sleep(waiting)

    def __str__(self) -> str:
        return self.type


def steady(fn: Callable[[], Any], device: Any, at_least: float = 0.2) -> float:
    """Seconds of one call of `fn` in a steady state: the median over `at_least` seconds of calls, each waited for."""
    # torch.utils.benchmark would do it too, but where a CUDA compiler is installed and no GPU its import writes to stderr
    fn()
    synchronize(device)
    seconds: list[float] = []
    begun = now = time.perf_counter()
    while now - begun < at_least:
        fn()
        synchronize(device)
        before, now = now, time.perf_counter()
        seconds.append(now - before)
    return statistics.median(seconds)


def matrix_rate(device: Any, dtype: torch.dtype = torch.float32, width: int = 0) -> float:
    """Measured arithmetic limit in FLOP/s: the product of two square matrices, 2 width³ operations."""
    width = width or settings(device).width
    A, B = (torch.randn(width, width, device=device).to(dtype) for _ in range(2))
    return float(2 * width**3 / steady(lambda: A @ B, device))


def memory_rate(device: Any, megabytes: int = 0) -> float:
    """Measured memory limit in bytes/s: copying a block that no cache holds, read once and written once."""
    megabytes = megabytes or (128 if settings(device) is SMALL else 1024)
    source = torch.zeros(megabytes * 2**20, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    return float(2 * source.numel() / steady(lambda: target.copy_(source), device))
