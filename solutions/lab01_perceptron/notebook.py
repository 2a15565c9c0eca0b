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
# Below are green circles and red crosses. Your eye separates them. In this lab you build a neuron. It cannot
# separate them, and you find out why. Then you build a small network that can.
#
# You write 20 short functions. Under each one, a cell checks it and says what is wrong. Run it as often as you like. If you
# are stuck, `hint("perceptron")` helps. Allow two and a half hours, reading included.

# %% tags=["setup"]
import course_utils  # not found? Run %pip install handgrad in a new cell, then this cell again

import numpy as np

from course_utils import answer, check, data, hint, predict, progress, review
from course_utils import explore_activation, explore_boundary, explore_perceptron
from course_utils import layers, plots, tables

# %%
samples, green = data.green_and_red()
plots.points(samples, green, "No straight line separates green from red")

# %% [markdown]
# ## A function that takes a function
#
# Today you will often give one function to another. The name alone means the function itself. Brackets behind the name
# call it. Rosenblatt's perceptron (1958) used this `step`:


# %%
def step(z):
    """1 if the number z is above 0, otherwise 0."""
    return 1 if z > 0 else 0


def at_minus_six(g):
    return g(-6)


# %%
at_minus_six(step), at_minus_six(abs)

# %% [markdown]
# `step` and `abs` went in without brackets, and `at_minus_six` called them. **Your turn: change the cell above so that one of
# the two answers is 36.** Use `np.square`, or write a function of your own. Shift + Enter runs a cell.

# %% [markdown]
# ## One neuron
#
# A neuron takes three steps (lecture 000, "Introduction to Deep Learning", slides "The Perceptron"):
#
# 1. It multiplies every input by the weight of that input.
# 2. It adds up these products and one more number, its *bias* $w_0$. The sum is called $z$.
# 3. It gives $z$ to a function $g$. What $g$ returns is the answer $\hat y$ of the neuron.
#
# $g$ is called the *activation function* or *non-linearity*.

# %% [markdown]
# ### Exercise: `perceptron`
# *Easy, 8 minutes.*
#
# The lecture's neuron has the bias $w_0=1$ and the weights $w=(3,-2)$. Its input here is $x=(-1,2)$:
#
# | bias | first product | second product | sum $z$ | with `step` | with `abs` |
# |---|---|---|---|---|---|
# | $1$ | $-1\cdot 3 = -3$ | $2\cdot(-2) = -4$ | $-6$ | 0 | 6 |
#
# Write these steps for any number of inputs and for any `g`.


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

# %%
w0, w = 1.0, np.array([3.0, -2.0])


def same(z):
    return z


def sums(X):
    return [perceptron(x, w, w0, same) for x in X]


# %%
plots.half_planes(sums, "One neuron cuts the plane in two", point=(-1, 2))

# %% [markdown]
# `same` hands on what it gets, so you see the sums of *your* neuron: above 0 in the blue part (+), below 0 in the grey part
# (−). The diamond is the lecture's point, with $z=-6$. The lecture writes
#
# $$\hat y = g\Big(w_0 + \sum_{i=1}^{D} x_i w_i\Big)$$
#
# (Its first slide forgets the bias, the next one adds it.) **Where exactly does $z$ change its sign?**

# %% [markdown]
# ### Exercise: `boundary`
# *Easy, 6 minutes.*
#
# The border is where the sum is zero. For the lecture's neuron: $1 + 3x_1 - 2x_2 = 0$. Put in an $x_1$ and solve:
#
# | $x_1$ | what is left | $x_2$ |
# |---|---|---|
# | $-1$ | $-2-2x_2=0$ | $-1$ |
# | $1$ | $4-2x_2=0$ | $2$ |
# | $3$ | $10-2x_2=0$ | $5$ |
#
# Now solve $w_0 + w_1x_1 + w_2x_2 = 0$ on paper, with letters. Then write it.


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

# %%
title = "The border is the line 1 + 3x₁ − 2x₂ = 0"
plots.half_planes(sums, title, point=(-1, 2), line=lambda x1: boundary(x1, w0, w))

