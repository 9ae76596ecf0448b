"""One file, from the first request to its final name: the right bytes, or a sentence.

The bytes go to `NAME.part`. Only when all of them have come, their check sums are right and they
are what was promised does the file get its name, in one step. Whatever stops the work before,
the part stays, and the next call goes on where it stopped if the publisher still has that version
(Range and If-Range, RFC 9110 sections 13.1.5 and 14.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from bluelamp.evidence.fetching.asking import Answer, Asker, LongerThanSaid
from bluelamp.evidence.fetching.contents import (
    check_contents,
    check_digests,
    digest_of,
    digests_in,
    unpacked,
)
from bluelamp.evidence.fetching.memory import Fetched
from bluelamp.evidence.fetching.part import Part, Version, in_words, strong_validator
from bluelamp.evidence.fetching.problem import CannotFetch, TryAgain
from bluelamp.evidence.fetching.waiting import Patience, Tell, asked_to_wait, persist
from bluelamp.evidence.fetching.wanted import Wanted

BUSY = {
    408: "waited too long for us",
    425: "is not ready",
    429: "has had too many requests",
    500: "has an error",
    502: "cannot reach the one behind it",
    503: "is busy or being mended",
    504: "waited too long for the one behind it",
}
CLOSED = {
    401: "asks for a password",
    403: "does not hand this file out to us",
    404: "has no file there",
    410: "says that the file is gone for good",
    451: "may not hand this file out, by law",
}
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Download:
    """What became of it. `changed` is False where the publisher says that it has not changed."""

    wanted: Wanted
    path: Path
    fetched: Fetched
    changed: bool


@dataclass
class Downloader:
    """Downloads wanted files into a folder. `on` is the day of today, `tell` says what happens,
    `progress` is given (bytes so far, bytes in all or None)."""

    asker: Asker
    on: date
    patience: Patience = field(default_factory=Patience)
    tell: Tell = lambda words: None
    progress: Progress = lambda done, total: None

    def download(self, wanted: Wanted, folder: Path, known: Fetched | None = None) -> Download:
        """The file at `folder / wanted.name`, whole; `known` is what an earlier call fetched.

        Raises CannotFetch, and KeyboardInterrupt at once; the part stays for the next call.
        """
        if known and not (known.name == wanted.name and known.still_at(folder)):
            known = None
        with Part(folder, wanted.name, wanted.address) as part:
            try:
                found = persist(
                    lambda: self._attempt(wanted, part, known),
                    self.patience,
                    lambda words: self.tell(f"{wanted.name}: {words}"),
                    size=lambda: part.size,
                )
            except CannotFetch as error:
                raise CannotFetch(f"{wanted.name}: {error} ({wanted.address})") from error
        return found

    def _attempt(self, wanted: Wanted, part: Part, known: Fetched | None) -> Download:
        going_on = part.version if part.size and part.version and part.version.strong else None
        if not going_on and part.size:
            part.drop()
        headers = _range(part.size, going_on) if going_on else _conditions(known)
        with self.asker.ask(wanted.address, hosts=wanted.hosts, headers=headers) as answer:
            if answer.status == 304 and known and not going_on:
                return Download(wanted, part.path.with_name(wanted.name), known, changed=False)
            if answer.status == 200:
                if going_on:
                    self.tell(f"{wanted.name}: the publisher has another version now; begun anew")
                part.begin(_version(wanted, answer))
            elif answer.status == 206 and going_on:
                _check_goes_on(part, going_on, answer)
            else:
                raise _turned_away(part, answer)
            self._take(part, answer)
            whole = _check_whole(part, answer)
        return self._finish(wanted, part, surely_whole=whole)

    def _take(self, part: Part, answer: Answer) -> None:
        total = part.version.total if part.version else None
        if total is not None:
            part.room_for(total - part.size)
        self.progress(part.size, total)
        try:
            for piece in answer.pieces():
                part.write(piece)
                self.progress(part.size, total)
        except LongerThanSaid:
            part.drop()
            raise

    def _finish(self, wanted: Wanted, part: Part, *, surely_whole: bool) -> Download:
        version = part.version
        assert version
        part.settle()
        try:
            check_digests(part.path, version.digests)
            ready = unpacked(part.path, version.encoding)
            try:
                check_contents(
                    ready, wanted.name, surely_whole=surely_whole or bool(version.digests)
                )
            except CannotFetch:
                if ready != part.path:
                    ready.unlink(missing_ok=True)
                raise
        except CannotFetch:
            part.drop()  # these bytes are no beginning of anything
            raise
        final = part.path.with_name(wanted.name)
        fetched = Fetched(
            name=wanted.name,
            size=ready.stat().st_size,
            sha256=digest_of(ready),
            on=self.on.isoformat(),
            etag=version.etag,
            modified=version.modified,
        )
        with in_words(final):
            _set_aside(final, fetched)
            ready.replace(final)
        part.remove()
        return Download(wanted, final, fetched, changed=True)


def _range(size: int, version: Version) -> dict[str, str]:
    return {"Range": f"bytes={size}-", "If-Range": version.strong}


def _conditions(known: Fetched | None) -> dict[str, str]:
    headers = {}
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    elif known and known.modified:
        headers["If-Modified-Since"] = known.modified
    return headers


def _version(wanted: Wanted, answer: Answer) -> Version:
    headers = answer.headers
    return Version(
        address=wanted.address,
        etag=headers.get("ETag", "").strip(),
        modified=headers.get("Last-Modified", "").strip(),
        strong=strong_validator(headers),
        total=answer.length,
        encoding=headers.get("Content-Encoding", "").strip().casefold(),
        digests=digests_in(headers, answer.status),
    )


def _check_goes_on(part: Part, version: Version, answer: Answer) -> None:
    """Raises TryAgain, and forgets what came, unless the answer goes on with this version."""
    headers = answer.headers
    match = re.fullmatch(
        r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", headers.get("Content-Range", "").strip()
    )
    first, last, total = (int(text) for text in match.groups()) if match else (-1, -1, -1)
    fits = (
        first == part.size
        and first <= last < total
        and version.total in (None, total)
        and answer.length in (None, last - first + 1)
        and headers.get("Content-Encoding", "").strip().casefold() == version.encoding
    )
    same = headers.get("ETag", "").strip() == version.etag and (
        bool(version.etag) or headers.get("Last-Modified", "").strip() == version.modified
    )
    if not (fits and same):
        part.drop()
        raise TryAgain(
            "what the server sent does not follow on what had come; it is begun anew"
            if same
            else "the file was changed while it was being downloaded; it is begun anew"
        )
    digests = tuple(dict.fromkeys((*version.digests, *digests_in(headers, answer.status))))
    part.describe(replace(version, total=total, digests=digests))


def _turned_away(part: Part, answer: Answer) -> CannotFetch:
    """What to raise at a status with which no file comes."""
    status = answer.status
    if status == 416 and part.version:
        words = f"the file ends after {part.size:,} bytes, not after {part.version.total or 0:,}"
        part.drop()
        return TryAgain(f"{words} as the server said at first")
    if status in (206, 304, 416):  # an answer to a question that was not asked
        part.drop()
        return TryAgain(f"the server gave an answer that does not fit (status {status})")
    if status in BUSY:
        wait = asked_to_wait(answer.headers.get("Retry-After"))
        return TryAgain(f"the server {BUSY[status]} (status {status})", wait)
    words = CLOSED.get(status, "does not give the file")
    return CannotFetch(
        f"the server {words} (status {status}); if the publisher has moved it, write the new "
        "address into the source's `downloads`"
    )


def _check_whole(part: Part, answer: Answer) -> bool:
    """True where the length proves that all has come, False where nobody said how much it is.

    Raises TryAgain where some is missing or too much came.
    """
    total = part.version.total if part.version else None
    if total is None:
        return answer.tells_its_end
    if part.size > total:
        part.drop()
        raise TryAgain("more came than the server said")
    if part.size < total:
        raise TryAgain(f"the connection broke off after {part.size:,} of {total:,} bytes")
    return True


def _set_aside(final: Path, fetched: Fetched) -> None:
    """Keep an older file of that name: it may not have been received yet."""
    if not final.is_file() or digest_of(final) == fetched.sha256:
        return
    day = datetime.fromtimestamp(final.stat().st_mtime, tz=UTC).date().isoformat()
    for number in range(1, 1000):
        again = f" {number}" if number > 1 else ""
        older = final.with_name(f"{final.stem} (fetched {day}{again}){final.suffix}")
        if not older.exists():
            final.rename(older)
            return
    raise CannotFetch(f"there are too many older files of the name {final.name}; tidy the folder")
