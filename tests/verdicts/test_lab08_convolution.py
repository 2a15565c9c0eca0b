"""What lab 8 says of answers: honest styles cost nothing, odd results break nothing, and a slip is named by what it is."""

from __future__ import annotations

import functools
import time
from pathlib import Path

import numpy as np
import pytest

from course_utils.checking import Lab, Local, check_exercise
from course_utils.checking.report import Report

ROOT = Path(__file__).resolve().parents[2]


@functools.cache
def lab() -> Lab:
    return Lab.from_source(ROOT / "solutions" / "lab08_convolution")


def report(exercise, answer, **others) -> Report:
    given = Local({**lab().reference, **others, exercise: answer})
    return check_exercise(exercise, lab().checks[exercise], given, lab().oracle, lab().seeds)


def conv(X, W, b, stride=1, padding=0):
    return lab().reference["conv2d"](X, W, b, stride, padding)


def back(dY, X, W, stride=1, padding=0):
    return lab().reference["conv2d_backward"](dY, X, W, stride, padding)


# --- right answers


def keeps_places(X, size):
    N, C, H, W = X.shape
    Y, places = np.zeros((N, C, H // size, W // size)), []
    for n, c, i, j in np.ndindex(Y.shape):
        window = X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size]
        k, m = np.unravel_index(np.argmax(window), window.shape)
        Y[n, c, i, j] = window[k, m]
        places.append((int(i * size + k), int(j * size + m)))
    return Y, (places, X.shape)


def back_to_places(dY, cache):
    places, shape = cache
    dX = np.zeros(shape)
    for (n, c, i, j), place in zip(np.ndindex(dY.shape), places, strict=True):
        dX[n, c, *place] = dY[n, c, i, j]
    return dX


def keeps_a_dict(X, size):
    return lab().reference["max_pool"](X, size)[0], {"X": X, "size": size}


def back_from_a_dict(dY, cache):
    again = lab().reference["max_pool"](cache["X"], cache["size"])[1]
    return lab().reference["max_pool_backward"](dY, again)


class Cache:
    def __init__(self, *held):
        self.held = held


def keeps_an_object(X, size):
    Y, cache = lab().reference["max_pool"](X, size)
    return Y, Cache(*cache)


def back_from_an_object(dY, cache):
    return lab().reference["max_pool_backward"](dY, cache.held)


@pytest.mark.parametrize(
    ("forward", "backward"), [(keeps_places, back_to_places), (keeps_a_dict, back_from_a_dict), (keeps_an_object, back_from_an_object)]
)
def test_a_cache_is_the_students_own(forward, backward):
    assert report("max_pool", forward, max_pool_backward=backward).passed
    assert report("max_pool_backward", backward, max_pool=forward).passed


def test_filters_may_be_lists_or_one_array():
    vertical = np.array([[-1, 0, 1]] * 3)
    for answer in ([vertical, vertical.T], np.stack([vertical, vertical.T]), (vertical.tolist(), vertical.T.tolist())):
        assert report("edge_filters", answer).passed


def loops(X, W, b, stride=1, padding=0):
    """As a novice writes it: one product at a time."""
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    K = W.shape[2]
    Y = np.zeros((len(X), len(W), (X.shape[2] - K) // stride + 1, (X.shape[3] - K) // stride + 1))
    for n, f, i, j in np.ndindex(Y.shape):
        for c in range(W.shape[1]):
            for k in range(K):
                for m in range(K):
                    Y[n, f, i, j] += X[n, c, i * stride + k, j * stride + m] * W[f, c, k, m]
        Y[n, f, i, j] += b[f]
    return Y


def test_loops_are_judged_in_time():
    begin = time.process_time()
    assert report("conv2d", loops).passed
    assert time.process_time() - begin < 5


# --- wrong ones


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [
        ("conv2d", lambda X, W, b, stride=1, padding=0: conv(X, W[..., ::-1, ::-1], b, stride, padding), "turned by half a turn"),
        ("conv2d", lambda X, W, b, stride=1, padding=0: conv(X, W, b * 0, stride, padding), "bias"),
        (
            "conv2d_backward",
            lambda dY, X, W, stride=1, padding=0: (*back(dY, X, W, stride, padding)[:2], dY.sum((0, 2, 3)) / len(X)),
            "mean over the pictures",
        ),
        ("max_pool", lambda X, size: (np.maximum(lab().reference["max_pool"](X, size)[0], 0), None), "starts at 0"),
        ("conv_output_size", lambda size, kernel, stride=1, padding=0: (size - kernel + padding) // stride + 1, "both ends"),
        ("conv_params", lambda kernel, channels, filters: kernel * kernel * filters + filters, "depth"),
        ("edge_filters", (np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]]), np.array([[1, 0, -1]] * 3)), ""),
    ],
)
def test_a_slip_is_named(exercise, answer, words):
    found = report(exercise, answer)
    assert not found.passed
    assert words in found.text()


def rolled(images, rng):
    """With another stream of chance than the bank's."""
    new = []
    for image in images:
        if rng.random() < 0.5:
            image = image[:, ::-1]
        new.append(np.roll(np.roll(image, rng.integers(-2, 3), axis=0), rng.integers(-2, 3), axis=1))
    return np.array(new)


def never_left(images, rng):
    frame = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    H, W = images.shape[1:]
    return np.array([f[i : i + H, j : j + W] for f in frame for i, j in [rng.integers(0, 4, size=2)]])


@pytest.mark.stress
def test_chance_is_judged_by_laws():
    told = report("augment", rolled).text()
    assert "what enters" in told or "opposite side" in told
    assert not report("augment", never_left).passed
    assert "no picture is mirrored" not in report("augment", rolled).text()


FUNCTIONS = ["conv_output_size", "conv_params", "conv2d", "conv2d_backward", "max_pool", "max_pool_backward", "augment"]
ODD = [None, "x", 3.0, [], (1, 2), np.zeros((2, 2)), np.array(["a"]), [[1], [1, 2]], float("nan")]
ODD_PAIRS = ["x", 3.0, [], (1, 2), np.zeros((2, 2)), [[1], [1, 2]], (np.full((3, 3), np.nan),) * 2, (np.zeros((3, 3)),) * 2]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("exercise", FUNCTIONS)
def test_odd_results_break_nothing(exercise, odd):
    found = report(exercise, lambda *args, **kwargs: odd)
    assert not found.passed
    assert found.score == 0
    assert "could not run" not in found.text()


@pytest.mark.parametrize("odd", ODD_PAIRS)
def test_odd_filters_break_nothing(odd):
    found = report("edge_filters", odd)
    assert not found.passed
    assert found.score == 0
