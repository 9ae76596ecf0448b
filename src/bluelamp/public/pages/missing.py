"""An address without a page."""

from __future__ import annotations


class NoSuchPage(LookupError):
    """The address names something that the release does not hold; the message says what."""
