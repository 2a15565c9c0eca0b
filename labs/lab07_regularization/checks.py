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
    """The results by name; where it is not as many as there are names, all of it is taken for the first."""
    if isinstance(result, tuple | list) and len(result) == len(names):
        return dict(zip(names, result, strict=True))
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


def laws(result, X):
    """What a draw of dropout shows: the share that is kept, the mask's values, how the kept grew, what the dropped became."""
    found = parts(result, "Y", "mask")
    Y, mask = array(found["Y"], X.shape), array(found["mask"], X.shape)
    names = ("share that the mask keeps, to a twentieth", "values in the mask", "Y / X where kept", "Y where dropped")
    if Y is None or mask is None or not np.isfinite(Y).all():
        return {**found, **dict.fromkeys(names, "missing")}
    kept = mask != 0
    shown = [coarse(kept.mean(), 0.05), sorts(mask), sorts(Y[kept] / X[kept]), sorts(Y[~kept])]
    return dict(zip(names, shown, strict=True))


def positive(rng, *shape):
    return rng.uniform(1, 2, size=shape) * rng.choice([-1, 1], size=shape)


@check("dropout", points=3)
def a_draw(dropout, rng):
    """a draw in training: 20 000 numbers"""
    X = positive(rng, 200, 100)
    return laws(dropout(X, rng.choice([0.15, 0.2, 0.3, 0.35]), rng, True), X)


@check("dropout", points=1)
def likely_to_drop(dropout, rng):
    """a large p"""
    X = positive(rng, 100, 200)
    return laws(dropout(X, rng.choice([0.6, 0.7, 0.75]), rng, True), X)


@check("dropout", points=1)
def in_testing(dropout, rng):
    """testing, with rng = None"""
    return parts(dropout(positive(rng, 4, 7), 0.3, None, False), "Y in testing", "mask in testing")


@check("dropout", points=1)
def each_on_its_own(dropout, rng):
    """each number on its own: p = 0.5, matrices of 40 × 60 and of 70 × 50; then 100 draws of three numbers"""
    found = {}
    for shape in ((40, 60), (70, 50)):
        mask = array(parts(dropout(positive(rng, *shape), 0.5, rng, True), "Y", "mask")["mask"], shape)
        found[shape] = None if mask is None else mask
    different = ["missing" if mask is None else len(np.unique(mask, axis=axis)) for mask in found.values() for axis in (0, 1)]
    few = [array(parts(dropout(positive(rng, 3), 0.5, rng, True), "Y", "mask")["mask"], (3,)) for _ in range(100)]
    kept = [np.count_nonzero(mask) for mask in few if mask is not None]
    return {
        "different rows and columns of the masks": different,
        "fewest and most that are kept of three": [min(kept, default=-1), max(kept, default=-1)],
    }


@check("dropout", points=1)
def chance_from_rng(dropout, rng):
    """chance comes from rng: seeds a, b, c, and a again"""
    X, seeds = positive(rng, 8, 9), rng.choice(10**6, size=3, replace=False)
    drawn = [parts(dropout(X, 0.4, np.random.default_rng(seed), True), "Y", "mask") for seed in (*seeds, seeds[0])]
    masks = [array(found["mask"], X.shape) for found in drawn]
    if any(mask is None for mask in masks):
        return {"different masks of four": "missing", "a and a agree": "missing"}
    return {
        "different masks of four": len({mask.tobytes() for mask in masks}),
        "share of places where a and a agree": float(np.mean(masks[0] == masks[3])),
    }


@check("dropout", points=1)
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
    """The standard deviation of many numbers, to a sixteenth of an octave."""
    spread = float(np.std(W))
    return round(2.0 ** (round(16 * np.log2(spread)) / 16), 6) if spread > 0 and np.isfinite(spread) else spread


# fans for which the standard deviations of both starts lie in the middle of a step, so that chance never crosses a border
FANS = ((332, 692), (256, 468), (332, 608), (664, 360))


