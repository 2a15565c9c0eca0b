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
# # Steps that adapt
#
# In [lab 3](../lab03_gradient_descent/lab03_gradient_descent.ipynb) a walk crept along a ravine. Here is a worse one: from side to side it is 1000 times as steep as along its floor.
#
# In this lab you write five rules that remember the way behind them. The best of them needs 8 steps here, where plain gradient
# descent needs 4000. Then we turn the map by 45°, and the winner loses. Allow two hours, reading included, with a break
# after `Adam`.

# %% tags=["setup"]
import course_utils  # not found? Run %pip install handgrad in a new cell, then this cell again

import itertools

import numpy as np

from course_utils import answer, charts, check, data, explore_optimizers, explore_schedules
from course_utils import explore_smoothing, hint, optimizers, plots, predict, progress, review, tables

# %%
level = np.diag([1.0, 1000.0])  # the loss is ½ wᵀAw = ½ (w₁² + 1000 w₂²), its slope Aw
start = np.array([-4.0, 1.0])
view = ((-5.5, 2.7), (-3.7, 1.45))


def loss_on(A):
    return lambda w: 0.5 * w @ A @ w


class Plain:
    """Gradient descent as in lab 3, as a class."""

    def __init__(self, lr):
        self.lr = lr

    def step(self, w, dw):
        return w - self.lr * dw


# %%
def walk(rule, A, start, steps=20_000):
    """Every place on the way, until the loss is below 0.000001, or out of sight."""
    places = [start]
    while len(places) <= steps and 1e-6 < loss_on(A)(places[-1]) < 1e9:
        places.append(rule.step(places[-1], A @ places[-1]))
    return np.array(places)


crawl = {"plain": lambda: walk(Plain(0.0018), level, start, 200)}

# %%
optimizers.trails([("200 steps, and hardly on its way", loss_on(level), crawl)], view)

# %% [markdown]
# The lowest point is at $(0,0)$. The steps bounced between the walls first; now they creep. **Why not take a larger rate?**
#
# <details><summary>Answer</summary>
#
# Across, the slope is $1000\,w_2$. With a rate above $2/1000$ every step overshoots by more than the one before, and the walk
# flies out (lab 3). But along the floor such a rate shortens the way by two thousandths in each step.
# </details>

# %% [markdown]
# ## What all your classes promise
#
# | | |
# |---|---|
# | `rule = Momentum(0.1)` | one instance for *one* parameter, such as one matrix of weights |
# | `w = rule.step(w, dw)` | gives the next `w`; what the rule remembers, it keeps in `self` |
# | `self.lr` | may be changed between two steps, so read it in every step (Adadelta has none) |
#
# A memory that begins as the number 0 takes the shape of `dw` by itself, when you add an array to it.

# %% [markdown]
# ## A ball
#
# A walker stops and looks at every step. A ball has a *velocity* $v$: the slope pushes it, and friction leaves a share
# $\mu$ of the velocity:
#
# $$v\leftarrow\mu\,v-\text{lr}\cdot dw,\qquad w\leftarrow w+v$$
#
# Between the walls the pushes point to and fro and cancel. Along the floor they add up. (Qian, 1999, from lecture 000.)

# %%
predict(
    "The slope stays the same, and μ = 0.9. How far does the ball go in one step, in the long run?",
    ["as far as plain descent", "about twice as far", "ten times as far"],
)

# %% [markdown]
# ### Exercise: `Momentum`
# *Easy, 7 minutes.*
#
# On paper, with lr $=0.1$ and $\mu=0.9$, from $w=1$:
#
# | step | $dw$ | $v$ | $w$ |
# |---|---|---|---|
# | | | 0 | 1 |
# | 1 | 2 | $0.9\cdot0-0.1\cdot2=-0.2$ | 0.8 |
# | 2 | 1 | $0.9\cdot(-0.2)-0.1\cdot1=-0.28$ | 0.52 |
#
# (PyTorch writes $v\leftarrow\mu v+dw$ and $w\leftarrow w-\text{lr}\cdot v$. That is the same walk until lr changes on the way.)


# %% nbgrader={"grade": false, "grade_id": "Momentum", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Momentum:
    """A ball that rolls downhill: a velocity v, 0 before the first step, is kept between
    steps.

    One instance serves one parameter, such as one matrix of weights.  Its lr may be
    changed between steps: read self.lr at every step.
    """

    def __init__(self, lr, mu=0.9):
        """lr: the learning rate.  mu: the share of v that is left after a step."""
        self.lr, self.mu = lr, mu
        ### BEGIN SOLUTION
        self.v = 0.0
        ### END SOLUTION

    def step(self, w, dw):
        """v becomes mu v - lr dw; returns w + v, with the new v.

        w: an array of any shape, also of shape (), perhaps of whole numbers. It may
        have been put elsewhere since the last step.
        dw: the gradient at w, of w's shape.  Leave both as they are.
        Returns an array of its own, of w's shape, of floats.
        With lr = 0.1, mu = 0.9:  w = [1.0], dw = [2.0] gives [0.8]; after that,
        w = [0.8], dw = [1.0] gives [0.52].
        """
        ### BEGIN SOLUTION
        self.v = self.mu * self.v - self.lr * dw
        return w + self.v
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "Momentum_check", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
check("Momentum")


# %%
def moves(rule, slopes):
    """How far w moves in each step, when its gradients are these."""
    w, found = np.zeros(1), []
    for slope in slopes:
        before, w = w, rule.step(w, np.array([slope]))
        found.append(abs(w - before)[0])
    return found

# %%
charts.lines(
    [
        ("plain", moves(Plain(1.0), np.ones(50)), "reference"),
        ("Momentum", plots.attempt(lambda: moves(Momentum(1.0), np.ones(50))), "forward"),
    ],
    "On an even slope the ball gets ten times as fast",
    xlabel="step", ylabel="step length / lr", start=1, level=("1 / (1 − μ) = 10", 10.0),
)

# %% [markdown]
# **Why ten?** The ball stops getting faster when $v=\mu v-\text{lr}\cdot dw$. Solve this for $v$:
# $v=-\frac{1}{1-\mu}\,\text{lr}\cdot dw$. With $\mu=0.9$ the *effective step* is 10 times lr, with $\mu=0.99$ it is 100 times.
#
# Now both in the ravine, each with a rate that was chosen from many.


# %%
def losses(rule, A, start, steps):
    return [loss_on(A)(w) for w in walk(rule, A, start, steps)]

