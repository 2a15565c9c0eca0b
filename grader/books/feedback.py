"""Feedback pages with nbgrader's own template, fast enough for a class: one exporter, everything that repeats rendered once."""

from __future__ import annotations

import copy
import logging
import re
from functools import lru_cache
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from traitlets.config import Config

from grader.books.gradebook import Marks
from grader.books.next_steps import STYLE, next_steps
from grader.intake import Template, without_hidden
from grader.judging import Result

# A last line of defence behind the sanitiser: the page loads nothing but nbgrader's own libraries.
_POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline' "
    "https://cdnjs.cloudflare.com; font-src data: https://cdnjs.cloudflare.com; script-src 'unsafe-inline' 'unsafe-eval' "
    "https://cdnjs.cloudflare.com; base-uri 'none'; form-action 'none'\">"
)


_SCORES = '<div id="toc">'  # nbgrader's list of the cells and their points
_TEST_CELL = re.compile(r'<a href="#(\w+)_check">Test cell</a>')
_COMMENT = re.compile(r'<a href="#comment-(\w+)">Comment</a>')
_SILENCE = "No response."  # nbgrader's own comment on a cell that nobody changed


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter without its second parse of the finished page, and with filters that remember."""

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        attachments = (context.get("cell") or {}).get("attachments")
        if attachments:
            return _render(source, {name: dict(bundle) for name, bundle in attachments.items()})
        return _render_plain(source)

    def page(self, notebook: NotebookNode, resources: dict[str, Any]) -> str:
        """A notebook as an HTML page."""
        output, _ = TemplateExporter.from_notebook_node(self, notebook, self._init_resources(resources))  # type: ignore[no-untyped-call]
        return str(output)


def _render(source: str, attachments: dict[str, Any]) -> str:
    return str(MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=attachments)).render(source))


@lru_cache(maxsize=4096)
def _render_plain(source: str) -> str:
    return _render(source, {})


def _untyped(thing: Any) -> Any:
    """nbconvert's classes say nothing of their arguments."""
    return thing


class Feedback:
    """Renders the feedback pages of one assignment."""

    def __init__(self, config: Any) -> None:
        settings = Config(GenerateFeedback(config=copy.deepcopy(config)).config)
        settings.Exporter.default_preprocessors = []
        self._exporter = _untyped(FeedbackExporter)(config=settings)
        self._exporter.log.setLevel(logging.ERROR)
        highlight = _untyped(Highlight2HTML)(pygments_lexer="ipython3", parent=self._exporter)
        widgets = _untyped(WidgetsDataTypeFilter)(notebook_metadata={}, parent=self._exporter, resources={})
        colour = lru_cache(maxsize=4096)(lambda source: highlight(source))
        self._exporter.register_filter("highlight_code", lambda source, **_: colour(source))
        self._exporter.register_filter("filter_data_type", widgets)
        styler = _untyped(CSSHTMLHeaderPreprocessor)(parent=self._exporter)
        _, styled = styler.preprocess(NotebookNode(cells=[], metadata={}), {"config_dir": ""})
        self._css = styled["inlining"]

    def render(self, notebook: NotebookNode, template: Template, assignment: str, result: Result, marks: Marks) -> str:
        """One page. The notebook is an autograded one; it is changed: scores and comments are put into its metadata."""
        for cell in notebook.cells:
            _put_marks(cell, marks)
            _leave_out_silence(cell, result)
        about = {
            "student": result.student,
            "assignment": assignment,
            "notebook": template.name,
            "score": marks.score - marks.penalty,
            "max_score": marks.max_score,
            "late_penalty": marks.penalty,
        }
        page = self._exporter.page(notebook, {"unique_key": template.name, "inlining": self._css, "nbgrader": about})
        # nbgrader's list of scores calls every cell "Test cell"; a student looks for the exercise
        page = _TEST_CELL.sub(r'<a href="#\1_check">\1</a>', page)
        page = _COMMENT.sub(r'<a href="#comment-\1">comment on \1</a>', page)
        page = page.replace(_SCORES, next_steps(result) + _SCORES, 1).replace("</head>", f"{STYLE}</head>", 1)
        return page.replace('<meta charset="utf-8" />', f'<meta charset="utf-8" />{_POLICY}', 1)


def _put_marks(cell: NotebookNode, marks: Marks) -> None:
    role = cell.metadata.get("nbgrader")
    if not role:
        return
    name = role.get("grade_id", "")
    if role.get("solution") or role.get("task"):
        role["comment"] = marks.comments.get(name)
    if role.get("grade") or role.get("task"):
        role["score"], role["points"] = marks.scores.get(name, (0.0, role.get("points", 0.0)))
    released = without_hidden(cell.source)
    if released != cell.source:  # hidden tests stay hidden: their lines, and the traceback that would show them
        cell.source = released
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                output.traceback = [f"{output.ename}: {output.evalue}"]


def _leave_out_silence(cell: NotebookNode, result: Result) -> None:
    """The top of the page names the exercises that are not written yet: no comment has to repeat it at each of them."""
    role = cell.metadata.get("nbgrader") or {}
    if role.get("grade_id") in result.exercises and role.get("comment") == _SILENCE:
        role["comment"] = None
