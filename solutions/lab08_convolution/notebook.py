# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     notebook_metadata_filter: -jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Seeing with filters
#
# In this lab you write a convolutional layer: forward, backward, with pooling. Then you use one whose filters are random numbers. Nobody
# trains them, and still they read digits better than a network that sees all pixels at once.
#
# Allow 130 minutes, reading included. Have a break after `conv2d`.

# %% tags=["setup"]
import course_utils  # not found? Run %pip install handgrad in a new cell, then this cell again

import math
import time

import numpy as np

from course_utils import answer, charts, check, data, explore_filter, explore_pool, explore_shift
from course_utils import filters, hint, plots, predict, progress, review, tables

# %%
mnist = data.mnist()
images, labels = mnist.X_train[:, 0], mnist.y_train  # (3500, 28, 28), ink from 0 to 1
new_images, new_labels = mnist.X_valid[:, 0], mnist.y_valid

order = np.random.default_rng(1).permutation(784)


def shuffled(pictures):
    """The same pixels in another order, one order for all pictures."""
    return pictures.reshape(-1, 784)[:, order].reshape(-1, 28, 28)

# %%
filters.side_by_side(
    [(f"a {labels[k]}", images[k]) for k in range(4)]
    + [("shuffled", shuffled(images[k : k + 1])[0]) for k in range(4)],
    columns=4, paper=True,
)

# %% [markdown]
# You cannot read the lower row. Here is a reader that finds one weight for each pixel and each digit, by least squares with a small L2
# penalty. How does it do?

# %%
predict(
    "A linear reader learns from 3500 shuffled digits. How well does it read new ones?",
    ["as well as digits as written", "a little worse", "no better than guessing"],
)


# %%
def reader(features, pictures, labels):
    """A linear reader of these features: a function from pictures to ten scores for each."""

    def rows(pictures):
        found = features(pictures)
        return np.column_stack([found, np.ones(len(found), dtype=found.dtype)])

    F = rows(pictures)
    columns = np.ascontiguousarray(F.T)  # each beside itself in memory: a browser's NumPy multiplies these faster
    A = columns @ columns.T
    A[np.diag_indices(len(A))] += 0.01 * np.trace(A) / len(A)  # the penalty
    W = np.linalg.solve(A, F.T @ np.eye(10, dtype=F.dtype)[labels])
    return lambda pictures: rows(pictures) @ W


def share_right(read, pictures, labels):
    return np.mean(np.argmax(read(pictures), axis=1) == labels)


# %%
def pixels(pictures):
    return pictures.reshape(len(pictures), -1)


def as_written(pictures):
    return pictures


def share_with(features, change=as_written):
    """Learn from 3500 digits, all changed in one way; the share of 500 new ones that is read right."""
    return share_right(reader(features, change(images), labels), change(new_images), new_labels)

# %%
charts.bars(
    lambda: [("as written", share_with(pixels)), ("shuffled", share_with(pixels, shuffled)), ("guessing", 0.1)],
    "A linear reader does not care where a pixel is",
    "share of new digits read right",
)

# %% [markdown]
# A weight belongs to a pixel, wherever that pixel is. So this reader, and every fully connected network, starts without knowing that
# some pixels are *neighbours*. (That is what the shuffled digits of [lab 0](../lab00_start/lab00_start.ipynb) were about.) You know it,
# and you look for strokes and edges. How could a network?

# %% [markdown]
# ## A filter by hand
#
# A *filter* is a small matrix of weights. Lay it on a piece of the picture, multiply what lies on each other, and add up. Then move it by one
# pixel. On paper, the filter is $(-1\ \ 0\ \ 1)$ in all three rows:
#
# | picture | | | | |
# |---|---|---|---|---|
# | 0 | 0 | 9 | 9 | 9 |
# | 0 | 0 | 9 | 9 | 9 |
# | 0 | 0 | 9 | 9 | 9 |
#
# First place: each row gives $-1\cdot0+0\cdot0+1\cdot9=9$, together 27. What do the other two places give?
#
# <details><summary>Answer</summary>
#
# 27, then 0. The third place sees 9, 9, 9 in each row, and $-9+9=0$: nothing changes there.
# </details>

# %%
picture = np.array([[0, 0, 9, 9, 9]] * 3)
by_hand = np.array([[-1, 0, 1]] * 3)
[int(np.sum(picture[:, j : j + 3] * by_hand)) for j in range(3)]

# %% [markdown]
# The filter answers where the picture gets brighter from left to right, and it has **the same weights at every place**. Now swap the first
# and the last column of the filter in the cell above, and guess before you run it.
#
# ### Is this a convolution?
#
# In mathematics, a convolution turns the filter by half a turn first. Without the turn it is a *correlation*:

# %%
tables.lines(
    ["0, 0, 9, 9, 9 with −1, 0, 1", "1st", "2nd", "3rd"],
    ["correlation", *np.correlate([0, 0, 9, 9, 9], [-1, 0, 1], mode="valid")],
    ["convolution", *np.convolve([0, 0, 9, 9, 9], [-1, 0, 1], mode="valid")],
)

# %% [markdown]
# Lecture 001 says "convolve" and computes a correlation, "computing dot products". So do all libraries, and so does this lab. For filters that are
# *learned* it makes no difference: they are learned the other way round. For filters by hand it turns dark-to-bright into bright-to-dark.

