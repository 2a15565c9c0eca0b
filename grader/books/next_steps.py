"""The beginning of a feedback page: what went wrong, exercise by exercise, and where to go on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from course_utils.checking.verdict import shown
from grader.judging import FAILED, PARTIAL, UNGRADABLE, Result, failures, sentence_of

_WHY = {UNGRADABLE: "Not graded", FAILED: "Not graded", PARTIAL: "Graded only in part"}
_THEN = {
    UNGRADABLE: "Nothing was graded. Open your notebook in JupyterLab, run it, save it, "
    "and ask your instructor whether you may hand it in again.",
    FAILED: "This was a fault of the grader, not of yours. Your instructor knows of it.",
    PARTIAL: "What could be graded counts.",
}


def next_steps(result: Result) -> str:
    """What stands at the top of the page; empty where nothing was checked by us and nothing went amiss."""
    parts = [_reason(result)] if result.reason else []
    wrong = {name: entry for name, entry in result.exercises.items() if failures(entry)}
    waiting = [name for name, entry in result.exercises.items() if not failures(entry) and _waits(entry)]
    if wrong:
        # what follows from another exercise comes after it: mended there, it may be right
        ordered = sorted(wrong.items(), key=lambda item: bool(item[1].get("first")))
        items = "".join(_item(name, entry) for name, entry in ordered)
        parts.append(f"<h2>What went wrong, and where to go on</h2><ol>{items}</ol>")
    if waiting:
        parts.append(f"<p>Not written yet: {', '.join(map(_link, waiting))}.</p>")
    if result.exercises and not wrong and not waiting:
        left = "what is left to mend is named above" if result.status == PARTIAL else "nothing is left to mend"
        parts.append(f"<p>Every check passes: {left}.</p>")
    return f'<div class="handgrad-next">{"".join(parts)}</div>' if parts else ""


def _reason(result: Result) -> str:
    """Why something was not graded, before anything else."""
    title, then = _WHY.get(result.status, "Please note"), _THEN.get(result.status, "")
    after = f"<p>{then}</p>" if then else ""
    return f'<div class="reason" role="note"><p><b>{title}</b></p><p>{escape(result.reason)}</p>{after}</div>'


def _waits(entry: Mapping[str, Any]) -> bool:
    return any(check["outcome"] == "not attempted" for check in entry["checks"])


def _item(name: str, entry: Mapping[str, Any]) -> str:
    points = f"{shown(entry['score'])} of {shown(entry['max_score'])} points"
    told = entry.get("first") or sentence_of(failures(entry)[0])
    return f"<li>{_link(name)} ({points}): {escape(told)}</li>"


def _link(name: str) -> str:
    return f'<a href="#{escape(name)}_check">{escape(name)}</a>'
