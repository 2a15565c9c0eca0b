"""What nbgrader does to a cell's outputs before it scores the cell: its IgnorePattern and its LimitOutput. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nbformat import NotebookNode


@dataclass(frozen=True)
class Trimming:
    """A course's settings of these two steps; -1 is no limit, and an empty pattern ignores nothing.

    `skipped` is the tag of released cells that nobody runs.
    """

    lines: int = 1000
    traceback: int = 100
    ignored: str = ""
    skipped: str = "skip-execution"

    def trim(self, outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
        """The outputs that count: without the lines on stderr that are to be ignored, and without what is too long."""
        kept = [output for output in outputs if not (self.ignored and _is_stderr(output) and re.search(self.ignored, output.text))]
        return [self._short(output) for output in self._lines(kept)]

    def skips(self, cell: NotebookNode) -> bool:
        """Whether a released cell is one that nobody runs."""
        return bool(self.skipped) and self.skipped in (cell.metadata.get("tags") or ())

    def _lines(self, outputs: Iterable[NotebookNode]) -> Iterable[NotebookNode]:
        """At most so many lines of text, counted over all that a cell prints; nbgrader's own count, the line that says so included."""
        room = self.lines
        for output in outputs:
            if output.output_type == "stream" and self.lines != -1:
                if room == 0:
                    continue
                text = output.text.split("\n")
                if len(text) > room:
                    text = [*text[: room - 1], "... Output truncated ..."]
                room -= len(text)
                output.text = "\n".join(text)
            yield output

    def _short(self, output: NotebookNode) -> NotebookNode:
        most = self.traceback
        if output.output_type == "error" and most != -1 and len(output.traceback) > most:
            first, last = most // 2, most - most // 2 - 1
            kept = output.traceback[-last:] if last else output.traceback
            output.traceback = [*output.traceback[:first], "... Traceback truncated ...", *kept]
        return output


def _is_stderr(output: NotebookNode) -> bool:
    return bool(output.output_type == "stream" and output.name == "stderr")
