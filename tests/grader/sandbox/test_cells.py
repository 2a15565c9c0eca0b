"""Cells give what they give in a Jupyter kernel: nbclient and ipykernel are the oracle."""

from __future__ import annotations

import base64
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from grader.sandbox import Child, Sandbox
from grader.sandbox.shell import _Transformer

from .conftest import printed

CELLS = {
    "last_expression": "6 * 7",
    "nothing": "x = 5",
    "print": "print('one'); print('two', end='')",
    "both_streams": "import sys\nprint('out', flush=True)\nprint('err', file=sys.stderr, flush=True)",
    "semicolon": "5;",
    "underscore": "_ + 1",
    "history": "Out[1], In[2]",
    "array": "import numpy as np\nnp.arange(6).reshape(2, 3) / 3",
    "long_repr": "list(range(300))",
    "long_array": "np.arange(10**6)",
    "dict": "{'b': [1] * 30, 'a': {'c': 'd' * 50, 'e': ('f',) * 20}}",
    "html": "from IPython.display import HTML, Markdown, Math, JSON, SVG, Image\nHTML('<b>x</b>')",
    "several_displays": "display(1, 'two', HTML('3'))\n4",
    "json": "JSON({'a': [1, None]})",
    "svg": "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "metadata": "display(5, metadata={'text/plain': {'isolated': True}})",
    "image_bytes": "import base64; Image(base64.b64decode('"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='))",
    "repr_html": "class Rich:\n    def _repr_html_(self): return '<i>rich</i>'\n    def __repr__(self): return 'plain'\nRich()",
    "mimebundle": "class Bundle:\n    def _repr_mimebundle_(self, **kw):\n"
    "        return {'text/plain': 'p', 'application/json': {'n': 1}}\nBundle()",
    "update_display": "handle = display('before', display_id='here')\nhandle.update('after')",
    "update_from_a_later_cell": "handle.update('later')",
    "clear_output": "from IPython.display import clear_output\nprint('gone'); clear_output(); print('kept')",
    "clear_output_wait": "print('gone'); clear_output(wait=True); print('kept')",
    "clear_output_wait_at_the_end": "print('kept'); clear_output(wait=True)",
    "error": "1 / 0",
    "error_in_function": "def f(x):\n    return g(x)\ndef g(x):\n    y = x + 1\n    return y / 0\nf(1)",
    "error_chained": "try:\n    1 / 0\nexcept Exception as e:\n    raise ValueError('chained') from e",
    "error_after_print": "print('before')\nundefined_name",
    "syntax_error": "def broken(:\n    pass",
    "indentation_error": "if True:\npass",
    "assertion": "assert 1 == 2, 'they differ'",
    "system_exit": "import sys; sys.exit(3)",
    "custom_error": "class Mine(Exception):\n    def __str__(self): return 'mine'\nraise Mine",
    "error_in_repr": "class Broken:\n    def __repr__(self): raise ValueError('no')\nBroken()",
    "await": "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "await_error": "await asyncio.wait_for(asyncio.sleep(5), 0.01)",
    "running_loop": "asyncio.get_running_loop().is_running()",
    "asyncio_run": "nap = asyncio.sleep(0)\ntry:\n    asyncio.run(nap)\nexcept RuntimeError as e: print(e)\nfinally: nap.close()",
    "task_over_cells": "task = asyncio.ensure_future(asyncio.sleep(0, 'done'))",
    "task_result": "await task",
    "async_for": "async def numbers():\n    yield 1\n    yield 2\n[n async for n in numbers()]",
    "shell": "!echo hello",
    "shell_captured": "files = !printf 'a\\nb\\n'\nfiles",
    "shell_variable": "word = 'world'\n!echo hello $word {1 + 1}",
    "shell_stderr": "!echo oops >&2",
    "cell_magic_bash": "%%bash\necho from bash",
    "capture_magic": "%%capture caught\nprint('caught')\n5",
    "captured": "caught.stdout",
    "unknown_magic": "%no_such_magic",
    "cell_writefile": "%%writefile note.txt\nhello",
    "cat_file": "!cat note.txt",
    "who": "secret_name = 1\nnames = %who_ls\n'secret_name' in names",
    "input": "try:\n    input('name? ')\nexcept Exception as e: print(type(e), e)",
    "warning": "import warnings; warnings.warn('careful')",
    "deprecation": "warnings.warn('old', DeprecationWarning)",
    "logging": "import logging; logging.getLogger().warning('logged')",
    "c_level_print": "import os; os.write(1, b'from C\\n'); None",
    "subprocess_print": "import subprocess; subprocess.run(['echo', 'from a process']); None",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2])",
    "figure_show": "plt.figure(figsize=(2, 1)); plt.plot([2, 1]); plt.show(); print('after')",
    "figure_object": "fig, ax = plt.subplots(figsize=(1, 1)); fig",
    "figures_two": "plt.figure(figsize=(1, 1)); plt.figure(figsize=(2, 1)); None",
    "figure_closed": "plt.figure(); plt.close()",
    "figure_error": "plt.figure(figsize=(1, 1)); 1 / 0",
    "matplotlib_inline": "%matplotlib inline",
    "svg_figures": "%config InlineBackend.figure_formats = ['svg']\nplt.rcParams['svg.hashsalt'] = 'x'; plt.figure(figsize=(1, 1)); None",
    "question": "len??",
    "unicode": "print('✓ ∂L/∂W \U0001f600')",
    "carriage_return": "for i in range(3): print(f'\\r{i}', end='')",
    "name_main": "__name__",
    "get_ipython": "get_ipython().execution_count",
    "stdout_is_no_terminal": "sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.writable()",
    "write_bytes": "try:\n    sys.stdout.write(b'x')\nexcept TypeError as e: print(e)",
    "doctest": "def f():\n    '''\n    >>> f()\n    2\n    '''\n    return 1\nimport doctest; doctest.testmod()",
    "empty": "",
    "comment": "# nothing",
    "exit": "exit",
    "after_all": "x",
}


