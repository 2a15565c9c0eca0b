"""Questions about lab03_gradient_descent for `handgrad review`."""

import numpy as np

from course_utils.reviewing import Asked, question, small


@question(
    "numerical_gradient", "From x − h to x + h it is 2h, so the difference is divided by 2h.", without=["last_entry_missing"], places=3
)
def a_measured_slope(numerical_gradient, rng):
    """f(x) is x³, and its slope is measured with central differences and a large step h.
    Which slope comes out?"""
    x, h = float(rng.integers(1, 4)), float(rng.choice([0.1, 0.2, 0.5]))
    given = {"x": x, "h": h, "f(x − h)": round((x - h) ** 3, 3), "f(x)": x**3, "f(x + h)": round((x + h) ** 3, 3)}
    return Asked(given, float(numerical_gradient(lambda x: float(x[0] ** 3), np.array([x]), h)[0]), "slope")


@question("numerical_gradient", "Each entry moves to both sides: two evaluations for each entry.")
def cost_of_measuring(rng):
    """A gradient is measured with central differences.
    How often is the loss evaluated?"""
    rows, columns = (int(size) for size in rng.permutation(np.arange(3, 20))[:2])
    entries = rows * columns
    wrong = {
        "each entry has to move to both sides: one evaluation is not enough for each": entries,
        "it is not one for each entry and one in the middle: both sides are asked": entries + 1,
        "a whole row cannot move at once: each entry has a slope of its own": 2 * rows,
    }
    return Asked({"W.shape": (rows, columns)}, 2 * entries, others=wrong)


@question("relative_error", "It is ‖a − b‖ divided by ‖a‖ + ‖b‖.", places=3)
def how_far_apart(relative_error, rng):
    """Two gradients are compared.
    What is their relative error?"""
    a = np.array([3.0, 4.0]) * rng.choice([1, 2]) * rng.choice([-1, 1], size=2)
    b = a * float(rng.choice([-2, 2, 3, 0.5]))
    given = {"a": a, "b": b, "‖a‖": np.linalg.norm(a), "‖b‖": np.linalg.norm(b), "‖a − b‖": np.linalg.norm(a - b)}
    return Asked(given, float(relative_error(a, b)), "relative error")


@question("linear_regression_grad", "It is the mean over the examples of 2(ŷ − y) times each input, the bias's input being 1.", places=2)
def slopes_of_a_line(linear_regression_grad, rng):
    """The line ŷ = w[0] + w[1]·x is fitted with the mean squared error.
    Which of these is the gradient?"""
    X, y, w = rng.permutation([-2.0, 1.0, 2.0, 3.0])[:3, None], small(rng, 3), small(rng, 2)
    given = {"x": X[:, 0], "y": y, "w": w, "ŷ − y": w[0] + w[1] * X[:, 0] - y}
    return Asked(given, linear_regression_grad(X, y, w), "gradient")


@question("logistic_regression_grad", "It is the mean over the examples of (p − y) times each input, the bias's input being 1.", places=3)
def slopes_of_a_neuron(logistic_regression_grad, rng):
    """A neuron says p = σ(w[0] + w[1]·x), and its loss is the mean cross-entropy. All weights are 0, so every p is 0.5.
    Which of these is the gradient?"""
    X, y = rng.permutation([-4.0, -2.0, 1.0, 2.0, 6.0])[:4, None], rng.permutation([0.0, 1.0, 1.0, 1.0])
    return Asked({"x": X[:, 0], "y": y}, logistic_regression_grad(X, y, np.zeros(2)), "gradient")


def _curve(c):
    """The gradient of c·w²/2, for a walk that ends some day."""
    asked = []

    def gradient(w):
        asked.append(w)
        if len(asked) > 100:
            raise RuntimeError("this walk does not end")
        return c * w

    return gradient


@question(
    "gradient_descent", "A step leads to w − lr·∇; the walk ends where the gradient is at most eps, or after max_steps steps.", places=4
)
def where_a_walk_ends(gradient_descent, rng):
    """f(w) is c·w²/2, so the gradient is c·w.
    Where does `gradient_descent` end, and after how many steps?"""
    c, lr, w0 = float(rng.choice([1, 2])), 0.25, float(rng.choice([-4, -2, 2, 4, 8]))
    eps, most = float(rng.choice([0.6, 1.2])), int(rng.integers(2, 6))
    given = {"c": c, "w0": w0, "lr": lr, "eps": eps, "max_steps": most}
    found = gradient_descent(_curve(c), np.array([w0]), lr, eps, most)
    return Asked(given, f"w = {float(np.ravel(found[0])[0]):.4g}, steps = {int(found[1])}", "(w, steps)")


