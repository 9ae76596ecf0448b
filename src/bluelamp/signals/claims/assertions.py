"""Turns what a sentence mentions into what it asserts, clause by clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, cast

from bluelamp.signals.claims.claim import Assertion, Said, Size
from bluelamp.signals.claims.mentions import Mention
from bluelamp.signals.claims.sentences import Word
from bluelamp.signals.claims.times import time_of

# A rank alone ("at its lowest level") says which way too, if no other word does.
DIRECTIONS = ("lower", "higher", "better", "worse", "steady", "no_clear_change", "ranks")
BESIDE = {"lower_beside": "lower", "higher_beside": "higher"}
AND = "and but while whereas although though however , ; \u2013 \u2014"
JOINTS = frozenset(AND.split())
IT = frozenset({"it", "this", "they", "these", "that", "both"})
CLEAR = frozenset({"clear", "clearly"})
NEAR = 4  # words between "not" and what it denies
ROUGHLY = "about around nearly almost over roughly some approximately"
ABOUT = frozenset(ROUGHLY.split())


@dataclass(frozen=True)
class Context:
    """What an earlier clause or sentence spoke of, which "it" may mean."""

    things: tuple[Mention, ...] = ()
    areas: tuple[Mention, ...] = ()


@dataclass(frozen=True)
class Clause:
    """words[start:end] of a sentence, with the mentions inside."""

    start: int
    end: int
    mentions: tuple[Mention, ...]

    def of(self, *kinds: str) -> tuple[Mention, ...]:
        return tuple(mention for mention in self.mentions if mention.kind in kinds)


def assertions(
    words: Sequence[Word],
    mentions: Sequence[Mention],
    force: str,
    before: Context,
    beside: frozenset[str],
) -> tuple[list[Assertion], Context]:
    """What a sentence asserts of measures, and the context that it leaves to the next.

    `before` is what the sentence before left; it is used only where this one says "it".
    """
    mentions = _without_idle(words, mentions, beside)
    clauses = _clauses(words, mentions)
    starts_with_it = bool(words) and words[0].key in IT
    held = before if starts_with_it else Context()
    found: list[Assertion] = []
    for number, clause in enumerate(clauses):
        things = clause.of("measure", "thing") or held.things
        if not things and number + 1 < len(clauses):  # "Falls, and rises, in burglary"
            things = clauses[number + 1].of("measure", "thing")
        areas = clause.of("area")
        held = Context(things, areas or held.areas)
        directions = clause.of(*DIRECTIONS)
        if not things or not directions or _only_hoped(words, clause, directions):
            continue
        found += _of_clause(words, clause, things, areas or held.areas, not areas, force)
    left = Context(
        tuple(m for m in mentions if m.kind in ("measure", "thing")) or held.things, held.areas
    )
    return found, left


def _without_idle(
    words: Sequence[Word], mentions: Sequence[Mention], beside: frozenset[str]
) -> list[Mention]:
    """Without the weak words ("down", "more") that stand alone; the others as directions."""
    kept: list[Mention] = []
    for mention in mentions:
        if mention.kind not in BESIDE:
            kept.append(mention)
        elif _is_beside(words, mentions, mention, beside):
            kept.append(replace(mention, kind=BESIDE[mention.kind]))
    return kept


def _is_beside(
    words: Sequence[Word], mentions: Sequence[Mention], weak: Mention, beside: frozenset[str]
) -> bool:
    named = ("measure", "thing", "area")
    if any(m.kind in named and (m.end == weak.start or m.start == weak.end) for m in mentions):
        return True
    around = [words[at].key for at in (weak.start - 1, weak.end) if 0 <= at < len(words)]
    return any(key in beside or key == "%" or key[0].isdigit() for key in around)


def _clauses(words: Sequence[Word], mentions: Sequence[Mention]) -> list[Clause]:
    """Cut at a joint where something is said to have gone a way both before and after it."""
    cuts = [0]
    for at, word in enumerate(words):
        inside = any(m.start <= at < m.end for m in mentions)
        if word.key not in JOINTS or inside:
            continue
        said = [m.start for m in mentions if m.kind in DIRECTIONS]
        if any(cuts[-1] <= start < at for start in said) and any(start > at for start in said):
            cuts.append(at + 1)
    bounds = [*cuts, len(words)]
    return [
        Clause(start, end, tuple(m for m in mentions if start <= m.start < end))
        for start, end in pairwise(bounds)
    ]


def _only_hoped(words: Sequence[Word], clause: Clause, directions: Sequence[Mention]) -> bool:
    """Whether all that the clause says is wished, promised or put under a condition."""
    if clause.of("supposed") and clause.of("supposed")[0].start <= directions[0].start:
        return True
    hopes = [mention.start for mention in clause.of("hoped")]
    hopes += [at for at in range(clause.start, clause.end) if _is_infinitive(words, clause, at)]
    return all(any(hope < said.start for hope in hopes) for said in directions)


def _is_infinitive(words: Sequence[Word], clause: Clause, at: int) -> bool:
    """Whether "to" stands before a direction here, and nothing says that it goes on."""
    if words[at].key != "to" or any(m.start <= at < m.end for m in clause.of("goes_on")):
        return False
    return any(m.start == at + 1 for m in clause.of(*DIRECTIONS))


def _of_clause(
    words: Sequence[Word],
    clause: Clause,
    things: Sequence[Mention],
    areas: Sequence[Mention],
    assumed: bool,
    force: str,
) -> list[Assertion]:
    directions = clause.of(*DIRECTIONS)
    kinds = {mention.kind for mention in directions}
    # "A better picture, with fewer burglaries" says how many, which is the firmer half.
    for weaker in ({"ranks"}, {"better", "worse"}):
        kinds = kinds - weaker or kinds
    kind = kinds.pop() if len(kinds) == 1 else "both ways"
    said = cast(Said, "ranked" if kind == "ranks" else kind.replace("_", " "))
    first = directions[0].start
    # Whoever speaks ("the Met said") is not where it happened, if a smaller place is named too.
    named = [m for m in areas if m.values != (force,)] or list(areas)
    codes = tuple(dict.fromkeys(code for mention in named for code in mention.values))
    time = time_of(words, clause.start, clause.end, clause.mentions)
    common = Assertion(
        measures=(),
        thing="",
        areas=codes or (force,),
        area_assumed=assumed,
        ambiguous=any(len(mention.values) > 1 for mention in named),
        said=said,
        denied=_is_denied(clause, directions),
        time=time.words,
        since=time.since,
        until=time.until,
        clearly=any(word.key in CLEAR for word in words[max(0, first - NEAR) : first]),
        size=_size(words, clause),
        ranks=bool(clause.of("ranks")),
        causes=bool(clause.of("causes")),
    )
    found = []
    ids = tuple(dict.fromkeys(i for m in things if m.kind == "measure" for i in m.values))
    if ids:
        found.append(replace(common, measures=ids))
    for thing in things:
        if thing.kind == "thing":
            text = " ".join(word.text for word in words[thing.start : thing.end])
            found.append(replace(common, thing=text))
    return found


def _is_denied(clause: Clause, directions: Sequence[Mention]) -> bool:
    """Whether an odd number of denials stand shortly before the first direction."""
    first = directions[0].start
    near = [m for m in clause.of("denied") if 0 <= first - m.end < NEAR]
    return len(near) % 2 == 1


def _size(words: Sequence[Word], clause: Clause) -> Size | None:
    """The first "12%", "12 per cent" or "3 percentage points" of a clause."""
    keys = [word.key for word in words[clause.start : clause.end]]
    for at, key in enumerate(keys):
        if not key[0].isdigit():
            continue
        after = " ".join(keys[at + 1 : at + 3])
        unit: Literal["%", "points"]
        if after.startswith(("percentage point", "point")):
            unit = "points"
        elif after.startswith(("%", "per cent", "percent")):
            unit = "%"
        else:
            continue
        digits = len(key.partition(".")[2])
        within = 0.5 * 10.0**-digits
        rough = at and keys[at - 1] in ABOUT
        return Size(float(key.replace(",", "")), unit, max(within, 1.0) if rough else within)
    return None
