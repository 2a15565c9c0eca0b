# %% to_tensor/shares_memory | from_numpy shares the memory when the array is float32 or int64 already; no copy
def to_tensor(array, device):
    dtype = torch.int64 if array.dtype.kind in "iu" else torch.float32
    return torch.from_numpy(array).to(dtype).to(device)

# %% to_tensor/keeps_float64 | fractions stay float64: the type is never changed
def to_tensor(array, device):
    return torch.tensor(np.array(array), device=device)

# %% to_tensor/all_float32 | labels become float32 too; whole numbers should be int64
def to_tensor(array, device):
    return torch.tensor(array.copy(), dtype=torch.float32).to(device)

# %% to_tensor/forgets_device_result | .to(device) is called but its result thrown away: the tensor stays on the CPU
def to_tensor(array, device):
    if np.issubdtype(array.dtype, np.floating):
        t = torch.tensor(array.copy(), dtype=torch.float32)
    else:
        t = torch.tensor(array.copy(), dtype=torch.int64)
    t.to(device)
    return t

# %% to_tensor/compares_exact_types | only float64 is seen as a fraction, so float32 arrays become int64 and lose their decimals
def to_tensor(array, device):
    if array.dtype == np.float64:
        return torch.from_numpy(np.array(array, dtype=np.float32)).to(device)
    return torch.from_numpy(np.array(array, dtype=np.int64)).to(device)

# %% to_tensor/only_int64_whole | only int64 counts as whole numbers: int32 and uint8 labels become float32
def to_tensor(arr, device):
    arr = np.array(arr)
    if arr.dtype == "int64":
        return torch.tensor(arr, device=device)
    return torch.tensor(arr, dtype=torch.float32, device=device)

# %% to_tensor/decides_by_values | looks at the values, not at the type: an array of fractions [1.0, 2.0] becomes int64
def to_tensor(array, device):
    copy = np.array(array)
    if np.all(copy == np.floor(copy)):
        return torch.from_numpy(copy.astype(np.int64)).to(device)
    return torch.from_numpy(copy.astype(np.float32)).to(device)

# %% to_tensor/flattens | the shape is lost: every tensor comes back with one axis
def to_tensor(array, device):
    kind = torch.float32 if array.dtype.kind == "f" else torch.int64
    return torch.tensor([x for x in array.ravel().tolist()], dtype=kind, device=device)

# %% to_tensor/via_float32 | whole numbers go through float32 first, so large ones are rounded
def to_tensor(array, device):
    t = torch.tensor(np.array(array, dtype=np.float32), device=device)
    if array.dtype.kind in "iu":
        t = t.long()
    return t

# %% to_tensor/int32_and_no_copy | two mistakes: labels become int32, and float32 arrays share their memory
def to_tensor(array, device):
    if array.dtype.kind == 'f':
        return torch.as_tensor(array, dtype=torch.float32, device=device)
    return torch.as_tensor(array, dtype=torch.int32, device=device)

# %% MLP/relu_after_last | ReLU after the last layer as well, so no score is ever negative
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(sizes))

    def forward(self, X):
        for layer in self.layers:
            X = F.relu(layer(X))
        return X

# %% MLP/python_list | the layers lie in a plain Python list which the module does not look into
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]

    def forward(self, X):
        for layer in self.layers[:-1]:
            X = F.relu(layer(X))
        return self.layers[-1](X)

# %% MLP/no_relu | no activation between the layers: all of it is one linear map
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.net = nn.Sequential(*[nn.Linear(i, o) for i, o in pairwise(sizes)])

    def forward(self, X):
        return self.net(X)

# %% MLP/fixed_two_layers | only three sizes are used: deeper or shallower networks are not built
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.fc1 = nn.Linear(sizes[0], sizes[1])
        self.fc2 = nn.Linear(sizes[1], sizes[-1])

    def forward(self, X):
        return self.fc2(torch.relu(self.fc1(X)))

# %% MLP/softmax_at_end | probabilities instead of the last layer's sums
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        mods = []
        for n, (a, b) in enumerate(pairwise(sizes)):
            if n: mods.append(nn.ReLU())
            mods.append(nn.Linear(a, b))
        mods.append(nn.Softmax(dim=-1))
        self.seq = nn.Sequential(*mods)

    def forward(self, X):
        return self.seq(X)

