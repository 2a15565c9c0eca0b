"""Lab 6's optimizers and schedules beside PyTorch's: step by step, to 1e-10, on a small problem in double precision.

Where PyTorch's conventions are others, a test says which:

- momentum: there lr is multiplied outside v, so that old steps get the new rate when lr changes; here each keeps its own
- Adagrad: there eps is 1e-10 by default, here 1e-8; both stand outside the root
- RMSProp: there rho is called alpha, and is 0.99 by default
- Adadelta: there is a learning rate, 1 by default, and rho is 0.9 by default
- the cosine: there it comes back after T, here the rate stays 0
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from course_utils.checking import Lab

torch = pytest.importorskip("torch")

STEPS = 40
EXACT = {"rtol": 0, "atol": 1e-10}
rule = torch.optim
scheduler = torch.optim.lr_scheduler


@pytest.fixture(scope="module")
def lab():
    return SimpleNamespace(**Lab.from_source(Path(__file__).resolve().parents[2] / "solutions" / "lab06_optimizers").reference)


def problem(seed=0):
    """The gradient of a layer of tanh that is fitted to noise, and weights to start from."""
    rng = np.random.default_rng(seed)
    X, Y, W = rng.normal(size=(11, 5)), rng.normal(size=(11, 3)), rng.normal(size=(5, 3))

    def grad(W):
        H = np.tanh(X @ W)
        return X.T @ ((H - Y) * (1 - H**2))

    return grad, W


def rates_of(steps, lr, new_lr=None):
    """One rate all along, or another one from the middle on."""
    return [lr if step < steps // 2 or new_lr is None else new_lr for step in range(steps)]


def ours(optimizer, rates=None):
    """All weights on the way; the gradient is asked at the optimizer's own places."""
    (grad, W), trail = problem(), []
    for step in range(STEPS):
        if rates:
            optimizer.lr = rates[step]
        W = optimizer.step(W, grad(W))
        trail.append(W)
    return np.array(trail)


def theirs(make, rates=None, on_new_rate=None):
    """The same walk with an optimizer of torch."""
    (grad, W), trail = problem(), []
    weights = torch.tensor(W, requires_grad=True)
    optimizer = make([weights])
    for step in range(STEPS):
        group = optimizer.param_groups[0]
        if rates and rates[step] != group["lr"]:
            if on_new_rate:
                on_new_rate(optimizer.state[weights], group["lr"], rates[step])
            group["lr"] = rates[step]
        weights.grad = torch.tensor(grad(weights.detach().numpy()))
        optimizer.step()
        trail.append(weights.detach().numpy().copy())
    return np.array(trail)


# by exercise: arguments of ours, and torch's optimizer with the same meaning
SAME = {
    "Momentum": [
        ((0.02,), lambda w: rule.SGD(w, lr=0.02, momentum=0.9)),
        ((0.05, 0.6), lambda w: rule.SGD(w, lr=0.05, momentum=0.6)),
        ((0.05, 0.0), lambda w: rule.SGD(w, lr=0.05)),
    ],
    "Adagrad": [
        ((0.2,), lambda w: rule.Adagrad(w, lr=0.2, eps=1e-8)),
        ((0.2, 0.1), lambda w: rule.Adagrad(w, lr=0.2, eps=0.1)),
    ],
    "RMSProp": [
        ((0.02,), lambda w: rule.RMSprop(w, lr=0.02, alpha=0.9)),
        ((0.02, 0.5, 0.1), lambda w: rule.RMSprop(w, lr=0.02, alpha=0.5, eps=0.1)),
    ],
    "Adadelta": [
        ((), lambda w: rule.Adadelta(w, lr=1.0, rho=0.95)),
        ((0.6, 1e-3), lambda w: rule.Adadelta(w, lr=1.0, rho=0.6, eps=1e-3)),
    ],
    "Adam": [
        ((0.05,), lambda w: rule.Adam(w, lr=0.05)),
        ((0.05, 0.5, 0.7, 0.1), lambda w: rule.Adam(w, lr=0.05, betas=(0.5, 0.7), eps=0.1)),
        ((0.05, 0.0, 0.9), lambda w: rule.Adam(w, lr=0.05, betas=(0.0, 0.9))),
    ],
}
WITH_RATE = [name for name in SAME if name != "Adadelta"]


@pytest.mark.parametrize(("name", "case"), [(name, case) for name, cases in SAME.items() for case in range(len(cases))])
def test_every_step_is_that_of_torch(lab, name, case):
    arguments, make = SAME[name][case]
    trail = ours(getattr(lab, name)(*arguments))
    np.testing.assert_allclose(trail, theirs(make), **EXACT)
    assert np.abs(trail[-1] - problem()[1]).max() > 0.01, "nothing moved: this would compare nothing"


