"""What grading a class costs, with Handgrad and with nbgrader, end to end: `python tests/benchmarks/grading.py`.

    python tests/benchmarks/grading.py                                   lab 1 and lab 4, 60 different submissions each
    python tests/benchmarks/grading.py --lab lab01_perceptron --students 8 --nbgrader-students 2
    python tests/benchmarks/grading.py --nothing --replay --scale        nothing to do; 1000 judged again; up to 10 000 submissions

End to end is from submitted notebooks, each with the outputs that a student's saved notebook has, to gradebook, autograded notebooks
and feedback pages. nbgrader grades the first of the same notebooks, in a course without our step for generate_assignment. What both
cost when there is nothing to do is their start: it is named, and left out of what each submission costs where the table says so.
Processor seconds are those of all processes together. The floor is what nobody can beat: see `graded/floor.py`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from graded.answers import ROOT
from graded.classes import copy_students, for_nbgrader, made_up_class, make_course
from graded.floor import floor
from graded.measured import Cost, handgrad, measure, nbgrader, script
from graded.stages import STAGES

LABS = ("lab01_perceptron", "lab04_backprop")
SIZES = (100, 1000, 10_000)
FIXTURES = ROOT / "tests" / "fixtures" / "solutions"


def main() -> None:
    """Measure and print what the command line asks for."""
    args = _options()
    pictures = _options_for_pictures()
    with tempfile.TemporaryDirectory(prefix="handgrad-benchmark-") as folder:
        for lab in args.lab if not (args.scale or args.nothing or args.replay) else ():
            compare(lab, Path(folder) / lab, args, pictures)
        if args.nothing:
            nothing(args.lab[0], Path(folder) / "nothing", args, pictures[0])
        if args.replay:
            replay(args.lab[0], Path(folder) / "replay", args, pictures[0])
        if args.scale:
            scale(Path(folder) / "scale", args.scale)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lab", nargs="+", default=LABS, metavar="LAB", help="the labs to grade (default: labs 1 and 4)")
    parser.add_argument("--solutions", type=Path, default=ROOT / "solutions", metavar="DIR", help="where the labs are written")
    parser.add_argument("--students", type=int, default=60, metavar="N", help="different submissions in the class")
    parser.add_argument("--nbgrader-students", type=int, default=10, metavar="N", help="of these, how many nbgrader grades; 0: none")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], metavar="N", help="how many workers, one run each")
    parser.add_argument("--without-pictures", action="store_true", help="leave out the runs that draw everything")
    parser.add_argument("--nothing", action="store_true", help="only: a class that is graded already")
    parser.add_argument("--replay", type=int, nargs="?", const=1000, metavar="N", help="only: N submissions judged again")
    parser.add_argument("--scale", type=int, nargs="*", metavar="N", help=f"only: the fixture lab, so many submissions (default: {SIZES})")
    args = parser.parse_args()
    args.scale = list(SIZES) if args.scale == [] else args.scale
    return args


def _options_for_pictures() -> tuple[list[str], list[str]]:
    """What leaves a lab's own figures undrawn, and what draws all of them."""
    said = subprocess.run([script("handgrad"), "grade", "--help"], capture_output=True, text=True, check=True).stdout
    return (["--no-pictures"], []) if "--no-pictures" in said else ([], ["--pictures"])


def compare(lab: str, folder: Path, args: argparse.Namespace, pictures: tuple[list[str], list[str]]) -> None:
    """One lab's class, graded by both."""
    course = folder / "class"
    make_course(args.solutions / lab, course, args.students)
    bare = floor(sorted((course / "submitted").glob(f"*/{lab}/{lab}.ipynb")))
    print(f"\n{lab}: {args.students} different submissions")
    print(f"{'':30}{'wall s':>9}{'processor s':>13}{'peak memory':>13}   start (wall, processor)")
    theirs = None
    if args.nbgrader_students:
        theirs = _nbgrader(lab, course, folder / "nbgrader", args.nbgrader_students)
    for count in args.workers:
        words = f"handgrad, {count} worker{'s'[: count > 1]}"
        for options, drawn in [(pictures[0], "")] + ([] if args.without_pictures else [(pictures[1], ", pictures")]):
            copy = Path(shutil.copytree(course, folder / f"{count}{drawn}"))
            with_start = [*options, "--workers", str(count)]
            whole = handgrad(lab, args.solutions, copy, *with_start)
            start = handgrad(lab, args.solutions, copy, *with_start)
            _row(words + drawn, whole.over(args.students), start)
            if theirs:
                ratios = _ratios(theirs, whole.over(args.students)), _ratios(theirs, (whole - start).over(args.students))
                print(f"    nbgrader / handgrad: {ratios[0]}; with the start of both left out: {ratios[1]}")
    print(f"{'floor':30}{'':9}{bare:13.3f}   its imports and exercises in a forked process")
    _stages(lab, course, folder / "stages", args, pictures[0], bare)