# %% MLP/no_bias | the layers are built without bias
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(p, q, bias=False) for p, q in pairwise(sizes)])

    def forward(self, X):
        *hidden, last = self.layers
        for h in hidden:
            X = h(X).relu()
        return last(X)

# %% MLP/casts_to_float32 | forward casts X to float32: a float64 model cannot take it, and the type of X is lost
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        layers = []
        for a, b in pairwise(sizes):
            layers.extend((nn.Linear(a, b), nn.ReLU()))
        self.f = nn.Sequential(*layers[:-1])

    def forward(self, X):
        return self.f(X.float())

# %% MLP/inplace_relu_on_input | ReLU in place before every layer, the first one too: it changes X itself
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList()
        for a, b in pairwise(sizes):
            self.layers.append(nn.Linear(a, b))
    def forward(self, X):
        for layer in self.layers:
            X = layer(F.relu(X, inplace=True))
        return X

# %% MLP/pops_sizes | takes the numbers out of the caller's list with pop
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList()
        n = sizes.pop(0)
        while sizes:
            m = sizes.pop(0)
            self.layers.append(nn.Linear(n, m))
            n = m

    def forward(self, X):
        for i, layer in enumerate(self.layers):
            X = layer(X)
            if i < len(self.layers) - 1:
                X = torch.relu(X)
        return X

# %% MLP/shared_hidden_layer | equal hidden sizes share one and the same layer through a dict keyed by sizes
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        cache = {}
        for pair in pairwise(sizes):
            if pair not in cache:
                cache[pair] = nn.Linear(*pair)
        self.layers = nn.ModuleList(cache[pair] for pair in pairwise(sizes))

    def forward(self, X):
        for layer in self.layers[:-1]:
            X = torch.relu(layer(X))
        return self.layers[-1](X)

# %% train_epoch/mean_of_means | averages the batch means, though the last batch is smaller
def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train()
    losses = []
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        optimizer.zero_grad()
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)

# %% train_epoch/no_zero_grad | gradients are never set to zero, so they add up from batch to batch
def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train()
    total, n = 0.0, 0
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X); n += len(X)
    return total / n

# %% train_epoch/zero_grad_once | zero_grad stands before the loop: only the first batch begins with empty gradients
def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train()
    optimizer.zero_grad()
    loss_sum = 0
    examples = 0
    for inputs, labels in loader:
        inputs = inputs.to(device)
        labels = labels.to(device)
        loss = loss_fn(model(inputs), labels)
        loss.backward()
        optimizer.step()
        loss_sum += loss.item() * inputs.size(0)
        examples += inputs.size(0)
    return loss_sum / examples

# %% train_epoch/zero_after_backward | zero_grad between backward and step: the step has no gradients, nothing is learned
def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train()
    s, k = 0.0, 0
    for X, y in loader:
        X = X.to(device); y = y.to(device)
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        s += float(loss) * len(y)
        k += len(y)
    return s / k

# %% train_epoch/no_train_mode | training mode is not switched on: after evaluate dropout and batch norm stay in evaluation mode
def train_epoch(model, loader, optimizer, loss_fn, device):
    total = count = 0
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        optimizer.zero_grad()
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    return total / count

# %% train_epoch/loss_after_step | the reported loss is measured after the batch's step
def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train()
    total, count = 0.0, 0
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        optimizer.zero_grad()
        loss_fn(model(X), y).backward()
        optimizer.step()
        with torch.no_grad():
            total += loss_fn(model(X), y).item() * len(X)
        count += len(X)
    return total / count

# %% train_epoch/divides_by_batches | the sum over examples is divided by the number of batches
def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train()
    running = 0.0
    batches = 0
    for X, y in loader:
        batches += 1
        X, y = X.to(device), y.to(device)
        optimizer.zero_grad()
        l = loss_fn(model(X), y)
        l.backward()
        optimizer.step()
        running += l.item() * X.shape[0]
    return running / batches

# %% train_epoch/returns_tensor | returns a tensor which still hangs on the graph, not a float
def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train()
    total, n = 0, 0
    for X, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(X.to(device)), y.to(device))
        loss.backward()
        optimizer.step()
        total = total + loss * len(X)
        n = n + len(X)
    return total / n

# %% train_epoch/return_in_loop | the return is indented too far: stops after the first batch
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

# %% train_epoch/assumes_equal_batches | weighs every batch with the size of the first one
def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train()
    size = None
    total = N = 0.0
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        if size is None:
            size = len(X)
        optimizer.zero_grad()
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * size
        N += len(X)
    return total / N

