# %% perceptron/numpy_dot | np.dot plus the bias
def perceptron(x, w, w0, g):
    return g(w0 + np.dot(x, w))

# %% perceptron/plain_loop | adds the products one by one with an index
def perceptron(x, w, w0, g):
    z = w0
    for i in range(len(x)):
        z = z + x[i]*w[i]
    return g(z)

# %% perceptron/zip_sum_float | generator expression, result turned into a Python float
def perceptron(x, w, w0, g):
    # weighted sum + bias
    s = sum(xi * wi for xi, wi in zip(x, w)) + w0
    y = g(s)
    return float(y)

# %% perceptron/einsum_typed | einsum with type hints and an assert on the shapes
from typing import Callable

def perceptron(x: np.ndarray, w: np.ndarray, w0: float, g: Callable) -> float:
    assert x.shape == w.shape, f"shapes differ: {x.shape} {w.shape}"
    return g(np.einsum("i,i->", x, w) + w0)

# %% perceptron/augmented_vector | puts the bias in front as weight number zero
def perceptron(x, w, w0, g):
    x_aug = np.concatenate(([1.0], x))   # x0 = 1
    w_aug = np.r_[w0, w]
    return g(x_aug @ w_aug)

# %% perceptron/class_neuron | dataclass with __call__, used by the function
from dataclasses import dataclass

@dataclass
class Neuron:
    weights: np.ndarray
    bias: float
    act: object

    def __call__(self, inp):
        return self.act((inp * self.weights).sum() + self.bias)

def perceptron(x, w, w0, g):
    return Neuron(w, w0, g)(x)

# %% boundary/solved_for_x2 | solved on paper
def boundary(x1, w0, w):
    return -(w0 + w[0] * x1) / w[1]

# %% boundary/slope_intercept | slope and intercept first
def boundary(x1, w0, w):
    slope = -w[0] / w[1]
    intercept = -w0 / w[1]
    return slope * x1 + intercept

# %% boundary/unpack | unpacks w, guard on w2 and a print
def boundary(x1, w0, w):
    w1, w2 = w
    if w2 == 0:
        print("warning: vertical border!")
    return (-w0 - w1*x1) / w2

# %% boundary/asarray_loop | loops over the flattened array and puts the shape back
def boundary(x1, w0, w):
    if np.ndim(x1) == 0:
        return (0 - w0 - w[0]*x1)/w[1]
    x1 = np.asarray(x1)
    res = []
    for v in x1.flatten():
        res.append((0 - w0 - w[0]*v)/w[1])
    return np.array(res, dtype=float).reshape(x1.shape)

# %% boundary/vectorize_lambda | np.vectorize on a lambda, floats demanded
def boundary(x1, w0, w):
    f = np.vectorize(lambda t: (w0 + w[0] * t) / -w[1], otypes=[float])
    return f(x1)

# %% perceptron_batch/one_liner | the formula
def perceptron_batch(X, W, b, g):
    return g(X @ W + b)

# %% perceptron_batch/slides_way | transposes to columns as on the slides and back
def perceptron_batch(X, W, b, g):
    Z = W.T @ X.T + b[:, None]   # (H, N)
    return g(Z).T

# %% perceptron_batch/einsum | einsum, named axes
def perceptron_batch(X, W, b, g):
    Z = np.einsum('nd,dh->nh', X, W)
    Z = Z + b.reshape(1, -1)
    return g(Z)

# %% perceptron_batch/triple_loop | three loops as in C, g on the whole at the end
def perceptron_batch(X, W, b, g):
    N, D = X.shape
    H = W.shape[1]
    Z = np.zeros((N, H))
    for n in range(N):
        for h in range(H):
            acc = 0.0
            for d in range(D):
                acc += X[n, d] * W[d, h]
            Z[n, h] = acc + b[h]
    return g(Z)

# %% perceptron_batch/uses_perceptron | calls the earlier exercise once for every entry
def perceptron_batch(X, W, b, g):
    return np.array([[perceptron(x, w, bias, g) for w, bias in zip(W.T, b)] for x in X])

