"""`handgrad page`: what stands on the page of a notebook that anybody may have written. `tests/browser/test_page.py` opens one."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_utils.cli import main
from course_utils.pages.notebook import Made, make_page
from course_utils.pages.widgets import STATE, VIEW, Living, Widgets
from course_utils.widgets import Explorer, Slider, handle, panel, say
from course_utils.widgets.prediction import Prediction

PNG = b"\x89PNG\r\n\x1a\n" + bytes(9)
HOSTILE = """<script>alert(1)</script><img src="https://evil.example/x.png" onerror="alert(1)"><iframe src="https://evil.example"></iframe>
<a href="javascript:alert(1)">a link</a> ![](https://evil.example/y.png) <div data-alive="widget-0" onclick="alert(1)">words</div>"""


def saved(widget: Any) -> dict[str, Any]:
    """A widget as a notebook's file holds it, with its arrays beside it."""
    state = widget.get_state()
    arrays = [name for name, value in state.items() if isinstance(value, bytes)]
    buffers = [{"path": [name], "encoding": "base64", "data": base64.b64encode(state.pop(name)).decode()} for name in arrays]
    return {"model_name": "AnyModel", "model_module": "anywidget", "state": state, "buffers": buffers}


@pytest.fixture
def explorer() -> dict[str, Any]:
    def draw(z: float) -> list[Any]:
        return [panel("a line", (0, 1), (0, 1)), handle("z", z, z), say(f"z = {z}")]

    return saved(Explorer(draw, [Slider("z", 0, 1, start=0, steps=3)]))


@pytest.fixture
def prediction() -> dict[str, Any]:
    return saved(Prediction("Which *way*?", ["up", "down"], 1, "The `slope` says so."))


def view(number: str, **others: str) -> Any:
    return new_output("display_data", {VIEW: {"model_id": number}, "text/plain": "words", **others})


def page(*cells: Any, metadata: dict[str, Any] | None = None, pictures: dict[str, bytes] | None = None, **models: Any) -> Made:
    """A page of these cells; `models` are the widgets that were saved, by their numbers."""
    widgets = {"widgets": {STATE: {"state": models}}} if models else {}
    return make_page(new_notebook(cells=list(cells), metadata={**widgets, **(metadata or {})}), "mine.ipynb", pictures)


def shows(*outputs: Any) -> Any:
    return new_code_cell("explored", execution_count=1, outputs=list(outputs))


def test_widgets_live_on_a_page_by_their_saved_state(explorer, prediction):
    made = page(shows(view("e", **{"image/png": "AAAA"})), shows(view("p")), shows(view("e")), e=explorer, p=prediction)
    html = made.html.decode()
    assert (made.alive, made.still) == ({"explorer": 2, "prediction": 1}, 0)
    assert html.count('data-alive="widget-0"') == 2  # both views of the same explorer
    assert html.count('<script type="application/x-widget"') == 2
    assert '<div class="still"><img' in html  # until the script has drawn it


def test_the_only_script_is_the_one_that_the_policy_names(explorer):
    html = page(new_markdown_cell(HOSTILE), shows(view("e")), e=explorer).html.decode()
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL)
    assert [about for about, _ in scripts] == [' type="application/x-widget" id="widget-0"', ' type="module"']
    digest = base64.b64encode(hashlib.sha256(scripts[1][1].encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    assert f"script-src 'sha256-{digest}'" in policy[1]
    assert "default-src 'none'" in policy[1]


def test_a_page_on_which_nothing_lives_runs_no_script():
    html = page(new_markdown_cell(HOSTILE), shows(new_output("display_data", {"text/html": HOSTILE}))).html.decode()
    assert "<script" not in html
    assert "script-src" not in html
    for active in ("<iframe", "onerror", "onclick", "javascript:", "data-alive", 'src="http'):
        assert active not in html


def test_what_draws_is_never_the_notebooks_own_script(explorer):
    explorer["state"]["_esm"] = "theirs('mine')"
    assert b"theirs('mine')" not in page(shows(view("e")), e=explorer).html


def packed(model: dict[str, Any], **changed: Any) -> Any:
    return Widgets({"widgets": {STATE: {"state": {"m": {**model, "state": {**model["state"], **changed}}}}}}).find("m")


@pytest.mark.parametrize(
    "spec",
    [
        {"question": [["style", "* {display: none}"]], "options": [], "answer": 0, "reason": []},
        {"question": [], "options": [[["", "up"]], [["script", "alert(1)"]]], "answer": 0, "reason": []},
        {"question": [], "options": [[["", "up"]]], "answer": 5, "reason": []},
        {"question": [], "options": []},
        None,
    ],
)
def test_a_prediction_that_none_of_ours_would_be_does_not_live(prediction, spec):
    assert isinstance(packed(prediction), Living)
    assert packed(prediction, _spec=spec) is None


@pytest.mark.parametrize("changed", [{"_spec": None}, {"_spec": {}}, {"_anywidget_id": "theirs.Widget"}, {"_anywidget_id": []}])
def test_an_explorer_that_none_of_ours_would_be_does_not_live(explorer, changed):
    assert isinstance(packed(explorer), Living)
    assert packed(explorer, **changed) is None
    tall = {**explorer["state"]["_spec"], "height": 10**9}
    assert packed(explorer, _spec=tall) is None
    assert packed({**explorer, "buffers": []}) is None


def test_a_number_that_no_page_can_read_leaves_the_picture(explorer):
    endless = {**explorer["state"]["_spec"], "height": 280, "more": float("inf")}
    explorer["state"]["_spec"] = endless
    made = page(shows(view("e", **{"image/png": "AAAA"})), e=explorer)
    assert (made.alive["explorer"], made.foreign) == (0, 1)


def test_without_its_state_an_explorer_is_a_picture_and_says_so():
    doubled = new_output("display_data", {VIEW: {"model_id": "gone"}, "text/plain": ""})
    picture = new_output("display_data", {"image/png": "AAAA", "text/plain": "words"})
    made = page(shows(doubled, picture))
    html = made.html.decode()
    assert made.still == 1
    assert html.count("<img") == 1
    assert "here it stands still" in html


def test_a_widget_that_needs_python_stands_still():
    slider = {"model_name": "IntSliderModel", "model_module": "@jupyter-widgets/controls", "state": {"value": 3}}
    made = page(shows(view("s")), s=slider)
    assert (made.alive, made.still, made.foreign) == ({"explorer": 0, "prediction": 0}, 0, 1)
    assert b"<pre>words</pre>" in made.html
    assert b"here it stands still" in made.html


def test_without_its_state_a_prediction_is_asked_with_its_answer_folded():
    made = page(shows(view("gone", **{"text/html": "<p>Which way?</p><details><summary>open</summary>down</details>"})))
    assert (made.still, made.foreign) == (0, 0)
    assert b"<details><summary>open</summary>down</details>" in made.html


def test_widgets_stand_side_by_side_in_a_box_unless_one_of_them_cannot_live(explorer):
    box = {"model_name": "HBoxModel", "state": {"children": ["IPY_MODEL_e", "IPY_MODEL_e"]}}
    assert '<div class="row"><div data-alive="widget-0"></div><div' in page(shows(view("b")), b=box, e=explorer).html.decode()
    lost = {"model_name": "HBoxModel", "state": {"children": ["IPY_MODEL_e", "IPY_MODEL_gone"]}}
    assert page(shows(view("b")), b=lost, e=explorer).alive["explorer"] == 0
    itself = {"model_name": "VBoxModel", "state": {"children": ["IPY_MODEL_b"]}}
    assert page(shows(view("b")), b=itself).alive["explorer"] == 0


def test_what_colab_saved_lives_as_well(explorer):
    notebook = new_notebook(cells=[shows(view("e"))], metadata={"widgets": {STATE: {"e": explorer}}})
    assert make_page(notebook, "mine.ipynb").alive["explorer"] == 1


def test_formulas_bring_their_font_and_only_they_do():
    assert b"<math" in page(new_markdown_cell("$x^2$")).html
    assert b"font/woff2" in page(new_markdown_cell("$x^2$")).html
    assert b"font/woff2" not in page(new_markdown_cell("no formula")).html


def test_a_page_is_called_by_its_first_heading():
    cells = new_markdown_cell("words"), new_markdown_cell("# Two *<b>lines</b>* & `code`\n# Another")
    assert b"<title>Two lines &amp; code</title>" in page(*cells).html
    assert b"<title>mine.ipynb</title>" in page(new_markdown_cell("words")).html


def test_a_long_page_begins_with_its_sections():
    cells = [new_markdown_cell(f"## Part *{number}* of [all](https://example.org)") for number in range(4)]
    html = page(*cells).html.decode()
    assert re.findall(r'<li><a href="#([^"]+)">(.*?)</a></li>', html) == [
        (place, f"Part <em>{number}</em> of all") for number, place in enumerate(re.findall(r'<h2 id="([^"]+)"', html))
    ]
    assert "<details" not in page(*cells[:3]).html.decode()


def test_what_was_not_run_is_said_and_counted():
    made = page(new_code_cell("x = 1"), new_code_cell(""))
    assert (made.cells, made.run) == (1, 0)
    assert b"This notebook was not run" in made.html
    failed = new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"])
    made = page(new_code_cell("x = 1", execution_count=1), shows(failed))
    assert (made.cells, made.run, made.stopped) == (2, 2, 1)
    assert b"This notebook was not run" not in made.html


@pytest.mark.parametrize("damage", [{"data": 3}, {"data": {VIEW: 3}}, {"data": {VIEW: {"model_id": {}}}}, {"data": {"text/html": {}}}])
def test_a_damaged_output_costs_its_cell_alone(damage):
    cells = [{"cell_type": "code", "source": "one", "outputs": [{"output_type": "display_data", **damage}]}, "no cell"]
    made = make_page({"cells": [*cells, {"cell_type": "markdown", "source": "the rest"}], "metadata": {}}, "mine.ipynb")
    assert b"one" in made.html
    assert b"the rest" in made.html


# ---- the verb


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, explorer: dict[str, Any]) -> Path:
    """A notebook in a folder of its own, and a reader who stands beside that folder."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "Übungen von Zoë"
    (folder / "pictures").mkdir(parents=True)
    (folder / "pictures" / "a map.png").write_bytes(PNG)
    (tmp_path / "secret.png").write_bytes(PNG + b"secret")
    names = {"a map": "pictures/a%20map.png", "a secret": "../secret.png", "nothing": "%00.png", "too long": f"{'a' * 290}.png"}
    prose = "# Mine\n\n" + " ".join(f"![{title}]({name})" for title, name in names.items())
    notebook = new_notebook(cells=[new_markdown_cell(prose), shows(view("e"))], metadata={"widgets": {STATE: {"state": {"e": explorer}}}})
    nbformat.write(notebook, folder / "mine.ipynb")
    return folder / "mine.ipynb"


def test_the_page_lies_where_the_reader_stands_and_the_notebook_stays(mine, capsys):
    before = mine.read_bytes()
    assert main(["page", str(mine)]) == 0
    assert re.fullmatch(r"mine\.html: 0\.\d MB, one file that needs no network\. 1 explorer works in it\.\n", capsys.readouterr().out)
    html = Path("mine.html").read_bytes()
    assert base64.b64encode(PNG) in html
    assert base64.b64encode(PNG + b"secret") not in html
    assert b"[picture: a secret]" in html
    assert mine.read_bytes() == before
    assert main(["page", str(mine), "--out", str(mine.parent)]) == 0  # again, and into a folder
    assert (mine.parent / "mine.html").read_bytes() == html


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["page", *words]) == 2
    return capsys.readouterr().err


def test_what_somebody_else_wrote_stays(mine, capsys):
    Path("mine.html").write_text("<p>a diary</p>")
    assert "mine.html is there already, and `handgrad page` did not write it: name another file with --out." in told(capsys, str(mine))
    assert Path("mine.html").read_text() == "<p>a diary</p>"


def test_what_cannot_be_a_page_is_told_in_one_sentence(mine, capsys):
    assert "There is no folder nowhere: make it, or name another file with --out." in told(capsys, str(mine), "--out", "nowhere/page.html")
    Path("torn.ipynb").write_text(mine.read_text(encoding="utf-8")[:99], encoding="utf-8")
    assert "torn.ipynb cannot be read as a notebook" in told(capsys, "torn.ipynb")
    assert not list(Path().glob("*.html*"))


def test_an_unrun_notebook_is_shown_as_it_is_and_says_how_to_run_it(mine, capsys):
    nbformat.write(new_notebook(cells=[new_code_cell("1 + 1")]), "plain.ipynb")
    assert main(["page", "plain.ipynb"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "1 of 1 code cells were not run: the page has no results.",
        "`handgrad page plain.ipynb --run` runs a copy of the notebook first; run only what you trust.",
    ]


def test_a_kernel_that_is_not_there_is_named(mine, capsys):
    kernel = {"name": "nosuch", "display_name": "No such"}
    nbformat.write(new_notebook(cells=[new_code_cell("1 + 1")], metadata={"kernelspec": kernel}), "other.ipynb")
    assert "other.ipynb asks for the kernel 'nosuch', which is not installed here" in told(capsys, "other.ipynb", "--run")


@pytest.mark.stress  # it starts a kernel
def test_run_runs_a_copy_and_goes_past_what_fails(mine, capsys):
    cells = [new_code_cell("import numpy as np\nfrom course_utils import explore_activation"), new_code_cell("1 / 0"),
             new_code_cell("explore_activation(np.tanh)")]  # fmt: skip
    nbformat.write(new_notebook(cells=cells), "plain.ipynb")
    before = json.loads(Path("plain.ipynb").read_text())
    assert main(["page", "plain.ipynb", "--run"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("1 explorer works in it.")
    assert said[1:] == ["Cells that stopped with an error: 1. The page shows the error."]
    assert b"ZeroDivisionError" in Path("plain.html").read_bytes()
    assert json.loads(Path("plain.ipynb").read_text()) == before


@pytest.mark.stress  # it starts a kernel
def test_a_kernel_that_dies_leaves_the_page_of_before(mine, capsys):
    assert main(["page", str(mine)]) == 0
    before = Path("mine.html").read_bytes()
    nbformat.write(new_notebook(cells=[new_code_cell("import os; os._exit(1)")]), mine)
    assert "mine.ipynb: a cell may have used up the memory, or called exit()." in told(capsys, str(mine), "--run")
    assert Path("mine.html").read_bytes() == before
