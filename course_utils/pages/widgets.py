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
_DEEPEST = 4  # boxes in boxes


class Living(NamedTuple):
    """A widget that works with no kernel: its number, which script draws it, and what that needs, packed in letters for `page.js`."""

    number: str
    kind: str
    packed: str


class Box(NamedTuple):
    """Widgets side by side, or below each other."""

    way: str
    parts: list[Living | Box]


class Widgets:
    """The widgets of one notebook, by the numbers that its outputs call them by."""

    def __init__(self, metadata: Mapping[str, Any]) -> None:
        told = (metadata.get("widgets") or {}).get(STATE) or {}
        self._models: Mapping[str, Any] = told.get("state", told)  # Colab saves them without this step

    def find(self, number: Any, depth: int = 0) -> Living | Box | None:
        """What lives by that number, with all its parts; None for what needs a kernel, is damaged, or was not saved."""
        model = self._models.get(number) if isinstance(number, str) else None
        try:
            if not isinstance(model, Mapping) or depth > _DEEPEST:
                return None
            if model.get("model_name") in _BOXES:
                children = [str(child).removeprefix("IPY_MODEL_") for child in model["state"]["children"]]
                parts = [part for child in children if (part := self.find(child, depth + 1))]
                return Box(_BOXES[model["model_name"]], parts) if parts and len(parts) == len(children) else None
            return _living(number, model)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            return None

    def is_saved(self, number: Any) -> bool:
        """Whether the notebook was saved with its state."""
        return isinstance(number, str) and number in self._models

    def is_doubled(self, number: Any) -> bool:
        """Whether a picture of it stands in the next output, as `course_utils.widgets.alive` leaves it."""
        return self.is_saved(number) and bool(self._models[number]["state"].get("_doubled"))


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


def _living(number: str, model: Mapping[str, Any]) -> Living | None:
    state = model["state"]
    kind = _KINDS.get(state.get("_anywidget_id", "")) if model.get("model_module") == "anywidget" else None
    if kind == "prediction":
        return Living(number, kind, _packed(kind, _prediction(state), {}))
    if kind == "explorer" and state.get("problem"):
        return Living(number, kind, _packed(kind, {"problem": str(state["problem"])}, {}))
    if kind == "explorer":
        arrays = dict(_buffers(model))
        return Living(number, kind, _packed(kind, _explorer(state), {name: arrays[name] for name in _ARRAYS}))
    return None


def _packed(kind: str, state: Mapping[str, Any], arrays: Mapping[str, bytes]) -> str:
    """Values by name and arrays as bytes. ValueError for numbers that JSON has not."""
    lengths = [[name, len(data)] for name, data in arrays.items()]
    told = json.dumps({"kind": kind, "state": state, "lengths": lengths}, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    whole = struct.pack("<I", len(told)) + told + b"".join(arrays.values())
    return base64.b64encode(zlib.compress(whole, 9)).decode()


def _explorer(state: Mapping[str, Any]) -> dict[str, Any]:
    spec = state["_spec"]
    scenes = spec["scenes"]
    knobs = [knob["name"] for scene in scenes for knob in scene["knobs"]] + ([spec["choice"]["name"]] if spec["choice"] else [])
    if not scenes or not 0 < spec["height"] <= _TALLEST or any(name.startswith("_") for name in knobs):
        raise ValueError
    return {"problem": "", "_spec": spec, **{name: state[name] for name in knobs}}


def _prediction(state: Mapping[str, Any]) -> dict[str, Any]:
    spec = state["_spec"]
    options, answer, choice = [_words(option) for option in spec["options"]], int(spec["answer"]), int(state.get("choice", -1))
    if not (0 <= answer < len(options) and -1 <= choice < len(options)):
        raise ValueError
    told = {"question": _words(spec["question"]), "options": options, "answer": answer, "reason": _words(spec["reason"])}
    return {"_spec": told, "choice": choice}


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
