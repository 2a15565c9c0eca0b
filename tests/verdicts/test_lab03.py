"""Verdicts of lab 3 that were once untrue: right answers that lost points, and wrong ones with another one's name or price."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from course_utils.checking import Lab, Local, check_exercise
from course_utils.checking.report import Report

ROOT = Path(__file__).resolve().parents[2]
LAB = "lab03_gradient_descent"


@functools.cache
def source() -> Lab:
    return Lab.from_source(ROOT / "solutions" / LAB)


@functools.cache
def released() -> Lab:
    return Lab.from_release(ROOT / "labs" / LAB)


def report(exercise, answer, lab=None, **names) -> Report:
    lab = lab or source()
    return check_exercise(exercise, lab.checks[exercise], Local({**source().reference, **names, exercise: answer}), lab.oracle, lab.seeds)


# --- right answers


def asks_twice(grad, w, X, y, lr, batch_size, rng):
    norms = []
    for X_batch, y_batch in source().reference["minibatches"](X, y, batch_size, rng):
        norms.append(np.linalg.norm(grad(X_batch, y_batch, w)))
        w = w - lr * grad(X_batch, y_batch, w)
    return w


def asks_once_more_for_a_printout(grad, w, X, y, lr, batch_size, rng):
    w = asks_twice(grad, w, X, y, lr, batch_size, rng)
    print("slope of all:", np.linalg.norm(grad(X, y, w)))
    return w


def asks_at_the_end_of_each_step(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in source().reference["minibatches"](X, y, batch_size, rng):
        w, _ = source().reference["gradient_descent"](lambda v, X=X_batch, y=y_batch: grad(X, y, v), w, lr, -1.0, 1)
    return w


def asks_for_each_example(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in source().reference["minibatches"](X, y, batch_size, rng):
        w = w - lr * np.mean([grad(X_batch[i : i + 1], y_batch[i : i + 1], w) for i in range(len(y_batch))], axis=0)
    return w


def renamed(slope, w_start, eta, tol, max_iter):
    w, n = np.array(w_start, dtype=float), 0
    while n < max_iter and np.linalg.norm(slope(w)) > tol:
        w, n = w - eta * slope(w), n + 1
    return w, n


def overflows_on_the_way(X, y, w):
    p = 1 / (1 + np.exp(-(w[0] + X @ w[1:])))
    return np.append(np.mean(p - y), (p - y) @ X / len(y))


def moves_x_and_puts_it_back(f, x, h=1e-5):
    x = x if x.dtype.kind == "f" else x.astype(float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        ahead = f(x)
        x[i] -= 2 * h
        gradient[i] = (ahead - f(x)) / (2 * h)
        x[i] += h
    return gradient


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        ("sgd_epoch", asks_twice),
        ("sgd_epoch", asks_once_more_for_a_printout),
        ("sgd_epoch", asks_at_the_end_of_each_step),
        ("sgd_epoch", asks_for_each_example),
        ("gradient_descent", renamed),
        ("logistic_regression_grad", overflows_on_the_way),
        ("numerical_gradient", moves_x_and_puts_it_back),
    ],
)
def test_earns_all_points(exercise, answer):
    found = report(exercise, answer)
    assert found.passed, found.text()


# --- wrong answers: a part of what is said, and a word that must not be


def two_factors(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    p = expit(X1 @ w)
    with np.errstate(all="ignore"):
        return X1.T @ ((-(y / p) + (1 - y) / (1 - p)) * p * (1 - p)) / len(X)


def rows_alone(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        yield X[order[start : start + batch_size]]


def five_points(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        gradient[i] = (f(x - 2 * e) - 8 * f(x - e) + 8 * f(x + e) - f(x + 2 * e)) / (12 * h)
    return gradient


def always_a_millionth(f, x, h=1e-5):
    return source().reference["numerical_gradient"](f, x, 1e-6)


def momentum(grad, w0, lr, eps, max_steps):
    w, v, steps = np.array(w0, dtype=float), 0.0, 0
    while steps < max_steps and np.linalg.norm(grad(w)) > eps:
        v = 0.9 * v + grad(w)
        w, steps = w - lr * v, steps + 1
    return w, steps


def averages_into_one_step(grad, w, X, y, lr, batch_size, rng):
    return w - lr * np.mean([grad(a, b, w) for a, b in source().reference["minibatches"](X, y, batch_size, rng)], axis=0)


def never_moves(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in source().reference["minibatches"](X, y, batch_size, rng):
        grad(X_batch, y_batch, w)
    return w


@pytest.mark.parametrize(
    ("exercise", "answer", "said", "unsaid"),
    [
        ("logistic_regression_grad", two_factors, "where p is exactly 0 or 1", "eᶻ"),
        ("minibatches", rows_alone, "y is missing", "return"),
        ("numerical_gradient", five_points, "x ± 2h", "h is ignored"),
        ("numerical_gradient", always_a_millionth, "gradients with h = 0.1, and with h left out differs", "x ± 2h"),
        ("numerical_gradient", always_a_millionth, "gradients with h = 0.1, and with h left out differs", "always 1e-5"),
        ("gradient_descent", momentum, "momentum", "eps does not stop"),
        ("sgd_epoch", averages_into_one_step, "averaged into one step", "only the last batch counts"),
        ("sgd_epoch", never_moves, "unchanged", "rng is not handed on"),
    ],
)
def test_is_told_what_it_did(exercise, answer, said, unsaid):
    found = report(exercise, answer).text()
    assert said in found
    assert unsaid not in found


def one_full_batch(X, y, batch_size, rng):
    return [(X, y)]


def in_memory_order(f, x, h=1e-5):
    x = np.array(x)
    flat = x.astype(float, order="K").reshape(-1)
    gradient = np.zeros(flat.size)
    for i, kept in enumerate(flat.tolist()):
        flat[i] = kept + h
        ahead = f(flat.reshape(x.shape))
        flat[i] = kept - h
        gradient[i] = (ahead - f(flat.reshape(x.shape))) / (2 * h)
        flat[i] = kept
    return gradient.reshape(x.shape)


@pytest.mark.parametrize(
    ("exercise", "answer", "most"),
    [
        ("numerical_gradient", lambda f, x, h=1e-5: np.zeros_like(x), 0),
        ("minibatches", one_full_batch, 1),
        ("sgd_epoch", never_moves, 0),
        ("gradient_descent", lambda grad, w0, lr, eps, max_steps: (w0, 0), 0),
        ("predict_pass", lambda lectures, hours, w: np.zeros(len(lectures), dtype=bool), 0),
    ],
)
def test_does_nothing_and_earns_nothing(exercise, answer, most):
    assert report(exercise, answer).score <= most


def test_the_layout_of_x_counts_alike_with_recorded_cases():
    live = {verdict.title: verdict for verdict in report("numerical_gradient", in_memory_order).verdicts}
    for verdict in report("numerical_gradient", in_memory_order, released()).verdicts:
        assert live[verdict.title] == verdict


def test_an_odd_call_of_grad_is_told_as_such():
    def weights_first(grad, w, X, y, lr, batch_size, rng):
        for X_batch, y_batch in source().reference["minibatches"](X, y, batch_size, rng):
            w = w - lr * grad(w, X_batch, y_batch)
        return w

    assert "grad is called as grad(X_batch, y_batch, w), and was given arrays of shapes" in report("sgd_epoch", weights_first).text()


def test_a_walk_without_end_is_stopped_and_says_so():
    def ignores_max_steps(grad, w0, lr, eps, max_steps):
        w, steps = np.array(w0, dtype=float), 0
        while np.linalg.norm(grad(w)) > eps:
            w, steps = w - 1e-9 * grad(w), steps + 1
        return w, steps

    assert "this walk does not end" in report("gradient_descent", ignores_max_steps).text()
