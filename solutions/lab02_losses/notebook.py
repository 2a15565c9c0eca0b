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
# # How wrong is 0.1?
#
# A student has been to 4 lectures and has worked 5 hours on the project. A network says: "She passes with probability 0.1."
# She passes. (Lecture 000, "Quantifying Loss".)
#
# *How wrong was that?* The answer has to be one number: a network learns by making one number small, its **loss**. In this lab you
# write the losses that nearly all networks learn from, and their slopes. Allow 85 minutes.

# %% tags=["setup"]
import course_utils  # not found? Run %pip install handgrad in a new cell, then this cell again

import numpy as np

from course_utils import answer, charts, check, data, explore_loss, explore_loss_race
from course_utils import explore_softmax, hint, losses, predict, progress, review, tables

# %% [markdown]
# ## Two ways to measure one mistake
#
# The truth is $y=1$, the prediction $p=0.1$.
#
# | way | thought | number |
# |---|---|---|
# | **squared error** | how far is $p$ from $y$? | $(0.1-1)^2=0.81$ |
# | **surprise** | how unlikely was that which happened? | $-\ln 0.1=2.30$ |
#
# Which of the two is better? The numbers alone will not tell.

# %%
predict("The network gets worse: it says 0.001, and the student passes. What is the squared error now?",
        ["about 1", "about 8", "about 80"])

# %% [markdown]
# ### Exercise: `mse`
# *Easy, 4 minutes.*
#
# First the **mean squared error** (lecture 001), on paper. Two examples with three outputs each:
#
# | $\hat y$ | $y$ | errors $\hat y-y$ | squares, added |
# |---|---|---|---|
# | $(1, 0, 2)$ | $(1, 2, 1)$ | $(0, -2, 1)$ | $0+4+1=5$ |
# | $(3, 1, 0)$ | $(0, 1, 0)$ | $(3, 0, 0)$ | $9+0+0=9$ |
# | | | *mean of the two* | **7** |
#
# The outputs of an example are added; the mean is over the *examples*. Both arrays have the same shape: a column $(N, 1)$ minus a
# row $(N,)$ would be lab 0's silent bug again.


# %% nbgrader={"grade": false, "grade_id": "mse", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mse(y_hat, y):
    """The squared errors, added over the outputs of an example, as a mean over the N examples.

    y_hat, y: both (N,), or both (N, C), of floats or whole numbers; N may be 1.
    Both stay as they were.
    Returns one number.
    mse(np.array([[1, 0, 2], [3, 1, 0]]), np.array([[1, 2, 1], [0, 1, 0]]))  ->  7.0
    """
    ### BEGIN SOLUTION
    return np.sum((y_hat - y) ** 2) / len(y)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mse_check", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
check("mse")

# %% [markdown]
# ### Exercise: `mse_grad`
# *Easy, 3 minutes.*
#
# The **gradient**: how much does the loss grow for each unit of one prediction? Only that prediction's own square changes, and $e^2$ has the
# slope $2e$. Four examples with one output each:
#
# | $\hat y$ | $y$ | error $e$ | $2e$ | slope of the mean |
# |---|---|---|---|---|
# | 1 | 1 | 0 | 0 | 0 |
# | 5 | 1 | 4 | 8 | 2 |
# | 2 | 3 | −1 | −2 | −0.5 |
# | 7 | 4 | 3 | 6 | … |


# %% nbgrader={"grade": false, "grade_id": "mse_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mse_grad(y_hat, y):
    """The slope of mse along every entry of y_hat.

    y_hat, y: both (N,), or both (N, C), of floats or whole numbers; N may be 1.
    Both stay as they were.
    Returns a new array of floats in the shape of y_hat.
    mse_grad(np.array([1, 5, 2, 7]), np.array([1, 1, 3, 4]))  ->  [0.0, 2.0, -0.5, 1.5]
    """
    ### BEGIN SOLUTION
    return 2 * (y_hat - y) / len(y)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mse_grad_check", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
check("mse_grad")

# %%
losses.tangents(mse, mse_grad)

# %% [markdown]
# Each orange number is your `mse_grad` at that place, drawn as a slope. Where the prediction is too low it is negative: a
# higher prediction would cost less. At 1 there is nothing to learn.