# %%
charts.lines(
    [
        ("plain", losses(Plain(0.00198), level, start, 500), "reference"),
        ("Momentum", plots.attempt(lambda: losses(Momentum(0.003), level, start, 500)), "forward"),
    ],
    "The ball is down while the walker still creeps",
    xlabel="steps", ylabel="loss", log=True,
)

# %% [markdown]
# ### Does momentum adapt?
#
# Lecture 000 lists momentum first under "Adaptive Learning Rate Algorithms". A rate that *adapts* should be another one for a
# steep weight than for a gentle one.

# %%
predict(
    "Two weights: the second one's gradients are always 1000 times as large. How far does momentum move it?",
    ["as far as the first", "about 30 times as far", "1000 times as far"],
)


# %%
def two_weights(rule):
    """Where two weights are after five steps; the second one is 1000 times as steep."""
    w = np.zeros(2)
    for slope in (1.0, -0.5, 2.0, 1.0, 0.3):
        w = rule.step(w, slope * np.array([1.0, 1000.0]))
    return w


def how_far(**rules):
    rows = []
    for name, make in rules.items():
        w = plots.attempt(lambda make=make: two_weights(make()), shape=(2,))
        rows.append([name, w, "", ""] if isinstance(w, str) else [name, *abs(w), w[1] / w[0]])
    return tables.lines(["rule", "gentle weight", "steep weight", "ratio"], *rows)

# %%
how_far(plain=lambda: Plain(0.1), Momentum=lambda: Momentum(0.1))

# %% [markdown]
# So the lecture's list is wrong here: momentum has **one** rate for all weights, as plain descent has. What it adds is a memory
# of the *direction*.

# %% [markdown]
# ## A rate for each weight
#
# In our ravine a rate of 1 would be best along the floor, and $1/1000$ across. Can a rule find this out by itself? It sees
# one thing only: the gradients so far, large across and small along. **What would you divide them by?**
#
# Adagrad divides each weight's step by the root of the sum of *its own* squared gradients, the newest one among them (Duchi et
# al., 2011):
#
# $$s\leftarrow s+dw^2,\qquad w\leftarrow w-\text{lr}\cdot\frac{dw}{\sqrt s+\varepsilon}$$

# %% [markdown]
# ### Exercise: `Adagrad`
# *Easy, 5 minutes.*
#
# On paper, lr $=0.1$, from $w=1$:
#
# | step | $dw$ | $s$ | $\sqrt s$ | $w$ |
# |---|---|---|---|---|
# | 1 | 3 | 9 | 3 | $1-0.1\cdot\frac33=0.9$ |
# | 2 | 4 | $9+16=25$ | 5 | $0.9-0.1\cdot\frac45=0.82$ |
#
# $\varepsilon$ stands outside the root. It only prevents $0/0$.


# %% nbgrader={"grade": false, "grade_id": "Adagrad", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Adagrad:
    """A rate for every weight: it is divided by the root of the sum of this weight's
    squared gradients, the newest one among them.

    One instance serves one parameter.  Its lr may be changed between steps: read
    self.lr at every step.
    """

    def __init__(self, lr, eps=1e-8):
        """lr: the learning rate.  eps: a small number against 0/0."""
        self.lr, self.eps = lr, eps
        ### BEGIN SOLUTION
        self.cache = 0.0
        ### END SOLUTION

    def step(self, w, dw):
        """The new w: w - lr dw / (root of the sum + eps), with eps outside the root.

        w: an array of any shape, also of shape (), perhaps of whole numbers.
        dw: the gradient at w, of w's shape.  Leave both as they are.
        Returns an array of its own, of w's shape, of floats; a weight whose
        gradients were all 0 stays where it is.
        With lr = 0.1:  w = [1.0], dw = [3.0] gives [0.9]; after that, w = [0.9],
        dw = [4.0] gives [0.82].
        """
        ### BEGIN SOLUTION
        self.cache = self.cache + dw**2
        return w - self.lr * dw / (np.sqrt(self.cache) + self.eps)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "Adagrad_check", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
check("Adagrad")

# %%
crawl["Adagrad"] = lambda: walk(Adagrad(1.0), level, start, 200)
optimizers.trails([("Adagrad takes both ways at one speed", loss_on(level), crawl)], view)

# %% [markdown]
# The first step is $dw/\sqrt{dw^2}=\pm1$: as long along the floor as across it, here times lr $=1$. How steep a direction is no
# longer counts.

# %% [markdown]
# ### It stops walking
#
# The sum only grows. On an even slope, $s$ after $k$ steps is $k\cdot dw^2$, so step $k$ has the length $\text{lr}/\sqrt k$.
# Worse, it never forgets. This walker falls down a cliff for ten steps, with slope 100. Then comes a gentle meadow with slope 1.

# %%
predict(
    "The meadow has slope 1. How long are Adagrad's steps there, with lr = 0.1?",
    ["0.1", "about 0.01", "about 0.0003"],
)

# %%
cliff = np.array([100.0] * 10 + [1.0] * 90)


def on_the_cliff(**rules):
    lines = []
    for (name, make), role in zip(rules.items(), ("reference", "gradient", "forward"), strict=False):
        lines.append((name, plots.attempt(lambda make=make: moves(make(), cliff)), role))
    title = "After ten steps the cliff is over: who forgets it?"
    return charts.lines(lines, title, xlabel="step", ylabel="step length", start=1, log=True)

# %%
on_the_cliff(plain=lambda: Plain(0.1), Adagrad=lambda: Adagrad(0.1))

# %% [markdown]
# On the meadow Adagrad moves by $0.1/\sqrt{100\,000}=0.0003$ in each step. One hard fall, and it never trusts the ground again.

# %% [markdown]
# ## Forget
#
# RMSProp takes a *moving mean* instead of the sum: keep a share $\rho$ of the old mean, and add $1-\rho$ of the new square. With
# $\rho=0.9$, old squares fade after some ten steps. (Hinton's lectures, 2012.)
#
# $$s\leftarrow\rho\,s+(1-\rho)\,dw^2$$

# %% [markdown]
# ### Exercise: `RMSProp`
# *Easy, 3 minutes.*
#
# On paper, lr $=0.1$, $\rho=0.75$, from $w=1$:
#
# | step | $dw$ | mean of the squares | root | $w$ |
# |---|---|---|---|---|
# | 1 | 4 | $0.75\cdot0+0.25\cdot16=4$ | 2 | $1-0.1\cdot\frac42=0.8$ |
# | 2 | 2 | $0.75\cdot4+0.25\cdot4=4$ | 2 | $0.8-0.1\cdot\frac22=0.7$ |


