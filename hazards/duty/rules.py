"""The shape of a roster, and what of it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gis.errors import Rejected
from gis.store.base import new_id


class UnitKind(StrEnum):
    """What a unit is for: it commands an area, owns a matter, or houses crews."""

    CENTRE = "centre"
    DEPARTMENT = "department"
    BASE = "base"


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A unit to be registered; the same id again replaces it."""

    name: str
    name_en: str
    kind: UnitKind
    level: str
    area_path: str
    phone: str = ""
    lon: float | None = None
    lat: float | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """A person to be registered; he belongs to his unit's area. The first named leads it."""

    name: str
    post: str
    phone: str
    unit_id: UUID
    account_id: UUID | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class CrewEntry:
    """A crew to be registered, its leader first among the members."""

    name: str
    name_en: str
    unit_id: UUID
    member_ids: Sequence[UUID]
    skills: Sequence[str] = ()
    on_duty_since: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    equipment: Sequence[str] = ()
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything that one file or one scenario registers at once."""

    units: Sequence[UnitEntry] = ()
    members: Sequence[MemberEntry] = ()
    crews: Sequence[CrewEntry] = ()
    synthetic: bool = False


def checked(roster: Roster) -> Roster:
    """Refuse a crew that nobody leads: an order to it could never be answered by name."""
    for crew in roster.crews:
        if not crew.member_ids:
            raise Rejected("Crew {name} has no members. Give it at least a leader.", name=crew.name)
    return roster
