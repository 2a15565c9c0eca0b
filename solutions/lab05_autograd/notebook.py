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
# # An autograd engine of your own
#
# In lab 4 you walked back through a network by hand, with a new function for each kind of layer. PyTorch does it with one
# word, `backward()`, for any formula. How can it know your formula?
#
# **Each number remembers how it was made.** That is the whole secret, and today you build it. In the end your own engine
# parts two moons. Five exercises; a cell under each one checks it. Allow 140 minutes.

# %% tags=["setup"]
import course_utils  # not found? Run %pip install handgrad in a new cell, then this cell again

import math
import sys
import time
from types import SimpleNamespace
from unittest import mock

import numpy as np

from course_utils import answer, autograd, borrowed, charts, check, data
from course_utils import explore_autograd, explore_unbroadcast, hint, plots, predict, progress, review, tables

# %% [markdown]
# **Everything here is done by hand:** while your answers are checked, torch is switched off. None of your functions may
# change the arrays that it is given. If you are stuck, run `hint("Value")`, or with another name.

# %% [markdown]
# ## Who could walk it for you?
#
# Here is a small graph like those of lab 4: $d=a\cdot b$, then $e=d+a$, for $a=2$ and $b=3$.
# **The number $a$ is used twice.** Lecture 003 calls the nodes that use $h$ its consumers, $\Gamma(h)$. The gradient adds up over
# all of them:
#
# $$\frac{\partial L}{\partial h}=\sum_{v\in\Gamma(h)}\frac{\partial L}{\partial v}\cdot\frac{\partial v}{\partial h}$$
#
# (The slide calls $\Gamma(h)$ "the layer above". But $e$ uses $a$ directly, over the head of $d$: all consumers count.)

# %%
places = {"a": (0, 1), "b": (0, 0), "d": (1, 0.3), "e": (2, 0.6)}


def written_down():
    a, b = SimpleNamespace(data=2.0, parents=()), SimpleNamespace(data=3.0, parents=())
    d = SimpleNamespace(data=6.0, parents=(a, b))
    return {"a": a, "b": b, "d": d, "e": SimpleNamespace(data=8.0, parents=(d, a))}


autograd.graph(written_down, places, "Two ways lead from a to e")

# %%
predict("By how much does e grow if a grows by a little: times what?", ["1", "3", "4"])

# %% [markdown]
# To do this, a program needs three things: **what was made from what**, **the local slope of each step**, and **the order** in
# which to go back. The first exercise builds the first two, the second one the order.

# %% [markdown]
# ## A number that remembers
#
# When the program computes $d=a\cdot b$, it still knows $a$ and $b$. Later it has only the result. So the result should
# keep its *parents*, and a small function that knows how to go one step back.
#
# Here is one such step for an operation that you will not need, $3v$. The inner function is called a **closure**: it
# keeps `v` and `out` after `triple` is done.


# %%
def triple(v):
    out = SimpleNamespace(data=3 * v.data, grad=0.0, parents=(v,), op="triple")

    def step_back():
        v.grad += 3 * out.grad  # the local slope is 3

    out._backward = step_back  # the function itself: without brackets, it is not called yet
    return out


# %%
v = SimpleNamespace(data=2.0, grad=0.0)
out = triple(v)
out.grad = 5.0  # suppose that this came from the right
out._backward()
v.grad

# %% [markdown]
# 5 came in, 15 goes to `v`. For two parents there are two slopes. On paper, $2\cdot3=6$, and the result's gradient is 5:
#
# | step | sends to the left parent (2) | sends to the right parent (3) |
# |---|---|---|
# | $2+3$ | $1\cdot5=5$ | $1\cdot5=5$ |
# | $2\cdot3$ | $3\cdot5=15$ | ? |
#
# **Now a trap.** In $x\cdot x$ both parents are the same object. Suppose that somebody writes `=` instead of `+=`:
#
#     self.grad = other.data * out.grad
#     other.grad = self.data * out.grad

# %%
predict("x is 3, and the gradient of x·x is 1. What does x.grad hold after these two lines with `=`?", ["3", "6", "9"])

# %% [markdown]
# The true slope of $x^2$ at 3 is 6. Parts have to be *added* to what is there.
#
# **Numbers on the left.** `v - 2` calls `v.__sub__(2)`. But in `2 - v` the 2 stands first, and it knows nothing about
# your class. Then Python asks the right one, by another name:


