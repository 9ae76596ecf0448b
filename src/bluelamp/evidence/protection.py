"""How small counts of a source that is not public are protected, as its definition says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Protection:
    """How a release protects the people in small counts of a `controlled` source.

    threshold   a count from 1 up to this less 1 is not published.
    width       between how many numbers apart a count left out must lie for whoever works with all
                that is published; 0 is the threshold.
    noughts     whether a nought tells of somebody too, so that it is left out as well.
    ward_base   counts of wards are rounded to multiples of this; 0 publishes nothing of wards.
    """

    threshold: int = 5
    width: int = 0
    noughts: bool = False
    ward_base: int = 5

    def __post_init__(self) -> None:
        if self.threshold < 2:
            raise ValueError(f"threshold: {self.threshold} protects nobody; give 2 or more")
        if self.width < 0:
            raise ValueError("width: give how far apart the numbers must lie, or 0")
        if 0 < self.ward_base < self.threshold:
            raise ValueError(
                f"ward_base: rounded to {self.ward_base}, a ward tells more than the threshold of "
                f"{self.threshold} allows; give at least that, or 0 to publish nothing of wards"
            )

    @property
    def apart(self) -> int:
        """The width that is asked."""
        return self.width or self.threshold
