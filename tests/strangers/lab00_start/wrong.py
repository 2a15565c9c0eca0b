# %% describe/no_asarray | a plain number has no ndim: AttributeError
def describe(t):
    return t.ndim, t.shape, t.size

# %% describe/atleast_1d | a plain number becomes a vector of length 1: (1, (1,), 1)
def describe(t):
    t = np.atleast_1d(t)
    return t.ndim, t.shape, t.size

# %% describe/len_as_size | size is the length of the first axis only; no length for a plain number
def describe(t):
    t = np.array(t)
    size = len(t) if t.ndim else 1
    return t.ndim, t.shape, size

# %% describe/order | shape and ndim change places
def describe(t):
    return np.shape(t), np.ndim(t), np.size(t)

# %% describe/shape_list | the shape is a list and not a tuple
def describe(t):
    a = np.asarray(t)
    return a.ndim, list(a.shape), a.size

# %% describe/sum_of_shape | the lengths are added instead of multiplied
def describe(t):
    a = np.asarray(t)
    return a.ndim, a.shape, sum(a.shape)

# %% describe/bytes | the number of bytes, not of numbers
def describe(t):
    a = np.asarray(t)
    return a.ndim, a.shape, a.nbytes

# %% describe/squeeze | axes of length 1 are dropped
def describe(t):
    a = np.squeeze(t)
    return a.ndim, a.shape, a.size

# %% describe/zero_for_number | a plain number is said to have size 0
def describe(t):
    if isinstance(t, (int, float)):
        return 0, (), 0
    return t.ndim, t.shape, t.size

# %% describe/mutable_default | the list in the default grows from call to call
def describe(t, dims=[]):
    a = np.asarray(t)
    for n in a.shape:
        dims.append(n)
    return len(dims), tuple(dims), int(np.prod(dims))

# %% describe/uint8_product | the size is multiplied in uint8 and wraps above 255
def describe(t):
    a = np.asarray(t)
    return a.ndim, a.shape, int(np.prod(a.shape, dtype=np.uint8))

# %% describe/matrix_only | the size is rows times columns: wrong for three axes, IndexError for a vector
def describe(t):
    if np.isscalar(t):
        return 0, (), 1
    return len(t.shape), t.shape, t.shape[0] * t.shape[1]

# %% describe/nonzero | counts only the numbers that are not 0
def describe(t):
    t = np.asarray(t)
    return t.ndim, t.shape, int(np.count_nonzero(t))

# %% describe/reversed_two_mistakes | the shape is reversed, and ndim is the first length
def describe(t):
    s = np.shape(t)
    return (s[0] if s else 0), s[::-1], np.size(t)

# %% describe/prints | prints the three and returns nothing
def describe(t):
    t = np.asarray(t)
    print(t.ndim, t.shape, t.size)

# %% rgb_to_gray/plain_mean | every colour counts one third
def rgb_to_gray(image):
    return np.mean(image, axis=-1)

# %% rgb_to_gray/bgr | takes blue first, as OpenCV does
def rgb_to_gray(image):
    b, g, r = np.moveaxis(image, -1, 0)
    return 0.299 * r + 0.587 * g + 0.114 * b

# %% rgb_to_gray/bt709 | the weights of another standard
def rgb_to_gray(image):
    return image @ np.array([0.2126, 0.7152, 0.0722])

# %% rgb_to_gray/rounded | rounded to whole numbers
def rgb_to_gray(image):
    return np.round(image @ np.array([0.299, 0.587, 0.114]))

# %% rgb_to_gray/to_uint8 | fractions are cut off by uint8, as for a picture file
def rgb_to_gray(image):
    y = 0.299 * image[..., 0] + 0.587 * image[..., 1] + 0.114 * image[..., 2]
    return y.astype(np.uint8)

# %% rgb_to_gray/keepdims | the colour axis stays with length 1
def rgb_to_gray(image):
    return (image * np.array([0.299, 0.587, 0.114])).sum(axis=2, keepdims=True)

# %% rgb_to_gray/no_sum | the weights are multiplied and nothing is summed
def rgb_to_gray(image):
    return image * np.array([0.299, 0.587, 0.114])

# %% rgb_to_gray/weights_in_image_type | the weights get the type of the image: 0 for whole numbers
def rgb_to_gray(image):
    w = np.array([0.299, 0.587, 0.114]).astype(image.dtype)
    return (image @ w).astype(float)

# %% rgb_to_gray/uint16_overflow | thousandths in uint16 wrap round above 65, and fractions are cut
def rgb_to_gray(image):
    im = image.astype(np.uint16)
    return (im[:, :, 0] * 299 + im[:, :, 1] * 587 + im[:, :, 2] * 114) / 1000