# %% [markdown]
# ## How large is the map?
#
# The answers at all places make a new picture, a *map*. It is smaller than the picture. A row of 7 pixels, and a filter of 3:
#
# | padding | stride | pixels, with the zeros | places | map |
# |---|---|---|---|---|
# | 0 | 1 | `abcdefg` | abc, bcd, cde, def, efg | 5 |
# | 0 | 2 | `abcdefg` | abc, cde, efg | 3 |
# | 0 | 3 | `abcdefg` | abc, def | 2 |
# | 1 | 1 | `0abcdefg0` | 0ab, abc, … fg0 | 7 |
# | 1 | 3 | `0abcdefg0` | 0ab, cde, fg0 | 3 |
#
# *Padding* adds zeros at both ends. The *stride* is how far the filter moves.

# %% [markdown]
# ### Exercise: `conv_output_size`
# *Easy, 5 minutes.*
#
# How far can the filter move at all? How many strides fit into that way? And which place has not been counted then?


# %% nbgrader={"grade": false, "grade_id": "conv_output_size", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_output_size(size, kernel, stride=1, padding=0):
    """How many places a filter has along one side of a picture, a whole number (int or np.int64).

    size: pixels along this side.  kernel: pixels along the filter's side.
    stride: how far the filter moves.  padding: zeros added at *each* end.
    A filter never reaches over the end: pixels that are left over there are not used.
    The padded side is at least as long as the filter.
    conv_output_size(32, 5)  ->  28        conv_output_size(7, 3, 3, 1)  ->  3
    """
    ### BEGIN SOLUTION
    return (size + 2 * padding - kernel) // stride + 1
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv_output_size_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("conv_output_size")

# %%
tables.rows(
    ["stride", "32 pixels, filter of 5", "padding 2"],
    lambda: [[s, conv_output_size(32, 5, s), conv_output_size(32, 5, s, 2)] for s in (1, 2, 3, 4)],
)

# %% [markdown]
# With padding 2, a filter of 5 keeps the size: 32 stays 32. A stride of 2 halves it.
#
# ## How many weights?
#
# In lecture 001 a colour picture of 32 × 32 × 3 numbers meets six filters. A filter "always extends the full depth": it is 5 × 5 × 3, has one bias, and
# makes one map of 28 × 28. A fully connected layer from all numbers to as many outputs needs, with biases:

# %%
inputs, outputs = 32 * 32 * 3, 28 * 28 * 6
f"{inputs * outputs + outputs:,}"

# %%
predict(
    "How many weights and biases do the six filters have together?",
    ["about 500", "about 5000", "about 350 000"],
)

# %% [markdown]
# ### Exercise: `conv_params`
# *Easy, 3 minutes.*
#
# | filters | side | channels | weights of one | biases of one | together |
# |---|---|---|---|---|---|
# | 1 | 4 | 1 | 16 | 1 | 17 |
# | 1 | 4 | 3 | 48 | 1 | 49 |
# | 10 | 4 | 3 | 48 | 1 | 490 |


# %% nbgrader={"grade": false, "grade_id": "conv_params", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_params(kernel, channels, filters):
    """How many weights and biases a convolutional layer has together, a whole number (int).

    kernel: pixels along a filter's side; filters are square.
    channels: how deep the picture is, such as 3 for colours.
    filters: how many there are; each has one bias.
    conv_params(4, 3, 10)  ->  490
    """
    ### BEGIN SOLUTION
    return (kernel * kernel * channels + 1) * filters
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv_params_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("conv_params")

# %%
tables.rows(
    ["six filters of 5 × 5 × 3", "fully connected", "times as many"],
    lambda: [
        [conv_params(5, 3, 6), inputs * outputs + outputs, (inputs * outputs + outputs) / conv_params(5, 3, 6)],
    ],
)

# %% [markdown]
# Two ideas save all this: a filter looks at a *small* piece, and its weights are *shared* by all places. Note that the size of the picture does not
# occur at all.

# %% [markdown]
# ## The layer
#
# A batch is (N, C, H, W): pictures, channels, rows, columns. The filters are (F, C, K, K), so each is as deep as the picture. One number of the map:
#
# | | |
# |---|---|
# | lay filter $f$ on picture $n$, its corner at row $i\cdot$stride, column $j\cdot$stride | a piece (C, K, K) |
# | multiply piece and filter entry by entry, add up everything | one number |
# | add the bias of filter $f$ | `Y[n, f, i, j]` |

# %% [markdown]
# ### Exercise: `conv2d`
# *Medium, 15 minutes.*
#
# Write it with loops first: four of them are enough if NumPy multiplies the piece. A picture with one channel, a filter of ones, and a bias of 100:
#
# | X | | | | Y, stride 1 | |
# |---|---|---|---|---|---|
# | 1 | 2 | 3 | | $1+2+4+5+100=112$ | 116 |
# | 4 | 5 | 6 | | 124 | 128 |
# | 7 | 8 | 9 | | | |


# %% nbgrader={"grade": false, "grade_id": "conv2d", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d(X, W, b, stride=1, padding=0):
    """Slide every filter over every picture: a correlation, the filters are not turned.

    X: pictures (N, C, H, W), perhaps of whole numbers or bytes.  Filters W (F, C, K, K) and
    biases b (F,) are floats.
    stride: how far a filter moves, down and across.
    padding: rows and columns of zeros, added on all four sides of every picture.
    Rows and columns that are left over at the bottom and at the right are not used.
    Returns Y (N, F, H_out, W_out), a new array of floats; leaves X, W and b as they are.
    For X = [[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]], a 2 x 2 filter of ones, b = [100]:
    Y is [[[[112, 116], [124, 128]]]].
    """
    ### BEGIN SOLUTION
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    pieces = np.lib.stride_tricks.sliding_window_view(X, W.shape[2:], axis=(2, 3))
    pieces = pieces[:, :, ::stride, ::stride]  # (N, C, H_out, W_out, K, K)
    return np.einsum("ncijkl,fckl->nfij", pieces, W) + b[:, None, None]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv2d_check", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
check("conv2d")

