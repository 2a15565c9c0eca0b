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

# %% tags=["setup"]
from itertools import islice

import numpy as np
from scipy.special import expit

from course_utils import check, data

students = data.will_i_pass()
train_mean, train_std = students.X_train.mean(axis=0), students.X_train.std(axis=0)

# %% nbgrader={"grade_id": "numerical_gradient", "solution": true}
def numerical_gradient(f, x, h=1e-5):
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[i] += h
        behind[i] -= h
        gradient[i] = (f(ahead) - f(behind)) / (2 * h)
    return gradient
    ### END SOLUTION

# %% nbgrader={"grade_id": "relative_error", "solution": true}
def relative_error(a, b):
    ### BEGIN SOLUTION
    if np.shape(a) != np.shape(b):
        raise ValueError(f"shapes {np.shape(a)} and {np.shape(b)} cannot be compared")
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return np.linalg.norm(a - b) / size if size > 0 else 0.0
    ### END SOLUTION

# %% nbgrader={"grade_id": "linear_regression_grad", "solution": true}
def linear_regression_grad(X, y, w):
    ### BEGIN SOLUTION
    X1 = np.column_stack([np.ones(len(X)), X])
    return 2 * X1.T @ (X1 @ w - y) / len(X)
    ### END SOLUTION

# %% nbgrader={"grade_id": "logistic_regression_grad", "solution": true}
def logistic_regression_grad(X, y, w):
    ### BEGIN SOLUTION
    X1 = np.column_stack([np.ones(len(X)), X])
    p = expit(X1 @ w)
    return X1.T @ (p - y) / len(X)
    ### END SOLUTION

# %% nbgrader={"grade_id": "gradient_descent", "solution": true}
def gradient_descent(grad, w0, lr, eps, max_steps):
    ### BEGIN SOLUTION
    w, steps = np.array(w0, dtype=float), 0
    dw = grad(w)
    while np.linalg.norm(dw) > eps and steps < max_steps:
        w = w - lr * dw
        dw = grad(w)
        steps += 1
    return w, steps
    ### END SOLUTION

# %% tags=["setup"]
def one_epoch(minibatches, X, y, batch_size, rng):
    return list(islice(minibatches(X, y, batch_size, rng), 1000))

# %% nbgrader={"grade_id": "minibatches", "solution": true}
def minibatches(X, y, batch_size, rng):
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]
    ### END SOLUTION

# %% nbgrader={"grade_id": "sgd_epoch", "solution": true}
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    ### BEGIN SOLUTION
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        w = w - lr * grad(X_batch, y_batch, w)
    return w
    ### END SOLUTION

# %% nbgrader={"grade_id": "predict_pass", "solution": true}
def predict_pass(lectures, hours, w):
    ### BEGIN SOLUTION
    X = (np.column_stack([lectures, hours]) - train_mean) / train_std
    return w[0] + X @ w[1:] > 0
    ### END SOLUTION
