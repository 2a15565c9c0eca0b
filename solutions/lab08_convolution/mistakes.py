"""Wrong answers that students give to lab08_convolution, each with the sentence that names it."""

import math

import numpy as np

from course_utils.checking import mistake, solution

# --- conv_output_size


@mistake("conv_output_size", "the last place is missing: a way of n strides has n + 1 places")
def no_first_place(size, kernel, stride=1, padding=0):
    return solution.conv_output_size(size, kernel, stride, padding) - 1


@mistake("conv_output_size", "one place too many: the filter would reach over the end")
def one_place_more(size, kernel, stride=1, padding=0):
    return solution.conv_output_size(size, kernel, stride, padding) + 1


@mistake("conv_output_size", "padding counts once: zeros are added at both ends")
def padded_once(size, kernel, stride=1, padding=0):
    return (size + padding - kernel) // stride + 1


@mistake("conv_output_size", "padding is not used")
def not_padded(size, kernel, stride=1, padding=0):
    return solution.conv_output_size(size, kernel, stride)


@mistake("conv_output_size", "padding is taken away: it makes the picture larger")
def padding_subtracted(size, kernel, stride=1, padding=0):
    return solution.conv_output_size(size - 4 * padding, kernel, stride, padding)


@mistake("conv_output_size", "padding is added after the strides were counted, as if it made places by itself")
def padding_as_places(size, kernel, stride=1, padding=0):
    return solution.conv_output_size(size, kernel, stride) + 2 * padding


@mistake("conv_output_size", "it is rounded up: a filter that would reach over the end has no place there")
def rounded_up(size, kernel, stride=1, padding=0):
    return math.ceil((size + 2 * padding - kernel) / stride) + 1


@mistake("conv_output_size", "it is not rounded down: the number of strides is a whole number")
def not_rounded(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) / stride + 1


@mistake("conv_output_size", "it is rounded to the nearest number: pixels that are left over are dropped, so it goes down")
def rounded_half(size, kernel, stride=1, padding=0):
    return round((size + 2 * padding - kernel) / stride) + 1


@mistake("conv_output_size", "the stride is not used")
def every_pixel(size, kernel, stride=1, padding=0):
    return size + 2 * padding - kernel + 1


@mistake("conv_output_size", "the 1 is added before the division: the first place counts whatever the stride is")
def one_inside(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel + 1) // stride


@mistake("conv_output_size", "the filter's side is not taken away: the filter cannot begin in the last pixels")
def filter_without_size(size, kernel, stride=1, padding=0):
    return (size + 2 * padding) // stride + 1


@mistake("conv_output_size", "the division comes first: the filter's side is measured in pixels, so it is taken away before the division")
def divided_first(size, kernel, stride=1, padding=0):
    return (size + 2 * padding) // stride - kernel + 1


@mistake("conv_output_size", "only the filter's side is divided by the stride: the whole way is")
def filter_divided(size, kernel, stride=1, padding=0):
    return size + 2 * padding - kernel // stride + 1


@mistake("conv_output_size", "it is the size of pooling: windows that do not overlap")
def as_pooling(size, kernel, stride=1, padding=0):
    return (size + 2 * padding) // kernel


@mistake("conv_output_size", "this is the number of places in a square picture: asked is one side")
def both_sides(size, kernel, stride=1, padding=0):
    return solution.conv_output_size(size, kernel, stride, padding) ** 2


@mistake("conv_output_size", "the way is multiplied by the stride: a longer stride has fewer places")
def stride_multiplied(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) * stride + 1


# --- conv_params


@mistake("conv_params", "the depth is forgotten: a filter reaches through all channels")
def flat_filters(kernel, channels, filters):
    return (kernel**2 + 1) * filters


@mistake("conv_params", "the biases are missing")
def without_biases(kernel, channels, filters):
    return kernel**2 * channels * filters


@mistake("conv_params", "one bias serves all filters: each has its own")
def one_bias(kernel, channels, filters):
    return kernel**2 * channels * filters + 1


@mistake("conv_params", "each channel of a filter has a bias: there is one for the whole filter")
def bias_per_channel(kernel, channels, filters):
    return (kernel**2 + 1) * channels * filters


@mistake("conv_params", "there is a bias for each channel of the picture: there is one for each filter")
def biases_of_channels(kernel, channels, filters):
    return kernel**2 * channels * filters + channels


@mistake("conv_params", "each weight has a bias: there is one for the whole filter")
def bias_per_weight(kernel, channels, filters):
    return 2 * kernel**2 * channels * filters


@mistake("conv_params", "the side counts once: a filter is square, so in each channel it has side times side weights")
def one_row(kernel, channels, filters):
    return (kernel * channels + 1) * filters


@mistake("conv_params", "the side is doubled: a filter is square, so in each channel it has side times side weights")
def side_doubled(kernel, channels, filters):
    return (2 * kernel * channels + 1) * filters


@mistake("conv_params", "this is one filter: there are several")
def one_of_them(kernel, channels, filters):
    return kernel**2 * channels + 1


@mistake("conv_params", "only the biases are multiplied by the number of filters: each filter has weights of its own")
def shared_weights(kernel, channels, filters):
    return kernel**2 * channels + filters


@mistake("conv_params", "the channels are added: a filter has kernel² weights in each of them")
def channels_added(kernel, channels, filters):
    return (kernel**2 + channels + 1) * filters


@mistake("conv_params", "the bias counts as one more channel: it is a single number")
def bias_as_channel(kernel, channels, filters):
    return kernel**2 * (channels + 1) * filters


@mistake("conv_params", "the filter is a cube: it is kernel × kernel, and as deep as the picture")
def cube(kernel, channels, filters):
    return (kernel**3 * channels + 1) * filters


@mistake("conv_params", "the number of filters counts twice")
def filters_twice(kernel, channels, filters):
    return (kernel**2 * channels + 1) * filters**2


@mistake("conv_params", "the depth is always 3")
def always_colour(kernel, channels, filters):
    return (kernel**2 * 3 + 1) * filters


@mistake("conv_params", "side and channels are added instead of multiplied")
def sides_added(kernel, channels, filters):
    return (2 * kernel + channels + 1) * filters


# --- conv2d


def around(X, padding, value=0.0, sides=("top", "bottom", "left", "right")):
    """X with a frame on some sides."""
    wide = {side: padding if side in sides else 0 for side in ("top", "bottom", "left", "right")}
    rows, columns = (wide["top"], wide["bottom"]), (wide["left"], wide["right"])
    return np.pad(np.asarray(X, dtype=float), ((0, 0), (0, 0), rows, columns), constant_values=value)


def slid(X, W, b, down=1, across=1):
    """All maps on a picture as it is, with a stride of its own in each direction."""
    return solution.conv2d(X, W, b)[:, :, ::down, ::across]