# %% train_epoch/hardwired_cross_entropy | loss_fn is ignored: always cross-entropy
def train_epoch(model, loader, optimizer, loss_fn, device):
    model.train()
    criterion = nn.CrossEntropyLoss()
    tot, cnt = 0., 0
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        optimizer.zero_grad()
        loss = criterion(model(X), y)
        loss.backward()
        optimizer.step()
        tot += loss.item() * y.size(0)
        cnt += y.size(0)
    return tot / cnt

# %% evaluate/no_eval_mode | evaluation mode is forgotten: dropout drops, batch norm uses and changes its statistics
def evaluate(model, loader, loss_fn, device):
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for X, y in loader:
            X, y = X.to(device), y.to(device)
            scores = model(X)
            loss += loss_fn(scores, y).item() * len(y)
            right += (scores.argmax(dim=1) == y).sum().item()
            n += len(y)
    return loss / n, right / n

# %% evaluate/no_no_grad | the graph is kept: no_grad is missing
def evaluate(model, loader, loss_fn, device):
    model.eval()
    loss, right, n = 0.0, 0, 0
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        scores = model(X)
        loss += loss_fn(scores, y).item() * len(y)
        right += (scores.argmax(dim=1) == y).sum().item()
        n += len(y)
    return loss / n, right / n

# %% evaluate/count_over_batches | the right answers are divided by the number of batches: accuracies above 1
def evaluate(model, loader, loss_fn, device):
    model.eval()
    loss = correct = total = 0
    batches = 0
    with torch.no_grad():
        for X, y in loader:
            X, y = X.to(device), y.to(device)
            out = model(X)
            loss += loss_fn(out, y).item() * len(y)
            correct += (out.argmax(1) == y).sum().item()
            total += len(y)
            batches += 1
    return loss / total, correct / batches

# %% evaluate/argmax_wrong_axis | argmax over the examples (axis 0) instead of over the scores
def evaluate(model, loader, loss_fn, device):
    model.eval()
    total_loss, hits, n = 0.0, 0, 0
    with torch.inference_mode():
        for X, y in loader:
            X, y = X.to(device), y.to(device)
            scores = model(X)
            total_loss += loss_fn(scores, y).item() * len(X)
            predicted = scores.T.argmax(dim=1)
            hits += sum(int(predicted[min(i, len(predicted) - 1)]) == int(label) for i, label in enumerate(y))
            n += len(X)
    return total_loss / n, hits / n

# %% evaluate/swapped | accuracy first, loss second
@torch.no_grad()
def evaluate(model, loader, loss_fn, device):
    model.eval()
    L, A, n = 0.0, 0, 0
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        z = model(X)
        L += loss_fn(z, y).item() * len(y)
        A += (z.argmax(1) == y).sum().item()
        n += len(y)
    return A / n, L / n

# %% evaluate/percent | accuracy in percent, not a fraction
@torch.no_grad()
def evaluate(model, loader, loss_fn, device):
    model.eval()
    test_loss, correct, count = 0.0, 0, 0
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        pred = model(X)
        test_loss += loss_fn(pred, y).item() * len(X)
        correct += (pred.argmax(1) == y).type(torch.float).sum().item()
        count += len(X)
    return test_loss / count, 100 * correct / count

# %% evaluate/mean_of_batch_means | both numbers are means of the batches' means: a small last batch counts too much
def evaluate(model, loader, loss_fn, device):
    model.eval()
    losses, accs = [], []
    with torch.no_grad():
        for X, y in loader:
            X, y = X.to(device), y.to(device)
            s = model(X)
            losses.append(loss_fn(s, y).item())
            accs.append((s.argmax(1) == y).float().mean().item())
    return float(np.mean(losses)), float(np.mean(accs))

# %% evaluate/last_batch_only | the sums are started anew in each batch, so the last batch alone is reported
def evaluate(model, loader, loss_fn, device):
    model.eval()
    with torch.no_grad():
        for X, y in loader:
            loss, right, n = 0.0, 0, 0
            X, y = X.to(device), y.to(device)
            scores = model(X)
            loss += loss_fn(scores, y).item() * len(y)
            right += (scores.argmax(1) == y).sum().item()
            n += len(y)
    return loss / n, right / n

