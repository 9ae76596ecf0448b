"""The six things that may be said of a finding or a line: word, icon and what it means.

The word always stands beside the icon, the six icons differ in outline, and only *better* and
*worse* have a colour: a line that nobody hoped anything of is never coloured.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Reading:
    """One reading: its id, the word on the page, what the word means, and its picture."""

    id: str
    word: str
    meaning: str
    icon: Markup


def _icon(shapes: str) -> Markup:
    """A 32 by 32 drawing in the colour of the text; silent, because the word stands beside it."""
    return Markup(  # the shapes are the constants below
        '<svg class="bl-icon" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" '
        f'focusable="false" fill="none" stroke="currentColor" stroke-width="2.5">{shapes}</svg>'
    )


_TICK = (
    '<circle cx="16" cy="16" r="14" fill="currentColor"/>'
    '<path d="M9 16.5l5 5 9-11" stroke="#fff" stroke-width="3"/>'
)
_DIAMOND = (
    '<path d="M16 1.5L30.5 16 16 30.5 1.5 16z" fill="currentColor"/>'
    '<path d="M16 8.5v10M16 21.5v3" stroke="#fff" stroke-width="3.5"/>'
)
_ARROWS = (
    '<rect x="2.5" y="2.5" width="27" height="27"/>'
    '<path d="M11.5 24V9M7 13l4.5-4.5L16 13M20.5 8v15M16 19l4.5 4.5L25 19"/>'
)
_LEVEL = '<circle cx="16" cy="16" r="14"/><path d="M8 16h16" stroke-width="3"/>'
_QUESTION = (
    '<circle cx="16" cy="16" r="14" stroke-dasharray="4 3.3"/>'
    '<path d="M11.5 12.5c0-6 9-6 9 0 0 3.5-4.5 3.5-4.5 7M16 22v3"/>'
)
_TWO_HALVES = (
    '<circle cx="16" cy="16" r="14"/><path d="M16 2a14 14 0 0 0 0 28z" fill="currentColor"/>'
)

READINGS = {
    reading.id: reading
    for reading in (
        Reading("better", "Better", "changed in the way the plan hopes for", _icon(_TICK)),
        Reading("worse", "Worse", "changed against what the plan hopes for", _icon(_DIAMOND)),
        Reading(
            "mixed",
            "Mixed",
            "one figure changed as the plan hopes and another against it",
            _icon(_TWO_HALVES),
        ),
        Reading(
            "changed",
            "Changed",
            "changed, which by itself is neither better nor worse",
            _icon(_ARROWS),
        ),
        Reading(
            "no-clear-change",
            "No clear change",
            "any difference is within what chance alone would bring",
            _icon(_LEVEL),
        ),
        Reading(
            "not-judged",
            "Not judged",
            "no figures that could tell a change from chance",
            _icon(_QUESTION),
        ),
    )
}
