"""What lab03_gradient_descent asks of each exercise. Probes only: the engine runs the reference beside the student."""

import numpy as np

from course_utils.checking import at_most, check
from course_utils.checking.observe import SubjectRaisedError


def answer_to(subject, *args):
    """Whether a call ends in an error of the student's making; an unwritten function stays unwritten."""
    try:
        subject(*args)
    except SubjectRaisedError as stopped:
        if stopped.raised.kind != "error":
            raise
        return "refused"
    return "accepted"


def budget(times):
    """A function that may be called so often; then the loop around it can have no end, and is stopped by an error."""
    left = iter(range(times))

    def spend():
        if next(left, None) is None:
            raise RuntimeError(f"grad was asked for the slope more than {times} times: this loop does not end")

    return spend


def asked_at_most(grad, times):
    """The gradient of a function of w, within a budget."""
    spend = budget(times)

    def counted(w):
        spend()
        return grad(np.asarray(w, dtype=float))

    return counted


# --- numerical_gradient


def rolling(a, B):
    """A function whose slope along one entry depends on all others: sin(a·x) + Σ B x²."""
    return lambda x: float(np.sin(np.sum(a * x)) + np.sum(B * x**2))


# x may be moved while the slopes are measured, as long as it comes back; that is asked once, for a share of the points
@check("numerical_gradient", points=4, mutates=("x",))
def slope_along_every_entry(numerical_gradient, rng):
    """the slope along each of seven entries; x stays as it was"""
    x, f = rng.normal(size=7), rolling(rng.normal(size=7), rng.uniform(0.5, 2, size=7))
    return {"gradient": numerical_gradient(f, x=x), "x after the call": x}


@check("numerical_gradient", points=4, mutates=("x",))
def any_shape(numerical_gradient, rng):
    """any shape: a matrix, then a block of three axes"""
    found = {}
    for shape in ((3, 5), (2, 3, 5)):
        # the axes lie in memory in another order than usual: flattening makes a copy here
        x = rng.normal(size=shape[::-1]).T
        f = rolling(rng.normal(size=shape), rng.uniform(0.5, 2, size=shape))
        found[f"gradient of shape {shape}"] = numerical_gradient(f, x=x)
    return found


@check("numerical_gradient", points=2, mutates=("x",))
def the_step(numerical_gradient, rng):
    """the step h: the one it is given, else 1e-5"""
    x, a = rng.uniform(1, 2, size=3), rng.normal(size=3)
    return {
        "gradient with h = 0.1": numerical_gradient(lambda x: float(np.sum(a * x**3)), x=x.copy(), h=0.1),
        "gradient with h left out": numerical_gradient(lambda x: float(np.sum(np.sin(1000 * x))), x=x),
    }


@check("numerical_gradient", points=2, mutates=("x",))
def whole_numbers(numerical_gradient, rng):
    """whole numbers as x: the step is not lost"""
    x = rng.permutation(np.arange(-4, 7))[:5]
    return {"gradient": numerical_gradient(rolling(rng.normal(size=5), rng.uniform(0.5, 2, size=5)), x=x)}


# --- relative_error


@check("relative_error", points=2)
def errors_of_any_size(relative_error, rng):
    """vectors and matrices, large numbers and small"""
    a, b = rng.normal(size=7), rng.normal(size=7)
    A, B = 1e3 * rng.normal(size=(3, 5)), 1e3 * rng.normal(size=(3, 5))
    return {
        "of vectors": relative_error(a, b),
        "of matrices": relative_error(A, B),
        "of small numbers": relative_error(1e-4 * a, 1e-4 * b),
    }


@check("relative_error", points=1)
def small_errors(relative_error, rng):
    """two gradients that almost agree"""
    a = rng.normal(size=(2, 3, 5))
    return {"relative error": 1e5 * relative_error(a, a + 1e-5 * rng.normal(size=a.shape))}


@check("relative_error", points=1)
def zeros(relative_error, rng):
    """zeros against zeros are equal"""
    return {
        "zeros against zeros": relative_error(np.zeros(5), np.zeros(5)),
        "zeros against numbers": relative_error(np.zeros(5), rng.normal(size=5)),
    }


