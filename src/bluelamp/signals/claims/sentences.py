"""Splits a text into sentences, and a sentence into words, keeping the line of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

BULLET = re.compile(r"^\s*(?:[-*+\u2022\u25cf\u2013]|\d+[.)]|[a-z][.)]|#+|>)\s+")
# A full stop ends a sentence unless it stands behind one of these or inside a number.
ABBREVIATIONS = "approx|cf|dr|e\\.g|etc|fig|i\\.e|mr|mrs|ms|no|nos|p|pp|prof|st|vs"
END = re.compile(r"[.!?]+[\"'\u2019\u201d)]*\s+(?=[\"'\u2018\u201c(]?[A-Z0-9])")
SHORT = re.compile(rf"\b(?:{ABBREVIATIONS})\.$", re.IGNORECASE)
WORD = re.compile(
    r"\d+(?:,\d{3})*(?:\.\d+)?|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[%,;:\u2013\u2014/&+-]"
)


@dataclass(frozen=True)
class Sentence:
    """line: the line of the text, from 1, on which it begins."""

    line: int
    text: str


@dataclass(frozen=True)
class Word:
    """key: how it is compared: lower case, without the possessive ("London's" is "london").

    text: as it is written.
    """

    key: str
    text: str


def sentences(text: str) -> Iterator[Sentence]:
    """Every sentence in order. Headings, bullets and cells of a table are sentences of their own.

    Lines that follow each other are one paragraph; an empty line or a bullet begins another.
    """
    for line, paragraph in _paragraphs(text):
        begins = 0
        for end in [*(m.end() for m in END.finditer(paragraph)), len(paragraph)]:
            piece = paragraph[begins:end]
            if SHORT.search(piece.rstrip()) and end != len(paragraph):
                continue
            if words := " ".join(piece.split()):
                yield Sentence(line + paragraph[:begins].count("\n"), words)
            begins = end


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    held: list[str] = []
    first = 1
    for number, line in enumerate(text.splitlines(), start=1):
        bullet = BULLET.match(line)
        if held and (bullet or not line.strip()):
            yield first, "\n".join(held)
            held = []
        if not line.strip():
            continue
        if not held:
            first = number
        held.append(line[bullet.end() :] if bullet else line)
    if held:
        yield first, "\n".join(held)


def words(sentence: str) -> list[Word]:
    """The words, numbers and signs of a sentence; what stands in brackets is left out.

    A hyphen and a stroke part words: "knife-crime" is two.
    """
    flat = re.sub(r"\([^()]*\)|\[[^][]*\]", " ", sentence)
    return [Word(_key(found), found) for found in WORD.findall(flat) if found not in ("-", "/")]


def keys(phrase: str) -> tuple[str, ...]:
    """A phrase as the keys of its words, as `words` would find it."""
    return tuple(word.key for word in words(phrase) if word.key != ",")


def _key(word: str) -> str:
    key = word.casefold().replace("\u2019", "'")
    if key == "&":
        return "and"
    if key.endswith("n't"):
        return key
    return key.removesuffix("'s").removesuffix("'").replace("'", "")
