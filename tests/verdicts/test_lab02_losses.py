"""What lab02_losses says of decisive answers, and that its own answers are torch's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from course_utils.checking import Lab, Local, check_exercise

LAB = Lab.from_source(Path(__file__).resolve().parents[2] / "solutions" / "lab02_losses")
REFERENCE = LAB.reference
SOME = ("mse", "bce_with_logits_grad", "softmax", "empirical_loss")  # one of each kind of check
FUNCTIONS = [name for name in LAB.checks if name != "slide_errors"]
VERDICTS = {"sign", "mean", "always 0", "overflow", "factor", "nothing"}


def report(exercise, subject):
    return check_exercise(exercise, LAB.checks[exercise], Local({**REFERENCE, exercise: subject}), LAB.oracle, (11, 23))


# --- torch as the oracle


def slope_of(loss, array):
    torch = pytest.importorskip("torch")
    tensor = torch.tensor(array, requires_grad=True)
    value = loss(tensor)
    value.backward()
    return value.item(), tensor.grad.numpy()


@pytest.mark.parametrize("C", [1, 3])
def test_mse_is_torchs_times_the_number_of_outputs(C):
    torch, rng = pytest.importorskip("torch"), np.random.default_rng(2)
    y_hat, y = rng.normal(size=(2, 7, C))
    value, slope = slope_of(lambda p: C * torch.nn.functional.mse_loss(p, torch.tensor(y)), y_hat)
    assert REFERENCE["mse"](y_hat, y) == pytest.approx(value)
    assert REFERENCE["mse_grad"](y_hat, y) == pytest.approx(slope)


def test_surprise_is_torchs():
    torch, rng = pytest.importorskip("torch"), np.random.default_rng(3)
    y = (rng.random(11) < 0.5) * 1.0
    for name, peer, given in (
        ("bce", "binary_cross_entropy", rng.uniform(0.01, 0.99, size=11)),
        ("bce_with_logits", "binary_cross_entropy_with_logits", np.append(3 * rng.normal(size=8), [-1000, 1000, 40])),
    ):
        loss = getattr(torch.nn.functional, peer)
        value, slope = slope_of(lambda each, loss=loss: loss(each, torch.tensor(y)), given)
        assert REFERENCE[name](given, y) == pytest.approx(value)
        assert REFERENCE[f"{name}_grad"](given, y) == pytest.approx(slope)


@pytest.mark.parametrize("far", [1.0, 300.0])
def test_cross_entropy_is_torchs(far):
    torch, rng = pytest.importorskip("torch"), np.random.default_rng(5)
    Z, labels = far * rng.normal(size=(7, 5)), rng.integers(0, 5, size=7)
    value, slope = slope_of(lambda z: torch.nn.functional.cross_entropy(z, torch.tensor(labels)), Z)
    assert REFERENCE["cross_entropy"](Z, labels) == pytest.approx(value)
    assert REFERENCE["cross_entropy_grad"](Z, labels) == pytest.approx(slope)
    assert REFERENCE["softmax"](Z) == pytest.approx(torch.softmax(torch.tensor(Z), 1).numpy())


# --- wrong answers


def integer_buffer(Z):
    P = np.zeros_like(Z)
    P[:] = REFERENCE["softmax"](Z)
    return P


def kept_between_calls(Z, labels, cache={}):  # noqa: B006 - that is the fault
    P = cache.setdefault(np.shape(Z), REFERENCE["softmax"](Z))
    P[np.arange(len(Z)), labels] -= 1
    return P / len(Z)


WRONG = {
    "mse": [lambda y_hat, y: np.mean((y_hat - y) ** 2), lambda y_hat, y: np.mean((y_hat.reshape(-1, 1) - y.ravel()) ** 2)],
    "mse_grad": [lambda y_hat, y: (2 * (y_hat - y) / len(y)).astype(y_hat.dtype), lambda y_hat, y: 2 * (y_hat - y) / np.shape(y)[-1]],
    "bce": [lambda p, y: -np.mean(np.log(np.where(y > 0, p, 1 - p) + 1e-7)), lambda p, y: -np.log(p[y == 1]).sum() / len(y)],
    "bce_grad": [lambda p, y: (p - y) / len(y), lambda p, y: (p - y) / np.maximum(p * (1 - p), 1e-6) / len(y)],
    "bce_with_logits": [lambda z, y: np.mean(np.log1p(np.exp(np.minimum(z, 700))) - z * y)],
    "bce_with_logits_grad": [lambda z, y: (1 / (1 + np.exp(-z)) - y) / len(y)],
    "softmax": [integer_buffer, lambda Z: np.exp(Z - Z.max()) / np.exp(Z - Z.max()).sum(1, keepdims=True)],
    "cross_entropy": [lambda Z, labels: -np.mean(np.log(np.maximum(REFERENCE["softmax"](Z)[np.arange(len(Z)), labels], 1e-300)))],
    "cross_entropy_grad": [kept_between_calls],
    "accuracy": [lambda Z, labels: int(np.mean(Z.argmax(1) == labels)), lambda Z, labels: np.mean(Z[np.arange(len(Z)), labels] > 0)],
    "empirical_loss": [lambda loss, model, X, y: loss(model(X), y), lambda loss, model, X, y: np.sum(loss(*each) for each in ())],
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize(("exercise", "subject"), [(name, each) for name, some in WRONG.items() for each in some])
def test_a_slip_that_most_inputs_hide_is_seen(exercise, subject):
    assert report(exercise, subject).score < report(exercise, REFERENCE[exercise]).score


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "subject", "sentence"),
    [
        ("mse", lambda y_hat, y: np.mean((y_hat - y) ** 2), "the mean is over the examples only"),
        ("bce", lambda p, y: np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), "the sign is missing"),
        ("bce_grad", lambda p, y: (p - y) / len(p), "the slope along the score z"),
        ("bce_with_logits", lambda z, y: np.mean(np.log1p(np.exp(z)) - z * y), "overflows far to the right"),
        ("bce_with_logits_grad", lambda z, y: (1 / (1 + np.exp(-z)) - y) / len(y), "the slopes are right, but"),
        ("softmax", lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True), "shift each row first"),
        ("softmax", lambda Z: np.exp(Z - Z.max(0)) / np.exp(Z - Z.max(0)).sum(0), "the columns add up to 1"),
        (
            "cross_entropy_grad",
            lambda Z, labels: np.eye(Z.shape[1])[labels] / len(Z) - REFERENCE["softmax"](Z) / len(Z),
            "the sign is wrong",
        ),
        ("accuracy", lambda Z, labels: np.mean(Z.argmin(axis=1) == labels), "the smallest score"),
        ("empirical_loss", lambda loss, model, X, y: sum(map(loss, model(X), y)), "this is the total"),
    ],
)
def test_the_sentence_says_what_was_seen(exercise, subject, sentence):
    assert sentence in report(exercise, subject).text()


@pytest.mark.parametrize("exercise", SOME)
def test_nan_everywhere_has_no_name(exercise):
    found = report(exercise, lambda *args: REFERENCE[exercise](*args) * np.nan)
    assert found.score == 0
    assert all(verdict.mistake is None for verdict in found.verdicts)


@pytest.mark.parametrize("odd", [10**400, b"x", None, "σ"], ids=["huge", "bytes", "None", "text"])
@pytest.mark.parametrize("exercise", SOME)
def test_a_value_that_nobody_wants_is_a_wrong_kind(exercise, odd):
    found = report(exercise, lambda *args: odd)
    assert found.score == 0
    assert {verdict.outcome for verdict in found.verdicts} == {"failed"}


@pytest.mark.parametrize("exercise", FUNCTIONS)
def test_a_warning_costs_only_where_it_is_asked_for(exercise):
    def warning(*args):
        np.exp(np.array([1000.0]))
        return REFERENCE[exercise](*args)

    verdicts = [verdict for verdict in report(exercise, warning).verdicts if verdict.outcome != "passed"]
    assert [verdict.title for verdict in verdicts] == ["no warning, for any score; three, five and nine scores"] * ("logits" in exercise)


def test_a_changed_input_costs_a_tenth_once():
    def in_place(Z):
        Z[...] = REFERENCE["softmax"](Z)
        return Z

    def shifted(Z, labels):
        Z -= Z.max(axis=1, keepdims=True)
        return REFERENCE["cross_entropy"](Z, labels)

    assert report("cross_entropy", shifted).score == 12 - 1.25  # 10.8, down to a quarter
    assert "not the same after the call" in report("softmax", in_place).text()


# --- proof-reading


def test_each_line_earns_by_itself():
    right = REFERENCE["slide_errors"]
    for line, verdict in right.items():
        for other in VERDICTS - {verdict}:
            found = report("slide_errors", {**right, line: other})
            assert found.score == 8 - (1.25 if line <= 4 else 1)
            assert f"verdict on line {line}: got False" in found.text()


def test_no_verdict_at_all_is_not_attempted():
    found = report("slide_errors", dict.fromkeys(range(1, 8), ""))
    assert {verdict.outcome for verdict in found.verdicts} == {"not attempted"}


@pytest.mark.parametrize("verdict", sorted(VERDICTS))
def test_one_verdict_for_all_earns_little(verdict):
    assert report("slide_errors", dict.fromkeys(range(1, 8), verdict)).score <= 2.25


@pytest.mark.parametrize("odd", [["sign"], "sign", 7, {"one": "sign"}, {1: "minus"}, {1: None, 2: "sign"}, {1: 2}])
def test_what_is_no_table_of_verdicts_fails_and_says_so(odd):
    found = report("slide_errors", odd)
    assert found.score == 0
    assert {verdict.outcome for verdict in found.verdicts} == {"failed"}
