"""Denying service: code and notebooks that take time, memory, processes, disk or patience. What else is in the notebook keeps its points."""

from __future__ import annotations

import json
from typing import Any

from grader.doctor.attacks.case import DENIAL, WHOLE, Case, Draft, answers, code


def _cell(name: str, tries: str, source: str, least: float = 0.0, **more: Any) -> Case:
    return code(name, DENIAL, tries, source, least=least, **more)


def _relu(name: str, tries: str, source: str, least: float = WHOLE - 20) -> Case:
    return answers(name, DENIAL, tries, least=least, relu=source)


def _big_cell(draft: Draft) -> None:
    draft.insert("x = '" + "a" * 100_000_000 + "'")


def _deep(draft: Draft) -> None:
    draft.raw = b'{"cells": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"


def _deep_metadata(draft: Draft) -> None:
    draft.raw = draft.data().replace(b'"metadata": {}', b'"metadata": {"x": ' + b'{"x":' * 5_000 + b"1" + b"}" * 5_000 + b"}", 1)


def _many_cells(draft: Draft) -> None:
    for _ in range(30_000):
        draft.cells.append({"cell_type": "markdown", "id": f"m{len(draft.cells)}", "metadata": {}, "source": "x"})


def _huge_outputs(draft: Draft) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}
    draft.cell("sigmoid")["outputs"] = [output]


def _huge_notebook(draft: Draft) -> None:
    draft.notebook["metadata"]["padding"] = "x" * 500_000_000


def _many_lines(draft: Draft) -> None:
    draft.cell("sigmoid")["source"] += "\n" + "\n".join(["# x"] * 300_000)


def _numbers(draft: Draft) -> None:
    draft.raw = draft.data().replace(b'"nbformat": 4', b'"nbformat": 4, "x": ' + b"9" * 2_000_000, 1)


def _repeated_keys(draft: Draft) -> None:
    many = ",".join(json.dumps(f"k{number}") + ":0" for number in range(400_000))
    draft.raw = draft.data().replace(b'"metadata": {}', b'"metadata": {' + many.encode() + b"}", 1)


_SLEEP = "import time\ntime.sleep(30)"

