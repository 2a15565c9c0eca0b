"""Lend the GPUs of this machine to sandboxes, and see that they and kernels work there before a student is judged by it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

from course_utils.errors import UserError
from grader.sandbox.cards import Card, CardTrouble, lendable
from grader.sandbox.launch import SandboxUnavailable
from grader.sandbox.sandbox import Sandbox

# CUDA starts in a child only where the warm process left it alone; torch, if notebooks import it, has to be able to use it too
_PROOF = """
import ctypes, sys
cuda, count = ctypes.CDLL("libcuda.so.1"), ctypes.c_int()
problem = cuda.cuInit(0) or cuda.cuDeviceGetCount(ctypes.byref(count))
if problem:
    raise RuntimeError(f"CUDA's error {problem}")
if count.value != 1:
    raise RuntimeError(f"CUDA sees {count.value} cards")
if "torch" in sys.modules:
    sys.modules["torch"].ones(1, device="cuda", requires_grad=True).sum().backward()
"""


def lend(kind: str) -> list[Card]:
    """The cards that submissions can have in sandboxes of this kind. Raises UserError when there is none."""
    try:
        return lendable(nodes=kind == "bwrap")
    except CardTrouble as sentence:
        raise UserError(str(sentence)) from None


@contextmanager
def without_cards() -> Iterator[None]:
    """Have the reference answer on the processor: with CUDA in use here, no worker could be forked, and the card would not be free."""
    name = "CUDA_VISIBLE_DEVICES"
    before = os.environ.get(name)
    os.environ[name] = ""
    try:
        yield
    finally:
        del os.environ[name]
        if before is not None:
            os.environ[name] = before


def prove(sandbox: Sandbox) -> None:
    """See that CUDA works in this sandbox with its card. CardTrouble when not: what follows would be held against students."""
    with closing(sandbox.start()) as child:
        result = child.execute(_PROOF)
    if result.status != "ok":
        errors = [f"{output['ename']}: {output['evalue']}" for output in result.outputs if output["output_type"] == "error"]
        raise CardTrouble(f"{sandbox.card} does not work inside the sandbox ({(errors or [result.reason])[-1][:300]}).")


def prove_kernels(sandbox: Sandbox) -> None:
    """See that its kernels start in this sandbox. SandboxUnavailable when one does not: no student can be judged by it."""
    for kernel in sandbox.kernels.values():
        with closing(sandbox.start(kernel=kernel.name)) as child:
            result = child.execute("")
        if result.status != "ok":
            reason = result.reason.partition("could not start its kernel: ")[2] or result.reason
            raise SandboxUnavailable(
                f"Nothing was graded: the kernel {kernel.name} does not start inside the sandbox ({reason}). It sees the system's "
                f"programs and libraries only; name what else it needs in the `env` of {kernel.folder / 'kernel.json'}."
            )
