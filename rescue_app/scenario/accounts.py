"""The demo sign-ins: one person for each of the walks in the README."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from gis.authority import Role
from gis.errors import Missing
from rescue_app.auth import repository
from rescue_app.auth import service as auth
from rescue_app.scenario.ground import District, Street
from rescue_app.scenario.people import Leader

DEMO_PASSWORD = "yitong-demo"  # noqa: S105 - shown on purpose: it opens synthetic data only
HOME_DISTRICT = "500101"
OTHER_DISTRICT = "500235"
FIRST_PHONE = 19800000001
HOME_STREET = "太白街道"


@dataclass(frozen=True)
class Seat:
    """A demo person: login, name, role, where, and the post group of the roster he leads."""

    login: str
    name: str
    role: Role
    area_path: str
    leads: str | None


def seats(districts: list[District], city: str) -> list[Seat]:
    """Name the demo people; raise Missing when their districts are not loaded."""
    by_code = {d.code: d for d in districts}
    home, other = by_code.get(HOME_DISTRICT), by_code.get(OTHER_DISTRICT)
    if home is None or other is None or not home.streets:
        raise Missing("The demo districts are not loaded. Run `yitong areas load` first.")
    street = home_street(home)
    return [
        Seat("city", "陈志远", Role.CITY_COMMANDER, city, "centre"),
        Seat("wanzhou", "向文波", Role.DISTRICT_COMMANDER, home.path, "centre"),
        Seat("planner", "谭静", Role.PLANNER, home.path, None),
        Seat("street", "冉建国", Role.STREET_COMMANDER, street.path, "centre"),
        Seat("patrol", "覃小红", Role.PATROL, street.path, None),
        Seat("crew", "牟志强", Role.CREW, street.path, "crew"),
        Seat("yunyang", "田春梅", Role.DISTRICT_COMMANDER, other.path, "centre"),
        Seat("observer", "罗平", Role.OBSERVER, city, None),
        Seat("member", "杨小兵", Role.CREW, street.path, "crew/1"),
        # Whoever reviewed a case does not approve it too: the city needs a second person.
        Seat("deputy", "何雨桐", Role.CITY_COMMANDER, city, "centre/1"),
        # Nor does whoever applied: a case of the whole city needs a third.
        Seat("cityplanner", "龚雅琴", Role.PLANNER, city, None),
    ]


def home_street(home: District) -> Street:
    """Give the street of the demo patrol and crew."""
    return next((s for s in home.streets if s.name == HOME_STREET), home.streets[0])


def add_demo_accounts(session: Session, listed: list[Seat]) -> dict[str, Leader]:
    """Add those who are missing; give the leaders by area path and post group."""
    led: dict[str, Leader] = {}
    for order, seat in enumerate(listed):
        phone = str(FIRST_PHONE + order)
        account = repository.by_login(session, seat.login) or auth.add_account(
            session,
            login=seat.login,
            name=seat.name,
            password=DEMO_PASSWORD,
            role=seat.role,
            area_path=seat.area_path,
            phone=phone,
            synthetic=True,
        )
        if seat.leads:
            led[seat.area_path + seat.leads] = Leader(account.id, account.name, phone)
    return led
