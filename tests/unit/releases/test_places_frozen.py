"""How boroughs compare is frozen in the release, and an older release without it still opens."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from bluelamp.releases.release import Release


def test_every_rate_by_borough_is_compared(small_london) -> None:
    found = small_london.release.places_compared
    assert set(found) == {"burglary-rate"}
    one = found["burglary-rate"]
    assert one.counted == "burglary"
    assert one.compared == 31
    assert {p.area for p in one.places if p.side == "not compared"} == {"E09000001", "E09000033"}


def test_the_rates_are_those_of_the_figures(small_london) -> None:
    """The comparison works from the series; what it says of a rate is what the table says."""
    release = small_london.release
    one = release.places_compared["burglary-rate"]
    frame = release.figure_frame("burglary-rate")
    rows = frame.filter((frame["period"] == one.period) & (frame["kind"] == "r12"))
    published = dict(zip(rows["area"], rows["value"], strict=True))
    compared = [place for place in one.places if place.side != "not compared"]
    assert all(abs(place.rate - published[place.area]) < 1e-6 for place in compared)


def test_a_release_without_it_opens(small_london, tmp_path: Path) -> None:
    older = shutil.copytree(small_london.release.folder, tmp_path / "older")
    (older / "places.json").unlink()
    assert Release(older).places_compared == {}


def test_what_is_written_is_what_is_read(small_london) -> None:
    records = json.loads((small_london.release.folder / "places.json").read_text())
    assert [record["measure"] for record in records] == list(small_london.release.places_compared)
