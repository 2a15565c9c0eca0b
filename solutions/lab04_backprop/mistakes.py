"""Wrong answers that students give to lab04_backprop, each with the sentence that names it."""

import numpy as np
from scipy.special import expit, log_softmax, softmax

from course_utils.checking import mistake, solution

# --- chain_grads


def _sigma_slope(z):
    return expit(z) * (1 - expit(z))


def _chain(x, y, w1, w2, *, h=None, local=None, first=None):
    """The right answer with another h, other local slopes on the path to w1, or another first factor."""
    z = w1 * x
    h = expit(z) if h is None else h
    first = 2 * (w2 * h - y) if first is None else first
    path = {"h": w2, "z": h * (1 - h), "w1": x, **(local or {})}
    return first * path["h"] * path["z"] * path["w1"], first * h


@mistake("chain_grads", "dw1 lacks one factor of its path: the slope of the edge from h to ŷ")
def chain_without_w2(x, y, w1, w2):
    return _chain(x, y, w1, w2, local={"h": 1.0})


@mistake("chain_grads", "dw1 lacks one factor of its path: the slope of the edge from w₁ to z")
def chain_without_x(x, y, w1, w2):
    return _chain(x, y, w1, w2, local={"w1": 1.0})


@mistake("chain_grads", "dw1 lacks the slope of the sigmoid: the path to w₁ runs through it")
def chain_without_slope(x, y, w1, w2):
    return _chain(x, y, w1, w2, local={"z": 1.0})


@mistake("chain_grads", "dw1 has the factor h where the slope of the sigmoid belongs")
def chain_value_for_slope(x, y, w1, w2):
    return _chain(x, y, w1, w2, local={"z": expit(w1 * x)})


@mistake("chain_grads", "the slope of the sigmoid is taken at w₁, but the sigmoid does not act there")
def chain_slope_at_w1(x, y, w1, w2):
    return _chain(x, y, w1, w2, local={"z": _sigma_slope(w1)})


@mistake("chain_grads", "the slope of the sigmoid is taken at ŷ, but the sigmoid does not act there")
def chain_slope_at_y_hat(x, y, w1, w2):
    return _chain(x, y, w1, w2, local={"z": _sigma_slope(w2 * expit(w1 * x))})


@mistake("chain_grads", "the slope of the sigmoid is taken at h: that is the slope of a second sigmoid, behind the first")
def chain_slope_at_h(x, y, w1, w2):
    return _chain(x, y, w1, w2, local={"z": _sigma_slope(expit(w1 * x))})


@mistake("chain_grads", "z(1 − z) is not the slope of the sigmoid: z has not been through it yet")
def chain_slope_of_z(x, y, w1, w2):
    return _chain(x, y, w1, w2, local={"z": w1 * x * (1 - w1 * x)})


@mistake("chain_grads", "ŷ(1 − ŷ) is not the slope of the sigmoid: ŷ is not what comes out of it")
def chain_slope_of_y_hat(x, y, w1, w2):
    y_hat = w2 * expit(w1 * x)
    return _chain(x, y, w1, w2, local={"z": y_hat * (1 - y_hat)})


@mistake("chain_grads", "dw2 uses z, which is not what w₂ is multiplied by")
def chain_dw2_with_z(x, y, w1, w2):
    return _chain(x, y, w1, w2)[0], 2 * (w2 * expit(w1 * x) - y) * w1 * x


@mistake("chain_grads", "the local slopes on the path to w₁ are added: along one path they multiply")
def chain_added(x, y, w1, w2):
    h = expit(w1 * x)
    return 2 * (w2 * h - y) + w2 + h * (1 - h) + x, _chain(x, y, w1, w2)[1]


@mistake("chain_grads", "the factor 2 is missing that comes from the square in J")
def chain_without_two(x, y, w1, w2):
    return _chain(x, y, w1, w2, first=w2 * expit(w1 * x) - y)


@mistake("chain_grads", "the sign is wrong: when ŷ lies above y, J grows with ŷ")
def chain_sign(x, y, w1, w2):
    return _chain(x, y, w1, w2, first=2 * (y - w2 * expit(w1 * x)))


@mistake("chain_grads", "the two results are in the wrong order: return dw1 first, then dw2")
def chain_swapped(x, y, w1, w2):
    return _chain(x, y, w1, w2)[::-1]


@mistake("chain_grads", "these are the slopes of ŷ: the factor of the first step back, from J to ŷ, is missing")
def chain_of_y_hat(x, y, w1, w2):
    return _chain(x, y, w1, w2, first=1.0)


@mistake("chain_grads", "the sign in the sigmoid's exponent is wrong: this one falls where the sigmoid rises")
def chain_mirrored(x, y, w1, w2):
    return _chain(x, y, w1, w2, h=expit(-w1 * x))


@mistake("chain_grads", "h is ½ whatever the arguments: that is its value in the table above only")
def chain_with_paper_h(x, y, w1, w2):
    return _chain(x, y, w1, w2, h=0.5)


# --- affine


@mistake("affine", "the bias is missing")
def affine_without_bias(X, W, b):
    return X @ W


