"""Turn what a subject answered into verdicts: compare with the reference, diagnose, score. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from course_utils.checking import diagnose
from course_utils.checking.compare import STAGES, Difference, compare
from course_utils.checking.declare import Check
from course_utils.checking.observe import Call, Trace, observe
from course_utils.checking.report import Report, Verdict
from course_utils.checking.session import Raised, Ref, Reply, Session

Key = tuple[str, int]  # check id, seed
Traces = Mapping[Key, Trace]


class Oracle(Protocol):
    """Knows what the reference and the known mistakes answer."""

    def wanted(self, check: Check, seed: int) -> Trace:
        """What the reference answers to this check with this seed."""
        ...

    def mistakes(self, check: Check, seed: int) -> Mapping[str, Trace]:
        """By sentence, what every known mistake of the exercise answers."""
        ...


def check_exercise(exercise: str, checks: Sequence[Check], session: Session, oracle: Oracle, seeds: Iterable[int]) -> Report:
    """Run all checks of one exercise on a session and judge them."""
    seeds = tuple(seeds)
    return judge(exercise, checks, observe_all(checks, session, seeds, oracle), oracle)


def observe_all(
    checks: Sequence[Check], session: Session, seeds: Sequence[int], oracle: Oracle
) -> dict[Key, Trace]:
    """All that an exercise answers. A check that did not come back with one seed is not asked with another."""
    traces: dict[Key, Trace] = {}
    session = _Remembering(session)
    for check in checks:
        for seed in check.asked_with(seeds):
            trace = traces[check.id, seed] = observe(check, session, seed, oracle.wanted(check, seed))
            if trace.raised and trace.raised.kind in ("missing", "timeout", "died", "not implemented"):
                break
    return traces


class _Remembering:
    """A session that asks only once for the same function: in a sandbox every question is a message."""

    def __init__(self, session: Session) -> None:
        self.perform = session.perform
        self._lookup = session.lookup
        self._known: dict[str, Reply] = {}

    def lookup(self, name: str) -> Reply:
        if name in self._known:
            return self._known[name]
        reply = self._lookup(name)
        if isinstance(reply.value, Ref):  # a plain value may change between two questions
            self._known[name] = reply
        return reply


def judge(exercise: str, checks: Sequence[Check], traces: Traces, oracle: Oracle) -> Report:
    """The report on an exercise from the traces of its checks.

    An observation counts when it is right with every seed; the observations of a check earn equal shares of its points.
    """
    by_id = {check.id: check for check in checks}
    wanted = {key: oracle.wanted(by_id[key[0]], key[1]) for key in traces}
    if all(_right(traces[key], wanted[key]) for key in traces):
        return Report(exercise, tuple(Verdict(check.title, "passed", check.points, check.points) for check in checks))
    mistakes: dict[str, dict[Key, Trace]] = {}
    for key in traces:
        for sentence, trace in oracle.mistakes(by_id[key[0]], key[1]).items():
            mistakes.setdefault(sentence, {})[key] = trace
    told = diagnose.known_mistake(traces, mistakes)
    verdicts = []
    for check in checks:
        mine = {key: trace for key, trace in traces.items() if key[0] == check.id}
        verdicts.append(_verdict(_Evidence(check, mine, wanted, mistakes, told)))
    return Report(exercise, tuple(verdicts))


def _right(trace: Trace, wanted: Trace) -> bool:
    """Whether there is nothing to explain: mistakes, which cost time to run, are only asked for where there is."""
    if trace.raised or wanted.raised or trace.changed:
        return False
    want = wanted.observations
    return all(compare(name, trace.observations.get(name), want[name]) is None for name in want)


class _Evidence(NamedTuple):
    """All that is known of one check when its verdict is written."""

    check: Check
    traces: Traces
    wanted: Traces
    mistakes: Mapping[str, Mapping[Key, Trace]]
    told: str | None  # the known mistake that gives the same answers throughout the exercise

    def why(self, name: str, key: Key) -> tuple[str, str | None]:
        """The diagnosis of one wrong observation, and the mistake's sentence when it is a known one."""
        mistake = self.told or diagnose.mistaken_observation(name, self.traces, self.mistakes)
        want = self.wanted[key]
        call = want.called(name)
        sizes = diagnose.shapes(call.arguments if call else ())
        seen = diagnose.from_values(name, self.traces[key].observations, want.observations, sizes)
        return mistake or seen or "", mistake


