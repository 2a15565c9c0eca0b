"""What a lab's notebook imports."""

from __future__ import annotations

import importlib
import sys
from typing import Any

if sys.platform == "emscripten":  # Python in a browser
    from course_utils import browser

    browser.install()

_HOMES = {
    "answer": "course_utils.asking",
    "autograd": "course_utils.pictures.autograd",
    "borrowed": "course_utils.beside",
    "charts": "course_utils.pictures.charts",
    "check": "course_utils.notebook",
    "data": "course_utils.data",
    "devices": "course_utils.training.devices",
    "diagrams": "course_utils.pictures.diagrams",
    "explore_activation": "course_utils.widgets.activation",
    "explore_autograd": "course_utils.widgets.autograd",
    "explore_boundary": "course_utils.widgets.boundary",
    "explore_broadcasting": "course_utils.widgets.broadcasting",
    "explore_crops": "course_utils.widgets.crops",
    "explore_dropout": "course_utils.widgets.dropping",
    "explore_ensemble": "course_utils.widgets.ensembles",
    "explore_filter": "course_utils.widgets.convolution",
    "explore_fit": "course_utils.widgets.fitting",
    "explore_graph": "course_utils.widgets.graph",
    "explore_learning_rate": "course_utils.widgets.learning_rate",
    "explore_loss": "course_utils.widgets.losses",
    "explore_loss_race": "course_utils.widgets.loss_race",
    "explore_minibatch": "course_utils.widgets.minibatch",
    "explore_optimizers": "course_utils.widgets.optimizers",
    "explore_perceptron": "course_utils.widgets.perceptron",
    "explore_picture": "course_utils.widgets.matrices",
    "explore_pool": "course_utils.widgets.convolution",
    "explore_schedules": "course_utils.widgets.schedules",
    "explore_search": "course_utils.widgets.search",
    "explore_shift": "course_utils.widgets.convolution",
    "explore_signals": "course_utils.widgets.signals",
    "explore_smoothing": "course_utils.widgets.smoothing",
    "explore_softmax": "course_utils.widgets.softmax",
    "explore_stopping": "course_utils.widgets.stopping",
    "explore_unbroadcast": "course_utils.widgets.autograd",
    "filters": "course_utils.pictures.filters",
    "generalising": "course_utils.pictures.generalising",
    "hint": "course_utils.asking",
    "landscapes": "course_utils.pictures.landscapes",
    "layers": "course_utils.pictures.layers",
    "losses": "course_utils.pictures.losses",
    "optimizers": "course_utils.pictures.optimizers",
    "plots": "course_utils.pictures.plots",
    "predict": "course_utils.widgets.prediction",
    "progress": "course_utils.asking",
    "review": "course_utils.asking",
    "sampling": "course_utils.pictures.sampling",
    "tables": "course_utils.pictures.tables",
    "tensors": "course_utils.pictures.tensors",
    "training": "course_utils.training",
    "tricks": "course_utils.pictures.tricks",
    "xray": "course_utils.widgets.differences",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a part of the front door when it is first asked for, so that a notebook pays only for what it uses."""
    if name not in _HOMES:
        raise AttributeError(f"module 'course_utils' has no attribute {name!r}: it offers {', '.join(__all__)}")
    try:
        module = importlib.import_module(_HOMES[name])
    except ModuleNotFoundError as error:
        from course_utils.extras import in_notebook

        sentence = in_notebook(error)
        if sentence:
            raise ModuleNotFoundError(sentence, name=error.name) from None
        raise
    value = module if _HOMES[name].endswith(f".{name}") else getattr(module, name)
    globals()[name] = value
    return value
