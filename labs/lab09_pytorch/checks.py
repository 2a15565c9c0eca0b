"""What lab09_pytorch asks of each exercise. Probes only: the engine runs the reference beside the student.

Models, optimizers and loaders live on the student's side: a probe reaches torch there through its parameter `torch`. What a
device, a precision or a wait is like is written down there too, by `course_utils.witness`, so that no check needs a GPU.
Networks get their weights from the probe, so that nothing depends on anybody's random numbers; training is judged by what a
model answers, never by what it reports.
"""

from itertools import chain, pairwise

import numpy as np

from course_utils.checking import at_least, at_most, budget, check, close, libraries
from course_utils.data import mnist, mnist_test

libraries("torch", "course_utils.training", "course_utils.witness", "course_utils.clock", "course_utils.devices")
budget(cell_seconds=120, notebook_seconds=600, cpu_seconds=600)  # a network is trained, for a minute at most on two cores


def network(torch, rng, *sizes):
    """A small float64 network with tanh between its layers and weights from rng."""
    layers = [part for before, after in pairwise(sizes) for part in (torch.nn.Linear(before, after), torch.nn.Tanh())]
    return filled(torch, rng, torch.nn.Sequential(*layers[:-1]).double())


def filled(torch, rng, model):
    """The model with every parameter drawn from rng."""
    count = sum(parameter.numel() for parameter in model.parameters())
    vector = torch.from_numpy(0.6 * rng.normal(size=count))
    torch.nn.utils.vector_to_parameters(vector, model.parameters())
    return model


def weights(torch, model):
    """All parameters as one vector of float64."""
    return torch.nn.utils.parameters_to_vector(model.parameters()).detach().double()


def batches(torch, X, y, size):
    """A loader that keeps the order."""
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.from_numpy(X), torch.from_numpy(y)), batch_size=size)


# --- to_tensor


@check("to_tensor", points=2)
def types(to_tensor, torch, rng):
    """fractions become float32, whole numbers int64"""
    X = to_tensor(rng.normal(size=(5, 3)), torch.device("cpu"))
    labels = to_tensor(rng.integers(0, 10, size=7).astype(np.int32), torch.device("cpu"))
    return {
        "tensor of floats": X,
        "type of floats": str(getattr(X, "dtype", None)),
        "tensor of labels": labels,
        "type of labels": str(getattr(labels, "dtype", None)),
        "requires_grad": bool(getattr(X, "requires_grad", False)),
    }


@check("to_tensor", points=2)
def own_memory(to_tensor, torch, witness, rng):
    """the tensor does not change when the array does"""
    X, labels = rng.normal(size=(5, 3)).astype(np.float32), rng.integers(0, 10, size=7)
    cpu = torch.device("cpu")
    return {
        "floats after the array changed": witness.after_change(to_tensor, X, cpu),
        "labels after the array changed": witness.after_change(to_tensor, labels, cpu),
    }


@check("to_tensor", points=2)
def right_place(to_tensor, torch, witness, rng):
    """on the device that was asked for (here torch's meta device, which every machine has)"""
    return {"device": witness.placed(to_tensor, rng.normal(size=(5, 3)), torch.device("meta"))}


# --- MLP


def lab4_params(rng, *sizes):
    """Weights as lab 4 writes them: [(W, b), …] with W (inputs, outputs)."""
    return [(rng.normal(size=(before, after)), rng.normal(size=after)) for before, after in pairwise(sizes)]


@check("MLP", points=3)
def parameters_in_order(MLP):
    """every layer's weight and bias can be found by an optimizer"""
    return {f"shapes for {sizes}": [tuple(p.shape) for p in MLP(sizes).parameters()] for sizes in ([5, 7, 3, 2], [4, 3])}


@check("MLP", points=6)
def same_numbers(MLP, training, torch, rng):
    """the numbers of lab 4 from the weights of lab 4, to 1e-10"""
    params, X = lab4_params(rng, 5, 7, 3, 2), rng.normal(size=(11, 5))
    scores = training.copy_params(MLP([5, 7, 3, 2]), params)(torch.from_numpy(X)).detach()
    H = X
    for W, b in params[:-1]:
        H = np.maximum(H @ W + b, 0)
    distance = float(np.abs(scores.double().numpy() - (H @ params[-1][0] + params[-1][1])).max())
    flat = lab4_params(rng, 4, 3)
    one = training.copy_params(MLP([4, 3]), flat)(torch.from_numpy(rng.normal(size=(7, 4)))).detach()
    # below the bound all distances count as one: the last digits depend on the machine
    return {"scores": scores, "scores of one layer": one, "distance from lab 4": at_most(max(distance, 1e-10), 1e-10)}


