"""How wrong answers that no known mistake names fall into groups: `python tests/benchmarks/groups.py [--lab LAB …] [--json FILE]`.

    python tests/benchmarks/groups.py                              the wrong answers of strangers in all labs
    python tests/benchmarks/groups.py --sample 50                  besides, groups with their members' code, for a person to read
    python tests/benchmarks/groups.py --mutants 200                blind mutants of the labs' answers: more that give the same
    python tests/benchmarks/groups.py --cost --lab lab01_perceptron    only: what grouping adds to the processor time of grading

The answers are those of tests/strangers/*/wrong.py, each judged with fresh seeds in a solved notebook. A class of 300 is made of them:
each student has a quarter of a lab's exercises wrong, and gives to each of these one of the strangers' answers, the one in place k of a
drawn order with weight 1/k (Zipf). It is drawn 20 times.
"""

from __future__ import annotations

import argparse
import json
import random
import secrets
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from blind_mutants import blind_mutants
from graded.answers import ROOT, notebook_answers, read_pool
from graded.classes import hand_in, made_up_of
from graded.measured import measure
from judged.corpus import read_corpus
from judged.grouped import Group, Known, grouped, known
from judged.notebook import Notebook
from judged.rewritten import rewritten
from judged.sample import in_order

from grader.judging import Print

STUDENTS, WRONG, DRAWN, LARGEST = 300, 0.25, 20, 10


