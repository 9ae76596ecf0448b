"""A small release, written by its contract, with a case of everything that a page may have to say.

It holds four boroughs and five wards: enough to visit and inspect every page in seconds, and odd
enough to have a borough with a police force of its own, a ward with nothing, months that are
partial or being checked, a corrected month, a two-sided line and a refused file. `Release` reads it
as it reads any other. The figures are drawn from a fixed seed and mean nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml
from tests.pages.made_gaps import gap_records
from tests.pages.made_places import place_records

from bluelamp.definitions import read_gazetteer
from bluelamp.measures.definition import Measure, read_measures
from bluelamp.periods import Month, Period, months_between
from bluelamp.plan.edition import JudgedBy
from bluelamp.plan.line import Line
from bluelamp.plan.reading import read_editions
from bluelamp.public.opened import OpenRelease, open_release
from bluelamp.public.publish import publish
from bluelamp.signals.progress import progress_of

FORCE, CITY, CITY_FORCE = "E23000001", "E09000001", "E23000034"
BARNET, CAMDEN, CROYDON = "E09000003", "E09000007", "E09000008"
BOROUGHS = (BARNET, CAMDEN, CROYDON)
MONTHS = months_between(Month(2022, 1), Month(2026, 3))
PARTIAL, CHECKED = Month(2024, 2), Month(2022, 6)
REASON = "Only part of this month has been published"
CHANGED = {("burglary", FORCE), ("burglary", CROYDON), ("knife-crime", CAMDEN), ("robbery", BARNET)}
# Every other measure has no figures in this release, and its pages must say so.
MEASURED = {
    "recorded-crime", "recorded-crime-rate", "burglary", "knife-crime", "robbery",
    "positive-outcomes-hate-crime", "domestic-abuse", "confidence-good-job",
}  # fmt: skip
SCALE = {"force": 1.0, "borough": 0.03, "ward": 0.002}
FIGURE_SCHEMA = {
    "area": pl.String, "group": pl.String, "kind": pl.String, "period": pl.String,
    "numerator": pl.Float64, "denominator": pl.Float64, "value": pl.Float64,
    "lower": pl.Float64, "upper": pl.Float64, "status": pl.String, "receipts": pl.String,
}  # fmt: skip
CHART_SCHEMA = {
    "area": pl.String, "month": pl.String, "value": pl.Float64, "expected": pl.Float64,
    "lower": pl.Float64, "upper": pl.Float64, "being_checked": pl.Boolean, "reason": pl.String,
}  # fmt: skip


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")


def write_definitions(root: Path, folder: Path) -> None:
    """The project's own definitions with fewer areas, and a second edition without lines."""
    shutil.copytree(root / "definitions", folder)
    for name, keep in (
        ("boroughs", lambda a: a["code"] in (CITY, *BOROUGHS)),
        ("wards-2025", lambda a: a["parent"] in (CITY, *BOROUGHS)),
    ):
        path = folder / "areas" / f"{name}.yaml"
        area_set = yaml.safe_load(path.read_text(encoding="utf-8"))
        kept = [area for area in area_set["areas"] if keep(area)]
        if name == "wards-2025":
            kept = [next(a for a in kept if a["parent"] == b) for b in (CITY, *BOROUGHS)] + kept[
                -1:
            ]
        area_set["areas"] = kept
        area_set["outside"] = area_set.get("outside", [])[:3]
        path.write_text(yaml.safe_dump(area_set, allow_unicode=True), encoding="utf-8")
    older = folder / "plans" / "london-2013"
    if not older.exists():
        leading = folder / "plans" / "london-2017"
        plan = yaml.safe_load((leading / "plan.yaml").read_text(encoding="utf-8"))
        older.mkdir()
        plan |= {"title": "An older plan", "short_title": "Older plan", "judged_by": "targets"}
        plan |= {
            "starts": plan["starts"].replace(year=2013),
            "ends": plan["starts"].replace(year=2016),
        }
        (older / "plan.yaml").write_text(yaml.safe_dump(plan), encoding="utf-8")
        priority = min((leading / "priorities").glob("*.yaml"))
        (older / "priorities").mkdir()
        shutil.copy(priority, older / "priorities" / priority.name)
        (older / "lines").mkdir()


def base_value(measure: Measure) -> float:
    if measure.is_percentage:
        return 0.12 if measure.kind == "share" else 0.47
    return 8.0 + len(measure.id) ** 2 * 4