@check("MLP", points=5)
def autograd_of_it(MLP, training, torch, rng):
    """the gradients that autograd finds, from the last layer to the first"""
    model = training.copy_params(MLP([5, 7, 3, 2]), lab4_params(rng, 5, 7, 3, 2))
    X, labels = torch.from_numpy(rng.normal(size=(11, 5))), torch.from_numpy(rng.integers(0, 2, size=11))
    found = training.gradients(model, torch.nn.functional.cross_entropy, X, labels)
    names = ("W1", "b1", "W2", "b2", "W3", "b3")
    return dict(reversed([(f"gradient of {name}", grad) for name, grad in zip(names, found, strict=False)]))


# --- train_epoch and evaluate


@check("train_epoch", points=5)
def one_epoch(train_epoch, torch, rng):
    """one epoch over three batches, the last one shorter: the loss and the weights"""
    model = network(torch, rng, 5, 7, 3)
    loader = batches(torch, 2 * rng.normal(size=(11, 5)), rng.integers(0, 3, size=11), 4)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    loss = train_epoch(model, loader, optimizer, torch.nn.CrossEntropyLoss(), torch.device("cpu"))
    return {"weights": weights(torch, model), "loss": loss}


@check("train_epoch", points=3)
def two_epochs_of_regression(train_epoch, torch, rng):
    """two epochs with momentum and another loss function"""
    model = network(torch, rng, 5, 7, 2)
    loader = batches(torch, rng.normal(size=(11, 5)), rng.normal(size=(11, 2)), 4)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.7)
    losses = [train_epoch(model, loader, optimizer, torch.nn.MSELoss(), torch.device("cpu")) for _ in range(2)]
    return {"weights": weights(torch, model), "first loss": losses[0], "second loss": losses[1]}


def normed(torch, rng):
    """A float64 network with batch norm, whose answers show whether it is in training or in evaluation mode."""
    parts = (torch.nn.Linear(5, 7), torch.nn.BatchNorm1d(7), torch.nn.Tanh(), torch.nn.Linear(7, 3))
    return filled(torch, rng, torch.nn.Sequential(*parts).double())


@check("train_epoch", points=2)
def training_mode(train_epoch, torch, rng):
    """a model that was in evaluation mode is trained in training mode"""
    model = normed(torch, rng).eval()
    loader = batches(torch, rng.normal(size=(11, 5)), rng.integers(0, 3, size=11), 4)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss = train_epoch(model, loader, optimizer, torch.nn.CrossEntropyLoss(), torch.device("cpu"))
    return {"running mean of batch norm": model[1].running_mean.detach(), "loss": loss}


def on_meta(torch, rng):
    """A network on the meta device and a loader on the CPU: they meet only if the batch is moved."""
    model = network(torch, rng, 5, 7, 3).to("meta")
    return model, batches(torch, rng.normal(size=(11, 5)), rng.integers(0, 3, size=11), 4)


@check("train_epoch", points=2)
def trains_on_another_device(train_epoch, witness, torch, rng):
    """every batch goes to the model's device (rehearsed on torch's meta device)"""
    model, loader = on_meta(torch, rng)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    arguments = (model, loader, optimizer, torch.nn.CrossEntropyLoss(), torch.device("meta"))
    return {"rehearsal": witness.rehearse(train_epoch, *arguments)}


@check("evaluate", points=4)
def loss_and_accuracy(evaluate, torch, rng):
    """loss and accuracy over three batches, the last one shorter"""
    model = network(torch, rng, 5, 7, 3)
    loader = batches(torch, 2 * rng.normal(size=(11, 5)), rng.integers(0, 3, size=11), 4)
    loss, accuracy = evaluate(model, loader, torch.nn.CrossEntropyLoss(), torch.device("cpu"))
    return {"loss": loss, "accuracy": accuracy}


@check("evaluate", points=3)
def evaluation_mode(evaluate, torch, rng):
    """a model that was in training mode is evaluated in evaluation mode"""
    model = normed(torch, rng).train()
    loader = batches(torch, rng.normal(size=(13, 5)), rng.integers(0, 3, size=13), 5)
    loss, accuracy = evaluate(model, loader, torch.nn.CrossEntropyLoss(), torch.device("cpu"))
    return {"loss": loss, "accuracy": accuracy, "running mean of batch norm": model[1].running_mean.detach()}


