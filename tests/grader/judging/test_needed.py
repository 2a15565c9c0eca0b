"""Which cells a check needs: what a check would see after the needed cells is what it would see after all of them.

A notebook is written as text here: `# %% demo` is a cell of the template, `# %% own` one of the student's, `# %% exercise` an
answer, and `# %% check f` asks f. Both ways are run in this process and compared.
"""

from __future__ import annotations

import contextlib
import io
import random
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from grader.intake import Repaired, TemplateCell
from grader.judging.needed import Needed, lacks_in_outputs, needed

HEAD = "# %% demo\nimport numpy as np\nimport math\n"
DRAWS = "# %% demo\nplain = [1, 2, 3]\nlen(plain)\n"  # what no answer below has to do with: it is left out wherever anything is


def notebook(text: str) -> tuple[Repaired, dict[str, list[str]]]:
    cells, roles, asks = [], [], {}
    for part in re.split(r"^# %% ", text, flags=re.MULTILINE)[1:]:
        head, _, source = part.partition("\n")
        kind, *names = head.split()
        marked = NotebookNode(handgrad=NotebookNode(needed=True)) if kind == "marked" else NotebookNode()
        node = nbformat.v4.new_code_cell(source.strip("\n") if kind != "check" else f'check("{names[0]}")', metadata=marked)
        stub = nbformat.v4.new_code_cell("...")
        cells.append(node)
        if kind == "check":
            asks[names[0]] = names
            roles.append(TemplateCell(node, f"{names[0]}_check", True, False, True))
        else:
            released = TemplateCell(node, "", False, False, False)
            roles.append({"own": None, "exercise": TemplateCell(stub, "x", False, True, False)}.get(kind, released))
    book = nbformat.v4.new_notebook(cells=cells)
    return Repaired(book, tuple(roles), (), (None,) * len(cells)), asks