@check("relative_error", points=2)
def other_shapes(relative_error, rng):
    """gradients of different shapes are refused"""
    a = rng.normal(size=5)
    return {
        "the pair (5,) and (5, 1)": answer_to(relative_error, a, a[:, None]),
        "the pair (5,) and (1,)": answer_to(relative_error, np.zeros(5), np.zeros(1)),
    }


# --- gradients of the two models


def features(rng, N, D):
    """Columns of different size and off centre, so that none can stand in for another or for the ones."""
    return rng.normal(size=(N, D)) * rng.uniform(0.5, 2, size=D) + rng.uniform(0.5, 1.5, size=D)


@check("linear_regression_grad", points=6)
def gradient_of_the_squared_error(linear_regression_grad, rng):
    """seven examples, three features and a bias"""
    return {"gradient": linear_regression_grad(features(rng, 7, 3), rng.normal(size=7), rng.normal(size=4))}


@check("linear_regression_grad", points=3)
def as_many_examples_as_weights(linear_regression_grad, rng):
    """as many examples as weights"""
    return {"gradient": linear_regression_grad(features(rng, 5, 4), rng.normal(size=5), rng.normal(size=5))}


@check("linear_regression_grad", points=3)
def whole_numbers_everywhere(linear_regression_grad, rng):
    """whole numbers everywhere"""
    X, y = rng.integers(-5, 8, size=(11, 2)), rng.integers(-5, 8, size=11)
    return {"gradient": linear_regression_grad(X, y, np.array([2, -1, 3]))}


@check("logistic_regression_grad", points=6)
def gradient_of_the_cross_entropy(logistic_regression_grad, rng):
    """seven examples, three features and a bias"""
    y = rng.permutation(np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0]))
    return {"gradient": logistic_regression_grad(features(rng, 7, 3), y, rng.normal(size=4))}


@check("logistic_regression_grad", points=3)
def as_many_students_as_weights(logistic_regression_grad, rng):
    """as many examples as weights, whole numbers as labels"""
    y = rng.permutation(np.array([0, 1, 1, 0, 1]))
    return {"gradient": logistic_regression_grad(features(rng, 5, 4), y, rng.normal(size=5))}


@check("logistic_regression_grad", points=3)
def far_from_the_border(logistic_regression_grad, rng):
    """sure of itself: scores beyond ±700, and half of them wrong"""
    X = rng.permutation(np.array([[800.0, 1.0], [-750.0, 3.0], [900.0, -2.0], [-850.0, 5.0], [0.5, 0.3]]))
    return {"gradient": logistic_regression_grad(X, rng.permutation([0.0, 1.0, 1.0, 0.0, 1.0]), np.array([0.3, 1.0, -0.2]))}


# --- gradient_descent


def slanted_bowl(rng):
    """Gradient of a bowl whose axes lie across the coordinates: no weight can be moved on its own."""
    M = rng.normal(size=(3, 3))
    A, middle = M @ M.T / 3 + np.eye(3), rng.normal(size=3)
    return lambda w: A @ (w - middle)


# the start may be moved in all checks but one, so that `w -= …` on it is charged once
@check("gradient_descent", points=6, mutates=("w0",))
def down_to_the_bottom(gradient_descent, rng):
    """down a slanted bowl, until the slope is at most eps; w0 stays"""
    w0 = 4 * rng.normal(size=3)
    w, steps = gradient_descent(asked_at_most(slanted_bowl(rng), 2000), w0=w0, lr=0.07, eps=0.03, max_steps=500)
    return {"w": w, "steps": steps, "w0 after the call": w0}


@check("gradient_descent", points=4, mutates=("w0",))
def stops_at_eps(gradient_descent):
    """stops as soon as ‖∇‖ ≤ eps, to the step"""
    parabola, cone = asked_at_most(lambda w: 2 * w, 200), asked_at_most(lambda w: w, 200)
    w, steps = gradient_descent(parabola, w0=np.array([1.0]), lr=0.25, eps=0.25, max_steps=50)
    # a 3-4-5 triangle: the slope's length is 5, its largest entry 4, the sum of its entries 7
    w2, steps2 = gradient_descent(cone, w0=np.array([3.0, 4.0]), lr=0.5, eps=0.625, max_steps=50)
    return {"w on w²": w, "steps on w²": steps, "w in two dimensions": w2, "steps in two dimensions": steps2}


