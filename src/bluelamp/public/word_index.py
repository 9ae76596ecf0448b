"""Finds pages by their words: SQLite's full-text engine (FTS5) over the titles and texts of a site.

The engine does what is hard: stems of English words (Porter), accents, ranking (BM25), extracts.
Here stand only the few habits of people who type: words with marks between them, half a word, a
word spelt wrong, a question asked in full. What is typed never reaches the engine as syntax: each
word is quoted, and nothing else is left of it.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

# Words that say nothing of what is looked for. They count only where nothing else was typed.
_IDLE = (
    "a about an and any are as at be been by can did do does for from had has have how i in is it "
    "its me my of on or our s so that the their them there they this to was we were what when "
    "where which who why will with you your"
)
IDLE = frozenset(_IDLE.split())
# Plurals that no stemmer knows, each way.
_PLURALS = {
    "child": "children", "man": "men", "woman": "women", "person": "people", "knife": "knives",
    "life": "lives", "thief": "thieves", "policeman": "policemen", "policewoman": "policewomen",
}  # fmt: skip
OTHER_NUMBER = _PLURALS | {many: one for one, many in _PLURALS.items()}
MOST_WORDS = 12
# A shorter beginning of a word would complete to half the dictionary; a shorter wrong word is
# close to too many right ones.
SHORTEST_BEGINNING, SHORTEST_MISSPELT = 3, 4
MOST_COMPLETIONS = 20
# How alike two spellings must be, from 0 to 1: "hait crime" is not "hat crime".
ALIKE = 0.74
# Weights of a word in the title, the text, the place and the words that are not shown.
WEIGHTS = (8.0, 2.0, 1.0, 0.5)
# Marks round a word that was looked for. No text holds them: they are taken out of each.
_OPEN, _SHUT = "\x02", "\x03"
_WORD = re.compile(r"[^\W_]+")
_TYPED = re.compile(r"[^\W_]+(?:[-\u2010-\u2015/'\u2019.&][^\W_]+)*")


class NoFullTextSearch(RuntimeError):
    """This Python's SQLite was built without FTS5; the message says what to do."""


@dataclass(frozen=True)
class Document:
    """A page that can be found.

    kind    what it is, for those who group what was found
    where   which plan or place it belongs to; shown with it
    more    words by which it is found too, and which are not shown
    """

    kind: str
    title: str
    text: str
    address: str
    where: str = ""
    more: str = ""


@dataclass(frozen=True)
class Hit:
    """A page that was found: its title and an extract, with the words looked for in <mark>."""

    document: Document
    title: Markup
    extract: Markup


@dataclass(frozen=True)
class Found:
    """What a search found, the best first.

    counts      how many pages of each kind were found; `hits` holds the first of them
    every_word  whether each page has every word; if not, no page had them all
    meant       the search with words spelt as this site spells them; '' where all are known
    """

    hits: tuple[Hit, ...]
    counts: dict[str, int]
    every_word: bool
    meant: str


