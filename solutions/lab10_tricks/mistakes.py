"""Wrong answers that students give to lab10_tricks, each with the sentence that names it."""

import copy

import numpy as np

from course_utils.checking import mistake, solution

# --- sample_lr


@mistake("sample_lr", "nearly all rates lie in the highest decade: draw their exponents evenly, not the rates")
def even_rates(rng, low=1e-5, high=1.0):
    return rng.uniform(low, high)


@mistake("sample_lr", "e is raised to an exponent that belongs to 10: take one base for both")
def power_of_e(rng, low=1e-5, high=1.0):
    return np.exp(rng.uniform(np.log10(low), np.log10(high)))


@mistake("sample_lr", "10 is raised to an exponent that belongs to e: take one base for both")
def power_of_ten(rng, low=1e-5, high=1.0):
    return 10 ** rng.uniform(np.log(low), np.log(high))


@mistake("sample_lr", "2 is raised to an exponent that belongs to 10: take one base for both")
def power_of_two(rng, low=1e-5, high=1.0):
    return 2 ** rng.uniform(np.log10(low), np.log10(high))


@mistake("sample_lr", "low and high are not used: the rate always lies between 0.00001 and 1")
def fixed_bounds(rng, low=1e-5, high=1.0):
    return solution.sample_lr(rng)


@mistake("sample_lr", "high is not used: the rates always go up to 1")
def up_to_one(rng, low=1e-5, high=1.0):
    return 10 ** rng.uniform(min(0.0, np.log10(low)), max(0.0, np.log10(low)))


@mistake("sample_lr", "low is not used: the rates always begin at 0.00001")
def from_the_usual_low(rng, low=1e-5, high=1.0):
    return 10 ** rng.uniform(-5, np.log10(high))


@mistake("sample_lr", "the exponents are whole numbers: all that lies between two powers of 10 is never drawn")
def whole_exponents(rng, low=1e-5, high=1.0):
    return 10.0 ** rng.integers(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)


@mistake("sample_lr", "the exponents are whole numbers, and the highest never comes: all that lies between two powers of 10 is never drawn")
def whole_exponents_below(rng, low=1e-5, high=1.0):
    return 10.0 ** rng.integers(np.log10(low), np.log10(high))


@mistake("sample_lr", "the exponent comes back: the rate is 10 to the power of it")
def exponent_alone(rng, low=1e-5, high=1.0):
    return rng.uniform(np.log10(low), np.log10(high))


@mistake("sample_lr", "the sign of the exponent is lost: 10 to the power of −3 is 0.001, of 3 it is 1000")
def sign_lost(rng, low=1e-5, high=1.0):
    return 10 ** -rng.uniform(np.log10(low), np.log10(high))


@mistake("sample_lr", "a generator is made anew in each call, so the same rate comes back every time: draw from rng")
def begun_anew(rng, low=1e-5, high=1.0):
    return solution.sample_lr(np.random.default_rng(0), low, high)


@mistake("sample_lr", "rng is not used: the same seed has to give the same rate again")
def another_source(rng, low=1e-5, high=1.0):
    return solution.sample_lr(np.random.default_rng(), low, high)


@mistake("sample_lr", "nothing is drawn: it is always the middle of the exponents")
def always_the_middle(rng, low=1e-5, high=1.0):
    return np.sqrt(low * high)


@mistake("sample_lr", "the exponents are normal, not even: some rates lie far outside of the bounds")
def normal_exponents(rng, low=1e-5, high=1.0):
    a, b = np.log10(low), np.log10(high)
    return 10 ** rng.normal((a + b) / 2, (b - a) / 4)


@mistake("sample_lr", "it is the logarithm of an even draw: draw evenly between the logarithms, and go back with a power")
def logarithm_of_a_draw(rng, low=1e-5, high=1.0):
    return -np.log10(rng.uniform(low, high))


@mistake("sample_lr", "the square of an even draw: small rates come more often, but by no means each decade as often")
def squared_draw(rng, low=1e-5, high=1.0):
    return low + (high - low) * rng.uniform() ** 2


