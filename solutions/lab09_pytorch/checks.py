"""What lab09_pytorch asks of each exercise. Probes only: the engine runs the reference beside the student.

Models, optimizers and loaders live on the student's side: a probe reaches torch there through its parameter `torch`. What a
device, a precision or a wait is like is written down there too, by `course_utils.training.witness`, so that no check needs a GPU.
Networks get their weights from the probe, so that nothing depends on anybody's random numbers; training is judged by what a
model answers, never by what it reports.
"""

from itertools import chain, pairwise

import numpy as np

from course_utils.checking import at_least, at_most, budget, check, close, libraries
from course_utils.data import mnist, mnist_test

libraries("torch", "course_utils.training", "course_utils.training.witness", "course_utils.training.clock", "course_utils.training.devices")
budget(cell_seconds=120, notebook_seconds=600, cpu_seconds=600)  # a network is trained, for a minute at most on two cores


def drawn(rng):
    """A seed for what is made on the student's side."""
    return int(rng.integers(2**31))


def classes(rng, N, spread=2.0):
    """N examples of five numbers, with labels for three classes."""
    return spread * rng.normal(size=(N, 5)), rng.integers(0, 3, size=N)


def kind_of(value):
    """What kind of thing a function gave, in words."""
    if isinstance(value, list | tuple):
        return " and ".join(dict.fromkeys(map(kind_of, value))) + ", in a row" if len(value) else "an empty row"
    if isinstance(value, float | np.floating):
        return "a float"
    return "a tensor or an array" if hasattr(value, "shape") else f"of type {type(value).__name__}"


def without_graph(value):
    """A tensor without what hangs on it; other things as they are."""
    return value.detach() if hasattr(value, "detach") else value


# --- to_tensor


@check("to_tensor", points=2)
def types(to_tensor, torch, rng):
    """fractions become float32, whole numbers int64, whatever type of them the array has"""
    arrays = {
        "float64": rng.normal(size=(5, 3)),
        "float32": rng.normal(size=7).astype(np.float32),
        "float64 without fractions": np.arange(1.0, 6),
        "int64": rng.integers(0, 10, size=7),
        "int32": rng.integers(0, 10, size=(3, 2)).astype(np.int32),
        "uint8": rng.integers(0, 10, size=11).astype(np.uint8),
    }
    made = {name: to_tensor(array, torch.device("cpu")) for name, array in arrays.items()}
    types = {name: str(getattr(tensor, "dtype", "no tensor")) for name, tensor in made.items()}
    return {
        "types": types,
        "bytes of a number, and whether it is whole": [[getattr(made[name], "itemsize", 0), "int" in types[name]] for name in made],
    }


