"""What lab04_backprop asks of each exercise. Probes only: the engine runs the reference beside the student.

Stages are listed from the loss backwards, so that the first wrong one is the one that a student should look at first.
"""

import itertools

import numpy as np

from course_utils.checking import check, follows


def entry(found, name):
    """One array of a dict, or what there is in its place."""
    if not isinstance(found, dict):
        return found
    return found[name] if name in found else f"missing: there are {', '.join(map(str, found))}"


def pair(found, layer):
    """The two arrays of one layer in a list of pairs, or what there is in their place."""
    if not isinstance(found, list | tuple):
        return found, found
    if layer >= len(found):
        return (f"missing: the list has {len(found)} entries",) * 2
    both = found[layer]
    return tuple(both) if isinstance(both, list | tuple) and len(both) == 2 else (both, both)


def in_a_row(found, names):
    """The entries of all arrays of a dict, one after another: one list that shows which are there at all."""
    there = [np.ravel(found[name]) for name in names if name in found] if isinstance(found, dict) else []
    return np.concatenate(there) if there else found


def which(test, value):
    """Where a test holds, entry by entry; what is no array stays as it is."""
    array = np.asarray(value)
    return test(array) if array.dtype.kind in "fiu" else value


# --- one path through the graph


@check("chain_grads", points=2, by_hand=True)
def numbers_for_paper(chain_grads):
    """numbers for paper: x = 3, y = 1, w₁ = ½, w₂ = −4"""
    dw1, dw2 = chain_grads(3.0, 1.0, 0.5, -4.0)
    return {"dw2": dw2, "dw1": dw1}


@check("chain_grads", points=4, by_hand=True)
def any_numbers(chain_grads, rng):
    """any four numbers, twice in a row"""
    found = {}
    for time in ("first", "second"):
        x, y, w1, w2 = rng.uniform(0.4, 1.8, size=4) * rng.choice([-1, 1], size=4)
        dw1, dw2 = chain_grads(x, y, w1, w2)
        found |= {f"dw2, {time} call": dw2, f"dw1, {time} call": dw1}
    return found


@check("chain_grads", points=1, by_hand=True)
def whole_number_chain(chain_grads, rng):
    """whole numbers"""
    y, w2 = rng.integers(3, 8, size=2).tolist()
    dw1, dw2 = chain_grads(2, y, -1, w2)
    return {"dw2": dw2, "dw1": dw1}


# --- one layer


@check("affine", points=3, by_hand=True)
def scores_of_a_batch(affine, rng):
    """seven examples, five inputs, three outputs, then one output alone"""
    X, W, b = rng.normal(size=(7, 5)), rng.normal(size=(5, 3)), rng.normal(size=3)
    return {"Y": affine(X, W, b), "Y with one output": affine(X, W[:, :1], b[:1])}


@check("affine", points=2, by_hand=True)
def each_bias_in_its_column(affine, rng):
    """as many examples as outputs, whole numbers: each bias stays in its column"""
    X, W, b = rng.integers(-6, 7, size=(3, 5)), rng.normal(size=(5, 3)), rng.normal(size=3)
    return {"Y": affine(X, W, b)}


def backward_of(affine_backward, dY, X, W):
    dX, dW, db = affine_backward(dY, X, W)
    return {"dX": dX, "dW": dW, "db": db}


@check("affine_backward", points=6, by_hand=True)
def gradients_of_a_batch(affine_backward, rng):
    """all three gradients of a batch"""
    X, W, dY = rng.normal(size=(7, 5)), rng.normal(size=(5, 3)), rng.normal(size=(7, 3))
    return backward_of(affine_backward, dY, X, W)


@check("affine_backward", points=3, by_hand=True)
def gradients_of_equal_sizes(affine_backward, rng):
    """as many examples as inputs and outputs: here shapes cannot show a mistake"""
    one, other = rng.normal(size=(2, 3, 3, 3))
    found = backward_of(affine_backward, *one)
    return {"dX": found["dX"], "dW": found["dW"], "db of two batches": [found["db"], backward_of(affine_backward, *other)["db"]]}


