"""Turn what a subject answered into verdicts: compare with the reference, name the fault, score. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from course_utils.checking import diagnose
from course_utils.checking.by_hand import REFUSAL
from course_utils.checking.compare import STAGES, Difference, compare
from course_utils.checking.declare import Check
from course_utils.checking.helpers import at_fault, called_by, is_wrong
from course_utils.checking.naming import Key, Names, Wrong, wrong_in
from course_utils.checking.observe import Call, Trace, observe
from course_utils.checking.report import Report
from course_utils.checking.session import Ref, Reply, Session
from course_utils.checking.slips import VAGUE
from course_utils.checking.stopped import reference_failed, stop
from course_utils.checking.verdict import UNWRITTEN, Verdict, listed, shown

SPOILT = 0.1  # of an exercise's points are lost, once, when right numbers come with a changed input
_MORE = 2  # names of other observations in one check
Traces = Mapping[Key, Trace]
Checks = Mapping[str, Sequence[Check]]


class Oracle(Protocol):
    """Knows what the reference answers, and what is wrong in answers that are not right."""

    def wanted(self, check: Check, seed: int) -> Trace:
        """What the reference answers to this check with this seed."""
        ...

    def mistakes(self, check: Check, seed: int) -> Mapping[str, Wrong]:
        """By sentence, what is wrong in every known mistake of the exercise."""
        ...

    def slips(self, check: Check, seed: int) -> Mapping[str, Wrong]:
        """By sentence (and what follows a tab), what is wrong when one operation of the reference is another one."""
        ...

    def trivial(self, check: Check, seed: int) -> Sequence[frozenset[str]]:
        """For each answer that does nothing, the observations that it fulfils."""
        ...

    def helpers(self, exercise: str) -> Sequence[str]:
        """The earlier exercises that the reference of this one calls."""
        ...


def check_exercise(
    exercise: str, checks: Sequence[Check], session: Session, oracle: Oracle, seeds: Iterable[int], others: Checks = MappingProxyType({})
) -> Report:
    """Run all checks of one exercise on a session and judge them.

    `others` holds the checks of the lab's other exercises: where this one fails and calls one that fails as well, the report
    says that first.
    """
    seeds = tuple(seeds)
    traces = observe_all(checks, session, seeds, oracle)
    report = judge(exercise, checks, traces, oracle)
    if not is_wrong(report):
        return report
    called = [name for name in oracle.helpers(exercise) if name in others and name in called_by(exercise, session, others)]
    reports = {name: check_exercise(name, others[name], session, oracle, seeds) for name in called}
    blamed = at_fault(called, called, reports)
    return judge(exercise, checks, traces, oracle, blamed) if blamed else report


def observe_all(checks: Sequence[Check], session: Session, seeds: Sequence[int], oracle: Oracle) -> dict[Key, Trace]:
    """All that an exercise answers. A check that did not come back with one seed is not asked with another."""
    traces: dict[Key, Trace] = {}
    session = _Remembering(session)
    for check in checks:
        for seed in check.asked_with(seeds):
            trace = traces[check.id, seed] = observe(check, session, seed, oracle.wanted(check, seed))
            if trace.raised and trace.raised.kind in ("missing", "timeout", "died", "not implemented"):
                break
    return traces


_LATE = 2  # calls of one exercise that were interrupted for their length: after that it is not called any more


class _Remembering:
    """A session that asks only once for the same function, and does not wait for ever: in a sandbox every question is a message."""

    def __init__(self, session: Session) -> None:
        self.forget = session.forget
        self._lookup, self._perform = session.lookup, session.perform
        self._known: dict[str, Reply] = {}
        self._late: list[Reply] = []

    def perform(self, *operation: Any, **how: Any) -> Reply:
        """One operation, unless the exercise has used up its patience: its other checks would take the time of the exercises after it."""
        if len(self._late) >= _LATE:
            return self._late[-1]
        reply = self._perform(*operation, **how)
        if reply.raised is not None and reply.raised.kind == "timeout":
            self._late.append(reply)
        return reply

    def lookup(self, name: str) -> Reply:
        if name in self._known:
            return self._known[name]
        reply = self._lookup(name)
        if isinstance(reply.value, Ref):  # a plain value may change between two questions
            self._known[name] = reply
        return reply


def judge(exercise: str, checks: Sequence[Check], traces: Traces, oracle: Oracle, blamed: Sequence[str] = ()) -> Report:
    """The report on an exercise from the traces of its checks.

    An observation counts when it is right with every seed; the observations of a check earn equal shares of its points.
    `blamed` names exercises that this one calls and that fail their own checks: then the fault is looked for there.
    """
    case = _Case(checks, traces, oracle, not blamed)
    verdicts = [_verdict(_Evidence(check, case)) for check in checks]
    verdicts = _once_for_inputs(_earned(verdicts, case), case)
    failed = [verdict for verdict in verdicts if verdict.outcome == "failed"]
    return Report(exercise, tuple(verdicts), first=_blame(blamed) if failed else "")


def _blame(helpers: Sequence[str]) -> str:
    if not helpers:
        return ""
    names, they = " and ".join(helpers), "fail their own checks: mend them" if len(helpers) > 1 else "fails its own check: mend that"
    return f"you call {names}, which {they} first"


def not_run(exercise: str, checks: Sequence[Check], reason: str) -> Report:
    """The report on an exercise whose cell did not run: what was defined before is not judged."""
    if "No module named 'torch'" in reason and any(check.by_hand for check in checks):  # it is not there where a lab is graded
        return Report(exercise, tuple(Verdict(check.title, "failed", 0, check.points, REFUSAL, diagnosis=REFUSAL) for check in checks))
    return Report(exercise, tuple(Verdict(check.title, "not attempted", 0, check.points, reason) for check in checks))


class _Case:
    """All that is known of one exercise when its verdicts are written; what costs time is looked up when it is needed."""

    def __init__(self, checks: Sequence[Check], traces: Traces, oracle: Oracle, may_name: bool) -> None:
        self.checks = {check.id: check for check in checks}
        self.traces, self.oracle, self._may_name = traces, oracle, may_name
        self.wanted = {key: oracle.wanted(self.checks[key[0]], key[1]) for key in traces}
        self.credited = False  # a wrong gradient that is right for the student's own loss: no answer that does nothing has that
        self.mine = {key: wrong_in(trace, self.wanted[key]) for key, trace in traces.items()}

    def _names(self, candidates: Callable[[Check, int], Mapping[str, Wrong]], **how: Any) -> Names:
        found = {key: candidates(self.checks[key[0]], key[1]) for key in self.traces} if self._may_name else {}
        return Names(self.mine if found else {}, found, **how)

    @cached_property
    def known(self) -> Names:
        return self._names(self.oracle.mistakes)

    @cached_property
    def slips(self) -> Names:
        return self._names(self.oracle.slips, whole=math.inf, throughout=True)

    @cached_property
    def told(self) -> tuple[str, bool]:
        """The sentence that explains all that is wrong, or "", and whether it is a known mistake's."""
        known = self.known.of_all()
        return (known, True) if known else (self.slips.of_all(VAGUE) or "", False)

    def mistake(self, check: str, observation: str) -> str:
        """The known mistake that explains one observation, or ""."""
        return self.known.of_all() or self.known.of_observation(check, observation) or ""

    @property
    def slip(self) -> str:
        """The slip in one operation that explains all that is wrong, or "": of one observation alone it would be a guess."""
        return self.slips.of_all(VAGUE) or ""

    def does_nothing(self) -> bool:
        """Whether all that is right would also be right in an answer that does nothing."""
        right = {key: want.observations.keys() - self.mine[key].values.keys() for key, want in self.wanted.items()}
        fulfilled = {key: self.oracle.trivial(self.checks[key[0]], key[1]) for key, names in right.items() if names}
        answers = range(len(next(iter(fulfilled.values()), ())))
        return any(all(right[key] <= found[number] for key, found in fulfilled.items()) for number in answers)


