"""Right answers to lab08_convolution, written in other ways than the reference; every check has to pass them."""

import itertools
import math

import numpy as np

# --- conv_output_size


def places_one_by_one(size, kernel, stride=1, padding=0):
    count, start = 0, 0
    while start + kernel <= size + 2 * padding:
        count += 1
        start += stride
    return count


def places_as_a_range(size, kernel, stride=1, padding=0):
    return len(range(0, size + 2 * padding - kernel + 1, stride))


def places_by_floor(n, k, s=1, p=0):
    return math.floor((n - k + 2 * p) / s) + 1


def places_by_divmod(size, kernel, stride=1, padding=0):
    strides, _left_over = divmod(size + 2 * padding - kernel, stride)
    return strides + 1


def places_all_inside(size, kernel, stride=1, padding=0):
    return (size + padding + padding - kernel + stride) // stride


def places_of_an_array(size, kernel, stride=1, padding=0):
    return np.arange(size + 2 * padding)[: size + 2 * padding - kernel + 1 : stride].size


def places_as_a_numpy_number(size, kernel, stride=1, padding=0):
    return np.int64(np.floor_divide(size + 2 * padding - kernel, stride) + 1)


def places_by_recursion(size, kernel, stride=1, padding=0):
    if padding:
        return places_by_recursion(size + 2 * padding, kernel, stride)
    return 0 if size < kernel else 1 + places_by_recursion(size - stride, kernel, stride)


# --- conv_params


def weights_and_biases(kernel, channels, filters):
    weights = kernel * kernel * channels * filters
    biases = filters
    return weights + biases


def counted_in_arrays(kernel, channels, filters):
    return np.zeros((filters, channels, kernel, kernel)).size + np.zeros(filters).size


def by_a_product(kernel, channels, filters):
    return math.prod((filters, channels, kernel, kernel)) + filters


def filter_by_filter(k, c, f):
    return sum(k**2 * c + 1 for _ in range(f))


def by_numpy_product(kernel, channels, filters):
    return int(np.prod([kernel, kernel, channels]) * filters + filters)


def with_a_power(side, depth, number):
    return number * (1 + depth * pow(side, 2))


def term_by_term(kernel, channels, filters):
    total = 0
    for _ in range(filters):
        for _ in range(channels):
            total += kernel * kernel
        total += 1
    return total


# --- conv2d


def seven_loops(X, W, b, stride=1, padding=0):
    N, C, H, width = X.shape
    F, _, K, _ = W.shape
    high, wide = (H + 2 * padding - K) // stride + 1, (width + 2 * padding - K) // stride + 1
    padded = np.zeros((N, C, H + 2 * padding, width + 2 * padding))
    padded[:, :, padding : padding + H, padding : padding + width] = X
    Y = np.zeros((N, F, high, wide))
    for n in range(N):
        for f in range(F):
            for i in range(high):
                for j in range(wide):
                    total = 0.0
                    for c in range(C):
                        for k in range(K):
                            for m in range(K):
                                total += padded[n, c, i * stride + k, j * stride + m] * W[f, c, k, m]
                    Y[n, f, i, j] = total + b[f]
    return Y


