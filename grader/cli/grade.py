"""`handgrad grade`: grade what was submitted."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.console import typed
from course_utils.errors import UserError

if TYPE_CHECKING:
    from grader.batch import Change, Options, Outcome

EXAMPLE = """examples:
  handgrad grade lab01_perceptron --course course         grade what is new
  handgrad grade lab01_perceptron --course course --json  one JSON line per submission, for a program to read
  handgrad grade lab01_perceptron --course course --force grade everything again, with new seeds
  handgrad grade lab01_perceptron --course course --force --student ada
                                                          grade one student again, with the seeds of the class
  handgrad grade lab01_perceptron --course course --replay
                                                          judge the recorded answers again; no code runs
  handgrad grade lab09_pytorch --course course --gpu      give each submission a GPU of its own

Of a lab, only the cells run that the checks need; the others show what they showed when they were handed in.
LAB may be any assignment in the course's source/ folder. Assert cells are then graded by nbgrader's rules.
The exit code is 0 when every submission was graded, in part or in whole. It is 1 when one was ungradable or failed."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "grade",
        help="grade the submissions of a class",
        description="Grade DIR/submitted/*/LAB in a sandbox. Write gradebook.db, autograded notebooks and feedback.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lab", metavar="LAB", nargs="?", help="the lab, or any assignment of the course (default: what its settings name)")
    parser.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="the nbgrader course (default: here)")
    only = "grade this student only; NAME may be a pattern such as 'a*', and the option may be given several times"
    parser.add_argument("--student", action="append", default=[], metavar="NAME", help=only)
    parser.add_argument("--json", action="store_true", help="print one JSON line per submission")
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--force", action="store_true", help="grade everything again, with new seeds")
    again.add_argument("--replay", action="store_true", help="judge recorded answers again, run no code; say who gains or loses")
    named = "take a notebook such as `p1 (1).ipynb` or `p1/p1.ipynb` where p1.ipynb is missing, now and in later runs"
    parser.add_argument("--accept-renamed", action="store_true", help=named)
    without = "grade although PACKAGE, which the assignment imports, is not installed here; may be said again"
    parser.add_argument("--without", action="append", default=[], metavar="PACKAGE", help=without)
    add_options(parser)
    parser.set_defaults(run=run, extra="grader")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that grading and the demo share."""
    where = "where labs are written (default: solutions/ here or above, or of the checkout that Handgrad is installed from)"
    parser.add_argument("--solutions", type=Path, metavar="DIR", help=where)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="submissions at a time (default: CPUs)")
    kinds = "none means no isolation at all, and reports say so; container is for a container that grades one submission"
    parser.add_argument("--sandbox", choices=("bwrap", "container", "none"), default="bwrap", help=kinds)
    pictures = "run every cell and draw every figure, not only what the checks need: takes four or more times as long"
    parser.add_argument("--pictures", action="store_true", help=pictures)
    parser.add_argument("--gpu", action="store_true", help="give each submission an NVIDIA card of its own")
    parser.add_argument(
        "--on", default="", metavar="ENGINE", help="grade on parsl:FILE, dask:ADDRESS or MODULE:FUNCTION, not on this machine"
    )
    parser.add_argument("--insecure", action="store_true", help="with --on: go without encryption")
    limits = parser.add_argument_group("limits", "what one submission may use at most")
    limits.add_argument("--cell-seconds", type=float, metavar="S", help="wall time of one cell (default: 30)")
    limits.add_argument("--notebook-seconds", type=float, metavar="S", help="wall time of a notebook (default: 300)")
    limits.add_argument("--cpu-seconds", type=float, metavar="S", help="CPU time of a notebook (default: 300)")
    limits.add_argument("--memory-mb", type=int, metavar="MB", help="memory of all its processes (default: 2048, with --gpu 8192)")
    limits.add_argument("--gpu-memory-mb", type=int, metavar="MB", help="memory on the GPU; CUDA takes about 500 of it (default: all)")
    limits.add_argument("--processes", type=int, metavar="N", help="processes and threads (default: 64)")
    limits.add_argument("--file-mb", type=int, metavar="MB", help="size of one file (default: 64)")
    limits.add_argument(
        "--grader-seconds", type=float, metavar="S", help="processor time of the grader itself (default: by the lab, at most 20)"
    )
    limits.add_argument("--grader-mb", type=int, metavar="MB", help="memory of the grader itself (default: 1024)")
    limits.add_argument("--output-kb", type=int, metavar="KB", help="output of one cell (default: 1024)")


def options_of(args: argparse.Namespace, lab: str, course: Path) -> Options:
    """The command line as the grader takes it."""
    from grader.batch import Options
    from grader.sandbox import GPU_MEMORY_BYTES, Limits

    memory = args.memory_mb * 2**20 if args.memory_mb else GPU_MEMORY_BYTES if args.gpu else None
    said = {
        "cell_seconds": args.cell_seconds,
        "notebook_seconds": args.notebook_seconds,
        "cpu_seconds": args.cpu_seconds,
        "memory_bytes": memory,
        "card_bytes": args.gpu_memory_mb and args.gpu_memory_mb * 2**20,
        "processes": args.processes,
        "file_bytes": args.file_mb and args.file_mb * 2**20,
        "output_bytes": args.output_kb and args.output_kb * 2**10,
    }
    asked = {name: value for name, value in said.items() if value is not None}
    solutions = args.solutions or find_solutions(course, lab)
    workers = max(1, args.workers)
    own = {"cpu_seconds": args.grader_seconds, "memory_bytes": args.grader_mb and args.grader_mb * 2**20}
    own = {name: value for name, value in own.items() if value is not None}
    return Options(
        lab,
        course,
        solutions,
        workers,
        args.sandbox,
        args.force,
        Limits(**asked),
        args.pictures,
        args.gpu,
        own=own,
        asked=frozenset(asked),
        on=args.on,
        insecure=args.insecure,
    )


def find_solutions(course: Path = Path(), lab: str = "") -> Path | None:
    """Where labs are written: `solutions/` here or in a folder above, where the course has the lab from, or the installed checkout.

    The first of them that has the lab; else the first that there is.
    """
    from course_utils.labs import packaged_solutions
    from grader.build import noted_solutions

    here = Path.cwd()
    near = [folder / "solutions" for folder in (here, *here.parents)]
    found = [place for place in (*near, noted_solutions(course, lab), packaged_solutions()) if place is not None and place.is_dir()]
    return next((place for place in found if (place / lab / "notebook.py").is_file()), found[0] if found else None)


def run(args: argparse.Namespace) -> int:
    """Grade, or judge again. Returns 0 when every submission could be graded."""
    args.lab = args.lab or _named(args.course)
    if args.replay:
        return _replay(args)
    from grader.batch import grade_lab, progress

    options = replace(
        options_of(args, args.lab, args.course),
        students=tuple(args.student),
        without=frozenset(args.without),
        accept_renamed=args.accept_renamed,
    )
    with progress(args.lab) as watch:
        outcome = grade_lab(options, watch)
    if args.json:
        for result in outcome.results.values():
            print(json.dumps(result.public() | {"fresh": result.student in outcome.graded}, ensure_ascii=True))
    else:
        _print_outcome(outcome, options)
    for note in [*outcome.notes, *(_advice(args.course) if outcome.graded and not args.json else ())]:
        print(note, file=sys.stderr)
    return 0 if outcome.well else 1


def _named(course: Path) -> str:
    """The assignment that the course's settings name. Raises UserError where they name none."""
    from grader.books import open_course

    opened = open_course(course)
    name = str(opened.config.CourseDirectory.get("assignment_id") or "").strip()
    if not name:
        there = opened.layout.assignments()
        told = f": there are {', '.join(there)}" if there else ""
        raise UserError(f"Which assignment? Name it, as in `handgrad grade ps1`{told}.")
    return name


