"""Wrong answers that students give to lab03_gradient_descent, each with the sentence that names it."""

import numpy as np
from scipy.special import expit

from course_utils.checking import mistake, solution


def with_ones(X):
    return np.column_stack([np.ones(len(X)), X])


# --- numerical_gradient


def entry_by_entry(quotient, x):
    """The gradient whose entries are quotient(step), where step(h) is x with one entry moved by h."""
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        unit = np.zeros_like(x)
        unit[i] = 1.0
        gradient[i] = quotient(lambda h, unit=unit: x + h * unit)
    return gradient


@mistake("numerical_gradient", "the slope ahead of x is measured: x is not in the middle between the two places where f is asked")
def one_sided(f, x, h=1e-5):
    return entry_by_entry(lambda step: (f(step(h)) - f(step(0.0))) / h, x)


@mistake("numerical_gradient", "the slope behind x is measured: x is not in the middle between the two places where f is asked")
def one_sided_backwards(f, x, h=1e-5):
    return entry_by_entry(lambda step: (f(step(0.0)) - f(step(-h))) / h, x)


@mistake("numerical_gradient", "the slopes are twice too steep: how far is it from x − h to x + h?")
def divided_by_h(f, x, h=1e-5):
    return 2 * solution.numerical_gradient(f, x, h)


@mistake("numerical_gradient", "it is divided by 2 and then multiplied by h: / 2 * h goes from left to right")
def without_brackets(f, x, h=1e-5):
    return solution.numerical_gradient(f, x, h) * h * h


@mistake("numerical_gradient", "the difference is not divided by the distance of the two places")
def not_divided(f, x, h=1e-5):
    return solution.numerical_gradient(f, x, h) * 2 * h


@mistake("numerical_gradient", "all entries are moved at once: that is one slope, in one slanted direction")
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


@mistake("numerical_gradient", "all slopes have the wrong sign: what lies ahead and what lies behind are exchanged")
def backwards(f, x, h=1e-5):
    return -solution.numerical_gradient(f, x, h)


@mistake("numerical_gradient", "h is ignored: the step is always 1e-5")
def fixed_step(f, x, h=1e-5):
    return solution.numerical_gradient(f, x)


@mistake("numerical_gradient", "this is the formula with four places, f at x ± h and at x ± 2h: the one that is asked for has two")
def four_places(f, x, h=1e-5):
    return entry_by_entry(lambda step: (8 * (f(step(h)) - f(step(-h))) - f(step(2 * h)) + f(step(-2 * h))) / (12 * h), x)


@mistake("numerical_gradient", "x is a whole-number array, and there the step is cut off: it has no room for fractions")
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


@mistake("numerical_gradient", "for a whole-number x the slopes are cut off: their array was made of whole numbers, like x")
def slopes_cut_off(f, x, h=1e-5):
    return solution.numerical_gradient(f, x, h).astype(np.asarray(x).dtype)


