"""What lab08_convolution asks of each exercise. Probes only: the engine runs the reference beside the student.

A layer written with seven loops is a right answer, so arrays are small: at most 2 pictures of 3 channels, 7 x 9 pixels, 4 filters.
No two sizes of an array are equal, so that no axis can be taken for another. `augment` is judged by laws, never by a stream.
"""

import operator

import numpy as np

from course_utils.checking import at_least, check, libraries
from course_utils.checking.observe import SubjectRaisedError
from course_utils.checking.session import Raised

libraries("numpy")  # a generator that both calls of a check go on with lives on the student's side

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


def kind(found):
    """Whether a result can be the side of an array."""
    try:
        operator.index(found)
    except TypeError:
        return f"{found} ({type(found).__name__})"
    return "a whole number"


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
    } | {"places on 21 pixels, filter of 4, stride 2": kind(conv_output_size(21, 4, 2))}


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


def few(rng, low, high):
    """Four numbers that differ."""
    return [int(k) for k in rng.choice(np.arange(low, high), size=4, replace=False)]


@check("conv_params", points=3)
def of_coloured_pictures(conv_params, rng):
    """three channels"""
    kernels, filters = few(rng, 2, 12), few(rng, 13, 40)
    return {f"filters {filters}, sides {kernels}": [conv_params(k, 3, f) for k, f in zip(kernels, filters, strict=True)]}


@check("conv_params", points=3)
def of_deep_pictures(conv_params, rng):
    """many channels"""
    kernels, channels, filters = few(rng, 2, 12), few(rng, 50, 70), few(rng, 13, 40)
    found = [conv_params(k, c, f) for k, c, f in zip(kernels, channels, filters, strict=True)]
    return {f"sides {kernels}, channels {channels}, filters {filters}": found}


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
    return {
        "Y, stride 2": conv2d(X, W, b, 2),
        "Y, stride 2, filters of 2": conv2d(*other, 2),
        "Y, stride 3, filters of 2": conv2d(*other, 3),
    }


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


def filter_of(filters, which):
    """One of the two filters, so scaled that its heaviest row or column weighs 1 in size; None where there is no such thing."""
    if not isinstance(filters, list | tuple | np.ndarray) or len(filters) != 2:
        return None
    try:
        weights = np.array(filters[which], dtype=float)
    except (TypeError, ValueError):
        return None
    if weights.shape != (3, 3) or not weights.any() or not np.isfinite(weights).all():
        return None
    largest, heaviest = np.abs(weights).max(), max(np.abs(weights.sum(axis=axis)).max() for axis in (0, 1))
    return weights / (heaviest if heaviest > 1e-6 * largest else largest)


def answers(weights, pictures):
    """Rounded, as rounding errors are no answer where the reference gives exactly 0."""
    return [round(float(np.sum(weights * picture)), 9) for picture in pictures]


def edges_of(rng):
    """Dark left, bright right: a step at one or the other place under a filter of 3 x 3, and a slope."""
    found = []
    for columns in ((0, 2, 2), (0, 0, 2), (0, 1, 2)):
        dark_to_bright = rng.uniform(1, 2), rng.uniform(2.5, 3.5), rng.uniform(4, 7)
        found.append(np.tile([dark_to_bright[column] for column in columns], (3, 1)))
    return found