@check("evaluate", points=3)
def leaves_no_trace(evaluate, torch, rng):
    """no graph is built, no weight changes, and loss_fn is the one that was given"""
    model, graphs = network(torch, rng, 5, 7, 3), []
    loader = batches(torch, rng.normal(size=(11, 5)), rng.integers(0, 3, size=11), 4)

    def loss_fn(scores, labels):
        graphs.append(bool(scores.requires_grad))
        return scores.square().mean()

    loss, _ = evaluate(model, loader, loss_fn, torch.device("cpu"))
    return {"graph": "built" if any(graphs) else "not built", "loss": loss, "weights": weights(torch, model)}


@check("evaluate", points=2)
def evaluates_on_another_device(evaluate, witness, torch, rng):
    """every batch goes to the model's device (rehearsed on torch's meta device)"""
    model, loader = on_meta(torch, rng)
    arguments = (model, loader, torch.nn.CrossEntropyLoss(), torch.device("meta"))
    return {"rehearsal": witness.rehearse(evaluate, *arguments)}


# --- overfit_one_batch


@check("overfit_one_batch", points=4)
def learns_by_heart(overfit_one_batch, training, torch, rng):
    """300 steps on 13 examples: what your model then knows of them"""
    model = network(torch, rng, 17, 31, 3)
    X, labels = torch.from_numpy(rng.normal(size=(13, 17))), torch.from_numpy(rng.integers(0, 3, size=13))
    losses = overfit_one_batch(model, (X, labels), 300)
    after = float(torch.nn.functional.cross_entropy(training.predict(model, X), labels))
    return {"first loss": losses[0], "loss of your model afterwards": at_most(max(after, 0.05), 0.05)}


@check("overfit_one_batch", points=2)
def a_loss_for_every_step(overfit_one_batch, torch, rng):
    """a list with the loss of every step, measured before the step"""
    model = network(torch, rng, 5, 11, 3)
    batch = (torch.from_numpy(rng.normal(size=(7, 5))), torch.from_numpy(rng.integers(0, 3, size=7)))
    losses = overfit_one_batch(model, batch, 5)
    return {"number of losses": len(losses), "first loss": losses[0], "the last loss": "lower" if losses[-1] < losses[0] else "not lower"}


@check("overfit_one_batch", points=2)
def gradients_are_fresh(overfit_one_batch, training, witness, torch, rng):
    """every step uses the gradients of its own weights only"""
    model, loss_fn = network(torch, rng, 5, 7, 3), torch.nn.functional.cross_entropy
    X, labels = torch.from_numpy(rng.normal(size=(11, 5))), torch.from_numpy(rng.integers(0, 3, size=11))
    slopes = []
    for _ in range(2):
        slopes.append(np.concatenate([grad.numpy().ravel() for grad in training.gradients(model, loss_fn, X, labels)]))
        overfit_one_batch(model, (X, labels), 1)
    left = witness.left_gradients(model).numpy()
    piled = left.shape == slopes[0].shape and np.allclose(left, sum(slopes), rtol=1e-6)
    return {"gradients": "added to those of the step before" if piled else "fresh"}


# --- ConvNet and trained_model


@check("ConvNet", points=3)
def ten_scores(ConvNet, training, rng):
    """ten scores for every image, of one image and of seven"""
    scores = [training.predict(ConvNet(), rng.uniform(size=(N, 1, 28, 28)).astype(np.float32)) for N in (1, 7)]
    return {"shapes": [tuple(Y.shape) for Y in scores], "type": str(scores[0].dtype)}


def looks_like(scores):
    """What ten numbers per image look like; several fresh networks make chance too small to count."""
    if all(np.allclose(Y.sum(axis=1), 1, atol=1e-4) and (Y >= 0).all() for Y in scores):
        return "probabilities: every row adds up to 1"
    return "never negative" if all((Y >= 0).all() for Y in scores) else "scores"


@check("ConvNet", points=3)
def images_apart(ConvNet, training, rng):
    """in evaluation mode each image is judged by itself; scores, not probabilities"""
    noise = (6 * rng.normal(size=(7, 1, 28, 28))).astype(np.float32)
    models = [ConvNet() for _ in range(4)]
    together = [training.predict(model, noise).numpy() for model in models]
    alone = np.concatenate([training.predict(models[0], image[None]).numpy() for image in noise])
    apart = float(np.abs(alone - together[0]).max() / max(np.abs(alone).max(), 1e-30))
    return {"scores are": looks_like(together), "image by image": "the same" if apart < 1e-3 else "something else"}


