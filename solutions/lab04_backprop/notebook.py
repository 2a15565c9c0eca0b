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
# # The loss falls. Is the gradient right?
#
# Lecture 001 prints a backward pass in Python. It runs, and its loss falls. **Three of its lines are wrong.**
#
# First you point at them. Then you write backpropagation yourself, in ten short functions. A cell under each one checks
# it and says what is wrong and why. Finally you mend the slide, and teach a network to read digits.
#
# Allow 200 minutes, reading included, with a break after `repaired_slide`.

# %% tags=["setup"]
import course_utils  # not found? Run %pip install handgrad in a new cell, then this cell again

import itertools

import numpy as np

from course_utils import answer, charts, check, data, diagrams, explore_graph
from course_utils import hint, plots, predict, progress, review, xray

# %% [markdown]
# **Everything here is done by hand, with NumPy:** while your answers are checked, torch is switched off. Arrays may
# hold whole numbers or fractions. None of your functions may change the arrays that it is given. If you are stuck, run
# `hint("affine")`, or with another name: each time it goes one step further.

# %% [markdown]
# ## A loss that falls
#
# This is the slide, line for line; `expit` is SciPy's name for the sigmoid. The last line returns every array
# whose name begins with `d_`. (The slide's own loop, `while(keep_training)`, lacks its colon and never says when to
# stop. Ours takes 3000 steps.)


# %% tags=["setup"]
def expit(z):
    return np.exp(-np.logaddexp(0, np.negative(z)))  # 1 / (1 + exp(-z)), safe for large numbers


# %%
def slide_lines(X, Y_true, W1, b1, W2, b2):
    num_examples = len(X)
    Z_curr = X.dot(W1) + b1
    H_curr = expit(Z_curr)
    Y_curr = H_curr.dot(W2) + b2
    d_Y_curr = 2 * (Y_curr - Y_true) / num_examples
    d_H_curr = d_Y_curr.dot(W2.T)
    d_W2 = H_curr.T.dot(d_Y_curr)
    d_b2 = d_Y_curr
    d_Z_curr = d_H_curr * expit(Z_curr) * (1 - expit(Z_curr))
    d_X = d_Z_curr.dot(W1.T)
    d_W1 = d_X.T.dot(d_Z_curr)
    d_b1 = d_Y_curr
    return {name: array for name, array in locals().items() if name.startswith("d_")}


# %% [markdown]
# **Your turn already.** Read the eight lines that begin with `d_`. Which three do you suspect? Write their names between
# the brackets, as in `["d_X", "d_W2", "d_b2"]`. Nobody marks this, and a guess is welcome.

# %%
suspects = []

# %% [markdown]
# Now the slide trains a small network: two inputs, three hidden neurons, one output, twenty examples. Weights and biases
# start as the slide starts them.


# %%
rng = np.random.default_rng(2)
X = rng.normal(size=(20, 2))  # twenty examples, two inputs
Y = np.sin(2 * X[:, :1]) + 0.3 * rng.normal(size=(20, 1))
start = [rng.random(shape) for shape in [(2, 3), (1, 3), (3, 1), (1, 1)]]  # W1, b1, W2, b2 as printed


def loss_of(X, Y, W1, b1, W2, b2):
    return np.sum((expit(X @ W1 + b1) @ W2 + b2 - Y) ** 2) / len(X)


# %%
def slide_gradients(*arguments):
    lines = slide_lines(*arguments)
    return lines["d_W1"], lines["d_b1"], lines["d_W2"], lines["d_b2"]


def descend(gradients, steps=3000, lr=1e-2):
    params, losses = [p.copy() for p in start], []
    for _ in range(steps):
        losses.append(loss_of(X, Y, *params))
        params = [p - lr * d for p, d in zip(params, gradients(X, Y, *params), strict=True)]
    return params, losses


# %%
over_steps = {"xlabel": "steps", "ylabel": "loss"}
printed, printed_losses = descend(slide_gradients)
charts.lines(
    [("printed code", printed_losses, "gradient")],
    f"The printed code: from {printed_losses[0]:.2f} down to {printed_losses[-1]:.4f}",
    log=True,
    **over_steps,
)

# %% [markdown]
# What a nice curve. Before you see the next one, choose:

# %%
predict(
    "Right gradients, the same data, the same start, 3000 steps. Where does the loss end?",
    ["lower", "at the same height", "higher"],
)

# %% [markdown]
# ## A judge that needs no formula
#
# You can learn what is right without deriving anything: nudge one number and watch the loss (lab 3).
#
# $$\frac{\partial L}{\partial w}\approx\frac{L(w+h)-L(w-h)}{2h}$$
#
# On paper, $L=w^2$ at $w=3$ with $h=0.001$: $\frac{9.006001-8.994001}{0.002}=6$. The cell does this to every entry of
# every array.


# %%
def measured(loss, *arrays, h=1e-5):
    slopes = [np.zeros(array.shape) for array in arrays]
    for array, slope in zip(arrays, slopes, strict=True):
        for i in np.ndindex(array.shape):
            kept = array[i]
            array[i] = kept + h
            above = loss()
            array[i] = kept - h
            slope[i] = (above - loss()) / (2 * h)
            array[i] = kept
    return slopes


# %%
w = np.array([3.0])
measured(lambda: w[0] ** 2, w)


# %%
def measured_gradients(X, Y, *params):
    return measured(lambda: loss_of(X, Y, *params), *params)


# %%
honest, honest_losses = descend(measured_gradients)
ends = printed_losses[-1], honest_losses[-1]
charts.lines(
    [("printed code", printed_losses, "gradient"), ("measured slopes", honest_losses, "reference")],
    f"The printed code ends {ends[1] / ends[0]:.0f} times lower: {ends[0]:.4f} against {ends[1]:.3f}",
    log=True,
    **over_steps,
)

# %% [markdown]
# With the true slopes the loss ends *far higher*. Is the printed code better than the truth, or wrong?
#
# **First evidence: shapes.** A gradient has the shape of its variable. Y is (20, 1), H and Z are (20, 3), X is (20, 2),
# W1 (2, 3), b1 (1, 3), W2 (3, 1), b2 (1, 1). And the eight arrays of the slide:

# %%
{name: array.shape for name, array in slide_lines(X, Y, *start).items()}

