# %% chain_grads/textbook | the two products of the formula, written straight down
def chain_grads(x, y, w1, w2):
    z = w1 * x
    h = expit(z)
    y_hat = w2 * h
    dJ_dy = 2 * (y_hat - y)
    dw2 = dJ_dy * h
    dw1 = dJ_dy * w2 * h * (1 - h) * x
    return dw1, dw2

# %% chain_grads/named_local_slopes | dictionary of local slopes, then multiply along the paths, type hints
def chain_grads(x: float, y: float, w1: float, w2: float) -> tuple[float, float]:
    v = values(x, y, w1, w2)
    local = {
        "J/yhat": 2 * (v["ŷ"] - v["y"]),
        "yhat/w2": v["h"],
        "yhat/h": v["w₂"],
        "h/z": v["h"] * (1 - v["h"]),
        "z/w1": v["x"],
    }
    to_w2 = ["J/yhat", "yhat/w2"]
    to_w1 = ["J/yhat", "yhat/h", "h/z", "z/w1"]
    return float(np.prod([local[e] for e in to_w1])), float(np.prod([local[e] for e in to_w2]))

# %% chain_grads/pure_math | only the math module, sigmoid split by sign, python floats
import math

def chain_grads(x, y, w1, w2):
    def sig(t):
        if t >= 0:
            return 1.0 / (1.0 + math.exp(-t))
        e = math.exp(t)
        return e / (1.0 + e)
    z = w1*x
    h = sig(z)
    err = w2*h - y
    return 2*err*w2*sig(z)*sig(-z)*x, 2*err*h

# %% chain_grads/torch_autograd | lets torch differentiate, .item() at the end
import torch

def chain_grads(x, y, w1, w2):
    a = torch.tensor(float(w1), dtype=torch.float64, requires_grad=True)
    b = torch.tensor(float(w2), dtype=torch.float64, requires_grad=True)
    J = (b * torch.sigmoid(a * float(x)) - float(y)) ** 2
    J.backward()
    return a.grad.item(), b.grad.item()

# %% chain_grads/complex_step | complex-step differentiation, exact to rounding; sigmoid through tanh
def chain_grads(x, y, w1, w2):
    eps = 1e-30

    def J(a, b):
        return (b * 0.5 * (1 + np.tanh(0.5 * a * x)) - y) ** 2

    dw1 = J(w1 + 1j * eps, w2).imag / eps
    dw2 = J(w1, w2 + 1j * eps).imag / eps
    return dw1, dw2

# %% chain_grads/reduce_mul | functools.reduce over the factors of each path, returns a namedtuple
from collections import namedtuple
from functools import reduce
from operator import mul

Grads = namedtuple("Grads", "dw1 dw2")

def chain_grads(x, y, w1, w2):
    h = expit(w1 * x)
    first = 2 * (w2 * h - y)
    return Grads(reduce(mul, [first, w2, h * (1 - h), x]), reduce(mul, [first, h]))

# %% chain_grads/tiny_nodes | a little class Node which passes gradients back
class Node:
    def __init__(self, val, parents=()):
        self.val, self.parents, self.grad = val, parents, 0.0
    def back(self, g):
        self.grad += g
        for p, slope in self.parents:
            p.back(g * slope)

def chain_grads(x, y, w1, w2):
    n1 = Node(w1); n2 = Node(w2)
    z = Node(w1 * x, [(n1, x)])
    s = expit(z.val)
    h = Node(s, [(z, s * (1 - s))])
    yh = Node(n2.val * h.val, [(n2, h.val), (h, n2.val)])
    J = Node((yh.val - y) ** 2, [(yh, 2 * (yh.val - y))])
    J.back(1.0)
    return n1.grad, n2.grad

# %% chain_grads/back_dict | backward like the table in the text, a variable per node, list of two
def chain_grads(x, y, w1, w2):
    # forward
    z = x*w1; h = expit(z); yhat = w2*h
    # backward
    g = {}
    g['J'] = 1.
    g['yhat'] = g['J'] * 2*(yhat - y)
    g['w2'] = g['yhat'] * h
    g['h'] = g['yhat'] * w2
    g['z'] = g['h'] * h*(1-h)
    g['w1'] = g['z'] * x
    return [g['w1'], g['w2']]

