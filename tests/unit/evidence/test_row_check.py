"""Rows as a reader promised them: the quick check says what Pandera says, of any rows."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.errors import SchemaError

from bluelamp.evidence.reading import LEVELS, TALLY_SCHEMA
from bluelamp.evidence.row_check import as_promised, check_rows, explain

ROW = {
    "month": "2024-04", "level": "force", "area": "E23000001", "within": "E23000001",
    "scope": "all", "category": "BURGLARY", "subcategory": "", "flag": "", "group": "",
    "count": 1, "value": None,
}  # fmt: skip


def frame(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=TALLY_SCHEMA)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"month": "2024-13"}, "month"),
        ({"month": "2024-04-01"}, "month"),
        ({"level": "street"}, "level"),
        ({"count": -1}, "count"),
        ({"area": None}, "area"),
        ({"group": None}, "group"),
    ],
)
def test_a_row_that_breaks_the_promise_is_named_by_its_column(
    fault: dict[str, object], named: str
) -> None:
    check_rows(frame(ROW, ROW))
    with pytest.raises(SchemaError, match=named):
        check_rows(frame(ROW, ROW | fault))


def test_a_column_of_another_kind_or_none_at_all_is_a_fault_too() -> None:
    with pytest.raises(SchemaError, match="count"):
        check_rows(frame(ROW).with_columns(pl.col("count").cast(pl.Int32)))
    with pytest.raises(SchemaError, match="group"):
        check_rows(frame(ROW).drop("group"))


def test_columns_beside_the_tallys_own_are_free() -> None:
    check_rows(frame(ROW).with_columns(crime_id=pl.lit(None, pl.String)))


rows = st.fixed_dictionaries(
    {
        "month": st.sampled_from(["2024-04", "2024-00", "", " 2024-04", "2024-04\n", None]),
        "level": st.sampled_from([*LEVELS, "", "Force", None]),
        "area": st.sampled_from(["E23000001", "", None]),
        "count": st.sampled_from([0, 1, -1, None]),
        "value": st.sampled_from([0.5, -1.0, float("nan"), None]),
    }
)


@given(st.lists(rows, max_size=3))
def test_the_quick_check_and_pandera_are_of_one_mind(drawn: list[dict[str, object]]) -> None:
    made = frame(*(ROW | row for row in drawn))
    try:
        explain(made)
        fine = True
    except SchemaError:
        fine = False
    assert as_promised(made) == fine