@check("to_tensor", points=1)
def numbers(to_tensor, torch, rng):
    """the array's shape and its numbers, the large ones too; no gradient is asked for"""
    arrays = [rng.normal(size=(5, 3)), rng.integers(0, 10, size=(2, 3, 4)), np.array(rng.normal()), 2**24 + 1 + 2 * rng.permutation(7)]
    made = [to_tensor(array, torch.device("cpu")) for array in arrays]
    exact = hasattr(made[3], "requires_grad") and tuple(made[3].shape) == (7,)
    return {
        "tensor of floats": made[0],
        "tensor of labels": made[1],
        "tensor of one float": made[2],
        "large whole numbers, less the array's": made[3].numpy() - arrays[3] if exact else made[3],
        "requires_grad of floats, labels, one float and large numbers": [bool(getattr(each, "requires_grad", False)) for each in made],
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


@check("to_tensor", points=1)
def right_place(to_tensor, torch, witness, rng):
    """on the device that was asked for (here torch's meta device, which every machine has)"""
    X, labels = rng.normal(size=(5, 3)), rng.integers(0, 10, size=7)
    places = [witness.placed(to_tensor, array, torch.device(device)) for array, device in ((X, "cpu"), (X, "meta"), (labels, "meta"))]
    return {
        "device": places[1],
        "where it was asked for: floats on the CPU, floats and labels elsewhere": [
            place == asked for place, asked in zip(places, ("cpu", "meta", "meta"), strict=True)
        ],
    }


# --- MLP


def lab4_params(rng, *sizes):
    """Weights as lab 4 writes them: [(W, b), …] with W (inputs, outputs)."""
    return [(rng.normal(size=(before, after)), rng.normal(size=after)) for before, after in pairwise(sizes)]


@check("MLP", points=3, once=True)
def parameters_in_order(MLP, witness, rng):
    """every layer's weight and bias can be found by an optimizer: of three layers, of one, and of four with three of equal width"""
    a, b, c, d, e = rng.permutation([2, 3, 4, 5, 7]).tolist()
    models = {"three layers": MLP([a, b, c, d]), "one layer": MLP([e, a]), "four layers": MLP([b, e, e, e, c])}
    shapes = {name: [tuple(p.shape) for p in model.parameters()] for name, model in models.items()}
    return {
        **{f"shapes of {name}": found for name, found in shapes.items()},
        "numbers in every parameter, for all three": [int(np.prod(shape)) for found in shapes.values() for shape in found],
        "layers in a plain list, where a module does not look": [witness.hidden_layers(model) for model in models.values()],
    }


@check("MLP", points=5)
def same_numbers(MLP, training, torch, rng):
    """the numbers of lab 4 from the weights of lab 4, to 1e-10"""
    params, X = lab4_params(rng, 5, 7, 3, 2), rng.normal(size=(11, 5))
    scores = training.copy_params(MLP([5, 7, 3, 2]), params)(torch.from_numpy(X)).detach()
    H = X
    for W, b in params[:-1]:
        H = np.maximum(H @ W + b, 0)
    distance = float(np.abs(scores.double().numpy() - (H @ params[-1][0] + params[-1][1])).max())
    flat = lab4_params(rng, 4, 3)
    one = training.copy_params(MLP([4, 3]), flat)(torch.from_numpy(rng.normal(size=(1, 4)))).detach()
    # below the bound all distances count as one: the last digits depend on the machine
    return {"scores": scores, "scores of one layer, for one example": one, "distance from lab 4": at_most(max(distance, 1e-10), 1e-10)}


@check("MLP", points=1)
def type_of_X(MLP, torch, witness, rng):
    """float32 in, float32 out, and so for bfloat16 and float64, where the layers hold that type"""
    X = torch.from_numpy(rng.normal(size=(11, 5)))
    return {"scores in the type of X: bfloat16, float32, float64": witness.keeps_types(MLP([5, 7, 3, 2]), X)}


@check("MLP", points=5)
def autograd_of_it(MLP, training, torch, witness, rng):
    """the gradients that autograd finds, from the last layer to the first"""
    model = training.copy_params(MLP([5, 7, 3, 2]), lab4_params(rng, 5, 7, 3, 2))
    X, labels = torch.from_numpy(rng.normal(size=(11, 5))), torch.from_numpy(rng.integers(0, 2, size=11))
    found = training.gradients(model, torch.nn.functional.cross_entropy, X, labels)
    names = ("W1", "b1", "W2", "b2", "W3", "b3")
    grads = dict(reversed([(f"gradient of {name}", grad) for name, grad in zip(names, found, strict=False)]))
    return {
        **grads,
        "a gradient at all: W1, b1, W2, b2, W3, b3": [bool(np.asarray(grad).any()) for grad in found],
        "in the graph: X, the first weight, the scores": witness.graphs_of(model, X),
    }


# --- train_epoch and evaluate


@check("train_epoch", points=5)
def one_epoch(train_epoch, witness, rng):
    """one epoch over three batches, the last one shorter: the loss, a float, and the weights of a single layer"""
    model, loader = witness.network([5, 3], drawn(rng)), witness.loader(*classes(rng, 11), 4)
    loss = train_epoch(model, loader, witness.sgd(model, 0.3), witness.CROSS_ENTROPY, witness.CPU)
    return {"weights": witness.weights(model), "loss": loss, "the loss is": kind_of(loss)}


@check("train_epoch", points=3)
def epochs_of_regression(train_epoch, witness, rng):
    """epochs of three, two and one batch with momentum, another loss function and two layers"""
    model, X, Y = witness.network([5, 7, 2], drawn(rng)), rng.normal(size=(11, 5)), rng.normal(size=(11, 2))
    given = witness.sgd(model, 0.05, 0.7), witness.SQUARES, witness.CPU
    epochs = [witness.returned(train_epoch, model, witness.loader(X, Y, size), *given) for size in (4, 6, 11)]
    return {
        "weights": witness.weights(model),
        "losses": [without_graph(found["value"]) for found in epochs],
        "graphs that the losses still hold": [found["graphs"] for found in epochs],
    }


@check("train_epoch", points=2)
def training_mode(train_epoch, witness, rng):
    """a model that was in evaluation mode is trained in training mode"""
    model, loader = witness.normed(drawn(rng)).eval(), witness.loader(*classes(rng, 11, 1.0), 4)
    loss = train_epoch(model, loader, witness.sgd(model, 0.1), witness.CROSS_ENTROPY, witness.CPU)
    return {"running mean of batch norm": model[1].running_mean.detach(), "loss": loss}


def on_meta(witness, rng):
    """A network on the meta device and a loader on the CPU: they meet only if the batch is moved."""
    return witness.network([5, 3], drawn(rng)).to("meta"), witness.loader(*classes(rng, 7), 4)


def rehearsed(found):
    """What a rehearsal on another device showed."""
    return {"rehearsal": found["words"], "on the device: inputs, labels, sums": found["met"]}


@check("train_epoch", points=2, once=True)
def trains_on_another_device(train_epoch, witness, rng):
    """every batch goes to the model's device (rehearsed on torch's meta device)"""
    model, loader = on_meta(witness, rng)
    return rehearsed(witness.rehearse(train_epoch, model, loader, witness.sgd(model, 0.1), witness.CROSS_ENTROPY, witness.META))


@check("evaluate", points=4)
def loss_and_accuracy(evaluate, witness, training, rng):
    """loss and accuracy, two floats, of three sets in batches of which the last is shorter; in the third set all is right"""
    model, sets = witness.network([5, 7, 3], drawn(rng)), [classes(rng, N) for N in (11, 13, 9)]
    sets[2] = sets[2][0], training.predict(model, sets[2][0]).numpy().argmax(axis=1)
    given = witness.CROSS_ENTROPY, witness.CPU
    found = [evaluate(model, witness.loader(*pair, size), *given) for pair, size in zip(sets, (4, 5, 4), strict=True)]
    losses, accuracies = zip(*found, strict=True)
    losses, accuracies = ([without_graph(value) for value in values] for values in (losses, accuracies))
    return {"losses": losses, "accuracies": accuracies, "loss and accuracy are": kind_of(found[0])}


@check("evaluate", points=3)
def evaluation_mode(evaluate, witness, rng):
    """a model that was in training mode is evaluated in evaluation mode"""
    model, loader = witness.normed(drawn(rng)).train(), witness.loader(*classes(rng, 13, 1.0), 5)
    loss, _ = evaluate(model, loader, witness.CROSS_ENTROPY, witness.CPU)
    return {"loss": loss, "running mean of batch norm": model[1].running_mean.detach()}


@check("evaluate", points=3)
def leaves_no_trace(evaluate, witness, rng):
    """no graph is built, no weight changes, and loss_fn is the one that was given"""
    model, loader = witness.network([5, 7, 3], drawn(rng)), witness.loader(*classes(rng, 11), 4)
    found = witness.measured(evaluate, model, loader, witness.CPU)
    loss, _ = found["value"]
    return {"a graph behind the labels, the scores, the loss": found["graphs"], "loss": loss, "weights": witness.weights(model)}


@check("evaluate", points=2, once=True)
def evaluates_on_another_device(evaluate, witness, rng):
    """every batch goes to the model's device (rehearsed on torch's meta device)"""
    return rehearsed(witness.rehearse(evaluate, *on_meta(witness, rng), witness.CROSS_ENTROPY, witness.META))


# --- overfit_one_batch


def one_batch(torch, witness, rng, N, *sizes):
    """A network, and a batch of N examples for it."""
    X, labels = rng.normal(size=(N, sizes[0])), rng.integers(0, sizes[-1], size=N)
    return witness.network(sizes, drawn(rng)), (torch.from_numpy(X), torch.from_numpy(labels))


@check("overfit_one_batch", points=3, once=True)
def learns_by_heart(overfit_one_batch, training, witness, torch, rng):
    """300 steps on 13 examples: what your model then knows of them"""
    model, (X, labels) = one_batch(torch, witness, rng, 13, 17, 31, 3)

    def loss():
        return float(torch.nn.functional.cross_entropy(training.predict(model, X), labels))

    before, reported, after = loss(), overfit_one_batch(model, (X, labels), 300), loss()
    return {
        "loss of your model afterwards": at_most(max(after, 0.05), 0.05),
        "below the start, a half and a tenth of it: your model, and the loss that you report last": [
            [bool(end < share * before) for share in (1 - 1e-9, 0.5, 0.1)] for end in (after, *reported[-1:])
        ],
    }


@check("overfit_one_batch", points=3)
def a_loss_for_every_step(overfit_one_batch, training, witness, torch, rng):
    """a list with the loss of every step, as floats, measured before the step; for 2, 3, 6 and 4 steps"""
    cases = [one_batch(torch, witness, rng, 7, 5, 11, 3) for _ in range(4)]
    model, (X, _) = cases[2]  # all its answers are right from the start
    cases[2] = model, (X, torch.from_numpy(training.predict(model, X).numpy().argmax(axis=1)))
    losses = [overfit_one_batch(model, batch, steps) for (model, batch), steps in zip(cases, (2, 3, 6, 4), strict=True)]
    counts = [len(found) for found in losses]
    return {
        "more losses than in the call before": [more - less for less, more in pairwise(counts)],
        "numbers of losses": counts,
        "first losses": [without_graph(found[0]) if len(found) else None for found in losses],
        "the losses are": kind_of(losses[2]),
    }


@check("overfit_one_batch", points=2, once=True)
def whole_and_fresh(overfit_one_batch, training, witness, torch, rng):
    """every step sees the whole batch, and uses the gradients of its own weights only"""
    model, (X, labels) = one_batch(torch, witness, rng, 11, 5, 7, 3)
    slopes, summed, sizes = np.zeros((0, 1)), [], []
    for steps in (1, 2, 3):
        given = witness.given_to_learn(overfit_one_batch, model, (X, labels), steps)
        found = witness.slopes_at(model, given["weights"], witness.CROSS_ENTROPY, X, labels).numpy()
        slopes = np.concatenate([slopes.reshape(-1, found.shape[1]), found])
        summed.append(gradients_in(witness.left_gradients(model).numpy(), slopes))
        sizes += given["sizes"]
    return {
        "gradients that the last step used, after 1, 2 and 3 steps more": summed,
        "examples in a step: fewest, most, and in the batch": [min(sizes, default=0), max(sizes, default=0), len(X)],
    }


def gradients_in(left, slopes):
    """How many of the last gradients (rows) add up to what is left in `grad`; 1 where it was taken away."""
    sums = {number: slopes[-number:].sum(axis=0) for number in range(2, len(slopes) + 1)}
    return next((n for n, total in sums.items() if left.shape == total.shape and np.allclose(left, total, rtol=1e-6)), 1)


# --- ConvNet and trained_model


def shape_for(training, model, images):
    """What the model gives for so many images: a list of tuples."""
    return [tuple(training.predict(model, images[:N]).shape) for N in (1, 2, 7)]


@check("ConvNet", points=3, once=True)
def ten_scores(ConvNet, training, rng):
    """ten scores for every image, of one image, of two and of seven"""
    model, images = ConvNet(), rng.uniform(size=(7, 1, 28, 28)).astype(np.float32)
    shapes = shape_for(training, model, images)
    return {
        "shapes": shapes,
        "axes of the scores": [len(shape) for shape in shapes],
        "type": str(training.predict(model, images).dtype),
    }


def looks_like(scores):
    """What scores can be and probabilities cannot, of a few networks' answers."""
    rows = [Y.reshape(len(Y), -1) for Y in scores]
    add_up = all(np.allclose(Y.sum(axis=1), 1, atol=1e-4) and (Y >= 0).all() for Y in rows)
    return [not add_up, any((Y < 0).any() for Y in rows), all(np.isfinite(Y).all() for Y in rows)]


@check("ConvNet", points=3)
def images_apart(ConvNet, training, witness, rng):
    """in evaluation mode each image is judged by itself, and always alike; scores, not probabilities"""
    images, others = (1.5 * rng.normal(size=(2, 4, 1, 28, 28))).astype(np.float32)
    models = [witness.nudged(ConvNet, drawn(rng)) for _ in range(2)]
    first, *asked = (training.predict(models[0], images).numpy() for _ in range(3))

    def changes(Y):
        """Which rows of the scores are others than at first."""
        gap = np.abs(Y.astype(float) - first).reshape(len(first), -1).max(axis=1)
        return gap > 1e-3 * np.abs(first).max()

    one_other = [np.where(np.arange(4)[:, None, None, None] == row, others, images) for row in range(4)]
    table = np.array(first.shape)
    if first.ndim == 2 and len(first) == len(images):
        table = np.stack([*(changes(training.predict(models[0], X).numpy()) for X in one_other), changes(asked[0])], axis=1)
    scores = [first, *(training.predict(model, images).numpy() for model in models[1:])]
    return {
        "scores: rows do not add up to 1, some are negative, all are finite": looks_like(scores),
        "other scores, asked once, twice, three times": [False, *(bool(changes(Y).any()) for Y in asked)],
        "scores of an image (row) that change with an image (column 0 to 3) or without (column 4)": table,
    }


@check("ConvNet", points=2, once=True)
def small_and_learning(ConvNet, training, witness, rng):
    """convolutions, at most 500 000 parameters, all of them known to the module, and a gradient for each"""
    model = witness.nudged(ConvNet, drawn(rng))
    shapes, hidden = [tuple(parameter.shape) for parameter in model.parameters()], witness.hidden_layers(model)
    images, labels = rng.uniform(size=(20, 1, 28, 28)).astype(np.float32), np.arange(20) % 10
    grads = training.gradients(model, witness.CROSS_ENTROPY, *witness.tensors(images, labels))
    count = int(sum(map(np.prod, shapes)))
    seen = [hidden > 0 or any(len(shape) == 4 for shape in shapes), count <= 500_000, not hidden, all(bool(grad.any()) for grad in grads)]
    return {"convolutions, size, all layers known, all gradients": seen, "parameters": at_most(max(count, 500_000), 500_000)}


MARKS = (0.9, 0.95, 0.97)  # docs/benchmarks.md: what the lab's recipe reaches over 20 seeds


def read(training, trained_model, images, labels, rng):
    """What the model answers to images that are each moved a little, in a way that does not depend on chance."""
    from course_utils.training import moved  # here, so that torch is imported by those who train

    scores = training.predict(trained_model, moved(images, rng))
    found = scores.numpy().argmax(axis=1) if tuple(scores.shape) == (len(images), 10) else np.full(len(images), -1)
    accuracy = float((found == labels).mean())
    # where nothing was learned the digits behind the point are noise
    accuracy = accuracy if accuracy > 0.5 else round(accuracy, 1)
    often = np.bincount((found - labels) % 10, minlength=10) > len(found) / 2  # an answer is so much too large
    looks = [bool(scores.isfinite().all()), len(set(found)) == 1, *(often & (found[0] >= 0)).tolist()]
    return {
        "shapes for 1, 2 and 7 images": shape_for(training, trained_model, np.array(images[:7], dtype=np.float32)),
        **{f"accuracy (mark {mark:.0%})": at_least(min(accuracy, mark), mark) for mark in MARKS},
        "scores are finite, answers all the same, most of them too large by 0, 1, … 9": looks,
    }


@check("trained_model", points=4)
def validation_digits(trained_model, training, rng):
    """the validation digits, each moved a little: 90, 95 and 97 of 100"""
    digits = mnist()
    return read(training, trained_model, digits.X_valid, digits.y_valid, rng)


@check("trained_model", points=8, hidden=True)
def digits_it_never_saw(trained_model, training, rng):
    """a thousand digits that the notebook never had, moved too: 90, 95 and 97 of 100"""
    found = read(training, trained_model, *mnist_test(), rng)
    return {name: found[name] for name in found if name.startswith("accuracy")}


# --- benchmark and train_epoch_fast


def per_call(found, seconds):
    """Seconds per call as a stopwatch gave them. A clock that is not ours is taken for exact when it is about right."""
    ratio = found["ratio"]
    if not isinstance(ratio, float) or not np.isfinite(ratio):
        return found["answer"]
    low, high = (0.95, 1.05) if found["exact"] else (0.3, 3)
    return seconds if low < ratio < high else float(f"{ratio * seconds:.3g}") if ratio > 0.01 else 0.0


def all_of(values):
    """The values, or the first that is no number: then it is for that one to be told."""
    return next((value for value in values if not isinstance(value, float)), values)


def durations(rng, number):
    """How many seconds some jobs take, to a millisecond."""
    return (rng.permutation(np.arange(10, 31))[:number] / 1000).tolist()


@check("benchmark", points=4, once=True)
def seconds_per_call(benchmark, clock, witness, rng):
    """seconds per call, a float, for jobs of 0.01 to 0.03 s: called as often as said, and at least once more before"""
    asked = list(zip(durations(rng, 3), (8, 5, 3), strict=True))
    found = [clock.measured(benchmark, witness.CPU, repeats, 1.0, seconds) for seconds, repeats in asked]
    return {
        "seconds per call": all_of([per_call(each, seconds) for each, (seconds, _) in zip(found, asked, strict=True)]),
        "calls too few, with one before the clock starts": [
            max(repeats + 1 - each["calls"], 0) for each, (_, repeats) in zip(found, asked, strict=True)
        ],
        "what it gives is": kind_of(found[0]["answer"]),
    }


@check("benchmark", points=3, once=True)
def slow_first_call(benchmark, clock, witness, rng):
    """a first call that is thirty times slower does not count: 8, 5 and 3 calls of about 0.01 s"""
    (seconds,) = durations(rng, 1)
    found = [clock.measured(benchmark, witness.CPU, repeats, 30.0, seconds) for repeats in (8, 5, 3)]
    return {"seconds per call": all_of([per_call(each, seconds) for each in found])}


@check("benchmark", points=3, once=True)
def waits_for_the_device(benchmark, clock, devices, witness, rng):
    """a device that works while the program goes on (a pretended one), after the CPU"""
    (seconds,), places = durations(rng, 1), (witness.CPU, devices.Pretend(), devices.Pretend())
    found = [clock.measured(benchmark, place, repeats, 30.0, seconds) for place, repeats in zip(places, (8, 8, 3), strict=True)]
    return {"seconds per call, on the CPU and twice on the device": all_of([per_call(each, seconds) for each in found])}


def small_images(witness, rng, N):
    """A float32 network, images (N, 1, 3, 3) whose first pixel is their number, and labels that the network finds likely."""
    X = rng.normal(size=(N, 1, 3, 3)).astype(np.float32)
    X[:, 0, 0, 0] = np.arange(N) / 16  # exact in every floating-point type that is used
    return witness.with_likely_labels(X, drawn(rng))


def watched(train_epoch_fast, witness, rng, N, batch_size, lr=0.0):
    """An epoch as `witness` saw it, with the same random numbers for everybody."""
    model, images, labels = small_images(witness, rng, N)
    return witness.epoch(train_epoch_fast, model, images, labels, batch_size, lr, drawn(rng)), model


def all_known(torch, witness, rng, N, classes):
    """A model that is sure of every label, images and labels: one pixel for each of the classes says which it is."""
    X, labels = np.zeros((N, 1, 3, 3), dtype=np.float32), rng.permutation(np.arange(N) % classes)
    X[:, 0, 0, 0], X[np.arange(N), 0, 1, labels] = np.arange(N) / 16, 1
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(9, 3))
    vector = np.concatenate([64 * np.eye(3, 9, 3).ravel(), np.zeros(3)]).astype(np.float32)
    torch.nn.utils.vector_to_parameters(torch.from_numpy(vector), model.parameters())
    return model, *witness.tensors(X, labels)


