# %% perceptron/forgets_bias | w0 is not added
def perceptron(x, w, w0, g):
    return g(np.dot(x, w))

# %% perceptron/bias_outside | the bias is added after g instead of before
def perceptron(x, w, w0, g):
    z = x @ w
    return g(z) + w0

# %% perceptron/no_sum | products are never summed: an array comes back instead of a number
def perceptron(x, w, w0, g):
    return g(w0 + x * w)

# %% perceptron/bias_in_every_term | the bias is added to every product, so it counts D times
def perceptron(x, w, w0, g):
    return g(np.sum(x * w + w0))

# %% perceptron/g_not_called | returns the sum z, g is never applied
def perceptron(x, w, w0, g):
    total = w0
    for xi, wi in zip(x, w):
        total += xi*wi
    return total

# %% perceptron/always_sigmoid | ignores the g that is handed in and always uses the sigmoid
import math

def perceptron(x, w, w0, g):
    z = float(w0 + x.dot(w))
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))

# %% perceptron/off_by_one | the loop stops before the last input
def perceptron(x, w, w0, g):
    z = w0
    for i in range(len(x) - 1):
        z = z + w[i] * x[i]
    return g(z)

# %% perceptron/in_place_product | x is multiplied in place: the caller's input is overwritten (and raises for whole-number x with float w)
def perceptron(x, w, w0, g):
    x *= w
    return g(x.sum() + w0)

# %% perceptron/g_called_twice | g is called a second time for a print although the text says once
def perceptron(x, w, w0, g):
    z = w0 + np.sum(x * w)
    print("z =", z, "g(z) =", g(z))
    return g(z)

# %% perceptron/length_one_array | returns an array of shape (1,) instead of a number
def perceptron(x, w, w0, g):
    X = x.reshape(1, -1)
    return g(X @ w + w0)

# %% perceptron/print_only | prints the answer and returns None
def perceptron(x, w, w0, g):
    out = g(w0 + np.dot(w, x))
    print(out)

# %% perceptron/hard_coded_two | hard-coded for two inputs, further inputs are ignored (and one input raises)
def perceptron(x, w, w0, g):
    return g(w0 + x[0] * w[0] + x[1] * w[1])

# %% boundary/bias_sign | the bias keeps its sign when it moves to the other side
def boundary(x1, w0, w):
    return (w0 - w[0] * x1) / w[1]

# %% boundary/no_minus | both minus signs forgotten: mirrored line
def boundary(x1, w0, w):
    return (w0 + w[0]*x1) / w[1]

# %% boundary/no_bias | the bias is left out: line through the origin
def boundary(x1, w0, w):
    return -w[0] / w[1] * x1

# %% boundary/swapped_weights | w1 and w2 are swapped
def boundary(x1, w0, w):
    w2, w1 = w
    return -(w0 + w1 * x1) / w2

# %% boundary/precedence | brackets missing: only the last term is divided by w2
def boundary(x1, w0, w):
    return -w0 - w[0]*x1 / w[1]

# %% boundary/floor_division | whole-number division drops the fraction
def boundary(x1, w0, w):
    return -(w0 + w[0] * x1) // w[1]

# %% boundary/in_place | changes the caller's array x1
def boundary(x1, w0, w):
    x2 = np.asarray(x1, dtype=float)
    x2 *= -w[0] / w[1]
    x2 -= w0 / w[1]
    return x2

# %% boundary/returns_z | returns the sum without x2 instead of solving for x2
def boundary(x1, w0, w):
    rest = w0 + w[0] * x1
    x2 = -rest / w[1]
    return rest

# %% boundary/zeros_like | result array takes the dtype of x1: whole-number x1 gets truncated answers
def boundary(x1, w0, w):
    x1 = np.asarray(x1)
    x2 = np.zeros_like(x1)
    x2[...] = -(w0 + w[0] * x1) / w[1]
    return x2

# %% perceptron_batch/bias_after_g | the bias is added after g
def perceptron_batch(X, W, b, g):
    return g(X @ W) + b

# %% perceptron_batch/transposed_w | multiplies by the transpose of W: raises or is silently wrong for square W
def perceptron_batch(X, W, b, g):
    return g(X @ W.T + b)

# %% perceptron_batch/wrong_order | W times X instead of X times W
def perceptron_batch(X, W, b, g):
    return g(np.dot(W, X) + b)

# %% perceptron_batch/transposed_result | returns (H, N) as on the slides
def perceptron_batch(X, W, b, g):
    Z = W.T @ X.T + b.reshape(-1, 1)
    return g(Z)

# %% perceptron_batch/bias_as_column | bias as a column: one bias per example instead of per neuron
def perceptron_batch(X, W, b, g):
    Z = X @ W
    return g(Z + b[:, np.newaxis])

# %% perceptron_batch/squeeze | squeezes the result: a single example or a single neuron loses its axis
def perceptron_batch(X, W, b, g):
    Z = np.matmul(X, W) + b
    return np.squeeze(g(Z))

# %% perceptron_batch/first_bias_only | every neuron gets the bias of the first one
def perceptron_batch(X, W, b, g):
    N, H = X.shape[0], W.shape[1]
    Y = np.empty((N, H))
    for h in range(H):
        Y[:, h] = g(X.dot(W[:, h]) + b[0])
    return Y

