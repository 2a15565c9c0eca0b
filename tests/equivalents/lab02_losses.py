"""Right answers to lab02_losses, written in other ways: every one of them has to pass."""

import functools
import math
import statistics

import numpy as np


def as_list(function):
    """The answer as nested lists of Python numbers."""

    @functools.wraps(function)
    def listed(*args):
        return np.asarray(function(*args)).tolist()

    return listed


def fortran(function):
    """The answer in Fortran order, as a view into a larger array."""

    @functools.wraps(function)
    def viewed(*args):
        value = np.array(function(*args), order="F")
        return np.stack([value, value], axis=-1)[..., 0]

    return viewed


def zero_dimensional(function):
    """One number as an array without axes."""

    @functools.wraps(function)
    def wrapped(*args):
        return np.array(function(*args))

    return wrapped


def forms(*ways):
    """The given ways of an answer with many entries, and the first of them as another kind and in another memory order."""
    return [*ways, as_list(ways[0]), fortran(ways[0])]


def numbers(*ways):
    """The given ways of an answer that is one number, and the first of them as two other kinds."""
    return [*ways, as_list(ways[0]), zero_dimensional(ways[0])]


def one_hot(labels, C):
    return np.eye(C)[labels]


def stable_sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))


# --- squared error


def mse_mean_of_sums(y_hat, y):
    squares = (y_hat - y) ** 2
    return np.mean(squares if squares.ndim == 1 else squares.sum(axis=1))


def mse_loop(y_hat, y):
    total = 0.0
    for row, truth in zip(y_hat, y, strict=True):
        for a, b in zip(np.atleast_1d(row), np.atleast_1d(truth), strict=True):
            total += (float(a) - float(b)) ** 2
    return total / len(y)


def mse_einsum(y_hat, y):
    e = y_hat - y
    return np.einsum("i,i", e.ravel(), e.ravel()) / e.shape[0]


def mse_norm(y_hat, y):
    return np.linalg.norm(np.ravel(y_hat - y)) ** 2 / y.shape[0]


def mse_mean_times_outputs(y_hat, y):
    return np.mean(np.square(y_hat - y)) * (y.size // len(y))


def mse_expanded(y_hat, y):
    return ((y_hat * y_hat).sum() - 2 * (y_hat * y).sum() + (y * y).sum()) / len(y)


def mse_fsum(y_hat, y):
    return math.fsum(((y - y_hat) ** 2).ravel()) / len(y_hat)


def mse_in_torch(y_hat, y):
    import torch

    y_hat, y = torch.tensor(np.asarray(y_hat, float)), torch.tensor(np.asarray(y, float))
    return torch.nn.functional.mse_loss(y_hat, y, reduction="sum") / len(y)


def mse_grad_by_factors(y_hat, y):
    return (2.0 / y_hat.shape[0]) * (y_hat - y)


def mse_grad_turned(y_hat, y):
    return (y - y_hat) / (-0.5 * len(y))


def mse_grad_loop(y_hat, y):
    grad = np.zeros(y_hat.shape)
    for place in np.ndindex(*y_hat.shape):
        grad[place] = 2 * (y_hat[place] - y[place]) / len(y)
    return grad


def mse_grad_in_place(y_hat, y):
    grad = np.array(y_hat, dtype=float)
    grad -= y
    grad *= 2
    grad /= len(grad)
    return grad


def mse_grad_rows(y_hat, y):
    return np.stack([2 * (a - b) / len(y) for a, b in zip(y_hat, y, strict=True)])


def mse_grad_central(y_hat, y):
    grad = np.zeros(y_hat.shape)
    for place in np.ndindex(*y_hat.shape):
        step = np.zeros(y_hat.shape)
        step[place] = 0.5
        grad[place] = np.sum((y_hat + step - y) ** 2 - (y_hat - step - y) ** 2) / len(y)
    return grad


def mse_grad_in_torch(y_hat, y):
    import torch

    p = torch.tensor(np.asarray(y_hat, float), requires_grad=True)
    (((p - torch.tensor(np.asarray(y, float))) ** 2).sum() / len(y)).backward()
    return p.grad


# --- surprise of probabilities


def bce_where(p, y):
    return np.mean(np.where(y == 1, -np.log(p), -np.log(1 - p)))


def bce_of_what_happened(p, y):
    return -np.log(np.abs(1 - y - p)).mean()


def bce_two_groups(p, y):
    return -(np.log(p[y == 1]).sum() + np.log1p(-p[y == 0]).sum()) / len(p)


def bce_loop(p, y):
    total = 0
    for chance, truth in zip(p, y, strict=True):
        total -= math.log(chance) if truth else math.log(1 - chance)
    return total / len(p)


def bce_dot(p, y):
    return -(y @ np.log(p) + (1 - y) @ np.log(1 - p)) / len(y)


def bce_power(p, y):
    return -np.mean(np.log(p**y * (1 - p) ** (1 - y)))


def bce_other_base(p, y):
    return -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p)) * np.log(2)


