"""The command itself: what the machine refuses is one sentence, and nbgrader is imported without its web server."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

import grader.batch
from course_utils.cli import main
from grader.sandbox import Limits

REFUSED = {
    errno.ENOSPC: "The disk is full",
    errno.EDQUOT: "Your share of the disk is used up",
    errno.EROFS: "This lies where nothing can be written",
    errno.EACCES: "You may not read or write this",
}


def refuse(monkeypatch: pytest.MonkeyPatch, number: int, *name: str) -> None:
    def refused(*args: object) -> None:
        raise OSError(number, os.strerror(number), *name)

    monkeypatch.setattr(grader.batch, "grade_lab", refused)


@pytest.mark.parametrize("number", REFUSED)
def test_what_the_machine_refuses_is_one_sentence(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refuse(monkeypatch, number, "course/feedback/ada")
    assert main(["grade", "lab_tiny", "--course", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"handgrad: {REFUSED[number]} (course/feedback/ada). What was finished is kept")
    assert told.count("\n") == 1
    refuse(monkeypatch, number)
    assert main(["grade", "lab_tiny", "--course", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"handgrad: {REFUSED[number]}. What")


@pytest.mark.stress
def test_whoever_reads_no_further_gets_no_traceback(tmp_path: Path) -> None:
    code = "import sys; from course_utils.cli import main; sys.exit(main(['adopt', '.']))"
    (tmp_path / "submitted").mkdir()
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([sys.executable, "-c", code], stdout=write, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")
    assert (tmp_path / "nbgrader_config.py").exists()


def test_a_mistake_of_ours_is_no_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, errno.EBADF)
    with pytest.raises(OSError, match="descriptor"):
        main(["grade", "lab_tiny", "--course", str(tmp_path)])


def test_options_are_known_without_the_grader() -> None:
    """`--help` of any verb imports none of the rooms."""
    code = "import sys; from course_utils.cli import main\ntry: main(['grade', '--help'])\nexcept SystemExit: pass\n"
    look = "print([name for name in ('grader.batch', 'grader.books', 'numpy', 'nbgrader.api', 'tornado') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code + look], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.stress
def test_the_help_tells_the_limits(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["grade", "--help"])
    told, usual = " ".join(capsys.readouterr().out.split()), Limits()
    for limit, what in (
        (usual.cell_seconds, "wall time of one cell"),
        (usual.notebook_seconds, "wall time of a notebook"),
        (usual.cpu_seconds, "CPU time of a notebook"),
        (usual.processes, "processes and threads"),
        (usual.file_bytes / 2**20, "size of one file"),
        (usual.output_bytes / 2**10, "output of one cell"),
    ):
        assert f"{what} (default: {limit:g})" in told


def test_what_only_attacks_need_is_not_dropped_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--only", "gradebook"]) == 2
    assert "add --attack" in capsys.readouterr().err


@pytest.mark.stress
def test_nbgraders_server_is_there_for_whoever_asks() -> None:
    code = (
        "import sys, grader, nbgrader\n"
        "assert not [name for name in sys.modules if name.startswith(('nbgrader.server_extensions', 'jupyter_server'))]\n"
        "class App:\n"
        "    def __getattr__(self, name): raise LookupError('the real one looks at its app')\n"
        "for load in (nbgrader.load_assignments, nbgrader.load_formgrader, nbgrader.load_courses, nbgrader.load_validate):\n"
        "    try: load(App())\n"
        "    except LookupError as error: print(error)\n"
        "import nbgrader.server_extensions.formgrader.handlers\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.count("the real one looks at its app") == 4
