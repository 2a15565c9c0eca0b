"""What `handgrad new` begins keeps every law as it comes, so that an author mends only what is their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.cli import main

ROOT = Path(__file__).resolve().parents[3]
LAB = "lab11_attention"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with nothing in it but the laws and one new lab, built."""
    for name in ("pyproject.toml", "tests/today.py", "tests/test_laws.py", "tests/grader/judging/test_labs.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "solutions").mkdir()
    (tmp_path / "tests" / "equivalents").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["new", LAB]) == 0
    assert main(["build"]) == 0
    return tmp_path


def test_a_new_lab_builds_without_a_complaint(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "points" not in capsys.readouterr().out
    assert sorted(path.name for path in (checkout / "labs" / LAB).iterdir()) == [
        "cases.npz", "checks.py", "hints.json", f"{LAB}.ipynb",
    ]  # fmt: skip
    assert main(["build", "--check"]) == 0


@pytest.mark.kernel
def test_a_new_lab_keeps_every_law(checkout: Path) -> None:
    paths = {"PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}", "PYTEST_ADDOPTS": "", "HANDGRAD_ALL": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "", "tests"],
        cwd=checkout, env={**os.environ, **paths}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "skipped" not in done.stdout
