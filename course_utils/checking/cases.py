"""Recorded observations: what the reference and the known mistakes answer to the public checks.

They lie beside a released lab as `cases.npz`, so that checks run with no answer on the disk. An npz without pickles:
for every exercise one JSON skeleton and one block of bytes that its arrays are cut from.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.checking.declare import Check
from course_utils.checking.naming import Lazily, Wrong
from course_utils.checking.observe import Call, Trace
from course_utils.checking.plain import NUMERIC, is_tensor
from course_utils.checking.session import Raised
from course_utils.checking.values import Bound, Follows, Opaque

PUBLIC_SEEDS = (11, 23)
_ABOUT = "about.json"
_SPECIAL = (Bound, Follows, Opaque)


class Packer:
    """Takes values apart into JSON and one block of array bytes, and puts them together again."""

    def __init__(self, data: bytes = b"") -> None:
        self._data = bytearray(data)

    @property
    def data(self) -> bytes:
        """The bytes of all arrays packed so far."""
        return bytes(self._data)

    def pack(self, value: Any) -> Any:
        """A value as JSON; arrays go into the block."""
        if isinstance(value, np.generic):
            return {"scalar": self._array(np.asarray(value))}
        if isinstance(value, np.ndarray):
            return {"array": self._array(value)}
        if is_tensor(value):
            return {"tensor": self._array(value.detach().cpu().numpy())}
        if isinstance(value, _SPECIAL):
            return {type(value).__name__.lower(): [self.pack(field) for field in value]}
        if isinstance(value, dict):
            return {"dict": [[self.pack(key), self.pack(item)] for key, item in value.items()]}
        if isinstance(value, tuple):
            return {"tuple": [self.pack(item) for item in value]}
        if isinstance(value, list):
            return [self.pack(item) for item in value]
        return self._rare(value)

    def _rare(self, value: Any) -> Any:
        """What no exercise wants, and an answer may give all the same."""
        if isinstance(value, complex):
            return {"complex": [value.real, value.imag]}
        if isinstance(value, bytes):
            return {"bytes": value.hex()}
        if isinstance(value, slice):
            return {"slice": [self.pack(part) for part in (value.start, value.stop, value.step)]}
        return {"ellipsis": None} if value is ... else value

    def unpack(self, packed: Any) -> Any:
        """The value that `pack` was given."""
        if isinstance(packed, list):
            return [self.unpack(item) for item in packed]
        if not isinstance(packed, dict):
            return packed
        ((kind, content),) = packed.items()
        return getattr(self, f"_un{kind}")(content)

    def _array(self, array: np.ndarray[Any, Any]) -> list[Any]:
        start = len(self._data)
        self._data += np.ascontiguousarray(array).tobytes()
        return [array.dtype.str, list(array.shape), start]

    def _unarray(self, content: list[Any]) -> np.ndarray[Any, Any]:
        dtype, shape, start = np.dtype(content[0]), tuple(content[1]), content[2]
        if dtype.kind not in NUMERIC:
            raise ValueError(f"an array of dtype {dtype} is no recorded observation")
        count = int(np.prod(shape, dtype=np.int64))
        return np.frombuffer(self._data, dtype, count, start).reshape(shape).copy()

    def _unscalar(self, content: list[Any]) -> Any:
        return self._unarray(content)[()]

    def _untensor(self, content: list[Any]) -> Any:
        import torch

        return torch.from_numpy(self._unarray(content))

    def _unbytes(self, content: str) -> bytes:
        return bytes.fromhex(content)

    def _unslice(self, content: list[Any]) -> slice:
        return slice(*map(self.unpack, content))

    def _unellipsis(self, content: None) -> Any:
        return ...

    def _uncomplex(self, content: list[float]) -> complex:
        return complex(*content)

    def _unbound(self, content: list[Any]) -> Bound:
        return Bound(*map(self.unpack, content))

    def _unfollows(self, content: list[Any]) -> Follows:
        return Follows(*map(self.unpack, content))

    def _unopaque(self, content: list[str]) -> Opaque:
        return Opaque(*content)

    def _undict(self, content: list[Any]) -> dict[Any, Any]:
        return {self.unpack(key): self.unpack(item) for key, item in content}

    def _untuple(self, content: list[Any]) -> tuple[Any, ...]:
        return tuple(self.unpack(item) for item in content)

    def pack_trace(self, trace: Trace) -> Any:
        """A trace as JSON."""
        return [
            self.pack(trace.observations),
            [list(call) for call in trace.calls],
            trace.changed,
            trace.raised,
            trace.warned,
            trace.origins,
            self.pack(dict(trace.inputs)),
            trace.printed,
        ]

    def unpack_trace(self, packed: Any) -> Trace:
        """The trace that `pack_trace` was given."""
        observations, calls, changed, raised, warned, origins, inputs, printed = packed
        return Trace(
            self.unpack(observations),
            tuple(Call(label, tuple(map(tuple, arguments)), result) for label, arguments, result in calls),
            tuple((label, argument) for label, argument in changed),
            Raised(*raised) if raised else None,
            tuple(warned),
            dict(origins),
            self.unpack(inputs),
            printed,
        )

    def pack_wrong(self, wrong: Wrong) -> Any:
        """What is wrong in an answer, as JSON."""
        return [self.pack(dict(wrong.values)), wrong.raised]

    def unpack_wrong(self, packed: Any) -> Wrong:
        """What `pack_wrong` was given."""
        values, raised = packed
        return Wrong(self.unpack(values), Raised(*raised) if raised else None)


class Cases:
    """The recorded observations of a lab, read exercise by exercise when they are asked for; an `Oracle`."""

    def __init__(self, members: Mapping[str, bytes]) -> None:
        self._members = members
        self._exercises: dict[str, dict[str, Any]] = {}
        self.about: dict[str, Any] = json.loads(members[_ABOUT])

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds that were recorded."""
        return tuple(self.about["seeds"])

    def wanted(self, check: Check, seed: int) -> Trace:
        """What the reference answered."""
        trace: Trace = self._exercise(check.exercise)["wanted"][check.id, seed]
        return trace

    def mistakes(self, check: Check, seed: int) -> Mapping[str, Wrong]:
        """What is wrong in each known mistake, by its sentence."""
        return self._wrongs("mistakes", check, seed)

    def slips(self, check: Check, seed: int) -> Mapping[str, Wrong]:
        """What is wrong when one operation of the reference is another one."""
        return self._wrongs("slips", check, seed)

    def trivial(self, check: Check, seed: int) -> Sequence[frozenset[str]]:
        """For each answer that does nothing, the observations that it fulfils."""
        return [frozenset(names) for names in self._exercise(check.exercise)["trivial"][check.id, seed]]

    def helpers(self, exercise: str) -> tuple[str, ...]:
        """The earlier exercises that the reference of this one calls."""
        return tuple(self.about["helpers"].get(exercise, ()))

    def _wrongs(self, what: str, check: Check, seed: int) -> Mapping[str, Wrong]:
        known = self._exercise(check.exercise)
        packer, (sentences, packed) = known["packer"], known[what]
        wrong = dict(zip(sentences, packed[check.id, seed], strict=True))
        return Lazily(wrong, lambda name: packer.unpack_wrong(wrong[name]))

    def _exercise(self, name: str) -> dict[str, Any]:
        """One exercise's observations; what is wrong in other answers is unpacked when it is asked for."""
        if name not in self._exercises:
            packer = Packer(self._members[f"{name}.data"])
            stored = json.loads(self._members[f"{name}.json"])
            known: dict[str, Any] = {"packer": packer, "wanted": {}, "trivial": {}}
            known |= {what: (stored[what], {}) for what in ("mistakes", "slips")}
            for check, seed, right, trivial, mistakes, slips in stored["cases"]:
                known["wanted"][check, seed] = packer.unpack_trace(right)
                known["trivial"][check, seed] = trivial
                known["mistakes"][1][check, seed], known["slips"][1][check, seed] = mistakes, slips
            self._exercises[name] = known
        return self._exercises[name]

    def to_bytes(self) -> bytes:
        """The content of `cases.npz`: the same observations give the same bytes."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(self._members):
                array = io.BytesIO()
                np.lib.format.write_array(array, np.frombuffer(self._members[name], np.uint8), allow_pickle=False)
                # a fixed date: the default one would make every build different
                entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
                archive.writestr(entry, array.getvalue(), zipfile.ZIP_DEFLATED)
        return stream.getvalue()


def record(checks: Mapping[str, Sequence[Check]], oracle: Any, seeds: Iterable[int] = PUBLIC_SEEDS) -> Cases:
    """Record what an oracle answers to all checks that are not hidden."""
    seeds = tuple(seeds)
    members: dict[str, bytes] = {}
    hidden = {}
    for exercise, declared in checks.items():
        public = [(check, seed) for check in declared if not check.hidden for seed in check.asked_with(seeds)]
        hidden[exercise] = sum(check.points for check in declared if check.hidden)
        packer = Packer()
        known = {what: _distinct([getattr(oracle, what)(*asked) for asked in public]) for what in ("mistakes", "slips")}
        cases = [
            [
                check.id,
                seed,
                packer.pack_trace(oracle.wanted(check, seed)),
                list(map(sorted, oracle.trivial(check, seed))),
                *([packer.pack_wrong(getattr(oracle, what)(check, seed)[name]) for name in names] for what, names in known.items()),
            ]
            for check, seed in public
        ]
        members[f"{exercise}.json"] = _json({**known, "cases": cases})
        members[f"{exercise}.data"] = packer.data
    kept_back = {name: points for name, points in hidden.items() if points}
    helpers = {name: found for name in checks if (found := oracle.helpers(name))}
    members[_ABOUT] = _json({"seeds": seeds, "kept_back": kept_back, "helpers": helpers})
    return Cases(members)


def _distinct(answers: Sequence[Mapping[str, Wrong]]) -> list[str]:
    """The names of answers that are wrong somewhere with a value, without those that are as wrong as another one of their sentence."""
    kept: dict[tuple[str, bytes], str] = {}
    for name in answers[0] if answers else ():
        packer = Packer()
        wrongs = [packer.pack_wrong(found[name]) for found in answers]
        says = any(found[name].values and not found[name].raised for found in answers)
        if says or "\t" not in name:
            kept.setdefault((name.partition("\t")[0], _json(wrongs) + packer.data), name)
    return list(kept.values())


def load(path: Path) -> Cases:
    """Read `cases.npz`."""
    with np.load(path, allow_pickle=False) as stored:
        return Cases({name: stored[name].tobytes() for name in stored.files})


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
