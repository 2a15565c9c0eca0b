"""Right answers to lab10_tricks, written in other ways than the reference; every check has to pass them."""

import copy
import heapq
import math
import operator
from functools import reduce

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import stats

# --- sample_lr


def by_natural_logarithms(rng, low=1e-5, high=1.0):
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def by_a_quotient(rng, low=1e-5, high=1.0):
    return low * (high / low) ** rng.random()


def by_scipy(rng, low=1e-5, high=1.0):
    return stats.loguniform.rvs(low, high, random_state=rng)


def by_logspace(rng, low=1e-5, high=1.0):
    return np.logspace(np.log10(low), np.log10(high), 2)[0] * 10 ** (rng.random() * np.log10(high / low))


def downwards(generator, smallest=1e-5, largest=1.0):
    return largest / np.power(largest / smallest, generator.uniform())


def in_single_precision(rng, low=1e-5, high=1.0):
    return np.float64(10 ** (np.log10(low) + rng.random() * (np.log10(high) - np.log10(low)))).item()


def an_array_of_one(rng, low=1e-5, high=1.0):
    return np.exp2(rng.uniform(np.log2(low), np.log2(high), size=1))[0]


def the_upper_end_is_possible(rng, low=1e-5, high=1.0):
    share = rng.integers(0, 2**40, endpoint=True) / 2**40
    return 10.0 ** ((1 - share) * np.log10(low) + share * np.log10(high))


# --- random_search


def in_one_loop(train, space, trials, rng):
    results = []
    for _ in range(trials):
        params = {}
        for name, what in space.items():
            if isinstance(what, list):
                params[name] = what[int(rng.random() * len(what))]
            elif what[2] == "log":
                params[name] = 10 ** rng.uniform(np.log10(what[0]), np.log10(what[1]))
            else:
                params[name] = rng.uniform(what[0], what[1])
        results.append((train(params), params))
    results.sort(key=lambda result: -result[0])
    return results


def by_choice(train, space, trials, rng):
    """rng.choice makes NumPy's words and numbers of a list's entries."""

    def draw(what):
        match what:
            case (low, high, "log"):
                return np.exp(rng.uniform(np.log(low), np.log(high)))
            case (low, high, "linear"):
                return low + (high - low) * rng.random()
            case options:
                return rng.choice(options)

    found = [(params, train(params)) for params in ({name: draw(what) for name, what in space.items()} for _ in range(trials))]
    return [(score, params) for params, score in sorted(found, key=operator.itemgetter(1))][::-1]


def by_argsort(train, space, trials, rng):
    columns = {}
    for name, what in space.items():
        if type(what) is list:
            columns[name] = [what[i] for i in rng.integers(0, len(what), size=trials)]
        elif what[-1] == "log":
            columns[name] = np.exp(rng.uniform(np.log(what[0]), np.log(what[1]), size=trials))
        else:
            columns[name] = rng.uniform(*what[:2], size=trials)
    every = [{name: values[k] for name, values in columns.items()} for k in range(trials)]
    scores = np.array([train(params) for params in every])
    return [(scores[k], every[k]) for k in np.argsort(-scores)]


def by_a_heap(train, space, trials, rng):
    heap = []
    for number in range(trials):
        params = {name: _drawn(what, rng) for name, what in space.items()}
        heapq.heappush(heap, (-train(params), number, params))
    ordered = [heapq.heappop(heap) for _ in range(trials)]
    return [(-negative, params) for negative, _, params in ordered]


def _drawn(what, rng):
    if isinstance(what, list):
        return rng.permutation(what)[0]
    low, high, kind = what
    return low * (high / low) ** rng.random() if kind == "log" else rng.random() * (high - low) + low


def inserted(train, space, trials, rng):
    results = []
    for _ in range(trials):
        params = {name: _drawn(what, rng) for name, what in space.items()}
        score = train(dict(params))
        place = sum(old >= score for old, _ in results)
        results.insert(place, [score, params])
    return results


def as_a_tuple(train, space, trials, rng):
    print("searching", list(space))
    found = in_one_loop(train, space, trials, rng)
    assert len(found) == trials
    return tuple(found)


def with_a_function_inside(train, space, trials, rng):
    def value(what):
        if isinstance(what, list):
            return what[rng.integers(len(what))]
        return by_a_quotient(rng, *what[:2]) if what[2] == "log" else rng.uniform(*what[:2])

    tried = [{name: value(what) for name, what in space.items()} for _ in range(trials)]
    return sorted(((train(params), params) for params in tried), key=lambda pair: pair[0], reverse=True)


# --- refine


def by_exponents(space, best):
    new = {}
    for name, what in space.items():
        if isinstance(what, list):
            new[name] = what
            continue
        low, high, kind = what
        a, b, middle = np.log10([low, high, best[name]]) if kind == "log" else (low, high, best[name])
        width = (b - a) / 4
        a, b = max(a, middle - width / 2), min(b, middle + width / 2)
        new[name] = (10**a, 10**b, kind) if kind == "log" else (a, b, kind)
    return new


