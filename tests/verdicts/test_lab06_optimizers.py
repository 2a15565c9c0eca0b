"""What lab 6 says of answers: good habits cost nothing, odd ones break nothing, and a slip of memory is named by what it is."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest

from course_utils.checking import Lab, Local, check_exercise
from course_utils.checking.report import Report

ROOT = Path(__file__).resolve().parents[2]
OPTIMIZERS = ("Momentum", "Adagrad", "RMSProp", "Adadelta", "Adam")


@functools.cache
def lab() -> Lab:
    return Lab.from_source(ROOT / "solutions" / "lab06_optimizers")


def report(exercise, answer, others=None, **names) -> Report:
    given = {**lab().reference, **names, exercise: answer}
    if hasattr(answer, "__globals__"):
        answer.__globals__.update(names)
    return check_exercise(exercise, lab().checks[exercise], Local(given), lab().oracle, lab().seeds, others or {})


# --- right answers


class Ball:
    """Momentum, to be changed in one place."""

    def __init__(self, lr, mu=0.9):
        self.lr, self.mu, self.v = lr, mu, 0.0

    def step(self, w, dw):
        self.v = self.mu * self.v - self.lr * dw
        return w + self.v


class KeepsItsOwnW(Ball):
    """Goes on from where it was itself, wherever w is put in between."""

    w = None

    def step(self, w, dw):
        self.w = super().step(w if self.w is None else self.w, dw)
        return self.w


class Guarded(Ball):
    """Looks at its arguments, prints, keeps a record, and has a name for everything."""

    def __init__(self, learning_rate, friction=0.9):
        super().__init__(learning_rate, friction)
        self.record = []

    def step(self, place, slope):
        assert np.shape(place) == np.shape(slope), "w and dw differ in shape"
        if not np.isfinite(slope).all():
            raise ValueError("this gradient is no number")
        found = super().step(place, slope)
        self.record.append((place, slope, found))
        print("step", len(self.record), "of length", np.linalg.norm(self.v))
        return found


class WithAProperty:
    """lr is read and set through a property; the state lies in slots."""

    __slots__ = ("_rate", "mu", "v")

    def __init__(self, lr, mu=0.9):
        self._rate, self.mu, self.v = lr, mu, None

    @property
    def lr(self):
        return self._rate

    @lr.setter
    def lr(self, value):
        self._rate = float(value)

    def step(self, w, dw):
        pushed = -self._rate * dw
        self.v = pushed if self.v is None else self.mu * self.v + pushed
        return w + self.v


class ClassLevelStart(Ball):
    """A start at class level is no shared state: the instance gets its own with the first step."""

    v = 0.0

    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu


class WarnsOnTheWay:
    """Divides by 0 where no gradient was yet, and puts it right."""

    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps, self.cache = lr, eps, 0.0

    def step(self, w, dw):
        self.cache = self.cache + dw**2
        with np.errstate(all="warn"):
            share = np.nan_to_num(dw / np.sqrt(self.cache))
        root = np.sqrt(self.cache)
        return w - self.lr * share * root / (root + self.eps)


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        ("Momentum", Guarded),
        ("Momentum", WithAProperty),
        ("Momentum", ClassLevelStart),
        ("Momentum", lambda lr, mu=0.9: Ball(lr, mu)),
        ("Adagrad", WarnsOnTheWay),
        ("inverse_sqrt", lambda lr0, t, warmup: lr0 * np.minimum(t / warmup, np.sqrt(warmup / max(t, 1e-9)))),
        ("smooth", lambda losses, beta: tuple(lab().reference["smooth"](losses, beta))),
        ("step_decay", lambda start, e, marks=(30, 60, 90), f=0.1: np.array(start * f ** np.searchsorted(marks, e, side="right"))),
    ],
)
def test_a_right_answer_loses_nothing(exercise, answer):
    found = report(exercise, answer)
    assert found.passed, found.text()


def test_a_rule_starts_from_the_w_that_it_is_given():
    found = report("Momentum", KeepsItsOwnW)
    assert found.max_score - 1 < found.score < found.max_score


# --- what costs little, and once


class MovesW(Ball):
    """Right numbers, in the caller's array."""

    def step(self, w, dw):
        self.v = self.mu * self.v - self.lr * dw
        if w.dtype.kind == "f":
            w += self.v
            return w
        return w + self.v