# %% [markdown]
# Two lines cannot be right. Are they among your suspects? **Change your list if you like, and run its cell again.**
#
# **Second evidence: measured slopes.** The next cell nudges every entry of every array, also of $Z$, $H$ and $\hat Y$
# in the middle, and computes the rest of the network again.


# %%
def measured_lines(W1, b1, W2, b2):
    Z = X @ W1 + b1
    H = expit(Z)
    Y_hat = H @ W2 + b2
    slopes = measured(lambda: np.sum((Y_hat - Y) ** 2) / len(X), Y_hat)
    slopes += measured(lambda: np.sum((H @ W2 + b2 - Y) ** 2) / len(X), H)
    slopes += measured(lambda: np.sum((expit(Z) @ W2 + b2 - Y) ** 2) / len(X), Z)
    slopes += measured(lambda: loss_of(X, Y, W1, b1, W2, b2), X, W1, b1, W2, b2)
    names = ["d_Y_curr", "d_H_curr", "d_Z_curr", "d_X", "d_W1", "d_b1", "d_W2", "d_b2"]
    return dict(zip(names, slopes, strict=True))


# %%
diagrams.accused(slide_lines, slide_lines(X, Y, *start), measured_lines(*start), suspects)

# %% [markdown]
# The three wrong arrays are computed from arrays that agree. So the fault is in these lines themselves. You know *which* lines are
# wrong; **how to mend them** is the question of this lab.
#
# Is `d_W1` only too long, or does it point in another direction? Take 200 random starts. A cosine of 1 means the
# direction of the slope. Below 0, the step $-\text{lr}\cdot dW_1$ goes *up* the slope.


# %%
def cosine_of_dW1(rng):
    params = [rng.random(p.shape) for p in start]
    right = measured(lambda: loss_of(X, Y, *params), params[0])[0]
    wrong = slide_gradients(X, Y, *params)[0]
    return np.sum(wrong * right) / (np.linalg.norm(wrong) * np.linalg.norm(right))


# %%
cosines = np.sort([cosine_of_dW1(np.random.default_rng(seed)) for seed in range(200)])
charts.lines(
    [("printed dW1", cosines, "gradient"), ("a right dW1", np.ones(200), "reference")],
    f"The printed dW1 sends W1 uphill from {np.mean(cosines < 0):.0%} of the starts",
    xlabel="starts, sorted",
    ylabel="cosine with the slope",
)

# %% [markdown]
# The direction is right from none of the 200 starts. So how can the loss fall? **Look at what the parameters have
# become.** They began as (2, 3), (1, 3), (3, 1) and (1, 1).

# %%
[p.shape for p in printed]

# %% [markdown]
# **There is now one bias per example.** NumPy added a (20, 1) step to a (1, 3) bias without a warning. Eighty private
# biases have learnt twenty answers by heart. Ask the same network about the first seven examples alone:

# %%
try:
    reply = loss_of(X[:7], Y[:7], *printed)
except ValueError as error:
    reply = error
reply

# %% [markdown]
# It cannot even answer. **A falling loss proves nothing about a gradient.** Measured slopes do test it.
#
# To mend the lines you need the whole way back, from the loss to the first weight. You build it now, step by step.

# %% [markdown]
# ## The way back: the chain rule
#
# Start with the smallest network of lecture 000: one hidden neuron, no biases.
#
# $$z=w_1x\qquad h=\sigma(z)\qquad \hat y=w_2h\qquad J=(\hat y-y)^2$$
#
# Blue numbers run forward, for $x=2$, $w_1=0$, $w_2=3$, $y=1$.

# %%
places = {"x": (0, 1), "w₁": (0, 0), "z": (1, 0.5), "h": (2, 0.5), "ŷ": (3, 0.5), "J": (4, 0.5)}
places |= {"w₂": (2, -0.5), "y": (3, -0.5)}
edges = [("x", "z"), ("w₁", "z"), ("z", "h"), ("h", "ŷ"), ("w₂", "ŷ"), ("ŷ", "J"), ("y", "J")]


def values(x, y, w1, w2):
    h = expit(w1 * x)
    return {"x": x, "w₁": w1, "z": w1 * x, "h": h, "w₂": w2, "ŷ": w2 * h, "y": y, "J": (w2 * h - y) ** 2}


# %%
paper = values(2.0, 1.0, 0.0, 3.0)
diagrams.computation_graph(places, edges, "Forward: every node computes its value", forward=paper)

# %% [markdown]
# **If a number grows by a little, how much does $J$ grow?** The ratio is its gradient. For $J$ itself it is 1. Every
# other node takes the gradient of its right neighbour, times the slope of the edge between them:
#
# | edge | local slope | gradient |
# |---|---|---|
# | $\hat y\to J$ | $2(\hat y-y)=1$ | of $\hat y$: $1$ |
# | $w_2\to\hat y$ | $h=\tfrac12$ | of $w_2$: $1\cdot\tfrac12$ |
# | $h\to\hat y$ | $w_2=3$ | of $h$: $1\cdot3$ |
# | $z\to h$ | $\sigma'(0)=\tfrac14$ | of $z$: ? |
# | $w_1\to z$ | $x=2$ | of $w_1$: ? |
#
# Find the last two on paper.

# %%
predict("What is the gradient of w₁?", ["0.75", "1.5", "5.25"])

# %%
back = {"ŷ": 1.0, "w₂": 0.5, "h": 3.0, "z": 0.75, "w₁": 1.5}
title = "Backward: the neighbour's gradient times one local slope"
diagrams.computation_graph(places, edges, title, forward=paper, backward=back)

# %% [markdown]
# **Local means next door.** Lecture 001 names $\partial H/\partial W^1$ as an example of a local gradient. It is not
# local: $Z$ stands between the two. The local ones are $\partial H/\partial Z$ and $\partial Z/\partial W^1$.
#
# **A number that is used several times** collects from all of its users: their shares add up. A bias, for example, is
# used by every example. (Lecture 003 says so for nodes, but gives a weight a single "node which uses w".)

# %% [markdown]
# ### Exercise: `chain_grads`
# *Easy, 12 minutes.*
#
# Two paths lead back from $J$: one ends at $w_2$, one at $w_1$ (lecture 000). Write down the local slopes along each
# path, for any four numbers, and multiply them. With the numbers of the table you should get $\tfrac12$ and $\tfrac32$.


