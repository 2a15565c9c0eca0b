"""A folder or a zip of repositories, one for each student, such as GitHub Classroom and Classroom 50 leave behind.

A repository is called `lab01-perceptron-adalovelace`: the assignment and the login; downloaded as a zip from GitHub, `-main` comes behind.
`students.csv` of Classroom 50 (username,first_name,last_name,email,section,github_id) may lie beside them. No git runs, and nothing of a
history is read: a repository says itself when it was written, and so it is not asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from os.path import commonprefix

from grader.platforms.handed import Handed, Who, made_id
from grader.platforms.names import folded
from grader.platforms.sheets import Sheet

STUDENTS = "students.csv"
_BRANCH = re.compile(r"-(?:main|master)$")
_PARTS = re.compile(r"[-_. ]")


def fits(paths: Mapping[str, str]) -> bool:
    """Whether everything lies in folders, or in zips, of which each may be a student's."""
    return set(paths) != {STUDENTS} and all("/" in path or path.lower().endswith(".zip") or path == STUDENTS for path in paths)


def read(paths: Mapping[str, str], lab: str, logins: Collection[str], students: Sheet | None) -> list[Handed]:
    """The repositories, by name. `logins` are those of the roster; `students` is what lies beside the repositories."""
    by_name: dict[str, dict[str, str]] = defaultdict(dict)
    for path, source in paths.items():
        name, inside, below = path.partition("/")
        if inside:
            by_name[name][below] = source
        elif name.lower().endswith(".zip"):
            by_name[name][name] = source
    known = _known(students) if students else {}
    stems = {name: _BRANCH.sub("", name[:-4] if name.lower().endswith(".zip") else name) for name in by_name}
    start = _common_start(list(stems.values()), lab)
    return [_handed(name, stems[name], files, start, {*logins, *known}, known) for name, files in by_name.items()]


def _handed(name: str, stem: str, files: Mapping[str, str], start: str, logins: Collection[str], known: Mapping[str, Who]) -> Handed:
    """Whose a repository is: the login at its end that somebody has, else what stands behind the assignment's name."""
    ends = [stem[at:] for at in [0, *(found.end() for found in _PARTS.finditer(stem))]]
    by_fold = {folded(login): login for login in logins}
    found = list(dict.fromkeys(by_fold[folded(end)] for end in ends if folded(end) in by_fold))
    rest = stem[len(start) :] if folded(stem).startswith(folded(start)) else stem
    exact = [login for login in found if folded(login) == folded(rest)]
    if len(found) > 1 and not exact:
        return Handed(name, (Who(),), files, problem=f"its name ends in the logins {' and '.join(found)}: whose is it?")
    login = (exact or found or [rest])[0]
    own = Who("", {"github": login}, own=made_id(login), own_from="the repository's name")
    return Handed(name, (known.get(login, own),), files)


def _common_start(names: list[str], lab: str) -> str:
    """What stands before the login: the lab's name with a hyphen, however its words are parted, or what most of three and more share."""
    plain = folded(_PARTS.sub("-", lab)) + "-"
    called = next((name for name in names if folded(_PARTS.sub("-", name)).startswith(plain)), None)
    if called is not None:
        return called[: len(plain)]
    shared = commonprefix(names) if len(names) > 2 else ""  # noqa: RUF071 - of names, letter by letter
    return shared[: shared.rfind("-") + 1]


def _known(students: Sheet) -> dict[str, Who]:
    """Those of `students.csv` by login."""
    header = [name.lower() for name in students.header]
    at = {name: header.index(name) for name in ("username", "first_name", "last_name", "email", "github_id") if name in header}
    found = {}
    for row in students.body:
        login, first, last, email = (row.text(at.get(name)) for name in ("username", "first_name", "last_name", "email"))
        if login:
            found[login] = Who(f"{first} {last}".strip(), {"github": login}, email, made_id(login), f"the login in {STUDENTS}")
    return found
