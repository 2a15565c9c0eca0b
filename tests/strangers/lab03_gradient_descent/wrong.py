# %% numerical_gradient/forward_only | forward difference instead of the central one
def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x_plus = x.astype(float)
        x_plus[index] += h
        grad[index] = (f(x_plus) - f(x.astype(float))) / h
    return grad

# %% numerical_gradient/missing_parentheses | divides by 2 and multiplies by h, because / 2 * h lacks parentheses
def numerical_gradient(f, x, h=1e-5):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        a, b = np.array(x, dtype=float), np.array(x, dtype=float)
        a[i] += h
        b[i] -= h
        g[i] = (f(a) - f(b)) / 2 * h
    return g

# %% numerical_gradient/copy_keeps_int | x.copy() of a whole-number array stays whole-number, so x + h is cut back and the slope is wrong
def numerical_gradient(f, x, h=1e-5):
    g = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        xp = x.copy()
        xm = x.copy()
        xp[idx] = x[idx] + h
        xm[idx] = x[idx] - h
        g[idx] = (f(xp) - f(xm)) / (2*h)
    return g

# %% numerical_gradient/not_put_back | the moved entry is never put back, so later entries are measured at another place
def numerical_gradient(f, x, h=1e-5):
    z = np.array(x, dtype=float)
    g = np.empty(z.shape)
    for i in np.ndindex(z.shape):
        z[i] += h
        up = f(z)
        z[i] -= 2 * h
        down = f(z)
        g[i] = (up - down) / (2 * h)
    return g

# %% numerical_gradient/moves_callers_x | moves the entries of the caller's own x to and fro (np.asarray does not copy): x changes by rounding and a read-only x fails
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    result = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += h
        f1 = f(x)
        x[i] -= 2*h
        f2 = f(x)
        x[i] += h
        result[i] = (f1 - f2)/(2*h)
    return result

# %% numerical_gradient/rows_of_matrix | loops over len(x): for a matrix a whole row is moved at once
def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        p = x.astype(float)
        m = x.astype(float)
        p[i] = p[i] + h
        m[i] = m[i] - h
        grad[i] = (f(p) - f(m)) / (2 * h)
    return grad

# %% numerical_gradient/all_at_once | moves all entries at the same time and divides once
def numerical_gradient(f, x, h=1e-5):
    slope = (f(x + h) - f(x - h)) / (2 * h)
    return slope * np.ones(x.shape)

# %% numerical_gradient/flat_result | the result is flat, a matrix x gets its slopes back as a vector
def numerical_gradient(f, x, h=1e-5):
    unit = np.eye(x.size)
    return np.array([(f(x + h*u.reshape(x.shape)) - f(x - h*u.reshape(x.shape))) / (2*h) for u in unit])

# %% numerical_gradient/reshape_is_copy | for Fortran-ordered or transposed x the flat array is a copy and f never sees the step: slopes 0
def numerical_gradient(f, x, h=1e-5):
    work = np.array(x, dtype=float)
    flat = work.reshape(-1)
    out = np.zeros(flat.size)
    for k in range(flat.size):
        old = flat[k]
        flat[k] = old + h
        hi = f(work)
        flat[k] = old - h
        lo = f(work)
        flat[k] = old
        out[k] = (hi - lo) / (2 * h)
    return out.reshape(x.shape)

# %% numerical_gradient/h_ignored | the argument h is overwritten by 1e-5
def numerical_gradient(f, x, h=1e-5):
    h = 1e-5
    x = np.array(x, dtype=float)
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[index] = h
        grad[index] = (f(x + e) - f(x - e)) / (2 * h)
    return grad

