"""A training step that an NVIDIA GPU records once and then plays: a CUDA graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from course_utils.training import devices

WARM_UP = 3  # steps that are taken first, so that nothing is left to be reserved or chosen while it is recorded


def recorded(step: Callable[[], Any], device: Any) -> Callable[[], None]:
    """A function that plays `step` as it was recorded: one start in place of one for every operation of it.

    The step is taken three times before, and once while it is recorded. What it reads and writes stays where it was then: put new
    data into the same tensors (`rows.copy_(…)`), and keep a rate that is to change in a tensor. ValueError where nothing can be recorded.
    """
    why = devices.why_not_record(device)
    if why:
        raise ValueError(why)
    beside = torch.cuda.Stream(device)
    beside.wait_stream(torch.cuda.current_stream(device))
    with torch.cuda.stream(beside):
        for _ in range(WARM_UP):
            step()
    torch.cuda.current_stream(device).wait_stream(beside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay
