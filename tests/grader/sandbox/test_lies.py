"""A notebook that tampers with its own process: it can spoil its own answers, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from grader.sandbox import Child

FIND = """
import gc, os, socket, struct, sys
harness = next(o for o in gc.get_objects() if type(o).__name__ == "Child" and hasattr(o, "_channel"))
wire_fd = harness._channel._end.fileno()
nonce = harness._working[-1]["nonce"]
"""


def test_noise_on_every_descriptor_ends_the_notebook_with_a_sentence(child: Child) -> None:
    result = child.execute("import os\nfor fd in range(3, 256):\n    try: os.write(fd, b'x' * 50)\n    except OSError: pass")
    assert result.status == "died"
    assert result.reason.startswith("the notebook's process was stopped: a message")


@pytest.mark.parametrize(
    ("forged", "reason"),
    [
        ("os.write(wire_fd, struct.pack('!IIB16s', 2**32 - 1, 5, 3, nonce))", "a message of 4 GiB is too big"),
        ("os.write(wire_fd, struct.pack('!IIB16s', 5, 5, 3, nonce) + bytes(5))", "a message cannot be read"),
        ("os.write(wire_fd, struct.pack('!IIB16s', 5, 5, 77, nonce) + bytes(5))", "a message is of no kind"),
        ("harness._send({'nonce': nonce, 'kind': 'events', 'events': [['html', 5]]})", "an output has a strange form"),
        ("harness._send({'nonce': nonce, 'kind': 'events', 'events': [['stream', 'stdout', ['x' * 10**6]]]})", "it sent more output"),
        ("harness._send({'nonce': nonce, 'kind': 'events', 'events': [['display', {'a': b'x'}, {}, None]]})", "an output holds what"),
    ],
)
def test_forged_messages_end_the_notebook(child: Child, forged: str, reason: str) -> None:
    result = child.execute(FIND + forged)
    assert result.status == "died"
    assert f"was stopped: {reason}" in result.reason


@pytest.mark.parametrize("odd", ["[[5]]", "{'a': 1}", "None", "5", "[None]"])
def test_a_result_that_is_no_text_is_none(child: Child, odd: str) -> None:
    """nbgrader reads a score from it, and trusts its form."""
    forged = f"['result', {{'text/plain': {odd}, 'text/html': ['a', 'b'], 'application/json': {odd}, 7: 'x'}}, {{}}, 1]"
    (output,) = child.execute(FIND + f"harness._send({{'nonce': nonce, 'kind': 'events', 'events': [{forged}]}})").outputs
    assert output["data"].keys() == {"text/html", "application/json"}


@pytest.mark.parametrize("function", ["7", "-1", "'x'", "0.5"])
def test_calling_back_what_does_not_exist_ends_the_notebook(child: Child, function: str) -> None:
    call = f"{{'nonce': harness._working[-1]['nonce'], 'kind': 'callback', 'function': {function}, 'args': (), 'kwargs': {{}}}}"
    child.execute(FIND + f"def f(g): harness._send({call})")
    raised = child.perform("call", child.lookup("f").value, (len,), {}).raised
    assert raised.message == "the notebook's process was stopped: it called a function that does not exist"


def test_messages_without_the_right_nonce_are_dropped(child: Child) -> None:
    forged = "for guess in (b'', bytes(16), None): harness._send({'kind': 'reply', 'nonce': guess, 'ok': True, 'events': []})"
    assert child.execute(FIND + forged + "\nprint('really')").outputs[0]["text"] == "really\n"
    reply = "{'kind': 'reply', 'value': 99, 'changed': {}, 'raised': None, 'warned': (), 'printed': '', 'nonce': bytes(16)}"
    child.execute(f"def f():\n    harness._send({reply})\n    return 1")
    assert child.perform("call", child.lookup("f").value, (), {}).value == 1


def test_a_stolen_nonce_answers_one_request_and_puts_none_out_of_step(child: Child) -> None:
    """The process may answer for itself as it likes: the value is judged like any other."""
    reply = "{'kind': 'reply', 'value': 99, 'changed': {}, 'raised': None, 'warned': (), 'printed': '', 'nonce': NONCE}"
    reply = reply.replace("NONCE", "harness._working[-1]['nonce']")
    child.execute(FIND + f"def f():\n    harness._send({reply})\n    return 1\ndef g(): return 2")
    f, g = child.lookup("f").value, child.lookup("g").value
    assert child.perform("call", f, (), {}).value == 99
    assert child.perform("call", g, (), {}).value == 2


@pytest.mark.parametrize(
    "reply",
    [
        "{'value': 1}",
        "{'value': 1, 'changed': 5, 'raised': None, 'warned': ()}",
        "{'value': 1, 'changed': {}, 'raised': (1, 2, 3, 4, 5), 'warned': ()}",
        "{'value': 1, 'changed': {}, 'raised': ('error',), 'warned': ()}",
        "{'value': 1, 'changed': {}, 'raised': None, 'warned': ('x',) * 1000}",
        "{}",
    ],
)
def test_a_reply_of_a_strange_form_ends_the_notebook(child: Child, reply: str) -> None:
    child.execute(FIND + f"def f():\n    harness._send({{'kind': 'reply', 'nonce': harness._working[-1]['nonce'], **{reply}}})")
    raised = child.perform("call", child.lookup("f").value, (), {}).raised
    assert raised.kind == "died"
    assert raised.message == "the notebook's process was stopped: a reply has a strange form"


def test_a_notebook_that_closes_the_wire_ends(child: Child) -> None:
    result = child.execute(FIND + "os.close(wire_fd)")
    assert result.status == "died"
    assert result.reason


def test_lying_objects_stay_where_they_are(child: Child) -> None:
    code = """
