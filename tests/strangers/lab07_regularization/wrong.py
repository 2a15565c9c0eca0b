# %% l2/half_convention | lecture 004's gradient: lambda W instead of 2 lambda W
def l2(W, lam):
    return lam * np.sum(W**2), lam * W

# %% l2/mean | mean of the squares instead of their sum in the penalty
def l2(W, lam):
    return lam * np.mean(W**2), 2 * lam * W

# %% l2/row_sums | sums over axis 0 only: one penalty per column for a matrix
def l2(W, lam):
    return lam * sum(W**2), 2 * lam * W

# %% l2/zeros_like | dW has the dtype of W, so whole-number weights cut the gradient off
def l2(W, lam):
    dW = np.zeros_like(W)
    dW[...] = 2 * lam * W
    return lam * np.sum(W**2), dW

# %% l2/flat_gradient | the gradient of a matrix comes back flattened
def l2(W, lam):
    w = W.ravel()
    return lam * w @ w, 2 * lam * w

# %% l1/at_zero_plus | slope at 0 is +lambda
def l1(W, lam):
    return lam * np.abs(W).sum(), lam * np.where(W >= 0, 1.0, -1.0)

# %% l1/nan_at_zero | W / |W| gives nan at a weight of 0
def l1(W, lam):
    with np.errstate(all="ignore"):
        return lam * np.abs(W).sum(), lam * (W / np.abs(W))

# %% l1/abs_of_sum | size of the sum instead of sum of the sizes
def l1(W, lam):
    return lam * np.abs(np.sum(W)), lam * np.sign(W)

# %% l1/matrix_norm | np.linalg.norm(W, 1) of a matrix is the largest column sum
def l1(W, lam):
    return lam * np.linalg.norm(W, 1), lam * np.sign(W)

# %% l1/smoothed | slope W / (|W| + 0.01), which is smaller near 0
def l1(W, lam):
    return lam * np.abs(W).sum(), lam * W / (np.abs(W) + 0.01)

# %% l1/dead_zone | slope 0 for all weights smaller than lambda, as in a soft threshold
def l1(W, lam):
    return lam * np.abs(W).sum(), np.where(np.abs(W) > lam, lam * np.sign(W), 0.0)

# %% elastic_net/sklearn_mix | a mixture: beta for the squares, 1 - beta for the sizes
def elastic_net(W, lam, beta):
    penalty = lam * np.sum(beta * W**2 + (1 - beta) * np.abs(W))
    return penalty, lam * (2 * beta * W + (1 - beta) * np.sign(W))

# %% elastic_net/beta_alone | the squares cost beta instead of lambda beta
def elastic_net(W, lam, beta):
    return beta * np.sum(W**2) + lam * np.sum(np.abs(W)), 2 * beta * W + lam * np.sign(W)

# %% elastic_net/beta_squared | the square takes in beta: (beta w)^2
def elastic_net(W, lam, beta):
    return lam * np.sum((beta * W) ** 2 + np.abs(W)), lam * (2 * beta**2 * W + np.sign(W))

# %% elastic_net/gradient_without_two | slope of the square is beta w
def elastic_net(W, lam, beta):
    return lam * np.sum(beta * W**2 + np.abs(W)), lam * (beta * W + np.sign(W))

# %% dropout/p_is_keep | keeps with probability p, scale is 1/(1-p)
def dropout(X, p, rng, training):
    if not training:
        return X, np.ones(X.shape)
    mask = rng.uniform(size=X.shape) < p
    return X * mask / (1 - p), mask

# %% dropout/not_inverted | scales by 1 - p in testing instead of growing in training
def dropout(X, p, rng, training):
    if not training:
        return X * (1 - p), np.ones(X.shape)
    mask = rng.uniform(size=X.shape) >= p
    return X * mask, mask

# %% dropout/scaled_mask | the mask returned already holds the scale, Y is right
def dropout(X, p, rng, training):
    if not training:
        return X, np.ones(X.shape)
    mask = (rng.uniform(size=X.shape) >= p) / (1 - p)
    return X * mask, mask

