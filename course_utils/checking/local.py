"""The session of a notebook, where the student's objects are in the same process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from course_utils.checking.names import find
from course_utils.checking.perform import describe_error, perform_local, reference_to
from course_utils.checking.plain import copied, is_plain, is_tensor, plain_base
from course_utils.checking.session import FORGOTTEN, Raised, Ref, Reply


class Local:
    """The session of a notebook: the student's objects are in this process.

    Values go in and out as they do through a wire, so that both doors give the same verdict: arrays are copies that lie in
    memory as the originals do, and a function of the probe is handed what could be sent to it.
    """

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self._objects: list[Any] = []
        self._keys: dict[int, int] = {}
        self._over = 0  # checks

    def lookup(self, name: str) -> Reply:
        try:
            return Reply(self._out(find(name, self._namespace)))
        except LookupError as error:
            return Reply(raised=Raised("missing", "NameError", str(error)))

    def perform(
        self,
        op: str,
        target: Ref,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        by_hand: bool = False,
        quiet: bool = False,
    ) -> Reply:
        args = tuple(self._in(arg) for arg in args)
        kwargs = {name: self._in(arg) for name, arg in kwargs.items()}
        reply = perform_local(op, self._objects[target.key], args, kwargs, by_hand=by_hand, quiet=quiet)
        try:
            return reply._replace(value=self._out(reply.value))
        except Exception as error:  # noqa: BLE001 - a student's object may do anything when it is looked at
            return reply._replace(value=None, raised=describe_error(error))

    def forget(self) -> None:
        self._over += 1

    def _in(self, value: Any) -> Any:
        if isinstance(value, Ref):
            return self._objects[value.key]
        if isinstance(value, list):
            return [self._in(item) for item in value]
        if type(value) is tuple:
            return tuple(self._in(item) for item in value)
        if isinstance(value, dict):
            return {key: self._in(item) for key, item in value.items()}
        if not is_plain(value) and callable(value):
            return self._callback(value)
        return copied(value)

    def _callback(self, function: Callable[..., Any]) -> Callable[..., Any]:
        lent = self._over

        def called_back(*args: Any, **kwargs: Any) -> Any:
            if self._over != lent:
                raise RuntimeError(FORGOTTEN)
            return copied(function(*map(self._out, args), **{name: self._out(arg) for name, arg in kwargs.items()}))

        # reports leave out the frames of frozen modules: the line at fault is the student's
        called_back.__code__ = called_back.__code__.replace(co_filename="<frozen handgrad>")
        return called_back

    def _out(self, value: Any) -> Any:
        if is_tensor(value):
            return value
        if type(value) in (list, tuple):
            return type(value)(self._out(item) for item in value)
        if type(value) is dict and all(isinstance(key, str | int) for key in value):
            return {key: self._out(item) for key, item in value.items()}
        if is_plain(value):
            return copied(plain_base(value))
        key = self._keys.setdefault(id(value), len(self._objects))  # the same object always by the same reference
        if key == len(self._objects):
            self._objects.append(value)
        return reference_to(value, key)