# %% evaluate/integer_division | accuracy with //, so 0 unless everything is right
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
    return loss / n, float(right // n)

# %% evaluate/no_grad_not_called_and_trains | two mistakes: grad is never switched off, and model.train() is called where eval is meant
def evaluate(model, loader, loss_fn, device):
    model.train()
    loss, right, n = 0.0, 0, 0
    torch.no_grad()
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        scores = model(X)
        loss += loss_fn(scores, y).item() * len(y)
        right += (scores.argmax(dim=1) == y).sum().item()
        n += len(y)
    return loss / n, right / n

# %% overfit_one_batch/loss_after_step | the losses are measured after the step, the first one is missing
def overfit_one_batch(model, batch, steps):
    X, labels = batch
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(steps):
        opt.zero_grad()
        F.cross_entropy(model(X), labels).backward()
        opt.step()
        losses.append(F.cross_entropy(model(X), labels).item())
    return losses

# %% overfit_one_batch/stops_at_full_accuracy | stops as soon as all answers are right: fewer losses than steps
def overfit_one_batch(model, batch, steps):
    X, labels = batch
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(steps):
        scores = model(X)
        loss = F.cross_entropy(scores, labels)
        losses.append(loss.item())
        if (scores.argmax(1) == labels).all():
            break
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses

# %% overfit_one_batch/trains_a_copy | a deep copy is trained, the model itself stays as it was
from copy import deepcopy

def overfit_one_batch(model, batch, steps):
    net = deepcopy(model)
    X, labels = batch
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X), labels)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses

# %% overfit_one_batch/tiny_rate | plain SGD with a learning rate of 1e-4: it hardly moves
def overfit_one_batch(model, batch, steps):
    X, y = batch
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
    history = []
    for i in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), y)
        history.append(loss.item())
        loss.backward()
        optimizer.step()
    return history

# %% overfit_one_batch/no_zero_and_one_short | two mistakes: zero_grad is missing with SGD (the gradients pile up), and range(1, steps) does one step too few
def overfit_one_batch(model, batch, steps):
    X, y = batch
    out = []
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for i in range(1, steps):
        loss = F.cross_entropy(model(X), y)
        out.append(loss.item())
        loss.backward()
        opt.step()
    return out

# %% overfit_one_batch/returns_last_loss | returns the last loss alone, not the list
def overfit_one_batch(model, batch, steps):
    X, labels = batch
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(steps):
        opt.zero_grad()
        loss = F.cross_entropy(model(X), labels)
        loss.backward()
        opt.step()
    return loss.item()

# %% overfit_one_batch/one_step_too_many | range(steps + 1): a loss and a step too many
def overfit_one_batch(model, batch, steps):
    X, labels = batch
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for k in range(0, steps + 1):
        loss = F.cross_entropy(model(X), labels)
        opt.zero_grad(); loss.backward(); opt.step()
        losses.append(loss.item())
    return losses

# %% overfit_one_batch/half_the_batch | picks random halves of the batch in each step, not the whole batch
def overfit_one_batch(model, batch, steps):
    X, labels = batch
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(steps):
        rows = torch.randperm(len(X))[: len(X) // 2]
        opt.zero_grad()
        loss = F.cross_entropy(model(X[rows]), labels[rows])
        losses.append(loss.item())
        loss.backward()
        opt.step()
    return losses

# %% overfit_one_batch/global_list | the list is a default argument and lives on between calls
def overfit_one_batch(model, batch, steps, losses=[]):
    X, labels = batch
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(steps):
        opt.zero_grad()
        loss = F.cross_entropy(model(X), labels)
        losses.append(loss.item())
        loss.backward()
        opt.step()
    return losses

# %% overfit_one_batch/softmax_first | cross_entropy is given probabilities: the softmax is applied twice and the loss stays above 1.46
def overfit_one_batch(model, batch, steps):
    X, labels = batch
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(steps):
        opt.zero_grad()
        p = torch.softmax(model(X), dim=1)
        loss = F.cross_entropy(p, labels)
        losses.append(loss.item())
        loss.backward()
        opt.step()
    return losses

# %% ConvNet/softmax_end | a softmax after the last layer
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(32 * 7 * 7, 10), nn.Softmax(dim=1))

    def forward(self, images):
        return self.net(images)

