"""`bluelamp claims`: which sentences of a press note or pack the findings bear out."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bluelamp.cli.speaking import Definitions, fail, open_definitions

if TYPE_CHECKING:
    from bluelamp.releases.release import Release
    from bluelamp.signals.claims.checking import Checked

COLOURS = {
    "supported": "green",
    "unsupported": "yellow",
    "contradicted": "red",
    "not checkable": "cyan",
}


def claims(
    file: Annotated[Path, typer.Argument(help="A .txt, .md, .html, .docx or .pdf file.")],
    release: Annotated[Path, typer.Option(help="The folder of the release to hold it against.")],
    output: Annotated[
        str, typer.Option("--format", help="text, or csv or json: a row to a claim.")
    ] = "text",
    definitions: Definitions = None,
) -> None:
    """Check each sentence that says which way a known measure went.

    A sentence is [green]supported[/] or [red]contradicted[/] by a finding, [yellow]unsupported[/]
    (nothing has clearly changed, a size is wrong, or a cause or a rank is claimed), or
    [cyan]not checkable[/] (no finding speaks of it; the reason is given). Promises and hopes are
    no claims. Words are known by definitions/claim-words.yaml, names of things by `called` in the
    measures. The exit code is 1 where a sentence is unsupported or contradicted.

    Example: bluelamp claims press-note.docx --release var/releases/london-2017-2026-04-30
    """
    from bluelamp.cli.documents import NoText, text_of
    from bluelamp.definitions import DefinitionFaults
    from bluelamp.releases.claims import checker
    from bluelamp.releases.release import NotARelease, Release

    if output not in ("text", "csv", "json"):
        fail(f"--format: '{output}' is not one of text, csv, json", 2)
    root = open_definitions(definitions)
    try:
        opened = Release(release)
        checked = checker(opened, root).check(text_of(file))
    except DefinitionFaults as error:
        fail(f"the definitions have faults:\n{error}", 2)
    except (NotARelease, NoText, FileNotFoundError) as error:
        fail(str(error), 2)
    if output == "text":
        _tell(checked, opened)
    else:
        _write(checked, output)
    if any(each.verdict in ("unsupported", "contradicted") for each in checked):
        raise typer.Exit(1)


def _tell(checked: Sequence[Checked], release: Release) -> None:
    console = Console(highlight=False, soft_wrap=True)  # the answer itself, so not to stderr
    for each in checked:
        if each.verdict is None:
            continue
        colour = COLOURS[each.verdict]
        console.print(f"[{colour}]{each.verdict.upper()}[/] line {each.sentence.line}", end=": ")
        console.print(escape(each.sentence.text))
        for claim in each.claims:
            verdict = f"{claim.verdict}: " if len(each.claims) > 1 else ""
            console.print(f"    {verdict}{escape(claim.words)}")
            if claim.finding:
                console.print(f"    [dim]Finding:[/] {escape(claim.finding)}")
    counts = {name: sum(each.verdict == name for each in checked) for name in COLOURS}
    said = ", ".join(f"{number} {name}" for name, number in counts.items())
    known = release.manifest.known_on
    console.print(
        f"{len(checked)} sentences; {sum(counts.values())} say which way a measure went: {said}. "
        f"Held against what was known on {known} ({release.manifest.id})."
    )


def _write(checked: Sequence[Checked], output: str) -> None:
    from bluelamp.signals.claims.claim import Claim

    rows = [asdict(claim) for each in checked for claim in each.claims]
    if output == "json":
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    writer = csv.DictWriter(
        sys.stdout, [field.name for field in fields(Claim)], lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
