"""A made-up person, planted in files about people, and a search for every trace of them."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

# Nobody is called so, and the number fails its check digit.
NAME, NHS, PNC = "Zebedee Quillfeather", "943 476 5910", "77/31415Q"
TRACES = ("zebedee", "quillfeather", "943 476 5910", "9434765910", "77/31415q", "7731415q")
HEADER = (
    "pnc_id", "offender_name", "date_of_birth", "cohort_month", "home_borough", "cohort_name",
    "cohort_status", "age_band", "offences_year_before", "offences_since", "nhs_number", "remark",
)  # fmt: skip
GOOD = (
    PNC, NAME, "1999-05-17", "2026-03", "Newham", "Knife crime", "In it", "18-24", "6", "1", NHS,
    f"{NAME} was seen",
)  # fmt: skip


def row(**changes: str) -> list[str]:
    """The planted person's row, with some cells otherwise."""
    return list((dict(zip(HEADER, GOOD, strict=True)) | changes).values())


def table(*rows: list[str], header: tuple[str, ...] = HEADER) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    return stream.getvalue().encode()


def cohort(people: int = 3) -> bytes:
    """A good file: the planted person and some others."""
    others = [row(pnc_id=f"01/{n}X", offender_name=f"Person {n}") for n in range(1, people)]
    return table(row(), *others)


def everything_in(data: bytes, name: str = "") -> Iterator[str]:
    """All texts that bytes hold, also where they are compressed, as small letters."""
    yield data.decode("latin-1").casefold()
    yield data.decode("utf-16-le", errors="ignore").casefold()
    if data[:4] == b"PAR1":
        frame = pl.read_parquet(io.BytesIO(data))
        yield frame.select(pl.all().cast(pl.String)).write_csv().casefold()
    if data[:2] == b"\x1f\x8b":
        yield from everything_in(gzip.decompress(data), name)
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield member.casefold()
                yield from everything_in(archive.read(member), member)


def traces_in(*folders: Path) -> list[str]:
    """Every file under the folders in whose name or bytes the person can be found."""
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            texts = [str(path.relative_to(folder)).casefold()]
            if path.is_file():
                texts += everything_in(path.read_bytes())
            found += [f"{path}: {t}" for t in TRACES if any(t in text for text in texts)]
    return found


def traces_in_text(text: str) -> list[str]:
    return [trace for trace in TRACES if trace in text.casefold()]
