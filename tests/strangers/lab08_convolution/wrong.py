# %% conv_output_size/padding_once | adds the padding at one end only
def conv_output_size(size, kernel, stride=1, padding=0):
    return (size + padding - kernel) // stride + 1

# %% conv_output_size/one_inside | the one is added before the division by the stride, which is rounded down
def conv_output_size(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel + 1) // stride

# %% conv_output_size/rounded | rounds to the nearest number of strides instead of down
def conv_output_size(size, kernel, stride=1, padding=0):
    return round((size + 2 * padding - kernel) / stride) + 1

# %% conv_output_size/float_result | the right number, as a float
def conv_output_size(size, kernel, stride=1, padding=0):
    return np.floor((size + 2 * padding - kernel) / stride) + 1

# %% conv_output_size/padding_not_strided | adds the padding to the map instead of to the picture
def conv_output_size(size, kernel, stride=1, padding=0):
    return (size - kernel) // stride + 1 + 2 * padding

# %% conv_params/one_bias | one bias for the whole layer
def conv_params(kernel, channels, filters):
    return kernel * kernel * channels * filters + 1

# %% conv_params/bias_per_channel | each filter has one bias for every channel
def conv_params(kernel, channels, filters):
    return filters * channels * (kernel**2 + 1)

# %% conv_params/side_not_squared | the side is multiplied once, not twice
def conv_params(kernel, channels, filters):
    return (kernel * channels + 1) * filters

# %% conv_params/doubled_side | the side is doubled, not squared, which is the same for a side of 2
def conv_params(kernel, channels, filters):
    return ((kernel + kernel) * channels + 1) * filters

