"""What the made-up boroughs are like: people, bustle, where they lie.

Residents are rounded to ten thousand, and bustle (offences to a resident beside London's) is our
own guess: the figures drawn from them are like London's without being anybody's statistics.
"""

from __future__ import annotations

from dataclasses import dataclass

CITY_OF_LONDON = "E09000001"


@dataclass(frozen=True)
class Profile:
    """thousands: residents. bustle: offences to a resident, London = 1. lon, lat: degrees."""

    thousands: int
    bustle: float
    lon: float
    lat: float


PROFILES: dict[str, Profile] = {
    "E09000001": Profile(10, 6.0, -0.09, 51.515),
    "E09000002": Profile(220, 0.95, 0.13, 51.55),
    "E09000003": Profile(390, 0.80, -0.20, 51.61),
    "E09000004": Profile(250, 0.70, 0.14, 51.46),
    "E09000005": Profile(340, 0.95, -0.27, 51.56),
    "E09000006": Profile(330, 0.75, 0.05, 51.37),
    "E09000007": Profile(210, 1.70, -0.15, 51.54),
    "E09000008": Profile(390, 0.90, -0.09, 51.36),
    "E09000009": Profile(370, 0.90, -0.33, 51.52),
    "E09000010": Profile(330, 0.95, -0.08, 51.65),
    "E09000011": Profile(290, 0.95, 0.06, 51.47),
    "E09000012": Profile(260, 1.25, -0.06, 51.55),
    "E09000013": Profile(180, 1.25, -0.22, 51.49),
    "E09000014": Profile(260, 1.15, -0.11, 51.59),
    "E09000015": Profile(260, 0.65, -0.34, 51.59),
    "E09000016": Profile(260, 0.80, 0.20, 51.57),
    "E09000017": Profile(310, 0.85, -0.45, 51.54),
    "E09000018": Profile(290, 0.95, -0.36, 51.47),
    "E09000019": Profile(220, 1.35, -0.11, 51.55),
    "E09000020": Profile(150, 1.45, -0.19, 51.50),
    "E09000021": Profile(170, 0.75, -0.29, 51.39),
    "E09000022": Profile(320, 1.20, -0.12, 51.46),
    "E09000023": Profile(300, 1.00, -0.02, 51.45),
    "E09000024": Profile(220, 0.70, -0.20, 51.41),
    "E09000025": Profile(350, 1.10, 0.03, 51.53),
    "E09000026": Profile(310, 0.85, 0.07, 51.58),
    "E09000027": Profile(200, 0.65, -0.32, 51.44),
    "E09000028": Profile(310, 1.25, -0.07, 51.47),
    "E09000029": Profile(210, 0.65, -0.18, 51.36),
    "E09000030": Profile(310, 1.15, -0.03, 51.52),
    "E09000031": Profile(280, 0.90, -0.01, 51.59),
    "E09000032": Profile(330, 0.85, -0.18, 51.45),
    "E09000033": Profile(200, 3.40, -0.15, 51.51),
}
