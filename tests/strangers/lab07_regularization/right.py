# %% l2/plain_sum | the formula, with np.sum
def l2(W, lam):
    return lam * np.sum(W**2), 2 * lam * W

# %% l2/flat_loop | a loop over W.flat with Python floats, a list turned into an array
def l2(W, lam):
    penalty, slopes = 0.0, []
    for w in W.flat:
        penalty += lam * float(w) ** 2
        slopes.append(2 * lam * float(w))
    return penalty, np.array(slopes).reshape(W.shape)

# %% l2/tensordot | tensordot over all axes: the penalty is an array of shape ()
def l2(W, lam):
    W = np.asarray(W, dtype=float)
    return np.tensordot(lam * W, W, axes=W.ndim), lam * W + lam * W

# %% l2/symmetric_difference | slope by a symmetric difference of step 1, exact for a square
def l2(W, lam):
    def price(w):
        return lam * w**2

    W = 1.0 * W
    return price(W).sum().item(), (price(W + 1) - price(W - 1)) / 2

# %% l2/norm_squared | squared norm of the flattened copy, then the copy is scaled in place
def l2(W, lam):
    dW = W.astype(float)
    penalty = lam * np.linalg.norm(dW.ravel()) ** 2
    dW *= 2 * lam
    return float(penalty), dW

# %% l2/recursion | walks down the axes by recursion
def l2(W, lam):
    if np.ndim(W) == 0:
        return lam * float(W) ** 2, np.array(2 * lam * float(W))
    parts = [l2(row, lam) for row in W]
    return sum(p for p, _ in parts), np.array([d for _, d in parts])

# %% l2/float32_kept | the gradient has the dtype of W where W has floats
def l2(W, lam):
    dtype = W.dtype if np.issubdtype(W.dtype, np.floating) else np.float64
    w = W.astype(dtype)
    return float(lam * np.sum(w * w, dtype=np.float64)), (2 * lam * w).astype(dtype)

# %% l1/sign | np.sign
def l1(W, lam):
    return lam * np.abs(W).sum(), lam * np.sign(W)

# %% l1/two_comparisons | right of 0 minus left of 0
def l1(W, lam):
    right, left = (W > 0).astype(float), (W < 0).astype(float)
    return lam * float((W * (right - left)).sum()), lam * (right - left)

# %% l1/w_over_size | w / |w|, where the size is not 0
def l1(W, lam):
    size = np.maximum(W, -W).astype(float)
    sign = np.divide(W, size, out=np.zeros(W.shape), where=size != 0)
    return lam * size.sum(), lam * sign

# %% l1/heaviside | 2 heaviside(w, 1/2) - 1, and the 1-norm
def l1(W, lam):
    return lam * np.linalg.norm(W.reshape(-1), 1), lam * (2 * np.heaviside(W, 0.5) - 1)

# %% l1/if_else_loop | every index by hand with if and elif
def l1(W, lam):
    penalty = 0
    dW = np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        if W[place] > 0:
            penalty += lam * W[place]
            dW[place] = lam
        elif W[place] < 0:
            penalty -= lam * W[place]
            dW[place] = -lam
    return penalty, dW

# %% l1/nested_where | np.where in np.where, root of the square
def l1(W, lam):
    return lam * np.sqrt(np.square(W, dtype=float)).sum(), np.where(W > 0, lam, np.where(W < 0, -lam, 0.0))

# %% l1/nan_to_num | divides by 0 quietly and mends the nan afterwards
def l1(W, lam):
    with np.errstate(all="ignore"):
        dW = np.nan_to_num(W / np.abs(W))
    return np.einsum("i,i->", W.ravel(), lam * dW.ravel()), lam * dW

# %% elastic_net/two_functions | adds the results of the notebook's own l2 and l1, which are defined in earlier cells
def elastic_net(W, lam, beta):
    p2, d2 = l2(W, lam * beta)
    p1, d1 = l1(W, lam)
    return p2 + p1, d2 + d1

