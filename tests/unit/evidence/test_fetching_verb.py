"""`bluelamp fetch`: from a publisher (on this computer) into the store."""

from __future__ import annotations

import ast
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.unit.evidence import publisher as p
from tests.unit.evidence.publisher import Publisher, Reply, Version, serving
from typer.testing import CliRunner, Result

import bluelamp
from bluelamp.cli import app
from bluelamp.definitions import definitions_root, read_office
from bluelamp.evidence.fetching.asking import Asker
from bluelamp.evidence.fetching.downloading import Downloader
from bluelamp.evidence.store import Store

STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\n"
    "a1,2026-01,Metropolitan Police Service,Metropolitan Police Service,-0.1,51.5,On or near X,"
    "E01000001,City of London 001A,Burglary,Under investigation,\n"
)
VICTIMS = (
    b"Count of Victims,Age Group,Sex,Method of Killing,Domestic Abuse,Recorded Date,"
    b"Homicide Offence Type,Solved Status,Borough,Officer Observed Ethnicity\n"
    b"1,45 to 54,Male,Other,Not Domestic Abuse,Jan-26,Murder,Solved,Wandsworth,White\n"
)


def archive(text: str = STREET, name: str = "2026-01/2026-01-metropolitan-street.csv") -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as zipped:
        zipped.writestr(name, text)
        zipped.writestr("2026-01/2026-01-metropolitan-other.csv", "Not,known\n1,2\n")
    return to.getvalue()


class Office:
    """An office whose two sources are published on this computer; `call` is its command."""

    def __init__(self, folder: Path, site: Publisher) -> None:
        self.site, self.home, self.root = site, folder / "store", folder / "definitions"
        shutil.copytree(definitions_root(), self.root)
        keep = ("police-uk-street", "mps-homicide-victims", "ons-residents-borough")
        for path in (self.root / "sources").iterdir():
            if path.stem not in keep:
                path.unlink()
        site.paths["/latest.zip"] = lambda publisher, asked: Reply(
            302, {"Location": "/2026-01.zip"}
        )
        self.downloads(
            "police-uk-street",
            f"  - address: {site.address}/{{month}}.zip\n    latest: {site.address}/latest.zip\n",
        )
        site.paths["/api/dataset/x"] = self.listing
        site.paths["/download/1/Homicide%20Victims%20to%202026.csv"] = lambda publisher, asked: (
            Reply(200, {"Last-Modified": p.Version(b"").modified}, VICTIMS)
        )
        self.downloads(
            "mps-homicide-victims",
            f"  - address: {site.address}/api/dataset/x\n    files: Homicide*.csv\n",
        )

    def downloads(self, source: str, lines: str) -> None:
        path = self.root / "sources" / f"{source}.yaml"
        text = path.read_text(encoding="utf-8")
        start, end = text.index("downloads:"), text.index("how_often:")
        path.write_text(text[:start] + f"downloads:\n{lines}" + text[end:], encoding="utf-8")

    def listing(self, publisher: Publisher, asked: p.Asked) -> Reply:
        address = f"{self.site.address}/download/1/Homicide Victims to 2026.csv"
        return Reply(200, {}, json.dumps({"resources": {"1": {"url": address}}}).encode())

    def call(self, *words: str | Path) -> Result:
        options = ["--home", self.home, "--definitions", self.root]
        result = CliRunner().invoke(app, ["fetch", *map(str, [*words, *options])])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    @property
    def received(self) -> list[str]:
        return sorted(receipt.name for receipt in Store(self.home).receipts())

    @property
    def files(self) -> list[str]:
        folder = self.home / "fetched"
        return sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file())


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(Asker, "_take_turns", lambda self, host: None)  # nobody to be polite to
    with serving(Publisher([Version(archive())])) as site:
        yield Office(tmp_path, site)


def test_a_file_is_downloaded_and_received(office):
    result = office.call("police-uk-street")
    assert result.exit_code == 0, result.output
    assert office.files == ["police-uk-street/2026-01.zip"]
    assert office.received == ["2026-01-metropolitan-street.csv"]
    receipt = Store(office.home).receipts()[0]
    assert (receipt.container, receipt.source) == ("2026-01.zip", "police-uk-street")
    assert receipt.received_on == datetime.now(UTC).date().isoformat()
    assert receipt.published_inferred  # the archive does not say when it was published
    assert result.stdout.strip() == str(office.home / "fetched/police-uk-street/2026-01.zip")
    assert "1 file is of no known source and was left alone" in result.stderr


def test_it_says_who_asks_and_whom_to_write_to(office):
    office.call("police-uk-street")
    known = read_office(office.root)
    agent = office.site.asked[0].headers["user-agent"]
    assert agent == f"BlueLamp/{bluelamp.__version__} ({known.name}; +{known.address})"


def test_what_has_not_changed_is_neither_downloaded_nor_received_again(office):
    office.call("police-uk-street")
    result = office.call("police-uk-street")
    assert result.exit_code == 0
    today = datetime.now(UTC).date().isoformat()
    assert f"not changed since {today}: 2026-01.zip" in result.output
    assert office.site.asked[-1].headers["if-none-match"] == '"v1"'
    assert "rows read" not in result.output


