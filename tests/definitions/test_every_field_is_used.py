"""Nothing is written into a definition in vain: each field is read by code or shown on a page.

Attribute access is found in the source text, outside the class that has the field; a name that code
asks for through `getattr` counts, and so does `.name` in a template.
"""

from __future__ import annotations

import ast
import dataclasses
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bluelamp.definitions import AreaSet, Office
from bluelamp.evidence.source import Source
from bluelamp.measures.comparing import Comparing
from bluelamp.measures.definition import Measure
from bluelamp.measures.gap import Gap
from bluelamp.plan.commitment import Commitment
from bluelamp.plan.contents import Checklist, StatutoryContents
from bluelamp.plan.edition import Plan, Priority
from bluelamp.plan.line import Line
from bluelamp.plan.local import LocalPriorities
from bluelamp.plan.quoted import Theme

READ_FROM_FILES = (
    Office, AreaSet, Source, Measure, Plan, Priority, Line, Commitment, Theme, Checklist,
    StatutoryContents, LocalPriorities, Gap, Comparing,
)  # fmt: skip


def with_what_they_hold(*classes: Any) -> Iterator[Any]:
    """The dataclasses, and each dataclass that their fields are made of."""
    seen: list[Any] = []
    waiting = list(classes)
    while waiting:
        hint = waiting.pop(0)
        waiting += typing.get_args(hint)
        if dataclasses.is_dataclass(hint) and hint not in seen:
            seen.append(hint)
            waiting += typing.get_type_hints(hint).values()
    yield from seen


def read_by_code(source: Path) -> dict[str, set[tuple[str, str]]]:
    """Attribute name -> the (module, class) it is read in; class is '' outside of any."""
    found: dict[str, set[tuple[str, str]]] = {}

    def visit(node: ast.AST, module: str, inside: str) -> None:
        if isinstance(node, ast.ClassDef):
            inside = node.name
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            found.setdefault(node.attr, set()).add((module, inside))
        if isinstance(node, ast.FunctionDef) and "getattr(" in ast.unparse(node):
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found.setdefault(part.value, set()).add((module, inside))
        for child in ast.iter_child_nodes(node):
            visit(child, module, inside)

    for path in source.rglob("*.py"):
        module = ".".join(path.relative_to(source).with_suffix("").parts)
        visit(ast.parse(path.read_text(encoding="utf-8")), module, "")
    return found


def read_by_templates(source: Path) -> set[str]:
    pages = source.rglob("*.html")
    return {name for p in pages for name in re.findall(r"\.(\w+)", p.read_text(encoding="utf-8"))}


def unread(classes: Iterator[Any], source: Path) -> list[str]:
    code, templates = read_by_code(source), read_by_templates(source)
    return [
        f"{cls.__name__}.{field.name}"
        for cls in classes
        for field in dataclasses.fields(cls)
        if field.name not in templates
        and not code.get(field.name, set()) - {(cls.__module__, cls.__name__)}
    ]


def test_every_field_of_every_definition_is_read_somewhere(root: Path) -> None:
    found = unread(with_what_they_hold(*READ_FROM_FILES), root / "src")
    assert found == [], "nobody reads these fields: " + ", ".join(found)


def test_every_kind_of_value_inside_a_definition_is_looked_at() -> None:
    names = {cls.__name__ for cls in with_what_they_hold(*READ_FROM_FILES)}
    assert names >= {
        "Office", "HelpLink", "AreaSet", "_AreaEntry", "Source", "Column", "PublishedOn",
        "DeclaredBreak", "Exceptional", "Measure", "Selection", "Checked", "Plan", "Priority",
        "Line", "Part", "Target", "Consultation", "Commitment", "Theme", "Quoted", "Recompute",
        "Arithmetic", "Met", "Requirement", "Shared",
    }  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Planted:
    read_in_code: str
    shown: str
    asked_for: str
    read_by_itself: str
    unread: str


@pytest.mark.parametrize("own_module", [True, False])
def test_a_planted_unread_field_is_seen(tmp_path: Path, own_module: bool) -> None:
    module = Planted.__module__ if own_module else "elsewhere"
    path = tmp_path.joinpath(*module.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "class Planted:\n"
        "    def f(self):\n        return self.read_by_itself\n"
        "def g(x):\n    x.unread = 1\n    return x.read_in_code, getattr(x, 'asked_for')\n"
    )
    (tmp_path / "page.html").write_text("<p>{{ thing.shown }}</p>")
    missing = ["Planted.unread"]
    if own_module:
        missing.insert(0, "Planted.read_by_itself")
    assert unread(iter([Planted]), tmp_path) == missing
