"""The one column of a sheet that grades go into: which it is, out of how many points, and how numbers are written there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from course_utils.errors import UserError
from grader.intake import one_line
from grader.platforms.columns import CANVAS, MOODLE, Columns, plain
from grader.platforms.sheets import Row, Sheet

_CANVAS_ID = re.compile(r"(?P<title>.*\S) \((?P<id>\d+)\)")
_MAX_POINTS = " - max points"
_FIXED = {CANVAS: "gradebook export of Canvas", MOODLE: "grading worksheet of Moodle"}  # sheets that can be told by their form
# How Moodle says yes and no, in the languages of which people told us
_NO = frozenset("no nein non nee não nao nei nej ne nie ei nem nu nē hayır いいえ 否 нет ні όχι".split())  # noqa: SIM905 - a list of words reads better so
_YES = frozenset("yes ja oui sí si sì sim tak ano áno kyllä igen da jā evet jah はい 是 да так ναι".split())  # noqa: SIM905


@dataclass(frozen=True)
class Target:
    """A column of a sheet, with the maximum that stands for all rows (`overall`) or in a column of its own (`beside`)."""

    at: int
    title: str
    overall: float | None = None
    beside: int | None = None
    comma: bool = False  # decimals
    decimals: int | None = None  # as many as the sheet has, else as many as are needed, at most two
    caution: str = ""

    def maximum(self, row: Row) -> float | None:
        """Out of how many points a row is, where the sheet says so."""
        return number(row.text(self.beside)) if self.beside is not None else self.overall

    def written(self, points: float) -> str:
        """A number as the sheet writes it, at two decimals."""
        places = Decimal(1).scaleb(-2 if self.decimals is None else -self.decimals)
        said = str(Decimal(repr(float(points))).quantize(places, ROUND_HALF_UP))
        if self.decimals is None and "." in said:
            said = said.rstrip("0").rstrip(".")
        return said.replace(".", ",") if self.comma else said


def number(text: str) -> float | None:
    """The number in a cell, with a decimal point or comma; None for anything else."""
    try:
        return float(text.strip().replace(",", ".")) if re.fullmatch(r"\s*-?\d+(?:[.,]\d*)?\s*", text) else None
    except ValueError:
        return None


def find_target(sheet: Sheet, columns: Columns, wanted: str, lab: str, column: str | None) -> Target:
    """The column of a lab in a platform's sheet. `column` names it by its header, its title or its number.

    Raises UserError for a sheet of another platform, and where it is not certain which column it is.
    """
    if columns.platform != wanted and (wanted in _FIXED or columns.platform in _FIXED):
        what = _FIXED.get(wanted, "sheet of another kind")
        seems = f"; it is a {_FIXED[columns.platform]} (--to {columns.platform})" if columns.platform in _FIXED else ""
        shown = ", ".join(one_line(name, 40) for name in sheet.header[:8])
        raise UserError(f"{sheet.name} is no {what}{seems}: its first row is {shown}.")
    if wanted == CANVAS:
        return _canvas(sheet, lab, column)
    if wanted == MOODLE:
        return _moodle(sheet, columns, column)
    return _titled(sheet, columns, lab, column)


def _canvas(sheet: Sheet, lab: str, column: str | None) -> Target:
    header = sheet.header
    known = {at: found["title"] for at, name in enumerate(header) if (found := _CANVAS_ID.fullmatch(name))}
    points = next((row for row in sheet.body if "points possible" in row.text(0).lower()), None)
    if column is None:
        fitting = [at for at, title in known.items() if _alike(title, lab)] or [at for at, title in known.items() if _begins(title, lab)]
        if not fitting and (bare := [name for name in header if _alike(name, lab)]):
            raise UserError(
                f"{sheet.name}: the column {one_line(bare[0], 60)!r} has no number in parentheses, so Canvas would make a new assignment. "
                f"Make the assignment in Canvas and export again, or say --column {one_line(bare[0], 60)!r}."
            )
        at = _the_one(sheet, lab, fitting, [header[place] for place in known])
    else:
        places = [at for at, name in enumerate(header) if plain(column) in (plain(name), plain(known.get(at, name)))]
        places = places or [at for at in known if header[at].endswith(f"({column})")]
        at = _the_one(sheet, column, places, [header[place] for place in known])
    if points is not None and "read only" in points.text(at).lower():
        raise UserError(f"{sheet.name}: Canvas ignores what stands in {header[at]!r}, because it is read only. Choose another column.")
    caution = f"{one_line(header[at], 60)} has no number in parentheses: where Canvas knows no such title, it makes a new assignment."
    overall = number(points.text(at)) if points is not None else None
    return Target(at, header[at], overall, comma=_has_comma(sheet, [at]), caution="" if at in known else caution)


def _moodle(sheet: Sheet, columns: Columns, column: str | None) -> Target:
    if "scale" in columns.at and "maximum" not in columns.at:
        raise UserError(f"{sheet.name} is of an assignment that Moodle grades by a scale, not by points: choose points in its settings.")
    at = columns.at.get("grade")
    if column is not None:
        header = [plain(name) for name in sheet.header]
        at = header.index(plain(column)) if plain(column) in header else None
    if at is None:
        there = ", ".join(one_line(name, 40) for name in sheet.header)
        raise UserError(f"{sheet.name} has no column for grades that we know: name it with --column. There are {there}.")
    beside = columns.at.get("maximum")
    shown = [row.text(beside) for row in sheet.body if row.text(beside)] if beside is not None else []
    decimals = len(re.split("[.,]", shown[0])[1]) if shown and re.fullmatch(r"\d+[.,]\d+", shown[0]) else None
    places = [at] if beside is None else [at, beside]
    return Target(at, sheet.header[at], beside=beside, comma=_has_comma(sheet, places), decimals=decimals)


def _titled(sheet: Sheet, columns: Columns, lab: str, column: str | None) -> Target:
    """A column of a sheet whose grammar is not fixed: Gradescope's, or anybody's."""
    header = [plain(name) for name in sheet.header]
    maxima = {at: header.index(name + _MAX_POINTS) for at, name in enumerate(header) if name + _MAX_POINTS in header}
    asked = column if column is not None else lab
    if column is not None:
        places = [at for at, name in enumerate(header) if name == plain(column)]
    else:
        places = [at for at, name in enumerate(header) if _alike(name, lab)]
        places = places or [columns.at["grade"]] if places or "grade" in columns.at else []
    at = _the_one(sheet, asked, places, [sheet.header[place] for place in maxima] or sheet.header)
    beside = maxima.get(at, columns.at.get("maximum") if at == columns.at.get("grade") else None)
    return Target(at, sheet.header[at], beside=beside, comma=_has_comma(sheet, [at]))


def _the_one(sheet: Sheet, asked: str, places: Sequence[int], there: Sequence[str]) -> int:
    if len(places) == 1:
        return places[0]
    what = "no column" if not places else f"{len(places)} columns"
    among = ", ".join(one_line(name, 60) for name in there) or "no column of an assignment"
    raise UserError(f"{sheet.name} has {what} for {one_line(asked, 60)}: name it with --column. There is {among}.")


def _words(title: str) -> list[str]:
    """The words and numbers of a title: `lab01_perceptron` and `Lab 1: Perceptron` have the same."""
    return [word.lstrip("0") or "0" for word in re.findall(r"\d+|[^\W\d_]+", title.casefold())]


def _alike(title: str, lab: str) -> bool:
    """Whether two titles have the same words and numbers, however words are parted: `GradientDescent` is `gradient_descent`."""
    one, other = ("".join(f" {word} " if word.isdigit() else word for word in _words(name)) for name in (title, lab))
    return one == other


def _begins(title: str, lab: str) -> bool:
    """Whether one is how the other begins: `Lab 1`, or `Lab 1: Perceptron (due on Friday)`, for `lab01_perceptron`; its number counts."""
    short, long = sorted((_words(title), _words(lab)), key=len)
    numbered = any(word.isdigit() for word in short)
    return numbered and long[: len(short)] == short and not any(word.isdigit() for word in long[len(short) : len(short) + 1])


def _has_comma(sheet: Sheet, places: Sequence[int]) -> bool:
    """Whether a sheet's decimals have a comma: by its numbers, and where all of them are whole, by its separator."""
    texts = [row.text(at) for row in sheet.body for at in places]
    marks = {text[mark.start()] for text in texts if number(text) is not None and (mark := re.search("[.,]", text))}
    return "," in marks if marks else sheet.separator == ";"


def locked_words(sheet: Sheet, at: int | None) -> set[str]:
    """What a locked row of Moodle says in "Grade can be changed". Raises UserError where that is in a language that is not known."""
    said = {row.text(at) for row in sheet.body} - {""} if at is not None else set()
    no, yes = ({word for word in said if word.casefold() in words} for words in (_NO, _YES))
    unknown = said - no - yes
    if len(unknown) > 1 or (unknown and no and yes):
        raise UserError(
            f"{sheet.name}: which of {', '.join(sorted(map(repr, said)))} means that a grade is locked? Unlock all of them in Moodle, or "
            "download the worksheet in English."
        )
    return no | unknown if yes else no  # beside a yes, the word that is not known is a no; alone it is the usual one, a yes
