"""A gradebook on a PostgreSQL server: the whole way of a class, by two graders at once."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

LAB = "lab_tiny"
Classroom = Any  # the fixture of conftest.py


def program(name: str) -> str:
    """One of the server's programs, which Debian keeps beside the path."""
    found = shutil.which(name) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None)
    assert found, f"{name} is missing: `make test` installs Debian's package postgresql"
    return found


@pytest.fixture
def server() -> Iterator[str]:
    """A server of one's own, by a socket in its folder; its URL. It refuses to run as root."""
    with tempfile.TemporaryDirectory(prefix="handgrad-postgres-", dir="/tmp") as folder:  # a socket's path is short
        data, other = Path(folder) / "data", {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            other = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, "check": True, **other}
        subprocess.run([program("initdb"), "-D", data, "-U", "handgrad", "-A", "trust", "--no-sync"], **quiet)
        pg_ctl = [program("pg_ctl"), "-D", str(data), "-w", "-l", f"{folder}/log"]
        subprocess.run([*pg_ctl, "-o", f"-k {folder} -c listen_addresses='' -c fsync=off", "start"], **quiet)
        try:
            yield f"postgresql+psycopg://handgrad@/postgres?host={folder}"
        finally:
            subprocess.run([*pg_ctl, "-m", "immediate", "stop"], **quiet)


@pytest.mark.stress
def test_two_graders_share_a_gradebook_on_a_server(classroom: Classroom, server: str, tmp_path: Path) -> None:
    made_up = classroom.made_up
    wrong = [made_up.right | {exercise: next(iter(codes.values()))} for exercise, codes in made_up.wrong.items()]
    for number, answers in enumerate([made_up.right, {}, *wrong]):
        classroom.hand_in(f"student{number}", classroom.notebook(answers))
    classroom.grade()
    wanted = classroom.scores()
    courses = [tmp_path / name for name in ("one", "two")]
    for number, root in enumerate(courses):
        shutil.copytree(classroom.root, root, ignore=shutil.ignore_patterns("gradebook.db", ".handgrad", "autograded", "feedback"))
        with (root / "nbgrader_config.py").open("a") as config:
            config.write(f'\nc.CourseDirectory.db_url = "{server}"\n')
        for folder in sorted((root / "submitted").iterdir())[number::2]:  # each grader has half of the class
            shutil.rmtree(folder)
    install(courses[0])
    graders = [subprocess.Popen(command(root), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for root in courses]
    said = [grader.communicate(timeout=600)[0] for grader in graders]
    assert [grader.returncode for grader in graders] == [0, 0], said
    assert rows(server) == [(student, cell, auto) for student, _, cell, auto, *_ in wanted]


def install(root: Path) -> None:
    from grader.build.course import install as install_lab

    from ..conftest import SOLUTIONS

    install_lab(SOLUTIONS / LAB, root)


def command(root: Path) -> list[str]:
    from ..conftest import SOLUTIONS

    handgrad = Path(sys.executable).with_name("handgrad")
    return [str(handgrad), "grade", LAB, "--course", str(root), "--solutions", str(SOLUTIONS), "--workers", "1"]


def rows(server: str) -> list[tuple[Any, ...]]:
    """Every score that the server has."""
    from sqlalchemy import create_engine, text

    statement = (
        "select s.student_id, c.name, g.auto_score from grade g join base_cell c on c.id = g.cell_id "
        "join submitted_notebook n on n.id = g.notebook_id join submitted_assignment s on s.id = n.assignment_id"
    )
    engine = create_engine(server)
    with engine.connect() as connection:
        found = sorted(tuple(row) for row in connection.execute(text(statement)))
    engine.dispose()
    return found
