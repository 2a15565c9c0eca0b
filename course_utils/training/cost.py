"""What a call costs: where its time goes, how much it computes and how many bytes it moves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode


def hottest(fn: Callable[[], Any], device: Any, rows: int = 6) -> list[tuple[str, float]]:
    """Where the time of `fn` goes, by torch's profiler: (operation, milliseconds by itself), the hottest first."""
    # read when the first profile starts; by default it announces each one on stderr, which nbgrader takes for a failure
    os.environ.setdefault("KINETO_LOG_LEVEL", "9")
    from torch.profiler import ProfilerActivity, profile

    on_gpu = torch.device(device).type == "cuda"
    fn()
    with profile(activities=[ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if on_gpu else [])]) as profiled:
        fn()
    spent = "self_device_time_total" if on_gpu else "self_cpu_time_total"  # microseconds
    events = [(event.key.removeprefix("aten::"), getattr(event, spent) / 1000) for event in profiled.key_averages()]
    return sorted(events, key=lambda event: -event[1])[:rows]


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
