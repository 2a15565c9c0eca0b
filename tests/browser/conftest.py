"""One Chromium and one JupyterLab for all browser tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def jupyter(*words: str, cwd: Path) -> Iterator[str]:
    """A Jupyter server without a password on a free port of this machine; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=", "--ServerApp.password="]
    home = cwd / ".jupyter-test"
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "JUPYTER_CONFIG_DIR": str(home)}
    with (cwd / "jupyter.log").open("w") as log:
        process = subprocess.Popen(
            [BIN / "jupyter", *words, *options], cwd=cwd, stdout=log, stderr=log, env=environment
        )
        try:
            yield _answering(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()
            process.wait(20)


def _answering(address: str, process: subprocess.Popen) -> str:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/api", timeout=1).close()
        except OSError:
            assert process.poll() is None, "the Jupyter server has ended"
            time.sleep(0.1)
        else:
            return address
    raise TimeoutError(f"no Jupyter server at {address}")


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
    with jupyter("lab", "--LabApp.news_url=", cwd=lab_folder) as address:
        yield address


@pytest.fixture
def page(browser) -> Iterator[Page]:
    """A page whose console errors fail the test."""
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert not errors
