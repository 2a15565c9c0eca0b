"""The wire: values come back as they were, and what is malformed is refused."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from typing import Any

import msgpack
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox import wire
from grader.sandbox.codec import MAX_DEPTH, MAX_NODES, WireError

numeric = st.one_of(
    hnp.boolean_dtypes(), hnp.integer_dtypes(), hnp.unsigned_integer_dtypes(), hnp.floating_dtypes(), hnp.complex_number_dtypes()
)
arrays = numeric.flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)))
scalars = numeric.flatmap(lambda dtype: hnp.arrays(dtype, ()).map(lambda array: array[()]))
leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), st.text(), st.binary(), arrays, scalars)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner), st.lists(inner).map(tuple), st.dictionaries(st.text() | st.integers(), inner)),
    max_leaves=10,
)


def refuse(part: Any) -> Any:
    raise WireError(f"refused {part}")


def there_and_back(value: Any) -> Any:
    frame = wire.pack({"value": value}, refuse, 2**24)
    total, tree, *_ = wire.HEAD.unpack_from(frame)
    assert total == len(frame) - wire.HEAD.size
    return wire.unpack(frame[wire.HEAD.size :], tree, refuse)["value"]


def same(one: Any, other: Any) -> bool:
    """Equal in type and to the bit, which no == says of NaN, -0.0 or True."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return repr(one) == repr(other)


@given(values)
def test_values_come_back_as_they_were(value: Any) -> None:
    assert same(there_and_back(value), value)


@pytest.mark.parametrize("value", [slice(1, None, -1), ..., (slice(None), ..., 0)])
def test_indices_come_back(value: Any) -> None:
    assert there_and_back(value) == value


@pytest.mark.parametrize("array", [np.eye(3).T[::-1], np.zeros((0, 3)), np.array(5.0), np.arange(6, dtype=">i4").reshape(2, 3)])
def test_arrays_of_any_layout_come_back_writable(array: np.ndarray) -> None:
    back = there_and_back(array)
    np.testing.assert_array_equal(back, array)
    assert back.dtype == array.dtype
    back[...] = 1


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16", "int64", "bool", "complex64"])
def test_tensors_come_back(dtype: str) -> None:
    tensor = torch.ones(2, 3).to(getattr(torch, dtype))
    back = there_and_back(tensor)
    assert back.dtype == tensor.dtype
    assert torch.equal(back, tensor)


@pytest.mark.parametrize("dtype", ["float64", "bfloat16", "int64"])
def test_where_torch_is_not_loaded_a_tensor_is_its_numbers(dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = wire.pack({"value": torch.full((2, 3), 2.5).to(getattr(torch, dtype))}, refuse, 2**24)
    monkeypatch.delitem(sys.modules, "torch")
    back = wire.unpack(frame[wire.HEAD.size :], wire.HEAD.unpack_from(frame)[1], refuse)["value"]
    np.testing.assert_array_equal(back, np.full((2, 3), 2 if dtype == "int64" else 2.5))


def test_a_tensor_keeps_asking_for_its_gradient() -> None:
    assert there_and_back(torch.nn.Parameter(torch.ones(2))).requires_grad


class Lying(float):
    def __float__(self) -> float:
        raise RuntimeError

    def __repr__(self) -> str:
        return "lies"


def test_subclasses_of_plain_types_arrive_as_the_plain_type() -> None:
    class Pair(tuple):
        pass

    class Text(str):
        def __str__(self) -> str:
            return "plain"

    back = there_and_back([Pair((1, True, np.float32(2))), Text("x")])
    assert same(back, [(1, True, np.float32(2)), "x"])
    assert [*map(type, there_and_back({np.int64(3): 1, np.uint8(4): 2}))] == [int, int]


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, np.array([object()]), np.array(["a"]), np.array([1], "M8[s]"), np.zeros(2, [("a", "f8")]), {(1, 2): 3}, len],
)
def test_what_is_no_data_is_refused(value: Any) -> None:
    with pytest.raises(WireError):
        there_and_back(value)


def test_what_is_too_deep_too_big_or_endless_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    deep: Any = 1
    for _ in range(MAX_DEPTH + 1):
        deep = [deep]
    for value in (deep, np.zeros(2**22), "x" * 2**25, [0] * MAX_NODES):
        with pytest.raises(WireError):
            there_and_back(value)
    with pytest.raises((WireError, RecursionError)):
        there_and_back(endless)