# %% affine/at_operator | one line
def affine(X, W, b):
    return X @ W + b

# %% affine/three_loops | plain loops, float result
def affine(X, W, b):
    N, D = X.shape
    H = W.shape[1]
    out = np.zeros((N, H))
    for n in range(N):
        for j in range(H):
            s = b[j]
            for d in range(D):
                s = s + X[n, d] * W[d, j]
            out[n, j] = s
    return out

# %% affine/ones_column | bias trick: a column of ones in X, a row b in W
def affine(X, W, b):
    Xa = np.hstack([X, np.ones((X.shape[0], 1))])
    Wa = np.vstack([W, b])
    return np.dot(Xa, Wa)

# %% affine/einsum_broadcast | einsum, explicit row of biases
def affine(inputs, weights, bias):
    scores = np.einsum("nd,dh->nh", inputs, weights)
    return scores + bias[np.newaxis, :]

# %% affine/matlab_matrix | np.matrix as in MATLAB, repmat for the bias, back to an array
def affine(X, W, b):
    N = X.shape[0];
    Y = np.matrix(X) * np.matrix(W) + np.matrix(np.tile(b, (N, 1)));
    return np.asarray(Y)

# %% affine/comprehension | nested list comprehension over rows and columns
def affine(X, W, b):
    return np.array([[sum(xi * wi for xi, wi in zip(row, col)) + bj for col, bj in zip(W.T, b)] for row in X])

# %% affine/fortran_out | result in Fortran order, computed as a transposed product
def affine(X, W, b):
    assert X.shape[1] == W.shape[0], (X.shape, W.shape)
    return (W.T @ X.T + b.reshape(-1, 1)).T

# %% affine_backward/three_lines | the usual three products
def affine_backward(dY, X, W):
    dX = dY @ W.T
    dW = X.T @ dY
    db = dY.sum(axis=0)
    return dX, dW, db

# %% affine_backward/loops | sums the shares of every example in loops
def affine_backward(dY, X, W):
    N, H = dY.shape
    D = X.shape[1]
    dX = np.zeros((N, D))
    dW = np.zeros((D, H))
    db = np.zeros(H)
    for n in range(N):
        for h in range(H):
            db[h] += dY[n, h]
            for d in range(D):
                dX[n, d] += dY[n, h] * W[d, h]
                dW[d, h] += X[n, d] * dY[n, h]
    return dX, dW, db

# %% affine_backward/einsum | all with einsum, returned as a list
def affine_backward(dY, X, W):
    return [
        np.einsum('nh,dh->nd', dY, W),
        np.einsum('nd,nh->dh', X, dY),
        np.einsum('nh->h', dY),
    ]

# %% affine_backward/ones_vector | db as a product with ones, as in a textbook
def affine_backward(G, A, theta):
    ones = np.ones(len(G))
    return G.dot(theta.T), (G.T.dot(A)).T, ones.dot(G)

# %% affine_backward/outer_sum | sum of outer products, one example at a time
def affine_backward(dY, X, W):
    dW = sum(np.outer(x, g) for x, g in zip(X, dY))
    db = sum(g for g in dY)
    dX = np.stack([W @ g for g in dY])
    return dX, dW, db

# %% affine_backward/autograd_torch | torch.autograd.grad with grad_outputs
import torch

def affine_backward(dY, X, W):
    t = lambda a: torch.tensor(np.array(a, dtype=float, order="C"))
    X_, W_ = t(X).requires_grad_(), t(W).requires_grad_()
    b_ = torch.zeros(W.shape[1], dtype=torch.float64, requires_grad=True)
    out = X_ @ W_ + b_
    return tuple(g.numpy() for g in torch.autograd.grad(out, (X_, W_, b_), grad_outputs=t(dY)))

# %% affine_backward/over_vectorised | big 3-d broadcast, then sums
def affine_backward(dY, X, W):
    dX = (dY[:, None, :] * W[None, :, :]).sum(axis=-1)
    dW = (X[:, :, None] * dY[:, None, :]).sum(axis=0)
    db = np.add.reduce(dY, axis=0)
    for g, v in ((dX, X), (dW, W)):
        assert g.shape == v.shape
    return dX, dW, db

# %% sigmoid_backward/plain | expit once, slope times dH
def sigmoid_backward(dH, Z):
    s = expit(Z)
    return dH * s * (1 - s)

