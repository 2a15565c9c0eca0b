"""One sandbox for all these tests, and a fresh child for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from grader.sandbox import Child, Limits, Sandbox
from grader.sandbox.limits import MIB

LIMITS = Limits(
    memory_bytes=400 * MIB,
    cpu_seconds=20,
    cell_seconds=30,  # what is not to end is hurried; what is to end may wait for its turn on a busy machine
    notebook_seconds=120,
    call_seconds=30,
    processes=20,
    file_bytes=8 * MIB,
    disk_bytes=16 * MIB,
    output_bytes=20_000,
    message_bytes=16 * MIB,
)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(preload=["numpy", "matplotlib.pyplot"], hide=["torch", "mlxtend"], limits=LIMITS) as sandbox:
        yield sandbox


@pytest.fixture
def child(sandbox: Sandbox) -> Iterator[Child]:
    child = sandbox.start()
    yield child
    child.close()


@pytest.fixture
def limited(sandbox: Sandbox):
    """Makes children with other limits than the usual ones."""
    children = []

    def start(**limits: float) -> Child:
        kept = sandbox.limits
        sandbox.limits = Limits(**{**vars(LIMITS), **limits})
        try:
            children.append(sandbox.start())
        finally:
            sandbox.limits = kept
        return children[-1]

    yield start
    for child in children:
        child.close()


@contextmanager
def hurried(child: Child, **seconds: float) -> Iterator[None]:
    """Give a child less time than usual, for code that would take too much; before and after, it has as much as ever."""
    kept, child.limits = child.limits, replace(child.limits, **seconds)
    yield
    child.limits = kept


@pytest.fixture(autouse=True, scope="session")
def patient() -> Iterator[None]:
    """An interrupted cell may take its time to come to its end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.sandbox.remote._GRACE", 30.0)
        yield


def printed(child: Child, code: str) -> str:
    """What a cell writes to stdout; the cell has to go well."""
    result = child.execute(code)
    assert result.status == "ok", result
    return "".join(output["text"] for output in result.outputs if output.get("name") == "stdout").strip()
