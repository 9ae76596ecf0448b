"""CSV as publishers write it: mixed and quoted line ends, nameless columns, lines cut off."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

import polars as pl

from bluelamp.evidence.opening.table import CannotOpen, Table, distinct, text_table
from bluelamp.evidence.receipt import Refusal

UTF_8_MARK, UTF_16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
STRAY_CR = re.compile(rb"\r(?!\n)")


def decode(data: bytes) -> str:
    """The text of the bytes, line ends as LF. Raises CannotOpen as `in_utf8` does."""
    return in_utf8(data).decode()


def in_utf8(data: bytes) -> bytes:
    """The text of the bytes (UTF-8, UTF-16 with its mark, else Windows-1252) as UTF-8 without a
    mark, line ends as LF. Raises CannotOpen where it is no text."""
    if data[:2] in UTF_16:
        try:
            return in_utf8(data.decode("utf-16").encode())
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
        data.decode()
        text = data.removeprefix(UTF_8_MARK)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace").encode()
    if b"\r" not in text:
        return text
    # Real files mix CRLF and LF; a stray CR would otherwise cling to the last column's number.
    if STRAY_CR.search(text):
        return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.replace(b"\r", b"")  # the same, and quicker by far


def open_delimited(data: bytes, separators: Sequence[str]) -> Table:
    """The table in CSV bytes; the separator is the one that the first line has most of.

    Raises CannotOpen.
    """
    text = in_utf8(data)
    blank = len(text) - len(text.lstrip(b"\n"))
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
    return fast or _slow(text.decode(), separator, header, width)


def _lines(text: bytes, start: int) -> Iterator[str]:
    """The lines from there on, each with its end, cut as they are asked for."""
    while start < len(text):
        end = text.find(b"\n", start) + 1 or len(text)
        yield text[start:end].decode()
        start = end


def _fast(text: bytes, separator: str, header: tuple[str, ...]) -> Table | None:
    """Polars' reader, where line numbers can be told by counting: no quoted line ends, no gaps."""
    try:
        frame = pl.read_csv(
            text, separator=separator, infer_schema=False, truncate_ragged_lines=False
        )
    except Exception:  # ragged or odd: the slow reader finds the lines at fault
        return None
    # A last line without its line end may have been cut off in the middle: look at it slowly.
    if not text.endswith(b"\n") or text.count(b"\n") != frame.height + 1:
        return None
    if len(frame.columns) < len(header):
        return None
    frame = frame[:, : len(header)]
    frame.columns = list(header)
    frame = frame.with_row_index("line", offset=2)
    # Lines of nothing but separators are empty lines, as spreadsheets write them.
    if all(frame[name].null_count() for name in header):
        if b"\n\n" in text:
            return None
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
