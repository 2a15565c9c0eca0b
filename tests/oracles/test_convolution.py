"""Lab 8's layers beside PyTorch's, in double precision, to 1e-10: maps, gradients, pooling.

Both are correlations, and both drop what is left over.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from course_utils.checking import Lab

torch = pytest.importorskip("torch")

EXACT = {"rtol": 0, "atol": 1e-10}
SIZES = [(1, 1, 5, 7, 1, 3), (2, 3, 7, 9, 4, 3), (3, 2, 8, 6, 5, 2), (2, 3, 6, 11, 2, 5)]


@pytest.fixture(scope="module")
def lab():
    return SimpleNamespace(**Lab.from_source(Path(__file__).resolve().parents[2] / "solutions" / "lab08_convolution").reference)


def layer(N, C, H, W, F, K):
    rng = np.random.default_rng(0)
    return rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, K, K)), rng.normal(size=F)


def of_torch(*arrays):
    return [torch.tensor(array, requires_grad=True) for array in arrays]


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (3, 1), (1, 2), (2, 3)])
def test_forward_and_backward(lab, sizes, stride, padding):
    X, W, b = layer(*sizes)
    tX, tW, tb = of_torch(X, W, b)
    tY = torch.nn.functional.conv2d(tX, tW, tb, stride=stride, padding=padding)
    Y = lab.conv2d(X, W, b, stride, padding)
    np.testing.assert_allclose(Y, tY.detach().numpy(), **EXACT)
    dY = np.random.default_rng(1).normal(size=Y.shape)
    tY.backward(torch.tensor(dY))
    for ours, theirs in zip(lab.conv2d_backward(dY, X, W, stride, padding), (tX, tW, tb), strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), **EXACT)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2)])
def test_sizes(lab, sizes, stride, padding):
    X, W, b = layer(*sizes)
    found = torch.nn.functional.conv2d(*of_torch(X, W, b), stride=stride, padding=padding).shape
    assert list(found[2:]) == [lab.conv_output_size(side, W.shape[2], stride, padding) for side in X.shape[2:]]
    assert lab.conv_params(W.shape[2], X.shape[1], len(W)) == W.size + b.size


@pytest.mark.parametrize("size", [2, 3])
def test_pooling(lab, size):
    X = layer(2, 3, 8, 11, 1, 1)[0]
    (tX,) = of_torch(X)
    tY = torch.nn.functional.max_pool2d(tX, size)
    Y, cache = lab.max_pool(X, size)
    np.testing.assert_allclose(Y, tY.detach().numpy(), **EXACT)
    dY = np.random.default_rng(1).normal(size=Y.shape)
    tY.backward(torch.tensor(dY))
    np.testing.assert_allclose(lab.max_pool_backward(dY, cache), tX.grad.numpy(), **EXACT)


def test_a_tie_goes_to_the_first_in_reading_order(lab):
    X = np.full((1, 1, 4, 6), 7.0)
    (tX,) = of_torch(X)
    torch.nn.functional.max_pool2d(tX, 2).sum().backward()
    np.testing.assert_array_equal(lab.max_pool_backward(np.ones((1, 1, 2, 3)), lab.max_pool(X, 2)[1]), tX.grad.numpy())
