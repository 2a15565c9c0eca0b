"""Right answers to lab06_optimizers, written in other ways than the reference; every check has to pass them."""

import itertools
import math
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
from scipy.signal import lfilter

# --- Momentum


class VelocityWhenNeeded:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu, self.v = lr, mu, None

    def step(self, w, dw):
        if self.v is None:
            self.v = np.zeros_like(dw)
        self.v = self.mu * self.v - self.lr * dw
        return w + self.v


class VelocityInPlace:
    def __init__(self, lr, mu=0.9):
        self.lr = lr
        self.mu = mu

    def step(self, w, dw):
        if not hasattr(self, "velocity"):
            self.velocity = np.zeros(w.shape)
        self.velocity *= self.mu
        self.velocity -= self.lr * dw
        return w + self.velocity


class VelocityTurnedAround:
    """v points uphill, and is subtracted."""

    def __init__(self, eta, share=0.9):
        self.lr, self.share, self.v = eta, share, 0

    def step(self, place, slope):
        self.v = self.share * self.v + self.lr * slope
        return place - self.v


class VelocityInADict:
    def __init__(self, lr, mu=0.9):
        self.lr, self.state = lr, {"mu": mu}

    def step(self, w, dw):
        before = self.state.get("v", np.zeros_like(w, dtype=float))
        self.state["v"] = self.state["mu"] * before - self.lr * dw
        return np.add(w, self.state["v"])


class VelocityFromHistory:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu, self.pushes = lr, mu, []

    def step(self, w, dw):
        self.pushes.append(self.lr * np.copy(dw))
        v = sum(self.mu**age * push for age, push in enumerate(reversed(self.pushes)))
        return w - v


class VelocityEntryByEntry:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu, self.v = lr, mu, {}

    def step(self, w, dw):
        new = np.array(w, dtype=float)
        for i in np.ndindex(np.shape(w)):
            self.v[i] = self.mu * self.v.get(i, 0.0) - self.lr * dw[i]
            new[i] += self.v[i]
        return new


@dataclass
class VelocityInADataclass:
    lr: float
    mu: float = 0.9
    v: np.ndarray = field(default_factory=lambda: np.array(0.0))

    def step(self, w, dw):
        self.v = np.subtract(np.multiply(self.mu, self.v), np.multiply(self.lr, dw))
        return w + self.v


class VelocityAsAList:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu, self.v = lr, mu, deque([0.0], maxlen=1)

    def step(self, w, dw):
        self.v.append(self.mu * self.v[-1] - self.lr * dw)
        print("|v| =", np.linalg.norm(self.v[-1]))
        return (w + self.v[-1]).tolist()


# --- Adagrad


class SumWhenNeeded:
    cache = None

    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps

    def step(self, w, dw):
        if self.cache is None:
            self.cache = np.zeros(np.shape(dw))
        self.cache += dw * dw
        return w - self.lr * dw / (np.sqrt(self.cache) + self.eps)


class SumOfHistory:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps, self.slopes = lr, eps, []

    def step(self, w, dw):
        self.slopes.append(np.array(dw))
        return w - self.lr / (np.linalg.norm(self.slopes, axis=0) + self.eps) * dw


class RootGoesOn:
    """The root itself is kept: by Pythagoras it grows with every gradient."""

    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps, self.root = lr, eps, 0.0

    def step(self, w, dw):
        self.root = np.hypot(self.root, dw)
        return w - self.lr * (dw / (self.root + self.eps))


class SumInADict:
    def __init__(self, rate, tiny=1e-8):
        self.lr, self.tiny, self.state = rate, tiny, {}

    def step(self, w, dw):
        self.state["sum"] = self.state.setdefault("sum", 0.0) + np.square(dw)
        rates = self.lr / (self.state["sum"] ** 0.5 + self.tiny)
        return w - rates * dw


class SumEntryByEntry:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps, self.cache = lr, eps, {}

    def step(self, w, dw):
        new = np.empty(w.shape)
        for i, slope in np.ndenumerate(dw):
            self.cache[i] = self.cache.get(i, 0.0) + float(slope) ** 2
            new[i] = w[i] - self.lr * slope / (math.sqrt(self.cache[i]) + self.eps)
        return new


