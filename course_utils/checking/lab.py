"""A lab as the engine needs it: its checks with an oracle, from its source or from what was released."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from course_utils.checking import cases
from course_utils.checking.declare import Check, Mistake, load_checks, load_declared, load_mistakes
from course_utils.checking.helpers import called_by
from course_utils.checking.judge import Checks, Oracle
from course_utils.checking.local import Local
from course_utils.checking.naming import Lazily, Wrong, wrong_in
from course_utils.checking.observe import Trace, observe
from course_utils.checking.slips import slips
from course_utils.checking.trivial import trivial_answers
from course_utils.checking.written import compiled, run
from course_utils.errors import UserError


class Live:
    """An oracle that runs the reference and wrong answers in this process; each answer is computed once."""

    def __init__(
        self,
        reference: Mapping[str, Any],
        known: Mapping[str, Sequence[Mistake]],
        checks: Checks = MappingProxyType({}),
        sources: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`sources` holds the cells of exercises whose slips are worth trying; a lab that trains networks has none."""
        self.reference, self._known, self._checks, self._sources = reference, known, checks, sources
        self._slips: dict[str, dict[str, Any]] = {}
        self._wanted: dict[tuple[str, int], Trace] = {}
        self._found: dict[tuple[str, str, int], Any] = {}
        self._helpers: dict[str, Sequence[str]] = {}

    def wanted(self, check: Check, seed: int) -> Trace:
        """What the reference answers."""
        key = (check.id, seed)
        if key not in self._wanted:
            self._wanted[key] = observe(check, Local(self.reference), seed, keep_inputs=True)
        return self._wanted[key]

    def mistakes(self, check: Check, seed: int) -> Mapping[str, Wrong]:
        """By sentence, what is wrong in each known mistake of the exercise, and of the other exercises that its probe asks."""
        found: Mapping[str, Wrong] = self._once("mistakes", check, seed, lambda: self._known_wrongs(check, seed))
        return found

    def slips(self, check: Check, seed: int) -> Mapping[str, Wrong]:
        """What is wrong when one operation of the reference is another one."""
        found: Mapping[str, Wrong] = self._once("slips", check, seed, lambda: self._slipped(check, seed))
        return found

    def trivial(self, check: Check, seed: int) -> Sequence[frozenset[str]]:
        """For each answer that does nothing, the observations that it fulfils."""
        found: Sequence[frozenset[str]] = self._once("trivial", check, seed, lambda: self._fulfilled(check, seed))
        return found

    def helpers(self, exercise: str) -> Sequence[str]:
        """The earlier exercises that the reference of this one calls; in place of one that does the same, those that it calls."""
        if exercise not in self._helpers:
            self._helpers[exercise] = self._found_helpers(exercise)
        return self._helpers[exercise]

    def _found_helpers(self, exercise: str) -> Sequence[str]:
        earlier = list(itertools.takewhile(lambda name: name != exercise, self._checks))
        found: set[str] = set()
        for name in called_by(exercise, Local(self.reference), self._checks, through=False):
            if name in earlier:
                found |= set(self.helpers(name)) if self._does_the_same(name, exercise) else {name}
        return [name for name in earlier if name in found]

    def _does_the_same(self, helper: str, exercise: str) -> bool:
        asked = [(check, seed) for check in self._checks[exercise] for seed in check.asked_with(cases.PUBLIC_SEEDS)]
        return not any(wrong_in(self._asked(*each, self.reference[helper]), self.wanted(*each)).values for each in asked)

    def _once(self, what: str, check: Check, seed: int, answer: Callable[[], Any]) -> Any:
        key = (what, check.id, seed)
        if key not in self._found:
            self._found[key] = answer()
        return self._found[key]

    def _known_wrongs(self, check: Check, seed: int) -> dict[str, Wrong]:
        wanted = self.wanted(check, seed)
        found = {each.sentence: wrong_in(self._asked(check, seed, each.subject), wanted) for each in self._known.get(check.exercise, ())}
        for other in check.parameters:
            # what a probe hands from one exercise to the next may be wrong already
            for each in self._known.get(other, ()) if other != check.exercise else ():
                trace = observe(check, Local({**self.reference, other: each.subject}), seed)
                found[f"{other}: {each.sentence}"] = wrong_in(trace, wanted)
        return found

    def _slipped(self, check: Check, seed: int) -> Mapping[str, Wrong]:
        subjects, wanted = self._slips_of(check.exercise), self.wanted(check, seed)
        return Lazily(subjects, lambda name: wrong_in(self._asked(check, seed, subjects[name]), wanted))

    def _asked(self, check: Check, seed: int, subject: Any) -> Trace:
        return observe(check, Local({**self.reference, check.exercise: subject}), seed)

    def _slips_of(self, exercise: str) -> dict[str, Any]:
        if exercise not in self._slips:
            found = slips(exercise, self._sources[exercise], self.reference) if exercise in self._sources else []
            self._slips[exercise] = {f"{slip.sentence}\t{number}": slip.subject for number, slip in enumerate(found)}
        return self._slips[exercise]

    def _fulfilled(self, check: Check, seed: int) -> list[frozenset[str]]:
        wanted = self.wanted(check, seed)
        traces = [self._asked(check, seed, answer) for answer in trivial_answers(self.reference.get(check.exercise))]
        return [frozenset(wanted.observations.keys() - wrong_in(trace, wanted).values.keys()) for trace in traces]


