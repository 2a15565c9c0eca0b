"""Graphs of numbers on the student's side: made, stepped through, and told as plain data.

A check asks for a whole graph at once, as each question to a sandbox is a message. Nothing here knows what is right: the
numbers that come back are those of the student's class, or follow from slopes that the check chose.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any

Edges = Sequence[Sequence[Any]]  # for each node its parents as (number of the node, slope); a parent has the smaller number


class Node:
    """One node whose slopes are given: what is asked of a student's class, without any arithmetic."""

    def __init__(
        self, data: float, parents: tuple[Node, ...] = (), slopes: Sequence[float] = (), asked: Iterator[object] | None = None
    ) -> None:
        self.data, self.grad = data, 0.0
        self._parents, self._slopes, self._asked, self._named = parents, slopes, asked, True

    @property
    def parents(self) -> tuple[Node, ...]:
        """RuntimeError when the parents of a graph's nodes were asked for too often: who walks every path would never end."""
        if self._asked is not None and next(self._asked, None) is None:
            raise RuntimeError("the parents were asked for again and again, and no end is in sight: go to each Value once")
        return self._parents

    @property
    def op(self) -> str:
        """AttributeError where the graph has no names."""
        if self._named:
            return "node" if self._parents else ""
        raise AttributeError("op is more than may be used here: of a Value there are .parents, .grad and ._backward()")

    def _backward(self) -> None:
        for parent, slope in zip(self._parents, self._slopes, strict=True):
            parent.grad += slope * self.grad


def evaluated(kind: Callable[..., Any], text: str, numbers: Mapping[str, float]) -> tuple[Any, dict[str, Any]]:
    """An expression such as "2 / a + b.tanh()" with a Value of the student's in the place of every name, and these Values."""
    leaves = {name: kind(number) for name, number in numbers.items()}
    return eval(_compiled(text), {**leaves}), leaves


@functools.lru_cache(maxsize=500)  # a probe asks the same of every known mistake
def _compiled(text: str) -> types.CodeType:
    # reports leave out the frames of frozen modules: the line at fault is the student's
    return compile(text, "<frozen expression>", "eval")


def data(kind: Callable[..., Any], texts: Sequence[str], numbers: Mapping[str, float]) -> list[Any]:
    """The numbers that the expressions come to."""
    return [_attribute(evaluated(kind, text, numbers)[0], "data") for text in texts]


def ops(kind: Callable[..., Any], texts: Sequence[str], numbers: Mapping[str, float]) -> list[Any]:
    """What the results of the expressions say of how they were made."""
    return [_attribute(evaluated(kind, text, numbers)[0], "op") for text in texts]


def parents(kind: Callable[..., Any], text: str, numbers: Mapping[str, float]) -> list[str]:
    """The names of the parents of an expression's result, sorted; "?" for one that has no name."""
    result, leaves = evaluated(kind, text, numbers)
    return _names(result.parents, leaves)


def made(kind: Callable[..., Any], number: float, op: str) -> dict[str, Any]:
    """What a leaf holds after a step back that has nowhere to go, and what one holds that is made of two."""
    leaves = {"a": kind(number), "b": kind(-number)}
    both = kind(2 * number, (leaves["a"], leaves["b"]), op)
    leaves["a"]._backward()
    told = {"leaf": leaves["a"], "made": both}
    found = {f"{attribute} of a {name}": getattr(each, attribute) for name, each in told.items() for attribute in ("data", "grad", "op")}
    return {**found, "parents of a leaf": _names(leaves["a"].parents, {}), "parents of a made": _names(both.parents, leaves)}


def alike(kind: Callable[..., Any], number: float) -> list[bool]:
    """Whether a Value equals itself, whether it equals another one with the same data, and whether it can be in a set."""
    one, other = kind(number), kind(number)
    return [bool(one == one), bool(one == other), isinstance(one, Hashable)]


def slopes(kind: Callable[..., Any], text: str, numbers: Mapping[str, float], before: float = 0.0, upstream: float = 1.0) -> list[Any]:
    """What comes back to each leaf of an expression when `_backward` is run along every path, one path after the other.

    `before` is the grad that a node has before it is sent something, `upstream` the result's own.
    """
    result, leaves = evaluated(kind, text, numbers)
    sent = dict.fromkeys(leaves, 0.0)
    names = {id(leaf): name for name, leaf in leaves.items()}
    _step_back(result, upstream, before, sent, names)
    return list(sent.values())


def ordered(order: Callable[[Any], Any], graph: Sequence[Sequence[int]], root: int, calls: int = 1, most: int | None = None) -> Any:
    """The list that `order` gives for one node of a graph, as the numbers of its nodes; -1 for what is none of them.

    `graph` has for each node the numbers of its parents, which are smaller. Of several calls for the same nodes the last one counts.
    `most` says how often all nodes together may be asked for their parents: RuntimeError beyond.
    """
    nodes = _graph([[(parent, 1.0) for parent in each] for each in graph], most)
    for _ in range(calls):
        found = order(nodes[root])
    if not isinstance(found, list | tuple):
        return found
    numbers = {id(node): number for number, node in enumerate(nodes)}
    return [numbers.get(id(node), -1) for node in found]


def gradients(
    backward: Callable[[Any], Any], edges: Edges, roots: Sequence[int], before: Mapping[int, float] | None = None, named: bool = True
) -> list[float]:
    """The grad of every node after `backward` from each of the roots in turn; `before` holds grads from earlier.

    Without names there is no `op`: AttributeError for who asks for it.
    """
    nodes = _graph(edges)
    for node in nodes:
        node._named = named
    for number, grad in (before or {}).items():
        nodes[number].grad = grad
    for root in roots:
        backward(nodes[root])
    return [node.grad for node in nodes]


def _graph(edges: Edges, most: int | None = None) -> list[Node]:
    nodes: list[Node] = []
    asked = None if most is None else iter(range(1, most + 1))
    for number, each in enumerate(edges):
        above = tuple(nodes[parent] for parent, _ in each)
        nodes.append(Node(float(number * 37 % 101), above, [slope for _, slope in each], asked))  # its size says nothing of its place
    return nodes


def _step_back(value: Any, grad: Any, before: float, sent: dict[str, Any], names: Mapping[int, str]) -> None:
    if id(value) in names:
        sent[names[id(value)]] += grad
        return
    distinct = list({id(parent): parent for parent in value.parents}.values())
    for parent in distinct:
        parent.grad = before
    value.grad = grad
    value._backward()
    for parent, part in [(parent, parent.grad - before) for parent in distinct]:
        _step_back(parent, part, before, sent, names)


def _attribute(result: Any, name: str) -> Any:
    """TypeError where the result is no object of the student's: a plain number has no `data`, or another one."""
    if isinstance(result, int | float | complex | None):
        raise TypeError(f"the result is {result!r} and no Value: is there a return, with a Value?")
    return getattr(result, name)


def _names(found: Any, leaves: Mapping[str, Any]) -> list[str]:
    names = {id(leaf): name for name, leaf in leaves.items()}
    return sorted(names.get(id(each), "?") for each in found)
