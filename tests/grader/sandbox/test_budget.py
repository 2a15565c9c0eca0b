"""What a notebook may make the grader do: deadlines are kept whatever is sent, and all that is sent is counted."""

from __future__ import annotations

import time
from typing import Any

import msgpack
import numpy as np
import psutil
import pytest

from course_utils.checking.local import Local
from course_utils.checking.session import FORGOTTEN
from grader.sandbox import CellResult, Child, wire
from grader.sandbox.codec import WireError
from grader.sandbox.limits import KIB, MIB

from .conftest import hurried
from .test_lies import FIND

FLOOD = """
import threading
body = bytes({size})
frame = struct.pack('!IIB16s', len(body), 0, 3, {nonce}) + body
def flood():
    os.set_blocking(wire_fd, True)
    while True:
        try: os.write(wire_fd, frame)
        except BlockingIOError: pass
"""
STRANGE = "bytes(16)"
CAUGHT = "was stopped: it sent more than a few messages that nobody had asked for"


def died(result: CellResult) -> str:
    assert result.status == "died", result
    return result.reason


@pytest.mark.parametrize("size", [0, 60_000, MIB])
def test_a_flood_of_what_nobody_asked_for_ends_a_cell_at_once(child: Child, size: int) -> None:
    started = time.process_time()
    assert CAUGHT in died(child.execute(FIND + FLOOD.format(size=size, nonce=STRANGE) + "flood()"))
    assert time.process_time() - started < 1


def test_a_flood_of_what_nobody_asked_for_ends_a_check_at_once(child: Child) -> None:
    child.execute(FIND + FLOOD.format(size=60_000, nonce=STRANGE))
    raised = child.perform("call", child.lookup("flood").value, (), {}).raised
    assert raised.kind == "died"
    assert CAUGHT in raised.message


def test_a_cell_ends_in_time_while_a_thread_floods(child: Child) -> None:
    """One frame in a hundredth of a second is less than is too much, and never leaves the wire silent."""
    slowly = "threading.Thread(target=lambda: [(os.write(wire_fd, frame), time.sleep(0.01)) for _ in range(10**6)], daemon=True).start()"
    code = f"import time{FIND}{FLOOD.format(size=10, nonce=STRANGE)}{slowly}\nwhile True: pass"
    with hurried(child, cell_seconds=0.3):
        result = child.execute(code)
    assert "ran longer than 0.3 s" in result.reason or CAUGHT in result.reason


@pytest.mark.parametrize("what", ["b''", "struct.pack('!IIB16s', MANY, 0, 3, nonce)", "struct.pack('!IIB16s', 9, 0, 3, bytes(16))"])
def test_a_frame_in_crumbs_keeps_nobody_past_the_deadline(child: Child, what: str) -> None:
    code = f"{FIND}MANY = 10**6\nos.set_blocking(wire_fd, True)\nos.write(wire_fd, {what})\nwhile True: os.write(wire_fd, bytes(1))"
    started = time.process_time()
    with hurried(child, cell_seconds=0.5):
        result = child.execute(code)
    assert result.status in ("died", "interrupted")
    assert time.process_time() - started < 0.5