# --- random_search: in parts, each of which a mistake may change


class Search:
    """A right search, to be changed in one place. Whoever calls the class gets the results."""

    def __new__(cls, train, space, trials, rng):
        return super().__new__(cls).run(train, space, trials, rng)

    def run(self, train, space, trials, rng):
        tried = [self.draw_all(space, rng) for _ in range(self.count(trials))]
        return self.told([(self.score(train, params), params) for params in tried])

    def count(self, trials):
        return trials

    def draw_all(self, space, rng):
        return {name: self.draw(knob, rng) for name, knob in space.items()}

    def draw(self, knob, rng):
        return self.option(knob, rng) if isinstance(knob, list) else self.between(*knob, rng)

    def option(self, options, rng):
        return options[rng.integers(len(options))]

    def between(self, low, high, kind, rng):
        return solution.sample_lr(rng, low, high) if kind == "log" else rng.uniform(low, high)

    def score(self, train, params):
        return train(params)

    def told(self, found):
        return sorted(found, key=lambda pair: pair[0], reverse=True)


@mistake("random_search", "the worst comes first: higher is better, so sort downwards")
class WorstFirst(Search):
    def told(self, found):
        return super().told(found)[::-1]


@mistake("random_search", "the results are not sorted: they stand in the order of the trials")
class Unsorted(Search):
    def told(self, found):
        return found


@mistake("random_search", "the scores are sorted, but the params stay where they were: sort the pairs")
class ScoresSortedAlone(Search):
    def told(self, found):
        return list(zip(sorted((score for score, _ in found), reverse=True), (params for _, params in found), strict=True))


@mistake("random_search", "only the best pair comes back, in a list: all trials are wanted")
class BestAlone(Search):
    def told(self, found):
        return super().told(found)[:1]


@mistake("random_search", "the best is brought to the front, and the others stay unsorted")
class BestToTheFront(Search):
    def told(self, found):
        best = max(found, key=lambda pair: pair[0])
        return [best] + [pair for pair in found if pair is not best]


@mistake("random_search", "trials with equal scores are lost: a dict or set by score keeps one of them")
class TiesLost(Search):
    def told(self, found):
        return super().told(list(dict(found).items()))


@mistake("random_search", "the scores come back with the other sign: negate them for sorting only")
class OtherSign(Search):
    def told(self, found):
        return [(-score, params) for score, params in super().told(found)]


@mistake("random_search", "there is one trial too few")
class OneTooFew(Search):
    def count(self, trials):
        return max(1, trials - 1)


@mistake("random_search", "there is one trial too many")
class OneTooMany(Search):
    def count(self, trials):
        return trials + 1


@mistake("random_search", "every trial has the same params: draw inside of the loop over the trials")
class OneDraw(Search):
    def draw_all(self, space, rng):
        self.first = getattr(self, "first", None) or super().draw_all(space, rng)
        return dict(self.first)


@mistake("random_search", "a generator is made anew for every trial, so that all trials are one: draw from rng")
class BegunAnew(Search):
    def draw_all(self, space, rng):
        return super().draw_all(space, np.random.default_rng(0))


@mistake("random_search", "a generator of its own with a fixed seed: every search draws the same params; draw from rng")
class FixedSeed(Search):
    def run(self, train, space, trials, rng):
        return super().run(train, space, trials, np.random.default_rng(0))


@mistake("random_search", "rng is not used: the same seed has to give the same params again")
class AnotherSource(Search):
    def run(self, train, space, trials, rng):
        return super().run(train, space, trials, np.random.default_rng())


@mistake("random_search", '"log" is drawn evenly, like "linear": draw its exponent evenly')
class LogAsLinear(Search):
    def between(self, low, high, kind, rng):
        return rng.uniform(low, high)


@mistake("random_search", '"linear" is drawn in the logarithm, like "log"')
class LinearAsLog(Search):
    def between(self, low, high, kind, rng):
        return solution.sample_lr(rng, low, high) if low > 0 else rng.uniform(low, high)


