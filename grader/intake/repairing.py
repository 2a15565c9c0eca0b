"""Turn whatever was handed in into a notebook that can be graded: pure, and idempotent.

Every required cell is there once, in the template's order and with the template's metadata; all other cells of the student stay,
in the student's order. What was done is said in sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from nbformat import NotebookNode

from grader.intake.matching import Matches, by_grade_id, holds_own_code, longest_rising, match_cells
from grader.intake.notebook import StudentCell
from grader.intake.template import Template, TemplateCell

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Repaired(NamedTuple):
    """A notebook that can be graded.

    `roles[i]` is the template's cell that `notebook.cells[i]` answers, if any; `handed_in[i]` the student's cell that it was made from.
    """

    notebook: NotebookNode
    roles: tuple[TemplateCell | None, ...]
    sentences: tuple[str, ...]
    handed_in: tuple[StudentCell | None, ...]


def repair(template: Template, cells: Sequence[StudentCell]) -> Repaired:
    """Match, put back, and order."""
    matches = match_cells(template, cells)
    held = _held(template, cells)
    keys, moved = _places(template, matches, held)
    placed: list[tuple[Key, TemplateCell | None, int | None]]
    placed = [(key, template.cells[t], matches.get(t)) for t, key in keys.items()]
    taken = set(matches.values())
    placed += [((s, 0, 0), None, s) for s in range(len(cells)) if s not in taken]
    placed.sort(key=lambda item: item[0])
    made = [_make(role, None if s is None else cells[s]) for _, role, s in placed]
    _name_cells(made)
    notebook = NotebookNode(cells=made, metadata=_copy(template.metadata), nbformat=4, nbformat_minor=5)
    sentences = [*_losses(template, matches, cells), *_changes(template, matches, cells, held), *moved]
    origins = tuple(None if s is None else cells[s] for _, _, s in placed)
    return Repaired(notebook, tuple(role for _, role, _ in placed), tuple(sentences), origins)


def as_handed_in(notebook: NotebookNode) -> tuple[StudentCell, ...]:
    """A repaired notebook read again as a submission."""
    return tuple(
        StudentCell(
            cell.cell_type,
            cell.source,
            cell.metadata.get("nbgrader", {}).get("grade_id", ""),
            cell.id,
            cell.get("attachments", {}),
        )
        for cell in notebook.cells
    )


Key = tuple[int, int, int]


def _places(template: Template, matches: Matches, held: Mapping[str, Sequence[int]]) -> tuple[dict[int, Key], list[str]]:
    """Where each cell goes: after which of the student's cells, and in which order there.

    A check cell that stayed in order keeps its place unless its answer stands below it; the others follow their answer.
    """
    required = [t for t, cell in enumerate(template.cells) if cell.required]
    present = [t for t in required if t in matches]
    in_order = longest_rising([matches[t] for t in present])
    anchored = {t for i, t in enumerate(present) if i in in_order}
    keys: dict[int, Key] = {t: (s, 0, 0) for t, s in matches.items() if not template.cells[t].required}
    floor: Key = (-1, 1, -1)
    moved = []
    for since, t in zip([-1, *required], required, strict=False):
        answer = max(_place_before(template, matches, t, since), *held.get(template.cells[t].grade_id, ()), -1)
        least = max(floor, (answer, 1, t))
        own = (matches[t], 0, 0) if t in anchored else None
        keys[t] = own if own is not None and own > least else (least[0], 1, t)
        if t in matches and keys[t] != own:
            moved.append(f"{_called(template.cells[t])} was moved back to its place.")
        floor = keys[t]
    return keys, moved


def _held(template: Template, cells: Sequence[StudentCell]) -> dict[str, list[int]]:
    """Where the student wrote code of their own into locked cells, by the ids of these: that code belongs above them."""
    named = by_grade_id(cells)
    locked = [wanted for wanted in template.cells if wanted.locked and wanted.grade_id in named]
    found = {wanted.grade_id: [s for s in named[wanted.grade_id] if holds_own_code(wanted, cells[s])] for wanted in locked}
    return {grade_id: places for grade_id, places in found.items() if places}


def _place_before(template: Template, matches: Matches, t: int, since: int) -> int:
    """The student's cell after which a required cell belongs: the answers since the last required cell, else any neighbour."""
    answers = [matches[i] for i in range(since + 1, t) if i in matches and template.cells[i].solution]
    if answers:
        return max(answers)
    return next((matches[i] for i in range(t - 1, since, -1) if i in matches), -1)