def seen(filters, which, rng):
    """What a filter answers on even ground and along the wrong edge; and the most that it answers on its own, if that has one sign."""
    if isinstance(filters, list | tuple) and not filters:
        raise SubjectRaisedError(Raised("not implemented", "", "the pair is empty", "", "edge_filters"))
    upright, even = edges_of(rng), [np.full((3, 3), rng.uniform(1, 5)) for _ in range(2)]
    lying = [edge.T for edge in upright]
    own, crossing = (upright, lying) if which == 0 else (lying, upright)
    names = ("on even ground", "on the other edge", "on its edge")
    weights = filter_of(filters, which)
    if weights is None:
        return dict.fromkeys(names, "no pair of filters of 3 x 3 with weights")
    found = answers(weights, own)
    # a filter of two columns misses one of the two steps, and that is fine; one that doubts whether it gets brighter is none
    sure = (min(found) > -1e-9 or max(found) < 1e-9) and abs(weights.sum()) < 1e-6
    # without their signs, as those are the student's choice
    wrong = ([abs(answer) for answer in answers(weights, pictures)] for pictures in (even, crossing))
    return dict(zip(names, (*wrong, at_least(max(map(abs, found)) if sure else 0.0, 0.5)), strict=True))


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
        **named(conv2d_backward(*back(rng, 2, 3, 5, 7, 2, 1, 2, 2)), "filters of 1 x 1, stride 2, padding 2"),
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
    """equal entries: the first in reading order; nearly equal ones: the largest"""
    few = rng.integers(1, 4, size=(2, 1, 6, 4)).astype(float)
    few[:, :, :2, :2] = 2.0
    nearly = 3 + 1e-9 * rng.permutation(24).reshape(1, 2, 2, 6)
    return {
        "dX": both_ways(max_pool, max_pool_backward, few, 2, blame(rng, 2, 1, 3, 2)),
        "dX, entries that are nearly equal": both_ways(max_pool, max_pool_backward, nearly, 2, blame(rng, 1, 2, 1, 3)),
    }


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
    """Pictures of which no two dots are equal: a dot tells where it was, by its whole part. None is a whole number."""
    return (1.5 + rng.permutation(N * H * W)).reshape(N, H, W)


class Fates:
    """What became of every picture, told by where its dots are now.

    down, right: how far it moved.  mirrored, upside: whether left and right, top and bottom are exchanged.  whole: whether all dots that
    can be seen after this move are in their places.  enters: of all places where something new entered, the shares with a zero, with
    the dot that left on the opposite side, with another dot of this picture, with anything else.
    """

    def __init__(self, images, found):
        _, H, W = images.shape
        known = (found >= 1) & (found < images.size + 1) & (found == np.floor(found) + 0.5)
        place = np.zeros(images.size + 1, dtype=int)
        place[images.astype(int).ravel()] = np.arange(images.size)
        source = place[np.where(known, found, 0).astype(int)]
        from_n, from_i, from_j = source // (H * W), source // W % H, source % W
        n, i, j = np.indices(found.shape)
        own = known & (from_n == n)
        self.upside, self.mirrored = _against(own, i, from_i), _against(own, j, from_j)
        was_i = np.where(self.upside[:, None, None], H - 1 - from_i, from_i)
        was_j = np.where(self.mirrored[:, None, None], W - 1 - from_j, from_j)
        self.down, self.right = _usual(own, i - was_i, H), _usual(own, j - was_j, W)
        # where the dot of this place was, in the picture as it is turned
        here_i, here_j = i - self.down[:, None, None], j - self.right[:, None, None]
        inside = (here_i >= 0) & (here_i < H) & (here_j >= 0) & (here_j < W)
        in_place = own & (was_i == here_i) & (was_j == here_j)
        self.whole = (in_place | ~inside).all(axis=(1, 2))
        around = own & ((was_i - here_i) % H == 0) & ((was_j - here_j) % W == 0)
        kinds = [found == 0, around, own & ~around, (found != 0) & ~own]
        self.enters = [float(kind[~inside].mean()) if (~inside).any() else 0.0 for kind in kinds]


def _against(own, here, was):
    """Whether places run against those that the dots came from, picture by picture."""
    count = np.maximum(own.sum(axis=(1, 2), keepdims=True), 1)
    apart = [each - (each * own).sum(axis=(1, 2), keepdims=True) / count for each in (here, was)]
    return (apart[0] * apart[1] * own).sum(axis=(1, 2)) < 0


def _usual(own, moved, most):
    """The move that most dots of a picture have made; 0 for a picture that has none of its own."""
    counts = np.stack([((moved == by) & own).sum(axis=(1, 2)) for by in range(-most + 1, most)])
    return np.where(own.any(axis=(1, 2)), counts.argmax(axis=0) - most + 1, 0)


def fates(images, found):
    """The fates of all pictures; None where `found` is no array of such pictures."""
    if not isinstance(found, np.ndarray | list | tuple):
        return None
    try:
        found = np.array(found, dtype=float)
    except (TypeError, ValueError):
        return None
    return Fates(images, found) if found.shape == images.shape and np.isfinite(found).all() else None


def said(found):
    """What stands for pictures that cannot be looked at: a large array is told by its shape."""
    return f"an array of shape {found.shape}" if isinstance(found, np.ndarray) else found