# %% dropout/one_mask_for_all_rows | one draw per column, shared by all rows
def dropout(X, p, rng, training):
    if not training:
        return X, np.ones(X.shape)
    mask = np.broadcast_to(rng.uniform(size=X.shape[-1]) >= p, X.shape)
    return X * mask / (1 - p), mask

# %% dropout/exact_number | drops exactly a share p, so the numbers are not dropped each on its own
def dropout(X, p, rng, training):
    if not training:
        return X, np.ones(X.shape)
    mask = np.ones(X.size)
    mask[rng.permutation(X.size)[: round(p * X.size)]] = 0
    mask = mask.reshape(X.shape)
    return X * mask / (1 - p), mask

# %% dropout/real_share | scales by the share really kept in this draw instead of 1 - p
def dropout(X, p, rng, training):
    if not training:
        return X, np.ones(X.shape)
    mask = rng.uniform(size=X.shape) >= p
    return X * mask / max(mask.mean(), 1e-9), mask

# %% dropout/grows_by_1_plus_p | kept ones grow by 1 + p
def dropout(X, p, rng, training):
    if not training:
        return X, np.ones(X.shape)
    mask = rng.uniform(size=X.shape) >= p
    return X * mask * (1 + p), mask

# %% dropout/mask_of_dropped | returned mask is 1 where a number was dropped, Y is right
def dropout(X, p, rng, training):
    if not training:
        return X, np.ones(X.shape)
    mask = rng.uniform(size=X.shape) < p
    Y = X / (1 - p)
    Y[mask] = 0
    return Y, mask

# %% dropout/zeros_in_testing | with training=False the mask is all zeros
def dropout(X, p, rng, training):
    mask = np.zeros(X.shape)
    if not training:
        return X, mask
    mask = rng.uniform(size=X.shape) >= p
    return X * mask / (1 - p), mask

# %% dropout/rng_copied | draws from a deep copy of rng, so every call gives the same mask
def dropout(X, p, rng, training):
    import copy

    if not training:
        return X, np.ones(X.shape)
    mask = copy.deepcopy(rng).uniform(size=X.shape) >= p
    return X * mask / (1 - p), mask

# %% dropout/own_rng | a fresh generator of its own instead of rng
def dropout(X, p, rng, training):
    if not training:
        return X, np.ones(X.shape)
    mask = np.random.default_rng().uniform(size=X.shape) >= p
    return X * mask / (1 - p), mask

# %% dropout/draws_in_testing | draws before it looks at training: rng=None fails
def dropout(X, p, rng, training):
    mask = rng.uniform(size=X.shape) >= p
    if training:
        return X * mask / (1 - p), mask
    return X, np.ones(X.shape)

# %% dropout/scale_in_testing_too | scales by 1/(1-p) in testing as well
def dropout(X, p, rng, training):
    mask = rng.uniform(size=X.shape) >= p if training else np.ones(X.shape)
    return X * mask / (1 - p), mask

# %% dropout/normal_draws | compares rng.normal with p
def dropout(X, p, rng, training):
    if not training:
        return X, np.ones(X.shape)
    mask = rng.normal(size=X.shape) >= p
    return X * mask / (1 - p), mask

# %% dropout/two_draws | Y uses one draw, the returned mask another one
def dropout(X, p, rng, training):
    def draw():
        return rng.uniform(size=X.shape) >= p

    if not training:
        return X, np.ones(X.shape)
    return X * draw() / (1 - p), draw()

# %% dropout/fill_with_mean | dropped numbers become the mean of X instead of 0
def dropout(X, p, rng, training):
    if not training:
        return X, np.ones(X.shape)
    mask = rng.uniform(size=X.shape) >= p
    return np.where(mask, X / (1 - p), X.mean()), mask

# %% dropout_backward/no_scale | the mask without the factor
def dropout_backward(dY, mask, p):
    return dY * mask

# %% dropout_backward/no_mask | scale without the mask
def dropout_backward(dY, mask, p):
    return dY / (1 - p)

# %% dropout_backward/mask_as_index | dX[mask] = dY[mask]: with a whole-number mask these are row numbers, not a choice
def dropout_backward(dY, mask, p):
    dX = np.zeros(dY.shape)
    dX[mask] = dY[mask] / (1 - p)
    return dX

