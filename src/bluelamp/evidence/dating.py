"""The month that a period ends in, from the many ways in which statistics write their dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bluelamp.evidence.shape import TableShape
from bluelamp.periods import Month

NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# A survey that began in 1981 is the oldest here: '81 is 1981, and '22 is 2022.
CENTURY_TURNS = 70
LONDON = ZoneInfo("Europe/London")
MARCH, YEARS = 3, range(1901, 2200)
# What publishers hang on a date: "[note 7]", "(OT)" for outturn, "(p)" for provisional.
MARKS = r"(?:\s*[\[(][^\])]*[\])])*"


def last_month(cells: Mapping[str, str], shape: TableShape) -> str | None:
    """The last month of the period that a row's date cells name ("2019-03"), or None.

    `cells` has those of the columns date, span, year, quarter and month that the table has.
    """
    month = _WAYS[shape.dated](cells, shape)
    if month is None or month.year not in YEARS:
        return None
    return str(month + shape.months_on)


def month_written(text: str) -> str | None:
    """The month of "2019-03", of a day or of a moment as ISO 8601 writes them, or None. A moment
    with its offset is of the month that it was in London."""
    text = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d\d)", text):
        month = _month(int(found[1]), int(found[2]))
        return str(month) if month else None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo:
        moment = moment.astimezone(LONDON)
    return f"{moment:%Y-%m}"


def _date(cells: Mapping[str, str], shape: TableShape) -> Month | None:
    """2019-03-31, 2019-03 or 31/03/2019."""
    text = cells.get("date", "").strip()
    if found := re.fullmatch(r"(\d{4})-(\d\d)(?:-\d\d)?(?:[ T].*)?", text):
        return _month(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"\d{1,2}/(\d{1,2})/(\d{4})", text):
        return _month(int(found[2]), int(found[1]))
    return None


def _span(cells: Mapping[str, str], shape: TableShape) -> Month | None:
    """Apr '21 to Mar '22, with a footnote's number behind it, or April 2021 to March 2022."""
    text = " ".join(cells.get("span", "").split())
    found = re.search(r"\bto ([A-Z][a-z]{2})[a-z]* (?:'(\d\d)|(\d{4}))", text)
    if not found or found[1].casefold() not in NAMES:
        return None
    year = int(found[3]) if found[3] else 2000 + int(found[2])
    if not found[3] and int(found[2]) >= CENTURY_TURNS:
        year -= 100
    return _month(year, NAMES.index(found[1].casefold()) + 1)


def _year(cells: Mapping[str, str], shape: TableShape) -> Month | None:
    """2016; 2016/17 or 2016-17 (to March 2017); 2013/14-15/16 (to March 2016); or a day."""
    text = cells.get("year", "").strip()
    if found := re.fullmatch(rf"(\d{{4}})(?:\.0)?{MARKS}", text):
        return _month(int(found[1]), shape.year_ends)
    return _financial(text) or _date({"date": text}, shape)


def _financial(text: str) -> Month | None:
    found = re.fullmatch(rf"(\d{{4}})[/-](\d\d)(?:-(\d\d)/(\d\d))?{MARKS}", text)
    if not found:
        return None
    first, second = int(found[1]), int(found[2])
    pairs = [(first % 100, second)]
    if found[3]:
        pairs.append((int(found[3]), int(found[4])))
    if any((begin + 1) % 100 != end for begin, end in pairs):
        return None
    last = first // 100 * 100 + pairs[-1][1]
    return _month(last if last > first else last + 100, MARCH)


def _quarter(cells: Mapping[str, str], shape: TableShape) -> Month | None:
    """2018 and Q3, or 2018/19 and 3 (October to December 2018); All is the whole year."""
    year, quarter = cells.get("year", "").strip(), cells.get("quarter", "").strip()
    found = re.fullmatch(rf"(?:Q?([1-4])|(All)){MARKS}", quarter)
    if not found:
        return None
    back = 3 * (4 - int(found[1])) if found[1] else 0
    if not re.fullmatch(r"\d{4}", year):
        ends = _financial(year)
    elif shape.quarters == "financial":
        ends = _month(int(year) + 1, MARCH)
    else:
        ends = _month(int(year), 12)
    return ends - back if ends else None


def _month_of_year(cells: Mapping[str, str], shape: TableShape) -> Month | None:
    """2019 and 7, or 2019 and July."""
    year, month = cells.get("year", "").strip(), cells.get("month", "").strip().casefold()
    if not re.fullmatch(r"\d{4}", year):
        return None
    if re.fullmatch(r"\d{1,2}", month):
        return _month(int(year), int(month))
    return _month(int(year), NAMES.index(month[:3]) + 1) if month[:3] in NAMES else None


def _nowhere(cells: Mapping[str, str], shape: TableShape) -> Month | None:
    return Month.parse(shape.month)


def _month(year: int, month: int) -> Month | None:
    return Month(year, month) if 1 <= month <= 12 and year in YEARS else None


_WAYS: dict[str, Callable[[Mapping[str, str], TableShape], Month | None]] = {
    "date": _date,
    "span": _span,
    "year": _year,
    "year and quarter": _quarter,
    "year and month": _month_of_year,
    "nowhere": _nowhere,
}
