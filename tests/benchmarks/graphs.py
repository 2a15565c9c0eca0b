"""How long a graph of a student's takes to be judged in the sandbox: `python tests/benchmarks/graphs.py [--nodes 400]`.

A right answer to lab05_autograd's `backward` walks a graph of that many nodes, nearly all of them with several parents. It gets a
child of its own, which runs the notebook's cells first: the time is that of all this, with report. A wrong answer would be
compared with known mistakes, one of which walks every path: that never ends here, so the lab's own large graphs stay small.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from judged.corpus import Stranger
from judged.doors import GraderDoor
from judged.notebook import Notebook

from course_utils.checking import Check

ROOT = Path(__file__).resolve().parents[2]
ANSWER = """
def backward(root):
    order = topological_order(root)
    for value in order:
        if value.parents:
            value.grad = 0.0
    root.grad = 1.0
    for value in reversed(order):
        value._backward()
"""
RUNS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=400)
    size = parser.parse_args().nodes
    notebook = Notebook(ROOT, "lab05_autograd")
    notebook.lab.checks["backward"] = [graph_of(size)]
    with GraderDoor(notebook) as grader:
        waits = [seconds(grader, seed) for seed in range(RUNS)]
    print(f"{size} nodes: median {statistics.median(waits):.2f} s, longest {max(waits):.2f} s")


def graph_of(size: int) -> Check:
    """A check that asks for the grads of one graph."""

    def probe(backward: Any, nodes: Any, rng: np.random.Generator) -> dict[str, Any]:
        parents = [[], *([number - 1, *rng.integers(max(0, number - 6), number, size=2).tolist()] for number in range(1, size))]
        edges = [[(parent, float(rng.uniform(-0.6, 0.6))) for parent in each] for each in parents]
        return {"grads": nodes.gradients(backward, edges, [size - 1])}

    return Check("backward", "a large graph", 1, probe, ("backward", "nodes", "rng"), by_hand=True, libraries=("course_utils.nodes",))


def seconds(grader: GraderDoor, seed: int) -> float:
    """From the child's start to the report."""
    started = time.perf_counter()
    told = grader.public(Stranger("backward", "right", "in the usual way", ANSWER), [seed])
    waited = time.perf_counter() - started
    assert told.full, told.text
    return waited


if __name__ == "__main__":
    main()