def _nbgrader(lab: str, course: Path, other: Path, count: int) -> Cost:
    """What nbgrader takes for each submission, its start left out."""
    for_nbgrader(course, other, lab, count)
    whole, start = nbgrader(lab, other), nbgrader(lab, other)
    _row("nbgrader, start left out", (whole - start).over(count), start, f"{count} submissions")
    return (whole - start).over(count)


def _row(name: str, each: Cost, start: Cost, note: str = "") -> None:
    memory = f"{each.peak / 2**20:.0f} MiB"
    print(f"{name:30}{each.wall:9.3f}{each.cpu:13.3f}{memory:>13}   {start.wall:.2f}, {start.cpu:.2f}   {note}", flush=True)


def _ratios(theirs: Cost, ours: Cost) -> str:
    return f"wall {theirs.wall / ours.wall:.1f}, processor {theirs.cpu / ours.cpu:.1f}"


def _stages(lab: str, course: Path, copy: Path, args: argparse.Namespace, options: Sequence[str], bare: float) -> None:
    """Processor milliseconds of each submission by stage, from a run of its own with a profiler in the grader's processes."""
    shutil.copytree(course, copy)
    kept = copy / "stages.json"
    where = ["--course", str(copy), "--solutions", str(args.solutions), "--workers", "1", *options]
    profiler = Path(__file__).parent / "graded" / "stages.py"
    whole = measure([sys.executable, str(profiler), str(kept), "grade", lab, *where], well=(0, 1))
    seen = json.loads(kept.read_text(encoding="utf-8"))
    bars = {"sandbox": whole.cpu - sum(seen.values())} | {stage: seen[stage] for stage in STAGES}
    print(f"processor ms a submission, from a run with a profiler ({1000 * whole.cpu / args.students:.0f} in all; sandbox with its start)")
    for stage, seconds in bars.items():
        each = 1000 * seconds / args.students
        print(f"  {stage:10}{each:9.1f}  {'#' * round(each / 5)}")
    print(f"  {'floor':10}{1000 * bare:9.1f}  a submission costs {whole.cpu / args.students / bare:.1f} times the floor", flush=True)


def nothing(lab: str, course: Path, args: argparse.Namespace, options: Sequence[str]) -> None:
    """A class that is graded already."""
    make_course(args.solutions / lab, course, args.students)
    handgrad(lab, args.solutions, course, *options)
    runs = sorted(handgrad(lab, args.solutions, course, *options) for _ in range(5))
    walls = " ".join(f"{run.wall:.2f}" for run in runs)
    print(f"nothing to do, {lab}, {args.students} graded: wall {walls} s, processor {min(run.cpu for run in runs):.2f} s", flush=True)


def replay(lab: str, course: Path, args: argparse.Namespace, options: Sequence[str]) -> None:
    """A class judged again from what its code answered."""
    make_course(args.solutions / lab, course, min(args.students, args.replay))
    copy_students(course, lab, args.replay)
    graded = handgrad(lab, args.solutions, course, *options)
    start = handgrad(lab, args.solutions, course, *options)
    again = handgrad(lab, args.solutions, course, "--replay")
    each, without = (1000 * cost.over(args.replay).cpu for cost in (again, again - start))
    print(f"replay, {lab}, {args.replay} submissions made of {min(args.students, args.replay)}: {each:.1f} processor ms each,")
    print(f"    {without:.1f} without {start.cpu:.2f} s of start; main process {again.main / 2**20:.0f} MiB; ", end="")
    print(f"they were graded in {1000 * graded.over(args.replay).cpu:.0f} processor ms each", flush=True)


def scale(folder: Path, sizes: Sequence[int]) -> None:
    """Made-up submissions of the fixture lab. The start is what a class of one costs."""
    one = _made_up(folder, 1)
    print(f"lab_tiny, made up; a class of one costs {one.cpu:.2f} processor s, its main process {one.main / 2**20:.0f} MiB")
    for count in sizes:
        cost = _made_up(folder, count)
        each = 1000 * (cost - one).over(count - 1).cpu
        print(
            f"{count:8} submissions: {each:7.2f} processor ms each, main process {cost.main / 2**20:5.0f} MiB, {cost.wall:.0f} s",
            flush=True,
        )


def _made_up(folder: Path, count: int) -> Cost:
    course = folder / str(count)
    made_up_class(FIXTURES / "lab_tiny", course, count)
    cost = handgrad("lab_tiny", FIXTURES, course, "--workers", "1")
    shutil.rmtree(course)
    return cost


if __name__ == "__main__":
    main()
