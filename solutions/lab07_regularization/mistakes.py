"""Wrong answers that students give to lab07_regularization, each with the sentence that names it."""

from typing import ClassVar

import numpy as np

from course_utils.checking import mistake, solution

# --- l2


@mistake("l2", "the gradient lacks its factor 2: it is that of λ/2 Σ W², and the penalty is λ Σ W²")
def half_the_slope(W, lam):
    return solution.l2(W, lam)[0], lam * W


@mistake("l2", "both are those of λ/2 Σ W²; here the penalty is λ Σ W², without the half")
def half_of_both(W, lam):
    return solution.l2(W, lam / 2)


@mistake("l2", "the penalty is halved, as if it were λ/2 Σ W²; the gradient is right")
def half_the_penalty(W, lam):
    penalty, dW = solution.l2(W, lam)
    return penalty / 2, dW


@mistake("l2", "penalty and gradient are divided by the number of weights: a mean stands for the sum over all weights")
def mean_of_squares(W, lam):
    return solution.l2(W, lam / W.size)


@mistake("l2", "the penalty is a mean over the weights; it is their sum (the gradient is right)")
def penalty_as_a_mean(W, lam):
    penalty, dW = solution.l2(W, lam)
    return penalty / W.size, dW


@mistake("l2", "the root of the sum of squares is taken: the penalty is λ Σ W², without a root")
def with_a_root(W, lam):
    return lam * np.sqrt(np.sum(W**2)), solution.l2(W, lam)[1]


@mistake("l2", "the penalty is the square of the sum; each weight is squared first, and then all are added")
def square_of_the_sum(W, lam):
    return lam * np.sum(W) ** 2, solution.l2(W, lam)[1]


@mistake("l2", "λ is squared, too: only the weights are")
def lam_squared(W, lam):
    return lam**2 * np.sum(W**2), solution.l2(W, lam)[1]


@mistake("l2", "λ is missing in the gradient")
def gradient_without_lam(W, lam):
    return solution.l2(W, lam)[0], 2.0 * W


@mistake("l2", "λ is missing in the penalty")
def penalty_without_lam(W, lam):
    return 1.0 * np.sum(W**2), solution.l2(W, lam)[1]


@mistake("l2", "λ is missing in both results")
def without_lam(W, lam):
    return solution.l2(W, 1.0)


@mistake("l2", "the gradient points the other way: it says where the penalty grows, and the step subtracts it later")
def turned_around(W, lam):
    penalty, dW = solution.l2(W, lam)
    return penalty, -dW


@mistake("l2", "the gradient is 2λ|W|: a weight below 0 has a slope below 0")
def slope_of_the_size(W, lam):
    return solution.l2(W, lam)[0], 2 * lam * np.abs(W)


@mistake("l2", "this is the shrunk weight W − 2λW, as after a step; asked is the gradient 2λW alone")
def already_a_step(W, lam):
    penalty, dW = solution.l2(W, lam)
    return penalty, W - dW


@mistake("l2", "this is l1's penalty: here each weight is squared")
def sizes_for_squares(W, lam):
    return lam * np.sum(np.abs(W)), solution.l2(W, lam)[1]


@mistake("l2", "the gradient is λW², the price of each weight; asked is how steep it is")
def price_as_gradient(W, lam):
    return solution.l2(W, lam)[0], lam * W**2


@mistake("l2", "the penalty is not added up: it is one number for all weights")
def not_added_up(W, lam):
    return lam * W**2, solution.l2(W, lam)[1]


@mistake("l2", "the squares are added along axis 0 only: the penalty is one number for all weights")
def squares_by_column(W, lam):
    return lam * np.sum(W**2, axis=0), solution.l2(W, lam)[1]


# --- l1


@mistake("l1", "the gradient at a weight of 0 is λ: there it is 0, so >= is one case too many")
def zero_is_positive(W, lam):
    return solution.l1(W, lam)[0], lam * np.where(W >= 0, 1.0, -1.0)


@mistake("l1", "the gradient at a weight of 0 is −λ: there it is 0, and > tells only two cases apart")
def zero_is_negative(W, lam):
    return solution.l1(W, lam)[0], lam * np.where(W > 0, 1.0, -1.0)


@mistake("l1", "the penalty adds the weights with their signs: −2 costs as much as 2")
def signed_sum(W, lam):
    return lam * np.sum(W), solution.l1(W, lam)[1]


@mistake("l1", "the size of the sum is taken: it is the sum of the sizes, |W| comes first")
def size_of_the_sum(W, lam):
    return lam * np.abs(np.sum(W)), solution.l1(W, lam)[1]


@mistake("l1", "the gradient lacks λ: it is the sign alone")
def sign_alone(W, lam):
    return solution.l1(W, lam)[0], np.sign(W) * 1.0


@mistake("l1", "the penalty lacks λ")
def sizes_without_lam(W, lam):
    return np.sum(np.abs(W)) * 1.0, solution.l1(W, lam)[1]


@mistake("l1", "λ is missing in both results")
def l1_without_lam(W, lam):
    return solution.l1(W, 1.0)


@mistake("l1", "the gradient is λ|W|: the slope of |w| does not grow with w")
def size_as_slope(W, lam):
    return solution.l1(W, lam)[0], lam * np.abs(W)


@mistake("l1", "the gradient is λW: the slope of |w| does not grow with w")
def weight_as_slope(W, lam):
    return solution.l1(W, lam)[0], lam * W


@mistake("l1", "the gradient points the other way: right of 0, |w| grows with w")
def l1_turned_around(W, lam):
    penalty, dW = solution.l1(W, lam)
    return penalty, -dW


@mistake("l1", "penalty and gradient are divided by the number of weights: a mean stands for the sum over all weights")
def mean_of_sizes(W, lam):
    return solution.l1(W, lam / W.size)


@mistake("l1", "the penalty is a mean over the weights; it is their sum (the gradient is right)")
def l1_penalty_as_a_mean(W, lam):
    penalty, dW = solution.l1(W, lam)
    return penalty / W.size, dW


@mistake("l1", "a factor 2 stands in the gradient, as in l2's: the slope of |w| is 1 or −1")
def twice_the_sign(W, lam):
    penalty, dW = solution.l1(W, lam)
    return penalty, 2 * dW


@mistake("l1", "the penalty is that of l2: here it is the sizes that are added, not the squares")
def squares_for_sizes(W, lam):
    return lam * np.sum(W**2), solution.l1(W, lam)[1]


@mistake("l1", "both results are those of l2: here it is the sizes that are added, not the squares")
def l2_again(W, lam):
    return solution.l2(W, lam)


@mistake("l1", "this is the weight after a soft threshold; asked is the gradient, λ times the sign")
def soft_threshold(W, lam):
    return solution.l1(W, lam)[0], np.sign(W) * np.maximum(np.abs(W) - lam, 0)


@mistake("l1", "the penalty is not added up: it is one number for all weights")
def sizes_not_added_up(W, lam):
    return lam * np.abs(W), solution.l1(W, lam)[1]


@mistake("l1", "the weights are counted, not measured: |w| grows with the weight")
def counted(W, lam):
    return lam * float(np.count_nonzero(W)), solution.l1(W, lam)[1]


@mistake("l1", "np.linalg.norm(W, 1) of a matrix is its largest column sum: here all sizes are added")
def norm_of_a_matrix(W, lam):
    return lam * np.linalg.norm(W, 1), solution.l1(W, lam)[1]


# --- elastic_net


def mixed(W, squares, sizes):
    """squares Σ W² + sizes Σ |W|, and its gradient."""
    a, da = solution.l2(W, squares)
    b, db = solution.l1(W, sizes)
    return a + b, da + db


@mistake("elastic_net", "β stands at |W|: it belongs to the squares, λ Σ (β W² + |W|)")
def beta_at_the_size(W, lam, beta):
    return mixed(W, lam, lam * beta)


