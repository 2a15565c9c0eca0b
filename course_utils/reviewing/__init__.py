"""Questions from labs that are done: a few each day, with other numbers each time, further apart the better they are known.

A lab's `review.py` in `solutions/` holds them, as probes that make small inputs and say what is asked of the result:

    @question("affine_backward", "Row n of X meets row n of dY, summed over n: dW = Xᵀ dY.")
    def dW_of_a_batch(affine_backward, rng):
        \"\"\"Y = XW + b, and dY is the gradient of the loss at Y.
        Which of these is dW?\"\"\"
        X, W, dY = …
        return Asked({"X": X, "dY": dY}, affine_backward(dY, X, W)[1], "dW")

The build runs it with the reference and with the exercise's mistakes, and keeps the results as plain data in `labs/<lab>/review.json`: the
wrong choices are what the mistakes give, each explained by its mistake's sentence. With a name such as "dW" the same numbers also
make a second question: a wrong dW is shown, and its fault has to be found among the sentences.

`declare` is what authors write, `released` what students get, `boxes` says when a question comes again, `rounds` deals and judges.
"""

from course_utils.reviewing.declare import Asked, question, small

__all__ = ["Asked", "question", "small"]
