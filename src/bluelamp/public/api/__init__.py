"""The read-only API over one release: `/api/v1/`.

It says the same words as the pages, because both read the same release. A request that cannot be
answered is a 4xx with a sentence; nothing can be changed through it.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from bluelamp import __version__
from bluelamp.public.api import gaps, measured, planned

__all__ = ["api"]

# Without pages of its own: Swagger's would load a script from another host.
api = NinjaAPI(
    title="Blue Lamp", version=__version__, docs_url=None, urls_namespace="bluelamp-api",
    description="One release, read only. Every figure has an interval, or the reason for none.",
)  # fmt: skip
api.add_router("", measured.router)
api.add_router("", gaps.router)
api.add_router("", planned.router)


@api.exception_handler(ValidationError)
def _bad_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What is wrong with each parameter, in one sentence each."""
    faults = [f"{fault['loc'][-1]}: {fault['msg']}" for fault in error.errors]
    return api.create_response(request, {"detail": "; ".join(faults)}, status=422)
