"""Answers of strangers, who had read no check: right ones earn all points, wrong ones lose some, and nobody is told an untruth.

Every day another sample is judged, as in a notebook, after the fast suite; the whole of it is measured by `tests/benchmarks/truth.py`.
"""

from __future__ import annotations

import functools
import random
import secrets
import tomllib
from pathlib import Path

import pytest

from course_utils.checking import Verdict
from course_utils.checking.compare import Difference

from .benchmarks.blind_mutants import blind_mutants
from .benchmarks.judged.corpus import Stranger, parse, read_corpus
from .benchmarks.judged.doors import GraderDoor, Told, at_notebook, disagreement
from .benchmarks.judged.forked import BROKE, ENDED, NEVER_ENDS, in_fork
from .benchmarks.judged.notebook import Notebook
from .benchmarks.judged.record import Record, to_judge
from .benchmarks.judged.tally import Tried, tally
from .benchmarks.judged.words import sentences
from .today import TODAY

TESTS = Path(__file__).parent
ROOT = TESTS.parent
TINY = TESTS / "fixtures" / "strangers" / "lab_tiny"
FOLDERS = sorted(path.parent for path in (TESTS / "strangers").glob("*/wrong.py"))
QUICK = [folder for folder in FOLDERS if "budget(" not in (ROOT / "solutions" / folder.name / "checks.py").read_text(encoding="utf-8")]
DISPUTED = tomllib.loads((TESTS / "strangers" / "disputed.toml").read_text(encoding="utf-8"))
A_DAY = 2  # right answers, and as many wrong ones, of each lab


@functools.cache
def notebook_of(name: str, root: Path = ROOT) -> Notebook:
    return Notebook(root, name)


def sampled(folder: Path, seed: object, count: int) -> list[tuple[bool, Stranger]]:
    """Some answers of each of the two kinds, and whether they are right."""
    chance, corpus = random.Random(f"{folder.name} {seed}"), read_corpus(folder)
    kinds = ((True, corpus.right), (False, corpus.wrong))
    return [(right, stranger) for right, found in kinds for stranger in chance.sample(found, min(count, len(found)))]


def faults(lab: str, tried: Tried, record: Record, unknown: str | None = None) -> list[str]:
    """What must not happen to an answer. `unknown` is how a sentence counts that nobody has judged."""
    found = [f"doors disagree: {tried.disagreement}"] if tried.disagreement else []
    if tried.right != tried.whole.full and tried.stranger.label not in DISPUTED.get(lab, {}):
        kind = "right" if tried.right else "wrong"
        found.append(f"{kind}, and gets {tried.whole.score:g} of {tried.whole.max_score:g} {tried.whole.ended}".strip())
    for sentence in tried.sentences:
        judged = record.judgement(tried.stranger, sentence) or unknown
        found += [f"{judged or 'not yet judged'}: {sentence}"] if judged in (None, "untrue") else []
    return found


@pytest.mark.stress
@pytest.mark.parametrize("folder", QUICK, ids=lambda folder: f"{folder.name}-day{TODAY}")
def test_todays_strangers_are_judged_rightly(folder, subtests):
    notebook, record = notebook_of(folder.name), Record(folder / "sentences.toml")
    for right, stranger in sampled(folder, TODAY, A_DAY):
        with subtests.test(stranger.label, line=stranger.line):
            tried = Tried(stranger, right, *at_notebook(notebook, stranger, notebook.lab.seeds))
            assert not faults(folder.name, tried, record), tried.whole.text


@pytest.mark.stress
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_strangers_are_judged_alike_at_both_doors(folder, subtests):
    notebook, record = notebook_of(folder.name), Record(folder / "sentences.toml")
    seed = secrets.randbelow(10**6)
    with GraderDoor(notebook) as grader:
        for right, stranger in sampled(folder, seed, 4 * A_DAY):
            with subtests.test(stranger.label, line=stranger.line, seed=seed):
                public, whole = at_notebook(notebook, stranger, (seed, seed + 1))
                told = Tried(stranger, right, public, whole, disagreement(public, grader.public(stranger, (seed, seed + 1))))
                # with other seeds an answer may be told something that nobody has read yet
                assert not faults(folder.name, told, record, unknown="not read yet"), whole.text


# The machinery, tried on lab_tiny