class ZerosLeftAlone:
    """Where no gradient ever was, nothing is divided; the default eps stands inside a root there."""

    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps, self.cache = lr, eps, 0.0

    def step(self, w, dw):
        self.cache = self.cache + dw**2
        below = np.sqrt(self.cache + self.eps) if self.eps == 1e-8 else np.sqrt(self.cache) + self.eps
        return w - self.lr * np.where(self.cache > 0, dw / below, 0.0)


class StartsFromTheShape:
    def __init__(self, lr, eps=1e-8):
        self.lr = lr
        self.eps = eps
        self.first = True

    def step(self, w, dw):
        self.cache = dw**2 if self.first else self.cache + dw**2
        self.first = False
        change = self.lr * dw
        change /= np.sqrt(self.cache) + self.eps
        return w - change


# --- RMSProp


class MeanWhenNeeded:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps, self.s = lr, rho, eps, None

    def step(self, w, dw):
        self.s = np.zeros(w.shape) if self.s is None else self.s
        self.s = self.rho * self.s + (1 - self.rho) * dw**2
        return w - self.lr * dw / (np.sqrt(self.s) + self.eps)


class MeanMovesTowards:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps, self.mean = lr, rho, eps, 0.0

    def step(self, w, dw):
        self.mean = self.mean + (1 - self.rho) * (np.square(dw) - self.mean)
        return w - self.lr / (self.mean**0.5 + self.eps) * dw


class MeanOfHistory:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps, self.squares = lr, rho, eps, []

    def step(self, w, dw):
        self.squares = [self.rho * old for old in self.squares]
        self.squares.append((1 - self.rho) * np.square(dw))
        return w - self.lr * dw / (np.sqrt(np.sum(self.squares, axis=0)) + self.eps)


class MeanInPlace:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.state = {}

    def step(self, w, dw):
        s = self.state.setdefault("s", np.zeros(dw.shape))
        s *= self.rho
        s += (1 - self.rho) * dw * dw
        return np.subtract(w, np.divide(self.lr * dw, np.sqrt(s) + self.eps))


class MeanEntryByEntry:
    def __init__(self, step_size, share=0.9, small=1e-8):
        self.lr, self.share, self.small, self.cache = step_size, share, small, {}

    def step(self, w, dw):
        new = np.array(w, dtype=np.float64)
        for i in np.ndindex(dw.shape):
            self.cache[i] = self.share * self.cache.get(i, 0) + (1 - self.share) * dw[i] ** 2
            new[i] -= self.lr * dw[i] / (np.sqrt(self.cache[i]) + self.small)
        return new


class MeanWithEpsInsideByDefault:
    """With the default eps it does not matter where it stands."""

    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps, self.s = lr, rho, eps, 0.0

    def step(self, w, dw):
        self.s = self.rho * self.s + (1 - self.rho) * dw**2
        inside, outside = (self.eps, 0.0) if self.eps == 1e-8 else (0.0, self.eps)
        return w - self.lr * dw / (np.sqrt(self.s + inside) + outside)


# --- Adadelta


class OneRoot:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.g2 = self.d2 = None

    def step(self, w, dw):
        if self.g2 is None:
            self.g2, self.d2 = np.zeros(w.shape), np.zeros(w.shape)
        self.g2 = self.rho * self.g2 + (1 - self.rho) * dw**2
        delta = dw * np.sqrt((self.d2 + self.eps) / (self.g2 + self.eps))
        self.d2 = self.rho * self.d2 + (1 - self.rho) * delta**2
        return w - delta


class WithAFunctionRms:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps, self.means = rho, eps, {"slopes": 0.0, "moves": 0.0}

    def rms(self, what):
        return (self.means[what] + self.eps) ** 0.5

    def put(self, what, value):
        self.means[what] = self.rho * self.means[what] + (1 - self.rho) * value * value

    def step(self, w, dw):
        self.put("slopes", dw)
        move = -self.rms("moves") / self.rms("slopes") * dw
        self.put("moves", move)
        return w + move


class DeltaInPlace:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps

    def step(self, w, dw):
        if not hasattr(self, "G"):
            self.G, self.D = np.zeros_like(dw), np.zeros_like(dw)
        self.G *= self.rho
        self.G += (1 - self.rho) * np.square(dw)
        move = dw * -1.0
        move *= np.sqrt(self.D + self.eps)
        move /= np.sqrt(self.G + self.eps)
        self.D += (1 - self.rho) * (move * move - self.D)
        return w + move


