"""Wrong answers that students give to lab04_backprop, each with the sentence that names it (mistake bank E22–E27, S1–S4)."""

import numpy as np
from scipy.special import expit, log_softmax, softmax

from course_utils.checking import mistake, solution

# --- chain_grads (E23)


@mistake("chain_grads", "dw1 lacks the factor w₂: it is the slope of the edge from h to ŷ")
def chain_without_w2(x, y, w1, w2):
    dw1, dw2 = solution.chain_grads(x, y, w1, w2)
    return dw1 / w2, dw2


@mistake("chain_grads", "dw1 lacks the factor x: z = w₁x grows by x for every unit of w₁")
def chain_without_x(x, y, w1, w2):
    dw1, dw2 = solution.chain_grads(x, y, w1, w2)
    return dw1 / x, dw2


@mistake("chain_grads", "dw1 lacks σ′(z): the path to w₁ runs through the sigmoid")
def chain_without_slope(x, y, w1, w2):
    _, dw2 = solution.chain_grads(x, y, w1, w2)
    return dw2 / expit(w1 * x) * w2 * x, dw2


def _chain_with(slope):
    def wrong(x, y, w1, w2):
        _, dw2 = solution.chain_grads(x, y, w1, w2)
        h = expit(w1 * x)
        return dw2 / h * w2 * slope(x, w1, w2, h) * x, dw2

    return wrong


def _sigma_slope(z):
    return expit(z) * (1 - expit(z))


@mistake("chain_grads", "the slope of the sigmoid is taken at w₁: it belongs at z = w₁x, where the sigmoid acts")
def chain_slope_at_w1(x, y, w1, w2):
    return _chain_with(lambda x, w1, w2, h: _sigma_slope(w1))(x, y, w1, w2)


@mistake("chain_grads", "the slope of the sigmoid is taken at ŷ: it belongs at z = w₁x, where the sigmoid acts")
def chain_slope_at_y_hat(x, y, w1, w2):
    return _chain_with(lambda x, w1, w2, h: _sigma_slope(w2 * h))(x, y, w1, w2)


@mistake("chain_grads", "the slope of the sigmoid is taken at h: that is σ applied twice, so take it at z or write h(1 − h)")
def chain_slope_at_h(x, y, w1, w2):
    return _chain_with(lambda x, w1, w2, h: _sigma_slope(h))(x, y, w1, w2)


@mistake("chain_grads", "z(1 − z) is not the slope of the sigmoid: it is h(1 − h), with h = σ(z)")
def chain_slope_of_z(x, y, w1, w2):
    return _chain_with(lambda x, w1, w2, h: w1 * x * (1 - w1 * x))(x, y, w1, w2)


@mistake("chain_grads", "dw2 uses z: what w₂ multiplies is h = σ(z)")
def chain_dw2_with_z(x, y, w1, w2):
    dw1, dw2 = solution.chain_grads(x, y, w1, w2)
    return dw1, dw2 / expit(w1 * x) * w1 * x


@mistake("chain_grads", "the local slopes on the path to w₁ are added: along one path they multiply")
def chain_added(x, y, w1, w2):
    _, dw2 = solution.chain_grads(x, y, w1, w2)
    h = expit(w1 * x)
    return dw2 / h + w2 + h * (1 - h) + x, dw2


@mistake("chain_grads", "both gradients lack the factor 2 that comes from the square in J")
def chain_without_two(x, y, w1, w2):
    dw1, dw2 = solution.chain_grads(x, y, w1, w2)
    return dw1 / 2, dw2 / 2


@mistake("chain_grads", "both signs are turned around: J grows with ŷ − y, not with y − ŷ")
def chain_sign(x, y, w1, w2):
    dw1, dw2 = solution.chain_grads(x, y, w1, w2)
    return -dw1, -dw2


@mistake("chain_grads", "the two results have changed places: return dw1 first, then dw2")
def chain_swapped(x, y, w1, w2):
    return solution.chain_grads(x, y, w1, w2)[::-1]


@mistake("chain_grads", "these are the slopes of ŷ: the first factor of both, 2(ŷ − y), is missing")
def chain_of_y_hat(x, y, w1, w2):
    h = expit(w1 * x)
    return w2 * h * (1 - h) * x, h


# --- affine


@mistake("affine", "the bias is missing: Y = XW + b")
def affine_without_bias(X, W, b):
    return X @ W


@mistake("affine", "W is turned over: rows are examples here, so it is XW, and Wᵀ belongs to slides with columns")
def affine_transposed(X, W, b):
    return X @ W.T + b


@mistake("affine", "the bias goes down the rows: b has one entry per output, so it is added to every row as it is")
def affine_bias_per_example(X, W, b):
    return X @ W + b[:, None]


@mistake("affine", "the bias is subtracted: Y = XW + b, whatever the signs in b")
def affine_bias_subtracted(X, W, b):
    return X @ W - b


