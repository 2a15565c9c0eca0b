"""One Chromium and one JupyterLab for all browser tests."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SECONDS = 90  # a sign may take on a busy machine; whoever waits goes on as soon as it is there
IDLE = "| Idle"  # JupyterLab's status bar, once the kernel listens: before that, running cells would be in vain

expect.set_options(timeout=1000 * SECONDS)


def eventually(true: Callable[[], bool], what: str) -> None:
    """Wait for a sign that only Python can see."""
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, f"{what}: not within {SECONDS} s"
        time.sleep(0.05)


@contextmanager
def jupyter(*words: str, cwd: Path) -> Iterator[str]:
    """A program that becomes a Jupyter server without a password, on a free port of this machine; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = cwd / ".jupyter-test"
    home.mkdir(exist_ok=True)
    settings = {"open_browser": False, "allow_root": True, "port": port, "password": ""}
    told = {"ServerApp": settings, "IdentityProvider": {"token": ""}, "LabApp": {"news_url": None}}
    (home / "jupyter_server_config.json").write_text(json.dumps(told))
    environment = {
        **os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }  # fmt: skip
    with (cwd / "jupyter.log").open("w") as log:
        process = subprocess.Popen([BIN / words[0], *words[1:]], cwd=cwd, stdout=log, stderr=log, env=environment)
        try:
            yield _address(home / "runtime" / f"jpserver-{process.pid}.json", process)
        finally:
            process.terminate()
            process.wait(SECONDS)


def _address(told: Path, process: subprocess.Popen) -> str:
    """Where the server says that it listens: it takes another port when somebody was faster."""

    def listens() -> bool:
        assert process.poll() is None, "the Jupyter server has ended"
        if not (told.exists() and told.read_text().endswith("}")):
            return False
        with socket.socket() as probe:  # it says so a moment before it does
            return probe.connect_ex(("127.0.0.1", _port(told))) == 0

    eventually(listens, "the Jupyter server listens")
    return f"http://127.0.0.1:{_port(told)}"


def _port(told: Path) -> int:
    return int(json.loads(told.read_text())["port"])


def run_all(page: Page) -> None:
    """Run all cells of the open notebook; does not wait for their end."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def open_notebook(page: Page, address: str, path: str) -> None:
    """Open a notebook in JupyterLab and wait for its kernel."""
    page.set_default_timeout(1000 * SECONDS)
    page.goto(f"{address}/lab/tree/{path}?reset")
    expect(page.get_by_text(IDLE)).to_be_visible()


def picture(place: Locator) -> str:
    """What is on the first canvas now, pixel by pixel."""
    return place.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")


def redrawn(place: Locator, before: str) -> str:
    """Wait until the first canvas shows something else; gives what it shows then."""
    canvas = place.locator("canvas").first.element_handle()
    place.page.wait_for_function("([canvas, before]) => canvas.toDataURL() !== before", arg=[canvas, before])
    return picture(place)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "these tests need Chromium: apt install chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lab_folder(tmp_path_factory) -> Path:
    """The folder that the session's JupyterLab serves."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="session")
def lab_address(lab_folder) -> Iterator[str]:
    with jupyter("jupyter", "lab", cwd=lab_folder) as address:
        yield address


# What `handgrad site` is built with brings a kernel for another JupyterLab than the one that students open, and this one says so.
FOR_ANOTHER = "Shared module @jupyterlite/server doesn't exist in shared scope"


def complaints(page: Page) -> list[str]:
    """What the console of a page, and its scripts, complain of from now on."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" and FOR_ANOTHER not in message.text else None)
    page.on("pageerror", lambda error: errors.append(str(error)) if FOR_ANOTHER not in str(error) else None)
    return errors


@pytest.fixture
def page(browser) -> Iterator[Page]:
    """A page whose console errors fail the test."""
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    page.set_default_timeout(1000 * SECONDS)
    errors = complaints(page)
    yield page
    page.close()
    assert not errors