@mistake("random_search", '"log" and "linear" are exchanged')
class KindsExchanged(Search):
    def between(self, low, high, kind, rng):
        return rng.uniform(low, high) if kind == "log" or low < 0 else solution.sample_lr(rng, low, high)


@mistake("random_search", '"log" raises e to an exponent that belongs to 10')
class LogByE(Search):
    def between(self, low, high, kind, rng):
        return np.exp(rng.uniform(np.log10(low), np.log10(high))) if kind == "log" else rng.uniform(low, high)


@mistake("random_search", '"log" gives the exponent: raise 10 to its power')
class ExponentAlone(Search):
    def between(self, low, high, kind, rng):
        return rng.uniform(np.log10(low), np.log10(high)) if kind == "log" else rng.uniform(low, high)


@mistake("random_search", 'the bounds of "log" are not used: it is always drawn between 0.00001 and 1')
class LogOfItsOwn(Search):
    def between(self, low, high, kind, rng):
        return solution.sample_lr(rng) if kind == "log" else rng.uniform(low, high)


@mistake("random_search", 'the bounds of "linear" are not used: it is always drawn between 0 and 1')
class LinearOfItsOwn(Search):
    def between(self, low, high, kind, rng):
        return solution.sample_lr(rng, low, high) if kind == "log" else rng.uniform()


@mistake("random_search", "of a list always the same option is taken: draw one in each trial")
class FirstOption(Search):
    def option(self, options, rng):
        return options[0]


@mistake("random_search", "the last option of a list never comes: rng.integers(n) ends before n already")
class LastNever(Search):
    def option(self, options, rng):
        return options[rng.integers(len(options) - 1)]


@mistake("random_search", "the first option of a list never comes: the first one has number 0")
class FirstNever(Search):
    def option(self, options, rng):
        return options[rng.integers(1, len(options))]


@mistake("random_search", "one random number serves all knobs of a trial: draw anew for each")
class OneNumber(Search):
    def draw_all(self, space, rng):
        seed = int(rng.integers(2**31))
        return {name: self.draw(knob, np.random.default_rng(seed)) for name, knob in space.items()}


@mistake("random_search", "names with a list are left out of the params")
class ListsLeftOut(Search):
    def draw_all(self, space, rng):
        return super().draw_all({name: knob for name, knob in space.items() if not isinstance(knob, list)}, rng)


@mistake("random_search", "train is called twice for each trial: keep the score of the first call")
class TrainedTwice(Search):
    def score(self, train, params):
        train(params)
        return train(params)


@mistake("random_search", "train is called again for the results: keep the score of its first call")
class TrainedAgain(Search):
    def run(self, train, space, trials, rng):
        tried = [self.draw_all(space, rng) for _ in range(trials)]
        return [(train(params), params) for params in sorted(tried, key=train, reverse=True)]


@mistake("random_search", "all results share one dict, which holds the last draw: make a new dict for each trial")
class OneDict(Search):
    def run(self, train, space, trials, rng):
        shared, found = {}, []
        for _ in range(trials):
            shared.update(self.draw_all(space, rng))
            found.append((train(shared), shared))
        return self.told(found)


@mistake("random_search", "this is a grid: the values are spaced evenly, and nothing is drawn")
class Grid(Search):
    def run(self, train, space, trials, rng):
        ways = (np.arange(trials) + 0.5) / trials
        tried = [{name: self.at(knob, way) for name, knob in space.items()} for way in ways]
        return self.told([(train(params), params) for params in tried])

    def at(self, knob, way):
        if isinstance(knob, list):
            return knob[int(way * len(knob))]
        low, high, kind = knob
        return low * (high / low) ** way if kind == "log" else low + way * (high - low)


@mistake("random_search", "the space is changed: the value that is drawn belongs into a dict of its own")
def space_changed(train, space, trials, rng):
    found = solution.random_search(train, space, trials, rng)
    space.update(found[0][1])
    return found


# --- refine


