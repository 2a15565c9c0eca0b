"""Write docs/course.md and docs/images/course.svg: what each lab takes from the ones before it, and what stays the same in all.

`python scripts/course.py` writes both, `--check` exits with 1 when they are not what would be written. Everything that
docs/threads.toml says is looked up in `labs/`: the exercises of the earlier lab, the cell of the later one; and every lab that a
notebook names has to have a thread.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

ROOT = Path(__file__).resolve().parent.parent
THREADS = ROOT / "docs" / "threads.toml"
PAGE, PICTURE = ROOT / "docs" / "course.md", ROOT / "docs" / "images" / "course.svg"
HEAD = """# How the labs hang together

What each lab takes from the ones before it. Written by `python scripts/course.py` from `docs/threads.toml`. The script looks
every line up in `labs/`.

![Eleven labs from the top down; an arrow leads from a lab to each later one that takes something from it](images/course.svg)

Every notebook runs alone. What a later lab needs in order to run is **shown** in it once more. Or it takes **yours**, out of
your notebook of the earlier lab in the folder beside it, and shows its own where there is none. The other lines name what
you should remember.

"""
RULES = """
## What stays the same

| in every lab | first said in | again in |
|---|---|---|
"""
HOW = {"shown": "**shown**", "yours": "**yours**", "": ""}
_MENTION = re.compile(r"(?<![\w/])[Ll]abs?\s(\d+)")


class Lab(NamedTuple):
    """A released lab: its number, the exercises that it asks for, and for each cell its heading and its text."""

    name: str
    exercises: frozenset[str]
    cells: tuple[tuple[str, str], ...]

    @property
    def number(self) -> int:
        return int(re.sub(r"\D*(\d+).*", r"\1", self.name))

    @property
    def link(self) -> str:
        return f"[{self.name}](../labs/{self.name})"

    def place(self, text: str) -> str | None:
        """The heading over the first cell that matches a pattern, in which a space is any white space; None where none does."""
        pattern = re.compile(text.replace(" ", r"\s+"))
        return next((heading for heading, source in self.cells if pattern.search(source)), None)

    def title(self) -> str:
        return self.cells[0][0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    labs = {path.parent.name: read(path) for path in sorted((ROOT / "labs").glob("lab*/lab*.ipynb"))}
    listed = tomllib.loads(THREADS.read_text(encoding="utf-8"))
    missing = [*faults(labs, listed), *unlisted(labs, listed["thread"])]
    if not missing:
        for path, text in ((PAGE, page(labs, listed)), (PICTURE, picture(labs, listed["thread"]))):
            if not check:
                path.write_text(text, encoding="utf-8")
            elif not path.exists() or path.read_text(encoding="utf-8") != text:
                missing.append(f'{path.relative_to(ROOT)} is not what the labs say today: run "python scripts/course.py"')
    print("\n".join(missing) or f"{len(labs)} labs, {len(listed['thread'])} threads between them")
    return 1 if missing else 0


def read(path: Path) -> Lab:
    """A lab's notebook."""
    cells, exercises, heading = [], set(), ""
    for cell in nbformat.read(path, as_version=4).cells:
        asked = cell.metadata.get("nbgrader", {})
        if asked.get("solution") and cell.cell_type == "code":
            exercises.add(asked["grade_id"])
        for line in cell.source.splitlines() if cell.cell_type == "markdown" else ():
            heading = line.lstrip("#").strip() if line.startswith("#") else heading
        cells.append((heading, cell.source))
    return Lab(path.parent.name, frozenset(exercises), tuple(cells))


def faults(labs: dict[str, Lab], listed: dict[str, Any]) -> list[str]:
    """What docs/threads.toml says and the labs do not."""
    found = []
    for thread in listed["thread"]:
        lab, earlier = labs[thread["lab"]], labs[thread["from"]]
        if lab.number <= earlier.number:
            found.append(f"{lab.name} cannot take from {earlier.name}, which comes later")
        unknown = [name for name in thread["names"] if name not in earlier.exercises]
        found += [f"{earlier.name} has no exercise {name}, which {lab.name} takes" for name in unknown]
        if lab.place(thread["text"]) is None:
            found.append(f"{lab.name} has no text {thread['text']!r}, where it takes from {earlier.name}")
        if thread.get("how") == "yours" and not any(f'borrowed("{earlier.name}"' in source for _, source in lab.cells):
            found.append(f"{lab.name} does not take anything out of a notebook of {earlier.name}")
    for rule in listed["rule"]:
        for name, text in {rule["lab"]: rule["text"], **rule.get("again", {})}.items():
            found += [] if labs[name].place(text) else [f"{name} has no text {text!r}, where it says: {rule['says']}"]
    return found


def unlisted(labs: dict[str, Lab], threads: list[dict[str, Any]]) -> list[str]:
    """The labs that a notebook names, and that no thread joins with it. The next lab may be named without one: it is where to go on."""
    joined = {(labs[thread["lab"]].number, labs[thread["from"]].number) for thread in threads}
    found = []
    for lab in labs.values():
        named = {int(number) for _, source in lab.cells for number in _MENTION.findall(source)} - {lab.number}
        for other in sorted(named):
            pair = (max(lab.number, other), min(lab.number, other))
            if pair not in joined and other != lab.number + 1:
                found.append(f"{lab.name} names lab {other}, and docs/threads.toml has no thread between the two")
    return found


