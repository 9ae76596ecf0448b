"""Cumulative sums held to OpenPrescribing's cases and to Montgomery's example."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from bluelamp.statistics.charts import cusum


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    folder = shared / "vectors"
    if not folder.is_dir():
        pytest.skip("this test needs the vectors of ../shared, which are not here")
    return folder


def openprescribing_cases(text: str) -> list[tuple[str, list[float], list[int]]]:
    """Name, shares and alerts of each case: columns of four characters, hundredths."""
    cases = []
    for block in text.strip("\n").split("# ")[1:]:
        name, values, flags, *_ = [*block.split("\n"), ""]
        width = (len(values.rstrip()) + 3) // 4
        cells = [values[4 * i : 4 * i + 4].strip() for i in range(width)]
        marks = [flags[4 * i : 4 * i + 4].strip() for i in range(width)]
        shares = [float(cell) / 100 if cell else np.nan for cell in cells]
        cases.append((name, shares, [{"u": 1, "d": -1, "": 0}[mark] for mark in marks]))
    return cases


def test_the_25_alert_cases_of_openprescribing(vectors: Path) -> None:
    text = (vectors / "cusum/openprescribing_alert_test_cases.txt").read_text()
    cases = openprescribing_cases(text)
    assert len(cases) == 25
    for name, shares, alerts in cases:
        found = cusum.openprescribing(shares, window=3, sensitivity=5)
        assert found.alert.tolist() == alerts, name


def test_the_sums_targets_and_thresholds_behind_the_25_cases(vectors: Path) -> None:
    cases = json.loads((vectors / "peers/openprescribing_cusum/cases.json").read_text())["cases"]
    assert len(cases) == 25
    for case in cases:
        found = cusum.openprescribing(np.array(case["data"], dtype=float), window=3)
        for name, part in {
            "smax": found.high,
            "smin": found.low,
            "target_mean": found.target,
            "alert_threshold": found.threshold,
        }.items():
            told = np.array(case[name], dtype=float)
            np.testing.assert_allclose(part, told, atol=1e-12, err_msg=case["name"])


def test_montgomerys_cusum_alerts_at_sample_29(vectors: Path) -> None:
    """His example 9.1, target 10 and deviation 1: in table 9.2 the sum is 5.28, over 5."""
    with (vectors / "spc/qicharts2/input_tbl_09.01.csv").open() as file:
        values = [float(row["x"]) for row in csv.DictReader(file)]
    found = cusum.two_sided(values, target=10, deviation=1)
    assert np.flatnonzero(found.alert)[0] + 1 == 29
    assert round(float(found.high[28]), 2) == 5.28
    # The sum has been above 0 for seven samples: the change began after the 22nd.
    assert np.flatnonzero(found.high[:29] == 0)[-1] + 1 == 22