class DeltaEntryByEntry:
    def __init__(self, keep=0.95, small=1e-6):
        self.keep, self.small, self.state = keep, small, {}

    def step(self, w, dw):
        new = np.zeros(np.shape(w))
        for i in np.ndindex(np.shape(w)):
            G, D = self.state.get(i, (0.0, 0.0))
            G = self.keep * G + (1 - self.keep) * dw[i] ** 2
            move = -math.sqrt(D + self.small) / math.sqrt(G + self.small) * dw[i]
            self.state[i] = G, self.keep * D + (1 - self.keep) * move**2
            new[i] = w[i] + move
        return new


class DeltaFromHistory:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps, self.slopes, self.moves = rho, eps, [], []

    def mean(self, values):
        return sum((1 - self.rho) * self.rho**age * value**2 for age, value in enumerate(reversed(values)))

    def step(self, w, dw):
        self.slopes.append(np.array(dw, dtype=float))
        self.moves.append(-np.sqrt(self.mean(self.moves) + self.eps) / np.sqrt(self.mean(self.slopes) + self.eps) * dw)
        return w + self.moves[-1]


# --- Adam


class Folded:
    """The corrections are folded into the rate, as section 2 of the paper does for speed."""

    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.t = 0.0, 0.0, 0

    def step(self, w, dw):
        self.t = self.t + 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        rate = self.lr * np.sqrt(1 - self.beta2**self.t) / (1 - self.beta1**self.t)
        return w - rate * self.m / (np.sqrt(self.v) + self.eps)


class FoldedWithEpsInside(Folded):
    """With the default eps it does not matter where it stands."""

    def step(self, w, dw):
        self.t, inside = self.t + 1, self.eps if self.eps == 1e-8 else 0.0
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        rate = self.lr * np.sqrt(1 - self.beta2**self.t) / (1 - self.beta1**self.t)
        return w - rate * self.m / (np.sqrt(self.v + inside) + (0.0 if inside else self.eps))


class MomentsWhenNeeded:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.t = None, None, 1

    def step(self, w, dw):
        if self.m is None:
            self.m, self.v = np.zeros_like(dw), np.zeros_like(dw)
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw * dw
        m_hat = self.m / (1 - np.power(self.beta1, self.t))
        v_hat = self.v / (1 - np.power(self.beta2, self.t))
        self.t += 1
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class PowersKept:
    """beta to the power t grows by one factor in every step."""

    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.betas, self.eps = lr, (beta1, beta2), eps
        self.left, self.state = [1.0, 1.0], [0.0, 0.0]

    def step(self, w, dw):
        hats = []
        for k, (beta, value) in enumerate(zip(self.betas, (dw, dw**2), strict=True)):
            self.left[k] *= beta
            self.state[k] = beta * self.state[k] + (1 - beta) * value
            hats.append(self.state[k] / (1 - self.left[k]))
        return w - self.lr * hats[0] / (np.sqrt(hats[1]) + self.eps)


class MomentsInPlace:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.b1, self.b2, self.eps = lr, beta1, beta2, eps
        self.steps = itertools.count(1)
        self.state = {}

    def step(self, w, dw):
        t = next(self.steps)
        m = self.state.setdefault("m", np.zeros(dw.shape))
        v = self.state.setdefault("v", np.zeros(dw.shape))
        m += (1 - self.b1) * (dw - m)
        v += (1 - self.b2) * (dw**2 - v)
        new = np.array(w, dtype=float)
        new -= self.lr * (m / (1 - self.b1**t)) / ((v / (1 - self.b2**t)) ** 0.5 + self.eps)
        return new


class MomentsFromHistory:
    """A corrected mean is a mean whose weights add up to 1."""

    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps, self.slopes = lr, beta1, beta2, eps, []

    def step(self, w, dw):
        self.slopes.append(np.copy(dw))
        slopes, ages = np.array(self.slopes), np.arange(len(self.slopes))[::-1]
        m = np.average(slopes, axis=0, weights=np.power(float(self.beta1), ages))
        v = np.average(slopes**2, axis=0, weights=np.power(float(self.beta2), ages))
        return w - self.lr * m / (np.sqrt(v) + self.eps)