@check("affine_backward", points=2, by_hand=True)
def gradients_of_whole_numbers(affine_backward, rng):
    """whole-number inputs and weights, eleven examples"""
    X, W, dY = rng.integers(-6, 7, size=(11, 2)), rng.integers(-6, 7, size=(2, 5)), rng.normal(size=(11, 5))
    return backward_of(affine_backward, dY, X, W)


# --- non-linearities


@check("sigmoid_backward", points=3, by_hand=True)
def slopes_times_upstream(sigmoid_backward, rng):
    """a batch with a random upstream gradient, twice in a row"""
    return {
        "dZ": sigmoid_backward(rng.normal(size=(7, 5)), 2 * rng.normal(size=(7, 5))),
        "dZ again": sigmoid_backward(rng.normal(size=(2, 3)), 2 * rng.normal(size=(2, 3))),
    }


@check("sigmoid_backward", points=1, by_hand=True)
def slopes_far_out(sigmoid_backward, rng):
    """flat at ±1000"""
    Z = np.array([[-1000.0, 1000.0], [-720.0, 2.0]]) * rng.uniform(1, 1.2, size=(2, 2))
    dZ = sigmoid_backward(rng.uniform(0.5, 2, size=(2, 2)), Z)
    return {"is dZ finite?": which(np.isfinite, dZ), "dZ": dZ}


@check("relu_backward", points=2, by_hand=True)
def gates_times_upstream(relu_backward, rng):
    """a batch with a random upstream gradient"""
    return {"dZ": relu_backward(rng.normal(size=(7, 5)), rng.uniform(0.1, 2, size=(7, 5)) * rng.choice([-1, 1], size=(7, 5)))}


@check("relu_backward", points=2, by_hand=True)
def gates_in_the_corner(relu_backward, rng):
    """in the corner and close to it: the slope at 0 is 0 in this course"""
    Z = np.array([[0.0, 1.5, -2.5], [0.03, 0.0, -0.04], [2e-7, -3e-7, 0.4]])
    return {"dZ": relu_backward(rng.uniform(0.5, 2, size=(3, 3)) * rng.choice([-1, 1], size=(3, 3)), Z)}


# --- the network of two layers

BACKWARDS = ("W2", "b2", "W1", "b1")


def two_layers(rng, N, D, H, C):
    """X, Y and random parameters, every bias away from zero."""
    params = {"W1": rng.normal(size=(D, H)), "b1": rng.normal(size=H) + 0.3}
    params |= {"W2": rng.normal(size=(H, C)), "b2": rng.normal(size=C) + 0.3}
    return rng.normal(size=(N, D)), rng.normal(size=(N, C)), params


def loss_then_gradients(two_layer_loss, X, Y, params):
    loss, grads = two_layer_loss(X, Y, params)
    found = {"loss": loss}
    for name in BACKWARDS:

        def loss_at(array, name=name):
            return two_layer_loss(X, Y, {**params, name: array})[0]

        found[f"d{name}"] = follows(entry(grads, name), loss_at, params[name], forward="loss")
    return found


@check("two_layer_loss", points=12, by_hand=True)
def two_layers_of_a_batch(two_layer_loss, rng):
    """the loss and all four gradients: seven examples, five inputs, three hidden, two outputs"""
    return loss_then_gradients(two_layer_loss, *two_layers(rng, 7, 5, 3, 2))


@check("two_layer_loss", points=5, by_hand=True)
def two_layers_of_equal_size(two_layer_loss, rng):
    """three of everything, the parameters in another order: here shapes cannot show a mistake"""
    X, Y, params = two_layers(rng, 3, 3, 3, 3)
    return loss_then_gradients(two_layer_loss, X, Y, {name: params[name] for name in BACKWARDS})