# %% ConvNet/wrong_linear_size | no padding in the convolutions, but the linear layer counts as if there were: shapes cannot be multiplied
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3)
        self.conv2 = nn.Conv2d(16, 32, 3)
        self.fc = nn.Linear(32 * 7 * 7, 10)

    def forward(self, images):
        x = F.max_pool2d(F.relu(self.conv1(images)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.flatten(1))

# %% ConvNet/too_many_parameters | the hidden linear layer alone has 1.6 million parameters
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.fc1 = nn.Linear(64 * 14 * 14, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, images):
        x = F.relu(self.conv1(images))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)

# %% ConvNet/always_dropout | F.dropout without training=self.training: it drops in evaluation, too
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(1568, 10)

    def forward(self, images):
        x = F.max_pool2d(torch.relu(self.conv1(images)), 2)
        x = F.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = F.dropout(torch.flatten(x, 1), 0.25)
        return self.fc(x)

# %% ConvNet/squeezed | squeeze() on the scores: a single image gives (10,) instead of (1, 10)
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 10, 7))

    def forward(self, images):
        return self.body(images).squeeze()

# %% ConvNet/hard_coded_batch | reshape with a batch of 64 written into it: other sizes fail
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3, padding=1)
        self.bn = nn.BatchNorm2d(16)
        self.fc = nn.Linear(16 * 14 * 14, 10)

    def forward(self, images):
        x = F.max_pool2d(F.relu(self.bn(self.conv(images))), 2)
        return self.fc(x.reshape(64, 16 * 14 * 14))

# %% ConvNet/scales_images_in_place | the images are normalised in place: the caller's data change
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(1568, 10))

    def forward(self, images):
        images -= 0.1307
        images /= 0.3081
        return self.layers(images)

# %% ConvNet/layer_made_in_forward | the last layer is created anew in every forward: random scores, never trained
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)

    def forward(self, images):
        x = F.max_pool2d(F.relu(self.conv1(images)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.flatten(1)
        fc = nn.Linear(x.shape[1], 10).to(x.device)
        return fc(x)

# %% ConvNet/dropout_keeps_nothing | nn.Dropout(1.0) in the belief that p is the probability of keeping: in training nothing passes
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        keep_all = 1.0
        self.net = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Dropout(keep_all), nn.Linear(32 * 49, 10))

    def forward(self, images):
        return self.net(images)

# %% ConvNet/detached_features | the features are detached: the convolutions never get a gradient
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Linear(32 * 7 * 7, 10)

    def forward(self, images):
        f = self.features(images).detach()
        return self.classifier(f.flatten(1))

# %% ConvNet/hidden_in_list | the convolutions are in a Python list: no optimizer and no state_dict sees them
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = [nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 32, 3, padding=1)]
        self.fc = nn.Linear(32 * 7 * 7, 10)

    def forward(self, images):
        x = images
        for c in self.convs:
            x = F.max_pool2d(F.relu(c(x)), 2)
        return self.fc(x.flatten(1))

# %% trained_model/never_trained | the optimizer is made for another instance of the network: the one that is handed in was never trained
torch.manual_seed(0)
trained_model = ConvNet().to(device)
optimizer = torch.optim.Adam(ConvNet().to(device).parameters(), lr=0.006)
yy = torch.from_numpy(digits.y_train).to(device)
rng = np.random.default_rng(0)
for epoch in range(2):
    trained_model.train()
    XX = training.moved(digits.X_train, rng, pixels=2, degrees=10).to(device)
    for rows in torch.randperm(len(yy)).split(64):
        optimizer.zero_grad()
        F.cross_entropy(trained_model(XX[rows]), yy[rows]).backward()
        optimizer.step()

# %% trained_model/labels_not_shuffled_along | the images are shuffled, the labels are not: it learns noise
torch.manual_seed(0)
trained_model = ConvNet().to(device)
opt = torch.optim.Adam(trained_model.parameters(), lr=0.006)
rng = np.random.default_rng(0)
labels = torch.from_numpy(digits.y_train).to(device)
for epoch in range(3):
    trained_model.train()
    images = training.moved(digits.X_train, rng, pixels=2, degrees=10).to(device)
    images = images[torch.randperm(len(images))]
    for i in range(0, len(images), 64):
        opt.zero_grad()
        loss = F.cross_entropy(trained_model(images[i:i+64]), labels[i:i+64])
        loss.backward()
        opt.step()

