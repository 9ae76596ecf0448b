"""Totals of the real data, against the raw files by slow sums that share no code with ours.

The slow twin reads the publishers' files with the csv module or as plain Parquet columns, and adds.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

LONDON = "E23000001"


def wide_rows(path: Path):
    """Each row of a publisher's wide table as a dict of text, keys in lower case."""
    if path.suffix == ".parquet":
        for row in pq.read_table(path).to_pylist():
            yield {key.lower(): value for key, value in row.items()}
        return
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            yield {key.lower(): value for key, value in row.items()}


def raw_total(path: Path, month: str, **where: str) -> int:
    total = 0
    for row in wide_rows(path):
        if all(str(row[key]).upper() == value.upper() for key, value in where.items()):
            total += int(row[month])
    return total


# All recorded crime of June 2023 as successive publications had it.
PUBLICATIONS = [
    ("2023-08-01", 81_599, "recorded-crime-releases/sa06840.borough-recent24.csv"),
    ("2023-11-01", 81_577, "recorded-crime-releases/adilsaid.borough-recent24.csv"),
    ("2024-02-01", 81_613, "recorded-crime-releases/jn607.borough-recent24.csv"),
    ("2024-11-01", 81_644, "recorded-crime-releases/katerina.borough-recent24.csv"),
    ("2025-08-01", 81_660, "tables/recorded-crime-borough-historical.v20260404.parquet"),
    ("2025-10-01", 81_658, "recorded-crime-releases/ijti.borough-historical.csv"),
    ("2025-12-01", 81_686, "recorded-crime-releases/joanna.borough-historical.csv"),
    ("2026-03-01", 81_682, "tables/recorded-crime-borough-historical.parquet"),
]


def test_every_file_of_the_main_job_is_received_without_a_fault(received):
    _, outcomes = received
    assert [o for o in outcomes if o.is_fault] == []
    # The files of the first seven sources; the folders hold those of later sources too.
    assert sum(o.status == "kept" for o in outcomes) >= 163
    for outcome in outcomes:
        if outcome.receipt:
            assert outcome.receipt.rows_read == outcome.receipt.rows_kept


@pytest.mark.parametrize(("published", "total", "name"), PUBLICATIONS)
def test_june_2023_as_each_publication_had_it(ask, real_data, published, total, name):
    assert raw_total(real_data / "mps" / name, "202306") == total
    assert ask("recorded-crime", LONDON, "2023-06", published)["value"] == total


def test_the_force_is_its_boroughs_and_the_named_places_outside(ask, real_data):
    raw: Counter[str] = Counter()
    for row in wide_rows(real_data / "mps/tables/recorded-crime-borough.parquet"):
        raw[row["boroughname"]] += int(row["202503"])
    assert ask("recorded-crime", LONDON, "2025-03")["value"] == sum(raw.values())
    assert ask("recorded-crime", "outside:unknown", "2025-03")["value"] == raw["Unknown"]
    assert ask("recorded-crime", "E09000008", "2025-03")["value"] == raw["Croydon"]


def test_wards_stay_wards(ask, real_data):
    """79,285 by ward and 81,682 by borough in June 2023: they are never added to each other."""
    path = real_data / "mps/tables/recorded-crime-ward-historical.parquet"
    raw: Counter[str] = Counter()
    for row in wide_rows(path):
        raw[row["wardcode"]] += int(row["202306"])
    assert sum(raw.values()) == 79_285
    assert len(raw) == 679
    for code in list(raw)[::40]:
        assert ask("recorded-crime", code, "2023-06")["value"] == raw[code]


def test_february_2024_by_ward_is_the_complete_publication(ask, real_data):
    tables = real_data / "mps/tables"
    assert raw_total(tables / "recorded-crime-ward.parquet", "202402") == 40
    assert raw_total(tables / "recorded-crime-ward-historical.parquet", "202402") == 73_652
    raw: Counter[str] = Counter()
    for row in wide_rows(tables / "recorded-crime-ward-historical.parquet"):
        raw[row["wardcode"]] += int(row["202402"])
    ours = {code: ask("recorded-crime", code, "2024-02")["value"] for code in raw}
    assert ours == dict(raw)
    assert sum(ours.values()) == 73_652


def dashboard(real_data: Path, name: str, kind: str, subtype: str, measure: str) -> Counter:
    found: Counter[tuple[str, str]] = Counter()
    for row in pq.read_table(real_data / "mps/tables" / name).to_pylist():
        if row["area_type"] != "Borough":
            continue
        if (row["crime_type"], row["crime_subtype"], row["measure"]) == (kind, subtype, measure):
            found[(row["borough_snt"], f"{row['month_year']:%Y-%m}")] += row["count"]
    return found


