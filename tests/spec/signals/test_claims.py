"""What becomes of a sentence that says which way a measure went. These tables are the manual.

The findings are made up, and stand in the first table. London is the whole area.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bluelamp.definitions import definitions_root, read_gazetteer, read_office
from bluelamp.measures.definition import Measure, read_measures
from bluelamp.signals.claims.checking import Checked, Checker
from bluelamp.signals.claims.sentences import sentences
from bluelamp.signals.claims.words import read_claim_words
from bluelamp.signals.finding import Finding

LONDON, BRENT = "E23000001", "E09000005"
NAMES = {
    LONDON: "London", "E09000003": "Barnet", BRENT: "Brent", "E09000007": "Camden",
    "E09000008": "Croydon", "E05013810": "Abbey ward, Merton", "E05014053": "Abbey ward, Barking",
}  # fmt: skip

# Newest 12 months to February 2026; the plan began in April 2017.
FINDINGS = """
  question | measure          | area      | status          | direction | reading         | since
  -------- + ---------------- + --------- + --------------- + --------- + --------------- + -------
  watch    | burglary         | E23000001 | changed         | lower     | better          | 2025-03
  watch    | burglary         | E09000003 | no clear change |           | no clear change |
  watch    | burglary         | E09000005 | changed         | higher    | worse           | 2025-06
  watch    | robbery          | E23000001 | no clear change |           | no clear change |
  watch    | robbery          | E09000007 | changed         | lower     | better          | 2025-05
  watch    | knife-crime      | E09000008 | changed         | higher    | worse           | 2025-07
  watch    | sexual-offences  | E23000001 | changed         | higher    | changed         | 2025-06
  watch    | hate-crime       | E23000001 | no clear change |           | no clear change |
  watch    | trust-in-the-mps | E23000001 | not judged      |           | not judged      |
  edition  | homicide         | E23000001 | changed         | higher    | changed         |
  watch    | homicide         | E23000001 | no clear change |           | no clear change |
  watch    | burglary         | E05013810 | changed         | lower     | better          | 2025-04
"""

# The whole of what is said, and the verdict; '-' where nothing is claimed of a measure.
SENTENCES = """
  sentence                                                        | verdict
  --------------------------------------------------------------- + -------------
  Burglary has fallen in London.                                  | supported
  Burglary in London is down.                                     | supported
  There were fewer burglaries in London.                          | supported
  We have seen a fall in burglary across the capital.             | supported
  London's burglaries continue to fall.                           | supported
  Burglary in London rose.                                        | contradicted
  More burglaries were recorded in London.                        | contradicted
  Burglary in London is better.                                   | supported
  Burglary in London got worse.                                   | contradicted
  Burglary in London has not fallen.                              | contradicted
  Burglary in London hasn't risen.                                | supported
  Burglary in London remained stable.                             | contradicted
  Burglary in London has been lower than expected since March 2025. | supported
  Burglary in Barnet has fallen.                                  | unsupported
  Burglary in Barnet has improved.                                | unsupported
  No clear change in burglary in Barnet.                          | supported
  There has been no clear rise in burglary in Barnet.             | supported
  Burglary in Barnet has not risen.                               | not checkable
  Burglary in Barnet is unchanged.                                | not checkable
  Burglary in Brent has not worsened.                             | contradicted
  Burglary in Croydon fell.                                       | not checkable
  Sexual offences in London have risen.                           | supported
  Sexual offences in London got worse.                            | unsupported
  Trust in the Met has improved.                                  | not checkable
  Homicide rose over the life of the plan.                        | supported
  Homicide fell while the plan was in force.                      | contradicted
  Homicide has risen since April 2017.                            | supported
  Homicide rose.                                                  | unsupported
  Burglary fell in Abbey ward, Merton.                            | supported
  Burglary fell in Abbey ward.                                    | not checkable
"""

OTHER_TIMES = """
  sentence                                          | verdict
  ------------------------------------------------- + -------------
  Burglary in London has fallen since 2019.         | not checkable
  Burglary in London has fallen since January 2020. | not checkable
  Burglary in London fell last month.               | not checkable
  Burglary in London fell in March 2026.            | not checkable
  Burglary in London fell in the 12 months to February 2026. | supported
  Burglary in London fell in the 12 months to July 2025.     | not checkable
  Burglary in London is lower than a decade ago.    | not checkable
  Burglary in London fell this year.                | supported
