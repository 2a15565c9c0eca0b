"""What in a student's own code cannot be decided by reading it: all cells of the notebook run then. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from grader.judging.touched import BY_CALL, IMPORTED, Touched, words

# Packages that keep no state between two cells, but for the random numbers and the settings that are named below.
_PURE = words(
    "numpy math cmath scipy torch matplotlib itertools functools operator collections dataclasses typing typing_extensions abc copy "
    "numbers fractions decimal statistics string re textwrap enum contextlib pprint course_utils heapq bisect __future__ time datetime "
    "mlxtend seaborn IPython tqdm warnings array struct json ipywidgets"
)
_SEEDED = {"default_rng", "Generator", "RandomState", "PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64", "SeedSequence", "BitGenerator"}
_TORCH = words(
    "manual_seed seed initial_seed rand randn randint randperm normal distributions bernoulli multinomial poisson rand_like randn_like "
    "randint_like get_rng_state set_rng_state random"
)
_SETTINGS = words(
    "seterr seterrcall setbufsize set_printoptions filterwarnings simplefilter resetwarnings showwarning set_default_dtype "
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


def draws_at_random(touched: Touched, modules: Mapping[str, str]) -> str:
    """What it has to do with the random numbers that all cells share, or ""."""
    return next(filter(None, map(_random, _paths(touched, modules))), "")


def changes_settings(touched: Touched, modules: Mapping[str, str]) -> bool:
    """Whether it changes what holds for the whole process."""
    return any(path.rpartition(".")[2] in _SETTINGS for path in _paths(touched, modules))


def _reasons(touched: Touched, modules: Mapping[str, str], whole: set[str]) -> Iterator[str]:
    if touched.dynamic or touched.odd:
        yield touched.dynamic or touched.odd
    for path in _paths(touched, modules):
        if path.split(".")[0] not in _PURE:
            yield f"the module {path.split('.')[0]}"
        if random := _random(path):
            yield random
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


def _random(path: str) -> str:
    parts = path.split(".")
    drawn = (
        (parts[0] == "random" and parts[1:2] != ["Random"])
        or (parts[:2] == ["numpy", "random"] and not _SEEDED & set(parts[2:3]))
        or (parts[0] == "torch" and bool(_TORCH & {*parts[1:2], parts[-1].removesuffix("_all")} - {""}))
    )
    return f"global random state: {path}" if drawn else ""