# %%
class Loud:
    def __rsub__(self, other):
        return f"{other} stands on the left, and I on the right"


# %%
2 - Loud()

# %% [markdown]
# ### Exercise: `Value`
# *Medium, 45 minutes.*
#
# Only six operations need a step back of their own: $+$, $\cdot$, power, exp, tanh and ReLU. You know most of their slopes:
#
# | result | local slope |
# |---|---|
# | $v^p$ | $p\,v^{p-1}$, for any plain number $p$ |
# | $e^v$ | what the result is |
# | $\tanh v$ | 1 minus the square of the result |
# | $\max(v,0)$ | 1 where $v>0$, else 0 |
#
# All others are made of these. For example, $a-b=a+(-1)\cdot b$, and $a/b=a\cdot b^{-1}$. Their parents and `op` are free.
#
# Write `__init__`, `__add__` and `__mul__` first, and run the check: it tells what still is missing.


# %% nbgrader={"grade": false, "grade_id": "Value", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Value:
    """A number that remembers how it was made.

    .data       the number, an int or a float
    .grad       the gradient of the result with respect to this Value; 0.0 at first
    .parents    the Values that it was made from, in a tuple (a list or a set will do);
                empty for a leaf. The 2 of v + 2 may be one of them, or not.
    .op         how it was made: "+", "*", "exp", …; "" for a leaf
    ._backward  a function without arguments that runs one step back: it adds to the
                grad of every parent this Value's grad times the local slope.
                For a leaf it does nothing.

    In v + w, v - w, v * w and v / w, one of the two may be a plain number: with
        other = other if isinstance(other, Value) else Value(other)
    it becomes a Value.
    Two Values are equal only if they are the same object: do not write __eq__.
    Example: for v = Value(3.0) * Value(2.0), v.data is 6.0 and v.op is "*".
    """

    def __init__(self, data, parents=(), op=""):
        """data: a number; parents: a tuple of Values; op: a text."""
        ### BEGIN SOLUTION
        self.data = data
        self.grad = 0.0
        self.parents = tuple(parents)
        self.op = op
        self._backward = lambda: None
        ### END SOLUTION

    def __add__(self, other):
        """self + other, a Value with the op "+"."""
        ### BEGIN SOLUTION
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out
        ### END SOLUTION

    def __mul__(self, other):
        """self * other, a Value with the op "*"."""
        ### BEGIN SOLUTION
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out
        ### END SOLUTION

    def __pow__(self, power):
        """self ** power, with any op; power is a plain number, and it may be 0 or negative where self is not 0."""
        ### BEGIN SOLUTION
        out = Value(self.data**power, (self,), "**")

        def step_back():
            self.grad += power * self.data ** (power - 1) * out.grad

        out._backward = step_back
        return out
        ### END SOLUTION

    def exp(self):
        """e to the power of self, a Value with the op "exp"."""
        ### BEGIN SOLUTION
        out = Value(math.exp(self.data), (self,), "exp")

        def step_back():
            self.grad += out.data * out.grad

        out._backward = step_back
        return out
        ### END SOLUTION

    def tanh(self):
        """tanh of self, a Value with the op "tanh"; fine for ±1000 too."""
        ### BEGIN SOLUTION
        out = Value(math.tanh(self.data), (self,), "tanh")

        def step_back():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = step_back
        return out
        ### END SOLUTION

    def relu(self):
        """self where it is positive, else 0, a Value with the op "relu"; its slope at 0 is 0."""
        ### BEGIN SOLUTION
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            self.grad += (self.data > 0) * out.grad

        out._backward = step_back
        return out
        ### END SOLUTION

    # The rest can be made from what is above, one line each.

    def __neg__(self):
        """-self"""
        ### BEGIN SOLUTION
        return self * -1
        ### END SOLUTION

    def __sub__(self, other):
        """self - other"""
        ### BEGIN SOLUTION
        return self + other * -1
        ### END SOLUTION

    def __truediv__(self, other):
        """self / other (write other ** -1.0: NumPy's whole numbers refuse ** -1)"""
        ### BEGIN SOLUTION
        return self * other**-1.0
        ### END SOLUTION

    # Python calls these when the plain number stands on the left: 2 + v is v.__radd__(2).

    def __radd__(self, other):
        """other + self"""
        ### BEGIN SOLUTION
        return self + other
        ### END SOLUTION

    def __rmul__(self, other):
        """other * self"""
        ### BEGIN SOLUTION
        return self * other
        ### END SOLUTION

    def __rsub__(self, other):
        """other - self"""
        ### BEGIN SOLUTION
        return self * -1 + other
        ### END SOLUTION

    def __rtruediv__(self, other):
        """other / self"""
        ### BEGIN SOLUTION
        return self**-1.0 * other
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "Value_check", "locked": true, "points": 34, "schema_version": 3, "solution": false, "task": false}
check("Value")