@mistake("affine", "the bias is multiplied in: it is added to each score")
def affine_bias_as_factor(X, W, b):
    return (X @ W) * b


@mistake("affine", "a sigmoid is applied: an affine layer ends with XW + b, the non-linearity comes after it")
def affine_with_sigmoid(X, W, b):
    return expit(X @ W + b)


@mistake("affine", "the scores are averaged over the inputs: each is the sum of the products, without dividing by D")
def affine_of_means(X, W, b):
    return X @ W / X.shape[1] + b


@mistake("affine", "the bias is added once per input: it belongs outside the sum")
def affine_bias_in_the_sum(X, W, b):
    return X @ W + X.shape[1] * b


@mistake("affine", "the result is transposed: examples are rows of X and stay rows of Y")
def affine_result_transposed(X, W, b):
    return (X @ W + b).T


# --- affine_backward (E24)


@mistake("affine_backward", "db is not summed: all examples use the same bias, so their shares add up (as S1 of the slide)")
def backward_bias_per_example(dY, X, W):
    dX, dW, _ = solution.affine_backward(dY, X, W)
    return dX, dW, dY.copy()


@mistake("affine_backward", "db is a mean: the shares of the examples are summed, for the loss is a mean already")
def backward_bias_mean(dY, X, W):
    dX, dW, _ = solution.affine_backward(dY, X, W)
    return dX, dW, dY.mean(axis=0)


@mistake("affine_backward", "db is summed over the outputs: sum over the examples, axis 0, so that one entry per output stays")
def backward_bias_axis(dY, X, W):
    dX, dW, _ = solution.affine_backward(dY, X, W)
    return dX, dW, dY.sum(axis=1)


@mistake("affine_backward", "db is summed over everything: each output has a bias of its own, so sum over the examples only")
def backward_bias_one_number(dY, X, W):
    dX, dW, _ = solution.affine_backward(dY, X, W)
    return dX, dW, dY.sum()


@mistake("affine_backward", "dW is transposed: W is (D, H), and Xᵀ dY has that shape, dYᵀ X has not")
def backward_weights_transposed(dY, X, W):
    dX, _, db = solution.affine_backward(dY, X, W)
    return dX, dY.T @ X, db


@mistake("affine_backward", "dX uses W where Wᵀ is due: the sum runs over the outputs, which are the columns of W")
def backward_inputs_untransposed(dY, X, W):
    _, dW, db = solution.affine_backward(dY, X, W)
    return dY @ W, dW, db


@mistake("affine_backward", "dW and db are divided by the batch size a second time: the loss is a mean already")
def backward_averaged_twice(dY, X, W):
    dX, dW, db = solution.affine_backward(dY, X, W)
    return dX, dW / len(X), db / len(X)


@mistake("affine_backward", "dW is divided by the batch size a second time: the loss is a mean already")
def backward_weights_averaged(dY, X, W):
    dX, dW, db = solution.affine_backward(dY, X, W)
    return dX, dW / len(X), db


@mistake("affine_backward", "dY is ignored: every gradient starts from dY, which says how much each score matters")
def backward_without_upstream(dY, X, W):
    return solution.affine_backward(np.ones_like(dY), X, W)


@mistake("affine_backward", "dW uses dX in place of X: it has the same shape, so nothing complains (as S3 of the slide)")
def backward_weights_from_dX(dY, X, W):
    dX, _, db = solution.affine_backward(dY, X, W)
    return dX, dX.T @ dY, db


@mistake("affine_backward", "dX and dW have changed places: return dX, dW, db")
def backward_swapped(dY, X, W):
    dX, dW, db = solution.affine_backward(dY, X, W)
    return dW, dX, db


@mistake("affine_backward", "db is (1, H): this lab's biases are (H,), and a gradient has the shape of its variable")
def backward_bias_keepdims(dY, X, W):
    dX, dW, db = solution.affine_backward(dY, X, W)
    return dX, dW, db[None, :]


@mistake("affine_backward", "all signs are turned around: the gradient points uphill, the minus belongs to the step")
def backward_sign(dY, X, W):
    return solution.affine_backward(-dY, X, W)


# --- sigmoid_backward, relu_backward (E25)


@mistake("sigmoid_backward", "dH is ignored: the slope σ′(Z) still has to be multiplied by it")
def sigmoid_slope_only(dH, Z):
    return solution.sigmoid_backward(np.ones(np.shape(dH)), Z)


@mistake("sigmoid_backward", "dH is multiplied by σ(Z): on the way back it meets the slope, σ(Z)(1 − σ(Z))")
def sigmoid_value_for_slope(dH, Z):
    return dH * expit(Z)


@mistake("sigmoid_backward", "Z(1 − Z) is not the slope: that would need Z to have been through the sigmoid already")
def sigmoid_slope_of_z(dH, Z):
    return dH * Z * (1 - Z)


