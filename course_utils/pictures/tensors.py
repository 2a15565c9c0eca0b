"""Pictures of tensors: a photograph as matrices, what features look like, batches, piles of data, and what a model predicts.

Like `plots`, every picture survives a function that is not written yet: the panel says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.pictures.plots import FORWARD, GRADIENT, HIGHLIGHT, INK, REFERENCE, Picture, attempt, computed, note, panels, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("red", "green", "blue")
PIECE = 8  # dots along a side of the pieces in which patterns are looked for


def _show(ax: Axes, image: Any, **look: Any) -> None:
    """A picture without axes; one number for a dot is a grey from 0 to 255."""
    look = {"interpolation": "nearest", **look} if np.ndim(image) == 3 else {"cmap": "gray", "vmin": 0, "vmax": 255, **look}
    ax.imshow(image, **look)
    ax.set_axis_off()


def _grid(titles: Sequence[str], columns: int, size: tuple[float, float], gap: tuple[float, float] = (0.12, 0.3)) -> tuple[Any, list[Axes]]:
    """A figure of small panels of one size in inches, each under its title, with gaps beside and above."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = -(-len(titles) // columns)
    width, height = columns * (size[0] + gap[0]), rows * (size[1] + gap[1])
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    axes = []
    for place, title in enumerate(titles):
        row, column = divmod(place, columns)
        left, bottom = column * (size[0] + gap[0]) + gap[0] / 2, height - (row + 1) * (size[1] + gap[1])
        ax = figure.add_axes((left / width, bottom / height, size[0] / width, size[1] / height))
        ax.set_title(title)
        axes.append(ax)
    return figure, axes


@styled
def channels(photo: np.ndarray) -> Picture:
    """A photograph (H, W, 3), and beside it its three matrices as grey pictures."""
    titles = [f"the photograph {photo.shape}", *(f"{colour} {photo.shape[:2]}" for colour in COLOURS)]
    figure, axes = _grid(titles, 4, (1.9, 1.27))
    _show(axes[0], photo)
    for ax, matrix in zip(axes[1:], np.moveaxis(photo, 2, 0), strict=True):
        _show(ax, matrix)
    return Picture(figure, "a photograph and its three matrices: red, green, blue")


@styled
def patches(colours: Sequence[tuple[str, tuple[int, int, int]]]) -> Picture:
    """Plain fields of colour, each under its name."""
    figure, axes = _grid([name for name, _ in colours], len(colours), (1.1, 0.7))
    for ax, (_, colour) in zip(axes, colours, strict=True):
        _show(ax, np.full((1, 1, 3), colour, dtype=np.uint8), aspect="auto")
    return Picture(figure, "fields of " + ", ".join(name for name, _ in colours))


# --- features


BY_HAND = [
    np.array([[-1.0, 0, 1]] * 3),
    np.array([[-1.0, 0, 1]] * 3).T,
    np.array([[0, 1.0, 2], [-1, 0, 1], [-2, -1, 0]]),
    np.array([[2, 1.0, 0], [1, 0, -1], [0, -1, -2]]),
]


@styled
def features(photo: np.ndarray) -> Picture:
    """Four patterns for edges that people wrote down, and sixteen that are learned from pieces of a photograph."""
    figure, axes = _grid(["written by hand", "learned from the photograph"], 2, (2.2, 2.2), (0.5, 0.35))
    for ax, found, columns in ((axes[0], BY_HAND, 2), (axes[1], learned_patterns(photo), 4)):
        ax.imshow(_tiled(found, columns), cmap="gray", vmin=-1.3, vmax=1.3)  # the lightest grey is not the page's white
        ax.set_axis_off()
    return Picture(figure, "edges: four patterns written by hand, sixteen learned")


def _tiled(patterns: Sequence[np.ndarray], columns: int) -> np.ndarray:
    """Patterns side by side, each with its largest size as 1, with gaps between them."""
    scaled = [np.pad(pattern / np.abs(pattern).max(), 1, constant_values=np.nan) for pattern in patterns]
    return np.vstack([np.hstack(scaled[k : k + columns]) for k in range(0, len(scaled), columns)])


