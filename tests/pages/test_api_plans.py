"""What the API and the open tables say of plans: the words of the release, field by field."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from bluelamp.plan.changes import Change, Changes, changes
from bluelamp.plan.commitment import Commitment
from bluelamp.plan.edition import Consultation, Edition, Plan, Priority
from bluelamp.plan.line import Line, Part, Target
from bluelamp.plan.quoted import Quoted
from bluelamp.public.api import plan_answers as answers
from bluelamp.public.opened import OpenRelease, open_release
from bluelamp.signals.finding import LineReading, QuotedReading, TargetPoint, TargetReading

TARGET = TargetReading(
    "london-2013", "robbery", "E23000001", "robbery", "met", 100.0, "2011-04", "2012-03", 80.0,
    "2016-03", 75.0, "2016-03", 80.0, -5.0, None, (TargetPoint("2016-03", 75.0, 80.0, None),), "",
    "The goal was met: 75, and the aim was 80 or fewer.",
)  # fmt: skip
VERDICTS = ("agrees", "differs", "cannot be checked")


@pytest.fixture(scope="module")
def judged(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small release with targets read and quoted numbers checked."""
    folder = shutil.copytree(small_release, tmp_path_factory.mktemp("judged") / "release")
    editions = open_release(folder).release.editions.values()
    targets = [asdict(replace(TARGET, area=area)) for area in ("E23000001", "E09000008")]
    quoted = [
        asdict(
            QuotedReading(
                edition.plan.id, name, VERDICTS[number % 3], 7.0 if number % 3 < 2 else None,
                "how", "reason", f"The plan says {figure.printed}.",
            )
        )
        for edition in editions
        for number, (name, figure) in enumerate(edition.quoted.items())
    ]  # fmt: skip
    (folder / "targets.json").write_text(json.dumps(targets), encoding="utf-8")
    (folder / "quoted.json").write_text(json.dumps(quoted), encoding="utf-8")
    open_release.cache_clear()
    return folder


@pytest.fixture
def held(judged: Path, client: Any, monkeypatch: pytest.MonkeyPatch) -> OpenRelease:
    """That release, and the site serves it."""
    from django.conf import settings

    monkeypatch.setattr(settings, "BLUELAMP_RELEASE", str(judged))
    return open_release(judged)


@pytest.fixture
def older(
    small_release: Path, tmp_path: Path, client: Any, monkeypatch: pytest.MonkeyPatch
) -> OpenRelease:
    """A release from before there were targets and checked numbers, and the site serves it."""
    from django.conf import settings

    folder = shutil.copytree(small_release, tmp_path / "release")
    for name in ("targets.json", "quoted.json"):
        (folder / name).unlink(missing_ok=True)
    monkeypatch.setattr(settings, "BLUELAMP_RELEASE", str(folder))
    return open_release(folder)


def ask(client: Any, path: str, **parameters: str | int) -> tuple[int, Any]:
    response = client.get(f"/api/v1/{path}", parameters)
    return response.status_code, json.loads(response.content)


def table(client: Any, name: str) -> list[dict[str, str]]:
    response = client.get(f"/data/{name}.csv")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode())))


# --- shapes ---------------------------------------------------------------------------------------

# What an answer has beside the fields of its dataclass, and what it leaves out: how a figure is
# made again is told by the reading's `how`, and why not by its `reason`.
SHAPES = [
    (answers.ConsultationOut, Consultation, set(), set()),
    (answers.PlanOut, Plan, set(), set()),
    (answers.PriorityOut, Priority, set(), set()),
    (answers.TargetOut, Target, set(), set()),
    (answers.PartOut, Part, set(), set()),
    (answers.LineOut, Line, set(), set()),
    (
        answers.EditionOut, Edition, set(),
        {"commitments", "themes", "tables", "checklist", "local"},
    ),
    (answers.LineReadingOut, LineReading, set(), set()),
    (answers.CommitmentOut, Commitment, {"edition"}, set()),
    (answers.TargetPointOut, TargetPoint, set(), set()),
    (answers.TargetReadingOut, TargetReading, set(), set()),
    (
        answers.QuotedOut, Quoted, {"edition", "theme", "reading"},
        {"recompute", "arithmetic", "unchecked", "explained"},
    ),
    (answers.QuotedReadingOut, QuotedReading, set(), set()),
    (answers.ChangeOut, Change, set(), set()),
    (answers.ChangesOut, Changes, set(), set()),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "of", "more", "less"), SHAPES)
def test_an_answer_has_every_field_of_what_it_answers(
    answer: Any, of: Any, more: set[str], less: set[str]
) -> None:
    fields = {field.name for field in dataclasses.fields(of)}
    assert less <= fields
    assert not more & fields
    assert set(answer.model_fields) == (fields | more) - less


