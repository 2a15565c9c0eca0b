# %% to_tensor/np_array_copy_from_numpy | np.array copies and casts, from_numpy wraps that copy
def to_tensor(array, device):
    if np.issubdtype(array.dtype, np.integer):
        new = np.array(array, dtype=np.int64)
    else:
        new = np.array(array, dtype=np.float32)
    return torch.from_numpy(new).to(device)

# %% to_tensor/kind_lookup | a table from dtype.kind to the pair of types, astype always copies
_KINDS = {"f": np.float32, "i": np.int64, "u": np.int64}

def to_tensor(array, device):
    array = np.asarray(array)
    copy = array.astype(_KINDS[array.dtype.kind], order="C", copy=True)
    return torch.as_tensor(copy, device=device)

# %% to_tensor/torch_tensor_of_copy | torch.tensor with dtype and device, the copy taken first
def to_tensor(array: np.ndarray, device: torch.device) -> torch.Tensor:
    """Copy the array to the device."""
    fractions = array.dtype.kind == "f"
    return torch.tensor(array.copy(), dtype=torch.float32 if fractions else torch.int64, device=device)

# %% to_tensor/clone_and_guards | ascontiguousarray, from_numpy, then clone; asserts and a warning filter for read-only arrays
import warnings

def to_tensor(a, dev):
    a = np.ascontiguousarray(a).reshape(np.shape(a))
    assert a.dtype.kind in "fiub", f"no idea what to do with {a.dtype}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")      # "array is not writable"
        t = torch.from_numpy(a.astype(a.dtype.newbyteorder("=")))
    t = t.clone()
    if t.is_floating_point():
        t = t.to(torch.float32)
    else:
        t = t.to(torch.int64)
    return t.to(dev)

# %% to_tensor/via_list | goes through a nested Python list, then reshapes
def to_tensor(array, device):
    # slow, but never shares memory :-)
    if issubclass(array.dtype.type, np.floating):
        dtype = torch.float32
    else:
        dtype = torch.long
    return torch.tensor(array.tolist(), dtype=dtype, device=device).reshape(array.shape)

# %% to_tensor/empty_and_copy | reserves an empty tensor and writes into its numpy view
def to_tensor(array, device):
    array = np.asarray(array)
    whole = np.issubdtype(array.dtype, np.integer)
    out = torch.empty(array.shape, dtype=torch.int64 if whole else torch.float32)
    out.numpy()[...] = array
    return out.to(device)

# %% to_tensor/lambda_can_cast | lambda with numpy's can_cast rule and torch's .long()/.float()
is_whole = lambda a: a.dtype.kind in ("i", "u")
to_tensor = lambda array, device: (
    torch.from_numpy(np.array(array, np.int64)).long() if is_whole(array)
    else torch.from_numpy(np.array(array, np.float32)).float()
).to(device)

# %% to_tensor/callable_class | an instance with __call__ plays the function
class _ToTensor:
    """numpy -> torch, by value"""
    floats, wholes = np.dtype("float32"), np.dtype("int64")

    def dtype_for(self, array):
        return self.wholes if np.issubdtype(array.dtype, np.integer) else self.floats

    def __call__(self, array, device):
        fresh = np.empty(array.shape, self.dtype_for(array))
        np.copyto(fresh, array, casting="unsafe")
        return torch.from_numpy(fresh).to(device=device)

to_tensor = _ToTensor()

# %% MLP/modulelist_loop | ModuleList and a loop with ReLU on all but the last
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(len(sizes) - 1):
            self.layers.append(nn.Linear(sizes[i], sizes[i + 1]))

    def forward(self, X):
        for layer in self.layers[:-1]:
            X = torch.relu(layer(X))
        return self.layers[-1](X)

# %% MLP/sequential_pairwise | one nn.Sequential, ReLU appended then popped
class MLP(nn.Module):
    """Layers nn.Linear of the given sizes, in order, with ReLU between them."""

    def __init__(self, sizes):
        super().__init__()
        modules = []
        for a, b in pairwise(sizes):
            modules += [nn.Linear(a, b), nn.ReLU()]
        modules.pop()
        self.net = nn.Sequential(*modules)

    def forward(self, X):
        return self.net(X)

# %% MLP/clamp_first | clamps before every layer but the first, with clamp(min=0)
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.first, *rest = [nn.Linear(m, n) for m, n in zip(sizes[:-1], sizes[1:])]
        self.rest = nn.ModuleList(rest)

    def forward(self, X):
        Z = self.first(X)
        for lin in self.rest:
            Z = lin(Z.clamp(min=0))
        return Z

