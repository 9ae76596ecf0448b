"""Positive progress, which the 2017 plan asks for instead of numbers to reach, defined openly.

*What counts*: a change in the direction hoped for, in a figure that measures the thing itself; of a
two-sided line, in both halves. *Over what time*: lately (the last 12 complete months, question
`watch`) and over the plan (its whole time in force, question `edition`). *Against what*: the 24 to
60 months before, cut at declared breaks. *By whose test*: the false discovery control over all that
a release tests, and the year of monthly looks. What two such readings come to is the table here,
which `tests/spec/signals/test_progress.py` draws whole; docs/methods/positive-progress.md explains
it.
"""

from __future__ import annotations

from bluelamp.plan.edition import JudgedBy
from bluelamp.plan.line import Line

POSITIVE = "positive progress"
POSITIVE_LATELY = "positive progress lately"
POSITIVE_BEFORE = "progress over the plan, no clear progress lately"
POSITIVE_ONCE = "progress over the plan, cannot tell lately"
AGAINST = "gone the other way"
AGAINST_LATELY = "gone the other way lately"
AGAINST_BEFORE = "gone the other way over the plan, not clearly lately"
AGAINST_ONCE = "gone the other way over the plan, cannot tell lately"
MIXED = "mixed"
NONE_CLEAR = "no clear progress"
CANNOT_TELL = "cannot tell"

# A change that is no verdict (one half of two, or a direction nobody hopes for) is no progress.
_UNDECIDED = ("no clear change", "changed")

# In both, lately alone, over the plan but not lately, over the plan with nothing known lately.
_ONE_WAY = {
    "better": (POSITIVE, POSITIVE_LATELY, POSITIVE_BEFORE, POSITIVE_ONCE),
    "worse": (AGAINST, AGAINST_LATELY, AGAINST_BEFORE, AGAINST_ONCE),
}


def progress(lately: str, over_the_plan: str) -> str:
    """What the reading of the last months and that of the plan's whole time come to.

    Both are readings of a line: better, worse, mixed, changed, no clear change, not judged. An
    over_the_plan of '' (the edition does not lead the release) is as one that is not judged.
    """
    if "mixed" in (lately, over_the_plan) or {lately, over_the_plan} == {"better", "worse"}:
        return MIXED
    if lately in _ONE_WAY:
        return _ONE_WAY[lately][0 if over_the_plan == lately else 1]
    if over_the_plan in _ONE_WAY:
        return _ONE_WAY[over_the_plan][2 if lately in _UNDECIDED else 3]
    return NONE_CLEAR if {lately, over_the_plan} & set(_UNDECIDED) else CANNOT_TELL


def progress_of(line: Line, judged_by: JudgedBy, lately: str, over_the_plan: str) -> str:
    """`progress` of a line, '' where it is not asked for: in an edition judged by targets, of a
    line with a number to reach, of one that hopes for neither more nor less. Where its figures only
    stand in for what is hoped, or a gap is hoped to narrow, no change in them can tell."""
    if judged_by == "targets" or line.target is not None:
        return ""
    if all(part.hope == "neither" for part in line.parts):
        return ""
    return progress(lately, over_the_plan) if can_show(line) else CANNOT_TELL


def can_show(line: Line) -> bool:
    """Whether a change in the line's figures could be read as better or worse at all."""
    directed = all(part.hope in ("lower", "higher") and part.measures for part in line.parts)
    return directed and (line.two_sided or not line.parts[0].proxy)
