# %% mse/square_sum_over_n | whole-array sum of squares divided by the number of rows
def mse(y_hat, y):
    diff = y_hat - y
    return np.sum(diff ** 2) / len(diff)


# %% mse/vdot | sum of squares as an inner product of the flattened errors
def mse(y_hat, y):
    e = np.asarray(y_hat, dtype=float) - np.asarray(y, dtype=float)
    return np.vdot(e, e) / e.shape[0]


# %% mse/pure_python_loops | two plain loops, np.atleast_1d for the row of one number, a Python float comes back
def mse(y_hat, y):
    total = 0.0
    for guess, truth in zip(y_hat, y):
        for g, t in zip(np.atleast_1d(guess), np.atleast_1d(truth)):
            total += (float(g) - float(t)) ** 2
    print("total:", total)
    return total / len(y)


# %% mse/reshape_einsum | everything is made (N, -1), einsum adds over the outputs, then mean
def mse(y_hat: np.ndarray, y: np.ndarray) -> float:
    e = np.subtract(y_hat, y, dtype=float).reshape(len(y), -1)
    return float(np.einsum("ij,ij->i", e, e).mean())


# %% mse/longdouble_norm | squared Frobenius norm, longdouble in between and as the result
def mse(y_hat, y):
    e = np.array(y_hat, dtype=np.longdouble) - np.array(y, dtype=np.longdouble)
    return np.square(e).sum() / np.longdouble(len(e))


# %% mse/ndim_branch | one branch for a column of numbers, one for rows of outputs
def mse(y_hat, y):
    squares = np.square(y_hat - y)
    if squares.ndim == 1:
        return squares.mean()
    return squares.sum(axis=1).mean()


# %% mse_grad/formula | 2 (y_hat - y) / N
def mse_grad(y_hat, y):
    return 2 * (y_hat - y) / len(y)


# %% mse_grad/float32_result | the formula, handed back as float32 as in deep learning
def mse_grad(y_hat, y):
    n = np.shape(y)[0]
    grad = (2.0 / n) * (np.asarray(y_hat, dtype=np.float64) - y)
    return grad.astype(np.float32)


# %% mse_grad/autograd_mse_grad | torch differentiates the loss
import torch

def mse_grad(y_hat, y):
    a = torch.tensor(np.array(y_hat, dtype=float), requires_grad=True)
    b = torch.tensor(np.array(y, dtype=float))
    loss = ((a - b) ** 2).sum() / len(a)
    loss.backward()
    return a.grad.numpy()


# %% mse_grad/ndenumerate_fill | fills an array of float zeros entry by entry
def mse_grad(y_hat, y):
    out = np.zeros(y_hat.shape, dtype=float)
    for index, value in np.ndenumerate(y_hat):
        out[index] = 2 * (value - y[index]) / y_hat.shape[0]
    return out


# %% mse_grad/complex_step | derivative by a complex step, exact for a square
def mse_grad(y_hat, y):
    h = 1e-30
    moved = np.asarray(y_hat, dtype=complex) + 1j * h - y
    return (moved * moved).imag / h / len(moved)


# %% bce/textbook | minus mean of y ln p + (1-y) ln(1-p)
def bce(p, y):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% bce/where_then_log | first the probability of what happened, then one logarithm
def bce(p, y):
    happened = np.where(y == 1, p, 1 - p)
    return -np.log(happened).mean()


# %% bce/math_generator | math.log and statistics.fmean over pairs, no numpy
import math
from statistics import fmean

def bce(p, y):
    return fmean(-math.log(pi if yi else 1 - pi) for pi, yi in zip(p, y))


# %% bce/xlogy | scipy's xlogy and xlog1py
from scipy.special import xlog1py, xlogy

def bce(p, y):
    return -(xlogy(y, p) + xlog1py(1 - y, -p)).sum() / p.size


# %% bce/masks | sums over the yes group and the no group by boolean index
def bce(p, y):
    yes = y == 1
    total = np.log(p[yes]).sum() + np.log1p(-p[~yes]).sum()
    return -total / len(p)


# %% bce/powers | Bernoulli likelihood p^y (1-p)^(1-y), then minus log
def bce(p, y):
    likelihood = p ** y * (1 - p) ** (1 - y)
    return np.mean(-np.log(likelihood))


# %% bce/distance_from_the_wrong_one | |1 - y - p| is the probability of what happened; log2 changed to ln
def bce(p, y):
    bits = -np.log2(np.abs(1 - y - p))
    return bits.mean() * np.log(2)


