"""What lab07_regularization asks of each exercise. Probes only: the engine runs the reference beside the student.

Chance is judged by its laws: shares, spreads and ratios, rounded so coarsely that a right answer never crosses a border (they
lie five standard deviations away and more), and so that two answers with the same fault give the same numbers. No probe knows
a stream. What depends on a batch has sizes that all differ, columns off centre, and γ and β away from 1 and 0.
"""

import hashlib

import numpy as np

from course_utils.checking import Raised, check, follows
from course_utils.checking.observe import SubjectRaisedError


def weights(rng, *shape):
    """Weights of either sign, none of them near 0, 1 or another whole number."""
    return rng.uniform(1.1, 2.9, size=shape) * rng.choice([-1, 1], size=shape)


def price(rng):
    return round(rng.uniform(0.12, 0.4), 3)


def parts(result, *names):
    """The results by name; several that are not as many as there are names are counted, and one alone is taken for the first."""
    if isinstance(result, tuple | list) and len(result) == len(names):
        return dict(zip(names, result, strict=True))
    if isinstance(result, tuple):
        result = f"one of {len(result)} results, and {len(names)} are asked for"
    return {names[0]: result, **dict.fromkeys(names[1:], "missing")}


def named(result, where):
    """Penalty and gradient, said of which weights."""
    return parts(result, f"penalty{where}", f"dW{where}")


# --- penalties


@check("l2", points=2)
def l2_of_a_matrix(l2, rng):
    """a matrix of 3 × 5 weights"""
    return named(l2(weights(rng, 3, 5), price(rng)), "")


@check("l2", points=1)
def l2_of_other_shapes(l2, rng):
    """seven weights in a row, and eight in three axes"""
    return named(l2(weights(rng, 7), price(rng)), " of seven") | named(l2(weights(rng, 2, 1, 4), price(rng)), " of (2, 1, 4)")


@check("l2", points=1)
def l2_of_whole_numbers(l2, rng):
    """whole numbers"""
    return named(l2(rng.permutation(np.arange(-4, 7)), price(rng)), "")


def with_zeros(rng, *shape):
    """Weights, two of them 0."""
    W = weights(rng, *shape)
    W.flat[rng.choice(W.size, size=2, replace=False)] = 0
    return W


@check("l1", points=2)
def l1_of_a_matrix(l1, rng):
    """a matrix of 3 × 5 weights"""
    return named(l1(weights(rng, 3, 5), price(rng)), "")


@check("l1", points=1)
def l1_at_zero(l1, rng):
    """two weights are 0"""
    return named(l1(with_zeros(rng, 2, 4), price(rng)), "")


@check("l1", points=1)
def l1_of_whole_numbers(l1, rng):
    """whole numbers, and eight weights in three axes"""
    return named(l1(rng.permutation(np.arange(-4, 7)), price(rng)), "") | named(l1(weights(rng, 2, 1, 4), price(rng)), " of (2, 1, 4)")


@check("elastic_net", points=2)
def elastic_net_of_a_matrix(elastic_net, rng):
    """a matrix of 3 × 5 weights"""
    return named(elastic_net(weights(rng, 3, 5), price(rng), round(rng.uniform(1.5, 3.5), 2)), "")


@check("elastic_net", points=1)
def elastic_net_at_zero(elastic_net, rng):
    """two weights are 0"""
    return named(elastic_net(with_zeros(rng, 2, 4), price(rng), round(rng.uniform(1.5, 3.5), 2)), "")


@check("elastic_net", points=1)
def elastic_net_of_whole_numbers(elastic_net, rng):
    """whole numbers, and eight weights in three axes"""
    beta = round(rng.uniform(0.2, 0.8), 2)
    found = named(elastic_net(rng.permutation(np.arange(-4, 7)), price(rng), beta), "")
    return found | named(elastic_net(weights(rng, 2, 1, 4), price(rng), beta), " of (2, 1, 4)")


# --- dropout


