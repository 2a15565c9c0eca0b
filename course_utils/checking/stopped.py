"""What is said when a probe did not reach its end: an error, a missing name, a result that it could not use."""

from __future__ import annotations

import re
from collections.abc import Sequence

from course_utils.cells import AT_LINE
from course_utils.checking.by_hand import REFUSAL
from course_utils.checking.declare import Check
from course_utils.checking.observe import Call, Trace
from course_utils.checking.session import Raised
from course_utils.checking.verdict import UNWRITTEN

# NumPy speaks of gufunc signatures and core dimensions where a student thinks of columns and rows
_MATMUL = re.compile(r"matmul: Input operand 1 has a mismatch in its core dimension 0.*size (\d+) is different from (\d+)")
# however torch itself puts it that a part of it is missing
_TORCH = re.compile(rf"{REFUSAL}|No module named 'torch'|INTERNAL ASSERT FAILED")
_NO_GPU = re.compile(r"not compiled with CUDA|no NVIDIA driver|No CUDA GPUs")
_DOT = re.compile(r"shapes (\(.*?\)) and (\(.*?\)) not aligned.*")
_TRUTH = re.compile(r"truth value of an array with more than one element is ambiguous")
_FLOATING = re.compile(r"(overflow|divide by zero|invalid value) encountered in (\w+)")
_MEANING = {
    "overflow": "overflow in {}: a number on the way is larger than a float can hold",
    "divide by zero": "{} divides by zero, or takes the logarithm of zero, on the way",
    "invalid value": "{} has no result for a number on the way, such as 0/0, inf − inf or the root of a negative number",
}


def stop(check: Check, trace: Trace, want: Trace) -> tuple[str, list[str], str]:
    """The outcome, the lines that say why a probe stopped, and which of these is a diagnosis, if one is."""
    raised = trace.raised or Raised("died")
    if raised.kind == "missing":
        return "not attempted", [_missing(check, raised)], ""
    if raised.kind == "not implemented":
        return "not attempted", [_unwritten(check, trace.calls, raised)], ""
    if raised.kind == "died":
        return "could not run", [raised.message], ""
    if raised.kind == "probe":
        return "failed", [_unusable(trace.calls, want.calls, raised)], ""
    if check.by_hand and _TORCH.search(f"{raised.type}: {raised.message}"):
        return "failed", [REFUSAL], REFUSAL
    if raised.kind in ("signature", "timeout"):
        return "failed", [raised.message], ""
    where = [f"{AT_LINE}{raised.line}"] if raised.line else []
    if raised.type == "FloatingPointError" and (found := _FLOATING.search(raised.message)):
        meaning = _MEANING[found[1]].format(found[2])
        return "failed", [meaning, *where], meaning
    return "failed", [f"{raised.type}: {plain_words(raised.message)}".split("\n")[0][:200], *where], ""


def plain_words(message: str) -> str:
    """An error's message as a student would say it."""
    if found := _MATMUL.search(message):
        return f"the product A @ B does not fit: A has {_count(found[2], 'column')}, B has {_count(found[1], 'row')}"
    if found := _DOT.search(message):
        return f"the product does not fit: the shapes are {found[1]} and {found[2]}"
    if _TRUTH.search(message):
        return "one yes or no is wanted, as after if, or in max() and min(), but there is one for each entry: use what NumPy has for arrays"
    if _NO_GPU.search(message):
        return "there is no GPU on this machine: use the device that was given, and never write cuda yourself"
    return message


def _count(number: str, noun: str) -> str:
    return f"{number} {noun}" if number == "1" else f"{number} {noun}s"


def _missing(check: Check, raised: Raised) -> str:
    name = raised.message.split(" ")[0]
    if name == check.exercise:
        return f"{name} is not defined yet: write it in the cell above and run that cell"
    if not raised.message.endswith("is not defined"):  # a library that is not installed
        return raised.message
    return f"needs {name}, which is not defined yet: run the notebook from the top"


def _unwritten(check: Check, calls: Sequence[Call], raised: Raised) -> str:
    asked = calls[-1].label.replace("()", "").split(".") if calls else []
    if raised.function and raised.function not in (check.exercise, "<module>", "__init__", *asked):
        return f"needs {raised.function}, which is not written yet"
    return UNWRITTEN


def _unusable(calls: Sequence[Call], wanted: Sequence[Call], raised: Raised) -> str:
    """A probe that could not use a result: tell which result was of another kind than the reference's."""
    if not calls and wanted and "not callable" in raised.message:
        return f"{wanted[0].label} is not a function: is the name used for something else further down?"
    for call, want in zip(calls, wanted, strict=False):
        if call.result != want.result and not (call.result[:1] == want.result[:1] == "["):
            missing = ": does it end with return?" if call.result == "None" else ""
            return f"{call.label} gives {_kind_of(call.result)}, expected {_kind_of(want.result)}{missing}"
    return f"the check could not use the result ({raised.type}: {raised.message})"[:200]


def _kind_of(result: str) -> str:
    if _NUMBER.fullmatch(result):
        return f"the number {result}"
    return f"an array of shape {result}" if result.startswith("(") else result


_NUMBER = re.compile(r"-?\d[\d.e+-]*|-?inf|nan")


def reference_failed(raised: Raised | None) -> str:
    """The grader broke: that is never shown as a student's mistake."""
    what = f"{raised.type}: {raised.message}" if raised else ""
    return f"the check itself broke on the reference answer ({what}): that is our mistake, please report it"[:300]