# %% rgb_to_gray/zeros_like | the result array has the type of the image: cut off for whole numbers, fine for fractions
def rgb_to_gray(image):
    out = np.zeros_like(image[:, :, 0])
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i, j] = np.dot(image[i, j], [0.299, 0.587, 0.114])
    return out

# %% rgb_to_gray/over_255 | divides whole-number pictures by 255
def rgb_to_gray(image):
    if image.max() > 1:
        image = image / 255
    return image @ [0.299, 0.587, 0.114]

# %% rgb_to_gray/transposed | the result is (W, H)
def rgb_to_gray(image):
    return np.einsum("hwc,c->wh", image, np.array([0.299, 0.587, 0.114]))

# %% rgb_to_gray/weights_on_rows | weights the first axis and not the colours
def rgb_to_gray(image):
    r, g, b = image[0], image[1], image[2]
    return 0.299 * r + 0.587 * g + 0.114 * b

# %% rgb_to_gray/third_again | weighted mean instead of weighted sum: divided by 3 as well
def rgb_to_gray(image):
    return (image * [0.299, 0.587, 0.114]).mean(axis=-1)

# %% rgb_to_gray/sum_in_uint8 | two mistakes: plain sum in the image's own type (uint8 wraps), then over 3
def rgb_to_gray(image):
    total = image[..., 0] + image[..., 1] + image[..., 2]
    return total / 3

# %% rgb_to_gray/swapped_and_rounded | two mistakes: green and blue weights swapped, one decimal
def rgb_to_gray(image):
    return np.round(0.299 * image[..., 0] + 0.114 * image[..., 1] + 0.587 * image[..., 2], 1)

# %% rgb_to_gray/shift | the fast whole-number approximation (77, 150, 29) / 256, cut off
def rgb_to_gray(image):
    x = image.astype(int)
    return ((77 * x[..., 0] + 150 * x[..., 1] + 29 * x[..., 2]) >> 8).astype(float)

# %% rgb_to_gray/list | a list of lists and no array
def rgb_to_gray(image):
    return [[0.299 * r + 0.587 * g + 0.114 * b for r, g, b in row] for row in image.tolist()]

# %% flatten_batch/salad | reshape(-1, N).T mixes the pictures
def flatten_batch(images):
    return images.reshape(-1, len(images)).T

# %% flatten_batch/ravel | the batch axis is gone
def flatten_batch(images):
    return images.ravel()

# %% flatten_batch/fortran | column-major order
def flatten_batch(images):
    return images.reshape(images.shape[0], -1, order="F")

# %% flatten_batch/channels_first | all reds first, then greens, then blues
def flatten_batch(images):
    return np.transpose(images, (0, 3, 1, 2)).reshape(len(images), -1)

# %% flatten_batch/columns_first | read column by column: rows and columns of the picture are swapped
def flatten_batch(images):
    N, H, W, C = images.shape
    return images.swapaxes(1, 2).reshape(N, W * H * C)

# %% flatten_batch/squeeze | for N = 1 the batch axis is lost
def flatten_batch(images):
    return np.array([im.flatten() for im in images]).squeeze()

# %% flatten_batch/three_colours | takes for granted that C is 3
def flatten_batch(images):
    n, h, w = images.shape[:3]
    return images.reshape(n, h * w * 3)

# %% flatten_batch/one_axis_left | only rows and columns are joined: (N, H * W, C)
def flatten_batch(images):
    N, H, W, C = images.shape
    return images.reshape(N, H * W, C)

# %% flatten_batch/rows_of_dots | one row for each dot: (N * H * W, C)
def flatten_batch(images):
    return images.reshape(-1, images.shape[-1])

# %% flatten_batch/transposed | one column for each picture
def flatten_batch(images):
    return np.array([im.ravel() for im in images]).T

# %% flatten_batch/square | takes W for H: only square pictures work
def flatten_batch(images):
    N, H, _, C = images.shape
    out = np.zeros((N, H * H * C))
    for i in range(H):
        for j in range(H):
            out[:, (i * H + j) * C : (i * H + j + 1) * C] = images[:, i, j]
    return out

# %% flatten_batch/bytes | turned into uint8: fractions and numbers above 255 are lost
def flatten_batch(images):
    return images.reshape(len(images), -1).astype(np.uint8)

# %% flatten_batch/first_shape_kept | the sizes of the first batch are remembered in a default argument for all later ones
def flatten_batch(images, memory={}):
    if "shape" not in memory:
        memory["shape"] = images.shape
    N, H, W, C = memory["shape"]
    return images.reshape(-1, H * W * C)