# %% [markdown]
# ## Surprise
#
# A yes-or-no network says $p$, the probability of a yes. So what happened had probability $p$ if $y=1$, and $1-p$ if $y=0$:
#
# | $p$ | $y$ | probability of what happened | surprise |
# |---|---|---|---|
# | 0.1 | 1 | 0.1 | $-\ln0.1=2.303$ |
# | 0.1 | 0 | 0.9 | $-\ln0.9=0.105$ |
#
# The mean surprise of many examples is called **binary cross-entropy**, `bce`.
#
# <details><summary>Aside: surprise in bits</summary>
#
# To base 2, a fair coin surprises you by $-\log_2 0.5=1$ *bit*, and our student's pass by $-\log_2 0.1=3.32$ bits: more than three
# heads in a row. We take $\ln$, as its slope is simply $1/p$.
# </details>

# %% [markdown]
# ### Exercise: `bce`
# *Medium, 4 minutes.*
#
# The mean over three students. What is the last surprise?
#
# | $p$ | $y$ | probability of what happened | surprise |
# |---|---|---|---|
# | 0.1 | 1 | 0.1 | 2.303 |
# | 0.5 | 0 | 0.5 | 0.693 |
# | 0.8 | 1 | 0.8 | … |
# | | | *mean* | **1.073** |
#
# Find *one* formula for both labels: as $y$ is 1 or 0, it can switch a term on and off.


# %% nbgrader={"grade": false, "grade_id": "bce", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bce(p, y):
    """The mean surprise, with the natural logarithm.

    p: (N,), probabilities of a 1, above 0 and below 1; they may come as near as 1e-8.
    y: (N,), each 0 or 1, as floats or whole numbers.  N may be 1.
    Both stay as they were.
    Returns one number.
    bce(np.array([0.1, 0.5, 0.8]), np.array([1, 0, 1]))  ->  1.073
    """
    ### BEGIN SOLUTION
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "bce_check", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
check("bce")

# %%
losses.costs({"squared error": mse, "surprise": bce})

# %% [markdown]
# Both are 0 where the network is sure and right. Where it is sure and *wrong*, squared error rests at 1, and surprise has no ceiling. (Below
# the axes: squared error and surprise at $p=0.1$.)

# %% [markdown]
# ### Exercise: `bce_grad`
# *Medium, 4 minutes.*
#
# The same three students. $\ln p$ has the slope $1/p$, and $\ln(1-p)$ has $-1/(1-p)$:
#
# | $p$ | $y$ | slope of its surprise | of the mean |
# |---|---|---|---|
# | 0.1 | 1 | $-1/0.1=-10$ | −3.333 |
# | 0.5 | 0 | $1/(1-0.5)=2$ | 0.667 |
# | 0.8 | 1 | … | −0.417 |


# %% nbgrader={"grade": false, "grade_id": "bce_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bce_grad(p, y):
    """The slope of bce along every p.

    p: (N,), above 0 and below 1; they may come as near as 1e-8.
    y: (N,), each 0 or 1, as floats or whole numbers.  N may be 1.
    Both stay as they were.
    Returns a new array (N,).
    bce_grad(np.array([0.1, 0.5, 0.8]), np.array([1, 0, 1]))  ->  [-3.333, 0.667, -0.417]
    """
    ### BEGIN SOLUTION
    return (p - y) / (p * (1 - p)) / len(y)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "bce_grad_check", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
check("bce_grad")

# %% [markdown]
# ## The slope decides, not the value
#
# Which loss learns from a mistake? A neuron has a score $z$ and says $p=\sigma(z)$. The truth is 1. It starts at $z=-10$: sure, and
# wrong. Each step is $z\leftarrow z-\text{slope}$, with the slope along $z$.

# %%
predict("From z = −10, surprise brings p above ½ after 11 steps. How many does squared error need?",
        ["about 10", "about 100", "about 10 000"])


# %% tags=["setup"]
def sigmoid(z):
    """Lab 1's sigmoid, in a form that bears every z."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))


# %%
def along_z(grad):
    """The slope along the score z: the slope along p, times the sigmoid's own slope p(1 − p)."""

    def slope(z, y):
        p = sigmoid(z)
        return grad(p, y) * p * (1 - p)

    return slope


slopes = {"squared error": along_z(mse_grad), "surprise": along_z(bce_grad)}
losses.race(slopes, start=-10)


# %%
def steps_from(z):
    return [z, *(len(losses.walk(slope, z)) - 1 for slope in slopes.values())]


heads = ["start z", "steps: squared error", "steps: surprise"]
tables.rows(heads, lambda: [steps_from(z) for z in (-3, -5, -10)])

