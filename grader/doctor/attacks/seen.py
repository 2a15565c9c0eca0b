"""Seen to fail once: each stands for its kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from grader.doctor.attacks import put
from grader.doctor.attacks.case import NOTEBOOK, SEEN, WHOLE, Case, Draft, answers, code, keeps

Act = Callable[[Draft], object]


def _in_place_of_the_lab(target: str) -> Act:
    return lambda draft: draft.afterwards.append(lambda folder: put.instead(folder, draft.fill(target)))


def _folder_as_notebook(draft: Draft) -> None:
    draft.whole = False
    draft.afterwards.append(lambda folder: put.sparse(folder / NOTEBOOK / "x", 1))


def _long_names(draft: Draft) -> None:
    draft.afterwards.append(lambda folder: put.sparse(folder / ("ж" * 125), 10))
    draft.afterwards.append(lambda folder: put.sparse(folder / ("n" * 255), 10))


def _deep_names(folder: Path) -> None:
    put.sparse(folder.joinpath(*["x" * 200] * 8, "x"), 10)


def _with_text(text: str) -> Act:
    return lambda draft: draft.insert(text, kind="markdown")


def _with_answer(text: str) -> Act:
    return lambda draft: draft.answer("sigmoid", draft.right["sigmoid"] + "\n" + text)


_FLOOD = """import os, struct
def frames(seconds):
    import time
    tree = b"\\x82\\xa4kind\\xa5reply\\xa5nonce\\xc4\\x10" + bytes(16) + b"x" * 60_000
    frame = struct.pack("<II", len(tree), len(tree)) + tree
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for number in range(3, 64):
            try: os.write(number, frame)
            except OSError: pass
