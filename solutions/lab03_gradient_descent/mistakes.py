"""Wrong answers that students give to lab03_gradient_descent, each with the sentence that names it (bank E12, E16–E22)."""

import numpy as np
from scipy.special import expit

from course_utils.checking import mistake, solution


def with_ones(X):
    return np.column_stack([np.ones(len(X)), X])


# --- numerical_gradient (E17)


def entry_by_entry(quotient, x):
    """The gradient whose entries are quotient(step), where step(h) is x with one entry moved by h."""
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        unit = np.zeros_like(x)
        unit[i] = 1.0
        gradient[i] = quotient(lambda h, unit=unit: x + h * unit)
    return gradient


@mistake("numerical_gradient", "only one side is measured, (f(x + h) − f(x))/h: step back by h as well and divide by 2h")
def one_sided(f, x, h=1e-5):
    return entry_by_entry(lambda step: (f(step(h)) - f(step(0.0))) / h, x)


@mistake("numerical_gradient", "the difference is divided by h: from x − h to x + h it is 2h")
def divided_by_h(f, x, h=1e-5):
    return 2 * solution.numerical_gradient(f, x, h)


@mistake("numerical_gradient", "/ 2 * h divides by 2 and then multiplies by h: the 2h needs brackets")
def without_brackets(f, x, h=1e-5):
    return solution.numerical_gradient(f, x, h) * h * h


@mistake("numerical_gradient", "all entries are moved at once: move one, keep the others where they are")
def all_at_once(f, x, h=1e-5):
    return np.full(np.shape(x), (f(x + h) - f(x - h)) / (2 * h))


