"""Wrong answers that students give to lab01_perceptron, each with the sentence that names it."""

import numpy as np

from course_utils.checking import mistake, solution


def naive_sigmoid(z):
    return 1 / (1 + np.exp(-z))


# --- perceptron


@mistake("perceptron", "the bias is missing: w₀ is a part of the sum")
def perceptron_without_bias(x, w, w0, g):
    return solution.perceptron(x, w, 0.0, g)


@mistake("perceptron", "w₀ multiplies the whole sum: a bias is added to Σ xᵢwᵢ, it has no input of its own")
def perceptron_bias_as_factor(x, w, w0, g):
    return solution.perceptron(x, w0 * w, 0.0, g)


@mistake("perceptron", "w₀ is multiplied by x₁: the bias belongs to a constant input 1, not to an input of yours")
def perceptron_bias_times_first_input(x, w, w0, g):
    return solution.perceptron(x, w, w0 * x[0], g)


@mistake("perceptron", "this is the weighted sum z itself: the neuron answers g(z)")
def perceptron_without_g(x, w, w0, g):
    return solution.perceptron(x, w, w0, lambda z: z)


@mistake("perceptron", "g is applied to every term and the results are summed: add up first, then apply g once")
def perceptron_g_of_each_term(x, w, w0, g):
    return w0 + np.sum(g(x * w))


@mistake("perceptron", "the bias is added after g: it is a part of the sum that g gets")
def perceptron_bias_outside(x, w, w0, g):
    return w0 + solution.perceptron(x, w, 0.0, g)


@mistake("perceptron", "the bias is subtracted: the formula adds w₀, whatever its sign")
def perceptron_bias_subtracted(x, w, w0, g):
    return solution.perceptron(x, w, -w0, g)


@mistake("perceptron", "the terms are averaged: a neuron sums xᵢwᵢ and does not divide by their number")
def perceptron_of_a_mean(x, w, w0, g):
    return solution.perceptron(x, w / len(x), w0, g)


@mistake("perceptron", "inputs and weights are summed apart: each xᵢ has to meet its own wᵢ before anything is summed")
def perceptron_product_of_sums(x, w, w0, g):
    return g(w0 + np.sum(x) * np.sum(w))


@mistake("perceptron", "g is built in: use the g that was handed to the function, not always the sigmoid")
def perceptron_always_sigmoid(x, w, w0, g):
    return solution.perceptron(x, w, w0, solution.sigmoid)


@mistake("perceptron", "the bias is added to every product, so it counts once for each input: it belongs to the sum, once")
def perceptron_bias_in_every_term(x, w, w0, g):
    return solution.perceptron(x, w, len(x) * w0, g)


@mistake("perceptron", "the last input is left out: the sum goes over all of them")
def perceptron_last_input_left_out(x, w, w0, g):
    return solution.perceptron(x[:-1], w[:-1], w0, g)


@mistake("perceptron", "only the first two inputs count, as in the example: x may be of any length")
def perceptron_two_inputs(x, w, w0, g):
    return solution.perceptron(x[:2], w[:2], w0, g)


@mistake("perceptron", "the bias is 1 here, as in the example: take the w0 that was handed to the function")
def perceptron_bias_of_the_example(x, w, w0, g):
    return solution.perceptron(x, w, 1.0, g)


@mistake("perceptron", "the answer is right but stands in an array with one entry: a plain number is asked for")
def perceptron_in_an_array(x, w, w0, g):
    return np.atleast_1d(solution.perceptron(x, w, w0, g))


@mistake("perceptron", "the weights were divided by their length first: a neuron takes them as they are")
def perceptron_unit_weights(x, w, w0, g):
    return solution.perceptron(x, w / np.linalg.norm(w), w0, g)


# --- boundary


@mistake("boundary", "the sign is wrong: whatever moves to the other side of the equation changes its sign")
def boundary_without_minus(x1, w0, w):
    return -solution.boundary(x1, w0, w)


@mistake("boundary", "only w₁x₁ changed its sign: w₀ moves to the other side as well")
def boundary_bias_sign(x1, w0, w):
    return solution.boundary(x1, -w0, w)


@mistake("boundary", "the bias is missing: without w₀ every line would run through the origin")
def boundary_without_bias(x1, w0, w):
    return solution.boundary(x1, 0.0, w)


@mistake("boundary", "w₁ and w₂ have changed places: which of the two is the weight of x₂?")
def boundary_swapped_weights(x1, w0, w):
    return solution.boundary(x1, w0, w[::-1])


@mistake("boundary", "the last step multiplies by w₂: that does not free x₂ from its weight")
def boundary_multiplied(x1, w0, w):
    return solution.boundary(x1, w0, w) * w[1] ** 2


