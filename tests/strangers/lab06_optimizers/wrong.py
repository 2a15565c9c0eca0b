# %% Momentum/old_velocity | moves by the old v, changes v afterwards
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.v = 0

    def step(self, w, dw):
        new = w + self.v
        self.v = self.mu * self.v - self.lr * dw
        return new

# %% Momentum/uphill | sign: the slope pushes uphill
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.v = 0

    def step(self, w, dw):
        self.v = self.mu * self.v + self.lr * dw
        return w + self.v

# %% Momentum/pytorch_form | PyTorch's form: another walk as soon as lr changes on the way
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.v = 0

    def step(self, w, dw):
        self.v = self.mu * self.v + dw
        return w - self.lr * self.v

# %% Momentum/velocity_not_kept | v is a local variable, nothing is remembered
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.v = 0

    def step(self, w, dw):
        v = self.mu * self.v - self.lr * dw
        return w + v

# %% Momentum/damped_mean | moving mean: (1 - mu) lr dw instead of lr dw
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.v = 0

    def step(self, w, dw):
        self.v = self.mu * self.v - (1 - self.mu) * self.lr * dw
        return w + self.v

# %% Momentum/changes_w | asarray does not copy, so += changes the caller's w
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.v = 0

    def step(self, w, dw):
        w = np.asarray(w, dtype=float)
        self.v = self.mu * self.v - self.lr * dw
        w += self.v
        return w

# %% Momentum/velocity_at_class | velocities in a dict at class level by shape: two instances share them
class Momentum:
    velocities = {}

    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu

    def step(self, w, dw):
        v = self.velocities.get(np.shape(w), 0.0)
        v = self.mu * v - self.lr * dw
        self.velocities[np.shape(w)] = v
        return w + v

# %% Momentum/velocity_of_shape_1 | v begins as np.zeros(1), so shape () comes back as (1,); the example is right
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.v = np.zeros(1)

    def step(self, w, dw):
        self.v = self.mu * self.v - self.lr * dw
        return w + self.v

# %% Momentum/difference_of_w | velocity taken from the last two w, wrong when w was clipped or moved in between
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.last = None

    def step(self, w, dw):
        v = 0 if self.last is None else w - self.last
        self.last = np.array(w, dtype=float)
        return w + self.mu * v - self.lr * dw

# %% Momentum/whole_number_velocity | zeros_like(w) and in place: fails for w of whole numbers
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.v = None

    def step(self, w, dw):
        if self.v is None:
            self.v = np.zeros_like(w)
        self.v *= self.mu
        self.v -= self.lr * dw
        return w + self.v

# %% Momentum/lr_read_once | -lr fixed in __init__, later changes of self.lr are not seen
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.v = 0
        self.push = lambda dw: -lr * dw

    def step(self, w, dw):
        self.v = self.mu * self.v + self.push(dw)
        return w + self.v

# %% Momentum/nesterov | Nesterov's look ahead instead of w + v
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.v = 0

    def step(self, w, dw):
        self.v = self.mu * self.v - self.lr * dw
        return w + self.mu * self.v - self.lr * dw

# %% Adagrad/eps_inside_root | eps inside the root, as in PyTorch's oldest versions; seen for small gradients
class Adagrad:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.s = 0

    def step(self, w, dw):
        self.s = self.s + dw**2
        return w - self.lr * dw / np.sqrt(self.s + self.eps)

# %% Adagrad/one_rate_for_all | sum over all entries: one rate for the whole array, right for one weight
class Adagrad:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.s = 0

    def step(self, w, dw):
        self.s += np.sum(dw**2)
        return w - self.lr * dw / (np.sqrt(self.s) + self.eps)

# %% Adagrad/without_newest | divides by the sum before the newest square is in
class Adagrad:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.s = 0

    def step(self, w, dw):
        new = w - self.lr * dw / (np.sqrt(self.s) + self.eps)
        self.s = self.s + dw**2
        return new