def spread_out(W, fans):
    """What a draw of weights shows."""
    numbers = array(W, fans)
    names = ("standard deviation, to a sixteenth of an octave", "mean / standard deviation, to a tenth", "largest / standard deviation")
    if numbers is None or not np.isfinite(numbers).all() or not np.std(numbers):
        return {"shape": list(np.shape(W)) if isinstance(W, np.ndarray) else W, **dict.fromkeys(names, "missing")}
    size = np.std(numbers)
    far = min(np.abs(numbers).max() / size, 3.5)  # a normal one has some that lie farther out than this
    shown = [size_of(numbers), coarse(numbers.mean() / size, 0.1), coarse(far, 0.1)]
    return {"shape": list(numbers.shape), **dict(zip(names, shown, strict=True))}


def drawn_four_times(start, rng):
    """How many of four draws differ, with seeds a, b, c and a again, and whether the two of a agree."""
    seeds = rng.choice(10**6, size=3, replace=False)
    drawn = [array(start(4, 7, np.random.default_rng(seed)), (4, 7)) for seed in (*seeds, seeds[0])]
    if any(W is None for W in drawn):
        return {"different draws of four": "missing", "share of entries where a and a agree": "missing"}
    return {
        "different draws of four": len({W.tobytes() for W in drawn}),
        "share of entries where a and a agree": float(np.mean(drawn[0] == drawn[3])),
    }


@check("glorot_uniform", points=3)
def glorot_of_a_layer(glorot_uniform, rng):
    """a layer that grows"""
    fans = FANS[rng.integers(3)]
    return spread_out(glorot_uniform(*fans, rng), fans)


@check("glorot_uniform", points=1)
def glorot_the_other_way(glorot_uniform, rng):
    """a layer that shrinks"""
    return spread_out(glorot_uniform(*FANS[3], rng), FANS[3])


@check("glorot_uniform", points=1)
def glorot_by_chance(glorot_uniform, rng):
    """chance comes from rng: seeds a, b, c, and a again"""
    return drawn_four_times(glorot_uniform, rng)


@check("he_normal", points=3)
def he_of_a_layer(he_normal, rng):
    """a layer that grows"""
    fans = FANS[rng.integers(3)]
    return spread_out(he_normal(*fans, rng), fans)


@check("he_normal", points=1)
def he_the_other_way(he_normal, rng):
    """a layer that shrinks"""
    return spread_out(he_normal(*FANS[3], rng), FANS[3])


@check("he_normal", points=1)
def he_by_chance(he_normal, rng):
    """chance comes from rng: seeds a, b, c, and a again"""
    return drawn_four_times(he_normal, rng)


# --- batch norm


def batch(rng, N, D):
    """Rows whose columns are off centre, and of different size."""
    return rng.normal(size=(N, D)) * rng.uniform(0.5, 3, size=D) + rng.uniform(1, 3, size=D) * rng.choice([-1, 1], size=D)


def size_and_mean(rng, D):
    """γ and β: away from 1 and 0, and from each other."""
    return rng.uniform(1.5, 2.5, size=D), rng.uniform(-1.5, -0.5, size=D)


def statistics(rng, D):
    return {"mean": rng.uniform(0.5, 1.5, size=D), "var": rng.uniform(2, 4, size=D)}


def entry(running, name):
    return running.get(name, "missing") if isinstance(running, dict) else running


def first(result):
    return parts(result, "Y", "cache")["Y"]


@check("batchnorm", points=3, mutates=(3,))
def a_batch(batchnorm, rng):
    """a batch of 7 rows and 3 columns, in training"""
    return {"Y": first(batchnorm(batch(rng, 7, 3), *size_and_mean(rng, 3), statistics(rng, 3), True))}


@check("batchnorm", points=3, mutates=(3,))
def what_runs_along(batchnorm, rng):
    """the running statistics after one batch, and after three"""
    running, ends = statistics(rng, 3), []
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
    """whole numbers everywhere"""
    X, gamma, beta = rng.integers(-9, 10, size=(8, 3)), np.array([2, 3, 5]), np.array([1, -1, 4])
    X[0] += 20
    running = {"mean": rng.integers(1, 5, size=3), "var": rng.integers(2, 7, size=3)}
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


@check("batchnorm_backward", points=8, mutates=(3,))
def back_through_a_batch(batchnorm_backward, batchnorm, rng):
    """a batch of 7 rows and 3 columns: all three gradients"""
    return way_back(batchnorm, batchnorm_backward, rng, 7, 3)


