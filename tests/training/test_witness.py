"""What a training loop does with device, precision and memory is written down as it was, on any machine."""

import contextlib
import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.training import devices, witness

CPU, META = torch.device("cpu"), torch.device("meta")


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(9)


# --- tensors and where they lie


def test_what_shares_memory_changes_with_the_array():
    array = np.array([1.0, 2.0])
    shared = witness.after_change(lambda array, device: torch.from_numpy(array), array, CPU)
    copied = witness.after_change(lambda array, device: torch.tensor(array, device=device), array, CPU)
    assert copied.tolist() == [1.0, 2.0]
    assert all(value not in (1.0, 2.0) for value in shared.tolist())
    assert array.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda array, device: torch.tensor(array, device=device), "meta"),
        (lambda array, device: torch.tensor(array), "cpu"),
        (lambda array, device: array.tolist(), "no device: not a tensor"),
        (lambda array, device: None, "no device: not a tensor"),
    ],
)
def test_the_place_of_a_tensor_is_its_device(make, place):
    assert witness.placed(make, np.zeros(2), META) == place


# --- gradients that are still there


def test_gradients_that_were_left_stand_in_one_row_in_the_order_of_the_parameters():
    model = nn.Linear(2, 3)
    for _ in range(2):
        model(torch.tensor([[1.0, 10.0]])).sum().backward()
    assert witness.left_gradients(model).tolist() == [2, 20, 2, 20, 2, 20, 2, 2, 2]


@pytest.mark.parametrize("zeroed", ["all", "one", "no step yet"])
def test_gradients_that_were_taken_away_are_no_row(zeroed):
    model = nn.Linear(2, 3)
    if zeroed != "no step yet":
        model(torch.ones(1, 2)).sum().backward()
    for parameter in list(model.parameters())[slice(None if zeroed == "all" else 1)]:
        parameter.grad = None
    assert witness.left_gradients(model).shape == (0,)


# --- what is trained


def test_a_network_depends_on_its_seed_and_on_nothing_else():
    torch.manual_seed(1)
    first, other = witness.network([5, 7, 3], 4), witness.network([5, 7, 3], 5)
    torch.manual_seed(2)
    again = witness.network([5, 7, 3], 4)
    X = torch.randn(2, 5, dtype=torch.float64)
    torch.testing.assert_close(first(X), again(X), rtol=0, atol=0)
    assert not torch.allclose(first(X), other(X))
    model, images, labels = witness.with_likely_labels(np.random.default_rng(2).normal(size=(6, 1, 3, 3)).astype(np.float32), 4)
    assert (images.shape, model(images).shape) == ((6, 1, 3, 3), (6, 3))
    assert F.cross_entropy(model(images), labels) < F.cross_entropy(model(images), (labels + 1) % 3)
    assert witness.normed(4)[1].running_mean.dtype is torch.float64


def test_a_loader_keeps_the_order_and_the_types():
    X, y = np.arange(10.0).reshape(5, 2), np.arange(5)
    batches = list(witness.loader(X, y, 2))
    assert [tuple(rows.shape) for rows, _ in batches] == [(2, 2), (2, 2), (1, 2)]
    np.testing.assert_array_equal(torch.cat([labels for _, labels in batches]), y)
    assert batches[0][0].dtype is torch.float64


def test_gradient_descent_is_plain_unless_it_has_momentum():
    model = nn.Linear(2, 1)
    assert witness.sgd(model, 0.1).defaults["momentum"] == 0
    assert witness.sgd(model, 0.1, 0.7).defaults["momentum"] == 0.7
    assert witness.weights(model).tolist() == [*model.weight.flatten().tolist(), *model.bias.tolist()]


# --- models


class Kept(nn.Module):
    """Keeps two layers as attributes, and others in whatever it is given."""

    def __init__(self, *kept):
        super().__init__()
        self.one, self.other = nn.Linear(2, 2), nn.ReLU()
        self.order, self.kept = [self.one, self.other], kept


