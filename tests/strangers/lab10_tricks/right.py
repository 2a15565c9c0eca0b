# %% sample_lr/power_of_ten | plain: ten to an even exponent
def sample_lr(rng, low=1e-5, high=1.0):
    return 10 ** rng.uniform(np.log10(low), np.log10(high))

# %% sample_lr/math_natural_log | math.log and math.exp, a plain Python float
import math

def sample_lr(rng, low=1e-5, high=1.0):
    a, b = math.log(low), math.log(high)
    return math.exp(a + (b - a) * rng.random())

# %% sample_lr/ratio_from_above | no logarithm: high times a power of low / high
def sample_lr(rng, low=1e-5, high=1.0):
    u = rng.random()
    return float(high * (low / high) ** u)

# %% sample_lr/negative_exponents | draws minus the exponent, and divides
def sample_lr(rng, low=1e-5, high=1.0):
    x = rng.uniform(-np.log10(high), -np.log10(low))
    return 1 / 10**x

# %% sample_lr/coin_flips | halves the interval at its geometric mean, side by coin, forty times
def sample_lr(rng, low=1e-5, high=1.0):
    for _ in range(40):
        middle = np.sqrt(low) * np.sqrt(high)
        if rng.random() < 0.5:
            high = middle
        else:
            low = middle
    return np.sqrt(low * high)

# %% sample_lr/clipped_base_two | base 2, clipped to the borders against rounding
def sample_lr(rng, low=1e-5, high=1.0):
    start, stop = np.log2([low, high])
    rate = np.exp2(rng.uniform(start, stop))
    return float(np.clip(rate, low, high))

# %% sample_lr/interp_size_one | draws an array of one, interpolates the logarithm, takes item()
def sample_lr(rng, low=1e-5, high=1.0):
    share = rng.random(1)
    return np.exp(np.interp(share, [0, 1], np.log([low, high]))).item()

# %% sample_lr/fine_integer_grid | a whole number of 10^12 equal steps of the logarithm
def sample_lr(rng, low=1e-5, high=1.0):
    steps = 10**12
    k = rng.integers(steps + 1)
    return float(np.exp((np.log(low) * (steps - k) + np.log(high) * k) / steps))

# %% random_search/with_sample_lr | uses the notebook's sample_lr, sorts by key
def random_search(train, space, trials, rng):
    results = []
    for _ in range(trials):
        params = {}
        for name, what in space.items():
            if isinstance(what, list):
                params[name] = what[rng.integers(len(what))]
            else:
                low, high, kind = what
                params[name] = sample_lr(rng, low, high) if kind == "log" else rng.uniform(low, high)
        results.append((train(params), params))
    results.sort(key=lambda pair: pair[0], reverse=True)
    return results

# %% random_search/match_helper | helper with match, rng.choice on the options
def draw(knob, rng):
    match knob:
        case (low, high, "log") if isinstance(knob, tuple):
            return float(np.exp(rng.uniform(np.log(low), np.log(high))))
        case (low, high, "linear") if isinstance(knob, tuple):
            return float(rng.uniform(low, high))
        case _:
            return rng.choice(knob)

def random_search(train, space, trials, rng):
    tried = [{name: draw(knob, rng) for name, knob in space.items()} for _ in range(trials)]
    scored = [(train(params), params) for params in tried]
    return sorted(scored, key=lambda pair: -pair[0])

# %% random_search/all_draws_first | draws each knob for all trials at once, then goes through the trials
def random_search(train, space, trials, rng):
    columns = {}
    for name, knob in space.items():
        u = rng.random(trials)
        if type(knob) is list:
            columns[name] = [knob[int(x * len(knob))] for x in u]
        elif knob[2] == "log":
            columns[name] = list(knob[0] * (knob[1] / knob[0]) ** u)
        else:
            columns[name] = list(knob[0] + (knob[1] - knob[0]) * u)
    trial = [dict(zip(columns, row)) for row in zip(*columns.values())]
    scores = [train(params) for params in trial]
    order = np.argsort(scores)[::-1]
    return [(scores[i], trial[i]) for i in order]

