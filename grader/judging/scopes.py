"""Whose name a name is, and whose object an expression may be: the rules of Python's scopes, for one cell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from grader.judging.touched import ALIAS, BY_CALL, DATA, IMPORTED, MADE, OWN_CLASS, Touched

DYNAMIC = {"globals", "vars", "exec", "eval", "compile", "get_ipython", "__import__", "__builtins__", "In", "Out", "dir", "run_line_magic"}
OWN = {"setattr", "delattr", "open", "input", "breakpoint", "exit", "quit", "attrgetter", "methodcaller", "getattr", "locals"}
_HISTORY = re.compile(r"_{1,3}|_i{1,3}|_i?\d+|_[iod]h|_exit_code")  # what IPython keeps of earlier cells
_NUMBERS = {"float", "int", "str", "bool", "complex", "len", "repr"}  # what these give does not change
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass
class Scope:
    kind: str  # "function" or "class"; the module has none
    local: set[str]
    outside: set[str] = field(default_factory=set)  # declared global
    modules: dict[str, str] = field(default_factory=dict)  # imported in here
    aliases: dict[str, set[str]] = field(default_factory=dict)  # local name -> names of the notebook whose object it may be
    holds: dict[str, set[str]] = field(default_factory=dict)  # local name -> those whose object may lie in an attribute or item of it
    late: bool = True  # whether its code runs when somebody calls it
    passing: bool = False  # a comprehension


class Names(ast.NodeVisitor):
    """Keeps book of a cell's names while the scopes are walked through."""

    def __init__(self) -> None:
        self.now, self.bodies = Touched(), Touched()
        self._scopes: list[Scope] = []
        self._body = Touched()
        self._names: list[tuple[str, str, str]] = []

    @property
    def _here(self) -> Touched:
        return self._body if any(scope.late for scope in self._scopes) else self.now

    def _where(self, name: str) -> Scope | None:
        """The scope that a name belongs to; None: the notebook."""
        for depth, scope in enumerate(reversed(self._scopes)):
            if name in scope.outside:
                return None
            if name in scope.local and (scope.kind == "function" or depth == 0):
                return scope
        return None

    def _read(self, name: str) -> None:
        scope = self._where(name)
        if scope is not None and scope.kind == "function":
            return
        here = self._here
        here.reads.add(name)
        if name in DYNAMIC or (_HISTORY.fullmatch(name) and scope is None):
            here.dynamic = here.dynamic or name
        elif name in OWN and not (name == "getattr" or (name == "locals" and any(s.kind == "function" for s in self._scopes))):
            here.odd = here.odd or name

    def _puzzle(self, what: str) -> None:
        self._here.odd = self._here.odd or what

    def _bind(self, name: str, kind: str, path: str = "") -> None:
        scope = self._where(name)
        if scope is not None:
            if path and kind not in (ALIAS, MADE):
                scope.modules[name] = path
        elif self._scopes:  # declared global in a function
            self._here.stores.add(name)
            self._here.reads.add(name)
            if not any(scope.late for scope in self._scopes):
                self._names.append((name, DATA, ""))
        else:
            self._names.append((name, kind, path))

    def _chain(self, node: ast.expr) -> tuple[ast.expr, list[str]]:
        """The first part of a chain of attributes, items and calls, and the attributes up to the first call."""
        names: list[str] = []
        while True:
            match node:
                case ast.Attribute(value=value, attr=attr):
                    names.insert(0, attr)
                    node = value
                case ast.Call(func=ast.Attribute(value=value, attr=attr)):
                    names = [attr]
                    node = value
                case ast.Subscript(value=value) | ast.Starred(value=value) | ast.Await(value=value):
                    node = value
                case _:
                    return node, names

    def _roots(self, node: ast.expr) -> set[str]:
        """The names of the notebook whose object an expression may be, or be a part of."""
        root, _ = self._chain(node)
        match root:
            case ast.Name(id=name):
                found = self._roots_of(name)
                return {BY_CALL + other.lstrip(BY_CALL) for other in found if other[0] != IMPORTED} if calls(node) else found
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.BoolOp(values=parts):
                return set().union(*map(self._roots, parts))
            case ast.IfExp(body=one, orelse=other):
                return self._roots(one) | self._roots(other)
            case ast.NamedExpr(value=value):
                return self._roots(value)
            case ast.Call(func=ast.Name(id="type" | "super" | "getattr" | "vars")):
                return {OWN_CLASS}
        return set()

    def _roots_of(self, name: str) -> set[str]:
        """The names of the notebook whose object a name may be, or hold."""
        scope = self._where(name)
        held = scope.holds.get(name, set()) if scope and scope.kind == "function" else set()
        return self._itself(name) | held

    def _itself(self, name: str) -> set[str]:
        scope = self._where(name)
        if scope is None or scope.kind == "class":
            return {name}
        return scope.aliases.get(name, set()) | ({IMPORTED + scope.modules[name]} if name in scope.modules else set())

    def _alias(self, target: ast.expr, value: ast.expr, *, same: bool = False) -> None:
        """A local name may from now on be an object of the notebook, or hold one. `same`: the target is the value, and no part of it."""
        if not self._scopes:
            return
        if same and isinstance(target, ast.Name) and isinstance(value, ast.Name):
            source = self._where(value.id)
            self._note("aliases", target.id, self._itself(value.id))
            self._note("holds", target.id, source.holds.get(value.id, set()) if source else set())
            return
        roots = self._roots(value)
        for part in _single(target):
            root = self._chain(part)[0]
            if isinstance(part, ast.Name):
                self._note("aliases", part.id, roots)
            elif isinstance(root, ast.Name):  # `root.x = value`: the root stays what it is, and holds more
                self._note("holds", root.id, roots)
            else:
                for name in (node.id for node in ast.walk(root) if isinstance(node, ast.Name)):
                    self._note("holds", name, roots)

    def _note(self, book: str, name: str, roots: set[str]) -> None:
        scope = self._where(name)
        if scope is not None and roots:
            getattr(scope, book).setdefault(name, set()).update(roots)

    def _store(self, target: ast.expr) -> None:
        """Storing into an object: an attribute, an item, or in place."""
        changed = target.value if isinstance(target, ast.Attribute | ast.Subscript) else target
        # what lies in an object stays as it is when another attribute or item of the object is set
        roots = self._itself(changed.id) if isinstance(changed, ast.Name) else self._roots(changed)
        here = self._here
        here.stores |= roots - {OWN_CLASS}
        root = self._chain(target)[0]
        if OWN_CLASS in roots or (isinstance(root, ast.Name) and root.id == "cls"):
            here.keeps = True
        if isinstance(target, ast.Attribute):
            here.attributes.add(target.attr)


