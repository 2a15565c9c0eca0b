"""`handgrad grade --gpu`: one submission at a time on each card, and what happens when a card fails."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
import torch

from course_utils.cli import main
from course_utils.errors import UserError
from grader.batch.lab import Watch
from grader.batch.watch import summary
from grader.doctor.examine import Finding, examine_cards

LAB = "lab_tiny"
Classroom = Any  # the fixture of conftest.py
Machine = Any  # the fixture of tests/conftest.py

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="the stand-in for CUDA's library needs a C compiler")

# the clock is the machine's, the same in every sandbox
ON_CARD = """
import json, os, time
begin = time.monotonic()
time.sleep(0.3)
print("ran", json.dumps([os.environ["CUDA_VISIBLE_DEVICES"], begin, time.monotonic()]))
"""


def hand_in(classroom: Classroom, *students: str, code: str = ON_CARD) -> None:
    for student in students:
        notebook = classroom.notebook()
        notebook.cells.insert(0, nbformat.v4.new_code_cell(code))
        classroom.hand_in(student, notebook)


def runs(classroom: Classroom, students: str) -> list[tuple[str, float, float]]:
    """The card, the beginning and the end of every student's run."""
    texts = (classroom.written("autograded", student).read_text() for student in students)
    return [tuple(json.loads(re.search(r"ran (\[.*?\])", text)[1].replace("\\", ""))) for text in texts]


def overlap(one: tuple[str, float, float], other: tuple[str, float, float]) -> bool:
    return one[1] < other[2] and other[1] < one[2]


@pytest.mark.stress
def test_one_submission_at_a_time_on_each_card(classroom: Classroom, machine: Machine) -> None:
    hand_in(classroom, *"abcde")
    outcome = classroom.grade(gpu=True, workers=8)
    assert {result.status for result in outcome.results.values()} == {"graded"}
    made = runs(classroom, "abcde")
    assert len({card for card, _, _ in made}) == 2
    for number, one in enumerate(made):
        among = [other for other in made[:number] + made[number + 1 :] if overlap(one, other)]
        assert one[0] not in [other[0] for other in among]
    told = "New results on GPU 0, NVIDIA Test and GPU 1, NVIDIA Test for all 5 submissions: 5 graded."
    assert told in summary(outcome, classroom.options)
    assert "CUDA_VISIBLE_DEVICES" not in os.environ  # hidden from the reference only


@pytest.mark.stress
def test_fewer_workers_than_cards(classroom: Classroom, machine: Machine) -> None:
    hand_in(classroom, *"ab")
    outcome = classroom.grade(gpu=True, workers=1)
    assert {result.device for result in outcome.results.values()} == {"GPU 0, NVIDIA Test"}


