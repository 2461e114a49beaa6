"""Verb of packs: make the one of a street, for today."""

from datetime import datetime, tzinfo

import orjson
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.models import Area, AreaLevel
from gis.authority import Act, Actor, require, within
from gis.errors import Missing, Rejected
from qr_codes.assets import repository as assets
from qr_codes.packs import repository, rules
from qr_codes.packs.rules import Named
from qr_codes.packs.sealing import Sealed, SealRing, seal

SMALL = frozenset({AreaLevel.STREET, AreaLevel.COMMUNITY, AreaLevel.GRID})


def make(
    session: Session, *, street: str, by: Actor, ring: SealRing, now: datetime, zone: tzinfo
) -> Sealed:
    """Make the day's pack of a street by its code, or of one's own area, and sign it whole."""
    area = area_of(session, street, by)
    require(by, Act.INSPECT, area.path)
    if area.level not in SMALL:
        raise Rejected("A pack is of one street. Choose the street that you walk today.")
    found = repository.carried(session, area.path)
    centres = assets.centres_over(session, area.path)
    lines = assets.lines(session)
    pack = rules.content(
        area=Named(area.code, area.name, area.name_en),
        made_at=now,
        zone=zone,
        assets=found,
        types=[Named(one.code, one.name_zh, one.name_en) for one in assets.types(session)],
        lists=repository.lists(session, {one.type_code for one in found}, area_path=area.path),
        contacts=[(unit.name, unit.phone) for unit in centres if unit.phone]
        + [(line.name_zh, line.number) for line in lines],
    )
    return seal(ring, orjson.dumps(pack).decode())


def area_of(session: Session, street: str, by: Actor) -> Area:
    """Give the area that is asked for; one outside the asker's does not exist for him."""
    found = areas.by_code(session, street) if street else areas.by_path(session, by.area_path)
    if found is None or not within(found.path, by.area_path):
        raise Missing("There is no such street in your area.")
    return found
