"""Lab 10's printed network beside PyTorch, in double precision to 1e-10; its draws beside SciPy's laws."""

from __future__ import annotations

from pathlib import Path

import jupytext
import numpy as np
import pytest
from scipy import stats

from course_utils.checking import Lab

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "solutions" / "lab10_tricks"
EXACT = {"rtol": 0, "atol": 1e-10}


@pytest.fixture(scope="module")
def lab():
    return Lab.from_source(FOLDER).reference


@pytest.fixture(scope="module")
def network():
    """The cell that prints the network."""
    names: dict = {"np": np}
    cells = jupytext.read(FOLDER / "notebook.py").cells
    exec(next(cell.source for cell in cells if cell.cell_type == "code" and cell.source.startswith("def probabilities")), names)
    return names


def test_gradients_of_the_printed_network(network):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    images, labels = rng.uniform(size=(7, 4, 5)), rng.integers(0, 3, size=7)
    params = [rng.normal(size=(20, 6)), rng.normal(size=6), rng.normal(size=(6, 3)), rng.normal(size=3)]
    W1, b1, W2, b2 = leaves = [torch.tensor(w, requires_grad=True) for w in params]
    scores = torch.relu(torch.tensor(images.reshape(7, -1)) @ W1 + b1) @ W2 + b2
    torch.nn.functional.cross_entropy(scores, torch.tensor(labels)).backward()
    np.testing.assert_allclose(network["probabilities"](params, images), torch.softmax(scores, 1).detach().numpy(), **EXACT)
    for mine, leaf in zip(network["gradients"](params, images, labels), leaves, strict=True):
        np.testing.assert_allclose(mine, leaf.grad.numpy(), **EXACT)


@pytest.mark.parametrize(("low", "high"), [(1e-5, 1.0), (0.003, 0.7), (2.0, 900.0)])
def test_rates_are_log_uniform(lab, low, high):
    rng = np.random.default_rng(1)
    drawn = [lab["sample_lr"](rng, low, high) for _ in range(3000)]
    assert stats.kstest(drawn, stats.loguniform(low, high).cdf).pvalue > 0.001


def test_a_search_draws_each_knob_by_its_law(lab):
    rng, space = np.random.default_rng(2), {"a": (0.01, 5.0, "log"), "b": (-2.0, 3.0, "linear"), "c": [1, 2, 4]}
    found = [params for _, params in lab["random_search"](lambda params: params["b"], space, 2000, rng)]
    assert stats.kstest([params["a"] for params in found], stats.loguniform(0.01, 5.0).cdf).pvalue > 0.001
    assert stats.kstest([params["b"] for params in found], stats.uniform(-2.0, 5.0).cdf).pvalue > 0.001
    assert stats.chisquare(np.unique([params["c"] for params in found], return_counts=True)[1]).pvalue > 0.001


def test_the_ensemble_of_torch(lab):
    torch = pytest.importorskip("torch")
    p = torch.softmax(torch.randn(5, 7, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)), dim=2)
    np.testing.assert_allclose(lab["ensemble"](list(p.numpy())), p.mean(dim=0).numpy(), **EXACT)