def test_what_was_only_downloaded_is_received_by_the_next_call(office):
    office.call("police-uk-street", "--no-receive")
    assert office.received == []
    result = office.call("police-uk-street")
    assert "not changed since" in result.output
    assert office.received == ["2026-01-metropolitan-street.csv"]


def test_a_dry_run_says_what_it_would_do(office):
    result = office.call("police-uk-street", "mps-homicide-victims", "--dry-run")
    assert result.exit_code == 0
    assert f"would download {office.site.address}/2026-01.zip to" in result.output
    assert "Homicide Victims to 2026.csv" in result.output
    assert not office.home.exists()
    office.call("police-uk-street")
    assert "if it has changed since 20" in office.call("police-uk-street", "--dry-run").output


def test_another_folder(office, tmp_path):
    office.call("police-uk-street", "--to", tmp_path / "elsewhere")
    assert (
        tmp_path / "elsewhere/police-uk-street/2026-01.zip"
    ).read_bytes() == office.site.now.body
    assert office.received == ["2026-01-metropolitan-street.csv"]


def test_one_fault_stops_no_other_file(office):
    office.site.script.append(p.status(404))
    result = office.call("police-uk-street", "ons-residents-borough", "mps-homicide-victims")
    assert result.exit_code == 1
    assert "not fetched 2026-01.zip: the server has no file there (status 404)" in result.output
    assert "not fetched ons-residents-borough: no address is known" in result.output
    assert office.received == ["Homicide Victims to 2026.csv"]


def test_a_file_that_is_refused_ends_with_one_and_is_tried_again(office):
    office.site.versions = [Version(archive(STREET.replace("2026-01,Met", "2026-13,Met")))]
    for _ in range(2):
        result = office.call("police-uk-street")
        assert result.exit_code == 1
        assert "2026-13" in result.output


@pytest.mark.parametrize(
    ("line", "day", "inferred"),
    [("", "2026-02-01", True), ("    published: last-modified\n", "2026-05-28", False)],
)
def test_last_modified_is_the_day_of_publication_only_where_the_source_says_so(
    office, line, day, inferred
):
    path = office.root / "sources/mps-homicide-victims.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    files: Homicide*.csv\n", "    files: Homicide*.csv\n" + line))
    assert office.call("mps-homicide-victims").exit_code == 0
    receipt = Store(office.home).receipts()[0]
    assert (receipt.published_on, receipt.published_inferred) == (day, inferred)


def test_one_file_for_two_sources_is_downloaded_once(office):
    shutil.copy(
        office.root / "sources/police-uk-street.yaml", office.root / "sources/police-uk-again.yaml"
    )
    office.call("police-uk-again", "police-uk-street", "police-uk-again", "--no-receive")
    assert [request.path for request in office.site.asked].count("/2026-01.zip") == 1
    assert office.files == ["police-uk-again/2026-01.zip"]


def test_ctrl_c_says_how_to_go_on(office, monkeypatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Downloader, "_take", stop)
    result = office.call("police-uk-street")
    assert result.exit_code == 130
    assert "make the same call again to go on" in result.output
    assert office.received == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["police-uk-streets"], "did you mean 'police-uk-street'?"),
        (["nonsense"], "These can be fetched: mps-homicide-victims, police-uk-street"),
        (["police-uk-street", "--since", "2026"], "--since: '2026' is not a month"),
        (["police-uk-street", "--since", "2026-13"], "--since: '2026-13' is not a month"),
        ([], "Missing argument"),
    ],
)
def test_a_call_that_is_not_understood(office, words, told):
    result = office.call(*words)
    assert result.exit_code == 2
    assert told in result.output
    assert office.site.asked == []


def test_since_a_month_that_is_not_there_yet(office):
    result = office.call("police-uk-street", "--since", "2027-01")
    assert result.exit_code == 0
    assert "there is nothing since 2027-01 yet; the newest month is 2026-01" in result.output


def test_a_store_that_cannot_be_written_to_is_told(office):
    office.home.write_text("not a folder")
    result = office.call("police-uk-street")
    assert result.exit_code == 1
    assert "cannot be written to" in result.output


def test_a_spoilt_memory_costs_a_download_and_nothing_else(office):
    office.call("police-uk-street")
    (office.home / "fetched.json").write_text("{spoilt")
    result = office.call("police-uk-street")
    assert (result.exit_code, "downloaded" in result.output) == (0, True)
    assert office.files == ["police-uk-street/2026-01.zip"]


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_nothing_is_fetched_but_by_the_verb():
    source = Path(bluelamp.__file__).parent
    asks = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if any(name.startswith("bluelamp.evidence.fetching") for name in imports_of(path))
    }
    beyond = {path for path in asks if not path.startswith("evidence/fetching/")}
    assert beyond == {"cli/fetching.py"}
    tree = ast.parse((source / "cli/fetching.py").read_text(encoding="utf-8"))
    at_import = {n.module or "" for n in tree.body if isinstance(n, ast.ImportFrom)}
    assert not any(name.startswith("bluelamp.evidence") for name in at_import)
