"""What an engine of others costs, and what it survives: `python tests/benchmarks/cluster.py`.

    python tests/benchmarks/cluster.py --speed       lab04 with --pictures, a class of 40: one worker and two of each engine
    python tests/benchmarks/cluster.py --seam        the fixture lab: processor time a submission here and through each engine
    python tests/benchmarks/cluster.py --kills 20    the fixture lab, 500 submissions: workers killed at random, each engine
    python tests/benchmarks/cluster.py --scale 1000 10000    made-up submissions of the fixture lab through Parsl

Processor seconds are those of the grader and of the engine together, counted by a control group: what engines start is nobody's child. The
engine's own start is measured with a class of one, and left out where a table says so. Times of the clock want a quiet machine.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
from graded.answers import ROOT
from graded.classes import made_up_class, make_course
from graded.measured import Group, script

FIXTURES = ROOT / "tests" / "fixtures" / "solutions"
CONFIG = """
import os, tempfile
from functools import partial
from parsl import Config
from parsl.executors import HighThroughputExecutor
from parsl.jobs.error_handlers import windowed_error_handler
from parsl.providers import LocalProvider

config = Config(
    executors=[HighThroughputExecutor(label="here", address="127.0.0.1", max_workers_per_node={workers}, encrypted=True,
                                      block_error_handler=partial(windowed_error_handler, threshold=5),
                                      provider=LocalProvider(init_blocks=1, max_blocks=1))],
    run_dir=tempfile.mkdtemp(prefix="handgrad-parsl-"), retries=0, initialize_logging=False,
)
"""
DASK = """
import sys, time
from distributed import LocalCluster, Security
keys = Security.temporary()
if __name__ == "__main__":
    parts = keys.get_tls_config_for_role("client")
    with LocalCluster(n_workers=int(sys.argv[1]), threads_per_worker=1, protocol="tls://", security=keys, dashboard_address=":0",
                      host="127.0.0.1") as cluster:
        with open(sys.argv[2] + ".yaml", "w") as stream:
            import yaml
            yaml.safe_dump({"distributed": {"comm": {"tls": {"ca-file": parts["ca_file"],
                            "client": {"cert": parts["cert"], "key": parts["key"]}}}}}, stream)
        with open(sys.argv[2], "w") as stream:
            stream.write(cluster.scheduler_address)
        time.sleep(100000)
"""


class Graded(NamedTuple):
    """Seconds of the clock, processor seconds of all that belongs to it, the copy of the course; of the main process bytes and seconds."""

    wall: float
    cpu: float
    course: Path
    peak: int
    main: float


def main() -> None:
    """Measure and print what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--seam", action="store_true")
    parser.add_argument("--kills", type=int, nargs="?", const=20, metavar="N")
    parser.add_argument("--scale", type=int, nargs="+", metavar="N")
    parser.add_argument("--lab", default="lab04_backprop", metavar="LAB", help="the lab of --speed")
    parser.add_argument("--students", type=int, metavar="N", help="a class of another size")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="handgrad-cluster-") as folder:
        if args.speed:
            speed(Path(folder), args.lab, args.students or 40)
        if args.seam:
            seam(Path(folder), args.students or 200)
        if args.kills:
            kills(Path(folder), args.students or 500, args.kills)
        if args.scale:
            scale(Path(folder), args.scale)
    counted().close()


def speed(folder: Path, lab: str, students: int) -> None:
    """Two workers against one."""
    make_course(ROOT / "solutions" / lab, folder / "speed", students)
    for name in ("parsl", "dask"):
        found = []
        for workers in (1, 2):
            with engine(name, workers, folder) as options:
                found.append(grade(folder / "speed", lab, ROOT / "solutions", folder, *options, "--pictures")[0])
        print(
            f"{name:6} {lab}, pictures, {students}: {found[0]:.1f} s with one worker, {found[1]:.1f} s with two: {found[0] / found[1]:.2f}",
            flush=True,
        )


def seam(folder: Path, students: int) -> None:
    """What the way through an engine adds to each submission."""
    made_up_class(FIXTURES / "lab_tiny", folder / "one", 1)
    made_up_class(FIXTURES / "lab_tiny", folder / "seam", students)
    base = 0.0
    for name in ("local", "parsl", "dask"):
        with engine(name, 1, folder) as options:
            start = grade(folder / "one", "lab_tiny", FIXTURES, folder, *options)
            whole = grade(folder / "seam", "lab_tiny", FIXTURES, folder, *options)
        wall, cpu = (1000 * (whole[part] - start[part]) / (students - 1) for part in (0, 1))
        base = base or cpu
        print(
            f"{name:6} {cpu:7.1f} processor ms a submission ({cpu - base:+.1f}), {wall:.1f} ms of the clock; start {start[0]:.1f} s",
            flush=True,
        )


def kills(folder: Path, students: int, count: int) -> None:
    """Workers and stations are killed at random: the gradebook is the same."""
    made_up_class(FIXTURES / "lab_tiny", folder / "kills", students)
    undisturbed = grade(folder / "kills", "lab_tiny", FIXTURES, folder).course
    wanted, noted = scores(undisturbed), Path(".handgrad", "lab_tiny", "journal.jsonl")
    seeds = (undisturbed / noted).read_bytes().split(b"\n")[0] + b"\n"
    for name in ("parsl", "dask"):
        course = Path(shutil.copytree(folder / "kills", folder / name))
        journal = course / noted
        journal.parent.mkdir(parents=True)
        journal.write_bytes(seeds)
        killed = list[str]()
        with engine(name, 2, folder) as options, killing(count, students, journal, killed):
            subprocess.run(command(course, "lab_tiny", FIXTURES, *options), stdout=subprocess.DEVNULL, check=False)
        lines = results_in(journal)
        same = scores(course) == wanted
        who = ", ".join(f"{killed.count(victim)} {victim}" for victim in sorted(set(killed)))
        print(
            f"{name}: {len(killed)} killed ({who}); gradebook the same: {same}; {len(lines)} results of {students}",
            flush=True,
        )
        if not same or len(lines) != students:
            sys.exit(1)


