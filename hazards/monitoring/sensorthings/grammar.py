"""Reads a $filter or $orderby as a tree: OData's words, bounded in length and depth. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from gis.errors import Rejected

LONGEST = 4_000
DEEPEST = 30
MOST_PLACES = 10_000
COMPARED = ("eq", "ne", "gt", "ge", "lt", "le")
BETWEEN = frozenset({*COMPARED, "and", "or", "not", "add", "sub", "mul", "div", "mod"})
"""Words that stand between values, and never as the name of a function or a property."""
WORD = re.compile(
    r"""\s*(?:
    (?P<shape>geography'(?:[^']|'')*'|geometry'(?:[^']|'')*')
    |(?P<text>'(?:[^']|'')*')
    |(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+\- ]\d\d:?\d\d))
    |(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<name>@?[A-Za-z_][\w.]*)
    |(?P<sign>[(),/])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A value as written; a pair of moments is a span."""

    value: str | float | bool | datetime | tuple[datetime, datetime] | BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Path:
    """A property, by way of others: `Datastream/Thing/name`."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator with what it is applied to."""

    name: str
    of: tuple["Node", ...]


Node = Said | Path | Call


class Token(NamedTuple):
    """A word and what kind of word it is."""

    kind: str
    word: str


END = Token("end", "")


def parsed(words: str) -> Node:
    """Read a whole filter. Raises Rejected with the place where it cannot be understood."""
    reader = _Reader(words)
    node = reader.either()
    reader.expect_end()
    return node


def parsed_order(words: str) -> list[tuple[Node, bool]]:
    """Read an order: what by, and whether the other way round."""
    reader = _Reader(words)
    order = [reader.ordered()]
    while reader.takes(","):
        order.append(reader.ordered())
    reader.expect_end()
    return order


def _tokens(words: str) -> Iterator[Token]:
    if len(words) > LONGEST:
        raise Rejected("This question is longer than {most} signs. Ask a shorter one.",
                       most=LONGEST)  # fmt: skip
    at, end = 0, len(words.rstrip())
    while at < end:
        found = WORD.match(words, at)
        if found is None or found.lastgroup is None:
            raise _misread(words[at:])
        yield Token(found.lastgroup, found.group(found.lastgroup))
        at = found.end()


class _Reader:
    """Goes through the words from left to right; `or` binds loosest, then `and`, then `not`."""

    def __init__(self, words: str) -> None:
        self._tokens = [*_tokens(words), END]
        self._at = 0
        self._depth = 0

    @property
    def next(self) -> Token:
        return self._tokens[self._at]

    def takes(self, *words: str) -> str | None:
        """Step over the next word if it is one of these, and give it."""
        if self.next.kind in {"name", "sign"} and self.next.word in words:
            self._at += 1
            return self._tokens[self._at - 1].word
        return None

    def expect(self, word: str) -> None:
        if not self.takes(word):
            raise _misread(self.next.word)

    def expect_end(self) -> None:
        if self.next is not END:
            raise _misread(self.next.word)

    def ordered(self) -> tuple[Node, bool]:
        by = self.sum()
        return by, self.takes("asc", "desc", "ASC", "DESC") in {"desc", "DESC"}

    def either(self) -> Node:
        node = self.both()
        while self.takes("or"):
            node = Call("or", (node, self.both()))
        return node

    def both(self) -> Node:
        node = self.negated()
        while self.takes("and"):
            node = Call("and", (node, self.negated()))
        return node

    def negated(self) -> Node:
        if self.takes("not"):
            self._deeper()
            node = Call("not", (self.negated(),))
            self._depth -= 1
            return node
        return self.compared()

    def compared(self) -> Node:
        left = self.sum()
        sign = self.takes(*COMPARED)
        return Call(sign, (left, self.sum())) if sign else left

    def sum(self) -> Node:
        node = self.product()
        while sign := self.takes("add", "sub"):
            node = Call(sign, (node, self.product()))
        return node

    def product(self) -> Node:
        node = self.single()
        while sign := self.takes("mul", "div", "mod"):
            node = Call(sign, (node, self.single()))
        return node

    def single(self) -> Node:
        if self.takes("("):
            self._deeper()
            node = self.either()
            self._depth -= 1
            self.expect(")")
            return node
        token = self.next
        self._at += token is not END
        if token.kind == "name":
            return self._named(token.word)
        if token.kind == "time":
            return self._moment(token.word)
        if token.kind in {"shape", "text", "number"}:
            return Said(_value(token))
        raise _misread(token.word)

    def _named(self, word: str) -> Node:
        if word in BETWEEN:
            raise _misread(word)
        if word in {"true", "false", "null"}:
            return Said(None if word == "null" else word == "true")
        if self.takes("("):
            return Call(word, tuple(self._arguments()))
        parts = [word]
        while self.takes("/"):
            if self.next.kind != "name":
                raise _misread(self.next.word)
            parts.append(self.next.word)
            self._at += 1
        return Path(tuple(parts))

    def _arguments(self) -> Iterator[Node]:
        self._deeper()
        while not self.takes(")"):
            yield self.either()
            if not self.takes(","):
                self.expect(")")
                break
        self._depth -= 1

    def _moment(self, word: str) -> Node:
        if self.takes("/"):
            until = self.next
            self._at += 1
            if until.kind != "time":
                raise _misread(until.word)
            return Said((_time(word), _time(until.word)))
        return Said(_time(word))

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Rejected("This question is nested deeper than {most}. Ask a flatter one.",
                           most=DEEPEST)  # fmt: skip


def _value(token: Token) -> str | float | BaseGeometry:
    if token.kind == "number":
        return float(token.word) if any(s in token.word for s in ".eE") else int(token.word)
    words = token.word[token.word.index("'") + 1 : -1].replace("''", "'")
    return words if token.kind == "text" else _shape(words)


def _time(word: str) -> datetime:
    try:
        # A plus sign in an address is a blank to whoever reads addresses by the book.
        return datetime.fromisoformat(word.replace(" ", "+").replace(",", "."))
    except ValueError:
        raise _misread(word) from None


def _shape(words: str) -> BaseGeometry:
    try:
        shape = shapely.from_wkt(words.split(";", 1)[-1])
    except shapely.errors.ShapelyError:
        raise _misread(words) from None
    if shapely.get_num_coordinates(shape) > MOST_PLACES:
        raise Rejected("This shape has more than {most} places. Ask with a simpler one.",
                       most=MOST_PLACES)  # fmt: skip
    if not shape.is_valid or shape.is_empty or shape.geom_type == "GeometryCollection":
        raise Rejected("This shape crosses itself or holds nothing. Correct it.")
    return shape


def _misread(rest: str) -> Rejected:
    return Rejected("The question cannot be understood from “{rest}” on.", rest=rest[:60] or "…")
