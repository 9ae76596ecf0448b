"""A file that is known and not received: its source's caveats say why."""

from __future__ import annotations

from bluelamp.evidence.reading import Places, Reading
from bluelamp.evidence.recognise import NotRecognised, Recognised

LEFT_ALONE = "it is known: "


class LeftAlone(NotRecognised):
    """The file is known, and nothing of it belongs into the evidence; the message says why."""


def read(file: Recognised, places: Places) -> Reading:
    """Raises LeftAlone, always."""
    raise LeftAlone(f"{LEFT_ALONE}{file.source.title}. {' '.join(file.source.caveats)}")
