"""What a gap between groups is: one YAML file in `definitions/gaps/`, whose name is its id.

It says which events are counted, how the publisher's codes make up the groups, through which stages
people go, and against what each group is held: several benchmarks, each with what it cannot show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from bluelamp.definitions import NOT_WRITTEN, DefinitionFaults, Fault, line_of, meant, read_folder
from bluelamp.measures.definition import Checked, Selection
from bluelamp.measures.denominators import Denominator, read_denominators

BenchmarkKind = Literal["residents", "step by step", "whole way", "like with like", "not known"]


@dataclass(frozen=True)
class Group:
    """People who are compared. `words` names them in a sentence ("Black people"), `codes` are all
    the ways in which the publisher writes them, of every list it has ever used."""

    id: str
    words: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """A step on the way, of which only those of the step before can be.

    title   heads a column; `did` is what a sentence says of people ("were arrested").
    taken   the rows of the step, among those of the step before; none of the first step, which is
            everything that the gap counts.
    """

    id: str
    title: str
    did: str
    taken: tuple[Selection, ...] = ()


@dataclass(frozen=True)
class Benchmark:
    """What the groups are held against.

    kind    `residents`      events of the first stage among residents of each group
            `step by step`   each later stage among those of the stage before
            `whole way`      the last stage among residents: the product of all stages
            `like with like` within `over`, then put together (Mantel-Haenszel)
            `not known`      what would be better and nobody has; only its caveat is shown
    denominator   a file of definitions/denominators; `among`: by group of the gap its groups there.
    caveat  what it cannot show, as a whole sentence of few words.
    base    what the denominator's file holds.
    over    of like with like: `boroughs`, or `kinds` (what Gap.kinds tells apart).
    """

    id: str
    title: str
    kind: BenchmarkKind
    caveat: str
    denominator: str = ""
    among: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    over: Literal["", "boroughs", "kinds"] = ""
    base: Denominator | None = field(default=None, metadata=NOT_WRITTEN)

    def __post_init__(self) -> None:
        needs = self.kind in ("residents", "whole way") or self.over == "boroughs"
        if needs and not (self.denominator and self.among):
            raise ValueError(
                f"benchmarks: '{self.id}' counts residents: say `denominator` and `among`"
            )
        if (self.kind == "like with like") != bool(self.over):
            raise ValueError(f"benchmarks: '{self.id}': `over` goes with like with like, only")


@dataclass(frozen=True)
class Kinds:
    """What tells one kind of event from another: a column of the tally. `unknown` are its values
    that say nothing; `title` heads the table."""

    column: Literal["category", "subcategory", "flag"]
    title: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gap:
    """One gap between groups.

    things     what one event is called, plural: "searches".
    attribute  the key in the tally's `group` that tells the groups: "ethnicity".
    unknown    codes of the attribute that say nothing; a code that no group has counts as well.
    unknown_words   what is missing, to end "For 3% of searches there is ...".
    reference  the group that the others are compared with.
    live       how residents are named: "who live in London" is `live` and the place.
    per        residents that a rate is told of.
    sensitive  pages begin with where to get help.
    """

    id: str
    title: str
    things: str
    question: str
    description: str
    why: str
    source: str
    attribute: str
    counted: tuple[Selection, ...]
    unknown: tuple[str, ...]
    unknown_words: str
    reference: str
    groups: tuple[Group, ...]
    stages: tuple[Stage, ...]
    benchmarks: tuple[Benchmark, ...]
    kinds: Kinds
    caveats: tuple[str, ...]
    review: Checked
    live: str = "who live"
    per: int = 1_000
    sensitive: bool = False

    def __post_init__(self) -> None:
        codes = Counter(code.upper() for each in self.groups for code in each.codes)
        codes.update(code.upper() for code in self.unknown)
        if twice := sorted(code for code, times in codes.items() if times > 1):
            raise ValueError(f"groups: the code '{twice[0]}' stands twice; it can mean one thing")
        if self.reference not in {each.id for each in self.groups}:
            raise ValueError(f"reference: '{self.reference}' is not the id of one of the groups")
        if len(self.groups) < 2 or not self.stages:
            raise ValueError("groups: at least two, and at least one stage, make a comparison")
        if self.stages[0].taken or not all(stage.taken for stage in self.stages[1:]):
            raise ValueError("stages: the first is everything that is counted; the others say rows")
        for benchmark in self.benchmarks:
            if benchmark.among and set(benchmark.among) != {each.id for each in self.groups}:
                raise ValueError(f"among: '{benchmark.id}' must say residents of every group")

    def group(self, name: str) -> Group:
        return next(each for each in self.groups if each.id == name)

    @property
    def compared(self) -> tuple[Group, ...]:
        """The groups that are held against the reference."""
        return tuple(each for each in self.groups if each.id != self.reference)

    def of_kind(self, kind: BenchmarkKind) -> tuple[Benchmark, ...]:
        return tuple(each for each in self.benchmarks if each.kind == kind)


def read_gaps(root: Path) -> dict[str, Gap]:
    """Every gap by id, none where the folder is missing; raises DefinitionFaults naming each fault
    with file and line."""
    folder = root / "gaps"
    found = read_folder(Gap, folder)
    denominators = read_denominators(root) if found else {}
    faults = [
        Fault(path, line_of(path, value, key), words)
        for gap in found.values()
        for path in (folder / f"{gap.id}.yaml",)
        for key, value, words in _leads_nowhere(gap, denominators, root)
    ]
    if faults:
        raise DefinitionFaults(faults)
    return {name: _with_bases(gap, denominators) for name, gap in found.items()}


def _with_bases(gap: Gap, denominators: Mapping[str, Denominator]) -> Gap:
    named = (replace(b, base=denominators.get(b.denominator)) for b in gap.benchmarks)
    return replace(gap, benchmarks=tuple(named))


def _leads_nowhere(
    gap: Gap, denominators: Mapping[str, Denominator], root: Path
) -> Iterator[tuple[str, str, str]]:
    """Key, value and words of each name in a gap that nothing has."""
    if not (root / "sources" / f"{gap.source}.yaml").is_file():
        yield "source", gap.source, f"source: there is no source '{gap.source}'"
    for benchmark in gap.benchmarks:
        name = benchmark.denominator
        if name and name not in denominators:
            close = meant(name, denominators) or f"; add denominators/{name}.yaml"
            yield "denominator", name, f"denominator: there is no denominator '{name}'{close}"
