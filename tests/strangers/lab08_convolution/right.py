# %% conv_output_size/range_length | counts the corners of a Python range
def conv_output_size(size, kernel, stride=1, padding=0):
    return len(range(0, size + 2 * padding - kernel + 1, stride))

# %% conv_output_size/while_loop | walks with the filter and counts
def conv_output_size(size, kernel, stride=1, padding=0):
    left, places = -padding, 0
    while left + kernel <= size + padding:
        places += 1
        left += stride
    return places

# %% conv_output_size/recursive | takes one stride off the padded side and asks itself
def conv_output_size(size, kernel, stride=1, padding=0):
    side = size + 2 * padding
    if side < kernel:
        return 0
    return 1 + conv_output_size(side - stride, kernel, stride)

# %% conv_output_size/ceil_form | number of stride-1 places divided by the stride, rounded up
def conv_output_size(size, kernel, stride=1, padding=0):
    places = size - kernel + 1 + 2 * padding
    return math.ceil(places / stride)

# %% conv_output_size/stride_inside | plus stride before the floor division instead of plus one after it
def conv_output_size(size, kernel, stride=1, padding=0):
    return (size + padding + padding - kernel + stride) // stride

# %% conv_output_size/divmod_rest | removes what is left over, then divides exactly
def conv_output_size(size, kernel, stride=1, padding=0):
    way = size + 2 * padding - kernel
    steps, left_over = divmod(way, stride)
    return int((way - left_over) / stride) + 1

# %% conv_params/array_sizes | builds the arrays and asks how large they are
def conv_params(kernel, channels, filters):
    W = np.zeros((filters, channels, kernel, kernel))
    b = np.zeros(filters)
    return W.size + b.size

# %% conv_params/loops | counts one by one
def conv_params(kernel, channels, filters):
    count = 0
    for _ in range(filters):
        for _ in range(channels):
            for _ in range(kernel):
                count += kernel
        count += 1
    return count

# %% conv_params/product_and_sum | math.prod for the weights, sum over filters
def conv_params(kernel, channels, filters):
    one = math.prod([kernel, kernel, channels]) + 1
    return sum([one] * filters)

