"""Every detector finds what was planted, and finds nothing where nothing is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.doctor.active import in_notebook, in_page
from grader.doctor.arena import HONEST, Arena
from grader.doctor.attacks.case import LAB, NOTEBOOK, SCORE, Case
from grader.doctor.facts import Facts
from grader.doctor.judge import Baseline, baseline_of, of_all, of_one
from grader.doctor.stage import Seen
from grader.doctor.usage import Usage

CASE = Case("evil", SCORE, "tries something", lambda draft: None, most=60, least=40)
PAGE = "<html><script>ours()</script><p>a page</p></html>"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def arena(tmp_path: Path) -> Arena:
    return Arena(tmp_path, "bwrap")


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    """A round in which all went well: the attacker has 50 points."""
    rows = {student: [("sigmoid_check", 20.0, None, None, 0)] for student in HONEST} | {"evil": [("sigmoid_check", 50.0, None, None, 0)]}
    for student in rows:
        write(tmp_path / "course" / "feedback" / student / LAB / f"{LAB}.html", PAGE)
        write(tmp_path / "course" / "autograded" / student / LAB / NOTEBOOK, json.dumps({"cells": [], "metadata": {}}))
    results = {student: {"student": student, "score": sum(row[1] for row in told), "status": "graded"} for student, told in rows.items()}
    return Facts(tmp_path, Seen([0]), Usage(cpu=2.0, memory=10**8), results=results, rows=rows, students=sorted(rows))


@pytest.fixture
def baseline(facts: Facts, arena: Arena) -> Baseline:
    return baseline_of(facts, arena)


def page_of(facts: Facts, text: str) -> None:
    write(facts.course / "feedback" / "evil" / LAB / f"{LAB}.html", PAGE + text)


def test_nothing_is_found_where_nothing_is(facts: Facts, baseline: Baseline, arena: Arena) -> None:
    assert of_all(facts, baseline, arena) == []
    assert of_one(CASE, facts, baseline, arena) == []


PLANTED = {
    "ended by signal 9": lambda facts: facts.seen.codes.append(-9),
    "hung": lambda facts: setattr(facts.seen, "hung", True),
    "killed with everything": lambda facts: setattr(facts, "seen", None),
    "memory ran out": lambda facts: setattr(facts.usage, "stopped", True),
    "broke down: ValueError": lambda facts: setattr(facts, "stderr", "Traceback (most recent call last):\n  x\nValueError"),
    "control groups": lambda facts: facts.groups.append("/sys/fs/cgroup/handgrad-1"),
    "28 s of processor time": lambda facts: setattr(facts.usage, "cpu", 30.0),
    "GiB of memory": lambda facts: setattr(facts.usage, "memory", 2**31),
    "kept 300 MiB": lambda facts: setattr(facts, "bytes", 300 * 2**20),
    "ada's rows in the gradebook": lambda facts: facts.rows.update(ada=[("sigmoid_check", 0.0, None, None, 0)]),
    "bob's result": lambda facts: facts.results["bob"].update(status="partial"),
    "cleo's feedback": lambda facts: write(facts.course / "feedback" / "cleo" / LAB / f"{LAB}.html", "other"),
    "ada's autograded": lambda facts: (facts.course / "autograded" / "ada" / LAB / NOTEBOOK).unlink(),
    "left on the machine: a process": lambda facts: facts.seen.strays.append("a process"),
    "left on the machine: /tmp/x": lambda facts: facts.seen.left.append("/tmp/x"),
}


@pytest.mark.parametrize("sentence", PLANTED)
def test_what_befell_all(sentence: str, facts: Facts, baseline: Baseline, arena: Arena) -> None:
    PLANTED[sentence](facts)
    (found,) = of_all(facts, baseline, arena)
    assert sentence in found
    assert of_one(CASE, facts, baseline, arena) == []


OWN: dict[str, Any] = {
    "got 70 points, its honest part deserves 60": lambda facts, arena: facts.rows.update(evil=[("x", 20.0, 50.0, None, 0)]),
    "got 61 points": lambda facts, arena: facts.results["evil"].update(score=61.0),
    "got 10 points, its honest part deserves 40": lambda facts, arena: facts.rows.update(evil=[("x", 10.0, None, None, 0)]),
    "failed on it": lambda facts, arena: facts.results["evil"].update(status="failed"),
    "secret of the gradebook in the feedback": lambda facts, arena: page_of(facts, arena.secrets["gradebook"]),
    "secret of the home was copied": lambda facts, arena: write(facts.course / "autograded/evil" / LAB / "x.txt", arena.secrets["home"]),
    "connected to a socket": lambda facts, arena: setattr(facts, "contacts", f"{arena.mark}-evil\n"),
    "in the feedback: script: alert(1)": lambda facts, arena: page_of(facts, "<script>alert(1)</script>"),
    "in the autograded notebook: output of type application/javascript": lambda facts, arena: write(
        facts.course / "autograded/evil" / LAB / NOTEBOOK,
        json.dumps({"cells": [{"cell_type": "code", "outputs": [{"data": {"application/javascript": "x"}}]}]}),
    ),
    "terminal escape": lambda facts, arena: setattr(facts, "stderr", f"\x1b]0;{arena.mark}-evil\x07"),
    "left on the machine: /dev/shm": lambda facts, arena: facts.seen.left.append(f"/dev/shm/{arena.mark}-evil"),
}


@pytest.mark.parametrize("sentence", OWN)
def test_what_one_gained(sentence: str, facts: Facts, baseline: Baseline, arena: Arena) -> None:
    OWN[sentence](facts, arena)
    found = of_one(CASE, facts, baseline, arena)
    assert sentence in " ".join(found)
    assert of_all(facts, baseline, arena) == []
    innocent = replace(CASE, name="evil-too", student="ada", most=100, least=0)
    assert of_one(innocent, facts, baseline, arena) == []


def test_a_module_that_a_kernel_would_import(facts: Facts, baseline: Baseline, arena: Arena) -> None:
    write(facts.course / "autograded" / "evil" / LAB / "warnings.py", "")
    assert of_one(CASE, facts, baseline, arena) == ["warnings.py runs as soon as somebody opens the autograded notebook"]


def test_a_formula_as_id(facts: Facts, baseline: Baseline, arena: Arena) -> None:
    facts.students.append("=1+1")
    case = replace(CASE, student="=1+1", least=0)
    assert of_one(case, facts, baseline, arena) == ["a spreadsheet formula is a student's id in the gradebook"]


def test_what_stands_in_every_page_counts_for_who_wanted_it(facts: Facts, arena: Arena) -> None:
    for student in (*HONEST, "evil"):
        write(facts.course / "feedback" / student / LAB / f"{LAB}.html", PAGE + arena.secrets["hidden"])
    baseline = baseline_of(facts, arena)
    assert baseline.told_to_all == {"hidden"}
    assert of_one(CASE, facts, baseline, arena) == []
    assert len(of_one(replace(CASE, wants=("hidden",)), facts, baseline, arena)) == 1


def test_groups_that_every_run_leaves_are_nobodys(facts: Facts, arena: Arena) -> None:
    facts.groups = ["/sys/fs/cgroup/handgrad-1"]
    assert of_all(facts, baseline_of(facts, arena), arena) == []


@pytest.mark.parametrize(
    "page",
    [
        "<script>alert(1)</script>",
        "<script src='https://x.example/a.js'></script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' java&#115;cript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>'>x</a>",
        "<img src='https://x.example/a.png'>",
        "<img srcset='//x.example/a.png 2x'>",
        "<img src='file:///etc/passwd'>",
        "<iframe srcdoc='x'></iframe>",
        "<object data='x'></object>",
        "<p style='background:url(https://x.example)'>x</p>",
        "<style>@import 'x'</style>",
        "<svg><animate onbegin='alert(1)'/></svg>",
        "<svg><use href='https://x.example/#a'/></svg>",
        "<meta http-equiv='refresh' content='0'>",
        "<base href='/'>",
        "<form action='x'></form>",
        "<object data='data:image/svg+xml;base64,AAAA'></object>",
    ],
)
def test_active_content(page: str) -> None:
    assert in_page(page)
    assert in_notebook(json.dumps({"cells": [{"cell_type": "markdown", "source": [page]}]}))
    assert in_notebook(json.dumps({"cells": [{"cell_type": "code", "outputs": [{"data": {"text/html": [page]}}]}]}))


@pytest.mark.parametrize(
    "page",
    [
        "<p>text</p>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<a href='https://x.example'>x</a>",
        "<img src='data:image/png;base64,AAAA'>",
        "<p style='color:red'>x</p>",
        "<a href='#here'>x</a>",
        "<img src='data:image/svg+xml;base64,AAAA'>",
        r"<p>\href{javascript:alert(1)}{x}</p>",
    ],
)
def test_content_that_does_nothing(page: str) -> None:
    assert in_page(page) == set()


def test_a_formula_is_active_where_something_typesets_it() -> None:
    formula = r"<p>\href{javascript:alert(1)}{x}</p>"
    assert in_page("<script src='MathJax.js?config=TeX'></script>" + formula) - in_page("<script src='MathJax.js?config=TeX'></script>")
    safe = "<script src='MathJax.js?config=TeX,Safe'></script>"
    assert in_page(safe + formula) == in_page(safe)


def test_what_else_is_active_in_a_notebook() -> None:
    assert in_notebook(json.dumps({"metadata": {"widgets": {}}, "cells": []}))
    assert in_notebook(json.dumps({"cells": [{"cell_type": "markdown", "source": "", "attachments": {"x": {"image/svg+xml": "x"}}}]}))
    assert not in_notebook(json.dumps({"cells": [{"cell_type": "code", "source": "<script>", "outputs": []}]}))
    assert not in_notebook("{")