@mistake("numerical_gradient", "a whole row of a matrix is moved at once: each entry has a slope of its own")
def row_by_row(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        unit = np.zeros_like(x)
        unit[i] = 1.0
        gradient[i] = (f(x + h * unit) - f(x - h * unit)) / (2 * h)
    return gradient


@mistake("numerical_gradient", "the gradient came out as a flat vector: it has to have the shape of x")
def flattened(f, x, h=1e-5):
    return solution.numerical_gradient(f, x, h).ravel()


@mistake("numerical_gradient", "for a transposed x the slopes are 0: flattening makes a copy there, and f never sees it move")
def flat_copy(f, x, h=1e-5):
    work = np.array(x, dtype=float)
    flat = work.reshape(-1)
    gradient = np.zeros(flat.size)
    for i, kept in enumerate(flat.tolist()):
        flat[i] = kept + h
        above = f(work)
        flat[i] = kept - h
        gradient[i] = (above - f(work)) / (2 * h)
        flat[i] = kept
    return gradient.reshape(work.shape)


@mistake("numerical_gradient", "only the slope along the first entry is measured, the others stay 0: does the loop go on after it?")
def first_entry_only(f, x, h=1e-5):
    gradient = np.array(solution.numerical_gradient(f, x, h))
    gradient.reshape(-1)[1:] = 0
    return gradient


@mistake("numerical_gradient", "the slope along the last entry is not measured: the loop ends too early")
def last_entry_missing(f, x, h=1e-5):
    gradient = np.array(solution.numerical_gradient(f, x, h))
    gradient.reshape(-1)[-1:] = 0
    return gradient


@mistake("numerical_gradient", "x is not the same after the call: it has been moved and not put back")
def left_moved(f, x, h=1e-5):
    gradient = solution.numerical_gradient(f, x, h)
    x[...] = x + h
    return gradient


# --- relative_error


def norms(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError(f"shapes {np.shape(a)} and {np.shape(b)}")
    return np.linalg.norm(a - b), np.linalg.norm(a), np.linalg.norm(b)


def ratio(top, bottom):
    return float(top / bottom) if bottom else 0.0


def unguarded(a, b):
    return ratio(np.linalg.norm(a - b), np.linalg.norm(a) + np.linalg.norm(b))


@mistake("relative_error", "this is the absolute error ‖a − b‖: it is not yet divided by the size of the two")
def absolute(a, b):
    return norms(a, b)[0]


@mistake("relative_error", "zeros against zeros give no number: 0/0 is not defined")
def zero_by_zero(a, b):
    difference, size_a, size_b = norms(a, b)
    with np.errstate(invalid="ignore"):
        return np.float64(difference) / (size_a + size_b)


@mistake("relative_error", "the error is 0 as soon as one of the two is all zeros: only two that are all zeros agree")
def zero_if_one_is(a, b):
    difference, size_a, size_b = norms(a, b)
    return difference / (size_a + size_b) if size_a and size_b else 0.0


@mistake("relative_error", "the signed differences are summed and cancel each other")
def cancelling(a, b):
    _, size_a, size_b = norms(a, b)
    return ratio(abs(np.sum(a - b)), size_a + size_b)


@mistake("relative_error", "divided by ‖b‖ alone: the two are to be treated alike")
def by_one_norm(a, b):
    difference, _, size_b = norms(a, b)
    return ratio(difference, size_b)


@mistake("relative_error", "divided by ‖a‖ alone: the two are to be treated alike")
def by_the_first_norm(a, b):
    difference, size_a, _ = norms(a, b)
    return ratio(difference, size_a)


@mistake("relative_error", "divided by the larger of the two norms: this course has another denominator")
def by_larger_norm(a, b):
    difference, *sizes = norms(a, b)
    return ratio(difference, max(sizes))


@mistake("relative_error", "divided by ‖a + b‖: that is small where a and b have opposite signs, and not the sum of two lengths")
def by_norm_of_sum(a, b):
    return ratio(norms(a, b)[0], np.linalg.norm(a + b))


@mistake("relative_error", "the squared lengths are compared: the roots are not taken")
def of_squares(a, b):
    difference, size_a, size_b = norms(a, b)
    return ratio(difference**2, size_a**2 + size_b**2)


@mistake("relative_error", "only the largest entry of each is looked at: a length takes all entries into account")
def of_largest_entries(a, b):
    norms(a, b)
    return ratio(np.abs(a - b).max(), np.abs(a).max() + np.abs(b).max())


@mistake("relative_error", "this adds up absolute values: a length is made of squares")
def of_absolute_sums(a, b):
    norms(a, b)
    return ratio(np.abs(a - b).sum(), np.abs(a).sum() + np.abs(b).sum())


@mistake("relative_error", "norm(…, 2) of a matrix is another norm, its largest stretch: here all entries count alike")
def of_stretches(a, b):
    norms(a, b)
    return ratio(np.linalg.norm(a - b, 2), np.linalg.norm(a, 2) + np.linalg.norm(b, 2))


@mistake("relative_error", "one error per entry came out: the answer is one number for the whole gradient")
def per_entry(a, b):
    norms(a, b)
    return np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-300)


@mistake("relative_error", "the errors of the entries are averaged: measure the whole gradients, not entry by entry")
def mean_of_entries(a, b):
    norms(a, b)
    return float(np.mean(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-300)))


@mistake("relative_error", "other shapes are not refused: broadcasting makes a number of (5,) and (5, 1), which means nothing")
def broadcast(a, b):
    return unguarded(a, b)


@mistake("relative_error", "(5,) and (5, 1) are not refused: they have equally many entries, but their shapes differ")
def as_many_entries(a, b):
    if np.size(a) != np.size(b):
        raise ValueError("sizes differ")
    return unguarded(a, b)


@mistake("relative_error", "other shapes end in another error than a ValueError: an assert, for example, raises an AssertionError")
def asserted(a, b):
    assert np.shape(a) == np.shape(b)
    return unguarded(a, b)


@mistake("relative_error", "for other shapes something comes back that is no number: an error has to be raised, not returned or printed")
def error_returned(a, b):
    return unguarded(a, b) if np.shape(a) == np.shape(b) else None


@mistake("relative_error", "the number that is added below the fraction bar is too large: small gradients look more alike than they are")
def generous(a, b):
    difference, size_a, size_b = norms(a, b)
    return difference / (size_a + size_b + 1e-8)


@mistake("relative_error", "small gradients give the error 0, as if they were zeros")
def small_is_nothing(a, b):
    difference, size_a, size_b = norms(a, b)
    return 0.0 if np.allclose(a, 0) and np.allclose(b, 0) else difference / (size_a + size_b)


# --- linear_regression_grad


@mistake("linear_regression_grad", "the sum over the examples is not divided by their number: the loss is a mean")
def linear_sum(X, y, w):
    return len(X) * solution.linear_regression_grad(X, y, w)


@mistake("linear_regression_grad", "the factor 2 is missing: it comes from the square")
def linear_without_2(X, y, w):
    return solution.linear_regression_grad(X, y, w) / 2


@mistake("linear_regression_grad", "the sign is wrong: this points downhill, but a gradient points uphill")
def linear_sign(X, y, w):
    return -solution.linear_regression_grad(X, y, w)


@mistake("linear_regression_grad", "the prediction lacks its bias")
def linear_without_bias(X, y, w):
    return 2 * with_ones(X).T @ (X @ w[1:] - y) / len(X)


@mistake("linear_regression_grad", "the ones are at the wrong end: w[0] is the bias")
def linear_ones_last(X, y, w):
    X1 = np.column_stack([X, np.ones(len(X))])
    return 2 * X1.T @ (X1 @ w - y) / len(X)


