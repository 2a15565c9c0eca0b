"""Questions about lab06_optimizers for `handgrad review`."""

import numpy as np

from course_utils.reviewing import Asked, question, small


def _walked(optimizer, w, slopes):
    for dw in slopes:
        w = optimizer.step(np.array([w], dtype=float), np.array([dw], dtype=float))[0]
    return float(w)


@question("Momentum", "In each step v becomes mu·v − lr·dw, and w moves by v.", places=3)
def two_steps_of_momentum(Momentum, rng):
    """Momentum as in this course, from w = 0, with v = 0 before.
    Where is w after these two gradients?"""
    lr, mu = float(rng.choice([0.1, 0.2])), float(rng.choice([0.5, 0.8, 0.9]))
    slopes = rng.permutation([1.0, 2.0, 3.0, -1.0, -2.0])[:2]
    return Asked({"lr": lr, "mu": mu, "gradients": slopes}, _walked(Momentum(lr, mu), 0.0, slopes), "w")


@question("Momentum", "A gradient that stays the same is added up as 1 + mu + mu² + …, which is 1/(1 − mu).", places=1)
def longest_step(Momentum, rng):
    """The gradient stays the same for a very long time.
    How many times as long as a step of plain gradient descent is a step of momentum in the end?"""
    mu = float(rng.choice([0.5, 0.75, 0.8, 0.9, 0.95]))
    optimizer, w, before = Momentum(1.0, mu), np.zeros(1), np.zeros(1)
    for _ in range(1000):
        before, w = w, optimizer.step(w, np.ones(1))
    wrong = {
        "the old velocities are added to the newest step, not taken from it": 1 - mu,
        "one old step is not enough: all the steps before still count": 1 + mu,
        "mu is what is left of the velocity, not how many steps count": 1 / mu,
    }
    return Asked({"mu": mu}, float((before - w)[0]), others=wrong)


@question("Adagrad", "The squares are added up, and the step is lr·dw divided by the root of their sum.", without=["SumTooLate"], places=3)
def second_step_of_adagrad(Adagrad, rng):
    """Adagrad, from w = 0.
    Where is w after these two gradients?"""
    lr = float(rng.choice([0.1, 0.5, 1.0]))
    slopes = np.array([[3.0, 4.0], [4.0, 3.0], [-3.0, 4.0], [5.0, 12.0], [-4.0, -3.0], [12.0, 5.0]][int(rng.integers(6))])
    return Asked({"lr": lr, "gradients": slopes}, _walked(Adagrad(lr), 0.0, slopes), "w")


@question(
    "RMSProp",
    "The mean of the squares is (1 − rho)·dw² after the first step, and lr·dw is divided by its root.",
    without=["FixedRho", "MeanTooLate"],
    places=3,
)
def first_step_of_rmsprop(RMSProp, rng):
    """RMSProp, from w = 0, with its mean at 0 before.
    Where is w after the first gradient?"""
    lr, rho, slope = float(rng.choice([0.1, 0.2])), float(rng.choice([0.75, 0.84, 0.96, 0.99])), float(rng.choice([-4, -2, 2, 3, 5]))
    return Asked({"lr": lr, "rho": rho, "gradient": slope}, _walked(RMSProp(lr, rho), 0.0, [slope]), "w")


@question("Adadelta", "G holds the squared gradients and D the squared moves; there is no learning rate, for D gives the moves their size.")
def state_of_adadelta(rng):
    """A layer is trained with an optimizer that keeps arrays of the layer's size.
    How many numbers do these arrays hold together?"""
    rows, columns = (int(size) for size in rng.permutation(np.arange(10, 90))[:2])
    kept = {"Momentum": 1, "Adagrad": 1, "RMSProp": 1, "Adadelta": 2, "Adam": 2}
    name = str(rng.choice(sorted(kept)))
    right = kept[name] * rows * columns
    wrong = {
        {1: "one array is kept, not two", 2: "two arrays are kept, not one"}[kept[name]]: (3 - kept[name]) * rows * columns,
        "each weight has its own: one number for each row is too few": kept[name] * rows,
        "it keeps no third array: the weights themselves are not among them": 3 * rows * columns,
    }
    given = {"W.shape": (rows, columns), "optimizer": name}
    reasons = {
        "Momentum": "a velocity for each weight",
        "Adagrad": "a sum of squares for each weight", "RMSProp": "a mean of squares for each weight",
        "Adadelta": "G and D, a number in each for each weight", "Adam": "m and v, a number in each for each weight",
    }  # fmt: skip
    return Asked(given, right, others=wrong, why=f"{name} keeps {reasons[name]}.")


@question(
    "Adam", "In the first step both means are corrected to dw and dw², so the step is lr long, against the sign of the gradient.", places=4
)
def first_step_of_adam(Adam, rng):
    """Adam with beta1 = 0.9 and beta2 = 0.999, from w = 0.
    Where is w after the first gradient?"""
    lr, slope = float(rng.choice([0.001, 0.01, 0.1])), float(rng.choice([-50, -4, -0.5, 0.5, 3, 40]))
    wrong = {
        "without the correction the first step is √10 times as long: (1 − 0.9)/√(1 − 0.999)": -np.sign(slope) * lr * 0.1 / np.sqrt(0.001),
        "the size of the gradient cancels: this is plain gradient descent": -lr * slope,
        "the step goes downhill, against the gradient": np.sign(slope) * lr,
    }
    return Asked({"lr": lr, "gradient": slope}, _walked(Adam(lr), 0.0, [slope]), others=wrong)


