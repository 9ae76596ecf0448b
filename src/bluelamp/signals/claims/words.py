"""`definitions/claim-words.yaml`: the words by which a claim is known, and those that change it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bluelamp.definitions import read

Words = tuple[str, ...]


@dataclass(frozen=True)
class ClaimWords:
    """Lists of words and phrases in lower case.

    lower, higher, better, worse, steady   what may be said to have happened.
    no_clear_change   what may be said where nothing was shown to have happened.
    lower_beside, higher_beside   the same, but only next to the thing, a number or a word of
                  `beside` ("burglary is down").
    denied        turn what follows into its opposite ("has not fallen").
    hoped         what follows is wished or promised; supposed: the whole sentence is a condition.
    goes_on       what follows has happened although it is said with "to" ("continues to fall").
    ranks, causes claims of another sort, which findings do not bear out.
    lately, over_the_plan   the two times that findings speak of.
    elsewhen      times of which no finding speaks ("this month").
    set_aside     phrases that hold such words and claim nothing ("violence reduction unit").
    everywhere    what the whole area of the force is called, besides its own names.
    around        words that may stand beside a thing's name without making another thing of it.
    """

    lower: Words
    higher: Words
    better: Words
    worse: Words
    steady: Words
    no_clear_change: Words
    lower_beside: Words
    higher_beside: Words
    beside: Words
    denied: Words
    hoped: Words
    supposed: Words
    goes_on: Words
    ranks: Words
    causes: Words
    lately: Words
    over_the_plan: Words
    elsewhen: Words
    set_aside: Words
    everywhere: Words
    around: Words


def read_claim_words(root: Path) -> ClaimWords:
    """The words of an office. Raises DefinitionFaults, with the line; FileNotFoundError."""
    path = root / "claim-words.yaml"
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is missing: it holds the words by which claims are known. Copy the one that "
            "comes with Blue Lamp (definitions/claim-words.yaml) and change what you say otherwise."
        )
    return read(ClaimWords, path)
