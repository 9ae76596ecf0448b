"""What an explained method is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bluelamp.look.pieces import Column, Link
from bluelamp.public.opened import OpenRelease


@dataclass(frozen=True)
class Example:
    """A worked example: an introduction, and its steps as pairs of what and how much."""

    introduction: str
    steps: tuple[tuple[str, str], ...]
    link: Link | None = None


@dataclass(frozen=True)
class Rules:
    """A rule drawn whole, as a table."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Method:
    """One rule: its address, the question it answers and its answer in a sentence.

    place   where it stands among the others.
    rules   the table in which the rule is drawn whole, made from the code; None where it is none
    """

    id: str
    place: int
    title: str
    short: str
    example: Callable[[OpenRelease], Example]
    rules: Rules | None = None


NOTHING = Example("This release holds no case of it, so there is nothing to show here.", ())
