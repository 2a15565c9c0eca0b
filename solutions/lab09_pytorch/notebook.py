# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     notebook_metadata_filter: -jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How fast can your own network learn to read?
#
# In lab 4 you wrote every gradient by hand. PyTorch writes them for you and runs on any device. Here you rebuild your
# network in it, find out how training goes wrong, teach a small network to read real handwriting, and then make it
# fast, for reasons that you measure.
#
# Nine exercises, 150 minutes. Everything runs on a CPU; where there is a GPU, the same cells use it.

# %% tags=["setup"]
import time
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from course_utils import charts, check, data, devices, diagrams, plots, training

torch.set_num_threads(devices.threads())
device = devices.best()
settings = devices.settings(device)
digits = data.mnist()

# %%
diagrams.captioned(
    lambda: (digits.X_train[:20], [str(label) for label in digits.y_train[:20]]),
    "Can you read all of them?",
)

# %% [markdown]
# These come from 3500 digits to train with and 500 to validate with, out of MNIST (LeCun, Cortes and Burges). Another
# 1000 are kept back: your network is graded on them, each shifted and turned a little. **Which device will do the
# work?**

# %%
str(device), settings.name

# %% [markdown]
# ## A tensor is an array with an address
#
# A `torch.Tensor` has a shape and a type as an array has, and besides it lives on a *device*: in the memory of the CPU
# or of a GPU. Operations want all their tensors on one device.
#
# There are two ways in. One shares the array's memory, the other copies it:

# %%
array = np.zeros(3, dtype=np.float32)
shared, copied = torch.from_numpy(array), torch.tensor(array)
array[0] = 7
shared, copied

# %% [markdown]
# ### Exercise: `to_tensor`
# *Easy, 6 minutes.*
#
# Sharing costs nothing and surprises later; here we want a copy. And the type matters:
#
# | array | tensor | why |
# |---|---|---|
# | floats, `float64` or `float32` | `float32` | half the bytes, and what layers hold |
# | whole numbers, `int64`, `int32`, `uint8` … | `int64` | what a loss takes as labels |
#
# So `[0.5, 1.5]` of 16 bytes becomes 8 bytes, and labels of type `int32` become `int64`. The array's type decides:
# `[1.0, 2.0]` are floats.


# %% nbgrader={"grade": false, "grade_id": "to_tensor", "locked": false, "schema_version": 3, "solution": true, "task": false}
def to_tensor(array, device):
    """The array's numbers as a tensor on the device, in memory of its own.

    float32 for floats, int64 for whole numbers, as exact as these types are.  requires_grad stays False.
    array: floats or whole numbers, of any shape; not reversed like a[::-1], which torch cannot read.
    device: a torch.device, such as torch.device("cpu").
    to_tensor(np.array([0.5, 1.5]), torch.device("cpu"))  ->  tensor([0.5000, 1.5000])
    """
    ### BEGIN SOLUTION
    dtype = torch.float32 if np.issubdtype(array.dtype, np.floating) else torch.int64
    return torch.tensor(array, dtype=dtype, device=device)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "to_tensor_check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("to_tensor")

# %% [markdown]
# <details><summary>Stuck? The tensor stays on the CPU</summary>
#
# `tensor.to(device)` changes nothing in place: it returns another tensor. What becomes of that one in your code?
# </details>

# %% [markdown]
# ## Your network, in PyTorch
#
# `nn.Linear(3, 2)` is the layer $XW+b$ with three inputs and two outputs. It keeps its weight as the slides of lecture
# 001 draw it, outputs first, which is the transpose of our $W$:

# %%
nn.Linear(3, 2).weight.shape

# %% [markdown]
# ### Exercise: `MLP`
# *Medium, 12 minutes.*
#
# Lab 4's network: ReLU between the layers, none after the last. With $X=(2,-1)$:
#
# $$W_1=\begin{pmatrix}1&-1\\1&2\end{pmatrix}\ b_1=(0,1)\quad W_2=\begin{pmatrix}2\\5\end{pmatrix}\ b_2=(-3)$$
#
# gives $Z_1=(1,-3)$, after ReLU $(1,0)$, and in the end $2-3=-1$.
#
# A module finds the layers that are its attributes, or that lie in an `nn.ModuleList` or `nn.Sequential`.