@pytest.mark.parametrize(
    ("kept", "hidden"),
    [
        ([], 0),
        ([[nn.Linear(2, 2)]], 1),
        ([{"a": nn.Linear(2, 2), "b": [nn.ReLU(), 3]}], 2),
        ([([nn.Sequential(nn.Linear(2, 2), nn.ReLU())],)], 1),
        (["layers", {"a": 1}, np.zeros(3)], 0),
    ],
)
def test_layers_are_hidden_where_a_module_does_not_look(kept, hidden):
    assert witness.hidden_layers(Kept(*kept)) == hidden


class Through(nn.Module):
    """A layer, with something done to its input and to its output."""

    def __init__(self, before=lambda X: X, after=lambda Y: Y):
        super().__init__()
        self.layer, self.before, self.after = nn.Linear(2, 3), before, after

    def forward(self, X):
        return self.after(self.layer(self.before(X)))


@pytest.mark.parametrize(
    ("model", "kept"),
    [
        (Through(), [True, True, True]),
        (Through(torch.Tensor.float), [False, True, False]),
        (Through(torch.Tensor.double), [False, False, True]),
        (Through(after=torch.Tensor.float), [False, True, False]),
    ],
)
def test_the_type_of_the_scores_is_compared_with_that_of_X(model, kept):
    assert witness.keeps_types(model, torch.randn(4, 2, dtype=torch.float64)) == kept


@pytest.mark.parametrize(("after", "graphs"), [(lambda Y: Y, [False, True, True]), (torch.Tensor.detach, [False, True, False])])
def test_a_graph_hangs_on_the_scores_or_it_does_not(after, graphs):
    assert witness.graphs_of(Through(after=after), torch.randn(4, 2)) == graphs


def test_a_nudge_wakes_a_layer_of_zeros_alike_for_every_seed():
    def of_zeros():
        model = nn.Linear(2, 3)
        nn.init.zeros_(model.weight)
        return model

    first, again, other = (witness.nudged(of_zeros, seed) for seed in (7, 7, 8))
    assert 0 < first.weight.abs().max() < 0.5
    assert first.weight.requires_grad
    assert torch.equal(witness.weights(first), witness.weights(again))
    assert not torch.equal(witness.weights(first), witness.weights(other))


# --- what a loop gives and keeps


@pytest.mark.parametrize(
    ("keep", "graphs"),
    [(lambda loss: loss.item(), 0), (lambda loss: loss.detach(), 0), (lambda loss: 2 * loss + 1, 1), (lambda loss: [loss] * 2, 1)],
)
def test_graphs_that_a_result_keeps_are_counted_by_their_losses(keep, graphs):
    model, X, y = nn.Linear(2, 3), torch.randn(4, 2), torch.tensor([0, 1, 2, 0])
    assert witness.returned(lambda: keep(F.cross_entropy(model(X), y)))["graphs"] == graphs


def test_every_loss_of_a_sum_counts():
    model, batches = nn.Linear(2, 3), [(torch.randn(4, 2), torch.tensor([0, 1, 2, 0]))] * 3
    found = witness.returned(lambda: sum(F.cross_entropy(model(X), y) * len(X) for X, y in batches))
    assert found["graphs"] == 3


@pytest.mark.parametrize(("grad", "graphs"), [(torch.enable_grad, [False, True, True]), (torch.no_grad, [False, False, False])])
def test_a_measurement_shows_whether_it_builds_a_graph(grad, graphs):
    def evaluate(model, loader, loss_fn, device):
        with grad():
            return [loss_fn(model(X), y).item() for X, y in loader]

    model, X = nn.Linear(2, 3), torch.randn(4, 2)
    found = witness.measured(evaluate, model, [(X, torch.tensor([0, 1, 2, 0]))], CPU)
    assert found["graphs"] == graphs
    assert found["value"] == [pytest.approx(model(X).square().mean().item())]


