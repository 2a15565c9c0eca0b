"""Questions about lab02_losses for `handgrad review`."""

import numpy as np

from course_utils.reviewing import Asked, question, small


def _chances(rng, count):
    return rng.permutation([0.1, 0.2, 0.25, 0.4, 0.5, 0.8, 0.9])[:count]


@question("mse", "Square each error, add up the outputs, and take the mean over the examples.", places=2)
def mean_square_of_two_outputs(mse, rng):
    """Rows are examples, columns are outputs.
    What is the mean squared error of this course?"""
    y_hat, y = small(rng, 3, 2), small(rng, 3, 2)
    return Asked({"y_hat": y_hat, "y": y}, float(mse(y_hat, y)), "loss")


@question("mse_grad", "The slope of a mean of squares is 2(ŷ − y)/N.", places=2)
def slopes_of_the_mean_square(mse_grad, rng):
    """The loss is the mean squared error of these predictions.
    Which of these is its gradient at y_hat?"""
    y = small(rng, 4)
    y_hat = y + small(rng, 4, least=-4, most=4)
    return Asked({"y_hat": y_hat, "y": y}, mse_grad(y_hat, y), "gradient")


@question("bce", "Where y is 1 the surprise is −ln p, where y is 0 it is −ln(1 − p); the loss is their mean.", places=3)
def surprise_of_three(bce, rng):
    """p is the predicted probability of a yes, y is what happened.
    What is the binary cross-entropy?"""
    p, y = _chances(rng, 3), rng.permutation([0.0, 1.0, 1.0] if rng.integers(2) else [0.0, 0.0, 1.0])
    return Asked({"p": p, "y": y, "−ln p": np.round(-np.log(p), 3), "−ln(1 − p)": np.round(-np.log(1 - p), 3)}, float(bce(p, y)), "loss")


@question("bce_grad", "The slope is (p − y)/(p(1 − p)N): −1/(pN) where y is 1, 1/((1 − p)N) where y is 0.", places=3)
def slopes_along_p(bce_grad, rng):
    """The loss is the binary cross-entropy of these probabilities.
    Which of these is its gradient at p?"""
    p, y = rng.permutation([0.2, 0.25, 0.4, 0.8])[:2], rng.permutation([0.0, 1.0])
    return Asked({"p": p, "y": y}, bce_grad(p, y), "gradient")


@question("bce_with_logits_grad", "The slope along a score is (σ(z) − y)/N: sigmoid and logarithm cancel.", places=3)
def slopes_along_scores(bce_with_logits_grad, rng):
    """The loss is the binary cross-entropy of σ(z).
    Which of these is its gradient at the scores z?"""
    z, y = rng.permutation([-2.0, -1.0, 1.0, 2.0])[:2], rng.permutation([0.0, 1.0])
    return Asked({"z": z, "σ(z)": np.round(1 / (1 + np.exp(-z)), 3), "y": y}, bce_with_logits_grad(z, y), "gradient")


@question("bce_with_logits", "For a score far on the wrong side, max(z, 0) − zy grows as |z| does, and the rest is nearly 0.", places=1)
def loss_of_a_sure_mistake(bce_with_logits, rng):
    """One example, and a score that is very sure of the wrong answer.
    Which loss has it, with a stable formula?"""
    z, y = float(rng.integers(30, 900)), float(rng.integers(2))
    z = z if y == 0 else -z
    wrong = {
        "the exponential overflows, or a probability becomes 0, and its logarithm is infinite: work with the score itself": np.inf,
        "1e-12 limits the probability: that puts a ceiling of 27.6 on the loss of the worst mistakes": 27.6,
        "this is the squared error of the probability: surprise is a logarithm": 1.0,
    }
    return Asked({"z": z, "y": y}, float(bce_with_logits(np.array([z]), np.array([y]))), others=wrong)


