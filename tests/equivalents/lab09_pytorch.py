"""Right answers to lab09_pytorch that are written in another way than the reference."""

import functools
import statistics
import time
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.benchmark import Timer

from course_utils import training
from course_utils.training import devices


def kind_of(array):
    return torch.float32 if array.dtype.kind == "f" else torch.int64


def to_tensor_copy_of_array(array, device):
    return torch.from_numpy(np.array(array)).to(device=device, dtype=kind_of(array))


def to_tensor_clone(array, device):
    return torch.as_tensor(array).clone().to(kind_of(array)).to(device)


def to_tensor_through_lists(array, device):
    return torch.tensor(array.tolist(), dtype=kind_of(array)).to(device)


def to_tensor_copied_by_to(array, device):
    return torch.from_numpy(array).to(device, kind_of(array), copy=True)


def to_tensor_filled(array, device):
    tensor = torch.empty(array.shape, dtype=kind_of(array), device=device)
    return tensor.copy_(torch.from_numpy(array))


def to_tensor_of_a_read_only_copy(array, device):
    array = np.array(array, dtype=np.float32 if np.issubdtype(array.dtype, np.floating) else np.int64, order="F")
    array.flags.writeable = False
    return torch.tensor(array, device=device)


class SequentialMLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        parts = []
        for before, after in pairwise(sizes):
            parts += [nn.Linear(before, after), nn.ReLU()]
        self.network = nn.Sequential(*parts[:-1])

    def forward(self, X):
        return self.network(X)


class InheritedMLP(nn.Sequential):
    def __init__(self, sizes):
        layers = [nn.Linear(sizes[0], sizes[1])]
        for before, after in pairwise(sizes[1:]):
            layers += [nn.ReLU(inplace=True), nn.Linear(before, after)]
        super().__init__(*layers)


class NamedMLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.count = len(sizes) - 1
        for number, (before, after) in enumerate(pairwise(sizes)):
            setattr(self, f"layer{number}", nn.Linear(before, after))

    def forward(self, X):
        for number in range(self.count):
            X = getattr(self, f"layer{number}")(X if number == 0 else X.clamp(min=0))
        return X


class WrittenOutMLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)])

    def forward(self, X):
        for number, layer in enumerate(self.layers):
            X = X @ layer.weight.T + layer.bias
            if number < len(self.layers) - 1:
                X = torch.maximum(X, torch.zeros_like(X))
        return X


class CarefulMLP(nn.Module):
    """He's initialisation, a last layer that starts with zeros, and numbers of its layers kept in a list as well."""

    def __init__(self, sizes):
        super().__init__()
        self.first = nn.ModuleList(nn.Linear(before, after) for before, after in pairwise(sizes[:-1]))
        self.last = nn.Linear(sizes[-2], sizes[-1])
        for layer in self.first:
            nn.init.kaiming_normal_(layer.weight)
        nn.init.zeros_(self.last.weight)
        self.order = [*self.first, self.last]

    def forward(self, X):
        for layer in self.order[:-1]:
            X = layer(X).relu()
        return self.last(X)


def train_epoch_with_guards(model, loader, optimizer, loss_fn, device):
    """Logs the loss and the length of the gradient, and stops where a number is none."""
    model.train()
    total = count = 0
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        optimizer.zero_grad(set_to_none=True)
        loss = loss_fn(model(X), y)
        if not torch.isfinite(loss):
            raise FloatingPointError("the loss is not finite")
        assert not torch.isnan(loss).any()
        loss.backward()
        length = nn.utils.clip_grad_norm_(model.parameters(), float("inf"))
        assert torch.isfinite(length)
        optimizer.step()
        with torch.no_grad():
            print(f"loss {loss.item():.3f}, now {loss_fn(model.eval()(X), y).item():.3f}")
        model.train()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


