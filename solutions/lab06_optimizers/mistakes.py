"""Wrong answers that students give to lab06_optimizers, each with the sentence that names it."""

import numpy as np

from course_utils.checking import mistake, solution


class Starts:
    """An optimizer that starts from nothing: whatever it keeps is 0 before the first step."""

    def start(self, *kept):
        for name in kept:
            setattr(self, name, 0.0)


class Shared:
    """An attribute that all instances of a class have together."""

    def __init__(self):
        self.value = 0.0

    def __get__(self, instance, owner):
        return self.value

    def __set__(self, instance, value):
        self.value = value


# --- Momentum


class Ball(Starts):
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.start("v")

    def step(self, w, dw):
        self.v = self.next(dw)
        return w + self.v

    def next(self, dw):
        """The velocity after a step."""
        return self.mu * self.v - self.lr * dw


@mistake("Momentum", "it rolls uphill: the gradient points uphill, so lr dw is subtracted")
class Uphill(Ball):
    def next(self, dw):
        return self.mu * self.v + self.lr * dw


@mistake("Momentum", "the old velocity is subtracted: it is kept in its direction, so mu v counts with a plus")
class Backwards(Ball):
    def next(self, dw):
        return -self.mu * self.v - self.lr * dw


@mistake("Momentum", "the gradient is multiplied by 1 − mu, as in a moving mean: here all of lr dw goes into v")
class BallMean(Ball):
    def next(self, dw):
        return self.mu * self.v - (1 - self.mu) * self.lr * dw


@mistake("Momentum", "lr is multiplied twice: it is inside v already, so w moves by v itself")
class RateTwice(Ball):
    def step(self, w, dw):
        self.v = self.next(dw)
        return w + self.lr * self.v


@mistake("Momentum", "lr is multiplied outside v, as in PyTorch: a new lr then changes the old steps in v too, and here each keeps its own")
class RateOutside(Ball):
    def step(self, w, dw):
        self.v = self.mu * self.v + dw
        return w - self.lr * self.v


@mistake("Momentum", "this is Nesterov's rule: w moves by mu v − lr dw once more, and here it moves by v alone")
class Nesterov(Ball):
    def step(self, w, dw):
        self.v = self.next(dw)
        return w + self.mu * self.v - self.lr * dw


@mistake("Momentum", "this is plain gradient descent: no velocity is left over from the step before")
class NoMemory(Ball):
    def next(self, dw):
        return -self.lr * dw


@mistake("Momentum", "w moves by the old velocity: first v gets its new value, then w moves")
class OldVelocity(Ball):
    def step(self, w, dw):
        old, self.v = self.v, self.next(dw)
        return w + old


@mistake("Momentum", "nothing slows the ball down: v is kept whole, without mu")
class NoFriction(Ball):
    def next(self, dw):
        return self.v - self.lr * dw


@mistake("Momentum", "mu is the share that is lost: it is meant to be the share that is left")
class ShareLost(Ball):
    def next(self, dw):
        return (1 - self.mu) * self.v - self.lr * dw


@mistake("Momentum", "mu also shrinks the newest lr dw: only the old velocity is multiplied by it")
class AllShrunk(Ball):
    def next(self, dw):
        return self.mu * (self.v - self.lr * dw)


@mistake("Momentum", "lr and mu are exchanged")
class RolesExchanged(Ball):
    def next(self, dw):
        return self.lr * self.v - self.mu * dw


@mistake("Momentum", "mu is always 0.9, whatever is given")
class FixedMu(Ball):
    def next(self, dw):
        return 0.9 * self.v - self.lr * dw


@mistake("Momentum", "the default of mu is not 0.9")
class OtherDefaultMu(Ball):
    def __init__(self, lr, mu=0.99):
        super().__init__(lr, mu)


@mistake("Momentum", "lr stays what it was at the start: read self.lr in every step")
class FirstRateOnly(Ball):
    def __init__(self, lr, mu=0.9):
        super().__init__(lr, mu)
        self.first = lr

    def next(self, dw):
        return self.mu * self.v - self.first * dw


@mistake("Momentum", "the velocity comes back, and not the new w")
class VelocityOnly(Ball):
    def step(self, w, dw):
        self.v = self.next(dw)
        return self.v


@mistake("Momentum", "two things come back, w and v: step returns the new w alone")
class BothComeBack(Ball):
    def step(self, w, dw):
        self.v = self.next(dw)
        return w + self.v, self.v


@mistake("Momentum", "w comes back as it was: the velocity is not added to it")
class BallNeverMoves(Ball):
    def step(self, w, dw):
        return +w


@mistake("Momentum", "v is −lr dw before the first step already: it has to be 0 there")
class StartsMoving(Ball):
    def next(self, dw):
        return super().next(dw) if np.ndim(self.v) or self.v != 0 else -(1 + self.mu) * self.lr * dw


@mistake("Momentum", "two optimizers share one velocity: it belongs to the instance, as self.v")
class SharedVelocity(Ball):
    v = Shared()


@mistake("Momentum", "all weights have one velocity, made of the mean of their gradients: each has its own")
class OneVelocity(Ball):
    def next(self, dw):
        return super().next(np.full(np.shape(dw), np.mean(dw)))


@mistake("Momentum", "fractions are cut off where w holds whole numbers")
class WholeBall(Ball):
    def step(self, w, dw):
        return super().step(w, dw).astype(np.asarray(w).dtype)


@mistake("Momentum", "the caller's w is changed: w += v works on the caller's array, w + v makes a new one")
class MovesTheCallersW(Ball):
    def step(self, w, dw):
        found = super().step(w, dw)
        if w.dtype.kind == "f":
            w[...] = found
        return found


@mistake("Momentum", "the caller's dw is changed: dw *= lr works on the caller's array, lr * dw makes a new one")
class ChangesTheCallersSlope(Ball):
    def step(self, w, dw):
        found = super().step(w, dw)
        dw *= self.lr
        return found


# --- Adagrad


class Sums(Starts):
    """Adagrad in parts: `grown` is the sum after a step, `by` the number that the step is divided by."""

    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.start("cache")

    def step(self, w, dw):
        self.cache = self.grown(dw)
        return w - self.lr * dw / self.by()

    def grown(self, dw):
        return self.cache + dw**2

    def by(self):
        return np.sqrt(self.cache) + self.eps


@mistake("Adagrad", "nothing is kept: only the newest gradient is squared, and each step is lr long")
class NewestOnly(Sums):
    def grown(self, dw):
        return dw**2


@mistake("Adagrad", "the sizes of the gradients are summed under the root: their squares belong there")
class SizesSummed(Sums):
    def grown(self, dw):
        return self.cache + np.abs(dw)


@mistake("Adagrad", "the gradients are summed with their signs, not squared: the root of a negative sum is no number")
class SignedSum(Sums):
    def grown(self, dw):
        return self.cache + dw

    def by(self):
        with np.errstate(invalid="ignore"):
            return super().by()


@mistake("Adagrad", "the sizes of the gradients are summed, without a root: sum the squares, and then take the root")
class SumOfSizes(Sums):
    def grown(self, dw):
        return self.cache + np.abs(dw)

    def by(self):
        return self.cache + self.eps


@mistake("Adagrad", "the gradients are summed first and then squared: square each of them first")
class SquareOfTheSum(Sums):
    def __init__(self, lr, eps=1e-8):
        super().__init__(lr, eps)
        self.start("total")

    def grown(self, dw):
        self.total = self.total + dw
        return self.total**2


@mistake("Adagrad", "old squares fade, as in RMSProp: here every square is kept whole")
class Fades(Sums):
    def grown(self, dw):
        return 0.9 * self.cache + 0.1 * dw**2


