"""What lab01_perceptron says of answers that were once judged wrongly, or whose slip no check could see."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest

from course_utils.checking import Lab, Local, check_exercise

LAB = Lab.from_source(Path(__file__).resolve().parents[2] / "solutions" / "lab01_perceptron")
REFERENCE = LAB.reference
SOME = ("perceptron", "sigmoid", "elu", "collapse_linear", "deep_forward")  # one of each kind of check
LEFT = "an exponential overflows far to the left"


def report(exercise, subject):
    return check_exercise(exercise, LAB.checks[exercise], Local({**REFERENCE, exercise: subject}), LAB.oracle, (11, 23))


def textbook_sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_by_whole_array(z):
    return np.exp(z) / (1 + np.exp(z)) if np.all(z < 0) else textbook_sigmoid(z)


def sigmoid_into_a_copy(z):
    z = np.asarray(z, dtype=float)
    out = np.zeros_like(z)
    flat = out.ravel()  # a view only where z lies in C order
    flat[:] = REFERENCE["sigmoid"](z.ravel())
    return out


def forward_difference(z, h=1e-5):
    return (REFERENCE["sigmoid"](z + h) - REFERENCE["sigmoid"](z)) / h


def bias_added_in_place(X, W, b, g):
    Z = X @ W
    Z += b
    return g(Z)


def buffer_of_b(X, W, b, g):
    Z = np.zeros((len(X), W.shape[1]), dtype=b.dtype)
    Z[:] = X @ W + b
    return g(Z)


def typed_by_x(x, w, w0, g):
    return g(sum((x * w).astype(x.dtype)) + w0)


def network_adds_in_place(X, params, g):
    Z = X
    for k, (W, b) in enumerate(params):
        Z = (g(Z) if k else Z) @ W
        Z += b
    return Z


first_entry = np.vectorize(lambda z, alpha=0.1: z if z > 0 else alpha * z)
SEEN = {
    "perceptron": [typed_by_x],
    "perceptron_batch": [bias_added_in_place, buffer_of_b],
    "sigmoid": [sigmoid_by_whole_array, sigmoid_into_a_copy],
    "sigmoid_grad": [forward_difference, lambda z: forward_difference(z).astype(np.float32)],
    "relu": [lambda z: np.where(np.isnan(z * z / z), np.nan, np.maximum(z, 0))],
    "relu_grad": [lambda z: np.where(z > -1e-3, 1.0, 0.0)],
    "leaky_relu": [lambda z, alpha=0.1: first_entry(z, alpha)],
    "leaky_relu_grad": [lambda z, alpha=0.1: np.where(z > alpha * z, 1.0, alpha)],
    "hard_tanh": [lambda z: (np.abs(z + 1) - np.abs(z - 1)) / 2],
    "deep_forward": [network_adds_in_place],
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("exercise", "subject"), [(name, each) for name, some in SEEN.items() for each in some])
def test_a_slip_that_most_inputs_hide_is_seen(exercise, subject):
    assert report(exercise, subject).score < report(exercise, REFERENCE[exercise]).score


@pytest.mark.parametrize(
    ("exercise", "subject", "sentence"),
    [
        ("sigmoid", textbook_sigmoid, LEFT),
        ("sigmoid_grad", lambda z: textbook_sigmoid(z) * (1 - textbook_sigmoid(z)), "the slopes are right, but not without a warning"),
        ("sigmoid", sigmoid_by_whole_array, "with both signs in one array"),
        ("softplus", lambda z: np.log1p(np.exp(z)), "not finite far to the right"),
        ("softplus", lambda z: np.log(1 + np.exp(z)), "not finite far to the right"),
        ("elu", lambda z, alpha=1.0: (z > 0) * z + (z <= 0) * alpha * np.expm1(z), "not finite far to the right"),
        ("relu_grad", lambda z: (z >= 0) * 1, "the slope at exactly 0 is 1 here"),
        ("deep_forward", lambda X, params, g: X @ params[0][0] + params[0][1], "only the first pair in params was used"),
        ("sigmoid", lambda z: (REFERENCE["sigmoid"](z)).astype(z.dtype), "every fraction is cut off"),
    ],
)
def test_the_sentence_says_what_was_seen(exercise, subject, sentence):
    assert sentence in report(exercise, subject).text()


@pytest.mark.parametrize("exercise", SOME)
def test_nan_everywhere_has_no_name(exercise):
    def nothing(*args):
        right = REFERENCE[exercise](*args)
        return tuple(np.full_like(part, np.nan) for part in right) if isinstance(right, tuple) else right * np.nan

    assert all(verdict.mistake is None for verdict in report(exercise, nothing).verdicts)


@pytest.mark.parametrize("exercise", LAB.checks)
def test_an_overflow_nobody_asked_for_costs_nothing(exercise):
    @functools.wraps(REFERENCE[exercise])
    def warning(*args):
        np.exp(np.array([1000.0]))
        return REFERENCE[exercise](*args)

    verdicts = [verdict for verdict in report(exercise, warning).verdicts if verdict.outcome != "passed"]
    asked = exercise in ("sigmoid", "sigmoid_grad")
    assert [verdict.title for verdict in verdicts] == ["no overflow warning, for any z; a row, a column and a single number"] * asked


@pytest.mark.parametrize("exercise", ["relu", "hard_tanh"])
def test_a_changed_input_costs_a_tenth_once(exercise):
    def in_place(z):
        z[...] = REFERENCE[exercise](z)
        return z

    found = report(exercise, in_place)
    assert found.score == found.max_score - {"relu": 0.5, "hard_tanh": 0.25}[exercise]
    assert found.text().count("not the same after the call") == 1


@pytest.mark.parametrize("odd", [10**400, b"x", None, "σ"], ids=["huge", "bytes", "None", "text"])
@pytest.mark.parametrize("exercise", SOME)
def test_a_value_that_nobody_wants_is_a_wrong_kind(exercise, odd):
    found = report(exercise, lambda *args: odd)
    assert found.score == 0
    assert {verdict.outcome for verdict in found.verdicts} == {"failed"}
