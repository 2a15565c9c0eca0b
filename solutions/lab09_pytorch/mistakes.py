"""Wrong answers that students give to lab09_pytorch, each with the sentence that names it."""

import copy
import time
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from course_utils.checking import mistake, solution
from course_utils.training import devices

# --- to_tensor


@mistake("to_tensor", "floats are float64: layers hold float32, and the two do not mix")
def keeps_double(array, device):
    return torch.tensor(array, device=device) if array.dtype == np.float64 else solution.to_tensor(array, device)


@mistake("to_tensor", "whole numbers become float32: cross-entropy takes no such labels")
def everything_float(array, device):
    return solution.to_tensor(array.astype(np.float32), device)


@mistake("to_tensor", "small whole numbers keep their type: labels are int64, whatever the array had")
def keeps_int32(array, device):
    return torch.tensor(array, device=device) if array.dtype == np.int32 else solution.to_tensor(array, device)


@mistake("to_tensor", "the tensor keeps the array's type: float64 and small whole numbers stay what they are")
def keeps_every_type(array, device):
    return torch.tensor(array, device=device)


@mistake("to_tensor", "whole numbers become int32: a loss takes no labels of that type")
def whole_as_int32(array, device):
    tensor = solution.to_tensor(array, device)
    return tensor if tensor.is_floating_point() else tensor.int()


@mistake("to_tensor", "int32 and uint8 become float32: those hold whole numbers too")
def only_int64_is_whole(array, device):
    return torch.tensor(array, dtype=torch.int64 if array.dtype == np.int64 else torch.float32, device=device)


@mistake("to_tensor", "float32 arrays lose their fractions: only float64 is taken for floats")
def only_float64_is_float(array, device):
    return torch.tensor(array, dtype=torch.float32 if array.dtype == np.float64 else torch.int64, device=device)


@mistake("to_tensor", "the values decide: an array of floats becomes int64 where its numbers happen to be whole")
def values_decide(array, device):
    return torch.tensor(array, dtype=torch.int64 if (array == np.floor(array)).all() else torch.float32, device=device)


@mistake("to_tensor", "large whole numbers are rounded: they go through float32 on the way")
def through_float32(array, device):
    return solution.to_tensor(array.astype(np.float32), device).to(solution.to_tensor(array, device).dtype)


@mistake("to_tensor", "the axes are gone: the numbers stand in one row, and the array had a shape")
def in_one_row(array, device):
    return solution.to_tensor(array.ravel(), device)


def shared(array, device):
    """A tensor in the array's memory where the type is right already, as from_numpy and as_tensor make it."""
    return torch.as_tensor(array, dtype=solution.to_tensor(array, device).dtype, device=device)


@mistake("to_tensor", "the tensor shares the array's memory where the type is right already: nothing was copied")
def shares_memory(array, device):
    return shared(array, device)


@mistake("to_tensor", "the tensor of a float32 array shares its memory: nothing was copied")
def shares_floats(array, device):
    return shared(array, device) if array.dtype.kind == "f" else solution.to_tensor(array, device)


@mistake("to_tensor", "the tensor of an int64 array shares its memory: nothing was copied")
def shares_labels(array, device):
    return shared(array, device) if array.dtype.kind == "i" else solution.to_tensor(array, device)


@mistake("to_tensor", "the tensor stays on the CPU: .to(device) changes nothing in place")
def stays_on_the_cpu(array, device):
    tensor = solution.to_tensor(array, torch.device("cpu"))
    tensor.to(device)
    return tensor


@mistake("to_tensor", "data needs no gradient: requires_grad is for what is to be learned")
def data_with_gradient(array, device):
    tensor = solution.to_tensor(array, device)
    return tensor.requires_grad_(tensor.is_floating_point())


@mistake("to_tensor", "an axis was added in front: the tensor has the array's shape")
def extra_axis(array, device):
    return solution.to_tensor(array, device)[None]


@mistake("to_tensor", "fractions were cut off: everything became int64, but only whole numbers should")
def everything_whole(array, device):
    return solution.to_tensor(array.astype(np.int64), device)


@mistake("to_tensor", "this is still an array: a tensor is wanted")
def still_an_array(array, device):
    return np.array(array, dtype=np.float32 if array.dtype.kind == "f" else np.int64)


# --- MLP


@mistake("MLP", "there is a ReLU after the last layer: negative scores are cut off")
class ReluAtTheEnd(solution.MLP):
    def forward(self, X):
        return F.relu(super().forward(X))


@mistake("MLP", "there is no ReLU between the layers: together they are one linear layer")
class WithoutRelu(solution.MLP):
    def forward(self, X):
        for layer in linear(self):
            X = layer(X)
        return X


