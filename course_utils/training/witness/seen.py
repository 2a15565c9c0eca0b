"""What tensors, models and loops show when one looks: memory, device, types, graphs, gradients that were left."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from course_utils.training.weights import gradients
from course_utils.training.witness.made import seeded, weights


def after_change(make: Callable[..., Any], array: Any, device: Any) -> Any:
    """What `make(array, device)` holds after the array has been overwritten: shows whether they share memory."""
    array = array.copy()
    made = make(array, device)
    array[...] = -array - 1
    return made


def placed(make: Callable[..., Any], array: Any, device: Any) -> str:
    """The device of what `make(array, device)` gives."""
    return str(getattr(make(array, device), "device", "no device: not a tensor"))


def left_gradients(model: nn.Module) -> torch.Tensor:
    """What stands in the `grad` of the model's parameters, in one row: (parameters,); nothing, (0,), where one is None."""
    grads = [parameter.grad for parameter in model.parameters()]
    if any(grad is None for grad in grads):
        return torch.zeros(0)
    return torch.cat([grad.detach().flatten() for grad in grads])


# --- models


def hidden_layers(model: nn.Module) -> int:
    """How many layers lie in a list, tuple or dict of the model's, where a module does not look."""
    known = set(map(id, model.modules()))
    kept = (layer for module in model.modules() for value in vars(module).values() for layer in _layers_in(value))
    return len({id(layer) for layer in kept} - known)


def _layers_in(value: Any) -> Iterator[nn.Module]:
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple | set) else ():
        if isinstance(item, nn.Module):
            yield item
        else:
            yield from _layers_in(item)


def keeps_types(model: nn.Module, X: Any) -> list[bool]:
    """Whether the model gives its scores in the type of X, for bfloat16, float32 and float64; an error is no."""
    return [_type_of_scores(model.to(dtype), X.to(dtype)) is dtype for dtype in (torch.bfloat16, torch.float32, torch.float64)]


def _type_of_scores(model: nn.Module, X: Any) -> Any:
    try:
        return model(X).dtype
    except RuntimeError:  # torch mixes no types in a product
        return None


def graphs_of(model: nn.Module, X: Any) -> list[bool]:
    """Whether a graph hangs on X, on the model's first parameter, and on its scores."""
    scores = model(X)
    return [tensor.requires_grad for tensor in (X, next(model.parameters(), X), scores)]


def nudged(make: Callable[[], nn.Module], seed: int) -> nn.Module:
    """A model made from a seed, with a little noise on every parameter: a layer that starts with zeros then speaks as well."""
    generator = seeded(seed)
    model = make()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.05 * torch.randn(parameter.shape, generator=generator).to(parameter)
    return model


# --- what a loop gives and keeps


def returned(fn: Callable[..., Any], *args: Any) -> dict[str, Any]:
    """What `fn` gives, and how many losses can still be differentiated through it."""
    value = fn(*args)
    return {"value": value, "graphs": len(_losses_behind(value))}


def _losses_behind(value: Any) -> set[Any]:
    ahead = [tensor.grad_fn for tensor in (value if isinstance(value, list | tuple) else [value]) if isinstance(tensor, torch.Tensor)]
    seen: set[Any] = set()
    while ahead:
        node = ahead.pop()
        if node is not None and node not in seen:
            seen.add(node)
            ahead += [before for before, _ in node.next_functions]
    return {node for node in seen if "Loss" in node.name()}


def measured(evaluate: Callable[..., Any], model: nn.Module, loader: Any, device: Any) -> dict[str, Any]:
    """What `evaluate` gives with a loss of its own kind, and whether a graph hung on the labels, the scores or the loss."""
    seen = np.zeros(3, dtype=bool)

    def loss_fn(scores: Any, labels: Any) -> Any:
        loss = scores.square().mean()
        seen[:] |= [tensor.requires_grad for tensor in (labels, scores, loss)]
        return loss

    return {"value": evaluate(model, loader, loss_fn, device), "graphs": seen.tolist()}


def given_to_learn(fn: Callable[..., Any], model: nn.Module, *args: Any) -> dict[str, Any]:
    """What the model was given while `fn(model, *args)` ran, call by call; calls without a graph only look.

    "sizes" holds how many examples, "weights" the model's weights then, (calls, parameters).
    """
    sizes: list[int] = []
    rows = torch.zeros(0, len(weights(model)))

    def note(module: nn.Module, inputs: Any) -> None:
        nonlocal rows
        if torch.is_grad_enabled():
            sizes.append(len(inputs[0]))
            rows = torch.cat([rows.to(weights(model)), weights(model)[None]])

    with model.register_forward_pre_hook(note):
        fn(model, *args)
    return {"sizes": sizes, "weights": rows}


def slopes_at(model: nn.Module, rows: torch.Tensor, loss_fn: Callable[..., Any], X: Any, y: Any) -> torch.Tensor:
    """The loss's gradient at each row of weights, (rows, parameters); the model keeps its own."""
    twin, found = copy.deepcopy(model), []
    for row in rows:
        nn.utils.vector_to_parameters(row, twin.parameters())
        found.append(torch.cat([grad.flatten() for grad in gradients(twin, loss_fn, X, y)]))
    return torch.stack(found) if found else torch.zeros(0, rows.shape[1])
