# %% mse/np_mean_all | the mean over all entries: divides by N*C, right only for (N,)
def mse(y_hat, y):
    return np.mean((y_hat - y) ** 2)


# %% mse/square_of_sum | adds the errors of a row first and squares then
def mse(y_hat, y):
    e = (y_hat - y).reshape(len(y), -1)
    return np.mean(e.sum(axis=1) ** 2)


# %% mse/rmse | takes the root (norm) of each example, not the square
def mse(y_hat, y):
    e = (y_hat - y).reshape(len(y), -1)
    return np.linalg.norm(e, axis=1).mean()


# %% mse/only_two_dim | sum over axis 1 always: breaks for (N,)
def mse(y_hat, y):
    return np.mean(np.sum((y_hat - y) ** 2, axis=1))


# %% mse/in_place | y_hat is changed by -= and *= (the number is right)
def mse(y_hat, y):
    y_hat -= y
    y_hat *= y_hat
    return y_hat.sum() / len(y)


# %% mse/floor_division | // instead of /: right for the example (7), wrong as soon as it does not go up evenly
def mse(y_hat, y):
    return ((y_hat - y) ** 2).sum() // len(y) * 1.0


# %% mse/per_output | mean over axis 0: a vector for each output instead of one number when there are several
def mse(y_hat, y):
    return ((y_hat - y) ** 2).mean(axis=0)


# %% mse/one_half | with the factor 1/2 that makes the derivative nicer
def mse(y_hat, y):
    return 0.5 * ((y_hat - y) ** 2).sum() / len(y)


# %% mse/shape_last_axis | divides by the last axis: right for (N,), wrong for (N, C)
def mse(y_hat, y):
    return ((y_hat - y) ** 2).sum() / y.shape[-1]


# %% mse/squeezed | squeeze, then N is len: wrong for N = 1 with several outputs (a row becomes N examples)
def mse(y_hat, y):
    e = np.squeeze(y_hat - y)
    return (e ** 2).sum() / e.shape[0] if e.ndim else e ** 2


# %% mse_grad/divide_by_size | divides by all entries: right for (N,), wrong for (N, C)
def mse_grad(y_hat, y):
    return 2 * (y_hat - y) / y.size


# %% mse_grad/sign_mse_grad | truth minus prediction
def mse_grad(y_hat, y):
    return 2 * (y - y_hat) / len(y)


# %% mse_grad/forgot_two | the 2 of the square's slope is missing
def mse_grad(y_hat, y):
    return (y_hat - y) / len(y)


# %% mse_grad/half_of_example | divides by 2 always: the example has N = 4, so it fits there only
def mse_grad(y_hat, y):
    return (y_hat - y) / 2


# %% mse_grad/int_array | zeros_like(y_hat) takes over whole numbers and cuts the halves off
def mse_grad(y_hat, y):
    out = np.zeros_like(y_hat)
    for i in range(len(y)):
        out[i] = 2 * (y_hat[i] - y[i]) / len(y)
    return out


# %% mse_grad/mutates_mse_grad | float inputs share memory through asarray, and -= changes y_hat
def mse_grad(y_hat, y):
    g = np.asarray(y_hat, dtype=float)
    g -= y
    g *= 2 / len(y)
    return g


# %% mse_grad/summed_over_outputs | one slope for each example: shape (N,) for an input (N, C)
def mse_grad(y_hat, y):
    g = 2 * (y_hat - y) / len(y)
    return g.sum(axis=1) if g.ndim == 2 else g


# %% mse_grad/absolute | takes the size of the error, the sign is lost
def mse_grad(y_hat, y):
    return 2 * np.abs(y_hat - y) / len(y)


# %% bce/slide_sign | as the slide prints it, without the minus
def bce(p, y):
    return np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% bce/only_yes | forgets the term for y = 0
def bce(p, y):
    return -np.mean(y * np.log(p))


# %% bce/bits | base 2 instead of e
def bce(p, y):
    return -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p))


# %% bce/log_of_mean | logarithm of the mean probability, not the mean of the logarithms
def bce(p, y):
    return -np.log(np.mean(np.where(y == 1, p, 1 - p)))


# %% bce/two_means | separate means for yes and no, added: each divided by its own count
def bce(p, y):
    return -np.log(p[y == 1]).mean() - np.log(1 - p[y == 0]).mean()


# %% bce/sum_bce | the sum over the examples, not the mean
def bce(p, y):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum()


# %% bce/product_underflow | log of the product: right for three, infinite for a few thousand examples
def bce(p, y):
    return -np.log(np.prod(np.where(y == 1, p, 1 - p))) / len(p)