# %% trained_model/unmoved_mlp | a linear model on the digits as they are, never moved: too weak and not used to moved digits
torch.manual_seed(0)
trained_model = nn.Sequential(nn.Flatten(), MLP([784, 10])).to(device)
adam = torch.optim.Adam(trained_model.parameters(), lr=1e-3)
X_all, y_all = torch.from_numpy(digits.X_train).to(device), torch.from_numpy(digits.y_train).to(device)
for epoch in range(15):
    for r in torch.randperm(len(y_all)).split(64):
        adam.zero_grad()
        loss = F.cross_entropy(trained_model(X_all[r]), y_all[r])
        loss.backward()
        adam.step()
print("training accuracy", (trained_model(X_all).argmax(1) == y_all).float().mean().item())

# %% trained_model/huge_rate | plain SGD with a learning rate of 50: the weights blow up
torch.manual_seed(0)
trained_model = ConvNet().to(device)
optimizer = torch.optim.SGD(trained_model.parameters(), lr=50.0, momentum=0.9)
ys = torch.from_numpy(digits.y_train).to(device)
gen = np.random.default_rng(5)
for epoch in range(2):
    trained_model.train()
    xs = training.moved(digits.X_train, gen, pixels=2, degrees=10).to(device)
    for rows in torch.randperm(len(ys)).split(64):
        optimizer.zero_grad()
        F.cross_entropy(trained_model(xs[rows]), ys[rows]).backward()
        optimizer.step()

# %% trained_model/state_dict_handed_in | the state_dict is handed in, not the network itself
torch.manual_seed(0)
_net = ConvNet().to(device)
_opt = torch.optim.Adam(_net.parameters(), lr=0.006)
_y = torch.from_numpy(digits.y_train).to(device)
_rng = np.random.default_rng(0)
for _ in range(3):
    _net.train()
    _X = training.moved(digits.X_train, _rng, pixels=2, degrees=10).to(device)
    for _rows in torch.randperm(len(_y)).split(64):
        _opt.zero_grad()
        F.cross_entropy(_net(_X[_rows]), _y[_rows]).backward()
        _opt.step()
trained_model = _net.state_dict()

# %% benchmark/no_warmup | the first, slow call is counted
def benchmark(fn, device, repeats):
    devices.synchronize(device)
    start = time.perf_counter()
    for _ in range(repeats):
        fn()
    devices.synchronize(device)
    return (time.perf_counter() - start) / repeats

# %% benchmark/no_sync_at_end | does not wait at the end: measures how long queueing takes
def benchmark(fn, device, repeats):
    fn()
    devices.synchronize(device)
    t = time.perf_counter()
    for _ in range(repeats):
        fn()
    return (time.perf_counter() - t) / repeats

# %% benchmark/no_sync_before_start | does not wait for the warm-up before the clock starts
def benchmark(fn, device, repeats):
    fn()
    start = time.perf_counter()
    for i in range(repeats):
        fn()
    devices.synchronize(device)
    stop = time.perf_counter()
    return (stop - start) / repeats

# %% benchmark/total_time | returns the seconds of all calls, not per call
def benchmark(fn, device, repeats):
    fn()
    devices.synchronize(device)
    tic = time.perf_counter()
    for _ in range(repeats):
        fn()
    devices.synchronize(device)
    toc = time.perf_counter()
    return toc - tic

# %% benchmark/divides_by_one_more | divides by repeats + 1 because the warm-up is counted as a call
def benchmark(fn, device, repeats):
    fn()
    calls = 1
    devices.synchronize(device)
    start = time.perf_counter()
    for _ in range(repeats):
        fn()
        calls += 1
    devices.synchronize(device)
    return (time.perf_counter() - start) / calls

# %% benchmark/process_time | process_time counts the CPU's work only: sleeping and waiting for a device cost nothing
def benchmark(fn, device, repeats):
    fn()
    devices.synchronize(device)
    start = time.process_time()
    for _ in range(repeats):
        fn()
    devices.synchronize(device)
    return (time.process_time() - start) / repeats

# %% benchmark/sync_after_clock | reads the clock first and waits for the device afterwards
def benchmark(fn, device, repeats):
    fn()
    devices.synchronize(device)
    start = time.perf_counter()
    for _ in range(repeats):
        fn()
    elapsed = time.perf_counter() - start
    devices.synchronize(device)
    return elapsed / repeats

