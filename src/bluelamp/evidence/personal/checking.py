"""Checks the sealed records about people, by their hashes and the log; it opens none of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bluelamp.evidence.personal.access_log import verify_chain
from bluelamp.evidence.personal.copying import INSIDE, fault_of_rows
from bluelamp.evidence.personal.kept import LOG, Kept, kept_in, record_path
from bluelamp.evidence.personal.kept import beside as folder_beside
from bluelamp.evidence.personal.problem import PersonalProblem

FROM_A_BACKUP = "bring the store back from a backup (bluelamp store restore FROM)"


def folders_with(root: Path) -> list[Path]:
    """The folders of records that go with a store: beside it, or in it where it is a backup."""
    return [folder for folder in (folder_beside(root), root / INSIDE) if folder.is_dir()]


def check_records(folder: Path) -> tuple[list[Kept], list[tuple[str, str, str]]]:
    """What is kept in a folder of records, and each fault: where, what, what to do.

    Every record can be read, every file that is held has its sealed rows with the hash that they
    were sealed with, and every entry of the log follows from the one before. It takes no key;
    `bluelamp personal log --verify` asks the keys where the log ends.
    """
    try:
        kept = kept_in(folder)
    except PersonalProblem as error:
        return [], [(folder.name, str(error), FROM_A_BACKUP)]
    return kept, list(_faults(folder, kept))


def _faults(folder: Path, kept: list[Kept]) -> Iterator[tuple[str, str, str]]:
    for one in kept:
        if words := fault_of_rows(folder, one):
            where = record_path(folder, one.sha256).relative_to(folder.parent).as_posix()
            yield where, words, FROM_A_BACKUP
    log = verify_chain(folder / LOG)
    if log.fault:
        yield (
            f"{folder.name}/{LOG}",
            log.fault,
            "compare it with a backup, and tell whoever looks after data protection",
        )
    elif kept and not log.entries:
        yield f"{folder.name}/{LOG}", "it is missing: it tells who had the records", FROM_A_BACKUP
