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
# # Can one neuron tell green from red?
#
# Below are green circles and red crosses. Your eye separates them at once. In this lab you build a neuron, find out which
# pictures it can never separate, and set up a small network that can.
#
# You write 20 short functions. Under each one a cell checks it and says what is wrong and why; run it as often as you
# like. Allow 90 minutes.

# %% tags=["setup"]
import numpy as np

from course_utils import check, explore_activation, explore_boundary, explore_perceptron, plots

# %%
rng = np.random.default_rng(5)
angle = rng.uniform(0.9, 2 * np.pi - 0.9, size=60)
ring = rng.normal(2, 0.15, size=60)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
blob = rng.normal((0.2, 0), 0.3, size=(60, 2))
samples, green = np.vstack([blob, ring]), np.arange(120) < 60
plots.points(samples, green, "No straight line separates green from red")

# %% [markdown]
# ## One neuron
#
# A neuron weighs its inputs, adds a bias and bends the sum with a function $g$:
#
# $$\hat y = g\Big(w_0 + \sum_{i=1}^{D} x_i w_i\Big)$$
#
# $w_0$ is the *bias*, and $g$ the *non-linearity* or activation function. (Lecture 000; its first slide leaves the bias
# out and the next one adds it. The idea is Rosenblatt's, 1958, with a step as $g$.)

# %% [markdown]
# ### Exercise: `perceptron`
# *Easy, 6 minutes.*
#
# Lecture 000 takes $w_0 = 1$, $w = (3, -2)$ and the input $x = (-1, 2)$. On paper:
#
# | bias | first input | second input | sum $z$ |
# |---|---|---|---|
# | $1$ | $-1\cdot 3 = -3$ | $2\cdot(-2) = -4$ | $-6$ |
#
# With the sigmoid as $g$, the answer is $1/(1+e^{6}) = 0.002473$. The slide rounds it to 0.002; the check wants all of it.


# %% nbgrader={"grade": false, "grade_id": "perceptron", "locked": false, "schema_version": 3, "solution": true, "task": false}
def perceptron(x, w, w0, g):
    """The answer of one neuron.

    x, w: arrays (D,), of floats or whole numbers.  w0: a number.  g: a function of one number.
    Returns one number, not an array with one entry.
    perceptron(np.array([-1, 2]), np.array([3, -2]), 1, np.abs)  ->  6
    """
    ### BEGIN SOLUTION
    return g(w0 + x @ w)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "perceptron_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("perceptron")

# %% [markdown]
# <details><summary>Stuck? The answer is an array where a number is wanted</summary>
#
# `x * w` multiplies entry by entry and stops there. Which step of the table is still missing?
# </details>

# %%
w0, w = 1.0, np.array([3.0, -2.0])
plots.half_planes(
    lambda X: [perceptron(x, w, w0, np.tanh) for x in X],
    "One neuron cuts the plane in two",
    point=(-1, 2),
)

# %% [markdown]
# Blue is where *your* neuron answers above 0, grey where below; $g$ is tanh here, which has the sign of $z$. The diamond
# is the lecture's point, with $z=-6$ on the grey side. **Where exactly does the neuron change its mind?**

# %% [markdown]
# ### Exercise: `boundary`
# *Easy, 5 minutes.*
#
# The border is where the sum is exactly zero: $w_0 + w_1x_1 + w_2x_2 = 0$. For the lecture's neuron that is
# $1 + 3x_1 - 2x_2 = 0$. Put in $x_1 = 1$: then $4 - 2x_2 = 0$, so $x_2 = 2$. Put in $x_1 = -1$: then $x_2 = -1$, and
# the diamond $(-1, 2)$ lies 3 above the border.


