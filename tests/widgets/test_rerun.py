"""A cell that runs again closes what it made before, in each kind of kernel."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from course_utils.widgets import rerun

PARENTS = {"ipykernel": "shell", "pyodide": "kernel"}


class Widget:
    def __init__(self):
        self.closed = False
        self.layout = SimpleNamespace(close=lambda: None)

    def close(self):
        self.closed = True


@pytest.mark.parametrize("kind", PARENTS)
def test_the_second_run_of_a_cell_closes_the_widgets_of_the_first(kind, monkeypatch):
    told = {"metadata": {"cellId": f"a cell in {kind}"}, "header": {"msg_id": "1"}}
    shell = SimpleNamespace(kernel=SimpleNamespace())
    (shell if PARENTS[kind] == "shell" else shell.kernel).get_parent = lambda: told
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    one, two, three = Widget(), Widget(), Widget()
    rerun.made(one)
    rerun.made(two)
    assert not one.closed, "one cell may show several"
    told["header"]["msg_id"] = "2"
    rerun.made(three)
    assert (one.closed, two.closed, three.closed) == (True, True, False)


def test_a_kernel_that_names_no_cell_closes_nothing(monkeypatch):
    shell = SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda: None))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    one, two = Widget(), Widget()
    rerun.made(one)
    rerun.made(two)
    assert not one.closed
