"""The city of the faults: lanes side by side, each a district with its street and its two crews."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from shapely import MultiPolygon, box
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from gis.areas.models import Area, AreaLevel, BoundaryKind
from gis.authority import Role
from gis.store.base import new_id
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.duty import service as duty
from hazards.duty.rules import CrewEntry, MemberEntry, Roster, UnitEntry, UnitKind
from rescue_app.auth import service as auth
from rescue_app.auth.models import Account
from rescue_app.channels import service as channels
from rescue_app.channels.rules import GatewayKind
from rescue_app.channels.service import GatewayDraft

CITY = "/500000/"
DISTRICT = ("district", "deputy")
POSTS = {
    "district": Role.DISTRICT_COMMANDER,
    "deputy": Role.DISTRICT_COMMANDER,
    "street": Role.STREET_COMMANDER,
    "crew_a": Role.CREW,
    "mate_a": Role.CREW,
    "crew_b": Role.CREW,
}


@dataclass
class Lane:
    """A district, whom an order can be given to there, and who has a phone."""

    number: int
    targets: dict[str, str] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    mate: UUID | None = None
    """As whom the roster knows `mate_a`, whom his leader gives a part."""

    @property
    def district(self) -> str:
        return f"{CITY}{500200 + self.number}/"

    @property
    def street(self) -> str:
        return f"{self.district}{500200 + self.number}001/"


@dataclass
class City:
    """All lanes, and the commander of the city."""

    lanes: list[Lane]
    commander: UUID
    token: str


def build(sessions: Sessions, *, lanes: int, gateway_url: str) -> City:
    """Fill an empty database."""
    made = [Lane(number) for number in range(lanes)]
    with unit_of_work(sessions, SYSTEM) as session:
        top = _area(session, "500000", AreaLevel.CITY, None, number=0)
        commander = _account(session, "city", Role.CITY_COMMANDER, CITY, phone="13888888888")
        for lane in made:
            _fill(session, lane, top)
    actor = commander.as_actor()
    with unit_of_work(sessions, Scope.of(actor)) as session:
        draft = GatewayDraft("短信", GatewayKind.WEBHOOK, gateway_url)
        channels.keep_gateway(session, draft, by=actor)
    return City(made, commander.id, _token(sessions, commander))


def _fill(session: Session, lane: Lane, top: Area) -> None:
    code = str(500200 + lane.number)
    district = _area(session, code, AreaLevel.DISTRICT, top, number=lane.number)
    _area(session, f"{code}001", AreaLevel.STREET, district, number=lane.number)
    accounts = {
        role: _account(
            session,
            role,
            post,
            lane.district if role in DISTRICT else lane.street,
            phone=f"13{lane.number:04}{number:05}",
        )
        for number, (role, post) in enumerate(POSTS.items())
    }
    session.flush()  # the roster names accounts
    duty.register(session, _roster(lane, accounts), area_path=CITY)
    lane.people = {role: account.id for role, account in accounts.items()}
    life = timedelta(days=1)
    for role, account in accounts.items():
        lane.tokens[role] = auth.begin(
            session, account, agent="phone", now=datetime.now(UTC), life=life
        )


def _roster(lane: Lane, accounts: dict[str, Account]) -> Roster:
    name = f"{lane.number} 区"
    centre = UnitEntry(name, name, UnitKind.CENTRE, "district", lane.district, "023-1")
    street = UnitEntry(f"{name}街道", name, UnitKind.CENTRE, "street", lane.street, "023-2")
    base = UnitEntry(f"{name}驻地", name, UnitKind.BASE, "street", lane.street)
    homes = {"district": centre, "deputy": centre, "crew_a": base, "mate_a": base, "crew_b": base}
    members = {
        role: MemberEntry(accounts[role].name, role, accounts[role].phone or "", unit.id,
            accounts[role].id)
        for role, unit in homes.items()
    }  # fmt: skip
    since = datetime.now(UTC)
    first = CrewEntry(f"{name}一队", name, base.id, [members["crew_a"].id, members["mate_a"].id],
        (), since)  # fmt: skip
    second = CrewEntry(f"{name}二队", name, base.id, [members["crew_b"].id], (), since)
    lane.mate = members["mate_a"].id
    lane.targets = {
        "district": f"unit:{centre.id}",
        "street": f"unit:{street.id}",
        "crew_a": f"crew:{first.id}",
        "crew_b": f"crew:{second.id}",
        "mate_a": f"member:{lane.mate}",
    }
    return Roster([centre, street, base], list(members.values()), [first, second])


def _area(
    session: Session, code: str, level: AreaLevel, above: Area | None, *, number: int
) -> Area:
    west, south = 105.5 + 0.1 * (number % 40), 29.0 + 0.1 * (number // 40)
    shape = box(105, 28, 110, 32) if above is None else box(west, south, west + 0.1, south + 0.1)
    made = Area(
        code=code,
        code_system="test",
        level=level,
        name=f"{level} {code}",
        name_en=f"{level} {code}",
        parent_id=above.id if above else None,
        path=f"{above.path if above else '/'}{code}/",
        validity=Range(date(2000, 1, 1), None),
        boundary=MultiPolygon([shape]),
        boundary_kind=BoundaryKind.SURVEYED,
        centre=shape.centroid,
        population=1000,
        source="test",
    )
    session.add(made)
    session.flush()  # the child needs its parent's row
    return made


def _account(session: Session, role: str, post: Role, area_path: str, *, phone: str) -> Account:
    made = Account(
        login=f"{role}-{new_id()}",
        name=f"{role} {area_path.strip('/').rpartition('/')[2]}",
        phone=phone,
        role=post,
        area_path=area_path,
        password_hash="-",
    )
    session.add(made)
    return made


def _token(sessions: Sessions, account: Account) -> str:
    with unit_of_work(sessions, SYSTEM) as session:
        now, life = datetime.now(UTC), timedelta(days=1)
        return auth.begin(session, account, agent="phone", now=now, life=life)
