"""Addresses of the public site, from its map."""

from __future__ import annotations

from django.urls import path

from bluelamp.public.api import api
from bluelamp.public.site import PAGES, TABLES
from bluelamp.public.views import areas_view, page_view, search_view, table_view

urlpatterns = [
    # Ahead of the map's own entries, because these two can search.
    path("areas/", areas_view),
    path("search/", search_view),
    *(path(kind.route, table_view(kind)) for kind in TABLES),
    *(path(kind.route, page_view(kind)) for kind in PAGES),
    path("api/v1/", api.urls),
]
