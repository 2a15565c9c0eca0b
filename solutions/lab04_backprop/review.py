"""Questions about lab04_backprop for `handgrad review`."""

import numpy as np

from course_utils.reviewing import Asked, question, small


def _sigma(z):
    return 1 / (1 + np.exp(-z))


@question(
    "chain_grads",
    "dw1 is the product along its path: 2(ŷ − y), then w2, then h(1 − h), then x.",
    without=["chain_swapped", "chain_with_paper_h"],
)
def dw1_on_its_path(chain_grads, rng):
    """The network is ŷ = w2·h with h = σ(w1·x), and J = (ŷ − y)².
    Which of these is dw1, the slope of J along w1?"""
    x, y, w2 = small(rng), small(rng), small(rng)
    w1 = float(rng.choice([-0.5, 0.5])) * float(rng.integers(1, 3))
    return Asked({"x": x, "y": y, "w1": w1, "w2": w2, "h": round(_sigma(w1 * x), 3)}, chain_grads(x, y, w1, w2)[0], "dw1")


@question("chain_grads", "dw2 is 2(ŷ − y) times h, for h is what w2 is multiplied by.", without=["chain_swapped", "chain_with_paper_h"])
def dw2_on_its_path(chain_grads, rng):
    """The network is ŷ = w2·h with h = σ(w1·x), and J = (ŷ − y)².
    Which of these is dw2, the slope of J along w2?"""
    x, y, w2 = small(rng), small(rng), small(rng)
    w1 = float(rng.choice([-0.5, 0.5])) * float(rng.integers(1, 3))
    return Asked({"x": x, "y": y, "w1": w1, "w2": w2, "h": round(_sigma(w1 * x), 3)}, chain_grads(x, y, w1, w2)[1])


@question("affine", "Each row of X meets each column of W, and b[j] is added to column j.", without=["affine_with_sigmoid"])
def scores_of_a_batch(affine, rng):
    """The rows of X are examples.
    Which of these is Y = XW + b?"""
    X, W, b = small(rng, 3, 2), small(rng, 2, 2), small(rng, 2)
    return Asked({"X": X, "W": W, "b": b}, affine(X, W, b), "Y")


@question(
    "affine_backward",
    "dW = Xᵀ dY: column i of X meets column j of dY, and the examples are summed.",
    without=["backward_swapped", "backward_weights_from_dX"],
)
def dW_of_a_batch(affine_backward, rng):
    """Y = XW + b, and dY is the gradient of the loss at Y.
    Which of these is dW?"""
    X, W, dY = small(rng, 3, 2), small(rng, 2, 2), small(rng, 3, 2)
    return Asked({"X": X, "dY": dY}, affine_backward(dY, X, W)[1], "dW")


@question("affine_backward", "db is the sum of dY over the examples: every example uses the same bias.")
def db_of_a_batch(affine_backward, rng):
    """Y = XW + b, and dY is the gradient of the loss at Y, which is a mean over the batch.
    Which of these is db?"""
    X, W, dY = small(rng, 4, 2), small(rng, 2, 3), small(rng, 4, 3)
    return Asked({"dY": dY}, affine_backward(dY, X, W)[2], "db")


@question(
    "affine_backward",
    "dX = dY Wᵀ: each input collects from all outputs, through the weights that lead there.",
    without=["backward_swapped"],
)
def dX_of_a_batch(affine_backward, rng):
    """Y = XW + b, and dY is the gradient of the loss at Y.
    Which of these is dX?"""
    X, W, dY = small(rng, 3, 2), small(rng, 2, 2), small(rng, 3, 2)
    wrong = {
        "W has the wrong orientation here: each input collects from all outputs that use it": dY @ W,
        "only the sum of each input's weights is used: every output sends its own share back": dY * W.sum(axis=1),
        "dY is ignored: every gradient starts from dY, which says how much each score matters": np.ones_like(dY) @ W.T,
    }
    return Asked({"W": W, "dY": dY}, affine_backward(dY, X, W)[0], "dX", wrong)


