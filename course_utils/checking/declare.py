"""What an author writes: `@check` on probes in `checks.py`, `@mistake` on wrong answers in `mistakes.py`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, TypeVar

from course_utils.checking.names import MODULE
from course_utils.checking.written import compiled, run
from course_utils.errors import UserError

F = TypeVar("F", bound=Callable[..., Any])
Probe = Callable[..., Mapping[str, Any]]


@dataclass(frozen=True)
class Check:
    """A probe and what it is worth."""

    exercise: str
    title: str
    points: float
    probe: Probe
    parameters: tuple[str, ...]
    hidden: bool = False
    by_hand: bool = False
    quiet: bool = False
    once: bool = False
    mutates: tuple[int | str, ...] = ()
    libraries: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Names the check wherever its observations are kept."""
        return f"{self.exercise}/{self.probe.__name__}"

    def asked_for(self, parameter: str) -> str:
        """What a session is asked for: the student's object of that name, or the library."""
        module = next((module for module in self.libraries if module.rpartition(".")[2] == parameter), None)
        return f"{MODULE}{module}" if module else parameter

    def reaches_library(self, label: str) -> bool:
        """Whether an object with this label, such as `torch.optim.SGD()`, is a library's and not the student's."""
        return self.asked_for(label.partition(".")[0]).startswith(MODULE)

    def asked_with(self, seeds: Sequence[int]) -> Sequence[int]:
        """The seeds that it is worth asking with: a probe that draws nothing asks the same with each of them."""
        return seeds if "rng" in self.parameters and not self.once else seeds[:1]


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer with the sentence that names it."""

    exercise: str
    sentence: str
    name: str
    subject: Any


@dataclass(frozen=True)
class Libraries:
    """Modules that probes reach on the student's side."""

    modules: tuple[str, ...]


@dataclass(frozen=True)
class Budget:
    """What a submission may use, as `grader.sandbox.Limits` calls it, where a lab needs more than is usual."""

    limits: Mapping[str, float]


_declared: ContextVar[list[Any] | None] = ContextVar("declared", default=None)


_reference: ContextVar[SimpleNamespace | None] = ContextVar("reference", default=None)


class _Solution:
    """What `solution` is while a `mistakes.py` is being loaded; afterwards the module has the reference itself."""

    def __getattr__(self, name: str) -> Any:
        reference = _reference.get()
        if reference is None:
            raise AttributeError(f"solution.{name}: `solution` is only bound in a mistakes.py that the engine has loaded")
        return getattr(reference, name)


solution: Any = _Solution()


def check(
    exercise: str,
    *,
    points: float,
    hidden: bool = False,
    by_hand: bool = False,
    quiet: bool = False,
    once: bool = False,
    mutates: tuple[int | str, ...] = (),
) -> Callable[[F], F]:
    """Declare a probe as a check of an exercise.

    The docstring's first line is what the student reads. `hidden` keeps the check out of `labs/`, `by_hand` makes
    torch unusable while the student's code runs, `quiet` makes floating-point overflow an error. `once` asks with one seed
    only, where the drawn numbers make no difference to a right answer and serve to be other ones when grading. `mutates` lists
    the positions of arguments that the exercise is to change in place: the probe then sees them changed.
    """

    def declare(probe: F) -> F:
        title = (inspect.getdoc(probe) or "").split("\n")[0]
        if not title:
            raise UserError(f"The probe {probe.__name__} of {exercise} has no docstring: write what the student reads.")
        parameters = tuple(inspect.signature(probe).parameters)
        _declare(Check(exercise, title, points, probe, parameters, hidden, by_hand, quiet, once, mutates))
        return probe

    return declare


def libraries(*modules: str) -> None:
    """Declare modules that probes reach on the student's side: with `libraries("torch")`, a parameter `torch` is that library.

    It is so whatever the notebook calls `torch`. A module in a package is known by its last name.
    """
    _declare(Libraries(modules))


def budget(**limits: float) -> None:
    """Declare that a lab's cells take longer than is usual: `budget(cell_seconds=120)`.

    The names are those of `handgrad grade`'s limits; what an instructor says on the command line goes before.
    """
    _declare(Budget(limits))


def mistake(exercise: str, sentence: str) -> Callable[[F], F]:
    """Declare a function or class as a known wrong answer to an exercise, named by one sentence."""

    def declare(subject: F) -> F:
        _declare(Mistake(exercise, sentence, subject.__name__, subject))
        return subject

    return declare


def _declare(item: Any) -> None:
    declared = _declared.get()
    if declared is not None:
        declared.append(item)


@contextmanager
def _collecting() -> Iterator[list[Any]]:
    declared: list[Any] = []
    token = _declared.set(declared)
    try:
        yield declared
    finally:
        _declared.reset(token)


def load_checks(path: Path) -> list[Check]:
    """The checks that a `checks.py` declares, in its order."""
    return load_declared(path)[0]


def load_declared(path: Path) -> tuple[list[Check], dict[str, float]]:
    """The checks that a `checks.py` declares, in its order, and its budget."""
    with _collecting() as declared:
        _run(path, {})
    checks = [item for item in declared if isinstance(item, Check)]
    modules = tuple(module for item in declared if isinstance(item, Libraries) for module in item.modules)
    checks = [replace(item, libraries=modules) for item in checks]
    limits = {name: limit for item in declared if isinstance(item, Budget) for name, limit in item.limits.items()}
    for number, item in enumerate(checks):
        if item.id in {other.id for other in checks[:number]}:
            raise UserError(f"{path}: two checks are named {item.id}: give one probe another name.")
    return checks, limits


def load_mistakes(path: Path, reference: Mapping[str, Any]) -> list[Mistake]:
    """The mistakes that a `mistakes.py` declares, with `solution` bound to the reference."""
    namespace = SimpleNamespace(**reference)
    token = _reference.set(namespace)
    try:
        with _collecting() as declared:
            _run(path, {"solution": namespace})
    finally:
        _reference.reset(token)
    return [item for item in declared if isinstance(item, Mistake)]


def _run(path: Path, bindings: Mapping[str, Any]) -> None:
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    run(compiled(path.read_text(encoding="utf-8"), path), module.__dict__, path)
    module.__dict__.update(bindings)
