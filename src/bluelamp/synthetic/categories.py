"""The categories of the recorded crime tables, as the publisher has named them since 2024.

Names are the publisher's; levels are round numbers of ours.
"""

from __future__ import annotations

from dataclasses import dataclass

from bluelamp.periods import Month


@dataclass(frozen=True)
class Category:
    """One row group of the tables.

    monthly  offences in London in an average month.
    spread   how far it follows bustle rather than residents (see Setting.borough_weights).
    peak     the calendar month with most; `swing` by what share above the average.
    """

    major: str
    minor: str
    monthly: float
    spread: float = 1.0
    peak: float = 7
    swing: float = 0.04


VIOLENCE = "VIOLENCE AGAINST THE PERSON"
PUBLIC_ORDER = "PUBLIC ORDER OFFENCES"

# The publisher split domestic burglary in two in spring 2023; before that one name covered both.
RESIDENTIAL_SPLIT = Month(2023, 5)
BEFORE_SPLIT = "DOMESTIC BURGLARY"
AFTER_SPLIT = ("RES BURGLARY OF A HOME", "RES BURGLARY OF UNCONNECTED BUILDING")

CATEGORIES: tuple[Category, ...] = (
    Category("ARSON AND CRIMINAL DAMAGE", "ARSON", 180, 0.8, 7, 0.15),
    Category("ARSON AND CRIMINAL DAMAGE", "CRIMINAL DAMAGE", 4_400, 0.8, 6, 0.05),
    Category("BURGLARY", "BURGLARY - RESIDENTIAL", 0.1),
    Category("BURGLARY", "BURGLARY BUSINESS AND COMMUNITY", 1_450, 1.3, 12, 0.06),
    Category("BURGLARY", BEFORE_SPLIT, 0),
    Category("BURGLARY", "RES BURGLARY OF A HOME", 2_700, 0.5, 12, 0.14),
    Category("BURGLARY", "RES BURGLARY OF UNCONNECTED BUILDING", 900, 0.5, 12, 0.10),
    Category("DRUG OFFENCES", "POSSESSION OF DRUGS", 2_900, 1.2, 5, 0.04),
    Category("DRUG OFFENCES", "TRAFFICKING OF DRUGS", 1_000, 1.2, 5, 0.04),
    Category("FRAUD AND FORGERY", "FRAUD AND FORGERY", 7),
    Category("MISCELLANEOUS CRIMES AGAINST SOCIETY", "MISC CRIMES AGAINST SOCIETY", 1_000),
    Category("NFIB FRAUD", "NFIB", 0.7),
    Category("POSSESSION OF WEAPONS", "POSSESSION OF WEAPONS", 520, 1.1, 6, 0.05),
    Category(PUBLIC_ORDER, "OTHER OFFENCES PUBLIC ORDER", 620),
    Category(PUBLIC_ORDER, "PUBLIC FEAR ALARM OR DISTRESS", 3_200, 1.0, 7, 0.10),
    Category(PUBLIC_ORDER, "RACE OR RELIGIOUS AGG PUBLIC FEAR", 1_000, 1.1, 7, 0.12),
    Category(PUBLIC_ORDER, "VIOLENT DISORDER", 6),
    Category("ROBBERY", "ROBBERY OF BUSINESS PROPERTY", 400, 1.0, 11, 0.06),
    Category("ROBBERY", "ROBBERY OF PERSONAL PROPERTY", 2_500, 1.3, 11, 0.06),
    Category("SEXUAL OFFENCES", "OTHER SEXUAL OFFENCES", 1_200, 0.9, 7, 0.08),
    Category("SEXUAL OFFENCES", "RAPE", 680, 0.8, 7, 0.05),
    Category("THEFT", "BICYCLE THEFT", 1_500, 1.4, 8, 0.28),
    Category("THEFT", "OTHER THEFT", 9_500, 1.5, 7, 0.03),
    Category("THEFT", "SHOPLIFTING", 5_500, 1.1, 5, 0.03),
    Category("THEFT", "THEFT FROM THE PERSON", 6_500, 2.0, 12, 0.08),
    Category("VEHICLE OFFENCES", "AGGRAVATED VEHICLE TAKING", 45, 0.6),
    Category("VEHICLE OFFENCES", "INTERFERING WITH A MOTOR VEHICLE", 900, 0.4, 11, 0.06),
    Category("VEHICLE OFFENCES", "THEFT FROM A VEHICLE", 5_000, 0.5, 11, 0.05),
    Category("VEHICLE OFFENCES", "THEFT OR UNAUTH TAKING OF A MOTOR VEH", 2_700, 0.4, 10, 0.04),
    Category(VIOLENCE, "DEATH SERIOUS INJURY ILLEGAL DRIVING", 13, 0.4),
    Category(VIOLENCE, "HOMICIDE", 9.5, 0.9),
    Category(VIOLENCE, "STALKING AND HARASSMENT", 5_000, 0.6, 7, 0.06),
    Category(VIOLENCE, "VIOLENCE WITH INJURY", 6_000, 0.9, 7, 0.08),
    Category(VIOLENCE, "VIOLENCE WITHOUT INJURY", 9_400, 0.8, 7, 0.06),
)

# Which planted measure a whole group belongs to.
MEASURE_OF_MAJOR = {
    "BURGLARY": "burglary",
    "ROBBERY": "robbery",
    "SEXUAL OFFENCES": "sexual-offences",
}
