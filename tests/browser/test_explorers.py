"""Every explorer in JupyterLab and on pages without a kernel: it draws, follows slider, pointer and keys, and leaves nothing behind."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, Page, expect

from .conftest import complaints, eventually, open_notebook, picture, redrawn, run_all

pytestmark = pytest.mark.browser

SETUP = """
import ipywidgets, numpy as np
from scipy.special import expit
from course_utils import (data, explore_activation, explore_boundary, explore_broadcasting, explore_graph, explore_learning_rate,
                          explore_loss, explore_loss_race, explore_minibatch, explore_perceptron, explore_picture, explore_softmax, xray)
from course_utils.widgets import explorer
explorer.SECONDS = 60.0     # on a busy machine two seconds are too few for all of a grid

def sigmoid(z):
    return expit(z)

def sigmoid_grad(z):
    return expit(z) * (1 - expit(z))

def descent(grad, w0, lr, eps, max_steps):
    w, steps = np.array(w0, dtype=float), 0
    while steps < max_steps and np.linalg.norm(grad(w)) > eps:
        w, steps = w - lr * grad(w), steps + 1
    return w, steps

def mse(y_hat, y):
    return np.sum((y_hat - y) ** 2) / len(y)

def mse_grad(y_hat, y):
    return 2 * (y_hat - y) / len(y)

def bce(p, y):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

def bce_grad(p, y):
    return (p - y) / (p * (1 - p)) / len(y)

def bce_with_logits(z, y):
    return np.mean(np.logaddexp(0, z) - z * y)

def bce_with_logits_grad(z, y):
    return (expit(z) - y) / len(y)

def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)

def unwritten(z):
    raise NotImplementedError

def scalar(z):
    return 3.0

wanted = np.arange(12.0).reshape(3, 4)
"""
EXPLORERS = {
    "activation": "explored = explore_activation(sigmoid, sigmoid_grad); explored",
    "perceptron": "explore_perceptron()",
    "boundary": "explore_boundary()",
    "learning_rate": "explore_learning_rate(descent)",
    "minibatch": "explore_minibatch()",
    "graph": "explore_graph(z=lambda w, x: w * x, J=lambda z, y: (z - y) ** 2, at={'w': 1.0, 'x': 2.0, 'y': 0.5}, turn={'w': (-2, 2)})",
    "picture": "explore_picture(data.photo(), lambda image: image.mean(axis=2))",
    "broadcasting": "explore_broadcasting(np.add)",
    "loss": "explore_loss(mse, mse_grad, bce, bce_grad, bce_with_logits, bce_with_logits_grad)",
    "softmax": "explore_softmax(softmax)",
    "loss_race": "explore_loss_race(mse_grad, bce_with_logits_grad)",
    "xray": "xray(wanted + (wanted > 5), wanted)",
}
OTHERS = {
    "unwritten": "explore_activation(unwritten)",
    "broken": "explore_activation(scalar)",
    "composed": "ipywidgets.HBox([explore_activation(sigmoid), explore_activation(np.tanh)])",
    "thinned": "explorer.SECONDS = 0.01; thinned = explore_perceptron(); explorer.SECONDS = 60.0; thinned",
    "again": "again = explore_activation(sigmoid, sigmoid_grad); again",
    "ask": "",
}
CELLS = {"setup": SETUP, **EXPLORERS, **OTHERS}
WITH_SLIDER = ["activation", "perceptron", "learning_rate", "graph", "loss", "loss_race"]
WITH_HANDLE = ["activation", "learning_rate", "minibatch", "picture", "softmax", "loss_race", "xray"]
CHOSEN = {"boundary": "tanh", "broadcasting": "(4, 1)"}
HAS_RUN = re.compile(r"\[\d+\]:")


class Notebook:
    """An open notebook: its page, its cells by name, and what its console complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors = complaints(page)

    def cell(self, name: str) -> Locator:
        return self.page.locator(".jp-CodeCell").nth(list(CELLS).index(name))

    def run(self, name: str, code: str | None = None) -> None:
        """Run one cell and wait until the kernel is idle again."""
        self.cell(name).locator(".cm-content").click()
        if code is not None:
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(code)
        prompt = self.cell(name).locator(".jp-InputPrompt").first
        expect(prompt).not_to_have_text("[*]:")
        before = prompt.inner_text()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(HAS_RUN)

    def asked(self, code: str) -> str:
        self.run("ask", code)
        output = self.cell("ask").locator(".jp-OutputArea-output").first
        expect(output).not_to_be_empty()  # a text is shown a frame or more after it has come
        return output.inner_text().strip()


