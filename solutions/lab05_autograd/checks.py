"""What lab05_autograd asks of each exercise."""

import numpy as np

from course_utils.checking import check


@check("Value", points=34, by_hand=True)
def a_number(Value):
    """a number"""
    return {"data": Value(2.0).data}


@check("topological_order", points=14, by_hand=True)
def three(topological_order, Value):
    """three Values"""
    return {"length": len(topological_order(Value(2.0, (Value(3.0), Value(1.0)), "+")))}


@check("backward", points=22, by_hand=True)
def one(backward, Value):
    """one Value"""
    value = Value(2.0)
    backward(value)
    return {"grad": value.grad}


@check("unbroadcast", points=12, by_hand=True)
def row(unbroadcast, rng):
    """a row"""
    return {"grad": unbroadcast(rng.normal(size=(5, 3)), (3,))}


@check("two_layer_with_values", points=18, by_hand=True)
def small(two_layer_with_values, rng):
    """a small network"""
    params = {name: rng.normal(size=shape) for name, shape in {"W1": (2, 3), "b1": 3, "W2": (3, 2), "b2": 2}.items()}
    return {"grads": two_layer_with_values(rng.normal(size=(5, 2)), rng.normal(size=(5, 2)), params)}
