"""What lab03_gradient_descent asks of each exercise. Probes only: the engine runs the reference beside the student."""

from itertools import chain

import numpy as np

from course_utils.checking import at_most, check, libraries
from course_utils.checking.observe import Subject, SubjectRaisedError

libraries("numpy")  # a generator that is made on the student's side goes on, from one call to the next, where it was


def finite(value):
    """Whether a result is numbers all through."""
    try:
        return bool(np.isfinite(np.asarray(value, dtype=float)).all())
    except (TypeError, ValueError):
        return False


def numbers(value):
    """A result as an array of floats; an empty one where it is nothing of the kind."""
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return np.zeros(0)


# --- numerical_gradient


def takes(shape, value):
    """A function of arrays of one shape, which says so when it is given another one."""

    def f(x):
        if np.shape(x) != shape:
            raise ValueError(f"f takes an array of shape {shape} here, and was given one of shape {np.shape(x)}")
        return float(value(np.asarray(x, dtype=float)))

    return f


def rolling(a, B):
    """A function whose slope along one entry depends on all others: sin(a·x) + Σ B x²."""
    return takes(a.shape, lambda x: np.sin(np.sum(a * x)) + np.sum(B * x**2))


@check("numerical_gradient", points=4)
def slope_along_every_entry(numerical_gradient, rng):
    """the slope along each of seven entries"""
    x, f = rng.normal(size=7), rolling(rng.normal(size=7), rng.uniform(0.5, 2, size=7))
    return {
        "gradient": numerical_gradient(f, x),
        "gradients at two other places": [numerical_gradient(f, place) for place in rng.normal(size=(2, 7))],
    }


@check("numerical_gradient", points=4)
def any_shape(numerical_gradient, rng):
    """any shape: a matrix, a transposed one, a block of three axes"""
    f = rolling(rng.normal(size=(3, 5)), rng.uniform(0.5, 2, size=(3, 5)))
    # the axes of a transpose lie in memory in another order than usual: flattening makes a copy there
    matrices = rng.normal(size=(3, 5)), rng.normal(size=(5, 3)).T
    block, g = rng.normal(size=(5, 3, 2)).T, rolling(rng.normal(size=(2, 3, 5)), rng.uniform(0.5, 2, size=(2, 3, 5)))
    return {
        "gradients of a matrix and of a transposed one": [numerical_gradient(f, x) for x in matrices],
        "gradient of shape (2, 3, 5)": numerical_gradient(g, block),
    }


@check("numerical_gradient", points=2)
def the_step(numerical_gradient, rng):
    """the step h: the one it is given, else 1e-5"""
    x, a = rng.uniform(1, 2, size=5), rng.normal(size=5)
    given = numerical_gradient(takes((5,), lambda x: np.sum(a * np.sin(3 * x))), x, 0.1)
    left_out = numerical_gradient(takes((5,), lambda x: np.sum(np.sin(1000 * x))), x)
    # both in one: any small step is near the slope itself, and so is every better formula; only together do they tell which it was
    return {"gradients with h = 0.1, and with h left out": [given, left_out]}


@check("numerical_gradient", points=2)
def whole_numbers(numerical_gradient, rng):
    """whole numbers as x: the step is not lost"""
    x = rng.permutation(np.arange(-4, 7))[:5]
    return {"gradient": numerical_gradient(rolling(rng.normal(size=5), rng.uniform(0.5, 2, size=5)), x)}


# --- relative_error


@check("relative_error", points=2)
def errors_of_any_size(relative_error, rng):
    """vectors and matrices, large numbers and small"""
    a, b = rng.normal(size=7), rng.normal(size=7)
    A, B = 1e3 * rng.normal(size=(3, 5)), 1e3 * rng.normal(size=(3, 5))
    sizes = (1, 1e-3, 1e-6, 1e-9)
    # three digits, so that a number of 1e-12 in the denominator is no fault
    rounded = [np.round(numbers(relative_error(size * a, 2 * size * a)), 3) for size in sizes]
    return {
        "of vectors": relative_error(a, b),
        "of matrices": relative_error(A, B),
        "to three digits, of numbers near 1, 1e-3, 1e-6 and 1e-9": rounded,
    }


