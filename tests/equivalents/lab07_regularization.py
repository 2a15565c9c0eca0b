"""Right answers to lab07_regularization, written in other ways than the reference; every check has to pass them."""

import copy
import math
from dataclasses import dataclass, field

import numpy as np

# --- penalties


def l2_by_a_loop(W, lam):
    total = 0.0
    for w in np.ravel(W):
        total += lam * w * w
    return total, 2 * lam * W


def l2_by_einsum(W, lam):
    flat = np.ravel(W)
    return lam * np.einsum("i,i->", flat, flat), lam * (W + W)


def l2_by_a_norm(W, lam):
    return lam * np.linalg.norm(W.ravel()) ** 2, np.multiply(2 * lam, W)


def l2_in_a_list(weights, price):
    gradient = np.zeros(weights.shape)
    gradient += weights
    gradient *= 2 * price
    return [np.float64(price * (weights * weights).sum()), gradient]


def l2_by_dot(W, lam):
    flat = W.reshape(-1).astype(float)
    return float(flat @ flat) * lam, (2 * lam * flat).reshape(W.shape)


def l2_in_a_zero_d_array(W, lam):
    return np.array(lam * np.square(W).sum()), 2.0 * (lam * W)


def l2_in_fortran_order(W, lam):
    return lam * sum(float(w) ** 2 for w in W.flat), np.asfortranarray(2 * lam * W)


def l1_by_a_loop(W, lam):
    dW = np.zeros(W.shape)
    penalty = 0.0
    for place in np.ndindex(W.shape):
        penalty += lam * abs(W[place])
        if W[place] > 0:
            dW[place] = lam
        elif W[place] < 0:
            dW[place] = -lam
    return penalty, dW


def l1_by_two_comparisons(W, lam):
    return lam * np.abs(W).sum(), lam * ((W > 0).astype(float) - (W < 0))


def l1_by_where(W, lam):
    return lam * np.sum(np.where(W > 0, W, -W)), np.where(W == 0, 0.0, np.where(W > 0, lam, -lam))


def l1_by_a_norm(W, lam):
    return lam * np.linalg.norm(W.ravel(), 1), np.sign(W) * lam


def l1_by_a_safe_division(W, lam):
    size = np.abs(W)
    return np.sum(size * lam), lam * W / np.where(size == 0, 1, size)


def l1_by_select(W, lam):
    return [math.fsum(abs(W).ravel()) * lam, np.select([W > 0, W < 0], [lam, -lam], 0.0)]


def l1_by_copysign(W, lam):
    return lam * np.fabs(W).sum(), np.copysign(lam, W) * (W != 0)


def net_written_out(W, lam, beta):
    return lam * np.sum(beta * W**2 + np.abs(W)), lam * (2 * beta * W + np.sign(W))


def net_by_a_loop(W, lam, beta):
    dW, penalty = np.empty(W.shape), 0
    for k, w in enumerate(W.flat):
        penalty = penalty + beta * w**2 + abs(w)
        dW.flat[k] = lam * (2 * beta * w + (w > 0) - (w < 0))
    return lam * penalty, dW


def net_of_two_helpers(W, lam, beta):
    def squares():
        return np.sum(W * W), 2 * W

    def sizes():
        return np.sum(abs(W)), np.sign(W)

    (a, da), (b, db) = squares(), sizes()
    return lam * (beta * a + b), lam * (beta * da + db)


def net_multiplied_out(W, lam, beta):
    first, second = lam * beta, lam
    return first * (W**2).sum() + second * np.abs(W).sum(), 2 * first * W + second * np.sign(W)


def net_in_a_list(W, lam, beta):
    flat = W.ravel().astype(float)
    penalty = lam * (beta * flat.dot(flat) + np.linalg.norm(flat, 1))
    return [penalty, (lam * (2 * beta * flat + np.sign(flat))).reshape(W.shape)]


def net_by_where(W, lam, beta):
    return lam * np.sum(beta * W**2 + np.where(W < 0, -W, W)), 2 * lam * beta * W + np.where(W > 0, lam, 0) - np.where(W < 0, lam, 0)


# --- dropout


def dropout_by_random(X, p, rng, training):
    if training:
        mask = rng.random(X.shape) > p
        return X * mask / (1 - p), mask
    return X, np.ones_like(X)


