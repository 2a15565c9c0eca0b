"""A training in cycles on the student's side, whose weights are the same dict with the same arrays every time.

A value that a probe returns arrives as a copy, so only here can a list of results be a list of one thing. Nothing here knows what
is right: the numbers are those that the check chose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


class Cycles:
    """`train_cycle` of a lab: called with a number k, it hands over the weights of the next of its cycles.

    cycles: for each one the weights {name: array}. `same` says what is the same object in every cycle: "arrays" (and the dict),
    "dict" alone, or "nothing". `asked` lists every k that came.
    """

    def __init__(self, cycles: Sequence[Mapping[str, Any]], same: str = "arrays") -> None:
        self._cycles = [{name: np.array(values) for name, values in each.items()} for each in cycles]
        self._same, self._given = same, {name: np.zeros_like(values) for name, values in self._cycles[0].items()}
        self.asked: list[Any] = []

    def __call__(self, k: Any) -> dict[str, Any]:
        if len(self.asked) == len(self._cycles):
            raise RuntimeError(f"train_cycle is called once for each cycle, and there are {len(self._cycles)} of them")
        new = self._cycles[len(self.asked)]
        self.asked.append(int(k) if isinstance(k, int | np.integer) else str(k)[:20])
        if self._same == "nothing":
            return {name: values.copy() for name, values in new.items()}
        for name, values in new.items():
            if self._same == "arrays":
                self._given[name][...] = values
            else:
                self._given[name] = values.copy()
        return self._given
