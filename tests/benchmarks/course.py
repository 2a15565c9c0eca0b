"""The course as one: a class goes through all labs and is graded and exported, and every score is what it has to be.

    nice python tests/benchmarks/course.py                               20 students, all labs, one worker
    python tests/benchmarks/course.py --lab lab01_perceptron --students 5
    python tests/benchmarks/course.py --keep ~/class                     leaves the course there, to look at

The class is made up, so it is known what each student did. Right answers, in whatever words, have to earn their points, a known mistake
has to lose some and to be named, nothing else may be named, and what was not done earns nothing. `nbgrader export` has to have one row
for each student and lab with these scores; a page for a person counts nothing before somebody has marked it. The exit code is 1 where
anything of this is not so. Processor seconds are those of `handgrad grade` from its start to its end, shared by the submissions.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from graded.answers import ROOT
from graded.enrolled import GRADED, MISSING, Handed, Known, class_of, known_of, submit
from graded.measured import Cost, handgrad, script

from grader.build import install

SOLUTIONS = ROOT / "solutions"
LABS = sorted(path.parent.name for path in SOLUTIONS.glob("*/notebook.py"))
_ROW = "{:24}{:>12}{:>13}{:>16}   {:38}{:>6}{:>7}{:>11}"
_HEAD = ("lab", "submissions", "processor s", "points, mean", "states", "made", "named", "not made")


@dataclass(frozen=True)
class Points:
    """What the released lab says: points that checks give, and those that a person gives."""

    checked: float
    by_person: float


@dataclass(frozen=True)
class Graded:
    """One lab of the course: what was handed in, and what came of it."""

    lab: str
    handed: list[Handed]
    known: Known
    points: Points
    results: Mapping[str, dict[str, Any]]
    cost: Cost


def main() -> int:
    """Run the course. Returns 0 when all is as the class was made."""
    args = _options()
    with tempfile.TemporaryDirectory(prefix="handgrad-course-") as folder:
        course = args.keep or Path(folder) / "course"
        print(_ROW.format(*_HEAD), flush=True)
        labs = [_graded(lab, course, args) for lab in args.lab]
        wrong = [sentence for lab in labs for sentence in _wrong_of(lab)]
        wrong += _wrong_in_export(labs, _exported(course), args.students)
    _print_sums(labs)
    for sentence in wrong:
        print(f"WRONG  {sentence}")
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lab", nargs="+", default=LABS, choices=LABS, metavar="LAB", help="the labs of the course (default: all)")
    parser.add_argument("--students", type=int, default=20, metavar="N", help="how many are in the class")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="submissions at a time")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the course in this folder, which must be new, and leave it there")
    args = parser.parse_args()
    if args.keep and args.keep.exists():
        parser.error(f"{args.keep} is there already: name a folder that is not, so that nobody's course is mixed up with this one.")
    return args


def _graded(lab: str, course: Path, args: argparse.Namespace) -> Graded:
    """Install, hand in, grade and report one lab; prints its row."""
    install(SOLUTIONS / lab, course)
    known = known_of(SOLUTIONS / lab, course)
    handed = list(class_of(known, LABS.index(lab), args.students))
    for one in handed:
        submit(one, known, course, lab)
    cost = handgrad(lab, SOLUTIONS, course, "--workers", str(args.workers))
    told = subprocess.run([script("handgrad"), "report", lab, "--course", str(course), "--json"], capture_output=True, check=True)
    results = {result["student"]: result for result in json.loads(told.stdout)["results"]}
    graded = Graded(lab, handed, known, _points(course, lab), results, cost)
    _print_row(graded)
    return graded


def _points(course: Path, lab: str) -> Points:
    cells = nbformat.read(course / "release" / lab / f"{lab}.ipynb", as_version=4).cells
    roles = [role for cell in cells if (role := cell.metadata.get("nbgrader", {})).get("grade")]
    by_person = sum(role["points"] for role in roles if role["solution"])
    return Points(sum(role["points"] for role in roles) - by_person, by_person)


def _print_row(graded: Graded) -> None:
    results = graded.results.values()
    states = Counter(result["status"] for result in results)
    made, named = _made(graded), _named(graded)
    mean = sum(result["score"] for result in results) / max(1, len(results))
    print(
        _ROW.format(
            graded.lab,
            len(results),
            f"{graded.cost.over(max(1, len(results))).cpu:.2f}",
            f"{mean:.2f} of {graded.points.checked:g}",
            ", ".join(f"{count} {state}" for state, count in states.most_common()),
            len(made),
            len(made & named),
            len(named - made),
        ),
        flush=True,
    )


def _print_sums(labs: list[Graded]) -> None:
    submissions = sum(len(lab.results) for lab in labs)
    seconds = sum(lab.cost.cpu for lab in labs)
    made = sum(len(_made(lab)) for lab in labs)
    named = sum(len(_made(lab) & _named(lab)) for lab in labs)
    more = sum(len(_named(lab) - _made(lab)) for lab in labs)
    print(f"{submissions} submissions of {len(labs)} labs in {seconds:.0f} processor seconds: {seconds / max(1, submissions):.2f} each.")
    print(f"{named} of {made} mistakes were named; {more} were named that nobody made.")
    followed = sum(_followed(lab) for lab in labs)
    print(f"{followed} right answers lost points for a wrong class that they use, or for a network trained with a wrong step.")


def _followed(graded: Graded) -> int:
    """How many right answers lost points by an earlier mistake that they have to take as it is."""
    return sum(
        exercise["score"] < exercise["max_score"] and name not in one.mistakes and graded.known.follows(name, one.mistakes)
        for one in graded.handed
        if one.state == GRADED
        for name, exercise in graded.results.get(one.student, {"exercises": {}})["exercises"].items()
    )


def _made(graded: Graded) -> set[tuple[str, str, str]]:
    """(student, exercise, sentence) of every mistake in the class."""
    return {(one.student, name, said) for one in graded.handed for name, said in one.mistakes.items()}


def _named(graded: Graded) -> set[tuple[str, str, str]]:
    return {
        (student, name, check["mistake"])
        for student, result in graded.results.items()
        for name, exercise in result["exercises"].items()
        for check in exercise["checks"]
        if check["mistake"]
    }


def _wrong_of(graded: Graded) -> Iterator[str]:
    """One sentence for each way in which a lab's results are not what its class did."""
    for one in graded.handed:
        result = graded.results.get(one.student)
        where = f"{graded.lab}, {one.student}"
        if one.state == MISSING or result is None:
            if (one.state == MISSING) != (result is None):
                yield f"{where}: a result where nothing was handed in, or none where something was"
        elif result["status"] != one.state:
            yield f"{where}: {result['status']} ({result['reason']}), and not {one.state}"
        elif one.state == GRADED:
            yield from (f"{where}, {sentence}" for sentence in _wrong_points(one, graded, result))
    made, named = _made(graded), _named(graded)
    yield from (f"{graded.lab}, {student}, {name}: not named: {said}" for student, name, said in sorted(made - named))
    yield from (f"{graded.lab}, {student}, {name}: named, but not made: {said}" for student, name, said in sorted(named - made))


