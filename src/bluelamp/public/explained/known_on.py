"""Why a figure may differ from an older one."""

from __future__ import annotations

from bluelamp.look.pieces import Link
from bluelamp.public import addresses
from bluelamp.public.explained.method import NOTHING, Example, Method
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.corrections import correction, total_corrections


def known_on_example(opened: OpenRelease) -> Example:
    """The month that a later publication changed most."""
    found = total_corrections(opened)
    if found.is_empty():
        return NOTHING
    row = found.row(0, named=True)
    largest, source = correction(opened, row), opened.release.sources[row["source"]]
    receipt = opened.release.receipts.get(row["receipt_after"])
    return Example(
        f"{source.title}, {largest.month}.",
        (
            ("Published before", largest.before),
            ("Published later", largest.after),
            ("Change", largest.change),
            ("Published", largest.published),
        ),
        Link(receipt.name, addresses.receipt(receipt.sha256)) if receipt else None,
    )


METHOD = Method(
    id="known-on",
    place=100,
    title="Why may a figure differ from an older one?",
    short="Publishers correct themselves. Each release says what was known on its date.",
    example=known_on_example,
)
