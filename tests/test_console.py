"""Consoles that know few letters: every verb stays readable there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.console import spelt
from grader.build.course import install

LABS = Path(__file__).parents[1] / "labs"
CONSOLES = {
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "cp932": {"PYTHONIOENCODING": "cp932"},
}
# Several commands in one process: to start Python is what takes longest.
COMMANDS = """
import os, sys
from course_utils.cli import main

labs, course, solutions, everything = sys.argv[1:]
where = ["lab_tiny", "--course", course]
odd = os.fsdecode(b"\\xd0\\xbd\\xe9")  # not a word in any encoding
codes = [main(["progress", labs]), main(["hint", "softmax", f"{labs}/lab02_losses"])]
if everything:
    codes += [main(["check", f"{course}/release/lab_tiny"]), main(["grade", *where, "--solutions", solutions, "--workers", "1"])]
    codes += [main(["doctor"])]
codes += [main(["report", *where]), main(["report", odd, "--course", course]), main(["grade", odd, "--course", course])]
assert codes == [0, 0, *([1, 1, 0] if everything else []), 0, 2, 2], codes
"""


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("✓ ✗ ○ …", "+ x o ..."),
        ("x² ≤ σ, λ₁₂ and ŷ", "x^2 <= sigma, lambda_12 and y"),
        ("1/(1 + e⁻ᶻ) → ½ × Ω", "1/(1 + e^-z) -> 1/2 x Omega"),
        ("‖dZᵀdZ‖ · ∂L/∂W", "||dZ^TdZ|| * dL/dW"),
        ("Zoë Łukasz Søren Straße", "Zoe Lukasz Soren Strasse"),
        ("│──┼", "|--+"),
        ("жук \udce9", "??? ?"),
        ("plain", "plain"),
    ],
)
def test_letters_that_a_console_lacks_are_spelt(text: str, plain: str) -> None:
    assert spelt(text) == plain


@pytest.mark.stress
def test_no_verb_ends_in_an_error_there(tmp_path: Path) -> None:
    solutions = Path(__file__).parent / "fixtures" / "solutions"
    shutil.copytree(LABS / "lab02_losses", tmp_path / "labs" / "lab02_losses")
    install(solutions / "lab_tiny", tmp_path / "course")
    torn = tmp_path / "course" / "submitted" / "ada" / "lab_tiny" / "lab_tiny.ipynb"
    torn.parent.mkdir(parents=True)
    torn.write_text('{"cells": [{"cell_type": "×σ', encoding="utf-8")
    for console, settings in CONSOLES.items():
        command = [sys.executable, "-c", COMMANDS, tmp_path / "labs", tmp_path / "course", solutions, "yes" if console == "ascii" else ""]
        done = subprocess.run(command, env=os.environ | settings, capture_output=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        said = done.stdout.decode(console)  # bytes of that console, and of no other
        assert f"\n{'○' if console == 'cp932' else 'o'}  softmax" in said
        assert "ungradable" in said
        assert done.stderr.decode(console).count("handgrad: ") == 2
