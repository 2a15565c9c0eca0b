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
# # Will I pass this class?
#
# You have been to 4 lectures and put 30 hours into your project. Below are 240 students of earlier years: circles passed,
# crosses did not. You are the question mark.
#
# In this lab you teach one neuron to answer, with nothing but a slope to follow. You write eight functions, the engine of
# all training that comes later. Allow 90 minutes.

# %% tags=["setup"]
from itertools import islice

import numpy as np
from scipy.special import expit, log_expit

from course_utils import check, data, explore_learning_rate, explore_minibatch, landscapes, plots, sampling

students = data.will_i_pass()

# %%
names = ("lectures attended", "hours on the project")
title = "Lectures and hours both count, but how much?"
landscapes.yes_and_no(students.X_train, students.y_train, title, names, point=(4, 30))

# %% [markdown]
# A neuron answers with $\hat y = \sigma(w_0 + w_1\,\text{lectures} + w_2\,\text{hours})$. Every choice of $w$ has a *loss*
# $J(w)$, a number that says how badly it fits. Think of it as a height: the weights are a place on a map, and good
# weights lie in a valley.
#
# You stand on this map in fog. You cannot see the valley. You can only feel the slope under your feet. **Is that enough?**
#
# (The question is that of lecture 000. These students are made up.)

# %% [markdown]
# ## Feel the slope
#
# The derivative is the slope of a curve: $f(x)=x^2$ has $f'(x)=2x$. With several variables there is a slope along each,
# and together they are the *gradient*: $f(x)=3x_1^2+x_2^2$ has $\nabla f = (6x_1,\; 2x_2)$, at $(1, 1)$ that is $(6, 2)$.
#
# The gradient points where it goes *up* most steeply, so $-\nabla f$ points down. (Lecture 001, "Review from calculus".)

# %% [markdown]
# ### Exercise: `numerical_gradient`
# *Medium, 12 minutes.*
#
# A slope can be measured without any calculus: take a small step $h$ to both sides and divide. For $f(x)=x^3$ at
# $x=2$ with $h=0.1$, on paper:
#
# | | slope |
# |---|---|
# | one side: $(2.1^3 - 2^3)/0.1 = (9.261-8)/0.1$ | $12.61$ |
# | both sides: $(2.1^3 - 1.9^3)/0.2 = (9.261-6.859)/0.2$ | $12.01$ |
# | the truth, $3x^2$ | $12$ |
#
# Both sides win, so use *central differences*. Move one entry of $x$ at a time.