@check("train_epoch_fast", points=3)
def loss_of_the_plain_loop(train_epoch_fast, witness, rng):
    """the loss that the plain loop would report, within 2 %, as a float"""
    found, _ = watched(train_epoch_fast, witness, rng, 17, 8)
    return {"loss": close(round(float(found["loss"]), 3), 0.02), "the loss is": kind_of(found["loss"])}


@check("train_epoch_fast", points=1, once=True)
def labels_stay_with_their_images(train_epoch_fast, witness, torch, rng):
    """a model that knows every label has no loss, with one kind of labels, with two and with three"""
    losses = []
    for classes in (1, 2, 3):
        model, images, labels = all_known(torch, witness, rng, 22, classes)
        losses.append(float(train_epoch_fast(model, images, labels, witness.sgd(model, 0.0), 32, witness.CPU)))
    return {"no loss, with 1, 2 and 3 kinds of labels": [loss < 1 for loss in losses]}


@check("train_epoch_fast", points=2)
def step_of_the_plain_loop(train_epoch_fast, training, witness, rng):
    """the second of two steps follows the gradient of its own batch"""
    model, images, labels = small_images(witness, rng, 13)
    given = model, images, labels, witness.sgd(model, 0.2), 13, witness.CPU
    witness.seeded(drawn(rng))
    train_epoch_fast(*given)
    before = witness.weights(model).double().numpy()
    downhill = [grad.numpy().ravel() for grad in training.gradients(model, witness.CROSS_ENTROPY, images, labels)]
    train_epoch_fast(*given)
    step, wanted = witness.weights(model).double().numpy() - before, -0.2 * np.concatenate(downhill)
    length = np.linalg.norm(step) / np.linalg.norm(wanted)
    along = float(step @ wanted / (np.linalg.norm(step) * np.linalg.norm(wanted) + 1e-30))
    return {
        "cosine with −gradient": at_least(round(min(along, 0.98), 2), 0.98),
        "length of the step": close(round(float(length), 2), 0.05),
        "weights after the first step": before.astype(np.float32),
    }