def test_sizes_and_weights_are_those_of_what_is_learned_from():
    def learns(model, X):
        model(X[:2])
        with torch.no_grad():
            model(X)
            model.bias += 1
        model(X[:5])

    model = nn.Linear(2, 3)
    before = witness.weights(model)
    found = witness.given_to_learn(learns, model, torch.randn(9, 2))
    assert found["sizes"] == [2, 5]
    torch.testing.assert_close(found["weights"], torch.stack([before, before + torch.tensor([0.0] * 6 + [1.0] * 3)]))
    nothing_learned = witness.given_to_learn(lambda model: None, model)
    assert (nothing_learned["sizes"], tuple(nothing_learned["weights"].shape)) == ([], (0, 9))
    assert not model._forward_pre_hooks


def test_slopes_at_other_weights_leave_the_model_alone():
    model, X, y = nn.Linear(2, 3), torch.randn(4, 2), torch.tensor([0, 1, 2, 0])
    rows = torch.stack([witness.weights(model), 2 * witness.weights(model)])
    found = witness.slopes_at(model, rows, witness.CROSS_ENTROPY, X, y)
    torch.testing.assert_close(rows[0], witness.weights(model))
    for row, slopes in zip(rows, found, strict=True):
        W, b = row[:6].reshape(3, 2), row[6:]
        error = (F.softmax(X @ W.T + b, dim=1) - F.one_hot(y, 3)) / 4
        torch.testing.assert_close(slopes, torch.cat([(error.T @ X).flatten(), error.sum(dim=0)]))
    assert witness.slopes_at(model, rows[:0], witness.CROSS_ENTROPY, X, y).shape == (0, 9)


# --- the rehearsal


def train(model, loader, optimizer, device, read=lambda loss: loss.item(), move=lambda tensor, device: tensor.to(device)):
    """A training loop as one writes it; returns what was read."""
    found = []
    for X, y in loader:
        optimizer.zero_grad()
        scores, y = model(move(X, device)), move(y, device)
        loss = F.cross_entropy(scores, y)
        loss.backward()
        optimizer.step()
        found.append(read(loss.detach()))
    return found


def rehearsal(**habits):
    """How `train` fares with a model on the device that knows shapes only, and batches on the CPU."""
    model = nn.Linear(2, 3, device=META)
    loader = [(torch.randn(4, 2), torch.tensor([0, 1, 2, 0]))] * 2
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return witness.rehearse(lambda: train(model, loader, optimizer, META, **habits))


def guarded(loss):
    if not torch.isfinite(loss) or torch.isnan(loss) or not loss.isfinite().all() or (~torch.isfinite(loss)).sum() > 0:
        raise FloatingPointError
    assert loss >= 0
    assert not loss > 1e6
    return 3 / loss.item()


@pytest.mark.parametrize(
    "read",
    [
        guarded,
        lambda loss: 1 / (loss * torch.tensor(4.0)).tolist(),
        lambda loss: loss.item(),
        lambda loss: float(loss),
        lambda loss: int(loss),
        lambda loss: f"{loss:.3f}",
        lambda loss: "large" if loss > 1 else "small",
        lambda loss: loss.tolist(),
        lambda loss: loss.cpu().numpy() + 1,
        lambda loss: loss.to("cpu") + torch.zeros(()),
        lambda loss: loss.to(CPU).item(),
    ],
)
def test_tensors_that_are_moved_meet_however_the_loss_is_read(read):
    assert rehearsal(read=read) == {"met": [True, True, True], "words": "all tensors meet"}


def only(kind):
    return lambda tensor, device: tensor.to(device) if tensor.dtype == kind else tensor