# %% sigmoid_backward/both_tails | sigma(z) sigma(-z), keeps its digits in the tails
def sigmoid_backward(dH, Z):
    # 1 - sigma(z) == sigma(-z), better for z >> 0
    return dH * expit(Z) * expit(-Z)

# %% sigmoid_backward/tanh_formula | slope from tanh
def sigmoid_backward(dH, Z):
    t = np.tanh(Z / 2)
    slope = (1 - t * t) / 4
    return np.multiply(dH, slope)

# %% sigmoid_backward/element_loop | entry by entry over np.ndindex into a float array
def sigmoid_backward(dH, Z):
    dZ = np.zeros(np.shape(Z))
    for i in np.ndindex(dZ.shape):
        p = expit(Z[i])
        dZ[i] = dH[i] * p * (1 - p)
    return dZ

# %% sigmoid_backward/copy_then_inplace | float copy of dH, multiplied in place
def sigmoid_backward(dH, Z):
    out = np.array(dH, dtype=float)   # own copy
    sig = expit(Z)
    out *= sig
    out *= 1.0 - sig
    return out

# %% sigmoid_backward/own_sigmoid | own numpy sigmoid with helper, s - s**2
def _sig(z):
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-np.asarray(z, dtype=float)))

def sigmoid_backward(grad, pre):
    s = _sig(pre)
    return grad * (s - s ** 2)

# %% sigmoid_backward/callable_class | an object with __call__ replaces the function
class _SigmoidBackward:
    """dZ = dH * sigma'(Z)"""
    def slope(self, Z):
        a = expit(Z)
        return a * (1 - a)
    def __call__(self, dH, Z):
        return dH * self.slope(Z)

sigmoid_backward = _SigmoidBackward()

# %% relu_backward/mask_product | product with Z > 0
def relu_backward(dH, Z):
    return dH * (Z > 0)

# %% relu_backward/where | np.where
def relu_backward(dH, Z):
    return np.where(Z > 0, dH, 0)

# %% relu_backward/copy_and_zero | copies dH, sets shut entries to zero
def relu_backward(dH, Z):
    dZ = dH.copy()
    dZ[Z <= 0] = 0
    return dZ

# %% relu_backward/heaviside | np.heaviside with 0 in the corner
def relu_backward(dH, Z):
    gate = np.heaviside(Z, 0.0)
    return gate * dH

# %% relu_backward/nditer_loop | loops over flattened arrays
def relu_backward(dH, Z):
    result = []
    for g, z in zip(np.ravel(dH), np.ravel(Z)):
        if z > 0:
            result.append(g)
        else:
            result.append(0.0)
    return np.array(result).reshape(Z.shape)

# %% relu_backward/lambda_sign | lambda, positive part of the sign
relu_backward = lambda upstream, z: upstream * np.maximum(np.sign(z), 0)

# %% relu_backward/boolean_fill | zeros, then fill in the open gates
def relu_backward(dH, Z):
    dZ = np.zeros(dH.shape)
    opened = Z > 0
    dZ[opened] = dH[opened]
    return dZ

# %% two_layer_loss/with_own_functions | affine, affine_backward and sigmoid_backward of before
def two_layer_loss(X, Y, params):
    Z = affine(X, params["W1"], params["b1"])
    H = expit(Z)
    Y_hat = affine(H, params["W2"], params["b2"])
    loss = np.sum((Y_hat - Y) ** 2) / len(X)
    dY = 2 * (Y_hat - Y) / len(X)
    dH, dW2, db2 = affine_backward(dY, H, params["W2"])
    dZ = sigmoid_backward(dH, Z)
    _, dW1, db1 = affine_backward(dZ, X, params["W1"])
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}

# %% two_layer_loss/all_by_hand | no helper, everything inside, python float loss
def two_layer_loss(X, Y, params):
    W1, b1, W2, b2 = (params[k] for k in ("W1", "b1", "W2", "b2"))
    N = X.shape[0]
    H = expit(X @ W1 + b1)
    E = H @ W2 + b2 - Y
    loss = float((E * E).sum() / N)
    G = 2.0 / N * E
    dZ = (G @ W2.T) * H * (1 - H)
    grads = dict(W1=X.T @ dZ, b1=dZ.sum(0), W2=H.T @ G, b2=G.sum(0))
    return loss, grads

