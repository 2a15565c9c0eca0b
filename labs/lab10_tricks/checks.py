"""What lab10_tricks asks of each exercise. Probes only: the engine runs the reference beside the student.

Random draws are judged by what holds for every stream: shares, bounds, what comes twice. Shares of 400 draws are rounded to
quarters, around which they vary by a fortieth, so that the same wrong law gives the same numbers with any stream.
"""

import hashlib

import numpy as np

from course_utils.checking import check, libraries
from course_utils.checking.compare import as_numbers
from course_utils.checking.observe import SubjectRaisedError
from course_utils.checking.session import Raised

libraries("numpy", "course_utils.cycles")


def number(value):
    """One number as a float; nan for everything else."""
    array = as_numbers(value)
    return float(array.reshape(())) if array is not None and array.size == 1 and array.dtype.kind in "fiu" else np.nan


def part(where):
    """The share of True, to the nearest quarter; nan of nothing."""
    return round(4 * float(np.mean(where))) / 4 if np.size(where) else np.nan


# --- sample_lr


def rates(sample_lr, rng, *bounds, count=400):
    """Many rates, as floats; what is no number is handed back in their place."""
    found = [sample_lr(rng, *bounds) for _ in range(count)]
    strange = [rate for rate in found if np.isnan(number(rate))]
    return strange[0] if strange else np.array([number(rate) for rate in found])


def spread(found, low, high):
    """To the nearest quarter, the shares of rates below 1/4, 1/2 and 3/4 of the way in the logarithm, and between 1/4 and 3/4."""
    if not isinstance(found, np.ndarray):
        return found
    borders = [low * (high / low) ** way for way in (0.25, 0.5, 0.75)]
    return parts(found, borders)


def parts(found, borders):
    """The shares below each border, and that between the first and the last."""
    inner = (found >= borders[0]) & (found < borders[-1])
    return [*(part(found < border) for border in borders), part(inner)]


def halves(found):
    """The share of rates below the middle exponent of their decade, to the nearest quarter."""
    positive = found[found > 0]
    return part(np.log10(positive) % 1 < 0.5)


def reaching(found, low, high):
    """Whether some rates lie in the lowest and in the highest twentieth of the exponents."""
    if not isinstance(found, np.ndarray):
        return found
    twentieth = (high / low) ** 0.05
    return [bool((found < low * twentieth).any()), bool((found > high / twentieth).any())]


def outside(found, low, high):
    """The smallest rate as a part of low, and the largest of high, where they lie outside; else 1 and 1."""
    if not isinstance(found, np.ndarray):
        return found
    return beyond(found, low, high)


def beyond(values, low, high):
    """How far some values leave their bounds, as quotients; 1 and 1 where they do not."""
    if not values.size or np.isnan(values).any():
        return [np.nan, np.nan]
    smallest, largest = float(values.min()) / low, float(values.max()) / high
    return [smallest if smallest < 1 - 1e-9 else 1.0, largest if largest > 1 + 1e-9 else 1.0]


SPREAD = "shares below 1/4, 1/2, 3/4 of the exponents, and in the middle half, to the nearest quarter"
OUTSIDE = "smallest / low and largest / high, 1 where they lie inside"


@check("sample_lr", points=4, once=True)
def all_decades(sample_lr, rng):
    """400 rates between 0.00001 and 1: every decade gets as many"""
    found = rates(sample_lr, rng)
    numbers = isinstance(found, np.ndarray)
    same = numbers and np.ptp(found) == 0
    return {
        SPREAD: spread(found, 1e-5, 1.0),
        OUTSIDE: outside(found, 1e-5, 1.0),
        "some lie in the lowest twentieth of the exponents, some in the highest": reaching(found, 1e-5, 1.0),
        "share in the lower half of the own decade, as 0.02 in 0.01 to 0.1, to the nearest quarter": halves(found) if numbers else found,
        "nearly all 400 differ": len(set(found.tolist())) > 380 if numbers else found,
        "the rate, if it is the same 400 times, else 0": float(found[0]) if same else 0.0,
    }