# %% bce_grad/where | -1/p for a yes and 1/(1-p) for a no, over N
def bce_grad(p, y):
    return np.where(y == 1, -1 / p, 1 / (1 - p)) / len(p)


# %% bce_grad/common_denominator | (p - y) / (p (1-p)) / N
def bce_grad(p, y):
    return (p - y) / (p * (1 - p)) / p.size


# %% bce_grad/one_fraction | 1 / (1 - y - p): the sign comes out by itself
def bce_grad(p, y):
    return 1 / ((1 - y - p) * len(y))


# %% bce_grad/list_comprehension | a conditional expression in a comprehension, made an array at the end
def bce_grad(p, y):
    n = len(p)
    return np.array([(-1 / pi if yi == 1 else 1 / (1 - pi)) / n for pi, yi in zip(p, y)])


# %% bce_grad/mask_assign | copy of p overwritten group by group
def bce_grad(p, y):
    g = np.array(p, dtype=float)
    g[y == 1] = -1.0 / p[y == 1]
    g[y == 0] = 1.0 / (1.0 - p[y == 0])
    g /= len(g)
    return g


# %% bce_with_logits/logaddexp | softplus by np.logaddexp, minus y z
def bce_with_logits(z, y):
    return np.mean(np.logaddexp(0, z) - y * z)


# %% bce_with_logits/max_abs | the TensorFlow formula max(z,0) - z y + log1p(exp(-|z|))
def bce_with_logits(z, y):
    return (np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).mean()


# %% bce_with_logits/flip_sign | a yes turns the sign of the score, then one softplus
def bce_with_logits(z, y):
    def softplus(x):
        return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))

    against = (1 - 2 * y) * z
    return softplus(against).sum() / len(z)


# %% bce_with_logits/math_branches | a loop with if for large and small, only math, running mean
import math

def bce_with_logits(z, y):
    mean = 0.0
    for i in range(len(z)):
        s = float(-z[i] if y[i] == 1 else z[i])
        loss = s + math.log1p(math.exp(-s)) if s > 0 else math.log1p(math.exp(s))
        mean += (loss - mean) / (i + 1)
    return mean


# %% bce_with_logits/torch_functional | torch's own function in float64, .item()
import torch
import torch.nn.functional as F

def bce_with_logits(z, y):
    z_t = torch.tensor(np.array(z, dtype=float))
    y_t = torch.tensor(np.array(y, dtype=float))
    return F.binary_cross_entropy_with_logits(z_t, y_t).item()


# %% bce_with_logits/scipy_log_expit | minus log of sigmoid, computed safely by scipy
from scipy.special import log_expit

def bce_with_logits(z, y):
    z = np.asarray(z, dtype=float)
    return -np.average(log_expit(np.where(y == 1, z, -z)))


# %% bce_with_logits/two_column_logsumexp | scores (0, z) as two classes, scipy's logsumexp, fancy index
from scipy.special import logsumexp

def bce_with_logits(z, y):
    Z = np.stack([np.zeros(len(z)), z], axis=1)
    own = Z[np.arange(len(z)), np.asarray(y).astype(int)]
    return np.mean(logsumexp(Z, axis=1) - own)


# %% bce_with_logits_grad/p_minus_y | (sigmoid(z) - y) / N
def bce_with_logits_grad(z, y):
    return (sigmoid(z) - y) / len(z)


# %% bce_with_logits_grad/expit | scipy's expit, subtracts in place from its own new array
from scipy.special import expit

def bce_with_logits_grad(z, y):
    g = expit(np.asarray(z, dtype=float))
    g -= y
    g *= 1 / g.size
    return g


# %% bce_with_logits_grad/own_branches | own sigmoid with exp(-|z|) so that nothing overflows
def bce_with_logits_grad(z, y):
    small = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + small), small / (1 + small))
    return np.divide(p - y, len(y))


# %% bce_with_logits_grad/tanh_symmetric | half of tanh(z/2) plus 1 minus 2y, elementwise with fromiter
import math

def bce_with_logits_grad(z, y):
    n = len(z)
    return np.fromiter(((math.tanh(a / 2) + 1 - 2 * b) / (2 * n) for a, b in zip(z, y)), dtype=float, count=n)


# %% softmax/shift_keepdims | the largest of each row subtracted, exp, divided by the row sum
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% softmax/transposed | works on the transpose so that plain broadcasting does, then back
def softmax(Z):
    T = Z.T - Z.max(axis=1)
    T = np.exp(T)
    return (T / T.sum(axis=0)).T


