"""Where NumPy hears no overflow, as in a browser, the engine hears it: judged by NumPy itself, on a machine where it does."""

from __future__ import annotations

import traceback
from pathlib import Path

import numpy as np
import pytest

from course_utils.checking import Lab, Local, check_exercise, floats
from course_utils.checking.perform import perform_local

ROOT = Path(__file__).parents[2]
FAR = np.array([-1000.0, -720.0, -3.0, 0.0, 3.0, 720.0, 1000.0])


def masked(z):
    out = np.empty(np.shape(z))
    out[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    low = np.exp(z[z < 0])
    out[z < 0] = low / (1 + low)
    return out


def halves(z):
    return np.divide(1, z, out=np.zeros_like(z), where=z != 0)


FUNCTIONS = {
    "naive": lambda z: 1 / (1 + np.exp(-z)),
    "as an array first": lambda z: 1 / (1 + np.exp(-np.asarray(z, dtype=float))),
    "one number": lambda z: np.exp(float(z[-1])),
    "a power": lambda z: np.e**-z,
    "a square of what is finite": lambda z: np.exp(np.clip(z, -400, 400)) ** 2,
    "a sum": lambda z: np.sum(np.exp(np.clip(z, -709.7, 709.7))),
    "in place": lambda z: np.exp(z, out=z),
    "a product of matrices": lambda z: (np.full((2, 2), 1e200) * (z[0] < 0)) @ np.full((2, 2), 1e200),
    "where": lambda z: np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))),
    "inf by inf": lambda z: (z * 1e300) ** 2 / (z * 1e300) ** 2,
    "by 0": lambda z: 1 / z,
    "whole numbers by 0": lambda z: z.astype(int) // np.zeros(7),
    "log of 0": lambda z: np.log(np.abs(z)),
    "log of less": lambda z: np.log(z),
    "log1p": lambda z: np.log1p(-1 + 0 * z),
    "0 to the power of -1": lambda z: z**-1.0,
    "silenced": lambda z: ignoring(z),
    "masked": masked,
    "logaddexp": lambda z: np.logaddexp(0, -z),
    "halves": halves,
    "mirrored": lambda z: np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))),
    "clipped": lambda z: 1 / (1 + np.exp(-np.clip(z, -500, 500))),
    "of infinity": lambda z: np.exp(-np.abs(z) * np.inf * (z != 0)) if np.all(z) else np.exp(-np.inf),
    "stacked": lambda z: np.stack([np.exp(-np.abs(z)), np.zeros_like(z)]).max(axis=0),
    "a list": lambda z: [np.exp(-abs(each)) for each in z],
    "a dict": lambda z: {"mean": np.mean(z), "z": z.astype(np.float32)},
}


def ignoring(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def asked(function, z):
    return perform_local("call", function, (z,), {}, quiet=True)


@pytest.fixture
def deaf(monkeypatch):
    """NumPy as in a browser: what is raised now is the engine's."""
    monkeypatch.setattr(floats, "hears", lambda: False)
    before = dict(vars(np))
    yield
    assert {name for name in before if before[name] is not vars(np)[name]} == set(), "NumPy is as it was"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_numpy_hears_the_engine_hears(name, request):
    wanted = asked(FUNCTIONS[name], FAR.copy())
    request.getfixturevalue("deaf")
    found = asked(FUNCTIONS[name], FAR.copy())
    assert (found.raised and found.raised[:3]) == (wanted.raised and wanted.raised[:3])
    np.testing.assert_equal(found.value, wanted.value)
    assert type(found.value) is type(wanted.value)
    assert found.changed.keys() == wanted.changed.keys()


@pytest.mark.parametrize(
    "name", ["naive", "as an array first", "one number", "a power", "a square of what is finite", "inf by inf", "by 0"]
)
def test_it_is_the_engine_that_hears(name, deaf):
    with pytest.raises(FloatingPointError) as told, floats.loud():
        FUNCTIONS[name](floats.listening(FAR.copy()))
    assert traceback.extract_tb(told.tb)[-1].filename == floats.__file__


@pytest.mark.stress
@pytest.mark.parametrize(
    ("lab", "exercise"),
    [
        ("lab01_perceptron", "sigmoid"),
        ("lab01_perceptron", "sigmoid_grad"),
        ("lab02_losses", "bce_with_logits"),
        ("lab02_losses", "bce_with_logits_grad"),
    ],
)
def test_every_mistake_of_a_quiet_check_is_told_the_same_sentence(lab, exercise, request):
    known = Lab.from_source(ROOT / "solutions" / lab)
    released = Lab.from_release(ROOT / "labs" / lab)

    def told():
        subjects = [known.reference[exercise], *(mistake.subject for mistake in known.mistakes[exercise])]
        judged = (Local({**known.reference, exercise: subject}) for subject in subjects)
        return [check_exercise(exercise, released.checks[exercise], each, released.oracle, released.seeds).text() for each in judged]

    wanted = told()
    request.getfixturevalue("deaf")
    assert told() == wanted
