"""One file that loads nothing: how a page of the desk is put together, where it goes, and what it links to."""

from __future__ import annotations

import base64
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup, escape

from course_utils.errors import UserError
from course_utils.pages.style import page_style
from grader.books import Course
from grader.files import write_atomically

if TYPE_CHECKING:
    from jinja2 import Environment

MARK = "handgrad report"  # by which a page of ours is known
FOLDER = "reports"  # in a course
_HERE = Path(__file__).parent
_HEAD = 1000  # bytes of a page in which the mark stands


def render(template: str, **values: Any) -> bytes:
    """A page. Only our one script may run in it, and nothing can be loaded."""
    script = _script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = f"img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"  # figures are styled in place
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    style = f"{page_style()}{(_HERE / 'desk.css').read_text(encoding='utf-8')}"
    page = _templates().get_template(template)
    text = page.render(policy=Markup(policy), style=Markup(style), script=Markup(script), mark=MARK, **values)
    return text.encode("utf-8", "replace")


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # nobody but who writes a page needs it

    made = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["coded"] = coded
    return made


def coded(sentence: str) -> Markup:
    """A sentence for a terminal, with what stands between ` as code."""
    parts = map(escape, sentence.split("`"))
    return Markup("").join(Markup(f"<code>{part}</code>") if number % 2 else part for number, part in enumerate(parts))


@cache
def _script() -> str:
    """As it stands in the page, whose policy names it by its digest."""
    return (_HERE / "sort.js").read_text(encoding="utf-8").strip()


def target_of(course: Course, asked: str, name: str) -> Path:
    """Where a page goes: the file that was asked for, or one in the course.

    Raises UserError for a name that is no page's, or a file that is none of ours.
    """
    target = Path(asked) if asked else course.root / FOLDER / f"{name}.html"
    if target.suffix.lower() not in (".html", ".htm"):
        hint = f"`handgrad report {asked} --html` writes the page of a lab." if "/" not in asked and "." not in asked else ""
        raise UserError(f"--html wants the name of a file that ends with .html, not {asked!r}. {hint}".strip())
    if target.is_dir() or (target.exists() and MARK.encode() not in _begin(target)):
        raise UserError(f"{target} is there already and is no page of `handgrad report`: name another file.")
    return target


def _begin(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def write_page(course: Course, target: Path, page: bytes) -> None:
    """Write a page with scores and names in it: for its owner, and for the group that the course's settings share it with."""
    write_atomically(target, page, 0o660 if course.settings.shared else 0o600)


def link(path: Path, target: Path) -> str:
    """The address of a file as seen from a page, which works from a disk."""
    return quote(Path(os.path.relpath(path.resolve(), target.resolve().parent)).as_posix())


def feedback_links(course: Course, lab: str, notebook: str, students: list[str], target: Path) -> dict[str, str]:
    """Where the feedback page of each student is, as seen from a page; "" where there is none."""
    pages = {student: course.folder("feedback", student, lab) / f"{notebook}.html" for student in students}
    return {student: link(path, target) if path.is_file() else "" for student, path in pages.items()}