"""
_DEADLY = "import os\ndef sigmoid(z):\n    os._exit(0)"
_REPLACES = """import sys
def relu(z):
    z[z < 0] = 0
    for module in list(sys.modules.values()):
        for name in ("same", "unchanged", "changed", "equal", "array_equal", "compare"):
            if callable(getattr(module, name, None)):
                try: setattr(module, name, lambda *args, **kwargs: True)
                except Exception: pass
    return z"""
_KEEPS = "kept = []\ndef slope(f, x):\n    kept.append(f)\n    h = 1e-5\n    return (f(x + h) - f(x - h)) / (2 * h)"

CASES = [
    keeps("1200-nested-folders", SEEN, "1200 nested folders beside the notebook", lambda draft: draft.afterwards.append(lambda folder: put.nested(folder, 1200))),
    keeps("deep-long-names", SEEN, "folders whose path is longer than a path may be", lambda draft: draft.afterwards.append(_deep_names)),
    Case("the-lab-is-proc-self", SEEN, "the lab's folder is a link to /proc/self", _in_place_of_the_lab("/proc/self"), most=0),
    Case("the-lab-is-the-solutions", SEEN, "the lab's folder is a link to the model answers", _in_place_of_the_lab("@SOURCES@/lab_besieged"), most=0),
    Case("the-lab-is-a-home", SEEN, "the lab's folder is a link to the grader's home", _in_place_of_the_lab("@HOME@"), most=0),
    keeps("open-environments", SEEN, "a Markdown cell with \\begin{a} 144 KB long", _with_text("\\begin{a}" * 16_000)),
    keeps("open-dollars", SEEN, "a Markdown cell of dollars", _with_text("$ $$ \\( \\[ " * 14_000)),
    keeps("open-brackets", SEEN, "a Markdown cell of brackets", _with_text("[" * 60_000 + "![](" * 20_000)),
    keeps("open-emphasis", SEEN, "a Markdown cell of stars and underscores", _with_text("*a_ " * 50_000 + "**" * 30_000)),
    keeps("open-quotes", SEEN, "a Markdown cell of nested quotes and lists", _with_text("> " * 50_000 + "\n" + "- " * 50_000)),
    keeps("open-html", SEEN, "a Markdown cell of open HTML", _with_text("<a " * 40_000 + "<!--" * 30_000 + "&#" * 30_000)),
    keeps("backticks", SEEN, "a Markdown cell of backticks", _with_text("".join("`" * n + " " for n in range(1, 500)))),
    keeps("hidden-marks", SEEN, "an answer of 12 000 lines `### BEGIN HIDDEN TESTS`", _with_answer("### BEGIN HIDDEN TESTS\n" * 12_000)),
    keeps("solution-marks", SEEN, "an answer of 12 000 lines `### BEGIN SOLUTION`", _with_answer("### BEGIN SOLUTION\n" * 12_000)),
    keeps("a-long-line", SEEN, "an answer with one line of half a megabyte", _with_answer("# " + "(" * 500_000)),
    keeps("open-strings", SEEN, "an answer of quotation marks in comments", _with_answer("# " + "'\"\\" * 100_000)),
    code("floods-the-wire", SEEN, "frames of 60 KB with a wrong nonce, without end, in a cell", _FLOOD + "frames(60)", most=WHOLE, least=WHOLE),
    answers("floods-the-wire-in-a-check", SEEN, "frames of 60 KB with a wrong nonce, without end, in a check", least=WHOLE - 20, relu=_FLOOD + "def relu(z):\n    frames(60)\n    return z"),
    answers("answers-with-32-mib", SEEN, "every exercise returns 32 MiB of int8", slope="def slope(f, x):\n    return np.zeros(2**25, np.int8)", sigmoid="def sigmoid(z):\n    return np.zeros(2**25, np.int8)", relu="def relu(z):\n    return np.zeros(2**25, np.int8)", center="def center(X):\n    return np.zeros(2**25, np.int8)"),
    answers("answers-with-sparse-text", SEEN, "every exercise returns 60 MB of text", slope="def slope(f, x):\n    return 'x' * 60_000_000", sigmoid="def sigmoid(z):\n    return 'x' * 60_000_000", relu="def relu(z):\n    return ['x' * 1000] * 50_000", center="def center(X):\n    return {str(n): n for n in range(300_000)}"),
    Case("200-files-of-16-mib", SEEN, "200 files of 16 MiB beside the notebook", lambda draft: draft.afterwards.append(lambda folder: put.many(folder, 200, 2**24)), least=WHOLE),
    keeps("long-names", SEEN, "a file whose name has 125 Cyrillic letters", _long_names),
    Case("a-folder-as-notebook", SEEN, "a folder named as the notebook", _folder_as_notebook, most=0),
    answers("an-exercise-that-ends-its-process", SEEN, "an exercise that ends its process when it is called", least=WHOLE - 20, sigmoid=_DEADLY),
    answers("two-exercises-that-end-their-process", SEEN, "two exercises that end their process", least=WHOLE - 40, sigmoid=_DEADLY, center="import os\ndef center(X):\n    os.abort()"),
    answers("an-exercise-that-hangs-first", SEEN, "the first exercise never answers", least=WHOLE - 20, slope="def slope(f, x):\n    while True: pass"),
    # whether an input was changed only the student's process can say: at most the tenth that hangs on it may be kept, and nothing that is wrong
    answers("overwrites-and-replaces", SEEN, "overwrites its argument and replaces comparisons", most=WHOLE, least=WHOLE - 2, relu=_REPLACES),
    answers("replaces-and-is-wrong", SEEN, "replaces comparisons and gives wrong numbers", most=WHOLE - 20, least=WHOLE - 20, relu=_REPLACES.replace("return z", "return z + 1")),
    answers("replaces-and-does-nothing", SEEN, "replaces comparisons and gives back what it was given", most=WHOLE - 20, least=WHOLE - 20, relu=_REPLACES.replace("z[z < 0] = 0", "pass")),
    answers("keeps-a-function-of-the-judge", SEEN, "keeps a function of one check and lets it answer another", slope=_KEEPS, most=WHOLE - 20, sigmoid="def sigmoid(z):\n    return kept[-1](z)"),
    answers("keeps-all-functions-of-the-judge", SEEN, "keeps every function of one check and tries them all", slope=_KEEPS, most=WHOLE - 20, sigmoid="""def sigmoid(z):
    for f in reversed(kept):
        try:
            if 0 < f(0.0) < 1: return f(z)
        except Exception: pass
    return z"""),
]  # fmt: skip