# %% [markdown]
# Here is the graph of the beginning, as *your* class recorded it. Nobody told the picture what was made from what.


# %%
def skip():
    a, b = Value(2.0), Value(3.0)
    d = a * b
    return {"a": a, "b": b, "d": d, "e": d + a}


autograd.graph(skip, places, "What your Values remember")

# %% [markdown]
# **Is each step right?** Compare them with measured slopes, at $a=0.7$: the result's grad is set to 1, and one step is run
# back. (Minus and division may take several steps, so they come later.)


# %%
operations = {
    "a + 2": lambda a: a + 2,
    "a · 3": lambda a: a * 3,
    "a³": lambda a: a**3,
    "exp a": lambda a: a.exp(),
    "tanh a": lambda a: a.tanh(),
    "ReLU a": lambda a: a.relu(),
}


def one_step(operation, at=0.7, h=1e-6):
    a = Value(at)
    result = operation(a)
    result.grad = 1.0
    result._backward()
    return a.grad, (operation(Value(at + h)).data - operation(Value(at - h)).data) / (2 * h)


slopes_of_steps = plots.computed(lambda: [(name, *one_step(operation)) for name, operation in operations.items()])
slopes_of_steps if isinstance(slopes_of_steps, str) else tables.lines(["operation", "your slope", "measured"], *slopes_of_steps)

# %% [markdown]
# ## Who goes first?
#
# Take $b=3a$, $c=2b$ and $d=b+c$. So $d=3a+6a$, and its slope is 9. The node $b$ has two consumers, $c$ and $d$.
#
# Start with $d$: its grad is 1. Its step back sends 1 to $b$ and 1 to $c$. Which of them should go next?


# %%
def long_arm():
    a = Value(1.0)
    b = a * 3
    c = b * 2
    return {"a": a, "b": b, "c": c, "d": b + c}


arm_places = {"a": (0, 0.3), "b": (1, 0.3), "c": (2, 0.8), "d": (3, 0.3)}
autograd.graph(long_arm, arm_places, "One arm from b to d is longer")


# %%
def in_this_order(names):
    nodes = long_arm()
    nodes["d"].grad = 1.0
    for name in names:
        nodes[name]._backward()
    return [nodes["c"].grad, nodes["b"].grad, nodes["a"].grad]


# %%
predict("Steps back in the order d, b, c: what is the grad of a?", ["3", "6", "9"])

# %%
tables.rows(["grad of c", "grad of b", "grad of a"], lambda: [in_this_order("dbc"), in_this_order("dcb")])

# %% [markdown]
# The first row is the order $d,b,c$. $b$ sent its grad on **before it was complete**: the 2 from $c$ came too late. No error,
# no warning. The rule: *a node steps back only after all of its consumers have.*

# %% [markdown]
# So we need a list in which **every node stands behind all of its parents**. Read backwards, it is the order that we want.
# Such a list is called a topological order. Find one on paper for these six nodes. An arrow leads from a parent to
# what was made from it.


# %%
def six():
    p, q = Value(1.0), Value(2.0)
    r = p * q
    s = r + p
    t = r * 3
    return {"p": p, "q": q, "r": r, "s": s, "t": t, "u": s * t}


six_places = {"p": (0, 1), "q": (0, 0), "r": (1, 0.4), "s": (2, 1), "t": (2, 0), "u": (3, 0.5)}
autograd.graph(six, six_places, "Six nodes")

# %%
predict("Which of these is not a topological order?", ["q, p, r, t, s, u", "p, q, s, r, t, u", "p, q, r, s, t, u"])