# %% nbgrader={"grade": false, "grade_id": "MLP", "locked": false, "schema_version": 3, "solution": true, "task": false}
class MLP(nn.Module):
    """Layers nn.Linear of the given sizes, in order, each with its own weights, and ReLU between them.

    MLP([64, 32, 10]) has two layers: 64 inputs, 32 hidden neurons, 10 scores.
    """

    def __init__(self, sizes):
        """sizes: a list of two or more whole numbers, the inputs first."""
        super().__init__()
        ### BEGIN SOLUTION
        self.layers = nn.ModuleList(nn.Linear(before, after) for before, after in pairwise(sizes))
        ### END SOLUTION

    def forward(self, X):
        """X: (N, sizes[0]), in the type of the weights, such as float64.

        Returns the last layer's sums, (N, sizes[-1]), in that type too.
        """
        ### BEGIN SOLUTION
        for layer in self.layers[:-1]:
            X = F.relu(layer(X))
        return self.layers[-1](X)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "MLP_check", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
check("MLP")

# %% [markdown]
# <details><summary>Stuck? "the model has 0 nn.Linear layers that it knows of"</summary>
#
# A Python list hides its contents from the module: no optimizer will ever see these layers. Which container does a
# module look into?
# </details>

# %% [markdown]
# **Autograd on paper.** One layer, one example $X=(1,2)$ with label 1, weights that give the scores $(\ln 3, 0)$: so
# $p=(\tfrac34,\tfrac14)$. By hand, as in lab 4:
#
# | | |
# |---|---|
# | $dZ = p - \text{onehot}$ | $(0.75, -0.75)$ |
# | $dW = X^T dZ$ | $\begin{pmatrix}0.75&-0.75\\1.5&-1.5\end{pmatrix}$ |
#
# **And PyTorch?**

# %%
W, b = np.array([[np.log(3), 0], [0, 0]]), np.zeros(2)
layer = training.copy_params(nn.Linear(2, 2), [(W, b)])
X, label = torch.tensor([[1.0, 2.0]], dtype=torch.float64), torch.tensor([1])
F.cross_entropy(layer(X), label).backward()
layer.weight.grad.T

# %% [markdown]
# The same numbers. `backward` left them in `.grad` of every parameter. (TensorFlow 1 handed them out as a list, which
# lecture 000 forgets when it multiplies `lr * grads`.)
#
# Now bring your own: paste `mlp_loss` of lab 4 and what it needs into the next cell. The largest differences should be
# below $10^{-10}$.

# %%
by_hand = None  # mlp_loss


def differences():
    rng = np.random.default_rng(4)
    params = [(rng.normal(size=sizes), rng.normal(size=sizes[1])) for sizes in pairwise([64, 32, 16, 10])]
    X, labels = rng.normal(size=(50, 64)), rng.integers(0, 10, size=50)
    grads = [grad for pair in by_hand(X, labels, params)[1] for grad in pair]
    model = training.copy_params(MLP([64, 32, 16, 10]), params)
    auto = training.gradients(model, F.cross_entropy, torch.from_numpy(X), torch.from_numpy(labels))
    return [float(np.abs(mine - its.numpy().T).max()) for mine, its in zip(grads, auto, strict=True)]


"paste yours above" if by_hand is None else plots.computed(differences)

# %% [markdown]
# ## The loop that trains
#
# | lecture 001, TensorFlow | PyTorch |
# |---|---|
# | the tape is forgotten by itself | `optimizer.zero_grad()` |
# | `tape.gradient(loss, …)` | `loss.backward()` |
# | `optimizer.apply_gradients(…)` | `optimizer.step()` |
#
# Lecture 001's loop also lets `MSE` return a loss per example; the tape adds them up, so a batch of 50 steps 50 times
# too far. PyTorch's losses are means, and `backward` wants one number.

# %%
w = torch.tensor(1.0, requires_grad=True)
slopes = []
for _ in range(3):
    ((w - 3) ** 2).backward()
    slopes.append(w.grad.item())
slopes

# %% [markdown]
# The slope of $(w-3)^2$ at 1 is $-4$, every time. `backward` *adds* it to `.grad`, because a weight that is used twice
# needs the sum (lab 5). **So what has to happen between two batches?**

