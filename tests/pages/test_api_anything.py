"""Whatever is asked of the API, it answers as its own description says, and never falls over."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluelamp.public.api import api

EDITIONS = ["london-2013", "london-2017"]
# What people do ask for, by parameter; beside it, whatever nobody should ask for.
LIKELY = {
    "measure": ["burglary", "homicide"],
    "area": ["E23000001", "E09000008"],
    "edition": EDITIONS,
    "earlier": EDITIONS,
    "later": EDITIONS,
    "from": ["2024-11", "fy2024-25"],
    "to": ["2025-Q1", "2026"],
    "kind": ["month", "r12", "borough", "we commit to"],
    "question": ["watch"],
    "status": ["changed"],
    "verdict": ["agrees"],
    "limit": ["1", "1000"],
    "offset": ["0", "3"],
}
ANYTHING = st.text(max_size=12) | st.integers(-(2**70), 2**70).map(str) | st.floats().map(str)


def values(parameter: str) -> st.SearchStrategy[str]:
    likely = st.sampled_from(LIKELY.get(parameter, ["", "robbery"]))
    return likely | likely | likely | ANYTHING


DESCRIPTION = api.get_openapi_schema(path_prefix="/api/v1/")
ASKED = [(path, how["get"]) for path, how in DESCRIPTION["paths"].items()]


def filled_in(path: str, named: dict[str, str]) -> str:
    for name, value in named.items():
        path = path.replace(f"{{{name}}}", quote(value or "-", safe=""))
    return path


@pytest.mark.parametrize(("path", "how"), ASKED, ids=[path for path, _ in ASKED])
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_every_answer_is_one_that_is_described(
    client: Any, path: str, how: dict[str, Any], data: st.DataObject
) -> None:
    parameters = how.get("parameters", [])
    chosen = {
        each["name"]: data.draw(values(each["name"]), label=each["name"])
        for each in parameters
        if each["in"] == "path" or data.draw(st.booleans(), label=f"give {each['name']}")
    }
    in_path = {each["name"] for each in parameters if each["in"] == "path"}
    address = filled_in(path, {name: chosen[name] for name in in_path})
    query = {name: value for name, value in chosen.items() if name not in in_path}
    response = client.get(address, query)
    described = {int(status) for status in how["responses"]}
    # A part of the path that holds a slash leads to no place of the API at all.
    assert response.status_code in described | ({404} if in_path else set())
    if response["Content-Type"].startswith("application/json"):
        said = json.loads(response.content)
        if response.status_code >= 400:
            assert isinstance(said["detail"], str)
            assert said["detail"]
        elif isinstance(said, dict) and "total" in said:
            assert len(said["items"]) <= min(said["total"], int(query.get("limit", 100)))


def test_every_question_describes_a_refusal_where_something_can_be_wrong() -> None:
    for path, how in ASKED:
        described = {int(status) for status in how["responses"]}
        if how.get("parameters"):
            assert described & {404, 422}, path
