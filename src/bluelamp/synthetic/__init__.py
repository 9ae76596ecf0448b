"""A made-up London: files in the publishers' shapes, with changes planted in them on purpose.

Nobody's data: levels are round numbers, everything else is chance from a seed. It lets a newcomer
run the whole way of a number without a download, and lets a test ask whether a change that is
known to be there was found, and whether one that is not was kept off the page.
"""

from bluelamp.synthetic.london import write_london
from bluelamp.synthetic.truths import PlantedTruth

__all__ = ["PlantedTruth", "write_london"]
