"""What the small release says of how boroughs compare: one outside, one within, one left out."""

from __future__ import annotations

from typing import Any

SENTENCE = "One of the 3 boroughs compared lies outside what chance would give: Camden."
LEFT_OUT = "Made City is left out, because few people live there."
ALLOWANCE = "The borough with the highest rate would be expected to have 4% fewer next year."


def place_record(area: str, rate: float, side: str, ranks: tuple[int, int]) -> dict[str, Any]:
    return {
        "area": area, "events": rate * 300, "among": 300_000.0, "rate": rate,
        "usual_lower": 60.0, "usual_upper": 110.0, "side": side, "rank_lower": ranks[0],
        "rank_upper": ranks[1], "why": "", "sentence": f"Said of {area} beside the others.",
    }  # fmt: skip


def place_records(boroughs: tuple[str, ...], city: str) -> list[dict[str, Any]]:
    """A comparison of the three boroughs by all recorded crime; the city has no figures here."""
    barnet, camden, croydon = boroughs
    left_out = dict.fromkeys(place_record(city, 0.0, "", (0, 0))) | {
        "area": city, "side": "not compared", "why": "few people live there", "sentence": LEFT_OUT,
    }  # fmt: skip
    return [
        {
            "measure": "recorded-crime-rate", "counted": "recorded-crime", "kind": "borough",
            "period": "r12-2026-03", "compared": 3, "outside": 1, "usual": 0.21,
            "allowance": -0.04, "allowance_of": 1, "sentence": SENTENCE,
            "allowance_sentence": ALLOWANCE, "why": "",
            "places": [
                left_out,
                place_record(barnet, 70.0, "within", (2, 3)),
                place_record(camden, 184.9, "higher", (1, 1)),
                place_record(croydon, 82.8, "within", (2, 3)),
            ],
        }
    ]  # fmt: skip
