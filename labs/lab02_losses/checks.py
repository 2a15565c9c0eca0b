"""What lab02_losses asks of each exercise. Probes only: the engine runs the reference beside the student."""

import hashlib

import numpy as np

from course_utils.checking import check
from course_utils.checking.compare import as_numbers
from course_utils.checking.observe import SubjectRaisedError
from course_utils.checking.session import Raised


def finite(values):
    """Which entries are finite; what holds no numbers stays as it is, so that the report can say what it is."""
    found = _numbers(values)
    return values if found is None else np.isfinite(found)


def all_finite(values):
    """Whether these are numbers, and finite ones only."""
    found = _numbers(values)
    return found is not None and bool(np.isfinite(found).all())


def _numbers(values):
    try:
        return as_numbers(values)
    except Exception:  # noqa: BLE001 - a student's object may do anything when it is looked at
        return None


def numbers(rng, *shape):
    """Numbers of either sign, none of them so small that a wrong factor hides."""
    return rng.uniform(0.4, 3.0, size=shape) * rng.choice([-1, 1], size=shape)


def whole(rng, *shape):
    return rng.integers(2, 9, size=shape) * rng.choice([-1, 1], size=shape)


def chances(rng, N):
    """Probabilities with their truths, both of which occur. None is near a half, where much looks alike."""
    p = np.where(rng.random(N) < 0.5, rng.uniform(0.05, 0.35, N), rng.uniform(0.65, 0.95, N))
    return p, truths(rng, N).astype(float)