@pytest.fixture
def tiny_notebook() -> Notebook:
    return notebook_of("lab_tiny", TESTS / "fixtures")


def answer(name: str) -> Stranger:
    corpus = read_corpus(TINY)
    return next(stranger for stranger in [*corpus.right, *corpus.wrong] if stranger.name == name)


def test_a_corpus_is_read_cell_by_cell():
    corpus = read_corpus(TINY)
    assert (len(corpus.right), len(corpus.wrong)) == (3, 14)
    assert corpus.wrong[0] == Stranger("double", "squares", "x is squared", "def double(x):\n    return x ** 2\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("# %% double\nx = 1\n", "a cell begins with"),
        ("# %% double/one |\nx = 1\n", "a cell begins with"),
        ("import os\n# %% double/one | a\nx = 1\n", "code before its first cell: import os"),
    ],
)
def test_a_corpus_that_cannot_be_read_says_why(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse(text, "right.py")


def test_two_answers_of_one_name_are_refused(tmp_path):
    for name in ("right.py", "wrong.py"):
        (tmp_path / name).write_text("# %% double/same | a line\nx = 1\n")
    with pytest.raises(ValueError, match="two answers called double/same"):
        read_corpus(tmp_path)


@pytest.mark.parametrize(
    ("name", "fate", "points"),
    [
        ("adds_it_to_itself", "keep all points", 3),
        ("squares", "diagnosed", 0),
        ("halves", "numbers only", 0),
        ("misspelled", "an error only", 0),
        ("exits", "an error only", 0),
        ("cell_does_not_run", "an error only", 0),
        ("in_place", "diagnosed", 3.5),
        ("forgets_return", "diagnosed", 0),
        ("one_column", "numbers only", 0),
        ("spoils_numpy", "diagnosed", 0),
        ("two_steps", "keep all points", 4),  # after NumPy was spoilt
    ],
)
def test_what_becomes_of_an_answer(tiny_notebook, name, fate, points):
    stranger = answer(name)
    tried = Tried(stranger, False, *at_notebook(tiny_notebook, stranger, (3, 5)))
    assert (tried.fate, tried.whole.score) == (fate, points), tried.whole.text


def test_an_answer_may_end_its_process(tiny_notebook):
    public, whole = at_notebook(tiny_notebook, answer("ends_its_process"), (3,))
    assert public.ended == whole.ended == ENDED


def test_a_fork_that_hangs_is_ended_and_one_that_breaks_says_so():
    def hang():
        while True:
            pass

    assert in_fork(hang, 0.5) == (None, NEVER_ENDS)
    assert in_fork(lambda: [1 // 0], 1) == (None, f"{BROKE}: ZeroDivisionError: integer division or modulo by zero")
    assert in_fork(lambda: {"x": [1.5]}, 1) == ({"x": [1.5]}, "")


@pytest.mark.stress
def test_both_doors_of_lab_tiny_agree(tiny_notebook, subtests):
    corpus = read_corpus(TINY)
    with GraderDoor(tiny_notebook) as grader:
        for stranger in [*corpus.right, *corpus.wrong]:
            with subtests.test(stranger.label):
                public, _ = at_notebook(tiny_notebook, stranger, (3, 5))
                assert disagreement(public, grader.public(stranger, (3, 5))) == ""


def test_doors_that_differ_are_told_apart(tiny_notebook):
    right, _ = at_notebook(tiny_notebook, answer("two_steps"), (3,))
    wrong, _ = at_notebook(tiny_notebook, answer("over_rows"), (3,))
    assert disagreement(right, right) == ""
    assert disagreement(right, wrong) == "outcome of “a table with far-off columns”: notebook 'passed'; grader 'failed'"
    assert disagreement(right, Told(ended=ENDED)) == f"notebook: 4 of 4 points; grader: {ENDED}"


def test_the_first_answer_leaves_nothing_to_the_next(tiny_notebook):
    kept = answer("keeps_count")
    first, again = (at_notebook(tiny_notebook, kept, (3,))[0] for _ in range(2))
    assert first.full
    assert again.full


PLAIN = "y: got 2, want 4"
TRANSPOSED, LARGE = "y is the transpose of what it should be", "y is 3 times too large: 3 is the size of x's axis 0"


def verdict(*lines: str, difference: str = PLAIN, **parts) -> Verdict:
    seen = Difference("values", difference) if difference else None
    return Verdict("a check", "failed", 0, 1, "\n".join(lines), parts.get("mistake"), seen, parts.get("diagnosis", ""))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (verdict("called with x 3", PLAIN, "also wrong: z"), []),
        (verdict("called with x 3", PLAIN, TRANSPOSED, diagnosis=TRANSPOSED), [TRANSPOSED]),
        (verdict(PLAIN, "only row 2 of y is wrong"), []),
        (verdict(PLAIN, "y is 3 times too large"), []),
        (verdict(PLAIN, LARGE, diagnosis=LARGE), [LARGE]),
        (verdict("TypeError: no", "in the line: return x", "x is squared", difference="", mistake="x is squared"), ["x is squared"]),
        (verdict("y is None, want 3: does the function end with return?"), ["does the function end with return?"]),
    ],
)
def test_which_words_are_a_diagnosis(said, found):
    assert sentences(said) == found


def test_a_verdict_that_tells_its_diagnosis_is_believed():
    said = verdict("called with x 3", "something else", difference="", diagnosis="the bias is missing\nz: its sign is turned around")
    assert sentences(said) == ["the bias is missing", "z: its sign is turned around"]


def test_what_people_judged_is_found_and_the_rest_is_asked_for(tmp_path):
    record, stranger = Record(TINY / "sentences.toml"), answer("squares")
    assert record.judgement(stranger, "x is squared, not doubled") == "true"
    assert record.unjudged(stranger, ["x is squared, not doubled", "y is 0.25 too “small”"]) == ["y is 0.25 too “small”"]
    asked = tmp_path / "asked.toml"
    asked.write_text(to_judge(stranger, ["y is 0.25 too “small”"]).replace("?", "half"))
    assert Record(asked).judgement(stranger, "y is 0.75 too “small”") == "half"


def test_a_word_that_is_no_judgement_is_refused(tmp_path):
    (tmp_path / "sentences.toml").write_text('[double.squares]\n"x" = "maybe"\n')
    with pytest.raises(ValueError, match=r"\[double.squares\] has 'maybe': write true, half, untrue"):
        Record(tmp_path / "sentences.toml")


def test_the_figures_of_lab_tiny(tiny_notebook):
    names = ("adds_it_to_itself", "squares", "in_place", "halves")
    tried = [Tried(answer(name), name == names[0], *at_notebook(tiny_notebook, answer(name), (3,))) for name in names]
    figures = tally(tried, Record(TINY / "sentences.toml"))
    assert (figures["right answers"], figures["right, but rejected"], figures["wrong answers"]) == (1, 0, 3)
    assert (figures["named by a known mistake"], figures["diagnosed"], figures["numbers only"]) == (1, 2, 1)
    assert (figures["sentences given"], figures["half true"], figures["not yet judged"]) == (2, 1, 0)


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("y = a - b * c", "y = (a - b) * c"),
        ("y = f(a, b)", "y = f(b, a)"),
        ("y = np.sum(a * b)", "y = np.sum(a) * np.sum(b)"),
        ("y = (a * b).sum()", "y = a * b.sum()"),
        ("y = x.copy()", "y = x"),
        ("y = len(X)", "y = X.shape[-1]"),
        ("y = np.where(c, a, b)", "y = np.where(c, b, a)"),
        ("for a in b:\n    c += a", "for a in list(b)[1:]:\n    c += a"),
        ("for a in b:\n    c += a", "for a in b:\n    c = a"),
        ("x = x - g", "x -= g"),
        ("def f(x):\n    y = 1\n    z = y\n    return z", "def f(x):\n    y = 1\n    return y"),
        (
            "def f(x):\n    for a in x:\n        y = 1\n    return y",
            "def f(x):\n    for a in x:\n        y = 1\n        return y\n    return y",
        ),
        ("def f(x):\n    y = 2 * x\n    return x + y", "def f(x):\n    x = 2 * x\n    return x + x"),
        ("def f(x):\n    for a in x:\n        d = g(x)\n        h(d)", "def f(x):\n    d = g(x)\n    for a in x:\n        h(d)"),
    ],
)
def test_blind_mutants_make_the_slips_that_they_are_for(source, changed):
    found = [mutant.source for mutant in blind_mutants(source)]
    assert changed in found
    assert source not in found
