"""What lab00_start asks of each exercise. Probes only: the engine runs the reference beside the student."""

import builtins

import numpy as np

from course_utils.checking import check
from course_utils.checking.observe import Subject, SubjectRaisedError

# --- describe


def described(describe, **tensors):
    """What is said of several tensors: all numbers of axes, all sizes, and for the last two the shape and the whole answer."""
    answers = {name.replace("_", " "): _three(describe(t)) for name, t in tensors.items()}
    ndims, shapes, sizes = zip(*answers.values(), strict=True)
    before, last = list(answers)[-2:]
    return {
        "ndim of all": list(ndims),
        "size of all": list(sizes),
        "how many lengths each shape has": [np.size(shape) for shape in shapes],
        f"shape of the {before}": shapes[-2],
        f"the answer for the {last} in a row": list(_in_a_row(answers[last])),
    }


def _three(answer):
    ndim, shape, size = answer
    return ndim, shape, size


def _in_a_row(answer):
    for part in answer:
        yield from part if isinstance(part, tuple | list | np.ndarray) and np.ndim(part) else [part]


@check("describe", points=8)
def one_to_four_axes(describe, rng):
    """a vector, a matrix, a picture, a batch: one axis, two, three and four, no two lengths alike"""
    a, b, c, d = (int(length) for length in rng.permutation([2, 3, 5, 7]))
    tensors = {"vector": a + 9, "matrix": (b, c), "picture": (c, d, a), "batch": (a, b, c, d)}
    return described(describe, **{name: rng.normal(size=shape) for name, shape in tensors.items()})


@check("describe", points=4)
def a_single_number(describe, rng):
    """a plain number has no axis; an axis of length 1 counts: a float, (), (1,), (1, 1) and a thin batch such as (1, 4, 1, 2)"""
    H, W = (int(length) for length in rng.permutation(np.arange(2, 8))[:2])
    ones = {"vector_of_one": rng.normal(size=1), "matrix_of_one": rng.normal(size=(1, 1)), "thin_batch": rng.normal(size=(1, H, 1, W))}
    return described(describe, number=float(rng.uniform(2, 9)), no_axis=np.array(rng.normal()), **ones)


@check("describe", points=3, hidden=True)
def other_tensors(describe, rng):
    """other lengths, whole numbers, a view"""
    H, W = (int(side) for side in rng.integers(3, 12, size=2))
    counts, view = rng.integers(0, 9, size=H + 12), rng.normal(size=(H, 13, 2 * W))[:, :, ::2]
    return described(describe, number=4, counts=counts, view=view, batch=np.zeros((2, W, 13, H), dtype=int))


# --- rgb_to_gray


@check("rgb_to_gray", points=7)
def fractions(rgb_to_gray, rng):
    """a picture of fractions, 5 rows of 7 dots"""
    return {"grey": rgb_to_gray(rng.uniform(size=(5, 7, 3)))}


@check("rgb_to_gray", points=4)
def pure_colours(rgb_to_gray, rng):
    """pure red, green and blue dots, and their mixtures"""
    on = np.array([[[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]], [[0, 1, 1], [1, 0, 1], [1, 1, 1], [0, 0, 0]]])
    return {"grey": rgb_to_gray(on * (250.0, 200.0, 150.0) * rng.uniform(0.9, 1, size=3))}  # in no other order are these numbers right


@check("rgb_to_gray", points=5)
def as_a_camera_stores_it(rgb_to_gray, rng):
    """whole numbers from 0 to 255, as a camera stores them (uint8)"""
    return {"grey of a camera's picture": rgb_to_gray(rng.integers(0, 256, size=(4, 5, 3)).astype(np.uint8))}


@check("rgb_to_gray", points=4, hidden=True)
def a_part_of_a_picture(rgb_to_gray, rng):
    """every other dot of a larger picture, and as many rows as colours"""
    wide = rng.uniform(0, 255, size=(7, 22, 3))
    return {"grey of a view": rgb_to_gray(wide[:, ::2]), "grey of three rows": rgb_to_gray(rng.uniform(size=(3, 11, 3)))}


# --- flatten_batch


@check("flatten_batch", points=7)
def five_pictures(flatten_batch, rng):
    """five pictures of 2 × 3 dots in three colours"""
    return {"rows": flatten_batch(rng.normal(size=(5, 2, 3, 3)))}


@check("flatten_batch", points=6)
def seven_channels(flatten_batch, rng):
    """two pictures with seven numbers at each dot, numbered as they should be read"""
    return {"rows": flatten_batch(rng.integers(1000) + np.arange(210).reshape(2, 3, 5, 7))}


@check("flatten_batch", points=3)
def one_picture(flatten_batch, rng):
    """a batch of one picture is still a batch"""
    return {"rows": flatten_batch(rng.normal(size=(1, 3, 5, 2)))}


