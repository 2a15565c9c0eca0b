"""What counts of a cell's outputs, with nbgrader's own steps as the oracle."""

from __future__ import annotations

import copy
from typing import Any

import nbformat
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.preprocessors import IgnorePattern, LimitOutput

from grader.judging import Trimming

lines = st.lists(st.sampled_from(["a", "hm", "bad", ""]), max_size=6).map("\n".join)
streams = st.builds(lambda name, text: nbformat.v4.new_output("stream", name=name, text=text), st.sampled_from(["stdout", "stderr"]), lines)
errors = st.builds(
    lambda trace: nbformat.v4.new_output("error", ename="E", evalue="v", traceback=trace), st.lists(st.sampled_from("abc"), max_size=9)
)
patterns = st.sampled_from(["", "^hm", "b|a"])
values = st.just(nbformat.v4.new_output("execute_result", data={"text/plain": "1"}))


@given(st.lists(st.one_of(streams, errors, values), max_size=5), st.integers(-1, 9), st.integers(-1, 6), patterns)
def test_outputs_are_cut_as_nbgrader_cuts_them(outputs: list[Any], most: int, traceback: int, pattern: str) -> None:
    cell = nbformat.v4.new_code_cell("1", outputs=copy.deepcopy(outputs))
    for step in (IgnorePattern(pattern=pattern), LimitOutput(max_lines=most, max_traceback=traceback)):
        cell, _ = step.preprocess_cell(cell, {}, 0)
    assert Trimming(most, traceback, pattern).trim(copy.deepcopy(outputs)) == cell.outputs


def test_only_a_cell_with_the_tag_is_left_out() -> None:
    tagged = nbformat.v4.new_code_cell("1", metadata={"tags": ["skip-execution"]})
    assert Trimming().skips(tagged)
    assert not Trimming(skipped="").skips(tagged)
    assert not Trimming(skipped="slow").skips(tagged)
    assert not Trimming().skips(nbformat.v4.new_code_cell("1"))
