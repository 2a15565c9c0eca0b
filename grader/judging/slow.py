"""Which package that takes long to import a submission asks for: one process of the sandbox imports it once for all that do."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from grader.judging.parsing import parsed
from grader.sandbox import SLOW


def slow_import(sources: Iterable[str], beside: Iterable[str]) -> str:
    """The first of `SLOW` that these cells import, however deep in a function, or ""; not what is a file beside the notebook."""
    suspects = [source for source in sources if any(name in source for name in SLOW)]
    asked = {name for source in suspects for name in _imported(source)}
    local = {name.split("/")[0].removesuffix(".py") for name in beside}
    return next((name for name in SLOW if name in asked - local), "")


def _imported(source: str) -> Iterator[str]:
    tree, _ = parsed(source)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            yield from (item.name.partition(".")[0] for item in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]
