"""Exercises that are to be done by hand do not get their gradients from torch."""

import sys

import numpy as np
import pytest
import torch

from course_utils.checking import Local
from course_utils.checking.by_hand import REFUSAL


def by_backward(x):
    t = torch.tensor(x, requires_grad=True)
    (t * t).sum().backward()
    return t.grad.numpy()


def by_grad(x):
    t = torch.tensor(x, requires_grad=True)
    return torch.autograd.grad((t * t).sum(), t)[0].numpy()


def by_func(x):
    return torch.func.grad(lambda t: (t * t).sum())(torch.tensor(x)).numpy()


def by_import(x):
    import torch as library

    return by_backward(x) + 0 * library.ones(1).numpy()


def without_a_gradient(x):
    return torch.add(torch.tensor(x), torch.tensor(x)).numpy()


def by_hand(x):
    return 2 * x


@pytest.mark.parametrize("subject", [by_backward, by_grad, by_func, by_import, without_a_gradient])
def test_torch_is_refused_and_comes_back(subject):
    session = Local({"subject": subject})
    ref = session.lookup("subject").value
    assert session.perform("call", ref, (np.arange(3.0),), {}, by_hand=True).raised.message == REFUSAL
    assert session.perform("call", ref, (np.arange(3.0),), {}).value.tolist() == [0.0, 2.0, 4.0]
    assert sys.modules["torch"] is torch


def test_numpy_goes_through():
    session = Local({"subject": by_hand})
    reply = session.perform("call", session.lookup("subject").value, (np.arange(3.0),), {}, by_hand=True)
    assert reply.value.tolist() == [0.0, 2.0, 4.0]
