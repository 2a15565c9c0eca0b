"""Pictures of tensors say what a function answered, wait for it, and never stop a notebook; what they claim is measured."""

import numpy as np
import pytest

from course_utils import data
from course_utils.pictures import tensors

FORWARD = {
    "ladder": lambda f: tensors.ladder(f),
    "greys": lambda f: tensors.greys(f),
    "salad": lambda f: tensors.salad(np.zeros((2, 3, 4, 3)), {"yours": f}),
    "spread": lambda f: tensors.spread(np.eye(3), np.ones((2, 3)), f),
    "fits": lambda f: tensors.fits(np.arange(5.0), {"yours": f}),
    "digits": lambda f: tensors.shuffled_digits(f),
}


def unwritten(*args):
    raise NotImplementedError


def words(picture):
    axes = picture.figure.axes
    titles = [ax.get_title(loc="left") for ax in axes]
    inside = [text.get_text() for texts in (*(ax.texts for ax in axes), picture.figure.texts) for text in texts]
    return " ".join([*titles, *inside])


@pytest.mark.parametrize("name", FORWARD)
def test_a_picture_waits_for_a_function_that_is_not_written(name):
    assert "yours will appear here" in words(FORWARD[name](unwritten))


@pytest.mark.parametrize("name", FORWARD)
@pytest.mark.parametrize("answer", [None, 3.0, (1, 2), np.zeros((7, 7)), [[1], [2, 3]]], ids=repr)
def test_a_picture_bears_whatever_comes_back(name, answer):
    picture = FORWARD[name](lambda *args: answer)
    assert picture._repr_png_()[0].startswith(b"\x89PNG")
    assert "yours" in words(picture)


def test_the_ladder_counts_the_numbers_of_the_lecture():
    said = words(tensors.ladder(lambda t: (np.ndim(t), np.shape(t), np.size(t))))
    assert "axes 3, size 23\u202f970\u202f816\nshape (3264, 2448, 3)" in said


def test_the_mean_cannot_tell_the_colours_apart():
    assert words(tensors.greys(lambda image: image @ np.array([0.299, 0.587, 0.114]))).endswith("85 85 85 76 150 29")


def test_learned_patterns_are_made_of_lines():
    """In most of them, one direction carries the change: as in an edge, unlike in noise."""
    patterns = tensors.learned_patterns(data.photo())
    assert len(patterns) == 16
    assert sum(_directed(pattern) for pattern in patterns) >= 10
    noise = np.random.default_rng(0).normal(size=(200, *patterns[0].shape))
    assert np.mean([_directed(pattern) for pattern in noise]) < 0.05


def _directed(pattern):
    down, across = (slope.ravel() for slope in np.gradient(pattern))
    small, large = np.linalg.eigvalsh(np.cov([down, across]))
    return large > 3 * small


def test_the_salad_is_drawn_as_it_is():
    pictures = np.arange(2 * 2 * 2 * 3, dtype=float).reshape(2, 2, 2, 3)
    picture = tensors.salad(pictures, {"right": lambda images: images.reshape(2, -1), "wrong": lambda images: images.reshape(-1, 2).T})
    shown = [ax.images[0].get_array().tolist() for ax in picture.figure.axes]
    assert shown[:2] == pictures.astype(np.uint8).tolist()
    assert shown[2] != shown[0]
    assert np.shape(shown[2]) == np.shape(shown[0])


def test_shuffled_digits_are_read_as_well_as_others():
    def nearest(known, labels, new):
        return np.array([labels[((known - x) ** 2).sum(axis=1).argmin()] for x in new])

    said = words(tensors.shuffled_digits(nearest))
    assert "as written: 0.981 read right" in said
    assert "shuffled: 0.981 read right" in said