@question("sigmoid_backward", "dZ is dH times σ(Z)(1 − σ(Z)), entry by entry.", without=["sigmoid_averaged"])
def through_a_sigmoid(sigmoid_backward, rng):
    """H = σ(Z), and dH is the gradient of the loss at H.
    Which of these is dZ?"""
    Z, dH = small(rng, 2, 2), small(rng, 2, 2)
    return Asked({"Z": Z, "H": np.round(_sigma(Z), 3), "dH": dH}, sigmoid_backward(dH, Z), "dZ")


@question("relu_backward", "The gate is open where Z is above 0: there dH passes as it is, elsewhere dZ is 0.", without=["relu_selected"])
def through_a_relu(relu_backward, rng):
    """H = ReLU(Z), and dH is the gradient of the loss at H.
    Which of these is dZ?"""
    Z, dH = small(rng, 2, 3), small(rng, 2, 3)
    Z[0, rng.integers(3)] = 0
    return Asked({"Z": Z, "dH": dH}, relu_backward(dH, Z), "dZ")


@question("two_layer_loss", "A gradient has the shape of its variable, and W1 leads from D inputs to H hidden neurons.")
def shape_of_dW1(two_layer_loss, rng):
    """A network has one hidden layer of sigmoids and a linear output, its loss is the mean squared error.
    Which shape has the gradient dW1?"""
    N, D, H, C = (int(size) for size in rng.permutation([3, 4, 5, 7, 8])[:4])
    params = {"W1": np.ones((D, H)), "b1": np.ones(H), "W2": np.ones((H, C)), "b2": np.ones(C)}
    right = two_layer_loss(np.ones((N, D)), np.ones((N, C)), params)[1]["W1"].shape
    wrong = {
        "this is the transpose: rows of W1 belong to inputs": (H, D),
        "this is the shape of X: the examples are summed in dW1": (N, D),
        "this is the shape of dZ, one row for each example: the examples are summed in dW1": (N, H),
    }
    return Asked({"examples": N, "inputs": D, "hidden neurons": H, "outputs": C}, tuple(right), others=wrong)


@question("two_layer_loss", "db2 is the sum over the examples of 2(ŷ − y)/N, and ŷ is b2 here.", places=2)
def db2_of_a_silent_network(two_layer_loss, rng):
    """All weights W1 and W2 and the bias b1 are 0, so the network answers b2 to every example. The loss is the mean over the
    examples of the squared errors, summed over the outputs.
    Which of these is db2?"""
    Y, b2 = small(rng, 4, 2), small(rng, 2)
    params = {"W1": np.zeros((3, 2)), "b1": np.zeros(2), "W2": np.zeros((2, 2)), "b2": b2}
    return Asked({"b2": b2, "Y": Y}, two_layer_loss(np.ones((4, 3)), Y, params)[1]["b2"], "db2")


@question("repaired_slide", "The slide's b1 is a row (1, H), and its gradient has the shape of its variable.")
def shape_of_the_slides_db1(repaired_slide, rng):
    """On the slide of lecture 001 the biases are rows, and `d_b1 = d_Y_curr` is printed.
    Which shape has the right db1?"""
    N, D, H, C = (int(size) for size in rng.permutation([3, 4, 5, 7, 8])[:4])
    right = repaired_slide(np.ones((N, D)), np.ones((N, C)), np.ones((D, H)), np.ones((1, H)), np.ones((H, C)), np.ones((1, C)))[1].shape
    wrong = {
        "this is the shape of d_Y_curr, as printed: b1 feeds the hidden layer, and all examples share it": (N, C),
        "this is d_Z_curr before the sum: all examples share one b1": (N, H),
        "this is the shape of b2: b1 has one entry for each hidden neuron": (1, C),
    }
    return Asked({"examples": N, "inputs": D, "hidden neurons": H, "outputs": C}, tuple(right), others=wrong)