def bce_guarded(p, y):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return -np.average(y * np.log(p) + (1 - y) * np.log(1 - p))


def bce_by_logit(p, y):
    return np.mean(-y * np.log(p / (1 - p)) - np.log1p(-p))


def bce_in_torch(p, y):
    import torch

    return torch.nn.functional.binary_cross_entropy(torch.tensor(np.array(p)), torch.tensor(np.asarray(y, float)))


def bce_grad_two_terms(p, y):
    return (-y / p + (1 - y) / (1 - p)) / len(p)


def bce_grad_where(p, y):
    return np.where(y == 1, -1 / p, 1 / (1 - p)) / p.size


def bce_grad_masks(p, y):
    grad = np.empty(len(p))
    grad[y == 1] = -1 / p[y == 1]
    grad[y == 0] = 1 / (1 - p[y == 0])
    grad /= len(p)
    return grad


def bce_grad_loop(p, y):
    return [(-1 / a if b else 1 / (1 - a)) / len(p) for a, b in zip(p, y, strict=True)]


def bce_grad_of_what_happened(p, y):
    return (1 - 2 * y) / np.abs(1 - y - p) / len(y)


def bce_grad_expanded(p, y):
    return (p - y) / (len(y) * (p - p**2))


def bce_grad_one_division(p, y):
    return 1 / ((1 - y - p) * len(y))


def bce_grad_in_torch(p, y):
    import torch

    p = torch.tensor(np.array(p), requires_grad=True)
    torch.nn.functional.binary_cross_entropy(p, torch.tensor(np.asarray(y, float))).backward()
    return p.grad


# --- surprise of scores


def logits_by_logaddexp(z, y):
    return np.mean(np.logaddexp(0, z) - y * z)


def logits_by_sign(z, y):
    return np.logaddexp(0, (1 - 2 * y) * z).mean()


def logits_two_sides(z, y):
    return np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))


def logits_where_on_a_safe_exponent(z, y):
    t = np.exp(np.where(z > 0, -z, z))
    return np.mean(np.where(z > 0, z, 0) - z * y + np.log(1 + t))


def logits_masks(z, y):
    soft, up = np.empty(len(z)), z > 0
    soft[up] = z[up] + np.log1p(np.exp(-z[up]))
    soft[~up] = np.log1p(np.exp(z[~up]))
    return np.mean(soft - y * z)


def logits_where_silenced(z, y):
    with np.errstate(all="ignore"):
        soft = np.where(z > 30, z, np.log1p(np.exp(z)))
    return np.mean(soft - y * z)


def logits_clipped_exponent(z, y):
    soft = np.where(z > 500, z, np.log1p(np.exp(np.clip(z, -500, 500))))
    return np.sum(soft - y * z) / len(z)


def logits_loop(z, y):
    total = 0.0
    for score, truth in zip(z.tolist(), y.tolist(), strict=True):
        total += max(score, 0) - score * truth + math.log1p(math.exp(-abs(score)))
    return total / len(z)


def logits_two_classes(z, y):
    Z = np.column_stack([np.zeros(len(z)), z])
    Z = Z - Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(z)), y.astype(int)])


def logits_in_torch(z, y):
    import torch

    z, y = (torch.tensor(np.asarray(each, float)) for each in (z, y))
    return torch.nn.functional.binary_cross_entropy_with_logits(z, y)


def logits_grad_by_tanh(z, y):
    return (0.5 + 0.5 * np.tanh(z / 2) - y) / z.size


def logits_grad_by_logaddexp(z, y):
    return (np.exp(-np.logaddexp(0, -z)) - y) / len(z)


def logits_grad_masks(z, y):
    p, up = np.empty(len(z)), z >= 0
    p[up] = 1 / (1 + np.exp(-z[up]))
    p[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))
    return (p - y) / len(z)


