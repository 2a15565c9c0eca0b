"""Which of these paths can this user get at? Run as the student's user, by its text, before a student's first line: see `container`.

In comes a JSON list of paths, out goes a list of those that can be read or changed, or in which something can.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

_MOST = 50_000  # files and folders that are looked at below one path: where there are more, nobody can say that all are closed


def reached(path: Path) -> str:
    """What this user can read or change at a path or below it, links included; "" for nothing."""
    looked = 0
    waiting = [path]
    while waiting:
        here = waiting.pop()
        looked += 1
        if looked > _MOST or _is_open(here):
            return str(here)
        try:
            if here.is_dir() and (here == path or not here.is_symlink()):
                waiting += here.iterdir()
        except OSError:  # closed: nothing below it can be reached by this way
            continue
    return ""


def _is_open(path: Path) -> bool:
    """Whether it is a file that can be read, or anything that can be written to."""
    try:
        return os.access(path, os.W_OK) or (os.access(path, os.R_OK) and not path.is_dir())
    except OSError:
        return False


if __name__ == "__main__":
    print(json.dumps([found for found in map(reached, map(Path, json.load(sys.stdin))) if found]))