# %% nbgrader={"grade": false, "grade_id": "chain_grads", "locked": false, "schema_version": 3, "solution": true, "task": false}
def chain_grads(x, y, w1, w2):
    """The gradients of J = (w2 σ(w1 x) - y)² with respect to w1 and w2.

    x, y, w1, w2: numbers.  Returns two numbers, dw1 and dw2.
    chain_grads(2.0, 1.0, 0.0, 3.0)  ->  (1.5, 0.5)
    """
    ### BEGIN SOLUTION
    h = expit(w1 * x)
    dy_hat = 2 * (w2 * h - y)
    dh = dy_hat * w2
    dz = dh * h * (1 - h)
    return dz * x, dy_hat * h
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "chain_grads_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("chain_grads")

# %%
numbers = {"x": 0.8, "y": -0.5, "w1": 1.5, "w2": -1.2}
at = {name: np.array(value) for name, value in numbers.items()}
slopes = measured(lambda: values(**at)["J"], at["w1"], at["w2"])
diagrams.computation_graph(
    places,
    edges,
    "Your gradients, and the measured ones",
    forward=values(**numbers),
    backward=lambda: dict(zip(["w₁", "w₂"], chain_grads(*numbers.values()), strict=True)),
    measured=dict(zip(["w₁", "w₂"], slopes, strict=True)),
)

# %% [markdown]
# Orange is yours, green was measured. They should be the same numbers. Now step through the graph, forward and back, and
# change the weights.

# %%
explore_graph(
    z=lambda w1, x: w1 * x,
    h=lambda z: expit(z),
    ŷ=lambda w2, h: w2 * h,
    J=lambda ŷ, y: (ŷ - y) ** 2,
    at={"x": 2.0, "y": 1.0, "w1": 0.0, "w2": 3.0},
    turn={"w1": (-3, 3), "w2": (-3, 3)},
    mine=lambda x, y, w1, w2: dict(zip(["w1", "w2"], chain_grads(x, y, w1, w2), strict=True)),
)

# %%
predict(
    "You set w₂ to 0, with w₁ = 0. Which weight gets the gradient 0?",
    ["w₁", "w₂", "both"],
)

# %% [markdown]
# **One weight can stop the other from learning.** $w_2=0$ stops $w_1$. It works the other way too: set $w_1$ to $-3$. Now
# $h$ is almost 0, and so is the gradient of $w_2$. The sigmoid is flat there as well, so $w_1$ stops itself.
#
# Real networks have thousands of weights. Must we walk every path? No: we go back one *layer* at a time.

# %% [markdown]
# ## One layer
#
# ### Exercise: `affine`
# *Easy, 5 minutes.*
#
# $Y=XW+b$: rows are examples, columns of $W$ are neurons. On paper, three examples, two inputs, one neuron:
#
# $$\begin{pmatrix}1&2\\3&-1\\0&4\end{pmatrix}\begin{pmatrix}2\\1\end{pmatrix}+\tfrac12=
# \begin{pmatrix}4.5\\5.5\\4.5\end{pmatrix}$$
#
# The slides of lecture 001 write $W^1x+b^1$, its code `X.dot(W1) + b1`. The order has changed, and with it every
# formula of the way back. Here $W$ is (inputs, outputs), as in the code.


# %% nbgrader={"grade": false, "grade_id": "affine", "locked": false, "schema_version": 3, "solution": true, "task": false}
def affine(X, W, b):
    """The scores XW + b of a layer.

    X: (N, D).  W: (D, H).  b: (H,).  Returns an array (N, H), also where N or H is 1.
    affine(np.array([[1.0, 2.0]]), np.array([[2.0], [1.0]]), np.array([0.5]))
    ->  [[4.5]]
    """
    ### BEGIN SOLUTION
    return X @ W + b
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "affine_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("affine")

# %%
X3, W3, b3 = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]]), np.array([[2.0], [1.0]]), np.array([0.5])
rows, columns = ["example 1", "example 2", "example 3"], ["neuron 1"]
plots.matrix(lambda: affine(X3, W3, b3), "Your scores: one row per example", rows, columns)

# %% [markdown]
# 4.5, 5.5 and 4.5, as on paper. Suppose that the rest of the network tells this layer how much each of the three scores
# matters: $dY=(1, 10, 100)$. **How much does each entry of $W$ matter?**

# %% [markdown]
# ### Exercise: `affine_backward`
# *Medium, 18 minutes.*
#
# Nudge $W_{11}$ by 1. The three scores grow by the first column of $X$: by $1, 3, 0$. So the loss grows by
# $1\cdot1+10\cdot3+100\cdot0=31$. In the same way:
#
# $$dY=\begin{pmatrix}1\\10\\100\end{pmatrix}\quad dW=\begin{pmatrix}31\\392\end{pmatrix}\quad db=111\quad
# dX=\begin{pmatrix}2&1\\20&10\\200&100\end{pmatrix}$$
#
# All three examples use the *same* bias, so their shares add up: $1+10+100=111$. Which products make these numbers?
# **A gradient has the shape of its variable.**


# %% nbgrader={"grade": false, "grade_id": "affine_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def affine_backward(dY, X, W):
    """The gradients of the loss with respect to X, W and b, where Y = XW + b.

    dY: (N, H), the gradient with respect to Y.  X: (N, D).  W: (D, H).
    Returns dX (N, D), dW (D, H) and db (H,).  The loss is a mean already: do not
    divide again.
    With X = [[1, 2]], W = [[2], [1]], dY = [[10]]  ->  [[20, 10]], [[10], [20]], [10]
    """
    ### BEGIN SOLUTION
    dX = dY @ W.T  # (N, D)
    dW = X.T @ dY  # (D, H)
    db = dY.sum(axis=0)  # (H,)
    return dX, dW, db
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "affine_backward_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("affine_backward")

# %%
dY3 = np.array([[1.0], [10.0], [100.0]])
diagrams.gradient_xray(
    ["dX", "dW", "db"],
    lambda: affine_backward(dY3, X3, W3),
    lambda: measured(lambda: np.sum(dY3 * affine(X3, W3, b3)), X3, W3, b3),
)

# %% [markdown]
# An X-ray shows your gradient minus the slope that was measured on your own `affine`. A dot is an entry that agrees.