# %% [markdown]
# A step is as long as the slope. At $z=-10$, where $p=0.0000454$:
#
# | loss | its value | slope along $p$ | times $p(1-p)$: slope along $z$ |
# |---|---|---|---|
# | squared error | 0.9999 | −1.9999 | **−0.0000908** |
# | surprise | 10.00 | −22 027 | **−0.99995** |
#
# The sigmoid is flat there: it multiplies by nearly nothing. Surprise is so steep that the two cancel. **The worse the mistake, the
# less squared error learns from it.**

# %% [markdown]
# ## Scores instead of probabilities
#
# It is better to cancel on paper than to divide by nearly nothing in a computer. Here are slopes of surprise along $z$. **Which rule makes
# the last column from $p$ and $y$?**
#
# | $z$ | $p$ | $y$ | slope along $z$ |
# |---|---|---|---|
# | 0 | 0.5 | 1 | −0.5 |
# | 2 | 0.881 | 0 | 0.881 |
# | −10 | 0.000045 | 1 | −0.999955 |
#
# A second reason: for $z=40$ the computer rounds $p$ to exactly 1. If $y=0$, `bce` then takes $\ln 0$.

# %% [markdown]
# So take the score itself, also called a **logit**. With $p=1/(1+e^{-z})$, surprise is
#
# | $z$ | if $y=1$: $\ln(1+e^{-z})$ | if $y=0$: $\ln(1+e^{z})$ | second minus first |
# |---|---|---|---|
# | −3 | 3.049 | 0.049 | −3 |
# | 2 | 0.127 | 2.127 | 2 |
# | 800 | 0 | 800 | 800 |
#
# The last column says how to get from one to the other, so one of them is enough: $\ln(1+e^z)$ is lab 1's softplus. For large $z$ it is
# nearly $z$.

# %% [markdown]
# ### Exercise: `bce_with_logits`
# *Medium, 9 minutes.*
#
# The mean over three scores:
#
# | $z$ | $y$ | $\ln(1+e^z)$ | loss |
# |---|---|---|---|
# | −3 | 1 | 0.049 | $0.049+3=3.049$ |
# | 2 | 0 | 2.127 | 2.127 |
# | 800 | 0 | 800 | … |
# | | | *mean* | **268.392** |
#
# Every score must work, 800 and −800 too. ($e^{800}$ is more than the computer can hold; $e^{-800}$ becomes 0, which does no harm.)


# %% nbgrader={"grade": false, "grade_id": "bce_with_logits", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bce_with_logits(z, y):
    """The mean surprise of scores: bce of the sigmoid of z, but safe for every z.

    z: (N,), any scores, 1000 and -1000 too, as floats or whole numbers.  y: (N,), each
    0 or 1, as floats or whole numbers.  N may be 1.  Both stay as they were.
    Returns one number, with no warning (np.where computes both of its sides, and may
    warn of the one that it does not take).
    bce_with_logits(np.array([-3, 2, 800]), np.array([1, 0, 0]))  ->  268.392
    """
    ### BEGIN SOLUTION
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "bce_with_logits_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("bce_with_logits")

# %%
def at_both_labels(z):
    return [z, *(bce_with_logits(np.array([z]), np.array([y])) for y in (1.0, 0.0))]


tables.rows(["z", "if y = 1", "if y = 0"], lambda: [at_both_labels(z) for z in (-1000.0, -3.0, 0.0, 40.0)])

# %% [markdown]
# ### Exercise: `bce_with_logits_grad`
# *Easy, 2 minutes.*
#
# Use the rule that you found in the table of slopes. `sigmoid` is given above. Its first two rows as a batch:
#
# | $z$ | $p$ | $y$ | slope of its surprise | of the mean |
# |---|---|---|---|---|
# | 0 | 0.5 | 1 | −0.5 | −0.25 |
# | 2 | 0.881 | 0 | 0.881 | … |


# %% nbgrader={"grade": false, "grade_id": "bce_with_logits_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bce_with_logits_grad(z, y):
    """The slope of bce_with_logits along every score.

    z: (N,), any scores.  y: (N,), each 0 or 1.  Both may be floats or whole numbers, and
    both stay as they were.  N may be 1.
    Returns a new array (N,), with no warning.
    bce_with_logits_grad(np.array([0, 2]), np.array([1, 0]))  ->  [-0.25, 0.44]
    """
    ### BEGIN SOLUTION
    return (sigmoid(z) - y) / len(y)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "bce_with_logits_grad_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("bce_with_logits_grad")