def answers(repaired: Repaired, asks: dict[str, list[str]], plan: Needed, run: frozenset[int]) -> tuple[list[str], bool]:
    """What every check sees when these cells run, and whether a name was missing that a cell left out may bind."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    seen, lacks = [], False
    for i, (cell, role) in enumerate(zip(repaired.notebook.cells, repaired.roles, strict=True)):
        if role is not None and role.check in asks:
            found = [_attempt(f"{name}(3) if callable({name}) else {name}", namespace) for name in asks[str(role.check)]]
        elif i in run:
            found = [_attempt(cell.source, namespace, "exec")]
        else:
            continue
        errors = [NotebookNode(output_type="error", ename=text.split(":")[0], evalue=text) for text in found]
        lacks = lacks or (run != plan.cells and lacks_in_outputs(errors, plan))
        if role is not None and role.check in asks:
            seen += [text if re.match(r"\w+Error:", text) is None else text.split(":")[0] for text in found]
    return seen, lacks


def _attempt(code: str, namespace: dict[str, Any], how: str = "eval") -> str:
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.sub(r"0x\w+", "0x", repr(eval(compile(code, "<cell>", how), namespace)))
    except Exception as error:  # noqa: BLE001 - a notebook goes on
        return f"{type(error).__name__}: {error}"


def compared(text: str) -> Needed:
    repaired, asks = notebook(text)
    plan = needed(repaired, asks)
    whole, _ = answers(repaired, asks, plan, plan.cells)
    partly, lacks = answers(repaired, asks, plan, plan.run)
    assert lacks or partly == whole, (plan, text)
    assert whole
    return plan


# Below: what the student wrote, or a demonstration does, and whether cells can be left out all the same.
FEWER, ALL = "fewer", "all"
SNIPPETS = {
    "reads nothing": (FEWER, "# %% exercise\ndef f(x):\n    return x + 1\n# %% check f\n"),
    "a number of a demonstration": (FEWER, "# %% demo\neta = 0.1\n# %% exercise\ndef f(x):\n    return eta * x\n# %% demo\neta = 0.2\n# %% check f\n"),
    "changed after the check": (FEWER, "# %% demo\neta = 0.1\n# %% exercise\ndef f(x):\n    return eta * x\n# %% check f\n# %% demo\neta = 9\n"),
    "nested functions": (FEWER, "# %% demo\nk = 2\n# %% exercise\ndef f(x):\n    def inner():\n        return lambda: k * x\n    return inner()()\n# %% check f\n"),
    "a helper's helper": (FEWER, "# %% demo\ndef a(x):\n    return b(x) + 1\n# %% demo\ndef b(x):\n    return x * c\n# %% demo\nc = 5\n# %% exercise\ndef f(x):\n    return a(x)\n# %% check f\n"),
    "a helper written below": (FEWER, "# %% exercise\ndef f(x):\n    return later(x)\n# %% demo\ndef later(x):\n    return -x\n# %% check f\n"),
    "comprehension scopes": (FEWER, "# %% demo\ni = 7\n# %% exercise\ndef f(x):\n    return [i for i in range(x)], [i + x for _ in range(2)]\n# %% check f\n"),
    "class bodies": (FEWER, "# %% demo\nsize = 4\n# %% exercise\nclass C:\n    size = size + 1\n    def get(self):\n        return size\ndef f(x):\n    return C.size, C().get()\n# %% demo\nsize = 6\n# %% check f\n"),
    "default arguments": (FEWER, "# %% demo\nstep = 0.5\n# %% exercise\ndef f(x, by=step):\n    return x * by\n# %% demo\nstep = 2\n# %% check f\n"),
    "a default that is kept": (FEWER, "# %% exercise\ndef f(x, seen=[]):\n    seen.append(x)\n    return len(seen)\n# %% demo\nf(1); f(2)\n# %% check f\n"),
    "a default that somebody else changes": (FEWER, "# %% demo\nlog = []\n# %% exercise\ndef f(x, seen=log):\n    return len(seen)\n# %% demo\nlog.append(1)\n# %% check f\n"),
    "a default in a lambda": (FEWER, "# %% demo\nlog = [1]\n# %% exercise\nf = lambda x, seen=log: len(seen) + x\n# %% demo\nlog += [2]\n# %% check f\n"),
    "decorators": (FEWER, "# %% demo\ndef twice(g):\n    return lambda x: 2 * g(x)\n# %% exercise\n@twice\ndef f(x):\n    return x\n# %% check f\n"),
    "a decorator that counts": (FEWER, "# %% exercise\ndef counted(g):\n    n = 0\n    def h(x):\n        nonlocal n\n        n += 1\n        return n\n    return h\n@counted\ndef f(x):\n    return x\n# %% demo\nf(1)\n# %% check f\n"),
    "a closure that counts": (FEWER, "# %% exercise\ndef make():\n    n = 0\n    def count(x):\n        nonlocal n\n        n += x\n        return n\n    return count\nf = make()\n# %% demo\n[f(i) for i in range(3)]\n# %% check f\n"),
    "global in a function that a demonstration calls": (FEWER, "# %% exercise\ncalls = 0\ndef f(x):\n    global calls\n    calls += 1\n    return calls\n# %% demo\nf(1)\n# %% check f\n"),
    "global in another exercise": (FEWER, "# %% exercise\nn = 0\ndef g(x):\n    global n\n    n += x\n    return n\n# %% check g\n# %% exercise\ndef f(x):\n    return n + x\n# %% demo\ng(5)\n# %% check f\n"),
    "another name for a list": (FEWER, "# %% demo\nhistory = []\n# %% demo\nh = history\nh.append(1)\n# %% exercise\ndef f(x):\n    return len(history)\n# %% check f\n"),
    "a list in a list": (FEWER, "# %% demo\nrow = [0]\n# %% demo\nbox = {'row': row}\n# %% demo\nbox['row'][0] = 4\n# %% exercise\ndef f(x):\n    return row\n# %% check f\n"),
    "a view of an array": (FEWER, "# %% demo\nA = np.zeros(4)\n# %% demo\nB = A.reshape(2, 2)\n# %% demo\nB[0] = 1\n# %% exercise\ndef f(x):\n    return A.tolist()\n# %% check f\n"),
    "changed by a function": (FEWER, "# %% demo\nW = np.ones(2)\ndef descend(w):\n    w -= 0.5\n# %% demo\ndescend(W)\n# %% exercise\ndef f(x):\n    return W.tolist()\n# %% check f\n"),
    "changed by the answer itself": (FEWER, "# %% demo\nW = np.ones(2)\n# %% exercise\ndef step(w):\n    w -= 0.5\n    return w\ndef f(x):\n    return W.sum() + x\n# %% demo\nstep(W)\n# %% check f\n"),
    "another name for an import": (FEWER, "# %% demo\nfrom math import floor as down\n# %% exercise\ndef f(x):\n    return down(x / 2)\n# %% check f\n"),
    "a conditional definition": (FEWER, "# %% demo\nif math.pi > 3:\n    def helper(x):\n        return x + offset\nelse:\n    helper = None\n# %% demo\noffset = 2\n# %% exercise\ndef f(x):\n    return helper(x)\n# %% check f\n"),
    "try to import": (ALL, "# %% demo\ntry:\n    from nowhere import helper\nexcept ImportError:\n    def helper(x):\n        return x * 3\n# %% exercise\ndef f(x):\n    return helper(x)\n# %% check f\n"),
    "a loop that defines functions": (FEWER, "# %% demo\nfor k in range(3):\n    def helper(x):\n        return x + k\n# %% exercise\ndef f(x):\n    return helper(x)\n# %% check f\n"),
    "the loop's variable": (FEWER, "# %% demo\nfor last in [4, 5, 6]:\n    pass\n# %% exercise\ndef f(x):\n    return last\n# %% check f\n"),
    "a walrus in a comprehension": (FEWER, "# %% demo\n[top := i for i in range(4)]\n# %% exercise\ndef f(x):\n    return top\n# %% check f\n"),
    "a walrus in a condition": (FEWER, "# %% demo\nif (found := 3) > 2:\n    pass\n# %% exercise\ndef f(x):\n    return found\n# %% check f\n"),
    "starred arguments": (FEWER, "# %% demo\npair = (2, 3)\n# %% exercise\ndef g(*a, **k):\n    return sum(a) + len(k)\ndef f(x):\n    return g(*pair, x, **{'y': 1})\n# %% check f\n"),
    "a loop over np": (FEWER, "# %% demo\nfor np in [math]:\n    pass\n# %% exercise\ndef f(x):\n    return np.sqrt(x * x)\n# %% check f\n"),
    "an own name for a helper of the template": (FEWER, "# %% own\ndef helper(x):\n    return 100\n# %% exercise\ndef f(x):\n    return helper(x)\n# %% demo\ndef helper(x):\n    return 1\n# %% check f\n"),
    "a dict that a later cell fills": (FEWER, "# %% demo\nrates = {}\n# %% exercise\ndef f(x):\n    return rates.get('a', 0) + x\n# %% demo\nrates['a'] = 4\n# %% check f\n"),
    "a dict that is joined in place": (FEWER, "# %% demo\nrates = {}\n# %% demo\nrates |= {'a': 1}\n# %% exercise\ndef f(x):\n    return rates['a']\n# %% check f\n"),
    "a generator that a demonstration asks": (FEWER, "# %% demo\nnumbers = iter(range(9))\n# %% exercise\ndef f(x):\n    return next(numbers)\n# %% demo\nnext(numbers)\n# %% check f\n"),
    "a lazy generator": (FEWER, "# %% demo\nfactor = 2\n# %% own\nlazy = (factor * i for i in range(4))\n# %% demo\nfactor = 5\n# %% exercise\ndef f(x):\n    return list(lazy)\n# %% check f\n"),
    "a random generator of the template's": (FEWER, "# %% demo\nrng = np.random.default_rng(3)\n# %% demo\nnoise = rng.normal(size=3)\n# %% exercise\ndef f(x):\n    return rng.normal()\n# %% check f\n"),
    "an annotated name": (FEWER, "# %% demo\nVector: type = list\nwidth: int = 3\n# %% exercise\ndef f(x: Vector) -> Vector:\n    return [0] * width\n# %% check f\n"),
    "async": (ALL, "# %% demo\nimport asyncio\n# %% demo\nbase = 8\n# %% exercise\nasync def later(x):\n    return x + base\ndef f(x):\n    return asyncio.run(later(x))\n# %% check f\n"),
    "pattern matching": (FEWER, "# %% demo\nmatch [1, 2, 3]:\n    case [first, *rest]:\n        pass\n# %% exercise\ndef f(x):\n    return first, rest\n# %% check f\n"),
    "an error that is kept": (FEWER, "# %% demo\nreply = 1\ntry:\n    1 / 0\nexcept ZeroDivisionError as error:\n    reply = str(error)\n# %% exercise\ndef f(x):\n    return reply\n# %% check f\n"),
    "a with statement": (FEWER, "# %% demo\nimport contextlib\nwith contextlib.nullcontext(4) as four:\n    pass\n# %% exercise\ndef f(x):\n    return four\n# %% check f\n"),
    "a method that is added later": (FEWER, "# %% exercise\nclass V:\n    pass\n# %% demo\nV.size = lambda self: 7\n# %% exercise\ndef f(x):\n    return V().size()\n# %% check f\n"),
    "a class that counts its instances": (FEWER, "# %% exercise\nclass V:\n    made = 0\n    def __init__(self):\n        V.made += 1\ndef f(x):\n    V()\n    return V.made\n# %% demo\nV(), V()\n# %% check f\n"),
    "a class with a list": (FEWER, "# %% exercise\nclass V:\n    made = []\n    def __init__(self):\n        self.made.append(1)\ndef f(x):\n    return len(V().made)\n# %% demo\nV()\n# %% check f\n"),
    "a class method that counts": (FEWER, "# %% exercise\nclass V:\n    made = 0\n    @classmethod\n    def new(cls):\n        cls.made += 1\n        return cls.made\ndef f(x):\n    return V.new()\n# %% demo\nV.new()\n# %% check f\n"),
    "type(self)": (FEWER, "# %% exercise\nclass V:\n    made = 0\n    def __init__(self):\n        type(self).made += 1\ndef f(x):\n    V()\n    return V.made\n# %% demo\nV()\n# %% check f\n"),
    "an instance that keeps": (FEWER, "# %% exercise\nclass V:\n    def __init__(self):\n        self.n = 0\n    def __call__(self, x):\n        self.n += x\n        return self.n\nf = V()\n# %% demo\nf(4)\n# %% check f\n"),
    "a function that counts in itself": (FEWER, "# %% exercise\ndef f(x):\n    f.calls += 1\n    return f.calls\nf.calls = 0\n# %% demo\nf(1)\n# %% check f\n"),
    "a local name for a class": (FEWER, "# %% exercise\nclass V:\n    n = 0\ndef f(x):\n    other = V\n    other.n += 1\n    return V.n\n# %% demo\nf(0)\n# %% check f\n"),
    "a memory of answers": (FEWER, "# %% exercise\nmemory = {}\ndef f(x):\n    return memory.setdefault('first', x)\n# %% demo\nf(8)\n# %% check f\n"),
    "lru_cache": (FEWER, "# %% own\nimport functools\n# %% exercise\n@functools.lru_cache\ndef f(x):\n    return []\n# %% demo\nf(3).append(1)\n# %% check f\n"),
    "partial": (FEWER, "# %% own\nfrom functools import partial\n# %% demo\nbox = []\n# %% exercise\ndef g(b, x):\n    b.append(x)\n    return len(b)\nf = partial(g, box)\n# %% demo\nf(1)\n# %% check f\n"),
    "a list of functions": (FEWER, "# %% demo\nways = []\n# %% demo\nways.append(lambda x: x + k)\nk = 4\n# %% exercise\ndef f(x):\n    return ways[0](x)\n# %% demo\nk = 5\n# %% check f\n"),
    "a changed demonstration": (FEWER, "# %% demo\nX = [1, 2]\n# %% own\nrate = 0.3\nprint([rate * x for x in X])\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n"),
    "tuples of names": (FEWER, "# %% demo\na, (b, *c) = 1, (2, 3, 4)\n# %% exercise\ndef f(x):\n    return a, b, c\n# %% check f\n"),
    "a value for an exercise": (FEWER, "# %% demo\nbase = [2]\n# %% exercise\nf = base\n# %% demo\nbase.append(3)\n# %% check f\n"),
    "a short name for a function of a module": (FEWER, "# %% exercise\ndef f(x):\n    root = np.sqrt\n    y = root(np.ones(3))\n    y[0] = x\n    return y.tolist()\n# %% check f\n"),
    "a name that only an error names": (FEWER, "# %% exercise\ndef f(x):\n    try:\n        return gamma * x\n    except NameError:\n        return 0\n# %% demo\ngamma = 2\n# %% check f\n"),
    "a helper made by a helper": (FEWER, "# %% demo\nscale = 2\ndef make():\n    return lambda x: x * scale\n# %% demo\nhelper = make()\n# %% demo\nscale = 3\n# %% exercise\ndef f(x):\n    return helper(x)\n# %% check f\n"),
    "a cell that does not compile": (FEWER, "# %% demo\nk = 1\n# %% own\nk = = 2\n# %% exercise\ndef f(x):\n    return k\n# %% check f\n"),
    "a cell with a margin": (FEWER, "# %% demo\nk = 1\n# %% exercise\ndef f(x):\n    return k\n# %% check f\n"),
    "matplotlib inline": (FEWER, "# %% own\n%matplotlib inline\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n"),
    "a star import": (ALL, "# %% own\nfrom math import *\n# %% exercise\ndef f(x):\n    return sqrt(x)\n# %% check f\n"),
    "magics": (ALL, "# %% own\n%time 1 + 1\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n"),
    "globals()": (ALL, "# %% demo\nk = 4\n# %% exercise\ndef f(x):\n    return globals()['k']\n# %% check f\n"),
    "vars of a module": (ALL, "# %% exercise\ndef f(x):\n    return vars(math)['pi']\n# %% check f\n"),
    "locals() at the margin": (ALL, "# %% demo\nk = 4\n# %% own\nmine = locals()\n# %% exercise\ndef f(x):\n    return mine['k']\n# %% check f\n"),
    "exec": (ALL, "# %% demo\nk = 4\n# %% exercise\ndef f(x):\n    return eval('k' + '* x')\n# %% check f\n"),
    "a patched module": (ALL, "# %% own\nnp.patched = []\n# %% exercise\ndef f(x):\n    return len(np.patched)\n# %% demo\nnp.mean([1])\n# %% check f\n"),
    "a patched module by another name": (ALL, "# %% exercise\ndef f(x):\n    m = np\n    m.patched_too = x\n    return x\n# %% check f\n"),
    "a module that a function imports": (ALL, "# %% exercise\ndef f(x):\n    import math as m\n    m.patched_three = x\n    return x\n# %% check f\n"),
    "a module as an argument": (ALL, "# %% exercise\ndef f(x):\n    return getattr(np, 'pi')\n# %% check f\n"),
    "the global random state": (ALL, "# %% own\nnp.random.seed(0)\n# %% demo\nnp.random.default_rng(0)\n# %% exercise\ndef f(x):\n    return np.random.rand()\n# %% check f\n"),
    "a random function by name": (ALL, "# %% own\nfrom numpy.random import seed, rand\nseed(1)\n# %% exercise\ndef f(x):\n    return rand()\n# %% check f\n"),
    "the module random": (ALL, "# %% own\nimport random\nrandom.seed(2)\n# %% exercise\ndef f(x):\n    return random.random()\n# %% check f\n"),
    "a setting": (ALL, "# %% own\nold = np.seterr(all='ignore')\nnp.seterr(**old)\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n"),
    "a module of the system": (ALL, "# %% own\nimport sys\n# %% exercise\ndef f(x):\n    return sys.modules['math'].pi\n# %% check f\n"),
    "del": (ALL, "# %% demo\nk = 4\n# %% own\ndel k\n# %% demo\nk = 5\n# %% exercise\ndef f(x):\n    return k\n# %% check f\n"),
    "__globals__": (ALL, "# %% demo\nk = 4\n# %% exercise\ndef f(x):\n    return f.__globals__['k']\n# %% check f\n"),
    "__globals__ as a text": (ALL, "# %% demo\nk = 4\n# %% exercise\ndef f(x):\n    return getattr(f, '__globals__')['k']\n# %% check f\n"),
    "setattr": (ALL, "# %% exercise\ndef f(x):\n    setattr(f, 'n', getattr(f, 'n', 0) + 1)\n    return f.n\n# %% demo\nf(1)\n# %% check f\n"),
    "an attribute whose name is made": (ALL, "# %% exercise\ndef f(x):\n    return getattr(f, '__glo' + 'bals__').get('k')\n# %% demo\nk = 1\n# %% check f\n"),
    "what was shown last": (ALL, "# %% own\n4\n# %% own\nkept = _\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n"),
    "Out": (ALL, "# %% own\nkept = Out\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n"),
    "a file": (ALL, "# %% exercise\ndef f(x):\n    return open('/dev/null').read()\n# %% check f\n"),
    "too long": (ALL, "# %% own\n" + "k = 1\n" * 4000 + "# %% exercise\ndef f(x):\n    return x\n# %% check f\n"),
    "nested too deeply": (ALL, "# %% own\nk = " + "-" * 5000 + "1\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_check_sees_what_it_would_see_after_all_cells(name: str) -> None:
    expected, text = SNIPPETS[name]
    plan = compared(HEAD + DRAWS + text)
    assert plan.all == (expected == ALL), (plan, text)
    assert bool(plan.why_all) == plan.all


def test_a_missing_name_that_nobody_foresaw_is_noticed() -> None:
    repaired, asks = notebook("# %% demo\nk = 4\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n")
    plan = needed(repaired, asks)
    missing = NotebookNode(output_type="error", ename="NameError", evalue="name 'k' is not defined")
    assert lacks_in_outputs([missing], plan)
    other = NotebookNode(output_type="error", ename="ZeroDivisionError", evalue="division by zero")
    assert not lacks_in_outputs([other], plan)


def test_an_attribute_that_a_cell_left_out_sets_is_missed() -> None:
    repaired, asks = notebook("# %% demo\nclass V: pass\nV.width = 4\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n")
    plan = needed(repaired, asks)
    gone = NotebookNode(output_type="error", ename="AttributeError", evalue="type object 'V' has no attribute 'width'")
    assert lacks_in_outputs([gone], plan)
    assert not lacks_in_outputs([NotebookNode(gone, evalue="type object 'V' has no attribute 'height'")], plan)


def test_an_author_can_mark_a_cell_as_needed() -> None:
    text = HEAD + DRAWS + "# %% marked\nhidden = 3\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n"
    repaired, asks = notebook(text)
    assert 2 in needed(repaired, asks).run
    assert 2 not in needed(*notebook(text.replace("marked", "demo"))).run


def test_unchanged_demonstrations_may_do_what_they_like() -> None:
    """What only the template's functions do, and nobody needs, costs nothing."""
    text = HEAD + "# %% demo\ndef patched():\n    return globals()\n# %% demo\npatched()\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n"
    assert sorted(compared(text).run) == [0, 3] or sorted(compared(text).run) == [3]