# %% [markdown]
# ## Gates
#
# A non-linearity works entry by entry: each score changes only its own output. So on the way back each entry of $dH$
# is multiplied by one slope, the one at its own score.
#
# ### Exercise: `sigmoid_backward`
# *Easy, 8 minutes.*
#
# In lab 1 you found $\sigma'(z)=\sigma(z)(1-\sigma(z))$. On paper: at $z=0$ it is $\tfrac14$, so $dH=8$ becomes $dZ=2$.
# At $z=\ln3$ it is $\tfrac34\cdot\tfrac14=\tfrac3{16}$, so $dH=-16$ becomes $dZ=-3$. Far out, at $z=\pm1000$, the
# sigmoid is flat: $dZ=0$.


# %% nbgrader={"grade": false, "grade_id": "sigmoid_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid_backward(dH, Z):
    """The gradient with respect to Z, where H = σ(Z).

    dH: the gradient with respect to H.  Z: what went *into* the sigmoid, same shape.
    Returns dZ, of that shape, and leaves dH as it was. Where Z is ±1000, dZ is 0.
    sigmoid_backward(np.array([8.0, -16.0]), np.array([0.0, np.log(3)]))
    ->  [2.0, -3.0]
    """
    ### BEGIN SOLUTION
    H = expit(Z)
    return dH * H * (1 - H)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sigmoid_backward_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("sigmoid_backward")

# %% [markdown]
# ### Exercise: `relu_backward`
# *Easy, 5 minutes.*
#
# ReLU is a gate: open where $z>0$ (slope 1), shut where $z<0$ (slope 0). On paper, $dH=(5,-7,4)$ at $z=(2,3,-1)$ becomes
# $(5,-7,0)$. In the corner, at $z=0$ exactly, there is no slope; this course takes 0 there, as lab 1 does. The gate looks
# at $Z$, never at the sign of $dH$.


# %% nbgrader={"grade": false, "grade_id": "relu_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_backward(dH, Z):
    """The gradient with respect to Z, where H = max(Z, 0); the slope at 0 is 0.

    dH: the gradient with respect to H.  Z: what went into ReLU, of the same shape.
    Returns dZ, of that shape, and leaves dH as it was.
    relu_backward(np.array([5.0, -7.0, 4.0]), np.array([2.0, 3.0, -1.0]))
    ->  [5.0, -7.0, 0.0]
    """
    ### BEGIN SOLUTION
    return dH * (Z > 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "relu_backward_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("relu_backward")


# %%
def let_through(backward):
    return lambda z: backward(np.ones_like(z), z)


plots.activations(
    ("A sigmoid lets a quarter through at best", expit, let_through(sigmoid_backward)),
    ("ReLU lets all through, or nothing", lambda z: np.maximum(z, 0), let_through(relu_backward)),
)

# %% [markdown]
# The dashed line is what your gates leave of $dH=1$.

# %%
predict(
    "After ten sigmoid layers, how much of dH = 1 is left at best?",
    ["a tenth", "a thousandth", "a millionth"],
)

# %% [markdown]
# ### The judge has a blind spot
#
# A measured slope looks at two points, $h$ to the left and $h$ to the right. At a corner they lie on different pieces of
# the curve.

# %%
predict("What slope does nudging measure for ReLU at z = 0 exactly?", ["0", "½", "1"])

# %%
near = np.linspace(-0.2, 0.2, 81)
ramp = measured(lambda: np.sum(np.maximum(near, 0)), near, h=0.1)[0]
charts.lines(
    [
        ("measured, h = 0.1", ramp, "reference"),
        ("your relu_backward", plots.attempt(let_through(relu_backward), near), "gradient"),
    ],
    "Within h of the corner: a ramp",
    xlabel="z",
    ylabel="slope",
    start=-0.2,
    every=0.005,
)

# %% [markdown]
# So a right gradient may look wrong where some score lies closer than $h$ to 0. If one entry is off and its
# neighbours are not, take a smaller $h$, or another random point, before you blame your code.

# %% [markdown]
# **What lecture 004 calls $\delta$** is $dZ$: the blame that arrives at a neuron. Its derivation ends in
# $\delta_i\,a_j$, blame times input. That is one example's share in one entry of $dW$. (Its third line prints
# $\sigma'(z)/\partial z$; the $\partial z$ below is left over from the line before.)

# %% [markdown]
# ## A network of two layers
#
# $$Z=XW_1+b_1\qquad H=\sigma(Z)\qquad\hat Y=HW_2+b_2\qquad L=\frac1N\sum(\hat Y-Y)^2$$
#
# The sum runs over examples and outputs and is divided by $N$ alone, as in lecture 001.
#
# Lecture 000 has a slide whose output sums $z_jw_j$ instead of $g(z_j)w_j$. As printed, its hidden layer is linear and
# could be left out (lab 1).

# %% [markdown]
# **Sum or mean?** The factor $1/N$ belongs to the loss. The way back meets it once, in its first step (the `mse_grad` of lab 2), and nowhere else.
# Lecture 001's TensorFlow code forgets it: `tf.losses.MSE` returns one value per example, and `tape.gradient` adds them
# up. With its batches of 50, every step is 50 times as long.

# %% [markdown]
# ### Exercise: `two_layer_loss`
# *Hard, 30 minutes.*
#
# On paper: $X=\binom13$, $Y=\binom12$, $W_1=(0\;0)$, $W_2=\binom24$, no biases. So $H$ is $\tfrac12$ everywhere and
# $\hat Y=\binom33$.
#
# | from | to | numbers |
# |---|---|---|
# | errors $\binom21$ | loss, $d\hat Y$ | $2.5$, $\binom21$ |
# | $d\hat Y$ | $dW_2$, $db_2$ | $\binom{1.5}{1.5}$, $3$ |
# | $d\hat Y$ | $dH$ | $\begin{pmatrix}4&8\\2&4\end{pmatrix}$ |
# | $dH$ | $dZ$ | $\begin{pmatrix}1&2\\0.5&1\end{pmatrix}$ |
# | $dZ$ | $dW_1$, $db_1$ | $(2.5\;\;5)$, $(1.5\;\;3)$ |
#
# Which of your functions makes each row?


# %% nbgrader={"grade": false, "grade_id": "two_layer_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_layer_loss(X, Y, params):
    """The loss of the two-layer network above, and its gradients.

    X: (N, D).  Y: (N, C).
    params: a dict with W1 (D, H), b1 (H,), W2 (H, C) and b2 (C,), in any order.
    Returns the loss, a number: squared errors, summed over outputs, averaged over
    examples; and the gradients, a dict with the same four keys, each in the shape
    of its parameter.
    Your own functions from above do most of it.  The example above  ->
    2.5, {"W1": [[2.5, 5]], "b1": [1.5, 3], "W2": [[1.5], [1.5]], "b2": [3]}
    """
    ### BEGIN SOLUTION
    N = len(X)
    Z = affine(X, params["W1"], params["b1"])
    H = expit(Z)
    error = affine(H, params["W2"], params["b2"]) - Y
    loss = np.sum(error**2) / N
    dH, dW2, db2 = affine_backward(2 * error / N, H, params["W2"])
    _, dW1, db1 = affine_backward(sigmoid_backward(dH, Z), X, params["W1"])
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "two_layer_loss_check", "locked": true, "points": 22, "schema_version": 3, "solution": false, "task": false}
check("two_layer_loss")

