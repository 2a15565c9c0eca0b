"""One sandbox: a warm process, and children forked from it."""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import struct
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Literal, Self, get_args

from grader.sandbox import container, leftovers, seccomp
from grader.sandbox.annex import IMPORT_SECONDS, SLOW
from grader.sandbox.cards import Card
from grader.sandbox.cgroups import Group
from grader.sandbox.container import Protection
from grader.sandbox.guard import wait_until_free
from grader.sandbox.kernels import Kernel
from grader.sandbox.launch import Launched, SandboxUnavailable, drops_root, kept_visible, launch
from grader.sandbox.limits import Limits
from grader.sandbox.places import locations
from grader.sandbox.remote import Child

Kind = Literal["bwrap", "container", "none"]
_CREDENTIALS = struct.Struct("iII")  # struct ucred: process, user, group
_START_SECONDS = 60
_STOP_SECONDS = 2
_FORK_SECONDS = 10


class Sandbox:
    """A place to run strangers' notebooks.

    `preload` names the modules that every notebook finds imported (`module:name` what is behind a name as well, `module:name()`
    what calling it imports and keeps), `hide` the packages that none can import, even where
    they are in `preload`: a cell that is not graded may name them.
    `replace` says what files contain in there that contain something else out here. `kind`
    "none" is the explicit way out where there is no bubblewrap: limits only, no isolation. "container" is for the root of a container
    that is there for one submission: another user for each child, and nothing may be open to others of what is to be `closed`,
    hidden or replaced. A `card` is lent to one child
    at a time, which finds its memory as free as it was when the card was found. `kernels` are those of other languages that
    children can be started with, and can see.

    Raises SandboxUnavailable where such a sandbox cannot be made. May be used by several threads; the thread that made
    it has to live as long as it does, because bubblewrap goes with the thread that started it.
    """

    def __init__(
        self,
        preload: Sequence[str] = (),
        hide: Sequence[str] = (),
        replace: Mapping[Path, bytes] = MappingProxyType({}),
        limits: Limits = Limits(),  # noqa: B008 - frozen
        kind: Kind = "bwrap",
        card: Card | None = None,
        kernels: Sequence[Kernel] = (),
        closed: Sequence[Path] = (),
    ) -> None:
        if kind not in get_args(Kind):
            raise ValueError(f'there is no sandbox of kind "{kind}": use "bwrap", "container" or "none"')
        self.limits, self.kind, self.card = limits, kind, card
        self._preload = [module for module in preload if module.partition(":")[0].partition(".")[0] not in hide]
        self._hide, self._replace = list(hide), dict(replace)
        self.kernels = {kernel.name: kernel for kernel in kernels}
        self._lock = threading.Lock()
        self._children: weakref.WeakSet[Child] = weakref.WeakSet()
        leftovers.sweep()
        self._first_user = self._closed_to(closed) if kind == "container" else 0
        self._users = itertools.count(self._first_user + 1)
        self._control, self._launched, self._group = self._warm_up()

    @property
    def protections(self) -> list[Protection]:
        """What is active, for reports and for `handgrad doctor`."""
        return protections(self.kind, self._group.controls)

    def start(self, slow: str = "", kernel: str = "") -> Child:
        """A fresh child for one submission. SandboxUnavailable when it cannot be confined, CardTrouble when the card is in use.

        `slow` is a package of `SLOW` that its cells import: it finds it imported, where that is not hidden.
        `kernel` names one of `kernels` in which its cells run; without one they run in Python.
        """
        slow = slow if slow in SLOW and slow not in self._hide and not kernel else ""
        if self.card:
            wait_until_free(self.card)
        ours, theirs = socket.socketpair()
        orders, kept = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, kept, self._lock:
            self._make_room()
            user = next(self._users) if self._first_user else 0
            request = json.dumps({**asdict(self.limits), "slow": slow, "kernel": kernel, "user": user}).encode()
            with contextlib.suppress(OSError):  # the warm process has gone: nobody will answer
                socket.send_fds(self._control, [request], [theirs.fileno(), kept.fileno()])
        answer = _hear(orders, _FORK_SECONDS + (IMPORT_SECONDS if slow else 0))
        if not answer.get("ready"):
            ours.close()
            orders.close()
            raise SandboxUnavailable(self._refusal(str(answer.get("failed") or self._launched.complaint())))
        child = Child(ours, orders, self.limits, self.card, kernel=bool(kernel))
        with self._lock:
            self._children.add(child)
        return child

    @property
    def alive(self) -> bool:
        """Whether the warm process still is there; its end closes the line before it takes the children along."""
        try:
            return self._control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def _make_room(self) -> None:
        living = [child for child in self._children if child.alive]
        self._group.allow(len(living) + 1, self.limits)

    def close(self) -> None:
        """End the warm process and all its children."""
        self._control.close()
        self._launched.stop(_STOP_SECONDS)
        self._group.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def _closed_to(self, closed: Sequence[Path]) -> int:
        """The first of the users that children become. SandboxUnavailable where one could get at what it must not see."""
        user = container.first_user()
        hidden = [path for name in self._hide for path in locations(name)]
        if sentence := container.refusal(user, [*closed, *hidden, *self._replace]):
            raise SandboxUnavailable(sentence)
        return user

    def _warm_up(self) -> tuple[socket.socket, Launched, Group]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        bubblewrap = self.kind == "bwrap"
        with theirs, contextlib.ExitStack() as on_failure:
            on_failure.callback(ours.close)
            covered = (self._hide, self._replace, self.card, self.kernels)
            launched = launch(theirs.fileno(), *covered, bubblewrap=bubblewrap, user=self._first_user)
            on_failure.pop_all()
        config = {
            "preload": self._preload,
            "namespaces": bubblewrap,
            "drop_root": bubblewrap and drops_root(),
            "own_users": self.kind == "container",
            "keep": kept_visible(self.card, self.kernels) if bubblewrap else [],
            "kernels": {name: kernel.for_the_inside() for name, kernel in self.kernels.items()},
            "card": self.card is not None,
        }
        group = None
        try:
            group = Group(_who_is_there(ours, _START_SECONDS), leftovers.mark())
            ours.send(json.dumps(config).encode(), socket.MSG_NOSIGNAL)
            answer = _hear(ours, _START_SECONDS)
        except OSError:  # it has gone before it read anything
            answer = {}
        if group is None or not answer.get("ready"):
            ours.close()
            launched.process.kill()
            launched.process.wait()
            complaint = str(answer.get("failed") or launched.complaint())
            launched.stop(0)
            raise SandboxUnavailable(self._refusal(complaint))
        return ours, launched, group

    def _refusal(self, complaint: str) -> str:
        if self.kind != "bwrap":
            return f"The process for notebooks cannot be started: {complaint}"
        return (
            "The sandbox cannot be started; bubblewrap needs a kernel that allows unprivileged user namespaces "
            f"and an interpreter that everybody may read ({complaint})."
        )


