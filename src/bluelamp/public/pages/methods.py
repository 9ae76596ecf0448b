"""`/methods/` and one page for each rule: how do you decide?

Each rule is explained with a worked example from the release itself. Where the release has nothing
to show (no month was withheld, say), the page says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bluelamp.figures import Figure, Withheld
from bluelamp.look import words
from bluelamp.look.pieces import Column, Link
from bluelamp.measures.definition import Measure
from bluelamp.periods import Month
from bluelamp.public import addresses
from bluelamp.public.compared_example import worked_comparison
from bluelamp.public.gap_example import worked_gap
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.corrections import correction, total_corrections
from bluelamp.public.pages.frame import HOME, Page
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.shown import capital, in_unit, measure_address, shown, unit_words
from bluelamp.public.target import target_shown
from bluelamp.signals.finding import Finding, TargetReading
from bluelamp.signals.progress import progress


@dataclass(frozen=True)
class Example:
    """A worked example: an introduction, and its steps as pairs of what and how much."""

    introduction: str
    steps: tuple[tuple[str, str], ...]
    link: Link | None = None


@dataclass(frozen=True)
class Rules:
    """A rule drawn whole, as a table."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Method:
    """One rule: its address, the question it answers and its answer in a sentence.

    rules   the table in which the rule is drawn whole, made from the code; None where it is none
    """

    id: str
    title: str
    short: str
    example: Callable[[OpenRelease], Example]
    rules: Rules | None = None


@dataclass(frozen=True)
class MethodsPage(Page):
    """`/methods/`: How do you decide?"""

    methods: tuple[tuple[Link, str], ...]


@dataclass(frozen=True)
class MethodPage(Page):
    """`/methods/<id>/`: How do you decide this, and what does it look like with real figures?"""

    method: Method
    example: Example
    others: tuple[Link, ...]


def methods_page(opened: OpenRelease) -> MethodsPage:
    return MethodsPage(
        title="How we decide",
        active=addresses.METHODS,
        methods=tuple((Link(m.title, addresses.method(m.id)), m.short) for m in METHODS.values()),
    )


def method_page(opened: OpenRelease, method: str) -> MethodPage:
    if method not in METHODS:
        raise NoSuchPage(f"there is no method '{method}'")
    chosen = METHODS[method]
    return MethodPage(
        title=chosen.title,
        way=(HOME, Link("How we decide", addresses.METHODS)),
        active=addresses.METHODS,
        method=chosen,
        example=chosen.example(opened),
        others=tuple(
            Link(m.title, addresses.method(m.id)) for m in METHODS.values() if m.id != method
        ),
    )


# --- the examples ---------------------------------------------------------------------------------

NOTHING = Example("This release holds no case of it, so there is nothing to show here.", ())


def tested_example(question: str) -> Callable[[OpenRelease], Example]:
    """An example of one question: a finding that changed if there is one, the widest area first."""

    def example(opened: OpenRelease) -> Example:
        tested = [
            f for f in opened.release.findings if f.question == question and f.p_value is not None
        ]
        if not tested:
            return NOTHING
        return finding_example(opened, min(tested, key=lambda f: example_order(opened, f)))

    return example


def example_order(opened: OpenRelease, finding: Finding) -> tuple[bool, int, float, str]:
    return (
        finding.status != "changed", opened.rank(finding.area), finding.q_value or 0.0,
        finding.measure,
    )  # fmt: skip


def finding_example(opened: OpenRelease, finding: Finding) -> Example:
    """The numbers from which a finding was made, in the order in which they are worked out."""
    measure, area = opened.measures[finding.measure], opened.gazetteer[finding.area]
    steps = [
        ("Months judged", span(finding.window_first, finding.window_last)),
        ("Months they are compared with", span(finding.baseline_first, finding.baseline_last)),
    ]
    if finding.expected is not None and finding.observed is not None:
        steps += [
            ("Expected a month, had nothing changed", amount(measure, finding.expected)),
            ("Recorded a month", amount(measure, finding.observed)),
        ]
    if None not in (finding.effect, finding.effect_lower, finding.effect_upper):
        steps.append(("Difference a month, with its 95% interval", difference(measure, finding)))
    steps += [
        ("Chance of a difference so large if nothing had changed", chance(finding.p_value)),
        ("The same, allowing for everything tested at once", chance(finding.q_value)),
        ("What we may say", finding.sentence),
    ]
    link = Link(f"{measure.title}, {opened.called(area)}", measure_address(opened, finding))
    return Example(f"{measure.title}, {opened.called(area)}.", tuple(steps), link)


