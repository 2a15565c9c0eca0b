"""Questions about lab00_start for `handgrad review`."""

import numpy as np

from course_utils.reviewing import Asked, question, small


def _sizes(rng, count, *, least=2, most=9):
    return [int(size) for size in rng.permutation(np.arange(least, most))[:count]]


@question("describe", "ndim counts the axes, shape gives their lengths from the first on, and size is the product of these lengths.")
def three_results(describe, rng):
    """`describe(t)` gives ndim, shape and size of a tensor of zeros.
    Which three are they?"""
    shape = tuple(_sizes(rng, 3))
    return Asked({"t": f"np.zeros({shape})"}, tuple(describe(np.zeros(shape))), "describe(t)")


@question("describe", "A batch puts one axis in front: N pictures of (H, W, C) are (N, H, W, C), and size is the product of all four.")
def numbers_of_a_batch(rng):
    """A batch of colour pictures is one tensor.
    How many numbers does it hold?"""
    N, H, W = _sizes(rng, 3, least=4, most=20)
    wrong = {
        "the three colours of each dot are left out": N * H * W,
        "these are the numbers of one picture: the batch has several": H * W * 3,
        "the lengths of the axes are added: they multiply": N + H + W + 3,
    }
    given = {"pictures": N, "rows": H, "columns": W, "colours": 3}
    return Asked(given, N * H * W * 3, others=wrong, why=f"{N}·{H}·{W}·3 is {N * H * W * 3}.")


@question(
    "rgb_to_gray",
    "Each colour has its own weight: 0.299 red + 0.587 green + 0.114 blue.",
    without=["rounded", "plain_mean_of_bytes"],
    places=1,
)
def grey_of_one_dot(rgb_to_gray, rng):
    """A dot has the colours red, green and blue, from 0 to 255. The weights are 0.299, 0.587 and 0.114.
    How bright is it in grey?"""
    dot = rng.permutation([20, 100, 200]) + rng.integers(0, 6, size=3) * 10
    return Asked({"dot": dot}, float(np.ravel(rgb_to_gray(dot.astype(float).reshape(1, 1, 3)))[0]), "brightness")


@question("rgb_to_gray", "The last axis, the colours, is added up: one number stays for each dot.")
def shape_of_a_grey_picture(rgb_to_gray, rng):
    """`rgb_to_gray` gets a picture of this shape.
    Which shape has the result?"""
    H, W = _sizes(rng, 2, least=4, most=12)
    return Asked({"image.shape": (H, W, 3)}, tuple(np.shape(rgb_to_gray(rng.uniform(0, 255, size=(H, W, 3))))))


@question("flatten_batch", "Each picture becomes one row: the batch axis stays in front, the others multiply.")
def shape_of_a_flat_batch(flatten_batch, rng):
    """`flatten_batch` gets a batch of this shape.
    Which shape has the result?"""
    shape = tuple(_sizes(rng, 4))
    return Asked({"images.shape": shape}, tuple(np.shape(flatten_batch(np.zeros(shape)))))


@question(
    "flatten_batch",
    "NumPy reads the last axis fastest: the numbers of a dot stay together, dot after dot, row after row.",
    without=["sorted_numbers", "pictures_as_columns", "row_for_each_dot", "row_for_each_row", "rows_apart", "scaled", "channels_averaged"],
)
def order_of_a_flat_picture(flatten_batch, rng):
    """A batch holds one picture with 2 rows, 2 columns and 2 numbers for each dot. `flatten_batch` makes one row of it.
    Which row is it?"""
    image = rng.permutation(np.arange(1, 9)).reshape(1, 2, 2, 2)
    return Asked({"images[0]": image[0]}, flatten_batch(image)[0], "row")


@question("add_bias", "b[j] is added to column j, in every row.")
def bias_of_a_batch(add_bias, rng):
    """Every row of Z is an example, and b has one number for each column.
    Which of these is Z with the bias added?"""
    Z, b = small(rng, 2, 2), rng.permutation([1.0, 2.0, 4.0, -3.0])[:2]
    return Asked({"Z": Z, "b": b}, add_bias(Z, b), "result")


@question("add_bias", "NumPy lines shapes up from the right: equal lengths fit, 1 is stretched, a missing axis counts as 1.")
def broadcast_shapes(rng):
    """NumPy adds two arrays of these shapes.
    Which shape has the sum?"""
    N, H = _sizes(rng, 2, least=3, most=10)
    wrong = {
        "a column is stretched across: every row of it meets every number of the other": (N,),
        "the lengths of the axes do not multiply into one: the result keeps two axes": (N * H,),
        "the column (N, 1) gives the rows, so N comes first": (H, N),
    }
    return Asked({"first": (N, 1), "second": (H,)}, (N, H), others=wrong)


@question(
    "add_bias",
    "A column of predictions and a row of truths are stretched to a table: every prediction meets every truth.",
)
def a_table_by_accident(rng):
    """Predictions have the shape (N, 1), truths the shape (N,), and somebody writes `np.mean((predictions - truths) ** 2)`.
    How many differences are squared?"""
    N = int(rng.integers(4, 30))
    wrong = {
        "that was meant: but (N, 1) minus (N,) is stretched to a table (N, N)": N,
        "the axes multiply and do not add up: each prediction meets each truth": 2 * N,
        "nothing is refused: NumPy stretches both arrays without a word": "none, NumPy raises an error",
    }
    return Asked({"N": N}, N * N, others=wrong)


@question("standardize", "Take the mean of the training column away, and divide by its standard deviation.", places=2)
def test_set_in_units_of_training(standardize, rng):
    """One column, in a training and a test set. `standardize` puts both into the units of the training set, with the standard
    deviation ÷ N.
    What becomes of the test set?"""
    centre, spread = int(rng.integers(-5, 10)), int(rng.integers(2, 6))
    train = centre + spread * rng.permutation([-1.0, -1.0, 1.0, 1.0])
    test = centre + rng.permutation([-3.0, 1.0, 4.0, 6.0])[:2]
    given = {"X_train": train, "X_test": test, "training mean": centre, "training std": spread}
    return Asked(given, np.ravel(standardize(train[:, None], test[:, None])[1]), "test set")


@question("standardize", "Nothing of the test set may be known before the exam, so both sets get the units of the training set.")
def whose_statistics(rng):
    """A table has training and test rows.
    Over which rows are the mean and the standard deviation of a column taken?"""
    N, M = (int(size) for size in 10 * rng.permutation(np.arange(5, 30))[:2])
    wrong = {
        "this is a leak: the test rows speak before the exam": f"over all {N + M} rows",
        "then the two sets are no longer in the same units": "over each set's own rows",
        "the units are those of what the model learns from: the test set only follows": f"over the {M} test rows",
    }
    return Asked({"training rows": N, "test rows": M}, f"over the {N} training rows", others=wrong)