# %% MLP/setattr_names | layers as attributes fc0, fc1, ... by setattr and getattr
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.depth = len(sizes) - 1
        for k in range(self.depth):
            setattr(self, f"fc{k}", nn.Linear(sizes[k], sizes[k+1]))

    def forward(self, X):
        h = X
        for k in range(self.depth):
            h = getattr(self, f"fc{k}")(h)
            if k != self.depth - 1:
                h = F.relu(h)
        return h

# %% MLP/recursive | a recursive module: first layer, then an MLP of the rest
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        n_in, n_out, *more = sizes
        self.linear = nn.Linear(n_in, n_out)
        self.tail = MLP([n_out, *more]) if more else None

    def forward(self, X):
        Z = self.linear(X)
        return Z if self.tail is None else self.tail(Z.relu())

# %% MLP/zero_last_kaiming | He initialisation inside, zero-initialised last layer, in-place ReLU after Linear only
class MLP(nn.Module):
    def __init__(self, sizes, zero_last: bool = True):
        super().__init__()
        sizes = [int(s) for s in sizes]
        if len(sizes) < 2:
            raise ValueError("need inputs and outputs")
        layers = [nn.Linear(i, o) for i, o in pairwise(sizes)]
        for l in layers[:-1]:
            nn.init.kaiming_normal_(l.weight, nonlinearity="relu")
            nn.init.zeros_(l.bias)
        if zero_last:
            nn.init.zeros_(layers[-1].weight); nn.init.zeros_(layers[-1].bias)
        blocks = []
        for l in layers[:-1]:
            blocks.append(nn.Sequential(l, nn.ReLU(inplace=True)))
        self.body = nn.Sequential(*blocks, layers[-1])

    def forward(self, X):
        return self.body(X)

# %% MLP/explicit_matmul | nn.Linear for the parameters, X @ W.T + b written out, relu as a mask
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.L = nn.ModuleList([nn.Linear(sizes[j-1], sizes[j]) for j in range(1, len(sizes))])

    def forward(self, X):
        A = X
        last = len(self.L) - 1
        for j, lin in enumerate(self.L):
            W = lin.weight.T
            Z = A @ W + lin.bias
            A = Z if j == last else torch.where(Z > 0, Z, torch.zeros_like(Z))
        return A

# %% MLP/reduce_fold | functools.reduce over layers in a ModuleDict
from functools import reduce

class MLP(nn.Module):
    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        self.parts = nn.ModuleDict({"linear_%d" % i: nn.Linear(*ab) for i, ab in enumerate(pairwise(sizes))})

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        head, *others = self.parts.values()
        return reduce(lambda h, f: f(F.relu(h)), others, head(X))

# %% MLP/linear_subclass | own subclass of nn.Linear which activates its own output
class _Dense(nn.Linear):
    def __init__(self, n_in, n_out, activate):
        super().__init__(n_in, n_out)
        self.activate = activate

    def forward(self, x):
        z = super().forward(x)
        return torch.maximum(z, torch.zeros((), dtype=z.dtype, device=z.device)) if self.activate else z

class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        n = len(sizes)
        self.stack = nn.Sequential(*(_Dense(sizes[i], sizes[i+1], i < n - 2) for i in range(n - 1)))
    def forward(self, X):
        return self.stack(X)

# %% train_epoch/plain | the usual loop, sums loss.item() times batch length
def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train()
    total, count = 0.0, 0
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        optimizer.zero_grad()
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    return total / count

# %% train_epoch/lists_average | collects losses and sizes, numpy's weighted average at the end, cast to float
def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train(True)
    losses, sizes = [], []
    for batch in loader:
        inputs = batch[0].to(device)
        targets = batch[1].to(device)
        out = model(inputs)
        l = loss_fn(out, targets)
        optimizer.zero_grad(set_to_none=True)
        l.backward()
        optimizer.step()
        losses.append(float(l))
        sizes.append(targets.shape[0])
    return float(np.average(losses, weights=sizes))

# %% train_epoch/manual_grad_none | sets .grad to None by hand, in a helper for one batch
def _one_batch(model, X, y, optimizer, loss_fn):
    for group in optimizer.param_groups:
        for p in group["params"]:
            p.grad = None
    loss = loss_fn(model(X), y)
    loss.backward()
    optimizer.step()
    return loss.detach()

def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train()
    s = n = 0
    for X, y in loader:
        l = _one_batch(model, X.to(device), y.to(device), optimizer, loss_fn)
        s, n = s + l.double() * X.size(0), n + X.size(0)
    return (s / n).item()

