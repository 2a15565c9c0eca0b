"""Wrong answers that students give to lab02_losses, each with the sentence that names it."""

import numpy as np

from course_utils.checking import mistake, solution


def rows_of(array):
    """One row for each example, also where there is one output only."""
    return np.asarray(array).reshape(len(array), -1)


def one_hot(labels, C):
    return np.eye(C)[labels]


def naive_sigmoid(z):
    return 1 / (1 + np.exp(-z))


def right_sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))


# --- mse


@mistake("mse", "the squares are divided by the number of all entries: the mean is over the examples only")
def mse_of_all_entries(y_hat, y):
    return np.mean((y_hat - y) ** 2)


@mistake("mse", "this is the sum of all squares: the mean over the examples is missing")
def mse_total(y_hat, y):
    return np.sum((y_hat - y) ** 2)


@mistake("mse", "a factor ½ stands in front: some books have it, this loss has not")
def mse_half(y_hat, y):
    return solution.mse(y_hat, y) / 2


@mistake("mse", "the sizes of the errors are added: each error is squared first")
def mse_absolute(y_hat, y):
    return np.sum(np.abs(y_hat - y)) / len(y)


@mistake("mse", "a root was taken at the end: this loss is the mean square itself")
def mse_root(y_hat, y):
    return np.sqrt(solution.mse(y_hat, y))


@mistake("mse", "errors of either sign cancel here: square each one before you add")
def mse_square_of_the_mean(y_hat, y):
    return np.sum(np.mean(y_hat - y, axis=0) ** 2)


@mistake("mse", "the square is missing: errors of either sign cancel")
def mse_without_square(y_hat, y):
    return np.sum(y_hat - y) / len(y)


@mistake("mse", "with several outputs the sum is divided by their number and not by the number of examples")
def mse_mean_over_outputs(y_hat, y):
    return np.mean((y_hat - y) ** 2, axis=-1).sum()


@mistake("mse", "there is a number for each example: one number is asked for, their mean")
def mse_of_each_example(y_hat, y):
    return np.sum(rows_of(y_hat - y) ** 2, axis=1)


@mistake("mse", "with several outputs there is a number for each of them: add these up")
def mse_of_each_output(y_hat, y):
    return np.mean((y_hat - y) ** 2, axis=0)


@mistake("mse", "every prediction is compared with every truth: a column met a row, and NumPy made a table of them")
def mse_of_a_table(y_hat, y):
    return np.sum((y_hat[:, None] - y[None]) ** 2) / len(y) ** 2


@mistake("mse", "predictions and truths were squared before they were subtracted")
def mse_difference_of_squares(y_hat, y):
    return np.sum(y_hat**2 - y**2) / len(y)


@mistake("mse", "the length of the errors is divided by N: the length has a root in it, the loss has none")
def mse_of_the_norm(y_hat, y):
    return np.linalg.norm(y_hat - y) / len(y)


@mistake("mse", "prediction and truth are added: the error is their difference")
def mse_of_a_sum(y_hat, y):
    return np.sum((y_hat + y) ** 2) / len(y)


# --- mse_grad


@mistake("mse_grad", "the slopes are half as large: the slope of e² is not e")
def mse_grad_without_two(y_hat, y):
    return (y_hat - y) / len(y)


@mistake("mse_grad", "the sign is wrong: where the prediction is too high, a higher one costs more")
def mse_grad_sign(y_hat, y):
    return -solution.mse_grad(y_hat, y)


@mistake("mse_grad", "these are the slopes of the sum: the loss is a mean over the examples")
def mse_grad_of_the_sum(y_hat, y):
    return 2 * (y_hat - y)


@mistake("mse_grad", "the slopes are divided by the number of all entries: the mean is over the examples only")
def mse_grad_of_all_entries(y_hat, y):
    return 2 * (y_hat - y) / np.size(y)


@mistake("mse_grad", "both are missing, the 2 of the square and the division by N: these are the errors")
def mse_grad_errors(y_hat, y):
    return y_hat - y


@mistake("mse_grad", "the square is still there: the slope of e² grows like e, not like e²")
def mse_grad_of_squares(y_hat, y):
    return 2 * (y_hat - y) ** 2 / len(y)


@mistake("mse_grad", "only the signs of the errors are left: that is the slope of their sizes, not of their squares")
def mse_grad_of_sizes(y_hat, y):
    return np.sign(y_hat - y) / len(y)


@mistake("mse_grad", "the slopes are added up over the examples: each prediction has a slope of its own")
def mse_grad_summed(y_hat, y):
    return solution.mse_grad(y_hat, y).sum(axis=0)


@mistake("mse_grad", "this is the loss itself, one number: the slopes are as many as there are predictions")
def mse_grad_is_mse(y_hat, y):
    return solution.mse(y_hat, y)


@mistake("mse_grad", "// rounds down to whole numbers: use / to keep the fraction")
def mse_grad_floored(y_hat, y):
    return 2 * (y_hat - y) // len(y)