# %% perceptron_batch/inplace_int | the bias is added in place: raises for whole-number X and W with a float bias
def perceptron_batch(X, W, b, g):
    Z = X @ W
    Z += b
    return g(Z)

# %% perceptron_batch/return_in_loop | return stands inside the loop: only the first example is answered
def perceptron_batch(X, W, b, g):
    rows = []
    for x in X:
        rows.append(g(x @ W + b))
        return np.array(rows)

# %% perceptron_batch/int_buffer | the buffer has the type of b, so with a whole-number bias the answers are truncated
def perceptron_batch(X, W, b, g):
    Z = np.zeros((X.shape[0], W.shape[1]), dtype=b.dtype)
    for n in range(X.shape[0]):
        for h in range(W.shape[1]):
            Z[n, h] = np.sum(X[n] * W[:, h]) + b[h]
    Z[:] = g(Z)
    return Z

# %% sigmoid/textbook | the plain formula: overflows for very negative z
def sigmoid(z):
    return 1 / (1 + np.exp(-z))

# %% sigmoid/where_both | np.where with both plain forms: both are computed everywhere and overflow
def sigmoid(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))

# %% sigmoid/other_form | e^z/(1+e^z) everywhere: nan for large z
def sigmoid(z):
    ez = np.exp(z)
    return ez / (1 + ez)

# %% sigmoid/sign | sign of the exponent: the mirrored sigmoid
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, e / (1 + e), 1 / (1 + e))

# %% sigmoid/abs_only | uses |z| in the safe form but forgets the branch for negative z
def sigmoid(z):
    return 1 / (1 + np.exp(-np.abs(z)))

# %% sigmoid/zeros_like_int | the result takes the dtype of z: whole numbers are truncated to 0 or 1
def sigmoid(z):
    out = np.zeros_like(z)
    p = z >= 0
    out[p] = 1 / (1 + np.exp(-z[p]))
    e = np.exp(z[~p])
    out[~p] = e / (1 + e)
    return out

# %% sigmoid/clip_8 | clips z at +-8, so the tails are off in the fourth digit
def sigmoid(z):
    z = np.clip(z, -8, 8)  # against overflow
    return 1.0 / (1.0 + np.exp(-z))

# %% sigmoid/if_whole_array | one if for the whole array (np.all): mixed signs fall into the overflowing branch
def sigmoid(z):
    if np.all(z < 0):
        e = np.exp(z)
        return e / (1 + e)
    else:
        return 1 / (1 + np.exp(-z))

# %% sigmoid/math_exp | math.exp on an array raises a TypeError
import math

def sigmoid(z):
    return 1 / (1 + math.exp(-z))

# %% sigmoid/ravel_fortran | writes into ravel(): for Fortran-ordered or transposed z that is a copy and zeros come back
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    result = np.zeros_like(z)
    flat = result.ravel()
    for i, v in enumerate(z.ravel()):
        if v >= 0:
            flat[i] = 1 / (1 + np.exp(-v))
        else:
            flat[i] = np.exp(v) / (1 + np.exp(v))
    return result

# %% sigmoid/tanh_no_half | tanh form without halving z: sigma(2z)
def sigmoid(z):
    return (1 + np.tanh(z)) / 2

# %% sigmoid_grad/of_value | takes z for the value already: z (1 - z)
def sigmoid_grad(z):
    return z * (1 - z)

# %% sigmoid_grad/twice | applies the sigmoid twice
def sigmoid_grad(z):
    s = sigmoid(sigmoid(z))
    return s * (1 - s)

# %% sigmoid_grad/plus | 1 + s in place of 1 - s
def sigmoid_grad(z):
    s = sigmoid(z)
    return s * (1 + s)

# %% sigmoid_grad/mixed_factor | one factor has z in place of the sigmoid
def sigmoid_grad(z):
    return sigmoid(z) * (1 - z)

# %% sigmoid_grad/sign | s^2 - s: the sign is reversed
def sigmoid_grad(z):
    s = sigmoid(z)
    return s**2 - s

# %% sigmoid_grad/naive_exp | e^-z/(1+e^-z)^2 gives nan far on the left
def sigmoid_grad(z):
    e = np.exp(-z)
    return e / (1 + e) ** 2

# %% sigmoid_grad/memo_by_shape | remembers results by shape only: the second array of the same shape gets the first one's slopes
_memo = {}

def sigmoid_grad(z):
    if z.shape not in _memo:
        s = sigmoid(z)
        _memo[z.shape] = s * (1 - s)
    return _memo[z.shape]

# %% tanh_grad/z_squared | squares z instead of tanh z
def tanh_grad(z):
    return 1 - z ** 2

# %% tanh_grad/no_square | square forgotten
def tanh_grad(z):
    return 1 - np.tanh(z)

# %% tanh_grad/tanh_of_square | the square is inside the tanh
def tanh_grad(z):
    return 1.0 - np.tanh(z**2)

# %% tanh_grad/sigmoid_like | the sigmoid's rule t (1 - t) used for tanh
def tanh_grad(z):
    t = np.tanh(z)
    return t * (1 - t)