# %% train_epoch/enable_grad_model_zero | model.zero_grad, enable_grad context, non_blocking copies
def train_epoch(model: nn.Module, loader, optimizer: torch.optim.Optimizer, loss_fn, device) -> float:
    model.train()
    seen = 0
    running = 0.
    with torch.enable_grad():
        for X, y in loader:
            X = X.to(device, non_blocking=True); y = y.to(device, non_blocking=True)
            model.zero_grad()
            scores = model(X)
            loss = loss_fn(scores, y)
            loss.backward()
            optimizer.step()
            # running mean over examples
            m = y.shape[0]
            seen += m
            running += (loss.item() - running) * m / seen
    return running

# %% train_epoch/norm_monitoring | logs the gradient norm with clip at infinity, optional verbose
import math

def train_epoch(model, loader, optimizer, loss_fn, device, verbose=False):
    model.train()
    weighted = []
    n = 0
    for step, (X, y) in enumerate(loader):
        X, y = X.to(device), y.to(device)
        optimizer.zero_grad()
        loss = loss_fn(model(X), y)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), math.inf)
        optimizer.step()
        if verbose:
            print(step, loss.item(), norm.item())
        weighted.append(loss.item() * X.shape[0]); n += X.shape[0]
    return math.fsum(weighted) / n

# %% train_epoch/zero_before_and_after | zeroes before the first batch and after each step
def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train()
    optimizer.zero_grad()
    tot = 0.0
    num = 0
    for (X, y) in loader:
        X = X.to(device)
        y = y.to(device)
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        tot += float(loss.detach().cpu()) * y.size(0)
        num += y.size(0)
    return tot / num

# %% train_epoch/meter_dataclass | a dataclass as running meter
from dataclasses import dataclass

@dataclass
class Meter:
    total: float = 0.0
    n: int = 0

    def add(self, value, n):
        self.total += value * n
        self.n += n

    @property
    def mean(self):
        return self.total / self.n

def train_epoch(model, loader, optimizer, loss_fn, device):
    meter = Meter()
    model.train()
    for X, y in loader:
        X, y = (t.to(device) for t in (X, y))
        optimizer.zero_grad()
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        meter.add(loss.item(), len(y))
    return meter.mean

# %% train_epoch/autograd_grad | torch.autograd.grad and assignment to .grad instead of backward
def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train()
    params = [p for p in model.parameters() if p.requires_grad]
    sums = []
    for X, y in loader:
        loss = loss_fn(model(X.to(device)), y.to(device))
        grads = torch.autograd.grad(loss, params, allow_unused=True)
        for p, g in zip(params, grads):
            p.grad = g
        optimizer.step()
        sums.append((len(X) * loss.item(), len(X)))
    top, bottom = map(sum, zip(*sums))
    return top / bottom

# %% evaluate/plain | eval, no_grad, sums of loss and of right answers
def evaluate(model, loader, loss_fn, device):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for X, y in loader:
            X, y = X.to(device), y.to(device)
            scores = model(X)
            loss += loss_fn(scores, y).item() * len(y)
            right += (scores.argmax(dim=1) == y).sum().item()
            n += len(y)
    return loss / n, right / n

# %% evaluate/inference_decorator | decorated with inference_mode, torch.max for the answer
@torch.inference_mode()
def evaluate(model, loader, loss_fn, device):
    model.eval()
    total_loss = 0
    total_correct = 0
    total = 0
    for data_, target in loader:
        data_ = data_.to(device)
        target = target.to(device)
        output = model(data_)
        _, predicted = torch.max(output, 1)
        total_loss += loss_fn(output, target).item() * data_.size(0)
        total_correct += torch.sum(predicted == target).item()
        total += data_.size(0)
    return float(total_loss / total), float(total_correct / total)

# %% evaluate/restores_mode | puts the model back into the mode it had, try/finally
def evaluate(model, loader, loss_fn, device):
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            rows = []
            for X, y in loader:
                S = model(X.to(device))
                t = y.to(device)
                rows.append([loss_fn(S, t).item() * len(t), (S.argmax(-1) == t).sum().item(), len(t)])
    finally:
        model.train(was_training)
    a, b, n = np.sum(rows, axis=0)
    return float(a / n), float(b / n)

