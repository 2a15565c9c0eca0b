"""What a notebook's process said, as the judge's own types; whatever has another form is refused. Pure; on the trusted side."""

from __future__ import annotations

from typing import Any

from course_utils.checking.perform import HEARD
from course_utils.checking.session import Raised, Ref, Reply
from grader.sandbox.codec import WireError

Message = dict[str, Any]


def as_object(parts: list[Any]) -> Ref:
    """A reference to what stays in the sandbox. WireError for anything else that is no data."""
    match parts:
        case ["r", int(key), str(name), bool(callable_), [*names], [*reaches]] if all(type(word) is str for word in [*names, *reaches]):
            words = [tuple(word[:100] for word in words[:100]) for words in (names, reaches)]
            return Ref(key, name[:100], callable_, *words)
    raise WireError("a message has a part of a strange kind")


def as_reply(message: Message) -> Reply:
    """The outcome of an operation. WireError when it has another form."""
    match message:
        case {"value": value, "changed": dict(changed), "raised": None, "warned": tuple(warned), "printed": str(printed)} if _texts(warned):
            return Reply(value, changed, None, warned, printed[:HEARD])
        case {"changed": dict(changed), "raised": tuple(raised), "warned": tuple(warned), "printed": str(printed)} if (
            _texts(warned) and _texts(raised) and len(raised) == len(Raised._fields)
        ):
            return Reply(None, changed, Raised(*raised), warned, printed[:HEARD])
    if message.get("interrupted") is True:
        return Reply(raised=Raised("error", "KeyboardInterrupt", "it interrupted itself"))
    raise WireError("a reply has a strange form")


def as_call(message: Message) -> tuple[int, tuple[Any, ...], dict[str, Any]] | None:
    """Which function of ours it calls with what; None when it says that in no way."""
    match message:
        case {"function": int(number), "args": tuple(args), "kwargs": dict(kwargs)} if all(type(name) is str for name in kwargs):
            return number, args, kwargs
    return None


def refused(sentence: str) -> Message:
    """In the place of a reply that was more than there is room for: an error of the student's."""
    raised = tuple(Raised("error", "ValueError", sentence))
    return {"value": None, "changed": {}, "raised": raised, "warned": (), "printed": ""}


def _texts(parts: tuple[Any, ...]) -> bool:
    return len(parts) < 100 and all(type(part) is str and len(part) < 2000 for part in parts)
