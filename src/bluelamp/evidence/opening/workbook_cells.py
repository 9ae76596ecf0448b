"""Turns a workbook on standard input into its cells, as JSON on standard output.

It is run as a process of its own, with a limit on memory, and imports nothing of Blue Lamp: a
workbook of a few kilobytes can claim 17 thousand million cells, and the reader that is used here
then ends its whole process. That process must not be the one that receives.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import sys
from typing import Any

MOST_MEMORY = 2 << 30


def as_text(cell: Any) -> str:
    """A cell as people would type it: 2007 for 2007.0, a date without its midnight."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def cells(data: bytes) -> list[tuple[str, list[list[str]]]]:
    """Each sheet that is not hidden: its name, and its rows of text from the first row on."""
    import python_calamine

    book = python_calamine.load_workbook(io.BytesIO(data))
    shown = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    return [
        (
            name,
            [[as_text(cell) for cell in row] for row in book.get_sheet_by_name(name).iter_rows()],
        )
        for name in shown
    ]


def _limit_memory() -> None:
    import resource

    with contextlib.suppress(ValueError, OSError):  # where a lower limit is set already
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    _limit_memory()
    json.dump(cells(sys.stdin.buffer.read()), sys.stdout)
