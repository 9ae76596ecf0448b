"""`make fuzz`: hunt in every reader, one after the other, and say what was found.

    python -m tests.fuzz [--seconds 10] [--keep FOLDER] [READER...]

Prints reader | runs | crashes, and ends with 1 where one was found. A crash is kept in the folder,
with the command that shows it again.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.fuzz.hunting import hunt
from tests.fuzz.promise import readers


def main() -> int:
    """The exit code."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("readers", nargs="*", help="modules of evidence/readers; else all of them")
    asked.add_argument("--seconds", type=int, default=10, help="how long to hunt in each")
    asked.add_argument("--keep", type=Path, default=Path("var/fuzz"), help="where crashes are put")
    options = asked.parse_args()
    width = max(len(name) for name in readers())
    crashes = 0
    sys.stdout.write(f"{'reader':<{width}} | {'runs':>7} | crashes\n")
    for reader in options.readers or readers():
        found = hunt(reader, options.keep / reader, seconds=options.seconds)
        crashes += len(found.crashes)
        sys.stdout.write(f"{reader:<{width}} | {found.runs:>7,} | {len(found.crashes)}\n")
        for crash in found.crashes:
            sys.stdout.write(f"  {crash.words}\n  python -m tests.fuzz.hunt --again {crash.case}\n")
        sys.stdout.flush()
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
