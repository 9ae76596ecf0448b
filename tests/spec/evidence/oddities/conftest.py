"""Small made-up files are received as the tests of the readers receive theirs."""

from __future__ import annotations

from tests.unit.evidence.readers.conftest import desk, take_in

__all__ = ["desk", "take_in"]  # fixtures