def by_clip(space, best):
    def one(what, value):
        if not isinstance(what, tuple):
            return what[:]
        low, high, kind = what
        if kind == "linear":
            return (*np.clip([value - (high - low) / 8, value + (high - low) / 8], low, high), kind)
        step = np.exp((np.log(high) - np.log(low)) / 8)
        return (*np.clip([value / step, value * step], low, high), kind)

    return {name: one(what, best[name]) for name, what in space.items()}


def in_a_copy(space, best):
    new = copy.deepcopy(space)
    for name in new:
        if isinstance(new[name], list):
            continue
        low, high, kind = new[name]
        to, back = (math.log, math.exp) if kind == "log" else (float, float)
        eighth = (to(high) - to(low)) / 8
        new[name] = (max(low, back(to(best[name]) - eighth)), min(high, back(to(best[name]) + eighth)), kind)
    return new


def by_roots(space, best):
    new = dict(space)
    for name, (low, high, kind) in ((name, what) for name, what in space.items() if type(what) is tuple):
        if kind == "log":
            root = np.sqrt(np.sqrt(np.sqrt(high / low)))
            ends = best[name] / root, best[name] * root
        else:
            ends = best[name] - 0.125 * (high - low), best[name] + 0.125 * (high - low)
        new[name] = (sorted((low, ends[0]))[1], sorted((high, ends[1]))[0], kind)
    return new


def by_cases(space, best):
    found = {}
    for name, value in best.items():
        match space[name]:
            case (low, high, "log"):
                bottom, top = value * (low / high) ** 0.125, value * (high / low) ** 0.125
                found[name] = (bottom if bottom > low else low, top if top < high else high, "log")
            case (low, high, "linear"):
                half = abs(high - low) * 0.25 / 2
                found[name] = (value - half if value - half > low else low, value + half if value + half < high else high, "linear")
            case options:
                found[name] = options
    return found


# --- ensemble


def mean_over_the_networks(probabilities):
    return np.array(probabilities).mean(0)


def sum_divided(probabilities):
    return sum(np.asarray(each) for each in probabilities) / len(probabilities)


def by_einsum(probabilities):
    return np.einsum("mnc->nc", np.stack(probabilities)) / len(probabilities)


def in_a_copy_of_the_first(probabilities):
    total = np.array(probabilities[0], dtype=float)
    for each in probabilities[1:]:
        total += each
    total /= len(probabilities)
    return total


def running(probabilities):
    mean = np.zeros(np.shape(probabilities[0]))
    for k, each in enumerate(probabilities, start=1):
        mean += (np.asarray(each) - mean) / k
    return mean


def as_lists(probabilities):
    M = len(probabilities)
    rows, classes = np.shape(probabilities[0])
    return [[sum(float(probabilities[m][n][c]) for m in range(M)) / M for c in range(classes)] for n in range(rows)]


def scaled_once_more(probabilities):
    """The rows add up to 1 already; to make sure costs nothing."""
    mean = np.average(probabilities, axis=0)
    return mean / mean.sum(axis=1, keepdims=True)


def weights_of_equal_size(probabilities):
    return np.tensordot(np.full(len(probabilities), 1 / len(probabilities)), np.asarray(probabilities), axes=1)


def by_reduce(probabilities):
    return reduce(np.add, probabilities) / len(probabilities)


# --- ten_crop


def in_a_list(image, size):
    H, W = image.shape
    crops = []
    for r in (0, H - size):
        for c in (0, W - size):
            crops += [image[r : r + size, c : c + size], image[r : r + size, c : c + size][:, ::-1]]
    r, c = (H - size) // 2, (W - size) // 2
    middle = image[r : r + size, c : c + size]
    return [*crops, middle, np.fliplr(middle)]


def by_negative_indices(image, size):
    """The lower corners from below: `-size:` is the last rows."""
    H, W = np.shape(image)
    r, c = int((H - size) / 2), int((W - size) / 2)
    five = [image[:size, :size], image[:size, -size:], image[-size:, :size], image[-size:, -size:], image[r : size + r, c : size + c]]
    return np.stack(five + [np.flip(crop, axis=1) for crop in five])