def _verdict(evidence: _Evidence) -> Verdict:
    check, traces, wanted = evidence.check, evidence.traces, evidence.wanted
    for key, trace in traces.items():
        if wanted[key].raised:
            return Verdict(check.title, "could not run", 0, check.points, _reference_failed(wanted[key].raised))
        if trace.raised:
            return _stopped(check, trace, wanted[key], evidence.told)
    names = _names(wanted, traces)
    differences = {name: found for name in names if (found := _first_difference(name, traces, wanted))}
    spoilt = next((key for key, trace in traces.items() if trace.changed), None)
    if spoilt and all(difference.stage == "values" for _, difference in differences.values()):
        lines = [_changed_sentence(traces[spoilt].changed, wanted[spoilt].calls), evidence.told or ""]
        return Verdict(check.title, "failed", 0, check.points, _message(lines), evidence.told)
    if not differences:
        return Verdict(check.title, "passed", check.points, check.points)
    credited = _right_for_own_forward(evidence, differences)
    score = 0.0 if spoilt else check.points * (len(names) - len(differences) + len(credited)) / len(names)
    return _wrong_value(evidence, round(score, 6), differences, credited)


def _wrong_value(evidence: _Evidence, score: float, differences: Mapping[str, tuple[Key, Difference]], credited: Sequence[str]) -> Verdict:
    check = evidence.check
    charged = [name for name in differences if name not in credited]
    name = min(charged, key=lambda name: STAGES.index(differences[name][1].stage))
    key, difference = differences[name]
    why, mistake = evidence.why(name, key)
    others = [other for other in charged if other != name]
    lines = [
        _called(evidence.wanted[key].called(name)),
        difference.sentence,
        why,
        f"also wrong: {', '.join(others)}" if others else "",
        f"right for your own {name}, and not charged again: {', '.join(credited)}" if credited else "",
    ]
    return Verdict(check.title, "failed", score, check.points, _message(lines), mistake, difference)


def _right_for_own_forward(evidence: _Evidence, differences: Mapping[str, tuple[Key, Difference]]) -> list[str]:
    """The wrong gradients that belong to a wrong forward result whose fault has a name: one mistake, charged once."""
    found = []
    for name, (key, _) in differences.items():
        values = [trace.observations.get(name) for trace in evidence.traces.values()]
        forward = getattr(evidence.wanted[key].observations[name], "forward", "")
        if forward in differences and all(map(diagnose.right_for_own_forward, values)):
            found += [name] if evidence.why(str(forward), differences[forward][0])[0] else []
    return found


def _names(wanted: Traces, traces: Traces) -> list[str]:
    return list(dict.fromkeys(name for key in traces for name in wanted[key].observations))


def _first_difference(name: str, traces: Traces, wanted: Traces) -> tuple[Key, Difference] | None:
    for key, trace in traces.items():
        if name in wanted[key].observations:
            difference = compare(name, trace.observations.get(name), wanted[key].observations[name])
            if difference:
                return key, difference
    return None