def extent(moves):
    """The smallest, the largest, and how many different ones."""
    return [int(moves.min()), int(moves.max()), len(set(moves.tolist()))]


def pairs(*kinds):
    return len(set(zip(*(kind.tolist() for kind in kinds), strict=True)))


def rarest(*kinds):
    return at_least(min(float(np.unique(kind, return_counts=True)[1].min()) for kind in kinds) / 1000, 0.14)


def thousand(augment, rng, H, W, rows):
    """By name, what the functions of `rows` make of the fates of a thousand pictures; where there are none, what came back."""
    images = marked(1000, H, W, rng)
    found = augment(images, np.random.default_rng(int(rng.integers(2**60))))
    fate = fates(images, found)
    return {name: said(found) if fate is None else value(fate) for name, value in rows.items()}


@check("augment", points=6)
def moves(augment, rng):
    """how far a thousand pictures move, and what enters"""
    rows = {
        "rows: least, most, how many kinds": lambda fate: extent(fate.down),
        "columns: least, most, how many kinds": lambda fate: extent(fate.right),
        "what enters: shares of zeros, of dots from the opposite side, of other dots of it, of anything else": lambda fate: fate.enters,
        "share of pictures of which nothing else is lost": lambda fate: float(fate.whole.mean()),
    }
    return thousand(augment, rng, 6, 8, rows)


@check("augment", points=5)
def mirrors(augment, rng):
    """left for right with probability 1/2, never top for bottom"""
    rows = {
        "kinds of moves (mirrored ones, others), of rows and columns (mirrored or not), of rows (upright or not)": lambda fate: [
            *(pairs(fate.down[which], fate.right[which]) for which in (fate.mirrored, ~fate.mirrored)),
            pairs(fate.mirrored, fate.down),
            pairs(fate.mirrored, fate.right),
            pairs(fate.upside, fate.down),
        ],
        "share of pictures that are mirrored": lambda fate: at_least(float(fate.mirrored.mean()), 0.4),
        "share of pictures that are not": lambda fate: at_least(float(1 - fate.mirrored.mean()), 0.4),
        "share that stands on its head": lambda fate: float(fate.upside.mean()),
    }
    return {**thousand(augment, rng, 7, 6, rows), "share that is mirrored, of 60 pictures that come alone": alone(augment, rng)}


def alone(augment, rng):
    """How often a picture is mirrored that is the only one of its batch."""
    mirrored = []
    for _ in range(60):
        images = marked(1, 5, 6, rng)
        found = augment(images, np.random.default_rng(int(rng.integers(2**60))))
        fate = fates(images, found)
        if fate is None:
            return said(found)
        mirrored.append(fate.mirrored)
    return at_least(float(np.mean(mirrored)), 0.2)


@check("augment", points=4)
def one_throw_for_each(augment, rng):
    """every picture has its own throw; rows and columns are independent; each number has the same chance"""
    rows = {
        "kinds of moves (rows and columns), of moves with and without a mirror, of rows less columns, of rows": lambda fate: [
            pairs(fate.down, fate.right),
            pairs(fate.down, fate.right, fate.mirrored),
            pairs(fate.down - fate.right),
            pairs(fate.down),
        ],
        "share of the rarest number of rows or columns": lambda fate: rarest(fate.down, fate.right),
    }
    return thousand(augment, rng, 6, 7, rows)


@check("augment", points=3)
def from_rng(augment, numpy, rng):
    """the same seed gives the same pictures; another seed, or the next call, gives others"""
    images, seed = marked(30, 5, 6, rng), int(rng.integers(2**60))
    first, again, other = (numpy.random.default_rng(at) for at in (seed, seed, seed + 1))
    found = [augment(images, each) for each in (first, again, other, first)]
    names = (
        "dots that differ after the same seed",
        "share of pictures that differ after another seed",
        "share of pictures that differ in the next call with the same generator",
    )
    if any(fates(images, each) is None for each in found):
        return dict.fromkeys(names, said(found[0]))
    first, again, *others = map(np.asarray, found)
    shares = [at_least(float(np.mean((first != other).any(axis=(1, 2)))), 0.6) for other in others]
    return dict(zip(names, [int(np.sum(first != again)), *shares], strict=True))