@mistake("affine", "W is transposed: rows of W belong to inputs here, its columns to neurons")
def affine_transposed(X, W, b):
    return X @ W.T + b


@mistake("affine", "the bias goes down the rows: b has one entry per neuron, and none per example")
def affine_bias_per_example(X, W, b):
    return X @ W + b[:, None]


@mistake("affine", "the bias is subtracted where it should be added")
def affine_bias_subtracted(X, W, b):
    return X @ W - b


@mistake("affine", "the bias is multiplied in where it should be added")
def affine_bias_as_factor(X, W, b):
    return (X @ W) * b


@mistake("affine", "a sigmoid is applied: what is asked for are the scores that go into it")
def affine_with_sigmoid(X, W, b):
    return expit(X @ W + b)


@mistake("affine", "negative scores are cut off, as ReLU does: what is asked for are the scores that go into it")
def affine_with_relu(X, W, b):
    return np.maximum(X @ W + b, 0)


@mistake("affine", "the products are averaged over the inputs: each score is their sum")
def affine_of_means(X, W, b):
    return X @ W / X.shape[1] + b


@mistake("affine", "the bias is added once for every input: it counts once")
def affine_bias_in_the_sum(X, W, b):
    return X @ W + X.shape[1] * b


@mistake("affine", "the last input is left out: a loop over the inputs ends one too early")
def affine_without_last_input(X, W, b):
    return X[:, :-1] @ W[:-1] + b


@mistake("affine", "the result is transposed: examples are rows of X and stay rows of Y")
def affine_result_transposed(X, W, b):
    return (X @ W + b).T


@mistake("affine", "an axis of size 1 is lost: with one example or one output, Y is still (N, H)")
def affine_squeezed(X, W, b):
    return (X @ W + b).squeeze()


@mistake("affine", "fractions are cut off where X holds whole numbers: Y took its type from X")
def affine_like_X(X, W, b):
    return (X @ W + b).astype(X.dtype)


# --- affine_backward


@mistake("affine_backward", "db is not summed: all examples use the same bias, so their shares add up")
def backward_bias_per_example(dY, X, W):
    dX, dW, _ = solution.affine_backward(dY, X, W)
    return dX, dW, dY.copy()


@mistake("affine_backward", "db is a mean over the examples: their shares add up, for the loss is a mean already")
def backward_bias_mean(dY, X, W):
    dX, dW, _ = solution.affine_backward(dY, X, W)
    return dX, dW, dY.mean(axis=0)


@mistake("affine_backward", "db is summed over the outputs: it should have one entry per output, and none per example")
def backward_bias_axis(dY, X, W):
    dX, dW, _ = solution.affine_backward(dY, X, W)
    return dX, dW, dY.sum(axis=1)


@mistake("affine_backward", "db is summed over everything: each output has a bias of its own")
def backward_bias_one_number(dY, X, W):
    dX, dW, _ = solution.affine_backward(dY, X, W)
    return dX, dW, dY.sum()


@mistake("affine_backward", "every entry of db is the sum over all outputs: each output has a bias of its own")
def backward_bias_one_for_all(dY, X, W):
    dX, dW, _ = solution.affine_backward(dY, X, W)
    return dX, dW, np.full(W.shape[1], dY.sum())


@mistake("affine_backward", "dW is transposed: a gradient has the shape of its variable")
def backward_weights_transposed(dY, X, W):
    dX, _, db = solution.affine_backward(dY, X, W)
    return dX, dY.T @ X, db


@mistake("affine_backward", "in dX, W has the wrong orientation: each input collects from all outputs that use it")
def backward_inputs_untransposed(dY, X, W):
    _, dW, db = solution.affine_backward(dY, X, W)
    return dY @ W, dW, db


@mistake("affine_backward", "dW and db are divided by the batch size: the loss is a mean already")
def backward_averaged_twice(dY, X, W):
    dX, dW, db = solution.affine_backward(dY, X, W)
    return dX, dW / len(X), db / len(X)


@mistake("affine_backward", "dW is divided by the batch size: the loss is a mean already")
def backward_weights_averaged(dY, X, W):
    dX, dW, db = solution.affine_backward(dY, X, W)
    return dX, dW / len(X), db


@mistake("affine_backward", "dW is the last example's share alone: the shares of all examples add up")
def backward_last_example(dY, X, W):
    dX, _, db = solution.affine_backward(dY, X, W)
    return dX, np.outer(X[-1], dY[-1]), db


@mistake("affine_backward", "dY is ignored: every gradient starts from dY, which says how much each score matters")
def backward_without_upstream(dY, X, W):
    return solution.affine_backward(np.ones_like(dY), X, W)


@mistake("affine_backward", "dW is made from dX: it has the shape of X, so nothing complains")
def backward_weights_from_dX(dY, X, W):
    dX, _, db = solution.affine_backward(dY, X, W)
    return dX, dX.T @ dY, db


@mistake("affine_backward", "dX and dW are in the wrong order: return dX first, then dW, then db")
def backward_swapped(dY, X, W):
    dX, dW, db = solution.affine_backward(dY, X, W)
    return dW, dX, db