def array(found, shape):
    """A result as an array of floats, where it has that shape; else None."""
    if not isinstance(found, np.ndarray | list | tuple | np.number | float | int):
        return None
    try:
        found = np.array(found, dtype=float)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found.shape == shape else None


def coarse(value, step):
    """A number that depends on chance, rounded to a multiple of step."""
    return round(round(float(value) / step) * step, 10)


def sorts(values):
    """The values that occur, in order; of more than three the least and the largest."""
    found = np.unique(np.round(values, 9))
    return found.tolist() if len(found) <= 3 else [float(found[0]), float(found[-1])]


def drawn(result, X):
    """Y and the mask as arrays of X's shape; None for what is none."""
    found = parts(result, "Y", "mask")
    return array(found["Y"], X.shape), array(found["mask"], X.shape)


def mask_and_scale(result, X, which=slice(None)):
    """How the kept numbers grew, the mask's values, and what became of the dropped ones: a draw shows all this exactly."""
    Y, mask = drawn(result, X)
    names = ("Y / X where the mask is not 0", "values in the mask", "Y where the mask is 0")[which]
    if Y is None or mask is None or not np.isfinite(Y).all():
        return {**parts(result, "Y", "mask"), **dict.fromkeys(names, "missing")}
    kept = mask != 0
    return dict(zip(names, (sorts(Y[kept] / X[kept]), sorts(mask), sorts(Y[~kept]))[which], strict=True))


def shares(result, X, step):
    """What a draw of many numbers shows: the share that is kept, and what became of the mean."""
    Y, mask = drawn(result, X)
    names = ("share of the mask that is not 0", "mean of |Y| / mean of |X|")
    if Y is None or mask is None or not np.isfinite(Y).all():
        return {**parts(result, "Y", "mask"), **dict.fromkeys(names, "missing")}
    return dict(zip(names, (coarse(np.mean(mask != 0), step), coarse(np.abs(Y).mean() / np.abs(X).mean(), step)), strict=True))


def either_sign(rng, *shape):
    return rng.uniform(1, 2, size=shape) * rng.choice([-1, 1], size=shape)


@check("dropout", points=2)
def how_they_grow(dropout, rng):
    """a draw in training, a matrix of 60 × 80: how the kept numbers grow"""
    X = either_sign(rng, 60, 80)
    return mask_and_scale(dropout(X, round(rng.uniform(0.2, 0.4), 3), rng, True), X, slice(1))


@check("dropout", points=1)
def a_draw(dropout, rng):
    """another draw: the mask, and what becomes of the dropped numbers"""
    X = either_sign(rng, 80, 60)
    return mask_and_scale(dropout(X, round(rng.uniform(0.2, 0.4), 3), rng, True), X, slice(1, 3))


@check("dropout", points=2)
def how_many(dropout, rng):
    """20 000 numbers in a row: the share that is kept, and the mean (rounded, as chance moves them)"""
    X = either_sign(rng, 20_000)
    found = shares(dropout(X, float(rng.choice([0.15, 0.2, 0.3])), rng, True), X, 0.05)
    with_large_p = shares(dropout(X, float(rng.choice([0.6, 0.7])), rng, True), X, 0.1)
    return found | {f"{name}, large p": value for name, value in with_large_p.items()}


@check("dropout", points=0.5)
def in_testing(dropout, rng):
    """testing, with an rng at hand"""
    X = either_sign(rng, 20_000)
    result = dropout(X, float(rng.choice([0.15, 0.3, 0.35])), rng, False)
    return mask_and_scale(result, X) | shares(result, X, 0.05)


@check("dropout", points=1)
def testing_without_chance(dropout, rng):
    """testing, with rng = None"""
    return parts(dropout(either_sign(rng, 4, 7), 0.3, None, False), "Y", "mask")


