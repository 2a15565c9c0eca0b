"""All known answers to a lab's exercises as cells that a student could have handed in: right ones and wrong ones, by exercise."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from judged.corpus import read_corpus

from grader.demo.made_up import made_by, needed, right_answers, wrong_answers

ROOT = Path(__file__).resolve().parents[3]
MOST_WRONG = 4  # exercises of one notebook
SOLVED = 0.4  # of the right answers are the lab's own; of the others there are many kinds


class Pool(NamedTuple):
    """Answers by exercise: the lab's own, other right ones, and wrong ones."""

    solved: Mapping[str, str]
    right: Mapping[str, list[str]]
    wrong: Mapping[str, list[str]]


def read_pool(source: Path) -> Pool:
    """The answers to the lab of `solutions/<lab>`: solved, equivalents, the bank's mistakes, strangers' right and wrong ones."""
    solved = right_answers(source / "notebook.py")
    right: dict[str, list[str]] = {name: [] for name in solved}
    wrong: dict[str, list[str]] = {name: [] for name in solved}
    for exercise, _, code in wrong_answers(source / "mistakes.py", solved):
        wrong[exercise].append(code)
    for exercise, code in equivalents(ROOT / "tests" / "equivalents" / f"{source.name}.py"):
        right[exercise].append(code)
    strangers = ROOT / "tests" / "strangers" / source.name
    if strangers.is_dir():
        corpus = read_corpus(strangers)
        for answers, found in ((right, corpus.right), (wrong, corpus.wrong)):
            for stranger in found:
                answers[stranger.exercise].append(stranger.source)
    return Pool(solved, right, wrong)


def notebook_answers(pool: Pool, chance: random.Random) -> dict[str, str]:
    """One student's answers: up to four are wrong, the others are right in one way or another."""
    with_mistakes = [exercise for exercise, answers in pool.wrong.items() if answers]
    mistaken = chance.sample(with_mistakes, min(len(with_mistakes), chance.randint(0, MOST_WRONG)))
    answers = {}
    for exercise, solved in pool.solved.items():
        if exercise in mistaken:
            answers[exercise] = chance.choice(pool.wrong[exercise])
        elif pool.right[exercise] and chance.random() > SOLVED:
            answers[exercise] = chance.choice(pool.right[exercise])
        else:
            answers[exercise] = solved
    return answers


def equivalents(path: Path) -> Iterator[tuple[str, str]]:
    """(exercise, code) of every equivalent that the file defines by name; one that is put together at run time has no code of its own."""
    if not path.exists():
        return
    statements = ast.parse(path.read_text(encoding="utf-8")).body
    helpers = {name: node for node in statements for name in made_by(node) if name != "EQUIVALENTS"}
    for exercise, names in _listed(statements).items():
        for name in names:
            node = helpers.get(name)
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                above = [ast.unparse(helper) for helper in needed(node, {key: value for key, value in helpers.items() if key != name})]
                yield exercise, "\n\n\n".join([*above, _renamed(node, exercise)]) + "\n"


def _listed(statements: list[ast.stmt]) -> dict[str, list[str]]:
    """The names in the dictionary EQUIVALENTS, by exercise."""
    for node in statements:
        match node:
            case ast.Assign(targets=[ast.Name(id="EQUIVALENTS")], value=ast.Dict(keys=keys, values=values)):
                pairs = [(key.value, value) for key, value in zip(keys, values, strict=True) if isinstance(key, ast.Constant)]
                return {str(key): _named(value) for key, value in pairs}
    return {}


def _named(value: ast.expr) -> list[str]:
    """The names in an expression, without those of the functions that it calls."""
    called = {id(node.func) for node in ast.walk(value) if isinstance(node, ast.Call)}
    return [node.id for node in ast.walk(value) if isinstance(node, ast.Name) and id(node) not in called]


def _renamed(node: ast.FunctionDef | ast.ClassDef, exercise: str) -> str:
    """A definition under the exercise's name, where it calls itself, too."""
    copy = ast.parse(ast.unparse(node)).body[0]
    for part in ast.walk(copy):
        if isinstance(part, ast.Name) and part.id == node.name:
            part.id = exercise
    copy.name = exercise  # type: ignore[attr-defined]
    return ast.unparse(copy)