# %% elastic_net/one_formula | one formula, lambda drawn out
def elastic_net(W, lam, beta):
    return lam * (beta * W**2 + np.abs(W)).sum(), lam * (2 * beta * W + np.sign(W))

# %% elastic_net/horner | |w| (beta |w| + 1), and sign(w) (2 beta |w| + 1)
def elastic_net(W, lam, beta):
    size = abs(W)
    return lam * np.sum(size * (beta * size + 1)), lam * np.sign(W) * (2 * beta * size + 1)

# %% elastic_net/lambda_inside | lambda on every weight, lists, a helper for one weight
def elastic_net(W, lam, beta):
    def one(w):
        sign = (w > 0) - (w < 0)
        return lam * beta * w * w + lam * abs(w), lam * beta * 2 * w + lam * sign

    pairs = [one(w) for w in W.ravel().tolist()]
    return sum(p for p, _ in pairs), np.array([d for _, d in pairs], dtype=float).reshape(W.shape)

# %% elastic_net/completed_square | beta (|w| + 1/(2 beta))^2 - 1/(4 beta), with beta = 0 apart
def elastic_net(W, lam, beta):
    if beta == 0:
        return lam * np.abs(W).sum(), lam * np.sign(W)
    shift = 1 / (2 * beta)
    penalty = lam * np.sum(beta * (np.abs(W) + shift) ** 2 - beta * shift**2)
    return penalty, 2 * lam * beta * np.sign(W) * (np.abs(W) + shift)

# %% dropout/uniform_at_least_p | boolean mask, kept where the draw is at least p
def dropout(X, p, rng, training):
    if not training:
        return X, np.ones(X.shape, dtype=bool)
    mask = rng.uniform(size=X.shape) >= p
    return X * mask / (1 - p), mask

# %% dropout/binomial | mask of whole numbers by rng.binomial
def dropout(X, p, rng, training):
    keep = 1 - p
    if training:
        mask = rng.binomial(1, keep, size=X.shape)
        return np.where(mask == 1, X / keep, 0.0), mask
    return X.copy(), np.ones_like(X)

# %% dropout/choice | rng.choice of 0.0 and 1.0 with probabilities
def dropout(X, p, rng, training):
    mask = np.ones(X.shape)
    if training:
        mask = rng.choice([0.0, 1.0], p=[p, 1 - p], size=X.shape)
        X = X * mask * (1 / (1 - p))
    return X, mask

# %% dropout/one_draw_each | a loop, one rng.random() for every number
def dropout(X, p, rng, training):
    Y = np.array(X, dtype=float)
    mask = np.ones(Y.shape, dtype=int)
    if training:
        for place in np.ndindex(Y.shape):
            if rng.random() < p:
                mask[place] = 0
                Y[place] = 0
            else:
                Y[place] /= 1 - p
    return Y, mask

# %% dropout/exponential | an exponential number is above -log(1 - p) with probability 1 - p
def dropout(X, p, rng, training):
    if not training:
        return X + 0, X == X
    mask = rng.exponential(size=X.shape) >= -np.log1p(-p)
    Y = X.astype(float)
    Y[~mask] = 0
    Y[mask] /= 1 - p
    return Y, mask

# %% dropout/child_generator | a second generator, seeded from rng, draws from the back
def dropout(X, p, rng, training):
    if training is False:
        return X, np.ones(np.shape(X))
    child = np.random.default_rng(rng.integers(2**63))
    mask = (child.random(X.size)[::-1].reshape(X.shape) < 1 - p) * 1.0
    return mask * (X / (1 - p)), mask

# %% dropout/float32 | draws float32, and Y stays float32 for a float32 X
def dropout(X, p, rng, training):
    if not training:
        return X, np.ones(X.shape, dtype=np.float32)
    mask = (rng.random(X.shape, dtype=np.float32) >= np.float32(p)).astype(np.float32)
    return X * mask / (1 - p), mask