def logits_grad_safe_exponent(z, y):
    t = np.exp(-np.abs(z))
    return (np.where(z >= 0, 1, t) / (1 + t) - y) / len(y)


def logits_grad_clipped(z, y):
    return (1 / (1 + np.exp(-np.clip(z, -700, 700))) - y) / len(y)


def logits_grad_silenced(z, y):
    with np.errstate(over="ignore"):
        return (1 / (1 + np.exp(-z)) - y) / len(y)


def logits_grad_loop(z, y):
    def p(score):
        return 1 / (1 + math.exp(-score)) if score >= 0 else math.exp(score) / (1 + math.exp(score))

    return [(p(float(score)) - truth) / len(z) for score, truth in zip(z, y, strict=True)]


def logits_grad_by_label(z, y):
    return np.where(y == 1, -stable_sigmoid(-z), stable_sigmoid(z)) / len(z)


def logits_grad_in_torch(z, y):
    import torch

    z = torch.tensor(np.asarray(z, float), requires_grad=True)
    torch.nn.functional.binary_cross_entropy_with_logits(z, torch.tensor(np.asarray(y, float))).backward()
    return z.grad


# --- several classes


def softmax_transposed(Z):
    E = np.exp(Z.T - Z.max(axis=1))
    return (E / E.sum(axis=0)).T


def softmax_loop(Z):
    rows = []
    for z in Z:
        e = np.exp(z - max(z))
        rows.append(e / sum(e))
    return np.array(rows)


def softmax_pure_python(Z):
    rows = []
    for z in Z.tolist():
        e = [math.exp(score - max(z)) for score in z]
        rows.append([each / math.fsum(e) for each in e])
    return rows


def softmax_by_logarithm(Z):
    return np.exp(Z - np.logaddexp.reduce(np.asarray(Z, dtype=float), axis=1, keepdims=True))


def softmax_einsum(Z):
    E = np.exp(Z - np.amax(Z, 1)[:, None])
    return np.einsum("nc,n->nc", E, 1 / E.sum(1))


def softmax_in_place(Z):
    P = np.array(Z, dtype=float)
    P -= P.max(axis=-1, keepdims=True)
    np.exp(P, out=P)
    P /= P.sum(axis=-1, keepdims=True)
    return P


def softmax_by_differences(Z):
    Z = np.asarray(Z, dtype=float)
    with np.errstate(over="ignore"):
        return 1 / np.exp(Z[:, None, :] - Z[:, :, None]).sum(axis=2)


def softmax_apply(Z):
    def of_row(z):
        e = np.exp(z - z.max())
        return e / e.sum()

    return np.apply_along_axis(of_row, 1, np.asarray(Z, dtype=float))


def softmax_with_a_guard(Z):
    E = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return E / (np.sum(E, axis=1, keepdims=True) + 1e-12)


def softmax_in_torch(Z):
    import torch

    return torch.softmax(torch.tensor(np.asarray(Z, float)), dim=1)


def log_sum_exp(Z):
    top = Z.max(axis=1)
    return top + np.log(np.exp(Z - top[:, None]).sum(axis=1))


def entropy_log_sum_exp(Z, labels):
    return np.mean(log_sum_exp(Z) - Z[range(len(Z)), labels])


def entropy_take_along_axis(Z, labels):
    return (log_sum_exp(Z) - np.take_along_axis(Z, labels[:, None], axis=1)[:, 0]).mean()


def entropy_one_hot(Z, labels):
    return np.sum(one_hot(labels, Z.shape[1]) * (log_sum_exp(Z)[:, None] - Z)) / len(Z)


def entropy_logaddexp(Z, labels):
    Z = np.asarray(Z, dtype=float)
    return np.average(np.logaddexp.reduce(Z, axis=1) - Z[np.arange(len(labels)), labels])


def entropy_relative_to_label(Z, labels):
    return np.mean(log_sum_exp(Z - Z[np.arange(len(Z)), labels][:, None]))


def entropy_loop(Z, labels):
    total = 0.0
    for z, label in zip(Z.tolist(), labels.tolist(), strict=True):
        top = max(z)
        total += top + math.log(sum(math.exp(score - top) for score in z)) - z[label]
    return total / len(Z)


def entropy_einsum(Z, labels):
    truth = (labels[:, None] == np.arange(Z.shape[1])).astype(float)
    return (log_sum_exp(Z).sum() - np.einsum("nc,nc->", truth, Z)) / len(Z)


