"""Whether any right answer is rejected: `python tests/benchmarks/equivalents.py [--seeds 200] [LAB…]`.

Runs every equivalent of every exercise (tests/equivalents/) through all checks, hidden ones included, with many seeds, and
prints how many runs there were and every rejection with its report. Takes minutes; the suite runs the public seeds.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from pathlib import Path

from course_utils.checking import Lab, Local, check_exercise

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labs", nargs="*")
    parser.add_argument("--seeds", type=int, default=200)
    options = parser.parse_args()
    rejected = 0
    for folder in sorted(path.parent for path in (ROOT / "solutions").glob("*/notebook.py")):
        if not options.labs or folder.name in options.labs:
            rejected += try_lab(folder, range(5000, 5000 + options.seeds))
    return 1 if rejected else 0


def try_lab(folder: Path, seeds: range) -> int:
    """Run one lab's equivalents; prints what was rejected and returns how often."""
    lab, started, tried, rejected = Lab.from_source(folder), time.perf_counter(), 0, 0
    for exercise, subjects in equivalents(folder.name).items():
        for subject in subjects:
            namespace = {**lab.reference, exercise: subject}
            report = check_exercise(exercise, lab.checks[exercise], Local(namespace), lab.oracle, seeds)
            tried += 1
            if not report.passed:
                rejected += 1
                print(f"{subject.__name__}\n{report.text()}")
    seconds = time.perf_counter() - started
    print(f"{folder.name}: {tried} right answers, {len(seeds)} seeds each, {rejected} rejected, {seconds:.0f} s")
    return rejected


def equivalents(name: str) -> dict[str, list]:
    """The equivalents that lie beside the tests."""
    path = ROOT / "tests" / "equivalents" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"equivalents_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.EQUIVALENTS


if __name__ == "__main__":
    sys.exit(main())
