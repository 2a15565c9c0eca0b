# %% numerical_gradient/ndindex_two_copies | np.ndindex, two fresh float copies for every entry
def numerical_gradient(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        right = np.array(x, dtype=float)
        left = np.array(x, dtype=float)
        right[index] += h
        left[index] -= h
        slopes[index] = (f(right) - f(left)) / (2 * h)
    return slopes

# %% numerical_gradient/nditer_restore | one private float copy, entry moved and put back, np.nditer
def numerical_gradient(f, x, h=0.00001):
    x = x.astype(float)  # astype copies
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=['multi_index', 'zerosize_ok'])
    for _ in it:
        i = it.multi_index
        old = x[i]
        x[i] = old + h
        fplus = f(x)
        x[i] = old - h
        fminus = f(x)
        x[i] = old
        grad[i] = (fplus - fminus)/(2*h)
    return grad

# %% numerical_gradient/eye_rows | unit vectors from the rows of np.eye, list comprehension
def numerical_gradient(f, x, h=1e-5):
    E = np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in E], dtype=float).reshape(x.shape)

# %% numerical_gradient/class_call | a small class that holds f and h, with __call__
class _CentralDifference:
    def __init__(self, f, h):
        self.f, self.h = f, h

    def moved(self, x, index, by):
        out = np.array(x, dtype=np.float64)
        out[index] = out[index] + by
        return out

    def __call__(self, x):
        result = np.full(x.shape, np.nan)
        for index, _ in np.ndenumerate(x):
            up = self.f(self.moved(x, index, self.h))
            down = self.f(self.moved(x, index, -self.h))
            result[index] = (up - down) / (2.0 * self.h)
        return result


def numerical_gradient(f, x, h=1e-5):
    return _CentralDifference(f, h)(x)

# %% numerical_gradient/matlab_numel | as in MATLAB: k = 1..numel, .flat in place of linear index
def numerical_gradient(f, x, h=1e-5):
    numel = x.size;
    g = np.zeros(x.shape);
    for k in range(1, numel + 1):
        xp = np.array(x, dtype=float);
        xm = np.array(x, dtype=float);
        xp.flat[k - 1] = xp.flat[k - 1] + h;
        xm.flat[k - 1] = xm.flat[k - 1] - h;
        g.flat[k - 1] = 0.5 * (f(xp) - f(xm)) / h;
    return g;

# %% numerical_gradient/lambda_onehot | nested lambdas with where, types annotated
from collections.abc import Callable