# %% flatten_batch/upside_down | rows from the bottom to the top, as MATLAB's axis xy
def flatten_batch(images):
    return images[:, ::-1].reshape(len(images), -1)

# %% flatten_batch/scaled | divided by 255 on the way
def flatten_batch(images):
    return images.reshape(images.shape[0], -1) / 255.0

# %% flatten_batch/same_picture | every row is the first picture
def flatten_batch(images):
    return np.stack([images[0].ravel() for _ in images])

# %% add_bias/no_guard | NumPy adds whatever it can
def add_bias(Z, b):
    return Z + b

# %% add_bias/size_guard | looks at the number of entries only: (1, H) passes
def add_bias(Z, b):
    if b.size != Z.shape[1]:
        raise ValueError("wrong size")
    return Z + b.reshape(-1)

# %% add_bias/len_guard | looks at the first length only: (H, 1) and (H, H) pass where N = H
def add_bias(Z, b):
    if b.ndim == 0 or len(b) != Z.shape[1]:
        raise ValueError("b must have one number for each column")
    return Z + b

# %% add_bias/ndim_guard | one axis is enough: (1,) passes
def add_bias(Z, b):
    if b.ndim != 1:
        raise ValueError("b must have one axis")
    return Z + b

# %% add_bias/last_length | compares the last length: (1, H) and (N, H) pass
def add_bias(Z, b):
    if b.shape == () or b.shape[-1] != Z.shape[-1]:
        raise ValueError("columns")
    return Z + b

# %% add_bias/assert | refuses with AssertionError
def add_bias(Z, b):
    assert b.shape == (Z.shape[1],), "b has the wrong shape"
    return Z + b

# %% add_bias/returns_error | hands the ValueError back instead of raising it
def add_bias(Z, b):
    if b.shape != (Z.shape[1],):
        return ValueError("wrong shape")
    return Z + b

# %% add_bias/in_place | adds into Z itself
def add_bias(Z, b):
    if b.shape != (Z.shape[1],):
        raise ValueError("b")
    Z += b
    return Z

# %% add_bias/there_and_back | adds into Z, copies, subtracts again: rounding changes Z, and whole numbers with floats raise
def add_bias(Z, b):
    if b.shape != (Z.shape[1],):
        raise ValueError("b")
    Z += b
    out = Z.copy()
    Z -= b
    return out

# %% add_bias/to_rows | b goes to the rows, guard for rows
def add_bias(Z, b):
    if b.shape != (Z.shape[0],):
        raise ValueError("b must have one number for each row")
    return Z + b[:, None]

# %% add_bias/empty_like | the result has the type of Z: fractions of b are cut off for whole numbers
def add_bias(Z, b):
    if b.shape != (Z.shape[1],):
        raise ValueError("b")
    out = np.empty_like(Z)
    for i in range(Z.shape[0]):
        for j in range(Z.shape[1]):
            out[i, j] = Z[i, j] + b[j]
    return out

# %% add_bias/same_buffer | one buffer for each shape is used again: the second call overwrites the first result
_buffers = {}

def add_bias(Z, b):
    if b.shape != (Z.shape[1],):
        raise ValueError("b")
    key = (Z.shape, np.result_type(Z, b))
    if key not in _buffers:
        _buffers[key] = np.empty(*key)
    np.add(Z, b, out=_buffers[key])
    return _buffers[key]

# %% add_bias/zero_bias_alias | for a b of zeros Z itself comes back, not a new array
def add_bias(Z, b):
    if b.shape != (Z.shape[1],):
        raise ValueError("b")
    if not np.any(b):
        return Z
    return Z + b

# %% add_bias/copy_plus_equal | a copy of the whole-number Z cannot take a b of floats: UFuncTypeError
def add_bias(Z, b):
    if b.shape != (Z.shape[1],):
        raise ValueError("b")
    out = Z.copy()
    out += b
    return out

# %% add_bias/squeeze_first | axes of length 1 are dropped before the guard: (1, H) and (H, 1) pass
def add_bias(Z, b):
    b = np.squeeze(b)
    if b.shape != (Z.shape[1],):
        raise ValueError("b")
    return Z + b

# %% add_bias/zip | zip stops at the shorter one, without an error
def add_bias(Z, b):
    return np.array([[z + v for z, v in zip(row, np.ravel(b))] for row in Z])

# %% add_bias/warning | only a warning is given, then it adds
import warnings

