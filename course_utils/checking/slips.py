"""Slips of the pen: variants of a reference that differ from it in one operation, each with a sentence for what happened.

They need no entry in a bank: a student who loses a term, a factor or a sign gets what the reference gives without it, however
the rest is written. A sentence names the operation and arguments that the student knows, never the right formula.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

SIGN = "a sign is turned around, or the two sides of a minus are exchanged"
FACTOR = "a factor is missing"
TERM = "a term is missing: one part of a sum is left out"
INVERSE = "something is multiplied that should be divided, or divided that should be multiplied"
POWER = "a power is missing or another one"
TRANSPOSED = "one factor of a matrix product is transposed"
ELEMENTWISE = "a matrix product, which adds up, is confused with a product entry by entry"
AXIS = "it goes along another axis than it should"
NO_AXIS = "it goes over the whole array, and should go along one axis"
FLAT = "an axis is lost that the result should keep"
INDEX = "an index or a border is off by one"
BORDER = "the border case goes to the wrong side: < and ≤ (or > and ≥) are confused"
EXCHANGED = "two cases are exchanged: a comparison is the wrong way round, or the branches are"
NOT_APPLIED = "a step is missing: one function of the formula is not applied"
TWICE = "one function of the formula is applied twice"
CONSTANT = "one number is not the right one: a constant, an index or a default"
LEFT_OUT = "a step is left out"
OVERWRITTEN = "a value is overwritten where it should be changed bit by bit: = stands for += or −="
INTERMEDIATE = "this is an intermediate result, and not what is asked for"
OTHER_VALUE = "an intermediate result is used where something else belongs"
ONE_ARGUMENT = "{} is used in the place of another argument"
MISSING_ARGUMENT = "{} is missing as a factor"
MISSING_TERM = "{} is missing as a term"
INSTEAD = {
    ("sum", "mean"): "a mean is taken where a sum belongs",
    ("mean", "sum"): "a sum is taken where a mean belongs",
    ("max", "min"): "the smallest is taken where the largest belongs",
    ("min", "max"): "the largest is taken where the smallest belongs",
    ("maximum", "minimum"): "the smaller of two is taken where the larger belongs",
    ("minimum", "maximum"): "the larger of two is taken where the smaller belongs",
    ("argmax", "argmin"): "the smallest is looked for where the largest belongs",
    ("zeros_like", "ones_like"): "it starts from ones where it should start from zeros",
    ("ones_like", "zeros_like"): "it starts from zeros where it should start from ones",
    ("abs", "square"): "a square is taken where an absolute value belongs",
    ("square", "abs"): "an absolute value is taken where a square belongs",
}
# true, but they say so little that whatever the numbers show goes before them
VAGUE = frozenset({FACTOR, TERM, NOT_APPLIED, TWICE, CONSTANT, LEFT_OUT, OTHER_VALUE, INTERMEDIATE})
MOST = 120  # variants of one exercise
ROUNDS = 3000  # of a loop: a variant that needs more does not end
_TICK = "__tick__"
_FLIPPED = {ast.Add: ast.Sub, ast.Sub: ast.Add}
_INVERTED = {ast.Mult: ast.Div, ast.Div: ast.Mult}
_BORDERS = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt}
_MIRRORED = {ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Lt: ast.Gt, ast.LtE: ast.GtE}

_SIZES = ("shape", "size", "ndim", "dtype", "len", "zeros_like", "ones_like", "empty_like")

Alternative = tuple[str, Any]


class Slip(NamedTuple):
    """One variant of a reference: what was done, and the object that the changed cell defines."""

    sentence: str
    subject: Any


class Endless(RuntimeError):
    """A variant that does not come to its end."""


def slips(exercise: str, source: str, namespace: Mapping[str, Any]) -> list[Slip]:
    """The variants of one exercise's cell that still define it. Each runs in its own copy of the reference's names."""
    found = []
    for sentence, code in _variants(exercise, source):
        names: dict[str, Any] = {**namespace, _TICK: _ticker()}
        names.pop(exercise, None)
        try:
            exec(code, names)
        except Exception:  # noqa: BLE001 - this variant breaks when it is defined
            continue
        if callable(names.get(exercise)):
            found.append(Slip(sentence, names[exercise]))
        if len(found) == MOST:
            break
    return found


def _ticker() -> Callable[..., None]:
    rounds = 0

    def tick(*, begin: bool = False) -> None:
        nonlocal rounds
        rounds = 0 if begin else rounds + 1
        if rounds > ROUNDS:
            raise Endless(f"a loop took more than {ROUNDS} rounds")

    return tick


def _variants(exercise: str, source: str) -> Iterator[tuple[str, Any]]:
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    function = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == exercise), None)
    if function is None:
        return
    scope = _Scope(function)
    _bounded(tree, function)
    for setter, node in list(_slots(function)):
        for sentence, other in _alternatives(node, scope):
            setter(other)
            ast.fix_missing_locations(tree)
            text = ast.unparse(tree)
            if text not in seen:
                seen.add(text)
                yield sentence, compile(tree, f"<{exercise}, with a slip>", "exec", dont_inherit=True)
            setter(node)


class _Scope:
    """The names of a function: its arguments, which the student knows, and its locals, which are the reference's own."""

    def __init__(self, function: ast.FunctionDef) -> None:
        every = function.args
        self.arguments = [arg.arg for arg in [*every.posonlyargs, *every.args, *every.kwonlyargs]]
        stored = [node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        self.locals = [name for name in dict.fromkeys(stored) if name not in self.arguments]
        # X.shape or len(X) only asks for a size, which other arrays have as well
        measured = [node.value for node in ast.walk(function) if isinstance(node, ast.Attribute) and node.attr in _SIZES]
        measured += [arg for node in ast.walk(function) if isinstance(node, ast.Call) and _name_of(node) in _SIZES for arg in node.args]
        # and another bound in a comparison ends a loop just as a return in it does
        measured += [part for node in ast.walk(function) if isinstance(node, ast.Compare) for part in _names_in(node)]
        self.measured = set(map(id, measured))
        loops = [node.test for node in ast.walk(function) if isinstance(node, ast.While)]
        self.bounds = {id(part) for test in loops for part in ast.walk(test)}
        self.first_line = {name: _first_store(function, name) for name in self.locals}


def _names_in(node: ast.AST) -> list[ast.expr]:
    return [part for part in ast.walk(node) if isinstance(part, ast.Name)]


def _first_store(function: ast.FunctionDef, name: str) -> int:
    lines = [n.lineno for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store)]
    return min(lines)


