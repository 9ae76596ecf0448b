"""What the pages of the project say of commands, files, names and definitions is so."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer

import bluelamp
from bluelamp.cli import app
from bluelamp.definitions import definitions_root, read_gazetteer
from bluelamp.evidence.source import read_sources

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
DECISIONS = (ROOT / "docs/decisions.md").read_text(encoding="utf-8")
VERBS = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # an app is a group
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def in_code_type(page: Path) -> list[str]:
    """What stands between backticks in a page's prose."""
    return [" ".join(found.split()) for found in re.findall(r"`([^`]+)`", prose(page))]


def taught(page: Path) -> set[str]:
    """The files that a how-to has its reader write: they are not there, and must not be."""
    written = r'^```(?!diff)\w+ title="([^"]+)"$'  # what a diff changes is there
    return set(re.findall(written, page.read_text("utf-8"), re.MULTILINE))


# --- commands -------------------------------------------------------------------------------------


def whole_commands(page: Path) -> Iterator[list[str]]:
    """The commands that a reader may copy: after `$` in a console block, or indented by four."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in re.findall(r"^(?:\$ |    )bluelamp (.+)$", text, re.MULTILINE):
        yield shlex.split(line, comments=True)


COMMANDS = [(name_of(page), words) for page in PAGES for words in whole_commands(page)]


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_is_shown_somewhere(verb: str) -> None:
    assert any(re.search(rf"\bbluelamp {verb}\b", page.read_text("utf-8")) for page in PAGES)


def parsed(words: list[str]) -> dict[str, object]:
    """What the command line understands, without doing it. Raises click's UsageError."""
    verb, *arguments = words
    command = VERBS[verb]
    while hasattr(command, "commands"):  # a group: `new edition`
        verb, *arguments = arguments
        command = command.commands[verb]
    return dict(command.make_context(verb, list(arguments)).params)


@pytest.mark.parametrize(
    ("page", "words"), COMMANDS, ids=[f"{page}: {' '.join(words)}" for page, words in COMMANDS]
)
def test_a_command_is_understood_and_names_what_there_is(page: str, words: list[str]) -> None:
    given = parsed(words)
    root = definitions_root()
    written = {Path(path).stem for path in taught(ROOT / page)}
    if measure := given.get("measure"):
        assert measure in written or (root / f"measures/{measure}.yaml").is_file()
    if (plan := given.get("plan")) and words[0] != "new":
        path = f"plans/{plan}/plan.yaml"
        assert (root / path).is_file() or any(name.endswith(path) for name in taught(ROOT / page))


def test_there_are_commands_to_understand() -> None:
    assert {words[0] for _, words in COMMANDS} >= {"receive", "build", "figures", "trace", "check"}
    with pytest.raises(Exception, match="No such option"):
        parsed(["check", "--no-such-option"])


@each_page
def test_a_command_in_a_sentence_has_a_verb_and_options_that_there_are(page: Path) -> None:
    for words in (code.split() for code in in_code_type(page) if code.startswith("bluelamp ")):
        assert words[1] in VERBS, " ".join(words)
        options = {name for parameter in VERBS[words[1]].params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, " ".join(words)


# --- files, names and definitions -----------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """The fragments of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_a_relative_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?://|mailto:)([^)\s]+)\)", prose(page)):
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        assert not fragment or fragment in anchors(target), link


@each_page
def test_a_path_in_code_type_is_there(page: Path) -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"var", "site", "release"}
    for code in in_code_type(page):
        if re.fullmatch(r"[\w.-]+/[\w./-]*", code) and code.split("/")[0] in folders:
            assert (ROOT / code).exists() or code in taught(page), code


@pytest.mark.parametrize("page", [p for p in PAGES if p.parent.name == "how-to"], ids=name_of)
def test_what_a_how_to_adds_is_not_there_yet(page: Path) -> None:
    """The definitions would be shipped to every office."""
    for title in taught(page):
        assert not title.startswith("definitions/") or not (ROOT / title).exists(), title