@mistake("numerical_gradient", "an entry is not put back after its turn, so the next slopes are measured somewhere else")
def not_put_back(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
    return gradient


@mistake("numerical_gradient", "f(x − h) − f(x + h) has the wrong sign: ahead minus behind")
def backwards(f, x, h=1e-5):
    return -solution.numerical_gradient(f, x, h)


@mistake("numerical_gradient", "h is ignored: the step is always 1e-5")
def fixed_step(f, x, h=1e-5):
    return solution.numerical_gradient(f, x)


@mistake("numerical_gradient", "x is a whole-number array, and a step of 1e-5 is cut off in it: turn x into floats first")
def step_cut_off(f, x, h=1e-5):
    moved, gradient = np.array(x), np.zeros(np.shape(x))
    for i in np.ndindex(moved.shape):
        kept = moved[i]
        moved[i] = kept + h
        above = f(moved)
        moved[i] = kept - h
        gradient[i] = (above - f(moved)) / (2 * h)
        moved[i] = kept
    return gradient


@mistake("numerical_gradient", "zeros_like(x) of whole numbers holds whole numbers: the slopes are cut off in it")
def slopes_cut_off(f, x, h=1e-5):
    return solution.numerical_gradient(f, x, h).astype(np.asarray(x).dtype)


@mistake("numerical_gradient", "one loop over len(x) moves a whole row of a matrix at once: go through every entry")
def row_by_row(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        unit = np.zeros_like(x)
        unit[i] = 1.0
        gradient[i] = (f(x + h * unit) - f(x - h * unit)) / (2 * h)
    return gradient


@mistake("numerical_gradient", "the gradient came out as a flat vector: it has the shape of x")
def flattened(f, x, h=1e-5):
    return solution.numerical_gradient(f, x, h).ravel()


@mistake("numerical_gradient", "x is not the same after the call: put every entry back, or work on a copy")
def left_moved(f, x, h=1e-5):
    gradient = solution.numerical_gradient(f, x, h)
    x[...] = x + h
    return gradient


# --- relative_error (E18)


def norms(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError(f"shapes {np.shape(a)} and {np.shape(b)}")
    return np.linalg.norm(a - b), np.linalg.norm(a), np.linalg.norm(b)


def ratio(top, bottom):
    return float(top / bottom) if bottom else 0.0


@mistake("relative_error", "this is the absolute error ‖a − b‖: divide it by the size of the two, ‖a‖ + ‖b‖")
def absolute(a, b):
    return norms(a, b)[0]


@mistake("relative_error", "zeros against zeros give 0/0: return 0.0 when both are all zeros")
def zero_by_zero(a, b):
    difference, size_a, size_b = norms(a, b)
    with np.errstate(invalid="ignore"):
        return np.float64(difference) / (size_a + size_b)


@mistake("relative_error", "the signed differences are summed and cancel each other: take the length of a − b")
def cancelling(a, b):
    _, size_a, size_b = norms(a, b)
    return ratio(abs(np.sum(a - b)), size_a + size_b)


@mistake("relative_error", "divided by ‖b‖ alone: the sum ‖a‖ + ‖b‖ treats the two alike")
def by_one_norm(a, b):
    difference, _, size_b = norms(a, b)
    return ratio(difference, size_b)


@mistake("relative_error", "divided by the larger norm: the course divides by the sum ‖a‖ + ‖b‖")
def by_larger_norm(a, b):
    difference, *sizes = norms(a, b)
    return ratio(difference, max(sizes))


@mistake("relative_error", "divided by ‖a + b‖, which is not ‖a‖ + ‖b‖")
def by_norm_of_sum(a, b):
    return ratio(norms(a, b)[0], np.linalg.norm(a + b))


@mistake("relative_error", "the squared lengths are compared: take the roots before dividing")
def of_squares(a, b):
    difference, size_a, size_b = norms(a, b)
    return ratio(difference**2, size_a**2 + size_b**2)


@mistake("relative_error", "only the largest entry is looked at: ‖·‖ is the root of the sum of all squares")
def of_largest_entries(a, b):
    norms(a, b)
    return ratio(np.abs(a - b).max(), np.abs(a).max() + np.abs(b).max())


@mistake("relative_error", "this adds up absolute values: ‖·‖ is the root of the sum of squares")
def of_absolute_sums(a, b):
    norms(a, b)
    return ratio(np.abs(a - b).sum(), np.abs(a).sum() + np.abs(b).sum())


@mistake("relative_error", "one error per entry came out: the answer is one number for the whole gradient")
def per_entry(a, b):
    norms(a, b)
    return np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-300)


@mistake("relative_error", "other shapes are not refused: broadcasting makes a number of (5,) and (5, 1), which means nothing")
def broadcast(a, b):
    return ratio(np.linalg.norm(a - b), np.linalg.norm(a) + np.linalg.norm(b))


@mistake("relative_error", "the number added below is too large: small gradients all look equal then")
def generous(a, b):
    difference, size_a, size_b = norms(a, b)
    return difference / (size_a + size_b + 1e-2)


# --- linear_regression_grad (E19)


@mistake("linear_regression_grad", "the sum over the examples is not divided by their number: the loss is a mean")
def linear_sum(X, y, w):
    return len(X) * solution.linear_regression_grad(X, y, w)


@mistake("linear_regression_grad", "the 2 is lost: the square has the derivative 2(ŷ − y)")
def linear_without_2(X, y, w):
    return solution.linear_regression_grad(X, y, w) / 2


@mistake("linear_regression_grad", "y − ŷ points uphill the wrong way: the derivative of (ŷ − y)² is 2(ŷ − y)")
def linear_sign(X, y, w):
    return -solution.linear_regression_grad(X, y, w)


@mistake("linear_regression_grad", "the prediction lacks its bias: ŷ = w[0] + X w[1:]")
def linear_without_bias(X, y, w):
    return 2 * with_ones(X).T @ (X @ w[1:] - y) / len(X)


@mistake("linear_regression_grad", "the ones are at the wrong end: x₀ = 1 comes first, as w[0] is the bias")
def linear_ones_last(X, y, w):
    X1 = np.column_stack([X, np.ones(len(X))])
    return 2 * X1.T @ (X1 @ w - y) / len(X)


@mistake("linear_regression_grad", "the entry of the bias is missing: the gradient has one entry for every weight, w[0] too")
def linear_no_bias_entry(X, y, w):
    return solution.linear_regression_grad(X, y, w)[1:]


@mistake("linear_regression_grad", "the entry of the bias is the sum of the errors: it is a mean like the others")
def linear_bias_summed(X, y, w):
    gradient = solution.linear_regression_grad(X, y, w)
    return np.append(len(X) * gradient[:1], gradient[1:])


@mistake("linear_regression_grad", "the errors are not multiplied by the inputs: each weight's slope is the mean of 2(ŷ − y) xₖ")
def linear_without_inputs(X, y, w):
    return np.full(len(w), solution.linear_regression_grad(X, y, w)[0])


@mistake("linear_regression_grad", "divided by the number of weights: the mean is over the examples")
def linear_over_weights(X, y, w):
    return len(X) * solution.linear_regression_grad(X, y, w) / len(w)


@mistake("linear_regression_grad", "this is 2 Xᵀŷ/N: the targets y were not subtracted")
def linear_without_targets(X, y, w):
    return solution.linear_regression_grad(X, 0 * y, w)


@mistake("linear_regression_grad", "the bias is left out of the gradient's mean: its entry is 2 w[0], as if it were decayed")
def linear_bias_itself(X, y, w):
    return np.append(2 * w[:1], solution.linear_regression_grad(X, y, w)[1:])


@mistake("linear_regression_grad", "this is the loss, one number: its gradient has one entry for every weight")
def linear_loss(X, y, w):
    return np.mean((with_ones(X) @ w - y) ** 2)


# --- logistic_regression_grad (E12)


@mistake("logistic_regression_grad", "the sum over the examples is not divided by their number: the loss is a mean")
def logistic_sum(X, y, w):
    return len(X) * solution.logistic_regression_grad(X, y, w)


@mistake("logistic_regression_grad", "y − p has the wrong sign: the gradient points uphill, where p is further from y")
def logistic_sign(X, y, w):
    return -solution.logistic_regression_grad(X, y, w)


@mistake("logistic_regression_grad", "there is an extra p(1 − p), as for a squared error: with the cross-entropy it cancels")
def logistic_extra_slope(X, y, w):
    X1 = with_ones(X)
    p = expit(X1 @ w)
    return X1.T @ ((p - y) * p * (1 - p)) / len(X)


@mistake("logistic_regression_grad", "σ is applied twice: p = σ(z), and the error is p − y")
def logistic_sigmoid_twice(X, y, w):
    X1 = with_ones(X)
    return X1.T @ (expit(expit(X1 @ w)) - y) / len(X)


@mistake("logistic_regression_grad", "there is no σ: the score z is not a probability, so z − y is no error")
def logistic_without_sigmoid(X, y, w):
    X1 = with_ones(X)
    return X1.T @ (X1 @ w - y) / len(X)


@mistake("logistic_regression_grad", "p is rounded to 0 or 1: the error is p − y with the probability itself")
def logistic_rounded(X, y, w):
    X1 = with_ones(X)
    return X1.T @ ((X1 @ w > 0) - y) / len(X)


@mistake("logistic_regression_grad", "a softmax over one column is always 1: one neuron takes σ")
def logistic_softmax(X, y, w):
    return with_ones(X).T @ (1.0 - y) / len(X)


@mistake("logistic_regression_grad", "eᶻ/(1 + eᶻ) is inf/inf for large scores: use expit")
def logistic_overflow(X, y, w):
    X1 = with_ones(X)
    with np.errstate(over="ignore", invalid="ignore"):
        p = np.exp(X1 @ w) / (1 + np.exp(X1 @ w))
    return X1.T @ (p - y) / len(X)


@mistake("logistic_regression_grad", "the 2 belongs to the squared error: the cross-entropy leaves (p − y) x")
def logistic_with_2(X, y, w):
    return 2 * solution.logistic_regression_grad(X, y, w)


@mistake("logistic_regression_grad", "the score lacks its bias: z = w[0] + X w[1:]")
def logistic_without_bias(X, y, w):
    return with_ones(X).T @ (expit(X @ w[1:]) - y) / len(X)


@mistake("logistic_regression_grad", "the ones are at the wrong end: x₀ = 1 comes first, as w[0] is the bias")
def logistic_ones_last(X, y, w):
    X1 = np.column_stack([X, np.ones(len(X))])
    return X1.T @ (expit(X1 @ w) - y) / len(X)


@mistake("logistic_regression_grad", "the errors are divided by p(1 − p): that is the gradient for p, here it is the one for w")
def logistic_for_p(X, y, w):
    X1 = with_ones(X)
    p = np.clip(expit(X1 @ w), 1e-12, 1 - 1e-12)
    return X1.T @ ((p - y) / (p * (1 - p))) / len(X)


# --- gradient_descent (E20)


def descend(grad, w0, lr, eps, max_steps, move=None, slope=np.linalg.norm, goes_on=lambda slope, eps: slope > eps):
    """Gradient descent with one part of it replaced."""
    w, steps = np.array(w0, dtype=float), 0
    while steps < max_steps and goes_on(slope(grad(w)), eps):
        w = move(w) if move else w - lr * grad(w)
        steps += 1
    return w, steps


@mistake("gradient_descent", "the step goes uphill: w − lr ∇, with a minus")
def uphill(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, -lr, eps, max_steps)


@mistake("gradient_descent", "the loop runs while ‖∇‖ ≤ eps, as on the slide: that is when to stop, so go on while ‖∇‖ > eps")
def inverted(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, goes_on=lambda slope, eps: slope <= eps)


@mistake("gradient_descent", "max_steps does not stop the loop: where the slope stays above eps, it runs for ever")
def endless(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, np.inf)


@mistake("gradient_descent", "eps does not stop the loop: it always takes max_steps steps")
def to_the_last_step(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, -1.0, max_steps)


@mistake("gradient_descent", "a step is taken before the first test: where the slope is flat from the start, take none")
def step_first(grad, w0, lr, eps, max_steps):
    w, steps = descend(grad, np.asarray(w0) - lr * grad(np.asarray(w0, dtype=float)), lr, eps, max_steps - 1)
    return w, steps + 1


@mistake("gradient_descent", "steps is one too large: it counts updates, and before the first update it is 0")
def counts_from_one(grad, w0, lr, eps, max_steps):
    w, steps = solution.gradient_descent(grad, w0, lr, eps, max_steps)
    return w, steps + 1


@mistake("gradient_descent", "one step too many: steps < max_steps, not ≤")
def one_step_more(grad, w0, lr, eps, max_steps):
    return solution.gradient_descent(grad, w0, lr, eps, max_steps + 1)


@mistake("gradient_descent", "one step too few: the loop ends before step number max_steps")
def one_step_less(grad, w0, lr, eps, max_steps):
    return solution.gradient_descent(grad, w0, lr, eps, max_steps - 1)


@mistake("gradient_descent", "it goes on when ‖∇‖ equals eps: reaching eps is enough")
def strictly_below(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, goes_on=lambda slope, eps: slope >= eps)


@mistake("gradient_descent", "the largest entry of the gradient is compared with eps: ‖∇‖ is the root of the sum of squares")
def largest_entry(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, slope=lambda g: np.abs(g).max())


@mistake("gradient_descent", "‖∇‖² is compared with eps: take the root of the sum of squares")
def squared_slope(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, slope=lambda g: np.sum(g**2))


@mistake("gradient_descent", "the entries of the gradient are added up and cancel each other: take the length of the gradient")
def signed_slope(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, slope=np.sum)


@mistake("gradient_descent", "the length of the step is compared with eps: compare ‖∇‖ itself, without lr")
def step_length(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, slope=lambda g: lr * np.linalg.norm(g))


@mistake("gradient_descent", "every step has length lr: do not divide the gradient by its length, a gentle slope asks for a short step")
def equal_steps(grad, w0, lr, eps, max_steps):
    def move(w):
        return w - lr * grad(w) / np.linalg.norm(grad(w))

    return descend(grad, w0, lr, eps, max_steps, move)


@mistake("gradient_descent", "the weights move one after the other, each seeing the new ones before it: take one gradient for all")
def one_after_the_other(grad, w0, lr, eps, max_steps):
    def move(w):
        w = w.copy()
        for i in range(len(w)):
            w[i] -= lr * grad(w)[i]
        return w

    return descend(grad, w0, lr, eps, max_steps, move)


@mistake("gradient_descent", "the gradient is only taken at w0: after every step it is another one")
def first_gradient(grad, w0, lr, eps, max_steps):
    start = grad(np.asarray(w0, dtype=float))
    return descend(grad, w0, lr, eps, max_steps, lambda w: w - lr * start)


@mistake("gradient_descent", "w is rounded to whole numbers: start from a copy of w0 as floats")
def kept_whole(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, lambda w: (w - lr * grad(w)).astype(np.asarray(w0).dtype))


@mistake("gradient_descent", "w0 itself is moved (w -= … on the caller's array): work on a copy")
def moves_the_start(grad, w0, lr, eps, max_steps):
    w, steps = solution.gradient_descent(grad, w0, lr, eps, max_steps)
    w0[...] = w
    return w, steps


@mistake("gradient_descent", "the two results are swapped: return w first, then steps")
def swapped(grad, w0, lr, eps, max_steps):
    return solution.gradient_descent(grad, w0, lr, eps, max_steps)[::-1]


# --- minibatches (E21)


def cut(order, X, y, batch_size):
    """X and y in an order, cut into batches."""
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


@mistake("minibatches", "the smaller last batch is dropped: its examples would never be learned from in this epoch")
def drops_the_last(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    yield from cut(order[: len(X) // batch_size * batch_size], X, y, batch_size)


@mistake("minibatches", "the last batch is filled up with examples that were already used: leave it smaller")
def fills_up(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    yield from cut(np.resize(order, -(-len(X) // batch_size) * batch_size), X, y, batch_size)


@mistake("minibatches", "the examples keep their order: shuffle them anew in every call")
def unshuffled(X, y, batch_size, rng):
    yield from cut(np.arange(len(X)), X, y, batch_size)


@mistake("minibatches", "every call shuffles in the same way: draw from the rng that is handed in, do not make one inside")
def own_seed(X, y, batch_size, rng):
    yield from cut(np.random.default_rng(0).permutation(len(X)), X, y, batch_size)


@mistake("minibatches", "rng is not used: NumPy's global random numbers cannot be repeated from outside")
def global_random(X, y, batch_size, rng):
    yield from cut(np.random.default_rng().permutation(len(X)), X, y, batch_size)


@mistake("minibatches", "X and y are shuffled apart: the same order has to be used for both")
def pairs_torn(X, y, batch_size, rng):
    yield from cut(np.arange(len(X)), rng.permutation(X), rng.permutation(y), batch_size)


@mistake("minibatches", "the caller's X and y are shuffled in place: shuffle row numbers, and index with them")
def shuffles_the_source(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    X[...], y[...] = X[order], y[order]
    yield from cut(np.arange(len(X)), X, y, batch_size)


@mistake("minibatches", "examples are drawn with replacement: some come twice and others never, that is no epoch")
def with_replacement(X, y, batch_size, rng):
    yield from cut(rng.integers(len(X), size=len(X)), X, y, batch_size)


@mistake("minibatches", "batch_size is taken for the number of batches: it is the number of examples in each")
def that_many_batches(X, y, batch_size, rng):
    for rows in np.array_split(rng.permutation(len(X)), batch_size):
        yield X[rows], y[rows]


@mistake("minibatches", "the batches are shuffled, not the examples: neighbours always end up in the same batch")
def shuffles_batches(X, y, batch_size, rng):
    batches = list(cut(np.arange(len(X)), X, y, batch_size))
    small = [batches.pop()] if len(X) % batch_size else []
    yield from [*(batches[i] for i in rng.permutation(len(batches))), *small]


@mistake("minibatches", "shuffled inside each batch only: the examples have to mix across all batches")
def shuffles_inside(X, y, batch_size, rng):
    for X_batch, y_batch in cut(np.arange(len(X)), X, y, batch_size):
        order = rng.permutation(len(y_batch))
        yield X_batch[order], y_batch[order]


@mistake("minibatches", "only the first batch comes out: yield inside the loop, and nothing returns before its end")
def first_batch_only(X, y, batch_size, rng):
    yield next(solution.minibatches(X, y, batch_size, rng))


@mistake("minibatches", "there is an empty batch at the end when the sizes fit: stop where the examples end")
def empty_at_the_end(X, y, batch_size, rng):
    yield from solution.minibatches(X, y, batch_size, rng)
    if len(X) % batch_size == 0:
        yield X[:0], y[:0]


@mistake("minibatches", "the batches overlap: the next one starts batch_size further, not one further")
def overlapping(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(len(X)):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


@mistake("minibatches", "return ends the function with the first batch: yield hands one over and goes on")
def returns(X, y, batch_size, rng):
    return next(solution.minibatches(X, y, batch_size, rng))


@mistake("minibatches", "it never ends: one pass over the examples is an epoch, the caller starts the next one")
def never_ends(X, y, batch_size, rng):
    while True:
        yield from solution.minibatches(X, y, batch_size, rng)


# --- sgd_epoch (E22)


def epoch(grad, w, X, y, batch_size, rng, move):
    """One epoch in which move(w, gradient, X_batch) makes the next w."""
    w = np.array(w, dtype=float)
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        w = move(w, grad(X_batch, y_batch, w), X_batch)
    return w


@mistake("sgd_epoch", "the gradient is that of all examples, as on the slide: each step goes by the gradient of its batch alone")
def full_gradient(grad, w, X, y, lr, batch_size, rng):
    return epoch(grad, w, X, y, batch_size, rng, lambda w, g, X_batch: w - lr * grad(X, y, w))


@mistake("sgd_epoch", "the step goes uphill: w − lr ∇, with a minus")
def sgd_uphill(grad, w, X, y, lr, batch_size, rng):
    return solution.sgd_epoch(grad, w, X, y, -lr, batch_size, rng)


@mistake("sgd_epoch", "the step is divided by the batch's size: the gradient that grad returns is a mean already")
def averaged_twice(grad, w, X, y, lr, batch_size, rng):
    return epoch(grad, w, X, y, batch_size, rng, lambda w, g, X_batch: w - lr * g / len(X_batch))


@mistake("sgd_epoch", "the step is divided by the number of all examples: the gradient that grad returns is a mean already")
def divided_by_all(grad, w, X, y, lr, batch_size, rng):
    return epoch(grad, w, X, y, batch_size, rng, lambda w, g, X_batch: w - lr * g / len(X))


@mistake("sgd_epoch", "the step is multiplied by the batch's size: grad returns a mean, and lr means a mean as well")
def summed(grad, w, X, y, lr, batch_size, rng):
    return epoch(grad, w, X, y, batch_size, rng, lambda w, g, X_batch: w - lr * g * len(X_batch))


@mistake("sgd_epoch", "only the first batch moves w: return after the loop, not inside it")
def first_step_only(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        return w - lr * grad(X_batch, y_batch, w)


@mistake("sgd_epoch", "every step starts from the first w, so that only the last batch counts: go on from where you are")
def last_step_only(grad, w, X, y, lr, batch_size, rng):
    moved = w
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        moved = w - lr * grad(X_batch, y_batch, w)
    return moved


@mistake("sgd_epoch", "all gradients are taken at the first w: each batch asks at the w that the batch before left")
def stale_gradients(grad, w, X, y, lr, batch_size, rng):
    moved = np.array(w, dtype=float)
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        moved = moved - lr * grad(X_batch, y_batch, w)
    return moved


@mistake("sgd_epoch", "this is one step with all examples, gradient descent: an epoch of SGD takes one step per batch")
def one_full_step(grad, w, X, y, lr, batch_size, rng):
    return w - lr * grad(X, y, w)


@mistake("sgd_epoch", "the caller's w is moved (w -= … on the caller's array): work on a copy")
def moves_the_weights(grad, w, X, y, lr, batch_size, rng):
    moved = solution.sgd_epoch(grad, w, X, y, lr, batch_size, rng)
    w[...] = moved
    return moved


@mistake("sgd_epoch", "rng is not handed on: every epoch takes the batches in the same order")
def same_batches(grad, w, X, y, lr, batch_size, rng):
    return solution.sgd_epoch(grad, w, X, y, lr, batch_size, np.random.default_rng(0))


@mistake("sgd_epoch", "the smaller last batch is left out")
def leaves_the_last_out(grad, w, X, y, lr, batch_size, rng):
    moved = np.array(w, dtype=float)
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        if len(X_batch) == batch_size or batch_size > len(X):
            moved = moved - lr * grad(X_batch, y_batch, moved)
    return moved


@mistake("sgd_epoch", "one batch is drawn at random for every step: in an epoch every example has its turn once")
def draws_batches(grad, w, X, y, lr, batch_size, rng):
    moved = np.array(w, dtype=float)
    for _ in range(-(-len(X) // batch_size)):
        rows = rng.choice(len(X), size=min(batch_size, len(X)), replace=False)
        moved = moved - lr * grad(X[rows], y[rows], moved)
    return moved


@mistake("sgd_epoch", "it never ends: an epoch is one pass over the batches, the caller asks for the next one")
def epoch_without_end(grad, w, X, y, lr, batch_size, rng):
    while True:
        w = solution.sgd_epoch(grad, w, X, y, lr, batch_size, rng)


@mistake("sgd_epoch", "grad gets its arguments in another order: it is called as grad(X_batch, y_batch, w)")
def weights_first(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        w = w - lr * grad(w, X_batch, y_batch)
    return w


@mistake("sgd_epoch", "this returns the last gradient: return the new w")
def returns_the_gradient(grad, w, X, y, lr, batch_size, rng):
    last = w
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        last = grad(X_batch, y_batch, w)
        w = w - lr * last
    return last


# --- predict_pass (E16)


def score(lectures, hours, w, mean=None, std=None):
    mean = solution.train_mean if mean is None else mean
    std = solution.train_std if std is None else std
    return w[0] + w[1] * (lectures - mean[0]) / std[0] + w[2] * (hours - mean[1]) / std[1]


@mistake("predict_pass", "lectures and hours are not scaled: the weights were learned for scaled ones")
def unscaled(lectures, hours, w):
    return w[0] + w[1] * lectures + w[2] * hours > 0


@mistake("predict_pass", "scaled with the mean and spread of those who ask: a student alone has none; use the training part's")
def scaled_by_those_who_ask(lectures, hours, w):
    X = np.column_stack([lectures, hours])
    with np.errstate(divide="ignore", invalid="ignore"):  # one student has no spread: 0/0, and no answer is a no
        return score(lectures, hours, w, X.mean(axis=0), X.std(axis=0)) > 0


@mistake("predict_pass", "the score z is compared with 0.5: that is the border for p; for z it is 0, as σ(0) = 0.5")
def score_above_half(lectures, hours, w):
    return score(lectures, hours, w) > 0.5


@mistake("predict_pass", "p > 0 holds for everybody: the border for a probability is 0.5")
def everybody(lectures, hours, w):
    return expit(score(lectures, hours, w)) > 0


@mistake("predict_pass", "lectures and hours are swapped: w[1] belongs to lectures, w[2] to hours")
def features_swapped(lectures, hours, w):
    return score(lectures, hours, np.array(w)[[0, 2, 1]]) > 0


@mistake("predict_pass", "the bias w[0] is missing")
def no_bias(lectures, hours, w):
    return score(lectures, hours, np.append(0.0, w[1:])) > 0


@mistake("predict_pass", "the last weight is taken for the bias: it is w[0], as x₀ = 1 comes first")
def bias_last(lectures, hours, w):
    return score(lectures, hours, np.roll(w, 1)) > 0


@mistake("predict_pass", "this says who fails: passing is p > 0.5")
def who_fails(lectures, hours, w):
    return score(lectures, hours, w) < 0


@mistake("predict_pass", "centred, but not divided by the spread: (x − mean) / std")
def only_centred(lectures, hours, w):
    return score(lectures, hours, w, std=np.ones(2)) > 0


@mistake("predict_pass", "divided by the spread, but not centred: (x − mean) / std")
def only_divided(lectures, hours, w):
    return score(lectures, hours, w, mean=np.zeros(2)) > 0


@mistake("predict_pass", "divided by the variance: the spread is its root")
def divided_by_variance(lectures, hours, w):
    return score(lectures, hours, w, std=solution.train_std**2) > 0


@mistake("predict_pass", "this is the probability: answer True where it is above 0.5")
def probability(lectures, hours, w):
    return expit(score(lectures, hours, w))


@mistake("predict_pass", "this is the score z: answer True where its probability is above 0.5")
def score_itself(lectures, hours, w):
    return score(lectures, hours, w)
