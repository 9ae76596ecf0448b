"""Did it change under this plan?"""

from __future__ import annotations

from bluelamp.public.explained.method import Method
from bluelamp.public.explained.tested import tested_example

METHOD = Method(
    id="edition",
    place=40,
    title="Did it change under this plan?",
    short="The time of the plan against the two to five years before it began.",
    example=tested_example("edition"),
)
