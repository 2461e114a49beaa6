"""Who can get an order: units and crews found by what was ticked, within the giver's area."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import within
from gis.errors import Conflict, Missing, Rejected
from hazards.calls.program import as_program
from hazards.duty import repository as duty
from hazards.duty.models import Crew, Member, Unit
from hazards.duty.rules import UnitKind
from rescue_app.dispatch.drafts import Holder, PartDraft, Target
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.rules import HopKind

CREW_LEVEL = "crew"
MEMBER_LEVEL = "member"
NOT_THERE = "One of the chosen is not in your area. Reload the list and choose again."
PASSING = (UnitKind.CENTRE, UnitKind.DEPARTMENT)


def resolve(session: Session, targets: Collection[Target], *, inside: str) -> list[Holder]:
    """Find every target in the giver's area, or refuse all of them.

    Who names a member orders his crew, and him by name.
    """
    named = _named(session, [target for target in set(targets) if target.kind == "member"])
    plain = {target for target in targets if target.kind != "member"}
    plain |= {Target("crew", crew_id) for crew_id in named} - plain
    asked = sorted(plain, key=lambda target: (target.kind, target.id.int))
    crews = duty.crews_by_id(session, [t.id for t in asked if t.kind == "crew"])
    unit_ids = {t.id for t in asked if t.kind == "unit"} | {c.unit_id for c in crews.values()}
    units = duty.units_by_id(session, unit_ids)
    phones = duty.leader_phones(session, list(crews))
    holders = [
        _crew(crews.get(t.id), units, phones) if t.kind == "crew" else _unit(units.get(t.id))
        for t in asked
    ]
    found = [
        _told(holder, target, named.get(target.id, ()))
        for target, holder in zip(asked, holders, strict=True)
        if holder and within(holder.works_in, inside)
    ]
    if len(found) < len(asked):
        _refuse(holders, inside)
    return found


def _told(holder: Holder, target: Target, members: tuple[PartDraft, ...]) -> Holder:
    """Keep beside a holder what of the order is his, if it says so."""
    if not (target.part or target.due_at or members):
        return holder
    return replace(holder, part=target.part, part_due_at=target.due_at, members=members)


def _named(session: Session, members: Collection[Target]) -> dict[UUID, tuple[PartDraft, ...]]:
    """Give the named members by crew."""
    crews = duty.crews_of_members(session, [target.id for target in members])
    if len(crews) < len({target.id for target in members}):
        raise Missing(NOT_THERE)
    found: dict[UUID, tuple[PartDraft, ...]] = {}
    for target in sorted(members):
        draft = PartDraft(target.id, target.part, target.due_at)
        found[crews[target.id]] = (*found.get(crews[target.id], ()), draft)
    return found


def _refuse(holders: Collection[Holder | None], inside: str) -> NoReturn:
    for away in holders:
        if away and away.lent_path and within(away.area_path, inside):
            raise Conflict("{name} is lent. It works for you again when it is home.",
                           name=away.name)  # fmt: skip
    raise Missing(NOT_THERE)


def _unit(unit: Unit | None) -> Holder | None:
    if unit is None:
        return None
    if unit.kind == UnitKind.BASE:
        raise Rejected("A base houses crews. Choose one of its crews.")
    return Holder(
        holder=HopKind(unit.kind),
        unit_id=unit.id,
        crew_id=None,
        name=unit.name,
        name_en=unit.name_en,
        phone=unit.phone,
        level=unit.level,
        area_path=unit.area_path,
    )


def _crew(
    crew: Crew | None, units: Mapping[UUID, Unit], phones: Mapping[UUID, str]
) -> Holder | None:
    if crew is None:
        return None
    return Holder(
        holder=HopKind.CREW,
        unit_id=crew.unit_id,
        crew_id=crew.id,
        name=crew.name,
        name_en=crew.name_en,
        phone=phones.get(crew.id, units[crew.unit_id].phone if crew.unit_id in units else ""),
        level=CREW_LEVEL,
        area_path=crew.area_path,
        lent_path=crew.lent_path,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the list from which a giver chooses."""

    value: str
    name: str
    name_en: str
    level: str
    on_duty: bool


BELOW = {"city": "district", "district": "street"}
FOUND_LIMIT = 40


def choices(
    session: Session, *, inside: str, level: str, words: str = "", chosen: Collection[Target] = ()
) -> list[Choice]:
    """Whom an area's centre would choose first, what was searched for, and what is ticked already.

    A city's centre sees its districts' centres and its own departments at once, a street's its
    crews; everyone else below is found by words, and then only they are listed.
    """
    if words:
        units = duty.units_in(session, inside, PASSING, words=words, limit=FOUND_LIMIT)
        crews = duty.crews_in(session, inside, words=words, limit=FOUND_LIMIT)
        members = duty.seated_in(session, inside, words=words, limit=FOUND_LIMIT)
    else:
        units = duty.units_in(session, inside, PASSING, levels=(level, BELOW.get(level, level)))
        crews = duty.crews_in(session, inside) if level not in BELOW else []
        members = []
    units += duty.units_by_id(session, [t.id for t in chosen if t.kind == "unit"]).values()
    crews += duty.crews_by_id(session, [t.id for t in chosen if t.kind == "crew"]).values()
    own = {(inside, UnitKind.CENTRE)}
    listed = [_listed_unit(unit) for unit in units if (unit.area_path, unit.kind) not in own]
    members += duty.seated_by_id(session, [t.id for t in chosen if t.kind == "member"])
    listed += [_listed_crew(crew) for crew in crews]
    return list(dict.fromkeys(listed + [_listed_member(*seat) for seat in members]))


def beside(session: Session, hop: Assignment) -> list[Choice]:
    """Whom a holder may propose in its place: those its giver would choose from, by name alone.

    A centre does not see its neighbours' crews; that they are there it may know to propose them.
    """
    unit = hop.crew_id or hop.unit_id
    with as_program(session):
        giver = duty.centre_of(session, hop.giver_path)
        level = giver.level if giver else hop.level
        listed = choices(session, inside=hop.giver_path, level=level)
        if hop.crew_id and level in BELOW:
            crews = duty.crews_in(session, hop.area_path, limit=FOUND_LIMIT)
            listed = [_listed_crew(crew) for crew in crews] + listed
    return [one for one in listed if not one.value.endswith(str(unit))]


def _listed_unit(unit: Unit) -> Choice:
    return Choice(f"unit:{unit.id}", unit.name, unit.name_en, unit.level, on_duty=True)


def _listed_crew(crew: Crew) -> Choice:
    return Choice(f"crew:{crew.id}", crew.name, crew.name_en, CREW_LEVEL, on_duty=crew.on_duty)


def _listed_member(member: Member, crew: Crew) -> Choice:
    name, name_en = f"{member.name}（{crew.name}）", f"{member.name} ({crew.name_en or crew.name})"
    return Choice(f"member:{member.id}", name, name_en, MEMBER_LEVEL, on_duty=crew.on_duty)
