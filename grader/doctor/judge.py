"""Did an attack get through? Sentences about what happened, made from facts alone; no sentence means that it was stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from grader.doctor.active import in_notebook, in_page
from grader.doctor.arena import HONEST, Arena
from grader.doctor.attacks.case import Case
from grader.doctor.facts import Facts

CPU_SECONDS, MEMORY_BYTES, KEPT_BYTES = 20.0, 2**30, 192 * 2**20  # what one submission may cost the grader outside the sandbox
SLACK = 1.2
_FORMULA = re.compile(r"(?:^|;)[=+\-@\t\r]")
_NEAR = 0.01  # points


@dataclass
class Baseline:
    """The same round without attackers."""

    honest: dict[str, str] = field(default_factory=dict)
    cpu: float = 0.0
    memory: int = 0
    bytes: int = 0
    code: int = 0
    active_pages: set[str] = field(default_factory=set)
    active_notebooks: set[str] = field(default_factory=set)
    told_to_all: set[str] = field(default_factory=set)  # the secrets that stand in an honest page
    leaves_groups: bool = False  # then every run does, and no attack is to blame


def baseline_of(facts: Facts, arena: Arena) -> Baseline:
    """What honest submissions look like and cost."""
    pages = [facts.page(student) for student in HONEST]
    notebooks = [facts.autograded(student) for student in HONEST]
    told = {place for place, secret in arena.secrets.items() if place != "neighbour" and any(secret in page for page in pages)}
    return Baseline(
        facts.honest(),
        facts.usage.cpu,
        facts.usage.memory,
        facts.bytes,
        facts.code,
        set[str]().union(*map(in_page, pages)),
        set[str]().union(*map(in_notebook, notebooks)),
        told,
        bool(facts.groups),
    )


def of_all(facts: Facts, baseline: Baseline, arena: Arena) -> list[str]:
    """What happened to the grader, the honest ones and the machine: one of the attackers did it."""
    about_grader = [*_ended(facts, arena), *_groups(facts, baseline), *_spent(facts, baseline)]
    return [*about_grader, *_honest(facts, baseline), *_left(facts, arena, by=None)]


def of_one(case: Case, facts: Facts, baseline: Baseline, arena: Arena) -> list[str]:
    """What this attack gained for itself."""
    told = [*_leaks(case, facts, baseline, arena), *_shown(case, facts, baseline, arena)]
    return [*_score(case, facts), *told, *_left(facts, arena, by=case)]


def _ended(facts: Facts, arena: Arena) -> Iterator[str]:
    if facts.usage.stopped:
        yield "the machine's memory ran out: everything was killed"
    if facts.seen is None:
        yield "the grader was killed with everything around it"
        return
    if facts.seen.hung:
        yield "the grader hung until it was killed"
    for code in facts.seen.codes:
        if code < 0:
            yield f"the grader was ended by signal {-code}"
    if arena.kind != "nbgrader" and "Traceback (most recent call last)" in facts.stderr:
        yield f"the grader broke down: {facts.stderr.strip().splitlines()[-1][:200]}"


def _groups(facts: Facts, baseline: Baseline) -> Iterator[str]:
    if facts.groups and not baseline.leaves_groups:
        yield f"left on the machine: {len(facts.groups)} control groups"


def _honest(facts: Facts, baseline: Baseline) -> Iterator[str]:
    now = facts.honest()
    changed = [thing for thing, text in baseline.honest.items() if now[thing] != text]
    if changed:
        yield f"honest neighbours were changed: {', '.join(changed)}"


def _spent(facts: Facts, baseline: Baseline) -> Iterator[str]:
    cpu, memory, kept = facts.usage.cpu - baseline.cpu, facts.usage.memory - baseline.memory, facts.bytes - baseline.bytes
    if cpu > CPU_SECONDS * SLACK:
        yield f"the grader itself used {cpu:.0f} s of processor time for it"
    if memory > MEMORY_BYTES * SLACK:
        yield f"the grader itself used {memory / 2**30:.1f} GiB of memory for it"
    if kept > KEPT_BYTES * SLACK:
        yield f"the grader kept {kept / 2**20:.0f} MiB of it"


def _left(facts: Facts, arena: Arena, by: Case | None) -> Iterator[str]:
    """What is left on the machine: with a case's name on it, it is that case's; else anybody's."""
    if facts.seen is None:
        return
    for thing in [*facts.seen.left, *facts.seen.strays]:
        if _is_of(by, thing, arena) if by else f"{arena.mark}-" not in thing:
            yield f"left on the machine: {thing}"


def _is_of(case: Case, text: str, arena: Arena) -> bool:
    """Whether a text bears the name of this case, and not that of one whose name begins alike."""
    return re.search(rf"{arena.mark}-{re.escape(case.name)}(?![\w-])", text) is not None


def _score(case: Case, facts: Facts) -> Iterator[str]:
    low, high = facts.score(case.called)
    result = facts.results.get(case.called, {})
    if high > case.most + _NEAR:
        yield f"it got {high:g} points, its honest part deserves {case.most:g}"
    if low < case.least - _NEAR:
        yield f"it got {low:g} points, its honest part deserves {case.least:g}{_why(result)}"
    if result.get("status") == "failed":
        yield "the grader itself failed on it"


def _why(result: dict[str, object]) -> str:
    return f" ({result.get('status')}: {str(result.get('reason'))[:120]})" if result else ""


def _leaks(case: Case, facts: Facts, baseline: Baseline, arena: Arena) -> Iterator[str]:
    page, files = facts.page(case.called), facts.files(case.called)
    for place, secret in arena.secrets.items():
        if secret in page and (place not in baseline.told_to_all or place in case.wants):
            yield f"the student reads a secret of the {place} in the feedback"
        if secret in files:
            yield f"a secret of the {place} was copied into the student's folder"
    if _is_of(case, facts.contacts, arena):
        yield "it connected to a socket of this machine"


def _shown(case: Case, facts: Facts, baseline: Baseline, arena: Arena) -> Iterator[str]:
    for where, found, usual in (
        ("feedback", in_page(facts.page(case.called)), baseline.active_pages),
        ("autograded notebook", in_notebook(facts.autograded(case.called)), baseline.active_notebooks),
    ):
        fresh = sorted(found - usual)
        if fresh:
            yield f"active content in the {where}: {fresh[0][:120]}"
    for name in facts.imported(case.called):
        yield f"{name} runs as soon as somebody opens the autograded notebook"
    if case.called in facts.students and _FORMULA.search(case.called):
        yield "a spreadsheet formula is a student's id in the gradebook"
    mark = re.escape(f"{arena.mark}-{case.name}")
    if re.search(rf"\x1b[^\n]{{0,40}}{mark}(?![\w-])", facts.stdout + facts.stderr):
        yield "a terminal escape reached the grader's log"
