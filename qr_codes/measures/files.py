"""The YAML file of measure cards, read strictly: every slip is told with its line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError

from gis.errors import PlatformError, Rejected
from hazards.checklists.files import Code, Strict, Words
from hazards.checklists.rules import Mode

LONGEST_FILE = 500_000
Line = Annotated[str, Field(min_length=1, max_length=300)]
Place = tuple[int | str, ...]


class Source(Strict):
    """A published text, and what of it is followed."""

    code: Code
    title: Line
    publisher: Line
    year: int
    licence: Line
    note: Line


class Term(Strict):
    """A word of the file in both languages: a hazard, or who does a step."""

    code: Code
    zh: Line
    en: Line


class Unit(Strict):
    """What something is counted in; English needs no word for pieces."""

    zh: Line
    en: str = ""


class MaterialEntry(Term):
    """What is needed and kept, with what it is counted in and what lists call it."""

    unit: Unit
    words: tuple[Line, ...] = ()


class Step(Strict):
    """One thing to do, and which published texts say so."""

    who: Code
    zh: Line
    en: Line
    follows: tuple[Code, ...] = Field(min_length=1)


class Card(Strict):
    """What to do at some kinds of assets when one thing happens, in some modes."""

    code: Code
    assets: tuple[Code, ...] = Field(min_length=1)
    hazard: Code
    modes: tuple[Mode, ...] = Field(min_length=1)
    name: Words
    steps: tuple[Step, ...] = Field(min_length=1, max_length=12)
    materials: dict[Code, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)


class Book(Strict):
    """A whole file of cards."""

    name: Words
    day: date
    sources: tuple[Source, ...]
    doers: tuple[Term, ...]
    hazards: tuple[Term, ...]
    materials: tuple[MaterialEntry, ...]
    cards: tuple[Card, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong on a line of a file."""

    line: int
    reason: PlatformError


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says; with slips there is no book."""

    book: Book | None
    slips: Sequence[Slip]


def read(said: str, *, kinds: frozenset[str]) -> Read:
    """Read a file of cards for these kinds of assets, or say all that is wrong with it."""
    if len(said) > LONGEST_FILE:
        return Read(None, [Slip(1, Rejected("This file is too long to be a file of cards."))])
    try:
        raw = yaml.load(said, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError) as trouble:
        mark = getattr(trouble, "problem_mark", None)
        reason = Rejected("This is no YAML: {reason}", reason=getattr(trouble, "problem", trouble))
        return Read(None, [Slip(mark.line + 1 if mark else 1, reason)])
    try:
        book = Book.model_validate(raw)
    except ValidationError as trouble:
        found = [(tuple(one["loc"]), slip_of(one)) for one in trouble.errors()]
    else:
        found = [*doubled(book), *unknown(book, kinds), *clashing(book)]
        if not found:
            return Read(book, ())
    tree = yaml.compose(said, yaml.CSafeLoader)
    slips = [Slip(line_of(tree, place), reason) for place, reason in found]
    return Read(None, sorted(slips, key=lambda slip: slip.line))


def slip_of(error: Any) -> Rejected:
    """Say in our words what pydantic found."""
    where = " › ".join(str(step) for step in error["loc"]) or "?"
    if error["type"] == "missing":
        return Rejected("{where} is missing. Add it.", where=where)
    if error["type"] == "extra_forbidden":
        return Rejected("Nothing is called {where} here. Correct the word.", where=where)
    return Rejected("{where} does not fit: {reason}", where=where, reason=error["msg"])


def doubled(book: Book) -> Iterator[tuple[Place, Rejected]]:
    """Find codes that come twice in a part of the file."""
    for part in ("sources", "doers", "hazards", "materials", "cards"):
        seen: set[str] = set()
        for order, entry in enumerate(getattr(book, part)):
            if entry.code in seen:
                reason = Rejected("{code} stands here a second time. Keep one.", code=entry.code)
                yield (part, order, "code"), reason
            seen.add(entry.code)


def unknown(book: Book, kinds: frozenset[str]) -> Iterator[tuple[Place, Rejected]]:
    """Find words of cards that neither the file nor the registry explains."""
    known = {part: {one.code for one in getattr(book, part)}
             for part in ("sources", "doers", "hazards", "materials")}  # fmt: skip
    for place, part, word in named(book):
        if word not in (kinds if part == "assets" else known[part]):
            said = ", ".join(sorted(kinds if part == "assets" else known[part]))
            yield place, Rejected("Nobody knows {word} here. Known are: {known}.",
                                  word=word, known=said)  # fmt: skip


def named(book: Book) -> Iterator[tuple[Place, str, str]]:
    """Give every word of a card that is explained elsewhere: place, part, word."""
    for order, card in enumerate(book.cards):
        here = ("cards", order)
        yield (*here, "hazard"), "hazards", card.hazard
        for n, kind in enumerate(card.assets):
            yield (*here, "assets", n), "assets", kind
        for material in card.materials:
            yield (*here, "materials", material), "materials", material
        for n, step in enumerate(card.steps):
            yield (*here, "steps", n, "who"), "doers", step.who
            for m, source in enumerate(step.follows):
                yield (*here, "steps", n, "follows", m), "sources", source


def clashing(book: Book) -> Iterator[tuple[Place, Rejected]]:
    """Find cards of one name for the same kind, hazard and mode: nobody knows which one holds."""
    seen: dict[tuple[str, str, str, str], str] = {}
    for order, card in enumerate(book.cards):
        keys = {(a, card.hazard, m, card.name.zh) for a in card.assets for m in card.modes}
        twins = sorted({seen[key] for key in keys if key in seen})
        if twins:
            reason = Rejected("{code} says the same as {other}: make one of them.",
                              code=card.code, other=", ".join(twins))  # fmt: skip
            yield ("cards", order), reason
        seen |= dict.fromkeys(keys, card.code)


def line_of(node: yaml.Node | None, place: Place) -> int:
    """Give the line on which a place of the file stands, or the nearest that holds it."""
    line = node.start_mark.line + 1 if node else 1
    for step in place:
        if isinstance(node, yaml.MappingNode):
            pair = next((p for p in node.value if p[0].value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1 if node else line
        else:
            break
    return line