# %% dropout_backward/one_line | times the mask, over 1 - p
def dropout_backward(dY, mask, p):
    return dY * mask / (1 - p)

# %% dropout_backward/where | np.where
def dropout_backward(dY, mask, p):
    return np.where(mask, dY / (1 - p), 0)

# %% dropout_backward/copy_then_zeros | a copy, zeros where the mask is 0, then the scale in place
def dropout_backward(dY, mask, p):
    dX = np.array(dY, dtype=float)
    dX[mask == 0] = 0
    dX /= 1 - p
    return dX

# %% dropout_backward/indices | only the kept places are filled in
def dropout_backward(dY, mask, p):
    dX = np.zeros(dY.shape)
    kept = np.nonzero(mask)
    dX[kept] = np.multiply(dY[kept], 1 / (1 - p))
    return dX

# %% dropout_backward/loop | zip over the flattened arrays
def dropout_backward(dY, mask, p):
    slopes = [g / (1 - p) if m else 0.0 for g, m in zip(dY.flat, np.asarray(mask).flat, strict=True)]
    return np.array(slopes).reshape(dY.shape)

# %% glorot_uniform/plain | a is the root of 6 / (fan_in + fan_out)
def glorot_uniform(fan_in, fan_out, rng):
    a = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-a, a, size=(fan_in, fan_out))

# %% glorot_uniform/stretched_random | numbers from 0 to 1, shifted and stretched by sqrt(12 var)
def glorot_uniform(fan_in, fan_out, rng):
    var = 2 / (fan_in + fan_out)
    return (rng.random((fan_in, fan_out)) - 0.5) * np.sqrt(12 * var)

# %% glorot_uniform/neuron_by_neuron | a column for each neuron, stacked
def glorot_uniform(fan_in, fan_out, rng):
    mean_fan = (fan_in + fan_out) / 2
    a = (3 / mean_fan) ** 0.5
    return np.stack([rng.uniform(-a, a, fan_in) for _ in range(fan_out)], axis=1)

# %% glorot_uniform/sign_and_size | a random sign times a size between 0 and a
def glorot_uniform(fan_in, fan_out, rng):
    a = np.sqrt(6.0) / np.sqrt(fan_in + fan_out)
    W = rng.uniform(0, a, size=(fan_in, fan_out))
    W[rng.random(W.shape) < 0.5] *= -1
    return W

# %% he_normal/plain | the root of 2 / fan_in as standard deviation
def he_normal(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))

# %% he_normal/transposed_draw | draws (fan_out, fan_in) and gives the transposed view
def he_normal(fan_in, fan_out, rng):
    return (rng.standard_normal((fan_out, fan_in)) * (fan_in / 2) ** -0.5).T

# %% he_normal/box_muller | normal numbers from pairs of uniform ones
def he_normal(fan_in, fan_out, rng):
    u, v = rng.random((2, fan_in, fan_out))
    z = np.sqrt(-2 * np.log1p(-u)) * np.cos(2 * np.pi * v)
    return z * np.sqrt(2 / fan_in)

# %% he_normal/row_lists | nested lists, one number at a time
def he_normal(fan_in, fan_out, rng):
    sd = (2 / fan_in) ** 0.5
    return np.array([[rng.normal(scale=sd) for _ in range(fan_out)] for _ in range(fan_in)])

# %% batchnorm/plain | new arrays in the dict, cache a tuple
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/arrays_in_place | the arrays in the dict are changed in place, by a share of the distance
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if not training:
        return gamma * (X - running["mean"]) / np.sqrt(running["var"] + eps) + beta, None
    N = len(X)
    mu = X.sum(axis=0) / N
    away = X - mu
    var = (away * away).sum(axis=0) / N
    running["mean"] += momentum * (mu - running["mean"])
    running["var"] += momentum * (var * N / (N - 1) - running["var"])
    x_hat = away / np.sqrt(var + eps)
    return gamma * x_hat + beta, {"x_hat": x_hat, "var": var, "eps": eps, "gamma": gamma}