# %%
photo = data.photo() / 255
grey = (photo @ [0.299, 0.587, 0.114])[None, None]  # (1, 1, 128, 192)


def slide(kernel, pictures=grey):
    """Your conv2d with one filter (K, K) on grey pictures: the first map."""
    kernel = np.asarray(kernel, dtype=float)
    return conv2d(pictures, kernel[None, None], np.zeros(1))[0, 0]

# %%
filters.side_by_side(
    [
        ("a temple in Beijing", grey[0, 0]),
        ("each pixel the mean of 5 × 5", lambda: slide(np.full((5, 5), 1 / 25))),
    ],
    columns=2, size=(3.0, 2.0),
)

# %% [markdown]
# Your first filter blurs. **Now slide one yourself.** Drag the window over the small picture. Which places make the map bright, which dark, and
# which zero? What does a stride of 2 leave out?

# %%
explore_filter(conv2d)

# %% [markdown]
# <details><summary>What you should see</summary>
#
# The sum is far from 0 only where an edge of the filter's direction lies under the window. On even ground the positive and negative weights cancel. A stride of 2
# keeps every second place in every second row, a quarter of all numbers.
# </details>
#
# ## What does it cost?
#
# Every number of the map takes $C\cdot K^2$ multiplications, and there are $N\cdot F\cdot H_{out}\cdot W_{out}$ of them. For four digits and eight filters of 5 × 5:

# %%
f"{4 * 8 * 24 * 24 * 1 * 5 * 5:,} multiplications"

# %% [markdown]
# A computer can do that in about a millisecond. Loops in Python cannot. But all pieces of a picture can be had *without copying*: they are a view, in which rows overlap in memory.
# `reshape` copies them once, one piece in each row. Then one matrix product does everything.

# %%
def windows(pictures, side=5):
    """All pieces (side, side) of pictures (N, H, W): a view (N, H', W', side, side)."""
    return np.lib.stride_tricks.sliding_window_view(pictures, (side, side), axis=(1, 2))


bank = np.random.default_rng(0).normal(size=(25, 32)).astype(np.float32)  # 32 filters, as columns


def maps_of(pictures, bank):
    """(N, 28, 28) and filters (25, F): maps (N, 24, 24, F), with one product."""
    return windows(pictures).reshape(len(pictures), 24, 24, 25) @ bank


def by_loops(pictures, bank):
    maps = np.zeros((len(pictures), 24, 24, bank.shape[1]))
    for n, i, j, f in np.ndindex(maps.shape):
        maps[n, i, j, f] = np.sum(pictures[n, i : i + 5, j : j + 5] * bank[:, f].reshape(5, 5))
    return maps


# %%
predict(
    "How much faster than the loops is one product?",
    ["about twice", "about ten times", "a hundred times or more"],
)


# %%
def seconds(function, *args):
    begin = time.perf_counter()
    function(*args)
    return time.perf_counter() - begin


def yours(pictures, bank):
    return conv2d(pictures[:, None], bank.T.reshape(-1, 1, 5, 5), np.zeros(bank.shape[1]))


four, eight = images[:4], bank[:, :8]

# %%
charts.bars(
    lambda: [
        (name, 1000 * min(seconds(way, four, eight) for _ in range(2)))
        for name, way in (("loops", by_loops), ("one product", maps_of), ("your conv2d", yours))
    ],
    "Four digits, eight filters",
    "milliseconds",
)

# %% [markdown]
# From here on, big experiments use `maps_of`. It gives the same numbers as *your* layer:

# %%
def compared():
    maps = yours(four, eight)
    return [[abs(maps).max(), abs(maps - maps_of(four, eight).transpose(0, 3, 1, 2)).max()]]


tables.rows(["largest number of all maps", "largest difference"], compared)

# %% [markdown]
# ## Edges
#
# ### Exercise: `edge_filters`
# *Easy, 5 minutes.*
#
# A filter for *vertical* edges compares left and right; so it sees the border between a dark part and a bright part beside it. It gives 0 on even
# ground, and 0 on a horizontal edge. Wherever it gets brighter to the right, its answers have one sign; which one, and the scale, are yours. The filter for
# *horizontal* edges does the same with top and bottom. The pair holds the vertical one first.


# %% nbgrader={"grade": false, "grade_id": "edge_filters", "locked": false, "schema_version": 3, "solution": true, "task": false}
edge_filters = None  # (for vertical edges, for horizontal edges): a pair of 3 x 3 arrays or nested lists
### BEGIN SOLUTION
_vertical = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])  # Sobel's filters
edge_filters = (_vertical, _vertical.T)
### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "edge_filters_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("edge_filters")

# %%
def edges(which):
    """The map of one of your two filters on the photograph."""
    if edge_filters is None:
        raise NotImplementedError
    return slide(edge_filters[which])


filters.side_by_side(
    [
        ("vertical edges", lambda: edges(0)),
        ("horizontal edges", lambda: edges(1)),
        ("both: how steep", lambda: np.hypot(edges(0), edges(1))),
    ],
    columns=3, size=(2.3, 1.55),
)

# %% [markdown]
# Pillars on the left, beams and eaves in the middle. Grey means 0, in the third picture black does: the sky is empty in all three.
#
# These filters were thought out by people. Can they be *learned*? For that we need gradients.

# %% [markdown]
# ## On the way back
#
# One row of four pixels, a filter $(w_1, w_2)$, so three answers:
#
# $$y_1=w_1x_1+w_2x_2\qquad y_2=w_1x_2+w_2x_3\qquad y_3=w_1x_3+w_2x_4$$
#
# | who | is used in | so its gradient is |
# |---|---|---|
# | $x_1$ | $y_1$ | $dy_1w_1$ |
# | $x_2$ | $y_1$ and $y_2$ | $dy_1w_2+dy_2w_1$ |
# | $w_1$ | all three | $dy_1x_1+dy_2x_2+dy_3x_3$ |
# | $b$ | all three | $dy_1+dy_2+dy_3$ |
#
# Whoever is used several times collects blame several times ([lab 5](../lab05_autograd/lab05_autograd.ipynb)). **How often is a pixel in the middle of a picture used by a filter of 3 × 3?**

