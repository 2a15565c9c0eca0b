"""What this machine offers to a grader, found by trying it.

In goes nothing but the machine; out come findings: each protection and each attack, and whether it held.
"""

from grader.doctor.examine import examine, examine_cards

__all__ = [
    "examine",
    "examine_cards",
]