# %% nbgrader={"grade": false, "grade_id": "RMSProp", "locked": false, "schema_version": 3, "solution": true, "task": false}
class RMSProp:
    """Adagrad that forgets: a moving mean of the squared gradients stands for their sum.

    One instance serves one parameter.  Its lr may be changed between steps: read
    self.lr at every step.
    """

    def __init__(self, lr, rho=0.9, eps=1e-8):
        """lr: the learning rate.  rho: the share of the old mean that is kept.
        eps: a small number against 0/0."""
        self.lr, self.rho, self.eps = lr, rho, eps
        ### BEGIN SOLUTION
        self.cache = 0.0
        ### END SOLUTION

    def step(self, w, dw):
        """The mean, 0 before the first step, becomes rho mean + (1 - rho) dw^2; returns
        w - lr dw / (root of the new mean + eps), with eps outside the root.

        w: an array of any shape, also of shape (), perhaps of whole numbers.
        dw: the gradient at w, of w's shape.  Leave both as they are.
        Returns an array of its own, of w's shape, of floats; a weight whose
        gradients were all 0 stays where it is.
        With lr = 0.1, rho = 0.75:  w = [1.0], dw = [4.0] gives [0.8]; after that,
        w = [0.8], dw = [2.0] gives [0.7].
        """
        ### BEGIN SOLUTION
        self.cache = self.rho * self.cache + (1 - self.rho) * dw**2
        return w - self.lr * dw / (np.sqrt(self.cache) + self.eps)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "RMSProp_check", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
check("RMSProp")

# %%
on_the_cliff(plain=lambda: Plain(0.1), Adagrad=lambda: Adagrad(0.1), RMSProp=lambda: RMSProp(0.1))

# %% [markdown]
# RMSProp forgets: 90 steps after the cliff its steps are nearly 0.1 again. Look at its *first* step, too: 0.316. The mean begins
# at 0, so at first it is only a tenth of the square, and the step is $1/\sqrt{0.1}=3.16$ times too long. Keep this in mind.

# %% [markdown]
# ## What is the unit of a step?
#
# A weight is measured in metres; the loss has no unit. Then a slope has the unit 1/metre. Which unit has the step?
#
# | rule | step | unit |
# |---|---|---|
# | plain | lr · slope | 1/metre, unless lr mends it |
# | RMSProp | lr · slope / root of squared slopes | none, unless lr mends it |
# | **Adadelta** | root of squared *moves* · slope / root of squared slopes | metre: right without any lr |
#
# So Adadelta needs no learning rate (Zeiler, 2012). Only $\varepsilon$ is left to start the first move.

# %% [markdown]
# ### Exercise: `Adadelta`
# *Medium, 7 minutes.*
#
# It keeps two moving means: $G$ of the squared gradients, $D$ of the squared moves. On paper, with $\rho=0.75$,
# $\varepsilon=0.01$, $dw=2$, from $w=1$:
#
# | what | formula | value |
# |---|---|---|
# | $G$ | $0.75\cdot0+0.25\cdot4$ | 1 |
# | move | $-\sqrt{0+0.01}\,/\sqrt{1+0.01}\cdot2$ | $-0.199$ |
# | $D$ | $0.75\cdot0+0.25\cdot0.199^2$ | 0.0099 |
# | $w$ | $1-0.199$ | 0.801 |
#
# The move takes the new $G$ and the *old* $D$. Here $\varepsilon$ stands inside the roots, as in the paper.


# %% nbgrader={"grade": false, "grade_id": "Adadelta", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Adadelta:
    """RMSProp without a learning rate: the size of the last moves takes its place.

    Two moving means, both 0 before the first step: G of dw^2, and D of the squared
    moves.  One instance serves one parameter.
    """

    def __init__(self, rho=0.95, eps=1e-6):
        """rho: the share of an old mean that is kept.  eps: starts the first move."""
        self.rho, self.eps = rho, eps
        ### BEGIN SOLUTION
        self.G = self.D = 0.0
        ### END SOLUTION

    def step(self, w, dw):
        """G becomes rho G + (1 - rho) dw^2.  The move is
        -root(D + eps) / root(G + eps) times dw, with the new G and the old D, and eps
        inside both roots.  Then D becomes rho D + (1 - rho) move^2.

        w: an array of any shape, also of shape (), perhaps of whole numbers.
        dw: the gradient at w, of w's shape.  Leave both as they are.
        Returns w + move, an array of its own, of w's shape, of floats.
        With rho = 0.75, eps = 0.01:  w = [1.0], dw = [2.0] gives [0.801]; after that,
        w = [0.801], dw = [1.0] gives [0.661].
        """
        ### BEGIN SOLUTION
        self.G = self.rho * self.G + (1 - self.rho) * dw**2
        move = -np.sqrt(self.D + self.eps) / np.sqrt(self.G + self.eps) * dw
        self.D = self.rho * self.D + (1 - self.rho) * move**2
        return w + move
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "Adadelta_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("Adadelta")


# %%
def speeds_up():
    return np.array(moves(Adadelta(), np.ones(3000))) / 0.001

# %%
charts.lines(
    [("Adadelta", plots.attempt(speeds_up), "forward")],
    "On an even slope Adadelta gets faster by itself",
    xlabel="step", ylabel="step length / 0.001", start=1,
)

# %% [markdown]
# No rate to choose, but the price is a slow start. The first step is $\sqrt\varepsilon/\sqrt{0.05}=0.0045$ long, and after 3000
# steps it is only three times as long. Few people use Adadelta today.

# %% [markdown]
# ## Both at once
#
# Adam takes momentum's memory of the direction and RMSProp's memory of the size, both as moving means (Kingma and Ba, 2014):
#
# $$m\leftarrow\beta_1m+(1-\beta_1)\,dw,\qquad v\leftarrow\beta_2v+(1-\beta_2)\,dw^2$$
#
# Both begin at 0, and so both are too small at first. For a constant gradient $g$, $m$ after $t$ steps is
# $(1-\beta_1^t)\,g$. So Adam divides: $\hat m=m/(1-\beta_1^t)$ and $\hat v=v/(1-\beta_2^t)$, with $t$ counted from 1. The step
# is $-\text{lr}\cdot\hat m/(\sqrt{\hat v}+\varepsilon)$.

# %%
predict(
    "Somebody forgets this correction. How long are Adam's first steps?",
    ["too short", "as they should be", "too long"],
)

