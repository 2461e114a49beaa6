"""Verbs of crews: what they can do and carry, on and off duty, a whole list of them at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.authority import Act, Actor, require
from gis.errors import Missing, Rejected
from gis.store import audit, notify
from hazards.duty import abilities, crew_lists, lists, repository, service
from hazards.duty.crew_lists import Said, Words
from hazards.duty.lists import Slip
from hazards.duty.models import Crew
from hazards.duty.rules import CrewEntry, MemberEntry, Roster, UnitEntry, UnitKind

MOST = 200
FACTS = ("name_en", "skills", "equipment")
Compared = lists.Compared[Said]


def vocabulary(session: Session, by: Actor) -> Words:
    """Give every name by which a list may call a skill, equipment or one of the actor's areas."""
    said = abilities.listed(session)
    named = {
        kind: lists.every([(o.code, o.name_zh, o.name_en) for o in said if o.kind == kind])
        for kind in abilities.KINDS
    }
    found = areas.tree(session, by.area_path)
    places = {word.lower(): one.path for one in found for word in (one.code, one.name_en, one.name)}
    return Words(named["skill"], named["equipment"], places, by.area_path)


def compare(
    session: Session, rows: Iterable[tuple[int, Mapping[str, str]]], *, by: Actor
) -> Compared:
    """Read rows (line, field → text) and say what they would do to the actor's crews."""
    require(by, Act.MANAGE_PEOPLE, by.area_path)
    taken, slips = crew_lists.read(rows, vocabulary(session, by))
    own = held(session, by.area_path)
    new, changed = {}, {}
    for line, said in taken.items():
        if said.key in own:
            if fields := differing(own[said.key], said):
                changed[line] = (said, fields)
        elif said.leader and said.phone:
            new[line] = said
        else:
            reason = Rejected("A new crew needs the name and phone of who leads it.")
            slips.append(Slip(line, "leader", said.leader, reason))
    return Compared(new, changed, len(taken) - len(new) - len(changed) - _late(slips, taken), slips)


def _late(slips: Sequence[Slip], taken: Mapping[int, Said]) -> int:
    return sum(slip.line in taken for slip in slips)


def held(session: Session, area_path: str) -> dict[tuple[str, str], Crew]:
    """Give the crews of an area by what makes them the same."""
    query = select(Crew).where(Crew.area_path.startswith(area_path, autoescape=True))
    return {(crew.area_path, crew.name): crew for crew in session.scalars(query)}


def differing(crew: Crew, said: Said) -> list[str]:
    """Tell which facts of a crew differ."""
    fields = [
        name
        for name in FACTS
        if (value := getattr(said, name)) is not None
        and (value if name == "name_en" else list(value)) != getattr(crew, name)
    ]
    if said.place is not None and (crew.place is None or not crew.place.equals(Point(said.place))):
        fields.append("lon")
    if said.on_duty is not None and said.on_duty != crew.on_duty:
        fields.append("on_duty")
    return fields


def take_over(session: Session, found: Compared, *, by: Actor, now: datetime) -> None:
    """Write what is new and what changes; the same file again changes nothing."""
    own = held(session, by.area_path)
    for said, _ in found.changed.values():
        write(session, own[said.key], said, by=by, now=now)
    if found.new:
        service.register(session, roster(found.new.values(), now=now), area_path=by.area_path)
    counts = {"new": len(found.new), "changed": len(found.changed)}
    tell(session, None, by.area_path, "imported", **counts)


def write(session: Session, crew: Crew, said: Said, *, by: Actor, now: datetime) -> None:
    """Bring a crew to what is said."""
    require(by, Act.MANAGE_PEOPLE, crew.area_path)
    for name in FACTS:
        value = getattr(said, name)
        if value is not None:
            setattr(crew, name, value if name == "name_en" else list(value))
    if said.place is not None:
        crew.place = Point(said.place)
    if said.on_duty is not None:
        service.set_duty(session, crew_id=crew.id, on_duty=said.on_duty, by=by, now=now)


def roster(said: Iterable[Said], *, now: datetime) -> Roster:
    """Give new crews with a base and a leader of their own."""
    units, members, crews = [], [], []
    for one in said:
        base = UnitEntry(f"{one.name}驻地", "", UnitKind.BASE, "street", one.area_path, one.phone)
        lead = MemberEntry(one.leader, "队长", one.phone, base.id)
        lon, lat = one.place or (None, None)
        crews.append(
            CrewEntry(
                name=one.name, name_en=one.name_en or "", unit_id=base.id, member_ids=[lead.id],
                skills=one.skills or (), equipment=one.equipment or (), lon=lon, lat=lat,
                on_duty_since=now if one.on_duty else None,
            )
        )  # fmt: skip
        units.append(base)
        members.append(lead)
    return Roster(units, members, crews)


def change(session: Session, crew_id: UUID, said: Said, *, by: Actor, now: datetime) -> Crew:
    """Change what one crew can do and carries, where it stands, and whether it is on duty."""
    crew = visible(session, crew_id)
    write(session, crew, said, by=by, now=now)
    tell(session, crew.id, crew.area_path, "changed")
    return crew


def visible(session: Session, crew_id: UUID) -> Crew:
    """Give a crew, or say that there is none."""
    crew = session.get(Crew, crew_id)
    if crew is None:
        raise Missing("There is no such crew in your area.")
    return crew


def count(session: Session, area_path: str) -> tuple[int, int]:
    """Give how many crews an area has, and how many of them are on duty."""
    query = select(func.count(), func.count(Crew.on_duty_since)).where(
        Crew.area_path.startswith(area_path, autoescape=True)
    )
    row = session.execute(query).one()
    return row[0], row[1]


def listed(session: Session, area_path: str, *, words: str = "") -> list[Crew]:
    """Give crews of an area, those on duty first."""
    return repository.crews_in(session, area_path, words=words, limit=MOST, at_home=True)


def tell(session: Session, ref: UUID | None, area_path: str, kind: str, **facts: object) -> None:
    """Write the audit line and tell live pages."""
    audit.record(session, act=f"crews.{kind}", subject=ref, area_path=area_path, **facts)
    notify.announce(session, topic="duty", kind="crew", ref=ref, area_path=area_path)
