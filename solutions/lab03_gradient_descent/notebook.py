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
# You have been to 4 lectures, and you have worked 30 hours on your project. Below are 240 students of earlier years. A
# circle passed, a cross did not. You are the question mark.
#
# In this lab one neuron learns to answer, and it follows nothing but a slope. Allow three hours, reading included: two
# before a break, and one after it.

# %% tags=["setup"]
import course_utils  # not found? Run %pip install handgrad in a new cell, then this cell again

from itertools import islice

import numpy as np
from scipy.special import expit, log_expit

from course_utils import answer, check, data, explore_learning_rate, explore_minibatch
from course_utils import hint, landscapes, plots, predict, progress, review, sampling, tables

students = data.will_i_pass()

# %%
names = ("lectures attended", "hours on the project")
title = "Lectures and hours both count, but how much?"
landscapes.yes_and_no(students.X_train, students.y_train, title, names, point=(4, 30))

# %% [markdown]
# ## Try it by hand
#
# A neuron computes $\hat y = \sigma(w_0 + w_1\,\text{lectures} + w_2\,\text{hours})$ and says "pass" above 0.5. Its border
# is a line.
#
# **Change the three numbers below and run the cell again.** Blue means "pass". Saying "pass" to everybody makes 103
# mistakes. How few can you reach?
#
# (Lecture 000, "Example Problem: Will I pass this class?". The students are made up.)

# %%
w_try = np.array([-6.0, 1.0, 0.0])  # change these three numbers and run the cell again


def says_pass(X):
    return w_try[0] + X @ w_try[1:] > 0


X, y = students.X_train, students.y_train
title = f"This line is wrong for {np.sum(says_pass(X) != y)} of 240 students"
landscapes.yes_and_no(X, y, title, names, point=(4, 30), predict=says_pass)

# %% [markdown]
# You had three numbers and a picture. A network has millions of numbers and no picture. What it has is a *loss* $J(w)$:
# one number that says how badly the weights $w$ fit.
#
# Think of the loss as a height. The weights are a place on a map, and good weights lie in a valley. You stand there in fog.
# You cannot see the valley; you only feel the slope under your feet. **Is that enough?**

# %% [markdown]
# ## Feel the slope
#
# The derivative is the slope of a curve: $f(x)=x^3$ has $f'(x)=3x^2$, so the slope at $x=2$ is 12.
#
# A slope can also be *measured*: take a small step $h$, see how much $f$ grows, and divide by the step. The cell below does
# that with one step ahead. **Change it so that it goes from $2-h$ to $2+h$.** By what do you have to divide now? Which one is
# nearer to 12?

# %%
def cube(x):
    return x**3


h = 0.1
(cube(2 + h) - cube(2)) / h

# %% [markdown]
# <details><summary>What you should get</summary>
#
# | | slope |
# |---|---|
# | one side: $(2.1^3-2^3)/0.1=(9.261-8)/0.1$ | $12.61$ |
# | both sides: $(2.1^3-1.9^3)/0.2=(9.261-6.859)/0.2$ | $12.01$ |
#
# From $2-h$ to $2+h$ it is $2h$. With both sides you get much nearer to 12. This is called a *central difference*.
# </details>

# %% [markdown]
# ### Exercise: `numerical_gradient`
# *Medium, 20 minutes.*
#
# A function of several numbers has a slope along each of them. Together they are the *gradient*, written $\nabla f$. Here is
# $f(x)=3x_1^2+x_2^2$ at $(1,1)$, measured with $h=0.1$, one entry at a time:
#
# | entry that moves | $f$ ahead | $f$ behind | difference | slope |
# |---|---|---|---|---|
# | $x_1$ | $f(1.1,\,1)=4.63$ | $f(0.9,\,1)=3.43$ | 1.2 | 6 |
# | $x_2$ | $f(1,\,1.1)=4.21$ | $f(1,\,0.9)=3.81$ | 0.4 | 2 |
#
# (Lecture 001, "Review from calculus", has this example.)