# %% bce/clipped | clips p to 0.01 .. 0.99, so a sure mistake never costs more than 4.6
def bce(p, y):
    p = np.clip(p, 0.01, 0.99)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% bce/epsilon_patch | the web patch log(p + 1e-8): wrong for p far below 1e-8
def bce(p, y):
    eps = 1e-8
    return -np.mean(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps))


# %% bce/swapped | swaps the two labels
def bce(p, y):
    return -np.mean((1 - y) * np.log(p) + y * np.log(1 - p))


# %% bce_grad/no_mean_bce_grad | slopes of the single surprises, not divided by N
def bce_grad(p, y):
    return (p - y) / (p * (1 - p))


# %% bce_grad/second_sign | the inner derivative of ln(1-p) forgotten: minus for the no as well
def bce_grad(p, y):
    return -(y / p + (1 - y) / (1 - p)) / len(p)


# %% bce_grad/slope_along_z | p - y is the slope along the score, not along p
def bce_grad(p, y):
    return (p - y) / len(p)


# %% bce_grad/three | divides by 3, the N of the example, always
def bce_grad(p, y):
    return np.where(y == 1, -1 / p, 1 / (1 - p)) / 3


# %% bce_grad/scalar | mean instead of /N: one number comes back
def bce_grad(p, y):
    return np.mean(-y / p + (1 - y) / (1 - p))


# %% bce_grad/overwrites_p | writes the slopes into p itself
def bce_grad(p, y):
    for i in range(len(p)):
        p[i] = (-1 / p[i] if y[i] == 1 else 1 / (1 - p[i])) / len(p)
    return p


# %% bce_grad/forward_difference | forward difference with h = 0.001: too coarse where p is small
def bce_grad(p, y):
    h = 1e-3
    def one(q):
        return -(y * np.log(q) + (1 - y) * np.log(1 - q))
    return (one(p + h) - one(p)) / h / len(p)


# %% bce_grad/uphill | the sign is turned: the slope of the slide's J
def bce_grad(p, y):
    return (y / p - (1 - y) / (1 - p)) / len(p)


# %% bce_with_logits/through_sigmoid | bce of the sigmoid: ln 0 for z = 40 and y = 0
def bce_with_logits(z, y):
    p = sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% bce_with_logits/naive_softplus | log(1 + e^z) as it stands: overflow at 800
def bce_with_logits(z, y):
    return np.mean(np.log(1 + np.exp(z)) - y * z)


# %% bce_with_logits/where_warns | np.where on both sides: right number, but exp(800) warns
def bce_with_logits(z, y):
    softplus = np.where(z > 30, z, np.log1p(np.exp(z)))
    return np.mean(softplus - y * z)


# %% bce_with_logits/plus_yz | adds y z instead of taking it away
def bce_with_logits(z, y):
    return np.mean(np.logaddexp(0, z) + y * z)


# %% bce_with_logits/labels_swapped | starts from softplus(-z), the yes case, but adds y z where (1-y) z is due
def bce_with_logits(z, y):
    return np.mean(np.logaddexp(0, -z) + y * z)


# %% bce_with_logits/clipped_scores | clips z to -30 .. 30, so a sure mistake costs 30 at most (fits the example)
def bce_with_logits(z, y):
    z = np.clip(z, -30, 30)
    return np.mean(np.log1p(np.exp(z)) - y * z)


# %% bce_with_logits/only_large_safe | log(e^-z + 1) + z: safe for +800, infinite for -800
def bce_with_logits(z, y):
    with np.errstate(all="ignore"):
        return np.mean(z + np.log1p(np.exp(-z)) - y * z)


# %% bce_with_logits/abs_not_max | |z| in place of max(z, 0)
def bce_with_logits(z, y):
    return np.mean(np.abs(z) - y * z + np.log1p(np.exp(-np.abs(z))))


# %% bce_with_logits/vector | forgets the mean and hands back all losses
def bce_with_logits(z, y):
    return np.logaddexp(0, z) - y * z


# %% bce_with_logits_grad/no_mean_bce_with_logits_grad | not divided by N
def bce_with_logits_grad(z, y):
    return sigmoid(z) - y


# %% bce_with_logits_grad/sign_bce_with_logits_grad | y - p, as if for a step and not a slope
def bce_with_logits_grad(z, y):
    return (y - sigmoid(z)) / len(z)


# %% bce_with_logits_grad/score_minus_label | forgets the sigmoid
def bce_with_logits_grad(z, y):
    return (z - y) / len(z)


