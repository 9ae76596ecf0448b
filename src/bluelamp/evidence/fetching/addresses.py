"""Where a download may go, and what its file is called here.

Addresses come from definitions, from a publisher's list and from redirects. Only https is asked
(http on this very computer, for tests), and only hosts that the source names.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from bluelamp.evidence.fetching.problem import CannotFetch

LONGEST_NAME = 150


def host_of(address: str) -> str:
    return (_split(address).hostname or "").casefold()


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port  # says that a port is no number
    except ValueError as error:
        raise CannotFetch(f"'{address}' is not an address ({error})") from error
    return parts


def is_this_computer(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked(address: str) -> str:
    """The address as it is asked: no fragment, spaces and other letters escaped.

    Raises CannotFetch where it is not https to a named host.
    """
    parts = _split(address.strip())
    host = parts.hostname or ""
    if not host or parts.username is not None:
        raise CannotFetch(f"'{address}' is not an address that can be downloaded from")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_this_computer(host)):
        raise CannotFetch(
            f"'{address}' is not https, so on the way anybody could change what it holds; "
            "nothing was downloaded"
        )
    try:
        netloc = parts.netloc.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise CannotFetch(f"'{address}' names no host") from error
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return urlunsplit((parts.scheme, netloc, path, query, ""))


def onward(here: str, location: str | None, hosts: Collection[str]) -> str:
    """Where a redirect leads; raises CannotFetch where it leads to a place nobody named."""
    if not location:
        raise CannotFetch("the server sends on to another address and does not say which")
    try:
        there = urljoin(here, location.strip())
    except ValueError as error:
        raise CannotFetch(f"the server sends on to '{location}', which is no address") from error
    there = checked(there)
    if urlsplit(here).scheme == "https" and urlsplit(there).scheme != "https":
        raise CannotFetch(f"the server sends on to {there}, which is not https")
    allow_host(there, {host_of(here), *hosts})
    return there


def allow_host(address: str, hosts: Collection[str]) -> None:
    """Raises CannotFetch where the address is at none of these hosts."""
    host = host_of(address)
    if host not in {name.casefold() for name in hosts}:
        raise CannotFetch(
            f"the publisher sends on to another host, {host}, which the source does not name. "
            "If it is the publisher's, write it under `hosts` of the download"
        )


def file_name(address: str) -> str:
    """The name under which an address is kept: its last part, made harmless.

    What a server calls the file (Content-Disposition) is not listened to.
    """
    last = unquote(_split(address).path)
    return harmless(last) or harmless(host_of(address))


def harmless(name: str) -> str:
    """A file name that stays in its folder, is not hidden and can be typed; or ''."""
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    plain = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "", last).strip().lstrip(".").rstrip(".")
    stem, dot, suffix = plain.rpartition(".")
    room = LONGEST_NAME - len(suffix.encode()) - 1
    if dot and room > 0:
        return _cut(stem, room) + "." + suffix
    return _cut(plain, LONGEST_NAME)


def _cut(text: str, size: int) -> str:
    return text.encode("utf-8", errors="ignore")[:size].decode("utf-8", errors="ignore")