@mistake("mse_grad", "the truth is missing: the slope depends on the error, not on the prediction alone")
def mse_grad_without_truth(y_hat, y):
    return 2 * y_hat / len(y)


@mistake("mse_grad", "the 2 meets only the prediction: it belongs to the whole error")
def mse_grad_brackets(y_hat, y):
    return (2 * y_hat - y) / len(y)


@mistake("mse_grad", "the division by N is done twice: the mean counts once")
def mse_grad_mean_twice(y_hat, y):
    return solution.mse_grad(y_hat, y) / len(y)


@mistake("mse_grad", "with several outputs their slopes are added up: each output keeps its own")
def mse_grad_summed_outputs(y_hat, y):
    return solution.mse_grad(y_hat, y).reshape(len(y), -1).sum(axis=1)


# --- bce


@mistake("bce", "the sign is missing: a surprise is never negative, as the logarithm of a probability is")
def bce_without_minus(p, y):
    return -solution.bce(p, y)


@mistake("bce", "this is the total surprise: the mean over the examples is missing")
def bce_total(p, y):
    return solution.bce(p, y) * len(y)


@mistake("bce", "the logarithm is to base 2: these are bits, and the natural one is asked for")
def bce_in_bits(p, y):
    return solution.bce(p, y) / np.log(2)


@mistake("bce", "the logarithm is to base 10: the natural one is asked for")
def bce_base_ten(p, y):
    return solution.bce(p, y) / np.log(10)


@mistake("bce", "only examples with label 1 count: those with label 0 can surprise as well")
def bce_of_ones_only(p, y):
    return -np.mean(y * np.log(p))


@mistake("bce", "only examples with label 0 count: those with label 1 can surprise as well")
def bce_of_zeros_only(p, y):
    return -np.mean((1 - y) * np.log(1 - p))


@mistake("bce", "the labels are exchanged: if y is 1, what happened had probability p")
def bce_labels_exchanged(p, y):
    return solution.bce(p, 1 - y)


@mistake("bce", "the second term is never switched off: it counts where y is 0 only")
def bce_second_term_always(p, y):
    return -np.mean(y * np.log(p) + np.log(1 - p))


@mistake("bce", "both labels get ln p: if y is 0, what happened had another probability")
def bce_of_p_for_both(p, y):
    return -np.mean(np.log(p))


@mistake("bce", "the minus reaches the first term only: a bracket is missing")
def bce_minus_of_one_term(p, y):
    return np.mean(-y * np.log(p) + (1 - y) * np.log(1 - p))


@mistake("bce", "1 − ln p is not ln(1 − p): subtract before you take the logarithm")
def bce_one_minus_logarithm(p, y):
    return -np.mean(y * np.log(p) + (1 - y) * (1 - np.log(p)))


@mistake("bce", "this is the squared error: surprise is a logarithm")
def bce_is_squared_error(p, y):
    return np.mean((p - y) ** 2)


@mistake("bce", "the mean of the probabilities was taken first, then the logarithm: every example has its own surprise")
def bce_logarithm_of_the_mean(p, y):
    return -np.log(np.mean(np.where(y == 1, p, 1 - p)))


@mistake("bce", "there is a surprise for each example: one number is asked for, their mean")
def bce_of_each_example(p, y):
    return -np.log(np.where(y == 1, p, 1 - p))


@mistake("bce", "10⁻⁷ limits p: that changes the loss of the worst mistakes, which matter most")
def bce_clipped(p, y):
    return solution.bce(np.clip(p, 1e-7, 1 - 1e-7), y)


@mistake("bce", "10⁻⁸ is added inside the logarithm: that changes the loss of the worst mistakes, which matter most")
def bce_with_epsilon(p, y):
    return -np.mean(y * np.log(p + 1e-8) + (1 - y) * np.log(1 - p + 1e-8))


@mistake("bce", "this is how improbable it was, 1 minus the probability of what happened: its logarithm is asked for")
def bce_without_logarithm(p, y):
    return np.mean(np.where(y == 1, 1 - p, p))


# --- bce_grad


@mistake("bce_grad", "p − y is the slope along the score z: along p it is steeper")
def bce_grad_along_z(p, y):
    return (p - y) / len(y)


@mistake("bce_grad", "the sign is wrong: where y is 1, a higher p costs less")
def bce_grad_sign(p, y):
    return -solution.bce_grad(p, y)


@mistake("bce_grad", "these are the slopes of the sum: the loss is a mean over the examples")
def bce_grad_of_the_sum(p, y):
    return solution.bce_grad(p, y) * len(y)


@mistake("bce_grad", "where y is 0 the sign is wrong: 1 − p falls when p grows")
def bce_grad_inner_minus(p, y):
    return (-y / p - (1 - y) / (1 - p)) / len(y)


@mistake("bce_grad", "examples with label 0 have no slope here: their surprise depends on p as well")
def bce_grad_of_ones_only(p, y):
    return -y / p / len(y)


