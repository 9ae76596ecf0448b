"""Holds what a sentence asserts against the findings of a release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from bluelamp.measures.definition import Measure
from bluelamp.periods import Month
from bluelamp.signals.claims.claim import Assertion, Claim, Verdict
from bluelamp.signals.claims.sentences import Sentence
from bluelamp.signals.finding import Finding
from bluelamp.signals.wording import month

NOT_CLEAR = "Tested against what was expected, it has not clearly changed."
NO_PROOF = "That nothing has clearly changed does not prove that nothing has changed."
AS_FOUND = re.compile(r"\b(?:expected|instead of|on average)\b")
NO_CAUSE = "No finding shows what caused a change, so the sentence may not say so."
NO_RANK = (
    "Places and times are not ranked here: the order of two of them may be chance, so the sentence "
    "may not say so."
)
CHANCE = "A difference of this size may be chance."


class Evidence(Protocol):
    """What a release knows, as far as claims are concerned."""

    def measure(self, measure: str) -> Measure: ...

    def finding(self, question: str, measure: str, area: str) -> Finding | None: ...

    def plan_began(self) -> str:
        """First month (2017-04) of the leading plan's time."""

    def year_on_year(self, measure: str, area: str) -> tuple[float, float, str] | None:
        """The newest 12 months, the 12 before them, and the last month; None if not both known."""

    def area_name(self, area: str) -> str: ...


def claims(sentence: Sentence, assertion: Assertion, evidence: Evidence) -> Iterator[Claim]:
    """A verdict for every measure and area that an assertion names."""
    said = f"not {assertion.said}" if assertion.denied else assertion.said
    blank = Claim(sentence.line, sentence.text, "", "", said, "not checkable", "", "", "", "")
    if assertion.thing:
        yield replace(
            blank,
            words=f"No measure here is of exactly '{assertion.thing}', and a near one is another.",
        )
    for measure in assertion.measures:
        for area in assertion.areas:
            yield _one(replace(blank, measure=measure, area=area), assertion, evidence)


def _one(claim: Claim, assertion: Assertion, evidence: Evidence) -> Claim:
    if assertion.ambiguous:
        places = ", ".join(evidence.area_name(code) for code in assertion.areas)
        words = f"Several places are called that ({places}): say which."
        return replace(claim, words=words)
    if assertion.said == "both ways":
        words = "It says both that it went up and that it went down: say each in its own sentence."
        return replace(claim, words=words)
    if assertion.said == "ranked":
        return replace(claim, words=NO_RANK)
    question, why_not = _question(claim, assertion, evidence)
    if not question:
        return replace(claim, words=why_not)
    finding = evidence.finding(question, claim.measure, claim.area)
    if finding is None:
        title = evidence.measure(claim.measure).title
        words = f"There is no figure of '{title}' for {evidence.area_name(claim.area)}."
        return replace(claim, words=words)
    claim = replace(
        claim, question=question, window_last=finding.window_last, finding=finding.sentence
    )
    verdict, words = _verdict(assertion, finding)
    verdict, words = _with_size(verdict, words, finding, claim, assertion, evidence)
    verdict, words = _with_more(verdict, words, assertion)
    if assertion.area_assumed:
        words = f"Taken to be about {evidence.area_name(claim.area)}. {words}"
    return replace(claim, verdict=verdict, words=words)


def _question(claim: Claim, assertion: Assertion, evidence: Evidence) -> tuple[str, str]:
    """`watch` or `edition`, or '' and why no finding speaks of the time that is named."""
    if assertion.time == "over the plan":
        return "edition", ""
    began = evidence.plan_began()
    if assertion.since and assertion.since == began:
        return "edition", ""
    watch = evidence.finding("watch", claim.measure, claim.area)
    if assertion.time != "lately":
        named = f"'{assertion.time}'"
    elif assertion.until and watch and assertion.until != watch.window_last:
        named = f"the 12 months to {month(assertion.until)}"
    elif assertion.since and (watch is None or assertion.since != watch.since):
        named = f"the time since {month(assertion.since)}"
    else:
        return "watch", ""
    return "", (
        f"No finding speaks of {named}. What is tested is the newest 12 months against the years "
        f"before them, and the time of the plan (from {month(began)}) against the years before it."
    )


def _verdict(assertion: Assertion, finding: Finding) -> tuple[Verdict, str]:
    if finding.status == "not judged":
        return "not checkable", f"It cannot be judged. {finding.reason}".strip()
    if assertion.said in ("better", "worse"):
        return _of_a_hope(assertion, finding)
    if finding.status != "changed":
        return _of_nothing_shown(assertion)
    words = f"It is {finding.direction} than expected."
    if assertion.said in ("steady", "no clear change"):
        return ("supported" if assertion.denied else "contradicted"), words
    same = (finding.direction == assertion.said) != assertion.denied
    return ("supported" if same else "contradicted"), words


