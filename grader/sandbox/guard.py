"""Watch over a lent card's memory from outside: free before each notebook, and within a limit while one runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from grader.sandbox.cards import Card, CardTrouble, used_bytes
from grader.sandbox.limits import MIB, size

_EMPTY_SECONDS = 20.0  # within which the driver takes back what a dead process had
_SLACK_BYTES = 256 * MIB  # that a desktop on the same card may come to use meanwhile
_LOOK_EVERY = 0.5  # seconds: nvidia-smi takes a tenth of one


def wait_until_free(card: Card) -> None:
    """Wait until what notebooks before had of the card's memory has come back. CardTrouble when it does not."""
    deadline = time.monotonic() + _EMPTY_SECONDS
    while (used := used_bytes(card)) > card.used_bytes + _SLACK_BYTES:
        if time.monotonic() > deadline:
            raise CardTrouble(
                f"{card} did not get its memory back: {used // MIB} MiB are in use, {card.used_bytes // MIB} MiB were at the start; "
                "either a process of a submission hangs in the driver or another program has begun to use the card."
            )
        time.sleep(_LOOK_EVERY / 2)


class Guard:
    """Looks at the card until it is told to stop; calls `stop` once, with the reason, when a notebook has too much of it."""

    def __init__(self, card: Card, limit: int, stop: Callable[[str], None]) -> None:
        self._card, self._limit, self._stop = card, limit, stop
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="card guard", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_EVERY):
            try:
                used = used_bytes(self._card) - self._card.used_bytes
            except CardTrouble:  # if it lasts, the next notebook does not start
                continue
            if used > self._limit:
                self._stop(f"used more than {size(self._limit)} of the GPU's memory")
                return
