"""Which files a source's `downloads` stand for: one, one for each month, or those of a list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from bluelamp.evidence.fetching.addresses import (
    allow_host,
    checked,
    file_name,
    host_of,
    onward,
)
from bluelamp.evidence.fetching.asking import MOST_REDIRECTS, REDIRECTS, Asker
from bluelamp.evidence.fetching.problem import CannotFetch, TryAgain
from bluelamp.evidence.fetching.waiting import Patience, Tell, asked_to_wait, persist
from bluelamp.evidence.source import Download, Source
from bluelamp.periods import Month

LONGEST_LIST = 20_000_000


@dataclass(frozen=True)
class Wanted:
    """A file to download for a source. `dated` says that its Last-Modified is the day on which it
    was published."""

    source: str
    address: str
    name: str
    hosts: tuple[str, ...] = ()
    dated: bool = False


@dataclass
class Planner:
    """Finds out which files to download; asks only for lists and for which is the newest."""

    asker: Asker
    patience: Patience
    tell: Tell

    def wanted(self, source: Source, since: Month | None = None) -> list[Wanted]:
        """The files of a source, from the month `since` on where it has monthly files.

        Raises CannotFetch.
        """
        if not source.downloads:
            raise CannotFetch(
                f"no address is known from which '{source.title}' can be downloaded; get it by "
                f"hand from {source.address} and give it to `bluelamp receive`"
            )
        if since and not any(download.latest for download in source.downloads):
            self.tell(f"--since changes nothing: '{source.title}' has no file for each month")
        found: list[Wanted] = []
        for download in source.downloads:
            if download.files:
                addresses = self._listed(download)
            elif download.latest:
                addresses = self._monthly(download, since)
            else:
                addresses = [download.address]
            found += [
                Wanted(
                    source.id,
                    checked(address),
                    file_name(address),
                    tuple(download.hosts),
                    download.published == "last-modified",
                )
                for address in addresses
            ]
        return list(_with_own_names({wanted.address: wanted for wanted in found}.values()))

    def _monthly(self, download: Download, since: Month | None) -> list[str]:
        """The newest file, and where older months are wanted as few others as hold them."""
        newest = self._newest(download)
        if since and since > newest:
            self.tell(f"there is nothing since {since} yet; the newest month is {newest}")
            return []
        months = [newest]
        first = Month.parse(download.first) if download.first else None
        while since and months[-1] - (download.holds_months - 1) > since and months[-1] != first:
            older = months[-1] - download.holds_months
            months.append(max(older, first) if first else older)
        return [download.address.replace("{month}", str(month)) for month in sorted(months)]

    def _newest(self, download: Download) -> Month:
        """The month of the newest file, from the name that `latest` leads to."""
        address = download.latest
        for _ in range(MOST_REDIRECTS):
            here = address
            address = persist(partial(self._next, here, download), self.patience, self.tell)
            found = re.search(r"(?:^|\D)(20\d\d-(?:0[1-9]|1[0-2]))\.", file_name(address))
            if found:
                return Month.parse(found[1])
            if address == here:
                break
        raise CannotFetch(
            f"{download.latest} leads to '{file_name(address)}', which does not tell the newest "
            "month"
        )

    def _next(self, here: str, download: Download) -> str:
        """Where an address leads to, without going there; itself where it leads nowhere."""
        with self.asker.ask(here, follow=False) as answer:
            if answer.status in REDIRECTS:
                hosts = {host_of(download.latest), *download.hosts}
                return onward(answer.address, answer.headers.get("Location"), hosts)
            _check_status(answer.status, answer.headers.get("Retry-After"), here)
            return here

    def _listed(self, download: Download) -> list[str]:
        """The addresses in a list of files whose names fit."""
        found: dict[str, list[dict[str, Any]]] = {}
        for entry in self._list(download):
            address = checked(str(entry["url"]))
            name = file_name(address)
            if any(fnmatchcase(name.casefold(), glob.casefold()) for glob in download.files):
                allow_host(address, {host_of(download.address), *download.hosts})
                found.setdefault(name, []).append({**entry, "url": address})
        if not found:
            raise CannotFetch(
                f"the list at {download.address} has no file called "
                + " or ".join(f"'{glob}'" for glob in download.files)
                + "; if the publisher renamed it, write its name under `files` of the download"
            )
        return [_newest_of(name, entries)["url"] for name, entries in sorted(found.items())]

    def _list(self, download: Download) -> list[dict[str, Any]]:
        text = persist(lambda: self._text(download), self.patience, self.tell)
        try:
            record = json.loads(text)
            # The London Datastore's data set, or GOV.UK's page (docs.publishing.service.gov.uk).
            files = record.get("resources") or record["details"]["attachments"]
            entries = list(files.values() if isinstance(files, dict) else files)
            return [entry for entry in entries if entry.get("url")]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise CannotFetch(
                f"what stands at {download.address} is not a list of files as the London "
                "Datastore or GOV.UK gives it; look at it with a browser"
            ) from error

    def _text(self, download: Download) -> bytes:
        with self.asker.ask(download.address, hosts=download.hosts) as answer:
            _check_status(answer.status, answer.headers.get("Retry-After"), download.address)
            text = b""
            for piece in answer.pieces():
                text += piece
                if len(text) > LONGEST_LIST:
                    raise CannotFetch(f"the list at {download.address} is far too long")
            if answer.length not in (None, len(text)):
                raise TryAgain("the connection broke off")
            return text


def _check_status(status: int, retry_after: str | None, address: str) -> None:
    if status in (408, 425, 429) or status >= 500:
        raise TryAgain(f"the server is busy (status {status})", asked_to_wait(retry_after))
    if status != 200:
        raise CannotFetch(
            f"there is nothing at {address} (status {status}); if the publisher has moved it, "
            "write the new address into the source's `downloads`"
        )


def _newest_of(name: str, entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The entry looked at last by the list's keeper, where several have one name."""
    ordered = sorted(entries, key=lambda entry: str(entry.get("check_timestamp") or ""))
    stamps = [str(entry.get("check_timestamp") or "") for entry in ordered]
    if len(stamps) > 1 and stamps[-1] == stamps[-2]:
        raise CannotFetch(
            f"the publisher's list has {len(entries)} files called '{name}' and does not say "
            "which is the newer; download it with a browser and give it to `bluelamp receive`"
        )
    return ordered[-1]


def _with_own_names(files: Iterable[Wanted]) -> Iterator[Wanted]:
    """No two files of a call under one name."""
    taken: set[str] = set()
    for wanted in files:
        stem, suffix = re.fullmatch(r"(.*?)(\.[^.]*)?", wanted.name).groups()  # type: ignore[union-attr]  # fits any name
        spellings = (wanted.name, *(f"{stem} {n}{suffix or ''}" for n in range(2, 1000)))
        name = next(name for name in spellings if name.casefold() not in taken)
        taken.add(name.casefold())
        yield replace(wanted, name=name)
