"""Finds what a sentence mentions: measures, areas, directions, times, and the words round them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from bluelamp.measures.definition import Measure
from bluelamp.places import Area, Gazetteer
from bluelamp.signals.claims.sentences import Word, keys
from bluelamp.signals.claims.words import ClaimWords

# Words before a measure's name that leave it the same measure.
LEADS = ("recorded ", "offences of ", "number of ", "share of ", "the ")
LONGEST_WARD = 9  # words of a ward's name, with its commas
SIGNS = frozenset("%,;:\u2013\u2014&+")


@dataclass(frozen=True)
class Mention:
    """Words `start` up to, not including, `end` of a sentence, and what they are.

    kind    `measure`, `thing` (a measure's name with a word beside it that makes it something
            else), `area`, or the name of a list of ClaimWords (`lower`, `denied`, ...).
    values  ids of measures, codes of areas; () of other kinds.
    """

    kind: str
    values: tuple[str, ...]
    start: int
    end: int


class Mentions:
    """Finds mentions by the words of an office, its measures and its areas."""

    def __init__(
        self,
        words: ClaimWords,
        measures: Mapping[str, Measure],
        gazetteer: Gazetteer,
        called: Mapping[str, str],
        force: str,
    ) -> None:
        self._around = {keys(word) for word in (*words.around, *words.beside)}
        self._wards = _by_name(gazetteer.of_kind("ward"))
        self._parents = {area.code: area.parent or "" for area in gazetteer}
        phrases: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
        for list_ in fields(words):
            for phrase in getattr(words, list_.name):
                if list_.name not in ("around", "beside", "everywhere"):
                    phrases[keys(phrase)] = (list_.name, ())
        for name, code in _areas(gazetteer, called, words.everywhere, force):
            phrases[name] = ("area", (code,))
        for name, ids in _measures(measures).items():
            phrases[name] = ("measure", ids)
        self._phrases = phrases
        self._longest = max(map(len, phrases))

    def of(self, words: Sequence[Word]) -> list[Mention]:
        """Every mention in order, the longest phrase first where several begin together."""
        found: list[Mention] = []
        at = 0
        while at < len(words):
            mention = self._beginning_at(words, at)
            if mention is None:
                at += 1
                continue
            found.append(mention)
            at = mention.end
        named = self._with_wards(words, found)
        return [self._as_measure(words, named, mention) for mention in named]

    def _beginning_at(self, words: Sequence[Word], at: int) -> Mention | None:
        for length in range(min(self._longest, len(words) - at), 0, -1):
            key = tuple(word.key for word in words[at : at + length])
            if key in self._phrases:
                kind, values = self._phrases[key]
                # The month of May is no "may", nor is a name.
                if kind == "hoped" and words[at].text[:1].isupper() and at:
                    return None
                return Mention(kind, values, at, at + length)
        return None

    def _with_wards(self, words: Sequence[Word], found: list[Mention]) -> list[Mention]:
        """With "<name> ward" as an area: the longest name of a ward that ends before "ward"."""
        for at, word in enumerate(words):
            if word.key not in ("ward", "wards"):
                continue
            for start in range(max(0, at - LONGEST_WARD), at):
                name = tuple(each.key for each in words[start:at] if each.key != ",")
                if codes := self._wards.get(name):
                    ward = Mention("area", tuple(codes), start, at + 1)
                    found = [m for m in found if m.end <= start or m.start > at]
                    found = sorted([*found, ward], key=lambda mention: mention.start)
                    break
        told = [self._in_its_borough(mention, found) for mention in found]
        return [m for at, m in enumerate(told) if not (at and self._tells_where(told[at - 1], m))]

    def _tells_where(self, ward: Mention, borough: Mention) -> bool:
        """Whether a borough's name only says where the ward just named lies."""
        return (
            ward.kind == borough.kind == "area"
            and borough.start - ward.end <= 2  # "Abbey ward, Merton", "Abbey ward in Merton"
            and all(self._parents[code] in borough.values for code in ward.values)
        )

    def _in_its_borough(self, mention: Mention, found: list[Mention]) -> Mention:
        """Of several wards of one name, the one in a borough that the sentence names."""
        if mention.kind != "area" or len(mention.values) == 1:
            return mention
        named = {code for other in found if other.kind == "area" for code in other.values}
        values = tuple(code for code in mention.values if self._parents[code] in named)
        return replace(mention, values=values or mention.values)

    def _as_measure(self, words: Sequence[Word], found: list[Mention], mention: Mention) -> Mention:
        """A measure's name as a `thing` where the word beside it makes something else of it."""
        if mention.kind != "measure":
            return mention
        start, end = mention.start, mention.end
        if start and not self._stands_alone(words, found, start - 1):
            start -= 1
        if end < len(words) and not self._stands_alone(words, found, end):
            end += 1
        if (start, end) == (mention.start, mention.end):
            return mention
        return replace(mention, kind="thing", start=start, end=end)

    def _stands_alone(self, words: Sequence[Word], found: list[Mention], at: int) -> bool:
        key = words[at].key
        return (
            key in SIGNS
            or key[0].isdigit()
            or (key,) in self._around
            or any(other.start <= at < other.end for other in found)
        )


def _areas(
    gazetteer: Gazetteer, called: Mapping[str, str], everywhere: Sequence[str], force: str
) -> Iterator[tuple[tuple[str, ...], str]]:
    for name in everywhere:
        yield keys(name), force
    for code, name in called.items():
        yield keys(name), code
    for area in gazetteer:
        if area.kind in ("force", "borough") and not area.outside:
            for name in (area.name, *area.spellings):
                # A spelling such as "51" of a table is no name of a place in a sentence.
                if len(name) > 3 and not name.isupper() and not name[0].isdigit():
                    yield keys(name), area.code


def _by_name(wards: Iterable[Area]) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for ward in wards:
        for name in {keys(name) for name in (ward.name, *ward.spellings)}:
            found.setdefault(name, []).append(ward.code)
    return found


def _measures(measures: Mapping[str, Measure]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Each way of naming a measure -> its id; a measure's own name goes before another's."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    # A rate speaks of the same things as the count that it is made of, which is what is tested.
    for measure in sorted(measures.values(), key=lambda m: m.kind == "rate"):
        names = [measure.title, *measure.called]
        if measure.kind != "rate":
            names.append(measure.things)
        for name in names:
            for key in {keys(way) for way in _ways(name)}:
                if key:
                    found.setdefault(key, (measure.id,))
    return found


def _ways(name: str) -> Iterator[str]:
    yield name
    for lead in LEADS:
        if name.casefold().startswith(lead):
            yield name[len(lead) :]
