"""Whether both graders give the same scores, in courses as ten years of nbgrader have left them: `python tests/benchmarks/courses.py`.

    python tests/benchmarks/courses.py                    every variant of the list, all students
    python tests/benchmarks/courses.py --only 4.0 plain   those whose line has these words
    python tests/benchmarks/courses.py --material         nbgrader's user guide and test notebooks instead
    python tests/benchmarks/courses.py --list             what there is

Each course is made twice. In the one `nbgrader autograde` grades, in the other `handgrad grade`; then every cell's score, its most,
whether it waits for a person, and whether it has nbgrader's comment are compared. Differences that are meant are in
`tests/variants/intended.py`, each with its reason. The exit code is 1 when there is another one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.variants.both import Compared, grade_both
from tests.variants.courses import DELIMITERS, SECRETS, STRANGE, STUDENTS, Variant
from tests.variants.intended import reason_for
from tests.variants.material import MATERIAL, grade_material

Job = Callable[[Path], Compared]


def variants() -> list[Variant]:
    """Every value of every kind at least twice, and every pair of a format with a schema, as far as nbgrader allowed it."""
    names = list(DELIMITERS)
    made = []
    for number, (minor, schema) in enumerate(
        (minor, schema) for minor in range(6) for schema in range(4) if (minor + schema) % 2 or schema
    ):
        tasks, autotests = schema == 3 and number % 2 == 0, number % 5 == 3
        made.append(Variant(minor, schema, names[number % len(names)], tasks, autotests, 1 + number % 3 // 2))
    return made


def jobs(args: argparse.Namespace) -> Iterator[tuple[str, Job]]:
    """What the command line asks for, by name."""
    found: dict[str, Job]
    if args.material:
        found = {name: lambda root, name=name: grade_material(root, name) for name in MATERIAL}  # type: ignore[misc]
    else:
        students = {**STUDENTS, **STRANGE}
        found = {str(one): lambda root, one=one: grade_both(root, one, students) for one in variants()}  # type: ignore[misc]
    yield from ((name, job) for name, job in found.items() if all(word in name for word in args.only))


def main() -> int:
    """Compare, and print a table. Returns 1 when there is a difference that is not meant."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="only courses whose name has all of these")
    parser.add_argument("--material", action="store_true", help="what nbgrader's package brings, in place of made courses")
    parser.add_argument("--list", action="store_true", help="name the courses and stop")
    args = parser.parse_args()
    told: Counter[str] = Counter()
    bad = 0
    print(f"{'course':44} {'cells':>6} {'equal':>6} {'meant':>6} {'other':>6}  CPU s: handgrad, nbgrader")
    for name, job in jobs(args):
        if args.list:
            print(name)
            continue
        with tempfile.TemporaryDirectory(prefix="handgrad-courses-") as folder:
            try:
                compared = job(Path(folder))
            except RuntimeError as error:  # one of the two gave up: the others are compared all the same
                print(f"{name:44} {error}")
                bad += 1
                continue
            bad += report(name, compared, told) + leaks(compared.ours)
    for reason, count in told.most_common():
        print(f"{count:6}  {reason}")
    return 1 if bad else 0


def report(name: str, compared: Compared, told: Counter[str]) -> int:
    """Print a course's line and each difference that is not meant; how many of these there are."""
    reasons = [(difference, reason_for(difference)) for difference in compared.differences]
    told.update(reason for _, reason in reasons if reason)
    others = [difference for difference, reason in reasons if not reason]
    meant = len(reasons) - len(others)
    seconds = f"{compared.our_seconds:.1f}, {compared.their_seconds:.1f}"
    print(f"{name:44} {compared.cells:6} {compared.cells - len(reasons):6} {meant:6} {len(others):6}  {seconds}", flush=True)
    for difference in others:
        print(f"    {' '.join(difference.place)}: {difference.ours} but {difference.theirs}")
    return len(others)


def leaks(course: Path) -> int:
    """How many pages show what students were not given, printed by name."""
    found = [path for path in course.glob("feedback/*/*/*.html") if any(secret in path.read_text(encoding="utf-8") for secret in SECRETS)]
    for path in found:
        print(f"    {path.relative_to(course)} shows a hidden test or a marking scheme")
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
