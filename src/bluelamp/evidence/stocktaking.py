"""What the store holds: source by source, how many files and rows came in, and what became of them.

Counted are the last readings of files, so that a file that was read again counts once. A file that
was left alone has no receipt and is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bluelamp.evidence.quarantine import Held, held_back
from bluelamp.evidence.receipt import Receipt, only_latest
from bluelamp.evidence.store import Store

LEFT_OUT = "…"
# What differs between sentences that say the same of other rows: text in quotes, codes, numbers.
NAMED = re.compile(r"'[^']*'|\b[A-Z]\d{8}\b|\b\d[\d,.-]*\d\b|\b\d\b")
ALIKE = 0.6  # the share of words, in order, that sentences of one kind have in common


@dataclass(frozen=True)
class Said:
    """A sentence that was said of `rows` or, where that is 0, of `files` as a whole. Where several
    said the same of other names, it is what they have in common, with `…` for what differs."""

    words: str
    rows: int
    files: int


@dataclass(frozen=True)
class OfSource:
    """What came in of one source.

    source       its id; '' for files that were refused before it was known of which they are.
    first_month, last_month   as 2023-06, the earliest and the latest of all files; '' where there
                 is none.
    rows_read    always rows_kept + rows_refused.
    refusals     why rows were refused, the most rows first.
    notes        what the reader says should be known of the files, the most files first.
    """

    source: str
    publisher: str
    files: int
    first_month: str
    last_month: str
    rows_read: int
    rows_kept: int
    rows_refused: int
    refusals: tuple[Said, ...] = ()
    notes: tuple[Said, ...] = ()


def take_stock(store: Store) -> list[OfSource]:
    """What the store has of each source, in order of id. Raises StoreProblem where a receipt or
    the quarantine of one cannot be read."""
    receipts: dict[str, list[Receipt]] = {}
    for receipt in only_latest(store.receipts()).values():
        receipts.setdefault(receipt.source, []).append(receipt)
    held: dict[str, list[Held]] = {}
    for one in held_back(store):
        held.setdefault(one.source, []).append(one)
    return [_of(source, receipts[source], held.get(source, ())) for source in sorted(receipts)]


def total(stock: Iterable[OfSource]) -> OfSource:
    """All sources in one; its `source` is `total`."""
    every = list(stock)
    months = [m for one in every for m in (one.first_month, one.last_month) if m]
    return OfSource(
        source="total",
        publisher="",
        files=sum(one.files for one in every),
        first_month=min(months, default=""),
        last_month=max(months, default=""),
        rows_read=sum(one.rows_read for one in every),
        rows_kept=sum(one.rows_kept for one in every),
        rows_refused=sum(one.rows_refused for one in every),
    )


def _of(source: str, receipts: Sequence[Receipt], held: Sequence[Held]) -> OfSource:
    months = [m for r in receipts for m in (r.first_month, r.last_month) if m]
    newest = max(receipts, key=lambda r: (bool(r.publisher), r.day_read, r.sha256))
    refusals = in_kinds(Said(one.reason, one.rows, 0 if one.rows else one.files) for one in held)
    notes = in_kinds(Said(note, 0, 1) for receipt in receipts for note in receipt.notes)
    return OfSource(
        source=source,
        publisher=newest.publisher,
        files=len(receipts),
        first_month=min(months, default=""),
        last_month=max(months, default=""),
        rows_read=sum(r.rows_read for r in receipts),
        rows_kept=sum(r.rows_kept for r in receipts),
        rows_refused=sum(r.rows_refused for r in receipts),
        refusals=refusals,
        notes=notes,
    )


def in_kinds(every: Iterable[Said]) -> tuple[Said, ...]:
    """Sentences that differ in a name, a code or a number only, as one; the most rows, then the
    most files, first."""
    first: dict[str, list[Said]] = {}
    for said in every:
        first.setdefault(NAMED.sub(LEFT_OUT, said.words), []).append(said)
    kinds: list[tuple[list[str], list[Said]]] = []
    for masked, sentences in sorted(first.items()):
        alone = len({said.words for said in sentences}) == 1
        words = (sentences[0].words if alone else masked).split()
        for number, (common, others) in enumerate(kinds):
            if SequenceMatcher(None, common, words, autojunk=False).ratio() >= ALIKE:
                kinds[number] = (_in_common(common, words), [*others, *sentences])
                break
        else:
            kinds.append((words, sentences))
    found = [
        Said(" ".join(words), sum(s.rows for s in said), sum(s.files for s in said))
        for words, said in kinds
    ]
    return tuple(sorted(found, key=lambda said: (-said.rows, -said.files, said.words)))


def _in_common(one: list[str], other: list[str]) -> list[str]:
    """The words that both have, in order, with `…` for each run of words in which they differ."""
    found: list[str] = []
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for what, start, end, _, _ in matcher.get_opcodes():
        new = one[start:end] if what == "equal" else [LEFT_OUT]
        found += [word for word in new if word != LEFT_OUT or found[-1:] != [LEFT_OUT]]
    return found
