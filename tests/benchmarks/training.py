"""How fast lab09_pytorch trains, and how well: `python tests/benchmarks/training.py [--device cuda] [--runs 5] [--seeds 20]`.

Prints the lab's ladder, rung by rung, as images per second over whole epochs, each with its share of what this device's arithmetic and
memory can do at most; why it cannot climb the other rungs; then the race: the lab's recipe against the reference beside the lab, in
turns, each from nothing, the median of so many runs with the smallest accuracy. `--seeds` trains so many networks by the recipe more
and tells what they read right of the hidden digits.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import jupytext
import numpy as np
import torch
from torch.nn import functional as F

from course_utils import data, training
from course_utils.beside import source_of
from course_utils.checking import Lab
from course_utils.training import devices, race

LAB = Path(__file__).resolve().parents[2] / "solutions" / "lab09_pytorch"
ROUNDS = 7


def cells() -> list[Any]:
    return [cell for cell in jupytext.read(LAB / "notebook.py").cells if cell.cell_type == "code"]


def of_the_lab(name: str, device: torch.device) -> dict[str, Any]:
    """What the solved notebook calls so, and all that this needs, on a device."""
    namespace: dict[str, Any] = {"__name__": "lab09"}
    with mock.patch.object(devices, "best", return_value=device):
        exec(source_of([cell.source for cell in cells()], name), namespace)
    return namespace


# --- the ladder


def work_per_image(lab: Lab, device: torch.device, *, mixed: bool) -> tuple[float, float]:
    """Operations and bytes of one image, forward and backward."""
    model, n = lab.reference["ConvNet"]().to(device), 256
    X, y = torch.randn(n, 1, 28, 28, device=device), torch.zeros(n, dtype=torch.int64, device=device)

    def step() -> None:
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=mixed):
            loss = F.cross_entropy(model(X), y)
        loss.backward()

    operations, traffic = training.work_of(step)
    return operations / n, traffic / n


def ladder(lab: Lab, device: torch.device) -> None:
    settings = devices.settings(device)
    peaks = {mixed: devices.matrix_rate(device, torch.bfloat16 if mixed else torch.float32) for mixed in {False, devices.mixed(device)}}
    bandwidth = devices.memory_rate(device)
    print(f"{devices.name(device)}, torch {torch.__version__}")
    rates = ", ".join(f"{'bfloat16' if mixed else 'float32'} {peak / 1e9:,.0f} GFLOP/s" for mixed, peak in sorted(peaks.items()))
    print(f"measured limits: {rates}, memory {bandwidth / 1e9:,.0f} GB/s")
    names = of_the_lab("epoch_with", device)
    epochs, refused = training.climb(names["epoch_with"], device, settings._replace(compiles=True))
    measured: dict[str, list[float]] = {name: [] for name in epochs}
    for _ in range(ROUNDS):  # in turns, so that a busy moment of the machine falls on all of them
        for name, epoch in epochs.items():
            measured[name].append(lab.reference["benchmark"](epoch, device, 1))
    print(f"{'rung':28}{'images/s':>12}{'times plain':>13}{'arithmetic':>12}{'memory':>9}")
    plain, mixed = 0.0, False
    for name, seconds in measured.items():
        rate = names["count"] / statistics.median(seconds)
        plain, mixed = plain or rate, mixed or "bfloat16" in name  # and on all rungs above
        operations, traffic = work_per_image(lab, device, mixed=mixed)
        shares = f"{operations * rate / peaks[mixed]:>12.1%}{traffic * rate / bandwidth:>9.1%}"
        print(f"{name:28}{rate:>12,.0f}{rate / plain:>13.2f}{shares}", flush=True)
    for sentence in refused:
        print(f"not climbed: {sentence}")


# --- the race


def recipe_of(lab: Lab) -> race.Race:
    """The lab's recipe for `trained_model`, as a way to run the race."""
    (source,) = (cell.source for cell in cells() if cell.metadata.get("nbgrader", {}).get("grade_id") == "trained_model")
    assert source.count("\nseed = 0\n") == 1

    def recipe(images: torch.Tensor, labels: torch.Tensor, device: torch.device, seed: int) -> Any:
        digits = data.mnist()._replace(X_train=images.numpy(), y_train=labels.numpy())
        names = {**lab.reference, "digits": digits, "device": device}
        exec(source.replace("\nseed = 0\n", f"\nseed = {seed}\n"), names)
        return names["trained_model"]

    return recipe