@mistake("Adagrad", "this is the root of the mean of the squares: Adagrad takes their sum")
class MeanOfSquares(Sums):
    def __init__(self, lr, eps=1e-8):
        super().__init__(lr, eps)
        self.t = 0

    def by(self):
        self.t += 1
        return np.sqrt(self.cache / self.t) + self.eps


@mistake("Adagrad", "the root is not taken: the step is divided by the sum of the squares")
class AdagradWithoutRoot(Sums):
    def by(self):
        return self.cache + self.eps


@mistake("Adagrad", "the root is multiplied: a steep weight has to get shorter steps, so divide by it")
class RootMultiplied(Sums):
    def by(self):
        return 1 / np.sqrt(self.cache + 1e-300)


@mistake("Adagrad", "the newest square comes too late: the sum grows first, then the step is taken")
class SumTooLate(Sums):
    def step(self, w, dw):
        step = self.lr * dw / self.by()
        self.cache = self.grown(dw)
        return w - step


@mistake("Adagrad", "all weights share one sum: each has its own")
class OneSum(Sums):
    def grown(self, dw):
        return self.cache + np.sum(dw**2)


@mistake("Adagrad", "eps is inside the root: it stands outside")
class AdagradEpsInside(Sums):
    def by(self):
        return np.sqrt(self.cache + self.eps)


@mistake("Adagrad", "eps is added in every step, into the sum: it stands outside the root, once")
class EpsInTheSum(Sums):
    def grown(self, dw):
        return self.cache + dw**2 + self.eps

    def by(self):
        return np.sqrt(self.cache)


@mistake("Adagrad", "eps is always 1e-8, whatever is given")
class AdagradFixedEps(Sums):
    def by(self):
        return np.sqrt(self.cache) + 1e-8


@mistake("Adagrad", "there is no eps: a weight without any slope gets 0/0")
class AdagradWithoutEps(Sums):
    def step(self, w, dw):
        self.cache = self.grown(dw)
        with np.errstate(invalid="ignore"):
            return w - self.lr * np.float64(dw) / np.sqrt(self.cache)


@mistake("Adagrad", "it walks uphill: the step is added, and not subtracted")
class AdagradUphill(Sums):
    def by(self):
        return -super().by()


@mistake("Adagrad", "the gradient is missing above the fraction bar: the step is lr dw, divided by the root")
class AdagradWithoutSlope(Sums):
    def step(self, w, dw):
        self.cache = self.grown(dw)
        return w - self.lr / self.by() * np.ones(np.shape(w))


@mistake("Adagrad", "only the sign of the gradient is used above the fraction bar: the step is lr dw, divided by the root")
class AdagradSigns(Sums):
    def step(self, w, dw):
        self.cache = self.grown(dw)
        return w - self.lr * np.sign(dw) / self.by()


@mistake("Adagrad", "this is plain gradient descent: nothing is divided by the root of the sum")
class AdagradPlain(Sums):
    def by(self):
        return 1.0


@mistake("Adagrad", "all weights get one rate, which shrinks with the root of the number of steps: slopes play no part")
class RootOfTime(Sums):
    t = 0

    def by(self):
        self.t = self.t + 1
        return np.sqrt(self.t)


@mistake("Adagrad", "lr stays what it was at the start: read self.lr in every step")
class AdagradFirstRate(Sums):
    def __init__(self, lr, eps=1e-8):
        super().__init__(lr, eps)
        self.first = lr

    def step(self, w, dw):
        self.lr = self.first
        return super().step(w, dw)


@mistake("Adagrad", "the rate shrinks for good: lr itself is divided in every step, so old roots count again and again")
class RateEatenUp(Sums):
    def step(self, w, dw):
        self.cache = self.grown(dw)
        self.lr = self.lr / self.by()
        return w - self.lr * dw


@mistake("Adagrad", "lr is squared along with the gradient: the sum is of dw², without lr")
class RateInTheSum(Sums):
    def grown(self, dw):
        return self.cache + (self.lr * dw) ** 2


@mistake("Adagrad", "the move comes back, and not the new w")
class AdagradMoveOnly(Sums):
    def step(self, w, dw):
        return super().step(0.0, dw)


@mistake("Adagrad", "w comes back as it was: no step is taken")
class AdagradNeverMoves(Sums):
    def step(self, w, dw):
        return +w


@mistake("Adagrad", "two optimizers share one sum: it belongs to the instance, as self.…")
class SharedSum(Sums):
    cache = Shared()


@mistake("Adagrad", "fractions are cut off where w holds whole numbers")
class WholeAdagrad(Sums):
    def step(self, w, dw):
        return super().step(w, dw).astype(np.asarray(w).dtype)


@mistake("Adagrad", "the caller's w is changed: w -= … works on the caller's array")
class AdagradMovesTheCallersW(Sums):
    def step(self, w, dw):
        found = super().step(w, dw)
        if w.dtype.kind == "f":
            w[...] = found
        return found


# --- RMSProp


class Means(Starts):
    """RMSProp in parts: `grown` is the mean after a step, `by` the number that the step is divided by."""

    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.start("cache")
        self.t = 0

    def step(self, w, dw):
        self.t += 1
        self.cache = self.grown(dw)
        return w - self.lr * dw / self.by()

    def grown(self, dw):
        return self.rho * self.cache + (1 - self.rho) * dw**2

    def by(self):
        return np.sqrt(self.cache) + self.eps


@mistake("RMSProp", "nothing is forgotten: this is the sum of the squares, as in Adagrad")
class NothingForgotten(Means):
    def grown(self, dw):
        return self.cache + dw**2


@mistake("RMSProp", "rho and 1 − rho are exchanged: rho is the share of the old mean")
class RhoExchanged(Means):
    def grown(self, dw):
        return (1 - self.rho) * self.cache + self.rho * dw**2


@mistake("RMSProp", "the newest square counts whole: it is multiplied by 1 − rho")
class NewestWhole(Means):
    def grown(self, dw):
        return self.rho * self.cache + dw**2


@mistake("RMSProp", "the old mean counts whole: it is multiplied by rho")
class OldWhole(Means):
    def grown(self, dw):
        return self.cache + (1 - self.rho) * dw**2


@mistake("RMSProp", "both the old mean and the newest square are multiplied by rho: the newest one gets 1 − rho")
class RhoTwice(Means):
    def grown(self, dw):
        return self.rho * self.cache + self.rho * dw**2


@mistake("RMSProp", "the old mean is left out: only the newest square is used")
class OldLeftOut(Means):
    def grown(self, dw):
        return (1 - self.rho) * dw**2


@mistake("RMSProp", "the gradients are not squared: this is a mean of their sizes, of which the root is taken")
class SizesAveraged(Means):
    def grown(self, dw):
        return self.rho * self.cache + (1 - self.rho) * np.abs(dw)


@mistake("RMSProp", "the gradients go into the mean with their signs, not squared: the root of a negative mean is no number")
class SignedMean(Means):
    def grown(self, dw):
        return self.rho * self.cache + (1 - self.rho) * dw

    def by(self):
        with np.errstate(invalid="ignore"):
            return super().by()


@mistake("RMSProp", "the root is not taken: the step is divided by the mean of the squares")
class RMSPropWithoutRoot(Means):
    def by(self):
        return self.cache + self.eps


@mistake("RMSProp", "the root is multiplied: a steep weight has to get shorter steps, so divide by it")
class MeanMultiplied(Means):
    def by(self):
        return 1 / np.sqrt(self.cache + 1e-300)


@mistake("RMSProp", "the newest square comes too late: the mean changes first, then the step is taken")
class MeanTooLate(Means):
    def step(self, w, dw):
        step = self.lr * dw / self.by()
        self.cache = self.grown(dw)
        return w - step


@mistake("RMSProp", "the mean is corrected for its start, as in Adam: RMSProp does not do that")
class Corrected(Means):
    def by(self):
        return np.sqrt(self.cache / (1 - self.rho**self.t)) + self.eps


