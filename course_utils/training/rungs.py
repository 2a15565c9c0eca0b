"""The ladder of a fast training loop: its rungs, which of them a device can climb, and which of them a program was seen on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.optimizer import register_optimizer_step_post_hook
from torch.utils.data import DataLoader

from course_utils.training import devices

ON_DEVICE, NO_WAITS, MOVED, LARGE, BFLOAT16, CHANNELS_LAST, FUSED, COMPILED, RECORDED = RUNGS = (
    "data on the device",
    "no waits",
    "moved on the device",
    "larger batches",
    "bfloat16",
    "channels last",
    "fused optimizer",
    "compiled",
    "CUDA graph",
)
_SMALL = 64  # images in a batch of the plain loop


def why_not(rung: str, device: Any, settings: devices.Settings) -> str:
    """Why this rung cannot be climbed there, in a sentence; "" where it can."""
    if rung == COMPILED and not settings.compiles:
        return "compiling takes up to a minute, which the small setting leaves out"
    asked = {
        BFLOAT16: devices.why_not_mix,
        FUSED: devices.why_not_fuse,
        COMPILED: devices.why_not_compile,
        RECORDED: devices.why_not_record,
    }
    return asked[rung](device) if rung in asked else ""


def climb(
    epoch_with: Callable[[Sequence[str]], Callable[[], Any]], device: Any, settings: devices.Settings
) -> tuple[dict[str, Callable[[], Any]], list[str]]:
    """By rung, an epoch with its habit and those of all rungs below; and why the others cannot be climbed, a sentence each.

    `epoch_with(habits)` gives the epoch as a function of no argument. Each is tried once.
    """
    habits: list[str] = []
    epochs, refused = {"plain loop": epoch_with(())}, list[str]()
    for rung in RUNGS:
        why = why_not(rung, device, settings)
        if not why:
            try:
                epoch = epoch_with((*habits, rung))
                epoch()
            except Exception as error:  # noqa: BLE001 - of a compiler or a driver: the other rungs are there all the same
                why = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:100]}"
            else:
                habits.append(rung)
                epochs[f"and {rung}"] = epoch
        if why:
            refused.append(f"{rung}: {why}")
    return epochs, refused


class Seen:
    """What a program did while it was watched."""

    def __init__(self) -> None:
        self.loaders = self.waits = self.steps = self.plays = self.compiled = self.largest = 0
        self.moves: list[str] = []
        self.fused = self.mixed = False

    def rungs(self, model: Any, device: Any) -> tuple[str, ...]:
        """The rungs that it was on, lowest first, as far as one can see from outside."""
        steps = self.steps + self.plays
        kernels = [p for p in model.parameters() if p.dim() == 4] if isinstance(model, nn.Module) else []
        found = {
            ON_DEVICE: steps > 0 and not self.loaders,
            NO_WAITS: steps > 0 and self.waits < steps / 2,
            MOVED: bool(self.moves) and set(self.moves) == {torch.device(device).type},
            LARGE: self.largest > _SMALL,
            BFLOAT16: self.mixed,
            CHANNELS_LAST: any(not kernel.is_contiguous() for kernel in kernels),
            FUSED: self.fused,
            COMPILED: self.compiled > 0,
            RECORDED: self.plays > 0,
        }
        return tuple(rung for rung in RUNGS if found[rung])


@contextmanager
def watched() -> Iterator[Seen]:
    """See what happens inside, through torch's own functions; it is a little slower there."""
    seen, stack = Seen(), ExitStack()

    def counts(owner: Any, name: str, note: Callable[..., None]) -> None:
        real = getattr(owner, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            note(*args, **kwargs)
            return real(*args, **kwargs)

        stack.enter_context(mock.patch.object(owner, name, counted))

    def add(field: str) -> Callable[..., None]:
        return lambda *args, **kwargs: setattr(seen, field, getattr(seen, field) + 1)

    def waits(*args: Any) -> None:
        # some optimizers of torch read numbers of their own, which lie on the CPU everywhere
        seen.waits += not sys._getframe(2).f_globals.get("__name__", "").startswith("torch.")

    def enters(cast: Any) -> None:
        seen.mixed = seen.mixed or (cast._enabled and cast.fast_dtype == torch.bfloat16)

    def measures(scores: Any, *args: Any, **kwargs: Any) -> None:
        seen.largest = max(seen.largest, len(scores))

    def steps(optimizer: Any, *args: Any) -> None:
        seen.steps += 1
        seen.fused = seen.fused or any(group.get("fused") for group in optimizer.param_groups)

    with stack:
        counts(DataLoader, "__iter__", add("loaders"))
        for name in ("item", "tolist", "__float__", "__bool__"):
            counts(torch.Tensor, name, waits)
        counts(F, "grid_sample", lambda images, *args, **kwargs: seen.moves.append(images.device.type))
        counts(F, "cross_entropy", measures)
        counts(torch.autocast, "__enter__", enters)
        counts(torch, "compile", add("compiled"))
        counts(torch.cuda.CUDAGraph, "replay", add("plays"))
        handle = register_optimizer_step_post_hook(steps)
        stack.callback(handle.remove)
        yield seen
