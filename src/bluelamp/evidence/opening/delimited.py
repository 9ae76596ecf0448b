"""CSV as publishers write it: mixed and quoted line ends, nameless columns, lines cut off."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import polars as pl

from bluelamp.evidence.opening.table import CannotOpen, Table, distinct, text_table
from bluelamp.evidence.receipt import Refusal

UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def decode(data: bytes) -> str:
    """The text of the bytes (UTF-8, UTF-16 with its mark, else Windows-1252), line ends as LF."""
    if data[:2] in UTF_16:
        try:
            return decode(data.decode("utf-16").encode())
        except UnicodeDecodeError as error:
            raise CannotOpen(
                "the file says it is UTF-16 text and is not; save it again as CSV UTF-8"
            ) from error
    if b"\x00" in data[:4096]:
        raise CannotOpen(
            "the file is not text, nor any kind of table that is read (CSV, Parquet, .ods, .xlsx, "
            "JSON); it may be damaged"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    # Real files mix CRLF and LF; a stray CR would otherwise cling to the last column's number.
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def open_delimited(data: bytes, separators: Sequence[str]) -> Table:
    """The table in CSV bytes; the separator is the one that the first line has most of.

    Raises CannotOpen.
    """
    text = decode(data)
    blank = len(text) - len(text.lstrip("\n"))
    first_line = next(_lines(text, blank), "")
    separator = max(separators, key=first_line.count)
    try:
        # The whole first record: a quote that is not closed must not swallow rows unseen.
        header = tuple(next(csv.reader(_lines(text, blank), delimiter=separator), ()))
    except csv.Error as error:
        raise CannotOpen(f"line {blank + 1}: this is not a table ({error})") from error
    width = len(header)
    header = tuple(name.strip() for name in header)
    while header and header[-1] == "":  # a spreadsheet's nameless columns: notes, not data
        header = header[:-1]
    header = distinct(header)
    if not header:
        return Table((), pl.DataFrame(schema={"line": pl.UInt32}), (), "csv")
    fast = _fast(text, separator, header) if not blank else None
    return fast or _slow(text, separator, header, width)


def _lines(text: str, start: int) -> Iterator[str]:
    """The lines from there on, each with its end, cut as they are asked for."""
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


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
    frame = frame.with_row_index("line", offset=2)
    # Lines of nothing but separators are empty lines, as spreadsheets write them.
    if all(frame.select(header).null_count().row(0)):
        frame = frame.filter(pl.any_horizontal(pl.col(header).is_not_null()))
    return Table(header, frame, (), "csv")


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
    return text_table(header, lines, records, refusals, "csv")
