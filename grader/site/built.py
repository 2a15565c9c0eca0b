"""From labs to a folder of files that any web host can give out."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from html import escape
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import NamedTuple

from course_utils.errors import UserError
from course_utils.labs import lab_folders
from grader.site import lite, lock
from grader.site.bytecode import compiler
from grader.site.pyodide import Pyodide
from grader.site.shown import Shown, shown

MARK = "handgrad-site.json"  # says that `handgrad site` made this folder
FIRST_VISIT = 28  # megabytes that the page speaks of; tests/benchmarks/site.py measures them
_PACK_FROM = 50_000  # bytes: below, a packed twin saves nobody's time
_LOADED = ("build", "extensions", "static")
_PACKED = (".js", ".wasm", ".css", ".json")
_KERNEL_WHEELS = Path("extensions", "@jupyterlite", "pyodide-kernel-extension", "static", "pypi")
_ICON = '<link rel="icon" href="favicon.ico" />\n    '  # or the browser asks for one where there is none
# without a graphics card, what turns while Python starts takes more of the machine than Python itself
_CALM = """<style>
      .jp-KernelStatus-spinner, .planet, .orbit, .jp-SpinnerContent, #jupyterlite-loading-indicator * { animation: none !important; }
      .jp-SpinnerContent { display: none; }
      .jp-Spinner::after { content: "Python is starting …"; color: var(--jp-ui-font-color1); font: 16px sans-serif; }
    </style>
    """
_BEFORE = "await import(\n          '../config-utils.js"  # where JupyterLite's page begins to load


class Built(NamedTuple):
    """A site: its folder, the labs in it, those that no browser can run with what they need, its bytes, and why it starts slowly."""

    target: Path
    labs: list[Shown]
    left_out: list[Shown]
    bytes: int
    slow: str


def build_site(target: Path, labs: Path, where: str) -> Built:
    """Build the site of the labs in a folder; `where` is Pyodide's address or folder.

    A site that was built before is replaced when the new one is whole. Raises UserError where something else lies in its place, where
    there is no lab, or where a tool or Pyodide cannot be had.
    """
    _ask_for_room(target)
    found = [shown(folder) for folder in lab_folders(labs)]
    inside, left_out = [lab for lab in found if not lab.needs], [lab for lab in found if lab.needs]
    if not inside:
        raise UserError(f"There is no lab in {labs} that a browser can run: build some with `handgrad build`.")
    lite.ask_for_tools()
    pyodide = Pyodide(where)
    with tempfile.TemporaryDirectory(prefix="handgrad-site-") as name:
        scratch = Path(name)
        made = scratch / "site"
        slow = _make(scratch, made, inside, left_out, pyodide)
        size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file())
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(made, target)
    return Built(target, inside, left_out, size, slow)


def _ask_for_room(target: Path) -> None:
    if target.exists() and not (target / MARK).is_file() and (not target.is_dir() or any(target.iterdir())):
        raise UserError(f"{target} holds something that `handgrad site` did not make: name another folder, or empty this one first.")


def _make(scratch: Path, made: Path, inside: Sequence[Shown], left_out: Sequence[Shown], pyodide: Pyodide) -> str:
    """Make the site in a folder; gives what keeps it from starting as quickly as it could, if anything does."""
    content, building, core = scratch / "content", scratch / "building", scratch / "core"
    building.mkdir()
    core.mkdir()
    for lab in inside:
        _copy_lab(lab.folder, content / lab.name)
    lite.make(building, content, made, lock.ASKED, online=pyodide.online)
    started, compile = _part("started.py.txt").encode(), compiler(pyodide, core)
    lock.write(pyodide, made / _KERNEL_WHEELS, made / "static" / "pyodide", version("handgrad"), started, compile)
    _dress(made, inside, left_out)
    packed = list(_pack(made))
    _keep(made, packed)
    labs = {"labs": [lab.name for lab in inside], "pyodide": pyodide.info["version"]}
    (made / MARK).write_text(json.dumps(labs) + "\n", encoding="utf-8")
    return compile.trouble


def _copy_lab(folder: Path, target: Path) -> None:
    """What students get of a lab; what else somebody keeps there in hidden files is theirs."""
    target.mkdir(parents=True)
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            shutil.copy2(path, target / path.name)  # with its time, which the page's list of files names


def _dress(made: Path, inside: Sequence[Shown], left_out: Sequence[Shown]) -> None:
    """The front page, and JupyterLab's page told to wait for what keeps files."""
    words = {
        "rows": "\n".join(map(_row, inside)),
        "left_out": _needs_more(left_out),
        "megabytes": FIRST_VISIT,
        "example": escape(inside[0].name),
    }
    (made / "index.html").write_text(Template(_part("front.html")).substitute(words), encoding="utf-8")
    for name in ("front.css", "front.js", "controlled.js"):
        (made / name).write_text(_part(name), encoding="utf-8")
    (made / "serve.py").write_text(_part("serve.py.txt"), encoding="utf-8")
    page = made / "lab" / "index.html"
    text = page.read_text(encoding="utf-8")
    if _BEFORE not in text:
        raise UserError("JupyterLite's page has changed: handgrad site knows that of jupyterlite-core 0.6 only.")
    waiting = 'await (await import("../controlled.js")).controlled(new URL("../", location.href.split(/[?#]/)[0]).href);\n        '
    text = text.replace(_BEFORE, waiting + _BEFORE)
    # loaded early it would pass by the worker, and so be loaded once more on the second visit
    text = text.replace('rel="preload"', 'rel="later"').replace("</head>", _CALM + "</head>")
    text = text.replace("<title>JupyterLite<", _ICON + "<title>Handgrad<")
    page.write_text(text, encoding="utf-8")


