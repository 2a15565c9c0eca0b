# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     notebook_metadata_filter: -jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Generalising
#
# A network that reads every digit of its training set may have learnt digits. Or it may have learnt the *set*. In this lab you
# meet a network that knows 1078 lies by heart, and you write five tools against that: penalties, dropout, good starts,
# batch norm and early stopping.
#
# At the end you are the doctor: eight learning curves, and what is wrong with each. Allow 140 minutes, reading included,
# with a break after `he_normal`.

# %% tags=["setup"]
import course_utils  # not found? Run %pip install handgrad in a new cell, then this cell again

import itertools

import numpy as np

from course_utils import answer, charts, check, data, explore_dropout, explore_fit, explore_signals
from course_utils import explore_stopping, generalising, hint, plots, predict, progress, review, tables

# %% [markdown]
# ## The network of lab 4, with two doors
#
# Below is [lab 4](../lab04_backprop/lab04_backprop.ipynb)'s network with any number of layers, `net = [(W, b), …]`. New are two doors in
# every hidden layer: `norm` before the ReLU, `drop` behind it. Through each you will send the numbers into functions of yours. A door
# gives what goes on, and a function for the way back. Until then, both doors leave all as it is.


# %%
def as_it_is(layer, A):
    """A door that does nothing: the array goes on, and so does its gradient on the way back."""
    return A, lambda dA: dA


def run(net, X, norm=as_it_is, drop=as_it_is):
    """The scores (N, 10), and what the way back needs of every layer."""
    H, back = X, []
    for layer, (W, b) in enumerate(net[:-1]):
        Z, norm_back = norm(layer, H @ W + b)
        out, drop_back = drop(layer, np.maximum(Z, 0))
        back.append((H, W, norm_back, drop_back, Z > 0))
        H = out
    W, b = net[-1]
    return H @ W + b, [*back, (H, W)]


def cross_entropy(scores, labels):
    log_p = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    rows = np.arange(len(labels))
    dS = np.exp(log_p)
    dS[rows, labels] -= 1
    return -log_p[rows, labels].mean(), dS / len(labels)


# %%
def loss_and_gradients(net, X, labels, **doors):
    """The mean cross-entropy, and (dW, db) of every layer."""
    scores, back = run(net, X, **doors)
    loss, dZ = cross_entropy(scores, labels)
    H, W = back[-1]
    grads = [(H.T @ dZ, dZ.sum(axis=0))]
    for before, W_before, norm_back, drop_back, alive in reversed(back[:-1]):
        dZ = norm_back(drop_back(dZ @ W.T) * alive)
        grads.append((before.T @ dZ, dZ.sum(axis=0)))
        W = W_before
    return loss, grads[::-1]