# %% random_search/index_breaks_ties | sorts triples with the trial number between score and dict
def random_search(train, space, trials, rng):
    found = []
    for trial in range(trials):
        p = {}
        for key, value in space.items():
            if isinstance(value, tuple):
                a, b, kind = value
                if kind == "linear":
                    p[key] = a + rng.random() * (b - a)
                else:
                    p[key] = 10 ** rng.uniform(np.log10(a), np.log10(b))
            else:
                p[key] = value[rng.permutation(len(value))[0]]
        found.append((train(dict(p)), trial, p))
    return [(score, p) for score, _, p in sorted(found, reverse=True, key=lambda f: f[:2])]

# %% random_search/insert_in_place | no sort: inserts every pair where it belongs
def random_search(train, space, trials, rng):
    def one(what):
        if isinstance(what, list):
            return what[int(rng.integers(0, len(what)))]
        lo, hi, kind = what
        if kind == "log":
            return lo * np.exp(rng.random() * np.log(hi / lo))
        return rng.uniform(lo, hi)

    best_first = []
    while len(best_first) < trials:
        params = {name: one(what) for name, what in space.items()}
        score = train(params)
        place = 0
        while place < len(best_first) and best_first[place][0] >= score:
            place += 1
        best_first.insert(place, (score, params))
    return best_first

# %% random_search/recursive_merge | recursion: one trial, the rest, and heapq.merge
import heapq

def random_search(train, space, trials, rng):
    if trials == 0:
        return []
    params = {}
    for name in space:
        if isinstance(space[name], list):
            params[name] = space[name][rng.integers(len(space[name]))]
        elif space[name][2] == "log":
            params[name] = np.exp(rng.uniform(*np.log(space[name][:2])))
        else:
            params[name] = rng.uniform(*space[name][:2])
    mine = [(train(params), params)]
    rest = random_search(train, space, trials - 1, rng)
    return list(heapq.merge(mine, rest, key=lambda pair: pair[0], reverse=True))

# %% random_search/knob_class | a class for a knob with a property
class Knob:
    def __init__(self, what):
        self.what = what

    @property
    def is_list(self):
        return isinstance(self.what, list)

    def draw(self, rng):
        if self.is_list:
            return self.what[rng.choice(len(self.what))]
        low, high, kind = self.what
        forth, back = (np.log, np.exp) if kind == "log" else (float, float)
        return float(back(rng.uniform(forth(low), forth(high))))

def random_search(train, space, trials, rng):
    knobs = {name: Knob(what) for name, what in space.items()}
    out = []
    for _ in range(trials):
        params = {name: knob.draw(rng) for name, knob in knobs.items()}
        out += [(train(params), params)]
    return sorted(out, key=lambda pair: pair[0])[::-1]

# %% refine/plain | each kind for itself, max and min
def refine(space, best):
    new = {}
    for name, knob in space.items():
        if isinstance(knob, list):
            new[name] = knob
            continue
        low, high, kind = knob
        if kind == "linear":
            half = (high - low) / 8
            new[name] = (max(low, best[name] - half), min(high, best[name] + half), kind)
        else:
            half = (np.log10(high) - np.log10(low)) / 8
            e = np.log10(best[name])
            new[name] = (max(low, 10 ** (e - half)), min(high, 10 ** (e + half)), kind)
    return new

# %% refine/eighth_root | log by a factor, the eighth root of high / low
def refine(space, best):
    new = dict(space)
    for name, knob in space.items():
        if isinstance(knob, tuple):
            low, high, kind = knob
            if kind == "log":
                f = (high / low) ** 0.125
                a, b = best[name] / f, best[name] * f
            else:
                a, b = best[name] - (high - low) / 8, best[name] + (high - low) / 8
            new[name] = (max(a, low), min(b, high), kind)
    return new