@mistake("bce_grad", "examples with label 1 have no slope here: their surprise depends on p as well")
def bce_grad_of_zeros_only(p, y):
    return (1 - y) / (1 - p) / len(y)


@mistake("bce_grad", "p(1 − p) stands above the fraction bar: near the ends the slope should grow, not vanish")
def bce_grad_multiplied(p, y):
    return (p - y) * (p * (1 - p)) / len(y)


@mistake("bce_grad", "Python divides by p and then multiplies by 1 − p: the denominator needs a bracket")
def bce_grad_brackets(p, y):
    return (p - y) / p * (1 - p) / len(y)


@mistake("bce_grad", "the second term is never switched off: it counts where y is 0 only")
def bce_grad_second_term_always(p, y):
    return (-y / p + 1 / (1 - p)) / len(y)


@mistake("bce_grad", "the slopes are added up: each example has its own")
def bce_grad_summed(p, y):
    return solution.bce_grad(p, y).sum()


@mistake("bce_grad", "these are the slopes in bits: the loss has the natural logarithm")
def bce_grad_in_bits(p, y):
    return solution.bce_grad(p, y) / np.log(2)


@mistake("bce_grad", "10⁻⁸ is added to the denominator: that halves the slope of a very sure mistake")
def bce_grad_with_epsilon(p, y):
    return (p - y) / (p * (1 - p) + 1e-8) / len(y)


@mistake("bce_grad", "10⁻⁷ limits p: the slope of a very sure mistake is then too small")
def bce_grad_clipped(p, y):
    return solution.bce_grad(np.clip(p, 1e-7, 1 - 1e-7), y)


@mistake("bce_grad", "this is the slope of the squared error: surprise has another one")
def bce_grad_of_squared_error(p, y):
    return 2 * (p - y) / len(y)


@mistake("bce_grad", "the labels are exchanged: where y is 1, p itself is below the fraction bar")
def bce_grad_labels_exchanged(p, y):
    return solution.bce_grad(p, 1 - y)


# --- bce_with_logits


@mistake("bce_with_logits", "the sigmoid is applied twice: what comes in are scores, and one sigmoid makes probabilities of them")
def logits_sigmoid_twice(z, y):
    return solution.bce_with_logits(right_sigmoid(z), y)


@mistake("bce_with_logits", "the probability is rounded to 0 or 1 far out, and its logarithm is not finite: work with the score itself")
def logits_by_probabilities(z, y):
    return solution.bce(right_sigmoid(z), y)


@mistake("bce_with_logits", "far out an exponential overflows and a probability is rounded to 0 or 1: work with the score itself")
def logits_by_naive_probabilities(z, y):
    return solution.bce(naive_sigmoid(z), y)


@mistake("bce_with_logits", "an exponential overflows far to the right: use a form in which the exponent is never positive")
def logits_overflow_right(z, y):
    return np.mean(np.log(1 + np.exp(z)) - z * y)


@mistake("bce_with_logits", "an exponential overflows far to the left: use a form in which the exponent is never positive")
def logits_overflow_left(z, y):
    return np.mean(np.log(1 + np.exp(-z)) + (1 - y) * z)


@mistake(
    "bce_with_logits", "each label takes a form of its own, and one of the two overflows for each sign: the exponent may not be positive"
)
def logits_overflow_by_label(z, y):
    return np.mean(y * np.log1p(np.exp(-z)) + (1 - y) * np.log1p(np.exp(z)))


@mistake(
    "bce_with_logits", "the numbers are right, but an exponential overflows on the way: np.where computes both of its sides for every entry"
)
def logits_where_computes_both(z, y):
    return np.mean(np.where(z > 0, z + np.log1p(np.exp(-z)), np.log1p(np.exp(z))) - z * y)


@mistake("bce_with_logits", "each label's logarithm overflows where the mistake is large: the exponent must never be positive")
def logits_overflow_in_where(z, y):
    return np.mean(np.where(y == 1, np.log(1 + np.exp(-z)), np.log(1 + np.exp(z))))


@mistake("bce_with_logits", "10⁻¹² limits the probability: that puts a ceiling of 27.6 on the loss of the worst mistakes")
def logits_of_limited_probabilities(z, y):
    return solution.bce(np.clip(right_sigmoid(z), 1e-12, 1 - 1e-12), y)


@mistake("bce_with_logits", "z is limited to ±20: beyond that the loss has to go on growing")
def logits_clipped(z, y):
    return solution.bce_with_logits(np.clip(z, -20, 20), y)


@mistake("bce_with_logits", "10⁻⁸ is added inside the logarithm: that puts a ceiling on the loss of the worst mistakes")
def logits_with_epsilon(z, y):
    p = right_sigmoid(z)
    return -np.mean(y * np.log(p + 1e-8) + (1 - y) * np.log(1 - p + 1e-8))


