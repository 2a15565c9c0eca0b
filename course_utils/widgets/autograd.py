"""`explore_autograd(Value, topological_order)` and `explore_unbroadcast(unbroadcast)`: the student's own engine, step by step."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from course_utils.pictures.autograd import Place, named_parents
from course_utils.widgets.broadcasting import block
from course_utils.widgets.elements import Element, label, panel, polygon, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.graph import H, Node, box, edge, number
from course_utils.widgets.grid import Scene
from course_utils.widgets.knobs import Choice, Slider

Make = Callable[[Callable[[float], Any], float], dict[str, Any]]


def _tree(value: Callable[[float], Any], a: float) -> dict[str, Any]:
    leaves = {"a": value(a), "b": value(3.0), "c": value(-1.0)}
    d = leaves["a"] * leaves["b"]
    return {**leaves, "d": d, "e": d + leaves["c"]}


def _square(value: Callable[[float], Any], a: float) -> dict[str, Any]:
    x = value(a)
    return {"x": x, "y": x * x}


def _diamond(value: Callable[[float], Any], a: float) -> dict[str, Any]:
    leaf = value(a)
    b, c = leaf * 3, leaf + 1
    return {"a": leaf, "b": b, "c": c, "d": b * c}


def _skip(value: Callable[[float], Any], a: float) -> dict[str, Any]:
    leaf = value(a)
    b = leaf * 3
    c = b * 2
    return {"a": leaf, "b": b, "c": c, "d": b + c}


class Expression(NamedTuple):
    """How to compute it, in words and in a student's Values, and where its nodes stand."""

    formula: str
    make: Make
    places: Mapping[str, Place]


EXPRESSIONS = {
    "tree": Expression("d = a·b, e = d + c", _tree, {"a": (0, 0), "b": (0, -1), "d": (1, 0), "c": (1, -1), "e": (2, 0)}),
    "x·x": Expression("y = x·x", _square, {"x": (0, 0), "y": (1, 0)}),
    "diamond": Expression("b = 3a, c = a + 1, d = b·c", _diamond, {"a": (0, -0.5), "b": (1, 0), "c": (1, -1), "d": (2, -0.5)}),
    "skip": Expression("b = 3a, c = 2b, d = b + c", _skip, {"a": (0, -1), "b": (1, -1), "c": (2, 0), "d": (3, -1)}),
}


class Walk(NamedTuple):
    """A way forward and back: numbers and parents by name, who stepped back, all grads before each step and after the last, the slope."""

    data: Mapping[str, float]
    parents: Mapping[str, list[str]]
    stepped: list[str]
    grads: list[dict[str, float]]
    slope: float


def explore_autograd(Value: Callable[..., Any], topological_order: Callable[[Any], Any]) -> Explorer:
    """Step through a graph of the student's own Values: forward, then back in the student's own order, one node at a time."""

    def scene(expression: Expression) -> Scene:
        walked = functools.cache(lambda a: _walk(Value, topological_order, expression.make, a))

        def draw(step: int, a: float) -> list[Element]:
            return _stepped(walked(a), expression, step)

        return Scene(draw, [Choice("step", list(range(7)), 0, play=True), Slider("a", -3, 3, start=2.0, steps=13)])

    scenes = {name: scene(expression) for name, expression in EXPRESSIONS.items()}
    return Explorer(scenes=scenes, choice="expression", label="your engine", height=300)


def _walk(value: Callable[..., Any], order: Callable[[Any], Any], make: Make, a: float) -> Walk:
    named = make(value, a)
    names = {id(each): name for name, each in named.items()}
    root = list(named.values())[-1]

    def all_grads() -> dict[str, float]:
        return {name: float(each.grad) for name, each in named.items()}

    root.grad = 1.0
    stepped: list[str] = []
    grads = [all_grads()]
    for each in reversed(list(order(root))):
        each._backward()
        if each.parents and id(each) in names:
            stepped.append(names[id(each)])
            grads.append(all_grads())
        else:  # a Value without a name is a part of the step before it
            grads[-1] = all_grads()
    last = list(named)[-1]
    ahead, behind = (make(value, a + h)[last].data for h in (H, -H))
    data = {name: float(each.data) for name, each in named.items()}
    return Walk(data, named_parents(named), stepped, grads, (ahead - behind) / (2 * H))


def _stepped(walk: Walk, expression: Expression, step: int) -> list[Element]:
    inner = [name for name, given in walk.parents.items() if given]
    end = 2 * len(inner)
    over, step = step > end, min(step, end)  # all expressions share the knob: a short one says that it has ended
    back = min(max(0, step - len(inner)), len(walk.stepped))
    computed = {name for name, given in walk.parents.items() if not given} | set(inner[:step])
    passed = walk.stepped[:back]
    known = {inner[-1], *passed, *(given for name in passed for given in walk.parents[name])} if back else set()
    across, down = zip(*expression.places.values(), strict=True)
    heading = f"{expression.formula}    {'backward: your order' if step > len(inner) else 'forward: values'}"
    drawing = [panel(heading, (-0.5, max(across) + 0.5), (min(down) - 0.55, 0.5), bare=True)]
    nodes = {name: _node(walk, name, back) for name in walk.parents}
    for name in inner:
        for k, given in enumerate(nodes[name].inputs):
            drawing += edge(expression.places[given], expression.places[name], nodes[name], k, name in computed, name in passed)
    drawing += [box(node, expression.places[name], name in computed, name in known, {}) for name, node in nodes.items()]
    return [*drawing, say(f"{f'The end was step {end}. ' if over else ''}{_told(walk, inner, step, back)}")]