def area_codes(definitions: Path, measure: Measure) -> list[tuple[str, str]]:
    """(code, level) of every area for which the measure has figures; never the City's."""
    wards = [a.code for a in read_gazetteer(definitions).of_kind("ward") if a.parent in BOROUGHS]
    codes = {"force": [FORCE], "borough": list(BOROUGHS), "ward": wards[:-1]}
    return [(code, level) for level in measure.levels for code in codes[level]]


def figure_rows(measure: Measure, code: str, level: str, rng: np.random.Generator) -> list[dict]:
    """Months, financial years and the last rolling years; one month and its year withheld."""
    rows = []
    months = {m: base_value(measure) * SCALE[level] * rng.uniform(0.8, 1.2) for m in MONTHS}
    periods = [Period("month", m) for m in MONTHS]
    periods += [Period("fy", Month(year, 3)) for year in range(2023, 2027)]
    periods += [Period("r12", m) for m in MONTHS[11:]]
    for period in periods:
        known = [months[m] for m in period.months if m in months and m != PARTIAL]
        withheld = PARTIAL in period.months or len(known) < period.length
        total = float(np.round(np.sum(known)))
        if measure.is_percentage:
            total = base_value(measure) * (0.9 + 0.2 * rng.random())
        ranged = measure.kind != "published"
        rows.append(
            {
                "area": code, "group": "all", "kind": period.kind, "period": str(period),
                "numerator": None if withheld else total,
                "denominator": 1000.0 if measure.kind in ("share", "rate") else None,
                "value": None if withheld else total,
                "lower": None if withheld or not ranged else total * 0.9,
                "upper": None if withheld or not ranged else total * 1.1 + 1e-3,
                "status": REASON if withheld else "ok",
                "receipts": f"{sha('new')} {sha('old')}",
            }
        )  # fmt: skip
    return rows


def chart_rows(measure: Measure, code: str, level: str, rng: np.random.Generator) -> list[dict]:
    mean = base_value(measure) * (1 if measure.is_percentage else SCALE[level])
    rows = []
    for month in MONTHS:
        withheld = month == PARTIAL
        judged = month.index > MONTHS[-1].index - 12
        rows.append(
            {
                "area": code, "month": str(month),
                "value": None if withheld else mean * rng.uniform(0.8, 1.2),
                "expected": mean if judged else None,
                "lower": mean * 0.75 if judged else None,
                "upper": mean * 1.25 if judged else None,
                "being_checked": month == CHECKED,
                "reason": REASON if withheld else "",
            }
        )  # fmt: skip
    return rows


def finding_record(question: str, measure: Measure, code: str, place: str) -> dict[str, Any]:
    changed = (measure.id, code) in CHANGED and question == "watch"
    tested = measure.kind in ("count", "share")
    mean = base_value(measure)
    sentence = f"No clear change in {measure.things} in {place} in the 12 months to March 2026."
    if changed:
        sentence = f"{measure.title} in {place} has been lower than expected since July 2025."
    if not tested:
        sentence = f"It cannot be judged whether {measure.title.lower()} in {place} has changed."
    return {
        "question": question, "measure": measure.id, "area": code, "group": "all",
        "status": "changed" if changed else "no clear change" if tested else "not judged",
        "direction": "lower" if changed else "", "hope": "lower",
        "reading": "better" if changed else "no clear change" if tested else "not judged",
        "since": "2025-07" if changed else "",
        "effect": -0.2 * mean if tested else None,
        "effect_lower": -0.3 * mean if tested else None,
        "effect_upper": -0.1 * mean if tested else None,
        "observed": 0.8 * mean if tested else None, "expected": mean if tested else None,
        "window_first": "2025-04", "window_last": "2026-03",
        "baseline_first": "2020-04", "baseline_last": "2025-03",
        "p_value": (0.0001 if changed else 0.4) if tested else None,
        "q_value": (0.002 if changed else 0.8) if tested else None,
        "reason": "" if tested else "It is published without the number of people asked.",
        "sentence": sentence,
    }  # fmt: skip


READINGS = {
    "london-2013": ["met", "missed", "on course", "off course", "too close to call"],
    "london-2017": ["better", "worse", "mixed", "changed", "no clear change"],
}


def said_of_progress(line: Line, judged_by: JudgedBy, reading: str) -> str:
    """By the rule itself, of a plan's time that was better throughout."""
    return progress_of(line, judged_by, reading, "better") if judged_by == "progress" else ""


