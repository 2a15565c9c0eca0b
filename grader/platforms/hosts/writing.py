"""Build what a host runs: the zip that Gradescope takes as an autograder, and for PrairieLearn an image and a question."""

from __future__ import annotations

import html
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from course_utils.errors import UserError
from grader.batch import covered, packed
from grader.books import Course, imports_of
from grader.files import write_atomically
from grader.platforms.hosts.wheel import BUNDLE, requirements, wheel, zipped

_SCRIPTS = ("setup.sh", "grade", "doctor")
_NAMESPACE = uuid.UUID("5f0c9c1e-8c1b-4d5c-9a55-6f3f0c0b7a11")  # of the questions that are made here
Files = dict[Path, tuple[bytes, int]]  # by place, with the mode


@dataclass(frozen=True)
class Built:
    """All that goes into an export: files by name, and what was released of the assignment."""

    lab: str
    files: Mapping[str, bytes]
    released: Mapping[str, bytes]
    notebooks: tuple[str, ...]
    points: float  # that no person gives


def write_host(
    kind: str, lab: str, course: Course, solutions: Path | None, target: Path | None, *, replace: bool = False, dry_run: bool = False
) -> list[str]:
    """Build an assignment for a host of `HOSTS`, into `target` or a place named for it; what to say about it, and what to do next.

    Raises UserError where something else is there already and `replace` is not said, or where the assignment cannot go alone.
    """
    build, ending = HOSTS[kind]
    files, told = build(_built(lab, course, solutions), target or Path(f"{lab}-{ending}"))
    others = [path for path, (data, _) in files.items() if path.is_dir() or (path.exists() and path.read_bytes() != data)]
    if others and not replace and not dry_run:
        there = f"{others[0]} is there already, with something else in it"
        raise UserError(f"{there}: name another place with --out, or replace it with --force.")
    if dry_run:
        return [f"{path} was not written, as --dry-run says." for path in files]
    for path, (data, mode) in files.items():
        write_atomically(path, data, mode)
    return told


def _built(lab: str, course: Course, solutions: Path | None) -> Built:
    assignment, bundle = packed(course, lab, solutions)
    hidden, _ = covered(assignment)
    modules = sorted({name.partition(".")[0] for name in imports_of(assignment.templates)})
    name, data = wheel()
    files = {script: _text(script).encode() for script in _SCRIPTS}
    files |= {name: data, "requirements.txt": requirements(modules, hidden).encode(), BUNDLE: bundle}
    notebooks = tuple(f"{template.name}.ipynb" for template in assignment.templates)
    release = course.own("release", lab)
    there = [path for path in sorted(release.rglob("*")) if path.is_file() and not course.layout.ignores(path.name)]
    released = {path.relative_to(release).as_posix(): path.read_bytes() for path in there}
    roles = [cell.node.metadata.nbgrader for template in assignment.templates for cell in template.graded if cell.locked]
    points = sum(float(role.points) for role in roles if not role.get("task"))
    return Built(lab, files, released, notebooks, points)


def _gradescope(built: Built, target: Path) -> tuple[Files, list[str]]:
    files = {**built.files, "run_autograder": _text("run_autograder").encode()}
    zipfile = zipped(files, executable=("run_autograder", *_SCRIPTS))
    return {target: (zipfile, 0o600)}, [
        f"Wrote {target}, with the reference and the hidden checks of {built.lab} in it: for instructors only.",
        "On Gradescope, under Configure Autograder: upload it, and choose a base image of Ubuntu 22.04 or newer.",
        f"Students hand in {_all(built.notebooks)}. The points of the autograder are {built.points:g}.",
        "Then try it there with a solved notebook. /opt/handgrad/doctor, in the container, says what protects the reference.",
    ]


def _prairielearn(built: Built, target: Path) -> tuple[Files, list[str]]:
    image, question = target / "image", target / "question"
    tag = f"YOUR-REGISTRY/handgrad-{built.lab.lower()}"
    files: Files = {image / "handgrad" / name: (data, 0o700 if name in _SCRIPTS else 0o600) for name, data in built.files.items()}
    files[image / "Dockerfile"] = _text("Dockerfile").encode(), 0o644
    files |= {question / "clientFilesQuestion" / name: (data, 0o644) for name, data in built.released.items()}
    texts = {question / name: text for name, text in _question(built, tag).items()}
    kept = [path for path in texts if path.exists()]  # an instructor may have worked on them
    files |= {path: (text.encode(), 0o644) for path, text in texts.items() if path not in kept}
    return files, [
        f"Wrote {image} and {question}. The image has the reference and the hidden checks in it: keep it in a private registry.",
        *([f"{_all([str(path) for path in kept])} stayed as it was."] if kept else []),
        "Next:",
        f"  docker build -t {tag} {image} && docker push {tag}",
        f"  cp -r {question} YOUR-COURSE/questions/{built.lab}",
        "and name the image in the question's info.json.",
    ]


def _all(names: Sequence[str]) -> str:
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])


def _question(built: Built, tag: str) -> dict[str, str]:
    """The two files of a question."""
    names = ",".join(built.notebooks)
    links = "\n".join(
        f'    <li><a href="{{{{options.client_files_question_url}}}}/{html.escape(name)}">{html.escape(name)}</a></li>'
        for name in built.released
    )
    page = _text("question.html").replace("@NAMES@", html.escape(names)).replace("@LINKS@", links)
    about = {
        "uuid": str(uuid.uuid5(_NAMESPACE, built.lab)),
        "title": built.lab,
        "topic": "Labs",
        "type": "v3",
        "singleVariant": True,
        "gradingMethod": "External",
        "externalGradingOptions": {
            "enabled": True,
            "image": tag,
            "entrypoint": "/opt/handgrad/grade prairielearn",
            "timeout": 600,
            "enableNetworking": False,
        },
    }
    return {"info.json": json.dumps(about, indent=2) + "\n", "question.html": page}


def _text(name: str) -> str:
    return resources.files("grader.platforms.hosts").joinpath("files", name).read_text(encoding="utf-8")


HOSTS: Mapping[str, tuple[Callable[[Built, Path], tuple[Files, list[str]]], str]] = {
    "gradescope-autograder": (_gradescope, "gradescope.zip"),
    "prairielearn": (_prairielearn, "prairielearn"),
}
