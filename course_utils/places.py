"""What is meant by a lab or a notebook that was typed in a terminal: the one where the reader stands."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from course_utils.errors import UserError
from course_utils.help import released
from course_utils.help.worked import made_by_start
from course_utils.labs import is_lab, lab_folders


def labs_around(here: Path) -> list[Path]:
    """The labs that somebody who stands in `here` can mean by a name: this one, those below, beside it, and below folders of `start`."""
    mine = [here] if is_lab(here) else []
    started = [folder for folder in sorted(here.glob("*/")) if made_by_start(folder)] if here.is_dir() else []
    beside = [lab for lab in lab_folders(here.resolve().parent) if lab != here.resolve()] if mine else []
    return [*mine, *lab_folders(here), *(lab for folder in started for lab in lab_folders(folder)), *beside]


def labs_below(folder: Path) -> list[Path]:
    """The labs of a folder: itself, those in it, or those in the folders of `start` in it. Raises UserError where there are none."""
    labs = [folder] if is_lab(folder) else lab_folders(folder) or labs_around(folder)
    if not labs:
        raise UserError(f"There is no lab in {folder.resolve()}: go to the folder that `handgrad start` made.")
    return labs


def notebook(target: Path | None) -> Path:
    """The notebook that was meant: a file, the folder of a lab, the name of one, or the lab where the reader stands.

    Raises UserError with what comes near where there is none.
    """
    here = Path()
    if target is None:
        if not is_lab(here):
            raise UserError(f"{here.resolve()} is not the folder of a lab: name one, such as lab01_perceptron.")
        return _of(here.resolve())
    for path in (target, target / f"{target.name}.ipynb", target.with_suffix(".ipynb")):
        if path.is_file():
            return path
    if is_lab(target):
        return _of(target)
    known = labs_around(here)
    named = [lab for lab in known if lab.resolve().name == target.name] if len(target.parts) == 1 else []
    if len(named) > 1:
        raise UserError(f"{target} can be {' or '.join(map(str, named))}: name one of these.")
    if named:
        return _of(named[0])
    raise UserError(f"{target} is neither a notebook nor the folder of a lab: {_instead(target.name, known)}")


def lab_of(exercise: str, target: Path | None) -> Path:
    """The folder of the notebook in which an exercise is written: the one named, the reader's own, else the one lab around that has it.

    Raises UserError where several have it, or none has but one that comes near; else it is the reader's own.
    """
    here = Path()
    if target is not None:
        return notebook(target).resolve().parent
    if is_lab(here):
        return here.resolve()
    known = {lab: found.exercises for lab in labs_around(here) if (found := released.read(lab))}
    having = [lab for lab, exercises in known.items() if exercise in exercises]
    if len(having) > 1:
        raise UserError(f"{exercise} is an exercise of {' and of '.join(map(str, having))}: name one of these labs as well.")
    near = difflib.get_close_matches(exercise, [name for exercises in known.values() for name in exercises], 1)
    if near and not having:
        raise UserError(f"There are no hints for {exercise!r}: do you mean {near[0]!r}?")
    return (having[0] if having else here).resolve()


def _of(lab: Path) -> Path:
    """A lab's notebook: by its folder's name, else the only one there."""
    path = lab / f"{lab.resolve().name}.ipynb"
    others = sorted(lab.glob("*.ipynb"))
    if not path.is_file() and len(others) == 1:
        return others[0]
    if not path.is_file():
        raise UserError(f"{lab} has {'several notebooks' if others else 'no notebook'}: name the one to be checked.")
    return path


def _instead(name: str, known: Sequence[Path]) -> str:
    names = [lab.resolve().name for lab in known]
    near = difflib.get_close_matches(name, names, 1) or [found for found in names if name and found.startswith(name)]
    if near:
        return f"do you mean {near[0]}?"
    if names:
        return f"the labs here are {', '.join(names)}."
    return "`handgrad start` makes one."
