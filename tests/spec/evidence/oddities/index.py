"""The oddities of real files, numbered as the list beside the real data numbers them.

Each is a sentence, and each has a test on a small file of that shape made up here, and one on the
publisher's own file where it is at hand (tests/real). `test_index.py` counts them.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

import pytest

ODDITIES = {
    1: "Some street crimes have no ID: all before December 2011, antisocial behaviour, railways.",
    2: "Some street crimes have no place, and a few have a point but no small area.",
    3: "One crime ID can stand in several rows of a month, and have several outcomes.",
    4: "A force records crimes that happened in another force's district, so force is not borough.",
    5: "The list of outcomes changes from year to year, and the earliest months have none.",
    6: "A later release has the same crimes of a month with other outcomes.",
    7: "The codes of small areas change from the 2011 edition to the 2021 one without a word.",
    8: "One column is always empty, whole forces are missing in a month, Wales writes in Welsh.",
    9: "The API gives one crime for two wards, two files for one ward, and one file with nothing.",
    10: "Months of counts by small area hold a third of their crimes.",
    11: "Searches are dated in UTC, so those just after midnight in summer fall a month early.",
    12: "The words for outcomes and ethnicity change, and one month is published in both codings.",
    13: "Searches lack points, ages and objects; rows are equal to others; a month stops halfway.",
    14: "The borough's column changes its name, and the crime groups their case and their names.",
    15: "The list of boroughs gains and loses places that are none, and one file gives codes.",
    16: "Totals are revised up and down; a new system of categories moves crimes between places.",
    17: "Borough, ward and small area tables of one month do not add up to the same.",
    18: "Recent and historical files overlap or leave gaps; wards share names; line ends mix.",
    19: "The dashboard misspells, has names that differ in case alone, and two refresh dates.",
    20: "Three views of the same victims or offences are stacked in one file.",
    21: "The homicide and search lists have stray spaces, misspelt columns and several codings.",
    22: "The survey has decimal commas, two forms of date and boroughs under two spellings.",
    23: "A quoted cell of the severity table holds a line end and a footnote's number.",
}


def oddity(number: int) -> pytest.MarkDecorator:
    """Marks the test of an oddity (it takes an argument `oddity`): its id is `oddity-07`."""
    return pytest.mark.parametrize("oddity", [number], ids=[f"oddity-{number:02}"])


def numbers_tested(modules: Iterable[ModuleType]) -> list[int]:
    """The numbers of the oddities that the tests of some modules are marked with."""
    return sorted(
        mark.args[1][0]
        for module in modules
        for name, test in vars(module).items()
        if name.startswith("test_")
        for mark in getattr(test, "pytestmark", ())
        if mark.name == "parametrize" and mark.args[0] == "oddity"
    )
