"""The labs' explorers: they draw the functions they are given, say what is to be seen, and bear what students write."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

import course_utils
from course_utils import (
    explore_activation,
    explore_boundary,
    explore_broadcasting,
    explore_filter,
    explore_graph,
    explore_learning_rate,
    explore_loss,
    explore_loss_race,
    explore_minibatch,
    explore_optimizers,
    explore_perceptron,
    explore_picture,
    explore_pool,
    explore_schedules,
    explore_shift,
    explore_smoothing,
    explore_softmax,
    xray,
)
from course_utils.widgets import Explorer


def sigmoid(z):
    return expit(z)


def sigmoid_grad(z):
    return expit(z) * (1 - expit(z))


def stub(*args):
    raise NotImplementedError


def descent(grad, w0, lr, eps, max_steps):
    w, steps = np.array(w0, dtype=float), 0
    while steps < max_steps and np.linalg.norm(grad(w)) > eps:
        w, steps = w - lr * grad(w), steps + 1
    return w, steps


def chain():
    return {"z": lambda w1, x: w1 * x, "h": lambda z: expit(z), "ŷ": lambda w2, h: w2 * h, "J": lambda ŷ, y: (ŷ - y) ** 2}


AT = {"x": 2.0, "y": 1.0, "w1": 0.5, "w2": -1.0}
WANTED = np.arange(12.0).reshape(3, 4) - 5.3
DOTS = np.random.default_rng(0).integers(0, 256, size=(48, 64, 3), dtype=np.uint8)
GREY = np.array([0.299, 0.587, 0.114])


def mse(y_hat, y):
    return np.sum((y_hat - y) ** 2) / len(y)


def mse_grad(y_hat, y):
    return 2 * (y_hat - y) / len(y)


def bce(p, y):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def bce_grad(p, y):
    return (p - y) / (p * (1 - p)) / len(y)


def bce_with_logits(z, y):
    return np.mean(np.logaddexp(0, z) - z * y)


def bce_with_logits_grad(z, y):
    return (expit(z) - y) / len(y)


LOSSES = (mse, mse_grad, bce, bce_grad, bce_with_logits, bce_with_logits_grad)


def printed_softmax(Z):
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


def safe_softmax(Z):
    return printed_softmax(Z - Z.max(axis=1, keepdims=True))


def add_bias(Z, b):
    if b.shape != Z.shape[1:]:
        raise ValueError
    return Z + b


class Ball:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu, self.v = lr, mu, 0.0

    def step(self, w, dw):
        self.v = self.mu * self.v - self.lr * dw
        return w + self.v


class Unwritten(Ball):
    def step(self, w, dw):
        raise NotImplementedError


def line_down(lr0, t, length, factor=None):
    return lr0 * max(0.0, 1 - t / np.max(length))


def slid(X, W, b, stride=1, padding=0):
    view = np.lib.stride_tricks.sliding_window_view(X, W.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijkl,fckl->nfij", view, W) + b[:, None, None]


def pooled(X, size):
    rows, columns = X.shape[2] // size, X.shape[3] // size
    tiles = X[:, :, : rows * size, : columns * size].reshape(*X.shape[:2], rows, size, columns, size)
    return tiles.max(axis=(3, 5)), (X, size)


def unpooled(dY, cache):
    """Every equal entry gets the gradient: wrong where there are ties."""
    (X, size), dX = cache, np.zeros(cache[0].shape)
    for n, c, i, j in np.ndindex(dY.shape):
        window = (n, c, slice(i * size, (i + 1) * size), slice(j * size, (j + 1) * size))
        dX[window] = dY[n, c, i, j] * (X[window] == X[window].max())
    return dX


GREY_DIGIT = np.zeros((28, 28))
GREY_DIGIT[8:20, 12:14] = 1.0


def columns_of_ink(pictures):
    """Ten scores: the ink in ten columns."""
    return pictures[:, :, 9:19].sum(axis=1) / 12


NOISY = np.linspace(3, 1, 40) + np.sin(np.arange(40))


EVERY = {
    "activation": lambda: explore_activation(sigmoid, sigmoid_grad),
    "several activations": lambda: explore_activation(sigmoid, sigmoid_grad, tanh=(np.tanh, None)),
    "perceptron": explore_perceptron,
    "boundary": explore_boundary,
    "learning rate": lambda: explore_learning_rate(descent),
    "one update": lambda: explore_learning_rate(lambda w, dw, lr: w - lr * dw),
    "mini-batch": explore_minibatch,
    "graph": lambda: explore_graph(**chain(), at=AT, turn={"w1": (-2, 2)}),
    "x-ray": lambda: xray({"W": 2 * WANTED, "b": WANTED[0]}, {"W": WANTED, "b": WANTED[0]}),
    "picture": lambda: explore_picture(DOTS, lambda image: image @ GREY),
    "broadcasting": lambda: explore_broadcasting(add_bias),
    "losses": lambda: explore_loss(*LOSSES),
    "softmax": lambda: explore_softmax(safe_softmax),
    "race": lambda: explore_loss_race(mse_grad, bce_with_logits_grad),
    "waiting losses": lambda: explore_loss(*LOSSES[:4], stub, stub),
    "waiting softmax": lambda: explore_softmax(stub),
    "waiting race": lambda: explore_loss_race(mse_grad, stub),
    "optimizers": lambda: explore_optimizers(Ball),
    "schedules": lambda: explore_schedules(*[line_down] * 5),
    "smoothing": lambda: explore_smoothing(lambda losses, beta: np.array(losses), NOISY),
    "waiting optimizers": lambda: explore_optimizers(Ball, Unwritten),
    "waiting schedules": lambda: explore_schedules(stub),
    "waiting smoothing": lambda: explore_smoothing(stub, NOISY),
    "filter": lambda: explore_filter(slid),
    "pool": lambda: explore_pool(pooled, unpooled),
    "shift": lambda: explore_shift({"one": columns_of_ink, "two": columns_of_ink}, GREY_DIGIT, 4),
    "waiting filter": lambda: explore_filter(stub),
    "waiting pool": lambda: explore_pool(stub, stub),
    "waiting pool's way back": lambda: explore_pool(pooled, stub),
    "waiting picture": lambda: explore_picture(DOTS, stub),
    "waiting broadcasting": lambda: explore_broadcasting(stub),
    "waiting activation": lambda: explore_activation(stub, stub),
    "waiting perceptron": lambda: explore_perceptron(stub),
    "waiting boundary": lambda: explore_boundary(stub),
    "waiting rate": lambda: explore_learning_rate(stub),
    "waiting mini-batch": lambda: explore_minibatch(stub),
}


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_for_pages_without_scripts(name: str) -> None:
    data, metadata = EVERY[name]()._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert data["image/png"].startswith("iVBOR")
    assert data["text/plain"] == metadata["image/png"]["alt"]
    assert ("yours will appear here" in data["text/plain"]) == name.startswith("waiting")


def test_all_are_offered_at_the_front_door() -> None:
    assert all(callable(getattr(course_utils, name)) for name in course_utils.__all__ if name.startswith("explore") or name == "xray")


def said(explorer: Explorer) -> str:
    return explorer.text().split("\n", 1)[1]


def test_a_wrong_slope_is_told_with_its_number() -> None:
    explorer = explore_activation(sigmoid, lambda z: expit(z))
    explorer.z = 0.0
    assert "measured on g (circles): 0.25" in said(explorer)
    assert "0.5 ✗ differs" in said(explorer)
    assert "✓ agrees" in said(explore_activation(sigmoid, sigmoid_grad))


def test_at_a_corner_both_sides_are_right() -> None:
    def relu(z):
        return np.maximum(z, 0)

    for at_zero in (0.0, 1.0):
        explorer = explore_activation(relu, lambda z, at_zero=at_zero: np.where(z == 0, at_zero, z > 0))
        explorer.z = 0.0
        assert "✗" not in said(explorer)
        assert "differs" not in said(explorer)


@pytest.mark.parametrize(
    ("g", "words"),
    [
        (lambda z: 3.0, "is a number, expected an array of shape (241,)"),
        (lambda z: None, "does the function end with return?"),
        (lambda z: z[999], "IndexError: index 999 is out of bounds"),
        (lambda: 1, "cannot be called like this"),
    ],
    ids=["scalar", "none", "raises", "signature"],
)
def test_a_function_that_cannot_be_drawn_is_told_as_by_a_check(g, words: str) -> None:
    explorer = explore_activation(g)
    assert words in explorer.problem
    assert "Traceback" not in explorer.text()
    assert "image/png" not in explorer._repr_mimebundle_()[0]


def test_a_function_that_changes_its_argument_is_told() -> None:
    def in_place(z):
        z[z < 0] = 0
        return z

    assert "work on a copy of it" in explore_activation(in_place).problem


def test_the_example_of_the_lecture() -> None:
    assert "−6, ŷ = g(z) = 0.002473" in said(explore_perceptron(lambda x, w, w0, g: g(w0 + x @ w)))


@pytest.fixture(scope="module")
def walks() -> Explorer:
    return explore_learning_rate(descent)


@pytest.mark.parametrize(
    ("landscape", "rate", "word"),
    [
        ("bowl", 0.01, "too small"),
        ("bowl", 0.75, "stable"),
        ("bowl", 2.37, "diverging"),
        ("bowl", 1.78, "oscillating"),
        ("ravine", 0.01, "too small"),
        ("ravine", 0.075, "oscillating"),
        ("ravine", 0.1, "diverging"),
        ("valleys", 0.1, "local minimum"),
        ("valleys", 0.01, "too small"),
    ],
)
def test_the_verdict_on_a_rate(walks: Explorer, landscape: str, rate: float, word: str) -> None:
    explorer = walks
    explorer.landscape, explorer.rate = landscape, rate
    assert word in said(explorer)


def test_a_large_rate_in_the_valleys_never_rests() -> None:
    explorer = explore_learning_rate(lambda w, dw, lr: w - lr * dw)
    explorer.rate = 1.0
    assert "oscillating" in said(explorer) or "diverging" in said(explorer)


def test_a_ravine_spares_whoever_starts_on_its_floor() -> None:
    explorer = explore_learning_rate(descent)
    explorer.landscape = "ravine"
    explorer.rate = 1.33
    assert "diverging" in said(explorer)
    assert "not from the floor" in said(explorer)
    explorer.rate = 2.37
    assert "floor" not in said(explorer)


def test_a_step_uphill_diverges() -> None:
    explorer = explore_learning_rate(lambda w, dw, lr: w + lr * dw)
    explorer.landscape = "bowl"
    assert "diverging" in said(explorer)


def test_no_straight_line_parts_green_from_red_and_three_tanh_units_do() -> None:
    explorer = explore_boundary()
    explorer.hidden = "linear"
    for units in (1, 6):
        explorer.units = units
        assert "on the wrong side" in said(explorer)
    explorer.hidden, explorer.units = "tanh", 3
    assert "all 120 points are on the right side" in said(explorer)


def test_the_students_network_draws_the_plane() -> None:
    def deep_forward(X, params, g):
        (W1, b1), (W2, b2) = params
        return g(X @ W1 + b1) @ W2 + b2

    theirs, ours = explore_boundary(deep_forward), explore_boundary()
    theirs.hidden = ours.hidden = "tanh"
    heats = [next(element for element in one.drawing() if element.kind == "heat").arrays["values"] for one in (theirs, ours)]
    np.testing.assert_allclose(*heats, rtol=1e-5, atol=1e-5)


def test_smaller_batches_scatter_more() -> None:
    def with_bias(X, y, w):
        error = w[0] + X[:, 0] * w[1] - y
        return 2 * np.array([error.mean(), (error * X[:, 0]).mean()])

    def scatter(batch: int) -> float:
        explorer = explore_minibatch(with_bias)
        explorer.batch = batch
        arrows = next(element for element in explorer.drawing() if element.kind == "arrows")
        return float(np.var(arrows.arrays["dx"]))

    assert scatter(1) > 2 * scatter(8) > 0
    assert scatter(64) < 1e-10


def test_a_graph_knows_the_chain_rule_and_judges_mine() -> None:
    def mine(x, y, w1, w2):
        h = expit(w1 * x)
        d = 2 * (w2 * h - y)
        return {"w1": d * w2 * h * (1 - h) * x, "w2": -d * h}

    explorer = explore_graph(**chain(), at=AT, mine=mine)
    explorer.step = 8
    assert "Yours differs at w2." in said(explorer)
    labels = "\n".join(element.texts["text"] for element in explorer.drawing() if element.kind == "label")
    assert labels.count("✓") == labels.count("✗") == 1


def test_in_a_picture_a_graphs_edges_end_at_the_boxes() -> None:
    from course_utils.widgets.picture import figure

    explorer = explore_graph(**chain(), at=AT)
    explorer.step = 8
    drawn = figure(explorer.drawing(), 280)
    drawn.canvas.draw()
    boxes = [text.get_bbox_patch().get_window_extent() for text in drawn.axes[0].texts if text.get_bbox_patch()]
    arrows = [text.arrow_patch for text in drawn.axes[0].texts if getattr(text, "arrow_patch", None)]
    ends = np.concatenate([arrow.get_path().vertices[[0, 2]] for arrow in arrows])  # of the line, without its head
    gaps = [min(np.hypot(*(np.clip(end, box.min, box.max) - end)) for box in boxes) for end in ends]
    assert len(gaps) == 4 * 7
    assert max(gaps) < 4, "pixels between a line's end and the nearest box"


def test_a_graph_of_an_engines_nodes() -> None:
    class Value:
        def __init__(self, data, inputs=(), op="", name=""):
            self.data, self.inputs, self.op, self.name, self.grad = data, inputs, op, name, 1.5

    a = Value(2.0, name="a")
    explorer = explore_graph(Value(6.0, (Value(4.0, (a, a), "a · a"), a), "+"))
    explorer.step = 1
    assert "= 4, from a and a" in said(explorer)


def test_an_x_ray_says_what_the_diagnosis_finds() -> None:
    assert "2 times too large" in said(xray(2 * WANTED, WANTED))
    assert "agrees in all 12 entries" in said(xray(WANTED, WANTED))
    assert "W is the transpose" in said(xray({"W": WANTED.T}, {"W": WANTED}))
    assert "yours will appear here" in said(xray(stub, WANTED))
    row = WANTED.copy()
    row[1] += 1
    explorer = xray(row, WANTED)
    assert "only row 1" in said(explorer)
    assert "✗" in said(explorer).split("\n")[0], "it begins at the largest difference"


def test_a_page_of_its_own_asks_for_nothing() -> None:
    page = explore_activation(sigmoid).to_html()
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "<noscript><img" in page


def test_the_students_neuron_shades_the_plane() -> None:
    def shade(perceptron) -> np.ndarray:
        return next(element for element in explore_perceptron(perceptron).drawing() if element.kind == "heat").arrays["values"]

    right, without_bias = shade(lambda x, w, w0, g: g(w0 + x @ w)), shade(lambda x, w, w0, g: g(x @ w))
    np.testing.assert_allclose(right, shade(None), atol=1e-6)
    assert np.any((right > 0) != (without_bias > 0))


def test_a_dot_is_told_with_its_grey() -> None:
    explorer = explore_picture(DOTS, lambda image: image.mean(axis=2))
    explorer.matrix = "grey"
    explorer.dot = [10.0, 20.0]
    red, green, blue = (int(number) for number in DOTS[20, 10])
    assert f"Row 20, column 10: red {red}, green {green}, blue {blue}." in said(explorer)
    assert f"= {0.299 * red + 0.587 * green + 0.114 * blue:.2f}; your grey {(red + green + blue) / 3:.2f} ✗ differs." in said(explorer)


@pytest.mark.parametrize(
    ("Z", "b", "function", "words"),
    [
        ("(4, 3)", "(3,)", add_bias, "gives (4, 3).\nYour add_bias adds it ✓"),
        ("(3, 3)", "(3,)", add_bias, "if this b was meant for the 3 rows.\nYour add_bias adds it ✓"),
        ("(4, 3)", "(4, 1)", add_bias, "Nobody is told that b was stretched.\nYour add_bias refuses it ✓"),
        ("(4, 3)", "(4, 1)", np.add, "Your add_bias adds it without a word ✗"),
        ("(2, 3)", "(4,)", np.add, "NumPy refuses (2, 3) + (4,): 3 meets 4.\nYour add_bias refuses it ✓"),
        ("(2, 3)", "(3, 1)", np.add, "2 meets 3."),
        ("(4, 3)", "(3,)", lambda Z, b: Z - b, "Your add_bias gives something else ✗"),
        ("(4, 3)", "(3,)", lambda Z, b: [][0], "stops with IndexError ✗"),
    ],
)
def test_what_becomes_of_two_shapes(Z: str, b: str, function, words: str) -> None:
    explorer = explore_broadcasting(function)
    explorer.Z, explorer.b = Z, b
    assert words in said(explorer)


def test_two_losses_and_their_slopes() -> None:
    explorer = explore_loss(*LOSSES)
    assert "Squared error 0.987: slope −1.99 along p, times σ′(z) = 0.00665: −0.0132 along z." in said(explorer)
    assert "Surprise 5.01: slope −149 along p, −0.993 along z." in said(explorer)
    explorer.y = 0
    assert "Surprise 0.00672: slope 1.01 along p, 0.00669 along z." in said(explorer)


@pytest.mark.parametrize("make", [lambda g: explore_loss(mse, g), explore_loss_race, explore_softmax])
@pytest.mark.parametrize(
    ("function", "words"),
    [(lambda *_: None, "does the function end with return?"), (lambda *_: [][0], "IndexError")],
    ids=["none", "raises"],
)
def test_a_loss_that_cannot_be_drawn_is_told_as_by_a_check(make, function, words: str) -> None:
    assert words in make(function).problem


def test_softmax_bears_a_shift_and_the_printed_one_does_not() -> None:
    safe, printed = explore_softmax(safe_softmax), explore_softmax(printed_softmax)
    assert "0.705, 0.259, 0.035" in said(safe)
    assert "0.705, 0.259, 0.035" in said(printed)
    safe.shift = printed.shift = 1000
    assert "Adding 1000 to all scores changes nothing ✓" in said(safe)
    assert "gives nan, nan, nan for (1003, 1002, 1000).\ne^1003 is more than the computer can hold" in said(printed)
    printed.shift = -1000
    assert "rounded to 0" in said(printed)
    safe.temperature = 0.05
    assert "One class takes all." in said(safe)
    safe.temperature = 20
    assert "All classes get nearly the same." in said(safe)


@pytest.mark.parametrize("divided", [True, False], ids=["mean", "sum"])
def test_a_race_counts_each_neuron_alone(divided: bool) -> None:
    share = (lambda grad: grad) if divided else (lambda grad: lambda a, y: grad(a, y) * len(y))
    explorer = explore_loss_race(share(mse_grad), share(bce_with_logits_grad))
    for start, steps, few in ((-10, 11034, 11), (-5, 85, 6), (-1, 4, 2)):
        explorer.start = start
        assert f"squared error after {steps} steps, surprise after {few} steps" in said(explorer)
    explorer.start, explorer.rate = -10, 0.1
    assert "squared error not after" in said(explorer)
def test_rules_leave_the_saddle_in_steps_that_are_counted() -> None:
    explorer = explore_optimizers(Ball)
    explorer.landscape = "saddle"
    assert "plain 38, Ball 19" in said(explorer)


def test_a_rule_that_is_not_written_hides_no_other() -> None:
    assert "plain 4.4, Ball" in said(explore_optimizers(Ball, Unwritten))


def test_a_rule_that_flies_out_is_told_without_a_number() -> None:
    explorer = explore_optimizers(Ball)
    explorer.rate = 1.0
    assert "plain far out, Ball far out" in said(explorer)


def test_a_rule_that_changes_the_callers_weights_is_told() -> None:
    class InPlace(Ball):
        def step(self, w, dw):
            w -= self.lr * dw
            return w

    assert "work on a copy of it" in explore_optimizers(InPlace).problem


def test_a_rate_that_falls_ends_lower_than_a_constant_one() -> None:
    explorer = explore_schedules(*[line_down] * 5)
    explorer.schedule = "linear"
    words = said(explorer)
    assert float(words.split("ends at ")[1].split(",")[0]) < 0.2 * float(words.split("constant rate at ")[1].rstrip("."))


def test_memory_is_told_as_beta() -> None:
    explorer = explore_smoothing(lambda losses, beta: np.array(losses), NOISY)
    explorer.memory = 50
    assert "β = 0.98 remembers about 50 steps" in said(explorer)


def test_a_filter_that_slides_is_checked_at_its_place() -> None:
    explorer = explore_filter(slid)
    assert "−27; your map has −27 there ✓" in said(explorer)
    explorer.stride = 2
    explorer.corner = [1.0, 2.0]
    assert "a stride of 2 does not come to this place" in said(explorer)
    assert "✗ differs" in said(explore_filter(lambda X, W, b, stride=1: slid(X, W[..., ::-1], b, stride)))


def test_ties_that_all_win_are_counted() -> None:
    explorer = explore_pool(pooled, unpooled)
    assert "goes to 12 entries" in said(explorer)
    explorer.numbers = "no ties"
    assert "goes to 6 entries, and adds up to 6" in said(explorer)
    explorer.numbers, explorer.size = "negative", 3
    assert "goes to 2 entries" in said(explorer)


def test_a_digit_on_the_move_is_read_by_both() -> None:
    explorer = explore_shift({"one": columns_of_ink, "two": columns_of_ink}, GREY_DIGIT, 3)
    assert "They read one: 3 ✓; two: 3 ✓" in said(explorer)
    explorer.right = 4
    assert "4 right, 0 down. They read one: 7 ✗" in said(explorer)
