"""What the small release says of gaps: every yardstick of each definition, some of it refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bluelamp.measures.gap import Benchmark, Gap, read_gaps

KINDS = ("CONTROLLED DRUGS", "FIREWORKS")
NUMBERS = (
    "events", "among", "reference_events", "reference_among", "ratio", "lower", "upper",
    "difference", "difference_lower", "difference_upper", "excess", "excess_lower", "excess_upper",
    "unknown", "unknown_share", "bound_lower", "bound_upper", "whole", "whole_lower", "whole_upper",
)  # fmt: skip
REFUSED = "nobody of the group compared with is counted"


def gap_records(
    definitions: Path, force: str, boroughs: tuple[str, ...], receipts: list[str]
) -> list[dict[str, Any]]:
    """A result of each gap; in the last borough nothing can be compared."""
    found = []
    for gap in read_gaps(definitions).values():
        readings = [
            reading(gap, benchmark, stage, group.id, area, kind, refused=area == boroughs[-1])
            for group in gap.compared
            for benchmark in gap.benchmarks
            for stage in stages(gap, benchmark)
            for area in ((force, *boroughs) if benchmark.kind != "like with like" else (force,))
            for kind in ("", *(KINDS if area == force and counted_by_kind(gap, benchmark) else ()))
        ]
        found.append(
            {
                "gap": gap.id, "first": "2025-04", "last": "2026-03", "checked": 1,
                "comparisons": sum(each["ratio"] is not None for each in readings),
                "unplaced": 1234.0, "strange": ["“Martian” (3)"], "reason": "",
                "receipts": receipts, "readings": readings,
            }
        )  # fmt: skip
    return found


def stages(gap: Gap, benchmark: Benchmark) -> list[str]:
    every = [stage.id for stage in gap.stages]
    if benchmark.kind == "not known":
        return []
    if benchmark.kind == "whole way":
        return every[-1:]
    if benchmark.kind == "step by step" or benchmark.over == "kinds":
        return every[1:]
    return every[:1]


def counted_by_kind(gap: Gap, benchmark: Benchmark) -> bool:
    return benchmark.kind == "step by step" or benchmark == gap.benchmarks[0]


def reading(
    gap: Gap, benchmark: Benchmark, stage: str, group: str, area: str, kind: str, *, refused: bool
) -> dict[str, Any]:
    ratio = 0.5 + len(group) * 0.3
    values = dict.fromkeys(NUMBERS, 4.0) | {
        "events": 540.0, "among": 13_000.0, "reference_events": 900.0, "reference_among": 60_000.0,
        "ratio": ratio, "lower": ratio * 0.9, "upper": ratio * 1.1, "unknown_share": 0.03,
        "bound_lower": ratio * 0.8, "bound_upper": ratio * 1.3,
    }  # fmt: skip
    if refused:
        values = dict.fromkeys(NUMBERS)
    who = f"{gap.group(group).words} {benchmark.title}".strip()
    return values | {
        "area": area, "benchmark": benchmark.id, "stage": stage, "kind": kind, "group": group,
        "reference": gap.reference, "per": gap.per,
        "check": "same" if benchmark.kind == "like with like" else "",
        "reason": REFUSED if refused else "",
        "sentence": f"Said of {who} {stage} in {area}. {benchmark.caveat}",
    }  # fmt: skip
