"""How long does it take to know what was known on a date, of all of London and all measures?

The store holds the recorded-crime tables as the Metropolitan Police put them out at different
dates, with the other tables, surveys and populations that measures ask for: more than 20
publications. Two answers are timed and held to ALLOWED, each from the store anew:

    what is known  which publication speaks for each source, level, scope and month, with the rows
                   in force of every source and level that any measure counts.
    every series   that, and from it every measure month by month for the force, the boroughs and
                   the wards: the number, or the reason why there is none.

A release asks for more, which is printed beside them: each figure by month, quarter, year,
financial year and 12 months, each with its interval.

The rival reads the same tallies bare with DuckDB and chooses the last publication alone, without
asking whether it is complete or what was revised; it works out no figure.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb

from bluelamp.definitions import definitions_root, read_gazetteer, read_office
from bluelamp.evidence.geography.lookups import Lookups
from bluelamp.evidence.known import Known, as_known
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store
from bluelamp.measures.compute import Context, series_of
from bluelamp.measures.definition import Measure, read_measures
from bluelamp.measures.series import Series
from bluelamp.measures.tables import figure_table
from bluelamp.places import Gazetteer

DATA = Path("../shared/data")
RECEIVED = ("mps/recorded-crime-releases", "mps/tables", "surveys", "places/population")
ON = date(2026, 4, 30)
PUBLICATIONS, ALLOWED, TURNS = 20, 2.0, 5


def main() -> list[str]:
    """Print seconds and the ratio; a miss where an answer takes more than ALLOWED."""
    if not DATA.is_dir():
        print(f"left out: it needs the real files in {DATA}, which are not here")
        return []
    desk = Desk(definitions_root())
    measures, gazetteer = read_measures(desk.definitions), read_gazetteer(desk.definitions)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "store"
        receive(Store(root), desk, [DATA / part for part in RECEIVED], on=date(2026, 11, 21))
        publications = sum(receipt.counts for receipt in Store(root).receipts())
        known, rows = _best(lambda: rows_in_force(root, desk, measures))
        series, months = _best(lambda: every_series(root, desk, measures, gazetteer))
        whole, figures = _best(lambda: every_figure(root, desk, measures, gazetteer))
        rival, _ = _best(lambda: bare(root))
    print(
        f"{publications} publications, {rows:,} rows in force, {len(measures)} measures; "
        f"best of {TURNS} turns each"
    )
    print(f"{'what is known':>16} {known:6.2f} s (allowed {ALLOWED}), {known / rival:.2f} x bare")
    print(f"{'every series':>16} {series:6.2f} s (allowed {ALLOWED}), {months:,} months of areas")
    print(f"{'every figure':>16} {whole:6.2f} s, {figures:,} figures with their intervals")
    print(f"{'bare DuckDB':>16} {rival:6.2f} s")
    answers = {"what is known": known, "every series": series}
    misses = [
        f"{answer} took {seconds:.2f} seconds, allowed {ALLOWED}"
        for answer, seconds in answers.items()
        if seconds > ALLOWED
    ]
    if publications < PUBLICATIONS:
        misses.append(f"the store has {publications} publications, and should have {PUBLICATIONS}")
    return misses


def _known(root: Path, desk: Desk) -> Known:
    return as_known(Store(root), desk.sources, on=ON, received_by=None)


def rows_in_force(root: Path, desk: Desk, measures: dict[str, Measure]) -> int:
    """Every row in force that a measure may ask for; their number."""
    known = _known(root, desk)
    sources = {measure.source for measure in measures.values()}
    levels = known.chosen.select("source", "level").unique().iter_rows()
    return sum(known.coded(source, level).height for source, level in levels if source in sources)


def _series(
    root: Path, desk: Desk, measures: dict[str, Measure], gazetteer: Gazetteer
) -> Iterator[Series]:
    force = read_office(desk.definitions).force
    known = _known(root, desk)
    lookups = Lookups(desk.definitions, known)
    context = Context(known, desk.sources, measures, gazetteer, force, lookups)
    for measure in measures.values():
        yield from series_of(measure, context)


def every_series(root: Path, desk: Desk, measures: dict[str, Measure], gazetteer: Gazetteer) -> int:
    """Every measure month by month and area by area; the number of months of areas."""
    return sum(series.value.size for series in _series(root, desk, measures, gazetteer))


def every_figure(root: Path, desk: Desk, measures: dict[str, Measure], gazetteer: Gazetteer) -> int:
    """Every figure of every measure, area and period, with its interval; their number."""
    return sum(figure_table(one).height for one in _series(root, desk, measures, gazetteer))


def bare(root: Path) -> int:
    """The rows of the last file of each level, scope and month, whatever it holds."""
    query = (
        "with rows as (from read_parquet($1, filename = true, union_by_name = true)), "
        "last as (select level, scope, month, max(filename) as filename from rows group by all) "
        "select count(*) from (select * from rows join last using (level, scope, month, filename))"
    )
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    found = connection.execute(query, [str(root / "tally" / "*.parquet")]).fetchone()
    return int(found[0]) if found else 0


def _best(work: Callable[[], int]) -> tuple[float, int]:
    """The least seconds of TURNS, and the answer."""
    best, found = float("inf"), 0
    for _ in range(TURNS):
        began = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - began)
    return best, found