@mistake("linear_regression_grad", "the entry of the bias is missing: the gradient has one entry for every weight, w[0] too")
def linear_no_bias_entry(X, y, w):
    return solution.linear_regression_grad(X, y, w)[1:]


@mistake("linear_regression_grad", "the entry of the bias is a sum over the examples: it is a mean like the others")
def linear_bias_summed(X, y, w):
    gradient = solution.linear_regression_grad(X, y, w)
    return np.append(len(X) * gradient[:1], gradient[1:])


@mistake("linear_regression_grad", "the errors are not multiplied by the inputs: all weights get the slope of the bias")
def linear_without_inputs(X, y, w):
    return np.full(len(w), solution.linear_regression_grad(X, y, w)[0])


@mistake("linear_regression_grad", "all weights get one slope, the mean over all of them: the mean goes over the examples only")
def linear_one_mean(X, y, w):
    return np.full(len(w), solution.linear_regression_grad(X, y, w).mean())


@mistake("linear_regression_grad", "divided by the number of weights: the mean is over the examples")
def linear_over_weights(X, y, w):
    return len(X) * solution.linear_regression_grad(X, y, w) / len(w)


@mistake("linear_regression_grad", "divided by one less than the number of examples: the mean is over all of them")
def linear_one_less(X, y, w):
    with np.errstate(divide="ignore"):
        return len(X) * solution.linear_regression_grad(X, y, w) / np.float64(len(X) - 1)


@mistake("linear_regression_grad", "the targets y are not subtracted from the predictions")
def linear_without_targets(X, y, w):
    return solution.linear_regression_grad(X, 0 * y, w)


@mistake(
    "linear_regression_grad",
    "each prediction is compared with the mean of all targets: has (N, 1) minus (N,) made a table?",
)
def linear_table(X, y, w):
    return solution.linear_regression_grad(X, np.full(len(y), np.mean(y)), w)


@mistake("linear_regression_grad", "the slope of the bias is 2 w[0]: it has to come from the errors, like the others")
def linear_bias_itself(X, y, w):
    return np.append(2 * w[:1], solution.linear_regression_grad(X, y, w)[1:])


@mistake("linear_regression_grad", "only the first feature is used: X has D columns")
def linear_first_feature(X, y, w):
    return solution.linear_regression_grad(X[:, :1], y, w[:2])


@mistake("linear_regression_grad", "this is the loss, one number: its gradient has one entry for every weight")
def linear_loss(X, y, w):
    return np.mean((with_ones(X) @ w - y) ** 2)


@mistake("linear_regression_grad", "fractions are cut off: the result was put into an array of whole numbers, like w")
def linear_cut_off(X, y, w):
    return solution.linear_regression_grad(X, y, w).astype(np.asarray(w).dtype)


@mistake("linear_regression_grad", "each slope is rounded down to a whole number: // is a division without fractions")
def linear_floor(X, y, w):
    return np.floor(solution.linear_regression_grad(X, y, w))


@mistake("linear_regression_grad", "the caller's y is changed: y -= … works on the caller's array")
def linear_in_place(X, y, w):
    X1 = with_ones(X)
    y -= X1 @ w
    return -2 * X1.T @ y / len(X)


# --- logistic_regression_grad


@mistake("logistic_regression_grad", "the sum over the examples is not divided by their number: the loss is a mean")
def logistic_sum(X, y, w):
    return len(X) * solution.logistic_regression_grad(X, y, w)


@mistake("logistic_regression_grad", "the sign is wrong: this points downhill, but a gradient points uphill")
def logistic_sign(X, y, w):
    return -solution.logistic_regression_grad(X, y, w)


@mistake("logistic_regression_grad", "there is an extra p(1 − p), as for a squared error: with the cross-entropy it cancels")
def logistic_extra_slope(X, y, w):
    X1 = with_ones(X)
    p = expit(X1 @ w)
    return X1.T @ ((p - y) * p * (1 - p)) / len(X)


@mistake("logistic_regression_grad", "σ is applied twice")
def logistic_sigmoid_twice(X, y, w):
    X1 = with_ones(X)
    return X1.T @ (expit(expit(X1 @ w)) - y) / len(X)


@mistake("logistic_regression_grad", "there is no σ: the score z is not a probability")
def logistic_without_sigmoid(X, y, w):
    X1 = with_ones(X)
    return X1.T @ (X1 @ w - y) / len(X)


@mistake("logistic_regression_grad", "this is the gradient of the squared error of a line: here a neuron answers with a probability")
def logistic_as_a_line(X, y, w):
    return solution.linear_regression_grad(X, y, w)


@mistake("logistic_regression_grad", "p is rounded to 0 or 1: the error is made of the probability itself")
def logistic_rounded(X, y, w):
    X1 = with_ones(X)
    return X1.T @ ((X1 @ w > 0) - y) / len(X)


@mistake("logistic_regression_grad", "p runs from −1 to 1: that is tanh, and no probability")
def logistic_tanh(X, y, w):
    X1 = with_ones(X)
    return X1.T @ (np.tanh(X1 @ w) - y) / len(X)


@mistake("logistic_regression_grad", "p is 1 for everybody: a softmax over one column is always 1")
def logistic_softmax(X, y, w):
    return with_ones(X).T @ (1.0 - y) / len(X)


