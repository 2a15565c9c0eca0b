"""Explorers of a convolutional network: a filter that slides, who won the pool, and what a shift does to two readers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, handle, heat, image, label, line, panel, polygon, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Choice, Knob, Point, Slider
from course_utils.widgets.subjects import WAITING, NotWritten, trial

SIDE = 8  # pixels of the small picture
KERNELS = {
    "vertical edges": np.array([[-1.0, 0, 1]] * 3),
    "horizontal edges": np.array([[-1.0, 0, 1]] * 3).T,
    "mean": np.full((3, 3), 1 / 9),
}
REACH = 6  # pixels that a digit is moved to each side


def _small_picture() -> np.ndarray:
    """A bright square with a dark corner."""
    picture = np.zeros((SIDE, SIDE))
    picture[2:7, 2:6] = 9
    picture[5:7, 2:4] = 3
    return picture


def _frame(left: float, top: float, wide: float, high: float, role: str) -> Element:
    x, y = np.array([0, wide, wide, 0, 0]) + left, np.array([0, 0, high, high, 0]) + top
    return line(x, y, role=role, width=2.5)


def explore_filter(conv2d: Callable[..., Any] | None = None) -> Explorer:
    """Drag a window of 3 x 3 over a small picture: the products, their sum, and the student's map.

    conv2d: a function of (X, W, b, stride), with X (1, 1, 8, 8) and W (1, 1, 3, 3).
    """
    picture = _small_picture()

    @functools.cache
    def whole(kernel: str, stride: int) -> np.ndarray | None:
        places = (SIDE - 3) // stride + 1
        try:
            W, b = KERNELS[kernel][None, None].copy(), np.zeros(1)
            return np.asarray(trial(conv2d, picture[None, None].copy(), W, b, stride, want=np.zeros((1, 1, places, places))), dtype=float)[
                0, 0
            ]
        except NotWritten:
            return None

    def draw(kernel: str, stride: int, corner: tuple[float, float]) -> list[Element]:
        column, row = (round(place) for place in corner)
        found = whole(kernel, stride)
        on_the_way = row % stride == 0 and column % stride == 0
        piece = picture[row : row + 3, column : column + 3]
        return [
            *_numbers("the picture: drag the window", picture, 9),
            _frame(column - 0.5, row - 0.5, 3, 3, "highlight"),
            handle("corner", column, row, hollow=True),
            *_products(piece, KERNELS[kernel]),
            *_map(found, row, column, stride),
            say(_sentence(piece, KERNELS[kernel], found, (row, column), stride, on_the_way)),
        ]

    most = float(SIDE - 3)
    corner = Point("corner", (0.0, most), (0.0, most), start=(4.0, 2.0), steps=(SIDE - 2, SIDE - 2), label="window")
    knobs: list[Knob] = [Choice("kernel", list(KERNELS), "vertical edges", label="filter"), Choice("stride", [1, 2], 1), corner]
    return Explorer(draw, knobs, label="a filter that slides", height=280)


def _numbers(title: str, matrix: np.ndarray, top: float) -> list[Element]:
    rows, columns = matrix.shape
    spans = (-0.5, columns - 0.5), (-0.5, rows - 0.5)
    drawing = [panel(title, spans[0], spans[1][::-1], equal=True, bare=True), image(255 - 90 * matrix / top, *spans)]
    for (i, j), value in np.ndenumerate(matrix):
        drawing.append(label(f"{value:.0f}".replace("-", "−"), j, i, size=12))
    return drawing


def _products(piece: np.ndarray, kernel: np.ndarray) -> list[Element]:
    drawing = [panel("window · filter", (-0.5, 2.5), (2.5, -0.5), equal=True, bare=True, wide=0.8)]
    drawing += [line([k - 0.5] * 2, [-0.5, 2.5], role="muted", width=1) for k in range(4)]
    drawing += [line([-0.5, 2.5], [k - 0.5] * 2, role="muted", width=1) for k in range(4)]
    for (i, j), value in np.ndenumerate(piece):
        weight = kernel[i, j]
        words = f"{value:.0f} · {weight:.2g}".replace("-", "−")
        drawing.append(label(words, j, i, role="forward" if weight > 0 else "gradient" if weight < 0 else "muted", size=11))
    return drawing


def _map(found: np.ndarray | None, row: int, column: int, stride: int) -> list[Element]:
    places = (SIDE - 3) // stride + 1
    spans = (-0.5, places - 0.5), (-0.5, places - 0.5)
    drawing = [panel("your map, up to here", spans[0], spans[1][::-1], equal=True, bare=True)]
    if found is None:
        return [*drawing, label(WAITING, (places - 1) / 2, (places - 1) / 2, role="muted", size=13)]
    i, j = np.indices(found.shape)
    filled = (i * stride < row) | ((i * stride == row) & (j * stride <= column))
    drawing.append(heat(np.where(filled, found, 0.0), *spans, limit=float(np.abs(found).max()), smooth=False, strength=0.5))
    for (i, j), value in np.ndenumerate(found):
        drawing.append(label(f"{value:.3g}".replace("-", "−") if filled[i, j] else "·", j, i, size=12))
    if row % stride == 0 and column % stride == 0 and row // stride < places and column // stride < places:
        drawing.append(_frame(column // stride - 0.5, row // stride - 0.5, 1, 1, "highlight"))
    return drawing


def _sentence(piece: np.ndarray, kernel: np.ndarray, found: np.ndarray | None, at: tuple[int, int], stride: int, on_the_way: bool) -> str:
    total = float(np.sum(piece * kernel))
    said = f"Row {at[0]}, column {at[1]}: the products add up to {total:.3g}".replace("-", "−")
    if found is None:
        return f"{said}. Your map: {WAITING}."
    places = tuple(place // stride for place in at)
    if not on_the_way or max(places) >= len(found):
        return f"{said}, but a stride of {stride} does not come to this place."
    mine = float(found[places])
    verdict = "✓" if abs(mine - total) < 1e-6 else "✗ differs"
    return f"{said}; your map has {mine:.3g} there {verdict}.".replace("-", "−")


# --- pooling


_MAPS = {
    "ties": np.array([[1, 5, 2, 2, 9, 0, 3], [3, 0, 4, 1, 9, 2, 3], [8, 1, 7, 7, 6, 6, 1], [2, 3, 0, 7, 6, 6, 5], [4, 4, 1, 0, 2, 2, 2]]),
    "no ties": np.array(
        [[1, 5, 2, 8, 9, 0, 3], [3, 0, 4, 1, 7, 2, 6], [8, 1, 7, 5, 6, 4, 1], [2, 3, 0, 9, 5, 8, 5], [4, 6, 1, 0, 2, 3, 7]]
    ),
}
_MAPS["negative"] = _MAPS["no ties"] - 12


def explore_pool(max_pool: Callable[..., Any] | None = None, max_pool_backward: Callable[..., Any] | None = None) -> Explorer:
    """Choose a map and a size: what max_pool, the student's, keeps, and which entries get the gradient from max_pool_backward."""

    def asked(matrix: np.ndarray, size: int) -> tuple[np.ndarray | None, np.ndarray | None]:
        X = matrix[None, None].astype(float)
        shape = (1, 1, matrix.shape[0] // size, matrix.shape[1] // size)
        caches: list[Any] = []

        def first(X: np.ndarray, size: int) -> Any:
            Y, cache = max_pool(X, size) if max_pool else (None, None)
            caches.append(cache)
            return Y

        Y = dX = None
        try:
            name = getattr(max_pool, "__name__", "max_pool")
            Y = np.asarray(trial(first if max_pool else None, X.copy(), size, want=np.zeros(shape), name=name), dtype=float)[0, 0]
            found = trial(max_pool_backward, np.ones(shape), caches[0], want=X)
            dX = np.asarray(found, dtype=float)[0, 0]
        except NotWritten:
            pass
        return Y, dX

    def draw(numbers: str, size: int) -> list[Element]:
        matrix = _MAPS[numbers]
        Y, dX = asked(matrix, size)
        return [*_windows(matrix, size, dX), *_kept(matrix, size, Y), say(_winners(matrix, size, Y, dX))]

    return Explorer(draw, [Choice("numbers", list(_MAPS), "ties"), Choice("size", [2, 3], 2)], label="which entry won", height=260)


def _windows(matrix: np.ndarray, size: int, dX: np.ndarray | None) -> list[Element]:
    drawing = _numbers("X, and where your gradient goes", matrix * 0.0, 9)[:2]
    for (i, j), value in np.ndenumerate(matrix):
        won = dX is not None and dX[i, j] != 0
        if won:
            drawing.append(
                polygon(j + np.array([-0.5, 0.5, 0.5, -0.5]), i + np.array([-0.5, -0.5, 0.5, 0.5]), role="gradient", strength=0.4)
            )
        drawing.append(label(f"{value:.0f}".replace("-", "−"), j, i, size=14))
    rows, columns = (side // size for side in matrix.shape)
    frames = [_frame(j * size - 0.5, i * size - 0.5, size, size, "forward") for i in range(rows) for j in range(columns)]
    return [*drawing, *frames]


def _kept(matrix: np.ndarray, size: int, Y: np.ndarray | None) -> list[Element]:
    rows, columns = (side // size for side in matrix.shape)
    drawing = [panel("Y, yours", (-0.5, columns - 0.5), (rows - 0.5, -0.5), equal=True, bare=True, wide=0.6)]
    if Y is None:
        return [*drawing, label(WAITING, (columns - 1) / 2, (rows - 1) / 2, role="muted", size=13)]
    drawing += [_frame(j - 0.5, i - 0.5, 1, 1, "forward") for i in range(rows) for j in range(columns)]
    return [*drawing, *(label(f"{value:.3g}".replace("-", "−"), j, i, size=16) for (i, j), value in np.ndenumerate(Y))]


def _winners(matrix: np.ndarray, size: int, Y: np.ndarray | None, dX: np.ndarray | None) -> str:
    rows, columns = (side // size for side in matrix.shape)
    left = matrix.size - rows * columns * size * size
    said = f"{rows * columns} windows of {size} × {size}; {left} entries are left over"
    if Y is None or dX is None:
        return f"{said}. Your gradient: {WAITING}."
    return f"{said}. Your gradient goes to {np.count_nonzero(dX)} entries, and adds up to {dX.sum():.3g}.".replace("-", "−")


# --- shifts


def explore_shift(readers: Mapping[str, Callable[[np.ndarray], Any]], digit: np.ndarray, answer: int) -> Explorer:
    """Move a digit (28, 28): the ten scores that each of the readers, functions of pictures (N, 28, 28), gives it."""
    frame = np.pad(digit, REACH)
    shifts = [(down, right) for down in range(-REACH, REACH + 1) for right in range(-REACH, REACH + 1)]

    def there(down: int, right: int) -> np.ndarray:
        return frame[REACH - down : REACH - down + 28, REACH - right : REACH - right + 28]

    @functools.cache
    def scores(name: str) -> dict[tuple[int, int], np.ndarray]:
        pictures = np.stack([there(*shift) for shift in shifts])
        return dict(zip(shifts, np.asarray(readers[name](pictures), dtype=float), strict=True))

    def draw(right: float, down: float) -> list[Element]:
        shift = (round(down), round(right))
        spans = (-0.5, 27.5), (-0.5, 27.5)
        drawing = [
            panel("the digit, moved", spans[0], spans[1][::-1], equal=True, bare=True, wide=0.8),
            image(255 - 255 * there(*shift), *spans),
        ]
        said = []
        for name in readers:
            found = scores(name)[shift]
            best = int(np.argmax(found))
            said.append(f"{name}: {best} {'✓' if best == answer else '✗'}")
            drawing += _scores(name, found, answer)
        words = f"{abs(shift[1])} {'right' if shift[1] >= 0 else 'left'}, {abs(shift[0])} {'down' if shift[0] >= 0 else 'up'}."
        return [*drawing, say(f"{words} They read {'; '.join(said)}.")]

    knobs = [
        Slider("right", -REACH, REACH, start=0, steps=2 * REACH + 1, label="right"),
        Slider("down", -REACH, REACH, start=0, steps=2 * REACH + 1, label="down"),
    ]
    return Explorer(draw, knobs, label="a digit on the move", height=260)


def _scores(name: str, found: np.ndarray, answer: int) -> list[Element]:
    """A bar for each digit; the right one and the largest have a role."""
    drawing = [panel(name, (-0.7, 9.7), (-0.6, 1.3), "digit", "score", whole=True)]
    best = int(np.argmax(found))
    for digit, score in enumerate(np.clip(found, -0.6, 1.3)):
        x = digit + np.array([-0.35, 0.35, 0.35, -0.35])
        role = "reference" if digit == answer else "gradient" if digit == best else "muted"
        drawing.append(polygon(x, np.array([0, 0, score, score]), role=role, strength=0.7))
    return drawing
