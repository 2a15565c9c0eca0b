"""How far a student is in a lab: points, hints and answers by exercise, and what comes next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from course_utils import logbook, records
from course_utils.checking.lab import Lab
from course_utils.checking.verdict import shown
from course_utils.help import released, steps
from course_utils.help.source import Help
from course_utils.labs import is_lab, lab_folders, open_lab, packaged_labs

COLUMNS = ("", "exercise", "points", "hints", "answer")
LATER = "(+): points of checks that run when the notebook is graded"
_COLOURS = {"✓": "#009E73", "✗": "#D55E00", "○": "#767676"}


class Row(NamedTuple):
    """One exercise."""

    exercise: str
    score: float
    max_score: float
    kept_back: float  # points of hidden checks that were not asked yet
    tried: bool
    hints: int
    hints_of: int
    answered: bool

    @property
    def done(self) -> bool:
        return self.score >= self.max_score

    @property
    def mark(self) -> str:
        return "✓" if self.done else "✗" if self.tried else "○"

    @property
    def points(self) -> str:
        return _points([self])

    def cells(self) -> tuple[str, str, str, str, str]:
        """What a table shows of it, under COLUMNS."""
        hints = f"{self.hints} of {self.hints_of}" if self.hints_of else ""
        return self.mark, self.exercise, self.points, hints, "shown" if self.answered else ""


class Standing:
    """The rows of one lab, as a notebook shows them."""

    def __init__(self, lab: str, rows: Sequence[Row], after: str, more: Sequence[str] = (), link: str = "") -> None:
        """`after` is the last line, `more` stand before it; `link` leads to the lab that it names, where one lies beside this one."""
        self.lab, self.rows, self.after, self.more, self.link = lab, rows, after, more, link

    def text(self) -> str:
        """The table as plain text."""
        table = [COLUMNS, *(row.cells() for row in self.rows), total(self.rows)]
        widths = [max(len(cells[column]) for cells in table) for column in range(len(COLUMNS))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip() for cells in table]
        return "\n".join([self.lab, *lines, *self.notes()])

    def notes(self) -> list[str]:
        """The lines below the table."""
        return [*([LATER] if any(row.kept_back for row in self.rows) else []), *self.more, self.after]

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        style = "padding:2px 16px 2px 0;text-align:left;background:transparent;border:none"
        table = [COLUMNS, *(row.cells() for row in self.rows), total(self.rows)]
        lines = "".join(
            '<tr style="background:transparent">' + "".join(_cell(cell, style, head=cells is COLUMNS) for cell in cells) + "</tr>"
            for cells in table
        )
        *before, last = (re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(note)) for note in self.notes())
        if self.link:
            words, _, name = last.rpartition(" ")
            last = f'{words} <a href="{escape(self.link)}">{name}</a>'
        notes = "".join(f"<div>{note}</div>" for note in [*before, last])
        table_of = f'<table style="border-collapse:collapse">{lines}</table>'
        return f'<div class="handgrad-progress"><b>{escape(self.lab)}</b>{table_of}{notes}</div>'


def rows(lab: Lab, entries: Mapping[str, Mapping[str, Any]], found: Help | None) -> list[Row]:
    """By exercise, what the logbook's entries say. Points that were not earned with hidden checks are not counted as earned."""
    made = []
    for exercise, checks in lab.checks.items():
        entry = entries.get(exercise, {})
        hidden, help_ = entry.get("hidden", {}), found.exercises.get(exercise) if found else None
        public = sum(check.points for check in checks)
        made.append(
            Row(
                exercise,
                entry.get("score", 0) + hidden.get("score", 0),
                public + hidden.get("max_score", 0),
                0 if hidden else lab.kept_back.get(exercise, 0),
                bool(entry.get("tries")) or any(outcome != "not attempted" for _, outcome in entry.get("outcomes", ())),
                steps.taken(help_, entry) if help_ else 0,
                len(steps.steps(help_, entry)) if help_ else 0,
                bool(entry.get("answer")),
            )
        )
    return made


def total(rows: Sequence[Row]) -> tuple[str, str, str, str, str]:
    """The last line of a table."""
    answers = sum(row.answered for row in rows)
    return "", "all", _points(rows), str(sum(row.hints for row in rows) or ""), f"{answers} shown" if answers else ""


def _points(rows: Sequence[Row]) -> str:
    score, most, later = (sum(getattr(row, name) for row in rows) for name in ("score", "max_score", "kept_back"))
    return f"{shown(score)}/{shown(most)}" + (f" (+{shown(later)})" if later else "")


def rows_of(folder: Path, where: Path) -> list[Row]:
    """The rows of the lab in `folder`, as far as the logbook in `where`, beside the notebook, knows them."""
    lab = open_lab(folder, (folder / "cases.npz").stat().st_mtime_ns)
    return rows(lab, logbook.read(where).get(lab.name, {}), released.read(folder))


def standing(where: Path, review: str) -> Standing | None:
    """How far the notebook in a folder is; None where no lab is known there. `review` is what to type to be asked questions."""
    from course_utils.reviewing.rounds import reminder  # whoever only checks needs none of it

    folder = where if is_lab(where) else _last_checked(where)
    if folder is None:
        return None
    made = rows_of(folder, where)
    record = records.read(where)
    step = next_step(made)
    link = "" if step or folder != where else _beside(folder)
    more = [f"Race: {record}" if record else "", reminder(where, review, () if step else (folder.name,))]
    return Standing(folder.name, made, step or next_lab(folder), list(filter(None, more)), link)


def next_step(rows: Sequence[Row], lab: str = "") -> str:
    """The exercise to go on with, of a lab that is named where there are several; "" when all pass."""
    for row in rows:
        if not row.done:
            what = "read its report again" if row.tried else "not tried yet"
            return f"Next: {row.exercise}{f' in {lab}' if lab else ''} ({what})"
    return ""


def next_lab(folder: Path) -> str:
    """The lab after this one, of those that exist: beside it, or in the package."""
    for labs in (folder.parent, packaged_labs()):
        later = _later(folder, labs)
        if later:
            return f"All checks pass. Next: {later[0]}"
    return "All checks pass: everything here is done."


def _later(folder: Path, labs: Path) -> list[str]:
    """The names of the labs in `labs` that come after the one in `folder`."""
    return [lab.name for lab in lab_folders(labs) if lab.name > folder.name]


def _beside(folder: Path) -> str:
    """How a notebook in `folder` links to the next lab; "" where its notebook does not lie beside it."""
    later = _later(folder, folder.parent)
    return f"../{later[0]}/{later[0]}.ipynb" if later and (folder.parent / later[0] / f"{later[0]}.ipynb").is_file() else ""


def opened_alone(where: Path) -> list[Path]:
    """The packaged labs whose notebook lies in a folder without their files, or was checked there."""
    book = logbook.read(where)
    return [lab for lab in lab_folders(packaged_labs()) if lab.name in book or (where / f"{lab.name}.ipynb").is_file()]


def _last_checked(where: Path) -> Path | None:
    """A notebook that was opened alone: the packaged lab whose exercise was checked last."""
    book = logbook.read(where)
    known = [lab for lab in opened_alone(where) if lab.name in book]
    return max(known, key=lambda lab: max((entry.get("when", 0) for entry in book[lab.name].values()), default=0), default=None)


def _cell(text: str, style: str, *, head: bool) -> str:
    colour = f";color:{_COLOURS[text]}" if text in _COLOURS else ""
    return f'<td style="{style}{colour}">{f"<b>{text}</b>" if head or colour else escape(text)}</td>'
