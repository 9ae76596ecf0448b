"""JSON lists of records, and GeoJSON: one row per record or feature, keys as columns.

Keys inside keys are joined with dots (`location.street.id`). Values become text: numbers as they
are written in a list of records, lists as JSON. A feature's shape is one more column, `geometry`,
as GeoJSON text. `line` is the number of the record or feature, from 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bluelamp.evidence.opening.delimited import decode
from bluelamp.evidence.opening.table import CannotOpen, Table, distinct, text_table
from bluelamp.evidence.receipt import Refusal

# A CSV may begin with a bracket too; JSON goes on with one of these.
BEGINS = re.compile(rb'^(?:\xef\xbb\xbf)?\s*(?:\[\s*[\[{\]"]|\{\s*["}])')
AGAIN = "download it again from its publisher"


def is_json(data: bytes) -> bool:
    return BEGINS.match(data[:4096]) is not None


def open_json(data: bytes) -> Table:
    """The table in JSON or GeoJSON bytes; raises CannotOpen."""
    text = decode(data)
    shapes = '"FeatureCollection"' in text or '"Feature"' in text
    document = _parse(text, shapes=shapes)
    if isinstance(document, dict):
        kind = document.get("type")
        if kind == "FeatureCollection" and isinstance(document.get("features"), list):
            return _features(document["features"])
        if kind == "Feature":
            return _features([document])
        if kind == "Topology":
            raise CannotOpen("this is TopoJSON; convert it to GeoJSON first")
    return _records(_only_list(document))


def _parse(text: str, *, shapes: bool) -> Any:
    # Numbers stay as they are written, save in GeoJSON, where shapes are written out again.
    exact: dict[str, Any] = {} if shapes else {"parse_float": str, "parse_int": str}
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=str, **exact)
    except json.JSONDecodeError as error:
        raise CannotOpen(
            f"line {error.lineno}: the JSON cannot be read ({error.msg}); it may have been cut "
            f"off: {AGAIN}"
        ) from error
    except (RecursionError, ValueError) as error:  # nested 1,000 deep; a number of 5,000 digits
        raise CannotOpen(
            f"the JSON is nested too deeply or holds an endless number; {AGAIN}"
        ) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key that stands twice is numbered, where JSON would lose the first unseen."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    return dict(zip(distinct(key for key, _ in pairs), (v for _, v in pairs), strict=True))


def _only_list(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    lists = {
        key: value
        for key, value in document.items()
        if isinstance(value, list) and any(isinstance(record, dict) for record in value)
    }
    if len(lists) > 1:
        raise CannotOpen(
            f"the JSON holds more than one list of records ({', '.join(lists)}); save each as a "
            "file of its own"
        )
    if not lists:
        raise CannotOpen("the JSON holds no list of records; it is no table")
    return next(iter(lists.values()))


def _records(found: list[Any]) -> Table:
    if not found:
        raise CannotOpen("the list in the JSON file is empty: there is no record in it")
    refusals = [
        Refusal(number, f"record {number} is a single value where the others have named values")
        for number, record in enumerate(found, 1)
        if not isinstance(record, dict)
    ]
    kept = [(n, record) for n, record in enumerate(found, 1) if isinstance(record, dict)]
    if not kept:
        raise CannotOpen("the JSON is a list of single values, not of records; it is no table")
    flat = [(number, list(_flat(record))) for number, record in kept]
    return _table(flat, refusals, "json")


def _features(found: list[Any]) -> Table:
    if not found:
        raise CannotOpen("the GeoJSON file holds no feature")
    refusals: list[Refusal] = []
    flat: list[tuple[int, list[tuple[str, str | None]]]] = []
    for number, feature in enumerate(found, 1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
            refusals.append(Refusal(number, f"feature {number} is no GeoJSON feature"))
            continue
        shape = feature.get("geometry")
        cells = [("geometry", None if shape is None else _as_json(shape))]
        cells += _flat(feature.get("properties") or {})
        if "id" in feature and "id" not in dict(cells):
            cells.append(("id", _cell(feature["id"])))
        flat.append((number, cells))
    if not flat:
        raise CannotOpen("none of the GeoJSON file's features has the form of one")
    return _table(flat, refusals, "geojson")


def _flat(record: dict[str, Any], above: str = "") -> Iterator[tuple[str, str | None]]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{_whole(key).strip()}.")
        else:
            yield f"{above}{_whole(key).strip()}", _cell(value)


def _as_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _cell(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else _as_json(value)
    return _whole(text)


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs: JSON can name them, and no text can hold them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _table(
    flat: list[tuple[int, list[tuple[str, str | None]]]], refusals: Sequence[Refusal], kind: str
) -> Table:
    """Columns are all keys of all records, in the order in which they first come."""
    order: dict[str, int] = {}
    rows: list[dict[int, str | None]] = []
    for _, cells in flat:
        # A name that comes twice in one record ("a.b", and "b" inside "a") is two columns.
        keys = [key for key, _ in cells]
        if len(set(keys)) < len(keys) or "line" in keys:
            keys = list(distinct(keys))
        rows.append(
            {
                order.setdefault(key, len(order)): value
                for key, (_, value) in zip(keys, cells, strict=True)
            }
        )
    header = tuple(order)
    records = [[row.get(i) for i in range(len(header))] for row in rows]
    return text_table(header, [number for number, _ in flat], records, refusals, kind)
