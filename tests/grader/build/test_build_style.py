"""What a machine sees of the style of a lab's notebook. Every sentence has its case, and what is allowed has none."""

from __future__ import annotations

import jupytext
import pytest

from grader.build.style import code_lines, lapses, minutes_of, text_words

LAB = '''\
# %% [markdown]
# # A lab
#
# The first sentence.

# %% [markdown]
# ### Exercise: `double`
# *Easy, 5 minutes.*

# %% nbgrader={"grade_id": "double", "solution": true}
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% nbgrader={"grade_id": "double_check", "grade": true}
check("double")

# %%
double(1)

# %%
double(2)

# %% [markdown]
# **Bonus.** Write more.
#
# ## What you built
#
# Something. **Next** comes [lab 1](../lab01_perceptron/lab01_perceptron.ipynb).

# %% [markdown] nbgrader={"grade_id": "reflection", "solution": true}
# A sample answer.
'''
FIRST = "the text cell that begins with '# A lab'"
LONG = "\n".join(f"x{number} = {number}" for number in range(21))

LAPSES = {
    "long_text": ("The first sentence.", "word " * 79, f"{FIRST} has 81 words: at most 80 are one idea"),
    "long_code": (
        "# %% [markdown]\n# **Bonus", f"# %%\n{LONG}\n\n# %% [markdown]\n# **Bonus",
        "the code cell that begins with 'x0 = 0' has 21 lines: at most 20 are one idea, but for a class",
    ),
    "many_long_cells": (
        "# %% [markdown]\n# **Bonus", "# %%\n" + "\n\n# %%\n".join(["1\n" * 7] * 5) + "\n\n# %% [markdown]\n# **Bonus",
        "half of its code cells have 7 lines or more: 6 are usual",
    ),
    "no_minutes": ("*Easy, 5 minutes.*", "*Easy.*", 'the exercise double names no minutes: write "*Easy, 5 minutes.*" below its heading'),
    "no_reflection": (
        ' nbgrader={"grade_id": "reflection", "solution": true}', "", "it has no reflection: ask one question at its end",
    ),
    "no_bonus": ("**Bonus.**", "**More.**", "it has no bonus task: every lab of this course has one"),
    "no_summary": ("What you built", "The end", "it has no summary of what was built: every lab of this course has one"),
    "no_next": ("**Next** comes", "Then comes", "it has no word on what comes next: every lab of this course has one"),
    "internal_number": (
        "The first sentence.", "See S17.", f"{FIRST} speaks of S17, a number of the syllabus that no student knows: say what it stands for",
    ),
    "emoji": ("The first sentence.", "Well done \U0001f389", f"{FIRST} holds an emoji: say it in words"),
    "print": (
        'check("double")', "print(double(1))",
        "the code cell that begins with 'print(double(1))' holds print(: let a last expression show the value, and mend what warns",
    ),
    "lab_that_is_not_there": (
        "../lab01_perceptron/lab01_perceptron.ipynb", "../lab99_more/lab99_more.ipynb",
        "the text cell that begins with '**Bonus.** Write more.' links to lab99_more, which does not exist: "
        "take the link out until it does",
    ),
    "lecture_without_a_page": (
        "The first sentence.", "[lecture 003](https://example.org/003)",
        f'{FIRST} links to a lecture as "lecture 003": name the title and the page',
    ),
}  # fmt: skip


def told(text: str) -> list[str]:
    return lapses(jupytext.reads(text, fmt="py:percent").cells, {"lab01_perceptron"})


def test_a_lab_in_style_is_told_nothing() -> None:
    assert told(LAB) == []


@pytest.mark.parametrize("lapse", LAPSES)
def test_every_lapse_is_one_sentence(lapse: str) -> None:
    old, new, sentence = LAPSES[lapse]
    assert old in LAB
    assert told(LAB.replace(old, new)) == [sentence]


@pytest.mark.parametrize(
    "allowed",
    [
        f"class Long:\n{chr(10).join('    ' + line for line in LONG.splitlines())}",
        f"def long():\n    ### BEGIN SOLUTION\n{chr(10).join('    ' + line for line in LONG.splitlines())}\n    ### END SOLUTION",
    ],
)
def test_classes_and_answers_may_be_long(allowed: str) -> None:
    role = ' nbgrader={"grade_id": "double", "solution": true}'
    before, _, after = LAB.partition(f"# %%{role}\n")
    rest = after.partition("# %% nbgrader")
    assert told(f"{before}# %%{role}\n{allowed}\n\n{''.join(rest[1:])}") == []


def test_formulas_code_and_links_are_one_word_and_tables_none() -> None:
    assert text_words("Take $a + b + c$ and `x + y`: $$\na + b\n$$ is 1 or [two words](https://example.org/a b).") == 10
    assert text_words("| a | b |\n|---|---|\n| 1 | 2 |\n\nOne — two.") == 2
    assert text_words("[Lecture 000, \"Loss\", page 3](https://example.org)") == 5


def test_a_lecture_with_title_and_page_may_be_linked() -> None:
    assert told(LAB.replace("The first sentence.", '[Lecture 000, "Loss", page 3](https://example.org)')) == []


def test_lines_and_minutes_are_counted_as_students_get_them() -> None:
    cells = jupytext.reads(LAB, fmt="py:percent").cells
    assert code_lines(cells[2]) == 2  # the signature, and `pass` for the answer
    assert minutes_of(cells, 2) == 5
