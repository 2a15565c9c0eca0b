"""Questions about lab09_pytorch for `handgrad review`. None trains a network: they are asked in a second."""

import numpy as np

from course_utils.reviewing import Asked, question, small


@question("to_tensor", "Floats become float32, as layers hold, and whole numbers int64, as labels must be.")
def type_of_a_tensor(to_tensor, rng):
    """`to_tensor` gets an array of this type.
    Which type has the tensor?"""
    dtype = str(rng.permutation(["float64", "int32", "uint8", "float32", "int64", "int16", "float16"])[0])
    right = str(to_tensor(np.ones(int(rng.integers(2, 9)), dtype=dtype), "cpu").dtype).removeprefix("torch.")
    reasons = {
        "float64": "layers hold float32, and the two do not mix",
        "int32": "cross-entropy takes labels of int64 only",
        "float32": "labels are whole numbers, and cross-entropy takes no floats for them",
        "int64": "floats would lose their fractions",
        "uint8": "labels are int64, and data float32",
    }
    wrong = {why: name for name, why in reasons.items() if name != right}
    return Asked({"array.dtype": dtype}, right, others=dict(list(wrong.items())[:3]))


@question("to_tensor", "A copy goes its own way: what is written into the array afterwards never reaches it.")
def memory_of_a_tensor(rng):
    """`t = to_tensor(a, "cpu")` is made as in this lab, then somebody writes into `a[0]`.
    What is t[0] now?"""
    before, after = (int(each) for each in rng.permutation(np.arange(1, 60))[:2])
    wrong = {
        "that would be shared memory, as torch.from_numpy has it: to_tensor copies": after,
        "the two are not added: nothing happens to t": before + after,
        "nothing is cleared: t keeps what it copied": 0,
    }
    return Asked({"a[0] before": before, "a[0] after": after}, before, others=wrong)


def _count(model):
    return sum(each.numel() for each in model.parameters())


@question("MLP", "Each layer has inputs × outputs weights and one bias for each output.")
def parameters_of_an_mlp(MLP, rng):
    """`MLP(sizes)` is made.
    How many numbers do its parameters hold?"""
    sizes = [int(rng.integers(4, 12)), int(rng.integers(12, 20)), int(rng.integers(2, 11))]
    D, H, C = sizes
    wrong = {
        "the layers have biases, too": D * H + H * C,
        "the biases of the hidden layer are left out": D * H + H * C + C,
        "the inputs have no bias": D * H + H * C + D + H + C,
    }
    return Asked({"sizes": sizes}, _count(MLP(sizes)), others=wrong, why=f"{D}·{H} + {H} + {H}·{C} + {C} is {_count(MLP(sizes))}.")


@question("MLP", "nn.Linear keeps W as (outputs, inputs) and computes X Wᵀ + b: that is the transpose of this course's W.")
def shape_of_a_linear_weight(rng):
    """`layer = nn.Linear(inputs, outputs)` is made in torch.
    Which shape has `layer.weight`?"""
    D, H = (int(each) for each in rng.permutation(np.arange(2, 30))[:2])
    wrong = {
        "this is W as in lab 4: torch keeps its transpose": (D, H),
        "the bias is a parameter of its own, layer.bias": (H, D + 1),
        "a weight belongs to an input and an output, so it has two axes": (D * H,),
    }
    return Asked({"inputs": D, "outputs": H}, (H, D), others=wrong)


@question("train_epoch", "zero_grad comes before backward in each batch, for backward adds to what is there.")
def grad_without_clearing(rng):
    """The loss of a batch is c·w, and c differs from batch to batch. `backward` is called for each batch, and zero_grad never.
    What is `w.grad` after the last batch?"""
    slopes = small(rng, 3, least=-5, most=7)
    total = float(slopes.sum())
    wrong = {
        "this is the last batch's slope alone: backward adds to what is there": float(slopes[-1]),
        "backward adds, and takes no mean": total / 3,
        "the first slope does not stay alone: backward adds the later ones": float(slopes[0]),
    }
    return Asked({"c": slopes}, total, others=wrong)


