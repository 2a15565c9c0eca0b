"""Whether what the engine says is true: `python tests/benchmarks/truth.py [--lab LAB …] [--seeds N] [--json FILE]`.

Answers of strangers (tests/strangers/), who had read no check, go through both doors with fresh seeds, which are printed. One table
says how many right answers are rejected, what wrong ones end in, and how many of the sentences given are true, by what people
wrote in `sentences.toml`; `--unjudged` prints what nobody has judged yet. Then what one slip costs a whole lab, and how often a
blind mutant gets a name that is true. To measure another engine, put its checkout first on PYTHONPATH and name it with `--root`.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from judged.cascades import cascades
from judged.corpus import read_corpus
from judged.doors import GraderDoor, at_notebook, disagreement
from judged.notebook import Notebook
from judged.record import Record
from judged.sample import sample
from judged.table import lists, slips, table, unjudged
from judged.tally import Tried, tally, total

import course_utils

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("answers", "cascades", "mutants")
FOR_MUTANTS = ("lab01_perceptron", "lab03_gradient_descent", "lab04_backprop")


def main() -> int:
    options = _options()
    seeds = tuple(options.these_seeds or (secrets.randbelow(10**6) for _ in range(options.seeds)))
    print(f"engine: {Path(course_utils.__file__).parent}; seeds: {' '.join(map(str, seeds))}")
    columns, times, kept = {}, [], {}
    for name in options.lab or _labs():
        notebook, folder = Notebook(options.root, name), options.strangers / name
        kept[name] = {}
        if "answers" in options.parts:
            record, tried = Record(folder / "sentences.toml"), list(try_answers(notebook, folder, seeds, options.notebook_only))
            columns[name] = tally(tried, record)
            times += [each.public.milliseconds for each in tried if not each.right and not each.public.ended]
            _print(name, (unjudged if options.unjudged else lists)(tried, record))
            kept[name] |= {"figures": columns[name], "answers": [_as_dict(each, record) for each in tried]}
        if "cascades" in options.parts and not options.notebook_only and not notebook.lab.budget:
            found = cascades(notebook, read_corpus(folder).wrong)
            print(f"\n{name}: what one slip costs\n{slips(found)}")
            kept[name]["cascades"] = [slip._asdict() for slip in found]
        if "mutants" in options.parts and name in FOR_MUTANTS:
            kept[name]["mutants"] = _mutants(notebook, folder, seeds, options.unjudged)
    if columns:
        print(f"\n{table({**columns, 'all': total(list(columns.values()), times)})}")
    if options.json:
        options.json.write_text(json.dumps({"seeds": seeds, "labs": kept}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lab", nargs="+", help="only these")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="all by default")
    parser.add_argument("--seeds", type=int, default=2, help="how many fresh ones")
    parser.add_argument("--these-seeds", type=int, nargs="+", help="those of an earlier run")
    parser.add_argument("--json", type=Path, help="keep figures, answers and reports in this file")
    parser.add_argument("--notebook-only", action="store_true", help="leave the grader's door and what it costs in all out")
    parser.add_argument("--unjudged", action="store_true", help="print what has to be judged, and the tables to fill in")
    parser.add_argument("--root", type=Path, default=ROOT, help="where solutions/ and labs/ lie")
    parser.add_argument("--strangers", type=Path, default=ROOT / "tests" / "strangers", help="where the answers lie")
    return parser.parse_args()


def _labs() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "tests" / "strangers").glob("*/wrong.py"))


def try_answers(notebook: Notebook, folder: Path, seeds: Sequence[int], notebook_only: bool) -> Iterator[Tried]:
    """Judge all answers of a lab."""
    corpus = read_corpus(folder)
    with ExitStack() as stack:
        grader = None if notebook_only else stack.enter_context(GraderDoor(notebook))
        for right, strangers in ((True, corpus.right), (False, corpus.wrong)):
            for stranger in strangers:
                public, whole = at_notebook(notebook, stranger, seeds)
                other = grader.public(stranger, seeds) if grader else public
                yield Tried(stranger, right, public, whole, disagreement(public, other))


def _mutants(notebook: Notebook, folder: Path, seeds: Sequence[int], to_judge: bool) -> dict[str, Any]:
    """Print how often a mutant's name is true."""
    record, tried = Record(folder / "mutants.toml"), sample(notebook, seeds)
    figures = tally(tried, record)
    named = [each for each in tried if each.sentences]
    true = [each for each in named if all(record.judgement(each.stranger, word) == "true" for word in each.sentences)]
    print(
        f"\n{notebook.lab.name}: {len(tried)} blind mutants, {len(named)} named, {len(true)} of them truly; "
        f"of {figures['sentences given']:g} sentences {figures['untrue']:g} untrue, {figures['half true']:g} half true, "
        f"{figures['not yet judged']:g} not yet judged"
    )
    _print("", (unjudged if to_judge else lists)(tried, record))
    return {"figures": figures, "truly named": len(true), "answers": [_as_dict(each, record) for each in tried]}


def _print(title: str, lines: Iterator[str]) -> None:
    print("\n".join([f"\n{title}"] * bool(title) + list(lines)))


def _as_dict(tried: Tried, record: Record) -> dict[str, Any]:
    return {
        **tried.stranger._asdict(),
        "right": tried.right,
        "score": tried.whole.score,
        "max_score": tried.whole.max_score,
        "fate": tried.fate,
        "sentences": {sentence: record.judgement(tried.stranger, sentence) for sentence in tried.sentences},
        "disagreement": tried.disagreement,
        "milliseconds": tried.public.milliseconds,
        "public": tried.public.ended or tried.public.text,
        "whole": tried.whole.ended or tried.whole.text,
    }


if __name__ == "__main__":
    sys.exit(main())
