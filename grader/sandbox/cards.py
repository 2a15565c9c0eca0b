"""NVIDIA cards: which there are, which of them can be lent to a sandbox, and how full their memory is."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.sandbox.limits import GIB, MIB, size

ROOT = Path("/")  # where dev, proc and sys are
IDLE_BYTES = 1 * GIB  # a desktop may use that much of a card on which nothing is computed
_QUERY = ("index", "uuid", "pci.bus_id", "memory.total", "memory.used", "mig.mode.current", "driver_version", "name")
_ANSWER_SECONDS = 30
_PROGRAMS = ("/usr/lib/wsl/lib", "/run/current-system/sw/bin", "/usr/local/nvidia/bin", "/sbin", "/usr/sbin")
_SHARED_NODES = ("nvidiactl", "nvidia-uvm")
_WANTED_NODES = ("nvidia-uvm-tools",)  # not everywhere


class CardTrouble(RuntimeError):
    """A card cannot be used as it is; the message is a sentence for the instructor."""


@dataclass(frozen=True)
class Card:
    """One card as nvidia-smi told of it; `used_bytes` is what was in use then, by whomever."""

    index: int
    uuid: str
    bus: str  # as the kernel writes it: 0000:35:00.0
    total_bytes: int
    used_bytes: int
    split: bool  # by MIG, into parts that are cards of their own
    driver: str
    name: str
    root: Path = field(default=ROOT, repr=False)

    def __str__(self) -> str:
        return f"GPU {self.index}, {self.name}"

    @property
    def nodes(self) -> list[Path]:
        """The device files of this card and no other."""
        wanted = [self.root / "dev" / name for name in _WANTED_NODES]
        return [
            self.root / "dev" / f"nvidia{self._minor()}",
            *(self.root / "dev" / name for name in _SHARED_NODES),
            *filter(Path.exists, wanted),
        ]

    def _minor(self) -> int:
        """The number of its device file, which need not be nvidia-smi's."""
        try:
            text = (self.root / "proc/driver/nvidia/gpus" / self.bus / "information").read_text()
        except OSError:  # some containers hide it
            return self.index
        lines = (line.partition(":") for line in text.splitlines())
        return next((int(value) for name, _, value in lines if name.strip() == "Device Minor"), self.index)


def parse(text: str, root: Path = ROOT) -> list[Card]:
    """The cards in nvidia-smi's answer to our query. CardTrouble for one that does not tell of its memory."""
    return [_card(line, root) for line in text.splitlines() if line.strip()]


def _card(line: str, root: Path) -> Card:
    index, uuid, bus, total, used, split, driver, name = (word.strip() for word in line.split(",", len(_QUERY) - 1))
    domain, _, place = bus.lower().partition(":")
    try:
        memory = int(total) * MIB, int(used) * MIB
    except ValueError:
        raise CardTrouble(f"GPU {index} ({name}) does not tell how much of its memory is in use: it cannot be lent.") from None
    return Card(int(index), uuid, f"{domain[-4:]}:{place}", *memory, split == "Enabled", driver, name, root)


def choose(cards: Sequence[Card], visible: str | None) -> list[Card]:
    """The cards that can be lent, of those that CUDA_VISIBLE_DEVICES leaves. CardTrouble when there is none."""
    words = None if visible is None else [word.strip() for word in visible.split(",")]
    ours = [card for card in cards if words is None or any(_names(word, card) for word in words)]
    if not ours:
        why = "nvidia-smi shows no card" if not cards else f"CUDA_VISIBLE_DEVICES={visible} leaves none of the {len(cards)} here"
        raise CardTrouble(f"--gpu needs an NVIDIA card, and {why}.")
    free = [card for card in ours if not _objection(card)]
    if not free:
        raise CardTrouble(_objection(ours[0]))
    return free


def _names(word: str, card: Card) -> bool:
    return word == str(card.index) or (word.startswith("GPU-") and card.uuid.startswith(word))


def _objection(card: Card) -> str:
    if card.split:
        return f"{card} is split by MIG, and only whole cards can be lent: switch MIG off (nvidia-smi -i {card.index} -mig 0)."
    if card.used_bytes > IDLE_BYTES:
        return (
            f"{card}: other programs use {card.used_bytes // MIB} MiB of its memory, which students would lack: "
            "end them (nvidia-smi lists them), or name another card in CUDA_VISIBLE_DEVICES."
        )
    return ""


def find() -> list[Card]:
    """All cards of this machine. CardTrouble where there is no driver."""
    return parse(_ask(f"--query-gpu={','.join(_QUERY)}"), ROOT.resolve())


def lendable(*, nodes: bool) -> list[Card]:
    """The cards that can be lent now, looked at from all sides; `nodes`: to a sandbox with device files of its own."""
    cards = choose(find(), os.environ.get("CUDA_VISIBLE_DEVICES"))
    for node in (node for card in cards if nodes for node in card.nodes):
        check_node(node)
    return cards


def used_bytes(card: Card) -> int:
    """How much of the card's memory is in use now, by anybody. CardTrouble when nvidia-smi does not tell."""
    answer = _ask("--query-gpu=memory.used", "-i", card.uuid).strip()
    if not answer.isdecimal():
        raise CardTrouble(f"{card}: nvidia-smi does not tell how much of its memory is in use ({answer[:100]}).")
    return int(answer) * MIB


def check_node(node: Path) -> None:
    """See that a sandbox's user can open a device file. CardTrouble when not."""
    if not node.exists():
        raise CardTrouble(f"{node} is missing: the driver makes it when it is first used; run `nvidia-modprobe -u -c 0` as root.")
    # a sandbox made by root runs as somebody else
    allowed = node.stat().st_mode & 0o006 == 0o006 if os.geteuid() == 0 else os.access(node, os.R_OK | os.W_OK)
    if not allowed:
        mode = node.stat().st_mode & 0o777
        raise CardTrouble(f"{node} cannot be opened by the sandbox's user (its mode is {mode:04o}): run `chmod 0666 {node}` as root.")


def describe(card: Card) -> str:
    """One line for `handgrad doctor`."""
    return f"{card.name}, {size(card.total_bytes)}, {size(card.used_bytes)} in use, driver {card.driver}"


def _ask(*options: str) -> str:
    found = program("nvidia-smi")
    if found is None:
        raise CardTrouble("--gpu needs an NVIDIA card with its driver, and nvidia-smi, which comes with the driver, is not on the PATH.")
    command = [found, *options, "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_ANSWER_SECONDS, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise CardTrouble(f"nvidia-smi gave no answer for {_ANSWER_SECONDS} s: the card or its driver hangs.") from None
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip().splitlines() or ["it says nothing"]
        raise CardTrouble(f"nvidia-smi fails ({said[-1][:200]}): is the driver loaded, and as new as its programs?")
    return done.stdout


def program(name: str) -> str | None:
    """Where a program of the system or of the driver is."""
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *_PROGRAMS)))
