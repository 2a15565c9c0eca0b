"""The campaign: attackers are handed in by the dozen among honest ones; who is guilty of what befell all is found by halving."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from course_utils.errors import UserError
from grader.doctor import outer
from grader.doctor.arena import DESERVED, HONEST, SECONDS, Arena, Round, prepare_fonts
from grader.doctor.attacks.case import LAB, Case
from grader.doctor.facts import Facts, gather
from grader.doctor.judge import Baseline, baseline_of, of_all, of_one
from grader.doctor.stage import Script
from grader.doctor.usage import Watch, depth

TOGETHER = 32  # attackers in one round
_START_SECONDS = 180  # for the start of a grader and its honest submissions on a busy machine


@dataclass(frozen=True)
class Verdict:
    """What became of one case; it was stopped when nothing happened."""

    name: str
    row: str
    tries: str
    happened: tuple[str, ...]
    skipped: str = ""

    @property
    def stopped(self) -> bool:
        return not self.happened and not self.skipped


@dataclass
class Campaign:
    """One grader under attack."""

    arena: Arena
    workers: int
    baseline: Baseline | None = None

    def prepare(self) -> None:
        """Build the course and grade the honest ones alone. Raises UserError when the grader cannot do even that."""
        self.arena.build()
        prepare_fonts(self.arena.home)
        watched = self.arena.new_round()
        facts = self.grade(watched, 0)
        if facts.seen is None or any(facts.seen.codes):
            raise UserError(f"The grader fails on honest submissions already: {(facts.stderr or facts.stdout).strip()[-400:]}")
        scores = [facts.score(student) for student in HONEST]
        if scores != DESERVED:
            raise UserError(f"The grader gives honest submissions other points than they deserve: {scores}, not {DESERVED}.")
        self.baseline = baseline_of(facts, self.arena)
        self._fix_seeds(watched)
        watched.remove()

    def _fix_seeds(self, watched: Round) -> None:
        """Every round asks with the seeds of the first, and finds a secret in the journal."""
        journal = Path(".handgrad", LAB, "journal.jsonl")
        if not (watched.course / journal).exists():
            return
        first = (watched.course / journal).read_text(encoding="utf-8").split("\n")[0]
        note = json.dumps({"event": "note", "text": self.arena.secrets["journal"]})
        (self.arena.base / journal).write_text(f"{first}\n{note}\n", encoding="utf-8")

    def attack(self, cases: Sequence[Case], tell: Callable[[Sequence[Case]], None]) -> Iterator[Verdict]:
        """Try these cases together; `tell` is called before each round."""
        assert self.baseline is not None
        if not cases:
            return
        tell(cases)
        watched, port = self.arena.new_round(), _free_port()
        watched.hand_in(cases, port)
        facts = self.grade(watched, len(cases), port)
        shared = of_all(facts, self.baseline, self.arena)
        single = {case.name: of_one(case, facts, self.baseline, self.arena) for case in cases}
        watched.remove()
        if shared and len(cases) > 1:
            yield from self._halves(cases, shared, tell)
            return
        for case in cases:
            happened = tuple(dict.fromkeys([*shared, *single[case.name]]))
            yield Verdict(case.name, case.row, case.tries, happened)

    def _halves(self, cases: Sequence[Case], shared: list[str], tell: Callable[[Sequence[Case]], None]) -> Iterator[Verdict]:
        """Each half by itself; what then befalls neither counts as one more that got through, for it did happen."""
        middle = len(cases) // 2
        found = [verdict for half in (cases[:middle], cases[middle:]) for verdict in self.attack(half, tell)]
        yield from found
        if all(verdict.stopped for verdict in found):
            name = f"{cases[0].name}-and-{len(cases) - 1}-more"
            yield Verdict(name, cases[0].row, "several attacks at once, of which none does it alone", tuple(shared))

    def grade(self, watched: Round, attackers: int, port: int = 0) -> Facts:
        """Run the grader on a round, watched from outside."""
        seconds = _START_SECONDS + 2 * attackers * (SECONDS["notebook"] + SECONDS["cell"])
        script = Script(
            watched.commands(self.workers),
            watched.environment(),
            str(watched.course),
            str(watched.out),
            seconds,
            port or _free_port(),
            self.arena.mark,
            str(self.arena.secret_file),
            self.arena.secrets["machine"],
            self.arena.kind != "bwrap",
        )
        written = watched.folder / "script.json"
        written.write_text(json.dumps(asdict(script)), encoding="utf-8")
        command = [sys.executable, "-m", "grader.doctor.stage", str(written)]
        environment, inside = watched.environment(), depth()
        with (watched.folder / "stage").open("wb") as words:
            if self.arena.kind == "bwrap":
                with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=words, stderr=words) as process:
                    return _to_its_end(watched, process, inside, seconds + 60)
            with outer.running(outer.wrap(command, [watched.folder, self.arena.home]), environment, words) as process:
                return _to_its_end(watched, process, inside + 1, seconds + 60)


def _to_its_end(watched: Round, process: subprocess.Popen[bytes], inside: int, seconds: float) -> Facts:
    """Watch a stage until it ends, or for so long."""
    watch = Watch(process, inside, _most_memory())
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    return gather(watched, watch.stop(), code)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _most_memory() -> int:
    """Half of the machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