def dropout_by_binomial(X, p, rng, training):
    if not training:
        return X, np.ones(X.shape, dtype=bool)
    mask = rng.binomial(1, 1 - p, size=X.shape)
    return X * mask / (1.0 - p), mask


def dropout_by_choice(X, p, rng, training):
    mask = rng.choice([0.0, 1.0], size=X.shape, p=[p, 1 - p]) if training else np.ones(X.shape)
    scale = 1 / (1 - p) if training else 1
    return mask * X * scale, mask


def dropout_by_where(X, p, rng, training):
    if not training:
        return X.copy(), np.ones_like(X, dtype=int)
    dropped = rng.uniform(0, 1, X.shape) < p
    return np.where(dropped, 0.0, X / (1 - p)), np.where(dropped, 0, 1)


def dropout_by_a_loop(X, p, rng, training):
    Y, mask = np.zeros(X.shape), np.ones(X.shape)
    if not training:
        return np.array(X), mask
    flat, kept, draws = Y.ravel(), mask.ravel(), rng.random(X.size)
    for k, x in enumerate(X.ravel()):
        if draws[k] < p:
            kept[k] = 0
        else:
            flat[k] = x / (1 - p)
    return Y, mask


def dropout_on_a_copy(X, p, rng, training):
    Y = X.astype(float)
    mask = np.ones(X.shape)
    if training:
        mask[rng.random(size=X.shape) <= p if p else np.zeros(X.shape, dtype=bool)] = 0
        Y[mask == 0] = 0
        Y /= 1 - p
    return [Y, mask]


def dropout_row_by_row(X, p, rng, training):
    if not training:
        return X, X * 0 + 1
    mask = np.array([rng.random(row.shape) for row in X]) >= p
    return X * (mask / (1 - p)), mask.astype(np.float32)


def dropout_from_the_other_end(X, p, rng, training):
    keep = 1 - p
    mask = (1 - rng.random(X.shape) <= keep).astype(float) if training else np.ones(X.shape)
    return (X * mask / keep if training else 1.0 * X), mask


def back_by_where(dY, mask, p):
    return np.where(mask, dY / (1 - p), 0.0)


def back_by_a_loop(dY, mask, p):
    dX = np.zeros(dY.shape)
    for place in np.ndindex(dY.shape):
        if mask[place]:
            dX[place] = dY[place] / (1 - p)
    return dX


def back_by_the_slope(dY, mask, p):
    slope = np.asarray(mask, dtype=float) / (1 - p)
    return np.multiply(slope, dY)


def back_on_a_copy(dY, mask, p):
    dX = np.array(dY, dtype=float)
    dX[np.asarray(mask) == 0] = 0
    dX /= 1 - p
    return dX


def back_by_einsum(dY, mask, p):
    return np.einsum("...,...->...", dY, mask) * (1 / (1 - p))


# --- weights to begin with


def glorot_stretched(fan_in, fan_out, rng):
    a = (6 / (fan_in + fan_out)) ** 0.5
    return (2 * rng.random((fan_in, fan_out)) - 1) * a


def glorot_by_its_variance(fan_in, fan_out, rng):
    variance = 2 / (fan_in + fan_out)
    limit = math.sqrt(3 * variance)
    return rng.uniform(-limit, limit, (fan_in, fan_out))


def glorot_row_by_row(fan_in, fan_out, rng):
    limit = np.sqrt(6.0 / (fan_in + fan_out))
    return np.array([rng.uniform(-limit, limit, fan_out) for _ in range(fan_in)])


def glorot_with_a_sign(D, H, rng):
    return rng.random((D, H)) * np.sqrt(6 / (D + H)) * rng.choice([-1, 1], size=(D, H))


def glorot_transposed(D, H, rng):
    limit = np.sqrt(6 / (D + H))
    return rng.uniform(low=-limit, high=limit, size=(H, D)).T


def glorot_of_single_precision(D, H, rng):
    a = np.sqrt(6 / (D + H))
    return ((rng.random((D, H), dtype=np.float32) - np.float32(0.5)) * np.float32(2 * a)).astype(np.float32)


def he_scaled(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in)


def he_with_keywords(fan_in, fan_out, rng):
    return rng.normal(loc=0.0, scale=(2.0 / fan_in) ** 0.5, size=(fan_in, fan_out))


def he_divided(D, H, rng):
    return rng.normal(size=(D, H)) / math.sqrt(D / 2)


