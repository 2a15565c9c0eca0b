# %% Momentum/velocity_zero_number | v begins as the number 0, plain formula
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.v = 0

    def step(self, w, dw):
        self.v = self.mu * self.v - self.lr * dw
        return w + self.v

# %% Momentum/lazy_in_place_buffer | float buffer made in the first step, then changed in place
class Momentum:
    """Heavy ball."""

    def __init__(self, lr: float, mu: float = 0.9) -> None:
        self.lr, self.mu = lr, mu
        self._velocity = None

    def step(self, w: np.ndarray, dw: np.ndarray) -> np.ndarray:
        if self._velocity is None:
            self._velocity = np.zeros(np.shape(dw), dtype=np.float64)
        self._velocity *= self.mu
        self._velocity -= self.lr * np.asarray(dw)
        return np.add(w, self._velocity)

# %% Momentum/positive_velocity | opposite sign convention: v counts downhill as positive and is subtracted
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr = lr
        self.mu = mu
        self.speed = 0.0

    def step(self, w, dw):
        push = self.lr * dw
        self.speed = push + self.mu * self.speed
        w_new = w - self.speed
        return w_new

# %% Momentum/history_of_pushes | keeps all pushes lr*dw in a list and sums them with powers of mu
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.pushes = []

    def step(self, w, dw):
        self.pushes.append(self.lr * np.array(dw, dtype=float))
        n = len(self.pushes)
        v = -sum(self.mu ** (n - 1 - k) * p for k, p in enumerate(self.pushes))
        return w + v

# %% Momentum/dataclass_state | dataclass with a hidden field for v
from dataclasses import dataclass, field


@dataclass
class Momentum:
    lr: float
    mu: float = 0.9
    v: object = field(default=0.0, init=False, repr=False)

    def step(self, w, dw):
        self.v = self.mu * self.v - self.lr * dw
        return w + self.v

# %% Momentum/coroutine | the memory lives in the local variable of a generator that is sent dw
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self._ball = self._roll()
        next(self._ball)

    def _roll(self):
        v = 0.0
        while True:
            dw = yield v
            v = self.mu * v - self.lr * dw

    def step(self, w, dw):
        return w + self._ball.send(dw)

# %% Momentum/rescaled_pytorch_form | PyTorch's buffer, rescaled whenever lr has changed, so that it stays the same walk
class Momentum:
    def __init__(self, lr, mu=0.9):
        self.lr, self.mu = lr, mu
        self.buf = 0.0
        self.old_lr = lr

    def step(self, w, dw):
        self.buf = self.mu * self.buf * (self.old_lr / self.lr) + dw
        self.old_lr = self.lr
        return w - self.lr * self.buf

# %% Adagrad/sum_of_squares | the formula as printed, number 0 as start
class Adagrad:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.s = 0

    def step(self, w, dw):
        self.s = self.s + dw**2
        return w - self.lr * dw / (np.sqrt(self.s) + self.eps)

# %% Adagrad/hypot_root | keeps the root itself: hypot(root, dw)
class Adagrad:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.root = 0.0

    def step(self, w, dw):
        self.root = np.hypot(self.root, dw)
        return w - dw * (self.lr / (self.root + self.eps))

# %% Adagrad/history_norm | all gradients kept as copies, norm along the time axis
class Adagrad:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.seen = []

    def step(self, w, dw):
        self.seen.append(np.array(dw, dtype=float))
        root = np.linalg.norm(np.stack(self.seen), axis=0)
        return w - self.lr * dw / (root + self.eps)

# %% Adagrad/class_level_number | s = 0 as a class attribute; self.s = ... makes an own one, so nothing is shared
class Adagrad:
    s = 0.0  # every instance begins here

    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps

    def step(self, w, dw):
        self.s = self.s + np.square(dw)
        denominator = self.s**0.5 + self.eps
        return np.subtract(w, self.lr * np.divide(dw, denominator))

# %% Adagrad/slots_and_property | __slots__ and a property for the rates of the weights
class Adagrad:
    __slots__ = ("lr", "eps", "_s")

    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self._s = None

    @property
    def rates(self):
        return self.lr / (np.sqrt(self._s) + self.eps)

    def step(self, w, dw):
        squares = np.multiply(dw, dw)
        self._s = squares if self._s is None else self._s + squares
        return w - self.rates * dw