# %% evaluate/set_grad_enabled_numpy | set_grad_enabled(False), counts with numpy on the CPU
def evaluate(model, loader, loss_fn, device):
    model.train(mode=False)
    L = hits = N = 0
    with torch.set_grad_enabled(False):
        for X, y in loader:
            z = model(X.to(device))
            l = loss_fn(z, y.to(device))
            answers = np.argmax(z.float().cpu().numpy(), axis=1)
            hits += int((answers == y.numpy()).sum())
            L += float(l) * y.shape[0]
            N += y.shape[0]
    return L / N, hits / N

# %% evaluate/generator_helper | a generator gives (loss, hits, size) per batch
def _measured(model, loader, loss_fn, device):
    for X, y in loader:
        y = y.to(device)
        with torch.no_grad():
            scores = model(X.to(device))
            yield loss_fn(scores, y).item(), (scores.argmax(1) == y).float().sum().item(), y.numel()

def evaluate(model, loader, loss_fn, device):
    model.eval()
    triples = list(_measured(model, loader, loss_fn, device))
    n = sum(k for _, _, k in triples)
    return sum(l * k for l, _, k in triples) / n, sum(h for _, h, _ in triples) / n

# %% evaluate/namedtuple_result | returns a NamedTuple of two floats, mean accuracies weighted
from typing import NamedTuple

class Score(NamedTuple):
    loss: float
    accuracy: float

@torch.no_grad()
def evaluate(model, loader, loss_fn, device) -> Score:
    model.eval()
    loss = acc = 0.0
    seen = 0
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        out = model(X)
        k = len(X)
        loss += k * loss_fn(out, y).item()
        acc += k * torch.eq(out.argmax(1), y).double().mean().item()
        seen += k
    return Score(loss / seen, round(acc) / seen)

# %% evaluate/on_device_sums | keeps both sums as float64 tensors on the device, reads once
def evaluate(model, loader, loss_fn, device):
    model.eval()
    sums = torch.zeros(3, dtype=torch.float64, device=device)
    with torch.no_grad():
        for X, y in loader:
            X, y = X.to(device), y.to(device)
            scores = model(X)
            n = torch.tensor(float(len(y)), device=device)
            hits = (scores.topk(1, dim=1).indices.squeeze(1) == y).sum()
            sums += torch.stack([loss_fn(scores, y) * n, hits.to(n.dtype), n]).double()
    loss, hits, n = sums.tolist()
    return loss / n, hits / n

# %% evaluate/python_loop_per_example | compares example by example in Python
def evaluate(model, loader, loss_fn, device):
    model.eval()
    weighted_loss, examples, good = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            scores = model(images.to(device))
            weighted_loss += loss_fn(scores, labels.to(device)).item() * len(labels)
            for row, label in zip(scores, labels):
                if int(row.argmax()) == int(label):
                    good += 1
                examples += 1
    return weighted_loss / examples, good / examples

# %% overfit_one_batch/adam | Adam with lr 0.01 as the text proposes
def overfit_one_batch(model, batch, steps):
    X, labels = batch
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), labels)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses

# %% overfit_one_batch/calls_train_epoch | reuses train_epoch with a list of one batch as loader
def overfit_one_batch(model, batch, steps):
    place = batch[0].device
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    return [train_epoch(model, [batch], opt, F.cross_entropy, place) for _ in range(steps)]

# %% overfit_one_batch/adamw_train_mode | AdamW without decay, model.train(), while loop
def overfit_one_batch(model, batch, steps):
    model.train()
    opt = torch.optim.AdamW(model.parameters(), 1e-2, weight_decay=0.0)
    criterion = nn.CrossEntropyLoss()
    history = []
    while len(history) < steps:
        out = model(batch[0])
        loss = criterion(out, batch[1])
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        history.append(loss.detach().cpu().item())
    return history

# %% overfit_one_batch/own_adam | Adam written by hand, without torch.optim
def overfit_one_batch(model, batch, steps):
    X, labels = batch
    ps = [p for p in model.parameters() if p.requires_grad]
    m = [torch.zeros_like(p) for p in ps]
    v = [torch.zeros_like(p) for p in ps]
    out = []
    for t in range(1, steps + 1):
        loss = F.cross_entropy(model(X), labels)
        out.append(float(loss))
        gs = torch.autograd.grad(loss, ps)
        with torch.no_grad():
            for p, g, mm, vv in zip(ps, gs, m, v):
                mm.mul_(0.9).add_(g, alpha=0.1)
                vv.mul_(0.999).addcmul_(g, g, value=0.001)
                p -= 0.01 * (mm / (1 - 0.9 ** t)) / ((vv / (1 - 0.999 ** t)).sqrt() + 1e-8)
    return out

