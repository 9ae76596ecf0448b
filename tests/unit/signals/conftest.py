"""Series made by hand, and a stand-in for the mathematics that writes down what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from bluelamp.measures.definition import Checked, Measure, Selection
from bluelamp.measures.series import Break, Series
from bluelamp.periods import Month
from bluelamp.places import Area, Gazetteer, gazetteer
from bluelamp.plan.edition import Edition, Plan, Priority
from bluelamp.plan.line import Line, Part

REVIEW = Checked("a", "b", date(2026, 1, 1), date(2027, 1, 1))
COUNT = Measure(
    "burglary", "Burglary", "burglaries", "d", "w", "count", "s", "offences",
    ("force", "borough"), REVIEW, numerator=(Selection(),),
)  # fmt: skip
KINDS = {
    "count": COUNT,
    "share": replace(COUNT, id="outcomes", kind="share", denominator=(Selection(),)),
    "rate": replace(COUNT, id="burglary-rate", kind="rate", rate_of="burglary"),
    "published": replace(COUNT, id="trust", kind="published"),
    "custom:gap": replace(COUNT, id="gap", kind="custom:gap"),
}


@pytest.fixture(scope="session")
def make_series() -> Callable[..., Series]:
    """A series from its numbers: (areas, months) arrays, the months counted from `first`."""

    def make(
        numerator: Any,
        *,
        first: str = "2015-01",
        kind: str = "count",
        denominator: Any = None,
        breaks: tuple[Break, ...] = (),
        checking: tuple[str, ...] = (),
        level: str = "borough",
        areas: tuple[str, ...] | None = None,
        **given: Any,
    ) -> Series:
        counts = np.atleast_2d(np.asarray(numerator, dtype=float))
        start = Month.parse(first)
        months = tuple(start + i for i in range(counts.shape[1]))
        base = None if denominator is None else np.atleast_2d(np.asarray(denominator, dtype=float))
        value = counts if base is None else counts / base
        return Series(
            measure=given.pop("measure", KINDS[kind]),
            level=level,
            areas=areas or tuple(f"E0900000{i + 1}" for i in range(len(counts))),
            months=months,
            numerator=counts,
            denominator=base,
            value=value,
            reasons=np.where(np.isnan(value), "not published", "").astype(object),
            being_checked=np.tile([str(month) in checking for month in months], (len(counts), 1)),
            receipts=tuple(("hash",) for _ in months),
            breaks=breaks,
            **given,
        )

    return make


@dataclass(frozen=True)
class Asked:
    """One question as it reached the mathematics."""

    question: str
    values: Any
    given: dict[str, Any]


@dataclass
class Mathematics:
    """Says what it is told to (`p_value`, `direction`, ...) and writes down what it was asked.

    Its expectation is the plain mean of the known months before the window.
    """

    asked: list[Asked] = field(default_factory=list)
    p_value: float = 0.5
    year_p_value: float | None = None  # the same, where nothing else is said
    direction: int = 0
    onset_after: int = 0
    reason: str = ""

    def watch(self, values: Any, **given: Any) -> Any:
        return self._answer("watch", values, values.shape[1] - given["window"], given)

    def edition(self, values: Any, **given: Any) -> Any:
        return self._answer("edition", values, given["start"], given)

    def _answer(self, question: str, values: Any, begins: int, given: dict[str, Any]) -> Any:
        from types import SimpleNamespace

        self.asked.append(Asked(question, values.copy(), given))
        rows, columns = values.shape
        share = given["exposure"] is not None
        worth = values / given["exposure"] if share else values
        known = np.isfinite(worth[:, :begins])
        total = np.where(known, worth[:, :begins], 0).sum(axis=1)
        mean = total / np.maximum(known.sum(axis=1), 1)
        expected = np.repeat(mean[:, np.newaxis], columns, axis=1)
        late = np.isfinite(worth[:, begins:])
        seen = np.where(late, worth[:, begins:], 0).sum(axis=1) / np.maximum(late.sum(axis=1), 1)
        effect = seen - mean
        return SimpleNamespace(
            look_p_value=np.full(rows, self.p_value),
            p_value=np.full(rows, self.p_value if self.year_p_value is None else self.year_p_value),
            direction=np.full(rows, self.direction),
            onset=np.full(rows, begins + self.onset_after),
            effect=effect,
            effect_lower=effect - abs(effect) / 2,
            effect_upper=effect + abs(effect) / 2,
            expected=expected,
            lower=expected * 0.8,
            upper=expected * 1.2,
            baseline_months=known.sum(axis=1),
            reason=np.full(rows, self.reason, dtype=object),
        )


@pytest.fixture
def mathematics(monkeypatch: pytest.MonkeyPatch) -> Mathematics:
    stand_in = Mathematics()
    monkeypatch.setattr("bluelamp.statistics.change", stand_in, raising=False)
    return stand_in


@pytest.fixture(scope="session")
def places() -> Gazetteer:
    names = ("Aldgate", "Barnet", "Croydon")
    return gazetteer(
        [
            Area("E23000001", "Metropolitan Police", "force", "2020"),
            *(Area(f"E0900000{i + 1}", n, "borough", "2023") for i, n in enumerate(names)),
            Area("outside:unknown", "Borough not known", "borough", "2023"),
            Area("E05000001", "Abbey", "ward", "2025", "E09000001"),
        ]
    )


@pytest.fixture(scope="session")
def plan() -> Edition:
    """April 2017 to February 2022, with one line on burglary and one that nothing is known of."""
    told = Plan(
        "p", "Plan", "Plan", "over", date(2017, 3, 20), date(2022, 3, 23), "progress", "how",
        "safer", "source",
    )  # fmt: skip
    less = Part("lower", "there are fewer burglaries", ("burglary",))
    unknown = Part("higher", "people are content", missing="a survey", holder="the office")
    return Edition(
        told,
        (Priority("first", 1, "First", "Well?", "Words", "Chapter 1"),),
        (
            Line("burglary", 1, "first", "Burglary", "Do it.", (less,), "Chapter 1"),
            Line("content", 2, "first", "Content", "Do it.", (unknown,), "Chapter 1"),
        ),
    )