@mistake("affine_backward", "db is (1, H): this lab's biases are (H,), and a gradient has the shape of its variable")
def backward_bias_keepdims(dY, X, W):
    dX, dW, db = solution.affine_backward(dY, X, W)
    return dX, dW, db[None, :]


@mistake("affine_backward", "the sign is wrong: a gradient points uphill, the minus belongs to the step")
def backward_sign(dY, X, W):
    return solution.affine_backward(-dY, X, W)


@mistake("affine_backward", "fractions are cut off where X holds whole numbers: dX took its type from X")
def backward_like_X(dY, X, W):
    dX, dW, db = solution.affine_backward(dY, X, W)
    return dX.astype(X.dtype), dW, db


@mistake("affine_backward", "fractions are cut off where W holds whole numbers: dW took its type from W")
def backward_like_W(dY, X, W):
    dX, dW, db = solution.affine_backward(dY, X, W)
    return dX, dW.astype(W.dtype), db


# --- sigmoid_backward, relu_backward


@mistake("sigmoid_backward", "dH is ignored: this is the slope alone")
def sigmoid_slope_only(dH, Z):
    return solution.sigmoid_backward(np.ones(np.shape(dH)), Z)


@mistake("sigmoid_backward", "dH is multiplied by σ(Z), which went forward: on the way back it meets the slope")
def sigmoid_value_for_slope(dH, Z):
    return dH * expit(Z)


@mistake("sigmoid_backward", "Z(1 − Z) is not the slope: Z has not been through the sigmoid yet")
def sigmoid_slope_of_z(dH, Z):
    return dH * Z * (1 - Z)


@mistake("sigmoid_backward", "the sigmoid is applied twice: the slope is that of a second sigmoid, behind the first")
def sigmoid_slope_at_h(dH, Z):
    return solution.sigmoid_backward(dH, expit(Z))


@mistake("sigmoid_backward", "a sign is wrong inside the slope: it should vanish where σ reaches 1")
def sigmoid_slope_plus(dH, Z):
    return dH * expit(Z) * (1 + expit(Z))


@mistake("sigmoid_backward", "1 − σ² is not the slope of the sigmoid: with tanh for σ it is that of tanh")
def sigmoid_tanh_slope(dH, Z):
    return dH * (1 - expit(Z) ** 2)


@mistake("sigmoid_backward", "this is a matrix product: the sigmoid works entry by entry, and so does the way back")
def sigmoid_matrix_product(dH, Z):
    return dH @ _sigma_slope(Z).T


@mistake("sigmoid_backward", "dH is overwritten: whoever handed it in may still need it")
def sigmoid_in_place(dH, Z):
    dH *= _sigma_slope(Z)
    return dH


@mistake("sigmoid_backward", "the slope is added to dH: along one path slopes multiply")
def sigmoid_added(dH, Z):
    return dH + _sigma_slope(Z)


@mistake("sigmoid_backward", "the slope is multiplied in twice")
def sigmoid_slope_twice(dH, Z):
    return solution.sigmoid_backward(dH, Z) * _sigma_slope(Z)


@mistake("sigmoid_backward", "divided by the batch size: a gate does not average")
def sigmoid_averaged(dH, Z):
    return solution.sigmoid_backward(dH, Z) / len(Z)


@mistake("sigmoid_backward", "far on the left dZ is no number: on the way a power of e becomes larger than a float can hold")
def sigmoid_unstable(dH, Z):
    e = np.exp(-Z)
    return dH * e / (1 + e) ** 2


@mistake("sigmoid_backward", "fractions are cut off where dH holds whole numbers: dZ took its type from dH")
def sigmoid_like_dH(dH, Z):
    return solution.sigmoid_backward(dH, Z).astype(dH.dtype)


@mistake("relu_backward", "dH is ignored: this is the gate alone")
def relu_gate_only(dH, Z):
    return (Z > 0).astype(float)


@mistake("relu_backward", "this is ReLU(Z), which went forward: dH is ignored")
def relu_forward(dH, Z):
    return np.maximum(Z, 0)


@mistake("relu_backward", "dH passes everywhere: Z is not looked at")
def relu_without_gate(dH, Z):
    return dH.copy()


@mistake("relu_backward", "dH is multiplied by ReLU(Z), which went forward: on the way back it meets the slope, 0 or 1")
def relu_value_for_slope(dH, Z):
    return dH * np.maximum(Z, 0)


@mistake("relu_backward", "the gate is open at Z = 0: this course takes the slope 0 there")
def relu_open_at_zero(dH, Z):
    return dH * (Z >= 0)


@mistake("relu_backward", "the slope at Z = 0 is ½: defensible, but this course takes 0 there")
def relu_half_at_zero(dH, Z):
    return dH * np.heaviside(Z, 0.5)


@mistake("relu_backward", "a gate is shut where Z is small and positive: it is open for every Z above 0")
def relu_late(dH, Z):
    return dH * (Z > 0.1)


