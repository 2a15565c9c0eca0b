# %% sample_lr/decade_then_even | a decade by chance, but evenly inside of it, so small mantissas are too rare
def sample_lr(rng, low=1e-5, high=1.0):
    e = rng.uniform(np.log10(low), np.log10(high))
    inside = rng.uniform(max(low, 10 ** np.floor(e)), min(high, 10 ** np.ceil(e)))
    return inside

# %% sample_lr/whole_exponents | the exponent is rounded, so only powers of ten come
def sample_lr(rng, low=1e-5, high=1.0):
    return float(10 ** np.round(rng.uniform(np.log10(low), np.log10(high))))

# %% sample_lr/log1p | log1p and expm1 instead of log and exp, so small rates are drawn evenly
def sample_lr(rng, low=1e-5, high=1.0):
    return np.expm1(rng.uniform(np.log1p(low), np.log1p(high)))

# %% sample_lr/reciprocal | draws 1 / rate evenly
def sample_lr(rng, low=1e-5, high=1.0):
    return 1 / rng.uniform(1 / high, 1 / low)

# %% sample_lr/middle_favoured | the mean of two draws of the exponent, so the middle decades come more often
def sample_lr(rng, low=1e-5, high=1.0):
    a, b = np.log10(low), np.log10(high)
    return 10 ** ((rng.uniform(a, b) + rng.uniform(a, b)) / 2)

# %% sample_lr/own_generator | makes a generator of its own, so each call gives the same rate
def sample_lr(rng, low=1e-5, high=1.0):
    rng = np.random.default_rng(0)
    return 10 ** rng.uniform(np.log10(low), np.log10(high))

# %% sample_lr/six_places | rounds the rate to six places, so small ones are coarse
def sample_lr(rng, low=1e-5, high=1.0):
    return round(float(10 ** rng.uniform(np.log10(low), np.log10(high))), 6)

# %% sample_lr/high_is_one | the exponent goes up to 0 whatever high is
def sample_lr(rng, low=1e-5, high=1.0):
    return 10 ** (np.log10(low) * rng.random())

# %% random_search/lists_first_to_last_but_one | the last option of a list never comes
def random_search(train, space, trials, rng):
    found = []
    for _ in range(trials):
        params = {}
        for name, knob in space.items():
            if isinstance(knob, list):
                params[name] = knob[rng.integers(0, max(1, len(knob) - 1))]
            elif knob[2] == "log":
                params[name] = np.exp(rng.uniform(np.log(knob[0]), np.log(knob[1])))
            else:
                params[name] = rng.uniform(knob[0], knob[1])
        found.append((train(params), params))
    return sorted(found, key=lambda pair: pair[0], reverse=True)

# %% random_search/one_dict_for_all | the dict is made once, all pairs hold the last params
def random_search(train, space, trials, rng):
    found, params = [], {}
    for _ in range(trials):
        for name, knob in space.items():
            if isinstance(knob, list):
                params[name] = knob[rng.integers(len(knob))]
            elif knob[2] == "log":
                params[name] = np.exp(rng.uniform(np.log(knob[0]), np.log(knob[1])))
            else:
                params[name] = rng.uniform(knob[0], knob[1])
        found.append((train(params), params))
    return sorted(found, key=lambda pair: pair[0], reverse=True)

# %% random_search/lowest_first | sorted with the lowest score first
def random_search(train, space, trials, rng):
    found = []
    for _ in range(trials):
        params = {}
        for name, knob in space.items():
            if isinstance(knob, list):
                params[name] = knob[rng.integers(len(knob))]
            elif knob[2] == "log":
                params[name] = np.exp(rng.uniform(np.log(knob[0]), np.log(knob[1])))
            else:
                params[name] = rng.uniform(knob[0], knob[1])
        found.append((train(params), params))
    return sorted(found, key=lambda pair: pair[0])

