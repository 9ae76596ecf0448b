"""The MPS monthly dashboard as Parquet: a row per month, area, crime type, subtype and measure that
is not zero; then a later publication that holds knife crime only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from bluelamp.periods import Month, Period
from bluelamp.synthetic.draws import Counts, Floats, calendar_shape, noisy_counts
from bluelamp.synthetic.recorded_crime import UNKNOWN_SHARE
from bluelamp.synthetic.setting import Setting
from bluelamp.synthetic.truths import PlantedTruth, ratios, truth_of

FIRST_MONTH = Month(2019, 4)
KNIFE_MONTHS = 48
SHEET = "MPS_MonthlyCrimeDashboard_Other"
NOT_KNOWN = "Other / NK"


@dataclass(frozen=True)
class Subtype:
    """One line of the dashboard.

    level     offences in London in an average month; for a line with a parent, its share of the
              parent's offences.
    outcomes  share of offences with a positive outcome; None where none are published.
    outcomes_as  (crime type, subtype) that the outcomes stand under, where the publisher differs
              from himself.
    measure, share_measure   the planted measures that move the offences and the share.
    """

    crime_type: str
    name: str
    level: float
    outcomes: float | None = None
    parent: str = ""
    outcomes_as: tuple[str, str] | None = None
    measure: str = ""
    share_measure: str = ""
    peak: float = 7
    swing: float = 0.05


KNIFE, DOMESTIC, HATE, GUN = "Knife Crime", "Domestic Abuse", "Hate crime", "Gun Crime"
OTHER = "Miscalleneous"  # sic
INJURY, YOUNG = "Knife Crime with Injury", "Knife Injury Victims (1-24)"
RELIGIOUS, FAITH = "Racist and Religious Crime", "Faith Crime"
GUN_ROBBERY, DISCHARGE = "Gun Crime Personal Robbery", "Lethal Barrel Discharge"

# A parent stands before its parts.
SUBTYPES: tuple[Subtype, ...] = (
    Subtype(
        DOMESTIC,
        DOMESTIC,
        7_800,
        0.095,
        measure="domestic-abuse",
    ),
    Subtype(
        DOMESTIC,
        "Domestic Abuse violence with injury",
        0.24,
        0.12,
        parent=DOMESTIC,
        outcomes_as=(DOMESTIC, "Domestic Abuse Violence with Injury"),
    ),
    Subtype(GUN, GUN, 135, 0.20, measure="gun-crime"),
    Subtype(GUN_ROBBERY, GUN_ROBBERY, 0.18, 0.15, parent=GUN, outcomes_as=(GUN, GUN_ROBBERY)),
    Subtype(DISCHARGE, DISCHARGE, 0.11, 0.40, parent=GUN, outcomes_as=(GUN, DISCHARGE)),
    Subtype(
        HATE,
        HATE,
        2_000,
        0.11,
        measure="hate-crime",
        swing=0.08,
        share_measure="positive-outcomes-hate-crime",
    ),
    Subtype(HATE, RELIGIOUS, 0.87, 0.11, parent=HATE),
    Subtype(HATE, "Racist Crime", 0.93, 0.12, parent=RELIGIOUS),
    Subtype(HATE, FAITH, 0.13, 0.07, parent=RELIGIOUS),
    Subtype(HATE, "AntiSemitic", 0.40, 0.06, parent=FAITH),
    Subtype(HATE, "Islamophobic Crime", 0.43, 0.08, parent=FAITH),
    Subtype(HATE, "Disability Crime", 0.025, 0.03, parent=HATE),
    Subtype(HATE, "Homophobic Crime", 0.14, 0.15, parent=HATE),
    Subtype(HATE, "Transphobic Crime", 0.017, 0.06, parent=HATE),
    Subtype(
        KNIFE,
        KNIFE,
        1_200,
        0.125,
        measure="knife-crime",
        share_measure="positive-outcomes-knife-crime",
        peak=11,
    ),
    Subtype(KNIFE, INJURY, 0.25, 0.20, parent=KNIFE),
    Subtype(KNIFE, "Knife Crime with Injury (Personal Robbery)", 0.13, 0.12, parent=INJURY),
    Subtype(KNIFE, YOUNG, 0.38, parent=INJURY),
    Subtype(KNIFE, "Knife Injury Victims (non DA 1-24)", 0.91, parent=YOUNG),
    Subtype(OTHER, "Robbery Mobile phone", 950, 0.06, peak=11),
    Subtype(OTHER, "TNO Non Victim Based", 5_800, 0.56),
    Subtype(OTHER, "TNO Victim Based", 70_000, 0.05),
    Subtype(OTHER, "Theft Person - Mobile phone", 4_500, 0.006, peak=12),
)
WHOLE = [s for s in SUBTYPES if not s.parent]


@dataclass(frozen=True)
class Dashboard:
    """offences and outcomes: by subtype name, ward x month. `unplanted`: whole subtype name ->
    expected offences, borough x month. Wards stand in borough order; the last of all is not known.
    """

    months: tuple[Month, ...]
    places: tuple[str, ...]
    wards_in: tuple[int, ...]
    offences: dict[str, Counts]
    outcomes: dict[str, Counts]
    unplanted: dict[str, Floats]


def draw(setting: Setting) -> Dashboard:
    """One London's dashboard, for every month from FIRST_MONTH."""
    skipped = sum(month < FIRST_MONTH for month in setting.months)
    months = setting.months[skipped:]
    places = (*setting.police_boroughs, NOT_KNOWN)
    weights = [*setting.ward_weights.values(), np.ones(1)]
    unplanted = _expected(setting, places, months)
    moved = np.stack([ratios(setting.plants, s.measure, places, months) for s in WHOLE])
    rng = setting.stream("dashboard")
    drawn = noisy_counts(rng, unplanted * moved, setting.london_shock[skipped:])
    offences: dict[str, Counts] = {}
    outcomes: dict[str, Counts] = {}
    wards_in = tuple(len(weight) for weight in weights)
    for subtype in SUBTYPES:
        if subtype.parent:
            offences[subtype.name] = rng.binomial(offences[subtype.parent], subtype.level)
        else:
            whole = drawn[WHOLE.index(subtype)]
            offences[subtype.name] = np.concatenate(
                [
                    rng.multinomial(whole[p], weight / weight.sum()).T
                    for p, weight in enumerate(weights)
                ]
            )
        if subtype.outcomes is not None:
            moved_share = ratios(setting.plants, subtype.share_measure, places, months)
            chance = np.repeat(subtype.outcomes * moved_share, wards_in, axis=0)
            outcomes[subtype.name] = rng.binomial(offences[subtype.name], chance)
    expected = {s.name: unplanted[i] for i, s in enumerate(WHOLE)}
    return Dashboard(months, places, wards_in, offences, outcomes, expected)


