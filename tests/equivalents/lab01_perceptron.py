"""Right answers to lab01_perceptron, written in other ways: every one of them has to pass."""

import functools
import math

import numpy as np


def as_list(function):
    """The answer as nested lists of Python numbers."""

    @functools.wraps(function)
    def listed(*args, **kwargs):
        return np.asarray(function(*args, **kwargs)).tolist()

    return listed


def fortran(function):
    """The answer in Fortran order, as a view into a larger array."""

    @functools.wraps(function)
    def viewed(*args, **kwargs):
        value = np.array(function(*args, **kwargs), order="F")
        return np.stack([value, value], axis=-1)[..., 0]

    return viewed


def entry_by_entry(formula):
    """A loop over the entries with a formula for Python numbers."""

    @functools.wraps(formula)
    def looped(z, *args):
        out = np.empty(np.shape(z))
        for index, value in np.ndenumerate(z):
            out[index] = formula(float(value), *args)
        return out

    return looped


def forms(*ways):
    """The given ways, and the first of them as another kind and in another memory order."""
    return [*ways, as_list(ways[0]), fortran(ways[0])]


# --- one neuron


def perceptron_loop(x, w, w0, g):
    total = w0
    for xi, wi in zip(x, w, strict=True):
        total = total + xi * wi
    return g(total)


def perceptron_constant_input(x, w, w0, g):
    return g(np.dot(np.append(1.0, x), np.append(w0, w)))


def perceptron_einsum(x, w, w0, g):
    return g(np.einsum("i,i", x, w) + w0)


def perceptron_zero_dimensional(x, w, w0, g):
    return np.array(g(np.array(sum(x * w) + w0)))


def perceptron_python_float(x, w, w0, g):
    return float(g(math.fsum([w0, *(x * w)])))


def perceptron_logged(x, w, w0, g):
    z = w0 + x @ w
    print(f"z = {z}, g(z) = {g(z)}")
    return g(z)


def perceptron_renamed(inputs, weights, bias, activation, verbose=False):
    return activation(bias + inputs @ weights)


def boundary_two_terms(x1, w0, w):
    w1, w2 = w
    return -w0 / w2 - w1 / w2 * x1


def boundary_double_negative(x1, w0, w):
    return (w0 + x1 * w[0]) / -w[1]


def boundary_list(x1, w0, w):
    if np.ndim(x1) == 0:
        return boundary_two_terms(x1, w0, w)
    return [-(w0 + w[0] * x) / w[1] for x in x1]


def batch_einsum(X, W, b, g):
    return g(np.einsum("nd,dh->nh", X, W) + b)


def batch_columns(X, W, b, g):
    return g(W.T @ X.T + b[:, None]).T


def batch_loops(X, W, b, g):
    return [[g(sum(X[n, d] * W[d, h] for d in range(X.shape[1])) + b[h]) for h in range(len(b))] for n in range(len(X))]


def batch_bias_as_row(X, W, b, g):
    return g(np.hstack([np.ones((len(X), 1)), X]) @ np.vstack([b, W]))


def batch_row_by_row(X, W, b, g):
    return np.array([g(x @ W + b) for x in X])


def batch_by_perceptron(X, W, b, g):
    return [[perceptron_python_float(x, w, bias, g) for w, bias in zip(W.T, b, strict=True)] for x in X]


def batch_matrix(X, W, b, g):
    return g(np.matrix(X) * np.matrix(W) + b)


# --- sigmoid, tanh, ReLU


def sigmoid_masks(z):
    z = np.asarray(z, dtype=float)
    out = np.empty_like(z)
    positive = z >= 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    out[~positive] = e / (1 + e)
    return out


