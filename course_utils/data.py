"""Small data sets, each in three parts: train to fit, validate to choose, test to report once.

Nothing is downloaded and nothing is scaled. The parts are the same on every call, so that no example of the test
part ever turns up in a training part.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Split(NamedTuple):
    """Rows are examples: every X is (N, D), every y is (N,)."""

    X_train: np.ndarray
    y_train: np.ndarray
    X_valid: np.ndarray
    y_valid: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def will_i_pass(n: int = 400, seed: int = 0) -> Split:
    """The question of lecture 000, "Will I pass this class?", as n students that were made up.

    X has two columns: lectures attended (whole, 0 to 10) and hours spent on the final project (0 to 60).
    y is 1.0 for a student who passed and 0.0 for one who did not; near the border luck decides.
    """
    rng = np.random.default_rng(seed)
    lectures, hours = rng.integers(0, 11, size=n), rng.uniform(0, 60, size=n)
    chance = 1 / (1 + np.exp(-(0.7 * (lectures - 5) + 0.15 * (hours - 28))))
    passed = rng.uniform(size=n) < chance
    return _split(np.column_stack([lectures, hours]), passed.astype(float))


def diabetes() -> Split:
    """442 patients, from scikit-learn: ten measurements each, in their own units, and how the disease went on.

    X is (N, 10): age, sex, body mass index, blood pressure, six blood values. y is a number from 25 to 346, one
    year later. Efron et al. (2004), "Least angle regression".
    """
    from sklearn.datasets import load_diabetes

    X, y = load_diabetes(return_X_y=True, scaled=False)
    return _split(X, y)


def digits() -> Split:
    """1797 handwritten digits, from scikit-learn: 8 x 8 pixels in rows of 64, ink from 0 to 16; y is the digit, 0 to 9."""
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    return _split(X, y)


def _split(X: np.ndarray, y: np.ndarray) -> Split:
    """Three fifths to train, a fifth to validate, a fifth to test; the shuffle depends on the number of rows alone."""
    order = np.random.default_rng(2019).permutation(len(X))
    train, valid, test = np.split(order, [3 * len(X) // 5, 4 * len(X) // 5])
    return Split(X[train], y[train], X[valid], y[valid], X[test], y[test])
