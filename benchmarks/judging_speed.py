"""How long does it take to judge 40 measures of 712 areas over 180 months, and how long R?

The areas are the force and its boroughs (33) and its wards (679), each level a group of its own; a
quarter of the measures are shares. Both questions are asked of every series, watch and edition, and
one false discovery control is made over all. The first measure is judged once before the clock
starts, so that what is only made once is made.

The rival is R with `surveillance` (Farrington's method in the form of Noufaily and others) and
a quasi-Poisson regression, for time per series on 300 of the series. Where methods coincide values
are compared: a step under independent noise with R's `lm`, and the exact conditional test of rare
events with `pbinom`. Without R that part is left out, and says so.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bluelamp.statistics.change import Change, edition, watch, watch_question
from bluelamp.statistics.contrast import weigh
from bluelamp.statistics.false_discovery import benjamini_hochberg
from bluelamp.statistics.noise import NoiseModel
from bluelamp.statistics.scales import Kind, small_number_p

SEED = 5_150_712
MEASURES = 40
LEVELS = (33, 679)
MONTHS = 180
FIRST_MONTH = (2011, 4)
EDITION = (120, 167)
ALLOWED_SECONDS = 10.0
RIVAL_SERIES = 300
AGREES_TO = 1e-8

Floats = NDArray[np.float64]

R_SCRIPT = """
y <- as.matrix(read.csv("series.csv", header = FALSE)); n <- nrow(y); months <- ncol(y)
last <- (months - 71):months
t <- last - 1
step <- as.numeric(t >= months - 12)
season <- cbind(cos(pi * t / 6), sin(pi * t / 6), cos(pi * t / 3), sin(pi * t / 3))
p_lm <- apply(y, 1, function(x) summary(lm(x[last] ~ season + step))$coefficients["step", 4])
begin <- proc.time()[3]
for (i in 1:n) glm(y[i, last] ~ season + step, family = quasipoisson)
seconds_glm <- proc.time()[3] - begin
late <- rowSums(y[, (months - 11):months]); early <- rowSums(y[, (months - 71):(months - 12)])
late <- late %% 10; early <- early %% 10
upper <- 1 - pbinom(late, late + early, 1 / 6) + dbinom(late, late + early, 1 / 6) / 2
write.csv(data.frame(p_lm, exact = pmin(1, 2 * pmin(upper, 1 - upper)), late, early), "values.csv")
seconds_farrington <- NA
if (requireNamespace("surveillance", quietly = TRUE)) {
  library(surveillance, quietly = TRUE)
  begin <- proc.time()[3]
  for (i in 1:n) {
    counts <- sts(y[i, ], start = c(2011, 4), frequency = 12)
    try(farringtonFlexible(counts, control = list(range = (months - 11):months, b = 5, w = 1,
        pastMonthsNotIncluded = 12, noPeriods = 12, verbose = FALSE)), silent = TRUE)
  }
  seconds_farrington <- proc.time()[3] - begin
}
cat(seconds_glm, seconds_farrington)
"""


def made_up(rng: np.random.Generator, areas: int, kind: Kind) -> tuple[Floats, Floats | None]:
    """(areas, MONTHS) figures with a season and scatter, and the denominators of a share."""
    months = np.arange(MONTHS)
    season = 1 + 0.1 * np.sin(2 * np.pi * months / 12)
    mean = rng.gamma(2, 20, size=(areas, 1)) * season
    mean = mean * np.exp(rng.normal(0, 0.1, size=(areas, MONTHS)))
    if kind == "count":
        return rng.poisson(mean).astype(float), None
    among = rng.poisson(mean) + 5.0
    return rng.binomial(among.astype(int), 0.3).astype(float), among


def judge_all(measures: list[tuple[Kind, Floats, Floats | None]]) -> int:
    """Both questions of every level of every measure and the control; how many are changes."""
    p = []
    for kind, figures, among in measures:
        begins = 0
        for size in LEVELS:
            rows = slice(begins, begins + size)
            begins += size
            p += [
                c.look_p_value
                for c in _both(kind, figures[rows], None if among is None else among[rows])
            ]
    return int(np.sum(benjamini_hochberg(np.concatenate(p)) <= 0.05))


def _both(kind: Kind, figures: Floats, among: Floats | None) -> tuple[Change, Change]:
    group = np.zeros(len(figures), dtype=int)
    first, last = EDITION
    return (
        watch(figures, kind=kind, first_month=FIRST_MONTH, exposure=among, group=group),
        edition(figures, kind=kind, first_month=FIRST_MONTH, exposure=among, start=first, end=last),
    )


def rival(series: Floats) -> list[str]:
    """Print R's time per series and how far its values are from ours; the misses, in words."""
    if shutil.which("Rscript") is None:
        print("R is not installed: the rival is left out")
        return []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        np.savetxt(place / "series.csv", series, delimiter=",", fmt="%.0f")
        (place / "rival.R").write_text(R_SCRIPT)
        ran = subprocess.run(
            ["Rscript", "--vanilla", "rival.R"],
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            print(f"R failed: {ran.stderr.strip()[-300:]}")
            return ["R is installed, but the rival's script failed"]
        values = np.genfromtxt(place / "values.csv", delimiter=",", skip_header=1)
    glm, farrington = ran.stdout.split()
    each = 1_000 / len(series)
    print(f"R: quasi-Poisson glm {float(glm) * each:.2f} ms a series", end="; ")
    shown = "left out, no package surveillance"
    if farrington != "NA":
        shown = f"{float(farrington) * each:.2f} ms a series"
    print(f"farringtonFlexible, the last 12 months: {shown}")
    apart = {
        "a step under independent noise and R's lm": (_independent(series), values[:, 1]),
        "the exact test of rare events and R's pbinom": (
            small_number_p(values[:, 4], values[:, 3], np.full(len(values), 1 / 6), np.array(1.0)),
            values[:, 2],
        ),
    }
    wrong = []
    for words, (ours, theirs) in apart.items():
        distance = float(np.max(np.abs(ours - theirs)))
        print(f"{words}: largest difference of the p-value {distance:.1e}")
        if distance > AGREES_TO:
            wrong.append(f"{words} differ by {distance:.1e}")
    return wrong


def _independent(series: Floats) -> Floats:
    """(S,) p-value of a step twelve months ago, noise independent, in the last 72 months."""
    months = np.arange(MONTHS)[-72:]
    steps = watch_question(72, "count").steps[11:12].astype(float)
    member = NoiseModel(0.0, 0.0, 0.0, 0.0)
    weighed = weigh(series[:, -72:], months, steps, (member,), np.ones(72))
    return weighed.contrast(np.zeros((1, 1))).p_value[:, 0]


def main() -> list[str]:
    """Print times and memory; the misses, in words."""
    rng = np.random.default_rng(SEED)
    measures: list[tuple[Kind, Floats, Floats | None]] = []
    for number in range(MEASURES):
        kind: Kind = "share" if number % 4 == 3 else "count"
        measures.append((kind, *made_up(rng, sum(LEVELS), kind)))
    judge_all(measures[:1])
    began = time.perf_counter()
    changes = judge_all(measures)
    seconds = time.perf_counter() - began
    series = MEASURES * sum(LEVELS)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    areas = sum(LEVELS)
    print(f"{MEASURES} measures x {areas} areas x {MONTHS} months, two questions each:")
    each = seconds / series * 1_000
    print(f"{seconds:.1f} s (allowed {ALLOWED_SECONDS:.0f}), {each:.2f} ms a series")
    print(f"greatest memory {megabytes:.0f} MB; {changes} called changed")
    wrong = rival(measures[0][1][:RIVAL_SERIES])
    if seconds > ALLOWED_SECONDS:
        wrong.append(f"{seconds:.1f} s > {ALLOWED_SECONDS:.0f} s")
    return wrong
