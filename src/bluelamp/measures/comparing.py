"""Which areas are never compared by a rate among residents: `definitions/comparing.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bluelamp.definitions import DefinitionFaults, Fault, read, read_gazetteer


@dataclass(frozen=True)
class LeftOut:
    """An area by its code, and why a rate among its residents misleads: the end of a sentence."""

    area: str
    why: str


@dataclass(frozen=True)
class Comparing:
    """How an office compares areas. Without the file every area is compared."""

    left_out: tuple[LeftOut, ...] = ()


def read_comparing(root: Path) -> Comparing:
    """Raises DefinitionFaults, also for an area that is in no file of areas, or stands twice."""
    path = root / "comparing.yaml"
    if not path.is_file():
        return Comparing()
    found = read(Comparing, path)
    known = {area.code for area in read_gazetteer(root)}
    codes = [each.area for each in found.left_out]
    faults = [
        Fault(path, 1, f"left_out: there is no area '{code}'; see definitions/areas")
        for code in codes
        if code not in known
    ]
    faults += [
        Fault(path, 1, f"left_out: the area '{code}' is named twice; take one of them out")
        for code in sorted({code for code in codes if codes.count(code) > 1})
    ]
    if faults:
        raise DefinitionFaults(faults)
    return found
