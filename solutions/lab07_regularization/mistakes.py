"""Wrong answers that students give to lab07_regularization, each with the sentence that names it."""

import numpy as np

from course_utils.checking import mistake, solution


# --- penalties


def of(function, how):
    return function


@mistake("l2", "the slope lacks its factor 2: it belongs to λ/2 Σ W²")
def half_the_slope(W, lam):
    return solution.l2(W, lam)[0], lam * W