@question("gradient_descent", "One step multiplies w by 1 − lr·c. The walk arrives while this lies between −1 and 1, so for lr below 2/c.")
def what_a_rate_does(rng):
    """f(w) is c·w²/2, and plain gradient descent walks with the rate lr.
    What does w do from step to step?"""
    c = float(rng.choice([1, 2, 4, 5, 10]))
    factor = float(rng.choice([-1.5, -1.2, -0.6, -0.4, 0.4, 0.7]))
    lr = (1 - factor) / c
    kinds = {
        "it comes nearer from one side": 0 < factor < 1,
        "it jumps from side to side, and comes nearer": -1 < factor < 0,
        "it jumps from side to side, and moves away": factor < -1,
        "it moves away on one side": factor > 1,
    }
    right = next(kind for kind, holds in kinds.items() if holds)
    reasons = {
        "it comes nearer from one side": "then 1 − lr·c would lie between 0 and 1",
        "it jumps from side to side, and comes nearer": "then 1 − lr·c would lie between −1 and 0",
        "it jumps from side to side, and moves away": "then 1 − lr·c would lie below −1",
        "it moves away on one side": "then 1 − lr·c would lie above 1: no positive rate does that here",
    }
    wrong = {reasons[kind]: kind for kind in kinds if kind != right}
    return Asked({"c": c, "lr": round(lr, 3)}, right, others=wrong, why=f"One step multiplies w by 1 − lr·c, here by {factor:g}.")


@question(
    "minibatches",
    "All batches have batch_size examples, and the rest makes a smaller one of its own.",
    without=["row_numbers", "never_ends"],
)
def sizes_of_batches(minibatches, rng):
    """`minibatches` goes once through all examples.
    Which sizes have its batches, in their order?"""
    size, full, rest = int(rng.integers(3, 6)), int(rng.integers(2, 4)), int(rng.integers(1, 3))
    N = size * full + rest
    batches = minibatches(np.arange(2.0 * N).reshape(N, 2), np.arange(float(N)), size, rng)
    return Asked({"examples": N, "batch_size": size}, [len(X) for X, _ in batches])


@question("sgd_epoch", "Each batch makes one step, and the last, smaller one does too.")
def steps_of_an_epoch(rng):
    """Training goes through all examples several times, in mini-batches; the smaller last batch is kept.
    How many steps are taken?"""
    size, epochs = int(rng.choice([10, 20, 32])), int(rng.integers(3, 11))
    N = size * int(rng.integers(4, 12)) + int(rng.integers(1, size))
    steps = -(-N // size)
    wrong = {
        "the smaller last batch of each epoch makes a step, too": epochs * (N // size),
        "these are the steps of one epoch": steps,
        "a step is taken for each batch, and not for each example": epochs * N,
    }
    given = {"examples": N, "batch_size": size, "epochs": epochs}
    return Asked(
        given, epochs * steps, others=wrong, why=f"{N} examples make {steps} batches, and {epochs} times {steps} is {epochs * steps}."
    )


@question(
    "sgd_epoch",
    "Each step starts where the batch before ended, and takes lr times the gradient of its own batch away.",
    without=["single_examples"],
    places=3,
)
def an_epoch_on_paper(sgd_epoch, rng):
    """The gradient of a batch is w minus the mean of its y. There is one batch only, which holds all examples.
    Where is w after one epoch?"""
    y, w, lr = small(rng, 4, least=-6, most=6), small(rng, 1, least=-5, most=5), float(rng.choice([0.1, 0.2, 0.5]))
    found = sgd_epoch(lambda X, y, w: w - np.mean(y), w, np.ones((4, 1)), y, lr, 4, rng)
    return Asked({"y": y, "mean of y": float(np.mean(y)), "w": w, "lr": lr}, np.ravel(found), "w")


@question("predict_pass", "Scale with the training numbers, put the score through σ, and compare p with 0.5: that is the score with 0.")
def who_passes(rng):
    """Lectures and hours are scaled as (value − mean)/std with the training numbers; the score is w[0] + w[1]·lectures + w[2]·hours.
    Which score has this student, and is it a pass?"""
    w, lectures, hours = small(rng, 3), float(rng.integers(0, 11)), float(rng.integers(0, 31))
    mean, std = np.array([5.0, 15.0]), np.array([2.0, 5.0])
    a, b = (lectures - mean[0]) / std[0], (hours - mean[1]) / std[1]

    def told(z):
        return f"z = {z:g}: {'a pass' if z > 0 else 'no pass'}"

    wrong = {
        "lectures and hours are not scaled: the weights were learned for scaled ones": told(w[0] + w[1] * lectures + w[2] * hours),
        "the bias w[0] is missing": told(w[1] * a + w[2] * b),
        "they are centred, but not divided by the spread": told(w[0] + w[1] * 2 * a + w[2] * 5 * b),
    }
    given = {"w": w, "lectures": lectures, "hours": hours, "means": mean, "stds": std}
    return Asked(given, told(w[0] + w[1] * a + w[2] * b), others=wrong)
