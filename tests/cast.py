"""Who acts in the tests of orders: centres at three levels, crews, and people with accounts."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from gis.authority import Actor, Role
from gis.store.base import new_id
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.alerts import loader as alerts
from hazards.duty import service as duty
from hazards.duty.rules import CrewEntry, MemberEntry, Roster, UnitEntry, UnitKind
from hazards.points import types
from rescue_app.auth.models import Account
from rescue_app.incidents import limits
from rescue_app.levels import loader as levels
from rescue_app.settings import PROJECT
from tests.world import CITY, GAOSUNTANG, SHUANGJIANG, TAIBAI, WANZHOU, YUNYANG

CENTRES = {
    CITY: ("市指挥中心", "City centre", "city"),
    WANZHOU: ("万州区指挥中心", "Wanzhou centre", "district"),
    YUNYANG: ("云阳县指挥中心", "Yunyang centre", "district"),
    GAOSUNTANG: ("高笋塘街道指挥中心", "Gaosuntang centre", "street"),
    TAIBAI: ("太白街道指挥中心", "Taibai centre", "street"),
    SHUANGJIANG: ("双江街道指挥中心", "Shuangjiang centre", "street"),
}
# name, English name, base's area
CREWS = {
    "gaosuntang": ("高笋塘抢险一队", "Gaosuntang crew 1", GAOSUNTANG),
    "gaosuntang2": ("高笋塘抢险二队", "Gaosuntang crew 2", GAOSUNTANG),
    "taibai": ("太白抢险一队", "Taibai crew 1", TAIBAI),
    "shuangjiang": ("双江抢险一队", "Shuangjiang crew 1", SHUANGJIANG),
}
# who, role, area, name
ACCOUNTS = (
    ("city", Role.CITY_COMMANDER, CITY, "陈市长"),
    ("wanzhou", Role.DISTRICT_COMMANDER, WANZHOU, "万主任"),
    ("wanzhou2", Role.DISTRICT_COMMANDER, WANZHOU, "万副主任"),
    ("yunyang", Role.DISTRICT_COMMANDER, YUNYANG, "云主任"),
    ("street", Role.STREET_COMMANDER, GAOSUNTANG, "高书记"),
    ("taibai_street", Role.STREET_COMMANDER, TAIBAI, "太书记"),
    ("planner", Role.PLANNER, WANZHOU, "万规划"),
    ("crew", Role.CREW, GAOSUNTANG, "李队长"),
    ("crew2", Role.CREW, GAOSUNTANG, "王队长"),
    ("taibai_crew", Role.CREW, TAIBAI, "赵队长"),
    ("patrol", Role.PATROL, GAOSUNTANG, "覃巡查"),
)
SEATS = {"crew": "gaosuntang", "crew2": "gaosuntang2", "taibai_crew": "taibai"}


@dataclass
class Cast:
    """The people, and what the units and crews are called in forms."""

    accounts: dict[str, Account] = field(default_factory=dict)
    units: dict[str, UUID] = field(default_factory=dict)
    crews: dict[str, UUID] = field(default_factory=dict)

    def actor(self, who: str) -> Actor:
        return self.accounts[who].as_actor()

    def unit(self, area_path: str) -> str:
        return f"unit:{self.units[area_path]}"

    def crew(self, name: str) -> str:
        return f"crew:{self.crews[name]}"


def build_cast(sessions: Sessions) -> Cast:
    """Register units, crews and accounts in the small city of tests/world.py."""
    cast = Cast()
    now = datetime.now(UTC)
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, PROJECT / "data" / "hazard_types.yaml")
        levels.load(session, PROJECT / "data" / "plans")
        alerts.load(session, PROJECT / "data" / "alerts" / "colours.yaml")
        limits.load(session, PROJECT / "data" / "incidents" / "reporting.yaml")
        for number, (who, role, area_path, name) in enumerate(ACCOUNTS):
            cast.accounts[who] = Account(
                login=f"{who}-{new_id()}",
                name=name,
                phone=f"1380000{number:04}",
                role=role,
                area_path=area_path,
                password_hash="-",
            )
            session.add(cast.accounts[who])
        session.flush()
        duty.register(session, roster(cast, now), area_path=CITY)
    return cast


def roster(cast: Cast, now: datetime) -> Roster:
    units, members, crews = [], [], []
    for area_path, (name, name_en, level) in CENTRES.items():
        unit = UnitEntry(name, name_en, UnitKind.CENTRE, level, area_path, "023-58000000")
        cast.units[area_path] = unit.id
        units.append(unit)
    for key, (name, name_en, area_path) in CREWS.items():
        base = UnitEntry(f"{name}驻地", f"{name_en} base", UnitKind.BASE, "street", area_path)
        units.append(base)
        holder = next((who for who, seat in SEATS.items() if seat == key), None)
        account = cast.accounts[holder] if holder else None
        lead = MemberEntry(
            account.name if account else f"{name}队长",
            "队长",
            account.phone or "" if account else "13911110000",
            base.id,
            account.id if account else None,
        )
        members.append(lead)
        crew = CrewEntry(name, name_en, base.id, [lead.id], ("drainage",), now)
        cast.crews[key] = crew.id
        crews.append(crew)
    return Roster(units, members, crews)