# %% Adagrad/sum_of_sizes | sum of |dw| instead of root of the sum of squares
class Adagrad:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.s = 0

    def step(self, w, dw):
        self.s = self.s + np.sqrt(dw**2)
        return w - self.lr * dw / (self.s + self.eps)

# %% Adagrad/mutable_default | the list of squares is a default argument, shared by all instances
class Adagrad:
    def __init__(self, lr, eps=1e-8, squares=[]):
        self.lr, self.eps = lr, eps
        self.squares = squares

    def step(self, w, dw):
        self.squares.append(dw**2)
        return w - self.lr * dw / (np.sqrt(sum(self.squares)) + self.eps)

# %% Adagrad/root_stored | stores the root as the new sum
class Adagrad:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.s = 0

    def step(self, w, dw):
        self.s = np.sqrt(self.s + dw**2)
        return w - self.lr * dw / (self.s + self.eps)

# %% Adagrad/squares_dw_in_place | s starts as dw itself and is squared in place: changes dw
class Adagrad:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.s = None

    def step(self, w, dw):
        step = self.lr * dw
        if self.s is None:
            self.s = dw
            self.s *= dw
        else:
            self.s = self.s + dw**2
        return w - step / (np.sqrt(self.s) + self.eps)

# %% Adagrad/lr_in_the_sum | lr falls for good: self.lr itself is divided and stored
class Adagrad:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.s = 0

    def step(self, w, dw):
        self.s = self.s + dw**2
        self.lr = self.lr / (np.sqrt(self.s) + self.eps)
        return w - self.lr * dw

# %% Adagrad/no_eps | eps forgotten: 0/0 gives nan for a weight that never had a slope
class Adagrad:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.s = 0

    def step(self, w, dw):
        self.s = self.s + dw**2
        return w - self.lr * dw / np.sqrt(self.s)

# %% RMSProp/no_root | root forgotten; right for both lines of the table, where the mean is 1
class RMSProp:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.s = 0

    def step(self, w, dw):
        self.s = self.rho * self.s + (1 - self.rho) * dw**2
        return w - self.lr * dw / (self.s + self.eps)

# %% RMSProp/rho_swapped | rho and 1 - rho exchanged
class RMSProp:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.s = 0

    def step(self, w, dw):
        self.s = (1 - self.rho) * self.s + self.rho * dw**2
        return w - self.lr * dw / (np.sqrt(self.s) + self.eps)

# %% RMSProp/starts_with_first_square | mean begins with the first square instead of 0
class RMSProp:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.s = None

    def step(self, w, dw):
        if self.s is None:
            self.s = dw**2
        else:
            self.s = self.rho * self.s + (1 - self.rho) * dw**2
        return w - self.lr * dw / (np.sqrt(self.s) + self.eps)

# %% RMSProp/corrected_start | corrects the start as Adam does, which RMSProp here does not
class RMSProp:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.s, self.t = 0, 0

    def step(self, w, dw):
        self.t += 1
        self.s = self.rho * self.s + (1 - self.rho) * dw**2
        s_hat = self.s / (1 - self.rho**self.t)
        return w - self.lr * dw / (np.sqrt(s_hat) + self.eps)

# %% RMSProp/mean_over_entries | "mean" read as np.mean over the entries: one rate for all
class RMSProp:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.s = 0.0

    def step(self, w, dw):
        self.s = self.rho * self.s + (1 - self.rho) * np.mean(dw**2)
        return w - self.lr * dw / (np.sqrt(self.s) + self.eps)

# %% RMSProp/not_kept | the new mean is not stored; the docstring's one step is right
class RMSProp:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.mean = 0

    def step(self, w, dw):
        mean = self.rho * self.mean + (1 - self.rho) * dw**2
        return w - self.lr * dw / (np.sqrt(mean) + self.eps)

