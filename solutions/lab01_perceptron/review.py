"""Questions about lab01_perceptron for `handgrad review`."""

import numpy as np

from course_utils.reviewing import Asked, question, small

_TABLE = ["perceptron_always_sigmoid", "perceptron_bias_of_the_example", "perceptron_in_an_array"]


def _identity(z):
    return z


def _relu(z):
    return np.maximum(z, 0)


@question("perceptron", "Add w0 and all the products xᵢwᵢ first, and then apply g once.", without=_TABLE)
def answer_of_a_neuron(perceptron, rng):
    """A neuron with g = ReLU answers g(w0 + Σ xᵢwᵢ).
    What does it answer here?"""
    x, w, w0 = small(rng, 3), small(rng, 3), small(rng)
    w *= np.sign(w0 + x @ w - 0.5)  # mostly above 0, where ReLU hides nothing
    return Asked({"x": x, "w": w, "w0": w0}, perceptron(x, w, w0, _relu), "answer")


@question("boundary", "On the border w0 + w1·x1 + w2·x2 = 0, so x2 = −(w0 + w1·x1)/w2.", places=2)
def place_on_the_border(boundary, rng):
    """A neuron changes its mind where w0 + w1·x1 + w2·x2 is 0.
    At which x2 is this border, for this x1?"""
    w0, w1, x1 = small(rng), small(rng), small(rng)
    w = np.array([w1, float(rng.choice([-4.0, -2.0, 2.0, 4.0]))])
    return Asked({"x1": x1, "w0": w0, "w1": w[0], "w2": w[1]}, float(boundary(x1, w0, w)), "x2")


@question(
    "perceptron_batch",
    "A row of X meets each column of W, b[j] is added to column j, then g is applied to every number.",
    without=["batch_normalised"],
)
def answers_of_a_layer(perceptron_batch, rng):
    """Rows of X are examples, columns of W are neurons, and g is ReLU.
    Which of these is g(XW + b)?"""
    X, W, b = small(rng, 2, 2, least=-1, most=3), small(rng, 2, 2, least=-1, most=3), small(rng, 2)
    return Asked({"X": X, "W": W, "b": b}, perceptron_batch(X, W, b, _relu), "answer")


@question("perceptron_batch", "There is a row for each example and a column for each neuron.")
def shape_of_the_answers(perceptron_batch, rng):
    """A layer gets a batch.
    Which shape has g(XW + b)?"""
    N, D, H = (int(size) for size in rng.permutation(np.arange(3, 10))[:3])
    wrong = {
        "rows and columns have changed places: the examples come first": (H, N),
        "this is the shape of W: there is an answer for each example": (D, H),
        "this is the shape of X: each neuron makes one number of all inputs": (N, D),
    }
    shape = perceptron_batch(np.ones((N, D)), np.ones((D, H)), np.ones(H), _identity).shape
    return Asked({"X.shape": (N, D), "W.shape": (D, H), "b.shape": (H,)}, tuple(shape), others=wrong)


@question("sigmoid", "σ(−z) is 1 − σ(z): the curve is the same when it is turned around by half a turn.", places=3)
def the_other_side(sigmoid, rng):
    """You know σ(z).
    What is σ(−z)?"""
    z = float(rng.choice([-1, 1])) * float(rng.integers(3, 30)) / 10
    s = float(sigmoid(np.array([z]))[0])
    wrong = {
        "σ is never negative: it runs from 0 to 1": -s,
        "σ is not even: it rises everywhere": s,
        "that would be the slope σ(1 − σ)": s * (1 - s),
    }
    return Asked({"z": z, "σ(z)": f"{s:.3f}"}, float(sigmoid(np.array([-z]))[0]), others=wrong)


@question("sigmoid_grad", "The slope is σ(z)(1 − σ(z)).", places=3, without=["sigmoid_grad_of_neighbours"])
def slope_of_the_sigmoid(sigmoid, sigmoid_grad, rng):
    """You know z and σ(z).
    How steep is σ there?"""
    z = float(rng.choice([-1, 1])) * float(rng.integers(4, 26)) / 10
    s = 1 / (1 + np.exp(-z))
    return Asked({"z": z, "σ(z)": f"{s:.3f}"}, float(sigmoid_grad(np.array([z]))[0]), "slope")