# %% nbgrader={"grade": false, "grade_id": "boundary", "locked": false, "schema_version": 3, "solution": true, "task": false}
def boundary(x1, w0, w):
    """The x2 at which w0 + w1 x1 + w2 x2 = 0.

    x1: a number or an array.  w0: a number.  w: an array (2,) with w1 and w2, and w2 is not 0.
    All of them may be whole numbers.  Returns x2 with its fractions, in the shape of x1.
    boundary(1.0, 1, np.array([3, -2]))  ->  2.0
    """
    ### BEGIN SOLUTION
    return -(w0 + w[0] * x1) / w[1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "boundary_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("boundary")

# %% [markdown]
# <details><summary>Stuck? The line has the right slope but the wrong height</summary>
#
# Move every term without $x_2$ to the other side first, then divide. How many terms have to move, and what happens to
# the sign of each?
# </details>

# %%
plots.half_planes(
    lambda X: [perceptron(x, w, w0, np.tanh) for x in X],
    "The border is the line 1 + 3x₁ − 2x₂ = 0",
    point=(-1, 2),
    line=lambda x1: boundary(x1, w0, w),
)

# %% [markdown]
# The dashed line comes from your `boundary`, the colours from your `perceptron`: they should agree. Now turn the three
# weights. **Which of them moves the border without turning it? And can you bring the diamond to the + side with one weight
# alone?**

# %%
explore_perceptron(perceptron)

# %% [markdown]
# *Answer.* The bias $w_0$ moves it, the other two turn it: the arrow $w=(w_1, w_2)$ always stands upright on the border and
# points to the + side. Each weight but the bias can do it alone, for instance $w_2=2$; with $|w_0|\le4$ the bias cannot. And
# whatever the weights are, the border is a straight line. **So what can many neurons do?**

# %% [markdown]
# ## Many neurons, many examples
#
# Stack examples as the rows of $X$ and give every neuron a column of $W$. All answers are then one product:
#
# $$\hat Y = g(XW + b)$$
#
# | | shape | one entry |
# |---|---|---|
# | $X$ | $(N, D)$ | input $j$ of example $n$ |
# | $W$ | $(D, H)$ | weight from input $j$ to neuron $h$ |
# | $b$ | $(H,)$ | bias of neuron $h$ |

# %% [markdown]
# **From columns to rows.** Lecture 001 draws $W^1x+b^1$ with $x$ as a column, yet its code writes `X.dot(W1)`. Both are
# fine; mixing them makes most transposed matrices. Here examples are rows:
#
# | slides of 001 | here |
# |---|---|
# | $x$, a column $(D, 1)$ | $X$, rows $(N, D)$ |
# | $W^1$, $(H, D)$ | $W = (W^1)^T$, $(D, H)$ |
# | $W^1x + b^1$ | $XW + b$ |

# %% [markdown]
# ### Exercise: `perceptron_batch`
# *Easy, 8 minutes.*
#
# Two examples, three neurons; the first neuron is the lecture's:
#
# $$X=\begin{pmatrix}-1&2\\1&0\end{pmatrix}\quad W=\begin{pmatrix}3&0&1\\-2&1&0\end{pmatrix}\quad b=(1,-1,2)$$
#
# Row 1, column 1 is $-3-4+1=-6$. All together:
#
# $$XW + b=\begin{pmatrix}-6&1&1\\4&-1&3\end{pmatrix}$$


# %% nbgrader={"grade": false, "grade_id": "perceptron_batch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def perceptron_batch(X, W, b, g):
    """The answers of H neurons to N examples.

    X: (N, D).  W: (D, H).  b: (H,).  Each may hold floats or whole numbers.  N may be 1.
    g: a function that works entry by entry.
    Returns an array (N, H).  The example above, with g = np.abs  ->  [[6, 1, 1], [4, 1, 3]]
    """
    ### BEGIN SOLUTION
    return g(X @ W + b)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "perceptron_batch_check", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
check("perceptron_batch")

# %% [markdown]
# <details><summary>Stuck? matmul complains about a mismatch in its core dimension</summary>
#
# Write the shapes side by side: $(N, D)(D, H)$. The two inner sizes must be equal and vanish. Which of your factors is
# on the wrong side?
# </details>

# %%
X = np.array([[-1.0, 2.0], [1.0, 0.0]])
W, b = np.array([[3.0, 0.0, 1.0], [-2.0, 1.0, 0.0]]), np.array([1.0, -1.0, 2.0])
plots.matrix(
    lambda: perceptron_batch(X, W, b, np.tanh),
    "A row per example, a column per neuron",
    rows=["example 1", "example 2"],
    columns=["neuron 1", "neuron 2", "neuron 3"],
)

# %% [markdown]
# These are your answers with tanh as $g$. The sums $-6$, $4$ and $3$ all end up next to $\pm1$: tanh squeezes them. **How much of a change in $z$ still
# gets through?** That is the slope of $g$, and in lab 4 it decides how fast a network learns.

# %% [markdown]
# ## The sigmoid
#
# $$\sigma(z) = \frac{1}{1+e^{-z}}$$
#
# On paper: $\sigma(0) = \tfrac12$. And since $e^{-\ln 3} = \tfrac13$, we get $\sigma(\ln 3) = \tfrac34$ and
# $\sigma(-\ln 3) = \tfrac14$: the two add up to 1, and always do.
#
# The formula is right and the obvious code for it is not. **What is the largest $z$ whose $e^z$ a float64 can hold?**

# %%
float(np.log(np.finfo(np.float64).max))

# %% [markdown]
# ### Exercise: `sigmoid`
# *Medium, 8 minutes.*
#
# Beyond 709.78, `np.exp` gives `inf` and a warning. At $z=-1000$ the formula asks for $e^{1000}$. Multiply numerator
# and denominator by $e^{z}$:
#
# $$\frac{1}{1+e^{-z}} = \frac{e^{z}}{1+e^{z}}$$
#
# One form is safe for $z\ge 0$, the other for $z<0$: there, the exponent is never positive. At $z=-\ln 3$ both give
# $\tfrac14$.


# %% nbgrader={"grade": false, "grade_id": "sigmoid", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid(z):
    """1 / (1 + e^(-z)), entry by entry, without an overflow warning for any z.

    z: an array of any shape, of floats or whole numbers.  Returns floats in the shape of z, between 0 and 1.
    sigmoid(np.array([0.0, np.log(3), -1000.0]))  ->  [0.5, 0.75, 0.0]
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))  # never above 1
    return np.where(z >= 0, 1, e) / (1 + e)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sigmoid_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("sigmoid")

# %% [markdown]
# <details><summary>Stuck? Values are right, but a warning says overflow</summary>
#
# `np.where` computes *both* of its branches for every entry and then picks. So both have to be harmless everywhere.
# Which exponent is never positive, whatever the sign of $z$? Think of $|z|$.
# </details>

# %% [markdown]
# ### Exercise: `sigmoid_grad`
# *Easy, 5 minutes.*
#
# The sigmoid's slope needs nothing but the sigmoid (lecture 000):
#
# $$\sigma'(z) = \sigma(z)\,\big(1-\sigma(z)\big)$$
#
# On paper: $\sigma'(0) = \tfrac12\cdot\tfrac12 = 0.25$, its largest value, and $\sigma'(\ln 3) = \tfrac34\cdot\tfrac14 =
# 0.1875$. Mind the argument: it is $z$, from before the sigmoid.


# %% nbgrader={"grade": false, "grade_id": "sigmoid_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid_grad(z):
    """The slope of the sigmoid at z, entry by entry, without an overflow warning for any z.

    z: an array of any shape, of floats or whole numbers.  Returns floats in the shape of z, between 0 and 0.25.
    sigmoid_grad(np.array([0.0, np.log(3)]))  ->  [0.25, 0.1875]
    """
    ### BEGIN SOLUTION
    s = sigmoid(z)
    return s * (1 - s)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sigmoid_grad_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("sigmoid_grad")

# %% [markdown]
# <details><summary>Stuck? The slope comes out negative or above 0.25</summary>
#
# Two numbers that add up to 1 have a product between 0 and 0.25. Do your two factors add up to 1?
# </details>

# %% [markdown]
# Drag the point along your sigmoid. **Where is it steepest, and from where on would you call it flat?**

# %%
explore_activation(sigmoid, sigmoid_grad)

# %% [markdown]
# *Answer.* Steepest at 0, with slope $\tfrac14$; in the grey parts, beyond ±4.4, it has less than a twentieth of that. There
# the neuron is *saturated*: it hardly notices its inputs any more. Dashed is the slope as you wrote it, the circles are
# measured on your curve by $\frac{g(z+h)-g(z-h)}{2h}$: they should sit on the dashed line. **Do other functions do better?**

# %% [markdown]
# ## Tanh and ReLU
#
# ### Exercise: `tanh_grad`
# *Easy, 3 minutes.*
#
# The hyperbolic tangent runs from −1 to 1 and is `np.tanh`. Its slope (lecture 000):
#
# $$\tanh'(z) = 1-\tanh^2(z)$$
#
# On paper: $\tanh 0 = 0$, so the slope there is 1, four times the sigmoid's. At $z=\tfrac12\ln 3$ the value is
# $\tfrac12$ and the slope $\tfrac34$.


# %% nbgrader={"grade": false, "grade_id": "tanh_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tanh_grad(z):
    """The slope of tanh at z, entry by entry, finite for any z.

    z: an array of any shape, of floats or whole numbers.  Returns floats in the shape of z, between 0 and 1.
    tanh_grad(np.array([0.0, 0.5 * np.log(3)]))  ->  [1.0, 0.75]
    """
    ### BEGIN SOLUTION
    return 1 - np.tanh(z) ** 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "tanh_grad_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("tanh_grad")

# %% [markdown]
# <details><summary>Stuck? Right near 0, wildly wrong for large z</summary>
#
# What is squared: $z$, or something that never leaves $(-1, 1)$?
# </details>

# %% [markdown]
# ### Exercise: `relu`
# *Easy, 2 minutes.*
#
# The rectified linear unit lets positive values through and stops the rest (lectures 000 and 004):
#
# $$\mathrm{ReLU}(z)=\max(0, z)$$
#
# On paper: $-1.5$ becomes $0$, and $2$ stays $2$. Two pieces of straight line, and one corner that makes all the
# difference.


# %% nbgrader={"grade": false, "grade_id": "relu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu(z):
    """The larger of 0 and z, entry by entry; z itself stays as it was.

    z: an array of any shape, of floats or whole numbers.  Returns a new array in the shape of z.
    relu(np.array([-1.5, 0.0, 2.0]))  ->  [0.0, 0.0, 2.0]
    """
    ### BEGIN SOLUTION
    return np.maximum(0, z)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "relu_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("relu")

# %% [markdown]
# <details><summary>Stuck? The result has fewer entries than z</summary>
#
# NumPy has one function for the largest entry *of* an array and another for the larger *of two* arrays, entry by
# entry. The name of the one is the beginning of the other's.
# </details>

# %% [markdown]
# ### Exercise: `relu_grad`
# *Easy, 3 minutes.*
#
# Left of the corner the curve is flat, on the right it climbs one for one:
#
# $$\mathrm{ReLU}'(z) = 1\ \text{if}\ z>0,\quad 0\ \text{otherwise}$$
#
# On paper: slope 0 at $-1.5$, slope 1 at $2$. *In* the corner there is no slope. Any number from 0 to 1 would do;
# lecture 000, and with it this course, takes $\mathrm{ReLU}'(0)=0$.


# %% nbgrader={"grade": false, "grade_id": "relu_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_grad(z):
    """The slope of ReLU at z, entry by entry, with 0 in the corner.

    z: an array of any shape, of floats or whole numbers.
    Returns zeros and ones in the shape of z; False and True count as 0 and 1.
    relu_grad(np.array([-1.5, 0.0, 2.0]))  ->  [0.0, 0.0, 1.0]
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, 1.0, 0.0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "relu_grad_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("relu_grad")

# %% [markdown]
# <details><summary>Stuck? "The truth value of an array is ambiguous"</summary>
#
# `if z > 0` asks one question about the whole array. You need one answer per entry: look at what `z > 0` is by itself,
# and at `np.where`.
# </details>

# %%
plots.activations(
    ("tanh: four times as steep, flat sooner", np.tanh, tanh_grad),
    ("ReLU: never flat on the right", relu, relu_grad),
    reach=5,
)

# %% [markdown]
# ReLU never saturates on the right, but on the left it is flat for good: a neuron whose sum is negative for every
# example stops learning altogether. **Can one keep the right side and mend the left?** Several have tried.

# %% [markdown]
# ## The zoo
#
# Five more, from lecture 004's zoo:
#
# | | $z > 0$ | $z \le 0$ | from |
# |---|---|---|---|
# | leaky ReLU | $z$ | $\alpha z$ | Maas 2013 |
# | ELU | $z$ | $\alpha(e^z-1)$ | Clevert 2015 |
# | softplus | $\log(1+e^z)$ | the same | Dugas 2000 |
# | softsign | $z/(1+\lvert z\rvert)$ | the same | Bergstra 2009 |
# | hard tanh | $\min(z, 1)$ | $\max(z, -1)$ | Collobert 2004 |
#
# In this part only the numbers count, at $z=\pm1000$ too. A warning on the way costs nothing.

# %% [markdown]
# ### Exercise: `leaky_relu`
# *Easy, 2 minutes.*
#
# With $\alpha = 0.1$: $-2$ becomes $-0.2$, and $3$ stays $3$.
#
# Lecture 001 writes it as $\max(0.1z, z)$. That is right as long as $\alpha\le1$. Try $\alpha=2$ at $z=-1$: the maximum
# of $-2$ and $-1$ is $-1$, the wrong branch. Mind another difference: most libraries take $\alpha = 0.01$ if you do not
# say; this course takes the lecture's 0.1.


# %% nbgrader={"grade": false, "grade_id": "leaky_relu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leaky_relu(z, alpha=0.1):
    """z where z > 0 and alpha z elsewhere, for any alpha.

    z: an array of any shape, of floats or whole numbers.  alpha: a number, also above 1.
    Returns an array in the shape of z, with its fractions.
    leaky_relu(np.array([-2.0, 3.0]))  ->  [-0.2, 3.0]
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, z, alpha * z)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "leaky_relu_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("leaky_relu")

# %% [markdown]
# <details><summary>Stuck? Right for α = 0.1, wrong for α = 2.5</summary>
#
# Which question decides the branch: "which of the two values is larger?" or "is $z$ positive?"
# </details>

# %% [markdown]
# ### Exercise: `leaky_relu_grad`
# *Easy, 2 minutes.*
#
# Two straight pieces have two slopes: at $z=-2$ and at $z=-20$ it is $0.1$, at $z=3$ it is $1$. In the corner you may
# take either; no check asks.


# %% nbgrader={"grade": false, "grade_id": "leaky_relu_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leaky_relu_grad(z, alpha=0.1):
    """The slope of leaky ReLU at z, entry by entry.

    z: an array of any shape, of floats or whole numbers.  alpha: a number, also above 1.
    Returns the slopes in the shape of z, with their fractions.
    leaky_relu_grad(np.array([-2.0, 3.0]))  ->  [0.1, 1.0]
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, 1.0, alpha)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "leaky_relu_grad_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("leaky_relu_grad")

