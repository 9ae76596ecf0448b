"""How-tos are followed here as a newcomer would follow them: block by block, from top to bottom.

What a fenced block means is told by its language and its title:

    yaml, csv, python, jinja title="PATH"   a file to write, by its path in the checkout
    diff title="PATH"                       lines to put into a file that is there
    console                                 commands after `$`, each with what it prints;
                                            `...` stands for anything; `echo $?` tells the exit code
    text title="/ADDRESS/"                  what stands on a page of the release being served
"""

from __future__ import annotations

import html
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bluelamp.cli import app
from bluelamp.definitions import definitions_root, read_gazetteer
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store

FENCE = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
# What a how-to on measures needs of the made-up London; its ward tables would make it slow.
NEEDED = ("mps/*borough*.csv", "places/population/*.csv")
# What somebody of another force takes from data.police.uk.
STREET_LEVEL = "police-uk/*.zip"


@dataclass(frozen=True)
class Block:
    """A fenced block: `line` is where it begins, for the message of a test that fails."""

    language: str
    title: str
    text: str
    line: int


@dataclass(frozen=True)
class Command:
    """A command of a console block and the lines it is said to print."""

    words: tuple[str, ...]
    prints: tuple[str, ...]
    where: str


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        language, title, content = match.groups()
        yield Block(language, title or "", content, text[: match.start()].count("\n") + 1)


def commands(page: Path, block: Block) -> list[Command]:
    """The commands of a console block; a line that ends in a backslash goes on in the next."""
    found: list[Command] = []
    for part in re.split(r"^\$ ", block.text.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
        typed, *prints = part.splitlines()
        found.append(
            Command(tuple(shlex.split(typed)), tuple(prints), f"{page.name}:{block.line}: {typed}")
        )
    return found


def pattern(line: str) -> str:
    """A line of a document as a regular expression: `...` is anything, white space is folded."""
    return r".*".join(re.escape(part) for part in " ".join(line.split()).split("..."))


def check_printed(command: Command, output: str) -> None:
    """Every line that the document shows stands in the output, in the document's order."""
    printed = iter([" ".join(line.split()) for line in output.splitlines()])
    for line in command.prints:
        if line.strip():
            wanted = re.compile(pattern(line))
            assert any(wanted.fullmatch(one) for one in printed), (
                f"{command.where}\nshould print: {line}\nbut printed:\n{output}"
            )


class Newcomer:
    """Somebody at a copy of the checkout, doing what a page says."""

    def __init__(self, checkout: Path, client: Any, settings: Any) -> None:
        self.checkout = checkout
        self.environment: dict[str, str] = {}
        self.exit_code = 0
        self._client, self._settings = client, settings

    def files(self) -> set[str]:
        """Every file of the checkout's own folders."""
        folders = [self.checkout / name for name in ("definitions", "src", "tests")]
        return {
            path.relative_to(self.checkout).as_posix()
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    def follow(self, page: Path) -> None:
        """Do what every block of a page says, and see what it says one will see."""
        for block in blocks(page):
            if block.language == "console":
                given = commands(page, block)
                for command, after in zip(given, [*given[1:], None], strict=True):
                    output = self.type(command)
                    check_printed(command, output)
                    told = after is not None and after.words == ("echo", "$?")
                    assert told or self.exit_code == 0, f"{command.where}\n{output}"
            elif block.language == "diff":
                self.edit(block)
            elif block.title.startswith("/"):
                self.look(page, block)
            elif block.title:
                path = self.checkout / block.title
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")

    def edit(self, block: Block) -> None:
        """Put the `+` lines where the lines around them stand, once, in the file."""
        path = self.checkout / block.title
        lines = block.text.splitlines()
        before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
        after = "\n".join(line[1:] for line in lines if not line.startswith("-"))
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{block.title} does not hold these lines once:\n{before}"
        path.write_text(text.replace(before, after), encoding="utf-8")

    def look(self, page: Path, block: Block) -> None:
        """See that each line of the block stands on the page of that address."""
        response = self._client.get(block.title)
        assert response.status_code == 200, f"{page.name}:{block.line}: {block.title}"
        text = re.sub(r"<(style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
        text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
        for line in block.text.splitlines():
            assert re.search(pattern(line), text), f"{block.title} does not say '{line}':\n{text}"

    def type(self, command: Command) -> str:
        """What the command prints. Sets `exit_code`."""
        first, *rest = command.words
        if first == "export":
            self.environment |= dict(word.split("=", 1) for word in rest)
            return ""
        if command.words == ("echo", "$?"):
            told, self.exit_code = str(self.exit_code), 0
            return told
        if first == "rm":
            for name in rest:
                (self.checkout / name).unlink()
            return ""
        if first == "bluelamp":
            return self._bluelamp(rest)
        if first == ".venv/bin/python":
            return self._python(rest)
        raise AssertionError(f"{command.where}: no newcomer knows how to type this in a test")

    def _bluelamp(self, words: list[str]) -> str:
        if words[0] == "serve":  # would not end; the pages are then asked of Django itself
            assert words[1] == "--release"
            self._settings.BLUELAMP_RELEASE = str(self.checkout / words[2])
            return ""
        read_gazetteer.cache_clear()  # each command is a process of its own for who types it
        definitions = {"BLUELAMP_DEFINITIONS": str(self.checkout / "definitions")}
        result = CliRunner().invoke(app, words, env=definitions | self.environment)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        self.exit_code = result.exit_code
        return result.output

    def _python(self, words: list[str]) -> str:
        """In a process of its own, which imports the copy's code and not the checkout's."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "BLUELAMP_"))}
        run = subprocess.run(
            [sys.executable, "-P", *words],
            cwd=self.checkout,
            env=kept | {"PYTHONPATH": str(self.checkout / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        self.exit_code = run.returncode
        return run.stdout + run.stderr


@pytest.fixture(scope="session")
def small_london(publishers_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds borough crime and residents of a small made-up London."""
    folder = tmp_path_factory.mktemp("london")
    found = [path for glob in NEEDED for path in sorted(publishers_files.glob(glob))]
    outcomes = receive(
        Store(folder / "store"), Desk(definitions_root()), found, on=date(2026, 4, 1)
    )
    assert {outcome.status for outcome in outcomes} == {"kept"}
    return folder / "store"


@pytest.fixture(scope="session")
def street_level(publishers_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Street-level files of one whole force, unpacked as data.police.uk hands them out."""
    folder = tmp_path_factory.mktemp("street-level")
    for path in publishers_files.glob(STREET_LEVEL):
        with zipfile.ZipFile(path) as archive:
            own = [name for name in archive.namelist() if "city-of-london" in name]
            archive.extractall(folder, own)
    assert list(folder.rglob("*.csv"))
    return folder


@pytest.fixture
def newcomer(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: Any, settings: Any
) -> Newcomer:
    """At a checkout that holds a copy of the definitions, and nothing received."""
    shutil.copytree(root / "definitions", tmp_path / "definitions")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BLUELAMP_HOME", raising=False)
    return Newcomer(tmp_path, client, settings)


@pytest.fixture(scope="session")
def blocks_of() -> Callable[[Path], list[Block]]:
    """The fenced blocks of a page, in order."""
    return lambda page: list(blocks(page))
