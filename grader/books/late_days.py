"""A late policy for nbgrader that takes something off for every day: a plugin, as nbgrader asks for them. Its own know all or nothing."""

from __future__ import annotations

import math

from nbgrader.plugins import BasePlugin
from traitlets import Float

_DAY = 86400.0  # seconds


class PerDay(BasePlugin):  # type: ignore[misc]
    """Takes points, or a share of the score, for every day that has begun; `nbgrader_config.py` chooses it and sets how much:

    c.AssignLatePenalties.plugin_class = "grader.books.late_days.PerDay"
    c.PerDay.percent = 10
    """

    points = Float(0.0, help="points of each notebook for every day that has begun").tag(config=True)
    percent = Float(0.0, help="percent of the notebook's score for every day that has begun").tag(config=True)
    grace_minutes = Float(0.0, help="minutes after the due date that cost nothing").tag(config=True)
    most_percent = Float(100.0, help="percent of the notebook's score that are taken at most").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """What is taken off a notebook's score; None for nothing."""
        if total_seconds_late <= 60 * self.grace_minutes:
            return None
        days = math.ceil(total_seconds_late / _DAY)
        taken = days * (self.points + score * self.percent / 100)
        return float(min(taken, score, score * self.most_percent / 100))
