"""Has it changed lately?"""

from __future__ import annotations

from bluelamp.public.explained.method import Method
from bluelamp.public.explained.tested import tested_example

METHOD = Method(
    id="watch",
    place=30,
    title="Has it changed lately?",
    short="The last 12 complete months against the two to five years before them.",
    example=tested_example("watch"),
)
