"""Who can get an order: units and crews found by what was ticked, within the giver's area."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import within
from gis.errors import Conflict, Missing, Rejected
from hazards.duty import repository as duty
from hazards.duty.models import Crew, Member, Unit
from hazards.duty.rules import UnitKind
from rescue_app.dispatch.drafts import Holder, PartDraft, Target
from rescue_app.dispatch.rules import HopKind

CREW_LEVEL = "crew"
MEMBER_LEVEL = "member"
NOT_THERE = "One of the chosen is not in your area. Reload the list and choose again."
PASSING = (UnitKind.CENTRE, UnitKind.DEPARTMENT)


def resolve(session: Session, targets: Collection[Target], *, inside: str) -> list[Holder]:
    """Find every target in the giver's area, or refuse all of them."""
    plain, named = addressed(session, targets)
    asked = sorted(plain, key=lambda target: (target.kind, target.id.int))
    crews = duty.crews_by_id(session, [t.id for t in asked if t.kind == "crew"])
    units = duty.units_by_id(session, [t.id for t in asked if t.kind == "unit"])
    holders = [
        _crew(t, crews.get(t.id), named) if t.kind == "crew" else _unit(t, units.get(t.id))
        for t in asked
    ]
    found = [holder for holder in holders if holder and within(holder.works_in, inside)]
    if len(found) < len(asked):
        _refuse(holders, inside)
    return found


def addressed(
    session: Session, targets: Collection[Target]
) -> tuple[Collection[Target], Mapping[UUID, tuple[PartDraft, ...]]]:
    """Give the crews and units that are meant, and by crew the members who are named.

    Who names a member orders his crew, and him by name.
    """
    chosen = {target.id.int: target for target in targets}
    members = [target for target in chosen.values() if target.kind == "member"]
    if not members:
        return chosen.values(), {}
    named = _named(session, members)
    crews = {crew_id.int: Target("crew", crew_id) for crew_id in named}
    plain = (crews | chosen).values()
    return [target for target in plain if target.kind != "member"], named


def _named(session: Session, members: Collection[Target]) -> dict[UUID, tuple[PartDraft, ...]]:
    """Give the named members by crew."""
    crews = duty.crews_of_members(session, [target.id for target in members])
    if len(crews) < len(members):
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


def _unit(target: Target, unit: Unit | None) -> Holder | None:
    if unit is None:
        return None
    if unit.kind == UnitKind.BASE:
        raise Rejected("A base houses crews. Choose one of its crews.")
    known = unit.id, None, unit.name, unit.name_en, unit.area_path, None
    return Holder(HopKind(unit.kind), *known, target.part, target.due_at)


def _crew(
    target: Target, crew: Crew | None, named: Mapping[UUID, tuple[PartDraft, ...]]
) -> Holder | None:
    if crew is None:
        return None
    known = crew.unit_id, crew.id, crew.name, crew.name_en, crew.area_path, crew.lent_path
    own = target.part, target.due_at, named.get(crew.id, ())
    return Holder(HopKind.CREW, *known, *own)


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
    crews, who borrowed a crew that crew; everyone else below is found by words, and then only
    they are listed.
    """
    if words:
        units = duty.units_in(session, inside, PASSING, words=words, limit=FOUND_LIMIT)
        crews = duty.crews_in(session, inside, words=words, limit=FOUND_LIMIT)
        members = duty.seated_in(session, inside, words=words, limit=FOUND_LIMIT)
    else:
        units = duty.units_in(session, inside, PASSING, levels=(level, BELOW.get(level, level)))
        ways = duty.crews_lent_to if level in BELOW else duty.crews_in
        crews = ways(session, inside)
        members = []
    units += duty.units_by_id(session, [t.id for t in chosen if t.kind == "unit"]).values()
    crews += duty.crews_by_id(session, [t.id for t in chosen if t.kind == "crew"]).values()
    own = {(inside, UnitKind.CENTRE)}
    listed = [listed_crew(crew) for crew in crews]
    listed += [listed_unit(unit) for unit in units if (unit.area_path, unit.kind) not in own]
    members += duty.seated_by_id(session, [t.id for t in chosen if t.kind == "member"])
    return list(dict.fromkeys(listed + [_listed_member(*seat) for seat in members]))


def listed_unit(unit: Unit) -> Choice:
    """Give a unit as a line of the list."""
    return Choice(f"unit:{unit.id}", unit.name, unit.name_en, unit.level, on_duty=True)


def listed_crew(crew: Crew) -> Choice:
    """Give a crew as a line of the list."""
    return Choice(f"crew:{crew.id}", crew.name, crew.name_en, CREW_LEVEL, on_duty=crew.on_duty)


def _listed_member(member: Member, crew: Crew) -> Choice:
    name, name_en = f"{member.name}（{crew.name}）", f"{member.name} ({crew.name_en or crew.name})"
    return Choice(f"member:{member.id}", name, name_en, MEMBER_LEVEL, on_duty=crew.on_duty)