@mistake("bce_with_logits", "max(z, 0) is missing: the logarithm with −|z| alone is right for negative z only")
def logits_without_maximum(z, y):
    return np.mean(-z * y + np.log1p(np.exp(-np.abs(z))))


@mistake("bce_with_logits", "zy has the wrong sign: where y is 1, a higher score costs less")
def logits_sign_of_product(z, y):
    return np.mean(np.maximum(z, 0) + z * y + np.log1p(np.exp(-np.abs(z))))


@mistake("bce_with_logits", "the logarithm is missing: max(z, 0) − zy has a corner at 0, and the loss has none")
def logits_without_logarithm(z, y):
    return np.mean(np.maximum(z, 0) - z * y)


@mistake("bce_with_logits", "the labels are exchanged: where y is 1, a higher score costs less")
def logits_labels_exchanged(z, y):
    return solution.bce_with_logits(z, 1 - y)


@mistake("bce_with_logits", "this is the total: the mean over the examples is missing")
def logits_total(z, y):
    return solution.bce_with_logits(z, y) * len(y)


@mistake("bce_with_logits", "there is a loss for each score: one number is asked for, their mean")
def logits_of_each_score(z, y):
    return np.logaddexp(0, z) - z * y


@mistake("bce_with_logits", "this is the squared error of the probabilities: surprise is a logarithm")
def logits_squared_error(z, y):
    return np.mean((right_sigmoid(z) - y) ** 2)


@mistake("bce_with_logits", "the labels are not used: every score is treated as if its label were 0")
def logits_of_zeros(z, y):
    return np.mean(np.logaddexp(0, z))


@mistake("bce_with_logits", "the sign is missing: a surprise is never negative")
def logits_negative(z, y):
    return -solution.bce_with_logits(z, y)


# --- bce_with_logits_grad


@mistake("bce_with_logits_grad", "the sign is wrong: where y is 1, a higher score costs less")
def logits_grad_sign(z, y):
    return -solution.bce_with_logits_grad(z, y)


@mistake("bce_with_logits_grad", "these are the slopes of the sum: the loss is a mean over the examples")
def logits_grad_of_the_sum(z, y):
    return solution.bce_with_logits_grad(z, y) * len(y)


@mistake("bce_with_logits_grad", "the sigmoid's slope p(1 − p) is a factor too many: it has cancelled already")
def logits_grad_times_slope(z, y):
    p = right_sigmoid(z)
    return (p - y) * p * (1 - p) / len(y)


@mistake("bce_with_logits_grad", "the sigmoid is applied twice: once makes a probability of a score")
def logits_grad_sigmoid_twice(z, y):
    return (right_sigmoid(right_sigmoid(z)) - y) / len(y)


@mistake("bce_with_logits_grad", "the truth is subtracted from the score: make a probability of it first")
def logits_grad_without_sigmoid(z, y):
    return (z - y) / len(y)


@mistake("bce_with_logits_grad", "the scores became yes or no before the truth was subtracted: the probability itself belongs there")
def logits_grad_of_decisions(z, y):
    return ((z > 0) * 1.0 - y) / len(y)


@mistake("bce_with_logits_grad", "the truth is missing: this is the slope as if every label were 0")
def logits_grad_without_truth(z, y):
    return right_sigmoid(z) / len(y)


@mistake("bce_with_logits_grad", "the slopes are right, but an exponential overflows far to the left: use the sigmoid that is given")
def logits_grad_overflow_left(z, y):
    return (naive_sigmoid(z) - y) / len(y)


@mistake(
    "bce_with_logits_grad", "an exponential overflows far to the right, and the slope is not finite there: use the sigmoid that is given"
)
def logits_grad_overflow_right(z, y):
    return (np.exp(z) / (1 + np.exp(z)) - y) / len(y)


@mistake("bce_with_logits_grad", "this is the slope along p: the sigmoid lies between p and z, and its slope is a factor")
def logits_grad_along_p(z, y):
    return solution.bce_grad(right_sigmoid(z), y)


@mistake("bce_with_logits_grad", "the factor p(1 − p) is divided out again far out, where it is 0: cancel it on paper")
def logits_grad_not_cancelled(z, y):
    p = right_sigmoid(z)
    return solution.bce_grad(p, y) * p * (1 - p)


@mistake("bce_with_logits_grad", "the slopes are added up: each score has its own")
def logits_grad_summed(z, y):
    return solution.bce_with_logits_grad(z, y).sum()


@mistake("bce_with_logits_grad", "the labels are exchanged: where y is 1, the slope is negative")
def logits_grad_labels_exchanged(z, y):
    return solution.bce_with_logits_grad(z, 1 - y)


@mistake("bce_with_logits_grad", "a factor 2 stands in front, as in the slope of a square: surprise has none")
def logits_grad_doubled(z, y):
    return 2 * solution.bce_with_logits_grad(z, y)


# --- softmax


@mistake("softmax", "the columns add up to 1: an example is a row, and the sum goes along it")
def softmax_of_columns(Z):
    return solution.softmax(np.asarray(Z).T).T


