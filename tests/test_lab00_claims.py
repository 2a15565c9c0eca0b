"""What lab 0 says in words and its cells show, held by numbers: run with the lab's own cells."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import jupytext
import numpy as np
import pytest

from course_utils import data

NOTEBOOK = Path(__file__).resolve().parent.parent / "solutions" / "lab00_start" / "notebook.py"


@pytest.fixture(scope="module")
def lab():
    """The names that the notebook's cells define, without the cells that check or only show."""
    names: dict = {}
    for cell in jupytext.read(NOTEBOOK).cells:
        if cell.cell_type == "code" and not cell.source.startswith(("check(", "predict(", "explore", "hint(", "progress(", "tensors.")):
            exec(cell.source.partition("\n\n\ncheck(")[0], names)
    return SimpleNamespace(**names)


def test_the_sky_holds_least_red_and_the_roofs_most():
    photo = data.photo().astype(float)
    assert photo.shape == (128, 192, 3)
    red, green, blue = photo[:20].mean(axis=(0, 1))
    assert red < green < blue
    grey = photo @ np.array([0.299, 0.587, 0.114])
    lighter = photo[:, :, 0] > grey
    roof, columns, sky, lake = lighter[28:33, 40:75], lighter[58:68, 35:90], lighter[:20, :160], lighter[70:85, 115:155]
    assert min(roof.mean(), columns.mean()) > 0.7
    assert max(sky.mean(), lake.mean()) < 0.1


def test_a_perfect_prediction_loses_two_to_one(lab):
    assert len(lab.y) == 265
    assert lab.loss(lab.perfect, lab.y) == 11500.5
    assert lab.loss(lab.stupid, lab.y) == 5750.2
    assert np.mean((lab.perfect - lab.y) ** 2) == pytest.approx(2 * np.mean((lab.stupid - lab.y) ** 2), rel=1e-9)


def test_the_bug_trains_and_learns_nothing(lab):
    w, losses, y_hat = lab.fit(lab.y[:, None])
    assert losses[-1] == pytest.approx(2756, abs=1)
    assert np.mean((y_hat[:, 0] - lab.y) ** 2) == pytest.approx(2756, abs=1)
    assert np.abs(w).max() > 20
    w, losses, y_hat = lab.fit(lab.y)
    assert losses == sorted(losses, reverse=True)
    assert losses[0] > 30_000
    assert losses[-1] == pytest.approx(np.var(lab.y), abs=0.1)
    assert np.abs(w).max() < 1e-3
    assert np.ptp(y_hat) < 0.01
    assert y_hat.mean() == pytest.approx(lab.y.mean())


def test_scores_on_coin_flips(lab):
    assert lab.score(lab.train, lab.train) == 1
    assert lab.score(lab.train, lab.test) == pytest.approx(0.5, abs=0.03)
    assert lab.score(lab.leaky, lab.test) == pytest.approx(0.75, abs=0.03)
    assert lab.best > 0.6


def test_the_test_set_keeps_a_mean_of_its_own(lab):
    train, test = lab.standardize(lab.people.X_train, lab.people.X_test)
    assert np.abs(train.mean(axis=0)).max() < 1e-9
    assert 0.05 < np.abs(test.mean(axis=0)).max() < 0.3
