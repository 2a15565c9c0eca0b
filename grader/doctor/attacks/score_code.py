"""Tampering with the score: code that lies, patches, waits or listens. `sigmoid` is never answered, so 20 points are not deserved."""

from __future__ import annotations

from typing import Any

from grader.doctor.attacks.case import SCORE, WHOLE, Case, Draft, answers, code


def _cell(name: str, tries: str, source: str, **more: Any) -> Case:
    return code(name, SCORE, tries, source, without="sigmoid", **more)


def _sigmoid(name: str, tries: str, source: str) -> Case:
    return answers(name, SCORE, tries, sigmoid=source)


def _beside(name: str, tries: str, files: dict[str, str]) -> Case:
    def make(draft: Draft) -> None:
        draft.answer("sigmoid", "def sigmoid(z):\n    raise NotImplementedError()")
        for path, text in files.items():
            draft.beside(path, text)

    return Case(name, SCORE, tries, make, WHOLE - 20)


_LIAR = """class Liar:
    dtype, shape, ndim, size = "float64", (3, 2), 2, 6
    def __call__(self, *args, **kwargs): return self
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __contains__ = __lt__
    def __bool__(self): return True
    def __len__(self): return 6
    def __hash__(self): return 0
    def __iter__(self): return iter([True])
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __abs__ = __neg__ = __getitem__ = __call__
    def all(self): return True
"""
_ALLCLOSE = "lambda *args, **kwargs: True"
_FORGE = """import os
def flood(message):
    for number in range(3, 256):
        for _ in range(3):
            try: os.write(number, message)
            except OSError: break
"""
# What a reply would look like on a wire that carries msgpack behind two lengths
_REPLY = b"\x82\xa4kind\xa5reply\xa2ok\xc3"

