"""`handgrad adopt`: one line more in a course's settings, and not a byte else."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from course_utils.cli import main
from course_utils.errors import UserError
from grader.batch.journal import Results
from grader.batch.lab import Outcome
from grader.build import course_config
from grader.build.adopted import LINES, adopt, is_adopted
from grader.build.course import CONFIG
from grader.cli.adopt import add

SETTINGS = {
    "as quickstart writes it": b"c = get_config()\n\nc.CourseDirectory.course_id = 'old'\n",
    "without get_config": b"c.CourseDirectory.course_id = 'old'\n",
    "under another name": b"settings = get_config()\nsettings.CourseDirectory.course_id = 'old'\n",
    "no newline at the end": b"c = get_config()\nc.CourseDirectory.course_id = 'old'",
    "as Windows ends lines": b"c = get_config()\r\nc.CourseDirectory.course_id = 'old'\r\n",
    "of another encoding": "# -*- coding: latin-1 -*-\nc.CourseDirectory.course_id = 'old'  # Prüfung\n".encode("latin-1"),
    "c is something else in the end": b"c = get_config()\nc.CourseDirectory.course_id = 'old'\nfor c in 'abc':\n    pass\n",
    "c is gone in the end": b"c.CourseDirectory.course_id = 'old'\ndel c\n",
    "ends inside a block": b"c = get_config()\nif True:\n    c.CourseDirectory.course_id = 'old'",
    "another exporter": b"c.CourseDirectory.course_id = 'old'\nc.Autograde.exporter_class = 'nbconvert.exporters.NotebookExporter'\n",
}


@pytest.mark.parametrize("settings", SETTINGS)
def test_one_line_is_added_and_taking_it_away_undoes_it(tmp_path: Path, settings: str) -> None:
    path, before = tmp_path / "nbgrader_config.py", SETTINGS[settings]
    path.write_bytes(before)
    path.chmod(0o640)
    done = adopt(tmp_path)
    after = path.read_bytes()
    assert is_adopted(course_config(tmp_path))
    assert course_config(tmp_path).CourseDirectory.course_id == "old"
    assert after.startswith(before)
    assert after[len(before) :].strip() == done.line.encode()
    assert done.line in LINES
    assert path.stat().st_mode & 0o777 == 0o640
    lines = after.decode("latin-1").splitlines(keepends=True)
    assert lines[done.number - 1].strip() == done.line
    assert adopt(tmp_path).line == ""
    assert path.read_bytes() == after
    path.write_bytes("".join(line for line in lines if line.strip() != done.line).encode("latin-1"))
    assert not is_adopted(course_config(tmp_path))
    assert path.read_bytes().rstrip(b"\n") == before.rstrip(b"\n")


def test_a_course_with_json_settings_keeps_them(tmp_path: Path) -> None:
    settings = json.dumps({"CourseDirectory": {"course_id": "old"}})
    (tmp_path / "nbgrader_config.json").write_text(settings)
    done = adopt(tmp_path)
    assert (done.before, done.number) == (None, 1)
    assert (tmp_path / "nbgrader_config.json").read_text() == settings
    assert (tmp_path / "nbgrader_config.py").read_text() == f"{LINES[0]}\n"


def test_shared_settings_stay_shared(tmp_path: Path) -> None:
    shared = tmp_path / "shared.py"
    shared.write_text("c.CourseDirectory.course_id = 'old'\n")
    course = tmp_path / "course"
    course.mkdir()
    (course / "nbgrader_config.py").symlink_to(shared)
    assert adopt(course).path == shared
    assert (course / "nbgrader_config.py").is_symlink()
    assert is_adopted(course_config(course))


@pytest.mark.parametrize(
    ("settings", "told"),
    {
        "c = get_config(\n": "line 1",
        "import no_such_module\n": "no_such_module",
        "c.A.b = 1\nraise SystemExit\n": "SystemExit",
        "c = get_config = None\n": "was left as it is",
    }.items(),
)
def test_settings_that_cannot_be_read_stay_as_they_are(tmp_path: Path, settings: str, told: str) -> None:
    path = tmp_path / "nbgrader_config.py"
    path.write_text(settings)
    with pytest.raises(UserError, match=told):
        adopt(tmp_path)
    assert path.read_text() == settings


def test_a_course_that_build_makes_has_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    assert is_adopted(course_config(tmp_path))
    assert adopt(tmp_path).line == ""
    monkeypatch.setitem(__import__("sys").modules, "grader.build.stubs", None)  # a formgrader where there is no Handgrad
    assert is_adopted(course_config(tmp_path))


def test_grading_says_where_formgrader_has_no_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a course without the line, once something was graded; the results are of no matter here."""
    monkeypatch.setattr("grader.batch.grade_lab", lambda options, watch: Outcome(Results(tmp_path, {}), ["ada"], []))
    monkeypatch.setattr(Results, "of", lambda results, students: results)
    (tmp_path / "nbgrader_config.py").write_text("c.CourseDirectory.course_id = 'old'\n")
    command = ["grade", "ps1", "--course", str(tmp_path)]
    assert main(command) == 0
    assert f"WITHOUT A SANDBOX in this course: `handgrad adopt {tmp_path}`" in capsys.readouterr().err
    adopt(tmp_path)
    assert main(command) == 0
    assert "SANDBOX" not in capsys.readouterr().err


def test_the_command_shows_what_it_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add(parser.add_subparsers())
    path = tmp_path / "nbgrader_config.py"
    path.write_text("c = get_config()\n# the last line\n")

    def run() -> str:
        options = parser.parse_args(["adopt", str(tmp_path)])
        assert options.run(options) == 0
        return capsys.readouterr().out

    told = run()
    assert f"before: {path} ended at line 2: # the last line\nafter:  line 3, the only change:\n\n{LINES[0]}\n" in told
    assert "To undo this, remove line 3." in told
    assert "nothing to do" in run()
    (tmp_path / "empty").mkdir()
    options = parser.parse_args(["adopt", str(tmp_path / "empty")])
    with pytest.raises(UserError, match="There is no course"):
        options.run(options)