@mistake("boundary", "only w₁x₁ is divided by w₂, the bias w₀ is not: Python divides first")
def boundary_missing_brackets(x1, w0, w):
    return -w0 - w[0] * x1 / w[1]


@mistake("boundary", "// rounds down to whole numbers: use / to keep the fraction")
def boundary_floor_division(x1, w0, w):
    return -(w0 + w[0] * x1) // w[1]


@mistake("boundary", "this is w₀ + w₁x₁ itself: the equation still has to be solved for x₂")
def boundary_unsolved(x1, w0, w):
    return w0 + w[0] * x1


@mistake("boundary", "the last step is missing: x₂ still has its weight w₂ in front")
def boundary_undivided(x1, w0, w):
    return -(w0 + w[0] * x1)


@mistake("boundary", "only the bias changed its sign: w₁x₁ moves to the other side as well")
def boundary_slope_sign(x1, w0, w):
    return (w[0] * x1 - w0) / w[1]


# --- perceptron_batch


@mistake("perceptron_batch", "the biases are missing: every neuron has its own")
def batch_without_bias(X, W, b, g):
    return solution.perceptron_batch(X, W, np.zeros(len(b)), g)


@mistake("perceptron_batch", "rows and columns have changed places: there should be a row for each example and a column for each neuron")
def batch_transposed(X, W, b, g):
    return solution.perceptron_batch(X, W, b, g).T


@mistake("perceptron_batch", "these are the sums: the neurons answer g of them")
def batch_without_g(X, W, b, g):
    return solution.perceptron_batch(X, W, b, lambda Z: Z)


@mistake("perceptron_batch", "the biases are added after g: they are a part of the sums that g gets")
def batch_bias_outside(X, W, b, g):
    return solution.perceptron_batch(X, W, 0 * b, g) + b


@mistake("perceptron_batch", "b runs down the rows: an entry of b belongs to a neuron, that is to a column")
def batch_bias_per_example(X, W, b, g):
    return g(X @ W + np.resize(b, len(X))[:, None])


@mistake("perceptron_batch", "one bias serves all neurons: each column has its own entry of b")
def batch_first_bias_for_all(X, W, b, g):
    return solution.perceptron_batch(X, W, np.full(len(b), b[0]), g)


@mistake("perceptron_batch", "the biases were summed into one number before they were added: each neuron has its own")
def batch_summed_bias(X, W, b, g):
    return solution.perceptron_batch(X, W, np.full(len(b), b.sum()), g)


@mistake("perceptron_batch", "the answers are summed over the neurons: keep a column per neuron")
def batch_summed_neurons(X, W, b, g):
    return solution.perceptron_batch(X, W, b, g).sum(axis=1)


@mistake("perceptron_batch", "the answers are rescaled to sum to 1: nothing may follow g here")
def batch_normalised(X, W, b, g):
    Y_hat = solution.perceptron_batch(X, W, b, g)
    return Y_hat / Y_hat.sum()


@mistake("perceptron_batch", "only the first example is answered: does a return stand inside the loop?")
def batch_first_example(X, W, b, g):
    return solution.perceptron_batch(X[:1], W, b, g)


@mistake("perceptron_batch", "a batch of one has lost an axis: it is still a row for each example")
def batch_squeezed(X, W, b, g):
    return np.squeeze(solution.perceptron_batch(X, W, b, g))


@mistake("perceptron_batch", "there is one column where a column per neuron belongs: the answers were added up")
def batch_summed_column(X, W, b, g):
    return solution.perceptron_batch(X, W, b, g).sum(axis=1, keepdims=True)


# --- sigmoid and its slope


@mistake("sigmoid", "this is 1 − σ(z), it falls where σ rises: the exponent has the wrong sign, or the two branches are exchanged")
def sigmoid_falling(z):
    return solution.sigmoid(-z)


@mistake("sigmoid", "an exponential overflows far to the left: use a form in which the exponent is never positive")
def sigmoid_overflows(z):
    return naive_sigmoid(z)


@mistake("sigmoid", "an exponential overflows far to the right: use a form in which the exponent is never positive")
def sigmoid_of_inf_over_inf(z):
    return np.exp(z) / (1 + np.exp(z))


@mistake("sigmoid", "an exponential overflows on both sides: even np.where computes both of its branches for every entry")
def sigmoid_where_computes_both(z):
    return np.where(z >= 0, naive_sigmoid(z), np.exp(z) / (1 + np.exp(z)))


@mistake("sigmoid", "this is the denominator alone, 1 + e⁻ᶻ: 1 is divided by all of it")
def sigmoid_denominator(z):
    return 1 + np.exp(-z)


