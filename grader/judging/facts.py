"""What one cell binds, reads and changes, as far as its text tells: pure.

A name that a cell touches at its left margin is told apart from one that only the bodies of its functions touch: those are
touched when somebody calls them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

LONGEST = 20_000  # characters: what a person writes in one cell


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# How a name is bound: to what does not change (a function, a number), to a module, to what another name stands for, or to anything.
STILL, MODULE, ALIAS, DATA = "still", "module", "alias", "data"
# Before a name whose object is reached by way of a call, before the path of a module that a function imports, and a class's own class
BY_CALL, IMPORTED, OWN_CLASS = "\1", "\0", "\2"

_DYNAMIC = {"globals", "vars", "exec", "eval", "compile", "get_ipython", "__import__", "__builtins__", "In", "Out", "dir", "run_line_magic"}
_OWN = {"setattr", "delattr", "open", "input", "breakpoint", "exit", "quit", "attrgetter", "methodcaller", "getattr", "locals"}
_HISTORY = re.compile(r"_{1,3}|_i{1,3}|_i?\d+|_[iod]h|_exit_code")  # what IPython keeps of earlier cells
_INSIDE = words(
    "__dict__ __class__ __globals__ __code__ __closure__ __defaults__ __kwdefaults__ __subclasses__ __bases__ __mro__ __builtins__ "
    "__setattr__ __delattr__ __getattribute__ __wrapped__ __self__ __func__ __init_subclass__ __new__ cell_contents f_globals f_locals "
    "f_back gi_frame cr_frame tb_frame run_cell user_ns"
)
_DUNDER = re.compile(r"__[a-z_]+__")
_DRAWS = {"normal_", "uniform_", "random_", "bernoulli_", "exponential_", "cauchy_", "log_normal_", "geometric_", "rvs"}
_NUMBERS = {"float", "int", "str", "bool", "complex", "len", "round", "abs", "sum", "min", "max", "repr"}
_LOOKS = words(  # methods that leave their object as it is
    "mean std var sum min max argmin argmax copy reshape ravel flatten transpose astype dot round any all item tolist items keys values "
    "get index count startswith endswith split join strip format lower upper replace encode decode union intersection difference"
)
_HARMLESS = {"staticmethod", "classmethod", "property", "dataclass", "abstractmethod", "total_ordering", "setter", "getter", "override"}
_HARMLESS |= {"no_grad", "inference_mode", "enable_grad", "errstate", "wraps", "overload", "final", "contextmanager"}
_MAGIC = re.compile(r"\s*%(?:matplotlib inline|config InlineBackend\.\w+ ?= ?[^\n;]*)\s*", re.ASCII)
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass
class Touched:
    """What a piece of code does to names of the notebook."""

    reads: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)  # whose methods it calls, other than those that only look
    stores: set[str] = field(default_factory=set)  # into whose objects it stores, or in whose place
    paths: set[tuple[str, ...]] = field(default_factory=set)  # ("np", "random", "rand"): what it looks up in its names
    imports: set[str] = field(default_factory=set)  # "numpy.random.rand"
    bare: set[str] = field(default_factory=set)  # read as a value of their own, neither called nor looked into
    attributes: set[str] = field(default_factory=set)  # that it sets
    dynamic: str = ""  # what makes names undecidable, whoever wrote it
    odd: str = ""  # what makes a student's own code undecidable
    keeps: bool = False  # state that no name shows: a default that can change, an unknown decorator

    def add(self, other: Touched) -> None:
        """Join what another piece does."""
        for name in ("reads", "asked", "stores", "paths", "imports", "bare", "attributes"):
            getattr(self, name).update(getattr(other, name))
        self.dynamic, self.odd = self.dynamic or other.dynamic, self.odd or other.odd
        self.keeps = self.keeps or other.keeps


@dataclass(frozen=True)
class Bound:
    """One way in which a cell binds a name. `path` is what was imported ("numpy.random"), or whose alias it is."""

    name: str
    kind: str
    body: Touched  # what is touched when it is called
    path: str = ""


@dataclass(frozen=True)
class Facts:
    """What one cell does. `runs` is False for a cell that cannot be compiled: it does nothing."""

    now: Touched
    bodies: Touched
    bound: tuple[Bound, ...]
    runs: bool = True
    shows: bool = False  # whether it may draw or show something


@lru_cache(maxsize=4096)
def facts_of(source: str) -> Facts:
    """Read one cell."""
    now, bodies = Touched(), Touched()
    if len(source) > LONGEST:
        now.dynamic = "a cell is too long to be looked through"
        return Facts(now, bodies, (), shows=True)
    try:
        tree, magic = _parsed(source)
        if tree is None:
            return Facts(now, bodies, (), runs=False)
        reader = _Reader()
        for statement in tree.body:
            reader.statement(statement)
    except (RecursionError, MemoryError):
        now.dynamic = "a cell is nested too deeply to be looked through"
        return Facts(now, bodies, (), shows=True)
    if magic:
        reader.now.dynamic = f"the magic {magic}"
    shows = any(not isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom) for statement in tree.body)
    return Facts(reader.now, reader.bodies, tuple(reader.bound), shows=shows)


def _parsed(source: str) -> tuple[ast.Module | None, str]:
    """The cell as Python, and the first magic in it that may do anything; None when it does not compile."""
    try:
        return ast.parse(source), ""
    except (SyntaxError, ValueError):
        from IPython.core.inputtransformer2 import TransformerManager

        lines = source.split("\n")
        plain = "\n".join("" if _MAGIC.fullmatch(line) else line for line in lines)
        try:
            transformed = TransformerManager().transform_cell(plain)
            tree = ast.parse(transformed)
        except (SyntaxError, ValueError):
            return None, ""
        magic = next((line.strip() for line in lines if re.match(r"\s*[%!?]|.*\?\s*$|.*=\s*[%!]", line) and not _MAGIC.fullmatch(line)), "")
        return tree, (magic or "of a line")[:60] if "get_ipython()" in transformed else ""


@dataclass
class _Scope:
    kind: str  # "function" or "class"; the module has none
    local: set[str]
    outside: set[str] = field(default_factory=set)  # declared global
    modules: dict[str, str] = field(default_factory=dict)  # imported in here
    aliases: dict[str, set[str]] = field(default_factory=dict)  # local name -> names of the notebook whose object it may be
    late: bool = True  # whether its code runs when somebody calls it
    passing: bool = False  # a comprehension


class _Reader(ast.NodeVisitor):
    """Walks over one cell, statement by statement."""

    def __init__(self) -> None:
        self.now, self.bodies = Touched(), Touched()
        self.bound: list[Bound] = []
        self._scopes: list[_Scope] = []
        self._body = Touched()
        self._names: list[tuple[str, str, str]] = []

    def statement(self, node: ast.stmt) -> None:
        """One statement at the left margin."""
        self._body, self._names = Touched(), []
        keeps, self.now.keeps = self.now.keeps, False
        self.visit(node)
        body, stateful = self._body, self.now.keeps or self._body.keeps
        self.now.keeps = keeps
        self.bodies.add(body)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.now.add(body)  # a lambda that is handed over may be called at once
        self.bound += [Bound(name, DATA if stateful and kind == STILL else kind, body, path) for name, kind, path in self._names]

    @property
    def _here(self) -> Touched:
        return self._body if any(scope.late for scope in self._scopes) else self.now

    # Names

    def _where(self, name: str) -> _Scope | None:
        """The scope that a name belongs to; None: the notebook."""
        for depth, scope in enumerate(reversed(self._scopes)):
            if name in scope.outside:
                return None
            if name in scope.local and (scope.kind == "function" or depth == 0):
                return scope
        return None

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._read(node.id)
            scope = self._where(node.id)
            if scope is None or node.id in scope.modules:
                self._here.bare.add(node.id if scope is None else IMPORTED + scope.modules[node.id])
        else:
            self._bind(node.id, DATA)
            if isinstance(node.ctx, ast.Del):
                self._puzzle("del" if not self._scopes else "")

    def _read(self, name: str) -> None:
        scope = self._where(name)
        if scope is not None and scope.kind == "function":
            return
        here = self._here
        here.reads.add(name)
        if name in _DYNAMIC or (_HISTORY.fullmatch(name) and scope is None):
            here.dynamic = here.dynamic or name
        elif name in _OWN and not (name == "getattr" or (name == "locals" and any(s.kind == "function" for s in self._scopes))):
            here.odd = here.odd or name

    def _puzzle(self, what: str) -> None:
        self._here.odd = self._here.odd or what

    def _bind(self, name: str, kind: str, path: str = "") -> None:
        scope = self._where(name)
        if scope is not None:
            if path:
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
                return {BY_CALL + other.lstrip(BY_CALL) for other in found if other[0] != IMPORTED} if _calls(node) else found
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
        scope = self._where(name)
        if scope is None or scope.kind == "class":
            return {name}
        return scope.aliases.get(name, set()) | ({IMPORTED + scope.modules[name]} if name in scope.modules else set())

    def _alias(self, target: ast.expr, value: ast.expr) -> None:
        """A local name may from now on be an object of the notebook."""
        roots = self._roots(value) if self._scopes else set()
        for node in ast.walk(target):
            if roots and isinstance(node, ast.Name) and (scope := self._where(node.id)) is not None:
                scope.aliases.setdefault(node.id, set()).update(roots)

    def _store(self, target: ast.expr) -> None:
        """Storing into an object: an attribute, an item, or in place."""
        roots = self._roots(target)
        here = self._here
        here.stores |= roots - {OWN_CLASS}
        root = self._chain(target)[0]
        if OWN_CLASS in roots or (isinstance(root, ast.Name) and root.id == "cls"):
            here.keeps = True
        if isinstance(target, ast.Attribute):
            here.attributes.add(target.attr)

    # Expressions

    def visit_Attribute(self, node: ast.Attribute) -> None:
        here = self._here
        if not isinstance(node.ctx, ast.Load):
            self._store(node)
        if node.attr in _INSIDE:
            here.odd = here.odd or node.attr
        if node.attr in _DRAWS:
            here.odd = here.odd or f"global random state: {node.attr}"
        root, names = self._chain(node)
        if isinstance(root, ast.Name) and _is_path(node):
            here.paths |= {(name, *names) for name in self._roots_of(root.id)}
            self._read(root.id)
        else:
            self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._store(node)
        if isinstance(node.value, ast.Name):
            self._read(node.value.id)
        else:
            self.visit(node.value)
        self.visit(node.slice)

    def visit_Call(self, node: ast.Call) -> None:
        match node.func:
            case ast.Name(id=name):
                self._read(name)
                plain = len(node.args) < 2 or isinstance(node.args[1], ast.Constant)
                if name == "getattr" and not plain:
                    self._puzzle("getattr")
            case ast.Attribute(value=owner, attr=attr):
                self.visit(node.func)
                if attr not in _LOOKS:
                    self._here.asked |= {name.lstrip(BY_CALL) for name in self._roots(owner)}
            case function:
                self.visit(function)
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            self.visit(argument)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and len(node.value) < 40 and _DUNDER.fullmatch(node.value) and node.value != "__main__":
            self._puzzle(node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        hidden = []
        while self._scopes and self._scopes[-1].passing:
            hidden.append(self._scopes.pop())  # a walrus in a comprehension binds outside of it
        self._alias(node.target, node.value)
        self.visit(node.target)
        self._scopes.extend(reversed(hidden))

    def _comprehension(self, node: Comprehension) -> None:
        self.visit(node.generators[0].iter)
        targets = {name.id for part in node.generators for name in ast.walk(part.target) if isinstance(name, ast.Name)}
        # what a generator reads, it reads when somebody asks it for more
        self._scopes.append(_Scope("function", targets, late=isinstance(node, ast.GeneratorExp), passing=True))
        for number, part in enumerate(node.generators):
            self._alias(part.target, part.iter)
            if number:
                self.visit(part.iter)
            self.visit(part.target)
            for condition in part.ifs:
                self.visit(condition)
        for value in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(value)
        self._scopes.pop()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension  # noqa: N815

    # Definitions

    def _function(self, node: Function) -> None:
        arguments = node.args
        defaults = [default for default in (*arguments.defaults, *arguments.kw_defaults) if default is not None]
        for default in defaults:
            self.visit(default)
        if not all(map(_still, defaults)):
            self._here.keeps = True
        named = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        given = [argument for argument in named if argument is not None]
        for annotation in (*(argument.annotation for argument in given), getattr(node, "returns", None)):
            if annotation is not None:
                self.visit(annotation)
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        local, outside, inner = _bound_in(body)
        local |= {argument.arg for argument in given}
        scope = _Scope("function", local - outside - inner, outside)
        positional = [*arguments.posonlyargs, *arguments.args]
        for argument, default in (
            *zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True),
            *((a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None),
        ):
            scope.aliases[argument.arg] = self._roots(default)
        self._scopes.append(scope)
        self._here.reads.update(name for roots in scope.aliases.values() for name in roots if name[0] not in (IMPORTED, OWN_CLASS, BY_CALL))
        for part in body:
            self.visit(part)
        self._scopes.pop()

    visit_Lambda = _function  # noqa: N815

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._decorators(node)
        self._bind(node.name, STILL)
        self._function(node)

    visit_FunctionDef = visit_AsyncFunctionDef = _definition  # noqa: N815

    def _decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
            root, names = self._chain(decorator.func if isinstance(decorator, ast.Call) else decorator)
            last = names[-1] if names else getattr(root, "id", "")
            if last not in _HARMLESS:
                self._here.keeps = True

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._decorators(node)
        for base in (*node.bases, *(keyword.value for keyword in node.keywords)):
            self.visit(base)
        if node.keywords or not all(map(_still, node.bases)):
            self._here.keeps = True
        self._bind(node.name, STILL)
        local, outside, _ = _bound_in(node.body)
        self._scopes.append(_Scope("class", local - outside, outside, late=False))
        for part in node.body:
            value = part.value if isinstance(part, ast.Assign | ast.AnnAssign) else None
            if value is not None:
                self._here.keeps = self._here.keeps or not (_still(value) or _is_slots(part))
                self._body.reads |= {name for name in self._roots(value) if name[0] not in (IMPORTED, OWN_CLASS, BY_CALL)}
            self.visit(part)
        self._scopes.pop()

    # Statements

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            self._bind(name, MODULE, alias.name if alias.asname else name)
            self._here.imports.add(alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        package = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self._here.dynamic = self._here.dynamic or f"from {package} import *"
                continue
            if alias.name in _DYNAMIC | _OWN:
                self._puzzle(alias.name)
            self._bind(alias.asname or alias.name, STILL, f"{package}.{alias.name}")
            self._here.imports.add(f"{package}.{alias.name}")

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self._assign(target, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self._assign(node.target, node.value)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        pairs = isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List) and _as_long(target.elts, value.elts)
        if pairs and isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            for one, part in zip(target.elts, value.elts, strict=True):
                self._assign(one, part)
            return
        self._alias(target, value)
        if isinstance(target, ast.Name):
            self._bind(target.id, *self._kind(value))
        else:
            self.visit(target)

    def _kind(self, value: ast.expr) -> tuple[str, str]:
        """What a name is from now on that is bound to this value, and whose alias it is."""
        root = self._chain(value)[0]
        if isinstance(value, ast.Name | ast.Attribute):
            named = isinstance(root, ast.Name) and not _calls(value) and self._where(root.id) is None
            return (ALIAS, root.id) if named and isinstance(root, ast.Name) else (DATA, "")
        return (STILL if _still(value) or isinstance(value, ast.Lambda) else DATA), ""

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self._read(node.target.id)
            self._store(node.target)
        self.visit(node.target)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self._alias(node.target, node.iter)
        self.generic_visit(node)

    visit_AsyncFor = visit_For  # noqa: N815

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            if item.optional_vars is not None:
                self._alias(item.optional_vars, item.context_expr)
        self.generic_visit(node)

    visit_AsyncWith = visit_With  # noqa: N815

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._bind(node.name, DATA)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name:
            self._bind(node.name, DATA)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self._bind(node.name, DATA)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self._bind(node.rest, DATA)
        self.generic_visit(node)


def _still(value: ast.expr) -> bool:
    """Whether a value cannot change: a number, a text, a tuple of these, or what another name stands for."""
    match value:
        case ast.Constant() | ast.JoinedStr():
            return True
        case ast.UnaryOp(operand=part):
            return _number(part)
        case ast.BinOp(left=left, right=right):
            return _number(left) and _number(right)
        case ast.Tuple(elts=parts):
            return all(map(_still, parts))
        case ast.Name():
            return True
        case ast.Attribute(value=part):
            return _still(part)
        case ast.Call(func=ast.Name(id=name)):
            return name in _NUMBERS
        case ast.Lambda(args=arguments):
            return not arguments.defaults and not any(arguments.kw_defaults)
    return False


def _as_long(targets: Sequence[ast.expr], values: Sequence[ast.expr]) -> bool:
    """Whether each of several targets gets one of several values."""
    return len(targets) == len(values) and not any(isinstance(part, ast.Starred) for part in (*targets, *values))


def _number(value: ast.expr) -> bool:
    return not isinstance(value, ast.Name | ast.Attribute | ast.Lambda | ast.Tuple) and _still(value)


def _is_path(node: ast.expr) -> bool:
    """Whether an expression is a name with attributes and nothing else."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _calls(node: ast.expr) -> bool:
    """Whether a chain of attributes and items goes through a call."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return isinstance(node, ast.Call | ast.Await)


def _is_slots(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) and target.id == "__slots__" for target in node.targets)


def _bound_in(body: Iterable[ast.AST]) -> tuple[set[str], set[str], set[str]]:
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
