"""The Jinja environment of every page; named in Django's TEMPLATES setting.

{"BACKEND": "django.template.backends.jinja2.Jinja2",
 "DIRS": [...], "OPTIONS": {"environment": "bluelamp.look.environment.environment"}}
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from django.templatetags.static import static
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
)

from bluelamp.figures import Withheld
from bluelamp.look import words
from bluelamp.look.readings import READINGS
from bluelamp.look.sparklines import sparkline


class GovukTemplates(BaseLoader):
    """GOV.UK's templates, under the name by which they import one another, with rules of their own.

    Their macros ask a dict for every option they know and name variables that were never set, as
    Nunjucks allows; so they are compiled by an environment in which an absent thing is empty. Ours
    stay in the strict one.
    """

    def __init__(self) -> None:
        theirs = PackageLoader("govuk_frontend_jinja")
        self._lenient = Environment(
            loader=PrefixLoader({"govuk_frontend_jinja": theirs}), autoescape=True
        )

    def load(
        self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """The template `name`; raises TemplateNotFound, upon which the next loader is asked."""
        return self._lenient.get_template(name)


def environment(**options: Any) -> Environment:
    """A Jinja environment with our templates, GOV.UK's, and the words for numbers as filters.

    `options` are Jinja's own, as Django's backend passes them; a `loader` among them is asked
    first, so an app's templates stand before these. Escaping is always on.
    """
    given = options.pop("loader", None)
    ours = [
        PackageLoader("bluelamp.look"),
        GovukTemplates(),
    ]
    made = Environment(
        **options
        | {
            "loader": ChoiceLoader([given, *ours] if given else ours),
            "undefined": StrictUndefined,
            "autoescape": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
        }
    )
    made.filters.update(words.FILTERS)
    made.tests["withheld"] = lambda value: isinstance(value, Withheld)
    made.globals.update(
        static=static, interval=words.interval, readings=READINGS, sparkline=sparkline
    )
    return made
