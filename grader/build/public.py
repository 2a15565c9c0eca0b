"""`checks.py` without its hidden checks, and without whatever only they needed.

The text is cut line by line where the syntax tree says, so that all else stays as the author wrote it.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable

from course_utils.errors import UserError


def public_checks(text: str, where: str) -> str:
    """The text of `checks.py` that students get. `where` names the file in the errors.

    Raises UserError where a hidden check cannot be told from a public one.
    """
    tree = ast.parse(text)
    _refuse_hidden_below(tree, where)
    secret = [statement for statement in tree.body if _hidden(statement, where)]
    if not secret:
        return text
    public = [statement for statement in tree.body if statement not in secret]
    while orphans := _orphans(public, secret):
        secret += orphans
        public = [statement for statement in public if statement not in orphans]
    return _cut(text, tree.body, secret)


def _hidden(statement: ast.stmt, where: str) -> bool:
    declared = list(_hidden_flags(statement, where))
    if any(declared) and not all(declared):
        raise UserError(f"{where}, line {statement.lineno}: hidden and public checks are declared in one statement: write one for each.")
    return any(declared)


def _hidden_flags(statement: ast.AST, where: str) -> Iterable[bool]:
    """Whether each check that the statement declares is hidden."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and _called(node) == "check":
            flag = next((keyword.value for keyword in node.keywords if keyword.arg == "hidden"), ast.Constant(value=False))
            if any(keyword.arg is None for keyword in node.keywords) or not isinstance(flag, ast.Constant):
                raise UserError(f"{where}, line {node.lineno}: write hidden=True or nothing, as the build reads it from the text.")
            yield bool(flag.value)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _refuse_hidden_below(tree: ast.Module, where: str) -> None:
    """A check renamed on import, or made by a helper function, would slip through."""
    for statement in tree.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.alias) and node.name == "check" and node.asname not in (None, "check"):
                raise UserError(f"{where}, line {statement.lineno}: import check under its own name, as the build looks for it.")


def _orphans(public: list[ast.stmt], secret: list[ast.stmt]) -> list[ast.stmt]:
    """Public statements that bind only names which nothing but secret statements uses."""
    wanted_by_secret = {name for statement in secret for name in _uses(statement)}
    orphans = []
    for statement in public:
        bound = _binds(statement)
        others = {name for other in public if other is not statement for name in _uses(other)}
        if bound and bound & wanted_by_secret and not bound & others and not _declares(statement):
            orphans.append(statement)
    return orphans


def _declares(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Call) and _called(node) == "check" for node in ast.walk(statement))


@functools.lru_cache(maxsize=1000)  # each statement is looked at beside every other one
def _uses(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _binds(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {statement.name}
        case ast.Import() | ast.ImportFrom():
            return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
        case ast.Assign() | ast.AnnAssign():
            return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return set()


def _cut(text: str, statements: list[ast.stmt], secret: list[ast.stmt]) -> str:
    lines = text.splitlines()
    gone: set[int] = set()
    previous_end = 0
    for statement in statements:
        first, last = _first_line(statement), statement.end_lineno or statement.lineno
        if statement in secret:
            while first - 1 > previous_end and lines[first - 2].startswith("#"):  # what is said of it goes with it
                first -= 1
            gone.update(range(first, last + 1))
            while last < len(lines) and not lines[last].strip():  # and so does the space below
                last += 1
                gone.add(last)
        previous_end = last
    return "\n".join(line for number, line in enumerate(lines, 1) if number not in gone).rstrip("\n") + "\n"


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])
