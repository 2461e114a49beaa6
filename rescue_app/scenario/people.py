"""Make the centres, departments, crews and people of every district and street."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import numpy as np
import yaml

from hazards.duty.rules import CrewEntry, MemberEntry, Roster, UnitEntry, UnitKind
from rescue_app.scenario.ground import District, Street
from rescue_app.scenario.words import SCENARIO, Words, phones

NAMESPACE = UUID("5d0c6f0e-3f63-4b6c-9d68-59bb6f1f7d11")
MOST_PEOPLE = 40_000
FIRST_PHONE = 1_000_000


@dataclass(frozen=True)
class Leader:
    """A person with an account who leads a unit of the scenario."""

    account_id: UUID
    name: str
    phone: str


Leaders = Mapping[str, Leader]
"""People with accounts by area path and post group, such as `/500000/500101/centre`; who is not
the first of his group by his place in it too: `…/crew/1`."""


def stable_id(*words: str) -> UUID:
    """Give the same id to the same thing whenever the scenario is loaded."""
    return uuid5(NAMESPACE, "/".join(words))


@dataclass
class Staffing:
    """Collects units, members and crews, drawing names as it goes."""

    names: list[str]
    numbers: list[str]
    now: datetime
    posts: dict[str, list[dict[str, str]]]
    units: list[UnitEntry] = field(default_factory=list)
    members: list[MemberEntry] = field(default_factory=list)
    crews: list[CrewEntry] = field(default_factory=list)

    def unit(self, kind: UnitKind, level: str, path: str, *, zh: str, en: str) -> UnitEntry:
        """Add a unit; its phone is the next number."""
        made = UnitEntry(
            id=stable_id("unit", path, zh),
            name=zh,
            name_en=en,
            kind=kind,
            level=level,
            area_path=path,
            phone=self.numbers.pop(),
        )
        self.units.append(made)
        return made

    def staff(self, unit: UnitEntry, posts: str, leaders: Leaders | None = None) -> list[UUID]:
        """Add the people of a unit, first the one who leads; some of them sign in."""
        ids = []
        for order, post in enumerate(self.posts[posts]):
            place = f"{posts}/{order}" if order else posts
            leader = (leaders or {}).get(unit.area_path + place)
            drawn = self.names.pop() if order or leader is None else ""
            member = MemberEntry(
                id=stable_id("member", str(unit.id), str(order)),
                name=leader.name if leader else drawn,
                post=post["zh"],
                phone=leader.phone if leader else self.numbers.pop(),
                unit_id=unit.id,
                account_id=leader.account_id if leader else None,
            )
            self.members.append(member)
            ids.append(member.id)
        return ids


def make_roster(
    districts: list[District], *, city: str, leaders: Leaders, now: datetime, seed: int
) -> Roster:
    """Make everybody; `leaders` says who sits at `<area path><post group>`, first in his unit."""
    listed: dict[str, Any] = yaml.load(
        (SCENARIO / "organisation.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    rng = np.random.default_rng([seed, 1_000])
    staffing = Staffing(
        names=[str(n) for n in Words.load().people(MOST_PEOPLE, rng)],
        numbers=[str(n) for n in phones(FIRST_PHONE, MOST_PEOPLE)],
        now=now,
        posts=listed["posts"],
    )
    top = staffing.unit(
        UnitKind.CENTRE, "city", city, zh="重庆市指挥中心", en="Chongqing command centre"
    )
    staffing.staff(top, "centre", leaders)
    for district in districts:
        add_district(staffing, district, listed["departments"], leaders)
        for order, street in enumerate(district.streets):
            able = {
                kind: [str(s) for s in np.roll(listed[kind], order)[:3]]
                for kind in ("skills", "equipment")
            }
            add_street(staffing, street, able, leaders)
    return Roster(staffing.units, staffing.members, staffing.crews, synthetic=True)


def add_district(
    staffing: Staffing,
    district: District,
    departments: list[dict[str, str]],
    leaders: Leaders,
) -> None:
    """Add a district's centre and departments."""
    names = {"zh": f"{district.name}指挥中心", "en": f"{district.name_en} command centre"}
    centre = staffing.unit(UnitKind.CENTRE, "district", district.path, **names)
    staffing.staff(centre, "centre", leaders)
    for department in departments:
        names = {
            "zh": district.name + department["zh"],
            "en": f"{district.name_en} {department['en']}",
        }
        unit = staffing.unit(UnitKind.DEPARTMENT, "district", district.path, **names)
        staffing.staff(unit, "department")


def add_street(
    staffing: Staffing, street: Street, able: dict[str, list[str]], leaders: Leaders
) -> None:
    """Add a street's centre, its base and a crew."""
    names = {"zh": f"{street.name}指挥中心", "en": f"{street.name_en} command centre"}
    centre = staffing.unit(UnitKind.CENTRE, "street", street.path, **names)
    staffing.staff(centre, "centre", leaders)
    names = {"zh": f"{street.name}应急救援站", "en": f"{street.name_en} rescue base"}
    base = staffing.unit(UnitKind.BASE, "street", street.path, **names)
    members = staffing.staff(base, "crew", leaders)
    staffing.crews.append(
        CrewEntry(
            id=stable_id("crew", street.path),
            name=f"{street.name}抢险一队",
            name_en=f"{street.name_en} crew 1",
            unit_id=base.id,
            member_ids=members,
            skills=able["skills"],
            equipment=able["equipment"],
            on_duty_since=staffing.now,
            lon=street.lon,
            lat=street.lat,
        )
    )
