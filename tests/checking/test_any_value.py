"""Whatever an answer gives is judged in a sentence: no value stops the engine, and both doors see the same one."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.checking import Lab, Local, Report
from course_utils.checking.cases import Packer
from course_utils.checking.judge import judge, observe_all
from course_utils.checking.session import Ref
from grader.sandbox import wire

TINY = Path(__file__).parents[1] / "fixtures" / "solutions" / "lab_tiny"
SEEDS = (11, 23)


class Count(int):
    pass


class Own(np.ndarray):
    pass


class Lying(float):
    def __float__(self) -> float:
        raise RuntimeError


MATRIX = np.array([[1.0, 2.0]]).view(np.matrix)
numbers = st.one_of(
    st.integers(),
    st.integers(-(10**600), 10**600),
    st.floats(),
    st.complex_numbers(),
    st.booleans(),
    st.sampled_from([10**400, -(10**4200), Count(3), Lying(2.0), np.float16(1), np.longdouble(1), np.timedelta64(3, "s"), np.str_("x")]),
)
signed = (hnp.integer_dtypes(), hnp.floating_dtypes(), hnp.complex_number_dtypes())
kinds = st.one_of(*signed, hnp.unsigned_integer_dtypes(), hnp.boolean_dtypes())
arrays = kinds.flatmap(lambda kind: hnp.arrays(kind, st.sampled_from([(), (0,), (3,), (4, 2), (2, 4), (2, 0), (1, 4, 2)])))
views = arrays.map(lambda a: a.T[::-1] if a.ndim else a)
others = st.sampled_from([MATRIX, np.ones((4, 2)).view(Own), np.ma.masked_array([1.0, 2.0], [True, False]), np.array(["a"])])
odd = st.sampled_from([..., slice(None), slice(1, 10**400), print, object(), {1, 2}])
leaves = st.one_of(numbers, st.text(), st.binary(), st.none(), arrays, views, others, odd)
keys = st.one_of(st.text(max_size=3), st.integers(), st.booleans(), st.binary(max_size=2), st.none(), st.tuples(st.integers()))
values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=6,
)


@functools.cache
def lab() -> Lab:
    return Lab.from_source(TINY)


def sent(value: Any) -> Any:
    """A value after its way through the wire; what stays on the other side arrives as a reference."""
    frame = wire.pack({"value": value}, lambda other: ["r", 0, type(other).__name__], 2**24)
    _, tree, *_ = wire.HEAD.unpack_from(frame)
    return wire.unpack(bytearray(frame[wire.HEAD.size :]), tree, lambda parts: Ref(0, parts[2], callable=False))["value"]


def judged(value: Any, exercise: str) -> tuple[Report, Any]:
    session = Local({exercise: lambda *args: value})
    traces = observe_all(lab().checks[exercise], session, SEEDS, lab().oracle)
    return judge(exercise, lab().checks[exercise], traces, lab().oracle), traces


@pytest.mark.parametrize("exercise", ["double", "center"])
@example(value=10**400)
@example(value=b"x")
@example(value=slice(None))
@example(value=[10**400, 1.5])
@example(value={b"x": 1})
@given(value=values)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_every_value_is_told_in_words(exercise: str, value: Any) -> None:
    report, traces = judged(value, exercise)
    assert report.text()
    assert report._repr_html_()
    assert 0 <= report.score <= report.max_score
    for verdict in report.verdicts:
        assert verdict.outcome in ("passed", "failed", "not attempted")
        assert "that is our mistake" not in verdict.message
    packer = Packer()
    kept = {key: json.loads(json.dumps(packer.pack_trace(trace))) for key, trace in traces.items()}
    again = {key: Packer(packer.data).unpack_trace(packed) for key, packed in kept.items()}
    assert judge(exercise, lab().checks[exercise], again, lab().oracle).text() == report.text()


@example(value=10**400)
@example(value=MATRIX)
@given(value=values)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_both_doors_see_the_same_value(value: Any) -> None:
    here = Local({"value": value}).lookup("value").value
    assert alike(here, sent(value)), (here, sent(value))


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, Ref) or isinstance(other, Ref):
        return isinstance(one, Ref) and isinstance(other, Ref) and one.type == other.type
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        same = (one.dtype.str, one.shape, one.flags.writeable) == (other.dtype.str, other.shape, other.flags.writeable)
        return same and one.strides == other.strides and one.tobytes() == other.tobytes()
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, slice):
        return alike((one.start, one.stop, one.step), (other.start, other.stop, other.step))
    return repr(one) == repr(other)


def test_a_number_that_python_itself_does_not_write_is_an_object() -> None:
    report, _ = judged(1 << 20_000, "double")
    assert "y is an object of type int, expected" in report.text()
    assert isinstance(sent(1 << 20_000), Ref)