def _wrong_points(one: Handed, graded: Graded, result: Mapping[str, Any]) -> Iterator[str]:
    checked = graded.known.asks
    if sorted(result["exercises"]) != sorted(checked):
        yield f"exercises: {sorted(result['exercises'])} were judged, and not {sorted(checked)}"
        return
    total = 0.0
    for name, exercise in result["exercises"].items():
        score, most = exercise["score"], exercise["max_score"]
        total += score
        if name in one.mistakes and score >= most:
            yield f"{name}: {score:g} of {most:g} points for a mistake: {one.mistakes[name]}"
        elif name in one.answers and name not in one.mistakes and score != most and not graded.known.follows(name, one.mistakes):
            yield f"{name}: {score:g} of {most:g} points for a right answer: {one.answers[name][:200]!r}"
        elif name not in one.answers and score != 0:
            yield f"{name}: {score:g} points for nothing"
    if abs(total - result["score"]) > 1e-6:
        yield f"the exercises add up to {total:g} points, and not to {result['score']:g}"
    if not one.mistakes and set(checked) <= set(one.answers) and result["score"] != graded.points.checked:
        yield f"{result['score']:g} points for right answers only, and not {graded.points.checked:g}"


def _exported(course: Path) -> list[dict[str, str]]:
    """The rows of `nbgrader export`, in a file beside the course, as an instructor gets them."""
    subprocess.run([script("nbgrader"), "export"], cwd=course, capture_output=True, check=True)
    with (course / "grades.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _wrong_in_export(labs: list[Graded], rows: list[dict[str, str]], students: int) -> Iterator[str]:
    print(f"nbgrader export: {len(rows)} rows, {students} students and {len(labs)} labs", flush=True)
    found = {(row["student_id"], row["assignment"]): row for row in rows}
    if len(rows) != students * len(labs) or len(found) != len(rows):
        yield f"the export has {len(rows)} rows of {len(found)} students and labs, and not {students * len(labs)}"
    for lab in labs:
        for one in lab.handed:
            row = found.get((one.student, lab.lab))
            expected = lab.results[one.student]["score"] if one.student in lab.results else 0.0
            most = lab.points.checked + lab.points.by_person
            if row is None:
                yield f"{lab.lab}, {one.student}: no row in the export"
            elif (float(row["score"]), float(row["max_score"])) != (expected, most):
                yield f"{lab.lab}, {one.student}: {row['score']} of {row['max_score']} in the export, and not {expected:g} of {most:g}"


if __name__ == "__main__":
    sys.exit(main())