def add_bias(Z, b):
    if b.shape != (Z.shape[1],):
        warnings.warn("b has the wrong shape")
    return Z + b

# %% add_bias/guard_inverted | refuses the right shape and adds the wrong ones
def add_bias(Z, b):
    if b.shape == (Z.shape[1],):
        raise ValueError("b has the wrong shape")
    return Z + b

# %% add_bias/column_stack | b becomes a further row instead of being added
def add_bias(Z, b):
    if b.shape != Z.shape[1:]:
        raise ValueError("b")
    return np.vstack([Z, b])

# %% standardize/own_statistics | the test set uses its own mean and std
def standardize(X_train, X_test):
    def z(X):
        s = X.std(axis=0)
        return (X - X.mean(axis=0)) / np.where(s == 0, 1, s)
    return z(X_train), z(X_test)

# %% standardize/joint_statistics | mean and std of both sets together
def standardize(X_train, X_test):
    X = np.vstack([X_train, X_test])
    mu, sd = X.mean(0), X.std(0)
    sd[sd == 0] = 1
    return (X_train - mu) / sd, (X_test - mu) / sd

# %% standardize/ddof | divides by N - 1
def standardize(X_train, X_test):
    mu, sd = X_train.mean(0), X_train.std(0, ddof=1)
    sd[sd == 0] = 1
    return (X_train - mu) / sd, (X_test - mu) / sd

# %% standardize/variance | divides by the variance
def standardize(X_train, X_test):
    mu, var = X_train.mean(0), X_train.var(0)
    var[var == 0] = 1
    return (X_train - mu) / var, (X_test - mu) / var

# %% standardize/one_for_all | one mean and one std for all columns
def standardize(X_train, X_test):
    mu, sd = np.mean(X_train), np.std(X_train)
    if sd == 0:
        sd = 1
    return (X_train - mu) / sd, (X_test - mu) / sd

# %% standardize/global_std | the mean is by column, the std is one for all: the axis is missing
def standardize(X_train, X_test):
    mu, sd = X_train.mean(axis=0), X_train.std()
    return (X_train - mu) / (sd or 1), (X_test - mu) / (sd or 1)

# %% standardize/rows | every row is standardised: axis=1
def standardize(X_train, X_test):
    def z(X):
        s = X.std(axis=1, keepdims=True)
        s[s == 0] = 1
        return (X - X.mean(axis=1, keepdims=True)) / s
    return z(X_train), z(X_test)

# %% standardize/constant_nan | a constant column becomes nan
def standardize(X_train, X_test):
    mu, sd = X_train.mean(0), X_train.std(0)
    return (X_train - mu) / sd, (X_test - mu) / sd

# %% standardize/constant_kept | a constant column keeps its number
def standardize(X_train, X_test):
    A, B = X_train.astype(float), X_test.astype(float)
    for j in range(A.shape[1]):
        m, s = A[:, j].mean(), A[:, j].std()
        if s > 0:
            A[:, j] = (A[:, j] - m) / s
            B[:, j] = (B[:, j] - m) / s
    return A, B

# %% standardize/constant_dropped | constant columns are thrown away
def standardize(X_train, X_test):
    sd = X_train.std(0)
    keep = sd > 0
    mu = X_train.mean(0)
    return ((X_train - mu) / np.where(keep, sd, 1))[:, keep], ((X_test - mu) / np.where(keep, sd, 1))[:, keep]

# %% standardize/asarray_in_place | np.asarray makes no copy of floats: the caller's arrays are changed
def standardize(X_train, X_test):
    a = np.asarray(X_train, dtype=float)
    b = np.asarray(X_test, dtype=float)
    mu, sd = a.mean(axis=0), a.std(axis=0)
    sd[sd == 0] = 1
    a -= mu
    a /= sd
    b -= mu
    b /= sd
    return a, b

# %% standardize/test_in_place | only the test set is changed in place, and only when it holds floats
def standardize(X_train, X_test):
    mu, sd = X_train.mean(axis=0), X_train.std(axis=0)
    sd[sd == 0] = 1
    if X_test.dtype == float:
        X_test -= mu
        X_test /= sd
    else:
        X_test = (X_test - mu) / sd
    return (X_train - mu) / sd, X_test

# %% standardize/zeros_like | whole numbers stay whole: the result has the type of the input
def standardize(X_train, X_test):
    A, B = np.zeros_like(X_train), np.zeros_like(X_test)
    for j in range(X_train.shape[1]):
        m, s = X_train[:, j].mean(), X_train[:, j].std()
        A[:, j] = (X_train[:, j] - m) / (s if s else 1)
        B[:, j] = (X_test[:, j] - m) / (s if s else 1)
    return A, B