def _bounded(tree: ast.AST, function: ast.FunctionDef) -> None:
    """Have every call count the rounds of its loops, so that each variant comes to an end."""
    for node in ast.walk(tree):
        if isinstance(node, ast.While | ast.For):
            node.body.insert(0, ast.parse(f"{_TICK}()").body[0])
    function.body.insert(0, ast.parse(f"{_TICK}(begin=True)").body[0])
    ast.fix_missing_locations(tree)


def _slots(root: ast.AST) -> Iterator[tuple[Callable[[Any], None], Any]]:
    """Every place below `root` that holds a node, with a way to put another one there."""
    for parent in ast.walk(root):
        for field, value in ast.iter_fields(parent):
            if isinstance(value, ast.AST):
                yield _set_field(parent, field), value
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, ast.AST):
                        yield _set_item(value, index), item


def _set_field(parent: ast.AST, field: str) -> Callable[[Any], None]:
    return lambda other: setattr(parent, field, other)


def _set_item(items: list[Any], index: int) -> Callable[[Any], None]:
    return lambda other: items.__setitem__(index, other)


def _alternatives(node: Any, scope: _Scope) -> Iterator[Alternative]:
    for kind, edits in _EDITS.items():
        if isinstance(node, kind):
            yield from edits(node, scope)


