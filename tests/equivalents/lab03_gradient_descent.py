"""Right answers to lab03_gradient_descent, written in other ways than the reference; every check has to pass them."""

import math

import numpy as np
from scipy.special import expit

from course_utils import data

# --- numerical_gradient


def slopes_by_flat_index(f, x, h=1e-5):
    x = np.array(x, dtype=np.float64, order="C")
    gradient = np.empty(x.size)
    for i in range(x.size):
        kept = x.flat[i]
        x.flat[i] = kept + h
        ahead = f(x)
        x.flat[i] = kept - h
        behind = f(x)
        x.flat[i] = kept
        gradient[i] = (ahead - behind) / (2 * h)
    return gradient.reshape(x.shape)


def slopes_by_nditer(f, x, h=1e-5):
    x = np.asarray(x).astype(float)
    gradient = np.zeros(x.shape)
    entries = np.nditer(x, flags=["multi_index"], op_flags=[["readwrite"]])
    for entry in entries:
        kept = float(entry)
        entry[...] = kept + h
        ahead = f(x)
        entry[...] = kept - h
        gradient[entries.multi_index] = (ahead - f(x)) / 2 / h
        entry[...] = kept
    return gradient


def slopes_by_unit_vectors(f, x, h=1e-5):
    units = np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + h * unit) - f(x - h * unit)) / (2 * h) for unit in units]).reshape(x.shape)