# %% [markdown]
# The dashed line comes from your `boundary`, the colours come from your `perceptron`. The line should run along the edge of
# the blue part. Below you turn the three weights yourself. Predict first.

# %%
predict(
    "You make the bias w₀ larger. What does the border do?",
    ["it moves", "it turns", "it moves and turns"],
)

# %%
predict(
    "You set w₂ to 0. How does the border run?",
    ["straight up and down", "from left to right", "there is no border"],
)

# %%
explore_perceptron(perceptron)

# %% [markdown]
# Try both predictions. *Your* neuron colours the plane. Its $g$ is the curve on the right, a smooth step that you write
# soon. The straight line is where $z=0$. The arrow $w=(w_1, w_2)$ is at a right angle to it and points to the + side.
#
# With $w_2=0$ your `boundary` has no answer: $x_2$ has left the equation, and $x_1=-w_0/w_1$ remains.
#
# Whatever the weights are, the border is one straight line. **So what can many neurons do?**

# %% [markdown]
# ## Many neurons, many examples
#
# From now on we ask many neurons about many examples at once.
#
# | | shape | |
# |---|---|---|
# | $X$ | $(N, D)$ | one row for each example |
# | $W$ | $(D, H)$ | one column for each neuron: its weights |
# | $b$ | $(H,)$ | one bias for each neuron |
# | the answers | $(N, H)$ | one row for each example, one column for each neuron |

# %% [markdown]
# ### Exercise: `perceptron_batch`
# *Easy, 8 minutes.*
#
# Two examples and three neurons. The first neuron is the lecture's:
#
# $$X=\begin{pmatrix}-1&2\\1&0\end{pmatrix}\quad W=\begin{pmatrix}3&0&1\\-2&1&0\end{pmatrix}\quad b=(1,-1,2)$$
#
# All six sums:
#
# $$Z=\begin{pmatrix}-6&1&1\\4&-1&3\end{pmatrix}$$
#
# Compute the 4 by hand. Which row of $X$, which column of $W$ and which entry of $b$ do you need? Which product of two
# matrices does this for all six?


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

# %%
X = np.array([[-1.0, 2.0], [1.0, 0.0]])
W = np.array([[3.0, 0.0, 1.0], [-2.0, 1.0, 0.0]])
b = np.array([1.0, -1.0, 2.0])
plots.matrix(
    lambda: perceptron_batch(X, W, b, np.tanh),
    "A row per example, a column per neuron",
    ["example 1", "example 2"],
    ["neuron 1", "neuron 2", "neuron 3"],
)

# %% [markdown]
# These are your answers with $g=\tanh$, a curve from −1 to 1. In symbols: $\hat Y = g(XW+b)$.
#
# Lecture 001 draws one example as a *column* $x$ and writes $W^1x+b^1$, but its code has rows, as we do. Our $W$ is the
# transpose of its $W^1$. If you mix the two, the shapes do not fit.
#
# The sums −6, 4 and 3 all end up near ±1. **How much of a change in $z$ gets through $g$?**

# %% [markdown]
# ## The sigmoid
#
# Lecture 000 takes the *sigmoid* as $g$. It turns any number into one between 0 and 1:
#
# $$\sigma(z) = \frac{1}{1+e^{-z}}$$
#
# | $z$ | $-\ln 3$ | $0$ | $\ln 3$ |
# |---|---|---|---|
# | $e^{-z}$ | $3$ | $1$ | $\tfrac13$ |
# | $\sigma(z)$ | $\tfrac14$ | $\tfrac12$ | $\tfrac34$ |
#
# The formula is right, but a computer cannot hold every $e^z$. This is the largest $z$ for which a float64 can:

# %%
float(np.log(np.finfo(np.float64).max))

# %% [markdown]
# ### Exercise: `sigmoid`
# *Medium, 10 minutes.*
#
# | $z$ | $e^{-z}$ | $e^{z}$ |
# |---|---|---|
# | $-1000$ | too large: `inf` and a warning | 0 |
# | $1000$ | 0 | too large: `inf` and a warning |
#
# Multiply numerator and denominator of the formula by $e^{z}$. You get a second form. **For which $z$ is each form safe?**
#
# `np.where(question, a, b)` picks entry by entry. But it computes all of `a` and all of `b` first.


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