# %% nbgrader={"grade": false, "grade_id": "numerical_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(f, x, h=1e-5):
    """The slope of f along every entry of x, measured with a step h to both sides.

    f: takes an array of x's shape, returns a number.
    x: an array of any shape, perhaps of whole numbers.  It may move meanwhile, but
    has to be back at the end.
    Returns an array of x's shape, of floats.
    numerical_gradient(lambda x: 3 * x[0]**2 + x[1]**2, np.array([1.0, 1.0]))
        ->  [6.0, 2.0]
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
# ### How small a step?
#
# The function is $e^x$ at $x=1$, where the slope is $e$. We measure it with smaller and smaller steps.

# %%
predict(
    "The step h shrinks from 0.1 to 0.000000000001. What does the slope's error do?",
    ["it shrinks all the way", "it shrinks, then it grows again", "it stays as it is"],
)


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
# Read from right to left. When the step gets ten times smaller, the error on one side gets ten times smaller, and yours a
# *hundred* times. Then rounding takes over. Near $h=10^{-5}$ yours is lowest; that is why it is the default. (Press et al.,
# *Numerical Recipes*, section 5.7.)

# %% [markdown]
# ## When do two gradients agree?
#
# You will soon write gradients with calculus and test them against measured ones. They never agree in all digits. A
# difference of 0.001 is nothing beside a slope of 1000, but everything beside a slope of 0.0001. So divide the difference by
# the size of the gradients.

# %% [markdown]
# ### Exercise: `relative_error`
# *Easy, 10 minutes.*
#
# The length of $(3,4)$ is $\sqrt{3^2+4^2}=5$. Three wrong gradients $b$ beside the right one, $a=(3,4)$:
#
# | $b$ | $a-b$ | its length | length of $a$ plus length of $b$ | relative error |
# |---|---|---|---|---|
# | $(6,8)$ | $(-3,-4)$ | 5 | $5+10$ | $1/3$ |
# | $(-3,-4)$ | $(6,8)$ | 10 | $5+5$ | $1$ |
# | $(3,4.01)$ | $(0,-0.01)$ | 0.01 | about 10 | about $0.001$ |
#
# All zeros against all zeros agree: 0, not $0/0$.


# %% nbgrader={"grade": false, "grade_id": "relative_error", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relative_error(a, b):
    """The length of a - b, divided by the length of a plus the length of b.

    a, b: arrays of one shape, any shape; small gradients count as much as large ones.
    Returns a number; 0.0 when both are all zeros.
    Raises ValueError when the shapes differ: of (5,) minus (5, 1), NumPy would make
    a 5 x 5 table.
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
# Now something unfair. In the two gradients below the large entries agree, and the small one is wrong by a factor 2.

# %%
predict(
    "The gradients are (1000, 0.0001) and (1000, 0.0002). What is their relative error?",
    ["about 1/3", "about 0.001", "below 0.0000001"],
)


# %%
def hill(x):
    return 3 * x[0] ** 2 + x[1] ** 2


def error_of(a):
    return lambda: relative_error(np.array(a), numerical_gradient(hill, np.ones(2)))


large, wrong_by_2 = np.array([1000.0, 0.0001]), np.array([1000.0, 0.0002])
rows = {
    "(6, 2): right": error_of([6.0, 2.0]),
    "(6.06, 2)": error_of([6.06, 2.0]),
    "(12, 4)": error_of([12.0, 4.0]),
    "(−6, −2)": error_of([-6.0, -2.0]),
    "(1000, …)": lambda: relative_error(large, wrong_by_2),
}
landscapes.ruler(rows, "Mistakes are far to the right, but one hides", "relative error")

# %% [markdown]
# Rows 1 to 4 are answers for the gradient of $3x_1^2+x_2^2$ at $(1,1)$, against your measured one.
# A factor 2 always gives $1/3$, and a wrong sign gives 1.

# %% [markdown]
# **A rule of thumb:** below $10^{-7}$ all is well, above $10^{-2}$ something is wrong. (CS231n notes, "Gradient checks".) The
# rule is made for *one entry at a time*. Taken alone, the small entries of the last row have the error $1/3$: the mistake is
# found. The whole gradients have $5\cdot10^{-8}$: the mistake hides. So where slopes differ much in size, compare them one by
# one as well.

# %% [markdown]
# ## A slope by calculus
#
# Measuring costs two evaluations of the loss for *every* weight, and a network has millions. With calculus, the whole
# gradient costs about as much as two or three evaluations, however many weights there are.
#
# The simplest model is a line: $\hat y=w_0+w_1x$. The loss of one example is $(\hat y-y)^2$. Your `numerical_gradient`
# measures its two slopes for four examples. **Which rule makes the last two columns from the first two?**

# %%
examples = [(1.0, 1.0), (3.0, 5.0), (3.0, 1.0), (-2.0, 1.0)]  # pairs of x and y


def measured_slopes():
    w = np.array([0.0, 1.0])
    rows = []
    for x, y in examples:
        slopes = numerical_gradient(lambda w, x=x, y=y: (w[0] + w[1] * x - y) ** 2, w)
        rows.append([w[0] + w[1] * x - y, x, *slopes])
    return rows


tables.rows(["ŷ − y", "x", "slope along w₀", "slope along w₁"], measured_slopes)

# %% [markdown]
# <details><summary>The rule, if you do not see it</summary>
#
# The slope along $w_0$ is twice the error $\hat y-y$, and the slope along $w_1$ is that number times $x$. Calculus agrees:
# the square gives $2(\hat y-y)$. When $w_1$ grows by 1, $\hat y$ grows by $x$.
# </details>
#
# Give the bias an input as well, $x_0=1$. Then all weights follow one rule.

