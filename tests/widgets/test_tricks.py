"""Lab 10's explorers: a search beside a grid, networks that answer together, crops of one digit."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils import explore_crops, explore_ensemble, explore_search
from course_utils.widgets import Explorer
from course_utils.widgets.subjects import WAITING

rng = np.random.default_rng(0)
IMAGES = rng.uniform(size=(20, 6, 6))
P = rng.dirichlet(np.ones(4), size=(3, 20))  # (M, N, C)
LABELS = rng.integers(0, 4, size=20)
W = rng.normal(size=(16, 4))


def stub(*args):
    raise NotImplementedError


def search(train, space, trials, rng):
    tried = [{name: rng.uniform(low, high) for name, (low, high, _) in space.items()} for _ in range(trials)]
    return [(train(params), params) for params in tried]


def model(crops):
    scores = np.exp(crops.reshape(len(crops), -1) @ W)
    return scores / scores.sum(axis=1, keepdims=True)


def corners(model, image, size):
    return model(np.array([image[:size, :size], image[-size:, :size]])).mean(axis=0)


MADE = {
    "search": lambda subject: explore_search(subject),
    "ensemble": lambda subject: explore_ensemble(subject, P, IMAGES, LABELS),
    "crops": lambda subject: explore_crops(subject, model, IMAGES, 4),
}
RIGHT = {"search": search, "ensemble": lambda p: np.mean(p, axis=0), "crops": corners}


def said(explorer: Explorer) -> str:
    return explorer.text().split("\n", 1)[1]


@pytest.mark.parametrize("name", MADE)
def test_a_picture_for_pages_without_scripts(name):
    explorer = MADE[name](RIGHT[name])
    assert not explorer.problem
    assert explorer._repr_mimebundle_()[0]["image/png"].startswith("iVBOR")
    assert WAITING in MADE[name](stub).text()
    assert WAITING in MADE[name](None).text()


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("answer", [None, 3.0, [1, 2], [(1.0, {})]])
def test_what_cannot_be_drawn_is_told(name, answer):
    explorer = MADE[name](lambda *args: answer)
    assert explorer.problem
    assert "Traceback" not in explorer.text()


def test_a_search_with_too_few_trials_is_told():
    assert "returned 1 pairs for 9 trials" in explore_search(lambda train, space, trials, rng: search(train, space, 1, rng)).problem


def test_what_the_text_says_of_the_ridge():
    """Random search is better where the second knob does not count; the grid where it does, and where the ridge is turned a little."""
    explorer = explore_search(search)
    for importance, angle, random_is_better in ((0, 0, True), (1, 0, False), (1, 45, False), (0, 15, False), (0, 30, False)):
        explorer.importance, explorer.angle = importance, angle
        grid, yours = (
            float(part.split()[0].rstrip(".,")) for part in said(explorer).split("wherever")[1].replace("yours", "grid").split("grid ")[1:]
        )
        assert (yours > grid) == random_is_better, (importance, angle, grid, yours)


def test_the_mean_is_drawn_and_counted():
    explorer = MADE["ensemble"](RIGHT["ensemble"])
    explorer.networks = 2
    right = np.sum(P[:2].mean(axis=0).argmax(axis=1) == LABELS)
    assert f"Together they read {right} of 20 digits." in said(explorer)


def test_the_crops_that_the_model_saw_are_told():
    words = said(MADE["crops"](corners))
    answers = model(np.array([IMAGES[0][:4, :4], IMAGES[0][-4:, :4]]))
    assert f"the model says {', '.join(map(str, answers.argmax(axis=1)))}." in words
    assert f"Together: {answers.mean(axis=0).argmax()}" in words
