"""Wrong answers that students give to lab00_start, each with the sentence that names it."""

import numpy as np

from course_utils.checking import mistake, solution

# --- describe


@mistake("describe", "size is the length of the first axis, as len gives it: it should count all numbers")
def size_is_len(t):
    ndim, shape, _ = solution.describe(t)
    return ndim, shape, shape[0] if shape else 1


@mistake("describe", "size adds up the lengths of the axes: two rows of three numbers are more than five numbers")
def size_is_a_sum(t):
    ndim, shape, _ = solution.describe(t)
    return ndim, shape, sum(shape)


@mistake("describe", "size leaves the first axis out: the numbers of one part are counted, not of all parts")
def size_of_one_part(t):
    ndim, shape, _ = solution.describe(t)
    return ndim, shape, int(np.prod(shape[1:]))


@mistake("describe", "size multiplies the first two axes only: a picture has a third one, and a batch a fourth")
def size_of_two_axes(t):
    ndim, shape, _ = solution.describe(t)
    return ndim, shape, int(np.prod(shape[:2]))


@mistake("describe", "size counts bytes: each of these numbers takes several of them")
def size_in_bytes(t):
    ndim, shape, _ = solution.describe(t)
    return ndim, shape, np.asarray(t).nbytes


@mistake("describe", "ndim is one too small: the first axis counts as well")
def one_axis_too_few(t):
    ndim, shape, size = solution.describe(t)
    return max(ndim - 1, 0), shape, size


@mistake("describe", "ndim is the length of the last axis: it should say how many axes there are")
def length_of_the_last_axis(t):
    _, shape, size = solution.describe(t)
    return shape[-1] if shape else 0, shape, size


@mistake("describe", "ndim is the length of the first axis: it should say how many axes there are")
def length_of_the_first_axis(t):
    _, shape, size = solution.describe(t)
    return shape[0] if shape else 0, shape, size


@mistake("describe", "the three results stand in another order: shape comes first here")
def shape_first(t):
    ndim, shape, size = solution.describe(t)
    return shape, ndim, size


@mistake("describe", "the three results stand in another order: size comes before shape here")
def size_before_shape(t):
    ndim, shape, size = solution.describe(t)
    return ndim, size, shape


@mistake("describe", "shape is turned around: the first axis comes first")
def shape_reversed(t):
    ndim, shape, size = solution.describe(t)
    return ndim, shape[::-1], size


@mistake("describe", "a plain number gets an axis here: it has none, and its shape is empty")
def a_number_with_an_axis(t):
    return solution.describe(np.atleast_1d(t))


@mistake("describe", "the shape of a plain number has a length in it: with no axis there is no length")
def a_number_with_a_length(t):
    ndim, shape, size = solution.describe(t)
    return ndim, shape or (1,), size


@mistake("describe", "a plain number is said to hold no number: it has no axis, and still it is one number")
def nothing_in_a_number(t):
    ndim, shape, size = solution.describe(t)
    return ndim, shape, size if isinstance(t, np.ndarray) else 0


@mistake("describe", "axes of length 1 are thrown away: they count as well")
def squeezed(t):
    return solution.describe(np.squeeze(t))


# --- rgb_to_gray


def weighted(image, *weights):
    return image[..., 0] * weights[0] + image[..., 1] * weights[1] + image[..., 2] * weights[2]


@mistake("rgb_to_gray", "this is the plain mean of the three colours: the eye does not treat them alike, so each has a weight of its own")
def plain_mean(image):
    return image.mean(axis=2)


@mistake("rgb_to_gray", "the colours are added without weights, and as bytes: a sum above 255 does not fit and starts again at 0")
def plain_mean_of_bytes(image):
    return (image[..., 0] + image[..., 1] + image[..., 2]) / 3


@mistake("rgb_to_gray", "red and blue have each other's weight: red comes first in this picture")
def blue_first(image):
    return weighted(image, 0.114, 0.587, 0.299)


@mistake("rgb_to_gray", "red and green have each other's weight")
def green_first(image):
    return weighted(image, 0.587, 0.299, 0.114)


@mistake("rgb_to_gray", "green and blue have each other's weight")
def blue_second(image):
    return weighted(image, 0.299, 0.114, 0.587)


