"""What a wrong answer is known by in a class: a known mistake's name, or the print by which those that gave the same are grouped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from course_utils.checking import Local
from course_utils.checking.judge import observe_all
from grader.judging import Print, cluster, exercise_entry, failures, report_on
from grader.judging.again import Answers
from grader.judging.sharing import share

from .corpus import Stranger
from .doors import SECONDS, TRAINING, run_cells
from .forked import in_fork
from .notebook import Notebook


class Known(NamedTuple):
    """One wrong answer; `print` is empty for one that a mistake names, that passes, or that ended its process (`ended` says how)."""

    lab: str
    stranger: Stranger
    passes: bool = False
    mistake: str = ""
    print: str = ""
    said: str = ""
    ended: str = ""

    @property
    def label(self) -> str:
        return f"{self.lab} {self.stranger.label}"


class Group(NamedTuple):
    """Wrong answers to one exercise that gave the same."""

    name: str
    members: list[Known]


class _Here:
    """A notebook's process, as the grader's `Runner` shows it: this one."""

    alive = True

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace

    def session(self) -> Local:
        return Local(self._namespace)

    def check_alive(self) -> None:
        """It is."""


def known(notebook: Notebook, stranger: Stranger, seeds: Sequence[int]) -> Known:
    """Have one answer judged with the seeds of a class, in a process of its own, and grouped as the grader does it."""
    lab, exercise = notebook.lab, stranger.exercise
    notebook.warm_up(exercise, seeds)

    def judged() -> dict[str, Any]:
        namespace, reason = run_cells(notebook.with_answer(stranger), exercise)
        traces = {} if reason else observe_all(lab.checks[exercise], Local(namespace), seeds, lab.oracle)
        answers = {exercise: Answers(traces, unrun=reason)}
        entries = {exercise: exercise_entry(report_on(exercise, lab, answers[exercise], {}))}
        share({exercise}, lab, _Here(namespace), answers, entries)  # type: ignore[arg-type]
        return entries[exercise]

    entry, trouble = in_fork(judged, 2 * (TRAINING if lab.budget else SECONDS))
    if trouble:
        return Known(lab.name, stranger, ended=trouble)
    alike = entry.get("alike", {"print": "", "said": ""})
    mistake = next((check["mistake"] for check in entry["checks"] if check["mistake"]), "")
    return Known(lab.name, stranger, not failures(entry), mistake, alike["print"], alike["said"])


def grouped(answers: Iterable[Known]) -> list[Group]:
    """The groups of those without a name, the largest first."""
    found: list[Group] = []
    unnamed = sorted((one for one in answers if one.print), key=lambda one: (one.lab, one.stranger.exercise))
    for _, group in groupby(unnamed, key=lambda one: (one.lab, one.stranger.exercise)):
        mine = list(group)
        prints = [Print.parse(one.print) for one in mine]
        numbers = cluster(prints)
        for number in range(max(numbers) + 1):
            members = [one for one, place in zip(mine, numbers, strict=True) if place == number]
            found.append(Group(Print.parse(members[0].print).name, members))
    return sorted(found, key=lambda one: -len(one.members))
