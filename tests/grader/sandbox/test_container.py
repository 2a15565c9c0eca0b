"""Where the container is the sandbox: whether it may be, and what a user takes of the disk. Attacks on it: tests/grader/platforms."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from grader.sandbox import Limits, Sandbox, SandboxUnavailable, container, linux, protections, reach, users


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """As root of a container with what Docker leaves it; nobody else can reach anything."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(linux, "capabilities", lambda: set(range(32)))
    monkeypatch.setattr(container, "reached", lambda user, paths: [])


def test_only_root_can_make_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SandboxUnavailable, match="Only root can run students' code as another user"):
        Sandbox(kind="container")


def test_a_root_without_power_over_users_is_told_what_it_lacks(monkeypatch: pytest.MonkeyPatch, as_root: None) -> None:
    monkeypatch.setattr(linux, "capabilities", lambda: {linux.CHOWN, linux.DAC_OVERRIDE, linux.SETGID})
    assert "lacks the capability KILL, SETUID:" in container.refusal(30_000, [])


def test_an_open_reference_is_named(monkeypatch: pytest.MonkeyPatch, as_root: None) -> None:
    assert container.refusal(30_000, [Path("/solutions")]) == ""
    monkeypatch.setattr(container, "reached", lambda user, paths: [f"{path}/checks.py" for path in paths])
    with pytest.raises(SandboxUnavailable, match=r"could get at /solutions/checks\.py and 1 more: close it to others"):
        Sandbox(kind="container", closed=[Path("/solutions"), Path("/course")])


def test_where_nobody_else_can_run_python_it_is_refused(monkeypatch: pytest.MonkeyPatch, as_root: None) -> None:
    def fails(user: int, paths: object) -> list[str]:
        raise PermissionError("not for you")

    monkeypatch.setattr(container, "reached", fails)
    assert "(not for you): make the interpreter readable for everybody" in container.refusal(30_000, [])


def test_what_lies_deep_in_a_folder_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "answer.py").write_text("42")
    assert reach.reached(inner / "answer.py") == str(inner / "answer.py")
    assert reach.reached(tmp_path).startswith(str(tmp_path))
    assert reach.reached(tmp_path / "nothing") == ""


def test_users_are_numbers_that_nobody_has_and_containers_know() -> None:
    firsts = {container.first_user() for _ in range(50)}
    assert len(firsts) > 40
    assert all(first >= 20_000 and first + 2 * users.USERS < 2**16 for first in firsts)


def test_too_much_on_the_disk_is_told_by_size_number_and_what_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = users.Disk(40_000, tmp_path, replace(Limits(), disk_bytes=2**20))
    assert disk.over() == ""
    (tmp_path / "large").write_bytes(b"x" * 2**21)
    assert disk.over() == "used more than 1 MiB of disk"
    monkeypatch.setattr(users, "_FILES", 1)
    assert disk.over() == "had more than 1 files"
    (tmp_path / "large").unlink()
    monkeypatch.setattr(users, "_free", lambda path: 2**10)
    assert disk.over() == "nearly filled the disk"


def test_what_is_not_there_is_said() -> None:
    there = {protection.name: protection.active for protection in protections("container")}
    assert [name for name, active in there.items() if not active] == ["own file system", "disk", "list of processes", "control groups"]