# %% bce_with_logits_grad/naive_exp | own sigmoid 1/(1+exp(-z)) warns of overflow at -1000
def bce_with_logits_grad(z, y):
    return (1 / (1 + np.exp(-z)) - y) / len(z)


# %% bce_with_logits_grad/chain_through_p | bce_grad times p(1-p): 0 times infinity for large scores
def bce_with_logits_grad(z, y):
    p = sigmoid(z)
    return bce_grad(p, y) * p * (1 - p)


# %% bce_with_logits_grad/extra_p_one_minus_p | p - y times the sigmoid's slope once more
def bce_with_logits_grad(z, y):
    p = sigmoid(z)
    return (p - y) * p * (1 - p) / len(z)


# %% softmax/as_on_the_slide | e^z as it stands: overflow above 709
def softmax(Z):
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)


# %% softmax/global_max | the largest of the whole batch subtracted: 0/0 for a row far below
def softmax(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=1, keepdims=True)


# %% softmax/wrong_axis | columns add up to 1
def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


# %% softmax/total_sum | the whole batch adds up to 1
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum()


# %% softmax/mutates_softmax | Z -= changes the caller's scores
def softmax(Z):
    Z -= Z.max(axis=1, keepdims=True)
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)


# %% softmax/int_output | empty_like keeps the whole numbers' dtype: all probabilities cut to 0
def softmax(Z):
    out = np.empty_like(Z)
    for i, row in enumerate(Z):
        e = np.exp(row - row.max())
        out[i] = e / e.sum()
    return out


# %% softmax/no_shift_back_divide | divides by the largest score instead of subtracting it
def softmax(Z):
    E = np.exp(Z / Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% softmax/clip | clips the scores at 700: 1000 and 999 become the same
def softmax(Z):
    E = np.exp(np.clip(Z, -700, 700))
    return E / E.sum(axis=1, keepdims=True)


# %% softmax/subtract_mean | subtracts the mean of the row: still overflows if one score stands 1000s above
def softmax(Z):
    E = np.exp(Z - Z.mean(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% softmax/sigmoid_for_one | for C = 1 it gives the sigmoid, whose row does not add up to 1
def softmax(Z):
    if Z.shape[1] == 1:
        return sigmoid(Z)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% softmax/no_keepdims | shapes (N, C) and (N,) do not fit, or fit silently for N = C
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1)


# %% softmax/squares | makes scores positive by dividing without e: shares of the shifted scores
def softmax(Z):
    S = Z - Z.min(axis=1, keepdims=True) + 1.0
    return S / S.sum(axis=1, keepdims=True)


# %% softmax/column_max | the maximum of each column subtracted: another shift for each score of a row
def softmax(Z):
    E = np.exp(Z - Z.max(axis=0, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% softmax/shift_only_if_large | shifts only above 709: all scores at -1000 give 0/0
def softmax(Z):
    Z = np.array(Z, dtype=float)
    for i in range(len(Z)):
        if Z[i].max() > 709:
            Z[i] -= Z[i].max()
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)


# %% cross_entropy/log_softmax_naive | logarithm of the probability: infinite for a label far behind
def cross_entropy(Z, labels):
    P = softmax(Z)
    return -np.mean(np.log(P[np.arange(len(Z)), labels]))


# %% cross_entropy/web_patch | log(p + 1e-8) says 18.42 in place of 1000
def cross_entropy(Z, labels):
    P = softmax(Z)
    return -np.mean(np.log(P[np.arange(len(Z)), labels] + 1e-8))


# %% cross_entropy/max_not_added_back | takes m out of the exponent but does not add it again
def cross_entropy(Z, labels):
    m = Z.max(axis=1, keepdims=True)
    lse = np.log(np.exp(Z - m).sum(axis=1))
    return np.mean(lse - Z[np.arange(len(Z)), labels])


# %% cross_entropy/all_labels_of_all_rows | Z[:, labels] is (N, N), the mean mixes the examples
def cross_entropy(Z, labels):
    m = Z.max(axis=1)
    lse = m + np.log(np.exp(Z - m[:, None]).sum(axis=1))
    return np.mean(lse[:, None] - Z[:, labels])


# %% cross_entropy/sum_cross_entropy | the sum over the examples
def cross_entropy(Z, labels):
    lse = np.logaddexp.reduce(Z, axis=1)
    return np.sum(lse - Z[np.arange(len(Z)), labels])


# %% cross_entropy/count_from_one | takes labels to count from 1
def cross_entropy(Z, labels):
    lse = np.logaddexp.reduce(Z, axis=1)
    return np.mean(lse - Z[np.arange(len(Z)), labels - 1])


# %% cross_entropy/mean_over_all_entries | one-hot, then mean over N*C
def cross_entropy(Z, labels):
    log_p = Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)
    return -np.mean(np.eye(Z.shape[1])[labels] * log_p)


# %% cross_entropy/batch_max | one m for the whole batch: ln 0 for a row far below the others
def cross_entropy(Z, labels):
    m = Z.max()
    lse = m + np.log(np.exp(Z - m).sum(axis=1))
    return np.mean(lse - Z[np.arange(len(Z)), labels])


# %% cross_entropy/mutates_cross_entropy | Z -= max changes the caller's scores (the number is right)
def cross_entropy(Z, labels):
    Z -= Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(Z)), labels])


