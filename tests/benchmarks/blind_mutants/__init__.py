"""Slips that students make beyond one changed sign or name; written without a look at any lab's known mistakes.

Where `mutants.py` changes one operator, operand, constant or name, these move things: brackets, statements, reductions, indices,
rounds of a loop, returns. A mutant may raise or never end; whoever runs it has to see to that.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

from .formulas import FORMULAS, Edit
from .statements import STATEMENTS

KINDS = {**FORMULAS, **STATEMENTS}


class BlindMutant(NamedTuple):
    """A changed source, what was changed where, and the kind of slip."""

    source: str
    line: int
    change: str
    kind: str


def blind_mutants(source: str) -> Iterator[BlindMutant]:
    """All mutants of a source, without those that read the same as another."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    for number, node in enumerate(ast.walk(tree)):
        for kind, change, edit in _edits(node):
            mutated = copy.deepcopy(tree)
            twin = next(other for at, other in enumerate(ast.walk(mutated)) if at == number)
            edit(twin)
            text = ast.unparse(ast.fix_missing_locations(mutated))
            if text not in seen:
                seen.add(text)
                yield BlindMutant(text, getattr(node, "lineno", 0), change, kind)


def _edits(node: ast.AST) -> Iterator[tuple[str, str, Edit]]:
    for kind, makers in KINDS.items():
        if isinstance(node, kind):
            for maker in makers:
                for change, edit in maker(node):
                    yield maker.__name__.strip("_"), change, edit
