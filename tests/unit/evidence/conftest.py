"""A publisher that can be told to misbehave, and a visitor who downloads from it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.evidence.publisher import Publisher, Version, serving
from tests.unit.evidence.visitor import TABLE, Visitor


@pytest.fixture(scope="module")
def no_power_cut() -> Iterator[None]:
    """A disk need not be waited for here: these files need not outlive the test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture
def site() -> Iterator[Publisher]:
    with serving(Publisher([Version(TABLE)])) as publisher:
        yield publisher


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    return Visitor(tmp_path / "fetched")
