"""The JavaScript module: its pure parts, tested by node, and its size."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "course_utils" / "widgets" / "explorer.js"


def test_scales_hit_testing_layout_and_colours() -> None:
    node = shutil.which("node")
    assert node, "these tests need node 20 or newer: apt install nodejs"
    run = subprocess.run([node, "--test", "tests/js/explorer.test.mjs"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "# fail 0" in run.stdout


def test_one_readable_module() -> None:
    lines = MODULE.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 400
    assert max(map(len, lines)) <= 180