@mistake("MLP", "the bend is a sigmoid: lab 4's network has ReLU")
class SigmoidInside(solution.MLP):
    def forward(self, X):
        layers = linear(self)
        for layer in layers[:-1]:
            X = torch.sigmoid(layer(X))
        return layers[-1](X)


@mistake("MLP", "there is a softmax at the end: cross-entropy has its own, so the network returns scores")
class SoftmaxAtTheEnd(solution.MLP):
    def forward(self, X):
        return F.softmax(super().forward(X), dim=1)


@mistake("MLP", "the layers lie in a Python list, where the module cannot find them: take nn.ModuleList or nn.Sequential")
class LayersInAList(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = [nn.Linear(before, after) for before, after in pairwise(sizes)]

    def forward(self, X):
        for layer in self.layers[:-1]:
            X = F.relu(layer(X))
        return self.layers[-1](X)


@mistake("MLP", "ReLU comes before the first layer too: the negative numbers of X itself are cut off")
class ReluFirst(solution.MLP):
    def forward(self, X):
        return super().forward(F.relu(X))


@mistake("MLP", "layers of the same size are one and the same layer, with the same weights")
class SharedLayers(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        made = {pair: nn.Linear(*pair) for pair in pairwise(sizes)}
        self.layers = nn.ModuleList(made[pair] for pair in pairwise(sizes))

    def forward(self, X):
        for layer in self.layers[:-1]:
            X = F.relu(layer(X))
        return self.layers[-1](X)


@mistake("MLP", "the graph is cut between the layers: after .detach() or .data no gradient reaches the first ones")
class CutGraph(solution.MLP):
    def forward(self, X):
        layers = linear(self)
        for layer in layers[:-1]:
            X = F.relu(layer(X)).detach()
        return layers[-1](X)


@mistake("MLP", "the scores have no graph: no_grad, .detach(), .data or NumPy cut it, and nothing can be learned")
class WithoutGraph(solution.MLP):
    def forward(self, X):
        with torch.no_grad():
            return super().forward(X)


@mistake("MLP", "the layers have no bias")
class WithoutBias(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(before, after, bias=False) for before, after in pairwise(sizes))

    def forward(self, X):
        for layer in self.layers[:-1]:
            X = F.relu(layer(X))
        return self.layers[-1](X)


@mistake("MLP", "there are always two layers, however many sizes are given")
class AlwaysTwoLayers(solution.MLP):
    def __init__(self, sizes):
        super().__init__([sizes[0], sizes[1], sizes[-1]])


@mistake("MLP", "only float32 goes through it: something in forward turns the numbers into float32, whatever X is")
class ForcedFloat(solution.MLP):
    def forward(self, X):
        return super().forward(X.float())


@mistake("MLP", "the last layer is missing: it ends one number of sizes too early")
class OneLayerLess(solution.MLP):
    def __init__(self, sizes):
        super().__init__(sizes[:-1] if len(sizes) > 2 else sizes)


def linear(model):
    return [layer for layer in model.modules() if isinstance(layer, nn.Linear)]


# --- train_epoch


def epoch(model, loader, optimizer, loss_fn, device, *, order="zbs", mode=True, score=lambda scores: scores, move="Xy", change=None):
    """The plain loop with its parts in another order: z is zero_grad, b is backward, s is step, c is `change`.

    Returns (loss, size) per batch. `move` names what goes to the device.
    """
    if mode:
        model.train()
    losses = []
    for X, y in loader:
        X, y = X.to(device) if "X" in move else X, y.to(device) if "y" in move else y
        loss = loss_fn(score(model(X)), y)
        parts = {"z": optimizer.zero_grad, "b": loss.backward, "s": optimizer.step, "c": change}
        for part in order:
            parts[part]()
        losses.append((loss.item(), len(X)))
    return losses


def mean(losses):
    return sum(loss * size for loss, size in losses) / sum(size for _, size in losses)


@mistake("train_epoch", "gradients of earlier batches are still there: zero_grad is missing, and backward adds")
def never_zeroed(model, loader, optimizer, loss_fn, device):
    return mean(epoch(model, loader, optimizer, loss_fn, device, order="bs"))


@mistake("train_epoch", "gradients are cleared once in an epoch, and not for every batch: backward adds to what is there")
def zeroed_once(model, loader, optimizer, loss_fn, device):
    optimizer.zero_grad()
    return mean(epoch(model, loader, optimizer, loss_fn, device, order="bs"))


@mistake("train_epoch", "gradients are clipped to length 1 before the step: it is to use them as the loss gives them")
def clipped(model, loader, optimizer, loss_fn, device):
    def clip():
        nn.utils.clip_grad_norm_(list(model.parameters()), 1.0)

    return mean(epoch(model, loader, optimizer, loss_fn, device, order="zbcs", change=clip))


@mistake("train_epoch", "step comes before backward: every step uses the gradients of the batch before")
def step_first(model, loader, optimizer, loss_fn, device):
    losses = []
    model.train()
    for X, y in loader:
        loss = loss_fn(model(X.to(device)), y.to(device))
        optimizer.step()
        optimizer.zero_grad()
        loss.backward()
        losses.append((loss.item(), len(X)))
    return mean(losses)


@mistake("train_epoch", "the weights never change: step is missing, or zero_grad stands right before it and takes its gradients away")
def no_step(model, loader, optimizer, loss_fn, device):
    return mean(epoch(model, loader, optimizer, loss_fn, device, order="zb"))


@mistake("train_epoch", "this is the mean of the batches' means: a short last batch then counts as much as a full one")
def mean_of_means(model, loader, optimizer, loss_fn, device):
    losses = epoch(model, loader, optimizer, loss_fn, device)
    return sum(loss for loss, _ in losses) / len(losses)


@mistake("train_epoch", "this is the sum of the batches' losses: divide by the number of examples, once")
def sum_of_losses(model, loader, optimizer, loss_fn, device):
    return sum(loss for loss, _ in epoch(model, loader, optimizer, loss_fn, device))


@mistake("train_epoch", "this is the sum over all examples: divide it by their number")
def sum_over_examples(model, loader, optimizer, loss_fn, device):
    return sum(loss * size for loss, size in epoch(model, loader, optimizer, loss_fn, device))


@mistake("train_epoch", "the sum over the examples is divided by the number of batches")
def divided_by_batches(model, loader, optimizer, loss_fn, device):
    losses = epoch(model, loader, optimizer, loss_fn, device)
    return sum(loss * size for loss, size in losses) / len(losses)


@mistake("train_epoch", "every batch counts as if it were as large as the first: the last one is smaller")
def first_size_for_all(model, loader, optimizer, loss_fn, device):
    losses = epoch(model, loader, optimizer, loss_fn, device)
    return sum(loss * losses[0][1] for loss, _ in losses) / sum(size for _, size in losses)


@mistake("train_epoch", "the loss is measured after the step of its batch, when it has fallen already")
def measured_after_its_step(model, loader, optimizer, loss_fn, device):
    losses = []
    for X, y in loader:
        epoch(model, [(X, y)], optimizer, loss_fn, device)
        with torch.no_grad():
            losses.append((loss_fn(model(X.to(device)), y.to(device)).item(), len(X)))
    return mean(losses)


@mistake("train_epoch", "a tensor is returned that keeps the graphs of all batches alive")
def keeps_the_graphs(model, loader, optimizer, loss_fn, device):
    model.train()
    total = count = 0
    for X, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(X.to(device)), y.to(device))
        loss.backward()
        optimizer.step()
        total, count = total + loss * len(X), count + len(X)
    return total / count


@mistake("train_epoch", "this is the loss of the last batch: the epoch's is the mean over all examples")
def last_loss(model, loader, optimizer, loss_fn, device):
    return epoch(model, loader, optimizer, loss_fn, device)[-1][0]


@mistake("train_epoch", "the epoch ends after its first batch")
def first_batch_only(model, loader, optimizer, loss_fn, device):
    return mean(epoch(model, [next(iter(loader))], optimizer, loss_fn, device))


@mistake("train_epoch", "the model stays in evaluation mode while it learns")
def evaluation_mode_kept(model, loader, optimizer, loss_fn, device):
    return mean(epoch(model, loader, optimizer, loss_fn, device, mode=False))


@mistake("train_epoch", "the scores go through a softmax before the loss: cross-entropy has its own")
def softmax_first(model, loader, optimizer, loss_fn, device):
    return mean(epoch(model, loader, optimizer, loss_fn, device, score=lambda scores: F.softmax(scores, dim=1)))


@mistake("train_epoch", "the loss is always cross-entropy, whatever loss_fn was given")
def own_loss(model, loader, optimizer, loss_fn, device):
    return mean(epoch(model, loader, optimizer, F.cross_entropy, device))


@mistake("train_epoch", "the loss is divided by the batch size a second time: it is a mean already")
def divided_twice(model, loader, optimizer, loss_fn, device):
    losses = []
    model.train()
    for X, y in loader:
        X, y = X.to(device), y.to(device)
        optimizer.zero_grad()
        loss = loss_fn(model(X), y) / len(X)
        loss.backward()
        optimizer.step()
        losses.append((loss.item(), len(X)))
    return mean(losses)


@mistake("train_epoch", "the batch stays on the CPU, inputs and labels: .to(device) changes nothing in place")
def batch_left_behind(model, loader, optimizer, loss_fn, device):
    return mean(epoch(model, loader, optimizer, loss_fn, device, move=""))


@mistake("train_epoch", "the inputs stay on the CPU, and the model is on the device")
def inputs_left_behind(model, loader, optimizer, loss_fn, device):
    return mean(epoch(model, loader, optimizer, loss_fn, device, move="y"))


@mistake("train_epoch", "the labels stay on the CPU, and the scores are on the device")
def labels_left_behind(model, loader, optimizer, loss_fn, device):
    return mean(epoch(model, loader, optimizer, loss_fn, device, move="X"))


# --- evaluate


@mistake("evaluate", "this is the mean of the batches' means: a short last batch then counts as much as a full one")
def evaluate_mean_of_means(model, loader, loss_fn, device):
    found = [solution.evaluate(model, [batch], loss_fn, device) for batch in loader]
    return tuple(sum(values) / len(found) for values in zip(*found, strict=True))


def rated(model, loader, loss_fn, device, *, mode=False, graph=False, move="Xy"):
    """Loss, right answers and size of every batch, with parts of the loop left out."""
    if not mode:
        model.eval()
    found = []
    with torch.set_grad_enabled(graph):
        for X, y in loader:
            X, y = X.to(device) if "X" in move else X, y.to(device) if "y" in move else y
            scores = model(X)
            found.append((loss_fn(scores, y).item(), (scores.argmax(dim=1) == y).sum().item(), len(X)))
    return found


def both_means(found):
    count = sum(size for *_, size in found)
    return sum(loss * size for loss, _, size in found) / count, sum(right for _, right, _ in found) / count


@mistake("evaluate", "the loss is the mean of the batches' means: a short last batch then counts as much as a full one")
def evaluate_mean_of_mean_losses(model, loader, loss_fn, device):
    found = rated(model, loader, loss_fn, device)
    return sum(loss for loss, *_ in found) / len(found), both_means(found)[1]


@mistake("evaluate", "the model stays in training mode while it is measured")
def training_mode_kept(model, loader, loss_fn, device):
    return both_means(rated(model, loader, loss_fn, device, mode=True))


@mistake("evaluate", "a graph is built behind the scores and the loss: measuring needs none")
def graph_kept(model, loader, loss_fn, device):
    return both_means(rated(model, loader, loss_fn, device, graph=True))


@mistake("evaluate", "a graph is built, and the model stays in training mode: none of the two switches is set")
def neither_switch(model, loader, loss_fn, device):
    return both_means(rated(model, loader, loss_fn, device, graph=True, mode=True))


@mistake("evaluate", "the right answers are divided by the number of batches")
def right_answers_by_batches(model, loader, loss_fn, device):
    found = rated(model, loader, loss_fn, device)
    return both_means(found)[0], sum(right for _, right, _ in found) / len(found)


@mistake("evaluate", "both sums over the examples are divided by the number of batches")
def both_by_batches(model, loader, loss_fn, device):
    found = rated(model, loader, loss_fn, device)
    return sum(loss * size for loss, _, size in found) / len(found), sum(right for _, right, _ in found) / len(found)


@mistake("evaluate", "accuracy is a count of right answers, and a fraction is wanted")
def counts_right_answers(model, loader, loss_fn, device):
    loss, accuracy = solution.evaluate(model, loader, loss_fn, device)
    return loss, round(accuracy * sum(len(X) for X, _ in loader))


@mistake("evaluate", "accuracy is in percent: a fraction between 0 and 1 is wanted")
def percent(model, loader, loss_fn, device):
    loss, accuracy = solution.evaluate(model, loader, loss_fn, device)
    return loss, 100 * accuracy


@mistake("evaluate", "loss and accuracy have changed places: the loss comes first")
def swapped(model, loader, loss_fn, device):
    return solution.evaluate(model, loader, loss_fn, device)[::-1]


@mistake("evaluate", "only the last batch counts: are the sums begun anew in every batch?")
def last_batch_only(model, loader, loss_fn, device):
    return solution.evaluate(model, [list(loader)[-1]], loss_fn, device)


@mistake("evaluate", "accuracy is cut off to a whole number: // and int() do that")
def whole_accuracy(model, loader, loss_fn, device):
    loss, accuracy = solution.evaluate(model, loader, loss_fn, device)
    return loss, float(int(accuracy))


@mistake("evaluate", "the loss is a sum over the batches: divide by the number of examples")
def sum_of_batch_losses(model, loader, loss_fn, device):
    losses = [solution.evaluate(model, [batch], loss_fn, device)[0] for batch in loader]
    return sum(losses), solution.evaluate(model, loader, loss_fn, device)[1]


@mistake("evaluate", "the smallest score is taken for the answer")
def worst_answer(model, loader, loss_fn, device):
    loss, _ = solution.evaluate(model, loader, loss_fn, device)
    with torch.no_grad():
        right = [(model(X.to(device)).argmin(dim=1) == y.to(device)).sum().item() for X, y in loader]
    return loss, sum(right) / sum(len(X) for X, _ in loader)


@mistake("evaluate", "the loss is always cross-entropy, whatever loss_fn was given")
def evaluate_own_loss(model, loader, loss_fn, device):
    return solution.evaluate(model, loader, F.cross_entropy, device)


@mistake("evaluate", "the batch stays on the CPU, inputs and labels: .to(device) changes nothing in place")
def evaluate_batch_left_behind(model, loader, loss_fn, device):
    return both_means(rated(model, loader, loss_fn, device, move=""))


@mistake("evaluate", "the inputs stay on the CPU, and the model is on the device")
def evaluate_inputs_left_behind(model, loader, loss_fn, device):
    return both_means(rated(model, loader, loss_fn, device, move="y"))


@mistake("evaluate", "the labels stay on the CPU, and the scores are on the device")
def evaluate_labels_left_behind(model, loader, loss_fn, device):
    return both_means(rated(model, loader, loss_fn, device, move="X"))


# --- overfit_one_batch


def by_heart(model, batch, steps, *, lr=0.01, order="zbs", score=lambda scores: scores):
    """Adam on one batch, with the parts of a step in another order; returns the losses."""
    X, labels = batch
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(score(model(X)), labels)
        parts = {"z": optimizer.zero_grad, "b": loss.backward, "s": optimizer.step}
        for part in order:
            parts[part]()
        losses.append(loss.item())
    return losses


@mistake("overfit_one_batch", "the weights never change: step is missing, or zero_grad stands right before it and takes its gradients away")
def by_heart_without_step(model, batch, steps):
    return by_heart(model, batch, steps, order="zb")


@mistake("overfit_one_batch", "gradients of earlier steps are still there: zero_grad is missing, and backward adds")
def by_heart_never_zeroed(model, batch, steps):
    return by_heart(model, batch, steps, order="bs")


@mistake("overfit_one_batch", "gradients are cleared once, before the first step, and not for every step: backward adds to what is there")
def by_heart_zeroed_once(model, batch, steps):
    model.zero_grad()
    return by_heart(model, batch, steps, order="bs")


@mistake("overfit_one_batch", "the loss falls, but hardly: the steps are far too small, or too few")
def by_heart_too_slowly(model, batch, steps):
    return by_heart(model, batch, steps, lr=1e-5)


@mistake("overfit_one_batch", "a copy of the model is trained: the model itself knows as little as before")
def trains_a_copy(model, batch, steps):
    return solution.overfit_one_batch(copy.deepcopy(model), batch, steps)


@mistake("overfit_one_batch", "the scores go through a softmax before the loss, which then cannot come near 0")
def by_heart_softmax(model, batch, steps):
    return by_heart(model, batch, steps, score=lambda scores: F.softmax(scores, dim=1))


@mistake("overfit_one_batch", "every step sees one example, and not the whole batch")
def one_example_per_step(model, batch, steps):
    X, labels = batch
    return [solution.overfit_one_batch(model, (X[i % len(X)][None], labels[i % len(X)][None]), 1)[0] for i in range(steps)]


@mistake("overfit_one_batch", "every step sees half of the batch, and not the whole")
def half_per_step(model, batch, steps):
    X, labels = batch
    half = len(X) // 2
    rows = [torch.arange(step * half, (step + 1) * half) % len(X) for step in range(steps)]
    return [solution.overfit_one_batch(model, (X[part], labels[part]), 1)[0] for part in rows]


@mistake("overfit_one_batch", "there is one loss too many: steps tells how many")
def one_loss_too_many(model, batch, steps):
    return solution.overfit_one_batch(model, batch, steps + 1)


@mistake("overfit_one_batch", "there is one loss too few: the loop ends one step too early, or begins one too late")
def one_loss_too_few(model, batch, steps):
    return solution.overfit_one_batch(model, batch, steps - 1)


@mistake("overfit_one_batch", "the losses of earlier calls are still in the list: it is made only once, outside of the call")
def grows_for_ever(model, batch, steps, losses=[]):
    losses += solution.overfit_one_batch(model, batch, steps)
    return list(losses)


@mistake("overfit_one_batch", "it stops as soon as all answers are right: the loss may then still be far from 0")
def stops_on_accuracy(model, batch, steps):
    X, labels = batch
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        scores = model(X)
        loss = F.cross_entropy(scores, labels)
        loss.backward()
        losses.append(loss.item())
        if (scores.argmax(dim=1) == labels).all():
            break
        optimizer.step()
    return losses


@mistake("overfit_one_batch", "the loss is measured after the step: the first entry belongs to the untrained model")
def measured_afterwards(model, batch, steps):
    losses = solution.overfit_one_batch(model, batch, steps)
    with torch.no_grad():
        return [*losses[1:], F.cross_entropy(model(batch[0]), batch[1]).item()]


# --- ConvNet


@mistake("ConvNet", "probabilities are returned, none below 0 and together 1: cross-entropy has a softmax of its own")
class ConvSoftmax(solution.ConvNet):
    def forward(self, images):
        return F.softmax(super().forward(images), dim=1)


@mistake("ConvNet", "no score is ever negative: something after the last layer cuts them off or squashes them")
class ConvRelu(solution.ConvNet):
    def forward(self, images):
        return F.relu(super().forward(images))


@mistake("ConvNet", "the answer itself is returned: a network gives ten scores per image, argmax comes later")
class ConvAnswers(solution.ConvNet):
    def forward(self, images):
        return super().forward(images).argmax(dim=1)


@mistake("ConvNet", "there is no convolution: with linear layers only, neighbouring pixels are strangers")
class NoConvolution(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))


