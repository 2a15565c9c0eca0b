"""How many wrong answers the checks let through: `python tests/benchmarks/mutation.py [LAB…]`.

Every exercise cell of every lab is mutated in every small way that `mutants.py` knows, and each mutant is run through the
public checks with their public seeds, then through all checks with fresh seeds. A mutant that passes both either computes
the same function, or is a hole; `survivors.toml` says which, by reading it. Prints rates, every survivor and its
explanation; then how many of the bank's mistakes fail, and are named with the right, a wrong or no sentence.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import signal
import sys
import tomllib
import warnings
from collections import Counter
from pathlib import Path

import jupytext

sys.path.insert(0, str(Path(__file__).parent))
from mutants import mutants

from course_utils.checking import Lab, Local, check_exercise

ROOT = Path(__file__).resolve().parents[2]
SURVIVORS = Path(__file__).with_name("survivors.toml")
FRESH = (90210, 5150, 1984)
SECONDS = 3.0  # a mutant may loop for ever


class TooLongError(BaseException):
    """Raised by the alarm; no `except Exception` of a mutant catches it."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labs", nargs="*")
    parser.add_argument("--exercise", help="only this one")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, _too_long)
    explained = tomllib.loads(SURVIVORS.read_text()) if SURVIVORS.exists() else {}
    total, named = Counter(), Counter()
    for folder in sorted(path.parent for path in (ROOT / "solutions").glob("*/notebook.py")):
        if not options.labs or folder.name in options.labs:
            total += mutate(folder, explained.get(folder.name, {}), options.exercise)
            named += name_mistakes(folder)
    _print_rates("all labs", total)
    print(f"bank: {named['mistakes']} mistakes, {named['failed']} failed, {named['right']} named right, "
          f"{named['wrong']} named wrong, {named['none']} not named")  # fmt: skip
    return 0


def mutate(folder: Path, explained: dict[str, str], only: str | None) -> Counter[str]:
    """Count a lab's mutants by what becomes of them, and print the survivors."""
    lab, counts = Lab.from_source(folder), Counter()
    for cell in jupytext.read(folder / "notebook.py").cells:
        role = cell.metadata.get("nbgrader", {})
        exercise = role.get("grade_id", "")
        if exercise not in lab.checks or (only and exercise != only):
            continue
        if _fate(lab, exercise, cell.source) != "survived":
            print(f"  {exercise}: left out, as it takes longer than {SECONDS:g} s unchanged")
            continue
        for mutant in mutants(cell.source):
            fate = _fate(lab, exercise, mutant.source)
            known = fate == "survived" and next((why for key, why in explained.items() if _same(key, exercise, mutant)), "")
            if known:
                fate = "the same function" if known.startswith("same") else fate
            counts[fate] += 1
            if fate in ("survived", "the same function"):
                print(f"  {exercise}:{mutant.line}: {mutant.change}  ->  {known or 'NOT EXPLAINED'}")
            elif fate == "hidden":
                print(f"  {exercise}:{mutant.line}: {mutant.change}  ->  failed only by hidden checks or fresh seeds")
    _print_rates(folder.name, counts)
    return counts


def _same(key: str, exercise: str, mutant) -> bool:
    return key in (f"{exercise}:{mutant.line}: {mutant.change}", f"{exercise}: {mutant.change}")


def _fate(lab: Lab, exercise: str, source: str) -> str:
    """What becomes of a mutant: "public", "hidden" (failed by these only) or "survived"."""
    namespace = dict(lab.reference)
    try:
        with _limited():
            exec(compile(source, "mutant", "exec", dont_inherit=True), namespace)
            public = [check for check in lab.checks[exercise] if not check.hidden]
            if not check_exercise(exercise, public, Local(namespace), lab.oracle, lab.seeds).passed:
                return "public"
            if not check_exercise(exercise, lab.checks[exercise], Local(namespace), lab.oracle, FRESH).passed:
                return "hidden"
    except (TooLongError, Exception):  # noqa: BLE001 - a mutant that does not even run has failed
        return "public"
    return "survived"


@contextlib.contextmanager
def _limited():
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _too_long(number, frame):
    raise TooLongError


def _print_rates(title: str, counts: Counter[str]) -> None:
    wrong = counts["public"] + counts["hidden"] + counts["survived"]
    if wrong:
        print(
            f"{title}: {wrong} mutants that change the function (and {counts['the same function']} that do not); "
            f"{100 * counts['public'] / wrong:.1f} % fail in the notebook, "
            f"{100 * (wrong - counts['survived']) / wrong:.1f} % when graded"
        )


def name_mistakes(folder: Path) -> Counter[str]:
    """How the bank's mistakes fare with fresh seeds."""
    lab, counts = Lab.from_source(folder), Counter()
    for mistakes in lab.mistakes.values():
        for mistake in mistakes:
            namespace = {**lab.reference, mistake.exercise: mistake.subject}
            checks = lab.checks[mistake.exercise]
            report = check_exercise(mistake.exercise, checks, Local(namespace), lab.oracle, FRESH)
            told = {verdict.mistake for verdict in report.verdicts if verdict.outcome != "passed"}
            counts["mistakes"] += 1
            counts["failed"] += not report.passed
            counts["right"] += told == {mistake.sentence}
            counts["none"] += told == {None}
            counts["wrong"] += bool(told - {None, mistake.sentence})
    return counts


if __name__ == "__main__":
    sys.exit(main())
