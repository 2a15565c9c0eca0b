"""The demo: a course with a made-up class, graded before your eyes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import nbformat
from rich.console import Console

from course_utils.console import typed
from course_utils.errors import UserError
from grader.batch import Options, Outcome, class_table, grade_lab, mistake_table, progress, summary
from grader.books import open_course
from grader.build import install
from grader.demo.made_up import make_up, name_of, students
from grader.files import write_atomically
from grader.judging import FAILED


def show(options: Options, count: int) -> int:
    """Make the class where it is missing, grade it, and say where to look. Returns 0 unless the grader itself failed."""
    if options.solutions is None or not (options.solutions / options.lab).is_dir():
        raise UserError(f"The demo is made from solutions/{options.lab}, which is not here: run it in a checkout of the project.")
    make_class(options.solutions / options.lab, options.course, count)
    with progress(options.lab) as watch:
        outcome = grade_lab(options, watch)
    results = list(outcome.results.values())
    if outcome.graded:
        class_table(sorted(results, key=lambda result: result.student), outcome.standings)
        print()
        mistake_table(results, most=8)
        print()
    print(summary(outcome, options))
    _where_to_look(options, outcome)
    return 1 if outcome.faults or any(result.status == FAILED for result in results) else 0


def make_class(source: Path, course: Path, count: int) -> None:
    """Install the lab in a course and hand in for `count` students; what is already there stays."""
    install(source, course)
    released = nbformat.read(course / "release" / source.name / f"{source.name}.ipynb", as_version=4)
    fresh = []
    for student, notebook in students(make_up(source, released), count):
        path = course / "submitted" / student / source.name / f"{source.name}.ipynb"
        if not path.exists():
            write_atomically(path, notebook, 0o644)
            fresh.append(student)
    if fresh:
        enrol(course, fresh)


def enrol(course: Path, names: Iterable[str]) -> None:
    """Give those students of the class a first and a last name in the gradebook, where they have none; formgrader lists them by it."""
    with open_course(course).database.open() as gradebook:
        named = {student.id for student in gradebook.students if student.last_name}
        for student in names:
            if student not in named:
                first, last = name_of(student)
                gradebook.update_or_create_student(student, first_name=first, last_name=last)


def _where_to_look(options: Options, outcome: Outcome) -> None:
    course, lab = options.course, options.lab
    student = next(iter(outcome.results), "STUDENT")
    lines = [
        f"  feedback       {course}/feedback/{student}/{lab}/{lab}.html",
        f"  autograded     {course}/autograded/{student}/{lab}/{lab}.ipynb",
        f"  gradebook      {course}/gradebook.db      nbgrader export writes it as CSV, from {course}/",
        f"  formgrader     cd {typed(course)} && jupyter lab   then the menu Nbgrader, Formgrader",
        f"  mistakes       handgrad report {lab} --course {typed(course)}",
        f"  the class      handgrad report {lab} --course {typed(course)} --html      writes a page: whom to write to, what to say",
    ]
    Console(highlight=False).print("Look at:\n" + "\n".join(lines), markup=False, soft_wrap=True)
