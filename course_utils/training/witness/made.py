"""What is trained: small networks, batches and optimizers that depend on a seed and on nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

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
