"""`bluelamp new`: begins an office, an edition or a measure as files that teach what to write."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template

from bluelamp.definitions import read_gazetteer, read_office
from bluelamp.evidence.source import read_sources
from bluelamp.measures.definition import read_measures
from bluelamp.plan.checks import ADDRESS
from bluelamp.plan.contents import read_statutory_contents

SKELETONS = Path(__file__).parent / "skeletons"


class CannotBegin(ValueError):
    """Nothing was written; the message says why and what to do."""


@dataclass(frozen=True)
class Begun:
    """The files that were written."""

    files: tuple[Path, ...]


def begin_edition(root: Path, edition: str, starts: date, ends: date) -> Begun:
    """A folder `plans/<edition>` with a commented file of each kind, and the law's checklist.

    Raises CannotBegin where the edition is there already, or its name cannot be an address.
    """
    _check_address(edition)
    if ends <= starts:
        raise CannotBegin(f"--ends {ends} is not after --starts {starts}")
    words = {
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
        "force": read_office(root).force,
    }
    files = {
        "plan.yaml": _filled("plan", words),
        "priorities/first-priority.yaml": _filled("priority", words),
        "lines/first-line.yaml": _filled("line", words),
        "commitments/first-commitment.yaml": _filled("commitment", words),
        "quoted/first-theme.yaml": _filled("theme", words),
    }
    if checklist := _checklist(root):
        files["contents.yaml"] = checklist
    return _write(root / "plans" / edition, files)


def _checklist(root: Path) -> str:
    """Every requirement of the law, to be answered; '' where this office has no list."""
    law = read_statutory_contents(root)
    if law is None:
        return ""
    text = f"# Where the plan sets out what the {law.act} asks for.\n"
    text += "# met: yes, partly, no or cannot tell; all but yes need a note.\nitems:\n"
    for requirement in law.requirements:
        text += (
            f"  # {requirement.what}\n"
            f"  - requirement: {requirement.id}\n"
            "    met: cannot tell\n"
            "    # where: Chapter and section\n"
            '    note: "WRITE: where it is set out, or what is lacking"\n'
        )
    return text


def begin_measure(root: Path, measure: str, source: str, today: date) -> Begun:
    """The file `measures/<measure>.yaml`. Raises CannotBegin, also for an unknown source."""
    _check_address(measure)
    sources = sorted(path.stem for path in (root / "sources").glob("*.yaml"))
    if source not in sources:
        raise CannotBegin(f"there is no source '{source}'; the sources are {', '.join(sources)}")
    words = {
        "source": source,
        "today": today.isoformat(),
        # 29 February has no twin: the last day of February then
        "next_year": f"{today.year + 1}{today:-%m-%d}".replace("-02-29", "-02-28"),
    }
    path = root / "measures" / f"{measure}.yaml"
    if path.exists():
        raise CannotBegin(f"{path} exists already; nothing was written")
    return _written({path: _filled("measure", words)})


def begin_office(
    shipped: Path, folder: Path, *, force: str, name: str, plan: str, address: str
) -> Begun:
    """Definitions for another office in `folder`: its office.yaml, and what holds for every force.

    That is taken from the definitions `shipped`: the list of forces, the law's list, the templates,
    and each source whose rows name their force, with the measures made from it. Raises CannotBegin
    where the folder is not empty or the force is unknown.
    """
    gazetteer = read_gazetteer(shipped)
    if force not in gazetteer or gazetteer[force].kind != "force":
        raise CannotBegin(
            f"'{force}' is no police force area; areas/forces.yaml lists their codes (E23000034)"
        )
    if folder.exists() and any(folder.iterdir()):
        raise CannotBegin(f"{folder} is not empty; nothing was written")
    _check_address(plan)
    words = {"name": name, "force": force, "plan": plan, "address": address}
    made = {folder / "office.yaml": _filled("office", words)}
    national = {
        source.id
        for source in read_sources(shipped).values()
        if source.is_template or any(column.name == "force" for column in source.columns)
    }
    kept = ["areas/forces.yaml", "statutory-contents.yaml"]
    kept += [f"sources/{id}.yaml" for id in sorted(national)]
    for measure in read_measures(shipped).values():
        if measure.source in national:
            kept.append(f"measures/{measure.id}.yaml")
    begun = _written(made)
    for path in kept:
        if (shipped / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(shipped / path, folder / path)
    return Begun((*begun.files, *(folder / path for path in kept)))


def _check_address(name: str) -> None:
    if not ADDRESS.fullmatch(name):
        raise CannotBegin(
            f"'{name}' cannot be an address: use small letters, digits and hyphens (surrey-2028)"
        )


def _filled(skeleton: str, words: Mapping[str, str]) -> str:
    text = (SKELETONS / f"{skeleton}.yaml").read_text(encoding="utf-8")
    return Template(text).substitute(words)


def _write(folder: Path, files: Mapping[str, str]) -> Begun:
    if folder.exists():
        raise CannotBegin(f"{folder} exists already; nothing was written")
    return _written({folder / name: text for name, text in files.items()})


def _written(files: Mapping[Path, str]) -> Begun:
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return Begun(tuple(files))
