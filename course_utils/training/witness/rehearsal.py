"""A loop rehearsed on another device: whether inputs, labels and sums meet there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any
from unittest import mock

import torch
from torch import nn

from course_utils.training.witness.ghost import Ghost

PARTIES = ("inputs", "labels", "sums")


def rehearse(fn: Callable[..., Any], *args: Any) -> dict[str, Any]:
    """Call `fn` on the meta device, where what a GPU refuses can be seen; "met" tells in truth values which of PARTIES was there.

    Inputs and labels have to come from the CPU, as a batch or all at once, and the inputs have to reach the model, where one
    is among the arguments; sums may be anywhere but in the way.
    """
    ghost, asked = Ghost(), [arg for arg in args if isinstance(arg, nn.Module)]
    with ExitStack() as stack:
        reached: list[nn.Module] = []
        for model in asked:
            stack.enter_context(model.register_forward_pre_hook(lambda module, inputs: reached.append(module)))
        _let(ghost, fn, args)
    used = ghost.came | ghost.stayed
    if asked and not any(module is model for module in reached for model in asked):
        used -= {"inputs"}  # a copy of the model is another one
    stayed = [party for party in PARTIES if party in ghost.stayed]
    unused = [party for party in PARTIES[:2] if party not in used]
    missing = [f"{what}: {', '.join(parties)}" for what, parties in (("on the CPU", stayed), ("never used", unused)) if parties]
    return {"met": [party not in stayed + unused for party in PARTIES], "words": "; ".join(missing) or "all tensors meet"}


def _let(ghost: Ghost, fn: Callable[..., Any], args: Any) -> None:
    try:
        with ghost, _no_autocast():
            fn(*args)
    except NotImplementedError as error:
        if "meta" not in str(error).lower():
            raise
        raise RuntimeError(str(error)) from None  # torch's word for "no numbers here", not an unwritten answer


def _nothing(*args: Any, **kwargs: Any) -> Any:
    return nullcontext()


@contextmanager
def _no_autocast() -> Iterator[None]:
    """Mixed precision left out: the meta device has none."""
    with ExitStack() as stack:
        for home in (torch, torch.amp):
            stack.enter_context(mock.patch.object(home, "autocast", _nothing))
        yield
