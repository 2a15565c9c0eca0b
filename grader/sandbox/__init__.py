"""Run strangers' notebooks where they can do no harm.

with Sandbox(preload=["numpy"]) as sandbox:
    child = sandbox.start()
    child.execute("x = 6 * 7").status       # "ok"
    child.lookup("x").value                 # 42
    child.close()
"""

from grader.sandbox.annex import SLOW
from grader.sandbox.cards import Card, CardTrouble, describe, find, lendable
from grader.sandbox.cgroups import Group
from grader.sandbox.container import Protection
from grader.sandbox.kernels import Kernel
from grader.sandbox.launch import SandboxUnavailable
from grader.sandbox.leftovers import groups_of, mark, sweep
from grader.sandbox.lending import lend, prove, prove_kernels, without_cards
from grader.sandbox.limits import GPU_MEMORY_BYTES, Limits
from grader.sandbox.orders import Usage
from grader.sandbox.remote import CellResult, Child
from grader.sandbox.sandbox import Kind, Sandbox, protections

__all__ = [
    "GPU_MEMORY_BYTES",
    "SLOW",
    "Card",
    "CardTrouble",
    "CellResult",
    "Child",
    "Group",
    "Kernel",
    "Kind",
    "Limits",
    "Protection",
    "Sandbox",
    "SandboxUnavailable",
    "Usage",
    "describe",
    "find",
    "groups_of",
    "lend",
    "lendable",
    "mark",
    "protections",
    "prove",
    "prove_kernels",
    "sweep",
    "without_cards",
]