@check("gradient_descent", points=4, mutates=("w0",))
def stops_at_max_steps(gradient_descent, rng):
    """stops after max_steps, wherever it is"""
    w0 = 9 + rng.uniform(size=3)
    w, steps = gradient_descent(asked_at_most(slanted_bowl(rng), 100), w0=w0, lr=0.02, eps=1e-6, max_steps=7)
    return {"w": w, "steps": steps}


@check("gradient_descent", points=3, mutates=("w0",))
def nothing_to_do(gradient_descent, rng):
    """starts in a flat place: takes no step"""
    w0 = rng.normal(size=5)
    start = w0.copy()
    w, steps = gradient_descent(asked_at_most(lambda w: 0.01 * (w - start) + 0.001, 100), w0=w0, lr=0.1, eps=0.1, max_steps=50)
    return {"w": w, "steps": steps}


@check("gradient_descent", points=2, mutates=("w0",))
def whole_numbers_to_start_from(gradient_descent):
    """whole numbers to start from"""
    grad = asked_at_most(lambda w: 2 * (w - 0.3), 200)
    w, steps = gradient_descent(grad, w0=np.array([4, -3]), lr=0.2, eps=0.05, max_steps=50)
    return {"w": w, "steps": steps}


@check("gradient_descent", points=1, hidden=True, mutates=("w0",))
def another_valley(gradient_descent, rng):
    """a valley that is no bowl, and no step at all for max_steps = 0"""
    grad, w0 = asked_at_most(lambda w: np.tanh(w) + w**3, 600), rng.normal(size=5)
    w, steps = gradient_descent(grad, w0=w0.copy(), lr=0.11, eps=0.02, max_steps=200)
    none, zero = gradient_descent(grad, w0=w0, lr=0.11, eps=0.02, max_steps=0)
    return {"w": w, "steps": steps, "w for max_steps = 0": none, "steps for max_steps = 0": zero}


# --- minibatches: any shuffle will do, so nothing that is observed depends on how random numbers are drawn


def numbered(rng, N):
    """N examples with a number each: row i of X belongs to y[i], and no two rows are alike."""
    return rng.normal(size=(N, 3)), rng.permutation(N) + 0.5


def joined(batches):
    """All rows and all targets of some batches, as they came."""
    pairs = [(np.asarray(X_batch), np.asarray(y_batch)) for X_batch, y_batch in batches]
    if not pairs:
        return np.zeros((0, 3)), np.zeros(0)
    return np.concatenate([X for X, _ in pairs]), np.concatenate([y for _, y in pairs])


def dealt(one_epoch, minibatches, X, y, batch_size, rng):
    """The batches of one epoch of copies: shuffling in place is charged once, in the first check, and not here."""
    return one_epoch(minibatches, X=X.copy(), y=y.copy(), batch_size=batch_size, rng=rng)


@check("minibatches", points=3, mutates=("X", "y"))
def everybody_once(minibatches, one_epoch, rng):
    """every example once"""
    X, y = numbered(rng, 17)
    _, targets = joined(dealt(one_epoch, minibatches, X, y, 5, rng))
    return {
        "examples left out": "nobody" if set(y) <= set(targets) else "some",
        "examples that come twice": "nobody" if len(set(targets)) == len(targets) else "some",
    }


@check("minibatches", points=4, mutates=("X", "y"))
def pairs_and_source(minibatches, one_epoch, rng):
    """each example with its own target; X and y stay as they are"""
    X, y = numbered(rng, 17)
    own = {target: row for row, target in zip(X.tolist(), y.tolist(), strict=True)}
    given_X, given_y = X.copy(), y.copy()
    rows, targets = joined(one_epoch(minibatches, X=given_X, y=given_y, batch_size=5, rng=rng))
    kept = len(rows) == len(targets) and all(own.get(t) == r for r, t in zip(rows.tolist(), targets.tolist(), strict=True))
    return {
        "pairs of X and y": "kept" if kept else "torn apart",
        "X and y after the call": "as they were" if np.array_equal(X, given_X) and np.array_equal(y, given_y) else "changed",
    }