# %%
def fit(net, X, labels, epochs, lr=0.5, batch=64, seed=0, shrink=None, after=None, **doors):
    """Train by mini-batches. shrink(W): a gradient added to that of each W; after(net): called after every epoch."""
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        for rows in np.array_split(rng.permutation(len(X)), -(-len(X) // batch)):
            _, grads = loss_and_gradients(net, X[rows], labels[rows], **doors)
            if shrink:
                grads = [(dW + shrink(W), db) for (W, _), (dW, db) in zip(net, grads, strict=True)]
            net = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(net, grads, strict=True)]
        if after:
            after(net)
    return net


# %%
digits = data.digits()
ink, labels = digits.X_train / 16, digits.y_train
unseen, truth = digits.X_valid / 16, digits.y_valid


def begin(*sizes, scale=0.2, seed=0):
    """A network with normal random weights of one size, and biases 0."""
    rng = np.random.default_rng(seed)
    return [(rng.normal(0, scale, (D, H)), np.zeros(H)) for D, H in itertools.pairwise(sizes)]


def share_right(net, X, labels, **doors):
    return np.mean(np.argmax(run(net, X, **doors)[0], axis=1) == labels)


def loss_of(net, X, labels, **doors):
    return cross_entropy(run(net, X, **doors)[0], labels)[0]


# %% [markdown]
# ## 1078 lies
#
# Now we shuffle the labels of the training digits. A 3 may be called 8, another 3 is called 0: nothing is left to understand. The
# network has one hidden layer of 256.

# %%
predict(
    "The labels are shuffled. How many of the 1078 training digits will the network get right after 200 epochs?",
    ["about a tenth, as by guessing", "about half", "all of them"],
)

# %%
lies = np.random.default_rng(1).permutation(labels)
liar = fit(begin(64, 256, 10), ink, lies, 200)
reader = fit(begin(64, 256, 10), ink, labels, 40)

# %%
tables.lines(
    ["the network learnt from", "its training digits", "unseen digits"],
    ["true labels", share_right(reader, ink, labels), share_right(reader, unseen, truth)],
    ["shuffled labels", share_right(liar, ink, lies), share_right(liar, unseen, truth)],
)

# %% [markdown]
# Both know their training set perfectly. One can read, the other one only remembers. (After Zhang et al., 2017.) So **a training loss
# of 0 says nothing about learning**, and the same network can do both. Only digits that it has never seen show the difference. That
# is what a validation set is for.

# %% [markdown]
# ## Too simple, too complex
#
# The slides say that a model may be too simple (*underfitting*) or too complex (*overfitting*, lecture 000). Here are 15 points with
# some noise, and polynomials through them. Degree 14 has 15 coefficients.


# %%
def noisy_points(n, rng):
    x = np.sort(rng.uniform(-1, 1, size=n))
    return x, np.sin(3 * x) + rng.normal(0, 0.2, size=n)


rng = np.random.default_rng(0)
few, many = noisy_points(15, rng), noisy_points(200, rng)


def polynomial(degree):
    """The coefficients, lowest power first, with the least squared error on the 15 points."""
    return np.linalg.lstsq(np.vander(few[0], degree + 1, increasing=True), few[1], rcond=None)[0]


def squared_error(w, points):
    return np.mean((np.vander(points[0], len(w), increasing=True) @ w - points[1]) ** 2)


# %%
generalising.curves_through(
    few,
    {f"degree {k}": polynomial(k) for k in (1, 5, 14)},
    lambda x: np.sin(3 * x),
    "15 points, three polynomials; grey: without noise",
)

# %%
degrees = [1, 2, 3, 5, 8, 11, 14]
tables.lines(
    ["degree", "error on the 15 points", "error on 200 others"],
    *([str(k), squared_error(polynomial(k), few), squared_error(polynomial(k), many)] for k in degrees),
)

# %% [markdown]
# The error on the 15 points only falls. On others it falls, and then it explodes: between the points degree 14 swings by thousands. So
# is "more parameters than examples" the limit that must not be crossed?

# %%
predict(
    "100 digits, and a model with 50, then 100, then 2000 weights per class. Which one reads unseen digits best?",
    ["50", "100", "2000"],
)


# %%
def random_features(size, seed):
    """100 digits through `size` random ReLU neurons, then least squares: the share of unseen digits read right."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(ink))[:100]
    W, b = rng.normal(size=(64, size)), rng.normal(size=size)
    last = np.linalg.lstsq(np.maximum(ink[rows] @ W + b, 0), np.eye(10)[labels[rows]], rcond=None)[0]
    return np.mean(np.argmax(np.maximum(unseen @ W + b, 0) @ last, axis=1) == truth)


sizes = [25, 50, 75, 90, 100, 105, 120, 150, 200, 500, 2000]

# %%
charts.bars(
    lambda: [(f"{size} neurons", np.mean([random_features(size, seed) for seed in range(10)])) for size in sizes],
    "100 digits to learn from: worst is about 100 neurons",
    "share of unseen digits read right, mean of ten draws",
)

# %% [markdown]
# **Double descent** (Belkin et al., 2019). At 100 neurons there is just one solution through all 100 digits, and it swings like degree 14. With 2000 there
# are many, and least squares takes the one with the *smallest weights*. So it is not the number of weights that counts,
# but what else you ask of them. Small weights seem to be a good wish.

# %% [markdown]
# ## A price for weights
#
# Add a *penalty* to the loss: large weights cost something, and $\lambda$ is the price. The lectures know two, and libraries their sum:
#
# | name | penalty |
# |---|---|
# | L2 | $\lambda\sum w^2$ |
# | L1 | $\lambda\sum\lvert w\rvert$ |
# | elastic net | $\lambda\sum(\beta w^2+\lvert w\rvert)$ |
#
# Biases are not penalised: they shift, and do not swing. Training needs the slopes as well. **You** find them, from a table.

# %%
w = np.array([-2.0, -0.5, 0.5, 1.0, 3.0])
nudge = 0.00001
tables.columns(
    **{
        "w": w,
        "w²": w**2,
        "slope of w²": ((w + nudge) ** 2 - (w - nudge) ** 2) / (2 * nudge),
        "|w|": abs(w),
        "slope of |w|": (abs(w + nudge) - abs(w - nudge)) / (2 * nudge),
    }
)

# %% [markdown]
# **Beware of the factor.** Lecture 001 writes $\lambda\sum w^2$, lecture 004 writes $\frac\lambda2\sum w^2$. Both are in use, and their
# $\lambda$ differ by 2. Here it is the first. So what does a row of this table say for $\lambda=0.1$?

# %% [markdown]
# ### Exercise: `l2`
# *Easy, 4 minutes.*
#
# With $\lambda=0.1$: the weights 3 and $-1$ cost $0.9+0.1=1$.


# %% nbgrader={"grade": false, "grade_id": "l2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def l2(W, lam):
    """The penalty λ Σ W², and its gradient.

    W: weights, an array of any shape, perhaps of whole numbers; do not change it.
    lam: λ, a number, 0 or more.
    Returns (penalty, dW): one number, and an array of W's shape.
    l2(np.array([3.0, -1.0]), 0.1)[0]  ->  1.0
    """
    ### BEGIN SOLUTION
    return lam * np.sum(W**2), 2 * lam * W
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "l2_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("l2")

# %% [markdown]
# Now the 15 points with a price on the coefficients. The explorer uses your `dW`. **Which λ makes degree 14 a good model? And which
# one makes it too stiff?**

# %%
explore_fit(l2)

# %% [markdown]
# <details><summary>What you should see</summary>
#
# With hardly any price, degree 14 goes nearly through every point and swings wildly between them. From about λ = 0.000001 on it follows the sine,
# best near 0.001. With λ = 0.1 and more the curve becomes too flat: underfitting, by price instead of by degree.
# </details>

# %% [markdown]
# With plain descent, L2 has another name, *weight decay*: $w-\text{lr}\,(dw+2\lambda w)=(1-2\,\text{lr}\,\lambda)\,w-\text{lr}\,dw$. Each step
# first shrinks $w$ by a fixed share. (With Adam the two differ, since Adam divides by the size of the gradient. `AdamW` shrinks apart from it.)

# %% [markdown]
# ### Exercise: `l1`
# *Easy, 4 minutes.*
#
# $\lvert w\rvert$ has a corner at 0. There the slope shall be 0: a weight that is 0 is left in peace.


# %% nbgrader={"grade": false, "grade_id": "l1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def l1(W, lam):
    """The penalty λ Σ |W|, and its gradient; at a weight of 0 the gradient is 0.

    W: weights, an array of any shape, perhaps of whole numbers; do not change it.
    lam: λ, a number, 0 or more.
    Returns (penalty, dW): one number, and an array of W's shape.
    l1(np.array([3.0, -1.0]), 0.1)[0]  ->  0.4
    """
    ### BEGIN SOLUTION
    return lam * np.sum(np.abs(W)), lam * np.sign(W)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "l1_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("l1")

# %% [markdown]
# "L1 kills many parameters", says lecture 004: it pushes with the same force at every size, until a weight is 0. Let us count. 60 inputs,
# of which only 5 matter; linear regression with your `l1`.

# %%
predict(
    "After 3000 steps of descent with l1's gradient: how many of the 55 useless weights are exactly 0?",
    ["none", "about half", "nearly all"],
)

# %%
rng = np.random.default_rng(4)
inputs = rng.normal(size=(100, 60))
useful = np.zeros(60)
useful[:5] = [3, -2, 1.5, -1, 2]
outcome = inputs @ useful + rng.normal(0, 0.5, size=100)


def without_penalty(w):
    return 2 * inputs.T @ (inputs @ w - outcome) / 100


def descend(step):
    w = np.zeros(60)
    for _ in range(3000):
        w = step(w)
    useless = abs(w[5:])
    return [np.mean(useless == 0), np.mean(useless < 0.01), useless.max()]


def with_gradient(w):
    return w - 0.05 * (without_penalty(w) + l1(w, 0.4)[1])


def with_threshold(w):
    w = w - 0.05 * without_penalty(w)
    return np.sign(w) * np.maximum(abs(w) - 0.05 * 0.4, 0)  # go towards 0, but never beyond it


# %%
plots.matrix(
    lambda: [descend(lambda w: w - 0.05 * without_penalty(w)), descend(with_gradient), descend(with_threshold)],
    "The 55 useless weights",
    ["no penalty", "l1's gradient", "soft threshold"],
    ["share at 0", "below 0.01", "largest"],
)

# %% [markdown]
# L1's gradient makes them small and then jumps to and fro across 0: it *never hits* it. Who wants zeros needs another step: first
# descend without the penalty, then go towards 0 by $\text{lr}\cdot\lambda$, and stop there. That is the *soft threshold*.
#
# **L2 does not make zeros either. Why?**
#
# <details><summary>Answer</summary>
#
# Its push is $2\lambda w$. The smaller the weight, the weaker the push.
# </details>

# %% [markdown]
# ### Exercise: `elastic_net`
# *Easy, 4 minutes.*
#
# $\lambda\sum(\beta w^2+\lvert w\rvert)$: both at once (Zou and Hastie, 2005). Look where $\lambda$ stands, and where $\beta$.


# %% nbgrader={"grade": false, "grade_id": "elastic_net", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elastic_net(W, lam, beta):
    """The penalty λ Σ (β W² + |W|), and its gradient; the slope of |w| at 0 is 0.

    W: weights, an array of any shape, perhaps of whole numbers; do not change it.
    lam: λ, beta: β, two numbers, 0 or more.
    Returns (penalty, dW): one number, and an array of W's shape.
    elastic_net(np.array([3.0, -1.0]), 0.1, 0.5)[0]  ->  0.9
    """
    ### BEGIN SOLUTION
    squares, d_squares = l2(W, lam * beta)
    sizes, d_sizes = l1(W, lam)
    return squares + sizes, d_squares + d_sizes
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "elastic_net_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("elastic_net")

# %%
prices = [0, 0.0001, 0.001, 0.01, 0.03]
some, their = ink[:100], labels[:100]


def priced(lam):
    net = fit(begin(64, 64, 10), some, their, 150, batch=32, shrink=lambda W: l2(W, lam)[1])
    return [loss_of(net, some, their), loss_of(net, unseen, truth), np.sqrt(np.mean(net[0][0] ** 2))]

# %%
plots.matrix(
    lambda: [priced(lam) for lam in prices],
    "Your l2 in a network that has 100 digits",
    [f"λ = {lam:g}" for lam in prices],
    ["training loss", "unseen digits", "size of W₁"],
)

# %% [markdown]
# Read down the columns. The training loss rises with the price. The loss on unseen digits falls first: the network says less loudly what it
# does not know. Then it rises too: underfitting.

# %% [markdown]
# ## Dropout
#
# Another way to stop a network from remembering: in each step, take some neurons away at random (Hinton et al., 2012). No neuron can
# rely on another. With $H$ neurons there are $2^H$ such networks, and all share their weights: dropout trains **many networks at once**, and for
# testing asks all of them together (lecture 001).

# %% [markdown]
# But there is a snag. If each input is dropped with probability 0.2, a sum of many has on average only 0.8 of its size in training. **What
# must be done about it?** Lecture 001: in testing, "scale outputs by dropout probability $p$", where $p$ is the probability of *dropping*. Let us do exactly this, and
# the other candidate as well: to scale by $1-p$.


# %%
def unscaled(p, rng):
    """A door that drops each number with probability p, and does nothing else."""

    def door(layer, H):
        kept = rng.uniform(size=H.shape) >= p
        return H * kept, lambda dH: dH * kept

    return door


def times(factor):
    return lambda layer, H: (factor * H, None)  # for testing only: nobody walks back


dropped = fit(begin(64, 256, 10), ink, labels, 40, drop=unscaled(0.2, np.random.default_rng(0)))

# %%
predict(
    "Trained with p = 0.2, tested with outputs times p, as the slide says. How many are read right?",
    ["as many as with the right scale", "about half as many", "about a tenth, as by guessing"],
)

# %%
tables.lines(
    ["in testing, outputs", "unseen digits read right", "loss"],
    *([name, share_right(dropped, unseen, truth, drop=times(k)), loss_of(dropped, unseen, truth, drop=times(k))]
      for name, k in (("times p = 0.2", 0.2), ("times 1 − p = 0.8", 0.8), ("as they are", 1.0))),
)

# %% [markdown]
# The slide is wrong, and **accuracy hides it**: all scores become about a quarter of what they should be, and the largest stays the largest. The
# loss shows it: four times as high. With $p=0.5$, the usual value, nothing at all is to be seen. That is how such a mistake survives for years.
#
# Today the scale is set right in *training* instead, so that testing needs nothing: **inverted dropout**.

# %% [markdown]
# ### Exercise: `dropout`
# *Medium, 8 minutes.*
#
# Two neurons of 10 000 with $p=0.2$. In training, each shall have the same *mean* as without dropout:
#
# | | X | times kept | times dropped | mean of Y, if kept ones do not grow |
# |---|---|---|---|---|
# | first | 1 | 8000 | 2000 | 0.8 |
# | second | 5 | 8000 | 2000 | 4 |
#
# By which factor must the kept ones grow? A mask tells what was kept: 1, or 0.


# %% nbgrader={"grade": false, "grade_id": "dropout", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout(X, p, rng, training):
    """Inverted dropout: every number of X is dropped with probability p, each on its own; the
    kept ones grow, so that over many draws the mean of each number stays as it was.

    X: an array of any shape, perhaps of whole numbers; do not change it.  p: 0 <= p < 1.
    rng: a numpy.random.Generator, the only source of chance here.
    training: True, or False: then nothing is drawn (rng may be None), and nothing changes.
    Returns (Y, mask), both of X's shape.  The mask is 1 where a number is kept and 0 where
    it is dropped (numbers or booleans); with training=False it is all ones.
    """
    ### BEGIN SOLUTION
    if not training:
        return X.copy(), np.ones(X.shape)
    mask = (rng.uniform(size=X.shape) >= p).astype(float)
    return X * mask / (1 - p), mask
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dropout_check", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
check("dropout")

# %% [markdown]
# Chance is checked by its laws: your stream of random numbers may be any. **How does the spread of a mean grow with p?** Below are 200 draws of
# your function for the mean of a layer.

# %%
explore_dropout(dropout)

# %% [markdown]
# <details><summary>What you should see</summary>
#
# The mean of all draws stays where it is without dropout, whatever p is: that is what the scale is for. The spread grows with p:
# a kept number counts for more and more. In testing all 200 draws are the same.
# </details>

# %% [markdown]
# ### Exercise: `dropout_backward`
# *Easy, 4 minutes.*
#
# How much does the loss change when one number of X changes by a little? Two cases:
#
# | p = 0.2 | Y | slope |
# |---|---|---|
# | kept | $1.25\,x$ | ? |
# | dropped | $0$ | ? |


# %% nbgrader={"grade": false, "grade_id": "dropout_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout_backward(dY, mask, p):
    """The gradient with respect to X, for a pass in training.

    dY: the gradient with respect to Y, an array of any shape; do not change it.
    mask: of dY's shape, 1 (or True) where a number was kept.  p: as in dropout.
    Returns an array of dY's shape.
    """
    ### BEGIN SOLUTION
    return dY * mask / (1 - p)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dropout_backward_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("dropout_backward")


# %%
def thinned(p, rng):
    """A door with your dropout."""

    def door(layer, H):
        Y, mask = dropout(H, p, rng, True)
        return Y, lambda dY: dropout_backward(dY, mask, p)

    return door


rng = np.random.default_rng(3)
spoilt = labels[:300].copy()
spoilt[::5] = rng.integers(0, 10, size=60)


def with_dropout(p):
    net = fit(begin(64, 256, 10), ink[:300], spoilt, 100, lr=0.2, batch=16, drop=thinned(p, np.random.default_rng(0)))
    return [share_right(net, ink[:300], spoilt), share_right(net, unseen, truth), loss_of(net, unseen, truth)]


# %%
plots.matrix(
    lambda: [with_dropout(p) for p in (0, 0.2, 0.5, 0.8)],
    "Your dropout, where every fifth label lies",
    [f"p = {p:g}" for p in (0, 0.2, 0.5, 0.8)],
    ["training: right", "unseen: right", "unseen: loss"],
)

# %% [markdown]
# Here the training labels lie, and dropout helps against learning the lies: the more of the network is missing in each step, the harder it is to remember
# single digits.

# %% [markdown]
# ("0.5 and 0.9 are common", says the slide. 0.9 is common as a probability of *keeping*: some libraries, and the first paper, count so. Always
# look which one is meant.)

# %% [markdown]
# ## How to begin
#
# Lecture 000 begins with weights from $\mathcal N(0,\sigma^2)$, the code of lecture 001 with `np.random.rand`. Does it matter? Send 500 random
# rows through ten layers of 100 neurons, and look how large the numbers are behind each layer.

# %%
predict(
    "Weights from np.random.rand, ten layers with ReLU. How large are the numbers behind the last?",
    ["about 1", "about 1000", "more than 1 000 000 000 000"],
)


# %%
def sizes_behind_layers(start, squash):
    """The standard deviation of all numbers behind each of ten layers of 100; start(fan_in, fan_out, rng) gives W."""
    rng = np.random.default_rng(0)
    H, found = rng.normal(size=(500, 100)), []
    for _ in range(10):
        H = squash(H @ start(100, 100, rng))
        found.append(H.std())
    return found


def relu(Z):
    return np.maximum(Z, 0)


starts = {
    "rand": lambda D, H, rng: rng.uniform(size=(D, H)),
    "N(0, 1)": lambda D, H, rng: rng.normal(size=(D, H)),
    "N(0, 0.01²)": lambda D, H, rng: rng.normal(0, 0.01, size=(D, H)),
}

# %%
roles = ["gradient", "reference", "highlight"]
charts.lines(
    [(name, sizes_behind_layers(starts[name], relu), role) for name, role in zip(starts, roles, strict=True)],
    "Ten layers with ReLU: three bad starts",
    xlabel="layer", ylabel="size behind it", start=1, log=True,
)

# %% [markdown]
# Behind ten layers there is $10^{15}$ and more, $10^8$, or $10^{-12}$: nothing to learn from. A neuron adds up `fan_in` numbers. Every layer multiplies the size
# by the same factor, and ten layers take its tenth power. **So which size must the weights have?**
#
# One number is $z=\sum_{i=1}^{n}x_iw_i$ with $n$ = `fan_in`. If all are independent, and the weights have mean 0, the variances add up:
# $\operatorname{Var}z=n\cdot\operatorname{Var}w\cdot\operatorname{mean}(x^2)$.
#
# | wish | then Var w must be |
# |---|---|
# | the size stays, forwards | $1/\text{fan\_in}$ |
# | the size of gradients stays, backwards | $1/\text{fan\_out}$ |
# | both, as well as possible | their compromise: $2/(\text{fan\_in}+\text{fan\_out})$ |
# | ReLU behind it, which halves $\operatorname{mean}(z^2)$ | $2/\text{fan\_in}$ |

# %% [markdown]
# ### Exercise: `glorot_uniform`
# *Medium, 6 minutes.*
#
# Glorot and Bengio (2010) take the compromise, and numbers spread evenly between $-a$ and $a$. Such numbers have the variance $a^2/3$. So what is $a$? For
# `fan_in` 100 and `fan_out` 200 it is 0.1414.


# %% nbgrader={"grade": false, "grade_id": "glorot_uniform", "locked": false, "schema_version": 3, "solution": true, "task": false}
def glorot_uniform(fan_in, fan_out, rng):
    """Weights to begin with: each drawn on its own, evenly between -a and a, with the
    variance 2 / (fan_in + fan_out).

    fan_in, fan_out: how many numbers come into the layer, and how many neurons it has.
    rng: a numpy.random.Generator, the only source of chance here.
    Returns an array (fan_in, fan_out) of floats.
    """
    ### BEGIN SOLUTION
    a = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-a, a, size=(fan_in, fan_out))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "glorot_uniform_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("glorot_uniform")

# %% [markdown]
# ### Exercise: `he_normal`
# *Easy, 3 minutes.*
#
# He et al. (2015) count the ReLU in. NumPy's `rng.normal` asks for the standard deviation, not for the variance.


# %% nbgrader={"grade": false, "grade_id": "he_normal", "locked": false, "schema_version": 3, "solution": true, "task": false}
def he_normal(fan_in, fan_out, rng):
    """Weights to begin with, for a layer with ReLU: each drawn on its own, normal, with mean 0
    and the variance 2 / fan_in.

    fan_in, fan_out: how many numbers come into the layer, and how many neurons it has.
    rng: a numpy.random.Generator, the only source of chance here.
    Returns an array (fan_in, fan_out) of floats.
    """
    ### BEGIN SOLUTION
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "he_normal_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("he_normal")

# %%
yours = {"Glorot": glorot_uniform, "He": he_normal}
lines = [("N(0, 0.01²)", sizes_behind_layers(starts["N(0, 0.01²)"], relu), "highlight")]
lines += [(name, plots.attempt(sizes_behind_layers, start, relu), role)
          for (name, start), role in zip(yours.items(), ("reference", "forward"), strict=True)]
charts.lines(
    lines, "Ten layers with ReLU: your starts", xlabel="layer", ylabel="size behind it", start=1, log=True
)

# %% [markdown]
# He's start holds the size. Glorot's loses half of the variance at every ReLU; it was made for tanh. **What happens to the shape of the numbers?** Choose
# tanh and the start N(0, 1).

# %%
explore_signals(glorot_uniform, he_normal)

# %% [markdown]
# <details><summary>What you should see</summary>
#
# With tanh and N(0, 1) nearly all numbers sit at −1 and 1: *saturated*, so their slope is nearly 0, and no gradient comes back. With N(0, 0.01²)
# all shrink to nothing. Glorot keeps a bell with tanh; He keeps ReLU alive.
# </details>

# %%
def trained_from(start, epochs=10):
    rng = np.random.default_rng(0)
    net = [(start(D, H, rng), np.zeros(H)) for D, H in itertools.pairwise((64, *[50] * 9, 10))]
    with np.errstate(all="ignore"):
        return share_right(fit(net, ink, labels, epochs, lr=0.1, batch=32), unseen, truth)

# %%
charts.bars(
    lambda: [(name, trained_from(start)) for name, start in (starts | yours).items()],
    "Ten layers, ten epochs: only the start differs",
    "unseen digits read right; guessing: 0.1",
)

# %% [markdown]
# (*Residual* networks add each layer's input to its output, *densely connected* ones hand it on to all later layers. Both give signals a
# short way past the layers, so they can be hundreds of layers deep: ResNet and DenseNet of lecture 001.)
#
# ### Why not begin with zeros?
#
# Biases may begin at 0. And weights?

# %%
predict(
    "All weights begin at 0.1. After training, how many different neurons has a hidden layer of 32?",
    ["1", "10, as many as there are classes", "32"],
)


# %%
def from_constant(c):
    net = [(np.full_like(W, c), b) for W, b in begin(64, 32, 10)]
    net = fit(net, ink, labels, 40, lr=0.1)
    different = len(np.unique(np.round(net[0][0], 6), axis=1).T)
    return [different, share_right(net, unseen, truth)]


random_start = fit(begin(64, 32, 10), ink, labels, 40, lr=0.1)

# %%
tables.lines(
    ["weights begin", "different neurons", "unseen digits read right"],
    ["at 0", *from_constant(0.0)],
    ["at 0.1", *from_constant(0.1)],
    ["at random", len(np.unique(np.round(random_start[0][0], 6), axis=1).T), share_right(random_start, unseen, truth)],
)

# %% [markdown]
# Neurons that begin equal get equal gradients, and stay equal for ever: 32 copies of one neuron. Only chance can break the tie.

# %% [markdown]
# ## Batch norm
#
# A good start holds only at the start. Batch norm (Ioffe and Szegedy, 2015) keeps every neuron's numbers in a healthy range *all the time*:
# before the ReLU, each column of the batch gets mean 0 and variance 1. Then the network may choose another mean $\beta$ and another size $\gamma$, which
# it learns.

# %% [markdown]
# For one neuron (one column), a batch of four, $\gamma=2$, $\beta=1$:
#
# | | | | | |
# |---|---|---|---|---|
# | $x$ | 1 | 3 | 5 | 7 |
# | $x-\mu$, with $\mu=4$ | $-3$ | $-1$ | 1 | 3 |
# | $\hat x$, with $\sigma^2=5$ | $-1.342$ | $-0.447$ | 0.447 | 1.342 |
# | $y=\gamma\hat x+\beta$ | $-1.683$ | 0.106 | 1.894 | 3.683 |
#
# $\sigma^2$ is the mean of the squared distances. $\varepsilon$ is added to $\sigma^2$, before the root: $\hat x=(x-\mu)/\sqrt{\sigma^2+\varepsilon}$.

# %%
predict(
    "In testing, one digit comes alone: a batch of one. What would batch norm with the batch's own mean give?",
    ["β, whatever the digit is", "the digit as it is", "nan, because of 0/0"],
)

# %% [markdown]
# ### What to use in testing
#
# A digit's answer must not depend on which others are asked with it. So while training, batch norm keeps *running* statistics, and in testing it
# uses these. After a batch of the column above, with momentum 0.1 and $N=4$:
#
# | | before | batch | after |
# |---|---|---|---|
# | mean | 0 | 4 | $0.9\cdot0+0.1\cdot4=0.4$ |
# | var | 1 | $\frac43\cdot5=6.667$ | $0.9\cdot1+0.1\cdot6.667=1.567$ |
#
# For the running variance the sum of squares is divided by $N-1$, not by $N$: as torch does.

# %% [markdown]
# ### Exercise: `batchnorm`
# *Medium, 12 minutes.*
#
# "Statistics from the entire training set", says lecture 001. Libraries take running ones, with two conventions. Here `momentum` is the
# share of the *new* batch, as in torch; in CS231n it is the share of the old.


# %% nbgrader={"grade": false, "grade_id": "batchnorm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    """Every column of X gets mean 0 and variance 1, then the size gamma and the mean beta.

    X: (N, D), rows are examples.  gamma, beta: (D,).  Perhaps of whole numbers.
    running: {"mean": (D,), "var": (D,)}, arrays of floats.
    training=True, N >= 2: takes the mean and the variance (÷ N) of each column of X, and
        changes the dict `running`, in place or with new arrays: (1 - momentum) times the old
        plus momentum times the batch's.  The batch's variance is ÷ (N - 1) for this.
    training=False, N >= 1: takes the mean and variance of `running`, and leaves it as it is.
    eps is added to the variance, before the root.  Do not change X, gamma and beta.
    Returns (Y, cache): Y is (N, D).  cache: whatever your batchnorm_backward will need.
    """
    ### BEGIN SOLUTION
    if not training:
        return gamma * (X - running["mean"]) / np.sqrt(running["var"] + eps) + beta, None
    mean, var = X.mean(axis=0), X.var(axis=0)
    scale = np.sqrt(var + eps)
    X_hat = (X - mean) / scale
    N = len(X)
    running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
    running["var"] = (1 - momentum) * running["var"] + momentum * var * N / (N - 1)
    return gamma * X_hat + beta, (X_hat, scale, gamma)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "batchnorm_check", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
check("batchnorm")


# %% tags=["setup"]
def running_start(D):
    return {"mean": np.zeros(D), "var": np.ones(D)}


def in_turns(batchnorm, batchnorm_backward, batches):
    """As in a network with several such layers: all go forward, then all go back. batches: X, gamma, beta and dY of each."""
    caches = [batchnorm(X, gamma, beta, running_start(len(gamma)), True)[1] for X, gamma, beta, _ in batches]
    return [batchnorm_backward(dY, cache) for (*_, dY), cache in zip(batches, caches, strict=True)]


# %%
def normal(width, training=True, running=None):
    """A door with your batch norm, with γ = 1 and β = 0 for simplicity. running: a dict for each layer."""
    running = {} if running is None else running

    def door(layer, Z):
        kept = running.setdefault(layer, running_start(width))
        Y, cache = batchnorm(Z, np.ones(width), np.zeros(width), kept, training)
        return Y, lambda dY: batchnorm_backward(dY, cache)[0]

    return door


def drift(batches):
    """How far the running mean and variance of one column are after each batch of 32 numbers with mean 3, variance 4."""
    rng, kept, found = np.random.default_rng(0), running_start(1), []
    for _ in range(batches):
        batchnorm(rng.normal(3, 2, size=(32, 1)), np.ones(1), np.zeros(1), kept, True)
        found.append([kept["mean"].item(), kept["var"].item()])
    return np.array(found).T


# %%
found = plots.attempt(drift, 60, shape=(2, 60))
mean_and_var = [found, found] if isinstance(found, str) else found
charts.lines(
    [("mean", mean_and_var[0], "forward"), ("var", mean_and_var[1], "gradient")],
    "Your running statistics find mean 3 and variance 4",
    xlabel="batches", ylabel="running statistics", start=1,
)

# %%
def of_a_pair(digit, training):
    """The first two normalised numbers of one digit, γ = 1 and β = 5, in a batch of the digit and its twin."""
    Z = ink @ he_normal(64, 32, np.random.default_rng(0))
    all_of_them = {"mean": Z.mean(axis=0), "var": Z.var(axis=0)}
    return batchnorm(np.stack([Z[digit], Z[digit]]), np.ones(32), np.full(32, 5.0), all_of_them, training)[0][0][:2]

# %%
plots.matrix(
    lambda: [[*of_a_pair(digit, True), *of_a_pair(digit, False)] for digit in (0, 1)],
    "Each digit in a batch with its twin",
    ["a digit", "another digit"],
    ["training", "training", "testing", "testing"],
)

# %% [markdown]
# A batch in which all rows are alike leaves nothing of a digit. With the running statistics each keeps its own numbers.

# %% [markdown]
# ### The way back, by three branches
#
# $x$ reaches the loss on three ways: directly through $x-\mu$, through the mean, and through the variance. Each batch mate feels it, too. Write the steps
# forwards, then walk back (as in [lab 5](../lab05_autograd/lab05_autograd.ipynb)). With $s=\sqrt{\sigma^2+\varepsilon}$ and $d\hat x=dy\cdot\gamma$:
#
# | branch | what comes back to $x_i$ |
# |---|---|
# | direct | $d\hat x_i/s$ |
# | by the mean, which is $\frac1N\sum x_j$ | $-\frac1N\sum_j d\hat x_j/s$ |
# | by the variance | $-\frac1N\,\hat x_i\sum_j d\hat x_j\hat x_j/s$ |
#
# Each column has sums of its own, over its rows $j$. $\gamma$ and $\beta$ serve every row of the batch: what do you do with the rows of $dy\cdot\hat x$ and of $dy$?

# %% [markdown]
# ### Exercise: `batchnorm_backward`
# *Hard, 15 minutes.*
#
# Test it on the column above. With $dy=(1,0,0,0)$, $\gamma=2$, the three parts of $dx_1$ are $0.894$, $-0.224$ and $-0.402$.
# The check also uses `in_turns` above, which sends two batches forward before the first comes back.


# %% nbgrader={"grade": false, "grade_id": "batchnorm_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batchnorm_backward(dY, cache):
    """The gradients of a pass in training.

    dY: (N, D), the gradient with respect to Y; do not change it.
    cache: what your batchnorm returned for this batch; other batches may have come since.
    Returns (dX, dgamma, dbeta): (N, D), (D,) and (D,).
    """
    ### BEGIN SOLUTION
    X_hat, scale, gamma = cache
    dX_hat = dY * gamma
    direct = dX_hat / scale
    by_mean = -direct.mean(axis=0)
    by_variance = -X_hat * (direct * X_hat).mean(axis=0)
    return direct + by_mean + by_variance, (dY * X_hat).sum(axis=0), dY.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "batchnorm_backward_check", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
check("batchnorm_backward")


# %%
def scaled_start(scale, **doors):
    """Six layers, five epochs, weights from N(0, scale²): the share of training digits read right."""
    with np.errstate(all="ignore"):
        net = fit(begin(64, *[32] * 5, 10, scale=scale), ink, labels, 5, lr=0.1, batch=32, **doors)
        return share_right(net, ink, labels, **doors)


scales = [0.001, 0.01, 0.03, 0.1, 0.25, 0.5, 1.0]

# %%
plots.matrix(
    lambda: [[scaled_start(s), scaled_start(s, norm=normal(32))] for s in scales],
    "Digits read right after 5 epochs",
    [f"start N(0, {s:g}²)" for s in scales],
    ["plain", "batch norm"],
)

# %% [markdown]
# Without batch norm one start of seven works. With it the network learns from every start, with some faster than with others: batch norm sets the size right in
# every layer, whatever the weights are.
#
# ### Its price, and its gift
#
# In training, the answer for one digit depends on the others in its batch. That is noise, and noise hinders remembering: a regulariser, in
# passing. How much noise?


# %%
def spread_of_one(batch):
    """How much one digit's hidden numbers vary over 100 batches that it is in, each with other batch mates."""
    rng = np.random.default_rng(0)
    Z = ink @ he_normal(64, 32, rng)
    found = []
    for _ in range(100):
        rows = np.append(0, rng.choice(np.arange(1, len(Z)), size=batch - 1, replace=False))
        found.append(batchnorm(Z[rows], np.ones(32), np.zeros(32), running_start(32), True)[0][0])
    return np.std(found, axis=0).mean()

# %%
charts.bars(
    lambda: [(f"batches of {batch}", spread_of_one(batch)) for batch in (2, 4, 16, 64, 256)],
    "The smaller the batch, the noisier one digit's answer",
    "spread of its normalised numbers (1 is the spread of all digits)",
)

# %% [markdown]
# With two in a batch each neuron gives only $+1$ or $-1$: the noise is nearly as large as the signal. So batch norm needs batches of a decent size.

# %% [markdown]
# ## Stop in time
#
# Here is a network that learns 300 digits, every fifth with a random label. First it learns to read, then it learns the lies. Lecture 001: "always
# do this": watch the validation loss, and keep the best network.


# %%
def watched(net, X, labels, epochs, **how):
    """Train, and note the losses of the training part and of the unseen digits after each epoch."""
    train_losses, valid_losses = [], []

    def note(net):
        train_losses.append(loss_of(net, X, labels))
        valid_losses.append(loss_of(net, unseen, truth))

    fit(net, X, labels, epochs, after=note, **how)
    return train_losses, valid_losses


train_losses, valid_losses = watched(begin(64, 64, 10), ink[:300], spoilt, 120, lr=0.2, batch=16)

# %%
charts.lines(
    [("training", train_losses, "forward"), ("validation", valid_losses, "gradient")],
    "300 digits, every fifth label is a lie",
    xlabel="epoch", ylabel="loss", start=1,
)

# %% [markdown]
# The slides call the second curve "testing". **What is wrong with that?**
#
# <details><summary>Answer</summary>
#
# Whoever chooses the moment by the test set has used it: its loss is then the best of 120, and too good to be true. Choose by a validation set, and
# report the test set once.
# </details>
#
# And *when* to stop? "When validation accuracy decreases", says lecture 001.

# %%
predict(
    "Suppose we stop at the first epoch whose validation loss is higher than the one before. When is that?",
    ["within the first ten epochs", "near the lowest point", "never"],
)

# %%
first_rise = next(k for k in range(1, 120) if valid_losses[k] > valid_losses[k - 1])
lowest = int(np.argmin(valid_losses))
tables.lines(
    ["stop", "epoch", "validation loss"],
    ["at the first rise", first_rise + 1, valid_losses[first_rise]],
    ["at the lowest point", lowest + 1, valid_losses[lowest]],
    ["at the end", 120, valid_losses[-1]],
)

# %% [markdown]
# The curve is noisy. So have *patience*: stop only after several epochs without a new best. Then you are already past it, and need the
# best network back: **a copy**, since training changes weights in place.
#
# With patience 2 and `min_delta` 0.1:
#
# | update | loss | new best? | updates without, in a row | returns |
# |---|---|---|---|---|
# | 1 | 1.00 | yes | 0 | False |
# | 2 | 0.95 | no: must be below $1.00-0.1$ | 1 | False |
# | 3 | 0.80 | yes | 0 | False |
# | 4 | 0.85 | no | 1 | False |
# | 5 | 0.75 | no: must be below $0.80-0.1$ | 2 | **True** |


# %% tags=["setup"]
def rehearse(stopping, losses, weights):
    """Changes the dict `weights` between the updates, as training does. What each update said."""
    said = []
    for loss in losses:
        said.append(stopping.update(loss, weights))
        weights["W"] += 1  # in place: it is the same array with other numbers
        weights["b"] = weights["b"] + 1  # another array, in the same dict
    return said


# %% [markdown]
# ### Exercise: `EarlyStopping`
# *Medium, 10 minutes.*
#
# A loss that is `nan` is never better, and counts as an update without a new best. The check also uses `rehearse` above, which
# changes the weights in both ways.


# %% nbgrader={"grade": false, "grade_id": "EarlyStopping", "locked": false, "schema_version": 3, "solution": true, "task": false}
class EarlyStopping:
    """Says when to stop, and keeps the best parameters."""

    def __init__(self, patience, min_delta=0):
        """patience: how many updates in a row without a new best make it stop, 1 or more.
        min_delta: a new best must be below the old one by more than this."""
        self.patience, self.min_delta = patience, min_delta
        self.best = None  # the parameters of the best update so far
        ### BEGIN SOLUTION
        self.lowest, self.waited = float("inf"), 0
        ### END SOLUTION

    def update(self, loss, params):
        """To be called after every epoch; returns True when it is time to stop, else False.
        Nobody asks again after a True.

        loss: the validation loss, a number.  It is a new best if there is none yet, or if it
        is below the best so far minus min_delta; nan never is.
        params: a dict of arrays, under any names.  With a new best, self.best becomes a copy of
        it: no later change of params, or of its arrays in place, is to be seen in it.
        """
        ### BEGIN SOLUTION
        if loss < self.lowest - self.min_delta:
            self.lowest, self.waited = loss, 0
            self.best = {name: np.array(value) for name, value in params.items()}
        else:
            self.waited += 1
        return self.waited >= self.patience
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "EarlyStopping_check", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
check("EarlyStopping")

# %% [markdown]
# Your class on the curve above. **Which patience finds the lowest point? Which one wastes time?**

# %%
explore_stopping(EarlyStopping, valid_losses)

# %% [markdown]
# <details><summary>What you should see</summary>
#
# Patience 1 stops in the first bump. About 10 is enough here to find the valley. More patience costs more epochs, and finds nothing better. With a
# large min_delta, small gains no longer count, and it stops sooner.
# </details>

# %% [markdown]
# ## The doctor's rounds
#
# Eight networks were trained on digits, and their losses noted. They stand below in mixed order. Run both cells, and look at the curves.
# Which of them would you send home, and what would you do with the others?


# %%
def patients():
    """(training losses, validation losses) of eight runs."""
    rng = np.random.default_rng(0)
    net = begin(64, 32, 10)
    zeros = [(0 * W, b) for W, b in net]
    yield watched(net, ink, labels, 40, lr=0.2)
    yield watched(begin(64, 64, 10), ink[:300], spoilt, 40, lr=0.4, batch=16)
    yield watched(net, ink, labels, 40, lr=0.2, shrink=lambda W: 0.06 * W)
    yield watched(net, ink, labels, 40, lr=1.6)
    yield watched(net, ink, labels, 40, lr=0.002)
    yield watched(zeros, ink, labels, 40, lr=0.2)
    yield watched(net, 16 * ink, labels, 40, lr=0.02)
    yield watched(net, ink + rng.normal(0, 0.4, ink.shape), labels, 40, lr=0.1)


runs = list(patients())
ward = [runs[k] for k in np.random.default_rng(25).permutation(8)]

# %%
generalising.ward(ward, level=("guessing, ln 10 = 2.30", np.log(10)))

# %% [markdown]
# ### Exercise: `diagnoses`
# *Medium, 8 minutes.*
#
# Give each curve one of these words, exactly as printed. Every word is needed, one of them twice.
#
# | word | what is wrong | what to do |
# |---|---|---|
# | `"overfit"` | it learns its training set by heart | more data, a penalty, dropout, stop in time |
# | `"underfit"` | it learns, but both losses stay high | a deeper or wider network, a lower price |
# | `"rate too large"` | it jumps, and does not settle | a smaller lr |
# | `"rate too small"` | it is still high at the end, and still falling | a larger lr, more epochs |
# | `"equal weights"` | it does no better than guessing, from the start to the end | begin at random |
# | `"other data"` | validation stays bad: its digits were scaled in another way | scale both alike |
# | `"nothing"` | nothing is wrong | leave it alone |


# %% nbgrader={"grade": false, "grade_id": "diagnoses", "locked": false, "schema_version": 3, "solution": true, "task": false}
# the number of each curve, and its word
diagnoses = {1: "", 2: "", 3: "", 4: "", 5: "", 6: "", 7: "", 8: ""}
### BEGIN SOLUTION
diagnoses = {1: "other data", 2: "underfit", 3: "overfit", 4: "rate too large"}
diagnoses |= {5: "equal weights", 6: "nothing", 7: "nothing", 8: "rate too small"}
### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "diagnoses_check", "locked": true, "points": 16, "schema_version": 3, "solution": false, "task": false}
check("diagnoses")

# %% [markdown]
# <details><summary>What was done to each</summary>
#
# In the list of the cell, from above: a good run; few digits with some lies; a heavy price on weights; a rate too large; one too small; a start at zero;
# only the validation digits divided by 16; noise on the training digits, so that they are the harder ones.
# </details>

# %% [markdown]
# Whoever underfits should first change depth and width, says lecture 001. Try it, with forty epochs for each:


# %%
def after_forty(*sizes):
    return loss_of(fit(begin(*sizes), ink, labels, 40, lr=0.1), unseen, truth)

# %%
plots.matrix(
    lambda: [[after_forty(64, *[width] * depth, 10) for depth in (1, 2)] for width in (1, 3, 10, 100)],
    "Loss on unseen digits, by width and depth",
    [f"{width} wide" for width in (1, 3, 10, 100)],
    ["1 hidden layer", "2 hidden layers"],
)

# %% [markdown]
# Width helps most here: a layer of 1 or 3 cannot tell ten digits apart, and a second one as narrow makes it worse. Whoever overfits needs more data, or one of your
# tools. More data? Lab 8 makes them from what there is: shifted, turned and mirrored pictures. Not every change leaves a digit what it is.

# %% [markdown]
# ## Bonus: the way back in one line
# *If you still have time. No points.*
#
# The three branches have $\frac1s$ in common, and the two means can be drawn together. Write `dX` as one product, with $d\hat x$, its mean, and the mean of
# $d\hat x\,\hat x$. Then compare with your own.


# %%
def in_one_line(dY, X_hat, scale, gamma):
    dX_hat = dY * gamma
    return dX_hat / scale  # two terms are missing


def difference():
    rng = np.random.default_rng(0)
    X, dY, gamma = rng.normal(size=(7, 3)), rng.normal(size=(7, 3)), np.array([1.0, 2.0, 3.0])
    _, cache = batchnorm(X, gamma, np.zeros(3), running_start(3), True)
    scale = np.sqrt(X.var(axis=0) + 1e-5)
    return [[abs(in_one_line(dY, (X - X.mean(axis=0)) / scale, scale, gamma) - batchnorm_backward(dY, cache)[0]).max()]]

# %%
tables.rows(["largest difference; the goal is 0"], difference)

# %% [markdown]
# ## Think about it
#
# A friend trains on 10 000 photos. Training accuracy 0.99, validation 0.71. She doubles the network: 1.00 and 0.74. "So it is not too complex," she
# says, "and I need no regularisation."
#
# Is she right? Name two measurements that would tell you more, and say what each result would mean. (Nobody marks this; five sentences are
# enough.)

# %% [markdown] nbgrader={"grade": false, "grade_id": "reflection", "locked": false, "schema_version": 3, "solution": true, "task": false}
# She is right that size alone does not hurt: as in double descent, a larger network may generalise better. But the gap of 0.26 is overfitting
# all the same, and a penalty, dropout or more data may close it. I would train with half of the photos: if validation falls clearly, more data
# would help. And I would look at the validation *loss* by epoch: if it has a lowest point and rises after it, early stopping or dropout will help; if it is
# flat and high, training and validation photos may be of different kinds.

# %% [markdown]
# ## What you built
#
# Two prices on weights, dropout, two starts, batch norm with its way back, and a class that stops in time. You have seen that a training loss proves
# nothing, that accuracy can hide a wrong scale, and that a bad start can silence ten layers.
#
# PyTorch brings all of this along: `weight_decay`, `nn.Dropout`, `nn.BatchNorm1d`, `nn.init`, in
# [lab 9](../lab09_pytorch/lab09_pytorch.ipynb).

# %%
progress()

# %% [markdown]
# ## What comes next
#
# Another kind of layer, in [**lab 8**](../lab08_convolution/lab08_convolution.ipynb): filters, which look at parts of a picture.