@mistake("elastic_net", "β stands at both terms: it belongs to the squares only")
def beta_at_both(W, lam, beta):
    return mixed(W, lam * beta, lam * beta)


@mistake("elastic_net", "β is missing: the squares are to be multiplied by it")
def without_beta(W, lam, beta):
    return mixed(W, lam, lam)


@mistake("elastic_net", "λ stands at the squares only: it multiplies the whole bracket")
def lam_at_the_squares(W, lam, beta):
    return mixed(W, lam * beta, 1)


@mistake("elastic_net", "λ stands at |W| only: it multiplies the whole bracket")
def lam_at_the_sizes(W, lam, beta):
    return mixed(W, beta, lam)


@mistake("elastic_net", "λ is missing: it multiplies the whole bracket")
def net_without_lam(W, lam, beta):
    return mixed(W, beta, 1)


@mistake("elastic_net", "λ and β are exchanged")
def exchanged(W, lam, beta):
    return mixed(W, lam * beta, beta)


@mistake("elastic_net", "the two shares add up to 1 here, β and 1 − β, as some libraries have it; this penalty is λ Σ (β W² + |W|)")
def shares_of_one(W, lam, beta):
    return mixed(W, lam * beta, lam * (1 - beta))


@mistake("elastic_net", "λ is the price of the squares and β that of |W|: here λ multiplies both, and β the squares")
def two_prices(W, lam, beta):
    return mixed(W, lam, beta)


@mistake("elastic_net", "the gradient of the squares lacks its factor 2")
def net_without_two(W, lam, beta):
    return solution.elastic_net(W, lam, beta)[0], lam * (beta * W + np.sign(W))


@mistake("elastic_net", "the squares have a half, as in some books: here the penalty is λ Σ (β W² + |W|)")
def net_with_a_half(W, lam, beta):
    return mixed(W, lam * beta / 2, lam)


@mistake("elastic_net", "only the gradient of the squares is returned: that of |W| is missing")
def gradient_of_the_squares(W, lam, beta):
    return solution.elastic_net(W, lam, beta)[0], 2 * lam * beta * W


@mistake("elastic_net", "only the gradient of |W| is returned: that of the squares is missing")
def gradient_of_the_sizes(W, lam, beta):
    return solution.elastic_net(W, lam, beta)[0], lam * np.sign(W)


@mistake("elastic_net", "β is missing in the gradient")
def gradient_without_beta(W, lam, beta):
    return solution.elastic_net(W, lam, beta)[0], mixed(W, lam, lam)[1]


@mistake("elastic_net", "β is missing in the penalty")
def penalty_without_beta(W, lam, beta):
    return mixed(W, lam, lam)[0], solution.elastic_net(W, lam, beta)[1]


@mistake("elastic_net", "the gradient at a weight of 0 is λ: there it is 0")
def net_at_zero(W, lam, beta):
    return solution.elastic_net(W, lam, beta)[0], lam * (2 * beta * W + np.where(W >= 0, 1.0, -1.0))


@mistake("elastic_net", "the gradient at a weight of 0 is −λ: there it is 0")
def net_below_zero(W, lam, beta):
    return solution.elastic_net(W, lam, beta)[0], lam * (2 * beta * W + np.where(W > 0, 1.0, -1.0))


@mistake("elastic_net", "penalty and gradient are divided by the number of weights: a mean stands for the sum over all weights")
def net_as_a_mean(W, lam, beta):
    return solution.elastic_net(W, lam / W.size, beta)


@mistake("elastic_net", "the weights are added with their signs: −2 costs as much as 2")
def net_of_signed_weights(W, lam, beta):
    return lam * np.sum(beta * W**2 + W), solution.elastic_net(W, lam, beta)[1]


@mistake("elastic_net", "the two parts are subtracted: both cost")
def net_as_a_difference(W, lam, beta):
    return mixed(W, lam * beta, -lam)


@mistake("elastic_net", "λ is multiplied twice, where l2 and l1 have it in them already")
def lam_twice(W, lam, beta):
    return mixed(W, lam**2 * beta, lam**2)


@mistake("elastic_net", "β is squared with w: only w is")
def beta_squared(W, lam, beta):
    return lam * np.sum((beta * W) ** 2 + np.abs(W)), lam * (2 * beta**2 * W + np.sign(W))


@mistake("elastic_net", "β is squared with w in the penalty: only w is (the gradient is right)")
def beta_squared_in_the_penalty(W, lam, beta):
    return lam * np.sum((beta * W) ** 2 + np.abs(W)), solution.elastic_net(W, lam, beta)[1]


# --- dropout


def with_mask(scale, keep=lambda u, p: u >= p, shown=lambda mask, p: mask, testing=None):
    """A dropout made of three choices: who is kept, how the kept grow, and which mask is shown."""

    def dropout(X, p, rng, training):
        if not training:
            return (testing or solution.dropout)(X, p, rng, False)
        mask = keep(rng.uniform(size=X.shape), p).astype(float)
        return X * mask * scale(p), shown(mask, p)

    return dropout


def inverted(p):
    return 1 / (1 - p)


def scaled_by(factor):
    return lambda X, p, rng, training: (X * factor(p), np.ones(X.shape))


@mistake("dropout", "kept and dropped are exchanged: p is the probability of being dropped")
def kept_and_dropped(X, p, rng, training):
    return with_mask(inverted, lambda u, p: u < p)(X, p, rng, training)


@mistake("dropout", "p is taken for the probability of being kept: here it is that of being dropped")
def p_keeps(X, p, rng, training):
    return with_mask(lambda p: 1 / max(p, 1e-300), lambda u, p: u < p)(X, p, rng, training)


@mistake("dropout", "the kept numbers do not grow, so that every mean shrinks: they stand for the dropped ones, too")
def no_scale(X, p, rng, training):
    return with_mask(lambda p: 1)(X, p, rng, training)


@mistake("dropout", "the kept numbers are multiplied by p, as the slide says: they must grow, so that the mean stays")
def scaled_by_p(X, p, rng, training):
    return with_mask(lambda p: p)(X, p, rng, training)


@mistake("dropout", "the kept numbers are multiplied by 1 − p: that makes the mean smaller still, and it has to stay")
def scaled_by_the_kept(X, p, rng, training):
    return with_mask(lambda p: 1 - p)(X, p, rng, training)


@mistake("dropout", "the kept numbers are divided by p: which share of them is kept?")
def divided_by_p(X, p, rng, training):
    return with_mask(lambda p: 1 / p if p else 1)(X, p, rng, training)


@mistake("dropout", "the kept numbers are multiplied by 1 + p: that is not quite enough")
def one_plus_p(X, p, rng, training):
    return with_mask(lambda p: 1 + p)(X, p, rng, training)


@mistake("dropout", "the kept numbers are divided by the square of 1 − p: once is enough")
def scaled_twice(X, p, rng, training):
    return with_mask(lambda p: inverted(p) ** 2)(X, p, rng, training)


@mistake("dropout", "the kept numbers are divided by the root of 1 − p: it is the mean that has to stay")
def by_the_root(X, p, rng, training):
    return with_mask(lambda p: inverted(p) ** 0.5)(X, p, rng, training)


@mistake("dropout", "the mask holds the scale: it is to be 1 where a number is kept")
def mask_with_scale(X, p, rng, training):
    return with_mask(inverted, shown=lambda m, p: m / (1 - p))(X, p, rng, training)


@mistake("dropout", "the mask is 1 where a number is dropped: it is to be 1 where it is kept")
def mask_of_the_dropped(X, p, rng, training):
    return with_mask(inverted, shown=lambda m, p: 1 - m)(X, p, rng, training)


