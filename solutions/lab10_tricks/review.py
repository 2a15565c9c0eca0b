"""Questions about lab10_tricks for `handgrad review`."""

import numpy as np

from course_utils.reviewing import Asked, question


@question("sample_lr", "The exponents are drawn evenly, so each decade gets an equal share.", places=3)
def share_of_a_decade(rng):
    """Rates are drawn between low and high, evenly in their logarithm.
    Which share of them lies below the border?"""
    low, high = int(rng.integers(-6, -3)), int(rng.integers(-1, 2))
    border = int(rng.integers(low + 1, high))
    share = (border - low) / (high - low)
    wrong = {
        "this is the share if the rates themselves were drawn evenly: draw their exponents": (10.0**border - 10.0**low)
        / (10.0**high - 10.0**low),
        "this is the share above the border": 1 - share,
        "from one exponent to the other there are as many decades as their difference, not one more": (border - low) / (high - low + 1),
    }
    return Asked({"low": f"10^{low}", "high": f"10^{high}", "border": f"10^{border}"}, share, others=wrong)


@question("sample_lr", "The exponent of the middle is the mean of the two exponents: half of all draws lie below.", places=4)
def middle_of_the_rates(rng):
    """Rates are drawn between low and high, evenly in their logarithm.
    Below which rate lie half of them?"""
    low, width = int(rng.integers(-6, -2)), int(rng.choice([2, 4]))
    high = low + width
    wrong = {
        "this is the middle of the rates: take the middle of their exponents": (10.0**low + 10.0**high) / 2,
        "this is a decade too high: the middle of the exponents is their mean": 10.0 ** (low + width // 2 + 1),
        "this is a decade too low: the middle of the exponents is their mean": 10.0 ** (low + width // 2 - 1),
    }
    texts = {why: f"{value:.4g}" for why, value in wrong.items()}
    return Asked({"low": f"10^{low}", "high": f"10^{high}"}, f"{10.0 ** (low + width // 2):.4g}", others=texts)


@question("random_search", "On a grid each knob takes few values only; every random trial has a new value of each.")
def values_of_one_knob(rng):
    """Two knobs are searched with as many trials, once on a square grid and once at random. Only one of the knobs matters.
    How many different values of it are tried, on the grid and at random?"""
    side = int(rng.integers(3, 10))
    trials = side * side
    wrong = {
        "on the grid each value of a knob comes again with every value of the other": f"{trials} and {trials}",
        "every random trial draws this knob anew": f"{side} and {side}",
        "it is the other way round: the grid repeats its values": f"{trials} and {side}",
    }
    return Asked({"trials": trials}, f"{side} and {trials}", others=wrong)


@question("random_search", "All n trials miss the best share s with (1 − s)ⁿ, so one of them hits it with 1 − (1 − s)ⁿ.", places=3)
def chance_of_a_good_trial(rng):
    """A share of all settings is good, and random search makes so many trials.
    How likely is it that at least one of them is good?"""
    share, trials = float(rng.choice([0.05, 0.1, 0.2])), int(rng.choice([5, 8, 12, 20]))
    wrong = {
        "chances do not add up: two trials may both be good": share * trials,
        "this is the chance that none of them is good": (1 - share) ** trials,
        "this is the chance of a single trial": share,
    }
    return Asked(
        {"good share": share, "trials": trials, "(1 − share) to the power of trials": f"{(1 - share) ** trials:.3f}"},
        1 - (1 - share) ** trials,
        others=wrong,
    )


def _ends(space):
    low, high, _ = space["knob"]
    return f"{low:.3g} to {high:.3g}"


@question("refine", "A quarter of the old width lies around best, half of it on each side, and what leaves the old space is cut off.")
def a_narrower_space(refine, rng):
    """`refine` makes a new space around the best value of a knob.
    Which bounds has it?"""
    low, width = int(rng.integers(0, 5)), int(rng.choice([8, 16, 24]))
    best = float(low + width - (width // 16 if rng.integers(2) else width // 4))
    return Asked(
        {"old space": (low, low + width), "kind": "linear", "best": best},
        _ends(refine({"knob": (low, low + width, "linear")}, {"knob": best})),
    )


@question("refine", 'The exponents count for "log": a quarter of their width lies around the exponent of best.')
def a_narrower_space_of_rates(refine, rng):
    """`refine` makes a new space around the best value of a knob of the kind "log". 10 to the power of 0.5 is 3.16.
    Which bounds has it?"""
    low, best = int(rng.integers(-7, -3)), int(rng.integers(1, 4))
    space = (10.0**low, 10.0 ** (low + 4), "log")
    return Asked(
        {"old space": f"10^{low} to 10^{low + 4}", "best": f"10^{low + best}"},
        _ends(refine({"knob": space}, {"knob": 10.0 ** (low + best)})),
    )


def _answers(rng, count):
    shares = ([0.1, 0.2, 0.7], [0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.1, 0.8, 0.1], [0.4, 0.1, 0.5])
    return np.array([rng.permutation(shares[number]) for number in rng.permutation(len(shares))[:count]])


@question(
    "ensemble",
    "The probabilities of all networks are averaged, class by class.",
    without=["the_last", "by_the_examples", "over_the_examples"],
    places=3,
)
def what_three_networks_say(ensemble, rng):
    """Three networks give these probabilities for one picture, a row for each network.
    What does their ensemble say?"""
    rows = _answers(rng, 3)
    return Asked({"probabilities": rows}, ensemble(rows[:, None, :])[0], "answer")


@question("ensemble", "The mean weighs how sure each network is, and a vote does not.")
def mean_against_votes(rng):
    """Three networks see one picture with two classes, 0 and 1, and these are their probabilities of class 1.
    What do the mean of the probabilities and the majority of votes say?"""
    unsure, sure = float(rng.choice([0.51, 0.52, 0.55])), float(rng.choice([0.02, 0.05, 0.1, 0.2]))
    p = rng.permutation([unsure, unsure + 0.02, sure])
    if rng.integers(2):
        p = 1 - p
    mean, votes = int(p.mean() > 0.5), int((p > 0.5).sum() >= 2)
    wrong = {
        "one network is very sure: it pulls the mean over to its side": f"mean {votes}, votes {votes}",
        "two of three votes are a majority, however unsure they are": f"mean {mean}, votes {mean}",
        "it is the other way round": f"mean {votes}, votes {mean}",
    }
    return Asked({"probabilities of 1": p}, f"mean {mean}, votes {votes}", others=wrong)


@question("ten_crop", "The centre leaves (H − size)//2 rows above it: what is left over is halved and rounded down.")
def corner_of_the_centre(rng):
    """`ten_crop` cuts the centre out of a picture.
    At which row and column does it begin?"""
    size = int(rng.integers(4, 9))
    H, W = size + 2 * int(rng.integers(1, 5)) + 1, size + 2 * int(rng.integers(5, 8))
    wrong = {
        "the centre is rounded up where an odd number of dots is left over: // rounds down": ((H - size + 1) // 2, (W - size + 1) // 2),
        "the fifth crop begins in the centre of the picture: its own centre has to lie there": (H // 2, W // 2),
        "what is left over below is used for the columns, and what is left over beside for the rows": ((W - size) // 2, (H - size) // 2),
    }
    return Asked({"H": H, "W": W, "size": size}, ((H - size) // 2, (W - size) // 2), others=wrong)


@question("ten_crop", "A mirror exchanges left and right: each row is read backwards, and the rows stay in their order.")
def a_mirrored_crop(rng):
    """`ten_crop` also mirrors each crop.
    Which of these is the mirrored crop?"""
    crop = rng.permutation(np.arange(1, 10))[:4].reshape(2, 2)
    wrong = {
        "top and bottom are exchanged: a mirror exchanges left and right, the last axis": crop[::-1],
        "left and right are exchanged, and top and bottom, too: only left and right should be": crop[::-1, ::-1],
        "rows and columns are exchanged instead of left and right": crop.T,
    }
    return Asked({"crop": crop}, crop[:, ::-1], others=wrong)


@question("tta_predict", "The ten answers are averaged, and a mirrored crop counts as much as any other.", places=3)
def five_and_five(rng):
    """A model says this about a picture: one answer for each of the five crops as they are, another for each of the five mirrored ones.
    What does `tta_predict` return?"""
    plain, mirrored = _answers(rng, 2)
    wrong = {
        "the mirrored crops are not asked: the mean is that of ten": plain,
        "the largest answer for each class is taken, not the mean": np.maximum(plain, mirrored),
        "the answers are added up: divide by ten": 5 * (plain + mirrored),
    }
    return Asked({"as they are": plain, "mirrored": mirrored}, (plain + mirrored) / 2, others=wrong)


@question("snapshot_ensemble", "Each snapshot has to be a copy, made at once: the next cycle changes the arrays in place.")
def snapshots_in_place(rng):
    """A training adds the same number to its only weight in each cycle, in place. Somebody appends `weights`
    itself to a list after each cycle.
    Which weights does the list show at the end?"""
    start, more, cycles = int(rng.integers(0, 6)), int(rng.integers(2, 7)), int(rng.integers(3, 5))
    steps = [start + more * (cycle + 1) for cycle in range(cycles)]
    wrong = {
        "these would be copies: the list holds one array, several times": steps,
        "the array was changed after it was appended, and the list shows it as it is now": [steps[0]] * cycles,
        "the array is changed in place before it is appended": [start] * cycles,
    }
    return Asked({"weight at the start": start, "added in each cycle": more, "cycles": cycles}, [steps[-1]] * cycles, others=wrong)


@question("proof_read", "max(αx, x) picks the larger branch: for α above 1 that is αx on the right, too.")
def leaky_by_the_larger(rng):
    """Lecture 001 writes leaky ReLU as max(αx, x). Here α is above 1.
    What does this formula give for these two numbers?"""
    alpha, x = float(rng.integers(2, 6)), float(rng.integers(1, 7))
    wrong = {
        "this is leaky ReLU, chosen by the sign of x: the formula takes the larger branch": [-alpha * x, x],
        "max never takes the smaller of the two, to the left of 0 neither": [-alpha * x, alpha * x],
        "on the right αx is the larger one as soon as α is above 1": [-x, x],
    }
    return Asked({"α": alpha, "x": [-x, x]}, [-x, alpha * x], others=wrong)
