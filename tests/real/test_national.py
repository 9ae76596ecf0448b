"""National statistics and tables of context, against the raw files by slow sums of their own.

The slow twin reads the publishers' files with the csv module and adds; it shares no code with the
readers. Every file of the three folders is accounted for by name.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bluelamp.definitions import definitions_root
from bluelamp.evidence.known import as_known
from bluelamp.evidence.receive import Desk, Outcome, receive
from bluelamp.evidence.store import Store

MET, LONDON, ENGLAND_AND_WALES = "E23000001", "E12000007", "K04000001"
EXTRACTS = "national/mpjashby-lesscrime"
SMALL_GROUPS = "surveys/public-attitude-survey"

# Every file of the folders, the source that it is of ('' where it is left alone), and its rows.
FILES = {
    "asb-trends.csv.gz": ("csew-antisocial-behaviour", 152),
    "crime-pressure-force-2022-data.csv.gz": ("ons-crime-severity", 7_700),
    "crime-pressure-force-2022-pop-data.csv.gz": ("ons-residents-district", 6_620),
    "crime-reporting-data.csv.gz": ("csew-reporting-rate", 1_166),
    "crime-since-2010.csv.gz": ("csew-prevalence-since-2002", 1_260),
    "crime-trends-data.csv.gz": ("csew-prevalence", 858),
    "fairness-perception-data.csv.gz": ("csew-perceptions", 27_144),
    "homicide-methods-data.csv.gz": ("ons-homicide-methods", 264),
    "partner-abuse-data.csv.gz": ("", 0),
    "police-arrests-data.csv.gz": ("home-office-arrests", 286_500),
    "police-uplift-2022-data.csv.gz": ("home-office-police-workforce", 25_198),
    "prosecution-times-data.csv.gz": ("", 0),
    "rape-prosecution-times-data.csv.gz": ("moj-rape-prosecution-times", 8),
    "reoffending-rates-data.csv.gz": ("moj-reoffending", 308),
    "search-arrests-data.csv.gz": ("home-office-searches", 92_199),
    "violence-prosecutions-data.csv.gz": ("home-office-outcomes", 132_529),
    "open-data-table-police-workforce-270722.ods": ("home-office-police-workforce", 25_784),
    "PAS_Dashboard_Borough.csv": ("mopac-public-attitude-survey", 9_312),
    "PAS_Total.csv": ("mopac-public-attitude-survey", 291),
    "PAS_boroughs_Q3_23-24.csv": ("mopac-public-attitude-survey", 9_312),
    "df_pas_2017.csv": ("public-attitude-survey-small-groups", 191),
    "df_pas_2018.csv": ("public-attitude-survey-small-groups", 192),
    "df_pas_2019.csv": ("public-attitude-survey-small-groups", 192),
    "df_pas_2020.csv": ("public-attitude-survey-small-groups", 213),
    "census2011_ethnicity_by_police_force_area.csv": ("census-2011-ethnicity-force", 43),
    "csew_fairness_confidence_perception.csv": ("csew-perceptions", 27_144),
    "csew_prevalence_trends.csv": ("csew-prevalence", 858),
    "csew_reporting_rate_by_category_1981_on.csv": ("csew-reporting-rate", 1_166),
    "dfe_lait_youth_measures_london.csv": ("dfe-youth-measures", 3_185),
    "gla_london_borough_profiles.csv": ("gla-borough-profiles", 33),
    "gla_london_borough_profiles_2014.csv": ("gla-borough-profiles-2014", 38),
    "gla_ward_profiles_2015.csv": ("gla-ward-profiles", 660),
    "london_borough_claimant_count_monthly.csv": ("nomis-claimant-count", 2_614),
    "moj_court_caseload_england_wales_2014_2023.csv": ("moj-court-caseload", 50),
    "mopac_pas_borough_quarterly.csv": ("", 0),
    "mopac_pas_mps_quarterly.csv": ("", 0),
    "mps_recorded_crime_london_lsoa11_annual_2011_2021.parquet": ("mps-crime-lsoa-yearly", 690_547),
    "ons_crime_severity_mean_weight_by_subgroup_2022_2023_outcome_mix.csv": ("", 0),
    "ons_crime_severity_score_by_area_2003_2022.csv": ("ons-crime-severity", 7_700),
    "ons_crime_severity_score_london_borough_latest.csv": ("", 0),
    "ons_crime_severity_weights_by_offence_code_recovered.csv": ("ons-crime-severity-weights", 156),
    "police_workforce_by_force_rank_sex_2007_2022.csv": ("home-office-police-workforce", 25_198),
}
CUT_OFF = "london_borough_claimant_count_monthly.csv"


@pytest.fixture(scope="module")
def national(
    real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Store, dict[str, Outcome]]:
    store = Store(tmp_path_factory.mktemp("national") / "store")
    folders = [real_data / part for part in ("national", "surveys", "places/context")]
    outcomes = receive(store, Desk(definitions_root()), folders, on=date(2026, 11, 21))
    return store, {outcome.name: outcome for outcome in outcomes}


@pytest.fixture(scope="module")
def tally(national: tuple[Store, dict[str, Outcome]]) -> Any:
    """tally(file) -> its rows as they were tallied."""

    def of(name: str) -> pl.DataFrame:
        receipt = national[1][name].receipt
        assert receipt is not None
        return pl.read_parquet(national[0].tally(receipt.sha256))

    return of


@pytest.fixture(scope="module")
def typed(national: tuple[Store, dict[str, Outcome]]) -> Any:
    """typed(file) -> its rows as they were kept."""

    def of(name: str) -> pl.DataFrame:
        receipt = national[1][name].receipt
        assert receipt is not None
        return pl.read_parquet(national[0].typed(receipt.sha256))

    return of


def raw(path: Path, separator: str = ",") -> Iterator[dict[str, str]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)


def test_every_file_is_kept_or_left_alone_for_a_reason(national):
    _, outcomes = national
    of = {name: o.receipt.source if o.receipt else "" for name, o in outcomes.items()}
    assert of == {name: source for name, (source, _) in FILES.items()}
    for name, outcome in outcomes.items():
        source, rows = FILES[name]
        if not source:
            assert outcome.status == "not read"
            assert outcome.reason.startswith("it is known: "), "a file left alone says why"
            continue
        receipt = outcome.receipt
        assert receipt is not None
        assert receipt.rows_read == rows == receipt.rows_kept + receipt.rows_refused
        assert outcome.status == ("partly refused" if name == CUT_OFF else "kept"), outcome.reason


@pytest.mark.parametrize(("year", "officers"), [("2018", 30_390), ("2022", 33_984)])
@pytest.mark.parametrize(
    "name",
    [
        "police_workforce_by_force_rank_sex_2007_2022.csv",
        "police-uplift-2022-data.csv.gz",
        "open-data-table-police-workforce-270722.ods",
    ],
)
def test_police_officers_of_the_met(tally, real_data, name, year, officers):
    path = real_data / "places/context/police_workforce_by_force_rank_sex_2007_2022.csv"
    slow = {"total_fte": 0.0, "total_headcount": 0.0}
    for row in raw(path):
        if (row["geo_code"], row["date"][:4], row["worker_type"]) == (MET, year, "police officer"):
            for column in slow:
                slow[column] += float(row[column])
    ours = tally(name).filter(
        (pl.col("area") == MET)
        & (pl.col("month") == f"{year}-03")
        & (pl.col("category") == "POLICE OFFICER")
    )
    fte = ours.filter(pl.col("flag") == "FULL-TIME EQUIVALENT")["value"].sum()
    heads = ours.filter(pl.col("flag") == "HEADCOUNT")["count"].sum()
    assert round(fte) == officers
    assert fte == pytest.approx(slow["total_fte"])
    assert heads == slow["total_headcount"]


def test_all_43_forces_are_received_and_the_railways_are_named(tally):
    extract = set(tally("police_workforce_by_force_rank_sex_2007_2022.csv")["area"])
    workbook = set(tally("open-data-table-police-workforce-270722.ods")["area"])
    assert len(extract) == 43
    assert workbook - extract == {"outside:british-transport-police"}
    assert set(tally("police-arrests-data.csv.gz")["area"]) == extract
    assert set(tally("census2011_ethnicity_by_police_force_area.csv")["area"]) == extract


def test_first_time_entrants_to_youth_justice_in_london(tally, real_data):
    name = "dfe_lait_youth_measures_london.csv"
    slow = {
        row["Years"]: float(row["Values"])
        for row in raw(real_data / "places/context" / name)
        if (row["Short Desc"], row["LA and Regions"]) == ("FirstYJS", "London")
    }
    rows = tally(name).filter((pl.col("category") == "FIRSTYJS") & (pl.col("area") == LONDON))
    ours = {row["month"][:4]: row["value"] for row in rows.iter_rows(named=True)}
    assert ours == slow
    assert (ours["2016"], ours["2024"]) == (412, 157)


def test_a_dash_is_no_number_and_no_nought(tally, real_data):
    name = "dfe_lait_youth_measures_london.csv"
    marks = sum(row["Values"] == "-" for row in raw(real_data / "places/context" / name))
    assert marks > 300
    assert tally(name)["value"].null_count() == marks


@pytest.mark.parametrize(
    "name", ["csew_reporting_rate_by_category_1981_on.csv", "crime-reporting-data.csv.gz"]
)
def test_the_share_of_crime_that_is_reported(tally, name):
    rows = tally(name).filter(pl.col("month") == "2019-03")
    share = dict(rows.select("category", "value").iter_rows())
    shown = {
        "ALL CSEW CRIME (EXCLUDING FRAUD AND COMPUTER MISUSE)": 0.379,
        "ROBBERY": 0.519,
        "VIOLENCE": 0.443,
    }
    assert {category: round(share[category], 3) for category in shown} == shown
    assert rows["area"].unique().to_list() == [ENGLAND_AND_WALES]
    # Three kinds of burglary have a branch of this name; none is lost and none overwrites another.
    assert len({share[f"WITH ENTRY{nth}"] for nth in ("", " (2)", " (3)")}) == 3


def test_arrests_by_ethnicity_and_age(tally, real_data):
    slow: Counter[str] = Counter()
    for row in raw(real_data / EXTRACTS / "police-arrests-data.csv.gz"):
        about = (row["force_name"], row["financial_year"])
        if about == ("Metropolitan Police", "2017/18") and row["arrests"] != "NA":
            slow[row["ethnic_group"]] += int(row["arrests"])
    rows = tally("police-arrests-data.csv.gz").filter(
        (pl.col("area") == MET) & (pl.col("month") == "2018-03")
    )
    black = rows.filter(pl.col("group").str.contains("ethnicity=Black;"))["count"].sum()
    assert black == slow["Black or Black British"] > 10_000
    assert rows["count"].sum() == sum(slow.values())
    assert "age=10-17; ethnicity=Black; sex=Male" in set(rows["group"])


def test_searches_and_the_arrests_after_them(tally, real_data):
    slow: Counter[str] = Counter()
    for row in raw(real_data / EXTRACTS / "search-arrests-data.csv.gz"):
        if row["force_name"] == "London, City of" and row["year_ending"] == "2019-03-31":
            for column in ("searches", "resultant_arrests"):
                slow[column] += 0 if row[column] == "NA" else int(row[column])
    rows = tally("search-arrests-data.csv.gz").filter(
        (pl.col("area") == "E23000034") & (pl.col("month") == "2019-03")
    )
    ours = dict(rows.group_by("flag").agg(pl.col("count").sum()).iter_rows())
    assert ours == {"SEARCHES": slow["searches"], "ARRESTS": slow["resultant_arrests"]}
    assert ours["SEARCHES"] > ours["ARRESTS"] > 0


def test_outcomes_that_forces_took_back_are_below_nought(tally, real_data):
    slow = defaultdict(float)
    below = 0
    for row in raw(real_data / EXTRACTS / "violence-prosecutions-data.csv.gz"):
        given = row["force_outcomes_recorded_in_quarter"]
        below += given.startswith("-")
        if row["force_name"] == "Metropolitan Police" and given != "NA":
            slow[row["financial_quarter"]] += int(given)
    assert below == 148
    rows = tally("violence-prosecutions-data.csv.gz").filter(
        pl.col("scope") == "OUTCOMES RECORDED IN THE QUARTER"
    )
    assert (rows["value"] < 0).sum() == below
    met = rows.filter(pl.col("area") == MET).group_by("month").agg(pl.col("value").sum())
    quarters = {"2018-06": "1", "2018-09": "2", "2018-12": "3", "2019-03": "4"}
    assert {quarters[month]: total for month, total in met.iter_rows()} == slow


def test_court_cases_of_the_quarters_add_up_to_the_year(tally):
    rows = tally("moj_court_caseload_england_wales_2014_2023.csv").filter(
        (pl.col("flag") == "RECEIVED") & pl.col("month").str.starts_with("2014")
    )
    added = rows.group_by("category", "scope").agg(pl.col("count").sum())
    total = {(category, scope): count for category, scope, count in added.iter_rows()}
    for court, cases in (("MAGISTRATES' COURTS", 1_607_163), ("CROWN COURT", 135_540)):
        assert total[(court, "YEAR")] == total[(court, "QUARTER")] == cases


def test_a_line_end_and_a_footnote_in_a_cell_of_the_severity_score(tally, real_data):
    """Oddity 23: "Apr '02 to \\nMar '03...4" is the year to March 2003."""
    name = "ons_crime_severity_score_by_area_2003_2022.csv"
    slow = {
        row["year_ending"][:7]: float(row["severity_score"])
        for row in raw(real_data / "places/context" / name)
        if (row["code"], row["offence_group"]) == (MET, "Total recorded crime")
    }
    rows = tally(name).filter(
        (pl.col("area") == MET) & (pl.col("category") == "TOTAL RECORDED CRIME")
    )
    assert dict(rows.select("month", "value").iter_rows()) == slow
    assert len(slow) == 20
    city = tally(name).filter(pl.col("area") == "E23000034")
    assert city["value"].null_count() == city.height == 140


def test_survey_means_of_a_borough_under_two_spellings_are_put_together(tally, real_data):
    """Oddity 22: columns stand twice, and so do boroughs in 2020."""
    name = "df_pas_2020.csv"
    parts = [
        (float(row["mean_Q131"]), int(row["count"]))
        for row in raw(real_data / SMALL_GROUPS / name, ";")
        if row["borough"].startswith("Barking")
        and (row["gender"], row["race"]) == ("Female", "Asian")
    ]
    assert len(parts) == 2
    slow = sum(mean * asked for mean, asked in parts) / sum(asked for _, asked in parts)
    rows = tally(name).filter(
        (pl.col("area") == "E09000002") & (pl.col("group") == "ethnicity=Asian; sex=Female")
    )
    assert rows.filter(pl.col("category") == "Q131")["value"].to_list() == [pytest.approx(slow)]
    asked = rows.filter(pl.col("category") == "PEOPLE ASKED")["count"].to_list()
    assert asked == [sum(asked for _, asked in parts)]


def test_claimants_cut_off_at_the_comma_are_not_taken(national, tally, real_data):
    given = defaultdict(list)
    for row in raw(real_data / "places/context" / CUT_OFF):
        month = f"{row['year']}-{int(row['month']):02}"
        given[(row["borough_code"], month)].append(int(row["claimant_count"]))
    once = {key: counts[0] for key, counts in given.items() if len(counts) == 1}
    rows = tally(CUT_OFF).select("area", "month", "count").iter_rows()
    assert {(area, month): count for area, month, count in rows} == once
    assert national[1][CUT_OFF].receipt.rows_refused == 2 * (len(given) - len(once)) == 476


def test_robberies_by_small_area(tally):
    rows = tally("mps_recorded_crime_london_lsoa11_annual_2011_2021.parquet")
    robbery = rows.filter((pl.col("category") == "ROBBERY") & (pl.col("month") == "2019-12"))
    assert robbery["count"].sum() == 38_607
    assert rows["area"].n_unique() == 4_829


def test_residents_by_ethnicity_add_up(tally, real_data):
    name = "census2011_ethnicity_by_police_force_area.csv"
    everyone = "Ethnic Group: All categories: Ethnic group; measures: Value"
    slow = {r["PFA16NM"]: int(r[everyone]) for r in raw(real_data / "places/context" / name)}
    rows = tally(name).filter(pl.col("area") == MET)
    groups = dict(rows.select("group", "count").iter_rows())
    assert groups.pop("") == sum(groups.values()) == slow["Metropolitan"]
    assert len(groups) == 5


def test_marks_in_the_profiles_are_no_numbers(typed):
    old = typed("gla_london_borough_profiles_2014.csv")
    assert old["unemployment_2014"].dtype == pl.Float64
    assert old.filter(pl.col("area") == "E09000001")["unemployment_2014"].to_list() == [None]
    wards = typed("gla_ward_profiles_2015.csv")
    assert wards.filter(pl.col("area") == LONDON)["residents_2015"].to_list() == [8_632_850]
    assert wards["area"].is_unique().all()
    assert (wards["area"].str.starts_with("E05")).sum() == 624


def test_what_is_known_comes_from_the_fuller_of_two_publications(national):
    desk = Desk(definitions_root())
    known = as_known(national[0], desk.sources, on=date(2026, 4, 30), received_by=None)
    officers = known.tally("home-office-police-workforce", "force").filter(
        (pl.col("month") == "2022-03")
        & (pl.col("area") == MET)
        & (pl.col("category") == "POLICE OFFICER")
        & (pl.col("flag") == "FULL-TIME EQUIVALENT")
    )
    assert round(officers["value"].sum()) == 33_984
    workbook = national[1]["open-data-table-police-workforce-270722.ods"].receipt.sha256
    assert officers["receipt"].unique().to_list() == [workbook]