# %% [markdown]
# ### Exercise: `linear_regression_grad`
# *Medium, 15 minutes.*
#
# With several examples, the loss is the **mean** of their losses, and so is the gradient. At $w=(0,1)$:
#
# | $x_0$ | $x_1$ | $y$ | $\hat y$ | $2(\hat y-y)$ | times $x_0$ | times $x_1$ |
# |---|---|---|---|---|---|---|
# | 1 | 1 | 1 | 1 | 0 | 0 | 0 |
# | 1 | 3 | 5 | 3 | −4 | −4 | −12 |
# | | | | | *mean* | **−2** | **−6** |
#
# This puts a column of ones in front: `np.column_stack([np.ones(len(X)), X])`. (Lecture 001, "our example".)


# %% nbgrader={"grade": false, "grade_id": "linear_regression_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linear_regression_grad(X, y, w):
    """The gradient of the mean squared error of X1 @ w.  X1: X with ones in front.

    X: (N, D), without the ones; N may be 1.  y: (N,).  w: (1 + D,), w[0] is the bias.
    Returns an array of w's shape, of floats, also where X, y and w hold whole numbers.
    linear_regression_grad(np.array([[1], [3]]), np.array([1, 5]), np.array([0, 1]))
        ->  [-2.0, -6.0]
    """
    ### BEGIN SOLUTION
    X1 = np.column_stack([np.ones(len(X)), X])
    return 2 * X1.T @ (X1 @ w - y) / len(X)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "linear_regression_grad_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("linear_regression_grad")

# %% [markdown]
# **Mean or sum?** The lectures write both. The gradient of the sum is $N$ times as long, so steps would be $N$ times as
# wide. In this course losses are means.

# %% [markdown]
# ### Downhill, on real data
#
# 265 patients have diabetes. From each one's body mass index (BMI), a line predicts how bad the disease is a year later, as a
# number from 31 to 346. Its input is $x=(\text{BMI}-20)/10$. The picture is a map of its loss: each thin line joins places of
# equal height, and the cross is the lowest point. (Efron et al., 2004; data from scikit-learn.)

# %%
predict(
    "Does the steepest way down point straight at the lowest point?",
    ["yes, from everywhere", "only from some places", "never"],
)

# %%
patients = data.diabetes()
bmi = (patients.X_train[:, [2]] - 20) / 10  # (265, 1)


def mean_squared_error(X, y, w):
    return np.mean((w[0] + X @ w[1:] - y) ** 2)


landscapes.slopes(
    lambda w: mean_squared_error(bmi, patients.y_train, w),
    lambda w: linear_regression_grad(bmi, patients.y_train, w),
    ((-60, 260), (0, 200)),
    "Every arrow crosses its contour at a right angle",
    ("$w_0$", "$w_1$"),
    place=(0, 150),
)

# %% [markdown]
# The gradient points up the steepest way, so *your* $-\nabla J$, the small arrows, point down. They are long where it is steep.
# From one place, the large arrow shows the steepest way down and the dotted line the way to the goal. "Downhill" is not
# "towards the goal": after each step you have to ask again.

# %% [markdown]
# ## One neuron
#
# Passing is a yes or a no. So let $z=w_0+w_1x_1+w_2x_2$ go through the sigmoid: $p=\sigma(z)$ is the probability of a yes.
# Its loss is the *cross-entropy*, for one example
#
# $$J=-\big(y\log p+(1-y)\log(1-p)\big).$$
#
# Its derivative looks hard. Measure it first. **Which rule makes the last two columns from the first three?**

# %%
def cross_entropy(X, y, w):
    z = w[0] + X @ w[1:]
    return -np.mean(y * log_expit(z) + (1 - y) * log_expit(-z))


cases = [(4.0, 1), (4.0, 0), (-2.0, 1), (-2.0, 0)]  # pairs of x and y


def measured_slopes_of_a_neuron():
    w = np.array([0.4, 0.5])
    rows = []
    for x, y in cases:
        X = np.array([[x]])
        slopes = numerical_gradient(lambda w, X=X, y=y: cross_entropy(X, y, w), w)
        rows.append([y, expit(w[0] + w[1] * x), x, *slopes])
    return rows


heads = ["y", "p", "x", "slope along w₀", "slope along w₁"]
tables.rows(heads, measured_slopes_of_a_neuron)

# %% [markdown]
# ### Exercise: `logistic_regression_grad`
# *Medium, 15 minutes.*
#
# Use the rule that you found, and take the mean. At $w=(0,0)$ every $p=\sigma(0)=0.5$. Fill the two gaps on paper:
#
# | $x_0$ | $x_1$ | $y$ | $p$ | slope along $w_0$ | slope along $w_1$ |
# |---|---|---|---|---|---|
# | 1 | 4 | 1 | 0.5 | … | −2 |
# | 1 | −2 | 0 | 0.5 | 0.5 | … |
# | | | | *mean* | **0** | **−1.5** |
#
# `expit` from SciPy is $\sigma$, and it does not overflow.


