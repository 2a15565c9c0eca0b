"""Checks reach a notebook's objects through the sandbox as they do in the notebook itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.checking.local import Local
from course_utils.checking.session import Ref, Reply, Seeded
from grader.sandbox import Child

SOURCE = '''
import numpy as np
from collections import namedtuple
numbers, text, nothing, table = [1, 2.5, True], "text", None, {"a": np.eye(2), 3: (1, 2)}
Pair = namedtuple("Pair", "x y")
pair = Pair(1, 2)
words = np.array(["a", "b"])

def double(x): return 2 * x
def in_place(x): x *= 2
def draw(rng): return rng.normal(size=3)
def apply(f, x): return f(f(x))
def raises(x):
    y = x + 1
    raise ValueError("no " + str(y))
def unwritten(x): raise NotImplementedError
def warns(x): return np.log(x)
def many(): return [double, Vector(1), 5]
def leaves(): raise SystemExit(3)
def counts():
    yield 1
    yield 2
class Vector:
    """A thing with operators."""
    def __init__(self, x): self.x = x
    def __add__(self, other): return Vector(self.x + getattr(other, "x", other))
    def __rmul__(self, other): return Vector(other * self.x)
    def __matmul__(self, other): return self.x * other.x
    def __neg__(self): return Vector(-self.x)
    def __len__(self): return 3
    def __getitem__(self, index): return ("item", index)
    def __float__(self): return float(self.x)
    def __contains__(self, x): return x == self.x
class Layer:
    def __init__(self, activation): self.activation = activation
    def forward(self, x): return self.activation(x)
'''


@pytest.fixture
def sessions(child: Child) -> tuple[Any, Local]:
    assert child.execute(SOURCE).status == "ok"
    namespace: dict[str, Any] = {}
    exec(SOURCE, namespace)
    return child, Local(namespace)


def both(sessions: tuple[Any, Local], name: str, op: str, *args: Any, **kwargs: Any) -> list[Reply]:
    replies = []
    for session in sessions:
        target = session.lookup(name).value
        replies.append(session.perform(op, target, args, kwargs))
    return replies


def told(reply: Reply) -> str:
    """A reply without the numbers of references, and without the line, which `exec` does not know."""
    value = reply.value._replace(key=0) if isinstance(reply.value, Ref) else reply.value
    raised = reply.raised and reply.raised._replace(line="")
    return repr(reply._replace(value=value, raised=raised))


@pytest.mark.parametrize("name", ["numbers", "text", "nothing", "table", "pair", "words", "double", "Vector", "np", "absent"])
def test_lookups_agree_with_the_notebooks_own(sessions: Any, name: str) -> None:
    remote, local = (session.lookup(name) for session in sessions)
    if name == "pair":  # a named tuple is plain data, and arrives as a tuple
        assert remote.value == (1, 2)
    else:
        assert told(remote) == told(local)


@pytest.mark.parametrize(
    ("name", "op", "args"),
    [
        ("double", "call", (np.arange(3.0),)),
        ("double", "call", ([1, "a"],)),
        ("double", "call", ()),
        ("in_place", "call", (np.arange(3.0),)),
        ("draw", "call", (Seeded(5),)),
        ("apply", "call", (lambda x: x + 1, 5)),
        ("raises", "call", (1,)),
        ("unwritten", "call", (1,)),
        ("warns", "call", (np.array([-1.0, 0.0]),)),
        ("leaves", "call", ()),
        ("counts", "call", ()),
        ("Vector", "getattr", ("__doc__",)),
        ("Vector", "getattr", ("absent",)),
        ("double", "len", ()),
    ],
)
def test_operations_agree_with_the_notebooks_own(sessions: Any, name: str, op: str, args: tuple[Any, ...]) -> None:
    remote, local = both(sessions, name, op, *args)
    assert told(remote) == told(local)
    if name == "raises":
        assert remote.raised.line == 'raise ValueError("no " + str(y))'


@pytest.mark.parametrize(
    ("op", "args", "wanted"),
    [
        ("len", (), 3),
        ("float", (), 5.0),
        ("getitem", (slice(1, None),), ("item", slice(1, None))),
        ("contains", (5,), True),
        ("getattr", ("x",), 5),
        ("eq", (5,), False),
    ],
)
def test_objects_stay_and_answer(sessions: Any, op: str, args: tuple[Any, ...], wanted: Any) -> None:
    child = sessions[0]
    vector = child.perform("call", child.lookup("Vector").value, (5,), {}).value
    assert child.perform(op, vector, args, {}).value == wanted


def test_operators_make_new_objects(sessions: Any) -> None:
    child = sessions[0]
    vector = child.perform("call", child.lookup("Vector").value, (5,), {}).value
    for op, args, wanted in [("add", (vector,), 10), ("add", (1,), 6), ("rmul", (3,), 15), ("neg", (), -5)]:
        made = child.perform(op, vector, args, {}).value
        assert (made.type, child.perform("getattr", made, ("x",), {}).value) == ("Vector", wanted)
    assert child.perform("matmul", vector, (vector,), {}).value == 25
    child.perform("setattr", vector, ("x", np.ones(2)), {})
    np.testing.assert_array_equal(child.perform("getattr", vector, ("x",), {}).value, np.ones(2))


def test_containers_hold_references(sessions: Any) -> None:
    child = sessions[0]
    double, vector, five = child.perform("call", child.lookup("many").value, (), {}).value
    assert (double, vector.type, five) == (child.lookup("double").value, "Vector", 5)


def test_the_same_object_is_the_same_reference(sessions: Any) -> None:
    for session in sessions:
        vector = session.perform("call", session.lookup("Vector").value, (session.lookup("double").value,), {}).value
        held = [session.perform("getattr", vector, ("x",), {}).value for _ in range(2)]
        assert held == [session.lookup("double").value] * 2
        assert len({vector, *held}) == 2


def test_generators_are_iterated_from_afar(sessions: Any) -> None:
    child = sessions[0]
    generator = child.perform("call", child.lookup("counts").value, (), {}).value
    replies = [child.perform("next", generator, (), {}) for _ in range(3)]
    assert [reply.value for reply in replies] == [1, 2, None]
    assert replies[2].raised.type == "StopIteration"


def test_a_function_of_the_check_can_be_kept_and_called_later(sessions: Any) -> None:
    child = sessions[0]
    layer = child.perform("call", child.lookup("Layer").value, (np.tanh,), {}).value
    forward = child.perform("getattr", layer, ("forward",), {}).value
    np.testing.assert_array_equal(child.perform("call", forward, (np.ones(2),), {}).value, np.tanh(np.ones(2)))
    late = child.execute("[o for o in __import__('gc').get_objects() if isinstance(o, Layer)][0].forward(1)")
    assert "only be called while the check runs" in late.outputs[-1]["evalue"]


def test_a_function_of_the_check_may_use_the_students_objects(sessions: Any) -> None:
    child = sessions[0]
    double = child.lookup("double").value
    reply = child.perform("call", child.lookup("apply").value, (lambda x: child.perform("call", double, (x,), {}).value, 5), {})
    assert reply.value == 20


class Own(Exception):
    pass


ERRORS = [KeyError("what"), ValueError("no fit"), ZeroDivisionError(), RuntimeError("enough"), IndexError(), FileNotFoundError(2, "gone")]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_what_a_function_of_the_check_raises_is_the_students_error(sessions: Any, error: Exception) -> None:
    def picky(x: Any) -> Any:
        raise error

    child, local = both(sessions, "apply", "call", picky, 5)
    assert child.raised is not None
    assert local.raised is not None
    assert child.raised[:3] == local.raised[:3]
    assert child.raised.line == "def apply(f, x): return f(f(x))"


@pytest.mark.parametrize("error", [Own("gone"), UnicodeDecodeError("ascii", b"", 0, 1, "gone")])
def test_an_error_that_python_cannot_make_again_is_told_by_name(sessions: Any, error: Exception) -> None:
    def picky(x: Any) -> Any:
        raise error

    (child, _) = both(sessions, "apply", "call", picky, 5)
    assert child.raised is not None
    assert child.raised.type == "RuntimeError"
    assert child.raised.message.startswith(f"{type(error).__name__}: ")
    assert child.raised.message.endswith("gone")


def test_what_numpy_says_in_a_function_of_the_check_counts_as_said_by_the_student(sessions: Any) -> None:
    def grows(x: Any) -> Any:
        return np.float64(1e200) * np.float64(1e200) * x

    child, local = both(sessions, "apply", "call", grows, 5)
    assert told(child) == told(local)
    assert child.warned == ("overflow encountered in scalar multiply",)


def test_what_a_check_cannot_send_is_the_checks_own_error(sessions: Any) -> None:
    child = sessions[0]
    with pytest.raises(ValueError, match="an object of type set cannot be sent"):
        child.perform("call", child.lookup("double").value, ({1, 2},), {})


def test_prints_during_a_check_are_nobodys_output(child: Child) -> None:
    child.execute("def f():\n    print('noise')\n    import os; os.write(1, b'noise')\n    return 5")
    assert child.perform("call", child.lookup("f").value, (), {}).value == 5
    assert child.execute("print('cell')").outputs[0]["text"] == "cell\n"


def test_files_are_put_beside_the_notebook(child: Child) -> None:
    child.put_file("data/points.csv", b"1,2")
    child.put_file("helper.py", b"answer = 42")
    assert child.execute("import helper; helper.answer, open('data/points.csv').read()").outputs[0]["data"] == {"text/plain": "(42, '1,2')"}
    child.put_file("large.bin", b"x" * 2**23)
    child.put_file("empty.bin", b"")
    sizes = "import os; os.path.getsize('large.bin'), os.path.getsize('empty.bin')"
    assert child.execute(sizes).outputs[0]["data"] == {"text/plain": "(8388608, 0)"}
    for path in ("/etc/passwd", "../up", "a/../../up", ""):
        with pytest.raises(ValueError, match="not a path below"):
            child.put_file(path, b"")