# %%
tables.slopes(sigmoid, np.log([1 / 9, 1 / 3, 1, 3, 9]), "σ(z)")

# %% [markdown]
# ## How steep is it?
#
# The table shows your sigmoid and its *slope*: how much of a small change in $z$ gets through. It was measured: take the
# rise from a little left of $z$ to a little right of it, and divide by the distance.
#
# $$\frac{g(z+h)-g(z-h)}{2h}\qquad h = 0.00001$$
#
# In [lab 4](../lab04_backprop/lab04_backprop.ipynb) this number decides how fast a network learns.

# %% [markdown]
# ### Exercise: `sigmoid_grad`
# *Medium, 7 minutes.*
#
# Now without measuring. Take the chain rule, where two minus signs cancel, then split the fraction in two:
#
# $$\begin{aligned}
# \sigma'(z) &= \Big(\big(1+e^{-z}\big)^{-1}\Big)' = -\big(1+e^{-z}\big)^{-2}\cdot\big(-e^{-z}\big)\\
# &= \frac{e^{-z}}{(1+e^{-z})^2}\\
# &= \frac{1}{1+e^{-z}}\cdot\frac{e^{-z}}{1+e^{-z}}
# \end{aligned}$$
#
# The first factor is $\sigma(z)$. **What is the second one?** Ask the table: $0.1875 = 0.75\cdot{?}$ and
# $0.09=0.9\cdot{?}$ Write the second factor with the help of $\sigma(z)$.


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

# %%
predict(
    "σ(5) is 0.993. How steep is the sigmoid there, compared with its steepest place?",
    ["about half as steep", "about a tenth", "less than a twentieth"],
)

# %%
explore_activation(sigmoid, sigmoid_grad)

# %% [markdown]
# Drag the point to $z=5$. In the grey parts, beyond ±4.4, the slope is less than a twentieth of the largest one. There the
# neuron is *saturated*: it hardly notices its inputs.
#
# Dashed is the slope as you wrote it. The circles are measured on your curve, so they should sit on the dashed line.
#
# Now you know what the lecture writes: $\sigma'(z)=\sigma(z)\,(1-\sigma(z))$. **Do other functions do better?**

# %% [markdown]
# ## Tanh and ReLU
#
# ### Exercise: `tanh_grad`
# *Medium, 5 minutes.*
#
# The hyperbolic tangent `np.tanh` runs from −1 to 1. Below is its measured slope at six places. They were chosen so that
# $\tanh(z)$ is a short number. **Which rule makes the last column from the middle one?** Begin with 0.1 and 0.99.

# %%
tables.slopes(np.tanh, np.arctanh([-0.8, -0.5, 0, 0.1, 0.6, 0.9]), "tanh(z)")


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
# ### Exercise: `relu`
# *Easy, 3 minutes.*
#
# The *rectified linear unit*, ReLU for short, lets positive numbers through and turns all others into 0 (lectures 000 and
# 004):
#
# | $z$ | $-20$ | $-1.5$ | $0$ | $0.5$ | $2$ |
# |---|---|---|---|---|---|
# | $\mathrm{ReLU}(z)$ | $0$ | $0$ | $0$ | $0.5$ | $2$ |


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

# %%
tables.slopes(relu, [-20, -1.5, 0, 0.5, 2], "ReLU(z)")

# %% [markdown]
# ### Exercise: `relu_grad`
# *Easy, 4 minutes.*
#
# The table is measured on your `relu`. At 0 there is a corner: flat on the left, slope 1 on the right. The measurement
# takes half of each and gets ½. In truth there is no slope in a corner. Any number from 0 to 1 would do.
#
# Lecture 000 takes $\mathrm{ReLU}'(0)=0$, and so does this course.


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

# %%
plots.activations(
    ("tanh: slope 1 at 0, flat beyond ±2.5", np.tanh, tanh_grad),
    ("ReLU: never flat on the right", relu, relu_grad),
    reach=5,
)

