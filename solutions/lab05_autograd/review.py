"""Questions about lab05_autograd for `handgrad review`. `x.grad` is asked after `backward(y)`."""

import numpy as np

from course_utils.reviewing import Asked, question, small


def _told(values, result, backward):
    """The grads of values by name after a walk back from result."""
    backward(result)
    return {name: float(value.grad) for name, value in values.items()}


@question("Value", "A shared Value collects along both paths: the product sends the other factor, and the sum sends 1.")
def grads_of_product_and_sum(Value, backward, rng):
    """`y = a * b + a` is made of Values, and the walk back begins at y.
    Which grads do a and b get?"""
    a, b = Value(small(rng, least=-5, most=5)), Value(small(rng, least=-5, most=5))
    return Asked({"a": a.data, "b": b.data}, _told({"a": a, "b": b}, a * b + a, backward), "result")


@question("Value", "The slope of xⁿ is n·xⁿ⁻¹.")
def grad_of_a_power(Value, backward, rng):
    """`y = x ** n` is made of a Value, and the walk back begins at y.
    Which grad does x get?"""
    x, n = Value(float(rng.choice([-3, -2, 2, 3, 4]))), int(rng.integers(3, 5))
    return Asked({"x": x.data, "n": n}, _told({"x": x}, x**n, backward)["x"], "x.grad")


@question("Value", "In a/b the slope for b is −a/b², and that for a is 1/b.", places=3)
def grads_of_a_quotient(Value, backward, rng):
    """`y = a / b` is made of Values, and the walk back begins at y.
    Which grads do a and b get?"""
    a, b = Value(float(rng.integers(2, 8))), Value(float(rng.choice([2, 4, 5, 10])))
    return Asked({"a": a.data, "b": b.data}, _told({"a": a, "b": b}, a / b, backward), "result")


@question("Value", "The slope of tanh is 1 − tanh², made of what comes out; the factor in front multiplies it.", places=3)
def grad_through_tanh(Value, backward, rng):
    """`y = c * x.tanh()` is made of a Value x and a plain number c, and the walk back begins at y.
    Which grad does x get?"""
    x, c = Value(float(rng.choice([-1.5, -1, -0.5, 0.5, 1, 1.5]))), float(rng.integers(2, 6))
    given = {"x": x.data, "c": c, "tanh(x)": f"{np.tanh(x.data):.3f}"}
    return Asked(given, _told({"x": x}, x.tanh() * c, backward)["x"], "x.grad")


@question("Value", "relu lets the grad through where its input is above 0, and stops it elsewhere.")
def grads_through_relu(Value, backward, rng):
    """`y = 3 * a.relu() + 2 * b.relu()` is made of Values, and the walk back begins at y.
    Which grads do a and b get?"""
    a, b = Value(float(rng.integers(2, 6))), Value(-float(rng.integers(2, 6)))
    a, b = (a, b) if rng.integers(2) else (b, a)
    return Asked({"a": a.data, "b": b.data}, _told({"a": a, "b": b}, a.relu() * 3 + b.relu() * 2, backward), "result")


@question("topological_order", "Every Value comes after all that it is made from, and the root is the last.")
def an_order_that_holds(rng):
    """In an order for `topological_order` every Value comes after all it is made from, the root last.
    Which of these lists is such an order?"""
    c, d, e, f = (str(name) for name in rng.permutation(["c", "d", "e", "f"]))
    made = f"{c} = a * b, {d} = {c} + a, {e} = {c} * {d}, {f} = {e} + b"
    wrong = {
        f"{d} is made from {c}, and comes before it": f"a, b, {d}, {c}, {e}, {f}",
        f"the root {f} has to be the last": f"{f}, {e}, {d}, {c}, b, a",
        f"{f} is made from b, which is missing before it": f"a, {c}, {d}, {e}, {f}, b",
    }
    return Asked({"made": made, "root": f}, f"b, a, {c}, {d}, {e}, {f}", others=wrong)


