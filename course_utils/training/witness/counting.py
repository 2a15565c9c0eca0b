"""An epoch, watched: what would make a GPU wait is counted, and what the model was given is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from course_utils.training import devices
from course_utils.training.witness.ghost import ANSWERS, tensors_in
from course_utils.training.witness.made import CPU, seeded, sgd, weights

# a GPU refuses the last two; on a CPU they look at every number
_WAITS = {*ANSWERS, "numpy", "__array__"}


class Call(NamedTuple):
    """One call of a model: the first number of every example, the type of the scores, the mode, and the weights then."""

    first: torch.Tensor
    precision: str
    training: bool
    weights: torch.Tensor


class Witness(nn.Module):
    """A model that writes down what every call of it was like, but for those without a graph: they only look."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.training = model.training
        self.calls: list[Call] = []

    def forward(self, X: Any) -> Any:
        Y = self.model(X)
        if torch.is_grad_enabled():
            # kept as tensors: turning them into numbers now would itself be a wait
            self.calls.append(Call(X.detach().flatten(1)[:, 0].clone(), str(Y.dtype), self.training, weights(self.model)))
        return Y


class _Counts(TorchFunctionMode):
    """Counts waits for the device, moves to it (rows to pick and single numbers are light), and reads of single examples.

    All lies on the CPU in truth. A tensor that was sent to a device is written down as being there, and so is what is
    computed from it: to send that once more costs nothing on a GPU either, and is no move.
    """

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "")
        first = next(tensors_in(args), None)  # decides where the result lies: to pick rows does not move the images
        there = first is not None and hasattr(first, "_there")
        sent = name == "cuda" or (name == "to" and _names_a_device(*args[1:], *(kwargs or {}).values()))
        if name in _WAITS:
            self.counts["waits"] += 1
        elif sent and not there:
            self.counts["moves"] += args[0].is_floating_point() and args[0].ndim > 1
        elif name in ("__iter__", "unbind") or (name == "__getitem__" and isinstance(args[1], int | np.integer)):
            self.counts["single reads"] += 1
        result = func(*args, **(kwargs or {}))
        if sent and result is first and not (there or first.requires_grad):
            result = first.view_as(first)  # another tensor, as on a GPU: the one that was sent stays where it is
        for tensor in tensors_in([result]) if there or sent else ():
            tensor._there = True
        return result


def _names_a_device(*args: Any) -> bool:
    return any(isinstance(arg, str | torch.device) or type(arg) is int for arg in args)


def _pays(device: Any) -> bool:
    return True


def epoch(
    train: Callable[..., Any], model: nn.Module, images: Any, labels: Any, batch_size: int, lr: float = 0.1, seed: int = 0
) -> dict[str, Any]:
    """Run `train(model, images, labels, optimizer, batch_size, device)` on the CPU as if mixed precision paid there, and watch it.

    "seen" holds, batch by batch, the first pixel of every image; "waits", "moves" and "single reads" are counts; "steps"
    tells whether the weights had changed before each batch and after the last. A batch that is seen twice in a row counts once.
    """
    witness, counting = Witness(model), _Counts()
    before, optimizer = weights(model), sgd(model, lr)
    seeded(seed)
    with mock.patch.object(devices, "mixed", _pays), counting:
        loss = train(witness, images, labels, optimizer, batch_size, CPU)
    calls = witness.calls[:1] + [call for last, call in pairwise(witness.calls) if not torch.equal(last.first, call.first)]
    changing = [before, *(call.weights for call in calls), weights(model)]
    return {
        "loss": loss,
        "seen": [call.first.tolist() for call in calls],
        "precision": [call.precision for call in calls],
        "training": all(call.training for call in calls),
        "steps": [not torch.equal(old, new) for old, new in pairwise(changing)],
        **{name: counting.counts[name] for name in ("waits", "moves", "single reads")},
    }
