"""The how-to of fetching works against publishers on this computer, one of which has a bad day."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from tests.unit.evidence import publisher as p
from tests.unit.evidence.publisher import Asked, Publisher, Reply, Version, serving

from bluelamp.evidence.fetching import waiting
from bluelamp.evidence.fetching.asking import Asker

VICTIMS = (
    b"Count of Victims,Age Group,Sex,Method of Killing,Domestic Abuse,Recorded Date,"
    b"Homicide Offence Type,Solved Status,Borough,Officer Observed Ethnicity\n"
    b"1,45 to 54,Male,Other,Not Domestic Abuse,Jan-26,Murder,Solved,Wandsworth,White\n"
)
NAME = "Homicide Victims 2003 - Jan 2026.csv"


def archive() -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as zipped:
        zipped.writestr("2026-01/2026-01-essex-street.csv", "Crime ID,Month\n" * 1000)
    return to.getvalue()


def datastore(publisher: Publisher, asked: Asked) -> Reply:
    """The London Datastore's list of the files of a data set."""
    address = f"{publisher.address}/download/abc/{NAME}"
    return Reply(200, {}, json.dumps({"resources": {"abc": {"url": address}}}).encode())


def victims(publisher: Publisher, asked: Asked) -> Reply:
    if asked.headers.get("if-none-match") == '"victims"':
        return Reply(304, {}, length=None)
    return Reply(200, {"ETag": '"victims"'}, VICTIMS)


def point_to(site: Publisher, definitions: Path) -> None:
    """Let the copy of the definitions ask this computer instead of the publishers."""
    for path in (definitions / "sources").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        start, end = text.find("downloads:"), text.find("how_often:")
        if start < 0:
            continue
        asked = text[start:end]
        for publisher in ("https://data.london.gov.uk", "https://data.police.uk"):
            asked = asked.replace(publisher, site.address)
        path.write_text(text[:start] + asked + text[end:], encoding="utf-8")


def test_fetching_works_as_the_page_says(
    root: Path, newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(Asker, "_take_turns", lambda self, host: None)
    waited: list[float] = []
    monkeypatch.setattr(waiting.Patience, "wait", lambda *_: waited.append(1.0) or 0.0)
    with serving(Publisher([Version(archive())])) as site:
        point_to(site, newcomer.checkout / "definitions")
        site.paths = {
            "/api/dataset/mps-homicide-dashboard-data": datastore,
            "/download/abc/" + NAME.replace(" ", "%20"): victims,
            "/data/archive/latest.zip": lambda publisher, asked: Reply(
                302, {"Location": "/data/archive/2026-01.zip"}
            ),
            "/data/archive/2023-01.zip": p.honest,
        }
        fine_twice, bad_day = [p.honest], [p.cut(0.5), p.status(503)]
        site.script.extend([*fine_twice, *bad_day])
        newcomer.follow(root / "docs/how-to/fetch-from-publishers.md")
    assert len(waited) == 2
    assert (newcomer.checkout / "downloads/police-uk-street/2026-01.zip").is_file()
    assert site.asked[-1].first > 0, "it should go on where it stopped"
