"""Wrong answers that students give to lab08_convolution, each with the sentence that names it."""

import math

import numpy as np

from course_utils.checking import mistake, solution


@mistake("conv_output_size", "the last place is missing: a way of n strides has n + 1 places")
def no_first_place(size, kernel, stride=1, padding=0):
    return solution.conv_output_size(size, kernel, stride, padding) - 1