def by_windows(image, size):
    windows = sliding_window_view(image, (size, size))
    rows, columns = windows.shape[0] - 1, windows.shape[1] - 1
    five = windows[[0, 0, rows, rows, rows // 2], [0, columns, 0, columns, columns // 2]]
    return np.vstack([five, five[..., ::-1]])


def dot_by_dot(image, size):
    below, beside = len(image) - size, len(image[0]) - size
    begins = [(0, 0), (below, 0), (0, beside), (below, beside), (below // 2, beside // 2)]
    found = np.zeros((10, size, size))
    for k, (r, c) in enumerate(begins):
        for i in range(size):
            for j in range(size):
                found[2 * k, i, j] = image[r + i, c + j]
                found[2 * k + 1, i, size - 1 - j] = image[r + i, c + j]
    return found


def mirrored_picture_cropped_at_the_mirrored_place(image, size):
    H, W = image.shape
    begins = [(0, 0), (0, W - size), (H - size, 0), (H - size, W - size), ((H - size) // 2, (W - size) // 2)]
    mirror = image[:, ::-1]
    return np.array(
        [image[r : r + size, c : c + size] for r, c in begins] + [mirror[r : r + size, W - size - c : W - c] for r, c in begins]
    )


def by_take(image, size):
    H, W = image.shape
    grid = np.arange(size)
    found = []
    for r, c in ((0, 0), (0, W - size), (H - size, 0), (H - size, W - size), ((H - size) >> 1, (W - size) >> 1)):
        crop = image.take(r + grid, axis=0).take(c + grid, axis=1)
        found.extend((crop, crop[:, grid[::-1]]))
    return np.asarray(found)


# --- tta_predict


def crop_by_crop(model, image, size):
    return np.mean([model(crop[None])[0] for crop in in_a_list(image, size)], axis=0)


def with_crops_of_its_own(model, image, size):
    return np.asarray(model(by_negative_indices(image, size))).sum(axis=0) / 10


def five_and_five(model, image, size):
    crops = by_windows(image, size)
    return (model(crops[:5]).mean(axis=0) + model(crops[5:]).mean(axis=0)) / 2


def with_ensemble(model, image, size):
    return running(model(by_take(image, size))[:, None, :])[0]


def as_a_list(model, image, size):
    return [float(p) for p in np.average(np.array(model(np.stack(in_a_list(image, size)))), axis=0)]


def by_a_product(model, image, size):
    return np.full(10, 0.1) @ model(dot_by_dot(image, size))


# --- snapshot_ensemble


def by_comprehension(train_cycle, cycles):
    return [{name: w.copy() for name, w in train_cycle(k).items()} for k in range(cycles)]


def in_a_loop(train_cycle, cycles):
    snapshots = []
    for k in range(cycles):
        weights = train_cycle(k)
        snapshots.append({})
        for name in weights:
            snapshots[-1][name] = np.array(weights[name])
    return snapshots


def by_mapping(train_cycle, cycles):
    return list(map(copy.deepcopy, map(train_cycle, range(cycles))))


def with_a_while(train_cycle, cycles):
    found, k = [], 0
    while len(found) < cycles:
        found.append({name: w + 0 for name, w in dict(train_cycle(k)).items()})
        k += 1
    return found


def as_lists_of_numbers(train_cycle, cycles):
    return [{name: np.asarray(w).tolist() for name, w in train_cycle(k).items()} for k in range(cycles)]


def kept_in_a_tuple(train_cycle, cycles):
    return tuple(copy.deepcopy(train_cycle(np.int64(k))) for k in range(cycles))


# --- proof_read


VERDICTS = ["first layer", "bend", "list", "name", "end", "plain only", "transpose", "mean", "next door", "nothing"]


def one_by_one():
    found = {number: "" for number in range(1, 11)}  # noqa: C420 - as the notebook's own empty table
    for number, word in enumerate(VERDICTS):
        found[number + 1] = word
    return found


EQUIVALENTS = {
    "sample_lr": [
        by_natural_logarithms,
        by_a_quotient,
        by_scipy,
        by_logspace,
        downwards,
        in_single_precision,
        an_array_of_one,
        the_upper_end_is_possible,
    ],
    "random_search": [in_one_loop, by_choice, by_argsort, by_a_heap, inserted, as_a_tuple, with_a_function_inside],
    "refine": [by_exponents, by_clip, in_a_copy, by_roots, by_cases],
    "ensemble": [
        mean_over_the_networks,
        sum_divided,
        by_einsum,
        in_a_copy_of_the_first,
        running,
        as_lists,
        scaled_once_more,
        weights_of_equal_size,
        by_reduce,
    ],
    "ten_crop": [
        in_a_list,
        by_negative_indices,
        by_windows,
        dot_by_dot,
        mirrored_picture_cropped_at_the_mirrored_place,
        by_take,
    ],
    "tta_predict": [crop_by_crop, with_crops_of_its_own, five_and_five, with_ensemble, as_a_list, by_a_product],
    "snapshot_ensemble": [by_comprehension, in_a_loop, by_mapping, with_a_while, as_lists_of_numbers, kept_in_a_tuple],
    "proof_read": [
        dict(enumerate(VERDICTS, start=1)),
        dict(zip(range(10, 0, -1), VERDICTS[::-1], strict=True)),
        {number + 1: word for number, word in enumerate(VERDICTS)},
        one_by_one(),
    ],
}