@check("train_epoch_fast", points=3, once=True)
def a_step_for_every_batch(train_epoch_fast, witness, rng):
    """the weights change with every batch: three batches, three steps"""
    found, _ = watched(train_epoch_fast, witness, rng, 22, 8, lr=0.1)
    return {"the weights have changed, before batches 1, 2, 3 and at the end": found["steps"]}


def unmoved(order, other):
    """How many images there are, if each stands in the same place: that cannot be chance."""
    return len(order) if len(order) == len(other) and (order == other).all() else 0


@check("train_epoch_fast", points=3, once=True)
def every_image_once(train_epoch_fast, witness, rng):
    """every image once, in batches of 4, in an order of its own in every epoch, in training mode; of 9, 14 and 11 images"""
    orders, sizes, modes = [], [], []
    for N, training in ((9, True), (14, False), (11, False)):
        model, images, labels = small_images(witness, rng, N)
        given = train_epoch_fast, model.train(training), images, labels, 4, 0.1
        for found in (witness.epoch(*given, drawn(rng)) for _ in range(2)):
            orders.append(np.rint(16 * np.array(list(chain.from_iterable(found["seen"])))).astype(int))
            sizes.append([len(batch) for batch in found["seen"]])
            modes.append(found["training"])
    first, second = orders[::2], orders[1::2]
    return {
        "batch sizes": sizes[0],
        "images seen": [len(order) for order in first],
        "different images seen": [len(set(order.tolist())) for order in first],
        "images that come as in the array": [unmoved(order, np.arange(len(order))) for order in first],
        "images that come as in the epoch before": [unmoved(*pair) for pair in zip(first, second, strict=True)],
        "training mode; handed in in training mode, in evaluation mode, and again": modes[::2],
    }


