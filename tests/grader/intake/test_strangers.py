"""Whatever lies in `submitted/`: it stops nobody else, no link is followed, and what is honest in it keeps its points."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.cli import main
from course_utils.errors import UserError
from grader.files import write_atomically
from grader.intake import untrusted
from grader.intake.submission import TIMESTAMP, Submission, find_students, is_copied, make_room, read_submission

from ..strange import BESIDE, INSTEAD, LAB, NOTEBOOK, link, many, nested, pipe, raw, write
from .test_submission import NOW

Classroom = Any  # the fixture of conftest.py


@pytest.fixture
def submitted(tmp_path: Path) -> Iterator[Path]:
    """A place for strange things. What shutil.rmtree cannot take away would stop pytest's next run."""
    folder = tmp_path / "course" / "submitted"
    yield folder
    subprocess.run(["rm", "-rf", folder], check=True)


def read(submitted: Path, student: str = "eve") -> Submission:
    return read_submission(submitted, student, LAB, (LAB,), NOW)


@pytest.mark.parametrize("kind", BESIDE)
def test_what_lies_beside_a_notebook_hides_nothing(submitted: Path, kind: str) -> None:
    write(submitted / "eve" / LAB / NOTEBOOK, "the notebook")
    write(submitted / "eve" / LAB / "!first.txt", "honest")
    BESIDE[kind](submitted / "eve" / LAB)
    assert find_students(submitted, LAB) == ["eve"]
    found = read(submitted)
    assert found.notebooks == {LAB: b"the notebook"}
    assert found.files["!first.txt"] == b"honest"
    assert len(found.files) <= untrusted.FILES
    assert sum(map(len, found.files.values())) <= untrusted.FILES_BYTES
    assert found == read(submitted)
    assert (found.timestamp is not None) == (TIMESTAMP in kind)
    for sentence in found.left_out:
        assert sentence.endswith(".")
        assert len(sentence.encode()) < 500


@pytest.mark.parametrize("kind", INSTEAD)
def test_what_lies_instead_of_a_notebook_is_told(submitted: Path, kind: str) -> None:
    put, sentence = INSTEAD[kind]
    write(submitted / "ada" / LAB / NOTEBOOK, "secret")
    put(submitted / "eve" / LAB)
    assert find_students(submitted, LAB) == ["ada", "eve"]
    found = read(submitted)
    assert {name: str(content) for name, content in found.notebooks.items()} == {LAB: sentence.format("eve")}
    assert b"secret" not in found.files.values()


@pytest.fixture
def alone(classroom: Classroom, submitted: Path) -> dict[str, Any]:
    """What honest students get when nobody disturbs them."""
    classroom.hand_in("ada")
    classroom.hand_in("zoe", classroom.notebook({}))
    return given_to_honest(classroom, classroom.grade())


def given_to_honest(classroom: Classroom, outcome: Any) -> dict[str, Any]:
    given = {}
    for student in ("ada", "zoe"):
        public = {name: value for name, value in outcome.results[student].public().items() if name != "seconds"}
        given[student] = [public, *(classroom.written(step, student).read_text() for step in ("autograded", "feedback"))]
    return given


def hand_in_strange(classroom: Classroom, submitted: Path) -> None:
    for number, put in enumerate(BESIDE.values()):
        put(classroom.hand_in(f"beside{number}").parent)
    for number, (put, _) in enumerate(INSTEAD.values()):
        put(submitted / f"instead{number}" / LAB)
    write(raw(submitted, b"\xff\xfe") / LAB / NOTEBOOK)
    write(submitted / ("x" * 255) / LAB / NOTEBOOK)
    write(submitted / "a file of the instructor's")


