"""What lab01_perceptron asks of each exercise. Probes only: the engine runs the reference beside the student."""

from itertools import pairwise

import numpy as np

from course_utils.checking import check
from course_utils.checking.compare import as_numbers
from course_utils.checking.observe import SubjectRaisedError


def bowl(z):
    # neither linear nor odd nor idempotent, and never near zero: every misuse of g shows
    z = np.asarray(z)
    return z**2 + z + 1


def leaning(z):
    # g(0) is not 0 and g never saturates: an extra or a missing g shows in every layer
    z = np.asarray(z)
    return np.tanh(z) + 0.2 * z + 0.3


def away_from(z, *corners):
    """z without the neighbourhood of corners, where a slope is a matter of choice."""
    for corner in corners:
        z = np.where(np.abs(z - corner) < 0.05, corner + 0.25, z)
    return z


def finite(values):
    """Which entries are finite; what holds no numbers stays as it is, so that the report can say what it is."""
    numbers = _numbers(values)
    return values if numbers is None else np.isfinite(numbers)


def _numbers(values):
    try:
        return as_numbers(values)
    except Exception:  # noqa: BLE001 - a student's object may do anything when it is looked at
        return None


def far_out(rng, *near):
    """A number beyond −720, then `near` ones, each moved a little, then a number beyond 720: e⁷²⁰ is too large for a float."""
    return np.array([-rng.uniform(720, 1000), *(z * rng.uniform(0.9, 1.1) for z in near), rng.uniform(720, 1000)])


def whole(rng, *signs):
    """Whole numbers from 1 to 11 with these signs."""
    return np.array(signs) * rng.integers(1, 12, size=len(signs))


def small(rng, number):
    """Different whole numbers from −3 to 3, not 0: so near, that slopes are far from 0."""
    return rng.permutation([-3, -2, -1, 1, 2, 3])[:number]


ENDS = "from far left to far right"
ASKED = "finite, no overflow at about −1000, −720, −3, 3, 720, 1000, all at once"  # one by one: the report can say where


def without_overflow(function, rng):
    """At which of these the answer is finite and no number on the way is too large. For a check that is `quiet`.

    What a notebook says of its own warnings is never more than a quarter of a check: numbers stand beside it.
    """
    z = far_out(rng, -800, -3, 3, 800)
    return np.array([_survives(function, each) for each in (*z[:, None], z)])


def _survives(function, z):
    try:
        numbers = _numbers(function(z))
    except SubjectRaisedError as stopped:
        if stopped.raised.type not in ("FloatingPointError", "OverflowError"):
            raise
        return False
    return numbers is not None and bool(np.isfinite(numbers).all())


# --- one neuron


@check("perceptron", points=2)
def lecture_example(perceptron, rng):
    """the lecture's example: g(1 + 3x₁ − 2x₂) at (−1, 2) and at another point, here with g(z) = z² + z + 1"""
    w, places = np.array([3.0, -2.0]), (np.array([-1.0, 2.0]), rng.uniform(0.5, 2, size=2) * (1, -1))
    return {"y_hat at (−1, 2) and at another point": [perceptron(x, w, 1.0, bowl) for x in places]}


@check("perceptron", points=4)
def any_number_of_inputs(perceptron, rng):
    """five inputs and seven, any weights, any g"""
    return {f"y_hat of {D} inputs": perceptron(rng.normal(size=D), rng.normal(size=D), rng.normal(), bowl) for D in (5, 7)}


@check("perceptron", points=2)
def whole_numbers(perceptron, rng):
    """whole numbers as inputs, then as weights too"""
    x, w = rng.integers(-6, 7, size=4), rng.integers(2, 9, size=4)
    return {
        "y_hat of whole x": perceptron(x, rng.normal(size=4), 0.37, bowl),
        "y_hat of whole x and w": perceptron(x, w, 0.37, bowl),
    }


@check("boundary", points=2)
def one_point_of_the_line(boundary, rng):
    """one point of the line"""
    w0, w = rng.normal() + 3, rng.uniform(0.5, 2.0, size=2) * (1, -1)
    return {"x2": boundary(rng.normal() - 2, w0, w)}