@mistake("softmax", "all entries together add up to 1: each row has a sum of its own")
def softmax_of_everything(Z):
    E = np.exp(Z - np.max(Z))
    return E / E.sum()


@mistake("softmax", "the sums have lost their axis, so they meet the columns: keep it, with keepdims=True")
def softmax_without_keepdims(Z):
    E = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return E / E.sum(axis=1)


@mistake("softmax", "the smallest score gets the largest probability: the exponent has the wrong sign")
def softmax_of_minus(Z):
    return solution.softmax(-Z)


@mistake("softmax", "an exponential overflows for large scores, and for very low ones the sum is 0: shift each row first")
def softmax_unshifted(Z):
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)


@mistake("softmax", "one number is taken from all rows: a row that lies far below is then 0 everywhere, and its sum as well")
def softmax_common_shift(Z):
    E = np.exp(Z - np.max(Z))
    return E / E.sum(axis=1, keepdims=True)


@mistake("softmax", "the mean of the row is taken away: with scores far apart the largest exponent still overflows")
def softmax_shifted_by_mean(Z):
    E = np.exp(Z - np.mean(Z, axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@mistake("softmax", "the exponentials are divided by their largest: a probability is a share of their sum")
def softmax_by_largest(Z):
    return np.exp(Z - np.max(Z, axis=1, keepdims=True))


@mistake("softmax", "the exponential is missing: shares of the scores themselves may be negative")
def softmax_without_exponential(Z):
    return Z / np.sum(Z, axis=1, keepdims=True)


@mistake("softmax", "each score has a sigmoid of its own: the classes of a row share one sum")
def softmax_as_sigmoids(Z):
    return right_sigmoid(Z)


@mistake("softmax", "these are the logarithms of the probabilities")
def softmax_logarithms(Z):
    Z = Z - np.max(Z, axis=1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


@mistake("softmax", "the largest score takes all: its probability is the largest share, but not the whole")
def softmax_one_hot(Z):
    return one_hot(np.argmax(Z, axis=1), np.shape(Z)[1])


@mistake("softmax", "powers of 2 are taken: the base is e")
def softmax_of_powers_of_two(Z):
    return solution.softmax(np.log(2) * Z)


@mistake("softmax", "scores are limited to ±500: two that lie beyond are then equal")
def softmax_clipped(Z):
    return solution.softmax(np.clip(Z, -500, 500))


@mistake("softmax", "the exponentials are divided by the length of the row, a root of squares: their plain sum is meant")
def softmax_by_length(Z):
    E = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return E / np.linalg.norm(E, axis=1, keepdims=True)


@mistake("softmax", "the rows add up to 1/N: no mean over the examples is taken here")
def softmax_averaged(Z):
    return solution.softmax(Z) / len(Z)


@mistake("softmax", "rows and columns have changed places: there should be a row for each example")
def softmax_transposed(Z):
    return solution.softmax(Z).T


@mistake("softmax", "softmax is applied twice: the probabilities went in as if they were scores")
def softmax_twice(Z):
    return solution.softmax(solution.softmax(Z))


# --- cross_entropy


@mistake(
    "cross_entropy", "a label far behind has a probability that is rounded to 0, and its logarithm is infinite: never take that logarithm"
)
def entropy_by_probabilities(Z, labels):
    return -np.mean(np.log(solution.softmax(Z)[np.arange(len(Z)), labels]))


@mistake("cross_entropy", "10⁻⁸ is added to the probability: that puts a ceiling of 18.4 on the loss of the worst mistakes")
def entropy_with_epsilon(Z, labels):
    return -np.mean(np.log(solution.softmax(Z)[np.arange(len(Z)), labels] + 1e-8))


@mistake("cross_entropy", "10⁻¹² is added to the probability: that puts a ceiling of 27.6 on the loss of the worst mistakes")
def entropy_with_smaller_epsilon(Z, labels):
    return -np.mean(np.log(solution.softmax(Z)[np.arange(len(Z)), labels] + 1e-12))


@mistake("cross_entropy", "the probability is kept above 10⁻¹⁵: that puts a ceiling on the loss of the worst mistakes")
def entropy_clipped(Z, labels):
    return -np.mean(np.log(np.clip(solution.softmax(Z)[np.arange(len(Z)), labels], 1e-15, 1)))


@mistake("cross_entropy", "log-sum-exp is not safe: an exponential overflows for large scores, and for very low ones the sum is 0")
def entropy_unshifted(Z, labels):
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(Z)), labels])


@mistake("cross_entropy", "one number is taken from all rows: of a row that lies far below nothing is left but zeros")
def entropy_common_shift(Z, labels):
    Z = Z - np.max(Z)
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(Z)), labels])


@mistake("cross_entropy", "the largest score was taken out of the log-sum-exp and never came back")
def entropy_shift_lost(Z, labels):
    shifted = Z - np.max(Z, axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - Z[np.arange(len(Z)), labels])


