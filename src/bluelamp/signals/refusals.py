"""Why something cannot be judged, in the sentence that a reader sees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bluelamp.measures.series import Break, Series

WINDOW = 12
SHORTEST_BASELINE = 24

NO_MONTH = "No complete month has been published."

# What `statistics.change` calls it -> what a reader sees; a test holds the two together.
IN_WORDS = {
    "too few months": f"Fewer than {SHORTEST_BASELINE} months are known to compare with.",
    "too few events": (
        "There are so few in all the months looked at that chance alone could explain any "
        "difference."
    ),
    "window incomplete": (
        "The latest month, or more than half of the last 12, is not known or is being checked."
    ),
    "period incomplete": "More than half of the months of the plan's time are not known.",
    "no variation": "The figure is the same in every month, so there is nothing to test.",
    "smoothed": (
        "Each month is so like the one before it that a change cannot be told from a slow drift."
    ),
}

OUTSIDE = (
    "This is no single place: what is counted here lies in no borough. It is part of the total of "
    "the force, and is judged there."
)

NOBODY_ASKED = (
    "The percentage is published without the number of people asked, "
    "so a real change cannot be told from chance."
)

FEWEST_YEARS = 2

NO_YEAR_OF_THE_PLAN = (
    "Each figure covers 12 months, and none that is known lies wholly in the plan's time."
)

NO_FIGURE_HERE = "There is no figure here for all of that time."

MORE_THAN_ALL = (
    "In some months more of these were recorded than the things they are a share of, because "
    "they belong to earlier months too. Such a share cannot be tested."
)


def never_tested(series: Series) -> str:
    """Why a whole series is never tested, or ''."""
    kind = series.measure.kind
    if kind == "rate":
        return "A rate is not tested a second time: the number it is made from is."
    if kind == "published":
        return NOBODY_ASKED
    if not series.monthly:
        return (
            "Each figure covers 12 months, so figures that follow one another are partly made of "
            "the same answers. Such figures are shown and never tested."
        )
    if kind.startswith("custom:") and series.denominator is not None:
        return "There is no test yet for a figure that is worked out in this way."
    return ""


def too_few_months(series: Series, first: int, last: int, broken: Break | None) -> str:
    """For `watch`: columns first..last are comparable, and they are too few."""
    months = max(0, last - first + 1 - WINDOW)
    if broken:
        return _broken(broken, months)
    return (
        f"The published figures run from {series.months[first].words} to "
        f"{series.months[last].words}. {_only(months)}"
    )


def no_time_before(series: Series, known: NDArray[np.int64], begins: int, ends: int) -> str:
    """For `edition`: why the plan's time (columns begins..ends) cannot be compared, or ''.

    known   the columns in which any area has a figure; at least one.
    """
    first, last = int(known[0]), int(known[-1])
    if begins <= first:
        when = "when" if begins == first else "after"
        return (
            f"The published figures start in {series.months[first].words}, {when} this "
            "plan began, so its time in force cannot be compared with the time before."
        )
    if ends < begins:
        return (
            f"The published figures end in {series.months[last].words}, "
            "before this plan had been in force for a whole month."
        )
    return ""


def began_too_late(series: Series, first: int, begins: int, broken: Break | None) -> str:
    """For `edition`: columns first..begins-1 are comparable, and they are too few."""
    months = begins - first
    if broken:
        return _broken(broken, months)
    return (
        f"The published figures start in {series.months[first].words}, {_months(months)} before "
        f"this plan began, and {SHORTEST_BASELINE} are needed to compare with."
    )


def short_baselines(baseline: NDArray[np.float64], before: str) -> NDArray[np.object_]:
    """(areas,) the refusal where a single area has too few known months to compare with.

    baseline   (areas, months) before the time in question, NaN where not known.
    """
    months = np.isfinite(baseline).sum(axis=1)
    words = {
        int(n): f"{f'Only {_months(n)}' if n else 'No month'} before {before} "
        f"{'is' if n < 2 else 'are'} known here, and {SHORTEST_BASELINE} are needed "
        "to compare with."
        for n in np.unique(months)
        if n < SHORTEST_BASELINE
    }
    return np.array([words.get(int(n), "") for n in months], dtype=object)


def changed_within(what: str, broken: Break) -> str:
    """For a survey: a declared break lies inside the time that the newest figure covers."""
    return (
        f"From {broken.month.words} the figures cannot be compared with earlier ones "
        f"({broken.words}), and the figure for {what} has answers from before and after."
    )


def few_years(years: int, what: str, broken: Break | None) -> str:
    """For a survey: so many earlier figures, each for 12 months, can be compared with `what`."""
    left = {0: "no earlier 12 months", 1: "only one earlier 12 months"}[years]
    because = (
        f"From {broken.month.words} the figures cannot be compared with earlier ones "
        f"({broken.words}). "
        if broken
        else ""
    )
    return (
        f"{because}That leaves {left} to compare with {what}, and {FEWEST_YEARS} are needed to see "
        "how much such figures differ from year to year."
        if because
        else f"There {'are' if years == 0 else 'is'} {left} to compare with {what}, and "
        f"{FEWEST_YEARS} are needed to see how much such figures differ from year to year."
    )


def _broken(broken: Break, months: int) -> str:
    return (
        f"From {broken.month.words} the figures cannot be compared with earlier ones "
        f"({broken.words}). {_only(months)}"
    )


def _only(months: int) -> str:
    left = f"only {_months(months)}" if months > 0 else "no month"
    return f"That leaves {left} to compare with, and {SHORTEST_BASELINE} are needed."


def _months(n: int) -> str:
    return f"{n} month{'' if n == 1 else 's'}"
