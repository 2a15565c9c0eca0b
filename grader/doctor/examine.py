"""Try the sandbox of this machine: its protections, and a few attacks that must not get through."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from grader.sandbox import GPU_MEMORY_BYTES, Card, CardTrouble, Kind, Limits, Sandbox, describe, find, lendable, prove

_LIMITS = Limits(memory_bytes=512 * 2**20, cpu_seconds=20, cell_seconds=2, notebook_seconds=20, processes=32)
_THROUGH = "it got through"  # what an attack prints when nothing stopped it
_TOKEN = "HANDGRAD_DOCTOR_TOKEN"


@dataclass(frozen=True)
class Finding:
    """One thing that was examined."""

    name: str
    good: bool
    sentence: str


def examine(kind: Kind, closed: Sequence[Path] = ()) -> Iterator[Finding]:
    """Every protection, then every attack. Raises SandboxUnavailable where there is no sandbox, or where what is `closed` is not."""
    os.environ[_TOKEN] = "a token"
    try:
        sandbox = Sandbox(preload=["numpy"], limits=_LIMITS, kind=kind, closed=closed)
    finally:
        del os.environ[_TOKEN]
    with sandbox:
        for protection in sandbox.protections:
            yield Finding(protection.name, protection.active, protection.detail)
        with tempfile.TemporaryDirectory() as folder, closing(socket.create_server(("127.0.0.1", 0))) as server:
            secret = Path(folder) / "gradebook.db"
            secret.write_text("a secret", encoding="utf-8")
            for name, code in attacks(secret, server.getsockname()[1], kind):
                yield _attack(sandbox, name, code)


def examine_cards(kind: Kind, *, lend: bool) -> Iterator[Finding]:
    """The GPUs of this machine; `lend`: whether CUDA works with each of them inside a sandbox."""
    try:
        cards = lendable(nodes=kind == "bwrap") if lend else find()
    except CardTrouble as sentence:
        yield Finding("GPU", not lend, str(sentence) if lend else f"none to lend ({sentence})")
        return
    for card in cards:
        yield _examine_card(card, kind) if lend else Finding(f"GPU {card.index}", True, f"{describe(card)}; not tried without --gpu")


def _examine_card(card: Card, kind: Kind) -> Finding:
    try:
        with Sandbox(preload=["torch"], limits=Limits(memory_bytes=GPU_MEMORY_BYTES), kind=kind, card=card) as sandbox:
            prove(sandbox)
    except CardTrouble as sentence:
        return Finding(f"GPU {card.index}", False, str(sentence))
    return Finding(f"GPU {card.index}", True, f"{describe(card)}; CUDA works inside the sandbox")


def attacks(secret: Path, port: int, kind: str) -> Iterator[tuple[str, str]]:
    """Cells that say so when they get through. The memory attack is only made where a limit is sure to hold."""
    said = f"print({_THROUGH!r})"
    yield "reads a file of the grader's", f"open({str(secret)!r}).read()\n{said}"
    yield "connects to this machine", f"import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=1)\n{said}"
    yield "reads the environment", f"import os\nos.environ[{_TOKEN!r}]\n{said}"
    yield "writes into the interpreter", f"import numpy\nopen(numpy.__file__, 'a').close()\n{said}"
    yield "never ends", f"while True: pass\n{said}"
    yield "ends its process", f"import os\nos._exit(0)\n{said}"
    if kind != "none":
        # where others are to be seen, the kernel calls it a success to have killed none of them
        dead = "" if kind == "bwrap" else "if not os.path.exists(f'/proc/{os.getppid()}'): "
        yield "kills every process it can", f"import os, signal\nos.kill(-1, signal.SIGKILL)\n{dead}{said}"
        yield "takes all memory", f"x = [bytearray(2**26) for _ in range(64)]\n{said}"
        yield "takes all processes", f"import os, time\nfor _ in range(200):\n    if os.fork() == 0: time.sleep(9)\n{said}"


def _attack(sandbox: Sandbox, name: str, code: str) -> Finding:
    """Run one attack in a child of its own, then see that the next child still works."""
    with closing(sandbox.start()) as child:
        result = child.execute(code)
    through = any(_THROUGH in str(output.get("text", "")) for output in result.outputs)
    with closing(sandbox.start()) as child:
        alive = child.execute("1 + 1").status == "ok"
    how = {"ok": "it came to nothing", "error": "it was refused", "interrupted": "it was interrupted", "died": "its process ended"}
    if not alive:
        return Finding(name, False, "it was held, but nothing runs after it")
    return Finding(name, not through, _THROUGH if through else how[result.status])