# %% random_search/one_share_for_all_knobs | one random share for all knobs of a trial, so they go up and down together
def random_search(train, space, trials, rng):
    found = []
    for _ in range(trials):
        u, params = rng.random(), {}
        for name, knob in space.items():
            if isinstance(knob, list):
                params[name] = knob[int(u * len(knob))]
            elif knob[2] == "log":
                params[name] = knob[0] * (knob[1] / knob[0]) ** u
            else:
                params[name] = knob[0] + (knob[1] - knob[0]) * u
        found.append((train(params), params))
    return sorted(found, key=lambda pair: pair[0], reverse=True)

# %% random_search/last_word_log | looks at the last entry before it asks for a list, so a list that ends with the word log fails
def random_search(train, space, trials, rng):
    found = []
    for _ in range(trials):
        params = {}
        for name, knob in space.items():
            if knob[-1] == "log":
                params[name] = np.exp(rng.uniform(np.log(knob[0]), np.log(knob[1])))
            elif knob[-1] == "linear":
                params[name] = rng.uniform(knob[0], knob[1])
            else:
                params[name] = knob[rng.integers(len(knob))]
        found.append((train(params), params))
    return sorted(found, key=lambda pair: pair[0], reverse=True)

# %% random_search/equal_scores_overwrite | collects in a dict by score, so of several with one score only the last stays
def random_search(train, space, trials, rng):
    found = {}
    for _ in range(trials):
        params = {}
        for name, knob in space.items():
            if isinstance(knob, list):
                params[name] = knob[rng.integers(len(knob))]
            elif knob[2] == "log":
                params[name] = np.exp(rng.uniform(np.log(knob[0]), np.log(knob[1])))
            else:
                params[name] = rng.uniform(knob[0], knob[1])
        found[train(params)] = params
    return [(score, found[score]) for score in sorted(found, reverse=True)]

# %% random_search/scores_sorted_alone | sorts the scores, the params stay in the order of the trials
def random_search(train, space, trials, rng):
    scores, tried = [], []
    for _ in range(trials):
        params = {}
        for name, knob in space.items():
            if isinstance(knob, list):
                params[name] = knob[rng.integers(len(knob))]
            elif knob[2] == "log":
                params[name] = np.exp(rng.uniform(np.log(knob[0]), np.log(knob[1])))
            else:
                params[name] = rng.uniform(knob[0], knob[1])
        tried.append(params)
        scores.append(train(params))
    return list(zip(sorted(scores, reverse=True), tried))

# %% random_search/linear_whole_numbers | linear knobs get whole numbers
def random_search(train, space, trials, rng):
    found = []
    for _ in range(trials):
        params = {}
        for name, knob in space.items():
            if isinstance(knob, list):
                params[name] = knob[rng.integers(len(knob))]
            elif knob[2] == "log":
                params[name] = np.exp(rng.uniform(np.log(knob[0]), np.log(knob[1])))
            else:
                params[name] = int(rng.integers(int(knob[0]), int(np.ceil(knob[1])) + 1))
        found.append((train(params), params))
    return sorted(found, key=lambda pair: pair[0], reverse=True)

# %% random_search/linear_from_zero | linear: high times a share, low is forgotten
def random_search(train, space, trials, rng):
    found = []
    for _ in range(trials):
        params = {}
        for name, knob in space.items():
            if isinstance(knob, list):
                params[name] = knob[rng.integers(len(knob))]
            elif knob[2] == "log":
                params[name] = np.exp(rng.uniform(np.log(knob[0]), np.log(knob[1])))
            else:
                params[name] = knob[1] * rng.random()
        found.append((train(params), params))
    return sorted(found, key=lambda pair: pair[0], reverse=True)

# %% refine/width_is_high | the width of a linear knob is taken as high, as if low were 0
def refine(space, best):
    new = {}
    for name, knob in space.items():
        if isinstance(knob, list):
            new[name] = knob
            continue
        low, high, kind = knob
        if kind == "linear":
            a, b = best[name] - high / 8, best[name] + high / 8
        else:
            f = (high / low) ** (1 / 8)
            a, b = best[name] / f, best[name] * f
        new[name] = (max(low, a), min(high, b), kind)
    return new