# %% numerical_gradient/five_points | a fourth-order formula with four evaluations in place of (f(x+h) - f(x-h)) / 2h: other values at large h
def numerical_gradient(f, x, h=1e-5):
    x = x.astype(float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        g[i] = (-f(x + 2*e) + 8*f(x + e) - 8*f(x - e) + f(x - 2*e)) / (12*h)
    return g

# %% numerical_gradient/zeros_like_int | for whole-number x the result array is whole-number too and cuts off the slopes
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        plus = np.array(x, dtype=float)
        plus[index] += h
        minus = np.array(x, dtype=float)
        minus[index] -= h
        gradient[index] = (f(plus) - f(minus)) / (2 * h)
    return gradient

# %% numerical_gradient/one_name_for_both | minus = plus is a second name for the same array, the difference is always 0
def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        plus = minus = np.array(x, dtype=float)
        plus[index] += h
        minus[index] -= h
        grad[index] = (f(plus) - f(minus)) / (2 * h)
    return grad

# %% numerical_gradient/returns_in_loop | return stands inside the loop, only the first entry is measured
def numerical_gradient(f, x, h=1e-5):
    result = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        d = np.zeros(x.shape); d[i] = h
        result[i] = (f(x + d) - f(x - d)) / (2*h)
        return result

# %% relative_error/no_zero_case | all zeros against all zeros gives 0/0, nan
def relative_error(a, b):
    if a.shape != b.shape:
        raise ValueError("different shapes")
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))

# %% relative_error/no_shape_check | no look at the shapes: (5,) against (5, 1) is broadcast
def relative_error(a, b):
    s = np.sqrt(np.sum(a**2)) + np.sqrt(np.sum(b**2))
    if s == 0:
        return 0.0
    return np.sqrt(np.sum((a - b)**2)) / s

# %% relative_error/assert_shapes | assert raises AssertionError, not ValueError
def relative_error(a, b):
    assert a.shape == b.shape, "shapes differ"
    n = np.linalg.norm(a) + np.linalg.norm(b)
    return 0.0 if n == 0 else np.linalg.norm(a - b) / n

# %% relative_error/size_only | compares the number of entries, not the shapes
def relative_error(a, b):
    if a.size != b.size:
        raise ValueError("sizes differ")
    total = np.linalg.norm(a) + np.linalg.norm(b)
    if total == 0: return 0.0
    return np.linalg.norm(a - b) / total

# %% relative_error/forgot_root | squared lengths, the root is never taken
def relative_error(a, b):
    if a.shape != b.shape:
        raise ValueError
    top = ((a - b) ** 2).sum()
    bottom = (a ** 2).sum() + (b ** 2).sum()
    return top / bottom if bottom > 0 else 0.0

# %% relative_error/absolute_sums | sums of absolute values (1-norm) instead of root of the sum of squares; agrees on the example
def relative_error(a, b):
    if a.shape != b.shape:
        raise ValueError("a and b need the same shape")
    scale = np.abs(a).sum() + np.abs(b).sum()
    if scale == 0:
        return 0.0
    return np.abs(a - b).sum() / scale

# %% relative_error/norm_of_sum | divides by the norm of a + b, which is small for opposite signs
def relative_error(a, b):
    if a.shape != b.shape:
        raise ValueError("shape")
    if not a.any() and not b.any():
        return 0.0
    return np.linalg.norm(a - b) / np.linalg.norm(a + b)

# %% relative_error/epsilon_1e8 | adds 1e-8 to the denominator, so small gradients look equal
def relative_error(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError(f"{np.shape(a)} != {np.shape(b)}")
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b) + 1e-8)

# %% relative_error/allclose_zero | takes everything below 1e-8 for zero by np.allclose
def relative_error(a, b):
    if a.shape != b.shape:
        raise ValueError("Shapes must be equal")
    if np.allclose(a, 0) and np.allclose(b, 0):
        return 0.0
    return np.linalg.norm((a - b).ravel()) / (np.linalg.norm(a.ravel()) + np.linalg.norm(b.ravel()))

# %% relative_error/zero_if_one_is_zero | returns 0.0 as soon as one of the two is all zeros
def relative_error(a, b):
    if a.shape != b.shape:
        raise ValueError("shapes differ")
    na, nb = np.linalg.norm(a), np.linalg.norm(b)
    if na == 0 or nb == 0:
        return 0.0
    return np.linalg.norm(a - b) / (na + nb)

# %% relative_error/spectral_norm | norm with ord=2 is the spectral norm for a matrix, and fails in 3-D
def relative_error(a, b):
    if a.shape != b.shape:
        raise ValueError("shapes")
    den = np.linalg.norm(a, 2) + np.linalg.norm(b, 2)
    return np.linalg.norm(a - b, 2) / den if den != 0 else 0.0