@mistake("sigmoid", "every fraction is cut off when z holds whole numbers: the answers need an array of floats")
def sigmoid_truncated(z):
    return solution.sigmoid(z).astype(np.asarray(z).dtype)


@mistake("sigmoid", "one by one there is no overflow, but with both signs in one array there is: decide entry by entry")
def sigmoid_one_question_for_all(z):
    return np.exp(z) / (1 + np.exp(z)) if np.all(z < 0) else naive_sigmoid(z)


@mistake("sigmoid", "negative entries get the answer of their mirror image on the right: the sign of z is lost")
def sigmoid_of_absolute(z):
    return solution.sigmoid(np.abs(z))


@mistake("sigmoid", "this is σ(2z): the curve rises twice as fast as it should")
def sigmoid_twice_as_fast(z):
    return solution.sigmoid(2 * z)


@mistake("sigmoid", "z is clipped at ±20: that hides the overflow and changes the answer wherever it clips")
def sigmoid_clipped(z):
    return solution.sigmoid(np.clip(z, -20, 20))


@mistake("sigmoid", "this runs from −1 to 1, as tanh does: σ runs from 0 to 1")
def sigmoid_as_tanh(z):
    return 2 * solution.sigmoid(z) - 1


@mistake("sigmoid_grad", "z(1 − z) treats z as if it were already σ(z): apply σ first")
def sigmoid_grad_of_activation(z):
    return z * (1 - z)


@mistake("sigmoid_grad", "σ(z)(1 − z) has z in its second factor: both factors are made of σ(z)")
def sigmoid_grad_mixed(z):
    return solution.sigmoid(z) * (1 - z)


@mistake("sigmoid_grad", "σ is applied twice: the slope is wanted at z, and σ(z) went in where z belongs")
def sigmoid_grad_at_sigma(z):
    return solution.sigmoid_grad(solution.sigmoid(z))


@mistake("sigmoid_grad", "σ(1 + σ) has the wrong sign inside: the slope has to vanish where σ reaches 1")
def sigmoid_grad_plus(z):
    return solution.sigmoid(z) * (1 + solution.sigmoid(z))


@mistake("sigmoid_grad", "σ² is not the slope: the two factors are not the same")
def sigmoid_grad_squared(z):
    return solution.sigmoid(z) ** 2


@mistake("sigmoid_grad", "this is σ(z) itself: the question is how steep it is")
def sigmoid_grad_is_sigmoid(z):
    return solution.sigmoid(z)


@mistake("sigmoid_grad", "this is 1 − σ(z): far to the left it is 1, where σ is flat")
def sigmoid_grad_one_factor(z):
    return 1 - solution.sigmoid(z)


@mistake("sigmoid_grad", "the sign is wrong: σ rises everywhere, so its slope is never negative")
def sigmoid_grad_negative(z):
    return -solution.sigmoid_grad(z)


@mistake("sigmoid_grad", "an exponential overflows far to the left, and the slope is not finite there")
def sigmoid_grad_overflows(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


@mistake("sigmoid_grad", "an exponential overflows far to the left: the slopes are right, but not without a warning")
def sigmoid_grad_warns(z):
    return naive_sigmoid(z) * (1 - naive_sigmoid(z))


@mistake("sigmoid_grad", "an exponential overflows far to the right, and the slope is not finite there")
def sigmoid_grad_overflows_right(z):
    return np.exp(z) / (1 + np.exp(z)) ** 2


@mistake("sigmoid_grad", "these are differences between neighbours in the array: the slope belongs to each z by itself")
def sigmoid_grad_of_neighbours(z):
    return np.gradient(solution.sigmoid(z))


# --- tanh


@mistake("tanh_grad", "1 − z² treats z as if it were already tanh(z): apply tanh first")
def tanh_grad_of_activation(z):
    return 1 - z**2


@mistake("tanh_grad", "1 + tanh² has the wrong sign inside: the slope is largest at 0 and vanishes far out")
def tanh_grad_plus(z):
    return 1 + np.tanh(z) ** 2


@mistake("tanh_grad", "this is 1 − tanh(z): far to the left it is 2, where tanh is flat")
def tanh_grad_without_square(z):
    return 1 - np.tanh(z)


@mistake("tanh_grad", "g(1 − g) is the rule for the sigmoid: tanh has one of its own")
def tanh_grad_by_sigmoid_rule(z):
    return np.tanh(z) * (1 - np.tanh(z))


@mistake("tanh_grad", "tanh(z) is 2σ(2z) − 1, and here it is taken as 2σ(z) − 1: the inner 2 is missing")
def tanh_grad_half_as_fast(z):
    return 1 - (2 * solution.sigmoid(z) - 1) ** 2


@mistake("tanh_grad", "the slope is not finite far out on both sides: an exponential overflows there")
def tanh_grad_overflows(z):
    return 1 - ((np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))) ** 2


