"""The same answer in other words: other names of its own, sums and products in another order, a product in the place of a division."""

from __future__ import annotations

import ast
import copy
import warnings


def rewritten(source: str) -> str:
    """Code that does the same but for rounding, comments and names; the source itself where nothing can be said otherwise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
        except SyntaxError:
            return source
    before = ast.unparse(tree)
    changed = _OtherOrder().visit(copy.deepcopy(tree))
    for node in ast.walk(changed):
        if isinstance(node, ast.FunctionDef):
            _rename(node)
    after = ast.unparse(ast.fix_missing_locations(changed))
    return source if after == before else after


class _OtherOrder(ast.NodeTransformer):
    """(a + b) + c becomes a + (b + c), the same for products; a / 3 becomes a * (1 / 3) where the divisor is a number or a length."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        left = node.left
        if isinstance(node.op, ast.Add | ast.Mult) and isinstance(left, ast.BinOp) and type(left.op) is type(node.op):
            return ast.BinOp(left.left, node.op, ast.BinOp(left.right, copy.copy(node.op), node.right))
        if isinstance(node.op, ast.Div) and _is_count(node.right):
            return ast.BinOp(left, ast.Mult(), ast.BinOp(ast.Constant(1), ast.Div(), node.right))
        return node


def _is_count(node: ast.AST) -> bool:
    number = isinstance(node, ast.Constant) and isinstance(node.value, int | float) and bool(node.value)
    return number or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len")


def _rename(function: ast.FunctionDef) -> None:
    """Give the variables of a function other names; not where functions lie in one another, or names are said to be elsewhere's."""
    inner = [node for node in ast.walk(function) if node is not function]
    if any(isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.Global | ast.Nonlocal) for node in inner):
        return
    made = {node.id for node in inner if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    kept = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    for node in inner:
        if isinstance(node, ast.Name) and node.id in made - kept:
            node.id = f"my_{node.id}_2"
