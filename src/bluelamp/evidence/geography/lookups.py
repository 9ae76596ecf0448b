"""Which joins there are: one file of `definitions/areas/joins` each.

The table of a join stands in the definitions (`table`) or was received (`source`); a received one
brings its receipt to every figure made with it. Where a join is by area and no table has shares for
it, they are measured on the received boundaries: for the table's pairs, or for all that overlap.
Where it is by residents, it goes through small areas and the people counted in each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import pairwise
from pathlib import Path
from typing import Literal

import polars as pl

from bluelamp.definitions import DefinitionFaults, Fault, read_folder
from bluelamp.evidence.geography.by_residents import shares_by_residents
from bluelamp.evidence.geography.editions import Edition, Editions, read_editions
from bluelamp.evidence.geography.joining import DIVIDING, SURENESS, Join, JoinKind, shares_of, then
from bluelamp.evidence.known import Known


class NoLookup(LookupError):
    """No look-up leads from one edition to the other; the message says which is lacking."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class JoinDefinition:
    """How one edition is joined to another.

    table     a CSV of `definitions/areas/lookups`, by name: two columns, from and to.
    source    else the id of a received reference table with a column named for each edition, and
              `share` where it is given.
    countries first letters of the codes that it is for (E, W), where the table has others too.
    smallest  a piece with a smaller share of its area is a sliver: boundaries drawn twice differ
              by metres, and nobody lives in the difference.
    divided   `left out` where the table puts some areas into several without shares: those cannot
              be carried, and the others can.
    through   of a join by residents, the small areas that the areas left are made of; and further
              editions, if any, by which those lead to the areas reached.
    residents the received source that counts them in each of those; their latest month is taken.
    """

    id: str
    from_edition: str
    to_edition: str
    kind: JoinKind
    words: str
    table: str = ""
    source: str = ""
    countries: tuple[str, ...] = ()
    smallest: float = 0.0
    divided: Literal["", "left out"] = ""
    through: tuple[str, ...] = ()
    residents: str = ""

    def __post_init__(self) -> None:
        by_residents = self.kind == "by residents"
        if len({bool(self.through), bool(self.residents), by_residents}) > 1:
            raise ValueError(
                "through, residents: a join by residents says through which small areas it goes "
                "and which source counts people there; no other join does"
            )
        if self.divided and self.kind in DIVIDING:
            raise ValueError("divided: a join with shares divides areas and leaves none out")
        if self.table and self.source:
            raise ValueError("table, source: a join has a table here or a received one, not both")
        if not (self.table or self.source or self.kind in DIVIDING):
            raise ValueError(
                "table, source: name the look-up; only shares by area are measured without one"
            )
        if by_residents and (self.table or self.source):
            raise ValueError("table, source: a join by residents needs no look-up of its own")


def read_joins(root: Path) -> dict[str, JoinDefinition]:
    """Every join by id; raises DefinitionFaults naming each fault."""
    folder = root / "areas" / "joins"
    joins = read_folder(JoinDefinition, folder)
    editions = read_editions(root).by_id
    faults = [
        Fault(folder / f"{join.id}.yaml", 1, words)
        for join in joins.values()
        for words in _leads_nowhere(join, editions, root)
    ]
    if faults:
        raise DefinitionFaults(faults)
    return joins


def _leads_nowhere(
    join: JoinDefinition, editions: Mapping[str, Edition], root: Path
) -> Iterator[str]:
    for name in (join.from_edition, join.to_edition, *join.through):
        if name not in editions:
            yield f"there is no boundary edition '{name}' in areas/editions"
    if join.table and not (root / "areas" / "lookups" / f"{join.table}.csv").is_file():
        yield f"table: there is no areas/lookups/{join.table}.csv"
    for key, source in (("source", join.source), ("residents", join.residents)):
        if source and not (root / "sources" / f"{source}.yaml").is_file():
            yield f"{key}: there is no source '{source}'"


def sources_behind(join: JoinDefinition, joins: Mapping[str, JoinDefinition]) -> set[str]:
    """Ids of the received tables that a join is made from. Boundaries are told by their areas and
    not by their source, so those that it may be measured on are not among them."""
    found = {join.source, join.residents} - {""}
    if join.through:
        steps = [(join.through[0], join.from_edition), *pairwise((*join.through, join.to_edition))]
        for each in joins.values():
            if (each.from_edition, each.to_edition) in steps:
                found |= sources_behind(each, joins)
    return found


