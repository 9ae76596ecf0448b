"""GOV.UK's own examples, rendered by the macros and the environment that our pages use.

GOV.UK Frontend ships every component's examples with the HTML they must give. When an upgrade of
either package breaks the match, this test names the component.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment

from bluelamp.look.environment import environment


class Tokens(HTMLParser):
    """HTML as a list of tokens in which white space and the order of attributes do not count."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tokens: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tidy = sorted((name, " ".join((value or "").split())) for name, value in attrs)
        self.tokens.append((tag, tuple(tidy)))

    def handle_endtag(self, tag: str) -> None:
        self.tokens.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if text := " ".join(data.split()):
            self.tokens.append(text)


@pytest.fixture(scope="module")
def jinja() -> Environment:
    return environment()


def render(jinja: Environment, component: str, options: dict[str, object]) -> str:
    macro = "govuk" + "".join(part.capitalize() for part in component.split("-"))
    where = f"govuk_frontend_jinja/components/{component}/macro.html"
    text = f'{{% from "{where}" import {macro} %}}{{{{ {macro}(params) }}}}'
    return jinja.from_string(text).render(params=options)


def examples(node_modules: Path) -> list[tuple[str, dict[str, object]]]:
    return [
        (path.parent.name, example)
        for path in sorted(
            node_modules.glob("govuk-frontend/dist/govuk/components/*/fixtures.json")
        )
        for example in json.loads(path.read_text())["fixtures"]
    ]


def test_every_example_of_govuk_gives_the_same_html(jinja: Environment, node_modules: Path) -> None:
    published = examples(node_modules)
    differ = [
        f"{component}: {example['name']}"
        for component, example in published
        if Tokens(render(jinja, component, example["options"])).tokens
        != Tokens(str(example["html"])).tokens
    ]
    assert differ == []
    assert len(published) == 657


def test_the_comparison_sees_a_difference() -> None:
    same = Tokens('<a  class="x  y" href="/">b</a>').tokens
    assert same == Tokens('<a href="/" class="x y">\n b\n</a>').tokens
    assert same != Tokens('<a href="/" class="x z">b</a>').tokens
    assert same != Tokens('<a href="/" class="x y">c</a>').tokens
