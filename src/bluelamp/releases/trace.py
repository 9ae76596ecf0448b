"""Follows one published number back to the bytes it came from: `bluelamp trace`."""

from __future__ import annotations

from dataclasses import dataclass

from bluelamp.evidence.receipt import Receipt
from bluelamp.figures import Figure, Withheld
from bluelamp.measures.definition import Measure
from bluelamp.periods import Period
from bluelamp.places import Area
from bluelamp.releases.release import Release


class NoSuchFigure(LookupError):
    """The release holds no such number; the message says what it does hold."""


@dataclass(frozen=True)
class Trace:
    """The chain of one number: release, figure, measure, area, and each file it was made from."""

    release: Release
    figure: Figure
    measure: Measure
    area: Area
    receipts: tuple[Receipt, ...]
    definition_sha256: str

    def lines(self) -> list[str]:
        """The chain in words, from the number down to the file hashes."""
        figure, manifest = self.figure, self.release.manifest
        value = (
            f"withheld: {figure.status}"
            if isinstance(figure.value, Withheld)
            else _digits(figure.value)
        )
        source = self.release.sources[self.measure.source]
        parts = [
            f"number      {value}",
            f"interval    {_interval(figure)}",
            f"made of     {_made_of(figure)}",
            f"measure     {self.measure.title} ({self.measure.id}, {self.measure.kind})",
            f"counts      {self.measure.numerator_words}",
            f"area        {self.area.name} ({self.area.code}, {self.area.edition})",
            f"period      {Period.parse(figure.period).words} ({figure.period})",
            f"release     {manifest.id}, known on {manifest.known_on}",
            f"definition  definitions/measures/{self.measure.id}.yaml",
            f"            sha256 {self.definition_sha256}",
            f"code        bluelamp {manifest.code_version}",
            f"source      {source.title}, {source.publisher}",
        ]
        for receipt in self.receipts:
            inferred = " (inferred)" if receipt.published_inferred else ""
            parts += [
                f"file        {receipt.name}"
                + (f" in {receipt.container}" if receipt.container else ""),
                f"            sha256 {receipt.sha256}, {receipt.size:,} bytes",
                f"            published {receipt.published_on}{inferred}, "
                f"received {receipt.received_on}, "
                f"{receipt.rows_kept:,} of {receipt.rows_read:,} rows kept, {receipt.licence}",
                *(f"            note: {note}" for note in receipt.notes),
            ]
        return parts


def trace(release: Release, measure: str, area: str, period: str) -> Trace:
    """Raises NoSuchFigure, NotAPeriod or UnknownPlace with what to ask for instead."""
    if measure not in release.measures:
        raise NoSuchFigure(
            f"the release has no measure '{measure}'; it has {', '.join(release.measures)}"
        )
    wanted = str(Period.parse(period))
    place = release.gazetteer[area]
    figures = [f for f in release.figures(measure, area=place.code) if f.period == wanted]
    if not figures:
        known = release.figures(measure, area=place.code, kind="month") or release.figures(
            measure, area=place.code
        )
        span = f"from {known[0].period} to {known[-1].period}" if known else "nothing"
        raise NoSuchFigure(
            f"the release has no figure of {measure} in {place.name} for {wanted}; it has {span}"
        )
    figure = figures[0]
    return Trace(
        release,
        figure,
        release.measures[measure],
        place,
        tuple(release.receipts[sha] for sha in figure.receipts),
        release.manifest.files[f"definitions/measures/{measure}.yaml"],
    )


def _interval(figure: Figure) -> str:
    if figure.lower is None or figure.upper is None:
        return "none can be given"
    return f"{_digits(figure.lower)} to {_digits(figure.upper)} (95%)"


def _digits(value: float) -> str:
    """To nine significant digits, as a release keeps it, and never as 1.2e+06."""
    return f"{value:,.0f}" if value.is_integer() else f"{value:,.9g}"


def _made_of(figure: Figure) -> str:
    if figure.numerator is None:
        return "a published figure"
    if figure.denominator is None:
        return f"{figure.numerator:,.0f}"
    return f"{figure.numerator:,.0f} of {figure.denominator:,.0f}"