@pytest.mark.stress
def test_strange_neighbours(classroom: Classroom, submitted: Path, alone: dict[str, Any]) -> None:
    release = classroom.root / "release" / LAB
    write(release / "data.csv", "1,2")
    write(release / "images" / "plot.txt")
    hand_in_strange(classroom, submitted)
    classroom.forget_results()
    before = descriptors()
    outcome = classroom.grade()
    assert given_to_honest(classroom, outcome) == alone
    for number, kind in enumerate(BESIDE):
        result = outcome.results[f"beside{number}"]
        assert (result.status, result.score) == ("graded", 9), (kind, result.reason, result.detail)
    for number, (kind, (_, sentence)) in enumerate(INSTEAD.items()):
        result = outcome.results[f"instead{number}"]
        assert (result.status, result.score, result.reason) == ("ungradable", 0, sentence.format(f"instead{number}")), kind
    assert len(outcome.results) == len(BESIDE) + len(INSTEAD) + 4
    assert classroom.grade().fresh == []
    assert descriptors() == before
    for step in ("autograded", "feedback", ".handgrad"):
        assert not [path for path in (classroom.root / step).rglob("*") if path.is_symlink() or "handgrad-new" in path.name]


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_few_strange_neighbours(classroom: Classroom, submitted: Path, alone: dict[str, Any]) -> None:
    """The quick selection of the test above."""
    link(submitted / "eve" / LAB, "/proc/self")
    nested(classroom.hand_in("deep").parent, 1200)
    write(classroom.hand_in("long").parent / ("ж" * 125))
    write(submitted / "folder" / LAB / NOTEBOOK / "x")
    classroom.forget_results()
    outcome = classroom.grade()
    assert given_to_honest(classroom, outcome) == alone
    told = {student: (result.status, result.score) for student, result in outcome.results.items() if student not in alone}
    assert told == {"eve": ("ungradable", 0), "folder": ("ungradable", 0), "deep": ("graded", 9), "long": ("graded", 9)}


def test_odd_names_can_be_shown(classroom: Classroom, submitted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (b"\xff\xfe", b"x" * 255, b"a\n\x1b[2Jb"):
        write(raw(submitted, name) / LAB / NOTEBOOK)
    command = ["grade", LAB, "--course", str(classroom.root), "--solutions", str(classroom.solutions), "--workers", "1"]
    assert main([*command, "--json"]) == 1
    assert main(command) == 1
    assert main(["report", LAB, "--course", str(classroom.root)]) == 0
    assert "\x1b[2J" not in capsys.readouterr().out
    assert classroom.query("select id from student") == []


@pytest.mark.parametrize("closed", ["eve", LAB, NOTEBOOK, "data", TIMESTAMP])
def test_what_nobody_may_read(submitted: Path, monkeypatch: pytest.MonkeyPatch, closed: str) -> None:
    """Permissions say nothing to root, whom tests may run as: the refusal is made up."""
    write(submitted / "eve" / LAB / NOTEBOOK, "the notebook")
    write(submitted / "eve" / LAB / "data" / "x")
    write(submitted / "eve" / LAB / TIMESTAMP, "2020-01-02 00:00:00 UTC")
    for name in ("open", "stat", "lstat"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name), closed))
    assert find_students(submitted, LAB) == ["eve"]
    content = read(submitted).notebooks[LAB]
    hidden = closed in ("eve", LAB, NOTEBOOK)
    assert str(content) == f"{closed} cannot be opened: Permission denied." if hidden else content == b"the notebook"


def refusing(real: Any, closed: str) -> Any:
    def refuse(path: Any, *args: Any, **more: Any) -> Any:
        if closed in Path(path).parts[-1:] or (closed == "eve" and closed in Path(path).parts):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path, *args, **more)

    return lambda path, *args, **more: real(path, *args, **more) if isinstance(path, int) else refuse(path, *args, **more)


