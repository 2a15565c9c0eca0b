"""Attacks in earnest: a sample in this process, the whole corpus and its detectors after the fast suite."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils.cli import main
from course_utils.errors import UserError
from grader.batch.lab import Options, Watch, grade_lab
from grader.doctor import attack, names, table
from grader.doctor.arena import HONEST, Arena
from grader.doctor.attacks import CASES, ROWS
from grader.doctor.attacks.case import LAB, MACHINERY
from grader.doctor.campaign import Campaign, Verdict
from grader.doctor.facts import gather
from grader.doctor.judge import Baseline, of_one
from grader.doctor.mishaps import MISHAPS
from grader.doctor.scene import Mishap, befall
from grader.doctor.stage import Seen
from grader.doctor.usage import Usage, depth
from grader.doctor.usage import Watch as Measure
from grader.sandbox import Limits

from ...today import share

SAMPLE = (
    "edits-a-check",
    "copies-a-check",
    "patches-numpy-testing",
    "reads-the-gradebook",
    "calls-abstractly",
    "script-in-text",
    "truncated",
)


@pytest.mark.stress
def test_a_sample_is_stopped(tmp_path: Path) -> None:
    arena = Arena(tmp_path, "bwrap")
    arena.build()
    watched = arena.new_round()
    cases = [case for case in CASES if case.name in SAMPLE]
    assert len(cases) == len(SAMPLE)
    watched.hand_in(cases, 9)
    limits = Limits(memory_bytes=2**29, cell_seconds=30, call_seconds=30, notebook_seconds=200, processes=32)
    outcome = grade_lab(Options(LAB, watched.course, arena.solutions, 1, "bwrap", False, limits), Watch())
    (watched.out / "stdout").write_text("".join(json.dumps(result.public()) + "\n" for result in outcome.results.values()))
    facts = gather(watched, Usage(), 0)
    facts.seen = Seen([0])
    assert [facts.score(student) for student in HONEST] == [(100, 100), (80, 80), (0, 0)]
    usual = Baseline(active_pages=_usual(facts.page("ada")))
    assert {case.name: of_one(case, facts, usual, arena) for case in cases} == {name: [] for name in SAMPLE}


def _usual(page: str) -> set[str]:
    from grader.doctor.active import in_page

    return in_page(page)


def test_words_choose_cases() -> None:
    assert names("gradebook-but-text") == ["no-gradebook-but-text"]
    assert set(names("the reader")) == {case.name for case in CASES if case.row == "the reader's side"}
    assert len(names()) >= 150
    with pytest.raises(UserError, match="No case has 'nothing of the kind'"):
        next(attack("bwrap", 1, "nothing of the kind", lambda *_: None))


def test_a_table_by_rows() -> None:
    found = [Verdict("a", ROWS[1], "", ()), Verdict("b", ROWS[0], "", ("it got points",)), Verdict("c", ROWS[0], "", (), "no mount")]
    assert [(row.name, row.cases, row.stopped, row.through, row.skipped) for row in table(found)] == [
        (ROWS[0], 2, 0, ("b",), ("c",)),
        (ROWS[1], 1, 1, (), ()),
    ]


@pytest.mark.parametrize(("happened", "code"), [((), 0), (("it got points",), 1)])
def test_the_exit_code(happened: tuple[str, ...], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    verdicts = [Verdict("a", ROWS[0], "tries", happened)]
    monkeypatch.setattr("grader.doctor.attack", lambda *_: iter(verdicts))
    assert main(["doctor", "--attack", "--json"]) == code
    told = json.loads(capsys.readouterr().out)
    assert told["cases"][0]["stopped"] is (code == 0)
    assert main(["doctor", "--attack"]) == code
    assert ("it got points" in capsys.readouterr().out) is (code == 1)


def test_what_cannot_be_tried_here_is_told_and_is_no_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    untried, stopped = Verdict("a", ROWS[0], "tries", (), "no small disk can be mounted here"), Verdict("b", ROWS[0], "tries", ())
    for verdicts, code in (([untried, stopped], 0), ([untried], 1)):
        monkeypatch.setattr("grader.doctor.attack", lambda *_, found=verdicts: iter(found))
        assert main(["doctor", "--attack"]) == code
        assert "not tried: no small disk" in capsys.readouterr().out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may be anybody")
def test_only_root_attacks_as_another_user() -> None:
    assert main(["doctor", "--attack", "--user", "nobody"]) == 2


def test_an_unknown_user(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--attack", "--user", "no-such-user"]) == 2
    assert "user" in capsys.readouterr().err


@pytest.mark.stress
def test_what_the_grader_costs_is_measured() -> None:
    """A process that works and takes memory is seen; one that runs students' code is not counted."""
    work = "import sys; x = bytearray(10**8); n = sum(range(4 * 10**7)); sys.stdin.read()"
    costs = []
    for name in ("work", "grader.sandbox.warm"):
        script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}, {name!r}], stdin=0)"
        with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE) as process:
            measure = Measure(process, depth(), 2**40)
            while measure.usage.everything < 10**8 or process.poll() is not None:
                os.sched_yield()
            process.communicate(b"")
            costs.append(measure.stop())
    assert costs[0].cpu > 5 * costs[1].cpu
    assert costs[0].memory > costs[1].memory + 9 * 10**7


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    root = tmp_path_factory.mktemp("attacked")
    made = Campaign(Arena(root, "bwrap"), 2)
    made.prepare()
    yield made
    subprocess.run(["rm", "-rf", "--", *map(str, root.iterdir())], check=False)


