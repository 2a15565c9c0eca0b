"""What lab08_convolution asks of each exercise. Probes only: the engine runs the reference beside the student.

A layer written with seven loops is a right answer, so arrays are small: at most 2 pictures of 3 channels, 7 x 9 pixels, 4 filters.
No two sizes of an array are equal, so that no axis can be taken for another. `augment` is judged by laws, never by a stream.
"""

import numpy as np

from course_utils.checking import at_least, check

# --- sizes


@check("conv_output_size", points=2)
def stride_of_one(conv_output_size, rng):
    """stride 1, no padding: the defaults"""
    kernels = [int(k) for k in rng.permutation([1, 2, 3, 5, 7, 11])]
    size = int(rng.integers(20, 40))
    return {
        f"places on {size} pixels for filters of {', '.join(map(str, kernels))}": [conv_output_size(size, kernel) for kernel in kernels],
        "places on 13, 17 and 100 pixels, filter of 4": [conv_output_size(size, 4) for size in (13, 17, 100)],
    }


@check("conv_output_size", points=2)
def longer_strides(conv_output_size, rng):
    """strides of 2, 3 and 5: also where pixels are left over"""
    kernel = int(rng.integers(4, 8))
    sizes = [int(size) for size in rng.choice(np.arange(20, 60), size=6, replace=False)]
    return {
        f"places on {', '.join(map(str, sizes))} pixels, filter of {kernel}, stride {stride}": [
            conv_output_size(size, kernel, stride) for size in sizes
        ]
        for stride in (2, 3, 5)
    }


@check("conv_output_size", points=2)
def with_padding(conv_output_size, rng):
    """padding, with strides of 1, 2 and 3"""
    kernel = int(rng.integers(5, 9))
    sizes = [int(size) for size in rng.choice(np.arange(20, 60), size=5, replace=False)]
    return {
        f"places on {', '.join(map(str, sizes))} pixels, filter of {kernel}, stride {stride}, padding {padding}": [
            conv_output_size(size, kernel, stride, padding) for size in sizes
        ]
        for stride, padding in ((1, 2), (2, 3), (3, 4))
    }


@check("conv_params", points=3)
def of_grey_pictures(conv_params, rng):
    """one channel"""
    kernels = [int(k) for k in rng.choice(np.arange(2, 12), size=4, replace=False)]
    filters = [int(f) for f in rng.choice(np.arange(13, 40), size=4, replace=False)]
    return {f"filters {filters}, sides {kernels}": [conv_params(k, 1, f) for k, f in zip(kernels, filters, strict=True)]}


@check("conv_params", points=3)
def of_deep_pictures(conv_params, rng):
    """several channels"""
    kernels = [int(k) for k in rng.choice(np.arange(2, 12), size=4, replace=False)]
    channels = [int(c) for c in rng.choice(np.arange(50, 70), size=4, replace=False)]
    filters = [int(f) for f in rng.choice(np.arange(13, 40), size=4, replace=False)]
    return {
        f"sides {kernels}, channels {channels}, filters {filters}": [
            conv_params(k, c, f) for k, c, f in zip(kernels, channels, filters, strict=True)
        ]
    }


# --- the layer


def layer(rng, N, C, H, W, F, K):
    """Pictures, filters and biases; nothing is 0, and nothing is symmetric."""
    return rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, K, K)), rng.uniform(1, 3, size=F) * rng.choice([-1, 1], size=F)


@check("conv2d", points=5)
def one_filter_on_grey(conv2d, rng):
    """one picture of one channel, one filter of 3 x 3"""
    return {"Y": conv2d(*layer(rng, 1, 1, 5, 7, 1, 3))}


@check("conv2d", points=4)
def a_batch_with_channels(conv2d, rng):
    """two pictures of three channels, four filters"""
    X, W, b = layer(rng, 2, 3, 5, 6, 4, 2)
    return {"Y": conv2d(X, W, b), "Y of the first picture alone, as 0 to 3": conv2d(X[:1], W, b)}