# %% refine/deepcopy_forth_and_back | deep copy, both kinds with one formula, np.clip at the end
import copy

def refine(space, best):
    result = copy.deepcopy(space)
    for name in result:
        if not isinstance(result[name], list):
            low, high, kind = result[name]
            forth, back = (np.log, np.exp) if kind == "log" else (lambda v: v, lambda v: v)
            width = forth(high) - forth(low)
            begin = forth(best[name]) - width / 4 / 2
            both = np.clip([back(begin), back(begin + width / 4)], low, high)
            result[name] = (float(both[0]), float(both[1]), kind)
    return result

# %% refine/clip_in_exponents | cuts the exponents, then raises; exp of log low is rounded
def refine(space, best):
    def smaller(low, high, mid):
        quarter = (high - low) / 4
        return max(low, mid - quarter / 2), min(high, mid + quarter / 2)

    new = {}
    for name, knob in space.items():
        if type(knob) == list:
            new[name] = list(knob)
        elif knob[2] == "linear":
            new[name] = (*smaller(knob[0], knob[1], best[name]), "linear")
        else:
            a, b = smaller(np.log(knob[0]), np.log(knob[1]), np.log(best[name]))
            new[name] = (np.exp(a), np.exp(b), "log")
    return new

# %% refine/comprehension | one comprehension, sorted takes the middle of three
def refine(space, best):
    def cut(value, low, high):
        return sorted([low, value, high])[1]

    def around(knob, b):
        low, high, kind = knob
        if kind == "log":
            return cut(b * (low / high) ** (1 / 8), low, high), cut(b * (high / low) ** (1 / 8), low, high), kind
        return cut(b + (low - high) / 8, low, high), cut(b + (high - low) / 8, low, high), kind

    return {n: k if isinstance(k, list) else around(k, best[n]) for n, k in space.items()}

# %% refine/recursive_roots | recursion over the names, and three square roots for the factor
def refine(space, best):
    if not space:
        return {}
    (name, knob), *others = space.items()
    rest = refine(dict(others), best)
    if isinstance(knob, list):
        return {name: knob, **rest}
    low, high, kind = knob
    if kind == "log":
        factor = np.sqrt(np.sqrt(np.sqrt(high / low)))
        lo, hi = best[name] / factor, best[name] * factor
    else:
        half = 0.125 * high - 0.125 * low
        lo, hi = best[name] - half, best[name] + half
    if lo < low:
        lo = low
    if hi > high:
        hi = high
    return {name: (lo, hi, kind), **rest}

# %% ensemble/one_line | np.mean over the networks
def ensemble(probabilities):
    return np.mean(probabilities, axis=0)

# %% ensemble/einsum | einsum and a division
def ensemble(probabilities):
    p = np.asarray(probabilities)
    return np.einsum("mnc->nc", p) / p.shape[0]

# %% ensemble/running_mean | the exact running mean, one network after the other
def ensemble(probabilities):
    mean = np.array(probabilities[0], dtype=float)
    for k, p in enumerate(probabilities[1:], start=2):
        mean += (np.asarray(p) - mean) / k
    return mean

# %% ensemble/three_loops | every entry by itself
def ensemble(probabilities):
    M, N, C = len(probabilities), len(probabilities[0]), len(probabilities[0][0])
    out = np.zeros((N, C))
    for n in range(N):
        for c in range(C):
            for m in range(M):
                out[n, c] += probabilities[m][n][c]
            out[n, c] /= M
    return out

# %% ensemble/tensordot_renormalised | weights 1 / M by tensordot, then rows divided by their sum
def ensemble(probabilities):
    p = np.stack([np.array(each, dtype=np.float64) for each in probabilities])
    mixed = np.tensordot(np.full(len(p), 1 / len(p)), p, axes=1)
    return mixed / mixed.sum(axis=-1, keepdims=True)

# %% ensemble/sum_of_parts | Python's sum of the arrays divided first
def ensemble(probabilities):
    M = len(probabilities)
    return sum(np.asarray(p) / M for p in probabilities)