def test_a_changed_w_costs_a_small_share_once():
    found = report("Momentum", MovesW)
    assert found.max_score - found.score == pytest.approx(1)
    assert "the argument w is not the same after the call" in found.text()


class WholeNumbersBreak(Ball):
    def step(self, w, dw):
        self.state = getattr(self, "state", np.zeros_like(w))
        self.state *= self.mu
        self.state -= self.lr * dw
        return w + self.state


def test_a_state_of_whole_numbers_costs_the_check_of_whole_numbers_only():
    found = report("Momentum", WholeNumbersBreak)
    assert found.max_score - found.score == pytest.approx(1)
    assert "Cannot cast" in found.text()


def wrong_cosine(lr0, t, T):
    return lr0 / 2 * np.cos(np.pi * min(t / T, 1))


def restarts(lr0, t, period):
    return cosine_decay(lr0, t % period, period)  # noqa: F821 - the notebook's


def test_a_wrong_helper_is_named_first():
    found = report("cosine_restarts", restarts, lab().checks, cosine_decay=wrong_cosine)
    assert "you call cosine_decay, which fails its own check: mend that first" in found.text()


# --- answers that do nothing, or next to it


def optimizer(step):
    """A class that takes any arguments, and steps like this."""

    class Answer:
        def __init__(self, *arguments, **named):
            self.lr = arguments[0] if arguments else 0.1

        def step(self, w, dw):
            return step(self, w, dw)

    return Answer


NOTHING = {
    "w": lambda self, w, dw: w,
    "a copy of w": lambda self, w, dw: np.array(w),
    "dw": lambda self, w, dw: dw,
    "zeros": lambda self, w, dw: np.zeros(np.shape(w)),
    "ones": lambda self, w, dw: np.ones(np.shape(w)),
    "nothing": lambda self, w, dw: None,
    "a number": lambda self, w, dw: 0.0,
}


@pytest.mark.stress
@pytest.mark.parametrize("answer", NOTHING)
def test_a_class_that_does_nothing_earns_nothing(answer):
    assert {exercise: report(exercise, optimizer(NOTHING[answer])).score for exercise in OPTIMIZERS} == dict.fromkeys(OPTIMIZERS, 0)


@pytest.mark.stress
def test_plain_gradient_descent_earns_next_to_nothing():
    plain = optimizer(lambda self, w, dw: w - self.lr * dw)
    assert sum(report(exercise, plain).score for exercise in OPTIMIZERS) <= 1.25


def test_steps_of_one_length_earn_the_first_step_of_adam():
    found = report("Adam", optimizer(lambda self, w, dw: w - self.lr * np.sign(dw)))
    assert found.score <= 2.25


ODD = {
    "text": lambda self, w, dw: "x",
    "bytes": lambda self, w, dw: b"x",
    "a huge number": lambda self, w, dw: 10**400,
    "itself": lambda self, w, dw: self,
    "a list of itself": lambda self, w, dw: [self] * np.size(w),
    "a dict": lambda self, w, dw: {"w": w},
    "two results": lambda self, w, dw: (w, dw),
    "another shape": lambda self, w, dw: np.zeros(7),
    "complex numbers": lambda self, w, dw: w - 1j * dw,
    "truth values": lambda self, w, dw: w > dw,
    "a function": lambda self, w, dw: optimizer,
    "an error": lambda self, w, dw: [][1],
    "no numbers": lambda self, w, dw: w * np.nan,
}


@pytest.mark.parametrize("answer", ODD)
def test_an_odd_result_is_judged_and_earns_nothing(answer):
    for exercise in OPTIMIZERS:
        found = report(exercise, optimizer(ODD[answer]))
        assert found.score == 0
        assert {verdict.outcome for verdict in found.verdicts} == {"failed"}, found.text()


