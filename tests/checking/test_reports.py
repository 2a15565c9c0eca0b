"""From a wrong answer to the report that a student reads."""

import inspect
import re

import numpy as np
import pytest

from course_utils.checking import Check, Lab, Local, Opaque, check_exercise, observe
from course_utils.checking.cases import Packer
from course_utils.checking.verdict import LINES

NOTEBOOK = """
# %% tags=["setup"]
import numpy as np
# %% nbgrader={"grade_id": "affine_backward", "solution": true}
def affine_backward(dY, X, W):
    ### BEGIN SOLUTION
    return dY @ W.T, X.T @ dY, dY.sum(axis=0)
    ### END SOLUTION
# %% nbgrader={"grade_id": "loss_and_grad", "solution": true}
def loss_and_grad(w, x):
    ### BEGIN SOLUTION
    return np.mean((x @ w) ** 2), 2 * x.T @ (x @ w) / len(x)
    ### END SOLUTION
# %% nbgrader={"grade_id": "Counter", "solution": true}
class Counter:
    ### BEGIN SOLUTION
    def __init__(self, start):
        self.count = start
    def step(self, by):
        self.count = self.count + by
        return self.count
    def __add__(self, other):
        return Counter(self.count + other.count)
    ### END SOLUTION
"""
CHECKS = '''
from course_utils.checking import check, follows

@check("affine_backward", points=6)
def gradients_of_a_batch(affine_backward, rng):
    """all three gradients of a batch"""
    X, W, dY = rng.normal(size=(5, 3)), rng.normal(size=(3, 2)), rng.normal(size=(5, 2))
    dX, dW, db = affine_backward(dY, X, W)
    return {"dX": dX, "dW": dW, "db": db}

@check("loss_and_grad", points=4)
def loss_with_its_gradient(loss_and_grad, rng):
    """a loss and its gradient"""
    x, w = rng.normal(size=(7, 3)), rng.normal(size=3)
    loss, dw = loss_and_grad(w, x)
    return {"loss": loss, "dw": follows(dw, lambda v: loss_and_grad(v, x)[0], w, forward="loss")}

@check("Counter", points=3)
def counts_and_adds(Counter, rng):
    """counters keep their state and can be added"""
    mine, other = Counter(rng.normal()), Counter(2.5)
    mine.step(1.5)
    return {"after two steps": mine.step(by=0.25), "sum": (mine + other).count}
'''
MISTAKES = """
from course_utils.checking import mistake, solution

@mistake("affine_backward", "dW is divided by the batch size a second time: the loss is already a mean")
def averaged_twice(dY, X, W):
    dX, dW, db = solution.affine_backward(dY, X, W)
    return dX, dW / len(X), db
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab_small")
    for name, text in (("notebook", NOTEBOOK), ("checks", CHECKS), ("mistakes", MISTAKES)):
        (folder / f"{name}.py").write_text(text)
    return Lab.from_source(folder)


@pytest.fixture
def told(lab):
    def tell(exercise, subject):
        namespace = {} if subject is None else {exercise: subject}
        return check_exercise(exercise, lab.checks[exercise], Local(namespace), lab.oracle, lab.seeds)

    return tell


def right(dY, X, W):
    return dY @ W.T, X.T @ dY, dY.sum(axis=0)


def with_result(number, change):
    def affine_backward(dY, X, W):
        results = list(right(dY, X, W))
        results[number] = change(results[number])
        return tuple(results)

    return affine_backward


def twisted(dY, X, W):
    dX, dW, db = right(dY, X, W)
    dX[1] = 0.5 * dX[1] + 1
    return dX, dW, db


def changes_its_argument(dY, X, W):
    results = right(dY, X, W)
    dY *= 2
    return results


def forgets_return(dY, X, W):
    right(dY, X, W)


def breaks(dY, X, W):
    return X @ dY


def breaks_in_compiled_code(dY, X, W):
    return np.random.default_rng(0).uniform(X.shape)


def works_with_a_changed_argument(dY, X, W):
    dY[0] = np.round(dY[0], 1)
    return right(dY, X, W)


def takes_too_little(dY, X):
    return dY


def exits(dY, X, W):
    raise SystemExit("bye")


def not_written(dY, X, W):
    raise NotImplementedError


WRONG = [
    (with_result(1, lambda dW: dW / 5), 4, "dW is divided by the batch size a second time"),
    (with_result(2, lambda db: 5 * db), 4, "db is 5 times too large: 5 is the size of"),
    (with_result(2, lambda db: db / 2), 4, "db is 2 times too small"),
    (with_result(1, lambda dW: -dW), 4, "dW has the wrong sign"),
    (with_result(1, np.transpose), 4, "dW is the transpose of what it should be"),
    (lambda dY, X, W: (dY @ W.T, X.T @ dY, dY), 4, "db is right once it is summed over axis 0"),
    (lambda dY, X, W: (dY @ W.T, X.T @ dY, dY.sum(0, keepdims=True)), 4, "only the shape is not"),
    (with_result(0, lambda dX: dX + 0.25), 4, "every entry of dX is 0.25 too large"),
    (twisted, 4, "only row 1 of dX is wrong"),
    (with_result(0, lambda dX: dX.astype(int)), 4, "fractions were cut off"),
    (with_result(0, lambda dX: dX / 0), 4, "dX is not finite in"),
    (changes_its_argument, 5.25, "right, but the argument dY is not the same after the call"),
    (forgets_return, 0, "affine_backward gives None, expected 3 results: does it end with return?"),
    (breaks, 0, "in the line: return X @ dY"),
    (breaks_in_compiled_code, 0, "in the line: return np.random.default_rng(0).uniform(X.shape)"),
    (works_with_a_changed_argument, 0, "besides, the argument dY is not the same after the call"),
    (with_result(0, lambda dX: dX[:, 0:-0]), 4, "it is empty"),
    (breaks, 0, "ValueError: the product A @ B does not fit: A has 3 columns, B has 5 rows"),
    (lambda dY, X, W: np.dot(X, dY), 0, "the product does not fit: the shapes are (5,3) and (5,2)"),
    (takes_too_little, 0, "too many positional arguments"),
    (exits, 0, "SystemExit: bye"),
    (3, 0, "affine_backward is not a function"),
]


@pytest.mark.filterwarnings("ignore:divide by zero")
@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize(("subject", "score", "words"), WRONG, ids=[words[:40] for _, _, words in WRONG])
def test_a_wrong_answer_is_told_what_is_wrong(told, subject, score, words):
    report = told("affine_backward", subject)
    assert words in report.text()
    assert report.score == score
    assert report.verdicts[0].outcome == "failed"
    assert len(report.verdicts[0].message.split("\n")) <= LINES
    assert "course_utils" not in report.text()


def test_the_report_reads_as_in_the_design(told):
    text = told("affine_backward", WRONG[0][0]).text()
    assert re.fullmatch(
        r"affine_backward  4/6\n"
        r"✗ all three gradients of a batch +4/6\n"
        r"    called with dY \(5, 2\), X \(5, 3\), W \(3, 2\)\n"
        r"    dW differs in 6 of 6 entries; largest at \[\d, \d\]: got \S+, expected \S+\n"
        r"    dW is divided by the batch size a second time: the loss is already a mean",
        text,
    )


def test_nothing_is_said_that_does_not_follow_from_the_values(told, lab):
    def noisy(dY, X, W):
        dX, dW, db = right(dY, X, W)
        return dX, dW + np.linspace(0.1, 0.9, 6).reshape(3, 2) ** 2, db

    report = told("affine_backward", noisy)
    assert report.verdicts[0].mistake is None
    assert len(report.verdicts[0].message.split("\n")) == 2  # how it was called, and the numbers


@pytest.mark.parametrize(("subject", "words"), [(None, "is not defined yet"), (not_written, "not written yet")])
def test_what_is_not_written_is_not_attempted(told, subject, words):
    report = told("affine_backward", subject)
    assert [verdict.outcome for verdict in report.verdicts] == ["not attempted"]
    assert words in report.text()


def test_the_value_of_a_report_is_its_points(told):
    assert repr(told("affine_backward", right)) == "6.0"
    assert repr(told("affine_backward", WRONG[0][0])) == "4.0"


def test_html_shows_where_the_difference_is_and_escapes_the_students_text(told):
    def hostile(dY, X, W):
        raise ValueError("<script>alert(1)</script>")

    html = told("affine_backward", WRONG[0][0])._repr_html_()
    assert html.count("rgba(") >= 6
    assert "yours minus expected" in html
    assert "<script" not in told("affine_backward", hostile)._repr_html_()


def test_one_mistake_in_a_loss_is_charged_once(told):
    def summed(w, x):
        return np.sum((x @ w) ** 2), 2 * x.T @ (x @ w)

    report = told("loss_and_grad", summed)
    assert report.score == 2
    assert "loss is 7 times too large: 7 is the size of x's axis 0" in report.text()
    assert "right for your own loss, no points lost: dw" in report.text()


def test_a_made_up_pair_of_loss_and_gradient_earns_nothing(told):
    report = told("loss_and_grad", lambda w, x: (float(w.sum()), np.ones_like(w)))
    assert report.score == 0
    assert told("loss_and_grad", lambda w, x: (0.0, np.zeros_like(w))).score == 0


def test_classes_are_checked_through_their_instances(told, lab):
    assert told("Counter", lab.reference["Counter"]).passed

    class Forgetful:
        def __init__(self, start):
            self.start = start

        def step(self, by):
            return self.start + by

    report = told("Counter", Forgetful)
    assert report.score == 0
    assert "TypeError" in report.text()


def test_printing_and_warning_do_not_reach_the_notebook(told, capsys):
    def chatty(dY, X, W):
        print("working")
        np.log(-np.ones(1))
        return right(dY, X, W)

    assert told("affine_backward", chatty).passed
    assert capsys.readouterr() == ("", "")


def test_randomness_given_to_a_subject_tells_nothing_of_the_seed(lab):
    seen = []

    def probe(draw, rng):
        return {"value": draw(rng)}

    def draw(rng):
        seen.append(rng.bit_generator.seed_seq.entropy)
        return 0.0

    made = Check("draw", "draws", 1, probe, tuple(inspect.signature(probe).parameters))
    observe(made, Local({"draw": draw}), 12345)
    assert 12345 not in seen


def test_a_value_that_is_still_none_is_not_attempted(lab):
    report = check_exercise("Counter", lab.checks["Counter"], Local({"Counter": None}), lab.oracle, lab.seeds)
    assert [verdict.outcome for verdict in report.verdicts] == ["not attempted"]
    assert "not written yet" in report.text()


def test_an_empty_result_is_a_wrong_shape_and_warns_of_nothing(told):
    report = told("affine_backward", with_result(2, lambda db: np.empty((0, 2))))
    assert "db has shape (0, 2), expected (2,)" in report.text()


def test_tensors_with_a_graph_are_data_like_others(told):
    torch = pytest.importorskip("torch")

    def loss_and_grad(w, x):
        w = torch.tensor(w, requires_grad=True)
        loss = ((torch.from_numpy(x) @ w) ** 2).mean()
        return [loss, torch.autograd.grad(loss, w, create_graph=True)[0]]

    assert told("loss_and_grad", loss_and_grad).passed


def test_a_hard_coded_gpu_is_said_in_plain_words(told):
    def affine_backward(dY, X, W):
        raise AssertionError("Torch not compiled with CUDA enabled")

    assert "there is no GPU on this machine: use the device that was given" in told("affine_backward", affine_backward).text()


def test_a_question_about_a_whole_array_is_said_in_plain_words(told):
    def affine_backward(dY, X, W):
        return dY if dY > 0 else X

    assert "one yes or no is wanted, as after if, or in max() and min(), but" in told("affine_backward", affine_backward).text()


def test_an_array_of_objects_is_told_as_an_object():
    def probe(draw):
        """rows of two lengths"""
        return {"rows": np.array([draw(1), draw], dtype=object)}

    made = Check("draw", "rows", 1, probe, ("draw",))
    found = observe(made, Local({"draw": lambda x: x}), 1).observations["rows"]
    assert found == Opaque("array of object")
    packer = Packer()
    packed = packer.pack(found)
    assert Packer(packer.data).unpack(packed) == found
