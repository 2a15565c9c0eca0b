"""Slips inside an expression: brackets, arguments, reductions, indices; see the package.

Each function yields what is changed about a node, and the edit: a function that changes the node that it is given.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable

Edit = Callable[[ast.AST], None]  # changes the node that it is given, which is a copy
REDUCTIONS = ("sum", "mean", "max", "min", "prod")


def become(make: Callable[[ast.AST], ast.AST]) -> Edit:
    """The node turns into another one, in place."""

    def edit(node: ast.AST) -> None:
        other = make(copy.copy(node))
        node.__class__ = other.__class__
        node.__dict__.clear()
        node.__dict__.update(other.__dict__)

    return edit


def _binary(left, op, right):
    return ast.BinOp(left=left, op=op, right=right)


def call(function: str, *args):
    return ast.Call(func=ast.Name(id=function, ctx=ast.Load()), args=list(args), keywords=[])


def number(value):
    return ast.Constant(value=value)


def _other_brackets(node):
    """a - b * c as (a - b) * c, a * b + c as a * (b + c)."""
    if isinstance(node.right, ast.BinOp):
        yield "brackets further left", become(lambda n: _binary(_binary(n.left, n.op, n.right.left), n.right.op, n.right.right))
    if isinstance(node.left, ast.BinOp):
        yield "brackets further right", become(lambda n: _binary(n.left.left, n.left.op, _binary(n.left.right, n.op, n.right)))


def _whole_division(node):
    if isinstance(node.op, ast.Div):
        yield "division without a remainder", become(lambda n: _binary(n.left, ast.FloorDiv(), n.right))


def _and_or(node):
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield "and for or", become(lambda n: ast.BoolOp(op=other, values=n.values))


# Calls


def _swapped_arguments(node):
    for at in range(len(node.args) - 1):

        def edit(n, at=at):
            n.args[at], n.args[at + 1] = n.args[at + 1], n.args[at]

        yield f"arguments {at} and {at + 1} swapped", edit


def _call_left_out(node):
    if len(node.args) == 1 and not node.keywords and not isinstance(node.args[0], ast.Starred):
        yield f"{ast.unparse(node.func)} left out", become(lambda n: n.args[0])
    if isinstance(node.func, ast.Attribute) and not (isinstance(node.func.value, ast.Name) and node.func.value.id in ("np", "torch")):
        yield f".{node.func.attr}() left out", become(lambda n: n.func.value)


def _kept_dimensions(node):
    names = [keyword.arg for keyword in node.keywords]
    if "axis" in names and "keepdims" not in names:
        yield "keepdims added", lambda n: n.keywords.append(ast.keyword(arg="keepdims", value=number(True)))


def _whole_numbers(node):
    if ast.unparse(node.func).split(".")[-1] in ("zeros", "zeros_like", "ones", "array", "asarray", "empty", "empty_like"):
        whole = ast.keyword(arg="dtype", value=ast.Name(id="int", ctx=ast.Load()))
        yield "made of whole numbers", lambda n: setattr(n, "keywords", [k for k in n.keywords if k.arg != "dtype"] + [whole])


def _reduced_elsewhere(node):
    """sum(a * b) as sum(a) * sum(b) and a * sum(b), mean(f(x)) as f(mean(x))."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in REDUCTIONS:
        return
    method = not node.args
    inner = node.func.value if method else node.args[0]
    if isinstance(inner, ast.BinOp):
        yield f"{node.func.attr} of each operand", become(_distributed(method, (True, True)))
        yield f"{node.func.attr} of the right operand", become(_distributed(method, (False, True)))
    elif isinstance(inner, ast.Call) and len(inner.args) == 1 and not inner.keywords:
        yield f"{node.func.attr} before the function", become(_before_function(method))


def _reduced(node, method, operand):
    if method:
        func = ast.Attribute(value=operand, attr=node.func.attr, ctx=ast.Load())
        return ast.Call(func=func, args=[], keywords=node.keywords)
    return ast.Call(func=node.func, args=[operand, *node.args[1:]], keywords=node.keywords)


def _distributed(method, which):
    def make(node):
        inner = node.func.value if method else node.args[0]
        parts = [_reduced(node, method, part) if reduce else part for part, reduce in zip((inner.left, inner.right), which, strict=True)]
        return _binary(parts[0], inner.op, parts[1])

    return make


def _before_function(method):
    def make(node):
        inner = node.func.value if method else node.args[0]
        return ast.Call(func=inner.func, args=[_reduced(node, method, inner.args[0])], keywords=[])

    return make


def _another_length(node):
    if isinstance(node.func, ast.Name) and node.func.id == "len":
        yield "the number of entries for the length", become(lambda n: ast.Attribute(value=n.args[0], attr="size", ctx=ast.Load()))
        yield "the last axis for the length", become(lambda n: _last_axis(n.args[0]))


def _last_axis(array):
    shape = ast.Attribute(value=array, attr="shape", ctx=ast.Load())
    return ast.Subscript(value=shape, slice=number(-1), ctx=ast.Load())


# Places


def _shifted_index(node):
    if not isinstance(node.ctx, ast.Load):
        return
    if isinstance(node.slice, ast.Name):
        yield "the index before", lambda n: setattr(n, "slice", _binary(n.slice, ast.Sub(), number(1)))
    if isinstance(node.slice, ast.Slice):
        for end in ("lower", "upper"):
            bound = getattr(node.slice, end)
            if bound is not None:
                yield f"{end} end of the slice left out", lambda n, end=end: setattr(n.slice, end, None)
                yield (
                    f"{end} end of the slice one later",
                    lambda n, end=end, b=bound: setattr(n.slice, end, _binary(copy.deepcopy(b), ast.Add(), number(1))),
                )


def _swapped_parts(node):
    if not isinstance(node.ctx, ast.Load):
        return
    for at in range(len(node.elts) - 1):

        def edit(n, at=at):
            n.elts[at], n.elts[at + 1] = n.elts[at + 1], n.elts[at]

        yield f"parts {at} and {at + 1} swapped", edit


CALLS = (_swapped_arguments, _call_left_out, _kept_dimensions, _whole_numbers, _reduced_elsewhere, _another_length)
FORMULAS = {
    ast.BinOp: (_other_brackets, _whole_division),
    ast.BoolOp: (_and_or,),
    ast.Call: CALLS,
    ast.Subscript: (_shifted_index,),
    ast.Tuple: (_swapped_parts,),
}