@check("sample_lr", points=3, once=True)
def other_bounds(sample_lr, rng):
    """400 rates between other bounds, none of them a power of 10"""
    low = 10 ** rng.uniform(-3.9, -3.1)
    high = low * rng.uniform(300, 900)
    found = rates(sample_lr, rng, low, high)
    return {SPREAD: spread(found, low, high), OUTSIDE: outside(found, low, high)}


@check("sample_lr", points=2)
def from_the_generator(sample_lr, numpy, rng):
    """drawn from rng: a new rate each time, and the same ones again from the same seed"""
    first, other = rng.integers(2**31, size=2).tolist()
    makers = [numpy.random.default_rng(seed) for seed in (first, other, first)]
    drawn = [[number(sample_lr(maker, 0.001, 0.5)) for _ in range(3)] for maker in makers]
    return {f"rates {BY_PLACE}: three of seed A, three of seed B, three of seed A again": ordinals([*drawn[0], *drawn[1], *drawn[2]])}


BY_PLACE = "by the place where each first comes"


def ordinals(values):
    """Each value by the number of the place where it first comes; -1 where there is none."""
    return [values.index(value) if value == value else -1 for value in values]


# --- random_search


class Ledger:
    """A `train` that keeps books of what it was asked, and gives each params a score of its own."""

    def __init__(self, scores):
        self.scores, self.asked, self.given = scores, [], []

    def __call__(self, params):
        if not isinstance(params, dict):
            raise TypeError("train is called with one dict {name: value}")
        self.asked.append(dict(params))
        self.given.append(self.scores[(len(self.asked) - 1) % len(self.scores)])
        return self.given[-1]


def pairs(found):
    """The results as (score, params); None in the place of what is no such pair."""
    if not isinstance(found, list | tuple):
        return []
    return [tuple(each) if isinstance(each, list | tuple) and len(each) == 2 and isinstance(each[1], dict) else None for each in found]


def turned_around(found):
    """Whether the results are pairs of params and score, and not of score and params."""
    pairs_of_two = isinstance(found, list | tuple) and all(isinstance(each, list | tuple) and len(each) == 2 for each in found)
    return pairs_of_two and bool(found) and all(isinstance(params, dict) for params, _ in found)


def counts(found, *names):
    """In how many params each name comes, and how often any other."""
    every = [name for pair in pairs(found) if pair for name in pair[1]]
    return [*(every.count(name) for name in names), sum(name not in names for name in every)]


SPACE = {"lr": (1e-4, 1.0, "log"), "mu": (0.5, 0.9, "linear"), "hidden": [16, 32, 64]}


def searched(random_search, rng, trials, space=SPACE, scores=None):
    """A search, its books, and its pairs. What is no list of pairs at all raises nothing here: it is shown."""
    scores = rng.permutation(trials) / 8 - 0.4 if scores is None else scores
    train = Ledger([float(score) for score in scores])
    return train, random_search(train, dict(space), trials, rng)


def drawn(found, name):
    """The values of one knob, in the order of the results; nan where one is missing."""
    return [number(pair[1].get(name)) if pair else np.nan for pair in pairs(found)]


@check("random_search", points=3)
def best_first(random_search, rng):
    """seven trials: a list of (score, params), the highest score first"""
    _, found = searched(random_search, rng, 7)
    scores = [number(pair[0]) if pair else np.nan for pair in pairs(found)]
    if turned_around(found):
        return {"score of each result": "behind the params: a pair is (score, params)"}
    return {"score of each result": np.array(scores) if scores else found}