# %%
params = {"W1": start[0], "b1": start[1][0].copy(), "W2": start[2], "b2": start[3][0].copy()}
xray(
    lambda: two_layer_loss(X, Y, params)[1],
    lambda: dict(zip(params, measured(lambda: two_layer_loss(X, Y, params)[0], *params.values()), strict=True)),
)

# %% [markdown]
# Your four gradients beside the slopes of your own loss, with the data of the opening. Choose an array, point at an
# entry. Is there a ✓ everywhere? Then you own a gradient that you can trust.

# %% [markdown]
# ## The three faults
#
# ### Exercise: `repaired_slide`
# *Medium, 10 minutes.*
#
# You know the three wrong lines. Mend them, and leave the others as they are. Biases and their gradients are rows here,
# $(1, H)$ and $(1, C)$, as printed.
#
# For the two examples of `two_layer_loss` the slide says $d\_b2=\binom21$. Nudge $b_2$ by 0.001: *both* errors grow, and the loss
# grows by 0.003. So the slope is one number, 3. Ask of each line: which node does this variable feed, in how many
# examples?


# %% nbgrader={"grade": false, "grade_id": "repaired_slide", "locked": false, "schema_version": 3, "solution": true, "task": false}
def repaired_slide(X, Y, W1, b1, W2, b2):
    """The backward pass of lecture 001, mended.

    X: (N, D).  Y: (N, C).  W1: (D, H).  b1: (1, H).  W2: (H, C).  b2: (1, C).
    Returns dW1, db1, dW2, db2, each in the shape of its variable.
    With X = [[1], [3]], Y = [[1], [2]], W1 = [[0, 0]], W2 = [[2], [4]] and biases 0
    ->  [[2.5, 5]], [[1.5, 3]], [[1.5], [1.5]], [[3]]
    """
    ### BEGIN SOLUTION
    num_examples = len(X)
    Z_curr = X.dot(W1) + b1
    H_curr = expit(Z_curr)
    Y_curr = H_curr.dot(W2) + b2
    d_Y_curr = 2 * (Y_curr - Y) / num_examples
    d_H_curr = d_Y_curr.dot(W2.T)
    d_W2 = H_curr.T.dot(d_Y_curr)
    d_b2 = d_Y_curr.sum(axis=0, keepdims=True)
    d_Z_curr = d_H_curr * H_curr * (1 - H_curr)
    d_W1 = X.T.dot(d_Z_curr)
    d_b1 = d_Z_curr.sum(axis=0, keepdims=True)
    return d_W1, d_b1, d_W2, d_b2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "repaired_slide_check", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
check("repaired_slide")

# %%
mended = plots.attempt(lambda: descend(repaired_slide)[1])
charts.lines(
    [
        ("printed code", printed_losses, "gradient"),
        ("measured slopes", honest_losses, "reference"),
        ("yours", mended, "forward"),
    ],
    "Your repaired slide, beside the measured slopes",
    log=True,
    **over_steps,
)

# %% [markdown]
# Your curve should lie on the green one: *higher* than the printed code, and right. **Why did `d_X.T.dot(d_Z_curr)` never
# complain?** `d_X` has the shape of `X`, so every shape fits. One more test shows that the line cannot be a gradient:

# %%
predict(
    "Every error changes its sign. What does a true gradient of W₁ do?",
    ["it changes its sign", "it stays the same", "it becomes 0"],
)

# %%
Y_hat = expit(X @ start[0] + start[1]) @ start[2] + start[3]
Y_mirrored = 2 * Y_hat - Y  # every error keeps its size and changes its sign
[slide_lines(X, targets, *start)["d_W1"].round(4) for targets in (Y, Y_mirrored)]

# %% [markdown]
# The printed `d_W1` does not change at all. Write `d_Z_curr.dot(W1.T)` for `d_X`, and you see why: the line
# computes
#
# $$W_1\,(dZ^T dZ)$$
#
# Flip the sign of every error. $dZ$ flips its sign too, so a true gradient must flip. But $dZ^TdZ$ does not change: it
# is no gradient.

# %% [markdown]
# **Why did nobody notice?** Broadcasting hides the two bias lines, until a batch of another size comes: then they stop
# with an error. The third line runs with every batch. No shape shows its fault, but a measured slope does, and so does
# the test with the errors' signs.
#
# How much has the printed network learnt? Ask it, and the right one, about 500 new examples:

# %%
fresh = np.random.default_rng(3).normal(size=(500, 2))
Y_fresh = np.sin(2 * fresh[:, :1]) + 0.3 * np.random.default_rng(4).normal(size=(500, 1))
averaged = [p.mean(axis=0, keepdims=True) if len(p) == 20 else p for p in printed]
charts.bars(
    lambda: [
        ("measured slopes", loss_of(fresh, Y_fresh, *honest)),
        ("a constant", np.mean((Y_fresh - Y.mean()) ** 2)),
        ("printed code", loss_of(fresh, Y_fresh, *averaged)),
    ],
    "On new examples the printed code is no better than a constant",
    "loss",
)

# %% [markdown]
# The constant is the mean of the twenty targets: it looks at no input. The printed network could only answer after its
# private biases had been averaged. What it knew by heart does not help with new examples.
#
# **A good place for a break.** You can derive and test the gradient of a two-layer network.

# %% [markdown]
# ## Any depth, and ten classes
#
# Three things change. ReLU stands between the layers. Softmax and cross-entropy come at the end. And there may be any
# number of layers. Only the first step of the way back is new here. [Lab 2](../lab02_losses/lab02_losses.ipynb) derived it on three
# classes: $(p-\text{onehot})/N$.

