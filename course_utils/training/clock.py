"""Judge a stopwatch on any machine: jobs of known length, and a clock that nothing but these jobs moves.

However busy the machine is, what is measured with `Clock` is exact. Nothing here knows what is right.
"""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import get_ident
from typing import Any

from course_utils.training import devices

SECONDS = 0.01  # of one call: on real clocks long beside what a busy machine adds

_CLOCKS = ("perf_counter", "monotonic", "time", "process_time", "thread_time")
_REAL = {name: getattr(time, name) for name in (*_CLOCKS, *(f"{name}_ns" for name in _CLOCKS), "sleep")}


WORK = 0.25  # of a call's time the processor works, for the rest the program waits


class Job:
    """A piece of work that takes `seconds`, and `first` seconds when it is done for the first time; `calls` counts.

    It sleeps, but for the part of the time that `work`, where given, takes for the processor's.
    """

    def __init__(self, seconds: float, first: float, device: Any = None, work: Callable[[float], None] | None = None) -> None:
        self.seconds, self.first, self.device, self.work, self.calls = seconds, first, device, work, 0

    def __call__(self) -> None:
        takes = self.seconds if self.calls else self.first
        self.calls += 1
        if isinstance(self.device, devices.Pretend):
            self.device.launch(takes)
            return
        if self.work:
            self.work(WORK * takes)
        time.sleep((1 - WORK if self.work else 1) * takes)


class Clock:
    """Stands in for the clocks and the sleep of module time, in one thread: sleeping moves it, at once; `reads` counts.

    As always, clocks of processor time (`process_time`, `thread_time`) stand still during a sleep; `work` moves them too.
    """

    def __init__(self) -> None:
        self.slept, self.worked, self.reads, self._thread = 0.0, 0.0, 0, get_ident()

    def work(self, seconds: float) -> None:
        """Let the processor have worked this long."""
        self.worked += seconds

    def _sleep(self, seconds: float) -> None:
        self.slept += max(0.0, seconds)

    def _read(self, name: str) -> float:
        self.reads += 1
        worked = 1000 + self.worked + 1e-7 * self.reads  # so that a loop which waits for a time ends
        return worked if name.startswith(("process", "thread")) else worked + self.slept

    def _replaced(self, name: str) -> Callable[..., Any]:
        def replacement(*args: Any) -> Any:
            if get_ident() != self._thread:
                return _REAL[name](*args)
            if name == "sleep":
                return self._sleep(*args)
            return int(1e9 * self._read(name)) if name.endswith("_ns") else self._read(name)

        return replacement

    @contextmanager
    def running(self, fn: Callable[..., Any]) -> Iterator[None]:
        """In place of the real clocks, those that fn's module took by name (`from time import …`) included."""
        mine = {name: self._replaced(name) for name in _REAL}
        homes = [vars(time), vars(timeit), getattr(fn, "__globals__", {})]
        taken = [(home, key, name) for home in homes for name, real in _REAL.items() for key in home if home[key] is real]
        try:
            for home, key, name in taken:
                home[key] = mine[name]
            yield
        finally:
            for home, key, name in taken:
                home[key] = _REAL[name]


def measured(stopwatch: Callable[..., Any], device: Any, repeats: int, first: float = 1.0, seconds: float = SECONDS) -> dict[str, Any]:
    """What `stopwatch(fn, device, repeats)` says of a job of `seconds` whose first call takes `first` times as long as the others.

    "answer" is what it gave, "ratio" that in units of one call, or as it is where it is no number; "calls" counts the job's.
    Where it reads none of the clocks that can be replaced, it is asked again with the real ones, and "exact" is False.
    """
    clock = Clock()
    job = Job(seconds, first * seconds, device, clock.work)
    with clock.running(stopwatch):
        answer = stopwatch(job, device, repeats)
    if not clock.reads:
        job = Job(seconds, first * seconds, device)
        answer = stopwatch(job, device, repeats)
    ratio = answer
    with suppress(TypeError, ValueError):  # it is for the check to say what is no number
        ratio = float(answer) / seconds
    return {"answer": answer, "ratio": ratio, "calls": job.calls, "exact": clock.reads > 0}
