"""Which slow package a notebook's cells ask for."""

from __future__ import annotations

import pytest

from grader.judging.slow import slow_import


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("import torch", "torch"),
        ("import numpy, torch.nn as nn", "torch"),
        ("def f():\n    from scipy.special import expit\n    return expit", "scipy"),
        ("from .torch import x", ""),
        ("import torchvision", ""),
        ("import os, antigravity", ""),
        ("# import torch", ""),
        ("import torch\n%time x = 1", ""),
        ("import torch(", ""),
    ],
)
def test_imports_are_found_however_deep(cell: str, found: str) -> None:
    assert slow_import(["x = 1", cell], []) == found


def test_of_several_the_slowest_is_taken() -> None:
    assert slow_import(["import scipy", "import torch"], []) == "torch"


@pytest.mark.parametrize("beside", ["torch.py", "torch/__init__.py"])
def test_what_lies_beside_the_notebook_is_something_else(beside: str) -> None:
    assert slow_import(["import torch"], ["data.csv", beside]) == ""
