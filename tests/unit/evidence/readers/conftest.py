"""A small file of a publisher's shape, received: what became of it, its rows and its coverage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bluelamp.definitions import definitions_root
from bluelamp.evidence.receipt import Receipt
from bluelamp.evidence.receive import Desk, Outcome, receive
from bluelamp.evidence.store import Store


@dataclass(frozen=True)
class Taken:
    """One received file."""

    store: Store
    outcome: Outcome

    @property
    def receipt(self) -> Receipt:
        assert self.outcome.receipt, self.outcome.reason
        return self.outcome.receipt

    @property
    def rows(self) -> pl.DataFrame:
        return pl.read_parquet(self.store.typed(self.receipt.key))

    def count(self, **where: str) -> int:
        """The sum of the tally's rows whose columns say this."""
        tally = pl.read_parquet(self.store.tally(self.receipt.key))
        return int(tally.filter(**where)["count"].sum())

    def partial(self, month: str) -> str:
        """Why the month is partial, or ''; fails where its levels or scopes differ."""
        coverage = pl.read_parquet(self.store.coverage(self.receipt.key))
        (words,) = coverage.filter(month=month)["partial"].unique()
        return str(words)


TakeIn = Callable[..., Taken]


@pytest.fixture(scope="session")
def desk() -> Desk:
    return Desk(definitions_root())


@pytest.fixture
def take_in(desk: Desk, tmp_path: Path) -> TakeIn:
    """take_in(name, content): text, bytes or a frame (written as Parquet) as a file, received."""

    def taken(name: str, content: str | bytes | pl.DataFrame) -> Taken:
        path = tmp_path / name
        if isinstance(content, pl.DataFrame):
            content.write_parquet(path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        store = Store(tmp_path / "store")
        (outcome,) = receive(store, desk, [path], on=date(2026, 11, 21))
        return Taken(store, outcome)

    return taken