# %%
values = {"squared error": lambda z, y: mse(sigmoid(z), y), "surprise": bce_with_logits}
losses.on_z(values, {"squared error": along_z(mse_grad), "surprise": bce_with_logits_grad})

# %% [markdown]
# On the far left squared error knows that it is wrong, but it lies flat. Its slope is nearly 0 there; yours stays at −1.
#
# Now move along the curves. **With label 1, where along $z$ does squared error learn fastest? Is it where it is most wrong?**


# %%
explore_loss(mse, mse_grad, bce, bce_grad, bce_with_logits, bce_with_logits_grad)

# %% [markdown]
# <details><summary>Answer</summary>
#
# No. It is steepest near $z=-0.7$, where $p=\frac13$, and vanishes to both sides. Along $p$ you cannot see this: there it is steepest at
# $p=0$. The sigmoid flattens it. Surprise is steepest where it is most wrong.
# </details>

# %% [markdown]
# Now run the race from other starts. **Does a learning rate of 10 save squared error at $z=-10$?**


# %%
explore_loss_race(mse_grad, bce_with_logits_grad)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Hardly: 1107 steps are left of 11 034, and surprise then needs 2. Only from close by are the two alike: from $z=-1$, with the rate 1, it is 4
# against 2.
# </details>

# %% [markdown]
# ## A minus sign is missing
#
# The slide "Binary Cross Entropy Loss" in lecture 000 prints
#
# $$J=\frac1n\sum_i y_i\log f_i+(1-y_i)\log(1-f_i)$$
#
# and we are to make $J$ small. Let us do exactly that: one neuron, 240 students of "Will I pass this class?" in common units, 300 steps
# downhill with the learning rate 1.

# %%
predict("The slide's J is minimised just as it is printed. What happens?",
        ["nothing: a sign does not matter", "J falls nicely, and nearly all answers are wrong", "J rises"])

# %%
students = data.will_i_pass()
mean, std = students.X_train.mean(axis=0), students.X_train.std(axis=0)


def with_ones(X):
    """Two columns in common units, and a column of ones in front for the bias."""
    return np.column_stack([np.ones(len(X)), (X - mean) / std])


def fit(sign, columns=(0, 1, 2), steps=300):
    """Weights after steps down sign times the loss, and that loss before and after."""
    X, y, w = with_ones(students.X_train)[:, columns], students.y_train, np.zeros(len(columns))
    first = sign * bce_with_logits(X @ w, y)
    for _ in range(steps):
        w = w - sign * X.T @ bce_with_logits_grad(X @ w, y)
    return w, first, sign * bce_with_logits(X @ w, y)


# %%
def row(sign):
    w, first, last = fit(sign)
    right = np.mean((with_ones(students.X_train) @ w > 0) == students.y_train)
    return [sign, first, last, right, np.linalg.norm(w)]


heads = ["sign", "J at the start", "J at the end", "share right", "length of w"]
tables.rows(heads, lambda: [row(1), row(-1)])

# %% [markdown]
# The second row is the slide. $J$ falls without end, the weights grow without end, and the neuron learns to be *wrong*: 0.104 is worse
# than a coin. The first row has a minus in front of the sum: 0.917. **A falling loss proves nothing if it is the wrong loss.**

# %% [markdown]
# ## Several classes
#
# A digit is one of ten. So a network gives ten scores, and we want ten probabilities. Lecture 004's **softmax** makes every score positive
# by $e^z$, then divides by the sum:
#
# | | class 0 | class 1 | class 2 | sum |
# |---|---|---|---|---|
# | score $z$ | 2 | 1 | −1 | |
# | $e^z$ | 7.389 | 2.718 | 0.368 | 10.475 |
# | probability | 0.705 | 0.259 | 0.035 | 1 |

# %%
predict("You add 100 to every score of an example. What happens to its probabilities?",
        ["nothing", "the largest gets nearly 1", "all grow by the same factor"])

# %% [markdown]
# ### Exercise: `softmax`
# *Medium, 7 minutes.*
#
# Yours takes a batch: each *row* is an example and adds up to 1. As lecture 004 prints it, it breaks above a score of 709, where $e^z$ is
# too large for the computer. Your prediction says how to mend that:
#
# | scores | $e^z$ |
# |---|---|
# | $(1000, 999, 997)$ | too large |
# | $(0, -1, -3)$ | $(1, 0.368, 0.050)$ |
# | **probabilities** of both | $(0.705, 0.259, 0.035)$ |


