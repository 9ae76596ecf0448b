"""`/data/`, its receipts: let me check it myself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bluelamp.evidence.receipt import Receipt, Refusal
from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.measures.credits import Owed, credits_owed
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import HOME, Page, known_on
from bluelamp.public.pages.missing import NoSuchPage


@dataclass(frozen=True)
class DataPage(Page):
    """`/data/`: Can I check it myself?"""

    known_on: str
    release_id: str
    code_version: str
    tables: tuple[Link, ...]
    columns: tuple[tuple[str, str], ...]
    area_table: str
    corrections_table: str
    gaps: Link | None
    plan_tables: tuple[Link, ...]
    receipts: Link
    credits: tuple[Owed, ...]
    rebuild: str
    api: Link
    files: tuple[tuple[str, str], ...]


COLUMNS = (
    ("measure", "the measure's id, which is also its address on this site"),
    ("area", "the area's nine-character ONS (GSS) code"),
    ("group", "which people: “all” unless the measure is given by group"),
    ("period", "2023-06, 2023-Q2, fy2023-24, 2023, or r12-2023-06 for the 12 months to June 2023"),
    ("numerator", "what is counted"),
    ("denominator", "what it is counted among, empty for a bare count"),
    ("value", "the figure: a count, a rate, or a proportion between 0 and 1; empty if withheld"),
    ("lower, upper", "the 95% interval; empty where none can be stated"),
    ("status", "“ok”, or in words why there is no figure"),
)

PLAN_TABLES = (
    ("lines", "Lines: what each plan hopes for, and what can be said of it"),
    ("targets", "Targets: the numbers to reach, area by area"),
    ("commitments", "Commitments: what each plan says will be done"),
    ("quoted-figures", "Numbers that the plans quote, each beside the same number made again"),
)


def data_page(opened: OpenRelease) -> DataPage:
    receipts = opened.release.receipts
    used = {receipt.source for receipt in receipts.values() if receipt.rows_kept}
    return DataPage(
        title="Data",
        active=addresses.DATA,
        known_on=known_on(opened),
        release_id=opened.manifest.id,
        code_version=opened.manifest.code_version,
        tables=tuple(
            Link(m.title, addresses.table(m.id))
            for m in sorted(opened.measures.values(), key=lambda m: m.title.casefold())
        ),
        columns=COLUMNS,
        area_table=addresses.AREA_TABLE,
        corrections_table=addresses.CORRECTIONS_TABLE,
        gaps=Link("Gaps between groups", addresses.GAPS) if opened.release.gaps else None,
        plan_tables=tuple(Link(title, addresses.table(name)) for name, title in PLAN_TABLES),
        receipts=Link(
            f"Receipts of the {words.counted(len(receipts), 'file')} behind this release",
            addresses.RECEIPTS,
        ),
        credits=credits_owed(opened.release.definitions, used),
        rebuild=f"bluelamp rebuild {opened.manifest.id}",
        api=Link("Description of the API (OpenAPI, JSON)", f"{addresses.API}openapi.json"),
        files=tuple(sorted(opened.manifest.files.items())),
    )


# --- receipts -------------------------------------------------------------------------------------

STATUS_WORDS = {
    "kept": "every row was used",
    "partly refused": "some rows were refused",
    "refused": "no row could be used",
    "not read": "not read: no source has this shape",
}


@dataclass(frozen=True)
class ReceiptShown:
    """A receipt in words."""

    link: Link
    sha256: str
    publisher: str
    licence: str
    source: str
    published: str
    received: str
    months: str
    rows: str
    size: str
    status: str
    container: str
    notes: tuple[str, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class ReceiptsPage(Page):
    """`/data/receipts/`: Which files is this release made from?"""

    receipts: tuple[ReceiptShown, ...]


@dataclass(frozen=True)
class ReceiptPage(Page):
    """`/data/receipts/<sha256>/`: What is this file, and what was made of it?"""

    receipt: ReceiptShown


def receipts_page(opened: OpenRelease) -> ReceiptsPage:
    ordered = sorted(
        opened.release.receipts.values(), key=lambda r: (r.source, r.published_on, r.name, r.sha256)
    )
    return ReceiptsPage(
        title="Receipts",
        way=(HOME, Link("Data", addresses.DATA)),
        active=addresses.DATA,
        receipts=tuple(receipt_shown(opened, receipt) for receipt in ordered),
    )


def receipt_page(opened: OpenRelease, sha256: str) -> ReceiptPage:
    receipt = opened.release.receipts.get(sha256)
    if receipt is None:
        raise NoSuchPage(f"this release was not made from a file with the SHA-256 '{sha256}'")
    return ReceiptPage(
        title=receipt.name,
        way=(HOME, Link("Data", addresses.DATA), Link("Receipts", addresses.RECEIPTS)),
        active=addresses.DATA,
        receipt=receipt_shown(opened, receipt),
    )


def receipt_shown(opened: OpenRelease, receipt: Receipt) -> ReceiptShown:
    source = opened.release.sources.get(receipt.source)
    inferred = " (worked out from the file, not stated)" if receipt.published_inferred else ""
    return ReceiptShown(
        link=Link(receipt.name, addresses.receipt(receipt.sha256)),
        sha256=receipt.sha256,
        publisher=receipt.publisher,
        licence=receipt.licence,
        source=source.title if source else receipt.source or "not recognised",
        published=f"{day_words(receipt.published_on)}{inferred}",
        received=day_words(receipt.received_on),
        months=month_span(receipt.first_month, receipt.last_month),
        rows=(
            f"{words.number(receipt.rows_kept)} of {words.number(receipt.rows_read)} rows used, "
            f"{words.number(receipt.rows_refused)} refused"
        ),
        size=f"{words.number(receipt.size)} bytes",
        status=STATUS_WORDS.get(receipt.status, receipt.status),
        container=receipt.container,
        notes=receipt.notes,
        refusals=receipt.refusals,
    )


def day_words(iso: str) -> str:
    """An ISO date in words; `not stated` where there is none."""
    return words.day(date.fromisoformat(iso)) if iso else "not stated"


def month_span(first: str, last: str) -> str:
    """The months that a file covers, in words."""
    if not first or not last:
        return "not by month"
    if first == last:
        return words.month(first)
    return f"{words.month(first)} to {words.month(last)}"
