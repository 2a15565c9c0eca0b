"""What lab 7 says of answers: any chance will do that keeps the laws, a cache may be anything, and one fault is charged once."""

from __future__ import annotations

import copy
import functools
from pathlib import Path

import numpy as np
import pytest

from course_utils.checking import Lab, Local, check_exercise
from course_utils.checking.report import Report

ROOT = Path(__file__).resolve().parents[2]


@functools.cache
def lab() -> Lab:
    return Lab.from_source(ROOT / "solutions" / "lab07_regularization")


def report(exercise, answer, others=None, **names) -> Report:
    given = {**lab().reference, **names, exercise: answer}
    return check_exercise(exercise, lab().checks[exercise], Local(given), lab().oracle, lab().seeds, others or {})


# --- the cache is the student's own


class Cache:
    def __init__(self, **kept):
        self.__dict__.update(kept)


def pair(store, load):
    """A batch norm and its way back, which keep what they need in their own form."""

    def forward(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
        Y, cache = lab().reference["batchnorm"](X, gamma, beta, running, training, momentum, eps)
        return Y, None if cache is None else store(X, *cache)

    return forward, lambda dY, cache: lab().reference["batchnorm_backward"](dY, load(cache))


PAIRS = {
    "a dict": pair(lambda X, a, s, g: {"X_hat": a, "s": s, "g": g}, lambda c: (c["X_hat"], c["s"], c["g"])),
    "an object": pair(lambda X, a, s, g: Cache(a=a, s=s, g=g), lambda c: (c.a, c.s, c.g)),
    "a list in another order": pair(lambda X, a, s, g: [g, [s, a]], lambda c: (c[1][1], c[1][0], c[0])),
    "X again": pair(lambda X, a, s, g: (X, s, g), lambda c: ((c[0] - c[0].mean(axis=0)) / c[1], c[1], c[2])),
    "a function": pair(lambda X, a, s, g: lambda: (a, s, g), lambda c: c()),
    "keys that are numbers": pair(lambda X, a, s, g: {1: a, 2: s, 3: g}, lambda c: (c[1], c[2], c[3])),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_cache_may_be_anything(name):
    forward, backward = PAIRS[name]
    assert report("batchnorm", forward).passed
    found = report("batchnorm_backward", backward, batchnorm=forward)
    assert found.passed, found.text()


def test_a_way_back_that_fits_its_own_wrong_forward_pass_loses_little():
    """eps outside the root: a fault of batchnorm, and charged there."""

    def forward(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
        mean, std = X.mean(axis=0), X.std(axis=0)
        X_hat = (X - mean) / (std + eps)
        return gamma * X_hat + beta, (X, mean, std, gamma, eps)

    def backward(dY, cache):
        X, mean, std, gamma, eps = cache
        scale, centred = std + eps, X - mean
        d = dY * gamma
        by_scale = -(d * centred).sum(axis=0) / scale**2
        dX = d / scale + by_scale * centred / (len(X) * std)
        return dX - d.mean(axis=0) / scale, (dY * centred / scale).sum(axis=0), dY.sum(axis=0)

    right = report("batchnorm_backward", backward, batchnorm=forward)
    assert right.score >= 8, right.text()


@pytest.mark.parametrize(
    "update",
    [
        lambda running, name, value: running.__setitem__(name, value),
        lambda running, name, value: running.update({name: value}),
        lambda running, name, value: np.copyto(running[name], value),
    ],
    ids=["a new entry", "update", "the array in place"],
)
def test_running_may_change_in_any_way_in_place(update):
    def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
        Y, cache = lab().reference["batchnorm"](X, gamma, beta, kept := copy.deepcopy(running), training, momentum, eps)
        for name in running:
            if running[name].dtype.kind == "i":  # whole numbers cannot take it in place
                running[name] = kept[name]
            else:
                update(running, name, kept[name])
        return Y, cache

    found = report("batchnorm", batchnorm)
    assert found.passed, found.text()


def test_a_new_dict_is_no_change_in_place():
    def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
        return lab().reference["batchnorm"](X, gamma, beta, copy.deepcopy(running), training, momentum, eps)

    found = report("batchnorm", batchnorm)
    assert not found.passed
    assert "the running statistics are not changed in training" in found.text()


# --- laws instead of streams


class Odd:
    """Dropouts by other streams; each draws whatever it likes."""

    @staticmethod
    def late(X, p, rng, training):
        if training:
            rng.normal(size=17)
        return lab().reference["dropout"](X, p, rng, training)

    @staticmethod
    def exponential(X, p, rng, training):
        if not training:
            return X, np.ones(X.shape)
        mask = np.exp(-rng.exponential(size=X.shape)) > p
        return X * mask / (1 - p), mask

    @staticmethod
    def integers(X, p, rng, training):
        if not training:
            return X, np.ones(X.shape)
        mask = rng.integers(0, 10**6, size=X.shape) >= p * 10**6
        return X * mask / (1 - p), mask

    @staticmethod
    def spawned(X, p, rng, training):
        if not training:
            return X, np.ones(X.shape)
        mask = np.random.default_rng(rng.integers(2**32)).random(X.shape) >= p
        return X * mask / (1 - p), mask


@pytest.mark.parametrize("name", ["late", "exponential", "integers", "spawned"])
def test_any_stream_will_do(name):
    found = report("dropout", getattr(Odd, name))
    assert found.passed, found.text()


def test_the_share_that_a_draw_happened_to_keep_is_no_scale():
    def dropout(X, p, rng, training):
        Y, mask = lab().reference["dropout"](X, p, rng, training)
        return (X * mask / mask.mean() if training else Y), mask

    assert report("dropout", dropout).score <= 7


def test_who_changes_x_in_place_loses_a_tenth():
    def dropout(X, p, rng, training):
        Y, mask = lab().reference["dropout"](X, p, rng, training)
        X *= 0
        return Y, mask

    found = report("dropout", dropout)
    assert 7 < found.score < 9, found.text()


def test_a_start_of_numpys_old_generator_is_told_that_rng_is_not_used():
    def he_normal(fan_in, fan_out, rng):
        return np.random.default_rng().normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out))

    assert "rng is not used: chance comes from somewhere else" in report("he_normal", he_normal).text()


# --- early stopping


@pytest.mark.parametrize(
    ("keep", "word"),
    [(lambda params: params, "best is params itself"), (dict, "a new dict with the same arrays"), (copy.deepcopy, None)],
    ids=["the same dict", "a shallow copy", "a deep copy"],
)
def test_what_kind_of_copy(keep, word):
    class EarlyStopping(lab().reference["EarlyStopping"]):  # type: ignore[misc]
        def update(self, loss, params):
            before = self.best
            said = super().update(loss, params)
            if self.best is not before:
                self.best = keep(params)
            return said

    found = report("EarlyStopping", EarlyStopping)
    assert found.passed if word is None else word in found.text(), found.text()


def test_patience_may_be_counted_beyond_the_end():
    """After True nothing is asked any more."""

    class Once(lab().reference["EarlyStopping"]):  # type: ignore[misc]
        def update(self, loss, params):
            return super().update(loss, params) and self.waited == self.patience

    assert report("EarlyStopping", Once).passed


# --- diagnoses


def test_a_word_that_is_not_in_the_list_is_shown():
    words = {**lab().reference["diagnoses"], 3: "overfitting"}
    found = report("diagnoses", words)
    assert "not in the printed list: overfitting" in found.text()
    assert found.score == 14


@pytest.mark.parametrize("word", ["nothing", "overfit", "underfit"])
def test_one_word_for_all_earns_little(word):
    assert report("diagnoses", dict.fromkeys(range(1, 9), word)).score <= 4