@question("topological_order", "Every Value is visited once, however many paths lead to it; each doubling makes one Value more.")
def length_of_an_order(Value, topological_order, rng):
    """`v` is doubled several times with `v = v + v`, and the order is made from the last v.
    How many Values are in the list?"""
    times, v = int(rng.integers(4, 11)), Value(1.0)
    for _ in range(times):
        v = v + v
    wrong = {
        "the shared Values are not in the list once for each path": 2 ** (times + 1) - 1,
        "the first v is in it as well": times,
        "v + v is one new Value, whose parents are the same one twice": 2 * times + 1,
    }
    return Asked({"doublings": times}, len(topological_order(v)), others=wrong)


@question("backward", "The grads of all paths are added: along each path slopes multiply.")
def a_diamond(Value, backward, rng):
    """`p = x * c1`, `q = x * c2`, `y = p * q` are made of Values, where c1 and c2 are plain numbers. The walk back begins at y.
    Which grad does x get?"""
    x, c1, c2 = Value(small(rng, least=-4, most=4)), float(rng.integers(2, 6)), -float(rng.integers(2, 6))
    return Asked({"x": x.data, "c1": c1, "c2": c2}, _told({"x": x}, (x * c1) * (x * c2), backward)["x"], "x.grad")


@question("backward", "A leaf keeps what it has, and the second walk adds the same once more, as in torch.")
def called_twice(Value, backward, rng):
    """`y = x * x` is made of a Value. `backward(y)` is called twice, and nothing is set to 0 between the calls.
    Which grad does x have then?"""
    x = Value(small(rng, least=-6, most=6))
    y = x * x
    backward(y)
    return Asked({"x": x.data}, _told({"x": x}, y, backward)["x"], "x.grad")


@question("two_layer_with_values", "Each example makes its loss, they are added, and the sum is divided by the number of examples.")
def values_of_a_weight(rng):
    """The engine goes through a batch number by number. Each product of an input and a weight is one new Value.
    How many products does the first layer make for one loss?"""
    N, D, H = (int(size) for size in rng.permutation(np.arange(3, 12))[:3])
    wrong = {
        "each example makes its own products": D * H,
        "each input meets each hidden neuron": N * H,
        "each weight meets each example, and not each neuron each example": N * D,
    }
    given = {"examples": N, "inputs": D, "hidden neurons": H}
    return Asked(given, N * D * H, others=wrong, why=f"Each of {N} examples has {D}·{H} products.")


@question("unbroadcast", "Copies add up: the axes in front are summed away, stretched axes are summed and stay with length 1.")
def back_to_a_row(unbroadcast, rng):
    """A bias b was stretched to the rows of a table, and grad is the gradient at the table.
    Which gradient does b get?"""
    grad, shape = small(rng, 3, 2), [(2,), (1, 2)][int(rng.integers(2))]
    return Asked({"grad": grad, "b.shape": shape}, unbroadcast(grad, shape), "gradient")


@question("unbroadcast", "Only axes that were added in front or stretched from 1 are summed, and the shape is that of the array before.")
def shape_before_stretching(unbroadcast, rng):
    """An array was stretched in a sum, and `unbroadcast` takes its gradient back to the array's own shape.
    What is summed?"""
    A, B, C = (int(size) for size in rng.permutation(np.arange(2, 9))[:3])
    before, right, one, two, three = [
        ((B, 1), "axes 0 and 2", "axis 0 alone", "axis 2 alone", "all three axes"),
        ((C,), "axes 0 and 1", "axis 0 alone", "axis 1 alone", "all three axes"),
        ((A, 1, C), "axis 1 alone", "axes 0 and 1", "axis 0 alone", "all three axes"),
        ((1, 1), "all three axes", "axis 0 alone", "axes 1 and 2", "axes 0 and 2"),
    ][int(rng.integers(4))]
    reasons = [
        "the shape afterwards would be another one",
        "that leaves or takes an axis too many",
        "compare the two shapes from the right",
    ]
    wrong = dict(zip(reasons, (one, two, three), strict=True))
    assert unbroadcast(np.ones((A, B, C)), before).shape == before
    return Asked({"shape of grad": (A, B, C), "shape before": before}, right, others=wrong)