# %% overfit_one_batch/nll_logsoftmax | cross-entropy as log_softmax plus nll_loss, closure given to the optimizer
def overfit_one_batch(model, batch, steps):
    X, labels = batch
    optimizer = torch.optim.Adam(model.parameters(), lr=0.008)

    def closure():
        optimizer.zero_grad()
        loss = F.nll_loss(F.log_softmax(model(X), dim=1), labels)
        loss.backward()
        return loss

    return [optimizer.step(closure).item() for _ in range(steps)]

# %% overfit_one_batch/nadam_tensor_buffer | NAdam, the losses in a tensor buffer, tolist at the end
def overfit_one_batch(model, batch, steps):
    (images, labels) = batch
    model.train()
    optimizer = torch.optim.NAdam(model.parameters(), lr=5e-3)
    buffer = torch.zeros(steps, device=images.device)
    for i in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        buffer[i] = loss.detach()
        loss.backward()
        optimizer.step()
    return buffer.tolist()

# %% overfit_one_batch/guards_and_log | guards for finite losses, prints every 100 steps
def overfit_one_batch(model, batch, steps):
    X, y = batch[0], batch[1]
    assert len(X) == len(y), "one label per example, please"
    opt = torch.optim.Adam(params=model.parameters(), lr=0.01, betas=(0.9, 0.99))
    losses = []
    for step in range(steps):
        opt.zero_grad()
        loss = F.cross_entropy(model(X), y)
        if not torch.isfinite(loss):
            raise RuntimeError(f"loss is {loss.item()} in step {step}")
        loss.backward()
        opt.step()
        losses += [loss.item()]
        if step % 100 == 0:
            print(f"step {step:4d}  loss {losses[-1]:.4f}")
    return losses

# %% ConvNet/the_table | the table's network as one Sequential
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 48, 3, padding=1), nn.BatchNorm2d(48), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(48 * 3 * 3, 10),
        )

    def forward(self, images):
        return self.net(images)

# %% ConvNet/block_helper_dropout | blocks from a helper, dropout before the scores, flatten(1)
def conv_block(cin, cout):
    return nn.Sequential(nn.Conv2d(cin, cout, kernel_size=3, padding="same", bias=False),
                         nn.BatchNorm2d(cout), nn.ReLU(inplace=True), nn.MaxPool2d(2))

class ConvNet(nn.Module):
    def __init__(self, channels=(16, 32, 48), p=0.2):
        super().__init__()
        self.blocks = nn.ModuleList([conv_block(a, b) for a, b in pairwise((1, *channels))])
        self.drop = nn.Dropout(p)
        self.out = nn.Linear(channels[-1] * 9, 10)

    def forward(self, images):
        h = images
        for block in self.blocks:
            h = block(h)
        return self.out(self.drop(h.flatten(1)))

# %% ConvNet/residual | residual blocks, zero-initialised last batch norm, mean over the picture
class Res(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c1, self.b1 = nn.Conv2d(c, c, 3, padding=1, bias=False), nn.BatchNorm2d(c)
        self.c2, self.b2 = nn.Conv2d(c, c, 3, padding=1, bias=False), nn.BatchNorm2d(c)
        nn.init.zeros_(self.b2.weight)

    def forward(self, x):
        h = F.relu(self.b1(self.c1(x)))
        return F.relu(x + self.b2(self.c2(h)))

class ConvNet(nn.Module):
    """stem, two residual stages, average, scores"""
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 24, 3, stride=2, padding=1), nn.BatchNorm2d(24), nn.ReLU())
        self.r1 = Res(24)
        self.down = nn.Sequential(nn.Conv2d(24, 48, 3, stride=2, padding=1), nn.BatchNorm2d(48), nn.ReLU())
        self.r2 = Res(48)
        self.head = nn.Linear(48, 10)

    def forward(self, images):
        x = self.r2(self.down(self.r1(self.stem(images))))
        return self.head(x.mean(dim=(2, 3)))

# %% ConvNet/zero_last_layer | last linear layer initialised with zeros
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(32)
        self.fc = nn.Linear(32*7*7, 10)
        nn.init.zeros_(self.fc.weight)
        nn.init.zeros_(self.fc.bias)

    def forward(self, images):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(images))), 2)
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        x = torch.flatten(x, start_dim=1)
        return self.fc(x)

