"""Take torch away while an exercise runs that is to be done by hand."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

REFUSAL = "this exercise is to be done by hand: torch is switched off while it is checked"

# every public way to a gradient in torch ends in one of these
_DOORS = (
    ("torch.autograd", "grad"),
    ("torch.autograd", "backward"),
    ("torch.autograd.forward_ad", "make_dual"),
    ("torch.func", "grad"),
    ("torch.func", "vjp"),
    ("torch.func", "jvp"),
)


class _NoTorch(MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname == "torch" or fullname.startswith("torch."):
            raise ImportError(REFUSAL)
        return None


def _refuse(*args: Any, **kwargs: Any) -> NoReturn:
    raise RuntimeError(REFUSAL)


@functools.cache
def _refusing() -> type[contextlib.AbstractContextManager[Any]]:
    """A mode in which every function of torch refuses, in this thread."""
    from torch.overrides import TorchFunctionMode

    class Refused(TorchFunctionMode):
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> NoReturn:
            _refuse()

    return Refused


@contextlib.contextmanager
def without_torch() -> Iterator[None]:
    """While this lasts, importing torch fails, and a torch that is already there computes nothing here and no gradients in any thread.

    Guards against an honest shortcut. Where a whole lab is done by hand the sandbox has no torch at all: so whatever would need it
    is refused here as well, even where no gradient is asked for.
    """
    finder, torch = _NoTorch(), sys.modules.get("torch")
    doors = [(sys.modules[owner], name) for owner, name in _DOORS if owner in sys.modules] if torch else []
    if torch:
        doors.append((torch.Tensor, "backward"))
    kept = [(owner, name, getattr(owner, name)) for owner, name in doors]
    for owner, name in doors:
        setattr(owner, name, _refuse)
    sys.modules.pop("torch", None)
    sys.meta_path.insert(0, finder)
    try:
        with _refusing()() if torch else contextlib.nullcontext():
            yield
    finally:
        sys.meta_path.remove(finder)
        if torch:
            sys.modules["torch"] = torch
        for owner, name, original in kept:
            setattr(owner, name, original)
