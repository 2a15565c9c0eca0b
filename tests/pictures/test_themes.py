"""Pictures are legible on a light page and on a dark one: they have no background, and their words stand out from both."""

from __future__ import annotations

import io

import matplotlib.image
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from course_utils import explore_activation
from course_utils.pictures import plots

LIGHT, DARK = "#ffffff", "#111111"  # JupyterLab's own


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2)."""
    parts = np.array(to_rgb(colour))
    return float(np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])


def contrast(colour: str, page: str) -> float:
    low, high = sorted([luminance(colour), luminance(page)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("page", [LIGHT, DARK])
def test_words_and_lines_stand_out(page: str) -> None:
    assert contrast(plots.INK, page) > 4.2
    assert all(contrast(colour, page) >= 3 for colour in (plots.FORWARD, plots.GRADIENT, plots.REFERENCE, plots.HIGHLIGHT))


@pytest.mark.parametrize("kind", ["figure", "explorer"])
def test_the_page_shows_through(kind: str) -> None:
    X = np.array([[0.0, 1.0], [1.0, 0.0]])
    data = plots.points(X, np.array([True, False]), "two")._repr_png_()[0] if kind == "figure" else explore_activation(np.tanh).png()
    pixels = matplotlib.image.imread(io.BytesIO(data))
    assert pixels.shape[2] == 4
    assert (pixels[..., 3] == 0).mean() > 0.5
