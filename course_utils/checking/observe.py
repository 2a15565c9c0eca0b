"""Run one probe on somebody's subjects and write down what happened: a `Trace`."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from course_utils.checking.compare import equal
from course_utils.checking.declare import Check
from course_utils.checking.describe import describe, describe_argument
from course_utils.checking.perform import ARITHMETIC, HEARD, OPERATORS
from course_utils.checking.plain import NUMERIC, copied
from course_utils.checking.session import Raised, Ref, Reply, Seeded, Session
from course_utils.checking.values import Bound, Follows, Opaque
from course_utils.errors import UserError

_DIRECTIONS = 2
_INPUT_ENTRIES = 500  # of an array that is kept for the diagnosis
_NUMBERS, _SEQUENCES, _SHARED = (float, int, np.number), (list, tuple), (bool, int, str)


class Call(NamedTuple):
    """One call of a subject: its label, the arguments by position or keyword, and what came back, described."""

    label: str
    arguments: tuple[tuple[str, str], ...]
    result: str


class Trace(NamedTuple):
    """What one probe saw with one seed."""

    observations: dict[str, Any]
    calls: tuple[Call, ...] = ()
    changed: tuple[tuple[str, str], ...] = ()  # (label of the call, argument) changed in place
    raised: Raised | None = None
    warned: tuple[str, ...] = ()
    origins: Mapping[str, int] = {}  # the call whose result, or a part of whose result, an observation is
    inputs: Mapping[str, Mapping[str, Any]] = {}  # by observation, the numeric arguments of that call; the reference's only
    printed: str = ""

    def called(self, name: str) -> Call | None:
        """The call that an observation came from, if that can be told."""
        if name in self.origins:
            return self.calls[self.origins[name]]
        return self.calls[0] if len({(call.label, call.arguments) for call in self.calls}) == 1 else None


class SubjectRaisedError(Exception):
    """Carries what the student's code raised through the probe."""

    def __init__(self, raised: Raised) -> None:
        super().__init__(f"{raised.type}: {raised.message}")
        self.raised = raised


