"""A whole site, built from the labs and a Pyodide that was made up: it holds what it promises."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from course_utils.errors import UserError
from grader.site import build_site
from grader.site.built import MARK

from .conftest import made_up

ROOT = Path(__file__).parents[3]
LABS = sorted(path.name for path in (ROOT / "labs").iterdir() if path.is_dir())


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
