"""Which kernel a notebook runs in: the one that the instructor's own notebook names, whatever a submission says.

Python runs in the shell that all of Handgrad's notebooks run in, whichever of Python's kernels is named.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from course_utils.errors import UserError
from grader.intake import Template, is_python
from grader.sandbox import Kernel

_INSTALL = {
    "r": "in R, `install.packages('IRkernel')` and `IRkernel::installspec()`",
    "bash": "`pip install bash_kernel` and `python -m bash_kernel.install --sys-prefix`",
    "julia": "in Julia, `using Pkg; Pkg.add(\"IJulia\")`",
    "octave": "`pip install octave_kernel`, and Octave itself",
    "scheme": "`pip install calysto_scheme`",
    "sagemath": "your system's package `sagemath-jupyter`",
}
_OWN_PYTHON = re.compile(r"python(3(\.\d+)?)?")  # what jupyter_client takes for its own interpreter


def kernels_of(templates: Iterable[Template]) -> dict[str, Kernel]:
    """The kernel of each notebook that is not Python's, by the notebook's name. UserError, with what to do, when one is not installed."""
    found = {template.name: _kernel(*template.kernel, f"{template.name}.ipynb") for template in templates}
    return {name: kernel for name, kernel in found.items() if kernel is not None}


def _kernel(name: str, language: str, notebook: str) -> Kernel | None:
    """The kernel of a notebook that says so much of it; None where that is Python's."""
    if is_python(language) or (not name and not language):
        return None
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel  # nobody needs it for Python

    specs = KernelSpecManager()
    if not name:
        raise UserError(_nameless(language, notebook, specs.find_kernel_specs()))
    try:
        spec = specs.get_kernel_spec(name)
    except NoSuchKernel:
        if not language and "python" in name.lower():  # such as python3, or one for an environment
            return None
        raise UserError(_missing(name, language, notebook, specs.find_kernel_specs())) from None
    if is_python(spec.language or language):
        return None
    folder = Path(spec.resource_dir)
    first, *words = [word.replace("{resource_dir}", str(folder)) for word in spec.argv] or [""]
    program = _program(first)
    if program is None:
        told = f"starts {first!r}, which is not here, so nothing was graded"
        raise UserError(f"The kernel {name} of {notebook} {told}: install that, or mend {folder / 'kernel.json'}.")
    return Kernel(name, spec.language or language, folder, program, tuple(words), dict(spec.env))


def _missing(name: str, language: str, notebook: str, installed: Iterable[str]) -> str:
    of = f" ({language})" if language not in ("", name) else ""
    how = _INSTALL.get(language.lower(), "its own manual says how")
    return (
        f"{notebook} runs in the kernel {name}{of}, which is not installed here, so nothing was graded. Install it ({how}) until "
        f"`jupyter kernelspec list` shows {name}, and grade again. {_now(installed)}"
    )


def _nameless(language: str, notebook: str, installed: Iterable[str]) -> str:
    return (
        f"{notebook} is written in {language} and names no kernel, so nothing was graded: open its source in Jupyter, choose a kernel, "
        f"save it and generate the assignment anew. {_now(installed)}"
    )


def _now(installed: Iterable[str]) -> str:
    return f"Installed are: {', '.join(sorted(installed)) or 'none'}."


def _program(word: str) -> Path | None:
    """Where the program of a kernelspec lies."""
    if _OWN_PYTHON.fullmatch(word):
        return Path(sys.executable)
    found = shutil.which(word)
    return Path(found).absolute() if found else None
