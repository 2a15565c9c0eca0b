"""Students' processes that do not say what the student's code does, and answers that live on what they are handed."""

from __future__ import annotations

import functools
import hashlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from course_utils.checking import Local
from course_utils.checking.plain import is_tensor
from course_utils.checking.session import Raised, Ref, Reply, Seeded

Function = Callable[..., Any]


class Parrot:
    """A process that was there when the reference was asked, and later answers from what it heard.

    Asked the same as then, it answers the same; asked something else of a function that it heard, it answers with zeros of the
    kind that came then. It plays the libraries of a lab as well, so that nothing of what they would see is seen.
    """

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._right: Local | None = Local(names)
        self._heard: dict[str, Reply] = {}
        self._like: dict[str, Reply] = {}
        self._refs: dict[str, Ref] = {}
        self._places: dict[int, str] = {}
        self.said = ""

    def stop_listening(self) -> None:
        """From now on there is nobody to ask."""
        self._right, self._places = None, {ref.key: place for place, ref in self._refs.items()}

    def begin(self) -> None:
        """Another run of a probe: `said` is going to tell apart whatever it asks."""
        self.said = ""

    def lookup(self, name: str) -> Reply:
        return self._answer(name, name, lambda right: right.lookup(name))

    def forget(self) -> None:
        """What it heard it keeps."""

    def perform(self, op: str, target: Ref, args: tuple[Any, ...], kwargs: dict[str, Any], **how: bool) -> Reply:
        place = self._places[target.key]
        part = op == "getattr" and "(" not in place  # of a module: the same whenever it is asked for
        kind = f"{place}.{args[0]}" if part else f"{op} {place}"
        asked = kind if part else f"{kind}({self._written((args, kwargs))})"
        if "(" in place:  # an object may remember all that happened before
            asked = f"{self.said} {asked}"
        self.said = hashlib.sha256(f"{self.said} {asked}".encode()).hexdigest()
        return self._answer(kind, asked, lambda right: right.perform(op, target, args, kwargs, **how))

    def _answer(self, kind: str, asked: str, ask: Callable[[Local], Reply]) -> Reply:
        if self._right is not None:
            reply = ask(self._right)
            for number, ref in enumerate(_refs_in(reply.value)):
                self._places.setdefault(ref.key, f"{asked}#{number}" if number else asked)
                self._refs[self._places[ref.key]] = ref
            if not reply.raised:
                self._heard[asked] = self._like[kind] = reply
            return reply
        if asked in self._heard or kind in self._like:
            return self._heard.get(asked) or Reply(_zeros(self._like[kind].value))
        return Reply(raised=Raised("error", "KeyError", "never heard of that"))

    def _written(self, value: Any) -> str:
        """A value as text that is the same for the same value."""
        if isinstance(value, Ref):
            return self._places[value.key]
        if isinstance(value, Seeded):
            return f"seed {value.seed}"
        if is_tensor(value):
            value = str(value) if value.is_meta else value.detach().cpu().numpy()
        if isinstance(value, np.ndarray):
            return f"{value.dtype}{value.shape}{hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()}"
        if isinstance(value, list | tuple):
            return f"{type(value).__name__}({', '.join(map(self._written, value))})"
        if isinstance(value, dict):
            return f"dict({', '.join(f'{key}: {self._written(item)}' for key, item in value.items())})"
        return "a function" if callable(value) else repr(value)


def _refs_in(value: Any) -> Iterator[Ref]:
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _refs_in(item)


def _zeros(value: Any) -> Any:
    if isinstance(value, Ref | str | None):
        return value
    if is_tensor(value) or isinstance(value, np.ndarray):
        return 0 * value
    if isinstance(value, list | tuple):
        return type(value)(map(_zeros, value))
    if isinstance(value, dict):
        return {key: _zeros(item) for key, item in value.items()}
    return type(value)(0)


class Liar(Local):
    """A process that says that nothing was changed, that nobody was warned, and that torch was not used."""

    def perform(self, op: str, target: Ref, args: tuple[Any, ...], kwargs: dict[str, Any], **how: bool) -> Reply:
        with np.errstate(all="ignore"):
            return super().perform(op, target, args, kwargs)._replace(changed={}, warned=())


class Keeper(Local):
    """A process that keeps the functions of a probe that it is handed, in `kept`: one of each line of code."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        super().__init__(namespace)
        self.kept: dict[Any, Function] = {}

    def _callback(self, function: Function) -> Function:
        self.kept[getattr(function, "__code__", function)] = function
        return super()._callback(function)


def spoiling(function: Function) -> Function:
    """A right answer that then overwrites the arrays that it was given."""

    @functools.wraps(function)
    def answer(*args: Any, **kwargs: Any) -> Any:
        found = function(*args, **kwargs)
        found = list(found) if inspect.isgenerator(found) else found
        for array in arrays_in([*args, *kwargs.values()]):
            array[...] = array + 1
        return found

    return answer


def overflowing(function: Function) -> Function:
    """A right answer that computes too large a number on its way, where it is given numbers that are far out."""

    @functools.wraps(function)
    def answer(*args: Any, **kwargs: Any) -> Any:
        if any(np.abs(array).max(initial=0) > 700 for array in arrays_in(args)):
            np.exp(np.array([1000.0]))
        return function(*args, **kwargs)

    return answer


def arrays_in(value: Any) -> Iterator[Any]:
    """The numeric arrays of an argument, in dicts and lists too."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
        yield value
    elif isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from arrays_in(item)


def thieves() -> Iterator[Function]:
    """Answers that call what they are handed, with all else, the first, the last or each of it, and give what comes back."""
    for chosen in (slice(None), slice(1), slice(-1, None), slice(2), slice(1, 3), slice(0)):

        def answer(*args: Any, chosen: slice = chosen, **kwargs: Any) -> Any:
            functions = [arg for arg in args if callable(arg)]
            given = [arg for arg in args if not callable(arg)][chosen]
            for function in functions:
                given = [function(*given)]
            return given[0]

        yield answer


def calling(function: Function) -> Iterator[Function]:
    """Answers that hand their own arguments to a function that was kept: all of them, the first, the first two, the last."""
    for chosen in (slice(None), slice(1), slice(2), slice(-1, None)):
        yield lambda *args, chosen=chosen, **kwargs: function(*args[chosen])
