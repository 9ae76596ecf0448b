"""Opens a received file as a table of text, before anyone understands it.

Every cell becomes text, whatever its publisher's file calls it. Each row keeps the line it stood
on, so that a refusal can name it. What cannot be opened at all raises `CannotOpen` in words.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from bluelamp.evidence.receipt import Refusal


class CannotOpen(ValueError):
    """The bytes are no table that can be read; the message says what to do."""


@dataclass(frozen=True)
class Table:
    """A file opened: `rows` has the file's own columns plus `line` (1 is the header of a CSV)."""

    header: tuple[str, ...]
    rows: pl.DataFrame
    refusals: tuple[Refusal, ...]
    kind: str


def open_table(data: bytes, separators: Sequence[str] = (",", ";")) -> Table:
    """Open CSV or Parquet bytes; raises CannotOpen."""
    if not data.strip():
        raise CannotOpen("the file is empty; download it again from its publisher")
    if data[:4] == b"PAR1" or data[-4:] == b"PAR1":
        return _open_parquet(data)
    return _open_csv(data, separators)


def _open_parquet(data: bytes) -> Table:
    try:
        frame = pl.read_parquet(io.BytesIO(data))
        # As text, like the cells of a CSV: a reader meets one kind of cell. A list is no cell.
        cells = [name for name, dtype in frame.schema.items() if not dtype.is_nested()]
        frame = frame.select(pl.col(cells).cast(pl.String, strict=False))
    # Polars raises several kinds for a damaged file, and panics (no Exception) at some.
    except (Exception, pl.exceptions.PanicException) as error:
        raise CannotOpen(
            "the Parquet file is damaged or was cut off; download it again from its publisher"
        ) from error
    header = _distinct([name.strip() for name in frame.columns])
    frame.columns = list(header)
    return Table(header, frame.with_row_index("line", offset=1), (), "parquet")


def _decode(data: bytes) -> str:
    if b"\x00" in data[:4096]:
        raise CannotOpen("the file is neither text nor Parquet; it may be damaged")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    # Real files mix CRLF and LF; a stray CR would otherwise cling to the last column's number.
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _open_csv(data: bytes, separators: Sequence[str]) -> Table:
    text = _decode(data)
    blank = len(text) - len(text.lstrip("\n"))
    first_line = text[blank:].split("\n", 1)[0]
    separator = max(separators, key=first_line.count)
    try:
        # The whole first record: a quote that is not closed must not swallow rows unseen.
        records = csv.reader(io.StringIO(text[blank:], newline=""), delimiter=separator)
        header = tuple(next(records, ()))
    except csv.Error as error:
        raise CannotOpen(f"line {blank + 1}: this is not a table ({error})") from error
    width = len(header)
    header = tuple(name.strip() for name in header)
    while header and header[-1] == "":  # a spreadsheet's nameless columns: notes, not data
        header = header[:-1]
    header = _distinct(header)
    if not header:
        return Table((), pl.DataFrame(schema={"line": pl.UInt32}), (), "csv")
    fast = _fast(text, separator, header) if not blank else None
    return fast or _slow(text, separator, header, width)


def _distinct(header: Sequence[str]) -> tuple[str, ...]:
    """Number repeated names ("a", "a (2)") so that a file with twins can still be recognised."""
    names = ["line"]  # is ours
    for name in header:
        spellings = (name if n == 1 else f"{name} ({n})" for n in itertools.count(1))
        names.append(next(spelling for spelling in spellings if spelling not in names))
    return tuple(names[1:])


def _fast(text: str, separator: str, header: tuple[str, ...]) -> Table | None:
    """Polars' reader, where line numbers can be told by counting: no quoted line ends, no gaps."""
    try:
        frame = pl.read_csv(
            text.encode(), separator=separator, infer_schema=False, truncate_ragged_lines=False
        )
    except Exception:  # ragged or odd: the slow reader finds the lines at fault
        return None
    # A last line without its line end may have been cut off in the middle: look at it slowly.
    if text.count("\n") != frame.height + 1 or "\n\n" in text or not text.endswith("\n"):
        return None
    if len(frame.columns) < len(header):
        return None
    frame = frame.select(
        pl.col(old).alias(new) for old, new in zip(frame.columns, header, strict=False)
    )
    return Table(header, frame.with_row_index("line", offset=2), (), "csv")


def _slow(text: str, separator: str, header: tuple[str, ...], width: int) -> Table:
    """Line by line: lines with too few or too many cells are refused; `width` counts all columns
    of the header, nameless ones too."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    refusals: list[Refusal] = []
    lines: list[int] = []
    records: list[list[str | None]] = []
    try:
        while next(reader, None) == []:  # empty lines before the header
            pass
        start = reader.line_num + 1
        for record in reader:
            line, start = start, reader.line_num + 1
            filled = record[: len(header)]
            surplus = [cell for cell in record[width:] if cell.strip()]
            if not any(cell.strip() for cell in record):
                continue
            if len(filled) < len(header):
                refusals.append(
                    Refusal(
                        line,
                        f"the line has {len(record)} of {len(header)} columns; "
                        "the file may have been cut off here: download it again",
                    )
                )
            elif surplus:
                refusals.append(
                    Refusal(
                        line,
                        f"the line has {len(record)} columns and the header {width}; "
                        f"a number with a '{separator}' in it must stand in quotes",
                    )
                )
            else:
                lines.append(line)
                records.append([cell if cell != "" else None for cell in filled])
    except csv.Error as error:
        raise CannotOpen(f"line {reader.line_num}: this is not a table ({error})") from error
    columns = list(zip(*records, strict=True)) if records else [()] * len(header)
    frame = pl.DataFrame(
        {
            name: pl.Series(name, cells, pl.String)
            for name, cells in zip(header, columns, strict=True)
        }
    ).with_columns(pl.Series("line", lines, pl.UInt32))
    return Table(header, frame, tuple(refusals), "csv")