@check("relative_error", points=1)
def small_errors(relative_error, rng):
    """two gradients that almost agree, of three axes"""
    a = rng.normal(size=(2, 3, 5))
    return {"relative error": relative_error(a, a + 1e-5 * rng.normal(size=a.shape))}


@check("relative_error", points=1)
def zeros(relative_error, rng):
    """zeros against zeros are equal"""
    none, a, b = np.zeros(5), rng.normal(size=5), rng.normal(size=5)
    errors = [relative_error(*pair) for pair in ((none, none), (none, b), (a, none), (a, b))]
    return {
        "errors of zeros and zeros, zeros and b, a and zeros, a and b": errors,
        "a number comes out (zeros and zeros, zeros and b, a and zeros, a and b)": [finite(error) for error in errors],
    }


def comes_of(subject, *args):
    """What a call ends with: 0 a result, 1 a ValueError, 2 another error, 3 something that is no result."""
    try:
        result = subject(*args)
    except SubjectRaisedError as stopped:
        if stopped.raised.kind != "error":  # an unwritten function stays unwritten
            raise
        return 1 if stopped.raised.type == "ValueError" else 2
    return 3 if result is None or isinstance(result, Subject | str) else 0


@check("relative_error", points=2)
def other_shapes(relative_error, rng):
    """refused: (5,) and (5, 1), (5,) and (1,), (2, 3) and (3, 2), (6,) and (2, 3); not (4,) and (4,)"""
    shapes = (((5,), (5, 1)), ((5,), (1,)), ((2, 3), (3, 2)), ((6,), (2, 3)), ((4,), (4,)))
    found = [comes_of(relative_error, rng.normal(size=one), rng.normal(size=other)) for one, other in shapes]
    return {
        "refused (in the order above)": [what in (1, 2) for what in found],
        "what comes of them (0 a result, 1 a ValueError, 2 another error, 3 something else)": found,
    }


# --- gradients of the two models


def features(rng, N, D):
    """Columns of different size and off centre, so that none can stand in for another or for the ones."""
    return rng.normal(size=(N, D)) * rng.uniform(0.5, 2, size=D) + rng.uniform(0.5, 1.5, size=D)


@check("linear_regression_grad", points=6)
def gradient_of_the_squared_error(linear_regression_grad, rng):
    """seven examples, three features and a bias"""
    X, y = features(rng, 7, 3), rng.normal(size=7)
    return {
        "gradient": linear_regression_grad(X, y, rng.normal(size=4)),
        "gradients at two other w": [linear_regression_grad(X, y, w) for w in rng.normal(size=(2, 4))],
    }


@check("linear_regression_grad", points=2)
def as_many_examples_as_weights(linear_regression_grad, rng):
    """as many examples as weights"""
    return {"gradient": linear_regression_grad(features(rng, 5, 4), rng.normal(size=5), rng.normal(size=5))}


@check("linear_regression_grad", points=3)
def whole_numbers_everywhere(linear_regression_grad, rng):
    """whole numbers everywhere"""
    X, y = rng.integers(-5, 8, size=(11, 2)), rng.integers(-5, 8, size=11)
    return {"gradient": linear_regression_grad(X, y, rng.integers(1, 5, size=3) * (1, -1, 1))}


@check("linear_regression_grad", points=1)
def one_example_alone(linear_regression_grad, rng):
    """one example alone"""
    return {"gradient": linear_regression_grad(features(rng, 1, 3), rng.normal(size=1), rng.normal(size=4))}


@check("logistic_regression_grad", points=6)
def gradient_of_the_cross_entropy(logistic_regression_grad, rng):
    """seven examples, three features and a bias"""
    X, y = features(rng, 7, 3), rng.permutation(np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0]))
    return {
        "gradient": logistic_regression_grad(X, y, rng.normal(size=4)),
        "gradients at two other w": [logistic_regression_grad(X, y, w) for w in rng.normal(size=(2, 4))],
    }


