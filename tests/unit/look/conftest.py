"""One page that shows every macro and both charts, with figures made up for it."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from bluelamp.figures import Withheld
from bluelamp.look.charts import (
    AreaDot,
    ChartBreak,
    ChartPoint,
    area_dots,
    expected_range_chart,
)
from bluelamp.look.environment import environment
from bluelamp.look.pieces import (
    Column,
    Credit,
    Frame,
    Help,
    Link,
    ReceiptLine,
    ThreeStatuses,
)
from bluelamp.look.sparklines import sparkline
from bluelamp.look.words import short_month
from bluelamp.periods import Month

HERE = Path(__file__).parent
SENTENCE = (
    "Robbery in London has been lower than expected since April 2024: about 180 fewer a month."
)
FRAME = Frame(
    office="Office for Policing, Sampleton",
    edition="Police and Crime Plan 2017-2021",
    edition_status="This plan is no longer in force.",
    release="2026-04-30 7f3a9c",
    known_on=date(2026, 4, 30),
    next_on=date(2026, 5, 29),
    synthetic=True,
    navigation=tuple(
        Link(text, f"/{text.lower().replace(' ', '-')}/")
        for text in ("The plan", "Measures", "Areas", "Coverage", "Methods", "Data")
    ),
    credits=(Credit("Sampleton Police", "Open Government Licence v3.0", "https://ogl.example/"),),
)
BOROUGHS = tuple(
    """Barking and Dagenham, Barnet, Bexley, Brent, Bromley, Camden, City of London, Croydon,
    Ealing, Enfield, Greenwich, Hackney, Hammersmith and Fulham, Haringey, Harrow, Havering,
    Hillingdon, Hounslow, Islington, Kensington and Chelsea, Kingston upon Thames, Lambeth,
    Lewisham, Merton, Newham, Redbridge, Richmond upon Thames, Southwark, Sutton, Tower Hamlets,
    Waltham Forest, Wandsworth, Westminster""".replace("\n   ", "").split(", ")
)


def months(how_many: int = 72) -> list[ChartPoint]:
    """Made-up robberies with a season, a gap, a lockdown and a true fall at the end."""
    dice, first, points = random.Random(3), Month(2020, 4), []
    for place in range(how_many):
        usual = 1200 + 60 * abs(place % 12 - 6)
        value = usual + dice.gauss(0, 60) - (180 if place > 48 else 0) - (400 if place < 3 else 0)
        points.append(
            ChartPoint(
                month=first + place,
                value=None if place == 20 else round(value),
                expected=usual if place >= 24 else None,
                lower=usual - 130 if place >= 24 else None,
                upper=usual + 130 if place >= 24 else None,
                left_out=place < 3 or place >= how_many - 2,
            )
        )
    return points


def dots() -> list[AreaDot]:
    """Made-up rates, one of them withheld and one that stands out."""
    dice, areas = random.Random(5), []
    for name in reversed(BOROUGHS):
        value = round(dice.gauss(8, 1.5), 1)
        if name == "City of London":
            areas.append(AreaDot(name, None, reason="too few residents for a rate"))
        else:
            areas.append(AreaDot(name, value, value - 1.2, value + 1.3, name == "Croydon"))
    return areas


def context() -> dict[str, Any]:
    """What an app would hand to the template."""
    points = months()
    no_rate = Withheld("too few residents for a rate")
    return {
        "frame": FRAME,
        "up": [Link("Home", "/"), Link("Measures", "/measures/")],
        "sentence": SENTENCE,
        "range_chart": expected_range_chart(
            points,
            id="robbery",
            title="Robberies in London by month, April 2020 to March 2026",
            description=SENTENCE,
            unit="Robberies a month",
            breaks=[ChartBreak(Month(2024, 3), "New recording system in March 2024")],
        ),
        "area_chart": area_dots(
            dots(),
            id="robbery-areas",
            title="Robberies per 1,000 residents by borough",
            description="Most boroughs are close to London as a whole.",
            unit="Robberies per 1,000 residents, year to March 2026",
            reference=8.4,
            reference_words="London 8.4",
        ),
        "month_columns": [
            Column("Month"), Column("Recorded", True), Column("Expected range", True)
        ],
        "month_rows": [
            [
                f"{short_month(p.month)}{' *' if p.left_out else ''}",
                Withheld("no file covers this month") if p.value is None else p.value,
                "not worked out" if p.lower is None else f"{p.lower:,.0f} to {p.upper:,.0f}",
            ]
            for p in points[-14:]
        ],
        "area_columns": [
            Column("Borough"), Column("Recorded", True), Column("Per 1,000", True, 1),
            Column("Five years"), Column("Reading"),
        ],
        "area_rows": [
            [
                d.name,
                round((d.value or 1) * 320),
                no_rate if d.value is None else d.value,
                sparkline([p.value for p in points], [p.lower for p in points],
                          [p.upper for p in points]),
                "no clear change",
            ]
            for d in sorted(dots(), key=lambda d: d.name)
        ],
        "statuses": ThreeStatuses(
            "Done", "No evidence is published", "Due March 2019, two years ago",
            ("Annual report 2018-19, page 12", "", ""),
        ),
        "helps": [
            Help("Victim Support", "For anyone affected by crime.", "08 08 16 89 111",
                 "https://www.victimsupport.org.uk/"),
            Help("Sampleton Survivors", "For adults who were harmed as children."),
        ],
        "files": [
            ReceiptLine("sampleton_borough_recent_24_months.csv", "7f3a9c" * 10 + "abcd",
                        "Sampleton Police", "Open Government Licence v3.0",
                        date(2026, 4, 12), date(2026, 4, 1), True)
        ],
        "areas": [Link(name, f"/areas/{name}/") for name in BOROUGHS],
    }  # fmt: skip


@pytest.fixture(scope="session")
def jinja() -> Environment:
    """The environment of the pages, with the sample page's folder and a plain static address."""
    made = environment(loader=FileSystemLoader(HERE))
    made.globals["static"] = "/static/{}".format
    return made


@pytest.fixture(scope="session")
def sample_context() -> dict[str, Any]:
    return context()


@pytest.fixture(scope="session")
def sample_page(jinja: Environment, sample_context: dict[str, Any]) -> str:
    """The sample page as HTML."""
    return jinja.get_template("sample.html").render(sample_context)