# %% [markdown]
# Several orders are right, and each of them will do.
#
# **A set or a list?** To remember what was visited, take a `set`. A list is searched from its beginning each time: with the
# many thousand Values further below you would wait for minutes.

# %% [markdown]
# ### Exercise: `topological_order`
# *Medium, 12 minutes.*
#
# A way that works: to **visit** a node means to visit its parents first, and then to put the node itself at the end of
# the list. A node that was visited before is left alone. On paper, for $r$ above: visit $p$ (no parents: into the list),
# visit $q$ (into the list), then $r$ itself: $p,q,r$.
#
# A Value can be an element of a `set`; `value in seen` asks whether it is *the same object*.


# %% nbgrader={"grade": false, "grade_id": "topological_order", "locked": false, "schema_version": 3, "solution": true, "task": false}
def topological_order(root):
    """Put the Values that root was made from into an order, and root behind them.

    root: a Value. No more than .parents is needed of it and of the others. A Value may
    be a parent of many others, so there may be far more paths than anybody can walk: go
    to each Value once. A path from a leaf to root has fewer than 400 Values.
    Returns a list: every Value once, each of them after all of its parents, root last.
    So does a second call for the same Values.
    Example: for c = a + b it is [a, b, c] or [b, a, c].
    """
    ### BEGIN SOLUTION
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(root)
    return order
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "topological_order_check", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
check("topological_order")


# %%
autograd.graph(six, six_places, "Your order", order=lambda root: topological_order(root))

# %% [markdown]
# **What is the set of visited nodes good for?** Double a number again and again: $v+v$, and that plus itself, and so on. Each node
# has only two arrows. Now count the visits of somebody who walks *every path*:


# %%
def doubled(times):
    v = Value(1.0)
    for _ in range(times):
        v = v + v
    return v


def visits(v):
    return 1 + sum(visits(parent) for parent in v.parents)


# %%
predict("Twenty doublings make 21 nodes. How many visits does the walk along every path take?", ["400", "20 000", "2 000 000"])

# %%
walked = plots.attempt(lambda: [visits(doubled(times)) for times in range(21)])
listed = plots.attempt(lambda: [len(topological_order(doubled(times))) for times in range(21)])
most = "?" if isinstance(walked, str) else f"{walked[-1]:,.0f}".replace(",", " ")
charts.lines(
    [("every path", walked, "gradient"), ("your order", listed, "forward")],
    f"Twenty doublings: {most} visits, or 21",
    log=True,
    xlabel="doublings",
    ylabel="visits",
)

# %% [markdown]
# Every doubling doubles the visits: there are $2^{21}-1$ of them. The answer would be right, only late. With 60
# doublings you would wait for thousands of years.

# %% [markdown]
# ## All the way back
#
# Now everything is there. Lecture 003 gives the start, its *base case*: $\partial L/\partial L=1$. On paper, for $x\cdot x$ at 3:
#
# | step | grad of $x\cdot x$ | grad of $x$ |
# |---|---|---|
# | before | 0 | 0 |
# | base case | 1 | 0 |
# | the step back of $x\cdot x$ | 1 | $3+3=6$ |

# %% [markdown]
# **And if somebody calls it twice?** Leaves are the numbers you want to learn. They *collect*, as in torch: after a second
# call $x$ has 12. This is useful: the gradients of two losses add up. But what lies between must begin with 0 in every call,
# otherwise old parts would be sent on again.

# %% [markdown]
# ### Exercise: `backward`
# *Medium, 10 minutes.*


# %% nbgrader={"grade": false, "grade_id": "backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward(root):
    """Run backpropagation from root: every Value v on the way gets ∂root/∂v in its grad.

    root: a Value, no leaf. Of it and of the others, use no more than .parents, .grad and
    ._backward(); you may call topological_order. root.grad is 1 afterwards.
    Leaves (those without parents) add to the grad that they have, as in torch: after a
    second call it is twice as large. The grad of all others starts from 0 in every call.
    Returns nothing. Example: after backward(x * x) with x = Value(3.0), x.grad is 6.0.
    """
    ### BEGIN SOLUTION
    order = topological_order(root)
    for value in order:
        if value.parents:
            value.grad = 0.0
    root.grad = 1.0
    for value in reversed(order):
        value._backward()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "backward_check", "locked": true, "points": 22, "schema_version": 3, "solution": false, "task": false}
