"""A filter's tree as SQL: each value bound, each property looked up by its name in the kind."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Text,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.errors import Rejected
from gis.store.base import WGS84
from hazards.monitoring.sensorthings.functions import FUNCTIONS, Value
from hazards.monitoring.sensorthings.grammar import COMPARED, Call, Node, Path, Said
from hazards.monitoring.sensorthings.kinds import KINDS, Kind, Of

IDS = frozenset({"id", "@iot.id"})
MOST_NODES = 200
Sign = Callable[[Any, Any], Any]
SIGNS: Mapping[str, Sign] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a.is_distinct_from(b),
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
}
SUMS: Mapping[str, Sign] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / func.nullif(b, 0),
    "mod": lambda a, b: a - b * func.trunc(a / func.nullif(b, 0)),
}
JSON_TYPES = {Of.TEXT: "string", Of.NUMBER: "number", Of.TRUTH: "boolean"}


@dataclass(frozen=True, slots=True)
class Sight:
    """A kind and the rows in which its properties are looked up."""

    kind: Kind
    rows: FromClause


Bound = dict[tuple[str, ...], Sight]
"""Which rows each way leads to: none for the set itself."""


def condition(node: Node, kind: Kind, rows: FromClause) -> ColumnElement[bool]:
    """Give a filter as a condition on rows of a kind. Raises Rejected for what is not known."""
    if sum(1 for _ in _nodes(node)) > MOST_NODES:
        raise Rejected("This question has more than {most} parts. Ask a shorter one.",
                       most=MOST_NODES)  # fmt: skip
    return _truth(node, {(): Sight(kind, rows)})


def ordering(node: Node, kind: Kind, rows: FromClause) -> ColumnElement[Any]:
    """Give what to order by; only what each member has once."""
    for path in _paths(node):
        here = kind
        for part in path.parts[:-1]:
            link = here.links.get(part)
            if link is None:
                break  # a part of a JSON property
            if link.many:
                raise Rejected("{name} are many: order by what is there once.", name=part)
            here = KINDS[link.kind]
    if ways := sorted({way for path in _paths(node) for way in _ways(path, kind)}, key=len):
        return _through(node, ways, {(): Sight(kind, rows)})
    return _ordered(_value(node, {(): Sight(kind, rows)}))


def _ordered(value: Value) -> ColumnElement[Any]:
    by: ColumnElement[Any] = value.sql[0] if value.of is Of.SPAN else value.sql
    return by


def _through(node: Node, ways: list[tuple[str, ...]], bound: Bound) -> ColumnElement[Any]:
    """Look up along ways that lead to one each."""
    if not ways:
        return _ordered(_value(node, bound))
    here, link, there = _step(ways[0], bound)
    inner = _through(node, ways[1:], bound | {ways[0]: there})
    found = select(inner).where(link.meets(here.rows.c[link.own], there.rows))
    return found.limit(1).scalar_subquery()


def _truth(node: Node, bound: Bound) -> ColumnElement[bool]:
    if isinstance(node, Call) and node.name in {"and", "or"}:
        join = and_ if node.name == "and" else or_
        return join(*(_truth(one, bound) for one in node.of))
    if isinstance(node, Call) and node.name == "not":
        return not_(func.coalesce(_truth(node.of[0], bound), false()))
    kind = bound[()].kind
    ways = {way for path in _paths(node) for way in _ways(path, kind)}
    return _leaf(node, sorted(ways, key=len), bound)


def _leaf(node: Node, ways: list[tuple[str, ...]], bound: Bound) -> ColumnElement[bool]:
    """Tell whether a comparison holds for something that its ways lead to."""
    if ways:
        here, link, there = _step(ways[0], bound)
        held = _leaf(node, ways[1:], bound | {ways[0]: there})
        return exists().where(link.meets(here.rows.c[link.own], there.rows), held)
    if isinstance(node, Call) and node.name in COMPARED:
        return _compared(node.name, *(_value(one, bound) for one in node.of))
    value = _value(node, bound)
    if value.of is not Of.TRUTH:
        raise Rejected("A filter is something that is true or false: compare it with eq, lt, gt.")
    told: ColumnElement[bool] = value.sql
    return told


def _step(way: tuple[str, ...], bound: Bound) -> tuple[Sight, Any, Sight]:
    here = bound[way[:-1]]
    link = here.kind.links[way[-1]]
    kind = KINDS[link.kind]
    return here, link, Sight(kind, kind.query.subquery())


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Call):
        for one in node.of:
            yield from _nodes(one)


def _paths(node: Node) -> Iterator[Path]:
    return (one for one in _nodes(node) if isinstance(one, Path))


def _ways(path: Path, kind: Kind) -> Iterator[tuple[str, ...]]:
    """Give each way along a path: `Thing`, then `Thing/Locations`."""
    for at, part in enumerate(path.parts[:-1], 1):
        if part not in kind.links:
            return
        kind = KINDS[kind.links[part].kind]
        yield path.parts[:at]


def _value(node: Node, bound: Bound) -> Value:
    if isinstance(node, Said):
        return _said(node)
    if isinstance(node, Path):
        return _property(node, bound)
    given = [_value(one, bound) for one in node.of]
    if node.name in SUMS:
        a, b = (_as(value, Of.NUMBER) for value in given)
        return Value(Of.NUMBER, SUMS[node.name](cast(a, Double), cast(b, Double)))
    if node.name in COMPARED:
        return Value(Of.TRUTH, _compared(node.name, *given))
    if node.name in {"and", "or", "not"}:
        return Value(Of.TRUTH, _truth(node, bound))
    known = FUNCTIONS.get(node.name)
    if known is None:
        raise Rejected("There is no function {name} here.", name=node.name[:60])
    if len(given) not in {len(takes) for takes in known.takes}:
        raise Rejected("The function {name} takes another number of values.", name=node.name)
    takes = next(takes for takes in known.takes if len(takes) == len(given))
    return Value(known.gives, known.sql(*map(_as, given, takes)))


def _said(node: Said) -> Value:  # noqa: PLR0911 - one for each kind of value
    value = node.value
    if value is None:
        return Value(Of.OTHER, None)
    if isinstance(value, bool):
        return Value(Of.TRUTH, true() if value else false(), value)
    if isinstance(value, str):
        return Value(Of.TEXT, literal(value.replace("\0", ""), Text), value)
    if isinstance(value, datetime):
        return Value(Of.TIME, literal(value), value)
    if isinstance(value, BaseGeometry):
        return Value(Of.SHAPE, from_shape(value, srid=WGS84))
    if isinstance(value, tuple):
        return Value(Of.SPAN, tuple(literal(one) for one in value), value)
    if abs(value) > 1e300 or not math.isfinite(value):
        raise Rejected("A number is too large. Ask with a smaller one.")
    return Value(Of.NUMBER, literal(float(value), Double), value)


def _property(path: Path, bound: Bound) -> Value:
    way = max((w for w in bound if path.parts[: len(w)] == w and len(w) < len(path.parts)), key=len)
    sight, (name, *inner) = bound[way], path.parts[len(way) :]
    if name in IDS and not inner:
        return Value(Of.NUMBER, sight.rows.c.id)
    known = sight.kind.properties.get(name)
    if known is None or (inner and known.of is not Of.JSON) or known.of is Of.OTHER:
        raise Rejected("A {kind} has no {name} that can be asked for.",
                       kind=sight.kind.name, name="/".join((name, *inner))[:60])  # fmt: skip
    columns = tuple(sight.rows.c[column] for column in known.columns)
    if known.of is Of.JSON and inner:
        return Value(Of.JSON, columns[0][tuple(inner)])
    return Value(known.of, columns if known.of is Of.SPAN else columns[0])


def _as(value: Value, of: Of) -> Any:
    """Give a value as what a function takes."""
    if value.of is of:
        return value.sql
    if value.of is Of.JSON and of is Of.TEXT:
        return func.jsonb_build_array(value.sql).op("->>")(0)
    if value.of is Of.SPAN and of is Of.TIME:
        return value.sql[0]
    raise Rejected("A {given} stands where a {wanted} is needed.", given=value.of, wanted=of)


def _compared(name: str, left: Value, right: Value) -> ColumnElement[bool]:
    if left.sql is None or right.sql is None:
        return _with_nothing(name, right if left.sql is None else left)
    if Of.JSON in {left.of, right.of}:
        return _with_json(name, left, right)
    if Of.SPAN in {left.of, right.of}:
        return _with_span(name, left, right)
    if left.of is not right.of or left.of in {Of.SHAPE, Of.OTHER}:
        raise Rejected("A {left} cannot be compared with a {right}.", left=left.of, right=right.of)
    made: ColumnElement[bool] = SIGNS[name](left.sql, right.sql)
    return made


def _with_nothing(name: str, value: Value) -> ColumnElement[bool]:
    if name not in {"eq", "ne"}:
        raise Rejected("With null only eq and ne can be asked.")
    sql: ColumnElement[Any] | None = _ordered(value) if value.sql is not None else None
    if sql is None:
        return true() if name == "eq" else false()
    return sql.is_(None) if name == "eq" else sql.is_not(None)


def _with_json(name: str, left: Value, right: Value) -> ColumnElement[bool]:
    """Compare a part of a JSON property with a value of the same type."""
    sides, types = [], []
    for value in (left, right):
        if value.of is not Of.JSON and value.of not in JSON_TYPES:
            raise Rejected("A {left} cannot be compared with a {right}.",
                           left=left.of, right=right.of)  # fmt: skip
        sides.append(value.sql if value.of is Of.JSON else func.to_jsonb(value.sql, type_=JSONB))
        types += [JSON_TYPES[value.of]] if value.of in JSON_TYPES else []
    held = SIGNS[name](*sides)
    alike = [func.jsonb_typeof(side) == kind for side in sides for kind in types]
    return held if name == "ne" else and_(held, *alike)


def _with_span(name: str, left: Value, right: Value) -> ColumnElement[bool]:
    """Compare spans and moments: one is before another when its end is before the other's begin."""
    if {left.of, right.of} - {Of.SPAN, Of.TIME}:
        raise Rejected("A {left} cannot be compared with a {right}.", left=left.of, right=right.of)
    (first, last), (begin, end) = (
        value.sql if value.of is Of.SPAN else (value.sql, value.sql) for value in (left, right)
    )
    held: dict[str, ColumnElement[bool]] = {
        "lt": last < begin, "le": last <= begin, "gt": first > end, "ge": first >= end,
        "eq": and_(first >= begin, last <= end), "ne": or_(first < begin, last > end),
    }  # fmt: skip
    return held[name]