# %% refine/lists_for_triples | gives lists instead of tuples, which random_search takes for options
def refine(space, best):
    new = {}
    for name, knob in space.items():
        if isinstance(knob, list):
            new[name] = knob
            continue
        low, high, kind = knob
        if kind == "linear":
            a, b = best[name] - (high - low) / 8, best[name] + (high - low) / 8
        else:
            f = (high / low) ** (1 / 8)
            a, b = best[name] / f, best[name] * f
        new[name] = [max(low, a), min(high, b), kind]
    return new

# %% refine/log_becomes_linear | the kind of a log knob is lost
def refine(space, best):
    new = {}
    for name, knob in space.items():
        if isinstance(knob, list):
            new[name] = knob
            continue
        low, high, kind = knob
        if kind == "log":
            f = (high / low) ** (1 / 8)
            a, b = best[name] / f, best[name] * f
        else:
            a, b = best[name] - (high - low) / 8, best[name] + (high - low) / 8
        new[name] = (max(low, a), min(high, b), "linear")
    return new

# %% refine/log_width_even | the log knob gets a quarter of high - low, as a linear one
def refine(space, best):
    new = {}
    for name, knob in space.items():
        if isinstance(knob, list):
            new[name] = knob
        else:
            low, high, kind = knob
            half = (high - low) / 8
            new[name] = (max(low, best[name] - half), min(high, best[name] + half), kind)
    return new

# %% refine/two_logarithms | width by log10, but exp and log around the best
def refine(space, best):
    new = {}
    for name, knob in space.items():
        if isinstance(knob, list):
            new[name] = knob
            continue
        low, high, kind = knob
        if kind == "linear":
            a, b = best[name] - (high - low) / 8, best[name] + (high - low) / 8
        else:
            half = (np.log10(high) - np.log10(low)) / 8
            a, b = np.exp(np.log(best[name]) - half), np.exp(np.log(best[name]) + half)
        new[name] = (max(low, a), min(high, b), kind)
    return new

# %% refine/lower_border_open | cut above only, the space may reach below the old one
def refine(space, best):
    new = {}
    for name, knob in space.items():
        if isinstance(knob, list):
            new[name] = knob
            continue
        low, high, kind = knob
        if kind == "linear":
            a, b = best[name] - (high - low) / 8, best[name] + (high - low) / 8
        else:
            f = (high / low) ** (1 / 8)
            a, b = best[name] / f, best[name] * f
        new[name] = (a, min(high, b), kind)
    return new

# %% refine/both_sides_cut | where one side is cut, the other side is cut by as much, so that best stays in the middle
def refine(space, best):
    new = {}
    for name, knob in space.items():
        if isinstance(knob, list):
            new[name] = knob
            continue
        low, high, kind = knob
        if kind == "linear":
            half = min((high - low) / 8, best[name] - low, high - best[name])
            new[name] = (best[name] - half, best[name] + half, kind)
        else:
            f = min((high / low) ** (1 / 8), best[name] / low, high / best[name])
            new[name] = (best[name] / f, best[name] * f, kind)
    return new

# %% refine/writes_into_space | the new triples are written into the caller's space
def refine(space, best):
    for name, knob in space.items():
        if isinstance(knob, list):
            continue
        low, high, kind = knob
        if kind == "linear":
            a, b = best[name] - (high - low) / 8, best[name] + (high - low) / 8
        else:
            f = (high / low) ** (1 / 8)
            a, b = best[name] / f, best[name] * f
        space[name] = (max(low, a), min(high, b), kind)
    return space

# %% refine/best_option_only | a list is narrowed to the best option
def refine(space, best):
    new = {}
    for name, knob in space.items():
        if isinstance(knob, list):
            new[name] = [best[name]]
            continue
        low, high, kind = knob
        if kind == "linear":
            a, b = best[name] - (high - low) / 8, best[name] + (high - low) / 8
        else:
            f = (high / low) ** (1 / 8)
            a, b = best[name] / f, best[name] * f
        new[name] = (max(low, a), min(high, b), kind)
    return new

