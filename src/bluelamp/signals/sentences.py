"""The only place where sentences about findings are made.

Page, pack, spreadsheet and API print the same one. The patterns are those of the public pages: a
change says what, where, since when, by about how much and compared with what, and then whether
the plan hopes for it; no clear change says so first; what cannot be judged says why. No sentence
compares one month with another, ranks a place, or says "rise" or "fall" of what may be chance.
`tests/spec/signals` shows each as a table.
"""

from __future__ import annotations

from collections.abc import Sequence

from bluelamp.measures.definition import Measure
from bluelamp.periods import Month
from bluelamp.plan.edition import Plan
from bluelamp.plan.line import Line, Part
from bluelamp.signals import survey_words
from bluelamp.signals.finding import Finding
from bluelamp.signals.reading import Stance
from bluelamp.signals.wording import (
    Places,
    approximate,
    count_change,
    levels,
    month,
    percentage,
    share_change,
    span,
)

STALE_AFTER = 6
"""Months between the last figures and the release's date after which a finding is told as past."""

SMALL = 10
"""Below this mean a month a count is told as the total of the window: "14 in the 12 months"."""


REMARKABLE = 0.05
"""At or below this p-value a finding that is no change says how near it came to one."""

SELDOM = 1_000
"""Rarer than once in this many is told as "less than 1 time in 1,000"."""


NOUNS = {"count": "number", "rate": "rate", "share": "share", "published": "share"}


