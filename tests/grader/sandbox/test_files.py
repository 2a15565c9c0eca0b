"""Files beside a notebook: every name that a student's disk can hold, and a sentence about what is not there."""

from __future__ import annotations

import pytest

from grader.sandbox import Child
from grader.sandbox.limits import MIB

from .conftest import LIMITS, hurried, printed

LISTING = "import os\nprint(ascii(sorted((name, os.path.getsize(name)) for name in os.listdir('.') if os.path.isfile(name))))"


@pytest.mark.parametrize(
    "name", ["ж" * 125 + ".png", "x" * 255, "a b", "-rf", ".hidden", "bad\udcffbytes", "new\nline", "é.txt", "%s{}", "COM1"]
)
def test_names_of_up_to_255_bytes_are_there(child: Child, name: str) -> None:
    assert child.put_files({name: b"content", f"{name[:100]}d/{name}": b"below"}) == []
    assert printed(child, f"print(open({name!r}).read(), open({f'{name[:100]}d/{name}'!r}).read())") == "content below"


def test_many_files_are_all_there(child: Child) -> None:
    contents = {f"many/{number}.txt": bytes(number % 7) for number in range(2500)}
    assert child.put_files(contents) == []
    sizes = "import os\nprint(sum(os.path.getsize(f'many/{n}.txt') == n % 7 for n in range(2500)))"
    assert printed(child, sizes) == "2500"


REFUSED = [
    ("x" * 256, "its name is too long"),
    ("ж" * 128, "its name is too long"),
    ("d/" * 600 + "x", "its name is too long"),
    ("../up", "that is no name of a file below its folder"),
    ("/etc/passwd", "that is no name of a file below its folder"),
    ("", "that is no name of a file below its folder"),
    ("zero\0byte", "that is no name of a file below its folder"),
    ("lone\ud800surrogate", "that is no name of a file below its folder"),
    ("there", "Is a directory"),
    ("good.txt/below", "File exists"),
    ("huge", "it is bigger than 8 MiB"),
]


@pytest.mark.parametrize(("name", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_what_cannot_be_there_is_told_in_a_sentence_and_costs_no_other_file(child: Child, name: str, reason: str) -> None:
    sizes = {"huge": LIMITS.file_bytes + 1}
    assert child.execute("import os; os.mkdir('there')").status == "ok"
    told = child.put_files({"good.txt": b"1", name: bytes(sizes.get(name, 1)), "other.txt": b"22"})
    assert len(told) == 1
    assert told[0].endswith(f"is not beside the notebook: {reason}.")
    assert len(told[0]) < 200
    told[0].encode()
    assert printed(child, LISTING) == "[('good.txt', 1), ('other.txt', 2)]"


def test_a_full_disk_is_told_and_half_a_file_is_not_left(child: Child) -> None:
    contents = {f"{letter}.bin": bytes(5 * MIB) for letter in "abcd"} | {"small.txt": b"1"}
    told = child.put_files(contents)
    assert told == ["d.bin is not beside the notebook: No space left on device."]
    assert printed(child, LISTING) == f"[('a.bin', {5 * MIB}), ('b.bin', {5 * MIB}), ('c.bin', {5 * MIB}), ('small.txt', 1)]"


def test_a_file_larger_than_a_message_comes_in_parts(child: Child) -> None:
    data = bytes(range(251)) * 20_000
    with hurried(child, message_bytes=2 * MIB):
        assert child.put_files({"small.txt": b"1", "large.bin": data, "other.txt": b"22"}) == []
    assert printed(child, LISTING) == f"[('large.bin', {len(data)}), ('other.txt', 2), ('small.txt', 1)]"
    assert printed(child, "print(open('large.bin', 'rb').read() == bytes(range(251)) * 20_000)") == "True"


def test_of_a_file_in_parts_nothing_is_left_when_the_disk_is_full(child: Child) -> None:
    with hurried(child, message_bytes=2 * MIB):
        told = child.put_files({"a.bin": bytes(7 * MIB), "b.bin": bytes(7 * MIB), "c.bin": bytes(7 * MIB), "small.txt": b"1"})
    assert told == ["c.bin is not beside the notebook: No space left on device."]
    assert printed(child, LISTING) == f"[('a.bin', {7 * MIB}), ('b.bin', {7 * MIB}), ('small.txt', 1)]"


def test_files_for_a_process_that_has_gone_are_nobodys_trouble(child: Child) -> None:
    child.execute("import os; os._exit(1)")
    assert child.put_files({"late.txt": b"1"}) == []
    assert child.put_file("late.txt", b"1") == ""
