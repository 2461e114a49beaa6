"""Answers what is asked of the stations: one question to the database for each set told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from psycopg.errors import QueryCanceled
from sqlalchemy import ARRAY, BigInteger, Row, Select, func, literal, select, text, true
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from gis.errors import Missing, Rejected
from hazards.monitoring.models import Datastream
from hazards.monitoring.sensorthings import arrays
from hazards.monitoring.sensorthings.addresses import Address, Step
from hazards.monitoring.sensorthings.comparing import condition, ordering
from hazards.monitoring.sensorthings.kinds import KINDS, PLURALS, Kind, Link
from hazards.monitoring.sensorthings.options import Options

MOST_TOLD = 20_000
PATIENCE = text("SET LOCAL statement_timeout = '15s'")
LATEST_FIRST = ["phenomenonTime", "desc"]
SIGN_OF_ADDRESSES = "$(),/:'"
Entity = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads: a kind, and which rows of it by the way that came before."""

    kind: Kind
    link: Link | None = None
    own: Any = None
    id: int | None = None

    @property
    def many(self) -> bool:
        """Tell a set from a single one."""
        return self.id is None and (self.link is None or self.link.many)


@dataclass(slots=True)
class Looking:
    """One question: by whose transaction, and how addresses begin."""

    session: Session
    root: str
    told: int = field(default=0)

    def answer(self, address: Address, options: Options) -> Any:
        """Give what is at an address. Raises Missing where nothing is."""
        self.session.execute(PATIENCE)
        try:
            return self._answer(address, options)
        except OperationalError as error:
            if not isinstance(error.orig, QueryCanceled):
                raise
            raise Rejected(
                "This question takes too long. Ask of one Datastream, or of a shorter span."
            ) from error

    def _answer(self, address: Address, options: Options) -> Any:
        steps = list(address.steps)
        wanted = steps.pop() if self._is_property(steps) else None
        place = self._found(steps)
        if wanted:
            return self._property(place, wanted.name, bare=address.value)
        if place.many:
            path = "/".join(_step(step) for step in steps)
            return self._set(place, options, f"{self.root}/{path}", ref=address.ref)
        made = self._told(place.kind, self._rows(place, options), options)
        if not made:
            raise Missing("There is nothing at this address, or it lies outside your area.")
        return made[0]

    def _is_property(self, steps: Sequence[Step]) -> bool:
        kind = PLURALS.get(steps[0].name)
        for step in steps[1:]:
            if kind is None or step.name not in kind.links:
                return kind is not None and step is steps[-1] and step.name in kind.properties
            kind = KINDS[kind.links[step.name].kind]
        return False

    def _found(self, steps: Sequence[Step]) -> Place:
        """Follow an address; each thing on the way is looked up and has to be there."""
        first, *rest = steps
        if first.name not in PLURALS:
            raise Missing("There is nothing at {part}. Ids are whole numbers here.",
                          part=first.name[:60])  # fmt: skip
        place = Place(PLURALS[first.name], id=first.id)
        for step in rest:
            link = place.kind.links.get(step.name)
            if link is None or place.many or (step.id is not None and not link.many):
                raise Missing("There is nothing at {part}. Ids are whole numbers here.",
                              part=step.name[:60])  # fmt: skip
            place = Place(KINDS[link.kind], link, self._own(place, link.own), step.id)
        return place

    def _own(self, place: Place, column: str) -> Any:
        rows = place.kind.query.subquery()
        row = self.session.execute(self._at(select(rows.c[column]), place, rows)).first()
        if row is None:
            raise Missing("There is nothing at this address, or it lies outside your area.")
        return row[0]

    def _at(self, query: Select[Any], place: Place, rows: Any) -> Select[Any]:
        if place.link is not None:
            own = literal(place.own, BigInteger)
            query = query.where(place.link.meets(own, rows, each=True))
        return query if place.id is None else query.where(rows.c.id == place.id)

    def _property(self, place: Place, name: str, *, bare: bool) -> Any:
        if place.many:
            raise Missing("There is nothing at {part}. Ids are whole numbers here.", part=name)
        made = self._told(place.kind, self._rows(place, Options()), Options(select=(name,)))
        if not made:
            raise Missing("There is nothing at this address, or it lies outside your area.")
        return made[0].get(name) if bare else {name: made[0].get(name)}

    def _set(self, place: Place, options: Options, address: str, *, ref: bool) -> Entity:
        rows = self._rows(place, replace(options, top=options.top + 1))
        more, rows = len(rows) > options.top, rows[: options.top]
        answer: Entity = {}
        if options.count:
            answer["@iot.count"] = self._count(place, options)
        if more:
            answer["@iot.nextLink"] = f"{address}{'/$ref' if ref else ''}?{next_page(options)}"
        if options.arrays:
            return answer | {"value": self._arrays(place.kind, rows, options)}
        told = [{"@iot.selfLink": self._self(place.kind, row.id)} for row in rows] if ref else (
            self._told(place.kind, rows, options))  # fmt: skip
        return answer | {"value": told}

    def _arrays(self, kind: Kind, rows: Sequence[Row[Any]], options: Options) -> list[Entity]:
        if kind.name != "Observation" or options.expand:
            raise Rejected("Only Observations are told as data arrays, and without $expand.")
        return arrays.told(rows, self._told(kind, rows, options), self.root)

    def _count(self, place: Place, options: Options) -> int:
        rows = place.kind.query.subquery()
        query = self._at(select(func.count()).select_from(rows), place, rows)
        if options.filter is not None:
            query = query.where(condition(options.filter, place.kind, rows))
        return self.session.scalar(query) or 0

    def _rows(self, place: Place, options: Options) -> Sequence[Row[Any]]:
        rows = place.kind.query.subquery()
        query = self._at(_chosen(place.kind, rows, options), place, rows)
        if (since := self._since(place, options)) is not None:
            lately = self.session.execute(query.where(rows.c.phenomenonTime >= since)).all()
            if len(lately) == options.top:
                return lately
        return self.session.execute(query).all()

    def _since(self, place: Place, options: Options) -> datetime | None:
        """Give since when as many streams have spoken as Observations are asked for, latest first.

        So these lie after it, and nobody sorts a month of all streams to find them.
        """
        latest_of_all = place.kind.name == "Observation" and place.many and place.link is None
        if not latest_of_all or options.filter or options.order_words.split() != LATEST_FIRST:
            return None
        spoke = select(Datastream.last_at).where(Datastream.last_at.is_not(None))
        nth = spoke.order_by(Datastream.last_at.desc()).offset(options.skip + options.top - 1)
        return self.session.scalar(nth.limit(1))

    def _told(self, kind: Kind, rows: Sequence[Row[Any]], options: Options) -> list[Entity]:
        self.told += len(rows)
        if self.told > MOST_TOLD:
            raise Rejected("More than {most} things at once: ask for fewer with $top.",
                           most=MOST_TOLD)  # fmt: skip
        _check_names(kind, options)
        made = [self._entity(kind, row, options) for row in rows]
        for name, inner in options.expand.items():
            link = kind.links[name]
            self._expand(kind, name, link, inner, list(zip(rows, made, strict=True)))
        return made

    def _self(self, kind: Kind, number: int) -> str:
        return f"{self.root}/{kind.plural}({number})"

    def _entity(self, kind: Kind, row: Row[Any], options: Options) -> Entity:
        link, wanted = self._self(kind, row.id), set(options.select)
        made: Entity = {"@iot.id": row.id, "@iot.selfLink": link}
        known = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
        for name, one in kind.properties.items():
            if not wanted or name in wanted:
                made[name] = one.told(*(known[column] for column in one.columns))
        for name in kind.links:
            if (not wanted or name in wanted) and name not in options.expand:
                made[f"{name}@iot.navigationLink"] = f"{link}/{name}"
        return made

    def _expand(
        self, kind: Kind, name: str, link: Link, options: Options,
        pairs: Sequence[tuple[Row[Any], Entity]],
    ) -> None:  # fmt: skip
        """Put beside each what belongs to it, all with one question."""
        owned = {row._mapping[link.own] for row, _ in pairs} - {None}  # noqa: SLF001 - public name
        asked = replace(options, top=options.top + 1) if link.many else replace(options, top=1)
        found = self._found_for(link, sorted(owned), asked)
        counts = self._counts(link, sorted(owned), options) if link.many and options.count else {}
        kept = {own: rows[: options.top] for own, rows in found.items()}
        there = KINDS[link.kind]
        every = [row for rows in kept.values() for row in rows]
        told = iter(self._told(there, every, options))
        sets = {own: [next(told) for _ in rows] for own, rows in kept.items()}
        for row, entity in pairs:
            own = row._mapping[link.own]  # noqa: SLF001 - SQLAlchemy's public name for it
            members = sets.get(own, [])
            if not link.many:
                entity[name] = members[0] if members else None
                continue
            entity[name] = members
            if options.count:
                entity[f"{name}@iot.count"] = counts.get(own, 0)
            if len(found.get(own, [])) > options.top:
                address = f"{self._self(kind, row.id)}/{name}"
                entity[f"{name}@iot.nextLink"] = f"{address}?{next_page(options)}"

    def _found_for(
        self, link: Link, owned: Sequence[int], options: Options
    ) -> Mapping[int, Sequence[Row[Any]]]:
        kind = KINDS[link.kind]
        rows, asked = kind.query.subquery(), _given(owned)
        mine = link.meets(asked.c.own, rows, each=True)
        each = _chosen(kind, rows, options).where(mine).lateral()
        query = select(asked.c.own, *each.c).select_from(asked.join(each, true()))
        found: dict[int, list[Row[Any]]] = {}
        for row in self.session.execute(query) if owned else ():
            found.setdefault(row.own, []).append(row)
        return found

    def _counts(self, link: Link, owned: Sequence[int], options: Options) -> Mapping[int, int]:
        kind = KINDS[link.kind]
        rows, asked = kind.query.subquery(), _given(owned)
        counted = select(func.count().label("n")).where(link.meets(asked.c.own, rows, each=True))
        if options.filter is not None:
            counted = counted.where(condition(options.filter, kind, rows))
        each = counted.lateral()
        query = select(asked.c.own, each.c.n).select_from(asked.join(each, true()))
        return {row.own: row.n for row in self.session.execute(query)} if owned else {}