@mistake("tanh_grad", "this is tanh(z) itself: the question is how steep it is")
def tanh_grad_is_tanh(z):
    return np.tanh(z)


@mistake("tanh_grad", "the square stands inside tanh: it belongs to the value tanh(z)")
def tanh_grad_square_inside(z):
    return 1 - np.tanh(z**2)


@mistake("tanh_grad", "the square covers the whole difference: it belongs to tanh(z) alone")
def tanh_grad_square_outside(z):
    return (1 - np.tanh(z)) ** 2


@mistake("tanh_grad", "the slopes are added up into one number: every entry of z has its own")
def tanh_grad_summed(z):
    return np.sum(solution.tanh_grad(z))


# --- ReLU


@mistake("relu", "this is the slope, 1 where z > 0: ReLU lets z itself through")
def relu_is_its_slope(z):
    return solution.relu_grad(z)


@mistake("relu", "negative values turn positive here: ReLU replaces them by 0, not by |z|")
def relu_absolute(z):
    return np.abs(z)


@mistake("relu", "the wrong side is kept: ReLU lets positive values through and stops negative ones")
def relu_wrong_side(z):
    return np.minimum(0, z)


@mistake("relu", "the largest entry along axis 0 is taken, as np.max(z, 0) does: compare 0 with z entry by entry")
def relu_max_along_axis(z):
    return np.max(z, 0)


@mistake("relu", "large values are cut off at 1: ReLU has no upper limit")
def relu_capped(z):
    return np.clip(z, 0, 1)


@mistake("relu", "the negative entries are thrown away: they become 0, so that the shape stays")
def relu_drops_entries(z):
    return z[z > 0]


@mistake("relu", "values between 0 and 1 are stopped too: the corner is at 0")
def relu_corner_at_one(z):
    return np.where(z > 1, z, 0)


@mistake("relu_grad", "the slope at exactly 0 is 1 here: this course takes 0")
def relu_grad_one_at_zero(z):
    return np.where(z >= 0, 1.0, 0.0)


@mistake("relu_grad", "the slope at exactly 0 is ½ here: a fair choice, but this course takes 0")
def relu_grad_half_at_zero(z):
    return np.heaviside(z, 0.5)


@mistake("relu_grad", "this is ReLU itself: the question is how steep it is")
def relu_grad_is_relu(z):
    return solution.relu(z)


@mistake("relu_grad", "negative inputs get −1, the sign of z: ReLU does not fall there")
def relu_grad_is_sign(z):
    return np.sign(z)


@mistake("relu_grad", "the two sides have changed places: compare with the slopes in the table")
def relu_grad_wrong_side(z):
    return np.where(z < 0, 1.0, 0.0)


# --- the zoo


@mistake("leaky_relu", "the left slope is 0.01, the default of most libraries: lecture 001 and this course take 0.1")
def leaky_library_default(z, alpha=0.01):
    return solution.leaky_relu(z, alpha)


@mistake("leaky_relu", "max(αz, z) picks the wrong branch as soon as α is above 1: choose by the sign of z")
def leaky_by_maximum(z, alpha=0.1):
    return np.maximum(alpha * z, z)


@mistake("leaky_relu", "the left side is stopped, as in plain ReLU: leaky lets αz through")
def leaky_not_leaking(z, alpha=0.1):
    return solution.relu(z)


@mistake("leaky_relu", "the left side rises to the left: αz is negative there, so no absolute value and no extra minus")
def leaky_mirrored(z, alpha=0.1):
    return np.where(z > 0, z, -alpha * z)


@mistake("leaky_relu", "α is built in as 0.1: use the argument alpha")
def leaky_fixed_alpha(z, alpha=0.1):
    return solution.leaky_relu(z, 0.1)


@mistake("leaky_relu", "the two sides are exchanged: α belongs to the left one")
def leaky_exchanged(z, alpha=0.1):
    return np.where(z > 0, alpha * z, z)


@mistake("leaky_relu_grad", "the left side still has z in it: a straight line has the same slope everywhere")
def leaky_grad_keeps_z(z, alpha=0.1):
    return np.where(z > 0, 1.0, alpha * z)


@mistake("leaky_relu_grad", "the slope on the left is 0, as in plain ReLU: leaky ReLU still rises there")
def leaky_grad_of_relu(z, alpha=0.1):
    return np.where(z > 0, 1.0, 0.0)


