"""Watch a training loop from inside: how it uses device, precision and memory, beside what it returns.

Checks use these on the student's side, so that a loop is judged on any machine: `rehearse` tries a device that only
knows shapes, `epoch` counts what would make a GPU wait. Nothing here knows what is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from itertools import pairwise
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torch.utils.data import DataLoader, TensorDataset

from course_utils.training import devices

# what makes the processor wait for the device's answer
_ANSWERS: dict[str, Callable[[Any], Any]] = {
    "item": lambda tensor: tensor.item(),
    "__float__": float,
    "__int__": int,
    "__index__": int,
    "__bool__": bool,
    "__format__": str,
    "__repr__": str,
    "tolist": lambda tensor: tensor.tolist(),
    "cpu": lambda tensor: tensor.clone(),
}
# a GPU refuses these two; on a CPU they look at every number
_WAITS = {*_ANSWERS, "numpy", "__array__"}


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


# --- what is trained


CPU, META = torch.device("cpu"), torch.device("meta")
CROSS_ENTROPY, SQUARES = nn.CrossEntropyLoss(), nn.MSELoss()


def network(sizes: Sequence[int], seed: int) -> nn.Module:
    """A small float64 network with tanh between its layers; the weights depend on the seed alone."""
    layers = [part for before, after in pairwise(sizes) for part in (nn.Linear(before, after), nn.Tanh())]
    return filled(nn.Sequential(*layers[:-1]).double(), seed)


def normed(seed: int) -> nn.Module:
    """A float64 network with batch norm, whose answers show whether it is in training or in evaluation mode."""
    return filled(nn.Sequential(nn.Linear(5, 7), nn.BatchNorm1d(7), nn.Tanh(), nn.Linear(7, 3)).double(), seed)


def with_likely_labels(X: Any, seed: int) -> tuple[nn.Module, torch.Tensor, torch.Tensor]:
    """A float32 network, the images (N, 1, 3, 3) as a tensor, and of three labels the one that the network finds likeliest."""
    model = filled(nn.Sequential(nn.Flatten(), nn.Linear(9, 8), nn.Tanh(), nn.Linear(8, 3)), seed)
    images = torch.from_numpy(X)
    return model, images, model(images).detach().argmax(dim=1)


def filled(model: nn.Module, seed: int) -> nn.Module:
    """The model with every parameter drawn anew; the global random numbers stay as they are."""
    count = sum(parameter.numel() for parameter in model.parameters())
    vector = torch.from_numpy(0.6 * np.random.default_rng(seed).normal(size=count))
    nn.utils.vector_to_parameters(vector.to(next(model.parameters())), model.parameters())
    return model


def seeded(seed: int) -> torch.Generator:
    """torch's random numbers on the CPU begin anew. (torch.manual_seed would also seed the GPUs, which takes its time.)"""
    return torch.default_generator.manual_seed(seed)


def tensors(*arrays: Any) -> tuple[torch.Tensor, ...]:
    """The arrays as tensors of their types."""
    return tuple(map(torch.from_numpy, arrays))


def loader(X: Any, y: Any, size: int) -> Any:
    """A loader that keeps the order."""
    return DataLoader(TensorDataset(*tensors(X, y)), batch_size=size)


def sgd(model: nn.Module, lr: float, momentum: float = 0.0) -> Any:
    """Plain gradient descent for all parameters of a model."""
    return torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)


def weights(model: nn.Module) -> torch.Tensor:
    """All parameters in one row: (parameters,)."""
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])


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


def sizes_seen(fn: Callable[..., Any], model: nn.Module, *args: Any) -> list[int]:
    """The fewest and the most examples that the model was given at once to learn from, while `fn(model, *args)` ran."""
    sizes: list[int] = []

    def note(module: nn.Module, inputs: Any) -> None:
        if torch.is_grad_enabled():
            sizes.append(len(inputs[0]))

    with model.register_forward_pre_hook(note):
        fn(model, *args)
    return [min(sizes, default=0), max(sizes, default=0)]


# --- another device, rehearsed

PARTIES = ("inputs", "labels", "sums")
# these may take tensors of two devices
_TRAVELS = {"to", "copy_", "__setitem__", "type_as", "__set__", "__get__", "__delete__", "backward", "set_", "is_set_to"}


