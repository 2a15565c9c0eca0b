"""Remember what was made from a text, within a bound in characters: most cells of a class are the same in every notebook."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable


class Remembered:
    """A pure function of texts that knows its latest answers. Keys and answers together hold at most `room` characters."""

    def __init__(self, make: Callable[..., str], room: int) -> None:
        self._make, self._room = make, room
        self._known: OrderedDict[tuple[str, ...], str] = OrderedDict()
        self.size = 0

    def __call__(self, *texts: str) -> str:
        found = self._known.get(texts)
        if found is not None:
            self._known.move_to_end(texts)
            return found
        found = self._make(*texts)
        size = _size(texts, found)
        if 8 * size <= self._room:  # one long text must not drive out all the others
            self._known[texts] = found
            self.size += size
            while self.size > self._room:
                self.size -= _size(*self._known.popitem(last=False))
        return found


def _size(texts: tuple[str, ...], made: str) -> int:
    return sum(map(len, texts)) + len(made)
