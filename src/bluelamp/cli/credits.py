"""`bluelamp credits`: whose the facts are, and the words to credit them with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bluelamp.cli.speaking import Definitions, fail, open_definitions


def credits(
    release: Annotated[
        Path | None, typer.Argument(help="The folder of a release (default: the definitions).")
    ] = None,
    definitions: Definitions = None,
) -> None:
    """Print the words that are owed to each publisher, and what they are owed for, as Markdown.

    Of a release: for the files that it was made from. Else: for every source that is defined.

    Example: bluelamp credits var/releases/london-2017-2026-04-30
    """
    from bluelamp.definitions import DefinitionFaults
    from bluelamp.measures.credits import credits_owed
    from bluelamp.releases.release import NotARelease, Release

    try:
        if release is None:
            owed = credits_owed(open_definitions(definitions))
        else:
            opened = Release(release)
            used = {r.source for r in opened.receipts.values() if r.rows_kept}
            owed = credits_owed(opened.definitions, used)
    except (DefinitionFaults, NotARelease) as error:
        fail(str(error), 2)
    for number, one in enumerate(owed):
        typer.echo(("\n" if number else "") + f"{one.words}\n")
        for title in one.of:
            typer.echo(f"- {title}")
