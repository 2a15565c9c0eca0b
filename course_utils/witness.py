"""Watch a training loop from inside: how it uses device, precision and memory, beside what it returns.

Checks use these on the student's side, so that a loop is judged on any machine: `rehearse` tries a device that only
knows shapes, `epoch` counts what would make a GPU wait. Nothing here knows what is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any
from unittest import mock

import numpy as np
import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from course_utils import devices

# what makes the processor wait for the device's answer, and what stands in for the answer of a device without numbers
_ANSWERS: dict[str, Callable[[Any], Any]] = {
    "item": lambda tensor: 0.0,
    "__float__": lambda tensor: 0.0,
    "__int__": lambda tensor: 0,
    "__index__": lambda tensor: 0,
    "__bool__": lambda tensor: False,
    "__format__": lambda tensor: "0",
    "__repr__": lambda tensor: "0",
    "tolist": lambda tensor: torch.zeros(tensor.shape).tolist(),
    "cpu": lambda tensor: torch.zeros(tensor.shape),
}
# a GPU refuses these two; on a CPU they look at every number
_WAITS = {*_ANSWERS, "numpy", "__array__"}


def after_change(make: Callable[..., Any], array: Any, device: Any) -> Any:
    """What `make(array, device)` holds after the array has been overwritten: shows whether they share memory."""
    array = array.copy()
    made = make(array, device)
    array[...] = 77
    return made


def placed(make: Callable[..., Any], array: Any, device: Any) -> str:
    """The device of what `make(array, device)` gives."""
    return str(getattr(make(array, device), "device", "no device: not a tensor"))


def left_gradients(model: nn.Module) -> torch.Tensor:
    """What stands in the `grad` of the model's parameters, in one row: (parameters,); nothing, (0,), where one is None."""
    grads = [parameter.grad for parameter in model.parameters()]
    if any(grad is None for grad in grads):
        return torch.zeros(0)
    return torch.cat([grad.detach().flatten() for grad in grads])


class _Astray(RuntimeError):
    """A tensor on the CPU was to be changed by one of the device, which a GPU refuses and the meta device does not."""


class _Ghost(TorchFunctionMode):
    """Lets code run on the meta device, which knows shapes and no numbers: whatever is read from it is zero."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name, first, kwargs = getattr(func, "__name__", ""), args[0] if args else None, kwargs or {}
        if isinstance(first, torch.Tensor) and first.is_meta:
            if name in _ANSWERS:
                return _ANSWERS[name](first)
            if name == "to" and "cpu" in map(str, (*args[1:], *kwargs.values())):
                return torch.zeros(first.shape)
        elif isinstance(first, torch.Tensor) and any(isinstance(arg, torch.Tensor) and arg.is_meta for arg in args[1:]):
            if name in ("copy_", "__setitem__"):  # the only ones that a GPU's tensor may do to the CPU's
                return func(*args[:-1], torch.zeros(args[-1].shape), **kwargs)
            if name.endswith("_") and not name.endswith("__"):
                raise _Astray
        return func(*args, **kwargs)


def rehearse(fn: Callable[..., Any], *args: Any) -> str:
    """Call `fn` on the meta device, which refuses to mix with the CPU much as a GPU does; says in words how it went."""
    try:
        with _Ghost(), _no_autocast():
            fn(*args)
    except NotImplementedError as error:
        if "meta" not in str(error).lower():
            raise
        raise RuntimeError(str(error)) from None  # torch's word for "no numbers here", not an unwritten answer
    except _Astray:
        return "a tensor on the CPU is changed by one of the device"
    except RuntimeError as error:
        if "is not on the expected device" not in str(error):
            raise
        return "a tensor stayed on the CPU"
    return "all tensors meet"


def _nothing(*args: Any, **kwargs: Any) -> Any:
    return nullcontext()


@contextmanager
def _no_autocast() -> Iterator[None]:
    """Mixed precision left out: the meta device has none."""
    with ExitStack() as stack:
        for home in (torch, torch.amp):
            stack.enter_context(mock.patch.object(home, "autocast", _nothing))
        yield


class Witness(nn.Module):
    """A model that writes down what every call of it was like."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.training = model.training
        self.calls: list[tuple[Any, ...]] = []

    def forward(self, X: Any) -> Any:
        Y = self.model(X)
        # kept as tensors: turning them into numbers now would itself be a wait
        self.calls.append((X.detach().flatten(1)[:, 0].clone(), str(Y.dtype), self.training))
        return Y


class _Counts(TorchFunctionMode):
    """Counts waits for the device, moves between devices, and reads of single examples."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "")
        if name in _WAITS:
            self.counts["waits"] += 1
        elif name == "cuda" or (name == "to" and _names_a_device(*args[1:], *(kwargs or {}).values())):
            self.counts["moves"] += 1
        elif name in ("__iter__", "unbind") or (name == "__getitem__" and isinstance(args[1], int | np.integer)):
            self.counts["single reads"] += 1
        return func(*args, **(kwargs or {}))


def _names_a_device(*args: Any) -> bool:
    return any(isinstance(arg, str | torch.device) or type(arg) is int for arg in args)


def epoch(
    train: Callable[..., Any], model: nn.Module, images: Any, labels: Any, optimizer: Any, batch_size: int, device: Any
) -> dict[str, Any]:
    """Run `train(model, images, labels, optimizer, batch_size, device)` where mixed precision pays, and watch it.

    "seen" holds, batch by batch, the first pixel of every image; "waits", "moves" and "single reads" are counts.
    """
    witness, counting = Witness(model), _Counts()
    with mock.patch.object(devices, "mixed", return_value=True), counting:
        loss = train(witness, images, labels, optimizer, batch_size, device)
    return {
        "loss": loss,
        "seen": [first.tolist() for first, _, _ in witness.calls],
        "precision": sorted({dtype for _, dtype, _ in witness.calls}),
        "training": all(training for _, _, training in witness.calls),
        **{name: counting.counts[name] for name in ("waits", "moves", "single reads")},
    }