# %% RMSProp/adds_the_whole_square | factor 1 - rho forgotten
class RMSProp:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.s = 0

    def step(self, w, dw):
        self.s = self.rho * self.s + dw**2
        return w - self.lr * dw / (np.sqrt(self.s) + self.eps)

# %% RMSProp/rho_fixed | 0.9 and 0.1 written out instead of self.rho
class RMSProp:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.s = 0

    def step(self, w, dw):
        self.s = 0.9 * self.s + 0.1 * dw**2
        return w - self.lr * dw / (np.sqrt(self.s) + self.eps)

# %% Adadelta/new_D | D gets the squared move first, then w moves with the new D
class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.G = self.D = 0

    def step(self, w, dw):
        self.G = self.rho * self.G + (1 - self.rho) * dw**2
        move = -np.sqrt(self.D + self.eps) / np.sqrt(self.G + self.eps) * dw
        self.D = self.rho * self.D + (1 - self.rho) * move**2
        return w - np.sqrt(self.D + self.eps) / np.sqrt(self.G + self.eps) * dw

# %% Adadelta/shared_array | G and D are one array and are changed in place
class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.G = self.D = None

    def step(self, w, dw):
        if self.G is None:
            self.G = self.D = np.zeros(np.shape(w))
        self.G *= self.rho
        self.G += (1 - self.rho) * dw**2
        move = -np.sqrt(self.D + self.eps) / np.sqrt(self.G + self.eps) * dw
        self.D *= self.rho
        self.D += (1 - self.rho) * move**2
        return w + move

# %% Adadelta/eps_outside | eps outside both roots, as in the rules before
class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.G = self.D = 0

    def step(self, w, dw):
        self.G = self.rho * self.G + (1 - self.rho) * dw**2
        move = -(np.sqrt(self.D) + self.eps) / (np.sqrt(self.G) + self.eps) * dw
        self.D = self.rho * self.D + (1 - self.rho) * move**2
        return w + move

# %% Adadelta/old_G | the move takes the old G too
class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.G = self.D = 0

    def step(self, w, dw):
        move = -np.sqrt(self.D + self.eps) / np.sqrt(self.G + self.eps) * dw
        self.G = self.rho * self.G + (1 - self.rho) * dw**2
        self.D = self.rho * self.D + (1 - self.rho) * move**2
        return w + move

# %% Adadelta/D_never_changes | D stays 0: every step begins as the first one; the example is right
class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.G, self.D = 0, 0

    def step(self, w, dw):
        self.G = self.rho * self.G + (1 - self.rho) * dw**2
        move = -np.sqrt(self.D + self.eps) / np.sqrt(self.G + self.eps) * dw
        D = self.rho * self.D + (1 - self.rho) * move**2
        return w + move

# %% Adadelta/D_of_gradients | D gets dw**2 again instead of the squared move
class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.G = self.D = 0

    def step(self, w, dw):
        self.G = self.rho * self.G + (1 - self.rho) * dw**2
        move = -np.sqrt(self.D + self.eps) / np.sqrt(self.G + self.eps) * dw
        self.D = self.rho * self.D + (1 - self.rho) * dw**2
        return w + move

# %% Adadelta/move_not_squared | D is a mean of the moves' sizes, not of their squares
class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.G = self.D = 0

    def step(self, w, dw):
        self.G = self.rho * self.G + (1 - self.rho) * dw**2
        move = -np.sqrt(self.D + self.eps) / np.sqrt(self.G + self.eps) * dw
        self.D = self.rho * self.D + (1 - self.rho) * abs(move)
        return w + move

# %% Adadelta/squared_place | D from the squared place w instead of the move; the first step is right
class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.G = self.D = 0

    def step(self, w, dw):
        self.G = self.rho * self.G + (1 - self.rho) * dw**2
        move = -np.sqrt((self.D + self.eps) / (self.G + self.eps)) * dw
        w = w + move
        self.D = self.rho * self.D + (1 - self.rho) * w**2
        return w