def truths(rng, N):
    """Zeros and ones as whole numbers, mixed, never as many of the one as of the other."""
    y = np.zeros(N, dtype=int)
    y[: N // 3] = 1
    return rng.permutation(y)


def batch(rng, N, C, spread=2.0):
    """Scores with labels; the first and the last class occur, and rows are told apart by a level of their own."""
    labels = rng.integers(0, C, size=N)
    labels[: min(N, 2)] = [0, C - 1][: min(N, 2)]
    return spread * rng.normal(size=(N, C)) + rng.normal(size=(N, 1)), rng.permutation(labels)


def far_scores(rng):
    """Scores far out, farther out than e can be raised to, and one at home, with labels of which the first four are ones."""
    far = np.array([-rng.uniform(720, 1000), -rng.uniform(35, 45), rng.uniform(35, 45), rng.uniform(720, 1000), rng.uniform(0.4, 1)])
    return far, np.array([1, 1, 1, 1, 0])


def single_score(rng):
    """A score below 0 whose label is 1."""
    return -rng.uniform(0.5, 2.5, size=1), np.array([1])


# --- squared error


@check("mse", points=4)
def mse_of_batches(mse, rng):
    """seven examples with one output, five with three"""
    return {
        "loss of one output": mse(numbers(rng, 7), numbers(rng, 7)),
        "loss of three outputs": mse(numbers(rng, 5, 3), numbers(rng, 5, 3)),
    }


@check("mse", points=1)
def mse_of_whole_numbers(mse, rng):
    """whole numbers; then a single example"""
    return {
        "loss of whole numbers": mse(whole(rng, 5, 2), whole(rng, 5, 2)),
        "loss of a single example": mse(numbers(rng, 1, 3), numbers(rng, 1, 3)),
    }


@check("mse_grad", points=4)
def mse_slopes(mse_grad, rng):
    """seven examples with one output, five with three"""
    return {
        "slopes of one output": mse_grad(numbers(rng, 7), numbers(rng, 7)),
        "slopes of three outputs": mse_grad(numbers(rng, 5, 3), numbers(rng, 5, 3)),
    }


@check("mse_grad", points=1)
def mse_slopes_of_whole_numbers(mse_grad, rng):
    """whole numbers in, fractions out; as many examples as outputs"""
    return {
        "slopes of whole numbers": mse_grad(whole(rng, 7, 2), whole(rng, 7, 2)),
        "slopes of a square": mse_grad(numbers(rng, 3, 3), numbers(rng, 3, 3)),
    }


# --- surprise of probabilities


@check("bce", points=4)
def bce_of_batches(bce, rng):
    """seven students; then eleven"""
    return {"loss of 7": bce(*chances(rng, 7)), "loss of 11": bce(*chances(rng, 11))}


@check("bce", points=1)
def bce_of_whole_labels(bce, rng):
    """labels as whole numbers; a single student"""
    p, _ = chances(rng, 5)
    return {
        "loss with whole labels": bce(p, truths(rng, 5)),
        "loss of a single 0": bce(rng.uniform(0.7, 0.9, size=1), np.array([0])),
        "loss of a single 1": bce(rng.uniform(0.2, 0.4, size=1), np.array([1])),
    }


@check("bce", points=2)
def bce_near_the_ends(bce, rng):
    """p as small as 10⁻⁸, and as near to 1: nothing added, nothing clipped"""
    tiny, (sure, doubt) = 1e-8 * rng.uniform(0.5, 2, size=4), rng.uniform(0, 0.1, size=2)
    return {
        "loss of sure mistakes": bce(np.array([tiny[0], 1 - tiny[1], 0.3 + doubt]), np.array([1.0, 0.0, 1.0])),
        "loss of sure right answers": bce(np.array([tiny[2], 1 - tiny[3], 0.9 - sure]), np.array([0.0, 1.0, 1.0])),
    }


@check("bce_grad", points=4)
def bce_slopes(bce_grad, rng):
    """seven students; then eleven"""
    return {"slopes of 7": bce_grad(*chances(rng, 7)), "slopes of 11": bce_grad(*chances(rng, 11))}


@check("bce_grad", points=1)
def bce_slopes_near_the_ends(bce_grad, rng):
    """p as small as 10⁻⁸, and as near to 1: nothing added, nothing clipped"""
    tiny = 1e-8 * rng.uniform(0.5, 2, size=5)
    return {
        "slopes of sure mistakes": bce_grad(np.array([tiny[0], 1 - tiny[1], tiny[2]]), np.array([1, 0, 1])),
        "slopes of sure right answers": bce_grad(np.array([tiny[3], 1 - tiny[4]]), np.array([0, 1])),
    }


# --- surprise of scores

FAR_OUT = np.array([-1000.0, -720.0, -40.0, -3.0, 3.0, 40.0, 720.0, 1000.0])
ASKED = "“finite, no warning” at about −1000, −720, −40, −3, 3, 40, 720, 1000 (label 1, then 0, then all at once)"


def without_warning(function, rng):
    """Where the answer is finite and NumPy had nothing to warn of. For a check that is `quiet`.

    What a notebook says of its own warnings is never more than a quarter of a check: numbers stand beside it.
    """
    far = FAR_OUT * rng.uniform(1, 1.2, size=8)
    singles = [(z, np.full(1, y)) for y in (1, 0) for z in far[:, None]]
    return np.array([_survives(function, *each) for each in (*singles, (far, np.arange(8) % 2))])


def _survives(function, z, y):
    try:
        return all_finite(function(z, y))
    except SubjectRaisedError as stopped:
        if stopped.raised.type not in ("FloatingPointError", "OverflowError"):
            raise
        return False


@check("bce_with_logits", points=3)
def logits_loss(bce_with_logits, rng):
    """seven scores of either sign; then eleven"""
    return {f"loss of {N}": bce_with_logits(numbers(rng, N), truths(rng, N).astype(float)) for N in (7, 11)}


@check("bce_with_logits", points=1)
def logits_loss_of_whole_numbers(bce_with_logits, rng):
    """whole numbers as scores and as labels; a single score"""
    return {
        "loss of whole numbers": bce_with_logits(whole(rng, 5), truths(rng, 5)),
        "loss of a single score": bce_with_logits(*single_score(rng)),
    }


@check("bce_with_logits", points=2)
def logits_loss_far_out(bce_with_logits, rng):
    """far out: right and finite at ±40 and ±1000, for both labels"""
    far, labels = far_scores(rng)
    losses = [bce_with_logits(far, y) for y in (labels, 1 - labels)]
    return {"loss of label 1": losses[0], "loss of label 0": losses[1]}


@check("bce_with_logits", points=1, quiet=True)
def logits_loss_without_warning(bce_with_logits, rng):
    """no warning, for any score; three, five and nine scores"""
    found = {f"loss of {N}": bce_with_logits(numbers(rng, N), truths(rng, N)) for N in (3, 5, 9)}
    return {ASKED: without_warning(bce_with_logits, rng), **found}


@check("bce_with_logits_grad", points=4)
def logits_slopes(bce_with_logits_grad, rng):
    """seven scores of either sign; then eleven"""
    return {f"slopes of {N}": bce_with_logits_grad(numbers(rng, N), truths(rng, N).astype(float)) for N in (7, 11)}


@check("bce_with_logits_grad", points=1)
def logits_slopes_of_whole_numbers(bce_with_logits_grad, rng):
    """whole numbers as scores and as labels; a single score"""
    return {
        "slopes of whole numbers": bce_with_logits_grad(whole(rng, 5), truths(rng, 5)),
        "slope of a single score": bce_with_logits_grad(*single_score(rng)),
    }


@check("bce_with_logits_grad", points=1)
def logits_slopes_far_out(bce_with_logits_grad, rng):
    """far out: right and finite at ±40 and ±1000, for both labels"""
    far, labels = far_scores(rng)
    slopes = [bce_with_logits_grad(far, y) for y in (labels, 1 - labels)]
    return {"slopes of label 1": slopes[0], "slopes of label 0": slopes[1]}


@check("bce_with_logits_grad", points=1, quiet=True)
def logits_slopes_without_warning(bce_with_logits_grad, rng):
    """no warning, for any score; three, five and nine scores"""
    found = {f"slopes of {N}": bce_with_logits_grad(numbers(rng, N), truths(rng, N)) for N in (3, 5, 9)}
    return {ASKED: without_warning(bce_with_logits_grad, rng), **found}


# --- several classes

LEVELS = np.array([[1000.0], [0.0], [-1000.0], [700.0], [-745.0]])  # every row at a height of its own


def apart(rng, C=3):
    """Five rows of scores, each at another height: no one number can be taken from them all."""
    return rng.normal(size=(5, C)) + LEVELS


def behind(rng):
    """Three rows of scores in which the label lies far behind, and the labels."""
    Z = np.array([[1000.0, 0.0, 3.0], [0.5, -1000.0, 1.5], [1.0, 2.0, -30.0]])
    return Z + rng.uniform(-0.3, 0.3, size=(3, 3)), np.array([1, 1, 2])


def finite_in_parts(function, rows, far, labels):
    """Whether all is finite: for each of three rows with a label far behind, and for rows two by two."""
    parts = [(far[[k]], labels[[k]]) for k in range(3)] + [(rows[k : k + 2], np.array([2, 0])) for k in (0, 1, 3)]
    return np.array([all_finite(function(Z, labels)) for Z, labels in parts])


@check("softmax", points=4)
def softmax_of_batches(softmax, rng):
    """seven rows of three; five of eleven"""
    return {"p of 3 classes": softmax(batch(rng, 7, 3)[0]), "p of 11 classes": softmax(batch(rng, 5, 11)[0])}


@check("softmax", points=2)
def softmax_of_a_square(softmax, rng):
    """as many rows as classes: each row adds up to 1"""
    return {"p": softmax(batch(rng, 5, 5)[0])}


@check("softmax", points=3)
def softmax_far_out(softmax, rng):
    """far out: rows near 1000, near −1000 and between, all at once"""
    p = softmax(apart(rng))
    steep = np.array([[1000.0, -1000.0, 999.0], [1000.0, -1000.0, -999.0], [-2.0, 1.0, 0.5]])
    steep = softmax(steep + rng.uniform(-0.3, 0.3, size=(3, 3)))
    return {"p": p, "finite": finite(p), "p where scores lie far apart": steep, "finite where scores lie far apart": finite(steep)}


@check("softmax", points=1)
def softmax_of_whole_numbers(softmax, rng):
    """whole numbers in, fractions out; a single class"""
    return {"p of whole numbers": softmax(rng.integers(-3, 4, size=(7, 5))), "p of a single class": softmax(numbers(rng, 5, 1))}


@check("cross_entropy", points=4)
def entropy_of_batches(cross_entropy, rng):
    """seven rows of three; five of eleven"""
    return {"loss of 3 classes": cross_entropy(*batch(rng, 7, 3)), "loss of 11 classes": cross_entropy(*batch(rng, 5, 11))}


@check("cross_entropy", points=2)
def entropy_of_a_square(cross_entropy, rng):
    """as many rows as classes; a single row; whole numbers"""
    Z, labels = batch(rng, 7, 5)
    return {
        "loss of a square": cross_entropy(*batch(rng, 5, 5)),
        "loss of a single row": cross_entropy(numbers(rng, 1, 3), np.array([1])),
        "loss of whole numbers": cross_entropy(np.round(Z).astype(int), labels),
    }


@check("cross_entropy", points=4)
def entropy_far_out(cross_entropy, rng):
    """far out: a label 1000 behind; rows near 1000 and −1000 at once"""
    rows, (far, labels) = apart(rng), behind(rng)
    return {
        "loss of labels far behind": cross_entropy(far, labels),
        "loss of rows far apart": cross_entropy(rows, np.array([2, 0, 1, 1, 0])),
        "finite for each of six parts of them": finite_in_parts(cross_entropy, rows, far, labels),
    }


@check("cross_entropy_grad", points=4)
def entropy_slopes(cross_entropy_grad, rng):
    """seven rows of three; five of eleven"""
    return {
        "slopes of 3 classes": cross_entropy_grad(*batch(rng, 7, 3)),
        "slopes of 11 classes": cross_entropy_grad(*batch(rng, 5, 11)),
    }


@check("cross_entropy_grad", points=2)
def entropy_slopes_of_a_square(cross_entropy_grad, rng):
    """as many rows as classes; a single row; whole numbers"""
    Z, labels = batch(rng, 7, 5)
    return {
        "slopes of a square": cross_entropy_grad(*batch(rng, 5, 5)),
        "slopes of a single row": cross_entropy_grad(numbers(rng, 1, 3), np.array([1])),
        "slopes of whole numbers": cross_entropy_grad(np.round(Z).astype(int), labels),
    }


@check("cross_entropy_grad", points=4)
def entropy_slopes_far_out(cross_entropy_grad, rng):
    """far out: a label 1000 behind; rows near 1000 and −1000 at once"""
    rows, (far, labels) = apart(rng), behind(rng)
    return {
        "slopes of labels far behind": cross_entropy_grad(far, labels),
        "slopes of rows far apart": cross_entropy_grad(rows, np.array([2, 0, 1, 1, 0])),
        "finite for each of six parts of them": finite_in_parts(cross_entropy_grad, rows, far, labels),
    }


# --- what we want, and what we minimise


def answers(rng, N, C, right):
    """Scores without ties, at another height in each row, and labels of which this many are right."""
    order = rng.permuted(np.tile(np.arange(C), (N, 1)), axis=1)
    Z = 0.5 * (order + rng.integers(-C - 1, 2, size=(N, 1)) + rng.uniform(-0.3, 0.3, size=(N, C)))
    wrong = rng.permutation(N) >= right
    return Z, (Z.argmax(axis=1) + wrong * rng.integers(1, C, size=N)) % C


@check("accuracy", points=3)
def share_of_right_answers(accuracy, rng):
    """thirteen rows of three, few of them right; eleven of seven, most of them right"""
    few, most = (int(right) for right in rng.integers((3, 7), (6, 10)))
    return {"share of 13, few right": accuracy(*answers(rng, 13, 3, few)), "share of 11, most right": accuracy(*answers(rng, 11, 7, most))}


@check("accuracy", points=2)
def share_of_other_batches(accuracy, rng):
    """all right, none right; a single row; whole numbers"""
    Z, labels = answers(rng, 7, 5, 2)
    return {
        "share, all right": accuracy(*answers(rng, 5, 3, 5)),
        "share, none right": accuracy(*answers(rng, 5, 3, 0)),
        "share of a single row": accuracy(np.array([[-3.0, -1.0, -2.0]]) * rng.uniform(0.9, 1.1), np.array([1])),
        "share of whole numbers, 2 of 7": accuracy(np.round(2 * Z).astype(int), labels),
    }


def of_one(numbers, size):
    """The numbers of one example; several examples at once are refused, in words that the student reads."""
    if np.size(numbers) != size:
        raise ValueError(f"loss takes one example, and got an array of shape {np.shape(numbers)}")
    return np.ravel(numbers)


def lopsided(y_hat, y):
    """A loss in which prediction and truth are not alike, and which is none of this lab's losses."""
    (y_hat,), (y,) = of_one(y_hat, 1), of_one(y, 1)
    return float(np.cosh(0.6 * (y_hat - y)) + 0.5 * y_hat)


def of_columns(X):
    """A model that needs all examples as a batch."""
    return 1.7 * X[:, 0] - 0.6 * X[:, 1] ** 2 + 0.3


@check("empirical_loss", points=4)
def mean_over_the_examples(empirical_loss, rng):
    """seven examples, then eleven, and a loss in which prediction and truth are not alike"""
    return {f"loss of {N} examples": empirical_loss(lopsided, of_columns, numbers(rng, N, 3), numbers(rng, N)) for N in (7, 11)}


@check("empirical_loss", points=1)
def mean_of_whole_numbers(empirical_loss, rng):
    """whole numbers, as in the example; a single example"""
    return {
        "loss of whole numbers": empirical_loss(lambda y_hat, y: abs(y_hat - y), lambda X: 3 * X, rng.permutation(9)[:5], whole(rng, 5)),
        "loss of a single example": empirical_loss(lopsided, of_columns, numbers(rng, 1, 2), numbers(rng, 1)),
    }


# --- proof-reading

SEAL = {1: "8ac0", 2: "aba4", 3: "7d5b", 4: "c44a", 5: "73b7", 6: "3c46", 7: "828d"}  # of each line with its verdict
VERDICTS = ("sign", "mean", "always 0", "overflow", "factor", "nothing")


def seal(line, verdict):
    return hashlib.sha256(f"{line}: {verdict}".encode()).hexdigest()[:4]


def judged(slide_errors, *lines):
    """By line, whether its verdict is the right one; a verdict that is not in the printed list is shown instead."""
    if not isinstance(slide_errors, dict):
        return {f"right verdict on line {line}": slide_errors for line in lines}
    if all(not verdict for verdict in slide_errors.values()):
        raise SubjectRaisedError(Raised("not implemented", "", "no line has a verdict", "", "slide_errors"))
    return {f"right verdict on line {line}": _right(line, slide_errors.get(line)) for line in lines}


def _right(line, verdict):
    if verdict is None or verdict == "":
        return "missing"
    known = isinstance(verdict, str) and verdict in VERDICTS
    return seal(line, verdict) == SEAL[line] if known else f"not in the printed list: {verdict}"[:60]


@check("slide_errors", points=5)
def first_lines(slide_errors):
    """lines 1, 2, 3 and 4"""
    return judged(slide_errors, 1, 2, 3, 4)


@check("slide_errors", points=3)
def last_lines(slide_errors):
    """lines 5, 6 and 7"""
    return judged(slide_errors, 5, 6, 7)