# %% ConvNet/lenet_no_bn | LeNet-like with 5 x 5 filters and two linear layers, no batch norm
class ConvNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 8, 5)          # 28 -> 24 -> 12
        self.c2 = nn.Conv2d(8, 24, 5)         # 12 -> 8 -> 4
        self.f1 = nn.Linear(24 * 4 * 4, 100)
        self.f2 = nn.Linear(100, 10)
        self.pool = nn.MaxPool2d(2)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        x = self.pool(torch.relu(self.c1(images)))
        x = self.pool(torch.relu(self.c2(x)))
        x = x.reshape(x.shape[0], -1)
        return self.f2(torch.relu(self.f1(x)))

# %% ConvNet/sequential_subclass | a subclass of Sequential: forward inherited
class ConvNet(nn.Sequential):
    """A small convolutional network for digits: ConvNet() takes no arguments."""

    def __init__(self):
        widths = [1, 16, 32, 48]
        steps = []
        for i in (1, 2, 3):
            steps.append(nn.Conv2d(widths[i-1], widths[i], 3, padding=1))
            steps.append(nn.BatchNorm2d(widths[i]))
            steps.append(nn.ReLU())
            steps.append(nn.MaxPool2d(2))
        super().__init__(*steps, nn.Flatten(), nn.Linear(432, 10))

# %% ConvNet/fully_convolutional | the last layer is a 3 x 3 convolution without padding, flattened
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        L = []
        c = 1
        for w in [16, 32, 48]:
            L += [nn.Conv2d(c, w, 3, 1, 1), nn.BatchNorm2d(w), nn.ReLU(), nn.MaxPool2d(2)]
            c = w
        self.features = nn.Sequential(*L)
        self.scores = nn.Conv2d(c, 10, 3)

    def forward(self, images):
        z = self.scores(self.features(images))     # (N, 10, 1, 1)
        return z[:, :, 0, 0]

# %% ConvNet/depthwise_gelu_buffer | depthwise separable, GELU, GroupNorm, input scaled by registered buffers
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor(0.1307))
        self.register_buffer("std", torch.tensor(0.3081))
        self.stem = nn.Conv2d(1, 32, 3, padding=1)
        self.dw = nn.Conv2d(32, 32, 3, padding=1, groups=32)
        self.pw = nn.Conv2d(32, 64, 1)
        self.n1, self.n2 = nn.GroupNorm(4, 32), nn.GroupNorm(8, 64)
        self.avg = nn.AdaptiveAvgPool2d(4)
        self.lin = nn.Linear(64 * 16, 10)

    def forward(self, images):
        x = (images - self.mean) / self.std
        x = F.max_pool2d(F.gelu(self.n1(self.stem(x))), 2)
        x = F.gelu(self.n2(self.pw(self.dw(x))))
        return self.lin(self.avg(x).flatten(start_dim=1))

# %% trained_model/table_cosine_batches | the student's ConvNet, Adam and cosine counted in batches, fresh moves in every epoch
def _train(epochs=8):
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    model = ConvNet().to(device)
    labels = torch.from_numpy(digits.y_train).to(device)
    opt = torch.optim.Adam(model.parameters(), lr=0.006)
    batches = -(-len(labels) // 64)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs * batches)
    for epoch in range(epochs):
        model.train()
        X = training.moved(digits.X_train, rng, pixels=2, degrees=10).to(device)
        for rows in torch.randperm(len(labels)).split(64):
            opt.zero_grad()
            F.cross_entropy(model(X[rows]), labels[rows]).backward()
            opt.step()
            schedule.step()
    return model

trained_model = _train()

# %% trained_model/own_class_loader | own network class, DataLoader, train_epoch and a schedule that counts epochs
class DigitReader(nn.Module):
    def __init__(self):
        super().__init__()
        def block(a, b):
            return [nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU(), nn.MaxPool2d(2)]
        self.layers = nn.Sequential(*block(1, 16), *block(16, 32), *block(32, 48), nn.Flatten(), nn.Linear(432, 10))

    def forward(self, images):
        return self.layers(images)

torch.manual_seed(7)
generator = np.random.default_rng(7)
trained_model = DigitReader().to(device)
optimizer = torch.optim.AdamW(trained_model.parameters(), lr=6e-3, weight_decay=1e-3)
n_epochs = 8
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda e: 0.5 * (1 + np.cos(np.pi * e / n_epochs)))
labels_ = torch.from_numpy(digits.y_train)
for epoch in range(n_epochs):
    fresh = training.moved(digits.X_train, generator, pixels=2, degrees=10)
    mean_loss = train_epoch(trained_model, DataLoader(TensorDataset(fresh, labels_), batch_size=64, shuffle=True),
                            optimizer, F.cross_entropy, device)
    print(f"epoch {epoch + 1}: {mean_loss:.3f}")
    scheduler.step()