# %% [markdown]
# ### The first step back, derived
#
# One example has the scores $z$ and the label $y$. Softmax gives $p_k=e^{z_k}/\sum_je^{z_j}$, and the loss is $L=-\ln
# p_y$. So
#
# $$L=-z_y+\ln\sum_je^{z_j}$$
#
# Nudge $z_k$. The first part has slope $-1$ if $k=y$, and 0 if not. The second has slope
#
# $$\frac1{\sum_je^{z_j}}\cdot e^{z_k}=p_k$$
#
# Together: $\frac{\partial L}{\partial z_k}=p_k-1$ for the label, and $p_k$ for the others. As a row this is
# $p-\text{onehot}$, where onehot is 1 at the label and 0 elsewhere.

# %% [markdown]
# On paper: scores $(0,\ln2,0)$ have $e^z=(1,2,1)$, so $p=(\tfrac14,\tfrac12,\tfrac14)$. With label 1 (labels begin at
# 0) the gradient is $(\tfrac14,-\tfrac12,\tfrac14)$: the label's score should go up, the others down. The entries add
# up to 0. Measured:


# %% tags=["setup"]
def log_softmax(Z, axis):
    return Z - np.logaddexp.reduce(Z, axis=axis, keepdims=True)  # ln p, safe for large scores


# %%
z = np.array([0.0, np.log(2), 0.0])
measured(lambda: -log_softmax(z, axis=0)[1], z)

# %% [markdown]
# ### What has to be kept
#
# Two layers, by name. Read down for the way forward, up for the way back:
#
# | forward | backward | needs |
# |---|---|---|
# | $Z_1$ from $X$ | $dW_1$, $db_1$ from $dZ_1$ | $X$ |
# | $H_1$ from $Z_1$ | $dZ_1$ from $dH_1$ | $Z_1$ |
# | $Z_2$ from $H_1$ | $dW_2$, $db_2$, $dH_1$ from $dZ_2$ | $H_1$, $W_2$ |
# | $L$ from $Z_2$ | $dZ_2$ | $Z_2$, labels |
#
# The last column is the *cache*: what you keep on the way forward (lecture 003). It is why training needs more memory.

# %% [markdown]
# ### Exercise: `mlp_loss`
# *Hard, 35 minutes.*
#
# On paper: two examples, three classes, all scores 0, labels 0 and 2. Every class has $p=\tfrac13$, so
# $L=\ln3=1.0986$. The loss is a mean over two examples, so
#
# $$dZ=\frac12\begin{pmatrix}-\tfrac23&\tfrac13&\tfrac13\\\tfrac13&\tfrac13&-\tfrac23\end{pmatrix}$$
#
# Begin with two layers, as in the table, and check. Then let a loop do it for any number. There is no ReLU before the
# first layer (lecture 000 writes one there), and none after the last.