# %% relative_error/entrywise_mean | mean of the relative errors of the entries instead of the error of the whole
def relative_error(a, b):
    if a.shape != b.shape:
        raise ValueError("shape mismatch")
    d = np.abs(a) + np.abs(b)
    d = np.where(d == 0, 1, d)
    return float(np.mean(np.abs(a - b) / d))

# %% relative_error/typo_name | typing error: norm_A is not defined (NameError)
def relative_error(a, b):
    if a.shape != b.shape:
        raise ValueError("shapes")
    norm_a, norm_b = np.linalg.norm(a), np.linalg.norm(b)
    if norm_a + norm_b == 0:
        return 0.0
    return np.linalg.norm(a - b) / (norm_A + norm_b)

# %% relative_error/rounded_four | two mistakes: rounds to 4 digits, so that small errors become 0, and returns the ValueError instead of raising it
def relative_error(a, b):
    if a.shape != b.shape:
        return ValueError("a and b must have the same shape")
    length = np.linalg.norm(a) + np.linalg.norm(b)
    if length == 0:
        return 0.0
    return round(float(np.linalg.norm(a - b) / length), 4)

# %% linear_regression_grad/without_two | the factor 2 is missing
def linear_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    return X1.T @ (X1 @ w - y) / len(X)

# %% linear_regression_grad/sum_not_mean | gradient of the sum, not divided by N
def linear_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    e = X1 @ w - y
    return 2 * np.dot(X1.T, e)

# %% linear_regression_grad/y_minus_prediction | sign: target minus prediction
def linear_regression_grad(X, y, w):
    N = X.shape[0]
    X1 = np.hstack([np.ones((N, 1)), X])
    diff = y - X1.dot(w)
    return (2 / N) * X1.T.dot(diff)

# %% linear_regression_grad/ones_last | the column of ones is put at the end, so w[0] is not the bias
def linear_regression_grad(X, y, w):
    X1 = np.c_[X, np.ones(X.shape[0])]
    return 2 / len(y) * (X1.T @ (X1 @ w - y))

# %% linear_regression_grad/column_against_row | predictions (N, 1) minus targets (N,) give an N x N table, then averaged
def linear_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    y_hat = X1 @ w.reshape(-1, 1)
    errors = (y_hat - y).mean(axis=1)
    return 2 * X1.T @ errors / len(X)

# %% linear_regression_grad/mean_over_everything | np.mean without axis, one number for all weights
def linear_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    r = X1 @ w - y
    g = np.mean(2 * r[:, None] * X1)
    return np.full(w.shape, g)

# %% linear_regression_grad/divides_by_features | X.shape[1] + 1 taken for N: divides by the number of weights
def linear_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    n = X1.shape[1]
    return (2.0 / n) * X1.T @ (X1 @ w - y)

# %% linear_regression_grad/zeros_like_w_int | sums into zeros_like(w): whole-number w makes the gradient whole-number
def linear_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    grad = np.zeros_like(w)
    for k in range(len(w)):
        grad[k] = np.mean(2 * (X1 @ w - y) * X1[:, k])
    return grad

# %% linear_regression_grad/subtracts_from_y | y -= prediction changes the caller's targets (and fails for whole-number y)
def linear_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    y -= X1 @ w
    return -2 * X1.T @ y / len(X)

# %% linear_regression_grad/squeeze_breaks_one | squeeze() drops the example axis when N = 1
def linear_regression_grad(X, y, w):
    X1 = np.squeeze(np.column_stack([np.ones(len(X)), X]))
    err = X1 @ w - np.squeeze(y)
    return 2 * X1.T @ err / len(y)

# %% linear_regression_grad/one_feature_only | written for one feature, further columns are left out
def linear_regression_grad(X, y, w):
    x = X[:, 0]
    e = w[0] + w[1] * x - y
    return np.array([np.mean(2 * e), np.mean(2 * e * x)])

# %% linear_regression_grad/whole_number_division | // 's floor instead of / when it takes the mean
def linear_regression_grad(X, y, w):
    A = np.column_stack([np.ones(len(X)), X])
    s = A.T @ (2 * (A @ w - y))
    return s // len(X)