def learned_patterns(photo: np.ndarray, count: int = 16, pieces: int = 4000, rounds: int = 25) -> list[np.ndarray]:
    """The patterns by which pieces of a photograph (H, W, 3) can be told apart best, strongest first.

    Pieces lose their mean brightness and what neighbouring dots have in common (whitening), then fall into `count` heaps
    around patterns (spherical k-means); see Coates and Ng, "Learning feature representations with k-means" (2012).
    """
    rng = np.random.default_rng(4)
    grey = photo.mean(axis=2)
    rows, columns = (rng.integers(0, side - PIECE, size=pieces) for side in grey.shape)
    cut = np.array([grey[r : r + PIECE, c : c + PIECE].ravel() for r, c in zip(rows, columns, strict=True)])
    cut = (cut - cut.mean(axis=1, keepdims=True)) / np.sqrt(cut.var(axis=1, keepdims=True) + 10)
    sizes, directions = np.linalg.eigh(np.cov(cut.T))
    white = cut @ (directions / np.sqrt(sizes + 2)) @ directions.T
    patterns = _unit(rng.normal(size=(count, PIECE**2)))
    for _ in range(rounds):
        likeness = white @ patterns.T
        strongest = np.abs(likeness).argmax(axis=1)
        heaps = np.where(np.arange(count) == strongest[:, None], likeness, 0)
        patterns = _unit(heaps.T @ white + 1e-9 * patterns)
    order = np.argsort(-np.abs(heaps).sum(axis=0))
    return [pattern.reshape(PIECE, PIECE) for pattern in patterns[order]]


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


# --- shapes


LADDER: list[tuple[str, tuple[int, ...]]] = [
    ("a number", ()),
    ("a vector", (3,)),
    ("a matrix", (2, 3)),
    ("a phone's photograph", (3264, 2448, 3)),
]
DEPTH = 0.22  # how far a layer of a drawn block stands behind the one before


@styled
def ladder(describe: Callable[..., Any]) -> Picture:
    """A number, a vector, a matrix and a photograph as blocks; under each what `describe` says of it."""
    figure, axes = _grid([name for name, _ in LADDER], len(LADDER), (1.75, 1.5))
    for ax, (_, shape) in zip(axes, LADDER, strict=True):
        _block(ax, shape)
        said = computed(describe, 7.5 if not shape else np.zeros(shape, dtype=np.uint8))
        ax.text(0.5, 0.02, _said(said), transform=ax.transAxes, ha="center", va="bottom", color=FORWARD, linespacing=1.4)
    return Picture(figure, "tensors with 0, 1, 2 and 3 axes")


def _said(answer: Any) -> str:
    if isinstance(answer, str):
        return answer
    try:
        ndim, shape, size = answer
        return f"axes {ndim}, size {_thousands(size)}\nshape {tuple(map(int, shape))}"
    except (TypeError, ValueError):
        return "yours did not return three results"


