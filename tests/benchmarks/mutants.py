"""Systematic mutants of a piece of Python: every one differs from the original in one small place.

Kinds: operators, swapped and dropped operands, transposes, signs, constants (axes and off-by-one included), comparisons,
keywords dropped, functions confused with their neighbours, a variable in place of another, a statement left out.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.Pow: [ast.Mult],
    ast.FloorDiv: [ast.Div],
    ast.MatMult: [ast.Mult],
}
COMPARISONS = {
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
}
NEIGHBOURS = {
    "sum": ["mean", "max"],
    "mean": ["sum"],
    "max": ["min", "sum"],
    "maximum": ["minimum"],
    "minimum": ["maximum"],
    "exp": ["expm1"],
    "expm1": ["exp"],
    "log": ["log1p"],
    "log1p": ["log"],
    "tanh": ["sinh"],
    "abs": ["square"],
    "zeros_like": ["ones_like"],
    "zeros": ["ones"],
    "argmax": ["argmin"],
    "softmax": ["log_softmax"],
    "log_softmax": ["softmax"],
    "expit": ["tanh"],
    "outer": ["inner"],
    "permutation": ["arange"],
}


class Mutant(NamedTuple):
    """A changed source, and what was changed where."""

    source: str
    line: int
    change: str


def mutants(source: str) -> Iterator[Mutant]:
    """All mutants of a source, without those that read the same as another."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    for node in list(ast.walk(tree)):
        for change, edit in _edits(node, tree):
            mutated, twin = _copied(tree, node)
            if not edit(mutated, twin):
                continue
            text = ast.unparse(ast.fix_missing_locations(mutated))
            if text not in seen:
                seen.add(text)
                yield Mutant(text, getattr(node, "lineno", 0), change)


def _copied(tree: ast.AST, node: ast.AST) -> tuple[ast.AST, ast.AST]:
    memo: dict[int, object] = {}
    mutated = copy.deepcopy(tree, memo)
    return mutated, memo[id(node)]


def _edits(node, tree):
    """What can be done to one node: a description, and a function that does it to a copy and says whether it could."""
    for kind, edits in _EDITS.items():
        if isinstance(node, kind):
            yield from edits(node, tree)


def _comparison_edits(node, tree):
    for other in COMPARISONS.get(type(node.ops[0]), []):
        yield f"{_name(node.ops[0])} to {other.__name__}", _set_comparison(other)


def _unary_edits(node, tree):
    if isinstance(node.op, ast.USub):
        yield "minus left out", lambda t, n: _replace(t, n, n.operand)


def _constant_edits(node, tree):
    if isinstance(node.value, bool):
        yield f"{node.value!r} to {not node.value!r}", _set_value(not node.value)
    elif isinstance(node.value, int | float):
        for value in _other_numbers(node.value):
            yield f"{node.value!r} to {value!r}", _set_value(value)


def _call_edits(node, tree):
    for index, keyword in enumerate(node.keywords):
        yield f"{keyword.arg} left out", _drop_keyword(index)


def _body_edits(node, tree):
    for index, statement in enumerate(node.body):
        if len(node.body) > 1 and not _docstring(statement) and not isinstance(statement, ast.FunctionDef):
            yield f"left out: {ast.unparse(statement)[:40]}", _drop_statement(index)


def _operator_edits(node, tree):
    for other in OPERATORS.get(type(node.op), []):
        yield f"{_name(node.op)} to {other.__name__}", _set_operator(other)
    yield "left operand only", lambda t, n: _replace(t, n, n.left)
    yield "right operand only", lambda t, n: _replace(t, n, n.right)
    if not isinstance(node.op, ast.Add | ast.Mult):
        yield "operands swapped", _swap
    if isinstance(node.op, ast.MatMult):
        yield "left transposed", lambda t, n: _replace(t, n.left, _transposed(n.left))
        yield "right transposed", lambda t, n: _replace(t, n.right, _transposed(n.right))


def _attribute_edits(node, tree):
    if node.attr == "T":
        yield "transpose left out", lambda t, n: _replace(t, n, n.value)
    for other in NEIGHBOURS.get(node.attr, []):
        yield f"{node.attr} to {other}", _set_attribute(other)


def _name_edits(node, tree):
    if not isinstance(node.ctx, ast.Load):
        return
    for other in _variables(tree):
        if other != node.id:
            yield f"{node.id} to {other}", _set_name(other)
    for other in NEIGHBOURS.get(node.id, []):
        yield f"{node.id} to {other}", _set_name(other)


def _sign_edits(node, tree):
    if node.value is None:
        return
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    for index in range(len(parts)):
        yield f"sign of result {index}", _negate(index)


def _variables(tree) -> list[str]:
    """Parameters and local names: what a slip of the pen would take instead."""
    names = [arg.arg for node in ast.walk(tree) if isinstance(node, ast.arguments) for arg in node.args]
    names += [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return [name for name in dict.fromkeys(names) if name != "self"]


def _other_numbers(value):
    others = [value + 1, value - 1] if isinstance(value, int) else [2 * value, value / 2, value + 1]
    return [*others, -value] if value else others


def _name(node) -> str:
    return type(node).__name__


def _docstring(statement) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _transposed(node):
    return ast.Attribute(value=node, attr="T", ctx=ast.Load())


def _replace(tree, old, new) -> bool:
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
                return True
            if isinstance(value, list) and any(item is old for item in value):
                value[next(i for i, item in enumerate(value) if item is old)] = new
                return True
    return False


def _setter(attribute):
    def with_value(value):
        def edit(tree, node):
            setattr(node, attribute, value() if isinstance(value, type) else value)
            return True

        return edit

    return with_value


_set_operator, _set_value, _set_attribute, _set_name = map(_setter, ("op", "value", "attr", "id"))


def _set_comparison(other):
    def edit(tree, node):
        node.ops[0] = other()
        return True

    return edit


def _swap(tree, node):
    node.left, node.right = node.right, node.left
    return True


def _drop_keyword(index):
    def edit(tree, node):
        del node.keywords[index]
        return True

    return edit


def _drop_statement(index):
    def edit(tree, node):
        del node.body[index]
        return True

    return edit


def _negate(index):
    def edit(tree, node):
        parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        return _replace(tree, parts[index], ast.UnaryOp(op=ast.USub(), operand=parts[index]))

    return edit


_EDITS = {
    ast.BinOp: _operator_edits,
    ast.Compare: _comparison_edits,
    ast.UnaryOp: _unary_edits,
    ast.Constant: _constant_edits,
    ast.Attribute: _attribute_edits,
    ast.Call: _call_edits,
    ast.Name: _name_edits,
    (ast.Return, ast.Yield): _sign_edits,
    (ast.FunctionDef, ast.For, ast.While, ast.If): _body_edits,
}