# %% linear_regression_grad/bias_not_in_prediction | the bias has a slope but w[0] is not added to the prediction
def linear_regression_grad(X, y, w):
    y_hat = X @ w[1:]
    r = 2 * (y_hat - y) / len(y)
    return np.concatenate([[r.sum()], X.T @ r])

# %% linear_regression_grad/returns_loss | returns the mean squared error itself
def linear_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    return np.mean((X1 @ w - y) ** 2)

# %% logistic_regression_grad/extra_p_one_minus_p | the derivative of the sigmoid is multiplied in although it cancels
def logistic_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    p = expit(X1 @ w)
    return X1.T @ ((p - y) * p * (1 - p)) / len(X)

# %% logistic_regression_grad/calls_linear_on_p | passes 0/1 targets to linear_regression_grad: no sigmoid at all
def logistic_regression_grad(X, y, w):
    return linear_regression_grad(X, y, w)

# %% logistic_regression_grad/two_too_many | a factor 2 copied from the linear model
def logistic_regression_grad(X, y, w):
    X1 = np.hstack([np.ones((len(X), 1)), X])
    p = expit(X1.dot(w))
    return 2 * X1.T.dot(p - y) / len(y)

# %% logistic_regression_grad/exp_over_one_plus_exp | exp(z) / (1 + exp(z)) is inf / inf = nan for large z
def logistic_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    ez = np.exp(X1 @ w)
    p = ez / (1 + ez)
    return X1.T @ (p - y) / len(X)

# %% logistic_regression_grad/rounded_p | uses the yes/no answer p > 0.5 in place of p
def logistic_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    y_hat = (expit(X1 @ w) > 0.5).astype(float)
    return X1.T @ (y_hat - y) / len(X)

# %% logistic_regression_grad/only_the_passed | only the term of y = 1, that of y = 0 is missing
def logistic_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    p = expit(X1 @ w)
    d = -y * (1 - p)
    return np.mean(d[:, None] * X1, axis=0)

# %% logistic_regression_grad/clip_z_five | clips z to [-5, 5] against overflow: sure answers get a wrong p
def logistic_regression_grad(X, y, w):
    z = np.clip(w[0] + X @ w[1:], -5, 5)
    p = 1 / (1 + np.exp(-z))
    e = p - y
    return np.append(e.mean(), X.T @ e / len(e))

# %% logistic_regression_grad/hinge_loss | gradient of the hinge loss of a support vector machine, not of the cross-entropy
def logistic_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    sign = 2 * y - 1
    inside = sign * (X1 @ w) < 1
    return -X1.T @ (sign * inside) / len(X)

# %% logistic_regression_grad/no_return | computes the gradient and forgets the return
def logistic_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    p = expit(X1 @ w)
    grad = X1.T @ (p - y) / len(X)
    print(grad)

# %% logistic_regression_grad/no_bias_slope | the column of ones is left out of the gradient: shape (D,)
def logistic_regression_grad(X, y, w):
    p = expit(X @ w[1:] + w[0])
    return X.T @ (p - y) / X.shape[0]

# %% logistic_regression_grad/mean_twice_sign | two mistakes: y - p has the wrong sign, and the mean is divided by N once more
def logistic_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    diff = y - expit(X1 @ w)
    g = np.mean(diff.reshape(-1, 1) * X1, axis=0)
    return g / len(X)

# %% logistic_regression_grad/half_finished | only zeros come back, the sum is not written
def logistic_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    p = expit(X1 @ w)
    grad = np.zeros(w.shape)
    # TODO sum over examples
    return grad

# %% logistic_regression_grad/expit_twice | the sigmoid is applied twice
def logistic_regression_grad(X, y, w):
    X1 = np.column_stack([np.ones(len(X)), X])
    z = expit(X1 @ w)
    p = expit(z)
    return X1.T @ (p - y) / len(X)

# %% gradient_descent/tie_goes_on | >= in the condition: at a length of exactly eps it takes one more step
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float)
    steps = 0
    while np.linalg.norm(grad(w)) >= eps and steps < max_steps:
        w = w - lr * grad(w)
        steps += 1
    return w, steps