@mistake("ConvNet", "there are nine scores: ten digits from 0 to 9 need ten")
class NineScores(solution.ConvNet):
    def forward(self, images):
        return super().forward(images)[:, :9]


@mistake("ConvNet", "an image's scores depend on the other images of the batch, in evaluation mode too")
class MixedImages(solution.ConvNet):
    def forward(self, images):
        scores = super().forward(images)
        return scores.T.reshape(scores.shape)


@mistake("ConvNet", "the same image gets other scores each time, in evaluation mode too: something in forward is drawn anew")
class AlwaysDropout(solution.ConvNet):
    def forward(self, images):
        return super().forward(F.dropout(images, 0.3))


@mistake("ConvNet", "a single image's scores have lost the axis of the images: squeeze takes every axis of one")
class Squeezed(solution.ConvNet):
    def forward(self, images):
        return super().forward(images).squeeze()


@mistake("ConvNet", "some parameters get no gradient: a layer is never used, the graph is cut, or everything is dropped")
class UnusedLayer(solution.ConvNet):
    def __init__(self):
        super().__init__()
        self.forgotten = nn.Linear(10, 10)


@mistake("ConvNet", "it has more than 500 000 parameters")
class TooLarge(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(6272, 96), nn.ReLU(), nn.Linear(96, 10))


