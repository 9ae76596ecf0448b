"""The `bluelamp` command."""

from bluelamp.cli.verbs import app

__all__ = ["app"]
