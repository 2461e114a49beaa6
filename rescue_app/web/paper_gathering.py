"""Reads what cards need, through the eyes of whoever asks, for a point or a whole area."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.errors import Rejected
from hazards.duty.owners import Owners
from hazards.duty.responsibility import Owner
from hazards.points import service as points
from hazards.points import types
from hazards.points.models import HazardPoint
from rescue_app.papers import repository, service
from rescue_app.papers.asked import Asked, Paper
from rescue_app.papers.printing import Sheet
from rescue_app.papers.repository import Reached
from rescue_app.papers.rules import Holder
from rescue_app.web import paper_cards
from rescue_app.web.paper_cards import Print
from rescue_app.web.paper_words import Both, both, data
from rescue_app.web.points_view import area_names

MOST = 2_000
"""Cards in one print: a street has fewer."""


def sheets(session: Session, asked: Asked, *, now: datetime) -> list[Sheet]:
    """Give all cards of a print."""
    service.checked_reach(asked.reach_m)
    made = refuge if asked.paper == Paper.REFUGE else work
    found = made(session, asked, now=now)
    if len(found) > MOST:
        raise Rejected("More than {most} cards at once: choose a street.", most=f"{MOST:,}")
    return found


def refuge(session: Session, asked: Asked, *, now: datetime) -> list[Sheet]:
    """Give a card for each household that a point reaches."""
    homes = repository.reached(
        session, reach_m=asked.reach_m, most=MOST + 1, under=asked.under,
        point_id=UUID(asked.point_id) if asked.point_id else None,
    )  # fmt: skip
    homes = [one for one in homes if asked.only in ("", str(one.household.id))]
    places = [(one.point.id, one.household.place) for one in homes]
    shelters = repository.shelters(session, places, reach_m=asked.reach_m)
    on = shared(session, (one.point for one in homes), asked, now=now)
    return [
        Sheet(
            paper_cards.refuge(one.household, one.point, shelter, on=on,
                               number=asked.number_at(one.household.area_path)),
            one.point.id, about(one),
        )
        for one, shelter in zip(homes, shelters, strict=True)
    ]  # fmt: skip


def about(one: Reached) -> str:
    """Name a household where its card is spoken of."""
    return f"{one.household.head} · {one.point.name}"


def work(session: Session, asked: Asked, *, now: datetime) -> list[Sheet]:
    """Give a card for each person in charge of a point or watching it."""
    found = here(session, asked)
    places = [(one.id, one.place) for one in found]
    shelters = repository.shelters(session, places, reach_m=asked.reach_m)
    watched = repository.watched(session, found, area_path=asked.under)
    owners, on = Owners(session, day_of(now)), shared(session, found, asked, now=now)
    made = []
    for point, shelter in zip(found, shelters, strict=True):
        owner = owners.of_point(hazard_type=point.hazard_type, category=point.category,
                                area_path=point.area_path)  # fmt: skip
        holders = [one for one in service.holders_of(point) if asked.only in ("", one.name)]
        number, called = asked.number_at(point.area_path), callees(point, owner)
        made += [
            Sheet(
                paper_cards.work(one, point, shelter, called=called, number=number, on=on,
                                 watch=watched[point.category, point.hazard_type]),
                point.id, f"{one.name} · {point.name}",
            )
            for one in holders
        ]  # fmt: skip
    return made


def here(session: Session, asked: Asked) -> Sequence[HazardPoint]:
    """Give the points that work cards are asked for."""
    if asked.point_id:
        return [points.visible(session, UUID(asked.point_id))]
    return repository.points_under(session, asked.under, most=MOST + 1)


def shared(
    session: Session, found: Iterable[HazardPoint], asked: Asked, *, now: datetime
) -> Print:  # fmt: skip
    """Give what all cards of a print share."""
    streets = area_names(session, {one.area_path for one in found}, now)
    kinds = {one.code: one for one in types.all_types(session)}
    return Print(kinds, streets, day_of(now), asked.reach_m)


def callees(point: HazardPoint, owner: Owner) -> list[Both]:
    """Give who is called about a point: those of the ledger, then who the list says owns it."""
    people = [
        Holder(one.post, one.name, one.phone, one.title) for one in service.holders_of(point)[:3]
    ]
    lines = [data(" ".join(filter(None, (one.name, one.phone)))) for one in people]
    if owner.line and owner.acting and owner.acting.name not in {one.name for one in people}:
        unit = owner.acting_unit.name if owner.acting_unit else ""
        lines.append(data(f"{owner.acting.name} {owner.acting.phone} {unit}"))
    elif owner.unit and owner.unit.phone:
        lines.append(both("On duty: {who}", who=f"{owner.unit.name} {owner.unit.phone}"))
    return lines