# %% [markdown]
# <details><summary>Stuck? The slope on the left changes with z</summary>
#
# A straight line has one slope. Is there still a $z$ in your left branch?
# </details>

# %% [markdown]
# ### Exercise: `elu`
# *Medium, 3 minutes.*
#
# The exponential linear unit levels off at $-\alpha$ on the left. With $\alpha=1$ and $z=-\ln 2$:
# $e^{-\ln2}-1 = \tfrac12-1 = -0.5$. And $3$ stays $3$.
#
# At $z=1000$ the left branch is not wanted; make sure that it does no harm there.


# %% nbgrader={"grade": false, "grade_id": "elu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elu(z, alpha=1.0):
    """z where z > 0 and alpha (e^z - 1) elsewhere, finite for any z.

    z: an array of any shape, of floats or whole numbers.  alpha: a number, also above 1.
    Returns floats in the shape of z.
    elu(np.array([-np.log(2), 3.0]))  ->  [-0.5, 3.0]
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))  # expm1(z) is e^z - 1
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "elu_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("elu")

# %% [markdown]
# <details><summary>Stuck? The curve jumps at z = 0</summary>
#
# Put $z=0$ into your left branch. It should give 0, for every $\alpha$. What do the brackets hold together?
# </details>

# %% [markdown]
# ### Exercise: `elu_grad`
# *Medium, 3 minutes.*
#
# On the right the slope is 1. On the left, $\alpha(e^z-1)$ has the slope $\alpha e^z$, which is also
# $\mathrm{ELU}(z)+\alpha$. With $\alpha=1$ at $z=-\ln2$: $e^{-\ln 2} = 0.5$, and indeed $-0.5+1 = 0.5$. At exactly 0 you
# may take either; no check asks.


# %% nbgrader={"grade": false, "grade_id": "elu_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elu_grad(z, alpha=1.0):
    """The slope of ELU at z, entry by entry, finite for any z.

    z: an array of any shape, of floats or whole numbers.  alpha: a number, also above 1.
    Returns floats in the shape of z.
    elu_grad(np.array([-np.log(2), 3.0]))  ->  [0.5, 1.0]
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "elu_grad_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("elu_grad")

