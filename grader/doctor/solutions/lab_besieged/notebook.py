# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     notebook_metadata_filter: -jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A lab that is attacked
#
# Four functions and one value. `handgrad doctor --attack` hands in what hostile and unlucky students hand in.

# %% tags=["setup"]
import numpy as np

from course_utils import check

# %% nbgrader={"grade_id": "slope", "solution": true}
def slope(f, x):
    """Return the slope of f at the number x: (f(x + h) - f(x - h)) / 2h with h = 1e-5. slope(np.square, 3.0) is 6.0."""
    ### BEGIN SOLUTION
    h = 1e-5
    return (f(x + h) - f(x - h)) / (2 * h)
    ### END SOLUTION

# %% nbgrader={"grade_id": "slope_check", "grade": true}
check("slope")

# %% nbgrader={"grade_id": "sigmoid", "solution": true}
def sigmoid(z):
    """By hand, without torch: return 1 / (1 + exp(-z)) for every entry of z (any shape). sigmoid(np.zeros(2)) is [0.5, 0.5]."""
    ### BEGIN SOLUTION
    # @SOLUTIONS@
    return 1 / (1 + np.exp(-z))
    ### END SOLUTION

# %% nbgrader={"grade_id": "sigmoid_check", "grade": true}
check("sigmoid")

# %% nbgrader={"grade_id": "relu", "solution": true}
def relu(z):
    """Return max(z, 0) for every entry of z (any shape), in a new array. relu(np.array([-1.0, 2.0])) is [0.0, 2.0]."""
    ### BEGIN SOLUTION
    return np.where(z > 0, z, 0.0)
    ### END SOLUTION

# %% nbgrader={"grade_id": "relu_check", "grade": true}
check("relu")

# %% nbgrader={"grade_id": "center", "solution": true}
def center(X):
    """Return X (N, D) with every column's mean removed. The columns of center(X) have the mean 0."""
    ### BEGIN SOLUTION
    return X - X.mean(axis=0)
    ### END SOLUTION

# %% nbgrader={"grade_id": "center_check", "grade": true}
check("center")

# %% nbgrader={"grade_id": "evens", "solution": true}
evens = None    # the set of even numbers from 1 to 6
### BEGIN SOLUTION
evens = {2, 4, 6}
### END SOLUTION

# %% nbgrader={"grade_id": "evens_check", "grade": true}
check("evens")
