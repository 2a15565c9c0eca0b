"""Lay figures and lists out as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .cascades import Slip
from .corpus import Stranger
from .record import Record, to_judge
from .tally import OF_WRONG, ROWS, Tried


def table(columns: Mapping[str, Mapping[str, float]]) -> str:
    """One column a lab; of the wrong answers, shares as well."""
    lines = [f"{'':30}" + "".join(f"{name:>24}" for name in columns)]
    lines += [f"{row:30}" + "".join(f"{_cell(row, column):>24}" for column in columns.values()) for row in ROWS]
    return "\n".join(lines)


def _cell(row: str, column: Mapping[str, float]) -> str:
    value = column[row]
    if row.startswith("ms"):
        return f"{value:.1f}"
    if row in OF_WRONG and column["wrong answers"]:
        return f"{value:g} ({100 * value / column['wrong answers']:.0f} %)"
    return f"{value:g}"


def lists(tried: Sequence[Tried], record: Record) -> Iterator[str]:
    """The answers behind the figures that should be 0."""
    for each in tried:
        label = f"{each.stranger.label} ({each.stranger.line})"
        if each.right and not each.whole.full:
            yield f"rejected, though right: {label}: {each.whole.ended or f'{each.whole.score:g}/{each.whole.max_score:g}'}"
        if not each.right and each.whole.full:
            yield f"keeps all points, though wrong: {label}"
        if each.broke:
            yield f"{label}: {each.public.ended or each.whole.ended}"
        if each.disagreement:
            yield f"doors disagree: {label}: {each.disagreement}"
        for sentence in each.sentences:
            if (judged := record.judgement(each.stranger, sentence)) in ("half", "untrue"):
                yield f"{judged}: {label}: “{sentence}”"


def unjudged(tried: Sequence[Tried], record: Record) -> Iterator[str]:
    """What a person has to judge, each with all that it takes."""
    for each in tried:
        if open_ := record.unjudged(each.stranger, each.sentences):
            yield _sheet(each.stranger, open_, each.public.text, each.whole.text)


def _sheet(stranger: Stranger, open_: Sequence[str], public: str, whole: str) -> str:
    reports = [public] if public == whole else [f"in the notebook:\n{public}", f"all checks:\n{whole}"]
    return "\n".join(["-" * 100, f"{stranger.label} | {stranger.line}", "", stranger.source, *reports, "", to_judge(stranger, open_), ""])


def slips(found: Sequence[Slip]) -> str:
    """What one slip costs in its own exercise and in all."""
    lines = [f"  {'slip':56}{'own points':>12}{'lost in all':>12}"]
    lines += [f"  {slip.label[:55]:56}{slip.own:>12.2f}{slip.all:>12.2f}  {', '.join(slip.others)}" for slip in found]
    return "\n".join(lines)
