"""What a lab on training uses around the student's own loop: weights in, scores out, progress, and where the time goes."""

from __future__ import annotations

import html
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode


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


def moved(images: Any, rng: np.random.Generator, pixels: float = 1.0, degrees: float = 5.0) -> torch.Tensor:
    """Every image shifted by up to `pixels` and turned by up to `degrees`, each by its own amount: (N, C, H, W), float32.

    Bilinear, with paper (0) beyond the edge.
    """
    X = torch.as_tensor(images, dtype=torch.float32)
    angle = np.deg2rad(rng.uniform(-degrees, degrees, len(X)))
    shift = rng.uniform(-pixels, pixels, (len(X), 2)) * 2 / np.array([X.shape[3], X.shape[2]])
    ratio = X.shape[2] / X.shape[3]  # affine_grid measures both sides as 2
    rows = [np.cos(angle), -np.sin(angle) * ratio, shift[:, 0], np.sin(angle) / ratio, np.cos(angle), shift[:, 1]]
    affine = torch.tensor(np.stack(rows, axis=1).reshape(-1, 2, 3), dtype=torch.float32)  # (N, 2, 3)
    grid = F.affine_grid(affine, list(X.shape), align_corners=False)
    return F.grid_sample(X, grid, align_corners=False)


class _Bar:
    """One line that says how far a loop is; a notebook shows it in place, as output and never on stderr."""

    def __init__(self, label: str, total: int) -> None:
        self.label, self.total, self.done, self.started = label, total, 0, time.monotonic()

    def __repr__(self) -> str:
        return f"{self.label}: {self.done} of {self.total}, {time.monotonic() - self.started:.1f} s"

    def _repr_html_(self) -> str:
        return f'<progress value="{self.done}" max="{self.total}"></progress> {html.escape(repr(self))}'


def progress(steps: Iterable[Any], label: str) -> Iterator[Any]:
    """The steps themselves, with a bar in the notebook that follows them; silent outside one."""
    steps = list(steps)
    bar, handle = _Bar(label, len(steps)), _display()
    shown = time.monotonic()
    show = handle(bar) if handle else lambda: None
    for step in steps:
        yield step
        bar.done += 1
        # ten times a second is all that an eye can use
        if bar.done == bar.total or time.monotonic() - shown > 0.1:
            shown = time.monotonic()
            show()


def _display() -> Callable[[Any], Callable[[], None]] | None:
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        return None

    def begin(bar: Any) -> Callable[[], None]:
        handle = ipython.display.display(bar, display_id=True)
        return lambda: handle.update(bar)

    return begin


def hottest(fn: Callable[[], Any], device: Any, rows: int = 6) -> list[tuple[str, float]]:
    """Where the time of `fn` goes, by torch's profiler: (operation, milliseconds by itself), the hottest first."""
    # read when the first profile starts; by default it announces each one on stderr, which nbgrader takes for a failure
    os.environ.setdefault("KINETO_LOG_LEVEL", "9")
    from torch.profiler import ProfilerActivity, profile

    on_gpu = torch.device(device).type == "cuda"
    fn()
    with profile(activities=[ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if on_gpu else [])]) as profiled:
        fn()
    spent = "self_device_time_total" if on_gpu else "self_cpu_time_total"  # microseconds
    events = [(event.key.removeprefix("aten::"), getattr(event, spent) / 1000) for event in profiled.key_averages()]
    return sorted(events, key=lambda event: -event[1])[:rows]


class _Traffic(TorchDispatchMode):
    """Counts the bytes that operations read and write: eager torch fetches every input and stores every output."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if not func.is_view:  # a view only looks at memory in another way
            self.bytes += sum(tensor.nbytes for tensor in _tensors((args, kwargs, result)))
        return result


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, dict):
        yield from _tensors(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _tensors(item)


def work_of(fn: Callable[[], Any]) -> tuple[int, int]:
    """Arithmetic operations (of matrix products and convolutions) and bytes moved, in one call of `fn`."""
    flops, traffic = FlopCounterMode(display=False), _Traffic()
    with flops, traffic:
        fn()
    return int(flops.get_total_flops()), traffic.bytes
