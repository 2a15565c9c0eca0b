"""Wrong answers that students give to lab06_optimizers, each with the sentence that names it."""

from course_utils.checking import mistake, solution


@mistake("scaled_lr", "the rule is turned around: a larger batch gets a larger rate")
def inverse_rule(lr0, batch0, batch):
    return solution.scaled_lr(lr0, batch, batch0)