# %% conv2d/six_loops | a Python loop for every index, float() of every product
def conv2d(X, W, b, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, _, K, _ = W.shape
    rows = (H + 2 * padding - K) // stride + 1
    cols = (Wd + 2 * padding - K) // stride + 1
    Y = np.zeros((N, F, rows, cols))
    for n in range(N):
        for f in range(F):
            for i in range(rows):
                for j in range(cols):
                    total = float(b[f])
                    for c in range(C):
                        for k in range(K):
                            for l in range(K):
                                r, s = i * stride + k - padding, j * stride + l - padding
                                if 0 <= r < H and 0 <= s < Wd:
                                    total += float(X[n, c, r, s]) * float(W[f, c, k, l])
                    Y[n, f, i, j] = total
    return Y

# %% conv2d/four_loops | the loops of the text, np.pad in front
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    N, F, K = len(X), len(W), W.shape[-1]
    H_out = (P.shape[2] - K) // stride + 1
    W_out = (P.shape[3] - K) // stride + 1
    Y = np.zeros((N, F, H_out, W_out))
    for n, f, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        Y[n, f, i, j] = np.sum(P[n, :, top : top + K, left : left + K] * W[f]) + b[f]
    return Y

# %% conv2d/einsum_windows | sliding windows, every stride-th, one einsum; the result is float
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(np.asarray(X, dtype=float), [(0, 0)] * 2 + [(padding, padding)] * 2)
    K = W.shape[-1]
    V = np.lib.stride_tricks.sliding_window_view(P, (K, K), axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijkl,fckl->nfij", V, W) + np.reshape(b, (1, -1, 1, 1))

# %% conv2d/offsets | loops over the filter's entries only, adds shifted pictures; starts from the bias
def conv2d(X, W, b, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, C, K, _ = W.shape
    P = np.zeros((N, C, H + 2 * padding, Wd + 2 * padding))
    P[:, :, padding : padding + H, padding : padding + Wd] = X
    h = (H + 2 * padding - K) // stride + 1
    w = (Wd + 2 * padding - K) // stride + 1
    Y = np.empty((N, F, h, w))
    Y[:] = np.asarray(b)[:, None, None]
    for k in range(K):
        for l in range(K):
            shifted = P[:, :, k : k + (h - 1) * stride + 1 : stride, l : l + (w - 1) * stride + 1 : stride]
            Y += np.tensordot(shifted, W[:, :, k, l], axes=(1, 1)).transpose(0, 3, 1, 2)
    return Y

# %% conv2d/patches_matmul | patches as rows of a list, one matrix product; the result is a transposed view of a new array
def conv2d(X, W, b, stride=1, padding=0):
    F, C, K, _ = W.shape
    P = np.pad(X, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
    N, _, H, Wd = P.shape
    tops, lefts = range(0, H - K + 1, stride), range(0, Wd - K + 1, stride)
    patches = [P[n, :, t : t + K, l : l + K].ravel() for n in range(N) for t in tops for l in lefts]
    rows = np.array(patches, dtype=float) @ W.reshape(F, -1).T + b
    return rows.reshape(N, len(tops), len(lefts), F).transpose(0, 3, 1, 2)

# %% conv2d/stride_afterwards | the map for stride 1 first, then every stride-th row and column of it
def conv2d(X, W, b, stride=1, padding=0):
    def dense(P):
        K = W.shape[2]
        N, _, H, Wd = P.shape
        Y = np.zeros((N, len(W), H - K + 1, Wd - K + 1))
        for i in range(Y.shape[2]):
            for j in range(Y.shape[3]):
                Y[:, :, i, j] = np.einsum("nckl,fckl->nf", P[:, :, i : i + K, j : j + K], W)
        return Y

    whole = dense(np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding))))
    return whole[:, :, ::stride, ::stride] + b[:, None, None]

# %% conv2d/float32_kept | float32 inputs give a float32 map, whole numbers give floats
def conv2d(X, W, b, stride=1, padding=0):
    kind = np.result_type(X.dtype, W.dtype, b.dtype, np.float32)
    F, C, K, K = W.shape
    P = np.pad(X.astype(kind), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (P.shape[2] - K) // stride + 1
    W_out = (P.shape[3] - K) // stride + 1
    Y = np.zeros((len(X), F, H_out, W_out), dtype=kind)
    flat = W.reshape(F, -1).astype(kind).T
    for i in range(H_out):
        for j in range(W_out):
            piece = P[:, :, i * stride : i * stride + K, j * stride : j * stride + K]
            Y[:, :, i, j] = piece.reshape(len(X), -1) @ flat
    Y += b.astype(kind).reshape(-1, 1, 1)
    return Y

# %% conv2d/fourier | through the Fourier transform, exact up to rounding of about 1e-13
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X.astype(float), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H, Wd = P.shape[2:]
    K = W.shape[-1]
    A = np.fft.rfft2(P)
    B = np.conj(np.fft.rfft2(W.astype(float), s=(H, Wd)))
    Y = np.fft.irfft2(np.einsum("nchw,fchw->nfhw", A, B), s=(H, Wd))
    return Y[:, :, : H - K + 1 : stride, : Wd - K + 1 : stride] + b[None, :, None, None]

# %% edge_filters/prewitt_tuple | Prewitt's filters as nested lists
v = [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]
h = [[-1, -1, -1], [0, 0, 0], [1, 1, 1]]
edge_filters = (v, h)

# %% edge_filters/sobel_negative | Sobel with the other sign, transposed view for the second
sobel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
edge_filters = sobel, sobel.T

# %% edge_filters/middle_only | only the middle row, or the middle column, is not zero
vertical = np.zeros((3, 3))
vertical[1, 0], vertical[1, 2] = -0.5, 0.5
edge_filters = tuple([vertical, np.rot90(vertical)])

# %% edge_filters/neighbours | compares a pixel with its direct neighbour, large scale
edge_filters = (
    255.0 * np.array([[0, -1, 1], [0, -1, 1], [0, -1, 1]]),
    255.0 * np.array([[0, 0, 0], [-1, -1, -1], [1, 1, 1]]),
)

# %% edge_filters/outer_products | a smoothing and a difference, multiplied with np.outer; float32 and small
smooth, differ = np.array([3, 10, 3], dtype=np.float32) / 32, np.array([-1, 0, 1], dtype=np.float32) / 2
edge_filters = (np.outer(smooth, differ), np.outer(differ, smooth))

# %% edge_filters/different_scales | another scale and another sign for each of the pair
edge_filters = (np.array([[-1, 0, 1]] * 3) / 6, -7 * np.array([[-1] * 3, [0] * 3, [1] * 3]))

# %% conv2d_backward/four_loops | the loops of the text, padded dX, cropped with explicit ends
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, _, K, _ = W.shape
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dP, dW, db = np.zeros(P.shape), np.zeros(W.shape), np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(dY.shape[2]):
                for j in range(dY.shape[3]):
                    g = dY[n, f, i, j]
                    rows, cols = slice(i * stride, i * stride + K), slice(j * stride, j * stride + K)
                    dP[n, :, rows, cols] += g * W[f]
                    dW[f] += g * P[n, :, rows, cols]
                    db[f] += g
    return dP[:, :, padding : padding + H, padding : padding + Wd].copy(), dW, db

# %% conv2d_backward/eight_indices | every index in Python, no padded array at all
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, V = X.shape
    F, _, K, _ = W.shape
    dX, dW, db = np.zeros((N, C, H, V)), np.zeros((F, C, K, K)), np.zeros(F)
    for n, f, i, j in np.ndindex(dY.shape):
        db[f] += dY[n, f, i, j]
        for c, k, l in np.ndindex(C, K, K):
            r, s = i * stride + k - padding, j * stride + l - padding
            if r < 0 or s < 0 or r >= H or s >= V:
                continue
            dX[n, c, r, s] += dY[n, f, i, j] * W[f, c, k, l]
            dW[f, c, k, l] += dY[n, f, i, j] * X[n, c, r, s]
    return dX, dW, db

# %% conv2d_backward/offsets_einsum | loop over the filter's entries; dX is a view into a larger new array
def conv2d_backward(dY, X, W, stride=1, padding=0):
    h, w = dY.shape[2:]
    K = W.shape[3]
    ends = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    P = np.pad(X, ends)
    dP = np.zeros_like(P, dtype=float)
    dW = np.empty(W.shape)
    for k in range(K):
        for l in range(K):
            here = np.s_[:, :, k : k + stride * (h - 1) + 1 : stride, l : l + stride * (w - 1) + 1 : stride]
            dP[here] += np.einsum("nfij,fc->ncij", dY, W[:, :, k, l])
            dW[:, :, k, l] = np.einsum("nfij,ncij->fc", dY, P[here])
    dX = dP[:, :, padding : dP.shape[2] - padding, padding : dP.shape[3] - padding]
    return dX, dW, np.einsum("nfij->f", dY)

# %% conv2d_backward/spread_and_turn | dY spread by the stride, then slid over with the turned filter; windows for dW
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, _, K, _ = W.shape
    h, w = dY.shape[2:]
    view = np.lib.stride_tricks.sliding_window_view
    spread = np.zeros((N, F, H + 2 * padding - K + 1, Wd + 2 * padding - K + 1))
    spread[:, :, : h * stride : stride, : w * stride : stride] = dY
    wide = np.pad(spread, ((0, 0), (0, 0), (K - 1, K - 1), (K - 1, K - 1)))
    dP = np.einsum("nfijkl,fckl->ncij", view(wide, (K, K), axis=(2, 3)), W[:, :, ::-1, ::-1])
    dX = dP[:, :, padding : padding + H, padding : padding + Wd]
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dW = np.einsum("nfij,ncijkl->fckl", spread, view(P, (K, K), axis=(2, 3)))
    return np.array(dX), dW, dY.sum((0, 2, 3))

# %% conv2d_backward/scatter_add | flat pixel numbers of all windows, np.add.at, one extra bin for the padding
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, _, K, _ = W.shape
    h, w = dY.shape[2:]
    number = np.full((H + 2 * padding, Wd + 2 * padding), H * Wd)
    number[padding : padding + H, padding : padding + Wd] = np.arange(H * Wd).reshape(H, Wd)
    seen = np.array([
        number[i * stride : i * stride + K, j * stride : j * stride + K].ravel() for i in range(h) for j in range(w)
    ])  # (places, K*K)
    flat = np.concatenate([X.reshape(N, C, -1).astype(float), np.zeros((N, C, 1))], axis=2)
    G = dY.reshape(N, F, -1)
    dW = np.einsum("nfp,ncpk->fck", G, flat[:, :, seen]).reshape(W.shape)
    blame = np.einsum("nfp,fck->ncpk", G, W.reshape(F, C, -1))
    out = np.zeros((N, C, H * Wd + 1))
    np.add.at(out, (slice(None), slice(None), seen), blame)
    return out[:, :, :-1].reshape(N, C, H, Wd), dW, G.sum(axis=2).sum(axis=0)

# %% conv2d_backward/transposed_matrix | the layer as one matrix on a flat padded picture; the way back is its transpose
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, _, K, _ = W.shape
    _, _, h, w = dY.shape
    Hp, Wp = H + 2 * padding, Wd + 2 * padding
    M = np.zeros((F, h, w, C, Hp, Wp))
    for i in range(h):
        for j in range(w):
            M[:, i, j, :, i * stride : i * stride + K, j * stride : j * stride + K] = W
    dP = (dY.reshape(N, -1) @ M.reshape(F * h * w, -1)).reshape(N, C, Hp, Wp)
    dX = dP[:, :, padding : Hp - padding, padding : Wp - padding]

    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dW = sum(
        np.tensordot(dY[:, :, i, j], P[:, :, i * stride : i * stride + K, j * stride : j * stride + K], axes=(0, 0))
        for i in range(h)
        for j in range(w)
    )
    db = np.array([np.sum(dY[:, f]) for f in range(F)])
    return dX, dW, db

# %% conv2d_backward/measured_with_unit_steps | Y is linear in X and in W, so differences with a step of 1 are exact
def conv2d_backward(dY, X, W, stride=1, padding=0):
    def forward(pictures, filters):
        K = filters.shape[-1]
        P = np.pad(pictures, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
        V = np.lib.stride_tricks.sliding_window_view(P, (K, K), axis=(2, 3))[:, :, ::stride, ::stride]
        return np.einsum("ncijkl,fckl->nfij", V, filters)

    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    for place in np.ndindex(*X.shape):
        one = np.zeros((1, *X.shape[1:]))
        one[0][place[1:]] = 1
        dX[place] = np.sum(dY[place[0]] * forward(one, W)[0])
    for place in np.ndindex(*W.shape):
        one = np.zeros(W.shape)
        one[place] = 1
        dW[place] = np.sum(dY * forward(X, one))
    return dX, dW, np.sum(dY, axis=(0, 2, 3))

# %% max_pool/loops_from_minus_infinity | compares from minus infinity on; Y is float also for whole numbers
def max_pool(X, size):
    N, C, H, W = X.shape
    Y = np.full((N, C, H // size, W // size), -np.inf)
    for n, c, i, j in np.ndindex(Y.shape):
        for k in range(size):
            for l in range(size):
                if X[n, c, i * size + k, j * size + l] > Y[n, c, i, j]:
                    Y[n, c, i, j] = X[n, c, i * size + k, j * size + l]
    return Y, (X, size)

# %% max_pool/reshape_max | crops, makes six axes, largest over two of them; keeps the dtype
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = H // size, W // size
    blocks = X[:, :, : h * size, : w * size].reshape(N, C, h, size, w, size)
    return blocks.max(axis=(3, 5)), {"X": X.copy(), "size": size}

# %% max_pool/columns_then_rows | the largest along columns first, then along rows; the cache is a list
def max_pool(X, size):
    def along(A, axis):
        A = np.moveaxis(A, axis, -1)
        n = A.shape[-1] // size
        return np.moveaxis(np.max(A[..., : n * size].reshape(*A.shape[:-1], n, size), axis=-1), -1, axis)

    return along(along(X, 3), 2), [X, size]

# %% max_pool/sorted_windows | every size-th sliding window, copied, sorted, the last one; Y is copied to own its numbers
def max_pool(X, size):
    V = np.lib.stride_tricks.sliding_window_view(X, (size, size), axis=(2, 3))[:, :, ::size, ::size]
    flat = V.reshape(*V.shape[:4], -1)
    return np.sort(flat, axis=-1)[..., -1].copy(), (X.shape, size, flat.argmax(axis=-1))

# %% max_pool/maximum_reduce | np.maximum.reduce over shifted pictures; the cache is a function
def max_pool(X, size):
    h, w = X.shape[2] // size, X.shape[3] // size
    parts = [X[:, :, k : h * size : size, l : w * size : size] for k in range(size) for l in range(size)]
    return np.maximum.reduce(parts), lambda: (X, size)

# %% max_pool_backward/argmax_loops | the cache holds X and the size; argmax finds the first
def max_pool(X, size):
    N, C, H, W = X.shape
    Y = np.zeros((N, C, H // size, W // size))
    for n, c, i, j in np.ndindex(Y.shape):
        Y[n, c, i, j] = np.max(X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size])
    return Y, (X, size)


def max_pool_backward(dY, cache):
    X, size = cache
    dX = np.zeros(X.shape)
    for n, c, i, j in np.ndindex(dY.shape):
        window = X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size]
        k, l = np.unravel_index(np.argmax(window), window.shape)
        dX[n, c, i * size + k, j * size + l] = dY[n, c, i, j]
    return dX

# %% max_pool_backward/cache_is_a_function | max_pool hands out a closure that knows the way back
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = H // size, W // size
    flat = X[:, :, : h * size, : w * size].reshape(N, C, h, size, w, size).swapaxes(3, 4).reshape(N, C, h, w, -1)
    winner = flat.argmax(axis=-1)

    def back(dY):
        spread = np.zeros((N, C, h, w, size * size))
        np.put_along_axis(spread, winner[..., None], dY[..., None], axis=-1)
        dX = np.zeros((N, C, H, W))
        dX[:, :, : h * size, : w * size] = (
            spread.reshape(N, C, h, w, size, size).swapaxes(3, 4).reshape(N, C, h * size, w * size)
        )
        return dX

    return flat.max(axis=-1), back


def max_pool_backward(dY, cache):
    return cache(dY)

# %% max_pool_backward/last_to_first | goes over the offsets from the last to the first, the first one overwrites
def max_pool(X, size):
    h, w = X.shape[2] // size, X.shape[3] // size
    Y = X[:, :, : h * size, : w * size].reshape(*X.shape[:2], h, size, w, size).max(3).max(-1)
    who = np.zeros(Y.shape, dtype=int)
    for k in reversed(range(size * size)):
        who[X[:, :, k // size : h * size : size, k % size : w * size : size] == Y] = k
    return Y, {"who": who, "shape": X.shape, "size": size}


def max_pool_backward(dY, cache):
    size, who = cache["size"], cache["who"]
    h, w = who.shape[2:]
    dX = np.zeros(cache["shape"])
    for k in range(size * size):
        dX[:, :, k // size : h * size : size, k % size : w * size : size] = np.where(who == k, dY, 0)
    return dX

# %% max_pool_backward/cumsum_mask | a mask of all winners, of which cumsum keeps the first; the cache is the mask, repeat does the rest
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = H // size, W // size
    Y = X[:, :, : h * size, : w * size].reshape(N, C, h, size, w, size).max(axis=(3, 5))
    mask = np.zeros(X.shape, dtype=bool)
    for i in range(h):
        for j in range(w):
            rows, cols = slice(i * size, i * size + size), slice(j * size, j * size + size)
            equal = (X[:, :, rows, cols] == Y[:, :, i : i + 1, j : j + 1]).reshape(N, C, -1)
            mask[:, :, rows, cols] = (equal & (np.cumsum(equal, axis=-1) == 1)).reshape(N, C, size, size)
    return Y, (mask, size)


def max_pool_backward(dY, cache):
    mask, size = cache
    big = dY.repeat(size, axis=2).repeat(size, axis=3)
    dX = np.zeros(mask.shape)
    h, w = big.shape[2:]
    dX[:, :, :h, :w] = big * mask[:, :, :h, :w]
    return dX

# %% max_pool_backward/list_of_places | the cache is a list of full coordinates in the order of Y
def max_pool(X, size):
    N, C, H, W = X.shape
    Y, places = np.zeros((N, C, H // size, W // size)), [X.shape]
    for n, c, i, j in np.ndindex(*Y.shape):
        best = max(
            ((n, c, i * size + k, j * size + l) for k in range(size) for l in range(size)), key=lambda p: X[p]
        )  # Python's max keeps the first
        Y[n, c, i, j] = X[best]
        places.append(best)
    return Y, places


def max_pool_backward(dY, cache):
    dX = np.zeros(cache[0])
    for place, number in zip(cache[1:], np.ravel(dY)):
        dX[place] += number
    return dX

# %% max_pool_backward/class_with_property | the cache is an object; flat numbers of winners are a property
class Pool:
    def __init__(self, X, size):
        self.shape, self.size = X.shape, size
        h, w = X.shape[2] // size, X.shape[3] // size
        V = np.lib.stride_tricks.sliding_window_view(X, (size, size), axis=(2, 3))[:, :, ::size, ::size]
        self.flat = V.reshape(*X.shape[:2], h, w, -1).copy()

    @property
    def Y(self):
        return self.flat.max(axis=-1)

    @property
    def where(self):
        N, C, H, W = self.shape
        k = self.flat.argmax(axis=-1)
        n, c, i, j = np.indices(k.shape)
        return ((n * C + c) * H + i * self.size + k // self.size) * W + j * self.size + k % self.size


def max_pool(X, size):
    pool = Pool(X, size)
    return pool.Y, pool


def max_pool_backward(dY, cache):
    return np.bincount(cache.where.ravel(), weights=dY.ravel(), minlength=math.prod(cache.shape)).reshape(cache.shape)

# %% max_pool_backward/writeable_view | writes through a writeable view of the windows of dX
def max_pool(X, size):
    h, w = X.shape[2] // size, X.shape[3] // size
    best = X[:, :, : h * size : size, : w * size : size].copy()
    who = np.zeros(best.shape, dtype=int)
    for k in range(1, size * size):
        rival = X[:, :, k // size : h * size : size, k % size : w * size : size]
        wins = rival > best
        best, who = np.where(wins, rival, best), np.where(wins, k, who)
    return best, (who, size, X.shape)


def max_pool_backward(dY, cache):
    who, size, shape = cache
    dX = np.zeros(shape)
    view = np.lib.stride_tricks.sliding_window_view(dX, (size, size), axis=(2, 3), writeable=True)
    n, c, i, j = np.indices(who.shape)
    view[n, c, i * size, j * size, who // size, who % size] = dY
    return dX

# %% augment/pixel_loops | every pixel asks where it came from
def augment(images, rng):
    N, H, W = images.shape
    out = np.zeros((N, H, W))
    for n in range(N):
        mirror = rng.random() < 0.5
        down, right = rng.integers(-2, 3), rng.integers(-2, 3)
        for i in range(H):
            for j in range(W):
                r, c = i - down, j - right
                if 0 <= r < H and 0 <= c < W:
                    out[n, i, j] = images[n, r, W - 1 - c] if mirror else images[n, r, c]
    return out

# %% augment/framed_slices | a frame of two zeros, a slice of it; keeps the dtype, draws everything before the loop
def augment(images, rng):
    N, H, W = images.shape
    coins = rng.integers(0, 2, size=N)
    shifts = rng.integers(-2, 2, size=(N, 2), endpoint=True)
    out = np.empty_like(images)
    for n, (picture, coin, (a, b)) in enumerate(zip(images, coins, shifts)):
        if coin:
            picture = picture[:, ::-1]
        out[n] = np.pad(picture, 2)[2 - a : 2 - a + H, 2 - b : 2 - b + W]
    return out

# %% augment/all_at_once | no loop: index arrays into a framed batch; moves first and mirrors by the indices
def augment(images, rng):
    N, H, W = images.shape
    frame = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    down = rng.integers(5, size=(N, 1, 1))
    right = rng.integers(5, size=(N, 1, 1))
    cols = np.where(rng.random((N, 1, 1)) < 0.5, np.arange(W), np.arange(W)[::-1])
    return frame[np.arange(N)[:, None, None], np.arange(H)[:, None] + down, cols + right]

# %% augment/roll_and_clear | np.roll, then zeros where it came round; mirrors after the move
def augment(images, rng):
    out = images.copy()
    for n in range(len(out)):
        d, r = (int(rng.choice([-2, -1, 0, 1, 2])) for _ in range(2))
        picture = np.roll(out[n], (d, r), axis=(0, 1))
        if d > 0:
            picture[:d] = 0
        elif d < 0:
            picture[d:] = 0
        if r > 0:
            picture[:, :r] = 0
        elif r < 0:
            picture[:, r:] = 0
        out[n] = np.fliplr(picture) if rng.normal() > 0 else picture
    return out

# %% augment/one_die_of_fifty | one number from 0 to 49 for each picture, taken apart by divmod; shift matrices do the moves
def augment(images, rng):
    N, H, W = images.shape
    new = []
    for picture, die in zip(images, rng.integers(50, size=N)):
        mirror, rest = divmod(int(die), 25)
        down, right = divmod(rest, 5)
        rows, cols = np.eye(H, k=-(down - 2)), np.eye(W, k=right - 2)
        if mirror:
            cols = cols[::-1]
        new.append(rows @ picture @ cols)
    return np.array(new).reshape(N, H, W)

# %% augment/floor_of_uniform | uniform numbers rounded down; columns are drawn before rows, the coin last
def augment(images, rng):
    def shift(A, k):
        """A moved along its first axis."""
        if k < 0:
            return shift(A[::-1], -k)[::-1]
        return np.concatenate([np.zeros_like(A[:k]), A[: len(A) - k]])

    out = np.zeros(images.shape, dtype=images.dtype)
    for n, picture in enumerate(images):
        right = math.floor(rng.uniform(-2, 3))
        down = math.floor(rng.uniform(-2, 3))
        picture = shift(shift(picture.T, right).T, down)
        out[n] = picture[:, ::-1] if rng.uniform() >= 0.5 else picture
    return out

# %% augment/seed_from_rng | draws a seed from rng, and uses a second generator that grew from it
def augment(images, rng):
    own = np.random.default_rng(rng.integers(2**62))
    N, H, W = images.shape
    new = np.zeros((N, H, W), dtype=float)
    for n in range(N):
        dy, dx, coin = own.integers(-2, 3), own.integers(-2, 3), own.binomial(1, 0.5)
        source = images[n, :, ::-1] if coin == 1 else images[n]
        new[n, max(dy, 0) : H + min(dy, 0), max(dx, 0) : W + min(dx, 0)] = source[
            max(-dy, 0) : H - max(dy, 0), max(-dx, 0) : W - max(dx, 0)
        ]
    return new

# %% augment/spawned_children | each picture gets a child generator of rng by rng.spawn
def augment(images, rng):
    N, H, W = images.shape
    out = np.zeros_like(images)
    for n, child in enumerate(rng.spawn(N)):
        picture = images[n]
        if child.random() < 0.5:
            picture = np.flip(picture, axis=1)
        down, right = child.integers(-2, 3, size=2)
        out[n] = np.pad(picture, 4)[4 - down : 4 - down + H, 4 - right : 4 - right + W]
    return out
