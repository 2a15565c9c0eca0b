"""A made-up class: submissions from a lab's answers, stubs and known mistakes, and a few that are broken or hostile. Deterministic."""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from grader.intake import defined_names

_REGION = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)
Answers = dict[str, str]  # exercise -> code


@dataclass(frozen=True)
class MadeUp:
    """What a class is made from: the released notebook, right answers, and known mistakes as code, by exercise."""

    released: NotebookNode
    right: Answers
    wrong: Mapping[str, Mapping[str, str]]

    def notebook(self, answers: Mapping[str, str]) -> NotebookNode:
        """The released notebook with these answers filled in."""
        notebook: NotebookNode = nbformat.from_dict(json.loads(json.dumps(self.released)))
        for cell in notebook.cells:
            role = cell.metadata.get("nbgrader", {})
            if role.get("solution") and role.get("grade_id") in answers:
                cell.source = answers[role["grade_id"]]
        return notebook

    def file(self, answers: Mapping[str, str]) -> bytes:
        """The same as a file that somebody hands in."""
        return _file(self.notebook(answers))


def make_up(source: Path, released: NotebookNode) -> MadeUp:
    """Read a lab's answers and mistakes as code that a student could have written."""
    right = right_answers(source / "notebook.py")
    wrong: dict[str, dict[str, str]] = {}
    for exercise, sentence, code in wrong_answers(source / "mistakes.py", right):
        wrong.setdefault(exercise, {})[sentence] = code
    return MadeUp(released, right, wrong)


def right_answers(notebook: Path) -> Answers:
    """The answer cells of a lab without the marks of the solution region; written answers are in a student's words."""
    answers = {}
    for cell in jupytext.read(notebook).cells:
        role = cell.metadata.get("nbgrader", {})
        if role.get("solution"):
            written = cell.cell_type == "markdown"
            answers[role["grade_id"]] = _WRITTEN if written else _REGION.sub("", cell.source)
    return answers


_WRITTEN = "Each step is a function of the one before, so an error early on changes everything after it."


def wrong_answers(mistakes: Path, right: Answers) -> Iterator[tuple[str, str, str]]:
    """(exercise, sentence, code) of every mistake that can be written as a cell of its own."""
    statements = ast.parse(mistakes.read_text(encoding="utf-8")).body
    helpers = {name: node for node in statements for name in made_by(node) if not _declared(node)}
    for node in statements:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for exercise, sentence in _declared(node):
                if right.get(exercise):
                    yield exercise, sentence, _as_student(node, exercise, right, needed(node, helpers))