@mistake("RMSProp", "the mean begins with the first square: it is 0 before the first step")
class BeginsWithASquare(Means):
    def grown(self, dw):
        return dw**2 if self.t == 1 else super().grown(dw)


@mistake("RMSProp", "the mean begins with 1: it is 0 before the first step")
class BeginsWithOne(Means):
    def __init__(self, lr, rho=0.9, eps=1e-8):
        super().__init__(lr, rho, eps)
        self.cache = 1.0


@mistake("RMSProp", "the square of a mean gradient is subtracted: that is another variant, the centred one")
class Centred(Means):
    def __init__(self, lr, rho=0.9, eps=1e-8):
        super().__init__(lr, rho, eps)
        self.start("mean")

    def step(self, w, dw):
        self.mean = self.rho * self.mean + (1 - self.rho) * dw
        return super().step(w, dw)

    def by(self):
        return np.sqrt(np.maximum(self.cache - self.mean**2, 0)) + self.eps


@mistake("RMSProp", "a mean of the gradients stands above the fraction bar, as in Adam: here it is the newest gradient")
class MeanAbove(Means):
    def __init__(self, lr, rho=0.9, eps=1e-8):
        super().__init__(lr, rho, eps)
        self.start("mean")

    def step(self, w, dw):
        self.mean = self.rho * self.mean + (1 - self.rho) * dw
        self.cache = self.grown(dw)
        return w - self.lr * self.mean / (np.sqrt(self.cache) + self.eps)


@mistake("RMSProp", "all weights share one mean: each has its own")
class OneMean(Means):
    def grown(self, dw):
        return self.rho * self.cache + (1 - self.rho) * np.mean(dw**2)


@mistake("RMSProp", "eps is inside the root: it stands outside")
class RMSPropEpsInside(Means):
    def by(self):
        return np.sqrt(self.cache + self.eps)


@mistake("RMSProp", "eps is always 1e-8, whatever is given")
class RMSPropFixedEps(Means):
    def by(self):
        return np.sqrt(self.cache) + 1e-8


@mistake("RMSProp", "there is no eps: a weight without any slope gets 0/0")
class RMSPropWithoutEps(Means):
    def step(self, w, dw):
        self.cache = self.grown(dw)
        with np.errstate(invalid="ignore"):
            return w - self.lr * np.float64(dw) / np.sqrt(self.cache)


@mistake("RMSProp", "rho is always 0.9, whatever is given")
class FixedRho(Means):
    def grown(self, dw):
        return 0.9 * self.cache + 0.1 * dw**2


@mistake("RMSProp", "the default of rho is not 0.9")
class OtherDefaultRho(Means):
    def __init__(self, lr, rho=0.99, eps=1e-8):
        super().__init__(lr, rho, eps)


@mistake("RMSProp", "it walks uphill: the step is added, and not subtracted")
class RMSPropUphill(Means):
    def by(self):
        return -super().by()


@mistake("RMSProp", "lr stays what it was at the start: read self.lr in every step")
class RMSPropFirstRate(Means):
    def __init__(self, lr, rho=0.9, eps=1e-8):
        super().__init__(lr, rho, eps)
        self.first = lr

    def step(self, w, dw):
        self.lr = self.first
        return super().step(w, dw)


@mistake("RMSProp", "only the sign of the gradient is used above the fraction bar: the step is lr dw, divided by the root")
class RMSPropSigns(Means):
    def step(self, w, dw):
        super().step(w, dw)
        return w - self.lr * np.sign(dw) / self.by()


@mistake("RMSProp", "this is plain gradient descent: nothing is divided by the root of the mean")
class RMSPropPlain(Means):
    def by(self):
        return 1.0


@mistake("RMSProp", "the move comes back, and not the new w")
class RMSPropMoveOnly(Means):
    def step(self, w, dw):
        return super().step(0.0, dw)


@mistake("RMSProp", "w comes back as it was: no step is taken")
class RMSPropNeverMoves(Means):
    def step(self, w, dw):
        return +w


@mistake("RMSProp", "two optimizers share one mean: it belongs to the instance, as self.…")
class SharedMean(Means):
    cache = Shared()


@mistake("RMSProp", "fractions are cut off where w holds whole numbers")
class WholeRMSProp(Means):
    def step(self, w, dw):
        return super().step(w, dw).astype(np.asarray(w).dtype)


@mistake("RMSProp", "the caller's w is changed: w -= … works on the caller's array")
class RMSPropMovesTheCallersW(Means):
    def step(self, w, dw):
        found = super().step(w, dw)
        if w.dtype.kind == "f":
            w[...] = found
        return found


# --- Adadelta


class Delta(Starts):
    """Adadelta in parts: `above` and `below` the fraction bar, `mean` for both means."""

    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.start("G", "D")

    def step(self, w, dw):
        self.G = self.mean(self.G, dw)
        move = self.move(dw)
        self.D = self.mean(self.D, move)
        return w + move

    def move(self, dw):
        return -self.above() / self.below() * dw

    def mean(self, old, new):
        return self.rho * old + (1 - self.rho) * new**2

    def above(self):
        return np.sqrt(self.D + self.eps)

    def below(self):
        return np.sqrt(self.G + self.eps)


@mistake("Adadelta", "D does not grow: the squared moves are never put into it")
class NoMoves(Delta):
    def above(self):
        return np.sqrt(self.eps)


@mistake("Adadelta", "each move is dw itself, for both means are always equal: G takes the newest square first, and is an array of its own")
class GTooLate(Delta):
    def step(self, w, dw):
        move = self.move(dw)
        self.G, self.D = self.mean(self.G, dw), self.mean(self.D, move)
        return w + move


@mistake("Adadelta", "D is changed too early: a move is made with the old D, and goes into D afterwards")
class DTooEarly(Delta):
    def step(self, w, dw):
        self.G = self.mean(self.G, dw)
        self.D = self.mean(self.D, self.move(dw))
        return w + self.move(dw)


@mistake("Adadelta", "squared gradients go into D as well: D is the mean of the squared moves")
class SlopesInD(Delta):
    def step(self, w, dw):
        self.G = self.mean(self.G, dw)
        move = self.move(dw)
        self.D = self.mean(self.D, dw)
        return w + move


@mistake("Adadelta", "the squared weights go into D: it is the mean of the squared moves")
class WeightsInD(Delta):
    def step(self, w, dw):
        self.G = self.mean(self.G, dw)
        move = self.move(dw)
        self.D = self.mean(self.D, w + move)
        return w + move


@mistake("Adadelta", "the fraction is upside down: the root with D belongs above the bar, the one with G below")
class UpsideDown(Delta):
    def move(self, dw):
        return -self.below() / self.above() * dw


@mistake("Adadelta", "the roots are not taken")
class AdadeltaWithoutRoots(Delta):
    def move(self, dw):
        return -(self.D + self.eps) / (self.G + self.eps) * dw


@mistake("Adadelta", "the root with D is not taken")
class WithoutRootAbove(Delta):
    def above(self):
        return self.D + self.eps


@mistake("Adadelta", "the root with G is not taken")
class WithoutRootBelow(Delta):
    def below(self):
        return self.G + self.eps


@mistake("Adadelta", "it walks uphill: the move has a minus")
class AdadeltaUphill(Delta):
    def move(self, dw):
        return -super().move(dw)


@mistake("Adadelta", "the moves go into D without being squared: their sizes do")
class SizesInD(Delta):
    def step(self, w, dw):
        self.G = self.mean(self.G, dw)
        move = self.move(dw)
        self.D = self.rho * self.D + (1 - self.rho) * np.abs(move)
        return w + move


@mistake("Adadelta", "the gradients go into G without being squared: their sizes do")
class SizesInG(Delta):
    def step(self, w, dw):
        self.G = self.rho * self.G + (1 - self.rho) * np.abs(dw)
        move = self.move(dw)
        self.D = self.mean(self.D, move)
        return w + move