class _Evidence:
    """One check of a case."""

    def __init__(self, check: Check, case: _Case) -> None:
        self.check, self.case = check, case
        self.traces = {key: trace for key, trace in case.traces.items() if key[0] == check.id}
        self.names = list(dict.fromkeys(name for key in self.traces for name in case.wanted[key].observations))

    def differences(self) -> dict[str, tuple[Key, Difference]]:
        """By observation, the first seed with which it is wrong, and how."""
        found: dict[str, tuple[Key, Difference]] = {}
        for key, trace in self.traces.items():
            for name, want in self.case.wanted[key].observations.items():
                wrong = name not in found and name in self.case.mine[key].values  # what is equal has no difference
                difference = compare(name, trace.observations.get(name), want) if wrong else None
                if difference:
                    found[name] = key, difference
        return found

    def why(self, name: str, key: Key, stage: str = "values") -> tuple[str, bool]:
        """The diagnosis of one wrong observation, or "", and whether it is a known mistake's sentence."""
        known = self.case.mistake(self.check.id, name)
        if known:
            return known, True
        facts = self._facts(name, key)
        slip = self.case.slip
        if stage == "dtype":  # fractions that were cut off look like other faults
            return slip, False
        plain = diagnose.plainly(name, facts)
        vague = slip if slip in VAGUE else ""
        return plain or slip.removesuffix(vague) or diagnose.from_values(name, facts) or vague, False

    def _facts(self, name: str, key: Key) -> diagnose.Facts:
        want = self.case.wanted[key]
        call = want.called(name)
        sizes = diagnose.shapes(call.arguments if call else ())
        return diagnose.Facts(self.traces[key].observations, want.observations, sizes, want.inputs.get(name, {}))

    def printed(self) -> str:
        """What the student's function printed; nothing of a check that is not shown."""
        return "" if self.check.hidden else next((trace.printed for trace in self.traces.values() if trace.printed), "")