# %% nbgrader={"grade": false, "grade_id": "logistic_regression_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def logistic_regression_grad(X, y, w):
    """The gradient of the mean cross-entropy of a neuron, p = expit(X1 @ w).

    X1 as above.  X: (N, D), without the ones; N may be 1.  y: (N,), 0 or 1.
    w: (1 + D,), w[0] is the bias.
    Returns an array of w's shape: numbers, also for scores X1 @ w as large as ±900.
    logistic_regression_grad(np.array([[4], [-2]]), np.array([1, 0]), np.zeros(2))
        ->  [0.0, -1.5]
    """
    ### BEGIN SOLUTION
    X1 = np.column_stack([np.ones(len(X)), X])
    p = expit(X1 @ w)
    return X1.T @ (p - y) / len(X)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "logistic_regression_grad_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("logistic_regression_grad")

# %% [markdown]
# <details><summary><b>Why is it so simple?</b> The derivation, for when your check passes</summary>
#
# Three slopes, one after the other. The sigmoid has $\sigma'(z)=p(1-p)$
# ([lab 1](../lab01_perceptron/lab01_perceptron.ipynb)), so
#
# $$\frac{\partial J}{\partial p}=-\frac yp+\frac{1-y}{1-p}=\frac{p-y}{p(1-p)},\qquad
# \frac{\partial p}{\partial z}=p(1-p),\qquad \frac{\partial z}{\partial w_k}=x_k.$$
#
# Multiply them. The two $p(1-p)$ cancel:
#
# $$\frac{\partial J}{\partial w_k}=\frac{p-y}{p(1-p)}\cdot p(1-p)\cdot x_k=(p-y)\,x_k.$$
#
# Cover these lines and repeat them on paper.
# </details>

# %%
rng = np.random.default_rng(3)
X, y, w = rng.normal(size=(7, 3)), rng.integers(0, 2, size=7), rng.normal(size=4)


def gradient_check(loss, grad):
    def error():
        measured = numerical_gradient(lambda w: loss(X, y, w), w)
        return relative_error(grad(X, y, w), measured)

    return error


rows = {
    "linear": gradient_check(mean_squared_error, linear_regression_grad),
    "logistic": gradient_check(cross_entropy, logistic_regression_grad),
}
landscapes.ruler(rows, "Calculus and measurement agree", "relative error")

# %% [markdown]
# This is a *gradient check*: your formulas against your measurement, on random inputs. Do it *before* you train with a
# gradient. Lab 4 opens with a network that trains beautifully on a wrong one.

# %% [markdown]
# ## Walk downhill
#
# Take a small step against the gradient, ask for the slope again, take the next step. The *learning rate* $\eta$ (eta) says
# how wide a step is. When do you stop? Lecture 001 writes `while True:`, which never ends. Lecture 003 stops
# when $\lVert\nabla\rVert\le\varepsilon$: when the gradient is no longer than a small number $\varepsilon$ (epsilon).
#
# So walk while the gradient is longer than $\varepsilon$, and stop after `max_steps` in any case.

# %% [markdown]
# ### Exercise: `gradient_descent`
# *Medium, 20 minutes.*
#
# $f(w)=w^2$ has the slope $2w$. Start at $w=1$ with $\eta=0.25$ and $\varepsilon=0.25$. On paper:
#
# | steps so far | $w$ | slope | longer than $\varepsilon$? | next step |
# |---|---|---|---|---|
# | 0 | 1 | 2 | yes | −0.5 |
# | 1 | 0.5 | 1 | yes | −0.25 |
# | 2 | 0.25 | 0.5 | yes | −0.125 |
# | 3 | 0.125 | 0.25 | no: stop | |
#
# The answer is $w=0.125$ after 3 steps. If the slope is small enough at the start, there is no step at all.


