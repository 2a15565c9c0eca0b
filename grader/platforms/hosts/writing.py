"""Build what a host runs: the zip that Gradescope takes as an autograder, and for PrairieLearn an image and a question."""

from __future__ import annotations

import html
import json
import uuid
from collections.abc import Callable, Mapping
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


@dataclass(frozen=True)
class Built:
    """All that goes into an export: files by name, those that are run, and the released files of the assignment."""

    lab: str
    files: Mapping[str, bytes]
    released: Mapping[str, bytes]
    notebooks: tuple[str, ...]


def write_host(kind: str, lab: str, course: Course, solutions: Path | None, target: Path | None, *, replace: bool = False) -> list[str]:
    """Build an assignment for a host of `HOSTS`, into `target` or a place named for it; what to say about it, and what to do next.

    Raises UserError where the target is there already and `replace` is not said, or where the assignment cannot go alone.
    """
    write, ending = HOSTS[kind]
    target = target or Path(f"{lab}-{ending}")
    if target.exists() and not replace:
        raise UserError(f"{target} is there already: name another place with --out, or replace it with --force.")
    return write(_built(lab, course, solutions), target)


def _built(lab: str, course: Course, solutions: Path | None) -> Built:
    assignment, bundle = packed(course, lab, solutions)
    hidden, _ = covered(assignment)
    modules = sorted({name.partition(".")[0] for name in imports_of(assignment.templates)})
    name, data = wheel()
    files = {script: _text(script).encode() for script in _SCRIPTS}
    files |= {name: data, "requirements.txt": requirements(modules, hidden).encode(), BUNDLE: bundle}
    notebooks = tuple(f"{template.name}.ipynb" for template in assignment.templates)
    release = course.own("release", lab)
    released = {notebook: (release / notebook).read_bytes() for notebook in notebooks}
    return Built(lab, files, {**released, **assignment.files}, notebooks)


def _gradescope(built: Built, target: Path) -> list[str]:
    files = {**built.files, "run_autograder": _text("run_autograder").encode()}
    write_atomically(target, zipped(files, executable=("run_autograder", *_SCRIPTS)), 0o600)
    return [
        f"Wrote {target}, with the reference and the hidden checks of {built.lab} in it: for instructors only.",
        "On Gradescope: Configure Autograder, upload it, and choose Ubuntu 22.04 or newer. The students hand in:",
        *(f"  {name}" for name in built.notebooks),
        "Then test it there with a solved notebook. /opt/handgrad/doctor, in the container, says what protects the reference.",
    ]


def _prairielearn(built: Built, target: Path) -> list[str]:
    image, question = target / "image", target / "question"
    for name, data in built.files.items():
        write_atomically(image / "handgrad" / name, data, 0o700 if name in _SCRIPTS else 0o600)
    write_atomically(image / "Dockerfile", _text("Dockerfile").encode(), 0o644)
    for name, data in built.released.items():
        write_atomically(question / "clientFilesQuestion" / name, data, 0o644)
    tag = f"YOUR-REGISTRY/handgrad-{built.lab.lower()}"
    kept = [path.name for path in _question(built, question, tag)]
    return [
        f"Wrote {image} and {question}. The image has the reference and the hidden checks in it: a private registry is the place for it.",
        *([f"{' and '.join(kept)} stayed as you have them."] if kept else []),
        "Next:",
        f"  docker build -t {tag} {image} && docker push {tag}",
        f"  cp -r {question} YOUR-COURSE/questions/{built.lab}    (and name the image in its info.json)",
    ]


def _question(built: Built, folder: Path, tag: str) -> list[Path]:
    """Write the question; gives the files that were there, which stay: an instructor may have worked on them."""
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
    texts = {folder / "info.json": json.dumps(about, indent=2) + "\n", folder / "question.html": page}
    kept = [path for path in texts if path.exists()]
    for path, text in texts.items():
        if path not in kept:
            write_atomically(path, text.encode(), 0o644)
    return kept


def _text(name: str) -> str:
    return resources.files("grader.platforms.hosts").joinpath("files", name).read_text(encoding="utf-8")


HOSTS: Mapping[str, tuple[Callable[[Built, Path], list[str]], str]] = {
    "gradescope-autograder": (_gradescope, "gradescope.zip"),
    "prairielearn": (_prairielearn, "prairielearn"),
}