def _row(lab: Shown) -> str:
    about = f"{lab.exercises} exercise{'s' if lab.exercises != 1 else ''}"
    link = f"lab/index.html?path={lab.name}/{lab.name}.ipynb"
    return (
        f'<tr data-lab="{escape(lab.name)}" data-points="{lab.points:g}"><td><code>{escape(lab.name)}</code></td>'
        f'<td>{escape(lab.title)}<br><span class="fine">{about}</span></td><td class="number">{lab.minutes or ""}</td>'
        f'<td class="number done"></td><td><a href="{escape(link)}">begin</a></td></tr>'
    )


def _needs_more(left_out: Sequence[Shown]) -> str:
    if not left_out:
        return ""
    names = " and ".join(f"<code>{escape(lab.name)}</code>, “{escape(lab.title)}”" for lab in left_out)
    one = len(left_out) == 1
    return (
        f"\n<h2>What is not here</h2>\n<p>{names}. {'It needs' if one else 'These need'} PyTorch, a library that no browser can run. "
        f"Do {'it' if one else 'them'} in JupyterLab, as above. All other labs work without.</p>\n"
    )


def _pack(made: Path) -> Iterable[str]:
    """Write a packed twin beside each large file that JupyterLab and Python load; gives the files' paths in the site."""
    large = [path for top in _LOADED for path in sorted((made / top).rglob("*")) if path.suffix in _PACKED]
    for path in large:
        if path.stat().st_size >= _PACK_FROM:
            path.with_name(path.name + ".packed").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
            yield path.relative_to(made).as_posix()


def _keep(made: Path, packed: Sequence[str]) -> None:
    """The page's worker, named after all that it keeps, in front of JupyterLite's."""
    (made / "service-worker.js").rename(made / "lite-worker.js")
    digest = hashlib.sha256()
    for path in sorted(made.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(made).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    words = {"digest": digest.hexdigest()[:12], "packed": json.dumps(packed)}
    (made / "service-worker.js").write_text(Template(_part("worker.js")).substitute(words), encoding="utf-8")


def _part(name: str) -> str:
    return files("grader.site").joinpath(name).read_text(encoding="utf-8")