class _Charge(NamedTuple):
    """The wrong observations of one check: those that are charged, and those that only follow from another."""

    differences: Mapping[str, tuple[Key, Difference]]
    credited: Sequence[str]

    @property
    def charged(self) -> list[str]:
        return [name for name in self.differences if name not in self.credited]


def _verdict(evidence: _Evidence) -> Verdict:
    check, case = evidence.check, evidence.case
    for key, trace in evidence.traces.items():
        if case.wanted[key].raised:
            return Verdict(check.title, "could not run", 0, check.points, reference_failed(case.wanted[key].raised))
        if trace.raised:
            return _stopped(evidence, trace, case.wanted[key])
    differences = evidence.differences()
    if not differences:
        return Verdict(check.title, "passed", check.points, check.points, printed=evidence.printed())
    return _wrong_value(evidence, _Charge(differences, _right_for_own_forward(evidence, differences)))


def _wrong_value(evidence: _Evidence, charge: _Charge) -> Verdict:
    check, charged = evidence.check, charge.charged
    evidence.case.credited |= bool(charge.credited)
    name = min(charged, key=lambda name: STAGES.index(charge.differences[name][1].stage))
    key, difference = charge.differences[name]
    why, known = evidence.why(name, key, difference.stage)
    others = [other for other in charged if other != name]
    reasons = _reasons(evidence, charge, others, why)
    lines = [
        _called(evidence.case.wanted[key].called(name)),
        difference.sentence,
        why,
        "" if known else _spoilt(evidence, key),
        f"also wrong: {listed(others)}" if others else "",
        *reasons,
        f"right for your own {name}, no points lost: {listed(charge.credited)}" if charge.credited else "",
    ]
    score = check.points * (len(evidence.names) - len(charged)) / len(evidence.names)
    return Verdict(
        check.title,
        "failed",
        _quarters(score),
        check.points,
        _message(lines),
        why if known else None,
        difference,
        _message([why or (difference.sentence if difference.stage == "dtype" else ""), *reasons]),
        evidence.printed(),
    )