# %% softmax/scipy | scipy.special.softmax along the last axis
from scipy import special

def softmax(Z):
    return special.softmax(np.asarray(Z, dtype=np.float64), axis=-1)


# %% softmax/row_by_row_python | a helper for one row with math.exp, vstack of the rows
import math

def _one_row(row):
    top = max(row)
    e = [math.exp(v - top) for v in row]
    s = math.fsum(e)
    return [v / s for v in e]

def softmax(Z):
    return np.array([_one_row(row) for row in Z.tolist()])


# %% softmax/log_space | exp of score minus log-sum-exp by logaddexp.reduce
def softmax(Z):
    Z = Z.astype(float)
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1)[:, None])


# %% softmax/copy_in_place | copy as float, then everything in place on the copy
def softmax(Z):
    out = np.array(Z, dtype=float, copy=True)
    out -= np.amax(out, axis=1).reshape(-1, 1)
    np.exp(out, out=out)
    out /= np.einsum("ij->i", out)[:, np.newaxis]
    return out


# %% softmax/pairwise_differences | p_k = 1 / sum_j e^(z_j - z_k) with the exponent cut at 700 (p is below 1e-304 there)
def softmax(Z):
    d = Z[:, None, :] - Z[:, :, None]
    e = np.exp(np.minimum(d.astype(float), 700.0))
    p = 1.0 / e.sum(axis=2)
    return p / p.sum(axis=1, keepdims=True)


# %% cross_entropy/lse_fancy_index | own log-sum-exp with the largest taken out, less the label's score
def cross_entropy(Z, labels):
    m = Z.max(axis=1)
    lse = m + np.log(np.exp(Z - m[:, None]).sum(axis=1))
    return np.mean(lse - Z[np.arange(len(Z)), labels])


# %% cross_entropy/scipy_take_along | scipy logsumexp, take_along_axis for the label's score
from scipy.special import logsumexp

def cross_entropy(Z, labels):
    own = np.take_along_axis(Z, np.asarray(labels)[:, None], axis=1)[:, 0]
    return (logsumexp(Z, axis=1) - own).mean()


# %% cross_entropy/one_hot_sum | one-hot matrix picks the label's score
def cross_entropy(Z, labels):
    n, c = Z.shape
    one_hot = np.eye(c)[labels]
    lse = np.logaddexp.reduce(Z, axis=1)
    return np.sum(lse - np.sum(one_hot * Z, axis=1)) / n


# %% cross_entropy/torch | torch.nn.CrossEntropyLoss in float64
import torch

def cross_entropy(Z, labels):
    criterion = torch.nn.CrossEntropyLoss()
    return criterion(torch.tensor(np.array(Z, dtype=float)), torch.tensor(np.array(labels, dtype=np.int64))).item()


# %% cross_entropy/running_lse_loop | loop over the rows, log-sum-exp built up two at a time
import math
from functools import reduce

def _log_add(a, b):
    hi, lo = (a, b) if a > b else (b, a)
    return hi + math.log1p(math.exp(lo - hi))

def cross_entropy(Z, labels):
    losses_ = []
    for row, k in zip(Z, labels):
        row = [float(v) for v in row]
        losses_.append(reduce(_log_add, row) - row[k])
    return sum(losses_) / len(losses_)


# %% cross_entropy/shift_by_label | scores relative to the label's, then log-sum-exp of these is the loss
def cross_entropy(Z, labels):
    rows = np.arange(Z.shape[0])
    D = Z - Z[rows, labels].reshape(-1, 1)
    top = D.max(axis=1, keepdims=True)
    return float(np.mean(top[:, 0] + np.log(np.exp(D - top).sum(axis=1))))


