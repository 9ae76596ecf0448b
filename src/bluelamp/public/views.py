"""The public site over HTTP: each address of the map answered from the one open release."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bluelamp.public.opened import OpenRelease, open_release
from bluelamp.public.pages.area import areas_page
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.pages.search import search_page
from bluelamp.public.rendering import not_found, rendered
from bluelamp.public.site import PAGES, PageKind, TableKind

View = Callable[..., HttpResponse]
_KINDS = {kind.name: kind for kind in PAGES}
# A search longer than any name of an area is a mistake or mischief.
LONGEST_SEARCH = 80


def current() -> OpenRelease:
    """The release that this process serves; raises ImproperlyConfigured if none was named."""
    if not settings.BLUELAMP_RELEASE:
        raise ImproperlyConfigured(
            "no release to serve: set BLUELAMP_RELEASE to a release folder, "
            "or use `bluelamp serve --release FOLDER`"
        )
    return open_release(Path(settings.BLUELAMP_RELEASE))


@lru_cache(maxsize=512)
def _made(opened: OpenRelease, kind: str, names: tuple[tuple[str, str], ...]) -> bytes:
    """A page's bytes. They are kept, because a release never changes."""
    page = _KINDS[kind].make(opened, **dict(names))
    return rendered(opened, page, _KINDS[kind].template, static_files=False).encode()


def page_view(kind: PageKind) -> View:
    """The view of one kind of page."""

    @require_safe
    def view(request: HttpRequest, **names: str) -> HttpResponse:
        opened = current()
        try:
            return HttpResponse(_made(opened, kind.name, tuple(sorted(names.items()))))
        except NoSuchPage as error:
            return _not_found(opened, f"{str(error)[0].upper()}{str(error)[1:]}.")

    return view


def table_view(kind: TableKind) -> View:
    """The view of one kind of CSV table."""

    @require_safe
    def view(request: HttpRequest, **names: str) -> HttpResponse:
        opened = current()
        if names not in kind.every(opened):
            return _not_found(opened, "This release has no such table.")
        return HttpResponse(kind.make(opened, **names), content_type="text/csv; charset=utf-8")

    return view


@require_safe
def areas_view(request: HttpRequest) -> HttpResponse:
    """The list of areas, or what a search for a name finds."""
    asked = _asked(request)
    if not asked:
        return page_view(_KINDS["areas"])(request)
    opened = current()
    return HttpResponse(
        rendered(opened, areas_page(opened, asked), "areas.html", static_files=False)
    )


@require_safe
def search_view(request: HttpRequest) -> HttpResponse:
    """Everything from A to Z, or what a search for some words finds."""
    asked = _asked(request)
    if not asked:
        return page_view(_KINDS["search"])(request)
    opened = current()
    page = search_page(opened, asked)
    response = HttpResponse(rendered(opened, page, "search-page.html", static_files=False))
    response["X-Robots-Tag"] = "noindex"  # there are as many of these pages as there are words
    return response


def _asked(request: HttpRequest) -> str:
    """What was typed into a search box, on one line."""
    return " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH].strip()


def not_found_view(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Every other address."""
    return _not_found(current(), "")


def _not_found(opened: OpenRelease, why: str) -> HttpResponse:
    return HttpResponse(not_found(opened, why, static_files=False), status=404)