# %% [markdown]
# ### Exercise: `train_epoch`
# *Medium, 12 minutes.*
#
# One pass over a loader, a step per batch. Report the mean loss over the *examples*, each measured just before its
# batch's step. Batches may differ in size:
#
# | batch | examples | its mean loss |
# |---|---|---|
# | 1 | 4 | 1.0 |
# | 2 | 4 | 1.0 |
# | 3 | 2 | 2.0 |
#
# Over the examples that is $(4+4+4)/10=1.2$; the mean of the three means, $1.33$, is something else.


# %% nbgrader={"grade": false, "grade_id": "train_epoch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_epoch(model, loader, optimizer, loss_fn, device):
    """Train for one epoch, in training mode, and return the mean loss per example as a float.

    Each step uses the gradient of its own batch, as the loss gives it: no clipping.
    model: an nn.Module, on the device already, without gradients.  Its mode afterwards does not matter.
    loader: gives batches (X, y), on the CPU.  optimizer: holds the model's parameters.
    loss_fn(scores, y): the mean loss of a batch.
    """
    ### BEGIN SOLUTION
    model.train()
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
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "train_epoch_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("train_epoch")

# %% [markdown]
# <details><summary>Stuck? The first batch is right, from the second on the weights drift away</summary>
#
# Print `.grad` of a parameter before each `backward`. What is in it at the start of the second batch?
# </details>

# %% [markdown]
# ### Exercise: `evaluate`
# *Medium, 10 minutes.*
#
# Measuring is not training. Two switches belong to it, and they are different things:
#
# | switch | what it does |
# |---|---|
# | `model.eval()` | dropout passes everything on, batch norm uses its running statistics |
# | `torch.no_grad()` | no graph is kept: less memory, more speed |
#
# Accuracy is a fraction. Of the scores $(2,1)$, $(0,3)$, $(1,0)$ with labels $0$, $1$, $1$, two are right: $0.667$.


# %% nbgrader={"grade": false, "grade_id": "evaluate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def evaluate(model, loader, loss_fn, device):
    """The mean loss per example and the fraction of right answers, two floats in this order.

    In evaluation mode and without a graph.  The weights stay as they are; the mode afterwards does not matter.
    model, loader, loss_fn, device: as in train_epoch.  y are labels; the largest score is the answer.
    """
    ### BEGIN SOLUTION
    model.eval()
    loss = right = count = 0
    with torch.no_grad():
        for X, y in loader:
            X, y = X.to(device), y.to(device)
            scores = model(X)
            loss += loss_fn(scores, y).item() * len(X)
            right += (scores.argmax(dim=1) == y).sum().item()
            count += len(X)
    return loss / count, right / count
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "evaluate_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("evaluate")

# %% [markdown]
# <details><summary>Stuck? The accuracy is above 1</summary>
#
# A sum of right answers is a count. What do you divide it by, once all batches are through?
# </details>

# %%
pixels_train = TensorDataset(torch.from_numpy(digits.X_train).flatten(1), torch.from_numpy(digits.y_train))
pixels_valid = TensorDataset(torch.from_numpy(digits.X_valid).flatten(1), torch.from_numpy(digits.y_valid))


def fit(model, epochs, loss_fn=F.cross_entropy):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loaders = DataLoader(pixels_train, 64, shuffle=True), DataLoader(pixels_valid, 500)
    losses = {"training": [], "validation": []}
    for _ in training.progress(range(epochs), "epochs"):
        losses["training"].append(train_epoch(model, loaders[0], optimizer, loss_fn, device))
        losses["validation"].append(evaluate(model, loaders[1], loss_fn, device)[0])
    return losses


# %%
torch.manual_seed(0)
charts.learning(
    lambda: fit(MLP([784, 128, 10]).to(device), settings.epochs),
    "Your loop, your network: it learns",
)

# %% [markdown]
# The training loss keeps falling, the validation loss flattens: the network begins to remember instead of to read. The
# loops are yours, the gradients autograd's.
#
# Now a classic: `cross_entropy` contains the softmax, so it wants scores. **What if the network has a softmax of its
# own?**


# %%
def with_and_without_softmax():
    torch.manual_seed(0)
    plain, doubled = MLP([784, 128, 10]), nn.Sequential(MLP([784, 128, 10]), nn.Softmax(dim=1))
    return {name: fit(model.to(device), 5)["training"] for name, model in (("scores", plain), ("softmax", doubled))}


charts.learning(
    with_and_without_softmax,
    "Softmax twice: no error, and no way below 1.46",
    level=("1.46", 1.461),
)