@pytest.mark.parametrize("value", ["x", b"x", None, 10**400, {}, [], np.zeros((2, 2)), optimizer])
def test_an_odd_result_of_a_function_is_judged_and_earns_nothing(value):
    for exercise in set(lab().checks) - set(OPTIMIZERS):
        found = report(exercise, lambda *args, **named: value)
        assert found.score == 0
        assert {verdict.outcome for verdict in found.verdicts} == {"failed"}, found.text()


# --- slips that are named by what they are


class Adam:
    """Adam, to be changed in one place."""

    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = self.t = 0

    def step(self, w, dw):
        self.count()
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        m, v = self.corrected()
        return w - self.lr * m / (np.sqrt(v) + self.eps)

    def count(self):
        self.t += 1

    def corrected(self):
        return self.m / (1 - self.beta1**self.t), self.v / (1 - self.beta2**self.t)


class NeverCounts(Adam):
    def count(self):
        pass


class CountsLater(Adam):
    def step(self, w, dw):
        found = super().step(w, dw)
        self.t += 1
        return found

    def count(self):
        pass


class CorrectsInPlace(Adam):
    def corrected(self):
        self.m, self.v = super().corrected()
        return self.m, self.v


class GivesBoth(Ball):
    def step(self, w, dw):
        return super().step(w, dw), self.v


class SetToZeroAgain(Ball):
    def step(self, w, dw):
        self.v = 0.0
        return super().step(w, dw)


class AsInTorch(Ball):
    def step(self, w, dw):
        self.v = self.mu * self.v + dw
        return w - self.lr * self.v


class ResetForAll(Ball):
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        ResetForAll.v = 0.0

    def step(self, w, dw):
        ResetForAll.v = self.mu * ResetForAll.v - self.lr * dw
        return w + ResetForAll.v


class SumsWithoutSquares:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps, self.total = lr, eps, 0.0

    def step(self, w, dw):
        self.total = self.total + dw
        return w - self.lr * dw / (np.sqrt(self.total) + self.eps)


class WithoutEps:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.cache = lr, 0.0

    def step(self, w, dw):
        self.cache = self.cache + dw**2
        return w - self.lr * dw / np.sqrt(self.cache)


def numbered_from_zero(losses, beta):
    s, shown = 0.0, []
    for t, loss in enumerate(losses):
        s = beta * s + (1 - beta) * loss
        shown.append(s / (1 - beta**t))
    return shown


def from_the_first_loss(losses, beta):
    shown = [losses[0]]
    for loss in losses[1:]:
        shown.append(beta * shown[-1] + (1 - beta) * loss)
    return shown


def on_the_day(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    for milestone in milestones:
        if epoch == milestone:
            lr0 = lr0 * factor
    return lr0


@pytest.mark.parametrize(
    ("exercise", "answer", "said"),
    [
        ("Momentum", GivesBoth, "two things come back, w and v"),
        ("Momentum", SetToZeroAgain, "this is plain gradient descent"),
        ("Momentum", AsInTorch, "lr is multiplied outside v, as in PyTorch"),
        ("Momentum", ResetForAll, "two optimizers share one velocity"),
        ("Adagrad", SumsWithoutSquares, "summed with their signs, not squared"),
        ("Adagrad", WithoutEps, "there is no eps: a weight without any slope gets 0/0"),
        ("Adam", NeverCounts, "t stays 0"),
        ("Adam", CountsLater, "t is 0 in the first step"),
        ("Adam", CorrectsInPlace, "the corrected means are kept in the place of m and v"),
        ("step_decay", on_the_day, "the factor applies in the epoch of the milestone alone"),
        ("smooth", numbered_from_zero, "losses are numbered from 0 in the correction"),
        ("smooth", from_the_first_loss, "s starts at the first loss: it starts at 0, and is corrected"),
    ],
)
def test_is_told_what_it_did(exercise, answer, said):
    found = report(exercise, answer)
    named = {verdict.mistake for verdict in found.verdicts if verdict.outcome != "passed"}
    assert len(named) == 1, found.text()
    assert said in (named.pop() or "")