@pytest.mark.parametrize(
    ("move", "met", "stayed"),
    [
        (lambda tensor, device: tensor, [False, False, True], "inputs, labels"),
        (only(torch.float32), [True, False, True], "labels"),
        (only(torch.int64), [False, True, True], "inputs"),
    ],
)
def test_a_tensor_that_is_not_moved_is_found(move, met, stayed):
    assert rehearsal(move=move) == {"met": met, "words": f"on the CPU: {stayed}"}


def test_who_does_nothing_moves_nothing():
    assert witness.rehearse(lambda: None) == {"met": [False, False, True], "words": "never used: inputs, labels"}


@pytest.mark.parametrize(("of", "met"), [(lambda model: model, True), (copy.deepcopy, False)])
def test_inputs_have_to_reach_the_model_that_was_given(of, met):
    def loop(model, X):
        of(model)(X.to(META))

    found = witness.rehearse(loop, nn.Linear(2, 3, device=META), torch.randn(4, 2))
    assert found["met"] == [met, False, True]


def test_rows_of_the_device_pick_none_from_a_tensor_on_the_cpu():
    images, rows = torch.randn(4, 2), torch.zeros(2, dtype=torch.long, device=META)
    assert witness.rehearse(lambda: images[rows])["words"] == "on the CPU: inputs; never used: labels"
    assert witness.rehearse(lambda: torch.randn(4, 2, device=META)[torch.tensor([1, 3])])["met"][0] is False  # it came from nowhere


def raises(error):
    def read(loss):
        raise error

    return read


@pytest.mark.parametrize("error", [ValueError("no"), IndexError("no"), RuntimeError("no"), NotImplementedError(), KeyboardInterrupt()])
def test_an_error_of_another_kind_passes_through(error):
    with pytest.raises(type(error)) as caught:
        rehearsal(read=raises(error))
    assert caught.value is error


def test_shapes_that_do_not_fit_are_not_taken_for_a_forgotten_move():
    with pytest.raises(RuntimeError, match="must have same reduction dim"):
        witness.rehearse(lambda: torch.zeros(2, 3, device=META) @ torch.zeros(2, 3, device=META))


def adds(total, loss):
    total += loss


def multiplies(total, loss):
    total.mul_(loss)


@pytest.mark.parametrize("change", [adds, multiplies])
def test_a_sum_on_the_cpu_is_found_as_a_gpu_would_find_it(change):
    total = torch.zeros(())
    assert rehearsal(read=lambda loss: change(total, loss)) == {"met": [True, True, False], "words": "on the CPU: sums"}


def puts(losses, loss):
    losses[1] = loss


def copies(losses, loss):
    losses[1].copy_(loss)


def makes_another(losses, loss):
    return losses[1] + loss


@pytest.mark.parametrize("change", [puts, copies, makes_another])
def test_what_a_gpu_allows_between_devices_is_allowed(change):
    losses = torch.ones(3)
    assert rehearsal(read=lambda loss: change(losses, loss))["words"] == "all tensors meet"


def test_what_the_rehearsal_cannot_know_is_not_taken_for_an_unwritten_answer():
    with pytest.raises(RuntimeError, match="Meta") as caught:
        witness.rehearse(lambda: torch.zeros(3, device=META).unique())
    assert not isinstance(caught.value, NotImplementedError)


def test_after_a_rehearsal_numbers_are_numbers_again():
    rehearsal()
    assert torch.ones(()).item() == 1
    with pytest.raises(RuntimeError, match="meta"):
        torch.ones((), device=META).item()


# --- an epoch, watched


@contextlib.contextmanager
def nothing(device):
    yield


def autocast(device):
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=devices.mixed(device))


