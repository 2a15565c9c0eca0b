"""`handgrad doctor`, as far as it is a student's question: what can be done with what is installed here?"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from course_utils.extras import lacks
from course_utils.labs import lab_folders, packaged_labs


class Found(NamedTuple):
    """One thing that was looked for; `mark` is ✓ for what is there, ○ for what nobody has to have, ✗ for what is broken."""

    mark: str
    name: str
    sentence: str


def here() -> Iterator[Found]:
    """Python, JupyterLab, and the labs."""
    yield Found("✓", "Python", f"{platform.python_version()} in {sys.prefix}, with Handgrad {version('handgrad')}")
    try:
        yield Found("✓", "JupyterLab", f"{version('jupyterlab')}: `handgrad start --open` shows the labs in it")
    except PackageNotFoundError:
        yield Found("✗", "JupyterLab", "it is not installed here: `pip install jupyterlab` brings it back.")
    labs = lab_folders(packaged_labs())
    missing = [sentence for lab in labs if (sentence := lacks(lab / f"{lab.name}.ipynb"))]
    if not labs:
        yield Found("✗", "labs", "they are missing: install Handgrad again, or run `handgrad build` in a checkout.")
    elif not missing:
        yield Found("✓", "labs", f"all {len(labs)} can be done here")
    else:
        yield Found("✓", "labs", f"{len(labs) - len(missing)} of {len(labs)} can be done here")
        yield from (Found("○", "", sentence) for sentence in missing)