def numerical_gradient(f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    numbers = np.arange(x.size).reshape(x.shape)
    shifted = lambda k, d: x + np.where(numbers == k, d, 0.0)
    slope = lambda k: (float(f(shifted(k, +h))) - float(f(shifted(k, -h)))) / (h + h)
    return np.fromiter(map(slope, range(x.size)), dtype=float, count=x.size).reshape(x.shape)

# %% numerical_gradient/recursion_flat | recursion over the number of the entry, done in halves
def numerical_gradient(f, x, h=1e-5):
    base = np.array(x, dtype=float, order="C")
    out = np.empty(base.size)

    def go(lo, hi):
        if hi <= lo:
            return
        if hi - lo == 1:
            p, m = base.copy(), base.copy()
            p.reshape(-1)[lo] += h
            m.reshape(-1)[lo] -= h
            out[lo] = (f(p) - f(m)) / (2 * h)
            return
        mid = (lo + hi) // 2
        go(lo, mid)
        go(mid, hi)

    go(0, base.size)
    return out.reshape(base.shape)

# %% numerical_gradient/partial_helper | helper defined outside, functools.partial
from functools import partial


def _f_at(f, x, where, delta):
    z = np.asarray(x).astype("float64", copy=True)
    z[where] += delta
    return f(z)


def numerical_gradient(f, x, h=1e-5):
    at = partial(_f_at, f, x)
    g = np.zeros(np.shape(x), dtype=float)
    for where in np.ndindex(*np.shape(x)):
        # central difference
        g[where] = (at(where, h) - at(where, -h)) / 2 / h
    return g

# %% relative_error/norm_plain | np.linalg.norm and two ifs
def relative_error(a, b):
    if a.shape != b.shape:
        raise ValueError("shapes differ: %s and %s" % (a.shape, b.shape))
    denominator = np.linalg.norm(a) + np.linalg.norm(b)
    if denominator == 0:
        return 0.0
    return np.linalg.norm(a - b) / denominator

# %% relative_error/loop_flat | python loops over .flat and math.sqrt
import math

def relative_error(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError('not the same shape')
    d2 = 0.0
    a2 = 0.0
    b2 = 0.0
    for u, v in zip(a.flat, b.flat):
        u = float(u); v = float(v)
        d2 += (u - v)**2
        a2 += u**2
        b2 += v**2
    total = math.sqrt(a2) + math.sqrt(b2)
    return math.sqrt(d2) / total if total > 0 else 0.0

# %% relative_error/einsum_ravel | einsum for the sums of squares
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError(f"{a.shape} against {b.shape}")
    length = lambda v: np.sqrt(np.einsum("i,i->", v.ravel(), v.ravel()))
    bottom = length(a) + length(b)
    return float(length(a - b) / bottom) if bottom else 0.0

# %% relative_error/scaled_careful | divides by the largest entry first, neither overflow nor underflow
def relative_error(a, b):
    a = np.array(a, dtype=float)
    b = np.array(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("a and b must have one shape")
    biggest = max(np.max(np.abs(a), initial=0.0), np.max(np.abs(b), initial=0.0))
    if biggest == 0.0:
        return 0.0
    a, b = a / biggest, b / biggest
    return np.sqrt(np.sum((a - b) ** 2)) / (np.sqrt(np.sum(a**2)) + np.sqrt(np.sum(b**2)))

# %% relative_error/torch_vector_norm | torch in double precision, .item() at the end
import torch


def relative_error(a, b):
    ta = torch.tensor(np.array(a, dtype=np.float64).tolist(), dtype=torch.float64).reshape(a.shape)
    tb = torch.tensor(np.array(b, dtype=np.float64).tolist(), dtype=torch.float64).reshape(b.shape)
    if ta.shape != tb.shape:
        raise ValueError(f"shape mismatch {tuple(ta.shape)} {tuple(tb.shape)}")
    den = torch.linalg.vector_norm(ta) + torch.linalg.vector_norm(tb)
    if den.item() == 0.0:
        return 0.0
    return (torch.linalg.vector_norm(ta - tb) / den).item()

# %% relative_error/any_first | asks whether there is any nonzero entry, then divides
def relative_error(a, b):
    if not a.shape == b.shape:
        raise ValueError()
    if not (np.any(a) or np.any(b)):
        return 0.0   # perfect match
    def norm(v):
        return (v.astype(float) ** 2).sum() ** 0.5
    return norm(a.astype(float) - b.astype(float)) / (norm(a) + norm(b))

# %% relative_error/decorated_shapes | a decorator that guards the shapes
import functools


def same_shapes(function):
    @functools.wraps(function)
    def guarded(first, second):
        if first.shape != second.shape:
            raise ValueError(f"Shapes {first.shape} and {second.shape} are not equal.")
        return function(first, second)

    return guarded


@same_shapes
def relative_error(a, b):
    parts = [np.linalg.norm(np.ravel(v)) for v in (a - b, a, b)]
    return parts[0] / (parts[1] + parts[2]) if parts[1] + parts[2] != 0 else 0.0

# %% relative_error/tiny_in_denominator | adds the smallest float to the denominator, reduce with hypot
import math
from functools import reduce

def relative_error(grad1, grad2):
    if grad1.shape != grad2.shape:
        raise ValueError("cannot compare gradients of different shapes")
    size = lambda g: reduce(math.hypot, (float(v) for v in np.ravel(g)), 0.0)
    return size(grad1 - grad2) / (size(grad1) + size(grad2) + np.finfo(float).tiny)

# %% linear_regression_grad/column_stack | as the hint says
def linear_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    error = X1 @ w - y
    return 2 * X1.T @ error / len(y)

# %% linear_regression_grad/loops | three nested python loops, no numpy algebra
def linear_regression_grad(X, y, w):
    N, D = X.shape
    grad = [0.0] * (D + 1)
    for n in range(N):
        row = [1.0]
        for d in range(D):
            row.append(float(X[n, d]))
        yhat = 0.0
        for k in range(D + 1):
            yhat += float(w[k]) * row[k]
        for k in range(D + 1):
            grad[k] += 2.0 * (yhat - float(y[n])) * row[k]
    return np.array([g / N for g in grad])

# %% linear_regression_grad/einsum_mean | einsum for prediction and gradient
def linear_regression_grad(X, y, w):
    ones = np.ones((X.shape[0], 1))
    A = np.concatenate((ones, X), axis=1)
    r = np.einsum("nk,k->n", A, w) - y
    return np.einsum("n,nk->k", r, A) * (2 / A.shape[0])

# %% linear_regression_grad/bias_apart | bias and weights apart, no column of ones
def linear_regression_grad(X, y, w):
    b, v = w[0], w[1:]
    e = 2 * (X @ v + b - y)
    return np.append(e.mean(), (e[:, None] * X).mean(axis=0))

# %% linear_regression_grad/np_matrix | np.matrix with * for products, flattened at the end
def linear_regression_grad(X, y, w):
    A = np.matrix(np.hstack([np.ones((len(X), 1)), X]))
    W = np.matrix(w, dtype=float).T
    Y = np.matrix(y, dtype=float).T
    G = 2.0 / A.shape[0] * (A.T * (A * W - Y))
    return np.asarray(G).ravel()

# %% linear_regression_grad/torch_autograd | lets torch differentiate the mean squared error in float64
import torch

def linear_regression_grad(X, y, w):
    Xt = torch.tensor(np.array(X, dtype=np.float64, order="C"))
    yt = torch.tensor(np.array(y, dtype=np.float64))
    wt = torch.tensor(np.array(w, dtype=np.float64), requires_grad=True)
    with torch.enable_grad():
        loss = torch.mean((wt[0] + Xt @ wt[1:] - yt) ** 2)
        loss.backward()
    return wt.grad.detach().numpy().copy()

# %% linear_regression_grad/dataclass_model | a frozen dataclass with properties
from dataclasses import dataclass


@dataclass(frozen=True)
class LineModel:
    X: np.ndarray
    y: np.ndarray
    w: np.ndarray

    @property
    def design(self):
        return np.insert(self.X.astype(float), 0, 1.0, axis=1)

    @property
    def residual(self):
        return self.design.dot(self.w) - self.y

    def gradient(self):
        return np.mean(2 * self.residual[:, np.newaxis] * self.design, axis=0)


def linear_regression_grad(X, y, w):
    return LineModel(X, y, w).gradient()

# %% linear_regression_grad/matlab_columns | column vectors throughout, back to w's shape at the end
def linear_regression_grad(X, y, w):
    N = X.shape[0];  D = X.shape[1]
    X1 = np.ones([N, D + 1]);  X1[:, 1:] = X
    yy = np.reshape(y, (N, 1));  ww = np.reshape(w, (D + 1, 1))
    J_grad = (2/N) * np.matmul(np.transpose(X1), np.matmul(X1, ww) - yy)
    return J_grad.reshape(w.shape)

# %% linear_regression_grad/complex_step | derivative with an imaginary step, exact for a parabola
def linear_regression_grad(X, y, w):
    tiny = 1e-30
    X1 = np.c_[np.ones(X.shape[0]), X]
    result = []
    for k in range(len(w)):
        step = np.zeros(len(w), dtype=complex)
        step[k] = 1j * tiny
        J = np.mean((X1 @ (w + step) - y) ** 2)
        result.append(J.imag / tiny)
    return np.array(result)

# %% logistic_regression_grad/textbook | p - y, with expit
def logistic_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    p = expit(X1 @ w)
    return X1.T @ (p - y) / len(X)

# %% logistic_regression_grad/own_piecewise_sigmoid | own sigmoid, two branches so that exp never overflows
def _sigmoid(z):
    out = np.empty(z.shape)
    pos = z >= 0
    out[pos] = 1 / (1 + np.exp(-z[pos]))
    ez = np.exp(z[~pos])
    out[~pos] = ez / (1 + ez)
    return out

def logistic_regression_grad(X, y, w):
    X1 = np.hstack((np.ones((X.shape[0], 1)), X))
    delta = _sigmoid(np.dot(X1, w)) - y
    return np.dot(delta, X1) / X.shape[0]

# %% logistic_regression_grad/tanh_form | sigmoid by tanh: (1 + tanh(z/2)) / 2
def logistic_regression_grad(X, y, w):
    z = w[0] + X @ w[1:]
    p = 0.5 * (1.0 + np.tanh(0.5 * z))
    d = p - y
    return np.r_[d.mean(), d @ X / d.size]

# %% logistic_regression_grad/loop_examples | python loop over examples
def logistic_regression_grad(X, y, w):
    total = np.zeros(len(w))
    for x_n, y_n in zip(X, y):
        x1 = np.array([1.0, *x_n])
        total += (expit(x1 @ w) - y_n) * x1
    return total / len(X)

# %% logistic_regression_grad/torch_bce_logits | torch autograd on binary_cross_entropy_with_logits
import torch
import torch.nn.functional as F


def logistic_regression_grad(X, y, w):
    inputs = torch.tensor(np.array(X, dtype=np.float64, order="C"))
    targets = torch.tensor(np.array(y, dtype=np.float64))
    weights = torch.tensor(np.array(w, dtype=np.float64)).requires_grad_(True)
    logits = inputs @ weights[1:] + weights[0]
    (gradient,) = torch.autograd.grad(F.binary_cross_entropy_with_logits(logits, targets), weights)
    return gradient.numpy()

# %% logistic_regression_grad/two_classes | -expit(-z) for passed and expit(z) for failed, careful near 1
def logistic_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(X.shape[0]), X])
    z = X1 @ w
    dz = np.where(np.asarray(y) == 1, -expit(-z), expit(z))   # = p - y, without cancellation
    return np.average(dz[:, None] * X1, axis=0)

# %% logistic_regression_grad/calls_linear | reuses linear_regression_grad: its gradient at zero weights with targets y - p, halved
def logistic_regression_grad(X, y, w):
    p = expit(w[0] + X @ w[1:])
    # at w = 0 the linear model predicts 0, its error is 0 - (y - p) = p - y, times 2
    return linear_regression_grad(X, y - p, np.zeros(len(w))) / 2

# %% logistic_regression_grad/exp_of_log_expit | exp(log_expit(z)), asserts on the shapes
def logistic_regression_grad(X, y, w):
    N, D = X.shape
    assert y.shape == (N,) and w.shape == (D + 1,)
    X1 = np.empty((N, D + 1), order="F")
    X1[:, 0] = 1
    X1[:, 1:] = X
    p = np.exp(log_expit(X1 @ w))
    grad = ((p - y) * X1.T).sum(axis=1) / N
    assert grad.shape == w.shape
    return grad

# %% logistic_regression_grad/naive_exp_silenced | 1/(1+exp(-z)) with the overflow warning silenced: inf gives p = 0
def logistic_regression_grad(X, y, w):
    X1 = np.c_[np.ones(len(X)), X]
    with np.errstate(over="ignore"):
        p = 1 / (1 + np.exp(-(X1 @ w)))
    return np.mean((p - y).reshape(-1, 1) * X1, axis=0)

# %% logistic_regression_grad/naive_exp | 1/(1+exp(-z)) as on paper; exp may warn of overflow, the p = 0 that comes out is right
def logistic_regression_grad(X, y, w):
    sigmoid = lambda t: 1.0 / (1.0 + np.exp(-t))
    z = w[0] + np.sum(X * w[1:], axis=1)
    delta = sigmoid(z) - y
    return np.hstack([np.mean(delta), np.mean(delta * X.T, axis=1)])

# %% gradient_descent/while_two_conditions | while with both conditions
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float)
    steps = 0
    g = grad(w)
    while np.linalg.norm(g) > eps and steps < max_steps:
        w = w - lr * g
        steps += 1
        g = grad(w)
    return w, steps