# %% dropout_backward/in_place | dY itself is set to 0 where dropped
def dropout_backward(dY, mask, p):
    dY[np.asarray(mask) == 0] = 0
    return dY / (1 - p)

# %% dropout_backward/dropped_pass_on | dropped numbers hand their gradient on unscaled
def dropout_backward(dY, mask, p):
    return np.where(mask, dY / (1 - p), dY)

# %% dropout_backward/share_of_mask | divided by the mean of the mask instead of 1 - p
def dropout_backward(dY, mask, p):
    return dY * mask / max(np.mean(mask), 1e-9)

# %% glorot_uniform/precedence | sqrt(6 / fan_in + fan_out), brackets missing
def glorot_uniform(fan_in, fan_out, rng):
    a = np.sqrt(6 / fan_in + fan_out)
    return rng.uniform(-a, a, size=(fan_in, fan_out))

# %% glorot_uniform/from_zero | spread between 0 and a
def glorot_uniform(fan_in, fan_out, rng):
    a = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(0, a, size=(fan_in, fan_out))

# %% glorot_uniform/fan_in_only | LeCun: variance 1 / fan_in; right only for a square matrix
def glorot_uniform(fan_in, fan_out, rng):
    a = np.sqrt(3 / fan_in)
    return rng.uniform(-a, a, size=(fan_in, fan_out))

# %% glorot_uniform/geometric_mean | geometric mean of the two fans; right only for a square matrix
def glorot_uniform(fan_in, fan_out, rng):
    a = np.sqrt(3 / np.sqrt(fan_in * fan_out))
    return rng.uniform(-a, a, size=(fan_in, fan_out))

# %% glorot_uniform/equal_neurons | one column drawn, all neurons get it
def glorot_uniform(fan_in, fan_out, rng):
    a = np.sqrt(6 / (fan_in + fan_out))
    return np.repeat(rng.uniform(-a, a, size=(fan_in, 1)), fan_out, axis=1)

# %% glorot_uniform/fixed_seed | seeds a generator of its own with 0
def glorot_uniform(fan_in, fan_out, rng):
    rng = np.random.default_rng(0)
    a = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-a, a, size=(fan_in, fan_out))

# %% glorot_uniform/two_points | every weight is -s or s with the right variance, nothing between
def glorot_uniform(fan_in, fan_out, rng):
    s = np.sqrt(2 / (fan_in + fan_out))
    return s * rng.choice([-1.0, 1.0], size=(fan_in, fan_out))

# %% he_normal/root_of_two_outside | sqrt(2) / fan_in
def he_normal(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2) / fan_in, size=(fan_in, fan_out))

# %% he_normal/clipped | clipped at two standard deviations, so the variance falls
def he_normal(fan_in, fan_out, rng):
    sd = np.sqrt(2 / fan_in)
    return np.clip(rng.normal(0, sd, size=(fan_in, fan_out)), -2 * sd, 2 * sd)

# %% he_normal/he_uniform | uniform numbers with variance 2 / fan_in
def he_normal(fan_in, fan_out, rng):
    a = np.sqrt(6 / fan_in)
    return rng.uniform(-a, a, size=(fan_in, fan_out))

# %% he_normal/swapped_arguments | mean and standard deviation exchanged, so W is constant
def he_normal(fan_in, fan_out, rng):
    return rng.normal(np.sqrt(2 / fan_in), 0, size=(fan_in, fan_out))

# %% he_normal/transposed | shape (fan_out, fan_in)
def he_normal(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_out, fan_in))

