"""The JavaScript modules: their pure parts, tested by node, and their size."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "course_utils" / "widgets").glob("*.js"))


def test_scales_hit_testing_layout_and_colours() -> None:
    node = shutil.which("node")
    assert node, "these tests need node 20 or newer: apt install nodejs"
    tests = sorted((ROOT / "tests" / "js").glob("*.test.mjs"))
    run = subprocess.run([node, "--test", *tests], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "# fail 0" in run.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_one_readable_module(module: Path) -> None:
    lines = module.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 440
    assert max(map(len, lines)) <= 180
