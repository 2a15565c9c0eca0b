"""A notebook in another language: its kernel says what it says elsewhere, and is held by the same walls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox import Child, Kernel, Sandbox, SandboxUnavailable, prove_kernels

from ..kernels import JUPYTER, installed
from .conftest import LIMITS

ROOMY = replace(LIMITS, processes=40)  # a kernel has some twelve threads before it runs anything


@pytest.fixture(scope="module")
def polyglot() -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("JUPYTER_PATH", str(JUPYTER))
        patched.setattr("grader.sandbox.remote._GRACE", 30.0)
        with Sandbox(limits=ROOMY, kernels=[installed("toy"), installed("bash")]) as sandbox:
            yield sandbox


def told(child: Child, code: str) -> Any:
    """What a cell's outputs say, in short."""
    result = child.execute(code)
    texts = [
        (output["output_type"], output.get("text") or output.get("evalue") or output["data"]["text/plain"]) for output in result.outputs
    ]
    return result.status, texts


@pytest.mark.stress
def test_what_a_kernel_says_arrives(polyglot: Sandbox) -> None:
    with polyglot.start(kernel="toy") as child:
        assert child.put_files({"data/a.csv": b"1"}) == []
        assert told(child, "say hi\ngive 0.5") == ("ok", [("stream", "hi\n"), ("execute_result", "0.5")])
        assert told(child, "warn oh") == ("ok", [("stream", "oh\n")])
        assert told(child, "show a\nchange b") == ("ok", [("display_data", "b")])
        assert told(child, "say a\nclear\nsay b") == ("ok", [("stream", "b\n")])
        assert told(child, "fail no") == ("error", [("error", "no")])
        assert told(child, "keep_quiet") == ("error", [])
        assert told(child, "let a 3\nsame a 3") == ("ok", [])
        child.limits = replace(ROOMY, cell_seconds=1)
        assert told(child, "sleep 600") == ("interrupted", [])
        assert told(child, "same a 3") == ("ok", [])  # it goes on
        assert child.lookup("a").raised is not None  # there are no objects that a check could ask
        result = child.execute("die 3")
        assert (result.status, result.reason) == ("died", "the notebook's process ended its own process (exit code 3)")


@pytest.mark.stress
def test_a_hostile_notebook_is_held_by_the_same_limits(polyglot: Sandbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("42")
    polyglot.limits = replace(ROOMY, output_bytes=5000)
    with polyglot.start(kernel="bash") as child:
        child.put_files({"a.txt": b"mine"})
        assert told(child, "cat a.txt; ls -A")[1] == [("stream", "minea.txt\n")]
        assert "No such file" in str(told(child, f"cat {secret}"))
        assert "No such file" in str(told(child, f"ls {Path.home() / '.ssh'} {JUPYTER / 'solutions'}"))
        assert told(child, "echo $HOME $(id -un)")[1] == [("stream", "/notebook student\n")]
        assert "Operation not supported" in str(told(child, "exec 3<>/dev/tcp/127.0.0.1/80"))
        assert told(child, "ls /sys/class/net /proc/net/dev 2>&1 | grep -c eth")[1][0] == ("stream", "0\n")
        assert "No space left" in str(told(child, "for i in 1 2 3 4; do head -c 7M /dev/zero > f$i; done"))
        assert "File too large" in str(told(child, "rm f?; head -c 9M /dev/zero > big"))
        assert "was cut off" in str(told(child, "seq 2000"))
        assert told(child, "rm big; echo still here")[1] == [("stream", "still here\n")]
        child.limits = replace(child.limits, cell_seconds=2)
        status, outputs = told(child, "for i in $(seq 200); do sleep 600 & done; wait")
        assert status != "ok"
        assert "Resource temporarily unavailable" in str(outputs)
    polyglot.limits = ROOMY


@pytest.mark.stress
def test_a_kernel_that_does_not_start_is_told_before_anyone_is_judged(polyglot: Sandbox, tmp_path: Path) -> None:
    folder = tmp_path / "kernels" / "broken"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text('{"argv": ["sh", "-c", "echo no library >&2; exit 1"], "display_name": "b", "language": "b"}')
    kernel = Kernel("broken", "b", folder, Path("/bin/sh"), (), {})
    with (
        Sandbox(limits=ROOMY, kernels=[kernel]) as sandbox,
        pytest.raises(SandboxUnavailable, match=r"Nothing was graded: .*no library.*broken/kernel\.json"),
    ):
        prove_kernels(sandbox)


def test_a_kernel_sees_what_its_kernelspec_names_and_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    for name in (
        "opt/bin/jule",
        "opt/share/jule/std",
        "opt/share/secrets/key",
        "opt/lib/libjule.so",
        "home/bin/own",
        "depot/packages/x",
        "home/.key",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    monkeypatch.setattr(Path, "home", lambda: home)
    spec = tmp_path / "spec"
    spec.mkdir()
    env = {"JULE_DEPOT": f"{tmp_path / 'depot'}:", "TOO_MUCH": str(home), "ALL": "/", "ABOVE": str(tmp_path), "TEXT": "no path"}
    jule = Kernel("jule-1", "jule", spec, tmp_path / "opt/bin/jule", ("-i",), env)
    assert jule.places() == sorted(tmp_path / name for name in ("spec", "depot", "opt/bin", "opt/lib", "opt/share/jule"))
    own = Kernel("own", "own", spec, home / "bin/own", (), {})
    assert own.places() == [home / "bin/own", spec]


@pytest.mark.parametrize("course", [".", "dl101"])
@pytest.mark.parametrize("mark", ["nbgrader_config.py", "gradebook.db", ".handgrad/lab/journal.jsonl"])
def test_a_script_beside_a_course_shows_itself_and_not_the_course(tmp_path: Path, course: str, mark: str) -> None:
    teaching = tmp_path / "srv" / "teaching"
    spec = tmp_path / "spec"
    for path in (teaching / "start.jl", teaching / course / mark, teaching / course / "source" / "lab" / "x", spec / "kernel.json"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    kernel = Kernel("jule", "jule", spec, Path("/usr/bin/env"), (str(teaching / "start.jl"),), {"JULE": str(teaching)})
    assert kernel.places() == [spec, teaching / "start.jl"]
