"""Slips that move statements: order, rounds of a loop, returns, branches, names; see the package."""

from __future__ import annotations

import ast

from .formulas import become, call, number


def _rounds(node):
    """A loop that begins one late or ends one early."""
    for what, lower, upper in (("begins one late", 1, None), ("ends one early", None, -1)):

        def edit(n, lower=lower, upper=upper):
            bounds = [None if bound is None else number(bound) for bound in (lower, upper)]
            n.iter = ast.Subscript(value=call("list", n.iter), slice=ast.Slice(*bounds), ctx=ast.Load())

        yield f"the loop {what}", edit


def _hoisted(node):
    """What a round computes anew is computed once, before."""
    for field in ("body", "orelse"):
        statements = getattr(node, field, None)
        for at, statement in enumerate(statements if isinstance(statements, list) else []):
            if isinstance(statement, ast.For | ast.While):
                for inner, moved in enumerate(statement.body[:-1]):
                    if isinstance(moved, ast.Assign):

                        def edit(n, field=field, at=at, inner=inner):
                            block = getattr(n, field)
                            block.insert(at, block[at].body.pop(inner))

                        yield f"before the loop: {ast.unparse(moved)[:40]}", edit


def _order(node):
    """A statement and the next one change places: a value is used before or after its update."""
    for at in range(len(node.body) - 1):
        pair = node.body[at : at + 2]
        if all(isinstance(each, ast.Assign | ast.AugAssign | ast.Expr) for each in pair) and not _is_text(pair[0]):

            def edit(n, at=at):
                n.body[at], n.body[at + 1] = n.body[at + 1], n.body[at]

            yield f"later: {ast.unparse(node.body[at])[:40]}", edit


def _is_text(statement) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _early_return(node):
    """An intermediate value is returned, or the last return stands inside the loop above it."""
    for at, statement in enumerate(node.body[:-1]):
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):

            def edit(n, at=at):
                n.body[at + 1 :] = [ast.Return(value=ast.Name(id=n.body[at].targets[0].id, ctx=ast.Load()))]

            yield f"returns {statement.targets[0].id}", edit
        if isinstance(statement, ast.For | ast.While) and isinstance(node.body[at + 1], ast.Return):

            def into(n, at=at):
                n.body[at].body.append(n.body[at + 1])

            yield "returns in the first round", into


def _replaced_update(node):
    yield "replaces where it should add up", become(lambda n: ast.Assign(targets=[n.target], value=n.value))


def _in_place(node):
    """x = x - y as x -= y, which changes what others hold."""
    target = node.targets[0]
    if isinstance(target, ast.Name) and isinstance(node.value, ast.BinOp) and ast.unparse(node.value.left) == target.id:
        yield "updated in place", become(lambda n: ast.AugAssign(target=n.targets[0], op=n.value.op, value=n.value.right))


def _branches(node):
    if isinstance(node, ast.IfExp) or node.orelse:
        yield "branches swapped", _swap_branches
    yield "the condition turned round", lambda n: setattr(n, "test", ast.UnaryOp(op=ast.Not(), operand=n.test))


def _swap_branches(node):
    node.body, node.orelse = node.orelse, node.body


def _shadowed(node):
    """A local variable has a parameter's name, which is lost from there on."""
    parameters = [argument.arg for argument in node.args.args if argument.arg != "self"]
    local = {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
    for name in sorted(local - set(parameters)):
        for parameter in parameters:
            yield f"{name} is called {parameter}", lambda n, old=name, new=parameter: _rename(n, old, new)


def _rename(node, old, new):
    for name in ast.walk(node):
        if isinstance(name, ast.Name) and name.id == old:
            name.id = new


STATEMENTS = {
    ast.For: (_rounds, _order, _hoisted),
    ast.While: (_order, _hoisted),
    ast.If: (_branches, _order),
    ast.IfExp: (_branches,),
    ast.AugAssign: (_replaced_update,),
    ast.Assign: (_in_place,),
    ast.FunctionDef: (_early_return, _order, _hoisted, _shadowed),
}
