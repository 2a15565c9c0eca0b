"""How long a student waits: `python tests/benchmarks/checking.py`.

Milliseconds for `import course_utils` (in a fresh process, numpy included and left out), for the first check of a lab and
for every later one: each known mistake of each exercise is checked as a notebook does it, report and HTML included.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from course_utils.checking import Lab
from course_utils.notebook import check_in

ROOT = Path(__file__).resolve().parents[2]
IMPORT = "import time; {before}; t = time.perf_counter(); import course_utils; course_utils.check; print(time.perf_counter() - t)"


def main() -> None:
    print(f"import course_utils and check: {import_milliseconds(''):.0f} ms, of which NumPy is all but", end=" ")
    print(f"{import_milliseconds('import numpy'):.0f} ms")
    for folder in sorted(path.parent for path in (ROOT / "solutions").glob("*/notebook.py")):
        first, later = waits(folder)
        worst, where = max(later)
        print(
            f"{folder.name}: first check {first:.0f} ms; {len(later)} wrong answers checked, "
            f"median {statistics.median(wait for wait, _ in later):.1f} ms, longest {worst:.0f} ms ({where})"
        )


def import_milliseconds(before: str) -> float:
    """The median of five fresh processes."""
    words = [sys.executable, "-c", IMPORT.format(before=before or "pass")]
    runs = [float(subprocess.run(words, capture_output=True, text=True, check=True).stdout) for _ in range(5)]
    return 1000 * statistics.median(runs)


def waits(folder: Path) -> tuple[float, list[tuple[float, str]]]:
    """Milliseconds of the first check of a released lab, and of every mistake's check after it."""
    source = Lab.from_source(folder)
    cases = [(mistake.exercise, mistake) for mistakes in source.mistakes.values() for mistake in mistakes]
    started = time.perf_counter()
    released = Lab.from_release(ROOT / "labs" / folder.name)
    _check(released, source, *cases[0])
    first = time.perf_counter() - started
    later = [(1000 * _check(released, source, *case), f"{case[0]}, {case[1].name}") for case in cases]
    return 1000 * first, later


def _check(released: Lab, source: Lab, exercise: str, mistake) -> float:
    started = time.perf_counter()
    check_in(released, exercise, {**source.reference, exercise: mistake.subject})._repr_html_()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