@check("random_search", points=3)
def its_own_score(random_search, rng):
    """eleven trials: each params with the score that train gave it; train is called once for each trial"""
    train, found = searched(random_search, rng, 11)
    place = [next((k for k, asked in enumerate(train.asked) if pair and asked == pair[1]), -1) for pair in pairs(found)]
    wanted = [train.given[k] if k >= 0 else np.nan for k in place]
    return {
        "calls of train": len(train.asked),
        "score that train gave to the params of each result": np.array(wanted) if wanted else found,
        "how often lr, mu, hidden and other names come": counts(found, "lr", "mu", "hidden"),
    }


@check("random_search", points=3, once=True)
def the_right_law(random_search, rng):
    """400 trials: "log" evenly in the logarithm, "linear" evenly, each option as often"""
    low = 10 ** rng.uniform(-3.9, -3.1)
    space = {"rate": (low, 500 * low, "log"), "share": (0.02, 0.82, "linear"), "size": [3, 5, 7, 11]}
    _, found = searched(random_search, rng, 400, space)
    rate, share, size = (np.array(drawn(found, name)) for name in space)
    return {
        f"log: {SPREAD}": spread(rate, low, 500 * low),
        "linear: shares below 1/4, 1/2, 3/4 of the way, and in the middle half, to the nearest quarter": parts(share, [0.22, 0.42, 0.62]),
        "list: shares of the four options, to the nearest quarter": [part(size == option) for option in (3, 5, 7, 11)],
        f"rate: {OUTSIDE}": beyond(rate, low, 500 * low),
        f"share: {OUTSIDE}": beyond(share, 0.02, 0.82),
    }


@check("random_search", points=2)
def every_trial_anew(random_search, numpy, rng):
    """every trial and every search is another one, drawn from rng: the same seed gives the same"""
    first, other = rng.integers(2**31, size=2).tolist()
    makers = [numpy.random.default_rng(seed) for seed in (first, other, first)]
    space = {"a": (0.1, 0.9, "linear"), "b": (0.1, 0.9, "linear"), "c": (0.1, 0.9, "log")}
    values = []
    for maker in makers:
        found = random_search(Ledger([0.5, 0.25, 0.75]), dict(space), 3, maker)
        values += [value for name in space for value in (*drawn(found, name), np.nan, np.nan, np.nan)[:3]]
    return {f"values {BY_PLACE}: nine of seed A, of seed B, of seed A again": ordinals(values)}


@check("random_search", points=2)
def equal_scores(random_search, rng):
    """several params with the same score; options that are words; a single trial"""
    space = {"kind": ["relu", "tanh", "sigmoid"], "lr": (0.01, 0.1, "log")}
    _, found = searched(random_search, rng, 9, space, [0.5, 0.25, 0.5])
    _, alone = searched(random_search, rng, 1, space, [rng.uniform()])
    words = [pair[1].get("kind") if pair else None for pair in pairs(found)]
    return {
        "score of each result": np.array([number(pair[0]) if pair else np.nan for pair in pairs(found)]),
        "every word is one of the options": [isinstance(word, str) and word in space["kind"] for word in words],
        "score of the single trial": [number(pair[0]) if pair else np.nan for pair in pairs(alone)],
    }


# --- refine


def sides(found, space):
    """Lows and highs of the numeric knobs, as two lists; nan where there is none. What is no dict is shown as it is."""
    if not isinstance(found, dict):
        return found, found
    knobs = [found.get(name) for name, knob in space.items() if isinstance(knob, tuple)]
    ends = [knob if isinstance(knob, list | tuple) and len(knob) >= 2 else (np.nan, np.nan) for knob in knobs]
    return [number(end[0]) for end in ends], [number(end[1]) for end in ends]


def refined(refine, space, best):
    lows, highs = sides(refine(dict(space), dict(best)), space)
    return {"new lows": lows, "new highs": highs}


def linear_space(rng):
    low = np.round(rng.uniform(1, 3, size=2), 2)
    width = np.round(rng.uniform(4, 9, size=2), 2)
    return {name: (float(a), float(a + w), "linear") for name, a, w in zip("ab", low, width, strict=True)}