# %% two_layer_loss/example_loop | one example after the other, accumulates
def two_layer_loss(X, Y, params):
    n = len(X)
    grads = {k: np.zeros(np.shape(v)) for k, v in params.items()}
    total = 0.0
    for x, y in zip(X, Y):
        z = x @ params['W1'] + params['b1']
        h = expit(z)
        e = h @ params['W2'] + params['b2'] - y
        total += np.dot(e, e)
        g = 2 * e / n
        grads['W2'] += np.outer(h, g)
        grads['b2'] += g
        dz = (params['W2'] @ g) * h * (1 - h)
        grads['W1'] += np.outer(x, dz)
        grads['b1'] += dz
    return total / n, grads

# %% two_layer_loss/torch_autograd | leaf tensors in a dict, backward, numpy back
import torch

def two_layer_loss(X, Y, params):
    as_t = lambda a: torch.tensor(np.array(a, dtype=np.float64, order="C"))
    p = {name: as_t(a).requires_grad_(True) for name, a in params.items()}
    hidden = torch.sigmoid(as_t(X) @ p["W1"] + p["b1"])
    out = hidden @ p["W2"] + p["b2"]
    loss = ((out - as_t(Y)) ** 2).sum(dim=1).mean()
    loss.backward()
    return loss.item(), {name: t.grad.numpy() for name, t in p.items()}

# %% two_layer_loss/dataclass_cache | dataclass holds the forward values; mean of row sums
from dataclasses import dataclass

@dataclass
class Forward:
    Z: np.ndarray
    H: np.ndarray
    error: np.ndarray

def forward(X, Y, p):
    Z = affine(X, p["W1"], p["b1"])
    H = expit(Z)
    return Forward(Z, H, affine(H, p["W2"], p["b2"]) - Y)

def two_layer_loss(X, Y, params):
    f = forward(X, Y, params)
    loss = np.mean(np.sum(f.error ** 2, axis=1))
    d_out = f.error * (2 / len(f.error))
    dH, dW2, db2 = affine_backward(d_out, f.H, params["W2"])
    dW1, db1 = affine_backward(sigmoid_backward(dH, f.Z), X, params["W1"])[1:]
    return loss, {"b2": db2, "W2": dW2, "b1": db1, "W1": dW1}

# %% two_layer_loss/norm_and_prints | Frobenius norm for the loss, debugging with an optional argument
def two_layer_loss(X, Y, params, verbose=False):
    Z = X.dot(params["W1"]) + params["b1"]
    H = expit(Z)
    Yh = H.dot(params["W2"]) + params["b2"]
    diff = Yh - Y
    loss = np.linalg.norm(diff) ** 2 / X.shape[0]
    if verbose:
        print("loss", loss, "shapes", Z.shape, H.shape, Yh.shape)
    dYh = diff / X.shape[0] + diff / X.shape[0]
    grads = {}
    grads["W2"] = H.T.dot(dYh)
    grads["b2"] = dYh.sum(axis=0)
    dH = dYh.dot(params["W2"].T)
    dZ = sigmoid_backward(dH, Z)
    grads["W1"] = X.T.dot(dZ)
    grads["b1"] = dZ.sum(axis=0)
    if not all(np.isfinite(g).all() for g in grads.values()):
        print("warning: a gradient is not finite")
    return loss, grads

# %% repaired_slide/minimal_mend | the slide with three lines changed
def repaired_slide(X, Y_true, W1, b1, W2, b2):
    num_examples = len(X)
    Z_curr = X.dot(W1) + b1
    H_curr = expit(Z_curr)
    Y_curr = H_curr.dot(W2) + b2
    d_Y_curr = 2 * (Y_curr - Y_true) / num_examples
    d_H_curr = d_Y_curr.dot(W2.T)
    d_W2 = H_curr.T.dot(d_Y_curr)
    d_b2 = d_Y_curr.sum(axis=0, keepdims=True)
    d_Z_curr = d_H_curr * expit(Z_curr) * (1 - expit(Z_curr))
    d_W1 = X.T.dot(d_Z_curr)
    d_b1 = d_Z_curr.sum(axis=0, keepdims=True)
    return d_W1, d_b1, d_W2, d_b2

