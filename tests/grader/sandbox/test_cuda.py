"""With a real NVIDIA card: CUDA works inside the sandbox, and one student leaves nothing of it to the next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.sandbox import Card, Limits, Sandbox
from grader.sandbox.cards import lendable, used_bytes
from grader.sandbox.guard import wait_until_free
from grader.sandbox.lending import prove
from grader.sandbox.limits import GPU_MEMORY_BYTES, MIB

from .conftest import printed

pytestmark = pytest.mark.gpu
LIMITS = Limits(memory_bytes=GPU_MEMORY_BYTES, cell_seconds=60)
MULTIPLY = "import torch; A = torch.arange(6.0, device='cuda').reshape(2, 3); print((A @ A.T).tolist())"
PRODUCT = "[[5.0, 14.0], [14.0, 50.0]]"
DESCEND = """
import torch
w = torch.tensor([3.0], device="cuda", requires_grad=True)
for _ in range(50):
    loss = ((w - 1) ** 2).sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        w.grad.zero_()
print(round(w.item(), 3))
"""


@pytest.fixture
def card() -> Card:
    """A card that can be lent."""
    torch = pytest.importorskip("torch")
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    return lendable(nodes=True)[0]


@pytest.fixture
def cuda(card: Card) -> Iterator[Sandbox]:
    with Sandbox(preload=["torch"], limits=LIMITS, card=card) as sandbox:
        yield sandbox


def test_a_notebook_computes_on_the_card(cuda: Sandbox) -> None:
    prove(cuda)
    with cuda.start() as child:
        assert printed(child, "import torch; print(torch.cuda.device_count())") == "1"
        assert printed(child, MULTIPLY) == PRODUCT
        assert printed(child, DESCEND) == "1.0"
        assert printed(child, "print(torch.ones(4).pin_memory().sum().item())") == "4.0"


def test_two_students_in_a_row_and_the_memory_is_free_afterwards(cuda: Sandbox, card: Card) -> None:
    for _ in range(2):
        with cuda.start() as child:
            assert printed(child, "print('left' in globals())") == "False"
            assert printed(child, MULTIPLY) == PRODUCT
            printed(child, "left = torch.ones(2**28, device='cuda')")
            assert used_bytes(card) > card.used_bytes + 2**30
    wait_until_free(card)


def test_a_student_without_memory_left_does_no_harm_to_the_next(cuda: Sandbox) -> None:
    with cuda.start() as child:
        result = child.execute("import torch; kept = [torch.ones(2**28, device='cuda') for _ in range(10**6)]")
        assert result.outputs[-1]["ename"] == "OutOfMemoryError"
    with cuda.start() as child:
        assert printed(child, MULTIPLY) == PRODUCT


def test_too_much_memory_ends_the_notebook(card: Card) -> None:
    limits = Limits(memory_bytes=GPU_MEMORY_BYTES, cell_seconds=60, card_bytes=2048 * MIB)
    with Sandbox(preload=["torch"], limits=limits, card=card) as sandbox:
        with sandbox.start() as child:
            result = child.execute("import time, torch; x = torch.ones(2**30, device='cuda'); time.sleep(50)")
            assert (result.status, result.reason) == ("died", "the notebook's process used more than 2 GiB of the GPU's memory")
        with sandbox.start() as child:
            assert printed(child, MULTIPLY) == PRODUCT


def test_an_endless_kernel_does_no_harm_to_the_next(card: Card) -> None:
    with Sandbox(preload=["torch"], limits=Limits(memory_bytes=GPU_MEMORY_BYTES, cell_seconds=20), card=card) as sandbox:
        with sandbox.start() as child:
            printed(child, "import torch; torch.ones(1, device='cuda')")
            assert child.execute("torch.cuda._sleep(2**62); torch.cuda.synchronize()").status in ("interrupted", "died")
        with sandbox.start() as child:
            assert printed(child, MULTIPLY) == PRODUCT


def test_without_a_card_cuda_sees_none(card: Card) -> None:
    with Sandbox(preload=["torch"], limits=LIMITS, kind="none") as sandbox, sandbox.start() as child:
        assert printed(child, "import torch; print(torch.cuda.is_available())") == "False"
        assert printed(child, DESCEND.replace('device="cuda", ', "")) == "1.0"  # also after the warm process's own backward pass
