"""The arithmetic of an edition's own numbers: sums of the figures it quotes, columns it prints.

A sum is a line of text in a definition, such as "`staff-before` - `staff-after`". It is parsed, not
run: numbers, ids, + - * / and brackets are all that it may hold, and everything else is refused.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from bluelamp.plan.edition import Edition
from bluelamp.plan.quoted import Arithmetic, Quoted, Theme

LONGEST = 500
"""Characters of a sum; no plan prints a longer one, and a longer one could exhaust the parser."""

_BACKTICKED = re.compile(r"`([^`]*)`")
_SIGNS: dict[type[ast.operator], tuple[Callable[[float, float], float], str]] = {
    ast.Add: (operator.add, "+"),
    ast.Sub: (operator.sub, "\N{MINUS SIGN}"),
    ast.Mult: (operator.mul, "\N{MULTIPLICATION SIGN}"),
    ast.Div: (operator.truediv, "\N{DIVISION SIGN}"),
}


class NotArithmetic(ValueError):
    """A sum or a column that cannot be worked out; the message says what stands in the way."""


class Sum:
    """A sum from a definition, read once. Raises NotArithmetic for what is no sum.

    names   ids of the quoted figures in it, in order, each once.
    """

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise NotArithmetic(f"the sum has {len(text)} characters; at most {LONGEST} are read")
        self._ids: dict[str, str] = {}
        self._root = self._parse(_BACKTICKED.sub(self._stand_in, text), text)
        found = (self._id(node) for node in self._leaves(self._root) if isinstance(node, ast.Name))
        self.names = tuple(dict.fromkeys(found))

    def _stand_in(self, match: re.Match[str]) -> str:
        """Python has no names with hyphens, so an id in backticks is parsed under another name."""
        stand_in = f"_quoted_{len(self._ids)}"
        self._ids[stand_in] = match[1]
        return f" {stand_in} "

    def _id(self, node: ast.Name) -> str:
        return self._ids.get(node.id, node.id)

    @staticmethod
    def _parse(parsed: str, text: str) -> ast.expr:
        try:
            return ast.parse(parsed.strip(), mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            raise NotArithmetic(
                f"'{text}' is not a sum; write ids in backticks, numbers, + - * / and brackets"
            ) from error

    def _leaves(self, node: ast.expr) -> Iterator[ast.Name | ast.Constant]:
        """Names and numbers from left to right; raises NotArithmetic for anything else."""
        if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
            yield from self._leaves(node.left)
            yield from self._leaves(node.right)
        elif isinstance(node, ast.Name) or (isinstance(node, ast.Constant) and _is_number(node)):
            yield node
        else:
            raise NotArithmetic(
                f"'{ast.unparse(node)}' may not stand in a sum; it holds ids in backticks, "
                "numbers, + - * / and brackets"
            )

    def worked_out(self, values: Mapping[str, float]) -> float:
        """The result, with each id standing for its value.

        Raises NotArithmetic for an id without a value, a division by nought, and a result too
        large to write.
        """
        try:
            result = self._value(self._root, values)
        except ZeroDivisionError as error:
            raise NotArithmetic("the sum divides by nought") from error
        except OverflowError as error:
            raise NotArithmetic("the sum comes to more than can be written") from error
        if not math.isfinite(result):
            raise NotArithmetic("the sum comes to more than can be written")
        return result

    def _value(self, node: ast.expr, values: Mapping[str, float]) -> float:
        if isinstance(node, ast.BinOp):
            work, _ = _SIGNS[type(node.op)]
            return work(self._value(node.left, values), self._value(node.right, values))
        if isinstance(node, ast.Name):
            if self._id(node) not in values:
                raise NotArithmetic(
                    f"there is no quoted figure '{self._id(node)}' "
                    "(an id with hyphens stands in backticks)"
                )
            return float(values[self._id(node)])
        return _number(node)

    def written(self, figures: Mapping[str, str]) -> str:
        """The sum as people write it, each id as `figures` has it: "(75 + 21) ÷ 4"."""
        return self._written(self._root, figures)

    def _written(self, node: ast.expr, figures: Mapping[str, str]) -> str:
        if isinstance(node, ast.BinOp):
            left, right = (self._written(side, figures) for side in (node.left, node.right))
            if _binds_less(node.left, node.op):
                left = f"({left})"
            # 9 - (4 - 1) is not 9 - 4 - 1: a right side keeps its brackets at the same strength.
            if _binds_less(node.right, node.op) or _same_strength(node.right, node.op):
                right = f"({right})"
            return f"{left} {_SIGNS[type(node.op)][1]} {right}"
        return figures[self._id(node)] if isinstance(node, ast.Name) else f"{_number(node):,.15g}"


def _is_number(node: ast.Constant) -> bool:
    return type(node.value) in (int, float)  # not bool, which is an int


def _number(node: ast.expr) -> float:
    return float(ast.literal_eval(node))


def _strength(sign: ast.operator) -> int:
    return 2 if isinstance(sign, ast.Mult | ast.Div) else 1


def _binds_less(node: ast.expr, sign: ast.operator) -> bool:
    return isinstance(node, ast.BinOp) and _strength(node.op) < _strength(sign)


def _same_strength(node: ast.expr, sign: ast.operator) -> bool:
    return isinstance(node, ast.BinOp) and _strength(node.op) == _strength(sign)


def column_total(rows: Iterable[Mapping[str, str]], column: str) -> float:
    """A column of a printed table added up: "1,234" is read as people write it.

    Raises NotArithmetic for a column that is not there and a cell that is no number.
    """
    total = 0.0
    for number, row in enumerate(rows, 1):
        if column not in row:
            raise NotArithmetic(f"the table has no column '{column}'; it has {', '.join(row)}")
        total += _cell(row[column], f"row {number} of the column '{column}'")
    return total


def _cell(text: str | None, where: str) -> float:
    plain = (text or "").strip().replace(",", "").replace("\N{MINUS SIGN}", "-")
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", plain):
        raise NotArithmetic(f"{where} holds '{text or ''}', which is not a number")
    return float(plain)


def worked_out(edition: Edition, way: Arithmetic) -> float:
    """A figure made from the edition's other figures as printed, or from a table that it prints.

    Raises NotArithmetic where it cannot be.
    """
    if way.table:
        if way.table not in edition.tables:
            raise NotArithmetic(f"there is no tables/{way.table}.csv")
        if not edition.tables[way.table]:
            raise NotArithmetic(f"tables/{way.table}.csv has no rows")
        return column_total(edition.tables[way.table], way.column)
    return Sum(way.sum).worked_out({each.id: each.value for each in edition.quoted.values()})


def arithmetic_faults(edition: Edition) -> Iterator[tuple[Theme, Quoted, str]]:
    """Every quoted figure whose arithmetic cannot be done, and why: for `bluelamp check`.

    An unknown id, something other than a sum, a division by nought, an unknown table or column, a
    cell that is no number; and figures made from one another in a circle, which would prove
    nothing.
    """
    made_of = _made_of(edition)
    for theme in edition.themes:
        for figure in theme.figures:
            if figure.arithmetic is None:
                continue
            try:
                worked_out(edition, figure.arithmetic)
            except NotArithmetic as error:
                yield theme, figure, str(error)
            if (circle := _circle(figure.id, made_of)) is not None:
                chain = " from ".join(f"'{name}'" for name in (*circle, circle[0]))
                yield theme, figure, f"made in a circle, which proves nothing: {chain}"


def _made_of(edition: Edition) -> dict[str, tuple[str, ...]]:
    """The ids that each quoted figure with a readable sum is made from."""
    found = {}
    for figure in edition.quoted.values():
        if figure.arithmetic and figure.arithmetic.sum:
            try:
                found[figure.id] = Sum(figure.arithmetic.sum).names
            except NotArithmetic:
                continue  # told already, as a fault of the sum itself
    return found


def _circle(start: str, made_of: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """The shortest way from a figure back to itself, or None."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    for way in ways:
        for name in made_of.get(way[-1], ()):
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return None
