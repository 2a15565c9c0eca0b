"""The page of a large class: seconds to write it and to open it, and its bytes.

    python tests/benchmarks/desk.py --page                       300 made-up students of lab 1
    python tests/benchmarks/desk.py --page --lab lab04_backprop --students 300 --keep DIR

The class is graded for real, with the known mistakes and the strangers' wrong answers in it. That takes minutes; --keep keeps it.
Opening is from the call until the page has painted, in Chromium: the middle one of three. Expected: at most 1 s and 2 MB.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from graded.answers import ROOT, notebook_answers, read_pool
from graded.classes import hand_in, made_up_of
from playwright.sync_api import Browser, sync_playwright

from grader.batch import Options, grade_lab, progress
from grader.books import open_course
from grader.build import install
from grader.desk import write_class_page, write_course_page
from grader.platforms import Person, write_people
from grader.sandbox import Limits

sys.path.insert(0, str(ROOT / "tests" / "browser"))
from conftest import CHROMIUM

UNWRITTEN = 0.15  # of the students leave the second half empty
FIRST = ("Ada", "Björn", "Chiara", "Diego", "Elif", "Farid", "Grace", "Hana", "Ivo", "Jun", "Katarzyna", "Lê", "Mehmet", "Nia", "Óscar")
LAST = (
    "Adler",
    "Baptiste",
    "Çelik",
    "Dubois",
    "Eriksson",
    "Fernández",
    "García",
    "Haddad",
    "Ito",
    "Jansen",
    "Kowalska",
    "Lindqvist",
    "Müller",
    "Nowak",
    "O'Brien",
    "Park",
    "Quispe",
    "Rossi",
    "Silva",
    "Tanaka",
    "Ueda",
)
SECTIONS = ("north", "south", "evening")
ABSENT, TORN = 12, 3  # students who hand in nothing, or half of a file


def main() -> None:
    """Measure and print what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true", required=True, help="the page of a class and of the course")
    parser.add_argument("--lab", nargs="+", default=["lab01_perceptron"], metavar="LAB", help="the labs that are graded")
    parser.add_argument("--students", type=int, default=300, metavar="N", help="how many there are in the class")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="a folder for the course, which is kept, or used if it is there")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="handgrad-benchmark-") as folder:
        course = args.keep or Path(folder) / "course"
        for lab in args.lab:
            if not (course / "release" / lab).is_dir():
                make_class(ROOT / "solutions" / lab, course, args.students)
            grade(lab, course)
        enrol(course, args.students)
        show(course, args.lab)


def make_class(source: Path, course: Path, count: int) -> None:
    """Hand in for a class: some leave half of it empty, some hand in half a file, some nothing."""
    install(source, course)
    pool, made_up = read_pool(source), made_up_of(source, course)
    exercises = list(pool.solved)
    for number, student in enumerate(students(count - ABSENT)):
        chance = random.Random(f"{source.name} {student}")
        answers = notebook_answers(pool, chance)
        if chance.random() < UNWRITTEN:
            answers = {name: answers[name] for name in exercises[: len(exercises) // 2] if name in answers}
        notebook = made_up.file(answers)
        hand_in(course, source.name, student, notebook[: len(notebook) // 2] if number < TORN else notebook)


def students(count: int) -> Iterator[str]:
    """Their ids."""
    yield from (f"student{number:03}" for number in range(count))


def enrol(course: Path, count: int) -> None:
    """Give everybody a name, an address and a section; those who hand in nothing are known by it alone."""
    people = []
    for number, student in enumerate(students(count)):
        first, last = FIRST[number % len(FIRST)], LAST[number // len(FIRST) % len(LAST)]
        people.append(Person(student, first, last, f"{student}@example.org", SECTIONS[number % len(SECTIONS)]))
    write_people(open_course(course), people)
    with open_course(course).database.open() as gradebook:
        for person in people:
            gradebook.update_or_create_student(person.student, first_name=person.first_name, last_name=person.last_name)


def grade(lab: str, course: Path) -> None:
    """As `handgrad grade` does it."""
    started = time.perf_counter()
    with progress(lab) as watch:
        limits = Limits(cell_seconds=5, call_seconds=5, notebook_seconds=60)
        outcome = grade_lab(Options(lab, course, ROOT / "solutions", 1, "bwrap", False, limits), watch)
    print(f"{lab}: {len(outcome.graded)} submissions graded in {time.perf_counter() - started:.0f} s", flush=True)


def show(course: Path, labs: list[str]) -> None:
    """Write the pages, and open each."""
    print(f"{'page':24}{'written, s':>12}{'kB':>8}{'opens, ms':>12}{'work, ms':>10}{'sorted, ms':>12}{'requests':>10}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for lab in [*labs, ""]:
            started = time.perf_counter()
            page = write_class_page(lab, course) if lab else write_course_page(course)
            written = time.perf_counter() - started
            opened = [opening(browser, page) for _ in range(3)]
            milliseconds, work, sorting, requests = (median(column) for column in zip(*opened, strict=True))
            size = page.stat().st_size / 1000
            print(
                f"{lab or 'the course':24}{written:12.2f}{size:8.0f}{milliseconds:12.0f}{work:10.0f}{sorting:12.0f}{requests:10.0f}",
                flush=True,
            )
        browser.close()


PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"
SORTED = """async () => {
  const started = performance.now();
  document.querySelector("#students .part button").click();
  document.body.offsetHeight;
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - started;
}"""


def opening(browser: Browser, path: Path) -> tuple[float, float, float, int]:
    """Milliseconds until the page has painted, those of the processor, and from a click on a head until it is sorted; all requests."""
    page, asked = browser.new_page(viewport={"width": 1280, "height": 900}), []
    page.on("request", lambda request: asked.append(request.url))
    told = page.context.new_cdp_session(page)
    told.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path.resolve().as_uri())
    painted = float(page.evaluate(PAINTED))
    used = next(one["value"] for one in told.send("Performance.getMetrics")["metrics"] if one["name"] == "TaskDuration")
    found = painted, 1000 * float(used), float(page.evaluate(SORTED)), len(asked) - 1
    page.close()
    return found


if __name__ == "__main__":
    main()
