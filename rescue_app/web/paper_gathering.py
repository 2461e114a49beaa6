"""Reads what cards need, through the eyes of whoever asks: first for whom, then what they say.

A district's cards are gathered and set a lot at a time, so that none is too many.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.errors import Rejected
from hazards.duty.owners import Owners
from hazards.points import service as points
from hazards.points import types
from hazards.points.models import HazardPoint
from rescue_app.papers import notes, repository, rules, service
from rescue_app.papers.asked import Asked, Paper
from rescue_app.papers.notes import Held, Key
from rescue_app.papers.printing import Sheet
from rescue_app.papers.rules import Kind, Standing, Whose
from rescue_app.web import paper_cards
from rescue_app.web.paper_cards import Print
from rescue_app.web.points_view import area_names, prefixes

MOST, PER_FILE = 100_000, 1_000
CURRENT = Standing.CURRENT
STREET_DEPTH = 3
"""City, district, street: below it nobody hands out apart."""


@dataclass(frozen=True, slots=True)
class One:
    """Whose card is to be made: of a household at a point, or of those in charge of one."""

    area_path: str
    point_id: UUID
    household_id: UUID | None = None
    count: int = 1

    @property
    def street(self) -> str:
        """Give the path of the street, or of the area where the ledger knows none."""
        return prefixes(self.area_path)[:STREET_DEPTH][-1]


Ones = Sequence[One]


@dataclass(frozen=True, slots=True)
class Lot:
    """Cards that are set as one file; with `handed` only those that say something else by now."""

    ones: Sequence[One]
    reach_m: int
    handed: Mapping[Key, Held] | None = None

    @property
    def count(self) -> int:
        """Tell how many cards there are."""
        return sum(one.count for one in self.ones)


def lots(session: Session, asked: Asked) -> list[Lot]:
    """Tell for whom cards are asked: in one lot, or where that is too many street by street."""
    service.checked_reach(asked.reach_m)
    found = printed_again(session, asked) if asked.again else [whole(session, asked)]
    if sum(lot.count for lot in found) > MOST:
        raise Rejected("More than {most} cards at once: choose a district or a street.",
                       most=f"{MOST:,}")  # fmt: skip
    return [part for lot in found if lot.ones for part in cut(lot)]


def whole(session: Session, asked: Asked) -> Lot:
    """Give everybody that is asked for."""
    read = households if asked.paper == Paper.REFUGE else in_charge
    return Lot(read(session, asked), asked.reach_m)


def printed_again(session: Session, asked: Asked) -> list[Lot]:
    """Give those who have a card, by the reach that their cards were printed for."""
    held = notes.held(session, asked, most=MOST + 1)
    found = []
    for reach_m in sorted({one.reach_m for one in held.values()}):
        here = {key: one for key, one in held.items() if one.reach_m == reach_m}
        lot = whole(session, replace(asked, reach_m=reach_m))
        known = {key.point_id or key.whose.household_id for key in here}
        ones = [one for one in lot.ones if (one.household_id or one.point_id) in known]
        found.append(Lot(ones, reach_m, here))
    return found


def street_name(session: Session, lot: Lot, now: datetime) -> str:
    """Name the street that a lot lies in."""
    path = lot.ones[0].street
    return area_names(session, {path}, now)[path]


def cut(lot: Lot) -> Iterator[Lot]:
    """Cut a lot into what a file holds, no street beside another."""
    if lot.count <= PER_FILE:
        yield lot
        return
    part: list[One] = []
    for one in sorted(lot.ones, key=lambda one: one.street):
        other = part and part[-1].street != one.street
        if other or sum(each.count for each in part) + one.count > PER_FILE:
            yield replace(lot, ones=part)
            part = []
        part.append(one)
    yield replace(lot, ones=part)


def households(session: Session, asked: Asked) -> list[One]:
    """Give each household that a point reaches."""
    found = repository.pairs(
        session, reach_m=asked.reach_m, most=MOST + 1, under=asked.under,
        point_id=UUID(asked.point_id) if asked.point_id else None,
    )  # fmt: skip
    wanted = [one for one in found if asked.only in ("", str(one.household_id))]
    return [One(one.area_path, one.point_id, one.household_id) for one in wanted]


def in_charge(session: Session, asked: Asked) -> list[One]:
    """Give each point with people in charge of it."""
    found: Sequence[Any] = (
        [points.visible(session, UUID(asked.point_id))] if asked.point_id
        else repository.in_charge(session, asked.under, most=MOST + 1)
    )  # fmt: skip
    counted = ((one, len(service.holders_of(one))) for one in found)
    return [One(one.area_path, one.id, None, many) for one, many in counted if many]


def sheets(session: Session, asked: Asked, lot: Lot, *, now: datetime) -> list[Sheet]:
    """Give the cards of a lot that are to be printed."""
    found = all_of(session, asked, lot, now=now)
    if lot.handed is None:
        return found
    return [one for one, _, standing in compared(found, lot.handed) if standing != CURRENT]


def all_of(session: Session, asked: Asked, lot: Lot, *, now: datetime) -> list[Sheet]:
    """Give the cards of a lot, whoever has one already."""
    read = refuge if asked.paper == Paper.REFUGE else work
    return read(session, replace(asked, reach_m=lot.reach_m), lot.ones, now=now)


def compared(
    found: Sequence[Sheet], handed: Mapping[Key, Held]
) -> Iterator[tuple[Sheet, Held, Standing]]:
    """Put beside each card the one that was handed out, and how that stands to it."""
    for one in found:
        held = handed.get(notes.key_of(one.whose, one.point_id))
        if held is not None:
            yield one, held, rules.standing(held.state, one.state)


def refuge(session: Session, asked: Asked, lot: Ones, *, now: datetime) -> list[Sheet]:
    """Give a card for each household."""
    known = [repository.Pair(one.household_id, one.point_id, one.area_path)
             for one in lot if one.household_id]  # fmt: skip
    homes = repository.reached(session, known)
    places = [(one.point.id, one.household.place) for one in homes]
    shelters = repository.shelters(session, places, reach_m=asked.reach_m)
    on = shared(session, (one.point for one in homes), asked, now=now)
    return [
        Sheet(
            paper_cards.refuge(one.household, one.point, shelter, on=on,
                               number=asked.number_at(one.household.area_path)),
            one.point.id, one.point.area_path, Whose(Kind.REFUGE, one.household.id),
            f"{one.household.head} · {one.point.name}",
        )
        for one, shelter in zip(homes, shelters, strict=True)
    ]  # fmt: skip


def work(session: Session, asked: Asked, lot: Ones, *, now: datetime) -> list[Sheet]:
    """Give a card for each person in charge of a point or watching it."""
    found = repository.points_of(session, [one.point_id for one in lot])
    places = [(one.id, one.place) for one in found]
    shelters = repository.shelters(session, places, reach_m=asked.reach_m)
    watched = repository.watched(session, found, area_path=asked.under)
    owners, on = Owners(session, day_of(now)), shared(session, found, asked, now=now)
    made = []
    for point, shelter in zip(found, shelters, strict=True):
        owner = owners.of_point(hazard_type=point.hazard_type, category=point.category,
                                area_path=point.area_path)  # fmt: skip
        holders = [one for one in service.holders_of(point) if asked.only in ("", one.name)]
        number, called = asked.number_at(point.area_path), paper_cards.callees(point, owner)
        made += [
            Sheet(
                paper_cards.work(one, point, shelter, called=called, number=number, on=on,
                                 watch=watched[point.category, point.hazard_type]),
                point.id, point.area_path, Whose(Kind.WORK, None, one.name),
                f"{one.name} · {point.name}",
            )
            for one in holders
        ]  # fmt: skip
    return made


def shared(
    session: Session, found: Iterable[HazardPoint], asked: Asked, *, now: datetime
) -> Print:  # fmt: skip
    """Give what all cards of a print share."""
    streets = area_names(session, {one.area_path for one in found}, now)
    kinds = {one.code: one for one in types.all_types(session)}
    return Print(kinds, streets, day_of(now), asked.reach_m)


def at_point(session: Session, asked: Asked, *, now: datetime) -> list[Sheet]:
    """Give the cards of one point, both kinds."""
    both = [replace(asked, paper=one) for one in (Paper.REFUGE, Paper.WORK)]
    return [sheet for one in both for lot in lots(session, one)
            for sheet in sheets(session, one, lot, now=now)]  # fmt: skip