def _spoilt(evidence: _Evidence, key: Key) -> str:
    """Whether an input was changed where a value is wrong: the rest of the function may have worked with the changed one."""
    changed = evidence.traces[key].changed
    return f"besides, {_changed_sentence(changed, evidence.case.wanted[key].calls)}" if changed else ""


def _reasons(evidence: _Evidence, charge: _Charge, others: Sequence[str], said: str) -> list[str]:
    """What can be said of the other observations, where it is something else."""
    found: dict[str, str] = {}
    for other in others:
        key, difference = charge.differences[other]
        why = evidence.why(other, key, difference.stage)[0]
        if why and why != said and why not in found.values():
            found[other] = why
    return [why if other in why else f"{other}: {why}" for other, why in islice(found.items(), _MORE)]


def _right_for_own_forward(evidence: _Evidence, differences: Mapping[str, tuple[Key, Difference]]) -> list[str]:
    """The wrong gradients that belong to a wrong forward result whose fault has a name: one mistake, charged once."""
    found = []
    for name, (key, _) in differences.items():
        values = [trace.observations.get(name) for trace in evidence.traces.values()]
        forward = getattr(evidence.case.wanted[key].observations[name], "forward", "")
        if forward in differences and all(map(diagnose.right_for_own_forward, values)):
            found += [name] if evidence.why(str(forward), differences[forward][0])[0] else []
    return found


def _stopped(evidence: _Evidence, trace: Trace, want: Trace) -> Verdict:
    """The verdict when the probe did not reach its end."""
    outcome, lines, diagnosis = stop(evidence.check, trace, want)
    if diagnosis == REFUSAL:
        return Verdict(evidence.check.title, outcome, 0, evidence.check.points, REFUSAL, diagnosis=REFUSAL)
    stopped_at = want.calls[len(trace.calls) - 1] if 0 < len(trace.calls) <= len(want.calls) else None
    told, known = evidence.case.told if outcome == "failed" else ("", False)
    called = "" if lines == [UNWRITTEN] else _called(stopped_at)  # whoever has written nothing asks for no inputs
    return Verdict(
        evidence.check.title,
        outcome,
        0,
        evidence.check.points,
        _message([called, *lines, told]),
        told if known else None,
        None,
        told or diagnosis,
        evidence.printed(),
    )


def _earned(verdicts: Sequence[Verdict], case: _Case) -> list[Verdict]:
    """What an answer that does nothing is right about earns nothing alone."""
    if case.credited or all(verdict.outcome == "passed" for verdict in verdicts) or not case.does_nothing():
        return list(verdicts)
    said = "an answer that does nothing gets this right too: it counts once something else is right"
    return [verdict.without_points(said) if verdict.outcome in ("passed", "failed") and verdict.score else verdict for verdict in verdicts]


def _once_for_inputs(verdicts: list[Verdict], case: _Case) -> list[Verdict]:
    """Right numbers with a changed input lose a small share of the exercise, once, where it first shows."""
    share = max(0.25, math.ceil(4 * SPOILT * sum(verdict.max_score for verdict in verdicts)) / 4)
    for number, (check, verdict) in enumerate(zip(case.checks.values(), verdicts, strict=True)):
        spoilt = next((key for key, trace in case.traces.items() if key[0] == check.id and trace.changed and not trace.raised), None)
        if spoilt is not None and verdict.outcome == "passed" and verdict.score:
            lost = min(share, verdict.score)
            told, known = case.told
            changed = _changed_sentence(case.traces[spoilt].changed, case.wanted[spoilt].calls)
            message = _message([f"right, but {changed} (−{shown(lost)})", told])
            verdicts[number] = verdict.spoilt(lost, message, told if known else None, changed)
            break
    return verdicts


def _quarters(points: float) -> float:
    """Points read well: rounded down to a quarter."""
    return math.floor(4 * points + 1e-9) / 4


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
