"""Survey estimates held to what R's survey and sae, samplics and Newcombe (1998) have printed."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks import survey_coverage

from bluelamp.statistics.survey import estimates, intervals
from bluelamp.statistics.survey.design import Design, design
from bluelamp.statistics.survey.raking import Margin, after_raking, rake
from bluelamp.statistics.survey.small_area import fay_herriot

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    folder = shared / "vectors"
    if not folder.is_dir():
        pytest.skip("this test needs the vectors of ../shared, which are not here")
    return folder


def rows(path: Path) -> Rows:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def column(table: Rows, name: str) -> np.ndarray:
    """Numbers; NaN where a cell is empty."""
    return np.array([float(row[name]) if row[name] else np.nan for row in table])


def to(value: object, places: int) -> Any:
    """An approximation as near as a number printed to so many places can tell."""
    return pytest.approx(value, abs=0.5000001 * 10.0**-places)


# --- R's survey: the Californian schools -----------------------------------------------------


def test_a_stratified_sample(vectors: Path) -> None:
    schools = rows(vectors / "survey" / "r_apistrat.csv")
    sample = design(
        column(schools, "pw"),
        strata=[row["stype"] for row in schools],
        population=column(schools, "fpc"),
    )
    printed = read(vectors / "survey" / "r_survey_api.json")["apistrat_mean_api00"]
    found = estimates.mean(sample, column(schools, "api00"))
    assert (found.value, found.error) == (to(printed["mean"], 4), to(printed["se"], 4))


@pytest.fixture(scope="module")
def clusters(vectors: Path) -> tuple[Rows, Design]:
    schools = rows(vectors / "survey" / "r_apiclus1.csv")
    return schools, design(
        column(schools, "pw"),
        clusters=[row["dnum"] for row in schools],
        population=column(schools, "fpc"),
    )


def test_a_rare_thing_in_few_clusters(vectors: Path, clusters: tuple[Rows, Design]) -> None:
    schools, sample = clusters
    printed = read(vectors / "survey" / "r_survey_api.json")["apiclus1_prop_ell0_fpc"]
    found = estimates.proportion(sample, column(schools, "ell") == 0)
    assert found.value == to(printed["p"], 8)
    assert found.error == to(printed["se"], 8)
    assert found.effective == to(printed["neff"], 6)
    assert found.freedom == printed["clusters"] - 1
    ends = printed["ci95"]
    p, eff, free = found.value, found.effective, found.freedom
    graubard = intervals.korn_graubard(p, found.people, eff, free)
    assert graubard == to(ends["korn_graubard_df_adjusted"], 8)
    assert intervals.logit(p, found.error, free) == to(ends["xlogit_t14"], 8)
    assert found.interval() == to(ends["wald_t14"], 8)
    assert intervals.wilson(p, eff, free) == to(ends["wilson_neff_t14"], 8)
    given = intervals.proportion_interval(
        p, people=found.people, said=found.said, effective=eff, kish=found.kish, freedom=free,
        clustered=True,
    )  # fmt: skip
    assert np.array(given) == pytest.approx(np.array(graubard)), (
        "few, and in clusters: Korn and Graubard's"
    )


def test_raking_and_its_two_variances(vectors: Path, clusters: tuple[Rows, Design]) -> None:
    schools, sample = clusters
    printed = read(vectors / "survey" / "r_survey_api.json")["raking_apiclus1"]
    margins = [
        Margin(name, tuple(row[name] for row in schools), totals)
        for name, totals in printed["margins"].items()
    ]
    raked = replace(sample, weights=rake(sample.weights, margins).weights)

    def error(found: estimates.Estimate) -> float:
        linear = after_raking(raked, found.linearised, margins, sample.weights)
        return float(np.sqrt(raked.variance(linear)[0, 0]))

    mean = estimates.mean(raked, column(schools, "api00"))
    assert (mean.value, error(mean)) == (
        to(printed["mean_api00"], 2),
        to(printed["se_linearised"], 3),
    )
    total = estimates.total(raked, column(schools, "enroll"))
    assert (total.value, error(total)) == (
        to(printed["total_enroll"], 0),
        to(printed["se_total_linearised"], 0),
    )
    n, left_out = 15, []
    for one in range(n):  # the jackknife rakes anew without each cluster
        weights = np.where(sample.clusters == one, 0.0, sample.weights * n / (n - 1))
        again = replace(sample, weights=rake(weights, margins).weights)
        left_out.append(estimates.mean(again, column(schools, "api00")).value)
    spread = np.sum((np.array(left_out) - np.mean(left_out)) ** 2)
    jackknife = np.sqrt((1 - n / sample.population[0]) * (n - 1) / n * spread)
    assert jackknife == to(printed["se_jackknife"], 3)


def test_kaltons_raking(vectors: Path) -> None:
    printed = read(vectors / "survey" / "kalton_raking.json")
    sample, everyone = np.array(printed["sample"]), np.array(printed["population"])
    a, b = (axis.ravel().astype(str) for axis in np.indices(sample.shape))
    margins = [
        Margin("a", tuple(a), {str(i): float(t) for i, t in enumerate(everyone.sum(axis=1))}),
        Margin("b", tuple(b), {str(j): float(t) for j, t in enumerate(everyone.sum(axis=0))}),
    ]
    raked = rake(sample.ravel(), margins).weights.reshape(sample.shape)
    assert raked / sample == to(np.array(printed["raked_ratio"]), 6)


# --- samplics ----------------------------------------------------------------------------------


def test_shares_of_three_kinds_of_birth(vectors: Path) -> None:
    """samplics leaves out those who did not answer before it begins: so do the rows here."""
    births = column(rows(vectors / "survey" / "samplics_birthcat.csv"), "birthcat")
    births = births[np.isfinite(births)]
    printed = read(vectors / "survey" / "samplics_expected.json")["birthcat_oneway"]
    sample = design(np.ones(len(births)))
    for i, kind in enumerate((1, 2, 3)):
        count = estimates.total(sample, births == kind)
        assert (count.value, count.error) == (
            printed["count"][str(kind)],
            to(printed["stderr_count"][i], 4),
        )
        share = estimates.proportion(sample, births == kind)
        assert share.value == to(printed["prop"][i], 4)
        assert share.error == to(printed["stderr"][i], 4)
        ends = intervals.logit(share.value, share.error, share.freedom)
        assert ends == to([printed["lower_logit"][i], printed["upper_logit"][i]], 4)


def test_clusters_forgotten_make_a_total_look_five_times_as_sure(vectors: Path) -> None:
    young = [row for row in rows(vectors / "survey" / "samplics_yrbs.csv") if row["qn8"]]
    printed = read(vectors / "survey" / "samplics_expected.json")["yrbs_total_qn8_eq1"]
    weights, said = column(young, "weight"), column(young, "qn8") == 1
    clustered = estimates.total(design(weights, clusters=[row["psu"] for row in young]), said)
    alone = estimates.total(design(weights), said)
    told, forgotten = printed["psu_no_strata"], printed["no_psu_no_strata"]
    assert (clustered.value, clustered.error) == (to(told["total"], 3), to(told["se"], 4))
    assert clustered.interval() == to(told["ci"], 3)
    assert alone.error == to(forgotten["se"], 4)
    assert alone.interval() == to(forgotten["ci"], 3)
    assert clustered.error / alone.error == pytest.approx(5.3, abs=0.05)


def test_a_domain_is_not_its_rows_alone(vectors: Path) -> None:
    printed = read(vectors / "survey" / "samplics_expected.json")["r_fpc_domain_mean_x_gt4"]
    table = rows(vectors / "survey" / "r_fpc.csv")
    x = column(table, "x")
    names = ("stratid", "psuid")
    strata, clusters = ([row[name] for row in table] for name in names)
    sample = design(column(table, "weight"), strata=strata, clusters=clusters)
    inside, outside = (estimates.mean(sample, x, domain) for domain in (x > 4, x <= 4))
    assert (inside.value, inside.error) == (to(printed["mean"], 6), to(printed["se"], 7))
    rest = printed["complement"]
    assert (outside.value, outside.error) == (to(rest["mean"], 6), to(rest["se"], 7))
    here = x > 4
    forgetful = design(
        column(table, "weight")[here],
        strata=np.array(strata)[here],
        clusters=np.array(clusters)[here],
    )
    assert estimates.mean(forgetful, x[here]).error != to(printed["se"], 2)


# --- Newcombe's tables, small areas, coverage ---------------------------------------------------


def test_newcombes_tables(vectors: Path) -> None:
    printed = read(vectors / "survey" / "newcombe.json")
    for one in printed["wilson95"]:
        assert intervals.wilson(one["x"] / one["n"], one["n"]) == to(one["ci"], 4)
    for one in printed["difference_hybrid_score_95"]:
        found = intervals.newcombe(one["a"] / one["m"], one["m"], one["b"] / one["n"], one["n"])
        assert found == to(one["ci"], 4)


def test_the_milk_of_43_areas(vectors: Path) -> None:
    table = rows(vectors / "small_area" / "milk.csv")
    printed = read(vectors / "small_area" / "milk_fh_reml.json")
    major = column(table, "MajorArea")
    predictors = np.column_stack([np.ones(len(table)), *(major == k for k in (2, 3, 4))])
    found = fay_herriot(column(table, "yi"), column(table, "SD") ** 2, predictors)
    assert found.between == pytest.approx(printed["refvar"], rel=1e-6)
    assert found.slopes == pytest.approx(np.array(printed["beta"]), rel=1e-6)
    assert found.estimate == pytest.approx(np.array(printed["eblup"]), rel=1e-6)
    assert found.error**2 == pytest.approx(np.array(printed["mse"]), rel=1e-6)
    direct = column(table, "SD") / column(table, "yi")
    modelled = found.error / found.estimate
    assert (direct.mean() * 100, modelled.mean() * 100) == (to(14.8, 1), to(11.1, 1))


def test_the_rivals_of_the_coverage_benchmark_cover_what_was_simulated_elsewhere(
    vectors: Path,
) -> None:
    """Another simulation printed how often Wald, Wilson, the logit and Korn and Graubard cover."""
    names = {"wald": "Wald", "wilson": "Wilson", "korn_graubard": "Korn-Graubard"}
    text = (vectors / "survey" / "interval_coverage_simulation.txt").read_text()
    for line in text.splitlines():
        people, share, told = line.split(" ", 2)
        if int(people) > 400:
            continue
        printed = json.loads(told.replace("'", '"').replace("(", "[").replace(")", "]"))
        found = survey_coverage.cell(5, int(people), float(share), 1_500)
        for name, ours in names.items():
            assert found[ours][0] == pytest.approx(printed[name][0], abs=0.04), (line, name)