@mistake("rgb_to_gray", "the weights are rounded: take all three digits of each")
def rounded_weights(image):
    return weighted(image, 0.3, 0.59, 0.11)


@mistake("rgb_to_gray", "these are the weights of another standard, BT.709: the exercise gives those of BT.601")
def other_standard(image):
    return weighted(image, 0.2126, 0.7152, 0.0722)


@mistake("rgb_to_gray", "the weighted colours are divided by 3 in the end: the weights add up to 1 already")
def divided_by_three(image):
    return solution.rgb_to_gray(image) / 3


@mistake("rgb_to_gray", "the largest of the three colours is taken: all three count, each with its weight")
def largest(image):
    return image.max(axis=2).astype(float)


@mistake("rgb_to_gray", "this is halfway between the largest and the smallest colour: all three count, each with its weight")
def lightness(image):
    image = image.astype(float)
    return (image.max(axis=2) + image.min(axis=2)) / 2


@mistake("rgb_to_gray", "the three colours are added without weights")
def unweighted_sum(image):
    return image.astype(float).sum(axis=2)


@mistake("rgb_to_gray", "this is the green matrix alone: red and blue count as well")
def green_alone(image):
    return image[..., 1].astype(float)


@mistake("rgb_to_gray", "this is the red matrix alone: green and blue count as well")
def red_alone(image):
    return image[..., 0].astype(float)


@mistake("rgb_to_gray", "blue is left out: it has a weight too")
def without_blue(image):
    return weighted(image, 0.299, 0.587, 0)


@mistake("rgb_to_gray", "the colours are weighted but not added up: one number is wanted for each dot")
def not_added_up(image):
    return image * np.array([0.299, 0.587, 0.114])


@mistake("rgb_to_gray", "the grey number stands in an axis of its own, of length 1: the result has two axes")
def with_an_axis(image):
    return solution.rgb_to_gray(image)[..., None]


@mistake("rgb_to_gray", "the grey number is repeated for each of the three colours: one number is wanted for each dot")
def repeated(image):
    return np.repeat(solution.rgb_to_gray(image)[..., None], 3, axis=2)


@mistake("rgb_to_gray", "the picture lies on its side: rows and columns have changed places")
def on_its_side(image):
    return solution.rgb_to_gray(image).T


@mistake("rgb_to_gray", "the brightness is rounded to whole numbers: keep the fractions")
def rounded(image):
    return np.round(solution.rgb_to_gray(image))


@mistake("rgb_to_gray", "everything is divided by 255: the result should be in the units of the picture")
def divided_by_255(image):
    return solution.rgb_to_gray(image) / 255


@mistake("rgb_to_gray", "light and dark are exchanged: this is 255 minus the brightness")
def negative(image):
    return 255 - solution.rgb_to_gray(image)


# --- flatten_batch


@mistake("flatten_batch", "rows and columns are exchanged: there is a row for each place of a picture, and the pictures stand side by side")
def pictures_as_columns(images):
    return solution.flatten_batch(images).T


@mistake("flatten_batch", "the pictures are mixed: the batch was cut before it was turned, so each row takes numbers of all pictures")
def salad(images):
    return images.reshape(-1, len(images)).T


@mistake("flatten_batch", "the numbers are read in Fortran's order, the first axis fastest: NumPy's own order reads the last axis fastest")
def fortran_order(images):
    return images.reshape(len(images), -1, order="F")


@mistake("flatten_batch", "the colours come one after the other, a whole matrix each: the numbers of one dot should stay together")
def colour_by_colour(images):
    return np.moveaxis(images, 3, 1).reshape(len(images), -1)


@mistake("flatten_batch", "the pictures are read column by column: they should be read row by row")
def column_by_column(images):
    return np.swapaxes(images, 1, 2).reshape(len(images), -1)


@mistake("flatten_batch", "everything is in one long row: each picture needs a row of its own")
def one_long_row(images):
    return images.reshape(-1)


@mistake("flatten_batch", "there is a row for each dot: each picture needs one row with all its dots")
def row_for_each_dot(images):
    return images.reshape(-1, images.shape[-1])


@mistake("flatten_batch", "there is a row for each row of a picture: each picture needs one row with everything in it")
def row_for_each_row(images):
    return images.reshape(len(images) * images.shape[1], -1)