def protections(kind: str, groups: Sequence[str] = ()) -> list[Protection]:
    """What a sandbox of this kind protects against, and by what."""
    if kind == "container":
        return container.protections(groups)
    bubblewrap = kind == "bwrap"
    own = "bubblewrap, and once more for every child" if bubblewrap else "--sandbox none"
    return [
        Protection("files", bubblewrap, "read-only system and packages, own small home and /tmp" if bubblewrap else own),
        Protection("network", bubblewrap, "none, and no sockets but local ones" if bubblewrap else own),
        Protection("processes", bubblewrap, own),
        Protection("user", bubblewrap, "an unprivileged user without capabilities" if bubblewrap else own),
        Protection("system calls", bubblewrap and seccomp.supported(), "seccomp filter" if bubblewrap else own),
        Protection("limits", True, "memory, processor, wall time, processes, files, output"),
        Protection("control groups", bool(groups), " and ".join(groups) or "not allowed here: the limits do without"),
    ]


def _who_is_there(control: socket.socket, seconds: float) -> int:
    """The process id, as we see it, of who says the first word. OSError when nobody does."""
    control.settimeout(seconds)
    word, extra, _, _ = control.recvmsg(2**10, socket.CMSG_SPACE(_CREDENTIALS.size))
    control.settimeout(None)
    if not word or not extra:
        raise ConnectionError
    return int(_CREDENTIALS.unpack(extra[0][2])[0])


def _hear(control: socket.socket, seconds: float) -> dict[str, Any]:
    """The next message on a control socket; empty when there comes none."""
    control.settimeout(seconds)
    try:
        message = control.recv(2**16)
    except (TimeoutError, ConnectionError):
        return {}
    finally:
        control.settimeout(None)
    return dict(json.loads(message)) if message else {}