"""

# Homicide was 3 above the 10 expected, likely between 2 and 4, so by 20% to 40%.
# Burglary in London went from 52,000 in a year to 48,000 (7.7% lower), in Brent from 100 to 110.
SIZES = """
  sentence                                                  | verdict
  --------------------------------------------------------- + -------------
  Burglary in London fell by 7.7%.                          | supported
  Burglary in London fell by 8 per cent.                    | supported
  Burglary in London fell by 7%.                            | unsupported
  Burglary in London fell by about 7%.                      | supported
  Burglary in London fell by 20 percent.                    | unsupported
  Burglary in London rose by 7.7%.                          | contradicted
  Burglary in Brent rose 10% year on year.                  | supported
  Homicide rose 30% over the life of the plan.              | supported
  Homicide rose 60% over the life of the plan.              | unsupported
  Homicide rose about 30% over the life of the plan.        | supported
  Knife crime in Croydon rose by 5%.                        | not checkable
"""

# No finding shows why, or which place is first.
MORE_THAN_A_FINDING_SAYS = """
  sentence                                                     | verdict
  ------------------------------------------------------------ + -------------
  Burglary in London fell thanks to our patrols.               | unsupported
  New patrols led to a fall in burglary in London.             | unsupported
  Burglary in London fell faster than anywhere else.           | unsupported
  Burglary in London rose because of the cuts.                 | contradicted
  Brent has the highest burglary numbers in London.            | not checkable
  Burglary in London is at its lowest level.                   | not checkable
"""

NOT_CLAIMED = """
  sentence                                                     | verdict
  ------------------------------------------------------------ + -------------
  We will reduce burglary in London.                           | -
  Our aim is that burglary falls.                              | -
  We are working to cut robbery.                               | -
  If burglary rises in London we will act.                     | -
  The Violence Reduction Unit works on knife crime.            | -
  Burglary is a priority in Barnet.                            | -
  The budget rose.                                             | -
  More victims of burglary came forward.                       | -
  Officers responded to burglary faster.                       | -
  Burglary fell in London.                                     | supported
  We promised to cut burglary and it has fallen in London.     | supported
"""

# A word beside the name makes another thing of it, of which there is no finding.
OTHER_THINGS = """
  sentence                                                     | verdict
  ------------------------------------------------------------ + -------------
  Residential burglary fell in London.                         | not checkable
  Burglary convictions rose in London.                         | not checkable
  Violent crime rose in London.                                | not checkable
  Youth robbery fell.                                          | not checkable
  Recorded burglary offences fell in London.                   | supported
  Overall burglary fell in London.                             | supported
"""

# The verdict on each thing that is said, in order, a row to each.
SEVERAL = """
  sentence                                                  | measure, area, verdict
  --------------------------------------------------------- + ----------------------------------
  Burglary and robbery both fell in London.                 | burglary London supported
                                                            | robbery London unsupported
  Burglary rose in Brent but fell in Barnet.                | burglary Brent supported
                                                            | burglary Barnet unsupported
  Knife crime rose in Croydon and robbery fell in Camden.   | knife-crime Croydon supported
                                                            | robbery Camden supported
  Robbery fell in Camden, while burglary in London rose.    | robbery Camden supported
                                                            | burglary London contradicted
  The Met said that robbery fell in Camden.                 | robbery Camden supported
  Burglary fell in Camden and in Brent.                     | burglary Camden not checkable
                                                            | burglary Brent contradicted
  Burglary fell.                                            | burglary London supported
  Burglary is lower, which is better.                       | burglary London supported
                                                            | burglary London supported