@dataclass(frozen=True)
class Lab:
    """A lab's checks by exercise, what they are compared with, and the seeds that a student's checks use."""

    name: str
    checks: Checks
    oracle: Oracle
    seeds: tuple[int, ...]
    kept_back: Mapping[str, float] = field(default_factory=dict)
    reference: Mapping[str, Any] = field(default_factory=dict)
    mistakes: Mapping[str, Sequence[Mistake]] = field(default_factory=dict)
    budget: Mapping[str, float] = field(default_factory=dict)

    @property
    def by_hand(self) -> bool:
        """Whether any of it has to be done without torch."""
        return any(check.by_hand for checks in self.checks.values() for check in checks)

    @staticmethod
    def from_source(folder: Path) -> Lab:
        """A lab from `solutions/`: all checks, the reference, the mistakes."""
        declared, budget = load_declared(_existing(folder / "checks.py"))
        checks = _by_exercise(declared)
        notebook = _existing(folder / "notebook.py")
        cells = list(_answering_cells(notebook))  # read once: it takes a quarter of a second
        reference = _run(cells, notebook)
        known: dict[str, list[Mistake]] = {}
        for mistake in load_mistakes(_existing(folder / "mistakes.py"), reference):
            if mistake.exercise not in checks:
                raise UserError(
                    f"{folder / 'mistakes.py'}: {mistake.name} is a mistake of {mistake.exercise}, "
                    "which no check in checks.py knows: add a check or mend the name."
                )
            known.setdefault(mistake.exercise, []).append(mistake)
        sources = {} if budget else dict(cells)
        return Lab(folder.name, checks, Live(reference, known, checks, sources), cases.PUBLIC_SEEDS, {}, reference, known, budget)

    @staticmethod
    def from_release(folder: Path) -> Lab:
        """A lab from `labs/`: the public checks with recorded observations."""
        recorded = cases.load(_existing(folder / "cases.npz"))
        checks = _by_exercise(load_checks(_existing(folder / "checks.py")))
        return Lab(folder.name, checks, recorded, recorded.seeds, recorded.about["kept_back"])

    def record(self) -> cases.Cases:
        """What `cases.npz` holds for this lab."""
        return cases.record(self.checks, self.oracle, self.seeds)


def load_reference(notebook: Path) -> dict[str, Any]:
    """The namespace that a lab's answers make: its cells tagged "setup" and its exercise cells, run in order."""
    return _run(_answering_cells(notebook), notebook)


def _run(cells: Iterable[tuple[str, str]], notebook: Path) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": notebook.parent.name}
    for label, source in cells:
        run(compiled(source, notebook, label), namespace, notebook, label)
    return namespace


def exercise_cells(notebook: Path) -> dict[str, str]:
    """The source of every exercise's cell, with its answer."""
    return dict(_answering_cells(notebook))


def _answering_cells(notebook: Path) -> Iterator[tuple[str, str]]:
    """The cells that make a lab's answers, each with its label: an exercise's name, or a number."""
    import jupytext

    for number, cell in enumerate(jupytext.read(notebook).cells):
        role = cell.metadata.get("nbgrader", {})
        exercise = role.get("solution") and not role.get("grade")
        if cell.cell_type == "code" and (exercise or "setup" in cell.metadata.get("tags", ())):
            yield role.get("grade_id") or f"cell {number}", cell.source


def _by_exercise(checks: Sequence[Check]) -> dict[str, list[Check]]:
    grouped: dict[str, list[Check]] = {}
    for check in checks:
        grouped.setdefault(check.exercise, []).append(check)
    return grouped


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise UserError(f"{path} does not exist: {path.parent} is no lab, or a file of it was deleted.")
    return path