# %% [markdown]
# At its steepest, tanh is four times as steep as the sigmoid. ReLU never saturates on the right, but on the left its slope
# is exactly 0. If a neuron's sum is negative for every example, no change gets through at all.
#
# **Can one keep the right side and mend the left one?** Several people have tried.

# %% [markdown]
# ## The zoo
#
# Five more functions, each with its slope: leaky ReLU (lecture 001), ELU, softplus, softsign and hard tanh (lecture 004,
# "a zoo of nonlinear functions"). The first pair is worked out for you. For most of
# the others you get numbers, and you find the rule.
#
# In this part only your numbers count, also at $z=\pm1000$. A warning on the way costs nothing.

# %% [markdown]
# ### Exercise: `leaky_relu`
# *Worked out, 3 minutes.*
#
# Leaky ReLU lets a little through on the left. With $\alpha = 0.1$, $-2$ becomes $-0.2$, and $3$ stays $3$.
#
# **Question** for each entry: is $z$ above 0? **If yes:** $z$. **If no:** $\alpha z$. `np.where` takes these three, in this
# order.
#
# Lecture 001 writes $\max(0.1z, z)$. For $\alpha=2$ and $z=-1$ this takes $-1$, where $-2$ is right. So the maximum works
# for $\alpha\le1$ only.


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
# ### Exercise: `leaky_relu_grad`
# *Worked out, 2 minutes.*
#
# The curve has two straight pieces. The slope of a straight piece is the number in front of $z$: 1 on the right, $\alpha$
# on the left. So the **question** stays the same, and the two values change. At $-2$ and at $-20$ the slope is $0.1$, at $3$
# it is $1$.
#
# In the corner you may take either slope. No check asks.


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

# %%
plots.activations(("Leaky ReLU: a slope on the left too", leaky_relu, leaky_relu_grad), reach=5)

# %% [markdown]
# ### Exercise: `elu`
# *Medium, 5 minutes.*
#
# ELU is $z$ on the right, too. On the left it bends and levels off. Find the left piece:
#
# | $z$ | $-\ln 10$ | $-\ln 4$ | $-\ln 2$ | $0$ |
# |---|---|---|---|---|
# | $e^z$ | $0.1$ | $0.25$ | $0.5$ | $1$ |
# | ELU, $\alpha=1$ | $-0.9$ | $-0.75$ | $-0.5$ | $0$ |
# | ELU, $\alpha=2$ | $-1.8$ | $-1.5$ | $-1$ | $0$ |
#
# At $z=1000$ nobody wants the left piece. Make sure that it does no harm there.