@dataclass(frozen=True)
class Lookups:
    """The joins of the definitions, with their tables as known on a date."""

    root: Path
    known: Known

    @cached_property
    def editions(self) -> Editions:
        return read_editions(self.root)

    @cached_property
    def joins(self) -> dict[str, JoinDefinition]:
        return read_joins(self.root)

    def between(self, start: str, end: str, kind: JoinKind | None = None) -> Join:
        """The join from one edition to the other: of this kind, or the surest there is.

        Raises NoLookup, saying which is lacking; KeyError for an edition that is none.
        """
        self.editions[start], self.editions[end]
        found = [
            join
            for join in self.joins.values()
            if (join.from_edition, join.to_edition) == (start, end) and kind in (None, join.kind)
        ]
        if not found:
            raise NoLookup(self._lacking(start, end, kind))
        best = min(found, key=lambda join: (SURENESS.index(join.kind), join.id))
        return self._made(best)

    def named(self, join: str) -> Join:
        """The join with this id; raises NoLookup where its look-up was not received."""
        return self._made(self.joins[join])

    def _lacking(self, start: str, end: str, kind: JoinKind | None) -> str:
        ends = sorted({j.to_edition for j in self.joins.values() if j.from_edition == start})
        there = f"those from there lead to {', '.join(ends)}" if ends else "none leads from there"
        how = f" ({kind})" if kind else ""
        return (
            f"no look-up{how} leads from the {self.editions[start].words} to the "
            f"{self.editions[end].words}; {there}. Add one as definitions/areas/joins/"
            f"{start}-to-{end}.yaml"
        )

    def _made(self, join: JoinDefinition) -> Join:
        pairs, source, receipts = self._measured(join)
        if join.countries:
            pairs = pairs.filter(pl.col("from").str.slice(0, 1).is_in(join.countries))
        left_out: list[str] = []
        if join.divided:
            pairs = pairs.unique(["from", "to"], maintain_order=True)
            torn = pairs.filter(pl.len().over("from") > 1)["from"].unique()
            left_out, pairs = torn.to_list(), pairs.filter(~pl.col("from").is_in(torn.implode()))
        names = {"from": join.from_edition, "to": join.to_edition}
        shares, dropped = shares_of(pairs, join.kind, join.smallest, names)
        self.editions.check(join.from_edition, [*shares["from"].to_list(), *left_out])
        self.editions.check(join.to_edition, shares["to"].to_list())
        return Join(
            join.from_edition,
            join.to_edition,
            join.kind,
            source,
            join.words,
            shares,
            receipts,
            dropped,
            tuple(sorted(left_out)),
        )

    def _measured(self, join: JoinDefinition) -> tuple[pl.DataFrame, str, tuple[str, ...]]:
        """Pairs (with shares, where areas are divided), what they come from, and its receipts."""
        if join.kind == "by residents":
            return self._weighed(join)
        pairs, source, receipts = self._pairs(join)
        if pairs is not None and (join.kind != "by area" or "share" in pairs.columns):
            return pairs, source, receipts
        # Only here: reading the definitions must not wait for the library of shapes.
        from bluelamp.evidence.geography.polygons import boundaries_of, shares_by_area

        of, to = (
            boundaries_of(self.known, self.editions, name)
            for name in (join.from_edition, join.to_edition)
        )
        receipts = tuple(sorted({*receipts, *of.receipts, *to.receipts}))
        source = f"{source}, measured on boundaries" if source else "measured on boundaries"
        return shares_by_area(of, to, pairs), source, receipts

    def _weighed(self, join: JoinDefinition) -> tuple[pl.DataFrame, str, tuple[str, ...]]:
        """Shares by the people of each small area that both editions are made of."""
        small = self.editions[join.through[0]]
        there = self.between(small.id, join.from_edition)
        steps = pairwise((*join.through, join.to_edition))
        here = reduce(then, (self.between(start, end) for start, end in steps))
        rows = self.known.tally(join.residents, small.kind)
        if rows.is_empty():
            raise NoLookup(
                f"the people of the {small.words} have not been received: "
                f"receive a file of the source '{join.residents}' published by {self.known.on}"
            )
        latest = rows.filter(pl.col("month") == pl.col("month").max())
        people = latest.group_by("area").agg(residents=pl.col("count").sum())
        both = sorted(
            set(self.editions.areas(join.from_edition)) & set(self.editions.areas(join.to_edition))
        )
        receipts = {*latest["receipt"], *there.receipts, *here.receipts}
        source = f"{join.residents}; {there.source}; {here.source}"
        return shares_by_residents(people, there, here, both), source, tuple(sorted(receipts))

    def _pairs(self, join: JoinDefinition) -> tuple[pl.DataFrame | None, str, tuple[str, ...]]:
        """The look-up's pairs (with shares, where it gives them), what it is, its receipts."""
        if not (join.table or join.source):
            return None, "", ()
        if join.table:
            path = self.root / "areas" / "lookups" / f"{join.table}.csv"
            table = pl.read_csv(
                path, infer_schema=False, columns=[0, 1], new_columns=["from", "to"]
            )
            return table, f"definitions/areas/lookups/{join.table}.csv", ()
        found = reference(self.known, join.source)
        if found is None:
            raise NoLookup(
                f"the look-up from {join.from_edition} to {join.to_edition} has not been "
                f"received: receive a file of the source '{join.source}' published by "
                f"{self.known.on}"
            )
        rows, receipt = found
        names = {join.from_edition: "from", join.to_edition: "to", "share": "share"}
        table = rows.select(pl.col(old).alias(new) for old, new in names.items() if old in rows)
        return table.drop_nulls(["from", "to"]), join.source, (receipt,)


def reference(known: Known, source: str) -> tuple[pl.DataFrame, str] | None:
    """The latest table of a reference source known on the date, with its receipt; None without.

    A table with refused lines gives way to an earlier one without: a look-up with a hole loses
    what falls into it.
    """
    receipts = [receipt for receipt in known.receipts.values() if receipt.source == source]
    if not receipts:
        return None
    last = max(
        receipts, key=lambda r: (not r.rows_refused, r.published_on, r.received_on, r.sha256)
    )
    return known.store.rows("typed", last.key).collect(), last.sha256