# %% conv2d/square_only | the width of the map is computed from the height
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    N, C, H, _ = X.shape
    F, C, K, _ = W.shape
    H_out = W_out = (H + 2 * padding - K) // stride + 1
    Y = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(min(W_out, (P.shape[3] - K) // stride + 1)):
                    Y[n, f, i, j] = np.sum(P[n, :, i * stride : i * stride + K, j * stride : j * stride + K] * W[f]) + b[f]
    return Y

# %% conv2d/bias_per_channel | the bias is added once for every channel
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    N, C = X.shape[:2]
    F, C, K, _ = W.shape
    H_out = (P.shape[2] - K) // stride + 1
    W_out = (P.shape[3] - K) // stride + 1
    Y = np.zeros((N, F, H_out, W_out))
    for n, f, i, j in np.ndindex(Y.shape):
        for c in range(C):
            Y[n, f, i, j] += np.sum(P[n, c, i * stride : i * stride + K, j * stride : j * stride + K] * W[f, c]) + b[f]
    return Y

# %% conv2d/whole_number_map | the map has the dtype of X, so whole numbers cut off what is behind the point
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    F, C, K, _ = W.shape
    H_out = (P.shape[2] - K) // stride + 1
    W_out = (P.shape[3] - K) // stride + 1
    Y = np.zeros((len(X), F, H_out, W_out), dtype=X.dtype)
    for n, f, i, j in np.ndindex(Y.shape):
        Y[n, f, i, j] = np.sum(P[n, :, i * stride : i * stride + K, j * stride : j * stride + K] * W[f]) + b[f]
    return Y

# %% conv2d/stride_down_only | the stride counts for rows, columns move by one
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    F, C, K, _ = W.shape
    H_out = (P.shape[2] - K) // stride + 1
    W_out = (P.shape[3] - K) // stride + 1
    Y = np.zeros((len(X), F, H_out, W_out))
    for n, f, i, j in np.ndindex(Y.shape):
        Y[n, f, i, j] = np.sum(P[n, :, i * stride : i * stride + K, j : j + K] * W[f]) + b[f]
    return Y

# %% conv2d/padding_behind | all padding, 2 * padding zeros, stands at the bottom and at the right
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X, ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding)))
    F, C, K, _ = W.shape
    V = np.lib.stride_tricks.sliding_window_view(P, (K, K), axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijkl,fckl->nfij", V, W) + b.reshape(1, -1, 1, 1).astype(float)

# %% conv2d/filter_transposed | rows and columns of the filter are exchanged in the einsum
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X.astype(float), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    K = W.shape[-1]
    V = np.lib.stride_tricks.sliding_window_view(P, (K, K), axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijkl,fclk->nfij", V, W) + b[:, None, None]

# %% conv2d/starts_late | of the map for stride 1, every stride-th place, but from stride - 1 on
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X.astype(float), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    K = W.shape[-1]
    V = np.lib.stride_tricks.sliding_window_view(P, (K, K), axis=(2, 3))
    Y = np.einsum("ncijkl,fckl->nfij", V, W) + b[:, None, None]
    return Y[:, :, stride - 1 :: stride, stride - 1 :: stride]

# %% conv2d/reshapes_b | sets b.shape, so the caller's b is another array afterwards
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X.astype(float), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    K = W.shape[-1]
    V = np.lib.stride_tricks.sliding_window_view(P, (K, K), axis=(2, 3))[:, :, ::stride, ::stride]
    b.shape = (1, -1, 1, 1)
    return np.einsum("ncijkl,fckl->nfij", V, W) + b

# %% conv2d/first_filter_layer | each channel is multiplied with the filter's first channel
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    F, C, K, _ = W.shape
    H_out = (P.shape[2] - K) // stride + 1
    W_out = (P.shape[3] - K) // stride + 1
    Y = np.zeros((len(X), F, H_out, W_out))
    for n, f, i, j in np.ndindex(Y.shape):
        Y[n, f, i, j] = np.sum(P[n, :, i * stride : i * stride + K, j * stride : j * stride + K] * W[f, 0]) + b[f]
    return Y

# %% conv2d/edge_repeated | pads with copies of the edge instead of zeros
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X.astype(float), ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="edge")
    K = W.shape[-1]
    V = np.lib.stride_tricks.sliding_window_view(P, (K, K), axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijkl,fckl->nfij", V, W) + b[:, None, None]

# %% conv2d/last_place_missed | the range over left corners ends one too early, so the last place stays at the bias if nothing is left over
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    F, C, K, _ = W.shape
    H_out = (P.shape[2] - K) // stride + 1
    W_out = (P.shape[3] - K) // stride + 1
    Y = np.zeros((len(X), F, H_out, W_out)) + b[:, None, None]
    for top in range(0, P.shape[2] - K, stride):
        for left in range(0, P.shape[3] - K, stride):
            Y[:, :, top // stride, left // stride] += np.einsum("nckl,fckl->nf", P[:, :, top : top + K, left : left + K], W)
    return Y

# %% conv2d/channels_mean | takes the mean over the channels instead of the sum
def conv2d(X, W, b, stride=1, padding=0):
    P = np.pad(X.astype(float), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    F, C, K, _ = W.shape
    H_out = (P.shape[2] - K) // stride + 1
    W_out = (P.shape[3] - K) // stride + 1
    Y = np.zeros((len(X), F, H_out, W_out))
    for n, f, i, j in np.ndindex(Y.shape):
        piece = P[n, :, i * stride : i * stride + K, j * stride : j * stride + K]
        Y[n, f, i, j] = (piece * W[f]).sum(axis=(1, 2)).mean() + b[f]
    return Y

# %% edge_filters/typo_in_sobel | the sum is 0, but two rows are not: it answers on a horizontal edge
edge_filters = (
    np.array([[-1, 0, 1], [-2, 0, 1], [-1, 0, 2]]),
    np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
)

# %% edge_filters/corner | lower row with the other sign: 0 on every straight edge
edge_filters = (
    np.array([[-1, 0, 1], [0, 0, 0], [1, 0, -1]]),
    np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]]),
)

# %% edge_filters/same_twice | the second is the first one mirrored, so it sees vertical edges, too
v = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
edge_filters = (v, v[:, ::-1])

# %% edge_filters/laplace | both are fine on even ground, but the first is Laplace's filter and sees all directions
edge_filters = (
    np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]]),
    np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]]),
)

# %% edge_filters/direction_of_comparison | named by the direction along which they compare: the pair is exchanged
up_down = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]])
left_right = np.array([[1, 0, -1]] * 3)
edge_filters = (up_down, left_right)