def inside(space, rng, low=0.3, high=0.7):
    """Best params at a drawn share of the way through each knob."""
    best = {}
    for name, (a, b, kind) in space.items():
        way = rng.uniform(low, high)
        best[name] = float(a * (b / a) ** way if kind == "log" else a + way * (b - a))
    return best


@check("refine", points=2)
def around_the_best(refine, rng):
    """two linear knobs, the best in the middle part"""
    space = linear_space(rng)
    return refined(refine, space, inside(space, rng))


@check("refine", points=2)
def in_the_logarithm(refine, rng):
    """two logarithmic knobs, over three decades and over a factor of five"""
    low = 10 ** rng.uniform(-4, -3)
    space = {"lr": (float(low), float(1300 * low), "log"), "lam": (0.2, float(0.2 * rng.uniform(4.5, 5.5)), "log")}
    return refined(refine, space, inside(space, rng))


@check("refine", points=2)
def at_the_border(refine, rng):
    """the best close to a border, or on it: what lies outside of the old space is cut off"""
    space = {**linear_space(rng), "c": (0.001, 0.7, "log"), "d": (0.01, 2.0, "log")}
    space |= {"e": (-3.0, 5.0, "linear"), "f": (0.5, 50.0, "log")}
    (a, b), (c, d) = space["a"][:2], space["b"][:2]
    near = rng.uniform(0.02, 0.1, size=4)
    best = {"a": a + near[0] * (b - a), "b": d - near[1] * (d - c), "c": 0.001 * 700 ** near[2], "d": 2.0 / 200 ** near[3]}
    best |= {"e": 5.0, "f": 0.5}
    return refined(refine, space, {name: float(value) for name, value in best.items()})


def kind_of(knob):
    """The third part of a triple. A list in its place would be taken for options by the next search."""
    if isinstance(knob, list):
        return "a list: options for random_search"
    return knob[2] if isinstance(knob, tuple) and len(knob) == 3 else None


@check("refine", points=1)
def a_whole_space(refine, rng):
    """the result is a space again: kinds are kept, and a list stays as it is"""
    space = {"lr": (0.001, 1.0, "log"), "hidden": [16, 32, 64, 128], "mu": (0.0, 0.8, "linear")}
    found = refine(dict(space), {"lr": 0.03, "hidden": 32, "mu": 0.4})
    if not isinstance(found, dict):
        return {"kinds": found, "options of the list": found}
    kinds = [kind_of(found.get(name)) for name in ("lr", "mu")]
    return {"kinds": kinds, "options of the list": found.get("hidden"), "names": sorted(map(str, found))}


# --- ensemble


def shares(rng, *shape):
    """Probabilities: rows that add up to 1, none of them near 0."""
    found = rng.uniform(0.1, 1.0, size=shape) ** 2
    return found / found.sum(axis=-1, keepdims=True)


@check("ensemble", points=3)
def mean_of_three(ensemble, rng):
    """three networks, five examples, four classes, in a list"""
    return {"probabilities": ensemble(list(shares(rng, 3, 5, 4)))}


@check("ensemble", points=2)
def in_one_array(ensemble, rng):
    """one array (M, N, C): seven networks, two examples, three classes"""
    return {"probabilities": ensemble(shares(rng, 7, 2, 3))}


@check("ensemble", points=2)
def sure_and_unsure(ensemble, rng):
    """probabilities of exactly 0 and 1 among them; a single network"""
    sure = np.eye(3)[rng.permutation(3)[[0, 1, 2, 0, 1]]]
    return {"probabilities": ensemble([sure, shares(rng, 5, 3), sure[::-1].copy()]), "of one network": ensemble([shares(rng, 5, 3)])}


# --- ten_crop


def picture(rng, rows, columns):
    """A picture in which no two dots are alike, and the place of each."""
    image = rng.permutation(rows * columns).reshape(rows, columns) + 0.5
    return image, {float(image[r, c]): (r, c) for r in range(rows) for c in range(columns)}


