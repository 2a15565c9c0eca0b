"""Run a notebook's cells in children of one sandbox; a cell that kills its child costs that cell, not the notebook."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from course_utils.cells import only_shows
from course_utils.checking.names import MODULE
from course_utils.checking.session import Raised, Ref, Reply, Session
from grader.sandbox import CellResult, Child, Sandbox

DEATHS = 3  # of cells: after that no cell runs
CHECKED_DEATHS = 60  # of exercises that end their process when they are called: each costs itself and what calls it
NOT_RUN = "not run"


class Runner:
    """Runs cells in order. After a child's death the next cell gets a fresh child in which the good cells were run again."""

    def __init__(self, sandbox: Sandbox, files: Mapping[str, bytes], seconds: float, kernel: str = "") -> None:
        """`kernel` is the one of the sandbox's in which the cells run; Python without one."""
        self._sandbox, self.files, self._kernel = sandbox, files, kernel
        self._until = time.monotonic() + seconds
        self._seconds = seconds
        self._good: list[tuple[str, bool]] = []  # with whether the random numbers are kept
        self._deaths = self._checked_deaths = 0
        self._child: Child | None = None
        self._drawn = False
        self.slow = ""  # what its cells import that takes long, see `slow_import`
        self.problems: list[str] = []  # files that the sandbox did not take, in a sentence each
        self.memory_bytes = 0
        self.processor_seconds = 0.0  # of all its processes

    def execute(self, code: str, drawn: bool | None = None, *, keep_chance: bool = False) -> CellResult:
        """Run one cell. `drawn` says whether the lab's own figures are drawn in it; None leaves that as it is.

        With `keep_chance`, the random numbers that all cells share are afterwards as they were before.
        """
        refusal = self._ready()
        if refusal or self._child is None:
            return CellResult([], NOT_RUN, refusal, 0.0)
        if drawn is not None and drawn != self._drawn:
            self._draw(drawn)
        result = self._child.execute(code, keep_chance=keep_chance)
        if result.status in ("ok", "error"):
            self._good.append((code, keep_chance))
        elif result.status == "died":
            self._deaths += 1
            self._bury()
        return result

    @property
    def cells(self) -> int:
        """How many cells have run well up to now."""
        return len(self._good)

    @contextmanager
    def beside(self, cells: int) -> Iterator[Child | None]:
        """A process of its own in which the first `cells` good cells were run again, those that only show something left out.

        None when the notebook's time is up.
        """
        if time.monotonic() > self._until:
            yield None
            return
        with self._sandbox.start(self.slow) as child:
            child.put_files(self.files)
            for code, keep_chance in self._good[:cells]:
                if not only_shows(code):
                    child.execute(code, keep_chance=keep_chance)
            yield child
            self._count(child)

    def made(self) -> tuple[dict[str, bytes], list[str]]:
        """The files that the cells have made or changed, and the names of those that were too much."""
        return self._child.made_files() if self._child is not None and self._child.alive else ({}, [])

    def session(self) -> Session:
        """Where the student's objects live now."""
        refusal = self._ready()
        return _Nobody(refusal) if refusal or self._child is None else self._child

    def has(self, name: str) -> bool:
        """Whether the notebook has a name now."""
        return self._child is not None and self._child.lookup(name).raised is None

    @property
    def alive(self) -> bool:
        """Whether the process in which the cells have run is there, with what they defined."""
        return self._child is not None and self._child.alive

    def check_alive(self) -> None:
        """Find out whether the student's functions killed their process while they were being checked."""
        if self._child is not None and not self._child.alive:
            self._checked_deaths += 1
            self._bury()

    def anew(self) -> None:
        """Begin once more, as if no cell had run; the notebook's time goes on."""
        self._bury()
        self._good.clear()
        self._deaths = self._checked_deaths = 0

    def close(self) -> None:
        """End what still runs."""
        self._bury()

    def _draw(self, drawn: bool) -> None:
        plots = self._child.lookup(f"{MODULE}course_utils.pictures.plots").value if self._child else None
        if self._child and isinstance(plots, Ref):
            self._child.perform("setattr", plots, ("drawn", drawn), {}, quiet=False)
        self._drawn = drawn

    def _ready(self) -> str:
        """Have a child with all good cells run; otherwise say why not."""
        if time.monotonic() > self._until:
            return f"the notebook had used its {self._seconds:g} s"
        while self._child is None:
            if self._deaths > DEATHS or self._checked_deaths > CHECKED_DEATHS:
                return f"the process had already ended {self._deaths + self._checked_deaths} times"
            self._start()
        return ""

    def _start(self) -> None:
        child = self._child = self._sandbox.start(self.slow, self._kernel)
        self._drawn = False
        self.problems = child.put_files(self.files)
        for number, (code, keep_chance) in enumerate(self._good):
            if child.execute(code, keep_chance=keep_chance).status == "died":
                del self._good[number]  # what ran well once kills now: leave it out next time
                self._deaths += 1
                self._bury()
                return

    def _bury(self) -> None:
        if self._child is not None:
            self._count(self._child)
            self._child.close()
            self._child = None

    def _count(self, child: Child) -> None:
        """Add what a process has used."""
        usage = child.usage
        self.memory_bytes = max(self.memory_bytes, usage.peak_bytes)
        self.processor_seconds += usage.cpu_seconds


class _Nobody:
    """The session of a notebook whose process is gone for good."""

    def __init__(self, reason: str) -> None:
        self._reply = Reply(raised=Raised("died", message=f"not run: {reason}"))

    def lookup(self, name: str) -> Reply:
        return self._reply

    def perform(self, op: str, target: Any, args: Any, kwargs: Any, *, by_hand: bool = False, quiet: bool = False) -> Reply:
        return self._reply

    def forget(self) -> None:
        """Nobody was lent anything."""