# %% [markdown]
# <details><summary>Stuck? The left slope is negative</summary>
#
# ELU rises everywhere, so its slope cannot be negative. What is the derivative of a constant such as $-\alpha$?
# </details>

# %% [markdown]
# ### Exercise: `softplus`
# *Medium, 4 minutes.*
#
# Softplus is ReLU with its corner rounded off: $\log(1+e^0) = \log 2 \approx 0.693$, and $\log(1+e^{\ln 3}) = \log 4
# \approx 1.386$.
#
# As lecture 004 writes it, it overflows above $z\approx 710$, where the answer is simply $z$. Take the large part out
# first:
#
# $$\log(1+e^z) = \max(z, 0) + \log\big(1+e^{-|z|}\big)$$


# %% nbgrader={"grade": false, "grade_id": "softplus", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softplus(z):
    """log(1 + e^z), entry by entry, finite for any z.

    z: an array of any shape, of floats or whole numbers.  Returns floats in the shape of z.
    softplus(np.array([0.0, np.log(3), 1000.0]))  ->  [0.693, 1.386, 1000.0]
    """
    ### BEGIN SOLUTION
    return np.logaddexp(0, z)  # log(e^0 + e^z), with the larger exponent taken out
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "softplus_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("softplus")

# %% [markdown]
# <details><summary>Stuck? inf where 1000 is wanted</summary>
#
# $e^{1000}$ does not fit, so it must never be computed. In the second form above, how large can $e^{-|z|}$ get?
# </details>

