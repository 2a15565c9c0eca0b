"""Grade the same class with Handgrad and with nbgrader, end to end, and print what each submission costs.

    python tests/benchmarks/grading.py --students 12

End to end is from the submitted notebook to gradebook, autograded notebook and feedback page, one worker each, start-up included.
The bare limit is what nobody can beat: forking a process that has the imports and executing the same cells in it.
"""

from __future__ import annotations

import argparse
import ast
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil

from course_utils.cells import checked_exercise
from grader.build.course import install
from grader.demo.made_up import make_up, right_answers

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lab", default="lab01_perceptron")
    parser.add_argument("--solutions", type=Path, default=ROOT / "solutions")
    parser.add_argument("--students", type=int, default=12, help="honest submissions in the class")
    parser.add_argument("--nbgrader-students", type=int, help="of these, how many nbgrader grades (default: all)")
    args = parser.parse_args()
    few = args.nbgrader_students or args.students
    with tempfile.TemporaryDirectory() as folder:
        fast, slow = Path(folder) / "handgrad", Path(folder) / "nbgrader"
        make_class(args.solutions / args.lab, fast, args.students)
        make_class(args.solutions / args.lab, slow, few)
        ours = measure(lambda: handgrad(args.lab, args.solutions, fast))
        plain = measure(lambda: handgrad(args.lab, args.solutions, fast, "--force", "--no-pictures"))
        theirs = measure(lambda: nbgrader(args.lab, slow))
        bare = bare_limit(fast / "submitted" / "student0" / args.lab / f"{args.lab}.ipynb", times=3)
    each, their_each = ours[0] / args.students, theirs[0] / few
    print(f"{'':22}{'s per submission':>18}{'peak memory':>14}")
    print(f"{'handgrad, 1 worker':22}{each:18.3f}{ours[1] / 2**20:10.0f} MiB   {args.students} submissions")
    print(f"{'  without pictures':22}{plain[0] / args.students:18.3f}{plain[1] / 2**20:10.0f} MiB")
    print(f"{'nbgrader':22}{their_each:18.3f}{theirs[1] / 2**20:10.0f} MiB   {few} submissions")
    print(f"{'bare limit':22}{bare:18.3f}")
    print(
        f"nbgrader / handgrad: {their_each / each:.1f}, without pictures {their_each * args.students / plain[0]:.1f}    "
        f"handgrad / bare limit: {each / bare:.2f}"
    )


def make_class(source: Path, course: Path, count: int) -> None:
    """A course with `count` submissions that are all right."""
    install(source, course)
    released = nbformat.read(course / "release" / source.name / f"{source.name}.ipynb", as_version=4)
    notebook = make_up(source, released).notebook(right_answers(source / "notebook.py"))
    for number in range(count):
        folder = course / "submitted" / f"student{number}" / source.name
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{source.name}.ipynb")


def handgrad(lab: str, solutions: Path, course: Path, *options: str) -> list[list[str]]:
    """The commands of a teacher who uses Handgrad."""
    where = ["--course", str(course), "--solutions", str(solutions)]
    return [[_script("handgrad"), "grade", lab, *where, "--workers", "1", *options]]


def nbgrader(lab: str, course: Path) -> list[list[str]]:
    """The commands of a teacher who uses nbgrader."""
    where = f"--CourseDirectory.root={course}"
    return [[_script("nbgrader"), verb, lab, where] for verb in ("autograde", "generate_feedback")]


def _script(name: str) -> str:
    return shutil.which(name, path=str(Path(sys.executable).parent)) or name


def measure(commands: Callable[[], list[list[str]]]) -> tuple[float, int]:
    """Wall time in seconds, and the peak memory in bytes of the processes together."""
    started, peak = time.perf_counter(), 0
    for command in commands():
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        watcher = MemoryWatch(process.pid)
        _, complaints = process.communicate()
        peak = max(peak, watcher.end())
        if process.returncode:
            sys.exit(f"{' '.join(command)}: {complaints.decode()[-2000:]}")
    return time.perf_counter() - started, peak


class MemoryWatch:
    """Adds up the proportional memory of a process tree ten times a second."""

    def __init__(self, pid: int) -> None:
        self._peak, self._done, self._root = 0, threading.Event(), psutil.Process(pid)
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._done.wait(0.1):
            total = 0
            try:
                for process in [self._root, *self._root.children(recursive=True)]:
                    total += process.memory_full_info().pss
            except psutil.Error:  # one of them ended while we looked
                continue
            self._peak = max(self._peak, total)

    def end(self) -> int:
        """Stop watching; the peak in bytes."""
        self._done.set()
        self._thread.join()
        return self._peak


def bare_limit(notebook: Path, times: int) -> float:
    """Seconds for one notebook's cells in a forked process that has the imports, pictures included, checks left out."""
    import matplotlib.backends.backend_agg
    import matplotlib.pyplot  # noqa: F401

    import course_utils.pictures.plots  # noqa: F401

    cells = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    cells = [source for source in cells if checked_exercise(source) is None]
    best = float("inf")
    for _ in range(times):
        started = time.perf_counter()
        if (pid := os.fork()) == 0:
            _execute(cells)
            os._exit(0)
        if os.waitpid(pid, 0)[1]:
            sys.exit("the bare notebook failed")
        best = min(best, time.perf_counter() - started)
    return best


def _execute(cells: list[str]) -> None:
    namespace: dict[str, object] = {}
    for source in cells:
        tree = ast.parse(source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), namespace)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), namespace)
            picture = getattr(value, "_repr_png_", None)
            if picture is not None:
                picture()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