@check("logistic_regression_grad", points=2)
def as_many_students_as_weights(logistic_regression_grad, rng):
    """as many examples as weights, whole numbers as labels"""
    y = rng.permutation(np.array([0, 1, 1, 0, 1]))
    return {"gradient": logistic_regression_grad(features(rng, 5, 4), y, rng.normal(size=5))}


@check("logistic_regression_grad", points=3)
def far_from_the_border(logistic_regression_grad, rng):
    """sure of itself: scores beyond ±700, and half of them wrong"""
    X = rng.permutation(np.array([[800.0, 1.0], [-750.0, 3.0], [900.0, -2.0], [-850.0, 5.0], [0.5, 0.3]]))
    y, w = np.array([1.0]), np.array([0.0, 1.0])
    alone = [finite(logistic_regression_grad(np.array([[z]]), y, w)) for z in (-800.0, -40.0, 0.0, 40.0, 800.0)]
    return {
        "gradient": logistic_regression_grad(X, rng.permutation([0.0, 1.0, 1.0, 0.0, 1.0]), np.array([0.3, 1.0, -0.2])),
        "numbers come out for one example with y = 1 and the score −800, −40, 0, 40, 800": alone,
    }


@check("logistic_regression_grad", points=1)
def one_student_alone(logistic_regression_grad, rng):
    """one example alone"""
    return {"gradient": logistic_regression_grad(features(rng, 1, 3), np.array([1.0]), rng.normal(size=4))}


# --- gradient_descent


def asked_in(grad, max_steps):
    """The gradient of a function of w. A walk that goes on long after max_steps is stopped by an error."""
    most = max_steps + 50
    seen, places, calls = None, 0, 0

    def counted(w):
        nonlocal seen, places, calls
        w = np.array(w, dtype=float)  # a copy: the walk may go on in the same array
        places, calls, seen = places + (seen is None or not np.array_equal(w, seen)), calls + 1, w
        if places > most or calls > 10 * most:
            raise RuntimeError(f"this walk does not end: max_steps is {max_steps}, and grad was asked again and again")
        return np.asarray(grad(w))

    return counted


def walked(gradient_descent, grad, w0, lr, eps, max_steps):
    """The two results of a walk, and how many came back. Where it is not two, all of it is taken for w."""
    result = gradient_descent(asked_in(grad, max_steps), w0, lr, eps, max_steps)
    if isinstance(result, tuple | list) and len(result) == 2:
        return *result, 2
    return result, "missing", np.size(result) if result is not None else 0


def slanted_bowl(rng):
    """Gradient of a bowl whose axes lie across the coordinates: no weight can be moved on its own."""
    M = rng.normal(size=(3, 3))
    A, middle = M @ M.T / 3 + np.eye(3), rng.normal(size=3)
    return lambda w: A @ (w - middle)


def parabola(w):
    """The gradient of Σ w²."""
    return 2 * w


def doublings(rng, number):
    """Powers of 2 of either sign: what is multiplied by one of them stays exact."""
    return np.exp2(rng.integers(-9, 10, size=number)) * rng.choice([-1, 1], size=number)


@check("gradient_descent", points=6)
def down_to_the_bottom(gradient_descent, rng):
    """down a slanted bowl, until the slope is at most eps"""
    w0 = 4 * rng.normal(size=3)
    w, steps, _ = walked(gradient_descent, slanted_bowl(rng), w0, 0.07, 0.03, 200)
    return {"w": w, "steps": steps}