class Smaller:
    """A right refine, to be changed in one place: lows and highs by kind, and what becomes of a list."""

    side = 1 / 8

    def __new__(cls, space, best):
        return super().__new__(cls).run(space, best)

    def run(self, space, best):
        return {name: self.knob(knob, best[name]) for name, knob in space.items()}

    def knob(self, knob, value):
        if isinstance(knob, list):
            return list(knob)
        low, high, kind = knob
        new = self.logarithmic(low, high, value) if kind == "log" else self.linear(low, high, value)
        return (*self.cut(new, low, high), kind)

    def linear(self, low, high, value):
        return value - self.side * (high - low), value + self.side * (high - low)

    def logarithmic(self, low, high, value):
        return value / (high / low) ** self.side, value * (high / low) ** self.side

    def cut(self, new, low, high):
        return max(low, new[0]), min(high, new[1])


@mistake("refine", "each side is a quarter of the old width, so the new space is half as wide: a quarter is both sides together")
class QuarterOnEachSide(Smaller):
    side = 1 / 4


@mistake("refine", "each side is half of the old width, so the new space is as wide as the old one")
class HalfOnEachSide(Smaller):
    side = 1 / 2


@mistake("refine", "the new space is an eighth as wide: an eighth belongs on each side of best")
class TooNarrow(Smaller):
    side = 1 / 16


@mistake("refine", "what lies outside of the old space is not cut off")
class NotCut(Smaller):
    def cut(self, new, low, high):
        return new


@mistake("refine", "only the upper end is cut off: the lower one leaves the old space")
class LowNotCut(Smaller):
    def cut(self, new, low, high):
        return new[0], min(high, new[1])


@mistake("refine", "only the lower end is cut off: the upper one leaves the old space")
class HighNotCut(Smaller):
    def cut(self, new, low, high):
        return max(low, new[0]), new[1]


@mistake("refine", "at a border the new space is moved inside: it should be cut off, and be narrower there")
class MovedInside(Smaller):
    def linear(self, low, high, value):
        half = (high - low) / 8
        return super().linear(low, high, min(max(value, low + half), high - half))

    def logarithmic(self, low, high, value):
        factor = (high / low) ** (1 / 8)
        return super().logarithmic(low, high, min(max(value, low * factor), high / factor))


@mistake("refine", '"log" is treated like "linear": its width is that of the logarithms')
class LogLikeLinear(Smaller):
    def logarithmic(self, low, high, value):
        return self.linear(low, high, value)


@mistake("refine", '"linear" is treated like "log": its width is high − low')
class LinearLikeLog(Smaller):
    def linear(self, low, high, value):
        return self.logarithmic(low, high, value) if low > 0 else super().linear(low, high, value)


@mistake("refine", "the new space lies around the middle of the old one: it belongs around best")
class AroundTheMiddle(Smaller):
    def linear(self, low, high, value):
        return super().linear(low, high, (low + high) / 2)

    def logarithmic(self, low, high, value):
        return super().logarithmic(low, high, np.sqrt(low * high))


@mistake("refine", "two bases are mixed: the width is that of log10, and e is raised to it")
class BasesMixed(Smaller):
    def logarithmic(self, low, high, value):
        factor = np.exp(np.log10(high / low) / 8)
        return value / factor, value * factor


@mistake("refine", "the new width is a quarter of best itself: it has to be a quarter of the old width")
class QuarterOfBest(Smaller):
    def linear(self, low, high, value):
        return value - abs(value) / 8, value + abs(value) / 8

    def logarithmic(self, low, high, value):
        return self.linear(low, high, value)


@mistake("refine", "best is the lower end of the new space: it belongs into the middle")
class FromBestUp(Smaller):
    def linear(self, low, high, value):
        return value, value + (high - low) / 4

    def logarithmic(self, low, high, value):
        return value, value * (high / low) ** (1 / 4)


@mistake("refine", "the exponents come back for \"log\": the space holds the values themselves")
class ExponentsComeBack(Smaller):
    def logarithmic(self, low, high, value):
        width, middle = np.log10(high / low), np.log10(value)
        return middle - width / 8, middle + width / 8

    def cut(self, new, low, high):
        return new if new[0] < 0 < low else super().cut(new, low, high)