def main() -> int:
    options = _options()
    if options.plain or options.grouped:
        return _grade(options.plain or options.grouped, plain=bool(options.plain))
    if options.cost:
        cost(options.lab or ["lab01_perceptron"], options.students)
        return 0
    seeds = tuple(secrets.randbelow(10**6) for _ in range(2))
    print(f"seeds: {' '.join(map(str, seeds))}")
    answers: list[Known] = []
    for name in options.lab or sorted(path.parent.name for path in (ROOT / "tests" / "strangers").glob("*/wrong.py")):
        notebook = Notebook(ROOT, name)
        corpus = read_corpus(ROOT / "tests" / "strangers" / name).wrong
        if options.mutants:
            corpus = list(in_order(notebook, blind_mutants))[: options.mutants]
        answers += [known(notebook, stranger, seeds) for stranger in corpus]
        mine = [one for one in answers if one.lab == name]
        print(f"{row(name, mine)}\n{class_row(mine)}", flush=True)
        if options.rewritten:
            print(rewritten_row(notebook, mine, seeds), flush=True)
    print(row("all", answers))
    if options.sample:
        read_aloud(grouped(answers), options.sample)
    if options.json:
        options.json.write_text(json.dumps([one._asdict() for one in answers], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lab", nargs="+", help="only these")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="print so many groups of two or more, all if there are fewer")
    parser.add_argument("--mutants", type=int, default=0, metavar="N", help="N blind mutants of each lab's answers, not those of strangers")
    parser.add_argument("--rewritten", action="store_true", help="besides: whether the same answer in other words falls into its group")
    parser.add_argument("--json", type=Path, help="keep all answers with what they are known by in this file")
    parser.add_argument("--cost", action="store_true", help="only: grade a class with groups and without, in turns")
    parser.add_argument("--students", type=int, default=12, help="with --cost: how many")
    parser.add_argument("--plain", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--grouped", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def row(name: str, answers: Sequence[Known]) -> str:
    """What became of wrong answers."""
    groups = grouped(answers)
    shared = [group for group in groups if len(group.members) > 1]
    return (
        f"{name}: {len(answers)} wrong answers, {sum(one.passes for one in answers)} of them pass, "
        f"{sum(bool(one.mistake) for one in answers)} named, {sum(bool(one.ended) for one in answers)} ended their process, "
        f"{sum(len(group.members) for group in groups)} in {len(groups)} groups: {len(shared)} groups of two or more hold "
        f"{sum(len(group.members) for group in shared)}, the largest {max((len(group.members) for group in groups), default=0)}"
    )


def class_row(answers: Sequence[Known]) -> str:
    """How much of a class the largest groups of a lab serve, on average."""
    drawn = [serve(answers, random.Random(f"{answers[0].lab} {number}")) for number in range(DRAWN)]
    unnamed, groups, part = (statistics.mean(column) for column in zip(*drawn, strict=True))
    told = f"{unnamed:.0f} wrong answers without a name in {groups:.0f} groups, the {LARGEST} largest hold {part:.0%}"
    return f"    a class of {STUDENTS}: {told}"


def rewritten_row(notebook: Notebook, answers: Sequence[Known], seeds: Sequence[int]) -> str:
    """How many answers without a name, said in other words, are alike to themselves."""
    alike, apart = 0, []
    for one in answers:
        source = rewritten(one.stranger.source)
        if not one.print or source == one.stranger.source:
            continue
        other = known(notebook, one.stranger._replace(source=source), seeds)
        same = bool(other.print) and Print.parse(other.print).alike(Print.parse(one.print))
        alike += same
        apart += [] if same else [one.stranger.label]
    told = f", not {', '.join(apart)}" if apart else ""
    return f"    in other words: {alike} of {alike + len(apart)} fall into the group of the same answer{told}"


class Served(NamedTuple):
    """Of one made-up class: wrong answers without a name, their groups, and the part of them that the largest hold."""

    unnamed: int
    groups: int
    part: float


def serve(answers: Sequence[Known], chance: random.Random) -> Served:
    """Draw a class and look at its groups."""
    group_of = {one.label: (group.members[0].label, number) for number, group in enumerate(grouped(answers)) for one in group.members}
    by_exercise: dict[tuple[str, str], list[Known]] = {}
    for one in answers:
        by_exercise.setdefault((one.lab, one.stranger.exercise), []).append(one)
    sizes: Counter[tuple[str, int]] = Counter()
    for given in by_exercise.values():
        chance.shuffle(given)
        weights = [1 / place for place in range(1, len(given) + 1)]
        wrong = sum(chance.random() < WRONG for _ in range(STUDENTS))
        sizes.update(group_of[one.label] for one in chance.choices(given, weights, k=wrong) if one.label in group_of)
    total = sizes.total()
    return Served(total, len(sizes), sum(size for _, size in sizes.most_common(LARGEST)) / total if total else 0.0)


def read_aloud(groups: Sequence[Group], count: int) -> None:
    """Print groups of two or more with all that their members wrote: a person judges whether they mix two faults."""
    shared = [group for group in groups if len(group.members) > 1]
    for group in random.Random(0).sample(shared, min(count, len(shared))):
        print(f"\n=== {group.name}: {group.members[0].said}")
        for one in group.members:
            print(f"--- tests/strangers/{one.lab}/wrong.py, {one.stranger.label} | {one.stranger.line}\n{one.stranger.source.rstrip()}")


def cost(labs: Sequence[str], students: int) -> None:
    """Grade one class with and without groups, in turns, and print the ratio of processor seconds."""
    for lab in labs:
        with tempfile.TemporaryDirectory(prefix="handgrad-groups-") as folder:
            course, source, chance = Path(folder) / lab, ROOT / "solutions" / lab, random.Random(lab)
            _install(source, course)
            made_up, pool = made_up_of(source, course), read_pool(source)
            for number in range(students):
                hand_in(course, lab, f"student{number:02}", made_up.file(notebook_answers(pool, chance)))
            spent: dict[str, float] = {"--plain": 0.0, "--grouped": 0.0}
            for kind in ("--plain", "--grouped", "--grouped", "--plain"):
                spent[kind] += measure([sys.executable, __file__, kind, str(course)], well=(0, 1)).cpu
            plain, with_groups = spent.values()
            told = f"{plain / 2:.2f} s of processor time without groups, {with_groups / 2:.2f} s with"
            print(f"{lab}, {students} students: {told}, ratio {with_groups / plain:.3f}")


def _install(source: Path, course: Path) -> None:
    from grader.build import install

    install(source, course)


def _grade(course: Path, *, plain: bool) -> int:
    """Grade the class of this course anew; `plain`: nobody asks what wrong answers gave."""
    import grader.batch.lab
    import grader.judging.grading
    from course_utils.cli import main as handgrad

    if plain:
        grader.batch.lab.SHARING = ()
        grader.judging.grading.share = lambda *words: None
        grader.judging.grading.ask_again_to_share = lambda *words: None
    words = ["--course", str(course), "--solutions", str(ROOT / "solutions"), "--workers", "1", "--force"]
    return handgrad(["grade", course.name, *words])


if __name__ == "__main__":
    sys.exit(main())
