"""Watch a training loop from inside: how it uses device, precision and memory, beside what it returns.

Checks use these on the student's side, so that a loop is judged on any machine: `rehearse` tries a device that only
knows shapes, `epoch` counts what would make a GPU wait. Nothing here knows what is right.
"""

from course_utils.training.witness.counting import Witness, epoch
from course_utils.training.witness.made import (
    CPU,
    CROSS_ENTROPY,
    META,
    SQUARES,
    filled,
    loader,
    network,
    normed,
    seeded,
    sgd,
    tensors,
    weights,
    with_likely_labels,
)
from course_utils.training.witness.rehearsal import rehearse
from course_utils.training.witness.seen import (
    after_change,
    given_to_learn,
    graphs_of,
    hidden_layers,
    keeps_types,
    left_gradients,
    measured,
    nudged,
    placed,
    returned,
    slopes_at,
)

__all__ = [
    "CPU",
    "CROSS_ENTROPY",
    "META",
    "SQUARES",
    "Witness",
    "after_change",
    "epoch",
    "filled",
    "given_to_learn",
    "graphs_of",
    "hidden_layers",
    "keeps_types",
    "left_gradients",
    "loader",
    "measured",
    "network",
    "normed",
    "nudged",
    "placed",
    "rehearse",
    "returned",
    "seeded",
    "sgd",
    "slopes_at",
    "tensors",
    "weights",
    "with_likely_labels",
]