@check("minibatches", points=3, mutates=("X", "y"))
def sizes_of_batches(minibatches, one_epoch, rng):
    """the sizes of the batches; a smaller last one is kept"""
    return {
        f"sizes for {N} examples in batches of {size}": [
            len(X_batch) for X_batch, _ in dealt(one_epoch, minibatches, *numbered(rng, N), size, rng)
        ]
        for N, size in ((17, 5), (15, 5), (3, 7))
    }


@check("minibatches", points=3, mutates=("X", "y"))
def shuffled_with_rng(minibatches, one_epoch, rng):
    """a new order for every pass, drawn from rng"""
    X, y = rng.normal(size=(101, 3)), np.arange(101)
    first, other, again = (
        joined(dealt(one_epoch, minibatches, X, y, 7, np.random.default_rng(seed)))[1] for seed in (3, 8, 3)
    )
    mixed = "well mixed"
    if np.mean(first // 7 == np.arange(len(first)) // 7) > 0.4:
        mixed = "still in the batch of their place"
    elif np.mean(np.diff(first) == 1) > 0.2:
        mixed = "still beside their neighbours"
    return {
        "the order with another rng": "the same" if np.array_equal(first, other) else "another",
        "the order with the same rng": "the same" if np.array_equal(first, again) else "another",
        "examples": mixed,
    }


@check("minibatches", points=1, hidden=True, mutates=("X", "y"))
def one_at_a_time(minibatches, one_epoch, rng):
    """batches of one, and pictures as examples"""
    X, y = rng.normal(size=(11, 2, 3)), rng.permutation(11)
    rows, targets = joined(dealt(one_epoch, minibatches, X, y, 1, rng))
    return {"pictures": rows.shape, "pairs": "kept" if np.array_equal(rows, X[np.argsort(y)[targets]]) else "torn apart"}


# --- sgd_epoch: the batches that it takes are judged by what grad is asked, so a wrong minibatches costs nothing here


class Witness:
    """A gradient that remembers every step: where it was asked, and with which examples."""

    def __init__(self):
        self.steps = []  # [w, targets, summed gradient]
        self.spend = budget(300)

    def grad(self, X, y, w):
        self.spend()
        X, y, w = (np.array(value, dtype=float) for value in (X, y, w))
        # asked twice in one place: still the same step, as when a batch is taken example by example
        if not self.steps or not np.array_equal(self.steps[-1][0], w):
            self.steps.append([w, np.zeros(0), np.zeros_like(w)])
        gradient = X.T @ (X @ w - y) / len(y)
        self.steps[-1][1] = np.append(self.steps[-1][1], y)
        self.steps[-1][2] = self.steps[-1][2] + gradient * len(y)
        return gradient

    def error(self, w_end, lr):
        """The largest distance between a step and the one that its own batch asks for."""
        places = [w for w, _, _ in self.steps] + [np.asarray(w_end, dtype=float)]
        wanted = [w - lr * total / len(y) for w, y, total in self.steps]
        return np.max([np.abs(place - want).max() for place, want in zip(places[1:], wanted, strict=True)], initial=0.0)

    def tally(self):
        return tally(y for _, y, _ in self.steps)


def tally(targets):
    """The sizes of some batches, and how many different examples they hold."""
    targets = [np.asarray(y) for y in targets]
    return sorted(map(len, targets)), len({*np.concatenate([[], *targets])})


@check("sgd_epoch", points=6, mutates=("w", "X", "y"))
def one_step_per_batch(sgd_epoch, rng):
    """where four steps lead, when the slope is the same in every batch"""
    X, y, target = rng.normal(size=(20, 3)), rng.normal(size=20), rng.normal(size=3)
    spend = budget(300)

    def grad(X, y, w):
        spend()
        return np.array([1.0, 2.0, 0.5]) * (np.asarray(w) - target)

    w, whole = rng.normal(size=3), np.array([2, -3, 5])
    return {
        "new w": sgd_epoch(grad, w=w, X=X, y=y, lr=0.3, batch_size=5, rng=rng),
        "new w from whole numbers": sgd_epoch(grad, w=whole, X=X, y=y, lr=0.1, batch_size=5, rng=rng),
        "w after the call": w,
    }


@check("sgd_epoch", points=6, mutates=("w", "X", "y"))
def a_batch_at_a_time(sgd_epoch, minibatches, one_epoch, rng):
    """each step goes by its own batch, and all examples are used"""
    X, y = numbered(rng, 17)
    witness, lr = Witness(), 0.01
    w = sgd_epoch(witness.grad, w=rng.normal(size=3), X=X.copy(), y=y.copy(), lr=lr, batch_size=5, rng=rng)
    sizes, different = witness.tally()
    batches = "a whole epoch"
    if not sum(sizes) == different == 17:  # then it is enough that they are those of the student's own minibatches
        own = tally(y_batch for _, y_batch in dealt(one_epoch, minibatches, X, y, 5, rng))
        if (sizes, different) != own:
            batches = "with examples that come twice" if sum(sizes) > different else "without some of the examples"
    right = witness.error(w, lr) < 1e-9
    return {
        "examples in one step": at_most(max(sizes, default=17), 5),
        "each step": "w − lr times the gradient of its batch" if right else "something else",
        "the batches": batches,
    }


@check("sgd_epoch", points=3, mutates=("w", "X", "y"))
def order_from_rng(sgd_epoch, minibatches, one_epoch, rng):
    """a new order for every epoch, drawn from rng"""
    X, y = numbered(rng, 23)
    w0 = rng.normal(size=3)

    def epoch(seed):
        rng = np.random.default_rng(seed)
        return sgd_epoch(Witness().grad, w=w0.copy(), X=X.copy(), y=y.copy(), lr=0.01, batch_size=5, rng=rng)

    first, other, again = epoch(3), epoch(8), epoch(3)

    def own_orders_agree(one, two):  # asked only when the epochs are not as they should be
        rngs = map(np.random.default_rng, (one, two))
        orders = (joined(dealt(one_epoch, minibatches, X, y, 5, rng))[1] for rng in rngs)
        return np.array_equal(*orders)

    elsewhere = not np.allclose(first, other, rtol=1e-9) or own_orders_agree(3, 8)
    the_same = np.allclose(first, again, rtol=1e-9) or not own_orders_agree(3, 3)
    return {
        "w with another rng": "another" if elsewhere else "the same",
        "w with the same rng": "the same" if the_same else "another",
    }


@check("sgd_epoch", points=1, hidden=True, mutates=("w", "X", "y"))
def one_batch_is_gradient_descent(sgd_epoch, rng):
    """one batch of everybody is a step of gradient descent"""
    X, y = numbered(rng, 11)
    return {"w": sgd_epoch(Witness().grad, w=rng.normal(size=3), X=X, y=y, lr=0.02, batch_size=13, rng=rng)}


# --- predict_pass


def weights(rng):
    """A border that runs through the class, at some slant."""
    return np.array([rng.uniform(0.3, 0.9), rng.uniform(0.8, 2.0), rng.uniform(2.2, 3.5)]) * rng.choice([-1, 1], size=3)


@check("predict_pass", points=4)
def a_class(predict_pass, rng):
    """a whole class"""
    return {"passes": predict_pass(rng.integers(0, 11, size=211), rng.uniform(0, 60, size=211), weights(rng))}


@check("predict_pass", points=3)
def one_student_at_a_time(predict_pass, rng):
    """students who ask one at a time"""
    w = weights(rng)
    lectures, hours = rng.integers(0, 11, size=13), rng.uniform(0, 60, size=13)
    return {"passes": [predict_pass(lectures[i : i + 1], hours[i : i + 1], w) for i in range(13)]}


@check("predict_pass", points=1, hidden=True)
def a_lazy_class(predict_pass, rng):
    """a class that is unlike the one of the training"""
    return {"passes": predict_pass(rng.integers(0, 4, size=103), rng.uniform(20, 60, size=103), weights(rng))}