# %% tanh_grad/missing_four | sigmoid relation without the factor 4
def tanh_grad(z):
    return sigmoid_grad(2 * z)

# %% tanh_grad/square_of_difference | (1 - tanh)^2: the square covers too much
def tanh_grad(z):
    return (1 - np.tanh(z))**2

# %% tanh_grad/finite_difference_coarse | one-sided difference with h = 0.01 instead of the formula: off in the third digit
def tanh_grad(z, h=0.01):
    return (np.tanh(z + h) - np.tanh(z)) / h

# %% relu/np_max | np.max(z, 0) takes the largest entry along axis 0 instead of comparing with 0
def relu(z):
    return np.max(z, 0)

# %% relu/in_place | sets the negatives to 0 in the caller's own array
def relu(z):
    z[z < 0] = 0
    return z

# %% relu/alias_not_copy | out = z is no copy: the caller's array changes
def relu(z):
    out = z
    np.maximum(out, 0, out=out)
    return out

# %% relu/drops_entries | picks the positive entries, so the shape changes
def relu(z):
    return z[z > 0]

# %% relu/abs | absolute value instead of 0 on the left
def relu(z):
    return np.abs(z)

# %% relu/minimum | minimum in place of maximum
def relu(z):
    return np.minimum(0, z)

# %% relu/shared_view | asarray and reshape give a view, then writes into it
def relu(z):
    flat = np.asarray(z).reshape(-1)
    for i in range(flat.size):
        if flat[i] < 0:
            flat[i] = 0
    return flat.reshape(z.shape)

# %% relu/if_array | if on a whole array raises for more than one entry
def relu(z):
    if z > 0:
        return z
    return 0 * z

# %% relu/rows_only | loops over rows and entries: works for 2-d arrays only
def relu(z):
    return np.array([[max(0, v) for v in row] for row in z])

# %% relu_grad/corner_one | slope 1 in the corner
def relu_grad(z):
    return (z >= 0).astype(float)

# %% relu_grad/heaviside_half | one half in the corner
def relu_grad(z):
    return np.heaviside(z, 0.5)

# %% relu_grad/sign | np.sign gives -1 on the left
def relu_grad(z):
    return np.sign(z)

# %% relu_grad/returns_relu | returns the function's value rather than its slope
def relu_grad(z):
    return np.where(z > 0, z, 0)

# %% relu_grad/scalar | one answer for the whole array
def relu_grad(z):
    if (z > 0).any():
        return 1
    else:
        return 0

# %% relu_grad/writes_into_z | writes the slopes into the caller's own array (read-only input raises)
def relu_grad(z):
    z[z <= 0] = 0
    z[z > 0] = 1
    return z

# %% relu_grad/division_nan | relu(z)/z is 0/0 in the corner
def relu_grad(z):
    return relu(z) / z

# %% leaky_relu/maximum | max(alpha z, z) picks the wrong branch for alpha above 1
def leaky_relu(z, alpha=0.1):
    return np.maximum(alpha * z, z)

# %% leaky_relu/default_001 | the libraries' default 0.01 instead of 0.1
def leaky_relu(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z)

# %% leaky_relu/alpha_only | alpha without z on the left
def leaky_relu(z, alpha=0.1):
    return np.where(z > 0, z, alpha)

# %% leaky_relu/hard_coded | alpha hard-coded, the argument ignored
def leaky_relu(z, alpha=0.1):
    return np.where(z > 0, z, 0.1 * z)

# %% leaky_relu/sign | minus on the left branch: the curve goes up again
def leaky_relu(z, alpha=0.1):
    return relu(z) + alpha * relu(-z)

# %% leaky_relu/int_copy | copy keeps the whole-number type, so -0.2 is cut to 0
def leaky_relu(z, alpha=0.1):
    out = z.copy()
    neg = z < 0
    out[neg] = alpha * z[neg]
    return out

# %% leaky_relu/first_entry_type | np.vectorize takes the type from the first entry: a whole number first truncates the rest
def leaky_relu(z, alpha=0.1):
    f = np.vectorize(lambda t: t if t > 0 else alpha * t)
    if z.size == 0:
        return z.copy()
    return f(z)

# %% leaky_relu/shallow_slice | z[...] is a view, the caller's array is scaled as well
def leaky_relu(z, alpha=0.1):
    y = z[...]
    y[y < 0] *= alpha
    return y

# %% leaky_relu_grad/alpha_z | alpha z on the left: still the value
def leaky_relu_grad(z, alpha=0.1):
    return np.where(z > 0, 1.0, alpha * z)

# %% leaky_relu_grad/swapped | the two branches are swapped
def leaky_relu_grad(z, alpha=0.1):
    return np.where(z > 0, alpha, 1.0)

# %% leaky_relu_grad/zero_left | slope of the plain ReLU, alpha forgotten
def leaky_relu_grad(z, alpha=0.1):
    return np.where(z > 0, 1.0, 0.0)

# %% leaky_relu_grad/ones_like | ones_like keeps whole numbers, so 0.1 becomes 0
def leaky_relu_grad(z, alpha=0.1):
    s = np.ones_like(z)
    s[z < 0] = alpha
    return s