def train_epoch_with_grad(model, loader, optimizer, loss_fn, device):
    """Without backward: autograd's answer is put into place."""
    model.train()
    parameters, losses = list(model.parameters()), []
    for X, y in loader:
        loss = loss_fn(model(X.to(device)), y.to(device))
        for parameter, grad in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
            parameter.grad = grad
        optimizer.step()
        losses.append((loss.item(), len(X)))
    return sum(loss * size for loss, size in losses) / sum(size for _, size in losses)


def train_epoch_zeroed_at_the_end(model, loader, optimizer, loss_fn, device):
    model.train()
    losses = []
    for X, y in loader:
        loss = loss_fn(model(X.to(device)), y.to(device))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses += [loss.item()] * len(y)
    return sum(losses) / len(losses)


def train_epoch_of_the_tutorial(model, loader, optimizer, loss_fn, device):
    model.to(device)
    model.train()
    total = 0.0
    for _, (inputs, targets) in enumerate(loader):
        inputs, targets = inputs.to(device, non_blocking=True), targets.to(device, non_blocking=True)
        optimizer.zero_grad(set_to_none=False)
        outputs = model(inputs)
        loss = loss_fn(outputs, targets)
        loss.backward()
        optimizer.step()
        total += float(loss) * inputs.size(0)
    return total / len(loader.dataset)


def train_epoch_summed_as_tensor(model, loader, optimizer, loss_fn, device):
    model.train(True)
    total, count = torch.zeros((), device=device, dtype=torch.float64), 0
    for X, y in loader:
        for parameter in model.parameters():
            parameter.grad = None
        loss = loss_fn(model(X.to(device)), y.to(device))
        loss.backward()
        optimizer.step()
        total += loss.detach() * X.shape[0]
        count += X.shape[0]
    return (total / count).item()


def train_epoch_kept_on_the_cpu(model, loader, optimizer, loss_fn, device):
    model.train()
    losses, sizes = torch.zeros(len(loader), dtype=torch.float64), torch.zeros(len(loader))
    for i, (X, y) in enumerate(loader):
        optimizer.zero_grad()
        loss = loss_fn(model(X.to(device)), y.to(device))
        loss.backward()
        optimizer.step()
        losses[i], sizes[i] = loss.detach(), len(X)
    return float(losses @ sizes.double() / sizes.sum())


def train_epoch_with_numpy(model, loader, optimizer, loss_fn, device):
    model.train()
    losses, sizes = [], []
    with torch.enable_grad():
        for batch in loader:
            X, y = (part.to(device) for part in batch)
            model.zero_grad()
            loss = loss_fn(model(X), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach().cpu().numpy())
            sizes.append(len(X))
    return float(np.average(np.array(losses), weights=sizes))


def evaluate_under_inference_mode(model, loader, loss_fn, device):
    model.train(False)
    total, right, count = 0.0, 0, 0
    with torch.inference_mode():
        for X, y in loader:
            X, y = X.to(device), y.to(device)
            scores = model(X)
            total += float(loss_fn(scores, y)) * len(y)
            right += int((scores.max(dim=1).indices == y).sum())
            count += len(y)
    return total / count, right / count


@torch.no_grad()
def evaluate_decorated(model, loader, loss_fn, device):
    model.eval()
    losses, hits = [], []
    for X, y in loader:
        scores = model(X.to(device))
        losses += [loss_fn(scores, y.to(device)).item()] * len(X)
        hits += (scores.argmax(-1) == y.to(device)).tolist()
    return np.mean(losses), np.mean(hits)


def evaluate_all_at_once(model, loader, loss_fn, device):
    model.eval()
    batches = list(loader)
    X, y = torch.cat([X for X, _ in batches]).to(device), torch.cat([y for _, y in batches]).to(device)
    with torch.no_grad():
        scores = model(X)
        return [loss_fn(scores, y).item(), (scores.argmax(1) == y).float().mean().item()]


@torch.inference_mode()
def evaluate_summed_on_the_device(model, loader, loss_fn, device):
    model.eval()
    sums = torch.zeros(3, dtype=torch.float64, device=device)
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        scores = model(X)
        right = (scores.argmax(dim=1) == y).sum()
        sums += torch.stack([loss_fn(scores, y) * len(X), right, torch.full_like(right, len(X))]).double()
    loss, right, count = sums.tolist()
    return loss / count, right / count