@check("boundary", points=3)
def many_points_of_the_line(boundary, rng):
    """many points at once"""
    w0, w = rng.normal() - 2, rng.uniform(0.5, 2.0, size=2) * (-1, 1)
    return {"x2": boundary(rng.normal(size=7), w0, w)}


@check("boundary", points=1)
def whole_weights(boundary, rng):
    """whole numbers: the lecture's line 1 + 3x₁ − 2x₂ = 0"""
    return {"x2": boundary(rng.permutation(np.arange(-9, 10))[:5], 1, np.array([3, -2]))}


@check("perceptron_batch", points=3)
def seven_examples(perceptron_batch, rng):
    """seven examples, five inputs, three neurons"""
    X, W, b = rng.normal(size=(7, 5)), rng.normal(size=(5, 3)), rng.normal(size=3)
    return {"Y_hat": perceptron_batch(X, W, b, bowl)}


@check("perceptron_batch", points=3)
def as_many_examples_as_neurons(perceptron_batch, rng):
    """as many examples as neurons: each bias still belongs to its neuron"""
    X, W, b = rng.normal(size=(3, 5)), rng.normal(size=(5, 3)), rng.normal(size=3)
    return {"Y_hat": perceptron_batch(X, W, b, bowl)}


@check("perceptron_batch", points=2)
def one_example_of_integers(perceptron_batch, rng):
    """a batch of one; then every other column of a larger array"""
    W, b = rng.normal(size=(5, 2)), rng.normal(size=2)
    single, wide = rng.integers(-6, 7, size=(1, 5)), rng.normal(size=(11, 10))
    return {
        "Y_hat of one example": perceptron_batch(single, W, b, bowl),
        "Y_hat of a view": perceptron_batch(wide[:, ::2], W, b, bowl),
    }


@check("perceptron_batch", points=2)
def whole_numbers_in_a_batch(perceptron_batch, rng):
    """whole numbers as biases, then as inputs and weights"""
    X, W = rng.normal(size=(7, 3)), rng.normal(size=(3, 5))
    whole_X, whole_W = rng.integers(-6, 7, size=(7, 3)), rng.integers(2, 9, size=(3, 5))
    return {
        "Y_hat of whole b": perceptron_batch(X, W, rng.integers(2, 9, size=5), bowl),
        "Y_hat of whole X and W": perceptron_batch(whole_X, whole_W, rng.normal(size=5), bowl),
    }


# --- sigmoid, tanh, ReLU


@check("sigmoid", points=2)
def sigmoid_values(sigmoid, rng):
    """values, for arrays of any shape"""
    return {"σ(z)": sigmoid(3 * rng.normal(size=(3, 5))), "σ(z) of a transposed z": sigmoid(rng.normal(size=(2, 3, 5)).T)}


@check("sigmoid", points=2)
def sigmoid_of_integers(sigmoid, rng):
    """whole numbers in, fractions out"""
    return {"σ(z)": sigmoid(np.append(rng.integers(-5, 6, size=11), 40))}


@check("sigmoid", points=2)
def sigmoid_far_out(sigmoid, rng):
    """far out: finite at ±1000, no clipping near −22"""
    return {"σ(z)": sigmoid(far_out(rng, -800, -3, 3, 800)), "σ(z), z near −22": sigmoid(rng.uniform(-23, -21, size=1))}


@check("sigmoid", points=2, quiet=True)
def sigmoid_without_overflow(sigmoid, rng):
    """no overflow warning, for any z; a row, a column and a single number"""
    return {
        ASKED: without_overflow(sigmoid, rng),
        "σ of a row": sigmoid(2 * rng.normal(size=(1, 7))),
        "σ of a column": sigmoid(2 * rng.normal(size=(7, 1))),
        "σ of a single number": sigmoid(rng.uniform(1, 3, size=1)),
    }