# %% nbgrader={"grade": false, "grade_id": "gradient_descent", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_descent(grad, w0, lr, eps, max_steps):
    """Walk from w0 against the gradient, until its length is at most eps
    or max_steps steps are taken.

    grad: takes w (D,), returns the gradient (D,); ask it as often as you like.
    w0: (D,); leave it as it is, it may hold whole numbers.  max_steps: 0 or more.
    Returns (w, steps): where the walk ends, and how many times w was changed.
    With grad = lambda w: 2 * w and w0 = np.array([1.0]):
    gradient_descent(grad, w0, 0.25, 0.25, 100)  ->  (array([0.125]), 3)
    gradient_descent(grad, w0, 0.25, 0.25, 2)    ->  (array([0.25]), 2)
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


# %%
def walk(grad, w0, lr, steps):
    """All places on the way: your gradient_descent, one step at a time."""
    path = [np.array(w0, dtype=float)]
    for _ in range(steps):
        path.append(gradient_descent(grad, path[-1], lr, 0.0, 1)[0])
    return np.array(path)


# %% [markdown]
# ### How wide a step?
#
# Four walkers on $f(w)=w^2$, all from $w=1$, with four learning rates. One step leads from $w$ to $w-\eta\cdot2w$. Try
# $\eta=0.25$, 0.75 and 1.25 on paper: where does the first step from $w=1$ end?

# %%
predict("Above which learning rate does the walk run away?", ["0.5", "1", "2"])


# %%
def stroll(lr, steps, title):
    return title, lambda: walk(lambda w: 2 * w, [1.0], lr, steps)


landscapes.walks(
    lambda w: w**2,
    [
        stroll(0.02, 20, "η = 0.02: too small, it crawls"),
        stroll(0.3, 20, "η = 0.3: stable"),
        stroll(0.9, 20, "η = 0.9: from side to side, and it arrives"),
        stroll(1.05, 8, "η = 1.05: diverges"),
    ],
    (-2.4, 2.4),
)

# %% [markdown]
# One step multiplies $w$ by $1-2\eta$. The walk comes closer while this number lies between −1 and 1: for $\eta<1$. Above
# *half* of this limit it is negative, and $w$ jumps from side to side. Above the limit every jump is wider than the last.
#
# In general the limit is 2 divided by the *curvature*, the slope of the slope (here $f''=2$). (Lecture 000, "Setting the
# Learning Rate".)

# %% [markdown]
# **A good place for a break.** You have the tool that trains every network. What follows is what can go wrong with it.

# %% [markdown]
# ## Bowl and ravine
#
# With two weights a valley can be round, or long and narrow. The bowl is $f=\frac12(w_1^2+w_2^2)$, with curvature 1 along
# both weights. The ravine is $f=\frac12(w_1^2+25w_2^2)$: along $w_2$ its curvature is 25.

# %%
predict(
    "Below which learning rate does a walk arrive in the ravine?",
    ["2", "0.4", "0.08"],
)


# %%
def hike(curvature, lr, steps, title):
    c = np.array([1.0, curvature])

    def path():
        return walk(lambda w: c * w, [-4.0, 1.0], lr, steps)

    return title, lambda w: 0.5 * c @ w**2, path


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
# The steep direction sets the limit, and at that rate the flat direction goes slowly. No single learning rate suits a ravine.

# %% [markdown]
# ### A ravine in real life
#
# Back to the students. Hours go up to 60 and lectures only to 10, so the curvature along $w_2$ is much larger than along
# $w_1$. We started at $w=(0,0,0)$ with ten learning rates: 0.001, 0.003, 0.01, 0.02, 0.03, 0.05, 0.1, 0.3, 1 and 3. Each one took up to
# 20 000 steps.

# %%
predict(
    "At how many of the ten rates does the gradient get shorter than 0.001?",
    ["most of them", "only the small ones", "none"],
)

# %% tags=["setup"]
train_mean, train_std = students.X_train.mean(axis=0), students.X_train.std(axis=0)


def scaled(X, mean=train_mean, std=train_std):
    """Features (N, 2), so that the training students have mean 0 and spread 1."""
    return (X - mean) / std


# %%
X_scaled, y_train = scaled(students.X_train), students.y_train


def losses(X, lr):
    path = walk(lambda w: logistic_regression_grad(X, y_train, w), np.zeros(3), lr, 600)
    return [(step, cross_entropy(X, y_train, path[step])) for step in range(0, 601, 10)]


landscapes.curves(
    [
        ("scaled, η = 1", lambda: losses(X_scaled, 1.0), 1),
        ("raw, η = 0.01", lambda: losses(students.X_train, 0.01), 1),
    ],
    "Scaled features turn the ravine into a bowl",
    ("steps", "loss"),
)

# %% [markdown]
# Same students, same code. *Scaled* means: take the mean away, then divide by the spread, the standard
# deviation. The *condition number* says how narrow a ravine is: the largest curvature divided by the smallest. At the lowest point we measured:
#
# | features | condition number | steps, at the best of ten rates |
# |---|---|---|
# | raw | 33 969 | more than 20 000 |
# | divided by the spread only | 224 | 313 |
# | mean taken away only | 309 | 1128 |
# | both | 11 | 76 |
#
# Both halves of the scaling are needed. Mean and spread come from the *training* students alone: nothing that is learned may
# know the others.

# %% [markdown]
# ## More than one valley
#
# The loss of a deep network is no bowl. Lecture 000 says that stable learning rates "converge smoothly and avoid local
# minima", which are valleys that are not the deepest. Below, your `gradient_descent` starts at $w=4$ on a curve with several valleys. The deepest is at $w\approx-0.75$.

# %%
predict(
    "A small, stable learning rate, started at w = 4. Where does the walk end?",
    ["in the deepest valley", "in the first valley downhill", "it never ends"],
)

# %%
explore_learning_rate(gradient_descent)

# %% [markdown]
# Drag the start and turn the rate. **From which starts does a small rate find the deepest valley?** Then choose the ravine:
# does its limit depend on the start?
#
# <details><summary>What you should find</summary>
#
# From every start between the hills at −2.5 and 0.8. The *start* decides, so the slide claims too much. A large rate may
# leave a valley, but then it never rests. In the ravine the limit is 0.08, unless you start exactly on its floor.
# </details>

# %% [markdown]
# **Where to start?** Lecture 000 draws the first weights at random. Your two losses have a single valley each, so zeros will
# do. A network must not start at zeros: all its neurons would get the same gradient and stay equal for ever.

# %% [markdown]
# ## A few examples at a time
#
# Every step so far looked at all examples. With millions of them that is a long look for one short step. So estimate the
# gradient from a small *batch* (lecture 001: "32, 64, 128").
#
# Shuffle the examples, then deal them out like a pack of cards. One pass through the pack is an *epoch*.

# %% [markdown]
# A *generator* is a function that hands over one thing, waits, and goes on where it was. It has `yield` where you would
# write `return`. **Change this one so that it counts down from 5.**

# %%
def countdown():
    number = 3
    while number > 0:
        yield number
        number = number - 1


list(countdown())

# %% tags=["setup"]
def one_epoch(minibatches, X, y, batch_size, rng):
    """All batches of one epoch in a list; at most N + 1, should they never end."""
    return list(islice(minibatches(X, y, batch_size, rng), len(X) + 1))


# %% [markdown]
# ### Exercise: `minibatches`
# *Medium, 15 minutes.*
#
# Seven examples in batches of three. Shuffle their *numbers*, deal them out, and keep what is left at the end:
#
# | shuffled numbers | batch 0 | batch 1 | batch 2 |
# |---|---|---|---|
# | 5, 0, 3, 6, 1, 4, 2 | 5, 0, 3 | 6, 1, 4 | 2 |
#
# With an array of numbers as index you get these rows: `X[np.array([5, 0, 3])]`. `rng.permutation(7)` gives shuffled numbers.


# %% nbgrader={"grade": false, "grade_id": "minibatches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def minibatches(X, y, batch_size, rng):
    """Yield (X_batch, y_batch), every example once, in a new random order at each call.

    X: (N, ...).  y: (N,), stays with its X.  Leave both arrays as they are.
    batch_size: examples in a batch; the last batch has fewer when they do not fit,
    and is never empty.
    rng: a numpy Generator; draw the order from it, as in rng.permutation(N), so that
    an equal rng gives it again.
    Write a generator; a list of the pairs, or anything to loop over, will do as well.
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


