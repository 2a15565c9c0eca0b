"""Questions about lab07_regularization for `handgrad review`."""

import numpy as np

from course_utils.reviewing import Asked, question, small


@question("l2", "The penalty is λ times the sum of the squares, and its slope at each weight is 2λW.", without=["already_a_step"], places=3)
def price_of_squares(l2, rng):
    """The penalty is λ Σ W².
    Which are the penalty and its gradient?"""
    W, lam = small(rng, 3), float(rng.choice([0.1, 0.2, 0.5]))
    penalty, dW = l2(W, lam)
    return Asked({"W": W, "λ": lam}, {"penalty": float(penalty), "dW": np.asarray(dW, dtype=float)}, "result")


@question(
    "l1",
    "The slope of |w| is 1 or −1, whatever the size of w, and 0 at 0 by this course's rule.",
    without=["l2_again", "mean_of_sizes"],
    places=2,
)
def slopes_of_sizes(l1, rng):
    """The penalty is λ Σ |W|.
    Which of these is its gradient?"""
    W, lam = rng.permutation([0.0, float(rng.integers(2, 5)), -float(rng.integers(2, 5))]), float(rng.choice([0.1, 0.2, 0.5]))
    return Asked({"W": W, "λ": lam}, l1(W, lam)[1], "dW")


@question("elastic_net", "The slope is λ(2βW + sign(W)).", places=2)
def slopes_of_both(elastic_net, rng):
    """The penalty is λ Σ (β W² + |W|).
    Which of these is its gradient?"""
    W, lam, beta = small(rng, 2), float(rng.choice([0.1, 0.2, 0.5])), float(rng.choice([0.3, 2, 4]))
    return Asked({"W": W, "λ": lam, "β": beta}, elastic_net(W, lam, beta)[1], "dW")


@question("dropout", "What is kept is divided by 1 − p, so that the mean stays; the rest becomes 0.", places=3)
def kept_numbers(rng):
    """Dropout as in this course: p is the probability of being dropped, and the scale is set in training.
    Which Y comes out with this mask?"""
    X, p, mask = small(rng, 4, least=-6, most=6), float(rng.choice([0.2, 0.25, 0.6, 0.75])), rng.permutation([1.0, 1.0, 0.0, 1.0])
    wrong = {
        "the kept numbers do not grow, so that every mean shrinks: they stand for the dropped ones, too": X * mask,
        "the kept numbers are divided by p: which share of them is kept?": X * mask / p,
        "the kept numbers are multiplied by 1 − p: that makes the mean smaller still, and it has to stay": X * mask * (1 - p),
    }
    return Asked({"X": X, "p": p, "mask": mask}, X * mask / (1 - p), others=wrong)


@question(
    "dropout_backward",
    "The gradient goes the same way back: mask, and the same division by 1 − p.",
    without=["drawn_again", "back_by_the_table"],
    places=3,
)
def back_through_a_mask(dropout_backward, rng):
    """Dropout as in this course: p is the probability of being dropped, and kept numbers were divided by 1 − p in training.
    Which of these is dX?"""
    dY, p, mask = small(rng, 4, least=-6, most=6), float(rng.choice([0.2, 0.25, 0.6, 0.75])), rng.permutation([1.0, 1.0, 0.0, 1.0])
    return Asked({"dY": dY, "mask": mask, "p": p}, dropout_backward(dY, mask, p), "dX")


def _normed(batchnorm, X, gamma, beta, running, **knobs):
    return batchnorm(X[:, None], np.array([gamma]), np.array([beta]), running, eps=1e-12, **knobs)


@question("batchnorm", "Take the column's mean away, divide by its root of variance ÷ N, multiply by gamma, and add beta.", places=2)
def normalised_column(batchnorm, rng):
    """One column of a batch meets batch norm in training; eps is nearly 0.
    Which Y comes out?"""
    centre, spread = int(rng.integers(1, 9)), int(rng.integers(2, 5))
    X = centre + spread * rng.permutation([-1.0, -1.0, 1.0, 1.0])
    gamma, beta = float(rng.choice([0.5, 2, 3])), small(rng)
    Y, _ = _normed(batchnorm, X, gamma, beta, {"mean": np.zeros(1), "var": np.ones(1)}, training=True)
    given = {"X": X, "mean": centre, "standard deviation": spread, "gamma": gamma, "beta": beta}
    return Asked(given, np.ravel(Y), "Y")


@question("batchnorm", "The old one keeps the share 1 − momentum, and the batch's mean gets the share momentum.", places=2)
def running_mean_after_a_batch(batchnorm, rng):
    """Batch norm in training mixes the running mean with the batch's.
    What is the running mean afterwards?"""
    X, momentum = small(rng, 3, least=-9, most=9), float(rng.choice([0.1, 0.2, 0.3]))
    X[2] += 3 - X.sum() % 3
    running = {"mean": np.array([float(rng.integers(2, 12))]), "var": np.ones(1)}
    given = {"X": X, "mean of X": X.mean(), "running mean": running["mean"][0], "momentum": momentum}
    _normed(batchnorm, X, 1.0, 0.0, running, training=True, momentum=momentum)
    return Asked(given, float(running["mean"][0]), "running mean")


