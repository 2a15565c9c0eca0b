"""What of the machine a sandbox needs so that CUDA works inside: libraries, device files, a few folders of /sys, variables."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from grader.sandbox.cards import Card, CardTrouble, program
from grader.sandbox.visible import is_shown

_LIBRARY = "libcuda.so.1"
_LIBRARIES = ("/usr/lib/wsl/lib", "/run/opengl-driver/lib", "/usr/local/nvidia/lib64")
# cuInit fails with error 304 where it cannot see that the driver is loaded, or where memory is near to the card:
# github.com/truefoundry/trueforge/issues/466 found it with bubblewrap, compiler-explorer/etc/nsjail/user-execution.cfg and
# NVIDIA/NemoClaw's initial-policy list these folders; /proc it wants whole, to name its threads (nolabs-ai/nono/pull/673)
_SYSTEM = ("module/nvidia", "module/nvidia_uvm", "devices/system/cpu", "devices/system/memory", "devices/system/node")


class Driver(NamedTuple):
    """Where the driver's libraries are, and whether programs find them there without being told."""

    folder: Path
    known: bool


class Lent(NamedTuple):
    """A file or folder of the machine, and where it is to be inside."""

    source: Path
    target: Path


def driver() -> Driver:
    """The driver's libraries. CardTrouble when they are not to be found."""
    ldconfig = program("ldconfig")
    listed = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout if ldconfig else ""
    known = library_in(listed.splitlines())
    if known:
        return Driver(known.parent, known=True)
    folders = [*filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)), *_LIBRARIES]
    found = next((Path(folder) for folder in folders if Path(folder, _LIBRARY).exists()), None)
    if found is None:
        raise CardTrouble(f"--gpu needs the driver's library {_LIBRARY}, which ldconfig does not list: is NVIDIA's driver installed whole?")
    return Driver(found.absolute(), known=False)


def library_in(listing: Iterable[str]) -> Path | None:
    """CUDA's library for this kind of processor in what `ldconfig -p` lists."""
    kind = {"x86_64": "x86-64", "aarch64": "AArch64"}.get(platform.machine(), "")
    lines = (line.strip().partition(" => ") for line in listing)
    return next((Path(path) for name, _, path in lines if name.startswith(f"{_LIBRARY} (") and kind in name), None)


def devices(card: Card) -> list[Lent]:
    """The device files that a sandbox gets, and no others."""
    return [Lent(node, Path("/dev") / node.name) for node in card.nodes]


def files(card: Card) -> Iterator[Lent]:
    """What a sandbox may read because of the card: the driver's libraries, and what /sys says of driver, card and processors."""
    folder = driver().folder
    library = (folder / _LIBRARY).resolve().parent
    for place in dict.fromkeys((folder, library)):
        if not is_shown(place):
            yield Lent(place, place)
    device = (card.root / "sys/bus/pci/devices" / card.bus).resolve()
    for place in (*(card.root / "sys" / name for name in _SYSTEM), device):
        if place.exists():
            yield Lent(place, Path("/") / place.relative_to(card.root.resolve()))


def links(card: Card) -> dict[Path, str]:
    """Symbolic links inside, by where they are: /sys names a card's folder by its place on the bus."""
    link = card.root / "sys/bus/pci/devices" / card.bus
    return {Path("/sys/bus/pci/devices") / card.bus: str(link.readlink())} if link.is_symlink() else {}


def environment(card: Card | None) -> dict[str, str]:
    """What CUDA is told inside: this card and no other; without a card, none at all, also where there is no sandbox."""
    if card is None:
        return {"CUDA_VISIBLE_DEVICES": ""}
    found = driver()
    path = {} if found.known else {"LD_LIBRARY_PATH": str(found.folder)}
    # by its name: its number is another one where the other cards cannot be seen
    return {"CUDA_VISIBLE_DEVICES": card.uuid, "CUDA_DEVICE_ORDER": "PCI_BUS_ID", **path}