# %% batchnorm/column_loop | a loop over columns and rows, dict.update
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    N, D = X.shape
    Y, means, variances, unbiased = np.empty((N, D)), [], [], []
    for j in range(D):
        if training:
            m = sum(X[i, j] for i in range(N)) / N
            square = sum((X[i, j] - m) ** 2 for i in range(N))
            v = square / N
            unbiased.append(square / (N - 1))
        else:
            m, v = running["mean"][j], running["var"][j]
        means.append(m)
        variances.append(v)
        for i in range(N):
            Y[i, j] = gamma[j] * (X[i, j] - m) / (v + eps) ** 0.5 + beta[j]
    if training:
        running.update(
            mean=(1 - momentum) * np.asarray(running["mean"]) + momentum * np.array(means),
            var=(1 - momentum) * np.asarray(running["var"]) + momentum * np.array(unbiased),
        )
    return Y, [X, np.array(means), np.array(variances), gamma, eps]

# %% batchnorm/folded_scale | one product and one shift per column: x a + (beta - mean a)
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    stats = running
    if training:
        stats = {"mean": np.mean(X, 0), "var": np.var(X, 0)}
        n = X.shape[0]
        for name, batch in (("mean", stats["mean"]), ("var", stats["var"] * (n / (n - 1)))):
            running[name] = running[name] - momentum * (running[name] - batch)
    a = gamma / np.sqrt(stats["var"] + eps)
    return X * a + (beta - stats["mean"] * a), (X, gamma, stats["mean"], stats["var"], eps)

# %% batchnorm/closure_cache | the cache is a function that gives the three gradients
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    mu, var = (X.mean(0, keepdims=True), X.var(0, keepdims=True)) if training else (running["mean"], running["var"])
    if training:
        running["mean"][:] = (1 - momentum) * running["mean"] + momentum * mu[0]
        running["var"][:] = (1 - momentum) * running["var"] + momentum * X.var(0, ddof=1)
    root = np.sqrt(var + eps)
    hat = (X - mu) / root

    def way_back(dY):
        d = dY * gamma
        return (d - d.mean(0) - hat * (d * hat).mean(0)) / root, (dY * hat).sum(0), dY.sum(0)

    return hat * gamma + beta, way_back

# %% batchnorm/einsum_cov | variance by einsum of the centred copy, centred and scaled in place
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    Y = np.array(X, dtype=float)
    N = Y.shape[0]
    if training:
        mean = np.einsum("nd->d", Y) / N
        Y -= mean
        squares = np.einsum("nd,nd->d", Y, Y)
        var = squares / N
        running["mean"] = np.average([running["mean"], mean], axis=0, weights=[1 - momentum, momentum])
        running["var"] = np.average([running["var"], squares / (N - 1)], axis=0, weights=[1 - momentum, momentum])
    else:
        Y -= running["mean"]
        var = running["var"]
    Y *= (var + eps) ** -0.5
    x_hat = Y.copy()
    Y *= gamma
    Y += beta
    return Y, (x_hat, var + eps, gamma)

# %% batchnorm_backward/three_branches | the table's three branches; batchnorm stands in the same cell so that the cache fits
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    mean, var = running["mean"], running["var"]
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)


def batchnorm_backward(dY, cache):
    X_hat, s, gamma = cache
    N = len(dY)
    dX_hat = dY * gamma
    direct = dX_hat / s
    by_mean = -(dX_hat / s).sum(axis=0) / N
    by_var = -X_hat * (dX_hat * X_hat / s).sum(axis=0) / N
    return direct + by_mean + by_var, (dY * X_hat).sum(axis=0), dY.sum(axis=0)