# %% repaired_slide/ones_row | a row of ones from the left instead of a sum
def repaired_slide(X, Y, W1, b1, W2, b2):
    n = len(X)
    ones = np.ones((1, n))
    Z = X.dot(W1) + b1
    H = expit(Z)
    dY = 2 * (H.dot(W2) + b2 - Y) / n
    dZ = dY.dot(W2.T) * H * (1 - H)
    return X.T.dot(dZ), ones.dot(dZ), H.T.dot(dY), ones.dot(dY)

# %% repaired_slide/calls_two_layer | wraps two_layer_loss and reshapes the biases
def repaired_slide(X, Y, W1, b1, W2, b2):
    _, g = two_layer_loss(X, Y, {"W1": W1, "b1": b1.ravel(), "W2": W2, "b2": b2.ravel()})
    return g["W1"], g["b1"].reshape(b1.shape), g["W2"], g["b2"].reshape(b2.shape)

# %% repaired_slide/uses_printed_dW2 | takes dW2 from slide_gradients, mends the others
def repaired_slide(X, Y, W1, b1, W2, b2):
    _, d_out, dW2, _ = slide_gradients(X, Y, W1, b1, W2, b2)   # its second value is d_Y
    Z = affine(X, W1, b1[0])
    dH, _, db2 = affine_backward(d_out, expit(Z), W2)
    _, dW1, db1 = affine_backward(sigmoid_backward(dH, Z), X, W1)
    return dW1, db1[None, :], dW2, db2[None, :]

# %% repaired_slide/returns_list_newaxis | np.sum with [np.newaxis], returns a list
def repaired_slide(X, Y, W1, b1, W2, b2):
    N = X.shape[0]
    hidden = expit(np.matmul(X, W1) + b1)
    residual = np.matmul(hidden, W2) + b2 - Y
    delta2 = residual * 2 / N
    delta1 = np.matmul(delta2, np.transpose(W2)) * (hidden * (1 - hidden))
    grads = [np.matmul(X.T, delta1), np.sum(delta1, 0)[np.newaxis], np.matmul(hidden.T, delta2), np.sum(delta2, 0)[np.newaxis]]
    for g, p in zip(grads, [W1, b1, W2, b2]):
        assert g.shape == p.shape, f"{g.shape} is not {p.shape}"
    return grads

# %% repaired_slide/np_matrix | np.matrix inside, arrays outside
def repaired_slide(X, Y_true, W1, b1, W2, b2):
    X, Y_true, W1, b1, W2, b2 = map(np.asmatrix, (X, Y_true, W1, b1, W2, b2))
    n = X.shape[0]
    H = expit(np.asarray(X * W1 + b1))
    D = 2 * (np.asmatrix(H) * W2 + b2 - Y_true) / n
    dZ = np.asmatrix(np.multiply(D * W2.T, H * (1 - H)))
    return tuple(np.asarray(m) for m in (X.T * dZ, dZ.sum(axis=0), np.asmatrix(H).T * D, D.sum(axis=0)))

# %% mlp_loss/standard | two lists, inputs and scores; loop from the last layer
def mlp_loss(X, labels, params):
    inputs, scores = [], []
    A = X
    for i, (W, b) in enumerate(params):
        inputs.append(A)
        Z = affine(A, W, b)
        scores.append(Z)
        A = np.maximum(Z, 0)
    N = len(X)
    logp = log_softmax(scores[-1], axis=1)
    loss = -np.mean(logp[np.arange(N), labels])
    dZ = np.exp(logp)
    dZ[np.arange(N), labels] -= 1
    dZ /= N
    grads = []
    for i in reversed(range(len(params))):
        dA, dW, db = affine_backward(dZ, inputs[i], params[i][0])
        grads.insert(0, (dW, db))
        if i > 0:
            dZ = relu_backward(dA, scores[i - 1])
    return loss, grads

