"""The Public Attitude Survey by borough: each quarter the share over the last twelve months,
rounded to a hundredth, with a decimal comma and no number of people asked.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from bluelamp.periods import Month
from bluelamp.synthetic.boroughs import PROFILES
from bluelamp.synthetic.draws import Floats
from bluelamp.synthetic.setting import Setting

ASKED_PER_QUARTER = 100
BOROUGH_SPREAD = 0.22  # standard deviation of a borough's level, on the log-odds scale
TRUST_FIRST_MONTH = Month(2016, 3)

# Question -> share of Londoners who say so (ours), in the publisher's order.
QUESTIONS = {
    '"Good Job" local': 0.60,
    "Contact ward officer": 0.20,
    "Informed local": 0.42,
    "Listen to concerns": 0.70,
    "Relied on to be there": 0.72,
    "Treat everyone fairly": 0.71,
    "Trust MPS": 0.78,
    "Understand issues": 0.68,
}


def write_surveys(setting: Setting, folder: Path) -> None:
    """The file by borough (commas) and the force's own (semicolons), of the same answers."""
    quarters = [m for m in setting.months if m.month % 3 == 0]
    shares = _shares(setting, len(quarters))
    people = np.array([PROFILES[code].thousands for code in setting.police_boroughs])
    london = np.average(shares, axis=1, weights=people)
    _write_boroughs(setting, quarters, shares, london, folder)
    _write_total(quarters, london, folder)


def _shares(setting: Setting, quarters: int) -> Floats:
    """Share who say so over each rolling year: question x borough x quarter."""
    rng = setting.stream("survey")
    usual = np.array(list(QUESTIONS.values()))
    level = np.log(usual / (1 - usual))[:, None]
    level = level + rng.normal(0, BOROUGH_SPREAD, (len(usual), len(setting.police_boroughs)))
    chance = 1 / (1 + np.exp(-level))
    # Three quarters more than are shown: the first figure covers a year as well.
    said_so = rng.binomial(ASKED_PER_QUARTER, chance[:, :, None], (*chance.shape, quarters + 3))
    years = np.lib.stride_tricks.sliding_window_view(said_so, 4, axis=2).sum(axis=3)
    return np.asarray(years / (4 * ASKED_PER_QUARTER), dtype=np.float64)


def _asked(question: str, quarter: Month) -> bool:
    return question != "Trust MPS" or quarter >= TRUST_FIRST_MONTH


def _write_boroughs(
    setting: Setting, quarters: list[Month], shares: Floats, london: Floats, folder: Path
) -> None:
    path = folder / "synthetic-pas-dashboard-borough.csv"
    codes = sorted(setting.police_boroughs, key=setting.name)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        # The publisher's sheet trails four empty columns.
        out.writerow(["Date", "Survey", "Borough", "Measure", "Proportion", "MPS", "", "", "", ""])
        for t, quarter in enumerate(quarters):
            date = f"{quarter.days}/{quarter.month}/{quarter.year}"
            for i, question in enumerate(QUESTIONS):
                if not _asked(question, quarter):
                    continue
                for code in codes:
                    b = setting.police_boroughs.index(code)
                    name = _spelling(setting.name(code), t)
                    out.writerow(
                        [
                            date,
                            "PAS",
                            name,
                            question,
                            _comma(shares[i, b, t]),
                            _comma(london[i, t]),
                            "",
                            "",
                            "",
                            "",
                        ]
                    )


def _write_total(quarters: list[Month], london: Floats, folder: Path) -> None:
    path = folder / "synthetic-pas-total.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";", lineterminator="\r\n")
        out.writerow(["Date", "Survey", "Borough", "Measure", "Proportion"])
        for t, quarter in enumerate(quarters):
            date = f"{quarter.days}/{quarter.month:02}/{quarter.year}"
            for i, question in enumerate(QUESTIONS):
                if _asked(question, quarter):
                    out.writerow([date, "PAS", "MPS", question, _comma(london[i, t])])


def _comma(share: float) -> str:
    """0.7 as the publisher writes it: 0,7."""
    return f"{share:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _spelling(name: str, quarter: int) -> str:
    if name == "Westminster":
        return "City of Westminster"
    return name.replace(" upon ", " Upon ") if name.startswith("Richmond") and quarter < 3 else name