def four_loops(X, W, b, stride=1, padding=0):
    X = np.pad(X, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2], mode="constant")
    K = W.shape[-1]
    high, wide = ((side - K) // stride + 1 for side in X.shape[2:])
    Y = np.empty((len(X), len(W), high, wide))
    for n, f, i, j in itertools.product(*map(range, Y.shape)):
        piece = X[n, :, i * stride : i * stride + K, j * stride : j * stride + K]
        Y[n, f, i, j] = np.sum(piece * W[f]) + b[f]
    return Y


def two_loops(X, W, b, stride=1, padding=0):
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    K, N, F = W.shape[2], len(X), len(W)
    high, wide = 1 + (X.shape[2] - K) // stride, 1 + (X.shape[3] - K) // stride
    Y = np.zeros((N, F, high, wide))
    for i in range(high):
        for j in range(wide):
            piece = X[:, :, i * stride : i * stride + K, j * stride : j * stride + K].reshape(N, -1)
            Y[:, :, i, j] = piece @ W.reshape(F, -1).T + b
    return Y


def over_the_filter(X, W, b, stride=1, padding=0):
    """Two loops over the filter's pixels: each weight is multiplied with a whole shifted picture."""
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    K = W.shape[2]
    high, wide = ((side - K) // stride + 1 for side in X.shape[2:])
    Y = b[None, :, None, None] * np.ones((len(X), 1, high, wide))
    for k, m in np.ndindex(K, K):
        part = X[:, :, k : k + (high - 1) * stride + 1 : stride, m : m + (wide - 1) * stride + 1 : stride]
        Y = Y + np.einsum("nchw,fc->nfhw", part, W[:, :, k, m])
    return Y


def columns_of_pieces(X, W, b, stride=1, padding=0):
    """The picture as columns ("im2col"), and one product."""
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    (N, _, H, width), (F, _, K, _) = X.shape, W.shape
    rows, columns = range(0, H - K + 1, stride), range(0, width - K + 1, stride)
    pieces = np.array([X[:, :, i : i + K, j : j + K].reshape(N, -1) for i in rows for j in columns])
    return (pieces @ W.reshape(F, -1).T + b).transpose(1, 2, 0).reshape(N, F, len(rows), len(columns))


def by_tensordot(X, W, b, stride=1, padding=0):
    X = np.pad(X.astype(np.float64), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    view = np.lib.stride_tricks.sliding_window_view(X, W.shape[-2:], axis=(-2, -1))[:, :, ::stride, ::stride]
    Y = np.tensordot(view, W, axes=([1, 4, 5], [1, 2, 3]))
    return np.moveaxis(Y, -1, 1) + b.reshape(1, -1, 1, 1)


def by_as_strided(X, W, b, stride=1, padding=0):
    X = np.ascontiguousarray(np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding))))
    (N, C, H, width), K = X.shape, W.shape[2]
    n, c, h, w = X.strides
    shape = (N, C, (H - K) // stride + 1, (width - K) // stride + 1, K, K)
    view = np.lib.stride_tricks.as_strided(X, shape, (n, c, h * stride, w * stride, h, w), writeable=False)
    return np.einsum("ncijkl,fckl->nfij", view, W, optimize=True) + b[:, None, None]


def picture_by_picture(X, W, b, stride=1, padding=0):
    def one(x, w):
        x = np.pad(x, padding)
        view = np.lib.stride_tricks.sliding_window_view(x, w.shape)[::stride, ::stride]
        return (view * w).sum(axis=(2, 3))

    return np.array([[sum(map(one, picture, w)) + bias for w, bias in zip(W, b, strict=True)] for picture in X])


def all_places_then_strides(X, W, b, stride=1, padding=0):
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    return two_loops(X, W, b)[:, :, ::stride, ::stride]


def by_correlate(X, W, b, stride=1, padding=0):
    from scipy.signal import correlate

    X = np.pad(X.astype(float), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    maps = [[correlate(picture, w, mode="valid", method="direct")[0] for w in W] for picture in X]
    return np.array(maps)[:, :, ::stride, ::stride] + b[:, np.newaxis, np.newaxis]


# --- edge_filters

sobel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])


class Pair(tuple):
    """A pair of filters with a name."""


def pair(name, vertical, horizontal):
    found = Pair((vertical, horizontal))
    found.__name__ = name
    return found