# %% Adam/no_correction | corrections forgotten
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = 0

    def step(self, w, dw):
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        return w - self.lr * self.m / (np.sqrt(self.v) + self.eps)

# %% Adam/corrected_kept | keeps the corrected means for the next step; the first step is right
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = self.t = 0

    def step(self, w, dw):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        self.m = self.m / (1 - self.beta1**self.t)
        self.v = self.v / (1 - self.beta2**self.t)
        return w - self.lr * self.m / (np.sqrt(self.v) + self.eps)

# %% Adam/t_always_one | corrects by 1 - beta in every step, t is not counted
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = 0

    def step(self, w, dw):
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        m_hat = self.m / (1 - self.beta1)
        v_hat = self.v / (1 - self.beta2)
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

# %% Adam/t_at_class | the counter is counted up on the class: several rules share it
class Adam:
    t = 0

    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = 0

    def step(self, w, dw):
        Adam.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        m_hat = self.m / (1 - self.beta1**Adam.t)
        v_hat = self.v / (1 - self.beta2**Adam.t)
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

# %% Adam/t_counted_late | t starts at 1 and grows before it is used: off by one
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = 0
        self.t = 1

    def step(self, w, dw):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        m_hat = self.m / (1 - self.beta1**self.t)
        v_hat = self.v / (1 - self.beta2**self.t)
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

# %% Adam/eps_not_scaled | folded correction as in the paper's remark, but eps is not scaled: seen for small gradients
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = self.t = 0

    def step(self, w, dw):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        rate = self.lr * np.sqrt(1 - self.beta2**self.t) / (1 - self.beta1**self.t)
        return w - rate * self.m / (np.sqrt(self.v) + self.eps)

# %% Adam/eps_inside | eps inside the root
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = self.t = 0

    def step(self, w, dw):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        m_hat = self.m / (1 - self.beta1**self.t)
        v_hat = self.v / (1 - self.beta2**self.t)
        return w - self.lr * m_hat / np.sqrt(v_hat + self.eps)

# %% Adam/v_squares_m | v is a mean of m**2, not of dw**2
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = self.t = 0

    def step(self, w, dw):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        m_hat = self.m / (1 - self.beta1**self.t)
        self.v = self.beta2 * self.v + (1 - self.beta2) * m_hat**2
        v_hat = self.v / (1 - self.beta2**self.t)
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

# %% Adam/same_beta_for_v | copy and paste: v is kept with beta1 and corrected with beta1
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = self.t = 0

    def step(self, w, dw):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta1 * self.v + (1 - self.beta1) * dw**2
        m_hat = self.m / (1 - self.beta1**self.t)
        v_hat = self.v / (1 - self.beta1**self.t)
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

# %% Adam/sign_only | "lr is the length of a step": goes lr against the sign; the examples are right
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps

    def step(self, w, dw):
        return w - self.lr * np.sign(dw)

# %% Adam/reused_buffer | writes every result into the same array: the w returned before is overwritten
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = self.t = 0
        self.out = None

    def step(self, w, dw):
        if self.out is None:
            self.out = np.empty(np.shape(w))
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        m_hat = self.m / (1 - self.beta1**self.t)
        v_hat = self.v / (1 - self.beta2**self.t)
        self.out[...] = w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        return self.out

# %% Adam/betas_fixed | 0.9 and 0.999 written out in the correction only
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = self.t = 0

    def step(self, w, dw):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        m_hat = self.m / (1 - 0.9**self.t)
        v_hat = self.v / (1 - 0.999**self.t)
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

# %% Adam/v_not_corrected | only m is corrected, v is forgotten
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = self.t = 0

    def step(self, w, dw):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        return w - self.lr * self.m / (1 - self.beta1**self.t) / (np.sqrt(self.v) + self.eps)

