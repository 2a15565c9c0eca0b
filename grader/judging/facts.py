"""What one cell binds, reads and changes, as far as its text tells: pure.

A name that a cell touches at its left margin is told apart from one that only the bodies of its functions touch: those are
touched when somebody calls them.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from grader.judging.parsing import parsed
from grader.judging.scopes import DYNAMIC, OWN, Comprehension, Names, Scope, as_long, bound_in, calls, is_path, is_slots, is_still
from grader.judging.touched import ALIAS, BY_CALL, DATA, IMPORTED, MADE, MODULE, OWN_CLASS, STILL, Bound, Facts, Touched, words

LONGEST = 20_000  # characters: what a person writes in one cell
_INSIDE = words(
    "__dict__ __class__ __globals__ __code__ __closure__ __defaults__ __kwdefaults__ __subclasses__ __bases__ __mro__ __builtins__ "
    "__setattr__ __delattr__ __getattribute__ __wrapped__ __self__ __func__ __init_subclass__ __new__ cell_contents f_globals f_locals "
    "f_back gi_frame cr_frame tb_frame run_cell user_ns"
)
_DUNDER = re.compile(r"__[a-z_]+__")
_LOOKS = words(  # methods that leave their object as it is
    "mean std var sum min max argmin argmax copy reshape ravel flatten transpose astype dot round any all item tolist items keys values "
    "get index count startswith endswith split join strip format lower upper replace encode decode union intersection difference"
)
_HARMLESS = {"staticmethod", "classmethod", "property", "dataclass", "abstractmethod", "total_ordering", "setter", "getter", "override"}
_HARMLESS |= {"no_grad", "inference_mode", "enable_grad", "errstate", "wraps", "overload", "final", "contextmanager"}
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@lru_cache(maxsize=512)  # the template's cells are alike in a whole class
def facts_of(source: str) -> Facts:
    """Read one cell."""
    now, bodies = Touched(), Touched()
    if len(source) > LONGEST:
        now.dynamic = "a cell is too long to be looked through"
        return Facts(now, bodies, (), shows=True)
    try:
        tree, magic = parsed(source)
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
    return Facts(reader.now, reader.bodies, tuple(reader.bound), shows=shows or bool(magic))


class _Reader(Names):
    """Walks over one cell, statement by statement."""

    def __init__(self) -> None:
        super().__init__()
        self.bound: list[Bound] = []

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

    # Expressions

    def visit_Attribute(self, node: ast.Attribute) -> None:
        here = self._here
        if not isinstance(node.ctx, ast.Load):
            self._store(node)
        if node.attr in _INSIDE:
            here.odd = here.odd or node.attr
        root, names = self._chain(node)
        if isinstance(root, ast.Name) and is_path(node):
            # the first attribute of what only holds an object is no attribute of that object
            found = self._roots_of(root.id) if len(names) > 1 else self._itself(root.id)
            here.paths |= {(name, *names) for name in found}
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
        self._alias(node.target, node.value, same=True)
        self.visit(node.target)
        self._scopes.extend(reversed(hidden))

    def _comprehension(self, node: Comprehension) -> None:
        self.visit(node.generators[0].iter)
        targets = {name.id for part in node.generators for name in ast.walk(part.target) if isinstance(name, ast.Name)}
        # what a generator reads, it reads when somebody asks it for more
        self._scopes.append(Scope("function", targets, late=isinstance(node, ast.GeneratorExp), passing=True))
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
        if not all(map(is_still, defaults)):
            self._here.keeps = True
        named = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        given = [argument for argument in named if argument is not None]
        for annotation in (*(argument.annotation for argument in given), getattr(node, "returns", None)):
            if annotation is not None:
                self.visit(annotation)
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        local, outside, inner = bound_in(body)
        local |= {argument.arg for argument in given}
        scope = Scope("function", local - outside - inner, outside)
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
        if node.keywords or not all(map(is_still, node.bases)):
            self._here.keeps = True
        self._bind(node.name, STILL)
        local, outside, _ = bound_in(node.body)
        self._scopes.append(Scope("class", local - outside, outside, late=False))
        for part in node.body:
            value = part.value if isinstance(part, ast.Assign | ast.AnnAssign) else None
            if value is not None:
                self._here.keeps = self._here.keeps or not (is_still(value) or is_slots(part))
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
            if alias.name in DYNAMIC | OWN:
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
        pairs = isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List) and as_long(target.elts, value.elts)
        if pairs and isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            for one, part in zip(target.elts, value.elts, strict=True):
                self._assign(one, part)
            return
        self._alias(target, value, same=True)
        if isinstance(target, ast.Name):
            self._bind(target.id, *self._kind(value))
        else:
            self.visit(target)

    def _kind(self, value: ast.expr) -> tuple[str, str]:
        """What a name is from now on that is bound to this value, and whose alias it is or what gave it."""
        match value:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=attr)) if not self._scopes:
                return MADE, f"{owner}.{attr}"
        root = self._chain(value)[0]
        if isinstance(value, ast.Name | ast.Attribute):
            named = isinstance(root, ast.Name) and not calls(value) and self._where(root.id) is None
            return (ALIAS, root.id) if named and isinstance(root, ast.Name) else (DATA, "")
        return (STILL if is_still(value) or isinstance(value, ast.Lambda) else DATA), ""

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