edge_pairs = [
    pair("sobel_the_other_way_round", sobel, sobel.T),
    pair("prewitt_as_lists", [[-1, 0, 1]] * 3, [[-1, -1, -1], [0, 0, 0], [1, 1, 1]]),
    pair("scharr", np.array([[3, 0, -3], [10, 0, -10], [3, 0, -3]]), np.array([[3, 10, 3], [0, 0, 0], [-3, -10, -3]])),
    pair("one_row", np.array([[0, 0, 0], [-1, 0, 1], [0, 0, 0]]), np.array([[0, -1, 0], [0, 0, 0], [0, 1, 0]])),
    pair("two_neighbours", np.array([[0, 0, 0], [-1, 1, 0], [0, 0, 0]]), np.array([[0, -1, 0], [0, 1, 0], [0, 0, 0]])),
    pair("divided_by_eight", sobel / 8, sobel.T / 8),
    pair("single_precision", (0.1 * sobel).astype(np.float32), (0.1 * sobel.T).astype(np.float32)),
    pair("outer_products", np.outer([0.3, 0.4, 0.3], [-1, 0, 1]), np.outer([-1, 0, 1], [0.3, 0.4, 0.3])),
]


# --- conv2d_backward


def seven_loops_back(dY, X, W, stride=1, padding=0):
    N, C, H, width = X.shape
    F, _, K, _ = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    d_padded, dW, db = np.zeros(padded.shape), np.zeros(W.shape), np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(dY.shape[2]):
                for j in range(dY.shape[3]):
                    blame = dY[n, f, i, j]
                    db[f] += blame
                    for c in range(C):
                        for k in range(K):
                            for m in range(K):
                                row, column = i * stride + k, j * stride + m
                                dW[f, c, k, m] += blame * padded[n, c, row, column]
                                d_padded[n, c, row, column] += blame * W[f, c, k, m]
    return d_padded[:, :, padding : padding + H, padding : padding + width], dW, db


def four_loops_back(dY, X, W, stride=1, padding=0):
    p, K = padding, W.shape[2]
    big = np.zeros((*X.shape[:2], X.shape[2] + 2 * p, X.shape[3] + 2 * p))
    big[:, :, p : big.shape[2] - p, p : big.shape[3] - p] = X
    d_big, dW, db = np.zeros_like(big), np.zeros_like(W, dtype=float), np.zeros(len(W))
    for n, f, i, j in np.ndindex(dY.shape):
        at = (n, slice(None), slice(i * stride, i * stride + K), slice(j * stride, j * stride + K))
        d_big[at] += dY[n, f, i, j] * W[f]
        dW[f] += dY[n, f, i, j] * big[at]
        db[f] += dY[n, f, i, j]
    return d_big[:, :, p : big.shape[2] - p, p : big.shape[3] - p], dW, db


def over_the_filter_back(dY, X, W, stride=1, padding=0):
    K = W.shape[-1]
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    high, wide = dY.shape[2:]
    for k, m in np.ndindex(K, K):
        part = (..., slice(k, k + (high - 1) * stride + 1, stride), slice(m, m + (wide - 1) * stride + 1, stride))
        dW[:, :, k, m] = np.einsum("nfij,ncij->fc", dY, X[part])
        dX[part] += np.einsum("nfij,fc->ncij", dY, W[:, :, k, m])
    end = -padding or None
    return dX[:, :, padding:end, padding:end], dW, dY.sum((0, 2, 3))


def by_spreading(dY, X, W, stride=1, padding=0):
    """Zeros between the entries of dY; then both gradients are correlations with a stride of 1."""
    (N, _, H, width), (F, _, K, _) = X.shape, W.shape
    high, wide = H + 2 * padding - K + 1, width + 2 * padding - K + 1
    spread = np.zeros((N, F, high, wide))
    spread[:, :, ::stride, ::stride][:, :, : dY.shape[2], : dY.shape[3]] = dY
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    view = np.lib.stride_tricks.sliding_window_view
    dW = np.einsum("nckmij,nfij->fckm", view(padded, (high, wide), axis=(2, 3)), spread)
    around = np.pad(spread, ((0, 0), (0, 0), (K - 1, K - 1), (K - 1, K - 1)))
    dX = np.einsum("nfijkm,fckm->ncij", view(around, (K, K), axis=(2, 3)), W[:, :, ::-1, ::-1])
    return dX[:, :, padding : padding + H, padding : padding + width], dW, spread.sum(axis=(0, 2, 3))


