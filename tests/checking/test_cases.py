"""Recorded observations survive the way to the disk and back, without pickles and byte for byte the same."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from course_utils.checking import Lab, at_least
from course_utils.checking.cases import Packer, load
from course_utils.checking.observe import Call, Trace
from course_utils.checking.session import Raised
from course_utils.checking.values import Follows, Opaque

TINY = Path(__file__).parents[1] / "fixtures" / "solutions" / "lab_tiny"

numbers = st.one_of(st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), st.complex_numbers(allow_nan=False))
leaves = st.one_of(
    st.none(),
    st.text(max_size=5),
    numbers,
    st.builds(np.float32, st.floats(-9, 9, width=32)),
    arrays(st.sampled_from([np.float64, np.int32, np.bool_, np.complex64]), array_shapes(min_side=0, max_side=3)),
    st.just(Opaque("generator")),
    st.just(at_least(0.5, 0.25)),
    st.just(Follows(1.0, 2.0, "loss")),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.one_of(st.text(max_size=3), st.integers(0, 9)), inner, max_size=3),
    ),
    max_leaves=8,
)


def same(a, b):
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return type(a) is type(b) and (a == b or a != a)


@given(values)
def test_every_value_comes_back(value):
    packer = Packer()
    packed = packer.pack(value)
    assert same(Packer(packer.data).unpack(packed), value)


@given(values)
def test_every_trace_comes_back(value):
    trace = Trace({"a": value}, (Call("f", (("X", "(2, 3)"),), "3 results"),), (("f", "0"),), Raised("error", "E"), ("w",))
    packer = Packer()
    packed = packer.pack_trace(trace)
    back = Packer(packer.data).unpack_trace(packed)
    assert back[1:5] == trace[1:5]
    assert same(back.observations, trace.observations)


def test_arrays_of_objects_are_refused():
    with pytest.raises(ValueError, match="no recorded observation"):
        Packer(b"12345678").unpack({"array": ["|O", [1], 0]})


def test_cases_hold_no_pickles_and_are_the_same_every_time(tmp_path):
    recorded = Lab.from_source(TINY).record().to_bytes()
    path = tmp_path / "cases.npz"
    path.write_bytes(recorded)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            array = np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)
            assert array.dtype == np.uint8
    assert load(path).to_bytes() == recorded == Lab.from_source(TINY).record().to_bytes()
