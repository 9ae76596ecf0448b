"""Every template of ours: the columns say by themselves what they are and what becomes of them.

Of records about people only counts come out of here; `evidence/personal` keeps the records.
"""

from __future__ import annotations

from bluelamp.evidence.reading import Places, Reading
from bluelamp.evidence.recognise import Recognised
from bluelamp.evidence.templates import check_rows, reading_of


def read(file: Recognised, places: Places) -> Reading:
    """One tally row per row without fault; the month is the one that the row names."""
    return reading_of(check_rows(file.source, file.rows, places), places)