# %% [markdown]
# Nothing warns you. Probabilities lie between 0 and 1, so even a perfect answer $(1,0,\dots,0)$, taken for scores, has
# the loss $\ln(e+9)-1=1.46$.
#
# (Lecture 000 has a sibling: a softmax loss on *one* output column, where the softmax is always 1 and the loss always
# 0.)

# %% [markdown]
# ## Learn one batch by heart
#
# Before hours of training, spend ten seconds. Lecture 001: restrict yourself to one or two small batches, and you should
# be able "to severely overfit and drive the loss to 0". If that fails, more data will not help: something is broken.
#
# With ten classes and nothing learned the loss is near $\ln 10 = 2.30$. It should start there and end at almost nothing.

# %% [markdown]
# ### Exercise: `overfit_one_batch`
# *Easy, 8 minutes.*
#
# The same batch in every step, all of it. The optimizer is yours: `torch.optim.Adam` with `lr=0.01` does well. Report the
# loss of every step, measured before the step: with `steps=3`, say, `[2.31, 1.62, 0.97]`.
#
# Accuracy is no reason to stop: at $p=0.4$ against $0.3$ and $0.3$ the answer is right, and the loss still $0.92$.


# %% nbgrader={"grade": false, "grade_id": "overfit_one_batch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def overfit_one_batch(model, batch, steps):
    """Train the model itself on one batch with cross-entropy; returns a list of `steps` losses, as floats.

    Every step sees the whole batch, and uses the gradients of its own weights only.
    model: an nn.Module.  batch: (X, labels), on the model's device.  steps: how many; all are done.
    300 steps bring 13 examples to a loss below 0.05.
    """
    ### BEGIN SOLUTION
    X, labels = batch
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    model.train()
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "overfit_one_batch_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("overfit_one_batch")

# %% [markdown]
# <details><summary>Stuck? The loss stays near where it began</summary>
#
# Three suspects: the optimizer holds other parameters than the model has, its step is far too small, or its gradients
# never arrive. Print one weight before and after a step.
# </details>


# %%
def by_heart():
    torch.manual_seed(0)
    batch = tuple(part.to(device) for part in pixels_train[:16])
    softmax = nn.Sequential(MLP([784, 64, 10]), nn.Softmax(dim=1)).to(device)
    return {
        "scores": overfit_one_batch(MLP([784, 64, 10]).to(device), batch, 60),
        "softmax": overfit_one_batch(softmax, batch, 60),
    }


charts.learning(by_heart, "One batch shows the bug in a second", xlabel="step", log=True)

# %% [markdown]
# ## A network that sees
#
# An MLP forgets which pixels are neighbours. Convolutions do not (lab 8). The digits have one channel, and a 3 × 3 filter
# with padding 1 keeps the size. Batch norm (lab 7) stands between a convolution and its ReLU:
#
# | block | shape of one image | parameters |
# |---|---|---|
# | 16 filters, batch norm, ReLU | 16 × 28 × 28 | (9 + 1)·16 + 32 = 192 |
# | maximum of 2 × 2 | 16 × 14 × 14 | 0 |
# | 32 filters, batch norm, ReLU | 32 × 14 × 14 | (144 + 1)·32 + 64 = 4704 |
# | maximum of 2 × 2 | 32 × 7 × 7 | 0 |
# | 48 filters, batch norm, ReLU | 48 × 7 × 7 | (288 + 1)·48 + 96 = 13968 |
# | maximum of 2 × 2 | 48 × 3 × 3 | 0 |
# | 10 scores | 10 | (432 + 1)·10 = 4330 |

# %% [markdown]
# ### Exercise: `ConvNet`
# *Medium, 15 minutes.*
#
# Build this network or one of your own. It returns scores, no probabilities (their logarithms will do). `nn.Conv2d(1, 16,
# 3, padding=1)`, `nn.BatchNorm2d(16)` and `nn.ReLU()` are the first row; `nn.MaxPool2d(2)`, `nn.Flatten()` and `nn.Linear`
# do the rest. (To flatten with `.view` works only for one layout in memory, and further down you will try another.)
#
# `nn.Dropout(p)` helps against learning by heart. Its `p` is the probability of *dropping*, as is the argument that
# lecture 000 calls `p` and Keras calls `rate`.