@mistake("logistic_regression_grad", "only examples with y = 1 count: the loss has a term for those with y = 0 as well")
def logistic_only_passed(X, y, w):
    X1 = with_ones(X)
    return X1.T @ (y * (expit(X1 @ w) - 1)) / len(X)


@mistake("logistic_regression_grad", "only examples with y = 0 count: the loss has a term for those with y = 1 as well")
def logistic_only_failed(X, y, w):
    X1 = with_ones(X)
    return X1.T @ ((1 - y) * expit(X1 @ w)) / len(X)


@mistake("logistic_regression_grad", "no number comes out for a large score: eᶻ is inf there, and inf/inf is not defined")
def logistic_overflow(X, y, w):
    X1 = with_ones(X)
    with np.errstate(over="ignore", invalid="ignore"):
        p = np.exp(X1 @ w) / (1 + np.exp(X1 @ w))
    return X1.T @ (p - y) / len(X)


@mistake("logistic_regression_grad", "no number comes out where p is exactly 0 or 1: there p(1 − p) is 0, and must not be divided by")
def logistic_two_factors(X, y, w):
    X1 = with_ones(X)
    p = expit(X1 @ w)
    with np.errstate(divide="ignore", invalid="ignore"):
        return X1.T @ ((p - y) / (p * (1 - p)) * p * (1 - p)) / len(X)


@mistake("logistic_regression_grad", "there is a factor 2 too many: it belongs to the squared error")
def logistic_with_2(X, y, w):
    return 2 * solution.logistic_regression_grad(X, y, w)


@mistake("logistic_regression_grad", "the score lacks its bias")
def logistic_without_bias(X, y, w):
    return with_ones(X).T @ (expit(X @ w[1:]) - y) / len(X)


@mistake("logistic_regression_grad", "the ones are at the wrong end: w[0] is the bias")
def logistic_ones_last(X, y, w):
    X1 = np.column_stack([X, np.ones(len(X))])
    return X1.T @ (expit(X1 @ w) - y) / len(X)


@mistake("logistic_regression_grad", "the entry of the bias is missing: the gradient has one entry for every weight, w[0] too")
def logistic_no_bias_entry(X, y, w):
    return solution.logistic_regression_grad(X, y, w)[1:]


@mistake("logistic_regression_grad", "the errors are divided by p(1 − p): that is the gradient for p, here it is the one for w")
def logistic_for_p(X, y, w):
    X1 = with_ones(X)
    p = expit(X1 @ w)
    with np.errstate(divide="ignore", invalid="ignore"):
        return X1.T @ ((p - y) / (p * (1 - p))) / len(X)


# --- gradient_descent


def descend(grad, w0, lr, eps, max_steps, move=None, slope=np.linalg.norm, goes_on=lambda slope, eps: slope > eps):
    """Gradient descent with one part of it replaced."""
    w, steps = np.array(w0, dtype=float), 0
    while steps < max_steps and goes_on(slope(grad(w)), eps):
        w = move(w) if move else w - lr * grad(w)
        steps += 1
    return w, steps


@mistake("gradient_descent", "the step goes uphill, with the gradient and not against it")
def uphill(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, -lr, eps, max_steps)


@mistake("gradient_descent", "the loop runs while ‖∇‖ ≤ eps, as on the slide: that is when to stop")
def inverted(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, goes_on=lambda slope, eps: slope <= eps)


@mistake("gradient_descent", "max_steps does not stop the walk")
def endless(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, np.inf)


@mistake("gradient_descent", "eps does not stop the walk: it always takes max_steps steps")
def to_the_last_step(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, -1.0, max_steps)


@mistake("gradient_descent", "a step is taken before the first test, even where the slope is flat from the start")
def step_first(grad, w0, lr, eps, max_steps):
    w, steps = descend(grad, np.asarray(w0) - lr * grad(np.asarray(w0, dtype=float)), lr, eps, max_steps - 1)
    return w, steps + 1


@mistake("gradient_descent", "steps is one too large, always: it counts changes of w, and before the first change it is 0")
def counts_from_one(grad, w0, lr, eps, max_steps):
    w, steps = solution.gradient_descent(grad, w0, lr, eps, max_steps)
    return w, steps + 1


@mistake("gradient_descent", "steps is one too large where the walk ends because it is flat: the last look at the gradient is no step")
def counts_looks(grad, w0, lr, eps, max_steps):
    w, steps = solution.gradient_descent(grad, w0, lr, eps, max_steps)
    return w, min(steps + 1, max_steps)


@mistake("gradient_descent", "steps is one too small where the walk ends at max_steps: the last round's number is not the number of rounds")
def number_of_the_round(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float)
    for i in range(max_steps):  # noqa: B007 - its last value is what goes wrong
        if np.linalg.norm(grad(w)) <= eps:
            break
        w = w - lr * grad(w)
    return w, i


@mistake("gradient_descent", "one step more than max_steps is taken")
def one_step_more(grad, w0, lr, eps, max_steps):
    return solution.gradient_descent(grad, w0, lr, eps, max_steps + 1)


@mistake("gradient_descent", "one step too few: the loop ends before step number max_steps")
def one_step_less(grad, w0, lr, eps, max_steps):
    return solution.gradient_descent(grad, w0, lr, eps, max_steps - 1)


@mistake("gradient_descent", "it goes on when ‖∇‖ equals eps: reaching eps is enough")
def strictly_below(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, goes_on=lambda slope, eps: slope >= eps)


