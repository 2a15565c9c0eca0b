"""An argument whose part has become something else is a changed argument, and no error."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.checking.plain import same


@pytest.mark.parametrize(
    "after",
    [
        {"lr": 0.5, "sizes": [1, 2], "w": np.ones(2)},
        {"lr": (0.1, 1.0), "sizes": None, "w": np.ones(2)},
        {"lr": (0.1, 1.0), "sizes": [1, 2], "w": 3.0},
        {"lr": (0.1, np.ones(2)), "sizes": [1, 2], "w": np.ones(2)},
        [1],
    ],
)
def test_a_part_of_another_kind_is_a_change(after):
    before = {"lr": (0.1, 1.0), "sizes": [1, 2], "w": np.ones(2)}
    assert same(before, {"lr": (0.1, 1.0), "sizes": [1, 2], "w": np.ones(2)})
    assert not same(before, after)
