"""Which cells of a notebook have to run so that every check can be asked, and says what it would say after all of them: pure.

Needed are the exercises' cells, what the student changed or added, what the template marks (`handgrad: {needed: true}` in a cell's
metadata), and every cell of the template that binds or changes what these, or a check, get to see:

- A cell is needed if it binds a name, or stores into an object, that a check comes to later: by itself, or through functions.
- Objects can be changed under any name. So where a check comes to an object that can change, such as a list, every cell that
  mentions it, by itself or through functions that it may call, is needed, and all that such a cell lays beside it counts as well.
- The random numbers that all cells share are kept while a cell of the template runs that is not marked: an answer may draw from them.
- For what only the student's own demonstrations read, the cells that bind and change it by name are enough: no verdict hangs on it.

Whatever the text does not tell leaves the whole notebook to run.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from nbformat import NotebookNode

from course_utils.cells import checked_exercise
from course_utils.checking.declare import Check
from course_utils.checking.judge import Traces
from course_utils.checking.names import MODULE as LIBRARY
from grader.intake import Repaired, TemplateCell
from grader.judging.facts import facts_of
from grader.judging.touched import ALIAS, BY_CALL, DATA, IMPORTED, MADE, MODULE, OWN_CLASS, STILL, Bound, Facts, Touched
from grader.judging.undecided import changes_settings, why_undecided

CHARACTERS, NAMES, MENTIONS, ROUNDS = 200_000, 1500, 20_000, 60  # beyond these a notebook is too tangled to be thought through
TANGLED = "the notebook is too long to be looked through"
NEVER = -1
# what these give cannot be changed: a device, and a tuple of numbers and words
_GIVE_STILL = {"torch.device", "course_utils.devices.best", "course_utils.devices.settings"}
Asks = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Needed:
    """`run` are the cells to run, by index, out of `cells`; `own` those that are a student's, or marked by a person.

    `asks` says which names the checks of each exercise look up. `why_all` says why nothing is left out, where that is so.
    `lost` names the attributes that the cells that are left out would set, `bound` the names that they would bind; None: any name.
    """

    run: frozenset[int]
    cells: frozenset[int]
    own: frozenset[int]
    asks: Asks
    why_all: str = ""
    lost: frozenset[str] = frozenset()
    bound: frozenset[str] | None = frozenset()

    @property
    def all(self) -> bool:
        return self.run == self.cells

    @property
    def exercises(self) -> list[str]:
        return list(self.asks)


def asked_names(checks: Mapping[str, Iterable[Check]]) -> Asks:
    """The names of the notebook that the checks of each exercise look up."""
    return {exercise: frozenset(name for check in found for name in _looked_up(check)) for exercise, found in checks.items()}


def _looked_up(check: Check) -> Iterator[str]:
    names = (check.asked_for(parameter) for parameter in check.parameters if parameter != "rng")
    return (name for name in names if not name.startswith(LIBRARY))


def needed(repaired: Repaired, asks: Asks) -> Needed:
    """What has to run so that these checks can be asked."""
    whole = everything(repaired, asks, TANGLED)
    cells = repaired.notebook.cells
    if sum(len(cells[i].source) for i in whole.cells) > CHARACTERS:
        return whole
    checks = {i: asks[role.check] for i, role in enumerate(repaired.roles) if role and role.check and role.check in asks}
    book = _Book({i: facts_of(cells[i].source) for i in whole.cells}, whole.own, {i for i in whole.cells if is_marked(cells[i])})
    run = book.run(checks)
    why = book.why_all(run or whole.cells)
    if run is None or why:
        return replace(whole, why_all=why or TANGLED)
    left = [book.facts[i] for i in whole.cells - run]
    lost = frozenset(name for facts in left for name in facts.now.attributes | facts.bodies.attributes)
    unsure = any(part.dynamic or part.odd for facts in left for part in (facts.now, facts.bodies))
    bound = lost.union(item.name for facts in left for item in facts.bound)  # `builtins.two = 2` binds a name as well
    return replace(whole, run=run, why_all="", lost=lost, bound=None if unsure else bound)


def everything(repaired: Repaired, asks: Asks, why: str) -> Needed:
    """All cells, and why."""
    pairs = list(zip(repaired.notebook.cells, repaired.roles, strict=True))
    cells = frozenset(i for i, (cell, role) in enumerate(pairs) if _is_run(cell, role, asks))
    own = frozenset(i for i in cells if is_own(*pairs[i]))
    return Needed(cells, cells, own, asks, why)


def draws(source: str) -> bool:
    """Whether a cell may draw: it does more than define."""
    return facts_of(source).shows


_ATTRIBUTE = re.compile(r"has no attribute '(\w+)'")
_NAME = re.compile(r"name '(\w+)' is not defined")


def lacks_in_outputs(outputs: Iterable[NotebookNode], plan: Needed) -> bool:
    """Whether a cell ended for want of a name that a cell that was left out may bind."""
    return any(_lacks(output.ename, output.evalue, plan) for output in outputs if output.output_type == "error")


def lacks_in_traces(traces: Traces, plan: Needed) -> bool:
    """Whether a check ended so."""
    found = [trace.raised for trace in traces.values() if trace.raised]
    asked = [name for names in plan.asks.values() for name in names]
    return any(
        any(_may_bind(name, plan) for name in asked) if raised.kind == "missing" else _lacks(raised.type, raised.message, plan)
        for raised in found
    )


def _lacks(kind: str, message: str, plan: Needed) -> bool:
    """Whether an error may be for want of what was left out: a name that no cell there binds is missing with all cells, too."""
    if kind == "NameError":
        name = _NAME.search(message[:1000])
        return name is None or _may_bind(name[1], plan)
    attribute = _ATTRIBUTE.search(message[:1000]) if kind == "AttributeError" else None
    return attribute is not None and attribute[1] in plan.lost


def _may_bind(name: str, plan: Needed) -> bool:
    return plan.bound is None or name in plan.bound


def is_own(cell: NotebookNode, role: TemplateCell | None) -> bool:
    """Whether a code cell is the student's answer, was changed or added by the student, or is marked by a person."""
    return role is None or role.solution or role.grade or cell.source.strip() != role.source.strip()


