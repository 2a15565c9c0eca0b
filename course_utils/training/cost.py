"""What a call costs: where its time goes, how much it computes and how many bytes it moves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from course_utils.training import devices

_LONGEST = 32  # characters of a name: what stands readable beside a bar


def hottest(fn: Callable[[], Any], device: Any, rows: int = 6) -> list[tuple[str, float]]:
    """Where the time of `fn` goes, by torch's profiler: (operation, milliseconds by itself), the hottest first.

    On a GPU, too, these are PyTorch's operations, each with the time of the kernels that it started.
    """
    # read when the first profile starts; by default it announces each one on stderr, which nbgrader takes for a failure
    os.environ.setdefault("KINETO_LOG_LEVEL", "9")
    from torch.autograd import DeviceType
    from torch.profiler import ProfilerActivity, profile

    on_gpu = torch.device(device).type == "cuda"
    activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if on_gpu else [])]
    fn()
    # torch 2.10 and 2.11 warn that a profile forgets the events of the cycle before, unless told to keep them: there is one cycle
    with profile(activities=activities, acc_events=True) as profiled:
        fn()
        devices.synchronize(device)
    spent = "self_device_time_total" if on_gpu else "self_cpu_time_total"  # microseconds
    # on a GPU the kernels stand in the list as well, and their time is counted in the operations already
    operations = [event for event in profiled.key_averages() if event.device_type == DeviceType.CPU]
    times = [(operation_name(event.key), getattr(event, spent) / 1000) for event in operations]
    return sorted(times, key=lambda row: -row[1])[:rows]


def operation_name(name: str) -> str:
    """What the profiler calls an operation or a kernel, in at most 32 characters: without namespaces, template and call arguments."""
    bare = _outside_brackets(name.removeprefix("void ")).strip()
    inside = name.partition("<")[2]
    # the kernels of some libraries are all called Kernel, and only their first argument says which
    bare = operation_name(inside.partition(",")[0].partition("<")[0].rstrip(">")) if bare.endswith("::Kernel") and inside else bare
    short = bare.rpartition("::")[2]
    return short if len(short) <= _LONGEST else f"{short[: _LONGEST - 1]}…"


def _outside_brackets(name: str) -> str:
    """The text before its call arguments, without anything in angle brackets."""
    kept, depth = "", 0
    for place, letter in enumerate(name):
        if letter == "(" and depth == 0 and not name.startswith("(anonymous namespace)", place):
            break
        depth += (letter == "<") - (letter == ">")
        kept += letter if depth == 0 and letter != ">" else ""
    return kept


class _Traffic(TorchDispatchMode):
    """Counts the bytes that operations read and write: eager torch fetches every input and stores every output."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if not func.is_view:  # a view only looks at memory in another way
            self.bytes += sum(tensor.nbytes for tensor in _tensors((args, kwargs, result)))
        return result


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, dict):
        yield from _tensors(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _tensors(item)


def work_of(fn: Callable[[], Any]) -> tuple[int, int]:
    """Arithmetic operations (of matrix products and convolutions) and bytes moved, in one call of `fn`."""
    flops, traffic = FlopCounterMode(display=False), _Traffic()
    with flops, traffic:
        fn()
    return int(flops.get_total_flops()), traffic.bytes
