"""Questions about lab08_convolution for `handgrad review`."""

import numpy as np

from course_utils.reviewing import Asked, question, small


def _one(picture):
    """A picture or a filter with the axes that the layer wants, (1, 1, H, W)."""
    return np.asarray(picture, dtype=float)[None, None]


@question(
    "conv_output_size",
    "The filter's corner has size − kernel + 2·padding pixels to go: that many strides, rounded down, and one place more.",
    without=["not_rounded"],
)
def side_of_a_map(conv_output_size, rng):
    """A square picture meets a square filter.
    How long is the side of the map?"""
    size, kernel = int(rng.integers(20, 65)), int(rng.choice([3, 5, 7]))
    stride, padding = int(rng.integers(2, 4)), int(rng.integers(1, 4))
    given = {"size": size, "kernel": kernel, "stride": stride, "padding": padding}
    return Asked(given, int(conv_output_size(size, kernel, stride, padding)), "side")


@question("conv_params", "Each filter has kernel·kernel·channels weights and one bias.", without=["always_colour"])
def parameters_of_a_layer(conv_params, rng):
    """A convolutional layer has square filters.
    How many parameters does it have?"""
    kernel, channels, filters = int(rng.choice([3, 5, 7])), int(rng.choice([2, 4, 6, 16])), int(rng.choice([8, 10, 12, 20]))
    given = {"kernel": kernel, "channels": channels, "filters": filters}
    return Asked(given, int(conv_params(kernel, channels, filters)), "count")


@question("conv2d", "The filter stays as it is: at each place it is multiplied with the piece below it, and the bias is added once.")
def map_of_a_picture(conv2d, rng):
    """One picture, one channel, one filter, stride 1, no padding.
    Which map comes out?"""
    X, W, b = small(rng, 3, 3, least=-2, most=3), small(rng, 2, 2, least=-2, most=2), small(rng)
    return Asked({"X": X, "W": W, "b": b}, np.squeeze(conv2d(_one(X), _one(W), np.array([b]))), "map")


@question("conv2d", "Pictures stay in front, then come the filters, then the places down and across.")
def shape_of_the_maps(conv2d, rng):
    """A convolutional layer gets a batch of pictures that are not square.
    Which shape has Y?"""
    N, C, F = (int(each) for each in rng.permutation([2, 3, 4, 5])[:3])
    H, W, K, stride, padding = int(rng.integers(6, 9)), int(rng.integers(10, 13)), 3, int(rng.integers(1, 3)), int(rng.integers(0, 2))
    Y = conv2d(np.ones((N, C, H, W)), np.ones((F, C, K, K)), np.zeros(F), stride, padding)
    given = {"X.shape": (N, C, H, W), "W.shape": (F, C, K, K), "stride": stride, "padding": padding}
    return Asked(given, tuple(Y.shape))


@question(
    "conv2d_backward",
    "The bias is added at every place of every picture, so db is the sum of dY over them.",
    without=["pictures_last", "filters_before_pictures"],
)
def gradient_of_the_bias(conv2d_backward, rng):
    """One filter went over two pictures with one channel, and dY is the gradient at the maps.
    Which of these is db?"""
    dY = small(rng, 2, 1, 2, 2)
    X, W = small(rng, 2, 1, 3, 3), small(rng, 1, 1, 2, 2)
    found = np.ravel(conv2d_backward(dY, X, W)[2])
    return Asked({"dY of picture 0": dY[0, 0], "dY of picture 1": dY[1, 0]}, float(found[0]) if found.size == 1 else found, "db")


@question("conv2d_backward", "A weight meets one pixel at each place: its gradient is the sum of that pixel times dY over the places.")
def gradient_of_the_filter(conv2d_backward, rng):
    """One picture, one channel, one filter, stride 1, no padding. dY is the gradient at the map.
    Which of these is dW?"""
    X, W, dY = small(rng, 3, 3, least=-2, most=3), small(rng, 2, 2), small(rng, 2, 2, least=-2, most=2)
    return Asked({"X": X, "dY": dY}, np.squeeze(conv2d_backward(_one(dY), _one(X), _one(W))[1]), "dW", _filters(X, dY))


def _filters(X, dY):
    places = [(i, j) for i in range(2) for j in range(2)]
    turned = sum(X[i : i + 2, j : j + 2] * dY[1 - i, 1 - j] for i, j in places)
    right = sum(X[i : i + 2, j : j + 2] * dY[i, j] for i, j in places)
    return {
        "dY is turned by half a turn here: the layer is a correlation, and dY stays as it is": turned,
        "the gradient is divided by the number of places: their shares add up": right / 4,
        "only the first place is used: the filter stood at four": X[:2, :2] * dY[0, 0],
    }


