"""The functions that a filter may use, each with what it takes and gives."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Double, Integer, Text, cast, extract, func, literal

from gis.errors import Rejected
from hazards.monitoring.sensorthings.kinds import Of

LONGEST_TEXT = 1_000_000
PATTERN = re.compile(r"^[012TF*]{9}$")

N, T, M, G, J = Of.NUMBER, Of.TEXT, Of.TIME, Of.SHAPE, Of.TRUTH


@dataclass(frozen=True, slots=True)
class Value:
    """A value in SQL, of which kind, and as it was written if it was."""

    of: Of
    sql: Any
    said: Any = None


@dataclass(frozen=True, slots=True)
class Function:
    """What a function takes (in one or several ways), what it gives, and how it is asked."""

    takes: tuple[tuple[Of, ...], ...]
    gives: Of
    sql: Callable[..., Any]


def _of(gives: Of, sql: Callable[..., Any], *takes: Of) -> Function:
    return Function((takes,), gives, sql)


def _part(name: str) -> Function:
    return _of(N, lambda at: cast(extract(name, func.timezone("UTC", at)), Double), M)


def _between(name: str) -> Function:
    test = getattr(func, name)
    return _of(J, test, G, G)


def _ends(text: Any, end: Any) -> Any:
    return func.right(text, func.length(end)) == end


def _piece(text: Any, begin: Any, count: Any = None) -> Any:
    if count is None:
        return func.substr(text, _whole(begin) + 1)
    return func.substr(text, _whole(begin) + 1, _whole(count))


def _whole(number: Any) -> Any:
    return cast(func.least(func.greatest(number, 0), LONGEST_TEXT), Integer)


def _relate(left: Any, right: Any, pattern: Any) -> Any:
    if not PATTERN.match(str(getattr(pattern, "value", ""))):
        raise Rejected("A pattern of st_relate has nine signs of 0, 1, 2, T, F and *.")
    return func.ST_Relate(left, right, pattern)


FUNCTIONS: Mapping[str, Function] = {
    "substringof": _of(J, lambda part, text: func.strpos(text, part) > 0, T, T),
    "contains": _of(J, lambda text, part: func.strpos(text, part) > 0, T, T),
    "startswith": _of(J, func.starts_with, T, T),
    "endswith": _of(J, _ends, T, T),
    "length": _of(N, lambda text: cast(func.length(text), Double), T),
    "indexof": _of(N, lambda text, part: cast(func.strpos(text, part) - 1, Double), T, T),
    "substring": Function(((T, N), (T, N, N)), T, _piece),
    "tolower": _of(T, func.lower, T),
    "toupper": _of(T, func.upper, T),
    "trim": _of(T, func.btrim, T),
    "concat": _of(T, lambda a, b: cast(func.concat(a, b), Text), T, T),
    **{name: _part(name) for name in ("year", "month", "day", "hour", "minute")},
    "second": _of(N, lambda at: func.floor(cast(extract("second", at), Double)), M),
    "fractionalseconds": _of(N, lambda at: cast(func.mod(extract("second", at), 1), Double), M),
    "date": _of(T, lambda at: func.to_char(func.timezone("UTC", at), "YYYY-MM-DD"), M),
    "time": _of(T, lambda at: func.to_char(func.timezone("UTC", at), "HH24:MI:SS.MS"), M),
    "totaloffsetminutes": _of(N, lambda _: literal(0.0, Double), M),
    "now": _of(M, func.now),
    "mindatetime": _of(M, lambda: literal(datetime(1, 1, 1, tzinfo=UTC))),
    "maxdatetime": _of(M, lambda: literal(datetime(9999, 12, 31, tzinfo=UTC))),
    "round": _of(N, lambda n: func.round(cast(n, Double)), N),
    "floor": _of(N, func.floor, N),
    "ceiling": _of(N, func.ceil, N),
    "geo.distance": _of(N, func.ST_Distance, G, G),
    "geo.length": _of(N, func.ST_Length, G),
    "geo.intersects": _between("ST_Intersects"),
    **{
        name.lower(): _between(name)
        for name in ("ST_Equals", "ST_Disjoint", "ST_Touches", "ST_Within", "ST_Overlaps",
                     "ST_Crosses", "ST_Intersects", "ST_Contains")
    },
    "st_relate": _of(J, _relate, G, G, T),
}  # fmt: skip