def made_by(node: ast.stmt) -> set[str]:
    """The names that a statement makes; what a checks file alone imports is nothing to a student."""
    match node:
        case ast.ImportFrom(module="course_utils.checking"):
            return set()
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return {alias.asname or alias.name.split(".")[0] for alias in aliases}
        case ast.Assign(targets=targets):  # `mean, std = …` makes two
            parts = [part for target in targets for part in ast.walk(target)]
            return {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    return defined_names(ast.unparse(node))


def needed(node: ast.stmt, helpers: Mapping[str, ast.stmt]) -> list[ast.stmt]:
    """What a definition uses of these, and what that uses in turn, in the order of the file."""
    found, waiting = dict[str, ast.stmt](), [node]
    while waiting:
        used = {name.id for name in ast.walk(waiting.pop()) if isinstance(name, ast.Name)}
        fresh = {name: helpers[name] for name in used & helpers.keys() - found.keys()}
        found |= fresh
        waiting += fresh.values()
    return sorted(dict.fromkeys(found.values()), key=lambda helper: helper.lineno)


def _declared(node: ast.stmt) -> list[tuple[str, str]]:
    """What `@mistake("exercise", "sentence")` says above a definition."""
    found = []
    for mark in getattr(node, "decorator_list", ()):
        match mark:
            case ast.Call(func=ast.Name(id="mistake"), args=[ast.Constant(value=str(name)), ast.Constant(value=str(said))]):
                found.append((name, said))
    return found


def _as_student(node: ast.FunctionDef | ast.ClassDef, exercise: str, right: Answers, above: Sequence[ast.stmt]) -> str:
    """A mistake as a cell: `solution.x` becomes the right x under another name, helpers are written above it."""
    code = ast.unparse(node).split("\n")
    code = code[len(node.decorator_list) :]
    code[0] = re.sub(rf"\b{node.name}\b", exercise, code[0], count=1)
    whole = "\n\n".join([*map(ast.unparse, above), "\n".join(code)])
    for name in sorted(set(re.findall(r"\bsolution\.(\w+)", whole))):
        if name not in right:  # a value of the notebook
            whole = re.sub(rf"\bsolution\.{name}\b", name, whole)
            continue
        # the student's own other exercises may be wrong as well; only the one at hand is a renamed right answer
        whole = re.sub(rf"\bsolution\.{name}\b", f"right_{name}", whole)
        whole = re.sub(rf"\b{name}\b", f"right_{name}", right[name]) + "\n\n\n" + whole
    return whole + "\n"


def students(made_up: MadeUp, count: int, *, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """`count` submissions as (student, notebook file): the strange ones once each, honest ones of every kind around them."""
    chance = random.Random(seed)
    strange = list(strange_ones(made_up))[: count // 3]
    kinds: list[Callable[[MadeUp, random.Random], Answers]] = [_all_right, _one_mistake, _few_mistakes, _half_done, _few_mistakes]
    names = list(_NAMES)
    for number in range(count - len(strange)):
        answers = kinds[number % len(kinds)](made_up, chance) if number != 1 else {}
        yield f"{names[number % len(names)]}{number // len(names) or ''}", _file(made_up.notebook(answers))
    yield from strange


# fmt: off
_NAMES = {  # of a student, and the last name
    "ada": "Lovelace", "alan": "Turing", "anita": "Borg", "barbara": "Liskov", "claude": "Shannon", "donald": "Knuth",
    "dorothy": "Vaughan", "edsger": "Dijkstra", "emmy": "Noether", "frances": "Allen", "geoffrey": "Hinton",
    "grace": "Hopper", "hedy": "Lamarr", "jean": "Bartik", "john": "McCarthy", "judea": "Pearl", "katherine": "Johnson",
    "kurt": "Gödel", "leslie": "Lamport", "lotfi": "Zadeh", "lynn": "Conway", "margaret": "Hamilton",
    "marvin": "Minsky", "mary": "Jackson", "niklaus": "Wirth", "radia": "Perlman", "shafi": "Goldwasser",
    "sofia": "Kovalevskaya", "stephen": "Kleene", "tim": "Berners-Lee", "tony": "Hoare", "vint": "Cerf",
    "yann": "LeCun", "yoshua": "Bengio",
}
# fmt: on


def name_of(student: str) -> tuple[str, str]:
    """First and last name of one of the class; the broken and hostile ones are called by what they do."""
    known = re.fullmatch(r"([a-z]+)(\d*)", student)
    if known is None or known[1] not in _NAMES:
        return student.replace("-", " ").capitalize(), "(made up)"
    return known[1].capitalize(), f"{_NAMES[known[1]]} {known[2]}".strip()


def _all_right(made_up: MadeUp, chance: random.Random) -> Answers:
    return dict(made_up.right)


def _one_mistake(made_up: MadeUp, chance: random.Random) -> Answers:
    return made_up.right | _wrong(made_up, chance, 1)


def _few_mistakes(made_up: MadeUp, chance: random.Random) -> Answers:
    return made_up.right | _wrong(made_up, chance, 3)


def _half_done(made_up: MadeUp, chance: random.Random) -> Answers:
    half = len(made_up.right) // 2
    return dict(list((made_up.right | _wrong(made_up, chance, 1)).items())[:half])


def _wrong(made_up: MadeUp, chance: random.Random, count: int) -> Answers:
    chosen = chance.sample(sorted(made_up.wrong), min(count, len(made_up.wrong)))
    return {exercise: made_up.wrong[exercise][chance.choice(sorted(made_up.wrong[exercise]))] for exercise in chosen}


def strange_ones(made_up: MadeUp) -> Iterator[tuple[str, bytes]]:
    """Broken and hostile submissions, named for what they do; the answers in them are right."""
    whole = _file(made_up.notebook(made_up.right))
    yield "truncated", whole[: len(whole) // 2]
    for name, code in HOSTILE.items():
        notebook = made_up.notebook(made_up.right)
        notebook.cells.insert(_first_answer(notebook), nbformat.v4.new_code_cell(code))
        yield name, _file(notebook)
    check = next(cell for cell in made_up.released.cells if cell.metadata.get("nbgrader", {}).get("locked"))
    notebook = made_up.notebook(made_up.right)
    notebook.cells = [cell for cell in notebook.cells if cell.id != check.id]
    yield "deletes-a-check", _file(notebook)
    notebook = made_up.notebook({})
    notebook.cells += [dict(check) for _ in range(3)]
    yield "copies-a-check", _file(notebook)
    notebook = made_up.notebook(made_up.right)
    for cell in notebook.cells:
        cell.metadata = {}
    yield "lost-metadata", _file(notebook)
    first = next(iter(made_up.right))
    yield "lying-object", _file(made_up.notebook({first: f"{_LIAR}\n{first} = Liar()"}))


def _first_answer(notebook: NotebookNode) -> int:
    return next(i for i, cell in enumerate(notebook.cells) if cell.metadata.get("nbgrader", {}).get("solution"))


def _file(notebook: NotebookNode) -> bytes:
    return (str(nbformat.v4.writes(nbformat.from_dict(notebook))) + "\n").encode()


HOSTILE = {
    "never-ends": "while True:\n    pass",
    "ends-its-process": "import os\nos._exit(0)",
    "reads-files": "for name in ('/etc/shadow', '../../../gradebook.db', '/proc/1/environ'):\n    print(open(name).read())",
    "uses-the-network": "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=5)",
    "patches-numpy": (
        "import numpy\nnumpy.allclose = numpy.array_equal = lambda *_, **__: True\nnumpy.testing.assert_allclose = lambda *_, **__: None"
    ),
    "takes-all-memory": "hoard = [bytearray(2**28) for _ in range(64)]",
    "forges-messages": (
        "import os\nfor number in range(3, 64):\n    try:\n        os.write(number, b'{\"score\": 100}' * 9)\n"
        "    except OSError:\n        pass"
    ),
    "starts-many-processes": ("import os, time\nfor _ in range(500):\n    if os.fork() == 0:\n        time.sleep(60)\n        os._exit(0)"),
    "writes-script": "from IPython.display import HTML\nHTML('<script>alert(1)</script><img src=x onerror=alert(2)>')",
}
_LIAR = """class Liar:
    def __call__(self, *args, **kwargs):
        return self
    def __eq__(self, other):
        return True
    def __bool__(self):
        return True
    def __float__(self):
        return 1e9
    def __array__(self, *args, **kwargs):
        raise SystemExit
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __getitem__ = __getattr__ = __call__
"""
