"""A machine with two NVIDIA cards, as far as the grader can see: device files, /proc, /sys, nvidia-smi and CUDA's library."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

UUIDS = ("GPU-0d3f1c52-0000-4000-8000-000000000000", "GPU-1b7a9e64-0000-4000-8000-000000000001")
BUSES = ("0000:35:00.0", "0001:18:00.0")
MINORS = (1, 0)  # nvidia-smi and the kernel need not count in the same order
NODES = ("nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset")
NULL = os.makedev(1, 3)
TOTAL = 8192

# a file of numbers is a card's memory in MiB: each answer takes one, the last one stays
_SMI = """#!/bin/sh
take() {{ head -n 1 "{state}/$1"; [ "$(wc -l < "{state}/$1")" -gt 1 ] && sed -i 1d "{state}/$1"; true; }}
case "$1" in
    --query-gpu=memory.used) take "$3" ;;
    --query-gpu=index,*)
        while IFS='|' read -r uuid before after; do echo "$before, $(head -n 1 "{state}/$uuid"), $after"; done < "{state}/cards" ;;
    *) echo "unexpected: $*"; exit 1 ;;
esac
"""
_CUDA = "int cuInit(unsigned flags) {{ return {error}; }}\nint cuDeviceGetCount(int *count) {{ *count = {cards}; return 0; }}\n"


class Machine:
    """The stand-in, below a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root, self.state, self.bin, self.lib = root, root / "state", root / "bin", root / "lib"
        for folder in (self.state, self.bin, self.lib, root / "dev"):
            folder.mkdir(parents=True)
        for name in NODES:
            self._node(root / "dev" / name)
        for number in range(2):
            self._card(number)
        for name in ("module/nvidia", "module/nvidia_uvm", "module/secret", "devices/system/cpu", "devices/system/node"):
            (root / "sys" / name).mkdir(parents=True)
            (root / "sys" / name / "initstate").write_text("live\n")
        self._program("nvidia-smi", _SMI.format(state=self.state))
        self._program("ldconfig", "#!/bin/sh\n")
        self.list_cards()
        self.cuda()

    def list_cards(self, mig: str = "[N/A]") -> None:
        """What nvidia-smi shows."""
        rows = (f"{uuid}|{n}, {uuid}, 0000{BUSES[n].upper()}, {TOTAL}|{mig}, 580.159.03, NVIDIA Test" for n, uuid in enumerate(UUIDS))
        (self.state / "cards").write_text("".join(f"{row}\n" for row in rows))

    def use(self, number: int, *mebibytes: int) -> None:
        """How much of a card's memory is in use, one answer after the other."""
        new = self.state / "new"
        new.write_text("".join(f"{count}\n" for count in mebibytes))
        new.replace(self.state / UUIDS[number])  # at once: somebody may be reading

    def in_use(self, number: int) -> list[int]:
        """The answers that nobody has taken yet, and the last."""
        return [int(count) for count in (self.state / UUIDS[number]).read_text().split()]

    def cuda(self, error: int = 0, cards: int = 1) -> None:
        """Make CUDA's library: one whose cuInit ends so, and which sees so many cards."""
        compiler, library = shutil.which("cc"), self.lib / "libcuda.so.1"
        if compiler is None:
            library.touch()
            return
        source = self.lib / "cuda.c"
        source.write_text(_CUDA.format(error=error, cards=cards))
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)

    def _card(self, number: int) -> None:
        self.use(number, 3)
        known = self.root / "proc/driver/nvidia/gpus" / BUSES[number] / "information"
        known.parent.mkdir(parents=True)
        known.write_text(f"Model: \t\t NVIDIA Test\nIRQ:   \t\t 30\nDevice Minor: \t {MINORS[number]}\n")
        device = self.root / f"sys/devices/pci0000:3{number}" / BUSES[number]
        device.mkdir(parents=True)
        (device / "numa_node").write_text(f"{number}\n")
        link = self.root / "sys/bus/pci/devices" / BUSES[number]
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(f"../../../devices/pci0000:3{number}/{BUSES[number]}")

    def _node(self, path: Path) -> None:
        try:
            os.mknod(path, stat.S_IFCHR | 0o666, NULL)
            path.chmod(0o666)
            path.open("r+b").close()
        except OSError:
            pytest.skip("no device files can be made or opened here")

    def _program(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)


def stand_in(root: Path, patch: pytest.MonkeyPatch) -> Machine:
    """Have the grader see the stand-in in place of this machine."""
    machine = Machine(root)
    patch.setenv("PATH", f"{machine.bin}{os.pathsep}{os.environ['PATH']}")
    patch.setenv("LD_LIBRARY_PATH", str(machine.lib))
    patch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    patch.setattr("grader.sandbox.cards.ROOT", root)
    patch.setattr("grader.sandbox.guard._LOOK_EVERY", 0.05)
    return machine
