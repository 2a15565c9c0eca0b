"""Do one operation on a real object of the student and tell what came of it: the same code in the notebook and in the sandbox."""

from __future__ import annotations

import builtins
import contextlib
import dis
import functools
import inspect
import io
import linecache
import operator
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.checking.by_hand import without_torch
from course_utils.checking.floats import bare, listening, loud
from course_utils.checking.plain import same, snapshot
from course_utils.checking.session import Raised, Ref, Reply, Seeded

_OURS = str(Path(__file__).resolve().parent.parent)
HEARD = 400  # characters of what a function prints while it is checked
_REACHES = 60  # names: a function that speaks of more is no exercise


def _reflected(name: str) -> Callable[[Any, Any], Any]:
    forward = getattr(operator, name)
    return lambda obj, other: forward(other, obj)


ARITHMETIC = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")
OPERATORS = ("getitem", "setitem", "contains", "neg", "eq", "lt", "le", "gt", "ge")
OPERATIONS: dict[str, Callable[..., Any]] = {
    "call": lambda obj, *args, **kwargs: obj(*args, **kwargs),
    "getattr": getattr,
    "setattr": setattr,
    "iter": iter,
    "next": next,
    "len": len,
    "float": float,
    **{name: getattr(operator, name) for name in OPERATORS},
    **{name: getattr(operator, name) for name in ARITHMETIC},
    **{f"r{name}": _reflected(name) for name in ARITHMETIC},
}


def perform_local(
    op: str,
    obj: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    by_hand: bool = False,
    quiet: bool = False,
) -> Reply:
    """Do one operation on a real object and tell what came of it; never raises for what the student's code did.

    The arguments are the student's to keep; `Seeded` ones become generators. The value is the raw result.
    """
    args = tuple(_with_generator(arg) for arg in args)
    kwargs = {name: _with_generator(arg) for name, arg in kwargs.items()}
    if op == "call" and (problem := _signature_problem(obj, args, kwargs)):
        return Reply(raised=Raised("signature", "TypeError", problem))
    before = {key: snapshot(value) for key, value in _numbered(args, kwargs)}
    raised, value, notes, heard = None, None, [], _Heard()
    try:
        with _guarded(by_hand, quiet) as notes, contextlib.redirect_stdout(heard), contextlib.redirect_stderr(_Heard()):
            do = OPERATIONS[op]
            value = bare(do(obj, *listening(args), **listening(kwargs))) if quiet else do(obj, *args, **kwargs)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the student's code raises is an answer
        raised = describe_error(error)
    changed = {key: arg for key, arg in _numbered(args, kwargs) if key in before and not same(before[key], arg)}
    return Reply(value, changed, raised, tuple(notes), heard.text)


