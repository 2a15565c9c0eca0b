"""A notebook's page opened from a disk: no kernel, no network, no script but ours, and yet its explorers follow the hand."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser, Page, expect

from course_utils.pages.notebook import make_page
from course_utils.pages.widgets import STATE, VIEW
from course_utils.widgets import Explorer, Slider, handle, line, panel, say
from course_utils.widgets.prediction import Prediction

from .conftest import SECONDS, eventually, picture

pytestmark = pytest.mark.browser

HOSTILE = """<script>document.title = "theirs"</script><img src="https://evil.example/x.png" onerror="document.title = 'theirs'">
<iframe src="https://evil.example"></iframe> <style>main { display: none }</style> <p id="widget-0">theirs</p> $\\sqrt{\\frac{1}{2}}$"""


def draw(z: float) -> list[Any]:
    return [panel("a parabola", (-1, 1), (-1, 1)), line([-1, z, 1], [1, z * z, 1]), handle("z", z, z * z), say(f"z is {z:.1f}")]


def saved(widget: Any) -> dict[str, Any]:
    state = widget.get_state()
    arrays = {name: state.pop(name) for name in [name for name, value in state.items() if isinstance(value, bytes)]}
    buffers = [{"path": [name], "encoding": "base64", "data": base64.b64encode(data).decode()} for name, data in arrays.items()]
    return {"model_name": "AnyModel", "model_module": "anywidget", "state": state, "buffers": buffers}


def view(number: str) -> Any:
    data = {VIEW: {"model_id": number}, "text/plain": "words", "image/png": base64.b64encode(b"a picture").decode()}
    return new_code_cell("explored", execution_count=1, outputs=[new_output("display_data", data)])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    explorer = saved(Explorer(draw, [Slider("z", -1, 1, start=0)]))
    torn = {**explorer, "buffers": [{**buffer, "data": ""} for buffer in explorer["buffers"]]}
    box = {"model_name": "HBoxModel", "state": {"children": ["IPY_MODEL_e", "IPY_MODEL_e"]}}
    prediction = saved(Prediction("Which way?", ["up", "down"], 1, "The `slope` says so."))
    models = {"e": explorer, "torn": torn, "box": box, "p": prediction}
    cells = [new_markdown_cell("# Mine\n" + HOSTILE), *map(view, models)]
    path = tmp_path_factory.mktemp("stick") / "page.html"
    path.write_bytes(make_page(new_notebook(cells=cells, metadata={"widgets": {STATE: {"state": models}}}), "mine.ipynb").html)
    return path


@pytest.fixture
def seen(written: Path, browser: Browser) -> Iterator[Page]:
    """The page with the network shut; whatever it asks for, and whatever it complains of, fails the test."""
    with browser.new_context(viewport={"width": 900, "height": 800}, color_scheme="dark", offline=True) as context:
        page = context.new_page()
        page.set_default_timeout(1000 * SECONDS)
        told: list[str] = []
        page.on("request", lambda request: told.append(request.url))
        page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(written.as_uri())
        expect(page.locator("[data-alive] button").first).to_be_attached()  # the prediction is the last one
        yield page
        assert page.title() == "Mine"
        assert [one for one in told if not one.startswith("data:")] == [written.as_uri()]


def test_an_explorer_follows_the_hand_and_the_keys(seen: Page) -> None:
    place = seen.locator(".alive").first
    canvas, said = place.locator("canvas"), place.locator(".hg-say")
    expect(said).to_have_text("z is 0.0")
    expect(place.locator(".still")).to_have_count(0)
    canvas.scroll_into_view_if_needed()
    box, before = canvas.bounding_box(), picture(place)
    assert box
    seen.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    seen.mouse.down()
    seen.mouse.move(box["x"] + box["width"] + 20, box["y"] + box["height"] / 2, steps=3)
    seen.mouse.up()
    expect(said).to_have_text("z is 1.0")
    seen.keyboard.press("ArrowLeft")
    expect(said).to_have_text("z is 0.9")
    assert picture(place) != before


def test_two_views_of_an_explorer_move_together(seen: Page) -> None:
    said = seen.locator(".alive:has(.row) .hg-say")
    expect(said).to_have_text(["z is 0.0", "z is 0.0"])
    seen.locator(".row input[type=range]").first.focus()
    seen.keyboard.press("End")
    expect(said).to_have_text(["z is 1.0", "z is 1.0"])


def test_a_prediction_answers_the_first_choice(seen: Page) -> None:
    place = seen.locator(".hg-prediction")
    place.get_by_role("button", name="up").click()
    expect(place.locator(".hg-verdict")).to_have_text("Not this time. The answer: down. The slope says so.")


def test_what_cannot_be_drawn_stays_a_picture(seen: Page) -> None:
    expect(seen.locator(".alive > .still")).to_have_count(1)
    expect(seen.locator(".alive:has(.still) canvas")).to_have_count(0)


def test_paper_is_light_and_the_screen_is_dark_again_afterwards(seen: Page) -> None:
    place = seen.locator(".alive").first
    expect(place.locator("canvas")).to_be_visible()
    dark = picture(place)
    seen.evaluate("dispatchEvent(new Event('beforeprint'))")
    paper = picture(place)
    assert paper != dark
    seen.evaluate("dispatchEvent(new Event('afterprint'))")
    assert picture(place) == dark
    seen.emulate_media(color_scheme="light")
    eventually(lambda: picture(place) == paper, "the screen is as light as paper")


def test_formulas_have_the_font_that_came_with_the_page(seen: Page) -> None:
    expect(seen.locator("math")).to_be_visible()
    eventually(lambda: seen.evaluate("document.fonts.check('16px formulas')"), "the font is loaded")
    assert seen.evaluate("[...document.fonts].map((font) => `${font.family} ${font.status}`)") in (
        ["formulas loaded"],
        ['"formulas" loaded'],
    )


def test_a_reader_without_scripts_sees_the_pictures(written: Path, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False, offline=True) as context:
        page = context.new_page()
        page.goto(written.as_uri())
        expect(page.locator(".still img")).to_have_count(4)
        expect(page.locator(".still img").first).to_be_visible()
        expect(page.locator("script").first).to_be_hidden()
