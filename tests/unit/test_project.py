"""The promises of the project itself: what `make` lists, what lock files hold, what is locked."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from bluelamp.cli import app


def test_bare_make_lists_every_command_with_a_line_each(root: Path) -> None:
    targets = re.search(r"^\.PHONY: (.*)$", (root / "Makefile").read_text(), re.MULTILINE)
    assert targets
    listed = subprocess.run(["make"], cwd=root, capture_output=True, text=True, check=True).stdout
    for target in targets[1].split():
        assert re.search(rf"^  make {target} +\S+", listed, re.MULTILINE), target


def test_every_command_of_the_readme_is_one_that_bluelamp_has(root: Path) -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined] # a group
    shown = re.findall(r"^    bluelamp (\w+)(.*)$", (root / "README.md").read_text(), re.MULTILINE)
    assert {verb for verb, _ in shown} >= {"receive", "build", "serve", "figures", "trace"}
    for verb, rest in shown:
        command = commands[verb]
        if hasattr(command, "commands"):  # a group: `new measure`
            command = command.commands[rest.split()[0]]
        options = {name for param in command.params for name in param.opts}
        assert set(re.findall(r"--[\w-]+", rest)) <= options, f"bluelamp {verb}{rest}"


def test_every_page_that_the_readme_links_to_is_there(root: Path) -> None:
    links = re.findall(r"\]\((?!http)([^)]+)\)", (root / "README.md").read_text())
    assert links
    assert [link for link in links if not (root / link).exists()] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "package-lock.json"])
def test_a_lock_file_says_what_and_never_from_where(root: Path, name: str) -> None:
    text = (root / name).read_text()
    assert "resolved" not in text
    assert not re.search(r"https?://\S*(registry|pypi|simple)", text)
    assert ("sha512-" if name.endswith("json") else "--hash=sha256:") in text


def test_every_npm_package_is_pinned_to_one_version(root: Path) -> None:
    pins = re.findall(r'"[\w.-]+": "(\^|~|>|\*)', (root / "package.json").read_text())
    assert pins == []


def test_a_test_that_reaches_for_the_network_fails() -> None:
    with (
        socket.socket() as outside,
        pytest.raises(RuntimeError, match="tests use no network"),
    ):
        outside.connect(("192.0.2.1", 80))  # an address kept for documentation


def test_loopback_stays_open() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
        assert client.getpeername() == server.getsockname()


@pytest.mark.parametrize(
    ("require", "outcome"), [("", "1 skipped"), ("all", "1 error")], ids=["skips", "fails"]
)
def test_a_missing_part_skips_with_a_sentence_or_fails_where_it_was_promised(
    root: Path, tmp_path: Path, require: str, outcome: str
) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    shutil.copy(root / "tests/conftest.py", tests)
    (tests / "test_one.py").write_text("def test_one(java):\n    assert java\n")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "DJANGO"))}
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-rsE",
            "-p",
            "no:cacheprovider",
            tests,
        ],
        cwd=tmp_path,
        env=environment
        | {
            "PATH": str(tmp_path),
            "BLUELAMP_REQUIRE": require,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # it needs none, and they take seconds
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in run.stdout
    assert "Java is missing: apt-get install default-jre-headless" in run.stdout
