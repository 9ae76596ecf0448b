"""Every address: so far the public site's alone."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("bluelamp.public.urls"))]

handler404 = "bluelamp.public.views.not_found_view"
