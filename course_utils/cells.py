"""What a cell's source tells about itself."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator

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


_DEFINES = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+([^\W\d]\w*)|^([^\W\d]\w*)[ \t]*(?::[^=\n]{1,80})?=(?!=)", re.MULTILINE)


def defined_in(source: str) -> Iterator[tuple[str, int]]:
    """The names that a cell defines, with their lines from 1, as far as they can be seen in text that may not compile."""
    for found in _DEFINES.finditer(source[:_LONGEST]):
        yield found[1] or found[2], source.count("\n", 0, found.start()) + 1


UNRUN = "the cell that defines "  # how a sentence begins on a cell that did not come to its end
AT_LINE = "in the line: "  # how the line begins that an error is followed by


class Runs:
    """What became of the cells that were run last: what was defined before is not judged in their place."""

    def __init__(self) -> None:
        self._stopped: dict[str, str] = {}
        self._sources: dict[str, str] = {}

    def note(self, source: str, error: str, reached: Callable[[str, int], bool]) -> None:
        """A cell was run. `error` is "" when it came to its end; `reached` says whether it came to a name, at a line, before it."""
        broken = syntax_error(source) if error else ""
        for name, line in defined_in(source):
            self._sources[name] = source
            if broken:
                self._stopped[name] = f"{UNRUN}{name} did not run: {broken}"
            elif error and not reached(name, line):
                self._stopped[name] = f"{UNRUN}{name} stopped before it came to it: {error[:200]}"
            else:
                self._stopped.pop(name, None)

    def source_of(self, name: str) -> str:
        """The cell that was last to define a name, whether it ran or not; "" where none did."""
        return self._sources.get(name, "")

    def why_not(self, name: str) -> str:
        """Why the cell that defines a name did not run, or ""."""
        return self._stopped.get(name, "")


_MAGIC = re.compile(r"^[ \t]*[!%?]|\?[ \t]*$|=[ \t]*[!%]", re.MULTILINE)
_MAGIC_STEPS = 100_000  # lines that may be magics times characters: IPython reads the whole cell once more for each; half a second


def as_python(source: str) -> str | None:
    """A cell as IPython hands it to Python, with calls in place of magics; None where that would take long. Raises SyntaxError."""
    from IPython.core.inputtransformer2 import TransformerManager

    if len(source) > _LONGEST or len(_MAGIC.findall(source)) * len(source) > _MAGIC_STEPS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of lines that end in an odd way
            return TransformerManager().transform_cell(source)
    except RuntimeError:  # it found no end of magics
        return None


def _compile(python: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the student saw them when the cell ran
        compile(python, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST)


def syntax_error(source: str) -> str:
    """Why a cell cannot be compiled, with the line at fault; "" when it can, or when nobody can tell soon."""
    try:
        python = as_python(source)
        if python is not None:
            _compile(python)
    except SyntaxError as error:
        line = (error.text or "").strip()[:200]
        return f"{type(error).__name__}: {error.msg}" + (f"\n{AT_LINE}{line}" if line else "")
    except (ValueError, RecursionError, MemoryError) as error:  # null bytes, or nested too deeply
        return f"{type(error).__name__}: {error}"[:200]
    return ""
