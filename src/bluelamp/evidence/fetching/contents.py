"""Whether the bytes that came are what was promised.

A server that is in trouble likes to send a page that says so, with status 200 and under the name
of the file. And a file of which nobody said how long it is may have been cut off: then only what
it says of itself (a zip's directory and check sums, a published digest) proves that it is whole.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import html
import re
import zipfile
import zlib
from collections.abc import Iterable
from email.message import Message
from pathlib import Path

from bluelamp.evidence.fetching.part import in_words
from bluelamp.evidence.fetching.problem import CannotFetch, TryAgain
from bluelamp.evidence.opening.compressed import DAMAGED_ZIP

ZIPS = (".zip", ".xlsx", ".ods")
PAGE = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
BLOCK = 1024 * 1024

# Headers with check sums of the whole file as it travels: RFC 9530, RFC 3230, RFC 1864. The last
# two are of one answer, and say nothing of a file that came in several.
OF_THE_FILE = ("Repr-Digest", "Digest")
OF_THE_ANSWER = ("Content-Digest", "Content-MD5")
ALGORITHMS = {"sha-512": "sha512", "sha512": "sha512", "sha-256": "sha256", "sha256": "sha256"}
ALGORITHMS |= {"sha": "sha1", "md5": "md5"}


def digests_in(headers: Message, status: int) -> tuple[tuple[str, str], ...]:
    """(algorithm, hex) for every check sum of the whole file that the headers give."""
    found: list[tuple[str, str]] = []
    for name in (*OF_THE_FILE, *(OF_THE_ANSWER if status == 200 else ())):
        for value in headers.get_all(name, []):
            pairs = [f"md5={value}"] if name == "Content-MD5" else value.split(",")
            found += [pair for text in pairs if (pair := _digest(text))]
    return tuple(dict.fromkeys(found))


def _digest(text: str) -> tuple[str, str] | None:
    """`sha-256=:b64:` or `SHA-256=b64`; None where it is a kind that we do not know."""
    kind, _, value = text.strip().partition("=")
    algorithm = ALGORITHMS.get(kind.strip().casefold())
    try:
        raw = base64.b64decode(value.strip().strip(":"), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not algorithm or len(raw) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        return None
    return algorithm, raw.hex()


def check_digests(path: Path, digests: Iterable[tuple[str, str]]) -> None:
    """Raises TryAgain where a check sum is not that of the file."""
    for algorithm, expected in digests:
        if digest_of(path, algorithm) != expected:
            raise TryAgain(f"the file does not have the {algorithm} that its server gives for it")


def digest_of(path: Path, algorithm: str = "sha256") -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(
            stream, lambda: hashlib.new(algorithm, usedforsecurity=False)
        ).hexdigest()


def unpacked(path: Path, encoding: str) -> Path:
    """The file without the compression it travelled in: itself, or one beside it.

    Some servers say gzip of a file that is not packed at all: it is left as it is. Raises TryAgain
    where the packing is damaged, CannotFetch where we cannot open it.
    """
    if encoding in ("", "identity"):
        return path
    if encoding not in ("gzip", "x-gzip"):
        raise CannotFetch(
            f"the server sends the file packed as '{encoding}', which we did not ask for and "
            "cannot open; download it with a browser and give it to `bluelamp receive`"
        )
    with path.open("rb") as stream:
        if stream.read(2) != b"\x1f\x8b":
            return path
    beside = path.with_name(f".{path.name}-unpacked")
    try:
        with in_words(beside):
            target = beside.open("wb")
        with gzip.open(path) as source, target:
            while block := source.read(BLOCK):
                with in_words(beside):
                    target.write(block)
    except (OSError, EOFError, zlib.error) as error:
        beside.unlink(missing_ok=True)
        raise TryAgain("what the server packed cannot be unpacked") from error
    except CannotFetch:
        beside.unlink(missing_ok=True)
        raise
    return beside


def check_contents(path: Path, name: str, *, surely_whole: bool) -> None:
    """Raises CannotFetch where the file is not what its name promises, TryAgain where it is cut
    off or damaged. `surely_whole`: its length or a check sum has proved that nothing is missing.
    """
    suffix = Path(name).suffix.casefold()
    with path.open("rb") as stream:
        beginning = stream.read(64 * 1024)
    if not beginning.strip():
        raise TryAgain(f"the server sent nothing under the name {name}")
    plain = beginning.removeprefix(b"\xef\xbb\xbf")
    if suffix not in (".html", ".htm") and PAGE.match(plain):
        raise CannotFetch(
            f"the server sent a web page{_title(plain)} and not the file {name}; call again "
            "later, or look at the address with a browser"
        )
    if suffix == ".csv" and plain.lstrip()[:1] in (b"{", b"<"):
        raise CannotFetch(
            f"the server sent a message and not the table {name}: "
            + plain.lstrip()[:120].decode("utf-8", errors="replace")
        )
    if suffix in ZIPS:
        _check_zip(path, name, every_byte=not surely_whole)
    elif not surely_whole:
        raise CannotFetch(
            f"the server does not say how long {name} is, so nobody can tell whether all of it "
            "came; download it with a browser and give it to `bluelamp receive`"
        )
    if suffix == ".parquet" and not (beginning[:4] == b"PAR1" == _end(path, 4)):
        raise TryAgain(f"{name} is not a whole Parquet file")


def _check_zip(path: Path, name: str, *, every_byte: bool) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip() if every_byte else None
    except DAMAGED_ZIP as error:
        raise TryAgain(f"{name} is damaged or cut off") from error
    if damaged:
        raise TryAgain(f"{name} is damaged: {damaged} in it cannot be read")


def _end(path: Path, count: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(-min(count, path.stat().st_size), 2)
        return stream.read()


def _title(page: bytes) -> str:
    """ " ('Service unavailable')" from a page, or ''."""
    found = re.search(rb"<title[^>]*>(.*?)</title>", page, re.IGNORECASE | re.DOTALL)
    words = html.unescape(" ".join(found[1].decode("utf-8", "replace").split())) if found else ""
    return f" ('{words[:80]}')" if words else ""