@mistake("Adadelta", "the gradients go into G with their signs, not squared: the root of a negative G is no number")
class SignsInG(Delta):
    def step(self, w, dw):
        self.G = self.rho * self.G + (1 - self.rho) * dw
        with np.errstate(invalid="ignore"):
            move = self.move(dw)
        self.D = self.mean(self.D, move)
        return w + move


@mistake("Adadelta", "the moves go into D with their signs, not squared: the root of a negative D is no number")
class SignsInD(Delta):
    def step(self, w, dw):
        self.G = self.mean(self.G, dw)
        with np.errstate(invalid="ignore"):
            move = self.move(dw)
        self.D = self.rho * self.D + (1 - self.rho) * move
        return w + move


@mistake("Adadelta", "eps is outside the roots: here it stands inside both")
class AdadeltaEpsOutside(Delta):
    def above(self):
        return np.sqrt(self.D) + self.eps

    def below(self):
        return np.sqrt(self.G) + self.eps


@mistake("Adadelta", "eps is outside the root with D: here it stands inside both")
class EpsOutsideAbove(Delta):
    def above(self):
        return np.sqrt(self.D) + self.eps


@mistake("Adadelta", "eps is outside the root with G: here it stands inside both")
class EpsOutsideBelow(Delta):
    def below(self):
        return np.sqrt(self.G) + self.eps


@mistake("Adadelta", "there is no eps above the fraction bar: D is 0 at first, so no weight ever moves")
class EpsMissingAbove(Delta):
    def above(self):
        return np.sqrt(self.D)


@mistake("Adadelta", "eps is missing below the fraction bar: it stands inside both roots")
class EpsMissingBelow(Delta):
    def move(self, dw):
        with np.errstate(invalid="ignore", divide="ignore"):
            return -self.above() / np.sqrt(self.G) * dw


@mistake("Adadelta", "eps is always 1e-6, whatever is given")
class AdadeltaFixedEps(Delta):
    def __init__(self, rho=0.95, eps=1e-6):
        super().__init__(rho, 1e-6)


@mistake("Adadelta", "rho is always 0.95, whatever is given")
class AdadeltaFixedRho(Delta):
    def __init__(self, rho=0.95, eps=1e-6):
        super().__init__(0.95, eps)


@mistake("Adadelta", "the default of rho is 0.9, as in RMSProp: here it is 0.95")
class AdadeltaOtherRho(Delta):
    def __init__(self, rho=0.9, eps=1e-6):
        super().__init__(rho, eps)


@mistake("Adadelta", "the default of eps is 1e-8, as in RMSProp: here it is 1e-6")
class AdadeltaOtherEps(Delta):
    def __init__(self, rho=0.95, eps=1e-8):
        super().__init__(rho, eps)


@mistake("Adadelta", "rho and 1 − rho are exchanged: rho is the share of the old mean")
class AdadeltaExchanged(Delta):
    def mean(self, old, new):
        return (1 - self.rho) * old + self.rho * new**2


@mistake("Adadelta", "the newest squares count whole: they are multiplied by 1 − rho")
class AdadeltaNewestWhole(Delta):
    def mean(self, old, new):
        return self.rho * old + new**2


@mistake("Adadelta", "nothing is forgotten: sums of the squares stand for their moving means")
class AdadeltaSums(Delta):
    def mean(self, old, new):
        return old + new**2


@mistake("Adadelta", "G is a sum, as in Adagrad: it is a moving mean")
class GIsASum(Delta):
    def step(self, w, dw):
        self.G = self.G + dw**2
        move = self.move(dw)
        self.D = self.mean(self.D, move)
        return w + move


@mistake("Adadelta", "D is a sum of the squared moves: it is their moving mean")
class DIsASum(Delta):
    def step(self, w, dw):
        self.G = self.mean(self.G, dw)
        move = self.move(dw)
        self.D = self.D + move**2
        return w + move


@mistake("Adadelta", "this is RMSProp with a learning rate of 1: no move counts for the next one's size")
class NoUnits(Delta):
    def move(self, dw):
        return -dw / self.below()


@mistake("Adadelta", "the move is not multiplied by the gradient: both roots only give its size")
class AdadeltaWithoutSlope(Delta):
    def move(self, dw):
        return -self.above() / self.below() * np.ones(np.shape(dw))


@mistake("Adadelta", "all weights share one G and one D: each has its own")
class OneForAll(Delta):
    def mean(self, old, new):
        return self.rho * old + (1 - self.rho) * np.mean(new**2)


@mistake("Adadelta", "the move comes back, and not the new w")
class AdadeltaMoveOnly(Delta):
    def step(self, w, dw):
        return super().step(0.0, dw)


@mistake("Adadelta", "two optimizers share G and D: they belong to the instance, as self.…")
class SharedMeans(Delta):
    G, D = Shared(), Shared()


@mistake("Adadelta", "fractions are cut off where w holds whole numbers")
class WholeAdadelta(Delta):
    def step(self, w, dw):
        return super().step(w, dw).astype(np.asarray(w).dtype)


@mistake("Adadelta", "the caller's w is changed: w += … works on the caller's array")
class AdadeltaMovesTheCallersW(Delta):
    def step(self, w, dw):
        found = super().step(w, dw)
        if w.dtype.kind == "f":
            w[...] = found
        return found


# --- Adam


class Moments(Starts):
    """Adam in parts: the two means, their corrections, and what the step is made of."""

    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.start("m", "v")
        self.t = 0

    def step(self, w, dw):
        self.t += 1
        self.m, self.v = self.first(dw), self.second(dw)
        with np.errstate(invalid="ignore", divide="ignore"):
            return w - self.lr * self.size(dw)

    def first(self, dw):
        return self.beta1 * self.m + (1 - self.beta1) * dw

    def second(self, dw):
        return self.beta2 * self.v + (1 - self.beta2) * dw**2

    def corrected(self):
        return self.m / self.start_of(self.beta1), self.v / self.start_of(self.beta2)

    def start_of(self, beta):
        return np.float64(1 - beta**self.t)

    def size(self, dw):
        m, v = self.corrected()
        return m / (np.sqrt(v) + self.eps)


@mistake("Adam", "neither mean is corrected for its start at 0")
class Uncorrected(Moments):
    def corrected(self):
        return self.m, self.v


@mistake("Adam", "only m is corrected for its start at 0: v has to be as well")
class OnlyFirstCorrected(Moments):
    def corrected(self):
        return super().corrected()[0], self.v


@mistake("Adam", "only v is corrected for its start at 0: m has to be as well")
class OnlySecondCorrected(Moments):
    def corrected(self):
        return self.m, super().corrected()[1]


@mistake("Adam", "t is 0 in the first step, so that it divides by 0: t is counted from 1")
class FromZero(Moments):
    def start_of(self, beta):
        return np.float64(1 - beta ** (self.t - 1))


@mistake("Adam", "t is 2 in the first step: it is counted from 1")
class FromTwo(Moments):
    def start_of(self, beta):
        return 1 - beta ** (self.t + 1)


@mistake("Adam", "t stays 0, so that every step divides by 0: it grows by 1 in every step")
class TimeNeverBegins(Moments):
    def start_of(self, beta):
        return np.float64(0)


@mistake("Adam", "every step is corrected as if it were the first: t is missing, or it does not grow")
class TimeStands(Moments):
    def start_of(self, beta):
        return 1 - beta


@mistake("Adam", "the corrected means are kept in the place of m and v: correct a copy in every step")
class CorrectedKept(Moments):
    def corrected(self):
        self.m, self.v = super().corrected()
        return self.m, self.v


@mistake("Adam", "beta1 and beta2 are exchanged: beta1 belongs to the mean of dw, beta2 to that of dw²")
class BetasExchanged(Moments):
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr, beta2, beta1, eps)


