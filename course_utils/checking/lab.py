"""A lab as the engine needs it: its checks with an oracle, from its source or from what was released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_utils.checking import cases
from course_utils.checking.declare import Check, Mistake, load_checks, load_declared, load_mistakes
from course_utils.checking.judge import Oracle
from course_utils.checking.observe import Trace, observe
from course_utils.checking.session import Local
from course_utils.errors import UserError

Checks = Mapping[str, Sequence[Check]]


@dataclass
class Live:
    """An oracle that runs the reference and the mistakes in this process; each answer is computed once."""

    reference: Mapping[str, Any]
    known: Mapping[str, Sequence[Mistake]]
    _wanted: dict[tuple[str, int], Trace] = field(default_factory=dict)
    _mistakes: dict[tuple[str, int], Mapping[str, Trace]] = field(default_factory=dict)

    def wanted(self, check: Check, seed: int) -> Trace:
        """What the reference answers."""
        key = (check.id, seed)
        if key not in self._wanted:
            self._wanted[key] = observe(check, Local(self.reference), seed)
        return self._wanted[key]

    def mistakes(self, check: Check, seed: int) -> Mapping[str, Trace]:
        """What each known mistake of the exercise answers, by its sentence."""
        key = (check.id, seed)
        if key not in self._mistakes:
            self._mistakes[key] = {
                mistake.sentence: observe(check, Local({**self.reference, check.exercise: mistake.subject}), seed)
                for mistake in self.known.get(check.exercise, ())
            }
        return self._mistakes[key]


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
        reference = load_reference(_existing(folder / "notebook.py"))
        known: dict[str, list[Mistake]] = {}
        for mistake in load_mistakes(_existing(folder / "mistakes.py"), reference):
            if mistake.exercise not in checks:
                raise UserError(
                    f"{folder / 'mistakes.py'}: {mistake.name} is a mistake of {mistake.exercise}, "
                    "which no check in checks.py knows: add a check or mend the name."
                )
            known.setdefault(mistake.exercise, []).append(mistake)
        return Lab(folder.name, checks, Live(reference, known), cases.PUBLIC_SEEDS, {}, reference, known, budget)

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
    import jupytext

    namespace: dict[str, Any] = {"__name__": notebook.parent.name}
    for number, cell in enumerate(jupytext.read(notebook).cells):
        role = cell.metadata.get("nbgrader", {})
        exercise = role.get("solution") and not role.get("grade")
        if cell.cell_type == "code" and (exercise or "setup" in cell.metadata.get("tags", ())):
            label = role.get("grade_id") or f"cell {number}"
            exec(compile(cell.source, f"{notebook}: {label}", "exec", dont_inherit=True), namespace)
    return namespace


def _by_exercise(checks: Sequence[Check]) -> dict[str, list[Check]]:
    grouped: dict[str, list[Check]] = {}
    for check in checks:
        grouped.setdefault(check.exercise, []).append(check)
    return grouped


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise UserError(f"{path} does not exist: {path.parent} is no lab, or a file of it was deleted.")
    return path