# %% nbgrader={"grade": false, "grade_id": "ConvNet", "locked": false, "schema_version": 3, "solution": true, "task": false}
class ConvNet(nn.Module):
    """A small convolutional network for digits: ConvNet() takes no arguments.

    One convolution or more, at most 500 000 parameters, and a gradient for each of them.
    """

    def __init__(self):
        super().__init__()
        ### BEGIN SOLUTION
        widths = [1, 16, 32, 48]
        blocks = [
            nn.Sequential(
                nn.Conv2d(before, after, 3, padding=1),
                nn.BatchNorm2d(after),
                nn.ReLU(),
                nn.MaxPool2d(2),
            )
            for before, after in pairwise(widths)
        ]
        self.network = nn.Sequential(*blocks, nn.Flatten(), nn.Dropout(0.1), nn.Linear(48 * 3 * 3, 10))
        ### END SOLUTION

    def forward(self, images):
        """images: (N, 1, 28, 28), float32.  Returns scores, (N, 10), float32.

        In evaluation mode an image's scores depend on that image alone, and are always the same.
        """
        ### BEGIN SOLUTION
        return self.network(images)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "ConvNet_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("ConvNet")

# %% [markdown]
# <details><summary>Stuck? "mat1 and mat2 shapes cannot be multiplied"</summary>
#
# Print the shape in front of your first `nn.Linear`. Which of its axes are one image's, and is their product the number
# that you gave to the layer?
# </details>


# %%
def images_by_heart():
    torch.manual_seed(0)
    X, labels = torch.from_numpy(digits.X_train[:16]), torch.from_numpy(digits.y_train[:16])
    return {"ConvNet": overfit_one_batch(ConvNet().to(device), (X.to(device), labels.to(device)), 20)}


charts.learning(images_by_heart, "First the sanity check: 16 digits by heart", xlabel="step", log=True)

# %% [markdown]
# ### Exercise: `trained_model`
# *Hard, 25 minutes.*
#
# Train a network with your own loop. It is graded on digits that this notebook never had, each moved by up to a pixel and
# turned by up to 5°. The marks are 90, 95 and 97 of 100, on moved validation digits and then on the hidden ones. What counts
# is what it answers, not the loss that you report.
#
# So let it see moved digits, fresh ones in every epoch: `training.moved(digits.X_train, rng, pixels=2, degrees=10)` gives
# images `(N, 1, 28, 28)`.

# %%
diagrams.captioned(
    lambda: (training.moved(digits.X_train[[0] * 10], np.random.default_rng(1), 2, 10), [""] * 10),
    "One digit, moved ten times",
)

# %% [markdown]
# The network of the table needs eight epochs: batches of 64, Adam with a learning rate of 0.006 that falls to nothing along
# a cosine (lab 6). That takes ten seconds on one core. From 20 starts it then read 97.4 to 98.6 of 100 hidden digits; twice
# the epochs are safer.
#
# `torch.optim.lr_scheduler` has several such schedules, each with a `step()`. Mind whether yours counts epochs or batches.
#
# If you want weight decay, take `AdamW`: what lecture 001 calls "L2 (weight decay)" is the same thing for plain SGD only
# (Loshchilov and Hutter, 2019).


# %% nbgrader={"grade": false, "grade_id": "trained_model", "locked": false, "schema_version": 3, "solution": true, "task": false}
# a trained network: images (N, 1, 28, 28), float32, to scores (N, 10)
trained_model = None
### BEGIN SOLUTION
seed = 0
torch.manual_seed(seed)
trained_model = ConvNet().to(device)
optimizer = torch.optim.Adam(trained_model.parameters(), lr=6e-3)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=8)
shift, labels = np.random.default_rng(seed), torch.from_numpy(digits.y_train)
for _ in training.progress(range(8), "training"):
    fresh = DataLoader(
        TensorDataset(training.moved(digits.X_train, shift, 2, 10), labels),
        batch_size=64,
        shuffle=True,
    )
    train_epoch(trained_model, fresh, optimizer, F.cross_entropy, device)
    schedule.step()
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "trained_model_check", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("trained_model")

# %% [markdown]
# <details><summary>Stuck? 99 of 100 in training, 94 of 100 on moved digits</summary>
#
# A network learns what it is shown. Which digits did it train on, and how do they differ from those that it is asked
# about? And are they the same in every epoch?
# </details>