@check("dropout", points=1)
def each_on_its_own(dropout, rng):
    """each number on its own, with p = 0.5: the rows and the columns of a mask differ, and so does how many are kept in a draw"""
    masks = [drawn(dropout(X, 0.5, rng, True), X)[1] for X in (either_sign(rng, 40, 60), either_sign(rng, 70, 50))]
    lines = ["missing" if mask is None else np.unique(mask, axis=axis).shape[axis] for mask in masks for axis in (0, 1)]
    few = [drawn(dropout(X, 0.48, rng, True), X)[1] for X in either_sign(rng, 8, 400)]
    shown = {"missing" if mask is None else float(np.mean(mask != 0)) for mask in few}
    return {
        "different rows and columns of two masks": lines,
        "share kept in each of eight draws of 400 (−1: not always the same)": -1.0 if len(shown) > 1 else shown.pop(),
    }


def places_that_agree(one, other, sizes, step):
    """How many entries of two draws of each size are equal, rounded to a multiple of step; before each number, of how many."""
    numbers = []
    for size, a, b in zip(sizes, one, other, strict=True):
        numbers += [size, "missing" if a is None or b is None else coarse(np.sum(a == b), step)]
    return numbers


@check("dropout", points=0.5)
def chance_from_rng(dropout, rng):
    """chance comes from rng: two generators with one seed, and one with another"""
    sizes, (seed, other) = (2000, 3000, 5000), rng.choice(10**6, size=2, replace=False)
    rows = [either_sign(rng, size) for size in sizes]
    draws = [[drawn(dropout(X, 0.45, np.random.default_rng(number), True), X)[1] for X in rows] for number in (seed, other, seed)]
    return {
        "places where the masks of two seeds agree, about": places_that_agree(draws[0], draws[1], sizes, 500),
        "places where the masks of one seed agree, about": places_that_agree(draws[0], draws[2], sizes, 500),
    }


@check("dropout", points=0.5)
def dropping_nothing(dropout, rng):
    """p = 0, whole numbers: nothing is dropped"""
    return parts(dropout(rng.integers(1, 9, size=(3, 5)), 0.0, rng, True), "Y with p = 0", "mask with p = 0")


def mask_of(rng, *shape):
    """A mask with ones and zeros, and never only one of them."""
    mask = np.arange(np.prod(shape)) % 3 != 0
    return rng.permutation(mask).reshape(shape).astype(float)


@check("dropout_backward", points=3)
def back_through_a_mask(dropout_backward, rng):
    """a gradient of 5 × 7, p = 0.2 or 0.3"""
    return {"dX": dropout_backward(rng.normal(size=(5, 7)), mask_of(rng, 5, 7), rng.choice([0.2, 0.3]))}


@check("dropout_backward", points=1)
def back_through_booleans(dropout_backward, rng):
    """a mask of booleans; and one of whole numbers"""
    dY, mask = rng.normal(size=(3, 8)), mask_of(rng, 3, 8)
    return {
        "dX by booleans": dropout_backward(dY, mask.astype(bool), 0.35),
        "dX by whole numbers": dropout_backward(dY[0], mask[0].astype(int), 0.35),
    }


@check("dropout_backward", points=1)
def back_with_other_p(dropout_backward, rng):
    """p = 0 with a mask of ones, and p = 0.9"""
    dY = rng.normal(size=(4, 3))
    return {"dX, p = 0": dropout_backward(dY, np.ones((4, 3)), 0.0), "dX, p = 0.9": dropout_backward(dY, mask_of(rng, 4, 3), 0.9)}


# --- weights to begin with


def size_of(W):
    """The standard deviation of many numbers, to a sixteenth of an octave: in steps of about 4 %."""
    spread = float(np.std(W))
    return round(2.0 ** (round(16 * np.log2(spread)) / 16), 6) if spread > 0 and np.isfinite(spread) else spread


# fans for which the standard deviations of both starts lie in the middle of a step, so that chance never crosses a border
FANS = ((332, 692), (256, 468), (332, 608), (664, 360))