# %% mlp_loss/recursive | recursion over the layers: returns loss, gradient of the input, gradients
def mlp_loss(X, labels, params):
    n = X.shape[0]

    def go(A, layers):
        (W, b), rest = layers[0], layers[1:]
        Z = A @ W + b
        if not rest:
            lp = log_softmax(Z, axis=1)
            onehot = np.eye(Z.shape[1])[labels]
            loss = -(lp * onehot).sum() / n
            dZ = (np.exp(lp) - onehot) / n
            tail = []
        else:
            loss, dH, tail = go(np.maximum(0, Z), rest)
            dZ = dH * (Z > 0)
        return loss, dZ @ W.T, [(A.T @ dZ, dZ.sum(axis=0))] + tail

    loss, _, grads = go(X, list(params))
    return loss, grads

# %% mlp_loss/torch_cross_entropy | torch's F.cross_entropy and autograd
import torch
import torch.nn.functional as F

def mlp_loss(X, labels, params):
    conv = lambda a: torch.tensor(np.array(a, dtype=float, order="C"), requires_grad=True)
    ps = [(conv(W), conv(b)) for W, b in params]
    a = conv(X).detach()
    for k, (W, b) in enumerate(ps):
        a = a @ W + b
        if k < len(ps) - 1:
            a = torch.relu(a)
    loss = F.cross_entropy(a, torch.tensor(np.array(labels, dtype=np.int64)))
    loss.backward()
    return float(loss), [(W.grad.numpy(), b.grad.numpy()) for W, b in ps]

# %% mlp_loss/gate_on_activations | gates with the activations (A > 0 exactly where Z > 0), zip in reverse
def mlp_loss(X, labels, params):
    acts = [X]
    for W, b in params[:-1]:
        acts.append(np.maximum(affine(acts[-1], W, b), 0))
    out = affine(acts[-1], *params[-1])
    rows = np.arange(len(labels))
    lsm = log_softmax(out, axis=-1)
    loss = -lsm[rows, labels].sum() / len(labels)
    delta = (np.exp(lsm) - (labels[:, None] == np.arange(out.shape[1]))) / len(labels)
    grads = []
    for a, (W, b) in zip(acts[::-1], params[::-1]):
        dA, dW, db = affine_backward(delta, a, W)
        grads.append((dW, db))
        delta = relu_backward(dA, a)
    return loss, grads[::-1]

# %% mlp_loss/own_logsumexp | subtracts the row maximum itself, everything by hand
def mlp_loss(X, labels, params):
    """softmax cross entropy with the max trick"""
    L = len(params)
    A = {0: X}
    Z = {}
    for l in range(1, L + 1):
        W, b = params[l - 1]
        Z[l] = np.dot(A[l - 1], W) + b
        A[l] = Z[l] if l == L else np.where(Z[l] > 0, Z[l], 0.0)
    S = Z[L] - Z[L].max(axis=1, keepdims=True)
    lse = np.log(np.exp(S).sum(axis=1))
    m = S.shape[0]
    loss = (lse - S[range(m), labels]).mean()
    P = np.exp(S - lse[:, None])
    T = np.zeros_like(P)
    T[range(m), labels] = 1
    dZ = (P - T) / m
    grads = [None] * L
    for l in range(L, 0, -1):
        grads[l - 1] = (A[l - 1].T @ dZ, np.sum(dZ, axis=0))
        if l > 1:
            dZ = (dZ @ params[l - 1][0].T) * (Z[l - 1] > 0)
    return loss, grads

# %% mlp_loss/closures_tape | a tape of backward closures, popped in reverse
def mlp_loss(X, labels, params):
    tape, grads = [], []

    def layer(A, W, b, last):
        Z = affine(A, W, b)
        def back(dOut):
            dZ = dOut if last else relu_backward(dOut, Z)
            dA, dW, db = affine_backward(dZ, A, W)
            grads.append((dW, db))
            return dA
        tape.append(back)
        return Z if last else np.maximum(Z, 0)

    A = X
    for k, (W, b) in enumerate(params, start=1):
        A = layer(A, W, b, k == len(params))
    n = np.arange(len(A))
    logp = log_softmax(A, axis=1)
    d = np.exp(logp)
    d[n, labels] -= 1.0
    d = d / len(A)
    while tape:
        d = tape.pop()(d)
    grads.reverse()
    return float(-logp[n, labels].mean()), grads

# %% mlp_loss/layer_objects | classes Dense and ReLU in a list, as in a small framework
class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def forward(self, A):
        self.A = A
        return affine(A, self.W, self.b)
    def backward(self, d):
        d, self.dW, self.db = affine_backward(d, self.A, self.W)
        return d

