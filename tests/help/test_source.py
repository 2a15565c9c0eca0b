"""help.md: what may stand in it, and one clear sentence for everything else."""

from __future__ import annotations

import pytest

from course_utils.errors import UserError
from course_utils.help.page import in_letters
from course_utils.help.source import parse, same_choice, words

GOOD = """# double

## Every number comes back as it was
What does one add to $x$ to get `2 * x`?

## A list comes back twice as long
<!-- a note for authors -->
An array is added entry by entry.

## 3 becomes 9
<!-- mistake: squared, cubed -->
Which operation does that?

## Gained
You have doubled
a number.

## Answer
Twice $x$ is $x + x$.

# Predictions

## What does a mean become
**It stays 0.** The first time made it 0.
"""


def test_all_of_a_good_text_is_read():
    found = parse(GOOD)
    double = found.exercises["double"]
    assert [hint.title for hint in double.steps] == ["Every number comes back as it was", "A list comes back twice as long"]
    assert double.hints[1].text == "An array is added entry by entry."
    assert double.hints[2].mistakes == ("squared", "cubed")
    assert (double.gained, double.answer) == ("You have doubled a number.", "Twice $x$ is $x + x$.")
    assert found.predictions == {"What does a mean become": ("It stays 0.", "The first time made it 0.")}


def test_what_looks_like_a_heading_in_code_is_none():
    found = parse(GOOD.replace("Which operation does that?", "Compare:\n```python\n# 3\n## 9\n```"))
    assert "## 9" in found.exercises["double"].hints[2].text


BROKEN = {
    "no_heading": ("# double\n", "double\n", 'line 1: text stands under no heading "# …": give it the name of its exercise'),
    "no_title": ("\n## Every number comes back as it was", "", 'line 2: text stands under no heading "## …": give it a title'),
    "one_hint": (
        "## Every number comes back as it was\nWhat does one add to $x$ to get `2 * x`?\n", "",
        "line 1: double has 1 hint for everybody: write 2 to 4 sections, from a question to the last step before the answer",
    ),
    "empty_hint": ("Which operation does that?\n", "", 'line 10: the hint "3 becomes 9" has no text: write a question below its title'),
    "long_hint": ("Which operation does that?", "why " * 81, 'line 10: the hint below "3 becomes 9" has 81 words: at most 80'),
    "twice": ("# Predictions", "# double", 'line 21: the section "double" stands in line 1 already: keep one of them'),
    "title_twice": ("## 3 becomes 9", "## A list comes back twice as long", 'stands in line 6 already: keep one of them'),
    "no_answer": (
        "## Answer\nTwice $x$ is $x + x$.\n", "",
        'line 1: double has no answer: write "## Answer" and, below it, how one gets there',
    ),
    "code_in_answer": ("Twice $x$", "```\n2 * x\n```\nTwice $x$", "line 18: the answer of double holds code: its derivation is enough"),
    "empty_gained": ("You have doubled\na number.\n", "", 'line 14: "## Gained" is empty: write one sentence, or delete it'),
    "long_gained": ("You have doubled\n", "so " * 40, "at most 40 are read by whoever is stuck"),
    "no_bold": ("**It stays 0.** The", "It stays 0. The", "does not begin with its answer in bold"),
    "no_reason": (" The first time made it 0.", "", 'line 23: the prediction "What does a mean become" has no reason'),
    "math": ("The first time made it 0.", "$0 - 0 = 0$", "holds math, which its widget cannot show: write it in words"),
    "long_reason": ("The first time made it 0.", "so " * 61, 'the reason below "What does a mean become" has 61 words: at most 60'),
}  # fmt: skip


@pytest.mark.parametrize("rule", BROKEN)
def test_what_is_not_as_it_should_be_is_one_sentence(rule):
    old, new, sentence = BROKEN[rule]
    assert old in GOOD
    with pytest.raises(UserError) as error:
        parse(GOOD.replace(old, new), "solutions/lab/help.md")
    lines = str(error.value).split("\n")
    assert any(sentence in line for line in lines), lines
    assert all(line.startswith("solutions/lab/help.md, line ") and line.endswith(".") for line in lines)


def test_all_problems_are_told_in_the_order_of_their_lines():
    text = GOOD.replace("Which operation does that?\n", "").replace(" The first time made it 0.", "")
    with pytest.raises(UserError) as error:
        parse(text)
    assert [line.split(":")[0] for line in str(error.value).split("\n")] == ["help.md, line 10", "help.md, line 22"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("It stays 0.", "it stays 0", True),
        ("it  stays 0", "It stays\n0", True),
        ("It stays 0", "it changes", False),
        ("ReLU wins", "relu wins", False),
        ("", "", True),
    ],
)
def test_an_option_is_recognised_by_its_words(one, other, same):
    assert same_choice(one, other) is same


def test_a_formula_is_one_word():
    assert words("the slope $a + b + c$ and `x @ y` <!-- not this --> stay") == 6


@pytest.mark.parametrize(
    ("tex", "letters"),
    [
        (r"$\sigma'(z) = \sigma(z)\,\big(1-\sigma(z)\big)$", "σ'(z) = σ(z) (1-σ(z))"),
        (r"$\frac{\partial L}{\partial W} = X^\top dY$", "∂L/∂W = Xᵀ dY"),
        (r"$$\frac{f(x+h)-f(x-h)}{2h}$$", "(f(x+h)-f(x-h))/2h"),
        (r"$\tfrac12$, $10^{-7}$, $w_{ij}$, $\sqrt{x^2+y^2}$", "1/2, 10⁻⁷, wᵢⱼ, √(x²+y²)"),
        (r"$\frac2{\text{fan\_in}}$, $W_{\text{fan\_in}}$", "2/(fan_in), W_(fan_in)"),
        (r"$\mathbb{R}^{N \times D}$", "R^(N × D)"),
        (r"$J\leftarrow\hat y\leftarrow h$, $\lceil N/B\rceil$", "J←y\u0302←h, ⌈N/B⌉"),
        ("`a$b$` costs $5", "`a$b$` costs $5"),
        ("```\nx = '$a$'\n```", "```\nx = '$a$'\n```"),
    ],
)
def test_math_is_readable_where_none_is_rendered(tex, letters):
    assert in_letters(tex) == letters