def matrix(found):
    """A result as a matrix of finite floats, whatever its shape; else None."""
    shape = np.shape(found) if isinstance(found, np.ndarray | list | tuple) else ()
    W = array(found, shape) if len(shape) == 2 else None
    return W if W is not None and W.size and np.isfinite(W).all() else None


def how_large(found):
    """The shape and the standard deviation of a draw of weights."""
    W = matrix(found)
    if W is None:
        return {"rows, columns and entries": found, "standard deviation, in steps of 4 %": "missing"}
    return {"rows, columns and entries": [*W.shape, W.size], "standard deviation, in steps of 4 %": size_of(W)}


def how_spread(found):
    """Where the numbers of a draw lie, in standard deviations."""
    W = matrix(found)
    names = (
        "share of different numbers in a row, and in a column, to a tenth",
        "mean / standard deviation, to a tenth",
        "largest / standard deviation, to a tenth (3.5 stands for more)",
    )
    if W is None or not np.std(W):
        return {names[0]: "missing" if W is None else "all are equal", names[1]: "missing", names[2]: "missing"}
    different = [coarse(len(np.unique(line)) / len(line), 0.1) for line in (W[0], W[:, 0])]
    # numbers that are evenly spread end at 1.7, and of so many normal ones some lie beyond 3.5
    largest = coarse(min(np.abs(W).max() / np.std(W), 3.5), 0.1)
    return dict(zip(names, (different, coarse(W.mean() / np.std(W), 0.1), largest), strict=True))


def by_seeds(start, rng):
    """How many entries agree between draws of two seeds, and of one seed."""
    fans, (seed, other) = ((4, 7), (8, 5), (6, 9)), rng.choice(10**6, size=2, replace=False)
    draws = [[matrix(start(*shape, np.random.default_rng(number))) for shape in fans] for number in (seed, other, seed)]
    sizes = [rows * columns for rows, columns in fans]
    if any(W is not None and np.ptp(W) == 0 for draw in draws for W in draw):
        agree = never = [number for size in sizes for number in (size, -1.0)]
    else:
        agree, never = places_that_agree(draws[0], draws[2], sizes, 1), places_that_agree(draws[0], draws[1], sizes, 1)
    return {
        "entries that agree between two seeds (−1: all entries of a draw are equal)": never,
        "entries that agree with one seed (−1: all entries of a draw are equal)": agree,
    }


@check("glorot_uniform", points=3)
def glorot_of_a_layer(glorot_uniform, rng):
    """how large: a layer that grows, and one that shrinks"""
    fans, other = FANS[rng.integers(3)], FANS[3]
    found = how_large(glorot_uniform(*fans, rng))
    return found | {f"{name}, shrinking": value for name, value in how_large(glorot_uniform(*other, rng)).items()}


@check("glorot_uniform", points=1)
def glorot_as_numbers(glorot_uniform, rng):
    """how the numbers are spread"""
    return how_spread(glorot_uniform(*FANS[0], rng))


@check("glorot_uniform", points=1)
def glorot_by_chance(glorot_uniform, rng):
    """chance comes from rng: two generators with one seed, and one with another"""
    return by_seeds(glorot_uniform, rng)


@check("he_normal", points=3)
def he_of_a_layer(he_normal, rng):
    """how large: a layer that grows, and one that shrinks"""
    fans, other = FANS[rng.integers(3)], FANS[3]
    found = how_large(he_normal(*fans, rng))
    return found | {f"{name}, shrinking": value for name, value in how_large(he_normal(*other, rng)).items()}


@check("he_normal", points=1)
def he_as_numbers(he_normal, rng):
    """how the numbers are spread"""
    return how_spread(he_normal(*FANS[0], rng))


@check("he_normal", points=1)
def he_by_chance(he_normal, rng):
    """chance comes from rng: two generators with one seed, and one with another"""
    return by_seeds(he_normal, rng)


# --- batch norm


