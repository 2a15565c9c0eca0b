"""On the pages of Jupyter, VS Code and Colab, light and dark, what lives stands on the page's own ground and can be read."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from course_utils import explore_activation, logbook
from course_utils.reviewing.rounds import begun
from course_utils.widgets.alive import Alive
from course_utils.widgets.prediction import Prediction
from course_utils.widgets.quiz import Quiz

from .conftest import ROOT

pytestmark = pytest.mark.browser

LAB = "lab01_perceptron"
# What their style sheets do around an output, in short: VS Code's white ground and Jupyter's light colours are there in any theme
VSCODE = """:root {{ --jp-content-font-color1: #212121; --vscode-editor-foreground: {ink}; }} body {{ color: {ink}; background: {page}; }}
.cell-output-ipywidget-background {{ background: white !important; }}"""
JUPYTER = ":root {{ --jp-content-font-color1: {ink}; }} body {{ background: {page}; }}"
COLAB = "body {{ color: {ink}; background: {page}; }}"
THEMES = {"dark": {"ink": "#d4d4d4", "page": "#1e1e1e"}, "light": {"ink": "#333333", "page": "#ffffff"}}
PAGE = """<!doctype html><meta charset="utf-8"><style>{css}</style><body>{places}<script type="module">
for (const [name, state, esm, css] of {widgets}) {{
  document.head.append(Object.assign(document.createElement("style"), {{ textContent: css }}));
  for (const [key, value] of Object.entries(state)) {{
    if (value?.bytes) state[key] = new DataView(Uint8Array.from(atob(value.bytes), (c) => c.charCodeAt(0)).buffer);
  }}
  const model = {{ get: (key) => state[key], set() {{}}, on() {{}}, off() {{}}, save_changes() {{}} }};
  const widget = (await import("data:text/javascript;base64," + esm)).default;
  widget.render({{ model, el: document.getElementById(name) }});
}}
document.title = "drawn";
</script>"""
GROUND = """(place) => {
  const shown = (each) => getComputedStyle(each).backgroundColor;
  while (place.parentElement && shown(place) === "rgba(0, 0, 0, 0)") place = place.parentElement;
  return shown(place);
}"""


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Alive]:
    folder = tmp_path_factory.mktemp("done")
    logbook.update(folder, LAB, "perceptron", lambda entry: entry.update(score=8, max_score=8))
    question = Prediction("Which way?", ["up", "down"], 1, "The slope says so.")
    return {"explorer": explore_activation(np.tanh), "prediction": question, "quiz": Quiz(begun(folder))}


def spec(name: str, widget: Alive) -> tuple[str, dict[str, Any], str, str]:
    state = {key: value for key, value in widget.get_state().items() if key not in ("layout", "_esm", "_css")}
    told = {key: {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value for key, value in state.items()}
    return name, told, base64.b64encode((ROOT / "course_utils" / "widgets" / f"{name}.js").read_bytes()).decode(), str(widget._css)


def luminance(colour: str) -> float:
    """Relative luminance of `rgb(…)`, as the Web Content Accessibility Guidelines define it."""
    parts = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("front", ["jupyter", "vscode", "colab"])
def test_what_lives_can_be_read(living: dict[str, Alive], browser: Browser, tmp_path: Path, front: str, theme: str) -> None:
    css = {"jupyter": JUPYTER, "vscode": VSCODE, "colab": COLAB}[front].format(**THEMES[theme])
    places = "".join(f'<div class="cell-output-ipywidget-background"><div id="{name}"></div></div>' for name in living)
    widgets = json.dumps([spec(name, widget) for name, widget in living.items()]).replace("</", "<\\/")
    (tmp_path / "page.html").write_text(PAGE.format(css=css, places=places, widgets=widgets), encoding="utf-8")
    with browser.new_page(viewport={"width": 900, "height": 1200}) as page:
        page.goto((tmp_path / "page.html").as_uri())
        page.wait_for_function("document.title === 'drawn'")
        for name in living:
            place = page.locator(f"#{name}")
            ink, ground = luminance(place.evaluate("(each) => getComputedStyle(each).color")), luminance(place.evaluate(GROUND))
            assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) > 7, name
            assert (ground < 0.2) == (theme == "dark"), "the page's own ground"