@mistake("flatten_batch", "the rows of a picture still stand apart: they belong in one line")
def rows_apart(images):
    return images.reshape(*images.shape[:2], -1)


@mistake("flatten_batch", "only the first number of each dot is kept: all C of them belong in the row")
def first_channel(images):
    return solution.flatten_batch(images[..., :1])


@mistake("flatten_batch", "the numbers of a dot are averaged: all of them belong in the row, as they are")
def channels_averaged(images):
    return solution.flatten_batch(images.mean(axis=3, keepdims=True))


@mistake("flatten_batch", "a batch of one picture lost its first axis: one picture is still a batch, with one row")
def one_is_no_batch(images):
    return np.squeeze(solution.flatten_batch(images))


@mistake("flatten_batch", "the pictures come in reverse order")
def last_picture_first(images):
    return solution.flatten_batch(images[::-1])


@mistake("flatten_batch", "the numbers are read in the order in which they lie in memory: read them by their places in the picture")
def order_of_memory(images):
    return np.array([image.ravel(order="K") for image in images])


@mistake("flatten_batch", "the numbers are sorted: they should stay in the order of the picture")
def sorted_numbers(images):
    return np.sort(solution.flatten_batch(images), axis=1)


@mistake("flatten_batch", "the numbers are divided by 255: they should stay as they are")
def scaled(images):
    return solution.flatten_batch(images) / 255


# --- add_bias


def guarded(Z, b):
    """Refuses what should be refused."""
    return solution.add_bias(Z, b) - Z


@mistake("add_bias", "where Z has as many rows as columns, b goes down the rows: b[j] belongs to column j")
def down_the_rows(Z, b):
    guarded(Z, b)
    return Z + b[:, None] if len(Z) == len(b) else Z + b


@mistake("add_bias", "b is subtracted")
def subtracted(Z, b):
    return Z - guarded(Z, b)


@mistake("add_bias", "b is multiplied with the columns: a bias is added")
def multiplied(Z, b):
    guarded(Z, b)
    return Z * b


@mistake("add_bias", "b[0] is added to every column: each column has a number of its own")
def first_number_for_all(Z, b):
    guarded(Z, b)
    return Z + b[0]


@mistake("add_bias", "all of b is added up first, so that every column gets the sum: each column has a number of its own")
def sum_for_all(Z, b):
    guarded(Z, b)
    return Z + b.sum()


@mistake("add_bias", "every column gets the mean of b: each column has a number of its own")
def mean_for_all(Z, b):
    guarded(Z, b)
    return Z + b.mean()


@mistake("add_bias", "b is added in reverse order: its first number belongs to the first column")
def reversed_bias(Z, b):
    return Z + guarded(Z, b)[:, ::-1]


@mistake("add_bias", "only the first row gets b: every row should")
def first_row_only(Z, b):
    added = guarded(Z, b).astype(float)
    added[1:] = 0
    return Z + added


@mistake("add_bias", "b is added once more with every row: each row gets it once")
def again_for_every_row(Z, b):
    return Z + guarded(Z, b) * np.arange(1, len(Z) + 1)[:, None]


@mistake("add_bias", "b is added twice")
def added_twice(Z, b):
    return Z + 2 * guarded(Z, b)


@mistake("add_bias", "the fractions of b are lost where Z holds whole numbers: the sum needs room for fractions")
def in_the_type_of_Z(Z, b):
    return solution.add_bias(Z, b).astype(Z.dtype)


@mistake("add_bias", "Z itself is changed: other code still needs it, so make a new array")
def in_place(Z, b):
    guarded(Z, b)
    if Z.dtype.kind == "i":
        return Z + b
    Z += b
    return Z


@mistake("add_bias", "nothing is refused: every b that NumPy can stretch is added")
def no_guard(Z, b):
    return Z + b


@mistake("add_bias", "the guard looks at the length of b only: a column (H, 1) is just as long")
def guard_of_length(Z, b):
    if np.ndim(b) == 0 or len(b) != Z.shape[1]:
        raise ValueError
    return Z + b


@mistake("add_bias", "the guard counts the axes of b but not its numbers: a single number in a list passes")
def guard_of_axes(Z, b):
    if b.ndim != 1:
        raise ValueError
    return Z + b