# %% batchnorm_backward/calls_cache | the cache is a closure, the way back only calls it
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if not training:
        return (X - running["mean"]) / np.sqrt(running["var"] + eps) * gamma + beta, None
    mu, var = X.mean(0), X.var(0)
    n = len(X)
    running["mean"] = (1 - momentum) * running["mean"] + momentum * mu
    running["var"] = (1 - momentum) * running["var"] + momentum * var * n / (n - 1)
    root = np.sqrt(var + eps)
    hat = (X - mu) / root

    def way_back(dY):
        dbeta = dY.sum(0)
        dgamma = np.einsum("nd,nd->d", dY, hat)
        return gamma / root * (dY - dbeta / n - hat * dgamma / n), dgamma, dbeta

    return hat * gamma + beta, way_back


def batchnorm_backward(dY, cache):
    return cache(dY)

# %% batchnorm_backward/jacobian | the full N x N Jacobian of every column, times the column of dY
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        running["mean"] = (1 - momentum) * running["mean"] + momentum * X.mean(axis=0)
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
        mean, var = X.mean(axis=0), X.var(axis=0)
    else:
        mean, var = running["mean"], running["var"]
    return gamma * (X - mean) / np.sqrt(var + eps) + beta, {"X": X.copy(), "gamma": gamma.copy(), "eps": eps}


def batchnorm_backward(dY, cache):
    X, gamma, eps = cache["X"], cache["gamma"], cache["eps"]
    N, D = X.shape
    dX, dgamma = np.zeros((N, D)), np.zeros(D)
    for j in range(D):
        s = np.sqrt(X[:, j].var() + eps)
        x_hat = (X[:, j] - X[:, j].mean()) / s
        J = (np.eye(N) - 1 / N - np.outer(x_hat, x_hat) / N) / s
        dX[:, j] = J.T @ (dY[:, j] * gamma[j])
        dgamma[j] = dY[:, j] @ x_hat
    return dX, dgamma, np.ones(N) @ dY

# %% batchnorm_backward/graph_steps | step by step through the graph as in CS231n, with dvar and dmu
class Pass:
    def __init__(self, X, gamma, eps):
        self.gamma, self.eps = gamma, eps
        self.away = X - X.mean(axis=0)

    @property
    def var(self):
        return (self.away**2).mean(axis=0) + self.eps


def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if not training:
        return gamma * (X - running["mean"]) / np.sqrt(running["var"] + eps) + beta, None
    kept = Pass(X, gamma, eps)
    N = len(X)
    running["mean"] = (1 - momentum) * running["mean"] + momentum * X.mean(axis=0)
    running["var"] = (1 - momentum) * running["var"] + momentum * (kept.var - eps) * N / (N - 1)
    return gamma * kept.away / np.sqrt(kept.var) + beta, kept


def batchnorm_backward(dY, cache):
    N = dY.shape[0]
    away, var, gamma = cache.away, cache.var, cache.gamma
    dxhat = dY * gamma
    dvar = np.sum(dxhat * away, axis=0) * -0.5 * var**-1.5
    dmu = np.sum(-dxhat / np.sqrt(var), axis=0) + dvar * np.mean(-2 * away, axis=0)
    dX = dxhat / np.sqrt(var)
    dX = dX + dvar * 2 * away / N
    dX = dX + dmu / N
    return dX, np.sum(dY * away / np.sqrt(var), axis=0), np.sum(dY, axis=0)

# %% batchnorm_backward/projection | takes the parts along the ones and along x_hat out of the gradient, in place in a copy
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    m = X.mean(0) if training else running["mean"]
    v = X.var(0) if training else running["var"]
    if training:
        running["mean"] = running["mean"] * (1 - momentum) + m * momentum
        running["var"] = running["var"] * (1 - momentum) + X.var(0, ddof=1) * momentum
    return (X - m) / np.sqrt(v + eps) * gamma + beta, ((X - m) / np.sqrt(v + eps), gamma / np.sqrt(v + eps))


