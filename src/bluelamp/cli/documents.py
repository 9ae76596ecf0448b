"""The text of a press note or pack, whatever it was written with."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

ELEMENTS = (
    "p div li h1 h2 h3 h4 h5 h6 td th tr br section title caption figcaption blockquote dt dd "
    "header footer article main"
)
BLOCKS = frozenset(ELEMENTS.split())
UNSPOKEN = frozenset(("script", "style", "template", "noscript"))


class NoText(ValueError):
    """The document's text cannot be read; the message says why and what to do."""


def text_of(path: Path) -> str:
    """The text of a .txt, .md, .html, .docx or .pdf file, a paragraph or cell to a block.

    Raises NoText, FileNotFoundError. Lines count from the top of the text: of a page of a PDF, a
    Word document or HTML they are those of the text taken out.
    """
    opener = OPENERS.get(path.suffix.casefold())
    if opener is None:
        raise NoText(
            f"{path.name} is not one of {', '.join(OPENERS)}; save it as one of them, or as text"
        )
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    text = opener(path)
    if not text.strip():
        raise NoText(
            f"{path.name} holds no text; if it is a scan, put it through text recognition first"
        )
    return text


def _plain(path: Path) -> str:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NoText(f"{path.name} is not text; save it again as UTF-8")


class _Blocks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._unspoken = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unspoken += tag in UNSPOKEN
        if tag in BLOCKS:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        self._unspoken -= tag in UNSPOKEN and self._unspoken > 0
        if tag in BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._unspoken:
            self.parts.append(data.replace("\n", " "))


def _html(path: Path) -> str:
    reader = _Blocks()
    reader.feed(_plain(path))
    reader.close()
    return "".join(reader.parts)


def _word(path: Path) -> str:
    import zipfile

    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise NoText(f"{path.name} is not a Word document ({error}); save it again") from error
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n\n".join([*(p.text for p in document.paragraphs), *cells])


def _pdf(path: Path) -> str:
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        return "\n\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    except (PyPdfError, ValueError, OSError) as error:
        raise NoText(f"{path.name} cannot be read as a PDF ({error}); save it again") from error


OPENERS: dict[str, Callable[[Path], str]] = {
    ".txt": _plain,
    ".md": _plain,
    ".html": _html,
    ".htm": _html,
    ".docx": _word,
    ".pdf": _pdf,
}