class _Heard(io.TextIOBase):
    """Keeps the beginning of what is printed. Nothing reaches the cell: nbgrader takes any text on stderr for a failure."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text[: max(0, HEARD - len(self.text))]
        return len(text)

    def writable(self) -> bool:
        return True


def reference_to(value: Any, key: int) -> Ref:
    """What is said of an object that is no data."""
    return Ref(key, type(value).__name__[:100], callable(value), parameters_of(value), reached_by(value))


def reached_by(obj: Any) -> tuple[str, ...]:
    """The names of its notebook that a function, or a class in its methods, may call; also those that are not defined yet."""
    found = {
        name
        for function in _functions_in(obj)
        for name in _globals_of(function.__code__)
        if name in function.__globals__ or not hasattr(builtins, name)
    }
    return tuple(sorted(found))[:_REACHES]


def _functions_in(obj: Any) -> list[types.FunctionType]:
    try:
        obj = inspect.unwrap(obj) if isinstance(obj, types.FunctionType) else obj
    except ValueError:  # wraps itself
        return []
    if isinstance(obj, types.FunctionType):
        closed = [cell.cell_contents for cell in obj.__closure__ or () if _filled(cell)]
        return [obj, *(each for each in closed if isinstance(each, types.FunctionType))]
    members = vars(obj).values() if type(obj) is type else ()
    return [member for member in members if isinstance(member, types.FunctionType)]


def _filled(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


@functools.lru_cache(maxsize=500)
def _globals_of(code: types.CodeType) -> set[str]:
    found = {str(step.argval) for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    return found.union(*(_globals_of(inner) for inner in code.co_consts if isinstance(inner, types.CodeType)))


def describe_error(error: BaseException) -> Raised:
    """An exception as data, with the deepest line of the student's own code."""
    kind = "not implemented" if isinstance(error, NotImplementedError) else "error"
    line = function = ""
    for frame, number in _frames(error.__traceback__):
        filename = frame.f_code.co_filename
        # a function of the probe that is called back lives in the lab's checks.py; NumPy's compiled parts have no path of their own
        if not filename.startswith((_OURS, sys.prefix, sys.base_prefix, "<frozen")) and not filename.endswith(("checks.py", ".pyx")):
            line = linecache.getline(filename, number).strip()
            function = frame.f_code.co_name
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - the student's own exception class may be broken
        message = "(its message cannot be shown)"
    return Raised(kind, type(error).__name__, message[:500], line[:200], function[:100])


def _frames(traceback: types.TracebackType | None) -> Iterator[tuple[types.FrameType, int]]:
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def _with_generator(value: Any) -> Any:
    return np.random.default_rng(value.seed) if isinstance(value, Seeded) else value


def _numbered(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[tuple[int | str, Any]]:
    yield from enumerate(args)
    yield from kwargs.items()


def parameters_of(obj: Any) -> tuple[str, ...]:
    """The names of a callable's arguments, as far as they can be told."""
    if (function := _ordinary(obj)) is not None:
        return _taken(function, obj)[:100]
    try:
        return tuple(inspect.signature(obj).parameters)[:100] if callable(obj) else ()
    except (Exception, SystemExit):  # noqa: BLE001 - some builtins have none, and a student's object may do anything when it is looked at
        return ()


def _ordinary(obj: Any) -> types.FunctionType | None:
    """A function, or a method's, with positional arguments only, which says itself what it takes: `inspect` costs ten times as much."""
    function = obj.__func__ if type(obj) is types.MethodType else obj
    if type(function) is not types.FunctionType or function.__dict__:  # where a signature of its own would stand
        return None
    code = function.__code__
    simple = not code.co_kwonlyargcount and not code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS)
    return function if simple and (function is obj or code.co_argcount) else None


def _taken(function: types.FunctionType, obj: Any) -> tuple[str, ...]:
    """What it takes; a method has its object already."""
    return function.__code__.co_varnames[function is not obj : function.__code__.co_argcount]


def _signature_problem(obj: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    function = None if kwargs else _ordinary(obj)
    if function is not None and 0 <= len(_taken(function, obj)) - len(args) <= len(function.__defaults__ or ()):
        return ""
    name = getattr(obj, "__name__", type(obj).__name__)
    if not callable(obj):
        return f"{name} is not a function"
    try:
        signature = inspect.signature(obj)
    except (ValueError, TypeError):  # some builtins have none
        return ""
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        return f"{name}{signature} cannot be called like this: {error}"[:300]
    return ""


@contextlib.contextmanager
def _guarded(by_hand: bool, quiet: bool) -> Iterator[list[str]]:
    """Collect floating-point warnings, or make them errors (`quiet`); take torch away (`by_hand`)."""
    notes: list[str] = []
    heard: AbstractContextManager[Any] = loud() if quiet else contextlib.nullcontext()
    alone: AbstractContextManager[Any] = without_torch() if by_hand else contextlib.nullcontext()
    with warnings.catch_warnings(record=True) as caught, heard, alone:
        warnings.simplefilter("always")
        yield notes
        notes += sorted({str(item.message)[:200] for item in caught or () if item.category is RuntimeWarning})