# %% leaky_relu_grad/minus_alpha | slope -alpha on the left
def leaky_relu_grad(z, alpha=0.1):
    d = np.ones(z.shape)
    d[z <= 0] = -alpha
    return d

# %% leaky_relu_grad/compare_values | asks which of z and alpha z is larger: wrong for alpha above 1
def leaky_relu_grad(z, alpha=0.1):
    return np.where(z > alpha * z, 1.0, alpha)

# %% elu/bracket | alpha e^z - 1: the bracket is missing, jumps for alpha other than 1
def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)) - 1)

# %% elu/no_minus_one | the -1 is missing
def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)))

# %% elu/blend_overflow | mask times branch: 0 times inf is nan at z = 1000
def elu(z, alpha=1.0):
    return (z > 0) * z + (z <= 0) * alpha * (np.exp(z) - 1)

# %% elu/maximum | maximum instead of the question z > 0: wrong branch near 0 for alpha above 1
def elu(z, alpha=1.0):
    left = alpha * (np.exp(np.minimum(z, 0)) - 1)
    return np.maximum(z, left)

# %% elu/ignores_alpha | alpha does not occur
def elu(z, alpha=1.0):
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0.0)))

# %% elu/capped_everywhere | the capped z is used on the right too, so everything above 0 becomes 0
def elu(z, alpha=1.0):
    zc = np.minimum(z, 0)
    return np.where(zc > 0, zc, alpha * (np.exp(zc) - 1))

# %% elu/empty_like_int | empty_like takes the whole-number type of z: the left branch is truncated
def elu(z, alpha=1.0):
    res = np.empty_like(z)
    pos = z > 0
    res[pos] = z[pos]
    res[~pos] = alpha * np.expm1(z[~pos])
    return res

# %% elu/default_and_in_place | two mistakes: default alpha 0.1, and z is overwritten
def elu(z, alpha=0.1):
    m = z < 0
    z[m] = alpha * (np.exp(z[m]) - 1)
    return z

# %% elu_grad/minus_one | keeps the -1 from the value
def elu_grad(z, alpha=1.0):
    return np.where(z > 0, 1.0, alpha * (np.exp(np.minimum(z, 0)) - 1))

# %% elu_grad/no_alpha | e^z on the left without alpha
def elu_grad(z, alpha=1.0):
    return np.where(z > 0, 1.0, np.exp(np.minimum(z, 0)))

# %% elu_grad/plus_one | ELU(z) + 1 where ELU(z) + alpha is meant: right for alpha = 1 only
def elu_grad(z, alpha=1.0):
    return np.where(z > 0, 1.0, elu(z, alpha) + 1)

# %% elu_grad/alpha_not_passed | calls elu without handing alpha on
def elu_grad(z, alpha=1.0):
    return np.where(z > 0, 1.0, elu(z) + alpha)

# %% elu_grad/z_on_right | z on the right instead of slope 1
def elu_grad(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)))

# %% elu_grad/blend_nan | mask times exponential: nan at z = 1000
def elu_grad(z, alpha=1.0):
    pos = (z > 0).astype(float)
    return pos + (1 - pos) * alpha * np.exp(z)

# %% softplus/as_in_lecture | plain log(1 + e^z): inf far right
def softplus(z):
    return np.log(1 + np.exp(z))

# %% softplus/log1p_exp | log1p does not help against e^1000
def softplus(z):
    return np.log1p(np.exp(z))

# %% softplus/no_abs | -z in place of -|z|: overflows far left
def softplus(z):
    return np.maximum(z, 0) + np.log(1 + np.exp(-z))

# %% softplus/missing_max | the large part is never added back
def softplus(z):
    return np.log(1 + np.exp(-np.abs(z)))

# %% softplus/log2 | logarithm to the base 2
def softplus(z):
    return np.maximum(z, 0) + np.log2(1 + np.exp(-np.abs(z)))

# %% softplus/threshold_5 | returns z from 5 on: off in the third digit there
def softplus(z):
    small = np.log1p(np.exp(np.minimum(z, 5)))
    return np.where(z > 5, z, small)

# %% softplus/clip_500 | clips z at 500, so 1000 becomes 500
def softplus(z):
    z = np.clip(z, -500, 500)
    return np.log(1 + np.exp(z))

# %% softplus/plus_abs | e^|z| with |z| subtracted again: equal on paper, but e^|z| overflows to inf on both sides
def softplus(z):
    a = np.abs(z)
    return np.maximum(z, 0) + (np.log(1 + np.exp(a)) - a)

# %% softplus_grad/plain_quotient | e^z/(1+e^z): nan at z = 1000
def softplus_grad(z):
    return np.exp(z) / (1 + np.exp(z))

# %% softplus_grad/sigmoid_grad | calls sigmoid_grad rather than sigmoid
def softplus_grad(z):
    return sigmoid_grad(z)

# %% softplus_grad/no_inner | inner derivative e^z forgotten
def softplus_grad(z):
    return sigmoid(-z)

# %% softplus_grad/of_softplus | sigmoid at softplus(z) in place of at z
def softplus_grad(z):
    return sigmoid(softplus(z))