@check("two_layer_loss", points=3, by_hand=True)
def two_layers_with_one_output(two_layer_loss, rng):
    """eleven examples and one output, then the first five of them, then one; then b₂ moves"""
    X, Y, params = two_layers(rng, 11, 2, 7, 1)
    (loss, grads), (loss_5, grads_5) = two_layer_loss(X, Y, params), two_layer_loss(X[:5], Y[:5], params)
    loss_1, grads_1 = two_layer_loss(X[:1], Y[:1], params)
    moved = [two_layer_loss(X, Y, {**params, "b2": params["b2"] + step})[0] for step in (0.25, 0.5, 0.75, 1.0)]
    return {
        "loss": loss,
        "db2": entry(grads, "b2"),
        "dW1": entry(grads, "W1"),
        "loss of five": loss_5,
        "dW1 of five": entry(grads_5, "W1"),
        "db1 of five": entry(grads_5, "b1"),
        "loss of one": loss_1,
        "dW2 of one": entry(grads_1, "W2"),
        "loss as b2 moves": moved,
    }


# --- the printed backward pass, mended


def slide_sizes(rng, N, D, H, C):
    """X, Y, W1, b1, W2, b2 as the lecture shapes them: biases are rows."""
    X, Y, params = two_layers(rng, N, D, H, C)
    return X, Y, params["W1"], params["b1"][None, :], params["W2"], params["b2"][None, :]


def slide_backwards(repaired_slide, *arguments):
    dW1, db1, dW2, db2 = repaired_slide(*arguments)
    return {"dW2": dW2, "db2": db2, "dW1": dW1, "db1": db1}


@check("repaired_slide", points=8, by_hand=True)
def slide_of_a_batch(repaired_slide, rng):
    """all four gradients: seven examples, five inputs, three hidden, two outputs"""
    return slide_backwards(repaired_slide, *slide_sizes(rng, 7, 5, 3, 2))


@check("repaired_slide", points=4, by_hand=True)
def slide_of_equal_sizes(repaired_slide, rng):
    """three of everything: here shapes cannot show a mistake"""
    return slide_backwards(repaired_slide, *slide_sizes(rng, 3, 3, 3, 3))


# --- any depth


def layers(rng, *widths):
    """Random (W, b) for a network with the given widths, inputs first; biases that leave most gates open."""
    return [
        (rng.normal(size=(before, after)) / np.sqrt(before), rng.normal(size=after) + 0.8) for before, after in itertools.pairwise(widths)
    ]


def batch(rng, N, D, C):
    """X (N, D) and labels (N,) that name the first and the last class at least once."""
    labels = rng.integers(0, C, size=N)
    labels[:2] = 0, C - 1
    return rng.normal(size=(N, D)), labels


def depth_first(mlp_loss, X, labels, params):
    """The loss, then the gradients from the last layer to the first."""
    loss, grads = mlp_loss(X, labels, params)
    found = {"loss": loss}
    for layer in reversed(range(len(params))):
        for place, value in enumerate(pair(grads, layer)):

            def loss_at(array, layer=layer, place=place):
                changed = [list(both) for both in params]
                changed[layer][place] = array
                return mlp_loss(X, labels, [tuple(both) for both in changed])[0]

            name = f"d{'Wb'[place]} of layer {layer + 1}"
            found[name] = follows(value, loss_at, params[layer][place], forward="loss")
    return found


@check("mlp_loss", points=7, by_hand=True)
def three_layers(mlp_loss, rng):
    """three layers, every width different: the loss, then the gradients from the last layer to the first"""
    X, labels = batch(rng, 11, 5, 4)
    return depth_first(mlp_loss, X, labels, layers(rng, 5, 2, 3, 4))


@check("mlp_loss", points=3, by_hand=True)
def one_layer_alone(mlp_loss, rng):
    """one layer: no ReLU at all"""
    X, labels = batch(rng, 7, 5, 3)
    return depth_first(mlp_loss, X, labels, layers(rng, 5, 3))