def _binary(node: ast.BinOp, scope: _Scope) -> Iterator[Alternative]:
    operator = type(node.op)
    if operator in _FLIPPED:
        yield SIGN, ast.BinOp(node.left, _FLIPPED[operator](), node.right)
        if operator is ast.Sub:
            yield SIGN, ast.BinOp(node.right, ast.Sub(), node.left)
        yield _named(node.left, MISSING_TERM, TERM, scope), node.right if operator is ast.Add else ast.UnaryOp(ast.USub(), node.right)
        yield _named(node.right, MISSING_TERM, TERM, scope), node.left
    elif operator in _INVERTED:
        yield INVERSE, ast.BinOp(node.left, _INVERTED[operator](), node.right)
        yield _factor(node.right, scope), node.left
        if operator is ast.Mult:
            yield _factor(node.left, scope), node.right
    elif operator is ast.Pow:
        yield POWER, node.left
        yield POWER, ast.BinOp(node.left, ast.Pow(), ast.BinOp(node.right, ast.Add(), ast.Constant(1)))
    elif operator is ast.MatMult:
        yield ELEMENTWISE, ast.BinOp(node.left, ast.Mult(), node.right)
        for left, right in ((True, False), (False, True), (True, True)):
            yield TRANSPOSED, ast.BinOp(_turned(node.left, left), ast.MatMult(), _turned(node.right, right))
        yield TRANSPOSED, ast.BinOp(node.right, ast.MatMult(), node.left)
        yield _factor(node.right, scope), node.left
        yield _factor(node.left, scope), node.right


def _factor(node: ast.expr, scope: _Scope) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return f"the factor {node.value:g} is missing"
    return _named(node, MISSING_ARGUMENT, FACTOR, scope)


def _named(node: ast.expr, with_name: str, without: str, scope: _Scope) -> str:
    return with_name.format(node.id) if isinstance(node, ast.Name) and node.id in scope.arguments else without


def _turned(node: ast.expr, turn: bool) -> ast.expr:
    if not turn:
        return node
    return node.value if isinstance(node, ast.Attribute) and node.attr == "T" else ast.Attribute(node, "T", ast.Load())


def _unary(node: ast.UnaryOp, scope: _Scope) -> Iterator[Alternative]:
    if isinstance(node.op, ast.USub):
        yield SIGN, node.operand


def _compared(node: ast.Compare, scope: _Scope) -> Iterator[Alternative]:
    operator = type(node.ops[0])
    if len(node.ops) == 1 and operator in _BORDERS:
        yield BORDER, ast.Compare(node.left, [_BORDERS[operator]()], node.comparators)
    if len(node.ops) == 1 and operator in _BORDERS and id(node) not in scope.bounds:  # such a loop would just never begin
        yield EXCHANGED, ast.Compare(node.left, [_MIRRORED[operator]()], node.comparators)


def _called(node: ast.Call, scope: _Scope) -> Iterator[Alternative]:
    name = _name_of(node)
    for (right, other), sentence in INSTEAD.items():
        if right == name:
            yield sentence, ast.Call(_renamed(node.func, other), node.args, node.keywords)
    if name == "where" and len(node.args) == 3:
        yield EXCHANGED, ast.Call(node.func, [node.args[0], node.args[2], node.args[1]], node.keywords)
    if name == "range" and len(node.args) == 1:
        yield INDEX, ast.Call(node.func, [ast.BinOp(node.args[0], ast.Sub(), ast.Constant(1))], [])
        yield INDEX, ast.Call(node.func, [ast.Constant(1), node.args[0]], [])
    for index, keyword in enumerate(node.keywords):
        if keyword.arg in ("axis", "keepdims"):
            lost = NO_AXIS if keyword.arg == "axis" else FLAT
            yield lost, ast.Call(node.func, node.args, [*node.keywords[:index], *node.keywords[index + 1 :]])
    whole = not isinstance(node.func, ast.Attribute) or isinstance(node.func.value, ast.Name)
    if len(node.args) == 1 and whole and name not in ("range", "len", "iter", "next", "enumerate", "reversed"):
        applied = f"{name} is not applied" if name in scope.arguments else NOT_APPLIED
        yield applied, node.args[0]
        yield f"{name} is applied twice" if name in scope.arguments else TWICE, ast.Call(node.func, [node], node.keywords)


