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
# Lecture 001 prints a backward pass. It runs, and its loss falls. Would you hand it in?
#
# First you watch it at work. Then you write every step of backpropagation yourself, ten short functions, and come back
# to judge it. Under each one a cell checks it and says what is wrong and why. Allow 150 minutes.

# %% tags=["setup"]
import itertools

import numpy as np
from scipy.special import expit, log_softmax

from course_utils import charts, check, data, diagrams, explore_graph, plots, xray

# %% [markdown]
# **Everything here is done by hand, with NumPy:** while your answers are checked, torch is switched off. Arrays may hold
# whole numbers as well as fractions, and whole numbers may give fractions. None of your functions changes what it is
# given.

# %% [markdown]
# ## A loss that falls
#
# This is the printed code, line for line, as a function. `expit` is SciPy's sigmoid. (The slide's loop,
# `while(keep_training)`, lacks its colon and never says when to stop; ours takes 3000 steps.)


# %%
def slide_gradients(X, Y_true, W1, b1, W2, b2):
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
    return d_W1, d_b1, d_W2, d_b2


# %%
rng = np.random.default_rng(2)
X = rng.normal(size=(20, 2))  # twenty examples, two inputs
Y = np.sin(2 * X[:, :1]) + 0.3 * rng.normal(size=(20, 1))
start = [rng.random(shape) for shape in [(2, 3), (1, 3), (3, 1), (1, 1)]]  # W1, b1, W2, b2 as printed


def loss_of(X, Y, W1, b1, W2, b2):
    return np.sum((expit(X @ W1 + b1) @ W2 + b2 - Y) ** 2) / len(X)


def descend(gradients, steps=3000, lr=1e-2):
    params, losses = [p.copy() for p in start], []
    for _ in range(steps):
        losses.append(loss_of(X, Y, *params))
        params = [p - lr * d for p, d in zip(params, gradients(X, Y, *params), strict=True)]
    return params, losses


# %%
printed, printed_losses = descend(slide_gradients)
charts.lines(
    [("printed code", printed_losses, "gradient")],
    f"The printed code: from {printed_losses[0]:.2f} to {printed_losses[-1]:.4f}",
    xlabel="steps",
    ylabel="loss",
    log=True,
)

# %% [markdown]
# A loss could hardly fall better. **Before you go on, guess:** with *right* gradients, the same data, the same start and
# 3000 steps, will the loss end lower, at the same height, or higher?

# %% [markdown]
# ## A judge that needs no formula
#
# To learn what is right without deriving anything, nudge one number and watch the loss (lab 3):
#
# $$\frac{\partial L}{\partial w}\approx\frac{L(w+h)-L(w-h)}{2h}$$
#
# On paper, $L=w^2$ at $w=3$ with $h=0.001$: $\frac{9.006001-8.994001}{0.002}=6$. The cell does this to every entry of
# every array, each in its place.


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


w = np.array([3.0])
measured(lambda: w[0] ** 2, w)


# %%
def measured_gradients(X, Y, *params):
    return measured(lambda: loss_of(X, Y, *params), *params)


honest, honest_losses = descend(measured_gradients)
ends = printed_losses[-1], honest_losses[-1]
charts.lines(
    [("printed code", printed_losses, "gradient"), ("measured slopes", honest_losses, "reference")],
    f"The printed code ends {ends[1] / ends[0]:.0f} times lower: {ends[0]:.4f} against {ends[1]:.3f}",
    xlabel="steps",
    ylabel="loss",
    log=True,
)

# %% [markdown]
# The true slopes end *far higher*. Is the printed code better than the truth, or is something wrong with it? **Compare
# the gradients themselves**, before the first step.

# %%
names = ["dW1", "db1", "dW2", "db2"]
diagrams.gradient_xray(
    names,
    lambda: slide_gradients(X, Y, *start),
    lambda: measured_gradients(X, Y, *start),
)

# %% [markdown]
# Only dW2 agrees. The two bias gradients do not even have the shape of their biases; dW1 has the right shape and the
# wrong numbers. **Too long only, or in another direction?** Take 200 random starts. A cosine of 1 means the direction of
# the slope; below 0, the step $-\text{lr}\cdot dW_1$ goes *up* the slope.