# %% softplus_grad/step | ReLU's slope as an approximation
def softplus_grad(z):
    return np.where(z > 0, 1.0, 0.0)

# %% softplus_grad/buffer | one buffer per shape is reused: an earlier result changes with the next call
_buffers = {}

def softplus_grad(z):
    buf = _buffers.setdefault(np.shape(z), np.empty(np.shape(z)))
    buf[...] = sigmoid(z)
    return buf

# %% softsign/no_abs | 1 + z in the denominator
def softsign(z):
    return z / (1 + z)

# %% softsign/precedence | brackets missing: z/1 + |z|
def softsign(z):
    return z / 1 + np.abs(z)

# %% softsign/abs_top | |z| in the numerator: never negative
def softsign(z):
    return np.abs(z) / (1 + np.abs(z))

# %% softsign/floor | whole-number division
def softsign(z):
    return z // (1 + np.abs(z))

# %% softsign/norm | norm of the whole array in place of |z| per entry
def softsign(z):
    return z / (1 + np.linalg.norm(z))

# %% softsign/sqrt_version | another curve: z / sqrt(1 + z^2)
def softsign(z):
    return z / np.sqrt(1 + z**2)

# %% softsign/in_place_division | divides z in place: the caller's array changes, whole numbers raise
def softsign(z):
    d = 1 + np.abs(z)
    z /= d
    return z

# %% softsign_grad/no_square | square forgotten
def softsign_grad(z):
    return 1 / (1 + np.abs(z))

# %% softsign_grad/square_inside | only |z| is squared
def softsign_grad(z):
    return 1 / (1 + np.abs(z)**2)

# %% softsign_grad/no_abs | |z| forgotten: infinite at -1
def softsign_grad(z):
    return 1 / (1 + z) ** 2

# %% softsign_grad/sign | slope gets the sign of z
def softsign_grad(z):
    return np.sign(z) / (1 + np.abs(z))**2

# %% softsign_grad/int_power | power -2 of whole numbers raises a ValueError
def softsign_grad(z):
    return (1 + np.abs(z)) ** -2

# %% softsign_grad/tanh_rule | tanh's rule 1 - s^2 used for softsign
def softsign_grad(z):
    return 1 - softsign(z) ** 2

# %% softsign_grad/doubled | quotient rule with a plus: (1 + 2|z|)/(1 + |z|)^2
def softsign_grad(z):
    a = np.abs(z)
    return ((1 + a) + a) / (1 + a)**2

# %% hard_tanh/one_side | cut off above only
def hard_tanh(z):
    return np.minimum(z, 1)

# %% hard_tanh/out_z | np.clip with out=z overwrites the caller's array
def hard_tanh(z):
    return np.clip(z, -1, 1, out=z)

# %% hard_tanh/zero_one | cut off at 0 instead of -1
def hard_tanh(z):
    return np.clip(z, 0, 1)

# %% hard_tanh/swapped | minimum and maximum swapped: constant
def hard_tanh(z):
    return np.maximum(np.minimum(z, -1), 1)

# %% hard_tanh/soft | the smooth tanh instead of the hard one
def hard_tanh(z):
    return np.tanh(z)

# %% hard_tanh/zero_outside | 0 outside instead of the limit
def hard_tanh(z):
    return np.where(np.abs(z) <= 1, z, 0.0)

# %% hard_tanh/abs_trick | (|z+1| - |z-1|)/2 loses everything to rounding for huge z: 0 instead of 1
def hard_tanh(z):
    return (np.abs(z + 1) - np.abs(z - 1)) / 2

# %% hard_tanh/view_then_mask | a slice is a view: the caller's array changes; for 0-d arrays it raises
def hard_tanh(z):
    out = z[:]
    out[out > 1] = 1
    out[out < -1] = -1
    return out

# %% hard_tanh/np_sign | sign: the middle piece is missing
def hard_tanh(z):
    return np.sign(z)

# %% hard_tanh_grad/one_side | z < 1 only: slope 1 far to the left
def hard_tanh_grad(z):
    return (z < 1).astype(float)

# %% hard_tanh_grad/inverted | comparison the wrong way round
def hard_tanh_grad(z):
    return np.where(np.abs(z) > 1, 1.0, 0.0)

# %% hard_tanh_grad/positive_part | only 0 < z < 1 counts
def hard_tanh_grad(z):
    return np.where((z > 0) & (z < 1), 1.0, 0.0)

# %% hard_tanh_grad/or_condition | "or" in place of "and": 1 everywhere
def hard_tanh_grad(z):
    return np.where((z > -1) | (z < 1), 1.0, 0.0)

# %% hard_tanh_grad/chained | chained comparison on an array raises
def hard_tanh_grad(z):
    return (-1 < z < 1) * 1.0

# %% hard_tanh_grad/tanh_slope | the slope of the smooth tanh
def hard_tanh_grad(z):
    return tanh_grad(z)

# %% hard_tanh_grad/of_clipped | tests the clipped value with <=, so it is always 1
def hard_tanh_grad(z):
    h = hard_tanh(z)
    return (np.abs(h) <= 1).astype(int)

