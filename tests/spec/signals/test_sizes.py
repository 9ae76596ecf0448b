"""How sizes and levels are told: rounded to what they can bear, with the range they may have."""

from __future__ import annotations

import pytest

from bluelamp.signals.wording import approximate, count_change, levels, share_change


def rows(table: str) -> list[tuple[str, ...]]:
    lines = [line for line in table.strip().splitlines() if "--- +" not in line]
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines[1:]]


# Means a month, and how they are told. "Likely" has both ends, or the far one where the near end is
# nought, or nothing where both ends are told alike.
SIZES = """
    effect | lower | upper | observed | expected | about              | likely    | levels
    ------ + ----- + ----- + -------- + -------- + ------------------ + --------- + -----
    -40.2  | -55   | -25   | 180      | 220      | 40 fewer a month   | 25 55     | 180 220
    1240.3 | 901   | 1580  | 9300     | 8060     | 1,200 more a month | 900 1,600 | 9,300 8,060
    -3.1   | -5.2  | -1.4  | 4.2      | 7.3      | 3 fewer a month    | 1 5       | 4.2 7.3
    1.2    | 0.9   | 1.4   | 2.1      | 0.9      | 1 more a month     |           | 2.1 0.9
    -1.2   | -2.1  | -0.3  | 2.2      | 3.4      | 14 fewer a year    | 4 25      | 26 41
    0.4    | 0.2   | 0.6   | 0.5      | 0.1      | 5 more a year      | 2 7       | 6.0 1.2
    0.4    | 0.01  | 0.8   | 0.5      | 0.1      | 5 more a year      | 10        | 6.0 1.2
    99.6   | 99.5  | 100.4 | 200      | 100      | 100 more a month   |           | 200 100
"""


@pytest.mark.parametrize("row", rows(SIZES))
def test_the_size_of_a_change_in_a_count(row: tuple[str, ...]) -> None:
    effect, lower, upper, observed, expected = map(float, row[:5])
    about, likely, levels = row[5:]
    low, high = levels.split()
    near, *far = likely.split() or [""]
    range_told = f"between {near} and {far[0]}" if far else f"no more than {near}"
    bounds = f" (likely {range_told})" if likely else ""
    told = count_change(effect, lower, upper, observed=observed, expected=expected)
    assert told == f"about {about}{bounds}, {low} instead of the {high} expected"


def test_a_change_too_small_to_count_in_a_year() -> None:
    told = count_change(-0.03, -0.05, -0.02, observed=0.0, expected=0.03)
    assert told.startswith("less than 1 fewer a year (likely no more than 1), ")


@pytest.mark.parametrize(
    ("effect", "lower", "upper", "words"),
    [
        (0.021, 0.012, 0.030, "about 2.1 percentage points higher (likely between 1.2 and 3.0)"),
        (-0.105, -0.2, -0.0001, "about 10.5 percentage points lower (likely no more than 20.0)"),
        (0.0101, 0.0099, 0.0102, "about 1.0 percentage points higher"),
        (-0.0002, -0.0004, -0.0001, "less than 0.1 percentage points lower"),
    ],
)
def test_the_size_of_a_change_in_a_share(
    effect: float, lower: float, upper: float, words: str
) -> None:
    told = share_change(effect, lower, upper, observed=0.141, expected=0.12)
    assert told == f"{words}, 14.1% instead of the 12.0% expected"


@pytest.mark.parametrize(
    "sizes", [(-1, -2, 0.5), (1, -2, 3), (0, 0, 0), (1, 0, 2), (-1, 1, 2), (1, float("nan"), 2)]
)
def test_a_range_that_includes_no_change_is_refused(sizes: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="includes no change"):
        count_change(*sizes, observed=1, expected=1)
    with pytest.raises(ValueError, match="includes no change"):
        share_change(*sizes, observed=0.1, expected=0.1)


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.4, "0"), (99.4, "99"), (99.6, "100"), (187, "190"), (995, "1,000"), (-81_686, "82,000")],
)
def test_a_size_is_told_to_two_figures_from_100_up(value: float, told: str) -> None:
    assert approximate(value) == told


@pytest.mark.parametrize(
    ("observed", "expected", "told"),
    [
        (180.3, 220.7, ("180", "221")),
        (12.4, 9.1, ("12.4", "9.1")),
        (9.96, 10.2, ("10", "10")),
        (75_580, 75_355, ("75,580", "75,400")),
        (3_999, 4_537, ("3,999", "4,540")),
        (1_204.2, 0.04, ("1,204.2", "0.0")),
    ],
)
def test_two_levels_are_told_alike(observed: float, expected: float, told: tuple[str, str]) -> None:
    assert levels(observed, expected) == told