# %%
def uses(side, kernel):
    """How many places of the filter see each pixel: go to every place, and count its pixels."""
    count = np.zeros((side, side))
    for i in range(side - kernel + 1):
        for j in range(side - kernel + 1):
            count[i : i + kernel, j : j + kernel] += 1
    return count

# %%
plots.matrix(lambda: uses(6, 3), "A pixel in the middle is used K² = 9 times", [" "] * 6, [" "] * 6)

# %% [markdown]
# ### Exercise: `conv2d_backward`
# *Hard, 20 minutes.*
#
# Go to the same places as in `conv2d`. At each of them you hold one number `dY[n, f, i, j]`, one piece of the picture and one filter. To which parts of `dX`, `dW` and `db`
# does this number add something, and what? On paper: $x=(1,2,3,4)$, $w=(10,1)$, $dy=(1,0,2)$.
#
# | | | |
# |---|---|---|
# | $dx$ | $(1\cdot10,\ 1\cdot1+0\cdot10,\ 0\cdot1+2\cdot10,\ 2\cdot1)$ | $(10, 1, 20, 2)$ |
# | $dw$ | $(1\cdot1+0\cdot2+2\cdot3,\ 1\cdot2+0\cdot3+2\cdot4)$ | $(7, 10)$ |
# | $db$ | $1+0+2$ | 3 |


# %% nbgrader={"grade": false, "grade_id": "conv2d_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d_backward(dY, X, W, stride=1, padding=0):
    """The gradients of the layer Y = conv2d(X, W, b, stride, padding).

    dY: the gradient with respect to Y, (N, F, H_out, W_out).
    X (N, C, H, W), W (F, C, K, K), stride, padding: as they were on the way forward.
    Returns dX (N, C, H, W), dW (F, C, K, K) and db (F,): new arrays of floats, in this order;
    leaves dY, X and W as they are.  dY already holds any division by N.  Pixels that no
    filter used get 0; the zeros of the padding are no pixels, so they get no row in dX.
    """
    ### BEGIN SOLUTION
    K = W.shape[2]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    d_padded, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for i in range(dY.shape[2]):
        for j in range(dY.shape[3]):
            rows, columns = slice(i * stride, i * stride + K), slice(j * stride, j * stride + K)
            at = dY[:, :, i, j]  # (N, F)
            dW += np.einsum("nf,nckl->fckl", at, padded[:, :, rows, columns])
            d_padded[:, :, rows, columns] += np.einsum("nf,fckl->nckl", at, W)
    dX = d_padded[:, :, padding : padding + X.shape[2], padding : padding + X.shape[3]]
    return dX.copy(), dW, dY.sum(axis=(0, 2, 3))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv2d_backward_check", "locked": true, "points": 24, "schema_version": 3, "solution": false, "task": false}
check("conv2d_backward")

# %% [markdown]
# ### A filter that learns what an edge is
#
# Nobody tells it the weights of Prewitt's filter (1970). It gets a piece of the photograph, and the map that it should make of it. It starts at 0.

# %%
roof = grey[:, :, 40:54, 60:80] - grey.mean()
prewitt = np.array([[-1.0, 0, 1]] * 3)[None, None]


def learn_an_edge(steps=200, lr=0.36):
    """The filter on its way from zeros; your layer, your gradients."""
    target = conv2d(roof, prewitt, np.zeros(1))
    W, b, trail = np.zeros((1, 1, 3, 3)), np.zeros(1), []
    for _ in range(steps):
        error = conv2d(roof, W, b) - target
        _, dW, db = conv2d_backward(2 * error / error.size, roof, W)  # of the mean squared error
        W, b = W - lr * dW, b - lr * db
        trail.append(W[0, 0])
    return trail


learned = plots.computed(learn_an_edge)

# %%
def after(k):
    return learned if isinstance(learned, str) else learned[k - 1]


filters.side_by_side(
    [
        ("to be found", prewitt[0, 0]), ("after 1 step", lambda: after(1)),
        ("after 10 steps", lambda: after(10)), ("after 200 steps", lambda: after(200)),
    ],
    columns=4, signed=True,
)

# %% [markdown]
# Your gradients found the filter in the photograph. Whole networks do the same, but there nobody knows the map that a filter should make.

# %% [markdown]
# ## Pooling
#
# *Is there an edge somewhere near here?* Often it does not matter where exactly. *Max-pooling* cuts a map into windows that do not overlap, and keeps the largest number of each.
#
# | X | | | | | Y, size 2 | |
# |---|---|---|---|---|---|---|
# | 1 | 5 | 2 | 2 | 9 | 5 | 4 |
# | 3 | 0 | 4 | 1 | 9 | −1 | 7 |
# | −8 | −1 | 7 | 7 | 9 | | |
# | −2 | −3 | 0 | 7 | 9 | | |
#
# The fifth column is left over, and is dropped. On the way back each number of `dY` goes to the entry that won, and all others get 0. **Three sevens tie: who gets it?** The first one in reading order.

# %% [markdown]
# ### Exercise: `max_pool`
# *Medium, 8 minutes.*
#
# What will the way back need to know? Put that into `cache`.