# %% Adagrad/copy_then_subtract | works on a float copy of w, in place; divides only where the sum is not 0
class Adagrad:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.total = 0.0

    def step(self, w, dw):
        new = np.array(w, dtype=float)
        self.total = self.total + np.asarray(dw, dtype=float) ** 2
        nonzero = self.total > 0
        quotient = np.divide(dw, np.sqrt(self.total) + self.eps, out=np.zeros(new.shape), where=nonzero)
        new -= self.lr * quotient
        return new

# %% RMSProp/mean_as_printed | formula as printed
class RMSProp:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.mean = 0

    def step(self, w, dw):
        self.mean = self.rho * self.mean + (1 - self.rho) * dw**2
        return w - self.lr * dw / (np.sqrt(self.mean) + self.eps)

# %% RMSProp/correct_the_error | the mean moves by a share 1 - rho towards the new square
class RMSProp:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.mean_square = 0.0

    def step(self, w, dw):
        error = dw * dw - self.mean_square
        self.mean_square = self.mean_square + (1 - self.rho) * error
        rms = self.mean_square**0.5
        return w - self.lr / (rms + self.eps) * dw

# %% RMSProp/subclass_of_adagrad | takes lr and eps from Adagrad's __init__, its own step with zeros_like(w)
class RMSProp(Adagrad):
    def __init__(self, lr, rho=0.9, eps=1e-8):
        super().__init__(lr, eps)
        self.rho = rho
        self.square_mean = None

    def step(self, w, dw):
        if self.square_mean is None:
            self.square_mean = np.zeros_like(w)
        self.square_mean = self.square_mean * self.rho + dw**2 * (1 - self.rho)
        return w - self.lr * dw / (np.sqrt(self.square_mean) + self.eps)

# %% RMSProp/unnormalised_sum | keeps the faded sum without the factor 1 - rho, multiplies at the end
import math


class RMSProp:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.faded = 0.0

    def step(self, w, dw):
        self.faded = self.faded * self.rho + dw**2
        return w - self.lr * dw / (math.sqrt(1 - self.rho) * np.sqrt(self.faded) + self.eps)

# %% RMSProp/torch_optimizer | PyTorch's RMSprop keeps the state, lr handed over at every step
import torch


class RMSProp:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.p = self.opt = None

    def step(self, w, dw):
        w = torch.tensor(np.array(w, dtype=float))
        if self.opt is None:
            self.p = torch.nn.Parameter(w)
            self.opt = torch.optim.RMSprop([self.p], lr=self.lr, alpha=self.rho, eps=self.eps)
        self.p.data = w
        self.p.grad = torch.tensor(np.array(dw, dtype=float))
        self.opt.param_groups[0]["lr"] = self.lr
        self.opt.step()
        return self.p.detach().numpy().copy()

# %% Adadelta/two_means | as printed, with D and G as numbers 0
class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.G = self.D = 0

    def step(self, w, dw):
        self.G = self.rho * self.G + (1 - self.rho) * dw**2
        move = -np.sqrt(self.D + self.eps) / np.sqrt(self.G + self.eps) * dw
        self.D = self.rho * self.D + (1 - self.rho) * move**2
        return w + move

# %% Adadelta/means_with_eps_inside | keeps G + eps and D + eps: a moving mean of squares + eps, begun at eps
class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.g = eps
        self.d = eps

    def _mix(self, old, x):
        return self.rho * old + (1 - self.rho) * (x * x + self.eps)

    def step(self, w, dw):
        self.g = self._mix(self.g, dw)
        move = dw * np.sqrt(self.d / self.g)
        self.d = self._mix(self.d, move)
        return w - move

# %% Adadelta/dict_in_place | state in a dict of float arrays, updated in place
class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.state = {}

    def step(self, w, dw):
        if not self.state:
            self.state = {key: np.zeros(np.shape(w)) for key in ("G", "D")}
        G, D = self.state["G"], self.state["D"]
        G *= self.rho
        G += (1 - self.rho) * np.square(dw)
        move = -(np.sqrt(D + self.eps) / np.sqrt(G + self.eps)) * dw
        D *= self.rho
        D += (1 - self.rho) * np.square(move)
        return w + move

# %% Adadelta/closure_means | moving means as closures
def moving_mean(rho):
    value = 0.0

    def mean(new=None):
        nonlocal value
        if new is not None:
            value = rho * value + (1 - rho) * new
        return value

    return mean


class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.G, self.D = moving_mean(rho), moving_mean(rho)

    def step(self, w, dw):
        size = np.sqrt(self.D() + self.eps)
        move = -size / np.sqrt(self.G(dw**2) + self.eps) * dw
        self.D(move**2)
        return w + move