def test_a_check_that_is_answered_in_crumbs_ends_in_time(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.sandbox.remote._GRACE", 0.3)
    child.execute(f"{FIND}def crumbs():\n    os.write(wire_fd, struct.pack('!IIB16s', 10**6, 0, 3, harness._working[-1]['nonce']))"
                  "\n    while True:\n        try: os.write(wire_fd, bytes(1))\n        except BlockingIOError: pass")  # fmt: skip
    crumbs = child.lookup("crumbs").value
    with hurried(child, call_seconds=0.5):
        raised = child.perform("call", crumbs, (), {}).raised
    assert raised.kind in ("timeout", "died")


def test_events_without_end_keep_the_deadline(child: Child) -> None:
    code = f"{FIND}while True: harness._send({{'kind': 'events', 'nonce': nonce, 'events': []}})"
    with hurried(child, cell_seconds=0.3, messages=10**9):
        result = child.execute(code)
    assert (result.status, result.reason) == ("interrupted", "ran longer than 0.3 s and was interrupted")
    assert child.execute("6 * 7").outputs[0]["data"]["text/plain"] == "42"


def test_a_notebook_sends_only_so_many_messages(child: Child) -> None:
    with hurried(child, messages=50):
        result = child.execute(f"{FIND}while True: harness._send({{'kind': 'events', 'nonce': nonce, 'events': []}})")
    assert died(result) == "the notebook's process was stopped: it sent more than 50 messages"


def test_events_are_counted_before_they_are_read(child: Child) -> None:
    wide = "harness._send({'kind': 'events', 'nonce': nonce, 'events': [['update', {'a': 'x' * 10_000}, {}, 'never shown']] * 9})"
    assert died(child.execute(f"{FIND}for _ in range(10): {wide}")).endswith("it sent more output than it was allowed to")


def test_a_display_that_is_shown_often_does_not_multiply_what_is_kept(child: Child) -> None:
    code = "for _ in range(100): display(1, display_id='a')\nfrom IPython.display import update_display\n"
    result = child.execute(code + "update_display('x' * 10_000, display_id='a')")
    assert result.status == "ok"
    assert len(result.outputs) >= 100
    assert sum("x" * 100 in str(output) for output in result.outputs) == 8


def test_all_cells_together_show_so_much_and_no_more(child: Child) -> None:
    with hurried(child, outputs_bytes=50_000):
        results = [child.execute("print('x' * 19_000)") for _ in range(4)]
        small = child.execute("print('small')")
    cut = "The output of this cell was cut off: the notebook shows more than 48.83 KiB."
    assert [result.reason for result in results] == ["", "", cut, cut]
    assert small.outputs[-1]["text"].strip() == cut
    assert all(result.status == "ok" for result in (*results, small))


def test_tiny_outputs_in_turns_are_cut_off_and_end_nothing(child: Child) -> None:
    result = child.execute("import sys\nfor _ in range(3000): print('x', end=''); print('y', end='', file=sys.stderr)")
    assert result.status == "ok"
    assert result.reason.startswith("The output of this cell was cut off")


@pytest.mark.parametrize("interrupted", ["while True: print('x' * 100)", "while True: display('x' * 5000)"])
def test_an_interrupt_does_not_tear_a_message(child: Child, interrupted: str) -> None:
    with hurried(child, cell_seconds=0.2, output_bytes=MIB * 8):
        assert child.execute(interrupted).status == "interrupted"
    assert child.execute("6 * 7").status == "ok"


# Answers

GIVES = "import numpy as np\ndef f(n): return np.ones(n, np.int8)\ndef apply(g, n): return len(str(g(np.ones(n))))\ndef one(): return 1"


@pytest.fixture
def gives(child: Child) -> Child:
    assert child.execute(GIVES).status == "ok"
    return child


def call(child: Child, name: str, *args: Any) -> Any:
    found = child.lookup(name)
    return found if found.raised else child.perform("call", found.value, args, {})


def test_one_check_is_answered_with_so_much_and_the_next_one_begins_anew(gives: Child) -> None:
    with hurried(gives, answer_bytes=200 * KIB):
        assert [call(gives, "f", 90_000).raised for _ in range(2)] == [None, None]
        refused = call(gives, "f", 90_000)
        assert refused.value is None
        assert refused.raised[:3] == ("error", "ValueError", "answered with more than 200 KiB in one check")
        gives.forget()
        assert call(gives, "f", 90_000).value.sum() == 90_000
        assert call(gives, "one").value == 1


def test_all_answers_together_are_so_much_and_little_ones_still_get_through(gives: Child) -> None:
    replies = []
    with hurried(gives, answer_bytes=MIB, answers_bytes=2 * MIB):
        for _ in range(5):
            gives.forget()
            replies.append(call(gives, "f", 600_000))
        gives.forget()
        assert call(gives, "one").value == 1  # whoever floods takes nothing from the other exercises
    assert [reply.raised is None for reply in replies] == [True, True, True, False, False]
    assert {reply.raised.message for reply in replies[3:]} == {"answered with more than 2 MiB in all"}


def test_who_never_stops_answering_is_ended(gives: Child) -> None:
    replies = []
    with hurried(gives, answer_bytes=MIB, answers_bytes=MIB):
        for _ in range(6):
            gives.forget()
            replies.append(call(gives, "f", 900_000))
    assert [reply.raised and reply.raised.kind for reply in replies] == [None, "error", "error", "error", "died", "died"]
    assert replies[-1].raised.message == "the notebook's process was stopped: it answered with more than 4 MiB"


def test_parts_count_for_what_they_take_when_they_are_unpacked(gives: Child) -> None:
    gives.execute("def parts(): return [()] * 40_000")
    with hurried(gives, answer_bytes=MIB):  # 40 000 parts of three bytes each
        assert call(gives, "parts").raised.message == "answered with more than 1 MiB in one check"


def test_what_a_check_is_called_with_counts_too(gives: Child) -> None:
    with hurried(gives, answer_bytes=200 * KIB):
        reply = call(gives, "apply", lambda x: x.sum(), 20_000)
        assert reply.value == len("20000.0")
        raised = call(gives, "apply", lambda x: x.sum(), 20_000).raised
    assert raised[:3] == ("error", "ValueError", "answered with more than 200 KiB in one check")


@pytest.mark.stress
def test_answers_of_32_mib_leave_the_grader_small(gives: Child) -> None:
    before = psutil.Process().memory_info().rss
    kept = [call(gives, "f", 2**25) for _ in range(20)]
    for _ in range(20):
        gives.forget()
        kept.append(call(gives, "f", 2**22 - 2**16))
    assert psutil.Process().memory_info().rss - before < 100 * MIB
    assert sum(reply.raised is None for reply in kept) == 4
    assert kept[-1].raised.kind == "died"


def test_a_function_of_a_check_is_called_so_often_and_no_more(gives: Child) -> None:
    gives.execute("def often(g):\n    while True: g(1)")
    with hurried(gives, callbacks=20):
        raised = call(gives, "often", lambda x: x).raised
    assert (raised.kind, raised.message) == ("timeout", "called functions of the check more than 20 times and was interrupted")
    assert call(gives, "one").value == 1


def test_a_late_result_puts_nothing_out_of_step(gives: Child) -> None:
    gives.execute("def waits(g):\n    try: g(1)\n    except KeyboardInterrupt: pass\n    while True: pass")

    def slow(x: Any) -> Any:
        time.sleep(0.3)
        return x

    with hurried(gives, call_seconds=0.2):
        assert call(gives, "waits", slow).raised.kind == "timeout"
    assert [call(gives, "one").value for _ in range(3)] == [1, 1, 1]


@pytest.mark.stress
def test_the_largest_trees_are_unpacked_in_little_time() -> None:
    started = time.process_time()
    for part in (1, [], ["t"], ["d", 1, 1], ["a", "<f8", [0], 0]):
        body = msgpack.packb([["d", "value", ["l", *([part] * (2**19 // len(msgpack.packb(part)) - 50))]], [0]])
        try:
            wire.unpack(body, len(body), lambda parts: parts)
        except WireError:
            continue
    assert time.process_time() - started < 5


# Functions are lent for one check


@pytest.fixture
def doors(child: Child) -> tuple[Child, Local]:
    source = """
kept = []
def keep(f, x):
    kept.append(f)
    return f(x)
def again(x): return kept[0](x)
def newest(f, x): return f(x), kept[-1](x)
"""
    child.execute(source)
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return child, Local(namespace)


def test_a_function_of_one_check_helps_in_no_other(doors: Any) -> None:
    for session in doors:
        assert call(session, "keep", lambda x: x + 1, 5).value == 6
        assert call(session, "again", 5).value == 6  # the check still runs
        session.forget()
        raised = call(session, "again", 5).raised
        assert (raised.kind, raised.type, raised.message) == ("error", "RuntimeError", FORGOTTEN)
        assert call(session, "keep", lambda x: x + 2, 5).value == 7
        assert call(session, "again", 5).raised.message == FORGOTTEN  # nor does its number come back
        assert call(session, "newest", lambda x: x + 3, 5).value == (8, 7)


def test_a_forgotten_number_cannot_be_guessed(child: Child) -> None:
    forge = "harness._send({'kind': 'callback', 'nonce': harness._working[-1]['nonce'], 'function': 0, 'args': (5,), 'kwargs': {}})"
    child.execute(f"{FIND}def keep(f): pass\ndef guess(f):\n    {forge}\n    return harness._receive()['raised']")
    call(child, "keep", lambda x: "secret")
    child.forget()
    assert call(child, "guess", lambda x: x).value == ("RuntimeError", FORGOTTEN)


def test_functions_are_called_by_no_cell_and_no_lookup(child: Child) -> None:
    child.execute("def keep(f): pass")
    call(child, "keep", lambda x: "secret")
    forge = "harness._send({'kind': 'callback', 'nonce': nonce, 'function': 0, 'args': (5,), 'kwargs': {}})"
    with hurried(child, cell_seconds=0.3):
        assert child.execute(f"{FIND}{forge}\nharness._receive()").status == "interrupted"


def test_a_bound_function_is_never_forgotten(child: Child) -> None:
    child.bind("helper", lambda x: 10 * x)
    child.execute("def uses(x): return helper(x)\ndef swap(f): return f is helper, f(1)")
    for _ in range(2):
        np.testing.assert_array_equal(call(child, "uses", np.ones(2)).value, [10, 10])
        child.forget()