# below Python's streams: a kernel reads this from a pipe in a thread of its own, maybe only after the cell has ended
BELOW_PYTHON = ("c_level_print", "subprocess_print")
WHEN_READ = """
import sys, threading
_read, _write = threading.Event(), sys.stdout.write
def _write_and_tell(text):
    _write(text)
    _read.set()
sys.stdout.write = _write_and_tell
try:
    exec({code!r})
    _read.wait(60)
finally:
    del sys.stdout.write
"""


def tidy(outputs: list[Any]) -> list[dict[str, Any]]:
    """Outputs without what differs from run to run: addresses, file names of cells, bytes of pictures, pieces of streams."""
    tidied: list[dict[str, Any]] = []
    for output in map(dict, outputs):
        if output.get("text") is not None and tidied and tidied[-1].get("name") == output["name"]:
            tidied[-1]["text"] += output["text"]
        else:
            tidied.append(output)
    return [_tidy(output) for output in tidied]


def _tidy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _picture(item) if key == "image/png" else _tidy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if isinstance(value, str):
        value = re.sub(r"0x[0-9a-f]{6,}", "0x", value)
        value = re.sub(r"(/tmp/ipykernel_\d+/)?\b\d{6,}\.py", "<cell>", value)
        value = value.replace(str(Path.home()), "~")
        return re.sub(r"<dc:date>.*</dc:date>", "", value)
    return value