@check("flatten_batch", points=4, hidden=True)
def from_another_layout(flatten_batch, rng):
    """pictures that lie in memory in another order, and a part of a batch"""
    colours_first, larger = rng.normal(size=(3, 2, 5, 7)), rng.normal(size=(9, 4, 5, 2))
    return {"rows": flatten_batch(np.moveaxis(colours_first, 1, 3)), "rows of a part": flatten_batch(larger[1::3, :3])}


# --- add_bias


@check("add_bias", points=5)
def seven_rows(add_bias, rng):
    """seven rows, five columns"""
    return {"Z + b": add_bias(rng.normal(size=(7, 5)), rng.normal(size=5))}


@check("add_bias", points=4)
def as_many_rows_as_columns(add_bias, rng):
    """as many rows as columns: each number of b still belongs to its column"""
    return {"Z + b": add_bias(rng.normal(size=(3, 3)), rng.normal(size=3))}


@check("add_bias", points=3)
def whole_numbers(add_bias, rng):
    """whole numbers in Z, fractions in b; then the other way round"""
    return {
        "Z + b, whole Z": add_bias(rng.integers(-9, 10, size=(2, 5)), rng.normal(size=5)),
        "Z + b, whole b": add_bias(rng.normal(size=(2, 5)), rng.integers(1, 10, size=5)),
    }


SHAPES = [((7, 5), b) for b in ((5,), (7, 1), (1,), (), (7, 5), (7,))] + [((5, 5), b) for b in ((5, 1), (5, 5))]


def came_back(function, Z, b):
    """How many numbers came back, 0 where the function stopped, and what came of it: see the check."""
    try:
        result = function(Z, b)
    except SubjectRaisedError as stopped:
        if stopped.raised.kind != "error":  # an unwritten function stays unwritten
            raise
        kind = getattr(builtins, stopped.raised.type, ValueError)  # a class of the student's own may well be a ValueError
        return 0, 1 if issubclass(kind, ValueError) else 2
    return (1, 3) if isinstance(result, Subject) else (np.size(result), 0)


@check("add_bias", points=5)
def other_shapes_are_refused(add_bias, rng):
    """with Z (7, 5), b (5,) is added; (7, 1), (1,), (), (7, 5), (7,) are refused; with Z (5, 5), (5, 1) and (5, 5) are"""
    found = [came_back(add_bias, rng.normal(size=Z), np.asarray(rng.normal(size=b))) for Z, b in SHAPES]
    numbers, kinds = zip(*found, strict=True)
    return {
        "how many numbers come back, 0 for a refusal": np.array(numbers),
        "what comes of them (0 a result, 1 a ValueError, 2 another error, 3 something else)": np.array(kinds),
    }


@check("add_bias", points=3, hidden=True)
def one_row_and_a_view(add_bias, rng):
    """one row; then every other column of a larger array"""
    return {
        "Z + b of one row": add_bias(rng.normal(size=(1, 7)), rng.normal(size=7)),
        "Z + b of a view": add_bias(rng.normal(size=(11, 6))[:, ::2], rng.normal(size=3)),
    }


# --- standardize


def in_units(rng, rows):
    """Three columns in units of their own."""
    return rng.normal(size=(rows, 3)) * (1.0, 20.0, 0.3) + (0.5, 90.0, -2.0)


def both(standardize, X_train, X_test, names=("training set", "test set")):
    train, test = standardize(X_train, X_test)
    return dict(zip(names, (train, test), strict=True))


@check("standardize", points=9)
def seven_and_five_rows(standardize, rng):
    """seven rows to train; five to test, which lie higher"""
    return both(standardize, in_units(rng, 7), in_units(rng, 5) * 1.2 + 3)


@check("standardize", points=4)
def a_single_test_row(standardize, rng):
    """a single row to test"""
    return both(standardize, in_units(rng, 11), in_units(rng, 1), ("training set", "the test row"))


@check("standardize", points=5)
def a_constant_column(standardize, rng):
    """a column with the same number everywhere becomes 0"""
    X_train, X_test = in_units(rng, 7), in_units(rng, 5)
    X_train[:, 1] = X_test[:, 1] = 3
    train, test = standardize(X_train, X_test)
    found = {"training set (one constant column)": train, "test set (one constant column)": test}
    return {**found, "finite in the training set": finite(train)}


def finite(values):
    """Which entries are finite; what holds no numbers stays as it is, so that the report can say what it is."""
    try:
        return np.isfinite(values)
    except TypeError:
        return values


@check("standardize", points=3)
def of_whole_numbers(standardize, rng):
    """whole numbers"""
    return both(standardize, rng.integers(-9, 10, size=(7, 4)), rng.integers(-9, 20, size=(5, 4)))


@check("standardize", points=4, hidden=True)
def as_many_rows_in_both(standardize, rng):
    """as many rows to train as to test"""
    return both(standardize, in_units(rng, 5), in_units(rng, 5) * 0.7 - 1)
