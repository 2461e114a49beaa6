"""Verbs of the roster: register people in bulk, set a crew on and off duty."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Missing, Rejected
from gis.store import audit
from hazards.duty import book, repository
from hazards.duty.models import Crew
from hazards.duty.responsibility import Matter, Owner
from hazards.duty.rules import Roster, checked


def register(session: Session, roster: Roster, *, area_path: str) -> None:
    """Insert or replace a whole roster in a fixed number of statements, or refuse all of it."""
    checked(roster)
    if roster.units:
        repository.put_units(session, roster.units, synthetic=roster.synthetic)
    if roster.members:
        found = repository.put_members(session, roster.members, synthetic=roster.synthetic)
        if found < len(roster.members):
            missing = len(roster.members) - found
            raise Rejected("{count} members name a unit that does not exist.", count=missing)
    if roster.crews:
        found, seats = repository.put_crews(session, roster.crews, synthetic=roster.synthetic)
        asked = sum(len(crew.member_ids) for crew in roster.crews)
        if found < len(roster.crews) or seats < asked:
            raise Rejected("A crew names a unit or a member that does not exist.")
    counts = {"units": len(roster.units), "crews": len(roster.crews)}
    audit.record(session, act="roster.registered", subject=None, area_path=area_path, **counts)


def set_duty(session: Session, *, crew_id: UUID, on_duty: bool, by: Actor, now: datetime) -> Crew:
    """Set a crew on or off duty; setting what already is changes nothing."""
    crew = session.get(Crew, crew_id)
    if crew is None:
        raise Missing("There is no such crew in your area.")
    require(by, Act.MANAGE_PEOPLE, crew.area_path)
    if crew.on_duty != on_duty:
        crew.on_duty_since = now if on_duty else None
        act = "crew.on_duty" if on_duty else "crew.off_duty"
        audit.record(session, act=act, subject=crew.id, area_path=crew.area_path)
    return crew


def owner_of(session: Session, *, matter: Matter, area_path: str, on: date) -> Owner:
    """Give who owns a matter in an area on a day, and by which row of whose list."""
    return book.on_path(session, area_path, on=on).owner(matter, area_path)


def owner_of_point(
    session: Session, *, hazard_type: str, category: str, area_path: str, on: date
) -> Owner:
    """Give who owns a point of this hazard and category."""
    matter = book.point_matter(session, hazard_type=hazard_type, category=category)
    return owner_of(session, matter=matter, area_path=area_path, on=on)
