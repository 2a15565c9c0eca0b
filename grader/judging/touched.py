"""What code does to the names of a notebook, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field

# How a name is bound: to what does not change (a function, a number), to a module, to what another name stands for, to what a function
# of a name gives (`devices.best()`), or to anything.
STILL, MODULE, ALIAS, MADE, DATA = "still", "module", "alias", "made", "data"
# Before a name whose object is reached by way of a call, before the path of a module that a function imports, and a class's own class
BY_CALL, IMPORTED, OWN_CLASS = "\1", "\0", "\2"


@dataclass
class Touched:
    """What a piece of code does to names of the notebook."""

    reads: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)  # whose methods it calls, other than those that only look
    stores: set[str] = field(default_factory=set)  # into whose objects it stores, or in whose place
    paths: set[tuple[str, ...]] = field(default_factory=set)  # ("np", "random", "rand"): what it looks up in its names
    imports: set[str] = field(default_factory=set)  # "numpy.random.rand"
    bare: set[str] = field(default_factory=set)  # read as a value of their own, neither called nor looked into
    attributes: set[str] = field(default_factory=set)  # that it sets
    dynamic: str = ""  # what makes names undecidable, whoever wrote it
    odd: str = ""  # what makes a student's own code undecidable
    keeps: bool = False  # state that no name shows: a default that can change, an unknown decorator

    def add(self, other: Touched) -> None:
        """Join what another piece does."""
        for name in ("reads", "asked", "stores", "paths", "imports", "bare", "attributes"):
            getattr(self, name).update(getattr(other, name))
        self.dynamic, self.odd = self.dynamic or other.dynamic, self.odd or other.odd
        self.keeps = self.keeps or other.keeps


@dataclass(frozen=True)
class Bound:
    """One way in which a cell binds a name. `path` is what was imported ("numpy.random"), whose alias it is, or what was called."""

    name: str
    kind: str
    body: Touched  # what is touched when it is called
    path: str = ""


@dataclass(frozen=True)
class Facts:
    """What one cell does. `runs` is False for a cell that cannot be compiled: it does nothing."""

    now: Touched
    bodies: Touched
    bound: tuple[Bound, ...]
    runs: bool = True
    shows: bool = False  # whether it may draw or show something


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())