@mistake("leaky_relu_grad", "the slope on the left has the wrong sign: leaky ReLU still rises there")
def leaky_grad_negative(z, alpha=0.1):
    return np.where(z > 0, 1.0, -alpha)


@mistake("leaky_relu_grad", "the left slope is 0.01, the default of most libraries: lecture 001 and this course take 0.1")
def leaky_grad_library_default(z, alpha=0.01):
    return solution.leaky_relu_grad(z, alpha)


@mistake("leaky_relu_grad", "the slopes of the two sides are exchanged")
def leaky_grad_exchanged(z, alpha=0.1):
    return np.where(z > 0, alpha, 1.0)


@mistake("leaky_relu_grad", "the slopes are exchanged as soon as α is above 1: choose by the sign of z")
def leaky_grad_by_maximum(z, alpha=0.1):
    return np.where(z > alpha * z, 1.0, alpha)


@mistake("leaky_relu_grad", "α is added on the right as well: there the slope is 1")
def leaky_grad_alpha_on_both_sides(z, alpha=0.1):
    return solution.relu_grad(z) + alpha


@mistake("leaky_relu_grad", "α is built in as 0.1: use the argument alpha")
def leaky_grad_fixed_alpha(z, alpha=0.1):
    return solution.leaky_relu_grad(z, 0.1)


@mistake("elu", "the left side is αeᶻ: at z = 0 this is α, and the two sides do not meet")
def elu_without_minus_one(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)))


@mistake("elu", "α has no effect: it stretches the left side")
def elu_without_alpha(z, alpha=1.0):
    return solution.elu(z)


@mistake("elu", "α multiplies eᶻ alone, so the curve jumps at z = 0: brackets are missing")
def elu_missing_brackets(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)) - 1)


@mistake("elu", "the left side has the wrong sign: ELU is negative there")
def elu_mirrored(z, alpha=1.0):
    return np.where(z > 0, z, -solution.elu(z, alpha))


@mistake("elu", "the answer is not finite far to the right: the exponential overflows there, although it is only wanted on the left")
def elu_overflows(z, alpha=1.0):
    return (z > 0) * z + (z <= 0) * alpha * (np.exp(z) - 1)


@mistake("elu", "with α above 1 the larger of the two is the wrong one, just left of 0: choose by the sign of z")
def elu_by_maximum(z, alpha=1.0):
    return np.maximum(z, alpha * np.expm1(np.minimum(z, 0)))


@mistake("elu", "the right side is 0 everywhere: z itself should come through there")
def elu_flat_on_the_right(z, alpha=1.0):
    return np.minimum(solution.elu(z, alpha), 0)


@mistake("elu", "α is 0.1 when none is given: that is leaky ReLU's, ELU takes 1")
def elu_default_of_leaky(z, alpha=0.1):
    return solution.elu(z, alpha)


@mistake("elu", "the left side's part is added on the right too: there the curve is z alone")
def elu_both_parts_everywhere(z, alpha=1.0):
    return np.maximum(z, 0) + alpha * np.expm1(-np.abs(z))


@mistake("elu_grad", "a −1 was kept on the left: a constant has no slope")
def elu_grad_keeps_one(z, alpha=1.0):
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)) - 1)


@mistake("elu_grad", "α has no effect: it stretches the left side, and its slope with it")
def elu_grad_without_alpha(z, alpha=1.0):
    return solution.elu_grad(z)


@mistake("elu_grad", "on the left this is ELU itself: the question is how steep it is there")
def elu_grad_is_elu(z, alpha=1.0):
    return np.where(z > 0, 1.0, solution.elu(z, alpha))


@mistake("elu_grad", "on the right this is ELU itself: the question is how steep it is there")
def elu_grad_right_is_z(z, alpha=1.0):
    return np.where(z > 0, z, solution.elu_grad(z, alpha))


@mistake("elu_grad", "the slope is not finite far to the right: the exponential overflows there, although it is only wanted on the left")
def elu_grad_overflows(z, alpha=1.0):
    return (z > 0) + (z <= 0) * alpha * np.exp(z)


@mistake("elu_grad", "on the left 1 is added to ELU(z): that is right for α = 1 only")
def elu_grad_plus_one(z, alpha=1.0):
    return np.where(z > 0, 1.0, solution.elu(z, alpha) + 1)


@mistake("elu_grad", "α is added, but to the curve of α = 1")
def elu_grad_alpha_not_handed_on(z, alpha=1.0):
    return np.where(z > 0, 1.0, solution.elu(z) + alpha)


@mistake("elu_grad", "the slope on the left is 0, as in plain ReLU: ELU still rises there")
def elu_grad_of_relu(z, alpha=1.0):
    return solution.relu_grad(z)