@pytest.fixture(scope="module")
def notebook(browser, lab_folder: Path, lab_address: str):
    cells = [new_code_cell(code) for code in CELLS.values()]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), lab_folder / "explorers.ipynb")
    page = browser.new_page(viewport={"width": 1200, "height": 6000})
    opened = Notebook(page)
    open_notebook(page, lab_address, "explorers.ipynb")
    run_all(page)
    for name in [*CELLS][:-1]:  # "ask" is empty: it gets no number
        expect(opened.cell(name).locator(".jp-InputPrompt").first).to_have_text(HAS_RUN)
    for name in EXPLORERS:
        expect(opened.cell(name).locator("canvas")).to_be_visible()
    yield opened
    page.close()


def expect_colours(place: Locator) -> None:
    """Wait until the canvas shows many different colours: an empty one has a single one."""
    place.page.wait_for_function(
        "c => new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size > 20",
        arg=place.locator("canvas").first.element_handle(),
    )


def drag(place: Locator, page: Page) -> None:
    """From the middle of the left panel to somewhere left of and below it."""
    canvas = place.locator("canvas").first
    canvas.hover(position=at(canvas, 0.25, 0.5))  # waits until the page has come to rest: a place on the screen is good only then
    box = canvas.bounding_box()
    assert box
    page.mouse.down()
    page.mouse.move(box["x"] + 0.15 * box["width"], box["y"] + 0.62 * box["height"], steps=4)
    page.mouse.up()


def at(canvas: Locator, x: float, y: float) -> Any:
    box = canvas.bounding_box()
    assert box
    return {"x": x * box["width"], "y": y * box["height"]}


@pytest.mark.parametrize("name", EXPLORERS)
def test_draws_without_a_complaint(notebook: Notebook, name: str) -> None:
    place = notebook.cell(name)
    expect(place.locator("canvas")).to_be_visible()
    expect(place.locator(".hg-say")).not_to_be_empty()
    expect_colours(place)
    assert not notebook.errors


@pytest.mark.parametrize("name", WITH_SLIDER)
def test_follows_its_slider(notebook: Notebook, name: str) -> None:
    place = notebook.cell(name)
    slider, before = place.locator("input[type=range]").first, picture(place)
    slider.focus()
    notebook.page.keyboard.press("ArrowLeft")
    redrawn(place, before)
    assert slider.get_attribute("aria-valuetext")
    assert not notebook.errors


@pytest.mark.parametrize("name", WITH_HANDLE)
def test_follows_the_pointer_and_the_arrow_keys(notebook: Notebook, name: str) -> None:
    place = notebook.cell(name)
    before = picture(place)
    drag(place, notebook.page)
    dragged = redrawn(place, before)
    place.locator("canvas").focus()
    notebook.page.keyboard.press("ArrowRight")
    redrawn(place, dragged)
    assert not notebook.errors


@pytest.mark.parametrize(("name", "option"), [*CHOSEN.items(), ("learning_rate", "ravine"), ("graph", "3"), ("minibatch", "16")])
def test_follows_its_choices(notebook: Notebook, name: str, option: str) -> None:
    place = notebook.cell(name)
    before = picture(place)
    place.locator(".hg-choice label").filter(has_text=option).first.click()
    redrawn(place, before)
    assert place.get_by_role("radio", checked=True).count()
    assert not notebook.errors


def test_plays(notebook: Notebook) -> None:
    place = notebook.cell("boundary")
    place.get_by_role("radio", name="0", exact=True).check(force=True)
    expect(place.locator(".hg-say")).to_contain_text(", 0 rounds")
    # the page itself pauses at the first change: it plays for six seconds, and then there is nothing to pause
    place.evaluate(
        """place => new MutationObserver((_, seen) => {
            seen.disconnect();
            place.querySelector("[aria-label='pause rounds of fitting']").click();
        }).observe(place.querySelector(".hg-say"), { childList: true })"""
    )
    place.get_by_role("button", name="play rounds of fitting").click()
    expect(place.locator(".hg-say")).not_to_contain_text(", 0 rounds")
    expect(place.get_by_role("button", name="play rounds of fitting")).to_be_visible()
    expect(place.locator(".hg-say")).not_to_contain_text(", 30 rounds")


def test_python_reads_and_turns_the_knobs(notebook: Notebook) -> None:
    place = notebook.cell("activation")
    before = picture(place)
    drag(place, notebook.page)
    redrawn(place, before)

    def agree() -> bool:
        shown = place.locator(".hg-say").inner_text()
        return f"g({float(notebook.asked('print(explored.z)')):.2f})" in shown.replace("−", "-")

    eventually(agree, "the kernel has the page's z")  # what a page sends and the cells that run overtake each other
    notebook.run("ask", "explored.z = 2.5")
    expect(place.locator(".hg-say")).to_contain_text("g(2.50) = 0.924")