def line_records(definitions: Path) -> list[dict[str, Any]]:
    """A reading of every line of every edition, each kind of reading at least once; in boroughs
    one that is better and others without a clear change."""
    records = []
    for edition in read_editions(definitions, set(read_measures(definitions))).values():
        plan = edition.plan.id
        kinds = READINGS.get(plan, READINGS["london-2017"])
        for number, line in enumerate(edition.lines):
            judged = any(part.measures for part in line.parts)
            for area in (FORCE, *BOROUGHS):
                reading = kinds[number % len(kinds)] if judged else "not judged"
                if judged and area != FORCE:
                    reading = "better" if area == BARNET else "no clear change"
                records.append(
                    {
                        "edition": plan, "line": line.id, "area": area, "reading": reading,
                        "parts": ["no clear change" if p.measures else "not judged"
                                  for p in line.parts],
                        "sentence": f"Found about “{line.title}” in the year to March 2026.",
                        "over_the_plan": "better" if judged and plan == "london-2017" else "",
                        "progress": said_of_progress(line, edition.plan.judged_by, reading),
                    }
                )  # fmt: skip
    return records


def target_records(definitions: Path) -> list[dict[str, Any]]:
    """Every target for the force: those with figures here halfway to the goal, the others not
    judged."""
    found = []
    for edition in read_editions(definitions, set(read_measures(definitions))).values():
        for line in edition.lines:
            if line.target is None:
                continue
            measure = next(iter(line.parts[0].measures), "")
            judged = measure in MEASURED and line.target.by is not None
            start = 0.62 if measure == "confidence-good-job" else 1000.0
            goal = start * 0.8
            points = [
                {"month": str(Month(2025, 3) + step), "value": None if step == 3 else
                 start * (1 - 0.008 * step), "trajectory": start * (1 - 0.01 * step),
                 "chance": 0.62 if step in (0, 12) else None}
                for step in range(13)
            ]  # fmt: skip
            found.append(
                {
                    "edition": edition.plan.id, "line": line.id, "area": FORCE, "measure": measure,
                    "status": "too close to call" if judged else "not judged",
                    "baseline": start if judged else line.target.baseline,
                    "baseline_first": "2024-04" if judged else "",
                    "baseline_last": "2025-03" if judged else "",
                    "goal": goal if judged else line.target.at_least or line.target.at_most,
                    "by": str(line.target.last_month) if judged else "",
                    "latest": start * 0.904 if judged else None,
                    "latest_month": "2026-03" if judged else "",
                    "trajectory": start * 0.88 if judged else None,
                    "distance": start * 0.904 - goal if judged else None,
                    "chance": 0.62 if judged else None, "points": points if judged else [],
                    "reason": "" if judged else "Nothing is published of it.",
                    "sentence": f"Said of the target of “{line.title}”.",
                }
            )  # fmt: skip
    return found


def quoted_records(definitions: Path) -> list[dict[str, Any]]:
    """Of every quoted number one of the three verdicts, in turn."""
    found = []
    for edition in read_editions(definitions, set(read_measures(definitions))).values():
        for number, figure in enumerate(edition.quoted.values()):
            verdict = ("agrees", "differs", "cannot be checked")[number % 3]
            ours = {"agrees": figure.value, "differs": figure.value + 2}.get(verdict)
            found.append(
                {
                    "edition": edition.plan.id, "figure": figure.id, "verdict": verdict,
                    "ours": ours, "how": "" if ours is None else "Made again from what is here.",
                    "reason": "" if verdict == "agrees" else "The publisher says more since.",
                    "sentence": "Said of the number.",
                }
            )  # fmt: skip
    return found


def receipt_record(name: str, status: str, **more: Any) -> dict[str, Any]:
    return {
        "sha256": sha(name), "size": 123456, "container": "",
        # Wider than a phone, and nowhere to break it.
        "name": f"a_publishers_own_name_for_its_table_{name}.csv",
        "status": status,
        "source": "mps-recorded-crime", "publisher": "Metropolitan Police",
        "licence": "Open Government Licence v3.0", "received_on": "2026-04-20",
        "published_on": "2026-04-01", "published_inferred": True, "rows_read": 900,
        "rows_kept": 900, "rows_refused": 0, "first_month": "2019-01", "last_month": "2026-03",
        "synthetic": True, "refusals": [],
    } | more  # fmt: skip