# %% nbgrader={"grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(Z):
    """Each row of scores as probabilities.

    Z: (N, C), any scores, 1000 and -1000 too, as floats or whole numbers.  It stays as it
    was.  C may be 1.
    Returns a new array (N, C) of floats; every row adds up to 1.
    softmax(np.array([[2, 1, -1], [1000, 999, 997]]))
        ->  [[0.705, 0.259, 0.035], [0.705, 0.259, 0.035]]
    """
    ### BEGIN SOLUTION
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "softmax_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("softmax")

# %%
scores = np.array([2.0, 1.0, -1.0])
losses.shares(softmax, {"scores": scores, "plus 100": scores + 100, "divided by 3": scores / 3})

# %% [markdown]
# A common shift changes nothing: $e^{100}$ stands above and below the fraction bar. Dividing all scores by a number does. That number is called
# the **temperature**. **What happens when it is near 0, and when it is very high?**


# %%
explore_softmax(softmax)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Near 0 the largest score takes all. When it is very hot, all classes get the same. The order never changes. The common shift does
# nothing at all; that is why you may subtract the largest score.
# </details>

# %% [markdown]
# ## Surprise, with several classes
#
# What happened is now one of the classes, the **label**. Its surprise is $-\ln p_{\text{label}}$, and the mean over the examples is the
# **cross-entropy**.
#
# If the label's score lies 1000 below another one, its $p=e^{-1000}$ is rounded to 0, and $-\ln 0$ is infinite. On the web you find a patch,
# $-\log(p+10^{-8})$. It says 18.42 in place of 1000.

# %% [markdown]
# Again it is better to cancel on paper, here logarithm against exponential. Scores $(2, 1, -1)$, label 1:
#
# $$-\ln\frac{e^{1}}{e^{2}+e^{1}+e^{-1}}=-1+\ln(e^{2}+e^{1}+e^{-1})=-1+2.349=1.349$$
#
# The last logarithm is called *log-sum-exp*. For large scores, take out the largest, $m$, as in softmax:
#
# $$\ln\sum_k e^{z_k}=m+\ln\sum_k e^{z_k-m}$$

# %% [markdown]
# ### Exercise: `cross_entropy`
# *Medium, 7 minutes.*
#
# The mean over two examples:
#
# | scores | label | log-sum-exp | less the label's score |
# |---|---|---|---|
# | $(2, 1, -1)$ | 1 | 2.349 | $2.349-1=1.349$ |
# | $(0, 0, 0)$ | 2 | $\ln 3=1.099$ | … |
# | | | *mean* | **1.224** |
#
# Never take the logarithm of a probability: then the loss is right for every score. Labels count from 0.


# %% nbgrader={"grade": false, "grade_id": "cross_entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy(Z, labels):
    """The mean surprise of the labels, safe for every score.

    Z: (N, C), any scores, 1000 and -1000 too.  labels: (N,), whole numbers from 0 to C - 1.
    Both stay as they were.  N may be 1, and so may C.
    Returns one number.
    cross_entropy(np.array([[2, 1, -1], [0, 0, 0]]), np.array([1, 2]))  ->  1.224
    """
    ### BEGIN SOLUTION
    Z = Z - Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(Z)), labels])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "cross_entropy_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("cross_entropy")

# %%
predict("The label's score is 25 too low. Its right slope is −1. What does log(p + 1e-8) make of it?",
        ["about −1", "about −0.5", "about −0.001"])


# %%
def patched(margin):
    """Losses and slopes of a label's score that is behind by margin: right, and patched."""
    Z = np.array([[0.0, margin]])
    p = softmax(Z)[0, 0]
    loss = cross_entropy(Z, np.array([0]))
    return [margin, loss, -np.log(p + 1e-8), p - 1, -p * (1 - p) / (p + 1e-8)]


heads = ["behind by", "your loss", "patched loss", "right slope", "patched slope"]
tables.rows(heads, lambda: [patched(margin) for margin in (5, 15, 20, 25, 1000)])

# %% [markdown]
# No crash, no warning, and **nothing to learn from**: the worst mistakes count least, as with squared error.

