"""Open the engine that `--on` names, if what travels to it is encrypted."""

from __future__ import annotations

import contextlib
import importlib
import os
import runpy
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils.errors import UserError
from grader.build import scripts_on_path

SHIPPED = Path(__file__).parent / "configs"  # of Parsl
_DASK_SECONDS = 20


@dataclass(frozen=True)
class Engine:
    """An engine that takes jobs, and how many it does at a time, as far as it says."""

    executor: Executor
    workers: int


@contextmanager
def open_engine(spec: str, workers: int, *, insecure: bool) -> Iterator[Engine]:
    """`parsl:FILE`, `dask:ADDRESS` or `MODULE:FUNCTION`, which makes an Executor; `workers` is for one that does not say how many it has.

    Raises UserError for what is not there, and for an engine without encryption, unless `insecure`.
    """
    kind, _, where = spec.partition(":")
    if not where:
        raise UserError(f"--on {spec}: name an engine as parsl:FILE, dask:ADDRESS or MODULE:FUNCTION.")
    opened = {"parsl": _parsl, "dask": _dask}.get(kind, _named)
    with opened(where if opened is not _named else spec, workers, insecure) as engine:
        yield engine


def _refuse(insecure: bool, what: str, how: str) -> None:
    if not insecure:
        told = "and the jobs hold references and hidden checks"
        raise UserError(f"{what} is not encrypted, {told}: {how}, or say --insecure where nobody else is on the network.")


@contextmanager
def _parsl(where: str, workers: int, insecure: bool) -> Iterator[Engine]:
    """Parsl with the `config` of a Python file; of those that come with Handgrad the name is enough."""
    parsl = _installed("parsl")
    path = next((path for path in (Path(where), SHIPPED / where, SHIPPED / f"{where}.py") if path.is_file()), None)
    if path is None:
        names = ", ".join(sorted(path.stem for path in SHIPPED.glob("[a-z]*.py")))
        raise UserError(f"There is no {where}: name a file with a Parsl configuration, or one that comes with Handgrad ({names}).")
    config = runpy.run_path(str(path)).get("config")
    if not isinstance(config, parsl.Config):
        raise UserError(f"{path} has no `config` that is a parsl.Config: see {SHIPPED / 'local.py'} for one.")
    for executor in config.executors:
        _look_at(executor, path, insecure)
    from parsl.concurrent import ParslPoolExecutor

    with scripts_on_path():  # a worker pool is a script beside this Python
        pool = ParslPoolExecutor(config)
        try:
            yield Engine(pool, sum(map(_most_workers, config.executors)) or workers)
        finally:
            pool.shutdown(wait=False)  # what is still out is graded again, and Ctrl-C does not wait for it


def _look_at(executor: Any, path: Path, insecure: bool) -> None:
    from parsl.executors import ThreadPoolExecutor

    if isinstance(executor, ThreadPoolExecutor):
        raise UserError(f"{path}: {executor.label} has threads of this process, which cannot grade. Take a HighThroughputExecutor.")
    if not getattr(executor, "encrypted", False):
        _refuse(insecure, f"What {path} sends by {executor.label}", "set encrypted=True")


def _most_workers(executor: Any) -> int:
    """How many a HighThroughputExecutor can have at most; 0 where it does not say."""
    provider, each = getattr(executor, "provider", None), getattr(executor, "max_workers_per_node", None)
    if provider is None or each is None or each == float("inf"):
        return 0
    return int(provider.max_blocks * provider.nodes_per_block * each)


@contextmanager
def _dask(where: str, workers: int, insecure: bool) -> Iterator[Engine]:
    """Dask's scheduler at an address, or in its own scheduler file; keys for `tls://` are those of Dask's configuration."""
    distributed = _installed("distributed", "dask")
    if not where.startswith("tls://") and not (where.endswith(".json") and Path(where).is_file() and '"tls://' in Path(where).read_text()):
        _refuse(insecure, f"What goes to the Dask scheduler {where}", "start it with TLS and name it as tls://…")
    place = {"scheduler_file": where} if where.endswith(".json") else {"address": where}
    try:
        client = distributed.Client(**place, timeout=_DASK_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        raise UserError(f"No Dask scheduler answers at {where} ({error}): is it running, and are these its keys?") from error
    try:
        threads = sum(client.nthreads().values())
        if not threads:
            raise UserError(f"The Dask scheduler at {where} has no workers: start some with `dask worker {where}`.")
        # never from a result that it remembers, and never twice without our knowing
        yield Engine(client.get_executor(pure=False, retries=0), threads)
    finally:
        with contextlib.suppress(Exception):  # whatever it is that has gone
            client.close(timeout=5)


@contextmanager
def _named(spec: str, workers: int, insecure: bool) -> Iterator[Engine]:
    """Any other engine: a function of a module that makes its Executor."""
    module, _, name = spec.partition(":")
    _refuse(insecure, f"Whether what {spec} sends", "see how that engine is encrypted")
    try:
        made = getattr(importlib.import_module(module), name)()
    except (ImportError, AttributeError, TypeError) as error:
        raise UserError(f"--on {spec}: {error}. Name an importable function that makes an Executor without arguments.") from error
    if not isinstance(made, Executor):
        raise UserError(f"--on {spec}: it made a {type(made).__name__}, which is no concurrent.futures.Executor.")
    try:
        yield Engine(made, workers)
    finally:
        made.shutdown(wait=False, cancel_futures=True)


def _installed(module: str, extra: str = "") -> Any:
    os.environ.setdefault("PARSL_TRACKING", "false")  # nothing is sent to anybody about who grades here
    try:
        return importlib.import_module(module)
    except ImportError:
        raise UserError(f"{module} is not installed: `pip install 'handgrad[{extra or module}]'`.") from None