@mistake("sigmoid_backward", "the sigmoid is applied twice: the slope is σ(Z)(1 − σ(Z)), taken at Z itself")
def sigmoid_slope_at_h(dH, Z):
    return solution.sigmoid_backward(dH, expit(Z))


@mistake("sigmoid_backward", "σ(1 + σ) has the wrong sign inside: the slope vanishes where σ reaches 1")
def sigmoid_slope_plus(dH, Z):
    return dH * expit(Z) * (1 + expit(Z))


@mistake("sigmoid_backward", "this is a matrix product: the sigmoid works entry by entry, so its slope multiplies entry by entry")
def sigmoid_matrix_product(dH, Z):
    return dH @ _sigma_slope(Z).T


@mistake("sigmoid_backward", "dH is changed in place: write dH * …, which makes a new array, and not dH *= …")
def sigmoid_in_place(dH, Z):
    dH[...] = solution.sigmoid_backward(dH, Z)
    return dH


@mistake("sigmoid_backward", "the slope is added to dH: along one path slopes multiply")
def sigmoid_added(dH, Z):
    return dH + _sigma_slope(Z)


@mistake("sigmoid_backward", "the slope is squared: it appears once, dH σ(Z)(1 − σ(Z))")
def sigmoid_slope_twice(dH, Z):
    return solution.sigmoid_backward(dH, Z) * _sigma_slope(Z)


@mistake("sigmoid_backward", "divided by the batch size: the loss is a mean already, a gate does not average")
def sigmoid_averaged(dH, Z):
    return solution.sigmoid_backward(dH, Z) / len(Z)


@mistake("sigmoid_backward", "np.exp overflows far out: take expit(Z) for the sigmoid, it is stable on both sides")
def sigmoid_unstable(dH, Z):
    H = 1 / (1 + np.exp(-Z))
    return dH * H * (1 - H)


@mistake("relu_backward", "dH is ignored: the gate lets dH through where it is open, not 1")
def relu_gate_only(dH, Z):
    return (Z > 0).astype(float)


@mistake("relu_backward", "dH is multiplied by ReLU(Z): on the way back it meets the slope, which is 0 or 1")
def relu_value_for_slope(dH, Z):
    return dH * np.maximum(Z, 0)


@mistake("relu_backward", "the gate is open at Z = 0: this course takes ReLU′(0) = 0, so the test is Z > 0")
def relu_open_at_zero(dH, Z):
    return dH * (Z >= 0)


@mistake("relu_backward", "the slope at Z = 0 is ½: defensible, but this course takes ReLU′(0) = 0")
def relu_half_at_zero(dH, Z):
    return dH * np.heaviside(Z, 0.5)


@mistake("relu_backward", "the gate looks at dH: it opens where Z, which went forward, is positive, whatever the sign of dH")
def relu_gate_of_gradient(dH, Z):
    return np.maximum(dH, 0)


@mistake("relu_backward", "negative gradients are cut off as well: the gate looks at Z alone and lets dH through with its sign")
def relu_both_gates(dH, Z):
    return np.maximum(solution.relu_backward(dH, Z), 0)


@mistake("relu_backward", "the gate is the wrong way round: it is open where Z > 0")
def relu_inverted(dH, Z):
    return dH * (Z < 0)


@mistake("relu_backward", "the sign of Z is used as the slope: left of 0 the slope is 0, not −1")
def relu_sign(dH, Z):
    return dH * np.sign(Z)


@mistake("relu_backward", "a tenth leaks through on the left: that is leaky ReLU, and ReLU's slope there is 0")
def relu_leaky(dH, Z):
    return dH * np.where(Z > 0, 1, 0.1)


@mistake("relu_backward", "dH is changed in place: make a new array, for instance by multiplying with Z > 0")
def relu_in_place(dH, Z):
    dH[Z <= 0] = 0
    return dH


# --- two_layer_loss (E26)