@mistake("cross_entropy", "the largest score was put back although the label's score was shifted too: it counts twice")
def entropy_shift_twice(Z, labels):
    top = np.max(Z, axis=1)
    return solution.cross_entropy(Z, labels) + np.mean(top)


@mistake("cross_entropy", "the sign is missing: a surprise is never negative")
def entropy_negative(Z, labels):
    return -solution.cross_entropy(Z, labels)


@mistake("cross_entropy", "this is the total: the mean over the examples is missing")
def entropy_total(Z, labels):
    return solution.cross_entropy(Z, labels) * len(Z)


@mistake("cross_entropy", "the sum is divided by the number of classes: the mean is over the examples")
def entropy_by_classes(Z, labels):
    return solution.cross_entropy(Z, labels) * len(Z) / np.shape(Z)[1]


@mistake("cross_entropy", "the mean is over all entries of the table: most of them are 0, and the examples are fewer")
def entropy_of_all_entries(Z, labels):
    return solution.cross_entropy(Z, labels) / np.shape(Z)[1]


@mistake("cross_entropy", "there is a surprise for each row: one number is asked for, their mean")
def entropy_of_each_row(Z, labels):
    Z = Z - np.max(Z, axis=1, keepdims=True)
    return np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(Z)), labels]


@mistake("cross_entropy", "the answer with the largest score counts, not the label: a wrong answer has to cost more")
def entropy_of_answers(Z, labels):
    return solution.cross_entropy(Z, np.argmax(Z, axis=1))


@mistake("cross_entropy", "the labels are counted from 1: they count from 0, so each one hits its neighbour")
def entropy_labels_from_one(Z, labels):
    return solution.cross_entropy(Z, labels - 1)


@mistake("cross_entropy", "the logarithm is to base 2: these are bits, and the natural one is asked for")
def entropy_in_bits(Z, labels):
    return solution.cross_entropy(Z, labels) / np.log(2)


@mistake("cross_entropy", "the probabilities are averaged first, then the logarithm is taken: every example has its own surprise")
def entropy_logarithm_of_the_mean(Z, labels):
    return -np.log(np.mean(solution.softmax(Z)[np.arange(len(Z)), labels]))


@mistake("cross_entropy", "this is 1 minus the label's probability: the logarithm is missing")
def entropy_without_logarithm(Z, labels):
    return np.mean(1 - solution.softmax(Z)[np.arange(len(Z)), labels])


@mistake("cross_entropy", "only the label's score counts: a high score of another class has to cost as well")
def entropy_without_the_others(Z, labels):
    return -np.mean(Z[np.arange(len(Z)), labels])


@mistake("cross_entropy", "this is the log-sum-exp alone: the label's score is never taken away")
def entropy_without_labels(Z, labels):
    top = np.max(Z, axis=1)
    return np.mean(top + np.log(np.exp(Z - top[:, None]).sum(axis=1)))


@mistake("cross_entropy", "Z[:, labels] takes every label's column in every row: each row needs its own label only")
def entropy_of_a_table(Z, labels):
    top = np.max(Z, axis=1, keepdims=True)
    return np.mean(top + np.log(np.exp(Z - top).sum(axis=1, keepdims=True)) - Z[:, labels])


@mistake("cross_entropy", "the mean of the exponentials is taken where their sum belongs")
def entropy_log_mean_exp(Z, labels):
    return solution.cross_entropy(Z, labels) - np.log(np.shape(Z)[1])


@mistake("cross_entropy", "softmax is applied first, and its probabilities are treated as scores: the loss does that itself")
def entropy_of_probabilities(Z, labels):
    return solution.cross_entropy(solution.softmax(Z), labels)


@mistake("cross_entropy", "the other classes' surprises, −ln(1 − p), are added: only that which happened counts")
def entropy_of_all_classes(Z, labels):
    truth = one_hot(labels, np.shape(Z)[1])
    P = np.clip(solution.softmax(Z), 1e-300, 1 - 1e-16)
    return solution.cross_entropy(Z, labels) - np.sum((1 - truth) * np.log(1 - P)) / len(Z)


# --- cross_entropy_grad


@mistake("cross_entropy_grad", "the sign is wrong: a higher score of the label costs less")
def entropy_grad_sign(Z, labels):
    return -solution.cross_entropy_grad(Z, labels)


@mistake("cross_entropy_grad", "these are the slopes of the sum: the loss is a mean over the examples")
def entropy_grad_of_the_sum(Z, labels):
    return solution.cross_entropy_grad(Z, labels) * len(Z)


@mistake("cross_entropy_grad", "1 is taken from the label's p after the division by N: it has to be divided as well")
def entropy_grad_divided_too_early(Z, labels):
    dZ = solution.softmax(Z) / len(Z)
    dZ[np.arange(len(Z)), labels] -= 1
    return dZ