@question("tanh_grad", "The slope is 1 − tanh(z)².", places=3)
def slope_of_tanh(tanh_grad, rng):
    """You know z and tanh(z).
    How steep is tanh there?"""
    z = float(rng.choice([-1, 1])) * float(rng.integers(4, 20)) / 10
    return Asked({"z": z, "tanh(z)": f"{np.tanh(z):.3f}"}, float(tanh_grad(np.array([z]))[0]), "slope")


@question("relu_grad", "The slope is 1 right of 0, 0 left of it, and 0 at 0 by this course's rule.", without=["relu_grad_wrong_side"])
def slopes_of_relu(relu_grad, rng):
    """These numbers meet ReLU, and one of them is exactly 0.
    Which are the slopes there, by this course's rule?"""
    z = rng.permutation([float(rng.integers(2, 5)), -float(rng.integers(2, 5)), 0.0, float(rng.integers(5, 9))])
    return Asked({"z": z}, relu_grad(z), "result")


@question("leaky_relu", "To the left of 0 it is αz, to the right z itself.", places=2)
def leaky_values(leaky_relu, rng):
    """Leaky ReLU with the given α.
    Which values does it give?"""
    z = rng.permutation([float(rng.integers(1, 5)), -float(rng.integers(1, 5)), -float(rng.integers(5, 9))])
    alpha = float(rng.choice([0.2, 0.3, 0.5]))
    return Asked({"z": z, "α": alpha}, leaky_relu(z, alpha), "result")


@question("softsign_grad", "softsign is z/(1 + |z|), and its slope is 1/(1 + |z|)².", places=4)
def slope_of_softsign(softsign_grad, rng):
    """softsign(z) is z/(1 + |z|).
    How steep is it at this z?"""
    z = float(rng.choice([-9, -4, -3, -1.5, 1.5, 3, 4, 9]))
    return Asked({"z": z}, float(softsign_grad(np.array([z]))[0]), "slope")


@question(
    "collapse_linear",
    "XW₁W₂ + b₁W₂ + b₂: the first bias passes through the second layer too, so b = b₁W₂ + b₂.",
    without=["collapse_swapped_results"],
)
def bias_of_two_linear_layers(collapse_linear, rng):
    """Two layers without a non-linearity, (XW1 + b1)W2 + b2, are one layer XW + b.
    Which bias b has it?"""
    W1, b1, W2, b2 = small(rng, 3, 2), small(rng, 2), small(rng, 2, 2), small(rng, 2)
    return Asked({"b1": b1, "W2": W2, "b2": b2}, np.ravel(collapse_linear(W1, b1, W2, b2)[1]), "b")


@question(
    "collapse_linear",
    "W is W₁W₂: it leads from the first layer's inputs to the last layer's outputs, and b has one number for each output.",
)
def shape_of_two_linear_layers(collapse_linear, rng):
    """Two layers without a non-linearity are collapsed into one.
    Which shapes have W and b?"""
    D, H, K = (int(size) for size in rng.permutation(np.arange(2, 9))[:3])
    W, b = collapse_linear(np.ones((D, H)), np.ones(H), np.ones((H, K)), np.ones(K))
    wrong = {
        "rows of W belong to inputs, its columns to outputs": ((K, D), (K,)),
        "the hidden neurons are gone: only inputs and outputs are left": ((D, H), (H,)),
        "b belongs to the outputs: each of them has one number": ((D, K), (H,)),
    }
    return Asked({"W1.shape": (D, H), "W2.shape": (H, K)}, (tuple(W.shape), tuple(b.shape)), others=wrong)


@question(
    "deep_forward",
    "g acts between the layers only: not on the inputs, and not on the last sums.",
    without=["deep_always_relu", "deep_last_by_width"],
)
def two_layers_deep(deep_forward, rng):
    """One example goes through two layers. g = ReLU acts between them, and the last layer's sum is the answer.
    What comes out?"""
    X, W1, b1 = small(rng, 1, 2), small(rng, 2, 2), small(rng, 2)
    W2, b2 = small(rng, 2, 1), small(rng, 1)
    value = np.ravel(deep_forward(X, [(W1, b1), (W2, b2)], _relu))
    return Asked({"X": X[0], "W1": W1, "b1": b1, "W2": W2[:, 0], "b2": b2[0]}, float(value[0]) if value.size == 1 else value, "answer")
