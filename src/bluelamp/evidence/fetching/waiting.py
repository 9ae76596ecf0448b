"""How long to wait before asking again, and when to give up.

Exponential back-off with jitter, so that many who were turned away together do not come back
together: Brooker, "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015). A server that
says how long to wait (Retry-After, RFC 9110 section 10.2.3) is obeyed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from bluelamp.evidence.fetching.problem import CannotFetch, TryAgain

T = TypeVar("T")
Tell = Callable[[str], None]

# A try that brought at least so many bytes more than any before it was not in vain.
WORTH_IT = 64 * 1024


@dataclass(frozen=True)
class Patience:
    """How often and how long to wait, in seconds.

    tries         how many tries in a row may fail without bringing the file forward.
    tries_in_all  and how many altogether.
    longest_asked a server that asks for a longer wait than this is not waited for.
    """

    tries: int = 6
    tries_in_all: int = 60
    first: float = 1.0
    longest: float = 60.0
    longest_asked: float = 300.0
    chance: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep

    def wait(self, failures: int, asked: float | None) -> float:
        """Seconds before try number `failures` + 1: between half and all of 1, 2, 4 ... 60, and
        never less than the server asked for."""
        backing_off = min(self.longest, self.first * 2 ** min(failures - 1, 20))
        return max(asked or 0.0, backing_off * (0.5 + self.chance() / 2))


def asked_to_wait(header: str | None, now: datetime | None = None) -> float | None:
    """The seconds that a Retry-After header asks for: a number, or a date; None if neither."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    moment = http_date(text)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds()) if moment else None


def http_date(text: str | None) -> datetime | None:
    """A moment as HTTP writes it (Wed, 21 Oct 2026 07:28:00 GMT), in UTC; None if it is none."""
    try:
        moment = parsedate_to_datetime(text or "")
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return zoned.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def persist(
    attempt: Callable[[], T],
    patience: Patience,
    tell: Tell,
    size: Callable[[], int] = lambda: 0,
) -> T:
    """What `attempt` gives, trying again where it raises TryAgain; says each wait through `tell`.

    `size` is how many bytes there are so far. Raises CannotFetch once patience is at its end.
    """
    failures, best = 0, size()
    for _ in range(patience.tries_in_all):
        try:
            return attempt()
        except TryAgain as trouble:
            if size() >= best + WORTH_IT:
                failures, best = 0, size()
            failures += 1
            if trouble.after is not None and trouble.after > patience.longest_asked:
                raise CannotFetch(
                    f"{trouble}; the server asks to wait {duration(trouble.after)}. Call again then"
                    + _kept(size())
                ) from trouble
            if failures >= patience.tries:
                raise CannotFetch(
                    f"{trouble}. It went wrong {failures} times in a row; call again later"
                    + _kept(size())
                ) from trouble
            seconds = patience.wait(failures, trouble.after)
            tell(f"{trouble}; trying again in {duration(seconds)} ({failures} of {patience.tries})")
            patience.sleep(seconds)
    raise CannotFetch(
        f"it went wrong {patience.tries_in_all} times; call again later" + _kept(size())
    )


def _kept(size: int) -> str:
    return f": the {size:,} bytes that came are kept" if size else ""


def duration(seconds: float) -> str:
    """12 seconds, 5 minutes, 3 hours."""
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}s"
    whole = round(seconds)
    return f"{whole} second{'' if whole == 1 else 's'}"