def test_a_function_that_is_not_written_or_cannot_be_drawn_says_so(notebook: Notebook) -> None:
    expect(notebook.cell("unwritten").locator(".hg-say")).to_contain_text("yours will appear here")
    told = "the result of scalar is a number, expected an array of shape (241,)"
    expect(notebook.cell("broken").locator(".hg-problem")).to_contain_text(told)


def test_a_thinned_grid_starts_where_the_text_says_and_tells_a_student_so(notebook: Notebook) -> None:
    place = notebook.cell("thinned")
    expect(place.locator("output")).to_have_text(["1", "3", "−2"])
    expect(place.locator(".hg-note")).to_contain_text("This explorer shows")
    expect(place.locator(".hg-note")).to_contain_text("positions of w₀ instead of")


def test_two_stand_side_by_side_in_a_box(notebook: Notebook) -> None:
    canvases = notebook.cell("composed").locator("canvas")
    expect(canvases).to_have_count(2)
    notebook.page.wait_for_function(
        """canvases => {
            const [left, right] = canvases.map((canvas) => canvas.getBoundingClientRect());
            return left.width && left.right <= right.left && left.top === right.top;
        }""",
        arg=canvases.element_handles(),
    )


def test_running_a_cell_twenty_times_leaves_nothing_behind(notebook: Notebook) -> None:
    cdp = notebook.page.context.new_cdp_session(notebook.page)

    def counts() -> dict[str, int]:
        for _ in range(3):  # finalisers make more garbage
            cdp.send("HeapProfiler.collectGarbage")
        return {**cdp.send("Memory.getDOMCounters"), "heap": cdp.send("Runtime.getHeapUsage")["usedSize"]}

    widgets = "from ipywidgets.widgets.widget import _instances; len(_instances)"
    kept = int(notebook.asked(widgets))
    for _ in range(3):  # what is loaded once
        notebook.run("again")
    before = counts()
    for _ in range(20):
        notebook.run("again")
    expect(notebook.cell("again").locator("canvas")).to_be_visible()
    # an explorer has 15 listeners; of every module that was loaded, a browser keeps 0.2 MB until the page is closed
    most = {"jsEventListeners": 20, "nodes": 20 * 10, "heap": 8e6}

    def tidy() -> bool:
        now = counts()
        return all(now[what] - before[what] < most[what] for what in most)

    eventually(tidy, f"no more is left than {most}")  # JupyterLab tidies up when it has nothing else to do
    eventually(lambda: int(notebook.asked(widgets)) == kept, f"{kept} widgets are left in the kernel")
    assert not notebook.errors


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_explorer_works_on_a_page_of_its_own(page: Page, tmp_path: Path, name: str) -> None:
    names: dict[str, Any] = {}
    exec(SETUP, names)
    code = EXPLORERS[name].split(";")[0].removeprefix("explored = ")
    eval(code, names).save(tmp_path / "explorer.html")
    page.goto((tmp_path / "explorer.html").as_uri())
    place = page.locator("body")
    expect(place.locator("canvas")).to_be_visible()
    expect_colours(place)
    before = picture(place)
    if name in WITH_HANDLE:
        drag(place, page)
    elif name in WITH_SLIDER:
        place.locator("input[type=range]").first.focus()
        page.keyboard.press("ArrowLeft")
    else:
        place.locator(".hg-choice label").filter(has_text=CHOSEN[name]).click()
    redrawn(place, before)


def test_a_page_of_its_own_needs_no_kernel_and_no_network(page: Page, tmp_path: Path) -> None:
    from course_utils import explore_learning_rate

    explore_learning_rate(lambda w, dw, lr: w - lr * dw).save(tmp_path / "rate.html")
    page.context.set_offline(True)
    page.goto((tmp_path / "rate.html").as_uri())
    place = page.locator("body")
    expect_colours(place)
    before = picture(place)
    drag(place, page)
    redrawn(place, before)
    page.locator(".hg-choice label").filter(has_text="bowl").click()
    expect(page.locator(".hg-say")).to_contain_text("η = 0.1 is too small")
    light = picture(place)
    page.emulate_media(color_scheme="dark")
    redrawn(place, light)


def test_without_scripts_the_cell_shows_a_picture() -> None:
    import nbconvert

    from course_utils import explore_activation

    data, metadata = explore_activation(abs)._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data, metadata=json.loads(json.dumps(metadata)))
    exported, _ = nbconvert.HTMLExporter().from_notebook_node(new_notebook(cells=[new_code_cell("explored", outputs=[output])]))
    assert 'src="data:image/png;base64,' in exported
