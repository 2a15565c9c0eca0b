"""Weights into a network, gradients and scores out of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn


def copy_params(model: nn.Module, params: Sequence[tuple[Any, Any]]) -> nn.Module:
    """Put weights written by hand, [(W, b), …] with W (inputs, outputs), into the model's nn.Linear layers, in order.

    nn.Linear keeps the transpose, (outputs, inputs). Returns the model, in the dtype of the weights. ValueError where the
    model has another number of layers, or layers of other sizes.
    """
    layers = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
    if len(layers) != len(params):
        raise ValueError(f"the weights are for {len(params)} layers, and the model has {len(layers)} nn.Linear layers that it knows of")
    with torch.no_grad():
        for layer, (W, b) in zip(layers, params, strict=True):
            W, b = torch.as_tensor(W), torch.as_tensor(b)
            if layer.weight.shape != W.T.shape or layer.bias is None:
                raise ValueError(f"a layer holds {tuple(layer.weight.shape)}, want the transpose of W {tuple(W.shape)}, and a bias")
            layer.to(W.dtype)
            layer.weight.copy_(W.T)
            layer.bias.copy_(b)
    return model


def gradients(model: nn.Module, loss_fn: Callable[..., Any], X: Any, y: Any) -> list[torch.Tensor]:
    """What autograd gives for every parameter of the model, in its order; the parameters keep no trace of it.

    Zeros stand for a parameter that the loss does not reach.
    """
    loss = loss_fn(model(X), y)
    asked = [parameter for parameter in model.parameters() if parameter.requires_grad and loss.requires_grad]
    found = torch.autograd.grad(loss, asked, materialize_grads=True) if asked else ()
    grads = dict(zip(map(id, asked), found, strict=True))
    return [grads[id(p)].detach() if id(p) in grads else torch.zeros_like(p) for p in model.parameters()]


def slopes_agree(model: nn.Module, loss_fn: Callable[..., Any], X: Any, y: Any) -> bool:
    """Whether autograd's gradient agrees with slopes measured along eight directions; for a model of float64."""
    auto = torch.cat([grad.flatten() for grad in gradients(model, loss_fn, X, y)])
    at = nn.utils.parameters_to_vector(model.parameters()).detach()

    def loss(weights: torch.Tensor) -> torch.Tensor:
        nn.utils.vector_to_parameters(weights, model.parameters())
        with torch.no_grad():
            return loss_fn(model(X), y)

    h = 1e-6  # the error is of order h² and of rounding / h
    ways = torch.randn(8, len(at), dtype=at.dtype, generator=torch.Generator().manual_seed(0))
    measured = torch.stack([(loss(at + h * way) - loss(at - h * way)) / (2 * h) for way in ways])
    loss(at)
    return torch.allclose(measured, ways @ auto, rtol=1e-5, atol=1e-7)


def predict(model: Callable[..., Any], images: Any, batch_size: int = 100) -> torch.Tensor:
    """The model's scores in evaluation mode, on the CPU, without a graph; its mode and its device stay as they are."""
    if not callable(model):
        raise TypeError(f"the model is a {type(model).__name__}, which gives no scores: the network itself is needed")
    modules, parameters = getattr(model, "modules", None), getattr(model, "parameters", None)
    modes = [(module, module.training) for module in modules()] if modules else []
    first = next(iter(parameters()), None) if parameters else None
    if isinstance(model, nn.Module):
        model.eval()
    try:
        with torch.no_grad():
            X = torch.as_tensor(images)
            X = X if first is None else X.to(first.device)
            return torch.cat([model(batch).cpu() for batch in X.split(batch_size)])
    finally:
        for module, mode in modes:
            module.training = mode
