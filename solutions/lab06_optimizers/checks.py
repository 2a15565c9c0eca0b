"""What lab06_optimizers asks of each exercise. Probes only: the engine runs the reference beside the student.

An optimizer's faults are in what it keeps from step to step. So every walk takes three steps or more, with gradients that
differ, and all places on the way are compared. Gradients are at least 0.3 in size where eps is the default, so that it
does not matter there whether eps stands inside the root or outside.
"""

import numpy as np

from course_utils.checking import check


def slopes(rng, steps, *shape, least=0.3, most=2.0):
    """Gradients of some steps, of either sign, and none of them small."""
    return rng.uniform(least, most, size=(steps, *shape)) * rng.choice([-1, 1], size=(steps, *shape))


def start(rng, *shape):
    """A place to start from: no entry is near 0, none is like another."""
    return rng.uniform(1, 3, size=shape) * rng.choice([-1, 1], size=shape)


def place(found, shape):
    """A result as an array of floats, where it has the shape of w; else None."""
    if not isinstance(found, np.ndarray | np.number | float | int | list | tuple):
        return None
    try:
        found = np.array(found, dtype=float)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found.shape == shape else None


class Walk:
    """A walk with an optimizer: each step starts where the last one ended."""

    def __init__(self, optimizer, w):
        self.optimizer, self.w, self.found = optimizer, w, []

    def step(self, dw):
        """One step. A result that cannot be a place is kept, and the walk stays where it is."""
        found = self.optimizer.step(self.w, dw)
        here = place(found, self.w.shape)
        if here is not None and np.isfinite(here).all():
            self.w = here
        self.found.append(found)

    @property
    def places(self):
        """All results; None where no result came back."""
        return None if any(found is None for found in self.found) else self.found


def walked(optimizer, w, gradients, rates=()):
    """The places on a walk along some gradients; `rates` are the learning rates from the second step on, if they change."""
    walk = Walk(optimizer, w)
    for number, dw in enumerate(gradients):
        if rates and number:
            optimizer.lr = rates[number - 1]
        walk.step(dw)
    return walk.places


def new_rates(rng, number):
    """Learning rates that differ, up and down."""
    return (rng.permutation(np.linspace(0.02, 0.2, number)) + rng.uniform(0, 0.01)).tolist()


def in_turns(rng, *optimizers):
    """Two parameters of one shape, each with an optimizer of its own, which step in turns; the second has two steps more."""
    walks = [Walk(optimizer, start(rng, 3)) for optimizer in optimizers]
    for step in range(5):
        for walk in walks if step < 3 else walks[1:]:
            walk.step(slopes(rng, 1, 3)[0])
    return {"w of the first parameter": walks[0].places, "w of the second parameter": walks[1].places}


def shapes(rng, optimizer, other):
    """Walks of a matrix and of a single number."""
    return {
        "w of shape (2, 3)": walked(optimizer, start(rng, 2, 3), slopes(rng, 3, 2, 3)),
        # uphill all the way: also what adds up gradients with their signs then gets numbers, by which it is known
        "w of shape ()": walked(other, start(rng), [np.array(dw) for dw in np.abs(slopes(rng, 3))]),
    }


def from_whole_numbers(rng, optimizer):
    """A walk that starts from whole numbers."""
    return {"w after each step": walked(optimizer, rng.permutation(np.arange(-5, 6))[:4], slopes(rng, 3, 4))}


