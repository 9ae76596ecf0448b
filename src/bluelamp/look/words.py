"""Numbers, months and dates as a reader sees them. Each is also a filter of the templates.

A `Withheld` figure passes through every function as its reason, so that no template can print a
nought or a blank in its place. `None` and NaN are refused: whoever holds one has lost the reason.
"""

from __future__ import annotations

import math
from datetime import date

from bluelamp.figures import Withheld
from bluelamp.periods import Month, Period

MINUS = "\N{MINUS SIGN}"
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# Own names, not strftime's: those follow the machine's locale.


def number(value: float | Withheld, places: int | None = None) -> str:
    """`81682` as "81,682", `12.34` as "12.3"; `places` decimals, or 0 for whole values and else 1.

    Raises ValueError for a value that is no number (None, NaN, infinity).
    """
    if isinstance(value, Withheld):
        return value.reason
    if value is None or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number; say why there is none with Withheld(reason)")
    if places is None:
        places = 0 if float(value).is_integer() else 1
    text = f"{abs(value):,.{places}f}"
    is_nought = not text.strip("0.,")
    return text if value >= 0 or is_nought else f"{MINUS}{text}"


def signed(value: float | Withheld, places: int | None = None) -> str:
    """A change with its sign: "+1,204", "-38" with a true minus,
    and "no change" for nought as it is shown."""
    text = number(value, places)
    if isinstance(value, Withheld):
        return text
    if not text.strip("0.,"):
        return "no change"
    return text if value < 0 else f"+{text}"


def percent(proportion: float | Withheld, places: int = 0) -> str:
    """A proportion between 0 and 1 as "62%"."""
    if isinstance(proportion, Withheld):
        return proportion.reason
    return f"{number(proportion * 100, places)}%"


def rate(value: float | Withheld, per: int = 1_000, places: int = 1) -> str:
    """A rate already worked out per `per` residents, as "8.4 per 1,000 residents"."""
    if isinstance(value, Withheld):
        return value.reason
    return f"{number(value, places)} per {per:,} residents"


def interval(lower: float | None, upper: float | None, places: int | None = None) -> str:
    """The range a figure is likely to lie in: "212 to 271", or why there is none."""
    if lower is None or upper is None:
        return "no range can be stated"
    return f"{number(lower, places)} to {number(upper, places)}"


def month(value: Month | date | str) -> str:
    """A month as "June 2023"; takes a Month, any day of it, or "2023-06"."""
    if isinstance(value, str):
        value = Month.parse(value)
    return f"{MONTHS[value.month - 1]} {value.year}"


def short_month(value: Month | date | str) -> str:
    """A month as "Jun 2023", for a table's narrow column."""
    name, year = month(value).split()
    return f"{name[:3]} {year}"


def period(value: Period | str) -> str:
    """A period in words, as the period itself says it ("the year to March 2024")."""
    return (Period.parse(value) if isinstance(value, str) else value).words


def day(value: date) -> str:
    """A date as "30 April 2026"."""
    return f"{value.day} {month(value)}"


def listed(names: list[str] | tuple[str, ...], last: str = "and") -> str:
    """Names as a sentence lists them: "Barnet, Brent and Bexley"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def counted(how_many: int, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 line", "21 lines", "no lines"."""
    noun = one if how_many == 1 else many or f"{one}s"
    return f"{number(how_many) if how_many else 'no'} {noun}"


FILTERS = {
    "number": number,
    "signed": signed,
    "percent": percent,
    "rate": rate,
    "month": month,
    "short_month": short_month,
    "period": period,
    "day": day,
    "listed": listed,
    "counted": counted,
}