@mistake("dropout", "in testing the numbers are multiplied by 1 − p: the scale is set right in training, so nothing is to be done here")
def scaled_in_testing(X, p, rng, training):
    return with_mask(inverted, testing=scaled_by(lambda p: 1 - p))(X, p, rng, training)


@mistake("dropout", "in testing the numbers are multiplied by p: the scale is set right in training, so nothing is to be done here")
def by_p_in_testing(X, p, rng, training):
    return with_mask(inverted, testing=scaled_by(lambda p: p))(X, p, rng, training)


@mistake("dropout", "in testing the numbers are divided by 1 − p: all are there, so nothing is to be done")
def grows_in_testing(X, p, rng, training):
    return with_mask(inverted, testing=scaled_by(inverted))(X, p, rng, training)


@mistake("dropout", "the scale is set in testing, by 1 − p, and not in training: this is plain dropout, and here it is the inverted one")
def plain_dropout(X, p, rng, training):
    return with_mask(lambda p: 1, testing=scaled_by(lambda p: 1 - p))(X, p, rng, training)


@mistake(
    "dropout",
    "the scale is set in testing, by p, as the slide has it: here the kept numbers grow in training, and testing changes nothing",
)
def as_on_the_slide(X, p, rng, training):
    return with_mask(lambda p: 1, testing=scaled_by(lambda p: p))(X, p, rng, training)


@mistake("dropout", "the mask of testing is all zeros: everything is kept there, so it is all ones")
def zeros_as_the_mask(X, p, rng, training):
    return with_mask(inverted, testing=lambda X, p, rng, training: (X, np.zeros(X.shape)))(X, p, rng, training)


@mistake("dropout", "the dropped numbers become 1: they become 0")
def dropped_to_one(X, p, rng, training):
    Y, mask = solution.dropout(X, p, rng, training)
    return np.where(mask, Y, 1.0), mask


@mistake("dropout", "the dropped numbers stay as they are: they become 0")
def dropped_stay(X, p, rng, training):
    Y, mask = solution.dropout(X, p, rng, training)
    return np.where(mask, Y, X), mask


@mistake("dropout", "numbers are dropped in testing as well: then nothing is drawn, and nothing changes")
def drops_in_testing(X, p, rng, training):
    return solution.dropout(X, p, rng, True)


@mistake("dropout", "a mask is drawn in testing as well: Y is right, but the mask has to be all ones there")
def mask_in_testing(X, p, rng, training):
    Y, mask = solution.dropout(X, p, rng, True)
    return Y if training else np.array(X, dtype=float), mask


@mistake("dropout", "nothing is ever dropped: training is to be asked, and it is True here")
def never_drops(X, p, rng, training):
    return solution.dropout(X, p, rng, False)


@mistake("dropout", "one mask serves all rows: each number has a fate of its own")
def one_mask_for_all_rows(X, p, rng, training):
    if not training:
        return solution.dropout(X, p, rng, training)
    mask = np.broadcast_to(rng.uniform(size=X.shape[-1]) >= p, X.shape) * 1.0
    return X * mask / (1 - p), mask


@mistake("dropout", "a row is kept or dropped as a whole: each number has a fate of its own")
def one_draw_for_a_row(X, p, rng, training):
    if not training:
        return solution.dropout(X, p, rng, training)
    coins = rng.uniform(size=X.shape[:1]).reshape(-1, *[1] * (X.ndim - 1))
    mask = np.broadcast_to(coins >= p, X.shape) * 1.0
    return X * mask / (1 - p), mask


@mistake("dropout", "always the same number of entries is dropped: each is to be dropped or kept on its own")
def a_fixed_number(X, p, rng, training):
    if not training:
        return solution.dropout(X, p, rng, training)
    mask = (rng.permutation(X.size) >= round(p * X.size)).reshape(X.shape) * 1.0
    return X * mask / (1 - p), mask


@mistake("dropout", "rng is not used: the same numbers are drawn in every call")
def own_seed(X, p, rng, training):
    return solution.dropout(X, p, np.random.default_rng(0), training)


@mistake("dropout", "rng is not used: chance comes from somewhere else, and the same rng does not give the same mask")
def other_chance(X, p, rng, training):
    return solution.dropout(X, p, np.random.default_rng(), training)


@mistake("dropout", "Y is cut off to whole numbers, where X has whole numbers")
def cut_to_whole_numbers(X, p, rng, training):
    Y, mask = solution.dropout(X, p, rng, training)
    return Y.astype(X.dtype), mask


@mistake("dropout", "Y holds the mask, scaled: it is to be multiplied with X")
def mask_as_y(X, p, rng, training):
    if not training:
        return solution.dropout(X, p, rng, training)
    mask = solution.dropout(X, p, rng, True)[1]
    return mask / (1 - p), mask


@mistake("dropout", "the mask of Y and the mask that is returned are two draws: it has to be the same one")
def two_draws(X, p, rng, training):
    Y, _ = solution.dropout(X, p, rng, training)
    return Y, solution.dropout(X, p, rng, training)[1]


@mistake("dropout", "the sign of the numbers is lost")
def sizes_only(X, p, rng, training):
    Y, mask = solution.dropout(X, p, rng, training)
    return np.abs(Y), mask


# --- dropout_backward


@mistake("dropout_backward", "the scale 1/(1 − p) is missing: forward the kept numbers grew")
def back_without_scale(dY, mask, p):
    return dY * mask


@mistake("dropout_backward", "the mask is missing: what was dropped has no part in Y")
def back_without_mask(dY, mask, p):
    return dY / (1 - p)


@mistake("dropout_backward", "mask and scale are both missing: this is dY as it came in")
def back_unchanged(dY, mask, p):
    return dY * 1.0


@mistake("dropout_backward", "it is multiplied by 1 − p: forward it was divided")
def back_times_the_kept(dY, mask, p):
    return dY * mask * (1 - p)


@mistake("dropout_backward", "it is multiplied by p: forward it was divided by 1 − p")
def back_times_p(dY, mask, p):
    return dY * mask * p


@mistake("dropout_backward", "it is divided by p: the kept share is 1 − p")
def back_divided_by_p(dY, mask, p):
    return dY * mask / p if p else dY * mask


@mistake("dropout_backward", "kept numbers are multiplied by 1.25: that belongs to p = 0.2, and p differs")
def back_by_the_table(dY, mask, p):
    return dY * mask * 1.25


@mistake("dropout_backward", "the scale is there twice")
def back_scaled_twice(dY, mask, p):
    return dY * mask / (1 - p) ** 2


@mistake("dropout_backward", "the mask is turned around: gradients go to the dropped numbers")
def back_to_the_dropped(dY, mask, p):
    return dY * (1 - mask) / (1 - p)


@mistake("dropout_backward", "dY is missing: these are the slopes of Y alone")
def back_without_dy(dY, mask, p):
    return mask / (1 - p)


@mistake("dropout_backward", "the sign is turned around")
def back_turned(dY, mask, p):
    return -dY * mask / (1 - p)


@mistake("dropout_backward", "mask and scale are added: both are factors")
def back_added(dY, mask, p):
    return dY + mask / (1 - p)


@mistake("dropout_backward", "it is divided by the number of entries: dY belongs to a mean already")
def back_as_a_mean(dY, mask, p):
    return dY * mask / (1 - p) / np.size(dY)


@mistake("dropout_backward", "it is divided by the number of rows: dY belongs to a mean already")
def back_by_rows(dY, mask, p):
    return dY * mask / (1 - p) / len(dY)


@mistake("dropout_backward", "the scale is the share that this mask keeps: it is 1 − p, as it was forward")
def back_by_the_share(dY, mask, p):
    return dY * mask / np.mean(mask)


@mistake("dropout_backward", "a new mask is drawn: the way back needs the one of the way forward")
def drawn_again(dY, mask, p):
    return dY * (np.random.default_rng(0).uniform(size=np.shape(dY)) >= p) / (1 - p)


