"""Consoles that know few letters: every verb stays readable there."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.console import spelt, typed
from grader.build.course import install

CONSOLES = {
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "cp932": {"PYTHONIOENCODING": "cp932"},
}
ROOM = "Übungen von Zoë"
# Several commands in one process: to start Python is what takes longest.
COMMANDS = """
import os, sys
from pathlib import Path
from course_utils import logbook
from course_utils.cli import main

room, solutions, everything = sys.argv[1:]
course, lab = f"{room}/mein Kurs", f"{room}/meine Labs/lab00_start"
where = ["lab_tiny", "--course", course]
odd = os.fsdecode(b"\\xd0\\xbd\\xe9")  # not a word in any encoding
codes = [main(["start", f"{room}/meine Labs"]), main(["progress", lab]), main(["progress", lab, "--json"])]
codes += [main(["hint", "softmax", f"{room}/meine Labs/lab02_losses"]), main(["answer", "describe", lab, "--give-up"])]
logbook.update(Path(lab).resolve(), "lab00_start", "describe", lambda entry: entry.update(score=12, max_score=12))
codes += [main(["review", lab, "--count", "1"]), main(["review", lab, "--json"])]
if everything:
    codes += [main(["grade", *where, "--solutions", solutions, "--workers", "1"]), main(["doctor"])]
else:
    codes += [main(["check", f"{course}/release/lab_tiny"])]
codes += [main(["report", *where]), main(["report", odd, "--course", course]), main(["grade", odd, "--course", course])]
assert codes == [0] * 7 + ([1, 0] if everything else [1]) + [0, 2, 2], codes
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


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("handgrad-labs/lab00_start", "handgrad-labs/lab00_start"),
        ("Übungen/von_Zoë", "Übungen/von_Zoë"),
        ("Übungen von Zoë", '"Übungen von Zoë"'),
        ("labs (1)", '"labs (1)"'),
        ('5" and $HOME', "'5\" and $HOME'"),
    ],
)
def test_a_path_in_a_command_is_one_word_of_a_shell(path: str, text: str) -> None:
    assert typed(Path(path)) == text
    assert shlex.split(typed(Path(path))) == [path]


@pytest.mark.stress
def test_no_verb_ends_in_an_error_there(tmp_path: Path) -> None:
    """In a folder of a student with a name of her own."""
    solutions, room = Path(__file__).parent / "fixtures" / "solutions", tmp_path / ROOM
    install(solutions / "lab_tiny", room / "mein Kurs")
    torn = room / "mein Kurs" / "submitted" / "ada" / "lab_tiny" / "lab_tiny.ipynb"
    torn.parent.mkdir(parents=True)
    torn.write_text('{"cells": [{"cell_type": "×σ', encoding="utf-8")
    for console, settings in CONSOLES.items():
        command = [sys.executable, "-c", COMMANDS, room, solutions, "yes" if console == "ascii" else ""]
        done = subprocess.run(command, env=os.environ | settings, input=b"a\n" * 9, capture_output=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        said = done.stdout.decode(console)  # bytes of that console, and of no other
        mark = "○" if console == "cp932" else "o"
        assert f"\n{mark}  add_bias" in said
        assert f'Next: handgrad start "{room.parent}/' in said
        assert "Question 1 of 1" in said
        assert "ungradable" in said
        for line in said.splitlines():
            if line.startswith("{"):
                json.loads(line)  # whatever its letters were spelt as
        assert done.stderr.decode(console).count("handgrad: ") == 2