def _expected(setting: Setting, places: tuple[str, ...], months: tuple[Month, ...]) -> Floats:
    rng = setting.stream("borough character on the dashboard")
    expected = np.zeros((len(WHOLE), len(places), len(months)))
    for i, subtype in enumerate(WHOLE):
        shares = setting.borough_weights(1.0) * rng.lognormal(0.0, 0.12, len(places) - 1)
        levels = subtype.level * np.append(shares / shares.sum(), UNKNOWN_SHARE)
        expected[i] = levels[:, None] * calendar_shape(months, subtype.peak, subtype.swing)
    return expected


def truths(setting: Setting, dashboard: Dashboard) -> list[PlantedTruth]:
    """The plants among the dashboard's measures, with their sizes."""
    found = []
    for plant in setting.plants:
        for subtype in WHOLE:
            if plant.measure == subtype.measure:
                expected = dashboard.unplanted[subtype.name]
                found.append(truth_of(plant, dashboard.places, dashboard.months, expected))
            elif plant.measure == subtype.share_measure:
                share = np.full((1, len(dashboard.months)), subtype.outcomes)
                found.append(truth_of(plant, (plant.area,), dashboard.months, share))
    return found


def write_dashboards(setting: Setting, dashboard: Dashboard, folder: Path) -> None:
    """All crime types to the last month but one; then knife crime only, to the last month."""
    stem = "synthetic-mps-monthly-dashboard"
    last = dashboard.months[-1]
    after = last.first_day.replace(day=2)
    refreshed = {
        kind: datetime(after.year, after.month, 21 if kind == KNIFE else 2)  # noqa: DTZ001 the publisher's dates carry no zone
        for kind in {s.crime_type for s in SUBTYPES}
    }
    everything = slice(0, len(dashboard.months) - 1)
    _write(_rows(setting, dashboard, everything, refreshed, None), folder / f"{stem}.parquet")

    later = last + 1
    refreshed = {KNIFE: datetime(later.year, later.month, 18)}  # noqa: DTZ001 as above
    revised = _reclassified(setting.stream("knife reclassified"), dashboard)
    window = slice(max(0, len(dashboard.months) - KNIFE_MONTHS), None)
    _write(_rows(setting, revised, window, refreshed, KNIFE), folder / f"{stem}-knife.parquet")