OLD, NEW = "monthly-crime-dashboard.v20260404.parquet", "monthly-crime-dashboard.parquet"


def test_gun_discharges_are_zero_where_there_is_no_row(ask, real_data):
    raw = dashboard(
        real_data, OLD, "Lethal Barrel Discharge", "Lethal Barrel Discharge", "Offences"
    )
    months = [f"{2021 + (7 + i) // 12}-{(7 + i) % 12 + 1:02}" for i in range(48)]
    zeros = 0
    for name, code in (("Barnet", "E09000003"), ("Sutton", "E09000029"), ("Newham", "E09000025")):
        for month in months:
            row = ask("gun-discharges", code, month)
            assert (row["status"], row["value"]) == ("ok", raw[(name, month)])
            zeros += row["value"] == 0
    assert zeros > 50
    london = sum(n for (_, month), n in raw.items() if month == "2024-06")
    assert ask("gun-discharges", LONDON, "2024-06")["value"] == london


def test_hate_crime_survives_the_knife_only_dashboard(ask, real_data):
    raw = dashboard(real_data, OLD, "Hate crime", "Hate crime", "Offences")
    london = sum(n for (_, month), n in raw.items() if month == "2025-03")
    assert london > 1_000
    assert ask("hate-crime", LONDON, "2025-03", "2026-04-30")["value"] == london
    knife_old = dashboard(real_data, OLD, "Knife Crime", "Knife Crime", "Offences")
    knife_new = dashboard(real_data, NEW, "Knife Crime", "Knife Crime", "Offences")
    for known_on, raw in (("2025-12-31", knife_old), ("2026-04-30", knife_new)):
        total = sum(n for (_, month), n in raw.items() if month == "2025-03")
        assert ask("knife-crime", LONDON, "2025-03", known_on)["value"] == total


def test_mopac_7_in_both_category_systems(ask, real_data):
    old = {
        "Violence with Injury", "Robbery of Personal Property", "Robbery of Business Property",
        "Burglary Business and Community", "Domestic Burglary", "Theft from Person",
        "Theft from a Motor Vehicle", "Theft or Taking of a Motor Vehicle", "Criminal Damage",
        "Burglary in a Dwelling", "Burglary in Other Buildings",
    }  # fmt: skip
    path = real_data / "mps/recorded-crime-releases/adilsaid.borough-recent24.csv"
    raw = sum(int(r["202306"]) for r in wide_rows(path) if r["minortext"] in old)
    assert ask("mopac-7", LONDON, "2023-06", "2023-11-01")["value"] == raw
    new = ask("mopac-7", LONDON, "2023-06", "2026-04-30")["value"]
    assert abs(new / raw - 1) < 0.02  # the groups were redrawn, hardly moved


def test_city_of_london_street_records(ask, real_data):
    import io
    import zipfile

    name = "city-of-london-street-vintage-2024-10-hodsong.zip"
    with zipfile.ZipFile(real_data / "police-uk/city-of-london" / name) as archive:
        member = next(n for n in archive.namelist() if n.startswith("2023-06"))
        text = archive.read(member).decode()
    raw = sum(1 for _ in csv.reader(io.StringIO(text))) - 1
    assert ask("street-crime", "E23000034", "2023-06")["value"] == raw


def test_homicide_victims(ask, real_data):
    path = real_data / "mps/homicide/Homicides_2003_2023.csv"
    raw: Counter[str] = Counter()
    for row in wide_rows(path):
        if row["recorded date"].endswith("-17"):
            raw[row["borough"].strip()] += int(row["count of victims"])
    assert ask("homicide", LONDON, "2017")["value"] == sum(raw.values())
    assert ask("homicide", "E09000015", "2017")["value"] == raw["Harrow"]


def test_a_rate_is_the_count_over_residents(ask, real_data):
    path = real_data / "places/population/london_borough_population_2019_2024_ons_mye.csv"
    people = {(r["borough_code"], r["year"]): int(r["population"]) for r in wide_rows(path)}
    count = ask("burglary", "E09000008", "2024")["value"]
    row = ask("burglary-rate", "E09000008", "2024")
    assert row["value"] == pytest.approx(count / people[("E09000008", "2024")] * 1_000)
    assert "begin in 2019" in ask("burglary-rate", "E09000008", "2017")["status"]


def test_confidence_is_as_published_and_says_that_it_has_no_interval(ask):
    row = ask("confidence-good-job", LONDON, "r12-2023-12")
    assert (row["value"], row["lower"], row["numerator"]) == (0.47, None, None)
    assert ask("confidence-good-job", LONDON, "2023-12") is None
