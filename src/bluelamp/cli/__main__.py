"""`python -m bluelamp.cli`: the command where it is not on the PATH."""

from bluelamp.cli import app

app()
