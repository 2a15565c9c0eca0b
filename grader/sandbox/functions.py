"""The functions of checks that a notebook was lent, by the numbers it knows them under. A number is never used again."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable
from typing import Any

from course_utils.checking.session import FORGOTTEN

Function = Callable[..., Any]
Message = dict[str, Any]


class Functions:
    """What one process may call back."""

    def __init__(self) -> None:
        self._fresh = itertools.count()
        self._given = 0
        self._lent: dict[int, Function] = {}
        self._kept: dict[int, Function] = {}
        self._numbers: dict[int, int] = {}  # by identity: equality may belong to an object of the student's

    def number(self, function: Function) -> int:
        """What a function is called over there, the same until it is forgotten."""
        number = self._numbers.get(id(function))
        if number is None:
            number = self._numbers[id(function)] = next(self._fresh)
            self._lent[number] = function
            self._given = number + 1
        return number

    def keep(self, function: Function) -> None:
        """Never forget this one."""
        number = self.number(function)
        self._kept[number] = self._lent.pop(number, function)

    def forget(self) -> None:
        """Call none of those that were lent any more."""
        self._lent.clear()
        self._numbers = {key: number for key, number in self._numbers.items() if number in self._kept}

    def known(self, number: int) -> bool:
        """Whether this number was ever given out."""
        return 0 <= number < self._given

    def call(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Message:
        """Call one; what it returns, or raises, and what NumPy warns of. The notebook warns and raises it again."""
        function = self._lent.get(number) or self._kept.get(number)
        if function is None:
            return failed("RuntimeError", FORGOTTEN)
        value, raised = None, tuple[str, ...]()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                value = function(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - the function is ours, but what it was given is not
                raised = (type(error).__name__, str(error.args[0] if len(error.args) == 1 else error)[:500])
        warned = tuple(dict.fromkeys(str(item.message)[:200] for item in caught if item.category is RuntimeWarning))
        return {"kind": "result", "value": value, "raised": raised, "warned": warned}


def failed(name: str, sentence: str) -> Message:
    """The result of a call that was not made."""
    return {"kind": "result", "value": None, "raised": (name, sentence), "warned": ()}