trained_model.eval()

# %% trained_model/onecycle_clip_smoothing | OneCycle, label smoothing, gradients clipped at norm 5, zero-initialised last layer
torch.manual_seed(3)

class Net3(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3, padding=1, bias=False); self.n1 = nn.BatchNorm2d(16)
        self.c2 = nn.Conv2d(16, 32, 3, padding=1, bias=False); self.n2 = nn.BatchNorm2d(32)
        self.c3 = nn.Conv2d(32, 48, 3, padding=1, bias=False); self.n3 = nn.BatchNorm2d(48)
        self.fc = nn.Linear(48 * 9, 10)
        nn.init.zeros_(self.fc.weight)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.n1(self.c1(x))), 2)
        x = F.max_pool2d(F.relu(self.n2(self.c2(x))), 2)
        x = F.max_pool2d(F.relu(self.n3(self.c3(x))), 2)
        return self.fc(x.flatten(1))

def run(net, epochs=8, size=70):
    y = torch.tensor(digits.y_train, device=device)
    n = len(y)
    opt = torch.optim.Adam(net.parameters(), lr=0.01)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.01, total_steps=epochs * (n // size), pct_start=0.25)
    rng = np.random.default_rng(33)
    for _ in range(epochs):
        net.train()
        pics = training.moved(digits.X_train, rng, 2, 10).to(device)
        order = torch.randperm(n)
        for k in range(n // size):
            i = order[k * size:(k + 1) * size]
            loss = F.cross_entropy(net(pics[i]), y[i], label_smoothing=0.05)
            opt.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            opt.step()
            sched.step()
    return net

trained_model = run(Net3().to(device))

# %% trained_model/fast_epoch_best_checkpoint | train_epoch_fast's idea written inside, AdamW with a falling rate, keeps a copy of the best on moved validation digits
import copy

torch.manual_seed(11)
_rng = np.random.default_rng(11)
net = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(32, 48, 3, padding=1), nn.BatchNorm2d(48), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(432, 10)).to(device)
opt = torch.optim.AdamW(net.parameters(), lr=0.006)
EPOCHS = 8
cosine = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=EPOCHS)
Y = torch.from_numpy(digits.y_train).to(device)
V = training.moved(digits.X_valid, np.random.default_rng(0), 1, 5)
best, best_state = -1, None
for e in range(EPOCHS):
    net.train()
    XX = training.moved(digits.X_train, _rng, pixels=2, degrees=10).to(device)
    for idx in torch.randperm(len(Y)).split(64):
        opt.zero_grad()
        F.cross_entropy(net(XX[idx]), Y[idx]).backward()
        opt.step()
    cosine.step()
    acc = (training.predict(net, V).argmax(1).numpy() == digits.y_valid).mean()
    if acc >= best:
        best, best_state = acc, copy.deepcopy(net.state_dict())
net.load_state_dict(best_state)
trained_model = net

# %% benchmark/plain | one warm-up, wait, time, wait
def benchmark(fn, device, repeats):
    fn()
    devices.synchronize(device)
    start = time.perf_counter()
    for _ in range(repeats):
        fn()
    devices.synchronize(device)
    return (time.perf_counter() - start) / repeats

# %% benchmark/three_warmups_monotonic | three warm-up calls, monotonic clock
def benchmark(fn, device, repeats, warmup=3):
    for _ in range(warmup): fn()
    devices.synchronize(device)
    t0 = time.monotonic()
    for _ in range(repeats): fn()
    devices.synchronize(device)
    t1 = time.monotonic()
    return (t1 - t0) / repeats

# %% benchmark/perf_counter_ns | integer nanoseconds, divided at the end
from time import perf_counter_ns

def benchmark(fn, device, repeats: int) -> float:
    fn(); fn()
    devices.synchronize(device)
    begin = perf_counter_ns()
    for i in range(repeats):
        fn()
    devices.synchronize(device)
    end = perf_counter_ns()
    return (end - begin) * 1e-9 / repeats

# %% benchmark/context_manager | a stopwatch as context manager which waits on both sides
from contextlib import contextmanager

@contextmanager
def stopwatch(device, result):
    devices.synchronize(device)
    started = time.perf_counter()
    yield
    devices.synchronize(device)
    result.append(time.perf_counter() - started)

def benchmark(fn, device, repeats):
    fn()    # warm-up
    seconds = []
    with stopwatch(device, seconds):
        for _ in range(repeats):
            fn()
    return seconds[0] / repeats

