"""Carrying amounts from the areas of one edition to those of another.

A join is a table of shares: of each area of the one edition, which part goes to which area of the
other. The shares of an area add to 1, so no amount is lost and none is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from bluelamp.evidence.geography.editions import OUTSIDE, SHOWN, WrongEdition

JoinKind = Literal["exact", "best fit", "by residents", "by area"]
# From the surest to the least sure: a chain of joins is as sure as its weakest.
SURENESS: tuple[JoinKind, ...] = ("exact", "best fit", "by residents", "by area")
DIVIDING: tuple[JoinKind, ...] = ("by residents", "by area")
SHARES = {"from": pl.String, "to": pl.String, "share": pl.Float64}


class CannotJoin(ValueError):
    """A look-up is not what its definition says; the message names the areas at fault."""


@dataclass(frozen=True)
class Join:
    """A way from one edition to another.

    kind      `exact`: each area lies inside one other; `best fit`: each is put whole into the one
              that fits it best; `by residents` and `by area`: shared out by the people who live
              in each piece, or by its surface.
    source    what the shares were read from or measured on.
    words     how it was done, in words that a figure can carry.
    shares    columns `from`, `to`, `share`, in that order of codes; shares of a `from` add to 1.
    receipts  hashes of the received files it was made from; none for a look-up of the definitions.
    dropped   slivers left out before the shares were made up to 1.
    left_out  areas that lie in several and that nothing says how to divide: they cannot be carried.
    """

    from_edition: str
    to_edition: str
    kind: JoinKind
    source: str
    words: str
    shares: pl.DataFrame
    receipts: tuple[str, ...] = ()
    dropped: int = 0
    left_out: tuple[str, ...] = ()

    @property
    def divides(self) -> bool:
        """Whether an area may go to several, and its amounts be shared out."""
        return self.kind in DIVIDING

    def carry(
        self, rows: pl.DataFrame, amounts: Sequence[str] = ("count",), area: str = "area"
    ) -> pl.DataFrame:
        """The rows with `area` in the new edition, amounts summed over all other columns.

        Whole numbers stay whole unless areas are divided. Places outside every area stay as they
        are. Raises WrongEdition for a code that the look-up does not hold, and CannotJoin for one
        that it leaves out.
        """
        outside = pl.col(area).str.starts_with(OUTSIDE)
        self._check(rows.filter(~outside)[area].unique().to_list())
        keys = [name for name in rows.columns if name not in amounts]
        inside = rows.filter(~outside).join(self.shares, left_on=area, right_on="from", how="inner")
        if self.divides:
            inside = inside.with_columns(pl.col(name) * pl.col("share") for name in amounts)
        inside = inside.with_columns(pl.col("to").alias(area)).select(rows.columns)
        beyond = rows.filter(outside).with_columns(
            pl.col(name).cast(inside.schema[name]) for name in amounts
        )
        return (
            pl.concat([inside, beyond])
            .group_by(keys)
            .agg(pl.col(name).sum() for name in amounts)
            .select(rows.columns)
            .sort(keys)
        )

    def _check(self, codes: Sequence[str | None]) -> None:
        torn = sorted(set(self.left_out) & {str(code) for code in codes})
        if torn:
            raise CannotJoin(
                f"{_some(torn)}: each lies in several of {self.to_edition}, "
                f"and {self.source} does not say how much of it in each"
            )
        known = set(self.shares["from"])
        wrong = sorted(str(code) for code in codes if code not in known)
        if wrong:
            raise WrongEdition(
                f"{_some(wrong)}: not in the look-up from {self.from_edition} "
                f"to {self.to_edition} ({self.source}); the codes are of another edition, or the "
                "look-up does not cover them"
            )

    def target(self, code: str) -> str:
        """The one area that this one goes to; raises CannotJoin where it is divided."""
        self._check([code])
        found = self.shares.filter(pl.col("from") == code)["to"].to_list()
        if len(found) != 1:
            raise CannotJoin(f"{code} is divided among {', '.join(found)}")
        return str(found[0])

    def reversed(self) -> Join:
        """The way back, where each area of the other edition is reached from one; else CannotJoin.

        What was put together cannot be taken apart without another look-up.
        """
        merged = self.shares.filter(pl.len().over("to") > 1)["to"].unique().sort().to_list()
        if merged:
            raise CannotJoin(
                f"{merged[0]} and {len(merged) - 1:,} more of {self.to_edition} hold several of "
                f"{self.from_edition}; the way back needs a look-up of its own"
            )
        back = pl.DataFrame({"from": self.shares["to"], "to": self.shares["from"]})
        shares = back.with_columns(share=pl.lit(1.0)).sort("from", "to")
        return Join(
            self.to_edition,
            self.from_edition,
            self.kind,
            self.source,
            self.words,
            shares,
            self.receipts,
        )


def then(first: Join, second: Join) -> Join:
    """One join after another, as one. Raises CannotJoin where they do not meet."""
    if first.to_edition != second.from_edition:
        raise CannotJoin(
            f"a join to {first.to_edition} cannot be followed by one from {second.from_edition}"
        )
    torn = _torn_by(first, second)
    kept = first.shares.filter(~pl.col("from").is_in(torn))
    second._check(kept["to"].unique().to_list())
    on = second.shares.select(middle="from", end="to", part="share")
    shares = (
        kept.join(on, left_on="to", right_on="middle", how="inner")
        .group_by("from", "end")
        .agg(share=(pl.col("share") * pl.col("part")).sum())
        .select("from", pl.col("end").alias("to"), "share")
        .sort("from", "to")
    )
    return Join(
        first.from_edition,
        second.to_edition,
        max(first.kind, second.kind, key=SURENESS.index),
        f"{first.source}; {second.source}",
        f"{first.words} {second.words}",
        shares,
        tuple(sorted({*first.receipts, *second.receipts})),
        first.dropped + second.dropped,
        tuple(sorted({*first.left_out, *torn})),
    )


def _torn_by(first: Join, second: Join) -> list[str]:
    """Areas of the first join that go, in part or whole, to one that the second leaves out."""
    torn = first.shares.filter(pl.col("to").is_in(second.left_out))
    return torn["from"].unique().to_list()


def _some(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - SHOWN:,} more" if len(codes) > SHOWN else ""
    return ", ".join(codes[:SHOWN]) + more


def shares_of(
    pairs: pl.DataFrame, kind: JoinKind, smallest: float, names: Mapping[str, str]
) -> tuple[pl.DataFrame, int]:
    """Shares that add to 1, from pairs (`from`, `to` and, to be shared out by area, `share`).

    Slivers (a share below `smallest`) are dropped, but never an area's largest piece, and the rest
    made up to the whole. Returns shares and the number of slivers. Raises CannotJoin.
    """
    pairs = pairs.unique(maintain_order=True)
    if kind not in DIVIDING:
        several = pairs.filter(pl.len().over("from") > 1)["from"].unique().sort().to_list()
        if several:
            raise CannotJoin(
                f"{names['from']} to {names['to']} is said to be {kind}, but {several[0]} and "
                f"{len(several) - 1:,} more go to several areas; what is divided needs a look-up "
                "with shares (kind: by area), or `divided: left out`"
            )
        return pairs.select("from", "to", share=pl.lit(1.0)).sort("from", "to"), 0
    bad = pairs.filter(~pl.col("share").is_between(0, 1, closed="right").fill_null(value=False))
    if bad.height:
        raise CannotJoin(
            f"the share of {bad['from'][0]} in {bad['to'][0]} is {bad['share'][0]}; a share lies "
            "between 0 and 1"
        )
    largest = pl.col("share") == pl.col("share").max().over("from")
    kept = pairs.filter((pl.col("share") >= smallest) | largest)
    whole = kept.select("from", "to", share=pl.col("share") / pl.col("share").sum().over("from"))
    return whole.sort("from", "to"), pairs.height - kept.height