def _name_of(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else str(getattr(node.func, "id", ""))


def _renamed(function: ast.expr, name: str) -> ast.expr:
    return ast.Attribute(function.value, name, ast.Load()) if isinstance(function, ast.Attribute) else ast.Name(name, ast.Load())


def _constant(node: ast.Constant, scope: _Scope) -> Iterator[Alternative]:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        return
    yield CONSTANT, ast.Constant(node.value + 1)
    if node.value:
        yield CONSTANT, ast.Constant(node.value - 1)
        yield CONSTANT, ast.Constant(node.value / 2)


def _axis(node: ast.keyword, scope: _Scope) -> Iterator[Alternative]:
    if node.arg == "axis" and isinstance(node.value, ast.Constant) and isinstance(node.value.value, int):
        yield AXIS, ast.keyword("axis", ast.Constant(0 if node.value.value else 1))


def _indexed(node: ast.Subscript, scope: _Scope) -> Iterator[Alternative]:
    part = node.slice
    if isinstance(node.value, ast.Attribute) and node.value.attr == "shape" and isinstance(part, ast.Constant):
        other = ast.Subscript(node.value, ast.Constant(0 if part.value else 1), node.ctx)
        yield "the size of another axis is taken", other
    elif isinstance(part, ast.Slice) and isinstance(node.ctx, ast.Load):
        yield INDEX, node.value
    elif isinstance(node.ctx, ast.Load) and not isinstance(part, ast.Constant | ast.Tuple | ast.Slice):
        yield INDEX, ast.Subscript(node.value, ast.BinOp(part, ast.Sub(), ast.Constant(1)), node.ctx)


def _attribute(node: ast.Attribute, scope: _Scope) -> Iterator[Alternative]:
    if node.attr == "T":
        yield TRANSPOSED, node.value


def _name(node: ast.Name, scope: _Scope) -> Iterator[Alternative]:
    known = node.id in [*scope.arguments, *scope.locals]
    if not isinstance(node.ctx, ast.Load) or not known or id(node) in scope.measured:
        return
    for other in scope.arguments if node.id in scope.arguments else ():
        if other != node.id:
            yield ONE_ARGUMENT.format(other), ast.Name(other, ast.Load())
    for other in scope.locals:
        if other != node.id and scope.first_line[other] <= getattr(node, "lineno", 0):
            yield OTHER_VALUE, ast.Name(other, ast.Load())


def _returned(node: ast.Return, scope: _Scope) -> Iterator[Alternative]:
    if node.value is None:
        return
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    for index, part in enumerate(parts):
        intermediate = [(INTERMEDIATE, ast.Name(name, ast.Load())) for name in scope.locals]
        for sentence, other in [(SIGN, ast.UnaryOp(ast.USub(), part)), *intermediate]:
            changed = [*parts[:index], other, *parts[index + 1 :]]
            yield sentence, ast.Return(ast.Tuple(changed, ast.Load()) if isinstance(node.value, ast.Tuple) else other)


def _assigned(node: ast.Assign | ast.AugAssign, scope: _Scope) -> Iterator[Alternative]:
    yield LEFT_OUT, ast.Pass()
    if isinstance(node, ast.AugAssign):
        yield OVERWRITTEN, ast.Assign([node.target], node.value)
        if type(node.op) in _FLIPPED:
            yield SIGN, ast.AugAssign(node.target, _FLIPPED[type(node.op)](), node.value)


def _branched(node: ast.If | ast.IfExp, scope: _Scope) -> Iterator[Alternative]:
    if isinstance(node, ast.IfExp):
        yield EXCHANGED, ast.IfExp(node.test, node.orelse, node.body)
        yield "one of two cases is taken for all", node.body
        yield "one of two cases is taken for all", node.orelse


_EDITS: dict[Any, Any] = {
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compared,
    ast.Call: _called,
    ast.Constant: _constant,
    ast.keyword: _axis,
    ast.Subscript: _indexed,
    ast.Attribute: _attribute,
    ast.Name: _name,
    ast.Return: _returned,
    (ast.Assign, ast.AugAssign): _assigned,
    (ast.If, ast.IfExp): _branched,
}