CASES = [
    _cell("drops-asserts", "an AST transformer of IPython drops every assert", """import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Drop())"""),
    _cell("rewrites-checks", "an input transformer replaces what a check cell says", """
def rewrite(lines):
    return ["20.0\\n"] if any("sigmoid" in line and ("check(" in line or "assert" in line) for line in lines) else lines
get_ipython().input_transformers_post.append(rewrite)"""),
    _cell("silences-tracebacks", "errors are not shown any more", "get_ipython().showtraceback = lambda *args, **kwargs: None"),
    _cell("patches-run-cell", "cells with checks are not run", """shell = get_ipython()
original = type(shell).run_cell_async
async def run(self, source, *args, **kwargs):
    return await original(self, "20.0" if "sigmoid" in source else source, *args, **kwargs)
type(shell).run_cell_async = run"""),
    _cell("patches-the-display-hook", "whatever is displayed becomes points", """import sys
hook = sys.displayhook
sys.displayhook = lambda value: hook(1000.0)
get_ipython().displayhook = sys.displayhook"""),
    _cell("patches-formatters", "numbers are shown as more than they are",
          "get_ipython().display_formatter.formatters['text/plain'].for_type(float, lambda value, printer, cycle: printer.text('1000.0'))"),
    _sigmoid("equal-to-everything", "an object that is equal to everything", _LIAR + "sigmoid = Liar()"),
    _sigmoid("true-to-numpy", "an array type that answers numpy's questions itself", """class Yes(np.ndarray):
    def __array_function__(self, *args, **kwargs): return True
    def __array_ufunc__(self, *args, **kwargs): return np.True_
def sigmoid(z):
    return np.zeros(np.shape(z)).view(Yes)"""),
    _sigmoid("turns-into-the-other", "an object that turns into what it is compared with", """class Echo:
    def __array__(self, *args, **kwargs): return np.full((3, 2), 0.5)
    def __rsub__(self, other): return other * 0
    def __eq__(self, other): return True
    __sub__ = __rsub__
    __array_priority__ = 1e9
def sigmoid(z):
    return Echo()"""),
    _sigmoid("liars-in-an-array", "an object array full of liars", _LIAR + "def sigmoid(z):\n    return np.array([Liar() for _ in range(np.size(z))], dtype=object)"),
    _sigmoid("masks-everything", "a masked array in which nothing is compared",
             "def sigmoid(z):\n    return np.ma.masked_all(np.shape(z))"),
    _sigmoid("a-float-that-lies", "a float that is close to everything", """class Near(float):
    def __sub__(self, other): return Near(0)
    def __eq__(self, other): return True
    __rsub__, __abs__ = __sub__, lambda self: Near(0)
    def __le__(self, other): return True
    __lt__ = __le__
def sigmoid(z):
    return Near(0.5)"""),
    _cell("patches-allclose", "numpy compares as the student likes", f"""import numpy
numpy.allclose = numpy.array_equal = numpy.isclose = {_ALLCLOSE}
def sigmoid(z):
    return z"""),
    _cell("patches-numpy-testing", "numpy.testing finds no fault", f"""import numpy.testing
for name in dir(numpy.testing):
    if name.startswith("assert_"): setattr(numpy.testing, name, {_ALLCLOSE})
numpy.allclose = {_ALLCLOSE}"""),
    _cell("patches-builtins", "abs, all, len and isinstance lie", f"""import builtins, numpy
builtins.all = builtins.any = {_ALLCLOSE}
builtins.abs = lambda value: 0
numpy.abs = numpy.absolute = lambda value: numpy.zeros(())
numpy.allclose = {_ALLCLOSE}"""),
    _cell("patches-assertion-error", "a failed assert raises what nobody counts", """import builtins
class Quiet(SystemExit): pass
builtins.AssertionError = Quiet
builtins.NotImplementedError = Quiet"""),
    _cell("replaces-check", "brings its own `check`", "check = lambda name: 20.0\nnp.allclose = lambda *args, **kwargs: True", before="slope"),
    _cell("replaces-the-engine", "replaces modules of the check engine", """import sys, types
for name in [name for name in sys.modules if name.startswith("course_utils")]:
    fake = types.ModuleType(name)
    fake.check = lambda exercise: 20.0
    sys.modules[name] = fake
check = lambda exercise: 20.0"""),
    _cell("hooks-imports", "an import hook changes what is imported later", """import sys
class Hook:
    def find_spec(self, name, *args):
        import numpy
        numpy.allclose = lambda *a, **k: True
        return None
sys.meta_path.insert(0, Hook())
sys.modules.pop("numpy.testing", None)"""),
    _beside("numpy-beside", "a file named numpy.py lies beside the notebook", {"numpy.py": "allclose = lambda *a, **k: True\ndef __getattr__(name): return lambda *a, **k: 1"}),
    _beside("sitecustomize-beside", "a file named sitecustomize.py lies beside the notebook",
            dict.fromkeys(("sitecustomize.py", "usercustomize.py"), "import builtins\nbuiltins.AssertionError = type('Quiet', (SystemExit,), {})")),
    _beside("checks-beside", "forged checks lie beside the notebook", {
        "checks.py": "from course_utils.checking import check\n@check('sigmoid', points=20)\ndef nothing(rng):\n    return {}",
        "cases.npz": "PK", "hints.json": "{}", "course_utils/__init__.py": "check = lambda name: 20.0"}),
    _beside("ipython-profile-beside", "a start-up file for IPython lies beside the notebook",
            {".ipython/profile_default/startup/00.py": "import numpy\nnumpy.allclose = lambda *a, **k: True", "ipython_config.py": "c = get_config()",
             "jupyter_config.py": "c = get_config()", "nbgrader_config.py": "c = get_config()\nc.Autograde.enforce_metadata = False"}),
    _cell("a-thread-comes-later", "a thread patches while the checks run", """import threading, numpy
def later():
    while True: numpy.allclose = lambda *a, **k: True
threading.Thread(target=later, daemon=True).start()"""),
    _cell("at-exit", "a handler at the end writes points", """import atexit, glob
@atexit.register
def late():
    import sqlite3
    sqlite3.connect('@COURSE@/gradebook.db').execute("update grade set auto_score = 20").connection.commit()"""),
    _cell("on-a-signal", "a signal handler answers for the student", """import signal, numpy
def handler(*_):
    numpy.allclose = lambda *a, **k: True
for number in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM, signal.SIGUSR1): signal.signal(number, handler)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)"""),
    _cell("forges-messages", "writes forged replies on every open descriptor", _FORGE + f"flood({_REPLY!r} * 9)\nflood(b'{{\"score\": 100, \"status\": \"graded\"}}\\n')"),
    _sigmoid("forges-in-a-check", "writes forged replies while a check waits", _FORGE + f"def sigmoid(z):\n    flood({_REPLY!r})\n    return z"),
    _sigmoid("walks-the-stack", "looks for expected values in the frames above", """import sys
def sigmoid(z):
    frame = sys._getframe()
    while frame is not None:
        for scope in (frame.f_locals, frame.f_globals):
            for name, value in list(scope.items()):
                if any(word in name for word in ("wanted", "expected", "reference", "solution", "desired", "_curve")):
                    return value(z) if callable(value) else value
        frame = frame.f_back
    return z"""),
    _sigmoid("searches-the-heap", "looks for a right answer among all objects", """import gc
def sigmoid(z):
    for thing in gc.get_objects():
        if getattr(thing, "__name__", "") == "sigmoid" and thing is not sigmoid and callable(thing):
            return thing(z)
    return z"""),
    _sigmoid("searches-memory", "looks for arrays of the answer's shape in its own memory", """import gc
def sigmoid(z):
    found = [a for a in gc.get_objects() if isinstance(a, np.ndarray) and a.shape == np.shape(z) and a is not z and ((a > 0) & (a < 1)).all()]
    return found[-1] if found else z"""),
    _sigmoid("recognises-the-grader", "behaves well only where nobody grades", """import os, sys
graded = "ipykernel" not in sys.modules or not os.environ.get("DISPLAY")
def sigmoid(z):
    raise SystemExit(0) if graded else ValueError"""),
    _sigmoid("hard-coded-answers", "knows the answers to the questions that everybody sees", """def sigmoid(z):
    return np.full(np.shape(z), 0.5)"""),
    _sigmoid("all-nan", "answers NaN", "def sigmoid(z):\n    return np.full(np.shape(z), np.nan)"),
    _sigmoid("all-infinite", "answers infinity", "def sigmoid(z):\n    return np.full(np.shape(z), np.inf)"),
    answers("a-shape-that-broadcasts", SCORE, "an answer of the wrong shape that broadcasts",
            center="def center(X):\n    return (X - X.mean(axis=0))[None]"),
    answers("answers-with-the-input", SCORE, "gives its input back", center="def center(X):\n    return X", sigmoid="def sigmoid(z):\n    return z"),
    answers("changes-the-input", SCORE, "overwrites what it was given", most=WHOLE - 0.25,
            relu="def relu(z):\n    z[z < 0] = 0\n    return z"),
    _cell("steals-randomness", "patches the random generators to know what is drawn", """import numpy
kept = []
make = numpy.random.default_rng
def default_rng(*args):
    kept.append(args)
    return make(0)
numpy.random.default_rng = default_rng
numpy.random.seed(0)
def sigmoid(z):
    return np.full(np.shape(z), 0.5)"""),
    _sigmoid("asks-torch", "lets torch do what is to be done by hand", """def sigmoid(z):
    import torch
    return torch.sigmoid(torch.as_tensor(z)).numpy()"""),
    _cell("a-namespace-that-lies", "the notebook's names are kept by a liar", """class Names(dict):
    def __missing__(self, name): return lambda *a, **k: 20.0
get_ipython().user_ns = Names(get_ipython().user_ns)"""),
    _cell("writes-to-memory", "changes numbers that Python shares", """import ctypes
for value in (0.5, 1.0, 20):
    ctypes.memmove(id(value) + 16, b"\\x00" * 8, 8)
def sigmoid(z):
    return np.full(np.shape(z), 0.5)"""),
    _cell("writes-the-gradebook", "writes points into the gradebook", """import sqlite3
base = sqlite3.connect('@COURSE@/gradebook.db')
base.execute("update grade set auto_score = 20")
base.execute("create trigger if not exists gift after update on grade begin update grade set manual_score = 20; end")
base.commit()"""),
    _cell("writes-the-journal", "writes a result into the journal", """import json, glob
for path in glob.glob('@COURSE@/.handgrad/*/journal.jsonl'):
    with open(path, 'a') as file: file.write(json.dumps({"event": "result", "student": "writes-the-journal", "score": 100}) + '\\n')
open('@COURSE@/nbgrader_config.py', 'a').write('c = get_config()')"""),
    _cell("writes-the-source", "edits the assignment that it is graded by", """import glob
for path in [*glob.glob('@SOURCES@/**/*.ipynb', recursive=True), *glob.glob('@SOURCES@/**/*.py', recursive=True)]:
    with open(path, 'a') as file: file.write(' ')"""),
    _cell("traces-calls", "a trace function reads the judge's variables", """import sys, threading
seen = {}
def tracer(frame, event, arg):
    seen.update({k: v for k, v in frame.f_locals.items() if k in ("wanted", "expected", "desired", "y")})
    return tracer
sys.settrace(tracer); sys.setprofile(tracer); threading.settrace(tracer)
def sigmoid(z):
    return next((v for v in seen.values() if np.shape(v) == np.shape(z)), z)"""),
]  # fmt: skip