# %% nbgrader={"grade": false, "grade_id": "mlp_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mlp_loss(X, labels, params):
    """The mean softmax cross-entropy of a ReLU network of any depth, and its gradients.

    X: (N, D).  labels: (N,) integers, 0 to C - 1; not every class has to occur.
    params: a list of pairs (W, b), first layer first; W is (inputs, outputs),
    b (outputs,).  ReLU after every layer but the last; its slope at 0 is 0.
    Scores may be in the thousands: the loss stays finite.
    Returns the loss, a number, and a list of pairs (dW, db), as params is.
    mlp_loss(np.ones((2, 1)), np.array([0, 2]), [(np.zeros((1, 3)), np.zeros(3))])
    ->  1.0986, [([[-1/6, 1/3, -1/6]], [-1/6, 1/3, -1/6])]
    """
    ### BEGIN SOLUTION
    inputs, scores = [X], []
    for W, b in params:
        scores.append(affine(inputs[-1], W, b))
        inputs.append(np.maximum(scores[-1], 0))
    rows = np.arange(len(X))
    log_p = log_softmax(scores[-1], axis=1)
    dZ = np.exp(log_p)
    dZ[rows, labels] -= 1
    grads = []
    dH, dW, db = affine_backward(dZ / len(X), inputs[-2], params[-1][0])
    grads.append((dW, db))
    for k in range(len(params) - 2, -1, -1):
        dH, dW, db = affine_backward(relu_backward(dH, scores[k]), inputs[k], params[k][0])
        grads.append((dW, db))
    return -log_p[rows, labels].mean(), grads[::-1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mlp_loss_check", "locked": true, "points": 16, "schema_version": 3, "solution": false, "task": false}
check("mlp_loss")

# %%
net_rng = np.random.default_rng(3)
sizes = [(2, 5), (5, 3), (3, 4)]
deep = [(net_rng.normal(size=size), net_rng.normal(size=size[1]) + 0.5) for size in sizes]
X7, labels7 = net_rng.normal(size=(7, 2)), np.array([0, 3, 1, 2, 2, 0, 3])
diagrams.gradient_xray(
    [f"{kind} of layer {layer}" for layer in (1, 2, 3) for kind in ("dW", "db")],
    lambda: itertools.chain(*mlp_loss(X7, labels7, deep)[1]),
    lambda: measured(lambda: mlp_loss(X7, labels7, deep)[0], *itertools.chain(*deep)),
)

# %% [markdown]
# One loop and two small functions give every gradient, whatever the depth.
#
# **A test before any training.** A network that knows nothing should give each of ten classes $p=\tfrac1{10}$. Its loss
# is then $\ln10=2.30$. Now load 1797 handwritten digits of 8 × 8 pixels, in three parts: one to train, one to watch
# meanwhile, one that nothing sees before the end. The weights start as random numbers around 0; their *spread* is the
# standard deviation.

# %%
digits = data.digits()
ink, ink_valid, ink_test = digits.X_train / 16, digits.X_valid / 16, digits.X_test / 16


def network(draw, sizes=((64, 32), (32, 10))):
    return [(draw(size), np.zeros(size[1])) for size in sizes]


def normal(spread):
    start_rng = np.random.default_rng(0)
    return network(lambda size: start_rng.normal(0, spread, size=size))


# %%
predict(
    "Weights are drawn with a spread of 1 instead of 0.2. What is the loss before training?",
    ["below 2.3", "about 2.3", "far above 2.3"],
)

# %%
starts = {f"spread {spread}": normal(spread) for spread in (0.02, 0.2, 0.5, 1.0)}
starts["np.random.rand"] = network(np.random.default_rng(0).random)
charts.bars(
    lambda: [(name, mlp_loss(ink, digits.y_train, net)[0]) for name, net in starts.items()],
    "Before training: ln 10 = 2.30 for small weights only",
    "loss",
)

# %% [markdown]
# So weights start small, and of *both* signs. Lecture 001's `np.random.rand` makes them all positive: then every hidden
# neuron says nearly the same.

# %% [markdown]
# ## Reading digits
#
# ### Exercise: `train`
# *Easy, 10 minutes.*
#
# Gradient descent: take all gradients at the same parameters, then move every $W$ and $b$ by $-\text{lr}$ times its own.
# On paper: $w=2$, $dw=3$, lr $=0.1$ gives $2-0.3=1.7$. Make new arrays: those of the caller must stay as they are.


# %% nbgrader={"grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(X, labels, params, lr, steps):
    """The parameters after some steps of gradient descent, all examples in each step.

    X: (N, D).  labels: (N,).  params: a list of pairs (W, b), as for mlp_loss; not to
    be changed.  lr: the learning rate.  steps: how many; with 0, params come back.
    Returns a list of pairs (W, b).
    """
    ### BEGIN SOLUTION
    for _ in range(steps):
        _, grads = mlp_loss(X, labels, params)
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
    return params
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "train_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("train")


# %%
def losses_on_the_way(lr, images, labels, steps=150):
    net, found = normal(0.2), []
    for _ in range(steps):
        found.append(mlp_loss(images, labels, net)[0])
        net = train(ink, digits.y_train, net, lr, 1)
    return found


# %%
half = plots.attempt(losses_on_the_way, 0.5, ink, digits.y_train)
charts.lines(
    [
        ("train", half, "forward"),
        ("validation", plots.attempt(losses_on_the_way, 0.5, ink_valid, digits.y_valid), "highlight"),
        ("all alike: ln 10", np.full(150, np.log(10)), "reference"),
    ],
    "Your gradients learn to read",
    **over_steps,
)

# %% [markdown]
# It starts near $\ln10$, as it should, and falls at every step. That was lr = 0.5.

# %%
predict(
    "The same with lr = 1. How does the loss on the training part go?",
    ["it falls at every step", "it falls sooner, but sometimes rises", "it never falls"],
)

# %%
whole = plots.attempt(losses_on_the_way, 1.0, ink, digits.y_train)
up = "some" if isinstance(whole, str) else f"{np.sum(np.diff(whole) > 0)} of 149"
charts.lines(
    [("lr = 0.5", half, "forward"), ("lr = 1", whole, "gradient")],
    f"Twice the step: the loss falls sooner, and rises in {up} steps",
    **over_steps,
)

# %% [markdown]
# The gradient is right in both runs. At a steep place a step of lr = 1 is too long and lands higher on the other side, as
# in lab 3. So a loss that *rises* proves as little as one that falls.
#
# **What does the network say about digits that it has never seen?** `mlp_loss` gives a loss, not a label. So we try all
# ten labels on an image, and take the one with the smallest loss.


# %%
def trained():
    return train(ink, digits.y_train, normal(0.2), 0.5, 150)


def guesses(images, net):
    labels = [np.array([label]) for label in range(10)]
    losses = [[mlp_loss(image[None], label, net)[0] for label in labels] for image in images]
    return np.argmin(losses, axis=1)


# %%
images = digits.X_test.reshape(-1, 8, 8)
diagrams.readings(images, digits.y_test, lambda: guesses(ink_test, trained()), "Unseen digits")

# %% [markdown]
# Under each error stands what your network read, and what it is. Try to read them yourself before you blame the network.
# These images were not used to train or to choose anything, so you may report this share. Guessing gets one in ten right.

# %% [markdown]
# ### What has it learnt?
#
# Each hidden neuron has 64 weights, one per pixel. Here they are as pictures. Ink on a blue pixel raises its score,
# ink on a grey one lowers it.


# %%
def most_changed():
    W0, W = normal(0.2)[0][0], trained()[0][0]
    busy = np.argsort(np.sum((W - W0) ** 2, axis=0))[-8:]
    return np.concatenate([W0[:, busy].T, W[:, busy].T]).reshape(-1, 8, 8)


diagrams.filters(most_changed, "Weights of eight hidden neurons: before training, and below after it")

# %% [markdown]
# They began as noise. Now some look for ink in one place, and for white paper beside it. What is that good for? Lecture
# 004 calls it *learning a new representation*: the classes should lie further apart in the 32 hidden values than in the
# 64 pixels. Give every digit the class whose mean is nearest:


# %%
def near_own_mean(look):
    seen, unseen = look(ink), look(ink_valid)
    means = np.array([seen[digits.y_train == label].mean(axis=0) for label in range(10)])
    nearest = np.argmin(np.sum((unseen[:, None] - means) ** 2, axis=2), axis=1)
    return 100 * np.mean(nearest == digits.y_valid)


def hidden(net):
    return lambda images: np.maximum(affine(images, *net[0]), 0)


# %%
charts.bars(
    lambda: [
        ("pixels", near_own_mean(lambda images: images)),
        ("hidden, before", near_own_mean(hidden(normal(0.2)))),
        ("hidden, trained", near_own_mean(hidden(trained()))),
    ],
    "Training moves the classes apart",
    "% nearest to the mean of their own class",
)

# %% [markdown]
# And the landscape? Lecture 004 draws an "egg carton in 1 million dimensions", full of holes. Yours has 2410
# dimensions. We can walk one straight line: from the start (0) through your trained network (1), and beyond.


# %%
def between(share, net):
    pairs = zip(normal(0.2), net, strict=True)
    mixed = [(W0 + share * (W1 - W0), b0 + share * (b1 - b0)) for (W0, b0), (W1, b1) in pairs]
    return mlp_loss(ink, digits.y_train, mixed)[0]


def slice_of_the_loss():
    net = trained()
    return [between(share, net) for share in np.arange(-1, 3.01, 0.1)]


# %%
charts.lines(
    [("loss", plots.attempt(slice_of_the_loss), "forward")],
    "One line through the loss of 2410 weights",
    xlabel="share of the way",
    ylabel="loss",
    start=-1,
    every=0.1,
)

# %% [markdown]
# Along this line there is one valley and no hole to be caught in. It is one line of very many: it proves nothing about
# the others.

# %% [markdown]
# ## Assigning blame
#
# Lecture 004 tells backpropagation as a chain of wishes: "For loss to go down by 0.1, $p$ must go up by 0.05. For $p$
# to go up by 0.05, $w_1$ must go up by 0.09." To go back one edge, divide by its slope.
#
# In the little network from before ($w_1=0$, $w_2=3$) let $J$ go down by 0.1. The slopes back to $w_1$ were 1, 3, ¼ and
# 2; the slope of $w_2$'s edge was ½.

# %%
wishes = {"ŷ": -0.1, "w₂": -0.2, "h": -0.033, "z": -0.133, "w₁": -0.067}
title = "Orange: by how much each node must move for J to fall by 0.1"
diagrams.computation_graph(places, edges, title, forward=paper, backward=wishes)

# %%
predict(
    "w₁ must move by −0.067, if it moves alone. Its gradient was 1.5. Which calculation gives −0.067 at once?",
    ["−0.1 · 1.5", "−0.1 / 1.5", "1.5 / −0.1"],
)

# %% [markdown]
# ### Exercise: `blame`
# *Easy, 10 minutes.*
#
# Nobody has to walk the chain again: the gradient has multiplied all local slopes already. In lecture 004 one weight
# must go up by 0.09, and another down by 0.12, for the loss to fall by 0.1. So their gradients are $-1.11$ and $0.83$.
# A weight with gradient 0 would have to move infinitely far.


# %% nbgrader={"grade": false, "grade_id": "blame", "locked": false, "schema_version": 3, "solution": true, "task": false}
def blame(grads, change):
    """By how much each weight must move, alone, for the loss to change by `change`.

    grads: a dict of gradients, arrays of any shape.  change: a number other than 0.
    Returns a dict with the same keys and shapes.  Where a gradient is exactly 0 (a
    tiny one is not), no move is enough: np.inf, whatever the sign of change.  A
    warning of NumPy costs nothing.
    blame({"w": np.array([0.5, 0.0, -2.0])}, -0.1)  ->  {"w": [-0.2, inf, 0.05]}
    """
    ### BEGIN SOLUTION
    moves = {}
    for name, grad in grads.items():
        move = np.full(np.shape(grad), np.inf)
        np.divide(change, grad, out=move, where=grad != 0)
        moves[name] = move
    return moves
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "blame_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("blame")


# %%
def kept_promises(change):
    moves = blame(dict(zip(names, measured_gradients(X, Y, *start), strict=True)), change)
    changes = []
    for place, name in enumerate(names):
        for i in np.ndindex(start[place].shape):
            moved = [p.copy() for p in start]
            moved[place][i] += moves[name][i]
            changes.append((loss_of(X, Y, *moved) - loss_of(X, Y, *start)) / change)
    return np.sort(changes)


# %%
names = ["dW1", "db1", "dW2", "db2"]
charts.lines(
    [
        ("down by 0.5", plots.attempt(kept_promises, -0.5), "gradient"),
        ("down by 0.01", plots.attempt(kept_promises, -0.01), "forward"),
        ("the wish", np.ones(13), "reference"),
    ],
    "Each weight alone: small wishes come true",
    xlabel="weights, sorted",
    ylabel="share of the wish",
)

# %% [markdown]
# This is the network of the opening, before its first step. Ask for 0.01, and each weight delivers what its slope
# promised, or nearly. Ask for 0.5, and six of the thirteen deliver less than half: a slope speaks about small steps only.
#
# For blame, the weight with the *smallest* gradient has to move most. Gradient descent moves it *least*. Which of the two
# stays where slopes can be trusted?

# %% [markdown]
# ## What you built
#
# Backpropagation, all of it: local slopes, a layer's three gradients, gates, a loop for any depth, a network that reads
# digits, and a judge that needs no formula.

# %%
progress()

# %% [markdown]
# **Reflect.** A friend has invented a layer and shows you its falling loss, as proof that its gradient is right. Write
# five sentences: why does this prove nothing (with one thing that you saw today)? What would you measure, and with
# which sizes of batch, input and output, so that no mistake hides? And where may even your measurement mislead?

# %% [markdown] nbgrader={"grade": false, "grade_id": "reflection", "locked": false, "schema_version": 3, "solution": true, "task": false}
# The printed code's loss fell to 0.003 with three wrong lines, because each example got biases of its own. I would
# nudge every entry of every array, at a random point, and compare shapes and numbers. Batch, inputs and outputs should
# have different sizes, none of them 1: with equal sizes a transposed array fits, with one output a missing sum can
# hide. Near a corner such as ReLU at 0, and with an h that is too large or too small, a measured slope is wrong itself,
# so an entry that differs alone deserves a second point and another h.

# %% [markdown]
# ## Bonus: 2410 weights, two losses
#
# *Not graded.* Nudging each of your digit network's weights takes 4820 losses. There is a cheaper test. Move *all*
# weights at once by a small step along one random direction $v$. The slope along $v$ is $\frac{L(w+hv)-L(w-hv)}{2h}$,
# and your gradients predict it: it is the sum of all $dw\cdot v$. Write both.


# %%
def along(net, v):
    """The slope of mlp_loss(ink, digits.y_train, net) along v: (predicted, measured).

    v: a list of pairs, as net.
    """
    raise NotImplementedError


# %%
def shot(seed):
    draw = np.random.default_rng(seed).normal
    return along(normal(0.2), [(draw(size=W.shape), draw(size=b.shape)) for W, b in normal(0.2)])


# %%
shots = plots.attempt(lambda: sorted(shot(seed) for seed in range(20)))
predicted, nudged = (shots, shots) if isinstance(shots, str) else shots.T
charts.lines(
    [("measured", nudged, "reference"), ("predicted", predicted, "gradient")],
    "20 random directions: predicted and measured",
    xlabel="directions, sorted",
    ylabel="slope along v",
)

# %% [markdown]
# ## What comes next
#
# In [**lab 5**](../lab05_autograd/lab05_autograd.ipynb) you write a program that walks back for you, through
# any formula; your numbers of today are its test. [Lab 9](../lab09_pytorch/lab09_pytorch.ipynb) gives this whole lab to PyTorch.