# %%
def batch_of_each(rng):
    """For 17 numbered examples, the batch in which each one comes."""
    found = np.zeros(17)
    batches = one_epoch(minibatches, np.zeros((17, 1)), np.arange(17), 5, rng)
    for number, (_, y_batch) in enumerate(batches):
        found[y_batch] = number
    return found


rng = np.random.default_rng(4)
sampling.seats(
    lambda: [batch_of_each(rng) for _ in range(6)],
    "Every example comes once in an epoch",
    "six epochs",
    "17 examples",
)

# %% [markdown]
# Each row is an epoch of *your* `minibatches`, each column an example. The number is its batch.

# %% [markdown]
# ### How noisy is a small batch?
#
# A batch sees only some of the examples, so its gradient has an error. Lecture 000 calls one example "very noisy", and a batch
# "a much better estimate". How much better?

# %%
predict(
    "A batch is four times as large. Its gradient's error is then on average …",
    ["a quarter", "about half", "the same"],
)

# %%
bmi_scaled = (bmi - bmi.mean()) / bmi.std()  # a bowl now
w_here = np.array([100.0, 0.0])


def batch_gradients(batch_size):
    rng = np.random.default_rng(6)
    batches = one_epoch(minibatches, bmi_scaled, patients.y_train, batch_size, rng)
    return [linear_regression_grad(*batch, w_here) for batch in batches]


sampling.clouds(
    {f"batches of {B}": lambda B=B: batch_gradients(B) for B in (1, 4, 16)},
    lambda: linear_regression_grad(bmi_scaled, patients.y_train, w_here),
    "Larger batches agree more about the slope",
    ("slope along $w_0$", "slope along $w_1$"),
)

# %% [markdown]
# Each dot is the gradient of one batch, the cross that of all patients. Four times the work gives half the noise. Every cloud
# lies around the cross: a small batch is wrong, but on average it is right. That is why it may be used.

# %% [markdown]
# **What happens to the arrows at the lowest point?** Drag $w$ onto the green cross, with batches of 1 and of 16. The data are
# made up; the gradients come from your `linear_regression_grad`.

# %%
explore_minibatch(linear_regression_grad)

# %% [markdown]
# <details><summary>What you should see</summary>
#
# At the cross the green arrow of all examples vanishes. The orange ones do not: each batch has a lowest point of its own. So
# a walk of small batches comes close quickly and then never rests.
# </details>

# %% [markdown]
# ## Stochastic gradient descent
#
# One step per *batch*: this is stochastic gradient descent, SGD. The slide in lecture 000 has a mistake. It computes
# $\partial J_i/\partial W$ for its example, and then updates with $\partial J/\partial W$, the gradient of *all*. It has to be
# the one that was just computed.

