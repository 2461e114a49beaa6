"""The chain table, a YAML file: what follows from what, read strictly."""

from collections.abc import Iterator
from datetime import date
from string import Formatter
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError

from gis.errors import Rejected
from hazards.checklists.files import Code, Strict, Words

LONGEST_FILE = 500_000
PLACES = frozenset({"from", "to", "distance", "within", "along", "rain", "side"})
Line = Annotated[str, Field(min_length=1, max_length=300)]
Metres = Annotated[float, Field(gt=0, le=50_000)]
Rule = Literal["near", "inside", "river", "network"]


class Source(Strict):
    """Who says so."""

    code: Code
    title: Line
    note: Line


class Kind(Strict):
    """Something that a chain meets; with `cut` nobody passes there any more."""

    code: Code
    name: Words
    points: tuple[Code, ...] = ()
    assets: tuple[Code, ...] = ()
    water: bool = False
    settlements: bool = False
    cut: bool = False
    hazards: tuple[Code, ...] = ()


class Amount(Strict):
    """So much rain in so many hours."""

    mm: Annotated[float, Field(gt=0, le=2_000)]
    hours: Annotated[float, Field(gt=0, le=240)]


class Link(Strict):
    """One thing follows from another, under a rule."""

    from_: Annotated[Code, Field(alias="from")]
    to: Code
    rule: Rule
    relation: Words
    why: Words
    source: Code
    within_m: Metres | None = None
    along_m: Metres | None = None
    rain: tuple[Amount, ...] = ()
    matter: str = ""
    up: Words | None = None
    down: Words | None = None
    """What happens above and below on the river; with one of them the other side is left out."""

    @property
    def code(self) -> str:
        """Name the link."""
        return f"{self.from_}>{self.to}"


class Table(Strict):
    """A whole file of chains."""

    name: Words
    day: date
    sources: tuple[Source, ...]
    kinds: tuple[Kind, ...] = Field(min_length=1)
    links: tuple[Link, ...] = Field(min_length=1)

    def kind(self, code: str) -> Kind:
        """Give what a chain meets under a code."""
        return next(one for one in self.kinds if one.code == code)

    def of_hazard(self, hazard_type: str) -> Kind | None:
        """Give the kind at which a hazard begins."""
        return next((one for one in self.kinds if hazard_type in one.hazards), None)


def read(said: str) -> Table:
    """Read a file of chains. Raises Rejected with the first slip and where it stands."""
    if len(said) > LONGEST_FILE:
        raise Rejected("This file is too long to be a table of chains.")
    try:
        table = Table.model_validate(yaml.load(said, yaml.CSafeLoader))
    except (yaml.YAMLError, ValueError) as trouble:
        if not isinstance(trouble, ValidationError):
            reason = getattr(trouble, "problem", trouble)
            raise Rejected("This is no YAML: {reason}", reason=reason) from None
        error = trouble.errors()[0]
        where = " › ".join(str(step) for step in error["loc"]) or "?"
        raise Rejected("{where} does not fit: {reason}", where=where, reason=error["msg"]) from None
    for slip in slips(table):
        raise slip
    return table


def slips(table: Table) -> Iterator[Rejected]:
    """Find what is said twice, what nobody explains, and links without what their rule needs."""
    for part in (table.kinds, table.sources, table.links):
        codes = [one.code for one in part]
        for code in codes:
            if codes.count(code) > 1:
                yield Rejected("{code} stands here a second time. Keep one.", code=code)
    kinds, sources = ({one.code for one in part} for part in (table.kinds, table.sources))
    for link in table.links:
        for word, known in ((link.from_, kinds), (link.to, kinds), (link.source, sources)):
            if word not in known:
                said = ", ".join(sorted(known))
                yield Rejected("Nobody knows {word} here. Known are: {known}.",
                               word=word, known=said)  # fmt: skip
        needs = {"near": ("within_m",), "river": ("within_m", "along_m"), "network": ("within_m",)}
        for name in needs.get(link.rule, ()):
            if getattr(link, name) is None:
                yield Rejected("{where} is missing. Add it.", where=f"{link.code} › {name}")
        if not places(link.why.zh) | places(link.why.en) <= PLACES:
            yield Rejected("{where} does not fit: {reason}", where=f"{link.code} › why",
                           reason=", ".join(sorted(PLACES)))  # fmt: skip


def places(sentence: str) -> set[str]:
    """Name the places of a sentence that figures fill; what is more than a name is none of them."""
    try:
        parts = list(Formatter().parse(sentence))
    except ValueError:
        return {sentence}
    return {
        field if not (form or turned) else sentence
        for _, field, form, turned in parts
        if field is not None
    }
