"""What can go wrong with a download, in words for whoever asked for it."""

from __future__ import annotations


class CannotFetch(RuntimeError):
    """The file cannot be had; the message says why and what to do."""


class TryAgain(CannotFetch):
    """It went wrong this time and may go well the next; `after` is the wait in seconds that the
    server asked for, if it asked."""

    def __init__(self, message: str, after: float | None = None) -> None:
        self.after = after
        super().__init__(message)