# %% nbgrader={"grade": false, "grade_id": "numerical_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(f, x, h=1e-5):
    """The slope of f along every entry of x, (f(x + h) - f(x - h)) / 2h.

    f: takes an array of x's shape, returns a number.
    x: an array of any shape, perhaps of whole numbers.  It may move meanwhile, but has to be back at the end.
    Returns an array of x's shape, of floats.
    numerical_gradient(lambda x: 3 * x[0]**2 + x[1]**2, np.array([1.0, 1.0]))  ->  [6.0, 2.0]
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[i] += h
        behind[i] -= h
        gradient[i] = (f(ahead) - f(behind)) / (2 * h)
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "numerical_gradient_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("numerical_gradient")

# %% [markdown]
# <details><summary>Stuck? It works for a vector, but not for a matrix</summary>
#
# `x[0]` of a matrix is a whole row. `np.ndindex(x.shape)` counts through all index tuples, and `x[index]` is then one
# entry.
# </details>
# <details><summary>Stuck? The slopes are 0, or whole numbers, though they should not be</summary>
#
# An array of whole numbers has no room for $2 + 0.00001$. What does `np.array([2]).dtype` say?
# </details>

# %%
def error_of_yours(h):
    return abs(numerical_gradient(lambda x: np.exp(x[0]), np.ones(1), h)[0] - np.e)


def error_of_one_side(h):
    return abs((np.exp(1 + h) - np.exp(1)) / h - np.e)


h_values = np.logspace(-1, -12, 34)
landscapes.curves(
    [
        ("yours", lambda: [(h, error_of_yours(h)) for h in h_values], 0.2),
        ("one side", lambda: [(h, error_of_one_side(h)) for h in h_values], 0.15),
    ],
    "Slope of eˣ: a smaller step can be worse",
    ("step h", "error"),
    log="xy",
)

# %% [markdown]
# From right to left the step shrinks. At first the error falls: for a step ten times smaller it is ten
# times smaller with one side, and a *hundred* times with both. **Why does it rise again further to the left?**

# %% [markdown]
# *Answer.* $f(x+h)$ and $f(x-h)$ then agree in nearly all of their 16 digits. Their difference keeps only the last few, which
# are rounding, and dividing by a tiny $h$ magnifies them. Near $h=10^{-5}$ both errors are small, hence the default.
# (Press et al., *Numerical Recipes*, section 5.7.)

# %% [markdown]
# ## How near is near enough?
#
# You will soon write gradients with calculus, and test them against measured ones. They never agree in all digits. A
# difference of 0.001 is nothing beside a slope of 1000, and everything beside a slope of 0.0001. So divide by the size:
#
# $$\frac{\lVert a-b\rVert}{\lVert a\rVert+\lVert b\rVert},\qquad \lVert a\rVert=\sqrt{\textstyle\sum_i a_i^2}$$

# %% [markdown]
# ### Exercise: `relative_error`
# *Easy, 6 minutes.*
#
# A gradient with a factor 2 too much: $a=(3,4)$ and $b=(6,8)$. On paper, $\lVert a-b\rVert=\lVert(-3,-4)\rVert=5$, and
# $\lVert a\rVert+\lVert b\rVert=5+10$. The relative error is $5/15=1/3$.
#
# Two special cases. All zeros against all zeros is a perfect match, not $0/0$. And an array (5,) against one of shape
# (5, 1) must be an *error*: NumPy would subtract them into a 5 × 5 table and give you a meaningless number.


# %% nbgrader={"grade": false, "grade_id": "relative_error", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relative_error(a, b):
    """How far two gradients are apart, measured by their size: ||a - b|| / (||a|| + ||b||).

    a, b: arrays of one shape, any shape; small gradients count as much as large ones.
    Returns a number; 0.0 when both are all zeros.  Raises ValueError when the shapes differ.
    relative_error(np.array([3.0, 4.0]), np.array([6.0, 8.0]))  ->  0.3333
    """
    ### BEGIN SOLUTION
    if np.shape(a) != np.shape(b):
        raise ValueError(f"shapes {np.shape(a)} and {np.shape(b)} cannot be compared")
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return np.linalg.norm(a - b) / size if size > 0 else 0.0
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "relative_error_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("relative_error")

# %% [markdown]
# <details><summary>Stuck? Some errors come out too small, or even 0</summary>
#
# Signed differences cancel: $+1$ and $-1$ add up to 0. What is squared before it is summed, and when is the root taken?
# </details>

# %%
def hill(x):
    return 3 * x[0] ** 2 + x[1] ** 2


def error_of(a):
    return lambda: relative_error(np.array(a), numerical_gradient(hill, np.ones(2)))


landscapes.ruler(
    {
        "(6, 2)": error_of([6.0, 2.0]),
        "(6.06, 2)": error_of([6.06, 2.0]),
        "(12, 4)": error_of([12.0, 4.0]),
        "(−6, −2)": error_of([-6.0, -2.0]),
    },
    "Right is far left, mistakes are far right",
    "relative error",
)

# %% [markdown]
# Four candidates for the gradient of $3x_1^2+x_2^2$ at $(1,1)$, against your measured one. The right one is more than a
# million times nearer than a slip of one percent. A rule of thumb: below $10^{-7}$ all is well, above $10^{-2}$ something is wrong.
# (Stanford's CS231n notes, "Gradient checks".)
#
# A factor 2 always gives $1/3$, and a wrong sign always 1.

# %% [markdown]
# ## A slope by calculus
#
# Measuring costs two evaluations of the loss for *every* weight. A network has millions. Calculus gives the whole gradient
# at the price of about one.
#
# Start with the simplest model, a line: $\hat y = w_0x_0 + w_1x_1 + \dots$ with $x_0=1$, so that the bias is a weight like
# any other. Its loss is the mean squared error $J=\frac1N\sum_n(\hat y_n-y_n)^2$, and
#
# $$\frac{\partial J}{\partial w_k}=\frac1N\sum_n 2(\hat y_n-y_n)\,x_{nk}$$

# %% [markdown]
# **Mean or sum?** Lecture 003 writes the training loss as a sum in one place and as a mean in another; lecture 000 says
# "total loss" above a formula with $\frac1n$. It matters: the gradient of the sum is $N$ times as long, so the same
# learning rate takes steps $N$ times as wide. In this course losses are means.

# %% [markdown]
# ### Exercise: `linear_regression_grad`
# *Medium, 12 minutes.*
#
# Two examples with one feature, $x=1$ and $x=3$, targets $1$ and $5$, and $w=(0,1)$. On paper:
#
# | $x_0$ | $x_1$ | $y$ | $\hat y$ | $2(\hat y-y)$ | times $x_0$ | times $x_1$ |
# |---|---|---|---|---|---|---|
# | 1 | 1 | 1 | 1 | 0 | 0 | 0 |
# | 1 | 3 | 5 | 3 | −4 | −4 | −12 |
# | | | | | *mean* | **−2** | **−6** |
#
# The column of ones: `np.column_stack([np.ones(len(X)), X])`. (Formula: lecture 001, "our example".)


# %% nbgrader={"grade": false, "grade_id": "linear_regression_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linear_regression_grad(X, y, w):
    """The gradient of the mean squared error of X1 @ w, where X1 is X with a column of ones in front.

    X: (N, D), without the ones; N may be 1.  y: (N,).  w: (1 + D,), w[0] is the bias.
    Returns an array of w's shape, of floats, also where X, y and w hold whole numbers.
    linear_regression_grad(np.array([[1], [3]]), np.array([1, 5]), np.array([0, 1]))  ->  [-2.0, -6.0]
    """
    ### BEGIN SOLUTION
    X1 = np.column_stack([np.ones(len(X)), X])
    return 2 * X1.T @ (X1 @ w - y) / len(X)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "linear_regression_grad_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("linear_regression_grad")

# %% [markdown]
# <details><summary>Stuck? "matmul: Input operand 1 has a mismatch in its core dimension"</summary>
#
# Write the shapes at the end of the line: X1 (N, 1 + D), the errors (N,), and the result has to be (1 + D,). Which of
# the two has to be turned around, and which stands first?
# </details>

# %%
patients = data.diabetes()
bmi = patients.X_train[:, [2]]
bmi = (bmi - bmi.mean()) / bmi.std()  # (265, 1)


def mean_squared_error(X, y, w):
    return np.mean((w[0] + X @ w[1:] - y) ** 2)


# %%
landscapes.slopes(
    lambda w: mean_squared_error(bmi, patients.y_train, w),
    lambda w: linear_regression_grad(bmi, patients.y_train, w),
    ((0, 320), (-110, 210)),
    "Every arrow leaves its contour at a right angle",
    ("$w_0$", "$w_1$"),
)

# %% [markdown]
# A real landscape: how the disease of 265 diabetes patients went on, predicted from their body mass index. The lines are
# contours of the loss, the cross is its lowest point, and the arrows are *your* $-\nabla J$: straight down the slope, and
# long where it is steep. (Data: Efron et al., 2004, as in scikit-learn.)

# %% [markdown]
# ## One neuron
#
# Passing is a yes or a no, so let $z=w_0+w_1x_1+w_2x_2$ pass through the sigmoid: $p=\sigma(z)$ is the probability of a
# yes. The loss is the cross-entropy, for one example
#
# $$J=-\big(y\log p+(1-y)\log(1-p)\big).$$
#
# Chain rule: $\dfrac{\partial J}{\partial z}=\underbrace{\dfrac{p-y}{p(1-p)}}_{\partial J/\partial p}\cdot
# \underbrace{p(1-p)}_{\sigma'(z)}=p-y$. All that remains is the error.

# %% [markdown]
# ### Exercise: `logistic_regression_grad`
# *Medium, 10 minutes.*
#
# Two examples with one feature, $x=4$ with $y=1$ and $x=-2$ with $y=0$. At $w=(0,0)$ every $p=\sigma(0)=0.5$. On paper:
#
# | $x_0$ | $x_1$ | $y$ | $p$ | $p-y$ | times $x_0$ | times $x_1$ |
# |---|---|---|---|---|---|---|
# | 1 | 4 | 1 | 0.5 | −0.5 | −0.5 | −2 |
# | 1 | −2 | 0 | 0.5 | 0.5 | 0.5 | −1 |
# | | | | | *mean* | **0** | **−1.5** |
#
# `expit` from SciPy is $\sigma$, and it does not overflow.


# %% nbgrader={"grade": false, "grade_id": "logistic_regression_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def logistic_regression_grad(X, y, w):
    """The gradient of the mean cross-entropy of one neuron, p = expit(X1 @ w), X1 as above.

    X: (N, D), without the ones; N may be 1.  y: (N,), 0 or 1.  w: (1 + D,), w[0] is the bias.
    Returns an array of w's shape: numbers, also for scores X1 @ w as large as ±900.
    logistic_regression_grad(np.array([[4], [-2]]), np.array([1, 0]), np.zeros(2))  ->  [0.0, -1.5]
    """
    ### BEGIN SOLUTION
    X1 = np.column_stack([np.ones(len(X)), X])
    p = expit(X1 @ w)
    return X1.T @ (p - y) / len(X)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "logistic_regression_grad_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("logistic_regression_grad")

# %% [markdown]
# <details><summary>Stuck? The gradient has the right direction but is too short</summary>
#
# Is there a $p(1-p)$ in your line? Look at the chain rule above: it stands once below a fraction bar and once beside it.
# </details>

# %%
def cross_entropy(X, y, w):
    z = w[0] + X @ w[1:]
    return -np.mean(y * log_expit(z) + (1 - y) * log_expit(-z))


# %%
rng = np.random.default_rng(3)
X, y, w = rng.normal(size=(7, 3)), rng.integers(0, 2, size=7), rng.normal(size=4)


def gradient_check(loss, grad):
    return lambda: relative_error(grad(X, y, w), numerical_gradient(lambda v: loss(X, y, v), w))


landscapes.ruler(
    {
        "linear": gradient_check(mean_squared_error, linear_regression_grad),
        "logistic": gradient_check(cross_entropy, logistic_regression_grad),
    },
    "Calculus and measurement agree",
    "relative error",
)

# %% [markdown]
# This is a *gradient check*: your formulas against your measurement, on random inputs. Whenever you write a gradient, do
# this before you train with it. The next lab opens with a network that trains beautifully on a wrong gradient.

# %% [markdown]
# ## Walk downhill
#
# Go a little way against the gradient, and again, and again: $w \leftarrow w-\eta\,\nabla J(w)$. The *learning rate*
# $\eta$ says how far. When do you stop? The lectures disagree:
#
# - 001 writes `while True:` and, later, `while(keep_training)`, which never ends (and lacks its colon);
# - 003 writes `While stopping criteria not reached /* ‖∇‖ ≤ ε */`.
#
# The comment in 003 is the condition to *stop*. Go on while $\lVert\nabla J\rVert>\varepsilon$, and give up after
# `max_steps` in any case.

# %% [markdown]
# ### Exercise: `gradient_descent`
# *Medium, 15 minutes.*
#
# $f(w)=w^2$ has the slope $2w$. Start at $w=1$ with $\eta=0.25$ and $\varepsilon=0.25$. On paper:
#
# | steps so far | $w$ | slope $2w$ | go on? |
# |---|---|---|---|
# | 0 | 1 | 2 | yes |
# | 1 | 0.5 | 1 | yes |
# | 2 | 0.25 | 0.5 | yes |
# | 3 | 0.125 | 0.25 | no: $0.25\le\varepsilon$ |
#
# The answer is $(0.125,\,3)$. A walk that starts where it is flat enough takes 0 steps.


# %% nbgrader={"grade": false, "grade_id": "gradient_descent", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_descent(grad, w0, lr, eps, max_steps):
    """Walk from w0 against the gradient, until its length is at most eps or max_steps steps are taken.

    grad: takes w (D,), returns the gradient (D,); ask it as often as you like.
    w0: (D,); leave it as it is, it may hold whole numbers.  max_steps: 0 or more.
    Returns (w, steps): where the walk ends, and how many times w was changed.
    gradient_descent(lambda w: 2 * w, np.array([1.0]), 0.25, 0.25, 100)  ->  (array([0.125]), 3)
    gradient_descent(lambda w: 2 * w, np.array([1.0]), 0.25, 0.25, 2)    ->  (array([0.25]), 2)
    """
    ### BEGIN SOLUTION
    w, steps = np.array(w0, dtype=float), 0
    dw = grad(w)
    while np.linalg.norm(dw) > eps and steps < max_steps:
        w = w - lr * dw
        dw = grad(w)
        steps += 1
    return w, steps
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "gradient_descent_check", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
check("gradient_descent")

# %% [markdown]
# <details><summary>Stuck? "The argument w0 is not the same after the call"</summary>
#
# `w = w0` makes a second name for the same array, and `w -= …` changes that array. What makes a new one?
# </details>
# <details><summary>Stuck? The number of steps is off by one</summary>
#
# Count changes of $w$, not looks at the gradient: in the table above the gradient is looked at four times. Where does
# `steps` grow, and where is the test?
# </details>

# %%
def walk(grad, w0, lr, steps):
    """Every place on the way, start included: your gradient_descent, one step at a time."""
    path = [np.array(w0, dtype=float)]
    for _ in range(steps):
        path.append(gradient_descent(grad, path[-1], lr, 0.0, 1)[0])
    return np.array(path)


# %% [markdown]
# ### How wide a step?
#
# Four walkers on $f(w)=w^2$, all from $w=1$, with four learning rates. **Guess first:** at which rate does walking turn
# into running away? Work it out from $w\leftarrow w-\eta\cdot2w$.

# %%
def stroll(lr, steps, title):
    return title, lambda: walk(lambda w: 2 * w, [1.0], lr, steps)


landscapes.walks(
    lambda w: w**2,
    [
        stroll(0.02, 20, "η = 0.02: too small, it crawls"),
        stroll(0.3, 20, "η = 0.3: steady"),
        stroll(0.9, 20, "η = 0.9: oscillates, and arrives"),
        stroll(1.05, 8, "η = 1.05: diverges"),
    ],
    (-2.4, 2.4),
)

# %% [markdown]
# *Answer.* One step multiplies $w$ by $1-2\eta$. The walk comes closer while $|1-2\eta|<1$, that is for $\eta<1$. In general
# the limit is 2 divided by the curvature (here $f''=2$). Just below it the walk jumps from side to side; above it every
# jump is wider than the last. (Lecture 000, "Setting the learning rate".)

# %% [markdown]
# ### More than one valley
#
# The loss of a deep network is no bowl. Here is a curve with several valleys; the deepest is at $w\approx-0.75$. **Does a
# well-chosen learning rate find it?** Lecture 000 says that stable learning rates "converge smoothly and avoid local
# minima". Guess before you look at where the four walkers end.

# %%
def valleys(w):
    return 0.1 * w**2 + np.sin(2 * w)


def tour(w0, lr, title):
    return title, lambda: walk(lambda w: 0.2 * w + 2 * np.cos(2 * w), [w0], lr, 40)


landscapes.walks(
    valleys,
    [
        tour(6.0, 0.02, "From 6, η = 0.02: the nearest valley"),
        tour(6.0, 0.2, "From 6, η = 0.2: the same valley"),
        tour(-2.0, 0.2, "From −2, η = 0.2: the deepest"),
        tour(6.0, 0.9, "From 6, η = 0.9: out, but never at rest"),
    ],
    (-6.5, 6.5),
)

# %% [markdown]
# *Answer.* No. A stable rate walks into the valley it starts in, and the *start* decides. A large rate may leap out, but
# by luck, and then it does not settle anywhere. The slide claims too much. Neither of your two losses has this problem:
# both are bowls with a single valley, so any start will do, even zeros.

# %% [markdown]
# ### Bowl and ravine
#
# With two weights a valley can be round, or long and narrow. Left $f=\frac12(w_1^2+w_2^2)$, then
# $f=\frac12(w_1^2+25w_2^2)$, where $w_2$ has 25 times the curvature. **What is the largest rate for the ravine, and how does
# a walk near it look?** The rule from above: 2 divided by the curvature.

# %%
def hike(curvature, lr, steps, title):
    c = np.array([1.0, curvature])
    return title, lambda w: 0.5 * c @ w**2, lambda: walk(lambda w: c * w, [-4.0, 1.0], lr, steps)


landscapes.maps(
    [
        hike(1, 0.3, 12, "Bowl, η = 0.3: straight in"),
        hike(25, 0.02, 40, "Ravine, η = 0.02: crawls along"),
        hike(25, 0.077, 40, "Ravine, η = 0.077: zigzags"),
        hike(25, 0.082, 20, "Ravine, η = 0.082: diverges"),
    ],
    ((-5, 5), (-3, 3)),
)

# %% [markdown]
# *Answer.* The steep direction allows $\eta<2/25=0.08$, and at that rate the gentle one moves slowly. No single learning rate
# suits a ravine.

# %% [markdown]
# ### Try them all
#
# Your `gradient_descent` on all three landscapes. Drag the start, turn the rate. **In the ravine, does the largest rate that
# still works depend on the start? And from which starts does a small rate find the deepest valley of the curve?**

# %%
explore_learning_rate(gradient_descent)

# %% [markdown]
# *Answer.* In bowl and ravine no: the curvature alone decides, 2 for the bowl and 0.08 for the ravine. On the curve the start
# decides, as long as the rate is small: from anywhere between the hills at −2.5 and 0.8 the walk ends in the deepest valley.
#
# Ravines are everywhere: hours run to 60 and lectures to 10, so $w_2$ feels much more curvature than $w_1$. The cheapest
# cure is to change the map: *scale* the features.

# %% tags=["setup"]
train_mean, train_std = students.X_train.mean(axis=0), students.X_train.std(axis=0)

# %%
X_scaled, y_train = (students.X_train - train_mean) / train_std, students.y_train


def losses(X, lr):
    path = walk(lambda w: logistic_regression_grad(X, y_train, w), np.zeros(3), lr, 600)
    return [(step, cross_entropy(X, y_train, path[step])) for step in range(0, 601, 10)]


landscapes.curves(
    [
        ("scaled, η = 1", lambda: losses(X_scaled, 1.0), 1),
        ("raw, η = 0.01", lambda: losses(students.X_train, 0.01), 1),
    ],
    "Scaled features make a bowl of the ravine",
    ("steps", "loss"),
)

# %% [markdown]
# Same students, same code. Scaled to mean 0 and spread 1, the walk reaches $\lVert\nabla J\rVert\le0.001$ in 234 steps. In
# raw units we tried ten rates from 0.001 to 0.3, and none got there in 20 000: small ones crawl, large ones never settle.
#
# The mean and the spread come from the *training* part alone. The other parts must not leak into anything that is learned.

# %% [markdown]
# ## A few examples at a time
#
# Every step so far looked at all examples. With millions of them that is a long look for one short step. So estimate the
# gradient from a small *batch* instead (lecture 001: "32, 64, 128", as many as fit on the GPU).

# %% [markdown]
# `sample_data(data, 128)` on the slide draws a fresh batch each time. In practice one shuffles, then deals out all
# examples like a pack of cards: that is an *epoch*, in which each has its turn exactly once.

# %% tags=["setup"]
def one_epoch(minibatches, X, y, batch_size, rng):
    """All batches of one epoch in a list. They are cut off after N + 1, should they never end."""
    return list(islice(minibatches(X, y, batch_size, rng), len(X) + 1))


# %% [markdown]
# ### Exercise: `minibatches`
# *Medium, 12 minutes.*
#
# Seven examples in batches of three. Shuffle their *numbers*, deal them out, keep what is left at the end:
#
# | shuffled numbers | batch 0 | batch 1 | batch 2 |
# |---|---|---|---|
# | 5, 0, 3, 6, 1, 4, 2 | 5, 0, 3 | 6, 1, 4 | 2 |
#
# A *generator* hands over one batch and goes on where it was: write `yield` where you would write `return`. With an array
# of numbers as index, `X[[5, 0, 3]]` are those three rows.


# %% nbgrader={"grade": false, "grade_id": "minibatches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def minibatches(X, y, batch_size, rng):
    """Yield (X_batch, y_batch), every example once, in a new random order at every call.

    X: (N, ...).  y: (N,), stays with its X.  Leave both arrays as they are.
    batch_size: examples in a batch; the last batch has fewer when they do not fit, and is never empty.
    rng: a numpy Generator; draw the order from it, as in rng.permutation(N), so that an equal rng gives it again.
    A generator is what one writes for this; a list of the pairs, or anything else to loop over, will do as well.
    7 examples, batch_size 3  ->  batches of 3, 3 and 1 examples
    """
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "minibatches_check", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
check("minibatches")

# %% [markdown]
# <details><summary>Stuck? X and y no longer belong together</summary>
#
# Two shuffles are two different orders. Make one array of row numbers, shuffle that, and use it for both.
# </details>
# <details><summary>Stuck? Only one batch comes out</summary>
#
# `return` ends the function. Is there a loop over the starts 0, batch_size, 2·batch_size, …, with a `yield` inside it?
# </details>

# %%
def batch_of_each(rng):
    """For 17 numbered examples, the batch in which each one comes."""
    found = np.zeros(17)
    batches = one_epoch(minibatches, np.zeros((17, 1)), np.arange(17), 5, rng)
    for number, (_, y_batch) in enumerate(batches):
        found[y_batch] = number
    return found


rng = np.random.default_rng(4)
title = "Everybody has a turn, each time with others"
sampling.seats(lambda: [batch_of_each(rng) for _ in range(6)], title, "six epochs", "17 examples")

# %% [markdown]
# Each row is an epoch of *your* `minibatches`, each column an example, and the number is its batch. Batches 0, 1 and 2 have
# five examples, batch 3 has two.

# %% [markdown]
# ### How noisy is a small batch?
#
# A batch sees only some of the examples, so its gradient is off. Lecture 000: one example is "very noisy", a batch "a much
# better estimate". **How much better? When a batch is four times as large, how much smaller is its error?** Guess, then
# read the three spreads.

# %%
w_here = np.array([100.0, 0.0])


def batch_gradients(batch_size):
    rng = np.random.default_rng(6)
    batches = one_epoch(minibatches, bmi, patients.y_train, batch_size, rng)
    return [linear_regression_grad(X_batch, y_batch, w_here) for X_batch, y_batch in batches]


sampling.clouds(
    {
        "batches of 1": lambda: batch_gradients(1),
        "batches of 4": lambda: batch_gradients(4),
        "batches of 16": lambda: batch_gradients(16),
    },
    lambda: linear_regression_grad(bmi, patients.y_train, w_here),
    "Larger batches agree more about the slope",
    ("slope along $w_0$", "slope along $w_1$"),
)

# %% [markdown]
# *Answer.* About half. Each dot is the gradient of one batch of patients, the cross that of all of them. The mean of $B$
# examples scatters by $1/\sqrt B$: four times the work for half the noise. On average every cloud is centred on the cross,
# so small batches are wrong, but not biased. That is why they may be used.

# %% [markdown]
# **What becomes of the arrows at the lowest point?** Drag $w$ onto the green cross, with batches of 1 and of 16. The data
# are made up; the gradients come from your `linear_regression_grad`.

# %%
explore_minibatch(linear_regression_grad)

# %% [markdown]
# *Answer.* The green arrow vanishes there, the orange ones do not: each batch has a lowest point of its own. So a walk of
# small batches comes close quickly and then never rests.

# %% [markdown]
# ## Stochastic gradient descent
#
# One step per batch instead of one per look at everything. Two slips on the slides of lecture 000 to know about:
#
# - the SGD slide computes $\partial J_i/\partial W$ for its one example, then updates with $\partial J/\partial W$, the
#   gradient of *all*. Right: $W\leftarrow W-\eta\,\partial J_i/\partial W$;
# - `grads = tf.gradients(…)` is a *list*, so `lr * grads` fails. Right: `lr * grads[0]`.

# %% [markdown]
# ### Exercise: `sgd_epoch`
# *Medium, 12 minutes.*
#
# A model with a bias only, $\hat y=w$: its gradient for a batch is $2(w-\text{mean of the batch's }y)$. Targets 1, 3, 5 in
# batches of two, dealt as (1, 3) and (5), from $w=0$ with $\eta=0.25$:
#
# | batch | mean | gradient | new $w$ |
# |---|---|---|---|
# | 1, 3 | 2 | $2(0-2)=-4$ | $0+0.25\cdot4=1$ |
# | 5 | 5 | $2(1-5)=-8$ | $1+0.25\cdot8=3$ |
#
# The second gradient is taken at the *new* $w$. Gradient descent would make one step in the same time, to 1.5.


# %% nbgrader={"grade": false, "grade_id": "sgd_epoch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    """One epoch: a step against the gradient of each batch, in the order in which your minibatches deals them.

    grad: called as grad(X_batch, y_batch, w), gives the gradient (D,) of the batch's mean loss, for any model.
    You may ask it more than once for a batch.
    w: (D,); leave it as it is, it may hold whole numbers.  X, y, batch_size, rng: for minibatches.
    Returns the new w.  With one batch of all three targets from above:
    sgd_epoch(lambda X, y, w: 2 * (w - y.mean()), np.array([0.0]), X, y, 0.25, 3, rng)  ->  [1.5]
    """
    ### BEGIN SOLUTION
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        w = w - lr * grad(X_batch, y_batch, w)
    return w
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sgd_epoch_check", "locked": true, "points": 16, "schema_version": 3, "solution": false, "task": false}
check("sgd_epoch")

# %% [markdown]
# <details><summary>Stuck? The steps have the right direction and the wrong length</summary>
#
# `grad` returns a mean over its batch. Is anything divided by a number of examples a second time, or multiplied?
# </details>
# <details><summary>Stuck? w hardly moves, as if there were only one batch</summary>
#
# Which `w` does the second batch start from? And does `return` stand inside the loop or after it?
# </details>

# %% [markdown]
# ### Which one gets there first?
#
# Two walkers from $w=(0,0)$ on the patients' landscape, both with $\eta=0.1$, both looking at every patient as often. One
# takes a step per epoch, the other one per batch of 16, which makes 17 steps per epoch. **Which is ahead after the first epoch,
# and which after thirty?**

# %%
def loss(w):
    return mean_squared_error(bmi, patients.y_train, w)


def gd_trail(epochs):
    return walk(lambda w: linear_regression_grad(bmi, patients.y_train, w), np.zeros(2), 0.1, epochs)


# %%
def sgd_trail(epochs):
    """Every place on the way: wherever sgd_epoch asks for a gradient, and the end."""
    trail, w, rng = [], np.zeros(2), np.random.default_rng(0)

    def watched(X_batch, y_batch, w):
        trail.append(w)
        return linear_regression_grad(X_batch, y_batch, w)

    for _ in range(epochs):
        w = sgd_epoch(watched, w, bmi, patients.y_train, 0.1, 16, rng)
    return np.array([*trail, w])


# %%
landscapes.maps(
    [
        ("Gradient descent, 8 epochs: calm", loss, lambda: gd_trail(8)),
        ("SGD, 8 epochs: quick, then restless", loss, lambda: sgd_trail(8)),
    ],
    ((-20, 220), (-60, 120)),
    ("$w_0$", "$w_1$"),
)

# %%
lowest = np.var(patients.y_train) * (1 - np.corrcoef(bmi[:, 0], patients.y_train)[0, 1] ** 2)
landscapes.curves(
    [
        ("GD", lambda: [(epoch, loss(w) - lowest) for epoch, w in enumerate(gd_trail(30))], 0.3),
        ("SGD", lambda: [(step / 17, loss(w) - lowest) for step, w in enumerate(sgd_trail(30))], 1),
    ],
    "SGD is near in one epoch, then it jitters",
    ("epochs", "loss above the lowest"),
    log="y",
)

# %% [markdown]
# *Answer.* SGD is near the bottom after one epoch, where gradient descent has made a single step. But it never comes to
# rest: each batch pulls towards a bottom of its own. Gradient descent overtakes it and goes on down. Smaller learning rates
# towards the end calm SGD; lab 6 does that.

# %% [markdown]
# **Also on the slides.** Lecture 003: noise can help on landscapes that are no bowls. Lecture 000: steps for many examples
# run in parallel on a GPU. Both are true, and lab 9 measures the second.

# %% [markdown]
# Lecture 001 calls an L2 penalty "weight decay". For the step you just wrote they are the same: adding $\lambda w^2$ to the
# loss multiplies $w$ by $1-2\eta\lambda$ in each step. For optimizers that rescale the gradient, such as Adam, they are not
# (Loshchilov and Hutter, 2019).

# %% [markdown]
# ## So, will you pass?
#
# Training is three lines with what you have: the gradient of one neuron, scaled features, a walk. One trap is left. The
# weights were learned for *scaled* features, so whoever asks has to be scaled as well, with the mean and spread of the
# **training** students. One student alone has no spread at all.

# %% [markdown]
# ### Exercise: `predict_pass`
# *Easy, 8 minutes.*
#
# Suppose `train_mean` were (5, 30), `train_std` (2, 20) and $w=(0.5,\,1,\,2)$. You come with 4 lectures and 30 hours:
#
# | | lectures | hours |
# |---|---|---|
# | raw | 4 | 30 |
# | scaled | $(4-5)/2=-0.5$ | $(30-30)/20=0$ |
#
# $z=0.5+1\cdot(-0.5)+2\cdot0=0$, so $p=\sigma(0)=0.5$: exactly on the border. One lecture more, and $z=0.5>0$: pass.
#
# Answer "pass" where $p>0.5$. The real `train_mean` and `train_std` are there since "Bowl and ravine".


# %% nbgrader={"grade": false, "grade_id": "predict_pass", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_pass(lectures, hours, w):
    """Whether each student is more likely to pass than not, by weights for scaled features.

    lectures, hours: arrays (N,), in their own units; scale them with train_mean and train_std, arrays (2,).
    w: (3,), for the bias, scaled lectures and scaled hours.
    Returns N truth values, also for N = 1 (0 and 1 will do): p = 0.5 is no pass yet.
    predict_pass(np.array([2, 9]), np.array([10.0, 50.0]), np.array([0.0, 1.0, 1.0]))  ->  [False, True]
    """
    ### BEGIN SOLUTION
    X = (np.column_stack([lectures, hours]) - train_mean) / train_std
    return w[0] + X @ w[1:] > 0
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "predict_pass_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("predict_pass")

# %% [markdown]
# <details><summary>Stuck? A student alone gets another answer than the same student in a class</summary>
#
# Are there a `mean()` and a `std()` in your function? They would be those of whoever asks. Use the two names that are
# there already.
# </details>

# %%
def slope(w):
    return logistic_regression_grad(X_scaled, y_train, w)


def answers(X):
    w, _ = gradient_descent(slope, np.zeros(3), 1.0, 1e-3, 1000)
    return predict_pass(X[:, 0], X[:, 1], w)


title = "Your border, among 80 new students"
landscapes.yes_and_no(students.X_valid, students.y_valid, title, names, point=(4, 30), predict=answers)

# %% [markdown]
# Blue means pass. The circles and crosses are the *validation* part, which your neuron was not trained on. At the question
# mark it says $p=0.41$: probably not, but a few hours more and you are over the border.

# %% [markdown]
# ### The last envelope
#
# Data comes in three parts. *Train* to fit the weights, *validate* to choose, say the learning rate, and *test* once, at
# the end, to know how good it is. We have not touched the test part so far. **Guess the share of right answers**, then open it.

# %%
def share_right(X, y):
    share = plots.attempt(lambda: np.mean(np.equal(answers(X), y)), shape=())
    return share if isinstance(share, str) else f"{share:.3f}"


{
    "train": share_right(students.X_train, students.y_train),
    "validate": share_right(students.X_valid, students.y_valid),
    "test": share_right(students.X_test, students.y_test),
}

# %% [markdown]
# On the training part it is 0.92, on the test part 0.85. With 80 students one of them is 0.0125, and numbers like these
# scatter by about 0.04, so this is no scandal. But 0.85 is what you may report. Had you picked the best of many models on
# the test part, it would no longer tell you the truth.

# %% [markdown]
# ## What you built
#
# A way to measure any gradient, a way to compare two, the gradients of two models, gradient descent, mini-batches and SGD.
# Nothing in training a large network is different in kind: there are only more weights, and a longer chain rule.

# %% [markdown]
# **To think about.** Your walk found the weights without ever seeing the landscape. What would you have to measure to be
# sure that it stands in a valley, and not on a saddle or a plain?
#
# Next, in lab 4: a two-layer network whose loss falls splendidly, on a gradient that is wrong in three places.
