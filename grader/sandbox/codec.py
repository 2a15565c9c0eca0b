"""Values as msgpack and back: numbers, text, arrays and containers of these; never code, never pickles.

A message is a tree of tagged lists (`["t", 1, 2]` is a tuple) beside a list of *blobs*, the raw bytes of its arrays and of
long texts. So the tree stays small, and decoding a hostile one costs little: blobs are copied, not parsed.

Three kinds of objects travel as names only: a `Ref` (an object that stays in the sandbox), a `Seeded` (a generator to be
made there) and a callback (a function that stays with the grader).
"""

from __future__ import annotations

import functools
import math
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.checking.plain import Layout, is_plain, is_tensor, laid_out, layout_of, plain_base
from course_utils.checking.session import Ref, Seeded

MAX_DEPTH = 64
MAX_NODES = 50_000  # decoding so many takes up to 0.2 s; an honest message of the labs has a few hundred
_LONG = 1000  # characters or bytes: what is longer travels as a blob
_DTYPE = re.compile(r"[<>|][biufc]\d{1,2}")
_INT64 = range(-(2**63), 2**63)
_MAX_BIG_INT = 4096  # bytes; an int of 32768 bits is more than any lab needs


class WireError(ValueError):
    """A message that breaks the rules, or a value that does not fit into one."""


class Encoder:
    """Turns one message into its tree and its blobs; `special` encodes what is no data, or raises WireError."""

    def __init__(self, special: Callable[[Any], list[Any]]) -> None:
        self.blobs: list[bytes] = []
        self._special = special
        self._nodes = 0

    def tree(self, value: Any, depth: int = 0) -> Any:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("the value is nested too deeply or has too many parts")
        kind = type(value)
        leaf = _LEAVES.get(kind)
        if leaf:
            return self._leaf(leaf(value)) if is_plain(value) else self._special(value)
        if isinstance(value, _NAMES):  # named tuples: before tuple
            return self._special(value)
        if kind is list or kind is tuple:
            return self._parts("l" if kind is list else "t", value, depth + 1)
        if kind is dict and all(isinstance(key, _KEYS) for key in value):
            return self._parts("d", [part for item in value.items() for part in item], depth + 1)
        return self._other(value, depth)

    def _parts(self, tag: str, values: Sequence[Any], depth: int) -> list[Any]:
        """A container; most parts of most messages are themselves, and not asked one by one what they are."""
        if values and (depth > MAX_DEPTH or self._nodes + len(values) > MAX_NODES):
            raise WireError("the value is nested too deeply or has too many parts")
        parts: list[Any] = [tag]
        for value in values:
            kind = type(value)
            if kind in _AS_THEY_ARE or (kind is str and len(value) <= _LONG and value.isascii()) or (kind is int and value in _INT64):
                self._nodes += 1
                parts.append(value)
            else:
                parts.append(self.tree(value, depth))
        if self._nodes > MAX_NODES:
            raise WireError("the value is nested too deeply or has too many parts")
        return parts

    def _leaf(self, leaf: Any) -> Any:
        if type(leaf) not in (str, bytes) or len(leaf) <= _LONG:
            return leaf
        self.blobs.append(leaf.encode("utf-8", "surrogatepass") if type(leaf) is str else leaf)
        return ["u" if type(leaf) is str else "b", len(self.blobs) - 1]

    def _other(self, value: Any, depth: int) -> Any:
        if type(value) is np.ndarray and _is_sent(value.dtype.str):
            return ["a", *self._array(value)]
        if isinstance(value, np.ndarray) and _is_sent(value.dtype.str):
            # a subclass of somebody's own is its numbers; np.matrix multiplies otherwise, so it stays what it is
            return ["m" if isinstance(value, np.matrix) else "a", *self._array(value.view(np.ndarray))]
        if isinstance(value, np.generic) and _is_sent(value.dtype.str):
            return ["n", value.dtype.str, value.tobytes()]
        if is_tensor(value):
            return self._tensor(value)
        if type(value) is slice and is_plain(value):
            return ["s", *(self.tree(part, depth + 1) for part in (value.start, value.stop, value.step))]
        if is_plain(value):
            return self.tree(plain_base(value), depth + 1)
        return self._special(value)

    def _array(self, array: np.ndarray[Any, Any]) -> list[Any]:
        self.blobs.append(array.tobytes())
        if array.flags.carray:  # nearly always: the rest costs more
            return [array.dtype.str, list(array.shape), len(self.blobs) - 1]
        found = layout_of(array)
        usual = found == Layout(tuple(range(array.ndim)))
        how = [] if usual else [[list(found.order), list(found.backwards), found.gaps, found.writable]]
        return [array.dtype.str, list(array.shape), len(self.blobs) - 1, *how]

    def _tensor(self, tensor: Any) -> list[Any]:
        torch = sys.modules["torch"]
        plain = tensor.detach().cpu()
        name = str(plain.dtype)
        if plain.dtype is torch.bfloat16:  # NumPy has no such type; every bfloat16 is a float32
            plain = plain.to(torch.float32)
        return ["T", name, bool(tensor.requires_grad), *self._array(plain.resolve_conj().resolve_neg().numpy())]