# %% refine/eighth_of_the_ratio | log: the factor to each side is an eighth of high / low instead of its eighth root
def refine(space, best):
    new = {}
    for name, knob in space.items():
        if isinstance(knob, list):
            new[name] = knob
            continue
        low, high, kind = knob
        if kind == "linear":
            a, b = best[name] - (high - low) / 8, best[name] + (high - low) / 8
        else:
            f = high / low / 8
            a, b = best[name] / f, best[name] * f
        new[name] = (max(low, a), min(high, b), kind)
    return new

# %% ensemble/half_and_half | averages the mean so far with the next one, so late networks count more
def ensemble(probabilities):
    mean = np.array(probabilities[0], dtype=float)
    for p in probabilities[1:]:
        mean = (mean + np.asarray(p)) / 2
    return mean

# %% ensemble/sum_in_first | the sum is collected in the first array, which changes the caller's
def ensemble(probabilities):
    total = np.asarray(probabilities[0])
    for p in probabilities[1:]:
        total += np.asarray(p)
    return total / len(probabilities)

# %% ensemble/divided_by_rows | divides by the number of rows N instead of M
def ensemble(probabilities):
    p = np.asarray(probabilities)
    return p.sum(axis=0) / p.shape[1]

# %% ensemble/median | the median of the networks instead of the mean
def ensemble(probabilities):
    return np.median(probabilities, axis=0)

# %% ensemble/square_means | root of the mean square, rows brought back to 1
def ensemble(probabilities):
    p = np.sqrt(np.mean(np.square(probabilities), axis=0))
    return p / p.sum(axis=1, keepdims=True)

# %% ensemble/geometric | the geometric mean, rows brought back to 1
def ensemble(probabilities):
    p = np.prod(probabilities, axis=0) ** (1 / len(probabilities))
    return p / p.sum(axis=1, keepdims=True)

# %% ensemble/two_places | rounded to two places
def ensemble(probabilities):
    return np.round(np.mean(probabilities, axis=0), 2)

# %% ten_crop/mirrored_picture_same_begin | crops the mirrored picture with the same begins, so its centre is one dot off where the rest is odd
def ten_crop(image, size):
    H, W = image.shape
    r, c = (H - size) // 2, (W - size) // 2
    begins = [(0, 0), (0, W - size), (H - size, 0), (H - size, W - size), (r, c)]
    return np.array([p[a : a + size, b : b + size] for p in (image, image[:, ::-1]) for a, b in begins])

# %% ten_crop/halves_apart | the centre begins at H // 2 - size // 2, one dot off for even H and odd size
def ten_crop(image, size):
    H, W = image.shape
    r, c = H // 2 - size // 2, W // 2 - size // 2
    begins = [(0, 0), (0, W - size), (H - size, 0), (H - size, W - size), (r, c)]
    five = np.array([image[a : a + size, b : b + size] for a, b in begins])
    return np.concatenate([five, five[:, :, ::-1]])

# %% ten_crop/upside_down | the stack is mirrored along its rows, top and bottom exchanged
def ten_crop(image, size):
    H, W = image.shape
    r, c = (H - size) // 2, (W - size) // 2
    begins = [(0, 0), (0, W - size), (H - size, 0), (H - size, W - size), (r, c)]
    five = np.array([image[a : a + size, b : b + size] for a, b in begins])
    return np.concatenate([five, np.flip(five, axis=1)])

# %% ten_crop/half_turn | crop[::-1, ::-1] turns by 180 degrees
def ten_crop(image, size):
    H, W = image.shape
    r, c = (H - size) // 2, (W - size) // 2
    begins = [(0, 0), (0, W - size), (H - size, 0), (H - size, W - size), (r, c)]
    five = [image[a : a + size, b : b + size] for a, b in begins]
    return np.array(five + [crop[::-1, ::-1] for crop in five])

# %% ten_crop/rest_of_rows_twice | the column of the centre is taken from H, too, right for squares only
def ten_crop(image, size):
    H, W = image.shape
    middle = (H - size) // 2
    begins = [(0, 0), (0, W - size), (H - size, 0), (H - size, W - size), (middle, middle)]
    five = np.array([image[a : a + size, b : b + size] for a, b in begins])
    return np.concatenate([five, five[:, :, ::-1]])