# %% [markdown]
# ### Exercise: `sgd_epoch`
# *Medium, 15 minutes.*
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
    """One epoch: a step against the gradient of each batch, as your minibatches deals.

    grad: called as grad(X_batch, y_batch, w), gives the gradient (D,) of the batch's
    mean loss, for any model.  You may ask it more than once for a batch.
    w: (D,); leave it as it is, it may hold whole numbers.
    X, y, batch_size, rng: for minibatches.
    Returns the new w.  From above, but with one batch of all three targets:
    sgd_epoch(lambda X, y, w: 2 * (w - y.mean()), np.array([0.0]), X, y, 0.25, 3, rng)
        ->  [1.5]
    """
    ### BEGIN SOLUTION
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        w = w - lr * grad(X_batch, y_batch, w)
    return w
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sgd_epoch_check", "locked": true, "points": 16, "schema_version": 3, "solution": false, "task": false}
check("sgd_epoch")

# %% [markdown]
# ### Which one gets there first?
#
# Two walkers start from $w=(0,0)$ on the patients' landscape, with scaled BMI and $\eta=0.1$. In one epoch both look at every
# patient once. Gradient descent takes one step for that, SGD 17: one per batch of 16.

# %%
predict(
    "Who is nearer to the lowest point, after one epoch and after thirty?",
    ["SGD both times", "first SGD, later gradient descent", "gradient descent both times"],
)


# %%
def loss(w):
    return mean_squared_error(bmi_scaled, patients.y_train, w)


def gd_trail(epochs):
    def grad(w):
        return linear_regression_grad(bmi_scaled, patients.y_train, w)

    return walk(grad, np.zeros(2), 0.1, epochs)


# %%
def sgd_trail(epochs):
    """Every place on the way: wherever sgd_epoch asks for a gradient, and the end."""
    trail, w, rng = [], np.zeros(2), np.random.default_rng(0)

    def watched(X_batch, y_batch, w):
        trail.append(w)
        return linear_regression_grad(X_batch, y_batch, w)

    for _ in range(epochs):
        w = sgd_epoch(watched, w, bmi_scaled, patients.y_train, 0.1, 16, rng)
    return np.array([*trail, w])


# %%
landscapes.maps(
    [
        ("Gradient descent, 8 epochs: calm", loss, lambda: gd_trail(8)),
        ("SGD, 8 epochs: quick, then restless", loss, lambda: sgd_trail(8)),
    ],
    ((-40, 240), (-50, 125)),
    ("$w_0$", "$w_1$"),
)

# %%
best = np.polyfit(bmi_scaled[:, 0], patients.y_train, 1)[::-1]  # the lowest point


def above_lowest(trail, steps_in_an_epoch=1):
    return [(k / steps_in_an_epoch, loss(w) - loss(best)) for k, w in enumerate(trail)]


landscapes.curves(
    [
        ("GD", lambda: above_lowest(gd_trail(30)), 0.3),
        ("SGD", lambda: above_lowest(sgd_trail(30), 17), 1),
    ],
    "SGD is near in one epoch, then it jitters",
    ("epochs", "loss above the lowest"),
    log="y",
)

# %% [markdown]
# Gradient descent goes on down. SGD does not get lower, because its noise pushes it around. On losses that are not bowls, this
# noise may even help (lecture 003). And larger batches "allow for larger learning rates" (lecture 000). How would you test these two claims?
# [Lab 6](../lab06_optimizers/lab06_optimizers.ipynb) does it.

# %% [markdown]
# ### What if nobody shuffles?
#
# Lecture 003 assumes that the examples are *independent* of each other. But suppose that the hospital's list is sorted: the
# mildest cases come first, the worst last. Everything else is as before: batches of 16, $\eta=0.1$, thirty epochs.

# %%
predict(
    "The list is sorted and nobody shuffles. In the end, the predictions are …",
    ["about right", "too low on average", "too high on average"],
)


# %%
def sorted_trail(epochs):
    """Your sgd_epoch gets one batch after the other, in the order of the list."""
    order = np.argsort(patients.y_train)
    w, trail, rng = np.zeros(2), [np.zeros(2)], np.random.default_rng(0)
    for _ in range(epochs):
        for start in range(0, len(order), 16):
            rows = order[start : start + 16]
            batch = bmi_scaled[rows], patients.y_train[rows]
            w = sgd_epoch(linear_regression_grad, w, *batch, 0.1, 16, rng)
        trail.append(w)
    return np.array(trail)


# %%
landscapes.curves(
    [
        ("shuffled", lambda: above_lowest(sgd_trail(30)[::17]), 1),
        ("sorted", lambda: above_lowest(sorted_trail(30)), 1),
    ],
    "Sorted data end far from the lowest point",
    ("epochs", "loss above the lowest"),
    log="y",
    level=("one number for everybody", np.var(patients.y_train) - loss(best)),
)

# %% [markdown]
# The grey line is for comparison: it predicts the mean for everybody. Sorted data end *worse* than that. The predictions are on
# average 57 too high, since every epoch ends with the worst cases. There is no error and no warning. So shuffle, always.

# %% [markdown]
# ## So, will you pass?
#
# Training is easy now: the gradient of one neuron, scaled features, a walk. One trap is left. The weights were learned for
# *scaled* features. A new student comes with raw ones, and one student alone has no spread.