check("backward")


# %% tags=["setup"]
Value.backward = backward

# %% [markdown]
# The line above makes it a method as well: `L.backward()`, as in torch. Here is the graph of the beginning again. Is the grad of $a$
# what you chose?

# %%
autograd.graph(skip, places, "Your engine walks back", backward=lambda root: backward(root))

# %% [markdown]
# Minus and division, and numbers on the left, again beside measured slopes at $a=0.7$:


# %%
formulas = {"2 − a": lambda a: 2 - a, "2 / a": lambda a: 2 / a, "a / (a + 1)": lambda a: a / (a + 1), "−a · a": lambda a: -a * a}


def whole_way(formula, at=0.7, h=1e-6):
    a = Value(at)
    backward(formula(a))
    return a.grad, (formula(at + h) - formula(at - h)) / (2 * h)


slopes_of_formulas = plots.computed(lambda: [(name, *whole_way(formula)) for name, formula in formulas.items()])
slopes_of_formulas if isinstance(slopes_of_formulas, str) else tables.lines(["formula", "yours", "measured"], *slopes_of_formulas)

# %% [markdown]
# Step through your own graphs. Watch the shared node: its number grows with every consumer. **In "diamond", which node gets two
# parts?**

# %%
explore_autograd(Value, topological_order)

# %% [markdown]
# In "diamond" it is $a$: $b$ and $c$ both use it.

# %% [markdown]
# ## Lab 4 again
#
# No engine is right because it looks right. You know a network whose gradients you computed by hand: the two layers of
# lab 4. Your engine must find the same numbers.

# %% [markdown]
# ### Exercise: `two_layer_with_values`
# *Medium, 20 minutes.*
#
# Write the *forward* pass only, with Values, number by number. On paper: one example $x=2$, one hidden neuron, all biases 0,
# $w_1=0$, $w_2=3$, $y=1$. Then the hidden value is $\sigma(0)=\tfrac12$, $\hat y=1.5$ and the loss $0.5^2=0.25$. The gradients are those
# of lab 4: 1.5 for $w_1$ and 0.5 for $w_2$.
#
# An array of the type `object` may hold Values: then `@`, `+` and `*` call your methods, and `np.exp` and `np.tanh` your `exp` and
# `tanh`.

# %%
tables.rows(["data of the sum"], lambda: [[(np.array([1.0, 2.0]) @ np.array([Value(3.0), Value(4.0)], dtype=object)).data]])


# %% nbgrader={"grade": false, "grade_id": "two_layer_with_values", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_layer_with_values(X, Y, params):
    """The gradients of lab 4's network of two layers, found by your engine.

    X: (N, D), Y: (N, C), params: {"W1": (D, H), "b1": (H,), "W2": (H, C), "b2": (C,)}.
    Turn every number in params into a Value of its own, also where two of them are equal,
    compute the loss from these, and call backward once:
    the hidden layer is σ(X W1 + b1), Y_hat = hidden W2 + b2, and the loss is the sum of
    all (Y_hat - Y)² divided by N. σ(z) is (1 + tanh(z/2)) / 2, or 1 / (1 + exp(-z)).
    Returns a dict: for every name in params the gradient, an array of floats of the same shape.
    """
    ### BEGIN SOLUTION
    values = {name: np.vectorize(Value, otypes=[object])(array) for name, array in params.items()}
    loss = Value(0.0)
    for x, y in zip(X, Y, strict=True):
        hidden = [((z / 2).tanh() + 1) / 2 for z in x @ values["W1"] + values["b1"]]
        for error in np.array(hidden) @ values["W2"] + values["b2"] - y:
            loss = loss + error**2
    backward(loss / len(X))
    return {name: np.vectorize(lambda value: value.grad, otypes=[float])(array) for name, array in values.items()}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "two_layer_with_values_check", "locked": true, "points": 18, "schema_version": 3, "solution": false, "task": false}
check("two_layer_with_values")


# %% [markdown]
# The judge is your own `two_layer_loss`, if your notebook of lab 4 lies in the folder next to this one. Otherwise it is the
# function below.