# %%
def misread():
    images = training.moved(digits.X_valid, np.random.default_rng(2))
    answers = training.predict(trained_model, images).argmax(dim=1).numpy()
    wrong = np.flatnonzero(answers != digits.y_valid)[:10]
    return images[wrong], [f"{digits.y_valid[i]} as {answers[i]}" for i in wrong]


"train one first" if trained_model is None else diagrams.captioned(misread, "What your network misreads")

# %% [markdown]
# Would you have read them all? **What would you have to keep in order to use this network tomorrow?**

# %% [markdown]
# ## Keep it, and load it again
#
# A checkpoint is the `state_dict`: names and tensors, no code. Load with `weights_only=True`, which is also the default by
# now: without it a file may run any program while it is being read, so it is never a way to take a model from a stranger.
#
# `map_location` puts the tensors where you are, whatever device they were saved from. As a file holds no code, a network of
# the same build has to be there already: here a copy whose weights are wiped out.

# %%
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory


def reloaded():
    with TemporaryDirectory() as folder:
        file = Path(folder) / "digits.pt"
        torch.save(trained_model.state_dict(), file)
        state = torch.load(file, weights_only=True, map_location="cpu")
    again = deepcopy(trained_model).cpu()
    for parameter in again.parameters():
        nn.init.zeros_(parameter)
    again.load_state_dict(state)
    images = digits.X_valid[:100]
    return float((training.predict(again, images) - training.predict(trained_model, images)).abs().max())


"train one first" if trained_model is None else plots.computed(reloaded)

# %% [markdown]
# The largest difference between the saved network's scores and the original's: nothing, or rounding where a GPU was
# involved.

# %% [markdown]
# ## How long does it take?
#
# A GPU works while your program goes on: a call returns as soon as the work is *queued*. `devices.Pretend()` imitates
# that on any machine. Below, a program asks for a tenth of a second of work and looks at the clock, before and after
# waiting for the device:

# %%
pretended, started = devices.Pretend(), time.perf_counter()
pretended.launch(0.1)
queued = time.perf_counter() - started
devices.synchronize(pretended)
f"queued after {queued:.4f} s, done after {time.perf_counter() - started:.2f} s"

# %% [markdown]
# ### Exercise: `benchmark`
# *Medium, 10 minutes.*
#
# The first call is special too: memory is reserved, kernels are chosen or compiled. With a first call of 1 s and then 0.1 s
# each, five calls take 1.4 s, or 0.28 s per call: nearly three times too much.
#
# So: call once or more without counting, wait, start the clock, call `repeats` times, wait, stop the clock. Wait with
# `devices.synchronize(device)`, which is right for every device; you may also wait after each call. Any clock of `time` will
# do that goes on while a program sleeps. The checks bring a pretended device and a clock that only their own jobs move, so
# that a busy machine makes no difference.


# %% nbgrader={"grade": false, "grade_id": "benchmark", "locked": false, "schema_version": 3, "solution": true, "task": false}
def benchmark(fn, device, repeats):
    """Seconds per call of fn() in a steady state: after warm-up, with the device's work done.

    fn: takes no argument.  device: a torch.device, to be waited for by devices.synchronize(device).
    repeats: how many calls count.  Returns a float.
    benchmark(lambda: time.sleep(0.1), torch.device("cpu"), 5)  ->  0.1 or a little more
    """
    ### BEGIN SOLUTION
    fn()
    devices.synchronize(device)
    started = time.perf_counter()
    for _ in range(repeats):
        fn()
    devices.synchronize(device)
    return (time.perf_counter() - started) / repeats
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "benchmark_check", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
check("benchmark")

# %% [markdown]
# <details><summary>Stuck? Right on the CPU, and ten times too long on the device</summary>
#
# When your clock starts, is the device still busy with the warm-up?
# </details>


# %%
def step_on(place, batch_size, mixed=False):
    model = ConvNet().to(place)
    X = torch.from_numpy(np.resize(digits.X_train, (batch_size, 1, 28, 28))).to(place)
    labels = torch.from_numpy(np.resize(digits.y_train, batch_size)).to(place)

    def step():
        with torch.autocast(place.type, dtype=torch.bfloat16, enabled=mixed):
            loss = F.cross_entropy(model(X), labels)
        loss.backward()

    return step


# %%
def images_per_second():
    return [(str(place), 256 / benchmark(step_on(place, 256), place, 5)) for place in devices.available()]


