"""From the events that a cell sent to the outputs that its notebook shows. Pure; on the trusted side."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from grader.sandbox.codec import WireError

Output = dict[str, Any]


class Outputs:
    """The outputs of one cell, in nbformat 4's form, put together as nbclient does it.

    `displays` maps display ids to the outputs shown under them; it is shared by the cells of a notebook.
    """

    def __init__(self, displays: dict[str, list[Output]]) -> None:
        self.list: list[Output] = []
        self.bytes = 0
        self._displays = displays
        self._clear_first = False

    def take(self, events: Any) -> None:
        """Add events as the sandbox sent them. WireError when they are not what they have to be."""
        for event in events if type(events) is list else [None]:
            match event:
                case ["stream", "stdout" | "stderr" as name, [*parts]] if _are_text(parts):
                    self._stream(name, "".join(parts))
                case ["display" | "update" as kind, dict(data), dict(metadata), None | str() as display_id]:
                    self._display(kind, data, metadata, display_id)
                case ["result", dict(data), dict(metadata), int(count)]:
                    self._add({"output_type": "execute_result", **_bundle(data, metadata), "execution_count": count})
                case ["error", str(name), str(value), [*lines]] if _are_text(lines):
                    self._add({"output_type": "error", "ename": name, "evalue": value, "traceback": lines})
                case ["clear", bool(wait)]:
                    self._clear_first = wait
                    if not wait:
                        self.list.clear()
                case _:
                    raise WireError("an output has a strange form")

    def _stream(self, name: str, text: str) -> None:
        last = None if self._clear_first or not self.list else self.list[-1]
        if last and last["output_type"] == "stream" and last["name"] == name:
            cleaned = _clean(text)
            last["text"] += cleaned
            self.bytes += len(cleaned)
        else:
            self._add({"output_type": "stream", "name": name, "text": text})

    def _display(self, kind: str, data: Output, metadata: Output, display_id: str | None) -> None:
        shown = self._displays.setdefault(display_id, []) if display_id is not None else []
        bundle = _clean(_bundle(data, metadata))
        for output in shown:  # a second display of an id changes what stands there, too
            output.update(bundle)
        if kind == "display":
            shown.append(self._add({"output_type": "display_data", **bundle}))

    def _add(self, output: Output) -> Output:
        if self._clear_first:
            self.list.clear()
            self._clear_first = False
        output = _clean(output)
        self.bytes += len(json.dumps(output))
        self.list.append(output)
        return output


def _bundle(data: Output, metadata: Output) -> Output:
    return {"data": data, "metadata": metadata}


def _are_text(parts: Iterable[Any]) -> bool:
    return all(type(part) is str for part in parts)


def _clean(value: Any) -> Any:
    """The value as JSON in valid UTF-8, whatever it was made of."""
    try:
        return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except (TypeError, ValueError):
        raise WireError("an output holds what JSON cannot") from None