# %%
def by_formula(X, Y, params):
    H = 1 / (1 + np.exp(-(X @ params["W1"] + params["b1"])))
    dY_hat = 2 * (H @ params["W2"] + params["b2"] - Y) / len(X)
    dZ = dY_hat @ params["W2"].T * H * (1 - H)
    return {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": H.T @ dY_hat, "b2": dY_hat.sum(axis=0)}


mine = borrowed("lab04_backprop", "two_layer_loss")


def by_hand(X, Y, params):
    found = plots.computed(mine, X, Y, params) if mine else ""
    return by_formula(X, Y, params) if isinstance(found, str) else found[1]


# %%
def small_net(examples, outputs, seed=0):
    rng = np.random.default_rng(seed)
    shapes = {"W1": (3, 4), "b1": (4,), "W2": (4, outputs), "b2": (outputs,)}
    params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return rng.normal(size=(examples, 3)), rng.normal(size=(examples, outputs)), params


def largest_differences(X, Y, params):
    found, wanted = two_layer_with_values(X, Y, params), by_hand(X, Y, params)
    return [np.abs(found[name] - wanted[name]).max() for name in wanted]


names = ["W1", "b1", "W2", "b2"]
gaps = plots.attempt(lambda: largest_differences(*small_net(5, 2)))
gaps if isinstance(gaps, str) else {name: f"{gap:.0e}" for name, gap in zip(names, gaps, strict=True)}

# %% [markdown]
# The largest differences are about $10^{-16}$: rounding, and nothing else.
#
# ### A wrong engine that passes
#
# Let us break your engine on purpose. Before each step back, `forgetful` wipes the grads of the parents, so parts are not added
# up: the mistake `=` for `+=` again, everywhere at once.


# %%
def forgetful(root):
    order = topological_order(root)
    root.grad = 1.0
    for value in reversed(order):
        for parent in value.parents:
            parent.grad = 0.0
        value._backward()


def broken(examples, outputs):
    with mock.patch.dict(globals(), backward=forgetful), mock.patch.object(Value, "backward", forgetful):
        return largest_differences(*small_net(examples, outputs))


# %%
predict(
    "You test the broken engine on a whole network with one example and one output. What is wrong?",
    ["all four gradients", "only W1 and b1", "nothing"],
)

# %%
tables.rows(
    ["examples", "outputs", *(f"error in {name}" for name in names)],
    lambda: [[n, outputs, *broken(n, outputs)] for n, outputs in [(1, 1), (1, 2), (2, 1)]],
)

# %% [markdown]
# **With one example and one output the broken engine is right.** There every parameter and every hidden value has exactly one consumer:
# nothing has to be added. With two outputs, hidden values have two consumers, so W1 and b1 are wrong. With two examples every
# parameter has two. *Test with sizes above 1.* You saw the same in lab 4.

# %% [markdown]
# ## Why engines work on arrays
#
# Your engine can do whatever PyTorch can. But how fast? Twenty digits of 64 pixels go through a network of 64, 32 and 10. We
# count every Value that is made.


# %%
def digit_net():
    digits = data.digits()
    rng = np.random.default_rng(0)
    params = {"W1": rng.normal(0, 0.1, (64, 32)), "b1": np.zeros(32), "W2": rng.normal(0, 0.1, (32, 10)), "b2": np.zeros(10)}
    return digits.X_train[:20] / 16, np.eye(10)[digits.y_train[:20].astype(int)], params


def counted(function, *arguments):
    made, original = [0], Value.__init__

    def count(self, *args, **kwargs):
        made[0] += 1
        original(self, *args, **kwargs)

    with mock.patch.object(Value, "__init__", count):
        function(*arguments)
    return made[0]


def seconds(function, *arguments, times=1):
    begin = time.process_time()
    for _ in range(times):
        function(*arguments)
    return (time.process_time() - begin) / times


# %%
predict("How many Values does your engine make for these twenty digits?", ["about 1000", "about 10 000", "more than 100 000"])

# %%
tables.rows(["Values made"], lambda: [[counted(two_layer_with_values, *digit_net())]])

# %%
slow = plots.attempt(lambda: seconds(two_layer_with_values, *digit_net()))
fast = seconds(by_formula, *digit_net(), times=100)
slower = "" if isinstance(slow, str) else f": {float(f'{slow / fast:.1g}'):.0f} times slower"
charts.bars(
    lambda: slow if isinstance(slow, str) else [("your engine", 1000 * slow), ("NumPy, by hand", 1000 * fast)],
    f"Twenty digits{slower}",
    "milliseconds",
)

# %% [markdown]
# Most of the time goes into Python, not into arithmetic. And the **memory**: each Value keeps its number until the way back is done,
# because the step back of a product needs it. (Lecture 003: values of the forward pass "will be needed during backprop".)


# %%
def bytes_of_a_node():
    node = Value(1.5) * Value(2.5)
    parts = [node, *([node.__dict__] if hasattr(node, "__dict__") else []), node.data, node.grad, node.parents, node._backward]
    return sum(sys.getsizeof(part) for part in parts)


tables.rows(["bytes of one Value, at least", "bytes of a number in an array"], lambda: [[bytes_of_a_node(), np.zeros(1).itemsize]])

# %% [markdown]
# So real engines do the same with *arrays*: one node for a whole $XW$, with your `affine_backward` of lab 4 as its step back. The
# graph of this network then has fewer than twenty nodes.

# %% [markdown]
# **One new difficulty comes with arrays.** In $XW+b$ NumPy stretches $b$: each row gets a copy. So $b$ has as many consumers as there
# are rows, and its gradient is the sum over them. On paper, $b$ has shape (2,), and the gradient of the sum is
#
# $$\begin{pmatrix}1&4\\2&5\\3&6\end{pmatrix}\quad\text{so}\quad db=(6,\;15)$$

# %% [markdown]
# | shape before | shape after | what NumPy did | so sum over |
# |---|---|---|---|
# | (2,) | (3, 2) | it added an axis in front | axis 0 |
# | (3, 1) | (3, 2) | it stretched an axis of length 1 | axis 1, and keep it as length 1 |
# | () | (3, 2) | it added both axes | ? |
# | (3, 2) | (3, 2) | nothing | nothing |

# %% [markdown]
# ### Exercise: `unbroadcast`
# *Medium, 8 minutes.*
#
# An axis of length 1 may also have stayed 1: then its sum changes nothing. There may be more axes than two.


# %% nbgrader={"grade": false, "grade_id": "unbroadcast", "locked": false, "schema_version": 3, "solution": true, "task": false}
def unbroadcast(grad, shape):
    """Add up the gradient of a broadcast array until it has the shape of the array itself.

    grad: an array, the gradient with respect to the array after broadcasting.
    shape: a tuple, the shape before it, such as (3,), (5, 1) or ().
    Returns an array of that shape: each entry is the sum over all of its copies. For ()
    a number will do; where there is nothing to add up, grad itself.
    Example: unbroadcast(np.ones((5, 3)), (3,)) is [5, 5, 5].
    """
    ### BEGIN SOLUTION
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    stretched = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return grad.sum(axis=stretched, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "unbroadcast_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("unbroadcast")


# %% [markdown]
# Choose a shape and an entry: orange cells are its copies. **For shape (5, 1), do the copies lie in a row or in a column?**

# %%
explore_unbroadcast(unbroadcast)

# %% [markdown]
# In a row: axis 1 was stretched, and the sum runs along it.

# %% [markdown]
# ## Two moons
#
# Now let your engine learn. 100 points lie on two half-moons. No straight line parts them. The network has two inputs, eight tanh
# neurons and one output: above 0 it says "upper moon". That makes 33 Values to learn.

# %%
X, upper = data.two_moons()
plots.points(X, upper, "Two moons")


# %%
def score(weights, x):
    total = weights[32]
    for j in range(8):
        total = total + (weights[j] * x[0] + weights[8 + j] * x[1] + weights[16 + j]).tanh() * weights[24 + j]
    return total


def batch_loss(weights, chosen):
    return sum((score(weights, X[i].tolist()) - (1 if upper[i] else -1)) ** 2 for i in chosen) / len(chosen)


def learn(steps=800, lr=0.1):
    rng = np.random.default_rng(0)
    weights, losses = [Value(float(w)) for w in [*rng.normal(size=32), 0]], []
    for _ in range(steps):
        loss = batch_loss(weights, rng.integers(0, 100, size=5))
        for w in weights:
            w.grad = 0.0  # leaves collect: begin anew
        backward(loss)
        for w in weights:
            w.data -= lr * w.grad
        losses.append(loss.data)
    return np.array([w.data for w in weights]), losses


# %% [markdown]
# Every line of the way back is yours: nobody wrote a gradient for this network. Run it; it takes a few seconds.

# %%
begin = time.process_time()
learned = plots.computed(learn)
took = time.process_time() - begin


def side(points):
    if isinstance(learned, str):
        raise NotImplementedError
    w = learned[0]
    return np.tanh(points @ w[:16].reshape(2, 8) + w[16:24]) @ w[24:32] + w[32]


right = "" if isinstance(learned, str) else f": {np.mean((side(X) > 0) == upper):.0%} right, after {took:.1f} s"
plots.decisions([(f"Learned by your engine{right}", side)], X, upper, reach=2.0)

# %% [markdown]
# Guessing would be right half of the time. Your engine took 800 steps, with five points in each.
#
# **Why `w.grad = 0.0` in the loop?** Leaves collect. Leave the line out, and each step takes the sum of all gradients since the
# beginning.

# %% [markdown]
# ## The same in torch
#
# PyTorch uses the same names: `.grad`, `.backward()`, and leaves that collect. Its nodes hold arrays, called tensors;
# `requires_grad` says that a tensor should remember. The next cell needs torch. Where it is not installed, it says so.


# %%
def by_torch(X, Y, params):
    import torch

    tensors = {name: torch.tensor(array, requires_grad=True) for name, array in params.items()}
    hidden = torch.sigmoid(torch.tensor(X) @ tensors["W1"] + tensors["b1"])
    loss = ((hidden @ tensors["W2"] + tensors["b2"] - torch.tensor(Y)) ** 2).sum() / len(X)
    loss.backward()
    return {name: tensor.grad.numpy() for name, tensor in tensors.items()}


def against_torch():
    found = two_layer_with_values(*small_net(5, 2))
    try:
        wanted = by_torch(*small_net(5, 2))
    except ImportError:
        return 'torch is not installed here, and the lab works without it. On your own machine, %pip install "handgrad[torch]" brings it.'
    return {name: f"{np.abs(found[name] - wanted[name]).max():.0e}" for name in names}


plots.computed(against_torch)

# %% [markdown]
# The differences are rounding again. `loss.backward()` is no magic any more: you wrote it.

# %% [markdown]
# ## What you built
#
# An engine that differentiates any formula: numbers that remember, an order, a way back, and the step that arrays need.

# %%
progress()

# %% [markdown]
# **Reflect.** A friend's engine agrees with measured slopes on $3x+2y$, on $\tanh(xy)$ and on a network with one example and one
# output. Write five sentences: which two mistakes may still be in it, and why did these tests not see them? Which smallest
# formula would show each mistake?

# %% [markdown] nbgrader={"grade": false, "grade_id": "reflection", "locked": false, "schema_version": 3, "solution": true, "task": false}
# In all three tests every number has one consumer, so nothing is ever added up. The engine may overwrite grads (`=` for `+=`):
# $x\cdot x$ at 3 would show it, with 3 instead of 6. It may also go back in a wrong order: with one consumer each, a node is
# complete as soon as it gets its part. The smallest formula for that has a node that is used directly and by way of another one, such
# as $b=3a$, $d=b+2b$: a wrong order gives 3 instead of 9. A test needs shared nodes whose arms differ in length.

# %% [markdown]
# ## Bonus: a node of your own
#
# *Not graded.* Add $\sin v$ to your engine, as one node: its slope is $\cos v$. Write it as a function, like `triple`, but with `Value`.


# %%
def sine(v):
    """The sine of a Value, as a Value with one step back of its own."""
    raise NotImplementedError


# %%
def slope_of_sine(at):
    v = Value(at)
    backward(sine(v))
    return v.grad


angles = np.arange(0, 6.3, 0.1)
charts.lines(
    [
        ("cos", [math.cos(at) for at in angles], "reference"),
        ("your slope", plots.attempt(lambda: [slope_of_sine(float(at)) for at in angles]), "gradient"),
    ],
    "The slope of your sine",
    xlabel="v",
    ylabel="slope",
    every=0.1,
)

# %% [markdown]
# ## What comes next
#
# The way back is now free, for every network you can write. What remains is the step itself: how far to go, and
# in which direction, when the valley is narrow: [**lab 6**](../lab06_optimizers/lab06_optimizers.ipynb).
