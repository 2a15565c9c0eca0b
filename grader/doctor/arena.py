"""The course that is attacked: built once, copied for every round, with honest neighbours and secrets in it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from grader.build import course_config, generate, install, scripts_on_path
from grader.doctor.attacks.case import LAB, NOTEBOOK, PLACES, POINTS, WHOLE, Case, Draft
from grader.doctor.honest import SOURCES, ordinary, right_answers, text_of, wrong_answers

Kind = Literal["bwrap", "none", "nbgrader"]
HONEST = ("ada", "bob", "cleo")
DESERVED = [(WHOLE, WHOLE), (WHOLE - POINTS["center"],) * 2, (0.0, 0.0)]
SECONDS = {"cell": 3, "notebook": 45}  # what one submission may take
_TIMEOUT = 5  # nbgrader's, of a cell
_LIMITS = (
    *("--cell-seconds", str(SECONDS["cell"]), "--notebook-seconds", str(SECONDS["notebook"]), "--cpu-seconds", "30"),
    *("--memory-mb", "512", "--processes", "32", "--file-mb", "16"),
)
_FOR_NBGRADER = f"""
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "attacked"
c.Execute.timeout = {_TIMEOUT}
c.ExecutePreprocessor.timeout = {_TIMEOUT}
c.Execute.startup_timeout = 60
c.ExecutePreprocessor.record_timing = False
"""


@dataclass
class Arena:
    """Folders of one run: `base` is never graded, each round gets a copy of it."""

    root: Path
    kind: Kind
    mark: str = field(default_factory=lambda: f"attack-{secrets.token_hex(6)}")
    secrets: dict[str, str] = field(default_factory=lambda: {place: f"canary-{place}-{secrets.token_hex(8)}" for place in PLACES})
    rounds: int = 0

    @property
    def base(self) -> Path:
        return self.root / "base"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def solutions(self) -> Path:
        return self.root / "solutions"

    @property
    def secret_file(self) -> Path:
        """A secret that lies on the machine, where the grader's user may read it."""
        return Path("/tmp") / f"handgrad-secret-{self.mark}"

    def build(self) -> None:
        """Make the lab's source and the course. Raises UserError when it cannot be built."""
        self.home.mkdir(parents=True)
        (self.home / ".netrc").write_text(self.secrets["home"], encoding="utf-8")
        if self.kind == "nbgrader":
            self._build_ordinary()
        else:
            for path in sorted((SOURCES / LAB).glob("*.py")):
                self._write(self.solutions / LAB / path.name, path.read_text(encoding="utf-8"))
            install(self.solutions / LAB, self.base)
            notes = self.base / ".handgrad" / LAB
            notes.mkdir(parents=True, exist_ok=True)
        self._hide_in_gradebook()

    def _build_ordinary(self) -> None:
        self._write(self.base / "nbgrader_config.py", _FOR_NBGRADER)
        self._write(self.base / "source" / LAB / NOTEBOOK, text_of(ordinary()))
        with scripts_on_path():
            generate(LAB, course_config(self.base))

    def _write(self, path: Path, text: str) -> None:
        for place, secret in self.secrets.items():
            text = text.replace(f"@{place.upper()}@", secret)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _hide_in_gradebook(self) -> None:
        with closing(sqlite3.connect(self.base / "gradebook.db")) as database, database:
            database.execute("insert into student (id, first_name, last_name) values ('absent', 'A', ?)", (self.secrets["gradebook"],))

    def new_round(self) -> Round:
        """A copy of the course with the honest ones in it."""
        self.rounds += 1
        folder = self.root / f"round-{self.rounds}"
        shutil.copytree(self.base, folder / "course", symlinks=True)
        if self.solutions.exists():
            shutil.copytree(self.solutions, folder / "solutions")
        for name in ("out", "tmp"):
            (folder / name).mkdir()
        fresh = Round(self, folder)
        fresh.hand_in_honest()
        return fresh


