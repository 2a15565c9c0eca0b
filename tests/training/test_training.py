"""What surrounds a training loop keeps its promises, and lab 9's own loop gives the same numbers on every device."""

import contextlib
import copy
import itertools
import re
import time
import timeit
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from unittest import mock

import numpy as np
import pytest
import torch
from scipy import ndimage, optimize, special
from torch import nn
from torch.nn import functional as F
from torch.utils.benchmark import Timer
from torch.utils.data import DataLoader, TensorDataset

from course_utils import data, training
from course_utils.training import devices
from course_utils.training.cost import operation_name

LAB = Path(__file__).parents[2] / "solutions" / "lab09_pytorch" / "notebook.py"
GPUS = {"cuda": torch.cuda.is_available, "mps": torch.backends.mps.is_available}
CPU = torch.device("cpu")


@pytest.fixture(params=["cpu", *(pytest.param(kind, marks=pytest.mark.gpu) for kind in GPUS)])
def device(request):
    if request.param in GPUS and not GPUS[request.param]():
        pytest.skip(f"no {request.param} on this machine")
    return torch.device(request.param)


@pytest.fixture
def rng():
    return np.random.default_rng(9)


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(9)


def lab4_params(rng, *sizes):
    return [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in itertools.pairwise(sizes)]


def classifier(*sizes):
    parts = [part for pair in itertools.pairwise(sizes) for part in (nn.Linear(*pair), nn.Tanh())]
    return nn.Sequential(*parts[:-1])


# --- weights in, gradients and scores out


def test_copied_weights_give_the_sums_of_lab_4(rng):
    params, X = lab4_params(rng, 5, 7, 3), rng.normal(size=(11, 5))
    model = classifier(5, 7, 3)
    assert training.copy_params(model, params) is model
    (W1, b1), (W2, b2) = params
    np.testing.assert_allclose(model(torch.from_numpy(X)).detach(), np.tanh(X @ W1 + b1) @ W2 + b2, rtol=1e-12)


def test_copied_weights_are_copies(rng):
    params = lab4_params(rng, 3, 2)
    model, before = training.copy_params(nn.Linear(3, 2), params), params[0][0].copy()
    params[0][0][...] = 77
    np.testing.assert_array_equal(model.weight.detach().T, before)
    assert all(parameter.requires_grad for parameter in model.parameters())


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (nn.Linear(5, 7), r"weights are for 2 layers, and the model has 1 nn.Linear layers"),
        (nn.Sequential(), r"the model has 0 nn.Linear layers"),
        (nn.Sequential(nn.Linear(5, 7), nn.Linear(7, 4)), r"holds \(4, 7\), want the transpose of W \(7, 3\)"),
        (nn.Sequential(nn.Linear(5, 7), nn.Linear(7, 3, bias=False)), r"and a bias"),
    ],
)
def test_weights_of_another_network_are_refused_in_a_sentence(rng, model, sentence):
    with pytest.raises(ValueError, match=sentence):
        training.copy_params(model, lab4_params(rng, 5, 7, 3))


