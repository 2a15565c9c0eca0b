"""A built site in Chromium: from a plain server on this machine, with every way to the outside shut and watched."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import psutil
from playwright.sync_api import Browser, BrowserType, Page

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 600  # that a whole lab may take on a busy machine
JUDGE = """
import json, time
from course_utils import check
from course_utils.checking.declare import load_checks
from pathlib import Path
def judged():
    found = {}
    for name in dict.fromkeys(each.exercise for each in load_checks(Path("checks.py"))):
        seconds = []
        while len(seconds) < 2 or (len(seconds) < 9 and sum(seconds) < 0.5):
            begin = time.perf_counter()
            report = check(name)
            seconds.append(time.perf_counter() - begin)
        found[name] = [report.score, report.max_score, min(seconds)]
    return found
print("JUDGED " + json.dumps(judged()))
"""
MISTAKES = """
from course_utils.checking.declare import load_mistakes
from pathlib import Path
Path("/tmp/mistakes.py").write_text(SOURCE)
told = {}
for each in load_mistakes(Path("/tmp/mistakes.py"), dict(globals())):
    if EXERCISE not in ("", each.exercise):
        continue
    report = check(each.exercise, instead=each.subject)
    failed = [verdict for verdict in report.verdicts if verdict.outcome != "passed"]
    told[each.exercise + "/" + each.name] = [report.score, sorted({verdict.mistake or verdict.outcome for verdict in failed})]