@mistake("softplus", "the answer is not finite far to the right: an exponential overflows there")
def softplus_overflows(z):
    return np.log(1 + np.exp(z))


@mistake("softplus", "the exponent has the wrong sign: softplus grows to the right, like ReLU")
def softplus_falling(z):
    return solution.softplus(-z)


@mistake("softplus", "the 1 + inside the logarithm is missing: log(eᶻ) is just z")
def softplus_is_z(z):
    return z * 1.0


@mistake("softplus", "the logarithm is to base 2: softplus takes the natural one")
def softplus_base_two(z):
    return solution.softplus(z) / np.log(2)


@mistake("softplus", "the part of the logarithm is to base 2: softplus takes the natural one")
def softplus_base_two_in_part(z):
    return np.maximum(z, 0) + np.log2(1 + np.exp(-np.abs(z)))


@mistake("softplus", "the answer is not finite far out on both sides: an exponential overflows there")
def softplus_overflows_twice(z):
    return np.maximum(z, 0) + (np.log(1 + np.exp(np.abs(z))) - np.abs(z))


@mistake("softplus", "negative z get the answer of their mirror image on the right: the exponent is positive there")
def softplus_without_abs(z):
    return np.maximum(z, 0) + np.log(1 + np.exp(-z))


@mistake("softplus", "the part that grows with z is missing: the answer falls back to 0 on the right")
def softplus_without_large_part(z):
    return np.log1p(np.exp(-np.abs(z)))


@mistake("softplus", "this is ReLU, with its corner: softplus is rounded off there")
def softplus_is_relu(z):
    return solution.relu(z)


@mistake("softplus_grad", "this is softplus itself: the question is how steep it is")
def softplus_grad_is_softplus(z):
    return solution.softplus(z)


@mistake("softplus_grad", "this is one derivative too many: it is the slope of the slope")
def softplus_grad_of_sigmoid(z):
    return solution.sigmoid_grad(z)


@mistake("softplus_grad", "the slope is not finite far to the right: an exponential overflows there")
def softplus_grad_overflows(z):
    return np.exp(z) / (1 + np.exp(z))


@mistake("softplus_grad", "this falls from 1 to 0, where the slope has to rise: is the inner derivative missing?")
def softplus_grad_without_chain(z):
    return solution.sigmoid(-z)


@mistake("softplus_grad", "softplus(z) went in where z belongs: the slope is asked at z")
def softplus_grad_at_softplus(z):
    return solution.sigmoid(solution.softplus(z))


@mistake("softplus_grad", "this is the slope of ReLU, which jumps: softplus has no corner")
def softplus_grad_of_relu(z):
    return solution.relu_grad(z)


@mistake("softsign", "the denominator is 1 + z: on the left it becomes small or negative")
def softsign_without_abs(z):
    return z / (1 + z + 1e-12)


@mistake("softsign", "the denominator has z²: this curve falls back to 0 far out, softsign does not")
def softsign_squared(z):
    return z / (1 + z**2)


@mistake("softsign", "the sign is lost: softsign is negative on the left")
def softsign_unsigned(z):
    return np.abs(solution.softsign(z))


@mistake("softsign", "z/1 + |z| is computed: brackets are missing around what z is divided by")
def softsign_without_brackets(z):
    return z / 1 + np.abs(z)


@mistake("softsign", "the answers are rounded down to whole numbers, as // does: keep the fraction")
def softsign_floor_division(z):
    return z // (1 + np.abs(z))


@mistake("softsign", "the length of the whole array stands in the denominator: every entry has a |z| of its own")
def softsign_by_norm(z):
    return z / (1 + np.linalg.norm(z))


@mistake("softsign", "the largest |z| of the array stands in every denominator: every entry has a |z| of its own")
def softsign_by_largest(z):
    return z / (1 + np.max(np.abs(z)))


@mistake("softsign", "this is z/√(1 + z²), another curve from −1 to 1: softsign has no root")
def softsign_with_root(z):
    return z / np.sqrt(1 + z**2)


@mistake("softsign", "this is tanh, which levels off much sooner: softsign has no exponential")
def softsign_is_tanh(z):
    return np.tanh(z)


@mistake("softsign_grad", "a square is missing: compare with the example, where the slope at 3 is 0.0625")
def softsign_grad_without_square(z):
    return 1 / (1 + np.abs(z))


@mistake("softsign_grad", "only |z| is squared: the square should cover more than that")
def softsign_grad_square_inside(z):
    return 1 / (1 + z**2)


@mistake("softsign_grad", "the slope takes the sign of z: softsign rises on both sides, so its slope is positive")
def softsign_grad_signed(z):
    return np.sign(z) * solution.softsign_grad(z)


