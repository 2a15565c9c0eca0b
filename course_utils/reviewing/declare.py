"""What an author writes in `review.py`: `@question` on probes that return `Asked`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from course_utils.checking.written import compiled, named, run
from course_utils.errors import UserError

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "handgrad_question"


@dataclass(frozen=True)
class Asked:
    """One variant of a question, with its numbers.

    `given` is shown, by name. `right` is what the exercise makes of it; `name` is what that is called, where a wrong one can be shown to
    find its fault. `others` are wrong results by their reasons, where no mistake gives them. `why` says with these numbers why it is right.
    """

    given: Mapping[str, Any]
    right: Any
    name: str = ""
    others: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class Declared:
    """A question as its author wrote it."""

    exercise: str
    name: str
    context: str  # may be empty
    asks: str
    why: str
    probe: Callable[..., Asked]
    parameters: tuple[str, ...]
    without: Sequence[str]  # mistakes that are no good choice here
    places: int | None  # decimal places that are shown


def question(exercise: str, why: str = "", *, without: Sequence[str] = (), places: int | None = None) -> Callable[[F], F]:
    """Declare a probe as a question about an exercise; the last line of its docstring asks, those before say what is given.

    `why` is one sentence for the right choice. `without` names mistakes whose results or sentences do not fit this question.
    Numbers are shown with `places` decimal places, or as many as they need.
    """

    def declare(probe: F) -> F:
        setattr(probe, _MARK, (exercise, why, tuple(without), places))
        return probe

    return declare


def load_questions(path: Path) -> list[Declared]:
    """The questions of a `review.py`, in its order. Raises UserError where one asks nothing."""
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    run(compiled(path.read_text(encoding="utf-8"), path), module.__dict__, path)
    return [_declared(probe, path) for probe in module.__dict__.values() if hasattr(probe, _MARK)]


def _declared(probe: Callable[..., Asked], path: Path) -> Declared:
    exercise, why, without, places = getattr(probe, _MARK)
    *context, asks = [line.strip() for line in (inspect.getdoc(probe) or "").splitlines() if line.strip()] or [""]
    if not asks.endswith("?"):
        raise UserError(f"{named(path)}: the docstring of {probe.__name__} does not end in a question: write what is asked, with its mark.")
    parameters = tuple(inspect.signature(probe).parameters)
    return Declared(exercise, probe.__name__, " ".join(context), asks, why, probe, parameters, without, places)


def small(rng: Any, *shape: int, least: int = -3, most: int = 3) -> Any:
    """An array of whole numbers without 0, as floats: small enough to reckon with on paper. Without a shape, one number."""
    numbers = rng.choice([number for number in range(least, most + 1) if number], size=shape).astype(float)
    return numbers if shape else float(numbers)
