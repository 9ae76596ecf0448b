"""What may be said of a finding, a line or a target: word, icon and what it means.

The word always stands beside the icon, the icons differ in outline, and only *better* and *worse*
have a colour, and *met* and *missed* the same two: a line that nobody hoped anything of is never
coloured, and neither is a target whose time is not over.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Reading:
    """One reading: its id, the word on the page, what the word means, and its picture.

    of_target   said of a line with a number to reach, never of a measure by itself
    """

    id: str
    word: str
    meaning: str
    icon: Markup
    of_target: bool = False


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

_SQUARE_TICK = (
    '<rect x="2" y="2" width="28" height="28" rx="3" fill="currentColor"/>'
    '<path d="M8.5 16.5l5.5 5.5 9.5-12" stroke="#fff" stroke-width="3"/>'
)
_OCTAGON_CROSS = (
    '<path d="M10.2 2h11.6L30 10.2v11.6L21.8 30H10.2L2 21.8V10.2z" fill="currentColor"/>'
    '<path d="M11 11l10 10M21 11L11 21" stroke="#fff" stroke-width="3"/>'
)
_AHEAD = '<path d="M2.5 11H16V4l13.5 12L16 28v-7H2.5z"/>'
_ASTRAY = (
    '<path d="M2 22h9L25 8M15.5 7H26v10.5" stroke-width="3"/>'
    '<path d="M14.5 22H30" stroke-dasharray="3 3"/>'
)
_BALANCED = '<path d="M9 3h14l7.5 13L23 29H9L1.5 16z"/><path d="M10 13h12M10 19h12"/>'

READINGS = {
    reading.id: reading
    for reading in (
        Reading(
            "met", "Target met", "the number set was reached in time", _icon(_SQUARE_TICK), True
        ),
        Reading(
            "missed", "Target missed", "the number set was not reached in time",
            _icon(_OCTAGON_CROSS), True,
        ),
        Reading(
            "on-course", "On course", "there is time left, and the number will likely be reached",
            _icon(_AHEAD), True,
        ),
        Reading(
            "off-course", "Off course",
            "there is time left, and the number will likely not be reached", _icon(_ASTRAY), True,
        ),
        Reading(
            "too-close-to-call", "Too close to call",
            "the number may be reached in time, or have been, or not", _icon(_BALANCED), True,
        ),
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
}  # fmt: skip