class Subject:
    """A student's object inside a probe: calls, attributes and operators go through the session."""

    def __init__(self, watch: Watch, ref: Ref, label: str) -> None:
        self.__dict__.update(_watch=watch, _ref=ref, _label=label)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._watch.perform("call", self, args, kwargs)

    def _described(self) -> str:
        """What an error message calls it: the student's own by its name, a library's by its type."""
        return self._ref.type if self._watch.check.reaches_library(self._label) else f"your {self._label}"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._watch.perform("getattr", self, (name,), {}, label=f"{self._label}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        self._watch.perform("setattr", self, (name, value), {})

    def __iter__(self) -> Iterator[Any]:
        iterator = self._watch.perform("iter", self, (), {})
        while True:
            try:
                yield self._watch.perform("next", iterator, (), {})
            except SubjectRaisedError as error:
                if error.raised.type == "StopIteration":
                    return
                raise

    def __len__(self) -> int:
        try:
            return operator.index(self._watch.perform("len", self, (), {}))
        except SubjectRaisedError as error:
            if error.raised.type == "TypeError":  # list() asks for a length, and goes on without one
                raise TypeError(error.raised.message) from None
            raise

    def __float__(self) -> float:
        return float(self._watch.perform("float", self, (), {}))

    def __eq__(self, other: object) -> Any:
        return self._watch.perform("eq", self, (other,), {})

    def __hash__(self) -> int:  # equality belongs to the student's object; equal ones are taken for one by a set only if they are one
        return hash(self._ref.key)

    __array_ufunc__ = None  # so that an array on the left leaves the operator to the student's object


def _operator(name: str) -> Callable[..., Any]:
    def method(self: Subject, *args: Any) -> Any:
        return self._watch.perform(name, self, args, {})

    return method


for _name in [*OPERATORS, *ARITHMETIC, *(f"r{name}" for name in ARITHMETIC)]:
    setattr(Subject, f"__{_name}__", _operator(_name))


class Watch:
    """Performs operations for one run of a probe and keeps the record of it."""

    def __init__(self, check: Check, session: Session, *, keep_inputs: bool = False) -> None:
        self.check, self._session, self._keeps_inputs = check, session, keep_inputs
        self.calls: list[Call] = []
        self.results: list[Any] = []
        self.changed: list[tuple[str, str]] = []
        self.warned: list[str] = []
        self.inputs: list[dict[str, Any]] = []
        self.printed = ""

    def lookup(self, name: str) -> Any:
        reply = self._session.lookup(self.check.asked_for(name))
        if reply.raised:
            raise SubjectRaisedError(reply.raised)
        if reply.value is None:  # how an exercise that is a value looks before it is written
            raise SubjectRaisedError(Raised("not implemented", "", f"{name} is None", "", name))
        return self.wrap(reply.value, name)

    def perform(self, op: str, subject: Subject, args: tuple[Any, ...], kwargs: dict[str, Any], label: str | None = None) -> Any:
        label = label or subject._label
        sent = tuple(sendable(arg) for arg in args)
        sent_kwargs = {name: sendable(arg) for name, arg in kwargs.items()}
        reply = self._session.perform(op, subject._ref, sent, sent_kwargs, by_hand=self.check.by_hand, quiet=self.check.quiet)
        made = f"{label}()" if op == "call" and isinstance(reply.value, Ref) else label
        result = self.wrap(reply.value, made)
        if op == "call" and not self.check.reaches_library(label):
            named = tuple(_named(subject._ref, args, kwargs))
            described = tuple((name, _described(arg)) for name, arg in named)
            self.calls.append(Call(label, described, "an error" if reply.raised else describe(reply.value)))
            self.results.append(result)
            self.inputs.append({name: copied(arg) for name, arg in named if _is_input(arg)} if self._keeps_inputs else {})
        self._note_changes(subject, label, args, kwargs, reply)
        self.printed += reply.printed[: max(0, HEARD - len(self.printed))]
        if reply.raised:
            raise SubjectRaisedError(reply.raised)
        return result

    def _note_changes(self, subject: Subject, label: str, args: tuple[Any, ...], kwargs: dict[str, Any], reply: Reply) -> None:
        for key, value in reply.changed.items():
            original = args[key] if isinstance(key, int) and key < len(args) else kwargs.get(str(key))
            if key in self.check.mutates and _copy_back(original, value):
                continue
            # a library's function has its own names; what the student calls an argument is left to the report
            library = self.check.reaches_library(label) and isinstance(key, int)
            self.changed.append((label, _parameter(subject._ref, int(key)) if library else str(key)))
        self.warned += [warning for warning in reply.warned if warning not in self.warned]

    def wrap(self, value: Any, label: str) -> Any:
        """What came back as the probe sees it: data, and subjects in the place of references."""
        if isinstance(value, Ref):
            return Subject(self, value, label)
        if type(value) in (list, tuple):
            return type(value)(self.wrap(item, label) for item in value)
        if type(value) is dict:
            return {key: self.wrap(item, label) for key, item in value.items()}
        return value


def observe(check: Check, session: Session, seed: int, wanted: Trace | None = None, *, keep_inputs: bool = False) -> Trace:
    """Run a check's probe once; whatever the student's code does ends up in the trace, never as an exception.

    `wanted` is the reference's trace: with it, a wrong gradient is compared with the student's own forward function too.
    `keep_inputs` keeps what the subject was given: the reference's inputs say what a wrong number is made of.
    """
    watch = Watch(check, session, keep_inputs=keep_inputs)
    observations: dict[str, Any] = {}
    origins: dict[str, int] = {}
    raised = None
    try:
        arguments = {name: _argument(check, watch, name, seed) for name in check.parameters}
        found = check.probe(**arguments)
        if not isinstance(found, dict):
            raise UserError(f"The probe of {check.id} returns {describe(found)}: let it return a dict of observations.")
        observations = {name: _observation(value) for name, value in found.items()}
        origins = _origins(found, watch.results)
        observations = {name: _followed(name, observations, wanted) for name in observations}
    except SubjectRaisedError as error:
        raised = error.raised
    except UserError:
        raise
    except Exception as error:  # noqa: BLE001 - what the subject returned did not fit the probe
        raised = Raised("probe", type(error).__name__, str(error)[:300])
    finally:
        session.forget()  # a function of this check, kept by the student's code, is to help with no other
    inputs = {name: watch.inputs[number] for name, number in origins.items()} if keep_inputs else {}
    return Trace(observations, tuple(watch.calls), tuple(watch.changed), raised, tuple(watch.warned), origins, inputs, watch.printed)


def _followed(name: str, observations: dict[str, Any], wanted: Trace | None) -> Any:
    """Settle the second oracle of a gradient: it costs many calls, so only where it can change the verdict."""
    value = observations[name]
    if not isinstance(value, Follows):
        return value
    want = wanted.observations if wanted else {}
    asked = {name, value.forward} <= want.keys()
    if not asked or any(equal(observations.get(each), want[each]) for each in (name, value.forward)):
        return value._replace(own=None)
    try:
        return value._replace(own=_own_slopes(*value.own))
    except Exception:  # noqa: BLE001 - a forward function that breaks near the point has no gradient there
        return value._replace(own=None)


def _own_slopes(function: Callable[[Any], Any], point: Any, h: float = 1e-5) -> Any:
    """Slopes of a function along a few directions, by central differences: the error is of order h², the rounding 1e-16 / h."""
    steps = h * directions(point.shape)
    return np.array([(float(function(point + step)) - float(function(point - step))) / (2 * h) for step in steps])


def directions(shape: tuple[int, ...]) -> Any:
    """Directions along which a gradient is tried: a wrong one that is right along all of them would be a great accident."""
    return np.random.default_rng(0).normal(size=(_DIRECTIONS, *shape))


def _argument(check: Check, watch: Watch, name: str, seed: int) -> Any:
    if name == "rng":
        return np.random.default_rng(seed)
    return watch.lookup(check.exercise if name == "subject" else name)


def _is_input(argument: Any) -> bool:
    if isinstance(argument, np.ndarray):
        return argument.dtype.kind in NUMERIC and argument.size <= _INPUT_ENTRIES
    return isinstance(argument, _NUMBERS) and not isinstance(argument, bool)


def _described(argument: Any) -> str:
    return argument._described() if isinstance(argument, Subject) else describe_argument(argument)


def _named(ref: Ref, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for position, arg in enumerate(args):
        yield _parameter(ref, position), arg
    yield from kwargs.items()


def _parameter(ref: Ref, position: int) -> str:
    """What an argument is called, or its position where that cannot be told."""
    return ref.parameters[position] if position < len(ref.parameters) else str(position)


def _origins(found: dict[str, Any], results: list[Any]) -> dict[str, int]:
    """By identity: the call whose result, or a part of whose result, is the observation."""
    parts = {}
    for number, result in enumerate(results):
        for part in [result, *(result if isinstance(result, _SEQUENCES) else ())]:
            if part is not None and not isinstance(part, _SHARED):  # small constants are shared by everybody
                parts[id(part)] = number
    seen = {name: value.value if isinstance(value, Follows) else value for name, value in found.items()}
    return {name: parts[id(value)] for name, value in seen.items() if id(value) in parts}


def sendable(value: Any) -> Any:
    """An argument as the session takes it: a generator becomes a fresh seed, so that no seed of ours gets out."""
    if isinstance(value, Subject):
        return value._ref
    if isinstance(value, np.random.Generator):
        return Seeded(int(value.integers(2**62)))
    if type(value) in (list, tuple):
        return type(value)(sendable(item) for item in value)
    if type(value) is dict:
        return {key: sendable(item) for key, item in value.items()}
    return value


def _copy_back(original: Any, value: Any) -> bool:
    """Let the probe see an allowed change in place."""
    if isinstance(original, dict) and isinstance(value, dict):
        original.clear()
        original.update(value)
    elif isinstance(original, list) and isinstance(value, list):
        original[:] = value
    elif isinstance(original, np.ndarray) and isinstance(value, np.ndarray) and original.shape == value.shape:
        original[...] = value
    else:
        return False
    return True


def _observation(value: Any) -> Any:
    if isinstance(value, Subject):
        return Opaque(value._ref.type)
    if isinstance(value, np.ndarray) and value.dtype.kind not in NUMERIC:  # what a probe made of rows of different lengths, say
        return Opaque(f"array of {value.dtype}")
    if isinstance(value, Follows):
        return value._replace(value=_observation(value.value))
    if isinstance(value, Bound):
        return value._replace(value=_observation(value.value))
    if type(value) in (list, tuple):
        return type(value)(_observation(item) for item in value)
    if type(value) is dict:
        return {key: _observation(item) for key, item in value.items()}
    return value