def _advice(course: Path) -> list[str]:
    """Where formgrader's buttons would run code without a sandbox: how to change that."""
    from grader.books import open_course
    from grader.build import is_adopted

    if is_adopted(open_course(course).config):
        return []
    adopt = f"`handgrad adopt {typed(course)}`"
    return [f"formgrader's Autograde runs code WITHOUT A SANDBOX in this course: {adopt} has it go through Handgrad."]


def _print_outcome(outcome: Outcome, options: Options) -> None:
    from grader.batch import class_table, summary

    if outcome.graded:
        class_table(outcome.results.of(sorted(outcome.graded)).values(), outcome.standings)
    print(summary(outcome, options))


def _replay(args: argparse.Namespace) -> int:
    from grader.batch import left_out, progress, replay_lab

    notes: list[str] = []
    with progress(args.lab) as watch:
        watch.note = notes.append
        changes = replay_lab(args.lab, args.course, args.solutions or find_solutions(args.course, args.lab), max(1, args.workers), watch)
    for change in changes:
        if args.json:
            print(json.dumps(change.__dict__))
        elif change.after is None or change.after != change.before:
            print(_change(change))
    if not args.json:
        print(_replayed(changes, left_out(args.lab, args.course)))
    for note in notes:
        print(note, file=sys.stderr)
    return 0


def _replayed(changes: list[Change], others: list[str]) -> str:
    """What came of judging again, in a sentence; nothing was graded of the `others`."""
    from grader.batch import some

    again = sum(change.after is None for change in changes)
    moved = sum(change.after is not None and change.after != change.before for change in changes)
    told = f"{len(changes) - again} judged again, {moved} of them with another score by the checks"
    if again:
        told += f"; {again} {'has' if again == 1 else 'have'} to be run again with --force"
    return told + (f"; nothing was graded of {some(others, len(others))}." if others else ".")


def _change(change: Change) -> str:
    from grader.intake import one_line

    name = one_line(change.student)
    if change.after is None:
        return f"{name}: what its code answered was not kept for these checks"
    return f"{name}: {change.before:g} -> {change.after:g} ({change.after - change.before:+g})"
