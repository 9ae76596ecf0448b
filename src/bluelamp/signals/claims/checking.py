"""Checks a whole text: every sentence that says which way a known thing went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bluelamp.measures.definition import Measure
from bluelamp.places import Gazetteer
from bluelamp.signals.claims.assertions import Context, assertions
from bluelamp.signals.claims.claim import WORST_FIRST, Claim, Verdict
from bluelamp.signals.claims.mentions import Mentions
from bluelamp.signals.claims.sentences import Sentence, keys, sentences, words
from bluelamp.signals.claims.verdicts import Evidence, claims
from bluelamp.signals.claims.words import ClaimWords


@dataclass(frozen=True)
class Checked:
    """One sentence and the verdicts on all that it claims of measures, () where it does not."""

    sentence: Sentence
    claims: tuple[Claim, ...]

    @property
    def verdict(self) -> Verdict | None:
        """The worst of its claims, None without any."""
        found = {claim.verdict for claim in self.claims}
        return next((verdict for verdict in WORST_FIRST if verdict in found), None)


class Checker:
    """Reads texts by the words of an office and holds them against the findings of a release.

    called   what the plan calls an area by its code; `force` the code of the whole area, which a
             sentence without a place is taken to speak of.
    """

    def __init__(
        self,
        claim_words: ClaimWords,
        measures: Mapping[str, Measure],
        gazetteer: Gazetteer,
        called: Mapping[str, str],
        force: str,
        evidence: Evidence,
    ) -> None:
        self._mentions = Mentions(claim_words, measures, gazetteer, called, force)
        self._beside = frozenset(key for word in claim_words.beside for key in keys(word))
        self._force = force
        self._evidence = evidence

    def check(self, text: str) -> Sequence[Checked]:
        """Every sentence of a text, in order."""
        found: list[Checked] = []
        context = Context()
        for sentence in sentences(text):
            spoken = words(sentence.text)
            mentions = self._mentions.of(spoken)
            said, context = assertions(spoken, mentions, self._force, context, self._beside)
            verdicts = [c for one in said for c in claims(sentence, one, self._evidence)]
            found.append(Checked(sentence, tuple(dict.fromkeys(verdicts))))
        return found
