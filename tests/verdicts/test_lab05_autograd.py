"""What lab 5 says of answers that decide something, and torch as the judge of its references."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from course_utils import nodes
from course_utils.checking import Lab, Local, check_exercise

ROOT = Path(__file__).resolve().parents[2]


@functools.cache
def lab() -> Lab:
    return Lab.from_source(ROOT / "solutions" / "lab05_autograd")


@functools.cache
def others() -> ModuleType:
    """Right answers in other ways: parts of them are made wrong here."""
    spec = importlib.util.spec_from_file_location("equivalents_of_lab05", ROOT / "tests" / "equivalents" / "lab05_autograd.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report_on(exercise: str, answer: Any) -> Any:
    return check_exercise(exercise, lab().checks[exercise], Local({**lab().reference, exercise: answer}), lab().oracle, lab().seeds)


# --- torch agrees with the references


@pytest.mark.parametrize(
    "text",
    [
        "a + b",
        "a * b",
        "a - b",
        "a / b",
        "-a",
        "a ** 3",
        "b ** -2",
        "b ** 0.5",
        "a ** 0",
        "2 - a",
        "2.5 / a",
        "a.exp()",
        "a.tanh()",
        "a.relu()",
        "a * a + b * a",
        "(a * b - 2 / (a + 3)).tanh() * (b - a).relu() + (b * 0.5).exp() ** 2",
    ],
)
def test_value_agrees_with_torch(text: str) -> None:
    torch = pytest.importorskip("torch")
    numbers = {"a": -0.7, "b": 1.3}
    tensors = {name: torch.tensor(number, dtype=torch.float64, requires_grad=True) for name, number in numbers.items()}
    wanted = eval(text, {}, tensors)
    wanted.backward()
    found, leaves = nodes.evaluated(lab().reference["Value"], text, numbers)
    lab().reference["backward"](found)
    assert found.data == pytest.approx(wanted.item(), rel=1e-12)
    for name, tensor in tensors.items():
        assert leaves[name].grad == pytest.approx(0.0 if tensor.grad is None else tensor.grad.item(), rel=1e-12)


def test_a_second_call_adds_up_in_the_leaves_as_in_torch() -> None:
    torch = pytest.importorskip("torch")
    x = torch.tensor(1.5, dtype=torch.float64, requires_grad=True)
    h = x * x
    for result in (h.exp(), h * 3):
        result.backward(retain_graph=True)
    Value, backward = lab().reference["Value"], lab().reference["backward"]
    mine = Value(1.5)
    shared = mine * mine
    for result in (shared.exp(), shared * 3):
        backward(result)
    assert mine.grad == pytest.approx(x.grad.item(), rel=1e-12)


@pytest.mark.parametrize(
    ("shape", "of"), [((3,), (5, 3)), ((5, 1), (5, 3)), ((), (2, 3)), ((1, 3), (7, 5, 3)), ((1, 1), (5, 1)), ((1,), (4, 1))]
)
def test_unbroadcast_agrees_with_torch(shape: tuple[int, ...], of: tuple[int, ...]) -> None:
    torch = pytest.importorskip("torch")
    grad = np.random.default_rng(0).normal(size=of)
    x = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    torch.broadcast_to(x, of).backward(torch.from_numpy(grad))
    np.testing.assert_allclose(lab().reference["unbroadcast"](grad, shape), x.grad.numpy(), rtol=1e-12)


def test_the_network_agrees_with_torch() -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(1)
    sizes = {"W1": (2, 3), "b1": (3,), "W2": (3, 2), "b2": (2,)}
    params = {name: rng.normal(size=size) for name, size in sizes.items()}
    X, Y = rng.normal(size=(5, 2)), rng.normal(size=(5, 2))
    tensors = {name: torch.from_numpy(array.copy()).requires_grad_() for name, array in params.items()}
    hidden = torch.sigmoid(torch.from_numpy(X) @ tensors["W1"] + tensors["b1"])
    ((hidden @ tensors["W2"] + tensors["b2"] - torch.from_numpy(Y)) ** 2).sum().div(5).backward()
    found = lab().reference["two_layer_with_values"](X, Y, params)
    for name, tensor in tensors.items():
        np.testing.assert_allclose(found[name], tensor.grad.numpy(), rtol=1e-11, atol=1e-14)


# --- right answers that a check could mistake


def test_parents_in_a_set_and_a_whole_zero_are_no_mistake() -> None:
    assert report_on("Value", others().Micrograd).passed


def test_the_number_of_values_in_an_expression_is_free() -> None:
    assert report_on("Value", others().ComposedTanh).passed
    assert report_on("Value", others().Constants).passed


@pytest.mark.parametrize("order", ["order_kahn_from_root", "order_iterative", "order_by_library"])
def test_any_right_order_passes(order: str) -> None:
    assert report_on("topological_order", getattr(others(), order)).passed


# --- wrong answers: what they lose and what they are told


@pytest.mark.stress
def test_a_wrong_value_costs_its_own_points_only() -> None:
    class Overwriting(others().WithSlopes):  # type: ignore[misc]
        def _backward(self) -> None:
            for parent, slope in zip(self.parents, self.slopes, strict=False):
                parent.grad = slope * self.grad

    report = report_on("Value", Overwriting)
    assert 0 < report.score < report.max_score
    assert "overwritten with =" in report.text()
    for exercise in ("topological_order", "backward"):
        names = {**lab().reference, "Value": Overwriting}
        assert check_exercise(exercise, lab().checks[exercise], Local(names), lab().oracle, lab().seeds).passed


def test_a_shape_that_was_handed_over_is_shown() -> None:
    text = report_on("unbroadcast", lambda grad, shape: grad).text()
    assert "shape (5,)" in text or "shape (3,)" in text or "shape (1," in text, text
    assert "results" not in text


def test_a_missing_reflected_form_is_told_with_its_operation() -> None:
    class OneSided(others().WithSlopes):  # type: ignore[misc]
        def __rsub__(self, other: Any) -> Any:
            return NotImplemented

    report = report_on("Value", OneSided)
    failed = [verdict.title for verdict in report.verdicts if verdict.outcome == "failed"]
    assert "a plain number on the left" in failed
    assert "a plain number on the right" not in failed
    assert "unsupported operand" in report.text()


def test_an_operation_without_return_is_told_so() -> None:
    class Silent(others().WithSlopes):  # type: ignore[misc]
        def exp(self) -> None:
            super().exp()

    assert "no Value: is there a return" in report_on("Value", Silent).text()


def test_order_before_its_parents_is_named() -> None:
    def before(root: Any) -> list[Any]:
        order: list[Any] = []

        def visit(value: Any) -> None:
            if value not in order:
                order.append(value)
                for parent in value.parents:
                    visit(parent)

        visit(root)
        return order

    report = report_on("topological_order", before)
    assert report.score < report.max_score / 3
    assert "first visit the parents, then append" in report.text()


def test_an_order_without_memory_of_visits_is_named() -> None:
    def repeated(root: Any) -> list[Any]:
        return [value for parent in root.parents for value in repeated(parent)] + [root]

    assert "nobody remembers which ones were visited" in report_on("topological_order", repeated).text()


def test_sorting_by_data_is_no_order() -> None:
    def by_data(root: Any) -> list[Any]:
        return sorted(lab().reference["topological_order"](root), key=lambda value: value.data)

    report = report_on("topological_order", by_data)
    assert report.score < report.max_score / 2


def test_micrograds_backward_is_told_of_the_second_call_only() -> None:
    def as_in_micrograd(root: Any) -> None:
        root.grad = 1.0
        for value in reversed(lab().reference["topological_order"](root)):
            value._backward()

    report = report_on("backward", as_in_micrograd)
    assert report.max_score - 4 < report.score < report.max_score
    assert "a second call sends the first one's parts again" in report.text()


def test_walking_every_path_is_seen_in_a_diamond() -> None:
    def walk(value: Any) -> None:
        value._backward()
        for parent in value.parents:
            walk(parent)

    def path_by_path(root: Any) -> None:
        for value in lab().reference["topological_order"](root):
            value.grad = 0.0 if value.parents else value.grad
        root.grad = 1.0
        walk(root)

    report = report_on("backward", path_by_path)
    assert "each walk sends all that came before once more" in report.text()


def test_axes_that_had_length_one_from_the_start_do_not_matter() -> None:
    def by_difference(grad: Any, shape: Any) -> Any:
        padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
        return grad.sum(axis=tuple(i for i in range(grad.ndim) if padded[i] != grad.shape[i])).reshape(shape)

    assert report_on("unbroadcast", by_difference).passed
    assert not report_on("unbroadcast", lambda grad, shape: grad.sum(axis=0)).passed


def test_zeros_for_all_gradients_earn_nothing() -> None:
    report = report_on("two_layer_with_values", lambda X, Y, params: {name: np.zeros(array.shape) for name, array in params.items()})
    assert report.score == 0