# %% batchnorm/unbiased_forward | the batch itself is divided by the variance with N - 1
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0, ddof=1)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * var
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/eps_after_root | eps is added to the standard deviation
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var) + eps
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/fixed_momentum | 0.1 written in for the variance, the argument momentum is used only for the mean
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = 0.9 * running["var"] + 0.1 * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/one_mean_for_all | mean and variance of all numbers of X together
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(), X.var()
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/rows_normalised | mean and variance of each row in the batch (layer norm), running ones of columns
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    if training:
        X_hat = (X - X.mean(axis=1, keepdims=True)) / np.sqrt(X.var(axis=1, keepdims=True) + eps)
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/dict_rebound | makes a new dict under the local name, the caller's dict stays as it was
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running = {
            "mean": (1 - momentum) * running["mean"] + momentum * mean,
            "var": (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1),
        }
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/updates_in_testing | the running mean is updated in testing as well
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
        running["mean"] = (1 - momentum) * mean + momentum * X.mean(axis=0)
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/batch_in_testing | uses the batch's statistics in testing too, if there are at least two rows
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    elif len(X) > 1:
        mean, var = X.mean(axis=0), X.var(axis=0)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/running_in_training | normalises the batch with the running statistics just updated
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/correction_on_all | N/(N-1) is applied to the mixed running variance, the old part too
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = ((1 - momentum) * running["var"] + momentum * var) * len(X) / (len(X) - 1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/counts_columns | N/(N-1) with the number of columns as N
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * var * X.shape[1] / max(X.shape[1] - 1, 1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/eps_in_running | eps gets into the running variance
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * (X.var(axis=0, ddof=1) + eps)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/around_the_running_mean | the running variance measures distances from the new running mean, not from the batch's
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * ((X - running["mean"]) ** 2).sum(axis=0) / (len(X) - 1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm/beta_inside | gamma (x_hat + beta): the shift is multiplied as well
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * (X_hat + beta), (X_hat, s, gamma)

# %% batchnorm/first_batch_replaces | a running mean of zeros counts as not begun, the first batch replaces it
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        if np.any(running["mean"]):
            running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        else:
            running["mean"] = mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)

# %% batchnorm_backward/no_variance_branch | the branch by the variance is missing
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)


def batchnorm_backward(dY, cache):
    X_hat, s, gamma = cache
    N = len(dY)
    dX_hat = dY * gamma
    direct = dX_hat / s
    by_mean = -(dX_hat / s).sum(axis=0) / N
    return direct + by_mean, (dY * X_hat).sum(axis=0), dY.sum(axis=0)

# %% batchnorm_backward/direct_only | mean and variance are taken as constants
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)


def batchnorm_backward(dY, cache):
    X_hat, s, gamma = cache
    dX_hat = dY * gamma
    direct = dX_hat / s
    return direct, (dY * X_hat).sum(axis=0), dY.sum(axis=0)

# %% batchnorm_backward/dgamma_of_y | dgamma uses y instead of x_hat
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    Y = gamma * X_hat + beta
    return Y, (X_hat, s, gamma, Y)


def batchnorm_backward(dY, cache):
    X_hat, s, gamma, Y = cache
    N = len(dY)
    dX_hat = dY * gamma
    direct = dX_hat / s
    by_mean = -(dX_hat / s).sum(axis=0) / N
    by_var = -X_hat * (dX_hat * X_hat / s).sum(axis=0) / N
    return direct + by_mean + by_var, (dY * Y).sum(axis=0), dY.sum(axis=0)

# %% batchnorm_backward/n_minus_1 | the branch by the variance is divided by N - 1
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)


def batchnorm_backward(dY, cache):
    X_hat, s, gamma = cache
    N = len(dY)
    dX_hat = dY * gamma
    direct = dX_hat / s
    by_mean = -(dX_hat / s).sum(axis=0) / N
    by_var = -X_hat * (dX_hat * X_hat / s).sum(axis=0) / (N - 1)
    return direct + by_mean + by_var, (dY * X_hat).sum(axis=0), dY.sum(axis=0)

# %% batchnorm_backward/no_x_hat_inside | the sum of the variance branch lacks x_hat
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)


def batchnorm_backward(dY, cache):
    X_hat, s, gamma = cache
    N = len(dY)
    dX_hat = dY * gamma
    direct = dX_hat / s
    by_mean = -(dX_hat / s).sum(axis=0) / N
    by_var = -X_hat * (dX_hat / s).sum(axis=0) / N
    return direct + by_mean + by_var, (dY * X_hat).sum(axis=0), dY.sum(axis=0)

# %% batchnorm_backward/x_hat_own_product | the variance branch exchanges the two: d x_hat outside, the sum of x_hat squared inside
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)


