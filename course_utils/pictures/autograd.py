"""Pictures of the graph that an engine of the student's recorded, with the numbers in its nodes.

Like `plots`, every picture survives an engine that is not written yet: the panel says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from course_utils.pictures.plots import FORWARD, GRADIENT, INK, Picture, computed, note, panels, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Place = tuple[float, float]


def named_parents(named: Mapping[str, Any]) -> dict[str, list[str]]:
    """For every Value its parents' names, twice if it was used twice; Values without a name are passed through.

    A student may make a - b of three Values: the pictures show only those that have a name.
    """
    names = {id(value): name for name, value in named.items()}

    def above(value: Any) -> list[str]:
        found: list[str] = []
        for parent in value.parents:
            found += [names[id(parent)]] if id(parent) in names else above(parent)
        return found

    return {name: above(value) for name, value in named.items()}


@styled
def graph(
    make: Callable[[], Mapping[str, Any]],
    places: Mapping[str, Place],
    title: str,
    *,
    backward: Callable[[Any], Any] | None = None,
    order: Callable[[Any], Any] | None = None,
) -> Picture:
    """The Values that make() returns by name, the last of them the result, at (column, row).

    backward: run on the result first; every node then shows its grad. order: each node's place
    in order(result) is shown, among those that have a name.
    """
    figure, (ax,) = panels([title])
    figure.set_size_inches(7.0, 2.4)
    ax.set_position((0.01, 0.02, 0.98, 0.86))
    ax.axis("off")
    columns, rows = zip(*places.values(), strict=True)
    ax.set(xlim=(min(columns) - 0.4, max(columns) + 0.4), ylim=(min(rows) - 0.5, max(rows) + 0.5))
    found = computed(lambda: _recorded(make, backward, order))
    if isinstance(found, str):
        note(ax, found)
        return Picture(figure, title)
    parents, lines = found
    for name, given in parents.items():
        for number, parent in enumerate(given):
            _arrow(ax, places[parent], places[name], given[:number].count(parent), given.count(parent))
    for name, said in lines.items():
        _box(ax, places[name], said, backward is not None)
    return Picture(figure, f"{title}. " + "; ".join(", ".join(said) for said in lines.values()))


def _recorded(
    make: Callable[[], Mapping[str, Any]], backward: Callable[[Any], Any] | None, order: Callable[[Any], Any] | None
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The parents of every node, and the lines that stand in its box."""
    named = make()
    root = list(named.values())[-1]
    if backward is not None:
        backward(root)
    parents = named_parents(named)
    lines = {name: [name, f"{value.data:.4g}"] for name, value in named.items()}
    if backward is not None:
        for name, value in named.items():
            lines[name].append(f"grad {value.grad:.4g}")
    if order is not None:
        known = {id(value) for value in named.values()}
        at = {id(value): place for place, value in enumerate(value for value in order(root) if id(value) in known)}
        for name, value in named.items():
            lines[name][0] = f"{at[id(value)] + 1}. {name}" if id(value) in at else f"{name}: missing"
    return parents, {name: [line.replace("-", "−") for line in said] for name, said in lines.items()}


def _arrow(ax: Axes, start: Place, end: Place, number: int, count: int) -> None:
    """From a parent to what was made from it; several between the same two bend apart."""
    bend = 0.0 if count == 1 else 0.25 - 0.5 * number
    way = {"arrowstyle": "->", "color": INK, "connectionstyle": f"arc3,rad={bend}", "shrinkA": 22, "shrinkB": 24}
    ax.annotate("", end, start, arrowprops=way)


def _box(ax: Axes, place: Place, said: list[str], graded: bool) -> None:
    box = {"boxstyle": "round,pad=0.4", "fc": "white", "ec": GRADIENT if graded else FORWARD}
    ax.text(*place, "\n".join(said), ha="center", va="center", color="black", bbox=box)