# %% perceptron_batch/np_matrix | np.matrix as in MATLAB, converted back before g
def perceptron_batch(X, W, b, g):
    Xm = np.asmatrix(X); Wm = np.asmatrix(W);
    ones = np.asmatrix(np.ones((X.shape[0], 1)));
    Z = Xm*Wm + ones*np.asmatrix(b);
    return g(np.asarray(Z))

# %% perceptron_batch/bias_column | column of ones, Fortran order
def perceptron_batch(X, W, b, g):
    X1 = np.hstack([X, np.ones((len(X), 1))])
    W1 = np.vstack([W, b])
    Z = np.asfortranarray(np.matmul(X1, W1))
    return g(Z)

# %% sigmoid/abs_where | one exponential of -|z|
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))

# %% sigmoid/masks | two boolean masks into an empty float array
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    out = np.empty(z.shape)
    pos = z >= 0
    neg = ~pos
    out[pos] = 1 / (1 + np.exp(-z[pos]))
    ez = np.exp(z[neg])
    out[neg] = ez / (1 + ez)
    return out

# %% sigmoid/via_tanh | half angle formula
def sigmoid(z):
    # sigma(z) = (1 + tanh(z/2)) / 2
    return 0.5 * (1 + np.tanh(0.5 * z))

# %% sigmoid/scipy_expit | the library function
from scipy.special import expit

def sigmoid(z):
    return expit(np.asarray(z, dtype=np.float64))

# %% sigmoid/logaddexp | exp of minus softplus
def sigmoid(z):
    return np.exp(-np.logaddexp(0.0, -z))

# %% sigmoid/math_loop | scalar helper with if, comprehension over z.flat
import math

def _sig(t):
    if t >= 0:
        return 1.0 / (1.0 + math.exp(-t))
    u = math.exp(t)
    return u / (1.0 + u)

def sigmoid(z):
    z = np.asarray(z)
    return np.array([_sig(float(t)) for t in z.flat], dtype=float).reshape(z.shape)

# %% sigmoid/min_max_both_forms | both exponents clipped to be never positive
def sigmoid(z):
    right = 1. / (1. + np.exp(-np.maximum(z, 0)))
    left = np.exp(np.minimum(z, 0)); left = left / (1. + left)
    return np.where(z < 0, left, right)

# %% sigmoid/torch | torch.sigmoid in double, back to numpy
import torch

def sigmoid(z):
    t = torch.tensor(np.array(z, dtype=np.float64))
    with torch.no_grad():
        return torch.sigmoid(t).numpy()

# %% sigmoid_grad/from_sigmoid | s times one minus s
def sigmoid_grad(z):
    s = sigmoid(z)
    return s * (1 - s)

# %% sigmoid_grad/mirror | sigma(z) sigma(-z), accurate on the right too
def sigmoid_grad(z):
    return sigmoid(z) * sigmoid(-z)

# %% sigmoid_grad/own_formula | e/(1+e)^2 with e = exp(-|z|), nothing reused
def sigmoid_grad(z):
    e = np.exp(-np.abs(np.asarray(z, float)))
    return e / (1.0 + e) ** 2

# %% sigmoid_grad/tanh_form | quarter of the slope of tanh at z/2
def sigmoid_grad(z):
    t = np.tanh(z / 2)
    return (1 - t ** 2) / 4

# %% sigmoid_grad/s_minus_s2 | s - s^2 with an assert on the range
def sigmoid_grad(x):
    y = sigmoid(x)
    slope = y - y*y
    assert np.all(slope >= 0) and np.all(slope <= 0.25 + 1e-12)
    return slope

# %% tanh_grad/formula | as on the slide
def tanh_grad(z):
    return 1 - np.tanh(z)**2

# %% tanh_grad/product | third binomial formula
def tanh_grad(z):
    t = np.tanh(z)
    return (1.0 - t) * (1.0 + t)