def evaluate_then_back_to_training(model, loader, loss_fn, device):
    was_training = model.training
    model.eval()
    total = right = torch.zeros(())
    with torch.no_grad():
        for X, y in loader:
            X, y = X.to(device), y.to(device)
            scores = model(X)
            total = total + loss_fn(scores, y).double().cpu() * len(X)
            right = right + scores.argmax(dim=1).eq(y).sum().cpu()
    model.train(was_training)
    return (total / len(loader.dataset)).item(), (right / len(loader.dataset)).item()


def by_heart(optimizer_of):
    def overfit(model, batch, steps):
        optimizer = optimizer_of(model)
        losses = []
        for _ in range(steps):
            loss = F.cross_entropy(model(batch[0]), batch[1])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
        return losses

    return overfit


overfit_with_sgd = by_heart(lambda model: torch.optim.SGD(model.parameters(), lr=0.3))
overfit_with_momentum = by_heart(lambda model: torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9))
overfit_with_adamw = by_heart(lambda model: torch.optim.AdamW(model.parameters(), lr=0.005))
overfit_with_adam_at_its_default = by_heart(lambda model: torch.optim.Adam(model.parameters(), lr=3e-3))


def overfit_written_out(model, batch, steps):
    X, labels = batch
    model.train()
    losses = []
    for _ in range(steps):
        model.zero_grad()
        loss = nn.CrossEntropyLoss()(model(X), labels)
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= 0.3 * parameter.grad
        losses.append(loss.item())
    return losses


def overfit_with_a_closure(model, batch, steps):
    """The loss and a glance at the accuracy are logged in each step."""
    X, labels = batch
    model.train()
    optimizer = torch.optim.NAdam(model.parameters(), lr=0.01)

    def closure():
        optimizer.zero_grad()
        scores = model(X)
        loss = F.nll_loss(F.log_softmax(scores, dim=1), labels)
        loss.backward()
        with torch.no_grad():
            print((model(X[:2]).argmax(dim=1) == labels[:2]).tolist())
        return loss

    return [optimizer.step(closure).item() for _ in range(steps)]


class TableConvNet(nn.Sequential):
    def __init__(self):
        first = (nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        second = (nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        super().__init__(*first, *second, nn.Flatten(), nn.Linear(1568, 10))


class NormedConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 16, 5), nn.Conv2d(16, 32, 5, bias=False)
        self.norm1, self.norm2 = nn.BatchNorm2d(16), nn.BatchNorm2d(32)
        self.drop, self.out = nn.Dropout(0.2), nn.Linear(512, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.norm1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.norm2(self.conv2(x))), 2)
        return self.out(self.drop(x.view(x.size(0), -1)))


class AveragingConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 16, 3, stride=2), nn.GELU(), nn.Conv2d(16, 32, 3, stride=2), nn.GELU())
        self.head = nn.Linear(32, 10)

    def forward(self, images):
        return self.head(self.body(images).mean(dim=(2, 3)))


class ZeroConvNet(nn.Module):
    """The last layer starts with zeros: all digits are equally likely at first."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(4))
        self.head = nn.Linear(784, 10)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, images):
        return self.head(self.body(images).flatten(1))


class ResidualConvNet(nn.Module):
    """A residual block that starts as nothing, and an average in place of a large linear layer."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        self.block = nn.Sequential(nn.Conv2d(16, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        self.end = nn.Sequential(nn.Conv2d(16, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16))
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Dropout(0.2), nn.Linear(256, 10))
        nn.init.zeros_(self.end[1].weight)

    def forward(self, images):
        X = self.stem(images)
        return self.head(F.relu(X + self.end(self.block(X))))


class LogConvNet(nn.Module):
    """Log-probabilities are scores too: cross-entropy leaves them as they are."""

    def __init__(self):
        super().__init__()
        self.network = TableConvNet()

    def forward(self, images):
        return F.log_softmax(self.network(images), dim=1)