@mistake("cross_entropy_grad", "the slopes are divided by the number of classes: the mean is over the examples")
def entropy_grad_by_classes(Z, labels):
    return solution.cross_entropy_grad(Z, labels) * len(Z) / np.shape(Z)[1]


@mistake("cross_entropy_grad", "the slopes are divided by the number of all entries: the mean is over the examples only")
def entropy_grad_of_all_entries(Z, labels):
    return solution.cross_entropy_grad(Z, labels) / np.shape(Z)[1]


@mistake("cross_entropy_grad", "the labels are missing: these are probabilities, which add up to 1 in a row, and slopes add up to 0")
def entropy_grad_without_labels(Z, labels):
    return solution.softmax(Z) / len(Z)


@mistake("cross_entropy_grad", "the labels are counted from 1: they count from 0, so each one hits its neighbour")
def entropy_grad_labels_from_one(Z, labels):
    return solution.cross_entropy_grad(Z, labels - 1)


@mistake("cross_entropy_grad", "1 is taken from every class: only the label's place loses it")
def entropy_grad_minus_one_everywhere(Z, labels):
    return (solution.softmax(Z) - 1) / len(Z)


@mistake("cross_entropy_grad", "p[:, labels] names every label's column in every row: each row needs its own label only")
def entropy_grad_of_columns(Z, labels):
    P = solution.softmax(Z)
    P[:, labels] -= 1
    return P / len(Z)


@mistake("cross_entropy_grad", "the number of the label is subtracted: it says where to subtract 1")
def entropy_grad_minus_label(Z, labels):
    return (solution.softmax(Z) - labels[:, None]) / len(Z)


@mistake("cross_entropy_grad", "the largest score's place loses 1: it is the label's place, right or wrong")
def entropy_grad_of_answers(Z, labels):
    return solution.cross_entropy_grad(Z, np.argmax(Z, axis=1))


@mistake("cross_entropy_grad", "the truth is subtracted from the scores: make probabilities of them first")
def entropy_grad_of_scores(Z, labels):
    return (Z - one_hot(labels, np.shape(Z)[1])) / len(Z)


@mistake("cross_entropy_grad", "p(1 − p) is a factor too many: log and exponential have cancelled it")
def entropy_grad_times_slope(Z, labels):
    P = solution.softmax(Z)
    return solution.cross_entropy_grad(Z, labels) * P * (1 - P)


@mistake("cross_entropy_grad", "the probabilities add up to 1 along the columns: an example is a row")
def entropy_grad_softmax_of_columns(Z, labels):
    return (solution.softmax(np.asarray(Z).T).T - one_hot(labels, np.shape(Z)[1])) / len(Z)


@mistake("cross_entropy_grad", "only the label's score has a slope here: the other scores cost as well")
def entropy_grad_label_only(Z, labels):
    return solution.cross_entropy_grad(Z, labels) * one_hot(labels, np.shape(Z)[1])


@mistake("cross_entropy_grad", "the slopes are added up over the examples: each score has a slope of its own")
def entropy_grad_summed(Z, labels):
    return solution.cross_entropy_grad(Z, labels).sum(axis=0)


@mistake("cross_entropy_grad", "an exponential overflows for large scores, and for very low ones the sum is 0: call a softmax that is safe")
def entropy_grad_unshifted(Z, labels):
    E = np.exp(Z)
    return (E / E.sum(axis=1, keepdims=True) - one_hot(labels, np.shape(Z)[1])) / len(Z)


@mistake("cross_entropy_grad", "one number is taken from all rows: of a row that lies far below nothing is left but zeros")
def entropy_grad_common_shift(Z, labels):
    E = np.exp(Z - np.max(Z))
    return (E / E.sum(axis=1, keepdims=True) - one_hot(labels, np.shape(Z)[1])) / len(Z)


@mistake("cross_entropy_grad", "a factor 2 stands in front, as in the slope of a square: surprise has none")
def entropy_grad_doubled(Z, labels):
    return 2 * solution.cross_entropy_grad(Z, labels)


@mistake("cross_entropy_grad", "the 1 is taken from the label's score, before softmax: it is to be taken from its probability")
def entropy_grad_one_from_the_score(Z, labels):
    return solution.softmax(Z - one_hot(labels, Z.shape[1])) / len(Z)


@mistake("cross_entropy_grad", "softmax is applied twice: once makes probabilities of scores")
def entropy_grad_softmax_twice(Z, labels):
    return solution.cross_entropy_grad(solution.softmax(Z), labels)


# --- accuracy


@mistake("accuracy", "there is a truth value for each row: one number is asked for, their mean")
def accuracy_of_each_row(Z, labels):
    return Z.argmax(axis=1) == labels


@mistake("accuracy", "this is the share of wrong answers")
def accuracy_of_errors(Z, labels):
    return 1 - solution.accuracy(Z, labels)


@mistake("accuracy", "this is a percentage: a number from 0 to 1 is asked for")
def accuracy_in_percent(Z, labels):
    return 100 * solution.accuracy(Z, labels)