def _two_layers(X, Y, params, forward=expit, slope=_sigma_slope, scale=2.0, entries=len):
    """The network with another non-linearity, or another constant in its loss: `scale` / `entries`(Y) of it."""
    Z = X @ params["W1"] + params["b1"]
    H = forward(Z)
    error = H @ params["W2"] + params["b2"] - Y
    dY = scale * error / entries(Y)
    dZ = dY @ params["W2"].T * slope(Z)
    grads = {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": H.T @ dY, "b2": dY.sum(axis=0)}
    return np.sum(error**2) * scale / 2 / entries(Y), grads, (Z, H, dY, dZ)


def _with(X, Y, params, **changed):
    """The right answer but for some gradients."""
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss, {**grads, **changed}


@mistake("two_layer_loss", "db2 is not summed over the examples: it is (N, C) and would give every example a bias of its own (S1)")
def two_layer_b2_per_example(X, Y, params):
    _, _, (_, _, dY, _) = _two_layers(X, Y, params)
    return _with(X, Y, params, b2=dY)


@mistake("two_layer_loss", "db1 is the gradient of the output: b₁ feeds Z, so sum dZ over the examples (S2)")
def two_layer_b1_from_output(X, Y, params):
    _, _, (_, _, dY, _) = _two_layers(X, Y, params)
    return _with(X, Y, params, b1=dY)


@mistake("two_layer_loss", "db1 is dY summed over the examples: b₁ feeds Z, so it is dZ that has to be summed")
def two_layer_b1_from_summed_output(X, Y, params):
    _, _, (_, _, dY, _) = _two_layers(X, Y, params)
    return _with(X, Y, params, b1=dY.sum(axis=0))


@mistake("two_layer_loss", "db1 is not summed over the examples: all of them use the same b₁")
def two_layer_b1_per_example(X, Y, params):
    _, _, (_, _, _, dZ) = _two_layers(X, Y, params)
    return _with(X, Y, params, b1=dZ)


@mistake("two_layer_loss", "each bias gradient is one number: sum over the examples only, so that every output keeps its own")
def two_layer_bias_one_number(X, Y, params):
    grads = solution.two_layer_loss(X, Y, params)[1]
    return _with(X, Y, params, b1=grads["b1"].sum(), b2=grads["b2"].sum())


@mistake("two_layer_loss", "dW1 uses dX in place of X: both have the same shape, so nothing complains (S3)")
def two_layer_W1_from_dX(X, Y, params):
    _, _, (_, _, _, dZ) = _two_layers(X, Y, params)
    return _with(X, Y, params, W1=(dZ @ params["W1"].T).T @ dZ)


@mistake("two_layer_loss", "dH goes back through W₁: it is W₂ that leads from H to the output")
def two_layer_back_through_W1(X, Y, params):
    _, _, (Z, _, dY, _) = _two_layers(X, Y, params)
    dZ = dY @ params["W1"].T * _sigma_slope(Z)
    return _with(X, Y, params, W1=X.T @ dZ, b1=dZ.sum(axis=0))


@mistake("two_layer_loss", "dW2 uses Z: what W₂ multiplies is H = σ(Z)")
def two_layer_W2_from_z(X, Y, params):
    _, _, (Z, _, dY, _) = _two_layers(X, Y, params)
    return _with(X, Y, params, W2=Z.T @ dY)


@mistake("two_layer_loss", "the slope of the sigmoid is taken at H: σ acts at Z, so its slope is H(1 − H) or σ(Z)(1 − σ(Z))")
def two_layer_slope_at_h(X, Y, params):
    loss, grads, _ = _two_layers(X, Y, params, slope=lambda Z: _sigma_slope(expit(Z)))
    return loss, grads


@mistake("two_layer_loss", "the slope of the sigmoid is missing: between dH and dZ stands σ′(Z)")
def two_layer_without_slope(X, Y, params):
    loss, grads, _ = _two_layers(X, Y, params, slope=np.ones_like)
    return loss, grads


@mistake("two_layer_loss", "every gradient lacks the factor 2 that comes from the square")
def two_layer_without_two(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss, {name: grad / 2 for name, grad in grads.items()}


@mistake("two_layer_loss", "every gradient lacks 1/N: the loss is a mean over the examples, so its slope is divided by N once")
def two_layer_gradients_of_the_sum(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss, {name: grad * len(X) for name, grad in grads.items()}


@mistake("two_layer_loss", "the loss is a sum, and so are its gradients: divide by the number of examples")
def two_layer_sum(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss * len(X), {name: grad * len(X) for name, grad in grads.items()}


@mistake("two_layer_loss", "the loss and its gradients are divided by N·C: sum over the outputs, average over the examples only")
def two_layer_mean_of_everything(X, Y, params):
    loss, grads, _ = _two_layers(X, Y, params, scale=2 / params["b2"].size)
    return loss, grads


@mistake("two_layer_loss", "the loss is divided by N·C, its gradients by N: sum over the outputs, average over the examples")
def two_layer_loss_mean_of_everything(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss / params["b2"].size, grads


@mistake("two_layer_loss", "the loss has a factor ½, and so have its gradients: this lab's loss is the plain mean of the squares")
def two_layer_half(X, Y, params):
    loss, grads, _ = _two_layers(X, Y, params, scale=1.0)
    return loss, grads


@mistake("two_layer_loss", "all gradients point downhill: dŶ starts from Ŷ − Y, and the minus belongs to the step")
def two_layer_sign(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss, {name: -grad for name, grad in grads.items()}


@mistake("two_layer_loss", "the hidden layer is linear: the output takes g(Z), not Z, as the slide of lecture 000 has it (S19)")
def two_layer_linear(X, Y, params):
    loss, grads, _ = _two_layers(X, Y, params, forward=lambda Z: Z, slope=np.ones_like)
    return loss, grads


@mistake("two_layer_loss", "the hidden layer is ReLU: this network's is the sigmoid")
def two_layer_relu(X, Y, params):
    loss, grads, _ = _two_layers(X, Y, params, forward=lambda Z: np.maximum(Z, 0), slope=lambda Z: 1.0 * (Z > 0))
    return loss, grads


@mistake("two_layer_loss", "a sigmoid is applied to the output: this network ends linear, with HW₂ + b₂")
def two_layer_sigmoid_output(X, Y, params):
    Z = X @ params["W1"] + params["b1"]
    H = expit(Z)
    S = H @ params["W2"] + params["b2"]
    dS = 2 * (expit(S) - Y) / len(X) * _sigma_slope(S)
    dZ = dS @ params["W2"].T * _sigma_slope(Z)
    grads = {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": H.T @ dS, "b2": dS.sum(axis=0)}
    return np.sum((expit(S) - Y) ** 2) / len(X), grads


@mistake("two_layer_loss", "both weight gradients are transposed: rows are examples here, so dW₁ = XᵀdZ and dW₂ = HᵀdŶ")
def two_layer_transposed(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss, {**grads, "W1": grads["W1"].T, "W2": grads["W2"].T}


# --- repaired_slide (E27)


def _slide(X, Y, W1, b1, W2, b2):
    """The backward pass as printed in lecture 001, and what it computes on the way."""
    Z = X.dot(W1) + b1
    H = expit(Z)
    dY = 2 * (H.dot(W2) + b2 - Y) / len(X)
    dZ = dY.dot(W2.T) * H * (1 - H)
    return (dZ.dot(W1.T).T.dot(dZ), dY, H.T.dot(dY), dY), dY, dZ


@mistake("repaired_slide", "this is the pass as printed: three of its lines are wrong (db1, db2 and dW1)")
def slide_as_printed(X, Y, W1, b1, W2, b2):
    return _slide(X, Y, W1, b1, W2, b2)[0]


@mistake("repaired_slide", "the biases are mended, dW1 is not: d_X has the shape of X and has nothing to do in this line")
def slide_with_dX(X, Y, W1, b1, W2, b2):
    _, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return _slide(X, Y, W1, b1, W2, b2)[0][0], db1, dW2, db2


@mistake("repaired_slide", "dW1 is mended, the biases are not: each still has a row per example")
def slide_biases_per_example(X, Y, W1, b1, W2, b2):
    dW1, _, dW2, _ = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    dY = _slide(X, Y, W1, b1, W2, b2)[1]
    return dW1, dY, dW2, dY


@mistake("repaired_slide", "db1 is summed, but of the wrong tensor: b1 feeds Z_curr, so it takes the sum of d_Z_curr")
def slide_b1_from_output(X, Y, W1, b1, W2, b2):
    dW1, _, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1, _slide(X, Y, W1, b1, W2, b2)[1].sum(axis=0, keepdims=True), dW2, db2


@mistake("repaired_slide", "db1 is the right tensor, not yet summed over the examples")
def slide_b1_not_summed(X, Y, W1, b1, W2, b2):
    dW1, _, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1, _slide(X, Y, W1, b1, W2, b2)[2], dW2, db2


@mistake("repaired_slide", "the biases' gradients are means: the loss is a mean already, so sum them over the examples")
def slide_bias_means(X, Y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1, db1 / len(X), dW2, db2 / len(X)


@mistake("repaired_slide", "keepdims is lost: the slide's biases are rows, (1, H) and (1, C), and so are their gradients")
def slide_without_keepdims(X, Y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1, db1[0], dW2, db2[0]


@mistake("repaired_slide", "the biases are summed over axis 1, the outputs: it is the examples, axis 0, that share a bias")
def slide_bias_axis(X, Y, W1, b1, W2, b2):
    dW1, _, dW2, _ = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    _, dY, dZ = _slide(X, Y, W1, b1, W2, b2)
    return dW1, dZ.sum(axis=1, keepdims=True), dW2, dY.sum(axis=1, keepdims=True)


@mistake("repaired_slide", "each bias gradient is one number: sum over the examples only, axis=0, and keep the row")
def slide_bias_one_number(X, Y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1, db1.sum(), dW2, db2.sum()


@mistake("repaired_slide", "dW1 was turned until it ran: it is the transpose of X.T.dot(d_Z_curr)")
def slide_turned(X, Y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1.T, db1, dW2, db2


@mistake("repaired_slide", "dW1 takes d_H_curr: X meets the gradient of what it makes with W1, which is Z_curr")
def slide_W1_from_dH(X, Y, W1, b1, W2, b2):
    _, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return X.T.dot(_slide(X, Y, W1, b1, W2, b2)[1].dot(W2.T)), db1, dW2, db2


@mistake("repaired_slide", "the slope of the sigmoid went missing: the printed line for d_Z_curr was right")
def slide_without_slope(X, Y, W1, b1, W2, b2):
    _, _, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    dH = _slide(X, Y, W1, b1, W2, b2)[1].dot(W2.T)
    return X.T.dot(dH), dH.sum(axis=0, keepdims=True), dW2, db2


@mistake("repaired_slide", "the division by num_examples went missing: the printed line for d_Y_curr was right")
def slide_without_mean(X, Y, W1, b1, W2, b2):
    return tuple(len(X) * grad for grad in solution.repaired_slide(X, Y, W1, b1, W2, b2))


@mistake("repaired_slide", "the results are in another order: return dW1, db1, dW2, db2")
def slide_order(X, Y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW2, db2, dW1, db1


# --- mlp_loss (E26, E14, E15)


def _mlp(X, labels, params, gate=lambda Z: Z > 0, relu=lambda Z: np.maximum(Z, 0), start=None, first=lambda X: X):
    """The network of any depth with another gate, another ReLU, another start of the way back (start(Z) is N dZ)."""
    inputs, scores = [first(X)], []
    for W, b in params:
        scores.append(inputs[-1] @ W + b)
        inputs.append(relu(scores[-1]))
    rows = np.arange(len(X))
    log_p = log_softmax(scores[-1], axis=1)
    dZ = (start(scores[-1]) if start else np.exp(log_p) - np.eye(log_p.shape[1])[labels]) / len(X)
    grads = []
    for k in reversed(range(len(params))):
        grads.insert(0, (inputs[k].T @ dZ, dZ.sum(axis=0)))
        dZ = dZ @ params[k][0].T * (gate(scores[k - 1]) if k else 1)
    return -log_p[rows, labels].mean(), grads


def _mapped(grads, function):
    return [(function(dW), function(db)) for dW, db in grads]


@mistake("mlp_loss", "the loss is a sum, and so are its gradients: divide by the number of examples")
def mlp_sum(X, labels, params):
    loss, grads = solution.mlp_loss(X, labels, params)
    return loss * len(X), _mapped(grads, lambda grad: grad * len(X))


@mistake("mlp_loss", "every gradient lacks 1/N: the loss is a mean over the examples, so dZ is divided by N once")
def mlp_gradients_of_the_sum(X, labels, params):
    loss, grads = solution.mlp_loss(X, labels, params)
    return loss, _mapped(grads, lambda grad: grad * len(X))


@mistake("mlp_loss", "every gradient is divided by N twice: the 1/N of the loss is in dZ, and nowhere else")
def mlp_averaged_twice(X, labels, params):
    loss, grads = solution.mlp_loss(X, labels, params)
    return loss, _mapped(grads, lambda grad: grad / len(X))


@mistake("mlp_loss", "all gradients point downhill: dZ is p − onehot, and the minus belongs to the step")
def mlp_sign(X, labels, params):
    loss, grads = solution.mlp_loss(X, labels, params)
    return loss, _mapped(grads, np.negative)


@mistake("mlp_loss", "dZ is p alone: 1 has to be subtracted at each example's label")
def mlp_without_onehot(X, labels, params):
    return _mlp(X, labels, params, start=lambda Z: softmax(Z, axis=1))


@mistake("mlp_loss", "the gates are missing on the way back: after affine_backward, every hidden layer needs relu_backward")
def mlp_without_gates(X, labels, params):
    return _mlp(X, labels, params, gate=lambda Z: 1)


@mistake("mlp_loss", "a gate is open at Z = 0: this course takes ReLU′(0) = 0")
def mlp_open_at_zero(X, labels, params):
    return _mlp(X, labels, params, gate=lambda Z: Z >= 0)


@mistake("mlp_loss", "ReLU is applied after the last layer too: the scores go into softmax as they are")
def mlp_relu_at_the_end(X, labels, params):
    *below, (W, b) = params
    identity = (np.eye(len(b)), np.zeros(len(b)))
    loss, grads = solution.mlp_loss(X, labels, [*below, (W, b), identity])
    return loss, grads[:-1]


@mistake("mlp_loss", "ReLU is applied to the inputs: the first layer takes X as it is (S20)")
def mlp_relu_at_the_start(X, labels, params):
    return solution.mlp_loss(np.maximum(X, 0), labels, params)


@mistake("mlp_loss", "ReLU is missing between the layers: without it they are one linear layer")
def mlp_linear(X, labels, params):
    return _mlp(X, labels, params, gate=lambda Z: 1, relu=lambda Z: Z)


@mistake("mlp_loss", "the hidden layers are sigmoids: this network's are ReLU")
def mlp_sigmoid(X, labels, params):
    return _mlp(X, labels, params, gate=_sigma_slope, relu=expit)


@mistake("mlp_loss", "the pairs are in the order of the way back: return them in the order of params, first layer first")
def mlp_backwards_order(X, labels, params):
    loss, grads = solution.mlp_loss(X, labels, params)
    return loss, grads[::-1]


def _scores(X, params):
    for W, b in params[:-1]:
        X = np.maximum(X @ W + b, 0)
    return X @ params[-1][0] + params[-1][1]


def _with_loss_of(p, X, labels, params):
    """The right gradients with minus the mean logarithm of p (N, C) as the loss."""
    return -np.log(p[np.arange(len(X)), labels]).mean(), solution.mlp_loss(X, labels, params)[1]


@mistake("mlp_loss", "the logarithm of a probability that became 0: log_softmax gives it without ever forming the probability")
def mlp_unstable(X, labels, params):
    return _with_loss_of(softmax(_scores(X, params), axis=1), X, labels, params)


@mistake("mlp_loss", "np.exp of a large score overflows: log_softmax takes the largest score away before it exponentiates")
def mlp_overflow(X, labels, params):
    powers = np.exp(_scores(X, params))
    return _with_loss_of(powers / powers.sum(axis=1, keepdims=True), X, labels, params)


@mistake("mlp_loss", "every row meets every label: log_p[:, labels] is (N, N), log_p[np.arange(N), labels] pairs each row with its own")
def mlp_every_label(X, labels, params):
    log_p = log_softmax(_scores(X, params), axis=1)
    return -log_p[:, labels].mean(), solution.mlp_loss(X, labels, params)[1]


@mistake("mlp_loss", "a gate is shut behind the last layer on the way back: there was no ReLU there on the way forward")
def mlp_gate_at_the_end(X, labels, params):
    onehot = np.eye(len(params[-1][1]))[labels]
    return _mlp(X, labels, params, start=lambda Z: (softmax(Z, axis=1) - onehot) * (Z > 0))


@mistake("mlp_loss", "a small number is added inside the logarithm: it changes every loss a little and caps large ones")
def mlp_fudged(X, labels, params):
    return _with_loss_of(softmax(_scores(X, params), axis=1) + 1e-8, X, labels, params)


@mistake("mlp_loss", "the labels are read as if they began at 1: they run from 0 to C − 1 and are indices as they are")
def mlp_labels_from_one(X, labels, params):
    return solution.mlp_loss(X, labels - 1, params)


@mistake("mlp_loss", "the loss asks for the most likely class: it has to ask for the label, whatever the network thinks")
def mlp_argmax(X, labels, params):
    return solution.mlp_loss(X, np.argmax(_scores(X, params), axis=1), params)


@mistake("mlp_loss", "the loss is averaged over the classes too: one logarithm per example, divided by N alone")
def mlp_mean_over_classes(X, labels, params):
    loss, grads = solution.mlp_loss(X, labels, params)
    classes = len(params[-1][1])
    return loss / classes, _mapped(grads, lambda grad: grad / classes)


@mistake("mlp_loss", "db is a mean over the examples: sum it, for dZ holds the 1/N already")
def mlp_bias_means(X, labels, params):
    loss, grads = solution.mlp_loss(X, labels, params)
    return loss, [(dW, db / len(X)) for dW, db in grads]


@mistake("mlp_loss", "the softmax runs down the columns: each example has its own, over the classes, axis 1")
def mlp_softmax_axis(X, labels, params):
    loss = -log_softmax(_scores(X, params), axis=0)[np.arange(len(X)), labels].mean()
    return loss, _mlp(X, labels, params, start=lambda Z: softmax(Z, axis=0) - np.eye(Z.shape[1])[labels])[1]


# --- train (E22)


def _steps(gradient_at, X, labels, params, lr, steps):
    for step in range(steps):
        grads = gradient_at(params, step)
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
    return params


@mistake("train", "the steps go uphill: subtract lr times the gradient")
def train_uphill(X, labels, params, lr, steps):
    return solution.train(X, labels, params, -lr, steps)


@mistake("train", "one step is missing: range(steps) has as many rounds as steps")
def train_one_step_less(X, labels, params, lr, steps):
    return solution.train(X, labels, params, lr, max(steps - 1, 0))


@mistake("train", "there is one step too many: with steps = 0 the parameters stay where they are")
def train_one_step_more(X, labels, params, lr, steps):
    return solution.train(X, labels, params, lr, steps + 1)


@mistake("train", "the biases never move: they have gradients too")
def train_without_biases(X, labels, params, lr, steps):
    return _steps(lambda now, _: [(dW, 0 * db) for dW, db in solution.mlp_loss(X, labels, now)[1]], X, labels, params, lr, steps)


@mistake("train", "only the last layer learns: every pair of params has its own pair of gradients")
def train_last_layer(X, labels, params, lr, steps):
    def gradient_at(now, _):
        grads = solution.mlp_loss(X, labels, now)[1]
        return [*((0 * dW, 0 * db) for dW, db in grads[:-1]), grads[-1]]

    return _steps(gradient_at, X, labels, params, lr, steps)


@mistake("train", "the gradients are computed once, before the loop: every step needs those of where it stands")
def train_stale(X, labels, params, lr, steps):
    grads = solution.mlp_loss(X, labels, params)[1]
    return _steps(lambda now, _: grads, X, labels, params, lr, steps)


@mistake("train", "the step is divided by N once more: the gradients are those of a mean already")
def train_averaged_twice(X, labels, params, lr, steps):
    return solution.train(X, labels, params, lr / len(X), steps)


@mistake("train", "lr is ignored: each step is lr times the gradient")
def train_without_lr(X, labels, params, lr, steps):
    return solution.train(X, labels, params, 1.0, steps)


@mistake("train", "each step sees one example only: this is gradient descent on all of them")
def train_one_example(X, labels, params, lr, steps):
    def gradient_at(now, step):
        row = slice(step % len(X), step % len(X) + 1)
        return solution.mlp_loss(X[row], labels[row], now)[1]

    return _steps(gradient_at, X, labels, params, lr, steps)


@mistake("train", "the biases' gradients are taken after the weights have moved: take all of them first, then move everything")
def train_sequential(X, labels, params, lr, steps):
    for _ in range(steps):
        grads = solution.mlp_loss(X, labels, params)[1]
        params = [(W - lr * dW, b) for (W, b), (dW, _) in zip(params, grads, strict=True)]
        grads = solution.mlp_loss(X, labels, params)[1]
        params = [(W, b - lr * db) for (W, b), (_, db) in zip(params, grads, strict=True)]
    return params


@mistake("train", "return stands inside the loop: after the first round the function is over, and without a round it gives nothing")
def train_returns_too_early(X, labels, params, lr, steps):
    return solution.train(X, labels, params, lr, 1) if steps else None


@mistake("train", "this is where the first step alone leads: every step has to start where the last one ended")
def train_from_the_start(X, labels, params, lr, steps):
    return solution.train(X, labels, params, lr, min(steps, 1))


@mistake("train", "the parameters are changed in place: W = W - lr * dW makes a new array, W -= lr * dW does not")
def train_in_place(X, labels, params, lr, steps):
    for (W, b), (after_W, after_b) in zip(params, solution.train(X, labels, params, lr, steps), strict=True):
        W[...], b[...] = after_W, after_b
    return params


# --- blame


def _moves(grads, move):
    with np.errstate(divide="ignore", invalid="ignore"):
        return {name: move(np.asarray(grad, dtype=float)) for name, grad in grads.items()}


def _or_inf(move, grad):
    return np.where(grad == 0, np.inf, move)


@mistake("blame", "change is multiplied by the gradient: that is what the loss does for a given move; divide to turn the question round")
def blame_multiplied(grads, change):
    return _moves(grads, lambda grad: change * grad)


@mistake("blame", "the fraction is upside down: the move is change divided by the gradient")
def blame_upside_down(grads, change):
    return _moves(grads, lambda grad: grad / change)


@mistake("blame", "the sign is turned around: change already says whether the loss is to go up or down")
def blame_sign(grads, change):
    return _moves(grads, lambda grad: _or_inf(-change / grad, grad))


@mistake("blame", "a weight with gradient 0 is told to stay: no move of it is enough, so the answer is np.inf")
def blame_zero_for_zero(grads, change):
    return _moves(grads, lambda grad: np.where(grad == 0, 0.0, change / grad))


@mistake("blame", "a gradient of 0 gives −inf, or a warning: fill with np.inf and divide only where the gradient is not 0")
def blame_plain_division(grads, change):
    return {name: change / np.asarray(grad, dtype=float) for name, grad in grads.items()}


@mistake("blame", "−inf where the gradient is 0: the rule here is np.inf, whatever the sign of change")
def blame_minus_inf(grads, change):
    return _moves(grads, lambda grad: np.where(grad == 0, np.sign(change) * np.inf, change / grad))


@mistake("blame", "all directions are lost: a weight may have to go down, so keep the sign")
def blame_absolute(grads, change):
    return _moves(grads, lambda grad: _or_inf(abs(change / grad), grad))


@mistake("blame", "the weights share the work: each is asked to bring about the whole change alone")
def blame_shared(grads, change):
    entries = sum(np.size(grad) for grad in grads.values())
    return _moves(grads, lambda grad: _or_inf(change / entries / grad, grad))


@mistake("blame", "this is one step downhill with all weights at once: here each moves alone, by change / gradient")
def blame_together(grads, change):
    square = sum(np.sum(np.square(grad, dtype=float)) for grad in grads.values())
    return _moves(grads, lambda grad: change * grad / square)


@mistake("blame", "whole arrays are treated as one weight: divide entry by entry, not by a sum or a norm")
def blame_per_array(grads, change):
    return _moves(grads, lambda grad: np.full(grad.shape, np.inf if not grad.any() else change / np.sum(grad)))