@mistake("relu_backward", "the gate looks at dH: what counts is Z, which went forward, whatever the sign of dH")
def relu_gate_of_gradient(dH, Z):
    return np.maximum(dH, 0)


@mistake("relu_backward", "negative gradients are cut off as well: the gate looks at Z alone and lets dH through with its sign")
def relu_both_gates(dH, Z):
    return np.maximum(solution.relu_backward(dH, Z), 0)


@mistake("relu_backward", "the gate is open on the left, where ReLU is flat, and shut on the right")
def relu_inverted(dH, Z):
    return dH * (Z < 0)


@mistake("relu_backward", "the sign of Z is used as the slope: left of 0 the slope is 0, not −1")
def relu_sign(dH, Z):
    return dH * np.sign(Z)


@mistake("relu_backward", "a tenth leaks through on the left: that is leaky ReLU, and ReLU's slope there is 0")
def relu_leaky(dH, Z):
    return dH * np.where(Z > 0, 1, 0.1)


@mistake("relu_backward", "only the entries behind open gates are returned: the shape of dH is lost")
def relu_selected(dH, Z):
    return dH[Z > 0]


@mistake("relu_backward", "dH is overwritten: whoever handed it in may still need it")
def relu_in_place(dH, Z):
    dH[Z <= 0] = 0
    return dH


@mistake("relu_backward", "fractions are cut off where Z holds whole numbers: dZ took its type from Z")
def relu_like_Z(dH, Z):
    return solution.relu_backward(dH, Z).astype(Z.dtype)


# --- two_layer_loss


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


@mistake("two_layer_loss", "db2 is not summed over the examples: it is (N, C) and would give every example a bias of its own")
def two_layer_b2_per_example(X, Y, params):
    _, _, (_, _, dY, _) = _two_layers(X, Y, params)
    return _with(X, Y, params, b2=dY)


@mistake("two_layer_loss", "db1 is the gradient of the output itself: which node does b₁ feed?")
def two_layer_b1_from_output(X, Y, params):
    _, _, (_, _, dY, _) = _two_layers(X, Y, params)
    return _with(X, Y, params, b1=dY)


@mistake("two_layer_loss", "db1 is the sum of the output's gradient over the examples: which node does b₁ feed?")
def two_layer_b1_from_summed_output(X, Y, params):
    _, _, (_, _, dY, _) = _two_layers(X, Y, params)
    return _with(X, Y, params, b1=dY.sum(axis=0))


@mistake("two_layer_loss", "db1 is not summed over the examples: all of them use the same b₁")
def two_layer_b1_per_example(X, Y, params):
    _, _, (_, _, _, dZ) = _two_layers(X, Y, params)
    return _with(X, Y, params, b1=dZ)


@mistake("two_layer_loss", "each bias gradient is one number: every neuron has a bias of its own")
def two_layer_bias_one_number(X, Y, params):
    grads = solution.two_layer_loss(X, Y, params)[1]
    return _with(X, Y, params, b1=grads["b1"].sum(), b2=grads["b2"].sum())


@mistake("two_layer_loss", "dW1 is made from dX: it has the shape of X, so nothing complains")
def two_layer_W1_from_dX(X, Y, params):
    _, _, (_, _, _, dZ) = _two_layers(X, Y, params)
    return _with(X, Y, params, W1=(dZ @ params["W1"].T).T @ dZ)


@mistake("two_layer_loss", "dH is computed with W₁, which does not lead from H to the output")
def two_layer_back_through_W1(X, Y, params):
    _, _, (Z, _, dY, _) = _two_layers(X, Y, params)
    dZ = dY @ params["W1"].T * _sigma_slope(Z)
    return _with(X, Y, params, W1=X.T @ dZ, b1=dZ.sum(axis=0))


@mistake("two_layer_loss", "dW2 uses Z, which is not what W₂ is multiplied by")
def two_layer_W2_from_z(X, Y, params):
    _, _, (Z, _, dY, _) = _two_layers(X, Y, params)
    return _with(X, Y, params, W2=Z.T @ dY)


@mistake("two_layer_loss", "the slope of the sigmoid is taken at H: that is the slope of a second sigmoid, behind the first")
def two_layer_slope_at_h(X, Y, params):
    loss, grads, _ = _two_layers(X, Y, params, slope=lambda Z: _sigma_slope(expit(Z)))
    return loss, grads


@mistake("two_layer_loss", "the slope of the sigmoid is missing between dH and dZ")
def two_layer_without_slope(X, Y, params):
    loss, grads, _ = _two_layers(X, Y, params, slope=np.ones_like)
    return loss, grads


