"""Reads the definitions (YAML and CSV written by people) once, into frozen values.

A definition is one file; its name is its id. A dataclass says what the file may hold: a key that
the dataclass does not have is refused, and so is a missing key, a wrong type or a value outside a
`Literal`. All faults of a file are collected and raised together, each with file and line, so that
an author mends them in one go.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import yaml

from bluelamp.places import Area, Gazetteer, clashes, gazetteer

T = TypeVar("T")

NOT_WRITTEN = {"written": False}
"""Metadata of a field that code fills in: a file that holds it is refused."""

TO_WRITE = "WRITE:"
"""How a skeleton marks what its author must still put into words; such a definition is refused."""

# The C loader reads the 704 wards in a tenth of the time of the Python one.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTRUCTOR = yaml.SafeLoader("")
# Working out a class's types anew for each of 3,000 values took a third of the reading.
_types_of: Callable[[type], dict[str, Any]] = lru_cache(maxsize=None)(typing.get_type_hints)


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a definition: where, and what to write instead."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{as_typed(self.path)}:{self.line}: {self.message}"


def as_typed(path: Path) -> Path:
    """The path as somebody in the current folder would type it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


class DefinitionFaults(ValueError):
    """One or more definitions cannot be used; `faults` lists every fault found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


def meant(word: str, known: Iterable[str]) -> str:
    """ ": did you mean 'knife-crime'?" where one of the known words is much like it, else ''."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f": did you mean '{close[0]}'?" if close else ""


def definitions_root(chosen: str | os.PathLike[str] | None = None) -> Path:
    """The folder of definitions: the one chosen, $BLUELAMP_DEFINITIONS, or the one shipped.

    Raises FileNotFoundError, saying where it looked.
    """
    here = Path(__file__).resolve().parent
    wanted = chosen or os.environ.get("BLUELAMP_DEFINITIONS")
    candidates = (
        [Path(wanted)] if wanted else [here / "_definitions", here.parents[1] / "definitions"]
    )
    for candidate in candidates:
        if (candidate / "office.yaml").is_file():
            return candidate.resolve()
    tried = ", ".join(str(candidate) for candidate in candidates)
    raise FileNotFoundError(f"no definitions: there is no office.yaml in {tried}")


def read(cls: type[T], path: Path, **given: Any) -> T:
    """Read one YAML file into the dataclass `cls`.

    `given` supplies fields that the file does not hold (such as the id from the file's name).
    Raises DefinitionFaults with every fault found.
    """
    faults: list[Fault] = []
    node = _compose(path)
    value = _Reader(path, faults).build(cls, node, given)
    if faults:
        raise DefinitionFaults(faults)
    return value


