"""Verbs of packs: make the one of a street, for today; tell which streets there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

import orjson
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.models import Area, AreaLevel
from gis.authority import Act, Actor, require, within
from gis.errors import Missing, Rejected
from hazards.modes import repository as modes
from hazards.modes.rules import Mode
from qr_codes.assets import repository as assets
from qr_codes.findings import board
from qr_codes.packs import ground, repository, rules, surroundings, warnings
from qr_codes.packs.carried import Moment, Named, ToVerify
from qr_codes.packs.sealing import SealRing, Whole, seal
from qr_codes.packs.squares import Piece

SMALL = frozenset({AreaLevel.STREET, AreaLevel.COMMUNITY, AreaLevel.GRID})


@dataclass(frozen=True, slots=True)
class Street:
    """A street that can be taken along, with its number of labels."""

    code: str
    name: str
    name_en: str
    labels: int


def make(
    session: Session,
    *,
    street: str,
    by: Actor,
    ring: SealRing,
    now: datetime,
    zone: tzinfo,
    number_at: Callable[[str], str],
) -> Whole:
    """Make the day's pack of a street by its code, or of one's own area, and sign it whole."""
    area = area_of(session, street, by)
    require(by, Act.INSPECT, area.path)
    if area.level not in SMALL:
        raise Rejected("A pack is of one street. Choose the street that you walk today.")
    day = now.astimezone(zone).date()
    drawn = ground.pieces(session, area.path, sight=by.area_path, day=day)
    emergency = number_at(area.path)
    held = contents(session, area, by=by, now=now, on=day, emergency=emergency, drawn=drawn)
    pack = rules.content(held, made_at=now, zone=zone)
    return Whole(seal(ring, orjson.dumps(pack).decode()), drawn, len(held.assets))


def contents(
    session: Session,
    area: Area,
    *,
    by: Actor,
    now: datetime,
    on: date,
    emergency: str,
    drawn: Sequence[Piece],
) -> rules.Contents:
    """Gather what a phone has to know for a street."""
    found = repository.carried(session, area.path)
    kinds = {one.type_code for one in found}
    standing = modes.standing(session, area.path, now)
    centres, lines = assets.centres_over(session, area.path), assets.lines(session)
    cards = surroundings.cards(session, kinds)
    return rules.Contents(
        area=Named(area.code, area.name, area.name_en),
        moment=Moment(Mode(standing.mode), standing.since)
        if standing
        else Moment(Mode.PEACE, None),
        assets=found,
        around=surroundings.of(session, found, area_path=area.path, on=on),
        types=[Named(one.code, one.name_zh, one.name_en) for one in assets.types(session)],
        lists=repository.lists(session, kinds, area_path=area.path),
        contacts=[(unit.name, unit.phone) for unit in centres if unit.phone]
        + [(line.name_zh, line.number) for line in lines],
        emergency=emergency,
        measures=cards,
        stores=surroundings.near(session, found, cards),
        ground=drawn,
        warned=warnings.of(session, found, area_path=area.path, now=now),
        verify=[
            ToVerify(one.id, code, one.grade, one.text_zh, one.text_en)
            for one, code in board.to_verify(session, by_id=by.id, under=area.path)
        ],
    )


def area_of(session: Session, street: str, by: Actor) -> Area:
    """Give the area that is asked for; one outside the asker's does not exist for him."""
    found = areas.by_code(session, street) if street else areas.by_path(session, by.area_path)
    if found is None or not within(found.path, by.area_path):
        raise Missing("There is no such street in your area.")
    return found


def streets(session: Session, *, by: Actor) -> list[Street]:
    """Give the streets that a person may take along: his own part of one, or those below."""
    require(by, Act.INSPECT, by.area_path)
    own = areas.by_path(session, by.area_path)
    if own is None:
        return []
    if own.level in SMALL:
        below = [own]
    else:
        below = areas.tree(session, own.path, levels=(AreaLevel.STREET,))
    count = repository.labels_by_area(session, own.path)
    return [
        Street(one.code, one.name, one.name_en, sum(
            number for path, number in count.items() if path.startswith(one.path)
        ))
        for one in below
    ]  # fmt: skip