charts.bars(
    images_per_second,
    "Your network on every device here",
    "images per second, forward and backward",
)

# %% [markdown]
# A bar per device: on a machine with a GPU there are two. **Does the size of the batch matter?**


# %%
def throughput():
    rates = [size / benchmark(step_on(device, size), device, 5) for size in settings.batch_sizes]
    return {str(device): (settings.batch_sizes, rates)}


charts.scaling(
    throughput,
    "The larger the batch, the faster? Up to a point",
    xlabel="batch size",
    ylabel="images per second",
)

# %% [markdown]
# Every operation has a fixed cost: Python, PyTorch, and on a GPU the launch of a kernel. Large batches share it among more
# images, until the device is full and the curve is flat. A GPU is full much later than a CPU. **And where does the time go
# inside a step?**

# %%
charts.bars(
    lambda: training.hottest(step_on(device, 256), device),
    "Where a step of 256 images spends its time",
    "milliseconds",
)

# %% [markdown]
# The profiler's names: `convolution_backward` is autograd's work on your filters, `max_pool2d` your pooling, `mm` and
# `addmm` the linear layers, `bernoulli_` draws dropout's mask. What is *not* in the picture is the loop around the step:
# the loader, and everything that makes the processor wait.

# %% [markdown]
# ## The same epoch, faster
#
# | habit | its price |
# |---|---|
# | a `DataLoader` picks image by image and stacks them | Python for every image |
# | `X.to(device)` in every batch | a trip over the bus, each time |
# | `loss.item()` in every batch | the GPU has to finish before Python goes on |
# | float32 products | twice the bytes, and a slower unit |

# %% [markdown]
# ### Exercise: `train_epoch_fast`
# *Hard, 20 minutes.*
#
# Move all the data once. Cut a random order into batches: `torch.randperm(5).split(2)` might be `(3, 0)`, `(4, 1)`, `(2)`,
# and `images[rows]` picks a whole batch. Sum the loss *on the device*, and read it once, at the end. And compute scores and
# loss inside
#
# `torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device))`
#
# where products are done in bfloat16 if that pays there; the weights stay float32.


# %% nbgrader={"grade": false, "grade_id": "train_epoch_fast", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_epoch_fast(model, images, labels, optimizer, batch_size, device):
    """Train for one epoch with cross-entropy, in training mode, with a step for every batch.

    Every image comes once, in a random order that is new in every epoch; torch or NumPy may draw it.
    Scores are computed under torch.autocast as above; the weights stay float32.  Between two batches
    nothing waits for the device, no image is moved, and none is read by itself.
    model: on the device already.  images, labels: tensors of N images and N labels, on any device.
    optimizer: holds the model's parameters.  batch_size: the last batch may be smaller.
    Returns the mean loss per image, a float: what train_epoch would report, within 2 %.
    """
    ### BEGIN SOLUTION
    images, labels = images.to(device), labels.to(device)
    model.train()
    total = torch.zeros((), device=device)
    for rows in torch.randperm(len(images), device=device).split(batch_size):
        optimizer.zero_grad()
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device)):
            loss = F.cross_entropy(model(images[rows]), labels[rows])
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
    return total.item() / len(images)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "train_epoch_fast_check", "locked": true, "points": 18, "schema_version": 3, "solution": false, "task": false}
check("train_epoch_fast")

# %% [markdown]
# <details><summary>Stuck? "more waits than with one batch"</summary>
#
# `.item()`, `float(loss)`, `print(loss)` and `if loss > …` all need the number itself, so all of them wait. A sum of tensors
# is a tensor and waits for nothing.
# </details>


# %%
X_speed = torch.from_numpy(digits.X_train[:1024]).repeat(settings.copies, 1, 1, 1)
y_speed = torch.from_numpy(digits.y_train[:1024]).repeat(settings.copies)
on_device = X_speed.to(device), y_speed.to(device)


def plain(model, optimizer, batch_size):
    loader = DataLoader(TensorDataset(X_speed, y_speed), batch_size, shuffle=True)
    return train_epoch(model, loader, optimizer, F.cross_entropy, device)


def fast(model, optimizer, batch_size):
    return train_epoch_fast(model, *on_device, optimizer, batch_size, device)