@check("sigmoid_grad", points=4)
def sigmoid_slopes(sigmoid_grad, rng):
    """slopes, for arrays of any shape"""
    return {"σ′(z)": sigmoid_grad(2 * rng.normal(size=(3, 5))), "σ′(z) again": sigmoid_grad(rng.normal(size=7))}


@check("sigmoid_grad", points=2)
def sigmoid_slopes_of_integers(sigmoid_grad, rng):
    """whole numbers in, fractions out"""
    return {"σ′(z)": sigmoid_grad(rng.integers(-4, 5, size=11))}


@check("sigmoid_grad", points=1)
def sigmoid_slopes_far_out(sigmoid_grad, rng):
    """far out: flat at ±1000"""
    return {"σ′(z)": sigmoid_grad(far_out(rng, 800, -800, 2))}


@check("sigmoid_grad", points=1, quiet=True)
def sigmoid_slopes_without_overflow(sigmoid_grad, rng):
    """no overflow warning, for any z; a row, a column and a single number"""
    return {
        ASKED: without_overflow(sigmoid_grad, rng),
        "σ′ of a row": sigmoid_grad(2 * rng.normal(size=(1, 7))),
        "σ′ of a column": sigmoid_grad(2 * rng.normal(size=(7, 1))),
        "σ′ of a single number": sigmoid_grad(rng.uniform(1, 3, size=1)),
    }


@check("tanh_grad", points=3)
def tanh_slopes(tanh_grad, rng):
    """slopes, for arrays of any shape"""
    return {"tanh′(z)": tanh_grad(rng.normal(size=(3, 5)))}


@check("tanh_grad", points=2)
def tanh_slopes_far_out(tanh_grad, rng):
    """whole numbers, and finite at ±1000"""
    far = tanh_grad(far_out(rng, -2, 0.5))
    return {
        "tanh′(z)": tanh_grad(small(rng, 4)),
        "tanh′(z) far out": far,
        f"finite, {ENDS}": finite(far),
    }


@check("relu", points=3)
def relu_values(relu, rng):
    """values, for arrays of any shape"""
    return {"ReLU(z)": relu(3 * rng.normal(size=(3, 5))), "ReLU(z) again": relu(rng.normal(size=(2, 3, 5)))}


@check("relu", points=1)
def relu_far_out(relu, rng):
    """large values are not cut off; whole numbers"""
    return {"ReLU(z)": relu(far_out(rng, 0.0, 37.5)), "ReLU of whole z": relu(whole(rng, -1, 0, 1, 1))}


@check("relu_grad", points=3)
def relu_slopes(relu_grad, rng):
    """slopes left and right of the corner"""
    return {"ReLU′(z)": relu_grad(away_from(3 * rng.normal(size=(5, 7)), 0.0))}


@check("relu_grad", points=1)
def relu_slope_in_the_corner(relu_grad, rng):
    """near the corner and in it: ReLU′(0) = 0 in this course"""
    z = np.array([-2.0, -1e-6, 0.0, 1e-6, 2.0]) * rng.uniform(0.5, 1, size=5)
    return {"ReLU′(z) at about −2, −10⁻⁶, 0, 10⁻⁶, 2": relu_grad(z)}


@check("relu_grad", points=1)
def relu_slopes_of_integers(relu_grad, rng):
    """whole numbers"""
    return {"ReLU′(z)": relu_grad(whole(rng, -1, 1, -1, 1, 1))}


# --- the zoo: a check of values and a check of what its members usually get wrong


@check("leaky_relu", points=1)
def leaky_values(leaky_relu, rng):
    """values with the course's α = 0.1"""
    return {"leaky(z)": leaky_relu(3 * rng.normal(size=(3, 5)))}


@check("leaky_relu", points=1)
def leaky_other_alpha(leaky_relu, rng):
    """other slopes on the left: α = 0.3 and α = 2.5; whole numbers"""
    return {
        "leaky(z), α = 0.3": leaky_relu(whole(rng, 1, -1, -1, 1), 0.3),
        "leaky(z), α = 2.5": leaky_relu(rng.normal(size=11), 2.5),
    }


