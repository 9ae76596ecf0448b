"""`bluelamp claims` on a made-up London: what it reads, what it says, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner, Result

from bluelamp.cli.documents import NoText, text_of
from bluelamp.cli.verbs import app
from bluelamp.definitions import definitions_root
from bluelamp.releases.claims import checker

SAID = "Burglary fell in London."
OBJECTS = (
    b"<</Type /Catalog /Pages 2 0 R>>",
    b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
    b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources <</Font <</F1 5 0 R>>>>>>",
    b"<</Length 56>>\nstream\nBT /F1 12 Tf 72 720 Td (" + SAID.encode() + b") Tj ET\nendstream",
    b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
)


def a_pdf() -> bytes:
    """A page of PDF with one line of text: its objects, and the table of where each begins."""
    data, starts = b"%PDF-1.4\n", []
    for number, body in enumerate(OBJECTS, start=1):
        starts.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count, begins = len(OBJECTS) + 1, len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return data + b"trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, begins)


def claims(release: Path, file: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["claims", str(file), "--release", str(release), *options])


def test_every_sentence_of_a_release_is_supported_by_its_own_finding(small_london):
    release = small_london.release
    check = checker(release, definitions_root()).check
    told = [finding for finding in release.findings if finding.status != "not judged"]
    assert len(told) > 1_000

    for finding in told[:: len(told) // 400]:
        found = {
            (claim.verdict, claim.measure, claim.area, claim.question)
            for each in check(finding.sentence)
            for claim in each.claims
        }
        assert found == {("supported", finding.measure, finding.area, finding.question)}, (
            finding.sentence
        )


def a_word_document(path: Path) -> None:
    document = docx.Document()
    document.add_heading("A note")
    document.add_paragraph(SAID)
    document.save(str(path))


WRITERS = {
    "note.txt": lambda path: path.write_text(SAID),
    "note.md": lambda path: path.write_text(f"# A note\n\n- {SAID}\n"),
    "note.html": lambda path: path.write_text(
        "<h1>A note</h1><style>p {}</style><p>Burglary\nfell in <b>London</b>.</p>"
    ),
    "note.docx": a_word_document,
    "note.pdf": lambda path: path.write_bytes(a_pdf()),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_note_is_read_whatever_it_was_written_with(tmp_path, name):
    WRITERS[name](tmp_path / name)

    assert SAID in " ".join(text_of(tmp_path / name).split())


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("note.odt", b"text", "save it as one of them"),
        ("note.docx", b"no zip", "not a Word document"),
        ("note.pdf", b"no pdf", "cannot be read as a PDF"),
        ("note.txt", b"  \n", "holds no text"),
    ],
)
def test_a_document_without_text_is_refused_in_words(tmp_path, name, data, words):
    (tmp_path / name).write_bytes(data)

    with pytest.raises(NoText, match=words):
        text_of(tmp_path / name)


def test_the_answer_tells_verdict_reason_and_finding(small_london, tmp_path):
    (tmp_path / "note.txt").write_text("A heading\n\nBurglary is at its highest level.\n")

    found = claims(small_london.release.folder, tmp_path / "note.txt")

    assert found.exit_code == 0
    assert "NOT CHECKABLE line 3: Burglary is at its highest level." in found.output
    assert "2 sentences; 1 say which way a measure went" in found.output
    assert "2026-04-30" in found.output


def test_a_sentence_that_no_finding_bears_out_ends_the_call_badly(small_london, tmp_path):
    release = small_london.release
    still = next(
        f
        for f in release.findings
        if f.status == "no clear change" and f.question == "watch" and f.area.startswith("E09")
    )
    title, area = release.measures[still.measure].title, release.gazetteer[still.area].name
    (tmp_path / "note.txt").write_text(f"{title} fell in {area}.")

    found = claims(release.folder, tmp_path / "note.txt", "--format", "json")

    assert found.exit_code == 1
    (row,) = json.loads(found.stdout)
    assert (row["verdict"], row["finding"]) == ("unsupported", still.sentence)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--format", "xml"], "not one of text, csv, json"),
        (["--release", "nowhere"], "is not a release"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong(small_london, tmp_path, options, words):
    (tmp_path / "note.txt").write_text(SAID)

    found = claims(small_london.release.folder, tmp_path / "note.txt", *options)

    assert found.exit_code == 2
    assert words in " ".join(found.output.split())
