"""What a cell's source tells about itself."""

from __future__ import annotations

import ast

_LONGEST = 20_000  # characters: what a person writes in one cell


def only_shows(source: str) -> bool:
    """Whether a cell holds expressions only, such as a picture: nothing that later cells could need, as a rule."""
    if len(source) > _LONGEST:
        return False
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(isinstance(statement, ast.Expr) for statement in statements)


def checked_exercise(source: str) -> str | None:
    """The exercise of a check cell, which is `check("name")` with or without its import; None for any other cell."""
    if len(source) > 2000 or "check" not in source:
        return None
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    *imports, last = statements or [ast.Pass()]
    if not all(isinstance(line, ast.ImportFrom) and line.module == "course_utils" for line in imports):
        return None
    match last:
        case ast.Expr(value=ast.Call(func=ast.Name(id="check"), args=[ast.Constant(value=str(name))], keywords=[])):
            return name
    return None
