"""The command `handgrad`: the student's verbs, and those that plug in from elsewhere."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points, version
from pathlib import Path

from course_utils import extras
from course_utils.console import be_readable
from course_utils.errors import UserError

VERBS = "handgrad.verbs"  # the entry-point group through which an instructor's tools add theirs

_NOTEBOOK = "a notebook, the folder of a lab, or its name; without one, the lab where you stand"
_SOLUTIONS = "a checkout of Handgrad, or its folder solutions/; without it, the one that `handgrad start` remembers"

# what the machine refuses to anybody, whatever was to be done; other errors of the system are mistakes of ours
_REFUSED = {
    errno.ENOSPC: "The disk is full",
    errno.EDQUOT: "Your share of the disk is used up",
    errno.EROFS: "This lies where nothing can be written",
    errno.EACCES: "You may not read or write this",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code is 0 only when all is well, 2 for a command that cannot be followed."""
    spare_grammars()
    be_readable()
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.verb:
        parser.print_help()
        print("\nNew here? `handgrad start --open` copies the labs and opens the first one.")
        return 2
    try:
        extras.require(getattr(options, "extra", ""), options.verb)
        code = int(options.run(options))
        sys.stdout.flush()  # what nobody reads any more is noticed here, not when Python ends
        return code
    except BrokenPipeError:  # `| head` has seen enough; the work itself is done by then, or goes on from there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141  # as a shell says it of a program that SIGPIPE ended
    except UserError as error:
        print(f"handgrad: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        sentence = extras.in_terminal(error, options.verb)
        if not sentence:
            raise
        print(f"handgrad: {sentence}", file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        where = f" ({error.filename})" if error.filename else ""
        print(f"handgrad: {_REFUSED[error.errno]}{where}. What was finished is kept; start again when that is mended.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("handgrad: stopped by you; what was finished is kept", file=sys.stderr)
        return 130


def spare_grammars() -> None:
    """Let nbformat be imported in a tenth of a second, not in one and a half.

    It imports jsonschema, which would make forty grammars for internationalised addresses, and bring what it takes to read durations,
    addresses and colours. No notebook has one, and jsonschema does without them where they are not installed.
    """
    for name in ("rfc3987_syntax", "rfc3986_validator", "isoduration", "webcolors"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="handgrad",
        description="Deep-learning labs that check every gradient you write.",
        epilog="Students: start, check, hint, answer, progress, review, page. Each verb shows an example with --help.",
    )
    parser.add_argument("--version", action="version", version=f"handgrad {version('handgrad')}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    _add_start(verbs)
    _add_check(verbs)
    _add_hint(verbs)
    _add_answer(verbs)
    _add_progress(verbs)
    _add_review(verbs)
    _add_page(verbs)
    for plugin in sorted(entry_points(group=VERBS), key=lambda entry: entry.name):
        plugin.load()(verbs)
    return parser


def _add_start(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _verb(verbs, "start", "copy the labs to a folder of yours", "handgrad start my-labs\nhandgrad start my-labs --open")
    where = "where to (default: handgrad-labs; or here, in a folder that `handgrad start` made)"
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help=where)
    parser.add_argument("--open", action="store_true", dest="opened", help="then open JupyterLab, without the tools of authors")
    parser.set_defaults(run=_start)


def _add_check(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _verb(
        verbs,
        "check",
        "run a notebook and print the report that it shows",
        "handgrad check lab01_perceptron\nhandgrad check my-labs/lab01_perceptron/lab01_perceptron.ipynb --exercise sigmoid\n"
        "handgrad check lab01_perceptron --all",
    )
    parser.add_argument("notebook", nargs="?", type=Path, metavar="NOTEBOOK|LAB", help=_NOTEBOOK)
    parser.add_argument("--exercise", metavar="NAME", help="print the report on this exercise only")
    parser.add_argument("--json", action="store_true", help="print one JSON object for a program to read")
    parser.add_argument("--all", action="store_true", dest="everything", help="run the hidden checks too, where the solutions are at hand")
    parser.add_argument("--solutions", type=Path, metavar="DIR", help=_SOLUTIONS)
    parser.set_defaults(run=_check)


def _add_hint(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _verb(
        verbs, "hint", "show the next hint for an exercise", "handgrad hint sigmoid\nhandgrad hint sigmoid my-labs/lab01_perceptron"
    )
    parser.add_argument("exercise", metavar="NAME", help="the name that the exercise defines")
    parser.add_argument("notebook", nargs="?", type=Path, metavar="NOTEBOOK|LAB", help=_NOTEBOOK)
    parser.set_defaults(run=_hint)


def _add_answer(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _verb(
        verbs,
        "answer",
        "show the worked answer to an exercise, after three attempts or when asked twice",
        "handgrad answer sigmoid\nhandgrad answer sigmoid lab01_perceptron --give-up",
    )
    parser.add_argument("exercise", metavar="NAME", help="the name that the exercise defines")
    parser.add_argument("notebook", nargs="?", type=Path, metavar="NOTEBOOK|LAB", help=_NOTEBOOK)
    parser.add_argument("--give-up", action="store_true", help="show it at once")
    parser.add_argument("--solutions", type=Path, metavar="DIR", help=_SOLUTIONS)
    parser.set_defaults(run=_answer)


def _add_progress(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _verb(verbs, "progress", "show points, hints and answers by exercise, and what comes next", "handgrad progress my-labs")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="DIR")
    parser.add_argument("--json", action="store_true", help="print one JSON object for a program to read")
    parser.set_defaults(run=_progress)


def _add_review(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _verb(
        verbs,
        "review",
        "ask a few questions from what you have done, with other numbers each time",
        "handgrad review my-labs\nhandgrad review --lab lab04_backprop --count 3",
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="DIR", help="a folder with labs (default: here)")
    parser.add_argument("--lab", default="", metavar="LAB", help="ask about this lab only")
    parser.add_argument("--count", type=int, default=5, metavar="N", help="how many questions (default: 5)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line for a program, which answers line by line")
    parser.set_defaults(run=_review)


def _add_page(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _verb(
        verbs,
        "page",
        "write a notebook as one HTML file, with its explorers alive, to hand in or to show",
        "handgrad page lab04_backprop --run\nhandgrad page my-labs/lab04_backprop/lab04_backprop.ipynb --out report.html",
    )
    parser.add_argument("notebook", nargs="?", type=Path, metavar="NOTEBOOK|LAB", help=_NOTEBOOK)
    parser.add_argument("--out", type=Path, metavar="FILE", help="the page's file, or its folder (default: here)")
    run_first = "run a copy of the notebook first; without it, the page shows what was saved"
    parser.add_argument("--run", action="store_true", dest="run_first", help=run_first)
    parser.set_defaults(run=_page)


def _verb(verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str, example: str) -> argparse.ArgumentParser:
    return verbs.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog="example:\n  " + example.replace("\n", "\n  "),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _start(options: argparse.Namespace) -> int:
    from course_utils.terminal.start import start

    return start(options.folder, opened=options.opened)


def _check(options: argparse.Namespace) -> int:
    from course_utils.terminal.check import check

    return check(options.notebook, options.exercise, as_json=options.json, everything=options.everything, solutions=options.solutions)


def _hint(options: argparse.Namespace) -> int:
    from course_utils.terminal.stuck import hint

    return hint(options.exercise, options.notebook)


def _answer(options: argparse.Namespace) -> int:
    from course_utils.terminal.stuck import answer

    return answer(options.exercise, options.notebook, give_up=options.give_up, solutions=options.solutions)


def _progress(options: argparse.Namespace) -> int:
    from course_utils.terminal.progress import show_progress

    return show_progress(options.folder, as_json=options.json)


def _review(options: argparse.Namespace) -> int:
    from course_utils.terminal.review import review

    return review(options.folder, lab=options.lab, count=options.count, as_json=options.json)


def _page(options: argparse.Namespace) -> int:
    from course_utils.terminal.page import page

    return page(options.notebook, options.out, run=options.run_first)