class Teller:
    """Tells findings as known on a month: what is older than half a year is told as past."""

    def __init__(self, places: Places, plan: Plan, known_on: Month) -> None:
        self.places = places
        self.plan = plan
        self.known_on = known_on

    def finding(
        self, finding: Finding, measure: Measure, about: Stance, months_known: int = 12
    ) -> str:
        """What was found and, where it changed, whether the plan hopes for it.

        months_known   how many months of the window have figures.
        """
        words = self.found(finding, measure, months_known)
        if finding.status != "changed":
            return words
        return f"{words} {hoped(finding, about)}"

    def found(self, finding: Finding, measure: Measure, months_known: int = 12) -> str:
        """What was found, without a word on what anybody hopes."""
        if finding.status == "not judged":
            return self._not_judged(finding, measure)
        if finding.status == "changed":
            return self._changed(finding, measure)
        return self._no_clear_change(finding, measure, months_known)

    def _subject(self, finding: Finding, measure: Measure) -> str:
        noun = NOUNS.get(measure.kind, "figure")
        return f"the {noun} of {measure.things} {self.places.where(finding.area)}"

    def _subject_of_verb(self, finding: Finding, measure: Measure) -> str:
        """A ward is followed by its borough in commas: "in Abbey ward, Brent, has been"."""
        subject = self._subject(finding, measure)
        return f"{subject}," if "," in self.places.where(finding.area) else subject

    def _changed(self, finding: Finding, measure: Measure) -> str:
        subject = _capital(self._subject_of_verb(finding, measure))
        if measure.kind == "published":
            return survey_words.changed(finding, subject, self._in_force_of(finding))
        size = share_change if measure.is_percentage else count_change
        told = size(
            _given(finding.effect),
            _given(finding.effect_lower),
            _given(finding.effect_upper),
            observed=_given(finding.observed),
            expected=_given(finding.expected),
        )
        words = f"{subject} {self._when(finding)}: {told}."
        words += (
            f" That is compared with {span(finding.baseline_first, finding.baseline_last)}, "
            "allowing for the time of year."
        )
        if finding.question == "edition":
            words += " It does not show that the plan was the cause."
        if finding.told_from:
            first = month(finding.told_from)
            words += f" It could first be told from chance with the figures to {first}."
        return words

    def _stale(self, finding: Finding) -> bool:
        return self.known_on.index - Month.parse(finding.window_last).index > STALE_AFTER

    def _when(self, finding: Finding) -> str:
        """ "has been lower than expected since March 2025 (figures to March 2026)"."""
        compared = f"{finding.direction} than expected"
        last = month(finding.window_last)
        if finding.question == "edition":
            return f"was {compared} {self._in_force(finding)}"
        if finding.since == finding.window_last:
            return f"was {compared} in {last}, the last month published"
        if self._stale(finding):
            months = span(finding.since, finding.window_last)
            return f"was {compared} from {months}, the last month published"
        return f"has been {compared} since {month(finding.since)} (figures to {last})"

    def _in_force(self, finding: Finding) -> str:
        months = span(finding.window_first, finding.window_last)
        if finding.window_last == str(self.plan.last_month):
            return f"while the plan was in force ({months})"
        if Month.of(self.plan.ends) >= self.known_on:
            return f"in the plan's time so far ({months})"
        return f"in the part of the plan's time that can be compared ({months})"

    def _in_force_of(self, finding: Finding) -> str:
        return self._in_force(finding) if finding.question == "edition" else ""

    def _no_clear_change(self, finding: Finding, measure: Measure, months_known: int) -> str:
        if measure.kind == "published":
            subject = self._subject(finding, measure)
            words = survey_words.no_clear_change(finding, subject, self._in_force_of(finding))
            return f"{words}{_how_near(finding)}"
        observed, expected = _given(finding.observed), _given(finding.expected)
        head = f"No clear change in {self._subject(finding, measure)}"
        if finding.question == "edition":
            head += f" {self._in_force(finding)}"
            period = ""
        else:
            length = _months(finding)
            period = f" in the {length} months to {month(finding.window_last)}"
            if self._stale(finding):
                period += ", the last month published"
        whole = months_known == _months(finding)
        if measure.is_percentage:
            figure, due = percentage(observed), percentage(expected)
        elif observed < SMALL and whole and finding.question == "watch":
            figure = str(round(observed * months_known) or "none")
            due = f"{expected * months_known:.0f}"
        else:
            figure, due = levels(observed, expected)
            figure += " a month"
        about = "fewer than 1" if due == "0" else f"about {due}"
        return f"{head}: {figure}{period}, where {about} would be expected.{_how_near(finding)}"

    def _not_judged(self, finding: Finding, measure: Measure) -> str:
        subject = self._subject_of_verb(finding, measure)
        if finding.question == "edition":
            over = Month.of(self.plan.ends) < self.known_on
            changed = (
                "changed while the plan was in force" if over else "has changed under the plan"
            )
        else:
            changed = "has changed"
        return f"It cannot be judged whether {subject} {changed}. {finding.reason}"

    # --- lines --------------------------------------------------------------------------------

    def line(
        self,
        line: Line,
        area: str,
        reading: str,
        outcomes: tuple[str, ...],
        findings: Sequence[tuple[Finding, Measure, int]],
    ) -> str:
        """What may be said of a line: each figure found, then the reading, then what is missing.

        findings   those of all its parts in printed order, with how many months are known.
        """
        judged = [self.found(*each) for each in findings if each[0].status != "not judged"]
        unjudged = [self.found(*each) for each in findings if each[0].status == "not judged"]
        words = [*judged, *unjudged, _verdict(line, reading, outcomes)]
        if not findings and any(part.measures for part in line.parts):
            words = [no_figures(self.places.where(area))]
        words += [missing_data(part) for part in line.parts]
        return " ".join(word for word in words if word)

    def over_the_plan(self, line: Line, lately: str, over: str, findings: Sequence[Finding]) -> str:
        """What the plan's whole time adds to how a line stands lately, '' where nothing.

        lately, over   readings of the line; findings, of the `edition` question, for its measures.
        """
        times = {self._in_force(each) for each in findings if each.status != "not judged"}
        when = _capital(times.pop()) if len(times) == 1 else "Over the plan's time"
        who = "both halves" if line.two_sided else "it"
        if over in ("better", "worse"):
            way = "went the way hoped for" if over == "better" else "went against what is hoped for"
            too = " too" if lately == over else ""
            return f"{when}, {who} {way}{too}. That does not show that the plan was the cause."
        if over == "mixed":
            return f"{when}, one figure went the way hoped for and another against it."
        if over == "changed":
            return f"{when}, there was no clear progress."
        either = " either" if lately == over else ""
        return f"{when}, there was no clear change{either}." if over == "no clear change" else ""