# %% [markdown]
# ### The gradient, on one row of three
#
# The loss is $L=\ln S-z_{\text{label}}$ with $S=e^{z_0}+e^{z_1}+e^{z_2}$. Move one score $z_k$, and look at each term:
#
# 1. $S$ has the slope $e^{z_k}$. The slope of $\ln S$ is this, divided by $S$: $e^{z_k}/S=p_k$.
# 2. $-z_{\text{label}}$ has the slope $-1$ if $k$ is the label, and 0 if not.
#
# | class $k$ | 0 | 1 (label) | 2 | sum |
# |---|---|---|---|---|
# | $e^{z_k}$ | 7.389 | 2.718 | 0.368 | 10.475 |
# | $p_k$ | 0.705 | 0.259 | 0.035 | 1 |
# | one-hot | 0 | 1 | 0 | 1 |
# | **slope** $p_k-\text{one-hot}_k$ | 0.705 | −0.741 | 0.035 | 0 |

# %% [markdown]
# ### Exercise: `cross_entropy_grad`
# *Medium, 3 minutes.*
#
# These are the slopes of one row. The loss is the *mean* over $N$ rows, so each is divided by $N$ (not by the number of classes). With the two
# examples from above the first row is $(0.353, -0.370, 0.018)$. What is the second?


# %% nbgrader={"grade": false, "grade_id": "cross_entropy_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy_grad(Z, labels):
    """The slope of cross_entropy along every score.

    Z: (N, C), any scores.  labels: (N,), whole numbers from 0 to C - 1.
    Both stay as they were.  N may be 1, and so may C.
    Returns a new array (N, C).
    cross_entropy_grad(np.array([[2, 1, -1], [0, 0, 0]]), np.array([1, 2]))
        ->  [[0.353, -0.37, 0.018], [0.167, 0.167, -0.333]]
    """
    ### BEGIN SOLUTION
    dZ = softmax(Z)
    dZ[np.arange(len(Z)), labels] -= 1
    return dZ / len(Z)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "cross_entropy_grad_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("cross_entropy_grad")


# %%
Z = np.array([[2.0, 1.0, -1.0], [2.0, 1.0, -1.0], [0.0, 0.0, 0.0], [5.0, 0.0, 1.0]])
losses.gradient_rows(cross_entropy_grad, Z, np.array([1, 0, 2, 0]))

# %% [markdown]
# A step goes *against* these slopes: the label's score goes up, the others go down, each as hard as it was believed. The last row is nearly right,
# and hardly moves.

# %% [markdown]
# ### One column
#
# For *one* output (pass or not), lecture 000 shows `softmax_cross_entropy_with_logits(model.y, model.pred)`.

# %%
predict("An example has one score only. What does softmax make of it?",
        ["the sigmoid of the score", "always 1", "it depends on the batch"])

# %%
one_column, nothing = np.array([[-10.0], [0.5], [10.0]]), np.zeros(3, dtype=int)
tables.rows(
    ["score", "softmax", "gradient"],
    lambda: np.hstack([one_column, softmax(one_column), cross_entropy_grad(one_column, nothing)]),
)

# %% [markdown]
# The loss is 0 and the gradient is 0: the network seems perfect before it starts, and it never learns. One output wants the sigmoid.
#
# ## The output layer fits the loss
#
# The output layer "should match with loss function" (lecture 001). All you have built, in one table:
#
# | the answer is | last layer | loss | slope along the scores |
# |---|---|---|---|
# | a number | nothing | squared error | $2(\hat y-y)/N$ |
# | yes or no | sigmoid | binary cross-entropy | $(p-y)/N$ |
# | one of $C$ | softmax | cross-entropy | $(p-\text{one-hot})/N$ |
#
# Prediction minus truth, three times (once with a 2 in front): each loss undoes its layer.

# %% [markdown]
# ## What we want, and what we minimise
#
# What we want is a large share of right answers, the **accuracy**. But a small step of a weight turns no answer, so its slope is 0 nearly
# everywhere. We minimise a loss and *hope*.

# %%
predict("Of 80 new students, model A answers 74 rightly, model B 65. Which one has the lower loss?",
        ["A", "B", "it can be either"])

# %% [markdown]
# ### Exercise: `accuracy`
# *Easy, 2 minutes.*
#
# The answer is the class with the largest score:
#
# | scores | answer | label | right? |
# |---|---|---|---|
# | $(2, 1, -1, 0)$ | 0 | 1 | no |
# | $(-3, -1, -2, -4)$ | 1 | 1 | yes |
# | $(0.1, 0.2, 0.4, 0.3)$ | 2 | 2 | yes |
# | | | *share* | **0.667** |