def test_every_answer_about_plans_is_held_to_something() -> None:
    shapes = {name for name in vars(answers) if name.endswith("Out")}
    pages = {name for name in shapes if set(vars(answers)[name].model_fields) == {"total", "items"}}
    assert shapes - pages == {answer.__name__ for answer, *_ in SHAPES}
    assert pages


# --- answers --------------------------------------------------------------------------------------


def test_every_plan_by_its_start(client: Any, held: OpenRelease) -> None:
    status, said = ask(client, "plans")
    assert status == 200
    assert [plan["id"] for plan in said] == list(held.release.editions)
    for plan, edition in zip(said, held.release.editions.values(), strict=True):
        assert plan == json.loads(json.dumps(asdict(edition.plan), default=str))


def test_one_plan_with_its_lines_and_their_targets(client: Any, held: OpenRelease) -> None:
    for edition in held.release.editions.values():
        status, said = ask(client, f"plans/{edition.plan.id}")
        assert status == 200
        assert [each["id"] for each in said["priorities"]] == [p.id for p in edition.priorities]
        assert said["lines"] == json.loads(
            json.dumps([asdict(line) for line in edition.lines], default=str)
        )


def test_readings_of_lines(client: Any, held: OpenRelease) -> None:
    known = [r for r in held.release.readings if r.area == "E23000001"]
    _, said = ask(client, "lines", area="E23000001", limit=1000)
    assert said["total"] == len(known) > 0
    assert [item["sentence"] for item in said["items"]] == [reading.sentence for reading in known]
    one = known[-1]
    _, said = ask(client, "lines", area=one.area, edition=one.edition, line=one.line)
    assert said["items"] == [json.loads(json.dumps(asdict(one)))]


def test_commitments_and_each_way_to_narrow_them(client: Any, held: OpenRelease) -> None:
    every = [(e.plan.id, c) for e in held.release.editions.values() for c in e.commitments]
    assert every
    _, said = ask(client, "commitments", limit=1000)
    assert [(item["edition"], item["id"]) for item in said["items"]] == [
        (edition, each.id) for edition, each in every
    ][:1000]
    assert said["total"] == len(every)
    edition, example = every[-1]
    for name in ("kind", "lead", "priority"):
        value = getattr(example, name)
        _, said = ask(client, "commitments", edition=edition, limit=1000, **{name: value})
        expected = [c.id for e, c in every if e == edition and getattr(c, name) == value]
        assert [item["id"] for item in said["items"]] == expected, name
    item = next(item for item in said["items"] if item["id"] == example.id)
    assert item == json.loads(json.dumps(asdict(example) | {"edition": edition}, default=str))


def test_pages_of_commitments_follow_one_another(client: Any, held: OpenRelease) -> None:
    whole = ask(client, "commitments", limit=6)[1]["items"]
    parts = [ask(client, "commitments", limit=2, offset=n)[1]["items"] for n in (0, 2, 4)]
    assert whole == [item for part in parts for item in part]


def test_targets_with_the_way_to_them(client: Any, held: OpenRelease) -> None:
    _, said = ask(client, "targets")
    assert said["total"] == 2
    _, said = ask(client, "targets", area="E09000008", edition="london-2013", line="robbery")
    expected = asdict(replace(TARGET, area="E09000008"))
    assert said["items"] == [json.loads(json.dumps(expected))]
    assert ask(client, "targets", line="none")[1] == {"total": 0, "items": []}


def test_quoted_numbers_beside_ours(client: Any, held: OpenRelease) -> None:
    every = [
        (e.plan.id, t.id, f.id)
        for e in held.release.editions.values()
        for t in e.themes
        for f in t.figures
    ]
    _, said = ask(client, "quoted", limit=1000)
    assert [(i["edition"], i["theme"], i["id"]) for i in said["items"]] == every
    assert every
    for item in said["items"]:
        assert item["reading"]["sentence"] == f"The plan says {item['printed']}."
    counts = [ask(client, "quoted", verdict=verdict)[1]["total"] for verdict in VERDICTS]
    assert sum(counts) == len(every)
    assert all(counts)
    edition, theme, _ = every[-1]
    _, said = ask(client, "quoted", edition=edition, theme=theme, limit=1000)
    assert said["total"] == len([each for each in every if each[:2] == (edition, theme)])


def test_a_release_from_before_they_were_checked_has_no_readings(
    client: Any, older: OpenRelease
) -> None:
    assert older.release.quoted == {}
    _, said = ask(client, "quoted")
    assert all(item["reading"] is None for item in said["items"])
    assert ask(client, "quoted", verdict="agrees")[1]["total"] == 0


def test_what_changed_is_what_the_plan_says(client: Any, held: OpenRelease) -> None:
    earlier, later, *_ = held.release.editions.values()
    titles = {measure.id: measure.title for measure in held.measures.values()}
    status, said = ask(client, "changes", earlier=earlier.plan.id, later=later.plan.id)
    assert status == 200
    assert said == json.loads(json.dumps(asdict(changes(earlier, later, titles))))
    assert said["measures"]


