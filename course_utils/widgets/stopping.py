"""`explore_stopping(EarlyStopping, losses)`: where the student's own class stops on a noisy curve, and which epoch it keeps."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, label, line, panel, points, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Slider
from course_utils.widgets.subjects import WAITING

PATIENCE = Slider("patience", 1, 40, start=3, steps=40, label="patience", play=True)
DELTA = Slider("min_delta", 0.0, 0.2, start=0.0, steps=21, label="min_delta")


def explore_stopping(EarlyStopping: Callable[..., Any] | None, losses: Sequence[float]) -> Explorer:
    """The validation losses (K,), where the student's class stops, and the epoch that its `best` is of. Turn both knobs."""
    return Explorer(_drawing(EarlyStopping, np.asarray(losses, dtype=float)), [PATIENCE, DELTA], label="where to stop")


def _drawing(EarlyStopping: Callable[..., Any] | None, curve: np.ndarray) -> Callable[..., list[Element]]:
    epochs = np.arange(1, len(curve) + 1)
    lowest = int(np.argmin(curve)) + 1
    top = float(np.max(curve)) * 1.05
    raw = [
        panel("the validation loss", (1, len(curve)), (0, top), "epoch", "loss", whole=True),
        line(epochs, curve, role="muted", width=1.5),
        points(lowest, curve[lowest - 1], role="reference", marker="circle", size=7),
        label("lowest", lowest, curve[lowest - 1] - 0.07 * top, role="reference"),
    ]

    @functools.cache
    def stopped(patience: int, min_delta: float) -> tuple[int, int] | None:
        """The epoch at which it stops, 0 for never, and the epoch whose parameters it keeps, 0 for none."""
        try:
            if EarlyStopping is None:
                return None
            stopping = EarlyStopping(patience, min_delta)
            epoch, here = 0, {"epoch": np.zeros(1)}
            for epoch, loss in enumerate(curve, start=1):
                here["epoch"][...] = epoch  # in place, as training does it
                if stopping.update(float(loss), here):
                    return epoch, _kept(stopping)
            return 0, _kept(stopping)
        except NotImplementedError:
            return None

    def draw(patience: float, min_delta: float) -> list[Element]:
        found = stopped(round(patience), float(min_delta))
        if found is None:
            return [*raw, label(WAITING, len(curve) / 2, top / 2, role="muted", size=14), say(f"Not written yet: {WAITING}.")]
        stop, kept = found
        last = stop or len(curve)
        said = f"stops after epoch {stop}" if stop else "never stops"
        best = f"best is of epoch {kept}: loss {curve[kept - 1]:.3f}" if 0 < kept <= len(curve) else "there is no best"
        marks = [points(kept, curve[kept - 1], role="forward", marker="diamond", size=7)] if 0 < kept <= len(curve) else []
        return [
            *raw,
            line(epochs[:last], curve[:last], role="gradient", width=2),
            line([last, last], [0, top], role="highlight", dash="dotted" if stop else "dashed", width=1.6),
            *marks,
            say(
                f"Patience {round(patience)}, min_delta {min_delta:.2f}: it {said}; {best}. "
                f"The lowest is {curve[lowest - 1]:.3f}, epoch {lowest}."
            ),
        ]

    return draw


def _kept(stopping: Any) -> int:
    """The epoch of the parameters in `best`; 0 where there are none."""
    best = getattr(stopping, "best", None)
    try:
        return round(float(np.asarray(best["epoch"]).ravel()[0]))  # type: ignore[index]
    except (TypeError, KeyError, IndexError, ValueError):
        return 0
