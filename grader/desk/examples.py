"""One example of code for each known mistake: short, typical, and nobody's.

Students' notebooks are read in a worker, which gives back the definition alone, without comments, docstrings and long texts. What still
holds the name of the one who wrote it is not shown.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from grader.batch import run_errands
from grader.books import Course
from grader.desk.roll import Roll
from grader.desk.tally import Tally

ASKED = 12  # students of one mistake whose notebooks are looked into
LINES, WIDTH = 16, 100  # of what is shown
_FILE_BYTES = 64 * 2**20
_TEXT = 24  # characters of a string that are shown: names of modes and keys are shorter, sentences longer
_LONGEST = 20_000  # characters of a cell that is parsed
_LEFT_OUT = "…"


def find_examples(course: Course, lab: str, tally: Tally, roll: Roll) -> dict[int, str]:
    """Code by the place of a slip in the class's list; a mistake of which no fitting code is found is not in it."""
    alone = _alone(tally)
    asked = _whom_to_ask(tally, alone)
    notebooks = {part.name: part.place[0] for part in tally.parts}
    requests = []
    for student, exercises in asked.items():
        folder = course.folder("autograded", student, lab)
        paths = {name: str(folder / f"{notebooks[name]}.ipynb") for name in exercises if name in notebooks}
        requests.append(json.dumps(paths).encode())
    told = run_errands(read_definitions, requests)
    codes = {student: _checked(answer, exercises) for (student, exercises), answer in zip(asked.items(), told, strict=True)}
    found = {}
    for number, students in alone.items():
        theirs = [(student, codes.get(student, {}).get(tally.slips[number].exercise, "")) for student in students]
        nameless = [code for student, code in theirs if code and not _mentions(code, _names(student, roll))]
        if nameless:
            found[number] = typical(nameless)
    return found


def _alone(tally: Tally) -> dict[int, list[str]]:
    """By the place of each known mistake, who made no other one in that exercise: else the code would show two things at once."""
    slips = Counter((slip.exercise, student) for slip in tally.slips for student in slip.students)
    return {
        number: [student for student in slip.students if slips[slip.exercise, student] == 1]
        for number, slip in enumerate(tally.slips)
        if slip.is_mistake
    }


def _whom_to_ask(tally: Tally, alone: Mapping[int, Sequence[str]]) -> dict[str, list[str]]:
    """Students whose notebooks are looked into, with the exercises: a few for each mistake."""
    asked: dict[str, list[str]] = {}
    for number, students in alone.items():
        # whose notebook is opened anyway costs nothing more
        for student in sorted(students, key=lambda student: student not in asked)[:ASKED]:
            exercises = asked.setdefault(student, [])
            if tally.slips[number].exercise not in exercises:
                exercises.append(tally.slips[number].exercise)
    return asked


def _checked(answer: bytes | None, exercises: Iterable[str]) -> dict[str, str]:
    """What a worker found, if it has the form that it should have."""
    try:
        found = json.loads(answer or b"{}")
    except ValueError:
        return {}
    return {name: found[name] for name in exercises if isinstance(found, dict) and isinstance(found.get(name), str)}


def _names(student: str, roll: Roll) -> list[str]:
    return re.findall(r"[^\W\d_]{3,}", f"{student} {roll.name(student)} {roll.email(student).partition('@')[0]}".casefold())


def _mentions(code: str, words: Sequence[str]) -> bool:
    folded = code.casefold()
    return any(word in folded for word in words)


def typical(codes: Sequence[str]) -> str:
    """What most wrote, whatever they called their variables; of that the shortest."""
    shapes = [_shape(code) for code in codes]
    count = Counter(shapes)
    return min(zip(codes, shapes, strict=True), key=lambda pair: (-count[pair[1]], len(pair[0]), pair[0]))[0]


def _shape(code: str) -> str:
    """Code with its names numbered in the order in which they come. Words are enough: nothing is parsed in this process."""
    numbers: dict[str, str] = {}
    return re.sub(r"[^\W\d]\w*", lambda word: numbers.setdefault(word[0], f"v{len(numbers)}"), code)


# In a worker


def read_definitions(request: bytes) -> bytes:
    """The definitions of exercises in graded notebooks: from paths by exercise to code by exercise, both as JSON."""
    found: dict[str, str] = {}
    notebooks: dict[str, Mapping[str, str]] = {}
    for exercise, path in json.loads(request).items():
        if path not in notebooks:
            notebooks[path] = dict(_answers(Path(path)))
        code = definition(notebooks[path].get(exercise, ""), exercise)
        if code:
            found[exercise] = code
    return json.dumps(found).encode()


def _answers(path: Path) -> Iterator[tuple[str, str]]:
    """The (grade_id, source) of a notebook's answer cells; nothing for a file that is not there or is no notebook of ours."""
    if not path.is_file() or path.is_symlink() or path.stat().st_size > _FILE_BYTES:
        return
    for cell in json.loads(path.read_bytes())["cells"]:
        role = cell["metadata"].get("nbgrader") or {}
        if cell["cell_type"] == "code" and role.get("solution"):
            source = cell["source"]
            yield role["grade_id"], source if isinstance(source, str) else "".join(source)


def definition(source: str, name: str) -> str:
    """The last definition of a name in a cell, as it is shown: without what is for people only. Empty where there is none."""
    try:
        body = ast.parse(source[:_LONGEST]).body if len(source) <= _LONGEST else []
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    made = [node for node in body if name in _made(node)]
    if not made:
        return ""
    lines = ast.unparse(ast.fix_missing_locations(_Nameless().visit(made[-1]))).split("\n")
    return "" if len(lines) > LINES or max(map(len, lines)) > WIDTH else "\n".join(lines)


def _made(node: ast.stmt) -> set[str]:
    """The names that a statement gives a meaning."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
    return set()


class _Nameless(ast.NodeTransformer):
    """Takes away docstrings and texts that are longer than a word or two."""

    def _undocumented(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        self.generic_visit(node)
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _undocumented  # noqa: N815 - ast's names

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """A text is shown where it is a word for the computer, such as the name of a mode."""
        plain = not isinstance(node.value, str | bytes) or (len(node.value) <= _TEXT and len(node.value.split()) <= 1)
        return node if plain else ast.Constant(_LEFT_OUT)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """What is put together for people."""
        return ast.Constant(_LEFT_OUT)