# %% ten_crop/slices | the five slices, and the five mirrored after them
def ten_crop(image, size):
    H, W = image.shape
    r, c = (H - size) // 2, (W - size) // 2
    crops = [
        image[:size, :size],
        image[:size, W - size :],
        image[H - size :, :size],
        image[H - size :, W - size :],
        image[r : r + size, c : c + size],
    ]
    return np.array(crops + [np.fliplr(crop) for crop in crops])

# %% ten_crop/sliding_windows | all windows, five of them by fancy indexing
def ten_crop(image, size):
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size))
    last_r, last_c = windows.shape[0] - 1, windows.shape[1] - 1
    five = windows[[0, 0, last_r, last_r, last_r // 2], [0, last_c, 0, last_c, last_c // 2]]
    return np.concatenate([five, five[..., ::-1]])

# %% ten_crop/every_dot | loops over every dot, float result, crop and mirrored one alternate
def ten_crop(image, size):
    H, W = np.shape(image)
    begins = [(r, c) for r in (0, H - size) for c in (0, W - size)] + [((H - size) // 2, (W - size) // 2)]
    out = np.zeros((10, size, size))
    for k, (r, c) in enumerate(begins):
        for i in range(size):
            for j in range(size):
                out[2 * k, i, j] = image[r + i][c + j]
                out[2 * k + 1, i, size - 1 - j] = image[r + i][c + j]
    return out

# %% ten_crop/mirrored_picture | crops the mirrored picture, its centre begins at the other rest
def ten_crop(image, size):
    image = np.asarray(image)
    H, W = image.shape
    r, c = (H - size) // 2, (W - size) // 2

    def five(picture, c):
        for a, b in [(0, 0), (0, W - size), (H - size, 0), (H - size, W - size), (r, c)]:
            yield picture[a : a + size, b : b + size]

    mirrored = image[:, ::-1]
    return np.stack([*five(image, c), *five(mirrored, W - size - c)])

# %% ten_crop/index_arrays | all at once with index arrays
def ten_crop(image, size):
    image = np.array(image)
    h, w = image.shape[0] - size, image.shape[1] - size
    r0 = np.array([0, 0, h, h, h // 2] * 2)
    c0 = np.array([0, w, 0, w, w // 2] * 2)
    rows = r0[:, None, None] + np.arange(size)[:, None]
    cols = np.broadcast_to(c0[:, None, None] + np.arange(size), (10, 1, size)).copy()
    cols[5:] = cols[5:, :, ::-1]
    return image[rows, cols]

# %% ten_crop/copies_in_place | copies each crop and mirrors the copy in place
def ten_crop(image, size):
    H, W = image.shape
    crops = []
    for rows, cols in (
        (slice(0, size), slice(0, size)),
        (slice(0, size), slice(-size, None)),
        (slice(-size, None), slice(0, size)),
        (slice(-size, None), slice(-size, None)),
        (slice((H - size) // 2, (H - size) // 2 + size), slice((W - size) // 2, (W - size) // 2 + size)),
    ):
        crop = image[rows, cols].copy()
        crops.insert(0, crop.copy())
        crop[:] = crop[:, ::-1].copy()
        crops.append(crop)
    return np.array(crops)

# %% tta_predict/all_at_once | all ten at once
def tta_predict(model, image, size):
    return model(ten_crop(image, size)).mean(axis=0)

# %% tta_predict/one_by_one | asks the model ten times with one crop
def tta_predict(model, image, size):
    total = 0
    for crop in ten_crop(image, size):
        total = total + model(crop[np.newaxis])[0]
    return total / 10

# %% tta_predict/by_ensemble | ten networks of one row for the notebook's ensemble
def tta_predict(model, image, size):
    crops = ten_crop(image, size)
    return ensemble([model(crops[k : k + 1]) for k in range(len(crops))])[0]

# %% tta_predict/two_batches | five and five, the mean of two means
def tta_predict(model, image, size):
    crops = ten_crop(image, size)
    first, second = model(crops[:5]), model(crops[5:])
    return (np.mean(first, axis=0) + np.mean(second, axis=0)) / 2

# %% tta_predict/matrix_product | a row of tenths times the answers
def tta_predict(model, image, size):
    answers = np.asarray(model(ten_crop(image, size)))
    return np.full(len(answers), 1 / len(answers)) @ answers

# %% tta_predict/shown_twice | every crop shown twice in one batch of twenty, in reversed order
def tta_predict(model, image, size):
    crops = ten_crop(image, size)
    batch = np.concatenate([crops, crops[::-1]])
    p = model(batch)
    return np.add.reduce(p) / len(batch)

# %% snapshot_ensemble/copy_each_array | a new dict of copies after each cycle
def snapshot_ensemble(train_cycle, cycles):
    found = []
    for k in range(cycles):
        weights = train_cycle(k)
        found.append({name: w.copy() for name, w in weights.items()})
    return found

# %% snapshot_ensemble/deepcopy_line | one line with deepcopy
import copy

def snapshot_ensemble(train_cycle, cycles):
    return [copy.deepcopy(train_cycle(k)) for k in range(cycles)]

# %% snapshot_ensemble/map_np_array | np.array copies; dict of zip
def snapshot_ensemble(train_cycle, cycles):
    def frozen(weights):
        return dict(zip(weights.keys(), map(np.array, weights.values())))

    return list(map(frozen, map(train_cycle, range(cycles))))

# %% snapshot_ensemble/recursion | the first ones by recursion, the last one appended
def snapshot_ensemble(train_cycle, cycles):
    if cycles == 0:
        return []
    earlier = snapshot_ensemble(train_cycle, cycles - 1)
    return earlier + [{n: np.copy(w) for n, w in train_cycle(cycles - 1).items()}]

# %% snapshot_ensemble/plus_zero | a sum with zero is a new array
def snapshot_ensemble(train_cycle, cycles):
    snapshots = [None] * cycles
    for k in range(cycles):
        snapshots[k] = {}
        for name, w in train_cycle(k).items():
            snapshots[k][name] = w + 0
    return snapshots

# %% snapshot_ensemble/empty_like_filled | fills fresh arrays, dict first copied and then its entries replaced
def snapshot_ensemble(train_cycle, cycles):
    out = []
    for k in range(cycles):
        snap = dict(train_cycle(k))
        for name in snap:
            fresh = np.empty_like(snap[name])
            fresh[...] = snap[name]
            snap[name] = fresh
        out.append(snap)
    return out

# %% snapshot_ensemble/pickled | bytes after each cycle, turned back to arrays at the end
import pickle

def snapshot_ensemble(train_cycle, cycles):
    kept = [pickle.dumps(train_cycle(k)) for k in range(cycles)]
    return [pickle.loads(each) for each in kept]

# %% proof_read/in_the_braces | the dict filled in
# the number of each line, and its verdict
proof_read = {1: "first layer", 2: "bend", 3: "list", 4: "name", 5: "end", 6: "plain only", 7: "transpose", 8: "mean", 9: "next door", 10: "nothing"}

# %% proof_read/set_backwards | the empty dict stays, each line set below
# the number of each line, and its verdict
proof_read = {1: "", 2: "", 3: "", 4: "", 5: "", 6: "", 7: "", 8: "", 9: "", 10: ""}
proof_read[10] = "nothing"
proof_read[9] = "next door"
proof_read[8] = "mean"
proof_read[7] = "transpose"
proof_read[6] = "plain only"
proof_read[5] = "end"
proof_read[4] = "name"
proof_read[3] = "list"
proof_read[2] = "bend"
proof_read[1] = "first layer"

# %% proof_read/enumerated | a list of words, numbered from 1
words = ["first layer", "bend", "list", "name", "end", "plain only", "transpose", "mean", "next door", "nothing"]
proof_read = dict(enumerate(words, start=1))
