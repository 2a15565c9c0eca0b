"""A training in cycles on the student's side, whose weights are the same dict with the same arrays every time.

A value that a probe returns arrives as a copy, so only here can a list of results be a list of one thing. Nothing here knows what
is right: the numbers are those that the check chose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


class Cycles:
    """`train_cycle` of a lab: called with a number k, it hands over the weights of cycle k. It goes on for `count` calls.

    cycles: for each k the weights {name: array}, more of them than `count`. `same` says what is the same object in every cycle:
    "arrays" (and the dict), "dict" alone, or "nothing". `asked` lists every k that came.
    """

    def __init__(self, cycles: Sequence[Mapping[str, Any]], count: int, same: str) -> None:
        self._cycles = [{name: np.array(values) for name, values in each.items()} for each in cycles]
        self._count, self._same = count, same
        self._given = {name: np.zeros_like(values) for name, values in self._cycles[0].items()}
        self.asked: list[int] = []

    def __call__(self, k: Any) -> dict[str, Any]:
        if not isinstance(k, int | np.integer) or not 0 <= k < len(self._cycles):
            raise ValueError(f"train_cycle is called with the number of a cycle, and was given {str(k)[:40]}")
        if len(self.asked) == self._count:
            raise RuntimeError(f"train_cycle is called once for each cycle, and there are {self._count} of them")
        self.asked.append(int(k))
        new = self._cycles[k]
        if self._same == "nothing":
            return {name: values.copy() for name, values in new.items()}
        for name, values in new.items():
            if self._same == "arrays":
                self._given[name][...] = values
            else:
                self._given[name] = values.copy()
        return self._given