# %% [markdown]
# ### Exercise: `Adam`
# *Medium, 10 minutes.*
#
# On paper, the first step with $dw=5$, lr $=0.1$, $\beta_1=0.9$, $\beta_2=0.999$, from $w=1$:
#
# | | moving mean | corrected |
# |---|---|---|
# | $m$ | $0.1\cdot5=0.5$ | $0.5/(1-0.9)=5$ |
# | $v$ | $0.001\cdot25=0.025$ | $0.025/(1-0.999)=25$ |
#
# $w=1-0.1\cdot5/\sqrt{25}=0.9$. With $dw=0.5$ it would be 0.9, too. Keep $m$ and $v$ themselves for the next step, not the
# corrected ones.


# %% nbgrader={"grade": false, "grade_id": "Adam", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Adam:
    """Momentum and RMSProp together: moving means m of dw and v of dw^2, both 0 before
    the first step, and both corrected for that start.

    One instance serves one parameter.  Its lr may be changed between steps: read
    self.lr at every step.
    """

    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        """lr: the learning rate.  beta1, beta2: the shares of the old m and v that are
        kept, 0 or more and less than 1.  eps: a small number against 0/0."""
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        ### BEGIN SOLUTION
        self.m, self.v, self.t = 0.0, 0.0, 0
        ### END SOLUTION

    def step(self, w, dw):
        """m becomes beta1 m + (1 - beta1) dw, and v becomes beta2 v + (1 - beta2) dw^2.
        In step t, counted from 1, m / (1 - beta1^t) and v / (1 - beta2^t) are the
        corrected ones; returns w - lr corrected m / (root of corrected v + eps).

        w: an array of any shape, also of shape (), perhaps of whole numbers.
        dw: the gradient at w, of w's shape.  Leave both as they are.
        Returns an array of its own, of w's shape, of floats; a weight whose
        gradients were all 0 stays where it is.
        With lr = 0.1:  w = [1.0], dw = [5.0] gives [0.9], and so does dw = [0.5];
        after dw = [5.0], w = [0.9], dw = [1.0] gives [0.8197].
        """
        ### BEGIN SOLUTION
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        m = self.m / (1 - self.beta1**self.t)
        v = self.v / (1 - self.beta2**self.t)
        return w - self.lr * m / (np.sqrt(v) + self.eps)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "Adam_check", "locked": true, "points": 16, "schema_version": 3, "solution": false, "task": false}
check("Adam")

# %%
t = np.arange(1, 101)
charts.lines(
    [
        ("yours", plots.attempt(lambda: moves(Adam(1.0), np.ones(100))), "forward"),
        ("not corrected", (1 - 0.9**t) / np.sqrt(1 - 0.999**t), "gradient"),
    ],
    "Without correction the first steps are too long",
    xlabel="step", ylabel="step length / lr", start=1,
)

# %% [markdown]
# Most people guess "too short". But $m$ is a *tenth* of what it should be, and $\sqrt v$ a *thirtieth*: so the first step is 3.16
# times too long, step 12 even 6.57 times. After 1000 steps it is still 1.26 times.

# %%
predict("With lr = 0.001, how long is Adam's first step if the gradient is a million?", ["0.001", "1", "1000"])


# %%
def first_step(gradient):
    return moves(Adam(0.001), [gradient])[0] / 0.001


powers = [6, 3, 0, -3, -6]
heads = ["gradient: 10 to the power", "first step / lr"]

# %%
tables.rows(heads, lambda: [[power, first_step(10.0**power)] for power in powers])

# %% [markdown]
# Adam's first step is lr, whatever the gradient is; only at $10^{-6}$ does $\varepsilon$ show. That is handy: lr *is* the length of a
# step. All your rules on the two weights from above, of which one is 1000 times as steep:

# %%
how_far(
    plain=lambda: Plain(0.1),
    Momentum=lambda: Momentum(0.1),
    Adagrad=lambda: Adagrad(0.1),
    RMSProp=lambda: RMSProp(0.1),
    Adadelta=lambda: Adadelta(),
    Adam=lambda: Adam(0.1),
)

# %% [markdown]
# Four of them adapt: the ratio is 1. *Now take a break.*

# %% [markdown]
# ## Turn the map
#
# A race to the bottom of the ravine, each rule with a rate that was chosen from many. Then we turn the ravine and the start by
# 45°, and choose the rates anew. It is the same ravine, seen from another side.

# %%
predict(
    "Level, Adagrad needs 8 steps, plain descent 4000. How many does Adagrad need in the turned ravine?",
    ["again about 8", "about 80", "almost 6000"],
)

# %%
c = np.sqrt(0.5)  # the cosine and the sine of 45°
R = np.array([[c, -c], [c, c]])
turned, turned_start = R @ level @ R.T, R @ start
races = {  # a rule, a good rate for it in the level ravine, and in the turned one
    "plain": (lambda lr: Plain(lr), 0.00198, 0.00198),
    "Momentum": (lambda lr: Momentum(lr), 0.003, 0.003),
    "Adagrad": (lambda lr: Adagrad(lr), 5.0, 1.2),
    "Adam": (lambda lr: Adam(lr), 0.3, 1.5),
}


def steps_down(rule, A, start):
    """How many steps to the bottom; 20 000 for a walk that does not get there."""
    places = walk(rule, A, start)
    return len(places) - 1 if loss_on(A)(places[-1]) <= 1e-6 else 20_000


def race(name):
    make, flat, tilted = races[name]
    return [steps_down(make(flat), level, start), steps_down(make(tilted), turned, turned_start)]


# %%
optimizers.before_and_after(
    {name: lambda name=name: race(name) for name in races},
    "Turn the map by 45°: Adagrad loses, momentum does not care",
    "steps to a loss of 0.000001",
    ("level", "turned by 45°"),
)

# %%
optimizers.trails(
    [
        ("Level: straight to the floor", loss_on(level), crawl),
        (
            "Turned: caught between the walls",
            loss_on(turned),
            {
                "plain": lambda: walk(Plain(0.0018), turned, turned_start, 200),
                "Adagrad": lambda: walk(Adagrad(1.0), turned, turned_start, 200),
            },
        ),
    ],
    view,
)

# %% [markdown]
# **Why?** Adagrad, RMSProp and Adam have one rate for each *coordinate*. In the turned ravine both coordinates are equally
# steep, so both get the same rate, and nothing is gained. Plain descent and momentum do not look at coordinates: turn the map,
# and their whole walk turns with it. (The numbers depend on the start. From (1, 1), level, Adagrad and Adam with lr = 1 need a single step.)

