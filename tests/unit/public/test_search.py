"""Finding pages by their words: what people type, and what they then get. The table is the rule."""

from __future__ import annotations

import re
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bluelamp.cli.checking import check_all
from bluelamp.definitions import DefinitionFaults
from bluelamp.public.pages.search import groups_of
from bluelamp.public.search_words import SearchWords, read_search_words
from bluelamp.public.word_index import Document, NoFullTextSearch, WordIndex, marked, plain


def page(kind: str, title: str, text: str = "", more: str = "") -> Document:
    return Document(kind, title, text, "/", more=more)


PAGES = {
    "hub": page("commitment", "An online hub", "Police will look into hate crime online."),
    "hate": page("line", "Victims of hate crime", "More victims come forward.", "2017 plan"),
    "gun": page("line", "Gun crime", "Fewer are shot in London.", "2017 plan"),
    "asb": page("measure", "Anti-social behaviour", "Calls about noise and vandals."),
    "knife": page("measure", "Knives", "Children who carry a knife."),
    "women": page("commitment", "Women\u2019s refuges", "A bed for each woman who flees."),
    "cafe": page("area", "Café Quarter", more="ward in Barnet"),
    "barnet": page("area", "Barnet", more="borough in London"),
    "habit": page("method", "A habit of counting", "Once."),
}
SAME = (("ASB", "antisocial behaviour"), ("shooting", "gun", "shot"))


@pytest.fixture(scope="module")
def index() -> WordIndex:
    return WordIndex(list(PAGES.values()), SAME)


def ids(found) -> list[str]:
    names = {id(document): name for name, document in PAGES.items()}
    return [names[id(hit.document)] for hit in found.hits]


# What is typed, which pages are found whatever their order, how many words each may lack, and what
# was probably meant.
TYPED = """
    typed                     | found            | lack | meant
    ------------------------- + ---------------- + ---- + -----------
    hate crime                | hate hub         | 0    |
    HATE                      | hate hub         | 0    |
    crimes of hating          | hate hub         | 0    |
    victim                    | hate             | 0    |
    what is said on hate?     | hate hub         | 1    |
    what is there on hate?    | hate hub         | 0    |
    of the                    | habit hate       | 1    |
    2017 hate crime           | hate             | 0    |
    2017 hate crime dragons   | hate             | 1    |
    dragons                   |                  | 0    |
    barn                      | barnet cafe      | 0    |
    barn crime                | gun hate hub     | 1    |
    ba                        |                  | 0    |
    anti-social               | asb              | 0    |
    antisocial                | asb              | 0    |
    anti social behaviour     | asb              | 0    |
    ASB                       | asb              | 0    |
    shooting                  | gun              | 0    |
    knife                     | knife            | 0    |
    child                     | knife            | 0    |
    woman's refuge            | women            | 0    |
    women\u2019s              | women            | 0    |
    cafe                      | cafe             | 0    |
    CAFÉ                      | cafe             | 0    |
    hait crime                | gun hate hub     | 1    | hate crime
    vandels                   |                  | 0    | vandals
    behavour crime            | gun hate hub     | 1    | behaviour crime
    xyz                       |                  | 0    |
    "hate                     | hate hub         | 0    |
    hate*                     | hate hub         | 0    |
    title:hate                | hate hub         | 1    |
    NEAR(hate crime)          | hate hub         | 1    |
    NOT hate                  | hate hub         | 1    |
    -- ; DROP TABLE page      |                  | 2    |
    ?!                        |                  | 0    |
"""


def test_what_is_typed_and_what_is_found(index: WordIndex) -> None:
    wrong = []
    for line in TYPED.strip().splitlines()[2:]:
        typed, found, lack, meant = (cell.strip() for cell in line.split("|"))
        got = index.find(typed)
        if (sorted(ids(got)), str(got.left_out), got.meant) != (sorted(found.split()), lack, meant):
            wrong.append(f"{typed}: {ids(got)}, {got.left_out}, {got.meant}")
    assert wrong == []


def test_a_word_in_the_title_counts_more_than_one_in_the_text(index: WordIndex) -> None:
    assert ids(index.find("hate crime"))[0] == "hate"
    assert ids(index.find("barnet")) == ["barnet", "cafe"]


def test_of_each_kind_the_first_are_given_and_all_are_counted() -> None:
    many = [page("area", f"Ward {n}") for n in range(9)] + [page("line", "Ward")]
    found = WordIndex(many).find("ward", most_of_a_kind=3)
    assert found.counts == {"area": 9, "line": 1}
    assert sorted(hit.document.kind for hit in found.hits) == ["area", "area", "area", "line"]