def batch(rng, N, D):
    """Rows whose columns are off centre, and of different size."""
    return rng.normal(size=(N, D)) * rng.uniform(0.5, 3, size=D) + rng.uniform(1, 3, size=D) * rng.choice([-1, 1], size=D)


def size_and_mean(rng, D):
    """γ and β: away from 1 and 0, and from each other."""
    return rng.uniform(1.5, 2.5, size=D), rng.uniform(-1.5, -0.5, size=D)


def statistics(rng, D):
    return {"mean": rng.uniform(0.5, 1.5, size=D), "var": rng.uniform(2, 4, size=D)}


def entry(of, name):
    """An entry of a dict; of what is no dict, it is what stands there instead."""
    return of.get(name, "missing") if isinstance(of, dict) else "nothing" if of is None else of


def first(result):
    return parts(result, "Y", "cache")["Y"]


@check("batchnorm", points=3, mutates=(3,))
def a_batch(batchnorm, rng):
    """a batch of 7 rows and 3 columns, in training"""
    return {"Y": first(batchnorm(batch(rng, 7, 3), *size_and_mean(rng, 3), statistics(rng, 3), True))}


@check("batchnorm", points=3, mutates=(3,))
def what_runs_along(batchnorm, rng):
    """the running statistics, which begin with mean 0 and variance 1: after one batch, and after three"""
    running, ends = {"mean": np.zeros(3), "var": np.ones(3)}, []
    for N in (5, 7, 8):
        batchnorm(batch(rng, N, 3), *size_and_mean(rng, 3), running, True)
        ends.append({"mean": entry(running, "mean"), "var": entry(running, "var")})
    return {
        "running mean after one batch": ends[0]["mean"],
        "running var after one batch": ends[0]["var"],
        "running mean after three": ends[2]["mean"],
        "running var after three": ends[2]["var"],
    }


@check("batchnorm", points=3, mutates=(3,))
def asked_in_testing(batchnorm, rng):
    """testing: five rows, and one alone; the running statistics stay"""
    running = statistics(rng, 3)
    found = {"Y of five rows": first(batchnorm(batch(rng, 5, 3), *size_and_mean(rng, 3), running, False))}
    found["Y of one row"] = first(batchnorm(batch(rng, 1, 3), *size_and_mean(rng, 3), running, False))
    return {**found, "running mean after testing": entry(running, "mean"), "running var after testing": entry(running, "var")}


@check("batchnorm", points=2, mutates=(3,))
def other_momentum_and_eps(batchnorm, rng):
    """momentum = 0.3 and eps = 0.5: in training, then in testing"""
    running, X, (gamma, beta) = statistics(rng, 2), batch(rng, 5, 2), size_and_mean(rng, 2)
    found = {"Y, eps = 0.5": first(batchnorm(X, gamma, beta, running, True, 0.3, 0.5))}
    found |= {"running mean, momentum = 0.3": entry(running, "mean"), "running var, momentum = 0.3": entry(running, "var")}
    fixed = statistics(rng, 2)
    return {**found, "Y in testing, eps = 0.5": first(batchnorm(X, gamma, beta, fixed, False, 0.3, 0.5))}


@check("batchnorm", points=1, mutates=(3,))
def a_constant_column(batchnorm, rng):
    """one column is the same in every row"""
    X = batch(rng, 6, 3)
    X[:, 1] = X[0, 1]
    return {"Y": first(batchnorm(X, *size_and_mean(rng, 3), statistics(rng, 3), True))}


@check("batchnorm", points=1, mutates=(3,))
def norm_of_whole_numbers(batchnorm, rng):
    """whole numbers in X, gamma and beta"""
    X, gamma, beta = rng.integers(-9, 10, size=(8, 3)), np.array([2, 3, 5]), np.array([1, -1, 4])
    X[0] += 20
    running = statistics(rng, 3)
    found = {"Y": first(batchnorm(X, gamma, beta, running, True))}
    return {**found, "running mean": entry(running, "mean"), "running var": entry(running, "var")}