@check("train_epoch_fast", points=2, once=True)
def never_waits(train_epoch_fast, witness, rng):
    """more batches cost no more waiting, no more moving, and no reading image by image"""
    one, *more = (watched(train_epoch_fast, witness, rng, N, 4, lr=0.1)[0] for N in (4, 8, 12))
    return {
        f"more {name} than with one batch, in epochs of 1, 2 and 3": [False, *(found[name] > one[name] for found in more)]
        for name in ("waits", "moves", "single reads")
    }


@check("train_epoch_fast", points=2, once=True)
def trains_fast_on_another_device(train_epoch_fast, witness, rng):
    """images and labels go to the model's device (rehearsed on torch's meta device)"""
    model, images, labels = small_images(witness, rng, 5)
    model = model.to("meta")
    return rehearsed(witness.rehearse(train_epoch_fast, model, images, labels, witness.sgd(model, 0.1), 8, witness.META))


@check("train_epoch_fast", points=2, once=True)
def mixed_precision(train_epoch_fast, witness, rng):
    """products in bfloat16 where that pays, weights in float32"""
    found, model = watched(train_epoch_fast, witness, rng, 16, 8, lr=0.1)
    types = sorted({str(parameter.dtype) for parameter in model.parameters()})
    halves = [precision == "torch.bfloat16" for precision in found["precision"]]
    return {
        "scores": ", ".join(sorted(set(found["precision"]))),
        "weights": ", ".join(types),
        "bfloat16 scores of both batches, float32 weights": [*halves, types == ["torch.float32"]],
    }