@pytest.mark.parametrize(
    ("path", "parameters", "status", "words"),
    [
        ("plans/london-1997", {}, 404, "there is no edition 'london-1997'"),
        ("lines", {"edition": "x"}, 404, "there is no edition"),
        ("lines", {"area": "E1"}, 404, "there is no area 'E1'"),
        ("targets", {"area": "E1"}, 404, "there is no area 'E1'"),
        ("targets", {"limit": 0}, 422, "limit"),
        ("commitments", {"edition": "x"}, 404, "/api/v1/plans lists them"),
        ("commitments", {"kind": "vow"}, 422, "kind"),
        ("quoted", {"verdict": "wrong"}, 422, "verdict"),
        ("changes", {}, 422, "earlier"),
        ("changes", {"earlier": "x", "later": "london-2017"}, 404, "there is no edition 'x'"),
        (
            "changes", {"earlier": "london-2017", "later": "london-2013"}, 422,
            "give the earlier first",
        ),
    ],
)  # fmt: skip
def test_a_bad_request_is_answered_with_words(
    client: Any, held: OpenRelease, path: str, parameters: Any, status: int, words: str
) -> None:
    answered, said = ask(client, path, **parameters)
    assert answered == status
    assert words in said["detail"]


# --- tables ---------------------------------------------------------------------------------------


def test_the_table_of_commitments_holds_every_one(client: Any, held: OpenRelease) -> None:
    rows = table(client, "commitments")
    every = [(e.plan.id, c) for e in held.release.editions.values() for c in e.commitments]
    assert [(row["edition"], row["commitment"]) for row in rows] == [(e, c.id) for e, c in every]
    for row, (_, each) in zip(rows, every, strict=True):
        assert row["promise"] == each.promise
        assert row["money"] == ("" if each.money is None else str(each.money))
        assert row["due"] == ("" if each.due is None else each.due.isoformat())
        assert row["lines"].split("; ") == (list(each.lines) or [""])
    assert set(rows[0]) == (
        {field.name for field in dataclasses.fields(Commitment)} - {"id"}
        | {"edition", "commitment"}
    )


def test_the_table_of_lines_has_a_row_for_each_part(client: Any, held: OpenRelease) -> None:
    rows = table(client, "lines")
    every = [
        (e.plan.id, line.id, part)
        for e in held.release.editions.values()
        for line in e.lines
        for part in line.parts
    ]
    assert [(row["edition"], row["line"], row["what"]) for row in rows] == [
        (edition, line, part.what) for edition, line, part in every
    ]
    for row, (edition, line, part) in zip(rows, every, strict=True):
        assert row["hope"] == part.hope
        assert row["target"] == (part.target.words if part.target else "")
        reading = held.release.reading(edition, line, held.force.code)
        assert (row["reading"], row["sentence"]) == (
            (reading.reading, reading.sentence) if reading else ("", "")
        )
    assert any(row["reading"] for row in rows)
    assert {"1", "2"} == {row["part"] for row in rows}


def test_the_table_of_targets_has_every_figure(client: Any, held: OpenRelease) -> None:
    rows = table(client, "targets")
    assert [row["area"] for row in rows] == ["E23000001", "E09000008"]
    assert rows[0]["goal"] == "80"
    assert rows[0]["distance"] == "-5"
    assert rows[0]["chance"] == ""
    assert rows[0]["sentence"] == TARGET.sentence
    fields = {field.name for field in dataclasses.fields(TargetReading)}
    assert set(rows[0]) == fields - {"points"}


def test_the_table_of_quoted_figures_says_what_the_api_says(client: Any, held: OpenRelease) -> None:
    rows = table(client, "quoted-figures")
    _, said = ask(client, "quoted", limit=1000)
    assert len(rows) == said["total"]
    for row, item in zip(rows, said["items"], strict=True):
        assert (row["edition"], row["theme"], row["figure"]) == (
            item["edition"], item["theme"], item["id"]
        )  # fmt: skip
        assert float(row["value"]) == item["value"]
        for name in ("verdict", "how", "reason", "sentence"):
            assert row[name] == item["reading"][name]


def test_a_release_from_before_targets_has_tables_with_only_a_heading(
    client: Any, older: OpenRelease
) -> None:
    assert table(client, "targets") == []
    assert client.get("/data/targets.csv").content.startswith(b"edition,line,area,")


def test_the_data_page_leads_to_every_table_of_plans(client: Any, held: OpenRelease) -> None:
    page = client.get("/data/").content.decode()
    for name in ("lines", "targets", "commitments", "quoted-figures"):
        assert f'href="/data/{name}.csv"' in page