class CutExponents(Smaller):
    def knob(self, knob, value):
        new = super().knob(knob, value)
        return (*(self.exponent(end) for end in new[:2]), "log") if new[-1] == "log" else new


@mistake("refine", "the exponents of 10 come back for \"log\", cut off as they should be: the space holds the values themselves")
class CutExponentsOfTen(CutExponents):
    exponent = staticmethod(np.log10)


@mistake("refine", "the exponents of e come back for \"log\", cut off as they should be: the space holds the values themselves")
class CutExponentsOfE(CutExponents):
    exponent = staticmethod(np.log)


@mistake("refine", "for \"log\" the quotient high/low is divided by 4: the exponent's width is, so take a root of the quotient")
class QuotientDivided(Smaller):
    def logarithmic(self, low, high, value):
        factor = max(1.0, high / low / 4) ** 0.5
        return value / factor, value * factor


@mistake("refine", "the old space comes back unchanged")
class AsWide(Smaller):
    def knob(self, knob, value):
        return copy.copy(knob)


@mistake("refine", "the old space is changed: build a new dict")
def changed_space(space, best):
    new = solution.refine(space, best)
    space.update(new)
    return new


# --- ensemble


@mistake("ensemble", "the probabilities are added up: divide by the number of networks")
def added_up(probabilities):
    return np.sum(probabilities, axis=0)


@mistake("ensemble", "the labels are counted: each network's whole vote goes to its first choice, however unsure it is")
def votes(probabilities):
    p = np.asarray(probabilities)
    return np.eye(p.shape[2])[p.argmax(axis=2)].mean(axis=0)


@mistake("ensemble", "one class gets the whole 1: give back the mean itself, not its largest entry")
def winner_takes_all(probabilities):
    mean = solution.ensemble(probabilities)
    return np.eye(mean.shape[1])[mean.argmax(axis=1)]


@mistake("ensemble", "the largest probability of each class is taken, not the mean")
def largest(probabilities):
    return np.max(probabilities, axis=0)


@mistake("ensemble", "the largest probability of each class is taken and made to add up to 1: the mean is wanted")
def largest_scaled(probabilities):
    found = np.max(probabilities, axis=0)
    return found / found.sum(axis=1, keepdims=True)


@mistake("ensemble", "the median is taken, not the mean")
def median(probabilities):
    return np.median(probabilities, axis=0)


@mistake("ensemble", "the logarithms are averaged, and scaled so that rows add up to 1: average the probabilities themselves")
@np.errstate(all="ignore")
def mean_of_logarithms(probabilities):
    found = np.exp(np.mean(np.log(np.maximum(probabilities, 1e-300)), axis=0))
    return found / found.sum(axis=1, keepdims=True)


@mistake("ensemble", "the logarithms are averaged: rows do not even add up to 1")
@np.errstate(all="ignore")
def geometric(probabilities):
    return np.exp(np.mean(np.log(np.maximum(probabilities, 1e-300)), axis=0))


@mistake("ensemble", "the probabilities are multiplied, and scaled so that rows add up to 1: the mean is wanted")
def product_scaled(probabilities):
    found = np.prod(np.maximum(probabilities, 1e-30), axis=0)
    return found / found.sum(axis=1, keepdims=True)


@mistake("ensemble", "the mean is taken over the examples: take it over the networks, the first axis")
def over_the_examples(probabilities):
    return np.mean(probabilities, axis=1)


@mistake("ensemble", "the mean is taken over the classes: take it over the networks, the first axis")
def over_the_classes(probabilities):
    return np.mean(probabilities, axis=2)


@mistake("ensemble", "the last network alone comes back")
def the_last(probabilities):
    return +np.asarray(probabilities[-1])


@mistake("ensemble", "the first network is left out of the sum, and the number of networks divides it")
def first_left_out(probabilities):
    return np.sum(probabilities[1:], axis=0) / len(probabilities)