def _make(role: TemplateCell | None, cell: StudentCell | None) -> NotebookNode:
    if role is None:
        assert cell is not None
        return _own(cell, cell.kind)
    if cell is None or role.locked:
        node: NotebookNode = _copy(role.node)
        return node
    own = _own(cell, role.kind)
    own["metadata"], own["id"] = _copy(role.node.metadata), role.node.id
    return own


def _own(cell: StudentCell, kind: str) -> NotebookNode:
    node = NotebookNode(cell_type=kind, id=cell.id, metadata=NotebookNode(), source=cell.source)
    if kind == "code":
        dict.update(node, outputs=[], execution_count=None)
    elif cell.attachments:
        node["attachments"] = _copy(cell.attachments)
    return node


def _copy(value: Any) -> Any:
    """What `copy.deepcopy` makes of a notebook's node, ten times as fast: it is done for every cell of every submission."""
    if isinstance(value, Mapping):
        return NotebookNode({key: _copy(inner) for key, inner in value.items()})
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


def _name_cells(cells: Sequence[NotebookNode]) -> None:
    """Give every cell an id of its own; the template's come first."""
    templates = {cell["id"] for cell in cells if cell["metadata"]}
    used: set[str] = set()
    for number, cell in enumerate(cells):
        wanted = cell.get("id", "")
        clash = wanted in used or (not cell["metadata"] and wanted in templates)
        if clash or not _ID.fullmatch(wanted):
            wanted = next(name for name in _fresh(number) if name not in used and name not in templates)
            cell["id"] = wanted
        used.add(wanted)


def _fresh(number: int) -> Iterator[str]:
    yield f"own-{number}"
    yield from (f"own-{number}-{copy}" for copy in count())


def _called(cell: TemplateCell) -> str:
    kind = "check cell" if cell.grade and cell.locked else "cell"
    return f"The {kind} {cell.grade_id}"


def _losses(template: Template, matches: Matches, cells: Sequence[StudentCell]) -> list[str]:
    known = {cell.grade_id for cell in template.cells if cell.grade_id}
    sentences = []
    if known and not known & {cell.grade_id for cell in cells}:
        sentences.append("The notebook has lost nbgrader's metadata: its cells were recognised by their content.")
    for t, cell in enumerate(template.cells):
        if t in matches or not cell.grade_id:
            continue
        if cell.required:
            sentences.append(f"{_called(cell)} was missing and has been put back.")
        elif cell.solution:
            sentences.append(f"{_called(cell)} is missing.")
    return sentences


def _changes(template: Template, matches: Matches, cells: Sequence[StudentCell], held: Mapping[str, Sequence[int]]) -> list[str]:
    sentences = []
    named = by_grade_id(cells)
    for t, s in matches.items():
        wanted, cell = template.cells[t], cells[s]
        copies = len(named.get(wanted.grade_id, ()))
        if copies > 1:
            sentences.append(f"{_called(wanted)} was there {copies} times; one of them counts.")
        if wanted.grade_id and cell.kind != wanted.kind:
            sentences.append(f"{_called(wanted)} had become a {cell.kind} cell and is a {wanted.kind} cell again.")
        if wanted.locked and not wanted.is_as_given(cell.source):
            given = wanted.was_given(cell.source, cell.checksum)
            what = "is of an earlier release and has been brought up to date" if given else "was edited and has been restored"
            sentences.append(f"{_called(wanted)} {what}.")
    sentences += [
        f"{_called(wanted)} held code of the student's own, which stays as a cell of its own."
        for t, wanted in enumerate(template.cells)
        if t not in matches and wanted.grade_id in held
    ]
    return sentences