@check("ConvNet", points=2)
def small_and_learning(ConvNet, training, torch, rng):
    """convolutions, at most 500 000 parameters, and a gradient for each of them"""
    model = ConvNet()
    shapes = [tuple(parameter.shape) for parameter in model.parameters()]
    X, labels = rng.uniform(size=(32, 1, 28, 28)).astype(np.float32), np.arange(32) % 10
    grads = training.gradients(model, torch.nn.functional.cross_entropy, torch.from_numpy(X), torch.from_numpy(labels))
    return {
        "convolutions": at_least(min(sum(len(shape) == 4 for shape in shapes), 1), 1),
        "parameters": at_most(max(sum(map(np.prod, shapes)), 500_000), 500_000),
        "parameters that stand still": sum(not grad.any() for grad in grads),
    }


def in_short(found, misses):
    """What is wrong with most answers, if it can be said."""
    if len(set(found)) == 1:
        return "one and the same for all images"
    usual = int(misses.argmax())
    if 2 * misses.max() <= len(found):
        return "right by chance only"
    return f"too large by {usual}" if usual else "mostly right"


MARKS = (0.9, 0.95, 0.97)  # docs/benchmarks.md: what the lab's recipe reaches over 20 seeds


def read(training, trained_model, images, labels, rng):
    """What the model answers to images that are each moved a little, in a way that does not depend on chance."""
    from course_utils.training import moved  # here, so that torch is imported by those who train

    scores = training.predict(trained_model, moved(images, rng))
    shape = tuple(scores.shape)
    found = scores.numpy().argmax(axis=1) if shape == (len(images), 10) else np.full(len(images), -1)
    accuracy = float((found == labels).mean())
    # where nothing was learned the digits behind the point are noise
    accuracy = accuracy if accuracy > 0.5 else round(accuracy, 1)
    misses = np.bincount((found - labels) % 10, minlength=10)  # how often an answer is so much too large
    return {
        "scores per image": shape[1:] if shape[0] == len(images) else shape,
        "finite": bool(scores.isfinite().all()),
        **{f"accuracy (mark {mark:.0%})": at_least(min(accuracy, mark), mark) for mark in MARKS},
        "answers": in_short(found, misses),
    }


@check("trained_model", points=4)
def validation_digits(trained_model, training, rng):
    """the validation digits, each moved a little: 90, 95 and 97 of 100"""
    digits = mnist()
    return read(training, trained_model, digits.X_valid, digits.y_valid, rng)


# --- benchmark and train_epoch_fast


def in_words(found):
    """How many calls' worth of time a stopwatch gave, as a word; where the clock was exact, "one call" is meant exactly."""
    if not isinstance(found["ratio"], float):
        return found["ratio"]
    low, high = (0.95, 1.05) if found["exact"] else (0.3, 3)
    bounds = ((0.3, "almost nothing"), (low, "less than one call"), (high, "one call"), (3, "more than one call"))
    bounds += ((30, "several calls"), (300, "a hundred calls"), (3000, "a thousand calls"))
    return next((word for bound, word in bounds if found["ratio"] < bound), "far more than all calls together")


@check("benchmark", points=4)
def seconds_per_call(benchmark, clock, torch):
    """seconds per call, over eight calls and at least one more that does not count"""
    found = clock.measured(benchmark, torch.device("cpu"), 8)
    return {"time": in_words(found), "calls before the clock starts": at_least(min(found["calls"] - 8, 1), 1)}


@check("benchmark", points=3)
def slow_first_call(benchmark, clock, torch):
    """a first call that is thirty times slower does not count"""
    return {"time": in_words(clock.measured(benchmark, torch.device("cpu"), 8, first=30))}


@check("benchmark", points=3)
def waits_for_the_device(benchmark, clock, devices):
    """a device that works while the program goes on (a pretended one)"""
    return {"time": in_words(clock.measured(benchmark, devices.Pretend(), 8, first=30))}


def small_images(torch, rng, N):
    """Images (N, 1, 3, 3) whose first pixel is their number, labels and a float32 network for them."""
    X = rng.normal(size=(N, 1, 3, 3)).astype(np.float32)
    X[:, 0, 0, 0] = np.arange(N) / 16  # exact in every floating-point type that is used
    layers = (torch.nn.Flatten(), torch.nn.Linear(9, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))
    model = filled(torch, rng, torch.nn.Sequential(*layers))
    return torch.from_numpy(X), torch.from_numpy(rng.integers(0, 3, size=N)), model.float()