def entropy_choose(Z, labels):
    shifted = Z - Z.max(1, keepdims=True)
    picked = np.array([row[k] for row, k in zip(shifted, labels, strict=True)])
    return np.mean(np.log(np.sum(np.exp(shifted), 1)) - picked)


def entropy_flat(Z, labels):
    return np.mean(log_sum_exp(Z) - Z.ravel()[labels + Z.shape[1] * np.arange(len(Z))])


def entropy_log_softmax(Z, labels):
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(Z)), labels].mean()


def entropy_in_torch(Z, labels):
    import torch

    return torch.nn.functional.cross_entropy(torch.tensor(np.asarray(Z, float)), torch.tensor(np.array(labels)))


def entropy_grad_one_hot(Z, labels):
    return (softmax_loop(Z) - one_hot(labels, Z.shape[1])) / len(Z)


def entropy_grad_compared(Z, labels):
    return (softmax_transposed(Z) - (labels[:, None] == np.arange(Z.shape[1]))) / Z.shape[0]


def entropy_grad_loop(Z, labels):
    rows = []
    for p, label in zip(softmax_pure_python(Z), labels, strict=True):
        p[label] -= 1
        rows.append([each / len(Z) for each in p])
    return rows


def entropy_grad_put(Z, labels):
    grad = softmax_in_place(Z)
    np.put_along_axis(grad, labels[:, None], np.take_along_axis(grad, labels[:, None], 1) - 1, axis=1)
    return grad / len(Z)


def entropy_grad_subtract_at(Z, labels):
    grad = softmax_by_logarithm(Z) / len(Z)
    np.subtract.at(grad, (np.arange(len(Z)), labels), 1 / len(Z))
    return grad


def entropy_grad_flat(Z, labels):
    grad = np.ascontiguousarray(softmax_transposed(Z))
    grad.ravel()[labels + Z.shape[1] * np.arange(len(Z))] -= 1
    return grad / len(Z)


def entropy_grad_expm1(Z, labels):
    truth = one_hot(labels, Z.shape[1]) == 1
    log_p = Z - log_sum_exp(Z)[:, None]
    return np.where(truth, np.expm1(log_p), np.exp(log_p)) / len(Z)


def entropy_grad_in_torch(Z, labels):
    import torch

    Z = torch.tensor(np.asarray(Z, float), requires_grad=True)
    torch.nn.functional.cross_entropy(Z, torch.tensor(np.array(labels))).backward()
    return Z.grad


# --- what we want, and what we minimise


def accuracy_loop(Z, labels):
    return sum(max(range(len(z)), key=list(z).__getitem__) == label for z, label in zip(Z, labels, strict=True)) / len(Z)


def accuracy_counted(Z, labels):
    return np.count_nonzero(np.argmax(Z, axis=-1) == labels) / len(labels)


def accuracy_of_the_largest(Z, labels):
    return np.mean(Z[np.arange(len(Z)), labels] == Z.max(axis=1))


def accuracy_sorted(Z, labels):
    return (np.argsort(Z, axis=1)[:, -1] == labels).sum() / len(Z)


def accuracy_by_softmax(Z, labels):
    return float((softmax_in_place(Z).argmax(1) == labels).mean())


def accuracy_of_errors(Z, labels):
    return 1 - np.mean(np.argmax(Z, 1) != labels)


def accuracy_mean_of_list(Z, labels):
    return statistics.fmean(int(np.argmax(z) == label) for z, label in zip(Z, labels, strict=True))


def accuracy_one_hot(Z, labels):
    return np.trace(one_hot(Z.argmax(1), Z.shape[1]) @ one_hot(labels, Z.shape[1]).T) / len(Z)


def accuracy_in_double(Z, labels):
    return np.mean(Z.argmax(axis=1) == labels, dtype=np.float64)


def empirical_loop(loss, model, X, y):
    predictions, total = model(X), 0.0
    for i in range(len(y)):
        total += loss(predictions[i], y[i])
    return total / len(y)


def empirical_sum(loss, model, X, y):
    return sum(map(loss, model(X), y)) / len(X)


def empirical_fsum(loss, model, X, y):
    return math.fsum(loss(a, b) for a, b in zip(model(X), y, strict=True)) / len(y)