@mistake("ConvNet", "the layers lie in a Python list, where the module cannot find them: take nn.ModuleList or nn.Sequential")
class ConvInAList(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = [nn.Conv2d(1, 4, 3, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(676, 10)]

    def forward(self, images):
        for part in self.parts:
            images = part(images)
        return images


# --- trained_model: what it answers


@mistake("trained_model", "it gives the digit itself: ten scores per image are wanted, argmax comes later")
def gives_digits(images):
    return solution.trained_model.cpu()(images).argmax(dim=1)


@mistake("trained_model", "it answers as if it had learned nothing: one in ten is right, which is chance")
def never_trained(images):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return solution.ConvNet()(images)


@mistake("trained_model", "it gives the same answer to every image")
def one_answer(images):
    return torch.arange(10.0).repeat(len(images), 1)


@mistake("trained_model", "its scores are not numbers any more (nan): training diverged")
def diverged(images):
    return torch.full((len(images), 10), torch.nan)


@mistake("trained_model", "every answer is one too large: labels count from 0, as the ten scores do")
def counts_from_one(images):
    return solution.trained_model.cpu()(images).roll(1, dims=1)


@mistake("trained_model", "it answers for one image only: keep the batch axis through all layers")
def first_image_only(images):
    return solution.trained_model.cpu()(images[:1])


@mistake("trained_model", "its scores lie the wrong way round: a row for every image, a column for every digit")
def scores_as_columns(images):
    return solution.trained_model.cpu()(images).T


# --- benchmark


def clocked(fn, device, repeats, *, warm_up=1, wait_before=True, wait_after=True):
    """Seconds of `repeats` calls, with parts left out."""
    for _ in range(warm_up):
        fn()
    if wait_before:
        devices.synchronize(device)
    started = time.perf_counter()
    for _ in range(repeats):
        fn()
    if wait_after:
        devices.synchronize(device)
    return time.perf_counter() - started


@mistake("benchmark", "there is no warm-up: the slow first call is counted")
def cold(fn, device, repeats):
    return clocked(fn, device, repeats, warm_up=0) / repeats


@mistake("benchmark", "the clock stops before the device is done")
def never_waits_at_the_end(fn, device, repeats):
    return clocked(fn, device, repeats, wait_after=False) / repeats


@mistake("benchmark", "the clock starts while the device is still busy with the warm-up")
def starts_too_early(fn, device, repeats):
    return clocked(fn, device, repeats, wait_before=False) / repeats


@mistake("benchmark", "this is the time of all calls together: seconds per call are wanted")
def all_calls(fn, device, repeats):
    return clocked(fn, device, repeats)


@mistake("benchmark", "this is in milliseconds: seconds are wanted")
def milliseconds(fn, device, repeats):
    return 1000 * clocked(fn, device, repeats) / repeats


@mistake("benchmark", "this is a rate, calls per second: seconds per call are wanted")
def rate(fn, device, repeats):
    return repeats / clocked(fn, device, repeats)


@mistake("benchmark", "the clock runs during the warm-up as well")
def clock_during_warm_up(fn, device, repeats):
    started = time.perf_counter()
    clocked(fn, device, repeats)
    return (time.perf_counter() - started) / repeats


@mistake("benchmark", "this clock counts the processor's work alone, and not how long you wait")
def processor_time(fn, device, repeats):
    fn()
    devices.synchronize(device)
    started = time.process_time()
    for _ in range(repeats):
        fn()
    devices.synchronize(device)
    return (time.process_time() - started) / repeats


@mistake("benchmark", "the time of all calls is divided by one call too many: the warm-up is not in it")
def warm_up_among_the_calls(fn, device, repeats):
    return clocked(fn, device, repeats) / (repeats + 1)


@mistake("benchmark", "fn is called once and not repeats times: a single call is no measurement")
def single_call(fn, device, repeats):
    return clocked(fn, device, 1)


# --- train_epoch_fast


def quick(
    model, images, labels, optimizer, batch_size, device, *, bf16=True, order="zbs", keep=lambda loss, n: loss.detach() * n, rows=None
):
    """The fast epoch with parts exchanged; returns (sum of what `keep` kept, the rows of every batch)."""
    images, labels = images.to(device), labels.to(device)
    batches = torch.randperm(len(images), device=device).split(batch_size) if rows is None else rows
    total = 0.0
    for batch in batches:
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16 and devices.mixed(device)):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
        parts = {"z": optimizer.zero_grad, "b": loss.backward, "s": optimizer.step}
        for part in order:
            parts[part]()
        total = total + keep(loss, len(batch))
    return total, batches


@mistake("train_epoch_fast", "the processor waits in every batch: something asks for a number, as .item(), float() and print do")
def reads_every_loss(model, images, labels, optimizer, batch_size, device):
    model.train()
    return quick(model, images, labels, optimizer, batch_size, device, keep=lambda loss, n: loss.item() * n)[0] / len(images)


@mistake("train_epoch_fast", "scores are float32 where bfloat16 pays: no autocast is open around them")
def single_precision(model, images, labels, optimizer, batch_size, device):
    model.train()
    return float(quick(model, images, labels, optimizer, batch_size, device, bf16=False)[0]) / len(images)


@mistake("train_epoch_fast", "every batch asks for its images to be moved, with .to or the like: one trip before the loop is enough")
def moves_every_batch(model, images, labels, optimizer, batch_size, device):
    model.train()
    total = torch.zeros((), device=device)
    for rows in torch.randperm(len(images)).split(batch_size):
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(images[rows].to(device)), labels[rows].to(device))
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
    return total.item() / len(images)