# %%
def cosine_of_dW1(rng):
    params = [rng.random(p.shape) for p in start]
    right = measured(lambda: loss_of(X, Y, *params), params[0])[0]
    wrong = slide_gradients(X, Y, *params)[0]
    return np.sum(wrong * right) / (np.linalg.norm(wrong) * np.linalg.norm(right))


cosines = np.sort([cosine_of_dW1(np.random.default_rng(seed)) for seed in range(200)])
charts.lines(
    [("printed dW1", cosines, "gradient"), ("a right dW1", np.ones(200), "reference")],
    f"The printed dW1 sends W1 uphill from {np.mean(cosines < 0):.0%} of the starts",
    xlabel="starts, sorted",
    ylabel="cosine with the slope",
)

# %% [markdown]
# Not one start gives the right direction; you will see below where the printed one comes from. So how can the loss fall?
# **Look at what the parameters have become.** They began as (2, 3), (1, 3), (3, 1) and (1, 1).

# %%
[p.shape for p in printed]

# %% [markdown]
# **The biases are now one per example.** NumPy added a (20, 1) step to a (1, 3) bias without a word. Eighty private
# biases have learned twenty answers by heart. Ask the same network about the first seven alone:

# %%
try:
    answer = loss_of(X[:7], Y[:7], *printed)
except ValueError as error:
    answer = error
answer

# %% [markdown]
# It cannot even answer. **A falling loss proves nothing about a gradient.** A measured slope does.
#
# Three of the printed lines are wrong. To say which, and why, you need the whole way back from the loss to the first
# weight. That is the rest of this lab.

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


paper = values(2.0, 1.0, 0.0, 3.0)
diagrams.computation_graph(places, edges, "Forward: every node computes its value", forward=paper)

# %% [markdown]
# **If one of these numbers grows by a little, by how much does $J$ grow?** For $J$ itself the answer is 1. Every other
# node asks its neighbour on the right and multiplies by one *local* slope:
#
# | edge | local slope | gradient of $J$ |
# |---|---|---|
# | $\hat y\to J$ | $2(\hat y-y)=1$ | $1$ |
# | $w_2\to\hat y$ | $h=\tfrac12$ | $1\cdot\tfrac12=\tfrac12$ |
# | $h\to\hat y$ | $w_2=3$ | $1\cdot3=3$ |
# | $z\to h$ | $\sigma'(0)=\tfrac14$ | $3\cdot\tfrac14=\tfrac34$ |
# | $w_1\to z$ | $x=2$ | $\tfrac34\cdot2=\tfrac32$ |

# %%
back = {"ŷ": 1.0, "w₂": 0.5, "h": 3.0, "z": 0.75, "w₁": 1.5}
diagrams.computation_graph(
    places,
    edges,
    "Backward: each gradient comes from the neighbour",
    forward=paper,
    backward=back,
)

# %% [markdown]
# **Local means next door.** Lecture 001 names $\partial H/\partial W^1$ as an example of a local gradient. It is none:
# $Z$ stands between the two. The local ones are $\partial H/\partial Z$ and $\partial Z/\partial W^1$.

# %% [markdown]
# **One edge here, many elsewhere.** When several nodes use a number, the changes along all of its edges add up. Lecture
# 003 says so for nodes, but calls the users "the layer above" (any node may be one), and gives a weight a single "node
# which uses w". Remember the bias: every example uses it.

# %% [markdown]
# ### Exercise: `chain_grads`
# *Easy, 12 minutes.*
#
# Follow the two paths of the graph back: one ends at $w_2$, one at $w_1$ (lecture 000):
#
# $$\frac{\partial J}{\partial w_2}=\frac{\partial J}{\partial\hat y}\,\frac{\partial\hat y}{\partial w_2}\qquad
# \frac{\partial J}{\partial w_1}=\frac{\partial J}{\partial\hat y}\,\frac{\partial\hat y}{\partial h}\,
# \frac{\partial h}{\partial z}\,\frac{\partial z}{\partial w_1}$$
#
# For the numbers of the table: $\tfrac12$ and $\tfrac32$.


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