@check("gradient_descent", points=4)
def stops_at_eps(gradient_descent, rng):
    """stops as soon as ‖∇‖ ≤ eps, to the step"""
    a, b, c, d = doublings(rng, 4)
    # no rounding here: slopes of 5, 1.25, 0.3125, and 0.078125 is where it stops, all of them times a
    w, steps, _ = walked(gradient_descent, parabola, a * np.array([2.5]), 0.375, abs(a) * 0.078125, 50)
    # a 3-4-5 triangle: the slope's length is 5, its largest entry 4, the sum of its entries 7
    w2, steps2, _ = walked(gradient_descent, lambda w: w, abs(b) * rng.permutation([3.0, 4.0]), 0.5, abs(b) * 0.625, 50)
    others = [
        walked(gradient_descent, parabola, size * np.array([start]), 0.25, abs(size) * 0.25, 50)[1] for size, start in ((c, 4), (d, 0.1))
    ]
    return {
        "w on w²": w,
        "w in two dimensions": w2,
        "steps on w², in two dimensions, on w² from afar and from nearby": [steps, steps2, *others],
    }


@check("gradient_descent", points=4)
def stops_at_max_steps(gradient_descent, rng):
    """stops after max_steps, wherever it is"""
    grad, w0 = slanted_bowl(rng), 9 + rng.uniform(size=3)
    w, steps, _ = walked(gradient_descent, grad, w0, 0.02, 1e-6, 7)
    far, _, _ = walked(gradient_descent, parabola, np.array([1.5, -2.5]) * rng.uniform(0.8, 1.2, size=2), 1.05, 1e-6, 6)
    others = [walked(gradient_descent, grad, w0, 0.02, 1e-6, most)[1] for most in (1, 3)]
    return {"w": w, "w when lr is too large": far, "steps with max_steps = 7, 1 and 3": [steps, *others]}


@check("gradient_descent", points=3)
def nothing_to_do(gradient_descent, rng):
    """starts in a flat place: takes no step, and still gives w and steps"""
    start = rng.normal(size=5)
    w, steps, _ = walked(gradient_descent, lambda w: 0.01 * (w - start) + 0.001, start, 0.1, 0.1, 50)
    counts = [walked(gradient_descent, parabola, rng.normal(size=D), 0.2, 0.1, 9)[2] for D in (1, 2, 5)]
    return {"w": w, "steps": steps, "results of walks with 1, 2 and 5 weights": counts}


@check("gradient_descent", points=2)
def whole_numbers_to_start_from(gradient_descent, rng):
    """whole numbers to start from"""
    middle = rng.uniform(-3, 3, size=3)
    start = np.round(middle).astype(int) + rng.integers(2, 5, size=3) * rng.choice([-1, 1], size=3)
    w, steps, _ = walked(gradient_descent, lambda w: 2 * (w - middle), start, 0.2, 0.05, 50)
    return {"w": w, "steps": steps}


# --- minibatches: any shuffle will do, so nothing that is observed depends on how random numbers are drawn


class Deck:
    """Examples that are known again: no two rows are alike, and no two targets."""

    def __init__(self, rng, N, *shape):
        self.X, self.y = rng.normal(size=(N, *(shape or (3,)))), rng.permutation(N) + 0.5
        self._rows = {row.tobytes(): number for number, row in enumerate(self.X)}
        self._targets = {target: number for number, target in enumerate(self.y.tolist())}

    def rows(self, X):
        """The numbers of some rows; -1 for one that is not among them."""
        X = numbers(X)
        return [self._rows.get(row.tobytes(), -1) for row in X] if X.ndim == self.X.ndim else [-1] * (X.size and len(np.atleast_1d(X)))

    def targets(self, y):
        """The numbers of some targets; -1 for one that is not among them."""
        return [self._targets.get(target, -1) for target in numbers(y).reshape(-1).tolist()]


def axes(value):
    """How many axes a part of a batch has; -1 where it is no array of numbers."""
    return -1 if isinstance(value, dict | str | None) or not np.size(value) else numbers(value).ndim


def joined(lists):
    """All entries of some lists, in order."""
    return list(chain.from_iterable(lists))


