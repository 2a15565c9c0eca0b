"""What wrong answers gave that no known mistake names: asked with seeds that all courses and years share.

A class has secret seeds, and other ones each time that it is graded with `--force`. So such an answer is asked once more, with the seeds of
the notebook. That happens after the whole notebook was judged: every verdict is final by then, and no code of the student's runs any more
that could use what it learns from being asked. An answer that reads a name which later cells bind again gives what it gives then.
"""

from __future__ import annotations

import time
from collections.abc import Container, Mapping
from typing import Any

from course_utils.cells import AT_LINE, UNRUN
from course_utils.checking.compare import STAGES, compare
from course_utils.checking.judge import Traces, observe_all
from course_utils.checking.lab import Lab
from course_utils.checking.naming import INPUTS, wrong_in
from course_utils.checking.observe import Trace
from course_utils.checking.session import Raised
from grader.intake import one_line
from grader.judging.again import Answers, ask_again, replaceable
from grader.judging.alike import SHARING, exact_print, print_of, rough_print
from grader.judging.cells import Runner
from grader.judging.messages import error_type, told, vocabulary, without_addresses
from grader.sandbox import Child

SECONDS = 20.0  # of the clock, for all exercises of a notebook: who needs more is told apart by where the answer is wrong
_LONGEST = 240  # characters of what is said of one answer


def share(
    here: Container[str | None], lab: Lab, runner: Runner, answers: Mapping[str, Answers], entries: dict[str, dict[str, Any]]
) -> None:
    """Ask the exercises of one notebook, `here`, with the seeds that all share, where they are wrong without a name.

    Notes in their entries what they gave.
    """
    until = time.monotonic() + SECONDS
    for exercise, mine in answers.items():
        if exercise not in here or not is_unnamed(entries[exercise], mine):
            continue
        if not mine.unrun and mine.again is None and _comes_back(mine.traces) and runner.alive and time.monotonic() < until:
            mine.shared = observe_all(lab.checks[exercise], runner.session(), SHARING, lab.oracle)
            runner.check_alive()
        entries[exercise] = with_print(exercise, entries[exercise], lab, mine)


def ask_again_to_share(exercise: str, entry: Mapping[str, Any], lab: Lab, answers: Answers, child: Child | None) -> None:
    """The same, of an exercise that was asked a second time, with right helpers, in the process that was made for it."""
    asked = answers.again is not None and _comes_back(answers.again) and is_unnamed(entry, answers)
    if asked and child is not None and child.alive:
        answers.shared = ask_again(exercise, replaceable(answers, lab), lab, child, SHARING)


def is_unnamed(entry: Mapping[str, Any], answers: Answers) -> bool:
    """Whether an exercise is wrong by itself, and no known mistake says why. What follows from a helper's fault is that one's."""
    if answers.unrun:
        return True
    if answers.blamed and answers.again is None:
        return False
    wrong = any(check["outcome"] == "failed" for check in entry["checks"]) or any(map(_died, answers.traces.values()))
    return wrong and not any(check["mistake"] for check in entry["checks"])


def _died(trace: Trace) -> bool:
    return trace.raised is not None and trace.raised.kind == "died"


def _comes_back(traces: Traces) -> bool:
    return not any(trace.raised is not None and trace.raised.kind in ("timeout", "died") for trace in traces.values())


def with_print(exercise: str, entry: dict[str, Any], lab: Lab, answers: Answers) -> dict[str, Any]:
    """An entry of a result; of a wrong answer without a name, with its print, and what it answered in one line."""
    return entry | {"alike": _alike(exercise, lab, answers)} if is_unnamed(entry, answers) else entry


def _alike(exercise: str, lab: Lab, answers: Answers) -> dict[str, str]:
    words = vocabulary(lab.checks, lab.reference)
    if answers.unrun:
        said = told(answers.unrun.removeprefix(f"{UNRUN}{exercise} ").partition(AT_LINE)[0], words)
        return {"print": str(exact_print("unrun", exercise, said)), "said": one_line(f"the cell {said}", _LONGEST)}
    asked = answers.traces if answers.again is None else answers.again
    for traces in (answers.shared, asked):  # with the secret seeds where nothing else shows the fault: then it is known in this class only
        if traces is not None and _comes_back(traces):
            wanted = _wanted(exercise, lab, traces)
            made = print_of(traces, wanted, words)
            if made is not None:
                return {"print": str(made), "said": described(exercise, lab, traces, wanted, words)}
    wanted = _wanted(exercise, lab, asked)
    return {"print": str(rough_print(asked, wanted, words)), "said": described(exercise, lab, asked, wanted, words)}


def _wanted(exercise: str, lab: Lab, traces: Traces) -> dict[tuple[str, int], Trace]:
    checks = {check.id: check for check in lab.checks[exercise]}
    return {key: lab.oracle.wanted(checks[key[0]], key[1]) for key in traces}


def described(exercise: str, lab: Lab, traces: Traces, wanted: Traces, words: frozenset[str]) -> str:
    """What an answer gave, in one line: the first check where it is wrong, what is wrong there, and how many checks it fails."""
    titles = {check.id: check.title for check in lab.checks[exercise]}
    found: dict[str, str] = {}
    for key, trace in traces.items():
        wrong = wrong_in(trace, wanted[key])
        if key[0] not in found and (wrong.values or wrong.raised):
            found[key[0]] = _error(wrong.raised, words) if wrong.raised else _difference(trace, wanted[key], wrong.values)
    check, first = next(iter(found.items()), ("", ""))
    of = f"; wrong in {len(found)} of {len(titles)} checks" if len(titles) > 1 else ""
    return one_line(without_addresses(f"“{titles.get(check, '')}”: {first}"), _LONGEST) + of


def _error(raised: Raised, words: frozenset[str]) -> str:
    if raised.kind == "timeout":
        return "it took too long"
    if raised.kind == "died":
        return "it ended its process"
    return f"{error_type(raised.type, words)}: {told(raised.message, words)}"


def _difference(trace: Trace, wanted: Trace, wrong: Mapping[str, Any]) -> str:
    """The difference that shows first, as a report has it."""
    found = [compare(name, trace.observations.get(name), wanted.observations[name]) for name in wrong if name != INPUTS]
    differences = sorted((each for each in found if each), key=lambda each: STAGES.index(each.stage))
    return differences[0].sentence if differences else "an argument is not the same after the call"
