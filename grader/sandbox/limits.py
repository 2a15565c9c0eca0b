"""What one submission may use, and the sentences that say so when it used more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from course_utils.errors import UserError

KIB, MIB, GIB = 2**10, 2**20, 2**30
KERNEL_SECONDS = 60  # until a kernel of another language is there; nbclient waits as long
GPU_MEMORY_BYTES = 8 * GIB  # of the host: CUDA and torch's libraries for it alone take up to 3 GiB


@dataclass(frozen=True)
class Limits:
    """Sizes are in bytes, times in seconds; `output_bytes` is per cell, everything else per notebook unless it says otherwise."""

    memory_bytes: int = 2 * GIB
    card_bytes: int | None = None  # of a lent GPU's memory; None: all that it has
    cpu_seconds: float = 300
    cell_seconds: float = 30
    notebook_seconds: float = 300
    call_seconds: float = 10
    processes: int = 64
    file_bytes: int = 64 * MIB
    disk_bytes: int = 128 * MIB
    output_bytes: int = 1 * MIB
    outputs_bytes: int = 32 * MIB  # of all cells together
    message_bytes: int = 64 * MIB  # to a notebook
    answer_bytes: int = 16 * MIB  # to one check, asked with one seed: the weights of a network that is far too large go through
    answers_bytes: int = 32 * MIB  # to all checks together; the labs use up to 0.6 MiB
    callbacks: int = 10_000  # of functions of a check, within one call
    messages: int = 50_000  # the labs use up to 1500

    def holding(self, sizes: Collection[int]) -> Self:
        """With room for files of these sizes beside all that a notebook may write itself; small ones need none of their own."""
        total = sum(sizes)
        if total <= self.disk_bytes // 8:
            return self
        largest = max(self.file_bytes, *sizes)
        return replace(self, disk_bytes=self.disk_bytes + total, memory_bytes=self.memory_bytes + total, file_bytes=largest)

    def allowing(self, budget: Mapping[str, float], asked: Collection[str]) -> Self:
        """With as much as a lab needs, but for the limits that an instructor asked for. UserError for one that does not exist."""
        usual = [field.name for field in fields(self)]
        if unknown := budget.keys() - set(usual):
            raise UserError(f"The lab's budget names {', '.join(sorted(unknown))}: the limits are {', '.join(usual)}.")
        needed: dict[str, Any] = {name: max(limit, getattr(self, name)) for name, limit in budget.items() if name not in asked}
        return replace(self, **needed)


def size(count: int) -> str:
    """A number of bytes in words: `2 GiB`, `1.5 MiB`, `800 bytes`."""
    for unit, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if count >= unit:
            return f"{count / unit:.4g} {name}"
    return f"{count} bytes"


def duration(seconds: float) -> str:
    """A time in words: `30 s`, `0.5 s`."""
    return f"{seconds:g} s"


def cut_off(limit: int, *, whole: int | None = None) -> str:
    """What stands where the outputs of a cell were too many; `whole` is the limit of the notebook, where that was reached."""
    if whole is None:
        return f"The output of this cell was cut off: it is more than {size(limit)}."
    return f"The output of this cell was cut off: the notebook shows more than {size(whole)}."