@mistake("Adam", "the corrections are exchanged: that of m is made of beta1, that of v of beta2")
class CorrectionsExchanged(Moments):
    def corrected(self):
        return self.m / self.start_of(self.beta2), self.v / self.start_of(self.beta1)


@mistake("Adam", "the correction of m is also used for v: that of v is made of beta2")
class FirstForBoth(Moments):
    def corrected(self):
        return self.m / self.start_of(self.beta1), self.v / self.start_of(self.beta1)


@mistake("Adam", "the correction of v is also used for m: that of m is made of beta1")
class SecondForBoth(Moments):
    def corrected(self):
        return self.m / self.start_of(self.beta2), self.v / self.start_of(self.beta2)


@mistake("Adam", "beta · t stands where beta to the power t belongs")
class TimesT(Moments):
    def start_of(self, beta):
        return np.float64(1 - beta * self.t)

    def corrected(self):
        m, v = super().corrected()
        return m, np.where(v < 0, np.nan, v)


@mistake("Adam", "the means are multiplied by their corrections: divide by them, as the means are too small at first")
class CorrectionMultiplied(Moments):
    def corrected(self):
        return self.m * self.start_of(self.beta1), self.v * self.start_of(self.beta2)


@mistake("Adam", "the root is not taken: the step is divided by the corrected v itself")
class AdamWithoutRoot(Moments):
    def size(self, dw):
        m, v = self.corrected()
        return m / (v + self.eps)


@mistake("Adam", "it walks uphill: the step is added, and not subtracted")
class AdamUphill(Moments):
    def size(self, dw):
        return -super().size(dw)


@mistake("Adam", "the newest gradient stands above the fraction bar: the corrected m belongs there")
class NewestAbove(Moments):
    def size(self, dw):
        _, v = self.corrected()
        return dw / (np.sqrt(v) + self.eps)


@mistake("Adam", "v is not used: the step is lr times the corrected m")
class WithoutSecond(Moments):
    def size(self, dw):
        return self.corrected()[0]


@mistake("Adam", "v is made of the squares of m: it is the mean of dw²")
class SquareOfFirst(Moments):
    def second(self, dw):
        return self.beta2 * self.v + (1 - self.beta2) * self.m**2

    def step(self, w, dw):
        self.t += 1
        self.m = self.first(dw)
        self.v = self.second(dw)
        return w - self.lr * self.size(dw)


@mistake("Adam", "the gradients go into v without being squared: their sizes do")
class SizesInV(Moments):
    def second(self, dw):
        return self.beta2 * self.v + (1 - self.beta2) * np.abs(dw)


@mistake("Adam", "the gradients go into v with their signs, not squared: the root of a negative v is no number")
class SignsInV(Moments):
    def second(self, dw):
        return self.beta2 * self.v + (1 - self.beta2) * dw


@mistake("Adam", "the root of v is divided by the correction: correct v first, and then take the root")
class CorrectedAfterTheRoot(Moments):
    def size(self, dw):
        return self.m / self.start_of(self.beta1) / (np.sqrt(self.v) / self.start_of(self.beta2) + self.eps)


@mistake("Adam", "the newest gradient goes into m whole: it is multiplied by 1 − beta1")
class FirstWhole(Moments):
    def first(self, dw):
        return self.beta1 * self.m + dw


@mistake("Adam", "the newest square goes into v whole: it is multiplied by 1 − beta2")
class SecondWhole(Moments):
    def second(self, dw):
        return self.beta2 * self.v + dw**2


@mistake("Adam", "in m, beta1 and 1 − beta1 are exchanged: beta1 is the share of the old m")
class FirstShares(Moments):
    def first(self, dw):
        return (1 - self.beta1) * self.m + self.beta1 * dw


@mistake("Adam", "in v, beta2 and 1 − beta2 are exchanged: beta2 is the share of the old v")
class SecondShares(Moments):
    def second(self, dw):
        return (1 - self.beta2) * self.v + self.beta2 * dw**2


@mistake("Adam", "nothing is kept: every step is lr long, against the sign of the newest gradient")
class SignsOnly(Moments):
    def size(self, dw):
        return dw / (np.abs(dw) + self.eps)


@mistake("Adam", "v never falls: this is AMSGrad, which keeps the largest v")
class NeverFalls(Moments):
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr, beta1, beta2, eps)
        self.start("largest")

    def corrected(self):
        m, v = super().corrected()
        self.largest = np.maximum(self.largest, v)
        return m, self.largest


@mistake("Adam", "v keeps the largest gradient: this is AdaMax, and Adam has the mean of the squares")
class LargestSlope(Moments):
    def second(self, dw):
        return np.maximum(self.beta2 * self.v, np.abs(dw))

    def size(self, dw):
        return self.m / self.start_of(self.beta1) / (self.v + self.eps)


@mistake("Adam", "m looks one step ahead: this is Nadam")
class LooksAhead(Moments):
    def size(self, dw):
        m, v = self.corrected()
        ahead = self.beta1 * m + (1 - self.beta1) * dw / self.start_of(self.beta1)
        return ahead / (np.sqrt(v) + self.eps)


@mistake("Adam", "the newest gradient comes too late: the means change first, then the step is taken")
class AdamTooLate(Moments):
    def step(self, w, dw):
        self.t += 1
        with np.errstate(invalid="ignore", divide="ignore"):
            found = w - self.lr * self.size(dw) * np.ones(np.shape(dw))
        self.m, self.v = self.first(dw), self.second(dw)
        return found


@mistake("Adam", "all weights share one v: each has its own")
class OneSecond(Moments):
    def second(self, dw):
        return self.beta2 * self.v + (1 - self.beta2) * np.mean(dw**2)


@mistake("Adam", "eps is inside the root: it stands outside")
class AdamEpsInside(Moments):
    def size(self, dw):
        m, v = self.corrected()
        return m / np.sqrt(v + self.eps)


@mistake("Adam", "eps is always 1e-8, whatever is given")
class AdamFixedEps(Moments):
    def size(self, dw):
        m, v = self.corrected()
        return m / (np.sqrt(v) + 1e-8)


@mistake("Adam", "there is no eps: a weight without any slope gets 0/0")
class AdamWithoutEps(Moments):
    def size(self, dw):
        m, v = self.corrected()
        return m / np.sqrt(v)


@mistake("Adam", "beta1 is always 0.9, whatever is given")
class FixedBeta1(Moments):
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr, 0.9, beta2, eps)


@mistake("Adam", "beta2 is always 0.999, whatever is given")
class FixedBeta2(Moments):
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr, beta1, 0.999, eps)


@mistake("Adam", "the default of beta2 is 0.99: here it is 0.999")
class OtherDefaultBeta2(Moments):
    def __init__(self, lr, beta1=0.9, beta2=0.99, eps=1e-8):
        super().__init__(lr, beta1, beta2, eps)


@mistake("Adam", "lr stays what it was at the start: read self.lr in every step")
class AdamFirstRate(Moments):
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr, beta1, beta2, eps)
        self.kept = lr

    def step(self, w, dw):
        self.lr = self.kept
        return super().step(w, dw)


@mistake("Adam", "lr shrinks with the root of t: it changes only when somebody sets it")
class RateShrinks(Moments):
    def size(self, dw):
        return super().size(dw) / np.sqrt(self.t)


@mistake("Adam", "the move comes back, and not the new w")
class AdamMoveOnly(Moments):
    def step(self, w, dw):
        return super().step(0.0, dw)


@mistake("Adam", "w comes back as it was: no step is taken")
class AdamNeverMoves(Moments):
    def step(self, w, dw):
        return +w


@mistake("Adam", "two optimizers share m and v: they belong to the instance, as self.m and self.v")
class SharedMoments(Moments):
    m, v = Shared(), Shared()


@mistake("Adam", "two optimizers count their steps together: t belongs to the instance, as self.t")
class SharedTime(Moments):
    t = Shared()


