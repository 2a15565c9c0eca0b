"""A whole site, built from the labs and a Pyodide that was made up: law 5 holds for every file of it, and so does what it promises."""

from __future__ import annotations

import ast
import gzip
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import jupytext
import pytest

from course_utils.checking.declare import load_checks
from course_utils.errors import UserError
from grader.site import build_site
from grader.site.built import MARK
from grader.site.lite import KERNEL, MADE_WITH

from .conftest import made_up

ROOT = Path(__file__).parents[3]
LONG = 60  # characters: shorter code is in other code by chance
LABS = sorted(path.name for path in (ROOT / "labs").iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    pytest.importorskip("jupyterlite_core", reason=f"a site is built with {MADE_WITH[0]} and {KERNEL}, which are not installed here")
    folder = tmp_path_factory.mktemp("site")
    return build_site(folder / "labs", ROOT / "labs", str(made_up(folder / "pyodide"))).target


def texts(path: Path) -> Iterator[str]:
    """Everything that can be read in a file: as it is, unpacked, and what its notebooks say."""
    data = path.read_bytes()
    if path.suffix in (".whl", ".zip", ".npz"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                inner = packed.read(name)
                yield inner.decode("utf-8", "replace") if not name.endswith(".npz") else ""
        return
    text = (gzip.decompress(data) if path.suffix == ".packed" else data).decode("utf-8", "replace")
    yield text
    if path.suffix == ".ipynb":
        yield "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


def answers(lab: str) -> Iterator[str]:
    for cell in jupytext.read(ROOT / "solutions" / lab / "notebook.py").cells:
        for answer in re.findall(r"### BEGIN SOLUTION\n(.*?)\s*### END SOLUTION", cell.source, re.DOTALL):
            if len(answer.strip()) >= LONG:
                yield answer.strip()
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            yield cell.source.strip()


def mistakes(lab: str) -> Iterator[str]:
    """The bodies of the wrong answers, without those that are shorter than what other code has by chance."""
    text = (ROOT / "solutions" / lab / "mistakes.py").read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and "mistake(" in "".join(map(ast.unparse, node.decorator_list)):
            body = "\n".join(text.splitlines()[node.body[0].lineno - 1 : node.end_lineno]).strip()
            if len(body) >= LONG:
                yield body


@pytest.mark.stress
def test_nothing_in_the_site_gives_an_answer_away(site):
    files = [path for path in site.rglob("*") if path.is_file()]
    ours = [
        path for path in files if path.suffix in (".whl", ".npz", ".ipynb", ".py", ".json", ".html", ".js") and path.parts[-2] != "build"
    ]
    everything = "\n".join(text for path in ours for text in texts(path))
    assert "def perceptron(" in everything, "the search finds what is there"
    for lab in LABS:
        kept = [*answers(lab), *mistakes(lab)]
        assert len(kept) > 5
        assert [code for code in kept if code in everything] == [], lab
        for check in load_checks(ROOT / "solutions" / lab / "checks.py"):
            assert not check.hidden or f'"{check.id}"' not in everything, check.id
    names = {path.name for path in files} | {name for path in ours if path.suffix == ".whl" for name in zipfile.ZipFile(path).namelist()}
    assert not {
        name for name in names if name.split("/")[-1] in ("mistakes.py", "help.md", "notebook.py") and not name.startswith("IPython")
    } - {"course_utils/notebook.py"}
    assert not [name for name in names if name.startswith(("grader/", "solutions/"))]


@pytest.mark.stress
def test_the_labs_are_as_they_were_released_and_all_that_need_no_torch_are_there(site):
    inside = sorted(path.name for path in (site / "files").iterdir())
    assert inside == [name for name in LABS if name != "lab09_pytorch"]
    for lab in inside:
        for path in (site / "files" / lab).iterdir():
            assert path.read_bytes() == (ROOT / "labs" / lab / path.name).read_bytes()
    page = (site / "index.html").read_text(encoding="utf-8")
    assert all(f"?path={lab}/{lab}.ipynb" in page for lab in inside)
    assert "<code>lab09_pytorch</code>" in page
    assert "$" not in re.sub(r"<script.*?</script>", "", page)


@pytest.mark.stress
def test_no_source_maps_and_no_tool_of_authors_and_nothing_from_outside(site):
    names = [path.relative_to(site).as_posix() for path in site.rglob("*")]
    assert not [name for name in names if name.endswith(".map")]
    config = json.loads((site / "jupyter-lite.json").read_text())["jupyter-config-data"]
    extensions = {each["name"] for each in config["federated_extensions"]}
    assert extensions == {"@jupyterlite/pyodide-kernel-extension", "anywidget", "@jupyter-widgets/jupyterlab-manager"}
    assert "https://" not in json.dumps(config["litePluginSettings"])
    lock = json.loads((site / "static" / "pyodide" / "pyodide-lock.json").read_text())
    for package in lock["packages"].values():
        assert (site / "static" / "pyodide" / package["file_name"]).is_file()


@pytest.mark.stress
def test_a_site_can_be_built_again_and_what_is_not_one_stays(site, tmp_path):
    other = tmp_path / "work"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    with pytest.raises(UserError, match="holds something that `handgrad site` did not make"):
        build_site(other, ROOT / "labs", "nowhere")
    assert (other / "thesis.txt").read_text() == "mine"
    again = shutil.copytree(site, tmp_path / "again")
    worker = (again / "service-worker.js").read_bytes()
    (again / "index.html").unlink()
    build_site(again, ROOT / "labs", str(made_up(tmp_path / "pyodide")))
    assert (again / "index.html").is_file()
    assert (again / MARK).is_file()
    assert (again / "service-worker.js").read_bytes() == worker, "the same sources are the same edition, and nobody loads it again"