# %% conv2d_backward/empty_without_padding | crops with padding:-padding, which is empty when the padding is 0
def conv2d_backward(dY, X, W, stride=1, padding=0):
    F, C, K, _ = W.shape
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dP, dW, db = np.zeros(P.shape), np.zeros(W.shape), np.zeros(F)
    for n, f, i, j in np.ndindex(dY.shape):
        rows, cols = slice(i * stride, i * stride + K), slice(j * stride, j * stride + K)
        dP[n, :, rows, cols] += dY[n, f, i, j] * W[f]
        dW[f] += dY[n, f, i, j] * P[n, :, rows, cols]
        db[f] += dY[n, f, i, j]
    return dP[:, :, padding:-padding, padding:-padding], dW, db

# %% conv2d_backward/cropped_from_corner | takes the first H rows and W columns of the padded gradient
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, C, K, _ = W.shape
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dP, dW, db = np.zeros(P.shape), np.zeros(W.shape), np.zeros(F)
    for n, f, i, j in np.ndindex(dY.shape):
        rows, cols = slice(i * stride, i * stride + K), slice(j * stride, j * stride + K)
        dP[n, :, rows, cols] += dY[n, f, i, j] * W[f]
        dW[f] += dY[n, f, i, j] * P[n, :, rows, cols]
        db[f] += dY[n, f, i, j]
    return dP[:, :, :H, :Wd], dW, db

# %% conv2d_backward/whole_number_dX | dX has the dtype of X, so with pictures of whole numbers it is cut off
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, C, K, _ = W.shape
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dP, dW, db = np.zeros(P.shape), np.zeros(W.shape), dY.sum(axis=(0, 2, 3))
    for n, f, i, j in np.ndindex(dY.shape):
        rows, cols = slice(i * stride, i * stride + K), slice(j * stride, j * stride + K)
        dP[n, :, rows, cols] += dY[n, f, i, j] * W[f]
        dW[f] += dY[n, f, i, j] * P[n, :, rows, cols]
    dX = np.zeros_like(X)
    dX[:] = dP[:, :, padding : padding + H, padding : padding + Wd]
    return dX, dW, db

# %% conv2d_backward/last_filter_wins | where filters meet in a pixel, dX is added up over places, but the last filter overwrites the others
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, C, K, _ = W.shape
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dP, dW, db = np.zeros(P.shape), np.zeros(W.shape), np.zeros(F)
    for n in range(N):
        for f in range(F):
            dP[n] = 0
            for i, j in np.ndindex(dY.shape[2:]):
                rows, cols = slice(i * stride, i * stride + K), slice(j * stride, j * stride + K)
                dP[n, :, rows, cols] += dY[n, f, i, j] * W[f]
                dW[f] += dY[n, f, i, j] * P[n, :, rows, cols]
                db[f] += dY[n, f, i, j]
    return dP[:, :, padding : padding + H, padding : padding + Wd], dW, db

# %% conv2d_backward/filter_not_turned | spreads dY and slides, but without turning the filter for dX
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, C, K, _ = W.shape
    h, w = dY.shape[2:]
    view = np.lib.stride_tricks.sliding_window_view
    spread = np.zeros((N, F, H + 2 * padding - K + 1, Wd + 2 * padding - K + 1))
    spread[:, :, : h * stride : stride, : w * stride : stride] = dY
    wide = np.pad(spread, ((0, 0), (0, 0), (K - 1, K - 1), (K - 1, K - 1)))
    dP = np.einsum("nfijkl,fckl->ncij", view(wide, (K, K), axis=(2, 3)), W)
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dW = np.einsum("nfij,ncijkl->fckl", spread, view(P, (K, K), axis=(2, 3)))
    return dP[:, :, padding : padding + H, padding : padding + Wd], dW, dY.sum(axis=(0, 2, 3))

# %% conv2d_backward/mean_over_pictures | dW and db are divided by N once more
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, C, K, _ = W.shape
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dP, dW, db = np.zeros(P.shape), np.zeros(W.shape), np.zeros(F)
    for n, f, i, j in np.ndindex(dY.shape):
        rows, cols = slice(i * stride, i * stride + K), slice(j * stride, j * stride + K)
        dP[n, :, rows, cols] += dY[n, f, i, j] * W[f]
        dW[f] += dY[n, f, i, j] * P[n, :, rows, cols]
        db[f] += dY[n, f, i, j]
    return dP[:, :, padding : padding + H, padding : padding + Wd], dW / N, db / N