@check("leaky_relu_grad", points=1)
def leaky_slopes(leaky_relu_grad, rng):
    """slopes with the course's α = 0.1"""
    return {"leaky′(z)": leaky_relu_grad(away_from(3 * rng.normal(size=(3, 5)), 0.0))}


@check("leaky_relu_grad", points=1)
def leaky_slopes_other_alpha(leaky_relu_grad, rng):
    """other slopes on the left: α = 0.3 and α = 2.5; whole numbers; near the corner"""
    return {
        "leaky′(z), α = 0.3": leaky_relu_grad(whole(rng, 1, -1, -1, 1), 0.3),
        "leaky′(z), α = 2.5": leaky_relu_grad(np.array([-1.5, -1e-6, 1e-6, 2.0]) * rng.uniform(0.5, 1, size=4), 2.5),
    }


@check("elu", points=1)
def elu_values(elu, rng):
    """values with α = 1, and with α = 1.7"""
    return {"ELU(z)": elu(2 * rng.normal(size=(3, 5))), "ELU(z), α = 1.7": elu(np.append(2 * rng.normal(size=7), -0.3), 1.7)}


@check("elu", points=1)
def elu_far_out(elu, rng):
    """whole numbers, and finite at ±1000"""
    far = elu(far_out(rng, -2, 3))
    return {
        "ELU(z)": elu(whole(rng, -1, -1, 1, 1)),
        "ELU(z) far out": far,
        f"finite, {ENDS}": finite(far),
    }


@check("elu_grad", points=2)
def elu_slopes(elu_grad, rng):
    """slopes with α = 1, and with α = 1.7"""
    z = away_from(2 * rng.normal(size=(3, 5)), 0.0)
    return {"ELU′(z)": elu_grad(z), "ELU′(z), α = 1.7": elu_grad(z, 1.7)}


@check("elu_grad", points=1)
def elu_slopes_far_out(elu_grad, rng):
    """whole numbers, and finite at ±1000"""
    far = elu_grad(far_out(rng, -2, 3))
    return {
        "ELU′(z)": elu_grad(small(rng, 4)),
        "ELU′(z) far out": far,
        f"finite, {ENDS}": finite(far),
    }


@check("softplus", points=1)
def softplus_values(softplus, rng):
    """values; whole numbers"""
    return {"softplus(z)": softplus(2 * rng.normal(size=(3, 5))), "softplus of integers": softplus(whole(rng, -1, 0, 1, 1))}


@check("softplus", points=2)
def softplus_far_out(softplus, rng):
    """stable: finite at ±1000"""
    far = softplus(far_out(rng, -30, 3, 800))  # 3 gives the scale by which e⁻³⁰ counts
    return {"softplus(z)": far, f"finite, {ENDS}": finite(far)}


@check("softplus_grad", points=1)
def softplus_slopes(softplus_grad, rng):
    """slopes; whole numbers"""
    z = 2 * rng.normal(size=(3, 5))
    return {
        "softplus′(z)": softplus_grad(z),
        "softplus′ of the same z in one row": softplus_grad(z.reshape(15)),
        "softplus′ of integers": softplus_grad(small(rng, 4)),
    }


@check("softplus_grad", points=1)
def softplus_slopes_far_out(softplus_grad, rng):
    """stable: finite at ±1000"""
    far = softplus_grad(far_out(rng, -2, 800))
    return {"softplus′(z)": far, f"finite, {ENDS}": finite(far)}


@check("softsign", points=1)
def softsign_values(softsign, rng):
    """values"""
    return {"softsign(z)": softsign(2 * rng.normal(size=(3, 5)))}


@check("softsign", points=1)
def softsign_of_integers(softsign, rng):
    """whole numbers, far out as well"""
    return {"softsign(z)": softsign(np.array([-rng.integers(700, 1000), *whole(rng, -1, -1, 1, 1), rng.integers(700, 1000)]))}


@check("softsign_grad", points=1)
def softsign_slopes(softsign_grad, rng):
    """slopes"""
    return {"softsign′(z)": softsign_grad(2 * rng.normal(size=(3, 5)))}


