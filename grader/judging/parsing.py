"""A cell as Python: what IPython would make of it, without asking IPython."""

from __future__ import annotations

import ast
import re

# Lines that only IPython understands, and those of them that change nothing which a check could notice
_MAGIC = re.compile(r"\s*(?:[%!?,;/]|>>>|In \[)|[^\n]*(?:\?\s*$|=\s*[%!])")
_HARMLESS_MAGIC = re.compile(r"\s*%(?:matplotlib inline|config InlineBackend\.\w+ ?= ?[^\n;]*)\s*", re.ASCII)


def parsed(source: str) -> tuple[ast.Module | None, str]:
    """The cell as Python, and a line that only IPython understands, which may do anything; None when it does not compile."""
    try:
        return ast.parse(source), ""
    except (SyntaxError, ValueError):
        lines = ["" if _HARMLESS_MAGIC.fullmatch(line) else line for line in source.split("\n")]
    if magic := next((line.strip() for line in lines if _MAGIC.match(line)), ""):
        return ast.Module([], []), magic[:60]
    margin = next((re.match(r"[ \t]*", line)[0] for line in lines if line.strip()), "")  # type: ignore[index]
    try:  # as IPython does: the first line's margin is everybody's
        return ast.parse("\n".join(line.removeprefix(margin) for line in lines)), ""
    except (SyntaxError, ValueError):
        return None, ""
