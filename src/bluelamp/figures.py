"""What is said about a place and a period: a number with its uncertainty, or why there is none.

A figure is never a silent zero or NaN (docs/decisions.md, "Nothing is ever a silent zero").
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Withheld:
    """There is no number, and this is why, in words a resident can read."""

    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("a withheld figure must say why")

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True)
class Rate:
    """A count over the people (or things) it is counted among; adds as the sentence means.

    `Rate(3, 100) + Rate(1, 300)` is 4 among 400: rates are pooled, never averaged.
    """

    numerator: float
    denominator: float
    per: int = 1_000

    def __add__(self, other: Rate) -> Rate:
        if self.per != other.per:
            raise ValueError(f"a rate per {self.per:,} cannot be added to one per {other.per:,}")
        return Rate(
            self.numerator + other.numerator, self.denominator + other.denominator, self.per
        )

    @property
    def value(self) -> float | Withheld:
        """Numerator per `per` of the denominator; Withheld where nobody is counted."""
        if not self.denominator > 0:  # NaN is not greater than anything
            return Withheld("nobody is counted here, so a rate cannot be formed")
        return self.numerator / self.denominator * self.per


@dataclass(frozen=True)
class Figure:
    """One published number: which measure, where, for whom, when; value, interval, receipts.

    `value` is in the measure's unit: a count, a rate per `per`, a proportion between 0 and 1.
    `lower` and `upper` bound a 95% interval, or are None where none can be stated.
    `receipts` are SHA-256 hashes of the files the number was made from.
    """

    measure: str
    area: str
    group: str
    period: str
    numerator: float | None
    denominator: float | None
    value: float | Withheld
    lower: float | None = None
    upper: float | None = None
    receipts: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """`ok`, or the reason why there is no value."""
        return self.value.reason if isinstance(self.value, Withheld) else "ok"