def quick_on(model, images, labels, optimizer, batch_size, device):
    """The fast epoch on data where it lies."""
    model.train()
    total = torch.zeros((), device=device)
    for rows in torch.randperm(len(images)).split(batch_size):
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(images[rows]), labels[rows])
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
    return total.item() / len(images)


@mistake("train_epoch_fast", "images and labels stay where they are: .to(device) changes nothing in place")
def left_where_they_are(model, images, labels, optimizer, batch_size, device):
    images.to(device), labels.to(device)
    return quick_on(model, images, labels, optimizer, batch_size, device)


@mistake("train_epoch_fast", "the sum of the losses lies on the CPU, and losses of the device are added to it")
def sums_on_the_cpu(model, images, labels, optimizer, batch_size, device):
    model.train()
    total = torch.zeros(())

    def keep(loss, n):
        nonlocal total
        total += loss.detach() * n
        return 0

    quick(model, images, labels, optimizer, batch_size, device, keep=keep)
    return total.item() / len(images)


@mistake("train_epoch_fast", "the images come in the order of the array")
def never_shuffled(model, images, labels, optimizer, batch_size, device):
    model.train()
    rows = torch.arange(len(images), device=device).split(batch_size)
    return float(quick(model, images, labels, optimizer, batch_size, device, rows=rows)[0]) / len(images)