# %% conv2d_backward/used_part_only | dX ends where the last filter ended, rows and columns that are left over are missing
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, C, K, _ = W.shape
    h, w = dY.shape[2:]
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dP = np.zeros((N, C, (h - 1) * stride + K, (w - 1) * stride + K))
    dW = np.zeros(W.shape)
    for n, f, i, j in np.ndindex(dY.shape):
        rows, cols = slice(i * stride, i * stride + K), slice(j * stride, j * stride + K)
        dP[n, :, rows, cols] += dY[n, f, i, j] * W[f]
        dW[f] += dY[n, f, i, j] * P[n, :, rows, cols]
    return dP[:, :, padding : padding + H, padding : padding + Wd], dW, dY.sum(axis=(0, 2, 3))

# %% conv2d_backward/stride_missing_in_dW | dW takes the pieces as if the stride were 1
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, C, K, _ = W.shape
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dP, dW, db = np.zeros(P.shape), np.zeros(W.shape), np.zeros(F)
    for n, f, i, j in np.ndindex(dY.shape):
        dP[n, :, i * stride : i * stride + K, j * stride : j * stride + K] += dY[n, f, i, j] * W[f]
        dW[f] += dY[n, f, i, j] * P[n, :, i : i + K, j : j + K]
        db[f] += dY[n, f, i, j]
    return dP[:, :, padding : padding + H, padding : padding + Wd], dW, db

# %% conv2d_backward/reshapes_dY | sets dY.shape to sum for db, so the caller's dY is flat afterwards
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, C, K, _ = W.shape
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dP, dW = np.zeros(P.shape), np.zeros(W.shape)
    for n, f, i, j in np.ndindex(dY.shape):
        rows, cols = slice(i * stride, i * stride + K), slice(j * stride, j * stride + K)
        dP[n, :, rows, cols] += dY[n, f, i, j] * W[f]
        dW[f] += dY[n, f, i, j] * P[n, :, rows, cols]
    dY.shape = (N, F, -1)
    return dP[:, :, padding : padding + H, padding : padding + Wd], dW, dY.sum(axis=(0, 2))

# %% conv2d_backward/bias_per_place | db is averaged over the places instead of added up
def conv2d_backward(dY, X, W, stride=1, padding=0):
    N, C, H, Wd = X.shape
    F, C, K, _ = W.shape
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dP, dW = np.zeros(P.shape), np.zeros(W.shape)
    for n, f, i, j in np.ndindex(dY.shape):
        rows, cols = slice(i * stride, i * stride + K), slice(j * stride, j * stride + K)
        dP[n, :, rows, cols] += dY[n, f, i, j] * W[f]
        dW[f] += dY[n, f, i, j] * P[n, :, rows, cols]
    return dP[:, :, padding : padding + H, padding : padding + Wd], dW, dY.sum(axis=0).mean(axis=(1, 2))