def _given(owned: Sequence[int]) -> Any:
    numbers = func.unnest(literal(list(owned), ARRAY(BigInteger)))
    return numbers.table_valued("own").render_derived()


def _chosen(kind: Kind, rows: Any, options: Options) -> Select[Any]:
    """Ask for a page of a kind's rows."""
    query = select(*rows.c)
    if options.filter is not None:
        query = query.where(condition(options.filter, kind, rows))
    for by, back in options.order:
        what = ordering(by, kind, rows)
        query = query.order_by(what.desc().nulls_last() if back else what.asc().nulls_last())
    last = ("id",) if options.order else kind.order
    query = query.order_by(*(rows.c[column] for column in last))
    return query.limit(options.top).offset(options.skip or None)


def _check_names(kind: Kind, options: Options) -> None:
    known = {"id", "@iot.id", *kind.properties, *kind.links}
    for name in options.select:
        if name not in known:
            raise Rejected("A {kind} has no {name} that can be asked for.",
                           kind=kind.name, name=name[:60])  # fmt: skip
    for name in options.expand:
        if name not in kind.links:
            raise Rejected("A {kind} has no {name} that can be asked for.",
                           kind=kind.name, name=name[:60])  # fmt: skip


def next_page(options: Options) -> str:
    """Give the options of the page after this one."""
    said = {
        "$filter": options.filter_words, "$orderby": options.order_words,
        "$select": ",".join(options.select), "$expand": options.expand_words,
        "$count": "true" if options.count else "",
        "$resultFormat": "dataArray" if options.arrays else "",
        "$top": str(options.top), "$skip": str(options.skip + options.top),
    }  # fmt: skip
    return urlencode({k: v for k, v in said.items() if v}, safe=SIGN_OF_ADDRESSES, quote_via=quote)


def _step(step: Step) -> str:
    return step.name if step.id is None else f"{step.name}({step.id})"