# %% cross_entropy/trace | log-softmax table, the labels' columns chosen, the diagonal read off by trace
def cross_entropy(Z, labels):
    shifted = Z - Z.max(1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    return -np.trace(log_p[:, labels]) / len(labels)


# %% cross_entropy_grad/softmax_minus_one | softmax, 1 subtracted at the labels, over N
def cross_entropy_grad(Z, labels):
    P = softmax(Z)
    P[np.arange(len(labels)), labels] -= 1
    return P / len(labels)


# %% cross_entropy_grad/eye | softmax minus rows of the unit matrix
def cross_entropy_grad(Z, labels):
    N, C = Z.shape
    return (softmax(Z) - np.eye(C)[labels]) / N


# %% cross_entropy_grad/compare_one_hot | one-hot by comparing with arange, softmax written out
def cross_entropy_grad(Z, labels):
    E = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    hot = labels[:, None] == np.arange(Z.shape[1])
    return (P - hot) / Z.shape[0]


# %% cross_entropy_grad/autograd_cross_entropy_grad | torch differentiates its own cross-entropy
import torch

def cross_entropy_grad(Z, labels):
    t = torch.tensor(np.array(Z, dtype=float), requires_grad=True)
    loss = torch.nn.functional.cross_entropy(t, torch.tensor(np.array(labels, dtype=np.int64)))
    (g,) = torch.autograd.grad(loss, t)
    return g.numpy()


# %% cross_entropy_grad/subtract_at | np.subtract.at with 1/N on the averaged probabilities
from scipy.special import softmax as sm

def cross_entropy_grad(Z, labels):
    n = len(Z)
    G = sm(np.asarray(Z, dtype=float), axis=1) / n
    np.subtract.at(G, (range(n), labels), 1 / n)
    return G


# %% cross_entropy_grad/double_loop | two loops, the label's slope as minus the sum of the others
def cross_entropy_grad(Z, labels):
    n, c = Z.shape
    grad = np.zeros((n, c))
    for i in range(n):
        e = np.exp(Z[i] - Z[i].max())
        for k in range(c):
            if k != labels[i]:
                grad[i, k] = e[k] / e.sum() / n
        grad[i, labels[i]] = -grad[i].sum()
    return grad


# %% accuracy/argmax_mean | mean of argmax == labels
def accuracy(Z, labels):
    return np.mean(Z.argmax(axis=1) == labels)


# %% accuracy/count_loop | counts in a loop, list.index of the max
def accuracy(Z, labels):
    right = 0
    for row, label in zip(Z.tolist(), labels):
        if row.index(max(row)) == label:
            right += 1
    return right / len(labels)


# %% accuracy/max_equals_own | the label's score is the maximum of its row (no ties)
def accuracy(Z, labels):
    own = Z[np.arange(len(Z)), labels]
    return np.count_nonzero(own == Z.max(axis=1)) / len(Z)


# %% accuracy/argsort_fraction | last place of argsort, 1 minus the share of mistakes
def accuracy(Z: np.ndarray, labels: np.ndarray) -> float:
    best = np.argsort(Z, axis=1)[:, -1]
    mistakes = (best != labels).sum()
    return float(1 - mistakes / best.size)


# %% empirical_loss/zip_mean | np.mean over a comprehension on zip
def empirical_loss(loss, model, X, y):
    return np.mean([loss(p, t) for p, t in zip(model(X), y)])


# %% empirical_loss/index_loop | a sum over an index, one call of the model
def empirical_loss(loss, model, X, y):
    predictions = model(X)
    n = len(y)
    total = 0
    for i in range(n):
        total += loss(predictions[i], y[i])
    return total / n


# %% empirical_loss/map_fmean | statistics.fmean of map
from statistics import fmean

def empirical_loss(loss, model, X, y):
    return fmean(map(loss, model(X), y))


# %% empirical_loss/running_mean_class | a small class that keeps a running mean
class _Mean:
    def __init__(self):
        self.n, self.value = 0, 0.0

    def add(self, x):
        self.n += 1
        self.value += (x - self.value) / self.n

def empirical_loss(loss, model, X, y):
    m = _Mean()
    for guess, truth in zip(model(X), y, strict=True):
        m.add(loss(guess, truth))
    return m.value


# %% slide_errors/dict_literal | the seven verdicts as a dict
slide_errors = {1: "sign", 2: "always 0", 3: "mean", 4: "overflow", 5: "overflow", 6: "nothing", 7: "nothing"}


# %% slide_errors/assignments | template first, then line by line
slide_errors = {1: "", 2: "", 3: "", 4: "", 5: "", 6: "", 7: ""}
slide_errors[1] = "sign"
slide_errors[2] = "always 0"  # softmax of one column is 1
slide_errors[3] = "mean"
slide_errors[4] = slide_errors[5] = "overflow"
slide_errors[6] = slide_errors[7] = "nothing"


# %% slide_errors/enumerate_split | built from a list by enumerate
slide_errors = dict(enumerate("sign|always 0|mean|overflow|overflow|nothing|nothing".split("|"), start=1))
