"""`explore_graph(...)`: a computational graph, stepped forward and backward, with numbers on its nodes and edges."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from course_utils.widgets.elements import Element, arrows, label, panel, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Choice, Knob, Slider

H = 1e-5


class Node(NamedTuple):
    """One value of a computation: its name, how it came about, what it feeds on, and dJ/dnode (None: not known).

    `edges` are the gradients that flow back along the edges to the inputs, in their order, where they are known.
    """

    name: str
    op: str
    value: Any
    inputs: Sequence[str] = ()
    grad: Any = None
    edges: Sequence[Any] = ()


def explore_graph(
    graph: Any = None,
    /,
    *,
    at: Mapping[str, float] | None = None,
    turn: Mapping[str, tuple[float, float]] | None = None,
    mine: Callable[..., Mapping[str, Any]] | None = None,
    **steps: Callable[..., Any],
) -> Explorer:
    """Go through a graph node by node: values forward, then gradients backward.

    Either one function per node, in order, its parameters named for what it feeds on, and the leaves' values:

        explore_graph(z=lambda w1, x: w1 * x, h=lambda z: sigmoid(z), J=lambda h, y: (h - y) ** 2, at={"x": 2, "w1": 1, "y": 0})

    or a list of `Node`, or the root of an engine's graph, whose nodes have `data` or `value`, `grad`, and `inputs` or
    `_prev`. turn: leaves that become knobs, with their range. mine: a function of the leaves that returns the student's own
    gradients by name; they are shown beside those measured on the graph.
    """
    turn = dict(turn or {})
    if steps:
        compute = functools.cache(lambda **turned: _measured(steps, {**(at or {}), **turned}))
    else:
        nodes = list(graph) if isinstance(graph, list | tuple) else nodes_of(graph)
        compute = functools.cache(lambda **_: nodes)
    first = compute(**{name: (at or {})[name] for name in turn})
    places = _places(first)

    @functools.cache
    def own(**turned: float) -> Mapping[str, Any]:
        try:
            return dict(mine(**{**(at or {}), **turned})) if mine else {}
        except NotImplementedError:
            return {}

    def draw(step: int, **turned: float) -> list[Element]:
        return _drawing(compute(**turned), places, step, own(**turned))

    count = 2 * len(_inner(first)) + 1
    knobs: list[Knob] = [Choice("step", list(range(count)), 0, play=True)]
    knobs += [Slider(name, *span, start=(at or {})[name], steps=13, label=name) for name, span in turn.items()]
    height = 60 + 120 * round(1 - min(y for _, y in places.values()))
    return Explorer(draw, knobs, label="computational graph", height=height)


def nodes_of(root: Any) -> list[Node]:
    """The graph behind a value of an autograd engine, every node after all it feeds on."""
    names: dict[int, str] = {}
    found: list[Node] = []

    def visit(value: Any) -> str:
        if id(value) not in names:
            inputs = [visit(child) for child in _attribute(value, "inputs", "_prev", "parents", default=())]
            name = str(_attribute(value, "name", "label", default="") or f"v{len(names) + 1}")
            names[id(value)] = name if name not in names.values() else f"{name}{len(names) + 1}"
            number, grad = _attribute(value, "value", "data", default=value), getattr(value, "grad", None)
            found.append(Node(names[id(value)], str(_attribute(value, "op", "_op", default="")), number, inputs, grad))
        return names[id(value)]

    visit(root)
    return found


def _attribute(value: Any, *names: str, default: Any) -> Any:
    return next((getattr(value, name) for name in names if hasattr(value, name)), default)


def _measured(steps: Mapping[str, Callable[..., Any]], leaves: Mapping[str, float]) -> list[Node]:
    """All nodes with gradients measured by moving each value a little and computing what comes after it again."""
    parameters = {name: list(inspect.signature(step).parameters) for name, step in steps.items()}

    def forward(pinned: Mapping[str, float]) -> dict[str, float]:
        values = {**leaves, **pinned}
        for name, step in steps.items():
            if name not in pinned:
                values[name] = float(step(**{given: values[given] for given in parameters[name]}))
        return values

    values, last = forward({}), list(steps)[-1]
    slope = {
        name: 1.0 if name == last else (forward({name: value + H})[last] - forward({name: value - H})[last]) / (2 * H)
        for name, value in values.items()
    }

    def share(name: str, given: str) -> float:
        around = {other: values[other] for other in parameters[name]}
        ahead, behind = (float(steps[name](**{**around, given: values[given] + h})) for h in (H, -H))
        return slope[name] * (ahead - behind) / (2 * H)

    used = [leaf for leaf in leaves if any(leaf in given for given in parameters.values())]
    nodes = [Node(leaf, "", leaves[leaf], (), slope[leaf]) for leaf in used]
    return nodes + [
        Node(name, "", values[name], parameters[name], slope[name], [share(name, given) for given in parameters[name]]) for name in steps
    ]


def _inner(nodes: Sequence[Node]) -> list[Node]:
    return [node for node in nodes if node.inputs]


def _places(nodes: Sequence[Node]) -> dict[str, tuple[float, float]]:
    """Columns by distance from the leaves; a leaf stands one column before the first node that uses it."""
    depth: dict[str, int] = {}
    for node in nodes:
        depth[node.name] = 1 + max((depth[given] for given in node.inputs), default=-1)
    for node in nodes:
        users = [depth[user.name] for user in nodes if node.name in user.inputs]
        if not node.inputs and users:
            depth[node.name] = min(users) - 1
    columns: dict[int, list[str]] = {}
    for node in nodes:
        columns.setdefault(depth[node.name], []).append(node.name)
    inner = {node.name for node in nodes if node.inputs}
    places: dict[str, tuple[float, float]] = {}
    for column, names in columns.items():
        # what is computed stands in the upper row, so that the chain runs straight; leaves below it
        names.sort(key=lambda name: name not in inner)
        places |= {name: (float(column), -float(row)) for row, name in enumerate(names)}
    return places


def _drawing(nodes: Sequence[Node], places: Mapping[str, tuple[float, float]], step: int, own: Mapping[str, Any]) -> list[Element]:
    inner = _inner(nodes)
    computed = {node.name for node in nodes if not node.inputs} | {node.name for node in inner[:step]}
    back = max(0, step - len(inner))
    passed = {node.name for node in inner[len(inner) - back :]}
    known = passed | {given for node in inner if node.name in passed for given in node.inputs}
    columns, rows = max(x for x, _ in places.values()), min(y for _, y in places.values())
    drawing = [panel("forward: values" if not back else "backward: gradients", (-0.5, columns + 0.5), (rows - 0.55, 0.5), bare=True)]
    for node in inner:
        for k, given in enumerate(node.inputs):
            drawing += edge(places[given], places[node.name], node, k, node.name in computed, node.name in passed)
    for node in nodes:
        drawing.append(box(node, places[node.name], node.name in computed, node.name in known, own))
    return [*drawing, say(_sentence(nodes, inner, step, back, own))]


def edge(begin: tuple[float, float], end: tuple[float, float], node: Node, k: int, lit: bool, passed: bool) -> list[Element]:
    """From a node to one that feeds on it, and beside it the way back, each from box to box."""
    (x0, y0), (x1, y1) = begin, end
    along = np.array([x1 - x0, y1 - y0])
    beside = 0.07 * np.array([-along[1], along[0]]) / np.hypot(*along)
    forward = arrows(x0, y0, *along, role="forward" if lit else "muted", faded=not lit, boxed=True)
    words = number(node.edges[k]) if passed and k < len(node.edges) else ""
    back = [np.nan] * 4 if not passed else [*(end + beside), *-along]
    place = begin + 0.5 * along + (3 if along[1] else 4.8) * beside  # in a row the numbers stand above the boxes
    return [forward, arrows(*back, role="gradient", boxed=True), label(words, *place, role="gradient", size=12)]


def box(node: Node, place: tuple[float, float], computed: bool, known: bool, own: Mapping[str, Any]) -> Element:
    words = f"{node.name}{' = ' + node.op if node.op else ''}\n{number(node.value) if computed else '…'}"
    if known and node.grad is not None:
        words += f"\n∂ = {number(node.grad)}"
    if known and node.name in own:
        words += f"\nyours {number(own[node.name])} {'✓' if _agrees(own[node.name], node.grad) else '✗'}"
    role = "gradient" if known else "forward" if computed and node.inputs else "muted"
    return label(words, *place, role=role, box=True, size=13)


def _sentence(nodes: Sequence[Node], inner: Sequence[Node], step: int, back: int, own: Mapping[str, Any]) -> str:
    if step == 0:
        return "The leaves are given. Step forward: every node computes its value from its inputs."
    if not back:
        node = inner[step - 1]
        return f"Forward: {node.name} = {number(node.value)}, from {' and '.join(node.inputs)}."
    node = inner[len(inner) - back]
    told = [f"{given} gets {number(part)}" for given, part in zip(node.inputs, node.edges, strict=False)]
    said = f"Backward: {node.name} has ∂J/∂{node.name} = {number(node.grad)}; times its local slopes, {', '.join(told)}."
    if back == len(inner) and own:
        wrong = [node.name for node in nodes if node.name in own and not _agrees(own[node.name], node.grad)]
        said += f"\nYours {'differs at ' + ', '.join(wrong) if wrong else 'agrees everywhere ✓'}."
    return said


def _agrees(mine: Any, measured: Any) -> bool:
    try:
        return bool(np.allclose(np.asarray(mine, dtype=float), measured, rtol=1e-4, atol=1e-6))
    except (TypeError, ValueError):  # not a number, or of another shape
        return False


def number(value: Any) -> str:
    """A number with three digits; of an array, its shape."""
    if value is None:
        return "None"
    array = np.asarray(value)
    return f"{float(array.reshape(-1)[0]):.3g}".replace("-", "−") if array.size == 1 else str(array.shape)
