"""How many submissions of random classes reach the right student, a wrong one, or nobody: `python tests/benchmarks/collecting.py`.

Each roster is a class of 2 to 12 with homonyms, accents in both forms, apostrophes, double names, LATE, digits and other scripts in names,
and people who are in the platform's course only. See tests/grader/platforms/rosters.py.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.grader.platforms.rosters import CASES
from tests.grader.platforms.test_rosters import judged
from tests.grader.platforms.zips import course


def main() -> int:
    """Print a line for each platform. Returns 0 when nobody got what somebody else handed in."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rosters", type=int, default=1000, metavar="N", help="random rosters for each platform (default: 1000)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="the first of the seeds (default: 0)")
    args = parser.parse_args()
    bad = 0
    print(f"{'platform':12}{'rosters':>9}{'submissions':>13}{'right':>9}{'refused':>9}{'wrong':>7}{'seconds':>9}")
    with tempfile.TemporaryDirectory() as folder:
        made = course(Path(folder))
        for platform, case in CASES.items():
            count, begun = Counter[str](), time.perf_counter()
            for seed in range(args.seed, args.seed + args.rosters):
                right, wrong, plan = judged(made, Path(folder) / "source.zip", case(Random(seed)))
                count.update(right=right, wrong=wrong, refused=len(plan.problems))
                if wrong:
                    print(f"seed {seed}: {wrong} wrong", file=sys.stderr)
            seconds = time.perf_counter() - begun
            print(
                f"{platform:12}{args.rosters:9}{count.total():13}{count['right']:9}{count['refused']:9}{count['wrong']:7}{seconds:9.1f}",
                flush=True,
            )
            bad += count["wrong"]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