class Relu:
    def forward(self, Z):
        self.Z = Z
        return Z.clip(min=0)
    def backward(self, d):
        return relu_backward(d, self.Z)

def mlp_loss(X, labels, params):
    net = []
    for W, b in params:
        net += [Dense(W, b), Relu()]
    net.pop()      # no relu at the end
    out = X
    for m in net:
        out = m.forward(out)
    logp = log_softmax(out, axis=1)
    picked = np.take_along_axis(logp, np.asarray(labels)[:, None], axis=1)
    d = np.exp(logp)
    np.put_along_axis(d, np.asarray(labels)[:, None], np.exp(picked) - 1, axis=1)
    d /= len(X)
    for m in net[::-1]:
        d = m.backward(d)
    return -picked.mean(), [(m.dW, m.db) for m in net if isinstance(m, Dense)]

# %% train/simple_loop | rebinding a new list in every step
def train(X, labels, params, lr, steps):
    for _ in range(steps):
        _, grads = mlp_loss(X, labels, params)
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
    return params

# %% train/copy_inplace | deep float copies first, then in-place steps on its own arrays
def train(X, labels, params, lr, steps):
    mine = [(np.array(W, dtype=float), np.array(b, dtype=float)) for W, b in params]
    for _ in range(steps):
        loss, grads = mlp_loss(X, labels, mine)
        for (W, b), (dW, db) in zip(mine, grads, strict=True):
            W -= lr * dW
            b -= lr * db
    return mine

# %% train/recursive_step | recursion on the number of steps
def train(X, labels, params, lr, steps):
    if steps == 0:
        return [(W.copy(), b.copy()) for W, b in params]
    grads = mlp_loss(X, labels, params)[1]
    moved = []
    for i in range(len(params)):
        moved.append((params[i][0] - lr * grads[i][0], params[i][1] - lr * grads[i][1]))
    if steps == 1:
        return moved
    return train(X, labels, moved, lr, steps - 1)

# %% train/reduce | functools.reduce over range(steps)
from functools import reduce

def train(X, labels, params, lr, steps):
    def step(p, _):
        return [tuple(v - lr * g for v, g in zip(pair, grad)) for pair, grad in zip(p, mlp_loss(X, labels, p)[1])]
    return reduce(step, range(steps), list(params))

# %% train/generator_islice | infinite generator of parameters and islice
def descent(X, labels, params, lr):
    while True:
        yield params
        _, g = mlp_loss(X, labels, params)
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, g)]

def train(X, labels, params, lr, steps):
    return next(itertools.islice(descent(X, labels, [(W + 0.0, b + 0.0) for W, b in params], lr), steps, None))

# %% train/optimizer_class | an SGD class with step(), logging every hundredth loss
import logging

log = logging.getLogger("train")

class SGD:
    def __init__(self, lr):
        self.lr = lr
    def step(self, params, grads):
        return [[p - self.lr * g for p, g in zip(pp, gg)] for pp, gg in zip(params, grads)]

def train(X, labels, params, lr, steps):
    opt = SGD(lr)
    current = [[np.copy(W), np.copy(b)] for W, b in params]
    for t in range(steps):
        loss, grads = mlp_loss(X, labels, current)
        if t % 100 == 0:
            log.info("step %d: loss %.4f", t, loss)
        current = opt.step(current, grads)
    return [tuple(pair) for pair in current]

# %% train/while_counter | while loop, helper move, deepcopy
import copy

def move(v, g, lr):
    return v - lr * g

def train(X, labels, params, lr, steps):
    p = copy.deepcopy(params)
    done = 0
    while done < steps:
        _, g = mlp_loss(X, labels, p)
        for k in range(len(p)):
            p[k] = (move(p[k][0], g[k][0], lr), move(p[k][1], g[k][1], lr))
        done += 1
    return p

# %% blame/divide_where | np.divide with out and where
def blame(grads, change):
    moves = {}
    for name, g in grads.items():
        out = np.full(g.shape, np.inf)
        moves[name] = np.divide(change, g, out=out, where=g != 0)
    return moves

# %% blame/errstate_where | np.where inside np.errstate
def blame(grads, change):
    with np.errstate(divide="ignore", invalid="ignore"):
        return {k: np.where(g == 0, np.inf, change / g) for k, g in grads.items()}