@question("Adam", "m is divided by 1 − beta1ᵗ, since it began at 0.", places=3)
def correction_of_a_mean(rng):
    """In Adam the mean m of the gradients began at 0. Now t steps are done.
    What is the corrected mean?"""
    beta1, t, m = float(rng.choice([0.5, 0.8, 0.9])), int(rng.integers(3, 5)), float(rng.choice([0.1, 0.2, 0.5, -0.3]))
    wrong = {
        "beta · t stands where beta to the power t belongs": m / (1 - beta1 * t),
        "the mean is multiplied by its correction: divide by it": m * (1 - beta1**t),
        "this is the correction of the first step: t has grown": m / (1 - beta1),
    }
    return Asked({"beta1": beta1, "t": t, "m": m}, m / (1 - beta1**t), others=wrong)


@question("step_decay", "The factor counts once for each milestone that is reached, from epoch = milestone on.", places=4)
def rate_after_milestones(step_decay, rng):
    """The rate is multiplied by a factor at each milestone.
    Which rate does `step_decay` give in this epoch?"""
    milestones = tuple(int(each) for each in np.sort(rng.permutation(np.arange(2, 9))[:3]) * 10)
    epoch, factor, lr0 = milestones[int(rng.integers(1, 3))], float(rng.choice([0.5, 0.2, 0.1])), float(rng.choice([1, 2, 0.8]))
    given = {"lr0": lr0, "milestones": milestones, "factor": factor, "epoch": epoch}
    return Asked(given, float(step_decay(lr0, epoch, milestones, factor)), "rate")


@question("cosine_decay", "It is lr0·(1 + cos(πt/T))/2: lr0 at the start, half of it in the middle, 0 at T.", places=4)
def rate_on_half_a_wave(cosine_decay, rng):
    """The rate falls along half a wave of the cosine, from lr0 to 0 at T. cos(π/4) is 0.707, cos(π/3) is 0.5.
    Which rate does `cosine_decay` give at t?"""
    share, T = [(1 / 4, 40), (1 / 3, 60), (2 / 3, 60), (3 / 4, 80), (1 / 3, 90), (1 / 4, 100)][int(rng.integers(6))]
    lr0 = float(rng.choice([0.1, 0.4, 1, 2]))
    return Asked({"lr0": lr0, "T": T, "t": round(share * T)}, float(cosine_decay(lr0, round(share * T), T)), "rate")


@question("linear_decay", "It falls in a straight line to 0 at T, and stays there.", places=3)
def rate_on_a_line(linear_decay, rng):
    """The rate falls in a straight line from lr0 to 0 at T.
    Which rate does `linear_decay` give at t?"""
    T, lr0 = int(rng.choice([20, 40, 50, 100])), float(rng.choice([0.2, 0.5, 1, 2]))
    t = int(T * float(rng.choice([0.1, 0.25, 0.3, 0.7])))
    return Asked({"lr0": lr0, "T": T, "t": t}, float(linear_decay(lr0, t, T)), "rate")


@question("inverse_sqrt", "Up to t = warmup it is lr0·t/warmup, from there on lr0·√(warmup/t).", places=4)
def rate_after_a_warm_up(inverse_sqrt, rng):
    """The rate grows to lr0 at t = warmup, and then falls with the root.
    Which rate does `inverse_sqrt` give at t?"""
    warmup, lr0 = int(rng.choice([100, 400, 1000])), float(rng.choice([0.01, 0.2, 1]))
    t = int(warmup * float(rng.choice([0.25, 0.5, 4, 9, 16])))
    return Asked({"lr0": lr0, "warmup": warmup, "t": t}, float(inverse_sqrt(lr0, t, warmup)), "rate")


@question("cosine_restarts", "Within each period only t % period counts, and at t = period the rate is lr0 again.", places=4)
def rate_after_a_restart(cosine_restarts, rng):
    """In each period the rate falls along half a wave of the cosine from lr0; then it begins anew. cos(π/3) is 0.5.
    Which rate does `cosine_restarts` give at t?"""
    period, lr0 = int(rng.choice([12, 30, 60])), float(rng.choice([0.1, 0.4, 2]))
    t = int(period * int(rng.integers(1, 4)) + period * int(rng.integers(0, 3)) / 3)
    return Asked({"lr0": lr0, "period": period, "t": t}, float(cosine_restarts(lr0, t, period)), "rate")


@question("scaled_lr", "By the linear rule the rate grows like the batch: lr0·batch/batch0.", places=4)
def rate_for_a_larger_batch(scaled_lr, rng):
    """A rate was good for one size of batch, and another size is wanted.
    Which rate does the linear rule give?"""
    batch0, factor = int(rng.choice([32, 64, 128])), float(rng.choice([0.5, 0.25, 2, 4, 8, 1.5]))
    lr0 = float(rng.choice([0.01, 0.1, 0.4]))
    return Asked({"lr0": lr0, "batch0": batch0, "batch": int(batch0 * factor)}, float(scaled_lr(lr0, batch0, int(batch0 * factor))), "rate")


@question(
    "smooth", "s becomes beta·s + (1 − beta)·loss, from s = 0; shown is s/(1 − betaᵗ), so the first value is the first loss.", places=3
)
def smoothed_losses(smooth, rng):
    """A noisy curve is smoothed with a moving mean that is corrected for its start at 0.
    Which values are shown?"""
    beta = float(rng.choice([0.5, 0.8, 0.9]))
    losses = small(rng, 3, least=1, most=9)
    return Asked({"losses": losses, "beta": beta}, np.asarray(smooth(losses, beta), dtype=float), "curve")