@mistake("gradient_descent", "the largest entry of the gradient is compared with eps, not its length")
def largest_entry(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, slope=lambda g: np.abs(g).max())


@mistake("gradient_descent", "the square of the length ‖∇‖ is compared with eps: the root is not taken")
def squared_slope(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, slope=lambda g: np.sum(g**2))


@mistake("gradient_descent", "the entries of the gradient are added up with their signs and cancel each other: that is not its length")
def signed_slope(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, slope=lambda g: abs(np.sum(g)))


@mistake("gradient_descent", "the sum of the gradient's entries is compared with eps: a negative sum ends the walk at once")
def summed_slope(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, slope=np.sum)


@mistake("gradient_descent", "the absolute values of the gradient's entries are added up: that is not its length")
def absolute_slope(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, slope=lambda g: np.abs(g).sum())


@mistake("gradient_descent", "the length of the step is compared with eps: the gradient's own length counts, without lr")
def step_length(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, slope=lambda g: lr * np.linalg.norm(g))


@mistake("gradient_descent", "every step has length lr: where the slope is gentle, the step has to be short")
def equal_steps(grad, w0, lr, eps, max_steps):
    def move(w):
        return w - lr * grad(w) / np.linalg.norm(grad(w))

    return descend(grad, w0, lr, eps, max_steps, move)


@mistake(
    "gradient_descent",
    "the weights move one after the other, and each slope is taken after the weights before it have moved: one gradient is for all of them",
)
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
    return descend(lambda w: start, w0, lr, eps, max_steps)


@mistake("gradient_descent", "each step goes on with a part of the step before (momentum): a step goes by the gradient alone")
def with_momentum(grad, w0, lr, eps, max_steps):
    velocity = np.zeros(len(w0))

    def move(w):
        nonlocal velocity
        velocity = 0.9 * velocity - lr * grad(w)
        return w + velocity

    return descend(grad, w0, lr, eps, max_steps, move)


@mistake("gradient_descent", "the flattest place on the way comes back: the answer is where the walk ends")
def flattest_place(grad, w0, lr, eps, max_steps):
    places = []

    def seen(w):
        places.append((np.linalg.norm(grad(w)), len(places), w))
        return grad(w)

    _, steps = solution.gradient_descent(seen, w0, lr, eps, max_steps)
    return min(places)[2], steps


@mistake("gradient_descent", "w is one step behind the number of steps that comes back with it")
def place_before(grad, w0, lr, eps, max_steps):
    _, steps = solution.gradient_descent(grad, w0, lr, eps, max_steps)
    return solution.gradient_descent(grad, w0, lr, -1.0, max(steps - 1, 0))[0], steps


@mistake("gradient_descent", "the gradient comes back in the place of w")
def slope_for_place(grad, w0, lr, eps, max_steps):
    w, steps = solution.gradient_descent(grad, w0, lr, eps, max_steps)
    return grad(w), steps


@mistake("gradient_descent", "the whole path comes back: only the place where it ends is asked for")
def whole_path(grad, w0, lr, eps, max_steps):
    path, steps = [np.array(w0, dtype=float)], 0
    while steps < max_steps and np.linalg.norm(grad(path[-1])) > eps:
        path.append(path[-1] - lr * grad(path[-1]))
        steps += 1
    return np.array(path), steps


@mistake("gradient_descent", "w is rounded to whole numbers when w0 holds whole numbers: there is no room for fractions in a copy of w0")
def kept_whole(grad, w0, lr, eps, max_steps):
    return descend(grad, w0, lr, eps, max_steps, lambda w: (w - lr * grad(w)).astype(np.asarray(w0).dtype))


@mistake("gradient_descent", "w0 itself is moved: w = w0 makes no copy, and w -= … works on the caller's array")
def moves_the_start(grad, w0, lr, eps, max_steps):
    w, steps = w0, 0
    while steps < max_steps and np.linalg.norm(grad(w)) > eps:
        w -= lr * grad(w)
        steps += 1
    return w, steps


@mistake("gradient_descent", "the two results are swapped: w comes first, then steps")
def swapped(grad, w0, lr, eps, max_steps):
    return solution.gradient_descent(grad, w0, lr, eps, max_steps)[::-1]


@mistake("gradient_descent", "w comes back alone: there are two results, w and steps")
def only_w(grad, w0, lr, eps, max_steps):
    return solution.gradient_descent(grad, w0, lr, eps, max_steps)[0]


# --- minibatches


def cut(order, X, y, batch_size):
    """X and y in an order, cut into batches."""
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