def _single(target: ast.expr) -> Iterator[ast.expr]:
    """The names, attributes and items that an assignment binds."""
    match target:
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _single(part)
        case ast.Starred(value=part):
            yield from _single(part)
        case _:
            yield target


def is_still(value: ast.expr) -> bool:
    """Whether a value cannot change: a number, a text, a tuple of these, or what another name stands for."""
    match value:
        case ast.Constant() | ast.JoinedStr():
            return True
        case ast.UnaryOp(operand=part):
            return is_number(part)
        case ast.BinOp(left=left, right=right):
            return is_number(left) and is_number(right)
        case ast.Tuple(elts=parts):
            return all(map(is_still, parts))
        case ast.Name():
            return True
        case ast.Attribute(value=part):
            return is_still(part)
        case ast.Call(func=ast.Name(id=name)):
            return name in _NUMBERS
        case ast.Lambda(args=arguments):
            return not arguments.defaults and not any(arguments.kw_defaults)
    return False


def as_long(targets: Sequence[ast.expr], values: Sequence[ast.expr]) -> bool:
    """Whether each of several targets gets one of several values."""
    return len(targets) == len(values) and not any(isinstance(part, ast.Starred) for part in (*targets, *values))


def is_number(value: ast.expr) -> bool:
    return not isinstance(value, ast.Name | ast.Attribute | ast.Lambda | ast.Tuple) and is_still(value)


def is_path(node: ast.expr) -> bool:
    """Whether an expression is a name with attributes and nothing else."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def calls(node: ast.expr) -> bool:
    """Whether a chain of attributes and items goes through a call."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return isinstance(node, ast.Call | ast.Await)


def is_slots(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) and target.id == "__slots__" for target in node.targets)


def bound_in(body: Iterable[ast.AST]) -> tuple[set[str], set[str], set[str]]:
    """The names that a function or class binds in its own scope, those declared global, and those declared nonlocal."""
    local, outside, inner = set[str](), set[str](), set[str]()
    for node in _of_this_scope(body):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                local.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                local.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                local |= {alias.asname or alias.name.split(".")[0] for alias in names}
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                local.add(name)
            case ast.MatchMapping(rest=str(name)):
                local.add(name)
            case ast.Global(names=names):
                outside |= set(names)
            case ast.Nonlocal(names=names):
                inner |= set(names)
    return local, outside, inner


def _of_this_scope(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes that run in a scope of their own are left out, but for what a walrus in them binds."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting += node.decorator_list
        elif isinstance(node, ast.Lambda):
            continue
        elif isinstance(node, Comprehension):
            waiting += [walrus.target for walrus in ast.walk(node) if isinstance(walrus, ast.NamedExpr)]
        else:
            waiting += ast.iter_child_nodes(node)