@mistake("add_bias", "a column (H, 1) passes the guard: it holds H numbers, but has two axes")
def guard_of_size(Z, b):
    if b.size != Z.shape[1]:
        raise ValueError
    return Z + b


@mistake("add_bias", "the guard looks at the last axis of b only: a whole table with H columns passes")
def guard_of_last_axis(Z, b):
    if b.shape[-1:] != Z.shape[1:]:
        raise ValueError
    return Z + b


@mistake("add_bias", "the guard compares b with the number of rows of Z: there should be one number for each column")
def guard_of_rows(Z, b):
    if b.shape != Z.shape[:1]:
        raise ValueError
    return Z + b[:, None]


@mistake("add_bias", "None, False or a word comes back where b should be refused: whoever goes on with it learns of it too late")
def polite_guard(Z, b):
    return Z + b if b.shape == Z.shape[1:] else None


@mistake("add_bias", "Z comes back where b should be refused: an answer that looks fine is what the guard is there to prevent")
def quiet_guard(Z, b):
    return Z + b if b.shape == Z.shape[1:] else Z


@mistake("add_bias", "a wrong b is refused, but not with a ValueError, which other code may wait for")
def another_error(Z, b):
    if b.shape != Z.shape[1:]:
        raise AssertionError
    return Z + b


@mistake("add_bias", "the error is returned: it has to be raised, or the code that called goes on with it")
def error_returned(Z, b):
    return Z + b if b.shape == Z.shape[1:] else ValueError()


# --- standardize


def with_statistics(X, mean, std):
    return (X - mean) / np.where(std == 0, 1, std)


@mistake("standardize", "the test set has statistics of its own here: that is a leak, and both sets are no longer in the same units")
def own_statistics(X_train, X_test):
    train, _ = solution.standardize(X_train, X_test)
    return train, with_statistics(X_test, X_test.mean(axis=0), X_test.std(axis=0))


@mistake("standardize", "the statistics come from both sets together: that is a leak, the test set must not speak before the exam")
def joint_statistics(X_train, X_test):
    together = np.concatenate([X_train, X_test])
    mean, std = together.mean(axis=0), together.std(axis=0)
    return with_statistics(X_train, mean, std), with_statistics(X_test, mean, std)


@mistake("standardize", "both sets are in the units of the test set: the statistics should come from the training set")
def units_of_the_test_set(X_train, X_test):
    return solution.standardize(X_test, X_train)[::-1]


@mistake("standardize", "one mean and one std for the whole table: each column has its own")
def whole_table(X_train, X_test):
    mean, std = X_train.mean(), X_train.std()
    return (X_train - mean) / std, (X_test - mean) / std


@mistake("standardize", "one std for the whole table: each column has its own")
def std_of_the_table(X_train, X_test):
    return tuple((X - X_train.mean(axis=0)) / X_train.std() for X in (X_train, X_test))


@mistake("standardize", "the statistics are taken along the rows, one for each example: they should be taken for each column")
def along_the_rows(X_train, X_test):
    def rows(X):
        return with_statistics(X, X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True))

    return rows(X_train), rows(X_test)


@mistake("standardize", "the standard deviation divides by N − 1: it should divide by N, as np.std does by itself")
def one_less(X_train, X_test):
    std = X_train.std(axis=0, ddof=1)
    return tuple(with_statistics(X, X_train.mean(axis=0), std) for X in (X_train, X_test))


@mistake("standardize", "the mean is taken away, but nothing is divided by the standard deviation")
def only_shifted(X_train, X_test):
    return X_train - X_train.mean(axis=0), X_test - X_train.mean(axis=0)


@mistake("standardize", "everything is divided by the standard deviation, but the mean is not taken away")
def only_divided(X_train, X_test):
    std = X_train.std(axis=0)
    constant = (std == 0) * X_train.mean(axis=0)
    return with_statistics(X_train, constant, std), with_statistics(X_test, constant, std)


@mistake("standardize", "it is divided by the variance, which is the square of what is wanted")
def by_the_variance(X_train, X_test):
    return tuple(with_statistics(X, X_train.mean(axis=0), X_train.var(axis=0)) for X in (X_train, X_test))


@mistake("standardize", "it is multiplied by the standard deviation: divide by it")
def multiplied_by_std(X_train, X_test):
    return tuple((X - X_train.mean(axis=0)) * X_train.std(axis=0) for X in (X_train, X_test))