# %% gradient_descent/for_with_return | for loop with a return inside, another after it
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = w0.astype(float)
    for steps in range(max_steps):
        slope = grad(w)
        if np.sqrt(np.sum(slope ** 2)) <= eps:
            return w, steps
        w = w - lr * slope
    return w, max_steps

# %% gradient_descent/rebind_no_copy | w = w0 without copying, but every step makes a new array
def gradient_descent(grad, w0, lr, eps, max_steps):
    w, steps = w0, 0
    while steps < max_steps:
        g = grad(w)
        if np.linalg.norm(g) <= eps: break
        w, steps = w - lr*g, steps + 1
    return (w, steps)

# %% gradient_descent/inplace_on_own_copy | w -= on a private float copy
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float, copy=True)
    steps = 0
    while True:
        if steps >= max_steps:
            break
        g = np.asarray(grad(w))
        if not np.sqrt(g @ g) > eps:
            break
        w -= lr * g
        steps += 1
    return w, steps

# %% gradient_descent/namedtuple_walrus | a NamedTuple comes back, walrus in the condition
from typing import NamedTuple


class Walk(NamedTuple):
    w: np.ndarray
    steps: int


def gradient_descent(grad, w0, lr: float, eps: float, max_steps: int) -> Walk:
    w, steps = np.asarray(w0) + 0.0, 0
    while steps < max_steps and np.linalg.norm(g := grad(w)) > eps:
        w = w - lr * g
        steps += 1
    return Walk(w, steps)

