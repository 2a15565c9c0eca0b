# %% describe/asarray | np.asarray, then the three attributes
def describe(t):
    t = np.asarray(t)
    return t.ndim, t.shape, t.size

# %% describe/np_functions | the functions of numpy, which take numbers as well
def describe(t):
    return (np.ndim(t), np.shape(t), np.size(t))

# %% describe/named_tuple | a named tuple with int() around everything
from collections import namedtuple

Description = namedtuple("Description", ["ndim", "shape", "size"])

def describe(t):
    arr = np.array(t)
    return Description(ndim=int(len(arr.shape)), shape=tuple(int(n) for n in arr.shape), size=int(np.prod(arr.shape)))

# %% describe/reduce | product of the shape by reduce, starting from 1
from functools import reduce
import operator

def describe(t):
    shape = getattr(t, "shape", ())
    return len(shape), shape, reduce(operator.mul, shape, 1)

# %% describe/dataclass | dataclass and astuple
from dataclasses import dataclass, astuple

@dataclass
class Info:
    ndim: int
    shape: tuple
    size: int

def describe(t):
    a = np.asarray(t)
    return astuple(Info(a.ndim, a.shape, a.size))

# %% describe/recursion | walks down the shape
def describe(t):
    def walk(shape):
        if len(shape) == 0:
            return 0, 1
        deeper, count = walk(shape[1:])
        return deeper + 1, count * shape[0]
    shape = np.shape(t)
    ndim, size = walk(shape)
    return ndim, shape, size

# %% describe/isinstance | asks whether it is an array, a plain number is written by hand
def describe(t):
    if not isinstance(t, np.ndarray):
        return 0, (), 1
    total = 1
    for n in t.shape:
        total *= n
    return t.ndim, t.shape, total

# %% describe/memoryview | a memoryview knows the same three things
def describe(t):
    m = memoryview(np.array(t, dtype=float))
    return m.ndim, m.shape, m.nbytes // m.itemsize

# %% rgb_to_gray/matmul | a matrix product with the weights
def rgb_to_gray(image):
    return image @ np.array([0.299, 0.587, 0.114])

# %% rgb_to_gray/three_terms | three slices
def rgb_to_gray(image):
    red, green, blue = image[:, :, 0], image[:, :, 1], image[:, :, 2]
    return 0.299 * red + 0.587 * green + 0.114 * blue

# %% rgb_to_gray/einsum | einsum over the colours
def rgb_to_gray(image):
    return np.einsum("hwc,c->hw", image.astype(float), [0.299, 0.587, 0.114])

# %% rgb_to_gray/double_loop | MATLAB style: zeros and two loops
def rgb_to_gray(image):
    [H, W, C] = image.shape
    G = np.zeros((H, W))
    for i in range(0, H):
        for j in range(0, W):
            G[i, j] = image[i, j, 0]*0.299 + image[i, j, 1]*0.587 + image[i, j, 2]*0.114
    return G

# %% rgb_to_gray/average | np.average has weights
def rgb_to_gray(image):
    return np.average(image, axis=-1, weights=(0.299, 0.587, 0.114))

# %% rgb_to_gray/comprehension | nested list comprehension with zip
def rgb_to_gray(image):
    w = (0.299, 0.587, 0.114)
    return np.array([[sum(float(c) * k for c, k in zip(dot, w)) for dot in row] for row in image])

# %% rgb_to_gray/np_matrix | np.matrix of all dots, and back to an array
def rgb_to_gray(image):
    h, w, c = image.shape
    M = np.asmatrix(image.reshape(h * w, c))
    k = np.asmatrix([0.299, 0.587, 0.114]).T
    return np.asarray(M * k).reshape(h, w)

# %% rgb_to_gray/recursion | the first row, then all the others
def rgb_to_gray(image):
    first = (image[:1] * [0.299, 0.587, 0.114]).sum(axis=2)
    if len(image) == 1:
        return first
    return np.vstack([first, rgb_to_gray(image[1:])])

# %% rgb_to_gray/thousandths | whole thousandths as weights, divided at the end
def rgb_to_gray(image):
    k = np.array([299, 587, 114])
    return np.tensordot(image.astype(np.float64), k, axes=(2, 0)) / 1000