"""


def drawn(text: str) -> list[list[str]]:
    rows = [
        line.split("|") for line in text.strip().splitlines() if "-+-" not in line.replace(" ", "")
    ]
    return [[cell.strip() for cell in row] for row in rows][1:]


def finding(
    question: str, measure: str, area: str, status: str, way: str, reading: str, since: str
) -> Finding:
    size = (3.0, 2.0, 4.0, 13.0, 10.0) if question == "edition" else (None,) * 5
    return Finding(
        question, measure, area, "all", status, way, "", reading, since,
        *size, "2025-03", "2026-02", "2021-03", "2025-02", None, None,
        "It is too small." if status == "not judged" else "",
        f"The sentence of {measure} in {area}.",
    )  # type: ignore[arg-type]  # fmt: skip  # words of a drawn table


@dataclass(frozen=True)
class MadeUp:
    """The findings of the first table."""

    measures: dict[str, Measure]
    findings: dict[tuple[str, str, str], Finding]

    def measure(self, measure: str) -> Measure:
        return self.measures[measure]

    def finding(self, question: str, measure: str, area: str) -> Finding | None:
        return self.findings.get((question, measure, area))

    def plan_began(self) -> str:
        return "2017-04"

    def year_on_year(self, measure: str, area: str) -> tuple[float, float, str] | None:
        years = {LONDON: (48_000.0, 52_000.0, "2026-02"), BRENT: (110.0, 100.0, "2026-02")}
        return years.get(area) if measure == "burglary" else None

    def area_name(self, area: str) -> str:
        return NAMES.get(area, area)


@pytest.fixture(scope="module")
def checker() -> Checker:
    root = definitions_root()
    measures = read_measures(root)
    found = [finding(*row) for row in drawn(FINDINGS)]
    evidence = MadeUp(measures, {(f.question, f.measure, f.area): f for f in found})
    return Checker(
        read_claim_words(root), measures, read_gazetteer(root), {LONDON: "London"},
        read_office(root).force, evidence,
    )  # fmt: skip


def only(checked: list[Checked]) -> Checked:
    assert len(checked) == 1, "the row is not one sentence"
    return checked[0]


TABLES = (
    SENTENCES, OTHER_TIMES, SIZES, MORE_THAN_A_FINDING_SAYS, NOT_CLAIMED, OTHER_THINGS,
)  # fmt: skip


@pytest.mark.parametrize(("sentence", "verdict"), [row for table in TABLES for row in drawn(table)])
def test_a_sentence_has_its_verdict(checker, sentence, verdict):
    found = only(list(checker.check(sentence)))

    assert (found.verdict or "-") == verdict, [claim.words for claim in found.claims]


def several() -> list[tuple[str, list[str]]]:
    """The rows of SEVERAL by sentence."""
    found: list[tuple[str, list[str]]] = []
    for sentence, verdict in drawn(SEVERAL):
        if sentence:
            found.append((sentence, []))
        found[-1][1].append(verdict)
    return found


@pytest.mark.parametrize(("sentence", "expected"), several())
def test_each_thing_that_is_said_has_its_own_verdict(checker, sentence, expected):
    found = only(list(checker.check(sentence)))

    said = [f"{claim.measure} {NAMES[claim.area]} {claim.verdict}" for claim in found.claims]
    assert said == expected


def test_a_verdict_names_the_finding_it_rests_on(checker):
    (claim,) = only(list(checker.check("Burglary in London has fallen."))).claims

    assert (claim.question, claim.window_last) == ("watch", "2026-02")
    assert claim.finding == "The sentence of burglary in E23000001."


def test_it_means_what_the_sentence_before_spoke_of(checker):
    first, second = checker.check("Burglary is a priority for us. It fell in London.")

    assert (first.verdict, second.verdict) == (None, "supported")


def test_a_place_that_is_not_named_is_said_to_be_assumed(checker):
    (claim,) = only(list(checker.check("Burglary fell."))).claims

    assert claim.words.startswith("Taken to be about London.")


TEXT = """\
# Safer streets

Burglary fell by 7.7% (see p. 3). Mr. Jones said so,
and robbery too. Is that all?
- first point
- second point
1. third point

| cell | other |
"""


def test_sentences_keep_their_lines():
    assert [(s.line, s.text) for s in sentences(TEXT)] == [
        (1, "Safer streets"),
        (3, "Burglary fell by 7.7% (see p. 3)."),
        (3, "Mr. Jones said so, and robbery too."),
        (4, "Is that all?"),
        (5, "first point"),
        (6, "second point"),
        (7, "third point"),
        (9, "| cell | other |"),
    ]