class Epoch:
    """What one pass over a deck hands over: for each batch the numbers of its rows and of its targets."""

    def __init__(self, deck, one_epoch, minibatches, batch_size, rng):
        self.size = len(deck.y)
        handed = one_epoch(minibatches, deck.X, deck.y, batch_size, rng)
        batches = [tuple(batch) if isinstance(batch, tuple | list) else (batch,) for batch in handed]
        self.rows = [deck.rows(batch[0]) if batch else [] for batch in batches]
        self.targets = [deck.targets(batch[1]) if len(batch) > 1 else [] for batch in batches]
        first = batches[0] if batches else ()
        self.first = [len(first), *[axes(part) for part in first[:2]], 0, 0][:3]

    def once(self):
        """Whether each example comes once. Targets that are missing altogether are another fault."""
        targets = joined(self.targets)
        complete = sorted(joined(self.rows)) == list(range(self.size))
        return complete and (not targets or sorted(targets) == list(range(self.size)))

    def together(self):
        """Whether the rows come with their own targets, as far as any come."""
        return self.rows == self.targets and -1 not in joined(self.rows)

    def sizes(self):
        """How many rows of X are in each of the first batches; -1 where there is no batch, as one may be empty by mistake."""
        return [*(sum(row >= 0 for row in rows) for rows in self.rows), *[-1] * 8][:8]

    def order(self):
        """The numbers of the examples as they come: those of the targets where only they are shuffled."""
        rows = joined(self.rows)
        return tuple(joined(self.targets) or rows) if rows == list(range(self.size)) else tuple(rows)


NUMBERED = "orders, numbered as they first come: given, rng A twice, rng B, a copy of A twice"


def ordinals(orders):
    """Each order by the number of the place where it first comes; nan where there is none."""
    return [orders.index(order) if order else np.nan for order in orders]


@check("minibatches", points=3)
def everybody_once(minibatches, one_epoch, rng):
    """every example once: of 1, 15 and 17 in batches of 5, of 101 in batches of 10, of 17 in batches of 20"""
    runs = ((1, 5), (15, 5), (17, 5), (101, 10), (17, 20))
    epochs = [Epoch(Deck(rng, N), one_epoch, minibatches, batch_size, rng) for N, batch_size in runs]
    return {"every example comes once (in the order above)": [epoch.once() for epoch in epochs]}


@check("minibatches", points=4)
def pairs(minibatches, one_epoch, rng):
    """each example with its own target: one alone, 15 and 17 in batches of 5"""
    epochs = [Epoch(Deck(rng, N), one_epoch, minibatches, size, rng) for N, size in ((1, 1), (15, 5), (17, 5))]
    return {"X and y belong together (in the order above)": [epoch.together() for epoch in epochs]}


@check("minibatches", points=3)
def sizes_of_batches(minibatches, one_epoch, rng):
    """batches are pairs; their sizes; a smaller last one is kept"""
    runs = ((17, 5), (15, 5), (3, 7))
    epochs = [Epoch(Deck(rng, N), one_epoch, minibatches, size, rng) for N, size in runs]
    sizes = {
        f"sizes for {N} examples in batches of {size}, −1 for no batch": epoch.sizes()
        for (N, size), epoch in zip(runs, epochs, strict=True)
    }
    return {"parts of the first batch, axes of its X, axes of its y": epochs[0].first, **sizes}


@check("minibatches", points=2)
def drawn_from_rng(minibatches, one_epoch, numpy, rng):
    """a new order for every pass, drawn from rng"""
    deck, (seed, other) = Deck(rng, 46), rng.integers(2**31, size=2).tolist()
    drawn = [numpy.random.default_rng(number) for number in (seed, other, seed)]
    epochs = [Epoch(deck, one_epoch, minibatches, 5, drawn[number]) for number in (0, 0, 1, 2, 2)]
    return {NUMBERED: ordinals([tuple(range(46)), *[epoch.order() for epoch in epochs]])}