CASES = [
    _cell("never-ends", "a cell that never ends", "while True: pass", WHOLE),
    _cell("never-ends-in-c", "a cell that hangs inside a C function", "sum(iter(int, 1))", WHOLE),
    _cell("a-regular-expression", "a regular expression that takes forever", "import re\nre.match(r'(a+)+$', 'a' * 64 + 'b')"),
    _cell("a-huge-power", "one operation on a huge number", "x = 7 ** (10 ** 9)"),
    _cell("ignores-interrupts", "catches every interrupt and goes on", """import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    try:
        while True: pass
    except BaseException: pass"""),
    _cell("blocks-signals", "blocks all signals, then sleeps", "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\ntime.sleep(600)"),
    Case("sleeps-in-every-cell", DENIAL, "sleeps in each of forty cells", lambda draft: [draft.insert(_SLEEP) for _ in range(40)] and None),
    _cell("hangs-in-a-check", "an answer that never comes", "def never(*args):\n    while True: pass", WHOLE - 20, before="relu_check", without="relu"),
    _relu("never-answers", "an exercise that never returns", "def relu(z):\n    while True: pass"),
    _relu("sleeps-when-asked", "an exercise that sleeps", "def relu(z):\n    import time\n    time.sleep(600)"),
    _cell("takes-memory", "takes all memory", "hoard = [bytearray(2**26) for _ in range(1000)]"),
    _cell("takes-memory-at-once", "takes a terabyte at once", "hoard = bytearray(2**40)", WHOLE),
    _cell("takes-shared-memory", "takes memory that belongs to no process", """import mmap
hoard = []
for _ in range(200):
    part = mmap.mmap(-1, 2**26); part.write(b'x' * 2**26); hoard.append(part)"""),
    _cell("takes-memory-files", "fills files that live in memory", """import os
hoard = [os.memfd_create(str(number)) for number in range(100)]
for number in hoard:
    for _ in range(64): os.write(number, b'x' * 2**20)"""),
    _cell("takes-pipe-buffers", "fills the buffers of sockets and pipes", """import socket
hoard = []
for _ in range(2000):
    pair = socket.socketpair(); pair[0].setblocking(False); hoard.append(pair)
    try:
        while True: pair[0].send(b'x' * 65536)
    except OSError: pass"""),
    _relu("answers-with-a-gibibyte", "an answer of a gibibyte", "def relu(z):\n    return np.zeros(2**27)"),
    _cell("starts-processes", "starts as many processes as it can", "import os, time\nfor _ in range(2000):\n    if os.fork() == 0: time.sleep(60); os._exit(0)", alone=True),
    _cell("a-fork-bomb", "processes that start processes", "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", alone=True),
    _cell("starts-threads", "starts as many threads as it can", "import threading, time\nfor _ in range(5000): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()", alone=True),
    _cell("fills-the-disk", "fills the disk with one file", "with open('large', 'wb') as file:\n    for _ in range(500): file.write(b'x' * 2**20)"),
    _cell("fills-the-disk-with-many", "fills the disk with many files", "for number in range(60): open(f'/tmp/@MARK@-{number}', 'wb').write(b'x' * 2**23)"),
    _cell("takes-inodes", "makes a hundred thousand empty files", "import os\nos.makedirs('many')\nfor number in range(100_000): open(f'many/{number}', 'w').close()"),
    _cell("floods-stdout", "prints without end", "while True: print('x' * 10_000)"),
    _cell("floods-stderr", "writes to stderr without end", "import sys\nwhile True: sys.stderr.write('x' * 10_000 + '\\n')"),
    _cell("floods-descriptors", "writes to the descriptors of stdout and stderr without end", "import os\nwhile True: os.write(1, b'x' * 65536); os.write(2, b'x' * 65536)"),
    _cell("floods-the-display", "displays without end", "from IPython.display import display, HTML\nwhile True: display(HTML('<p>x</p>' * 1000))"),
    _cell("many-small-outputs", "displays a hundred thousand small things", "from IPython.display import display\nfor number in range(100_000): display(number)"),
    _cell("a-huge-picture", "shows a picture of 30 MB", "from IPython.display import Image, display\nimport os\nfor _ in range(3): display(Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + os.urandom(10_000_000)))"),
    _cell("clears-for-ever", "clears its output again and again", "from IPython.display import clear_output\nfor number in range(200_000): clear_output(); print(number)"),
    _cell("updates-displays", "updates one display for ever", "from IPython.display import display\nhandle = display('x' * 1000, display_id='one')\nwhile True: handle.update('x' * 100_000)"),
    _cell("an-endless-repr", "a value whose text is 200 MB long", "class Long:\n    def __repr__(self): return 'x' * 200_000_000\nLong()"),
    _cell("a-repr-that-hangs", "a value whose text is never finished", "class Slow:\n    def __repr__(self):\n        while True: pass\nSlow()", WHOLE),
    _relu("an-endless-iterator", "an answer that goes on for ever", "def relu(z):\n    import itertools\n    return itertools.count()"),
    _relu("a-list-of-millions", "an answer of ten million numbers", "def relu(z):\n    return list(range(10_000_000))"),
    _relu("a-deep-list", "an answer nested 100 000 deep", "def relu(z):\n    deep = []\n    for _ in range(100_000): deep = [deep]\n    return deep"),
    _relu("a-list-of-itself", "an answer that contains itself", "def relu(z):\n    loop = []\n    loop.append(loop)\n    return loop"),
    _relu("a-huge-number", "an answer with a million digits", "def relu(z):\n    return 10 ** 1_000_000"),
    _relu("a-huge-error", "an error whose message is 50 MB long", "def relu(z):\n    raise ValueError('x' * 50_000_000)"),
    _relu("an-error-that-hangs", "an error whose text is never finished", "class Slow(Exception):\n    def __str__(self):\n        while True: pass\ndef relu(z):\n    raise Slow"),
    _relu("recursion", "an exercise that calls itself for ever", "import sys\nsys.setrecursionlimit(10**9)\ndef relu(z):\n    return relu(z)"),
    _cell("recursion-in-a-cell", "a cell that overflows the stack", "import sys\nsys.setrecursionlimit(10**9)\ndef down(): return down()\ndown()"),
    _cell("ends-its-process", "ends its process", "import os\nos._exit(0)", WHOLE),
    _cell("exits", "calls sys.exit and exit", "import sys\nexit()\nsys.exit(3)"),
    _cell("crashes", "crashes its process", "import ctypes\nctypes.string_at(0)", WHOLE),
    _cell("aborts", "aborts its process and asks for a core file", "import os, resource\nresource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE)[1:] * 2)\nos.abort()", WHOLE),
    _cell("kills-everybody", "kills every process that it can", "import os, signal\nos.kill(-1, signal.SIGKILL)"),
    _cell("stops-its-parent", "stops the processes above it", "import os, signal\nfor pid in {os.getppid(), *range(2, 40)} - {os.getpid()}:\n    try: os.kill(pid, signal.SIGSTOP)\n    except OSError: pass"),
    _cell("stops-itself", "stops itself", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    _cell("a-daemon", "a daemon that outlives the notebook", "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork(): os._exit(0)\n    time.sleep(600)\n    os._exit(0)"),
    _cell("closes-everything", "closes all open files", "import os\nos.closerange(0, 1024)"),
    Case("one-cell-of-100-mb", DENIAL, "a cell of 100 MB", _big_cell),
    Case("deeply-nested-json", DENIAL, "JSON nested 200 000 deep", _deep, most=0),
    Case("deeply-nested-metadata", DENIAL, "metadata nested 5000 deep", _deep_metadata),
    Case("thirty-thousand-cells", DENIAL, "a notebook of 30 000 cells", _many_cells),
    Case("outputs-of-50-mb", DENIAL, "outputs of 50 MB", _huge_outputs),
    Case("a-notebook-of-500-mb", DENIAL, "a notebook of 500 MB", _huge_notebook),
    Case("an-answer-of-300-000-lines", DENIAL, "an answer with 300 000 lines", _many_lines),
    Case("a-number-of-two-million-digits", DENIAL, "a number of two million digits in the JSON", _numbers),
    Case("many-keys", DENIAL, "400 000 keys in the metadata", _repeated_keys),
]  # fmt: skip
