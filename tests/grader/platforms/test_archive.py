"""Zips that are broken, and zips that were made to hurt. Each ends in one sentence, and nothing is written anywhere."""

from __future__ import annotations

import io
import os
import struct
import warnings
import zipfile

import pytest

from course_utils.errors import UserError
from grader.platforms import Person, archive, open_source

from .zips import LAB, canvas_name, course, notebook, packed, patched, refused, submitted, take, texts, told, with_count

ADA, ALAN = (Person(name, name.title(), "Lovelace", ids={"canvas": number}) for name, number in (("ada", "4711"), ("alan", "4712")))
NAME = canvas_name("Lovelace, Ada", 4711, 1, f"{LAB}.ipynb")
OTHER = canvas_name("Lovelace, Alan", 4712, 2, f"{LAB}.ipynb")


def honest(**more: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, data in {NAME: notebook("ada"), **more}.items():
            target.writestr(name, data)
    return stream.getvalue()


def twice() -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as target:
        warnings.simplefilter("ignore")
        for text in ("one", "two"):
            target.writestr(NAME, notebook(text))
    return stream.getvalue()


def parts(data: bytes) -> tuple[bytes, bytes]:
    """The entries of a zip with their bytes, and its table of contents."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return data[: opened.start_dir], data[opened.start_dir : data.rindex(b"PK\5\6")]


def overlapping() -> bytes:
    """A file that lies in the bytes of another one, as a bomb of few bytes is made."""
    inside, its_line = parts(honest())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr(OTHER, inside)
    outside, line = parts(stream.getvalue())
    at = 30 + len(OTHER)
    table = line + its_line[:42] + struct.pack("<L", at) + its_line[46:]
    return outside + table + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 2, 2, len(table), len(outside), 0)


def encrypted() -> bytes:
    data = honest()
    for sign, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        begin = data.index(sign) + at
        data = data[:begin] + b"\1" + data[begin + 1 :]
    return data


def method(number: int) -> bytes:
    data = honest()
    for sign, at in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        begin = data.index(sign) + at
        data = data[:begin] + struct.pack("<H", number) + data[begin + 2 :]
    return data


REFUSED = {
    "no zip": (b"<html>Log in", "no zip"),
    "empty": (b"", "no zip"),
    "the end is missing": (honest()[:-30], "no zip"),
    "the beginning is missing": (honest()[50:], "damaged|no zip"),
    "leads out": (honest(**{"../../evil.ipynb": b"x"}), r"leads out of its folder by `\.\.`"),
    "leads out in the middle": (honest(**{"a/../../evil": b"x"}), "leads out"),
    "leads out, for Windows": (honest(**{"a\\..\\..\\evil": b"x"}), "leads out"),
    "absolute": (honest(**{"/etc/evil": b"x"}), "absolute path"),
    "a drive": (honest(**{"C:evil": b"x"}), "absolute path"),
    "a share": (honest(**{"\\\\host\\evil": b"x"}), "absolute path"),
    "a NUL": (honest(**{"evil.py#.ipynb": b"x"}).replace(b"evil.py#", b"evil.py\0"), "NUL byte"),
    "twice": (twice(), "twice"),
    "encrypted": (encrypted(), "encrypted"),
    "lzma": (method(14), "no learning platform uses"),
    "unknown": (method(99), "no learning platform uses"),
    "two names": (patched(honest(), b"lovelace", b"turingxx", last=True), "two different things"),
    "two sizes": (patched(honest(), struct.pack("<L", len(notebook("ada"))), struct.pack("<L", 9), last=True), "two different things"),
    "overlapping": (overlapping(), "lie in the same bytes"),
    "a table without end": (with_count(honest(), 2**31), "claims 2048 MiB"),
    "in parts": (honest()[:-18] + b"\2\0" + honest()[-16:], "one part of a zip"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_no_platform_writes_is_refused_as_a_whole(tmp_path, kind):
    data, why = REFUSED[kind]
    made = course(tmp_path / "course", [ADA])
    source = tmp_path / "submissions.zip"
    source.write_bytes(data)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UserError, match=why) as error:
        take(made, source, skip=True)
    assert "\n" not in str(error.value)
    assert sorted(tmp_path.rglob("*")) == before


def linked(mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("lovelaceada_4711_7_secret.txt")
    entry.external_attr = mode << 16
    return entry


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (linked(0o120777), "a link or a device"),
        (linked(0o020666), "a link or a device"),
        ("lovelaceada_4711_7_a\\b.txt", "backslash"),
        ("lovelaceada_4711_7_a\x1b[31m.txt", "cannot be seen"),
        ("lovelaceada_4711_7_a\u202etxt.py", "cannot be seen"),
        ("lovelaceada_4711_7_" + "x" * 250, "more than"),
        ("lovelaceada_4711_7_a.", "not every system"),
        ("lovelaceada_4711_7_..", "not every system"),
        ("lovelaceada_4711_7_aux.txt", "not every system"),
    ],
)
def test_what_one_student_can_cause_leaves_out_that_file(tmp_path, name, why):
    made = course(tmp_path / "course", [ADA])
    plan = take(made, packed(tmp_path / "submissions.zip", {NAME: notebook("ada"), name: b"/etc/passwd"}))
    assert why in told(plan)
    assert told(plan).isprintable()
    assert list(submitted(made)["ada"]) == [f"{LAB}.ipynb"]


@pytest.mark.parametrize("path", ["x/" * 25 + "a.txt", "aux.txt", "a//b", "./a.txt", "con/a.txt"])
def test_paths_that_not_every_system_has(tmp_path, path):
    made = course(tmp_path / "course", [Person("ada", "Ada", "Lovelace")])
    start = "Ada Lovelace_1_assignsubmission_file"
    plan = take(made, packed(tmp_path / "moodle.zip", {f"{start}/{LAB}.ipynb": notebook("ada"), f"{start}/{path}": b"x"}))
    assert "was left out" in told(plan)
    assert list(submitted(made)["ada"]) == [f"{LAB}.ipynb"]


def test_a_bomb_is_not_unpacked_and_the_others_can_go_on(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    plan = take(made, packed(tmp_path / "submissions.zip", {NAME: b" " * 2**23, OTHER: notebook("alan")}))
    assert "times as large unpacked as packed" in told(plan)
    assert texts(made) == {"alan": "alan"}


def test_too_many_files_and_too_many_bytes(tmp_path, monkeypatch):
    made = course(tmp_path / "course", [ADA, ALAN])
    source = packed(tmp_path / "submissions.zip", {NAME: notebook("ada"), OTHER: notebook("alan")})
    for limit, said in (("files", "more than"), ("bytes", "GiB unpacked")):
        monkeypatch.setattr(archive.Budget, limit, 1)
        monkeypatch.setattr(archive.Budget.__init__, "__defaults__", (1, 2**40) if limit == "files" else (10, 1))
        with pytest.raises(UserError, match=said):
            take(made, source)
    assert submitted(made) == {}


def test_damaged_bytes_are_one_students_and_not_the_class(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    source = packed(tmp_path / "submissions.zip", {NAME: notebook("ada"), OTHER: notebook("alan")}, compression=zipfile.ZIP_STORED)
    source.write_bytes(patched(source.read_bytes(), b'"ada"', b'"abc"'))
    plan = take(made, source, skip=True)
    assert "damaged" in refused(plan)["lovelaceada_4711"]
    assert texts(made) == {"alan": "alan"}


def test_names_that_differ_in_case_or_accents_only_are_one_file(tmp_path):
    made = course(tmp_path / "course", [Person("ada", "Ada", "Lovelace")])
    start = "Ada Lovelace_1_assignsubmission_file"
    names = ["Data.csv", "data.csv", "\u00e9.txt", "e\u0301.txt", "a", "a/b.txt"]
    plan = take(made, packed(tmp_path / "moodle.zip", {f"{start}/{name}": b"x" for name in [f"{LAB}.ipynb", *names]}))
    assert told(plan).count("another file has its name") == 3
    assert set(submitted(made)["ada"]) == {f"{LAB}.ipynb", "Data.csv", "e\u0301.txt", "a"}


@pytest.mark.parametrize("encoding", ["utf-8", "cp437"])
def test_names_in_utf_8_and_of_ms_dos_that_do_not_say_which(tmp_path, encoding):
    made = course(tmp_path / "course", [Person("joerg", "J\u00f6rg", "M\u00fcller")])
    letters = "\u00f6\u00fc".encode(encoding)
    plain = {"utf-8": ("J__rg M--ller", b"__", b"--"), "cp437": ("J_rg M-ller", b"_", b"-")}[encoding]
    source = packed(tmp_path / "moodle.zip", {f"{plain[0].replace('_', '#')}_1_assignsubmission_file/{LAB}.ipynb": notebook("x")})
    half = len(letters) // 2
    data = source.read_bytes().replace(b"J" + b"#" * half, b"J" + letters[:half]).replace(b"M" + plain[2], b"M" + letters[half:])
    source.write_bytes(data)
    take(made, source)
    assert texts(made) == {"joerg": "x"}


def test_zip64_is_read(tmp_path):
    made = course(tmp_path / "course", [ADA])
    source = tmp_path / "submissions.zip"
    with zipfile.ZipFile(source, "w") as target, target.open(NAME, "w", force_zip64=True) as stream:
        stream.write(notebook("ada"))
    take(made, source)
    assert texts(made) == {"ada": "ada"}


def nested(data: bytes, name: str = f"lab/{LAB}.ipynb") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr(zipfile.ZipInfo(name), data)  # without the time of now
    return stream.getvalue()


def test_a_zip_that_was_handed_in_is_opened_once(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    files = {
        "lovelaceada_4711_1_lab.zip": nested(notebook("ada")),
        "lovelacealan_4712_2_lab.zip": nested(nested(notebook("alan")), "lab.zip"),
    }
    plan = take(made, packed(tmp_path / "submissions.zip", files))
    assert submitted(made) == {"ada": {f"{LAB}.ipynb": notebook("ada")}, "alan": {"lab.zip": nested(notebook("alan"))}}
    assert "lab.zip was opened" in told(plan)


@pytest.mark.parametrize("kind", ["no zip", "leads out", "encrypted", "two names", "overlapping"])
def test_a_hostile_zip_that_was_handed_in_is_one_students(tmp_path, kind):
    made = course(tmp_path / "course", [ADA, ALAN])
    source = packed(tmp_path / "submissions.zip", {"lovelaceada_4711_1_lab.zip": REFUSED[kind][0], OTHER: notebook("alan")})
    plan = take(made, source)
    assert "lab.zip cannot be opened" in told(plan)
    assert submitted(made) == {"ada": {"lab.zip": REFUSED[kind][0]}, "alan": {f"{LAB}.ipynb": notebook("alan")}}


@pytest.mark.parametrize("name", ["nothing.zip", "."])
def test_no_source(tmp_path, name):
    folder = tmp_path / "empty"
    folder.mkdir()
    made = course(tmp_path / "course", [ADA])
    with pytest.raises(UserError, match=r"is not there|There is no file"):
        take(made, folder / name)


def test_a_pipe_in_a_folder_is_never_opened(tmp_path):
    os.mkfifo(tmp_path / NAME)
    with open_source(tmp_path) as source:
        assert source.files == {}
        assert "a link or a device" in source.left_out[NAME]