# %% cross_entropy/best_instead_of_label | takes the largest score, whatever the label
def cross_entropy(Z, labels):
    return np.mean(np.logaddexp.reduce(Z, axis=1) - Z.max(axis=1))


# %% cross_entropy/no_stabilising | log of the sum of e^z as it stands
def cross_entropy(Z, labels):
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[range(len(Z)), labels])


# %% cross_entropy/max_as_lse | for large scores uses the largest alone as log-sum-exp: ln 2 too small at a tie of two at 1000
def cross_entropy(Z, labels):
    total = 0.0
    for row, k in zip(Z, labels):
        if row.max() > 100:
            lse = row.max()
        else:
            lse = np.logaddexp.reduce(row)
        total += lse - row[k]
    return total / len(Z)


# %% cross_entropy_grad/no_mean_cross_entropy_grad | not divided by N
def cross_entropy_grad(Z, labels):
    return softmax(Z) - np.eye(Z.shape[1])[labels]


# %% cross_entropy_grad/divided_by_classes | divided by the number of classes
def cross_entropy_grad(Z, labels):
    N, C = Z.shape
    return (softmax(Z) - np.eye(C)[labels]) / C


# %% cross_entropy_grad/sign_cross_entropy_grad | one-hot minus p
def cross_entropy_grad(Z, labels):
    return (np.eye(Z.shape[1])[labels] - softmax(Z)) / len(Z)


# %% cross_entropy_grad/minus_label_number | subtracts the label itself, not its one-hot row
def cross_entropy_grad(Z, labels):
    return (softmax(Z) - labels[:, None]) / len(Z)


# %% cross_entropy_grad/slice_rows | P[:, labels] takes 1 from whole columns
def cross_entropy_grad(Z, labels):
    P = softmax(Z)
    P[:, labels] -= 1
    return P / len(Z)


# %% cross_entropy_grad/classes_from_labels | number of classes = labels.max() + 1: breaks if the last class is absent
def cross_entropy_grad(Z, labels):
    one_hot = np.eye(labels.max() + 1)[labels]
    return (softmax(Z) - one_hot) / len(Z)


# %% cross_entropy_grad/only_label_slope | only the label's score gets a slope, the others 0
def cross_entropy_grad(Z, labels):
    P, G = softmax(Z), np.zeros(Z.shape)
    r = np.arange(len(Z))
    G[r, labels] = (P[r, labels] - 1) / len(Z)
    return G


# %% cross_entropy_grad/divide_before_subtract | 1 is subtracted after the division by N
def cross_entropy_grad(Z, labels):
    G = softmax(Z) / len(Z)
    G[np.arange(len(Z)), labels] -= 1
    return G


# %% cross_entropy_grad/writes_into_scores | Z is overwritten by the slopes
def cross_entropy_grad(Z, labels):
    Z[:] = softmax(Z)
    Z[np.arange(len(Z)), labels] -= 1
    Z[:] = Z / len(Z)
    return Z


# %% cross_entropy_grad/naive_softmax | own softmax without the shift: nan at 1000
def cross_entropy_grad(Z, labels):
    P = np.exp(Z)
    P = P / P.sum(axis=1, keepdims=True)
    P[np.arange(len(Z)), labels] -= 1
    return P / len(Z)


# %% accuracy/argmax_axis_zero | the best row of each column
def accuracy(Z, labels):
    return np.mean(np.argmax(Z, axis=0) == labels)


# %% accuracy/count | the number of right answers, not the share
def accuracy(Z, labels):
    return np.sum(Z.argmax(axis=1) == labels)


# %% accuracy/percent | as a percentage
def accuracy(Z, labels):
    return 100 * np.mean(Z.argmax(axis=1) == labels)


# %% accuracy/error_rate | the share of wrong answers
def accuracy(Z, labels):
    return np.mean(Z.argmax(axis=1) != labels)


# %% accuracy/half_threshold | counts only if the label's probability is above one half: a winner with 0.4 is missed
def accuracy(Z, labels):
    P = softmax(Z)
    return np.mean(P[np.arange(len(Z)), labels] > 0.5)


