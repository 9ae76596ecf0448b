"""The command: every verb teaches, every fault has words and an exit code, no traceback."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bluelamp.cli import app
from bluelamp.definitions import read_gazetteer
from bluelamp.evidence.source import read_sources

LONDON, CROYDON = "E23000001", "E09000008"
HEADER = "measure,area,group,period,numerator,denominator,value,lower,upper,status"
GROUP = typer.main.get_command(app)
VERBS = sorted(GROUP.commands)  # type: ignore[attr-defined]  # it is a group


def commands_of(group, before: str = "") -> dict:
    """Every command that can be typed, `new edition` among them, by its words."""
    found = {}
    for name, command in group.commands.items():
        words = f"{before} {name}".strip()
        found |= commands_of(command, words) if hasattr(command, "commands") else {words: command}
    return found


COMMANDS = commands_of(GROUP)


@pytest.fixture
def run(small_london, monkeypatch):
    """Call the command on the small London; an exception that is no exit fails the test."""
    monkeypatch.setenv("BLUELAMP_HOME", str(small_london.store.root))
    monkeypatch.setenv("BLUELAMP_DEFINITIONS", str(small_london.definitions))
    monkeypatch.setenv("COLUMNS", "100")

    def call(*words: str | Path) -> Result:
        result = CliRunner().invoke(app, [str(word) for word in words])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def asked(run, *words: str) -> list[dict[str, str]]:
    result = run("figures", *words)
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


# --- help ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_verb_teaches_by_an_example_of_itself(run, verb):
    text = " ".join(run(*verb.split(), "--help").output.split())
    assert f"Example: bluelamp {verb}" in text


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_option_of_an_example_is_one_of_its_verb(verb):
    command = COMMANDS[verb]
    example = command.help.split("Example:")[1]
    options = {name for param in command.params for name in param.opts}
    assert {word for word in example.split() if word.startswith("--")} <= options


def test_the_bare_command_shows_the_way_of_a_number(run):
    result = CliRunner().invoke(app, [])
    text = " ".join(result.output.split())
    for words in ("The way of a number", "bluelamp demo", *VERBS):
        assert words in text


# --- figures ------------------------------------------------------------------------------------


def test_figures_are_csv_with_one_header(run):
    result = run("figures", "burglary", "--area", CROYDON, "--from", "2025-06", "--to", "2025-06")
    header, line, rest = result.stdout.split("\n")
    assert (header, rest) == (HEADER, "")
    row = dict(zip(HEADER.split(","), line.split(","), strict=True))
    assert (row["measure"], row["area"], row["group"]) == ("burglary", CROYDON, "all")
    assert (row["period"], row["status"], row["denominator"]) == ("2025-06", "ok", "")
    assert row["numerator"] == row["value"] == str(int(row["value"]))
    assert float(row["lower"]) < float(row["value"]) < float(row["upper"])


def test_json_says_the_same_as_csv(run):
    question = ("burglary-rate", "--area", CROYDON, "--from", "2025-01", "--to", "2025-03")
    records = json.loads(run("figures", *question, "--format", "json").stdout)
    assert [list(record) for record in records] == [HEADER.split(",")] * 3
    for ours, theirs in zip(records, asked(run, *question), strict=True):
        assert {k: "" if v is None else str(v) for k, v in ours.items()} == theirs


KINDS = [
    ("month", ["2024-10", "2024-11", "2024-12", "2025-01", "2025-02", "2025-03"]),
    ("quarter", ["2024-Q4", "2025-Q1"]),
    ("fy", ["fy2024-25"]),
    ("year", ["2024", "2025"]),
    ("r12", ["r12-2024-10", "r12-2024-11", "r12-2024-12", "r12-2025-01", "r12-2025-02",
             "r12-2025-03"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "periods"), KINDS)
def test_every_kind_of_period(run, kind, periods):
    rows = asked(run, "burglary", "--area", LONDON, "--period", kind, "--from", periods[0],
                 "--to", periods[-1])  # fmt: skip
    assert [row["period"] for row in rows] == periods
    assert {row["status"] for row in rows} == {"ok"}


def test_a_year_is_the_sum_of_its_months_and_a_rate_is_not_averaged(run):
    months = asked(run, "burglary", "--area", CROYDON, "--from", "2025-01", "--to", "2025-12")
    (year,) = asked(run, "burglary", "--area", CROYDON, "--from", "2025", "--to", "2025",
                    "--period", "year")  # fmt: skip
    assert int(year["value"]) == sum(int(row["value"]) for row in months)
    (rate,) = asked(run, "burglary-rate", "--area", CROYDON, "--from", "2025", "--to", "2025",
                    "--period", "year")  # fmt: skip
    assert rate["numerator"] == year["value"]
    assert float(rate["value"]) == pytest.approx(
        float(rate["numerator"]) / float(rate["denominator"]) * 1_000
    )


@pytest.mark.parametrize(
    ("start", "end", "kind", "periods"),
    [
        ("2025", "2025-02", "month", ["2025-01", "2025-02"]),
        ("2025-02", "2025-Q2", "quarter", ["2025-Q1", "2025-Q2"]),
        ("2024-Q2", "2025-03", "fy", ["fy2024-25"]),
        ("fy2024-25", "2025", "year", ["2024", "2025"]),
        ("2025-Q4", "2025-12", "r12", ["r12-2025-10", "r12-2025-11", "r12-2025-12"]),
    ],
)
def test_bounds_may_be_of_another_kind(run, start, end, kind, periods):
    rows = asked(run, "burglary", "--area", CROYDON, "--from", start, "--to", end,
                 "--period", kind)  # fmt: skip
    assert [row["period"] for row in rows] == periods


def test_several_areas_stand_in_order(run):
    rows = asked(run, "burglary", "--area", LONDON, "--area", CROYDON, "--from", "2025-01",
                 "--to", "2025-02")  # fmt: skip
    assert [(row["area"], row["period"]) for row in rows] == [
        (CROYDON, "2025-01"), (CROYDON, "2025-02"), (LONDON, "2025-01"), (LONDON, "2025-02"),
    ]  # fmt: skip


# the question, and the reason that must be given for its one figure
NO_NUMBER = [
    (("burglary", "--area", CROYDON, "--from", "2031-01", "--to", "2031-01"),
     "no publication known on this date covers this period"),
    (("burglary", "--area", CROYDON, "--from", "2025-06", "--to", "2025-06",
      "--known-on", "2020-01-01"), "no publication known on this date covers this period"),
    (("homicide", "--area", "E05013628", "--from", "2025-06", "--to", "2025-06"),
     "not given by ward"),
    (("confidence-good-job", "--area", CROYDON, "--from", "2025-06", "--to", "2025-06"),
     "for the 12 months to the end of some months: --period r12 lists them"),
    (("burglary", "--area", "E09000001", "--from", "2025-06", "--to", "2025-06"),
     "no publication known on this date covers this area"),
    (("burglary-rate", "--area", "outside:unknown", "--from", "2025-06", "--to", "2025-06"),
     "no residents are counted for this place"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "reason"), NO_NUMBER)
def test_where_there_is_no_number_there_is_the_true_reason(run, question, reason):
    (row,) = asked(run, *question)
    assert reason in row["status"]
    assert (row["value"], row["lower"], row["upper"]) == ("", "", "")


def test_an_empty_answer_says_so_beside_the_header(run):
    result = run("figures", "burglary", "--from", "2031-01")
    assert result.stdout == HEADER + "\n"
    assert "no figure of burglary" in result.stderr


WRONG = [
    (("no-such",), "there is no measure 'no-such'; the measures are "),
    (("burglary", "--area", "Croydon"), "--area: no area has the code 'Croydon'; areas are asked"),
    (("burglary", "--from", "June"), "--from: 'June' is not a period; write 2023-06"),
    (("burglary", "--to", "2023-13"), "--to: '2023-13' is not a period"),
    (("burglary", "--to", "2200", "--period", "fy"), "--to: "),
    (("burglary", "--from", "2025", "--to", "2024"), "--from is later than --to"),
    (("burglary", "--period", "week"), "--period: 'week' is not one of month, quarter, fy, year"),
    (("burglary", "--format", "xml"), "--format: 'xml' is not csv or json"),
    (("burglary", "--known-on", "soon"), "--known-on: 'soon' is not a date; write it as"),
    (("burglary[/]", "--period", "month"), "there is no measure 'burglary[/]'"),
]


@pytest.mark.parametrize(("question", "words"), WRONG)
def test_a_question_that_cannot_be_answered_ends_with_2_and_words(run, question, words):
    result = run("figures", *question)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in " ".join(result.stderr.split())


# --- receive, build, rebuild, trace -------------------------------------------------------------


def test_receive_of_a_path_that_is_not_there(run, tmp_path):
    result = run("receive", tmp_path / "nowhere.csv", "--home", tmp_path / "store")
    assert result.exit_code == 1
    assert "not found nowhere.csv: there is no such file or folder" in result.stderr


def test_receive_of_an_empty_folder(run, tmp_path):
    (tmp_path / "in").mkdir()
    result = run("receive", tmp_path / "in", "--home", tmp_path / "store")
    assert result.exit_code == 1
    assert "there is no file to receive in" in result.stderr


def test_a_store_of_another_format_is_refused(run, tmp_path):
    (tmp_path / "store.json").write_text('{"format": 99}')
    result = run("figures", "burglary", "--home", tmp_path)
    assert result.exit_code == 1
    assert "has format 99, this version reads 1" in result.stderr


@pytest.mark.parametrize("verb", ["rebuild", "trace"])
def test_what_is_no_release_is_refused(run, tmp_path, verb):
    rest = ("burglary", CROYDON, "2025-06") if verb == "trace" else ()
    result = run(verb, tmp_path, *rest)
    assert result.exit_code == 2
    assert "is not a release: it has no release.json" in " ".join(result.stderr.split())


def test_build_of_an_unknown_plan_or_an_empty_store(run, tmp_path):
    result = run("build", "--plan", "london-1066", "--known-on", "2026-04-30",
                 "--out", tmp_path / "r")  # fmt: skip
    assert (result.exit_code, "no plan edition 'london-1066'" in result.stderr) == (1, True)
    result = run("build", "--plan", "london-2017", "--known-on", "2026-04-30",
                 "--home", tmp_path / "empty")  # fmt: skip
    assert (result.exit_code, "receive files first" in result.stderr) == (1, True)


def test_build_says_where_the_release_is_and_what_comes_next_and_rebuild_agrees(run, tmp_path):
    out = tmp_path / "release"
    result = run("build", "--plan", "london-2017", "--known-on", "2026-04-30", "--out", out)
    assert result.exit_code == 0, result.output
    assert result.stdout.strip() == str(out)
    assert f"bluelamp serve --release {out}" in result.stderr
    again = run("rebuild", out)
    assert (again.exit_code, "The same bytes" in again.stderr) == (0, True)
    (out / "breaks.json").write_text("{}")
    spoilt = run("rebuild", out)
    assert (spoilt.exit_code, "breaks.json is not as the release was made" in spoilt.stderr) == (
        1, True,
    )  # fmt: skip


def test_trace_prints_the_chain_and_figures_gives_the_same_number(run, small_london):
    result = run("trace", small_london.release.folder, "burglary", CROYDON, "2025-06")
    (row,) = asked(run, "burglary", "--area", CROYDON, "--from", "2025-06", "--to", "2025-06",
                   "--known-on", "2026-04-30")  # fmt: skip
    assert f"number      {int(row['value']):,}\n" in result.stdout
    assert "sha256" in result.stdout
    result = run("trace", small_london.release.folder, "burglary", CROYDON, "1999-01")
    assert (result.exit_code, "the release has no figure of burglary" in result.stderr) == (1, True)


# --- check --------------------------------------------------------------------------------------


@pytest.fixture
def definitions(root, tmp_path) -> Path:
    shutil.copytree(root / "definitions", tmp_path / "definitions")
    return tmp_path / "definitions"


def spoil(root: Path, name: str, old: str, new: str) -> int:
    """Replace it; the number of its line."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_check_counts_what_has_no_fault(run, definitions):
    result = run("check", "--definitions", definitions)
    assert result.exit_code == 0, result.output
    areas = len(read_gazetteer(definitions).areas)
    sources = len(read_sources(definitions))
    assert f"No fault in {areas:,} areas, {sources:,} sources" in result.stderr


def test_check_names_the_faults_of_every_room_at_once_with_file_and_line(run, definitions):
    spoilt = (
        ("areas/boroughs.yaml", "name: Brent", "nam: Brent", "unknown key 'nam'"),
        ("sources/mps-homicide-victims.yaml", "levels: [borough]", "levels: [burgh]",
         "levels: 'burgh' is not one of country, force, borough"),
        ("measures/burglary.yaml", "  - {category: BURGLARY}", "  - {kategory: BURGLARY}",
         "unknown key 'kategory'"),
        ("office.yaml", "plan: london-2017", "plan: london-1066",
         "plan: there is no plan edition 'london-1066'"),
    )  # fmt: skip
    said = [f"{n}:{spoil(definitions, n, old, new)}: {words}" for n, old, new, words in spoilt]
    result = run("check", "--definitions", definitions)
    assert result.exit_code == 2
    for words in said:
        assert words in result.stderr


def test_check_of_a_folder_without_definitions(run, tmp_path):
    result = run("check", "--definitions", tmp_path)
    assert result.exit_code == 2
    assert "there is no office.yaml in" in result.stderr
