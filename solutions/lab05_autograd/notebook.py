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

# %% tags=["setup"]
import math

import numpy as np

from course_utils import answer, check, hint, progress

# %% [markdown]
# **Everything here is done by hand:** while your answers are checked, torch is switched off. None of your functions may
# change the arrays that it is given. If you are stuck, run `hint("Value")`, or with another name.

# %% [markdown]
# ## A number that remembers


# %% nbgrader={"grade": false, "grade_id": "Value", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Value:
    """A number that remembers how it was made.

    .data       the number
    .grad       the gradient of the result with respect to this Value; 0.0 at first
    .parents    the Values that it was made from, as a tuple; () for a leaf
    .op         how it was made: "+", "*", "exp", …; "" for a leaf
    ._backward  a function without arguments that runs one step back: it adds to the
                grad of every parent this Value's grad times the local slope.
                For a leaf it does nothing.

    In v + w, v - w, v * w and v / w, one of the two may be a plain number.
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
        """self ** power; power is a plain number, whole or not, perhaps 0 or negative."""
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
        """self / other"""
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
# ## Who goes first?


# %% nbgrader={"grade": false, "grade_id": "topological_order", "locked": false, "schema_version": 3, "solution": true, "task": false}
def topological_order(root):
    """Put the Values that root was made from into an order, and root behind them.

    root: a Value. No more than .parents is needed of it and of the others. A Value may
    be a parent of many others; a path from a leaf to root has at most 400 Values.
    Returns a list: every Value once, each of them after all of its parents, root last.
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

# %% [markdown]
# ## All the way back


# %% nbgrader={"grade": false, "grade_id": "backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward(root):
    """Run backpropagation from root: every Value v on the way gets ∂root/∂v in its grad.

    root: a Value. Of it and of the others, use no more than .parents, .grad and
    ._backward(). root.grad is 1 afterwards.
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
# ## Arrays


# %% nbgrader={"grade": false, "grade_id": "unbroadcast", "locked": false, "schema_version": 3, "solution": true, "task": false}
def unbroadcast(grad, shape):
    """Add up the gradient of a broadcast array until it has the shape of the array itself.

    grad: an array, the gradient with respect to the array after broadcasting.
    shape: a tuple, the shape before it, such as (3,), (5, 1) or ().
    Returns an array of that shape: each entry is the sum over all of its copies.
    Example: unbroadcast(np.ones((5, 3)), (3,)) is [5, 5, 5].
    """
    ### BEGIN SOLUTION
    added = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(added)))
    stretched = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return grad.sum(axis=stretched, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "unbroadcast_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("unbroadcast")

# %% [markdown]
# ## Lab 4 again


# %% nbgrader={"grade": false, "grade_id": "two_layer_with_values", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_layer_with_values(X, Y, params):
    """The gradients of lab 4's network of two layers, found by your engine.

    X: (N, D), Y: (N, C), params: {"W1": (D, H), "b1": (H,), "W2": (H, C), "b2": (C,)}.
    Turn every parameter into a Value, compute the loss from these, and call backward once:
    the hidden layer is σ(X W1 + b1), Y_hat = hidden W2 + b2, and the loss is the sum of
    all (Y_hat - Y)² divided by N. σ(z) is (1 + tanh(z/2)) / 2, or 1 / (1 + exp(-z)).
    Returns a dict: for every name in params the gradient, an array of the same shape.
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
# ## What you built

# %%
progress()

# %% [markdown] nbgrader={"grade": false, "grade_id": "reflection", "locked": false, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Answer.
# ### END SOLUTION