@mistake("ensemble", "it is divided by the number of examples: divide by the number of networks")
def by_the_examples(probabilities):
    return np.sum(probabilities, axis=0) / len(probabilities[0])


@mistake("ensemble", "probabilities are turned into probabilities again by a softmax: their mean is done already")
def softmax_again(probabilities):
    found = np.exp(solution.ensemble(probabilities))
    return found / found.sum(axis=1, keepdims=True)


@mistake("ensemble", "the running mean weighs the last network as much as all before together")
def half_and_half(probabilities):
    found = np.array(probabilities[0], dtype=float)
    for each in probabilities[1:]:
        found = (found + each) / 2
    return found


@mistake("ensemble", "the mean of the squares is taken, and its root: average the probabilities as they are")
def root_of_squares(probabilities):
    return np.sqrt(np.mean(np.square(probabilities), axis=0))


@mistake("ensemble", "the first network's array is changed: begin the sum with a copy")
def sum_in_place(probabilities):
    mean = solution.ensemble(probabilities)
    probabilities[0][...] = mean
    return mean


# --- ten_crop


def cut(image, size, begins):
    return np.array([image[r : r + size, c : c + size] for r, c in begins])


def places(image, size):
    below, beside = image.shape[0] - size, image.shape[1] - size
    return [(0, 0), (0, beside), (below, 0), (below, beside), (below // 2, beside // 2)]


def with_mirrors(crops):
    return np.concatenate([crops, crops[:, :, ::-1]])


@mistake("ten_crop", "the crops at the lower and right edge begin one dot too early")
def one_dot_early(image, size):
    below, beside = max(0, image.shape[0] - size - 1), max(0, image.shape[1] - size - 1)
    return with_mirrors(cut(image, size, [(0, 0), (0, beside), (below, 0), (below, beside), places(image, size)[4]]))


@mistake("ten_crop", "the centre is rounded up where an odd number of dots is left over: // rounds down")
def centre_rounded_up(image, size):
    below, beside = image.shape[0] - size, image.shape[1] - size
    return with_mirrors(cut(image, size, [*places(image, size)[:4], ((below + 1) // 2, (beside + 1) // 2)]))


@mistake("ten_crop", "the centre begins at H // 2 − size // 2: that rounds twice; halve what is left over, (H − size) // 2")
def centre_rounded_twice(image, size):
    centre = [side // 2 - size // 2 for side in image.shape]
    return with_mirrors(cut(image, size, [*places(image, size)[:4], centre]))


@mistake("ten_crop", "the fifth crop begins in the centre of the picture: its own centre has to lie there")
def begins_in_the_centre(image, size):
    centre = [min(side // 2, side - size) for side in image.shape]
    return with_mirrors(cut(image, size, [*places(image, size)[:4], centre]))


@mistake("ten_crop", "top and bottom are exchanged: a mirror exchanges left and right, the last axis")
def upside_down(image, size):
    crops = cut(image, size, places(image, size))
    return np.concatenate([crops, crops[:, ::-1]])


@mistake("ten_crop", "left and right are exchanged, and top and bottom, too: only left and right should be")
def turned_round(image, size):
    crops = cut(image, size, places(image, size))
    return np.concatenate([crops, crops[:, ::-1, ::-1]])


@mistake("ten_crop", "the order of the crops is reversed instead of their columns: nothing is mirrored")
def order_reversed(image, size):
    crops = cut(image, size, places(image, size))
    return np.concatenate([crops, crops[::-1]])


@mistake("ten_crop", "rows and columns are exchanged instead of left and right")
def transposed(image, size):
    crops = cut(image, size, places(image, size))
    return np.concatenate([crops, crops.transpose(0, 2, 1)])


@mistake("ten_crop", "only five crops come back: the mirrored ones are missing")
def five_only(image, size):
    return cut(image, size, places(image, size))


@mistake("ten_crop", "the centre is missing, with its mirror: four corners make only eight crops")
def no_centre(image, size):
    return with_mirrors(cut(image, size, places(image, size)[:4]))


@mistake("ten_crop", "the picture is mirrored before it is cropped: where an odd number of columns is left over, that is another centre")
def mirrored_first(image, size):
    return np.concatenate([cut(image, size, places(image, size)), cut(image[:, ::-1], size, places(image, size))])


@mistake("ten_crop", "what is left over below is used for the columns, and what is left over beside for the rows")
def rests_exchanged(image, size):
    below, beside = (max(0, rest) for rest in (image.shape[0] - size, image.shape[1] - size))
    rows, columns = min(beside, below), min(below, beside)
    return with_mirrors(cut(image, size, [(0, 0), (0, columns), (rows, 0), (rows, columns), (rows // 2, columns // 2)]))


@mistake("ten_crop", "the centre's column is computed from the rows: it is (W - size) // 2")
def column_from_the_rows(image, size):
    found = [*places(image, size)[:4], 2 * [(image.shape[0] - size) // 2]]
    return with_mirrors(np.array([image[r : r + size, c : c + size] for r, c in found]))


@mistake("ten_crop", "all ten are mirrored: the five as they are in the picture are missing")
def all_mirrored(image, size):
    return np.concatenate(2 * [solution.ten_crop(image, size)[5:]])


@mistake("ten_crop", "all four corners are the top left one: the others begin where the crop ends with the picture")
def one_corner(image, size):
    return with_mirrors(cut(image, size, [(0, 0)] * 4 + places(image, size)[4:]))


@mistake("ten_crop", "the two lower corners are missing, and the two upper ones come twice")
def upper_corners_twice(image, size):
    top = places(image, size)[:2]
    return with_mirrors(cut(image, size, [*top, *top, places(image, size)[4]]))


@mistake("ten_crop", "the crops lie along the last axis: the shape has to be (10, size, size)")
def crops_last(image, size):
    return np.moveaxis(solution.ten_crop(image, size), 0, -1)


@mistake("ten_crop", "the centre is not mirrored: it comes twice as it is")
def centre_not_mirrored(image, size):
    found = solution.ten_crop(image, size)
    found[9] = found[4]
    return found


# --- tta_predict


def answers(model, image, size):
    return np.asarray(model(solution.ten_crop(image, size)))


@mistake("tta_predict", "the largest answer for each class is taken, not the mean")
def largest_answer(model, image, size):
    return answers(model, image, size).max(axis=0)


@mistake("tta_predict", "the largest answer for each class is taken and made to add up to 1: the mean is wanted")
def largest_answer_scaled(model, image, size):
    found = answers(model, image, size).max(axis=0)
    return found / found.sum()


@mistake("tta_predict", "the labels of the ten crops are counted: average the probabilities")
def counted(model, image, size):
    p = answers(model, image, size)
    return np.bincount(p.argmax(axis=1), minlength=p.shape[1]) / 10


@mistake("tta_predict", "the answers are added up: divide by ten")
def sum_of_ten(model, image, size):
    return answers(model, image, size).sum(axis=0)


@mistake("tta_predict", "the mean is taken over the classes, one number for each crop: take it over the crops")
def for_each_crop(model, image, size):
    return answers(model, image, size).mean(axis=1)


@mistake("tta_predict", "the crops are averaged into one picture: average what the model says of each")
def mean_picture(model, image, size):
    return np.asarray(model(solution.ten_crop(image, size).mean(axis=0)[None]))[0]


@mistake("tta_predict", "the logarithms are averaged: average the probabilities themselves")
def mean_of_logs(model, image, size):
    found = np.exp(np.log(answers(model, image, size)).mean(axis=0))
    return found / found.sum()


@mistake("tta_predict", "the answers are multiplied: average them")
def multiplied(model, image, size):
    found = np.exp(np.log(answers(model, image, size)).sum(axis=0))
    return found / found.sum()


@mistake("tta_predict", "the median of the answers is taken, not the mean")
def median_answer(model, image, size):
    return np.median(answers(model, image, size), axis=0)


@mistake("tta_predict", "the mirrored crops are not asked: the mean is that of five")
def of_five(model, image, size):
    return np.mean(model(cut(image, size, places(image, size))), axis=0)


@mistake("tta_predict", "only the mirrored crops are asked: the mean is that of five")
def of_the_mirrored(model, image, size):
    return np.mean(model(cut(image, size, places(image, size))[:, :, ::-1]), axis=0)


@mistake("tta_predict", "only the centre is asked")
def centre_alone(model, image, size):
    return np.asarray(model(cut(image, size, places(image, size)[4:])))[0]


@mistake("tta_predict", "only one corner is asked")
def corner_alone(model, image, size):
    return np.asarray(model(image[None, :size, :size]))[0]


@mistake("tta_predict", "ten rows come back, one for each crop: take their mean")
def all_answers(model, image, size):
    return answers(model, image, size)


@mistake("tta_predict", "one class gets the whole 1: give back the mean itself, not its largest entry")
def one_class(model, image, size):
    mean = answers(model, image, size).mean(axis=0)
    return np.eye(len(mean))[np.argmax(mean)]


# --- snapshot_ensemble


@mistake("snapshot_ensemble", "every snapshot is the last one: what train_cycle returns is changed by the next cycle, so copy it at once")
def no_copy(train_cycle, cycles):
    return [train_cycle(k) for k in range(cycles)]


@mistake("snapshot_ensemble", "the dict is copied, and its arrays are not: the next cycle changes them in place")
def shallow(train_cycle, cycles):
    return [dict(train_cycle(k)) for k in range(cycles)]


@mistake("snapshot_ensemble", "k begins with 1: the first cycle has number 0")
def from_one(train_cycle, cycles):
    return [copy.deepcopy(train_cycle(k)) for k in range(1, cycles + 1)]


@mistake("snapshot_ensemble", "train_cycle always gets 0: it needs the number of the cycle")
def always_zero(train_cycle, cycles):
    return [copy.deepcopy(train_cycle(0)) for _ in range(cycles)]


@mistake("snapshot_ensemble", "train_cycle always gets the number of cycles: it needs the number of this cycle")
def always_all(train_cycle, cycles):
    return [copy.deepcopy(train_cycle(cycles)) for _ in range(cycles)]


@mistake("snapshot_ensemble", "the cycles are counted backwards")
def backwards(train_cycle, cycles):
    return [copy.deepcopy(train_cycle(k)) for k in reversed(range(cycles))]


@mistake("snapshot_ensemble", "the list is reversed: the first cycle belongs first")
def last_first(train_cycle, cycles):
    return [copy.deepcopy(train_cycle(k)) for k in range(cycles)][::-1]


@mistake("snapshot_ensemble", "only the last snapshot comes back: keep one of every cycle")
def last_alone(train_cycle, cycles):
    return [copy.deepcopy(train_cycle(k)) for k in range(cycles)][-1:]


@mistake("snapshot_ensemble", "the first snapshot is missing")
def first_missing(train_cycle, cycles):
    return [copy.deepcopy(train_cycle(k)) for k in range(cycles)][1:]


@mistake("snapshot_ensemble", "the last cycle is not trained: there is one snapshot too few")
def one_short(train_cycle, cycles):
    return [copy.deepcopy(train_cycle(k)) for k in range(cycles - 1)]


@mistake("snapshot_ensemble", "one training only, copied several times: call train_cycle for each cycle")
def one_training(train_cycle, cycles):
    weights = train_cycle(0)
    return [copy.deepcopy(weights) for _ in range(cycles)]


@mistake("snapshot_ensemble", "the weights are averaged: keep each snapshot, and average what they predict")
def weights_averaged(train_cycle, cycles):
    found = [copy.deepcopy(train_cycle(k)) for k in range(cycles)]
    mean = {name: np.mean([each[name] for each in found], axis=0) for name in found[0]}
    return [copy.deepcopy(mean) for _ in found]


@mistake("snapshot_ensemble", "the snapshots are rounded: weights are real numbers")
def rounded(train_cycle, cycles):
    return [{name: np.round(values) for name, values in train_cycle(k).items()} for k in range(cycles)]