def _node(walk: Walk, name: str, back: int) -> Node:
    """A node with the grad that it has after `back` steps, and on its edges what it sent."""
    given = list(dict.fromkeys(walk.parents[name]))
    sent = _sent(walk, walk.stepped.index(name)) if name in walk.stepped[:back] else {}
    return Node(name, "", walk.data[name], given, walk.grads[back][name], [sent.get(parent, 0.0) for parent in given])


def _sent(walk: Walk, place: int) -> dict[str, float]:
    """What the step at this place added to each parent."""
    before, after = walk.grads[place], walk.grads[place + 1]
    return {name: after[name] - before[name] for name in dict.fromkeys(walk.parents[walk.stepped[place]])}


def _told(walk: Walk, inner: list[str], step: int, back: int) -> str:
    if step == 0:
        return "The leaves are given. Step forward: every Value computes its number and remembers its parents."
    if step <= len(inner):
        name = inner[step - 1]
        return f"Forward: {name} = {number(walk.data[name])}, made from {' and '.join(walk.parents[name])}."
    if step - len(inner) > len(walk.stepped):
        return "Your order is too short: here somebody else should step back ✗"
    name, sent = walk.stepped[back - 1], _sent(walk, back - 1)
    parts = [f"adds {number(part)} to {given}, which then has {number(walk.grads[back][given])}" for given, part in sent.items()]
    said = f"Backward: {name} has {number(walk.grads[back - 1][name])} and {'; '.join(parts)}."
    late = [given for given in sent if given in walk.stepped[:back]]
    if late:
        return f"{said}\nToo late: {' and '.join(late)} stepped back before ✗"
    if step < 2 * len(inner):
        return said
    leaf = next(iter(walk.data))
    right = np.isclose(walk.grads[-1][leaf], walk.slope, rtol=1e-4, atol=1e-6)
    return f"{said}\nThe measured slope for {leaf} is {number(walk.slope)} {'✓' if right else '✗'}"


SHAPES = {"(3,)": (3,), "(1, 3)": (1, 3), "(5, 1)": (5, 1)}
SUMMED = {
    "(3,)": "NumPy added an axis in front: axis 0 is summed, and disappears.",
    "(1, 3)": "NumPy stretched axis 0: it is summed, and stays with length 1.",
    "(5, 1)": "NumPy stretched axis 1: it is summed, and stays with length 1.",
}


def explore_unbroadcast(unbroadcast: Callable[..., Any]) -> Explorer:
    """Choose the shape before broadcasting to (5, 3), and one entry: its copies, and the student's sum over them."""
    grad = np.arange(1.0, 16.0).reshape(5, 3)

    def draw(shape: str, entry: int) -> list[Element]:
        yours = np.asarray(unbroadcast(grad.copy(), SHAPES[shape]), dtype=float)
        return _summed(grad, yours, shape, entry)

    knobs = [Choice("shape", list(SHAPES), "(3,)"), Choice("entry", [0, 1, 2], 0)]
    return Explorer(draw, knobs, label="unbroadcast", height=270)


def _summed(grad: np.ndarray, yours: np.ndarray, shape: str, entry: int) -> list[Element]:
    own, copies = SHAPES[shape], grad[entry] if shape == "(5, 1)" else grad[:, entry]
    drawing = [panel("the gradient after broadcasting, and yours before it", (0, 10), (-5.3, 0.7), bare=True)]
    across, down = ((0, 3), (entry, entry + 1)) if shape == "(5, 1)" else ((entry, entry + 1), (0, 5))
    x, y = 0.2 + 1.1 * np.array([across[0], across[1], across[1], across[0]]), -np.array([down[0], down[0], down[1], down[1]])
    drawing += [
        *block(grad.astype(int), 0.2, "muted", grad.shape),
        polygon(x, y, role="gradient", strength=0.35),
        label("→", 4.6, -2.5, size=20),
    ]
    wanted = f"{' + '.join(f'{copy:g}' for copy in copies)} = {copies.sum():g}"
    if yours.shape != own:
        told = f"Yours has the shape {yours.shape} ✗"
        return [*drawing, label(f"{yours.shape}", 7, -2.5, role="gradient", size=15), say(f"{SUMMED[shape]}\n{told}")]
    shown = yours.reshape(1, -1) if yours.ndim == 1 else yours
    drawing += block(np.array([[f"{value:g}" for value in row] for row in shown]), 5.6, "gradient", shown.shape)
    mine = yours.ravel()[entry]
    right = np.isclose(mine, copies.sum())
    return [*drawing, say(f"{SUMMED[shape]} The copies of entry {entry} add up: {wanted}.\nYours is {mine:g} {'✓' if right else '✗'}")]