# --- weights to begin with


def even(limit):
    """Evenly spread between −limit and limit of the fans."""
    return lambda D, H, rng: rng.uniform(-1, 1, size=(D, H)) * limit(D, H)


def bell(deviation):
    return lambda D, H, rng: rng.normal(size=(D, H)) * deviation(D, H)


@mistake("glorot_uniform", "the limit is the standard deviation √(2/(fan_in + fan_out)): numbers up to a have the variance a²/3")
def deviation_as_limit(D, H, rng):
    return even(lambda D, H: (2 / (D + H)) ** 0.5)(D, H, rng)


@mistake("glorot_uniform", "the limit is the variance 2/(fan_in + fan_out): solve a²/3 for a")
def variance_as_limit(D, H, rng):
    return even(lambda D, H: 2 / (D + H))(D, H, rng)


@mistake("glorot_uniform", "the root is missing: a² is 6/(fan_in + fan_out)")
def without_the_root(D, H, rng):
    return even(lambda D, H: 6 / (D + H))(D, H, rng)


@mistake("glorot_uniform", "only fan_in counts here: it is fan_in + fan_out, with 2 above it")
def only_fan_in(D, H, rng):
    return even(lambda D, H: (6 / D) ** 0.5)(D, H, rng)


@mistake("glorot_uniform", "only fan_out counts here: it is fan_in + fan_out")
def only_fan_out(D, H, rng):
    return even(lambda D, H: (6 / H) ** 0.5)(D, H, rng)


@mistake("glorot_uniform", "this has the variance 1/fan_in: the compromise has 2/(fan_in + fan_out)")
def one_over_fan_in(D, H, rng):
    return even(lambda D, H: (3 / D) ** 0.5)(D, H, rng)


@mistake("glorot_uniform", "the fans are multiplied: they are added")
def product_of_fans(D, H, rng):
    return even(lambda D, H: (6 / (D * H)) ** 0.5)(D, H, rng)


@mistake("glorot_uniform", "the fans' geometric mean stands for their mean: the variance is 2/(fan_in + fan_out)")
def geometric_mean(D, H, rng):
    return even(lambda D, H: (3 / (D * H) ** 0.5) ** 0.5)(D, H, rng)


@mistake("glorot_uniform", "only fan_in stands under the fraction: 6/fan_in + fan_out needs brackets around the sum")
def no_brackets(D, H, rng):
    return even(lambda D, H: (6 / D + H) ** 0.5)(D, H, rng)


@mistake("glorot_uniform", "3 stands for 6: the variance is 2/(fan_in + fan_out), and a² is three times as much")
def three_for_six(D, H, rng):
    return even(lambda D, H: (3 / (D + H)) ** 0.5)(D, H, rng)


@mistake("glorot_uniform", "12 stands for 6: the numbers run from −a to a, so the whole width is 2a")
def twelve_for_six(D, H, rng):
    return even(lambda D, H: (12 / (D + H)) ** 0.5)(D, H, rng)


@mistake("glorot_uniform", "the numbers run from 0 to a: half of them are to be below 0")
def never_negative(D, H, rng):
    return rng.uniform(size=(D, H)) * (6 / (D + H)) ** 0.5


@mistake("glorot_uniform", "the numbers are normal, with this variance: they are to be evenly spread")
def glorot_normal(D, H, rng):
    return bell(lambda D, H: (2 / (D + H)) ** 0.5)(D, H, rng)


@mistake("glorot_uniform", "the numbers are normal, and a is their standard deviation: they are to be evenly spread between −a and a")
def normal_with_the_limit(D, H, rng):
    return bell(lambda D, H: (6 / (D + H)) ** 0.5)(D, H, rng)


@mistake("glorot_uniform", "fan_in and fan_out are exchanged in the shape")
def shape_exchanged(D, H, rng):
    return solution.glorot_uniform(H, D, rng)


@mistake("glorot_uniform", "the numbers lie between −1 and 1, whatever the fans are")
def up_to_one(D, H, rng):
    return even(lambda D, H: 1)(D, H, rng)


@mistake("glorot_uniform", "these are numbers from 0 to 1, whatever the fans are")
def rand(D, H, rng):
    return rng.uniform(size=(D, H))


@mistake("glorot_uniform", "all weights are 0: then all neurons stay alike")
def all_zero(D, H, rng):
    return np.zeros((D, H))


@mistake("glorot_uniform", "a stands at every place: draw between −a and a")
def the_limit_itself(D, H, rng):
    return np.full((D, H), (6 / (D + H)) ** 0.5)


@mistake("glorot_uniform", "rng is not used: the same numbers are drawn in every call")
def glorot_own_seed(D, H, rng):
    return solution.glorot_uniform(D, H, np.random.default_rng(0))


@mistake("glorot_uniform", "rng is not used: chance comes from somewhere else, and the same rng does not give the same weights")
def glorot_other_chance(D, H, rng):
    return solution.glorot_uniform(D, H, np.random.default_rng())


@mistake("glorot_uniform", "one neuron is drawn, and all others are copies of it: draw all at once, with size=(fan_in, fan_out)")
def copies_of_one(D, H, rng):
    return np.tile(solution.glorot_uniform(D, H, rng)[:, :1], (1, H))


@mistake("he_normal", "the variance 2/fan_in is used as the standard deviation: take its root")
def variance_as_deviation(D, H, rng):
    return bell(lambda D, H: 2 / D)(D, H, rng)


@mistake("he_normal", "fan_out is taken for fan_in: one neuron adds up fan_in numbers")
def he_fan_out(D, H, rng):
    return bell(lambda D, H: (2 / H) ** 0.5)(D, H, rng)


@mistake("he_normal", "the fans are added, as Glorot has it: here only fan_in counts")
def he_both_fans(D, H, rng):
    return bell(lambda D, H: (2 / (D + H)) ** 0.5)(D, H, rng)


@mistake("he_normal", "the 2 is missing, which makes up for the ReLU")
def he_without_two(D, H, rng):
    return bell(lambda D, H: (1 / D) ** 0.5)(D, H, rng)


@mistake("he_normal", "the 2 stands outside the root: the standard deviation is the root of 2/fan_in")
def two_outside(D, H, rng):
    return bell(lambda D, H: 2 / D**0.5)(D, H, rng)


@mistake("he_normal", "the root covers the 2 only, as in √2/fan_in: it covers the whole fraction, √(2/fan_in)")
def root_of_two_alone(D, H, rng):
    return bell(lambda D, H: 2**0.5 / D)(D, H, rng)


@mistake("he_normal", "the variance is 4/(fan_in + fan_out): twice Glorot's compromise, where He takes 2/fan_in")
def twice_the_compromise(D, H, rng):
    return bell(lambda D, H: (4 / (D + H)) ** 0.5)(D, H, rng)


@mistake("he_normal", "the numbers are cut off at two standard deviations: their variance is smaller then")
def cut_off(D, H, rng):
    deviation = (2 / D) ** 0.5
    return np.clip(rng.normal(0, deviation, size=(D, H)), -2 * deviation, 2 * deviation)


@mistake("he_normal", "the numbers are evenly spread, with this variance: they are to be normal")
def he_uniform(D, H, rng):
    return even(lambda D, H: (6 / D) ** 0.5)(D, H, rng)


@mistake("he_normal", "the numbers are evenly spread up to √(2/fan_in): they are to be normal, with this standard deviation")
def up_to_the_deviation(D, H, rng):
    return even(lambda D, H: (2 / D) ** 0.5)(D, H, rng)


@mistake("he_normal", "fan_in and fan_out are exchanged in the shape")
def he_shape_exchanged(D, H, rng):
    return solution.he_normal(D, H, rng).reshape(H, D)


@mistake("he_normal", "both fans are exchanged")
def he_fans_exchanged(D, H, rng):
    return solution.he_normal(H, D, rng)