def columns_back(dY, X, W, stride=1, padding=0):
    (N, C, H, width), (F, _, K, _) = X.shape, W.shape
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    number = np.arange(X[0].size).reshape(X[0].shape)
    view = np.lib.stride_tricks.sliding_window_view(number, (K, K), axis=(1, 2))[:, ::stride, ::stride]
    where = view.transpose(1, 2, 0, 3, 4).reshape(-1, C * K * K)
    pieces = X.reshape(N, -1)[:, where]
    blame = dY.reshape(N, F, -1)
    dW = np.einsum("nfp,npk->fk", blame, pieces).reshape(W.shape)
    dX = np.zeros((N, X[0].size))
    for n in range(N):
        np.add.at(dX[n], where, blame[n].T @ W.reshape(F, -1))
    return dX.reshape(X.shape)[:, :, padding : padding + H, padding : padding + width], dW, blame.sum(axis=2).sum(axis=0)


def as_a_list(dY, X, W, stride=1, padding=0):
    return list(four_loops_back(dY, X, W, stride, padding))


def by_probing(dY, X, W, stride=1, padding=0):
    """The layer is linear, so each gradient is what a unit step changes."""

    def total(X, W, b):
        return np.sum(dY * two_loops(X, W, b, stride, padding))

    zero = np.zeros(len(W))
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(len(W))
    for at in np.ndindex(X.shape):
        unit = np.zeros(X.shape)
        unit[at] = 1.0
        dX[at] = total(unit, W, zero)
    for at in np.ndindex(W.shape):
        unit = np.zeros(W.shape)
        unit[at] = 1.0
        dW[at] = total(X, unit, zero)
    for f in range(len(W)):
        db[f] = dY[:, f].sum()
    return dX, dW, db


# --- max_pool: the cache is what the reference's way back needs, so that the two work together


def cache_of(X, size):
    _, _, H, W = X.shape
    rows, columns = H // size, W // size
    tiles = [X[:, :, k : rows * size : size, m : columns * size : size] for k in range(size) for m in range(size)]
    return np.stack(tiles, axis=-1), X.shape, size