@pytest.mark.parametrize("kept", [None, 77.0])
def test_gradients_are_those_of_backward_and_leave_grad_alone(kept):
    model = classifier(5, 7, 3)
    X, y = torch.randn(11, 5), torch.randint(3, (11,))
    twin = copy.deepcopy(model)
    F.cross_entropy(twin(X), y).backward()
    for parameter in model.parameters():
        parameter.grad = None if kept is None else torch.full_like(parameter, kept)
    found = training.gradients(model, F.cross_entropy, X, y)
    for grad, parameter, theirs in zip(found, model.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(grad, theirs.grad)
        assert not grad.requires_grad
        assert parameter.grad is None if kept is None else bool((parameter.grad == kept).all())


@pytest.mark.parametrize("cut", ["detached", "frozen", "no graph"])
def test_a_parameter_that_the_loss_does_not_reach_has_a_gradient_of_zeros(cut):
    model, X, y = classifier(5, 7, 3), torch.randn(11, 5), torch.randint(3, (11,))
    first, last = (layer for layer in model if isinstance(layer, nn.Linear))
    if cut == "frozen":
        first.requires_grad_(False)
    answer = {
        "detached": lambda X: last(model[:-1](X).detach()),
        "frozen": model,
        "no graph": lambda X: model(X).detach(),
    }[cut]
    found = training.gradients(Answering(answer, model), F.cross_entropy, X, y)
    assert [grad.shape for grad in found] == [parameter.shape for parameter in model.parameters()]
    assert [bool(grad.any()) for grad in found] == [False, False, *([cut != "no graph"] * 2)]


class Answering:
    """Something that answers by a function, and has somebody else's parameters."""

    def __init__(self, answer, model):
        self.answer, self.parameters = answer, model.parameters

    def __call__(self, X):
        return self.answer(X)


class Spy(nn.Module):
    """A model with dropout and batch norm that remembers how it was called."""

    def __init__(self):
        super().__init__()
        self.network = nn.Sequential(nn.Flatten(), nn.Linear(9, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 3))
        self.network[2].running_mean += 1
        self.sizes, self.evaluating, self.graphs = [], [], []

    def forward(self, X):
        self.sizes.append(len(X))
        self.evaluating.append(not any(module.training for module in self.modules()))
        self.graphs.append(torch.is_grad_enabled())
        return self.network(X)


def test_predicting_evaluates_in_batches_and_leaves_the_model_as_it_was(device):
    model = Spy().to(device)
    model.network[2].eval()  # frozen, inside a model in training
    modes = [module.training for module in model.modules()]
    twin = copy.deepcopy(model).cpu().eval()
    images = torch.randn(10, 1, 3, 3)
    scores = training.predict(model, images, batch_size=4)
    torch.testing.assert_close(scores, twin(images).detach(), rtol=1e-4, atol=1e-4)
    assert (model.sizes, model.evaluating, model.graphs) == ([4, 4, 2], [True] * 3, [False] * 3)
    assert [module.training for module in model.modules()] == modes
    assert {parameter.device.type for parameter in model.parameters()} == {device.type}
    assert scores.device == CPU
    assert not scores.requires_grad


@pytest.mark.parametrize("batch_size", [1, 3, 10, 100])
def test_the_size_of_batches_does_not_change_what_is_predicted(batch_size):
    model, images = Spy(), torch.randn(10, 1, 3, 3)
    torch.testing.assert_close(training.predict(model, images, batch_size), training.predict(model, images))


def test_a_model_that_fails_to_predict_keeps_its_mode():
    model = Spy()
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        training.predict(model, torch.randn(10, 1, 4, 4))
    assert all(module.training for module in model.modules())


@pytest.mark.parametrize("model", [{}, 3, None])
def test_what_cannot_be_called_is_no_network(model):
    with pytest.raises(TypeError, match=f"the model is a {type(model).__name__}, which gives no scores"):
        training.predict(model, torch.randn(2, 1, 3, 3))


@pytest.mark.parametrize("model", [lambda X: X.flatten(1).sum(dim=1), nn.Flatten()])
def test_what_has_no_parameters_can_predict(model, rng):
    images = rng.normal(size=(7, 1, 2, 2))
    want = images.reshape(7, 4) if isinstance(model, nn.Module) else images.sum(axis=(1, 2, 3))
    np.testing.assert_allclose(training.predict(model, images, batch_size=3), want)


# --- moved images


@pytest.fixture
def blobs(rng):
    """40 blobs without symmetry, far enough from the edge to stay whole when they are moved."""
    noise = np.zeros((40, 1, 28, 28))
    noise[:, :, 10:18, 9:19] = rng.uniform(size=(40, 1, 8, 10))
    return ndimage.gaussian_filter(noise, (0, 0, 1, 1))


def test_moving_by_nothing_changes_nothing(blobs, rng):
    still = training.moved(blobs, rng, pixels=0, degrees=0)
    np.testing.assert_allclose(still, blobs, atol=1e-6)
    assert still.dtype == torch.float32


def test_a_shift_is_scipys_shift_and_within_bounds(blobs, rng):
    found = training.moved(blobs, rng, pixels=3, degrees=0).numpy()
    shifts = []
    for [before], [after] in zip(blobs, found, strict=True):
        # bilinear interpolation keeps the centre of mass where the shift puts it
        shifts.append(np.subtract(ndimage.center_of_mass(after), ndimage.center_of_mass(before)))
        np.testing.assert_allclose(after, ndimage.shift(before, shifts[-1], order=1), atol=1e-4)
    assert 2.7 < np.abs(shifts).max() <= 3 + 1e-4
    assert len(np.unique(np.round(shifts, 4))) == 80


def test_a_turn_is_scipys_rotation_and_within_bounds(blobs, rng):
    found = training.moved(blobs, rng, pixels=0, degrees=30).numpy()
    angles = []
    for [before], [after] in zip(blobs, found, strict=True):

        def distance(angle, before=before, after=after):
            return float(np.square(ndimage.rotate(before, angle, reshape=False, order=1) - after).sum())

        angles.append(optimize.minimize_scalar(distance, bounds=(-40, 40), method="bounded", options={"xatol": 1e-5}).x)
        np.testing.assert_allclose(after, ndimage.rotate(before, angles[-1], reshape=False, order=1), atol=1e-4)
    assert 27 < np.abs(angles).max() <= 30 + 1e-3
    assert min(angles) < 0 < max(angles)
    assert len(np.unique(np.round(angles, 3))) == 40


def test_paper_comes_in_from_the_edge():
    dark = training.moved(np.ones((30, 1, 8, 8)), np.random.default_rng(0), pixels=2, degrees=0)
    assert dark.min() == 0
    assert dark[:, :, 3:5, 3:5].min() == pytest.approx(1)


def test_the_seed_decides_how_images_move(blobs):
    first, again, other = (training.moved(blobs, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.isclose(first, other).flatten(1).all(dim=1).any()


# --- slopes


class TwiceTheGradient(torch.autograd.Function):
    """A square whose backward step is wrong."""

    @staticmethod
    def forward(ctx, X):
        ctx.save_for_backward(X)
        return X**2

    @staticmethod
    def backward(ctx, dY):
        [X] = ctx.saved_tensors
        return 4 * X * dY


@pytest.mark.parametrize(("bend", "agree"), [(torch.tanh, True), (TwiceTheGradient.apply, False)])
def test_autograd_is_compared_with_measured_slopes(bend, agree):
    class Bent(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleList([nn.Linear(4, 3), nn.Linear(3, 2)])

        def forward(self, X):
            return self.layers[1](bend(self.layers[0](X)))

    torch.manual_seed(1)
    model, X, y = Bent().double(), torch.randn(5, 4, dtype=torch.float64), torch.tensor([0, 1, 1, 0, 1])
    before = nn.utils.parameters_to_vector(model.parameters()).clone()
    assert training.slopes_agree(model, F.cross_entropy, X, y) is agree
    assert torch.equal(nn.utils.parameters_to_vector(model.parameters()), before)


# --- progress


def test_progress_gives_every_step_and_is_silent_outside_a_notebook(capfd):
    import IPython  # noqa: F401 - imported, but nobody sits in front of it

    assert list(training.progress((step**2 for step in range(5)), "squares")) == [0, 1, 4, 9, 16]
    assert list(training.progress([], "nothing")) == []
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def notebook(tmp_path):
    """What a cell puts out, in an IPython without a history."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from traitlets.config import Config

    InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}), ipython_dir=str(tmp_path))
    with capture_output() as captured:
        yield captured
    InteractiveShell.clear_instance()


def test_progress_in_a_notebook_is_one_display_that_changes(notebook):
    started = time.monotonic()
    steps = list(training.progress(range(2000), "<b>epochs"))
    seconds = time.monotonic() - started
    assert steps == list(range(2000))
    assert (notebook.stdout, notebook.stderr) == ("", "")
    first, *updates = notebook.outputs
    assert [first.update, *(message.update for message in updates)] == [False] + [True] * len(updates)
    assert len({message.transient["display_id"] for message in notebook.outputs}) == 1
    assert "0 of 2000" in first.data["text/plain"]
    assert "2000 of 2000" in updates[-1].data["text/plain"]
    assert '<progress value="2000" max="2000"></progress> &lt;b&gt;epochs' in updates[-1].data["text/html"]
    assert len(updates) <= 1 + 10 * seconds


# --- where the time goes


def test_the_hottest_operation_of_a_large_product_is_the_product(capfd, monkeypatch):
    monkeypatch.setenv("KINETO_LOG_LEVEL", "")  # so that it is as it was when this test is over
    monkeypatch.delenv("KINETO_LOG_LEVEL")
    A = torch.randn(600, 600)

    def step():
        # so little beside the product that it stays little on a busy machine
        return (A @ A)[0].relu().sum()

    found = training.hottest(step, CPU, rows=3)
    assert found[0][0] == "mm"
    assert len(found) == 3
    times = [milliseconds for _, milliseconds in found]
    assert times == sorted(times, reverse=True)
    direct = 1000 * median(timeit.repeat(lambda: A @ A, number=1, repeat=5))
    assert direct / 30 < times[0] < 30 * direct
    assert capfd.readouterr() == ("", "")


def test_a_profile_warns_of_nothing_in_any_version_of_torch(monkeypatch):
    import torch.profiler

    options, profile = [], torch.profiler.profile
    monkeypatch.setattr(torch.profiler, "profile", lambda **given: options.append(given) or profile(**given))
    training.hottest(lambda: torch.ones(2) + 1, CPU)
    # without it torch 2.10 and 2.11 write to stderr that events are forgotten
    assert [given["acc_events"] for given in options] == [True]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("aten::convolution_backward", "convolution_backward"),
        ("Memcpy DtoD (Device -> Device)", "Memcpy DtoD"),
        (
            "void at::native::vectorized_elementwise_kernel<4, at::native::BinaryFunctor<float, float, float, "
            "at::native::binary_internal::MulFunctor<float> >, std::array<char*, 3ul> >(int, std::array<char*, 3ul>)",
            "vectorized_elementwise_kernel",
        ),
        (
            "void at::native::(anonymous namespace)::max_pool_forward_nchw<float, int>(int, float const*, long, float*, long*)",
            "max_pool_forward_nchw",
        ),
        (
            "void cutlass__5x_cudnn::Kernel<cutlass_tensorop_s1688fprop_optimized_tf32_64x64_16x10_nhwc_align4>(Params)",
            "cutlass_tensorop_s1688fprop_opt…",
        ),
        ("sm90_xmma_wgrad_implicit_gemm_indexed_tf32f32_tf32f32_f32_nhwckrsc_nhwc_tilesize64x64x64_g1", "sm90_xmma_wgrad_implicit_gemm_i…"),
        ("", ""),
    ],
)
def test_a_name_of_the_profiler_fits_beside_its_bar(name, short):
    assert operation_name(name) == short


N, K, M = 3, 5, 7


@pytest.mark.parametrize("context", [contextlib.nullcontext, torch.no_grad])
def test_a_linear_layers_work_is_what_one_counts_by_hand(context):
    layer, X = nn.Linear(K, M), torch.randn(N, K)
    with context():
        operations, moved = training.work_of(lambda: layer(X))
    assert operations == 2 * N * K * M
    assert moved == 4 * (N * K + K * M + M + N * M)  # X, W and b are read, the sums stored, 4 bytes each


def test_the_backward_step_costs_one_product_per_gradient():
    layer, X = nn.Linear(K, M), torch.randn(N, K)
    for products, X_again in ((2, X), (3, X.clone().requires_grad_())):
        assert training.work_of(lambda X=X_again: layer(X).sum().backward())[0] == products * 2 * N * K * M


def test_a_convolutions_work_is_what_one_counts_by_hand():
    layer, images = nn.Conv2d(2, 4, 3, padding=1), torch.randn(N, 2, 6, 6)
    operations, moved = training.work_of(lambda: layer(images))
    assert operations == 2 * (N * 4 * 6 * 6) * (2 * 3 * 3)
    assert moved == 4 * (N * 2 * 36 + 4 * 2 * 9 + 4 + N * 4 * 36)


def test_views_move_nothing_and_sums_are_no_products():
    X = torch.randn(N, K, dtype=torch.float64)
    assert training.work_of(lambda: X.T[1:].unsqueeze(0)) == (0, 0)
    assert training.work_of(lambda: X + X) == (0, 3 * 8 * N * K)
    assert training.work_of(lambda: torch.cat([X, X])) == (0, 4 * 8 * N * K)


# --- lab 9's answers, on every device against float64 on the CPU


@pytest.fixture(scope="module")
def lab():
    """The reference answers of lab 9, but for the network that takes ten seconds to train; no digit is read."""
    namespace, threads = {"__name__": "lab09_pytorch"}, torch.get_num_threads()
    with mock.patch.object(data, "mnist"):
        for cell in re.split(r"^# %% ?", LAB.read_text(encoding="utf-8"), flags=re.MULTILINE):
            head, _, source = cell.partition("\n")
            exercise = '"grade": false' in head and '"solution": true' in head and '"trained_model"' not in head
            if exercise or '["setup"]' in head:
                exec(compile(source, f"{LAB}: {head}", "exec"), namespace)
    yield SimpleNamespace(**namespace)
    torch.set_num_threads(threads)


@pytest.fixture
def batches(rng):
    """55 examples in batches of 16, the last one shorter."""
    X = torch.tensor(rng.normal(size=(55, 20)), dtype=torch.float32)
    return DataLoader(TensorDataset(X, torch.tensor(rng.integers(0, 10, size=55))), batch_size=16)


def mean_cross_entropy(scores, labels):
    return -float(special.log_softmax(scores, axis=1)[np.arange(len(labels)), labels].mean())


def test_the_lab_places_its_tensors(lab, device, rng):
    X, labels = rng.normal(size=(3, 4)), rng.integers(0, 10, size=3).astype(np.int32)
    for array, dtype in ((X, torch.float32), (labels, torch.int64)):
        tensor = lab.to_tensor(array, device)
        assert (tensor.device.type, tensor.dtype) == (device.type, dtype)
        np.testing.assert_allclose(tensor.cpu(), array, rtol=1e-6)


def test_the_labs_network_has_the_scores_of_its_weights(lab, device, rng):
    params, X = lab4_params(rng, 20, 16, 10), rng.normal(size=(50, 20)).astype(np.float32)
    model = training.copy_params(lab.MLP([20, 16, 10]), params).float().to(device)
    (W1, b1), (W2, b2) = params
    scores = model(torch.from_numpy(X).to(device)).detach().cpu()
    np.testing.assert_allclose(scores, np.maximum(X @ W1 + b1, 0) @ W2 + b2, rtol=1e-4, atol=1e-4)


def test_the_labs_epoch_follows_the_gradient(lab, device, batches):
    model = lab.MLP([20, 16, 10]).to(device)
    by_hand = copy.deepcopy(model).cpu().double()
    weights, total = list(by_hand.parameters()), 0.0
    for X, y in batches:
        loss = F.cross_entropy(by_hand(X.double()), y)
        total += loss.item() * len(X)
        with torch.no_grad():
            for weight, grad in zip(weights, torch.autograd.grad(loss, weights), strict=True):
                weight -= 0.5 * grad
    loss = lab.train_epoch(model.eval(), batches, torch.optim.SGD(model.parameters(), lr=0.5), F.cross_entropy, device)
    assert loss == pytest.approx(total / 55, rel=1e-3)
    assert model.training
    for mine, weight in zip(model.parameters(), weights, strict=True):
        torch.testing.assert_close(mine.detach().cpu().double(), weight.detach(), rtol=1e-3, atol=1e-5)


def test_the_lab_evaluates_without_dropout(lab, device, batches):
    model = nn.Sequential(lab.MLP([20, 16, 10]), nn.Dropout(0.5)).to(device)
    X, y = (part.numpy() for part in batches.dataset.tensors)
    scores = copy.deepcopy(model[0]).cpu().double()(torch.from_numpy(X).double()).detach().numpy()
    loss, accuracy = lab.evaluate(model.train(), batches, F.cross_entropy, device)
    assert loss == pytest.approx(mean_cross_entropy(scores, y), rel=1e-4)
    assert accuracy == pytest.approx((scores.argmax(axis=1) == y).mean())


def test_the_labs_convolutions_agree_with_those_in_float64(lab, device):
    model, images = lab.ConvNet().to(device), torch.rand(8, 1, 28, 28)
    precise = copy.deepcopy(model).cpu().double()
    # GPUs may round the factors of a convolution to ten bits (TF32)
    want, atol = training.predict(precise, images.double()).float(), 1e-5 if device.type == "cpu" else 1e-2
    torch.testing.assert_close(training.predict(model, images), want, rtol=0, atol=atol)


def test_the_labs_fast_epoch_reports_what_the_plain_one_does(lab, device, batches):
    model = lab.MLP([20, 16, 10]).to(device)
    X, y = batches.dataset.tensors
    standing = torch.optim.SGD(model.parameters(), lr=0.0)
    plain = lab.train_epoch(model, batches, standing, F.cross_entropy, device)
    fast = lab.train_epoch_fast(model, X, y, standing, 16, device)
    scores = copy.deepcopy(model).cpu().double()(X.double()).detach().numpy()
    assert (plain, fast) == (pytest.approx(mean_cross_entropy(scores, y.numpy()), rel=0.02),) * 2


def test_the_labs_fast_epoch_learns(lab, device, batches):
    model = lab.MLP([20, 32, 10]).to(device)
    X, y = batches.dataset.tensors
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = [lab.train_epoch_fast(model, X, y, optimizer, 16, device) for _ in range(20)]
    assert losses[-1] < losses[0] / 2
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}


def test_the_lab_learns_a_batch_by_heart_and_measures_before_each_step(lab, device):
    model = lab.MLP([20, 16, 10]).to(device)
    X, y = torch.randn(13, 20), torch.arange(13) % 10
    scores = copy.deepcopy(model).cpu().double()(X.double()).detach().numpy()
    losses = lab.overfit_one_batch(model, (X.to(device), y.to(device)), 200)
    assert losses[0] == pytest.approx(mean_cross_entropy(scores, y.numpy()), rel=1e-4)
    assert len(losses) == 200
    assert losses[-1] < 0.05


def test_the_labs_clock_agrees_with_torchs(lab, device):
    # large enough on a GPU that to queue it takes much less time than to do it
    A = torch.randn(*[192 if device.type == "cpu" else 4096] * 2, device=device)
    names = {"A": A, "wait": devices.synchronize, "device": device}
    timer = Timer("A @ A; wait(device)", globals=names, num_threads=torch.get_num_threads())

    def ratio():
        return lab.benchmark(lambda: A @ A, device, 20) / timer.blocked_autorange(min_run_time=0.05).median

    # asked again when the machine was busy
    assert any(1 / 3 < ratio() < 3 for _ in range(5))
