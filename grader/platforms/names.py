"""Names that strangers chose for their files: which are refused, which are left out, and when two are one."""

from __future__ import annotations

import re
import unicodedata

DEPTH = 20  # folders; what is graded may be 16 deep, below the folders of the platform
PATH_BYTES, NAME_BYTES = 1024, 255  # a file system's own limits
# Devices of Windows, whatever ending they have; nobody could open the course there.
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?")
_DRIVE = re.compile(r"[A-Za-z]:")
_NOISE = re.compile(r"(?i)(?:^|/)(?:(?:__MACOSX|\.git|\.ipynb_checkpoints|__pycache__)/|(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$)")


def reason_to_refuse(path: str, original: str) -> str:
    """Why a zip that has this name in it is refused; empty for one that a platform may have written."""
    if "\0" in original:
        return "has a NUL byte in its name"
    if path.startswith(("/", "\\")) or _DRIVE.match(path):
        return "is an absolute path, which leads out of every folder"
    if ".." in re.split(r"[/\\]", path):
        return "leads out of its folder by `..`"
    return ""


def reason_to_leave_out(path: str) -> str:
    """Why a file is left out for its name; empty where it can be taken."""
    parts = path.split("/")
    try:
        lengths = [len(part.encode()) for part in parts]
    except UnicodeEncodeError:
        return "was left out: its name is not UTF-8"
    if len(parts) - 1 > DEPTH:
        return f"was left out: it lies more than {DEPTH} folders deep"
    if sum(lengths) + len(parts) > PATH_BYTES or max(lengths) > NAME_BYTES:
        return f"was left out: its path has more than {PATH_BYTES} bytes, or a name in it more than {NAME_BYTES}"
    if "\\" in path:
        return "was left out: a backslash in a name is a folder to some programs and a letter to others"
    if not path.isprintable():
        return "was left out: its name has characters in it that cannot be seen"
    if any(not part or part == "." or _RESERVED.fullmatch(part) or part[-1] in ". " for part in parts):
        return "was left out: not every system can have a file of that name"
    return ""


def is_noise(path: str) -> bool:
    """Whether a file is one that an operating system, Jupyter or git laid there, and nobody handed in."""
    return _NOISE.search(path) is not None


def folded(name: str) -> str:
    """The same for two names that differ in case, or in how an accent is written: on many disks they are one file."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def squeezed(name: str) -> str:
    """Letters, digits and accents of a name: what platforms leave of it that cut blanks, commas, apostrophes and hyphens."""
    return "".join(letter for letter in folded(name) if letter.isalnum() or unicodedata.category(letter)[0] == "M")