# %% max_pool/smallest_positive | starts from np.finfo(float).tiny, which is positive
def max_pool(X, size):
    N, C, H, W = X.shape
    Y = np.full((N, C, H // size, W // size), np.finfo(float).tiny)
    for n, c, i, j in np.ndindex(Y.shape):
        for k, l in np.ndindex(size, size):
            Y[n, c, i, j] = max(Y[n, c, i, j], X[n, c, i * size + k, j * size + l])
    return Y, (X, size)

# %% max_pool/drops_at_the_top | what is left over is dropped at the top and at the left
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = H // size, W // size
    return X[:, :, H % size :, W % size :].reshape(N, C, h, size, w, size).max(axis=(3, 5)), (X, size)

# %% max_pool/windows_overlap | windows move by one instead of by their size, and fill a map of the right shape
def max_pool(X, size):
    N, C, H, W = X.shape
    Y = np.zeros((N, C, H // size, W // size))
    for n, c, i, j in np.ndindex(Y.shape):
        Y[n, c, i, j] = X[n, c, i : i + size, j : j + size].max()
    return Y, (X, size)

# %% max_pool/axes_mixed | the reshape puts the size before the number of windows, so entries far apart are compared
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = H // size, W // size
    return X[:, :, : h * size, : w * size].reshape(N, C, size, h, size, w).max(axis=(2, 4)), (X, size)

# %% max_pool/view_for_size_1 | functools.reduce gives X itself as a view when the size is 1
def max_pool(X, size):
    from functools import reduce

    h, w = X.shape[2] // size, X.shape[3] // size
    parts = [X[:, :, k : h * size : size, l : w * size : size] for k in range(size) for l in range(size)]
    return reduce(np.maximum, parts), (X, size)

# %% max_pool/sorts_X | sorts the pixels of X within its windows, in place
def max_pool(X, size):
    N, C, H, W = X.shape
    Y = np.zeros((N, C, H // size, W // size))
    before = X.copy()
    for n, c, i, j in np.ndindex(Y.shape):
        window = X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size]
        window.sort(axis=0)
        Y[n, c, i, j] = window[-1].max()
    return Y, (before, size)

# %% max_pool/largest_absolute | the entry that is farthest from 0, with its sign
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = H // size, W // size
    flat = X[:, :, : h * size, : w * size].reshape(N, C, h, size, w, size).swapaxes(3, 4).reshape(N, C, h, w, -1)
    k = np.abs(flat).argmax(axis=-1)
    return np.take_along_axis(flat, k[..., None], axis=-1)[..., 0], (X, size)

# %% max_pool/left_over_kept | a last, smaller window takes what is left over
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = math.ceil(H / size), math.ceil(W / size)
    Y = np.zeros((N, C, h, w))
    for n, c, i, j in np.ndindex(Y.shape):
        Y[n, c, i, j] = np.max(X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size])
    return Y, (X, size)

# %% max_pool_backward/last_of_equal | of equal entries the last one gets the number
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = H // size, W // size
    return X[:, :, : h * size, : w * size].reshape(N, C, h, size, w, size).max(axis=(3, 5)), (X, size)


def max_pool_backward(dY, cache):
    X, size = cache
    dX = np.zeros(X.shape)
    for n, c, i, j in np.ndindex(dY.shape):
        best, place = -np.inf, None
        for k in range(i * size, (i + 1) * size):
            for l in range(j * size, (j + 1) * size):
                if X[n, c, k, l] >= best:
                    best, place = X[n, c, k, l], (n, c, k, l)
        dX[place] = dY[n, c, i, j]
    return dX

# %% max_pool_backward/column_by_column | of equal entries the first one in reading down the columns gets the number
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = H // size, W // size
    return X[:, :, : h * size, : w * size].reshape(N, C, h, size, w, size).max(axis=(3, 5)), (X, size)


def max_pool_backward(dY, cache):
    X, size = cache
    dX = np.zeros(X.shape)
    for n, c, i, j in np.ndindex(dY.shape):
        window = X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size]
        l, k = divmod(int(np.argmax(window.T)), size)
        dX[n, c, i * size + k, j * size + l] = dY[n, c, i, j]
    return dX

# %% max_pool_backward/nearly_equal | np.isclose finds the first that is nearly the largest
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = H // size, W // size
    Y = X[:, :, : h * size, : w * size].reshape(N, C, h, size, w, size).max(axis=(3, 5))
    return Y, (X, Y, size)


def max_pool_backward(dY, cache):
    X, Y, size = cache
    dX = np.zeros(X.shape)
    for n, c, i, j in np.ndindex(dY.shape):
        window = X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size]
        k, l = np.argwhere(np.isclose(window, Y[n, c, i, j]))[0]
        dX[n, c, i * size + k, j * size + l] = dY[n, c, i, j]
    return dX

# %% max_pool_backward/whole_number_dX | np.zeros_like(X), so for X of whole numbers the gradient is cut off
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = H // size, W // size
    return X[:, :, : h * size, : w * size].reshape(N, C, h, size, w, size).max(axis=(3, 5)), (X, size)


def max_pool_backward(dY, cache):
    X, size = cache
    dX = np.zeros_like(X)
    for n, c, i, j in np.ndindex(dY.shape):
        k, l = divmod(int(np.argmax(X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size])), size)
        dX[n, c, i * size + k, j * size + l] = dY[n, c, i, j]
    return dX

# %% max_pool_backward/equal_by_value_elsewhere | the first entry of the whole picture that equals the largest gets the number, in whatever window it is
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = H // size, W // size
    Y = X[:, :, : h * size, : w * size].reshape(N, C, h, size, w, size).max(axis=(3, 5))
    return Y, (X, Y)


def max_pool_backward(dY, cache):
    X, Y = cache
    dX = np.zeros(X.shape)
    for n, c, i, j in np.ndindex(dY.shape):
        k, l = np.argwhere(X[n, c] == Y[n, c, i, j])[0]
        dX[n, c, k, l] += dY[n, c, i, j]
    return dX

# %% max_pool_backward/mask_multiplied_in_place | the mask in the cache is multiplied by dY in place, so a second call with this cache is wrong
def max_pool(X, size):
    N, C, H, W = X.shape
    Y, mask = np.zeros((N, C, H // size, W // size)), np.zeros(X.shape)
    for n, c, i, j in np.ndindex(Y.shape):
        window = X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size]
        k, l = divmod(int(window.argmax()), size)
        Y[n, c, i, j] = window[k, l]
        mask[n, c, i * size + k, j * size + l] = 1
    return Y, (mask, size)


def max_pool_backward(dY, cache):
    dX, size = cache
    h, w = dY.shape[2:]
    dX[:, :, : h * size, : w * size] *= dY.repeat(size, axis=2).repeat(size, axis=3)
    return dX

# %% max_pool_backward/global_memory | the winners are kept in a global variable, so only the last max_pool can go back
winners = {}


def max_pool(X, size):
    N, C, H, W = X.shape
    Y = np.zeros((N, C, H // size, W // size))
    winners.clear()
    for n, c, i, j in np.ndindex(Y.shape):
        window = X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size]
        k, l = divmod(int(window.argmax()), size)
        Y[n, c, i, j] = window[k, l]
        winners[n, c, i, j] = (n, c, i * size + k, j * size + l)
    return Y, X.shape


def max_pool_backward(dY, cache):
    dX = np.zeros(cache)
    for place, winner in winners.items():
        dX[winner] = dY[place]
    return dX

# %% max_pool_backward/flat_numbers_of_the_crop | flat numbers count in the cropped width, but are used in the full one
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = H // size, W // size
    flat = X[:, :, : h * size, : w * size].reshape(N, C, h, size, w, size).swapaxes(3, 4).reshape(N, C, h, w, -1)
    k = flat.argmax(axis=-1)
    i, j = np.indices((h, w))
    number = (i * size + k // size) * (w * size) + j * size + k % size
    return flat.max(axis=-1), (number, X.shape)


def max_pool_backward(dY, cache):
    number, (N, C, H, W) = cache
    dX = np.zeros((N, C, H * W))
    np.put_along_axis(dX, number.reshape(N, C, -1), dY.reshape(N, C, -1), axis=2)
    return dX.reshape(N, C, H, W)

# %% max_pool_backward/cropped_shape | dX has no rows and columns for what was left over
def max_pool(X, size):
    N, C, H, W = X.shape
    h, w = H // size, W // size
    X = X[:, :, : h * size, : w * size]
    return X.reshape(N, C, h, size, w, size).max(axis=(3, 5)), (X, size)


def max_pool_backward(dY, cache):
    X, size = cache
    dX = np.zeros(X.shape)
    for n, c, i, j in np.ndindex(dY.shape):
        k, l = divmod(int(np.argmax(X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size])), size)
        dX[n, c, i * size + k, j * size + l] = dY[n, c, i, j]
    return dX

# %% augment/two_is_never_drawn | rng.integers(-2, 2) never gives 2
def augment(images, rng):
    N, H, W = images.shape
    out = np.zeros((N, H, W))
    for n in range(N):
        picture = images[n, :, ::-1] if rng.random() < 0.5 else images[n]
        a, b = rng.integers(-2, 2, size=2)
        out[n] = np.pad(picture, 2)[2 - a : 2 - a + H, 2 - b : 2 - b + W]
    return out

# %% augment/coin_is_always_0 | rng.integers(0, 1) is always 0, so no picture is mirrored
def augment(images, rng):
    N, H, W = images.shape
    out = np.zeros((N, H, W))
    for n in range(N):
        picture = images[n, :, ::-1] if rng.integers(0, 1) == 1 else images[n]
        a, b = rng.integers(-2, 3, size=2)
        out[n] = np.pad(picture, 2)[2 - a : 2 - a + H, 2 - b : 2 - b + W]
    return out

# %% augment/rounded_uniform | round(uniform(-2, 2)): -2 and 2 come half as often
def augment(images, rng):
    N, H, W = images.shape
    out = np.zeros((N, H, W))
    for n in range(N):
        picture = images[n, :, ::-1] if rng.random() < 0.5 else images[n]
        a, b = round(rng.uniform(-2, 2)), round(rng.uniform(-2, 2))
        out[n] = np.pad(picture, 2)[2 - a : 2 - a + H, 2 - b : 2 - b + W]
    return out

# %% augment/never_the_same_two | rows and columns are drawn without replacement, so they are never equal
def augment(images, rng):
    N, H, W = images.shape
    out = np.zeros((N, H, W))
    for n in range(N):
        picture = images[n, :, ::-1] if rng.random() < 0.5 else images[n]
        a, b = rng.permutation([-2, -1, 0, 1, 2])[:2]
        out[n] = np.pad(picture, 2)[2 - a : 2 - a + H, 2 - b : 2 - b + W]
    return out

# %% augment/half_of_the_batch | exactly half of the pictures are mirrored, chosen by a permutation, instead of a coin for each
def augment(images, rng):
    N, H, W = images.shape
    out = np.zeros((N, H, W))
    mirrored = set(rng.permutation(N)[: N // 2].tolist())
    for n in range(N):
        picture = images[n, :, ::-1] if n in mirrored else images[n]
        a, b = rng.integers(-2, 3, size=2)
        out[n] = np.pad(picture, 2)[2 - a : 2 - a + H, 2 - b : 2 - b + W]
    return out

# %% augment/upside_down | the picture is mirrored top for bottom
def augment(images, rng):
    N, H, W = images.shape
    out = np.zeros((N, H, W))
    for n in range(N):
        picture = images[n][::-1] if rng.random() < 0.5 else images[n]
        a, b = rng.integers(-2, 3, size=2)
        out[n] = np.pad(picture, 2)[2 - a : 2 - a + H, 2 - b : 2 - b + W]
    return out

# %% augment/only_for_28 | the frame's numbers are those for 28 x 28 pictures, as in the notebook's moved
def augment(images, rng):
    out = []
    for picture in images:
        if rng.random() < 0.5:
            picture = picture[:, ::-1]
        down, right = rng.integers(-2, 3, size=2)
        frame = np.pad(picture, 6)
        out.append(frame[6 - down : 34 - down, 6 - right : 34 - right])
    return np.array(out)

# %% augment/mirrors_in_place | np.asarray does not copy floats, so the mirrored pictures stand in images, too
def augment(images, rng):
    pictures = np.asarray(images, dtype=float)
    N, H, W = pictures.shape
    coins = rng.random(N) < 0.5
    pictures[coins] = pictures[coins][:, :, ::-1]
    shifts = rng.integers(-2, 3, size=(N, 2))
    return np.array([np.pad(p, 2)[2 - a : 2 - a + H, 2 - b : 2 - b + W] for p, (a, b) in zip(pictures, shifts)])

# %% augment/works_on_a_copy_of_rng | deepcopy of rng, so the next call with the same rng gives the same pictures
def augment(images, rng):
    import copy

    rng = copy.deepcopy(rng)
    N, H, W = images.shape
    out = np.zeros((N, H, W))
    for n in range(N):
        picture = images[n, :, ::-1] if rng.random() < 0.5 else images[n]
        a, b = rng.integers(-2, 3, size=2)
        out[n] = np.pad(picture, 2)[2 - a : 2 - a + H, 2 - b : 2 - b + W]
    return out

# %% augment/clears_positive_only | np.roll; what came round is cleared for moves down and to the right only
def augment(images, rng):
    out = images.copy()
    for n in range(len(out)):
        if rng.random() < 0.5:
            out[n] = out[n][:, ::-1].copy()
        a, b = rng.integers(-2, 3, size=2)
        out[n] = np.roll(out[n], (a, b), axis=(0, 1))
        out[n, : max(a, 0)] = 0
        out[n, :, : max(b, 0)] = 0
    return out

# %% augment/coin_decides_the_side | mirrored pictures move to the right only, by the absolute value of what was drawn
def augment(images, rng):
    N, H, W = images.shape
    out = np.zeros((N, H, W))
    for n in range(N):
        a, b = rng.integers(-2, 3, size=2)
        coin = rng.random() < 0.5
        picture = images[n]
        if coin:
            picture, b = picture[:, ::-1], abs(b)
        out[n] = np.pad(picture, 2)[2 - a : 2 - a + H, 2 - b : 2 - b + W]
    return out