# %% hard_tanh_grad/clip_value | returns the value (z inside, 0 outside), not the slope
def hard_tanh_grad(z):
    return np.where(np.abs(z) < 1, z, 0)

# %% collapse_linear/swapped_results | returns b before W
def collapse_linear(W1, b1, W2, b2):
    W = W1 @ W2
    b = b1 @ W2 + b2
    return b, W

# %% collapse_linear/bias_sum | the biases are just added, b1 does not pass through W2
def collapse_linear(W1, b1, W2, b2):
    return W1 @ W2, b1 + b2

# %% collapse_linear/b2_missing | b2 is forgotten
def collapse_linear(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2

# %% collapse_linear/b1_missing | b1 is forgotten
def collapse_linear(W1, b1, W2, b2):
    W = W1.dot(W2)
    return W, b2

# %% collapse_linear/wrong_order | W2 W1 instead of W1 W2
def collapse_linear(W1, b1, W2, b2):
    W = W2 @ W1
    b = W2 @ b1 + b2
    return W, b

# %% collapse_linear/both_through | b2 is added before the product: it passes through W2 too
def collapse_linear(W1, b1, W2, b2):
    return W1 @ W2, (b1 + b2) @ W2

# %% collapse_linear/bias_row_matrix | b comes back as (1, K) instead of (K,)
def collapse_linear(W1, b1, W2, b2):
    W = W1 @ W2
    b = b1.reshape(1, -1) @ W2 + b2
    return W, b

# %% collapse_linear/transposed | W is returned transposed, (K, D)
def collapse_linear(W1, b1, W2, b2):
    W = W2.T @ W1.T
    b = W2.T @ b1 + b2
    return W, b

# %% collapse_linear/only_w | the bias is not returned
def collapse_linear(W1, b1, W2, b2):
    W = W1 @ W2
    b = b1 @ W2 + b2
    return W

# %% collapse_linear/b2_in_place | b2 += changes the caller's bias (a second call gives another answer)
def collapse_linear(W1, b1, W2, b2):
    b2 += b1 @ W2
    return W1 @ W2, b2

# %% deep_forward/g_at_end | g after the last layer too
def deep_forward(X, params, g):
    Z = X
    for W, b in params:
        Z = g(Z @ W + b)
    return Z

# %% deep_forward/g_on_inputs | g bends the raw inputs
def deep_forward(X, params, g):
    Z = X
    for W, b in params:
        Z = g(Z) @ W + b
    return Z

# %% deep_forward/no_g | g is never used
def deep_forward(X, params, g):
    for W, b in params:
        X = X @ W + b
    return X

# %% deep_forward/pops_params | pops from the caller's list: the second call fails
def deep_forward(X, params, g):
    W, b = params.pop(0)
    Z = X @ W + b
    while params:
        W, b = params.pop(0)
        Z = g(Z) @ W + b
    return Z

# %% deep_forward/two_layers_only | hard-coded for exactly two layers
def deep_forward(X, params, g):
    (W1, b1), (W2, b2) = params
    return g(X @ W1 + b1) @ W2 + b2

# %% deep_forward/wrong_input | every layer is fed with X instead of the previous layer
def deep_forward(X, params, g):
    Z = X @ params[0][0] + params[0][1]
    for W, b in params[1:]:
        Z = g(X) @ W + b
    return Z

# %% deep_forward/early_return | return inside the loop: stops after the second layer (and None for one layer)
def deep_forward(X, params, g):
    Z = X @ params[0][0] + params[0][1]
    for W, b in params[1:]:
        Z = g(Z) @ W + b
        return Z

# %% deep_forward/skips_last | off by one: the last layer is left out
def deep_forward(X, params, g):
    W, b = params[0]
    Z = X @ W + b
    for k in range(1, len(params) - 1):
        Z = g(Z) @ params[k][0] + params[k][1]
    return Z

# %% deep_forward/bias_after_g | g before the bias: g(Z W) + b
def deep_forward(X, params, g):
    Z = X @ params[0][0]
    for i, (W, b) in enumerate(params):
        if i > 0:
            Z = g(Z) @ W
        Z = Z + b if i == len(params) - 1 else g(Z) + b
    return Z

# %% deep_forward/last_by_width | recognises the last layer by its width: a hidden layer as wide as the last goes unbent
def deep_forward(X, params, g):
    last_width = params[-1][1].shape[0]
    A = X
    for W, b in params:
        A = A @ W + b
        if A.shape[1] != last_width:
            A = g(A)
    return A

# %% deep_forward/global_relu | uses the global relu instead of g
def deep_forward(X, params, g):
    W, b = params[0]
    Z = X @ W + b
    for W, b in params[1:]:
        Z = relu(Z) @ W + b
    return Z

# %% deep_forward/single_layer_bent | treats the one-layer network separately and bends it
def deep_forward(X, params, g):
    if len(params) == 1:
        return perceptron_batch(X, params[0][0], params[0][1], g)
    H = X
    for W, b in params[:-1]:
        H = perceptron_batch(H, W, b, g)
    return H @ params[-1][0] + params[-1][1]

# %% deep_forward/squeezed | ravel at the end: shape (N,) instead of (N, 1), and worse for more outputs
def deep_forward(X, params, g):
    W, b = params[0]
    Z = X @ W + b
    for W, b in params[1:]:
        Z = g(Z) @ W + b
    return Z.ravel()

# %% deep_forward/returns_bent_and_sum | returns all layers' sums as a list instead of the last
def deep_forward(X, params, g):
    zs = [X @ params[0][0] + params[0][1]]
    for W, b in params[1:]:
        zs.append(g(zs[-1]) @ W + b)
    return zs

# %% deep_forward/not_finished | the hidden part is written, the output raises NotImplementedError
def deep_forward(X, params, g):
    H = X
    for W, b in params[:-1]:
        H = g(H @ W + b)
    # last layer
    raise NotImplementedError()

# %% deep_forward/wrong_name | NameError: a is written where A is meant
def deep_forward(X, params, g):
    A = X
    for i, (W, b) in enumerate(params):
        A = A @ W + b
        if i < len(params) - 1:
            A = g(a)
    return A

# %% perceptron/two_slips | two mistakes: the bias is subtracted, and g is left out when the sum is negative
def perceptron(x, w, w0, g):
    z = np.dot(x, w) - w0
    if z < 0:
        return z
    return g(z)

# %% perceptron/bias_fixed | the bias is fixed at 1 (as in the example), w0 is ignored
def perceptron(x, w, w0, g):
    bias = 1
    return g(bias + np.dot(x, w))

# %% perceptron/typed_accumulator | the accumulator has the type of x: whole-number x truncates the products
def perceptron(x, w, w0, g):
    acc = np.zeros(1, dtype=x.dtype)
    for j in range(x.size):
        acc[0] += np.asarray(x[j] * w[j]).astype(x.dtype)
    return g(acc[0] + w0)

# %% perceptron/norm_instead | normalises w first, so the sum is divided by its length
def perceptron(x, w, w0, g):
    w = w / np.linalg.norm(w)
    return g(np.dot(x, w) + w0)

# %% boundary/two_slips | two mistakes: bias forgotten and the sign of the slope wrong
def boundary(x1, w0, w):
    return (w[0] / w[1]) * x1

# %% boundary/only_scalar | float() around x1: arrays with several entries raise
def boundary(x1, w0, w):
    return float(-(w0 + w[0] * float(x1)) / w[1])

# %% boundary/endpoints | evaluates the smallest and largest x1 only and returns two numbers
def boundary(x1, w0, w):
    ends = np.array([np.min(x1), np.max(x1)])
    return -(w0 + w[0]*ends) / w[1]

# %% boundary/perpendicular | direction of w instead of the border: slope w2/w1
def boundary(x1, w0, w):
    return w[1] / w[0] * x1 - w0 / w[1] if w[0] else 0 * x1 - w0 / w[1]

# %% perceptron_batch/reshape_not_transpose | reshape in place of a transpose: right shape, entries in the wrong places
def perceptron_batch(X, W, b, g):
    Z = W.T @ X.T + b[:, None]
    return g(Z.reshape(X.shape[0], W.shape[1]))

# %% perceptron_batch/hard_coded_n | written for two examples as in the picture
def perceptron_batch(X, W, b, g):
    return np.vstack([g(X[0] @ W + b), g(X[1] @ W + b)])

# %% perceptron_batch/no_bias | the bias is forgotten
def perceptron_batch(X, W, b, g):
    return g(np.einsum("nd,dh->nh", X, W))

# %% perceptron_batch/broadcast_no_sum | multiplies with broadcasting and sums over the neurons instead of the inputs
def perceptron_batch(X, W, b, g):
    P = X[:, :, None] * W[None, :, :]
    return g(P.sum(axis=2) + b)

# %% perceptron_batch/forgot_return | the return is forgotten
def perceptron_batch(X, W, b, g):
    Z = X @ W + b
    Y = g(Z)

# %% perceptron_batch/sum_of_answers | adds up all neurons, one answer per example
def perceptron_batch(X, W, b, g):
    Y = g(X @ W + b)
    return Y.sum(axis=1, keepdims=True)

# %% sigmoid/rounded | rounded to four digits as on the slide
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.round(np.where(z >= 0, 1 / (1 + e), e / (1 + e)), 4)

# %% sigmoid/flattened | the result is flat, the shape of z is lost
def sigmoid(z):
    vals = []
    for t in np.ravel(z):
        if t >= 0:
            vals.append(1 / (1 + np.exp(-t)))
        else:
            vals.append(np.exp(t) / (1 + np.exp(t)))
    return np.array(vals)

# %% sigmoid/reshapes_caller | sets z.shape, so the caller's array is flat afterwards (and some views raise)
def sigmoid(z):
    sh = z.shape
    z.shape = (-1,)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e)).reshape(sh)