# %% rgb_to_gray/apply_lambda | a lambda along the last axis
rgb_to_gray = lambda image: np.apply_along_axis(lambda d: 0.299*d[0] + 0.587*d[1] + 0.114*d[2], 2, image)

# %% flatten_batch/reshape_minus_one | the usual line
def flatten_batch(images):
    return images.reshape(images.shape[0], -1)

# %% flatten_batch/unpack | all four sizes by name
def flatten_batch(images):
    N, H, W, C = images.shape
    return np.reshape(images, (N, H * W * C))

# %% flatten_batch/stack_ravel | one ravel for each picture
def flatten_batch(images):
    return np.stack([im.ravel() for im in images])

# %% flatten_batch/four_loops | four loops and a counter
def flatten_batch(images):
    N, H, W, C = images.shape
    out = np.empty((N, H*W*C), dtype=images.dtype)
    for n in range(N):
        k = 0
        for h in range(H):
            for w in range(W):
                for c in range(C):
                    out[n, k] = images[n, h, w, c]
                    k += 1
    return out

# %% flatten_batch/matlab_order | column-major as in MATLAB, with the axes turned first
def flatten_batch(images):
    N = images.shape[0]
    A = np.transpose(images, (3, 2, 1, 0))
    return np.reshape(A, (-1, N), order="F").T

# %% flatten_batch/recursion | joins two axes at a time until two are left
def flatten_batch(images):
    if images.ndim == 2:
        return images
    return flatten_batch(np.concatenate([images[:, i] for i in range(images.shape[1])], axis=1))

# %% flatten_batch/module | a small class as in torch
class Flatten:
    def __init__(self, start_dim=1):
        self.start_dim = start_dim

    def forward(self, x):
        return x.reshape(*x.shape[: self.start_dim], int(np.prod(x.shape[self.start_dim :])))

    __call__ = forward

def flatten_batch(images):
    return Flatten()(images)

# %% flatten_batch/generator | nested lists and a generator
def flatten_batch(images):
    def numbers(x):
        if isinstance(x, list):
            for y in x:
                yield from numbers(y)
        else:
            yield x
    return np.array([list(numbers(pic)) for pic in images.tolist()])

# %% flatten_batch/dots_side_by_side | the dots put side by side with hstack
def flatten_batch(images):
    _, H, W, _ = images.shape
    return np.hstack([images[:, r, c, :] for r in range(H) for c in range(W)])

# %% add_bias/guard_and_plus | guard, then plus
def add_bias(Z, b):
    if b.shape != (Z.shape[1],):
        raise ValueError(f"b must have shape ({Z.shape[1]},), not {b.shape}")
    return Z + b

# %% add_bias/np_shape | np.shape, also for what is no array
def add_bias(Z, b):
    n, h = np.shape(Z)
    if np.ndim(b) != 1 or np.size(b) != h:
        raise ValueError("wrong b")
    return np.add(Z, b)

# %% add_bias/unpack_guard | the unpacking raises ValueError by itself when b has not one axis
def add_bias(Z, b):
    N, H = Z.shape
    (h,) = b.shape
    if h != H:
        raise ValueError("one number for each column, please")
    return Z + b[None, :]

# %% add_bias/columns | column by column, in a type that holds both
def add_bias(Z, b):
    N, H = Z.shape
    if b.shape != (H,):
        raise ValueError
    out = np.zeros((N, H), dtype=np.result_type(Z, b))
    for j in range(H):
        out[:, j] = Z[:, j] + b[j]
    return out

# %% add_bias/decorator | the guard is a decorator
import functools

def guarded(f):
    @functools.wraps(f)
    def inner(Z, b):
        if np.shape(b) != np.shape(Z)[1:]:
            raise ValueError("shape of b")
        return f(Z, b)
    return inner

@guarded
def add_bias(Z, b):
    return Z + b

# %% add_bias/own_error | an error class of its own, derived from ValueError; repmat
class ShapeError(ValueError):
    pass

def add_bias(Z, b):
    if not (len(b.shape) == 1 and b.shape[0] == Z.shape[1]):
        raise ShapeError("b")
    return Z + np.tile(b, (Z.shape[0], 1))