def way_back(batchnorm, batchnorm_backward, rng, N, D, eps=1e-5, where=""):
    """Y and the three gradients of a batch; they may also be right for the student's own forward pass."""
    X, (gamma, beta), dY = batch(rng, N, D), size_and_mean(rng, D), rng.normal(size=(N, D))
    running = statistics(rng, D)

    def forward(X, gamma, beta):
        return parts(batchnorm(X, gamma, beta, {name: value.copy() for name, value in running.items()}, True, 0.1, eps), "Y", "cache")

    def loss_at(X, gamma, beta):
        return np.sum(dY * np.asarray(forward(X, gamma, beta)["Y"], dtype=float))

    found = forward(X, gamma, beta)
    grads = parts(batchnorm_backward(dY, found["cache"]), "dX", "dgamma", "dbeta")
    forward_name = f"Y{where}"
    return {
        forward_name: found["Y"],
        f"dX{where}": follows(grads["dX"], lambda at: loss_at(at, gamma, beta), X, forward=forward_name),
        f"dgamma{where}": follows(grads["dgamma"], lambda at: loss_at(X, at, beta), gamma, forward=forward_name),
        f"dbeta{where}": grads["dbeta"],
    }


@check("batchnorm_backward", points=7, mutates=(3,))
def back_through_a_batch(batchnorm_backward, batchnorm, rng):
    """a batch of 7 rows and 3 columns: all three gradients"""
    return way_back(batchnorm, batchnorm_backward, rng, 7, 3)


@check("batchnorm_backward", points=4, mutates=(3,))
def back_with_a_large_eps(batchnorm_backward, batchnorm, rng):
    """eps = 0.5"""
    return way_back(batchnorm, batchnorm_backward, rng, 5, 2, eps=0.5)


@check("batchnorm_backward", points=2)
def two_batches_in_turns(batchnorm_backward, batchnorm, in_turns, rng):
    """two batches of 6 rows go forward, then both go back"""
    batches = [(batch(rng, N, 3), *size_and_mean(rng, 3), rng.normal(size=(N, 3))) for N in (6, 6)]
    found = in_turns(batchnorm, batchnorm_backward, batches)
    found = [*found, None, None][:2] if isinstance(found, list) else [found, None]
    names = ("dX", "dgamma", "dbeta")
    return parts(found[0], *(f"{name} of the first" for name in names)) | parts(found[1], *(f"{name} of the second" for name in names))


# --- EarlyStopping


def until_it_stops(stopping, losses, params=None):
    """The number of the update, from 1, that said True; if none did, minus the number of updates."""
    for number, loss in enumerate(losses, start=1):
        if stopping.update(loss, {"W": np.array([float(number)])} if params is None else params[number - 1]):
            return number
    return -len(losses)


def bumpy(rng):
    """Losses with bumps of 1 to 5 updates without a new best, each after some falls, then a long rise; no loss is like another."""
    level, losses = 3.0, []
    for bump in (0, 1, 2, 3, 4, 5, 12):
        for _ in range(rng.integers(1, 4)):
            level -= rng.uniform(0.1, 0.2)
            losses.append(level)
        losses += (level + rng.uniform(0.01, 0.09, size=bump)).tolist()
    return losses


@check("EarlyStopping", points=4)
def patience_of_five_kinds(EarlyStopping, rng):
    """a bumpy curve, with patience 1, 2, 3, 4 and 6: the update that says True"""
    losses = bumpy(rng)
    stops = [until_it_stops(EarlyStopping(patience), losses) for patience in (1, 2, 3, 4, 6)]
    return {"stops at update (if never: minus their number)": stops}


