"""Known wrong answers to the attacked lab."""

from course_utils.checking import mistake

SECRET = "@SOLUTIONS@"


@mistake("sigmoid", "the sign of z is lost: exp(z) stands where exp(-z) belongs")
def mirrored(z):
    return solution.sigmoid(-z)  # noqa: F821 - the engine gives the reference this name


@mistake("center", "the mean is taken over the row: axis=0 runs down the columns")
def over_rows(X):
    return X - X.mean(axis=1, keepdims=True)
