"""Formulas become MathML; one that cannot be drawn shows its source, and code is never taken for a formula."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from course_utils.pages.formulas import LONGEST, formula, with_formulas
from course_utils.pages.prose import markdown

LABS = sorted((Path(__file__).parents[2] / "labs").glob("*/*.ipynb"))


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.stem)
def test_every_formula_of_the_labs_is_drawn(path: Path) -> None:
    cells = json.loads(path.read_bytes())["cells"]
    shown = [markdown("".join(cell["source"]), ours=True) for cell in cells if cell["cell_type"] == "markdown"]
    assert [text for text in shown if 'class="tex"' in text] == []
    assert not any("$" in text for text in shown)
    asked = sum("".join(cell["source"]).count("$") for cell in cells if cell["cell_type"] == "markdown") // 4
    assert sum(text.count("<math") for text in shown) >= asked


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a $x$ b", "a <math><mi>x</mi></math> b"),
        (r"\(x\)", "<math><mi>x</mi></math>"),
        ("$$x$$", '<span class="formula"><math display="block"><mi>x</mi></math></span>'),
        (r"\[x\]", '<span class="formula"><math display="block"><mi>x</mi></math></span>'),
        ("$x &lt; y$", "<math><mi>x</mi><mo>&lt;</mo><mi>y</mi></math>"),
        ("<code>$x$</code>$y$", "<code>$x$</code><math><mi>y</mi></math>"),
        ("<pre>$x$</pre>", "<pre>$x$</pre>"),
        ('<a title="$x$ >">$y$</a>', '<a title="$x$ >"><math><mi>y</mi></math></a>'),
        ("costs 5$ only", "costs 5$ only"),
        (r"costs 5\$ or 6\$", "costs 5$ or 6$"),
        (r"\begin{align}a", r"\begin{align}a"),
        ("$$ $$ $", "$$ $$ $"),
        (r"$\nothing{x}$", r'<code class="tex">\nothing{x}</code>'),
        (r"$\text{if $b$}$", r'<code class="tex">\text{if $b$}</code>'),
        ("no formula", "no formula"),
    ],
)
def test_where_formulas_begin_and_end(text: str, wanted: str) -> None:
    assert with_formulas(text) == wanted


@pytest.mark.parametrize(
    "source",
    [
        r"\begin{split}a&=b\\c&=d\end{split}",
        r"\begin{eqnarray}a&=&b\end{eqnarray}",
        r"\begin{equation}x\end{equation}",
        r"\begin{cases}1&x>0\\0&\text{else}\end{cases}",
        r"\begin{bmatrix}1&2\\3&4\end{bmatrix}",
        r"\newcommand{\R}{\mathbb{R}}\R^n",
        r"\mbox{softmax} \widetilde{xy} \operatorname{argmax}_x \hat{y} \tfrac12",
    ],
)
def test_what_other_courses_write_is_drawn(source: str) -> None:
    assert formula(source, display=True).startswith('<span class="formula"><math display="block">')


def test_numbers_of_equations_do_not_begin_again_at_each() -> None:
    assert "(1)" not in formula(r"\begin{equation}x\end{equation}", display=True)
    assert "(7)" in formula(r"\begin{equation}x\tag{7}\end{equation}", display=True)


def test_a_formula_without_end_is_shown_as_its_source() -> None:
    assert formula("x" * (LONGEST + 1), display=False).startswith('<code class="tex">xxx')
    assert formula("{" * LONGEST, display=False).startswith('<code class="tex">{{{')


@pytest.mark.parametrize(
    "unit", ["$", "$$", "$x$", "$ { ", r"\begin{a}", r"\begin{a}\end{b}", r"\(", "<", "<a ", '<a "', "<code>$", "\\", "$x<b>", r"\$", "{$"]
)
def test_a_long_text_of_any_kind_costs_a_moment(unit: str) -> None:
    text = unit * (50_000 // len(unit))
    started = time.process_time()
    with_formulas(text)
    assert time.process_time() - started < 1