# %% blame/index_loop | entry by entry with ndindex
def blame(grads, change):
    result = dict()
    for key in grads:
        G = grads[key]
        M = np.empty(G.shape, dtype=float)
        for idx in np.ndindex(G.shape):
            if G[idx] == 0:
                M[idx] = np.inf
            else:
                M[idx] = change / G[idx]
        result[key] = M
    return result

# %% blame/safe_denominator | replaces zeros by ones before the division
def blame(grads, change):
    def one(g):
        zero = (g == 0)
        safe = np.where(zero, 1.0, g)
        return np.where(zero, np.inf, change / safe)
    return dict(zip(grads.keys(), map(one, grads.values())))

# %% blame/boolean_assign | array of inf, nonzero entries filled by a mask
def blame(grads: dict[str, np.ndarray], change: float) -> dict[str, np.ndarray]:
    assert change != 0
    moves = {name: np.full(np.shape(grad), np.inf) for name, grad in grads.items()}
    for name, grad in grads.items():
        nz = np.asarray(grad) != 0
        moves[name][nz] = change / np.asarray(grad)[nz]
    return moves

# %% blame/vectorize_lambda | np.vectorize with otypes on a scalar rule
_move = np.vectorize(lambda slope, wish: wish / slope if slope != 0 else np.inf, otypes=[float])

def blame(grads, change):
    return {k: _move(v, change) for (k, v) in grads.items()}

# %% blame/quiet_decorator | a decorator which silences numpy, -inf and inf both set by hand
import functools

def quiet(f):
    @functools.wraps(f)
    def inner(*args, **kw):
        with np.errstate(all="ignore"):
            return f(*args, **kw)
    return inner

@quiet
def blame(grads, change):
    out = {}
    for k, g in grads.items():
        m = np.array(change / g)
        m[g == 0] = np.inf
        out[k] = m
    return out

# %% blame/catch_warnings | warnings.catch_warnings as context manager, then a mask of zeros
import warnings

def blame(grads, change):
    moves = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, slope in grads.items():
            slope = np.asarray(slope, dtype=float)
            moves[name] = np.where(slope == 0, np.inf, np.divide(change, slope))
    return moves

# %% two_layer_loss/memo_by_content | memoised on the bytes of all arrays, so a changed parameter is computed anew; copies go out
_memo = {}

def two_layer_loss(X, Y, params):
    names4 = ("W1", "b1", "W2", "b2")
    arrays = [X, Y] + [params[k] for k in names4]
    key = tuple((a.shape, str(a.dtype), a.tobytes()) for a in arrays)
    if key not in _memo:
        if len(_memo) > 50:
            _memo.clear()
        Z = affine(X, params["W1"], params["b1"])
        H = expit(Z)
        err = affine(H, params["W2"], params["b2"]) - Y
        dH, dW2, db2 = affine_backward(2 * err / len(X), H, params["W2"])
        _, dW1, db1 = affine_backward(sigmoid_backward(dH, Z), X, params["W1"])
        _memo[key] = np.sum(err * err) / len(X), (dW1, db1, dW2, db2)
    loss, gs = _memo[key]
    return loss, {k: g.copy() for k, g in zip(names4, gs)}

# %% train/torch_sgd | torch.optim.SGD on leaf tensors, zero_grad(set_to_none=True), numpy copies back
import torch

def train(X, labels, params, lr, steps):
    leaf = lambda a: torch.tensor(np.array(a, dtype=np.float64, order="C"), requires_grad=True)
    layers = [(leaf(W), leaf(b)) for W, b in params]
    inp = torch.tensor(np.array(X, dtype=np.float64, order="C"))
    target = torch.tensor(np.array(labels, dtype=np.int64))
    opt = torch.optim.SGD([p for pair in layers for p in pair], lr=lr)
    for _ in range(steps):
        opt.zero_grad(set_to_none=True)
        out = inp
        for k, (W, b) in enumerate(layers):
            out = out @ W + b
            if k + 1 < len(layers):
                out = out.relu()
        torch.nn.functional.cross_entropy(out, target).backward()
        opt.step()
    return [(W.detach().numpy().copy(), b.detach().numpy().copy()) for W, b in layers]