# %% gradient_descent/changes_start | w = w0 and w -= ...: the caller's start is changed
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = w0
    steps = 0
    while steps < max_steps:
        g = grad(w)
        if np.linalg.norm(g) <= eps:
            break
        w -= lr * g
        steps += 1
    return w, steps

# %% gradient_descent/copy_keeps_int | copy of a whole-number start, new places are cut to whole numbers when assigned
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = w0.copy()
    steps = 0
    g = grad(w)
    while np.linalg.norm(g) > eps and steps < max_steps:
        w[:] = w - lr * g
        g = grad(w)
        steps += 1
    return w, steps

# %% gradient_descent/counts_looks | counts the looks at the gradient, one too many when it stops because it is flat
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float)
    steps = 0
    while steps < max_steps:
        g = grad(w)
        steps += 1
        if np.linalg.norm(g) <= eps:
            break
        w = w - lr * g
    return w, steps

# %% gradient_descent/index_of_for | returns the loop variable: one short when max_steps are taken (NameError for max_steps = 0)
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float)
    for i in range(max_steps):
        g = grad(w)
        if np.linalg.norm(g) <= eps:
            break
        w = w - lr*g
    return w, i

# %% gradient_descent/stops_while_steep | takes the comment on the slide for the condition to go on: while the length is <= eps
def gradient_descent(grad, w0, lr, eps, max_steps):
    w, steps = np.array(w0, dtype=float), 0
    while np.linalg.norm(grad(w)) <= eps and steps < max_steps:
        w = w - lr * grad(w)
        steps = steps + 1
    return w, steps

# %% gradient_descent/largest_entry | compares the largest entry of the gradient with eps, not its length
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float)
    for step in range(max_steps):
        g = grad(w)
        if np.max(np.abs(g)) <= eps:
            return w, step
        w = w - lr * g
    return w, max_steps

# %% gradient_descent/signed_sum | compares the signed sum of the slopes with eps: slopes of both signs cancel
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float); steps = 0
    g = grad(w)
    while abs(g.sum()) > eps and steps < max_steps:
        w = w - lr * g
        g = grad(w)
        steps += 1
    return w, steps

# %% gradient_descent/short_step_stops | stops when the step lr * gradient is at most eps, instead of the gradient
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float)
    steps = 0
    while steps < max_steps:
        step = lr * grad(w)
        if np.linalg.norm(step) <= eps:
            break
        w = w - step
        steps += 1
    return w, steps

# %% gradient_descent/step_before_look | always takes a first step, even from a flat start
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float)
    steps = 0
    while True:
        g = grad(w)
        w = w - lr * g
        steps += 1
        if np.linalg.norm(grad(w)) <= eps or steps >= max_steps:
            return w, steps

# %% gradient_descent/stale_gradient | the gradient is computed once before the loop and never again
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = w0.astype(float)
    steps = 0
    g = grad(w)
    while np.linalg.norm(g) > eps and steps < max_steps:
        w = w - lr * g
        steps += 1
    return w, steps

# %% gradient_descent/swapped_and_uphill | two mistakes: walks up (plus), and returns (steps, w)
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float)
    steps = 0
    while np.linalg.norm(grad(w)) > eps and steps < max_steps:
        w = w + lr * grad(w)
        steps += 1
    return steps, w

# %% gradient_descent/unit_steps | divides the gradient by its length, so every step is lr long
def gradient_descent(grad, w0, lr, eps, max_steps):
    w, steps = np.array(w0, dtype=float), 0
    while steps < max_steps:
        g = grad(w)
        length = np.linalg.norm(g)
        if length <= eps:
            break
        w = w - lr * g / length
        steps += 1
    return w, steps

# %% gradient_descent/only_w | returns w alone, without the number of steps
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float)
    for _ in range(max_steps):
        g = grad(w)
        if np.linalg.norm(g) <= eps:
            break
        w = w - lr * g
    return w

# %% gradient_descent/one_step_more | steps <= max_steps allows one step too many
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float)
    steps = 0
    while np.linalg.norm(grad(w)) > eps and steps <= max_steps:
        w = w - lr * grad(w)
        steps += 1
    return w, steps