def empirical_statistics(loss, model, X, y):
    return statistics.fmean(float(loss(a, b)) for a, b in zip(model(X), y, strict=True))


def empirical_filled(loss, model, X, y):
    found, predictions = np.zeros(len(y)), model(X)
    for i, target in enumerate(y):
        found[i] = loss(predictions[i], target)
    return found.mean()


def empirical_running_mean(loss, model, X, y):
    mean = 0.0
    for n, (a, b) in enumerate(zip(model(X), y, strict=True), start=1):
        mean += (loss(a, b) - mean) / n
    return mean


def empirical_row_by_row(loss, model, X, y):
    return np.mean([loss(model(X[i : i + 1])[0], y[i]) for i in range(len(X))])


def empirical_logged(loss, model, X, y):
    losses = [loss(a, b) for a, b in zip(model(X), y, strict=True)]
    print(f"smallest {min(losses)}, largest {max(losses)}")
    return np.average(losses)


# --- proof-reading

REASONS = {1: "sign", 2: "always 0", 3: "mean", 4: "overflow", 5: "overflow", 6: "nothing", 7: "nothing"}

EQUIVALENTS = {
    "mse": numbers(mse_mean_of_sums, mse_loop, mse_einsum, mse_norm, mse_mean_times_outputs, mse_expanded, mse_fsum, mse_in_torch),
    "mse_grad": forms(
        *(mse_grad_by_factors, mse_grad_turned, mse_grad_loop, mse_grad_in_place, mse_grad_rows, mse_grad_central, mse_grad_in_torch)
    ),
    "bce": numbers(
        *(bce_where, bce_of_what_happened, bce_two_groups, bce_loop, bce_dot, bce_power, bce_other_base, bce_guarded),
        *(bce_by_logit, bce_in_torch),
    ),
    "bce_grad": forms(
        *(bce_grad_two_terms, bce_grad_where, bce_grad_masks, bce_grad_loop, bce_grad_of_what_happened, bce_grad_expanded),
        *(bce_grad_one_division, bce_grad_in_torch),
    ),
    "bce_with_logits": numbers(
        *(logits_by_logaddexp, logits_by_sign, logits_two_sides, logits_where_on_a_safe_exponent, logits_masks),
        *(logits_where_silenced, logits_clipped_exponent, logits_loop, logits_two_classes, logits_in_torch),
    ),
    "bce_with_logits_grad": forms(
        *(logits_grad_by_tanh, logits_grad_by_logaddexp, logits_grad_masks, logits_grad_safe_exponent, logits_grad_clipped),
        *(logits_grad_silenced, logits_grad_loop, logits_grad_by_label, logits_grad_in_torch),
    ),
    "softmax": forms(
        *(softmax_transposed, softmax_loop, softmax_pure_python, softmax_by_logarithm, softmax_einsum, softmax_in_place),
        *(softmax_by_differences, softmax_apply, softmax_with_a_guard, softmax_in_torch),
    ),
    "cross_entropy": numbers(
        *(entropy_log_sum_exp, entropy_take_along_axis, entropy_one_hot, entropy_logaddexp, entropy_relative_to_label),
        *(entropy_loop, entropy_einsum, entropy_choose, entropy_flat, entropy_log_softmax, entropy_in_torch),
    ),
    "cross_entropy_grad": forms(
        *(entropy_grad_one_hot, entropy_grad_compared, entropy_grad_loop, entropy_grad_put, entropy_grad_subtract_at),
        *(entropy_grad_flat, entropy_grad_expm1, entropy_grad_in_torch),
    ),
    "accuracy": numbers(
        *(accuracy_loop, accuracy_counted, accuracy_of_the_largest, accuracy_sorted, accuracy_by_softmax, accuracy_of_errors),
        *(accuracy_mean_of_list, accuracy_one_hot, accuracy_in_double),
    ),
    "empirical_loss": numbers(
        *(empirical_loop, empirical_sum, empirical_fsum, empirical_statistics, empirical_filled, empirical_running_mean),
        *(empirical_row_by_row, empirical_logged),
    ),
    "slide_errors": [
        dict(reversed(REASONS.items())),
        {**REASONS, 8: "nothing"},
        dict(zip(range(1, 8), list(REASONS.values()), strict=True)),
        {**dict.fromkeys(range(1, 8), "nothing"), **{line: verdict for line, verdict in REASONS.items() if verdict != "nothing"}},
    ],
}