@mistake("accuracy", "the smallest score is taken as the answer: it is the largest one")
def accuracy_of_smallest(Z, labels):
    return solution.accuracy(-Z, labels)


@mistake("accuracy", "the largest size counts here, whatever its sign: a score of −3 is low, not high")
def accuracy_of_sizes(Z, labels):
    return solution.accuracy(np.abs(Z), labels)


@mistake("accuracy", "an answer counts as right where the label's score is positive: it has to be the largest of its row")
def accuracy_of_positive(Z, labels):
    return np.mean(Z[np.arange(len(Z)), labels] > 0)


@mistake("accuracy", "an answer counts as right where the label's probability is above ½: it only has to be the largest of its row")
def accuracy_above_half(Z, labels):
    return np.mean(solution.softmax(Z)[np.arange(len(Z)), labels] > 0.5)


@mistake("accuracy", "the labels are counted from 1: they count from 0, so each one is compared with its neighbour")
def accuracy_labels_from_one(Z, labels):
    return solution.accuracy(Z, labels - 1)


@mistake("accuracy", "the right answers are divided by the number of classes: the share is one of all rows")
def accuracy_by_classes(Z, labels):
    return solution.accuracy(Z, labels) * len(Z) / np.shape(Z)[1]


@mistake("accuracy", "the label's probabilities are averaged: an answer is right or wrong, nothing between")
def accuracy_of_probabilities(Z, labels):
    return np.mean(solution.softmax(Z)[np.arange(len(Z)), labels])


@mistake("accuracy", "the share is rounded: give it as it is")
def accuracy_rounded(Z, labels):
    return round(float(solution.accuracy(Z, labels)), 2)


@mistake("accuracy", "a score is taken for the answer only if it is positive: scores may all be negative, the largest still wins")
def accuracy_of_positive_answers(Z, labels):
    return solution.accuracy(np.maximum(Z, 0), labels)


@mistake("accuracy", "each entry of the table is counted, with its many right zeros: one answer for each row is meant")
def accuracy_of_entries(Z, labels):
    C = np.shape(Z)[1]
    return np.mean(one_hot(np.argmax(Z, axis=1), C) == one_hot(labels, C))


# --- empirical_loss


@mistake("empirical_loss", "this is the total: divide it by the number of examples")
def empirical_total(loss, model, X, y):
    return solution.empirical_loss(loss, model, X, y) * len(y)


@mistake("empirical_loss", "prediction and truth have changed places in the call of loss: the prediction comes first")
def empirical_swapped(loss, model, X, y):
    return solution.empirical_loss(lambda y_hat, target: loss(target, y_hat), model, X, y)


@mistake("empirical_loss", "this is the median: the mean is asked for")
def empirical_median(loss, model, X, y):
    return np.median([loss(y_hat, target) for y_hat, target in zip(model(X), y, strict=True)])


@mistake("empirical_loss", "this is the largest loss: the mean over all examples is asked for")
def empirical_largest(loss, model, X, y):
    return max(loss(y_hat, target) for y_hat, target in zip(model(X), y, strict=True))


@mistake("empirical_loss", "only the first example counts: does a return stand inside the loop?")
def empirical_first(loss, model, X, y):
    return loss(model(X)[0], y[0])


@mistake("empirical_loss", "only the last example counts: the loop forgets what it found before")
def empirical_last(loss, model, X, y):
    return loss(model(X)[-1], y[-1])


@mistake("empirical_loss", "only the last example counts, and it is divided by N: add up the losses")
def empirical_last_by_count(loss, model, X, y):
    return loss(model(X)[-1], y[-1]) / len(y)


@mistake("empirical_loss", "predictions and truths are averaged before the loss: every example has a loss of its own")
def empirical_of_means(loss, model, X, y):
    return loss(np.mean(model(X), axis=0), np.mean(y, axis=0))


@mistake("empirical_loss", "there is a loss for each example: one number is asked for, their mean")
def empirical_list(loss, model, X, y):
    return [loss(y_hat, target) for y_hat, target in zip(model(X), y, strict=True)]


@mistake("empirical_loss", "the mean is divided by N once more")
def empirical_mean_twice(loss, model, X, y):
    return solution.empirical_loss(loss, model, X, y) / len(y)


@mistake("empirical_loss", "the last example is left out of the sum")
def empirical_without_last(loss, model, X, y):
    return sum(loss(y_hat, target) for y_hat, target in list(zip(model(X), y, strict=True))[:-1]) / len(y)


@mistake("empirical_loss", "the first example is left out of the sum: Python counts from 0")
def empirical_without_first(loss, model, X, y):
    return sum(loss(y_hat, target) for y_hat, target in list(zip(model(X), y, strict=True))[1:]) / len(y)


@mistake("empirical_loss", "the loss that was handed over is not used: this is the mean squared error, whatever loss is")
def empirical_always_squared(loss, model, X, y):
    return solution.mse(model(X), y)
