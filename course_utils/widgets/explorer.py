"""`Explorer(draw, knobs)`: a Python function from knob values to drawing elements becomes a widget that follows the mouse.

    def draw(z):
        return [panel("g", x=(-6, 6), y=(0, 1)), line(grid, g(grid)), handle("z", z, g(z)), say(f"g({z:.2f}) = {g(z):.3f}")]

    Explorer(draw, [Slider("z", -6, 6, start=1)])

The function is evaluated over the knobs' grid once; the page draws from what it got and needs no kernel after that. Every
knob is a trait of the same name: `explorer.z` reads it, `explorer.z = 2` turns it, `explorer.observe` follows it.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from course_utils.pictures import plots
from course_utils.widgets import rerun
from course_utils.widgets.alive import Alive, Bundle
from course_utils.widgets.elements import Element
from course_utils.widgets.grid import BYTES, SECONDS, Draw, Scene, Store, evaluate
from course_utils.widgets.knobs import MOST, Choice, Knob
from course_utils.widgets.subjects import NotWritten, Unusable, sentence

still = False  # set to True where nobody can turn a knob, as while grading: only the first picture is made
WIDTH = 720  # of the picture for pages without scripts, in pixels
HERE = Path(__file__).parent
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>:root {{ color-scheme: light dark; font-family: sans-serif }} {css}</style>
<div id="explorer"></div><noscript><img src="data:image/png;base64,{picture}" alt="{title}"></noscript>
<script type="module">
const {{ default: explorer }} = await import("data:text/javascript;base64,{module}");
const state = {state};
for (const name of ["_floats", "_spans", "_table"]) {{
  state[name] = new DataView(Uint8Array.from(atob(state[name]), (c) => c.charCodeAt(0)).buffer);
}}
const events = new EventTarget(); // a model without a kernel
const model = {{
  get: (name) => state[name],
  set: (name, value) => {{ state[name] = value; events.dispatchEvent(new Event(`change:${{name}}`)); }},
  on: (event, act) => events.addEventListener(event, act),
  off: (event, act) => events.removeEventListener(event, act),
  save_changes: () => {{}},
}};
explorer.render({{ model, el: document.getElementById("explorer") }});
</script></html>
"""