@question("softmax", "Take e to the power of each score, and divide by the sum of its row.", without=["softmax_transposed"], places=3)
def shares_of_two_rows(softmax, rng):
    """Each row holds the scores of one example. e is 2.718, e² is 7.389, e³ is 20.086.
    Which of these is softmax(Z)?"""
    Z = np.stack([rng.permutation([0.0, 1.0, 2.0]), rng.permutation([0.0, 1.0, 3.0])])[:, :2]
    Z[1] = Z[1] if Z[1, 0] != Z[0, 0] else Z[1, ::-1]
    return Asked({"Z": Z}, softmax(Z), "softmax(Z)")


@question("softmax", "A number that is added to all scores of a row cancels: only differences count.", places=3)
def the_same_number_more(softmax, rng):
    """One row of scores has these probabilities. Then the same number is added to every score.
    Which probabilities come out now?"""
    Z, more = rng.permutation([0.0, 1.0, 2.0, 4.0])[:3], int(rng.integers(1, 6))
    p = softmax(Z[None])[0]
    wrong = {
        "these do not add up to 1, as probabilities do": p + 0.1 * more,
        "equal shares come of equal scores, and these still differ": np.full(3, 1 / 3),
        "softmax takes scores: it is not applied a second time to its own result": softmax(p[None])[0],
    }
    return Asked({"scores": Z, "probabilities": np.round(p, 3), "added": more}, softmax(Z[None] + more)[0], others=wrong)


@question("cross_entropy", "The loss is the mean over the rows of −ln of the label's probability.", places=3)
def surprise_of_labels(cross_entropy, rng):
    """The scores are the logarithms of these probabilities, so softmax gives the probabilities back.
    What is the cross-entropy?"""
    rows = [rng.permutation(row) for row in ([0.1, 0.2, 0.7], [0.5, 0.3, 0.2])]
    p, labels = np.array(rows), rng.integers(3, size=2)
    given = {"probabilities": p, "−ln of them": np.round(-np.log(p), 3), "labels": labels}
    return Asked(given, float(cross_entropy(np.log(p), labels)), "loss")


@question(
    "cross_entropy_grad",
    "It is (p − onehot)/N: 1 is taken from the label's probability, then all is divided by the number of rows.",
    places=3,
)
def slopes_along_all_scores(cross_entropy_grad, rng):
    """The scores are the logarithms of these probabilities, so softmax gives the probabilities back. The loss is the mean cross-entropy.
    Which of these is the gradient at the scores?"""
    p = np.array([rng.permutation(row) for row in ([0.1, 0.2, 0.7], [0.5, 0.3, 0.2])])
    labels = rng.permutation(3)[:2]
    return Asked({"probabilities": p, "labels": labels}, cross_entropy_grad(np.log(p), labels), "gradient")


@question("accuracy", "In each row the largest score is the answer; the accuracy is the share of rows where it is the label.", places=2)
def share_of_right_answers(accuracy, rng):
    """Rows are examples, columns are classes.
    What is the accuracy?"""
    Z = np.array([rng.permutation([-3.0, -1.0, 2.0, 5.0])[:3] for _ in range(4)])
    right = rng.permutation([True, True, bool(rng.integers(2)), False])
    labels = np.where(right, Z.argmax(axis=1), (Z.argmax(axis=1) + rng.integers(1, 3, size=4)) % 3)
    return Asked({"scores": Z, "labels": labels}, float(accuracy(Z, labels)))


@question("empirical_loss", "The empirical loss is the mean of the losses of all examples, not their total.", places=2)
def a_mean_of_losses(empirical_loss, rng):
    """A model predicts 2x for each x, and the loss of one example is |y_hat − y|.
    What is the empirical loss?"""
    X, y = small(rng, 4), small(rng, 4, least=-6, most=6)
    given = {"X": X, "predictions": 2 * X, "y": y}
    return Asked(given, float(empirical_loss(lambda y_hat, y: float(abs(y_hat - y)), lambda X: 2 * X, X, y)), "empirical loss")