@mistake("standardize", "the columns are stretched to run from 0 to 1: they should get mean 0 and standard deviation 1")
def from_zero_to_one(X_train, X_test):
    low, high = X_train.min(axis=0), X_train.max(axis=0)
    return with_statistics(X_train, low, high - low), with_statistics(X_test, low, high - low)


@mistake("standardize", "the median is taken away: it should be the mean")
def median(X_train, X_test):
    return tuple(with_statistics(X, np.median(X_train, axis=0), X_train.std(axis=0)) for X in (X_train, X_test))


@mistake("standardize", "the two results have changed places: the training set comes first")
def exchanged(X_train, X_test):
    return solution.standardize(X_train, X_test)[::-1]


@mistake("standardize", "the test set comes back as it was: it needs the same change of units as the training set")
def test_set_unchanged(X_train, X_test):
    return solution.standardize(X_train, X_test)[0], X_test


@mistake("standardize", "the test set has lost its own mean: the mean of the training set belongs there")
def own_mean(X_train, X_test):
    train, _ = solution.standardize(X_train, X_test)
    return train, with_statistics(X_test, X_test.mean(axis=0), X_train.std(axis=0))


@mistake("standardize", "the test set is divided by its own standard deviation: that of the training set belongs there")
def own_std(X_train, X_test):
    train, _ = solution.standardize(X_train, X_test)
    return train, with_statistics(X_test, X_train.mean(axis=0), X_test.std(axis=0))


@mistake("standardize", "the mean is taken away after the division: first take it away, then divide")
def divided_first(X_train, X_test):
    std = X_train.std(axis=0)
    return tuple(X / np.where(std == 0, 1, std) - X_train.mean(axis=0) for X in (X_train, X_test))


@mistake("standardize", "only the mean is divided by the standard deviation: brackets around the difference are missing")
def without_brackets(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    return tuple(X - mean / np.where(std == 0, 1, std) for X in (X_train, X_test))


@mistake("standardize", "a standard deviation below 1 counts as 1: only that of a constant column, 0, needs help")
def at_least_one(X_train, X_test):
    return tuple(with_statistics(X, X_train.mean(axis=0), np.maximum(X_train.std(axis=0), 1)) for X in (X_train, X_test))


@mistake("standardize", "the mean size of the deviations is taken, and not their standard deviation")
def mean_deviation(X_train, X_test):
    mean = X_train.mean(axis=0)
    size = np.abs(X_train - mean).mean(axis=0)
    return with_statistics(X_train, mean, size), with_statistics(X_test, mean, size)


@mistake("standardize", "the root of the sum of squares is taken: the standard deviation is the root of their mean")
def length_of_the_column(X_train, X_test):
    std = X_train.std(axis=0) * np.sqrt(len(X_train))
    return tuple(with_statistics(X, X_train.mean(axis=0), std) for X in (X_train, X_test))


@mistake("standardize", "the fractions are cut off where whole numbers come in: the results need room for fractions")
def in_the_type_of_X(X_train, X_test):
    return tuple(part.astype(X_train.dtype) for part in solution.standardize(X_train, X_test))


@mistake("standardize", "a constant column becomes 0/0: it has no spread, so its standard deviation is no divisor")
def nothing_over_nothing(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    with np.errstate(all="ignore"):
        return (X_train - mean) / std, (X_test - mean) / std


@mistake("standardize", "a constant column keeps its number: it should become 0")
def constant_stays(X_train, X_test):
    constant = X_train.std(axis=0) == 0
    parts = solution.standardize(X_train, X_test)
    return tuple(np.where(constant, X, part) for part, X in zip(parts, (X_train, X_test), strict=True))


@mistake("standardize", "a constant column is left out: the results should have as many columns as the sets")
def constant_left_out(X_train, X_test):
    kept = X_train.std(axis=0) != 0
    return tuple(part[:, kept] for part in solution.standardize(X_train, X_test))


@mistake("standardize", "X_train itself is changed: work on a copy")
def train_in_place(X_train, X_test):
    train, test = solution.standardize(X_train, X_test)
    if X_train.dtype.kind == "f":
        X_train[:] = train
    return train, test