def scale(folder: Path, sizes: list[int]) -> None:
    """Cost of each and memory of the main process do not grow."""
    made_up_class(FIXTURES / "lab_tiny", folder / "one", 1)
    with engine("parsl", 2, folder) as options:
        start = grade(folder / "one", "lab_tiny", FIXTURES, folder, *options)
    for size in sizes:
        made_up_class(FIXTURES / "lab_tiny", folder / str(size), size)
        with engine("parsl", 2, folder) as options:
            done = grade(folder / str(size), "lab_tiny", FIXTURES, folder, *options)
        shutil.rmtree(done.course)
        each, main = (1000 * seconds / size for seconds in (done.cpu - start.cpu, done.main - start.main))
        told = f"{each:.1f} processor ms each, {main:.1f} of them in the main process, which takes {done.peak / 2**20:.0f} MiB"
        print(f"parsl  {size:6} submissions: {told}, {done.wall:.0f} s", flush=True)


@contextmanager
def engine(name: str, workers: int, folder: Path) -> Iterator[list[str]]:
    """The command line's options for one engine with so many workers."""
    if name == "local":
        yield ["--workers", str(workers)]
    elif name == "parsl":
        path = folder / f"parsl{workers}.py"
        path.write_text(CONFIG.format(workers=workers))
        yield ["--on", f"parsl:{path}"]
    else:
        program, address = folder / "dask_cluster.py", folder / f"dask{time.time_ns()}"
        program.write_text(DASK)
        cluster = subprocess.Popen([sys.executable, program, str(workers), address], preexec_fn=counted().enter)
        try:
            while not address.exists():
                time.sleep(0.2)
            settings = Path.home() / ".config" / "dask" / "handgrad-benchmark.yaml"
            settings.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(f"{address}.yaml", settings)
            yield ["--on", f"dask:{address.read_text()}"]
        finally:
            settings.unlink(missing_ok=True)
            cluster.terminate()
            cluster.wait()


def command(course: Path, lab: str, solutions: Path, *options: str) -> list[str]:
    return [str(script("handgrad")), "grade", lab, "--course", str(course), "--solutions", str(solutions), *options]


def grade(course: Path, lab: str, solutions: Path, folder: Path, *options: str, keep: Path | None = None) -> Graded:
    """Grade a copy of a course."""
    copy = Path(shutil.copytree(course, keep or folder / f"copy{time.time_ns()}"))
    before, started = counted().seconds, time.perf_counter()
    process = subprocess.Popen(command(copy, lab, solutions, *options), stdout=subprocess.DEVNULL, preexec_fn=counted().enter)
    peak, main = 0, 0.0
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):
            peak = max(peak, psutil.Process(process.pid).memory_info().rss)
            times = psutil.Process(process.pid).cpu_times()
            main = times.user + times.system
        time.sleep(0.02)
    return Graded(time.perf_counter() - started, counted().seconds - before, copy, peak, main)


@functools.cache
def counted() -> Group:
    """The control group of all that is measured."""
    group = Group.make()
    if group is None:
        sys.exit("Processor seconds are counted by a control group (cpuacct, version 1), and none can be made here.")
    return group


@contextmanager
def killing(count: int, students: int, journal: Path, killed: list[str]) -> Iterator[None]:
    """Kill stations, workers of the engine, and whole pools of them, at random moments all over the class."""
    over, chance = threading.Event(), random.Random(3)
    moments = sorted(chance.uniform(0, 0.95 * students) for _ in range(count))

    def kill() -> None:
        while len(killed) < count and not over.wait(chance.uniform(0, 0.2)):
            if len(results_in(journal)) < moments[len(killed)]:
                continue
            victim = "cluster.station" if chance.random() < 0.6 else chance.choice(("process_worker_pool", "dask worker"))
            found = []
            for one in psutil.process_iter():
                try:
                    if _is(one, victim):
                        found.append(one)
                except psutil.Error:
                    continue
            if found:
                try:
                    chance.choice(found).kill()
                    killed.append(victim)
                except psutil.Error:
                    continue

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _is(process: psutil.Process, victim: str) -> bool:
    """Whether a process is of the kind that is to be killed. A worker of Dask is known by who started it: its title comes late."""
    words = " ".join(process.cmdline())
    if victim == "dask worker":
        parent = process.parent()
        return parent is not None and "dask_cluster.py" in " ".join(parent.cmdline()) and "resource_tracker" not in words
    return victim in words and "bash" not in process.name()


def results_in(journal: Path) -> list[str]:
    """The lines of a journal that are results."""
    return [line for line in journal.read_text().splitlines() if '"status"' in line]


def scores(course: Path) -> list[tuple[object, ...]]:
    """Every score in the gradebook."""
    with sqlite3.connect(course / "gradebook.db") as connection:
        return list(
            connection.execute(
                "select s.student_id, c.name, g.auto_score, g.needs_manual_grade from grade g join base_cell c on c.id = g.cell_id "
                "join submitted_notebook n on n.id = g.notebook_id join submitted_assignment s on s.id = n.assignment_id "
                "order by s.student_id, c.name"
            )
        )


if __name__ == "__main__":
    main()