@mistake("he_normal", "the standard deviation is 0.01, whatever the fans are")
def a_hundredth(D, H, rng):
    return bell(lambda D, H: 0.01)(D, H, rng)


@mistake("he_normal", "the mean is √(2/fan_in) and the standard deviation 1: rng.normal takes the mean first")
def deviation_as_mean(D, H, rng):
    return rng.normal((2 / D) ** 0.5, size=(D, H))


@mistake("he_normal", "no weight is below 0: half of them are to be")
def he_sizes(D, H, rng):
    return np.abs(solution.he_normal(D, H, rng))


@mistake("he_normal", "all weights are 0: then all neurons stay alike")
def he_zero(D, H, rng):
    return np.zeros((D, H))


@mistake("he_normal", "rng is not used: the same numbers are drawn in every call")
def he_own_seed(D, H, rng):
    return solution.he_normal(D, H, np.random.default_rng(0))


@mistake("he_normal", "rng is not used: chance comes from somewhere else, and the same rng does not give the same weights")
def he_other_chance(D, H, rng):
    return solution.he_normal(D, H, np.random.default_rng())


# --- batchnorm


class Norm:
    """The reference with one step changed at a time; a subclass says which."""

    def __call__(self, X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
        if not training:
            return self.test(X, gamma, beta, running, momentum, eps), None
        mean, var = self.statistics(X)
        self.update(running, X, mean, var, momentum)
        scale = self.scale(var, eps)
        X_hat = (X - mean) / scale
        return self.output(X_hat, gamma, beta), (X_hat, scale, gamma)

    def test(self, X, gamma, beta, running, momentum, eps):
        return self.output((X - running["mean"]) / self.scale(running["var"], eps), gamma, beta)

    def statistics(self, X):
        return X.mean(axis=0), X.var(axis=0)

    def scale(self, var, eps):
        return np.sqrt(var + eps)

    def unbiased(self, X, var):
        return var * len(X) / (len(X) - 1)

    def update(self, running, X, mean, var, momentum):
        self.mix(running, mean, self.unbiased(X, var), momentum)

    def mix(self, running, mean, var, momentum):
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * var

    def output(self, X_hat, gamma, beta):
        return gamma * X_hat + beta


class MomentumExchanged(Norm):
    def mix(self, running, mean, var, momentum):
        super().mix(running, mean, var, 1 - momentum)


@mistake("batchnorm", "the new batch and the old statistics are exchanged: momentum is the share of the batch here")
def momentum_exchanged(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return MomentumExchanged()(X, gamma, beta, running, training, momentum, eps)


class AllOfItCorrected(Norm):
    def update(self, running, X, mean, var, momentum):
        self.mix(running, mean, var, momentum)
        running["var"] = running["var"] * len(X) / (len(X) - 1)


@mistake("batchnorm", "N/(N − 1) multiplies the old running variance, too: only the batch's")
def all_of_it_corrected(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return AllOfItCorrected()(X, gamma, beta, running, training, momentum, eps)


class FirstBatchReplaces(Norm):
    def mix(self, running, mean, var, momentum):
        old = running["mean"] if np.any(running["mean"]) else mean
        super().mix(running, mean, var, momentum)
        running["mean"] = (1 - momentum) * old + momentum * mean


@mistake("batchnorm", "the first batch replaces the running mean: it is mixed with what is there, be it 0")
def first_batch_replaces(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return FirstBatchReplaces()(X, gamma, beta, running, training, momentum, eps)


class WholeButVar(Norm):
    def statistics(self, X):
        return X.mean(), X.var()

    def unbiased(self, X, var):
        return X.var(axis=0, ddof=1)


@mistake("batchnorm", "the batch is normalised with one mean and one variance: every column has its own")
def whole_but_var(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return WholeButVar()(X, gamma, beta, running, training, momentum, eps)


class RunningReplaced(Norm):
    def mix(self, running, mean, var, momentum):
        super().mix(running, mean, var, 1.0)


@mistake("batchnorm", "the running statistics are those of the last batch: the old ones keep the share 1 − momentum")
def running_replaced(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return RunningReplaced()(X, gamma, beta, running, training, momentum, eps)


class RunningAdded(Norm):
    def mix(self, running, mean, var, momentum):
        running["mean"], running["var"] = running["mean"] + momentum * mean, running["var"] + momentum * var


@mistake("batchnorm", "the old statistics keep all of their size, and the batch's are added: the old ones are multiplied by 1 − momentum")
def running_added(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return RunningAdded()(X, gamma, beta, running, training, momentum, eps)


class BatchAddedWhole(Norm):
    def mix(self, running, mean, var, momentum):
        keep = 1 - momentum
        running["mean"], running["var"] = keep * running["mean"] + mean, keep * running["var"] + var


@mistake("batchnorm", "the batch's statistics are added whole: they are multiplied by momentum")
def batch_added_whole(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return BatchAddedWhole()(X, gamma, beta, running, training, momentum, eps)


class RunningLeftAlone(Norm):
    def mix(self, running, mean, var, momentum):
        pass


@mistake("batchnorm", "the running statistics are not changed in training: put new values into the dict that comes in")
def running_left_alone(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return RunningLeftAlone()(X, gamma, beta, running, training, momentum, eps)


class MomentumIgnored(Norm):
    def mix(self, running, mean, var, momentum):
        super().mix(running, mean, var, 0.1)


@mistake("batchnorm", "momentum is ignored: it is always 0.1 here")
def momentum_ignored(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return MomentumIgnored()(X, gamma, beta, running, training, momentum, eps)


class EpsIgnored(Norm):
    def scale(self, var, eps):
        return np.sqrt(var + 1e-5)


@mistake("batchnorm", "eps is ignored: it is always 0.00001 here")
def eps_ignored(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return EpsIgnored()(X, gamma, beta, running, training, momentum, eps)


class VarLeftAlone(Norm):
    def mix(self, running, mean, var, momentum):
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean


@mistake("batchnorm", "only the running mean is updated: the running variance is, too")
def var_left_alone(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return VarLeftAlone()(X, gamma, beta, running, training, momentum, eps)


class MeanLeftAlone(Norm):
    def mix(self, running, mean, var, momentum):
        running["var"] = (1 - momentum) * running["var"] + momentum * var


@mistake("batchnorm", "only the running variance is updated: the running mean is, too")
def mean_left_alone(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return MeanLeftAlone()(X, gamma, beta, running, training, momentum, eps)


class RunningVarBiased(Norm):
    def unbiased(self, X, var):
        return var


@mistake("batchnorm", "the running variance takes the variance ÷ N: it takes the one ÷ (N − 1)")
def running_var_biased(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return RunningVarBiased()(X, gamma, beta, running, training, momentum, eps)


class BothUnbiased(Norm):
    def statistics(self, X):
        return X.mean(axis=0), X.var(axis=0, ddof=1)

    def unbiased(self, X, var):
        return var


@mistake("batchnorm", "the batch is normalised with the variance ÷ (N − 1): that one is for the running variance only")
def both_unbiased(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return BothUnbiased()(X, gamma, beta, running, training, momentum, eps)


class VariancesExchanged(Norm):
    def statistics(self, X):
        return X.mean(axis=0), X.var(axis=0, ddof=1)

    def unbiased(self, X, var):
        return X.var(axis=0)


@mistake("batchnorm", "the two variances are exchanged: ÷ N normalises, and ÷ (N − 1) goes into the running variance")
def variances_exchanged(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return VariancesExchanged()(X, gamma, beta, running, training, momentum, eps)


class CorrectionTurned(Norm):
    def unbiased(self, X, var):
        return var * (len(X) - 1) / len(X)


@mistake("batchnorm", "the correction is turned around: the sum of squares is divided by N − 1, which makes it larger")
def correction_turned(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return CorrectionTurned()(X, gamma, beta, running, training, momentum, eps)


class RunningKeepsTheRoot(Norm):
    def unbiased(self, X, var):
        return np.sqrt(var * len(X) / (len(X) - 1))


@mistake("batchnorm", "running var keeps standard deviations: it is a variance, without a root")
def running_keeps_the_root(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return RunningKeepsTheRoot()(X, gamma, beta, running, training, momentum, eps)


class RunningKeepsEps(Norm):
    def __call__(self, X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
        self.eps = eps
        return super().__call__(X, gamma, beta, running, training, momentum, eps)

    def unbiased(self, X, var):
        return (var + self.eps) * len(X) / (len(X) - 1)


@mistake("batchnorm", "running var keeps var + eps: eps belongs under the root only")
def running_keeps_eps(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return RunningKeepsEps()(X, gamma, beta, running, training, momentum, eps)


class EpsOutside(Norm):
    def scale(self, var, eps):
        return np.sqrt(var) + eps


@mistake("batchnorm", "eps stands outside the root: it is added to the variance")
def eps_outside(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return EpsOutside()(X, gamma, beta, running, training, momentum, eps)


class EpsForgotten(Norm):
    def scale(self, var, eps):
        with np.errstate(all="ignore"):
            return np.sqrt(var)

    def output(self, X_hat, gamma, beta):
        return super().output(X_hat, gamma, beta)


@mistake("batchnorm", "eps is missing: a constant column then gives 0/0")
def eps_forgotten(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return EpsForgotten()(X, gamma, beta, running, training, momentum, eps)


class NoRoot(Norm):
    def scale(self, var, eps):
        return var + eps


@mistake("batchnorm", "it is divided by the variance: the root is missing")
def no_root(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return NoRoot()(X, gamma, beta, running, training, momentum, eps)


class NotCentred(Norm):
    def __call__(self, X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
        Y, cache = super().__call__(X, gamma, beta, running, training, momentum, eps)
        return (gamma * X / cache[1] + beta if training else Y), cache


@mistake("batchnorm", "the mean is not subtracted in training")
def not_centred(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return NotCentred()(X, gamma, beta, running, training, momentum, eps)


class OfEachRow(Norm):
    def __call__(self, X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
        if not training:
            return self.test(X, gamma, beta, running, momentum, eps), None
        self.update(running, X, *super().statistics(X), momentum)
        mean, var = X.mean(axis=1, keepdims=True), X.var(axis=1, keepdims=True)
        X_hat = (X - mean) / np.sqrt(var + eps)
        return gamma * X_hat + beta, (X_hat, np.sqrt(var + eps), gamma)


@mistake("batchnorm", "the statistics are taken of each row: a column is one neuron, so axis=0")
def of_each_row(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return OfEachRow()(X, gamma, beta, running, training, momentum, eps)


class OfTheWhole(Norm):
    def statistics(self, X):
        return np.full(X.shape[1], X.mean()), np.full(X.shape[1], X.var())


@mistake("batchnorm", "one mean and one variance serve the whole batch: every column has its own")
def of_the_whole(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return OfTheWhole()(X, gamma, beta, running, training, momentum, eps)


class GammaAndBeta(Norm):
    def output(self, X_hat, gamma, beta):
        return beta * X_hat + gamma


@mistake("batchnorm", "gamma and beta are exchanged: gamma multiplies, beta is added")
def gamma_and_beta(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return GammaAndBeta()(X, gamma, beta, running, training, momentum, eps)


class WithoutGamma(Norm):
    def output(self, X_hat, gamma, beta):
        return X_hat + beta


@mistake("batchnorm", "gamma is missing")
def without_gamma(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return WithoutGamma()(X, gamma, beta, running, training, momentum, eps)


class WithoutBetaOfNorm(Norm):
    def output(self, X_hat, gamma, beta):
        return gamma * X_hat


@mistake("batchnorm", "beta is missing")
def without_beta_of_norm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return WithoutBetaOfNorm()(X, gamma, beta, running, training, momentum, eps)


class XHatItself(Norm):
    def output(self, X_hat, gamma, beta):
        return X_hat * 1.0


@mistake("batchnorm", "gamma and beta are missing: this is x̂")
def x_hat_itself(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return XHatItself()(X, gamma, beta, running, training, momentum, eps)


class GammaTimesAll(Norm):
    def output(self, X_hat, gamma, beta):
        return gamma * (X_hat + beta)


@mistake("batchnorm", "gamma multiplies beta as well: it multiplies x̂, and then beta is added")
def gamma_times_all(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return GammaTimesAll()(X, gamma, beta, running, training, momentum, eps)


class BetaSubtracted(Norm):
    def output(self, X_hat, gamma, beta):
        return gamma * X_hat - beta


@mistake("batchnorm", "beta is subtracted: it is added")
def beta_subtracted(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return BetaSubtracted()(X, gamma, beta, running, training, momentum, eps)


class BatchInTesting(Norm):
    def test(self, X, gamma, beta, running, momentum, eps):
        mean, var = self.statistics(X)
        return self.output((X - mean) / self.scale(var, eps), gamma, beta)


@mistake("batchnorm", "in testing the batch's own statistics are used: there the running ones are")
def batch_in_testing(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return BatchInTesting()(X, gamma, beta, running, training, momentum, eps)


class UpdatesInTesting(Norm):
    def test(self, X, gamma, beta, running, momentum, eps):
        Y = super().test(X, gamma, beta, running, momentum, eps)
        keep = 1 - momentum
        running["mean"] = keep * running["mean"] + momentum * X.mean(axis=0)
        if len(X) > 1:
            running["var"] = keep * running["var"] + momentum * X.var(axis=0, ddof=1)
        return Y


@mistake("batchnorm", "the running statistics change in testing, too: only training changes them")
def updates_in_testing(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return UpdatesInTesting()(X, gamma, beta, running, training, momentum, eps)


class RunningInTraining(Norm):
    def __call__(self, X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
        if training:
            self.update(running, X, *self.statistics(X), momentum)
        Y = self.test(X, gamma, beta, running, momentum, eps)
        return Y, (X, self.scale(running["var"], eps), gamma)


@mistake("batchnorm", "in training the running statistics normalise: there the batch's own do")
def running_in_training(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return RunningInTraining()(X, gamma, beta, running, training, momentum, eps)


class BareInTesting(Norm):
    def test(self, X, gamma, beta, running, momentum, eps):
        return (X - running["mean"]) / self.scale(running["var"], eps)


@mistake("batchnorm", "in testing gamma and beta are missing")
def bare_in_testing(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return BareInTesting()(X, gamma, beta, running, training, momentum, eps)


class EpsNotInTesting(Norm):
    def test(self, X, gamma, beta, running, momentum, eps):
        return self.output((X - running["mean"]) / np.sqrt(running["var"]), gamma, beta)


@mistake("batchnorm", "in testing eps is missing under the root")
def eps_not_in_testing(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return EpsNotInTesting()(X, gamma, beta, running, training, momentum, eps)


class NoRootInTesting(Norm):
    def test(self, X, gamma, beta, running, momentum, eps):
        return self.output((X - running["mean"]) / (running["var"] + eps), gamma, beta)


@mistake("batchnorm", "in testing it is divided by the running variance: the root is missing")
def no_root_in_testing(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return NoRootInTesting()(X, gamma, beta, running, training, momentum, eps)


class NotNormalisedInTesting(Norm):
    def test(self, X, gamma, beta, running, momentum, eps):
        return self.output(X, gamma, beta)


@mistake("batchnorm", "in testing X is only scaled and shifted by gamma and beta: the running statistics come first")
def not_normalised_in_testing(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return NotNormalisedInTesting()(X, gamma, beta, running, training, momentum, eps)


# --- batchnorm_backward


def branches(dY, X_hat, scale, gamma, direct=1.0, by_mean=1.0, by_variance=1.0):
    """dX, each branch with a factor."""
    d = dY * gamma / scale
    return direct * d - by_mean * d.mean(axis=0) - by_variance * X_hat * (d * X_hat).mean(axis=0)


def others(dY, X_hat):
    """dgamma and dbeta."""
    return (dY * X_hat).sum(axis=0), dY.sum(axis=0)


@mistake("batchnorm_backward", "mean and variance are taken for constants: both depend on every x of the column")
def constants(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma, by_mean=0, by_variance=0), *others(dY, X_hat)


@mistake("batchnorm_backward", "the branch by the mean is missing in dX")
def no_mean_branch(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma, by_mean=0), *others(dY, X_hat)


@mistake("batchnorm_backward", "the branch by the variance is missing in dX")
def no_variance_branch(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma, by_variance=0), *others(dY, X_hat)


@mistake("batchnorm_backward", "the direct branch is missing in dX")
def no_direct_branch(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma, direct=0), *others(dY, X_hat)


@mistake("batchnorm_backward", "the branch by the mean is added: it comes back with a minus")
def mean_branch_added(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma, by_mean=-1), *others(dY, X_hat)


@mistake("batchnorm_backward", "the branch by the variance is added: it comes back with a minus")
def variance_branch_added(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma, by_variance=-1), *others(dY, X_hat)


@mistake("batchnorm_backward", "both branches are added: they come back with a minus")
def both_branches_added(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma, by_mean=-1, by_variance=-1), *others(dY, X_hat)


@mistake("batchnorm_backward", "1/N is missing in both branches: sums stand for means")
def sums_for_means(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma, by_mean=len(dY), by_variance=len(dY)), *others(dY, X_hat)


@mistake("batchnorm_backward", "1/N is missing in the branch by the mean")
def sum_in_the_mean_branch(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma, by_mean=len(dY)), *others(dY, X_hat)


@mistake("batchnorm_backward", "1/N is missing in the branch by the variance")
def sum_in_the_variance_branch(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma, by_variance=len(dY)), *others(dY, X_hat)


@mistake("batchnorm_backward", "1/(N − 1) stands in the branch by the variance: the batch is normalised with ÷ N")
def unbiased_branch(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma, by_variance=len(dY) / (len(dY) - 1)), *others(dY, X_hat)


@mistake("batchnorm_backward", "a factor 2 is too much in the branch by the variance: the square's 2 is cancelled by the root's ½")
def variance_branch_twice(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma, by_variance=2), *others(dY, X_hat)


@mistake("batchnorm_backward", "a half is too much in the branch by the variance: the root's ½ is cancelled by the square's 2")
def half_the_variance_branch(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma, by_variance=0.5), *others(dY, X_hat)


@mistake("batchnorm_backward", "x̂ is missing in front of the branch by the variance: each row has its own share of it")
def variance_branch_for_all(dY, cache):
    X_hat, scale, gamma = cache
    d = dY * gamma / scale
    return d - d.mean(axis=0) - (d * X_hat).mean(axis=0), *others(dY, X_hat)


@mistake("batchnorm_backward", "x̂ is missing in the sum of the branch by the variance: it stands inside and in front")
def no_x_hat_in_the_sum(dY, cache):
    X_hat, scale, gamma = cache
    d = dY * gamma / scale
    return d - d.mean(axis=0) - X_hat * d.mean(axis=0), *others(dY, X_hat)


@mistake("batchnorm_backward", "the sums in dX run over all columns: each column has sums of its own")
def over_all_columns(dY, cache):
    X_hat, scale, gamma = cache
    d, N = dY * gamma, len(dY)
    return d / scale - d.sum() / scale / N - X_hat * (d * X_hat).sum() / scale / N, *others(dY, X_hat)


@mistake("batchnorm_backward", "the sums in dX, with s inside, run over all columns: each column has sums of its own")
def over_all_columns_divided(dY, cache):
    X_hat, scale, gamma = cache
    d, N = dY * gamma / scale, len(dY)
    return d - d.sum() / N - X_hat * (d * X_hat).sum() / N, *others(dY, X_hat)


@mistake("batchnorm_backward", "the means in dX run over all columns: each column has means of its own")
def means_over_all_columns(dY, cache):
    X_hat, scale, gamma = cache
    d = dY * gamma
    return (d - d.mean() - X_hat * (d * X_hat).mean()) / scale, *others(dY, X_hat)


@mistake("batchnorm_backward", "gamma is missing in dX: dx̂ is dY times gamma")
def gamma_forgotten(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, np.ones(len(gamma))), *others(dY, X_hat)


@mistake("batchnorm_backward", "gamma divides in dX: dx̂ is dY times gamma")
def gamma_divides(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, 1 / gamma), *others(dY, X_hat)


@mistake("batchnorm_backward", "s is missing in dX: every branch is divided by it")
def scale_forgotten(dY, cache):
    X_hat, _scale, gamma = cache
    return branches(dY, X_hat, 1.0, gamma), *others(dY, X_hat)


@mistake("batchnorm_backward", "s is squared in dX: every branch is divided by s once")
def scale_squared(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale**2, gamma), *others(dY, X_hat)


@mistake("batchnorm_backward", "dX is multiplied by s: it is divided")
def times_scale(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, 1 / scale, gamma), *others(dY, X_hat)


@mistake("batchnorm_backward", "dX is divided by N once more: dY belongs to a mean already")
def divided_once_more(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma) / len(dY), *others(dY, X_hat)


@mistake("batchnorm_backward", "dX is N times too large: the last division by N is missing")
def times_n(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma) * len(dY), *others(dY, X_hat)


@mistake("batchnorm_backward", "the sign of dX is turned around")
def dx_turned(dY, cache):
    X_hat, scale, gamma = cache
    return -branches(dY, X_hat, scale, gamma), *others(dY, X_hat)


@mistake("batchnorm_backward", "dX is dx̂: the way through x̂ back to x is missing")
def only_dx_hat(dY, cache):
    X_hat, _scale, gamma = cache
    return dY * gamma, *others(dY, X_hat)


@mistake("batchnorm_backward", "dX is dY as it came in")
def only_dy(dY, cache):
    X_hat, _scale, _gamma = cache
    return dY * 1.0, *others(dY, X_hat)


@mistake("batchnorm_backward", "the means are taken along the rows: every column has its own")
def means_of_rows(dY, cache):
    X_hat, scale, gamma = cache
    d = dY * gamma / scale
    dX = d - d.mean(axis=1, keepdims=True) - X_hat * (d * X_hat).mean(axis=1, keepdims=True)
    return dX, *others(dY, X_hat)


@mistake("batchnorm_backward", "dgamma is a mean over the rows: gamma serves all rows, and their shares are added")
def dgamma_mean(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma), (dY * X_hat).mean(axis=0), dY.sum(axis=0)


@mistake("batchnorm_backward", "dbeta is a mean over the rows: beta serves all rows, and their shares are added")
def dbeta_mean(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma), (dY * X_hat).sum(axis=0), dY.mean(axis=0)


@mistake("batchnorm_backward", "dgamma and dbeta are means over the rows: their shares are added")
def means_for_sums(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma), (dY * X_hat).mean(axis=0), dY.mean(axis=0)


@mistake("batchnorm_backward", "dgamma is multiplied by gamma: on the way to gamma there is x̂ only")
def gamma_in_dgamma(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma), (dY * X_hat * gamma).sum(axis=0), dY.sum(axis=0)


@mistake("batchnorm_backward", "dgamma is made with x − mean: it is x̂, which is divided by s as well")
def dgamma_of_x(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma), (dY * X_hat * scale).sum(axis=0), dY.sum(axis=0)


@mistake("batchnorm_backward", "dgamma lacks x̂: this is dbeta")
def dgamma_is_dbeta(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma), dY.sum(axis=0), dY.sum(axis=0)


@mistake("batchnorm_backward", "dgamma and dbeta are exchanged")
def dgamma_dbeta_exchanged(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma), dY.sum(axis=0), (dY * X_hat).sum(axis=0)


@mistake("batchnorm_backward", "dbeta is multiplied by gamma: on the way to beta there is no factor")
def gamma_in_dbeta(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma), (dY * X_hat).sum(axis=0), (dY * gamma).sum(axis=0)


@mistake("batchnorm_backward", "dgamma is not added up over the rows: it has the shape of gamma")
def dgamma_not_added(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma), dY * X_hat, dY.sum(axis=0)


@mistake("batchnorm_backward", "dbeta is not added up over the rows: it has the shape of beta")
def dbeta_not_added(dY, cache):
    X_hat, scale, gamma = cache
    return branches(dY, X_hat, scale, gamma), (dY * X_hat).sum(axis=0), dY * 1.0


# --- EarlyStopping


class Stopper:
    """The reference with one step changed at a time; a subclass says which."""

    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best, self.lowest, self.waited = None, np.inf, 0

    def update(self, loss, params):
        if self.better(loss):
            self.new(loss, params)
        else:
            self.old(loss, params)
        return self.over()

    def better(self, loss):
        return loss < self.lowest - self.min_delta

    def new(self, loss, params):
        self.lowest, self.waited, self.best = loss, 0, self.kept(params)

    def old(self, loss, params):
        self.waited += 1

    def over(self):
        return self.waited >= self.patience

    def kept(self, params):
        return {name: np.array(value) for name, value in params.items()}


@mistake("EarlyStopping", "it stops one update too late: the patience-th update in a row says True, so >= and not >")
class OneTooLate(Stopper):
    def over(self):
        return self.waited > self.patience


@mistake("EarlyStopping", "it stops one update too early: patience updates in a row are waited for")
class OneTooEarly(Stopper):
    def over(self):
        return self.waited >= self.patience - 1 and self.waited > 0


@mistake("EarlyStopping", "the count is never set back: a new best begins it anew, since the updates have to be in a row")
class NeverReset(Stopper):
    def new(self, loss, params):
        self.lowest, self.best = loss, self.kept(params)


@mistake("EarlyStopping", "a loss is compared with the one before: it is compared with the best so far")
class ComparesWithTheLast(Stopper):
    def old(self, loss, params):
        self.waited += 1
        self.lowest = loss


@mistake("EarlyStopping", "min_delta is ignored: a smaller gain than that counts as none")
class DeltaIgnored(Stopper):
    def better(self, loss):
        return loss < self.lowest


@mistake("EarlyStopping", "min_delta is added to the best: a new best has to lie below the best by more than min_delta")
class DeltaAdded(Stopper):
    def better(self, loss):
        return loss < self.lowest + self.min_delta


@mistake(
    "EarlyStopping",
    "small gains move the best although they do not count: the best stays until a loss lies below it by more than min_delta",
)
class BestMovesInSmallSteps(Stopper):
    def old(self, loss, params):
        self.waited += 1
        self.lowest = min(self.lowest, loss)  # nan leaves it as it is


@mistake("EarlyStopping", "min_delta is taken as a share of the best: it is a difference")
class DeltaAsAShare(Stopper):
    def better(self, loss):
        return loss < self.lowest * (1 - self.min_delta) if np.isfinite(self.lowest) else loss < self.lowest


@mistake("EarlyStopping", "higher losses are taken for better ones: as if it were an accuracy")
class HigherIsBetter(Stopper):
    def __init__(self, patience, min_delta=0):
        super().__init__(patience, min_delta)
        self.lowest = -np.inf

    def better(self, loss):
        return loss > self.lowest + self.min_delta


@mistake("EarlyStopping", "an equally good loss counts as a new best: it has to lie below, so < and not <=")
class EqualIsBetter(Stopper):
    def better(self, loss):
        return loss <= self.lowest - self.min_delta


@mistake("EarlyStopping", "best is params itself: training changes it in place afterwards, so keep a copy")
class KeepsTheSameDict(Stopper):
    def kept(self, params):
        return params


@mistake("EarlyStopping", "best is a new dict with the same arrays in it: each array needs a copy of its own")
class CopiesTheDictOnly(Stopper):
    def kept(self, params):
        return dict(params)


@mistake("EarlyStopping", "best is the last params: it is kept only with a new best")
class KeepsTheLast(Stopper):
    def old(self, loss, params):
        self.waited += 1
        self.best = self.kept(params)


@mistake("EarlyStopping", "best is the first params for ever: a new best replaces it")
class KeepsTheFirst(Stopper):
    def kept(self, params):
        return super().kept(params) if self.best is None else self.best


@mistake("EarlyStopping", "best is the loss: asked are the parameters that had it")
class KeepsTheLoss(Stopper):
    def new(self, loss, params):
        super().new(loss, params)
        self.best = float(loss)


@mistake("EarlyStopping", "a best loss of 0 is taken for none: compare with None or inf, for 0 counts as false")
class ZeroIsNone(Stopper):
    def better(self, loss):
        return super().better(loss) or not self.lowest


@mistake("EarlyStopping", "nan counts as a new best: nan is never better")
class NanIsBetter(Stopper):
    def better(self, loss):
        return not loss >= self.lowest - self.min_delta


@mistake("EarlyStopping", "nan does not count at all: it is an update without a new best")
class NanIsSkipped(Stopper):
    def old(self, loss, params):
        self.waited += not np.isnan(loss)


@mistake("EarlyStopping", "a first loss of nan is kept as the best, and nothing is ever below it")
class NanFirst(Stopper):
    def __init__(self, patience, min_delta=0):
        super().__init__(patience, min_delta)
        self.lowest = None

    def better(self, loss):
        return self.lowest is None or loss < self.lowest - self.min_delta


@mistake("EarlyStopping", "True means go on: update is to say True when it is time to stop")
class SaysGoOn(Stopper):
    def over(self):
        return self.waited < self.patience


@mistake("EarlyStopping", "it says True with every update that is no new best: patience is ignored")
class PatienceIgnored(Stopper):
    def over(self):
        return self.waited > 0


@mistake("EarlyStopping", "it never says True")
class NeverStops(Stopper):
    def over(self):
        return False


@mistake("EarlyStopping", "the best is 0 before the first update: no loss above 0 is ever a new best")
class BeginsAtZero(Stopper):
    def __init__(self, patience, min_delta=0):
        super().__init__(patience, min_delta)
        self.lowest = 0.0


@mistake("EarlyStopping", "the first loss counts as an update without a new best, as it has nothing below it")
class FirstCounts(Stopper):
    def new(self, loss, params):
        first = np.isinf(self.lowest)
        super().new(loss, params)
        self.waited = int(first)


@mistake("EarlyStopping", "the best and the count belong to the class: two instances share them, and each needs its own")
class OfTheClass(Stopper):
    shared: ClassVar[dict] = {}

    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta, self.best = patience, min_delta, None
        self.shared.update(lowest=np.inf, waited=0)

    lowest = property(lambda self: self.shared["lowest"], lambda self, value: self.shared.update(lowest=value))
    waited = property(lambda self: self.shared["waited"], lambda self, value: self.shared.update(waited=value))


@mistake("EarlyStopping", "a new best sets the count to 1: 0 updates without a best are behind it")
class ResetToOne(Stopper):
    def new(self, loss, params):
        super().new(loss, params)
        self.waited = 1


@mistake("EarlyStopping", "a new best takes 1 from the count: it begins anew at 0")
class CountsDown(Stopper):
    def new(self, loss, params):
        waited = self.waited
        super().new(loss, params)
        self.waited = max(waited - 1, 0)