@check("minibatches", points=1)
def well_mixed(minibatches, one_epoch, rng):
    """all 100 examples are mixed with each other, in batches of 10"""
    epoch = Epoch(Deck(rng, 100), one_epoch, minibatches, 10, rng)
    batch, place = np.full(100, -1), -2 * np.arange(1, 101)  # negative: it does not come
    for number, rows in reversed(list(enumerate(epoch.rows))):
        batch[rows] = number
    for number, example in reversed(list(enumerate(epoch.order()))):
        place[example] = number
    examples, inner = np.arange(100), np.arange(100) % 10 < 9  # those whose right neighbour is in the same ten
    return {
        "share of neighbours in one batch": at_most(np.mean((batch[1:] == batch[:-1]) & (batch[1:] >= 0)), 0.4),
        "share of examples in the batch of their place": at_most(np.mean((place >= 0) & (place // 10 == examples // 10)), 0.4),
        "share of neighbours one right after the other": at_most(np.mean((np.roll(place, -1) == place + 1)[inner]), 0.4),
    }


# --- sgd_epoch: how often grad is asked is nobody's business; where the weights end says what was done


def batch_of(X, y, w, start):
    """What grad is given, as arrays of its own: they may change later. An error that says so where it is not a batch and w."""
    found = [numbers(value).copy() for value in (X, y, w)]
    shapes = [array.shape for array in found]
    if len(shapes[0]) != 2 or shapes[1] != shapes[0][:1] or not shapes[0][0] or shapes[2] != start.shape:
        raise ValueError("grad is called as grad(X_batch, y_batch, w), and was given arrays of shapes {}, {} and {}".format(*shapes))
    return found


class Ledger:
    """A model whose weights keep books: w[0] shrinks with every step, and w[1 + i] moves when example i has its turn.

    The gradient of an example is w[0] along w[0] and along its own weight; that of a batch is the mean. So the weights
    at the end tell in which step each example was used, and how large its batch was.
    """

    lr = 0.1

    def __init__(self, rng, N):
        self.deck, self.start = Deck(rng, N), np.append(1.0, np.zeros(N))

    def grad(self, X, y, w):
        self.spend()
        X, y, w = batch_of(X, y, w, self.start)
        rows, targets = self.deck.rows(X), self.deck.targets(y)
        if -1 in rows + targets:
            raise ValueError("grad was given rows or targets that are not among those of X and y")
        return self.slope(rows, targets, w)

    def slope(self, rows, targets, w):
        gradient = np.append(w[0], np.zeros(len(w) - 1))
        for number in (*rows, *targets):
            gradient[1 + number] += w[0] / (2 * len(rows))
        return gradient

    def epoch(self, sgd_epoch, batch_size, rng):
        """The weights after an epoch from the start."""
        self.spend = stopper(60 + 4 * len(self.deck.y))
        return sgd_epoch(self.grad, self.start, self.deck.X, self.deck.y, self.lr, batch_size, rng)

    def order(self, w):
        """What tells one order from another; nothing where all examples moved alike, as if there were no batches."""
        moved = np.round(numbers(w).reshape(-1)[1:], 9)
        return tuple(moved.tolist()) if len(np.unique(moved)) > 1 else ()

    def undealt(self, batch_size):
        """The weights after an epoch in which the examples keep their order."""
        w, N = self.start, len(self.deck.y)
        for start in range(0, N, batch_size):
            rows = list(range(start, min(start + batch_size, N)))
            w = w - self.lr * self.slope(rows, rows, w)
        return w


def stopper(times):
    """A counter that stops a loop without an end: one that asks twice for every single example is still far from it."""
    left = iter(range(times))

    def spend():
        if next(left, None) is None:
            raise RuntimeError(f"this epoch does not end: grad was asked more than {times} times")

    return spend


def same_slope(rng):
    """An epoch in which all examples are alike, so that the batches have one gradient: that of a bowl around a target."""
    X, y, target = np.tile(rng.normal(size=2), (20, 1)), np.full(20, rng.normal()), rng.normal(size=3)
    spend = stopper(150)

    def grad(X, y, w):
        spend()
        _, _, w = batch_of(X, y, w, target)
        return np.array([1.0, 2.0, 0.5]) * (w - target)

    return grad, X, y


@check("sgd_epoch", points=5)
def one_step_per_batch(sgd_epoch, rng):
    """where four steps lead, when the slope is the same in every batch"""
    grad, X, y = same_slope(rng)
    return {"new w": sgd_epoch(grad, rng.normal(size=3), X, y, 0.3, 5, rng)}


@check("sgd_epoch", points=5)
def a_batch_at_a_time(sgd_epoch, rng):
    """each step goes by its own batch: every step shrinks w[0], and example i moves only w[1 + i]"""
    runs = ((1, 5), (17, 5), (101, 10), (11, 13))
    ends = [Ledger(rng, N).epoch(sgd_epoch, batch_size, rng) for N, batch_size in runs]
    return {
        "every example moves its weight (1, 17, 101 and 11 examples)": [bool(np.all(numbers(w).reshape(-1)[1:] != 0)) for w in ends],
        "new w after 17 examples in batches of 5, sorted": np.sort(ends[1], axis=None),
    }


@check("sgd_epoch", points=3)
def order_from_rng(sgd_epoch, numpy, rng):
    """a new order for every epoch, drawn from rng"""
    ledger, (seed, other) = Ledger(rng, 50), rng.integers(2**31, size=2).tolist()
    drawn = [numpy.random.default_rng(number) for number in (seed, other, seed)]
    ends = [numbers(ledger.epoch(sgd_epoch, 5, drawn[number])) for number in (0, 0, 1, 2, 2)]
    moved = ends[0].reshape(-1)[1:]
    alike = np.isclose(moved[1:], moved[:-1], rtol=1e-9, atol=0) & (moved[1:] != 0)
    return {
        NUMBERED: ordinals([ledger.order(w) for w in (ledger.undealt(5), *ends)]),
        "share of neighbours in one step": at_most(np.mean(alike) if alike.size else 1.0, 0.4),
    }


@check("sgd_epoch", points=2)
def whole_numbers_as_weights(sgd_epoch, rng):
    """a w of whole numbers"""
    grad, X, y = same_slope(rng)
    return {"new w": sgd_epoch(grad, rng.integers((2, 3, 6), (5, 6, 10)) * (1, -1, 1), X, y, 0.1, 5, rng)}


# --- predict_pass


def weights(rng):
    """A border that runs through the class, at some slant."""
    return np.array([rng.uniform(0.3, 0.9), rng.uniform(0.8, 2.0), rng.uniform(2.2, 3.5)]) * rng.choice([-1, 1], size=3)


def students(rng, N, lectures=(0, 11), hours=(0, 60)):
    """Lectures and hours of some students, in their own units."""
    return rng.integers(*lectures, size=N).astype(float), rng.uniform(*hours, size=N)


@check("predict_pass", points=3)
def a_class(predict_pass, rng):
    """a whole class, with two sets of weights"""
    w, (lectures, hours) = weights(rng), students(rng, 211)
    return {
        "passes": predict_pass(lectures, hours, w),
        "passes with these weights, and with all signs turned around": [predict_pass(lectures, hours, each) for each in (w, -w)],
    }


@check("predict_pass", points=3)
def one_student_at_a_time(predict_pass, rng):
    """students who ask one at a time"""
    w, (lectures, hours) = weights(rng), students(rng, 13)
    return {"passes, one at a time": [predict_pass(lectures[i : i + 1], hours[i : i + 1], w) for i in range(13)]}


@check("predict_pass", points=1)
def on_the_border(predict_pass, rng):
    """three students on the border, and on both sides of it"""
    lectures, hours = rng.integers(0, 11, size=3), rng.integers(0, 60, size=3)
    return {
        "passes, with w = (z, 0, 0) for z = −10000, −1, 0 and 1": [
            predict_pass(lectures, hours, np.array([z, 0.0, 0.0])) for z in (-10000.0, -1.0, 0.0, 1.0)
        ]
    }