def he_column_by_column(D, H, rng):
    return np.column_stack([rng.normal(0, np.sqrt(2 / D), size=D) for _ in range(H)])


def he_in_one_row(D, H, rng):
    return (rng.normal(0, 1, D * H) * 2**0.5 * D**-0.5).reshape(D, H)


def he_in_place(D, H, rng):
    W = np.empty((D, H))
    W[:] = rng.normal(size=(D, H))
    W *= np.sqrt(2) / np.sqrt(D)
    return W


# --- batch norm: the cache is the student's own, so that each pair belongs together


def norm_with_a_dict(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean = np.mean(X, axis=0)
        centred = X - mean
        var = np.mean(centred**2, axis=0)
        running["mean"] = running["mean"] + momentum * (mean - running["mean"])
        running["var"] = running["var"] + momentum * (np.var(X, axis=0, ddof=1) - running["var"])
    else:
        centred, var = X - running["mean"], running["var"]
    X_hat = centred / np.sqrt(var + eps)
    return gamma * X_hat + beta, {"X_hat": X_hat, "var": var, "gamma": gamma, "eps": eps}


def norm_in_place(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    """Changes the arrays of the dict, and not its entries; they may hold whole numbers."""
    N = X.shape[0]
    if not training:
        return (X - running["mean"]) * (gamma / np.sqrt(running["var"] + eps)) + beta, None
    mean = X.sum(axis=0) / N
    squares = ((X - mean) ** 2).sum(axis=0)
    for name, value in (("mean", mean), ("var", squares / (N - 1))):
        kept = running[name].astype(float)
        kept *= 1 - momentum
        kept += momentum * value
        running[name] = kept
    inverse = (squares / N + eps) ** -0.5
    return gamma * (X - mean) * inverse + beta, (X, mean, inverse, gamma)


def norm_by_columns(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    Y = np.empty(X.shape)
    X_hat = np.empty(X.shape)
    means, variances = np.empty(X.shape[1]), np.empty(X.shape[1])
    for j in range(X.shape[1]):
        column = X[:, j]
        if training:
            means[j], variances[j] = column.mean(), column.var()
        else:
            means[j], variances[j] = running["mean"][j], running["var"][j]
        X_hat[:, j] = (column - means[j]) / math.sqrt(variances[j] + eps)
        Y[:, j] = gamma[j] * X_hat[:, j] + beta[j]
    if training:
        N = len(X)
        running.update(
            mean=(1 - momentum) * running["mean"] + momentum * means,
            var=(1 - momentum) * running["var"] + momentum * variances * N / (N - 1),
        )
    return [Y, [X_hat, np.sqrt(variances + eps), np.array(gamma)]]


def norm_by_einsum(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if not training:
        scale = (running["var"] + eps) ** 0.5
        return np.einsum("d,nd->nd", gamma / scale, X - running["mean"]) + beta, ()
    N = len(X)
    mean = np.einsum("nd->d", X) / N
    centred = X - mean
    var = np.einsum("nd,nd->d", centred, centred) / N
    running["mean"] = np.average([running["mean"], mean], axis=0, weights=[1 - momentum, momentum])
    running["var"] = np.average([running["var"], var * N / (N - 1)], axis=0, weights=[1 - momentum, momentum])
    X_hat = centred / np.sqrt(var + eps)
    return X_hat * gamma + beta, (X_hat, np.sqrt(var + eps), gamma)


def norm_kept_as_rows(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    """Statistics with keepdims, and names of its own for everything; looks at what comes in."""
    assert X.ndim == 2
    assert gamma.shape == beta.shape == (X.shape[1],)
    if training:
        mu, sigma2 = X.mean(axis=0, keepdims=True), X.var(axis=0, keepdims=True)
        new = {"mean": mu[0], "var": X.var(axis=0, ddof=1)}
        for key in running:
            running[key] = (1 - momentum) * running[key] + momentum * new[key]
    else:
        mu, sigma2 = running["mean"][None, :], running["var"][None, :]
    std = np.sqrt(sigma2 + eps)
    normed = (X - mu) / std
    return normed * gamma[None, :] + beta[None, :], (normed, std[0], gamma)


def norm_with_a_closure(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    """The cache is the function that walks back."""
    if not training:
        return gamma * (X - running["mean"]) / np.sqrt(running["var"] + eps) + beta, None
    N = len(X)
    mean, var = X.mean(axis=0), X.var(axis=0)
    running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
    running["var"] = (1 - momentum) * running["var"] + momentum * var * (N / (N - 1))
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s

    def back(dY):
        d = dY * gamma
        return (N * d - d.sum(axis=0) - X_hat * (d * X_hat).sum(axis=0)) / (N * s), (dY * X_hat).sum(axis=0), dY.sum(axis=0)

    return gamma * X_hat + beta, back


def back_in_one_line(dY, cache):
    X_hat, scale, gamma = cache
    N = len(dY)
    dX = gamma / (N * scale) * (N * dY - dY.sum(axis=0) - X_hat * (dY * X_hat).sum(axis=0))
    return dX, np.sum(dY * X_hat, axis=0), np.sum(dY, axis=0)


def back_step_by_step(dY, cache):
    """As CS231n has it: one node of the graph after the other."""
    X_hat, scale, gamma = cache
    N = dY.shape[0]
    centred = X_hat * scale
    dX_hat = dY * gamma
    d_inverse = np.sum(dX_hat * centred, axis=0)
    d_centred = dX_hat / scale
    d_scale = -d_inverse / scale**2
    d_var = 0.5 * d_scale / scale
    d_centred = d_centred + 2 * centred * d_var / N
    d_mean = -d_centred.sum(axis=0)
    return d_centred + d_mean / N, np.sum(dY * X_hat, axis=0), dY.sum(axis=0)


def back_by_a_matrix(dY, cache):
    """Every column's whole Jacobian."""
    X_hat, scale, gamma = cache
    N, D = dY.shape
    dX = np.empty((N, D))
    for j in range(D):
        x = X_hat[:, j]
        J = (np.eye(N) - 1 / N - np.outer(x, x) / N) / scale[j]
        dX[:, j] = J.T @ (dY[:, j] * gamma[j])
    return dX, np.einsum("nd,nd->d", dY, X_hat), np.einsum("nd->d", dY)


def back_by_loops(dY, cache):
    X_hat, scale, gamma = cache
    N, D = dY.shape
    dX, dgamma, dbeta = np.zeros((N, D)), np.zeros(D), np.zeros(D)
    for j in range(D):
        for i in range(N):
            dgamma[j] += dY[i, j] * X_hat[i, j]
            dbeta[j] += dY[i, j]
        for i in range(N):
            dX[i, j] = gamma[j] / scale[j] * (dY[i, j] - dbeta[j] / N - X_hat[i, j] * dgamma[j] / N)
    return [dX, dgamma, dbeta]


def back_by_projection(dY, cache):
    X_hat, scale, gamma = cache
    d = dY * (gamma / scale)
    d = d - d.mean(axis=0)
    return d - X_hat * np.mean(d * X_hat, axis=0), (X_hat * dY).sum(0), dY.sum(0)


def back_with_dots(dY, cache):
    X_hat, scale, gamma = cache
    ones = np.ones(len(dY))
    dbeta = ones @ dY
    dgamma = np.diag(X_hat.T @ dY).copy()
    return (dY - np.outer(ones, dbeta) / len(dY) - X_hat * dgamma / len(dY)) * gamma / scale, dgamma, dbeta


# --- EarlyStopping


class WithDeepcopy:
    def __init__(self, patience, min_delta=0):
        self.patience = patience
        self.min_delta = min_delta
        self.best = None
        self.best_loss = float("inf")
        self.counter = 0

    def update(self, loss, params):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best = copy.deepcopy(params)
            self.counter = 0
            return False
        self.counter += 1
        return self.counter >= self.patience


class WithNone:
    """Nothing stands for the best loss before the first update."""

    def __init__(self, wait, delta=0):
        self.wait, self.delta = wait, delta
        self.best, self.loss, self.bad = None, None, 0

    def update(self, loss, weights):
        better = not np.isnan(loss) and (self.loss is None or self.loss - loss > self.delta)
        if better:
            self.loss, self.bad = loss, 0
            self.best = {key: value.copy() for key, value in weights.items()}
        else:
            self.bad += 1
        return self.bad == self.wait


class WithEpochs:
    """Remembers the number of the best update, and counts the updates."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.epoch, self.best_epoch = patience, min_delta, 0, 0
        self.best, self.lowest = None, np.inf

    def update(self, loss, params):
        self.epoch += 1
        if loss + self.min_delta < self.lowest:
            self.lowest, self.best_epoch = loss, self.epoch
            self.best = dict(zip(params, [np.copy(value) for value in params.values()], strict=True))
        return np.bool_(self.epoch - self.best_epoch >= self.patience)


class CountsDown:
    def __init__(self, patience, min_delta=0):
        self.patience = self.left = patience
        self.min_delta, self.best, self.lowest = min_delta, {}, math.inf

    def update(self, loss, params):
        self.left -= 1
        if self.lowest - loss > self.min_delta:
            self.left, self.lowest, self.best = self.patience, loss, {name: 1.0 * W for name, W in params.items()}
        return self.left <= 0


@dataclass
class AsADataclass:
    patience: int
    min_delta: float = 0
    best: dict | None = None
    history: list = field(default_factory=list)
    lowest: float = float("inf")
    waited: int = 0

    def update(self, loss, params):
        self.history.append(loss)
        print("loss", loss)
        if loss < self.lowest - self.min_delta:
            self.lowest, self.waited, self.best = loss, 0, copy.deepcopy(params)
        else:
            self.waited = self.waited + 1
        return bool(self.waited >= self.patience)


class WithAProperty:
    """`best` is made when it is asked for, from what was kept."""

    def __init__(self, patience, min_delta=0):
        self._patience, self._delta, self._kept, self._losses = patience, min_delta, None, []

    @property
    def best(self):
        return None if self._kept is None else {name: W.copy() for name, W in self._kept}

    def update(self, loss, params):
        bests = [kept for kept, new in self._losses if new]
        new = loss < (bests[-1] if bests else np.inf) - self._delta
        if new:
            self._kept = [(name, np.array(W)) for name, W in params.items()]
        self._losses.append((loss, new))
        last = [is_new for _, is_new in self._losses[-self._patience :]]
        return len(last) == self._patience and not any(last)


WORDS = ["other data", "underfit", "overfit", "rate too large", "equal weights", "nothing", "nothing", "rate too small"]

EQUIVALENTS = {
    "l2": [l2_by_a_loop, l2_by_einsum, l2_by_a_norm, l2_in_a_list, l2_by_dot, l2_in_a_zero_d_array, l2_in_fortran_order],
    "l1": [l1_by_a_loop, l1_by_two_comparisons, l1_by_where, l1_by_a_norm, l1_by_a_safe_division, l1_by_select, l1_by_copysign],
    "elastic_net": [net_written_out, net_by_a_loop, net_of_two_helpers, net_multiplied_out, net_in_a_list, net_by_where],
    "dropout": [
        dropout_by_random,
        dropout_by_binomial,
        dropout_by_choice,
        dropout_by_where,
        dropout_by_a_loop,
        dropout_on_a_copy,
        dropout_row_by_row,
        dropout_from_the_other_end,
    ],
    "dropout_backward": [back_by_where, back_by_a_loop, back_by_the_slope, back_on_a_copy, back_by_einsum],
    "glorot_uniform": [
        glorot_stretched,
        glorot_by_its_variance,
        glorot_row_by_row,
        glorot_with_a_sign,
        glorot_transposed,
        glorot_of_single_precision,
    ],
    "he_normal": [he_scaled, he_with_keywords, he_divided, he_column_by_column, he_in_one_row, he_in_place],
    "batchnorm": [norm_with_a_dict, norm_in_place, norm_by_columns, norm_by_einsum, norm_kept_as_rows, norm_with_a_closure],
    "batchnorm_backward": [
        back_in_one_line,
        back_step_by_step,
        back_by_a_matrix,
        back_by_loops,
        back_by_projection,
        back_with_dots,
    ],
    "EarlyStopping": [WithDeepcopy, WithNone, WithEpochs, CountsDown, AsADataclass, WithAProperty],
    "diagnoses": [
        {8: "rate too small", 7: "nothing", 6: "nothing", 5: "equal weights"}
        | {4: "rate too large", 3: "overfit", 2: "underfit", 1: "other data"},
        dict(zip(range(1, 9), WORDS, strict=True)),
        dict(enumerate(WORDS, start=1)),
        {number + 1: WORDS[number] for number in reversed(range(8))} | {9: "a note of my own"},
    ],
}
