"""One request over HTTP: who we are, where we may be sent on to, and a body of the length it says.

Python's own client is used, not a friendlier one, because it lets us see whether anything follows
a body that is longer than its Content-Length; a client that stops reading there hands on a file
that was cut off, and nobody would know. Requests go one after the other, never two at once.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import cast
from urllib.error import URLError
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from bluelamp.evidence.fetching.addresses import checked, host_of, is_this_computer, onward
from bluelamp.evidence.fetching.problem import CannotFetch, TryAgain

REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 5
PIECE = 64 * 1024


@dataclass(frozen=True)
class Pace:
    """What is still fast enough, in seconds and bytes.

    silence   so long may a server say nothing.
    window    in each stretch so long, at least `least` bytes must come.
    between   so long lies between two requests to one host.
    """

    silence: float = 30.0
    window: float = 60.0
    least: int = 60_000
    between: float = 1.0


class Answer:
    """What a server said: `status`, `headers`, the `address` in the end, and the body once."""

    def __init__(self, response: HTTPResponse, address: str, pace: Pace) -> None:
        self.status = response.status
        self.headers: HTTPMessage = response.headers
        self.address = address
        self._response, self._pace = response, pace

    @property
    def length(self) -> int | None:
        """How many bytes the body has, as the server says; None where it does not say.

        Raises TryAgain where it says two things.
        """
        said = {value.strip() for value in self.headers.get_all("Content-Length", [])}
        if len(said) > 1:
            raise TryAgain("the server names two lengths for one file")
        if self._response.chunked or not said:
            return None
        text = said.pop()
        if not (text.isascii() and text.isdigit()):
            raise TryAgain(f"the server says that the file has '{text}' bytes")
        return int(text)

    @property
    def tells_its_end(self) -> bool:
        """Whether a body that was cut off can be told from a whole one."""
        return self._response.chunked or self.length is not None

    def pieces(self) -> Iterator[bytes]:
        """The body, never more than its length. Raises TryAgain where it stops, drips, or goes
        on after its end (`LongerThanSaid`)."""
        try:
            yield from self._in_time(self._chunks() if self._response.chunked else self._plain())
        except TimeoutError as error:
            raise TryAgain(
                f"the server sent nothing for {self._pace.silence:.0f} seconds"
            ) from error
        except (OSError, HTTPException, ValueError) as error:
            raise TryAgain("the connection broke off") from error

    def _chunks(self) -> Iterator[bytes]:
        while piece := self._response.read1(PIECE):
            yield piece

    def _plain(self) -> Iterator[bytes]:
        stream, left = self._response.fp, self.length
        while stream and (left is None or left > 0):
            piece = stream.read1(PIECE if left is None else min(PIECE, left))
            if not piece:
                return
            left = None if left is None else left - len(piece)
            yield piece
        if stream and self._goes_on():
            raise LongerThanSaid("the file goes on after the length that the server gave for it")

    def _goes_on(self) -> bool:
        """Whether bytes follow the body; we asked the server to hang up there."""
        try:
            return bool(self._response.fp.read1(1))
        except OSError:
            return False

    def _in_time(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        start, came = time.monotonic(), 0
        for piece in pieces:
            yield piece
            came += len(piece)
            now = time.monotonic()
            if now - start >= self._pace.window:
                if came < self._pace.least:
                    raise TryAgain(f"only {came:,} bytes came in {now - start:.0f} seconds")
                start, came = now, 0


class LongerThanSaid(TryAgain):
    """More bytes follow than Content-Length said: what came is not the whole file."""


@dataclass
class Asker:
    """Asks servers, one request at a time. `agent` says who we are and whom to write to."""

    agent: str
    pace: Pace = field(default_factory=Pace)
    sleep: Callable[[float], None] = time.sleep
    _last: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def ask(
        self,
        address: str,
        *,
        hosts: Collection[str] = (),
        headers: Mapping[str, str] | None = None,
        follow: bool = True,
    ) -> Iterator[Answer]:
        """The answer at an address, redirects followed to its own host and to `hosts` (or, where
        `follow` is False, given as they are).

        Raises CannotFetch where that is not allowed, TryAgain where nobody answers.
        """
        here = checked(address)
        allowed, seen = {host_of(here), *hosts}, [here]
        while True:
            response = self._open(here, headers or {})
            try:
                if response.status not in REDIRECTS or not follow:
                    yield Answer(response, here, self.pace)
                    return
                here = onward(here, response.headers.get("Location"), allowed)
            finally:
                response.close()
            if here in seen:
                raise CannotFetch(f"the server sends on in a circle, back to {here}")
            if len(seen) > MOST_REDIRECTS:
                raise CannotFetch(f"the server sent on more than {MOST_REDIRECTS} times")
            seen.append(here)

    def _open(self, address: str, headers: Mapping[str, str]) -> HTTPResponse:
        host = host_of(address)
        self._take_turns(host)
        request = Request(
            address,
            headers={
                "User-Agent": self.agent,
                "Accept": "*/*",
                # The bytes as they are kept: what a part holds must not hang on a compression.
                "Accept-Encoding": "identity",
                **headers,
            },
        )
        try:
            return cast(HTTPResponse, _opener(host).open(request, timeout=self.pace.silence))
        except (OSError, HTTPException, ValueError) as error:
            raise _unanswered(error, host, self.pace.silence) from error
        finally:
            self._last[host] = time.monotonic()

    def _take_turns(self, host: str) -> None:
        last = self._last.get(host)
        wait = 0.0 if last is None else last + self.pace.between - time.monotonic()
        if wait > 0:
            self.sleep(wait)


def _opener(host: str) -> OpenerDirector:
    """Speaks HTTP and HTTPS and nothing else, and follows no redirect by itself."""
    opener = OpenerDirector()
    opener.addheaders = []
    for handler in (HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    if not is_this_computer(host):
        opener.add_handler(ProxyHandler())  # the office's, from the environment
    return opener


def _unanswered(error: Exception, host: str, silence: float) -> CannotFetch:
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return CannotFetch(
            f"{host} cannot prove that it is {host} ({cause.verify_message}); "
            "nothing was downloaded. Ask whoever runs your network"
        )
    if isinstance(cause, TimeoutError):
        return TryAgain(f"{host} did not answer within {silence:.0f} seconds")
    if isinstance(cause, socket.gaierror):
        return TryAgain(f"{host} cannot be found; is this computer connected?")
    if isinstance(cause, ConnectionRefusedError):
        return TryAgain(f"{host} takes no connection")
    if isinstance(cause, OSError):
        return TryAgain(f"the connection to {host} broke off")
    return TryAgain(f"{host} answered something that is not HTTP")