class Liar:
    def __eq__(self, other): return True
    def __array__(self, *args, **kwargs): raise SystemExit
    def __float__(self): return 1.0
    def __bool__(self): return True
    def __reduce__(self): return (print, ("pwned",))
    @property
    def __class__(self): return float
    @property
    def __signature__(self): raise SystemExit
    def __call__(self): return self
    def __getattr__(self, name): return self
    def __del__(self): raise SystemExit
liar = Liar()
import numpy as np
class Array(np.ndarray): pass
array = np.ones(2).view(Array)
class Text(str):
    def __str__(self): raise ValueError
text = Text("x")
nested = [liar, array]
"""
    assert child.execute(code).status == "ok"
    for name in ("liar", "array", "text", "nested"):
        child.lookup(name)
    for array in (child.lookup("array").value, child.lookup("nested").value[1]):
        assert type(array) is np.ndarray  # a subclass of somebody's own is its numbers
    assert child.execute("1").status == "ok"


def test_patched_numpy_changes_nothing_on_our_side(child: Child) -> None:
    child.execute("""
import numpy, builtins, msgpack
def f(x): return x + 1
numpy.array_equal = numpy.allclose = numpy.testing.assert_allclose = lambda *args, **kwargs: True
numpy.ndarray = numpy.frombuffer = builtins.isinstance = None
""")
    reply = child.perform("call", child.lookup("f").value, (np.ones(2),), {}) if child.lookup("f").value else None
    assert reply is None or reply.raised or np.array_equal(reply.value, [2, 2])
    assert np.allclose(1, 2) is False


@pytest.mark.parametrize(
    "code",
    [
        "np.ones(2**22)",
        "'x' * 2**25",
        "(lambda x: x.append(x) or x)([])",
        "__import__('functools').reduce(lambda x, _: [x], range(500), 1)",
        "[0] * 10**7",
    ],
)
def test_results_that_are_too_much_are_an_error_of_the_student(child: Child, code: str) -> None:
    child.execute(f"import numpy as np\ndef f(): return {code}")
    raised = child.perform("call", child.lookup("f").value, (), {}).raised
    assert raised.kind == "error"
    assert "too" in raised.message
    assert child.execute("1").status == "ok"
