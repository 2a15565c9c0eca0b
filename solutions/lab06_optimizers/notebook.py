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
# In lab 3 a walk crawled through a ravine. Here the steps learn from the way behind them.

# %% tags=["setup"]
import numpy as np

from course_utils import answer, check, hint, predict, progress

# %% [markdown]
# ## The ravine again

# %% [markdown]
# ## Momentum

# %% [markdown]
# ### Exercise: `Momentum`
# *Easy, 8 minutes.*


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

        w: an array of any shape, also of shape (), perhaps of whole numbers.
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

# %% [markdown]
# ## A rate for each weight

# %% [markdown]
# ### Exercise: `Adagrad`
# *Easy, 8 minutes.*


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

# %% [markdown]
# ## Forget

# %% [markdown]
# ### Exercise: `RMSProp`
# *Easy, 6 minutes.*


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
        With lr = 0.1, rho = 0.75:  w = [1.0], dw = [2.0] gives [0.8].
        """
        ### BEGIN SOLUTION
        self.cache = self.rho * self.cache + (1 - self.rho) * dw**2
        return w - self.lr * dw / (np.sqrt(self.cache) + self.eps)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "RMSProp_check", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
check("RMSProp")

# %% [markdown]
# ## Units

# %% [markdown]
# ### Exercise: `Adadelta`
# *Medium, 12 minutes.*


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
        With rho = 0.75, eps = 0.01:  w = [1.0], dw = [2.0] gives [0.801].
        """
        ### BEGIN SOLUTION
        self.G = self.rho * self.G + (1 - self.rho) * dw**2
        move = -np.sqrt(self.D + self.eps) / np.sqrt(self.G + self.eps) * dw
        self.D = self.rho * self.D + (1 - self.rho) * move**2
        return w + move
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "Adadelta_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("Adadelta")

# %% [markdown]
# ## Both

# %% [markdown]
# ### Exercise: `Adam`
# *Medium, 15 minutes.*


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
        With lr = 0.1:  w = [1.0], dw = [5.0] gives [0.9]; so does dw = [0.5].
        """
        ### BEGIN SOLUTION
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        m, v = self.m / (1 - self.beta1**self.t), self.v / (1 - self.beta2**self.t)
        return w - self.lr * m / (np.sqrt(v) + self.eps)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "Adam_check", "locked": true, "points": 16, "schema_version": 3, "solution": false, "task": false}
check("Adam")

# %% [markdown]
# ## The rate itself changes

# %% [markdown]
# ### Exercise: `step_decay`
# *Easy, 6 minutes.*


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
# *Easy, 4 minutes.*


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
# *Easy, 5 minutes.*


# %% nbgrader={"grade": false, "grade_id": "cosine_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cosine_decay(lr0, t, T):
    """From lr0 at t = 0 to 0 at t = T along half a wave of the cosine, and 0 ever after.

    The angle of the cosine goes from 0 to pi.  t: the number of the step, 0 or more; it
    may be larger than T.
    cosine_decay(0.5, 40, 80)  ->  0.25
    """
    ### BEGIN SOLUTION
    return lr0 / 2 * (1 + np.cos(np.pi * min(t / T, 1)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "cosine_decay_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("cosine_decay")

# %% [markdown]
# ### Exercise: `inverse_sqrt`
# *Medium, 8 minutes.*


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
# ## Restarts

# %% [markdown]
# ### Exercise: `cosine_restarts`
# *Easy, 5 minutes.*


# %% nbgrader={"grade": false, "grade_id": "cosine_restarts", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cosine_restarts(lr0, t, period):
    """Half a wave of the cosine from lr0 towards 0 in every period, again and again.

    t: the number of the step, 0 or more.  At t = 0, period, 2 period, ... it is lr0.
    cosine_restarts(0.5, 120, 80)  ->  0.25
    """
    ### BEGIN SOLUTION
    return cosine_decay(lr0, t % period, period)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "cosine_restarts_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("cosine_restarts")

# %% [markdown]
# ## Batch and rate

# %% [markdown]
# ### Exercise: `scaled_lr`
# *Easy, 4 minutes.*


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

# %% [markdown]
# ## Seeing through noise

# %% [markdown]
# ### Exercise: `smooth`
# *Medium, 10 minutes.*


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

# %% [markdown]
# ## What you built

# %%
progress()

# %% [markdown]
# **Reflect.** To be written.

# %% [markdown] nbgrader={"grade": false, "grade_id": "reflection", "locked": false, "schema_version": 3, "solution": true, "task": false}
# To be written.
