"""What is wrong with a store as a whole."""

from __future__ import annotations

REMEDY = "`bluelamp store verify` says what to do"


class StoreProblem(RuntimeError):
    """The store cannot be used; the message says why and what to do."""