# %% tanh_grad/sigmoid_relation | four times the slope of the sigmoid at 2z
def tanh_grad(z):
    return 4 * sigmoid_grad(2 * z)

# %% tanh_grad/one_over_cosh2 | 1/cosh^2 with the argument clipped so that cosh fits
def tanh_grad(z):
    c = np.cosh(np.clip(z, -350.0, 350.0))
    return 1.0 / (c * c)

# %% tanh_grad/torch_autograd | lets autograd differentiate tanh
import torch

def tanh_grad(z):
    t = torch.tensor(np.array(z, dtype=float), requires_grad=True)
    torch.tanh(t).sum().backward()
    return t.grad.numpy()

# %% relu/maximum | np.maximum
def relu(z):
    return np.maximum(0, z)

# %% relu/where | np.where
relu = lambda z: np.where(z > 0, z, 0)

# %% relu/mask_copy | works on a copy
def relu(z):
    out = z.copy()
    out[out < 0] = 0   # copy, so the original is untouched
    return out

# %% relu/times_mask | multiplies by the comparison
def relu(z):
    return z * (z > 0)

# %% relu/half_sum | (z + |z|)/2
def relu(z):
    return (z + np.abs(z)) / 2

# %% relu/recursive_lists | recursion through nested lists
def relu(z):
    def rec(v):
        if isinstance(v, list):
            return [rec(u) for u in v]
        return v if v > 0 else 0.0
    z = np.asarray(z)
    return np.array(rec(z.tolist()), dtype=float).reshape(z.shape)

# %% relu_grad/astype_float | comparison as float
def relu_grad(z):
    return (z > 0).astype(float)

# %% relu_grad/where_ints | np.where with whole numbers
def relu_grad(z):
    return np.where(z > 0, 1, 0)

# %% relu_grad/heaviside | np.heaviside with 0 in the corner
def relu_grad(z):
    return np.heaviside(z, 0.0)

# %% relu_grad/ones_like_mask | zeros, then ones where positive
def relu_grad(z):
    grad = np.zeros_like(z)
    grad[z > 0] = 1
    return grad

# %% relu_grad/sign_of_relu | sign of the relu
def relu_grad(z):
    return np.sign(relu(z))

# %% leaky_relu/where | np.where
def leaky_relu(z, alpha=0.1):
    return np.where(z > 0, z, alpha * z)

# %% leaky_relu/two_parts | positive part plus alpha times the negative part
def leaky_relu(z, alpha=0.1):
    return np.maximum(z, 0) + alpha * np.minimum(z, 0)

# %% leaky_relu/slope_times_z | picks the slope and multiplies
def leaky_relu(z, alpha=0.1):
    slope = np.where(z > 0, 1.0, alpha)
    return slope * z

# %% leaky_relu/with_relu | relu of both signs
def leaky_relu(z, alpha = .1) :
    return relu(z) - alpha*relu(-z)

# %% leaky_relu/float_copy | copy as floats, mask multiplied in place on the copy
def leaky_relu(z, alpha=0.1):
    out = np.array(z, dtype=float)      # np.array copies
    out[out <= 0] *= alpha
    return out

# %% leaky_relu_grad/where | np.where with 1.0
def leaky_relu_grad(z, alpha=0.1):
    return np.where(z > 0, 1.0, alpha).astype(float)

# %% leaky_relu_grad/corner_right | takes 1 in the corner
def leaky_relu_grad(z, alpha=0.1):
    out = np.ones(np.shape(z))
    out[z < 0] = alpha
    return out

# %% leaky_relu_grad/from_relu_grad | slope of relu, and alpha for the rest
def leaky_relu_grad(z, alpha=0.1):
    right = relu_grad(z)
    return 1.0 * right + alpha * (1.0 - right)

# %% leaky_relu_grad/full_like | np.full_like with float dtype
def leaky_relu_grad(z, alpha=0.1):
    g = np.full_like(z, alpha, dtype=np.float64)
    g[z > 0] = 1
    return g