@question("mlp_loss", "With equal scores every class has the probability 1/C, and its surprise is ln C, whatever the label.", places=3)
def loss_of_a_network_that_knows_nothing(mlp_loss, rng):
    """All weights and biases of a classifier are 0, so all its scores are 0. Its loss is softmax cross-entropy.
    Which loss does it have?"""
    N, D, C = (int(size) for size in rng.permutation([3, 4, 5, 6, 8, 10])[:3])
    loss = mlp_loss(np.ones((N, D)), rng.integers(C, size=N), [(np.zeros((D, C)), np.zeros(C))])[0]
    wrong = {
        "this is the sum over the examples: a mean is asked for": N * np.log(C),
        "this is averaged over the classes too: the mean is over the examples only": np.log(C) / C,
        "this is 1 − 1/C, without the logarithm: a surprise is −ln p": 1 - 1 / C,
    }
    return Asked({"examples": N, "inputs": D, "classes": C}, float(loss), others=wrong)


@question(
    "mlp_loss", "At the scores the gradient is (p − onehot)/N. Summed over the examples this is p − the share of each label.", places=3
)
def last_bias_of_a_network_that_knows_nothing(mlp_loss, rng):
    """All weights and biases of a classifier with 3 classes are 0, so every class has the probability 1/3. Its loss is softmax
    cross-entropy, a mean over the examples.
    Which of these is the gradient of the last bias?"""
    labels = rng.permutation([0, 0, 0, 1, 1, 2] if rng.integers(2) else [0, 1, 1, 1, 1, 2])
    labels = rng.permutation(3)[labels]
    params = [(np.zeros((2, 3)), np.zeros(3))]
    return Asked({"labels": labels}, mlp_loss(np.ones((6, 2)), labels, params)[1][0][1], "db")


@question("mlp_loss", "Each layer has inputs × outputs weights and one bias for each output.")
def parameters_of_a_network(rng):
    """A fully connected network has layers of these sizes, from the inputs to the scores.
    How many parameters does it have?"""
    sizes = [int(rng.integers(4, 30)), int(rng.integers(4, 20)), int(rng.integers(2, 11))]
    (D, H, C) = sizes
    right = D * H + H + H * C + C
    wrong = {
        "the biases are left out: every neuron behind the inputs has one": D * H + H * C,
        "the inputs have no bias": right + D,
        "the biases of the hidden layer are left out": right - H,
    }
    return Asked({"sizes": sizes}, right, others=wrong, why=f"{D}·{H} + {H} + {H}·{C} + {C} is {right}.")


@question("train", "One step takes lr times the gradient away: w − lr·dw.")
def a_step_of_training(rng):
    """Plain gradient descent makes one step with this gradient.
    Where is w afterwards?"""
    w, dw, lr = small(rng, 3), small(rng, 3), float(rng.choice([0.1, 0.2, 0.5]))
    wrong = {
        "the step goes uphill, with the gradient and not against it": w + lr * dw,
        "lr is ignored: the step is as long as with lr = 1": w - dw,
        "this is the step alone: it is added to where w was": -lr * dw,
    }
    return Asked({"w": w, "dw": dw, "lr": lr}, w - lr * dw, others=wrong)


@question(
    "blame", "A move of Δw changes the loss by about dw·Δw, so the weight alone has to move by change/dw.", without=["blame_first_array"]
)
def moves_for_a_change(blame, rng):
    """The loss is to change by `change`, and one weight alone has to bring it about.
    By how much must each of these weights move?"""
    grads, change = {"W": rng.choice([-4.0, -2.0, -0.5, 0.5, 1.0, 2.0, 5.0], size=3, replace=False)}, float(rng.choice([-0.2, -0.1, 0.1]))
    return Asked({"dW": grads["W"], "change": change}, blame(grads, change)["W"], "move")