def _is_run(cell: NotebookNode, role: TemplateCell | None, asks: Asks) -> bool:
    """Whether a cell is code that is executed at all: check cells are answered by the judge, their copies by nobody."""
    if cell.cell_type != "code" or not cell.source.strip() or (role and role.check and role.check in asks):
        return False
    return bool(role and role.grade) or not asks or checked_exercise(cell.source) is None


def is_marked(cell: NotebookNode) -> bool:
    """Whether the template says that a cell always runs."""
    about = cell.metadata.get("handgrad")
    return isinstance(about, Mapping) and about.get("needed") is True


class _Book:
    """The cells of one notebook, and what they have to do with each other's names."""

    def __init__(self, facts: Mapping[int, Facts], own: Collection[int], marked: Collection[int]) -> None:
        self._own, self._marked = own, marked
        every = [bound for fact in facts.values() for bound in fact.bound]
        self.modules = {item.name: item.path for item in every if item.path and item.kind not in (ALIAS, MADE)}
        others = {item.name for item in every if item.path != self.modules.get(item.name)}
        self.facts = {i: replace(fact, bound=tuple(self._settled(item, others) for item in fact.bound)) for i, fact in facts.items()}
        bound = [bound for fact in self.facts.values() for bound in fact.bound]
        self._whole = {item.name for item in bound if item.kind == MODULE}
        for item in bound:  # `linalg = np.linalg` is no other module than np
            if item.kind == ALIAS and item.path in self.modules:
                self.modules.setdefault(item.name, self.modules[item.path])
        self._leads: dict[str, set[str]] = {}  # from a name to those that whoever calls or uses it comes to
        for item in bound:
            found = _mentioned(item.body) | ({item.path} if item.kind == ALIAS else set())
            self._leads.setdefault(item.name, set()).update(found)
        self._data = self._changing(bound)
        self.tangled = len(self._leads) > NAMES or sum(map(len, self._leads.values())) + sum(map(_size, facts.values())) > MENTIONS

    def _settled(self, item: Bound, others: Collection[str]) -> Bound:
        """What a function gave counts as still where that is known of it; `others` are names that stand for more than one module."""
        if item.kind != MADE:
            return item
        owner, _, attr = item.path.partition(".")
        still = owner not in others and f"{self.modules.get(owner)}.{attr}" in _GIVE_STILL
        return replace(item, kind=STILL if still else DATA, path="")

    def _changing(self, bound: Iterable[Bound]) -> set[str]:
        """The names whose objects may change: not bound once and for all, or stored into by a function."""
        stored = {name for fact in self.facts.values() for name in fact.bodies.stores if name[0] not in (BY_CALL, IMPORTED, OWN_CLASS)}
        found = {item.name for item in bound if item.kind == DATA} | (stored & self._leads.keys())
        aliases = [(item.name, item.path) for item in bound if item.kind == ALIAS]
        size = -1
        while size < len(found):
            size = len(found)
            found |= {name for name, root in aliases if root in found}
            found |= {root for name, root in aliases if name in stored}
        return found

    def why_all(self, run: Collection[int]) -> str:
        """Why it cannot be told what has to run, or ""."""
        if self.tangled:
            return TANGLED
        for i, fact in self.facts.items():
            if fact.now.dynamic:
                return fact.now.dynamic
            parts = (fact.now, fact.bodies)
            if i in self._own:
                if why := why_undecided(parts, self.modules, self._whole):
                    return why
            elif i in run and (why := fact.now.dynamic or fact.bodies.dynamic):
                return why
        return ""

    def run(self, checks: Mapping[int, Collection[str]]) -> frozenset[int] | None:
        """The cells that have to run; None where that takes too long to find out."""
        if self.tangled:
            return None
        always = {i for i, fact in self.facts.items() if changes_settings(fact.now, self.modules)}
        self._want = _Places(self._leads)
        for i, names in checks.items():
            self._want.raise_to(names, i)
        hard, run = set(self._marked), {*self._own, *self._marked, *always}
        for i in self._marked:
            self._want.raise_to(_mentioned(self.facts[i].now), i)
        for _ in range(ROUNDS):
            if not self._round(hard):
                break
        else:
            return None
        run |= hard
        soft = _Places(self._leads)
        for i in run - hard:
            soft.raise_to(_mentioned(self.facts[i].now), i)
        for i in sorted(self.facts, reverse=True):  # what a cell reads was bound above it
            if i not in run and any(soft.place(name) > i for name in self._touched(self.facts[i])):
                run.add(i)
                soft.raise_to(_mentioned(self.facts[i].now), i)
        return frozenset(run)

    def _round(self, hard: set[int]) -> bool:
        """Go over all cells once; whether anything was found."""
        before = self._want.changes
        hot = self._want.backwards(self._data)
        found = False
        for i in sorted(self.facts, reverse=True):
            fact = self.facts[i]
            touched, mentioned = self._touched(fact), _mentioned(fact.now)
            late = max((hot.get(name, NEVER) for name in mentioned), default=NEVER)
            bound = max((self._want.place(name) for name in touched), default=NEVER)
            if max(late, bound) <= i and i not in hard:
                continue
            found = found or i not in hard
            hard.add(i)
            self._want.raise_to(mentioned, i)
            tied = max([late, *(self._want.place(item.name) for item in fact.bound if item.name in self._data)])
            if tied > i:  # one object may be in all of them
                self._want.raise_to({*mentioned, *(item.name for item in fact.bound if item.name in self._data)}, tied)
        return found or self._want.changes > before

    def _touched(self, fact: Facts) -> Iterator[str]:
        """What a cell binds, stores into or asks to change."""
        yield from (item.name for item in fact.bound)
        for name in fact.now.stores:
            plain = name.lstrip(BY_CALL)
            if plain == name or plain in self._data:
                yield plain
        yield from fact.now.asked & self._data