# %% ten_crop/bytes | the result is of bytes, numbers after the point are lost
def ten_crop(image, size):
    H, W = image.shape
    r, c = (H - size) // 2, (W - size) // 2
    out = np.zeros((10, size, size), dtype=np.uint8)
    for k, (a, b) in enumerate([(0, 0), (0, W - size), (H - size, 0), (H - size, W - size), (r, c)]):
        out[k] = image[a : a + size, b : b + size]
        out[k + 5] = out[k][:, ::-1]
    return out

# %% ten_crop/mirrors_the_callers_picture | mirrors the view in place, so the picture changes
def ten_crop(image, size):
    H, W = image.shape
    r, c = (H - size) // 2, (W - size) // 2
    out = []
    for a, b in [(0, 0), (0, W - size), (H - size, 0), (H - size, W - size), (r, c)]:
        crop = image[a : a + size, b : b + size]
        out.append(crop.copy())
        crop[:] = crop[:, ::-1].copy()
        out.append(crop.copy())
    return np.array(out)

# %% ten_crop/centre_rounded | the centre begins at round((H - size) / 2)
def ten_crop(image, size):
    H, W = image.shape
    r, c = round((H - size) / 2), round((W - size) / 2)
    begins = [(0, 0), (0, W - size), (H - size, 0), (H - size, W - size), (r, c)]
    five = np.array([image[a : a + size, b : b + size] for a, b in begins])
    return np.concatenate([five, five[:, :, ::-1]])

# %% ten_crop/flips_from_shared_memory | the mirrored ones are written over a view, so the first five are mirrored, too
def ten_crop(image, size):
    H, W = image.shape
    r, c = (H - size) // 2, (W - size) // 2
    begins = [(0, 0), (0, W - size), (H - size, 0), (H - size, W - size), (r, c)]
    five = np.array([image[a : a + size, b : b + size] for a, b in begins])
    mirrored = five
    mirrored[:] = mirrored[:, :, ::-1].copy()
    return np.concatenate([five, mirrored])

# %% tta_predict/mean_picture | averages the ten crops and asks the model once
def tta_predict(model, image, size):
    return model(ten_crop(image, size).mean(axis=0, keepdims=True))[0]

# %% tta_predict/size_24 | always takes crops of 24 dots
def tta_predict(model, image, size):
    return model(ten_crop(image, 24)).mean(axis=0)

# %% tta_predict/wrong_axis | the mean over the classes
def tta_predict(model, image, size):
    return np.mean(model(ten_crop(image, size)), axis=1)

# %% tta_predict/largest | the largest of the ten instead of the mean, brought back to 1
def tta_predict(model, image, size):
    p = model(ten_crop(image, size)).max(axis=0)
    return p / p.sum()

# %% tta_predict/row_kept | the result is (1, C)
def tta_predict(model, image, size):
    return model(ten_crop(image, size)).mean(axis=0, keepdims=True)

# %% tta_predict/half_and_half_crops | mean so far and next answer half and half, so late crops count more
def tta_predict(model, image, size):
    crops = ten_crop(image, size)
    p = model(crops[:1])[0]
    for k in range(1, 10):
        p = (p + model(crops[k : k + 1])[0]) / 2
    return p

# %% tta_predict/votes | the share of crops that vote for each class
def tta_predict(model, image, size):
    p = model(ten_crop(image, size))
    return np.bincount(p.argmax(axis=1), minlength=p.shape[1]) / len(p)

# %% tta_predict/last_crop_missing | a range that ends one crop early, divided by nine
def tta_predict(model, image, size):
    crops = ten_crop(image, size)
    return sum(model(crops[k : k + 1])[0] for k in range(len(crops) - 1)) / (len(crops) - 1)

# %% snapshot_ensemble/asarray | asarray makes no copy
def snapshot_ensemble(train_cycle, cycles):
    return [{name: np.asarray(w) for name, w in train_cycle(k).items()} for k in range(cycles)]

# %% snapshot_ensemble/colon_view | w[...] is a view, as for lists it would be a copy
def snapshot_ensemble(train_cycle, cycles):
    found = []
    for k in range(cycles):
        found.append({name: w[...] for name, w in train_cycle(k).items()})
    return found