def _of_nothing_shown(assertion: Assertion) -> tuple[Verdict, str]:
    """Nothing was shown to have changed, which is not to have shown that nothing changed."""
    no_change_said = assertion.denied != (assertion.said in ("steady", "no clear change"))
    if not no_change_said:
        return "unsupported", NOT_CLEAR
    if assertion.said == "no clear change" or assertion.clearly:
        return "supported", NO_PROOF
    return "not checkable", f"{NOT_CLEAR} {NO_PROOF}"


def _of_a_hope(assertion: Assertion, finding: Finding) -> tuple[Verdict, str]:
    """`better` and `worse` need a plan that hopes for a direction."""
    if finding.status != "changed":
        return _of_nothing_shown(assertion)
    if finding.reading not in ("better", "worse"):
        return "unsupported", (
            f"It is {finding.direction} than expected, but by the plan that is neither better nor "
            "worse in itself."
        )
    same = (finding.reading == assertion.said) != assertion.denied
    words = f"It is {finding.direction} than expected, which by the plan is {finding.reading}."
    return ("supported" if same else "contradicted"), words


def _with_size(
    verdict: Verdict,
    words: str,
    finding: Finding,
    claim: Claim,
    assertion: Assertion,
    evidence: Evidence,
) -> tuple[Verdict, str]:
    """A size must lie in the finding's own range, or be what plain arithmetic gives for the newest
    12 months and the 12 before."""
    size = assertion.size
    if size is None or assertion.said not in ("lower", "higher") or assertion.denied:
        return verdict, words
    signed = -size.value if assertion.said == "lower" else size.value
    # Whoever does not say "than expected" is understood to compare with the year before.
    by_the_finding = claim.question != "watch" or bool(AS_FOUND.search(claim.sentence))
    if by_the_finding and _is_its_own(finding, size.unit, signed, size.within):
        return verdict, f"{words} Its size lies within the finding's range."
    if claim.question != "watch":
        words = f"{words} Its size lies outside the finding's range."
        return _not_better_than("unsupported", verdict), words
    years = evidence.year_on_year(claim.measure, claim.area)
    is_share = evidence.measure(claim.measure).is_percentage
    if years is None or (size.unit == "points") != is_share or (not is_share and not years[1]):
        said = "points" if size.unit == "points" else "per cent"
        return (
            _not_better_than("not checkable", verdict),
            f"{words} Its size, in {said}, cannot be worked out for the last two years.",
        )
    now, before, last = years
    change = (now - before) * 100 if is_share else (now / before - 1) * 100
    unit, way = " points" if is_share else "%", "lower" if change < 0 else "higher"
    made = f"{abs(change):.1f}{unit} {way}"
    span = f"The 12 months to {month(last)} are {made} than the 12 months before"
    if abs(change - signed) <= size.within + 1e-9:
        chance = f" {CHANCE}" if verdict == "unsupported" else ""
        return verdict, f"{words} {span}, as it says.{chance}"
    return _not_better_than("unsupported", verdict), f"{words} {span}, which is not what it says."


def _is_its_own(finding: Finding, unit: str, signed: float, within: float) -> bool:
    """Whether a size lies within the interval of a change that was found: in percentage points for
    a share, as a percentage of what was expected for a count."""
    ends = (finding.effect_lower, finding.effect_upper)
    if finding.status != "changed" or ends[0] is None or ends[1] is None:
        return False
    if unit == "points":
        whole = 0.01
    elif finding.expected:
        whole = finding.expected / 100
    else:
        return False
    low, high = sorted(end / whole for end in ends if end is not None)
    return low - within <= signed <= high + within


def _with_more(verdict: Verdict, words: str, assertion: Assertion) -> tuple[Verdict, str]:
    if assertion.causes:
        verdict, words = _not_better_than("unsupported", verdict), f"{words} {NO_CAUSE}"
    if assertion.ranks:
        verdict, words = _not_better_than("unsupported", verdict), f"{words} {NO_RANK}"
    return verdict, words


def _not_better_than(limit: Verdict, verdict: Verdict) -> Verdict:
    return limit if verdict == "supported" else verdict


def years_to(last: str) -> tuple[str, str]:
    """The rolling year that ends in a month, and the one before: r12-2026-02 and r12-2025-02."""
    before = Month.parse(last).index - 12
    return f"r12-{last}", f"r12-{Month.from_index(before)}"