@question("conv2d_backward", "Every place sends the filter, times its dY, back to the pixels below it; where places overlap it adds up.")
def gradient_of_the_picture(conv2d_backward, rng):
    """One row as a picture and one row as a filter, to reckon on paper: stride 1, no padding. dY is the gradient at the map.
    Which of these is dX?"""
    w, dy = small(rng, 2), small(rng, 3)
    W, dY = np.zeros((2, 2)), np.zeros((1, 3))
    W[0], dY[0] = w, dy
    full = conv2d_backward(_one(dY), np.zeros((1, 1, 2, 4)), _one(W))[0]
    right = np.reshape(full, (2, 4))[0]
    wrong = {
        "the filter is turned here: it goes back as it is, to the pixels where it stood": np.convolve(dy, w[::-1]),
        "where places overlap the later one has overwritten the earlier: they add up": _overwritten(w, dy),
        "every pixel gets what the first weight sends: the second one sends something, too": np.append(w[0] * dy, 0.0),
    }
    return Asked({"filter": w, "dY": dy}, right, others=wrong)


def _overwritten(w, dy):
    row = np.zeros(len(dy) + 1)
    for place, each in enumerate(dy):
        row[place : place + 2] = w * each
    return row


@question("max_pool", "Each window gives its largest entry; rows and columns that are left over are dropped.")
def pooled_picture(max_pool, rng):
    """Max-pooling with windows of 2 × 2, on one picture with one channel.
    Which map comes out?"""
    X = rng.permutation([-9.0, -7.0, -6.0, -5.0, -4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])[:15].reshape(3, 5)
    wrong = {
        "the mean of each window is taken: it is the largest entry": X[:2, :4].reshape(2, 2, 2).mean(axis=(0, 2)),
        "the smallest entry of each window is taken: max-pooling takes the largest": X[:2, :4].reshape(2, 2, 2).min(axis=(0, 2)),
        "the largest size is taken, whatever its sign": np.abs(X[:2, :4]).reshape(2, 2, 2).max(axis=(0, 2)),
    }
    return Asked({"X": X}, np.ravel(max_pool(_one(X), 2)[0]), others=wrong)


@question("max_pool_backward", "The gradient of a window goes to its largest entry alone, of equal ones to the first in reading order.")
def back_through_a_pool(max_pool, max_pool_backward, rng):
    """Max-pooling with one window of 2 × 2; dY is its gradient.
    Which of these is dX?"""
    high, low, dy = float(rng.integers(3, 7)), -float(rng.integers(1, 4)), float(rng.choice([-4, -2, 2, 6, 8]))
    X = rng.permutation([high, high, low, low]).reshape(2, 2)
    right = np.squeeze(max_pool_backward(_one([[dy]]), max_pool(_one(X), 2)[1]))
    ties = np.equal(X, high)
    last = np.zeros((2, 2))
    last.flat[np.flatnonzero(ties)[-1]] = dy
    wrong = {
        "equal entries get the whole gradient each: of equal ones the first in reading order wins alone": dy * ties,
        "the gradient is spread evenly over the window: that is the way back of a mean": np.full((2, 2), dy / 4),
        "of equal entries the last one wins here: it is the first in reading order": last,
    }
    return Asked({"X": X, "dY": dy, "largest entry": high}, right, others=wrong)


@question("edge_filters", "An edge filter gives 0 where nothing changes: its numbers add up to 0, and across the edge they change sign.")
def filter_for_an_edge(rng):
    """A picture has one edge, and the filter shall answer to it and be 0 elsewhere.
    Which filter is it?"""
    k = int(rng.integers(1, 5))
    vertical = np.array([[-k, 0, k], [-2 * k, 0, 2 * k], [-k, 0, k]])
    upright = bool(rng.integers(2))
    right, other = (vertical, vertical.T) if upright else (vertical.T, vertical)
    edge = "left dark, right bright" if upright else "top dark, bottom bright"
    wrong = {
        "this one looks across the other direction: along this edge nothing changes for it": other,
        "its numbers do not add up to 0: it also answers where nothing changes": np.abs(right),
        "this one looks at a dot: all around its middle has the other sign": np.where(np.eye(3)[1][:, None] * np.eye(3)[1], 8 * k, -k),
    }
    return Asked({"edge": edge, "scale": k}, right, others=wrong)


@question("augment", "Every picture of a batch gets a move of its own, zeros enter, and left and right are exchanged with probability ½.")
def moved_picture(rng):
    """A row of a picture moves to the right, as `augment` moves it.
    Which row comes out?"""
    row, move = rng.permutation(np.arange(1, 10))[:5], int(rng.integers(1, 3))
    right = np.append(np.zeros(move, dtype=int), row[:-move])
    wrong = {
        "what leaves comes back in at the opposite side: zeros enter there": np.roll(row, move),
        "the dots at the border are repeated: zeros enter": np.append(np.full(move, row[0]), row[:-move]),
        "it has moved to the left: the first numbers are the ones that stay": np.append(row[move:], np.zeros(move, dtype=int)),
    }
    return Asked({"row": row, "columns to the right": move}, right, others=wrong)