# %% [markdown]
# Why are adaptive rules so good in practice, then? In a network, weights often *are* steep or gentle one by one: a rare word, a
# dark pixel.

# %% [markdown]
# ## Plateaus and saddles
#
# A loss of millions of weights is "an egg carton in a million dimensions" (lecture 004). At a place without slope it mostly rises
# along some directions and falls along others: a **saddle**. At $w_1^2-w_2^2$, a walker beside the ridge has nearly no slope to
# follow. **Choose "saddle", lr = 0.1: who leaves it first?** Then go through the rates in both ravines.

# %%
explore_optimizers(Momentum, Adagrad, RMSProp, Adam)

# %% [markdown]
# <details><summary>What you should see</summary>
#
# Steps until $|w_2|>1$, from 0.001 beside the ridge: plain 38, Momentum 19, Adagrad 17, Adam 11, RMSProp 4. An adaptive step is
# about lr, even where the slope is tiny.
#
# In the ravines RMSProp comes near quickly and never rests: its steps stay as long as lr.
# </details>

# %% [markdown]
# A **plateau** is flat all around. A neuron should say 1, and the loss is $(\sigma(z)-1)^2$. It starts with $z=-10$: quite
# sure, and wrong. There $\sigma$ is flat: the slope is $-0.00009$. How many steps until it says 0.5?


# %%
def steps_off(rule):
    z, steps = np.array([-10.0]), 0
    while z[0] < 0 and steps < 20_000:
        p = np.exp(-np.logaddexp(0, -z))  # σ(z)
        z, steps = rule.step(z, 2 * (p - 1) * p * (1 - p)), steps + 1
    return steps


rules = {"plain": Plain, "Momentum": Momentum, "Adagrad": Adagrad, "RMSProp": RMSProp, "Adam": Adam}

# %%
charts.bars(
    lambda: [(name, steps_off(rule(1.0))) for name, rule in rules.items()],
    "A plateau holds plain descent for 11 000 steps",
    "steps, all with lr = 1",
)

# %% [markdown]
# ## Adam at the worst point
#
# No rule is safe everywhere. Here the loss is a line on $-1\le w\le1$ that changes from step to step: its slope is 4 in every
# third step and $-1$ in the two others. On average it is $\frac{4-1-1}3=+\frac23$, so the lowest point is $w=-1$. (Reddi et
# al., 2018.)

# %%
predict(
    "Adam with β₁ = 0 and β₂ = 1/17 forgets quickly. Where does it end?",
    ["at −1, the best point", "at 0", "at 1, the worst point"],
)


# %%
def on_the_seesaw(rule):
    w, places = np.zeros(1), []
    for day in range(600):
        slope = 4.0 if day % 3 == 0 else -1.0
        w = np.clip(rule.step(w, np.array([slope])), -1, 1)
        places.append(w[0])
    return places

# %%
charts.lines(
    [
        ("plain", on_the_seesaw(Plain(0.01)), "reference"),
        ("Adam, default", plots.attempt(lambda: on_the_seesaw(Adam(0.01))), "forward"),
        ("forgetful Adam", plots.attempt(lambda: on_the_seesaw(Adam(0.01, 0, 1 / 17))), "gradient"),
    ],
    "An Adam that forgets walks up to the worst point",
    xlabel="step", ylabel="w",
)

# %% [markdown]
# <details><summary>Why?</summary>
#
# The rare slope of 4 is divided by its own size: a step of about $-1.03$ lr. The two slopes of $-1$ are divided by a memory that has
# nearly forgotten it: $+0.74$ and $+0.98$ lr. Together $+0.69$ lr, uphill. The default $\beta_2=0.999$ remembers for
# long enough.
# </details>

# %% [markdown]
# ## The rate itself changes
#
# "Which learning rate is best? All of them! Start large and decay over time" (lecture 001). A **schedule** gives the rate for
# every step. A common one multiplies it by 0.1 "after epochs 30, 60, and 90".

# %% [markdown]
# ### Exercise: `step_decay`
# *Easy, 5 minutes.*
#
# | epoch | 0 | 29 | 30 | 59 | 60 | 90 |
# |---|---|---|---|---|---|---|
# | lr, from 0.5 | 0.5 | 0.5 | 0.05 | 0.05 | 0.005 | 0.0005 |