# %% nbgrader={"grade": false, "grade_id": "max_pool", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool(X, size):
    """The largest entry of every window of size x size; windows do not overlap.

    X: (N, C, H, W), with H and W of size or more.  Rows and columns that are left over at
    the bottom and at the right are dropped.
    Returns Y (N, C, H // size, W // size), a new array, and a cache: whatever *your*
    max_pool_backward needs, such as a tuple of X and numbers; other maps may be pooled
    before its turn.  Leaves X as it is.
    With X = [[[[1, 5, 2], [3, 0, 4]]]] and size 2, Y is [[[[5]]]].
    """
    ### BEGIN SOLUTION
    N, C, H, W = X.shape
    rows, columns = H // size, W // size
    tiles = X[:, :, : rows * size, : columns * size].reshape(N, C, rows, size, columns, size)
    tiles = tiles.transpose(0, 1, 2, 4, 3, 5).reshape(N, C, rows, columns, size * size)
    return tiles.max(axis=-1), (tiles, X.shape, size)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "max_pool_check", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
check("max_pool")

# %% [markdown]
# ### Exercise: `max_pool_backward`
# *Medium, 8 minutes.*
#
# Above, with $dY=\begin{pmatrix}10&20\\30&40\end{pmatrix}$: the 10 goes to the entry 5, the 20 to the 4, the 30 to the $-1$, the 40 to the first 7.