# %% leaky_relu_grad/comprehension | comprehension over flat
def leaky_relu_grad(z, alpha=0.1):
    vals = [1.0 if t > 0 else float(alpha) for t in np.ravel(z)]
    return np.array(vals, dtype=float).reshape(np.shape(z))

# %% elu/min_inside | exponent capped at 0
def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1))

# %% elu/expm1_parts | sum of two parts with expm1
def elu(z, alpha=1.0):
    return np.maximum(z, 0.0) + alpha * np.expm1(np.minimum(z, 0.0))

# %% elu/mask_only_left | exponential only where needed
def elu(z, alpha=1.0):
    out = np.array(z, dtype=float)
    left = out <= 0
    out[left] = alpha * (np.exp(out[left]) - 1)
    return out

# %% elu/errstate | np.where with the overflow silenced by a context manager
def elu(z, alpha=1.0):
    with np.errstate(over="ignore", invalid="ignore"):
        left = alpha * (np.exp(z) - 1)
    return np.where(z > 0, z, left)

# %% elu/ufunc_where | out= and where= of the ufunc
def elu(z, alpha=1.0):
    z = np.asarray(z, dtype=float)
    e = np.zeros(z.shape)
    np.expm1(z, out=e, where=z < 0)
    return np.where(z > 0, z, alpha*e)

# %% elu_grad/min_inside | exponent capped at 0
def elu_grad(z, alpha=1.0):
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))

# %% elu_grad/from_elu | ELU(z) + alpha on the left
def elu_grad(z, alpha=1.0):
    return np.where(z > 0, 1.0, elu(z, alpha) + alpha)

# %% elu_grad/masks | two masks
def elu_grad(z, alpha=1.0):
    z = np.asarray(z)
    res = np.ones(z.shape)
    m = z <= 0
    res[m] = alpha * np.exp(z[m])
    return res

# %% elu_grad/naive_where | np.where on the plain formula; right values, a warning far right about which the text says nothing
def elu_grad(z, alpha=1.0):
    return np.where(z > 0, 1., alpha * np.exp(z))

# %% elu_grad/math_loop | np.ndindex loop with math.exp
import math

def elu_grad(z, alpha=1.0):
    z = np.asarray(z)
    out = np.empty(z.shape, dtype=float)
    for idx in np.ndindex(*z.shape):
        out[idx] = 1.0 if z[idx] > 0 else alpha * math.exp(z[idx])
    return out

# %% softplus/text_formula | the second form of the text
def softplus(z):
    return np.maximum(z, 0) + np.log(1 + np.exp(-np.abs(z)))

# %% softplus/log1p | with log1p and relu
def softplus(z):
    return relu(z) + np.log1p(np.exp(-abs(z)))

# %% softplus/logaddexp | np.logaddexp
softplus = lambda z: np.logaddexp(0, z)

# %% softplus/minus_log_sigmoid | uses sigmoid(|z|)
def softplus(z):
    # log(1+e^-|z|) = -log sigmoid(|z|)
    return np.maximum(z, 0) - np.log(sigmoid(np.abs(z)))

# %% softplus/threshold_40 | plain formula up to 40, z beyond
def softplus(z, threshold=40.0):
    small = np.log1p(np.exp(np.minimum(z, threshold)))
    return np.where(z > threshold, z, small)

# %% softplus_grad/is_sigmoid | it is the sigmoid
def softplus_grad(z):
    return sigmoid(z)

# %% softplus_grad/alias | the very same function object
softplus_grad = sigmoid

# %% softplus_grad/exp_difference | exp(z - softplus(z))
def softplus_grad(z):
    return np.exp(z - softplus(z))

# %% softplus_grad/own_stable | own stable quotient
def softplus_grad(z):
    e_neg = np.exp(-np.abs(z))
    top = np.where(z >= 0, 1.0, e_neg)
    return top / (1.0 + e_neg)

# %% softplus_grad/memoised | memo with shape, dtype and bytes as key, a copy handed out
_sp_cache = {}