# %% nbgrader={"grade": false, "grade_id": "step_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def step_decay(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    """lr0, multiplied by factor once for every milestone that is reached.

    epoch: a whole number, 0 or more.  A milestone is reached from epoch = milestone on.
    milestones: whole numbers, rising; any number of them.
    step_decay(0.5, 30)  ->  0.05;  step_decay(0.5, 29)  ->  0.5
    """
    ### BEGIN SOLUTION
    return lr0 * factor ** sum(epoch >= milestone for milestone in milestones)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step_decay_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("step_decay")

# %% [markdown]
# ### Exercise: `linear_decay`
# *Easy, 3 minutes.*
#
# From 0.5 down to 0 in 80 steps: at $t=20$ a quarter of the way is done, so 0.375 is left. From $t=80$ on it is 0, never negative.


# %% nbgrader={"grade": false, "grade_id": "linear_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linear_decay(lr0, t, T):
    """From lr0 at t = 0 in a straight line to 0 at t = T, and 0 ever after.

    t: the number of the step, 0 or more; it may be larger than T.
    linear_decay(0.5, 20, 80)  ->  0.375
    """
    ### BEGIN SOLUTION
    return lr0 * max(0.0, 1 - t / T)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "linear_decay_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("linear_decay")

# %% [markdown]
# ### Exercise: `cosine_decay`
# *Easy, 4 minutes.*
#
# A line has two corners. Half a wave has none: $\cos$ falls from 1 to $-1$ as its angle grows from 0 to $\pi$. Shift and shrink
# it so that it falls from lr₀ to 0:
#
# | $t/T$ | 0 | 1/4 | 1/2 | 1 |
# |---|---|---|---|---|
# | cosine | 1 | 0.707 | 0 | −1 |
# | lr, from 0.5 | 0.5 | 0.427 | 0.25 | 0 |


# %% nbgrader={"grade": false, "grade_id": "cosine_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cosine_decay(lr0, t, T):
    """From lr0 at t = 0 to 0 at t = T along half a wave of the cosine, and 0 ever after.

    The angle of the cosine goes from 0 to pi.  t: the number of the step, 0 or more; it
    may be larger than T.
    cosine_decay(0.5, 20, 80)  ->  0.427
    """
    ### BEGIN SOLUTION
    return lr0 / 2 * (1 + np.cos(np.pi * min(t / T, 1)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "cosine_decay_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("cosine_decay")

# %%
T = 120
charts.lines(
    [
        ("step", plots.attempt(lambda: [step_decay(0.1, t) for t in range(T)]), "forward"),
        ("linear", plots.attempt(lambda: [linear_decay(0.1, t, T) for t in range(T)]), "reference"),
        ("cosine", plots.attempt(lambda: [cosine_decay(0.1, t, T) for t in range(T)]), "gradient"),
    ],
    "Three ways down from 0.1",
    xlabel="epoch", ylabel="learning rate",
)

# %% [markdown]
# What are they good for? In lab 3, SGD on the patients' data came near quickly and then jittered, for its noise never sleeps. Here it
# is again: batches of 16, thirty epochs of 17 steps, first with lr = 0.1 throughout, then with your schedules.

# %%
patients = data.diabetes()
bmi = patients.X_train[:, 2]
X1 = np.column_stack([np.ones(len(bmi)), (bmi - bmi.mean()) / bmi.std()])
y = patients.y_train
best = np.linalg.lstsq(X1, y)[0]


def sgd(rate):
    """The loss above the lowest one, after each of thirty epochs; rate(k) is lr in step k."""
    rng, w, found, count = np.random.default_rng(0), np.zeros(2), [], itertools.count()
    for _ in range(30):
        for rows in np.array_split(rng.permutation(len(y)), 17):
            w = w - rate(next(count)) * 2 * X1[rows].T @ (X1[rows] @ w - y[rows]) / len(rows)
        found.append(np.mean((X1 @ (w - best)) ** 2))
    return found


# %%
all_steps = 30 * 17
charts.lines(
    [
        ("constant", sgd(lambda k: 0.1), "reference"),
        ("step", plots.attempt(sgd, lambda k: step_decay(0.1, k // 17, (10, 20))), "forward"),
        ("cosine", plots.attempt(sgd, lambda k: cosine_decay(0.1, k, all_steps)), "gradient"),
    ],
    "A falling rate calms the noise",
    xlabel="epoch", ylabel="loss above the lowest", start=1, log=True,
)

# %% [markdown]
# With a constant rate the walk goes on jumping: mostly it is 3 to 80 above the lowest loss, and once, by luck, near it. With
# either schedule it ends below 1. (That answers lab 3's bonus.)

# %% [markdown]
# ## Warm-up
#
# Remember the long *first* steps of RMSProp. A **warm-up** begins with a small rate and lets it grow, until the moving means
# know something. After it, this schedule falls like one over the root of $t$.

# %% [markdown]
# ### Exercise: `inverse_sqrt`
# *Medium, 5 minutes.*
#
# From lr₀ $=0.5$, with a warm-up of 100 steps:
#
# | $t$ | 0 | 10 | 100 | 400 | 900 |
# |---|---|---|---|---|---|
# | lr | 0 | 0.05 | 0.5 | $0.5\sqrt{100/400}=0.25$ | $0.5/3=0.167$ |


# %% nbgrader={"grade": false, "grade_id": "inverse_sqrt", "locked": false, "schema_version": 3, "solution": true, "task": false}
def inverse_sqrt(lr0, t, warmup):
    """A warm-up: in a straight line from 0 at t = 0 to lr0 at t = warmup.  After that,
    lr0 times the root of warmup / t.

    t: the number of the step, 0 or more.  warmup: a number of steps, 1 or more.
    inverse_sqrt(0.5, 10, 100)  ->  0.05;  inverse_sqrt(0.5, 400, 100)  ->  0.25
    """
    ### BEGIN SOLUTION
    return lr0 * t / warmup if t < warmup else lr0 * np.sqrt(warmup / t)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "inverse_sqrt_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("inverse_sqrt")

# %% [markdown]
# **Does it help?** Now we need a real network: [lab 4](../lab04_backprop/lab04_backprop.ipynb)'s two layers on digits of 8 × 8 pixels. Its gradients, written out:

# %%
digits = data.digits()
ink, labels = digits.X_train / 16, digits.y_train


def loss_and_gradients(X, labels, W1, b1, W2, b2):
    """The mean cross-entropy of a ReLU network of two layers, and its four gradients."""
    Z = X @ W1 + b1
    H = np.maximum(Z, 0)
    scores = H @ W2 + b2
    log_p = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    rows = np.arange(len(X))
    dS = np.exp(log_p)
    dS[rows, labels] -= 1
    dS /= len(X)
    dZ = dS @ W2.T * (Z > 0)
    return -log_p[rows, labels].mean(), [X.T @ dZ, dZ.sum(axis=0), H.T @ dS, dS.sum(axis=0)]


# %%
@np.errstate(all="ignore")  # some rates are meant to fail
def fit(make, batch, epochs, rate=None, seed=0):
    """The loss of every batch, and the four parameters: each has a rule of its own from make()."""
    rng, found = np.random.default_rng(seed), []
    params = [rng.normal(0, 0.2, (64, 32)), np.zeros(32), rng.normal(0, 0.2, (32, 10)), np.zeros(10)]
    rules = [make() for _ in params]
    for _ in range(epochs):
        for rows in np.array_split(rng.permutation(len(ink)), -(-len(ink) // batch)):
            for rule in rules:
                rule.lr = rule.lr if rate is None else rate(len(found))
            loss, grads = loss_and_gradients(ink[rows], labels[rows], *params)
            found.append(loss)
            params = [rule.step(w, dw) for rule, w, dw in zip(rules, params, grads, strict=True)]
    return found, params


def share_right(params):
    W1, b1, W2, b2 = params
    scores = np.maximum(digits.X_valid / 16 @ W1 + b1, 0) @ W2 + b2
    return np.mean(np.argmax(scores, axis=1) == digits.y_valid)


# %%
def with_warm_up(t):
    return inverse_sqrt(0.2, t, 100)


def without_warm_up(t):
    return inverse_sqrt(0.2, max(t, 100), 100)


def first_losses(rate):
    return fit(lambda: RMSProp(0.2), 16, 1, rate)[0][:40]


ways = {"without warm-up": without_warm_up, "with warm-up": with_warm_up}

# %%
charts.lines(
    [
        ("without warm-up", plots.attempt(first_losses, without_warm_up), "gradient"),
        ("with warm-up", plots.attempt(first_losses, with_warm_up), "forward"),
    ],
    "RMSProp, lr = 0.2: the first steps do the harm",
    xlabel="step", ylabel="loss of the batch", start=1, log=True,
)


# %%
def after_five_epochs(rate, seed):
    return share_right(fit(lambda: RMSProp(0.2), 16, 5, rate, seed)[1])


def mean_share(rate):
    return np.mean([after_five_epochs(rate, seed) for seed in range(3)])

# %%
charts.bars(
    lambda: [(name, mean_share(rate)) for name, rate in ways.items()],
    "Five epochs later it still shows",
    "unseen digits read right, mean of three starts; guessing: 0.1",
)

# %% [markdown]
# The rate is chosen large on purpose. With 0.02 the difference is small. In deep networks first steps are more dangerous, so there a
# warm-up is common.

# %% [markdown]
# ## Restarts
#
# A rate that has fallen to 0 cannot leave a valley. So raise it again, and again: a *warm restart*. (Loshchilov and Hutter, SGDR,
# from lecture 001.)

# %% [markdown]
# ### Exercise: `cosine_restarts`
# *Easy, 3 minutes.*
#
# With a period of 80 steps, step 100 is 20 steps into the second period: 0.427, if lr₀ is 0.5. Step 80 itself begins a new
# period: 0.5. So the rate never reaches 0.


# %% nbgrader={"grade": false, "grade_id": "cosine_restarts", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cosine_restarts(lr0, t, period):
    """Half a wave of the cosine from lr0 towards 0 in every period, again and again.

    t: the number of the step, 0 or more.  At t = 0, period, 2 period, ... it is lr0.
    cosine_restarts(0.5, 100, 80)  ->  0.427
    """
    ### BEGIN SOLUTION
    return cosine_decay(lr0, t % period, period)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "cosine_restarts_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("cosine_restarts")

# %%
charts.lines(
    [
        ("constant", sgd(lambda k: 0.1), "reference"),
        ("restarts", plots.attempt(sgd, lambda k: cosine_restarts(0.1, k, 170)), "gradient"),
    ],
    "Every period of ten epochs ends low",
    xlabel="epoch", ylabel="loss above the lowest", start=1, log=True,
)

# %% [markdown]
# When a network trains like this, it is finished at each end of a period. Keep a copy of all three, a *snapshot*, and you have
# three networks for the price of one (lecture 001).
#
# **Which first rate is too large for a constant rate, and fine for a schedule?** The right panel shows 200 walkers in noise.

# %%
explore_schedules(step_decay, cosine_decay, linear_decay, inverse_sqrt, cosine_restarts)

# %% [markdown]
# <details><summary>What you should see</summary>
#
# With a constant rate the noise holds the walkers up: the larger the rate, the higher. With cosine or linear decay even a first rate
# near 1 ends low, because the last steps are small. Inverse square root falls more slowly, and ends higher.
# </details>

# %% [markdown]
# ## Batch and rate
#
# A batch four times as large gives four times fewer steps in an epoch. Its gradient is about as long as before. So to get as far,
# a step has to be four times as long: "if you increase the batch size by N, also scale the learning rate by N" (lecture 001).

# %% [markdown]
# ### Exercise: `scaled_lr`
# *Easy, 2 minutes.*
#
# | batch | 32 | 64 | 128 | 16 |
# |---|---|---|---|---|
# | lr | 0.1 | 0.2 | 0.4 | 0.05 |


# %% nbgrader={"grade": false, "grade_id": "scaled_lr", "locked": false, "schema_version": 3, "solution": true, "task": false}
def scaled_lr(lr0, batch0, batch):
    """The learning rate for batches of another size, by the linear rule: when the batch
    is k times as large, the rate is k times as large.

    lr0: a rate that is good for batches of batch0 examples.
    scaled_lr(0.1, 32, 128)  ->  0.4
    """
    ### BEGIN SOLUTION
    return lr0 * batch / batch0
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "scaled_lr_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("scaled_lr")


# %%
def loss_after(lr, batch, epochs):
    return loss_and_gradients(ink, labels, *fit(lambda: Plain(lr), batch, epochs)[1])[0]


def same_and_scaled(batch):
    return [loss_after(lr, batch, 5) for lr in (0.05, scaled_lr(0.05, 8, batch))]


batches = [8, 64, 256]

# %%
plots.matrix(
    lambda: [same_and_scaled(batch) for batch in batches],
    "Training loss after five epochs",
    [f"batches of {batch}" for batch in batches],
    ["lr = 0.05", "linear rule"],
)

# %% [markdown]
# At 64 the rule works: 0.22 instead of 1.51, about as good as batches of 8. At 256 it fails: a rate of 1.6 is too much. It is a
# rule of thumb, and ends where the landscape itself says "too steep".
#
# ### Do batches allow larger rates?
#
# So says lecture 000, and lab 3 asked how to test it. Here all train for whole epochs, until they have made at least 300 steps.

# %%
predict(
    "Batches of 1, 4, 16 and 64. Which rate is the largest that still trains?",
    ["the same for all", "larger for larger batches, up to a point", "smaller for larger batches"],
)

# %%
rates = [0.125, 0.25, 0.5, 1.0, 2.0]


def for_all_rates(batch):
    epochs = -(-300 * batch // len(ink))  # as many as 300 steps take
    return [loss_after(lr, batch, epochs) for lr in rates]

# %%
plots.matrix(
    lambda: [for_all_rates(batch) for batch in (1, 4, 16, 64)],
    "Training loss after 300 steps or more",
    [f"batch {batch}" for batch in (1, 4, 16, 64)],
    [f"lr {lr:g}" for lr in rates],
)

# %% [markdown]
# It is true, up to a point: less noise, longer steps. A network that knows nothing has the loss $\ln10=2.30$; below 0.5 it has
# learnt. Single examples fail at every rate here, although one epoch gives them 1078 steps. Batches of 16 and of 64 still learn
# with lr = 1. At 2 nobody does.

# %% [markdown]
# ### Is noise good for something?
#
# Lecture 003 says that noisy gradients are better on losses with many valleys. On a curve: 1000 walkers start anywhere, with noise
# added to the slope, and a rate that falls by *your* cosine. How many reach the deepest valley?


# %%
def loss_of(batch, epochs):
    return loss_and_gradients(ink, labels, *fit(lambda: Plain(0.5), batch, epochs)[1])[0]


def in_the_deepest(noise):
    """The share of walkers that end in the deepest valley of 0.1 w² + sin 2w, at w = −0.75."""
    rng = np.random.default_rng(0)
    w = rng.uniform(-6, 6, size=1000)
    for t in range(400):
        slope = 0.2 * w + 2 * np.cos(2 * w) + noise * rng.normal(size=1000)
        w = w - cosine_decay(0.1, t, 400) * slope
    return np.mean(abs(w + 0.75) < 0.7)

# %%
charts.bars(
    lambda: [(f"noise {noise}", in_the_deepest(noise)) for noise in (0, 1, 4, 16)],
    "Some noise doubles the share, too much spoils it",
    "share in the deepest valley",
)


# %%
tables.lines(
    ["340 steps on digits, lr = 0.5", "training loss"],
    ["all 1078 examples in each step", loss_of(len(ink), 340)],
    ["batches of 32", loss_of(32, 10)],
)

# %% [markdown]
# So noise can carry a walker out of a bad valley. But on our network it gains nothing, *step for step*. What makes small batches
# good there is their price: those 340 steps looked at 32 examples each, not at 1078.

# %% [markdown]
# ### Is Adam a good default?
#
# "Adam is a good default choice; SGD + momentum can outperform it but may require more tuning" (lecture 001). Five rules, five rates,
# ten epochs with batches of 32:

# %%
rates = [0.0001, 0.001, 0.01, 0.1, 1.0]


def shares(rule):
    return [share_right(fit(lambda lr=lr: rule(lr), 32, 10)[1]) for lr in rates]

# %%
plots.matrix(
    lambda: [shares(rule) for rule in rules.values()],
    "Unseen digits read right, by rule and rate",
    list(rules),
    [f"{lr:g}" for lr in rates],
)

# %% [markdown]
# Read the rows. The *best* of each lie between 0.94 and 0.96. With 359 digits such a share varies by 0.01 from sample to sample, so
# there is no winner. But RMSProp and Adam reach 0.85 with three rates in a row, the others with two. So "a good default" is true
# here, and "can outperform" is not to be seen.

# %% [markdown]
# ## Seeing through noise
#
# The loss of a small batch jumps from step to step. Is it falling? A moving mean shows it. It has the problem that you know: it
# begins at 0.

# %% [markdown]
# ### Exercise: `smooth`
# *Medium, 6 minutes.*
#
# On paper, with $\beta=0.5$:
#
# | $t$ | loss | $s$ | $1-\beta^t$ | shown |
# |---|---|---|---|---|
# | 1 | 4 | $0.5\cdot0+0.5\cdot4=2$ | 0.5 | 4 |
# | 2 | 1 | $0.5\cdot2+0.5\cdot1=1.5$ | 0.75 | 2 |
# | 3 | 1 | $0.5\cdot1.5+0.5\cdot1=1.25$ | 0.875 | 1.4286 |


# %% nbgrader={"grade": false, "grade_id": "smooth", "locked": false, "schema_version": 3, "solution": true, "task": false}
def smooth(losses, beta):
    """The moving mean of a noisy curve, corrected for its start at 0.

    s is 0 at first.  With loss number t, counted from 1, s becomes
    beta s + (1 - beta) loss, and s / (1 - beta^t) is shown.
    losses: one or more numbers, an array (N,) or a list; leave it as it is.
    beta: 0 or more, less than 1.
    Returns N floats, an array or a list; the first one is the first loss.
    smooth([4.0, 1.0, 1.0], 0.5)  ->  [4.0, 2.0, 1.4286]
    """
    ### BEGIN SOLUTION
    s, shown = 0.0, []
    for t, loss in enumerate(losses, start=1):
        s = beta * s + (1 - beta) * loss
        shown.append(s / (1 - beta**t))
    return np.array(shown)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "smooth_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("smooth")

# %%
noisy = np.array(fit(lambda: Plain(0.1), 4, 1)[0])
optimizers.over_noise(
    noisy,
    [
        ("β = 0.9", lambda: smooth(noisy, 0.9), "gradient"),
        ("β = 0.98", lambda: smooth(noisy, 0.98), "forward"),
    ],
    "One epoch on digits, batches of 4",
    ("step", "loss of the batch"),
)

# %% [markdown]
# $\beta$ remembers about $1/(1-\beta)$ steps: 10 or 50. **How much memory is too much?** The dotted line is not corrected.

# %%
explore_smoothing(smooth, noisy)

# %% [markdown]
# <details><summary>What you should see</summary>
#
# With a short memory the curve jumps; with a long one it lags behind: it says that the loss is high when it has long fallen. Not
# corrected, it begins near 0, as if the network could read before its first step.
# </details>

# %% [markdown]
# ## Bonus: give Adagrad its axes back
# *If you still have time. No points.*
#
# In the turned ravine Adagrad needs thousands of steps, because it looks along the wrong axes. The matrix $R$ turns the level map
# into ours, and $R^T$ turns it back. Write a rule that lets *your* Adagrad work in the level map. The goal: 8 steps.


# %%
class TurnedAdagrad:
    def __init__(self, lr):
        self.rule = Adagrad(lr)

    def step(self, w, dw):
        # turn w and dw back first, and the result forth again
        return self.rule.step(w, dw)


# %%
charts.bars(
    lambda: [("yours", steps_down(TurnedAdagrad(5.0), turned, turned_start)), ("the goal", 8)],
    "Steps in the turned ravine",
    "steps",
)

# %% [markdown]
# ## Think about it
#
# A friend trains a network with Adagrad. The loss falls well at first. After some hours it hardly moves. "We have arrived," she
# says.
#
# What else may have happened? Which one measurement would tell? Would Adam have the same problem? (After CS231n's question on
# Adagrad. Nobody marks this; four sentences are enough.)

# %% [markdown] nbgrader={"grade": false, "grade_id": "reflection", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Adagrad's sum of squares only grows, so its steps shrink like one over the root of the number of steps, and steep slopes at the
# beginning shrink them for ever: it may simply have stopped walking, as on the meadow below the cliff. Measure the gradient of all
# examples: near a lowest point it is close to 0; if it is not, the steps are too short. Adam takes a moving mean and forgets, so its
# steps stay about as long as lr. It has the opposite problem: without a schedule it never comes to rest.

# %% [markdown]
# ## What you built
#
# Five rules with a memory, five schedules, and an eye for noise. You know what each rule sees: momentum sees the
# landscape, Adagrad, RMSProp and Adam see coordinates. And you have tested what the lectures claim. PyTorch brings all
# these rules along, as `torch.optim`; in [lab 9](../lab09_pytorch/lab09_pytorch.ipynb) they train a larger network.

# %%
progress()

# %% [markdown]
# ## What comes next
#
# All of these rules make the *training* loss small. Is that learning? [**Lab 7**](../lab07_regularization/lab07_regularization.ipynb) begins
# with a network that knows lies by heart.
