"""A graph is drawn as the student's engine recorded it, and an engine that is missing leaves a panel that says so."""

from course_utils.pictures import autograd, plots

PLACES = {"x": (0.0, 0.0), "y": (1.0, 0.0)}


class Value:
    def __init__(self, data, parents=(), grad=0.0):
        self.data, self.parents, self.grad = data, parents, grad


def square():
    x = Value(-3.0)
    return {"x": x, "y": Value(9.0, (x, Value(1.0, (x,))))}


def texts(picture):
    return [text.get_text() for text in picture.figure.axes[0].texts]


def test_values_without_a_name_are_passed_through():
    assert autograd.named_parents(square()) == {"x": [], "y": ["x", "x"]}


def test_boxes_hold_numbers_grads_and_places_in_the_order():
    def backward(root):
        root.grad = 1.0

    drawn = autograd.graph(square, PLACES, "a square", backward=backward, order=lambda root: [root])
    assert [text for text in texts(drawn) if text] == ["x: missing\n−3\ngrad 0", "1. y\n9\ngrad 1"]
    assert sum(not text for text in texts(drawn)) == 2, "two arrows lead from x to its square"


def test_an_engine_that_is_not_written_leaves_a_panel_that_says_so():
    def unwritten():
        raise NotImplementedError

    assert texts(autograd.graph(unwritten, PLACES, "a square")) == [plots.WAITING]