@check("EarlyStopping", points=3)
def small_gains(EarlyStopping, rng):
    """small gains, with min_delta 0, 0.05, 0.1 and 0.2, and patience 2, 3, 4 and 5: the update that says True"""
    gains = [gain + rng.uniform(-0.004, 0.004) for gain in (0.25, 0.14, 0.07, 0.03) for _ in range(rng.integers(3, 7))] + [0.0] * 7
    losses = (4 + rng.uniform(0, 1) - np.cumsum(gains)).tolist()
    stops = [until_it_stops(EarlyStopping(patience, delta), losses) for patience, delta in ((2, 0), (3, 0.05), (4, 0.1), (5, 0.2))]
    return {"stops at update (if never: minus their number)": stops}


@check("EarlyStopping", points=3)
def keeps_the_best(EarlyStopping, rng):
    """best after every update, with weights that differ, and large losses"""
    losses = [400.0, 90.0, 340.0, 60.0, 65.0, 70.0, 55.0, 80.0]
    params = [{"W1": rng.normal(size=(2, 3)), "gamma": rng.normal(size=3)} for _ in losses]
    stopping, found = EarlyStopping(5), []
    for loss, now in zip(losses, params, strict=True):
        stopping.update(loss, now)
        found.append(stopping.best)
    return {f"best {name} after update {k}": entry(found[k - 1], name) for k in (1, 3, 4, 6, 8) for name in ("W1", "gamma")}


@check("EarlyStopping", points=2, mutates=(2,))
def weights_that_change(EarlyStopping, rehearse, rng):
    """weights that training changes in place"""
    stopping = EarlyStopping(2)
    weights = {"W": rng.normal(size=(2, 3)), "b": rng.normal(size=3)}
    said = rehearse(stopping, [2.0, 1.5, 1.7, 1.6], weights)
    best = stopping.best
    return {"best W": entry(best, "W"), "best b": entry(best, "b"), "what the updates return": said}


@check("EarlyStopping", points=1)
def no_number(EarlyStopping, rng):
    """some losses are nan, also the first one"""
    nan, level = float("nan"), rng.uniform(1, 2)
    first, falls = EarlyStopping(3), int(rng.integers(1, 5))
    begin = [loss for number in range(falls) for loss in (nan, level - 0.1 * number)]
    stops = until_it_stops(first, [*begin, level, nan, nan, level])
    others = [until_it_stops(EarlyStopping(patience), [level, *[nan] * (patience - 1), level - 0.1, *[nan] * 6]) for patience in (2, 3, 5)]
    only = [until_it_stops(EarlyStopping(patience), [nan] * 7) for patience in (2, 4)]
    return {"stops at update (if never: minus their number)": [stops, *others, *only], "best W": entry(first.best, "W")}


# --- diagnoses

SEAL = {1: "5c10", 2: "48e8", 3: "c654", 4: "0d81", 5: "6bd9", 6: "8dbe", 7: "d755", 8: "7c1e"}  # of each curve with its word
WORDS = ("overfit", "underfit", "rate too large", "rate too small", "equal weights", "other data", "nothing")


def seal(curve, word):
    return hashlib.sha256(f"curve {curve}: {word}".encode()).hexdigest()[:4]


def judged(diagnoses, *curves):
    """By curve, whether its word is the right one; a word that is not in the printed list is shown instead."""
    if not isinstance(diagnoses, dict):
        return {f"right word for curve {curve}": diagnoses for curve in curves}
    if all(not word for word in diagnoses.values()):
        raise SubjectRaisedError(Raised("not implemented", "", "no curve has a word", "", "diagnoses"))
    return {f"right word for curve {curve}": _right(curve, diagnoses.get(curve)) for curve in curves}


def _right(curve, word):
    if word is None or word == "":
        return "missing"
    known = isinstance(word, str) and word in WORDS
    return seal(curve, word) == SEAL[curve] if known else f"not in the printed list: {word}"[:60]


@check("diagnoses", points=8)
def first_curves(diagnoses):
    """curves 1, 2, 3 and 4"""
    return judged(diagnoses, 1, 2, 3, 4)


@check("diagnoses", points=8)
def last_curves(diagnoses):
    """curves 5, 6, 7 and 8"""
    return judged(diagnoses, 5, 6, 7, 8)