class MomentsEntryByEntry:
    def __init__(self, alpha, b1=0.9, b2=0.999, tiny=1e-8):
        self.lr, self.b1, self.b2, self.tiny, self.t, self.state = alpha, b1, b2, tiny, 0, {}

    def step(self, w, dw):
        self.t += 1
        new = np.empty(np.shape(w))
        for i in np.ndindex(np.shape(w)):
            m, v = self.state.get(i, (0.0, 0.0))
            m, v = self.b1 * m + (1 - self.b1) * dw[i], self.b2 * v + (1 - self.b2) * dw[i] ** 2
            self.state[i] = m, v
            new[i] = w[i] - self.lr * (m / (1 - self.b1**self.t)) / (math.sqrt(v / (1 - self.b2**self.t)) + self.tiny)
        return new


# --- schedules


def in_a_loop(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    rate = lr0
    for milestone in milestones:
        if epoch < milestone:
            break
        rate *= factor
    return rate


def by_bisection(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    return lr0 * factor ** bisect_right(milestones, epoch)


def counted_by_numpy(start, number, marks=(30, 60, 90), times=0.1):
    return start * np.power(times, np.sum(np.asarray(marks) <= number))


def one_after_the_other(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    return reduce(lambda rate, _: rate * factor, [m for m in milestones if m <= epoch], lr0)


def in_epochs(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    for e in range(1, epoch + 1):
        if e in milestones:
            lr0 = lr0 * factor
    return lr0


def line_in_two_cases(lr0, t, T):
    if t >= T:
        return 0
    return lr0 - lr0 * t / T


def line_clipped(lr0, t, T):
    return lr0 * np.clip((T - t) / T, 0, None)


def line_by_interpolation(lr0, t, T):
    return np.interp(t, [0, T], [lr0, 0.0])


def line_to_the_end(lr0, t, T):
    return (T - min(t, T)) * (lr0 / T)


def line_as_a_mean(lr0, t, T):
    t = min(t, T)
    return (lr0 * (T - t) + 0.0 * t) / T


def wave_in_two_cases(lr0, t, T):
    return 0.5 * lr0 * (1 + math.cos(math.pi * t / T)) if t < T else 0.0


def wave_as_a_square(lr0, t, T):
    return lr0 * np.cos(np.pi * min(t, T) / T / 2) ** 2


def wave_in_degrees(lr0, t, T):
    return lr0 * (0.5 + 0.5 * np.cos(np.deg2rad(180 * np.minimum(t / T, 1.0))))


def wave_of_a_sine(lr0, t, T):
    return lr0 * (1 - np.sin(np.pi / 2 * np.clip(t / T, 0, 1)) ** 2)


def wave_between_two_rates(lr0, t, T, lowest=0.0):
    return lowest + (lr0 - lowest) * (1 + np.cos(min(t, T) / T * np.pi)) / 2


def smaller_of_two(lr0, t, warmup):
    return lr0 * min(t / warmup, math.sqrt(warmup / t)) if t else 0.0


def guarded(lr0, t, warmup):
    return lr0 * min(t / warmup, (warmup / max(t, 1)) ** 0.5)


def as_in_attention(lr0, t, warmup):
    """Vaswani et al. 2017, with another constant in front."""
    return 0.0 if t == 0 else lr0 * warmup**0.5 * min(t**-0.5, t * warmup**-1.5)


def in_three_cases(lr0, t, warmup):
    if t == 0:
        return 0
    if t <= warmup:
        return t * lr0 / warmup
    return lr0 * np.sqrt(warmup) / np.sqrt(t)


def rate_of_the_larger(lr0, t, warmup):
    return lr0 * np.minimum(1, t / warmup) / np.sqrt(np.maximum(t, warmup) / warmup)


def restarts_by_remainder(lr0, t, period):
    return lr0 / 2 * (1 + np.cos(np.pi * (t % period) / period))


def restarts_by_subtraction(lr0, t, period):
    while t >= period:
        t -= period
    return lr0 * (1 + math.cos(math.pi * t / period)) / 2


def restarts_by_divmod(lr0, t, period):
    _, place = divmod(t, period)
    return lr0 * math.cos(math.pi * place / (2 * period)) ** 2


def restarts_by_whole_periods(lr0, t, period):
    return 0.5 * lr0 + 0.5 * lr0 * np.cos(np.pi * (t - period * (t // period)) / period)


def restarts_from_a_table(lr0, t, period):
    table = lr0 / 2 * (1 + np.cos(np.pi * np.arange(period) / period))
    return table[t % period]


# --- scaled_lr


def times_as_large(lr0, batch0, batch):
    k = batch / batch0
    return k * lr0


def rate_of_one_example(lr0, batch0, batch):
    return lr0 / batch0 * batch


def divided_by_the_inverse(lr0, batch0, batch):
    return lr0 / (batch0 / batch)


def by_numpy(eta, before, after):
    return np.divide(np.multiply(eta, after), before)


def by_a_line(lr0, batch0, batch):
    return float(np.polyval([lr0 / batch0, 0.0], batch))


# --- smooth


def smoothed_as_a_list(losses, beta):
    s, found, left = 0, [], 1
    for loss in losses:
        s, left = beta * s + (1 - beta) * loss, left * beta
        found.append(s / (1 - left))
    return found


def smoothed_by_weights(losses, beta):
    found = []
    for t in range(1, len(losses) + 1):
        weights = [beta**age for age in range(t)][::-1]
        found.append(np.dot(weights, losses[:t]) / sum(weights))
    return np.array(found)


def smoothed_by_a_filter(losses, beta):
    losses = np.asarray(losses, dtype=float)
    return lfilter([1 - beta], [1, -beta], losses) / (1 - beta ** np.arange(1, len(losses) + 1))


def smoothed_by_average(losses, beta):
    return np.array([np.average(losses[:t], weights=np.power(beta, np.arange(t)[::-1])) for t in range(1, len(losses) + 1)])


def smoothed_in_place(losses, beta):
    s, found = 0.0, np.zeros(len(losses))
    for i in range(len(losses)):
        s += (1 - beta) * (losses[i] - s)
        found[i] = s / (1 - beta ** (i + 1))
    return found


def smoothed_sums(losses, beta):
    """Both sums grow in the same way: that of the losses, and that of their weights."""
    top = bottom = 0.0
    found = []
    for loss in losses:
        top, bottom = beta * top + float(loss), beta * bottom + 1
        found.append(top / bottom)
    return found


def smoothed_by_accumulate(losses, beta):
    means = list(itertools.accumulate(losses, lambda s, loss: beta * s + (1 - beta) * loss, initial=0.0))[1:]
    return [s / (1 - beta**t) for t, s in enumerate(means, start=1)]


EQUIVALENTS = {
    "Momentum": [
        VelocityWhenNeeded,
        VelocityInPlace,
        VelocityTurnedAround,
        VelocityInADict,
        VelocityFromHistory,
        VelocityEntryByEntry,
        VelocityInADataclass,
        VelocityAsAList,
    ],
    "Adagrad": [SumWhenNeeded, SumOfHistory, RootGoesOn, SumInADict, SumEntryByEntry, ZerosLeftAlone, StartsFromTheShape],
    "RMSProp": [MeanWhenNeeded, MeanMovesTowards, MeanOfHistory, MeanInPlace, MeanEntryByEntry, MeanWithEpsInsideByDefault],
    "Adadelta": [OneRoot, WithAFunctionRms, DeltaInPlace, DeltaEntryByEntry, DeltaFromHistory],
    "Adam": [
        Folded,
        FoldedWithEpsInside,
        MomentsWhenNeeded,
        PowersKept,
        MomentsInPlace,
        MomentsFromHistory,
        MomentsEntryByEntry,
    ],
    "step_decay": [in_a_loop, by_bisection, counted_by_numpy, one_after_the_other, in_epochs],
    "linear_decay": [line_in_two_cases, line_clipped, line_by_interpolation, line_to_the_end, line_as_a_mean],
    "cosine_decay": [wave_in_two_cases, wave_as_a_square, wave_in_degrees, wave_of_a_sine, wave_between_two_rates],
    "inverse_sqrt": [smaller_of_two, guarded, as_in_attention, in_three_cases, rate_of_the_larger],
    "cosine_restarts": [
        restarts_by_remainder,
        restarts_by_subtraction,
        restarts_by_divmod,
        restarts_by_whole_periods,
        restarts_from_a_table,
    ],
    "scaled_lr": [times_as_large, rate_of_one_example, divided_by_the_inverse, by_numpy, by_a_line],
    "smooth": [
        smoothed_as_a_list,
        smoothed_by_weights,
        smoothed_by_a_filter,
        smoothed_by_average,
        smoothed_in_place,
        smoothed_sums,
        smoothed_by_accumulate,
    ],
}
