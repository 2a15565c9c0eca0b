"""How fast lab09_pytorch trains, and how well: `python tests/benchmarks/training.py [--device cuda] [--seeds 20]`.

Prints the images per second of the plain loop (DataLoader, float32, .item() in every step), of every step of the lab and of
the fastest, each with its share of what this device's arithmetic and memory can do at most; then, over so many seeds, what
the lab's recipe reads right of the hidden digits.
"""

from __future__ import annotations

import argparse
import platform
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import jupytext
import numpy as np
import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from course_utils import data, training
from course_utils.checking import Lab
from course_utils.training import devices

LAB = Path(__file__).resolve().parents[2] / "solutions" / "lab09_pytorch"
ROUNDS = 5


class Version(NamedTuple):
    """One way to train for an epoch."""

    name: str
    batch_size: int
    loop: str = "fast"  # or "plain"
    mixed: bool = False
    layout: torch.memory_format = torch.contiguous_format
    compiled: bool = False


def versions(settings: devices.Settings, device: torch.device) -> list[Version]:
    large = settings.batch_sizes[-1]
    found = [
        Version("plain loop", 64, "plain"),
        Version("plain loop, large batch", large, "plain"),
        Version("data on the device", 64),
        Version("and a large batch", large),
    ]
    mixed = devices.mixed(device)
    if mixed:
        found.append(Version("and mixed precision", large, mixed=True))
    found.append(Version("and channels last", large, mixed=mixed, layout=torch.channels_last))
    if not devices.why_not_compile(device):
        found.append(Version("and compiled", large, mixed=mixed, layout=torch.channels_last, compiled=True))
    return found


def epoch_of(version: Version, lab: Lab, device: torch.device, copies: int) -> Callable[[], float]:
    """One epoch as a function of no arguments; the lab's own loops do the work."""
    digits, solved = data.mnist(), lab.reference
    images, labels = torch.from_numpy(digits.X_train).repeat(copies, 1, 1, 1), torch.from_numpy(digits.y_train).repeat(copies)
    torch.manual_seed(0)
    model = solved["ConvNet"]().to(device, memory_format=version.layout)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    model = torch.compile(model) if version.compiled else model
    if version.loop == "plain":
        loader = DataLoader(TensorDataset(images, labels), version.batch_size, shuffle=True)
        return lambda: solved["train_epoch"](model, loader, optimizer, F.cross_entropy, device)
    on_device = images.to(device), labels.to(device)

    def fast() -> float:
        with mock.patch.object(devices, "mixed", return_value=version.mixed):
            return solved["train_epoch_fast"](model, *on_device, optimizer, version.batch_size, device)

    return fast


def work_per_image(version: Version, lab: Lab, device: torch.device) -> tuple[float, float]:
    """Operations and bytes of one image, forward and backward."""
    model, n = lab.reference["ConvNet"]().to(device, memory_format=version.layout), 256
    X, y = torch.randn(n, 1, 28, 28, device=device), torch.zeros(n, dtype=torch.int64, device=device)

    def step() -> None:
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=version.mixed):
            loss = F.cross_entropy(model(X), y)
        loss.backward()

    operations, traffic = training.work_of(step)
    return operations / n, traffic / n


def speed(lab: Lab, device: torch.device) -> None:
    settings = devices.settings(device)
    peaks = {mixed: devices.matrix_rate(device, torch.bfloat16 if mixed else torch.float32) for mixed in {False, devices.mixed(device)}}
    bandwidth = devices.memory_rate(device)
    named = {"cuda": lambda: torch.cuda.get_device_name(device)}.get(device.type, platform.processor)() or platform.machine()
    print(f"{device}: {named}, torch {torch.__version__}, {torch.get_num_threads()} thread(s)")
    rates = ", ".join(f"{'bfloat16' if mixed else 'float32'} {peak / 1e9:,.0f} GFLOP/s" for mixed, peak in sorted(peaks.items()))
    print(f"measured limits: {rates}, memory {bandwidth / 1e9:,.0f} GB/s")
    tried = versions(settings, device)
    epochs = {version: epoch_of(version, lab, device, settings.copies) for version in tried}
    measured: dict[Version, list[float]] = {version: [] for version in tried}
    for _ in range(ROUNDS):  # in turns, so that a busy moment of the machine falls on all of them
        for version, epoch in epochs.items():
            measured[version].append(lab.reference["benchmark"](epoch, device, 1))
    images = settings.copies * len(data.mnist().X_train)
    print(f"{'version':26}{'batch':>6}{'images/s':>12}{'times plain':>13}{'arithmetic':>12}{'memory':>9}")
    plain = 0.0
    for version in tried:
        rate = images / statistics.median(measured[version])
        plain = plain or rate
        operations, traffic = work_per_image(version, lab, device)
        shares = f"{operations * rate / peaks[version.mixed]:>12.1%}{traffic * rate / bandwidth:>9.1%}"
        print(f"{version.name:26}{version.batch_size:>6}{rate:>12,.0f}{rate / plain:>13.2f}{shares}", flush=True)


def accuracy(lab: Lab, seeds: int) -> None:
    """What the lab's recipe reads right, trained anew with every seed, of the hidden digits moved by other seeds."""
    cells = jupytext.read(LAB / "notebook.py").cells
    (recipe,) = (cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "trained_model")
    images, labels = data.mnist_test()
    found = []
    for seed in range(seeds):
        assert recipe.count("\nseed = 0\n") == 1
        namespace: dict[str, Any] = dict(lab.reference)
        exec(recipe.replace("\nseed = 0\n", f"\nseed = {seed}\n"), namespace)
        moved = training.moved(images, np.random.default_rng(1000 + seed))
        answers = training.predict(namespace["trained_model"], moved).argmax(dim=1).numpy()
        found.append(float((answers == labels).mean()))
        print(f"seed {seed:2}: {found[-1]:.3f}", flush=True)
    print(f"{seeds} seeds: smallest {min(found):.3f}, median {statistics.median(found):.3f}, largest {max(found):.3f}; the mark is 0.97")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", type=torch.device, default=devices.best())
    parser.add_argument("--seeds", type=int, default=0, help="train so many networks and tell their accuracy")
    options = parser.parse_args()
    lab = Lab.from_source(LAB)
    speed(lab, options.device)
    if options.seeds:
        accuracy(lab, options.seeds)


if __name__ == "__main__":
    main()