# %% [markdown]
# ### Exercise: `softplus_grad`
# *Easy, 2 minutes.*
#
# By the chain rule, $\log(1+e^z)$ has the slope
#
# $$\frac{e^z}{1+e^z}$$
#
# On paper: at 0 it is $\tfrac12$, at $\ln 3$ it is $\tfrac34$. You have met these numbers today.


# %% nbgrader={"grade": false, "grade_id": "softplus_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softplus_grad(z):
    """The slope of softplus at z, entry by entry, finite for any z.

    z: an array of any shape, of floats or whole numbers.  Returns floats in the shape of z.
    softplus_grad(np.array([0.0, np.log(3)]))  ->  [0.5, 0.75]
    """
    ### BEGIN SOLUTION
    return sigmoid(z)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "softplus_grad_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("softplus_grad")

# %% [markdown]
# <details><summary>Stuck? nan at z = 1000</summary>
#
# inf divided by inf is not a number. Which function that you have already made stable has the values ½ at 0 and ¾ at
# ln 3?
# </details>

# %% [markdown]
# ### Exercise: `softsign`
# *Easy, 2 minutes.*
#
# A cheap relative of tanh, without any exponential: $z/(1+|z|)$. On paper: $3$ becomes $\tfrac34$, and $-1$ becomes
# $-\tfrac12$. It also runs from −1 to 1, but takes its time.