def _reclassified(rng: np.random.Generator, dashboard: Dashboard) -> Dashboard:
    """The dashboard after one offence in some two hundred was found to be knife crime."""
    knife = dashboard.offences[KNIFE]
    found_since = rng.poisson(knife * 0.005)
    offences = {**dashboard.offences, KNIFE: knife + found_since}
    return Dashboard(
        dashboard.months,
        dashboard.places,
        dashboard.wards_in,
        offences,
        dashboard.outcomes,
        dashboard.unplanted,
    )


def _areas(setting: Setting, dashboard: Dashboard) -> pl.DataFrame:
    """The columns that name an area: boroughs first, then wards, as the publisher words them."""
    rows: list[tuple[str, str, str | None, str | None]] = []
    for code in setting.police_boroughs:
        rows.append(("Borough", setting.name(code), setting.name(code), code))
    rows.append(("Borough", NOT_KNOWN, "Unknown", None))
    for code in setting.police_boroughs:
        for ward in setting.wards(code):
            both = f"{setting.name(code)} {ward.name.replace(' and ', ' & ')}"
            rows.append(("Safer Neighbourhood Teams", both, ward.name, ward.code))
    rows.append(("Safer Neighbourhood Teams", NOT_KNOWN, None, "-1"))
    return pl.DataFrame(
        rows,
        schema=["area_type", "borough_snt", "area_name", "area_code"],
        orient="row",
        infer_schema_length=None,
    )


def _rows(
    setting: Setting,
    dashboard: Dashboard,
    window: slice,
    refreshed: dict[str, datetime],
    only: str | None,
) -> pl.DataFrame:
    """The non-zero rows of the months in `window`, in month, area and subtype order."""
    lines: list[tuple[str, str, str]] = []
    found: list[Counts] = []
    starts = np.concatenate([[0], np.cumsum(dashboard.wards_in)[:-1]])
    for crime_type, name, measure, by_ward in _lines(dashboard):
        if only not in (None, crime_type):
            continue
        wards = by_ward[:, window]
        by_borough = np.add.reduceat(wards, starts, axis=0)
        # All recorded crime by ward is in the recorded crime tables; here it would double the file.
        both_levels = by_borough if crime_type == OTHER else np.concatenate([by_borough, wards])
        area, month = np.nonzero(both_levels)
        line = np.full(len(area), len(lines))
        found.append(np.stack([month, area, line, both_levels[area, month]]))
        lines.append((crime_type, name, measure))
    month, area, line, count = np.concatenate(found, axis=1)
    order = np.lexsort((line, area, month))
    months = _months(dashboard.months[window])
    kinds = pl.DataFrame(lines, schema=["crime_type", "crime_subtype", "measure"], orient="row")
    refresh = pl.Series([refreshed[kind] for kind, _, _ in lines], dtype=pl.Datetime("us"))
    return pl.concat(
        [
            months[month[order]],
            _areas(setting, dashboard)[area[order]],
            kinds[line[order]],
            pl.DataFrame({"count": count[order], "refresh_date": refresh.gather(line[order])}),
        ],
        how="horizontal",
    ).select(
        "month_year",
        "area_type",
        "borough_snt",
        "area_name",
        "area_code",
        "crime_type",
        "crime_subtype",
        "measure",
        "financial_year",
        "fy_fyindex",
        "count",
        "refresh_date",
        sheet=pl.lit(SHEET),
    )


def _lines(dashboard: Dashboard) -> list[tuple[str, str, str, Counts]]:
    """(crime type, subtype, measure, ward x month) of everything that is published."""
    lines = []
    for subtype in SUBTYPES:
        lines.append(
            (subtype.crime_type, subtype.name, "Offences", dashboard.offences[subtype.name])
        )
        if subtype.name in dashboard.outcomes:
            crime_type, name = subtype.outcomes_as or (subtype.crime_type, subtype.name)
            lines.append((crime_type, name, "Positive Outcomes", dashboard.outcomes[subtype.name]))
    return lines


def _months(months: tuple[Month, ...]) -> pl.DataFrame:
    years = [Period.containing("fy", month) for month in months]
    spans = [f"{fy.first.year % 100:02}-{fy.last.year % 100:02}" for fy in years]
    return pl.DataFrame(
        {
            "month_year": pl.Series([month.first_day for month in months]).cast(pl.Datetime("us")),
            "financial_year": [f"fy{span}" for span in spans],
            "fy_fyindex": [f"{span}_01" for span in spans],
        }
    )


def _write(rows: pl.DataFrame, path: Path) -> None:
    pq.write_table(rows.to_arrow(), path, compression="zstd")
