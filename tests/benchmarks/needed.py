"""What a lab's notebook costs in the sandbox when all of its cells run, when they do not draw, and when only the needed ones run.

    python -m tests.benchmarks.needed [LAB ...]

Processor milliseconds of the child with the lab's right answers, checks left out; and how many cells run of how many.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection
from pathlib import Path

import nbformat

from course_utils.checking import Lab
from course_utils.data import without_test_parts
from grader.books.course import to_preload
from grader.demo.made_up import make_up
from grader.intake import Repaired, make_template, parse_notebook, repair
from grader.judging.needed import Needed, asked_names, everything, needed
from grader.sandbox import Limits, Sandbox

ROOT = Path(__file__).resolve().parents[2]
UNDRAWN = "grader.sandbox.no_pictures"


def main() -> None:
    """Print a line for each lab."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labs", nargs="*", default=sorted(path.parent.name for path in (ROOT / "solutions").glob("*/notebook.py")))
    print(f"{'lab':24}{'all':>10}{'undrawn':>10}{'needed':>10}   cells")
    for name in parser.parse_args().labs:
        repaired, lab, modules = solved(name)
        plan, whole = needed(repaired, asked_names(lab.checks)), everything(repaired, {}, "")
        drawn, plain, few = (
            milliseconds(repaired, lab, modules + extra, run)
            for extra, run in (([], plan.cells), ([UNDRAWN], plan.cells), ([UNDRAWN], plan.run))
        )
        print(f"{name:24}{drawn:10.0f}{plain:10.0f}{few:10.0f}   {told(plan, whole)}", flush=True)


def solved(name: str) -> tuple[Repaired, Lab, list[str]]:
    """A lab's notebook with the right answers in it, as it is graded; its checks, and what its sandbox has imported."""
    source = ROOT / "solutions" / name
    released = nbformat.read(ROOT / "labs" / name / f"{name}.ipynb", as_version=4)
    template, made_up = make_template(name, released, {}), make_up(source, released)
    cells = parse_notebook(nbformat.writes(made_up.notebook(made_up.right)).encode())
    return repair(template, cells), Lab.from_source(source), to_preload((template,), {})


def milliseconds(repaired: Repaired, lab: Lab, modules: list[str], run: Collection[int]) -> float:
    """Of the processor, in a fresh child: the cheapest of three runs."""
    limits = Limits().allowing(lab.budget, ())
    found = []
    with Sandbox(modules, ("torch",) if lab.by_hand else (), without_test_parts(), limits) as sandbox:
        for _ in range(3):
            with sandbox.start() as child:
                before = child.usage.cpu_seconds
                for i in sorted(run):
                    child.execute(repaired.notebook.cells[i].source)
                found.append(1000 * (child.usage.cpu_seconds - before))
    return min(found)


def told(plan: Needed, whole: Needed) -> str:
    """How many cells run, and why all do."""
    return f"{len(plan.run)} of {len(plan.cells)}" + (f" ({plan.why_all})" if plan.why_all else "")


if __name__ == "__main__":
    main()
