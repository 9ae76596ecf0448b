"""What a measure is: one YAML file in `definitions/measures/`, whose name is its id and address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

from bluelamp.definitions import NOT_WRITTEN, DefinitionFaults, Fault, is_frozen, meant, read_folder
from bluelamp.evidence.geography.lookups import JoinDefinition, read_joins
from bluelamp.measures.denominators import Denominator, read_denominators

KINDS = ("count", "rate", "share", "published")
Level = Literal["force", "borough", "ward"]


@dataclass(frozen=True)
class Selection:
    """Which rows of a tally are counted: every key given must match (any of its values).

    Values are compared without regard to case. Several selections in a list are alternatives.
    """

    scope: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    subcategory: tuple[str, ...] = ()
    flag: tuple[str, ...] = ()
    group: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """Who wrote a definition, who checked it, and when it is due to be looked at again."""

    author: str
    checked_by: str
    on: date
    next: date

    def __post_init__(self) -> None:
        if self.next <= self.on:
            raise ValueError(f"next: {self.next} is not after it was checked, on {self.on}")


@dataclass(frozen=True)
class Measure:
    """One measure.

    kind        `count` of what `numerator` selects; `share` of what `denominator` selects;
                `rate` of the count measure `rate_of` per `per` of what `among` names;
                `published`: a percentage that its publisher worked out; `custom:<module>`: a
                function in `measures/custom/<module>.py`.
    unit        what one of it is called, in the plural: "offences", "victims", "of people asked".
    things      how sentences name it in mid-sentence, plural: "burglaries", "people killed".
    among       what a rate is formed with: a file of `definitions/denominators`, from which its
                `denominator_words` come. `base` is what that file holds.
    of_group    the groups of people that a rate is formed with ("ethnicity=Black"), if not all.
    called      other names under which press notes and packs speak of exactly the same
                ("burglaries", "break-ins"); what is wider or narrower is another measure.
    ward_join   where the source's wards are of another edition than those in force, the join of
                `definitions/areas/joins` that carries them over; its words become a caveat.
    sensitive   pages begin with where to get help.
    across_category_systems   false where the publisher's change of categories changes what is
                counted, so that months before and after it are never compared.
    """

    id: str
    title: str
    things: str
    description: str
    why: str
    kind: str
    source: str
    unit: str
    levels: tuple[Level, ...]
    review: Checked
    numerator: tuple[Selection, ...] = ()
    denominator: tuple[Selection, ...] = ()
    numerator_words: str = ""
    denominator_words: str = ""
    rate_of: str | None = None
    per: int = 1_000
    among: str = "residents"
    of_group: tuple[str, ...] = ()
    base: Denominator | None = field(default=None, metadata=NOT_WRITTEN)
    caveats: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    sensitive: bool = False
    across_category_systems: bool = True
    ward_join: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS and not self.kind.startswith("custom:"):
            raise ValueError(
                f"kind: '{self.kind}' is not one of {', '.join(KINDS)} or custom:<module>"
            )
        if self.kind in ("count", "share", "published") and not self.numerator:
            raise ValueError(f"numerator: a {self.kind} must say which rows it takes")
        if self.kind == "share" and not self.denominator:
            raise ValueError("denominator: a share must say of which rows it is a share")
        if self.kind == "rate" and not self.rate_of:
            raise ValueError("rate_of: a rate must name the count measure that it is a rate of")
        if self.ward_join and self.kind not in ("count", "share"):
            raise ValueError(f"ward_join: counts are carried to other wards, and not a {self.kind}")

    @property
    def is_percentage(self) -> bool:
        """True where `value` is a proportion between 0 and 1, shown as a percentage."""
        return self.kind in ("share", "published")


def read_measures(root: Path) -> dict[str, Measure]:
    """Every measure by id; raises DefinitionFaults naming each fault with file and line."""
    folder = root / "measures"
    measures = read_folder(Measure, folder)
    denominators = read_denominators(root)
    joins = read_joins(root) if any(m.ward_join for m in measures.values()) else {}
    faults = [
        Fault(folder / f"{measure.id}.yaml", 1, words)
        for measure in measures.values()
        for words in (
            *_leads_nowhere(measure, measures, root / "sources"),
            *_wrong_denominator(measure, denominators, folder),
            *_no_such_join(measure, joins),
        )
    ]
    if faults:
        raise DefinitionFaults(faults)
    return {
        name: _with_its_join(_with_its_base(measure, denominators), joins)
        for name, measure in measures.items()
    }


def _no_such_join(measure: Measure, joins: Mapping[str, JoinDefinition]) -> Iterator[str]:
    if measure.ward_join and measure.ward_join not in joins:
        close = meant(measure.ward_join, joins) or f"; add areas/joins/{measure.ward_join}.yaml"
        yield f"ward_join: there is no join '{measure.ward_join}'{close}"


def _with_its_join(measure: Measure, joins: Mapping[str, JoinDefinition]) -> Measure:
    if not measure.ward_join:
        return measure
    words = (
        f"Figures of wards are carried over from earlier wards. {joins[measure.ward_join].words}"
    )
    return replace(measure, caveats=(*measure.caveats, words))


def _wrong_denominator(
    measure: Measure, denominators: dict[str, Denominator], folder: Path
) -> Iterator[str]:
    # A release made before there were denominators must still open; its figures stand.
    if measure.kind != "rate" or is_frozen(folder / "measure.yaml"):
        return
    base = denominators.get(measure.among)
    if base is None:
        close = meant(measure.among, denominators) or f"; add denominators/{measure.among}.yaml"
        yield f"among: there is no denominator '{measure.among}'{close}"
    elif measure.denominator_words not in ("", base.worded(measure.of_group)):
        yield (
            "denominator_words: those of a rate come from "
            f"definitions/denominators/{base.id}.yaml; take them out here"
        )


def _with_its_base(measure: Measure, denominators: dict[str, Denominator]) -> Measure:
    base = denominators.get(measure.among)
    if measure.kind != "rate" or base is None:
        return measure
    return replace(measure, base=base, denominator_words=base.worded(measure.of_group))


def _leads_nowhere(measure: Measure, measures: dict[str, Measure], sources: Path) -> Iterator[str]:
    if not (sources / f"{measure.source}.yaml").is_file():
        yield f"source: there is no source '{measure.source}'"
    if not measure.rate_of:
        return
    base = measures.get(measure.rate_of)
    if base is None:
        yield f"rate_of: there is no measure '{measure.rate_of}'"
    elif base.kind != "count":
        yield f"rate_of: '{base.id}' is a {base.kind}; a rate is of a count"