def sigmoid_by_tanh(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def sigmoid_clipped_where_it_does_not_matter(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


def sigmoid_silenced(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def sigmoid_by_logaddexp(z):
    return np.exp(-np.logaddexp(0, -z))


@entry_by_entry
def sigmoid_loop(z):
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def sigmoid_grad_both_sides(z):
    return sigmoid_masks(z) * sigmoid_masks(-z)


def sigmoid_grad_by_exponential(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def sigmoid_grad_difference(z):
    s = sigmoid_masks(z)
    return s - s**2


def sigmoid_grad_by_tanh(z):
    return (1 - np.tanh(z / 2) ** 2) / 4


def tanh_grad_by_cosh(z):
    with np.errstate(over="ignore"):
        return 1 / np.cosh(z) ** 2


def tanh_grad_warns_far_out(z):
    return 1 / np.cosh(z) ** 2


def tanh_grad_factors(z):
    t = np.tanh(z)
    return (1 - t) * (1 + t)


def tanh_grad_by_sigmoid(z):
    return 4 * sigmoid_grad_by_exponential(2 * z)


@entry_by_entry
def tanh_grad_loop(z):
    return 1 - math.tanh(z) ** 2


def relu_where(z):
    return np.where(z < 0, 0, z)


def relu_times_mask(z):
    return z * (z > 0)


def relu_copy(z):
    out = z.copy()
    out[out < 0] = 0
    return out


def relu_mean_with_absolute(z):
    return (z + np.abs(z)) / 2


@entry_by_entry
def relu_loop(z):
    return max(0.0, z)


def relu_grad_booleans(z):
    return z > 0


def relu_grad_integers(z):
    return (z > 0).astype(int)


def relu_grad_heaviside(z):
    return np.heaviside(z, 0)


def relu_grad_of_sign(z):
    return np.sign(np.maximum(z, 0))


@entry_by_entry
def relu_grad_loop(z):
    return 1 if z > 0 else 0


# --- the zoo


def leaky_two_parts(z, alpha=0.1):
    return np.maximum(z, 0) + alpha * np.minimum(z, 0)


def leaky_mask(z, alpha=0.1):
    out = np.array(z, dtype=float)
    out[out < 0] *= alpha
    return out


@entry_by_entry
def leaky_loop(z, alpha=0.1):
    return z if z > 0 else alpha * z


def leaky_grad_arithmetic(z, alpha=0.1):
    return (z > 0) + alpha * (z <= 0)


def leaky_grad_one_in_the_corner(z, alpha=0.1):
    return np.where(z >= 0, 1, alpha)


def leaky_grad_in_whole_numbers(z, alpha=0.1):
    return np.where(z > 0, 1, alpha)


@entry_by_entry
def leaky_grad_loop(z, alpha=0.1):
    return 1.0 if z > 0 else alpha


def elu_plain_where(z, alpha=1.0):
    with np.errstate(over="ignore"):
        return np.where(z > 0, z, alpha * (np.exp(z) - 1))


def elu_warns_far_right(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (np.exp(z) - 1))


def elu_two_parts(z, alpha=1.0):
    return np.maximum(z, 0) + alpha * (np.exp(np.minimum(z, 0)) - 1)


@entry_by_entry
def elu_loop(z, alpha=1.0):
    return z if z >= 0 else alpha * math.expm1(z)


def elu_grad_from_elu(z, alpha=1.0):
    return np.where(z > 0, 1, elu_two_parts(z, alpha) + alpha)


def elu_grad_warns_far_right(z, alpha=1.0):
    return np.where(z > 0, 1.0, alpha * np.exp(z))


def elu_grad_mask(z, alpha=1.0):
    out = np.ones(z.shape)
    out[z <= 0] = alpha * np.exp(z[z <= 0])
    return out


@entry_by_entry
def elu_grad_loop(z, alpha=1.0):
    return 1 if z > 0 else alpha * math.exp(z)


def softplus_stable(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def softplus_plain_logarithm(z):
    return np.maximum(z, 0) + np.log(1 + np.exp(-np.abs(z)))


def softplus_switch(z):
    with np.errstate(over="ignore"):
        return np.where(z > 30, z, np.log1p(np.exp(z)))


@entry_by_entry
def softplus_loop(z):
    return max(z, 0) + math.log1p(math.exp(-abs(z)))


def softsign_where(z):
    return np.where(z > 0, z / (1 + np.abs(z)), -np.abs(z) / (1 + np.abs(z)))


def softsign_by_sign(z):
    return np.sign(z) * (1 - 1 / (1 + np.abs(z)))


@entry_by_entry
def softsign_loop(z):
    return z / (1 + abs(z))


def softsign_grad_power(z):
    return (1 + np.abs(z)) ** -2.0


def softsign_grad_from_softsign(z):
    return (1 - np.abs(softsign_where(z))) ** 2


@entry_by_entry
def softsign_grad_loop(z):
    return 1 / (1 + abs(z)) ** 2


def hard_tanh_two_limits(z):
    return np.maximum(-1, np.minimum(1, z))


def hard_tanh_where(z):
    return np.where(z > 1, 1, np.where(z < -1, -1, z))


@entry_by_entry
def hard_tanh_loop(z):
    return min(1.0, max(-1.0, z))


def hard_tanh_grad_booleans(z):
    return (z > -1) & (z < 1)


def hard_tanh_grad_corners_included(z):
    return np.where(np.abs(z) <= 1, 1, 0)


@entry_by_entry
def hard_tanh_grad_loop(z):
    return 1 if -1 < z < 1 else 0


# --- layers


def collapse_einsum(W1, b1, W2, b2):
    return np.einsum("dh,hk->dk", W1, W2), np.einsum("h,hk->k", b1, W2) + b2


def collapse_homogeneous(W1, b1, W2, b2):
    whole = np.vstack([W1, b1]) @ W2
    return whole[:-1], whole[-1] + b2


def collapse_columns(W1, b1, W2, b2):
    return (W2.T @ W1.T).T, W2.T @ b1 + b2


def collapse_lists(W1, b1, W2, b2):
    return [(W1 @ W2).tolist(), (b1 @ W2 + b2).tolist()]


def collapse_probing(W1, b1, W2, b2):
    b = (np.zeros(len(W1)) @ W1 + b1) @ W2 + b2
    return np.stack([(row + b1) @ W2 + b2 - b for row in W1]), b


def deep_recursive(X, params, g):
    *before, (W, b) = params
    return (g(deep_recursive(X, before, g)) if before else X) @ W + b


def deep_last_apart(X, params, g):
    H = X
    for W, b in params[:-1]:
        H = g(H @ W + b)
    W, b = params[-1]
    return H @ W + b


def deep_example_by_example(X, params, g):
    return [deep_last_apart(x[None], params, g)[0].tolist() for x in X]


def deep_columns(X, params, g):
    Z = X.T
    for k, (W, b) in enumerate(params):
        Z = W.T @ (g(Z) if k else Z) + b[:, None]
    return Z.T


def deep_einsum(X, params, g):
    Z = np.einsum("nd,dh->nh", X, params[0][0]) + params[0][1]
    for W, b in params[1:]:
        Z = np.einsum("nd,dh->nh", g(Z), W) + b
    return Z


def in_torch(name):
    """The activation `name` of torch.nn.functional, in double precision."""

    def activation(z, alpha=None):
        import torch

        z = torch.tensor(np.asarray(z, dtype=float))
        extra = () if alpha is None else (alpha,)
        return getattr(torch.nn.functional, name)(z, *extra)

    return activation


def slope_in_torch(name):
    """Its slope, by torch's own autograd."""

    def slope(z, alpha=None):
        import torch

        z = torch.tensor(np.asarray(z, dtype=float), requires_grad=True)
        extra = () if alpha is None else (alpha,)
        getattr(torch.nn.functional, name)(z, *extra).sum().backward()
        return z.grad

    return slope


def with_slope(function, alpha):
    """The same with the lab's default for the slope on the left."""

    def activation(z, alpha=alpha):
        return function(z, alpha)

    return activation


def batch_in_torch(X, W, b, g):
    import torch

    X, W, b = (torch.tensor(np.asarray(each, dtype=float)) for each in (X, W, b))
    return g((X @ W + b).numpy())


EQUIVALENTS = {
    "perceptron": [
        perceptron_loop,
        perceptron_constant_input,
        perceptron_einsum,
        perceptron_zero_dimensional,
        perceptron_python_float,
        perceptron_logged,
        perceptron_renamed,
    ],
    "boundary": forms(boundary_two_terms, boundary_double_negative, boundary_list),
    "perceptron_batch": forms(
        batch_einsum, batch_columns, batch_loops, batch_bias_as_row, batch_row_by_row, batch_by_perceptron, batch_matrix
    ),
    "sigmoid": forms(
        sigmoid_masks, sigmoid_by_tanh, sigmoid_clipped_where_it_does_not_matter, sigmoid_by_logaddexp, sigmoid_silenced, sigmoid_loop
    ),
    "sigmoid_grad": forms(sigmoid_grad_both_sides, sigmoid_grad_by_exponential, sigmoid_grad_difference, sigmoid_grad_by_tanh),
    "tanh_grad": forms(tanh_grad_factors, tanh_grad_by_cosh, tanh_grad_by_sigmoid, tanh_grad_warns_far_out, tanh_grad_loop),
    "relu": forms(relu_where, relu_times_mask, relu_copy, relu_mean_with_absolute, relu_loop),
    "relu_grad": forms(relu_grad_booleans, relu_grad_integers, relu_grad_heaviside, relu_grad_of_sign, relu_grad_loop),
    "leaky_relu": forms(leaky_two_parts, leaky_mask, leaky_loop),
    "leaky_relu_grad": forms(leaky_grad_arithmetic, leaky_grad_one_in_the_corner, leaky_grad_in_whole_numbers, leaky_grad_loop),
    "elu": forms(elu_two_parts, elu_plain_where, elu_warns_far_right, elu_loop),
    "elu_grad": forms(elu_grad_from_elu, elu_grad_mask, elu_grad_warns_far_right, elu_grad_loop),
    "softplus": forms(softplus_stable, softplus_plain_logarithm, softplus_switch, softplus_loop),
    "softplus_grad": forms(sigmoid_masks, sigmoid_by_tanh, sigmoid_by_logaddexp, sigmoid_loop),
    "softsign": forms(softsign_where, softsign_by_sign, softsign_loop),
    "softsign_grad": forms(softsign_grad_power, softsign_grad_from_softsign, softsign_grad_loop),
    "hard_tanh": forms(hard_tanh_two_limits, hard_tanh_where, hard_tanh_loop),
    "hard_tanh_grad": forms(hard_tanh_grad_booleans, hard_tanh_grad_corners_included, hard_tanh_grad_loop),
    "collapse_linear": [
        collapse_einsum,
        collapse_homogeneous,
        collapse_columns,
        collapse_lists,
        collapse_probing,
    ],
    "deep_forward": [
        *[deep_recursive, deep_last_apart, deep_example_by_example, deep_columns, deep_einsum],
        fortran(deep_recursive),
    ],
}

EQUIVALENTS["perceptron_batch"].append(batch_in_torch)
for _name, _torch in {
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "softplus": "softplus",
    "softsign": "softsign",
    "hard_tanh": "hardtanh",
}.items():
    EQUIVALENTS.get(_name, []).append(in_torch(_torch))  # tanh itself is no exercise
    EQUIVALENTS[f"{_name}_grad"].append(slope_in_torch(_torch))
for _name, _alpha in {"leaky_relu": 0.1, "elu": 1.0}.items():
    EQUIVALENTS[_name].append(with_slope(in_torch(_name), _alpha))
    EQUIVALENTS[f"{_name}_grad"].append(with_slope(slope_in_torch(_name), _alpha))