# %% [markdown]
# <details><summary>Stuck? dw2 is right, dw1 is not</summary>
#
# Count the edges from $J$ back to $w_1$: there are four, so dw1 has four factors. Which one is missing? And is the slope
# of the sigmoid taken at $z$, where the sigmoid acts?
# </details>

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
# Orange is yours, green was measured; they should be the same numbers. Now go through the graph, forward and back, and turn
# the weights. **Which weight can stop all learning of the other one?**

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

# %% [markdown]
# *Answer.* $w_2=0$: what comes back to $h$ is multiplied by $w_2$, so nothing is left for $w_1$. A large $|w_1|$ saturates
# the sigmoid, and that stops $w_1$ itself. Real networks have thousands of weights. **Must
# we walk every path?** No: a layer at a time does for all of its weights at once.

# %% [markdown]
# ## One layer
#
# ### Exercise: `affine`
# *Easy, 4 minutes.*
#
# $Y=XW+b$: rows are examples, columns of $W$ are neurons. On paper, three examples, two inputs, one neuron:
#
# $$\begin{pmatrix}1&2\\3&-1\\0&4\end{pmatrix}\begin{pmatrix}2\\1\end{pmatrix}+\tfrac12=
# \begin{pmatrix}4.5\\5.5\\4.5\end{pmatrix}$$
#
# The slides of lecture 001 write $W^1x+b^1$, its code `X.dot(W1) + b1`: the convention turns over without notice, and
# with it every formula of the way back. Here $W$ is (inputs, outputs), as in the code.


# %% nbgrader={"grade": false, "grade_id": "affine", "locked": false, "schema_version": 3, "solution": true, "task": false}
def affine(X, W, b):
    """The scores XW + b of a layer.

    X: (N, D).  W: (D, H).  b: (H,).  Returns an array (N, H), also where N or H is 1.
    affine(np.array([[1.0, 2.0]]), np.array([[2.0], [1.0]]), np.array([0.5]))  ->  [[4.5]]
    """
    ### BEGIN SOLUTION
    return X @ W + b
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "affine_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("affine")

# %% [markdown]
# <details><summary>Stuck? matmul complains about a mismatch in its core dimension</summary>
#
# Write the shapes side by side: $(N, D)(D, H)$. The inner two have to be equal and disappear.
# </details>

# %%
X3, W3, b3 = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]]), np.array([[2.0], [1.0]]), np.array([0.5])
plots.matrix(
    lambda: affine(X3, W3, b3),
    "Your scores: one row per example",
    rows=["example 1", "example 2", "example 3"],
    columns=["neuron 1"],
)

# %% [markdown]
# 4.5, 5.5 and 4.5, as on paper. Suppose that the rest of the network tells this layer how much each of the three scores
# matters: $dY=(1, 10, 100)$. **How much does each entry of $W$ matter?**

# %% [markdown]
# ### Exercise: `affine_backward`
# *Medium, 15 minutes.*
#
# Nudge $W_{11}$ by 1. The three scores grow by that column of $X$, by $1, 3, 0$. The loss grows by
# $1\cdot1+10\cdot3+100\cdot0=31$. So:
#
# $$dY=\begin{pmatrix}1\\10\\100\end{pmatrix}\quad dW=\begin{pmatrix}31\\392\end{pmatrix}\quad db=111\quad
# dX=\begin{pmatrix}2&1\\20&10\\200&100\end{pmatrix}$$
#
# All three examples use the *same* bias, so their three shares add up: $1+10+100=111$. Look for the products that make
# these numbers. **A gradient has the shape of its variable.**


# %% nbgrader={"grade": false, "grade_id": "affine_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def affine_backward(dY, X, W):
    """The gradients of the loss with respect to X, W and b, where Y = XW + b.

    dY: (N, H), the gradient with respect to Y.  X: (N, D).  W: (D, H).
    Returns dX (N, D), dW (D, H) and db (H,).  The loss is a mean already: do not divide again.
    With X = [[1, 2]], W = [[2], [1]] and dY = [[10]]  ->  [[20, 10]], [[10], [20]], [10]
    """
    ### BEGIN SOLUTION
    dX = dY @ W.T  # (N, D)
    dW = X.T @ dY  # (D, H)
    db = dY.sum(axis=0)  # (H,)
    return dX, dW, db
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "affine_backward_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("affine_backward")

