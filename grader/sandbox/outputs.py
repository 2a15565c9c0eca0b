"""From the events that a cell sent to the outputs that its notebook shows. Pure; on the trusted side."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from typing import Any

from grader.sandbox.codec import WireError

Output = dict[str, Any]
Displays = dict[str, deque[Output]]
_UNDER_ONE_ID = 8  # outputs that change when their display is updated: what was shown before stays as it is


class Outputs:
    """The outputs of one cell, in nbformat 4's form, put together as nbclient does it.

    `displays` maps display ids to the outputs shown under them; it is shared by the cells of a notebook. Past `room` bytes
    nothing more is taken in, and `cut` says so. `bytes` is what they take with every update, `received` what it came in.
    """

    def __init__(self, displays: Displays, room: int) -> None:
        self.room, self.bytes, self.received, self.cut = room, 0, 0, False
        self._list: list[Output] = []
        self._parts: list[str] = []  # of the last output, while it is a stream: joined when it ends
        self._displays = displays
        self._clear_first = False

    @property
    def list(self) -> list[Output]:
        """All of them."""
        self._join()
        return self._list

    def take(self, events: Any) -> None:
        """Add events as the sandbox sent them. WireError when they are not what they have to be."""
        for event in events if type(events) is list else [None]:
            if self.bytes > self.room:
                self.cut = True
                return
            match event:
                case ["stream", "stdout" | "stderr" as name, [*parts]] if _are_text(parts):
                    self._stream(name, "".join(parts))
                case ["display" | "update" as kind, dict(data), dict(metadata), None | str() as display_id]:
                    self._display(kind, data, metadata, display_id)
                case ["result", dict(data), dict(metadata), int(count)]:
                    self._add(*_clean({"output_type": "execute_result", **_bundle(data, metadata), "execution_count": count}))
                case ["error", str(name), str(value), [*lines]] if _are_text(lines):
                    self._add(*_clean({"output_type": "error", "ename": name, "evalue": value, "traceback": lines}))
                case ["clear", bool(wait)]:
                    self._clear_first = wait
                    if not wait:
                        self._clear()
                case _:
                    raise WireError("an output has a strange form")

    def close(self, sentence: str) -> None:
        """Say on stderr why nothing more is shown."""
        self._stream("stderr", f"\n{sentence}\n")

    def _stream(self, name: str, text: str) -> None:
        cleaned, count = _clean(text)
        last = None if self._clear_first or not self._list else self._list[-1]
        if not (last and last["output_type"] == "stream" and last["name"] == name):
            self._add({"output_type": "stream", "name": name, "text": ""}, 0)
        self._parts.append(cleaned)
        self.bytes += count

    def _display(self, kind: str, data: Output, metadata: Output, display_id: str | None) -> None:
        bundle, count = _clean(_bundle(data, metadata))
        shown = deque[Output]() if display_id is None else self._displays.setdefault(display_id, deque(maxlen=_UNDER_ONE_ID))
        for output in shown:  # a second display of an id changes what stands there, too
            output.update(bundle)
        self.bytes += count * len(shown)
        if kind == "display":
            output = {"output_type": "display_data", **bundle}
            self._add(output, count)
            shown.append(output)

    def _add(self, output: Output, count: int) -> None:
        if self._clear_first:
            self._clear()
            self._clear_first = False
        self._join()
        self.bytes += count
        self._list.append(output)

    def _clear(self) -> None:
        self._list.clear()
        self._parts.clear()

    def _join(self) -> None:
        if self._parts:
            self._list[-1]["text"] += "".join(self._parts)
            self._parts.clear()


def _bundle(data: Output, metadata: Output) -> Output:
    """What is shown, in nbformat's form: text, but for kinds that are JSON themselves. A score may be read from it."""
    return {"data": {kind: value for kind, value in data.items() if _is_of(kind, value)}, "metadata": metadata}


def _is_of(kind: Any, value: Any) -> bool:
    odd = value is None or isinstance(value, int | float | dict) or (isinstance(value, list) and not _are_text(value))
    return type(kind) is str and (kind.endswith("json") or not odd)


def _are_text(parts: Iterable[Any]) -> bool:
    return all(type(part) is str for part in parts)


def _clean(value: Any) -> tuple[Any, int]:
    """The value as JSON in valid UTF-8, whatever it was made of, and its length as such."""
    try:
        text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        return json.loads(text), len(text)
    except (TypeError, ValueError):
        raise WireError("an output holds what JSON cannot") from None