# %% nbgrader={"grade": false, "grade_id": "elu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elu(z, alpha=1.0):
    """z where z > 0, and the left piece of the table elsewhere; finite for any z.

    z: an array of any shape, of floats or whole numbers.  alpha: a number, also above 1.
    Returns floats in the shape of z.
    elu(np.array([-np.log(2), 3.0]))  ->  [-0.5, 3.0]
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))  # expm1(z) is e^z - 1
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "elu_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("elu")

# %%
tables.slopes(lambda z: elu(z, 2), np.log([0.1, 0.25, 0.5, 3]), "ELU, α = 2")

# %% [markdown]
# ### Exercise: `elu_grad`
# *Medium, 5 minutes.*
#
# The table is measured on your `elu` with $\alpha=2$. In the last row $z$ is positive, in the others it is negative.
# **Compare the last two columns.** Then change the 2 in that cell into a 1, run it again, and look for a rule that holds for
# both.
#
# At exactly 0 you may take either slope. No check asks.


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

# %%
plots.activations(("ELU, α = 1: no corner, flat far left", elu, elu_grad), reach=5)

# %% [markdown]
# ### Exercise: `softplus`
# *Medium, 6 minutes.*
#
# Softplus is ReLU without the corner: $\log(1+e^z)$ (lecture 004). For $z=1000$ the $e^z$ is too large, but the answer is
# simply $1000$.
#
# | $z$ | $0$ | $1.0986$ | $1.9459$ | $1000$ |
# |---|---|---|---|---|
# | softplus of $z$ | $0.6931$ | $1.3863$ | $2.0794$ | $1000$ |
# | softplus of $-z$ | $0.6931$ | $0.2877$ | $0.1335$ | $0$ |
#
# **Subtract the last row from the one above. What do you get?** And which of the two rows is safe to compute?


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

# %%
tables.slopes(softplus, np.log([1 / 9, 1 / 3, 1, 3, 9]), "softplus(z)")

# %% [markdown]
# ### Exercise: `softplus_grad`
# *Easy, 3 minutes.*
#
# The table is measured on your `softplus`. **You have met the numbers of the last column today. Where?** Scroll up, or use
# the chain rule on $\log(1+e^z)$.


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

# %%
plots.activations(("Softplus: its slope climbs from 0 to 1", softplus, softplus_grad), reach=5)

# %% [markdown]
# ### Exercise: `softsign`
# *Easy, 4 minutes.*
#
# Softsign needs no exponential. **Find its rule:**
#
# | $z$ | $-4$ | $-1$ | $0$ | $1$ | $2$ | $3$ |
# |---|---|---|---|---|---|---|
# | softsign | $-\tfrac45$ | $-\tfrac12$ | $0$ | $\tfrac12$ | $\tfrac23$ | $\tfrac34$ |
#
# What would it be at 9? At −9?


# %% nbgrader={"grade": false, "grade_id": "softsign", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softsign(z):
    """The rule of the table, entry by entry.

    z: an array of any shape, of floats or whole numbers.  Returns floats in the shape of z, between -1 and 1.
    softsign(np.array([3.0, -1.0]))  ->  [0.75, -0.5]
    """
    ### BEGIN SOLUTION
    return z / (1 + np.abs(z))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "softsign_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("softsign")

# %%
tables.slopes(softsign, [-4, -1, 0, 1, 3, 9], "softsign(z)")

# %% [markdown]
# ### Exercise: `softsign_grad`
# *Medium, 4 minutes.*
#
# **Write every slope of the table as 1 divided by a whole number.** How does that number come from $z$? If you like calculus
# better: for $z>0$ use the quotient rule, then think of the mirror image.


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

# %%
plots.activations(("Softsign: steep at 0, slow to level off", softsign, softsign_grad), reach=5)

# %% [markdown]
# ### Exercise: `hard_tanh`
# *Easy, 3 minutes.*
#
# Hard tanh is tanh drawn with a ruler:
#
# | $z$ | $-2.5$ | $-1$ | $-0.3$ | $0.3$ | $1$ | $4$ |
# |---|---|---|---|---|---|---|
# | hard tanh | $-1$ | $-1$ | $-0.3$ | $0.3$ | $1$ | $1$ |


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

# %%
tables.slopes(hard_tanh, [-1000, -2.5, -0.3, 0.3, 4], "hard tanh(z)")

# %% [markdown]
# ### Exercise: `hard_tanh_grad`
# *Easy, 3 minutes.*
#
# The curve has three straight pieces. The table shows the slope of each. **Where does one piece end and the next begin?** In
# the two corners you may take either slope. No check asks.


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

# %%
plots.activations(("Hard tanh: slope 1 inside, 0 outside", hard_tanh, hard_tanh_grad), reach=5)

# %% [markdown]
# ## Why bend at all?
#
# Does a network need any of these curves? A slide of lecture 000 says that all activation functions are non-linear. The
# next slides speak of *linear* activation functions. Many people use the word in this way: they mean $g(z)=z$, our `same`.
#
# Let us give it to eight neurons.

# %%
predict(
    "Eight hidden neurons with g(z) = z, then one output. What border can they draw?",
    ["one straight line", "up to eight straight pieces", "a closed curve"],
)

# %% [markdown]
# Begin with one number $x$. The first layer turns it into $3x+1$. The second layer doubles this and adds 5:
#
# $$2\,(3x+1)+5 = 6x+7$$
#
# Two layers went in, and what came out looks like *one* layer: a weight 6 and a bias 7. Which numbers made the 6? Which made
# the 7?

# %% [markdown]
# ### Exercise: `collapse_linear`
# *Medium, 9 minutes.*
#
# $$W_1=\begin{pmatrix}1&2\\0&1\end{pmatrix}\quad b_1=(1,-1)\quad W_2=\begin{pmatrix}3\\1\end{pmatrix}\quad b_2=(5)$$
#
# The input $(1, 1)$ gives the hidden layer $(2, 2)$, and that gives $6+2+5 = 13$. One layer can do the same:
#
# $$W=\begin{pmatrix}5\\1\end{pmatrix}\quad b=(7)\qquad\text{test: } 5+1+7=13$$
#
# Multiply out $(XW_1+b_1)W_2+b_2$ on paper. Which part belongs to $W$, which to $b$?


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

# %%
draw = np.random.default_rng(3)
W1, b1 = draw.normal(size=(2, 8)), draw.normal(size=8)
W2, b2 = draw.normal(size=(8, 1)), draw.normal(size=1)


def collapsed(X):
    W, b = collapse_linear(W1, b1, W2, b2)
    return X @ W + b


rows = [
    ("Eight neurons with g(z) = z: one line", lambda X: (X @ W1 + b1) @ W2 + b2),
    ("Your single layer: the same line", collapsed),
]
plots.decisions(rows, samples, green)

# %% [markdown]
# In the blue part the network says *green*. Pink squares are points on the wrong side. A hundred layers with $g(z)=z$
# would draw one line, too.
#
# Lecture 000 makes this mistake itself. On its slide "Multi Output Perceptron", the Keras code has `Dense(d1)` and then
# `Dense(2)`, both without an `activation`: two linear layers, which are one. (The code does not run either: `tf` is no package to
# import from, and `Inputs(m)` should be `Input(shape=(m,))`.)

# %% [markdown]
# ## Deep
#
# So we need $g$ between the layers. Two layers first, with $g=\mathrm{ReLU}$ and the input $(2,-1)$:
#
# | | |
# |---|---|
# | sums of layer 1 | $(1, -3)$ |
# | after $g$ | $(1, 0)$ |
# | sum of layer 2 | $2\cdot1+5\cdot0-3=-1$ |
#
# **The cell below answers −16. Change one line so that it answers −1.**

# %%
W1, b1 = np.array([[1, -1], [1, 2]]), np.array([0, 1])
W2, b2 = np.array([[2], [5]]), np.array([-3])

Z1 = np.array([[2, -1]]) @ W1 + b1
H = Z1  # nothing is bent here
H @ W2 + b2

# %% [markdown]
# ### Exercise: `deep_forward`
# *Hard, 14 minutes.*
#
# Now for any number of layers. Every layer after the first does the same: it bends the sums of the layer before, weighs them
# and adds its bias.
#
# Try `deep_forward(np.array([[2, -1]]), [(W1, b1), (W2, b2)], relu)` in a new cell. The right answer is −1. A wrong answer
# tells you where $g$ acts:
#
# | you get | $g$ acts |
# |---|---|
# | $-16$ | nowhere |
# | $1$ | on the inputs as well |
# | $0$ | at the end as well |


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
# In symbols: $Z_1 = XW_1+b_1$ and then $Z_k = g(Z_{k-1})\,W_k+b_k$.
#
# Two slides of lecture 000 need care. Its single-layer network gives $z_j$, not $g(z_j)$, to the output: as printed, it
# collapses. Its deep network has $g(z_{k-1,j})$ for every $k$. For $k=1$ that would bend the inputs, which should go in as
# they are.

# %% [markdown]
# ## Green and red, separated
#
# First one layer: the best line in the sense of least squares. Both pictures below are drawn by your `deep_forward`.

# %%
inputs = np.column_stack([samples, np.ones(120)])
fit = np.linalg.lstsq(inputs, np.where(green, 1.0, -1.0), rcond=None)[0]
line = [(fit[:2, None], fit[2:])]
rows = [("One layer draws one line", lambda X: deep_forward(X, line, relu))]
plots.decisions(rows, samples, green)

# %% [markdown]
# Now six hidden ReLU neurons, each with a direction of its own. Each measures how far out a point lies in its direction.
# Up to `radius` it answers 0. Farther out, its answer grows. The output neuron starts at `bias` and subtracts all six
# answers. Above 0 means green.
#
# **Choose `radius` and `bias` so that no point is wrong.** More than one choice works.

# %%
radius, bias = 0.6, 0.1  # your choice
directions = np.arange(6) * np.pi / 3
W1 = np.stack([np.cos(directions), np.sin(directions)])
b1 = np.full(len(directions), -radius)
W2, b2 = np.full((len(directions), 1), -1.0), np.array([bias])
net = [(W1, b1), (W2, b2)]
rows = [("What your neurons enclose", lambda X: deep_forward(X, net, relu))]
plots.decisions(rows, samples, green)

# %% [markdown]
# ## What the hidden layer sees
#
# Lecture 004 calls this "learning a new representation", after a [text by Olah
# (2014)](https://colah.github.io/posts/2014-03-NN-Manifolds-Topology/). The hidden layer replaces two coordinates by six answers.
#
# On the right, each point stands at the sum of its six answers, in the row of the neuron that answers most. The dashed line
# is your `bias`.

# %%
layers.hidden_space(
    lambda: perceptron_batch(samples, W1, b1, relu),
    samples,
    green,
    "What your hidden layer hands on",
    cut=bias,
)

# %% [markdown]
# On the left no straight cut is enough. On the right, with a good `radius`, one cut is enough: all green points are on
# its left, all red ones on its right. The output neuron still draws a straight border. The hidden layer has moved the
# points so that this is enough.
#
# You chose these weights by hand. Below they are fitted, in up to 30 rounds.

# %%
predict(
    "How many hidden tanh neurons are enough to separate these points?",
    ["one", "two", "six"],
)

# %%
explore_boundary(deep_forward)

# %% [markdown]
# With *linear*, more *units* (neurons) still draw one line. Choose *tanh* and press play: the dashed lines turn into place.
#
# How far does this go? Take any continuous function on a closed and bounded region. One hidden layer with enough neurons
# comes as close to it as you like, everywhere in the region. This holds for every continuous $g$ that is not a polynomial
# (Leshno, Lin, Pinkus and Schocken, 1993). The theorem does not say how to find the weights.

# %% [markdown]
# ## What you built
#
# You built a neuron and found its border. You wrote a whole layer as one product, and eight non-linearities with their
# slopes. You proved that linear layers collapse. And your `deep_forward` runs a network of any depth.

# %%
progress()

# %% [markdown]
# **Reflect.** Set `radius` to 1.3 and `bias` to 0.1. Add `directions = np.delete(directions, 0)` below the line with
# `directions`: one neuron is gone. Which points change sides? Do the same with 1, 2, … in place of 0. Then take all six
# again, with `np.tanh` in place of `relu`.
#
# In three to five sentences: why does one neuron matter more than another? And why does everything turn green with tanh?

# %% [markdown] nbgrader={"grade": false, "grade_id": "reflection", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Without one neuron nobody objects in its direction, and the red points there turn green: 0, 9, 11, 8, 4 and 5 of them for
# the neurons at 0°, 60°, …, 300°. At 0° the ring is open, so no point changes. A tanh neuron without objection answers
# close to −1, not 0, and the output subtracts it. At a red point one or two neurons object, and the other five or four
# outweigh them. With a bias between about −4.4 and −3.4 the border closes again.

# %% [markdown]
# **Bonus, without points.** How few neurons can you make do with? The ring is open on one side. Write down weights by hand,
# with as few hidden ReLU neurons as you can, so that no point is wrong.


# %%
def my_weights():
    """[(W1, b1), (W2, b2)] with H hidden neurons.

    W1: (2, H).  b1: (H,).  W2: (H, 1).  b2: (1,).
    """
    raise NotImplementedError


rows = [("My own weights", lambda X: deep_forward(X, my_weights(), relu))]
plots.decisions(rows, samples, green)

# %% [markdown]
# ## What comes next
#
# You placed six neurons by hand. Nobody can do that for a million weights. To let the computer find them, it must first know how
# wrong a network is: [**lab 2**](../lab02_losses/lab02_losses.ipynb). Then [lab
# 3](../lab03_gradient_descent/lab03_gradient_descent.ipynb) walks downhill, and
# [lab 4](../lab04_backprop/lab04_backprop.ipynb) needs the slopes that you wrote today.
