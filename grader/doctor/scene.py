"""One mishap of the machinery: what it is, the round in which it happens, and whether the grader came out of it well."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.doctor import outer
from grader.doctor.arena import Round
from grader.doctor.attacks.case import MACHINERY
from grader.doctor.campaign import Campaign, Verdict
from grader.doctor.facts import gather
from grader.doctor.usage import Usage

PATIENCE = 180.0  # seconds for one run on a busy machine
_WORDS = 5  # lines of a complaint that still is a sentence


@dataclass(frozen=True)
class Mishap:
    """`act` does it to a round and gives sentences about what went wrong; `Impossible` says why it cannot be tried here."""

    name: str
    tries: str
    act: Callable[[Scene], Iterator[str]]
    heals: bool = True  # whether the next run has to end well


class Impossible(Exception):
    """It cannot be tried on this machine; the message says why."""


@dataclass
class Scene:
    """A round, and ways to start its grader."""

    campaign: Campaign
    round: Round
    starts: int = 0
    out: Path = Path()  # what the last one that was started says

    def start(self, *, path: str = "") -> subprocess.Popen[bytes]:
        """Start the grader, as one process group."""
        commands = self.round.commands(self.campaign.workers)
        command = ["/bin/sh", "-c", " && ".join(map(shlex.join, commands))]  # nbgrader has two
        if len(commands) == 1:
            (command,) = commands
        environment = self.round.environment() | ({"PATH": path} if path else {})
        if self.round.arena.kind != "bwrap":
            command = outer.wrap(command, [self.round.folder, self.round.arena.home])
        self.out = self.round.out / f"started-{self.starts}"
        self.starts += 1
        with self.out.open("wb") as words:
            return subprocess.Popen(
                command,
                cwd=self.round.course,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
            )

    def finish(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for its end."""
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return -signal.SIGALRM

    def run(self, *, path: str = "") -> int:
        """Start it and wait."""
        return self.finish(self.start(path=path))

    def complaint(self) -> str:
        """What it said."""
        lines = self.out.read_text(errors="replace").splitlines()
        return "\n".join(line for line in lines if not line.startswith("{"))  # without results

    def changed(self) -> list[str]:
        """In what the class differs from one that nothing befell."""
        assert self.campaign.baseline is not None
        now = gather(self.round, Usage(), 0).honest()
        return [thing for thing, text in self.campaign.baseline.honest.items() if not thing.endswith("result") and now[thing] != text]


def befall(mishap: Mishap, campaign: Campaign) -> Verdict:
    """Let it happen once."""
    scene = Scene(campaign, campaign.arena.new_round())
    happened: list[str] = []
    try:
        happened += mishap.act(scene)
        if mishap.heals:
            happened += _healed(scene)
    except Impossible as reason:
        return Verdict(mishap.name, MACHINERY, mishap.tries, (), str(reason))
    finally:
        scene.round.remove()
    return Verdict(mishap.name, MACHINERY, mishap.tries, tuple(happened))


def _healed(scene: Scene) -> Iterator[str]:
    code = scene.run()
    if code:
        yield f"the next run ends with {code}: {last(scene.complaint())}"
    if changed := scene.changed():
        yield f"after the next run the class differs: {', '.join(changed)}"


def sentence(scene: Scene, code: int) -> Iterator[str]:
    """A grader that cannot work says so in a sentence."""
    said = scene.complaint()
    if code == -signal.SIGALRM:
        yield "it hung"
    elif code == 0:
        yield "it ended as if all was well"
    elif "Traceback (most recent call last)" in said:
        yield f"a traceback where a sentence belongs: {last(said)}"
    elif not said.strip() or len(said.strip().splitlines()) > _WORDS:
        yield f"{len(said.strip().splitlines())} lines where a sentence belongs"


def last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:160] if lines else "it says nothing"