# %% benchmark/milliseconds | the result is in milliseconds, asked are seconds
def benchmark(fn, device, repeats):
    fn(); devices.synchronize(device)
    t0 = time.perf_counter()
    for k in range(repeats):
        fn()
    devices.synchronize(device)
    return 1000 * (time.perf_counter() - t0) / repeats

# %% benchmark/prints_only | prints the result and returns nothing
def benchmark(fn, device, repeats):
    fn()
    devices.synchronize(device)
    start = time.perf_counter()
    for _ in range(repeats):
        fn()
    devices.synchronize(device)
    print((time.perf_counter() - start) / repeats, "seconds per call")

# %% train_epoch_fast/item_every_batch | loss.item() in every batch: the device has to finish each time
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    model.train()
    images, labels = images.to(device), labels.to(device)
    total = 0.0
    for rows in torch.randperm(len(images), device=device).split(batch_size):
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(images[rows]), labels[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(images)

# %% train_epoch_fast/drops_last_batch | N // batch_size batches: the smaller last batch is left out
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    model.train()
    images, labels = images.to(device), labels.to(device)
    N = len(images)
    order = torch.randperm(N, device=device)
    total = torch.zeros((), device=device)
    for b in range(N // batch_size):
        rows = order[b * batch_size:(b + 1) * batch_size]
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(images[rows]), labels[rows])
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
    return total.item() / N

# %% train_epoch_fast/not_shuffled | the batches are cut in the given order, nothing is shuffled
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    model.train()
    images, labels = images.to(device), labels.to(device)
    total = torch.zeros((), device=device)
    for X, y in zip(images.split(batch_size), labels.split(batch_size)):
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(y)
    return total.item() / len(labels)

# %% train_epoch_fast/labels_unshuffled | only the images are permuted, the labels keep the old order
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    model.train()
    images, labels = images.to(device), labels.to(device)
    images = images[torch.randperm(len(images), device=device)]
    s = torch.zeros((), device=device)
    for i in range(0, len(images), batch_size):
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(images[i:i+batch_size]), labels[i:i+batch_size])
        loss.backward()
        optimizer.step()
        s += loss.detach() * len(labels[i:i+batch_size])
    return (s / len(images)).item()

# %% train_epoch_fast/mean_of_means | mean of the batches' means, though the last batch may be smaller
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    model.train()
    images, labels = images.to(device), labels.to(device)
    losses = []
    for rows in torch.randperm(len(images)).split(batch_size):
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(images[rows]), labels[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses).mean().item()

# %% train_epoch_fast/no_autocast | scores and loss are computed without autocast
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    model.train()
    images, labels = images.to(device), labels.to(device)
    total = torch.zeros((), device=device)
    for rows in torch.randperm(len(images), device=device).split(batch_size):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images[rows]), labels[rows])
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
    return total.item() / len(images)

# %% train_epoch_fast/calls_train_epoch | hands the batches to train_epoch: waits in every batch and knows no autocast
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    images, labels = images.to(device), labels.to(device)
    batches = [(images[rows], labels[rows]) for rows in torch.randperm(len(images)).split(batch_size)]
    return train_epoch(model, batches, optimizer, F.cross_entropy, device)

# %% train_epoch_fast/fixed_seed | seeds with 0 in every call: the order is the same in every epoch
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    g = torch.Generator().manual_seed(0)
    model.train()
    images, labels = images.to(device), labels.to(device)
    total = torch.zeros((), device=device)
    for rows in torch.randperm(len(images), generator=g).split(batch_size):
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(images[rows]), labels[rows])
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
    return total.item() / len(images)

# %% train_epoch_fast/model_to_bfloat16 | the whole model is turned into bfloat16 instead of autocast: the weights do not stay float32
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    model.train()
    model.to(torch.bfloat16)
    images, labels = images.to(device, torch.bfloat16), labels.to(device)
    total = torch.zeros((), device=device)
    for rows in torch.randperm(len(images), device=device).split(batch_size):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images[rows]).float(), labels[rows])
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
    return total.item() / len(images)

# %% train_epoch_fast/with_replacement_no_train | two mistakes: rows drawn with replacement (some images twice, some never), and training mode is not switched on
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    images, labels = images.to(device), labels.to(device)
    n = len(images)
    total = torch.zeros((), device=device)
    for rows in torch.randint(0, n, (n,), device=device).split(batch_size):
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(images[rows]), labels[rows])
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
    return total.item() / n