# %% step_decay/strictly_after | > instead of >=: one epoch late
def step_decay(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    return lr0 * factor ** sum(epoch > m for m in milestones)

# %% step_decay/every_thirty | every 30 epochs, whatever the milestones are; also goes on after 90
def step_decay(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    return lr0 * factor ** (epoch // 30)

# %% step_decay/first_match_returns | returns at the first reached milestone: multiplied at most once
def step_decay(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    for m in milestones:
        if epoch >= m:
            return lr0 * factor
    return lr0

# %% step_decay/three_cases | exactly three milestones by index: fails for one or none
def step_decay(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    if epoch >= milestones[2]:
        return lr0 * factor**3
    if epoch >= milestones[1]:
        return lr0 * factor**2
    if epoch >= milestones[0]:
        return lr0 * factor
    return lr0

# %% step_decay/factor_fixed | 10 to a negative power instead of factor
def step_decay(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    reached = [m for m in milestones if m <= epoch]
    return lr0 / 10 ** len(reached)

# %% step_decay/only_at_milestone | multiplied only in the epochs of the milestones themselves
def step_decay(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    if epoch in milestones:
        return lr0 * factor ** (list(milestones).index(epoch) + 1)
    return lr0

# %% linear_decay/negative_after_T | not cut off after T
def linear_decay(lr0, t, T):
    return lr0 * (1 - t / T)

# %% linear_decay/zero_one_step_early | T values from lr0 to 0: arrives at T - 1
def linear_decay(lr0, t, T):
    return max(0, lr0 * (1 - t / (T - 1)))

# %% linear_decay/minus_share | subtracts t/T itself, not its share of lr0
def linear_decay(lr0, t, T):
    return max(0.0, lr0 - t / T)

# %% linear_decay/table_too_short | a table by linspace, no entry for t larger than T
def linear_decay(lr0, t, T):
    return np.linspace(lr0, 0, T + 1)[t]

# %% cosine_decay/rises_again | after T the cosine rises again
def cosine_decay(lr0, t, T):
    return lr0 * 0.5 * (1 + np.cos(np.pi * t / T))

# %% cosine_decay/quarter_wave | quarter of a wave: lr0 cos(pi/2 t/T), right at both ends
def cosine_decay(lr0, t, T):
    return lr0 * np.cos(np.pi / 2 * min(t / T, 1))

# %% cosine_decay/whole_wave | angle up to 2 pi, half the shift forgotten
def cosine_decay(lr0, t, T):
    if t > T:
        return 0.0
    return lr0 * (1 + np.cos(2 * np.pi * t / T)) / 2

# %% cosine_decay/line_in_disguise | a straight line, right in all three columns of the table
def cosine_decay(lr0, t, T):
    return lr0 * (1 - min(t, T) / T)

# %% inverse_sqrt/zero_division | the smaller of both, but t = 0 divides by 0
def inverse_sqrt(lr0, t, warmup):
    return lr0 * min(t / warmup, (warmup / t) ** 0.5)

# %% inverse_sqrt/one_over_t | after the warm-up like 1/t, without the root
def inverse_sqrt(lr0, t, warmup):
    if t <= warmup:
        return lr0 * t / warmup
    return lr0 * warmup / t

# %% inverse_sqrt/counts_after_warmup | the root counts the steps after the warm-up
def inverse_sqrt(lr0, t, warmup):
    if t <= warmup:
        return lr0 * t / warmup
    return lr0 / np.sqrt(t - warmup)

# %% inverse_sqrt/warm_up_from_one | warm-up counts from 1: does not begin at 0
def inverse_sqrt(lr0, t, warmup):
    if t < warmup:
        return lr0 * (t + 1) / warmup
    return lr0 * np.sqrt(warmup / t)

# %% inverse_sqrt/warmup_100 | 10 / sqrt(t) with the warm-up of the example written out
def inverse_sqrt(lr0, t, warmup):
    if t < warmup:
        return lr0 * t / warmup
    return lr0 * 10 / np.sqrt(t)

# %% cosine_restarts/to_and_fro | no restart: the cosine goes down and up again
def cosine_restarts(lr0, t, period):
    return lr0 * (1 + np.cos(np.pi * t / period)) / 2

# %% cosine_restarts/zero_at_restart | step period still belongs to the old period: 0 instead of lr0
def cosine_restarts(lr0, t, period):
    while t > period:
        t = t - period
    return cosine_decay(lr0, t, period)

# %% cosine_restarts/one_restart_only | only one restart
def cosine_restarts(lr0, t, period):
    if t >= period:
        t = t - period
    return cosine_decay(lr0, t, period)

# %% cosine_restarts/ends_at_zero | divides by period - 1 so that the last step is 0
def cosine_restarts(lr0, t, period):
    share = (t % period) / (period - 1)
    return lr0 * (1 + np.cos(np.pi * share)) / 2

# %% cosine_restarts/halves_first_rate | every restart begins with half the rate
def cosine_restarts(lr0, t, period):
    k, rest = divmod(t, period)
    return cosine_decay(lr0 / 2**k, rest, period)

# %% scaled_lr/whole_division | // : 0 for smaller batches
def scaled_lr(lr0, batch0, batch):
    return lr0 * (batch // batch0)

# %% scaled_lr/root_rule | root of the ratio
def scaled_lr(lr0, batch0, batch):
    return lr0 * np.sqrt(batch / batch0)

# %% scaled_lr/inverse | the wrong way round
def scaled_lr(lr0, batch0, batch):
    return lr0 * batch0 / batch

# %% scaled_lr/doublings | counts doublings in whole numbers: right in the table, wrong for other ratios
import math


def scaled_lr(lr0, batch0, batch):
    return lr0 * 2 ** round(math.log2(batch / batch0))

# %% smooth/starts_with_first_loss | s begins as the first loss, not corrected: the first value fits
def smooth(losses, beta):
    s, out = losses[0], []
    for loss in losses:
        s = beta * s + (1 - beta) * loss
        out.append(s)
    return out

# %% smooth/corrected_goes_on | the corrected value is used for the next s
def smooth(losses, beta):
    s, out = 0, []
    for t, loss in enumerate(losses, 1):
        s = beta * s + (1 - beta) * loss
        s = s / (1 - beta**t)
        out.append(s)
    return out

# %% smooth/not_corrected | moving mean without correction
def smooth(losses, beta):
    s, out = 0, []
    for loss in losses:
        s = beta * s + (1 - beta) * loss
        out.append(s)
    return np.array(out)

# %% smooth/constant_correction | divides by 1 - beta throughout
def smooth(losses, beta):
    s, out = 0, []
    for loss in losses:
        s = beta * s + (1 - beta) * loss
        out.append(s / (1 - beta))
    return out

# %% smooth/in_place | writes into losses
def smooth(losses, beta):
    s = 0
    for i in range(len(losses)):
        s = beta * s + (1 - beta) * losses[i]
        losses[i] = s / (1 - beta ** (i + 1))
    return losses

# %% smooth/whole_numbers | zeros_like of an array of whole numbers cuts the results
def smooth(losses, beta):
    losses = np.asarray(losses)
    out, s = np.zeros_like(losses), 0
    for t in range(1, len(losses) + 1):
        s = beta * s + (1 - beta) * losses[t - 1]
        out[t - 1] = s / (1 - beta**t)
    return out

# %% smooth/cumsum_of_powers | divides by beta**k inside a cumsum: 0/0 for beta = 0, overflow on long curves
def smooth(losses, beta):
    k = np.arange(len(losses))
    s = beta**k * np.cumsum(np.asarray(losses) / beta**k) * (1 - beta)
    return s / (1 - beta ** (k + 1.0))

# %% smooth/window | plain mean over a window of 1/(1 - beta) losses
def smooth(losses, beta):
    n = max(1, round(1 / (1 - beta)))
    return [float(np.mean(losses[max(0, t - n) : t])) for t in range(1, len(losses) + 1)]