def softplus_grad(z):
    z = np.asarray(z)
    key = (z.shape, z.dtype.str, z.tobytes())
    if key not in _sp_cache:
        _sp_cache[key] = np.array(sigmoid(z), dtype=float)
    return _sp_cache[key].copy()

# %% softsign/formula | the formula
def softsign(z):
    return z / (1 + np.abs(z))

# %% softsign/where_sign | two branches with harmless denominators
def softsign(z):
    a = np.where(z < 0, -z, z)
    return np.true_divide(z, a + 1)

# %% softsign/decorated | decorator that converts to float
from functools import wraps

def as_float(f):
    @wraps(f)
    def inner(z, *args, **kw):
        return f(np.asarray(z, dtype=np.float64), *args, **kw)
    return inner

@as_float
def softsign(z):
    return np.divide(z, 1.0 + np.fabs(z))

# %% softsign/list_comp | comprehension with the builtin abs
def softsign(z):
    z = np.asarray(z)
    flat = [float(v) / (1 + abs(float(v))) for v in z.ravel()]
    return np.reshape(np.array(flat, dtype=float), z.shape)

# %% softsign_grad/formula | the formula
def softsign_grad(z):
    return 1 / (1 + np.abs(z)) ** 2

# %% softsign_grad/square_of_quotient | quotient first, then squared
def softsign_grad(z):
    q = 1.0 / (1.0 + np.abs(z))
    return np.square(q)

# %% softsign_grad/by_softsign | (1 - |softsign|)^2
def softsign_grad(z):
    return (1 - np.abs(softsign(z))) ** 2

# %% softsign_grad/quotient_rule | full quotient rule with sign
def softsign_grad(z):
    z = np.asarray(z, dtype=float)
    denom = 1 + np.abs(z)
    return (denom - z * np.sign(z)) / denom**2

# %% softsign_grad/power_float | float power -2
def softsign_grad(z):
    return np.power(1.0 + np.absolute(z), -2.0)

# %% hard_tanh/clip | np.clip
def hard_tanh(z):
    return np.clip(z, -1, 1)

# %% hard_tanh/min_max | minimum of maximum
def hard_tanh(z):
    return np.minimum(np.maximum(z, -1), 1)

# %% hard_tanh/nested_where | nested np.where
def hard_tanh(z):
    return np.where(z > 1, 1.0, np.where(z < -1, -1.0, z))

# %% hard_tanh/copy_masks | deepcopy, then two masks
import copy

def hard_tanh(z):
    res = copy.deepcopy(z)
    res[res > 1] = 1
    res[res < -1] = -1
    return res

# %% hard_tanh/select | np.select with a default
def hard_tanh(z):
    return np.select([z <= -1, z >= 1], [-1.0, 1.0], default=z)

# %% hard_tanh_grad/abs_less | |z| < 1 as float
def hard_tanh_grad(z):
    return (np.abs(z) < 1).astype(np.float64)

# %% hard_tanh_grad/where_closed | corners count as inside
def hard_tanh_grad(z):
    return np.where(np.abs(z) <= 1, 1.0, 0.0)

# %% hard_tanh_grad/logical_and | two comparisons, ints
def hard_tanh_grad(z):
    inside = np.logical_and(z > -1, z < 1)
    return 1 * inside

# %% hard_tanh_grad/product_of_steps | product of two ReLU slopes
def hard_tanh_grad(z):
    return relu_grad(z + 1) * relu_grad(1 - z)

# %% hard_tanh_grad/unchanged_test | 1 where hard_tanh changes nothing
def hard_tanh_grad(z):
    return np.equal(hard_tanh(z), z).astype(int)

# %% collapse_linear/formula | the formula
def collapse_linear(W1, b1, W2, b2):
    W = W1 @ W2
    b = b1 @ W2 + b2
    return W, b

# %% collapse_linear/one_product | stacks the bias as a last row, then splits
def collapse_linear(W1, b1, W2, b2):
    M = np.vstack([W1, b1[None, :]]) @ W2
    return M[:-1], M[-1] + b2