@pytest.mark.stress
@pytest.mark.parametrize("row", share([row for row in ROWS if row != MACHINERY], 3))
@pytest.mark.timeout(3600)
def test_every_attack_is_stopped(campaign: Campaign, row: str) -> None:
    cases = share([case for case in CASES if case.row == row], 6)
    verdicts = [verdict for at in range(0, len(cases), 32) for verdict in campaign.attack(cases[at : at + 32], lambda some: None)]
    assert {verdict.name: verdict.happened for verdict in verdicts if not verdict.stopped} == {}
    assert len(verdicts) == len(cases)


@pytest.mark.stress
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mishap", share(MISHAPS, 4), ids=lambda mishap: mishap.name)
def test_every_mishap_is_survived(campaign: Campaign, mishap: Mishap) -> None:
    assert befall(mishap, campaign).happened == ()


@pytest.mark.stress
@pytest.mark.timeout(3600)
def test_a_mishap_is_chosen_by_its_name() -> None:
    told: list[tuple[int, str]] = []
    (verdict,) = attack("bwrap", 2, "a-missing-gradebook", lambda *words: told.append(words))
    assert (verdict.name, verdict.row, verdict.stopped) == ("a-missing-gradebook", MACHINERY, True)
    assert told == [(1, MACHINERY)]


THROUGH = {
    "reads-the-gradebook": "secret of the gradebook",
    "calls-by-network": "connected to a socket",
    "calls-abstractly": "connected to a socket",
    "reads-solutions": "secret of the solutions",
    "leaves-a-file": "left on the machine",
    "reads-neighbours": "secret of the neighbour",
}


@pytest.mark.stress
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")
def test_without_a_sandbox_the_same_attacks_get_through(tmp_path: Path) -> None:
    """No check of the doctor's is one that cannot fail."""
    tmp_path.chmod(0o755)
    campaign = Campaign(Arena(tmp_path / "arena", "none"), 1)
    campaign.arena.root.mkdir()
    campaign.prepare()
    verdicts = list(campaign.attack([case for case in CASES if case.name in THROUGH], lambda some: None))
    assert len(verdicts) == len(THROUGH)
    for verdict in verdicts:
        assert THROUGH[verdict.name] in " ".join(verdict.happened), verdict


@pytest.mark.stress
@pytest.mark.timeout(3600)
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="shows root what a user sees")
def test_as_an_ordinary_user(capfd: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "--attack", "--user", "1234", "--only", "hidden", "--workers", "1", "--json"])
    told = json.loads(capfd.readouterr().out)
    assert (told["user"], len(told["cases"]), code) == (1234, len(names("hidden")), 0)