# %% nbgrader={"grade": false, "grade_id": "softsign", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softsign(z):
    """z / (1 + |z|), entry by entry.

    z: an array of any shape, of floats or whole numbers.  Returns floats in the shape of z, between -1 and 1.
    softsign(np.array([3.0, -1.0]))  ->  [0.75, -0.5]
    """
    ### BEGIN SOLUTION
    return z / (1 + np.abs(z))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "softsign_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("softsign")

# %% [markdown]
# <details><summary>Stuck? Right for positive z only</summary>
#
# The denominator is never below 1. Is yours, at $z = -1$?
# </details>

# %% [markdown]
# ### Exercise: `softsign_grad`
# *Easy, 2 minutes.*
#
# For $z>0$ the quotient rule gives $\frac{(1+z)-z}{(1+z)^2} = \frac{1}{(1+z)^2}$. The left side is its mirror image, so
# with $|z|$ it holds everywhere. On paper: slope $\tfrac1{16} = 0.0625$ at $3$, and $\tfrac14$ at $-1$.


# %% nbgrader={"grade": false, "grade_id": "softsign_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softsign_grad(z):
    """The slope of softsign at z, entry by entry.

    z: an array of any shape, of floats or whole numbers.  Returns floats in the shape of z, between 0 and 1.
    softsign_grad(np.array([3.0, -1.0]))  ->  [0.0625, 0.25]
    """
    ### BEGIN SOLUTION
    return 1 / (1 + np.abs(z)) ** 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "softsign_grad_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("softsign_grad")

# %% [markdown]
# <details><summary>Stuck? 0.25 where 0.0625 is wanted</summary>
#
# $0.0625$ is $0.25^2$. What does the square in the formula cover?
# </details>

# %% [markdown]
# ### Exercise: `hard_tanh`
# *Easy, 2 minutes.*
#
# Tanh drawn with a ruler: $z$ itself between $-1$ and $1$, cut off outside. On paper: $-2.5$ becomes $-1$, $0.3$ stays
# $0.3$, and $4$ becomes $1$.


