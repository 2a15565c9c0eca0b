"""A drawing over its knobs' grid: what is sent, what is sent once, and what happens when there is no time for all of it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
import traitlets

from course_utils.widgets import Choice, Explorer, Point, Scene, Slider, line, panel, say
from course_utils.widgets.grid import Store, evaluate


def frames(explorer: Explorer) -> Callable[..., dict[str, np.ndarray]]:
    """What the page finds for places of the first scene's grid: the arrays and texts of the last drawn line and sentence."""
    spec = explorer._spec
    floats = np.frombuffer(explorer._floats, "<f4")
    spans = np.frombuffer(explorer._spans, "<u4").reshape(-1, 2)
    table = np.frombuffer(explorer._table, "<u4")
    scene = spec["scenes"][0]
    shape = [len(axis["values"]) for axis in scene["axes"]]

    def at(*index: int) -> dict[str, np.ndarray]:
        number = int(np.ravel_multi_index(index, shape))
        row = table[scene["first"] + number * scene["width"] :][: scene["width"]]
        found = {}
        for element in scene["templates"][row[0]]:
            for name, slot in element["arrays"].items():
                begin, length = spans[row[slot]]
                found[f"{element['kind']} {name}"] = floats[begin : begin + length]
            found[f"{element['kind']} text"] = spec["texts"][row[element["text"]]] if element["text"] else ""
        return found

    return at


def drawing(a: float, word: str) -> list:
    y = [0, np.inf] if word == "far" else [0, a]
    return [panel("p", (0, 1), (0, 1)), line([0, 1], y, label=word), say(f"{word} {a:g}")]


def test_every_frame_is_what_python_drew() -> None:
    at = frames(Explorer(drawing, [Slider("a", 0, 4, start=1, steps=5), Choice("word", ["near", "far"], "near")]))
    for (i, a), (j, word) in itertools.product(enumerate(range(5)), enumerate(["near", "far"])):
        assert at(i, j)["say text"] == f"{word} {a}"
        assert at(i, j)["line y"][1] == (np.inf if word == "far" else a)


def test_what_is_the_same_in_all_frames_is_sent_once() -> None:
    curve = np.linspace(0, 1, 1000)

    def draw(a: float) -> list:
        return [panel("p", (0, 1), (0, 1)), line(curve, curve), line([0, 1], [a, a])]

    assert len(Explorer(draw, [Slider("a", 0, 1, start=0, steps=101)])._floats) < 2 * 4 * 1000


def test_frames_of_another_kind_have_a_template_of_their_own() -> None:
    def draw(a: float) -> list:
        return [panel("p", (0, 1), (0, 1)), *([line([0], [a])] if a > 1 else []), say("x")]

    explorer = Explorer(draw, [Slider("a", 0, 4, start=0, steps=5)])
    assert len(explorer._spec["scenes"][0]["templates"]) == 2
    json.dumps(explorer._spec)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list]:
    """A drawing that takes 4 ms, by a clock that only it moves."""
    now = 0.0

    def draw(**knobs: float) -> list:
        nonlocal now
        now += 0.004
        return [panel("p", (0, 1), (0, 1)), say(f"{knobs}")]

    monkeypatch.setattr("course_utils.widgets.grid.time", SimpleNamespace(perf_counter=lambda: now))
    return draw


def test_too_little_time_gives_a_coarser_grid_and_says_so(slow) -> None:
    packed = evaluate(Scene(slow, [Slider("a", 0, 64, start=0, steps=65, label="a₀")]), Store(), seconds=0.1)
    values = packed["axes"][0]["values"]
    assert 3 <= len(values) < 25
    assert values[0] == 0
    assert values[-1] == 64
    shown = f"This explorer shows {len(values)} positions of a₀ instead of 65"
    assert packed["note"] == f"{shown}, because all of them would take 0.26 s to compute here."


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.1, 0.3])
def test_a_coarser_grid_keeps_the_start(slow, seconds: float) -> None:
    knobs = [Slider("a", 0, 64, start=13, steps=65), Slider("b", -4, 4, start=1, steps=9), Point("p", (0, 8), (0, 8), (3, 5))]
    packed = evaluate(Scene(slow, knobs), Store(), seconds)
    assert packed["note"]
    for axis, start in zip(packed["axes"], (13, 1, 3, 5), strict=True):
        assert start in axis["values"]


def test_too_much_data_gives_a_coarser_grid_and_says_so() -> None:
    def large(a: float) -> list:
        return [panel("p", (0, 1), (0, 1)), line(np.full(1000, a), np.full(1000, a))]

    store = Store()
    packed = evaluate(Scene(large, [Slider("a", 0, 1, start=0, steps=129)]), store, size=100_000)
    assert store.size <= 100_000
    assert "instead of 129, because all of them would be too much for the page." in packed["note"]


def test_a_choice_is_never_left_out() -> None:
    packed = evaluate(Scene(drawing, [Slider("a", 0, 64, 0, steps=65), Choice("word", ["near", "far"], "near")]), Store(), size=1)
    assert packed["axes"][1]["values"] == ["near", "far"]


def test_the_start_is_a_value_of_the_grid() -> None:
    assert 0.1 in Slider("a", 10**-2.5, 10**0.5, start=0.1, steps=25, log=True).axes()[0].values
    assert 0.37 in Slider("a", 0, 1, start=0.37).axes()[0].values


def test_more_than_three_knobs_are_refused() -> None:
    knobs = [Slider(name, 0, 1, 0) for name in "abcd"]
    with pytest.raises(ValueError, match="4 knobs"):
        Explorer(drawing, knobs)
    three = Scene(drawing, knobs[:3])
    with pytest.raises(ValueError, match="4 knobs"):
        Explorer(scenes={"one": three, "other": three})


def test_knobs_are_traits() -> None:
    explorer = Explorer(
        lambda a, p: [panel("p", (0, 1), (0, 1)), say(f"{a} {p}")], [Slider("a", 0, 1, 0.5), Point("p", (0, 1), (0, 1), (0, 1))]
    )
    seen = []
    explorer.observe(lambda change: seen.append(change["new"]), "a")
    explorer.a = 0.25
    explorer.p = [1, 0]
    assert seen == [0.25]
    assert explorer.knobs == {"a": 0.25, "p": [1, 0]}
    assert explorer.text().endswith("0.25 (1.0, 0.0)")
    with pytest.raises(traitlets.TraitError):
        explorer.a = 2