# %% nbgrader={"grade": false, "grade_id": "accuracy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def accuracy(Z, labels):
    """The share of rows whose largest score stands at the label.

    Z: (N, C), scores; no two of a row are equal.  labels: (N,), whole numbers from 0 to C - 1.
    Both stay as they were.
    Returns one number from 0 to 1.
    accuracy(np.array([[2, 1, -1, 0], [-3, -1, -2, -4], [0.1, 0.2, 0.4, 0.3]]),
             np.array([1, 1, 2]))  ->  0.667
    """
    ### BEGIN SOLUTION
    return np.mean(Z.argmax(axis=1) == labels)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "accuracy_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("accuracy")

# %% [markdown]
# ### Exercise: `empirical_loss`
# *Easy, 3 minutes.*
#
# Lecture 000 calls $J=\frac1n\sum_i\mathcal L(f(x_i),y_i)$ the **empirical loss**, "the total loss over our entire dataset". The formula is
# right, the word is not: it is the *mean*. Any model $f$ and any loss $\mathcal L$ will do, here $f(x)=2x$
# and $\mathcal L=\max(f(x)-y,\,0)$, so that only a prediction that is too large costs:
#
# | $x$ | $f(x)$ | $y$ | $\mathcal L$ |
# |---|---|---|---|
# | 1 | 2 | 1 | 1 |
# | 2 | 4 | 7 | 0 |
# | 4 | 8 | 3 | 5 |
# | | | *mean* | **2** |


