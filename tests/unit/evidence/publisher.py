"""A publisher on this computer that serves real bytes and can be told to misbehave.

It speaks HTTP by hand, because a well-made server library cannot be talked into lying. Each
request takes the next behaviour of the `script`; when the script is at its end the publisher is
honest: it knows ETag, Last-Modified, Range, If-Range and the conditional headers.
"""

from __future__ import annotations

import contextlib
import gzip
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate

LONG_AGO = 1_780_000_000


@dataclass(frozen=True)
class Version:
    """One version of the file that the publisher hands out."""

    body: bytes
    etag: str = '"v1"'
    modified: str = formatdate(LONG_AGO, usegmt=True)


@dataclass
class Reply:
    """An answer as it goes out. `cut` hangs up after so many bytes of the body; `drip` waits so
    many seconds before each byte; `length` is what it says, None for nothing."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    length: int | None = -1
    cut: int | None = None
    drip: float = 0.0
    chunked: bool = False
    raw: bytes | None = None

    def head(self) -> bytes:
        headers = dict(self.headers)
        if self.chunked:
            headers["Transfer-Encoding"] = "chunked"
        elif self.length is not None:
            headers["Content-Length"] = str(len(self.body) if self.length == -1 else self.length)
        lines = [f"HTTP/1.1 {self.status} X", *(f"{k}: {v}" for k, v in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@dataclass
class Asked:
    """A request as it came; the names of its headers in small letters."""

    path: str
    headers: dict[str, str]

    @property
    def first(self) -> int:
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        return int(match[1]) if match else 0


Behaviour = Callable[["Publisher", Asked], Reply]


def honest(publisher: Publisher, asked: Asked) -> Reply:
    now = publisher.now
    headers = {"ETag": now.etag, "Last-Modified": now.modified, "Date": formatdate(usegmt=True)}
    headers = {name: value for name, value in headers.items() if value} | publisher.extra
    known = asked.headers.get("if-none-match")
    if known == now.etag and known:
        return Reply(304, headers, length=None)
    if not known and asked.headers.get("if-modified-since") == now.modified:
        return Reply(304, headers, length=None)
    resumes = asked.headers.get("if-range") in (now.etag, now.modified)
    if "range" in asked.headers and resumes:
        if asked.first >= len(now.body):
            return Reply(416, headers | {"Content-Range": f"bytes */{len(now.body)}"})
        return partial(now, headers, asked.first)
    return Reply(200, headers, now.body)


def partial(version: Version, headers: dict[str, str], first: int) -> Reply:
    total = len(version.body)
    span = f"bytes {first}-{total - 1}/{total}"
    return Reply(206, headers | {"Content-Range": span}, version.body[first:])


def cut(share: float) -> Behaviour:
    """Hangs up in mid-body."""

    def behave(publisher: Publisher, asked: Asked) -> Reply:
        reply = honest(publisher, asked)
        reply.cut = int(len(reply.body) * share)
        return reply

    return behave


def says_longer(by: int) -> Behaviour:
    """Content-Length is too long (or too short, where `by` is below nought)."""

    def behave(publisher: Publisher, asked: Asked) -> Reply:
        reply = honest(publisher, asked)
        if reply.body:
            reply.length = max(0, len(reply.body) + by)
        return reply

    return behave


def says_no_length(publisher: Publisher, asked: Asked) -> Reply:
    reply = honest(publisher, asked)
    reply.length = None
    return reply


def says_no_length_and_cuts(publisher: Publisher, asked: Asked) -> Reply:
    reply = says_no_length(publisher, asked)
    reply.cut = len(reply.body) // 2
    return reply


def in_chunks(publisher: Publisher, asked: Asked) -> Reply:
    reply = honest(publisher, asked)
    reply.chunked = reply.status == 200
    return reply


def in_chunks_and_cuts(publisher: Publisher, asked: Asked) -> Reply:
    reply = in_chunks(publisher, asked)
    reply.cut = len(reply.body) // 2
    return reply


def ignores_range(publisher: Publisher, asked: Asked) -> Reply:
    return honest(publisher, Asked(asked.path, {}))


def ignores_range_in_chunks(publisher: Publisher, asked: Asked) -> Reply:
    return in_chunks(publisher, Asked(asked.path, {}))


def starts_elsewhere(publisher: Publisher, asked: Asked) -> Reply:
    """206 with bytes from another place than asked for."""
    reply = honest(publisher, asked)
    if reply.status == 206:
        return partial(publisher.now, {"ETag": publisher.now.etag}, asked.first // 2)
    return reply


def starts_earlier(publisher: Publisher, asked: Asked) -> Reply:
    """206 with as many bytes as are missing, but from ten bytes before."""
    reply = honest(publisher, asked)
    if reply.status == 206 and asked.first > 10:
        first, total = asked.first - 10, len(publisher.now.body)
        reply.headers["Content-Range"] = f"bytes {first}-{total - 11}/{total}"
        reply.body = publisher.now.body[first : total - 10]
    return reply


def lies_about_range(publisher: Publisher, asked: Asked) -> Reply:
    """206 whose Content-Range is not a range at all."""
    reply = honest(publisher, asked)
    if reply.status == 206:
        reply.headers["Content-Range"] = "bytes all of it"
    return reply


def goes_on_with_another(publisher: Publisher, asked: Asked) -> Reply:
    """Changes the file and goes on with the new one, whatever If-Range says."""
    publisher.change()
    if asked.first and asked.first < len(publisher.now.body):
        return partial(publisher.now, {"ETag": publisher.now.etag}, asked.first)
    return honest(publisher, asked)


def changes_unnamed(publisher: Publisher, asked: Asked) -> Reply:
    """Puts out another version, of another length, under the ETag of the one before."""
    before = publisher.now
    publisher.change()
    publisher.versions.append(Version(publisher.now.body, before.etag, before.modified))
    return honest(publisher, asked)


def changes(publisher: Publisher, asked: Asked) -> Reply:
    """Puts out another version, and says so as it should."""
    publisher.change()
    return honest(publisher, asked)


def status(code: int, **headers: str) -> Behaviour:
    def behave(publisher: Publisher, asked: Asked) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Reply(code, named, b"" if code == 304 else b"no")

    return behave


def page(publisher: Publisher, asked: Asked) -> Reply:
    """A page that says sorry, with status 200."""
    words = b"<!DOCTYPE html>\n<html><head><title>We will be back</title></head></html>"
    return Reply(200, {"Content-Type": "text/html"}, words)


def nothing(publisher: Publisher, asked: Asked) -> Reply:
    return Reply(200, {"ETag": '"empty"'}, b"")


def hangs_up(publisher: Publisher, asked: Asked) -> Reply:
    return Reply(0, {}, raw=b"")


def babbles(publisher: Publisher, asked: Asked) -> Reply:
    return Reply(0, {}, raw=b"220 this is another protocol\r\n\r\n")


def packed(publisher: Publisher, asked: Asked) -> Reply:
    """Packs the body, and says so."""
    body = gzip.compress(publisher.now.body, mtime=0)
    return Reply(200, {"Content-Encoding": "gzip", "ETag": '"packed"'}, body)


def says_packed(publisher: Publisher, asked: Asked) -> Reply:
    """Says that the body is packed, which it is not."""
    reply = ignores_range(publisher, asked)
    reply.headers["Content-Encoding"] = "gzip"
    return reply


def drips(seconds: float) -> Behaviour:
    def behave(publisher: Publisher, asked: Asked) -> Reply:
        reply = honest(publisher, asked)
        reply.drip = seconds
        return reply

    return behave


@dataclass
class Publisher:
    """The server. `versions` are those it has had, the last one now; `asked` what came."""

    versions: list[Version]
    script: deque[Behaviour] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)
    paths: dict[str, Behaviour] = field(default_factory=dict)
    address: str = ""

    @property
    def now(self) -> Version:
        return self.versions[-1]

    def change(self) -> None:
        """Put out another version, of another length."""
        number = len(self.versions) + 1
        body = self.versions[0].body.replace(b"1", b"7") + b"2026-%02d,7\n" % number
        modified = formatdate(LONG_AGO + 1000 * number, usegmt=True)
        self.versions.append(Version(body, f'"v{number}"', modified))

    def answer(self, connection: socket.socket) -> None:
        asked = _read(connection)
        if asked is None:
            return
        self.asked.append(asked)
        path = asked.path.split("?")[0]
        behave = self.paths.get(path) or (self.script.popleft() if self.script else honest)
        _send(connection, behave(self, asked))


def _read(connection: socket.socket) -> Asked | None:
    text = b""
    while b"\r\n\r\n" not in text:
        more = connection.recv(65536)
        if not more:
            return None
        text += more
    first, *lines = text.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    headers = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in lines)}
    return Asked(first.split(" ")[1], headers)


def _send(connection: socket.socket, reply: Reply) -> None:
    if reply.raw is not None:
        connection.sendall(reply.raw)
        return
    connection.sendall(reply.head())
    body = reply.body if reply.cut is None else reply.body[: reply.cut]
    if reply.chunked:
        half = max(1, len(body) // 2)
        for piece in (body[:half], body[half:]):
            if piece:
                connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        if reply.cut is None:
            connection.sendall(b"0\r\n\r\n")
        return
    if not reply.drip:
        connection.sendall(body)
        return
    for number in range(len(body)):
        time.sleep(reply.drip)
        connection.sendall(body[number : number + 1])


@contextmanager
def serving(publisher: Publisher) -> Iterator[Publisher]:
    """Serve at a free port of this computer until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        publisher.address = f"http://127.0.0.1:{server.getsockname()[1]}"

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                # Whoever is being kept waiting must not keep the next one waiting.
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        def serve(connection: socket.socket) -> None:
            with connection, contextlib.suppress(OSError):
                publisher.answer(connection)
                connection.shutdown(socket.SHUT_WR)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield publisher
        finally:
            server.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)
