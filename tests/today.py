"""What takes long is tried in turns, a part each day; `HANDGRAD_ALL=1` tries all of it."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")
TODAY = datetime.datetime.now(datetime.UTC).date().toordinal()


def share(items: Sequence[Item], parts: int) -> list[Item]:
    """Those of the items whose turn it is today, when there are so many days to a round."""
    return list(items) if os.environ.get("HANDGRAD_ALL") else list(items)[TODAY % parts :: parts]