class _Places:
    """For every name the last place at which somebody comes to it, by itself or through other names."""

    def __init__(self, leads: Mapping[str, Collection[str]]) -> None:
        self._leads = leads
        self._last: dict[str, int] = {}
        self.changes = 0

    def place(self, name: str) -> int:
        return self._last.get(name, NEVER)

    def raise_to(self, names: Iterable[str], place: int) -> None:
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if self._last.get(name, NEVER) < place:
                self._last[name] = place
                self.changes += 1
                waiting += self._leads.get(name, ())

    def backwards(self, data: Collection[str]) -> dict[str, int]:
        """For every name the last place of the changing objects that it leads to."""
        backwards: dict[str, list[str]] = {}
        for name, others in self._leads.items():
            for other in others:
                backwards.setdefault(other, []).append(name)
        found: dict[str, int] = {}
        for name, place in sorted(((name, self.place(name)) for name in data), key=lambda item: -item[1]):
            waiting = [name]
            while waiting and place > NEVER:
                one = waiting.pop()
                if one not in found:
                    found[one] = place
                    waiting += backwards.get(one, ())
        return found


def _mentioned(touched: Touched) -> set[str]:
    names = touched.reads | touched.asked | touched.stores
    return {name.lstrip(BY_CALL) for name in names if name[0] not in (IMPORTED, OWN_CLASS)}


def _size(fact: Facts) -> int:
    return len(fact.now.reads) + len(fact.bound)
