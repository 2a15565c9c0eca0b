"""What has to hold between a lab's cells and its checks, as one sentence for everything that does not."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from nbformat import NotebookNode

from course_utils.checking.declare import Check
from grader.build.roles import Role, flags, grade_id, role

CHECK_SUFFIX = "_check"
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def points_of(checks: Sequence[Check]) -> dict[str, float]:
    """Points by exercise: the sum over its checks, hidden ones included."""
    points: dict[str, float] = {}
    for check in checks:
        points[check.exercise] = points.get(check.exercise, 0) + check.points
    return points


def problems(cells: Sequence[NotebookNode], checks: Sequence[Check]) -> list[str]:
    """Every broken rule of a lab, in the order of its cells; empty for a lab that can be built."""
    points = points_of(checks)
    stubs = {grade_id(cell): place for place, cell in enumerate(cells) if role(cell) is Role.STUB}
    found = list(_id_problems(cells))
    for place, cell in enumerate(cells):
        match role(cell):
            case Role.STUB:
                found += _stub_problems(cell, points)
            case Role.CHECK:
                found += _check_cell_problems(cell, points)
                found += _order_problems(cell, place, stubs)
            case Role.BY_HAND | Role.TASK:
                found += _by_hand_problems(cell)
            case Role.REFLECTION:
                pass
            case _:
                found += _ordinary_problems(cell)
    return found + list(_missing_cells(cells, points))


def _id_problems(cells: Sequence[NotebookNode]) -> Iterator[str]:
    for cell in cells:
        if role(cell) is not Role.NONE and not re.fullmatch(r"[A-Za-z0-9_-]+", grade_id(cell)):
            yield (
                f"the {role(cell).value} cell that begins with {begin(cell)} has the grade_id {grade_id(cell)!r}: "
                "give it one of letters, digits, - and _"
            )
    for name, times in Counter(filter(None, map(grade_id, cells))).items():
        if times > 1:
            yield f'{times} cells have the grade_id "{name}", likely copied: keep one, or give each its own'


def _stub_problems(cell: NotebookNode, points: Mapping[str, float]) -> Iterator[str]:
    name = grade_id(cell)
    if name not in points:
        likely = f', likely meant is "{_nearest(name, points)}"' if _nearest(name, points) else ""
        yield (
            f'the answer cell "{name}" has no check in checks.py{likely}: a stub\'s grade_id is the name of its exercise; '
            f'write @check("{name}", points=…) or rename the cell'
        )
        return
    region = _region_problem(cell.source)
    if region:
        yield f'the answer cell "{name}" {region}'
        return
    unsolved = _definition_problem(without_answers(cell.source), name)
    if unsolved:
        yield f'the answer cell "{name}" {unsolved}'


def _region_problem(source: str) -> str:
    inside, regions = False, 0
    for line in source.splitlines():
        if BEGIN in line:
            if inside:
                return f"begins a solution inside a solution: write {END} first"
            inside, regions = True, regions + 1
        elif END in line:
            if not inside:
                return f"ends a solution that has not begun: write {BEGIN} above the answer"
            inside = False
    if inside:
        return f"has no {END}: students would get nothing below {BEGIN}"
    if not regions:
        return f"has no {BEGIN} … {END}: students would lose all of it, the signature as well"
    return ""


def without_answers(source: str) -> str:
    """The text of a cell as students get it, with `pass` for each answer."""
    kept, inside = [], False
    for line in source.splitlines():
        if BEGIN in line:
            kept.append(line.replace(BEGIN, "pass"))
        inside = BEGIN in line or (inside and END not in line)
        if not inside and END not in line:
            kept.append(line)
    return "\n".join(kept)


def _definition_problem(source: str, name: str) -> str:
    """What is wrong with the cell that students get: it has to run, and to define the name that later cells use."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return f"without its answer is not Python in its line {error.lineno}: {error.msg}"
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    if name in names:
        return ""
    return (
        f"does not define {name} outside its answer, only {', '.join(sorted(names)) or 'nothing'}: "
        f"write def, class or {name} = None above {BEGIN}, so that the unsolved notebook runs"
    )


def _check_cell_problems(cell: NotebookNode, points: Mapping[str, float]) -> Iterator[str]:
    name = grade_id(cell)
    exercise = name.removesuffix(CHECK_SUFFIX)
    if name == exercise:
        yield f'the check cell "{name}" is misnamed: its grade_id is the exercise\'s name and "{CHECK_SUFFIX}"'
        return
    if exercise not in points:
        yield f'the check cell "{name}" has no check in checks.py: write @check("{exercise}", points=…) or delete the cell'
        return
    lines = [line.strip() for line in cell.source.strip().splitlines()]
    call = f'check("{exercise}")'
    if lines not in ([call], ["from course_utils import check", call]):
        yield f'the check cell "{name}" holds {begin(cell)}: a check cell is {call} and nothing else, as the grader never runs it'
    stated = flags(cell).get("points")
    if stated is not None and stated != points[exercise]:
        yield (
            f'the check cell "{name}" says {stated:g} points, its checks add up to {points[exercise]:g}: '
            "points live in checks.py; change them there, or delete them from the cell"
        )


def _order_problems(cell: NotebookNode, place: int, stubs: Mapping[str, int]) -> Iterator[str]:
    exercise = grade_id(cell).removesuffix(CHECK_SUFFIX)
    if stubs.get(exercise, place) > place:
        yield f'the check cell "{grade_id(cell)}" stands above the cell "{exercise}" that it checks: move it below'


def _by_hand_problems(cell: NotebookNode) -> Iterator[str]:
    stated = flags(cell).get("points", 0)
    if isinstance(stated, bool) or not isinstance(stated, int | float) or stated < 0:
        yield f'the {role(cell).value} cell "{grade_id(cell)}" is worth {stated!r}: write a number of points, 0 for a comment only'


def _ordinary_problems(cell: NotebookNode) -> Iterator[str]:
    if cell.cell_type == "markdown" and role(cell) is Role.NONE and flags(cell).get("grade_id"):
        yield (
            f'the text cell "{flags(cell)["grade_id"]}" has lost its role, likely to JupyterLab\'s Create Assignment panel, '
            'which knows no reflections: students would read its text; write "solution": true again, or delete its grade_id'
        )
    if BEGIN in cell.source:
        yield (
            f"the cell that begins with {begin(cell)} holds a solution but is no answer cell, so students would read it: "
            'add nbgrader={"grade_id": "…", "solution": true}'
        )


def _missing_cells(cells: Sequence[NotebookNode], points: Mapping[str, float]) -> Iterator[str]:
    stubs = {grade_id(cell) for cell in cells if role(cell) is Role.STUB}
    checked = {grade_id(cell) for cell in cells if role(cell) is Role.CHECK}
    for exercise in points:
        if exercise not in stubs:
            yield f'checks.py checks "{exercise}", but no answer cell has this grade_id: add the stub or delete the check'
        if exercise + CHECK_SUFFIX not in checked:
            yield f'the exercise "{exercise}" has no check cell: add one with grade_id "{exercise}{CHECK_SUFFIX}" and check("{exercise}")'


def begin(cell: NotebookNode) -> str:
    """What a sentence calls a cell that has no name: its first words."""
    first = cell.source.strip().split("\n")[0] or "nothing"
    return repr(first if len(first) <= 50 else first[:49] + "…")


def _nearest(name: str, points: Mapping[str, float]) -> str:
    return next(iter(get_close_matches(name, points, n=1)), "")
