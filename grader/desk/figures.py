"""Figures as SVG that stands in a page: words stay words, colours are the page's own, and each has a title and a description.

Matplotlib draws them; it is imported when the first one is drawn.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, ParamSpec

from markupsafe import Markup

from grader.desk.tally import BROKEN, PARTLY, RIGHT, UNWRITTEN, WAITS, WRONG

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

P = ParamSpec("P")
# What is drawn with, and the page's own colour that takes its place: see the style of the pages
INK, LINE, SOFT = "#010101", "#020202", "#030303"
FILLS = {RIGHT: "#040404", PARTLY: "#050505", WRONG: "#060606", BROKEN: "#070707", UNWRITTEN: "#080808", WAITS: "#090909"}
BAR, MARK = "#0a0a0a", "#0b0b0b"
_VARIABLES = {
    INK: "ink", LINE: "line", SOFT: "soft", BAR: "bar", MARK: "gradient",
    **{colour: outcome.replace(" ", "-") for outcome, colour in FILLS.items()},
}  # fmt: skip
WIDTH = 5.6  # inches: as wide as half a screen, and readable on a telephone
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "hatch.linewidth": 0.8,
    **dict.fromkeys(("axes.edgecolor", "axes.labelcolor", "text.color", "xtick.color", "ytick.color"), INK),
}


def _styled(draw: Callable[P, Markup]) -> Callable[P, Markup]:
    """Have matplotlib draw in our style, and leave its settings as they are for everybody else."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Markup:
        from matplotlib import rc_context

        with rc_context(_STYLE):
            return draw(*args, **kwargs)

    return drawn


@_styled
def histogram(shares: Sequence[float], title: str, description: str) -> Markup:
    """How many students have which part of the points; `shares` are between 0 and 1, above 1 with extra credit."""
    figure, ax = _panel(2.7)
    counts = tens(shares)
    bars = ax.bar([10 * at + 5 for at in range(10)], counts, width=9, color=BAR)
    ax.bar_label(bars, [str(count or "") for count in counts], padding=1)
    middle = 100 * median(shares)
    ax.axvline(min(middle, 100), color=MARK, linewidth=1.6, linestyle="--")
    ax.set(xlim=(0, 100), xlabel="percent of the points", ylabel="students", xticks=range(0, 101, 20), ylim=(0, 1.18 * max(counts) + 0.5))
    ax.locator_params(axis="y", integer=True, nbins=4)
    left = middle > 60
    ax.annotate(
        f"half have {middle:.0f} or more", (min(middle, 100), 1.0), (-5 if left else 5, -1), xycoords=("data", "axes fraction"),
        textcoords="offset points", ha="right" if left else "left", va="top", color=MARK,
    )  # fmt: skip
    return _svg(figure, "scores", title, description)


def tens(shares: Sequence[float]) -> list[int]:
    """How many are in each tenth of the points, the full ones in the last."""
    counts = [0] * 10
    for share in shares:
        counts[min(9, max(0, int(share * 10 + 1e-9)))] += 1
    return counts


@_styled
def bars_by_outcome(counts: Mapping[str, Mapping[str, int]], title: str, description: str) -> Markup:
    """How many students have which outcome, for each exercise: a row each, the first one on top."""
    figure, ax = _panel(0.6 + 0.27 * len(counts))
    names = list(counts)
    left = [0] * len(names)
    shown = [outcome for outcome in FILLS if any(counts[name].get(outcome) for name in names)]
    for outcome in shown:
        widths = [counts[name].get(outcome, 0) for name in names]
        hatch = "////" if outcome == BROKEN else ""  # not by colour alone
        drawn = ax.barh(range(len(names)), widths, left=left, height=0.78, color=FILLS[outcome], hatch=hatch, edgecolor=LINE)
        whole = max(map(sum, zip(*[[counts[name].get(one, 0) for name in names] for one in shown], strict=True)), default=1)
        if not hatch:
            labels = [str(width) if width > 0.06 * whole else "" for width in widths]
            ax.bar_label(drawn, labels, label_type="center", color="#0c0c0c", fontsize=9)
        left = [before + width for before, width in zip(left, widths, strict=True)]
    ax.set(yticks=range(len(names)), yticklabels=[_short(name) for name in names], xlabel="students")
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.locator_params(axis="x", integer=True, nbins=6)
    ax.tick_params(axis="y", length=0)
    return _svg(figure, "outcomes", title, description)


@_styled
def bands_by_lab(shares: Mapping[str, Sequence[float]], title: str, description: str) -> Markup:
    """The middle student and the middle half of a class, from lab to lab."""
    figure, ax = _panel(2.9)
    names = list(shares)
    middles = [100 * median(shares[name]) for name in names]
    low, high = zip(*(_middle_half(shares[name]) for name in names), strict=True)
    places = range(len(names))
    ax.fill_between(places, low, high, color=BAR, alpha=0.35, linewidth=0)
    ax.plot(places, middles, color=BAR, linewidth=2, marker="o")
    for place, middle in zip(places, middles, strict=True):
        ax.annotate(f"{middle:.0f}", (place, middle), (0, 6), textcoords="offset points", ha="center", color=INK)
    ax.set(ylim=(0, 112), yticks=range(0, 101, 25), ylabel="percent of the points", xticks=places)
    ax.set_xlim(-0.4, len(names) - 0.6)
    ax.set_xticks(places, [_short(name.split("_")[0] if len(names) > 3 else name) for name in names])
    return _svg(figure, "labs", title, description)


def _middle_half(shares: Sequence[float]) -> tuple[float, float]:
    """Between which percents the middle half of a class lies."""
    if len(shares) < 2:
        return 100 * shares[0], 100 * shares[0]
    lower, _, upper = quantiles(shares, n=4, method="inclusive")
    return 100 * lower, 100 * upper


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"


def _panel(height: float) -> tuple[Figure, Axes]:
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    FigureCanvasSVG(figure)
    return figure, figure.add_subplot()


def _svg(figure: Figure, name: str, title: str, description: str) -> Markup:
    """The figure as an element of a page; `name` keeps its marks apart from those of the page's other figures."""
    from matplotlib import rc_context

    stream = io.StringIO()
    with rc_context({"svg.hashsalt": name}):
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    drawn = stream.getvalue()
    box = re.search(r'viewBox="[^"]*"', drawn)
    inner = drawn[drawn.index(">", drawn.index("<svg")) + 1 : drawn.rindex("</svg>")]
    inner = re.sub(r"<metadata>.*?</metadata>", "", inner, flags=re.DOTALL)
    inner = re.sub(r"<!--.*?-->|^\s+|\n", "", inner, flags=re.MULTILINE | re.DOTALL)
    inner = re.sub(r'(id="|href="#|url\(#)', rf"\1{name}-", inner)
    inner = re.sub(r"xlink:(href)", r"\1", inner)
    # a page's own letters
    inner = re.sub(r"font-family: [^;\"]*; |<style.*?</style>", "", inner)
    for colour, variable in _VARIABLES.items():
        inner = inner.replace(colour, f"var(--{variable})")
    inner = inner.replace("#0c0c0c", "var(--on-fill)")
    told = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    role = f'role="img" aria-labelledby="{name}-title {name}-desc"'
    return Markup(f'<svg class="figure" {role} {box[0] if box else ""} xmlns="http://www.w3.org/2000/svg">{told}{inner}</svg>')