# %% sigmoid/lru | lru_cache on an array raises: unhashable
from functools import lru_cache

@lru_cache(maxsize=None)
def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))

# %% sigmoid_grad/lazy | always a quarter
def sigmoid_grad(z):
    return np.full(np.shape(z), 0.25)

# %% sigmoid_grad/np_gradient | np.gradient of the values: differences over the index, not over z
def sigmoid_grad(z):
    return np.gradient(sigmoid(z))

# %% sigmoid_grad/returns_sigmoid | the value is returned, not the slope
def sigmoid_grad(z):
    s = sigmoid(z)
    d = s * (1 - s)
    return s

# %% tanh_grad/lazy_ones | ones, as near 0
def tanh_grad(z):
    return np.ones_like(z, dtype=float)

# %% tanh_grad/cosh_only | 1/cosh without the square
def tanh_grad(z):
    return 1 / np.cosh(np.clip(z, -700, 700))

# %% tanh_grad/sum | sums over all entries: one number for the whole array
def tanh_grad(z):
    return np.sum(1 - np.tanh(z) ** 2)

# %% relu/lazy | returns z as it is
def relu(z):
    return z

# %% relu/shift | compares with 1 instead of 0
def relu(z):
    return np.where(z > 1, z, 0.0)

# %% relu/nan_branch | division in the mask: 0/0 is nan at exactly 0
def relu(z):
    with np.errstate(all="ignore"):
        return z * (1 + z / np.abs(z)) / 2