@mistake("train_epoch_fast", "the last, smaller batch is left out: every image has its turn")
def drops_the_rest(model, images, labels, optimizer, batch_size, device):
    model.train()
    rows = [batch for batch in torch.randperm(len(images)).split(batch_size) if len(batch) == min(batch_size, len(images))]
    return float(quick(model, images, labels, optimizer, batch_size, device, rows=rows)[0]) / sum(map(len, rows))


@mistake("train_epoch_fast", "the last, smaller batch is left out, and the sum without it is divided by all images")
def drops_the_rest_of_the_sum(model, images, labels, optimizer, batch_size, device):
    model.train()
    rows = [batch for batch in torch.randperm(len(images), device=device).split(batch_size) if len(batch) == batch_size]
    return float(quick(model, images, labels, optimizer, batch_size, device, rows=rows)[0]) / len(images)


@mistake("train_epoch_fast", "this is the mean of the batches' means: a short last batch then counts as much as a full one")
def fast_mean_of_means(model, images, labels, optimizer, batch_size, device):
    model.train()
    total, rows = quick(model, images, labels, optimizer, batch_size, device, keep=lambda loss, n: loss.detach())
    return float(total) / len(rows)


@mistake("train_epoch_fast", "this is the sum over all images: divide by their number")
def sum_over_images(model, images, labels, optimizer, batch_size, device):
    model.train()
    return float(quick(model, images, labels, optimizer, batch_size, device)[0])