@mistake("Adam", "fractions are cut off where w holds whole numbers")
class WholeAdam(Moments):
    def step(self, w, dw):
        return super().step(w, dw).astype(np.asarray(w).dtype)


@mistake("Adam", "the caller's w is changed: w -= … works on the caller's array")
class AdamMovesTheCallersW(Moments):
    def step(self, w, dw):
        found = super().step(w, dw)
        if w.dtype.kind == "f":
            w[...] = found
        return found


# --- step_decay


USUAL = (30, 60, 90)


def reached(epoch, milestones):
    return sum(epoch >= milestone for milestone in milestones)


@mistake("step_decay", "the factor comes one epoch late: it applies from epoch = milestone on")
def one_epoch_late(lr0, epoch, milestones=USUAL, factor=0.1):
    return solution.step_decay(lr0, epoch - 1, milestones, factor)


@mistake("step_decay", "the factor comes one epoch early: it applies from epoch = milestone on")
def one_epoch_early(lr0, epoch, milestones=USUAL, factor=0.1):
    return solution.step_decay(lr0, epoch + 1, milestones, factor)


@mistake("step_decay", "the factor is applied once, however many milestones are reached: each of them counts")
def only_once(lr0, epoch, milestones=USUAL, factor=0.1):
    return lr0 * factor if reached(epoch, milestones) else lr0


@mistake("step_decay", "the factor applies in the epoch of the milestone alone, and the rate goes back after it")
def back_again(lr0, epoch, milestones=USUAL, factor=0.1):
    return lr0 * factor if epoch in milestones else lr0


@mistake("step_decay", "the factor is applied again in every epoch: it applies once for each milestone")
def every_epoch(lr0, epoch, milestones=USUAL, factor=0.1):
    return lr0 * factor**epoch


@mistake("step_decay", "the factor is multiplied by the number of milestones: it is applied that many times, as a power")
def times_the_number(lr0, epoch, milestones=USUAL, factor=0.1):
    number = reached(epoch, milestones)
    return lr0 * factor * number if number else lr0


@mistake("step_decay", "the factor is applied the other way round: the rate grows instead of shrinking")
def divided_by_factor(lr0, epoch, milestones=USUAL, factor=0.1):
    return lr0 / factor ** reached(epoch, milestones)


@mistake("step_decay", "the milestones that lie ahead are counted, not those that are reached")
def those_ahead(lr0, epoch, milestones=USUAL, factor=0.1):
    return lr0 * factor ** (len(milestones) - reached(epoch, milestones))


@mistake("step_decay", "the last milestone is left out")
def last_left_out(lr0, epoch, milestones=USUAL, factor=0.1):
    return solution.step_decay(lr0, epoch, milestones[:-1], factor)


@mistake("step_decay", "the first milestone is left out")
def first_left_out(lr0, epoch, milestones=USUAL, factor=0.1):
    return solution.step_decay(lr0, epoch, milestones[1:], factor)