# %% gradient_descent/squared_length | compares the squared length with eps, the root is missing
def gradient_descent(grad, w0, lr, eps, max_steps):
    w, steps = np.array(w0, dtype=float), 0
    g = grad(w)
    while g @ g > eps and steps < max_steps:
        w = w - lr * g
        steps += 1
        g = grad(w)
    return w, steps

# %% gradient_descent/best_place | returns the flattest place seen instead of the one where the walk ends
def gradient_descent(grad, w0, lr, eps, max_steps):
    w = np.array(w0, dtype=float)
    best, best_length, steps = w, np.linalg.norm(grad(w)), 0
    while steps < max_steps and np.linalg.norm(grad(w)) > eps:
        w = w - lr * grad(w)
        steps += 1
        if np.linalg.norm(grad(w)) < best_length:
            best, best_length = w, np.linalg.norm(grad(w))
    return best, steps

# %% minibatches/two_permutations | one permutation for X and another for y: they do not belong together any more
def minibatches(X, y, batch_size, rng):
    Xs = rng.permutation(X)
    ys = rng.permutation(y)
    for i in range(0, len(X), batch_size):
        yield Xs[i:i+batch_size], ys[i:i+batch_size]

# %% minibatches/drops_the_rest | only whole batches, the examples left over at the end are dropped
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for k in range(len(X) // batch_size):
        rows = order[k * batch_size:(k + 1) * batch_size]
        yield X[rows], y[rows]

# %% minibatches/empty_last_batch | one batch too many: an empty one when batch_size divides N
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for k in range(len(X) // batch_size + 1):
        rows = order[k * batch_size:(k + 1) * batch_size]
        yield X[rows], y[rows]

# %% minibatches/with_replacement | draws with rng.integers, some examples come twice and others not at all
def minibatches(X, y, batch_size, rng):
    N = len(X)
    for start in range(0, N, batch_size):
        size = min(batch_size, N - start)
        idx = rng.integers(0, N, size=size)
        yield X[idx], y[idx]

# %% minibatches/returns_first | return in place of yield: the first pair only
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start:start + batch_size]
        return X[rows], y[rows]

# %% minibatches/no_shuffle | the examples are dealt in their old order, rng is not used
def minibatches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        yield X[start:start + batch_size], y[start:start + batch_size]

# %% minibatches/np_random_global | np.random.permutation instead of the given rng
def minibatches(X, y, batch_size, rng):
    idx = np.random.permutation(len(y))
    for s in range(0, len(y), batch_size):
        yield X[idx[s:s+batch_size]], y[idx[s:s+batch_size]]

# %% minibatches/copy_of_rng | draws from a copy of rng, so that every call deals in the same order
import copy

def minibatches(X, y, batch_size, rng):
    # do not disturb the generator of the caller
    my_rng = copy.deepcopy(rng)
    order = my_rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        yield X[order[start:start+batch_size]], y[order[start:start+batch_size]]

# %% minibatches/shuffles_in_place | rng.shuffle on X and y themselves: the caller's arrays are shuffled (and fail when read-only)
def minibatches(X, y, batch_size, rng):
    state = rng.bit_generator.state
    rng.shuffle(X)
    rng.bit_generator.state = state
    rng.shuffle(y)
    for i in range(0, len(y), batch_size):
        yield X[i:i + batch_size].copy(), y[i:i + batch_size].copy()

# %% minibatches/even_split | array_split makes batches of nearly equal size, 7 in batches of 3 become 3, 2, 2
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    count = int(np.ceil(len(X) / batch_size))
    for rows in np.array_split(order, count):
        yield X[rows], y[rows]

# %% minibatches/shuffles_blocks | only the order of the batches is random, each batch holds the same neighbours in every epoch
def minibatches(X, y, batch_size, rng):
    starts = np.arange(0, len(X), batch_size)
    for s in rng.permutation(starts):
        yield X[s:s + batch_size], y[s:s + batch_size]

# %% minibatches/shuffled_each_batch | a new permutation for every batch: examples repeat within an epoch
def minibatches(X, y, batch_size, rng):
    n = len(X)
    for start in range(0, n, batch_size):
        order = rng.permutation(n)
        take = order[start:start + batch_size]
        yield X[take], y[take]

# %% minibatches/never_zero | permutation of N - 1 numbers plus 1: example 0 is never dealt
def minibatches(X, y, batch_size, rng):
    numbers = rng.permutation(len(X) - 1) + 1
    for i in range(0, len(numbers), batch_size):
        chosen = numbers[i:i + batch_size]
        yield X[chosen], y[chosen]

# %% minibatches/order_remembered | the order is remembered between calls by N: the second epoch has the same order
_orders = {}

def minibatches(X, y, batch_size, rng):
    N = len(X)
    if N not in _orders:
        _orders[N] = rng.permutation(N)
    order = _orders[N]
    for i in range(0, N, batch_size):
        yield X[order[i:i+batch_size]], y[order[i:i+batch_size]]

# %% minibatches/row_numbers | yields the row numbers instead of the rows
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        yield order[start:start + batch_size]

# %% minibatches/y_from_unshuffled | X is taken in shuffled order, y in the old one
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        end = start + batch_size
        yield X[order[start:end]], y[start:end]

# %% sgd_epoch/inplace_w | w -= ... changes the caller's w
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        w -= lr * grad(X_batch, y_batch, w)
    return w

# %% sgd_epoch/gradients_at_old_w | every gradient is taken at the w from the beginning of the epoch
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    new_w = np.array(w, dtype=float)
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        new_w = new_w - lr * grad(X_batch, y_batch, w)
    return new_w

# %% sgd_epoch/divided_by_batch | divides the mean gradient by the number of examples again
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    for xb, yb in minibatches(X, y, batch_size, rng):
        w = w - lr * grad(xb, yb, w) / len(xb)
    return w

# %% sgd_epoch/gradient_of_all | loops over the batches but takes the gradient of all examples, as on the slide
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        w = w - lr * grad(X, y, w)
    return w

# %% sgd_epoch/return_in_loop | return inside the loop: one batch only
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    w = w.astype(float)
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        g = grad(X_batch, y_batch, w)
        w = w - lr * g
        return w

# %% sgd_epoch/last_batch_weighted | the smaller last batch gets a step shortened by its share
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        share = len(y_batch) / batch_size
        w = w - lr * share * grad(X_batch, y_batch, w)
    return w

# %% sgd_epoch/own_seed | a generator of its own with a fixed seed, the given rng is not used
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    rng = np.random.default_rng(0)
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        w = w - lr * grad(X_batch, y_batch, w)
    return w

# %% sgd_epoch/arguments_of_grad | calls grad(w, X, y) in the wrong order
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        w = w - lr * grad(w, X_batch, y_batch)
    return w

# %% sgd_epoch/fresh_deal_each_step | next(minibatches(...)) deals anew for each step, so examples are seen twice or never
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    steps = int(np.ceil(len(X) / batch_size))
    for _ in range(steps):
        xb, yb = next(minibatches(X, y, batch_size, rng))
        w = w - lr * grad(xb, yb, w)
    return w

# %% sgd_epoch/always_linear | calls linear_regression_grad instead of the grad that was handed over
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        w = w - lr * linear_regression_grad(X_batch, y_batch, w)
    return w

# %% sgd_epoch/average_of_places | returns the average of all places on the way instead of the last one
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    places = []
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        w = w - lr * grad(X_batch, y_batch, w)
        places.append(w)
    return np.mean(places, axis=0)

# %% sgd_epoch/skips_short_batch | leaves out the last batch when it is shorter than batch_size
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    w = np.array(w, dtype=float)
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        if len(X_batch) < batch_size:
            break
        w = w - lr * grad(X_batch, y_batch, w)
    return w

# %% sgd_epoch/uphill | adds the gradient
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        w = w + lr * grad(X_batch, y_batch, w)
    return w

# %% sgd_epoch/unchanged | the new place gets another name and w comes back as it was
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        w_new = w - lr * grad(X_batch, y_batch, w)
    return w

# %% sgd_epoch/one_averaged_step | averages the gradients of all batches and takes a single step at the end
def sgd_epoch(grad, w, X, y, lr, batch_size, rng):
    gradients = [grad(a, b, w) for a, b in minibatches(X, y, batch_size, rng)]
    return w - lr * np.mean(gradients, axis=0)

# %% predict_pass/own_mean_and_std | scales with the mean and spread of those who ask (nan for one student)
def predict_pass(lectures, hours, w):
    l = (lectures - lectures.mean()) / lectures.std()
    h = (hours - hours.mean()) / hours.std()
    return w[0] + w[1] * l + w[2] * h > 0

# %% predict_pass/raw_units | no scaling at all
def predict_pass(lectures, hours, w):
    z = w[0] + w[1] * lectures + w[2] * hours
    return expit(z) > 0.5

# %% predict_pass/border_passes | >= 0.5: exactly on the border counts as pass
def predict_pass(lectures, hours, w):
    X = (np.column_stack([lectures, hours]) - train_mean) / train_std
    p = expit(w[0] + X @ w[1:])
    return p >= 0.5

# %% predict_pass/half_against_z | compares z, not p, with 0.5
def predict_pass(lectures, hours, w):
    X = (np.column_stack([lectures, hours]) - train_mean) / train_std
    z = w[0] + X @ w[1:]
    return z > 0.5

# %% predict_pass/probabilities | returns the probabilities instead of truth values
def predict_pass(lectures, hours, w):
    X = (np.column_stack([lectures, hours]) - train_mean) / train_std
    return expit(w[0] + X @ w[1:])

# %% predict_pass/wrong_column | hours are scaled with the mean and spread of the lectures
def predict_pass(lectures, hours, w):
    lectures = (lectures - train_mean[0]) / train_std[0]
    hours = (hours - train_mean[0]) / train_std[0]
    return (w[0] + w[1]*lectures + w[2]*hours) > 0

# %% predict_pass/if_on_array | if on a whole array: ValueError for more than one student, and one truth value for one
def predict_pass(lectures, hours, w):
    l = (lectures - train_mean[0]) / train_std[0]
    h = (hours - train_mean[1]) / train_std[1]
    p = expit(w[0] + w[1] * l + w[2] * h)
    if p > 0.5:
        return True
    else:
        return False

# %% predict_pass/numbers_of_the_example | the numbers (5, 30) and (2, 20) of the paper example instead of train_mean and train_std
def predict_pass(lectures, hours, w):
    mean, std = np.array([5, 30]), np.array([2, 20])
    X = (np.stack([lectures, hours], axis=1) - mean) / std
    return w[0] + X @ w[1:] > 0

# %% predict_pass/scales_in_place | -= and /= on the arguments: the caller's arrays are changed, whole numbers fail
def predict_pass(lectures, hours, w):
    lectures -= train_mean[0]
    lectures /= train_std[0]
    hours -= train_mean[1]
    hours /= train_std[1]
    return w[0] + w[1] * lectures + w[2] * hours > 0

# %% predict_pass/no_bias | the bias w[0] is left out
def predict_pass(lectures, hours, w):
    scaled = (np.column_stack([lectures, hours]) - train_mean) / train_std
    return scaled @ w[1:] > 0

# %% predict_pass/squeezed_single | squeeze() turns the answer for one student into a single truth value without an axis
def predict_pass(lectures, hours, w):
    X = (np.column_stack([lectures, hours]) - train_mean) / train_std
    X1 = np.column_stack([np.ones(len(X)), X])
    return np.squeeze(X1 @ w.reshape(3, 1) > 0)

# %% predict_pass/sigmoid_always_positive | asks whether p > 0, which is true for everybody
def predict_pass(lectures, hours, w):
    l, h = [(v - m) / s for v, m, s in zip((lectures, hours), train_mean, train_std)]
    p = expit(w[0] + w[1] * l + w[2] * h)
    return p > 0

# %% predict_pass/everybody_fails | returns zeros, for everybody the same
def predict_pass(lectures, hours, w):
    return np.zeros(len(lectures), dtype=bool)

# %% predict_pass/times_spread_swapped | two mistakes: multiplies by the spread instead of dividing, and swaps the weights of lectures and hours
def predict_pass(lectures, hours, w):
    l = (lectures - train_mean[0]) * train_std[0]
    h = (hours - train_mean[1]) * train_std[1]
    return w[0] + w[2] * l + w[1] * h > 0