def begins(found, places, size):
    """Where each crop begins, (row, column, mirrored), in order; -1 where it is no crop. What has not the shape is shown as it is."""
    array = as_numbers(found)
    if array is None or array.ndim != 3:
        return found
    return sorted(_begin(crop, places, size) for crop in array)


def _begin(crop, places, size):
    dots = [[places.get(float(value), (-1, -1)) for value in row] for row in crop]
    if crop.shape != (size, size):
        return [-1, -1, -1]
    for mirrored in (0, 1):
        rows = [row[::-1] for row in dots] if mirrored else dots
        r, c = rows[0][0]
        if r >= 0 and all(rows[i][j] == (r + i, c + j) for i in range(size) for j in range(size)):
            return [r, c, mirrored]
    return [-1, -1, -1]


WHERE = "row and column where each crop begins, mirrored (1), sorted"


@check("ten_crop", points=3)
def where_they_begin(ten_crop, rng):
    """a picture of 7 rows and 10 columns, crops of 4 × 4"""
    image, places = picture(rng, 7, 10)
    return {WHERE: begins(ten_crop(image, 4), places, 4)}


@check("ten_crop", points=3)
def odd_margins(ten_crop, rng):
    """odd and even margins: 8 rows and 5 columns, crops of 3 × 3; 6 rows and 11 columns, crops of 5 × 5"""
    found = {}
    for rows, columns, size in ((8, 5, 3), (6, 11, 5)):
        image, places = picture(rng, rows, columns)
        found[f"{WHERE}: {rows} rows and {columns} columns"] = begins(ten_crop(image, size), places, size)
    return found


@check("ten_crop", points=2)
def all_dots(ten_crop, rng):
    """the dots themselves: ten crops of a picture of real numbers, sorted"""
    crops = as_numbers(found := ten_crop(rng.normal(size=(9, 6)), 4))
    return {"ten crops, sorted": found if crops is None or crops.ndim != 3 else in_order(crops)}


def in_order(crops):
    return np.array(sorted((crop.tolist() for crop in crops), key=str), dtype=crops.dtype)


@check("ten_crop", points=1)
def as_large_as_the_picture(ten_crop, rng):
    """crops as high as the picture, and crops of a single dot"""
    found = {}
    for rows, columns, size in ((4, 7, 4), (5, 2, 1)):
        image, _ = picture(rng, rows, columns)
        crops = as_numbers(answer := ten_crop(image, size))
        found[f"{size} × {size} of {rows} × {columns}, sorted"] = answer if crops is None or crops.ndim != 3 else in_order(crops)
    return found


# --- tta_predict


class Reader:
    """A model with weights of its own for every dot: what it says depends on which crops it is shown, and how."""

    def __init__(self, rng, size, classes):
        self.size, self.W = size, rng.normal(size=(size * size, classes))

    def __call__(self, crops):
        crops = as_numbers(crops)
        if crops is None or crops.ndim != 3 or crops.shape[1:] != (self.size, self.size):
            raise ValueError(f"model is called with crops (N, {self.size}, {self.size}), and was given {np.shape(crops)}")
        scores = np.sin(crops.reshape(len(crops), -1).astype(float)) @ self.W
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True)


@check("tta_predict", points=4)
def mean_of_ten(tta_predict, rng):
    """three classes, crops of 4 × 4 of a picture of 7 rows and 9 columns"""
    return {"probabilities": tta_predict(Reader(rng, 4, 3), rng.normal(size=(7, 9)), 4)}


@check("tta_predict", points=3)
def mean_of_a_sure_model(tta_predict, rng):
    """five classes, a model that is very sure of each crop"""
    model = Reader(rng, 3, 5)
    model.W = 3 * model.W
    return {"probabilities": tta_predict(model, rng.normal(size=(8, 5)), 3)}