# %% [markdown]
# ### Exercise: `predict_pass`
# *Easy, 10 minutes.*
#
# Suppose the training students had the means (5, 30) and the spreads (2, 20), and $w=(0.5,\,1,\,2)$. You come with 4 lectures and
# 30 hours:
#
# | | lectures | hours |
# |---|---|---|
# | raw | 4 | 30 |
# | scaled | $(4-5)/2=-0.5$ | $(30-30)/20=0$ |
#
# $z=0.5+1\cdot(-0.5)+2\cdot0=0$, so $p=\sigma(0)=0.5$: exactly on the border, not yet a pass. One lecture more: $z=0.5$, pass.


# %% nbgrader={"grade": false, "grade_id": "predict_pass", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_pass(lectures, hours, w):
    """Whether each student is more likely to pass than not.

    lectures, hours: arrays (N,), in their own units.
    w: (3,), for the bias, scaled lectures and scaled hours.  The function scaled(X),
    from "A ravine in real life", takes raw features (N, 2).
    Returns N truth values, also for N = 1 (0 and 1 will do): p = 0.5 is no pass yet.
    predict_pass(np.array([2, 9]), np.array([10.0, 50.0]), np.array([0.0, 1.0, 1.0]))
        ->  [False, True]
    """
    ### BEGIN SOLUTION
    X = scaled(np.column_stack([lectures, hours]))
    return w[0] + X @ w[1:] > 0
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "predict_pass_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("predict_pass")


# %%
def slope(w):
    return logistic_regression_grad(X_scaled, y_train, w)


def answers(X):
    w, _ = gradient_descent(slope, np.zeros(3), 1.0, 1e-3, 1000)
    return predict_pass(X[:, 0], X[:, 1], w)


X, y, title = students.X_valid, students.y_valid, "Your border, among 80 new students"
landscapes.yes_and_no(X, y, title, names, point=(4, 30), predict=answers)

# %% [markdown]
# Your neuron has never seen these 80 students. For you, the question mark, it gives $p=0.41$: probably not, but a few hours
# more and you are over the border. Compare with the line that you drew by hand. The neuron had no picture, only slopes.

# %% [markdown]
# ### How good is it?
#
# Data come in three parts: *train* to fit the weights, *validate* to choose, for example the learning rate, and *test*, used
# only once at the end, to know how good it all is. **Guess the share of right answers in each part**, then run the cell.

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
# <details><summary>0.92 and then 0.85: what happened?</summary>
#
# In a part of 80 students such a share varies by about 0.04 from sample to sample, so this is nothing to worry about. But 0.85 is the
# number that you may report. If you choose the best of many models on the test part, it no longer tells the truth.
# </details>

# %% [markdown]
# ## Bonus: calm SGD down
# *If you still have time. No points.*
#
# In the race, SGD ended about 30 above the lowest loss. Let $\eta$ depend on the epoch and get **below 1**, still with thirty
# epochs from $w=(0,0)$ and $\eta\le0.1$. Write your idea into `calm`.

# %%
def calm(epoch):
    """The learning rate in epoch 0, 1, 2, …"""
    return 0.1


# %%
def calm_trail():
    X, y = bmi_scaled, patients.y_train
    w, trail, rng = np.zeros(2), [np.zeros(2)], np.random.default_rng(0)
    for epoch in range(30):
        w = sgd_epoch(linear_regression_grad, w, X, y, calm(epoch), 16, rng)
        trail.append(w)
    return np.array(trail)


landscapes.curves(
    [("yours", lambda: above_lowest(calm_trail()), 1)],
    "Below the grey line it is calm",
    ("epochs", "loss above the lowest"),
    log="y",
    level=("the goal: 1", 1.0),
)

# %% [markdown]
# ## Think about it
#
# A friend trains with batches of 16. After thirty epochs the loss no longer falls. "So this is the lowest point," he says.
#
# Argue for or against, with at least two pictures of this lab. Which measurement would settle it? (Nobody marks this. Four
# sentences are enough.)

# %% [markdown] nbgrader={"grade": false, "grade_id": "reflection", "locked": false, "schema_version": 3, "solution": true, "task": false}
# No: the picture of the race shows SGD at rest at a height where its noise holds it, and the sorted list shows a walk that
# stands still far from the lowest point. The step sizes may also be so small that it crawls (η = 0.02 in the ravine). Measure
# the length of the gradient of *all* examples there: at a lowest point it is 0. If it is long, go on with a smaller rate or
# shuffled data; and even if it is 0, another start may find a deeper valley when the loss is no bowl.

# %% [markdown]
# ## What you built
#
# You measure gradients, compare them, and walk with them, in large steps and small, with all examples and with a few. A large
# network is trained in the same way. It only has more weights, and a longer chain rule.

# %%
progress()

# %% [markdown]
# ## What comes next
#
# That chain rule, in [**lab 4**](../lab04_backprop/lab04_backprop.ipynb). It opens with a network whose loss falls
# nicely on a gradient that is wrong in three places.