def reference() -> race.Race:
    """The way that stands beside the lab."""
    names: dict[str, Any] = {"__name__": "race"}
    exec(compile((LAB / "race.py").read_text(encoding="utf-8"), "race.py", "exec"), names)
    way: race.Race = names["race"]
    return way


class Run(NamedTuple):
    """One run of the race: of the clock, of the processor, and how much it read right."""

    seconds: float
    processor: float
    accuracy: float  # of the digits that the referee asks
    hidden: float  # of those by which the lab is graded


def run(way: race.Race, device: torch.device, rng: np.random.Generator) -> Run:
    kept: dict[str, Any] = {}

    def watched(images: torch.Tensor, labels: torch.Tensor, device: torch.device, seed: int) -> Any:
        names, begun = labels.clone(), time.process_time()
        model = way(images, labels, device, seed)
        devices.synchronize(device)
        kept.update(model=model, names=names.numpy(), processor=time.process_time() - begun)
        return model

    seconds, accuracy = race._run(watched, device, rng, "a run", 0.0)
    truth, (images, labels) = data.mnist().y_train, data.mnist_test()
    dealt = np.array([kept["names"][truth == digit][0] for digit in range(10)])
    answers = training.predict(kept["model"], training.moved(images, rng)).argmax(dim=1).numpy()
    return Run(seconds, kept["processor"], accuracy, float((answers == dealt[labels]).mean()))


def run_race(lab: Lab, device: torch.device, runs: int) -> None:
    """The recipe and the reference in turns, after a run of each that does not count."""
    ways: Mapping[str, Callable[..., Any]] = {"the lab's recipe": recipe_of(lab), "the reference": reference()}
    rng, found = np.random.default_rng(97), {name: list[Run]() for name in ways}
    for number in range(runs + 1):
        for name, way in ways.items():
            one = run(way, device, rng)
            found[name] += [one] if number else []
    print(f"\n{'race, median of ' + str(runs):28}{'ms':>12}{'processor ms':>14}{'smallest of 100':>17}{'of the hidden':>15}")
    for name, each in found.items():
        seconds, processor, accuracy, hidden = zip(*each, strict=True)
        times = f"{1000 * statistics.median(seconds):>12,.0f}{1000 * statistics.median(processor):>14,.0f}"
        print(f"{name:28}{times}{_floored(min(accuracy)):>17}{_floored(min(hidden)):>15}", flush=True)
    recipe, mine = ([statistics.median(column) for column in zip(*each, strict=True)] for each in found.values())
    print(f"{recipe[0] / mine[0]:.1f} times sooner by the clock, {recipe[1] / mine[1]:.1f} times less of the processor")


def _floored(accuracy: float) -> str:
    return f"{math.floor(1000 * accuracy) / 10:.1f}"


def accuracy(lab: Lab, device: torch.device, seeds: int) -> None:
    """What the lab's recipe reads right, trained anew with every seed, of the hidden digits moved by other seeds."""
    recipe, digits, (images, labels) = recipe_of(lab), data.mnist(), data.mnist_test()
    found = []
    for seed in range(seeds):
        model = recipe(torch.from_numpy(digits.X_train), torch.from_numpy(digits.y_train), device, seed)
        answers = training.predict(model, training.moved(images, np.random.default_rng(1000 + seed))).argmax(dim=1).numpy()
        found.append(float((answers == labels).mean()))
        print(f"seed {seed:2}: {found[-1]:.3f}", flush=True)
    print(f"{seeds} seeds: smallest {min(found):.3f}, median {statistics.median(found):.3f}, largest {max(found):.3f}; the mark is 0.97")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", type=torch.device, default=devices.best())
    parser.add_argument("--runs", type=int, default=race.RUNS, help="runs of the race that count; 0: no race")
    parser.add_argument("--seeds", type=int, default=0, help="train so many networks by the recipe and tell their accuracy")
    options = parser.parse_args()
    torch.set_num_threads(devices.threads())
    lab = Lab.from_source(LAB)
    ladder(lab, options.device)
    if options.runs:
        run_race(lab, options.device, options.runs)
    if options.seeds:
        accuracy(lab, options.device, options.seeds)


if __name__ == "__main__":
    main()