# %% nbgrader={"grade": false, "grade_id": "max_pool_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool_backward(dY, cache):
    """The gradient with respect to X of Y, cache = max_pool(X, size).

    dY: (N, C, H // size, W // size).  cache: what your max_pool returned.  Leaves both
    as they are.
    Returns dX (N, C, H, W), a new array of floats: every number of dY stands where the
    largest entry of its window was, of equal ones at the first in reading order; all else is 0.
    """
    ### BEGIN SOLUTION
    tiles, shape, size = cache
    winner, dX = tiles.argmax(axis=-1), np.zeros(shape)
    n, c, i, j = np.indices(dY.shape)
    dX[n, c, i * size + winner // size, j * size + winner % size] = dY
    return dX
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "max_pool_backward_check", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
check("max_pool_backward")

# %% [markdown]
# **Which entry won?** Choose a picture with ties, then one that is negative everywhere. The coloured entries are where *your* gradient goes.

# %%
explore_pool(max_pool, max_pool_backward)

# %% [markdown]
# <details><summary>What you should see</summary>
#
# Each window has exactly one coloured entry, its largest, also where all entries are negative, and where several are equal. With size 3 a row and two columns are left over. They get no gradient.
# </details>

# %% [markdown]
# ## A network that learns nothing in its first layer
#
# Now the experiment. 32 filters of 5 × 5 are drawn from a normal distribution and **never trained**. After them come a ReLU and max-pooling over
# 4 × 4, so a digit becomes $32\cdot6\cdot6=1152$ numbers. Only the linear reader from the beginning learns.

# %%
filters.side_by_side(
    [("", bank[:, k].reshape(5, 5)) for k in range(16)], columns=8, signed=True, size=(0.7, 0.7)
)


# %%
def pooled(maps, size=4):
    """Windows side by side along two new axes, and the largest of each: (N, 24, 24, F) to (N, 6, 6, F)."""
    N, H, W, F = maps.shape
    return maps.reshape(N, H // size, size, W // size, size, F).max(axis=(2, 4))


def filtered(pictures):
    """1152 features of each digit, from 32 random filters."""
    parts = np.array_split(pictures, max(1, len(pictures) // 250))  # one by one, to save memory
    maps = [pooled(maps_of(part, bank)) for part in parts]
    return np.maximum(np.concatenate(maps), 0).reshape(len(pictures), -1)


rng = np.random.default_rng(2)
dense_W = rng.normal(0, 0.1, size=(784, 1152)).astype(np.float32)
dense_b = rng.normal(0, 0.5, size=1152).astype(np.float32)


def dense(pictures):
    """As many features, from a fully connected layer of random numbers."""
    return np.maximum(pixels(pictures) @ dense_W + dense_b, 0)


# %%
predict(
    "Pixels gave 0.84. What do 32 filters give that nobody has trained?",
    ["about 0.3", "about 0.84 again", "more than 0.95"],
)

# %%
kinds = {"pixels": pixels, "random dense": dense, "random filters": filtered}
charts.bars(
    lambda: [(name, share_with(features)) for name, features in kinds.items()],
    "Random filters read 97 of 100 digits",
    "share of new digits read right",
)

# %% [markdown]
# Of the error, five sixths are gone, and no filter was learned. (With 500 digits, take ±0.01 as chance.) Is it the *random numbers*, the *number* of features, or the *neighbourhood*? Shuffle the
# pixels.

# %%
predict(
    "The pixels are shuffled. What is left of the 0.97 of random filters?",
    ["0.97: a network does not care", "about as much as random dense features have", "no more than guessing"],
)

# %%
plots.matrix(
    lambda: [[share_with(features), share_with(features, shuffled)] for features in kinds.values()],
    "Shuffled, filters fall to dense features",
    list(kinds),
    ["as written", "shuffled"],
)

# %% [markdown]
# The filters fall to the level of dense features; the others do not care. So the advantage **was the neighbourhood**: a small piece of a picture is worth looking at only if its pixels belong together.
# We built that in; nothing was learned.

# %% [markdown]
# ## Shift, mirror, turn
#
# Pooling asks "somewhere near here?". So a shift of two pixels should not matter much. Does it?

# %%
def moved(pictures, down, right):
    """All pictures, moved; what leaves is lost, and zeros enter."""
    frame = np.pad(pictures, ((0, 0), (6, 6), (6, 6)))
    return frame[:, 6 - down : 34 - down, 6 - right : 34 - right]


readers = {name: reader(features, images, labels) for name, features in kinds.items()}
changes = {
    "as written": new_images,
    "by 2": moved(new_images, 0, 2),
    "by 2 and 2": moved(new_images, 2, 2),
    "mirrored": new_images[:, :, ::-1],
    "half a turn": new_images[:, ::-1, ::-1],
}

# %%
plots.matrix(
    lambda: [
        [share_right(read, pictures, new_labels) for read in readers.values()] for pictures in changes.values()
    ],
    "What a change of the picture does",
    ["as written", "2 to the right", "2 right, 2 down", "mirrored", "half a turn"],
    ["pixels", "dense", "filters"],
)

# %% [markdown]
# Move a digit, and look at what the readers say. **From how many pixels on does each of them fail?**

# %%
two = {name: readers[name] for name in ("pixels", "random filters")}
explore_shift(two, new_images[9], new_labels[9])

# %% [markdown]
# <details><summary>What you should see</summary>
#
# The linear reader loses the digit first. The filters hold on longer, about as far as a pooling window is wide. Beyond that, they fail too: the reader behind them has one weight for each place.
# </details>
#
# A mirrored or turned digit is another matter.

# %%
predict(
    "All digits are mirrored, left for right. How many of the 3s do random filters read right?",
    ["nearly all", "about half", "none"],
)


# %%
def read_as(pictures, digit, said):
    """Of all pictures of a digit, the share that the random filters' reader takes for `said`."""
    return np.mean(np.argmax(readers["random filters"](pictures[new_labels == digit]), axis=1) == said)

# %%
def row(d, said):
    turned = read_as(changes["half a turn"], d, said)
    written, mirrored = (float(read_as(pictures, d, d)) for pictures in (new_images, changes["mirrored"]))
    return [str(d), written, mirrored, f"{said}: {turned:.2f}"]


tables.lines(
    ["digit", "as written", "mirrored, still read right", "half a turn, read as"],
    *[row(d, said) for d, said in ((0, 0), (3, 3), (5, 5), (6, 9), (8, 8), (9, 6))],
)

# %% [markdown]
# A mirrored 3 is no 3, and almost every 9 turned is read as a 6. The reader is not wrong: **a turned 9 *is* a 6**. Remember this when you make new pictures out of old ones.

# %% [markdown]
# ## More data than you have
#
# A moved digit is still the same digit. So 3500 pictures can become 35 000, with the labels they have. That is *augmentation*: "simulating more diversity from existing data" (lecture 001), by moving, scaling, distorting, changing
# colours.

# %% [markdown]
# ### Exercise: `augment`
# *Medium, 10 minutes.*
#
# Every picture gets a throw of its own, and may have any size (`moved` above is for 28 × 28 only). A row `1 2 3 4 5`, moved 2 to the right, becomes `0 0 1 2 3`: nothing comes back in at the other side. Mirrored, it is `5 4 3 2 1`.


# %% nbgrader={"grade": false, "grade_id": "augment", "locked": false, "schema_version": 3, "solution": true, "task": false}
def augment(images, rng):
    """New pictures out of old ones, each changed by its own throw of the dice.

    images: grey pictures (N, H, W), with H and W of 3 or more.
    rng: a NumPy generator. All chance comes from it, so the same seed gives the same
    pictures, and the next call gives others.
    Every picture is mirrored left for right with probability 1/2. It moves by -2, -1, 0, 1
    or 2 rows, and by -2 to 2 columns; each number has the same chance, and all three are
    drawn independently. What leaves is lost, and zeros enter.
    Returns a new array (N, H, W), in the same order; leaves images as it is.
    """
    ### BEGIN SOLUTION
    N, H, W = images.shape
    frame = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    corners, mirrored = rng.integers(0, 5, size=(N, 2)), rng.random(N) < 0.5
    new = np.zeros(images.shape, dtype=images.dtype)
    for n, (row, column) in enumerate(corners):
        new[n] = frame[n, row : row + H, column : column + W]
    new[mirrored] = new[mirrored][:, :, ::-1]
    return new
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "augment_check", "locked": true, "points": 18, "schema_version": 3, "solution": false, "task": false}
check("augment")

# %%
def twelve():
    return augment(images[np.full(12, 5)], np.random.default_rng(3))


filters.side_by_side(
    [(f"a {labels[5]}, and twelve of yours", images[5])]
    + [("", lambda k=k: twelve()[k]) for k in range(12)],
    columns=7, paper=True, size=(0.9, 0.9),
)

# %% [markdown]
# ### Does it help?
#
# The reader behind the random filters learns from the 3500 digits; then with two new pictures beside each, that were only moved; then with two of *yours*, that were moved and mirrored.

# %%
def only_moved(pictures, rng):
    """Moved as in the exercise, and never mirrored."""
    shifts = rng.integers(-2, 3, size=(len(pictures), 2))
    return np.concatenate([moved(pictures[n : n + 1], *shift) for n, shift in enumerate(shifts)])


def with_more(more, features=filtered):
    """The reader of these features, with two new pictures beside each old one."""
    rng = np.random.default_rng(0)
    pictures = np.concatenate([images] + [more(images, rng) for _ in range(2)])
    return reader(features, pictures, np.tile(labels, 3))


tests = ["as written", "by 2", "by 2 and 2", "mirrored"]


def over_tests(read):
    return [share_right(read, changes[test], new_labels) for test in tests]

# %%
predict(
    "Learning from mirrored digits, too: what happens to new digits as they are written?",
    ["they are read better", "nothing", "they are read worse"],
)

# %%
plots.matrix(
    lambda: [
        over_tests(read) for read in (readers["random filters"], with_more(only_moved), with_more(augment))
    ],
    "Moved copies help",
    ["no copies", "moved", "yours"],
    ["as is", "by 2", "by 2, 2", "mirror"],
)

# %% [markdown]
# Moved copies make the reader strong where it was weak, and cost nothing elsewhere. Mirrored ones teach it to read in a mirror, and
# cost digits as they are written: 0.93 to 0.95 instead of 0.97, as chance has it. A mirrored 2 looks like an S, and now that has to be a 2 as well. "Think about the domain of your data" (lecture 001): a mirrored *cat* is a cat.
#
# Other changes, each with a limit:

# %%
def stretched(picture, factor):
    """Larger around the middle: each pixel asks where it came from."""
    there = np.clip(np.round((np.arange(28) - 13.5) / factor + 13.5).astype(int), 0, 27)
    return picture[there][:, there]


def slanted(picture, slope):
    """Each row moved in proportion to its distance from the middle: a distortion."""
    return np.stack([np.roll(row, round(slope * (13.5 - i))) for i, row in enumerate(picture)])

# %%
filters.side_by_side(
    [
        ("a digit", images[5]), ("scaled by 1.2", stretched(images[5], 1.2)),
        ("scaled by 2", stretched(images[5], 2)), ("slanted", slanted(images[5], 0.3)),
        ("too much", slanted(images[5], 1.0)), ("paler", 0.5 * images[5]),
    ],
    columns=6, paper=True, size=(1.1, 1.1),
)

# %% [markdown]
# ## What a first layer learns
#
# Now let the filters learn as well: eight of 5 × 5, a ReLU, pooling, and ten outputs. This is your layer and your pooling
# for one channel, without biases and with the views from above, so that it takes seconds. (All equal winners get the gradient here. Nearly all ties are empty paper, where
# the ReLU lets nothing through.)

# %%
def gradients(pictures, labels, W, V):
    """dW (25, F) and dV (36 F, 10) of the mean cross-entropy; W holds the filters, V the last layer."""
    N = len(pictures)
    patches = windows(pictures).reshape(N, 24, 24, 25)
    Z = patches @ W
    top = pooled(Z)
    H = np.maximum(top, 0).reshape(N, -1)
    scores = H @ V
    dS = np.exp(scores - scores.max(axis=1, keepdims=True))
    dS /= dS.sum(axis=1, keepdims=True)
    dS[np.arange(N), labels] -= 1
    dS /= N
    d_top = (dS @ V.T).reshape(top.shape) * (top > 0)
    won = np.kron(top, np.ones((1, 4, 4, 1), dtype=Z.dtype)) == Z  # the winners of all windows
    dZ = np.kron(d_top, np.ones((1, 4, 4, 1), dtype=Z.dtype)) * won
    return patches.reshape(-1, 25).T @ dZ.reshape(-1, W.shape[1]), H.T @ dS


# %%
def train(steps, rate=0.05, F=8):
    """The filters and the last layer, before and after so many steps with batches of 32."""
    rng = np.random.default_rng(4)
    W = rng.normal(0, 0.1, size=(25, F)).astype(np.float32)
    V = rng.normal(0, 0.05, size=(36 * F, 10)).astype(np.float32)
    start, dW, dV = W, 0, 0
    for _ in range(steps):
        rows = rng.integers(0, len(images), size=32)
        step_W, step_V = gradients(images[rows], labels[rows], W, V)
        # momentum, and a small L2 penalty on the filters
        dW, dV = 0.9 * dW + step_W + 0.01 * W, 0.9 * dV + step_V
        W, V = W - rate * dW, V - rate * dV
    return start, W, V


start, W, V = train(400)


def trained(pictures):
    return np.maximum(pooled(maps_of(pictures, W)), 0).reshape(len(pictures), -1) @ V

# %%
filters.side_by_side(
    [("at the start" if k == 0 else "", start[:, k].reshape(5, 5)) for k in range(8)]
    + [("after 400 steps" if k == 0 else "", W[:, k].reshape(5, 5)) for k in range(8)],
    columns=8, signed=True, size=(0.8, 0.8),
)

# %%
f"{share_right(trained, new_images, new_labels):.3f} of the new digits are read right"

# %% [markdown]
# Blue is positive, grey negative. The noise has become smooth: most filters now have a blue side and a grey side, so they answer to strokes and edges of one direction. Nobody asked for edges. They help to tell digits
# apart.
#
# | | features by hand | features that are learned |
# |---|---|---|
# | who chooses them | a person who knows the task | the data, through gradients |
# | example | your `edge_filters` | the filters above |
# | the next layers | a person again | corners, parts, faces (lectures 000 and 002) |

# %% [markdown]
# ## Three kinds of networks
#
# Lecture 004 names three. They differ in what they expect of their input:
#
# | network | input | which weights are shared |
# |---|---|---|
# | fully connected | numbers in any order | none |
# | convolutional | a grid: neighbours belong together | by all *places* |
# | recurrent | a sequence, of any length | by all *times* |
#
# A recurrent cell reads one input after the other, and keeps a *state*. Each step uses the same weight $w$:
#
# $$h_t=w\,h_{t-1}+x_t,\qquad h_0=0$$
#
# ### Unrolled for three steps
#
# With $w=2$ and $x=(1,1,1)$, on paper:
#
# | step | state | what this use of $w$ adds to $dh_3/dw$ |
# |---|---|---|
# | 1 | $h_1=2\cdot0+1=1$ | $h_0\cdot w\cdot w=0$ |
# | 2 | $h_2=2\cdot1+1=3$ | $h_1\cdot w=2$ |
# | 3 | $h_3=2\cdot3+1=7$ | $h_2=3$ |
#
# Together 5. **Check it: $h_3=w^2x_1+wx_2+x_3$. What is its derivative?**
#
# <details><summary>Answer</summary>
#
# $2wx_1+x_2=2\cdot2+1=5$. One weight, used three times: the blames add up, as with a filter that is used at all places.
# </details>

# %% [markdown]
# A real cell squashes its state: $h_t=\tanh(w\,h_{t-1}+u\,x_t)$. For that we take an engine as in [lab 5](../lab05_autograd/lab05_autograd.ipynb), in thirty lines:


# %%
class Value:
    """A number that remembers how it was made."""

    def __init__(self, data, parents=()):
        self.data, self.grad = data, 0.0
        self.parents = parents  # pairs of a Value and the local slope

    def __add__(self, other):
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, [(self, 1 - t**2)])

    def backward(self):
        order = []

        def visit(node):
            if node not in order:
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad


# %%
def unrolled(w, u, inputs):
    """The last state of a cell that has read all inputs; all of them are Values."""
    h = Value(0.0)
    for x in inputs:
        h = (w * h + u * x).tanh()
    return h


def last_state(w, u=0.8, x=(1.0, -0.5, 0.7)):
    """The cell, the last state, and the Value of w, after the way back."""
    weight = Value(w)
    h = unrolled(weight, Value(u), [Value(each) for each in x])
    h.backward()
    return h.data, weight.grad


rise = (last_state(1.2 + 1e-5)[0] - last_state(1.2 - 1e-5)[0]) / 2e-5

# %%
tables.lines(["h₃ for w = 1.2", "dh₃/dw, by the engine", "measured"], [*last_state(1.2), rise])

# %% [markdown]
# Without the tanh, a state that is $t$ steps old counts $w^t$. So with $w$ below 1 the cell forgets, and with $w$ above 1 its gradient explodes:

# %%
charts.lines(
    [
        (f"w = {w}", w ** np.arange(1.0, 51), role)
        for w, role in ((0.9, "forward"), (1.0, "reference"), (1.1, "gradient"))
    ],
    "What is left of a gradient",
    xlabel="steps back", ylabel="wᵗ", start=1, log=True,
)

# %% [markdown]
# ## Very deep networks
#
# The same happens over many *layers*, and it kept networks shallow for a long time. Two designs that lecture 001 names, ResNet and DenseNet, give the gradient a short way back:
#
# - a **residual** network adds a layer's input to its output: $h+f(h)$;
# - a **densely connected** network hands a layer the outputs of *all* layers before it, side by side.
#
# Thirty layers of tanh, with weights that are a little too small:

# %%
def gradient_lengths(short_way, layers=30, width=50):
    """The length of the gradient at each layer, from the last to the first."""
    rng = np.random.default_rng(0)
    h, steps = rng.normal(size=width), []
    for _ in range(layers):
        W = rng.normal(0, 0.7 / np.sqrt(width), size=(width, width))
        out = np.tanh(W @ h)
        steps.append((W, 1 - out**2))
        h = h + out if short_way else out
    g, lengths = np.ones(width) / np.sqrt(width), []
    for W, slope in reversed(steps):
        g = W.T @ (slope * g) + (g if short_way else 0)
        lengths.append(np.linalg.norm(g))
    return lengths

# %%
charts.lines(
    [("plain", gradient_lengths(False), "gradient"), ("residual", gradient_lengths(True), "forward")],
    "With a short way back, the first layer still hears something",
    xlabel="layers back", ylabel="length of the gradient", start=1, log=True,
)

# %% [markdown]
# In the residual network $dh$ gets the upper gradient *itself*, plus what comes through the layer: the $+$ of [lab 5](../lab05_autograd/lab05_autograd.ipynb) hands blame on unchanged. And between layers stands batch norm, from
# [lab 7](../lab07_regularization/lab07_regularization.ipynb): for a map, one mean per filter, over all pictures and all places.

# %% [markdown]
# ## Bonus: how few filters are enough?
# *If you still have time. No points.*
#
# 32 random filters give 0.97. Write `choose`: of 32 random filters, the eight that you trust most, by *training* digits alone. Can you beat the first eight?


# %%
def choose(bank):
    """Eight column numbers of bank (25, 32)."""
    return np.arange(8)


def share_of(columns):
    def features(pictures):
        return np.maximum(pooled(maps_of(pictures, bank[:, columns])), 0).reshape(len(pictures), -1)

    return share_with(features)

# %%
charts.bars(
    lambda: [("the first eight", share_of(np.arange(8))), ("yours", share_of(choose(bank)))],
    "Eight random filters",
    "share of new digits read right",
)

# %% [markdown]
# ## Think about it
#
# A friend wants to read heartbeats: 500 numbers in a row, one patient each. A colleague has a table of 500 blood values for each patient. Both ask whether a convolutional network would help.
#
# What do you answer each of them? Which one experiment of this lab would show them that you are right? (Nobody marks this; four sentences are enough.)

# %% [markdown] nbgrader={"grade": false, "grade_id": "reflection", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For heartbeats yes: numbers beside each other in time belong together, and a wave looks the same wherever it begins, so a small filter that is shared by all times fits. For blood values no: their order in the
# table means nothing, so there are no neighbours. The experiment is the shuffle: put the columns into another order, the same for all patients, and train again. If the network gets worse, the order carried
# something. A convolution on the blood values stays as good or bad as it was. For heartbeats it falls to the level of dense features.

# %% [markdown]
# ## What you built
#
# A convolutional layer and pooling, with the ways back. You saw that its strength is what it takes for granted: neighbours belong together, and a pattern is the same everywhere. Where that is true, even random
# filters see.

# %%
progress()

# %% [markdown]
# ## What comes next
#
# In [**lab 9**](../lab09_pytorch/lab09_pytorch.ipynb), PyTorch's `nn.Conv2d` does the same work on a GPU, and your network reads 97 and more of 100 digits.