@mistake("two_layer_loss", "the gradients lack the factor 2 that comes from the square")
def two_layer_without_two(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss, {name: grad / 2 for name, grad in grads.items()}


@mistake("two_layer_loss", "the gradients are those of a sum over the examples: the loss is a mean, and so 1/N belongs to its slope too")
def two_layer_gradients_of_the_sum(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss, {name: grad * len(X) for name, grad in grads.items()}


@mistake("two_layer_loss", "the loss is a sum over the examples, and so are its gradients: a mean is asked for")
def two_layer_sum(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss * len(X), {name: grad * len(X) for name, grad in grads.items()}


@mistake("two_layer_loss", "the loss is a sum over the examples, and its gradients are those of the mean: a mean is asked for")
def two_layer_sum_of_losses(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss * len(X), grads


@mistake("two_layer_loss", "the loss and its gradients are averaged over the outputs too: it is a mean over the examples only")
def two_layer_mean_of_everything(X, Y, params):
    loss, grads, _ = _two_layers(X, Y, params, scale=2 / params["b2"].size)
    return loss, grads


@mistake("two_layer_loss", "the loss is averaged over the outputs too, its gradients are not: it is a mean over the examples only")
def two_layer_loss_mean_of_everything(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss / params["b2"].size, grads


@mistake("two_layer_loss", "the gradients are averaged over the outputs too, the loss is not: only the examples are averaged")
def two_layer_gradients_of_the_mean_of_everything(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss, {name: grad / params["b2"].size for name, grad in grads.items()}


@mistake("two_layer_loss", "the loss has a factor ½, and so have its gradients: this lab's loss has none")
def two_layer_half(X, Y, params):
    loss, grads, _ = _two_layers(X, Y, params, scale=1.0)
    return loss, grads


@mistake("two_layer_loss", "the gradients point downhill: a gradient points uphill, the minus belongs to the step")
def two_layer_sign(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss, {name: -grad for name, grad in grads.items()}


@mistake("two_layer_loss", "the hidden layer is linear: its sigmoid is missing on the way forward")
def two_layer_linear(X, Y, params):
    loss, grads, _ = _two_layers(X, Y, params, forward=lambda Z: Z, slope=np.ones_like)
    return loss, grads


@mistake("two_layer_loss", "the hidden layer is ReLU: this network's is the sigmoid")
def two_layer_relu(X, Y, params):
    loss, grads, _ = _two_layers(X, Y, params, forward=lambda Z: np.maximum(Z, 0), slope=lambda Z: 1.0 * (Z > 0))
    return loss, grads


@mistake("two_layer_loss", "a sigmoid is applied to the output: this network ends linear")
def two_layer_sigmoid_output(X, Y, params):
    Z = X @ params["W1"] + params["b1"]
    H = expit(Z)
    S = H @ params["W2"] + params["b2"]
    dS = 2 * (expit(S) - Y) / len(X) * _sigma_slope(S)
    dZ = dS @ params["W2"].T * _sigma_slope(Z)
    grads = {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": H.T @ dS, "b2": dS.sum(axis=0)}
    return np.sum((expit(S) - Y) ** 2) / len(X), grads


@mistake("two_layer_loss", "the weight gradients are transposed: a gradient has the shape of its variable")
def two_layer_transposed(X, Y, params):
    loss, grads = solution.two_layer_loss(X, Y, params)
    return loss, {**grads, "W1": grads["W1"].T, "W2": grads["W2"].T}


@mistake("two_layer_loss", "the parameters are taken by their places in the dict: another order of its names mixes them up")
def two_layer_by_place(X, Y, params):
    return solution.two_layer_loss(X, Y, dict(zip(("W1", "b1", "W2", "b2"), params.values(), strict=True)))


# --- repaired_slide


def _slide(X, Y, W1, b1, W2, b2):
    """The backward pass as printed in lecture 001, and what it computes on the way."""
    Z = X.dot(W1) + b1
    H = expit(Z)
    dY = 2 * (H.dot(W2) + b2 - Y) / len(X)
    dZ = dY.dot(W2.T) * H * (1 - H)
    return (dZ.dot(W1.T).T.dot(dZ), dY, H.T.dot(dY), dY), dY, dZ


@mistake("repaired_slide", "this is the pass as printed: three of its lines are wrong")
def slide_as_printed(X, Y, W1, b1, W2, b2):
    return _slide(X, Y, W1, b1, W2, b2)[0]


@mistake("repaired_slide", "dW1 is computed from d_X, as printed: compare this line with the one for d_W2")
def slide_with_dX(X, Y, W1, b1, W2, b2):
    _, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return _slide(X, Y, W1, b1, W2, b2)[0][0], db1, dW2, db2


@mistake("repaired_slide", "db1 and db2 are both d_Y_curr, as printed: they have one row per example, a bias has one row")
def slide_biases_per_example(X, Y, W1, b1, W2, b2):
    dW1, _, dW2, _ = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    dY = _slide(X, Y, W1, b1, W2, b2)[1]
    return dW1, dY, dW2, dY


@mistake("repaired_slide", "db2 is d_Y_curr, as printed: it has one row per example, and a bias has one row")
def slide_b2_per_example(X, Y, W1, b1, W2, b2):
    dW1, db1, dW2, _ = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1, db1, dW2, _slide(X, Y, W1, b1, W2, b2)[1]


@mistake("repaired_slide", "db1 is the sum of d_Y_curr over the examples: which node does b1 feed?")
def slide_b1_from_output(X, Y, W1, b1, W2, b2):
    dW1, _, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1, _slide(X, Y, W1, b1, W2, b2)[1].sum(axis=0, keepdims=True), dW2, db2


@mistake("repaired_slide", "db1 is d_Z_curr itself: it still has one row per example")
def slide_b1_not_summed(X, Y, W1, b1, W2, b2):
    dW1, _, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1, _slide(X, Y, W1, b1, W2, b2)[2], dW2, db2


@mistake("repaired_slide", "the gradients of the biases are means over the examples: the loss is a mean already")
def slide_bias_means(X, Y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1, db1 / len(X), dW2, db2 / len(X)


@mistake("repaired_slide", "an axis is lost: the slide's biases are rows, (1, H) and (1, C), and so are their gradients")
def slide_without_keepdims(X, Y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1, db1[0], dW2, db2[0]


@mistake("repaired_slide", "the gradients of the biases are summed over the wrong axis: it is the examples that share a bias")
def slide_bias_axis(X, Y, W1, b1, W2, b2):
    dW1, _, dW2, _ = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    _, dY, dZ = _slide(X, Y, W1, b1, W2, b2)
    return dW1, dZ.sum(axis=1, keepdims=True), dW2, dY.sum(axis=1, keepdims=True)


@mistake("repaired_slide", "each bias gradient is one number: every neuron has a bias of its own, and the row stays")
def slide_bias_one_number(X, Y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1, db1.sum(), dW2, db2.sum()


@mistake("repaired_slide", "db2 is one number for all outputs: each output has a bias of its own")
def slide_b2_one_number(X, Y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1, db1, dW2, np.sum(db2, keepdims=True)


@mistake("repaired_slide", "dW1 is transposed: a gradient has the shape of its variable")
def slide_turned(X, Y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1.T, db1, dW2, db2


@mistake("repaired_slide", "dW1 takes d_H_curr: the slope of the sigmoid is missing in it")
def slide_W1_from_dH(X, Y, W1, b1, W2, b2):
    _, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return X.T.dot(_slide(X, Y, W1, b1, W2, b2)[1].dot(W2.T)), db1, dW2, db2


@mistake("repaired_slide", "db1 is the sum of d_H_curr: the slope of the sigmoid is missing in it")
def slide_b1_from_dH(X, Y, W1, b1, W2, b2):
    dW1, _, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW1, _slide(X, Y, W1, b1, W2, b2)[1].dot(W2.T).sum(axis=0, keepdims=True), dW2, db2


@mistake("repaired_slide", "the slope of the sigmoid is missing: that line was right as printed")
def slide_without_slope(X, Y, W1, b1, W2, b2):
    _, _, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    dH = _slide(X, Y, W1, b1, W2, b2)[1].dot(W2.T)
    return X.T.dot(dH), dH.sum(axis=0, keepdims=True), dW2, db2


@mistake("repaired_slide", "the division by num_examples is missing: that line was right as printed")
def slide_without_mean(X, Y, W1, b1, W2, b2):
    return tuple(len(X) * grad for grad in solution.repaired_slide(X, Y, W1, b1, W2, b2))


@mistake("repaired_slide", "the results are in another order: dW1, db1, dW2, db2 are asked for")
def slide_order(X, Y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = solution.repaired_slide(X, Y, W1, b1, W2, b2)
    return dW2, db2, dW1, db1


# --- mlp_loss


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


@mistake("mlp_loss", "the loss is a sum over the examples, and so are its gradients: a mean is asked for")
def mlp_sum(X, labels, params):
    loss, grads = solution.mlp_loss(X, labels, params)
    return loss * len(X), _mapped(grads, lambda grad: grad * len(X))


@mistake("mlp_loss", "the gradients are those of a sum over the examples: the loss is a mean, and so 1/N belongs to its slope too")
def mlp_gradients_of_the_sum(X, labels, params):
    loss, grads = solution.mlp_loss(X, labels, params)
    return loss, _mapped(grads, lambda grad: grad * len(X))


@mistake("mlp_loss", "the gradients are divided by N twice: the 1/N of the loss belongs in one place")
def mlp_averaged_twice(X, labels, params):
    loss, grads = solution.mlp_loss(X, labels, params)
    return loss, _mapped(grads, lambda grad: grad / len(X))


@mistake("mlp_loss", "the gradients point downhill: a gradient points uphill, the minus belongs to the step")
def mlp_sign(X, labels, params):
    loss, grads = solution.mlp_loss(X, labels, params)
    return loss, _mapped(grads, np.negative)


@mistake("mlp_loss", "the gradient starts from the probabilities alone: the labels are missing in it")
def mlp_without_onehot(X, labels, params):
    return _mlp(X, labels, params, start=lambda Z: softmax(Z, axis=1))


@mistake("mlp_loss", "the gates are missing on the way back: every hidden layer has one")
def mlp_without_gates(X, labels, params):
    return _mlp(X, labels, params, gate=lambda Z: 1)


@mistake("mlp_loss", "a gate is open at Z = 0: this course takes the slope 0 there")
def mlp_open_at_zero(X, labels, params):
    return _mlp(X, labels, params, gate=lambda Z: Z >= 0)


@mistake("mlp_loss", "ReLU is applied after the last layer too: negative scores are lost")
def mlp_relu_at_the_end(X, labels, params):
    *below, (W, b) = params
    identity = (np.eye(len(b)), np.zeros(len(b)))
    loss, grads = solution.mlp_loss(X, labels, [*below, (W, b), identity])
    return loss, grads[:-1]


@mistake("mlp_loss", "ReLU is applied after the last layer too, without its gate on the way back: the last scores stay as they are")
def mlp_relu_at_the_end_without_its_gate(X, labels, params):
    *_, (W, b) = params
    inputs = X
    for weights, biases in params[:-1]:
        inputs = np.maximum(inputs @ weights + biases, 0)
    scores = np.maximum(inputs @ W + b, 0)
    onehot = np.eye(len(b))[labels]
    loss = -np.mean(log_softmax(scores, axis=1)[np.arange(len(X)), labels])
    return loss, _mlp(X, labels, params, start=lambda Z: softmax(np.maximum(Z, 0), axis=1) - onehot)[1]


@mistake("mlp_loss", "ReLU is applied to the inputs: the first layer takes X as it is")
def mlp_relu_at_the_start(X, labels, params):
    return solution.mlp_loss(np.maximum(X, 0), labels, params)


@mistake("mlp_loss", "ReLU is missing between the layers: without it they are one linear layer")
def mlp_linear(X, labels, params):
    return _mlp(X, labels, params, gate=lambda Z: 1, relu=lambda Z: Z)


@mistake("mlp_loss", "the hidden layers are sigmoids: this network's are ReLU")
def mlp_sigmoid(X, labels, params):
    return _mlp(X, labels, params, gate=_sigma_slope, relu=expit)


@mistake("mlp_loss", "the pairs are in the order of the way back: return the first layer's pair first")
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


@mistake("mlp_loss", "the loss is infinite where the network is sure of another class: a probability has become exactly 0 on the way")
def mlp_unstable(X, labels, params):
    return _with_loss_of(softmax(_scores(X, params), axis=1), X, labels, params)


@mistake("mlp_loss", "the loss is not finite for large scores, whatever the label: a power of e on the way is larger than a float can hold")
def mlp_overflow(X, labels, params):
    def softmax_as_written(Z):
        powers = np.exp(Z)
        return powers / powers.sum(axis=1, keepdims=True)

    p = softmax_as_written(_scores(X, params))
    _, grads = _mlp(X, labels, params, start=lambda Z: softmax_as_written(Z) - np.eye(Z.shape[1])[labels])
    return -np.log(p[np.arange(len(X)), labels]).mean(), grads


@mistake("mlp_loss", "every example meets every label: each has only one of its own")
def mlp_every_label(X, labels, params):
    log_p = log_softmax(_scores(X, params), axis=1)
    return -log_p[:, labels].mean(), solution.mlp_loss(X, labels, params)[1]


@mistake("mlp_loss", "a gate is applied after the last layer on the way back: on the way forward there is no ReLU there")
def mlp_gate_at_the_end(X, labels, params):
    onehot = np.eye(len(params[-1][1]))[labels]
    return _mlp(X, labels, params, start=lambda Z: (softmax(Z, axis=1) - onehot) * (Z > 0))


@mistake("mlp_loss", "the loss stops growing where the scores become large: the probability is kept away from 0")
def mlp_fudged(X, labels, params):
    return _with_loss_of(softmax(_scores(X, params), axis=1) + 1e-12, X, labels, params)


@mistake("mlp_loss", "the labels are read as if they began at 1: they begin at 0")
def mlp_labels_from_one(X, labels, params):
    return solution.mlp_loss(X, labels - 1, params)


@mistake("mlp_loss", "the network's most likely class is used in place of the label")
def mlp_argmax(X, labels, params):
    return solution.mlp_loss(X, np.argmax(_scores(X, params), axis=1), params)


@mistake("mlp_loss", "the loss is averaged over the classes too, and so are its gradients: it is a mean over the examples only")
def mlp_mean_over_classes(X, labels, params):
    loss, grads = solution.mlp_loss(X, labels, params)
    classes = len(params[-1][1])
    return loss / classes, _mapped(grads, lambda grad: grad / classes)


@mistake("mlp_loss", "db is a mean over the examples: the 1/N of the loss is in it already")
def mlp_bias_means(X, labels, params):
    loss, grads = solution.mlp_loss(X, labels, params)
    return loss, [(dW, db / len(X)) for dW, db in grads]


@mistake("mlp_loss", "the softmax runs down the columns, over the examples: each example has its own")
def mlp_softmax_axis(X, labels, params):
    loss = -log_softmax(_scores(X, params), axis=0)[np.arange(len(X)), labels].mean()
    return loss, _mlp(X, labels, params, start=lambda Z: softmax(Z, axis=0) - np.eye(Z.shape[1])[labels])[1]


@mistake("mlp_loss", "the softmax runs over the whole batch: each example has its own, over its classes")
def mlp_softmax_of_all(X, labels, params):
    loss = -log_softmax(_scores(X, params))[np.arange(len(X)), labels].mean()
    return loss, _mlp(X, labels, params, start=lambda Z: softmax(Z) - np.eye(Z.shape[1])[labels])[1]


@mistake("mlp_loss", "a gate uses the scores of another layer: each gate opens by the scores that went into it")
def mlp_gate_above(X, labels, params):
    inputs, scores = [X], []
    for W, b in params:
        scores.append(inputs[-1] @ W + b)
        inputs.append(np.maximum(scores[-1], 0))
    dZ = (softmax(scores[-1], axis=1) - np.eye(scores[-1].shape[1])[labels]) / len(X)
    grads = []
    for k in reversed(range(len(params))):
        grads.insert(0, (inputs[k].T @ dZ, dZ.sum(axis=0)))
        dZ = solution.relu_backward(dZ @ params[k][0].T, scores[k]) if k else dZ
    return solution.mlp_loss(X, labels, params)[0], grads


# --- train


def _steps(gradient_at, X, labels, params, lr, steps):
    for step in range(steps):
        grads = gradient_at(params, step)
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
    return params


@mistake("train", "the steps go uphill")
def train_uphill(X, labels, params, lr, steps):
    return solution.train(X, labels, params, -lr, steps)


@mistake("train", "one step is missing")
def train_one_step_less(X, labels, params, lr, steps):
    return solution.train(X, labels, params, lr, max(steps - 1, 0))


@mistake("train", "there is one step too many")
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


@mistake("train", "lr is ignored: the steps are as long as with lr = 1")
def train_without_lr(X, labels, params, lr, steps):
    return solution.train(X, labels, params, 1.0, steps)


@mistake("train", "each step sees one example only: the loss is that of all examples")
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


@mistake("train", "the gradients are taken again after each layer has moved: take all of them first, then move everything")
def train_layer_by_layer(X, labels, params, lr, steps):
    params = list(params)
    for _ in range(steps):
        for k, (W, b) in enumerate(params):
            dW, db = solution.mlp_loss(X, labels, params)[1][k]
            params[k] = W - lr * dW, b - lr * db
    return params


@mistake("train", "it ends after the first step, and gives nothing where there is none: does return stand inside the loop?")
def train_returns_too_early(X, labels, params, lr, steps):
    return solution.train(X, labels, params, lr, 1) if steps else None


@mistake("train", "the result is that of one step alone: every step starts where the last one ended")
def train_from_the_start(X, labels, params, lr, steps):
    return solution.train(X, labels, params, lr, min(steps, 1))


@mistake("train", "the parameters are overwritten: whoever handed them in may still need them")
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


@mistake("blame", "change is multiplied by the gradient: that says what a move does to the loss, not which move it takes")
def blame_multiplied(grads, change):
    return _moves(grads, lambda grad: _or_inf(change * grad, grad))


@mistake("blame", "the fraction is upside down")
def blame_upside_down(grads, change):
    return _moves(grads, lambda grad: _or_inf(grad / change, grad))


@mistake("blame", "the sign is wrong: change already says whether the loss is to go up or down")
def blame_sign(grads, change):
    return _moves(grads, lambda grad: _or_inf(-change / grad, grad))


@mistake("blame", "where the gradient is 0 the move is 0: no move of this weight is enough")
def blame_zero_for_zero(grads, change):
    return _moves(grads, lambda grad: np.where(grad == 0, 0.0, change / grad))


@mistake("blame", "where the gradient is 0, the sign of change decides between inf and −inf: here it is np.inf in any case")
def blame_minus_inf(grads, change):
    return _moves(grads, lambda grad: np.where(grad == 0, np.sign(change) * np.inf, change / grad))


@mistake("blame", "the moves have no sign: some weights have to go down")
def blame_absolute(grads, change):
    return _moves(grads, lambda grad: _or_inf(abs(change / grad), grad))


@mistake("blame", "the change is divided among the weights: each weight alone has to bring about all of it")
def blame_shared(grads, change):
    entries = sum(np.size(grad) for grad in grads.values())
    return _moves(grads, lambda grad: _or_inf(change / entries / grad, grad))


@mistake("blame", "all weights move at once, each by its share: here each moves alone")
def blame_together(grads, change):
    square = sum(np.sum(np.square(grad, dtype=float)) for grad in grads.values())
    return _moves(grads, lambda grad: change * grad / square)


@mistake("blame", "each array gets one move for all of its entries: every weight has a slope and a move of its own")
def blame_per_array(grads, change):
    return _moves(grads, lambda grad: np.full(grad.shape, np.inf if not grad.any() else change / np.sum(grad)))


@mistake("blame", "only the first array is answered: does return stand inside the loop?")
def blame_first_array(grads, change):
    return dict(list(solution.blame(grads, change).items())[:1])


@mistake("blame", "a tiny slope is taken for 0: only a slope of exactly 0 gets np.inf")
def blame_tiny_for_zero(grads, change):
    return _moves(grads, lambda grad: np.where(np.isclose(grad, 0), np.inf, change / grad))
