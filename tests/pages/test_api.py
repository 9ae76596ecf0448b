"""The API says what the pages say, and answers a bad request with words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bluelamp.public.opened import OpenRelease


def ask(client, path: str, **parameters: str | int):
    response = client.get(f"/api/v1/{path}", parameters)
    return response.status_code, json.loads(response.content)


def test_which_release_answers(client, opened: OpenRelease):
    status, said = ask(client, "release")
    assert status == 200
    assert said["id"] == opened.manifest.id
    assert said["synthetic"] is True


def test_every_measure_and_area(client, opened: OpenRelease):
    assert {m["id"] for m in ask(client, "measures")[1]} == set(opened.measures)
    areas = ask(client, "areas")[1]
    assert {"E23000001", "E09000001", "E09000008"} <= {a["code"] for a in areas}
    assert any(a["outside"] for a in areas)
    boroughs = ask(client, "areas", kind="borough")[1]
    assert {a["kind"] for a in boroughs} == {"borough"}


def test_figures_are_those_of_the_release(client, opened: OpenRelease):
    known = opened.figures("burglary", "E09000008", "r12")
    status, said = ask(client, "figures", measure="burglary", area="E09000008", kind="r12")
    assert status == 200
    assert said["total"] == len(known)
    assert [item["period"] for item in said["items"]] == [figure.period for figure in known]
    withheld = [item for item in said["items"] if item["status"] != "ok"]
    assert withheld
    assert all(item["value"] is None for item in withheld)
    assert all(len(item["receipts"]) == 2 for item in said["items"])


def test_figures_of_a_time(client):
    wanted = {"measure": "burglary", "area": "E09000008", "kind": "month"}
    _, said = ask(client, "figures", **wanted, **{"from": "2024-11", "to": "2025-Q1"})
    assert [item["period"] for item in said["items"]] == [
        "2024-11", "2024-12", "2025-01", "2025-02", "2025-03",
    ]  # fmt: skip


def test_pages_of_figures_follow_one_another(client):
    whole = ask(client, "figures", measure="burglary", limit=50)[1]
    parts = [ask(client, "figures", measure="burglary", limit=20, offset=n)[1] for n in (0, 20, 40)]
    assert whole["total"] == parts[0]["total"] > 50
    assert whole["items"] == [item for part in parts for item in part["items"]][:50]


def test_a_measure_without_figures_has_none(client):
    assert ask(client, "figures", measure="homicide") == (200, {"total": 0, "items": []})


def test_findings_are_those_of_the_page(client):
    status, said = ask(client, "findings", status="changed")
    assert status == 200
    assert said["total"] == 4
    for finding in said["items"]:
        kind = "measures/{measure}/" + ("" if finding["area"].startswith("E23") else "{area}/")
        page = client.get("/" + kind.format(**finding)).content.decode()
        assert finding["sentence"] in page


def test_receipts(client, opened: OpenRelease):
    _, said = ask(client, "receipts")
    assert {r["sha256"] for r in said} == set(opened.release.receipts)
    assert ask(client, f"receipts/{said[0]['sha256']}") == (200, said[0])


@pytest.mark.parametrize(
    ("path", "parameters", "status", "words"),
    [
        ("figures", {}, 422, "measure"),
        ("figures", {"measure": "larceny"}, 404, "there is no measure 'larceny'"),
        ("figures", {"measure": "burglary", "area": "E1"}, 404, "there is no area 'E1'"),
        ("figures", {"measure": "burglary", "kind": "week"}, 422, "kind"),
        ("figures", {"measure": "burglary", "from": "13/2025"}, 422, "not a period"),
        ("figures", {"measure": "burglary", "limit": 0}, 422, "limit"),
        ("figures", {"measure": "burglary", "limit": 100000}, 422, "limit"),
        ("figures", {"measure": "burglary", "offset": -1}, 422, "offset"),
        ("figures", {"measure": "burglary", "limit": "all"}, 422, "limit"),
        ("findings", {"status": "good"}, 422, "status"),
        ("findings", {"measure": "larceny"}, 404, "there is no measure"),
        ("areas", {"kind": "planet"}, 422, "kind"),
        ("receipts/abc", {}, 404, "'abc'"),
    ],
)
def test_a_bad_request_is_answered_with_words(client, path, parameters, status, words):
    answered, said = ask(client, path, **parameters)
    assert answered == status
    assert words in said["detail"]


def test_nothing_can_be_changed(client):
    assert client.post("/api/v1/release").status_code == 405
    assert client.post("/").status_code == 405


def test_it_describes_itself_and_loads_nothing_from_elsewhere(client):
    description = json.loads(client.get("/api/v1/openapi.json").content)
    assert set(description["paths"]) == {
        "/api/v1/release", "/api/v1/measures", "/api/v1/areas", "/api/v1/figures",
        "/api/v1/findings", "/api/v1/receipts", "/api/v1/receipts/{sha256}", "/api/v1/plans",
        "/api/v1/plans/{edition}", "/api/v1/lines", "/api/v1/targets", "/api/v1/commitments",
        "/api/v1/quoted", "/api/v1/changes", "/api/v1/corrections", "/api/v1/gaps",
        "/api/v1/gap-readings",
    }  # fmt: skip
    assert client.get("/api/v1/docs").status_code == 404


# --- what only the server does --------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/nothing/", "/plans/1997/", "/plans/london-2017/none/", "/measures/larceny/",
        "/measures/burglary/E09000001/", "/areas/E09999999/", "/areas/E23000002/",
        "/methods/guess/", "/data/larceny.csv", "/data/receipts/abc/",
    ],
)  # fmt: skip
def test_an_address_without_a_page_says_so_and_leads_on(client, address):
    response = client.get(address)
    assert response.status_code == 404
    text = response.content.decode()
    assert "Page not found" in text
    assert 'href="/areas/"' in text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("croydon", ["E09000008"]),
        ("  CAMDEN ", ["E09000007"]),
        ("hamp", ["E05013671"]),
        ("nowhere at all", []),
    ],
)
def test_an_area_is_found_by_a_part_of_its_name(client, asked, expected):
    text = client.get("/areas/", {"q": asked}).content.decode()
    found = text.split("Whole force areas")[0]
    assert all(f'href="/areas/{code}/"' in found for code in expected)
    assert ("Check the spelling" in found) is (not expected)


def test_a_search_is_never_printed_as_markup(client):
    text = client.get("/areas/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_a_table_holds_every_figure(client, opened: OpenRelease, small_release: Path):
    import io

    import polars as pl

    content = client.get("/data/burglary.csv").content
    frame = pl.read_csv(io.BytesIO(content))
    assert frame.columns == [
        "measure", "area", "group", "period", "numerator", "denominator", "value", "lower",
        "upper", "status",
    ]  # fmt: skip
    known = pl.read_parquet(small_release / "figures" / "burglary.parquet")
    assert frame.height == known.height
    assert frame["value"].to_list() == known["value"].to_list()
    assert b".0," not in content