def _picture(data: str) -> tuple[bytes, bytes]:
    image = base64.b64decode(data)
    return image[:8], image[16:24]  # that it is PNG, width and height


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    waiting = {name: WHEN_READ.format(code=CELLS[name]) for name in BELOW_PYTHON}
    cells = [nbformat.v4.new_code_cell(code) for code in {**CELLS, **waiting}.values()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")  # theirs
        patch.delenv("PYTEST_CURRENT_TEST")  # under pytest, ipykernel leaves descriptors 1 and 2 alone
        patch.chdir(tmp_path_factory.mktemp("kernel"))
        patience = {"timeout": 600, "startup_timeout": 600, "iopub_timeout": 600}
        nbclient.NotebookClient(notebook, allow_errors=True, kernel_name="python3", **patience).execute()
    return {name: tidy(cell.outputs) for name, cell in zip(CELLS, notebook.cells, strict=True)}


@pytest.fixture(scope="module")
def ours(sandbox: Sandbox) -> Iterator[dict[str, list[dict[str, Any]]]]:
    kept, sandbox.limits = sandbox.limits, replace(sandbox.limits, output_bytes=2**20)
    child, sandbox.limits = sandbox.start(), kept
    results = {name: child.execute(code) for name, code in CELLS.items()}
    yield {name: tidy(result.outputs) for name, result in results.items()}
    child.close()


@pytest.mark.kernel
@pytest.mark.parametrize("name", CELLS)
def test_a_cell_gives_what_it_gives_in_a_kernel(name: str, ours: Any, oracle: Any) -> None:
    assert ours[name] == oracle[name]


def test_outputs_are_valid_nbformat(ours: Any, child: Child) -> None:
    outputs = [output for code in CELLS.values() for output in child.execute(code).outputs]
    cell = nbformat.v4.new_code_cell("", outputs=[nbformat.from_dict(output) for output in outputs])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def test_lone_surrogates_come_out_as_text(child: Child) -> None:
    outputs = child.execute("print('a\\ud800b')\ndisplay({'text/plain': '\\udfff'}, raw=True)").outputs
    assert [output.get("text") or output["data"]["text/plain"] for output in outputs] == ["a?b\n", "?"]


def test_torch_is_imported_by_none_of_this(child: Child) -> None:
    assert child.execute("import sys; 'torch' in sys.modules").outputs[0]["data"]["text/plain"] == "False"


def test_a_cell_that_is_too_big_to_be_sent_is_not_run(child: Child) -> None:
    result = child.execute(f"x = {'1' * 2**24}")
    assert (result.status, result.reason) == ("error", "was not run: a value of 16 MiB is too big to be sent")
    assert child.execute("6 * 7").status == "ok"


PLAIN_OR_NOT = (
    "x = 1",
    "  x = 1\n  y = 2",
    "\n\nx = 1",
    "x = 6\n...\n",
    "x = '''\n>>> 1\n'''",
    "x = '''\n...: 1\n'''",
    "'''\nIn [1]: 1\n'''",
    "x = (7\n%2)",
    "x = r'\\d' + '%time'",
    "%time x = 1",
    "x = !ls",
    "x?",
    ">>> x = 1\n... y = 2",
    "def broken(:",
    "x = 1\0",
)


@pytest.mark.parametrize("cell", PLAIN_OR_NOT)
def test_a_cell_becomes_what_ipython_makes_of_it(cell: str) -> None:
    def made(transformer: TransformerManager) -> str:
        try:
            return str(transformer.transform_cell(cell))
        except SyntaxError as error:
            return str(error)

    ours = _Transformer()
    assert made(ours) == made(ours) == made(TransformerManager())


def test_a_step_of_the_notebooks_own_is_taken() -> None:
    ours = _Transformer()
    assert ours.transform_cell("x = 1") == "x = 1\n"
    ours.line_transforms.append(lambda lines: [line.replace("1", "2") for line in lines])
    assert ours.transform_cell("x = 1") == "x = 2\n"


CHANCE = "import random\nimport numpy as np\nrandom.seed({0}); np.random.seed({0})"
DRAWN = "[random.random(), np.random.rand()]"


@pytest.mark.parametrize("cell", [CHANCE.format(5), f"print({DRAWN})", f"{DRAWN}, 1 / 0", "raise KeyboardInterrupt"])
def test_the_random_numbers_of_all_cells_can_be_kept(child: Child, cell: str) -> None:
    child.execute(CHANCE.format(1))
    first = printed(child, f"print({DRAWN})")
    child.execute(CHANCE.format(1))
    child.execute(cell, keep_chance=True)
    assert printed(child, f"print({DRAWN})") == first
    child.execute(CHANCE.format(5))
    assert printed(child, f"print({DRAWN})") != first