def frame_of(tree: Any, blobs: tuple[bytes, ...] = ()) -> tuple[bytes, int]:
    packed = msgpack.packb([["d", "value", tree], [len(blob) for blob in blobs]])
    return packed + b"".join(blobs), len(packed)


@pytest.mark.parametrize(
    "tree",
    [
        ["a", "<f8", [3], 0],  # more bytes than there are
        ["a", "<f8", [-1], 0],
        ["a", "<f8", [1], 1],
        ["a", "<f8", [1], -1],
        ["a", "<f8", [True], 0],
        ["a", "|O", [1], 0],
        ["a", "<f8,<f8", [1], 0],
        ["a", "<f3", [1], 0],
        ["a", "<U2", [1], 0],
        ["a", "<f8", [0, 2**39, 2**39], 0],
        ["a", "<f8", [1] * 40, 0],
        ["n", "<f8", b"123"],
        ["n", "|O", b"12345678"],
        ["i", b"x" * 10_000],
        ["d", 1],
        ["d", ["l"], 1],
        ["d", 1.5, 1],
        ["T", "torch.load", False, "<f8", [1], 0],
        ["T", "torch.int64", True, "<i8", [1], 0],
        ["T", "torch.complex128", False, "|u1", [8], 0],  # sixteen times what was sent
        ["u", 1],
        ["b", -1],
        ["u", True, 0],
        ["r", 1],
        ["f", 1],
        ["g", 1],
        ["unknown"],
        [],
        [1, 2],
        {"a": 1},
        msgpack.ExtType(5, b"x"),
        msgpack.Timestamp(0),
    ],
    ids=str,
)
def test_malformed_trees_are_refused(tree: Any) -> None:
    with pytest.raises(WireError):
        wire.unpack(*frame_of(tree, (bytes(8),)), refuse)


def test_a_long_text_that_is_none_is_refused() -> None:
    with pytest.raises(WireError, match="a text that is none"):
        wire.unpack(*frame_of(["u", 0], (b"\xff\xfe",)), refuse)


@pytest.mark.parametrize("value", ["é" * 5000, "\ud800" * 5000, b"\xff" * 5000, {"k" * 5000: 1}])
def test_long_texts_come_back(value: Any) -> None:
    assert same(there_and_back(value), there_and_back([value])[0])
    assert len(there_and_back(value)) == len(value)


@given(st.binary(max_size=200), st.integers(0, 200))
def test_noise_is_refused(noise: bytes, tree: int) -> None:
    with pytest.raises(WireError):
        wire.unpack(noise, min(tree, len(noise)), refuse)


@given(values, st.data())
def test_a_changed_byte_gives_a_value_or_a_refusal(value: Any, data: st.DataObject) -> None:
    frame = bytearray(wire.pack({"value": value}, refuse, 2**24))
    tree, body = wire.HEAD.unpack_from(frame)[1], frame[wire.HEAD.size :]
    body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(WireError):  # the usual case
        wire.unpack(body, tree, refuse)


def head(total: int, tree: int) -> bytes:
    """Of a reply that nobody asked for."""
    return wire.HEAD.pack(total, tree, wire.KINDS.index("reply"), bytes(16))


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield wire.Channel(ours, 2**20), theirs


def test_a_frame_that_never_ends_times_out(ends: Any) -> None:
    channel, theirs = ends
    theirs.send(head(1000, 10) + b"x")
    with pytest.raises(TimeoutError):
        channel.receive(time.monotonic() + 0.05)


def test_a_frame_that_says_it_is_huge_is_refused_unread(ends: Any) -> None:
    channel, theirs = ends
    theirs.send(head(2**31, 10))
    with pytest.raises(WireError, match="2 GiB is too big"):
        channel.receive(time.monotonic() + 1)


def test_a_tree_longer_than_its_frame_is_refused(ends: Any) -> None:
    channel, theirs = ends
    theirs.send(head(10, 11) + bytes(10))
    with pytest.raises(WireError):
        channel.receive(time.monotonic() + 1)


def test_an_end_that_nobody_reads_times_out(ends: Any) -> None:
    channel, _ = ends
    with pytest.raises(TimeoutError):
        channel.send(os.urandom(2**23), time.monotonic() + 0.05)


def test_the_end_of_the_other_is_told(ends: Any) -> None:
    channel, theirs = ends
    theirs.close()
    with pytest.raises(wire.Closed):
        channel.receive(time.monotonic() + 1)
    with pytest.raises(wire.Closed):
        channel.send(b"x")
