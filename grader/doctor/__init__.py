"""What this machine offers to a grader, found by trying it.

In goes nothing but the machine; out come findings: each protection and each attack, and whether it held. `attack` tries the public
corpus of `attacks/` on a grader: this one, or nbgrader's own.
"""

from grader.doctor.another import as_user
from grader.doctor.arena import Kind
from grader.doctor.attacking import as_json, attack, names, table
from grader.doctor.campaign import Verdict
from grader.doctor.examine import examine, examine_cards

__all__ = [
    "Kind",
    "Verdict",
    "as_json",
    "as_user",
    "attack",
    "examine",
    "examine_cards",
    "names",
    "table",
]
