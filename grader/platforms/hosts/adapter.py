"""In a host's container: grade what a student handed in, and write what the host reads.

`python -m grader.platforms.hosts.adapter gradescope|prairielearn`, as root, with HOME/judge as the first place of Python's path. The best
sandbox that the container allows is taken: bubblewrap, else the container itself. Without either nothing is run, and the result says so.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils.errors import UserError
from grader.batch import Alone
from grader.files import write_atomically
from grader.judging import FAILED, Assignment, Result
from grader.platforms.hosts import results
from grader.platforms.hosts.wheel import BUNDLE
from grader.sandbox import Kind, Limits, Sandbox, SandboxUnavailable

_RESULTS = "results/results.json"
_SECONDS = 540.0  # PrairieLearn ends a container after ten minutes, and so does Gradescope unless it is told otherwise


@dataclass(frozen=True)
class Host:
    """Where a host puts things below `root`: what was handed in, and what is none of the student's business; and how it reads results."""

    root: Path
    submission: str
    closed: tuple[str, ...]
    write: Callable[[Result, Assignment], dict[str, Any]]


HOSTS: Mapping[str, Host] = {
    # the metadata hold what earlier submissions got, hidden checks included
    "gradescope": Host(Path("/autograder"), "submission", ("source", "results", "submission_metadata.json"), results.gradescope),
    "prairielearn": Host(Path("/grade"), "student", ("tests", "serverFilesCourse", "data", "results"), results.prairielearn),
}


def grade(host: Host, judge: Path, seconds: float = _SECONDS) -> Result:
    """Grade one submission and write the results, whatever happens; `judge` is the folder that `arrange` filled."""
    until = time.monotonic() + seconds
    (host.root / _RESULTS).parent.mkdir(parents=True, exist_ok=True)
    closed = [path for path in (judge.parent / "source", *map(host.root.joinpath, host.closed)) if path.exists()]
    for path in closed:
        with contextlib.suppress(PermissionError):  # not root: then there is bubblewrap, or nothing
            path.chmod(0o700 if path.is_dir() else 0o600)
    result, assignment = Result("", "", "", FAILED), None
    with tempfile.TemporaryDirectory() as scratch:
        try:
            alone = Alone.read((judge / BUNDLE).read_bytes(), Path(scratch))
            assignment = alone.assignment
            result = alone.grade(_folder(host), best_sandbox(), until - time.monotonic(), (judge, *closed))
        except (UserError, SandboxUnavailable) as sentence:
            print(sentence, file=sys.stderr)
        except Exception:  # noqa: BLE001 - a host shows nothing where there are no results
            traceback.print_exc()
    if result.detail:
        print(result.detail, file=sys.stderr)
    found = host.write(result, assignment or Assignment("", (), None, (), {}, 0.0))
    write_atomically(host.root / _RESULTS, json.dumps(found).encode(), 0o600)
    return result


def best_sandbox() -> Kind:
    """bubblewrap where it works, tried with a process; else the container."""
    try:
        with Sandbox(limits=Limits()) as sandbox, sandbox.start():
            return "bwrap"
    except SandboxUnavailable as sentence:
        print(sentence, file=sys.stderr)
        return "container"


def _folder(host: Host) -> Path:
    """What was handed in. A host that lost it is no student's fault."""
    folder = host.root / host.submission
    if not folder.is_dir():
        raise UserError(f"There is no {folder}.")
    return folder


def main() -> int:
    """Returns 0 when the submission was graded, or could not be by its own fault."""
    if sys.argv[1:] == ["sandbox"]:  # what `doctor` examines
        print(best_sandbox())
        return 0
    if len(sys.argv) != 2 or sys.argv[1] not in HOSTS:
        raise SystemExit(f"Which host? {' or '.join(HOSTS)}.")
    import grader

    os.umask(0o077)
    judge = Path(str(grader.__file__)).parent.parent
    result = grade(HOSTS[sys.argv[1]], judge)
    print(f"{result.status}: {result.score:g} of {result.max_score:g} points; sandbox: {result.sandbox or 'none was started'}")
    return 1 if result.status == FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