# --- snapshot_ensemble: the training is made on the student's side, where its arrays can be the same ones every time


def told(rng, count):
    """The weights after each of `count` cycles, and after one more, which nobody should ask for."""
    return [{"W": rng.normal(size=(2, 3)), "b": rng.normal(size=2)} for _ in range(count + 1)]


def kept(snapshots, name):
    """One array of every snapshot; what is no list of dicts is shown as it is."""
    if not isinstance(snapshots, list | tuple) or not all(isinstance(each, dict) for each in snapshots):
        return snapshots
    return [each.get(name) for each in snapshots]


def collected(snapshot_ensemble, cycles, weights, same):
    training = cycles.Cycles(weights, len(weights) - 1, same)
    return training, snapshot_ensemble(training, len(weights) - 1)


@check("snapshot_ensemble", points=3)
def new_arrays(snapshot_ensemble, cycles, rng):
    """four cycles, each with a new dict of new arrays"""
    _, found = collected(snapshot_ensemble, cycles, told(rng, 4), "nothing")
    return {"W of each snapshot": kept(found, "W"), "b of each snapshot": kept(found, "b")}


@check("snapshot_ensemble", points=3)
def the_same_arrays(snapshot_ensemble, cycles, rng):
    """three cycles that change the same arrays of the same dict"""
    _, found = collected(snapshot_ensemble, cycles, told(rng, 3), "arrays")
    return {"W of each snapshot": kept(found, "W"), "b of each snapshot": kept(found, "b")}


@check("snapshot_ensemble", points=2)
def the_same_dict(snapshot_ensemble, cycles, rng):
    """three cycles that put new arrays into the same dict"""
    _, found = collected(snapshot_ensemble, cycles, told(rng, 3), "dict")
    return {"W of each snapshot": kept(found, "W"), "b of each snapshot": kept(found, "b")}


@check("snapshot_ensemble", points=3)
def in_this_order(snapshot_ensemble, cycles, rng):
    """train_cycle is called once for each cycle, with k = 0, 1, 2, 3, 4"""
    training, found = collected(snapshot_ensemble, cycles, told(rng, 5), "nothing")
    return {"k of each call": training.asked, "W of each snapshot": kept(found, "W")}


# --- proof-reading

# of each line with its verdict
SEAL = {1: "f543", 2: "8f11", 3: "42b2", 4: "21ae", 5: "84f3", 6: "eccd", 7: "88ab", 8: "cad4", 9: "26cd", 10: "4bbd"}
VERDICTS = {
    *("first layer", "bend", "list", "name", "end", "plain only"),
    *("transpose", "mean", "next door", "sign", "overflow", "nothing"),
}


def seal(line, verdict):
    return hashlib.sha256(f"lab10, {line}: {verdict}".encode()).hexdigest()[:4]


def judged(proof_read, *lines):
    """By line, whether its verdict is the right one; a verdict that is not in the printed list is shown instead."""
    if not isinstance(proof_read, dict):
        return {f"right verdict on line {line}": proof_read for line in lines}
    if all(not verdict for verdict in proof_read.values()):
        raise SubjectRaisedError(Raised("not implemented", "", "no line has a verdict", "", "proof_read"))
    return {f"right verdict on line {line}": _right(line, proof_read.get(line)) for line in lines}


def _right(line, verdict):
    if verdict is None or verdict == "":
        return "missing"
    known = isinstance(verdict, str) and verdict in VERDICTS
    return seal(line, verdict) == SEAL[line] if known else f"not in the printed list: {verdict}"[:60]


@check("proof_read", points=10)
def first_lines(proof_read):
    """lines 1 to 5"""
    return judged(proof_read, 1, 2, 3, 4, 5)


@check("proof_read", points=10)
def last_lines(proof_read):
    """lines 6 to 10"""
    return judged(proof_read, 6, 7, 8, 9, 10)
