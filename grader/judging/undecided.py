"""What in a student's own code cannot be decided by reading it: all cells of the notebook run then. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from grader.judging.touched import BY_CALL, IMPORTED, Touched, words

# Packages that keep no state between two cells, but for random numbers, which are kept, and the settings that are named below.
_PURE = words(
    "numpy random math cmath scipy torch matplotlib itertools functools operator collections dataclasses typing typing_extensions abc copy "
    "numbers fractions decimal statistics string re textwrap enum contextlib pprint course_utils heapq bisect __future__ time datetime "
    "mlxtend seaborn IPython tqdm warnings logging array struct json ipywidgets"
)
# Filters of warnings are not among them: while a check calls a function, every warning is heard, whatever was set before.
_SETTINGS = words(
    "seterr seterrcall setbufsize set_printoptions set_default_dtype "
    "set_default_device set_default_tensor_type set_num_threads set_grad_enabled set_detect_anomaly use_deterministic_algorithms "
    "set_float32_matmul_precision save savetxt savez savez_compressed memmap tofile setcontext getcontext settings"
)
_MODULES = {
    "torch.nn",
    "torch.nn.functional",
    "torch.optim",
    "torch.utils.data",
    "numpy.random",
    "numpy.linalg",
    "numpy.ma",
    "numpy.testing",
}
_DRAWING = re.compile(r"matplotlib\b.*\.rcParams|matplotlib\.pyplot\.style")


def why_undecided(touched: Iterable[Touched], modules: Mapping[str, str], whole: set[str]) -> str:
    """A reason, or "". `modules` says what the notebook's names were imported from; those in `whole` are modules."""
    return next((reason for part in touched for reason in _reasons(part, modules, whole)), "")


def changes_settings(touched: Touched, modules: Mapping[str, str]) -> bool:
    """Whether it changes what holds for the whole process."""
    return any(path.rpartition(".")[2] in _SETTINGS for path in _paths(touched, modules))


def _reasons(touched: Touched, modules: Mapping[str, str], whole: set[str]) -> Iterator[str]:
    if touched.dynamic or touched.odd:
        yield touched.dynamic or touched.odd
    for path in _paths(touched, modules):
        if path.split(".")[0] not in _PURE:
            yield f"the module {path.split('.')[0]}"
        if path.rpartition(".")[2] in _SETTINGS:
            yield f"a setting: {path}"
    for name in touched.bare:
        if name.startswith(IMPORTED) or name in whole or modules.get(name) in _MODULES:
            yield "a module is handed on"
    for name in touched.stores:
        if not name.startswith(BY_CALL) and (name.startswith(IMPORTED) or name in modules) and not _only_drawing(touched, modules, name):
            yield "a patched module"


def _only_drawing(touched: Touched, modules: Mapping[str, str], name: str) -> bool:
    mine = [_path(path, modules) for path in touched.paths if path[0] == name and len(path) > 1]
    return any(_DRAWING.match(path) for path in mine)


def _paths(touched: Touched, modules: Mapping[str, str]) -> Iterator[str]:
    """In full, all that it looks up in modules."""
    yield from touched.imports
    for path in touched.paths:
        if path[0].startswith(IMPORTED) or path[0] in modules:
            yield _path(path, modules)
    yield from (modules[name] for name in touched.reads if name in modules)


def _path(path: tuple[str, ...], modules: Mapping[str, str]) -> str:
    name = path[0]
    return ".".join((name[1:] if name.startswith(IMPORTED) else modules.get(name, name), *path[1:]))