# %% gradient_descent/generator_of_places | generator of all places, the consumer counts them
def gradient_descent(grad, w0, lr, eps, max_steps):
    def places():
        w = np.array(w0, float)
        yield w
        while np.linalg.norm(slope := grad(w)) > eps:
            w = w - lr * slope
            yield w

    for steps, w in enumerate(islice(places(), max_steps + 1)):
        pass
    return w, steps

# %% gradient_descent/optional_momentum_history | extra optional parameters momentum=0 and a log of the walk
import logging

_log = logging.getLogger("lab3")

def gradient_descent(grad, w0, lr, eps, max_steps, momentum=0.0, history=None):
    w = np.array(w0, dtype=np.float64)
    velocity = np.zeros_like(w)
    n = 0
    gradient = grad(w)
    length = np.sum(np.square(gradient)) ** 0.5
    while length > eps and n < max_steps:
        velocity = momentum * velocity - lr * gradient
        w = w + velocity
        n = n + 1
        gradient = grad(w)
        length = np.sum(np.square(gradient)) ** 0.5
        if history is not None:
            history.append((n, length))
        _log.debug("step %d: |grad| = %g", n, length)
    return w, n

# %% gradient_descent/grad_asked_twice | asks for the gradient in the condition and again in the step
def gradient_descent(grad, w0, lr, eps, max_steps):
    # our w
    w = np.copy(w0) * 1.0
    n_steps = 0
    while n_steps != max_steps and np.linalg.norm(grad(w)) > eps:
        w = w - lr * grad(w)
        n_steps += 1
    return w, n_steps