@cache
def names_of_the_code() -> frozenset[str]:
    """Every module, class, function, argument, field, variable and quoted single word of ours."""
    found: set[str] = set()
    for path in (*(ROOT / "src/bluelamp").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")):
        found.add(path.stem)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                    found.add(name)
                case ast.Name(id=name) | ast.arg(arg=name) | ast.alias(name=name):
                    found.add(name)
                case ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                    found.add(name)
                case ast.Constant(value=str(text)) if text.isidentifier():
                    found.add(text)
    return frozenset(found)


@each_page
def test_a_name_in_code_type_is_a_name_of_the_code(page: Path) -> None:
    """CamelCase and snake_case; a test that a page names is looked for among the tests."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    own = FENCED.findall(page.read_text(encoding="utf-8"))
    for code in in_code_type(page):
        if re.fullmatch(r"test_\w+", code):
            assert f"def {code}(" in tests, code
        elif re.fullmatch(r"[A-Z]\w*[a-z]\w*|[a-z]+(_[a-z0-9]+)+", code):
            known = code in names_of_the_code() or re.search(rf"\b{code}\b", "\n".join(own))
            assert known or code in OF_OTHERS, code


# Names of other people's code that our pages speak of.
OF_OTHERS = {"StrictUndefined", "UndefinedError", "Details", "low_is_good"}


@each_page
def test_a_dotted_name_can_be_imported(page: Path) -> None:
    for code in in_code_type(page):
        if re.fullmatch(r"bluelamp(\.\w+)+", code):
            try:
                importlib.import_module(code)
            except ModuleNotFoundError:
                module, _, name = code.rpartition(".")
                assert hasattr(importlib.import_module(module), name), code


@each_page
def test_a_code_of_an_area_is_one_of_ours(page: Path) -> None:
    gazetteer = read_gazetteer(definitions_root())
    for code in re.findall(r"\b[EW]\d{8}\b", page.read_text(encoding="utf-8")):
        assert code in gazetteer, code


def test_the_credits_are_listed_by_the_command_and_by_no_page() -> None:
    """A list that every new source has to be written into would be forgotten."""
    page = (ROOT / "docs/data-credits.md").read_text(encoding="utf-8")
    sources = read_sources(definitions_root()).values()
    assert [s.id for s in sources if f"`{s.id}`" in page or s.publisher in page] == []
    assert "$ bluelamp credits" in page


# --- decisions and changes ------------------------------------------------------------------------

SECTIONS = re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", DECISIONS, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("title", "body"), SECTIONS, ids=[title for title, _ in SECTIONS])
def test_a_decision_says_what_why_and_what_lost(title: str, body: str) -> None:
    assert re.findall(r"^\*\*(.+?)\*\*", body, re.MULTILINE) == ["What.", "Why.", "What lost."]
    assert [other for other, _ in SECTIONS].count(title) == 1


def test_a_decision_that_the_code_points_to_is_there() -> None:
    code = "\n".join(p.read_text("utf-8") for p in (ROOT / "src/bluelamp").rglob("*.py"))
    cited = re.findall(r"docs/decisions\.md, \"([^\"]+)\"", code)
    assert cited
    assert [title for title in cited if title not in dict(SECTIONS)] == []


def test_a_page_that_the_code_points_to_is_there() -> None:
    code = "\n".join(p.read_text("utf-8") for p in (ROOT / "src/bluelamp").rglob("*.py"))
    cited = set(re.findall(r"\bdocs/[\w/-]+\.md\b", code))
    assert cited
    assert [page for page in sorted(cited) if not (ROOT / page).is_file()] == []


def test_the_changes_name_the_version_of_the_code() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"\b{re.escape(bluelamp.__version__)}\b", changes)
    assert re.search(r"^## Unreleased$", changes, re.MULTILINE)
