"""Right answers to lab00_start, written in other ways: every one of them has to pass."""

import functools
import math
from itertools import product

import numpy as np


def as_list(function):
    """The answer as nested lists of Python numbers."""

    @functools.wraps(function)
    def listed(*args):
        return np.asarray(function(*args)).tolist()

    return listed


def fortran(function):
    """The answer in Fortran order, as a view into a larger array."""

    @functools.wraps(function)
    def viewed(*args):
        value = np.array(function(*args), order="F")
        return np.stack([value, value], axis=-1)[..., 0]

    return viewed


def forms(*ways):
    """The given ways, and the first of them as another kind and in another memory order."""
    return [*ways, as_list(ways[0]), fortran(ways[0])]


# --- describe


def describe_functions(t):
    return np.ndim(t), np.shape(t), np.size(t)


def describe_array(tensor):
    a = np.array(tensor)
    return a.ndim, a.shape, a.size


def describe_list(t):
    a = np.asarray(t)
    return [a.ndim, list(a.shape), a.size]


def describe_product(t):
    shape = np.shape(t)
    return len(shape), shape, math.prod(shape)


def describe_numpy_product(t):
    shape = np.array(t).shape
    return len(shape), tuple(shape), int(np.prod(shape))


def describe_counted(t):
    a = np.asarray(t)
    return sum(1 for _ in a.shape), a.shape, sum(1 for _ in a.flat)


def describe_branches(t):
    if isinstance(t, int | float | np.number):
        return 0, (), 1
    return t.ndim, t.shape, t.size


def describe_caught(t):
    try:
        return t.ndim, t.shape, t.size
    except AttributeError:
        return 0, (), 1


def describe_numpy_numbers(t):
    a = np.asarray(t)
    return np.int64(a.ndim), np.array(a.shape, dtype=int), np.float64(a.size)


def describe_printed(t):
    found = describe_functions(t)
    print(*found)
    return found


# --- rgb_to_gray

WEIGHTS = (0.299, 0.587, 0.114)


def gray_product(image):
    return image @ np.array(WEIGHTS)


def gray_slices(image):
    return 0.299 * image[:, :, 0] + 0.587 * image[:, :, 1] + 0.114 * image[:, :, 2]


def gray_ellipsis(picture):
    red, green, blue = (picture[..., k] for k in range(3))
    return red * 0.299 + green * 0.587 + blue * 0.114


def gray_sum(image):
    return (image * np.array(WEIGHTS)).sum(axis=-1)


def gray_dot(image):
    return np.dot(image, WEIGHTS)


def gray_einsum(image):
    return np.einsum("hwc,c->hw", image, np.array(WEIGHTS))


def gray_average(image):
    return np.average(image, axis=2, weights=WEIGHTS)


def gray_tensordot(image):
    return np.tensordot(image, WEIGHTS, axes=([2], [0]))


def gray_moved(image):
    red, green, blue = np.moveaxis(image, 2, 0)
    return sum(weight * colour for weight, colour in zip(WEIGHTS, (red, green, blue), strict=True))


def gray_loops(image):
    H, W, _ = image.shape
    gray = np.zeros((H, W))
    for h, w, c in product(range(H), range(W), range(3)):
        gray[h, w] += WEIGHTS[c] * image[h, w, c]
    return gray


def gray_lists(image):
    return [[sum(float(x) * weight for x, weight in zip(dot, WEIGHTS, strict=True)) for dot in row] for row in image]


def gray_rest_from_one(image):
    image = image.astype(float)
    return image[..., 1] + 0.299 * (image[..., 0] - image[..., 1]) + 0.114 * (image[..., 2] - image[..., 1])


def gray_thousandths(image):
    return image.astype(np.int64).dot([299, 587, 114]) / 1000 if image.dtype == np.uint8 else image.dot([299, 587, 114]) / 1000


# --- flatten_batch


def flatten_reshape(images):
    return images.reshape(images.shape[0], -1)


def flatten_product(images):
    N, H, W, C = images.shape
    return images.reshape(N, H * W * C)


def flatten_function(batch):
    return np.reshape(batch, (len(batch), -1))


def flatten_ravel(images):
    return np.array([image.ravel() for image in images])


def flatten_stack(images):
    return np.stack([image.flatten() for image in images])


def flatten_whole_first(images):
    return images.ravel().reshape(len(images), -1)


def flatten_comprehension(images):
    return [[x for row in image for dot in row for x in dot] for image in images]


def flatten_loops(images):
    N, H, W, C = images.shape
    out = np.empty((N, H * W * C), dtype=images.dtype)
    for n, h, w, c in product(range(N), range(H), range(W), range(C)):
        out[n, (h * W + w) * C + c] = images[n, h, w, c]
    return out


def flatten_transposed_twice(images):
    return images.reshape(len(images), -1).T.copy().T


def flatten_by_rows(images):
    return np.concatenate([images[:, h].reshape(len(images), -1) for h in range(images.shape[1])], axis=1)


def flatten_einops_like(images):
    return np.vstack([np.hstack([row.reshape(-1) for row in image]) for image in images])