@mistake("softsign_grad", "these are the numbers of 1 − softsign(z)²: tanh's rule, or a plus in the quotient rule")
def softsign_grad_by_tanh_rule(z):
    return 1 - solution.softsign(z) ** 2


@mistake("softsign_grad", "this is softsign itself: the question is how steep it is")
def softsign_grad_is_softsign(z):
    return solution.softsign(z)


@mistake("softsign_grad", "to the left of 0 these slopes are not the mirror image of the right: the sign of z makes a difference here")
def softsign_grad_without_abs(z):
    return 1 / (1 + z + 1e-12) ** 2


@mistake("hard_tanh", "this is the soft tanh: the hard one is made of straight pieces")
def hard_tanh_is_soft(z):
    return np.tanh(z)


@mistake("hard_tanh", "the lower limit is 0: like tanh, it runs from −1 to 1")
def hard_tanh_from_zero(z):
    return np.clip(z, 0, 1)


@mistake("hard_tanh", "this is the sign of z: between −1 and 1 the curve is z itself")
def hard_tanh_is_sign(z):
    return np.sign(z)


@mistake("hard_tanh", "only the upper side is cut off: values below −1 become −1")
def hard_tanh_open_below(z):
    return np.minimum(z, 1)


@mistake("hard_tanh", "outside of −1 and 1 the answer is 0: it should stay at the limit")
def hard_tanh_zero_outside(z):
    return np.where(np.abs(z) <= 1, z, 0)


@mistake("hard_tanh", "only the lower side is cut off: values above 1 become 1")
def hard_tanh_open_above(z):
    return np.maximum(z, -1)


@mistake("hard_tanh_grad", "inside and outside are exchanged")
def hard_tanh_grad_swapped(z):
    return 1 - solution.hard_tanh_grad(z)


@mistake("hard_tanh_grad", "this is hard tanh itself: the question is how steep it is")
def hard_tanh_grad_is_value(z):
    return solution.hard_tanh(z)


@mistake("hard_tanh_grad", "beyond −1 the slope is 1 here: the curve is flat on both sides")
def hard_tanh_grad_one_sided(z):
    return np.where(z < 1, 1.0, 0.0)


@mistake("hard_tanh_grad", "this is the slope of the soft tanh: the hard one has only the slopes 0 and 1")
def hard_tanh_grad_is_soft(z):
    return solution.tanh_grad(z)


@mistake("hard_tanh_grad", "between −1 and 0 the slope is 0 here: the middle piece reaches from −1 to 1")
def hard_tanh_grad_right_half(z):
    return np.where((z > 0) & (z < 1), 1.0, 0.0)


@mistake("hard_tanh_grad", "beyond 1 the slope is 1 here: the curve is flat on both sides")
def hard_tanh_grad_open_above(z):
    return np.where(z > -1, 1.0, 0.0)


@mistake("hard_tanh_grad", "in the middle this is z itself: the question is how steep the curve is")
def hard_tanh_grad_value_inside(z):
    return np.where(np.abs(z) < 1, z, 0.0)


# --- layers without g


@mistake("collapse_linear", "b₁ is added as it is: on its way out it passes through the second layer too")
def collapse_added_biases(W1, b1, W2, b2):
    return solution.collapse_linear(W1, b1, W2, b2)[0], np.resize(b1, len(b2)) + b2


@mistake("collapse_linear", "b₁ is forgotten: it passes through the second layer too")
def collapse_without_first_bias(W1, b1, W2, b2):
    return solution.collapse_linear(W1, 0 * b1, W2, b2)


@mistake("collapse_linear", "b₂ is forgotten: the second layer adds it last")
def collapse_without_second_bias(W1, b1, W2, b2):
    return solution.collapse_linear(W1, b1, W2, 0 * b2)


@mistake("collapse_linear", "the two results have changed places: return W first, then b")
def collapse_swapped_results(W1, b1, W2, b2):
    return solution.collapse_linear(W1, b1, W2, b2)[::-1]


@mistake("collapse_linear", "rows and columns of W have changed places: there should be a row for each input and a column for each output")
def collapse_transposed(W1, b1, W2, b2):
    W, b = solution.collapse_linear(W1, b1, W2, b2)
    return W.T, b


@mistake("collapse_linear", "b₂ passes through the second layer's weights here: it is added after them")
def collapse_second_bias_through(W1, b1, W2, b2):
    return solution.collapse_linear(W1, b1 + np.resize(b2, len(b1)), W2, 0 * b2)


@mistake("collapse_linear", "what b₁ adds is summed into one number for all outputs: each output has its own")
def collapse_one_bias(W1, b1, W2, b2):
    W, b = solution.collapse_linear(W1, b1, W2, 0 * b2)
    return W, b2 + b.sum()


