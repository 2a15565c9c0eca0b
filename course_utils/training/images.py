"""Images, each moved a little by its own amount."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional as F


def moved(images: Any, rng: np.random.Generator, pixels: float = 1.0, degrees: float = 5.0) -> torch.Tensor:
    """Every image shifted by up to `pixels` and turned by up to `degrees`, each by its own amount: (N, C, H, W), float32.

    Bilinear, with paper (0) beyond the edge. The work is done on the images' own device.
    """
    X = torch.as_tensor(images, dtype=torch.float32)
    angle = np.deg2rad(rng.uniform(-degrees, degrees, len(X)))
    shift = rng.uniform(-pixels, pixels, (len(X), 2)) * 2 / np.array([X.shape[3], X.shape[2]])
    ratio = X.shape[2] / X.shape[3]  # affine_grid measures both sides as 2
    rows = [np.cos(angle), -np.sin(angle) * ratio, shift[:, 0], np.sin(angle) / ratio, np.cos(angle), shift[:, 1]]
    affine = torch.tensor(np.stack(rows, axis=1).reshape(-1, 2, 3), dtype=torch.float32)  # (N, 2, 3)
    affine = affine.to(X.device)  # the images are moved where they are
    grid = F.affine_grid(affine, list(X.shape), align_corners=False)
    return F.grid_sample(X, grid, align_corners=False)
