"""Settings that are numbers: how they and the command line make a submission's limits."""

from __future__ import annotations

from typing import Any

import pytest
from traitlets.config import Config

from grader.books.settings import Settings
from grader.sandbox import Limits

USUAL = Limits()


def settings(section: str, **said: Any) -> Settings:
    config = Config()
    config[section].update(said)
    return Settings.of(config)


@pytest.mark.parametrize("section", ["Execute", "ExecutePreprocessor", "NotebookClient"])
@pytest.mark.parametrize(
    ("timeout", "cell", "notebook"),
    [
        (5, 5, USUAL.notebook_seconds),
        (900, 900, 900),
        (None, USUAL.notebook_seconds, USUAL.notebook_seconds),
        (-1, USUAL.notebook_seconds, USUAL.notebook_seconds),
        (0, USUAL.notebook_seconds, USUAL.notebook_seconds),
    ],
)
def test_a_cells_time_is_nbgraders(section: str, timeout: int | None, cell: float, notebook: float) -> None:
    found = settings(section, timeout=timeout).limits(USUAL, ())
    assert (found.cell_seconds, found.notebook_seconds) == (cell, notebook)
    assert found.cpu_seconds == max(USUAL.cpu_seconds, notebook)


def test_the_command_line_and_the_more_special_class_go_before() -> None:
    assert settings("Execute", timeout=5).limits(Limits(cell_seconds=7), {"cell_seconds"}).cell_seconds == 7
    assert settings("Execute", timeout=900).limits(Limits(notebook_seconds=60), {"notebook_seconds"}).notebook_seconds == 60
    assert settings("CourseDirectory", course_id="x").limits(USUAL, ()) == USUAL
    config = Config()
    config.ExecutePreprocessor.timeout, config.Execute.timeout = 5, 6
    assert Settings.of(config).limits(USUAL, ()).cell_seconds == 6


def test_names_are_matched_as_in_a_shell_and_the_excluded_never() -> None:
    chosen = settings("CourseDirectory", student_id="[ab]*", student_id_exclude="ann, bob")
    there = [".a", "abe", "ann", "bob", "bea", "carl"]
    assert chosen.wanted(there, ()) == ["abe", "bea"]
    assert chosen.wanted(there, ("c*", "ann")) == ["carl"]
    assert settings("CourseDirectory", course_id="x").wanted(there, ()) == there


def test_an_id_is_a_name_before_it_is_a_pattern() -> None:
    usual, there = settings("CourseDirectory", course_id="x"), ["*", "a", "a*", "a[b]", "ab"]
    assert [usual.wanted(there, (name,)) for name in there] == [[name] for name in there]
    assert usual.wanted(there, ()) == there  # nobody takes the others' place by such a name
    assert usual.wanted(there, ("a?",)) == ["a*", "ab"]


def test_modes_are_nbgraders() -> None:
    usual, shared = settings("CourseDirectory", course_id="x"), settings("CourseDirectory", groupshared=True)
    assert (usual.graded_mode, usual.page_mode, usual.shared) == (0o444, 0o644, False)
    assert (shared.graded_mode, shared.page_mode, shared.shared) == (0o664, 0o664, True)
    assert settings("BaseConverter", permissions=640).graded_mode == settings("BaseConverter", permissions="640").page_mode == 0o640


def test_what_is_replaced_is_told_once_for_all_that_it_stands_for() -> None:
    config = Config()
    config.HTMLExporter.template_name = "ours"
    config.GetGrades.display_data_priority = ["text/plain"]
    (note,) = Settings.of(config).notes
    assert note.startswith("nbgrader_config.py sets ")
    assert note.endswith("a template of yours is not used.")
    config.Exchange.root, config.ExportPlugin.to = "/srv", "all.csv"
    assert Settings.of(config).notes == (note,)