def test_a_mistake_of_ours_while_reading_costs_one_student(classroom: Classroom, submitted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(folder: int, *more: Any) -> Any:
        if "eve" in str(Path(f"/proc/self/fd/{folder}").readlink()):
            raise RuntimeError("a bug of ours")
        return untrusted.read_beside(folder, *more)

    monkeypatch.setattr("grader.intake.submission.read_beside", broken)
    classroom.hand_in("ada")
    classroom.hand_in("eve")
    outcome = classroom.grade()
    assert {student: result.status for student, result in outcome.results.items()} == {"ada": "graded", "eve": "partial"}
    assert "a bug of ours" in outcome.results["eve"].detail


def test_a_folder_of_submissions_that_cannot_be_read(submitted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_students(submitted, LAB) == []
    submitted.mkdir(parents=True)
    monkeypatch.setattr(os, "scandir", refusing(os.scandir, "submitted"))
    with pytest.raises(UserError, match=r"submitted cannot be read: Permission denied\."):
        find_students(submitted, LAB)


@pytest.mark.parametrize("size", [0, 3, 2**20])
def test_a_file_that_grows_or_shrinks_while_it_is_read(submitted: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """As files do that a synchronised folder is still writing: the next run reads them whole."""
    write(submitted / "eve" / LAB / NOTEBOOK, "x" * 1000)
    real = os.fdopen

    def changed(descriptor: int, *args: Any, **more: Any) -> Any:
        os.truncate(submitted / "eve" / LAB / NOTEBOOK, size)
        return real(descriptor, *args, **more)

    monkeypatch.setattr(os, "fdopen", changed)
    before = descriptors()
    assert str(read(submitted).notebooks[LAB]) == f"{NOTEBOOK} was changed while it was read."
    assert descriptors() == before


@pytest.mark.parametrize("put", [pipe, lambda path: path.mkdir(), lambda path: link(path, "/dev/zero")])
def test_a_file_that_is_replaced_before_it_is_opened(submitted: Path, monkeypatch: pytest.MonkeyPatch, put: Any) -> None:
    notebook = submitted / "eve" / LAB / NOTEBOOK
    write(notebook, "x")
    real = os.stat

    def replaced(path: Any, *args: Any, **more: Any) -> Any:
        found = real(path, *args, **more)
        if path == NOTEBOOK:
            notebook.unlink()
            put(notebook)
        return found

    monkeypatch.setattr(os, "stat", replaced)
    before = descriptors()
    assert str(read(submitted).notebooks[LAB]).startswith(NOTEBOOK)
    assert descriptors() == before


def test_files_cannot_push_out_the_time_of_submission(submitted: Path) -> None:
    lab = submitted / "eve" / LAB
    many(lab, untrusted.FILES + 1)
    write(lab / TIMESTAMP, "2020-01-02 00:00:00 UTC")
    assert str(read(submitted).timestamp) == "2020-01-02 00:00:00"
    assert read(submitted).left_out == ("00200.dat and what follows was left out: more than 200 files were handed in.",)


NAMES = st.lists(st.sampled_from(["a", "b", "c.txt", "lab.ipynb"]), min_size=1, max_size=4).map("/".join)


@given(st.lists(NAMES), st.lists(NAMES))
def test_what_is_kept_fits_on_a_disk(theirs: list[str], ours: list[str]) -> None:
    """Our files are one tree; with the student's that are kept they still are."""
    ours = [name for name in ours if not any(other.startswith(f"{name}/") for other in ours)]
    kept = make_room(Submission("eve", {}, dict.fromkeys(theirs, b""), (), None, ""), ours).files
    for name in ours:
        assert not any(other.startswith(f"{name}/") or name.startswith(f"{other}/") for other in kept)
    untouched = [name for name in theirs if not any(f"{a}/".startswith(f"{b}/") for o in ours for a, b in ((name, o), (o, name)))]
    assert set(untouched) <= set(kept)


@pytest.mark.parametrize(
    "name",
    [
        "points.csv",
        "a/b/w.NPZ",
        "photo.jpeg",
        "helpers.py",
        "x.html.txt",
        "Größe.png",
        "config.txt",
        "json/a.csv",
        "own/json.py",
        "my.json.py",
    ],
)
def test_data_pictures_and_code_go_along(name: str) -> None:
    assert is_copied(name)
    assert make_room(Submission("eve", {}, {name: b""}, (), None, ""), ()).left_out == ()


@pytest.mark.parametrize(
    "name",
    [
        *["x.html", "x.svg", "x.js", "x", ".png", "x.txt.", "x.txt/y", "x.pkl", "x.py\n", "\u202etxt.py"],
        *["jupyter_config.py", "conftest.py"],
        *[".vscode/tasks.json", "a/.devcontainer/x.json", ".x.csv"],  # settings of programs that show a folder
        # what is imported in the folder as soon as a kernel starts there, before anybody has run a cell
        *["ipykernel_launcher.py", "ipykernel/__init__.py", "warnings.py", "nbformat.py", "zmq/x.py"],
    ],
)
def test_what_a_browser_or_a_program_would_run_does_not(name: str) -> None:
    assert not is_copied(name)
    kept = make_room(Submission("eve", {}, {name: b"data"}, (), None, ""), ["lab.ipynb"])
    assert kept.files == {name: b"data"}  # for the code that reads it
    assert len(kept.left_out) == 1
    assert kept.left_out[0].isprintable()
    assert make_room(Submission("eve", {}, {name: b""}, (), None, ""), [name]).left_out == ()


@pytest.mark.parametrize("name", ["n" * 255, "ж" * 127, ".handgrad-new-1"])
def test_any_name_can_be_written(tmp_path: Path, name: str) -> None:
    for data in (b"one", b"two"):
        write_atomically(tmp_path / name, data, 0o444)
        assert (tmp_path / name).read_bytes() == data
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_nobody_else_reads_what_is_being_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", lambda fresh, path: fresh.stat())  # killed before it is in its place
    monkeypatch.setattr(Path, "chmod", lambda fresh, mode: None)
    write_atomically(tmp_path / "bundle", b"references", 0o644)
    (left,) = tmp_path.iterdir()
    assert left.stat().st_mode & 0o77 == 0
