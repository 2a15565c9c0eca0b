"""What a notebook's file can make of memory: refused before it is read, or within a few hundred megabytes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader.intake import notebook
from grader.intake.notebook import parse_notebook
from grader.intake.untrusted import Unreadable

BOMBS = {
    "lists in lists": b'{"nbformat": 4, "cells": [%s1]}' % (b"[]," * 1_000_000),
    "cells without end": b'{"nbformat": 4, "cells": [%s{}]}' % (b"{}," * 1_000_000),
    "keys": b'{"nbformat": 4, "metadata": {%s"x": 1}, "cells": []}' % b"".join(b'"%d":1,' % number for number in range(1_000_000)),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_grows_in_memory_is_refused_before_it_is_read(bomb: str) -> None:
    with pytest.raises(Unreadable, match=r"^lab.ipynb holds \d+ values, more than the limit of 2000000\.$"):
        parse_notebook(BOMBS[bomb], "lab.ipynb")


def test_long_numbers_and_deep_trees_are_sentences() -> None:
    for tree in (b"1" * 10**6, b"1." + b"7" * 10**6, b"-" * 10**6, b"[" * 10**6, b'{"a":' * 10**5, b'{"nbformat": ' + b"1" * 4000 + b"}"):
        with pytest.raises(Unreadable):
            parse_notebook(tree)


# What takes the most memory of what is read, by the kind of thing; a fresh process each.
LARGEST = {
    "one emoji in 40 MB": "b'{\"cells\": [], \"a\": \"' + b'x' * (40 * 2**20 - 100) + '😀'.encode() + b'\"}'",
    "one arrow in 64 MB": "b'{\"cells\": [], \"a\": \"' + b'x' * (64 * 2**20 - 100) + '→'.encode() + b'\"}'",
    "dictionaries": "b'{\"cells\": [' + b'{\"a\":1},' * (VALUES // 3 - 10) + b'1]}'",
    "short texts": "b'{\"cells\": [], \"a\": [' + '\"€xyz\",'.encode() * (VALUES - 10) + b'1]}'",
}
_PEAK = """
import re
from pathlib import Path
from grader.intake.notebook import VALUES, parse_notebook
from grader.intake.untrusted import Unreadable
def memory(what):
    return int(re.search(what + r":\\s+([0-9]+)", Path("/proc/self/status").read_text())[1]) // 1024
data = {data}
Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
before = memory("VmRSS")
try:
    parse_notebook(data)
except Unreadable as sentence:
    assert "cells" in str(sentence), sentence
print(memory("VmHWM") - before)
"""


@pytest.mark.stress
@pytest.mark.parametrize("kind", LARGEST)
def test_reading_takes_a_few_hundred_megabytes(kind: str) -> None:
    code = _PEAK.format(data=LARGEST[kind])
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    assert 50 < int(run.stdout) < 400, run.stdout


def test_emoji_in_a_very_large_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "_BYTES_WITH_EMOJI", 1000)
    data = json.dumps({"nbformat": 4, "cells": [], "metadata": "x" * 2000 + "😀"}, ensure_ascii=False).encode()
    with pytest.raises(Unreadable, match="emoji"):
        parse_notebook(data)
    assert parse_notebook(data.replace("😀".encode(), b"")) == ()


def test_all_cells_together_have_a_limit() -> None:
    cells = [{"cell_type": "code", "source": "#" * (notebook.SOURCE_CHARACTERS - 1)}] * 5
    with pytest.raises(Unreadable, match="The cells of the notebook have 5242875 characters"):
        parse_notebook(json.dumps({"nbformat": 4, "cells": cells}).encode())
