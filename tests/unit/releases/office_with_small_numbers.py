"""A made-up office that counts assaults seen in A&E, with small numbers planted: two releases that
follow one another, with a month revised between them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bluelamp.definitions import read_gazetteer
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store
from bluelamp.periods import Month, months_between
from bluelamp.releases.build import Order, build
from bluelamp.releases.disclosure.ledger import Kept, Ledger
from bluelamp.releases.release import Release

FORCE, CAMDEN, CROYDON, BARNET = "E23000001", "E09000007", "E09000008", "E09000003"
THRESHOLD = 5
FIRST, SECOND = date(2026, 2, 28), date(2026, 4, 30)
MONTHS = months_between(Month(2024, 1), Month(2026, 3))
# Numbers that stand nowhere else: a month of a borough, and two large ones that must go with a 3.
SINGLE_MONTH, BESIDE_THE_SMALL, THE_OTHER = 71_933, 40_127, 51_849
MEASURES = {
    "assaults-seen": ("count", "numerator:\n  - {}"),
    "assaults-seen-knife": ("count", "numerator:\n  - {subcategory: [Knife]}"),
    "assaults-seen-knife-share": (
        "share", "numerator:\n  - {subcategory: [Knife]}\ndenominator:\n  - {}"),
    "assaults-seen-rate": ("rate", "rate_of: assaults-seen\nper: 1000\namong: residents"),
}  # fmt: skip
TEXT = """\
title: "{id} of a made-up office"
things: {id}
kind: {kind}
source: assault-attendances
levels: [force, borough]
unit: people
description: Made up.
why: Made up.
{rows}
review: {{author: A, checked_by: B, on: 2026-01-01, next: 2027-01-01}}
"""
HEADER = (
    "attendance_month,department_borough,assault_place,assault_weapon,assault_time,"
    "assault_attendances"
)


@dataclass(frozen=True)
class Office:
    """Two releases of one store, the second the successor of the first."""

    store: Store
    definitions: Path
    first: Release
    second: Release


def planted(names: list[str]) -> dict[tuple[str, str, str], int]:
    """How many by month, borough and weapon."""
    rng = np.random.default_rng(20_260_507)
    counts = {
        (str(month), name, weapon): int(rng.poisson(mean))
        for month in MONTHS
        for name in names
        for weapon, mean in (("Knife", 0.6), ("Body part", 9.0))
    }
    for name in names:  # a quarter in which one borough has 3 with a knife, and two have very many
        for month in ("2024-07", "2024-08", "2024-09"):
            counts[month, name, "Knife"] = 0
    counts["2024-08", "Camden", "Knife"] = 3
    counts["2024-08", "Croydon", "Knife"] = BESIDE_THE_SMALL
    counts["2024-08", "Barnet", "Knife"] = THE_OTHER
    counts["2025-02", "Croydon", "Body part"] = SINGLE_MONTH
    return counts


def file_of(path: Path, counts: dict[tuple[str, str, str], int], months: list[Month]) -> Path:
    told = {str(month) for month in months}
    lines = [
        f"{month},{name},Street,{weapon},20:00-23:59,{count}"
        for (month, name, weapon), count in counts.items()
        if count and month in told
    ]
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return path


def with_measures(definitions: Path) -> Path:
    for id, (kind, rows) in MEASURES.items():
        text = TEXT.format(id=id, kind=kind, rows=rows)
        (definitions / f"measures/{id}.yaml").write_text(text)
    return definitions


def make_office(made_once: Callable[..., Path], small_london: Any) -> Office:
    """The office, made once in a run of the tests."""

    def make(folder: Path) -> None:
        definitions = folder / "definitions"
        shutil.copytree(small_london.definitions, definitions)
        with_measures(definitions)
        store = Store(folder / "store")
        shutil.copytree(small_london.store.root, store.root)
        names = [
            a.name for a in read_gazetteer(definitions).of_kind("borough") if a.parent == FORCE
        ]
        counts = planted(names)
        desk = Desk(definitions)

        def received(name: str, months: list[Month], day: date) -> None:
            (outcome,) = receive(
                store, desk, [file_of(folder / name, counts, months)], on=day, published=day
            )
            assert not outcome.is_fault, outcome

        received("first.csv", MONTHS[:24], date(2026, 2, 1))
        shelf = store.root / "releases"
        order = Order(definitions, "london-2017", FIRST)
        first = build(store, order, shelf / "with-small-1")
        # Two more were found in a month that has been published, and a new quarter has come.
        counts["2025-05", "Camden", "Knife"] += 2
        received("second.csv", MONTHS[16:17] + MONTHS[24:], date(2026, 4, 20))
        order = Order(definitions, "london-2017", SECOND, predecessor=first.manifest.id)
        build(store, order, shelf / "with-small-2")

    folder = made_once("office-with-small-numbers", make)
    store = Store(folder / "store")
    first, second = (Release(store.root / f"releases/with-small-{i}") for i in (1, 2))
    return Office(store, folder / "definitions", first, second)


def ledger(office: Office, release: Release) -> tuple[Kept, ...]:
    """What the store keeps of one release."""
    return Ledger(office.store).before(release.manifest.id)[0]