@functools.cache
def trained():
    """Another network, trained with another optimizer and schedule; made when it is first asked."""
    from course_utils.data import mnist

    with torch.random.fork_rng(), torch.enable_grad():
        torch.manual_seed(1)
        digits, rng, network = mnist(), np.random.default_rng(1), NormedConvNet()
        labels = torch.from_numpy(digits.y_train)
        optimizer = torch.optim.AdamW(network.parameters())
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=8 * 55)
        for _ in range(8):
            images = training.moved(digits.X_train, rng, pixels=2, degrees=10)
            for rows in torch.randperm(len(labels)).split(64):
                optimizer.zero_grad()
                F.cross_entropy(network(images[rows]), labels[rows]).backward()
                optimizer.step()
                schedule.step()
    return network.eval()


def another_network(images):
    return trained()(images)


def probabilities(images):
    """The largest of them is where the largest score is."""
    return F.softmax(trained()(images), dim=1)


def in_eighths(images):
    return torch.cat([trained()(part) for part in images.split(8)])


class Ensemble(nn.Module):
    """The mean over four small shifts of every image."""

    __name__ = "Ensemble"

    def forward(self, images):
        return sum(trained()(images.roll(shift, dims=axis)) for shift in (-1, 1) for axis in (2, 3)) / 4


def benchmark_median(fn, device, repeats):
    for _ in range(3):
        fn()
    times = []
    for _ in range(repeats):
        devices.synchronize(device)
        started = time.perf_counter()
        fn()
        devices.synchronize(device)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def benchmark_best(fn, device, repeats):
    fn()
    best = float("inf")
    for _ in range(repeats):
        devices.synchronize(device)
        started = time.monotonic()
        fn()
        devices.synchronize(device)
        best = min(best, time.monotonic() - started)
    return best


def benchmark_nanoseconds(fn, device, repeats):
    fn()
    fn()
    devices.synchronize(device)
    started = time.perf_counter_ns()
    for _ in range(repeats):
        fn()
    devices.synchronize(device)
    return np.float64(time.perf_counter_ns() - started) / 1e9 / repeats


def benchmark_with_torch(fn, device, repeats):
    devices.synchronize(device)
    fn()
    devices.synchronize(device)
    timer = Timer("fn(); wait(device)", globals={"fn": fn, "wait": devices.synchronize, "device": device})
    return timer.timeit(repeats).mean


def benchmark_with_guards(fn, device, repeats):
    """More warm-up than is needed, a garbage collector that stays out of it, and a wait after each call."""
    assert repeats > 0
    for _ in range(3):
        fn()
        devices.synchronize(device)
    started = time.time()
    for _ in range(repeats):
        fn()
        devices.synchronize(device)
    return float(time.time() - started) / repeats


def fast_with_rows_moved(model, images, labels, optimizer, batch_size, device):
    """The rows of a batch travel, not its images; the length of the last gradient is kept on the device."""
    images, labels = images.to(device, non_blocking=True), labels.to(device, non_blocking=True)
    model.train()
    losses, sizes = [], []
    for rows in torch.rand(len(images)).argsort().split(batch_size):
        rows = rows.to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(images[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), float("inf"))
        optimizer.step()
        losses.append(loss.detach())
        sizes.append(rows.numel())
    weights = torch.tensor(sizes, dtype=torch.float64, device=device)
    return (torch.stack(losses).double() @ weights / weights.sum()).item()


def fast_in_slices(model, images, labels, optimizer, batch_size, device):
    X, y = images.to(device), labels.to(device)
    order = torch.randperm(X.shape[0]).to(device)
    X, y = X[order], y[order]
    model.train()
    losses = []
    for start in range(0, len(X), batch_size):
        part = slice(start, start + batch_size)
        with torch.autocast(device_type=device.type, dtype=torch.bfloat16):
            loss = F.cross_entropy(model(X[part]), y[part], reduction="sum")
        optimizer.zero_grad(set_to_none=True)
        (loss / len(X[part])).backward()
        optimizer.step()
        losses.append(loss.detach())
    return float(torch.stack(losses).sum()) / len(X)


