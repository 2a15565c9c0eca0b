"""Comparison: what counts as the same answer, and which difference is told first."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from course_utils.checking import Opaque, at_least, at_most, close
from course_utils.checking.compare import compare, equal

floats = arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6, width=32, allow_subnormal=False))


@given(floats)
def test_a_result_equals_itself_in_any_form(want):
    for got in (want.tolist(), np.asfortranarray(want), want.copy()[...], torch.from_numpy(want)):
        assert compare("A", got, want) is None


@given(floats)
def test_rounding_passes_and_a_thousandth_does_not(want):
    largest = float(np.abs(want).max())
    assert equal(want + 1e-8 * largest, want)
    if largest > 1e-3:
        assert not equal(want + 1e-3 * largest, want)


@given(floats)
def test_single_precision_passes(want):
    assert equal(want.astype(np.float32), want)


def test_the_precision_asked_for_is_that_of_the_wanted_numbers():
    want = np.linspace(0.1, 1.7, 11) ** 3
    assert equal(want.astype(np.float32), want), "a smaller type passes where it is as exact"
    for got in (want.astype(np.float16), (want * (1 + 1e-5)).astype(np.float32)):
        assert compare("A", got, want).stage == "values", "a smaller type does not widen what is allowed"
    assert equal(want * (1 + 1e-4), want.astype(np.float32))


def test_as_many_digits_are_shown_as_it_takes_to_see_the_difference():
    want = np.array([1.0, 0.123456789])
    sentence = compare("A", np.array([1.0, 0.123461789]), want).sentence
    assert sentence == "A differs in 1 of 2 entries; largest at [1]: got 0.123462, expected 0.123457"
    assert compare("A", 1e6 + 10.0, 1e6).sentence == "A: got 1000010, expected 1000000"


@pytest.mark.parametrize(
    ("got", "want", "words"),
    [
        ([True] * 12 + [False], [np.array([True])] * 13, "A has shape (13,), expected (13, 1)"),
        (["yes"] * 3, [True, False, True], "A is a list of 3 texts, expected a list of 3 truth values"),
        ([True, True, True], [True, False, True], "got True, expected False"),
        (np.array(3.0), np.ones(2), "A is a number, expected an array of shape (2,)"),
        (True, False, "A: got True, expected False"),
    ],
)
def test_kinds_are_told_apart_in_words(got, want, words):
    assert words in compare("A", got, want).sentence



@given(arrays(np.float64, (2, 3), elements=st.floats(-9, 9)))
def test_broadcasting_never_hides_a_wrong_shape(want):
    for got in (want[:1], want[0], want[..., None], want.T):
        difference = compare("A", got, want)
        assert difference.stage == "shape"
        assert "expected (2, 3)" in difference.sentence


@pytest.mark.parametrize(
    ("got", "want", "stage", "words"),
    [
        (None, np.ones(2), "kind", "return"),
        ("text", np.ones(2), "kind", "'text'"),
        (Opaque("generator"), np.ones(2), "kind", "generator"),
        ([[1.0], [1.0, 2.0]], np.ones(2), "kind", "a list"),
        (np.array([0, 2]), np.array([0.5, 2.7]), "dtype", "fractions"),
        (np.array([1.0, np.nan]), np.array([1.0, 2.0]), "finite", "nan at [1]"),
        (np.inf, 0.5, "finite", "inf"),
        (0.25, 0.5, "values", "got 0.25, expected 0.5"),
        (np.array([1.0, 5.0]), np.array([1.0, 2.0]), "values", "1 of 2 entries; largest at [1]: got 5, expected 2"),
        ({"W": 1.0}, {"W": 1.0, "b": 2.0}, "kind", "lacks the key b"),
        ({"W": 1.0, "b": 2.5}, {"W": 1.0, "b": 2.0}, "values", "['b']: got 2.5, expected 2"),
        ((1.0, "no"), (1.0, "yes"), "values", "[1]: got 'no', expected 'yes'"),
        ([np.ones(2)], [np.ones(2), np.ones(3)], "kind", "1 part, expected 2"),
        (True, "yes", "kind", "True"),
        (at_least(0.5, 0.9), at_least(1.0, 0.9), "values", "at least 0.9"),
        (at_most(0.5, 0.1), at_most(0.0, 0.1), "values", "at most 0.1"),
        (close(0.5, 0.1), close(0.4, 0.1), "values", "within 10% of 0.4"),
    ],
)
def test_a_difference_is_told_in_one_sentence(got, want, stage, words):
    difference = compare("A", got, want)
    assert difference.stage == stage
    assert words in difference.sentence
    assert "\n" not in difference.sentence


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (np.float32(0.5), 0.5),
        (np.array(0.5), 0.5),
        (True, 1.0),
        (np.array([True, False]), np.array([1.0, 0.0])),
        (np.array([1, 2]), np.array([1.0, 2.0])),
        ({"b": 2.0, "W": [1.0]}, {"W": np.ones(1), "b": 2.0}),
        (at_least(0.95, 0.9), at_least(1.0, 0.9)),
        (1e-17, 0.0),
        (np.array([np.inf, 1.0]), np.array([np.inf, 1.0])),
        ("yes", "yes"),
        (None, None),
    ],
)
def test_right_answers_in_other_forms_pass(got, want):
    assert compare("A", got, want) is None


def test_a_tiny_number_alone_is_judged_by_its_own_size():
    assert not equal(0.0, 4e-18)
    assert equal(np.array([0.0, 1.0]), np.array([4e-18, 1.0]))


def test_wrong_whole_numbers_are_wrong_values():
    assert compare("A", np.array([3, 4]), np.array([0.5, 2.7])).stage == "values"
