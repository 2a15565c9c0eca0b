"""The beginning of a feedback page: what went wrong, exercise by exercise, and where to go on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from course_utils.checking.verdict import shown
from grader.judging import UNGRADABLE, Result, failures, sentence_of

# nbgrader's page draws a folded block without its triangle, so that nobody sees that it opens; a ¶ that leads nowhere stands behind
# every title; a picture wider than the page is cut; and a link to another lab's notebook leads nowhere from here
STYLE = (
    "<style>summary{display:list-item;cursor:pointer;text-decoration:underline}.anchor-link{display:none}img{max-width:100%}"
    "a[href$='.ipynb']{pointer-events:none;color:inherit}"
    ".handgrad-next{margin:0.5em 0 1em}.handgrad-next li{margin:0.3em 0}</style>"
)
_AGAIN = "Nothing was graded. Open your notebook in JupyterLab, run it, save it, and ask your instructor whether you may hand it in again."


def next_steps(result: Result) -> str:
    """A short list for the top of the page; empty where nothing was checked by us."""
    if not result.exercises:
        lost = f"<p>{_AGAIN}</p>" if result.status == UNGRADABLE else ""
        return f"<div class='handgrad-next'><p><b>{escape(result.reason)}</b></p>{lost}</div>" if result.reason else ""
    wrong = {name: entry for name, entry in result.exercises.items() if failures(entry)}
    waiting = [name for name, entry in result.exercises.items() if not failures(entry) and _waits(entry)]
    parts = [f"<p><b>{escape(result.reason)}</b></p>"] if result.reason else []
    if wrong:
        # what follows from another exercise comes after it: mended there, it may be right
        ordered = sorted(wrong.items(), key=lambda item: bool(item[1].get("first")))
        items = "".join(_item(name, entry) for name, entry in ordered)
        parts.append(f"<p><b>What went wrong, and where to go on</b></p><ol>{items}</ol>")
    if waiting:
        parts.append(f"<p>Not written yet: {', '.join(map(_link, waiting))}.</p>")
    if not parts:
        parts.append("<p>Every check passes: nothing is left to mend.</p>")
    return f"<div class='handgrad-next'>{''.join(parts)}</div><p><b>All points</b></p>"


def _waits(entry: Mapping[str, Any]) -> bool:
    return any(check["outcome"] == "not attempted" for check in entry["checks"])


def _item(name: str, entry: Mapping[str, Any]) -> str:
    points = f"{shown(entry['score'])} of {shown(entry['max_score'])} points"
    told = entry.get("first") or sentence_of(failures(entry)[0])
    return f"<li>{_link(name)} ({points}): {escape(told)}</li>"


def _link(name: str) -> str:
    return f'<a href="#{escape(name)}_check">{escape(name)}</a>'