def fast_loss_outside_autocast(model, images, labels, optimizer, batch_size, device):
    images, labels = images.to(device, non_blocking=True), labels.to(device, non_blocking=True)
    model.train()
    total = 0
    for rows in torch.split(torch.randperm(len(images), device=device), batch_size):
        with torch.autocast(device.type, torch.bfloat16, enabled=devices.mixed(device)):
            scores = model(images[rows])
        loss = F.cross_entropy(scores.float(), labels[rows])
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total = total + loss.detach() * rows.numel()
    return (total / len(images)).item()


def fast_with_index_select(model, images, labels, optimizer, batch_size, device):
    images, labels = images.to(device), labels.to(device)
    model.train()
    sums, rows = [], torch.randperm(len(images), device=device)
    for i in range((len(images) + batch_size - 1) // batch_size):
        batch = rows[i * batch_size : (i + 1) * batch_size]
        optimizer.zero_grad()
        with torch.autocast(str(device).split(":")[0], dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = nn.functional.cross_entropy(model(images.index_select(0, batch)), labels.index_select(0, batch))
        loss.backward()
        optimizer.step()
        sums.append(loss.detach() * batch.shape[0])
    return sum(sums).item() / images.shape[0]


def fast_order_from_numpy(model, images, labels, optimizer, batch_size, device):
    images, labels = images.to(device), labels.to(device)
    order = torch.from_numpy(np.random.default_rng().permutation(len(images))).to(device)
    total = torch.tensor(0.0, device=device)
    model.train()
    for rows in order.split(batch_size):
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = nn.CrossEntropyLoss()(model(images[rows, ...]), labels[rows])
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            total += loss * len(rows)
    return total.item() / len(images)


def fast_sent_once_more(model, images, labels, optimizer, batch_size, device):
    """What is on the device already goes there for nothing."""
    images, labels = images.to(device), labels.to(device)
    order = torch.randperm(len(images)).to(device)
    total = torch.zeros((), device=device)
    model.train()
    for rows in order.split(batch_size):
        X, y = images[rows].to(device), labels[rows].to(device)
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = nn.functional.cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
    return total.item() / len(images)


EQUIVALENTS = {
    "to_tensor": [
        to_tensor_copy_of_array,
        to_tensor_clone,
        to_tensor_through_lists,
        to_tensor_copied_by_to,
        to_tensor_filled,
        to_tensor_of_a_read_only_copy,
    ],
    "MLP": [SequentialMLP, InheritedMLP, NamedMLP, WrittenOutMLP, CarefulMLP],
    "train_epoch": [
        train_epoch_zeroed_at_the_end,
        train_epoch_of_the_tutorial,
        train_epoch_summed_as_tensor,
        train_epoch_kept_on_the_cpu,
        train_epoch_with_numpy,
        train_epoch_with_guards,
        train_epoch_with_grad,
    ],
    "evaluate": [
        evaluate_under_inference_mode,
        evaluate_decorated,
        evaluate_all_at_once,
        evaluate_then_back_to_training,
        evaluate_summed_on_the_device,
    ],
    "overfit_one_batch": [
        overfit_with_sgd,
        overfit_with_momentum,
        overfit_with_adamw,
        overfit_with_adam_at_its_default,
        overfit_written_out,
        overfit_with_a_closure,
    ],
    "ConvNet": [TableConvNet, NormedConvNet, AveragingConvNet, LogConvNet, ZeroConvNet, ResidualConvNet],
    "trained_model": [another_network, probabilities, in_eighths, Ensemble()],
    "benchmark": [benchmark_median, benchmark_best, benchmark_nanoseconds, benchmark_with_torch, benchmark_with_guards],
    "train_epoch_fast": [
        fast_in_slices,
        fast_loss_outside_autocast,
        fast_with_index_select,
        fast_order_from_numpy,
        fast_sent_once_more,
        fast_with_rows_moved,
    ],
}
