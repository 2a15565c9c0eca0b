"""Files that a notebook makes: what comes out of the sandbox, and what a process may claim to have made."""

from __future__ import annotations

from typing import Any

import pytest

from grader.sandbox import Child
from grader.sandbox.made import MADE_BYTES, taken


def test_what_is_new_or_changed_comes_out(child: Child) -> None:
    assert child.put_files({"given.txt": b"1", "changed.txt": b"1", "folder/given.txt": b"1"}) == []
    code = (
        "import os\nfrom pathlib import Path\nPath('changed.txt').write_text('22')\nPath('folder/new.txt').write_text('3')\n"
        "Path('.hidden').write_text('')\nos.symlink('/etc/passwd', 'link.txt')\nos.mkfifo('pipe')\nPath('bad\\nname').write_text('')"
    )
    assert child.execute(code).status == "ok"
    assert child.made_files() == ({"changed.txt": b"22", "folder/new.txt": b"3"}, [])


def test_what_is_too_much_is_named(child: Child) -> None:
    code = "for name in 'abcd':\n    with open(name, 'wb') as file:\n        file.write(bytes(3 * 2**20 + 1))"
    assert child.execute(code).status == "ok"
    files, left = child.made_files()
    assert (sorted(files), left) == (["a", "b", "c"], ["d"])


def test_a_process_that_lies_is_believed_nothing_that_could_do_harm(child: Child) -> None:
    harness = "import gc\nharness = next(o for o in gc.get_objects() if type(o).__name__ == 'Child' and hasattr(o, '_channel'))\n"
    claim = "{'names': [b'../../x', b'/etc/x', b'good.txt', 7], 'contents': 5}"
    assert child.execute(f"{harness}harness._answers['made'] = lambda request: {claim}").status == "ok"
    assert child.made_files() == ({}, [])
    child.execute("import os\nharness._answers['made'] = lambda request: os._exit(0)")
    assert child.made_files() == ({}, [])


@pytest.mark.parametrize(
    "name",
    [b"../x", b"/x", b"", b"a/../../x", b".hidden", b"a/.git/hooks", b"\xff", b"a\nb", b"a\x1b[2J", b"a\0b", b"x" * 256, b"d/" * 600],
)
def test_names_that_lie_nowhere_below_a_folder_are_left_out(name: bytes) -> None:
    assert taken({"names": [name, b"good.txt"], "contents": [b"1", b"2"], "left": [name]}) == ({"good.txt": b"2"}, [])


@pytest.mark.parametrize(
    "reply", [{}, {"names": [b"a"]}, {"names": b"a", "contents": b"1"}, {"names": [b"a"], "contents": [bytes(MADE_BYTES + 1)]}]
)
def test_replies_of_another_form_bring_nothing(reply: dict[str, Any]) -> None:
    assert taken(reply) == ({}, [])