@mistake("step_decay", "milestones are ignored: the factor comes every 30 epochs, whatever is given")
def every_thirty(lr0, epoch, milestones=USUAL, factor=0.1):
    return lr0 * factor ** (epoch // 30)


@mistake("step_decay", "the milestones are always 30, 60 and 90, whatever is given")
def fixed_milestones(lr0, epoch, milestones=USUAL, factor=0.1):
    return solution.step_decay(lr0, epoch, USUAL, factor)


@mistake("step_decay", "the factor is always 0.1, whatever is given")
def fixed_factor(lr0, epoch, milestones=USUAL, factor=0.1):
    return solution.step_decay(lr0, epoch, milestones)


@mistake("step_decay", "the default of factor is 0.5: here it is 0.1")
def other_factor(lr0, epoch, milestones=USUAL, factor=0.5):
    return solution.step_decay(lr0, epoch, milestones, factor)


@mistake("step_decay", "this is the factor alone: it is not multiplied by lr0")
def factor_alone(lr0, epoch, milestones=USUAL, factor=0.1):
    return factor ** reached(epoch, milestones)


@mistake("step_decay", "the rate stays lr0")
def stays(lr0, epoch, milestones=USUAL, factor=0.1):
    return lr0


@mistake("step_decay", "the rate falls by the factor: it is subtracted, and should be multiplied")
def factor_subtracted(lr0, epoch, milestones=USUAL, factor=0.1):
    return lr0 - factor * reached(epoch, milestones)


# --- linear_decay and cosine_decay


def half_wave(lr0, share):
    return lr0 / 2 * (1 + np.cos(np.pi * share))


@mistake("linear_decay", "the rate is negative after T: it is 0 there")
def below_zero(lr0, t, T):
    return lr0 * (1 - t / T)


@mistake("linear_decay", "the rate grows again after T: it stays 0 there")
def grows_again(lr0, t, T):
    return lr0 * abs(1 - t / T)


@mistake("linear_decay", "the rate is lr0 again after T: it stays 0 there")
def whole_again(lr0, t, T):
    return lr0 * (1 - t / T) if t <= T else lr0


@mistake("linear_decay", "after T it begins anew: it stays 0 there")
def begins_anew(lr0, t, T):
    return lr0 * (1 - t % T / T)


@mistake("linear_decay", "the rate grows from 0: it falls from lr0")
def grows(lr0, t, T):
    return lr0 * min(t / T, 1)


@mistake("linear_decay", "t // T is a whole number: on the way the rate does not fall")
def whole_share(lr0, t, T):
    return lr0 * max(0, 1 - t // T)


@mistake("linear_decay", "it reaches 0 one step early, at T − 1")
def ends_early(lr0, t, T):
    return lr0 * max(0.0, 1 - t / (T - 1))


@mistake("linear_decay", "it reaches 0 one step late, at T + 1")
def ends_late(lr0, t, T):
    return lr0 * max(0.0, 1 - t / (T + 1))


@mistake("linear_decay", "it is one step ahead: at t = 0 the rate is lr0")
def a_step_ahead(lr0, t, T):
    return lr0 * max(0.0, 1 - (t + 1) / T)


@mistake("linear_decay", "lr0 is not multiplied: 1 − t/T is the share of it that is left")
def share_alone(lr0, t, T):
    return max(0.0, 1 - t / T)


@mistake("linear_decay", "t/T is subtracted from lr0 itself: multiply lr0 by the share that is left")
def share_subtracted(lr0, t, T):
    return max(0.0, lr0 - t / T)


@mistake("linear_decay", "this is lr0/(1 + t/T), a curve: the rate falls in a straight line")
def hyperbola(lr0, t, T):
    return lr0 / (1 + t / T)


@mistake("cosine_decay", "the rate grows again after T: it stays 0 there")
def wave_goes_on(lr0, t, T):
    return half_wave(lr0, t / T)


@mistake("cosine_decay", "after T it begins anew: it stays 0 there")
def wave_begins_anew(lr0, t, T):
    return half_wave(lr0, t % T / T)


@mistake("cosine_decay", "the rate is lr0 again after T: it stays 0 there")
def wave_whole_again(lr0, t, T):
    return half_wave(lr0, t / T) if t <= T else lr0


@mistake("cosine_decay", "the cosine alone goes down to −lr0: add 1, and take half")
def cosine_alone(lr0, t, T):
    return lr0 * np.cos(np.pi * min(t / T, 1))


@mistake("cosine_decay", "the half is missing: it starts at 2 lr0")
def without_half(lr0, t, T):
    return 2 * half_wave(lr0, min(t / T, 1))


@mistake("cosine_decay", "it is half the cosine: without the 1 the rate starts at lr0/2, and becomes negative")
def half_cosine(lr0, t, T):
    return lr0 / 2 * np.cos(np.pi * min(t / T, 1))


@mistake("cosine_decay", "half of lr0 is left out of the sum: the 1 is not multiplied by it")
def one_added(lr0, t, T):
    return 1 + lr0 / 2 * np.cos(np.pi * min(t / T, 1))


@mistake("cosine_decay", "the angle goes only to π/2: at T it is π")
def quarter_wave(lr0, t, T):
    return half_wave(lr0, min(t / T, 1) / 2) if t <= T else 0.0


@mistake("cosine_decay", "this is a quarter of a wave, the cosine from 0 to π/2: it has to be half a wave, which ends flat")
def ends_steep(lr0, t, T):
    return lr0 * np.cos(np.pi / 2 * min(t / T, 1))


@mistake("cosine_decay", "the angle goes to 2π: the rate falls to 0 in the middle, and comes back")
def whole_wave(lr0, t, T):
    return half_wave(lr0, 2 * min(t / T, 1)) if t <= T else 0.0


@mistake("cosine_decay", "the angle is in degrees: NumPy's cosine takes π for half a wave, not 180")
def degrees(lr0, t, T):
    return lr0 / 2 * (1 + np.cos(180 * min(t / T, 1)))


@mistake("cosine_decay", "π is missing in the angle: it goes from 0 to π, not to 1")
def without_pi(lr0, t, T):
    return lr0 / 2 * (1 + np.cos(min(t / T, 1)))


@mistake("cosine_decay", "a sine stands for the cosine")
def sine(lr0, t, T):
    return lr0 / 2 * (1 + np.sin(np.pi * min(t / T, 1)))


@mistake("cosine_decay", "the cosine is subtracted from 1: the rate grows from 0")
def wave_grows(lr0, t, T):
    return lr0 - half_wave(lr0, min(t / T, 1))


@mistake("cosine_decay", "t // T is a whole number: on the way the rate does not fall")
def wave_of_whole_share(lr0, t, T):
    return half_wave(lr0, min(t // T, 1))


@mistake("cosine_decay", "it reaches 0 one step early, at T − 1")
def wave_ends_early(lr0, t, T):
    return half_wave(lr0, min(t / (T - 1), 1))


@mistake("cosine_decay", "this is the straight line of linear_decay")
def a_line(lr0, t, T):
    return solution.linear_decay(lr0, t, T)


# --- inverse_sqrt


def decayed(lr0, t, warmup):
    return lr0 * np.sqrt(warmup / t)


@mistake("inverse_sqrt", "there is no warm-up: the rate is lr0 from the beginning to t = warmup")
def no_warm_up(lr0, t, warmup):
    return decayed(lr0, max(t, warmup), warmup)


@mistake("inverse_sqrt", "the rate falls from the first step on: up to t = warmup it grows")
def falls_at_once(lr0, t, warmup):
    with np.errstate(divide="ignore"):
        return decayed(lr0, np.float64(t), warmup)


@mistake("inverse_sqrt", "at t = 0 the rate is lr0/warmup, as if steps were counted from 1: it is 0 there")
def counts_from_one(lr0, t, warmup):
    return solution.inverse_sqrt(lr0, t + 1, warmup) if t < warmup else decayed(lr0, t, warmup)


@mistake("inverse_sqrt", "all of it comes one step early, as if steps were counted from 1")
def all_one_early(lr0, t, warmup):
    return solution.inverse_sqrt(lr0, t + 1, warmup)


@mistake("inverse_sqrt", "after the warm-up the rate stays lr0: it falls there")
def then_stays(lr0, t, warmup):
    return lr0 * min(t / warmup, 1)


@mistake("inverse_sqrt", "the rate grows and grows: from t = warmup on it falls")
def grows_on(lr0, t, warmup):
    return lr0 * t / warmup


@mistake("inverse_sqrt", "the root is missing after the warm-up: it falls like warmup/t")
def without_root(lr0, t, warmup):
    return solution.inverse_sqrt(lr0, t, warmup) if t < warmup else lr0 * warmup / t


@mistake(
    "inverse_sqrt", "after t = warmup it is lr0 over the root of t: the fall has to begin at lr0, and warmup is missing under the root"
)
def jumps(lr0, t, warmup):
    return solution.inverse_sqrt(lr0, t, warmup) if t <= warmup else lr0 / np.sqrt(t)


@mistake(
    "inverse_sqrt", "from t = warmup on it is lr0 over the root of t: the fall has to begin at lr0, and warmup is missing under the root"
)
def jumps_at_warm_up(lr0, t, warmup):
    return solution.inverse_sqrt(lr0, t, warmup) if t < warmup else lr0 / np.sqrt(t)


@mistake("inverse_sqrt", "the steps since the warm-up stand under the root: it is the number of all steps")
def steps_since(lr0, t, warmup):
    return solution.inverse_sqrt(lr0, t, warmup) if t <= warmup else lr0 / np.sqrt(t - warmup)


@mistake("inverse_sqrt", "the warm-up grows with a root: it is a straight line")
def curved_warm_up(lr0, t, warmup):
    return lr0 * np.sqrt(t / warmup) if t < warmup else decayed(lr0, t, warmup)


@mistake("inverse_sqrt", "after the warm-up the fraction under the root is upside down: the rate grows")
def upside_down(lr0, t, warmup):
    return lr0 * t / warmup if t < warmup else lr0 * np.sqrt(t / warmup)


@mistake("inverse_sqrt", "the larger of the two rules is taken: it is the smaller")
def larger_rule(lr0, t, warmup):
    with np.errstate(divide="ignore"):
        return lr0 * max(t / warmup, np.sqrt(warmup / np.float64(t)))


@mistake("inverse_sqrt", "lr0 is missing as a factor")
def without_lr0(lr0, t, warmup):
    return solution.inverse_sqrt(1.0, t, warmup)


@mistake("inverse_sqrt", "the warm-up is not divided by its length: the rate grows by lr0 in every step")
def not_divided(lr0, t, warmup):
    return lr0 * t if t < warmup else decayed(lr0, t, warmup)


# --- cosine_restarts


@mistake("cosine_restarts", "there is no restart: after the first period the rate stays 0")
def no_restart(lr0, t, period):
    return half_wave(lr0, min(t / period, 1))


@mistake("cosine_restarts", "the wave comes back by itself: the cosine runs on, and the rate climbs in every second period")
def no_jump(lr0, t, period):
    return half_wave(lr0, t / period)


@mistake("cosine_restarts", "it restarts one step late: at t = period the rate is lr0 already")
def one_step_late(lr0, t, period):
    return half_wave(lr0, ((t - 1) % period + 1) / period) if t else lr0


@mistake("cosine_restarts", "it restarts once only: every period begins with lr0 again")
def restarts_once(lr0, t, period):
    return solution.cosine_decay(lr0, t - period if t >= period else t, period)


@mistake("cosine_restarts", "each period reaches 0 in its last step: there the rate is still a little above 0")
def reaches_zero(lr0, t, period):
    return half_wave(lr0, t % period / (period - 1))


@mistake("cosine_restarts", "a period has one step too many: it restarts at t = period, not at period + 1")
def longer_period(lr0, t, period):
    return half_wave(lr0, t % (period + 1) / period)


@mistake("cosine_restarts", "the number of the period, t // period, is taken for the place in it, t % period")
def number_of_the_period(lr0, t, period):
    return half_wave(lr0, t // period / period)


@mistake("cosine_restarts", "every period starts lower than the one before: each starts from lr0")
def lower_each_time(lr0, t, period):
    return half_wave(lr0, t % period / period) / 2 ** (t // period)


@mistake("cosine_restarts", "the periods get longer, each twice as long as the one before: all have one length")
def longer_each_time(lr0, t, period):
    while t >= period:
        t, period = t - period, 2 * period
    return half_wave(lr0, t / period)


@mistake("cosine_restarts", "it falls in a straight line in every period: it is half a wave of the cosine")
def sawtooth(lr0, t, period):
    return lr0 * (1 - t % period / period)


@mistake("cosine_restarts", "the cosine alone goes down to −lr0: add 1, and take half")
def restarts_of_the_cosine(lr0, t, period):
    return lr0 * np.cos(np.pi * (t % period) / period)


@mistake("cosine_restarts", "the half is missing: every period starts at 2 lr0")
def restarts_without_half(lr0, t, period):
    return 2 * half_wave(lr0, t % period / period)


@mistake("cosine_restarts", "in every period the rate falls to 0 and comes back: half a wave is wanted, not a whole one")
def whole_waves(lr0, t, period):
    return half_wave(lr0, 2 * t / period)


@mistake("cosine_restarts", "in every period the rate grows from 0 to lr0: it falls")
def grows_in_each(lr0, t, period):
    return lr0 - half_wave(lr0, t % period / period)


@mistake("cosine_restarts", "this is a quarter of a wave, the cosine from 0 to π/2: it has to be half a wave, which ends flat")
def quarter_waves(lr0, t, period):
    return lr0 * np.cos(np.pi / 2 * (t % period) / period)


@mistake("cosine_restarts", "the rate stays lr0")
def restarts_stay(lr0, t, period):
    return lr0


# --- scaled_lr


@mistake("scaled_lr", "the rule is turned around: a larger batch has to get a larger rate")
def turned_around(lr0, batch0, batch):
    return lr0 * batch0 / batch


@mistake("scaled_lr", "this is the rule of the root: by the linear rule, four times the batch gets four times the rate")
def root_rule(lr0, batch0, batch):
    return lr0 * np.sqrt(batch / batch0)


@mistake("scaled_lr", "the rate stays what it was")
def same_rate(lr0, batch0, batch):
    return lr0


@mistake("scaled_lr", "// is a division without fractions: the ratio of the batches is rounded down")
def whole_ratio(lr0, batch0, batch):
    return lr0 * (batch // batch0)


@mistake("scaled_lr", "// is a division without fractions: the rate itself is rounded down to a whole number")
def whole_rate(lr0, batch0, batch):
    return lr0 * batch // batch0


@mistake("scaled_lr", "it is not divided by batch0: what counts is how many times as large the batch is")
def not_by_batch0(lr0, batch0, batch):
    return lr0 * batch


@mistake("scaled_lr", "lr0 is missing as a factor: this is how many times as large the batch is")
def ratio_alone(lr0, batch0, batch):
    return batch / batch0


@mistake("scaled_lr", "the rate is divided by the batch: it is divided by batch0, and multiplied by batch")
def per_example(lr0, batch0, batch):
    return lr0 / batch


@mistake("scaled_lr", "the square of the ratio is taken")
def square_rule(lr0, batch0, batch):
    return lr0 * (batch / batch0) ** 2


@mistake("scaled_lr", "the rate never shrinks: a smaller batch gets a smaller one")
def never_smaller(lr0, batch0, batch):
    return lr0 * max(1.0, batch / batch0)


# --- smooth


def moving(losses, beta, s=0.0, new=None):
    """The moving mean after each loss."""
    found = []
    for loss in losses:
        s = beta * s + (1 - beta if new is None else new) * loss
        found.append(s)
    return np.array(found)


def starts(losses, beta):
    """The correction for each of the losses."""
    return 1 - beta ** np.arange(1, len(losses) + 1)


@mistake("smooth", "the mean is not corrected for its start at 0: the first values are too small")
def uncorrected(losses, beta):
    return moving(losses, beta)


@mistake("smooth", "s starts at the first loss: it starts at 0, and is corrected")
def starts_at_the_first(losses, beta):
    return moving(losses, beta, s=losses[0])


@mistake("smooth", "s starts at the first loss, and is corrected as well: it starts at 0")
def both_starts(losses, beta):
    return moving(losses, beta, s=losses[0]) / starts(losses, beta)


@mistake("smooth", "beta and 1 − beta are exchanged: beta is the share of the old s")
def shares_exchanged(losses, beta):
    s, found = 0.0, []
    for t, loss in enumerate(losses, start=1):
        s = (1 - beta) * s + beta * loss
        found.append(s / (1 - beta**t))
    return np.array(found)


@mistake("smooth", "beta and 1 − beta are exchanged all through, in the correction as well: beta is the share of the old s")
def exchanged_throughout(losses, beta):
    with np.errstate(invalid="ignore", divide="ignore"):
        return moving(losses, 1 - beta) / starts(losses, 1 - beta)


@mistake("smooth", "the newest loss counts whole: it is multiplied by 1 − beta")
def newest_whole(losses, beta):
    return moving(losses, beta, new=1.0) / starts(losses, beta)


@mistake("smooth", "losses are numbered from 0 in the correction, so that the first is divided by 0: count from 1")
def numbered_from_zero(losses, beta):
    s, found = 0.0, []
    for t, loss in enumerate(losses):
        s = beta * s + (1 - beta) * loss
        found.append(s / (1 - beta**t))
    return np.array(found)


@mistake("smooth", "losses are numbered from 2 in the correction: the first has number 1")
def numbered_from_two(losses, beta):
    return moving(losses, beta) / (1 - beta ** np.arange(2, len(losses) + 2))


@mistake("smooth", "every value is divided by 1 − beta: in the correction beta has the power t")
def without_power(losses, beta):
    return moving(losses, beta) / (1 - beta)


@mistake("smooth", "beta · t stands where beta to the power t belongs")
def beta_times_t(losses, beta):
    with np.errstate(divide="ignore"):
        return moving(losses, beta) / (1 - beta * np.arange(1, len(losses) + 1))


@mistake("smooth", "every value is divided by the last correction: each has its own")
def last_correction(losses, beta):
    return moving(losses, beta) / (1 - beta ** len(losses))


@mistake("smooth", "the values are multiplied by the correction: they are too small at first, so divide")
def multiplied(losses, beta):
    return moving(losses, beta) * starts(losses, beta)


@mistake("smooth", "the corrected value is kept in the place of s: the next s has to grow from the uncorrected one")
def corrected_kept(losses, beta):
    s, found = 0.0, []
    for t, loss in enumerate(losses, start=1):
        s = (beta * s + (1 - beta) * loss) / (1 - beta**t)
        found.append(s)
    return np.array(found)


@mistake("smooth", "this is the mean of all losses so far: older losses have to fade")
def mean_so_far(losses, beta):
    return np.cumsum(losses) / np.arange(1, len(losses) + 1)


@mistake("smooth", "each value is made of two losses only, the newest and the one before it: s carries all the older ones on")
def two_losses(losses, beta):
    losses = np.asarray(losses, dtype=float)
    before = np.concatenate([[0.0], losses[:-1]])
    return (beta * before + (1 - beta) * losses) / starts(losses, beta)


@mistake("smooth", "only the last value comes back: one is shown for every loss")
def last_only(losses, beta):
    return solution.smooth(losses, beta)[-1:]


@mistake("smooth", "one value too many comes back: the 0 before the first loss is not shown")
def zero_shown(losses, beta):
    return np.concatenate([[0.0], solution.smooth(losses, beta)])


@mistake("smooth", "the last loss is not shown")
def last_missing(losses, beta):
    return solution.smooth(losses, beta)[:-1]


@mistake("smooth", "the losses come back as they are")
def as_they_are(losses, beta):
    return np.array(losses, dtype=float)


@mistake("smooth", "fractions are cut off where the losses are whole numbers: the values were put into an array like theirs")
def whole_values(losses, beta):
    return np.asarray(solution.smooth(losses, beta)).astype(np.asarray(losses).dtype)


@mistake("smooth", "the caller's losses are changed: make a new array or list")
def overwritten(losses, beta):
    found = np.array(solution.smooth(losses, beta))
    if isinstance(losses, list) or losses.dtype.kind == "f":
        losses[:] = found
    return found
