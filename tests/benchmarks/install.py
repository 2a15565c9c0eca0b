"""What a student's installation costs: `python tests/benchmarks/install.py`. Needs the package index.

    python tests/benchmarks/install.py                       what `pip install handgrad` brings
    python tests/benchmarks/install.py --extra torch --extra all
                                                             and what it is with these extras

For each: Handgrad's wheel and its packages, in the versions of constraints.txt, are downloaded into an empty folder, then installed from
there into a new environment by its own pip, and `handgrad start` copies the labs. Megabytes on disk are without pip, with all that pip
compiled. Seconds are by the clock; those of the download tell as much of the network.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
import venv
from pathlib import Path
from typing import NamedTuple

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parents[2]
MB = 1_000_000


class Cost(NamedTuple):
    """What one installation took: bytes and seconds."""

    packages: int
    downloaded: int
    download_seconds: float
    on_disk: int
    install_seconds: float
    start_seconds: float

    def row(self, what: str) -> str:
        """A row of the table that is printed."""
        down = f"{self.downloaded / MB:.0f} MB in {self.download_seconds:.0f} s"
        disk = f"{self.on_disk / MB:.0f} MB in {self.install_seconds:.0f} s"
        return f"| `{what}` | {self.packages} | {down} | {disk} | {self.start_seconds:.1f} s |"


def main() -> None:
    """Install, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extra", action="append", default=[], metavar="NAME", help="also measure handgrad[NAME]; may be said again")
    extras = parser.parse_args().extra
    print("| `pip install` | packages | download | on disk | `handgrad start` |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="handgrad-install-") as folder:
        (wheel,) = WheelBuilder(str(ROOT)).build(directory=folder, versions=["standard"])
        for extra in ["", *extras]:
            name = f"[{extra}]" if extra else ""
            print(measured(f"{wheel}{name}", Path(folder) / f"with-{extra}").row(f"handgrad{name}"), flush=True)


def measured(asked: str, folder: Path) -> Cost:
    """Download, install and start in a new folder."""
    venv.create(folder / "venv", with_pip=True, symlinks=os.name != "nt")
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    before, found = size(folder / "venv"), folder / "downloaded"
    constraints = ["--constraint", str(ROOT / "constraints.txt")]
    download = seconds(python, "-m", "pip", "download", "--no-cache-dir", "--dest", str(found), *constraints, asked)
    install = seconds(python, "-m", "pip", "install", "--no-index", "--find-links", str(found), *constraints, asked)
    on_disk = size(folder / "venv") - before
    start = seconds(python, "-c", "from course_utils.cli import main; main()", "start", str(folder / "labs"))
    return Cost(len(list(found.iterdir())), size(found), download, on_disk, install, start)


def seconds(python: Path, *words: str) -> float:
    """How long a command takes. Raises CalledProcessError with what it said."""
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    begun = time.perf_counter()
    subprocess.run([python, *words], check=True, stdout=subprocess.DEVNULL, env=settings)
    return time.perf_counter() - begun


def size(folder: Path) -> int:
    """The bytes of all files below a folder; a link is no file of its own."""
    return sum((Path(here) / name).lstat().st_size for here, _, names in os.walk(folder) for name in names)


if __name__ == "__main__":
    main()
