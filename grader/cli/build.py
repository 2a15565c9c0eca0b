"""`handgrad build`: solutions/ → labs/."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.errors import UserError

if TYPE_CHECKING:
    from grader.build import BuiltLab

EXAMPLE = """examples:
  handgrad build                          every lab
  handgrad build lab01_perceptron         one lab
  handgrad build --without-laws           the same, faster, for those who only use the labs
  handgrad build --check                  write nothing, fail when labs/ is out of date
  handgrad build --course course          also put the labs into an nbgrader course"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "build",
        help="make labs/ from solutions/",
        description="Make labs/, which students open, from solutions/, which authors write. A changed lab has to keep the laws.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("labs", nargs="*", metavar="LAB", help="the labs to build, as their folders are named (default: all)")
    parser.add_argument("--check", action="store_true", help="write nothing; name what is out of date, and exit with 1")
    parser.add_argument("--without-laws", action="store_true", help="do not ask whether a changed lab keeps the laws")
    parser.add_argument("--course", type=Path, metavar="DIR", help="put the labs into this nbgrader course, too; made if missing")
    parser.set_defaults(run=run, extra="grader")


def run(args: argparse.Namespace) -> int:
    """Build, or check what was built. Returns 0 only when labs/ is what the build makes."""
    root = project_root(Path.cwd())
    sources = _sources(root / "solutions", args.labs)
    if args.check:
        return _check(sources, root, everything=not args.labs)
    from grader.build import install

    for source, built in zip(sources, _built(sources, root / "labs", laws=not args.without_laws), strict=True):
        for sentence in built.told:
            print(sentence)
        print(f"labs/{built.name}: {', '.join(built.changed) + ' written' if built.changed else 'nothing to do'}")
        if args.course:
            news = install(source, args.course)
            print(f"{args.course / 'release' / built.name}: {'written' if news else 'nothing to do'}")
    return 0


def _built(sources: Sequence[Path], labs: Path, *, laws: bool) -> Iterator[BuiltLab]:
    """The labs one after the other. Several at a time are made where no law is asked: each lab's laws have half a minute of the clock."""
    from rich.console import Console

    from grader.build import build_lab, is_built

    build = partial(build_lab, labs_dir=labs, laws=laws)
    waiting = [] if laws else [source for source in sources if not is_built(source, labs, laws=laws)]
    processes = min(len(waiting), os.cpu_count() or 1)
    if processes < 2:
        for source in sources:
            with Console(stderr=True).status(f"{source.name} …"):
                built = build(source)
            yield built
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        begun = {source: pool.submit(build, source) for source in waiting[::-1]}  # the last labs train networks: they begin
        for source in sources:
            with Console(stderr=True).status(f"{source.name} …"):
                built = begun[source].result() if source in begun else build(source)
            yield built


def project_root(start: Path) -> Path:
    """The nearest folder with `solutions/`, from here upwards. Raises UserError outside of a project."""
    for folder in (start, *start.parents):
        if (folder / "solutions").is_dir():
            return folder
    raise UserError(f"{start} lies in no checkout: labs are built from solutions/, so change to the folder that has it.")


def _sources(solutions: Path, names: Sequence[str]) -> list[Path]:
    available = sorted(path.parent for path in solutions.glob("*/notebook.py"))
    known = {path.name: path for path in available}
    for name in names:
        if name not in known:
            raise UserError(f'solutions/ has no lab {name}, only {", ".join(known) or "none"}: "handgrad new {name}" begins one.')
    return [known[name] for name in names] if names else available


def _check(sources: Sequence[Path], root: Path, *, everything: bool) -> int:
    from grader.build import orphans

    found = [sentence for of_lab in _stale(sources, root / "labs") for sentence in of_lab]
    if everything:
        found += orphans(root / "solutions", root / "labs")
    for sentence in found:
        print(sentence)
    if not found:
        print(f"labs/ is what {len(sources)} {'lab builds' if len(sources) == 1 else 'labs build'} today")
    return 1 if found else 0


def _stale(sources: Sequence[Path], labs: Path) -> list[list[str]]:
    """What is out of date in each lab. Labs know nothing of each other, so every core has one."""
    from grader.build import stale

    processes = min(len(sources), os.cpu_count() or 1)
    if processes < 2:
        return [stale(source, labs) for source in sources]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        found = pool.map(partial(stale, labs_dir=labs), sources[::-1])  # the last labs train networks: they begin
        return list(found)[::-1]
