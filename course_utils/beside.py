"""A function of the student's from another lab's notebook, for a cell that only shows: nothing is judged by it."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from course_utils import front

_LARGEST = 20_000_000  # bytes of a notebook, with its pictures


def borrowed(lab: str, name: str) -> Callable[..., Any] | None:
    """What the student wrote as `name` in the notebook of `lab`, if that lies beside this one; None where there is no such thing.

    Only the statements that define it, and what it calls, are run, with the imports that they need.
    """
    here = front.folder()
    for place in (here.parent / lab, here):
        source = source_of(code_of(place / f"{lab}.ipynb"), name)
        if source:
            namespace: dict[str, Any] = {"__name__": lab}
            try:
                exec(compile(source, f"<{lab}>", "exec"), namespace)
            except Exception:  # noqa: BLE001 - half a notebook may not run: then there is nothing to show
                return None
            return namespace[name] if callable(namespace.get(name)) else None
    return None


def code_of(notebook: Path) -> list[str]:
    """The source of a notebook's code cells; none where there is no notebook that can be read."""
    try:
        if notebook.stat().st_size > _LARGEST:
            return []
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def source_of(cells: Sequence[str], name: str) -> str:
    """The statements of these cells that `name` needs, in their order; "" where none defines it.

    Of several definitions the last counts, as in a notebook that was run from top to bottom.
    """
    statements = [statement for cell in cells for statement in _parsed(cell)]
    homes = {bound: place for place, statement in enumerate(statements) for bound in _bound(statement)}
    if name not in homes:
        return ""
    needed, ahead = set[int](), [homes[name]]
    while ahead:
        place = ahead.pop()
        if place not in needed:
            needed.add(place)
            ahead += [homes[used] for used in _used(statements[place]) if used in homes]
    return "\n".join(ast.unparse(statements[place]) for place in sorted(needed))


def _parsed(cell: str) -> list[ast.stmt]:
    try:
        return ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # magics, or a cell that is not finished
        return []


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement gives a meaning at the top of the notebook."""
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (each.asname or each.name.partition(".")[0] for each in names)
        case ast.Assign(targets=targets):
            yield from _names(targets)
        case ast.AnnAssign(target=target, value=ast.expr()):
            yield from _names([target])


def _names(targets: Iterable[ast.expr]) -> Iterator[str]:
    for target in targets:
        yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))


def _used(statement: ast.stmt) -> Iterator[str]:
    return (node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