def _compose(path: Path) -> yaml.Node:
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except UnicodeDecodeError as error:
        fault = Fault(path, 1, "this is not UTF-8 text; save the file with that encoding")
        raise DefinitionFaults([fault]) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DefinitionFaults([Fault(path, line, f"this is not YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        words = str(error).splitlines()[0]
        raise DefinitionFaults([Fault(path, 1, f"this is not YAML: {words}")]) from error
    if node is None:
        raise DefinitionFaults([Fault(path, 1, "the file is empty")])
    return node


def line_of(path: Path, value: str, key: str = "") -> int:
    """The line of a file on which a value stands (under a key, if one is named), else 1."""
    try:
        found = _lines_of(_compose(path), value, key, key == "")
    except DefinitionFaults:
        return 1
    return next(found, 1)


def _lines_of(node: yaml.Node, value: str, key: str, under: bool) -> Iterator[int]:
    if isinstance(node, yaml.ScalarNode) and under and str(node.value) == value:
        yield node.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _lines_of(item, value, key, under)
    elif isinstance(node, yaml.MappingNode):
        for key_node, held in node.value:
            yield from _lines_of(held, value, key, under or key_node.value == key)


def read_folder(cls: type[T], folder: Path, key: str = "id") -> dict[str, T]:
    """Read every `*.yaml` of a folder, in name order; the file's stem becomes the field `key`."""
    faults: list[Fault] = []
    found = read_each(cls, folder, faults, key)
    if faults:
        raise DefinitionFaults(faults)
    return found


def read_each(cls: type[T], folder: Path, faults: list[Fault], key: str = "id") -> dict[str, T]:
    """The files of a folder that can be read; the faults of the others are added to `faults`."""
    found: dict[str, T] = {}
    faults += [
        Fault(path, 1, f"this file is not read: name it {path.stem}.yaml")
        for path in sorted(folder.glob("*.yml"))
    ]
    for path in sorted(folder.glob("*.yaml")):
        try:
            found[path.stem] = read(cls, path, **{key: path.stem})
        except DefinitionFaults as error:
            faults += error.faults
    return found


def is_frozen(path: Path) -> bool:
    """True for the definitions inside a finished release: nobody can edit them any more.

    A later version may have dropped a key that they hold; the release must still open.
    """
    return any((folder / "release.json").is_file() for folder in path.parents[:5])


def _is_written(field: dataclasses.Field[Any]) -> bool:
    return field.init and bool(field.metadata.get("written", True))


class _Reader:
    """Turns YAML nodes into typed values, writing down each fault with its line."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults
        self.frozen = is_frozen(path)

    def fault(self, node: yaml.Node, message: str) -> None:
        self.faults.append(Fault(self.path, node.start_mark.line + 1, message))

    def build(self, cls: type[T], node: yaml.Node, given: Mapping[str, Any]) -> Any:
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"expected keys and values describing a {cls.__name__}")
            return None
        hints = _types_of(cls)
        fields = {f.name: f for f in dataclasses.fields(cls) if _is_written(f)}  # type: ignore[arg-type]  # cls is always a dataclass
        if "line" in fields:  # a value that wants to know where it stands
            given = {**given, "line": node.start_mark.line + 1}
        values: dict[str, Any] = dict(given)
        before = len(self.faults)
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value).replace("-", "_")
            if key in seen:
                self.fault(key_node, f"the key '{key_node.value}' stands twice")
            elif key in given:
                self.fault(key_node, f"'{key_node.value}' comes from the file's name; take it out")
            elif key not in fields and self.frozen:
                pass  # a key of the version that made the release, which nobody reads any more
            elif key not in fields:
                open_to_it = sorted(set(fields) - set(given))
                close = meant(key, open_to_it) or "."
                known = f"The keys are {', '.join(open_to_it)}"
                self.fault(key_node, f"unknown key '{key_node.value}'{close} {known}")
            else:
                values[key] = self.value(hints[key], value_node, key)
            seen.add(key)
        for name, field in fields.items():
            required = field.default is dataclasses.MISSING and (
                field.default_factory is dataclasses.MISSING
            )
            if required and name not in values:
                self.fault(node, f"missing key '{name}'")
        if len(self.faults) > before:
            return None
        try:
            return cls(**values)
        except (ValueError, TypeError) as error:
            self.fault(node, str(error))
            return None

    def value(self, hint: Any, node: yaml.Node, name: str) -> Any:
        origin, args = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            return self._optional(args, node, name)
        if origin is Literal:
            return self._choice(args, node, name)
        if origin is tuple:
            return self._list(args[0], node, name)
        if origin in (dict, Mapping) or hint is dict:
            return self._mapping(args[1] if args else str, node, name)
        if dataclasses.is_dataclass(hint):
            return self.build(typing.cast(type, hint), node, {})
        return self._scalar(hint, node, name)

    def _optional(self, args: tuple[Any, ...], node: yaml.Node, name: str) -> Any:
        if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null"):
            return None
        real = [arg for arg in args if arg is not type(None)]
        return self.value(real[0], node, name)

    def _choice(self, args: tuple[Any, ...], node: yaml.Node, name: str) -> Any:
        value = self._plain(node)
        # YAML reads a bare yes or no as true or false; as one of the choices the word is meant.
        if isinstance(node, yaml.ScalarNode) and node.value in args:
            value = node.value
        if value not in args:
            options = ", ".join(str(arg) for arg in args)
            close = meant(str(value), map(str, args))
            self.fault(node, f"{name}: '{value}' is not one of {options}{close}")
        return value

    def _list(self, hint: Any, node: yaml.Node, name: str) -> tuple[Any, ...]:
        if isinstance(node, yaml.ScalarNode):  # one value may be written without a list
            return (self.value(hint, node, name),)
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, f"{name}: expected a list")
            return ()
        return tuple(self.value(hint, item, name) for item in node.value)

    def _mapping(self, hint: Any, node: yaml.Node, name: str) -> dict[str, Any]:
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"{name}: expected keys and values")
            return {}
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in found:
                self.fault(key_node, f"the key '{key}' stands twice")
            found[key] = self.value(hint, value_node, name)
        return found

    def _plain(self, node: yaml.Node) -> Any:
        """The scalar as YAML types it; None for what is no scalar, no day or of an unknown tag."""
        if not isinstance(node, yaml.ScalarNode):
            return None
        try:
            return _CONSTRUCTOR.construct_document(node)
        except (ValueError, yaml.YAMLError):
            return None

    def _scalar(self, hint: Any, node: yaml.Node, name: str) -> Any:
        value = self._plain(node)
        if hint is str and isinstance(node, yaml.ScalarNode) and not node.tag.endswith(":null"):
            if not node.value.strip():
                self.fault(node, f"{name}: expected some text, not '{node.value}'")
            elif node.value.startswith(TO_WRITE):
                hint = " ".join(node.value.removeprefix(TO_WRITE).split())
                self.fault(node, f"{name}: still to be written: {hint}")
            return " ".join(node.value.split()) if node.style is None else node.value.strip()
        convert: Callable[[Any], bool] = {
            int: lambda v: isinstance(v, int) and not isinstance(v, bool),
            float: lambda v: isinstance(v, int | float) and not isinstance(v, bool),
            bool: lambda v: isinstance(v, bool),
            date: lambda v: type(v) is date,  # a datetime is a date too
        }.get(hint, lambda v: False)
        if not convert(value):
            written = getattr(node, "value", "a list or mapping")
            kind = {
                str: "some text",
                int: "a whole number",
                float: "a number",
                bool: "true or false",
                date: "a date such as 2017-03-20",
            }.get(hint, str(hint))
            self.fault(node, f"{name}: expected {kind}, not '{written}'")
        return value


# --- the office and its areas ---------------------------------------------------------------


@dataclass(frozen=True)
class HelpLink:
    """A place where somebody affected can get help: shown before figures on hard subjects."""

    name: str
    what: str
    phone: str
    address: str


@dataclass(frozen=True)
class Office:
    """Whose plan this is. `territory` lists the forces whose files this office receives."""

    name: str
    force: str
    territory: tuple[str, ...]
    plan: str
    address: str
    help: tuple[HelpLink, ...] = ()


@dataclass(frozen=True)
class _AreaEntry:
    code: str
    name: str
    parent: str | None = None
    spellings: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class AreaSet:
    """All areas of one kind in one boundary edition (one file of definitions/areas)."""

    id: str
    kind: Literal["force", "borough", "ward", "lsoa"]
    edition: str
    credit: str
    areas: tuple[_AreaEntry, ...]
    outside: tuple[_AreaEntry, ...] = ()


def read_office(root: Path) -> Office:
    return read(Office, root / "office.yaml")


def read_area_sets(root: Path) -> dict[str, AreaSet]:
    """Every file of definitions/areas by its name; raises DefinitionFaults."""
    return read_folder(AreaSet, root / "areas")


@lru_cache(maxsize=8)
def read_gazetteer(root: Path) -> Gazetteer:
    """Every area and named place of definitions/areas; raises DefinitionFaults."""
    places: dict[int, tuple[Path, int]] = {}
    areas: list[Area] = []
    for area_set in read_area_sets(root).values():
        for entry in (*area_set.areas, *area_set.outside):
            area = Area(
                entry.code,
                entry.name,
                area_set.kind,
                area_set.edition,
                entry.parent,
                entry.spellings,
            )
            areas.append(area)
            places[id(area)] = (root / "areas" / f"{area_set.id}.yaml", entry.line)
    codes = {area.code for area in areas}
    faults = [Fault(*places[id(area)], words) for area, words in clashes(areas)]
    faults += [
        Fault(*places[id(area)], f"parent: no area has the code '{area.parent}'")
        for area in areas
        if area.parent and area.parent not in codes
    ]
    if faults:
        raise DefinitionFaults(faults)
    return gazetteer(areas)
