"""Late penalties are nbgrader's: its rule, its plugin, its settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from course_utils.errors import UserError
from grader.build import beside

Row = Any  # nbgrader's tables have no types


class Lateness:
    """How late the submissions of one assignment are."""

    def __init__(self, due: datetime | None) -> None:
        from nbgrader.api import SubmittedAssignment

        self._submission, self._due = SubmittedAssignment, due

    def seconds(self, submitted: Row) -> float:
        """How long after the due date, with any extension, a submission came in; 0 for one that came in time."""
        if self._due is None:
            return 0.0
        handed_in = SimpleNamespace(
            timestamp=submitted.timestamp, extension=submitted.extension, assignment=SimpleNamespace(duedate=self._due)
        )
        handed_in.duedate = self._submission.duedate.fget(handed_in)
        return float(self._submission.total_seconds_late.fget(handed_in))


class Penalties:
    """What being late costs in a course: nbgrader's step with the plugin that the settings name.

    Raises UserError for a plugin that cannot be loaded, or that fails.
    """

    def __init__(self, root: Path, config: Any) -> None:
        from nbgrader.preprocessors import AssignLatePenalties

        with beside(root), self._plainly("cannot be used"):
            self._step = AssignLatePenalties(config=config)
            self._step.init_plugin()

    def of(self, student: str, score: float, late: float) -> float | None:
        """The penalty of one notebook that came in so many seconds late; None for none."""
        if not late:
            return None
        with self._plainly(f"failed on {student}"):
            found = self._step.plugin_inst.late_submission_penalty(student, score, late)
            return None if found is None else float(self._step._check_late_penalty(SimpleNamespace(score=score), found))

    @contextmanager
    def _plainly(self, what: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # a course's own code: anything may come
            said = f"{type(error).__name__}: {error}".splitlines()[0][:300]
            raise UserError(
                f"The late policy that nbgrader_config.py names {what} ({said}): mend it, and start again. What was graded is kept."
            ) from error