# %% [markdown]
# <details><summary>Stuck? dW has the shape of its transpose</summary>
#
# dW is (D, H). You own an (N, D) and an (N, H). Which one has to be turned over so that the two N meet in the middle and
# disappear?
# </details>
#
# <details><summary>Stuck? db has one entry per example</summary>
#
# There are H biases, and each is used N times. What happens to the N shares of one bias?
# </details>

# %%
dY3 = np.array([[1.0], [10.0], [100.0]])
diagrams.gradient_xray(
    ["dX", "dW", "db"],
    lambda: affine_backward(dY3, X3, W3),
    lambda: measured(lambda: np.sum(dY3 * affine(X3, W3, b3)), X3, W3, b3),
)

# %% [markdown]
# An X-ray shows your gradient minus the slope measured on your own `affine`, as a share of the largest. A dot is an entry
# that agrees. You will meet this picture again.

# %% [markdown]
# ## Gates
#
# A non-linearity works entry by entry, so on the way back each entry of the gradient is multiplied by one slope:
# $dZ=dH\odot g'(Z)$.
#
# ### Exercise: `sigmoid_backward`
# *Easy, 6 minutes.*
#
# The slope is $\sigma'(z)=\sigma(z)(1-\sigma(z))$. On paper: at $z=0$ it is $\tfrac14$, so $dH=8$ becomes $dZ=2$. At
# $z=\ln3$ it is $\tfrac34\cdot\tfrac14=\tfrac3{16}$, so $dH=-16$ becomes $dZ=-3$. Far out, at $z=\pm1000$, the sigmoid is
# flat: $dZ=0$.


# %% nbgrader={"grade": false, "grade_id": "sigmoid_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid_backward(dH, Z):
    """The gradient with respect to Z, where H = σ(Z).

    dH: the gradient with respect to H.  Z: what went *into* the sigmoid, of the same shape.
    Returns dZ, of that shape, and leaves dH as it was. Where Z is ±1000, dZ is 0.
    sigmoid_backward(np.array([8.0, -16.0]), np.array([0.0, np.log(3)]))  ->  [2.0, -3.0]
    """
    ### BEGIN SOLUTION
    H = expit(Z)
    return dH * H * (1 - H)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sigmoid_backward_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("sigmoid_backward")

# %% [markdown]
# <details><summary>Stuck? The numbers are too small, or have another sign</summary>
#
# Two sigmoids in a row? The slope needs $\sigma(Z)$, once. And `Z * (1 - Z)` is the slope only if `Z` were already the
# *result* of the sigmoid.
# </details>

# %% [markdown]
# ### Exercise: `relu_backward`
# *Easy, 4 minutes.*
#
# ReLU is a gate: open where $z>0$ (slope 1), shut where $z<0$ (slope 0). On paper, $dH=(5,-7,4)$ at $z=(2,3,-1)$ becomes
# $(5,-7,0)$. In the corner, at $z=0$ exactly, there is no slope; this course says 0, as lab 1 does. The gate looks at
# $Z$, never at the sign of $dH$.