# %% gradient_descent/path_list | keeps the whole path in a list, steps = its length minus 1
def gradient_descent(grad, w0, lr, eps, max_steps):
    path = [np.array(w0, dtype=float)]
    flat = lambda v: np.linalg.norm(v) <= eps
    for _ in range(max_steps):
        here = path[-1]
        down = grad(here)
        if flat(down):
            break
        path.append(here - lr * down)
    return path[-1], len(path) - 1

# %% minibatches/permutation_slices | one permutation, slices of it
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]

# %% minibatches/shuffle_arange | rng.shuffle on an index array, while loop
def minibatches(X, y, batch_size, rng):
    idx = np.arange(y.shape[0])
    rng.shuffle(idx)
    i = 0
    while i < len(idx):
        j = min(i + batch_size, len(idx))
        yield (X[idx[i:j]], y[idx[i:j]])
        i = j

# %% minibatches/shuffled_copies_views | shuffles both into copies once, yields slices of the copies
def minibatches(X, y, batch_size, rng):
    perm = rng.permutation(X.shape[0])
    Xs = X[perm]
    ys = y[perm]
    n = X.shape[0]
    for k in range((n + batch_size - 1) // batch_size):
        yield Xs[k*batch_size:(k+1)*batch_size], ys[k*batch_size:(k+1)*batch_size]

# %% minibatches/genexpr_returned | returns a generator expression
def minibatches(X, y, batch_size, rng):
    p = rng.permutation(len(y))
    cuts = range(0, len(y), batch_size)
    return ((X[p[c:c + batch_size]], y[p[c:c + batch_size]]) for c in cuts)

# %% minibatches/argsort_of_random | random keys, argsort, np.take
def minibatches(X, y, batch_size, rng):
    """Deals the examples like cards."""
    keys = rng.random(len(y))
    deck = np.argsort(keys)
    while deck.size:
        hand, deck = deck[:batch_size], deck[batch_size:]
        yield np.take(X, hand, axis=0), np.take(y, hand, axis=0)

# %% minibatches/array_split_yield_from | np.split at the multiples of batch_size, yield from
def minibatches(X, y, batch_size, rng):
    N = len(X)
    pieces = np.split(rng.permutation(N), np.arange(batch_size, N, batch_size))
    yield from ((X[piece], y[piece]) for piece in pieces if len(piece) > 0)

# %% minibatches/islice_chunks | iterator over the numbers, islice takes batch_size at a time
from itertools import islice as _take

def minibatches(X, y, batch_size, rng):
    numbers = iter(rng.permutation(len(X)).tolist())
    while batch := list(_take(numbers, batch_size)):
        yield X[batch], y[batch]

# %% minibatches/one_by_one | collects rows one by one and yields a full stack
def minibatches(X, y, batch_size, rng):
    xs, ys = [], []
    for i in rng.choice(len(X), size=len(X), replace=False):
        xs.append(X[i])
        ys.append(y[i])
        if len(xs) == batch_size:
            yield np.stack(xs), np.array(ys)
            xs, ys = [], []
    if xs:
        yield np.stack(xs), np.array(ys)

# %% minibatches/iterator_class | a class with __iter__ and __next__ behind the function
class _Deck:
    def __init__(self, X, y, batch_size, rng):
        self.X, self.y, self.size = X, y, batch_size
        self.order = rng.permutation(len(X))
        self.at = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.at >= len(self.order):
            raise StopIteration
        rows = self.order[self.at : self.at + self.size]
        self.at += self.size
        return self.X[rows], self.y[rows]


def minibatches(X, y, batch_size, rng):
    return _Deck(X, y, batch_size, rng)

# %% sgd_epoch/for_loop | plain loop over minibatches
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        w = w - lr * grad(X_batch, y_batch, w)
    return w

# %% sgd_epoch/float_copy_inplace | private float copy, updated in place
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    w = np.array(w, dtype=float)
    for xb, yb in minibatches(X, y, batch_size, rng):
        w -= lr * grad(xb, yb, w)
    return w

# %% sgd_epoch/reduce | functools.reduce over the batches
from functools import reduce


def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    step = lambda v, batch: v - lr * grad(*batch, v)
    return reduce(step, minibatches(X, y, batch_size, rng), w)

# %% sgd_epoch/by_gradient_descent | one step of gradient_descent per batch
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    for Xb, yb in minibatches(X, y, batch_size, rng):
        # eps below zero: never stop because of flatness, so exactly one step
        w, _ = gradient_descent(lambda v: grad(Xb, yb, v), w, lr, -1.0, 1)
    return w

# %% sgd_epoch/optimizer_class | small SGD class with step()
class SGD:
    def __init__(self, w, lr):
        self.w = np.array(w, dtype=float)
        self.lr = lr

    def step(self, g):
        self.w = self.w - self.lr * np.asarray(g)


def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    opt = SGD(w, lr)
    for batch in minibatches(X, y, batch_size, rng):
        opt.step(grad(batch[0], batch[1], opt.w))
    return opt.w

# %% sgd_epoch/next_and_default | takes batches with next() until there are none
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    batches = iter(minibatches(X, y, batch_size, rng))
    new_w = w.copy()
    batch = next(batches, None)
    while batch is not None:
        g = grad(batch[0], batch[1], new_w)
        assert np.shape(g) == np.shape(new_w), "gradient has another shape than w"
        new_w = new_w - np.multiply(lr, g)
        batch = next(batches, None)
    return new_w

# %% sgd_epoch/torch_optimizer | torch.optim.SGD with the gradients put into .grad
import torch


def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    param = torch.nn.Parameter(torch.tensor(np.array(w, dtype=np.float64)))
    optimizer = torch.optim.SGD([param], lr=lr)
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        optimizer.zero_grad(set_to_none=True)
        g = grad(X_batch, y_batch, param.detach().numpy().copy())
        param.grad = torch.tensor(np.array(g, dtype=np.float64))
        optimizer.step()
    return param.detach().numpy().copy()

# %% sgd_epoch/trail_list_verbose | keeps all places in a list, optional verbose print
def sgd_epoch(grad, w, X, y, lr, batch_size, rng, verbose=False):
    trail = [np.asarray(w, dtype=float)]
    for k, (a, b) in enumerate(minibatches(X, y, batch_size, rng)):
        trail.append(trail[-1] - lr * grad(a, b, trail[-1]))
        if verbose:
            print(f"batch {k}: w = {trail[-1]}")
    return trail[-1].copy()

# %% sgd_epoch/deals_itself | does not call minibatches, deals with rng.permutation itself in the same way
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    n = len(X)
    perm = rng.permutation(n)
    w_new = np.array(w, dtype=float)
    for first in range(0, n, batch_size):
        part = perm[first:first + batch_size]
        w_new = w_new - lr * grad(X[part], y[part], w_new)
    return w_new

# %% predict_pass/z_positive | scales both columns, z > 0
def predict_pass(lectures, hours, w):
    l = (lectures - train_mean[0]) / train_std[0]
    h = (hours - train_mean[1]) / train_std[1]
    return w[0] + w[1] * l + w[2] * h > 0

# %% predict_pass/stack_expit | column_stack, expit, p > 0.5
def predict_pass(lectures, hours, w):
    X_new = np.column_stack([lectures, hours])
    X_new = (X_new - train_mean) / train_std
    X1 = np.column_stack([np.ones(len(X_new)), X_new])
    p = expit(X1 @ w)
    return p > 0.5

# %% predict_pass/list_of_bools | loop over the students, a list of bool comes back
def predict_pass(lectures, hours, w):
    answers = []
    for l, h in zip(lectures, hours):
        l_scaled = (l - train_mean[0]) / train_std[0]
        h_scaled = (h - train_mean[1]) / train_std[1]
        z = w[0] + w[1] * l_scaled + w[2] * h_scaled
        if z > 0:
            answers.append(True)
        else:
            answers.append(False)
    return answers

# %% predict_pass/comprehension_tuple | generator into a tuple of bool
def predict_pass(lectures, hours, w):
    scaled = (np.array([lectures, hours]).T - train_mean) / train_std
    return tuple(bool(expit(w[0] + row @ w[1:]) > 0.5) for row in scaled)

# %% predict_pass/weights_per_unit | divides the weights by the spread instead of the features, subtracts the mean from the features
def predict_pass(lectures, hours, w):
    per_unit = w[1:] / train_std
    X = np.stack((lectures, hours), axis=-1)
    return np.greater(w[0] + (X - train_mean) @ per_unit, 0)

# %% predict_pass/compare_with_border | passes where the hours and lectures part is above -w0
def predict_pass(lectures, hours, w):
    z = lambda x, k: w[k + 1] * ((x - train_mean[k]) / train_std[k])
    return np.where(z(lectures, 0) + z(hours, 1) > -w[0], True, False)

# %% predict_pass/log_odds_guarded | compares log p with log(1 - p), guards by asserts
def predict_pass(lectures, hours, w):
    lectures, hours = np.asarray(lectures, dtype=float), np.asarray(hours, dtype=float)
    assert lectures.shape == hours.shape and np.shape(w) == (3,)
    features = np.vstack([lectures, hours])
    features = (features - train_mean.reshape(2, 1)) / train_std.reshape(2, 1)
    z = w[0] + np.einsum("k,kn->n", w[1:], features)
    passed = log_expit(z) > log_expit(-z)
    return passed

# %% predict_pass/optional_scaling_arguments | extra optional mean and std, None means those of the training part
def predict_pass(lectures, hours, w, mean=None, std=None):
    mean = train_mean if mean is None else mean
    std = train_std if std is None else std
    X = np.array([lectures, hours], dtype=float)
    X = X.T
    X = np.divide(np.subtract(X, mean), std)
    bias, *rest = w
    return bias + np.dot(X, np.array(rest)) > 0.0

# %% predict_pass/default_arguments_bound | training mean and std bound as default arguments when the cell runs
def predict_pass(lectures, hours, w, m=train_mean, s=train_std):
    Z = w[0] + ((np.c_[lectures, hours] - m) / s) @ w[1:]
    return [bool(z > 0) for z in Z]
