"""Broken input: what honest students hand in by mistake, and what only looks like a notebook."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path

from grader.doctor.attacks import put
from grader.doctor.attacks.case import BROKEN, NOTEBOOK, WHOLE, Case, Draft, code, keeps


def _raw(name: str, tries: str, make: Callable[[bytes], bytes], least: float = 0.0, most: float = 0.0) -> Case:
    def act(draft: Draft) -> None:
        draft.raw = make(draft.data())

    return Case(name, BROKEN, tries, act, max(least, most), least)


def _beside(name: str, tries: str, act: Callable[[Path], object]) -> Case:
    return keeps(name, BROKEN, tries, lambda draft: draft.afterwards.append(act))


def _instead(name: str, tries: str, act: Callable[[Path], object]) -> Case:
    """In place of the notebook; nothing can be graded."""

    def make(draft: Draft) -> None:
        draft.whole = False
        draft.afterwards += [lambda folder: folder.mkdir(parents=True), act]

    return Case(name, BROKEN, tries, make, 0.0)


def _edited(name: str, tries: str, act: Callable[[Draft], object], most: float = WHOLE, least: float = WHOLE) -> Case:
    return Case(name, BROKEN, tries, act, most, least)


def _no_metadata(draft: Draft) -> None:
    for cell in draft.cells:
        cell["metadata"] = {}


def _no_ids(draft: Draft) -> None:
    draft.notebook["nbformat_minor"] = 4
    for cell in draft.cells:
        cell.pop("id", None)


def _old_format(draft: Draft) -> None:
    cells = []
    for cell in draft.cells:
        source = cell["source"]
        if cell["cell_type"] == "code":
            cells.append(
                {
                    "cell_type": "code",
                    "input": source,
                    "language": "python",
                    "outputs": [],
                    "metadata": cell["metadata"],
                    "collapsed": False,
                }
            )
        else:
            cells.append({"cell_type": "markdown", "source": source, "metadata": cell["metadata"]})
    draft.raw = json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells, "metadata": {}}]}
    ).encode()


def _future_format(draft: Draft) -> None:
    draft.notebook["nbformat"], draft.notebook["nbformat_minor"] = 4, 99


def _colab(draft: Draft) -> None:
    draft.notebook["metadata"] = {"colab": {"provenance": []}, "accelerator": "GPU"}
    draft.notebook["nbformat_minor"] = 0
    for number, cell in enumerate(draft.cells):
        cell.pop("id", None)
        cell["metadata"] = {"id": f"xY{number}"}


def _twice_the_same_id(draft: Draft) -> None:
    for cell in draft.cells:
        cell["id"] = "same"


def _bad_second(draft: Draft) -> None:
    draft.answer("sigmoid", "def sigmoid(z):\n    retrun 1")


def _in_two_cells(draft: Draft) -> None:
    draft.insert("half = 0.5", "sigmoid")
    draft.answer("sigmoid", "def sigmoid(z):\n    return half * (1 + np.tanh(half * np.asarray(z)))")


def _editors_folders(folder: Path) -> None:
    for name in (".ipynb_checkpoints/x.ipynb", "__pycache__/x.pyc", ".DS_Store", "Thumbs.db"):
        put.sparse(folder / name, 100)


def _pipe_as_lab(folder: Path) -> None:
    folder.rmdir()
    put.pipe(folder)


def _stamp(text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / "timestamp.txt").write_text(text)


CASES = [
    _raw("empty", "an empty file", lambda data: b""),
    _raw("only-spaces", "a file of spaces", lambda data: b" \n" * 1000),
    _raw("truncated", "half a notebook", lambda data: data[: len(data) // 2]),
    _raw("not-utf-8", "a notebook in another encoding", lambda data: data.decode().encode("utf-16")),
    _raw("bytes", "random bytes", lambda data: bytes(range(256)) * 100),
    _raw("zeros", "a megabyte of zeros", lambda data: bytes(2**20)),
    _raw("a-list", "JSON that is a list", lambda data: b"[" + data + b"]"),
    _raw("a-number", "JSON that is a number", lambda data: b"17"),
    _raw("null", "JSON that is nothing", lambda data: b"null"),
    _raw("not-json", "a Python script with a notebook's name", lambda data: b"print('hello')"),
    _raw("a-web-page", "a web page with a notebook's name", lambda data: b"<!DOCTYPE html><html><body>Sign in</body></html>"),
    _raw("compressed", "a compressed notebook", lambda data: zlib.compress(data)),
    _raw("cells-is-text", "cells that are a text", lambda data: b'{"cells": "x", "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
    _raw("cells-of-nothing", "cells that are no cells", lambda data: b'{"cells": [null, 1, [], {}, {"cell_type": 5}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
    _raw("a-merge-conflict", "marks of a merge conflict", lambda data: b"<<<<<<< HEAD\n" + data + b"=======\n>>>>>>> other\n"),
    _raw("twice", "the notebook twice in one file", lambda data: data + data),
    _raw("with-a-byte-order-mark", "a byte order mark at the start", lambda data: b"\xef\xbb\xbf" + data, WHOLE),
    _raw("windows-line-ends", "line ends of Windows", lambda data: data.replace(b"\n", b"\r\n"), WHOLE),
    _raw("infinities", "NaN and Infinity, which are no JSON", lambda data: data.replace(b'"metadata": {}', b'"metadata": {"x": NaN, "y": -Infinity}', 1), WHOLE),
    _raw("lone-surrogates", "half a letter in a comment", lambda data: data.replace(b"import numpy as np", b"import numpy as np  # \\ud800", 1), WHOLE),
    _raw("control-characters", "control characters in a comment", lambda data: data.replace(b"import numpy as np", b"import numpy as np  # \\u0007 \\u001b[2J \\u202e", 1), WHOLE),
    _edited("no-metadata", "all metadata of cells are lost", _no_metadata),
    _edited("no-ids", "cells without ids, as in older formats", _no_ids),
    _edited("no-kernelspec", "no kernel is named", lambda draft: draft.notebook.update(metadata={})),
    _edited("an-unknown-kernel", "a kernel that is not installed", lambda draft: draft.notebook["metadata"].update(kernelspec={"name": "my-env", "display_name": "my env", "language": "python"})),
    _edited("format-3", "notebook format 3", _old_format),
    _edited("format-4.99", "a minor format to come", _future_format),
    _edited("from-colab", "a notebook that was in Colab", _colab),
    _edited("equal-ids", "all cells have one id", _twice_the_same_id),
    _edited("a-syntax-error", "a syntax error in one answer", _bad_second, WHOLE - 20, WHOLE - 20),
    _edited("a-deleted-answer", "the cell of an answer is missing", lambda draft: draft.cells.remove(draft.cell("sigmoid")), WHOLE - 20, WHOLE - 20),
    _edited("an-answer-in-two-cells", "an answer is split over two cells", _in_two_cells),
    code("shell-magics", BROKEN, "installs packages and uses magics", "%matplotlib inline\n%load_ext autoreload\n!pip --version\n%timeit -n1 -r1 1 + 1", most=WHOLE, least=WHOLE),
    code("an-unknown-magic", BROKEN, "uses a magic that does not exist", "%no_such_magic\n!no-such-program", most=WHOLE, least=WHOLE),
    code("warns", BROKEN, "warns on stderr in every answer", "import sys, warnings\nwarnings.warn('careful')\nprint('a warning', file=sys.stderr)", most=WHOLE, least=WHOLE),
    code("logs-in-an-answer", BROKEN, "an answer that writes to stderr", "import sys\nwhole = relu\ndef relu(z):\n    print('called', file=sys.stderr)\n    return whole(z)", before="relu_check", most=WHOLE, least=WHOLE),
    code("reads-input", BROKEN, "asks for input", "name = input('your name? ')", most=WHOLE, least=WHOLE),
    code("an-error-on-the-way", BROKEN, "a cell of one's own that fails", "1 / 0", most=WHOLE, least=WHOLE),
    _beside("a-link-to-nothing", "a broken link beside the notebook", lambda folder: put.link(folder / "data", "/nonexistent")),
    _beside("a-link-to-itself", "a link to itself beside the notebook", lambda folder: put.link(folder / "loop", "loop")),
    _beside("a-link-upwards", "a link to the folder above", lambda folder: put.link(folder / "up", "..")),
    _beside("a-pipe-beside", "a named pipe beside the notebook", lambda folder: put.pipe(folder / "pipe")),
    _beside("a-socket-beside", "a socket beside the notebook", lambda folder: put.listen(folder / "socket")),
    _beside("an-endless-device", "a link to an endless device", lambda folder: put.link(folder / "zero.csv", "/dev/zero")),
    _beside("names-that-are-no-text", "a file whose name is no UTF-8", lambda folder: put.raw(folder, b"\xff\xfe").write_text("x")),
    _beside("names-with-escapes", "a file whose name has control characters", lambda folder: (folder / "a\n\x1b[2J\r\u202ez").write_text("x")),
    _beside("checkpoints-and-caches", "folders that editors leave", _editors_folders),
    _beside("a-sparse-terabyte", "an empty file of a terabyte beside the notebook", lambda folder: put.sparse(folder / "large", 2**40)),
    _beside("ten-thousand-files", "ten thousand files beside the notebook", lambda folder: put.many(folder / "many", 10_000)),
    _beside("a-bomb-in-a-zip", "a zip file that grows a thousandfold", lambda folder: (folder / "data.zip").write_bytes(zlib.compress(bytes(200 * 2**20)))),
    _beside("an-unreadable-file", "a file that nobody may read", lambda folder: (folder / "secret").touch(0)),
    _beside("a-forged-time", "a time of submission long ago", _stamp("1970-01-01 00:00:00 UTC")),
    _beside("a-time-to-come", "a time of submission in the future", _stamp("9999-12-31 23:59:59 UTC")),
    _beside("a-time-that-is-none", "a time of submission that is no time", _stamp("\x00\xff" * 1000)),
    _beside("a-time-zone-that-is-a-file", "a time zone that names a file", _stamp("2020-01-01 00:00:00 ../../../etc/passwd")),
    _beside("a-time-that-is-a-pipe", "a time of submission that never comes", lambda folder: put.pipe(folder / "timestamp.txt")),
    _beside("a-time-that-is-endless", "a time of submission from an endless device", lambda folder: put.link(folder / "timestamp.txt", "/dev/zero")),
    _instead("no-notebook", "no notebook at all", lambda folder: None),
    _instead("another-name", "a notebook with another name", lambda folder: (folder / "Untitled.ipynb").write_text("{}")),
    _instead("the-notebook-is-a-pipe", "a named pipe in place of the notebook", lambda folder: put.pipe(folder / NOTEBOOK)),
    _instead("the-notebook-is-a-device", "an endless device in place of the notebook", lambda folder: put.link(folder / NOTEBOOK, "/dev/zero")),
    _instead("the-notebook-is-a-link-to-itself", "a link to itself in place of the notebook", lambda folder: put.link(folder / NOTEBOOK, NOTEBOOK)),
    _instead("the-notebook-is-another-ones", "a link to a neighbour's notebook", lambda folder: put.link(folder / NOTEBOOK, f"../../ada/lab_besieged/{NOTEBOOK}")),
    _instead("the-lab-is-a-link-to-itself", "a link to itself in place of the lab's folder", lambda folder: put.instead(folder, folder.name)),
    _instead("the-lab-is-a-pipe", "a named pipe in place of the lab's folder", _pipe_as_lab),
    _instead("a-folder-nobody-may-enter", "a folder that nobody may enter", lambda folder: folder.chmod(0)),
    Case("an-id-with-a-dot", BROKEN, "a student's id with dots and spaces", lambda draft: None, WHOLE, WHOLE, student="o. brien-2.b"),
    Case("an-id-in-cyrillic", BROKEN, "a student's id in another script", lambda draft: None, WHOLE, WHOLE, student="Анна"),
    Case("an-id-that-is-long", BROKEN, "a student's id of 200 letters", lambda draft: None, student="a" * 200),
    Case("an-id-with-a-newline", BROKEN, "a student's id with a line break", lambda draft: None, student="eve\nada"),
]  # fmt: skip