def span(first: str, last: str) -> str:
    return f"{Month.parse(first).words} to {Month.parse(last).words}"


def amount(measure: Measure, value: float) -> str:
    return f"{in_unit(measure, value)} {unit_words(measure)}"


def difference(measure: Measure, finding: Finding) -> str:
    """Observed less expected; for a share in percentage points."""

    def written(value: float | None) -> str:
        if measure.is_percentage:
            return words.signed((value or 0.0) * 100, 1)
        return words.signed(value or 0.0, 0)

    of = "percentage points" if measure.is_percentage else unit_words(measure)
    middle, ends = written(finding.effect), (finding.effect_lower, finding.effect_upper)
    return f"{middle} {of} (between {written(ends[0])} and {written(ends[1])})"


def chance(value: float | None) -> str:
    if value is None:
        return "not worked out"
    if value < 0.0001:
        return "less than 1 in 10,000"
    if value < 0.0005:  # which would be "about 0.0 in 100"
        return f"{words.number(value, 4)} (less than 0.1 in 100)"
    return f"{words.number(value, 4)} (about {words.number(value * 100, 1)} in 100)"


def family_example(opened: OpenRelease) -> Example:
    """How many findings were tested, how many passed, and the surest that did not."""
    tested = [f for f in opened.release.findings if f.q_value is not None]
    if not tested:
        return NOTHING
    changed = [f for f in tested if f.status == "changed"]
    by_chance = sum((f.p_value or 0.0) <= 0.05 for f in tested)
    return Example(
        "Everything tested in this release, both questions, all areas.",
        (
            ("Series of figures tested", words.number(len(tested))),
            ("Might look unusual by chance alone, if nothing had changed (up to 5 in 100)",
             f"up to {words.number(len(tested) * 0.05, 0)}"),
            ("Looked unusual when taken one by one", words.number(by_chance)),
            ("Passed once all were taken together: shown as changed", words.number(len(changed))),
            ("Of those shown as changed, expected to be false alarms",
             f"at most about {words.number(len(changed) * 0.05, 1)}"),
        ),
    )  # fmt: skip


def interval_example(opened: OpenRelease) -> Example:
    """The newest 12 months of the smallest count that has an interval: where it matters most."""
    found: list[tuple[float, Measure, Figure]] = []
    for measure in opened.own_measures:
        figure = opened.headline(measure.id).get(opened.force.code)
        if figure is None or isinstance(figure.value, Withheld) or figure.lower is None:
            continue
        if measure.kind == "count":
            found.append((figure.value, measure, figure))
    if not found:
        return NOTHING
    _, measure, figure = min(found, key=lambda item: (item[0], item[1].id))
    told = shown(measure, figure)
    return Example(
        f"{measure.title}, {opened.called(opened.force)}, {told.period}.",
        (
            ("Recorded", told.number),
            ("95% interval", told.interval),
            ("In words", f"Had luck alone been different, the count might well have been anything "
             f"from {told.interval}."),
        ),
        Link(measure.title, addresses.measure(measure.id)),
    )  # fmt: skip


def withheld_example(opened: OpenRelease) -> Example:
    """A month of each state that the release holds, beside the months that are known."""
    steps = []
    for state, what in (
        ("partial", "Partial: no figure is given"),
        ("being checked", "Being checked: shown, but left out of tests"),
        ("missing", "Missing: nothing was received"),
    ):
        record = next((c for c in opened.release.coverage if c.state == state), None)
        if record:
            source = opened.release.sources[record.source].title
            said = f"{source}, {Month.parse(record.month).words}"
            steps.append((what, f"{said}. {record.note}" if record.note else f"{said}."))
    if not steps:
        return NOTHING
    link = Link("Coverage, month by month", addresses.COVERAGE)
    return Example("One case of each kind that this release holds.", tuple(steps), link)


def known_on_example(opened: OpenRelease) -> Example:
    """The month that a later publication changed most."""
    found = total_corrections(opened)
    if found.is_empty():
        return NOTHING
    row = found.row(0, named=True)
    largest, source = correction(opened, row), opened.release.sources[row["source"]]
    receipt = opened.release.receipts.get(row["receipt_after"])
    return Example(
        f"{source.title}, {largest.month}.",
        (
            ("Published before", largest.before),
            ("Published later", largest.after),
            ("Change", largest.change),
            ("Published", largest.published),
        ),
        Link(receipt.name, addresses.receipt(receipt.sha256)) if receipt else None,
    )