# %% snapshot_ensemble/one_snapshot_dict | arrays are copied, but into the same dict every time
def snapshot_ensemble(train_cycle, cycles):
    found, snap = [], {}
    for k in range(cycles):
        for name, w in train_cycle(k).items():
            snap[name] = w.copy()
        found.append(snap)
    return found

# %% snapshot_ensemble/counts_from_one | cycles 1 to cycles instead of 0 to cycles - 1
def snapshot_ensemble(train_cycle, cycles):
    return [{n: w.copy() for n, w in train_cycle(k).items()} for k in range(1, cycles + 1)]

# %% snapshot_ensemble/matrices_only | copies arrays with two axes, the biases stay shared
def snapshot_ensemble(train_cycle, cycles):
    found = []
    for k in range(cycles):
        found.append({n: w.copy() if w.ndim > 1 else w for n, w in train_cycle(k).items()})
    return found

# %% snapshot_ensemble/names_once_more | asks train_cycle for each name, so it trains again and again
def snapshot_ensemble(train_cycle, cycles):
    found = []
    for k in range(cycles):
        names = list(train_cycle(k))
        found.append({name: train_cycle(k)[name].copy() for name in names})
    return found

# %% snapshot_ensemble/float32 | the copies are float32, the last digits are lost
def snapshot_ensemble(train_cycle, cycles):
    return [{n: w.astype(np.float32) for n, w in train_cycle(k).items()} for k in range(cycles)]

# %% snapshot_ensemble/means_so_far | each entry is the mean of the cycles so far
def snapshot_ensemble(train_cycle, cycles):
    found, total = [], {}
    for k in range(cycles):
        for name, w in train_cycle(k).items():
            total[name] = total.get(name, 0) + w
        found.append({name: t / (k + 1) for name, t in total.items()})
    return found

# %% snapshot_ensemble/always_cycle_zero | k is not passed on
def snapshot_ensemble(train_cycle, cycles):
    return [{n: np.array(w) for n, w in train_cycle(0).items()} for _ in range(cycles)]

# %% proof_read/one_and_two_exchanged | lines 1 and 2 exchanged
proof_read = {1: "bend", 2: "first layer", 3: "list", 4: "name", 5: "end", 6: "plain only", 7: "transpose", 8: "mean", 9: "next door", 10: "nothing"}

# %% proof_read/from_zero | numbered from 0
proof_read = dict(enumerate(["first layer", "bend", "list", "name", "end", "plain only", "transpose", "mean", "next door", "nothing"]))

# %% proof_read/leaky_uphill | line 10 is taken for a wrong sign
proof_read = {1: "first layer", 2: "bend", 3: "list", 4: "name", 5: "end", 6: "plain only", 7: "transpose", 8: "mean", 9: "next door", 10: "sign"}

# %% proof_read/mse_fine | line 8 is taken for right
proof_read = {1: "first layer", 2: "bend", 3: "list", 4: "name", 5: "end", 6: "plain only", 7: "transpose", 8: "nothing", 9: "next door", 10: "nothing"}

# %% proof_read/chain_transposed | line 9 is taken for a matter of the transpose
proof_read = {1: "first layer", 2: "bend", 3: "list", 4: "name", 5: "end", 6: "plain only", 7: "transpose", 8: "mean", 9: "transpose", 10: "nothing"}

# %% tta_predict/corners_and_centre_only | shows the model the first five of the ten crops
def tta_predict(model, image, size):
    return model(ten_crop(image, size)[:5]).mean(axis=0)

# %% tta_predict/size_of_the_picture | crops as large as the shorter side of the picture
def tta_predict(model, image, size):
    return np.mean(model(ten_crop(image, min(image.shape))), axis=0)

# %% tta_predict/running_mean_from_two | a running mean that divides by k + 2 instead of k + 1, so the ten weights add up to 10 / 11
def tta_predict(model, image, size):
    mean = 0
    for k, crop in enumerate(ten_crop(image, size)):
        p = model(crop[None])[0]
        mean = mean + (p - mean) / (k + 2)
    return mean