@check("batchnorm_backward", points=3, mutates=(3,))
def back_with_a_large_eps(batchnorm_backward, batchnorm, rng):
    """eps = 0.5"""
    return way_back(batchnorm, batchnorm_backward, rng, 5, 2, eps=0.5)


@check("batchnorm_backward", points=2, mutates=(3,))
def two_batches_in_turns(batchnorm_backward, batchnorm, rng):
    """two batches go forward, then both go back"""
    found, caches = {}, []
    for N in (6, 5):
        Y, cache = parts(batchnorm(batch(rng, N, 3), *size_and_mean(rng, 3), statistics(rng, 3), True), "Y", "cache").values()
        caches.append((N, cache))
    for N, cache in caches:
        found |= parts(batchnorm_backward(rng.normal(size=(N, 3)), cache), *(f"{name} of {N} rows" for name in ("dX", "dgamma", "dbeta")))
    return found


# --- EarlyStopping


def until_it_stops(stopping, losses, params=None):
    """The number of the update, from 1, that said True; 0 if none did."""
    for number, loss in enumerate(losses, start=1):
        if stopping.update(loss, {"W": np.array([float(number)])} if params is None else params[number - 1]):
            return number
    return 0


def bumpy(rng):
    """Losses with bumps of 1, 2, 3 and 4 updates without a new best, then a long rise; none is like another."""
    level, losses = 3.0, []
    for bump in (0, 1, 0, 2, 1, 3, 4, 12):
        level -= rng.uniform(0.1, 0.2)
        losses.append(level)
        losses += (level + rng.uniform(0.01, 0.09, size=bump)).tolist()
    return losses


@check("EarlyStopping", points=4)
def patience_of_five_kinds(EarlyStopping, rng):
    """a bumpy curve, with patience 1, 2, 3, 4 and 6: the update that says True"""
    losses = bumpy(rng)
    return {"stops at update": [until_it_stops(EarlyStopping(patience), losses) for patience in (1, 2, 3, 4, 6)]}


@check("EarlyStopping", points=3)
def small_gains(EarlyStopping, rng):
    """small gains, with min_delta 0, 0.05, 0.1 and 0.2: the update that says True"""
    losses = (2 + rng.uniform(0, 1) - np.cumsum([0, 0.15, 0.15, 0.15, 0.07, 0.07, 0.07, 0.03, 0.03, 0.03, 0.03, 0, 0, 0, 0])).tolist()
    found = {f"stops at update, min_delta = {d:g}": until_it_stops(EarlyStopping(3, d), losses) for d in (0, 0.05, 0.1, 0.2)}
    return {"stops at update": list(found.values())}


@check("EarlyStopping", points=3)
def keeps_the_best(EarlyStopping, rng):
    """`best` after every update, with weights that differ"""
    losses = [2.0, 1.5, 1.7, 1.2, 1.3, 1.4, 1.1, 1.6]
    params = [{"W": rng.normal(size=(2, 3)), "b": rng.normal(size=3)} for _ in losses]
    stopping, found = EarlyStopping(5), []
    for loss, now in zip(losses, params, strict=True):
        stopping.update(loss, now)
        found.append(stopping.best)
    return {f"best {name} after updates 1, 3, 4, 6 and 8": [entry(found[k], name) for k in (0, 2, 3, 5, 7)] for name in ("W", "b")}


@check("EarlyStopping", points=2)
def weights_that_change(EarlyStopping, rehearse, rng):
    """weights that training changes in place"""
    stopping = EarlyStopping(2)
    weights = {"W": rng.normal(size=(2, 3)), "b": rng.normal(size=3)}
    rehearse(stopping, [2.0, 1.5, 1.7, 1.6], weights)
    best = stopping.best
    return {"best W": entry(best, "W"), "best b": entry(best, "b")}


@check("EarlyStopping", points=1)
def no_number(EarlyStopping, rng):
    """some losses are nan, also the first one"""
    nan, level = float("nan"), rng.uniform(1, 2)
    first = EarlyStopping(3)
    stops = until_it_stops(first, [nan, level, nan, level - 0.1, nan, level - 0.2, level, nan, nan, level])
    others = [until_it_stops(EarlyStopping(patience), [level, nan, nan, level - 0.1, nan, nan, nan, nan, nan]) for patience in (2, 3, 4)]
    return {"stops at update": [stops, *others], "best W": entry(first.best, "W")}


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
