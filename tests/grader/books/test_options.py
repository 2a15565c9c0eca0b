"""The table of nbgrader's options: held against nbgrader's own list, and what is refused is refused at the door."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import nbgrader
import pytest
from nbgrader.apps import AutogradeApp, GenerateFeedbackApp, NbGraderApp
from traitlets.config import Application, Configurable

from course_utils.cli import main
from grader.books.options import OBEYED, REFUSED, UNTOUCHED, Option, find, options, spelled, table

ROOT = Path(__file__).resolve().parents[3]
OLD = {"Assign", "Feedback"}  # other names of GenerateAssignment and GenerateFeedback, which settings are told by


def below(known: type) -> Iterator[type]:
    for one in known.__subclasses__():
        yield one
        yield from below(one)


@pytest.fixture(scope="module")
def classes() -> list[Any]:
    """All of nbgrader's classes that have options."""
    for module in pkgutil.walk_packages(nbgrader.__path__, "nbgrader."):
        if not {"tests", "docs", "__main__"} & set(module.name.split(".")):
            importlib.import_module(module.name)
    return sorted({one for one in below(Configurable) if one.__module__.startswith("nbgrader.")}, key=lambda one: one.__name__)


def said(one: Any, name: str) -> Option | None:
    """What the table says of an option on a class; what is obeyed or untouched counts for the classes that take it over as well."""
    own = find(one.__name__, name)
    taken = [option for base in one.__mro__[1:] if (option := find(base.__name__, name)) is not None]
    return own or next((option for option in taken[:1] if one.__name__ in OLD or option.verdict in (OBEYED, UNTOUCHED)), None)


def options_of(one: Any) -> Iterator[str]:
    """An application takes over what Jupyter's applications have, which is about logs and folders of theirs."""
    yield from (one.class_own_traits if issubclass(one, Application) else one.class_traits)(config=True)


def test_the_table_knows_every_option_that_the_installed_nbgrader_has(classes: list[Any]) -> None:
    found = [(one, name) for one in classes for name in options_of(one)]
    assert len(found) > 300
    assert [f"{one.__name__}.{name}" for one, name in found if said(one, name) is None] == []


def test_the_table_names_nothing_that_nbgrader_does_not_have(classes: list[Any]) -> None:
    families = [[base for base in one.__mro__ if issubclass(base, Configurable)] for one in classes]
    for name in options():
        section, _, trait = name.partition(".")
        of_it = [family for family in families if section in {base.__name__ for base in family}]
        if of_it and trait != "*":
            assert trait in {known for family in of_it for base in family for known in base.class_traits()}, name


def test_what_nbgrader_does_if_nobody_says_otherwise_is_never_refused(classes: list[Any]) -> None:
    for one in classes:
        for name in options_of(one):
            option = find(one.__name__, name)
            if option is not None and option.verdict == REFUSED:
                default = one.class_traits()[name].default()
                assert option.is_plain(default), f"{option.name}: {default!r}"


def test_the_table_knows_every_command_and_what_is_typed_with_it() -> None:
    commands = {name for entry in table()["command"] for name in entry["names"]}
    assert commands == set(NbGraderApp.subcommands)
    flags = {name.lstrip("-") for entry in table()["flag"] for name in entry["names"]}
    typed = {name for app in (AutogradeApp, GenerateFeedbackApp) for name in (*app.flags, *app.aliases)}
    assert flags == typed


def test_the_page_is_what_the_table_says() -> None:
    path = ROOT / "scripts" / "options.py"
    spec = importlib.util.spec_from_file_location("options", path)
    assert spec is not None
    assert spec.loader is not None
    script: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    page = script.written()
    assert (ROOT / "docs" / "nbgrader.md").read_text(encoding="utf-8") == page
    missing = [name for name in options() if f"`{name.split('.')[0]}`" not in page or f"`{name.split('.')[1]}`" not in f"{page}`*`"]
    assert missing == []
    assert "scripts/options.py --check" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_a_short_form_stands_for_each_of_its_names() -> None:
    assert list(spelled(["A|B.x|y", "C.z"])) == ["A.x", "A.y", "B.x", "B.y", "C.z"]


WRONG: list[tuple[Any, Any]] = [
    (True, False),
    ("None", "print"),
    (False, True),
    ("*", "p1*"),
    (0, 3),
    ("", "xeus-r"),
    ("NotebookExporter", "mine.Exporter"),
    ("AsyncKernelManager", "mine.Manager"),
]


def wrong(option: Option) -> Any:
    """A value that is not one of those that change nothing."""
    plain = option.plain[0]
    if isinstance(plain, list):
        return ["--mine", "Mine"]
    return next(value for key, value in WRONG if key == plain and type(key) is type(plain))


@pytest.mark.parametrize("name", [option.name for option in options().values() if option.verdict == REFUSED])
def test_what_is_refused_is_refused_before_anything_is_done(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    option = options()[name]
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\nc.{name} = {wrong(option)!r}\n")
    assert main(["grade", "ps1", "--course", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert told == f"handgrad: nbgrader_config.py sets {name} to {wrong(option)!r}. {option.says}\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["nbgrader_config.py", "source"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("c.Autograde.Execute.timeout = 5", "options of Execute inside Autograde: write c.Execute in place of c.Autograde.Execute."),
        ("c.Autograde.exclude_overwriting = ['a.py']", "it is a dictionary, by assignment, the list of files that students may change."),
        ("c.Execute.timeout = '30'", "Execute.timeout to '30': it is a number of seconds, or None for no limit."),
        ("c.LimitOutput.max_lines = None", "LimitOutput.max_lines to None: it is a number of lines, or -1 for no limit."),
        ("c.IgnorePattern.enabled = True\nc.IgnorePattern.pattern = '('", "IgnorePattern.pattern to '(', which is no pattern:"),
        ("c.Autograde.permissions = 'rw'", "Autograde.permissions to 'rw': write it as 644, without 0o."),
        ("c.CourseDirectory.directory_structure = '{nbgrader_step}/{student_id}'", "{assignment_id} is missing"),
        ("c.CourseDirectory.directory_structure = '{nbgrader_step}/{student_id}/{assignment_id}/{notebook_id}'", "and nothing else."),
        ("c.CourseDirectory.directory_structure = '{nbgrader_step}/{student_id'", "which is no pattern"),
        ("c.CourseDirectory.directory_structure = '{nbgrader_step}/{student_id}/../{assignment_id}'", "leads out of it"),
        ("c.CourseDirectory.feedback_directory = 'autograded'", "lead to one folder, and each step needs one of its own."),
        ("import missing_here", "nbgrader_config.py, line 2, cannot be used: ModuleNotFoundError: No module named 'missing_here'."),
        ("c.Execute.timeout =", "nbgrader_config.py, line 2, cannot be used: SyntaxError:"),
    ],
)
def test_what_no_course_can_mean_is_told_in_a_sentence(
    line: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\n{line}\n")
    assert main(["grade", "ps1", "--course", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert told.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["nbgrader_config.py", "source"]


def test_a_course_that_writes_out_what_nbgrader_does_anyway_is_let_through(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = {option.name: option.plain[0] for option in options().values() if option.verdict == REFUSED}
    lines = [f"c.{name} = {None if value == 'None' else value!r}" for name, value in plain.items()]
    (tmp_path / "source").mkdir()
    (tmp_path / "nbgrader_config.py").write_text("\n".join(["c = get_config()", *lines, ""]))
    assert main(["grade", "ps1", "--course", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("handgrad: There is no ps1")