@pytest.mark.parametrize("name", [name for name in WITH_RATE if name != "Momentum"])
def test_a_new_rate_in_the_middle_is_that_of_torch(lab, name):
    arguments, make = SAME[name][0]
    rates = rates_of(STEPS, arguments[0], arguments[0] / 5)
    np.testing.assert_allclose(ours(getattr(lab, name)(*arguments), rates), theirs(make, rates), **EXACT)


def test_momentum_with_a_new_rate_is_not_that_of_torch(lab):
    """Until the change both agree; after it they do again when torch's v is rescaled, so that each old step keeps its rate."""
    rates, middle = rates_of(STEPS, 0.02, 0.004), STEPS // 2
    arguments, make = SAME["Momentum"][0]
    trail, other = ours(lab.Momentum(*arguments), rates), theirs(make, rates)
    np.testing.assert_allclose(trail[:middle], other[:middle], **EXACT)
    assert np.abs(trail[middle] - other[middle]).max() > 1e-3

    def keep_old_rates(state, old, new):
        state["momentum_buffer"] *= old / new

    np.testing.assert_allclose(trail, theirs(make, rates, keep_old_rates), **EXACT)


def test_defaults_that_differ_are_those_that_are_named(lab):
    """What the docstring of this module says about torch's defaults."""
    weights = [torch.zeros(1, requires_grad=True)]
    defaults = {make.__name__: make(weights).defaults for make in (rule.Adagrad, rule.RMSprop, rule.Adadelta, rule.Adam)}
    assert defaults["Adagrad"]["eps"] == pytest.approx(1e-10)
    assert lab.Adagrad(1.0).eps == pytest.approx(1e-8)
    assert defaults["RMSprop"]["alpha"] == pytest.approx(0.99)
    assert (defaults["Adadelta"]["lr"], defaults["Adadelta"]["rho"], defaults["Adadelta"]["eps"]) == pytest.approx((1, 0.9, 1e-6))
    assert (*defaults["Adam"]["betas"], defaults["Adam"]["eps"]) == pytest.approx((0.9, 0.999, 1e-8))


# --- schedules


def torch_rates(make, lr0, steps):
    """The rates that a scheduler of torch sets, from step 0 on."""
    optimizer = rule.SGD([torch.zeros(1, requires_grad=True)], lr=lr0)
    schedule, found = make(optimizer), []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


@pytest.mark.parametrize(("milestones", "factor"), [((30, 60, 90), 0.1), ((2, 5, 7), 0.5), ((), 0.3)])
def test_step_decay_is_a_multi_step_schedule(lab, milestones, factor):
    found = [lab.step_decay(0.4, epoch, milestones, factor) for epoch in range(120)]
    theirs = torch_rates(lambda o: scheduler.MultiStepLR(o, list(milestones), gamma=factor), 0.4, 120)
    np.testing.assert_allclose(found, theirs, **EXACT)


def test_linear_decay_is_a_linear_schedule_to_0(lab):
    found = [lab.linear_decay(0.4, t, 37) for t in range(80)]
    theirs = torch_rates(lambda o: scheduler.LinearLR(o, start_factor=1.0, end_factor=0.0, total_iters=37), 0.4, 80)
    np.testing.assert_allclose(found, theirs, **EXACT)


def test_cosine_decay_is_a_cosine_schedule_up_to_T(lab):
    found = [lab.cosine_decay(0.4, t, 37) for t in range(80)]
    theirs = torch_rates(lambda o: scheduler.CosineAnnealingLR(o, T_max=37), 0.4, 80)
    np.testing.assert_allclose(found[:38], theirs[:38], **EXACT)
    assert max(theirs[38:]) > 0.39, "torch's rate comes back"
    assert found[38:] == pytest.approx([0.0] * 42, abs=1e-15)


def test_inverse_sqrt_is_the_schedule_of_the_transformer(lab):
    """Vaswani et al. 2017, equation 3; its factor d^-0.5 is such that the highest rate is lr0."""
    warmup = 16

    def attention(t):
        return warmup**0.5 * min(t**-0.5, t * warmup**-1.5) if t else 0.0

    found = [lab.inverse_sqrt(0.4, t, warmup) for t in range(100)]
    np.testing.assert_allclose(found, torch_rates(lambda o: scheduler.LambdaLR(o, attention), 0.4, 100), **EXACT)


def test_cosine_restarts_are_warm_restarts(lab):
    found = [lab.cosine_restarts(0.4, t, 13) for t in range(60)]
    theirs = torch_rates(lambda o: scheduler.CosineAnnealingWarmRestarts(o, T_0=13), 0.4, 60)
    np.testing.assert_allclose(found, theirs, **EXACT)