print("MISTAKEN " + json.dumps(told))
"""
ERROR = "[data-mime-type='application/vnd.jupyter.error']"
WARNED = "[data-mime-type='application/vnd.jupyter.stderr']"
FINISH = "print('FINISHED', 1)"
DRAG = """(explorer) => {
    const canvas = explorer.querySelector("canvas");
    if (!canvas) return `draws nothing: ${explorer.textContent}`;
    const seen = () => [...explorer.querySelectorAll("canvas")].map((each) => each.toDataURL()).join();
    const before = seen();
    if (new Set(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data).size < 3) return "is blank";
    const moves = []; // a point of the picture is held, and goes by the keys too; sliders; choices
    for (const key of ["ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"]) {
        moves.push(() => canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));
    }
    for (const slider of explorer.querySelectorAll("input[type=range]")) {
        for (const value of [slider.min, slider.max]) moves.push(() => {
            slider.value = value;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
        });
    }
    for (const choice of explorer.querySelectorAll("input[type=radio]")) moves.push(() => choice.click());
    for (const move of moves) {
        move();
        if (seen() !== before) return "";
    }
    return "does not follow";
}"""


class StoppedError(Exception):
    """A cell that ended with an error, and what it said."""


class Served:
    """A folder on a plain server. `instead` holds the bytes of paths that are answered otherwise; `sent` counts by path."""

    def __init__(self, folder: Path) -> None:
        self.instead: dict[str, bytes] = {}
        self.sent: dict[str, int] = {}
        self.missing: list[str] = []
        handler = functools.partial(_Handler, self, directory=str(folder))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def megabytes(self) -> float:
        """What went over the wire since this was last asked."""
        total, self.sent = sum(self.sent.values()), {}
        return total / 1e6

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, served: Served, *args: Any, **kwargs: Any) -> None:
        self.served = served
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        path = self.path.split("?")[0].lstrip("/")
        data = self.served.instead.get(path)
        if data is None:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self._count(len(data))

    def copyfile(self, source: Any, outputfile: Any) -> None:
        data = source.read()
        outputfile.write(data)
        self._count(len(data))

    def _count(self, size: int) -> None:
        path = self.path.split("?")[0].lstrip("/")
        self.served.sent[path] = self.served.sent.get(path, 0) + size

    def send_error(self, code: int, *args: Any, **kwargs: Any) -> None:
        self.served.missing.append(self.path)
        super().send_error(code, *args, **kwargs)

    def log_message(self, *args: Any) -> None:
        pass


OF_THE_BROWSER = ("googleapis.com", "accounts.google.com", "clients2.google.com", "gvt1.com")  # it looks for editions of its own


class Outside:
    """A proxy that lets nothing through, and remembers who was asked for by anybody but the browser itself."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        outer = self

        class Refusing(http.server.BaseHTTPRequestHandler):
            def do_CONNECT(self) -> None:
                if not any(host in self.path for host in OF_THE_BROWSER):
                    outer.asked.append(self.path)
                self.send_error(403)

            do_GET = do_POST = do_HEAD = do_CONNECT  # noqa: N815 - the server's names

            def log_message(self, *args: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def chromium(browsers: BrowserType, executable: str, outside: Outside) -> Iterator[Browser]:
    """A browser whose every request to another machine ends at the proxy."""
    browser = browsers.launch(
        executable_path=executable, args=["--no-sandbox", f"--proxy-server={outside.address}", "--proxy-bypass-list=127.0.0.1"]
    )
    try:
        yield browser
    finally:
        browser.close()


def mistakes_cell(lab: str, exercise: str = "") -> str:
    """A cell that prints what the checks say to every mistake of a lab, or of one of its exercises."""
    source = (ROOT / "solutions" / lab / "mistakes.py").read_text(encoding="utf-8")
    return MISTAKES.replace("EXERCISE", repr(exercise)).replace("SOURCE", repr(source))


def solved(lab: str, *added: str) -> bytes:
    """The lab's notebook as released, with the answers of its source in it, and code cells behind its last one."""
    notebook: Any = nbformat.read(ROOT / "labs" / lab / f"{lab}.ipynb", as_version=4)
    answers = {}
    for cell in jupytext.read(ROOT / "solutions" / lab / "notebook.py").cells:
        role = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and role.get("solution"):
            answers[role["grade_id"]] = cell.source
    for cell in notebook.cells:
        found = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if found is not None:
            cell.source = "\n".join(line for line in found.splitlines() if line.strip() not in ("### BEGIN SOLUTION", "### END SOLUTION"))
    notebook.cells += [nbformat.v4.new_code_cell(code) for code in (*added, FINISH)]
    return nbformat.writes(notebook).encode()


def _expected(message: Any) -> bool:
    """JupyterLite asks the host whether it knows the folders that a kernel made: it does not, and the browser complains."""
    return "/api/contents/" in message.location.get("url", "") and "404" in message.text


class Lab:
    """A lab that is open on the site; `errors` holds what the page complained of."""

    def __init__(self, page: Page, address: str, name: str) -> None:
        self.page, self.name = page, name
        self.errors: list[str] = []
        page.set_default_timeout(1000 * SECONDS)
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" and not _expected(message) else None)
        page.on("dialog", lambda dialog: dialog.accept())  # it asks whether to leave what is not saved yet
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{address}/lab/index.html?path={name}/{name}.ipynb")
        self.idle()

    def idle(self) -> None:
        """Wait until the kernel listens; asked five times a second, so that asking is no part of what is measured."""
        self.page.wait_for_function("document.querySelector('#jp-main-statusbar')?.textContent.includes('| Idle') ?? false", polling=200)

    def run_all(self) -> None:
        """Run every cell, and wait for the last one. Raises StoppedError where one ends with an error, as then none after it runs."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        error = self.page.locator(ERROR)
        self.page.locator(".jp-OutputArea-output", has_text=_line("FINISHED")).or_(error).first.wait_for(state="attached")
        if error.count():
            raise StoppedError(f"{self.name}: {str(error.first.text_content())[-1500:]}")

    def told(self, mark: str) -> str:
        """Wait for a line of output that begins with a mark; what follows it."""
        line = self.page.locator(".jp-OutputArea-output", has_text=_line(mark)).last
        line.wait_for(state="attached")
        return str(line.text_content()).partition(f"{mark} ")[2].strip()


def _line(mark: str) -> re.Pattern[str]:
    """Finds a mark where a line begins; a text would be found anywhere, in capitals or not."""
    return re.compile(rf"^{mark} ", re.MULTILINE)


def processor_seconds() -> float:
    """What all processes of the browsers that this process started have used so far."""
    used = 0.0
    for each in psutil.Process().children(recursive=True):
        try:
            times = each.cpu_times()
            used += times.user + times.system if "chrom" in each.name() else 0.0
        except psutil.NoSuchProcess:
            continue
    return used