@check("softsign_grad", points=1)
def softsign_slopes_of_integers(softsign_grad, rng):
    """whole numbers"""
    return {"softsign′(z)": softsign_grad(whole(rng, -1, -1, 1, 1))}


@check("hard_tanh", points=1)
def hard_tanh_values(hard_tanh, rng):
    """values"""
    return {"hardtanh(z)": hard_tanh(1.5 * rng.normal(size=(5, 7)))}


@check("hard_tanh", points=1)
def hard_tanh_twice(hard_tanh, rng):
    """far out, and a second call"""
    far = np.array([-1e20, -1000.0, -0.3, 1000.0, 1e20]) * rng.uniform(0.5, 2, size=5)
    return {"far out": hard_tanh(far), "again": hard_tanh(2 * rng.normal(size=11))}


@check("hard_tanh_grad", points=1)
def hard_tanh_slopes(hard_tanh_grad, rng):
    """slopes away from the two corners"""
    return {"hardtanh′(z)": hard_tanh_grad(away_from(1.5 * rng.normal(size=(5, 7)), -1.0, 1.0))}


@check("hard_tanh_grad", points=1)
def hard_tanh_slopes_far_out(hard_tanh_grad, rng):
    """flat on both sides; close to the corners"""
    left, right = 1 + np.array([-0.4, -1e-4, 1e-4, 0.5, 1000.0]) * rng.uniform(0.6, 1, size=(2, 5))
    return {"left": hard_tanh_grad(-left[::-1]), "right": hard_tanh_grad(right)}


# --- layers


@check("collapse_linear", points=4)
def one_layer_for_two(collapse_linear, rng):
    """five inputs, three hidden, two outputs"""
    W, b = collapse_linear(rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=(3, 2)), rng.normal(size=2))
    return {"W": W, "b": b}


@check("collapse_linear", points=3)
def as_many_hidden_as_outputs(collapse_linear, rng):
    """as many hidden neurons as outputs: shapes no longer give a mistake away"""
    W, b = collapse_linear(rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=3))
    return {"W": W, "b": b}


@check("collapse_linear", points=2)
def whole_number_layers(collapse_linear, rng):
    """whole numbers, one output"""
    W1, b1 = rng.integers(1, 7, size=(2, 7)), rng.integers(1, 7, size=7)
    W, b = collapse_linear(W1, b1, rng.integers(2, 7, size=(7, 1)), np.array([0.5]))
    return {"W": W, "b": b}


def layers(rng, *widths):
    """Random (W, b) for a network with the given widths, inputs first."""
    return [(rng.normal(size=(before, after)), rng.normal(size=after)) for before, after in pairwise(widths)]


@check("deep_forward", points=2)
def one_layer(deep_forward, rng):
    """one layer: no g at all"""
    return {"Z": deep_forward(rng.normal(size=(7, 5)), layers(rng, 5, 3), leaning)}


@check("deep_forward", points=7)
def two_and_three_layers(deep_forward, rng):
    """two layers and three, every width different"""
    return {
        "Z of two layers": deep_forward(rng.normal(size=(7, 5)), layers(rng, 5, 3, 2), leaning),
        "Z of three layers": deep_forward(rng.normal(size=(11, 2)), layers(rng, 2, 7, 5, 3), leaning),
    }


@check("deep_forward", points=4)
def layers_of_equal_width(deep_forward, rng):
    """three layers of equal width: each layer in its place"""
    return {"Z": deep_forward(rng.normal(size=(5, 3)), layers(rng, 3, 3, 3, 3), leaning)}


@check("deep_forward", points=2)
def whole_number_network(deep_forward, rng):
    """whole numbers as inputs and weights, fractional biases"""
    params = [(rng.integers(1, 5, size=shape), rng.normal(size=shape[1])) for shape in ((2, 5), (5, 3))]
    return {"Z": deep_forward(rng.integers(-4, 5, size=(7, 2)), params, leaning)}
