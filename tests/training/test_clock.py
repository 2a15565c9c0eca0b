"""A stopwatch is judged exactly on any machine, whichever clock of the standard library it reads."""

import contextlib
import threading
import time
import timeit
from datetime import datetime
from time import perf_counter

import pytest
import torch

from course_utils.training import clock, devices

CPU = torch.device("cpu")


# --- a job for a stopwatch


def test_a_job_takes_longer_the_first_time_and_counts_its_calls(slept):
    job = clock.Job(0.002, first=0.06)
    for calls in range(1, 4):
        job()
        assert job.calls == calls
    assert slept == [0.06, 0.002, 0.002]


def test_a_job_on_a_pretended_device_is_queued(slept):
    device = devices.Pretend()
    job = clock.Job(0.25, first=0.5, device=device)
    job()
    job()
    assert (slept, job.calls) == ([], 2)
    devices.synchronize(device)
    assert slept == [0.75]


# --- stopwatches


def stopwatch(read, scale=1.0):
    """Seconds per call after a warm-up, by any clock."""

    def per_call(fn, device, repeats):
        fn()
        devices.synchronize(device)
        started = read()
        for _ in range(repeats):
            fn()
        devices.synchronize(device)
        return scale * (read() - started) / repeats

    return per_call


CLOCKS = {
    "perf_counter": stopwatch(lambda: time.perf_counter()),
    "perf_counter_ns": stopwatch(lambda: time.perf_counter_ns(), 1e-9),
    "monotonic": stopwatch(lambda: time.monotonic()),
    "monotonic_ns": stopwatch(lambda: time.monotonic_ns(), 1e-9),
    "time": stopwatch(lambda: time.time()),
    "time_ns": stopwatch(lambda: time.time_ns(), 1e-9),
    "default_timer": stopwatch(lambda: timeit.default_timer()),
    "from time import perf_counter": stopwatch(lambda: perf_counter()),
}


@pytest.mark.parametrize("first", [1, 1e6])  # nobody waits: a million calls take three hours
@pytest.mark.parametrize("name", CLOCKS)
def test_every_clock_of_the_standard_library_is_exact(name, first):
    found = clock.measured(CLOCKS[name], CPU, 8, first)
    assert found == {"answer": pytest.approx(0.01, abs=1e-6), "ratio": pytest.approx(1, abs=1e-4), "calls": 9, "exact": True}


@pytest.mark.parametrize("seconds", [0.01, 0.03])
def test_a_job_may_take_any_time(seconds):
    found = clock.measured(CLOCKS["monotonic"], CPU, 5, 2.0, seconds)
    assert (found["answer"], found["ratio"]) == (pytest.approx(seconds, abs=1e-6), pytest.approx(1, abs=1e-4))


def test_what_is_left_out_shows_exactly():
    def cold(fn, device, repeats):
        started = time.perf_counter()
        for _ in range(repeats):
            fn()
        return (time.perf_counter() - started) / repeats

    assert clock.measured(cold, CPU, 8, first=30)["ratio"] == pytest.approx(37 / 8, abs=1e-3)
    assert clock.measured(cold, devices.Pretend(), 8, first=30)["ratio"] == pytest.approx(0, abs=1e-3)
    assert clock.measured(CLOCKS["perf_counter"], devices.Pretend(), 8, first=30)["ratio"] == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("read", [lambda: time.process_time(), lambda: time.thread_time(), lambda: time.process_time_ns() / 1e9])
def test_clocks_of_processor_time_see_the_work_and_no_sleep(read):
    found = clock.measured(stopwatch(read), CPU, 8)
    assert (found["ratio"], found["calls"], found["exact"]) == (pytest.approx(clock.WORK, abs=1e-4), 9, True)
    assert clock.measured(stopwatch(read), devices.Pretend(), 8)["ratio"] == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("answer", [None, "soon"])
def test_what_is_no_number_is_shown_as_it_is(answer):
    assert clock.measured(lambda fn, device, repeats: answer, CPU, 8)["ratio"] is answer


def test_a_stopwatch_that_waits_for_a_time_ends():
    def impatient(fn, device, repeats):
        started = time.monotonic()
        while time.monotonic() < started + 1e-3:
            pass
        return 0.0

    assert clock.measured(impatient, CPU, 8)["exact"]


def test_a_clock_that_cannot_be_replaced_is_asked_for_real():
    def with_datetime(fn, device, repeats):
        fn()
        started = datetime.now()
        for _ in range(repeats):
            fn()
        return (datetime.now() - started).total_seconds() / repeats

    found = clock.measured(with_datetime, CPU, 4)
    assert not found["exact"]
    assert found["calls"] == 5
    assert found["ratio"] > 0.9


def breaks(fn, device, repeats):
    raise ZeroDivisionError


@pytest.mark.parametrize("fn", [breaks, CLOCKS["from time import perf_counter"]])
def test_the_real_clocks_are_back_afterwards_even_after_an_error(fn):
    def clocks():
        return time.perf_counter, time.time_ns, time.sleep, timeit.default_timer, perf_counter

    real = clocks()
    with contextlib.suppress(ZeroDivisionError):
        clock.measured(fn, CPU, 8)
    assert clocks() == real


def test_other_threads_keep_the_real_clock():
    inside, seen = threading.Event(), []

    def asks():
        assert inside.wait(60)
        seen.append(time.time())

    def slow(fn, device, repeats):
        inside.set()
        thread.join(60)
        return time.time()

    thread = threading.Thread(target=asks)
    thread.start()
    found = clock.measured(slow, CPU, 1)
    assert seen[0] > 1e9 > found["ratio"] * clock.SECONDS