@check("conv2d", points=4)
def with_strides(conv2d, rng):
    """strides of 2 and 3; some rows and columns are left over"""
    X, W, b = layer(rng, 2, 3, 7, 9, 1, 3)
    other = layer(rng, 1, 2, 9, 7, 3, 2)
    return {"Y, stride 2": conv2d(X, W, b, 2), "Y, stride 2, filters of 2": conv2d(*other, 2), "Y, stride 3, filters of 2": conv2d(*other, 3)}


@check("conv2d", points=4)
def with_zeros_around(conv2d, rng):
    """padding of 1 and 2, also with a stride"""
    X, W, b = layer(rng, 2, 1, 4, 6, 3, 3)
    return {"Y, padding 1": conv2d(X, W, b, 1, 1), "Y, padding 2": conv2d(X, W, b, 1, 2), "Y, stride 2, padding 1": conv2d(X, W, b, 2, 1)}


@check("conv2d", points=2)
def of_whole_numbers(conv2d, rng):
    """pictures of whole numbers, and of bytes from 0 to 255"""
    _, W, b = layer(rng, 1, 2, 4, 5, 3, 2)
    X = rng.integers(-9, 10, size=(1, 2, 4, 5))
    return {"Y of whole numbers": conv2d(X, W, b), "Y of bytes": conv2d(rng.integers(0, 256, size=(1, 2, 4, 5)).astype(np.uint8), W, b)}


@check("conv2d", points=1, hidden=True)
def odd_cases(conv2d, rng):
    """a filter of one pixel, and one as large as the picture"""
    return {"Y, filters of 1 x 1": conv2d(*layer(rng, 2, 3, 4, 5, 2, 1), 2, 1), "Y, one place only": conv2d(*layer(rng, 2, 3, 4, 4, 5, 4))}


# --- edges


def answers(filters, which, pictures):
    """What one of the two filters answers on pictures of 3 x 3, as a share of the sum of its weights' sizes."""
    if not isinstance(filters, list | tuple | np.ndarray) or len(filters) != 2:
        return filters
    weights = np.array(filters[which], dtype=float)
    if weights.shape != (3, 3):
        return filters[which]
    return [float(np.sum(weights * picture) / max(np.abs(weights).sum(), 1e-300)) for picture in pictures]


def step_edges(rng):
    """Dark left, bright right: the two places where the step may lie under a filter of 3 x 3."""
    dark, bright = rng.uniform(1, 2), rng.uniform(4, 6)
    return [np.tile([dark] * left + [bright] * (3 - left), (3, 1)) for left in (1, 2)], bright - dark


def seen(filters, which, rng):
    """What a filter answers on even ground and along the wrong edge; and the least it answers on its own edge, of one sign."""
    edges, height = step_edges(rng)
    even = [np.full((3, 3), rng.uniform(1, 5)) for _ in range(2)]
    crossing = [edge.T for edge in edges] if which == 0 else edges
    along = edges if which == 0 else [edge.T for edge in edges]
    found = answers(filters, which, along)
    own = found
    if isinstance(found, list) and len(found) == 2:
        same = np.sign(found[0] * found[1]) >= 0  # a filter of two columns misses one of the two places
        own = at_least(max(map(abs, found)) / height if same else 0.0, 0.1)
    return {"on even ground": answers(filters, which, even), "on the other edge": answers(filters, which, crossing), "on its edge": own}


@check("edge_filters", points=4)
def vertical_edges(edge_filters, rng):
    """the first filter answers on vertical edges, and gives 0 on even ground and on horizontal edges"""
    return seen(edge_filters, 0, rng)


@check("edge_filters", points=4)
def horizontal_edges(edge_filters, rng):
    """the second filter answers on horizontal edges, and gives 0 on even ground and on vertical edges"""
    return seen(edge_filters, 1, rng)


# --- and back