# %% add_bias/matrix_product | homogeneous coordinates: [Z 1] times [I; b]
def add_bias(Z, b):
    N, H = Z.shape
    if b.shape != (H,):
        raise ValueError("b is not (H,)")
    left = np.hstack([Z, np.ones((N, 1))])
    right = np.vstack([np.eye(H), b])
    return left @ right

# %% add_bias/transposed | transposes twice, as a MATLAB user does
def add_bias(Z, b):
    if b.ndim != 1:
        raise ValueError("b must be a vector")
    if len(b) != Z.shape[1]:
        raise ValueError("b has the wrong length")
    return (Z.T + b.reshape(-1, 1)).T

# %% add_bias/rows | a list of new rows
def add_bias(Z, b):
    if b.shape != Z[0].shape:
        raise ValueError("no")
    return np.array([row + b for row in Z])

# %% standardize/replace_zero | std 0 is replaced by 1
def standardize(X_train, X_test):
    mu = X_train.mean(axis=0)
    sigma = X_train.std(axis=0)
    sigma[sigma == 0] = 1
    return (X_train - mu) / sigma, (X_test - mu) / sigma

# %% standardize/np_where | np.where and an inner function
def standardize(X_train, X_test):
    m, s = np.mean(X_train, 0), np.std(X_train, 0)
    s = np.where(s > 0, s, 1.0)

    def z(X):
        return (X - m) / s

    return z(X_train), z(X_test)

# %% standardize/column_loop | column by column with sums; a constant column stays 0
def standardize(X_train, X_test):
    N, D = X_train.shape
    A = np.zeros(X_train.shape)
    B = np.zeros(X_test.shape)
    for d in range(D):
        col = [float(v) for v in X_train[:, d]]
        if max(col) == min(col):
            continue
        mean = sum(col) / N
        std = (sum((v - mean) ** 2 for v in col) / N) ** 0.5
        A[:, d] = (X_train[:, d] - mean) / std
        B[:, d] = (X_test[:, d] - mean) / std
    return A, B

# %% standardize/scaler_class | fit and transform, as in scikit-learn
class Scaler:
    def fit(self, X):
        self.mean_ = X.mean(axis=0, keepdims=True)
        self.scale_ = X.std(axis=0, keepdims=True)
        self.scale_[np.ptp(X, axis=0, keepdims=True) == 0] = 1.0
        return self

    def transform(self, X):
        return (X - self.mean_) / self.scale_

def standardize(X_train, X_test):
    sc = Scaler().fit(X_train)
    return sc.transform(X_train), sc.transform(X_test)

# %% standardize/nan_to_num | divides all the same and turns nan into 0
def standardize(X_train, X_test):
    mu, sd = X_train.mean(0), X_train.std(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num((X_train - mu) / sd), np.nan_to_num((X_test - mu) / sd)

# %% standardize/divide_where | np.divide with where and out
def standardize(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    ok = std != 0
    res = []
    for X in (X_train, X_test):
        centred = X - mean
        res.append(np.divide(centred, std, out=np.zeros_like(centred), where=ok))
    return tuple(res)

# %% standardize/copies_in_place | float copies, changed in place
def standardize(X_train, X_test):
    a = np.array(X_train, dtype=float)
    b = np.array(X_test, dtype=float)
    mean = a.mean(axis=0)
    a -= mean
    b -= mean
    std = np.sqrt((a * a).mean(axis=0))
    std[std == 0] = 1
    a /= std
    b /= std
    return a, b

# %% standardize/stacked_split | everything in one array, cut in two at the end
def standardize(X_train, X_test):
    n = len(X_train)
    X = np.concatenate([X_train, X_test])
    mu = X[:n].sum(axis=0) / n
    sd = np.sqrt(np.einsum("nd,nd->d", X[:n] - mu, X[:n] - mu) / n)
    sd = sd + (sd == 0)
    X = (X - mu) / sd
    return X[:n], X[n:]

# %% standardize/tiny_epsilon | a very small number against division by zero
def standardize(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    eps = 1e-12
    return [(X - mean) / (std + eps) for X in (X_train, X_test)]
