"""The packages that an assignment imports and that are not installed here: without them nobody could get points."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.console import typed
from course_utils.errors import UserError
from course_utils.extras import imported
from grader.intake import is_python

if TYPE_CHECKING:
    from grader.books.course import Course

# What to install, where a module has another name than its package
_PACKAGES = {
    "Bio": "biopython",
    "Crypto": "pycryptodome",
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "fitz": "pymupdf",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
_IMPORT = re.compile(r"^(?:import|from)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)


def require_packages(course: Course, name: str, files: Mapping[str, bytes], students: Iterable[str], without: Collection[str]) -> None:
    """See that what an ordinary assignment imports is there, or `without` names it. Raises UserError with how to install what is not."""
    submitted = [course.folder("submitted", student, name) for student in students]
    missing = [module for module in missing_modules(course.own("source", name), files) if module not in without]
    missing = [module for module in missing if not any(_has(folder, module) for folder in submitted)]
    if not missing:
        return
    packages = " ".join(_PACKAGES.get(module, module) for module in missing)
    options = " ".join(f"--without {module}" for module in missing)
    are = "is" if len(missing) == 1 else "are"
    install = f"{typed(Path(sys.executable))} -m pip install {packages}"
    raise UserError(
        f"{name} imports {' and '.join(missing)}, which {are} not installed here, so nobody would get the points that need it. "
        f"Nothing was graded. Install it with `{install}`, or grade as it is with `{options}`."
    )


def missing_modules(source: Path, files: Mapping[str, bytes]) -> list[str]:
    """The modules that the source's cells always import, themselves or by a file of the assignment, and that are not there."""
    own = {path.removesuffix(".py").split("/")[0]: path for path in files} | {path.stem: "" for path in source.glob("*.ipynb")}
    waiting = [text for path in sorted(source.glob("*.ipynb")) for text in _cells(path)]
    asked: dict[str, bool] = {}
    while waiting:
        for module in _imports(waiting.pop()):
            if module in asked:
                continue
            asked[module] = module in own or _is_installed(module)
            if own.get(module, "").endswith(".py"):
                waiting.append(files[own[module]].decode("utf-8", "replace"))
    return sorted(module for module, there in asked.items() if not there)


def _cells(path: Path) -> Iterator[str]:
    """The code cells of an instructor's notebook; none where it is no notebook, which others tell, or in another language."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells, metadata = notebook["cells"], notebook.get("metadata", {})
        language = metadata.get("kernelspec", {}).get("language") or metadata.get("language_info", {}).get("name") or "python"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    if not is_python(language):
        return
    yield from ("".join(cell["source"]) for cell in cells if cell.get("cell_type") == "code")


def _imports(source: str) -> Iterator[str]:
    """The top-level modules that a cell imports at its margin, or seems to where it is no Python."""
    plain = "\n".join("" if line.startswith(("%", "!")) else line for line in source.split("\n"))
    try:
        body = ast.parse(plain).body
    except (SyntaxError, ValueError):
        yield from _IMPORT.findall(plain)
        return
    yield from imported(body)


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):  # a module that is there without a spec
        return module in sys.modules


def _has(folder: Path, module: str) -> bool:
    """Whether students bring a module themselves; only its name is looked at."""
    return any(os.path.lexists(folder / name) for name in (f"{module}.py", module))
