"""`as_known` against its slow, obvious twin: dicts and loops over receipts and coverage."""

from __future__ import annotations

import statistics
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bluelamp.definitions import definitions_root
from bluelamp.evidence.coverage import COVERAGE_SCHEMA
from bluelamp.evidence.known import Known, as_known
from bluelamp.evidence.receipt import Receipt
from bluelamp.evidence.source import Source, read_sources
from bluelamp.evidence.store import Store
from bluelamp.periods import Month

MONTHS = [str(Month(2022, 1) + i) for i in range(15)]
# One source per way of making the force's total: from boroughs, from its own rows, not at all.
SOURCES = ("mps-recorded-crime", "police-uk-street", "census-2021-residents-lsoa")
DAYS = st.integers(1, 6).map(lambda n: f"2024-0{n}-01")
Publication = tuple[Receipt, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    return read_sources(definitions_root())


@st.composite
def unit_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Coverage of one level and scope: a run of months around one usual total."""
    level = draw(st.sampled_from(["borough", "ward", "force"]))
    scope = draw(st.sampled_from(["all", "KNIFE"]))
    first = draw(st.integers(0, 3))
    usual = draw(st.sampled_from([100, 240, 250, 500, 1_000]))
    rows = []
    for month in MONTHS[first : draw(st.integers(first + 1, len(MONTHS)))]:
        share = draw(st.sampled_from([1.0, 1.0, 1.0, 1.0, 1.01, 0.8, 0.79, 0.74, 0.4, 0.0, 2.0]))
        reason = draw(st.sampled_from(["", "", "", "", "", "2 boroughs are missing"]))
        rows.append(
            {
                "level": level, "scope": scope, "month": month,
                "total": float(round(usual * share)), "areas": draw(st.integers(30, 32)),
                "categories": draw(st.integers(9, 10)),
                "partial": reason,
            }
        )  # fmt: skip
    return rows


@st.composite
def publications(draw: st.DrawFn) -> list[Publication]:
    made = []
    for number in range(draw(st.integers(0, 5))):
        by_key: dict[tuple[str, str, str], dict[str, Any]] = {}
        for rows in draw(st.lists(unit_rows(), min_size=1, max_size=3)):
            for row in rows:
                by_key[(row["level"], row["scope"], row["month"])] = row
        receipt = Receipt(
            sha256=f"{draw(st.integers(0, 15)):x}{number}" + "0" * 62, size=1, name="a.csv",
            container="", source=draw(st.sampled_from(SOURCES)), publisher="", licence="",
            status=draw(st.sampled_from(["kept", "kept", "partly refused", "refused"])),
            received_on=draw(DAYS), published_on=draw(DAYS), published_inferred=False,
            rows_read=1, rows_kept=1, rows_refused=0, system=draw(st.sampled_from(["", "new"])),
        )  # fmt: skip
        made.append((receipt, list(by_key.values())))
    return made


def fill(store: Store, made: list[Publication]) -> None:
    for receipt, rows in made:
        path = store.coverage(receipt.sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(rows, schema=COVERAGE_SCHEMA).write_parquet(path)
        store.sign(receipt)


def slow(
    made: list[Publication], sources: dict[str, Source], on: str, received_by: str | None
) -> dict[tuple[str, str, str, str], tuple[Any, ...]]:
    """(source, level, scope, month) -> (receipt, total, state, revised_from, system)."""
    units: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
    for receipt, rows in made:
        if receipt.status == "refused" or receipt.published_on > on:
            continue
        if received_by is not None and receipt.received_on > received_by:
            continue
        for row in rows:
            key = (receipt.source, row["level"], row["scope"], row["month"])
            units.setdefault(key, []).append({**row, "receipt": receipt, "why": row["partial"]})
    for key, candidates in units.items():
        for c in candidates:
            c["far_above"] = is_far_above(c, key, units)
    for (source, level, scope, month), candidates in units.items():
        greatest = max((c["total"] for c in candidates if not c["far_above"]), default=0)
        lead_level = sources[source].force_from
        leading = units.get((source, lead_level, scope, month), [])
        lead = max((c["total"] for c in leading if not c["far_above"]), default=0)
        for c in candidates:
            below_another = greatest >= 200 and c["total"] < 0.8 * greatest
            below_lead = level != lead_level and lead >= 200 and c["total"] < 0.5 * lead
            c["partial_now"] = bool(c["why"]) or below_another or below_lead

    answer: dict[tuple[str, str, str, str], tuple[Any, ...]] = {}
    for key, candidates in units.items():
        ordered = sorted(
            candidates,
            key=lambda c: (
                not c["partial_now"], c["receipt"].published_on, c["areas"], c["categories"],
                c["total"], c["receipt"].received_on, c["receipt"].sha256,
            ),
        )  # fmt: skip
        best = ordered[-1]
        before = [
            c["total"] for c in ordered if not c["partial_now"] and c["total"] != best["total"]
        ]
        answer[key] = (
            best["receipt"].sha256, best["total"], "partial" if best["partial_now"] else "known",
            before[-1] if before else None, best["receipt"].system,
        )  # fmt: skip

    low = []
    for key, (_, total, state, _, _) in answer.items():
        twelve = [(*key[:3], str(Month.parse(key[3]) - back)) for back in range(1, 13)]
        if state != "known" or not all(answer.get(k, ("", 0, ""))[2] == "known" for k in twelve):
            continue
        usual = statistics.median(answer[k][1] for k in twelve)
        if usual >= 200 and total < 0.75 * usual:
            low.append(key)
    for key in low:
        receipt, total, _, revised_from, system = answer[key]
        answer[key] = (receipt, total, "being checked", revised_from, system)
    return answer


def is_far_above(
    one: dict[str, Any],
    key: tuple[str, str, str, str],
    units: dict[tuple[str, str, str, str], list[dict[str, Any]]],
) -> bool:
    """Whether one publication of a month stands alone above the others and the months around."""
    totals = [c["total"] for c in units[key]]
    if not max(totals) > 1.25 * min(totals):
        return False
    beside = [c["total"] for c in units[key] if c is not one and not c["why"]]
    for offset in (-3, -2, -1, 1, 2, 3):
        month = str(Month.parse(key[3]) + offset)
        whole = [c["total"] for c in units.get((*key[:3], month), []) if not c["why"]]
        if whole:
            beside.append(statistics.median(whole))
    return len(beside) >= 2 and one["total"] > 1.25 * statistics.median(beside)


def fast(known: Known) -> dict[tuple[str, str, str, str], tuple[Any, ...]]:
    return {
        (u["source"], u["level"], u["scope"], u["month"]):
        (u["receipt"], u["total"], u["state"], u["revised_from"], u["system"])
        for u in known.chosen.iter_rows(named=True)
    }  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(made=publications(), on=DAYS, received_by=st.none() | DAYS)
def test_the_same_publication_speaks_for_every_month(made, on, received_by, sources):
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        fill(store, made)
        day = date.fromisoformat(received_by) if received_by else None
        known = as_known(store, sources, on=date.fromisoformat(on), received_by=day)
        expected = slow(made, sources, on, received_by)
        assert fast(known) == expected
        for state in {unit[2] for unit in expected.values()}:
            event(state)

        # A rebuild is given the receipts of its release and nothing else.
        again = as_known(
            store, sources, on=date.fromisoformat(on), received_by=day,
            only=frozenset(known.receipts),
        )  # fmt: skip
        assert again.chosen.equals(known.chosen)


def test_a_month_that_is_low_after_twelve_known_ones_is_being_checked(tmp_path, sources):
    """Chance seldom draws twelve known months in a row, so the case is drawn here."""
    rows = [
        {"level": "borough", "scope": "all", "month": m, "total": t, "areas": 32,
         "categories": 10, "partial": ""}
        for m, t in zip(MONTHS[:14], [1_000.0] * 12 + [749.0, 751.0], strict=True)
    ]  # fmt: skip
    receipt = Receipt(
        sha256="a" * 64, size=1, name="a.csv", container="", status="kept",
        source="mps-recorded-crime", publisher="", licence="", received_on="2024-01-01",
        published_on="2024-01-01", published_inferred=False, rows_read=1, rows_kept=1,
        rows_refused=0,
    )  # fmt: skip
    store = Store(tmp_path)
    fill(store, [(receipt, rows)])
    known = as_known(store, sources, on=date(2024, 1, 1), received_by=None)
    assert fast(known) == slow([(receipt, rows)], sources, "2024-01-01", None)
    states = {key[3]: unit[2] for key, unit in fast(known).items()}
    assert [m for m, s in states.items() if s == "being checked"] == [MONTHS[12]]


def test_nothing_received_is_nothing_known(tmp_path, sources):
    known = as_known(Store(tmp_path), sources, on=date(2024, 1, 1), received_by=None)
    assert known.chosen.is_empty()
    assert known.tally("mps-recorded-crime", "borough").is_empty()