# %% Adadelta/flat_loop | every entry by itself in a Python loop
class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.G = None
        self.D = None

    def step(self, w, dw):
        w, dw = np.asarray(w), np.asarray(dw)
        if self.G is None:
            self.G = [0.0] * dw.size
            self.D = [0.0] * dw.size
        flat = []
        for i, (x, g) in enumerate(zip(w.ravel().tolist(), dw.ravel().tolist())):
            self.G[i] = self.rho * self.G[i] + (1 - self.rho) * g**2
            move = -((self.D[i] + self.eps) ** 0.5) / (self.G[i] + self.eps) ** 0.5 * g
            self.D[i] = self.rho * self.D[i] + (1 - self.rho) * move**2
            flat.append(x + move)
        return np.array(flat, dtype=float).reshape(w.shape)

# %% Adadelta/torch_functional | PyTorch's Adadelta with lr 1
import torch


class Adadelta:
    def __init__(self, rho=0.95, eps=1e-6):
        self.rho, self.eps = rho, eps
        self.param = None

    def step(self, w, dw):
        if self.param is None:
            self.param = torch.zeros(np.shape(w), dtype=torch.float64, requires_grad=True)
            self.opt = torch.optim.Adadelta([self.param], lr=1.0, rho=self.rho, eps=self.eps)
        with torch.no_grad():
            self.param.copy_(torch.from_numpy(np.array(w, dtype=np.float64)))
        self.param.grad = torch.from_numpy(np.array(dw, dtype=np.float64))
        self.opt.step()
        return self.param.detach().clone().numpy()

# %% Adam/as_printed | formula as printed with a counter
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = 0
        self.t = 0

    def step(self, w, dw):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * dw
        self.v = self.beta2 * self.v + (1 - self.beta2) * dw**2
        m_hat = self.m / (1 - self.beta1**self.t)
        v_hat = self.v / (1 - self.beta2**self.t)
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

# %% Adam/folded_correction | corrections folded into the rate, eps scaled along so that it stays the same
import math


class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, 0.0, 0.0

    def step(self, w, dw):
        self.t += 1
        self.m = self.m + (1 - self.beta1) * (dw - self.m)
        self.v = self.v + (1 - self.beta2) * (dw * dw - self.v)
        c = math.sqrt(1 - self.beta2**self.t)
        rate = self.lr * c / (1 - self.beta1**self.t)
        return w - rate * self.m / (np.sqrt(self.v) + c * self.eps)

# %% Adam/corrected_recursion | keeps the corrected means themselves, with a share that depends on t
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.steps = 0
        self.m_hat = 0.0
        self.v_hat = 0.0

    def step(self, w, dw):
        self.steps += 1
        share1 = (1 - self.beta1) / (1 - self.beta1**self.steps)
        share2 = (1 - self.beta2) / (1 - self.beta2**self.steps)
        self.m_hat = (1 - share1) * self.m_hat + share1 * dw
        self.v_hat = (1 - share2) * self.v_hat + share2 * dw**2
        return w - self.lr * self.m_hat / (self.v_hat**0.5 + self.eps)

# %% Adam/weighted_average_of_history | list of all gradients, np.average with powers of beta as weights
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.grads = []

    def step(self, w, dw):
        self.grads.append(np.array(dw, dtype=float))
        G = np.array(self.grads)
        age = np.arange(len(G))[::-1]
        m_hat = np.average(G, axis=0, weights=float(self.beta1) ** age)
        v_hat = np.average(G**2, axis=0, weights=float(self.beta2) ** age)
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

# %% Adam/from_momentum_class | Momentum with lr = beta - 1 and mu = beta is a moving mean: uses the own class twice
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.first = Momentum(beta1 - 1, beta1)
        self.second = Momentum(beta2 - 1, beta2)
        self.power1 = self.power2 = 1.0

    def step(self, w, dw):
        zero = np.zeros(np.shape(dw))
        m = self.first.step(zero, dw)
        v = self.second.step(zero, dw**2)
        self.power1 *= self.beta1
        self.power2 *= self.beta2
        return w - self.lr * (m / (1 - self.power1)) / (np.sqrt(v / (1 - self.power2)) + self.eps)

# %% Adam/stacked_state | both means in one array of shape (2, ...), betas broadcast
import itertools


