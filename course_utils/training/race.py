"""The referee of the race: how soon does a network read 97 of 100 digits that nobody showed it? Ungraded; how to win is not in here."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

from course_utils import data, front, records
from course_utils.records import Record
from course_utils.training import devices
from course_utils.training.images import moved
from course_utils.training.rungs import watched
from course_utils.training.weights import predict

GOAL, RUNS = 0.97, 5
Race = Callable[[torch.Tensor, torch.Tensor, torch.device, int], nn.Module]


class Refused(Exception):
    """A run that does not count; the message is the sentence that says why."""


def finish(race: Race, device: Any) -> str:
    """Have the referee measure `race`, and keep the record beside the notebook; what to tell of it."""
    try:
        found = referee(race, torch.device(device))
    except NotImplementedError:
        return "race() is not written yet."
    except Refused as sentence:
        return f"Not counted: {sentence}"
    try:
        best = records.keep(front.folder(), found)
    except OSError:  # a folder that cannot be written
        return f"{found}."
    if best.milliseconds < found.milliseconds:
        return f"{found}. {records.FILE} keeps your quicker one: {best.milliseconds:,.0f} ms."
    return f"{found}."


def referee(race: Race, device: torch.device, rng: np.random.Generator | None = None) -> Record:
    """The record of `race`: the median of five runs, each from nothing. Raises Refused where one does not count.

    Two runs come before: one is watched for its rungs, one warms the device up. In each, the ten names are dealt anew among the
    digits, so that only what was learned inside helps.
    """
    rng = rng or np.random.default_rng()
    rungs: list[str] = []

    def looked_at(*given: Any) -> Any:
        with watched() as seen:
            model = race(*given)
        rungs.extend(seen.rungs(model, device))
        return model

    _run(looked_at, device, rng, "the first run", 0.0)
    _run(race, device, rng, "the second run", 0.0)
    counted = [_run(race, device, rng, f"run {number} of {RUNS}", GOAL) for number in range(1, RUNS + 1)]
    seconds, accuracies = zip(*counted, strict=True)
    return Record(devices.name(device), 1000 * statistics.median(seconds), min(accuracies), RUNS, tuple(rungs))


def _run(race: Race, device: torch.device, rng: np.random.Generator, which: str, goal: float) -> tuple[float, float]:
    """Seconds and accuracy of one run."""
    digits, names = data.mnist(), rng.permutation(10)
    images, labels = torch.from_numpy(digits.X_train), torch.from_numpy(names[digits.y_train])
    hidden, seed = moved(digits.X_valid, rng), int(rng.integers(2**31))
    before = [thing for thing in gc.get_objects() if issubclass(type(thing), torch.Tensor)]  # held, so that no new one gets an old number
    devices.synchronize(device)
    started = time.perf_counter()
    model = race(images, labels, device, seed)
    devices.synchronize(device)
    seconds = time.perf_counter() - started
    _is_new(model, set(map(id, before)))
    scores = predict(model, hidden)
    if tuple(scores.shape) != (len(hidden), 10):
        raise Refused(f"the network gives {tuple(scores.shape)} for {len(hidden)} images, and ten scores for each are wanted.")
    answers = scores.argmax(dim=1).numpy()
    accuracy = float((answers == names[digits.y_valid]).mean())
    _is_trained_here(answers, digits.y_valid, names, accuracy)
    if accuracy < goal:
        read = math.floor(1000 * accuracy) / 10  # 96.98 is no 97
        raise Refused(f"in {which} it reads {read:.1f} of 100 digits that it never saw, and {100 * goal:.0f} are the goal.")
    return seconds, accuracy


def _is_new(model: Any, old: set[int]) -> None:
    if not isinstance(model, nn.Module):
        raise Refused(f"race() has to return the network, an nn.Module, and returns {type(model).__name__}.")
    if any(id(parameter) in old for parameter in model.parameters()):
        raise Refused("the network was there before race() began: build it inside, from nothing.")


def _is_trained_here(answers: np.ndarray, labels: np.ndarray, names: np.ndarray, accuracy: float) -> None:
    # names that stay as they are by chance are no sign of anything
    told = names[labels] != labels
    true = float((answers[told] == labels[told]).mean()) if told.any() else 0.0
    if accuracy < 0.5 < true:
        raise Refused(
            "the network knows the digits by their true names, and not by those that were dealt for this run: "
            "it was trained outside, or with other labels than race() was given."
        )
