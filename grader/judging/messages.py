"""Error messages without what only one student's code has in them: names of its own, line numbers, addresses, measured numbers. Pure."""

from __future__ import annotations

import builtins
import keyword
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from course_utils.checking.declare import Check
from grader.judging.touched import words

_LONGEST = 300  # characters of a message that count
_OWN = "…"  # stands for a name that is nobody else's
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+|0x[0-9A-Fa-f]+")
_LINE = re.compile(r" ?\(?(?:(?:<[^<>]*>|[\w./-]+), )?\bline \d+\)?")
_FRACTION = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE][-+]?\d))(?:[eE][-+]?\d+)?")
_QUOTED = re.compile(r"'([^'\n]*)'|\"([^\"\n]*)\"|`([^`\n]*)`|‘([^’\n]*)’")
# a word that is no word of a language: with a dot before a letter, an underscore, a digit or a capital inside, or called
_IDENTIFIER = re.compile(
    r"[A-Za-z_]\w*(?:\.(?:[A-Za-z_]\w*|<locals>))+(?:\(\))?"
    r"|\b[A-Za-z]\w*(?:_|\d|(?<=[a-z])[A-Z])\w*(?:\(\))?"
    r"|\b[A-Za-z]\w*\(\)"
)
_PART = re.compile(r"[^\W\d]\w*")
_DIGITS = re.compile(r"\d+")
_TYPES = words(
    "NoneType builtin_function_or_method method function generator module ndarray Tensor same_kind safe equiv unsafe UFuncTypeError "
    "_UFuncOutputCastingError _UFuncInputCastingError _UFuncBinaryResolutionError _UFuncNoLoopError _ArrayMemoryError"
)


def vocabulary(checks: Mapping[str, Sequence[Check]], reference: Mapping[str, Any]) -> frozenset[str]:
    """The words that a message may say aloud: Python's, NumPy's, and those of the lab itself."""
    asked = {name for declared in checks.values() for check in declared for name in check.parameters}
    return common_words() | asked | set(checks) | set(reference) | {word for value in reference.values() for word in _words_of(value)}


def without_addresses(text: str) -> str:
    """A text without places in memory, which are others in every process."""
    return _ADDRESS.sub("", text)


def told(message: str, words: frozenset[str], *, numbers: bool = True) -> str:
    """An error message as all would have it who made the same mistake; without `numbers`, their sizes do not count."""
    text = " ".join(message[:_LONGEST].split())
    text = _FRACTION.sub("#", _LINE.sub("", without_addresses(text)))
    text = _QUOTED.sub(lambda found: _quoted(next(filter(None, found.groups()), ""), words), text)
    text = _IDENTIFIER.sub(lambda found: _identifier(found[0], words), text)
    return text if numbers else _DIGITS.sub("#", text)


def error_type(name: str, words: frozenset[str]) -> str:
    """The type of an error; one that a student made is an Exception."""
    return name if name in words else "Exception"


def _quoted(name: str, words: frozenset[str]) -> str:
    """What stands between quotation marks, when it is known."""
    parts = _PART.findall(name)
    return f"'{name}'" if all(part in words for part in parts) else f"'{_OWN}'"


def _identifier(name: str, words: frozenset[str]) -> str:
    known = all(part in words for part in _PART.findall(name.replace("<locals>", "")))
    return name if known else _OWN + ("()" if name.endswith("()") else "")


def _words_of(value: Any) -> Iterator[str]:
    """The names and texts in the code of a function, or of a class's methods."""
    for made in vars(value).values() if isinstance(value, type) else (value,):
        if isinstance(made, types.FunctionType):
            yield made.__name__
            yield from _words_in(made.__code__)


def _words_in(code: types.CodeType) -> Iterator[str]:
    # the parameters, not the variables: two students who made the same slip call these by other names
    yield from (*code.co_varnames[: code.co_argcount + code.co_kwonlyargcount], *code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, str) and constant.isidentifier():  # a key, such as "W1"
            yield constant
        elif isinstance(constant, types.CodeType):
            yield from _words_in(constant)


@cache
def common_words() -> frozenset[str]:
    """The names of Python's own and of NumPy."""
    named = {"np", "torch", "numpy", "math", "plt", "array", "self"}
    numpys = (np, np.ndarray, np.random, np.linalg, np.exceptions)
    return frozenset({*dir(builtins), *keyword.kwlist, *(name for part in numpys for name in dir(part)), *_TYPES, *named})
