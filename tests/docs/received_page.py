"""The tables of docs/what-was-received.md, as its tests read them."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs/what-was-received.md"
TABLES = "## The tables"
HOW_TO_REMAKE = (
    "docs/what-was-received.md is no longer so. Receive the collection anew with the two commands "
    f"that the page gives, and put what the second prints in place of all below '{TABLES}'."
)


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def tables() -> str:
    """What the command printed."""
    return text().partition(TABLES)[2].strip()


def rows(first_heading: str, page: str | None = None) -> dict[str, list[str]]:
    """The rows of the table with this first heading: by first cell, without backticks, the rest."""
    found: dict[str, list[str]] = {}
    wanted = False
    for line in (page or text()).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line[:1] == "|" else []
        if not cells:
            wanted = False
        elif re.fullmatch(r"-+:?", cells[0]):
            continue
        elif wanted:
            found[cells[0].strip("`")] = cells[1:]
        else:
            wanted = cells[0] == first_heading
    return found


def number(cell: str) -> int:
    return int(cell.replace(",", ""))