@mistake("train_epoch_fast", "gradients of earlier batches are still there: zero_grad is missing, and backward adds")
def fast_never_zeroed(model, images, labels, optimizer, batch_size, device):
    model.train()
    return float(quick(model, images, labels, optimizer, batch_size, device, order="bs")[0]) / len(images)


@mistake("train_epoch_fast", "the model stays in evaluation mode while it learns")
def fast_evaluation_mode(model, images, labels, optimizer, batch_size, device):
    return float(quick(model, images, labels, optimizer, batch_size, device)[0]) / len(images)


@mistake("train_epoch_fast", "images are read one by one, as a DataLoader does: Python is paid for every image")
def through_a_loader(model, images, labels, optimizer, batch_size, device):
    model.train()
    total = torch.zeros((), device=device)
    for X, y in DataLoader(TensorDataset(images.to(device), labels.to(device)), batch_size, shuffle=True):
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(X)
    return total.item() / len(images)


@mistake("train_epoch_fast", "the weights have become bfloat16, where small steps are lost")
def bfloat16_weights(model, images, labels, optimizer, batch_size, device):
    model.bfloat16()
    return solution.train_epoch_fast(model, images.bfloat16(), labels, optimizer, batch_size, device)


@mistake("train_epoch_fast", "rows are drawn with replacement: some images come twice, others never")
def with_replacement(model, images, labels, optimizer, batch_size, device):
    model.train()
    rows = torch.randint(len(images), (len(images),), device=device).split(batch_size)
    return float(quick(model, images, labels, optimizer, batch_size, device, rows=rows)[0]) / len(images)