# %% nbgrader={"grade": false, "grade_id": "empirical_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def empirical_loss(loss, model, X, y):
    """The mean loss of a model over all examples.

    loss: loss(y_hat, y) of one example's prediction and truth is one number.
    model: model(X) gives all N predictions at once.
    X, y: N examples and N truths; each truth is a number, or a row of several outputs.
    Returns one number.
    empirical_loss(lambda y_hat, y: max(y_hat - y, 0), lambda X: 2 * X,
                   np.array([1, 2, 4]), np.array([1, 7, 3]))  ->  2.0
    """
    ### BEGIN SOLUTION
    return np.mean([loss(y_hat, target) for y_hat, target in zip(model(X), y, strict=True)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "empirical_loss_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("empirical_loss")

# %%
def surprise(z, y):
    """Of one example: two numbers in, one number out."""
    return bce_with_logits(np.array([z]), np.array([y]))


def told(model):
    Z = np.column_stack([np.zeros(len(X_new)), model(X_new)])  # a "no" has score 0
    return accuracy(Z, y_new.astype(int)), empirical_loss(surprise, model, X_new, y_new)


# %%
X_new, y_new = with_ones(students.X_valid), students.y_valid
models = {
    "A": lambda X: 10 * X @ fit(1)[0],  # both features, and ten times as sure
    "B": lambda X: X[:, [0, 2]] @ fit(1, columns=[0, 2])[0],  # the hours only
}
losses.disagreement(models, X_new, y_new, told)

# %% [markdown]
# A is right for 74 of 80, and yet its loss is nearly twice that of B, and worse than that of a coin. Five of its six mistakes were *sure* mistakes, and these
# cost dearly. Which model is better? If answers are counted, A. If somebody must trust the probabilities, as a doctor must, B. So report
# both.

# %% [markdown]
# ## All together, on ten digits
#
# Your `cross_entropy_grad` can now train a network that reads digits, without a hidden layer: 64 dots in, 10 scores out.

# %%
predict("Before training, all ten scores are 0. What is the cross-entropy?",
        ["0", "about 0.1", "about 2.3"])

# %%
digits = data.digits()


def read_digits(X, steps=200):
    """Scores for X after steps downhill, and the loss before each step."""
    dots, W, found = digits.X_train / 16, np.zeros((64, 10)), []
    for _ in range(steps):
        found.append(cross_entropy(dots @ W, digits.y_train))
        W = W - dots.T @ cross_entropy_grad(dots @ W, digits.y_train)
    return X / 16 @ W, found


# %%
charts.learning(
    lambda: {"yours": read_digits(digits.X_valid)[1]},
    "Your cross-entropy falls from that of a guess",
    xlabel="step",
    level=("a guess: ln 10", np.log(10)),
)

# %%
X, labels = digits.X_valid, digits.y_valid
losses.worst_digits(cross_entropy, X, lambda: read_digits(X)[0], labels)

# %% [markdown]
# Of 359 new digits, these seven have the largest loss. Sorting examples by their loss finds what a network cannot read, and labels that are
# wrong. Would *you* have read them all?

# %% [markdown]
# ## Proof-reading the lectures
#
# Seven lines from the lectures:
#
# | line | lecture | it says |
# |---|---|---|
# | 1 | 000, "Binary Cross Entropy Loss" | make small: $J=\frac1n\sum y\log f+(1-y)\log(1-f)$ |
# | 2 | the same slide, one output | `softmax_cross_entropy_with_logits(model.y, model.pred)` |
# | 3 | 000, "Empirical Loss" | $\frac1n\sum_i\mathcal L_i$ "measures the total loss over our entire dataset" |
# | 4 | 004, "Softmax" | compute $p_i=e^{x_i}/(e^{x_1}+e^{x_2}+e^{x_3}+e^{x_4})$ as it stands, for any scores |
# | 5 | 004, "Softplus" | compute $\log(1+e^x)$ as it stands, for any score |
# | 6 | 000, "Mean Squared Error Loss" | `reduce_mean(square(subtract(model.y, model.pred)))`, one output |
# | 7 | 001, "Defining a loss function" | $L=\frac1M\sum_i(\hat y^i-y^i)^2$, one output |

# %% [markdown]
# ### Exercise: `slide_errors`
# *Easy, 4 minutes.*
#
# Give each line one verdict, exactly as it is printed here. A verdict may be used more than once, or not at all.
#
# | verdict | meaning |
# |---|---|
# | `"sign"` | it makes right answers dear and wrong ones cheap |
# | `"mean"` | the word is wrong: it is a mean, no total |
# | `"always 0"` | it is 0 whatever the network says |
# | `"overflow"` | right on paper, but large scores break it in a computer |
# | `"factor"` | it is too large or too small by a constant factor |
# | `"nothing"` | nothing is wrong |


# %% nbgrader={"grade": false, "grade_id": "slide_errors", "locked": false, "schema_version": 3, "solution": true, "task": false}
# the number of each line, and its verdict
slide_errors = {1: "", 2: "", 3: "", 4: "", 5: "", 6: "", 7: ""}
### BEGIN SOLUTION
slide_errors = {1: "sign", 2: "always 0", 3: "mean", 4: "overflow", 5: "overflow", 6: "nothing", 7: "nothing"}
### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "slide_errors_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("slide_errors")

# %% [markdown]
# A formula on a slide is a claim. You can test it with two numbers: one good prediction, and one bad.

# %% [markdown]
# ## Bonus: a loss of your own
# *If you still have time. No points.*
#
# Invent a loss for $y=1$ and write its slope along $z$. It should be 0 where $z>1$, and from $z=-10$ it should be as fast as surprise. Now make it
# faster. What does it do with an example whose label is wrong?

# %%
def slope_of_mine(z, y):
    """The slope along z, an array (1,) as z is; y is 1."""
    raise NotImplementedError


losses.race({"mine": slope_of_mine, "surprise": bce_with_logits_grad}, start=-10)

# %% [markdown]
# ## Think about it
#
# A friend says: "I want accuracy, so I shall minimise $1-\text{accuracy}$. Why the detour?"
#
# Answer her in three to five sentences. Use two pictures or tables of this lab. Say also when she is right to look at the accuracy. (Nobody
# marks this.)

# %% [markdown] nbgrader={"grade": false, "grade_id": "reflection", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Learning needs a slope. A tiny step of a weight turns no answer, so the accuracy's slope is 0 nearly everywhere, flatter even than squared
# error at z = −10, and that one needed 11 034 steps. Cross-entropy has a slope near −1 wherever a mistake is bad. But it is not the goal: model A had the best
# accuracy and a loss worse than a coin's. So train with the loss, and look at the accuracy, on new data, before you choose a model.

# %% [markdown]
# ## What you built
#
# Three losses, and their slopes along the scores. Each of these slopes is "prediction minus truth", and it breaks at no score. Lab 4
# takes such a slope and sends it backwards through a network.

# %%
progress()

# %% [markdown]
# ## What comes next
#
# You know how wrong a network is, and in which direction to push its scores. How do the *weights* get there? Step by step, downhill:
# [**lab 3**](../lab03_gradient_descent/lab03_gradient_descent.ipynb).