def pooled_in_loops(X, size):
    N, C, H, W = X.shape
    Y = np.zeros((N, C, H // size, W // size))
    for n, c, i, j in np.ndindex(Y.shape):
        Y[n, c, i, j] = np.max(X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size])
    return Y, cache_of(X, size)


def pooled_by_comparing(X, size):
    N, C, H, W = X.shape
    Y = np.full((N, C, H // size, W // size), -np.inf)
    for n, c, i, j in np.ndindex(Y.shape):
        for k in range(size):
            for m in range(size):
                Y[n, c, i, j] = max(Y[n, c, i, j], X[n, c, i * size + k, j * size + m])
    return Y, cache_of(X, size)


def pooled_by_slices(X, size):
    H, W = X.shape[2] // size * size, X.shape[3] // size * size
    parts = [X[:, :, k:H:size, m:W:size] for k in range(size) for m in range(size)]
    return np.max(parts, axis=0), cache_of(X, size)


def pooled_by_view(X, size):
    view = np.lib.stride_tricks.sliding_window_view(X, (size, size), axis=(2, 3))[:, :, ::size, ::size]
    return view.max(axis=(-1, -2)), cache_of(X, size)


def pooled_by_reshape(X, size):
    N, C, H, W = X.shape
    rows, columns = H // size, W // size
    tiles = X[:, :, : rows * size, : columns * size].reshape(N, C, rows, size, columns, size)
    return tiles.max(axis=3).max(axis=-1), cache_of(X, size)


def pooled_twice(X, size):
    _, _, H, W = X.shape
    rows = np.maximum.reduceat(X[:, :, : H // size * size], np.arange(0, H // size * size, size), axis=2)
    return np.maximum.reduceat(rows[..., : W // size * size], np.arange(0, W // size * size, size), axis=3), cache_of(X, size)


def pooled_as_a_list(X, size):
    H, W = X.shape[2] // size, X.shape[3] // size
    Y = np.array(
        [[[[m[i * size : i * size + size, j * size : j * size + size].max() for j in range(W)] for i in range(H)] for m in x] for x in X]
    )
    return [Y, cache_of(X, size)]


def back_from_tiles_in_loops(dY, cache):
    tiles, shape, size = cache
    dX = np.zeros(shape)
    for n, c, i, j in np.ndindex(dY.shape):
        k, m = divmod(int(np.argmax(tiles[n, c, i, j])), size)
        dX[n, c, i * size + k, j * size + m] += dY[n, c, i, j]
    return dX


def back_by_put(dY, cache):
    tiles, shape, size = cache
    shares = np.zeros(tiles.shape)
    np.put_along_axis(shares, tiles.argmax(axis=-1)[..., None], dY[..., None], axis=-1)
    N, C, rows, columns, _ = tiles.shape
    whole = shares.reshape(N, C, rows, columns, size, size).transpose(0, 1, 2, 4, 3, 5).reshape(N, C, rows * size, columns * size)
    return np.pad(whole, ((0, 0), (0, 0), (0, shape[2] - rows * size), (0, shape[3] - columns * size)))


def back_by_one_hot(dY, cache):
    tiles, shape, size = cache
    won = np.eye(size * size)[tiles.argmax(axis=-1)] * dY[..., None]
    dX = np.zeros(shape)
    for k in range(size * size):
        rows, columns = dY.shape[2] * size, dY.shape[3] * size
        dX[:, :, k // size : rows : size, k % size : columns : size] = won[..., k]
    return dX


def back_by_first_true(dY, cache):
    tiles, shape, size = cache
    dX = np.zeros(shape)
    for n, c, i, j in np.ndindex(dY.shape):
        window = tiles[n, c, i, j].reshape(size, size)
        k, m = np.argwhere(window == window.max())[0]
        dX[n, c, i * size + k, j * size + m] = dY[n, c, i, j]
    return dX


def back_by_number(dY, cache):
    tiles, (N, C, H, W), size = cache
    winner = tiles.argmax(axis=-1)
    i, j = np.indices(winner.shape)[2:]
    place = (i * size + winner // size) * W + j * size + winner % size
    dX = np.zeros((N * C, H * W))
    dX[np.arange(N * C)[:, None], place.reshape(N * C, -1)] = dY.reshape(N * C, -1)
    return dX.reshape(N, C, H, W)


def back_with_a_break(dY, cache):
    tiles, shape, size = cache
    dX = np.zeros(shape)
    for n, c, i, j in np.ndindex(dY.shape):
        window = tiles[n, c, i, j].tolist()
        for number, value in enumerate(window):
            if value == max(window):
                dX[n, c, i * size + number // size, j * size + number % size] = dY[n, c, i, j]
                break
    return dX


# --- augment


def cut_from_a_frame(images, rng):
    N, H, W = images.shape
    frame = np.zeros((N, H + 4, W + 4), dtype=images.dtype)
    frame[:, 2:-2, 2:-2] = images
    new = []
    for n in range(N):
        i, j = rng.integers(5), rng.integers(5)
        piece = frame[n, i : i + H, j : j + W]
        new.append(np.fliplr(piece) if rng.random() < 0.5 else piece)
    return np.array(new)


def mirrored_first(images, rng):
    new = np.zeros_like(images)
    H, W = images.shape[1:]
    for n, image in enumerate(images):
        if rng.integers(0, 2) == 1:
            image = image[:, ::-1]
        r, c = rng.integers(-2, 3), rng.integers(-2, 3)
        new[n, max(r, 0) : H + min(r, 0), max(c, 0) : W + min(c, 0)] = image[max(-r, 0) : H + min(-r, 0), max(-c, 0) : W + min(-c, 0)]
    return new


def rolled_and_wiped(images, rng):
    new = images.copy()
    for n in range(len(images)):
        r, c = (int(move) for move in rng.choice([-2, -1, 0, 1, 2], size=2))
        image = np.roll(images[n], (r, c), axis=(0, 1))
        if r > 0:
            image[:r] = 0
        if r < 0:
            image[r:] = 0
        if c > 0:
            image[:, :c] = 0
        if c < 0:
            image[:, c:] = 0
        new[n] = np.flip(image, axis=1) if rng.uniform() >= 0.5 else image
    return new


def pixel_by_pixel(images, rng):
    N, H, W = images.shape
    new = np.zeros((N, H, W))
    for n in range(N):
        r, c, mirrored = int(rng.integers(-2, 3)), int(rng.integers(-2, 3)), rng.random() > 0.5
        for i in range(max(0, r), min(H, H + r)):
            for j in range(max(0, c), min(W, W + c)):
                new[n, i, W - 1 - j if mirrored else j] = images[n, i - r, j - c]
    return new


def all_at_once(images, rng):
    N, H, W = images.shape
    down, right = rng.integers(-2, 3, size=(2, N))
    frame = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    rows, columns = np.arange(H) + 2 - down[:, None], np.arange(W) + 2 - right[:, None]
    new = frame[np.arange(N)[:, None, None], rows[:, :, None], columns[:, None, :]]
    return np.where(rng.random(N)[:, None, None] < 0.5, new[:, :, ::-1], new)


def in_single_precision(images, rng):
    return cut_from_a_frame(images.astype(np.float32), rng)


def by_choice_of_fifty(images, rng):
    ways = [(i, j, m) for i in range(5) for j in range(5) for m in (1, -1)]
    frame = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    H, W = images.shape[1:]
    return np.stack(
        [frame[n, i : i + H, j : j + W][:, ::m] for n, (i, j, m) in enumerate(ways[k] for k in rng.integers(50, size=len(images)))]
    )


def with_permuted_mask(images, rng):
    """The coins of all pictures are thrown first."""
    coins = rng.binomial(1, 0.5, size=len(images)).astype(bool)
    new = mirrored_only(images, coins)
    moves = np.floor(5 * rng.random((len(images), 2))).astype(int)
    frame = np.pad(new, [(0, 0), (2, 2), (2, 2)])
    return np.array([f[i : i + images.shape[1], j : j + images.shape[2]] for f, (i, j) in zip(frame, moves, strict=True)])


def mirrored_only(images, coins):
    new = np.array(images)
    new[coins] = new[coins, :, ::-1]
    return new


EQUIVALENTS = {
    "conv_output_size": [
        places_one_by_one,
        places_as_a_range,
        places_by_floor,
        places_by_divmod,
        places_all_inside,
        places_of_an_array,
        places_as_a_numpy_number,
        places_by_recursion,
    ],
    "conv_params": [weights_and_biases, counted_in_arrays, by_a_product, filter_by_filter, by_numpy_product, with_a_power, term_by_term],
    "conv2d": [
        seven_loops,
        four_loops,
        two_loops,
        over_the_filter,
        columns_of_pieces,
        by_tensordot,
        by_as_strided,
        picture_by_picture,
        all_places_then_strides,
        by_correlate,
    ],
    "edge_filters": edge_pairs,
    "conv2d_backward": [
        seven_loops_back,
        four_loops_back,
        over_the_filter_back,
        by_spreading,
        columns_back,
        as_a_list,
        by_probing,
    ],
    "max_pool": [
        pooled_in_loops,
        pooled_by_comparing,
        pooled_by_slices,
        pooled_by_view,
        pooled_by_reshape,
        pooled_twice,
        pooled_as_a_list,
    ],
    "max_pool_backward": [
        back_from_tiles_in_loops,
        back_by_put,
        back_by_one_hot,
        back_by_first_true,
        back_by_number,
        back_with_a_break,
    ],
    "augment": [
        cut_from_a_frame,
        mirrored_first,
        rolled_and_wiped,
        pixel_by_pixel,
        all_at_once,
        in_single_precision,
        by_choice_of_fifty,
        with_permuted_mask,
    ],
}
