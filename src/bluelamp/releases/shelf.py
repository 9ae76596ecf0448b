"""The shelf of releases in a store: where the next one goes, and which one it follows."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path


def predecessor(shelf: Path, plan: str, known_on: date) -> str | None:
    """Id of the latest release on the shelf with the same leading plan and an earlier date."""
    found: list[tuple[str, str]] = []
    for path in sorted(shelf.glob("[!.]*/release.json")):  # not one that was killed in mid-build
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest["plan"] == plan and manifest["known_on"] < known_on.isoformat():
            found.append((manifest["known_on"], manifest["id"]))
    return max(found)[1] if found else None


def next_folder(shelf: Path, plan: str, known_on: date) -> Path:
    """A folder that is not taken: plan and date, numbered where it was built before."""
    first = shelf / f"{plan}-{known_on.isoformat()}"
    folder, number = first, 2
    while folder.exists():
        folder, number = shelf / f"{first.name}-{number}", number + 1
    return folder