# %% benchmark/timeit_library | timeit.timeit with number=1 around all repeats and the waiting
import timeit

def benchmark(fn, device, repeats):
    def everything():
        for _ in range(repeats):
            fn()
        devices.synchronize(device)

    fn()
    devices.synchronize(device)
    return timeit.timeit(everything, number=1, timer=time.perf_counter) / repeats

# %% benchmark/wall_clock_guard | time.time, guard on repeats, itertools.repeat
from itertools import repeat

def benchmark(fn, device, repeats):
    if repeats < 1:
        raise ValueError("repeats must be positive")
    wait = lambda: devices.synchronize(device)
    fn()
    wait()
    tic = time.time()
    for f in repeat(fn, repeats):
        f()
    wait()
    toc = time.time()
    return float(toc - tic) / float(repeats)

# %% train_epoch_fast/plain | moves once, randperm split, loss summed on the device
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    model.train()
    images, labels = images.to(device), labels.to(device)
    total = torch.zeros((), device=device)
    for rows in torch.randperm(len(images), device=device).split(batch_size):
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(images[rows]), labels[rows])
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
    return total.item() / len(images)

# %% train_epoch_fast/shuffled_chunks | permutes everything once, then plain slices; scores made float32
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    N = labels.shape[0]
    perm = torch.randperm(N)
    X = images[perm.to(images.device)].to(device)
    y = labels[perm.to(labels.device)].to(device)
    model.train()
    summed = 0
    for i in range(0, N, batch_size):
        xb, yb = X[i:i + batch_size], y[i:i + batch_size]
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device_type=device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            scores = model(xb)
            loss = F.cross_entropy(scores.float(), yb)
        loss.backward()
        optimizer.step()
        summed = summed + loss.detach() * yb.shape[0]
    return float(summed / N)

# %% train_epoch_fast/stacked_list | a list of detached losses, stacked and weighted at the end
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    images = images.to(device, non_blocking=True)
    labels = labels.to(device, non_blocking=True)
    model.train()
    losses, counts = [], []
    for rows in torch.split(torch.randperm(images.size(0)), batch_size):
        rows = rows.to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = nn.CrossEntropyLoss()(model(images.index_select(0, rows)), labels.index_select(0, rows))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        counts.append(rows.numel())
    w = torch.tensor(counts, dtype=torch.float64, device=device)
    return (torch.stack(losses).double() @ w / w.sum()).item()

# %% train_epoch_fast/sum_reduction | reduction="sum" for the report, divided by the batch for the step
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    model.train()
    images = images.to(device); labels = labels.to(device)
    epoch_loss = torch.tensor(0.0, device=device)
    for rows in torch.randperm(len(labels)).split(batch_size):
        with torch.autocast(device.type, torch.bfloat16, enabled=devices.mixed(device)):
            batch_sum = F.cross_entropy(model(images[rows]), labels[rows], reduction="sum")
        model.zero_grad(set_to_none=True)
        (batch_sum / len(rows)).backward()
        optimizer.step()
        with torch.no_grad():
            epoch_loss += batch_sum
    return epoch_loss.item() / len(labels)

# %% train_epoch_fast/generator_argsort | a random order by argsort of uniform numbers, batches from a generator
def batches_of(images, labels, size):
    order = torch.rand(len(labels), device=labels.device).argsort()
    k = 0
    while k < len(order):
        rows = order[k:k + size]
        yield images[rows], labels[rows]
        k += size

def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    images, labels = images.to(device), labels.to(device)
    model.train()
    acc = torch.zeros(1, dtype=torch.float64, device=device)
    for X, y in batches_of(images, labels, batch_size):
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            out = model(X)
            loss = F.cross_entropy(out, y)
        loss.backward()
        optimizer.step()
        acc.add_(loss.detach().double() * y.numel())
    return float(acc.item() / labels.numel())

# %% train_epoch_fast/numpy_permutation | the order from NumPy's generator, inner function for a step
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    x, t = images.to(device), labels.to(device)
    n = x.shape[0]
    order = torch.from_numpy(np.random.default_rng().permutation(n)).to(device)
    cast = torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device))

    def step(rows):
        optimizer.zero_grad()
        with cast:
            loss = F.cross_entropy(model(x[rows]), t[rows])
        loss.backward()
        optimizer.step()
        return loss.detach() * (len(rows) / n)

    model.train()
    mean = sum(step(rows) for rows in order.split(batch_size))
    return mean.item()
