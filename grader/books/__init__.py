"""What people read: the course on the disk, the gradebook, autograded notebooks, feedback pages.

In go results and graded notebooks. Out come nbgrader's own folders and its database, so that its tools go on working.
"""

from typing import TYPE_CHECKING, Any

from course_utils.pages.style import page_style
from grader.books.autograded import read_autograded, remove, to_bytes, write_autograded
from grader.books.changes import Touched
from grader.books.course import Course, fingerprint, imports_of, make_assignment, open_course, prepare, to_preload
from grader.books.gradebook import Marks, Scores, Standing
from grader.books.packages import require_packages
from grader.books.remarks import MOST, Remark, print_in, read_remarks, remarks_in, with_remarks, write_remarks

if TYPE_CHECKING:
    from course_utils.pages.colours import code as coloured
    from grader.books.feedback import prepare_pages, render_page

__all__ = [
    "MOST",
    "Course",
    "Marks",
    "Remark",
    "Scores",
    "Standing",
    "Touched",
    "coloured",
    "fingerprint",
    "imports_of",
    "make_assignment",
    "open_course",
    "page_style",
    "prepare",
    "prepare_pages",
    "print_in",
    "read_autograded",
    "read_remarks",
    "remarks_in",
    "remove",
    "render_page",
    "require_packages",
    "to_bytes",
    "to_preload",
    "with_remarks",
    "write_autograded",
    "write_remarks",
]


def __getattr__(name: str) -> Any:
    """Import what renders pages when it is first asked for: nbconvert takes longer than all else."""
    if name == "coloured":
        from course_utils.pages import colours

        return colours.code
    if name not in ("prepare_pages", "render_page"):
        raise AttributeError(f"module 'grader.books' has no attribute {name!r}: it offers {', '.join(__all__)}")
    from grader.books import feedback

    return getattr(feedback, name)