def sizes(X, W, stride, padding):
    return tuple((side + 2 * padding - W.shape[2]) // stride + 1 for side in X.shape[2:])


@mistake("conv2d", "the filter is turned by half a turn, as in a mathematical convolution: here it stays as it is")
def turned(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W[:, :, ::-1, ::-1], b, stride, padding)


@mistake("conv2d", "the filter stands on its head: its rows are in the opposite order")
def upside_down(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W[:, :, ::-1], b, stride, padding)


@mistake("conv2d", "the filter is mirrored left for right")
def mirrored_filter(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W[:, :, :, ::-1], b, stride, padding)


@mistake("conv2d", "rows and columns of the filter are exchanged")
def transposed_filter(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W.transpose(0, 1, 3, 2), b, stride, padding)


@mistake("conv2d", "the bias is not added")
def no_bias(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, 0 * b, stride, padding)


@mistake("conv2d", "the bias is subtracted")
def bias_subtracted(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, -b, stride, padding)


@mistake("conv2d", "the bias is added for every pixel of the window: it comes once, after the sum")
def bias_in_the_sum(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, b * W.shape[2] ** 2, stride, padding)


@mistake("conv2d", "the bias is added for every number of the piece, in all channels: it comes once, after the sum")
def bias_in_the_whole_sum(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, b * W[0].size, stride, padding)


@mistake("conv2d", "the bias is added for every channel: it comes once, after the sum over all channels")
def bias_for_channels(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, b * W.shape[1], stride, padding)


@mistake("conv2d", "all maps get the bias of the first filter")
def first_bias(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, np.full_like(b, b[0]), stride, padding)


@mistake("conv2d", "all biases are added to every map: each map gets that of its own filter")
def all_biases(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, np.full_like(b, b.sum()), stride, padding)


@mistake("conv2d", "the stride is not used: the filter stops at every pixel")
def no_stride(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, b, 1, padding)


@mistake("conv2d", "the stride is used downwards only")
def stride_down(X, W, b, stride=1, padding=0):
    return slid(around(X, padding), W, b, down=stride)


@mistake("conv2d", "the stride is used across only")
def stride_across(X, W, b, stride=1, padding=0):
    return slid(around(X, padding), W, b, across=stride)


@mistake("conv2d", "pieces begin at row i and column j: with a stride they begin at i · stride and j · stride")
def stride_not_in_the_index(X, W, b, stride=1, padding=0):
    high, wide = sizes(X, W, stride, padding)
    return solution.conv2d(X, W, b, 1, padding)[:, :, :high, :wide]


@mistake("conv2d", "rows begin at i, without the stride; columns are right")
def stride_not_in_the_rows(X, W, b, stride=1, padding=0):
    return slid(around(X, padding), W, b, across=stride)[:, :, : sizes(X, W, stride, padding)[0]]


@mistake("conv2d", "columns begin at j, without the stride; rows are right")
def stride_not_in_the_columns(X, W, b, stride=1, padding=0):
    return slid(around(X, padding), W, b, down=stride)[:, :, :, : sizes(X, W, stride, padding)[1]]


@mistake("conv2d", "the first place is at row and column stride − 1: it belongs at row 0 and column 0")
def starts_late(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, b, 1, padding)[:, :, stride - 1 :: stride, stride - 1 :: stride]


@mistake("conv2d", "the last places hold the bias alone: the range of the filter's corners ends one too early")
def last_place_empty(X, W, b, stride=1, padding=0):
    Y = solution.conv2d(X, W, b, stride, padding)
    for axis, side in ((2, X.shape[2]), (3, X.shape[3])):
        if (side + 2 * padding - W.shape[2]) % stride == 0:
            np.moveaxis(Y, axis, 0)[-1] = b[:, None]
    return Y


@mistake("conv2d", "padding is not used")
def without_padding(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, b, stride)


@mistake("conv2d", "zeros are added at the top and at the left only")
def padded_before(X, W, b, stride=1, padding=0):
    return solution.conv2d(around(X, padding, sides=("top", "left")), W, b, stride)


@mistake("conv2d", "zeros are added at the bottom and at the right only")
def padded_behind(X, W, b, stride=1, padding=0):
    return solution.conv2d(around(X, padding, sides=("bottom", "right")), W, b, stride)


@mistake("conv2d", "all of the padding is at the top and at the left: half of it belongs at the other two sides")
def all_before(X, W, b, stride=1, padding=0):
    return solution.conv2d(around(X, 2 * padding, sides=("top", "left")), W, b, stride)


@mistake("conv2d", "all of the padding is at the bottom and at the right: half of it belongs at the other two sides")
def all_behind(X, W, b, stride=1, padding=0):
    return solution.conv2d(around(X, 2 * padding, sides=("bottom", "right")), W, b, stride)


@mistake("conv2d", "rows of zeros are added, and no columns")
def rows_only(X, W, b, stride=1, padding=0):
    return solution.conv2d(around(X, padding, sides=("top", "bottom")), W, b, stride)


@mistake("conv2d", "columns of zeros are added, and no rows")
def columns_only(X, W, b, stride=1, padding=0):
    return solution.conv2d(around(X, padding, sides=("left", "right")), W, b, stride)


def wide_pictures(X, W, b, stride, padding):
    wide = np.pad(np.asarray(X, dtype=float), padding)[: len(X)]
    wide = wide.sum(axis=1, keepdims=True) if W.shape[1] == 1 else wide[:, : W.shape[1]]  # one channel of a filter meets all of them
    return solution.conv2d(wide, W, b, stride)


@mistake("conv2d", "np.pad with one number puts zeros around all four axes: pictures and channels get none")
def all_axes_padded(X, W, b, stride=1, padding=0):
    return wide_pictures(X, W, b, stride, padding)


@mistake("conv2d", "np.pad with one number puts zeros around all four axes: Y has maps of pictures that do not exist")
def more_pictures(X, W, b, stride=1, padding=0):
    return wide_pictures(np.pad(np.asarray(X, dtype=float), ((0, 2 * padding), (0, 0), (0, 0), (0, 0))), W, b, stride, padding)


@mistake("conv2d", "the frame is made of ones: padding adds zeros")
def padded_with_ones(X, W, b, stride=1, padding=0):
    return solution.conv2d(around(X, padding, 1.0), W, b, stride)


@mistake("conv2d", "the frame repeats the pixels of the border: padding adds zeros")
def border_repeated(X, W, b, stride=1, padding=0):
    return solution.conv2d(np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="edge"), W, b, stride)


@mistake("conv2d", "the frame comes from the opposite side of the picture: padding adds zeros")
def wrapped_around(X, W, b, stride=1, padding=0):
    return solution.conv2d(np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="wrap"), W, b, stride)