@dataclass
class Round:
    """One copy of the course, in which one run of the grader is watched."""

    arena: Arena
    folder: Path

    @property
    def course(self) -> Path:
        return self.folder / "course"

    @property
    def solutions(self) -> Path:
        """Its own copy of the lab's source."""
        return self.folder / "solutions"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def draft(self, student: str, mark: str, port: int = 9) -> Draft:
        """An honest submission to start from."""
        released = json.loads((self.arena.base / "release" / LAB / NOTEBOOK).read_text(encoding="utf-8"))
        return Draft(released, right_answers(), student, self.words(mark, port))

    def words(self, mark: str, port: int) -> dict[str, str]:
        """What an attacker knows of the place."""
        sources = self.course / "source" if self.arena.kind == "nbgrader" else self.solutions
        return {
            "MARK": mark,
            "RUN": self.arena.mark,
            "COURSE": str(self.course),
            "SOURCES": str(sources),
            "HOME": str(self.arena.home),
            "SECRET_FILE": str(self.arena.secret_file),
            "PORT": str(port),
            "KEY": str(int(self.arena.mark[-6:], 16)),
        }

    def hand_in_honest(self) -> None:
        """Three who do no harm: all right, one slip, nothing done. What the first wrote is nobody else's business."""
        submitted = self.course / "submitted"
        for student, given in zip(HONEST, (right_answers(), wrong_answers(), {}), strict=True):
            draft = self.draft(student, "none")
            draft = draft if given else Draft(draft.released, {}, student, draft.words)
            for exercise, answer in given.items():
                draft.answer(exercise, answer)
            if student == HONEST[0]:
                draft.insert(f"# mine alone: {self.arena.secrets['neighbour']}")
            draft.hand_in(submitted)

    def hand_in(self, cases: Sequence[Case], port: int) -> None:
        """What the attackers hand in."""
        for case in cases:
            draft = self.draft(case.called, f"{self.arena.mark}-{case.name}", port)
            case.make(draft)
            draft.hand_in(self.course / "submitted")

    def commands(self, workers: int) -> list[list[str]]:
        """What grades this round."""
        if self.arena.kind == "nbgrader":
            program = [sys.executable, "-m", "nbgrader"]
            return [[*program, verb, LAB, "--force"] for verb in ("autograde", "generate_feedback")]
        words = ["grade", LAB, "--course", str(self.course), "--solutions", str(self.solutions), "--json"]
        return [handgrad(*words, "--workers", str(workers), "--sandbox", self.arena.kind, *_LIMITS)]

    def environment(self) -> dict[str, str]:
        """The grader's environment, with a secret in it."""
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "VIRTUAL_ENV") if name in os.environ}
        threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        return (
            kept
            | threads
            | {
                "PYTHONPATH": python_path(),
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
                "HOME": str(self.arena.home),
                "MPLCONFIGDIR": str(self.arena.home / "matplotlib"),
                "TMPDIR": str(self.folder / "tmp"),
                "HANDGRAD_DOCTOR_TOKEN": self.arena.secrets["environment"],
                "PYTHONDONTWRITEBYTECODE": "1",
                "JUPYTER_PLATFORM_DIRS": "1",
            }
        )

    def remove(self) -> None:
        """Clear away, however deep it is."""
        subprocess.run(["rm", "-rf", "--", str(self.folder)], check=False)


def handgrad(*words: str) -> list[str]:
    """The command line of `handgrad` with this interpreter."""
    return [sys.executable, "-c", "import sys; from course_utils.cli import main; sys.exit(main())", *words]


def python_path() -> str:
    """Where this very `grader` and `course_utils` lie, also when a process starts in another folder."""
    here = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join(dict.fromkeys([here, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]))


def prepare_fonts(home: Path) -> None:
    """matplotlib lists the fonts of a new home when it is first imported there, which takes seconds: once is enough."""
    environment = os.environ | {"HOME": str(home), "MPLCONFIGDIR": str(home / "matplotlib")}
    subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], env=environment, capture_output=True, check=False)