# %% standardize/square_overflow | mean of squares in the type of the input: small integer types wrap round (uint8, int16)
def standardize(X_train, X_test):
    mu = X_train.mean(axis=0)
    sd = np.sqrt(np.maximum((X_train * X_train).mean(axis=0) - mu * mu, 0))
    sd[sd == 0] = 1
    return (X_train - mu) / sd, (X_test - mu) / sd

# %% standardize/min_max | to the range 0 to 1
def standardize(X_train, X_test):
    lo, hi = X_train.min(0), X_train.max(0)
    span = np.where(hi > lo, hi - lo, 1)
    return (X_train - lo) / span, (X_test - lo) / span

# %% standardize/at_least_one | std is never less than 1: columns with a small spread are not stretched
def standardize(X_train, X_test):
    mu, sd = X_train.mean(0), np.maximum(X_train.std(0), 1)
    return (X_train - mu) / sd, (X_test - mu) / sd

# %% standardize/big_epsilon | std plus 0.01
def standardize(X_train, X_test):
    mu, sd = X_train.mean(0), X_train.std(0) + 1e-2
    return (X_train - mu) / sd, (X_test - mu) / sd

# %% standardize/test_std | the train mean, but each set's own std
def standardize(X_train, X_test):
    mu = X_train.mean(axis=0)
    s1, s2 = X_train.std(axis=0), X_test.std(axis=0)
    s1[s1 == 0], s2[s2 == 0] = 1, 1
    return (X_train - mu) / s1, (X_test - mu) / s2

# %% standardize/lonely_patient | right, except that a test set of one row is only centred
def standardize(X_train, X_test):
    mu, sd = X_train.mean(0), X_train.std(0)
    sd[sd == 0] = 1
    A = (X_train - mu) / sd
    if len(X_test) == 1:
        return A, X_test - mu
    return A, (X_test - mu) / sd

# %% standardize/squeezed | a test set of one row comes back as a vector
def standardize(X_train, X_test):
    mu, sd = X_train.mean(0), X_train.std(0)
    sd = np.where(sd == 0, 1, sd)
    return np.squeeze((X_train - mu) / sd), np.squeeze((X_test - mu) / sd)

# %% standardize/first_call_cached | mean and std of the first call are kept for all later calls with as many columns
_stats = {}

def standardize(X_train, X_test):
    D = X_train.shape[1]
    if D not in _stats:
        sd = X_train.std(axis=0)
        _stats[D] = X_train.mean(axis=0), np.where(sd == 0, 1, sd)
    mu, sd = _stats[D]
    return (X_train - mu) / sd, (X_test - mu) / sd

# %% standardize/order | test first, train second
def standardize(X_train, X_test):
    mu, sd = X_train.mean(0), X_train.std(0)
    sd[sd == 0] = 1
    return (X_test - mu) / sd, (X_train - mu) / sd

# %% standardize/one_array | both sets in one array
def standardize(X_train, X_test):
    mu, sd = X_train.mean(0), X_train.std(0)
    sd[sd == 0] = 1
    return (np.vstack([X_train, X_test]) - mu) / sd

# %% standardize/median | the median in place of the mean
def standardize(X_train, X_test):
    mid, sd = np.median(X_train, axis=0), X_train.std(axis=0)
    sd[sd == 0] = 1
    return (X_train - mid) / sd, (X_test - mid) / sd

# %% standardize/three_decimals | rounded to three decimals, as in the example
def standardize(X_train, X_test):
    mu, sd = X_train.mean(0), X_train.std(0)
    sd[sd == 0] = 1
    return np.round((X_train - mu) / sd, 3), np.round((X_test - mu) / sd, 3)

# %% standardize/brackets | brackets are missing: X - (mean / std)
def standardize(X_train, X_test):
    mu, sd = X_train.mean(0), X_train.std(0)
    sd[sd == 0] = 1
    return X_train - mu / sd, X_test - mu / sd

# %% standardize/mean_not_taken | two mistakes: nothing is subtracted, and N - 1
def standardize(X_train, X_test):
    sd = np.std(X_train, axis=0, ddof=1)
    sd[sd == 0] = 1
    return X_train / sd, X_test / sd

# %% standardize/whole_mean | the mean is rounded to the type of the input: wrong for whole numbers only
def standardize(X_train, X_test):
    mu = X_train.mean(axis=0).astype(X_train.dtype)
    sd = X_train.std(axis=0)
    sd[sd == 0] = 1
    return (X_train - mu) / sd, (X_test - mu) / sd