@check("mlp_loss", points=2, by_hand=True)
def neurons_in_the_corner(mlp_loss, rng):
    """whole numbers: some hidden neurons sit exactly in the corner of ReLU"""
    X, labels = rng.integers(-2, 3, size=(5, 2)), np.array([0, 2, 1, 2, 0])
    W1, b1 = rng.integers(-2, 3, size=(2, 3)), rng.integers(-1, 2, size=3)
    b1[0] = -(X[0] @ W1)[0]  # at least one neuron of one example is at 0
    _, grads = mlp_loss(X, labels, [(W1.astype(float), b1.astype(float)), *layers(rng, 3, 3)])
    (dW2, db2), (dW1, db1) = pair(grads, 1), pair(grads, 0)
    return {"dW of layer 2": dW2, "db of layer 2": db2, "dW of layer 1": dW1, "db of layer 1": db1}


@check("mlp_loss", points=2, by_hand=True)
def scores_in_the_thousands(mlp_loss, rng):
    """scores in the thousands, every example sure of its class or of another one: the loss stays finite"""
    X, W, b = rng.normal(size=(5, 2)), rng.normal(size=(2, 3)), np.zeros(3)
    likely, unlikely = np.argmax(X @ W, axis=1), np.argmin(X @ W, axis=1)

    def losses(labels):
        found = [mlp_loss(X, labels, [(scale * W, b)])[0] for scale in (0.1, 0.2, 9000, 18000)]
        return np.array([float(np.ravel(loss)[0]) for loss in found])

    right, wrong = losses(likely), losses(unlikely)
    _, grads = mlp_loss(X, unlikely, [(9000 * W, b)])
    dW, db = pair(grads, 0)
    with np.errstate(invalid="ignore"):
        growth = wrong[1::2] - wrong[::2]
    return {
        "is the loss finite, and below ln 3 only where the network is right?": [
            *(right < np.log(3)),
            *(np.log(3) < wrong) & np.isfinite(wrong),
        ],
        "growth of the loss with the scores": growth,
        "dW": dW,
        "db": db,
    }


# --- walking downhill


def trained(train, rng, widths, lr, steps):
    X, labels = batch(rng, 11, widths[0], widths[-1])
    after = train(X, labels, layers(rng, *widths), lr, steps)
    found = {}
    for layer in reversed(range(len(widths) - 1)):
        W, b = pair(after, layer)
        found |= {f"W of layer {layer + 1}": W, f"b of layer {layer + 1}": b}
    return found


@check("train", points=3, by_hand=True)
def three_steps(train, rng):
    """three steps of a network of two layers"""
    return trained(train, rng, (2, 5, 3), 0.3, 3)


@check("train", points=1, by_hand=True)
def one_step(train, rng):
    """one step: where a step more or less shows"""
    return trained(train, rng, (5, 3), 0.7, 1)


@check("train", points=1, by_hand=True)
def no_step(train, rng):
    """no step at all"""
    return trained(train, rng, (3, 2, 5), 0.7, 0)


# --- blame


@check("blame", points=1, by_hand=True)
def blame_of_the_lecture(blame):
    """the lecture's two weights: the loss is to go down by 0.1"""
    return {"move of w": entry(blame({"w": np.array([-10 / 9, 5 / 6])}, -0.1), "w")}


@check("blame", points=3, by_hand=True)
def blame_of_a_network(blame, rng):
    """all four gradients of a network, the loss up and down"""
    names = {"W1": (5, 3), "b1": 3, "W2": (3, 2), "b2": 2}
    grads = {name: rng.normal(size=shape) for name, shape in names.items()}
    up, down = blame(grads, 0.37), blame(grads, -0.02)
    return {"move of W1": entry(up, "W1"), "all moves in a row, down": in_a_row(down, names)}


@check("blame", points=1, by_hand=True)
def blame_without_slope(blame, rng):
    """a gradient of exactly 0: no move is enough, so np.inf, for the loss up and down"""
    grads = {"W": rng.normal(size=(3, 2)), "b": np.zeros(2)}
    grads["W"][1, 0] = 0.0
    down, up = blame(grads, -0.3), blame(grads, 0.3)
    infinite = [which(lambda move: move == np.inf, in_a_row(moves, ["b"])) for moves in (down, up)]
    return {"move of W": entry(down, "W"), "is the move of b inf? (down, up)": infinite}
