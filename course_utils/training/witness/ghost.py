"""The meta device as a ghost of a GPU: it knows shapes and no numbers, and what a GPU refuses is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

# what makes the processor wait for the device's answer
ANSWERS: dict[str, Callable[[Any], Any]] = {
    "item": lambda tensor: tensor.item(),
    "__float__": float,
    "__int__": int,
    "__index__": int,
    "__bool__": bool,
    "__format__": str,
    "__repr__": str,
    "tolist": lambda tensor: tensor.tolist(),
    "cpu": lambda tensor: tensor.clone(),
}
# these may take tensors of two devices
_TRAVELS = {"to", "copy_", "__setitem__", "type_as", "__set__", "__get__", "__delete__", "backward", "set_", "is_set_to"}


class Ghost(TorchFunctionMode):
    """Lets code run on the meta device, which knows shapes and no numbers: whatever is read from it is one.

    Truth values follow from that: a loss of one is finite, and no NaN. Where tensors of two devices meet, which a GPU
    refuses, it is written down whose they are, and the code goes on as if they had met.
    """

    def __init__(self) -> None:
        super().__init__()
        self.came: set[str] = set()
        self.stayed: set[str] = set()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name, first, kwargs = getattr(func, "__name__", ""), args[0] if args else None, kwargs or {}
        if _is_meta(first):
            if name in ANSWERS:
                return ANSWERS[name](_imagined(first))
            if name == "to" and "cpu" in map(str, (*args[1:], *kwargs.values())):
                return _imagined(first).clone()
        elif isinstance(first, torch.Tensor) and any(map(_is_meta, args[1:])):
            if name in ("copy_", "__setitem__"):  # the only ones that a GPU's tensor may do to the CPU's
                return func(*args[:-1], torch.ones(args[-1].shape), **kwargs)
            if name.endswith("_") and not name.endswith("__"):
                self.stayed.add("sums")
                return first
        args, kwargs = self._met(name, args, kwargs)
        result = func(*args, **kwargs)
        if _is_meta(result):
            self.came |= {_party(tensor) for tensor in tensors_in(args) if not tensor.is_meta}
        return _with_truth(result, func, args, kwargs)

    def _met(self, name: str, args: Any, kwargs: Any) -> Any:
        """The arguments on one device, after it was noted which of them were not."""
        tensors = list(tensors_in([*args, *kwargs.values()]))
        if name in _TRAVELS or not any(map(_is_meta, tensors)):
            return args, kwargs
        picked = name == "__getitem__" and _is_meta(args[0])  # rows may be picked by an index on the CPU
        # a number of the CPU's may be added to a tensor of the device, but not be stacked with it
        astray = [] if picked else [each for each in tensors if not each.is_meta and (each.ndim or name in ("stack", "cat"))]
        self.stayed |= set(map(_party, astray))
        return (_moved(args), _moved(kwargs)) if astray else (args, kwargs)


def _is_meta(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_meta


def _party(tensor: torch.Tensor) -> str:
    """Whose tensor this is, as far as a tensor shows."""
    if not tensor.is_floating_point():
        return "labels"
    return "inputs" if tensor.ndim > 1 else "sums"


def tensors_in(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from tensors_in(item)


def _mapped(value: Any, change: Callable[[torch.Tensor], Any]) -> Any:
    if isinstance(value, torch.Tensor):
        return change(value)
    if isinstance(value, dict):
        return {key: _mapped(item, change) for key, item in value.items()}
    return type(value)(_mapped(item, change) for item in value) if type(value) in (list, tuple) else value


def _moved(value: Any) -> Any:
    return _mapped(value, lambda tensor: tensor.to("meta"))


def _imagined(tensor: torch.Tensor) -> torch.Tensor:
    """What stands in for a tensor without numbers."""
    known: torch.Tensor | None = getattr(tensor, "_imagined", None)
    return torch.ones(tensor.shape, dtype=tensor.dtype) if known is None else known


def _with_truth(result: Any, func: Any, args: Any, kwargs: Any) -> Any:
    """The result; where it is about truth it remembers what it would be for ones."""
    if _is_meta(result) and (result.dtype is torch.bool or any(hasattr(tensor, "_imagined") for tensor in tensors_in(list(args)))):
        with suppress(RuntimeError, TypeError):
            result._imagined = func(*_mapped(args, _imagined), **_mapped(kwargs, _imagined))
    return result