class _Ghost(TorchFunctionMode):
    """Lets code run on the meta device, which knows shapes and no numbers: whatever is read from it is one.

    Truth values follow from that: a loss of one is finite, and no NaN. Where tensors of two devices meet, which a GPU
    refuses, it is written down whose they are, and the code goes on as if they had met.
    """

    def __init__(self) -> None:
        super().__init__()
        self.came: set[str] = set()
        self.stayed: set[str] = set()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name, first, kwargs = getattr(func, "__name__", ""), args[0] if args else None, kwargs or {}
        if _is_meta(first):
            if name in _ANSWERS:
                return _ANSWERS[name](_imagined(first))
            if name == "to" and "cpu" in map(str, (*args[1:], *kwargs.values())):
                return _imagined(first).clone()
        elif isinstance(first, torch.Tensor) and any(map(_is_meta, args[1:])):
            if name in ("copy_", "__setitem__"):  # the only ones that a GPU's tensor may do to the CPU's
                return func(*args[:-1], torch.ones(args[-1].shape), **kwargs)
            if name.endswith("_") and not name.endswith("__"):
                self.stayed.add("sums")
                return first
        args, kwargs = self._met(name, args, kwargs)
        result = func(*args, **kwargs)
        if _is_meta(result):
            self.came |= {_party(tensor) for tensor in _tensors(args) if not tensor.is_meta}
        return _with_truth(result, func, args, kwargs)

    def _met(self, name: str, args: Any, kwargs: Any) -> Any:
        """The arguments on one device, after it was noted which of them were not."""
        tensors = list(_tensors([*args, *kwargs.values()]))
        if name in _TRAVELS or not any(map(_is_meta, tensors)):
            return args, kwargs
        picked = name == "__getitem__" and _is_meta(args[0])  # rows may be picked by an index on the CPU
        # a number of the CPU's may be added to a tensor of the device, but not be stacked with it
        astray = [] if picked else [each for each in tensors if not each.is_meta and (each.ndim or name in ("stack", "cat"))]
        self.stayed |= set(map(_party, astray))
        return (_moved(args), _moved(kwargs)) if astray else (args, kwargs)