@mistake("minibatches", "the smaller last batch is dropped: its examples are never learned from in this epoch")
def drops_the_last(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    yield from cut(order[: len(X) // batch_size * batch_size], X, y, batch_size)


@mistake("minibatches", "the last batch is filled up with examples that were already used: it may be smaller")
def fills_up(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    yield from cut(np.resize(order, -(-len(X) // batch_size) * batch_size), X, y, batch_size)


@mistake("minibatches", "one example is left out in every epoch")
def one_left_out(X, y, batch_size, rng):
    yield from cut(rng.permutation(len(X))[1:], X, y, batch_size)


@mistake("minibatches", "the examples keep their order: nothing is shuffled")
def unshuffled(X, y, batch_size, rng):
    yield from cut(np.arange(len(X)), X, y, batch_size)


@mistake("minibatches", "every call deals in one and the same order, whatever rng it is given: each call has to draw a new one from it")
def own_seed(X, y, batch_size, rng):
    yield from cut(np.random.default_rng(0).permutation(len(X)), X, y, batch_size)


@mistake("minibatches", "a second call with the same rng deals in the same order again: nothing is drawn from rng itself")
def copied_rng(X, y, batch_size, rng):
    fresh = np.random.default_rng()
    fresh.bit_generator.state = rng.bit_generator.state
    yield from cut(fresh.permutation(len(X)), X, y, batch_size)


@mistake("minibatches", "the order does not come from rng: an equal rng does not give it again")
def global_random(X, y, batch_size, rng):
    yield from cut(np.random.default_rng().permutation(len(X)), X, y, batch_size)


@mistake("minibatches", "X and y no longer belong together: they come in different orders")
def pairs_torn(X, y, batch_size, rng):
    rows, targets = (cut(rng.permutation(len(X)), X, y, batch_size) for _ in range(2))
    yield from ((X_batch, y_batch) for (X_batch, _), (_, y_batch) in zip(rows, targets, strict=True))


@mistake("minibatches", "y is missing: each batch is a pair, some rows of X and their targets")
def y_missing(X, y, batch_size, rng):
    yield from (X_batch for X_batch, _ in solution.minibatches(X, y, batch_size, rng))


@mistake("minibatches", "each batch is one array of numbers: it has to be a pair, some rows of X and their targets")
def row_numbers(X, y, batch_size, rng):
    yield from (rows for rows, _ in cut(rng.permutation(len(X)), np.arange(len(X)), y, batch_size))


@mistake("minibatches", "the caller's X and y are shuffled in place")
def shuffles_the_source(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    X[...], y[...] = X[order], y[order]
    yield from cut(np.arange(len(X)), X, y, batch_size)


@mistake("minibatches", "examples are drawn with replacement: some come twice and others never, that is no epoch")
def with_replacement(X, y, batch_size, rng):
    yield from cut(rng.integers(len(X), size=len(X)), X, y, batch_size)


@mistake("minibatches", "each batch is drawn from all examples: some come in two batches and others in none")
def drawn_anew(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        rows = rng.permutation(len(X))[start : start + batch_size]
        yield X[rows], y[rows]


@mistake("minibatches", "batch_size is taken for the number of batches: it is the number of examples in each")
def that_many_batches(X, y, batch_size, rng):
    for rows in np.array_split(rng.permutation(len(X)), batch_size):
        yield X[rows], y[rows]


@mistake("minibatches", "the batches are made equally large: all have batch_size examples, and only the last one may be smaller")
def evened_out(X, y, batch_size, rng):
    for rows in np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size)):
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


@mistake("minibatches", "the last batch never comes, whether it is full or not")
def ends_early(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X) - batch_size, batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


@mistake("minibatches", "each batch is one example too long, and shares it with the next one")
def one_too_long(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size + 1]
        yield X[rows], y[rows]


@mistake("minibatches", "each batch is one example too short: between two batches one is left out")
def one_too_short(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size - 1]
        yield X[rows], y[rows]


@mistake("minibatches", "the examples that are left over are put into the batch before: they make a smaller batch of their own")
def merges_the_last(X, y, batch_size, rng):
    order, count = rng.permutation(len(X)), max(len(X) // batch_size, 1)
    for number in range(count):
        rows = order[number * batch_size : None if number == count - 1 else (number + 1) * batch_size]
        yield X[rows], y[rows]


@mistake("minibatches", "the two parts of each pair are swapped: X_batch comes first")
def parts_swapped(X, y, batch_size, rng):
    yield from (batch[::-1] for batch in solution.minibatches(X, y, batch_size, rng))


@mistake("minibatches", "only one batch comes out: does the loop go on after it?")
def first_batch_only(X, y, batch_size, rng):
    yield next(solution.minibatches(X, y, batch_size, rng))


@mistake("minibatches", "there is an empty batch at the end when the sizes fit")
def empty_at_the_end(X, y, batch_size, rng):
    yield from solution.minibatches(X, y, batch_size, rng)
    if len(X) % batch_size == 0:
        yield X[:0], y[:0]


@mistake("minibatches", "the batches overlap: the next one starts one example further, not where this one ends")
def overlapping(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(len(X)):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


@mistake("minibatches", "one pair comes back and nothing else: return ends the function, yield hands one over and goes on")
def returns(X, y, batch_size, rng):
    return next(solution.minibatches(X, y, batch_size, rng))


@mistake("minibatches", "it does not end after one pass: one pass is an epoch, and the caller starts the next one")
def never_ends(X, y, batch_size, rng):
    while True:
        yield from solution.minibatches(X, y, batch_size, rng)


# --- sgd_epoch


def epoch(grad, w, X, y, batch_size, rng, move):
    """One epoch in which move(w, gradient, X_batch) makes the next w."""
    w = np.array(w, dtype=float)
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        w = move(w, grad(X_batch, y_batch, w), X_batch)
    return w


@mistake("sgd_epoch", "the gradient is that of all examples, as on the slide: each step goes by the gradient of its batch alone")
def full_gradient(grad, w, X, y, lr, batch_size, rng):
    return epoch(grad, w, X, y, batch_size, rng, lambda w, g, X_batch: w - lr * grad(X, y, w))


@mistake("sgd_epoch", "the step goes uphill, with the gradient and not against it")
def sgd_uphill(grad, w, X, y, lr, batch_size, rng):
    return solution.sgd_epoch(grad, w, X, y, -lr, batch_size, rng)


@mistake("sgd_epoch", "the step is divided by the batch's size: what grad returns is a mean already")
def averaged_twice(grad, w, X, y, lr, batch_size, rng):
    return epoch(grad, w, X, y, batch_size, rng, lambda w, g, X_batch: w - lr * g / len(X_batch))


@mistake("sgd_epoch", "the step is divided by the number of all examples: what grad returns is a mean already")
def divided_by_all(grad, w, X, y, lr, batch_size, rng):
    return epoch(grad, w, X, y, batch_size, rng, lambda w, g, X_batch: w - lr * g / len(X))


@mistake("sgd_epoch", "the step is multiplied by the batch's size: what grad returns is a mean already, and lr is meant for it")
def summed(grad, w, X, y, lr, batch_size, rng):
    return epoch(grad, w, X, y, batch_size, rng, lambda w, g, X_batch: w - lr * g * len(X_batch))


@mistake("sgd_epoch", "a smaller batch makes a shorter step: what grad returns is a mean already, for a small batch as for a large one")
def weighted_by_size(grad, w, X, y, lr, batch_size, rng):
    return epoch(grad, w, X, y, batch_size, rng, lambda w, g, X_batch: w - lr * g * len(X_batch) / batch_size)


@mistake("sgd_epoch", "only one batch moves w: does the loop go on after it?")
def first_step_only(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        return w - lr * grad(X_batch, y_batch, w)


@mistake("sgd_epoch", "every step starts from the first w, so that only the last batch counts")
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


@mistake("sgd_epoch", "the gradients of the batches are averaged into one step: each batch is to have a step of its own")
def one_averaged_step(grad, w, X, y, lr, batch_size, rng):
    return w - lr * np.mean([grad(*batch, w) for batch in solution.minibatches(X, y, batch_size, rng)], axis=0)


@mistake("sgd_epoch", "this is one step with all examples, gradient descent: an epoch of SGD takes one step per batch")
def one_full_step(grad, w, X, y, lr, batch_size, rng):
    return w - lr * grad(X, y, w)


@mistake("sgd_epoch", "the mean of all places on the way comes back: the new w is where the last step leads")
def mean_of_places(grad, w, X, y, lr, batch_size, rng):
    places = [w]
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        places.append(places[-1] - lr * grad(X_batch, y_batch, places[-1]))
    return np.mean(places[1:], axis=0)


@mistake("sgd_epoch", "the last batch does not move w")
def one_step_behind(grad, w, X, y, lr, batch_size, rng):
    before = w
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        before, w = w, w - lr * grad(X_batch, y_batch, w)
    return before


@mistake("sgd_epoch", "the first batch does not move w")
def first_batch_skipped(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in list(solution.minibatches(X, y, batch_size, rng))[1:]:
        w = w - lr * grad(X_batch, y_batch, w)
    return w


@mistake("sgd_epoch", "every example gets a step of its own: a batch makes one step, by the mean over its examples")
def single_examples(grad, w, X, y, lr, batch_size, rng):
    return solution.sgd_epoch(grad, w, X, y, lr, 1, rng)


@mistake("sgd_epoch", "each step goes on with a part of the step before (momentum): a step goes by the gradient of its batch alone")
def sgd_with_momentum(grad, w, X, y, lr, batch_size, rng):
    velocity = 0.0
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        velocity = 0.9 * velocity + grad(X_batch, y_batch, w)
        w = w - lr * velocity
    return w


@mistake("sgd_epoch", "the new w is cut off to whole numbers, as the w at the start holds whole numbers")
def sgd_kept_whole(grad, w, X, y, lr, batch_size, rng):
    moved = np.array(w)
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        moved[...] = moved - lr * grad(X_batch, y_batch, moved)
    return moved


@mistake("sgd_epoch", "the caller's w is moved: w -= … works on the caller's array")
def moves_the_weights(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        w -= lr * grad(X_batch, y_batch, w)
    return w


@mistake("sgd_epoch", "every epoch takes the batches in one and the same order, whatever rng it is given: rng is not handed on")
def same_batches(grad, w, X, y, lr, batch_size, rng):
    return solution.sgd_epoch(grad, w, X, y, lr, batch_size, np.random.default_rng(0))


@mistake("sgd_epoch", "the order of the batches does not come from rng: an equal rng does not give it again")
def sgd_global_random(grad, w, X, y, lr, batch_size, rng):
    return solution.sgd_epoch(grad, w, X, y, lr, batch_size, np.random.default_rng())


@mistake("sgd_epoch", "the examples keep their order: nothing is shuffled")
def sgd_unshuffled(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in cut(np.arange(len(X)), X, y, batch_size):
        w = w - lr * grad(X_batch, y_batch, w)
    return w


@mistake("sgd_epoch", "the smaller last batch is left out")
def leaves_the_last_out(grad, w, X, y, lr, batch_size, rng):
    moved = np.array(w, dtype=float)
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        if len(X_batch) == batch_size:
            moved = moved - lr * grad(X_batch, y_batch, moved)
    return moved


@mistake("sgd_epoch", "each step draws its batch from all examples: in an epoch every example has its turn once")
def draws_batches(grad, w, X, y, lr, batch_size, rng):
    moved = np.array(w, dtype=float)
    for _ in range(-(-len(X) // batch_size)):
        rows = rng.choice(len(X), size=min(batch_size, len(X)), replace=False)
        moved = moved - lr * grad(X[rows], y[rows], moved)
    return moved


@mistake("sgd_epoch", "this is the gradient of linear regression: the one to use is the argument grad, for any model")
def always_linear(grad, w, X, y, lr, batch_size, rng):
    return solution.sgd_epoch(solution.linear_regression_grad, w, X, y, lr, batch_size, rng)


@mistake("sgd_epoch", "the last gradient comes back: return the new w")
def returns_the_gradient(grad, w, X, y, lr, batch_size, rng):
    last = w
    for X_batch, y_batch in solution.minibatches(X, y, batch_size, rng):
        last = grad(X_batch, y_batch, w)
        w = w - lr * last
    return last


# --- predict_pass


def score(lectures, hours, w, mean=None, std=None):
    mean = solution.train_mean if mean is None else mean
    std = solution.train_std if std is None else std
    return w[0] + w[1] * (lectures - mean[0]) / std[0] + w[2] * (hours - mean[1]) / std[1]


@mistake("predict_pass", "lectures and hours are not scaled: the weights were learned for scaled ones")
def unscaled(lectures, hours, w):
    return w[0] + w[1] * lectures + w[2] * hours > 0


@mistake("predict_pass", "scaled with the mean and spread of those who ask: a student alone has none")
def scaled_by_those_who_ask(lectures, hours, w):
    X = np.column_stack([lectures, hours])
    with np.errstate(divide="ignore", invalid="ignore"):  # one student has no spread: 0/0, and no answer is a no
        return score(lectures, hours, w, X.mean(axis=0), X.std(axis=0)) > 0


@mistake("predict_pass", "scaled with the numbers of the example on paper: the real ones have the names train_mean and train_std")
def numbers_of_the_example(lectures, hours, w):
    return score(lectures, hours, w, np.array([5.0, 30.0]), np.array([2.0, 20.0])) > 0


@mistake("predict_pass", "hours are scaled with the mean and spread of the lectures: they have numbers of their own")
def scaled_alike(lectures, hours, w):
    return score(lectures, hours, w, solution.train_mean[[0, 0]], solution.train_std[[0, 0]]) > 0


@mistake("predict_pass", "the score z is compared with 0.5: that is the border for p")
def score_above_half(lectures, hours, w):
    return score(lectures, hours, w) > 0.5


@mistake("predict_pass", "p > 0 holds for nearly everybody: that is not the border for a probability")
def everybody(lectures, hours, w):
    return expit(score(lectures, hours, w)) > 0


@mistake("predict_pass", "p = 0.5 counts as a pass: on the border nobody is more likely to pass than not")
def passes_on_the_border(lectures, hours, w):
    return score(lectures, hours, w) >= 0


@mistake("predict_pass", "lectures and hours are swapped: each has a weight of its own")
def features_swapped(lectures, hours, w):
    return score(lectures, hours, np.array(w)[[0, 2, 1]]) > 0


@mistake("predict_pass", "the bias w[0] is missing")
def no_bias(lectures, hours, w):
    return score(lectures, hours, np.append(0.0, w[1:])) > 0


@mistake("predict_pass", "the last weight is taken for the bias: that is w[0]")
def bias_last(lectures, hours, w):
    return score(lectures, hours, np.roll(w, 1)) > 0


@mistake("predict_pass", "this says who fails")
def who_fails(lectures, hours, w):
    return score(lectures, hours, w) < 0


@mistake("predict_pass", "centred, but not divided by the spread")
def only_centred(lectures, hours, w):
    return score(lectures, hours, w, std=np.ones(2)) > 0


@mistake("predict_pass", "divided by the spread, but not centred")
def only_divided(lectures, hours, w):
    return score(lectures, hours, w, mean=np.zeros(2)) > 0


@mistake("predict_pass", "divided by the variance: the spread is its root")
def divided_by_variance(lectures, hours, w):
    return score(lectures, hours, w, std=solution.train_std**2) > 0


@mistake("predict_pass", "multiplied by the spread: scaling divides by it")
def times_the_spread(lectures, hours, w):
    return score(lectures, hours, w, std=1 / solution.train_std) > 0


@mistake("predict_pass", "for one student alone a single truth value comes out: the answer has one entry per student, also for N = 1")
def squeezed(lectures, hours, w):
    return np.squeeze(score(lectures, hours, w) > 0)


@mistake("predict_pass", "lectures and hours are changed in place: -= and /= work on the caller's arrays")
def scales_in_place(lectures, hours, w):
    lectures -= solution.train_mean[0]
    lectures /= solution.train_std[0]
    hours -= solution.train_mean[1]
    hours /= solution.train_std[1]
    return w[0] + w[1] * lectures + w[2] * hours > 0


@mistake("predict_pass", "this is the probability: a truth value is asked for")
def probability(lectures, hours, w):
    return expit(score(lectures, hours, w))


@mistake("predict_pass", "this is the score z: a truth value is asked for")
def score_itself(lectures, hours, w):
    return score(lectures, hours, w)
