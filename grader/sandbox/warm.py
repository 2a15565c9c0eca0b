"""The warm process: it imports what notebooks need once, and forks a child for every submission.

Started by `launch` as `python -m grader.sandbox.warm CONTROL_FD`. It never runs a student's code itself, nor do its annexes.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.sandbox import annex, child, confine, keeper, linux, seccomp, users
from grader.sandbox.limits import Limits
from grader.sandbox.shell import NotebookShell, make_shell

_NOBODY = 65534
_FOREIGN = "grader.sandbox.foreign"  # imported only where it is used: it brings nbclient
Message = dict[str, Any]


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    control.send(json.dumps({"here": True}).encode())  # the kernel adds our number as the grader sees it
    config = json.loads(control.recv(2**16))
    try:
        _settle(config)
        shell = _preload(config["preload"], card=config["card"], kernels=bool(config["kernels"]))
    except Exception as error:
        control.send(json.dumps({"failed": f"{type(error).__name__}: {error}"[:1000]}).encode())
        raise
    control.send(json.dumps({"ready": True}).encode())
    _serve(control, shell, config)


def _settle(config: Message) -> None:
    """Become what the children may inherit: nobody in particular, and unreadable."""
    linux.die_with_parent()
    if config["drop_root"]:
        linux.mount("proc", "/proc", "proc", linux.NO_SUID | linux.NO_DEVICES | linux.NO_EXEC)
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
        linux.die_with_parent()  # forgotten when the user changes
    if config["own_users"]:
        users.keep_few_capabilities()
    linux.set_dumpable(False)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers need no one to wait for them


def _preload(names: Sequence[str], *, card: bool, kernels: bool) -> NotebookShell:
    Path(os.environ["MPLCONFIGDIR"]).mkdir(parents=True, exist_ok=True)
    shell = make_shell()
    for name in names:
        module, _, attribute = name.partition(":")
        found = getattr(importlib.import_module(module), attribute.removesuffix("()") or "__name__", None)
        if attribute.endswith("()") and found is not None:
            with contextlib.suppress(Exception):  # what fails here fails in the notebook, where it can be shown
                found()
    _warm_torch(card=card)
    shell.warm_up()
    if kernels:
        importlib.import_module(_FOREIGN)
    if seccomp.supported():
        seccomp.assembled(card=card)
    _ready_to_fork()
    return shell


def _warm_torch(*, card: bool) -> None:
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)
        if not card:  # the first backward pass builds tables; where there is a GPU it also starts threads, which no fork survives
            (torch.ones(2, requires_grad=True) ** 2).sum().backward()


def _ready_to_fork() -> None:
    sys.path.insert(0, "")  # files beside the notebook, as in Jupyter
    gc.collect()
    gc.freeze()  # a collection in a child would touch, and so copy, every page
    gc.set_threshold(20_000, 20, 50)  # a child lives for a fraction of a second


def _serve(control: socket.socket, shell: NotebookShell, config: Message) -> None:
    """Fork a child for every request, or have an annexe do so, until the grader closes its end."""
    annexes = annex.Annexes(lambda line, module: _live_as_annexe(control, line, module, shell, config))
    while True:
        message, files, _, _ = socket.recv_fds(control, 2**16, 2)
        if not message:
            return
        order = json.loads(message)
        if not annexes.take(order.pop("slow", ""), order, files) and os.fork() == 0:
            control.close()
            _keep(shell, order.pop("kernel"), order.pop("user"), Limits(**order), files, config)
        for fd in files:
            os.close(fd)


def _live_as_annexe(control: socket.socket, line: socket.socket, module: str, shell: NotebookShell, config: Message) -> None:
    """Import one more module, and serve those who want it."""
    control.close()
    linux.die_with_parent()
    sys.path.remove("")  # what is imported here lies beside no notebook
    importlib.import_module(module)
    _warm_torch(card=config["card"])
    _ready_to_fork()
    annex.say_ready(line)
    _serve(line, shell, config)


def _keep(shell: NotebookShell, kernel: str, user: int, limits: Limits, files: Sequence[int], config: Message) -> None:
    """The forked process: fork once more, into the notebook's process, and stay as its keeper."""
    orders = socket.socket(fileno=files[1])
    try:
        home = _home(user, config)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        linux.adopt_orphans()
        if config["namespaces"]:
            confine.enter_namespaces()
            linux.die_with_parent()  # forgotten when the user changes; takes the namespace along
        pid = os.fork()
        if pid == 0:
            _become_child(shell, kernel, user, limits, files[0], orders, home, config)
        os.close(files[0])
        keeper.watch(pid, orders, limits, user, home)
        if user:
            users.clear(user, home)
        elif not config["namespaces"]:
            shutil.rmtree(home, ignore_errors=True)
    except Exception as error:  # noqa: BLE001 - told to the grader
        _complain(orders, error)
    finally:
        os._exit(0)


def _home(user: int, config: Message) -> Path:
    """The notebook's folder: its namespace's own, its user's own, or just a new one."""
    if config["namespaces"]:
        return confine.HOME
    base = os.environ["HOME"]
    return users.home(user, Path(base)) if user else Path(tempfile.mkdtemp(dir=base))


def _become_child(
    shell: NotebookShell, kernel: str, user: int, limits: Limits, data: int, orders: socket.socket, home: Path, config: Message
) -> None:
    """The notebook's process: get confined, say so, and serve."""
    try:
        linux.die_with_parent()
        os.setsid()  # a signal to its own group is to reach no keeper
        linux.set_dumpable(True)  # its keeper reads its memory maps; there is nothing in it to hide
        confine.die_first()
        capture = child.capture_files()
        confine.limit_resources(limits, own_user=config["namespaces"] or bool(user))
        if config["namespaces"]:
            confine.own_mounts(limits.disk_bytes, config["keep"], card=config["card"])
        if user:
            users.become(user)
            os.environ["HOME"] = str(home)
        if config["namespaces"] or user:
            confine.lock_up(card=config["card"], kernel=bool(kernel))
        os.chdir(home)
        orders.send(json.dumps({"ready": True}).encode())
        data = confine.keep_only(data, capture)
    except Exception as error:  # noqa: BLE001 - told to the grader
        _complain(orders, error)
        os._exit(1)
    if kernel:
        private = Path("/tmp") if config["namespaces"] else home  # which is taken away afterwards
        importlib.import_module(_FOREIGN).serve(config["kernels"][kernel], data, limits, private)
    else:
        child.serve(shell, data, limits)
    os._exit(0)


def _complain(orders: socket.socket, error: Exception) -> None:
    traceback.print_exc()
    try:
        orders.send(json.dumps({"failed": f"{type(error).__name__}: {error}"[:1000]}).encode())
    except OSError:  # the grader has gone
        return


if __name__ == "__main__":
    main()