def watched(body=lambda loss, images: None, *, batches=1, precision=nothing, begin=lambda model: model.train()):
    """What was seen of an epoch in batches of four, with `body` done after each."""

    def loop(model, images, labels, optimizer, batch_size, device):
        begin(model)
        for rows in torch.arange(len(images)).split(batch_size):
            with precision(device):
                loss = F.cross_entropy(model(images[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            body(loss.detach(), images)
        return 0.5

    model = nn.Linear(2, 3)
    images = torch.arange(8.0 * batches).reshape(-1, 2) / 8
    labels = torch.arange(4 * batches) % 3
    return witness.epoch(loop, model, images, labels, 4)


def counts(body, **options):
    found = watched(body, **options)
    return found["waits"], found["moves"], found["single reads"]


WAITS = {
    ".item()": lambda loss: loss.item(),
    "float": lambda loss: float(loss),
    "int": lambda loss: int(loss),
    "bool": lambda loss: bool(loss > 1),
    "if": lambda loss: 1 if loss > 1 else 2,
    "format": lambda loss: f"{loss:.3f}",
    "tolist": lambda loss: loss.tolist(),
    "numpy": lambda loss: loss.numpy(),
    "cpu": lambda loss: loss.cpu(),
}


@pytest.mark.parametrize("read", WAITS.values(), ids=WAITS)
def test_reading_a_number_is_a_wait(read):
    assert counts(lambda loss, images: read(loss)) == (1, 0, 0)
    assert counts(lambda loss, images: read(loss), batches=3) == (3, 0, 0)


def cuda(tensor):
    # refused where there is none; that it was asked for is what counts
    with contextlib.suppress(AssertionError, RuntimeError):
        tensor.cuda()


@pytest.mark.parametrize(
    "move", [lambda X: X.to("cpu"), lambda X: X.to(CPU), lambda X: X.to(device="cpu"), lambda X: X.to(CPU, torch.float64), cuda]
)
def test_going_to_a_device_is_a_move(move):
    assert counts(lambda loss, images: move(images), batches=2) == (0, 2, 0)


@pytest.mark.parametrize(
    "again",
    [
        lambda X: X.to("cpu"),
        lambda X: X[1:3].to(CPU),
        lambda X: (2 * X).flatten(1).to(device="cpu"),
        lambda X: torch.cat([X, X]).to(CPU),
        lambda X: X.to(torch.bfloat16).to(CPU),
    ],
)
def test_what_is_on_the_device_goes_there_for_nothing(again):
    def loop(model, images, labels, optimizer, batch_size, device):
        X = images.to(device)
        for rows in torch.arange(len(images)).split(batch_size):
            again(X), X[rows].to(device), labels.to(device)
            F.cross_entropy(model(X[rows]), labels[rows]).backward()
        return 0.5

    assert witness.epoch(loop, nn.Linear(2, 3), torch.randn(12, 2), torch.arange(12) % 3, 4)["moves"] == 1


def test_images_that_were_sent_and_forgotten_go_anew_with_every_batch():
    def loop(model, images, labels, optimizer, batch_size, device):
        images.to(device)  # nothing is kept of it
        for rows in torch.arange(len(images)).split(batch_size):
            F.cross_entropy(model(images[rows].to(device)), labels[rows]).backward()
        return 0.5

    assert witness.epoch(loop, nn.Linear(2, 3), torch.randn(12, 2), torch.arange(12) % 3, 4)["moves"] == 1 + 3


def test_reading_image_by_image_is_counted():
    assert counts(lambda loss, images: torch.stack([images[i] for i in range(4)])) == (0, 0, 4)


@pytest.mark.parametrize(
    "body",
    [
        lambda loss, images: None,
        lambda loss, images: loss + loss * len(images),
        lambda loss, images: images.to(torch.float64),
        lambda loss, images: torch.arange(3).to("cpu"),  # rows to pick
        lambda loss, images: images[torch.tensor([0, 1])],
        lambda loss, images: images[1:3],
        lambda loss, images: images.shape,
        lambda loss, images: loss.detach().clone(),
    ],
)
def test_what_stays_on_the_device_costs_nothing(body):
    assert counts(body, batches=3) == (0, 0, 0)


def test_an_epoch_is_seen_batch_by_batch():
    found = watched(batches=3)
    assert found["seen"] == [[k / 4 for k in range(4 * batch, 4 * batch + 4)] for batch in range(3)]
    assert found["loss"] == 0.5


def test_precision_is_that_of_the_scores():
    assert watched()["precision"] == ["torch.float32"]
    assert watched(batches=2, precision=autocast)["precision"] == ["torch.bfloat16"] * 2


def test_steps_are_seen_at_the_weights():
    def once(model, images, labels, optimizer, batch_size, device):
        for rows in torch.arange(len(images)).split(batch_size):
            F.cross_entropy(model(images[rows]), labels[rows]).backward()
        optimizer.step()
        return 0.5

    assert watched(batches=3)["steps"] == [False, True, True, True]
    model, images = nn.Linear(2, 3), torch.randn(12, 2)
    found = witness.epoch(once, model, images, torch.arange(12) % 3, 4)
    assert found["steps"] == [False, False, False, True]


def test_who_only_looks_again_is_not_counted():
    looks = []

    def look(loss, images):
        with torch.no_grad():
            looks.append(images.sum())

    def twice(model, images, labels, optimizer, batch_size, device):
        model(images[:4])
        with torch.no_grad():
            model(images)
        F.cross_entropy(model(images[:4]), labels[:4]).backward()
        optimizer.step()

    model, images = nn.Linear(2, 3), torch.randn(8, 2)
    found = witness.epoch(twice, model, images, torch.arange(8) % 3, 4)
    assert [len(seen) for seen in found["seen"]] == [4]
    assert watched(look, batches=2)["steps"] == [False, True, True]
    assert len(looks) == 2


def test_an_epoch_begins_from_its_seed():
    def draws(model, images, labels, optimizer, batch_size, device):
        return float(torch.rand(()))

    arguments = draws, nn.Linear(2, 3), torch.randn(4, 2), torch.arange(4) % 3, 4
    assert witness.epoch(*arguments, seed=3)["loss"] == witness.epoch(*arguments, seed=3)["loss"]
    assert witness.epoch(*arguments, seed=3)["loss"] != witness.epoch(*arguments, seed=4)["loss"]


@pytest.mark.parametrize(("mode", "training"), [(nn.Module.train, True), (nn.Module.eval, False)])
def test_the_mode_is_that_of_the_model(mode, training):
    assert watched(begin=mode)["training"] is training


@pytest.mark.parametrize("training", [True, False])
def test_a_loop_that_sets_no_mode_keeps_the_models_own(training):
    model = nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.5)).train(training)
    wrapped = witness.Witness(model)
    wrapped(torch.randn(4, 2))
    assert wrapped.training is model[1].training is training
    assert [call.training for call in wrapped.calls] == [training]
    assert wrapped.train(not training).model[1].training is not training


def test_a_witness_answers_as_the_model_does():
    model, X = nn.Linear(2, 3), torch.randn(4, 2)
    wrapped = witness.Witness(model)
    torch.testing.assert_close(wrapped(X), model(X))
    assert [id(parameter) for parameter in wrapped.parameters()] == [id(parameter) for parameter in model.parameters()]


@pytest.mark.parametrize("error", [None, ValueError("no")])
def test_devices_are_what_they_were_when_the_epoch_is_over(monkeypatch, error):
    pays, inside = [], []
    monkeypatch.setattr(devices, "mixed", lambda device: pays.append(device) or False)

    def body(loss, images):
        inside.append(devices.mixed(CPU))
        if error:
            raise error

    with pytest.raises(ValueError, match="no") if error else contextlib.nullcontext():
        watched(body)
    assert (inside, pays) == ([True], [])
    assert devices.mixed(CPU) is False


def test_nobody_counts_when_the_epoch_is_over():
    first = watched(lambda loss, images: loss.item())
    torch.ones(()).item()
    assert first["waits"] == 1
    assert watched()["waits"] == 0
