"""When numbers alone say why they are wrong, and when what they seem to say is chance."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.checking.diagnose import Facts, from_values

SIZES = {"x": (7, 5)}


@pytest.mark.parametrize(
    ("got", "want", "said"),
    [
        (0.2, 103.0, None),  # 515 times too small: both are short numbers, and every such pair has a ratio
        (0.4, 0.6, None),  # 1 minus the other
        (0.25, 0.5, "y is 2 times too small"),  # a factor 2 is a slip that many make
        (1.4, 0.2, "y is 7 times too large: 7 is the size of x's axis 0"),  # a size explains it
        (1.2344, 3.7032, "y is 3 times too small"),  # four decimals that agree are no chance
        (0.3766, 0.6234, "y is 1 minus the value of what it should be"),
        ([0.4, 0.1, 0.3], [0.6, 0.9, 0.7], "y is 1 minus the value of what it should be"),  # nor are three numbers
    ],
)
def test_two_short_numbers_alone_prove_nothing(got, want, said):
    facts = Facts({"y": np.asarray(got)}, {"y": np.asarray(want)}, SIZES)
    assert from_values("y", facts) == said
