"""Milliseconds from an input event to the new picture: explorers against `interact` with matplotlib, and predictions, in one JupyterLab.

    python tests/benchmarks/widgets.py [--moves 60]

Both sides draw the same picture from the same functions. The clock runs in the page: from the event until the canvas is
painted (its pixels are asked for, so that nothing is left to do), or until the new image of matplotlib is decoded.
Expected: 95th percentile 16 ms or less, 25 times faster or better at the median, interactive within 1 s of running the cell.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))
from conftest import CHROMIUM, jupyter

SETUP = """
%matplotlib inline
import matplotlib.pyplot as plt, numpy as np, ipywidgets
from scipy.special import expit
from course_utils import explore_activation, explore_learning_rate, explore_loss, explore_loss_race, predict
from course_utils import explore_optimizers, explore_schedules, explore_smoothing, explore_softmax

def sigmoid(z):
    return expit(z)

def sigmoid_grad(z):
    return expit(z) * (1 - expit(z))

def descent(grad, w0, lr, eps, max_steps):
    w, steps = np.array(w0, dtype=float), 0
    dw = grad(w)
    while steps < max_steps and np.linalg.norm(dw) > eps:
        w, steps = w - lr * dw, steps + 1
        dw = grad(w)
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

class Ball:
    def __init__(self, lr):
        self.lr, self.v = lr, 0.0

    def step(self, w, dw):
        self.v = 0.9 * self.v - self.lr * dw
        return w + self.v

def falling(lr0, t, length, factor=0.1):
    return lr0 * max(0.0, 1 - t / np.max(length))

def smooth(losses, beta):
    s, shown = 0.0, []
    for t, loss in enumerate(losses, start=1):
        s = beta * s + (1 - beta) * loss
        shown.append(s / (1 - beta**t))
    return np.array(shown)

def panels():
    return plt.subplots(1, 2, figsize=(8.5, 3.3))[1]
"""
ACTIVATION = """
def activation(z):
    left, right = panels()
    Z = np.linspace(-6, 6, 241)
    slope = (sigmoid(Z + 1e-4) - sigmoid(Z - 1e-4)) / 2e-4
    for ax in (left, right):
        ax.fill_between(Z, -0.1, 1.1, where=slope < 0.05 * slope.max(), alpha=0.2)
    left.plot(Z, sigmoid(Z)); left.plot(z, sigmoid(z), "o")
    left.plot([z - 2, z + 2], sigmoid(z) + np.array([-2, 2]) * sigmoid_grad(z), "--")
    right.plot(Z, sigmoid_grad(Z), "--"); right.plot(Z[::8], slope[::8], "o", mfc="none"); right.plot(z, sigmoid_grad(z), "o")
    left.set(ylim=(-0.1, 1.1)); right.set(ylim=(-0.03, 0.28)); plt.show()
ipywidgets.interact(activation, z=ipywidgets.FloatSlider(1, min=-6, max=6, step=0.05));
"""
LEARNING_RATE = """
def learning_rate(rate):
    left, right = panels()
    W, path = np.linspace(-6.5, 6.5, 261), [np.array([4.0])]
    f = lambda w: 0.1 * w**2 + np.sin(2 * w)
    for _ in range(40):
        path.append(descent(lambda w: 0.2 * w + 2 * np.cos(2 * w), path[-1], rate, 0, 1)[0])
    path = np.array(path)[:, 0]
    left.plot(W, f(W)); left.plot(path, f(path), ".--"); left.plot(path[0], f(path[0]), "o"); left.set(ylim=(-1.6, 5.6))
    right.plot(f(path) + 0.942, ".-"); right.set(ylim=(0, 7)); plt.show()
ipywidgets.interact(learning_rate, rate=ipywidgets.FloatLogSlider(0.1, min=-2.5, max=0.5, step=0.125));
"""
QUESTION, OPTIONS = "You double b. What does the border do?", ["it moves towards the origin", "it moves away from the origin", "it turns"]
HINTS = {"exercises": {}, "predictions": {QUESTION: {"answer": OPTIONS[1], "why": "Because the sum is *twice* as large: `z` doubles."}}}
PREDICTIONS = f"for _ in range(20):\n    display(predict({QUESTION!r}, {OPTIONS!r}))"
ENGINE = """
import math, jupytext
from course_utils import explore_autograd
for cell in jupytext.read(NOTEBOOK).cells:
    if cell.metadata.get("nbgrader", {}).get("grade_id") in ("Value", "topological_order"):
        exec(cell.source)
