"""What of a notebook's widgets can live on a page: explorers and predictions, by the state that was saved with the notebook. Pure.

The state is data, whoever wrote it: the page draws it with this package's own scripts, never with those that came with the notebook.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
_SOURCES = Path(__file__).parents[1] / "widgets"
_KINDS = {f"course_utils.widgets.{kind}.{kind.title()}": kind for kind in ("explorer", "prediction")}
_BOXES = {"HBoxModel": "row", "VBoxModel": "column"}
_ARRAYS = ("_floats", "_spans", "_table")
_WORDS = ("", "code", "em", "strong")  # tags that a prediction may use
_EXPORT = re.compile(r"^export (?=const|function)", re.MULTILINE)
_TALLEST = 2000  # pixels


class Living(NamedTuple):
    """A widget that works with no kernel: which script draws it, its values by name, and its arrays as bytes."""

    kind: str
    state: dict[str, Any]
    arrays: dict[str, bytes]

    def packed(self) -> str:
        """All of it in letters; `page.js` unpacks it. ValueError for numbers that JSON has not."""
        lengths = [[name, len(data)] for name, data in self.arrays.items()]
        told = json.dumps({"kind": self.kind, "state": self.state, "lengths": lengths}, ensure_ascii=False, allow_nan=False).encode()
        whole = struct.pack("<I", len(told)) + told + b"".join(self.arrays.values())
        return base64.b64encode(zlib.compress(whole, 9)).decode()


class Box(NamedTuple):
    """Widgets side by side, or below each other."""

    way: str
    children: list[str]


class Widgets:
    """The widgets of one notebook, by the numbers that its outputs call them by."""

    def __init__(self, metadata: Mapping[str, Any]) -> None:
        told = (metadata.get("widgets") or {}).get(STATE) or {}
        self._models: Mapping[str, Any] = told.get("state") or {}

    def find(self, number: Any) -> Living | Box | None:
        """What lives by that number; None for what needs a kernel, is damaged, or was not saved."""
        model = self._models.get(number) if isinstance(number, str) else None
        try:
            return _found(model) if isinstance(model, Mapping) else None
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            return None

    def is_doubled(self, number: Any) -> bool:
        """Whether a picture of it stands in the next output, as `course_utils.widgets.alive` leaves it."""
        model = self._models.get(number) if isinstance(number, str) else None
        return isinstance(model, Mapping) and bool((model.get("state") or {}).get("_doubled"))


def scripts(kinds: set[str]) -> str:
    """The scripts that draw these kinds, as one object WIDGETS in which each keeps its names to itself."""
    made = [f"{kind}: (() => {{\n{_inside(kind)}\n}})()," for kind in sorted(kinds)]
    return "const WIDGETS = {\n" + "\n".join(made) + "\n};\n"


def styles(kinds: set[str]) -> str:
    """Their style sheets."""
    return "\n".join((_SOURCES / f"{kind}.css").read_text(encoding="utf-8") for kind in sorted(kinds))


def _inside(kind: str) -> str:
    """A module as the inside of a function that returns what the module exports."""
    source = (_SOURCES / f"{kind}.js").read_text(encoding="utf-8")
    return _EXPORT.sub("", source).replace("export default", "return")


def _found(model: Mapping[str, Any]) -> Living | Box | None:
    state = model["state"]
    if model.get("model_name") in _BOXES:
        return Box(_BOXES[model["model_name"]], [str(child).removeprefix("IPY_MODEL_") for child in state["children"]])
    kind = _KINDS.get(state.get("_anywidget_id", "")) if model.get("model_module") == "anywidget" else None
    if kind == "prediction":
        return _prediction(state)
    return _explorer(state, dict(_buffers(model))) if kind == "explorer" else None


def _explorer(state: Mapping[str, Any], arrays: Mapping[str, bytes]) -> Living | None:
    spec = state["_spec"]
    if state.get("problem"):
        return Living("explorer", {"problem": str(state["problem"])}, {})
    scenes = spec["scenes"]
    knobs = [knob["name"] for scene in scenes for knob in scene["knobs"]] + ([spec["choice"]["name"]] if spec["choice"] else [])
    if not scenes or not 0 < spec["height"] <= _TALLEST or any(name.startswith("_") for name in knobs):
        return None
    values = {name: state[name] for name in dict.fromkeys(knobs)}
    return Living("explorer", {"problem": "", "_spec": spec, **values}, {name: arrays[name] for name in _ARRAYS})


def _prediction(state: Mapping[str, Any]) -> Living | None:
    spec = state["_spec"]
    options, answer, choice = [_words(option) for option in spec["options"]], int(spec["answer"]), int(state.get("choice", -1))
    if not (0 <= answer < len(options) and -1 <= choice < len(options)):
        return None
    told = {"question": _words(spec["question"]), "options": options, "answer": answer, "reason": _words(spec["reason"])}
    return Living("prediction", {"_spec": told, "choice": choice}, {})


def _words(parts: Any) -> list[tuple[str, str]]:
    """Pairs (tag, words). ValueError for a tag that no prediction has: the page makes an element of it."""
    pairs = [(str(tag), str(words)) for tag, words in parts]
    if any(tag not in _WORDS for tag, _ in pairs):
        raise ValueError
    return pairs


def _buffers(model: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    for buffer in model.get("buffers") or ():
        decode = binascii.unhexlify if buffer.get("encoding") == "hex" else base64.b64decode
        yield buffer["path"][0], decode(buffer["data"])
