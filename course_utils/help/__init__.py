"""Help in stages: `help.md` of a lab's source, and what students get of it in `hints.json`.

A lab's `help.md` holds, for every exercise, what helps whoever is stuck, and below that the lab's predictions:

    # sigmoid_grad

    ## The slope is negative for large z
    A question, at most 80 words. Two to four such steps, each nearer; the last is the last step before the answer. Markdown with
    $math$ and short `code`. The first one also stands under the exercise's check cell, folded, as "Stuck? The slope is …".

    ## z is used where σ(z) is wanted
    <!-- mistake: of_the_activation -->
    Beside the steps: offered first to whoever made this mistake of mistakes.py, and to nobody else. Several: <!-- mistake: a, b -->

    ## Gained
    One sentence that the report ends with when the exercise passes: what was gained. It may be left out.

    ## Answer
    The derivation in three to six lines, which stay lines, without code: `answer("sigmoid_grad")` shows the code of notebook.py below it.

    # Predictions

    ## You double b. What does the border do?
    **It moves away from the origin.** Why, in at most 60 words without math. The bold words are one of the options of
    `predict("You double b. What does the border do?", […])`, but for the first capital and the full stop at the end.

`source` reads that text, `released` what the build made of it. The answers' prose never leaves `solutions/`.
"""

from course_utils.help.released import prediction
from course_utils.help.source import Prediction, same_choice

__all__ = ["Prediction", "prediction", "same_choice"]
