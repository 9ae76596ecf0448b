"""Gaps: what is compared is there, each code means one thing, a fault is told with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bluelamp.cli.checking import check_all
from bluelamp.definitions import DefinitionFaults, definitions_root
from bluelamp.evidence.readers.police_uk_stop_and_search import LATER_ETHNICITIES
from bluelamp.measures.gap import read_gaps

GAPS = read_gaps(definitions_root())
GAP = "stop-and-search-by-ethnicity"
each_gap = pytest.mark.parametrize("gap", GAPS.values(), ids=list(GAPS))


@each_gap
def test_its_words_are_filled_and_its_review_is_due(gap):
    for words in (gap.title, gap.things, gap.question, gap.description, gap.why):
        assert len(words.strip()) > 3
    assert all(benchmark.caveat.endswith(".") for benchmark in gap.benchmarks)
    assert gap.caveats
    assert gap.review.checked_by != gap.review.author


@each_gap
def test_its_first_yardstick_has_residents_and_one_is_named_that_nobody_has(gap):
    assert gap.benchmarks[0].kind == "residents"
    assert gap.of_kind("not known")


def test_the_lists_of_before_and_after_april_2017_lead_to_one_group_each():
    """What people say of themselves, in the earlier words and the later."""
    codes = {code: group.id for group in GAPS[GAP].groups for code in group.codes}
    codes |= dict.fromkeys(GAPS[GAP].unknown, "unknown")
    expected = {"A": "asian", "B": "black", "M": "other", "W": "white"}
    for code, later in LATER_ETHNICITIES.items():
        earlier = [words for words in codes if words.endswith(f"({code})")]
        group = {"O1": "asian", "O9": "other", "NS": "unknown"}.get(code, expected.get(code[0]))
        assert [codes[words] for words in earlier] == [group]
        assert codes[later] == group


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    to = tmp_path / "definitions"
    shutil.copytree(definitions_root(), to)
    return to


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("source: police-uk-stop-and-search", "source: police-uk-stops",
         "source: there is no source 'police-uk-stops'"),
        ("reference: white", "reference: whites",
         "reference: 'whites' is not the id of one of the groups"),
        ("      - Asian\n", "      - Asian\n      - black\n",
         "groups: the code 'BLACK' stands twice; it can mean one thing"),
        ("    over: kinds\n", "", "benchmarks: 'same-kind': `over` goes with like with like"),
        ("      - {subcategory: ARREST}\n", "      - {subcategories: ARREST}\n",
         "unknown key 'subcategories': did you mean 'subcategory'?"),
        ("      other: [ethnicity=Other, ethnicity=Mixed]\n    caveat: Residents are",
         "    caveat: Residents are", "among: 'residents' must say residents of every group"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_and_line(copied, before, after, words):
    path = copied / "gaps" / f"{GAP}.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(DefinitionFaults) as error:
        read_gaps(copied)
    (fault,) = [f for f in error.value.faults if f.path == path][:1]
    assert words in fault.message
    assert fault.line > 0


def test_a_denominator_that_is_none_is_told_where_it_stands(copied):
    path = copied / "gaps" / f"{GAP}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("residents-by-ethnicity", "residents-by-etnicity", 1), "utf-8")
    with pytest.raises(DefinitionFaults, match="did you mean 'residents-by-ethnicity'") as error:
        check_all(copied)
    line = error.value.faults[0].line
    assert "residents-by-etnicity" in path.read_text("utf-8").splitlines()[line - 1]


def test_definitions_without_gaps_have_none(tmp_path):
    assert read_gaps(tmp_path) == {}