def flatten_in_place(images):
    out = images.copy()
    out.shape = (len(images), out.size // len(images))
    return out


# --- add_bias


def bias_guarded(Z, b):
    if b.shape != (Z.shape[1],):
        raise ValueError(f"b has shape {b.shape}, Z {Z.shape}")
    return Z + b


def bias_asked_twice(Z, b):
    if np.ndim(b) != 1 or len(b) != Z.shape[1]:
        raise ValueError("b must be (H,)")
    return b + Z


def bias_add(Z, b):
    if np.shape(b) != np.shape(Z)[-1:]:
        raise ValueError
    return np.add(Z, b)


def bias_as_row(Z, b):
    _, H = Z.shape
    if not (b.ndim == 1 and b.size == H):
        raise ValueError("wrong shape of b")
    return Z + b.reshape(1, H)


def bias_tiled(Z, b):
    bias_guarded(Z, b)
    return Z + np.tile(b, (len(Z), 1))


def bias_product(Z, b):
    bias_guarded(Z, b)
    return np.hstack([Z, np.ones((len(Z), 1))]) @ np.vstack([np.eye(Z.shape[1]), b])


def bias_rows(Z, b):
    if tuple(b.shape) != (Z.shape[1],):
        raise ValueError("no")
    return np.array([row + b for row in Z])


def bias_columns(Z, b):
    if list(b.shape) != [Z.shape[1]]:
        raise ValueError("no")
    out = np.zeros(Z.shape)
    for j in range(Z.shape[1]):
        out[:, j] = Z[:, j] + b[j]
    return out


def bias_loops(Z, b):
    bias_guarded(Z, b)
    return [[float(z) + float(b[j]) for j, z in enumerate(row)] for row in Z]


def bias_copied(Z, b):
    bias_guarded(Z, b)
    out = Z.astype(float)
    out += b
    return out


def bias_transposed(Z, b):
    if b.shape != Z.T.shape[:1]:
        raise ValueError("no")
    return (Z.T + b[:, None]).T


def bias_return_first(Z, b):
    if b.shape == Z.shape[1:]:
        return Z + b
    raise ValueError("b is not one number for each column")


# --- standardize


def standard_where(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std = np.where(std == 0, 1, std)
    return (X_train - mean) / std, (X_test - mean) / std


def standard_masked(X_train, X_test):
    mean, std = np.mean(X_train, 0), np.std(X_train, 0)
    std[std == 0] = 1.0
    return (X_train - mean) / std, (X_test - mean) / std


def standard_list(X_train, X_test):
    return [part.tolist() for part in standard_where(X_train, X_test)]


def standard_tiny(X_train, X_test):
    mean, std = X_train.mean(axis=0, keepdims=True), X_train.std(axis=0, keepdims=True) + 1e-12
    return (X_train - mean) / std, (X_test - mean) / std


def standard_variance(X_train, X_test):
    mean = X_train.sum(axis=0) / len(X_train)
    variance = ((X_train - mean) ** 2).mean(axis=0)
    std = np.sqrt(np.maximum(variance, 1e-24))
    return (X_train - mean) / std, (X_test - mean) / std


def standard_columns(X_train, X_test):
    train, test = X_train.astype(float), X_test.astype(float)
    for j in range(X_train.shape[1]):
        m, s = X_train[:, j].mean(), X_train[:, j].std()
        train[:, j] = (train[:, j] - m) / s if s > 0 else 0
        test[:, j] = (test[:, j] - m) / s if s > 0 else 0
    return train, test


def standard_nan_to_num(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num((X_train - mean) / std), np.nan_to_num((X_test - mean) / std)


def standard_divide(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)

    def change(X):
        return np.divide(X - mean, std, out=np.zeros(X.shape), where=std != 0)

    return change(X_train), change(X_test)


def standard_stacked(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    both = (np.concatenate([X_train, X_test]) - mean) / np.where(std > 0, std, 1)
    return both[: len(X_train)], both[len(X_train) :]


def standard_slope(X_train, X_test):
    std = X_train.std(axis=0, ddof=0)
    scale = 1 / np.where(std == 0, np.inf, std)
    return X_train * scale - X_train.mean(axis=0) * scale, X_test * scale - X_train.mean(axis=0) * scale


def standard_class(X_train, X_test):
    class Scaler:
        def fit(self, X):
            self.mean, self.std = X.mean(axis=0), X.std(axis=0)
            return self

        def transform(self, X):
            return (X - self.mean) / np.where(self.std, self.std, 1)

    scaler = Scaler().fit(X_train)
    return scaler.transform(X_train), scaler.transform(X_test)


def standard_fortran(X_train, X_test):
    return tuple(np.asfortranarray(part) for part in standard_where(X_train, X_test))


EQUIVALENTS = {
    "describe": [
        describe_functions,
        describe_array,
        describe_list,
        describe_product,
        describe_numpy_product,
        describe_counted,
        describe_branches,
        describe_caught,
        describe_numpy_numbers,
        describe_printed,
    ],
    "rgb_to_gray": forms(
        gray_product,
        gray_slices,
        gray_ellipsis,
        gray_sum,
        gray_dot,
        gray_einsum,
        gray_average,
        gray_tensordot,
        gray_moved,
        gray_loops,
        gray_lists,
        gray_rest_from_one,
        gray_thousandths,
    ),
    "flatten_batch": forms(
        flatten_reshape,
        flatten_product,
        flatten_function,
        flatten_ravel,
        flatten_stack,
        flatten_whole_first,
        flatten_comprehension,
        flatten_loops,
        flatten_transposed_twice,
        flatten_by_rows,
        flatten_einops_like,
        flatten_in_place,
    ),
    "add_bias": forms(
        bias_guarded,
        bias_asked_twice,
        bias_add,
        bias_as_row,
        bias_tiled,
        bias_product,
        bias_rows,
        bias_columns,
        bias_loops,
        bias_copied,
        bias_transposed,
        bias_return_first,
    ),
    "standardize": [
        standard_where,
        standard_masked,
        standard_list,
        standard_tiny,
        standard_variance,
        standard_columns,
        standard_nan_to_num,
        standard_divide,
        standard_stacked,
        standard_slope,
        standard_class,
        standard_fortran,
    ],
}
