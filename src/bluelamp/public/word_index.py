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
from itertools import combinations
from math import log

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
# The most words of a search that are looked at: with more, leaving out some of them in every way
# would take long.
MOST_WORDS = 8
# A shorter beginning of a word would complete to half the dictionary; a shorter wrong word is
# close to too many right ones.
SHORTEST_BEGINNING, SHORTEST_MISSPELT = 3, 4
MOST_COMPLETIONS = 20
# How alike a spelling must be to be thought of, from 0 to 1, and how many are. Of those the one is
# taken that is alike and leads to many pages: ten times the pages outweigh one letter in four.
ALIKE, MOST_ALIKE, PAGES_COUNT = 0.74, 8, 0.1
# Weights of a word in the title, in the text and among the words that are not shown.
WEIGHTS = (8.0, 2.0, 0.5)
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
    where   which plan or place it belongs to; shown with it, and not searched: the name of a plan
            stands with a hundred pages
    brief   the same in a word or two, for a long list
    more    words by which it is found too, and which are not shown
    """

    kind: str
    title: str
    text: str
    address: str
    where: str = ""
    brief: str = ""
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
    left_out    how many of the words a page may lack: the fewest with which any page is found
    meant       the search with unknown words put as this site spells them; '' where all are known
    """

    hits: tuple[Hit, ...]
    counts: dict[str, int]
    left_out: int
    meant: str


class WordIndex:
    """The words of some documents. Raises NoFullTextSearch where SQLite lacks the engine.

    same   ways of saying the same, each list by its first word (`search_words`).
    """

    def __init__(self, documents: Sequence[Document], same: Iterable[Sequence[str]] = ()) -> None:
        self._documents = documents
        self._same = {" ".join(plain(first)): others for first, *others in same}
        self._lock = threading.Lock()  # one connection, many requests
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        try:
            self._database.execute(
                "CREATE VIRTUAL TABLE page USING fts5(title, text, more, "
                "tokenize = 'porter unicode61 remove_diacritics 2')"
            )
        except sqlite3.OperationalError as error:
            raise NoFullTextSearch(
                f"the search page cannot search: SQLite {sqlite3.sqlite_version} of this Python "
                f"has no FTS5 ({error}). Use a Python whose SQLite has it; those of python.org, "
                "Debian and Ubuntu do."
            ) from error
        self._database.executemany(
            "INSERT INTO page (rowid, title, text, more) VALUES (?, ?, ?, ?)",
            ((n, *_columns(document)) for n, document in enumerate(documents)),
        )
        self._vocabulary = Counter(
            word for document in documents for text in _columns(document) for word in plain(text)
        )

    def find(self, asked: str, most_of_a_kind: int = 50) -> Found:
        """The documents that have the words asked for; nothing where no word was typed.

        Where none has every word, those that lack as few of them as can be.
        """
        typed = _TYPED.findall(asked)
        wanted = ([t for t in typed if t.casefold() not in IDLE] or typed)[:MOST_WORDS]
        terms = [self._term(t, last=t is wanted[-1]) for t in wanted]
        ranked: list[int] = []
        left_out = 0
        for left_out in range(len(terms)):
            kept = combinations(terms, len(terms) - left_out)
            ranked = self._ranked(" OR ".join(f"({' AND '.join(some)})" for some in kept))
            if ranked:
                break
        counts: Counter[str] = Counter()
        chosen = []
        for row in ranked:
            kind = self._documents[row].kind
            counts[kind] += 1
            if counts[kind] <= most_of_a_kind:
                chosen.append(row)
        hits = self._hits(chosen, " OR ".join(terms))
        return Found(hits, dict(counts), left_out, self._meant(asked, wanted))

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
        ways = [f'"{" ".join(parts)}"']
        if len(parts) > 1:
            ways.append(f'"{"".join(parts)}"')
        ways += [f'"{OTHER_NUMBER[part]}"' for part in parts[:1] if part in OTHER_NUMBER]
        for other in self._same.get(" ".join(parts), ()):
            ways.append("(" + " AND ".join(f'"{word}"' for word in plain(other)) + ")")
        if last and len(parts) == 1 and not self._knows(parts[0]):
            ways += [f'"{longer}"' for longer in self._completions(parts[0])]
        return f"({' OR '.join(dict.fromkeys(ways))})"

    def _knows(self, word: str) -> bool:
        """Whether some document has the word or one with its stem."""
        if word in self._vocabulary or word in OTHER_NUMBER or word in self._same:
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

    def _meant(self, asked: str, wanted: Sequence[str]) -> str:
        """What was asked with each unknown word put as the site spells it; '' if none is near."""
        better = {}
        for typed in wanted:
            others = [self._term(t, last=False) for t in wanted if t is not typed]
            for word in plain(typed):
                if near := self._near(word, others):
                    better[word] = near
        if not better:
            return ""
        return _WORD.sub(lambda found: better.get("".join(plain(found[0])), found[0]), asked)

    def _near(self, word: str, others: Sequence[str]) -> str:
        """The known word that was likely meant by an unknown one; '' if none is near.

        Spelling alone would turn "hait crime" into "habit crime": what it leads to, together with
        the other words of the search, counts as well.
        """
        if len(word) < SHORTEST_MISSPELT or word.isdigit() or self._knows(word):
            return ""
        if self._completions(word):
            return ""
        # Hardly anybody mistakes the first letter.
        close = [
            known
            for known in self._vocabulary
            if known[0] == word[0] and abs(len(known) - len(word)) <= 2 and known not in IDLE
        ]
        near = difflib.get_close_matches(word, close, n=MOST_ALIKE, cutoff=ALIKE)

        def likely(candidate: str) -> tuple[bool, float, str]:
            likeness = difflib.SequenceMatcher(None, word, candidate).ratio()
            pages = len(self._ranked(" AND ".join([f'"{candidate}"', *others])))
            return pages > 0, likeness + PAGES_COUNT * log(1 + pages), candidate

        return max(near, key=likely, default="")


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


def _columns(document: Document) -> tuple[str, str, str]:
    """The three columns of a document. Words with marks in them stand there once more without
    ("anti-social" as "antisocial"), so that each spelling finds the other."""
    texts = (document.title, document.text, document.more)
    joined = {
        "".join(plain(typed))
        for text in texts
        for typed in _TYPED.findall(text)
        if len(plain(typed)) > 1
    }
    title, text, more = (re.sub(r"[\x00-\x1f]", " ", each) for each in texts)
    return title, text, " ".join((more, *sorted(joined)))