def slopes_in_place_and_put_back(f, x, h=1e-5):
    if x.dtype.kind != "f":
        x = x.astype(float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(*x.shape):
        kept = x[i]
        x[i] = kept + h
        ahead = f(x)
        x[i] = kept - h
        behind = f(x)
        x[i] = kept
        gradient[i] = 0.5 * (ahead - behind) / h
    return gradient


def slopes_as_nested_lists(f, x, h=1e-5):
    return slopes_by_flat_index(f, x, h).tolist()


# --- relative_error


def error_with_roots(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError("shapes differ")
    size = math.sqrt(np.sum(np.square(a))) + math.sqrt(np.sum(np.square(b)))
    return 0.0 if size == 0 else math.sqrt(np.sum(np.square(np.subtract(a, b)))) / size


def error_with_a_floor(a, b):
    if a.shape != b.shape:
        raise ValueError("shapes differ")
    return np.linalg.norm(a - b) / max(np.linalg.norm(a) + np.linalg.norm(b), 1e-12)


def error_with_a_tiny_number(a, b):
    if a.shape != b.shape:
        raise ValueError("shapes differ")
    return np.linalg.norm((a - b).ravel()) / (np.linalg.norm(a.ravel()) + np.linalg.norm(b.ravel()) + 1e-15)


def error_by_loops(a, b):
    if a.shape != b.shape:
        raise ValueError
    total = [0.0, 0.0, 0.0]
    for p, q in zip(a.flat, b.flat, strict=True):
        total = [total[0] + (p - q) ** 2, total[1] + p * p, total[2] + q * q]
    size = total[1] ** 0.5 + total[2] ** 0.5
    return np.array(total[0] ** 0.5 / size if size else 0.0)


# --- the two gradients


def linear_example_by_example(X, y, w):
    total = np.zeros(len(w))
    for x, target in zip(X, y, strict=True):
        x = np.concatenate([[1.0], x])
        total += 2 * (w @ x - target) * x
    return total / len(y)


def linear_bias_apart(X, y, w):
    error = w[0] + X @ w[1:] - y
    return np.append(2 * error.mean(), 2 * (X * error[:, None]).mean(axis=0))


def linear_einsum(X, y, w):
    X1 = np.insert(np.asarray(X, dtype=float), 0, 1.0, axis=1)
    return np.einsum("n,nk->k", np.einsum("nk,k->n", X1, w) - y, X1) * (2 / X.shape[0])


def linear_expanded(X, y, w):
    X1 = np.hstack([np.ones((X.shape[0], 1)), X])
    return list(2 / len(y) * (X1.T @ X1 @ w - X1.T @ y))


def logistic_example_by_example(X, y, w):
    total = np.zeros(len(w))
    for x, label in zip(X, y, strict=True):
        z = w[0] + sum(a * b for a, b in zip(x, w[1:], strict=True))
        total += (expit(z) - label) * np.array([1.0, *x])
    return total / len(y)


def logistic_bias_apart(X, y, w):
    error = expit(w[0] + X @ w[1:]) - y
    return [error.mean(), *np.mean(error[:, None] * X, axis=0)]


def logistic_with_its_own_sigmoid(X, y, w):
    X1 = np.c_[np.ones(len(X)), X]
    with np.errstate(over="ignore"):
        p = 1 / (1 + np.exp(-(X1 @ w)))
    return (X1 * (p - y).reshape(-1, 1)).sum(axis=0) / X1.shape[0]


def logistic_with_tanh(X, y, w):
    X1 = np.insert(X, 0, 1.0, axis=1)
    return np.einsum("nk,n->k", X1, 0.5 * (1 + np.tanh(X1 @ w / 2)) - y) / len(y)


# --- gradient_descent


def descent_with_a_for_loop(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float)
    for step in range(max_steps):
        dw = grad(w)
        if np.linalg.norm(dw) <= eps:
            return w, step
        w = w - lr * dw
    return w, max_steps


def descent_in_place(grad, w0, lr, eps, max_steps):
    w, steps = np.asarray(w0).astype(float), 0
    while True:
        dw = grad(w)
        if not np.sqrt(np.sum(dw**2)) > eps or steps >= max_steps:
            break
        w -= lr * dw
        steps += 1
    return w, steps


def descent_asking_twice(grad, w0, lr, eps, max_steps):
    w, steps = w0 * 1.0, 0
    while steps < max_steps and math.hypot(*grad(w)) > eps:
        w = w + lr * -grad(w)
        steps = steps + 1
    return [w, steps]


def descent_by_recursion(grad, w0, lr, eps, max_steps):
    if max_steps == 0 or np.linalg.norm(grad(w0)) <= eps:
        return np.asarray(w0, dtype=float), 0
    w, steps = descent_by_recursion(grad, w0 - lr * grad(w0), lr, eps, max_steps - 1)
    return w, steps + 1


# --- minibatches


def batches_by_shuffled_numbers(X, y, batch_size, rng):
    order = np.arange(len(y))
    rng.shuffle(order)
    while len(order):
        rows, order = order[:batch_size], order[batch_size:]
        yield X[rows], y[rows]


def batches_by_sorting_noise(X, y, batch_size, rng):
    order = np.argsort(rng.random(X.shape[0]))
    X, y = X[order], y[order]
    for i in range(0, len(y), batch_size):
        yield X[i : i + batch_size], y[i : i + batch_size]


def batches_in_a_list(X, y, batch_size, rng):
    order = rng.choice(len(X), size=len(X), replace=False)
    cuts = range(batch_size, len(X), batch_size)
    return list(zip(np.split(X[order], cuts), np.split(y[order], cuts), strict=True))


def batches_as_lists(X, y, batch_size, rng):
    pairs = list(zip(X.tolist(), y.tolist(), strict=True))
    rng.shuffle(pairs)
    for i in range(0, len(pairs), batch_size):
        X_batch, y_batch = zip(*pairs[i : i + batch_size], strict=True)
        yield [list(x) for x in X_batch], list(y_batch)


# --- sgd_epoch


def epoch_in_place(grad, w, X, y, lr, batch_size, rng):
    w = np.array(w, dtype=float)
    for X_batch, y_batch in batches_by_shuffled_numbers(X, y, batch_size, rng):
        w -= lr * grad(X_batch, y_batch, w)
    return w


def epoch_by_hand(grad, w, X, y, lr, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        w = w + -lr * grad(X=X[rows], y=y[rows], w=w)
    return w


def epoch_example_by_example(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in batches_by_sorting_noise(X, y, batch_size, rng):
        slopes = [grad(X_batch[i : i + 1], y_batch[i : i + 1], w) for i in range(len(y_batch))]
        w = w - lr * np.mean(slopes, axis=0)
    return w


def epoch_over_a_list(grad, w, X, y, lr, batch_size, rng):
    for batch in batches_in_a_list(X, y, batch_size, rng):
        step = np.multiply(lr, grad(*batch, w))
        w = np.subtract(w, step)
    return w.tolist()


# --- predict_pass

_X = data.will_i_pass().X_train
_MEAN, _STD = _X.mean(axis=0), _X.std(axis=0)


def passes_by_score(lectures, hours, w):
    z = w[0] + w[1] * (lectures - _MEAN[0]) / _STD[0] + w[2] * (hours - _MEAN[1]) / _STD[1]
    return z > 0


def passes_by_probability(lectures, hours, w):
    X1 = np.column_stack([np.ones(len(hours)), (lectures - _MEAN[0]) / _STD[0], (hours - _MEAN[1]) / _STD[1]])
    return expit(X1 @ w) > 0.5


def passes_as_numbers(lectures, hours, w):
    X = (np.stack([lectures, hours], axis=1) - _MEAN) / _STD
    return np.round(expit(w[0] + X @ w[1:]))


def passes_in_raw_units(lectures, hours, w):
    raw = w[1:] / _STD
    return np.array([w[0] + raw @ (np.array(pair) - _MEAN) > 0 for pair in zip(lectures, hours, strict=True)])


def passes_as_a_list(lectures, hours, w):
    return [bool(value) for value in passes_by_score(lectures, hours, w)]


# --- the same in torch, double precision


def _slope_in_torch(loss, w):
    import torch

    w = torch.tensor(np.asarray(w, dtype=float), requires_grad=True)
    loss(w).backward()
    return w.grad


def linear_in_torch(X, y, w):
    import torch

    X1 = torch.from_numpy(np.column_stack([np.ones(len(X)), X]))
    return _slope_in_torch(lambda w: ((X1 @ w - torch.tensor(np.asarray(y, dtype=float))) ** 2).mean(), w)


def logistic_in_torch(X, y, w):
    import torch

    X1, y = torch.from_numpy(np.column_stack([np.ones(len(X)), X])), torch.tensor(np.asarray(y, dtype=float))
    return _slope_in_torch(lambda w: torch.nn.functional.binary_cross_entropy_with_logits(X1 @ w, y), w)


def error_in_torch(a, b):
    import torch

    if np.shape(a) != np.shape(b):
        raise ValueError("two shapes")
    a, b = torch.tensor(np.asarray(a, dtype=float)), torch.tensor(np.asarray(b, dtype=float))
    size = a.norm() + b.norm()
    return (a - b).norm() / size if size > 0 else torch.zeros((), dtype=torch.float64)


EQUIVALENTS = {
    "numerical_gradient": [
        slopes_by_flat_index,
        slopes_by_nditer,
        slopes_by_unit_vectors,
        slopes_in_place_and_put_back,
        slopes_as_nested_lists,
    ],
    "relative_error": [error_with_roots, error_with_a_floor, error_with_a_tiny_number, error_by_loops, error_in_torch],
    "linear_regression_grad": [linear_example_by_example, linear_bias_apart, linear_einsum, linear_expanded, linear_in_torch],
    "logistic_regression_grad": [
        logistic_example_by_example,
        logistic_bias_apart,
        logistic_with_its_own_sigmoid,
        logistic_with_tanh,
        logistic_in_torch,
    ],
    "gradient_descent": [descent_with_a_for_loop, descent_in_place, descent_asking_twice, descent_by_recursion],
    "minibatches": [batches_by_shuffled_numbers, batches_by_sorting_noise, batches_in_a_list, batches_as_lists],
    "sgd_epoch": [epoch_in_place, epoch_by_hand, epoch_example_by_example, epoch_over_a_list],
    "predict_pass": [passes_by_score, passes_by_probability, passes_as_numbers, passes_in_raw_units, passes_as_a_list],
}