def test_what_a_person_marks_is_run() -> None:
    repaired, asks = notebook(HEAD + DRAWS + "# %% exercise\ndef f(x):\n    return x\n# %% check f\n")
    roles = list(repaired.roles)
    by_hand = replace(roles[1], grade=True) if roles[1] else None
    plan = needed(repaired._replace(roles=(roles[0], by_hand, *roles[2:])), asks)
    assert {1, 2} <= plan.run & plan.own


# Notebooks made by chance, from statements that have to do with each other's names.
NAMES = ("a", "b", "c", "g", "h")
STATEMENTS = (
    "{0} = [1]", "{0} = 2", "{0} = {1}", "{0} = [{1}, {2}]", "{0} = {1}[0] if isinstance({1}, list) else {1}",
    "{0}.append(3) if isinstance({0}, list) else None", "{0} += {1} if type({0}) is type({1}) is list and {0} is not {1} else {0}",
    "def {0}(x):\n    return {1}",
    "def {0}(x):\n    global {1}\n    {1} = [x]\n    return {2}",
    "def {0}(x):\n    y = {1}\n    if isinstance(y, list):\n        y.append(x)\n    return y",
    "def {0}(x, y={1}):\n    if isinstance(y, list):\n        y.append(x)\n    return y",
    "def {0}(x):\n    return {1}(x) if callable({1}) and {1} is not {0} and x < 9 else {2}",
    "{0}(4) if callable({0}) else None", "{0} = {1}(5) if callable({1}) else {1}",
    "for {0} in [{1}, {2}]:\n    pass", "{0} = lambda x: {1}",
    "class {0}:\n    kept = {1}\n    def __new__(self, x):\n        return {2}",
    "{0}.n = {1}", "{0} = getattr({1}, 'n', 0)", "[{0} := i for i in range(3)]",
)  # fmt: skip


def by_chance(seed: int) -> str:
    chance = random.Random(seed)
    cells = []
    for _ in range(chance.randrange(3, 9)):
        kind = chance.choice(["demo", "demo", "demo", "own", "exercise"])
        lines = [chance.choice(STATEMENTS).format(*chance.sample(NAMES, 3)) for _ in range(chance.randrange(1, 3))]
        cells.append(f"# %% {kind}\n" + "\n".join(lines) + "\n")
    for name in chance.sample(NAMES, 2):
        cells.insert(chance.randrange(1, len(cells) + 1), f"# %% check {name}\n")
    return "".join(cells)


def seeds(count: int) -> Iterator[int]:
    yield from range(count)


def test_notebooks_made_by_chance() -> None:
    left_out = sum(not compared(by_chance(seed)).all for seed in seeds(150))
    assert left_out > 50  # it would hold for nothing if all cells always ran


@pytest.mark.stress
def test_many_notebooks_made_by_chance() -> None:
    for seed in range(1000, 16_000):
        compared(by_chance(seed))
