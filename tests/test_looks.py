"""Where a look at a file is dear, as in a browser: what a check looks at, and when it writes."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
from pathlib import Path

import pytest

from course_utils import logbook, looks
from course_utils.notebook import check

LABS = Path(__file__).parents[1] / "labs"


@pytest.fixture
def opened(monkeypatch):
    """The paths of files that were opened or asked for."""
    seen = []

    def watch(home, name):
        known = getattr(home, name)

        def watched(path, *args, **kwargs):
            if "lab" in str(path):
                seen.append(str(path))
            return known(path, *args, **kwargs)

        monkeypatch.setattr(home, name, watched)

    for home, name in ((io, "open"), (os, "stat"), (os, "replace"), (os, "mkdir")):
        watch(home, name)
    return seen


@pytest.fixture
def browser(monkeypatch):
    """Python as in a browser, with a loop that runs on when the cell is over; gives what runs a cell."""
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setattr(logbook, "_AHEAD", {})
    monkeypatch.setattr(logbook, "_CHANGES", {})

    async def cell(work):
        found = work()
        await asyncio.sleep(0)
        return found

    return lambda work: asyncio.run(cell(work))


@pytest.fixture
def lab(tmp_path, monkeypatch):
    folder = tmp_path / "lab01_perceptron"
    folder.mkdir()
    for name in ("cases.npz", "checks.py", "hints.json"):
        (folder / name).write_bytes((LABS / folder.name / name).read_bytes())
    monkeypatch.chdir(folder)
    return folder


def relu(z):
    return z * (z > 0)


def relu_grad(z):
    return z > 0


def written(folder: Path) -> dict[str, float]:
    book = json.loads((folder / logbook.FILE).read_text(encoding="utf-8"))
    return {name: entry["score"] for name, entry in book["lab01_perceptron"].items()}


def test_from_the_second_time_on_a_check_looks_at_no_file_before_it_has_answered(browser, lab, opened):
    browser(lambda: check("relu"))

    def again():
        opened.clear()
        report = check("relu")
        return report, list(opened)

    report, seen = browser(again)
    assert report.score == report.max_score > 0
    assert seen == []
    assert opened, "it was written behind the answer"
    assert written(lab) == {"relu": report.score}


def test_all_that_a_cell_did_is_written_once_and_known_at_once(browser, lab, opened):
    def work():
        check("relu")
        check("relu_grad")
        logbook.update(lab, lab.name, "relu", lambda entry: entry.setdefault("hints", []).append("a"))
        assert not (lab / logbook.FILE).exists()
        return logbook.read(lab)

    ahead = browser(work)
    assert ahead[lab.name]["relu"]["hints"] == ["a"]
    assert json.loads((lab / logbook.FILE).read_text(encoding="utf-8")) == ahead
    assert [Path(path).name for path in opened].count("progress.lock") == 1


def test_what_another_notebook_wrote_meanwhile_is_kept(browser, lab):
    browser(lambda: check("relu"))
    path = lab / logbook.FILE
    book = json.loads(path.read_text(encoding="utf-8"))
    book["lab01_perceptron"]["boundary"] = {"score": 3.0}
    path.write_text(json.dumps(book), encoding="utf-8")
    browser(lambda: check("relu_grad"))
    assert written(lab).keys() == {"relu", "relu_grad", "boundary"}
    assert logbook.read(lab)["lab01_perceptron"].keys() == {"relu", "relu_grad", "boundary"}


def test_a_folder_that_cannot_be_written_is_remembered_all_the_same(browser, lab, monkeypatch):
    monkeypatch.setattr(logbook, "_UNWRITTEN", {})
    monkeypatch.setattr(Path, "write_text", lambda *args, **kwargs: (_ for _ in ()).throw(OSError("read-only")))
    browser(lambda: check("relu"))
    browser(lambda: check("relu_grad"))
    assert logbook.read(lab)["lab01_perceptron"].keys() == {"relu", "relu_grad"}


def test_without_a_loop_it_is_written_at_once(browser, lab):
    logbook.update(lab, lab.name, "relu", lambda entry: entry.update(score=1.0))
    assert written(lab) == {"relu": 1.0}


def test_elsewhere_nothing_waits_and_a_lab_that_changes_is_read_again(lab):
    async def work():
        check("relu")
        return written(lab)

    assert asyncio.run(work()).keys() == {"relu"}
    before = looks.changed(lab / "cases.npz")
    os.utime(lab / "cases.npz", ns=(1, 1))
    assert looks.changed(lab / "cases.npz") == 1 != before


def test_what_is_not_there_yet_is_looked_for_again(browser, tmp_path):
    path = tmp_path / "later.txt"
    with pytest.raises(FileNotFoundError):
        looks.changed(path)
    path.write_text("here")
    assert looks.changed(path) == path.stat().st_mtime_ns
