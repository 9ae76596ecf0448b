"""`python -m benchmarks` runs all, `python -m benchmarks NAME` one; a miss ends it with code 1."""

from __future__ import annotations

import importlib
import sys
import time

NAMES = (
    "false_alarms",
    "unchanged_londons",
    "judging_speed",
    "target_chance",
    "area_outliers",
    "receiving",
    "national_archive",
    "known_on",
    "disclosure",
    "survey_coverage",
    "survey_years",
    "gap_coverage",
)


def main(wanted: list[str]) -> int:
    """Run what is asked for; 0 where nothing was missed, 2 for a name that is none."""
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"there is no benchmark {', '.join(unknown)}; choose from {', '.join(NAMES)}")
        return 2
    misses = []
    for name in wanted or NAMES:
        print(f"\n== {name}")
        began = time.monotonic()
        missed = importlib.import_module(f"benchmarks.{name}").main()
        print(f"{time.monotonic() - began:.0f} s")
        misses += [f"{name}: {miss}" for miss in missed]
    print("\n" + ("\n".join(["MISSED", *misses]) if misses else "Nothing was missed."))
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