# %% snapshot_ensemble/copies_one_cycle_late | each snapshot is copied after the next cycle, which has changed it already
def snapshot_ensemble(train_cycle, cycles):
    found = []
    for k in range(cycles):
        weights = train_cycle(k)
        if found:
            found[-1] = {name: w.copy() for name, w in found[-1].items()}
        found.append(weights)
    return found

# %% ensemble/votes_by_confidence | networks weighted by their largest probability in the row
def ensemble(probabilities):
    p = np.asarray(probabilities, dtype=float)
    sure = p.max(axis=2, keepdims=True)
    return (p * sure).sum(axis=0) / sure.sum(axis=0)

# %% refine/neighbours_in_the_list | a list is cut to the neighbours of the best option
def refine(space, best):
    new = {}
    for name, knob in space.items():
        if isinstance(knob, list):
            i = knob.index(best[name])
            new[name] = knob[max(0, i - 1) : i + 2]
            continue
        low, high, kind = knob
        if kind == "linear":
            a, b = best[name] - (high - low) / 8, best[name] + (high - low) / 8
        else:
            f = (high / low) ** (1 / 8)
            a, b = best[name] / f, best[name] * f
        new[name] = (max(low, a), min(high, b), kind)
    return new

# %% refine/begins_at_best | a quarter of the width from best upwards, best is the lower border
def refine(space, best):
    new = {}
    for name, knob in space.items():
        if isinstance(knob, list):
            new[name] = knob
            continue
        low, high, kind = knob
        if kind == "linear":
            a, b = best[name], best[name] + (high - low) / 4
        else:
            a, b = best[name], best[name] * (high / low) ** (1 / 4)
        new[name] = (max(low, a), min(high, b), kind)
    return new

# %% random_search/trains_twice | asks train once more for the score in the pair
def random_search(train, space, trials, rng):
    tried = []
    for _ in range(trials):
        params = {}
        for name, knob in space.items():
            if isinstance(knob, list):
                params[name] = knob[rng.integers(len(knob))]
            elif knob[2] == "log":
                params[name] = np.exp(rng.uniform(np.log(knob[0]), np.log(knob[1])))
            else:
                params[name] = rng.uniform(knob[0], knob[1])
        tried.append(params)
    tried.sort(key=train, reverse=True)
    return [(train(params), params) for params in tried]

# %% random_search/best_score_decides | keeps a pair only if it is at least as good as all before
def random_search(train, space, trials, rng):
    found = []
    for _ in range(trials):
        params = {}
        for name, knob in space.items():
            if isinstance(knob, list):
                params[name] = knob[rng.integers(len(knob))]
            elif knob[2] == "log":
                params[name] = np.exp(rng.uniform(np.log(knob[0]), np.log(knob[1])))
            else:
                params[name] = rng.uniform(knob[0], knob[1])
        score = train(params)
        if not found or score >= found[0][0]:
            found.insert(0, (score, params))
    return found

# %% random_search/options_drawn_once | the options are drawn before the loop, once for all trials
def random_search(train, space, trials, rng):
    fixed = {name: knob[rng.integers(len(knob))] for name, knob in space.items() if isinstance(knob, list)}
    found = []
    for _ in range(trials):
        params = dict(fixed)
        for name, knob in space.items():
            if not isinstance(knob, list):
                if knob[2] == "log":
                    params[name] = np.exp(rng.uniform(np.log(knob[0]), np.log(knob[1])))
                else:
                    params[name] = rng.uniform(knob[0], knob[1])
        found.append((train(params), params))
    return sorted(found, key=lambda pair: pair[0], reverse=True)

# %% proof_read/decay_fine | line 6 is taken for right
proof_read = {1: "first layer", 2: "bend", 3: "list", 4: "name", 5: "end", 6: "nothing", 7: "transpose", 8: "mean", 9: "next door", 10: "nothing"}

# %% proof_read/capitals | the verdicts begin with a capital
proof_read = {1: "First layer", 2: "Bend", 3: "List", 4: "Name", 5: "End", 6: "Plain only", 7: "Transpose", 8: "Mean", 9: "Next door", 10: "Nothing"}
