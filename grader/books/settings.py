"""A course's settings as the grader goes by them: each of nbgrader's options is obeyed, or refused before anything is graded."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue

from course_utils.errors import UserError
from grader.books.options import REFUSED, REPLACED, are_set
from grader.intake import fits
from grader.judging import Trimming
from grader.sandbox import Limits

_EXECUTE = ("Execute", "ExecutePreprocessor", "NotebookClient")  # whose options nbgrader's Execute has; the first goes before the others
_SHOWN = 60  # letters of a value in a sentence


@dataclass(frozen=True)
class Settings:
    """What of a course's settings is more than a place: places are the layout's."""

    students: str  # a glob
    excluded: frozenset[str]
    create_students: bool
    force: bool
    own_files: Mapping[str, tuple[str, ...]]  # by assignment: released files that the students' take the place of
    seconds: float | None  # of a cell; None: not set; 0: no limit but the notebook's
    late_penalties: bool
    trimming: Trimming
    graded_mode: int
    page_mode: int
    shared: bool  # whether a group works on the course
    notes: tuple[str, ...]  # what is set and replaced

    @staticmethod
    def of(config: Config) -> Settings:
        """The settings of a course. Raises UserError for an option that is refused, and for a value that none can have."""
        _refuse_nested(config)
        told = list(are_set(config))
        for option, value in told:
            if option.verdict == REFUSED and not option.is_plain(value):
                raise UserError(f"nbgrader_config.py sets {option.name} to {_shown(value)}. {option.says}")
        replaced = {
            option.says: option.name for option, value in told if option.verdict == REPLACED and not option.is_plain(value)
        }
        notes = tuple(f"nbgrader_config.py sets {name}, which is not used. In its place: {says}." for says, name in replaced.items())
        course, shared = config.CourseDirectory, bool(_get(config, "groupshared", False, "CourseDirectory"))
        return Settings(
            students=str(course.get("student_id") or "*").strip(),
            excluded=frozenset(name.strip() for name in str(course.get("student_id_exclude") or "").split(",") if name.strip()),
            create_students=bool(_get(config, "create_student", True, "Autograde")),
            force=bool(_get(config, "force", False, "Autograde", "BaseConverter")),
            own_files=_own_files(_get(config, "exclude_overwriting", {}, "Autograde")),
            seconds=_seconds(config),
            late_penalties=bool(_get(config, "enabled", True, "AssignLatePenalties")),
            trimming=_trimming(config),
            graded_mode=_mode(config, "664" if shared else "444", "Autograde", "BaseConverter"),
            page_mode=_mode(config, "664" if shared else "644", "GenerateFeedback", "BaseConverter"),
            shared=shared,
            notes=notes,
        )

    def wanted(self, students: Iterable[str], asked: Collection[str]) -> list[str]:
        """Those of the students who are to be graded: `asked` on the command line, else by the settings, and without the excluded."""
        there = list(students)
        exact = set(asked).intersection(there)  # an id such as `a[b]`, or `*`, is a name before it is a pattern
        patterns = [pattern for pattern in asked or (self.students,) if pattern not in exact]
        everybody = patterns == ["*"]
        return [name for name in there if name not in self.excluded and (everybody or name in exact or fits(name, patterns))]

    def limits(self, limits: Limits, asked: Collection[str]) -> Limits:
        """The limits with nbgrader's own for a cell, but for those that were asked for on the command line."""
        if self.seconds is None:
            return limits
        if self.seconds:
            room = {"notebook_seconds": self.seconds, "cpu_seconds": self.seconds}
            limits = limits.allowing(room, asked)
        seconds = self.seconds or limits.notebook_seconds
        return limits if "cell_seconds" in asked else replace(limits, cell_seconds=seconds)

    def told(self, lab: str) -> str:
        """What scores of an assignment hang on; "" where that is what nbgrader does if nobody says otherwise."""
        own = self.own_files.get(lab, ())
        return repr((self.trimming, own)) if own or self.trimming != Trimming() else ""

    def is_own(self, lab: str, name: str) -> bool:
        """Whether the student's file of this name takes the place of the released one."""
        return name in self.own_files.get(lab, ())


def _refuse_nested(config: Config) -> None:
    for outer, names in config.items():
        for inner, value in names.items() if isinstance(names, Config) else ():
            if isinstance(value, Config) and value:
                told = f"write c.{inner} in place of c.{outer}.{inner}"
                raise UserError(f"nbgrader_config.py sets options of {inner} inside {outer}: {told}.")


def _get(config: Config, name: str, default: Any, *sections: str) -> Any:
    """An option by the first of the sections that sets it: a class before those that it comes from."""
    for section in sections:
        if section in config and name in config[section]:
            value = config[section][name]
            return value.get_value(default) if isinstance(value, LazyConfigValue) else value
    return default


def _own_files(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping) or not all(isinstance(names, list | tuple) for names in value.values()):
        told = "by assignment, the list of files that students may change"
        raise UserError(f"nbgrader_config.py sets Autograde.exclude_overwriting to {_shown(value)}: it is a dictionary, {told}.")
    return {str(lab): tuple(str(name).removeprefix("./") for name in names) for lab, names in value.items()}


def _seconds(config: Config) -> float | None:
    value = _get(config, "timeout", "", *_EXECUTE)
    if value == "":
        return None
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UserError(f"nbgrader_config.py sets Execute.timeout to {_shown(value)}: it is a number of seconds, or None for no limit.")
    return max(0.0, float(value))


def _trimming(config: Config) -> Trimming:
    usual, limited = Trimming(), bool(_get(config, "enabled", True, "LimitOutput"))
    return Trimming(
        lines=_lines(config, "max_lines", usual.lines) if limited else -1,
        traceback=_lines(config, "max_traceback", usual.traceback) if limited else -1,
        ignored=_pattern(config) if _get(config, "enabled", False, "IgnorePattern") else "",
        skipped=str(_get(config, "skip_cells_with_tag", usual.skipped, *_EXECUTE)),
    )


def _lines(config: Config, name: str, usual: int) -> int:
    value = _get(config, name, usual, "LimitOutput")
    if isinstance(value, bool) or not isinstance(value, int) or value < -1:
        raise UserError(f"nbgrader_config.py sets LimitOutput.{name} to {_shown(value)}: it is a number of lines, or -1 for no limit.")
    return value


def _pattern(config: Config) -> str:
    value = str(_get(config, "pattern", "", "IgnorePattern"))
    try:
        re.compile(value)
    except re.error as error:
        raise UserError(f"nbgrader_config.py sets IgnorePattern.pattern to {_shown(value)}, which is no pattern: {error}.") from None
    return value


def _mode(config: Config, default: str, *sections: str) -> int:
    """nbgrader writes modes as decimal numbers that look like octal ones: 644."""
    value = _get(config, "permissions", default, *sections)
    try:
        return int(str(value), 8)
    except ValueError:
        raise UserError(f"nbgrader_config.py sets {sections[0]}.permissions to {_shown(value)}: write it as 644, without 0o.") from None


def _shown(value: Any) -> str:
    told = repr([inner.__name__ if isinstance(inner, type) else inner for inner in value] if isinstance(value, list) else value)
    return told if len(told) <= _SHOWN else f"{told[:_SHOWN]}…"
