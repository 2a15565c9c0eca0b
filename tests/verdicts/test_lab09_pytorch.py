"""What lab 9 says of answers that it once judged wrongly: good habits cost nothing, and each slip is named by what it is."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.checking import Lab, Local, check_exercise
from course_utils.training import devices

ROOT = Path(__file__).resolve().parents[2]

# loading the lab trains a network
pytestmark = pytest.mark.stress


@functools.cache
def lab():
    return Lab.from_source(ROOT / "solutions" / "lab09_pytorch")


def report_on(exercise, subject):
    return check_exercise(exercise, lab().checks[exercise], Local({**lab().reference, exercise: subject}), lab().oracle, lab().seeds)


def equivalent(name):
    spec = importlib.util.spec_from_file_location("equivalents_lab09", ROOT / "tests" / "equivalents" / "lab09_pytorch.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


# --- good habits


@pytest.mark.parametrize(
    ("exercise", "name"),
    [
        ("train_epoch", "train_epoch_with_guards"),  # isfinite, a log, clipping that clips nothing
        ("ConvNet", "ZeroConvNet"),
        ("ConvNet", "ResidualConvNet"),
        ("ConvNet", "LogConvNet"),
        ("MLP", "CarefulMLP"),
        ("evaluate", "evaluate_summed_on_the_device"),  # divides by a count that the device kept
        ("train_epoch_fast", "fast_with_rows_moved"),
        ("train_epoch_fast", "fast_sent_once_more"),
        ("overfit_one_batch", "overfit_with_a_closure"),
        ("benchmark", "benchmark_with_guards"),
    ],
)
def test_a_good_habit_costs_nothing(exercise, name):
    report = report_on(exercise, equivalent(name))
    assert report.passed, report.text()


# --- what is wrong, and was not seen


def fast(model, images, labels, optimizer, batch_size, device, *, each=lambda optimizer: optimizer.step(), after=lambda optimizer: None):
    images, labels = images.to(device), labels.to(device)
    model.train()
    total = torch.zeros((), device=device)
    for rows in torch.randperm(len(images), device=device).split(batch_size):
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(images[rows]), labels[rows])
        loss.backward()
        each(optimizer)
        total += loss.detach() * len(rows)
    after(optimizer)
    return total.item() / len(images)


def test_one_step_after_the_loop_is_no_epoch_of_small_steps():
    def all_at_once(*arguments):
        def after(optimizer):
            optimizer.step()
            optimizer.zero_grad()

        return fast(*arguments, each=lambda optimizer: None, after=after)

    report = report_on("train_epoch_fast", all_at_once)
    assert report.score <= report.max_score - 3
    assert "one step in the whole epoch" in report.text()


def first_epoch(model, loader, optimizer, loss_fn, device, *, give=float):
    model.train()
    losses = []
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        optimizer.zero_grad()
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        losses.append((loss, len(X)))
    return give(sum(loss * size for loss, size in losses) / sum(size for _, size in losses))


def test_a_float_that_is_promised_is_asked_for():
    assert report_on("train_epoch", functools.partial(first_epoch, give=torch.Tensor.item)).passed
    report = report_on("train_epoch", functools.partial(first_epoch, give=lambda loss: loss))
    assert "keeps the graphs of all batches alive" in report.text()
    report = report_on("train_epoch", functools.partial(first_epoch, give=torch.Tensor.detach))
    assert "got 'a tensor or an array', expected 'a float'" in report.text()
    assert "graphs of all batches" not in report.text()


class Bends(nn.Module):
    """A network whose scores go through something at the end."""

    end = staticmethod(lambda scores: scores)

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 8, 3, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(1352, 10))

    def forward(self, images):
        return self.end(self.body(images))


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (lambda scores: F.softmax(scores, dim=1), "probabilities are returned"),
        (torch.sigmoid, "no score is ever negative"),
        (F.relu, "no score is ever negative"),
    ],
)
def test_what_becomes_of_scores_is_named(end, said):
    report = report_on("ConvNet", type("ConvNet", (Bends,), {"end": staticmethod(end)}))
    assert not report.passed
    assert said in report.text()


def test_a_layer_that_is_hidden_and_one_that_is_not_used_are_told_apart():
    class Hides(Bends):
        def __init__(self):
            super().__init__()
            self.more = [nn.Linear(10, 10)]

        def forward(self, images):
            return self.more[0](self.body(images))

    class Unused(Bends):
        def __init__(self):
            super().__init__()
            self.more = nn.Linear(10, 10)

    assert "lie in a Python list" in report_on("ConvNet", Hides).text()
    assert "get no gradient" in report_on("ConvNet", Unused).text()


def test_an_input_that_was_changed_is_called_by_its_name():
    class InPlace(Bends):
        def forward(self, images):
            images -= 0.5
            return self.body(images)

    assert "the argument images is not the same after the call" in report_on("ConvNet", InPlace).text()


@pytest.mark.parametrize(
    ("cleared", "fewer", "said"),
    [
        ("never", 0, "gradients of earlier steps are still there: zero_grad is missing"),
        ("once", 0, "gradients are cleared once, before the first step"),
        ("never", 1, "there is one loss too few"),  # and the pile is seen as well, though nothing names two slips at once
    ],
)
def test_gradients_that_pile_up_are_seen_in_however_few_steps(cleared, fewer, said):
    def overfit(model, batch, steps):
        optimizer, losses = torch.optim.Adam(model.parameters(), lr=0.01), []
        if cleared == "once":
            optimizer.zero_grad()
        for _ in range(steps - fewer):
            loss = F.cross_entropy(model(batch[0]), batch[1])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    report = report_on("overfit_one_batch", overfit)
    assert said in report.text()
    assert [verdict.outcome for verdict in report.verdicts][2] == "failed"


def test_a_network_that_is_no_network_is_told_so():
    report = report_on("trained_model", lab().reference["ConvNet"]().state_dict())
    assert "the model is a dict, which gives no scores" in report.text()


def test_half_an_answer_keeps_the_points_of_the_other_half():
    """A mean of means is a wrong number: the training was right."""

    def mean_of_means(model, loader, optimizer, loss_fn, device):
        losses = [first_epoch(model, [batch], optimizer, loss_fn, device, give=torch.Tensor.item) for batch in loader]
        return sum(losses) / len(losses)

    report = report_on("train_epoch", mean_of_means)
    assert 6 <= report.score < report.max_score
    assert "mean of the batches' means" in report.text()