# %% nbgrader={"grade": false, "grade_id": "hard_tanh", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hard_tanh(z):
    """z, cut off at -1 and at 1, entry by entry; z itself stays as it was.

    z: an array of any shape, of floats or whole numbers.  Returns a new array in the shape of z.
    hard_tanh(np.array([-2.5, 0.3, 4.0]))  ->  [-1.0, 0.3, 1.0]
    """
    ### BEGIN SOLUTION
    return np.clip(z, -1, 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "hard_tanh_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("hard_tanh")

# %% [markdown]
# <details><summary>Stuck? One side is cut off, the other is not</summary>
#
# There are two limits, so two comparisons, or one NumPy function that takes both.
# </details>

# %% [markdown]
# ### Exercise: `hard_tanh_grad`
# *Easy, 2 minutes.*
#
# Three straight pieces, three slopes: $0$ at $-2.5$, $1$ at $0.3$, $0$ at $4$. In the two corners you may take either;
# no check asks.


# %% nbgrader={"grade": false, "grade_id": "hard_tanh_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hard_tanh_grad(z):
    """The slope of hard tanh at z, entry by entry.

    z: an array of any shape, of floats or whole numbers.
    Returns zeros and ones in the shape of z; False and True count as 0 and 1.
    hard_tanh_grad(np.array([-2.5, 0.3, 4.0]))  ->  [0.0, 1.0, 0.0]
    """
    ### BEGIN SOLUTION
    return np.where(np.abs(z) < 1, 1.0, 0.0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "hard_tanh_grad_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("hard_tanh_grad")

# %% [markdown]
# <details><summary>Stuck? The slope is 1 far to the left</summary>
#
# Your test holds on one side only. Which single comparison, with $|z|$, covers both?
# </details>

# %%
plots.activations(
    ("leaky ReLU: a way out on the left", leaky_relu, leaky_relu_grad),
    ("ELU: smooth, and flat far left", elu, elu_grad),
    ("softplus: its slope is the sigmoid", softplus, softplus_grad),
    ("softsign: flat, but slowly", softsign, softsign_grad),
    ("hard tanh: all or nothing", hard_tanh, hard_tanh_grad),
    reach=5,
)

# %% [markdown]
# In every panel the circles, measured on your curve, should sit on your dashed slope. **Does a network need any of these
# curves? What if $g$ just hands on its input?**

# %% [markdown]
# ## Why bend at all?
#
# One slide of lecture 000 says that all activation functions are non-linear; the next ones speak of linear activation
# functions. The second usage is common: $g(z)=z$ is often called the linear activation. So put it in, and see what two
# layers make of it:
#
# $$(XW_1+b_1)W_2+b_2 = X\,(W_1W_2) + (b_1W_2+b_2)$$
#
# The right side is *one* layer.

# %% [markdown]
# ### Exercise: `collapse_linear`
# *Medium, 8 minutes.*
#
# $$W_1=\begin{pmatrix}1&2\\0&1\end{pmatrix}\quad b_1=(1,-1)\quad W_2=\begin{pmatrix}3\\1\end{pmatrix}\quad b_2=(5)$$
#
# The input $(1, 1)$ gives the hidden layer $(2, 2)$, and that gives $6+2+5 = 13$.
#
# In one layer: $W=W_1W_2=\begin{pmatrix}5\\1\end{pmatrix}$ and $b=b_1W_2+b_2=(3-1+5)=(7)$. Check: $5+1+7=13$.


# %% nbgrader={"grade": false, "grade_id": "collapse_linear", "locked": false, "schema_version": 3, "solution": true, "task": false}
def collapse_linear(W1, b1, W2, b2):
    """The one layer that does the work of two layers without g.

    W1: (D, H).  b1: (H,).  W2: (H, K).  b2: (K,).  Each may hold floats or whole numbers.
    Returns W (D, K) and b (K,), in this order.
    The example above  ->  [[5], [1]] and [7]
    """
    ### BEGIN SOLUTION
    return W1 @ W2, b1 @ W2 + b2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "collapse_linear_check", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
check("collapse_linear")

# %% [markdown]
# <details><summary>Stuck? "operands could not be broadcast" when the biases are added</summary>
#
# $b_1$ has an entry per *hidden* neuron, $b_2$ one per *output*. On its way out, $b_1$ passes through something that
# turns $H$ numbers into $K$. Multiply out the left side of the formula, term by term.
# </details>

# %%
draw = np.random.default_rng(3)
W1, b1, W2, b2 = draw.normal(size=(2, 8)), draw.normal(size=8), draw.normal(size=(8, 1)), draw.normal(size=1)


def collapsed(X):
    W, b = collapse_linear(W1, b1, W2, b2)
    return X @ W + b


plots.decisions(
    [
        ("Eight hidden neurons without g: one line", lambda X: (X @ W1 + b1) @ W2 + b2),
        ("Yours: one layer, the same line", collapsed),
    ],
    samples,
    green,
)

# %% [markdown]
# Blue is where the answer is above 0; pink squares are points on the wrong side. A hundred layers without $g$ would
# draw one line too.
#
# Lecture 000 falls into this trap under the title "Multi Output Perceptron": its Keras code has `Dense(d1)` and then
# `Dense(2)`, neither with an `activation`: one linear layer in disguise. (Nor does it run: `tf` is an alias and no
# package to import from, and `Inputs(m)` should be `Input(shape=(m,))`.)

# %% [markdown]
# ## Deep
#
# A deep network repeats one step: bend the previous layer's sums, then weigh and add.
#
# $$Z_1 = XW_1+b_1, \qquad Z_k = g(Z_{k-1})\,W_k+b_k$$
#
# Two slides of lecture 000 need care. Its single-layer network feeds $z_j$, not $g(z_j)$, into the output: as printed,
# the hidden layer collapses. Its deep network has $g(z_{k-1,j})$ for every $k$: for $k=1$ that would bend the raw
# inputs, which are meant to go in as they are.

# %% [markdown]
# ### Exercise: `deep_forward`
# *Hard, 10 minutes.*
#
# $X=(2,-1)$ and $g=\mathrm{ReLU}$:
#
# $$W_1=\begin{pmatrix}1&-1\\1&2\end{pmatrix}\ b_1=(0,1)\quad W_2=\begin{pmatrix}2\\5\end{pmatrix}\ b_2=(-3)$$
#
# | | |
# |---|---|
# | first sums | $Z_1=(1,-3)$ |
# | bent | $g(Z_1)=(1,0)$ |
# | second sums | $Z_2=2-3=-1$ |
#
# Without $g$ it would be $-16$, with $g$ on the inputs $1$, with $g$ at the end $0$.


# %% nbgrader={"grade": false, "grade_id": "deep_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def deep_forward(X, params, g):
    """The last layer's sums: g between the layers, neither before the first nor after the last.

    X: (N, D).  params: a list of one or more pairs (W, b).  All of them may hold floats or whole numbers.
    g: works entry by entry.  Returns Z, an array (N, width of the last layer).
    The example above, with X = np.array([[2, -1]])  ->  [[-1]]
    """
    ### BEGIN SOLUTION
    Z = X
    for k, (W, b) in enumerate(params):
        H = Z if k == 0 else g(Z)  # the inputs are never bent
        Z = H @ W + b
    return Z
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "deep_forward_check", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
check("deep_forward")

# %% [markdown]
# <details><summary>Stuck? One layer is right, two are wrong, or the other way round</summary>
#
# Count the $g$'s: $L$ layers have $L-1$ gaps between them, so a single layer has none. Run your loop by hand on the
# example above and write down every array.
# </details>

# %% [markdown]
# ## Green and red, separated
#
# Six hidden ReLU neurons watch in six directions. Each stays at 0 as long as a point is less than 1.3 away from the
# centre in its direction, and grows beyond. The output starts at 0.1 and subtracts them all: above 0 means green. No
# training yet; these weights are set by hand.

# %%
watch = np.arange(6) * np.pi / 3
hexagon = [(np.stack([np.cos(watch), np.sin(watch)]), np.full(6, -1.3)), (-np.ones((6, 1)), np.array([0.1]))]
inputs = np.column_stack([samples, np.ones(120)])
fit = np.linalg.lstsq(inputs, np.where(green, 1.0, -1.0), rcond=None)[0]
line = [(fit[:2, None], fit[2:])]
plots.decisions(
    [
        ("One layer: a line, fitted by least squares", lambda X: deep_forward(X, line, relu)),
        ("Two layers with a bend: separated", lambda X: deep_forward(X, hexagon, relu)),
    ],
    samples,
    green,
)

# %% [markdown]
# Both panels are your `deep_forward`. Six lines, bent and added, close around the green points; no single line can.
# Below, the weights are fitted instead, in a few rounds. **How many hidden neurons does it take without a bend? And with
# tanh?**

# %%
explore_boundary(deep_forward)

# %% [markdown]
# *Answer.* Without a bend no number is enough: the layers collapse into one line. With tanh two will do here, because the red
# ring is open to the right; press play to see them turn into place.
#
# With enough hidden neurons a network of this kind comes as close as you like to any continuous function on a bounded
# region, and that holds for every continuous $g$ that is not a polynomial (Leshno and others, 1993).

# %% [markdown]
# ## What you built
#
# A neuron and its border, a whole layer in one product, eight non-linearities with their slopes (two of them tamed far
# out), the proof that linear layers collapse, and the forward pass of a network of any depth. You will use these
# functions again.

# %% [markdown]
# **Reflect.** Take out one of the six hidden neurons: which points would change sides, and why? And what becomes of the
# picture if $g$ is tanh instead of ReLU? First guess, then change the cell above and look. Write three to five
# sentences below.

# %% [markdown] nbgrader={"grade": false, "grade_id": "reflection", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Without one neuron nobody objects in its direction: the red points there come out green. A tanh neuron that is not
# concerned answers close to −1 instead of 0; six of these outweigh the one that objects, so every point comes out
# green, and the output's bias of 0.1 would have to be about −3.5 to close the region at a radius of 1.65.

# %% [markdown]
# ## What comes next
#
# The hexagon was set by hand, which nobody can do for a million weights. To let a network find them, we first have to
# say how wrong it is, in a single number. **Lab 2 measures error.**