@pytest.mark.stress
def test_the_card_of_a_worker_that_died_goes_to_its_replacement(
    classroom: Classroom, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    hand_in(classroom, *"abc")
    killed, others = [], psutil.Process().children()

    def kill(_: Any) -> None:
        if not killed:
            killed.extend(process for process in psutil.Process().children() if process not in others)
            for worker in killed:
                worker.kill()

    outcome = classroom.grade(Watch(tell=kill), gpu=True)
    assert len(killed) == 1
    assert {result.status for result in outcome.results.values()} == {"graded"}
    assert {result.device for result in outcome.results.values()} == {"GPU 1, NVIDIA Test"}


@pytest.mark.stress
def test_memory_that_comes_back_late_costs_a_second_try(classroom: Classroom, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    hand_in(classroom, *"ab")
    monkeypatch.setattr("grader.sandbox.guard._EMPTY_SECONDS", 0)
    # looks: before the proof, before a, before b in vain; the second try has a worker of its own, so before a proof and before b
    machine.use(0, 3, 4, 5000, 5, 6, 7)
    outcome = classroom.grade(gpu=True)
    assert {name: result.status for name, result in outcome.results.items()} == {"a": "graded", "b": "graded"}
    assert machine.in_use(0) == [7]


@pytest.mark.stress
def test_memory_that_does_not_come_back_ends_the_use_of_a_card(
    classroom: Classroom, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.sandbox.guard._EMPTY_SECONDS", 0.5)
    hand_in(classroom, *"abcd")

    def spoil(_: Any) -> None:
        machine.use(0, 5000)

    outcome = classroom.grade(Watch(tell=spoil), gpu=True)
    assert [outcome.results[student].device[:5] for student in "abcd"] == ["GPU 0", "GPU 1", "GPU 1", "GPU 1"]
    machine.use(0, 3)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    with pytest.raises(UserError, match="GPU 0, NVIDIA Test did not get its memory back: 5000 MiB are in use, 3 MiB were at the start"):
        classroom.grade(Watch(tell=spoil), gpu=True, force=True)
    machine.use(0, 3)
    assert len(classroom.grade(gpu=True).fresh) == 3  # one was graded before the card was spoilt


@pytest.mark.stress
def test_a_card_on_which_cuda_does_not_start_judges_nobody(classroom: Classroom, machine: Machine) -> None:
    machine.cuda(error=304)
    hand_in(classroom, "a")
    with pytest.raises(UserError, match=r"GPU \d, NVIDIA Test does not work inside the sandbox \(RuntimeError: CUDA's error 304\)"):
        classroom.grade(gpu=True)
    assert not classroom.written("autograded", "a").exists()


@pytest.mark.stress
def test_too_much_of_the_gpus_memory_costs_the_cell_and_is_said(classroom: Classroom, machine: Machine) -> None:
    limits = replace(classroom.options.limits, card_bytes=2**29, cell_seconds=60)
    hand_in(classroom, "a")
    hand_in(classroom, "b", code="import time; time.sleep(60)")

    def fill(_: Any) -> None:
        machine.use(0, 3, 700, 700, 3)  # before b, then twice too much: for the guard, and for the next process, which waits

    results = classroom.grade(Watch(tell=fill), gpu=True, limits=limits).results
    assert results["a"].status == "graded"
    assert (results["b"].status, results["b"].score) == ("partial", results["a"].score)
    cell = "the cell that begins with `import time; time.sleep(60)`"
    assert results["b"].reason == f"{cell}: the notebook's process used more than 512 MiB of the GPU's memory"


@pytest.mark.stress
def test_without_a_sandbox_a_card_is_lent_as_well(classroom: Classroom, machine: Machine) -> None:
    hand_in(classroom, "a")
    result = classroom.grade(gpu=True, sandbox="none").results["a"]
    assert (result.status, result.sandbox, result.device) == ("graded", "none", "GPU 0, NVIDIA Test")


def test_on_the_command_line(classroom: Classroom, machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(classroom, "a", code="")
    where = ["--course", str(classroom.root), "--solutions", str(classroom.solutions)]
    assert main(["grade", LAB, *where, "--gpu", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["device"] == "GPU 0, NVIDIA Test"
    assert main(["report", LAB, "--course", str(classroom.root)]) == 0
    assert "Graded on GPU 0, NVIDIA Test." in capsys.readouterr().out


def test_no_card_is_one_sentence(
    classroom: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("grader.sandbox.cards._PROGRAMS", ())
    assert main(["grade", LAB, "--course", str(classroom.root), "--solutions", str(classroom.solutions), "--gpu"]) == 2
    said = "handgrad: --gpu needs an NVIDIA card with its driver, and nvidia-smi, which comes with the driver, is not on the PATH.\n"
    assert capsys.readouterr().err == said


@pytest.mark.stress
def test_the_doctor_tries_the_cards(machine: Machine) -> None:
    machine.cuda(error=100)
    findings = list(examine_cards("bwrap", lend=True))
    assert [finding.good for finding in findings] == [False, False]
    assert findings[1].sentence == "GPU 1, NVIDIA Test does not work inside the sandbox (RuntimeError: CUDA's error 100)."


@pytest.mark.stress
def test_a_torch_without_cuda_is_found_by_the_doctor(machine: Machine) -> None:
    if torch.version.cuda:
        pytest.skip("this torch can use CUDA")
    finding = next(examine_cards("bwrap", lend=True))
    assert "Torch not compiled with CUDA enabled" in finding.sentence


def test_the_doctor_lists_cards_without_being_asked(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = "NVIDIA Test, 8 GiB, 3 MiB in use, driver 580.159.03; not tried without --gpu"
    assert list(examine_cards("bwrap", lend=False)) == [Finding(f"GPU {number}", True, listed) for number in range(2)]
    machine.list_cards(mig="Enabled")
    assert [finding.good for finding in examine_cards("bwrap", lend=True)] == [False]
    monkeypatch.setattr("grader.sandbox.cards._PROGRAMS", ())
    monkeypatch.setenv("PATH", str(machine.lib))
    assert next(examine_cards("bwrap", lend=False)).good