def target_example(opened: OpenRelease) -> Example:
    """A target that could be judged, of the leading edition if it has one: met or missed first."""
    judged = [t for t in opened.release.targets if t.status != "not judged"]
    if not judged:
        return NOTHING

    def order(reading: TargetReading) -> tuple[bool, bool, int, str, str]:
        return (
            reading.edition != opened.leading.plan.id, reading.status not in ("met", "missed"),
            opened.rank(reading.area), reading.line, reading.area,
        )  # fmt: skip

    chosen = min(judged, key=order)
    edition = opened.release.editions[chosen.edition]
    line = edition.line(chosen.line)
    if line is None or line.target is None:
        return NOTHING
    told = target_shown(opened, line.target, chosen, "")
    place = opened.called(opened.gazetteer[chosen.area])
    steps = (("The aim", told.aim), *told.facts, ("What we may say", chosen.sentence))
    return Example(
        f"{line.title}, {place}, {edition.plan.short_title}.", steps,
        Link(line.title, addresses.line(chosen.edition, chosen.line)),
    )  # fmt: skip


READ = ("better", "worse", "mixed", "changed", "no clear change", "not judged")


def progress_rules() -> Rules:
    """What lately and the plan's time come to, from the rule itself; readings that it treats alike
    share a row."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for reading in READ:
        here = (progress(reading, other) for other in READ)
        there = (progress(other, reading) for other in READ)
        alike.setdefault((*here, *there), []).append(reading)
    kinds = list(alike.values())
    return Rules(
        "What the two come to",
        (Column("Over the time of the plan"), Column("Lately"), Column("Taken together")),
        tuple(
            tuple(map(capital, (
                words.listed(over, "or"), words.listed(lately, "or"), progress(lately[0], over[0])
            )))
            for over in kinds
            for lately in kinds
        ),
    )  # fmt: skip


def progress_example(opened: OpenRelease) -> Example:
    """A line of the leading edition of which progress can be told, the most telling first."""
    told = [
        reading
        for reading in opened.release.readings
        if reading.progress and reading.area == opened.force.code
    ]
    if not told:
        return NOTHING
    chosen = min(told, key=lambda r: (place(r.over_the_plan), place(r.reading), r.line))
    line = opened.release.editions[chosen.edition].line(chosen.line)
    title = line.title if line else chosen.line
    return Example(
        f"{title}, {opened.called(opened.force)}.",
        (
            ("Over the time of the plan", capital(chosen.over_the_plan or "not judged")),
            ("Lately", capital(chosen.reading)),
            ("Taken together", capital(chosen.progress)),
        ),
        Link(title, addresses.line(chosen.edition, chosen.line)),
    )


def gap_example(opened: OpenRelease) -> Example:
    worked = worked_gap(opened)
    return Example(*worked) if worked else NOTHING


def comparison_example(opened: OpenRelease) -> Example:
    worked = worked_comparison(opened)
    return Example(*worked) if worked else NOTHING


def place(reading: str) -> int:
    """Where a reading stands among those that tell most; '' where it was not asked."""
    return READ.index(reading) if reading in READ else len(READ)


METHODS = {
    method.id: method
    for method in (
        Method(
            "targets", "How do you judge a target?",
            "The last twelve months of the time set, against the number that the plan set.",
            target_example,
        ),
        Method(
            "positive-progress", "How do you judge progress where there is no target?",
            "What happened over the plan's time and what has happened lately, read together.",
            progress_example, progress_rules(),
        ),
        Method(
            "watch", "Has it changed lately?",
            "The last 12 complete months against the two to five years before them.",
            tested_example("watch"),
        ),
        Method(
            "edition", "Did it change under this plan?",
            "The time of the plan against the two to five years before it began.",
            tested_example("edition"),
        ),
        Method(
            "gaps", "How do you compare groups of people?",
            "How many times as often, by several yardsticks, each with its range and its limits.",
            gap_example,
        ),
        Method(
            "comparing-boroughs", "How do you compare boroughs?",
            "Each beside what chance and the usual differences between boroughs would give.",
            comparison_example,
        ),
        Method(
            "false-alarms", "How do you avoid false alarms?",
            "Test a thousand series and some will look unusual by luck. We allow for that.",
            family_example,
        ),
        Method(
            "intervals", "What does the range beside a figure mean?",
            "How far luck alone may have moved it.",
            interval_example,
        ),
        Method(
            "withheld", "Why is there no figure?",
            "Withheld, partial, being checked and missing are four different things.",
            withheld_example,
        ),
        Method(
            "known-on", "Why may a figure differ from an older one?",
            "Publishers correct themselves. Each release says what was known on its date.",
            known_on_example,
        ),
    )
}  # fmt: skip