def _is_meta(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_meta


def _party(tensor: torch.Tensor) -> str:
    """Whose tensor this is, as far as a tensor shows."""
    if not tensor.is_floating_point():
        return "labels"
    return "inputs" if tensor.ndim > 1 else "sums"


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _tensors(item)


def _mapped(value: Any, change: Callable[[torch.Tensor], Any]) -> Any:
    if isinstance(value, torch.Tensor):
        return change(value)
    if isinstance(value, dict):
        return {key: _mapped(item, change) for key, item in value.items()}
    return type(value)(_mapped(item, change) for item in value) if type(value) in (list, tuple) else value


def _moved(value: Any) -> Any:
    return _mapped(value, lambda tensor: tensor.to("meta"))


def _imagined(tensor: torch.Tensor) -> torch.Tensor:
    """What stands in for a tensor without numbers."""
    known: torch.Tensor | None = getattr(tensor, "_imagined", None)
    return torch.ones(tensor.shape, dtype=tensor.dtype) if known is None else known


def _with_truth(result: Any, func: Any, args: Any, kwargs: Any) -> Any:
    """The result; where it is about truth it remembers what it would be for ones."""
    if _is_meta(result) and (result.dtype is torch.bool or any(hasattr(tensor, "_imagined") for tensor in _tensors(list(args)))):
        with suppress(RuntimeError, TypeError):
            result._imagined = func(*_mapped(args, _imagined), **_mapped(kwargs, _imagined))
    return result


def rehearse(fn: Callable[..., Any], *args: Any) -> dict[str, Any]:
    """Call `fn` on the meta device, where what a GPU refuses can be seen; "met" tells in truth values which of PARTIES was there.

    Inputs and labels have to come from the CPU, as a batch or all at once, and the inputs have to reach the model, where one
    is among the arguments; sums may be anywhere but in the way.
    """
    ghost, asked = _Ghost(), [arg for arg in args if isinstance(arg, nn.Module)]
    with ExitStack() as stack:
        reached: list[nn.Module] = []
        for model in asked:
            stack.enter_context(model.register_forward_pre_hook(lambda module, inputs: reached.append(module)))
        _let(ghost, fn, args)
    used = ghost.came | ghost.stayed
    if asked and not any(module is model for module in reached for model in asked):
        used -= {"inputs"}  # a copy of the model is another one
    stayed = [party for party in PARTIES if party in ghost.stayed]
    unused = [party for party in PARTIES[:2] if party not in used]
    missing = [f"{what}: {', '.join(parties)}" for what, parties in (("on the CPU", stayed), ("never used", unused)) if parties]
    return {"met": [party not in stayed + unused for party in PARTIES], "words": "; ".join(missing) or "all tensors meet"}


def _let(ghost: _Ghost, fn: Callable[..., Any], args: Any) -> None:
    try:
        with ghost, _no_autocast():
            fn(*args)
    except NotImplementedError as error:
        if "meta" not in str(error).lower():
            raise
        raise RuntimeError(str(error)) from None  # torch's word for "no numbers here", not an unwritten answer


def _nothing(*args: Any, **kwargs: Any) -> Any:
    return nullcontext()


@contextmanager
def _no_autocast() -> Iterator[None]:
    """Mixed precision left out: the meta device has none."""
    with ExitStack() as stack:
        for home in (torch, torch.amp):
            stack.enter_context(mock.patch.object(home, "autocast", _nothing))
        yield


# --- an epoch, watched


class Call(NamedTuple):
    """One call of a model: the first number of every example, the type of the scores, the mode, and the weights then."""

    first: torch.Tensor
    precision: str
    training: bool
    weights: torch.Tensor


class Witness(nn.Module):
    """A model that writes down what every call of it was like, but for those without a graph: they only look."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.training = model.training
        self.calls: list[Call] = []

    def forward(self, X: Any) -> Any:
        Y = self.model(X)
        if torch.is_grad_enabled():
            # kept as tensors: turning them into numbers now would itself be a wait
            self.calls.append(Call(X.detach().flatten(1)[:, 0].clone(), str(Y.dtype), self.training, weights(self.model)))
        return Y


class _Counts(TorchFunctionMode):
    """Counts waits for the device, moves between devices (rows to pick and single numbers are light), and reads of single examples."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "")
        if name in _WAITS:
            self.counts["waits"] += 1
        elif name == "cuda" or (name == "to" and _names_a_device(*args[1:], *(kwargs or {}).values())):
            self.counts["moves"] += args[0].is_floating_point() and args[0].ndim > 1
        elif name in ("__iter__", "unbind") or (name == "__getitem__" and isinstance(args[1], int | np.integer)):
            self.counts["single reads"] += 1
        return func(*args, **(kwargs or {}))


def _names_a_device(*args: Any) -> bool:
    return any(isinstance(arg, str | torch.device) or type(arg) is int for arg in args)


def _pays(device: Any) -> bool:
    return True


def epoch(
    train: Callable[..., Any], model: nn.Module, images: Any, labels: Any, batch_size: int, lr: float = 0.1, seed: int = 0
) -> dict[str, Any]:
    """Run `train(model, images, labels, optimizer, batch_size, device)` on the CPU as if mixed precision paid there, and watch it.

    "seen" holds, batch by batch, the first pixel of every image; "waits", "moves" and "single reads" are counts; "steps"
    tells whether the weights had changed before each batch and after the last. A batch that is seen twice in a row counts once.
    """
    witness, counting = Witness(model), _Counts()
    before, optimizer = weights(model), sgd(model, lr)
    seeded(seed)
    with mock.patch.object(devices, "mixed", _pays), counting:
        loss = train(witness, images, labels, optimizer, batch_size, CPU)
    calls = witness.calls[:1] + [call for last, call in pairwise(witness.calls) if not torch.equal(last.first, call.first)]
    changing = [before, *(call.weights for call in calls), weights(model)]
    return {
        "loss": loss,
        "seen": [call.first.tolist() for call in calls],
        "precision": [call.precision for call in calls],
        "training": all(call.training for call in calls),
        "steps": [not torch.equal(old, new) for old, new in pairwise(changing)],
        **{name: counting.counts[name] for name in ("waits", "moves", "single reads")},
    }
