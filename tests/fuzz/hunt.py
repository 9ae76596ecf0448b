"""Looks for a file that breaks the promise of a reader: `python -m tests.fuzz.hunt READER FOLDER`.

Atheris (libFuzzer) changes good tables at random and follows which lines of `bluelamp.evidence`
a change newly reaches. A case is a byte for the kind of file, a byte for what is done to it, a byte
for a choice within the kind, and then the table as CSV. It is a program of its own because
libFuzzer ends its process. What breaks the promise is left in FOLDER as `crash-...`;
`--again FILE` shows it once more.
"""

from __future__ import annotations

import csv
import io
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import atheris

with atheris.instrument_imports(include=["bluelamp.evidence"]):
    from tests.fuzz.hunting import EVERY
    from tests.fuzz.kinds import KINDS, as_csv, as_json, as_pages, as_parquet
    from tests.fuzz.made import Table, table_of
    from tests.fuzz.promise import NAME, desk, read_bytes, receive_bytes
    from tests.fuzz.real import real_tables
    from tests.fuzz.spoil import spoil

if TYPE_CHECKING:
    from bluelamp.evidence.desk import Desk

# A workbook is read by a process of its own and takes a hundred times as long as a CSV.
TURNS = [*[kind for kind in KINDS if kind not in ("xlsx", "ods", "zip")] * 8, "zip", "xlsx", "ods"]
FRONT_DOOR = 8  # of 256 cases so many go all the way into a store, and each zip does
SPOILT = 128  # ... and in so many the finished file is spoilt too
BLIND = 0.15  # the share of changes that know nothing of tables
LONGEST = 20_000


def file_of(case: bytes) -> tuple[str, bytes, bool]:
    """The name and bytes of the file that a case stands for, and whether it goes into a store."""
    turn, done, choice = case[0], case[1], case[2]
    kind = TURNS[turn % len(TURNS)]
    text = case[3:]
    data = text if kind == "csv" else _made(kind, text, choice)
    if done >= 256 - SPOILT and kind != "csv" and data:
        at = (done * 257 + choice * 8191) % len(data)
        data = data[:at] + bytes([choice]) + data[at + 1 :]
    if done == 255:
        data = data[: len(data) * choice // 256]
    return f"{Path(NAME).stem}.{kind.split('.')[-1]}", data, done < FRONT_DOOR or kind == "zip"


def _made(kind: str, text: bytes, choice: int) -> bytes:
    table = _table(text)
    if not table:
        return text
    chosen: dict[str, Any] = {"parquet": as_parquet, "json": as_json, "pages.zip": as_pages}
    return chosen[kind](table, choice) if kind in chosen else KINDS[kind](table)


def another(case: bytes, longest: int, seed: int) -> bytes:
    """A case near this one: mostly its table spoilt, else its bytes as libFuzzer likes."""
    chance = random.Random(seed)
    table = _table(case[3:]) if len(case) > 3 else []
    if not table or chance.random() < BLIND:
        return atheris.Mutate(case, longest)
    spoil(table, chance)
    before = case[:3] if chance.random() < 0.6 else chance.randbytes(3)
    # A survey's semicolons would end in one cell of a table with commas.
    separator = ";" if case[3:200].count(b";") > case[3:200].count(b",") else ","
    return (before + as_csv(table, separator))[:longest]


def _table(text: bytes) -> Table:
    """The table in a case, [] where there is none."""
    separator = ";" if text[:200].count(b";") > text[:200].count(b",") else ","
    lines = io.StringIO(text.decode("utf-8", "replace"), newline="")
    try:
        table = list(csv.reader(lines, delimiter=separator))
    except csv.Error:
        return []
    return table if table and table[0] else []


def cases(at: Desk, reader: str) -> list[bytes]:
    """The good tables of a reader's sources as cases; the first in each kind of file."""
    found: list[bytes] = []
    real = {} if reader == EVERY else real_tables(at)
    for source in at.sources.values():
        if reader not in (source.reader, EVERY):
            continue
        made = as_csv(table_of(source, at.places), source.separators[0])
        kinds = ["csv"] if found else list(KINDS)
        found += [bytes([TURNS.index(kind), 100, 0]) + made for kind in kinds]
        for table in real.get(source.id, []):
            text = as_csv(table, source.separators[0])
            found += [bytes([TURNS.index(kind), 100, 0]) + text for kind in ("csv", "parquet")]
    return [case for case in found if len(case) <= LONGEST]


def check(at: Desk, case: bytes) -> None:
    """Raises where the case breaks the promise."""
    if len(case) < 4:
        return
    name, data, stored = file_of(case)
    if stored:
        receive_bytes(at, name, data)
    else:
        read_bytes(at, name, data)


def main() -> None:
    """Hunt, or show one case again."""
    at = desk()
    if sys.argv[1] == "--again":
        check(at, Path(sys.argv[2]).read_bytes())
        return
    reader, folder, *options = sys.argv[1:]
    corpus = Path(folder) / "cases"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, case in enumerate(cases(at, reader)):
        (corpus / f"good-{number}").write_bytes(case)
    atheris.Setup(
        [sys.argv[0], str(corpus), f"-artifact_prefix={folder}/", f"-max_len={LONGEST}",
         "-rss_limit_mb=3000", "-timeout=60", "-len_control=0", *options],
        lambda case: check(at, case),
        custom_mutator=another,
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main()