@question("train_epoch", "Each batch's mean counts as often as it has examples: add up mean · size, and divide by all examples.", places=3)
def loss_of_an_epoch(rng):
    """Three batches had these sizes and these mean losses.
    What is the mean loss of the epoch, over its examples?"""
    size = int(rng.choice([10, 20, 50]))
    sizes, means = np.array([size, size, size // 5]), rng.permutation([0.5, 0.8, 1.1, 2.0, 3.0])[:3]
    total = float(sizes @ means)
    wrong = {
        "this is the mean of the batches' means: a short last batch then counts as much as a full one": float(means.mean()),
        "this is the sum of the batches' losses: divide by the number of examples, once": float(means.sum()),
        "every batch counts as if it were as large as the first: the last one is smaller": float(means.sum() * size / sizes.sum()),
    }
    return Asked({"sizes": sizes, "mean losses": means}, total / float(sizes.sum()), others=wrong)


@question("evaluate", "All right answers of all batches, divided by all examples.", places=3)
def accuracy_over_batches(rng):
    """Three batches had these sizes and so many right answers.
    What is the accuracy?"""
    size = int(rng.choice([10, 20, 40]))
    sizes = np.array([size, size, size // 5])
    right = np.array([size - int(rng.integers(1, 4)), size - int(rng.integers(3, 8)), int(rng.integers(0, 2))])
    wrong = {
        "this is the mean of the batches' accuracies: a short last batch then counts as much as a full one": float((right / sizes).mean()),
        "the right answers are divided by the number of batches": float(right.sum() / 3),
        "accuracy is in percent: a fraction between 0 and 1 is wanted": 100 * float(right.sum() / sizes.sum()),
    }
    return Asked({"sizes": sizes, "right answers": right}, float(right.sum() / sizes.sum()), others=wrong)


@question("evaluate", "In evaluation mode dropout changes nothing; in training it divides what it keeps by 1 − p.")
def dropout_in_two_modes(rng):
    """A tensor of equal numbers goes through `nn.Dropout(p)` in evaluation mode.
    Which numbers come out?"""
    x, p = int(rng.integers(2, 9)), float(rng.choice([0.2, 0.5, 0.75]))
    wrong = {
        "that is training: some are dropped, the others grow": f"some 0, the others {x / (1 - p):g}",
        "the scale is set in training, so nothing is left to do here": f"all {x * (1 - p):g}",
        "p is the share that is dropped in training: here nothing is": f"some 0, the others {x}",
    }
    return Asked({"x": x, "p": p}, f"all {x}", others=wrong)


@question(
    "overfit_one_batch",
    "An untrained network has about ln C, and a sound one learns a single batch by heart, so the loss falls near 0.",
    places=2,
)
def first_loss_of_many_classes(rng):
    """Before any training, a classifier's answers are about even. Its loss is cross-entropy.
    About which loss should the first line of the log show?"""
    C = int(rng.choice([3, 4, 5, 8, 10, 20, 50, 100]))
    wrong = {
        "a surprise is −ln p, and p is 1/C: this is p itself": 1 / C,
        "the logarithm is natural, not to base 2": float(np.log2(C)),
        "this is the share of wrong guesses: a surprise is −ln p": 1 - 1 / C,
    }
    return Asked({"classes": C}, float(np.log(C)), others=wrong)


@question(
    "ConvNet", "A convolution keeps the side with padding kernel//2, pooling halves it, and flatten multiplies filters and both sides."
)
def inputs_of_the_last_layer(rng):
    """Images of 1 × 28 × 28 meet a 3 × 3 convolution with padding 1, then max-pooling with 2 × 2, both twice. Then they are flattened.
    How many inputs has the linear layer behind?"""
    first, second = (int(each) for each in rng.permutation([8, 12, 16, 24, 32, 48, 64])[:2])
    wrong = {
        "pooling was there twice: the side is 28, 14, 7": second * 14 * 14,
        "the last convolution has other filters than the first": first * 7 * 7,
        "each filter has a whole map of 7 by 7, not a single row": second * 7,
    }
    return Asked({"filters": (first, second)}, second * 7 * 7, others=wrong)


@question(
    "benchmark", "The clock starts after the warm-up and stops when the device is done; the time is divided by the repeats.", places=4
)
def seconds_per_call(rng):
    """A function was called once to warm up, and then several times with the clock running. The device was waited for.
    What does `benchmark` return, in seconds?"""
    repeats, each, cold = int(rng.choice([4, 5, 10, 20])), float(rng.choice([0.01, 0.02, 0.05])), float(rng.choice([0.3, 0.5, 0.8]))
    timed = repeats * each
    wrong = {
        "this is the time of all calls together: seconds per call are wanted": timed,
        "there is no warm-up: the slow first call is counted": (timed + cold) / repeats,
        "this is a rate, calls per second: seconds per call are wanted": 1 / each,
    }
    return Asked({"warm-up, in seconds": cold, "calls": repeats, "their time": round(timed, 3)}, each, others=wrong)


@question("train_epoch_fast", "The processor waits for the device each time a number is asked for: once an epoch is enough.")
def waits_of_an_epoch(rng):
    """A loop asks `loss.item()` in each batch, and the smaller last batch is kept. Then the sum is kept as a
    tensor, with one `.item()` at the end.
    How many waits for the device does an epoch save?"""
    size = int(rng.choice([50, 64, 128]))
    N = size * int(rng.integers(8, 30)) + int(rng.integers(1, size))
    batches = -(-N // size)
    wrong = {
        "the one at the end is still there": batches,
        "the smaller last batch waits, too": batches - 2,
        "a wait comes with each batch, not with each example": N - 1,
    }
    return Asked(
        {"images": N, "batch_size": size},
        batches - 1,
        others=wrong,
        why=f"{N} images make {batches} batches: {batches} waits before, one after.",
    )