def some_zeros(rng, steps):
    """Gradients of three weights: the first is never 0, the second is at first, the third always."""
    gradients = slopes(rng, steps, 3)
    gradients[: steps // 2, 1] = gradients[:, 2] = 0
    return gradients


def fates(places, began):
    """Whether there were four steps, and whether the first two weights move and the third stays, all as numbers."""
    found = np.array([began, *places], dtype=float)
    as_it_should = (found != began).any(axis=0) == [True, True, False]
    return [len(places) == 4, *(np.isfinite(found).all(axis=0) & as_it_should).tolist()]


def with_large_eps(rng, make):
    """Two walks with an eps that shows, on which some weights have no slope."""
    began = start(rng, 3)
    walks = [walked(make(eps), began, some_zeros(rng, 4)) for eps in (0.5, 0.1)]
    proper = all(place(found, began.shape) is not None for found in walks[0] or [None])
    return {
        "w after each step with eps = 0.5": walks[0],
        "w after each step with eps = 0.1": walks[1],
        "four results; weight 0 moves, weight 1 moves, weight 2 stays, as numbers": fates(walks[0], began) if proper else walks[0],
    }


# --- Momentum


@check("Momentum", points=3)
def a_ball_rolls(Momentum, rng):
    """five steps of three weights, with mu = 0.7"""
    return {"w after each step": walked(Momentum(0.1, 0.7), start(rng, 3), slopes(rng, 5, 3))}


@check("Momentum", points=1)
def usual_mu(Momentum, rng):
    """mu left out"""
    return {"w after each step": walked(Momentum(0.05), start(rng, 3), slopes(rng, 4, 3))}


@check("Momentum", points=2)
def momentum_with_new_rates(Momentum, rng):
    """lr is changed after every step"""
    return {"w after each step": walked(Momentum(0.1, 0.8), start(rng, 3), slopes(rng, 5, 3), new_rates(rng, 4))}


@check("Momentum", points=1)
def two_balls(Momentum, rng):
    """two parameters in turns, each with an optimizer of its own"""
    return in_turns(rng, Momentum(0.1, 0.6), Momentum(0.03, 0.8))


@check("Momentum", points=1)
def momentum_of_any_shape(Momentum, rng):
    """a matrix, and a single number of shape ()"""
    return shapes(rng, Momentum(0.1, 0.7), Momentum(0.1, 0.7))


@check("Momentum", points=1)
def momentum_of_whole_numbers(Momentum, rng):
    """a w of whole numbers"""
    return from_whole_numbers(rng, Momentum(0.1, 0.7))


@check("Momentum", points=1, hidden=True)
def rolls_on(Momentum, rng):
    """where the ground is level, the ball rolls on; and w is put elsewhere between the steps"""
    other = Momentum(0.1, 0.7)
    return {
        "w after each step": walked(Momentum(0.1, 0.8), start(rng, 3), np.roll(some_zeros(rng, 8), 5, axis=0)),
        "w after steps from four places": [other.step(start(rng, 3), dw) for dw in slopes(rng, 4, 3)],
    }


# --- Adagrad


@check("Adagrad", points=3)
def a_rate_for_each_weight(Adagrad, rng):
    """five steps of three weights, one of them ten times as steep"""
    return {"w after each step": walked(Adagrad(0.2), start(rng, 3), slopes(rng, 5, 3) * [1, 10, 1])}


@check("Adagrad", points=2)
def adagrad_with_new_rates(Adagrad, rng):
    """lr is changed after every step"""
    return {"w after each step": walked(Adagrad(0.1), start(rng, 3), slopes(rng, 5, 3), new_rates(rng, 4))}


@check("Adagrad", points=1)
def eps_of_adagrad(Adagrad, rng):
    """eps stands outside the root, here 0.5 and 0.1; the third weight never has a slope, and stays"""
    return with_large_eps(rng, lambda eps: Adagrad(0.2, eps))


@check("Adagrad", points=1)
def two_of_adagrad(Adagrad, rng):
    """two parameters in turns, each with an optimizer of its own"""
    return in_turns(rng, Adagrad(0.1), Adagrad(0.3))


@check("Adagrad", points=1)
def adagrad_of_any_shape(Adagrad, rng):
    """a matrix, and a single number of shape ()"""
    return shapes(rng, Adagrad(0.2), Adagrad(0.2))


@check("Adagrad", points=1)
def adagrad_of_whole_numbers(Adagrad, rng):
    """a w of whole numbers"""
    return from_whole_numbers(rng, Adagrad(0.2))


@check("Adagrad", points=1, hidden=True)
def a_long_walk_of_adagrad(Adagrad, rng):
    """nine steps; one weight has no slope, another has none at first"""
    return {"w after each step": walked(Adagrad(0.3), start(rng, 3), some_zeros(rng, 9))}


# --- RMSProp


@check("RMSProp", points=3)
def forgets(RMSProp, rng):
    """five steps of three weights, one of them ten times as steep, with rho = 0.7"""
    return {"w after each step": walked(RMSProp(0.1, 0.7), start(rng, 3), slopes(rng, 5, 3) * [1, 10, 1])}


@check("RMSProp", points=1)
def usual_rho(RMSProp, rng):
    """rho left out"""
    return {"w after each step": walked(RMSProp(0.05), start(rng, 3), slopes(rng, 4, 3))}


@check("RMSProp", points=1)
def rmsprop_with_new_rates(RMSProp, rng):
    """lr is changed after every step"""
    return {"w after each step": walked(RMSProp(0.1, 0.8), start(rng, 3), slopes(rng, 5, 3), new_rates(rng, 4))}


@check("RMSProp", points=1)
def eps_of_rmsprop(RMSProp, rng):
    """eps stands outside the root, here 0.5 and 0.1; the third weight never has a slope, and stays"""
    return with_large_eps(rng, lambda eps: RMSProp(0.2, 0.8, eps))


@check("RMSProp", points=1)
def two_of_rmsprop(RMSProp, rng):
    """two parameters in turns, each with an optimizer of its own"""
    return in_turns(rng, RMSProp(0.1, 0.6), RMSProp(0.03, 0.8))


@check("RMSProp", points=1)
def rmsprop_of_any_shape(RMSProp, rng):
    """a matrix, and a single number of shape ()"""
    return shapes(rng, RMSProp(0.1, 0.7), RMSProp(0.1, 0.7))


@check("RMSProp", points=1)
def rmsprop_of_whole_numbers(RMSProp, rng):
    """a w of whole numbers"""
    return from_whole_numbers(rng, RMSProp(0.1, 0.7))


@check("RMSProp", points=1, hidden=True)
def a_long_walk_of_rmsprop(RMSProp, rng):
    """nine steps; one weight has no slope, another has none at first"""
    return {"w after each step": walked(RMSProp(0.05, 0.9), start(rng, 3), some_zeros(rng, 9))}


# --- Adadelta


@check("Adadelta", points=4)
def without_a_rate(Adadelta, rng):
    """five steps of three weights, one of them ten times as steep, with rho = 0.7 and eps = 0.01"""
    return {"w after each step": walked(Adadelta(0.7, 0.01), start(rng, 3), slopes(rng, 5, 3) * [1, 10, 1])}


@check("Adadelta", points=2)
def usual_rho_and_eps(Adadelta, rng):
    """rho and eps left out, from w = 0: the moves are small; then eps alone left out"""
    gradients = slopes(rng, 6, 3)
    return {
        "w after each step": walked(Adadelta(), np.zeros(3), gradients),
        "w after each step with rho = 0.6": walked(Adadelta(0.6), np.zeros(3), gradients),
    }


@check("Adadelta", points=2)
def eps_of_adadelta(Adadelta, rng):
    """eps stands inside both roots, here 0.5 and 0.1; the third weight never has a slope, and stays"""
    return with_large_eps(rng, lambda eps: Adadelta(0.8, eps))


@check("Adadelta", points=1)
def two_of_adadelta(Adadelta, rng):
    """two parameters in turns, each with an optimizer of its own"""
    return in_turns(rng, Adadelta(0.6, 0.01), Adadelta(0.8, 0.02))


@check("Adadelta", points=1)
def adadelta_of_any_shape(Adadelta, rng):
    """a matrix, and a single number of shape ()"""
    return shapes(rng, Adadelta(0.7, 0.01), Adadelta(0.7, 0.01))


@check("Adadelta", points=1)
def adadelta_of_whole_numbers(Adadelta, rng):
    """a w of whole numbers"""
    return from_whole_numbers(rng, Adadelta(0.7, 0.01))


@check("Adadelta", points=1, hidden=True)
def a_long_walk_of_adadelta(Adadelta, rng):
    """nine steps; one weight has no slope, another has none at first"""
    return {"w after each step": walked(Adadelta(0.9, 0.001), start(rng, 3), some_zeros(rng, 9))}


# --- Adam: with beta2 = 0 the second correction is 1, so that a rate into which the corrections are folded means the same eps


@check("Adam", points=2)
def the_first_step(Adam, rng):
    """the first step, along gradients from 2 to a million"""
    # v of the first step is a thousandth of the square: a smaller gradient would tell an eps inside the root from one outside
    gradients = rng.permutation([2.0, 5.0, 40.0, 4000.0, 1e6]) * rng.choice([-1, 1], size=5)
    # the name is that of longer walks: what agrees with a known mistake here alone is not yet the same mistake
    return {"w after each step": walked(Adam(rng.uniform(0.01, 0.05)), start(rng, 5), [gradients])}


@check("Adam", points=5)
def steps_after_the_first(Adam, rng):
    """five steps more of three weights, one of them ten times as steep, with beta1 = 0.7 and beta2 = 0.8"""
    places = walked(Adam(0.1, 0.7, 0.8), start(rng, 3), slopes(rng, 6, 3) * [1, 10, 1])
    return {"w after each step but the first": places and places[1:]}


@check("Adam", points=2)
def usual_betas(Adam, rng):
    """beta1 and beta2 left out"""
    return {"w after each step": walked(Adam(0.03), start(rng, 3), slopes(rng, 5, 3, least=3, most=20))}


@check("Adam", points=2)
def adam_with_new_rates(Adam, rng):
    """lr is changed after every step"""
    return {"w after each step": walked(Adam(0.1, 0.8, 0.9), start(rng, 3), slopes(rng, 5, 3), new_rates(rng, 4))}


@check("Adam", points=1)
def eps_of_adam(Adam, rng):
    """eps stands outside the root, here 0.5 and 0.1, with beta2 = 0; the third weight never has a slope, and stays"""
    return with_large_eps(rng, lambda eps: Adam(0.2, 0.6, 0.0, eps))


@check("Adam", points=1)
def two_of_adam(Adam, rng):
    """two parameters in turns, each with an optimizer of its own"""
    return in_turns(rng, Adam(0.1, 0.6, 0.7), Adam(0.03, 0.8, 0.9))


@check("Adam", points=1)
def adam_of_any_shape(Adam, rng):
    """a matrix, and a single number of shape ()"""
    return shapes(rng, Adam(0.1, 0.7, 0.8), Adam(0.1, 0.7, 0.8))


@check("Adam", points=1)
def adam_of_whole_numbers(Adam, rng):
    """a w of whole numbers"""
    return from_whole_numbers(rng, Adam(0.1, 0.7, 0.8))


@check("Adam", points=1, hidden=True)
def a_long_walk_of_adam(Adam, rng):
    """nine steps; one weight has no slope, another has none at first"""
    return {"w after each step": walked(Adam(0.05, 0.8, 0.9), start(rng, 3), some_zeros(rng, 9))}


# --- schedules


def rate(rng):
    """A learning rate to start from."""
    return round(rng.uniform(0.2, 0.9), 3)


@check("step_decay", points=2)
def usual_milestones(step_decay, rng):
    """milestones 30, 60 and 90, as usual: on the way, and right before, at and after each of them"""
    lr0 = rate(rng)
    return {
        "rate in epochs 0, 12, 45, 73 and 200": [step_decay(lr0, epoch) for epoch in (0, 12, 45, 73, 200)],
        "rate in epochs 29, 30, 31, 59, 60, 61, 89, 90, 91": [step_decay(lr0, epoch) for epoch in (29, 30, 31, 59, 60, 61, 89, 90, 91)],
    }


@check("step_decay", points=1)
def other_milestones(step_decay, rng):
    """milestones 2, 5, 7, 11 and factor 0.5; one milestone; none"""
    lr0 = rate(rng)
    return {
        "rate in epochs 0 to 13": [step_decay(lr0, epoch, (2, 5, 7, 11), 0.5) for epoch in range(14)],
        "rate in epochs 3 and 4 with the milestone 4, and in epoch 40 with none, there from 2 lr0": [
            *(step_decay(lr0, epoch, (4,), 0.3) for epoch in (3, 4)),
            step_decay(2 * lr0, 40, (), 0.3),
        ],
    }


@check("step_decay", points=1, hidden=True)
def usual_factor(step_decay, rng):
    """factor left out, milestones in a list"""
    lr0 = rate(rng)
    return {"rate in epochs 0 to 9": [step_decay(lr0, epoch, [3, 8]) for epoch in range(10)]}


@check("linear_decay", points=2)
def a_straight_line(linear_decay, rng):
    """on the way to T = 13"""
    lr0 = rate(rng)
    return {"rate at t = 0, 1, 3, 6, 10 and 12": [linear_decay(lr0, t, 13) for t in (0, 1, 3, 6, 10, 12)]}


@check("linear_decay", points=1)
def end_of_the_line(linear_decay, rng):
    """around T = 40, and long after"""
    lr0 = rate(rng)
    return {"rate at t = 39, 40, 41, 80 and 200": [linear_decay(lr0, t, 40) for t in (39, 40, 41, 80, 200)]}


@check("cosine_decay", points=2)
def half_a_wave(cosine_decay, rng):
    """on the way to T = 13"""
    lr0 = rate(rng)
    return {"rate at t = 0, 1, 3, 6, 10 and 12": [cosine_decay(lr0, t, 13) for t in (0, 1, 3, 6, 10, 12)]}


@check("cosine_decay", points=2)
def end_of_the_wave(cosine_decay, rng):
    """around T = 20, and long after"""
    lr0 = rate(rng)
    return {"rate at t = 15, 19, 20, 21, 30, 40 and 100": [cosine_decay(lr0, t, 20) for t in (15, 19, 20, 21, 30, 40, 100)]}


@check("inverse_sqrt", points=1)
def warming_up(inverse_sqrt, rng):
    """the way up, with a warm-up of 7 steps"""
    lr0 = rate(rng)
    return {"rate at t = 1, 2, 5, 6 and 7": [inverse_sqrt(lr0, t, 7) for t in (1, 2, 5, 6, 7)]}


@check("inverse_sqrt", points=2)
def after_the_warm_up(inverse_sqrt, rng):
    """the way down, after a warm-up of 7 steps"""
    lr0 = rate(rng)
    return {"rate at t = 7, 8, 11, 28, 63 and 1000": [inverse_sqrt(lr0, t, 7) for t in (7, 8, 11, 28, 63, 1000)]}


@check("inverse_sqrt", points=1)
def from_nothing(inverse_sqrt, rng):
    """the very beginning, with a warm-up of 10 steps"""
    lr0 = rate(rng)
    return {"rate at t = 0, 1 and 2": [inverse_sqrt(lr0, t, 10) for t in (0, 1, 2)]}


@check("inverse_sqrt", points=1, hidden=True)
def a_short_warm_up(inverse_sqrt, rng):
    """warm-ups of 1 and of 400 steps"""
    lr0 = rate(rng)
    return {
        "rate at t = 0, 1, 2, 9 with a warm-up of 1": [inverse_sqrt(lr0, t, 1) for t in (0, 1, 2, 9)],
        "rate at t = 100, 400, 1600 with a warm-up of 400": [inverse_sqrt(lr0, t, 400) for t in (100, 400, 1600)],
    }


@check("cosine_restarts", points=2)
def the_first_period(cosine_restarts, rng):
    """the first period, of 7 steps"""
    lr0 = rate(rng)
    return {"rate at t = 0 to 6": [cosine_restarts(lr0, t, 7) for t in range(7)]}


@check("cosine_restarts", points=3)
def later_periods(cosine_restarts, rng):
    """in later periods of 10 steps"""
    lr0 = rate(rng)
    return {"rate at t = 3, 12, 15, 24, 36, 47 and 129": [cosine_restarts(lr0, t, 10) for t in (3, 12, 15, 24, 36, 47, 129)]}


@check("cosine_restarts", points=2)
def around_a_restart(cosine_restarts, rng):
    """around restarts, with a period of 5 steps"""
    lr0 = rate(rng)
    return {
        "rate at t = 4, 5, 6, 9, 10, 11 and 50": [cosine_restarts(lr0, t, 5) for t in (4, 5, 6, 9, 10, 11, 50)],
        "rate at t = 10, from lr0, 2 lr0 and 3 lr0, and at t = 6": [
            *(cosine_restarts(times * lr0, 10, 5) for times in (1, 2, 3)),
            cosine_restarts(lr0, 6, 5),
        ],
    }


@check("cosine_restarts", points=1, hidden=True)
def other_periods(cosine_restarts, rng):
    """periods of 2 and of 23 steps"""
    lr0 = rate(rng)
    return {
        "rate at t = 0 to 5 with a period of 2": [cosine_restarts(lr0, t, 2) for t in range(6)],
        "rate at t = 22, 23, 40, 60 with a period of 23": [cosine_restarts(lr0, t, 23) for t in (22, 23, 40, 60)],
    }


# --- scaled_lr


@check("scaled_lr", points=2)
def larger_batches(scaled_lr, rng):
    """larger batches, from a rate that is good for 32"""
    lr0 = rate(rng)
    return {"rate for batches of 64, 96, 160 and 480": [scaled_lr(lr0, 32, batch) for batch in (64, 96, 160, 480)]}


@check("scaled_lr", points=2)
def smaller_batches(scaled_lr, rng):
    """smaller batches, and one of the same size, from a rate that is good for 64"""
    lr0 = rate(rng)
    return {"rate for batches of 1, 12, 32 and 64": [scaled_lr(lr0, 64, batch) for batch in (1, 12, 32, 64)]}


@check("scaled_lr", points=1)
def odd_sizes(scaled_lr, rng):
    """sizes of which none divides the other, each from another lr0"""
    lr0 = rate(rng)
    return {
        "rate for batches of 7, 15 and 100, from 11": [scaled_lr(lr0 * times, 11, batch) for times, batch in ((1, 7), (2, 15), (3, 100))]
    }


@check("scaled_lr", points=1, hidden=True)
def a_large_rate(scaled_lr, rng):
    """rates above 1, and batches of one"""
    lr0 = 3 + rate(rng)
    return {"rate for batches of 5 and 9, from 1": [scaled_lr(lr0, 1, batch) for batch in (5, 9)]}


# --- smooth


def noisy(rng, N):
    """Losses that fall, with noise, and that stay far from 0."""
    return 1 + 3 / np.sqrt(np.arange(1, N + 1)) + rng.uniform(0, 1, size=N)


@check("smooth", points=4)
def a_noisy_curve(smooth, rng):
    """eleven losses, beta = 0.8"""
    shown = smooth(noisy(rng, 11), 0.8)
    later = shown[1:] if isinstance(shown, np.ndarray | list | tuple) and np.ndim(shown) else shown
    return {"shown": shown, "shown after the first": later}


@check("smooth", points=3)
def more_or_less(smooth, rng):
    """little and much smoothing: beta = 0, 0.3 and 0.98"""
    losses = noisy(rng, 7)
    return {"shown, for each beta": [smooth(losses, beta) for beta in (0.0, 0.3, 0.98)]}


@check("smooth", points=2)
def the_beginning(smooth, rng):
    """two losses, and one alone: the first that is shown is the first loss"""
    losses = noisy(rng, 2)
    return {"shown of two losses": smooth(losses, 0.9), "shown of one loss": smooth(losses[:1], 0.7)}


@check("smooth", points=2)
def a_list_of_whole_numbers(smooth, rng):
    """whole numbers, in an array and in a list"""
    losses = rng.permutation(np.arange(1, 10))
    return {"shown, of an array": smooth(losses, 0.6), "shown, of a list": smooth(losses[::-1].tolist(), 0.6)}


@check("smooth", points=1, hidden=True)
def a_long_curve(smooth, rng):
    """two hundred losses"""
    return {"shown": smooth(noisy(rng, 200), 0.95)}