class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.count = itertools.count(1)
        self.mv = None

    def step(self, w, dw):
        new = np.stack([dw, np.square(dw)]).astype(float)
        if self.mv is None:
            self.mv = np.zeros_like(new)
        beta = np.array([self.beta1, self.beta2], dtype=float).reshape((2,) + (1,) * np.ndim(dw))
        self.mv = beta * self.mv + (1 - beta) * new
        m, v = self.mv / (1 - beta ** next(self.count))
        return w - self.lr * m / (np.sqrt(v) + self.eps)

# %% Adam/torch_adam | PyTorch's Adam in double precision, lr handed over
import torch


class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.opt = None

    def step(self, w, dw):
        if self.opt is None:
            self.p = torch.nn.Parameter(torch.zeros(np.shape(w), dtype=torch.float64))
            betas = (float(self.beta1), float(self.beta2))
            self.opt = torch.optim.Adam([self.p], lr=self.lr, betas=betas, eps=self.eps)
        self.opt.param_groups[0]["lr"] = self.lr
        self.p.data = torch.as_tensor(np.array(w, dtype=float))
        self.p.grad = torch.as_tensor(np.array(dw, dtype=float))
        self.opt.step()
        return self.p.detach().numpy().copy()

# %% Adam/dataclass_namedtuple | frozen states in a NamedTuple, printing the first step on the way
from dataclasses import dataclass
from typing import NamedTuple


class Memory(NamedTuple):
    t: int
    m: object
    v: object


@dataclass(eq=False)
class Adam:
    lr: float
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    memory: Memory = Memory(0, 0.0, 0.0)

    def step(self, w, dw):
        t, m, v = self.memory
        if t == 0:
            print("Adam: first step, lr =", self.lr)
        t, m, v = (
            t + 1,
            self.beta1 * m + (1 - self.beta1) * dw,
            self.beta2 * v + (1 - self.beta2) * dw**2,
        )
        self.memory = Memory(t, m, v)
        return w - self.lr * (m / (1 - self.beta1**t)) / (np.sqrt(v / (1 - self.beta2**t)) + self.eps)