def hoped(finding: Finding, about: Stance) -> str:
    """Whether a change is what the leading plan hopes for, or why that cannot be said."""
    line, part = about.line, about.part
    if line is None or part is None:
        return "No line of the plan says which way this should go."
    if about.hope == "neither":
        return NEITHER
    if line.two_sided:
        words = f"{_hopes(line)}: this is one half of that, so {NO_VERDICT}."
        return f"{words} {part.proxy}".strip()
    if part.proxy:
        return _by_proxy(line, part)
    return _for_or_against(line, finding.direction == about.hope)


NO_VERDICT = "a change either way is called neither better nor worse"

NEITHER = "The plan watches this and hopes for neither more nor less of it."

TWO_SIDED = {
    "better": ": both are so.",
    "worse": ": neither is so.",
    "mixed": ": one goes with it and the other against it.",
    "changed": ": only one half has clearly changed, so the two are not called better or worse.",
    "not judged": ": only the two together can be read.",
}


def _hopes(line: Line) -> str:
    return f"The plan hopes that {' and that '.join(part.what for part in line.parts)}"


def _by_proxy(line: Line, part: Part) -> str:
    return f"{_hopes(line)}. {part.proxy} So {NO_VERDICT}."


def _for_or_against(line: Line, as_hoped: bool) -> str:
    return f"{_hopes(line)}, and this {'is in line with' if as_hoped else 'goes against'} that."


def _verdict(line: Line, reading: str, outcomes: tuple[str, ...]) -> str:
    """The sentence of a line's reading against its hopes; '' where nothing was found."""
    if all(outcome in ("not judged", "no clear change") for outcome in outcomes):
        return ""
    if line.two_sided:
        proxies = " ".join(part.proxy for part in line.parts) if reading == "not judged" else ""
        return f"{_hopes(line)}{TWO_SIDED[reading]} {proxies}".strip()
    if reading == "mixed":
        return f"{_hopes(line)}: one figure goes with that and another against it."
    if reading in ("better", "worse"):
        return _for_or_against(line, reading == "better")
    return _by_proxy(line, line.parts[0]) if line.parts[0].proxy else NEITHER


def no_figures(where: str) -> str:
    return f"No figures are published for this {where}."


def missing_data(part: Part) -> str:
    """What would be needed to judge a part, and who has it; '' where nothing is missing."""
    if not part.missing:
        return ""
    needed = f"{part.missing} (held by {part.holder})"
    if part.measures:
        return f"To judge it fully would need {needed}."
    return f"This site has no figures on whether {part.what}. It would need {needed}."


def _how_near(finding: Finding) -> str:
    """Why a difference that alone would be remarkable is not called a change, '' for another."""
    if finding.p_value is None or finding.p_value > REMARKABLE:
        return ""
    seldom = 1 / max(finding.p_value, 1 / SELDOM)
    often = f"1 time in {approximate(seldom)}"
    if seldom >= SELDOM:
        often = f"less than {often}"
    return (
        f" Looked at alone, a difference as large as this comes by chance {often}. So many figures "
        "are looked at here, month after month, that some such differences are chance, and this "
        "one may be."
    )


def _months(finding: Finding) -> int:
    return Month.parse(finding.window_last).index - Month.parse(finding.window_first).index + 1


def _given(value: float | None) -> float:
    """A judged finding has its figures; raises ValueError for one that has lost them."""
    if value is None:
        raise ValueError("a finding that was judged must carry its size and its levels")
    return value


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
