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

from course_utils import devices

SECONDS = 0.01  # of one call: on real clocks long beside what a busy machine adds

_CLOCKS = ("perf_counter", "monotonic", "time", "process_time", "thread_time")
_REAL = {name: getattr(time, name) for name in (*_CLOCKS, *(f"{name}_ns" for name in _CLOCKS), "sleep")}


class Job:
    """A piece of work that takes `seconds`, and `first` seconds when it is done for the first time; `calls` counts."""

    def __init__(self, seconds: float, first: float, device: Any = None) -> None:
        self.seconds, self.first, self.device, self.calls = seconds, first, device, 0

    def __call__(self) -> None:
        takes = self.seconds if self.calls else self.first
        self.calls += 1
        if isinstance(self.device, devices.Pretend):
            self.device.launch(takes)
        else:
            time.sleep(takes)


class Clock:
    """Stands in for the clocks and the sleep of module time, in one thread: sleeping moves it, at once; `reads` counts.

    As always, clocks of processor time (`process_time`, `thread_time`) stand still during a sleep.
    """

    def __init__(self) -> None:
        self.slept, self.reads, self._thread = 0.0, 0, get_ident()

    def _sleep(self, seconds: float) -> None:
        self.slept += max(0.0, seconds)

    def _read(self, name: str) -> float:
        self.reads += 1
        worked = 1000 + 1e-7 * self.reads  # so that a loop which waits for a time ends
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


def measured(stopwatch: Callable[..., Any], device: Any, repeats: int, first: float = 1.0) -> dict[str, Any]:
    """What `stopwatch(fn, device, repeats)` says of a job whose first call takes `first` times as long as the others.

    "ratio" is what it gave in units of one call, or as it is where that is no number; "calls" counts the job's. Where it
    reads none of the clocks that can be replaced, it is asked again with the real ones, and "exact" is False.
    """
    clock, job = Clock(), Job(SECONDS, first * SECONDS, device)
    with clock.running(stopwatch):
        found = stopwatch(job, device, repeats)
    if not clock.reads:
        job = Job(SECONDS, first * SECONDS, device)
        found = stopwatch(job, device, repeats)
    with suppress(TypeError, ValueError):  # it is for the check to say what is no number
        found = float(found) / SECONDS
    return {"ratio": found, "calls": job.calls, "exact": clock.reads > 0}
