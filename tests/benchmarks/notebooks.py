"""What a solved lab costs in a kernel of its own: `python tests/benchmarks/notebooks.py [LAB …]`.

Prints the processor seconds of the first cell (what is imported there), of the longest cell and of the whole notebook, with the kernel's
own processes counted and its start left out.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import Any

import jupytext
import psutil
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]


def seconds_of(process: psutil.Process) -> float:
    """Processor seconds that a kernel and its children have used so far."""
    used = 0.0
    for each in [process, *process.children(recursive=True)]:
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:  # a compiler's helper that has just ended
            continue
        used += times.user + times.system
    return used + process.cpu_times().children_user + process.cpu_times().children_system


def costs(lab: str) -> list[tuple[float, str]]:
    """Processor seconds and first line of every code cell, in a copy of the lab's folder."""
    notebook: Any = jupytext.read(ROOT / "solutions" / lab / "notebook.py")
    with tempfile.TemporaryDirectory() as scratch:
        folder = shutil.copytree(ROOT / "labs" / lab, Path(scratch) / lab)
        client = NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
        found = []
        with client.setup_kernel():
            process = psutil.Process(client.km.provisioner.process.pid)
            before = seconds_of(process)
            for number, cell in enumerate(notebook.cells):
                if cell.cell_type != "code":
                    continue
                client.execute_cell(cell, number)
                after = seconds_of(process)
                found.append((after - before, cell.source.splitlines()[0] if cell.source else ""))
                before = after
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labs", nargs="*", metavar="LAB", help="all by default")
    labs = parser.parse_args().labs or sorted(path.parent.name for path in (ROOT / "solutions").glob("*/notebook.py"))
    print("| lab | first cell | longest cell | whole |\n|---|---|---|---|")
    for lab in labs:
        found = costs(lab)
        longest = max(found)
        print(f"| {lab} | {found[0][0]:.1f} | {longest[0]:.1f}: `{longest[1]}` | {sum(seconds for seconds, _ in found):.1f} |", flush=True)


if __name__ == "__main__":
    main()
