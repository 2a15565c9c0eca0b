"""What takes long is tried in turns, a part each day; `HANDGRAD_ALL=1` tries all of it."""

from __future__ import annotations

import datetime
import os
import zlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

Item = TypeVar("Item")
TODAY = datetime.datetime.now(datetime.UTC).date().toordinal()


def share(items: Sequence[Item], parts: int) -> list[Item]:
    """Those of the items whose turn it is today, when there are so many days to a round."""
    return list(items) if os.environ.get("HANDGRAD_ALL") else list(items)[TODAY % parts :: parts]


def is_today(test: str, turns: Mapping[str, int]) -> bool:
    """Whether it is this test's turn; `turns` says of files and folders how many days a round of their tests takes."""
    parts = next((parts for place, parts in turns.items() if test.startswith(place)), 1)
    return bool(os.environ.get("HANDGRAD_ALL")) or zlib.crc32(test.encode()) % parts == TODAY % parts