@mistake("conv2d", "the padding is twice as wide as asked")
def padded_twice(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, b, stride, 2 * padding)


@mistake("conv2d", "only the first channel is used: the sum goes over all channels")
def first_channel(X, W, b, stride=1, padding=0):
    return solution.conv2d(X[:, :1], W[:, :1], b, stride, padding)


@mistake("conv2d", "only the last channel is left: each channel overwrites the one before, instead of adding to it")
def last_channel(X, W, b, stride=1, padding=0):
    return solution.conv2d(X[:, -1:], W[:, -1:], b, stride, padding)


@mistake("conv2d", "all channels use the first layer of the filter: each has its own")
def one_layer_of_the_filter(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, np.repeat(W[:, :1], W.shape[1], axis=1), b, stride, padding)


@mistake("conv2d", "a mean over the channels is taken: they are added up")
def mean_of_channels(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W / W.shape[1], b, stride, padding)


@mistake("conv2d", "a mean over the window is taken: the products are added up")
def mean_of_the_window(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W / W.shape[2] ** 2, b, stride, padding)


@mistake("conv2d", "a mean over the whole piece is taken: the products are added up")
def mean_of_the_piece(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W / W[0].size, b, stride, padding)


@mistake("conv2d", "all maps come from the first filter")
def first_filter(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, np.repeat(W[:1], len(W), axis=0), b, stride, padding)


@mistake("conv2d", "the maps are those of the first picture for all pictures")
def first_picture(X, W, b, stride=1, padding=0):
    return solution.conv2d(np.repeat(X[:1], len(X), axis=0), W, b, stride, padding)


@mistake("conv2d", "rows and columns of the maps are exchanged")
def maps_transposed(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, b, stride, padding).transpose(0, 1, 3, 2)


@mistake("conv2d", "the axes of pictures and filters are exchanged: Y is (N, F, H_out, W_out)")
def filters_first(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, b, stride, padding).transpose(1, 0, 2, 3)


@mistake("conv2d", "the axis of the filters is the last one: Y is (N, F, H_out, W_out)")
def filters_last(X, W, b, stride=1, padding=0):
    return np.moveaxis(solution.conv2d(X, W, b, stride, padding), 1, -1)


@mistake("conv2d", "negative numbers are cut off: a ReLU is no part of this layer")
def rectified(X, W, b, stride=1, padding=0):
    return np.maximum(solution.conv2d(X, W, b, stride, padding), 0)


@mistake("conv2d", "the last row and the last column of the maps are missing: a way of n strides has n + 1 places")
def last_place_missing(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, b, stride, padding)[:, :, :-1, :-1]


@mistake("conv2d", "Y is as wide as it is high: the picture need not be square")
def square(X, W, b, stride=1, padding=0):
    high, wide = sizes(X, W, stride, padding)
    Y = solution.conv2d(around(X, 0) if high >= wide else X, W, b, stride, padding)
    return np.pad(Y, ((0, 0), (0, 0), (0, 0), (0, max(high - wide, 0))))[:, :, :, :high]


@mistake("conv2d", "the results are cut to whole numbers: Y needs floats, whatever X holds")
def whole_numbers_only(X, W, b, stride=1, padding=0):
    Y = solution.conv2d(X, W, b, stride, padding)
    return Y if X.dtype.kind == "f" else np.trunc(Y)


@mistake("conv2d", "stride and padding are exchanged")
def knobs_exchanged(X, W, b, stride=1, padding=0):
    return solution.conv2d(X, W, b, max(padding, 1), stride if padding else 0)


@mistake("conv2d", "the pixels that are left over are used as well, with zeros behind them: they are dropped")
def left_over_used(X, W, b, stride=1, padding=0):
    X = around(X, padding)
    more = [-(side - W.shape[2]) % stride for side in X.shape[2:]]
    return solution.conv2d(np.pad(X, ((0, 0), (0, 0), (0, more[0]), (0, more[1]))), W, b, stride)


