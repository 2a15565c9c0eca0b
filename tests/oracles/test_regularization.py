"""Lab 7's penalties, batch norm and starts beside PyTorch's, in double precision, to 1e-10.

Where PyTorch's conventions are others, a test says which:

- weight decay: torch adds λw to the gradient, and l2's is 2λw
- `nn.init.kaiming_normal_` wants `mode="fan_in"` and counts a weight as (out, in)
- dropout: its mask is not handed out, so that only its laws can be compared
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from course_utils.checking import Lab

torch = pytest.importorskip("torch")

EXACT = {"rtol": 0, "atol": 1e-10}


@pytest.fixture(scope="module")
def lab():
    return SimpleNamespace(**Lab.from_source(Path(__file__).resolve().parents[2] / "solutions" / "lab07_regularization").reference)


def batch(seed, N=11, D=4):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, D)) * rng.uniform(0.5, 3, size=D) + rng.normal(size=D)
    return X, rng.uniform(0.5, 2, size=D), rng.normal(size=D), rng.normal(size=(N, D))


def torch_norm(gamma, beta, momentum=0.1, eps=1e-5):
    layer = torch.nn.BatchNorm1d(len(gamma), eps=eps, momentum=momentum, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(gamma))
        layer.bias.copy_(torch.from_numpy(beta))
    return layer


@pytest.mark.parametrize(("momentum", "eps"), [(0.1, 1e-5), (0.3, 0.5)])
def test_batch_norm_forward_running_and_testing(lab, momentum, eps):
    running = {"mean": np.zeros(4), "var": np.ones(4)}
    _, gamma, beta, _ = batch(0)
    layer = torch_norm(gamma, beta, momentum, eps)
    for seed in range(5):
        X = batch(seed)[0]
        Y, _ = lab.batchnorm(X, gamma, beta, running, True, momentum, eps)
        np.testing.assert_allclose(Y, layer(torch.from_numpy(X)).detach().numpy(), **EXACT)
        np.testing.assert_allclose(running["mean"], layer.running_mean.numpy(), **EXACT)
        np.testing.assert_allclose(running["var"], layer.running_var.numpy(), **EXACT)
    layer.eval()
    Y, _ = lab.batchnorm(X, gamma, beta, running, False, momentum, eps)
    np.testing.assert_allclose(Y, layer(torch.from_numpy(X)).detach().numpy(), **EXACT)


@pytest.mark.parametrize("eps", [1e-5, 0.5])
@pytest.mark.parametrize("size", [(11, 4), (2, 3), (5, 5)])
def test_batch_norm_backward(lab, size, eps):
    X, gamma, beta, dY = batch(1, *size)
    _, cache = lab.batchnorm(X, gamma, beta, {"mean": np.zeros(size[1]), "var": np.ones(size[1])}, True, 0.1, eps)
    ours = lab.batchnorm_backward(dY, cache)
    layer, x = torch_norm(gamma, beta, eps=eps), torch.from_numpy(X).requires_grad_()
    layer(x).backward(torch.from_numpy(dY))
    for mine, theirs in zip(ours, (x.grad, layer.weight.grad, layer.bias.grad), strict=True):
        np.testing.assert_allclose(mine, theirs.numpy(), **EXACT)


def test_what_every_way_back_through_batch_norm_keeps(lab):
    X, gamma, beta, dY = batch(2)
    _, cache = lab.batchnorm(X, gamma, beta, {"mean": np.zeros(4), "var": np.ones(4)}, True)
    dX = lab.batchnorm_backward(dY, cache)[0]
    X_hat = (X - X.mean(axis=0)) / X.std(axis=0)
    assert np.abs(dX.sum(axis=0)).max() < 1e-13
    assert np.abs((dX * X_hat).sum(axis=0)).max() < 1e-3  # 0 but for eps


@pytest.mark.parametrize("name", ["l2", "l1", "elastic_net"])
def test_gradients_of_penalties(lab, name):
    W = np.random.default_rng(3).normal(size=(3, 4))
    w = torch.from_numpy(W.copy()).requires_grad_()
    terms = {"l2": 0.3 * (w**2).sum(), "l1": 0.3 * w.abs().sum(), "elastic_net": 0.3 * (0.7 * w**2 + w.abs()).sum()}
    terms[name].backward()
    penalty, dW = getattr(lab, name)(W, 0.3, *([0.7] if name == "elastic_net" else []))
    np.testing.assert_allclose(penalty, terms[name].item(), **EXACT)
    np.testing.assert_allclose(dW, w.grad.numpy(), **EXACT)


def test_l2_is_weight_decay_for_plain_descent(lab):
    W, g = np.random.default_rng(4).normal(size=(2, 3, 4))
    w = torch.from_numpy(W.copy()).requires_grad_()
    w.grad = torch.from_numpy(g.copy())
    torch.optim.SGD([w], lr=0.1, weight_decay=2 * 0.05).step()
    np.testing.assert_allclose(W - 0.1 * (g + lab.l2(W, 0.05)[1]), w.detach().numpy(), **EXACT)


def test_dropout_backward_is_the_gradient_of_dropout_with_its_mask_fixed(lab):
    X, dY = np.random.default_rng(5).normal(size=(2, 6, 7))
    Y, mask = lab.dropout(X, 0.3, np.random.default_rng(0), True)
    x = torch.from_numpy(X.copy()).requires_grad_()
    y = x * torch.from_numpy(mask) / 0.7
    np.testing.assert_allclose(Y, y.detach().numpy(), **EXACT)
    y.backward(torch.from_numpy(dY))
    np.testing.assert_allclose(lab.dropout_backward(dY, mask, 0.3), x.grad.numpy(), **EXACT)


def test_the_starts_are_as_large_as_pytorchs(lab):
    rng, weight = np.random.default_rng(0), torch.empty(700, 300)  # (out, in)
    torch.manual_seed(0)
    glorot, he = lab.glorot_uniform(300, 700, rng), lab.he_normal(300, 700, rng)
    torch.nn.init.xavier_uniform_(weight)
    assert glorot.std() == pytest.approx(weight.std().item(), rel=0.01)
    assert np.abs(glorot).max() == pytest.approx(weight.abs().max().item(), rel=1e-3)
    torch.nn.init.kaiming_normal_(weight, mode="fan_in", nonlinearity="relu")
    assert he.std() == pytest.approx(weight.std().item(), rel=0.01)