def page(labs: dict[str, Lab], listed: dict[str, Any]) -> str:
    """The text of docs/course.md."""
    rows = ["| lab | takes from | what | how |", "|---|---|---|---|"]
    for lab in labs.values():
        mine = [thread for thread in listed["thread"] if thread["lab"] == lab.name]
        rows += [f"| {lab.link if not n else ''} | {row(labs, thread)} |" for n, thread in enumerate(mine)]
        rows += [] if mine else [f"| {lab.link} | nothing | Python and some NumPy are enough | |"]
    gives = ["\n## What each lab gives\n", "| lab | gives to | the exercises that are taken up again |", "|---|---|---|"]
    for lab in labs.values():
        taken = [thread for thread in listed["thread"] if thread["from"] == lab.name]
        to = sorted({labs[thread["lab"]].number for thread in taken})
        names = dict.fromkeys(name for thread in taken for name in thread["names"])
        what = ", ".join(f"`{name}`" for name in names) or "you know the way now: take data of your own"
        gives.append(f"| {lab.link} | {', '.join(f'lab {number}' for number in to) or 'nobody: it is the last one'} | {what} |")
    return HEAD + "\n".join([*rows, *gives]) + "\n" + RULES + "\n".join(rule_row(labs, rule) for rule in listed["rule"]) + "\n"


def row(labs: dict[str, Lab], thread: dict[str, Any]) -> str:
    names = ", ".join(f"`{name}`" for name in thread["names"])
    what = f"{names}: {thread['what']}" if names else thread["what"]
    return f"lab {labs[thread['from']].number} | {what} | {HOW[thread.get('how', '')]}"


def rule_row(labs: dict[str, Lab], rule: dict[str, Any]) -> str:
    first = labs[rule["lab"]]
    again = ", ".join(f"lab {labs[name].number}" for name in rule.get("again", {}))
    return f"| {rule['says']} | lab {first.number}, *{first.place(rule['text'])}* | {again} |"


WIDTH, LEFT, BOX, STEP, TOP, TALL = 940, 20, 360, 58, 60, 42
COLOURS = {"shown": "#0072B2", "yours": "#D55E00", "": "#8a8a8a"}
LEGEND = (("yours", "takes yours"), ("shown", "shows it once more"), ("", "asks you to remember"))


def picture(labs: dict[str, Lab], threads: list[dict[str, Any]]) -> str:
    """The labs from the top down, with an arc for each pair that a thread joins; the strongest thread gives its colour and label."""
    rank = {name: place for place, name in enumerate(labs)}
    height = TOP + STEP * len(labs) + 10
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        'aria-label="What each lab takes from the ones before it">',
        '<style>text{font-family:system-ui,"DejaVu Sans",sans-serif;fill:#222}.t{font-weight:700;font-size:14px}'
        ".l{font-size:12.5px;fill:#444}.a{font-size:12px;paint-order:stroke;stroke:#fff;stroke-width:5px;stroke-linejoin:round}</style>",
        "<defs>"
        + "".join(
            f'<marker id="{how or "idea"}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
            f'<path d="M0 0L10 5L0 10z" fill="{colour}"/></marker>'
            for how, colour in COLOURS.items()
        )
        + "</defs>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for place, (how, words) in enumerate(LEGEND):
        x = LEFT + 290 * place
        drawn.append(f'<line x1="{x}" y1="28" x2="{x + 36}" y2="28" {_stroke(how)}/><text x="{x + 44}" y="32" class="l">{words}</text>')
    pairs = _strongest(threads)
    strong = sorted(pairs, key=lambda pair: (bool(pairs[pair].get("how")), rank[pair[0]] - rank[pair[1]]))
    drawn += [_arc(rank[lab], rank[earlier], pairs[lab, earlier]) for lab, earlier in strong]
    drawn += [_label(rank[lab], rank[earlier], pairs[lab, earlier]) for lab, earlier in strong if pairs[lab, earlier].get("label")]
    for name, lab in labs.items():
        y = TOP + STEP * rank[name]
        drawn.append(
            f'<rect x="{LEFT}" y="{y}" width="{BOX}" height="{TALL}" rx="8" fill="#eef4fb" stroke="#444" stroke-width="1.2"/>'
            f'<text x="{LEFT + 12}" y="{y + 17}" class="t">{name}</text>'
            f'<text x="{LEFT + 12}" y="{y + 34}" class="l">{escape(lab.title())}</text>'
        )
    return "\n".join([*drawn, "</svg>"]) + "\n"


def _strongest(threads: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """For each pair of labs the thread that is drawn."""
    order = ["yours", "shown", ""]
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for thread in threads:
        pair = thread["lab"], thread["from"]
        if pair not in found or order.index(thread.get("how", "")) < order.index(found[pair].get("how", "")):
            found[pair] = thread
    return found


def _stroke(how: str) -> str:
    dash = "" if how else ' stroke-dasharray="4 3"'
    return f'fill="none" stroke="{COLOURS[how]}" stroke-width="{2 if how else 1.2}"{dash} marker-end="url(#{how or "idea"})"'


def _arc(lab: int, earlier: int, thread: dict[str, Any]) -> str:
    x, start, end = LEFT + BOX, _y(earlier, 0.68), _y(lab, 0.32)
    reach = _reach(lab - earlier)
    return f'<path d="M{x} {start:.0f}C{x + reach} {start:.0f} {x + reach} {end:.0f} {x + 2} {end:.0f}" {_stroke(thread.get("how", ""))}/>'


def _label(lab: int, earlier: int, thread: dict[str, Any]) -> str:
    x, y = LEFT + BOX + 0.75 * _reach(lab - earlier), (_y(earlier, 0.68) + _y(lab, 0.32)) / 2
    return f'<text x="{x + 5:.0f}" y="{y + 4:.0f}" class="a">{thread["label"]}</text>'


def _y(place: int, share: float) -> float:
    return TOP + STEP * place + share * TALL


def _reach(span: int) -> float:
    return 50 + 66 * span


if __name__ == "__main__":
    sys.exit(main())
