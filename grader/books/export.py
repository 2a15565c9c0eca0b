"""What `nbgrader export` writes in a course that Handgrad made: the assignments that students have, and not yet those in the drawer.

A course is built with all of its labs, and nbgrader's own exporter gives everybody 0 points for each of them.
"""

from __future__ import annotations

import glob
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.exchange.default.exchange import Exchange
from nbgrader.plugins import CsvExportPlugin


class HandedOut(CsvExportPlugin):  # type: ignore[misc]
    """nbgrader's grades.csv, with the rows of what was handed out; `--assignment` names others, as ever."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the file."""
        if not self.assignment:
            later = sorted(assignment.name for assignment in gradebook.assignments if not self._is_out(assignment))
            out = [assignment.name for assignment in gradebook.assignments if assignment.name not in later]
            self.set_trait("assignment", out or [""])  # an empty list would mean all of them
            if later:
                told = "Not exported, because nobody handed them in, they are not in the exchange, and not due: %s. --assignment names one."
                self.log.warning(told, ", ".join(later))
        super().export(gradebook)

    def _is_out(self, assignment: Any) -> bool:
        """Whether students have it: it was released, or is due, or somebody handed it in."""
        due, now = assignment.duedate, datetime.now(UTC).replace(tzinfo=None)
        return bool(assignment.submissions) or (due is not None and due <= now) or self._is_released(assignment.name)

    def _is_released(self, name: str) -> bool:
        """Whether nbgrader's exchange has it, or a submission of it waits."""
        course = self.parent.coursedir
        exchange = Path(Exchange(config=self.config).root, course.course_id, "outbound", name)
        waiting = course.format_path(course.submitted_directory, "*", glob.escape(name))
        return exchange.is_dir() or bool(glob.glob(waiting))  # noqa: PTH207 - a whole path, which settings may lead anywhere