class WordIndex:
    """The words of some documents. Raises NoFullTextSearch where SQLite lacks the engine."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self._lock = threading.Lock()  # one connection, many requests
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        try:
            self._database.execute(
                "CREATE VIRTUAL TABLE page USING fts5(title, text, place, more, "
                "tokenize = 'porter unicode61 remove_diacritics 2')"
            )
        except sqlite3.OperationalError as error:
            raise NoFullTextSearch(
                f"the search page cannot search: SQLite {sqlite3.sqlite_version} of this Python "
                f"has no FTS5 ({error}). Use a Python whose SQLite has it; those of python.org, "
                "Debian and Ubuntu do."
            ) from error
        self._database.executemany(
            "INSERT INTO page (rowid, title, text, place, more) VALUES (?, ?, ?, ?, ?)",
            ((n, *_columns(document)) for n, document in enumerate(documents)),
        )
        self._vocabulary = Counter(
            word
            for document in documents
            for column in _columns(document)
            for word in plain(column)
        )

    def find(self, asked: str, most_of_a_kind: int = 50) -> Found:
        """The documents that have the words asked for; nothing where no word was typed."""
        typed = _TYPED.findall(asked)[:MOST_WORDS]
        wanted = [t for t in typed if t.casefold() not in IDLE] or typed
        terms = [self._term(t, last=t is wanted[-1]) for t in wanted]
        if not terms:
            return Found((), {}, True, "")
        ranked, every_word = self._ranked(" AND ".join(terms)), True
        if not ranked and len(terms) > 1:
            ranked, every_word = self._ranked(" OR ".join(terms)), False
        counts: Counter[str] = Counter()
        chosen = []
        for row in ranked:
            kind = self._documents[row].kind
            counts[kind] += 1
            if counts[kind] <= most_of_a_kind:
                chosen.append(row)
        hits = self._hits(chosen, " OR ".join(terms))
        return Found(hits, dict(counts), every_word, self._meant(asked, wanted))

    def _ranked(self, expression: str) -> list[int]:
        """The rows that match, the best first."""
        weights = ", ".join(map(str, WEIGHTS))
        sql = f"SELECT rowid FROM page WHERE page MATCH ? ORDER BY bm25(page, {weights}), rowid"
        with self._lock:
            return [row for (row,) in self._database.execute(sql, (expression,))]

    def _hits(self, rows: list[int], expression: str) -> tuple[Hit, ...]:
        marks = f"'{_OPEN}', '{_SHUT}'"
        sql = (
            f"SELECT rowid, highlight(page, 0, {marks}), snippet(page, 1, {marks}, '…', 32) "
            f"FROM page WHERE page MATCH ? AND rowid IN ({', '.join(map(str, rows))})"
        )
        with self._lock:
            shown = {
                row: (title, text)
                for row, title, text in self._database.execute(sql, (expression,))
            }
        return tuple(
            Hit(self._documents[row], marked(shown[row][0]), marked(shown[row][1])) for row in rows
        )

    def _term(self, typed: str, *, last: bool) -> str:
        """One typed word as the engine is asked for it: itself, or what stands for it.

        A word with marks in it ("anti-social") is also looked for without them, and the last word
        may be half typed.
        """
        parts = plain(typed)
        alternatives = [" ".join(parts)]
        if len(parts) > 1:
            alternatives.append("".join(parts))
        alternatives += [OTHER_NUMBER[part] for part in parts[:1] if part in OTHER_NUMBER]
        if last and len(parts) == 1 and not self._knows(parts[0]):
            alternatives += self._completions(parts[0])
        return "(" + " OR ".join(f'"{each}"' for each in dict.fromkeys(alternatives)) + ")"

    def _knows(self, word: str) -> bool:
        """Whether some document has the word or one with its stem."""
        if word in self._vocabulary or word in OTHER_NUMBER:
            return True
        with self._lock:
            row = self._database.execute(
                "SELECT 1 FROM page WHERE page MATCH ? LIMIT 1", (f'"{word}"',)
            ).fetchone()
        return row is not None

    def _completions(self, beginning: str) -> list[str]:
        if len(beginning) < SHORTEST_BEGINNING:
            return []
        longer = [word for word in self._vocabulary if word.startswith(beginning)]
        return sorted(longer, key=lambda word: (-self._vocabulary[word], word))[:MOST_COMPLETIONS]

    def _meant(self, asked: str, wanted: Iterable[str]) -> str:
        """What was asked with each unknown word put as the site spells it; '' if none is near."""
        better = {}
        for typed in wanted:
            for word in plain(typed):
                if near := self._near(word):
                    better[word] = near
        if not better:
            return ""
        return _WORD.sub(lambda m: better.get("".join(plain(m[0])), m[0]), asked)

    def _near(self, word: str) -> str:
        """The known word most like an unknown one, the commonest of several; '' if none is."""
        if len(word) < SHORTEST_MISSPELT or word.isdigit() or self._knows(word):
            return ""
        if self._completions(word):
            return ""
        candidates = [w for w in self._vocabulary if abs(len(w) - len(word)) <= 2 and len(w) > 2]
        near = difflib.get_close_matches(word, candidates, n=5, cutoff=ALIKE)
        likeness = {w: difflib.SequenceMatcher(None, word, w).ratio() for w in near}
        return max(near, key=lambda w: (likeness[w], self._vocabulary[w], w), default="")


def plain(text: str) -> list[str]:
    """The words of a text in small letters without accents, as the engine divides them; what
    follows an apostrophe is left out ("women's" is "women")."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", re.sub(r"['\u2019]s?\b", "", text).casefold())
        if not unicodedata.combining(letter)
    )
    return _WORD.findall(bare)


def marked(text: str) -> Markup:
    """A text of the engine as HTML: all of it escaped, then its marks made <mark>."""
    safe = str(escape(text)).replace(_OPEN, "<mark>").replace(_SHUT, "</mark>")
    return Markup(safe)  # escaped on the line before


def _columns(document: Document) -> tuple[str, str, str, str]:
    """The four columns of a document. Words with marks in them stand there once more without
    ("anti-social" as "antisocial"), so that each spelling finds the other."""
    shown = (document.title, document.text, document.where)
    joined = {
        "".join(plain(typed))
        for text in (*shown, document.more)
        for typed in _TYPED.findall(text)
        if len(plain(typed)) > 1
    }
    more = " ".join([document.more, *sorted(joined)])
    title, text, where, more = (re.sub(r"[\x00-\x1f]", " ", each) for each in (*shown, more))
    return title, text, where, more