def test_the_leading_plan_and_what_it_is_judged_by_come_first() -> None:
    same = "Hate crime"
    pages = [
        Document("commitment", same, "", "/a/", where="old plan"),
        Document("commitment", f"{same} and more", "", "/b/", where="plan"),
        Document("line", f"{same} and much more", "", "/c/", where="old plan"),
        Document("measure", f"{same} recorded by the police", "", "/d/"),
    ]
    found = WordIndex(pages, ()).find("hate crime")
    groups = [[hit.document.address for hit in group.first] for group in groups_of(found, "plan")]
    assert groups == [["/c/"], ["/b/", "/a/"], ["/d/"]]


def test_a_kind_that_is_no_part_of_a_plan_comes_first_where_its_page_is_the_best() -> None:
    pages = [
        Document("line", "Safety, also in Barnet", "", "/a/"),
        Document("area", "Barnet", "", "/b/"),
    ]
    groups = groups_of(WordIndex(pages, ()).find("barnet"), "plan")
    assert [group.kind for group in groups] == ["area", "line"]


def test_words_looked_for_are_marked_and_markup_in_a_text_is_not_markup() -> None:
    nasty = page("line", "<script>hate</script>", "a \x02<b>hate</b>\x03 & more")
    hit = WordIndex([nasty]).find("hate").hits[0]
    assert str(hit.title) == "&lt;script&gt;<mark>hate</mark>&lt;/script&gt;"
    assert str(hit.extract) == "a  &lt;b&gt;<mark>hate</mark>&lt;/b&gt;  &amp; more"


@given(st.text(alphabet="ab<>&\"'\x02\x03"))
def test_marking_leaves_no_markup_but_marks(text: str) -> None:
    assert "<" not in re.sub("</?mark>", "", str(marked(text)))


ALPHABET = st.characters(codec="utf-8") | st.sampled_from("\"'*^:(){}[]+-NEAR OR AND NOT \x00")


@settings(max_examples=300)
@given(st.text(ALPHABET, max_size=80))
@example('"')
@example("NEAR(a b, 3)")
@example("title : x OR (")
@example("\x00hate")
@example(
    "\u02b0 \u02b9 \u00aa \u00b2"
)  # letters to Python, of which the engine may think otherwise
def test_nothing_that_is_typed_breaks_the_engine(index: WordIndex, typed: str) -> None:
    found = index.find(typed)
    assert sum(found.counts.values()) == len(found.hits)


@given(st.text(max_size=40))
def test_plain_words_hold_letters_and_digits_only(text: str) -> None:
    assert all(re.fullmatch(r"[^\W_]+", word) for word in plain(text))


def test_every_page_is_found_by_its_title(index: WordIndex) -> None:
    for name, document in PAGES.items():
        assert name in ids(index.find(document.title))


def test_many_readers_at_once_find_what_one_finds(index: WordIndex) -> None:
    searches = ["hate crime", "hait crime", "barn", "ASB", "gun", "xyz"] * 20
    with ThreadPoolExecutor(8) as readers:
        found = list(readers.map(lambda typed: ids(index.find(typed)), searches))
    assert found == [ids(index.find(typed)) for typed in searches]


def test_a_python_without_the_engine_says_what_to_do(monkeypatch) -> None:
    class Without:
        def execute(self, sql: str) -> None:
            raise sqlite3.OperationalError("no such module: fts5")

    monkeypatch.setattr(sqlite3, "connect", lambda *_, **__: Without())
    with pytest.raises(NoFullTextSearch, match=r"no such module.*Use a Python whose SQLite has it"):
        WordIndex([])


# --- the file of words ----------------------------------------------------------------------------


def test_the_projects_own_words_are_read(root: Path) -> None:
    same = {
        first.casefold(): others for first, *others in read_search_words(root / "definitions").same
    }
    assert same["asb"] == ["antisocial behaviour"]


def test_an_office_without_the_file_has_no_such_words(tmp_path: Path) -> None:
    assert read_search_words(tmp_path) == SearchWords()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("same: [[ASB]]", "at least one other way"),
        ("same: [[anti social, ASB]]", "must be one word"),
        ("same: [[a, b], [A, c]]", "begins two lists"),
        ("words: []", "words"),
    ],
)
def test_faults_of_the_file_are_told(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "search-words.yaml").write_text(text)
    with pytest.raises(DefinitionFaults, match=fault):
        read_search_words(tmp_path)


def test_check_reads_the_file(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "definitions", tmp_path / "definitions")
    (tmp_path / "definitions/search-words.yaml").write_text("same: [[ASB]]")
    with pytest.raises(DefinitionFaults, match=r"search-words\.yaml"):
        check_all(tmp_path / "definitions")
