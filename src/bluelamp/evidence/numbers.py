"""Numbers as publishers write them in text."""

from __future__ import annotations

import polars as pl

THOUSANDS = r"^-?\d{1,3}(,\d{3})+(\.\d+)?$"


def without_thousands(text: pl.Expr) -> pl.Expr:
    """The text without commas that mark thousands; a comma that could be a decimal point stays."""
    bare = text.str.replace_all(",", "", literal=True)
    return pl.when(text.str.contains(THOUSANDS)).then(bare).otherwise(text)


def finite(text: pl.Expr) -> pl.Expr:
    """The number in a text, or null where it is none; NaN and infinity are none."""
    number = text.cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)
