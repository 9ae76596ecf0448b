"""The MPS tables of recorded crime by borough and by ward, as they are published: months across,
the last 24 in one file and all before in another, and each month's publication revising the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from bluelamp.periods import Month
from bluelamp.synthetic.categories import (
    AFTER_SPLIT,
    BEFORE_SPLIT,
    CATEGORIES,
    MEASURE_OF_MAJOR,
    RESIDENTIAL_SPLIT,
)
from bluelamp.synthetic.draws import Counts, Floats, calendar_shape, noisy_counts, shared_out
from bluelamp.synthetic.setting import Setting
from bluelamp.synthetic.truths import PlantedTruth, ratios, truth_of

RECENT_MONTHS = 24
EARLIER_BY = 3  # months between the two publications of the recent file
# More months than a recent table ever has, so that nobody takes the historical one for recent.
WARD_FIRST_MONTH = Month(2021, 4)

UNKNOWN = "Unknown"
AIRPORTS = "London Heathrow and London City Airports"
# Shares of London's offences without a known borough, and at the airports (of theft only).
UNKNOWN_SHARE = 0.006
AIRPORT_THEFT_SHARE = 0.008
# Share of a borough's offences that the ward table can place.
PLACED_SHARE = 0.96

# In the ward table the airport is a ward of Hillingdon under a unit that is no borough.
AIRPORT_WARD = ("Heathrow Villages", "E05013570", "Aviation Security (SO18)")

MINORS = [category.minor for category in CATEGORIES]


@dataclass(frozen=True)
class RecordedCrime:
    """counts: category x place x month (categories.CATEGORIES; `places`; the setting's months).

    `places` are borough codes, then UNKNOWN and AIRPORTS. `unplanted` are the expected counts had
    nothing been planted, the same shape.
    """

    places: tuple[str, ...]
    counts: Counts
    unplanted: Floats

    def of(self, minor: str, place: str) -> Counts:
        """One series, by month."""
        return self.counts[MINORS.index(minor), self.places.index(place)]


def draw(setting: Setting) -> RecordedCrime:
    """One London's recorded crime."""
    places = (*setting.police_boroughs, UNKNOWN, AIRPORTS)
    unplanted = _expected(setting, places)
    moved = np.stack(
        [
            ratios(setting.plants, MEASURE_OF_MAJOR.get(c.major, ""), places, setting.months)
            for c in CATEGORIES
        ]
    )
    rng = setting.stream("recorded crime")
    drawn = noisy_counts(rng, unplanted * moved, setting.london_shock)
    return RecordedCrime(places, _one_name_before_the_split(drawn, setting.months), unplanted)


def truths(setting: Setting, crime: RecordedCrime) -> list[PlantedTruth]:
    """The plants among these tables' measures, with their sizes."""
    measured = set(MEASURE_OF_MAJOR.values())
    majors = np.array([MEASURE_OF_MAJOR.get(c.major, "") for c in CATEGORIES])
    return [
        truth_of(
            plant,
            crime.places,
            setting.months,
            crime.unplanted[majors == plant.measure].sum(axis=0),
        )
        for plant in setting.plants
        if plant.measure in measured
    ]


def _expected(setting: Setting, places: Sequence[str]) -> Floats:
    """Expected counts with nothing planted: category x place x month."""
    rng = setting.stream("borough character")
    expected = np.zeros((len(CATEGORIES), len(places), len(setting.months)))
    for k, category in enumerate(CATEGORIES):
        character = rng.lognormal(0.0, 0.12, len(setting.police_boroughs))
        shares = setting.borough_weights(category.spread) * character
        at_airports = AIRPORT_THEFT_SHARE if category.major == "THEFT" else 0.0
        levels = category.monthly * np.concatenate(
            [shares / shares.sum(), [UNKNOWN_SHARE, at_airports]]
        )
        shape = calendar_shape(setting.months, category.peak, category.swing)
        expected[k] = levels[:, None] * shape
    return expected


def _one_name_before_the_split(drawn: Counts, months: Sequence[Month]) -> Counts:
    """Residential burglary under the single name it had before the publisher split it."""
    before = np.array([month < RESIDENTIAL_SPLIT for month in months])
    for minor in AFTER_SPLIT:
        k = MINORS.index(minor)
        drawn[MINORS.index(BEFORE_SPLIT)][:, before] += drawn[k][:, before]
        drawn[k][:, before] = 0
    return drawn


def as_first_published(rng: np.random.Generator, counts: Counts) -> Counts:
    """What an earlier publication had for these counts (months last): a few more here, fewer there.

    Recent months change most: up to 1.5% of a cell's offences arrive late or are taken out.
    """
    age = np.arange(counts.shape[-1])[::-1]
    chance = np.broadcast_to(0.002 + 0.013 * 0.8**age, counts.shape)
    arrived_since = rng.binomial(counts, chance)
    taken_out_since = rng.poisson(counts * chance * 0.7)
    return np.asarray(counts - arrived_since + taken_out_since, dtype=np.int64)


def write_borough_tables(setting: Setting, crime: RecordedCrime, folder: Path) -> None:
    """The historical table, the recent one, and the recent one as of three months before."""
    split = len(setting.months) - RECENT_MONTHS
    was = slice(split - EARLIER_BY, -EARLIER_BY)
    earlier = as_first_published(setting.stream("earlier publication"), crime.counts[:, :, was])
    stem = "synthetic-mps-recorded-crime-borough"
    for name, months, counts, line_end in (
        ("historical", setting.months[:split], crime.counts[:, :, :split], "\r\n"),
        ("recent", setting.months[split:], crime.counts[:, :, split:], "\n"),
        ("recent-three-months-before", setting.months[was], earlier, "\r\n"),
    ):
        table = _borough_table(setting, crime.places, months, counts)
        table.write_csv(folder / f"{stem}-{name}.csv", line_terminator=line_end)


def _borough_table(
    setting: Setting, places: Sequence[str], months: Sequence[Month], counts: Counts
) -> pl.DataFrame:
    names = [p if p in (UNKNOWN, AIRPORTS) else setting.name(p) for p in places]
    in_name_order = np.argsort(names, kind="stable")
    kept = [(k, p) for k in range(len(CATEGORIES)) for p in in_name_order if counts[k, p].any()]
    labels = {
        "MajorText": [CATEGORIES[k].major for k, _ in kept],
        "MinorText": [CATEGORIES[k].minor for k, _ in kept],
        "BoroughName": [names[p] for _, p in kept],
    }
    cells = np.array([counts[k, p] for k, p in kept])
    return _wide(labels, months, cells)


def _wide(labels: dict[str, list[str]], months: Sequence[Month], cells: Counts) -> pl.DataFrame:
    columns = {f"{m.year}{m.month:02}": cells[:, t] for t, m in enumerate(months)}
    return pl.DataFrame({**labels, **columns})


def write_ward_tables(setting: Setting, crime: RecordedCrime, folder: Path) -> None:
    """Ward tables: the historical one ends with a month that the recent one has in part only."""
    split = len(setting.months) - RECENT_MONTHS
    first = next(t for t, month in enumerate(setting.months) if month >= WARD_FIRST_MONTH)
    # The split is drawn once for all months, so the two tables are of one London.
    labels, cells = _by_ward(setting, crime, slice(first, None))
    months, split = setting.months[first:], split - first
    recent = cells[:, split - 1 :].copy()
    recent[:, 0] = _stragglers(setting.stream("partial month"), recent[:, 0])
    stem = "synthetic-mps-recorded-crime-ward"
    for name, columns, counts in (
        ("historical", months[:split], cells[:, :split]),
        ("recent", months[split - 1 :], recent),
    ):
        kept = counts.any(axis=1)
        chosen = {key: list(np.array(value)[kept]) for key, value in labels.items()}
        _wide(chosen, columns, counts[kept]).write_csv(folder / f"{stem}-{name}.csv")


def _stragglers(rng: np.random.Generator, month: Counts) -> Counts:
    """A month of which only some forty crimes are in the file."""
    return np.asarray(rng.binomial(month, min(1.0, 40 / max(1, month.sum()))), dtype=np.int64)


def _by_ward(
    setting: Setting, crime: RecordedCrime, window: slice
) -> tuple[dict[str, list[str]], Counts]:
    """Labels and counts of every ward x category, in borough, ward and category order."""
    rng = setting.stream("recorded crime by ward")
    rows: list[tuple[str, str, str]] = [AIRPORT_WARD]
    airport = crime.counts[:, crime.places.index(AIRPORTS), window]
    blocks = [airport[None]]
    for borough in sorted(setting.police_boroughs, key=setting.name):
        counts = crime.counts[:, crime.places.index(borough), window]
        placed = rng.binomial(counts, PLACED_SHARE)
        dealt = shared_out(rng, placed, setting.ward_weights[borough])
        wards = setting.wards(borough)
        in_name_order = sorted(range(len(wards)), key=lambda w: (wards[w].name, wards[w].code))
        rows += [(wards[w].name, wards[w].code, setting.name(borough)) for w in in_name_order]
        blocks.append(np.moveaxis(dealt, -1, 0)[in_name_order])
    labels = {
        "MajorText": [c.major for _ in rows for c in CATEGORIES],
        "MinorText": [c.minor for _ in rows for c in CATEGORIES],
    }
    for column, field in enumerate(("WardName", "WardCode", "LookUp_BoroughName")):
        labels[field] = [row[column] for row in rows for _ in CATEGORIES]
    stacked = np.concatenate(blocks)
    return labels, stacked.reshape(-1, stacked.shape[-1])
