"""The one exception that stands for a mistake of the person at the keyboard."""

from __future__ import annotations


class UserError(Exception):
    """Something a user can mend, as one sentence: where, what, likely why, what next."""