class Decoder:
    """Turns a tree and its blobs back into values; `special` decodes what is no data, or raises WireError."""

    def __init__(self, blobs: Sequence[memoryview], special: Callable[[list[Any]], Any]) -> None:
        self._blobs = blobs
        self._special = special
        self.nodes = 0

    def value(self, tree: Any, depth: int = 0) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise WireError("a message is nested too deeply or has too many parts")
        if type(tree) is not list:
            if tree is not None and type(tree) not in _SCALARS:  # msgpack's own maps, timestamps and extensions
                raise WireError("a message has a part of a strange type")
            return tree
        if not tree or type(tree[0]) is not str:
            raise WireError("a message has a part without a tag")
        tag, parts = tree[0], tree[1:]
        if tag in ("l", "t"):
            items = self._values(parts, depth + 1)
            return items if tag == "l" else tuple(items)
        if tag == "d":
            return self._dict(self._values(parts, depth + 1))
        if tag == "s" and len(parts) == 3:
            return slice(*(self.value(part, depth + 1) for part in parts))
        return self._leaf(tag, parts)

    def _values(self, parts: list[Any], depth: int) -> list[Any]:
        """The parts of a container: most are themselves."""
        if parts and (depth > MAX_DEPTH or self.nodes + len(parts) > MAX_NODES):
            raise WireError("a message is nested too deeply or has too many parts")
        plain = [type(part) in _PLAIN for part in parts]
        simple = sum(plain)
        self.nodes += simple  # before the others are looked into: a chain of containers is to count them as well
        if simple == len(parts):
            return parts
        return [part if as_it_is else self.value(part, depth) for part, as_it_is in zip(parts, plain, strict=True)]

    def _dict(self, parts: list[Any]) -> dict[str | int, Any]:
        keys, items = parts[::2], parts[1::2]
        if len(keys) != len(items) or not _KEY_TYPES.issuperset(map(type, keys)):
            raise WireError("a message has a dict with strange keys")
        return dict(zip(keys, items, strict=True))

    def _leaf(self, tag: str, parts: list[Any]) -> Any:
        match tag, parts:
            case "a", [str(dtype), list(shape), int(blob), *how]:
                return self._array(dtype, shape, blob, how)
            case "m", [str(dtype), [_, _] as shape, int(blob), *how]:
                return self._array(dtype, shape, blob, how).view(np.matrix)
            case "T", [str(name), bool(gradient), str(dtype), list(shape), int(blob), *how]:
                return self._tensor(name, gradient, self._array(dtype, shape, blob, how))
            case "n", [str(dtype), bytes(data)] if len(data) == _dtype(dtype).itemsize:
                return np.frombuffer(data, _dtype(dtype))[0]
            case "u", [int(blob)]:
                return self._text(self._blob(blob))
            case "b", [int(blob)]:
                return bytes(self._blob(blob))
            case "c", [float(real), float(imag)]:
                return complex(real, imag)
            case "i", [bytes(data)] if len(data) <= _MAX_BIG_INT:
                return int.from_bytes(data, "little", signed=True)
            case "e", []:
                return ...
        return self._special([tag, *parts])

    def _array(self, dtype: str, shape: list[Any], blob: int, how: list[Any]) -> np.ndarray[Any, Any]:
        kind = _dtype(dtype)
        lengths = [length for length in shape if type(length) is int and 0 <= length < 2**40]
        if len(lengths) != len(shape) or len(shape) > 32:
            raise WireError("a message has an array of a strange shape")
        data = self._blob(blob)
        if math.prod(lengths) * kind.itemsize != len(data):
            raise WireError("a message has an array whose bytes do not fill its shape")
        try:
            array = np.frombuffer(data, kind).reshape(lengths)
            return laid_out(array, _layout(how)) if how else array.copy()
        except ValueError:  # an empty array whose other lengths are absurd, or no order of its axes
            raise WireError("a message has an array of a strange shape") from None

    def _blob(self, number: int) -> memoryview:
        if not 0 <= number < len(self._blobs):
            raise WireError("a message names a blob that it has not")
        return self._blobs[number]

    def _text(self, blob: memoryview) -> str:
        try:
            return str(blob, "utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise WireError("a message has a text that is none") from None

    def _tensor(self, name: str, gradient: bool, array: np.ndarray[Any, Any]) -> Any:
        torch = sys.modules.get("torch")
        if torch is None:  # the numbers are what is judged: torch is not loaded for them
            return array
        dtype = getattr(torch, name.removeprefix("torch."), None)
        if not isinstance(dtype, torch.dtype):
            raise WireError("a message has a tensor of a strange type")
        try:
            tensor = torch.from_numpy(array)
            if tensor.dtype is not (torch.float32 if dtype is torch.bfloat16 else dtype):  # bytes that claim to be complex would grow
                raise WireError("a message has a tensor of a strange type")
            return tensor.to(dtype).requires_grad_(gradient)
        except (TypeError, RuntimeError):  # uint16, or whole numbers that claim a gradient
            raise WireError("a message has a tensor of a strange type") from None


def _layout(how: list[Any]) -> Layout:
    match how:
        case [[[*order], [*backwards], bool(gaps), bool(writable)]] if all(type(axis) is int for axis in [*order, *backwards]):
            return Layout(tuple(order), tuple(backwards), gaps, writable)
    raise ValueError("no layout")


@functools.lru_cache(maxsize=200)
def _is_sent(dtype: str) -> bool:
    return _DTYPE.fullmatch(dtype) is not None


@functools.lru_cache(maxsize=200)
def _dtype(name: str) -> np.dtype[Any]:
    if not _DTYPE.fullmatch(name):
        raise WireError("a message has an array that is not numeric")
    try:
        return np.dtype(name)
    except TypeError:
        raise WireError("a message has an array that is not numeric") from None


def _int(value: int) -> Any:
    if value in _INT64:
        return value
    length = value.bit_length() // 8 + 1
    if length > _MAX_BIG_INT:
        raise WireError(f"a whole number of {length} bytes is too big to be sent")
    return ["i", value.to_bytes(length, "little", signed=True)]


def _same(value: Any) -> Any:
    return value


_KEYS, _NAMES = (str, int), (Ref, Seeded)
_SCALARS = (type(None), bool, int, float, str, bytes)
_PLAIN, _KEY_TYPES = frozenset(_SCALARS), frozenset({str, int, bool})
_AS_THEY_ARE = frozenset({type(None), bool, float})
_LEAVES: dict[type, Callable[[Any], Any]] = {
    type(None): _same,
    bool: _same,
    int: _int,
    float: _same,
    str: plain_base,
    bytes: _same,
    complex: lambda value: ["c", value.real, value.imag],
    type(...): lambda value: ["e"],
}