def batchnorm_backward(dY, cache):
    hat, a = cache
    dX = dY.copy()
    along = np.mean(dX * hat, axis=0)
    dX -= dX.mean(axis=0)
    dX -= hat * along
    dX *= a
    return [dX, along * len(dY), np.add.reduce(dY)]

# %% EarlyStopping/inf_and_count | best loss from inf on, counter, copies by comprehension
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.best_loss = float("inf")
        self.waited = 0

    def update(self, loss, params):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best = {name: array.copy() for name, array in params.items()}
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience

# %% EarlyStopping/deepcopy_none | best loss None at first, nan asked for by name, deepcopy
import copy


class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.lowest = None
        self.bad = 0

    def update(self, loss, params):
        better = not np.isnan(loss) and (self.lowest is None or self.lowest - loss > self.min_delta)
        if better:
            self.lowest, self.best, self.bad = loss, copy.deepcopy(params), 0
            return False
        self.bad += 1
        return not self.bad < self.patience

# %% EarlyStopping/countdown | counts down, and is filled up by a new best
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self._left, self._bar = patience, np.inf

    def update(self, loss, params):
        self._left -= 1
        if loss < self._bar:
            self._bar = loss - self.min_delta
            self._left = self.patience
            self.best = dict(zip(params, map(np.array, params.values())))
        return True if self._left <= 0 else False

# %% EarlyStopping/whole_history | keeps all losses and works the rule out anew each time
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.losses = []

    def _last_best(self):
        """The index of the last new best, -1 if there is none."""
        at, low = -1, None
        for k, loss in enumerate(self.losses):
            if loss == loss and (low is None or loss < low - self.min_delta):
                at, low = k, loss
        return at

    def update(self, loss, params):
        self.losses.append(loss)
        now = len(self.losses) - 1
        at = self._last_best()
        if at == now:
            self.best = {}
            for name in params:
                self.best[name] = params[name] + 0
        return now - at >= self.patience

# %% EarlyStopping/frozen_property | best is a property that unpickles what was stored
import pickle


class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self._stored = pickle.dumps(None)
        self._losses_since = [np.inf]

    @property
    def best(self):
        return pickle.loads(self._stored)

    def update(self, loss, params):
        if loss < self._losses_since[0] - self.min_delta:
            self._stored = pickle.dumps(params)
            self._losses_since = [loss]
        else:
            self._losses_since.append(loss)
        return len(self._losses_since) - 1 >= self.patience

# %% EarlyStopping/epoch_numbers | two epoch numbers instead of a counter, math.isnan first
import math


class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.epoch, self.best_epoch, self.record = 0, 0, None

    def is_better(self, loss):
        if math.isnan(loss):
            return False
        if self.record is None:
            return True
        return loss < self.record - self.min_delta

    def update(self, loss, params):
        self.epoch += 1
        if self.is_better(loss):
            self.record, self.best_epoch = loss, self.epoch
            self.best = {k: np.copy(v) for k, v in params.items()}
        return self.epoch - self.best_epoch >= self.patience

# %% diagnoses/filled_dict | the dict written out
diagnoses = {
    1: "other data",
    2: "underfit",
    3: "overfit",
    4: "rate too large",
    5: "equal weights",
    6: "nothing",
    7: "nothing",
    8: "rate too small",
}

# %% diagnoses/enumerate | a list numbered from 1
diagnoses = {1: "", 2: "", 3: "", 4: "", 5: "", 6: "", 7: "", 8: ""}
words = ["other data", "underfit", "overfit", "rate too large", "equal weights", "nothing", "nothing", "rate too small"]
for number, word in enumerate(words, start=1):
    diagnoses[number] = word

# %% diagnoses/from_the_seed | works the order out from the seed in the cell above
words = ["nothing", "overfit", "underfit", "rate too large", "rate too small", "equal weights", "other data", "nothing"]
order = np.random.default_rng(25).permutation(8)
diagnoses = {int(place) + 1: words[int(k)] for place, k in enumerate(order)}