@question("batchnorm_backward", "gamma meets x̂ in every row, so its gradient is the sum of dY·x̂ over the rows.", places=2)
def gradient_of_gamma(batchnorm, batchnorm_backward, rng):
    """Batch norm in training, one column; x̂ is the column after its mean was taken away and it was divided by s.
    Which of these is dgamma?"""
    X, dY = float(rng.integers(1, 5)) + 2 * rng.permutation([-1.0, -1.0, 1.0, 1.0]), small(rng, 4)
    gamma = float(rng.choice([2, 3]))
    _, cache = _normed(batchnorm, X, gamma, 0.5, {"mean": np.zeros(1), "var": np.ones(1)}, training=True)
    result = np.ravel(batchnorm_backward(dY[:, None], cache)[1])
    given = {"x̂": (X - X.mean()) / 2, "dY": dY, "gamma": gamma, "s": 2}
    return Asked(given, float(result[0]) if result.size == 1 else result, "dgamma")


@question(
    "batchnorm_backward",
    "A number that is added to a whole column changes nothing behind batch norm, so the slopes in a column of dX add up to 0.",
    places=2,
)
def last_slope_of_a_column(rng):
    """Batch norm in training, and dX is the gradient that comes back. Three of the four rows of one column are known.
    Which number stands in the fourth row?"""
    known = rng.permutation([-1.5, 0.5, 2.0, 1.25, -0.75, -0.25])[:3]
    total = float(known.sum())
    wrong = {
        "the sign is wrong: together with the other three it has to give 0": total,
        "the fourth row cannot be chosen: the mean's branch binds all rows of a column together": float(known.mean()),
        "the last row is no exception: its slope makes up for the other three": 0.0,
    }
    return Asked({"dX of the other rows": known}, -total, others=wrong)


@question(
    "glorot_uniform",
    "Numbers up to a have the variance a²/3, and that shall be 2/(fan_in + fan_out): a is √(6/(fan_in + fan_out)).",
    places=3,
)
def limit_of_glorot(rng):
    """Glorot's uniform start draws between −a and a.
    How large is a?"""
    fan_in, fan_out = [(100, 50), (20, 30), (64, 10), (300, 300), (5, 19), (30, 120)][int(rng.integers(6))]
    total = fan_in + fan_out
    wrong = {
        "the limit is the standard deviation √(2/(fan_in + fan_out)): numbers up to a have the variance a²/3": np.sqrt(2 / total),
        "only fan_in counts here: it is fan_in + fan_out": np.sqrt(6 / fan_in),
        "the root is missing: a² is 6/(fan_in + fan_out)": 6 / total,
    }
    return Asked({"fan_in": fan_in, "fan_out": fan_out}, float(np.sqrt(6 / total)), others=wrong)


@question("he_normal", "The variance is 2/fan_in, so the standard deviation is its root.", places=4)
def deviation_of_he(rng):
    """He's start draws normal numbers.
    Which standard deviation have they?"""
    fan_in, fan_out = [(100, 50), (32, 64), (8, 20), (200, 10), (50, 300), (800, 128)][int(rng.integers(6))]
    wrong = {
        "the variance 2/fan_in is used as the standard deviation: take its root": 2 / fan_in,
        "fan_out is taken for fan_in: one neuron adds up fan_in numbers": np.sqrt(2 / fan_out),
        "the 2 is missing, which makes up for the ReLU": np.sqrt(1 / fan_in),
    }
    return Asked({"fan_in": fan_in, "fan_out": fan_out}, float(np.sqrt(2 / fan_in)), others=wrong)


@question(
    "EarlyStopping", "It counts updates in a row without a new best, and a best is lower by more than min_delta.", without=["SaysGoOn"]
)
def when_it_stops(EarlyStopping, rng):
    """Validation losses come in this order, and `update` is asked after each; the first has number 1.
    At which one does it say stop for the first time?"""
    patience, delta = int(rng.integers(2, 4)), float(rng.choice([0, 0.5]))
    losses = [9.0, 7.0, 7.2, 6.8, 6.9, 7.1, 6.4, 6.6, 6.5, 7.0, 7.3][int(rng.integers(2)) :]
    if rng.integers(2):
        losses[2:4] = [losses[3], losses[2]]
    stopping = EarlyStopping(patience, delta)
    told = [bool(stopping.update(loss, {"w": np.zeros(1)})) for loss in losses]
    stop = told.index(True) + 1 if True in told else "at none of them"
    return Asked({"losses": losses, "patience": patience, "min_delta": delta}, str(stop), "stop")


@question("diagnoses", "Training falls on while validation turns upwards: the network learns its training set by heart.")
def reading_two_losses(rng):
    """Both losses began at 2.3, and these are the last ones.
    What is going on?"""
    low, high = round(float(rng.uniform(0.01, 0.05)), 2), round(float(rng.uniform(1.6, 2.0)), 2)
    near = round(high - 0.04, 2)
    overfits, underfits = "it overfits", "it underfits"
    if rng.integers(2):
        given, right, why = (
            {"training loss": low, "validation loss": high},
            overfits,
            "Training is nearly perfect, and validation is far above it.",
        )
        other = {"both would be high: training is nearly perfect here": underfits}
    else:
        given, right, why = (
            {"training loss": near, "validation loss": high},
            underfits,
            "Both have hardly fallen, and they are close together.",
        )
        other = {"training would be far lower than validation: here both are high": overfits}
    wrong = {
        **other,
        "a rate that is too high gives losses that jump or grow beyond where they began": "it diverges",
        "then both losses would be low and close together": "all is well",
    }
    return Asked(given, right, others=wrong, why=why)
