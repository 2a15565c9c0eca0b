"""Law 5 for the site: no answer, no hidden check and no mistake's code is in any of its files, however it is packed."""

from __future__ import annotations

import ast
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jupytext
import numpy as np
import pytest

from course_utils.checking.declare import load_checks

ROOT = Path(__file__).parents[3]
LABS = sorted(path.parent.name for path in (ROOT / "solutions").glob("*/notebook.py"))
OURS = ("files/", "index.html", "front.", "handgrad")  # in the path of what this project wrote
SHORT = 40  # characters: elsewhere, such as in another lab's example, a shorter line may stand by right or by chance
_SOLVED = re.compile(r"### BEGIN SOLUTION\n(.*?)\s*### END SOLUTION", re.DOTALL)


class Secret(NamedTuple):
    """What no student gets: where it is written, and its lines."""

    where: str
    lines: frozenset[str]

    @property
    def lab(self) -> str:
        """The lab whose answer it is; "" for what is none, such as a mistake of which a notebook may speak."""
        return self.where.partition(", answer")[0] if ", answer" in self.where else ""

    @property
    def long(self) -> bool:
        """Whether it is nowhere by chance."""
        return sum(map(len, self.lines)) >= SHORT


def lines(text: str) -> set[str]:
    """The lines of a text without what surrounds them where a file of another kind quotes them."""
    return {line for each in text.splitlines() if (line := each.strip(" \t\"'`,;"))}


def secrets(lab: str) -> Iterator[Secret]:
    """Answers, texts of reflections, worked answers, and the bodies of hidden checks and of mistakes."""
    folder = ROOT / "solutions" / lab
    for cell in jupytext.read(folder / "notebook.py").cells:
        role = cell.metadata.get("nbgrader", {})
        for answer in _SOLVED.findall(cell.source):
            yield Secret(f"{lab}, answer of {role.get('grade_id')}", frozenset(lines(answer)))
        if cell.cell_type == "markdown" and role.get("solution"):
            yield Secret(f"{lab}, {role['grade_id']}", frozenset(lines(cell.source)))
    for worked in re.findall(r"^## Answer\n(.*?)(?=^#|\Z)", (folder / "help.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        yield Secret(f"{lab}, worked answer", frozenset(lines(worked)))
    hidden = {check.probe.__name__ for check in load_checks(folder / "checks.py") if check.hidden}
    yield from bodies(folder / "checks.py", lambda node: node.name in hidden)
    yield from bodies(folder / "mistakes.py", lambda node: "mistake(" in "".join(map(ast.unparse, node.decorator_list)))


def bodies(path: Path, wanted: Any) -> Iterator[Secret]:
    text = path.read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and wanted(node):
            body = text.splitlines()[node.body[0].lineno - 1 : node.end_lineno]
            yield Secret(f"{path.parent.name}, {path.stem}, {node.name}", frozenset(lines("\n".join(body))))


def texts(path: str, data: bytes) -> Iterator[tuple[str, str]]:
    """All that can be read in a file, by its path: unpacked as often as it is packed, and what its JSON and its arrays say."""
    if data[:2] == b"\x1f\x8b":
        yield from texts(path.removesuffix(".packed"), gzip.decompress(data))
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield from texts(f"{path}/{name}", packed.read(name))
    elif data[:6] == b"\x93NUMPY":
        array = np.load(io.BytesIO(data), allow_pickle=False)
        yield path, "\n".join(array.ravel()) if array.dtype.kind == "U" else array.tobytes().decode("utf-8", "replace")
    else:
        text = data.decode("utf-8", "replace")
        yield path, text
        if path.endswith((".json", ".ipynb")):
            yield path, "\n".join(strings(json.loads(text)))
        elif "\\n" in text:
            yield path, text.replace("\\n", "\n").replace('\\"', '"')


def strings(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict | list):
        for each in [*found, *found.values()] if isinstance(found, dict) else found:
            yield from strings(each)


def given_away(files: Iterable[tuple[str, bytes]], kept: Iterable[Secret]) -> list[str]:
    """What stands in a file with every line of it, as `where: path`."""
    kept = [secret for secret in kept if secret.lines]
    wanted, found = frozenset().union(*(secret.lines for secret in kept)), []
    for place, data in files:
        for path, text in texts(place, data):
            here = lines(text) & wanted
            found += [f"{each.where}: {path}" for each in kept if each.lines <= here and (each.long or f"files/{each.lab}/" in path)]
    return found


def files_of(site: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(site.rglob("*")):
        if path.is_file():
            yield path.relative_to(site).as_posix(), path.read_bytes()


@pytest.mark.stress
def test_nothing_in_the_site_gives_an_answer_away(site):
    kept = {lab: list(secrets(lab)) for lab in LABS}
    assert len(kept) == 11
    assert all(len(found) > 20 for found in kept.values())
    assert given_away(files_of(site), [secret for found in kept.values() for secret in found]) == []


@pytest.mark.stress
def test_no_hidden_check_is_named_in_the_site_and_no_file_of_an_author_is_in_it(site):
    ours = [each for each in files_of(site) if any(part in each[0] for part in OURS)]
    read = {path: text for place, data in ours for path, text in texts(place, data)}
    everything = "\n".join(read.values())
    public, hidden = set(), set()
    for lab in LABS:
        for check in load_checks(ROOT / "solutions" / lab / "checks.py"):
            (hidden if check.hidden else public).add(f'"{check.id}"')
    assert len(hidden - public) > 30
    assert [name for name in hidden - public if name in everything] == []
    assert len([name for name in public if name in everything]) > 100, "the search finds what is there"
    assert any(path.endswith("course_utils/notebook.py") for path in read), "what travels as bytecode alone cannot be searched"
    names = [Path(path).name for path in read]
    assert not {"mistakes.py", "help.md", "review.py"} & set(names)
    assert not [path for path in read if "/grader/" in path or "solutions/" in path]


def zipped(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, data)
    return file.getvalue()


def array_of(value: Any) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, value=np.asarray(value))
    return file.getvalue()


CODE = 'total = np.sum(x * w) + b\nreturn {"total": g(total)}'
HIDING = {
    "a module": CODE.encode(),
    "a module, set in further": CODE.replace("\n", "\n        ").encode(),
    "a packed twin": gzip.compress(CODE.encode()),
    "a wheel": zipped("inner.py", CODE.encode()),
    "a wheel in a packed twin": gzip.compress(zipped("inner.py", zipped("deeper.py", CODE.encode()))),
    "a list of checks.json": json.dumps({"a": [{"b": CODE}]}).encode(),
    "a notebook.ipynb": json.dumps({"cells": [{"source": CODE}]}).encode(),
    "an array of texts": array_of([CODE]),
    "an array of bytes": array_of(np.frombuffer(CODE.encode(), np.uint8)),
    "a script": f"const code = {json.dumps(CODE)};".replace("const code = ", "const code =\n").encode(),
}


@pytest.mark.parametrize("hidden", HIDING)
def test_the_search_finds_an_answer_wherever_it_hides(hidden):
    secret = Secret("lab99", frozenset(lines(CODE)))
    assert given_away([(f"pypi/{hidden}", HIDING[hidden])], [secret])
    assert not given_away([("pypi/other.py", b"total = np.sum(x * w) + b\n")], [secret]), "a part of it is not it"