# %% collapse_linear/probing | probes the two layers with zero and the unit vectors
def collapse_linear(W1, b1, W2, b2):
    two = lambda X: (X @ W1 + b1) @ W2 + b2
    D = W1.shape[0]
    b = two(np.zeros((1, D)))[0]
    W = two(np.eye(D)) - b
    return W, b

# %% collapse_linear/einsum_namedtuple | einsum, namedtuple as result
from collections import namedtuple

Layer = namedtuple("Layer", "W b")

def collapse_linear(W1, b1, W2, b2):
    return Layer(W=np.einsum("dh,hk->dk", W1, W2), b=np.einsum("h,hk->k", b1, W2) + b2)

# %% collapse_linear/loops | three loops in plain Python, result as a list
def collapse_linear(W1, b1, W2, b2):
    D, H = W1.shape
    K = W2.shape[1]
    W = np.zeros((D, K))
    b = np.zeros(K)
    for k in range(K):
        for h in range(H):
            b[k] += b1[h] * W2[h, k]
            for d in range(D):
                W[d, k] += W1[d, h] * W2[h, k]
        b[k] += b2[k]
    return [W, b]

# %% collapse_linear/batch_helper | perceptron_batch with the identity as g
def collapse_linear(W1, b1, W2, b2):
    ident = lambda z: z
    W = W1.dot(W2)
    b = perceptron_batch(b1.reshape(1, -1), W2, b2, ident).ravel()
    return (W, b)

# %% deep_forward/first_then_rest | first layer, then a loop over the others
def deep_forward(X, params, g):
    W, b = params[0]
    Z = X @ W + b
    for W, b in params[1:]:
        Z = g(Z) @ W + b
    return Z

# %% deep_forward/enumerate_if | enumerate with a condition
def deep_forward(X, params, g):
    A = X
    for k, (W, b) in enumerate(params):
        if k > 0:
            A = g(A)
        A = np.dot(A, W) + b
    return A

# %% deep_forward/recursion | recursion from the end
def deep_forward(X, params, g):
    *before, (W, b) = params
    if not before:
        return X @ W + b
    return g(deep_forward(X, before, g)) @ W + b

# %% deep_forward/reduce | functools.reduce
from functools import reduce

def deep_forward(X, params, g):
    (W1, b1), *rest = params
    return reduce(lambda Z, layer: g(Z) @ layer[0] + layer[1], rest, X @ W1 + b1)

# %% deep_forward/perceptron_batch | hidden layers with perceptron_batch, the last with the identity
def deep_forward(X, params, g):
    H = X
    for W, b in params[:-1]:
        H = perceptron_batch(H, W, b, g)
    return perceptron_batch(H, *params[-1], lambda z: z)

# %% deep_forward/generator | a generator that yields the sums of every layer
def _layers(X, params, g):
    Z = None
    for i, (W, b) in enumerate(params):
        inp = X if i == 0 else g(Z)
        Z = np.matmul(inp, W) + b
        yield Z

def deep_forward(X, params, g):
    for Z in _layers(X, params, g):
        pass
    return Z

# %% deep_forward/while_pop_copy | pops from its own copy of the list, with shape checks
def deep_forward(X, params, g):
    todo = list(params)
    W, b = todo.pop(0)
    Z = X @ W + b
    while todo:
        W, b = todo.pop(0)
        A = g(Z)
        assert A.shape[1] == W.shape[0], "layer sizes do not match"
        Z = A @ W + b
    return Z

# %% deep_forward/class_network | small classes as in Keras, optional cache
class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def __call__(self, inputs):
        return inputs @ self.W + self.b


class Net:
    def __init__(self, params, act):
        self.layers = [Dense(W, b) for W, b in params]
        self.act = act

    def __call__(self, X):
        out = self.layers[0](X)
        for layer in self.layers[1:]:
            out = layer(self.act(out))
        return out


def deep_forward(X, params, g, verbose=False):
    Z = Net(params, g)(X)
    if verbose:
        print("output", Z.shape)
    return Z