explore_autograd(Value, topological_order)
""".replace("NOTEBOOK", repr(str(Path(__file__).resolve().parents[2] / "solutions" / "lab05_autograd" / "notebook.py")))
REGULARIZATION = """
import jupytext
from course_utils import explore_dropout, explore_fit, explore_signals, explore_stopping
for cell in jupytext.read(NOTEBOOK).cells:
    if cell.metadata.get("nbgrader", {}).get("grade_id") in ("l2", "dropout", "glorot_uniform", "he_normal", "EarlyStopping"):
        exec(cell.source)
explore_fit(l2)
""".replace("NOTEBOOK", repr(str(Path(__file__).resolve().parents[2] / "solutions" / "lab07_regularization" / "notebook.py")))
ALONE = {  # explorers with nothing to compare them to
    "explore_loss": "explore_loss(mse, mse_grad, bce, bce_grad, bce_with_logits, bce_with_logits_grad)",
    "explore_softmax": "explore_softmax(softmax)",
    "explore_loss_race": "explore_loss_race(mse_grad, bce_with_logits_grad)",
    "explore_optimizers": "explore_optimizers(Ball, Ball, Ball, Ball)",
    "explore_schedules": "explore_schedules(*[falling] * 5)",
    "explore_autograd": ENGINE,
    "explore_smoothing": "explore_smoothing(smooth, 2 + np.random.default_rng(0).normal(size=270) / 3)",
    "explore_fit": REGULARIZATION,
    "explore_dropout": "explore_dropout(dropout)",
    "explore_signals": "explore_signals(glorot_uniform, he_normal)",
    "explore_stopping": "explore_stopping(EarlyStopping, 1 + np.random.default_rng(0).normal(size=120) / 9)",
}
COMPARED = [SETUP, "explore_activation(sigmoid, sigmoid_grad)", ACTIVATION, "explore_learning_rate(descent)", LEARNING_RATE]
CELLS = [*COMPARED, *ALONE.values(), PREDICTIONS]

EXPLORER = """async ([cell, moves]) => {
    const place = document.querySelectorAll(".jp-CodeCell")[cell], canvas = place.querySelector("canvas");
    const slider = place.querySelector("input[type=range]"), times = [], frames = [];
    for (let i = 0; i < moves; i++) {
        slider.value = (Number(slider.value) + 1) % Number(slider.max);
        const begin = performance.now();
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        canvas.getContext("2d").getImageData(0, 0, 1, 1);
        times.push(performance.now() - begin);
        await new Promise(requestAnimationFrame);
        frames.push(performance.now() - begin);
    }
    return [times, frames];
}"""
PREDICTION = """async (cell) => {
    const times = [], asked = [...document.querySelectorAll(".jp-CodeCell")[cell].querySelectorAll(".hg-prediction")];
    for (const [i, place] of asked.entries()) {
        const begin = performance.now();
        place.querySelectorAll("button")[i % 3].click();
        if (!place.querySelector(".hg-verdict").offsetHeight) throw new Error("no verdict is to be seen"); // laid out, too
        times.push(performance.now() - begin);
        await new Promise(requestAnimationFrame);
    }
    return times;
}"""
INTERACT = """async ([cell, moves]) => {
    const place = document.querySelectorAll(".jp-CodeCell")[cell], times = [];
    const src = () => place.querySelector("img")?.src;
    for (let i = 0; i < moves; i++) {
        const before = src(), begin = performance.now(), key = i % 20 < 10 ? "ArrowRight" : "ArrowLeft";
        place.querySelector(".noUi-handle").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        await new Promise((done, failed) => {
            const late = setTimeout(() => failed(new Error("no new picture within 20 s")), 20000);
            const look = () => {
                const image = place.querySelector("img");
                if (!image || image.src === before) return;
                observer.disconnect(); clearTimeout(late); image.decode().then(done);
            };
            const observer = new MutationObserver(look);
            observer.observe(place, { childList: true, subtree: true, attributes: true }); look();
        });
        times.push(performance.now() - begin);
    }
    return times;
}"""
READY = """async (cell) => {
    const begin = performance.now(), place = document.querySelectorAll(".jp-CodeCell")[cell];
    const enter = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true };
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", enter));
    await new Promise((done) => {
        const look = () => { if (place.querySelector(".hg-say")?.textContent) { observer.disconnect(); done(); } };
        const observer = new MutationObserver(look);
        observer.observe(place, { childList: true, subtree: true, characterData: true });
    });
    return performance.now() - begin;
}"""


def run(page: Page, cell: int) -> None:
    page.locator(".jp-CodeCell").nth(cell).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def measure(page: Page, moves: int) -> None:
    run(page, 0)
    expect(page.get_by_text("| Idle")).to_be_visible(timeout=60_000)
    for name, cell in (("explore_activation", 1), ("explore_learning_rate", 3)):
        ready = interactive(page, cell)
        run(page, cell + 1)
        page.locator(".jp-CodeCell").nth(cell + 1).locator("img").wait_for(timeout=60_000)
        expect(page.get_by_text("| Idle")).to_be_visible(timeout=60_000)
        median = painted(page, name, cell, moves)
        slow = page.evaluate(INTERACT, [cell + 1, max(10, moves // 3)])
        other, worst = np.percentile(slow, [50, 95])
        indent = " " * 23
        print(
            f"{indent}interact + matplotlib {other:.0f} ms (95 %: {worst:.0f}): {other / median:.0f} times slower\n"
            f"{indent}interactive {ready[0] / 1000:.2f} s after the cell's first run, {np.median(ready[1:]) / 1000:.2f} s after later ones"
        )
    for cell, name in enumerate(ALONE, len(COMPARED)):
        ready = interactive(page, cell)
        painted(page, name, cell, moves)
        print(f"{' ' * 23}interactive {np.median(ready) / 1000:.2f} s after a run of the cell")


def interactive(page: Page, cell: int) -> list[float]:
    """Milliseconds from running a cell to its explorer, four times."""
    ready = []
    for _ in range(4):  # the first one imports matplotlib and opens the module
        page.locator(".jp-CodeCell").nth(cell).locator(".cm-content").click()
        outputs = page.locator(".jp-CodeCell").nth(cell).locator(".jp-OutputArea-output")
        outputs.evaluate_all("outputs => outputs.forEach((output) => output.remove())")
        ready.append(page.evaluate(READY, cell))
    return ready


def painted(page: Page, name: str, cell: int, moves: int) -> float:
    """Print how long an explorer takes to follow its first slider; returns the median in milliseconds."""
    times, frames = page.evaluate(EXPLORER, [cell, moves])
    median, p95 = np.percentile(times, [50, 95])
    print(f"{name:<22} painted after {median:.1f} ms (95 %: {p95:.1f}), in the next frame after {np.median(frames):.1f}")
    return float(median)


def measure_predictions(page: Page, cell: int) -> None:
    run(page, cell)
    asked = page.locator(".jp-CodeCell").nth(cell).locator(".hg-prediction")
    expect(asked).to_have_count(20, timeout=60_000)
    median, p95 = np.percentile(page.evaluate(PREDICTION, cell), [50, 95])
    print(f"{'predict':<22} answered after {median:.1f} ms (95 %: {p95:.1f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=int, default=60)
    moves = parser.parse_args().moves
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    with tempfile.TemporaryDirectory() as folder:
        notebook = new_notebook(cells=[new_code_cell(code) for code in CELLS], metadata={"kernelspec": kernel})
        nbformat.write(notebook, Path(folder) / "widgets.ipynb")
        (Path(folder) / "hints.json").write_text(json.dumps(HINTS), encoding="utf-8")
        with jupyter("jupyter", "lab", cwd=Path(folder)) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1200, "height": 4000})
            page.goto(f"{address}/lab/tree/widgets.ipynb?reset")
            expect(page.get_by_text("| Idle")).to_be_visible(timeout=60_000)
            measure(page, moves)
            measure_predictions(page, len(CELLS) - 1)
            browser.close()


if __name__ == "__main__":
    main()