def watched(train_epoch_fast, witness, torch, rng, N, batch_size, lr=0.0):
    """An epoch as `witness` saw it, with the same random numbers for everybody."""
    images, labels, model = small_images(torch, rng, N)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    torch.manual_seed(int(rng.integers(2**31)))
    found = witness.epoch(train_epoch_fast, model, images, labels, optimizer, batch_size, torch.device("cpu"))
    return found, model


@check("train_epoch_fast", points=4)
def loss_of_the_plain_loop(train_epoch_fast, witness, torch, rng):
    """the loss that the plain loop would report, within 2 %"""
    found, _ = watched(train_epoch_fast, witness, torch, rng, 17, 8)
    return {"loss": close(round(float(found["loss"]), 3), 0.02)}


@check("train_epoch_fast", points=4)
def step_of_the_plain_loop(train_epoch_fast, training, torch, rng):
    """the second of two steps follows the gradient of its own batch"""
    images, labels, model = small_images(torch, rng, 13)
    optimizer, cpu = torch.optim.SGD(model.parameters(), lr=0.5), torch.device("cpu")
    torch.manual_seed(int(rng.integers(2**31)))
    train_epoch_fast(model, images, labels, optimizer, 32, cpu)
    before = weights(torch, model).numpy()
    downhill = [grad.numpy().ravel() for grad in training.gradients(model, torch.nn.functional.cross_entropy, images, labels)]
    train_epoch_fast(model, images, labels, optimizer, 32, cpu)
    step, wanted = weights(torch, model).numpy() - before, -0.5 * np.concatenate(downhill)
    length = np.linalg.norm(step) / np.linalg.norm(wanted)
    along = float(step @ wanted / (np.linalg.norm(step) * np.linalg.norm(wanted) + 1e-30))
    return {"cosine with −gradient": at_least(round(min(along, 0.98), 2), 0.98), "length of the step": close(round(length, 2), 0.05)}


@check("train_epoch_fast", points=3)
def every_image_once(train_epoch_fast, witness, torch, rng):
    """every image once, in batches, in an order of its own in every epoch, in training mode"""
    images, labels, model = small_images(torch, rng, 22)
    optimizer, cpu = torch.optim.SGD(model.parameters(), lr=0.1), torch.device("cpu")
    model.eval()
    torch.manual_seed(int(rng.integers(2**31)))
    arguments = (train_epoch_fast, model, images, labels, optimizer, 8, cpu)
    first, second = (witness.epoch(*arguments) for _ in range(2))
    orders = [list(chain.from_iterable(found["seen"])) for found in (first, second)]
    return {
        "batch sizes": [len(batch) for batch in first["seen"]],
        "images seen": np.sort(16 * np.array(orders[0])),
        "order": "as in the array" if orders[0] == sorted(orders[0]) else "mixed",
        "second epoch": "the same order" if orders[0] == orders[1] else "another order",
        "training mode": first["training"],
    }


@check("train_epoch_fast", points=3)
def never_waits(train_epoch_fast, witness, torch, rng):
    """more batches cost no more waiting, no more moving, and no reading image by image"""
    few, _ = watched(train_epoch_fast, witness, torch, rng, 16, 8, lr=0.1)
    many, _ = watched(train_epoch_fast, witness, torch, rng, 40, 8, lr=0.1)
    return {f"{name} for three more batches": at_most(max(many[name] - few[name], 0), 0) for name in ("waits", "moves", "single reads")}


@check("train_epoch_fast", points=2)
def trains_fast_on_another_device(train_epoch_fast, witness, torch, rng):
    """images and labels go to the model's device (rehearsed on torch's meta device)"""
    images, labels, model = small_images(torch, rng, 16)
    model = model.to("meta")
    arguments = (model, images, labels, torch.optim.SGD(model.parameters(), lr=0.1), 8, torch.device("meta"))
    return {"rehearsal": witness.rehearse(train_epoch_fast, *arguments)}


@check("train_epoch_fast", points=2)
def mixed_precision(train_epoch_fast, witness, torch, rng):
    """products in bfloat16 where that pays, weights in float32"""
    found, model = watched(train_epoch_fast, witness, torch, rng, 16, 8, lr=0.1)
    return {"scores": found["precision"], "weights": sorted({str(parameter.dtype) for parameter in model.parameters()})}
