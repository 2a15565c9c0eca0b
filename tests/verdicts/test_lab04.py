"""What lab 4 says of answers that a class or a reader has given: right ones keep their points, wrong ones hear what was seen."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from course_utils.checking import Lab, Local, check_exercise

FOLDER = Path(__file__).resolve().parents[2] / "solutions" / "lab04_backprop"


@functools.cache
def lab():
    return Lab.from_source(FOLDER)


def report_on(exercise, answer):
    return check_exercise(exercise, lab().checks[exercise], Local({**lab().reference, exercise: answer}), lab().oracle, lab().seeds)


def affine_with_relu(X, W, b):
    return np.maximum(X @ W + b, 0)


def backward_averaged(dY, X, W):
    return dY @ W.T, X.T @ dY / len(X), dY.sum(axis=0)


def two_layers(X, Y, params, slope=lambda H: H * (1 - H), over_examples=np.sum):
    H = expit(X @ params["W1"] + params["b1"])
    error = H @ params["W2"] + params["b2"] - Y
    dY = 2 * error / len(X)
    dZ = dY @ params["W2"].T * slope(H)
    grads = {"W1": X.T @ dZ, "b1": over_examples(dZ, axis=0), "W2": H.T @ dY, "b2": over_examples(dY, axis=0)}
    return np.sum(error**2) / len(X), grads


def test_an_affine_layer_with_relu_loses_its_own_points():
    report = report_on("affine", affine_with_relu)
    assert report.score == 0
    assert report.max_score == 6
    assert "negative scores are cut off, as ReLU does" in report.text()


def test_a_layer_that_averages_is_told_so():
    report = report_on("affine_backward", backward_averaged)
    assert {verdict.mistake for verdict in report.verdicts if verdict.outcome != "passed"} == {
        "dW is divided by the batch size: the loss is a mean already"
    }


def made_with_a_layer_that_averages(X, Y, params):
    loss, grads = two_layers(X, Y, params)
    return loss, {**grads, "W1": grads["W1"] / len(X), "W2": grads["W2"] / len(X)}


def without_slope_and_with_mean_biases(X, Y, params):
    return two_layers(X, Y, params, slope=np.ones_like, over_examples=np.mean)


@pytest.mark.parametrize("answer", [made_with_a_layer_that_averages, without_slope_and_with_mean_biases])
def test_a_right_loss_is_not_blamed(answer):
    report = report_on("two_layer_loss", answer)
    assert 0 < report.score < report.max_score
    about_the_loss = [mistake.sentence for mistake in lab().mistakes["two_layer_loss"] if mistake.sentence.startswith("the loss ")]
    assert about_the_loss
    assert not [sentence for sentence in about_the_loss if sentence in report.text()]


def test_right_numbers_with_changed_parameters_lose_a_tenth_once():
    def folding(X, Y, params):
        found = two_layers(X, Y, params)
        params["b2"] += params["b1"] @ params["W2"]
        return found

    report = report_on("two_layer_loss", folding)
    assert report.score == report.max_score - 2.25
    assert report.text().count("the argument params is not the same after the call") == 1


def test_a_gate_that_opens_late_is_seen_near_the_corner():
    report = report_on("relu_backward", lambda dH, Z: dH * (Z > 0.1))
    assert report.score < report.max_score
    assert "a gate is shut where Z is small and positive" in report.text()


@pytest.mark.parametrize("epsilon", [1e-8, 1e-12, 1e-15])
def test_a_guarded_logarithm_is_named_whatever_the_guard(epsilon):
    def guarded(X, labels, params):
        _, grads = lab().reference["mlp_loss"](X, labels, params)
        for W, b in params[:-1]:
            X = np.maximum(X @ W + b, 0)
        Z = X @ params[-1][0] + params[-1][1]
        p = np.exp(Z - Z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        return -np.mean(np.log(p[np.arange(len(X)), labels] + epsilon)), grads

    report = report_on("mlp_loss", guarded)
    assert report.score < report.max_score
    assert "the loss stops growing where the scores become large" in report.text()


def test_an_iterator_is_no_list_and_the_report_says_so():
    def zipped(X, labels, params, lr, steps):
        after = lab().reference["train"](X, labels, params, lr, steps)
        return zip(*zip(*after, strict=True), strict=True)

    report = report_on("train", zipped)
    assert report.score == 0
    assert "W of layer 2 is an object of type zip, expected an array of shape (5, 3)" in report.text()


def test_torch_is_switched_off_as_the_lab_says():
    pytest.importorskip("torch")

    def with_torch(dH, Z):
        import torch

        return (torch.tensor(dH) * torch.sigmoid(torch.tensor(Z))).numpy()

    report = report_on("sigmoid_backward", with_torch)
    assert report.score == 0
    assert "torch is switched off while it is checked" in report.text()
