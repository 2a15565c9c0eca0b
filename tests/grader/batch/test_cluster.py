"""An engine of others does the jobs: the same gradebook and files as on this machine, whatever happens to its workers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from course_utils.errors import UserError
from grader.batch.cluster import payload, work
from grader.batch.cluster.engines import open_engine
from grader.batch.cluster.payload import Malformed, Reply, Request

Classroom = Any  # the fixture of conftest.py


Job = Callable[[], bytes]


class Direct(Executor):
    """Does each job at once, in this process, or has `instead` answer for it."""

    def __init__(self, instead: Callable[[Job], bytes]) -> None:
        self.instead, self.asked = instead, list[Request]()

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.asked.append(Request.from_bytes(args[0]))
        try:
            future.set_result(self.instead(lambda: function(*args)))
        except Exception as error:  # noqa: BLE001 - as an engine does
            future.set_exception(error)
        return future


DIRECT: list[Direct] = []


def direct() -> Executor:
    return DIRECT[-1]


@pytest.fixture(scope="module", autouse=True)
def stations() -> Iterator[None]:
    """Those of this process, which the tests share as long as they have the same seeds."""
    yield
    for line in work._idle:
        line.end()
    work._idle.clear()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Direct]:
    """Makes the engine that `HERE` names."""

    def make(instead: Callable[[Job], bytes] = lambda job: job()) -> Direct:
        DIRECT.append(Direct(instead))
        return DIRECT[-1]

    monkeypatch.setattr(work, "_PAUSE", 0.0)
    return make


HERE = f"{__name__}:direct"


def files(classroom: Classroom) -> dict[str, bytes]:
    steps = [path for step in ("autograded", "feedback") for path in (classroom.root / step).rglob("*") if path.is_file()]
    return {str(path.relative_to(classroom.root)): path.read_bytes() for path in steps}


def a_class(classroom: Classroom) -> None:
    made_up = classroom.made_up
    classroom.hand_in("ada")
    classroom.hand_in("bob", classroom.notebook({}))
    (classroom.root / "submitted" / "ada" / "lab_tiny" / "data.csv").write_text("1,2\n")
    (classroom.root / "submitted" / "ada" / "lab_tiny" / "timestamp.txt").write_text("2026-03-01 10:00:00 UTC\n")
    for exercise, wrong in made_up.wrong.items():
        classroom.hand_in(exercise, classroom.notebook(made_up.right | {exercise: next(iter(wrong.values()))}))
    classroom.hand_in("cut", b'{"cells": [')


@pytest.mark.stress
def test_elsewhere_is_the_same_as_here(classroom: Classroom, engine: Any) -> None:
    a_class(classroom)
    here = classroom.grade()
    scores, comments, made = classroom.scores(), classroom.comments(), files(classroom)
    traces = sorted(path.name for path in (classroom.root / ".handgrad").rglob("*.z"))
    assert traces
    classroom.forget_results()
    asked = engine().asked
    there = classroom.grade(on=HERE, insecure=True)
    assert sorted(there.graded) == sorted(here.graded)
    assert (classroom.scores(), classroom.comments(), files(classroom)) == (scores, comments, made)
    assert sorted(path.name for path in (classroom.root / ".handgrad").rglob("*.z")) == traces
    assert asked
    assert not list((classroom.root / ".handgrad").rglob("bundle"))  # it holds secrets, and is not needed any more


def test_what_was_packed_for_other_machines_does_not_outlive_the_next_run(classroom: Classroom) -> None:
    classroom.grade()
    notes = classroom.root / ".handgrad" / "lab_tiny"
    for name in ("bundle", ".handgrad-new-17"):  # as a run leaves them that is killed
        (notes / name).write_bytes(b"references")
    classroom.grade()
    assert not [path for path in notes.rglob("*") if path.is_file() and path.read_bytes() == b"references"]


@pytest.mark.stress
def test_without_a_disk_in_common_the_bundle_is_sent_to_who_asks_for_it(
    classroom: Classroom, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_shared", lambda asked: b"")
    monkeypatch.setattr(work, "_idle", [])
    for student in ("ada", "bob", "cyd", "dan", "eve"):
        classroom.hand_in(student)
    made = engine()
    assert classroom.grade(on=HERE, insecure=True).well
    # two were out before the first was answered
    assert [bool(request.bundled) for request in made.asked].count(True) == 2


@pytest.mark.stress
def test_what_stays_on_the_machine_of_the_engine_is_nothing(classroom: Classroom, engine: Any, monkeypatch: Any, tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    monkeypatch.setattr(work, "_idle", [])
    classroom.hand_in("ada")
    engine()
    assert classroom.grade(on=HERE, insecure=True).well
    (station,) = (tmp_path / "scratch").glob("handgrad-station-*")
    assert station.stat().st_mode & 0o77 == 0
    assert not list(station.rglob("*.ipynb"))


ELSEWHERE = [
    "autograded/../../x.csv",
    "notes/journal.jsonl",
    "/etc/passwd",
    "release/x.csv",
    "notes/traces/../x.z",
    "autograded",
    "",
    "notes/traces/.z",
    "autograded//@HERE@/x.csv",
    "./autograded/x.csv",
    "autograded/./x.csv",
    "autograded/x.csv/",
    "autograded/" + "x" * 300,
    "autograded/" + "x/" * 3000 + "x",
    "autograded/\ud800.csv",
]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_file_that_leads_elsewhere_is_written_nowhere(classroom: Classroom, engine: Any, name: str) -> None:
    before = sorted(classroom.root.parent.rglob("*"))
    classroom.hand_in("ada")
    name = name.replace("@HERE@", str(classroom.root))
    packed = payload.msgpack.packb(vars(Reply("done", "node17", found=b"{}", files={name: b"x"})), unicode_errors="surrogatepass")
    engine(lambda job: packed)
    outcome = classroom.grade(on=HERE, insecure=True)
    assert (outcome.results["ada"].status, outcome.faults) == ("failed", ["ada"])
    made = [path for path in sorted(classroom.root.parent.rglob("*")) if path not in before and path.is_file()]
    assert not [path for path in made if path.read_bytes() == b"x"]


@pytest.mark.stress
def test_a_page_changes_no_graded_notebook(classroom: Classroom, engine: Any) -> None:
    classroom.hand_in("ada")

    def lie(job: Job) -> bytes:
        reply = Reply.from_bytes(job())
        if b'"job":"page"' in made.asked[-1].order:
            reply.files["autograded/lab_tiny.ipynb"] = b"x"
        return reply.to_bytes()

    made = engine(lie)
    classroom.grade(on=HERE, insecure=True)
    assert b'"job":"page"' in made.asked[-1].order
    assert classroom.written("autograded", "ada").read_bytes() != b"x"


def test_a_file_in_the_place_of_a_folder_is_a_fault_of_one_submission(classroom: Classroom, engine: Any) -> None:
    classroom.hand_in("ada")
    engine(lambda job: Reply("done", "node17", found=b"{}", files={"autograded/a": b"", "autograded/a/b": b""}).to_bytes())
    assert classroom.grade(on=HERE, insecure=True).results["ada"].status == "failed"


POISON = b'{"student": "ada", "lab": "lab_tiny", "digest": "", "status": "graded", "exercises": {"f": {"checks": [5]}}}'
ODD = [*(("done", odd) for odd in (b"5", b"\xff", b"[" * 100_000, POISON)), *(("over", odd) for odd in (b"", b'{"digest": 5}'))]


@pytest.mark.parametrize(("end", "odd"), [*ODD, ("fault", b'{"exercises": []}'), ("fault", b'{"timestamp": [1]}')])
def test_what_was_found_without_form_stops_nobody(classroom: Classroom, engine: Any, end: str, odd: bytes) -> None:
    classroom.hand_in("ada")
    engine(lambda job: Reply(end, "node17", text="x", found=odd, so_far=[odd]).to_bytes())
    assert classroom.grade(on=HERE, insecure=True).results["ada"].status == "failed"


@pytest.mark.parametrize("damage", [b"", b"\xc1", b"\x80", b"\x93\x01\x02\x03"])
def test_an_answer_without_form_is_a_fault_of_one_submission(classroom: Classroom, engine: Any, damage: bytes) -> None:
    classroom.hand_in("ada")
    engine(lambda job: damage)
    assert classroom.grade(on=HERE, insecure=True).results["ada"].status == "failed"


@pytest.mark.stress
def test_a_job_that_the_engine_loses_is_given_out_again(classroom: Classroom, engine: Any) -> None:
    lost = iter(["worker lost", "", "manager lost"])

    def lose(job: Job) -> bytes:
        if word := next(lost, ""):
            raise RuntimeError(word)
        return job()

    classroom.hand_in("ada")
    engine(lose)
    assert classroom.grade(on=HERE, insecure=True).well


@pytest.mark.stress
def test_an_engine_that_loses_all_jobs_stops_the_run_and_charges_nobody(classroom: Classroom, engine: Any) -> None:
    def gone(job: Job) -> bytes:
        raise RuntimeError("all blocks have failed")

    for student in ("ada", "bob", "cyd"):
        classroom.hand_in(student)
    engine(gone)
    with pytest.raises(UserError, match=r"The engine loses every job .*all blocks have failed.*What was graded is kept"):
        classroom.grade(on=HERE, insecure=True)
    assert classroom.grade().well


@pytest.mark.stress
def test_machines_that_cannot_grade_are_told_once_and_stop_nobody(classroom: Classroom, engine: Any, capsys: Any) -> None:
    turns = iter(range(1000))

    def unable(job: Job) -> bytes:
        return Reply("unable", "node17", "there is no bubblewrap").to_bytes() if next(turns) % 2 else job()

    for student in ("ada", "bob", "cyd"):
        classroom.hand_in(student)
    engine(unable)
    assert classroom.grade(on=HERE, insecure=True).well
    assert capsys.readouterr().err.count("node17: there is no bubblewrap") == 1


def test_no_machine_can_grade(classroom: Classroom, engine: Any) -> None:
    classroom.hand_in("ada")
    engine(lambda job: Reply("unable", "node17", "there is no bubblewrap").to_bytes())
    with pytest.raises(UserError, match=r"No machine of the engine can grade\. node17 says: there is no bubblewrap"):
        classroom.grade(on=HERE, insecure=True)
    assert not classroom.scores()


@pytest.mark.stress
def test_another_handgrad_does_not_grade(classroom: Classroom, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.batch.cluster.bundle.code", lambda: "another")
    classroom.hand_in("ada")
    engine()
    with pytest.raises(UserError, match="it has another version of Handgrad"):
        classroom.grade(on=HERE, insecure=True)


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ("parsl", "name an engine as"),
        ("parsl:no_such_file.py", "There is no no_such_file.py: .* \\(kubernetes, local, slurm\\)"),
        ("dask:tcp://127.0.0.1:1", "is not encrypted"),
        ("no_such_module:pool", "is not encrypted"),
    ],
)
def test_engines_that_are_refused(spec: str, why: str) -> None:
    with pytest.raises(UserError, match=why), open_engine(spec, 1, insecure=False):
        pass


@pytest.mark.parametrize("spec", ["no_such_module:pool", "os:no_such_function", "os:getpid"])
def test_a_named_engine_that_is_none(spec: str) -> None:
    with pytest.raises(UserError, match=f"--on {spec}: "), open_engine(spec, 1, insecure=True):
        pass


@pytest.mark.parametrize("broken", [b"", b"text", payload.Reply("done", "x").to_bytes()])
def test_a_request_has_the_form_of_one(broken: bytes) -> None:
    with pytest.raises(Malformed):
        Request.from_bytes(broken)


# Engines as they are


@contextmanager
def killing(pattern: str, kills: int) -> Iterator[list[int]]:
    """Kill processes that are new and whose command line has the pattern, one after the other, while a class is graded."""
    killed, over, old = list[int](), threading.Event(), set(psutil.pids())

    def kill() -> None:
        while len(killed) < kills and not over.wait(0.5):
            found = [process for process in psutil.process_iter() if process.pid not in old and is_one(process, pattern)]
            if found:
                killed.append(found[0].pid)
                found[0].kill()

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def is_one(process: psutil.Process, pattern: str) -> bool:
    try:
        return pattern in " ".join(process.cmdline())
    except psutil.Error:  # it has gone meanwhile
        return False


@pytest.fixture
def dask_cluster() -> Iterator[str]:
    """A Dask scheduler with TLS and two workers; its address."""
    import dask
    from distributed import LocalCluster, Security

    keys = Security.temporary()
    parts = keys.get_tls_config_for_role("client")
    settings = {
        "distributed.comm.tls.ca-file": parts["ca_file"],
        "distributed.comm.tls.client.cert": parts["cert"],
        "distributed.comm.tls.client.key": parts["key"],
        "distributed.scheduler.allowed-failures": 10,
    }
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, protocol="tls://", security=keys, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        dask.config.set(settings),
    ):
        yield cluster.scheduler_address


def graded_twice(classroom: Classroom, on: str, pattern: str, kills: int = 2) -> list[int]:
    """Here and there, where workers are killed on the way: the same; gives who was killed."""
    a_class(classroom)
    classroom.grade()
    before = classroom.scores(), classroom.comments(), files(classroom)
    classroom.forget_results()
    with killing(pattern, kills) as killed:
        outcome = classroom.grade(on=on)
    assert (classroom.scores(), classroom.comments(), files(classroom)) == before
    assert len(outcome.graded) == len(set(outcome.graded)) == len(outcome.results)
    return killed


@pytest.mark.stress
def test_parsl_loses_workers(classroom: Classroom) -> None:
    assert graded_twice(classroom, "parsl:local", "grader.batch.cluster.station")


@pytest.mark.stress
def test_parsl_loses_its_only_node(classroom: Classroom) -> None:
    assert graded_twice(classroom, "parsl:local", "process_worker_pool", 1)


@pytest.mark.stress
def test_dask_loses_workers(classroom: Classroom, dask_cluster: str) -> None:
    assert graded_twice(classroom, f"dask:{dask_cluster}", "grader.batch.cluster.station")
