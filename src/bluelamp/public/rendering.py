"""From a page to its bytes. The server and `publish` both come through here, so they agree."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, PackageLoader

import bluelamp.look
import bluelamp.public
from bluelamp.look.environment import environment
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import Page, frame
from bluelamp.public.pages.statements import not_found_page


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The public templates upon those of `look`; they need no web server to be rendered."""
    made = environment(loader=PackageLoader("bluelamp.public"))
    made.globals.update(addresses=addresses, static=lambda path: f"{addresses.STATIC}{path}")
    return made


def static_folders() -> tuple[Path, ...]:
    """Folders whose files stand under STATIC: stylesheets and the icon."""
    return tuple(Path(room.__path__[0]) / "static" for room in (bluelamp.look, bluelamp.public))


def rendered(opened: OpenRelease, page: Page, template: str, *, static_files: bool) -> str:
    """A page as HTML.

    static_files   it will be served as a plain file: no search box, no API.
    """
    return (
        templates()
        .get_template(f"public/{template}")
        .render(page=page, frame=frame(opened), static_files=static_files, active=page.active)
    )


def not_found(opened: OpenRelease, why: str, *, static_files: bool) -> str:
    """The page for an address that has none."""
    page = not_found_page(opened, why)
    return rendered(opened, page, "not-found.html", static_files=static_files)