def seconds_per_epoch(epoch_of, batch_size, layout=torch.contiguous_format, compiled=False):
    model = ConvNet().to(device, memory_format=layout)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    model = torch.compile(model) if compiled else model
    return benchmark(lambda: epoch_of(model, optimizer, batch_size), device, 2)


# %%
def versions():
    large = settings.batch_sizes[-1]
    runs = {
        "plain loop, 64": (plain, 64),
        f"plain loop, {large}": (plain, large),
        "fast, 64": (fast, 64),
        f"fast, {large}": (fast, large),
    }
    runs["and channels last"] = (fast, large, torch.channels_last)
    if settings.compiles and not devices.why_not_compile(device):
        runs["and compiled"] = (fast, large, torch.channels_last, True)
    return [(name, len(X_speed) / seconds_per_epoch(*run)) for name, run in runs.items()]


speeds = plots.computed(versions)
charts.bars(lambda: speeds, "Each step of this section", "images per second, whole epochs")

# %% [markdown]
# "Channels last" stores the channels of a pixel side by side, which is how fast convolutions read them.
#
# `torch.compile` turns the whole network into a few fused kernels. That takes up to a minute, so the small setting leaves
# it out; set `settings = devices.LARGE` above to try it. It needs a compiler:

# %%
devices.why_not_compile(device) or "torch.compile can work here"

# %% [markdown]
# ## How far from the limit?
#
# A device has two limits: operations per second, and bytes per second between memory and arithmetic. If a step does $I$
# operations per byte that it moves, it cannot be faster than
#
# $$\min(\text{arithmetic limit},\ I\cdot\text{memory limit})$$
#
# That is the *roofline* (Williams, Waterman and Patterson, 2009). With 1000 GFLOP/s and 50 GB/s, everything below
# $1000/50=20$ operations per byte is limited by memory. Both limits of your device, measured:

# %%
roofs = {"float32": devices.matrix_rate(device)}
if devices.mixed(device):
    roofs["bfloat16"] = devices.matrix_rate(device, torch.bfloat16)
bandwidth = devices.memory_rate(device)
(
    [f"{name}: {peak / 1e9:,.0f} GFLOP/s" for name, peak in roofs.items()],
    f"memory: {bandwidth / 1e9:,.0f} GB/s",
)


# %%
def reached():
    if isinstance(speeds, str):
        return speeds
    found = {}
    for name, rate in speeds:
        mixed = devices.mixed(device) and not name.startswith("plain")
        operations, moved_bytes = training.work_of(step_on(device, 256, mixed))
        found[name] = operations / moved_bytes, operations / 256 * rate, list(roofs)[mixed]
    return found


charts.roofline(reached, roofs, bandwidth, "What each version makes of this device")

# %% [markdown]
# A percentage is a version's share of its own roof. Left of the edge a faster memory would help, right of it a faster
# multiplier; far below the roof it is neither, but the fixed costs: Python, launches, waiting.
#
# Two reservations. Bytes are counted as if every operation fetched its inputs and stored its results; a cache or a compiler
# that fuses operations saves some. And some GPUs do float32 convolutions in TF32, faster than the product measured here.

# %% [markdown]
# ## What you built
#
# Your network of lab 4 in PyTorch, with the same numbers; a training loop and a measuring one, without their classic
# mistakes; a network that reads real handwriting it has never seen; a fair clock; and an epoch that keeps a device busy.

# %% [markdown]
# **Reflect.** Which of the changes from the plain loop to the fast one gained most on your device, and which would you
# expect to gain most on a GPU that is a hundred times faster at products and ten times faster at memory? Use the roofline.
# Three to five sentences.

# %% [markdown] nbgrader={"grade": false, "grade_id": "reflection", "locked": false, "schema_version": 3, "solution": true, "task": false}
# On two CPU cores the layout in memory and bfloat16 gained most: the step itself takes nearly all of the time, so only a
# faster step helps. On the GPU the step shrinks to almost nothing, and the fixed costs stay: the DataLoader, a copy and a
# wait in every batch. Keeping the data on the device and large batches gain most there. As arithmetic grows more than
# memory, the edge of the roof moves from 4 to about 40 operations per byte, and a network with fewer than that is limited
# by memory: then bfloat16 and fused operations help because they move fewer bytes.

# %% [markdown]
# ## What comes next
#
# Your network is right 97 times of 100, or nearly. **Lab 10 is about the last two percent**: searching for good settings,
# asking several networks, and asking one network several times.
