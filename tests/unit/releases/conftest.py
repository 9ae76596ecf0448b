"""A made-up office with small numbers, for every test of what may be told of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.releases.office_with_small_numbers import Office, make_office


@pytest.fixture(scope="session")
def office(made_once: Callable[..., Path], small_london) -> Office:
    return make_office(made_once, small_london)
