"""Take in what a student handed in, and make it fit to be graded and shown.

In goes a folder of `submitted/` and the notebook that was released. Out comes a `Submission` that was read once within limits, a
repaired notebook that matches the template, and cleaned text. Nothing is run here.
"""

from grader.intake.layout import NOBODY, Layout, fits, names_below, student_in
from grader.intake.notebook import StudentCell, parse_notebook
from grader.intake.renamed import is_version
from grader.intake.repairing import Repaired, repair
from grader.intake.sanitise import clean_markdown, clean_outputs, clean_prose, one_line
from grader.intake.submission import (
    NOTEBOOK_BYTES,
    SECRET,
    TIMESTAMP,
    Submission,
    clashing,
    find_students,
    is_copied,
    is_student,
    make_room,
    read_secret,
    read_submission,
)
from grader.intake.template import Template, TemplateCell, defined_names, is_python, make_template
from grader.intake.untrusted import FILE_BYTES, Unreadable, open_folder, read_regular, shown

__all__ = [
    "FILE_BYTES",
    "NOBODY",
    "NOTEBOOK_BYTES",
    "SECRET",
    "TIMESTAMP",
    "Layout",
    "Repaired",
    "StudentCell",
    "Submission",
    "Template",
    "TemplateCell",
    "Unreadable",
    "clashing",
    "clean_markdown",
    "clean_outputs",
    "clean_prose",
    "defined_names",
    "find_students",
    "fits",
    "is_copied",
    "is_python",
    "is_student",
    "is_version",
    "make_room",
    "make_template",
    "names_below",
    "one_line",
    "open_folder",
    "parse_notebook",
    "read_regular",
    "read_secret",
    "read_submission",
    "repair",
    "shown",
    "student_in",
]