def _stopped(check: Check, trace: Trace, want: Trace, told: str | None) -> Verdict:
    """The verdict when the probe did not reach its end."""
    raised = trace.raised or Raised("died")
    stopped_at = want.calls[len(trace.calls) - 1] if 0 < len(trace.calls) <= len(want.calls) else None
    outcome, lines = "failed", [_called(stopped_at)]
    if raised.kind == "missing":
        outcome, lines = "not attempted", [_missing(check, raised)]
    elif raised.kind == "not implemented":
        outcome, lines = "not attempted", [_unwritten(check, trace.calls, raised)]
    elif raised.kind == "died":
        outcome, lines = "could not run", [raised.message]
    elif raised.kind == "probe":
        lines.append(_unusable(trace.calls, want.calls, raised))
    elif raised.kind in ("signature", "timeout"):
        lines.append(raised.message)
    else:
        lines.append(f"{raised.type}: {_plain_words(raised.message)}".split("\n")[0][:200])
        lines.append(f"in the line: {raised.line}" if raised.line else "")
    mistake = told if outcome == "failed" else None
    return Verdict(check.title, outcome, 0, check.points, _message([*lines, mistake or ""]), mistake)


# NumPy speaks of gufunc signatures and core dimensions where a student thinks of columns and rows
_MATMUL = re.compile(r"matmul: Input operand 1 has a mismatch in its core dimension 0.*size (\d+) is different from (\d+)")
_NO_GPU = re.compile(r"not compiled with CUDA|no NVIDIA driver|No CUDA GPUs")
_DOT = re.compile(r"shapes (\(.*?\)) and (\(.*?\)) not aligned.*")


def _plain_words(message: str) -> str:
    if found := _MATMUL.search(message):
        return f"the product A @ B does not fit: A has {found[2]} columns, B has {found[1]} rows"
    if found := _DOT.search(message):
        return f"the product does not fit: the shapes are {found[1]} and {found[2]}"
    if _NO_GPU.search(message):
        return "there is no GPU on this machine: use the device that was given, and never write cuda yourself"
    return message


def _missing(check: Check, raised: Raised) -> str:
    name = raised.message.split(" ")[0]
    if name == check.exercise:
        return f"{name} is not defined yet: write it in the cell above and run that cell"
    if not raised.message.endswith("is not defined"):  # a library that is not installed
        return raised.message
    return f"needs {name}, which is not defined yet: run the notebook from the top"


def _unwritten(check: Check, calls: Sequence[Call], raised: Raised) -> str:
    asked = calls[-1].label.replace("()", "").split(".") if calls else []
    if raised.function and raised.function not in (check.exercise, "<module>", "__init__", *asked):
        return f"needs {raised.function}, which is not written yet"
    return "not written yet"


def _unusable(calls: Sequence[Call], wanted: Sequence[Call], raised: Raised) -> str:
    """A probe that could not use a result: tell which result was of another kind than the reference's."""
    if not calls and wanted and "not callable" in raised.message:
        return f"{wanted[0].label} is not a function: is the name used for something else further down?"
    for call, want in zip(calls, wanted, strict=False):
        if call.result != want.result and not (call.result[:1] == want.result[:1] == "["):
            missing = ": does it end with return?" if call.result == "None" else ""
            return f"{call.label} gives {_kind_of(call.result)}, want {_kind_of(want.result)}{missing}"
    return f"the check could not use the result ({raised.type}: {raised.message})"[:200]


def _kind_of(result: str) -> str:
    return f"an array of shape {result}" if result.startswith("(") else result


def _reference_failed(raised: Raised | None) -> str:
    what = f"{raised.type}: {raised.message}" if raised else ""
    return f"the check itself broke on the reference answer ({what}): that is our mistake, please report it"[:300]


def _called(call: Call | None) -> str:
    if not call or not call.arguments:
        return ""
    return f"called with {', '.join(f'{name} {text}' for name, text in call.arguments)}"


def _changed_sentence(changed: Sequence[tuple[str, str]], calls: Sequence[Call]) -> str:
    label, argument = changed[0]
    call = next((call for call in calls if call.label == label), None)
    if argument.isdigit() and call and int(argument) < len(call.arguments):
        argument = call.arguments[int(argument)][0]
    return f"the argument {argument} is not the same after the call: work on a copy of it"


def _message(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line)