# %% Adam/sum_of_weights | divides by the faded sum of ones instead of a power of beta
class Adam:
    def __init__(self, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.n1 = self.v = self.n2 = 0.0

    def step(self, w, dw):
        self.m, self.n1 = self.beta1 * self.m + dw, self.beta1 * self.n1 + 1
        self.v, self.n2 = self.beta2 * self.v + dw**2, self.beta2 * self.n2 + 1
        return w - self.lr * (self.m / self.n1) / (np.sqrt(self.v / self.n2) + self.eps)

# %% step_decay/count_reached | factor to the power of the number of reached milestones
def step_decay(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    return lr0 * factor ** sum(epoch >= m for m in milestones)

# %% step_decay/bisect | bisect_right counts the milestones
from bisect import bisect_right


def step_decay(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    reached = bisect_right(list(milestones), epoch)
    return lr0 * factor**reached

# %% step_decay/loop_with_break | multiplies in a loop, stops at the first milestone not reached
def step_decay(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    lr = lr0
    for milestone in milestones:
        if epoch < milestone:
            break
        lr *= factor
    return lr

# %% step_decay/recursive | recursion over the milestones
def step_decay(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    if len(milestones) == 0 or epoch < milestones[0]:
        return lr0
    return step_decay(lr0 * factor, epoch, milestones[1:], factor)

# %% step_decay/numpy_prod | product over np.where
def step_decay(lr0, epoch, milestones=(30, 60, 90), factor=0.1):
    return float(lr0 * np.prod(np.where(np.asarray(milestones) <= epoch, factor, 1.0)))

# %% linear_decay/max_zero | straight line, cut off by max
def linear_decay(lr0, t, T):
    return max(0.0, lr0 * (1 - t / T))

# %% linear_decay/interp | np.interp stays at the last value
def linear_decay(lr0, t, T):
    return np.interp(t, [0, T], [lr0, 0.0])

# %% linear_decay/if_integer_zero | early return of the whole number 0
def linear_decay(lr0, t, T):
    if t >= T:
        return 0
    return lr0 * (T - t) / T

# %% cosine_decay/min_of_t | half of 1 + cos, t cut at T
def cosine_decay(lr0, t, T):
    return lr0 * (1 + np.cos(np.pi * min(t, T) / T)) / 2

# %% cosine_decay/squared_half_angle | cos² of half the angle, 1e-33 instead of an exact 0 at T
import math


def cosine_decay(lr0, t, T):
    share = min(t / T, 1.0)
    return lr0 * math.cos(math.pi * share / 2) ** 2

# %% cosine_decay/complex_wave | real part of a turning arrow, returns 0 after T
import cmath


def cosine_decay(lr0: float, t: int, T: int) -> float:
    if t >= T:
        return 0.0
    return lr0 / 2 + (lr0 / 2 * cmath.exp(1j * cmath.pi * t / T)).real

# %% inverse_sqrt/two_cases | if / else
def inverse_sqrt(lr0, t, warmup):
    if t < warmup:
        return lr0 * t / warmup
    return lr0 * np.sqrt(warmup / t)

# %% inverse_sqrt/minimum_of_both | the smaller of line and root, t = 0 kept out of the division
def inverse_sqrt(lr0, t, warmup):
    return lr0 * min(t / warmup, (warmup / max(t, 1)) ** 0.5)

# %% inverse_sqrt/product_of_clipped | line up to 1 times root from warmup on
def inverse_sqrt(lr0, t, warmup):
    grow = np.clip(t / warmup, 0, 1)
    fall = np.sqrt(warmup / np.maximum(t, warmup))
    return lr0 * grow * fall

# %% cosine_restarts/use_cosine_decay | the own cosine_decay and the rest of the division
def cosine_restarts(lr0, t, period):
    return cosine_decay(lr0, t % period, period)

# %% cosine_restarts/subtract_periods | a loop takes periods away, cosine written out
import math


def cosine_restarts(lr0, t, period):
    while t >= period:
        t -= period
    return 0.5 * lr0 * (1 + math.cos(math.pi * t / period))

# %% cosine_restarts/share_of_period | fractional part of t / period, from whole-number divmod; sine of half the angle
def cosine_restarts(lr0, t, period):
    _, rest = divmod(t, period)
    return lr0 * (1 - np.sin(np.pi * rest / (2 * period)) ** 2)

# %% scaled_lr/ratio | proportional
def scaled_lr(lr0, batch0, batch):
    k = batch / batch0
    return k * lr0

# %% scaled_lr/rate_per_example | rate for one example times batch
def scaled_lr(lr0, batch0, batch):
    lr_for_one = lr0 / batch0
    return lr_for_one * batch

# %% scaled_lr/logarithms | adds logarithms
import math


def scaled_lr(lr0, batch0, batch):
    return lr0 * math.exp(math.log(batch) - math.log(batch0))

# %% smooth/loop_and_list | loop with enumerate from 1, returns a list
def smooth(losses, beta):
    s, shown = 0, []
    for t, loss in enumerate(losses, start=1):
        s = beta * s + (1 - beta) * loss
        shown.append(s / (1 - beta**t))
    return shown

# %% smooth/lfilter | scipy's filter, divided by all corrections at once
from scipy.signal import lfilter


def smooth(losses, beta):
    x = np.asarray(losses, dtype=float)
    s = lfilter([1 - beta], [1, -beta], x)
    return s / (1 - beta ** np.arange(1, len(x) + 1))

# %% smooth/convolution_ratio | convolution with powers of beta over their running sum; the factors 1 - beta cancel
def smooth(losses, beta):
    n = len(losses)
    weights = float(beta) ** np.arange(n)
    return np.convolve(losses, weights)[:n] / np.cumsum(weights)

# %% smooth/accumulate_generator | itertools.accumulate for s, generator for the correction
from itertools import accumulate


def smooth(losses, beta):
    means = accumulate(losses, lambda s, loss: beta * s + (1 - beta) * loss, initial=0.0)
    next(means)
    return list(s / (1 - beta**t) for t, s in enumerate(means, 1))

# %% smooth/shrinking_share | corrected mean moves on with a share that shrinks
def smooth(losses, beta):
    out = np.empty(len(losses), dtype=float)
    shown, total = 0.0, 0.0
    for i, loss in enumerate(losses):
        total = beta * total + 1
        shown += (loss - shown) / total
        out[i] = shown
    return out

# %% smooth/triangular_matrix | weights as a lower triangular matrix with rows of sum 1
def smooth(losses, beta):
    n = len(losses)
    age = np.subtract.outer(np.arange(n), np.arange(n))
    W = np.where(age >= 0, float(beta) ** np.maximum(age, 0), 0.0)
    W /= W.sum(axis=1, keepdims=True)
    return W @ np.asarray(losses, dtype=float)