# %% nbgrader={"grade": false, "grade_id": "relu_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_backward(dH, Z):
    """The gradient with respect to Z, where H = max(Z, 0), entry by entry; the slope at 0 is 0.

    dH: the gradient with respect to H.  Z: what went into ReLU, of the same shape.
    Returns dZ, of that shape, and leaves dH as it was.
    relu_backward(np.array([5.0, -7.0, 4.0]), np.array([2.0, 3.0, -1.0]))  ->  [5.0, -7.0, 0.0]
    """
    ### BEGIN SOLUTION
    return dH * (Z > 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "relu_backward_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("relu_backward")

# %% [markdown]
# <details><summary>Stuck? The argument dH is not the same after the call</summary>
#
# `dH[Z <= 0] = 0` writes into the caller's array. Which operation makes a new one?
# </details>


# %%
def let_through(backward):
    return lambda z: backward(np.ones_like(z), z)


plots.activations(
    ("A sigmoid lets a quarter through at best", expit, let_through(sigmoid_backward)),
    ("ReLU lets all through, or nothing", lambda z: np.maximum(z, 0), let_through(relu_backward)),
)

# %% [markdown]
# Dashed is what your gates leave of $dH=1$. **After ten sigmoid layers, how much is left at best?** $0.25^{10}$, less
# than a millionth, before the weights have their say. That is why deep networks took to ReLU.

# %% [markdown]
# **What lecture 004 calls $\delta$** is $dZ$: the blame that arrives at a neuron. Its derivation ends in
# $\delta_i\,a_j$, blame times input, which is one entry of $dW=X^T\,dZ$. (Its third line prints
# $\sigma'(z)/\partial z$; the $\partial z$ below is left over from the line before.)

# %% [markdown]
# ## A network of two layers
#
# $$Z=XW_1+b_1\qquad H=\sigma(Z)\qquad\hat Y=HW_2+b_2\qquad L=\frac1N\sum(\hat Y-Y)^2$$
#
# The sum runs over examples and outputs and is divided by $N$ alone, as in lecture 001. (Lab 2's `mse` divides by the
# number of outputs too; with one output the two agree.)
#
# Lecture 000 has a slide whose output sums $z_jw_j$ instead of $g(z_j)w_j$. As printed, its hidden layer is linear and
# might as well be missing (lab 1).

# %% [markdown]
# **Sum or mean?** The factor $1/N$ belongs to the loss, and the way back inherits it once, in $d\hat Y=\frac2N(\hat Y-Y)$;
# nowhere else. Lecture 001's TensorFlow code forgets it: `tf.losses.MSE` returns one value per example, and
# `tape.gradient` adds them up. With its batches of 50, every step is 50 times that of the mean.

# %% [markdown]
# ### Exercise: `two_layer_loss`
# *Hard, 25 minutes.*
#
# On paper: $X=\binom13$, $Y=\binom12$, $W_1=(0\;0)$, $W_2=\binom24$, no biases. Then $H$ is $\tfrac12$ everywhere and
# $\hat Y=\binom33$.
#
# | from | to | |
# |---|---|---|
# | errors $2, 1$ | the loss | $L=\frac{4+1}2=2.5$ and $d\hat Y=\binom21$ |
# | $d\hat Y$ | $W_2$, $b_2$ | $dW_2=H^Td\hat Y=\binom{1.5}{1.5}$, $db_2=3$ |
# | $d\hat Y$ | $H$ | $dH=d\hat Y\,W_2^T=\begin{pmatrix}4&8\\2&4\end{pmatrix}$ |
# | $dH$ | $Z$ | $dZ=\frac14dH=\begin{pmatrix}1&2\\0.5&1\end{pmatrix}$ |
# | $dZ$ | $W_1$, $b_1$ | $dW_1=X^TdZ=(2.5\;\;5)$, $db_1=(1.5\;\;3)$ |


# %% nbgrader={"grade": false, "grade_id": "two_layer_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_layer_loss(X, Y, params):
    """The loss of a two-layer network (sigmoid hidden, linear output) and its gradients.

    X: (N, D).  Y: (N, C).  params: a dict with W1 (D, H), b1 (H,), W2 (H, C) and b2 (C,), in any order.
    Returns the loss, a number: squared errors, summed over outputs, averaged over examples; and the
    gradients, a dict with the same four keys, each in the shape of its parameter.
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

# %% [markdown]
# <details><summary>Stuck? dW2 is right, dW1 is wrong</summary>
#
# So the fault lies between the two. Print the shapes of dH and dZ: both are (N, H). Which weights lead from $H$ to
# $\hat Y$? And `sigmoid_backward` wants what went into the sigmoid.
# </details>
#
# <details><summary>Stuck? Every gradient is off by the same factor</summary>
#
# Then the fault is in the first step, $d\hat Y$. Differentiate $\frac1N(\hat y-y)^2$ once more, slowly.
# </details>

# %%
params = {"W1": start[0], "b1": start[1][0].copy(), "W2": start[2], "b2": start[3][0].copy()}
xray(
    lambda: two_layer_loss(X, Y, params)[1],
    lambda: dict(zip(params, measured(lambda: two_layer_loss(X, Y, params)[0], *params.values()), strict=True)),
)

# %% [markdown]
# These are your four gradients against the slope of your own loss, with the data of the opening; choose an array, point at
# an entry. ✓ all over? Then you own a gradient that you can trust, and are ready to judge the lecture.

# %% [markdown]
# ## The three faults
#
# ### Exercise: `repaired_slide`
# *Medium, 15 minutes.*
#
# Copy the body of `slide_gradients` and mend the three wrong lines. Biases and their gradients are rows here, $(1, H)$
# and $(1, C)$, as printed. For the two examples above the slide says $d\_b2=\binom21$. Nudge $b_2$ by 0.001 instead: *both*
# errors grow, the loss grows by 0.003, so the slope is one number, 3.
#
# Shapes give two faults away, only numbers the third.


# %% nbgrader={"grade": false, "grade_id": "repaired_slide", "locked": false, "schema_version": 3, "solution": true, "task": false}
def repaired_slide(X, Y, W1, b1, W2, b2):
    """The backward pass of lecture 001, mended: the gradients of the mean squared error.

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

# %% [markdown]
# <details><summary>Stuck? db1 has the right shape and the wrong numbers, or fits only one output</summary>
#
# Which node does $b_1$ feed? Its gradient comes from there, not from the output.
# </details>
#
# <details><summary>Stuck? Both biases are mended and dW1 is still wrong</summary>
#
# Compare the line with dW2's, which is right: the layer's *input*, turned over, times the gradient of its output. What is
# the input of the first layer? What does the slide write there?
# </details>

# %%
mended = plots.attempt(lambda: descend(repaired_slide)[1])
charts.lines(
    [
        ("printed code", printed_losses, "gradient"),
        ("measured slopes", honest_losses, "reference"),
        ("yours", mended, "forward"),
    ],
    "Yours should lie on the measured curve",
    xlabel="steps",
    ylabel="loss",
    log=True,
)

# %% [markdown]
# Your curve is *higher* than the printed one, and right. **Why did `d_X.T.dot(d_Z_curr)` never complain?** Because
# `d_X` has the shape of `X`. Put in what it is, `d_Z_curr.dot(W1.T)`, and the printed line becomes
#
# $$W_1\,(dZ^T dZ)$$
#
# Flip the sign of every error. $dZ$ flips sign too, so a true gradient must flip. But $dZ^TdZ$ does not change: it is no
# gradient.

# %% [markdown]
# **The three faults:**
#
# | printed | right | why it stayed hidden |
# |---|---|---|
# | `d_b2 = d_Y_curr` | its sum over the examples | broadcasting |
# | `d_b1 = d_Y_curr` | the sum of `d_Z_curr` | broadcasting, one output |
# | `d_W1 = d_X.T.dot(d_Z_curr)` | `X.T.dot(d_Z_curr)` | the shapes agree |
#
# The next batch of another size stops the first two. The third runs for ever; only a measured slope gives it away.

# %%
fresh = np.random.default_rng(3).normal(size=(500, 2))
noise = 0.3 * np.random.default_rng(4).normal(size=(500, 1))
Y_fresh = np.sin(2 * fresh[:, :1]) + noise
averaged = [p.mean(axis=0, keepdims=True) if len(p) == 20 else p for p in printed]
losses = {"measured slopes": honest, "printed, its biases averaged": averaged}
{name: round(float(loss_of(fresh, Y_fresh, *weights)), 3) for name, weights in losses.items()}

# %% [markdown]
# The last cell asks 500 new examples. The printed network had to have its private biases averaged before it could
# answer at all. What it had learned by heart is gone.

# %% [markdown]
# ## Any depth
#
# Now ReLU between the layers, and softmax cross-entropy at the end. Scores $Z$ go in, and SciPy's `log_softmax` is safe
# for large ones:
#
# $$L=-\frac1N\sum_n\log p_{n,\text{label}_n}\qquad dZ=\frac{p-\text{onehot}}N$$
#
# Lecture 000 writes every layer as $\sum g(z_{k-1})w$. For the first layer that is wrong: the inputs $x$ go in as they
# are, without $g$. Nor is there a $g$ after the last.

# %% [markdown]
# ### Exercise: `mlp_loss`
# *Hard, 30 minutes.*
#
# On paper: two examples, three classes, all scores 0, labels 0 and 2. Every class has $p=\tfrac13$, so
# $L=\ln3=1.0986$ and
#
# $$dZ=\frac12\begin{pmatrix}-\tfrac23&\tfrac13&\tfrac13\\\tfrac13&\tfrac13&-\tfrac23\end{pmatrix}$$
#
# Each row sums to 0. From here, walk back layer by layer: `affine_backward`, then, unless this was the first layer,
# `relu_backward`. Keep what each layer was given on the way forward.


# %% nbgrader={"grade": false, "grade_id": "mlp_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mlp_loss(X, labels, params):
    """The mean softmax cross-entropy of a ReLU network of any depth, and its gradients.

    X: (N, D).  labels: (N,) integers, 0 to C - 1; not every class has to occur.  params: a list of
    pairs (W, b), first layer first; W is (inputs, outputs), b (outputs,).  ReLU after every layer but
    the last; its slope at 0 is 0.  Scores may be in the thousands: the loss stays finite.
    Returns the loss, a number, and a list of pairs (dW, db) in the order and shapes of params.
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

# %% [markdown]
# <details><summary>Stuck? The last layer is right, the ones before are not</summary>
#
# Two lists run through the loop: what went *into* each layer, and what came out *before* ReLU. `relu_backward` wants the
# second of the layer below. Print the index of both in every round.
# </details>
#
# <details><summary>Stuck? The loss is inf for large scores</summary>
#
# A probability has become exactly 0 before the logarithm. `log_softmax` never forms it.
# </details>

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
# Whatever the depth, one loop and two small functions give every gradient. **A test that costs nothing:** before training,
# a network that knows nothing about $C$ classes has a loss near $\ln C$. For ten digits that is 2.30.

# %% [markdown]
# ## Reading digits
#
# ### Exercise: `train`
# *Easy, 8 minutes.*
#
# Gradient descent: take all gradients at the same parameters, then move every $W$ and $b$ by $-\text{lr}$ times its own.
# On paper: $w=2$, $dw=3$, lr $=0.1$ gives $2-0.3=1.7$. Make new arrays, so that whoever called you keeps theirs.


# %% nbgrader={"grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(X, labels, params, lr, steps):
    """The parameters after some steps of gradient descent on the mlp_loss of all examples.

    X: (N, D).  labels: (N,).  params: a list of pairs (W, b), not to be changed.  lr: the step size.
    steps: how many; after 0 steps the parameters are those that came.  Returns a list of pairs (W, b).
    """
    ### BEGIN SOLUTION
    for _ in range(steps):
        _, grads = mlp_loss(X, labels, params)
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
    return params
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "train_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("train")

# %% [markdown]
# <details><summary>Stuck? The argument params is not the same after the call</summary>
#
# `W -= lr * dW` writes into the caller's array, `W = W - lr * dW` makes a new one.
# </details>

# %% [markdown]
# 1797 handwritten digits of 8 × 8 pixels, in three parts: one to train, one to watch meanwhile, one that nothing sees
# before the end. Weights start small and of *both* signs. Lecture 001's `np.random.rand` makes them all positive, so that
# every neuron says nearly the same; lab 7 comes back to it.

# %%
digits = data.digits()
ink, ink_valid, ink_test = digits.X_train / 16, digits.X_valid / 16, digits.X_test / 16
start_rng, sizes = np.random.default_rng(0), [(64, 32), (32, 10)]
untrained = [(start_rng.normal(0, 0.2, size=size), np.zeros(size[1])) for size in sizes]


def walk(steps=10, rounds=15):
    path[1:] = []
    for _ in range(rounds):
        path.append(train(ink, digits.y_train, path[-1], 1.0, steps))
    parts = [(ink, digits.y_train), (ink_valid, digits.y_valid)]
    return [[mlp_loss(images, labels, params)[0] for params in path] for images, labels in parts]


path = [untrained]
walked = plots.attempt(walk)

# %%
seen, unseen = (walked, walked) if isinstance(walked, str) else walked
charts.lines(
    [
        ("train", seen, "forward"),
        ("validation", unseen, "highlight"),
        ("ln 10: guessing", np.full(16, np.log(10)), "reference"),
    ],
    "Your gradients learn to read: the loss of whoever guesses is ln 10",
    xlabel="steps",
    ylabel="loss",
    every=10,
)

# %% [markdown]
# It starts near $\ln10$, as it should. **What does it say about digits that it has never seen?** Its guess is the label that
# would surprise it least: the one with the smallest loss.


# %%
def guesses(images, params):
    labels = [np.array([label]) for label in range(10)]
    losses = [[mlp_loss(image[None], label, params)[0] for label in labels] for image in images]
    return np.argmin(losses, axis=1)


diagrams.readings(
    digits.X_test.reshape(-1, 8, 8),
    digits.y_test,
    lambda: guesses(ink_test, path[-1]),
    "Digits that no training has seen",
)

# %% [markdown]
# Under each image stands the guess; `!` marks the errors. Read those yourself before you blame the network. No training
# and no choice has used these images, so the share that it reads right is one that you may report.

# %% [markdown]
# ## Assigning blame
#
# Lecture 004 tells backpropagation as a chain of wishes: for the loss to go down by 0.1, $p$ must go up by 0.05; for
# that, $w_1$ must go up by 0.09 *or* $w_2$ down by 0.12. Each weight alone.

# %% [markdown]
# ### Exercise: `blame`
# *Easy, 8 minutes.*
#
# The wish of $w_1$ says that its slope is $\frac{-0.1}{0.09}=-1.11$; that of $w_2$, $\frac{-0.1}{-0.12}=0.83$. Read
# backwards: a slope of $0.83$ and a wish of $-0.1$ make a move of $-0.12$. A weight with slope 0 would have to move
# infinitely far.


# %% nbgrader={"grade": false, "grade_id": "blame", "locked": false, "schema_version": 3, "solution": true, "task": false}
def blame(grads, change):
    """By how much each weight alone must move for the loss to change by `change`, going by its slope.

    grads: a dict of gradients, arrays of any shape.  change: a number other than 0.
    Returns a dict with the same keys and shapes.  Where a gradient is exactly 0 (a tiny one is not)
    no move is enough: np.inf, whatever the sign of change.  A warning of NumPy costs nothing.
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

# %% [markdown]
# <details><summary>Stuck? −inf where inf is wanted, or a warning about a division by zero</summary>
#
# Begin with an array of fractions that holds what stands where the gradient is 0. `np.divide` has the arguments `out` and
# `where`.
# </details>


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
charts.lines(
    [
        ("down by 0.5", plots.attempt(kept_promises, -0.5), "gradient"),
        ("down by 0.01", plots.attempt(kept_promises, -0.01), "forward"),
        ("the wish", np.ones(13), "reference"),
    ],
    "Each of 13 weights moved alone: small wishes come true",
    xlabel="weights, sorted",
    ylabel="share of the wish",
)

# %% [markdown]
# This is the network of the opening, before its first step. A small wish comes true, more or less; a larger one hardly at
# all for some weights, for a slope is a promise about small steps. And notice: for blame, the weight with the *smallest*
# slope has to move most. Gradient descent moves it *least*. **Which of the two keeps to where slopes can be trusted?**

# %% [markdown]
# ## What you built
#
# Backpropagation, all of it: local slopes, a layer's three gradients, gates, a loop for any depth, a trained reader of
# digits, and a judge that needs no formula.
#
# **To think about:** a friend shows you a falling loss as proof that a new layer's gradient is right. What would you ask to
# see, and with which sizes?
#
# Next, in lab 5, a machine walks the graph for you: you write an autograd engine.