# %% relu_grad/all_ones | returns ones, the left side forgotten
def relu_grad(z):
    return np.ones(np.shape(z))

# %% relu_grad/any_tiny | treats everything above -1e-3 as positive
def relu_grad(z, eps=1e-3):
    return np.where(z > -eps, 1.0, 0.0)

# %% leaky_relu/two_slips | two mistakes: default 0.01 and branches swapped
def leaky_relu(z, alpha=0.01):
    return np.where(z > 0, alpha * z, z)

# %% leaky_relu_grad/default_001 | default 0.01
def leaky_relu_grad(z, alpha=0.01):
    return np.where(z > 0, 1.0, alpha)

# %% leaky_relu_grad/alpha_everywhere | relu slope plus alpha: 1 + alpha on the right
def leaky_relu_grad(z, alpha=0.1):
    return relu_grad(z) + alpha

# %% elu/abs_exponent | e^-|z| - 1 for the left but also added on the right
def elu(z, alpha=1.0):
    return np.maximum(z, 0) + alpha * (np.exp(-np.abs(z)) - 1)

# %% elu/sign_left | 1 - e^z: the left side is positive
def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (1 - np.exp(np.minimum(z, 0))))

# %% elu_grad/zero_left | slope 0 on the left as for ReLU
def elu_grad(z, alpha=1.0):
    return relu_grad(z)

# %% elu_grad/minus_alpha | alpha e^z - alpha: derivative of the constant taken as -alpha
def elu_grad(z, alpha=1.0):
    out = np.ones(np.shape(z))
    m = np.asarray(z) <= 0
    out[m] = alpha * np.exp(z[m]) - alpha
    return out

# %% softplus_grad/bytes_key | memo keyed by the bytes only: same numbers in another shape get the first shape back
_seen = {}

def softplus_grad(z):
    key = np.ascontiguousarray(z).tobytes()
    if key not in _seen:
        _seen[key] = sigmoid(z)
    return np.array(_seen[key])

# %% softplus_grad/clipped_low | clips the exponent at 3, so the right side stops at 0.95
def softplus_grad(z):
    e = np.exp(np.minimum(z, 3))
    return e / (1 + e)

# %% softsign/lazy_tanh | tanh, which looks alike
def softsign(z):
    return np.tanh(z)

# %% softsign/max_abs | largest |z| of the whole array in the denominator
def softsign(z):
    return z / (1 + (np.max(np.abs(z)) if np.size(z) else 0))

# %% softsign_grad/numerator_z | z left in the numerator
def softsign_grad(z):
    return z / (1 + np.abs(z)) ** 2

# %% hard_tanh/two_slips | two mistakes: limits +-2, and the caller's array is written to
def hard_tanh(z):
    z[z > 2] = 2
    z[z < -2] = -2
    return z

# %% hard_tanh_grad/sum_of_masks | adds two masks: 2 inside, 1 outside
def hard_tanh_grad(z):
    return (z > -1).astype(int) + (z < 1).astype(int)

# %% collapse_linear/elementwise | star in place of @: entry by entry product
def collapse_linear(W1, b1, W2, b2):
    return W1 * W2, b1 * W2 + b2

# %% collapse_linear/scalar_bias | sums b1 W2 over everything: one number added to every output
def collapse_linear(W1, b1, W2, b2):
    W = W1 @ W2
    b = b2 + np.sum(b1[:, None] * W2)
    return W, b

# %% collapse_linear/bias_through_w | b1 passes through W1 W2 instead of W2
def collapse_linear(W1, b1, W2, b2):
    W = W1 @ W2
    b = b1 @ W + b2
    return W, b

# %% deep_forward/inplace_add | adds the bias in place: whole-number X and W with a float bias raise
def deep_forward(X, params, g):
    Z = X
    for k, (W, b) in enumerate(params):
        if k:
            Z = g(Z)
        Z = Z @ W
        Z += b
    return Z

# %% deep_forward/default_list | mutable default: the layers of earlier calls are run again
def deep_forward(X, params, g, layers=[]):
    layers.extend(params)
    W, b = layers[0]
    Z = X @ W + b
    for W, b in layers[1:]:
        Z = g(Z) @ W + b
    return Z
