"""What a reader refuses is always refused in words."""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.reading import CUT_SHORT, refuse
from bluelamp.evidence.receipt import Refusal


def test_a_row_whose_words_would_rest_on_an_empty_cell_is_refused_in_words():
    rows = pl.DataFrame({"line": [2, 3, 4], "page": ["a", None, "b"]})
    refusals: list[Refusal] = []

    kept = refuse(rows, pl.col("page") != "b", pl.format("no ward {}", pl.col("page")), refusals)

    assert kept["line"].to_list() == [4]
    assert [(r.line, r.reason) for r in refusals] == [(2, "no ward a"), (3, CUT_SHORT)]
