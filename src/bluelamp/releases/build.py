"""Freezes a release: figures, findings, receipts and definitions of one date in one folder."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

import bluelamp
from bluelamp.definitions import read_gazetteer, read_office
from bluelamp.evidence.geography.lookups import Lookups, read_joins, sources_behind
from bluelamp.evidence.known import Known, as_known
from bluelamp.evidence.source import Source, read_sources
from bluelamp.evidence.store import Store
from bluelamp.measures.comparing import read_comparing
from bluelamp.measures.compute import Context, series_of
from bluelamp.measures.definition import Measure, read_measures
from bluelamp.measures.gap import read_gaps
from bluelamp.measures.series import Series
from bluelamp.measures.tables import figure_table
from bluelamp.plan.reading import read_editions
from bluelamp.releases.corrections import corrections_of
from bluelamp.releases.coverage import coverage_rows
from bluelamp.releases.disclosure.evidence import corrections_told, coverage_told, receipt_told
from bluelamp.releases.disclosure.guard import Guard
from bluelamp.releases.disclosure.ledger import Ledger
from bluelamp.releases.release import FORMAT, ChartBreak, Manifest, NotARelease, Release
from bluelamp.releases.writing import checksums, plain, write_frame, write_json
from bluelamp.signals.gaps import judge_gaps
from bluelamp.signals.judgement import Judgement, judge_all
from bluelamp.signals.other_methods import by_other_methods
from bluelamp.signals.places import compare_places

Progress = Callable[[str], None]


class CannotBuild(ValueError):
    """There is not enough to make a release of; the message says what to do first."""


@dataclass(frozen=True)
class Order:
    """What a release is to be made of. `only` names the keys of its exact receipts (a rebuild)."""

    definitions: Path
    plan: str
    known_on: date
    received_by: date | None = None
    predecessor: str | None = None
    only: frozenset[str] | None = None


def build(store: Store, order: Order, out: Path, progress: Progress | None = None) -> Release:
    """Make the release in the folder `out`, which must not exist; nothing is left of a failure.

    Raises CannotBuild, DefinitionFaults, FileExistsError; FileNotFoundError for an unknown plan.
    """
    if out.exists():
        raise FileExistsError(f"{out} exists already; a release is never overwritten")
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".building-", dir=out.parent))
    try:
        _fill(store, order, work, progress or (lambda _: None))
        work.chmod(0o755)
        work.rename(out)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return Release(out)


def _fill(store: Store, order: Order, folder: Path, say: Progress) -> None:
    say("reading the definitions")
    _copy_definitions(order.definitions, folder / "definitions")
    context = _context(store, order, folder / "definitions")
    editions = read_editions(order.definitions, set(context.measures))
    if order.plan not in editions:
        raise FileNotFoundError(
            f"there is no plan edition '{order.plan}'; the editions are {', '.join(editions)}"
        )
    if context.known.chosen.is_empty():
        raise CannotBuild(
            f"nothing in the store at {store.root} was published by {order.known_on}; "
            "receive files first: bluelamp receive PATH..."
        )
    guard = Guard.of(store, context, order.predecessor, say)
    series: list[Series] = []
    breaks: dict[str, list[ChartBreak]] = {}
    for number, measure in enumerate(context.measures.values(), 1):
        say(f"working out {measure.title} ({number} of {len(context.measures)})")
        made = series_of(measure, context)
        made, tables = guard.passed(made, [figure_table(one) for one in made])
        series += made
        write_frame(folder / "figures" / f"{measure.id}.parquet", _stack(tables))
        breaks[measure.id] = _breaks(made)
    say("testing for change")
    judgement = judge_all(
        series, editions, order.plan, context.gazetteer, order.known_on, context.force
    )
    say("comparing groups")
    called = editions[order.plan].plan.called
    write_json(folder / "gaps.json", judge_gaps(read_gaps(order.definitions), context, called))
    say("comparing places")
    comparing = read_comparing(order.definitions)
    compared = compare_places(series, comparing, context.gazetteer, context.force)
    write_json(folder / "places.json", compared)
    write_json(folder / "other-methods.json", by_other_methods(series, context.force))
    say("writing the release")
    _write_judgement(folder, series, judgement)
    write_json(folder / "breaks.json", breaks)
    covered = coverage_rows(context.known, context.sources)
    write_json(folder / "coverage.json", coverage_told(covered, guard.controlled))
    say("comparing publications")
    corrections = corrections_of(context.known, context.sources, context.measures.values())
    corrections = corrections_told(corrections, guard.controlled)
    write_json(folder / "corrections.json", corrections.looked)
    write_frame(folder / "corrections.parquet", corrections.table)
    receipts = sorted(context.known.receipts.values(), key=lambda receipt: receipt.sha256)
    told = [receipt_told(receipt, guard.controlled).to_dict() for receipt in receipts]
    write_json(folder / "receipts.json", told)
    synthetic = any(receipt.synthetic for receipt in receipts)
    made_as = _sign(folder, order, judgement, synthetic)
    if guard.kept:
        Ledger(store).write(made_as, order.predecessor, guard.kept)


def _breaks(made: list[Series]) -> list[ChartBreak]:
    """The breaks of a measure in order of time, each once, with the levels that have it."""
    levels: dict[tuple[str, str], list[str]] = {}
    for one in made:
        for each in one.breaks:
            levels.setdefault((str(each.month), each.words), []).append(one.level)
    return [ChartBreak(*which, tuple(found)) for which, found in sorted(levels.items())]


def _context(store: Store, order: Order, definitions: Path) -> Context:
    sources, measures = read_sources(definitions), read_measures(definitions)
    looked_at = _that_may_matter(sources, measures, definitions)
    known = as_known(
        store, looked_at, on=order.known_on, received_by=order.received_by, only=order.only
    )
    _check_all_there(known, order)
    _check_publishable(known, sources, _beside_measures(measures, sources, definitions))
    return Context(
        known,
        sources,
        measures,
        read_gazetteer(definitions),
        read_office(definitions).force,
        Lookups(definitions, known),
    )


def _check_all_there(known: Known, order: Order) -> None:
    there = {receipt.key for receipt in known.receipts.values()}
    missing = sorted((order.only or frozenset()) - there)
    if missing:
        raise CannotBuild(
            f"{len(missing)} of the files this release was made from are not in the store, "
            f"the first with SHA-256 {missing[0]}; receive them again"
        )


def _may_be_published(source: Source, *, beside: bool) -> bool:
    """As it is, or protected: there is a way for what measures count, and for nothing `beside`."""
    if source.disclosure == "controlled":
        return source.sensitivity != "personal" and not beside
    return source.sensitivity == "public"


def _that_may_matter(
    sources: Mapping[str, Source], measures: Mapping[str, Measure], definitions: Path
) -> dict[str, Source]:
    """The sources of measures, gaps, and their denominators and joins. An office's store
    may hold much else (another purpose's tables, what may not be published): a release, and its
    list of receipts, say nothing of them."""
    asked = {measure.source for measure in measures.values()}
    asked |= _beside_measures(measures, sources, definitions)
    return {name: source for name, source in sources.items() if name in asked}


def _beside_measures(
    measures: Mapping[str, Measure], sources: Mapping[str, Source], definitions: Path
) -> set[str]:
    """Ids of the sources of gaps, denominators and joins."""
    gaps = read_gaps(definitions).values()
    asked = {gap.source for gap in gaps}
    bases = {measure.base for measure in measures.values() if measure.base}
    bases |= {each.base for gap in gaps for each in gap.benchmarks if each.base}
    asked |= {part.source for base in bases for part in base.counted}
    if carried := {measure.ward_join for measure in measures.values() if measure.ward_join}:
        joins = read_joins(definitions)
        asked |= {name for join in carried for name in sources_behind(joins[join], joins)}
        asked |= {name for name, source in sources.items() if source.reader == "area_boundaries"}
    return asked


def _check_publishable(known: Known, sources: Mapping[str, Source], beside: set[str]) -> None:
    used = sorted({receipt.source for receipt in known.receipts.values()})
    for source in (sources[name] for name in used):
        if not _may_be_published(source, beside=source.id in beside):
            raise CannotBuild(
                f"'{source.title}' is {source.sensitivity} and {source.disclosure}: this version "
                "cannot protect it, so it may not enter a release; take out the measures made of it"
            )


def _copy_definitions(root: Path, to: Path) -> None:
    for path in sorted(p for p in root.rglob("*") if p.suffix in (".yaml", ".csv", ".md")):
        if path.suffix == ".csv" and path.parent.name == "editions":
            continue  # lists of earlier areas, to tell received files by: no figure needs them
        target = to / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())


def _stack(tables: list[pl.DataFrame]) -> pl.DataFrame:
    from bluelamp.measures.tables import FIGURE_SCHEMA

    return pl.concat(tables) if tables else pl.DataFrame(schema=FIGURE_SCHEMA)


def _write_judgement(folder: Path, series: list[Series], judgement: Judgement) -> None:
    write_json(folder / "findings.json", judgement.findings)
    write_json(folder / "readings.json", judgement.readings)
    write_json(folder / "targets.json", judgement.targets)
    write_json(folder / "quoted.json", judgement.quoted)
    by_measure: dict[str, list[pl.DataFrame]] = {}
    for one in series:
        if one.level in ("force", "borough"):
            by_measure.setdefault(one.measure.id, []).append(_chart(one, judgement))
    for measure, frames in sorted(by_measure.items()):
        write_frame(folder / "charts" / f"{measure}.parquet", pl.concat(frames))


def _chart(one: Series, judgement: Judgement) -> pl.DataFrame:
    expected = judgement.expected.get((one.measure.id, one.level))
    rows, columns = one.value.shape
    names = [str(month) for month in one.months]

    def flat(name: str) -> pl.Series:
        if expected is None:
            return pl.Series([None], dtype=pl.Float64).new_from_index(0, rows * columns)
        return pl.Series(getattr(expected, name).ravel(), dtype=pl.Float64).fill_nan(None)

    return pl.DataFrame(
        {
            "area": [area for area in one.areas for _ in names],
            "month": names * rows,
            "value": pl.Series(one.value.ravel(), dtype=pl.Float64).fill_nan(None),
            "expected": flat("expected"),
            "lower": flat("lower"),
            "upper": flat("upper"),
            "being_checked": one.being_checked.ravel().tolist(),
            "reason": pl.Series(one.reasons.ravel().tolist(), dtype=pl.String),
        }
    )


def code_version() -> str:
    """The version with a fingerprint of the code: two that differ may not make the same bytes."""
    root = Path(bluelamp.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{bluelamp.__version__}+{digest.hexdigest()[:12]}"


def _sign(folder: Path, order: Order, judgement: Judgement, synthetic: bool) -> str:
    """Write the manifest, the last of a release; the release's id."""
    files = checksums(folder)
    manifest = {
        "format": FORMAT,
        "plan": order.plan,
        "known_on": order.known_on.isoformat(),
        "received_by": order.received_by.isoformat() if order.received_by else None,
        "synthetic": synthetic,
        "code_version": code_version(),
        "predecessor": order.predecessor,
        "family": plain(judgement.family),
        "files": files,
    }
    manifest["id"] = _id_of(manifest)
    Manifest(**manifest)  # what is written is what is read
    write_json(folder / "release.json", manifest)
    return str(manifest["id"])


def _id_of(manifest: dict[str, Any]) -> str:
    """Plan, date and a digest of all that the manifest says beside its id."""
    said = {key: value for key, value in manifest.items() if key != "id"}
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return f"{manifest['plan']}-{manifest['known_on']}-{digest[:12]}"


@dataclass(frozen=True)
class Comparison:
    """A release beside its rebuild: files that are the same, that differ, that only one has."""

    same: tuple[str, ...]
    different: tuple[str, ...]
    missing: tuple[str, ...]
    surplus: tuple[str, ...]
    code_version: str

    @property
    def identical(self) -> bool:
        return not (self.different or self.missing or self.surplus)


def rebuild(
    store: Store, release: Release, out: Path, progress: Progress | None = None
) -> Comparison:
    """Make the release again in `out` from exactly its receipts and its own definitions.

    What was received since cannot change it. Raises CannotBuild where a file is no longer kept,
    NotARelease where the release's own files are not those it lists.
    """
    manifest = release.manifest
    check_intact(release)
    order = Order(
        release.definitions,
        manifest.plan,
        date.fromisoformat(manifest.known_on),
        date.fromisoformat(manifest.received_by) if manifest.received_by else None,
        manifest.predecessor,
        frozenset(receipt.key for receipt in release.receipts.values()),
    )
    made = build(store, order, out, progress)
    old, new = manifest.files, made.manifest.files
    both = sorted(set(old) & set(new))
    return Comparison(
        same=tuple(name for name in both if old[name] == new[name]),
        different=tuple(name for name in both if old[name] != new[name]),
        missing=tuple(sorted(set(old) - set(new))),
        surplus=tuple(sorted(set(new) - set(old))),
        code_version=made.manifest.code_version,
    )


def check_intact(release: Release) -> None:
    """Raises NotARelease where a file of the release was changed, added or taken away."""
    found = checksums(release.folder)
    manifest = dataclasses.asdict(release.manifest)
    altered = [] if _id_of(manifest) == release.manifest.id else ["release.json"]
    for name in sorted(set(found) | set(release.manifest.files)):
        if found.get(name) != release.manifest.files.get(name):
            altered.append(name)
    if altered:
        more = f" (and {len(altered) - 1} more)" if len(altered) > 1 else ""
        raise NotARelease(
            f"{release.folder / altered[0]}{more} is not as the release was made; "
            "take the release from its publisher again, or build it anew"
        )