def back(rng, N, C, H, W, F, K, stride=1, padding=0):
    """What conv2d_backward is called with."""
    X, filters, _ = layer(rng, N, C, H, W, F, K)
    high, wide = ((side + 2 * padding - K) // stride + 1 for side in (H, W))
    return rng.normal(size=(N, F, high, wide)), X, filters, stride, padding


def three(found):
    """dX, dW, db by name; what is not three results stays what it is."""
    if isinstance(found, list | tuple) and len(found) == 3:
        return dict(zip(("dX", "dW", "db"), found, strict=True))
    return {"dX": found, "dW": found, "db": found}


def named(found, how):
    return {f"{name}, {how}": value for name, value in three(found).items()}


@check("conv2d_backward", points=6)
def one_filter_back(conv2d_backward, rng):
    """one picture of one channel, one filter, stride and padding left out"""
    return three(conv2d_backward(*back(rng, 1, 1, 5, 7, 1, 3)[:3]))


@check("conv2d_backward", points=6)
def a_batch_back(conv2d_backward, rng):
    """two pictures of three channels, four filters"""
    return three(conv2d_backward(*back(rng, 2, 3, 5, 6, 4, 2)))


@check("conv2d_backward", points=6)
def strides_back(conv2d_backward, rng):
    """strides of 2 and 3, with and without pixels that no filter used"""
    return {
        **named(conv2d_backward(*back(rng, 2, 3, 7, 9, 1, 3, 2)), "stride 2"),
        **named(conv2d_backward(*back(rng, 1, 2, 7, 6, 3, 2, 3)), "stride 3"),
    }


@check("conv2d_backward", points=5)
def padding_back(conv2d_backward, rng):
    """padding of 1 and 2, also with a stride"""
    return {
        **named(conv2d_backward(*back(rng, 2, 1, 4, 6, 3, 3, 1, 2)), "padding 2"),
        **named(conv2d_backward(*back(rng, 1, 2, 5, 6, 3, 3, 2, 1)), "stride 2, padding 1"),
    }


@check("conv2d_backward", points=1, hidden=True)
def odd_cases_back(conv2d_backward, rng):
    """filters of one pixel, and pictures of whole numbers"""
    dY, X, W, stride, padding = back(rng, 2, 3, 4, 5, 1, 2)
    return {
        **named(conv2d_backward(*back(rng, 2, 3, 5, 4, 2, 1, 2, 1)), "filters of 1 x 1, stride 2, padding 1"),
        **named(conv2d_backward(dY, np.round(5 * X).astype(int), W, stride, padding), "whole numbers"),
    }


# --- pooling


def kept(found):
    """Y, the first of the two results."""
    return found[0] if isinstance(found, list | tuple) and len(found) == 2 else found


@check("max_pool", points=4)
def the_largest(max_pool, rng):
    """windows of 2 x 2 and 3 x 3, nothing is left over"""
    return {
        "Y, size 2": kept(max_pool(rng.normal(size=(2, 3, 4, 6)), 2)),
        "Y, size 3": kept(max_pool(rng.normal(size=(1, 2, 6, 9)), 3)),
    }


@check("max_pool", points=3)
def left_over(max_pool, rng):
    """rows and columns that are left over are dropped"""
    return {
        "Y, size 2": kept(max_pool(rng.normal(size=(2, 1, 5, 7)), 2)),
        "Y, size 3": kept(max_pool(rng.normal(size=(1, 2, 8, 5)), 3)),
    }


@check("max_pool", points=2)
def negative_and_whole(max_pool, rng):
    """numbers that are all negative, and whole numbers"""
    return {
        "Y of negative numbers": kept(max_pool(-rng.uniform(1, 9, size=(2, 1, 4, 6)), 2)),
        "Y of whole numbers": kept(max_pool(rng.permutation(np.arange(-24, 24)).reshape(1, 2, 4, 6), 2)),
    }


def both_ways(max_pool, max_pool_backward, X, size, dY):
    """dX, by way of the student's own cache."""
    found = max_pool(X, size)
    return max_pool_backward(dY, found[1]) if isinstance(found, list | tuple) and len(found) == 2 else found


def blame(rng, *shape):
    """Gradients of which none is 0, and none is like another."""
    return rng.uniform(0.5, 2, size=shape) * rng.choice([-1, 1], size=shape)


@check("max_pool_backward", points=4)
def to_the_winner(max_pool, max_pool_backward, rng):
    """all entries differ, nothing is left over"""
    return {
        "dX, size 2": both_ways(max_pool, max_pool_backward, rng.uniform(1, 9, size=(2, 3, 4, 6)), 2, blame(rng, 2, 3, 2, 3)),
        "dX, size 3": both_ways(max_pool, max_pool_backward, rng.uniform(1, 9, size=(1, 2, 6, 9)), 3, blame(rng, 1, 2, 2, 3)),
    }


@check("max_pool_backward", points=2)
def ties(max_pool, max_pool_backward, rng):
    """equal entries: the first in reading order"""
    few = rng.integers(1, 4, size=(2, 1, 6, 4)).astype(float)
    few[:, :, :2, :2] = 2.0
    return {"dX": both_ways(max_pool, max_pool_backward, few, 2, blame(rng, 2, 1, 3, 2))}


@check("max_pool_backward", points=2)
def left_over_gets_nothing(max_pool, max_pool_backward, rng):
    """rows and columns that were left over get 0"""
    return {
        "dX, size 2": both_ways(max_pool, max_pool_backward, rng.uniform(1, 9, size=(1, 2, 5, 7)), 2, blame(rng, 1, 2, 2, 3)),
        "dX, size 3": both_ways(max_pool, max_pool_backward, rng.uniform(1, 9, size=(2, 1, 7, 4)), 3, blame(rng, 2, 1, 2, 1)),
    }


@check("max_pool_backward", points=1, hidden=True)
def two_layers(max_pool, max_pool_backward, rng):
    """two ways forward, then two ways back; one map is of whole numbers"""
    one, other = rng.uniform(1, 9, size=(1, 2, 4, 6)), rng.permutation(np.arange(1, 25)).reshape(1, 1, 4, 6)
    first, second = max_pool(one, 2), max_pool(other, 2)
    return {
        "dX of the first": max_pool_backward(blame(rng, 1, 2, 2, 3), first[1]),
        "dX of the second": max_pool_backward(blame(rng, 1, 1, 2, 3), second[1]),
    }


# --- new pictures


def marked(N, H, W, rng):
    """Pictures of which no two dots are equal: a dot tells where it was."""
    return (1.0 + rng.permutation(N * H * W)).reshape(N, H, W)


def fates(images, found):
    """What became of every picture, told by where its dots are now.

    A dict: rows and columns that it moved by, whether it was mirrored left for right and top for bottom, and whether it is whole, that
    is, moved as one, with zeros where nothing was. A picture without a dot of its own counts as not whole. None where `found` is no such array.
    """
    found = np.asarray(found)
    if found.shape != images.shape or found.dtype.kind not in "biuf":
        return None
    N, H, W = images.shape
    place = np.zeros(images.size + 1, dtype=int)
    place[images.astype(int).ravel()] = np.arange(images.size)
    known = np.isfinite(found) & (found >= 1) & (found <= images.size) & (found == np.round(np.where(np.isfinite(found), found, 0)))
    source = place[np.where(known, found, 0).astype(int)]
    from_n, from_i, from_j = source // (H * W), source // W % H, source % W
    n, i, j = np.indices(found.shape)
    own = known & (from_n == n)
    rows = []
    for k in range(N):
        mine = own[k]
        if mine.sum() < 4:
            rows.append((0, 0, False, False, False))
            continue
        here_i, here_j, was_i, was_j = i[k][mine], j[k][mine], from_i[k][mine], from_j[k][mine]
        upside = np.sum((here_i - here_i.mean()) * (was_i - was_i.mean())) < 0
        mirrored = np.sum((here_j - here_j.mean()) * (was_j - was_j.mean())) < 0
        down = here_i - (H - 1 - was_i if upside else was_i)
        right = here_j - (W - 1 - was_j if mirrored else was_j)
        dr, dc = int(np.median(down)), int(np.median(right))
        whole = (down == dr).all() and (right == dc).all() and mine.sum() == (H - abs(dr)) * (W - abs(dc))
        whole = bool(whole and not found[k][~mine].any())
        rows.append((dr, dc, bool(mirrored), bool(upside), whole))
    return np.array(rows, dtype=int).T


def extent(moves):
    """The smallest, the largest, and how many different ones."""
    return [int(moves.min()), int(moves.max()), len(set(moves.tolist()))]


def pairs(*kinds):
    return len(set(zip(*(kind.tolist() for kind in kinds), strict=True)))


def told(images, found, rows):
    """By name, what the functions of `rows` make of the pictures' fates; where there are none, what came back."""
    fate = fates(images, found)
    return {name: found if fate is None else value(*fate) for name, value in rows.items()}


def dice(rng):
    return np.random.default_rng(int(rng.integers(2**60)))


@check("augment", points=6)
def moves(augment, rng):
    """how far a thousand pictures move, and what enters"""
    images = marked(1000, 7, 9, rng)
    rows = {
        "rows: least, most, how many kinds": lambda down, right, mirrored, upside, whole: extent(down),
        "columns: least, most, how many kinds": lambda down, right, mirrored, upside, whole: extent(right),
        "share of pictures that moved as one, with zeros where nothing was": lambda *fate: fate[-1].mean(),
    }
    return told(images, augment(images, dice(rng)), rows)


def rarer(mirrored):
    return at_least(float(min(mirrored.mean(), 1 - mirrored.mean())), 0.4)


@check("augment", points=5)
def mirrors(augment, rng):
    """left for right with probability 1/2, never top for bottom"""
    images = marked(1000, 9, 7, rng)
    rows = {
        "share that is mirrored, or that is not, whichever is smaller": lambda down, right, mirrored, upside, whole: rarer(mirrored),
        "share that stands on its head": lambda down, right, mirrored, upside, whole: upside.mean(),
        "how many kinds: mirrored or not; with rows; with columns": lambda down, right, mirrored, upside, whole: [
            pairs(mirrored), pairs(mirrored, down), pairs(mirrored, right)
        ],
    }
    return told(images, augment(images, dice(rng)), rows)


def rarest(*kinds):
    return at_least(min(float(np.unique(kind, return_counts=True)[1].min()) for kind in kinds) / 1000, 0.13)


@check("augment", points=4)
def one_throw_for_each(augment, rng):
    """every picture has its own throw; rows and columns are independent; each number has the same chance"""
    images = marked(1000, 7, 8, rng)
    rows = {
        "how many kinds: rows and columns; with mirrors": lambda down, right, mirrored, upside, whole: [
            pairs(down, right), pairs(down, right, mirrored)
        ],
        "share of the rarest number of rows or columns": lambda down, right, mirrored, upside, whole: rarest(down, right),
    }
    return told(images, augment(images, dice(rng)), rows)


@check("augment", points=3)
def from_rng(augment, rng):
    """the same seed gives the same pictures, another seed gives others"""
    images, seed = marked(30, 5, 6, rng), int(rng.integers(2**60))
    first, again, other = (augment(images, np.random.default_rng(at)) for at in (seed, seed, seed + 1))
    names = ("dots that differ after the same seed", "share of pictures that differ after another seed")
    if any(fates(images, each) is None for each in (first, again, other)):
        return dict.fromkeys(names, first)
    differ = float(np.mean((np.asarray(first) != np.asarray(other)).any(axis=(1, 2))))
    return {names[0]: int(np.sum(np.asarray(first) != np.asarray(again))), names[1]: at_least(differ, 0.6)}