def batchnorm_backward(dY, cache):
    X_hat, s, gamma = cache
    N = len(dY)
    dX_hat = dY * gamma
    direct = dX_hat / s
    by_mean = -(dX_hat / s).sum(axis=0) / N
    by_var = -dX_hat / s * (X_hat * X_hat).sum(axis=0) / N
    return direct + by_mean + by_var, (dY * X_hat).sum(axis=0), dY.sum(axis=0)

# %% batchnorm_backward/all_rows_and_columns | the mean branch sums over the whole array, columns too
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s, gamma)


def batchnorm_backward(dY, cache):
    X_hat, s, gamma = cache
    N = len(dY)
    dX_hat = dY * gamma
    direct = dX_hat / s
    by_mean = -(dX_hat / s).sum() / N
    by_var = -X_hat * (dX_hat * X_hat / s).sum(axis=0) / N
    return direct + by_mean + by_var, (dY * X_hat).sum(axis=0), dY.sum(axis=0)

# %% batchnorm_backward/eps_forgotten | recomputes s without eps
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, np.sqrt(var), gamma)


def batchnorm_backward(dY, cache):
    X_hat, s, gamma = cache
    N = len(dY)
    dX_hat = dY * gamma
    direct = dX_hat / s
    by_mean = -(dX_hat / s).sum(axis=0) / N
    by_var = -X_hat * (dX_hat * X_hat / s).sum(axis=0) / N
    return direct + by_mean + by_var, (dY * X_hat).sum(axis=0), dY.sum(axis=0)

# %% batchnorm_backward/variance_for_root | divides by the variance instead of its root
def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    return gamma * X_hat + beta, (X_hat, s**2, gamma)


def batchnorm_backward(dY, cache):
    X_hat, s, gamma = cache
    N = len(dY)
    dX_hat = dY * gamma
    direct = dX_hat / s
    by_mean = -(dX_hat / s).sum(axis=0) / N
    by_var = -X_hat * (dX_hat * X_hat / s).sum(axis=0) / N
    return direct + by_mean + by_var, (dY * X_hat).sum(axis=0), dY.sum(axis=0)

# %% batchnorm_backward/shared_cache | the cache is one global dict, so a later forward pass overwrites that of an earlier one
kept = {}