@mistake("train_epoch_fast", "no step is taken: backward only computes gradients")
def fast_no_step(model, images, labels, optimizer, batch_size, device):
    model.train()
    return float(quick(model, images, labels, optimizer, batch_size, device, order="zb")[0]) / len(images)


@mistake("train_epoch_fast", "labels are parted from their images: the two are not shuffled alike")
def labels_apart(model, images, labels, optimizer, batch_size, device):
    images, labels = images.to(device), labels.to(device)
    images = images[torch.randperm(len(images), device=device)]
    model.train()
    rows = torch.arange(len(images), device=device).split(batch_size)
    return float(quick(model, images, labels, optimizer, batch_size, device, rows=rows)[0]) / len(images)


@mistake("train_epoch_fast", "there is one step in the whole epoch, after all batches: every batch is to have its own")
def one_step_at_the_end(model, images, labels, optimizer, batch_size, device):
    model.train()
    optimizer.zero_grad()
    total = quick(model, images, labels, optimizer, batch_size, device, order="b")[0]
    optimizer.step()
    return float(total) / len(images)


@mistake("train_epoch_fast", "every epoch has the same order: the random numbers start from one seed each time")
def same_order_every_epoch(model, images, labels, optimizer, batch_size, device):
    model.train()
    rows = torch.randperm(len(images), generator=torch.Generator().manual_seed(0)).split(batch_size)
    return float(quick(model, images, labels, optimizer, batch_size, device, rows=rows)[0]) / len(images)


@mistake("train_epoch_fast", "inputs are moved, and the labels stay on the CPU")
def fast_labels_left_behind(model, images, labels, optimizer, batch_size, device):
    return quick_on(model, images.to(device), labels, optimizer, batch_size, device)
