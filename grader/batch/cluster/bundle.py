"""An assignment as bytes: all that a machine needs to grade it that has nothing of the course, and no disk in common with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, cast

import msgpack
import nbformat

import course_utils
from course_utils.checking.lab import Lab
from grader.batch.cluster.payload import Malformed, unpacked
from grader.build import fingerprint
from grader.intake import Template, TemplateCell
from grader.judging import Assignment, Trimming
from grader.sandbox import Kind, Limits

BUNDLE = "bundle"  # the file in the notes of an assignment in which it lies while it is graded elsewhere
_SOURCES = ("*.py", "*.md", "*.npz", "*.json")  # of a lab in solutions/


@dataclass(frozen=True)
class Bundle:
    """One assignment with what the instructor asked for. It holds secrets: references, hidden checks and seeds."""

    assignment: Assignment
    kind: Kind
    limits: Limits
    own: Mapping[str, float]  # parts of the grader's own budget that the instructor named
    settings: Mapping[str, Any]  # of nbgrader's classes, without where things lie
    lab_files: Mapping[str, bytes]  # the lab's folder of solutions/; empty: an assignment that is none of our labs


def read_lab(lab: Lab | None, solutions: Path | None) -> dict[str, bytes]:
    """The files of a lab's source."""
    if lab is None or solutions is None:
        return {}
    folder = solutions / lab.name
    return {path.name: path.read_bytes() for pattern in _SOURCES for path in sorted(folder.glob(pattern))}


def settings_of(config: Any) -> dict[str, Any]:
    """What a course's settings say that is plain data; where things lie is the main process's business."""
    return {
        section: {name: value for name, value in options.items() if _is_plain(value)}
        for section, options in sorted(config.items())
        if section != "CourseDirectory"
    }


def _is_plain(value: Any) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True


def pack(bundle: Bundle) -> bytes:
    """The same bytes for the same bundle, and others for another Handgrad."""
    assignment = bundle.assignment
    parts = {
        "code": code(),
        "name": assignment.name,
        "templates": json.dumps([_packed(template) for template in assignment.templates]),
        "seeds": list(assignment.seeds),
        "files": dict(assignment.files),
        "notebook_seconds": assignment.notebook_seconds,
        "pictures": assignment.pictures,
        "trimming": asdict(assignment.trimming),
        "settings": dict(bundle.settings),
        "kind": bundle.kind,
        "limits": asdict(bundle.limits),
        "own": dict(bundle.own),
        "lab": dict(bundle.lab_files),
    }
    return cast(bytes, msgpack.packb(parts))


def name_of(packed: bytes) -> str:
    """The digest that names a bundle."""
    return hashlib.sha256(packed).hexdigest()


def unpack(packed: bytes, folder: Path) -> Bundle:
    """The bundle, with the lab's source below `folder`. Raises Malformed for what another Handgrad packed."""
    parts: dict[str, Any] = unpacked(packed)
    if parts["code"] != code():
        raise Malformed("it has another version of Handgrad than the machine that gives the orders")
    lab = None
    if parts["lab"]:
        source = folder / "solutions" / parts["name"]
        source.mkdir(parents=True)
        for name, content in parts["lab"].items():
            (source / name).write_bytes(content)
        lab = Lab.from_source(source)
    assignment = Assignment(
        parts["name"],
        tuple(map(_template, json.loads(parts["templates"]))),
        lab,
        tuple(parts["seeds"]),
        parts["files"],
        parts["notebook_seconds"],
        parts["pictures"],
        trimming=Trimming(**parts["trimming"]),
    )
    return Bundle(assignment, parts["kind"], Limits(**parts["limits"]), parts["own"], parts["settings"], parts["lab"])


def code() -> str:
    """A digest of Handgrad's own code: what two versions of it judge may differ."""
    root = Path(str(course_utils.__file__)).parent.parent
    return fingerprint.of(path for package in ("course_utils", "grader") for path in sorted((root / package).rglob("*.py")))


def _packed(template: Template) -> dict[str, Any]:
    cells = [{item.name: getattr(cell, item.name) for item in fields(TemplateCell)} for cell in template.cells]
    return {**{item.name: getattr(template, item.name) for item in fields(Template)}, "cells": cells}


def _template(packed: dict[str, Any]) -> Template:
    cells = tuple(TemplateCell(**{**cell, "node": nbformat.from_dict(cell["node"])}) for cell in packed["cells"])
    return Template(**{**packed, "cells": cells, "metadata": nbformat.from_dict(packed["metadata"])})
