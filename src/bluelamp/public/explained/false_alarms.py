"""How false alarms are kept few."""

from __future__ import annotations

from bluelamp.look import words
from bluelamp.public.explained.method import NOTHING, Example, Method
from bluelamp.public.opened import OpenRelease


def family_example(opened: OpenRelease) -> Example:
    """How many findings were tested, how many passed, and the surest that did not."""
    tested = [f for f in opened.release.findings if f.q_value is not None]
    if not tested:
        return NOTHING
    changed = [f for f in tested if f.status == "changed"]
    by_chance = sum((f.p_value or 0.0) <= 0.05 for f in tested)
    return Example(
        "Everything tested in this release, both questions, all areas.",
        (
            ("Series of figures tested", words.number(len(tested))),
            ("Might look unusual by chance alone, if nothing had changed (up to 5 in 100)",
             f"up to {words.number(len(tested) * 0.05, 0)}"),
            ("Looked unusual when taken one by one", words.number(by_chance)),
            ("Passed once all were taken together: shown as changed", words.number(len(changed))),
            ("Of those shown as changed, expected to be false alarms",
             f"at most about {words.number(len(changed) * 0.05, 1)}"),
        ),
    )  # fmt: skip


METHOD = Method(
    id="false-alarms",
    place=70,
    title="How do you avoid false alarms?",
    short="Test a thousand series and some will look unusual by luck. We allow for that.",
    example=family_example,
)