def _thousands(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u202f")


def _block(ax: Axes, shape: tuple[int, ...]) -> None:
    """Cells of a block, drawn with at most three along an axis."""
    from matplotlib.patches import Rectangle

    columns = min(shape[1] if len(shape) > 1 else shape[0] if shape else 1, 3)
    rows, layers = min(shape[0], 3) if len(shape) > 1 else 1, shape[2] if len(shape) > 2 else 1
    faces = ["#f2b8b0", "#bfe3c0", "#bcd0f0"] if layers == 3 else ["#cfe3f1"]
    for layer in reversed(range(layers)):
        for row in range(rows):
            for column in range(columns):
                corner = (column + DEPTH * layer * 2, -row + DEPTH * layer * 2)
                ax.add_patch(Rectangle(corner, 1, 1, facecolor=faces[layer], edgecolor="#555555", linewidth=0.8))
    ax.set(xlim=(-1.6, 4.6), ylim=(-4.2, 2.0), aspect="equal")
    ax.set_axis_off()


# --- grey


@styled
def greys(rgb_to_gray: Callable[..., Any]) -> Picture:
    """Stripes of red, green and blue, their plain mean, and what `rgb_to_gray` makes of them."""
    stripes = np.repeat(255 * np.eye(3, dtype=np.uint8)[None], 2, axis=0)
    figure, axes = _grid(["red, green, blue", "the plain mean", "yours"], 3, (1.9, 1.1))
    _show(axes[0], stripes, aspect="auto")
    _show(axes[1], stripes.mean(axis=2), aspect="auto")
    yours = attempt(rgb_to_gray, stripes, shape=(2, 3))
    axes[2].set_axis_off()
    if isinstance(yours, str):
        note(axes[2], yours)
    else:
        _show(axes[2], yours, aspect="auto")
    for ax, numbers in ((axes[1], stripes.mean(axis=2)), (axes[2], yours)):
        for column, value in enumerate([] if isinstance(numbers, str) else numbers[0]):
            ax.text(column, 0.5, f"{value:.0f}", ha="center", va="center", color="black" if value > 110 else "white")
    return Picture(figure, "red, green and blue in grey: by their mean, and by yours")


# --- batches


@styled
def salad(pictures: np.ndarray, ways: Mapping[str, Callable[..., Any]]) -> Picture:
    """Pictures (N, H, W, C) flattened by each function, by its name, into rows, folded back, and drawn: a row of pictures for each."""
    count = len(pictures)
    titles = [name if n == 0 else "" for name in ways for n in range(count)]
    figure, axes = _grid(titles, count, (1.0, 1.0), (0.06, 0.28))
    for k, flatten in enumerate(ways.values()):
        flat = attempt(flatten, pictures, shape=(count, pictures[0].size))
        for n, ax in enumerate(axes[k * count : (k + 1) * count]):
            ax.set_axis_off()
            if not isinstance(flat, str):
                _show(ax, np.clip(flat[n].reshape(pictures.shape[1:]), 0, 255).astype(np.uint8))
        if isinstance(flat, str):
            figure.text(0.5, 1 - (k + 0.6) / len(ways), flat, ha="center", va="center", color=INK, style="italic")
    return Picture(figure, "; ".join(ways))


# --- scores, piles, predictions


@styled
def bars(shares: Mapping[str, float], title: str, *, level: float) -> Picture:
    """A horizontal bar for each share by its name, the number at its end; `level` is what chance gives."""
    figure, (ax,) = panels([title])
    figure.set_size_inches(2 * figure.get_figwidth(), 0.7 + 0.35 * len(shares))
    ax.set_position((0.44, 0.22, 0.5, 0.66))
    colours = [REFERENCE if abs(share - level) < 0.04 else GRADIENT for share in shares.values()]
    ax.barh(range(len(shares)), list(shares.values()), color=colours, height=0.6)
    for place, share in enumerate(shares.values()):
        ax.text(share + 0.015, place, f"{share:.2f}", va="center")
    ax.axvline(level, color="#555555", linestyle=":", linewidth=1.2)
    ax.set_yticks(range(len(shares)), list(shares))
    ax.set(xlim=(0, 1.1), xlabel=f"share that is right; dotted: chance, {level:g}")
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    return Picture(figure, f"{title}: " + ", ".join(f"{name} {share:.2f}" for name, share in shares.items()))


@styled
def spread(X_train: np.ndarray, X_test: np.ndarray, standardize: Callable[..., Any]) -> Picture:
    """Every column of both sets as two boxes, left as it is measured, right as `standardize` gives it."""
    figure, axes = panels(["in their own units", "in yours"], columns=2)
    _boxes(axes[0], X_train, X_test)
    answer = computed(standardize, X_train.copy(), X_test.copy())
    pair = answer if isinstance(answer, str) else _two(answer, X_train.shape, X_test.shape)
    if isinstance(pair, str):
        axes[1].set(xticks=[], yticks=[])
        note(axes[1], pair)
    else:
        _boxes(axes[1], *pair)
        axes[1].axhline(0, color="#555555", linewidth=0.8, linestyle=":")
    axes[1].text(1, 1.03, "grey: train, blue: test", transform=axes[1].transAxes, ha="right", va="bottom", color=FORWARD)
    return Picture(figure, "ten columns of two sets, before and after")


def _two(answer: Any, *shapes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray] | str:
    try:
        train, test = (np.asarray(part, dtype=float) for part in answer)
    except (TypeError, ValueError):
        return "yours did not return two arrays"
    return (train, test) if (train.shape, test.shape) == shapes else f"yours have shapes {train.shape}, {test.shape}"


def _boxes(ax: Axes, train: np.ndarray, test: np.ndarray) -> None:
    """The middle half of each column as a bar, its mean as a dot."""
    for shift, X, colour in ((-0.17, train, "#888888"), (0.17, test, FORWARD)):
        low, high = np.quantile(X, [0.25, 0.75], axis=0)
        place = np.arange(X.shape[1]) + shift
        ax.bar(place, high - low, 0.3, low, color=colour, alpha=0.35)
        ax.plot(place, X.mean(axis=0), "o", color=colour, markersize=3)
    ax.set_xticks(range(train.shape[1]))
    ax.set_xlabel("column (bar: the middle half; dot: the mean)")


@styled
def fits(y: np.ndarray, trained: Mapping[str, Callable[[], Any]]) -> Picture:
    """A panel for each way of training, by its title: predictions against the truth y (N,), the loss at both ends, the largest weight.

    train() returns weights, the losses on the way, and predictions.
    """
    figure, axes = panels(list(trained), columns=2)
    for ax, train in zip(axes, trained.values(), strict=True):
        found = _fitted(computed(train), y.size)
        ax.plot([y.min(), y.max()], [y.min(), y.max()], "--", color=REFERENCE, linewidth=1.2)
        ax.set(xlabel="truth", ylabel="prediction", xlim=(0, 360), ylim=(0, 360))
        if isinstance(found, str):
            note(ax, found)
            continue
        w, losses, y_hat = found
        ax.plot(y, y_hat, "o", color=FORWARD, markersize=2.5, alpha=0.5)
        told = f"loss {_thousands(losses[0])} → {_thousands(losses[-1])}\nlargest weight {np.abs(w).max():.2g}"
        ax.text(0.03, 0.97, told, transform=ax.transAxes, va="top", color=HIGHLIGHT, weight="bold")
    return Picture(figure, "; ".join(trained))


def _fitted(found: Any, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray] | str:
    """Weights, losses and predictions as vectors, or one line that says why there are none."""
    if isinstance(found, str):
        return found
    try:
        w, losses, y_hat = (np.asarray(part, dtype=float).reshape(-1) for part in found)
    except (TypeError, ValueError):
        return "yours did not return weights, losses and predictions"
    if not losses.size or y_hat.size != count:
        return f"yours gives {y_hat.size} predictions for {count} people"
    return w, losses, y_hat


@styled
def shuffled_digits(read: Callable[..., Any]) -> Picture:
    """Digits, and the same digits with their dots in another order: what read(X_known, labels, X_new) makes of both."""
    from course_utils.data import digits

    found = digits()
    order = np.random.default_rng(1).permutation(64)
    figure, axes = _grid(["", "", "", "", "", ""], 6, (0.9, 0.9), (0.35, 0.35))
    for half, way in enumerate((np.arange(64), order)):
        known, new = found.X_train[:, way], found.X_valid[:, way]
        for ax, digit in zip(axes[3 * half : 3 * half + 3], new, strict=False):
            ax.imshow(digit.reshape(8, 8), cmap="gray_r")
            ax.set_axis_off()
        said = attempt(read, known, found.y_train, new, shape=found.y_valid.shape)
        told = said if isinstance(said, str) else f"{np.mean(said == found.y_valid):.3f} read right"
        axes[3 * half].set_title(f"{('as written', 'shuffled')[half]}: {told}")
    return Picture(figure, "digits as written, and shuffled")