# %% accuracy/positive_score | the label's score is positive, as with one logit
def accuracy(Z, labels):
    return np.mean(Z[np.arange(len(Z)), labels] > 0)


# %% accuracy/absolute_scores | the largest by size: -3 beats -1
def accuracy(Z, labels):
    return np.mean(np.abs(Z).argmax(axis=1) == labels)


# %% accuracy/over_classes | divides by the number of classes: fits the 3 x 3 example only
def accuracy(Z, labels):
    return (Z.argmax(axis=1) == labels).sum() / Z.shape[1]


# %% accuracy/rounded | rounds to three places as printed in the example
def accuracy(Z, labels):
    return round(float(np.mean(Z.argmax(axis=1) == labels)), 3)


# %% empirical_loss/total | the total, as the slide's word says
def empirical_loss(loss, model, X, y):
    return sum(loss(p, t) for p, t in zip(model(X), y))


# %% empirical_loss/loss_on_all_at_once | whole arrays into the loss, which takes one example: works for abs only
def empirical_loss(loss, model, X, y):
    return np.mean(loss(model(X), y))


# %% empirical_loss/model_one_by_one | calls the model on single examples, though it takes all N
def empirical_loss(loss, model, X, y):
    return np.mean([loss(model(x), t) for x, t in zip(X, y)])


# %% empirical_loss/arguments_swapped | loss(y, y_hat): the same for abs, not for other losses
def empirical_loss(loss, model, X, y):
    return np.mean([loss(t, p) for p, t in zip(model(X), y)])


# %% empirical_loss/divides_by_size | y.size counts every output of a row
def empirical_loss(loss, model, X, y):
    return sum(loss(p, t) for p, t in zip(model(X), y)) / y.size


# %% empirical_loss/model_forgotten | the loss of X itself, the model is never called
def empirical_loss(loss, model, X, y):
    return np.mean([loss(x, t) for x, t in zip(X, y)])


# %% empirical_loss/own_absolute | always the absolute error of the example, whatever loss is given
def empirical_loss(loss, model, X, y):
    return np.mean(np.abs(model(X) - y))


# %% empirical_loss/last_one_missing | the loop stops one early
def empirical_loss(loss, model, X, y):
    y_hat, total = model(X), 0
    for i in range(len(y) - 1):
        total += loss(y_hat[i], y[i])
    return total / len(y)


# %% empirical_loss/vectorize | np.vectorize takes rows of outputs apart into single numbers
def empirical_loss(loss, model, X, y):
    return np.vectorize(loss, otypes=[float])(model(X), y).mean()


# %% empirical_loss/return_in_loop | the return is indented too far: the mean of the first only (right by luck for the example, as its loss is 3)
def empirical_loss(loss, model, X, y):
    total = 0
    for i, (p, t) in enumerate(zip(model(X), y), start=1):
        total += loss(p, t)
        return total / i


# %% slide_errors/factor_for_mse | line 7 called a factor error (no one half)
slide_errors = {1: "sign", 2: "always 0", 3: "mean", 4: "overflow", 5: "overflow", 6: "nothing", 7: "factor"}


# %% slide_errors/mean_forgotten | line 3 believed, since the formula is right
slide_errors = {1: "sign", 2: "always 0", 3: "nothing", 4: "overflow", 5: "overflow", 6: "nothing", 7: "nothing"}


# %% slide_errors/softplus_fine | softplus thought to be harmless as its logarithm undoes e^x
slide_errors = {1: "sign", 2: "always 0", 3: "mean", 4: "overflow", 5: "nothing", 6: "nothing", 7: "nothing"}


# %% slide_errors/order_of_difference | line 6 called a sign error, since y - pred stands there
slide_errors = {1: "sign", 2: "always 0", 3: "mean", 4: "overflow", 5: "overflow", 6: "sign", 7: "nothing"}


# %% slide_errors/each_once | thinks that every verdict has to be used once
slide_errors = {1: "sign", 2: "always 0", 3: "mean", 4: "overflow", 5: "overflow", 6: "factor", 7: "nothing"}


# %% slide_errors/counts_from_zero | numbers the lines from 0
slide_errors = {0: "sign", 1: "always 0", 2: "mean", 3: "overflow", 4: "overflow", 5: "nothing", 6: "nothing"}


# %% slide_errors/softmax_nothing | line 2 thought to be right, with one output
slide_errors = {1: "sign", 2: "nothing", 3: "mean", 4: "overflow", 5: "overflow", 6: "nothing", 7: "nothing"}