@mistake("collapse_linear", "b is a row (1, K) here: its shape should be (K,)")
def collapse_bias_as_row(W1, b1, W2, b2):
    W, b = solution.collapse_linear(W1, b1, W2, b2)
    return W, b[None, :]


# --- deep_forward


def ordered(params):
    return [W for W, _ in params], [b for _, b in params]


def fits(value, wanted):
    # a real mix-up of layers raises unless the shapes agree: it is seen where they do
    return value if np.shape(value) == np.shape(wanted) else wanted


@mistake("deep_forward", "g never acts on the hidden layers, as on a slide of lecture 000: without it, all layers are one")
def deep_without_g(X, params, g):
    return solution.deep_forward(X, params, lambda Z: Z)


@mistake("deep_forward", "g acts on the inputs too: the first layer takes X as it is")
def deep_g_on_inputs(X, params, g):
    return solution.deep_forward(g(X), params, g)


@mistake("deep_forward", "g acts once more at the end: the last layer's sum is the answer")
def deep_g_at_the_end(X, params, g):
    return g(solution.deep_forward(X, params, g))


@mistake("deep_forward", "the biases are missing: every layer adds its own b")
def deep_without_biases(X, params, g):
    return solution.deep_forward(X, [(W, 0 * b) for W, b in params], g)


@mistake("deep_forward", "the last layer's bias is missing")
def deep_without_last_bias(X, params, g):
    W, b = params[-1]
    return solution.deep_forward(X, [*params[:-1], (W, 0 * b)], g)


@mistake("deep_forward", "each bias is added after g: it is a part of the sum that g gets")
def deep_bias_after_g(X, params, g):
    H = X
    for W, b in params[:-1]:
        H = g(H @ W) + b
    return solution.deep_forward(H, params[-1:], g)


@mistake("deep_forward", "g acts twice between two layers: apply it either after one layer or before the next")
def deep_g_twice(X, params, g):
    return solution.deep_forward(X, params, lambda Z: g(g(Z)))


@mistake("deep_forward", "the biases of the layers are in reverse order: layer k adds its own bₖ")
def deep_swapped_biases(X, params, g):
    matrices, biases = ordered(params)
    return solution.deep_forward(X, [(W, fits(c, b)) for W, b, c in zip(matrices, biases, biases[::-1], strict=True)], g)


@mistake("deep_forward", "every layer uses the weights of the first one: take W from the layer that you are in")
def deep_first_weights_everywhere(X, params, g):
    return solution.deep_forward(X, [(fits(params[0][0], W), b) for W, b in params], g)


@mistake("deep_forward", "the layers run in reverse order: the first pair in params meets the inputs")
def deep_reversed(X, params, g):
    whole = [fits(V, W) for (W, _), (V, _) in zip(params, params[::-1], strict=True)]
    biases = [fits(c, b) for (_, b), (_, c) in zip(params, params[::-1], strict=True)]
    return solution.deep_forward(X, list(zip(whole, biases, strict=True)), g)


@mistake("deep_forward", "the answer stops one layer early: the last pair in params was never used")
def deep_one_layer_short(X, params, g):
    return solution.deep_forward(X, params[:-1] or params, g)


@mistake("deep_forward", "only the first pair in params was used")
def deep_first_layer_only(X, params, g):
    return solution.deep_forward(X, params[:1], g)


@mistake("deep_forward", "the answer comes after two layers, however many there are: does a return stand inside the loop?")
def deep_stops_after_two(X, params, g):
    return solution.deep_forward(X, params[:2], g)


@mistake("deep_forward", "g is ReLU here, whatever was handed to the function: use its g")
def deep_always_relu(X, params, g):
    return solution.deep_forward(X, params, solution.relu)


@mistake("deep_forward", "g is the sigmoid here, whatever was handed to the function: use its g")
def deep_always_sigmoid(X, params, g):
    return solution.deep_forward(X, params, solution.sigmoid)


@mistake("deep_forward", "a single layer is bent here: its sums are the last ones already, and stay as they are")
def deep_single_layer_bent(X, params, g):
    Z = solution.deep_forward(X, params, g)
    return g(Z) if len(params) == 1 else Z


@mistake("deep_forward", "a hidden layer is not bent where it is as wide as the last one: go by its place, not by its width")
def deep_last_by_width(X, params, g):
    widths = [len(b) for _, b in params]
    for (W, b), width in zip(params, widths, strict=True):
        X = solution.deep_forward(X, [(W, b)], g)
        X = X if width == widths[-1] else g(X)
    return X