def coverage_records() -> list[dict[str, Any]]:
    states = {PARTIAL: "partial", CHECKED: "being checked"}
    return [
        {
            "source": "mps-recorded-crime", "level": level, "scope": "all", "month": str(month),
            "state": states.get(month, "known"), "total": 80000.0 + month.index % 7,
            "receipt": sha("new"), "published_on": "2026-04-01",
            "note": "11 of 32 boroughs are absent" if month == PARTIAL else "",
            "revised_from": 79990.0 if month.year == 2023 else None,
        }
        for level in ("borough", "ward")
        for month in MONTHS
    ]  # fmt: skip


def write_release(root: Path, folder: Path) -> Path:
    """Write the small release into a new folder, and return it."""
    definitions = folder / "definitions"
    folder.mkdir(parents=True)
    write_definitions(root, definitions)
    measures, places = read_measures(definitions), read_gazetteer(definitions)
    rng = np.random.default_rng(8)
    findings = []
    for name in ("figures", "charts"):
        (folder / name).mkdir()
    for measure in (measures[id] for id in sorted(MEASURED)):
        areas = area_codes(definitions, measure)
        rows = [row for code, level in areas for row in figure_rows(measure, code, level, rng)]
        pl.DataFrame(rows, schema=FIGURE_SCHEMA).write_parquet(
            folder / "figures" / f"{measure.id}.parquet"
        )
        if measure.kind == "rate":
            continue
        rows = [
            row
            for code, level in areas
            if level != "ward"  # a release draws no expected range for wards
            for row in chart_rows(measure, code, level, rng)
        ]
        pl.DataFrame(rows, schema=CHART_SCHEMA).write_parquet(
            folder / "charts" / f"{measure.id}.parquet"
        )
        findings += [
            finding_record(question, measure, code, places[code].name)
            for question in ("watch", "edition")
            for code, _ in areas
        ]
    write_json(folder / "findings.json", findings)
    write_json(folder / "readings.json", line_records(definitions))
    write_json(folder / "targets.json", target_records(definitions))
    write_json(folder / "quoted.json", quoted_records(definitions))
    write_json(folder / "gaps.json", gap_records(definitions, FORCE, BOROUGHS, [sha("new")]))
    write_json(folder / "places.json", place_records(BOROUGHS, CITY))
    refusal = {"line": 3, "reason": "The month “13/2025” is not a month. Write it as 2025-12."}
    receipts = [
        receipt_record("new", "kept"),
        receipt_record(
            "old",
            "partly refused",
            rows_refused=1,
            refusals=[refusal],
            notes=["3 rows stand twice"],
        ),
        receipt_record("unknown", "not read", source="", rows_kept=0, published_on=""),
    ]
    write_json(folder / "receipts.json", receipts)
    write_json(folder / "coverage.json", coverage_records())
    moved = {"month": "2023-01", "words": "counted in a new way"}
    write_json(folder / "breaks.json", {"recorded-crime": [moved]})
    manifest = {
        "format": 1, "id": "london-2017-2026-04-30", "plan": "london-2017",
        "known_on": "2026-04-30", "received_by": None, "synthetic": True, "code_version": "0.1.0",
        "predecessor": None, "family": {}, "files": {},
    }  # fmt: skip
    write_json(folder / "release.json", manifest)
    return folder


@pytest.fixture(scope="session")
def small_release(root: Path, made_once: Callable[..., Path]) -> Path:
    """The folder of the small release."""
    made = made_once("small-release", lambda folder: write_release(root, folder / "release"))
    return made / "release"


@pytest.fixture(scope="session")
def opened(small_release: Path) -> OpenRelease:
    return open_release(small_release)


@pytest.fixture(scope="session")
def published(small_release: Path, made_once: Callable[..., Path]) -> Path:
    """The folder to which two processes have published the small release."""

    def make(folder: Path) -> None:
        publish(small_release, folder / "site", processes=2)

    return made_once("published", make) / "site"


@pytest.fixture(scope="session")
def client(small_release: Path) -> Iterator[Any]:
    """Django's test client upon the small release, with the settings of the public site."""
    patch = pytest.MonkeyPatch()
    patch.setenv("BLUELAMP_RELEASE", str(small_release))
    patch.setenv("DJANGO_SETTINGS_MODULE", "bluelamp.web.settings")
    import django
    from django.conf import settings
    from django.test import Client

    django.setup()
    patch.setattr(settings, "BLUELAMP_RELEASE", str(small_release))
    yield Client()
    patch.undo()
