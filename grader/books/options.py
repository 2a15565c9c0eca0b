"""nbgrader's options as options.toml lists them: which are obeyed, replaced, refused or left to nbgrader's own commands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue

TABLE = Path(__file__).with_name("options.toml")
OBEYED, REPLACED, REFUSED, UNTOUCHED = "obeyed", "replaced", "refused", "untouched"
Verdict = Literal["obeyed", "replaced", "refused", "untouched"]


@dataclass(frozen=True)
class Option:
    """What becomes of one option; `plain` are the values that change nothing."""

    name: str
    verdict: Verdict
    says: str
    plain: tuple[Any, ...] = ()

    def is_plain(self, value: Any) -> bool:
        """Whether there is nothing to tell of this value: classes are compared by name."""
        told = _by_name(value)
        return any(told == plain and type(told) is type(plain) for plain in self.plain)


@cache
def table() -> Mapping[str, Any]:
    """The file as it stands."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


@cache
def options() -> Mapping[str, Option]:
    """All options by name, in the file's order; `Class.*` stands for all that the class has."""
    found: dict[str, Option] = {}
    for entry in table()["option"]:
        for name in spelled(entry["names"]):
            if name in found:
                raise ValueError(f"options.toml has {name} twice")
            found[name] = Option(name, entry["verdict"], entry["says"], tuple(entry.get("plain", ())))
    return found


def spelled(names: list[str]) -> Iterator[str]:
    """Names without their short form: `A|B.x|y` are four."""
    for name in names:
        classes, _, traits = name.partition(".")
        yield from (f"{section}.{trait}" for section in classes.split("|") for trait in traits.split("|"))


def find(section: str, name: str) -> Option | None:
    """What is said of an option by the class that it is set on; None where the table says nothing of it."""
    known = options()
    return known.get(f"{section}.{name}") or known.get(f"{section}.*")


def are_set(config: Config) -> Iterator[tuple[Option, Any]]:
    """The options of the table that a course sets, with their values."""
    for section, names in config.items():
        if isinstance(names, Config):
            for name, value in names.items():
                option = find(section, name)
                if option is not None:
                    yield Option(f"{section}.{name}", option.verdict, option.says, option.plain), value


def _by_name(value: Any) -> Any:
    if isinstance(value, LazyConfigValue):
        return "changed"  # a default that was appended to
    if isinstance(value, list | tuple):
        return [_by_name(inner) for inner in value]
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, str) and value.replace(".", "").isidentifier():
        return value.rpartition(".")[2]
    return "None" if value is None else value  # which TOML does not have
