"""Which of the files that somebody handed in is the lab's notebook, under whatever name, and what goes along with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import commonpath

from grader.batch import some
from grader.intake import SECRET, TIMESTAMP, is_version, shown
from grader.platforms.names import folded, is_noise, reason_to_leave_out

_ENDING = ".ipynb"
_SAVED_AS = (".ipynb.txt", ".ipynb.json")  # browsers append what they take the file for
_FILES, _BYTES = 500, 256 * 2**20  # of one submission; the grader takes less and tells what it leaves out
_ARCHIVES = (".tar", ".gz", ".tgz", ".7z", ".rar", ".bz2", ".xz")


@dataclass
class Chosen:
    """What goes into a student's folder: paths there, and where each comes from. `problem` as in `Handed`."""

    files: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    problem: str = ""
    notebooks: list[str] = field(default_factory=list)  # where those of the lab were found


@dataclass(frozen=True)
class Wanted:
    """What the lab has: the names of its notebooks, those of other labs, and which names the course leaves out."""

    names: tuple[str, ...]
    others: Mapping[str, str]  # lab by the name of its notebook
    ignored: Callable[[str], bool]


def choose(
    files: Mapping[str, str],
    wanted: Wanted,
    size: Callable[[str], int],
    read: Callable[[str], bytes],
    picked: Mapping[str, str],
    nbgraders: bool,
) -> Chosen:
    """The lab's notebooks among `files`, and the files beside them. `picked` says which path is which notebook, where somebody chose."""
    chosen = Chosen()
    odd = {path: why for path in files if (why := reason_to_leave_out(path))}  # without the platform's own part, a name may be `..`
    chosen.told += [f"{shown(path)} {why}" for path, why in odd.items()]
    there = {path: source for path, source in files.items() if path not in odd and not is_noise(path)}
    found: dict[str, str] = {}
    for name in wanted.names:
        if name in picked:
            if picked[name] not in there:
                chosen.problem = f"the table names {shown(picked[name])} as the notebook, which is not among what was handed in"
                return chosen
            found[name] = picked[name]
            continue
        ways = _distinct([path for path in there if _may_be(path, name, wanted.names)], name, there, read)
        if len(ways) > 1:
            named = some([shown(way) for way in ways])
            chosen.problem = f"{named} may {'both' if len(ways) == 2 else 'all'} be {name}{_ENDING}: which counts?"
            return chosen
        if ways:
            found[name] = ways[0]
    chosen.notebooks = list(found.values())
    base = _base(list(found.values()))
    for name, path in found.items():
        chosen.files[name + _ENDING] = there[path]
        if path.rpartition("/")[2] != name + _ENDING:
            chosen.told.append(f"{shown(path)} is taken for {name}{_ENDING}")
    _take_along(chosen, there, set(found.values()), base, wanted, size, nbgraders)
    if len(found) < len(wanted.names):
        chosen.told.append(_missing(found, there, wanted))
    return chosen


def is_notebook(path: str) -> bool:
    """Whether a file is a notebook by its name."""
    return path.lower().endswith((_ENDING, *_SAVED_AS))


def zips_in(files: Mapping[str, str]) -> list[str]:
    """The zips among files in which a notebook may be, where there is none beside them."""
    if any(is_notebook(path) and not is_noise(path) for path in files):
        return []
    return [path for path in files if path.lower().endswith(".zip") and not is_noise(path)]


def _may_be(path: str, name: str, names: Sequence[str]) -> bool:
    """Whether a path may be the notebook `name`: it, or a version of it and of no other whose name is longer."""
    last = path.rpartition("/")[2]
    if not is_notebook(last):
        return False
    stem = last[: last.lower().rindex(_ENDING)]
    if stem in names:
        return stem == name
    return name == max((one for one in names if is_version(stem, one)), key=len, default=None)


def _distinct(ways: Sequence[str], name: str, there: Mapping[str, str], read: Callable[[str], bytes]) -> list[str]:
    """The candidates that differ in a byte, the one with the right name first."""
    ordered = sorted(ways, key=lambda path: (path.rpartition("/")[2] != name + _ENDING, path.count("/"), path))
    if len(ordered) < 2:
        return ordered
    by_bytes: dict[bytes, str] = {}
    for path in ordered[:20]:
        by_bytes.setdefault(read(there[path]), path)
    return list(by_bytes.values())


def _base(paths: Sequence[str]) -> str:
    """The folder in which the lab's notebooks lie: what is beside and below them goes along."""
    folders = [path.rpartition("/")[0] for path in paths]
    return f"{commonpath(folders)}/" if folders and all(folders) and commonpath(folders) else ""


def _take_along(
    chosen: Chosen,
    there: Mapping[str, str],
    taken: Collection[str],
    base: str,
    wanted: Wanted,
    size: Callable[[str], int],
    nbgraders: bool,
) -> None:
    """Add the files beside the notebooks, within limits, and say what is left out."""
    beside = {path.removeprefix(base): path for path in sorted(there) if path.startswith(base) and path not in taken}
    others = [below for below in beside if is_notebook(below) and chosen.notebooks]
    names, folders, room = {folded(name) for name in chosen.files}, set[str](), _BYTES
    for below, path in beside.items():
        if below in others or any(map(wanted.ignored, below.split("/"))):
            continue
        above, room = _above(below), room - size(there[path])
        if not nbgraders and below in (TIMESTAMP, SECRET):
            chosen.told.append(f"{below} stays out: with nbgrader, that file says when somebody handed in")
        elif folded(below) in names | folders or names & above:
            chosen.told.append(f"{shown(below)} stays out: another file has its name, but for case or accents")
        elif len(chosen.files) >= _FILES or room < 0:
            chosen.told.append(f"{shown(below)} and what follows stays out: more than {_FILES} files or {_BYTES // 2**20} MiB")
            break
        else:
            chosen.files[below] = there[path]
            names.add(folded(below))
            folders |= above
    outside = len(there) - len(taken) - len(beside)
    if outside:
        chosen.told.append(f"only what lies in {shown(base)} is taken, not {outside} other file{'' if outside == 1 else 's'}")
    if others:
        chosen.told.append(f"other notebooks stay out: {some([shown(path) for path in others])}")


def _above(path: str) -> set[str]:
    """The folders that a path lies in."""
    parts = folded(path).split("/")
    return {"/".join(parts[:count]) for count in range(1, len(parts))}


def _missing(found: Mapping[str, str], there: Mapping[str, str], wanted: Wanted) -> str:
    """What to say of a submission in which a notebook of the lab was not found."""
    lacking = [f"{name}{_ENDING}" for name in wanted.names if name not in found]
    others = [path for path in there if is_notebook(path) and path not in found.values()]
    wrong = [(path, wanted.others[stem]) for path in others if (stem := path.rpartition("/")[2].removesuffix(_ENDING)) in wanted.others]
    said = f"there is no {some(lacking)}"
    if wrong:
        return f"{said}: {shown(wrong[0][0])} is the notebook of {wrong[0][1]}"
    if others:
        how = " unless you grade with --accept-renamed" if len(others) == len(wanted.names) == 1 else ""
        return f"{said}: {some([shown(path) for path in others])} is not taken for it{how}"
    packed = [path for path in there if path.lower().endswith(_ARCHIVES)]
    return f"{said}; {shown(packed[0])} is no zip and is not opened" if packed else f"{said}, only {_listed(there)}"


def _listed(there: Mapping[str, str]) -> str:
    return some([shown(path) for path in there], 3) if there else "nothing"