class Explorer(Alive):
    """A drawing with at most three knobs.

    draw: knob values by name -> list of elements. scenes: instead of `draw` and `knobs`, several drawings by name, each
    with knobs of its own; `choice` names the knob that picks one, which counts. Raises ValueError for a fourth knob.
    """

    _esm = HERE / "explorer.js"
    _css = HERE / "explorer.css"
    problem = traitlets.Unicode("").tag(sync=True)
    _spec = traitlets.Dict().tag(sync=True)
    _floats = traitlets.Bytes().tag(sync=True)
    _spans = traitlets.Bytes().tag(sync=True)
    _table = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        draw: Draw | None = None,
        knobs: Sequence[Knob] = (),
        *,
        scenes: Mapping[str, Scene] | None = None,
        choice: str = "scene",
        label: str = "explorer",
        height: int = 280,
    ) -> None:
        self._scenes = dict(scenes) if scenes else {"": Scene(_given(draw), knobs)}
        self._choice = choice if len(self._scenes) > 1 else ""
        self._label = label
        _bounded(self._scenes)
        spec, store, problem = ({"height": height}, Store(), "") if still else self._evaluated(height)
        super().__init__(
            problem=problem,
            _spec=spec,
            _floats=bytes(store.floats),
            _spans=np.array(store.spans, dtype="<u4").tobytes(),
            _table=np.array(store.table, dtype="<u4").tobytes(),
        )
        self.add_traits(**{name: trait.tag(sync=True) for name, trait in self._knob_traits().items()})
        if still:
            self.problem = self._first_problem()
        rerun.made(self)

    def _first_problem(self) -> str:
        try:
            with np.errstate(all="ignore"):
                self.drawing()
        except Exception as error:  # noqa: BLE001 - as in `_evaluated`
            return sentence(error)
        return ""

    def _evaluated(self, height: int) -> tuple[dict[str, Any], Store, str]:
        store = Store()
        scenes: list[dict[str, Any]] = []
        begin = time.perf_counter()
        try:
            sizes = [scene.size() for scene in self._scenes.values()]
            for number, scene in enumerate(self._scenes.values()):
                share = sizes[number] / sum(sizes[number:])
                seconds = (SECONDS - (time.perf_counter() - begin)) * share
                # a rate that is too large overflows: that is what the picture is to show
                with np.errstate(all="ignore"):
                    scenes.append(evaluate(scene, store, seconds, (BYTES - store.size) * share))
        except Exception as error:  # noqa: BLE001 - the student's functions run in here; what they raise is told, not thrown
            return {}, Store(), sentence(error)
        choice = {"name": self._choice, "label": self._choice, "options": list(self._scenes)} if self._choice else None
        spec = {"label": self._label, "height": height, "scenes": scenes, "choice": choice, "texts": store.texts}
        return spec, store, ""

    def _knob_traits(self) -> dict[str, traitlets.TraitType]:
        found = {knob.name: knob.trait() for scene in self._scenes.values() for knob in scene.knobs}
        if self._choice:
            found[self._choice] = Choice(self._choice, list(self._scenes), next(iter(self._scenes))).trait()
        return found

    @property
    def knobs(self) -> dict[str, Any]:
        """The knobs' values now, by name."""
        return {name: getattr(self, name) for name in self._knob_traits()}

    def drawing(self) -> list[Element]:
        """What is to be seen now. Raises what the student's functions raise."""
        scene = self._scenes[getattr(self, self._choice) if self._choice else next(iter(self._scenes))]
        values = {knob.name: getattr(self, knob.name) for knob in scene.knobs}
        return scene.draw(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})

    def text(self, drawing: list[Element] | None = None) -> str:
        """The picture in words: its name, its knobs, the sentence under it."""
        if self.problem:
            return f"{self._label}\n{self.problem}"
        said = " ".join(element.texts["text"] for element in drawing or self.drawing() if element.kind == "say")
        return f"{self._label} ({', '.join(f'{name} = {value}' for name, value in self.knobs.items())})\n{said}"

    def png(self, drawing: list[Element] | None = None) -> bytes:
        """The picture as matplotlib draws it, for pages where no script runs."""
        from course_utils.widgets.picture import png

        return png(drawing or self.drawing(), self._spec["height"])

    def to_html(self) -> str:
        """A page of its own that works with no kernel, no server and no network."""
        state = {"problem": self.problem, "_spec": self._spec, **self.knobs}
        state |= {name: _base64(getattr(self, name)) for name in ("_floats", "_spans", "_table")}
        return PAGE.format(
            title=re.sub(r"[<>&\"]", " ", self._label),
            css=(HERE / "explorer.css").read_text(encoding="utf-8"),
            module=_base64((HERE / "explorer.js").read_bytes()),
            picture=_base64(b"" if self.problem else self.png()),
            state=json.dumps(state).replace("</", "<\\/"),
        )

    def save(self, path: str | Path) -> None:
        """Write `to_html()` into a file."""
        Path(path).write_text(self.to_html(), encoding="utf-8")

    def live(self) -> Bundle:
        return ({}, {}) if still else super().live()

    def still(self) -> Bundle:
        drawing = [] if self.problem else self.drawing()
        words = self.text(drawing)
        if not plots.drawn or self.problem:
            return {"text/plain": words}, {}
        return {"text/plain": words, "image/png": _base64(self.png(drawing))}, {"image/png": {"width": WIDTH, "alt": words}}


def _given(draw: Draw | None) -> Draw:
    if draw is None:
        raise ValueError("an explorer needs a function that draws, or scenes")
    return draw


def _bounded(scenes: Mapping[str, Scene]) -> None:
    for name, scene in scenes.items():
        count = len(scene.knobs) + (len(scenes) > 1)
        if count > MOST:
            raise ValueError(f"{name or 'the drawing'} has {count} knobs: more than {MOST} cannot be taken in at once")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


__all__ = ["Explorer", "NotWritten", "Scene", "Unusable"]