@mistake("conv2d", "the distances between the pixels grow with the stride: inside a window the pixels are neighbours")
def dilated(X, W, b, stride=1, padding=0):
    X = around(X, padding)
    high, wide = ((side - W.shape[2]) // stride + 1 for side in X.shape[2:])
    rows, columns = high * stride, wide * stride
    spread = np.zeros((*W.shape[:2], *(stride * (W.shape[2] - 1) + 1,) * 2))
    spread[:, :, ::stride, ::stride] = W
    frame = np.pad(X, ((0, 0), (0, 0), (0, rows + spread.shape[2]), (0, columns + spread.shape[3])))
    return solution.conv2d(frame, spread, b, stride)[:, :, :high, :wide]


# --- edge_filters


class Pair(tuple):
    """A pair of filters with the name that a mistake needs."""


def pair(name, sentence, vertical, horizontal=None):
    """Declare a wrong pair; the second filter is the first one's transpose where none is given."""
    vertical = np.array(vertical, dtype=float)
    found = Pair((vertical, vertical.T if horizontal is None else np.array(horizontal, dtype=float)))
    found.__name__ = name
    mistake("edge_filters", sentence)(found)


V = [[-1, 0, 1]] * 3
H = [[-1, -1, -1], [0, 0, 0], [1, 1, 1]]
pair("exchanged", "the two filters are exchanged: the first one is for vertical edges, which go from top to bottom", H, V)
pair("both_vertical", "both filters are for vertical edges", V, V)
pair("both_horizontal", "both filters are for horizontal edges", H, H)
pair("no_negatives", "both sides count with a plus: to compare them, one has to count with a minus", [[1, 0, 1]] * 3)
pair("all_ones", "all weights are equal: this blurs, and compares nothing", [[1, 1, 1]] * 3)
pair("middle_only", "only the pixel in the middle counts: the map is the picture itself", [[0, 0, 0], [0, 1, 0], [0, 0, 0]])
pair("one_side", "only one side counts: an edge is a difference of two sides", [[0, 0, 1]] * 3)
pair("middle_added", "the middle column is not 0: then even ground gives more than 0", [[-1, 0.5, 1]] * 3)
pair("sharpener", "the weights add up to 1, not to 0: this sharpens a picture", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
pair("all_directions", "edges of every direction are found, as the neighbours all count alike", [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
pair("diagonal", "this filter is for slanted edges: it answers on both kinds of edges", [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]])

# and where one of the two is right
for name, sentence, weights in (
    ("all_directions", "sees edges of every direction, as the neighbours all count alike", [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
    ("one_side", "looks at one side only: an edge is a difference of two sides", [[0, 0, 1]] * 3),
    ("no_negatives", "adds both sides up: they have to be compared, so one of them counts with a minus", [[1, 0, 1]] * 3),
):
    pair(f"first_{name}", f"the first filter {sentence}", weights, H)
    pair(f"second_{name}", f"the second filter {sentence}", V, np.transpose(weights))


# --- conv2d_backward


def going(dY, X, W, stride, padding, dX_add=True, dW_add=True, filter_of=None):
    """The way back, place by place; what is added may overwrite instead."""
    K, weights = W.shape[2], W if filter_of is None else filter_of(W)
    X = around(X, padding)
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    for i, j in np.ndindex(dY.shape[2:]):
        piece = (slice(None), slice(None), slice(i * stride, i * stride + K), slice(j * stride, j * stride + K))
        at_X, at_W = (
            np.einsum("nf,fckl->nckl", dY[:, :, i, j], weights),
            np.einsum("nf,nckl->fckl", dY[:, :, i, j], X[piece]),
        )
        dX[piece] = dX[piece] + at_X if dX_add else at_X
        dW = dW + at_W if dW_add else at_W
    return dX, dW, dY.sum(axis=(0, 2, 3))


def cut(dX, X, padding):
    return dX[:, :, padding : padding + X.shape[2], padding : padding + X.shape[3]]


def changed(name):
    """A function that changes one of the three gradients."""

    def declare(change):
        def wrong(dY, X, W, stride=1, padding=0):
            found = dict(zip(("dX", "dW", "db"), solution.conv2d_backward(dY, X, W, stride, padding), strict=True))
            found[name] = change(found[name], dY, X, W, stride, padding)
            return tuple(found.values())

        wrong.__name__ = change.__name__
        return wrong

    return declare


def wrong(name, sentence):
    """Declare a mistake in one of the three gradients."""
    return lambda change: mistake("conv2d_backward", sentence)(changed(name)(change))


@wrong("dX", "dX is overwritten where pieces overlap: every place adds its part")
def dx_overwritten(dX, dY, X, W, stride, padding):
    return cut(going(dY, X, W, stride, padding, dX_add=False)[0], X, padding)


@wrong("dX", "dX is overwritten, by the next place and by the next filter: every place of every filter adds its part")
def dx_last_of_all(dX, dY, X, W, stride, padding):
    return cut(going(dY[:, -1:], X, W[-1:], stride, padding, dX_add=False)[0], X, padding)


@wrong("dX", "in dX the filter lies the wrong way round, by half a turn: each place adds dY times the filter as it is")
def dx_turned(dX, dY, X, W, stride, padding):
    return solution.conv2d_backward(dY, X, W[:, :, ::-1, ::-1], stride, padding)[0]


@wrong("dX", "dX is found with rows and columns of the filter exchanged")
def dx_transposed_filter(dX, dY, X, W, stride, padding):
    return solution.conv2d_backward(dY, X, W.transpose(0, 1, 3, 2), stride, padding)[0]


@wrong("dX", "the frame of zeros is still there: dX has the shape of X, without the padding")
def dx_with_frame(dX, dY, X, W, stride, padding):
    return going(dY, X, W, stride, padding)[0]


@wrong("dX", "the frame is cut off at the bottom and at the right only: dX begins after `padding` rows and columns")
def dx_cut_behind(dX, dY, X, W, stride, padding):
    return going(dY, X, W, stride, padding)[0][:, :, : X.shape[2], : X.shape[3]]


@wrong("dX", "the frame is cut off at the top and at the left only, with all of its width: half of it is at the other sides")
def dx_cut_before(dX, dY, X, W, stride, padding):
    return going(dY, X, W, stride, padding)[0][:, :, 2 * padding :, 2 * padding :]


@wrong("dX", "the padding is not used in dX")
def dx_not_padded(dX, dY, X, W, stride, padding):
    high, wide = ((side - W.shape[2]) // stride + 1 for side in X.shape[2:])
    return solution.conv2d_backward(dY[:, :, :high, :wide], X, W, stride)[0]


@wrong("dX", "dX ends where the last piece ended: pixels that no filter used belong to it as well, with 0")
def dx_used_part(dX, dY, X, W, stride, padding):
    rows, columns = ((side - 1) * stride + W.shape[2] for side in dY.shape[2:])
    return cut(going(dY, X, W, stride, padding)[0][:, :, :rows, :columns], X, padding)


@wrong("dX", "dX is divided by the number of pictures: dY already holds any mean")
def dx_mean_of_pictures(dX, dY, X, W, stride, padding):
    return dX / len(X)


@wrong("dX", "dX is a mean over the filters: their parts add up")
def dx_mean_of_filters(dX, dY, X, W, stride, padding):
    return dX / len(W)


@wrong("dX", "each pixel's gradient is divided by the number of times that it is used: the parts add up")
def dx_mean_of_uses(dX, dY, X, W, stride, padding):
    uses = solution.conv2d_backward(np.ones_like(dY[:1, :1]), X[:1, :1], np.ones_like(W[:1, :1]), stride, padding)[0]
    return dX / np.maximum(uses, 1)


@wrong("dX", "dX has the part of the first filter only: all maps send gradients back")
def dx_first_filter(dX, dY, X, W, stride, padding):
    return solution.conv2d_backward(dY[:, :1], X, W[:1], stride, padding)[0]


@wrong("dX", "dX has the part of the last filter only: each filter overwrites the one before, instead of adding to it")
def dx_last_filter(dX, dY, X, W, stride, padding):
    return solution.conv2d_backward(dY[:, -1:], X, W[-1:], stride, padding)[0]


@wrong("dX", "all channels of dX are found with the filter's first channel: each has its own")
def dx_first_channel(dX, dY, X, W, stride, padding):
    return np.repeat(dX[:, :1], X.shape[1], axis=1)


@wrong("dX", "dX is laid down at row i and column j: with a stride it begins at i · stride and j · stride")
def dx_without_stride(dX, dY, X, W, stride, padding):
    wide = [W.shape[2] + side - 1 for side in dY.shape[2:]]
    near = solution.conv2d_backward(dY, np.zeros((*X.shape[:2], *wide)), W)[0]
    full = np.zeros(around(X, padding).shape)
    full[:, :, : wide[0], : wide[1]] = near
    return cut(full, X, padding)


@wrong("dX", "the sign of dX is turned around")
def dx_negative(dX, dY, X, W, stride, padding):
    return -dX


@wrong("dX", "dX is made of sizes: the signs of the weights are lost")
def dx_of_sizes(dX, dY, X, W, stride, padding):
    return solution.conv2d_backward(dY, X, np.abs(W), stride, padding)[0]


@wrong("dX", "dX is multiplied by X: the slope of w · x along x is w alone")
def dx_times_x(dX, dY, X, W, stride, padding):
    return dX * X


@wrong("dX", "the weights are left out of dX: every pixel of a piece gets dY itself")
def dx_without_weights(dX, dY, X, W, stride, padding):
    return solution.conv2d_backward(dY, X, np.ones_like(W), stride, padding)[0]


@wrong("dX", "dX has the gradient of the first picture for all pictures")
def dx_first_picture(dX, dY, X, W, stride, padding):
    return np.repeat(dX[:1], len(X), axis=0)


@wrong("dX", "dX is summed over the pictures: each picture has its own gradient")
def dx_summed(dX, dY, X, W, stride, padding):
    return np.repeat(dX.sum(axis=0, keepdims=True), len(X), axis=0)


@wrong("dW", "dW has the part of the first picture only: all pictures add to it")
def dw_first_picture(dW, dY, X, W, stride, padding):
    return solution.conv2d_backward(dY[:1], X[:1], W, stride, padding)[1]


@wrong("dW", "dW has the part of the last picture only: each picture overwrites the one before, instead of adding to it")
def dw_last_picture(dW, dY, X, W, stride, padding):
    return solution.conv2d_backward(dY[-1:], X[-1:], W, stride, padding)[1]


@wrong("dW", "dW has the part of the last place only: all places add to it")
def dw_overwritten(dW, dY, X, W, stride, padding):
    return going(dY, X, W, stride, padding, dW_add=False)[1]


@wrong("dW", "dW has the last place of the last picture only: all places of all pictures add to it")
def dw_last_of_all(dW, dY, X, W, stride, padding):
    return going(dY[-1:], X[-1:], W, stride, padding, dW_add=False)[1]


@wrong("dW", "dW is divided by the number of pictures: dY already holds any mean")
def dw_mean_of_pictures(dW, dY, X, W, stride, padding):
    return dW / len(X)


@wrong("dW", "dW is a mean over the places: all of them add up")
def dw_mean_of_places(dW, dY, X, W, stride, padding):
    return dW / dY[0, 0].size


@wrong("dW", "dW is turned by half a turn")
def dw_turned(dW, dY, X, W, stride, padding):
    return dW[:, :, ::-1, ::-1]


@wrong("dW", "rows and columns of dW are exchanged")
def dw_transposed(dW, dY, X, W, stride, padding):
    return dW.transpose(0, 1, 3, 2)


@wrong("dW", "the pieces begin at row i and column j: with a stride they begin at i · stride and j · stride")
def dw_without_stride(dW, dY, X, W, stride, padding):
    sides = [W.shape[2] + side - 1 for side in dY.shape[2:]]
    return solution.conv2d_backward(dY, around(X, padding)[:, :, : sides[0], : sides[1]], W)[1]


@wrong("dW", "the pieces are taken from the picture without its frame: forward, they came from the padded one")
def dw_not_padded(dW, dY, X, W, stride, padding):
    return solution.conv2d_backward(dY, around(X, 2 * padding, sides=("bottom", "right")), W, stride)[1]


@wrong("dW", "all channels of dW come from the picture's first channel: each has its own")
def dw_first_channel(dW, dY, X, W, stride, padding):
    return np.repeat(dW[:, :1], W.shape[1], axis=1)


@wrong("dW", "all filters get the gradient of the first one")
def dw_first_filter(dW, dY, X, W, stride, padding):
    return np.repeat(dW[:1], len(W), axis=0)


@wrong("dW", "the sign of dW is turned around")
def dw_negative(dW, dY, X, W, stride, padding):
    return -dW


@wrong("dW", "dW is multiplied by W: the slope of w · x along w is x alone")
def dw_times_w(dW, dY, X, W, stride, padding):
    return dW * W


@wrong("dW", "the pictures are left out of dW: every weight gets the sum of dY")
def dw_without_pictures(dW, dY, X, W, stride, padding):
    return np.broadcast_to(dY.sum(axis=(0, 2, 3))[:, None, None, None], W.shape).copy()


@wrong("dW", "the pictures are not summed: dW has an axis for them")
def dw_for_each_picture(dW, dY, X, W, stride, padding):
    return np.stack([solution.conv2d_backward(dY[n : n + 1], X[n : n + 1], W, stride, padding)[1] for n in range(len(X))])


@wrong("db", "db is summed over the pictures only: all places use the same bias")
def db_of_pictures(db, dY, X, W, stride, padding):
    return dY.sum(axis=0)


@wrong("db", "db is summed over the places only: all pictures use the same bias")
def db_of_places(db, dY, X, W, stride, padding):
    return dY.sum(axis=(2, 3))


@wrong("db", "db is a mean over the pictures: dY already holds any mean")
def db_mean_of_pictures(db, dY, X, W, stride, padding):
    return db / len(X)


@wrong("db", "db is a mean over pictures and places: all of them add up")
def db_mean(db, dY, X, W, stride, padding):
    return dY.mean(axis=(0, 2, 3))


@wrong("db", "db is a mean over the places: all of them add up")
def db_mean_of_places(db, dY, X, W, stride, padding):
    return dY.mean(axis=(2, 3)).sum(axis=0)


@wrong("db", "db is one number for all filters: each has a bias of its own")
def db_one_number(db, dY, X, W, stride, padding):
    return dY.sum()


@wrong("db", "db has the part of the first picture only: all pictures add to it")
def db_first_picture(db, dY, X, W, stride, padding):
    return dY[0].sum(axis=(1, 2))


@wrong("db", "db has the part of the last picture only: each picture overwrites the one before, instead of adding to it")
def db_last_picture(db, dY, X, W, stride, padding):
    return dY[-1].sum(axis=(1, 2))


@wrong("db", "the sign of db is turned around")
def db_negative(db, dY, X, W, stride, padding):
    return -db


@wrong("db", "db has the last place only: all places add to it")
def db_overwritten(db, dY, X, W, stride, padding):
    return dY[:, :, -1, -1].sum(axis=0)


@wrong("db", "db has the last place of the last picture only: all places of all pictures add to it")
def db_last_of_all(db, dY, X, W, stride, padding):
    return dY[-1, :, -1, -1]


@wrong("db", "db has four axes: its shape is (F,)")
def db_with_axes(db, dY, X, W, stride, padding):
    return dY.sum(axis=(0, 2, 3), keepdims=True)


@mistake("conv2d_backward", "all three gradients are divided by the number of pictures: dY already holds any mean")
def all_means(dY, X, W, stride=1, padding=0):
    return tuple(gradient / len(X) for gradient in solution.conv2d_backward(dY, X, W, stride, padding))


@mistake("conv2d_backward", "the filter is turned in dX and in dW: the layer is a correlation, the filter stays as it is")
def of_a_convolution(dY, X, W, stride=1, padding=0):
    dX, dW, db = solution.conv2d_backward(dY, X, W[:, :, ::-1, ::-1], stride, padding)
    return dX, dW[:, :, ::-1, ::-1], db


@mistake("conv2d_backward", "the results come in another order: dX, dW, db is asked for, and these are dW, dX, db")
def filters_before_pictures(dY, X, W, stride=1, padding=0):
    dX, dW, db = solution.conv2d_backward(dY, X, W, stride, padding)
    return dW, dX, db


@mistake("conv2d_backward", "the results come in another order: dX, dW, db is asked for, and these are dW, db, dX")
def pictures_last(dY, X, W, stride=1, padding=0):
    dX, dW, db = solution.conv2d_backward(dY, X, W, stride, padding)
    return dW, db, dX


# --- max_pool


def tiles_of(X, size):
    """The windows of a map: (N, C, rows, columns, size, size)."""
    rows, columns = X.shape[2] // size, X.shape[3] // size
    X = X[:, :, : rows * size, : columns * size].reshape(*X.shape[:2], rows, size, columns, size)
    return X.transpose(0, 1, 2, 4, 3, 5)


def pooled(change):
    """A max_pool that makes something else of the windows, with the right cache."""

    def wrong(X, size):
        return change(X, size), solution.max_pool(X, size)[1]

    wrong.__name__ = change.__name__
    return wrong


def kept_wrong(sentence):
    return lambda change: mistake("max_pool", sentence)(pooled(change))


@kept_wrong("the smallest entry of a window is kept")
def smallest(X, size):
    return -solution.max_pool(-X, size)[0]


@kept_wrong("the mean of a window is kept: max-pooling keeps the largest entry")
def mean_kept(X, size):
    return tiles_of(X, size).mean(axis=(4, 5))


@kept_wrong("the sum of a window is kept: max-pooling keeps the largest entry")
def sum_kept(X, size):
    return tiles_of(X, size).sum(axis=(4, 5))


@kept_wrong("the comparison starts at 0, or close to it: where all entries are negative, the largest is negative, too")
def starts_at_zero(X, size):
    return np.maximum(solution.max_pool(X, size)[0], 0)


@kept_wrong("the largest size is kept, without its sign: asked is the largest entry")
def largest_size(X, size):
    return solution.max_pool(np.abs(X), size)[0]


@kept_wrong("the entry farthest from 0 is kept: asked is the largest")
def farthest(X, size):
    high, low = solution.max_pool(X, size)[0], -solution.max_pool(-X, size)[0]
    return np.where(np.abs(high) >= np.abs(low), high, low)


@kept_wrong("the first entry of every window is kept, whatever it is")
def first_kept(X, size):
    return tiles_of(X, size)[..., 0, 0]


@kept_wrong("the last entry of every window is kept, whatever it is")
def last_kept(X, size):
    return tiles_of(X, size)[..., -1, -1]


@kept_wrong("rows and columns that are left over make windows of their own: they are dropped")
def left_over_kept(X, size):
    more = [-side % size for side in X.shape[2:]]
    X = np.pad(X.astype(float), ((0, 0), (0, 0), (0, more[0]), (0, more[1])), constant_values=-np.inf)
    return tiles_of(X, size).max(axis=(4, 5))


@kept_wrong("what is left over is dropped at the top and at the left: the windows begin there")
def dropped_in_front(X, size):
    rows, columns = X.shape[2] % size, X.shape[3] % size
    return solution.max_pool(X[:, :, rows:, columns:], size)[0]


@kept_wrong("the windows move by one entry and overlap: they stand side by side")
def overlapping(X, size):
    return np.lib.stride_tricks.sliding_window_view(X, (size, size), axis=(2, 3)).max(axis=(4, 5))


@kept_wrong("the windows begin at row i and column j, so they overlap: they belong at i · size and j · size")
def near_the_corner(X, size):
    windows = np.lib.stride_tricks.sliding_window_view(X, (size, size), axis=(2, 3))
    return windows[:, :, : X.shape[2] // size, : X.shape[3] // size].max(axis=(4, 5))


@kept_wrong("entries far apart are compared: in the reshape, the size of the windows stands before their number")
def far_apart(X, size):
    rows, columns = X.shape[2] // size, X.shape[3] // size
    return X[:, :, : rows * size, : columns * size].reshape(*X.shape[:2], size, rows, size, columns).max(axis=(2, 4))


@kept_wrong("pooling goes over the channels, too: each channel is pooled by itself")
def over_channels(X, size):
    return np.repeat(solution.max_pool(X, size)[0].max(axis=1, keepdims=True), X.shape[1], axis=1)


@kept_wrong("only rows are pooled: windows are size × size")
def rows_pooled(X, size):
    rows = X.shape[2] // size
    return X[:, :, : rows * size].reshape(*X.shape[:2], rows, size, X.shape[3]).max(axis=3)


@kept_wrong("only columns are pooled: windows are size × size")
def columns_pooled(X, size):
    columns = X.shape[3] // size
    return X[:, :, :, : columns * size].reshape(*X.shape[:3], columns, size).max(axis=4)


@kept_wrong("the windows are always 2 × 2, whatever size is")
def always_two(X, size):
    return solution.max_pool(X, 2)[0]


@kept_wrong("rows and columns of Y are exchanged")
def pooled_transposed(X, size):
    return solution.max_pool(X, size)[0].transpose(0, 1, 3, 2)


@kept_wrong("the largest entry of the whole map is kept: each window has its own")
def largest_of_all(X, size):
    Y = solution.max_pool(X, size)[0]
    return np.broadcast_to(X.max(axis=(2, 3), keepdims=True), Y.shape).copy()


@kept_wrong("only the first row of each window is looked at")
def first_row_of_windows(X, size):
    return tiles_of(X, size)[..., 0, :].max(axis=-1)


@kept_wrong("only the first column of each window is looked at")
def first_column_of_windows(X, size):
    return tiles_of(X, size)[..., 0].max(axis=-1)


@kept_wrong("only the diagonal of each window is looked at")
def diagonal_of_windows(X, size):
    return np.diagonal(tiles_of(X, size), axis1=4, axis2=5).max(axis=-1)


@kept_wrong("the place of the largest entry is kept, not the entry itself")
def place_kept(X, size):
    tiles = tiles_of(X, size)
    return tiles.reshape(*tiles.shape[:4], -1).argmax(axis=-1)


@kept_wrong("the reshape does not cut windows out: size² entries that follow each other in memory are no window")
def salad(X, size):
    rows, columns = X.shape[2] // size, X.shape[3] // size
    X = X[:, :, : rows * size, : columns * size]
    return X.reshape(*X.shape[:2], rows, columns, size * size).max(axis=-1)


# --- max_pool_backward


def laid_out(tiles, shape, size):
    """Windows (N, C, rows, columns, size²) side by side again, in a map of `shape`."""
    dX = np.zeros(shape)
    N, C, rows, columns, _ = tiles.shape
    whole = tiles.reshape(N, C, rows, columns, size, size).transpose(0, 1, 2, 4, 3, 5)
    dX[:, :, : rows * size, : columns * size] = whole.reshape(N, C, rows * size, columns * size)
    return dX


def won(tiles, which):
    """1 at one entry of each window, by its number; else 0."""
    return (np.arange(tiles.shape[-1]) == np.asarray(which)[..., None]).astype(float)


def blamed(sentence):
    """Declare a wrong share for the entries of each window: a function of dY with an axis more, the windows, and their size."""

    def declare(share):
        def wrong(dY, cache):
            tiles, shape, size = cache
            return laid_out(share(dY[..., None], tiles, size), shape, size)

        wrong.__name__ = share.__name__
        return mistake("max_pool_backward", sentence)(wrong)

    return declare


@blamed("all equal entries get the gradient: only the first in reading order does")
def all_ties(dY, tiles, size):
    return dY * (tiles == tiles.max(axis=-1, keepdims=True))


@blamed("equal entries share the gradient: the first in reading order gets all of it")
def ties_shared(dY, tiles, size):
    largest = tiles == tiles.max(axis=-1, keepdims=True)
    return dY * largest / largest.sum(axis=-1, keepdims=True)


@blamed("of equal entries the last one gets the gradient: the first in reading order does")
def last_tie(dY, tiles, size):
    return dY * won(tiles, tiles.shape[-1] - 1 - tiles[..., ::-1].argmax(axis=-1))


@blamed("of equal entries the first one down the columns gets the gradient: reading order goes along the rows")
def down_the_columns(dY, tiles, size):
    turned = tiles.reshape(*tiles.shape[:4], size, size).swapaxes(-1, -2).reshape(tiles.shape)
    winner = turned.argmax(axis=-1)
    return dY * won(tiles, winner % size * size + winner // size)


@blamed("every entry of a window gets the gradient: only the largest does")
def everybody(dY, tiles, size):
    return dY * np.ones_like(tiles, dtype=float)


@blamed("the gradient is spread over the window: that is the way back of a mean")
def spread_evenly(dY, tiles, size):
    return dY * np.ones_like(tiles, dtype=float) / size**2


@blamed("the first entry of every window gets the gradient, whoever was the largest")
def to_the_first(dY, tiles, size):
    return dY * won(tiles, np.zeros(tiles.shape[:-1]))


@blamed("the last entry of every window gets the gradient, whoever was the largest")
def to_the_last(dY, tiles, size):
    return dY * won(tiles, np.full(tiles.shape[:-1], size**2 - 1))


@blamed("the smallest entry gets the gradient")
def to_the_smallest(dY, tiles, size):
    return dY * won(tiles, tiles.argmin(axis=-1))


@blamed("the winner gets 1: it gets the number of dY")
def ones_for_winners(dY, tiles, size):
    return won(tiles, tiles.argmax(axis=-1))


@blamed("the winner gets its own value: it gets the number of dY")
def values_for_winners(dY, tiles, size):
    return won(tiles, tiles.argmax(axis=-1)) * tiles


@blamed("dY is multiplied by the winner's value: the slope of the largest along itself is 1")
def times_the_value(dY, tiles, size):
    return dY * won(tiles, tiles.argmax(axis=-1)) * tiles


@blamed("the winner's row and column are exchanged")
def winner_transposed(dY, tiles, size):
    winner = tiles.argmax(axis=-1)
    return dY * won(tiles, winner % size * size + winner // size)


@blamed("the gradient is divided by the size of the window: the winner gets all of it")
def divided_by_the_window(dY, tiles, size):
    return dY * won(tiles, tiles.argmax(axis=-1)) / size**2


@blamed("the sign is turned around")
def against_the_winner(dY, tiles, size):
    return -dY * won(tiles, tiles.argmax(axis=-1))


@blamed("everybody but the winner gets the gradient")
def to_the_losers(dY, tiles, size):
    return dY * (1 - won(tiles, tiles.argmax(axis=-1)))


@blamed("only positive gradients are handed on: that is a ReLU")
def positive_only(dY, tiles, size):
    return np.maximum(dY, 0) * won(tiles, tiles.argmax(axis=-1))


@blamed("the gradient's sign is lost")
def sizes_only(dY, tiles, size):
    return np.abs(dY) * won(tiles, tiles.argmax(axis=-1))


@mistake("max_pool_backward", "dX ends where the windows end: it has the shape of X, with 0 for what was left over")
def without_the_rest(dY, cache):
    _, shape, size = cache
    return solution.max_pool_backward(dY, cache)[:, :, : shape[2] // size * size, : shape[3] // size * size]


@mistake("max_pool_backward", "the rows and columns that were left over get the gradient of the window beside them: they get 0")
def rest_of_the_neighbour(dY, cache):
    _, shape, size = cache
    dX = solution.max_pool_backward(dY, cache)
    rows, columns = shape[2] // size * size, shape[3] // size * size
    dX[:, :, :, columns:] = dX[:, :, :, columns - 1 : columns]
    dX[:, :, rows:] = dX[:, :, rows - 1 : rows]
    return dX


@mistake("max_pool_backward", "what was left over is at the top and at the left: it belongs at the bottom and at the right")
def rest_in_front(dY, cache):
    _, shape, size = cache
    dX = solution.max_pool_backward(dY, cache)
    return np.roll(dX, (shape[2] % size, shape[3] % size), axis=(2, 3))


@mistake("max_pool_backward", "the numbers of dY stand in dX where they stand in dY: each belongs where its window's largest entry was")
def where_they_stood(dY, cache):
    dX = np.zeros(cache[1])
    dX[:, :, : dY.shape[2], : dY.shape[3]] = dY
    return dX


@mistake("max_pool_backward", "rows and columns of dX are exchanged")
def dx_of_pool_transposed(dY, cache):
    return solution.max_pool_backward(dY, cache).transpose(0, 1, 3, 2)


# --- augment


def thrown(images, moves, flips, mode="constant", fill=0.0):
    """Every image cut out of a frame of its own: moves (N, 2), flips (N,)."""
    N, H, W = images.shape
    wide = 6
    frame = np.pad(images, ((0, 0), (wide, wide), (wide, wide)), **({"mode": mode} if mode != "constant" else {"constant_values": fill}))
    rows, columns = np.arange(H) + wide - moves[:, :1], np.arange(W) + wide - moves[:, 1:]
    new = frame[np.arange(N)[:, None, None], rows[:, :, None], columns[:, None, :]]
    new[flips] = new[flips][:, :, ::-1]
    return new


def dice(images, rng, low=-2, high=2):
    N = len(images)
    return rng.integers(low, high + 1, size=(N, 2)), rng.random(N) < 0.5


@mistake("augment", "what leaves comes back in at the opposite side: zeros enter there")
def rolled(images, rng):
    moves, flips = dice(images, rng)
    new = np.stack([np.roll(image, tuple(move), axis=(0, 1)) for image, move in zip(images, moves, strict=True)])
    new[flips] = new[flips][:, :, ::-1]
    return new


@mistake("augment", "the dots at the border are repeated: zeros enter")
def border_drawn_out(images, rng):
    return thrown(images, *dice(images, rng), mode="edge")


@mistake("augment", "what enters is not 0: zeros enter where the picture has left")
def ones_enter(images, rng):
    return thrown(images, *dice(images, rng), fill=-1.0)


@mistake("augment", "one throw is used for the whole batch: each picture has its own")
def one_throw(images, rng):
    (moves, flips) = dice(images[:1], rng)
    return thrown(images, np.repeat(moves, len(images), axis=0), np.repeat(flips, len(images)))


@mistake("augment", "one move is used for the whole batch, only the mirroring differs: each picture has its own move")
def one_move(images, rng):
    moves, flips = dice(images, rng)
    return thrown(images, np.repeat(moves[:1], len(images), axis=0), flips)


@mistake("augment", "rows and columns always move by the same number: the two are drawn independently")
def along_the_diagonal(images, rng):
    moves, flips = dice(images, rng)
    return thrown(images, moves[:, [0, 0]], flips)


@mistake("augment", "the moves end at 1: the upper end of integers is not drawn")
def upper_end(images, rng):
    return thrown(images, *dice(images, rng, -2, 1))


def mirrored_first(images, moves, flips):
    """Mirrored, then moved: with moves to one side, other pictures than those that are moved first."""
    images = images.copy()
    images[flips] = images[flips][:, :, ::-1]
    return thrown(images, moves, flips & False)


@mistake("augment", "one number moves rows and columns, of mirrored pictures too: the two are drawn independently")
def mirrored_along_the_diagonal(images, rng):
    moves, flips = dice(images, rng)
    return mirrored_first(images, moves[:, [0, 0]], flips)


@mistake("augment", "no picture moves by 2: the upper end of integers is not drawn")
def upper_end_after_the_mirror(images, rng):
    return mirrored_first(images, *dice(images, rng, -2, 1))


@mistake("augment", "all pictures move down and to the right, or stay: asked are −2 to 2")
def one_way_after_the_mirror(images, rng):
    return mirrored_first(images, *dice(images, rng, 0, 2))


@mistake("augment", "all moves are 0 to 4: asked are −2 to 2, so the corner in the frame is not the move")
def none_back_after_the_mirror(images, rng):
    return mirrored_first(images, *dice(images, rng, 0, 4))


@mistake("augment", "rows and columns never move by the same number, before the mirror: the two are drawn independently")
def without_replacement(images, rng):
    _, flips = dice(images, rng)
    return thrown(images, rng.permuted(np.tile([-2, -1, 0, 1, 2], (len(images), 1)), axis=1)[:, :2], flips)


@mistake("augment", "rows and columns never move by the same number: the two are drawn independently")
def without_replacement_after_the_mirror(images, rng):
    _, flips = dice(images, rng)
    return mirrored_first(images, rng.permuted(np.tile([-2, -1, 0, 1, 2], (len(images), 1)), axis=1)[:, :2], flips)


@mistake("augment", "pictures move by at most 1: asked are −2 to 2")
def at_most_one(images, rng):
    return thrown(images, *dice(images, rng, -1, 1))


@mistake("augment", "pictures move by up to 3: asked are −2 to 2")
def at_most_three(images, rng):
    return thrown(images, *dice(images, rng, -3, 3))


@mistake("augment", "pictures move down and to the right only: asked are −2 to 2")
def one_way(images, rng):
    return thrown(images, *dice(images, rng, 0, 2))


@mistake("augment", "pictures move by 0 to 4: asked are −2 to 2, so the corner in the frame is not the move")
def none_back(images, rng):
    return thrown(images, *dice(images, rng, 0, 4))


@mistake("augment", "no picture stays in its row or column: a move of 0 is as likely as the others")
def never_still(images, rng):
    moves, flips = dice(images, rng)
    return thrown(images, rng.choice([-2, -1, 1, 2], size=moves.shape), flips)


@mistake("augment", "pictures move by −2, 0 or 2 only")
def even_moves(images, rng):
    moves, flips = dice(images, rng, -1, 1)
    return thrown(images, 2 * moves, flips)


@mistake("augment", "pictures move by rows only")
def rows_moved(images, rng):
    moves, flips = dice(images, rng)
    return thrown(images, moves * [1, 0], flips)


@mistake("augment", "pictures move by columns only")
def columns_moved(images, rng):
    moves, flips = dice(images, rng)
    return thrown(images, moves * [0, 1], flips)


@mistake("augment", "no picture moves")
def never_moved(images, rng):
    moves, flips = dice(images, rng)
    return thrown(images, 0 * moves, flips)


@mistake("augment", "no picture is mirrored")
def never_mirrored(images, rng):
    moves, flips = dice(images, rng)
    return thrown(images, moves, flips & False)


@mistake("augment", "every picture is mirrored: the probability is ½")
def always_mirrored(images, rng):
    moves, flips = dice(images, rng)
    return thrown(images, moves, flips | True)


@mistake("augment", "only pictures that move down are mirrored: the coin does not depend on the move")
def coin_of_the_move(images, rng):
    moves, _ = dice(images, rng)
    return thrown(images, moves, moves[:, 0] > 0)


@mistake("augment", "only pictures that move to the right are mirrored: the coin does not depend on the move")
def coin_of_the_columns(images, rng):
    moves, _ = dice(images, rng)
    return thrown(images, moves, moves[:, 1] > 0)


@mistake("augment", "rows are mirrored, and the picture stands on its head: left for right means the last axis")
def on_its_head(images, rng):
    moves, flips = dice(images, rng)
    new = thrown(images, moves, flips & False)
    new[flips] = new[flips][:, ::-1]
    return new


@mistake("augment", "mirrored pictures are turned by half a turn: rows and columns are turned around, and only columns should be")
def half_a_turn(images, rng):
    moves, flips = dice(images, rng)
    new = thrown(images, moves, flips)
    new[flips] = new[flips][:, ::-1]
    return new


@mistake("augment", "the pictures come in the opposite order: mirroring goes along the last axis, not along the first")
def batch_turned(images, rng):
    moves, flips = dice(images, rng)
    return thrown(images[::-1], moves, flips & False)