def batchnorm(X, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running["mean"] = (1 - momentum) * running["mean"] + momentum * mean
        running["var"] = (1 - momentum) * running["var"] + momentum * X.var(axis=0, ddof=1)
    else:
        mean, var = running["mean"], running["var"]
    s = np.sqrt(var + eps)
    X_hat = (X - mean) / s
    kept.update(X_hat=X_hat, s=s, gamma=gamma)
    return gamma * X_hat + beta, kept


def batchnorm_backward(dY, cache):
    X_hat, s, gamma = cache["X_hat"], cache["s"], cache["gamma"]
    N = len(dY)
    dX_hat = dY * gamma
    direct = dX_hat / s
    by_mean = -(dX_hat / s).sum(axis=0) / N
    by_var = -X_hat * (dX_hat * X_hat / s).sum(axis=0) / N
    return direct + by_mean + by_var, (dY * X_hat).sum(axis=0), dY.sum(axis=0)

# %% EarlyStopping/shallow | copies the dict, not the arrays
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.best_loss = np.inf
        self.waited = 0

    def update(self, loss, params):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best = dict(params)
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience

# %% EarlyStopping/not_in_a_row | the counter is never set back
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.best_loss = np.inf
        self.waited = 0

    def update(self, loss, params):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best = {name: array.copy() for name, array in params.items()}
        else:
            self.waited += 1
        return self.waited >= self.patience

# %% EarlyStopping/creeping_best | the best loss also falls by gains smaller than min_delta
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.best_loss = np.inf
        self.waited = 0

    def update(self, loss, params):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best = {name: array.copy() for name, array in params.items()}
            self.waited = 0
        else:
            self.waited += 1
            self.best_loss = min(self.best_loss, loss)
        return self.waited >= self.patience

# %% EarlyStopping/equal_is_better | a loss equal to the bar counts as new best
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.best_loss = np.inf
        self.waited = 0

    def update(self, loss, params):
        if loss <= self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best = {name: array.copy() for name, array in params.items()}
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience

# %% EarlyStopping/nan_first | a nan as the very first loss becomes the best
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.best_loss = None
        self.waited = 0

    def update(self, loss, params):
        if self.best_loss is None or loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best = {name: array.copy() for name, array in params.items()}
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience

# %% EarlyStopping/nan_not_counted | a nan is skipped and does not count as an update without a new best
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.best_loss = np.inf
        self.waited = 0

    def update(self, loss, params):
        if np.isnan(loss):
            return False
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best = {name: array.copy() for name, array in params.items()}
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience

# %% EarlyStopping/zero_is_none | a best loss of 0 is taken for no best at all
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.best_loss = None
        self.waited = 0

    def update(self, loss, params):
        if not np.isnan(loss) and (not self.best_loss or loss < self.best_loss - self.min_delta):
            self.best_loss = loss
            self.best = {name: array.copy() for name, array in params.items()}
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience

# %% EarlyStopping/starts_at_100 | the best loss begins at 100, so a first loss above is no new best
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.best_loss = 100.0
        self.waited = 0

    def update(self, loss, params):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best = {name: array.copy() for name, array in params.items()}
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience

# %% EarlyStopping/shared_state | the best loss belongs to the class, so a second object begins with that of the first
class EarlyStopping:
    best_loss = np.inf

    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.waited = 0

    def update(self, loss, params):
        if loss < self.best_loss - self.min_delta:
            EarlyStopping.best_loss = loss
            self.best = {name: array.copy() for name, array in params.items()}
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience

# %% EarlyStopping/first_copy_only | copies only at the first update, later bests are kept as the same dict
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.best_loss = np.inf
        self.waited = 0

    def update(self, loss, params):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best = {name: array.copy() for name, array in params.items()} if self.best is None else params
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience

# %% EarlyStopping/only_weights | copies W and b by name, other names are lost
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.best_loss = np.inf
        self.waited = 0

    def update(self, loss, params):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best = {name: params[name].copy() for name in ("W", "b") if name in params}
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience

# %% EarlyStopping/off_by_first | the first update counts as one without a new best
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.best_loss = np.inf
        self.waited = 0
        self.best_loss_seen = False

    def update(self, loss, params):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best = {name: array.copy() for name, array in params.items()}
            self.waited = 0 if self.best_loss_seen else 1
            self.best_loss_seen = True
        else:
            self.waited += 1
        return self.waited >= self.patience

# %% EarlyStopping/equality | returns True only at the update that reaches patience, False at the next ones without a new best
class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.best_loss = np.inf
        self.waited = 0

    def update(self, loss, params):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best = {name: array.copy() for name, array in params.items()}
            self.waited = 0
        else:
            self.waited += 1
        return self.waited == self.patience

# %% diagnoses/noise_is_other_data | the run with noise on its training digits is called other data
diagnoses = {1: "other data", 2: "underfit", 3: "overfit", 4: "rate too large", 5: "equal weights", 6: "other data", 7: "nothing", 8: "rate too small"}

# %% diagnoses/slow_is_underfit | the run with the small rate is called underfit
diagnoses = {1: "other data", 2: "underfit", 3: "overfit", 4: "rate too large", 5: "equal weights", 6: "nothing", 7: "nothing", 8: "underfit"}

# %% diagnoses/order_of_the_list | the order of patients(), without the permutation
diagnoses = {1: "nothing", 2: "overfit", 3: "underfit", 4: "rate too large", 5: "rate too small", 6: "equal weights", 7: "other data", 8: "nothing"}

# %% diagnoses/inverse_permutation | the permutation is applied the wrong way round
diagnoses = {1: "other data", 2: "underfit", 3: "overfit", 4: "rate too large", 5: "nothing", 6: "rate too small", 7: "nothing", 8: "equal weights"}

# %% diagnoses/from_zero | the curves are numbered from 0
diagnoses = dict(enumerate(["other data", "underfit", "overfit", "rate too large", "equal weights", "nothing", "nothing", "rate too small"]))
