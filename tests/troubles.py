"""What findings are tried with: the offices that stand on the list, and a look at a page."""

from datetime import UTC, datetime

import pytest

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty import service as duty
from hazards.duty.rules import MemberEntry, Roster, UnitEntry, UnitKind
from rescue_app.scenario import duties
from tests.world import CITY, GAOSUNTANG, WANZHOU

PAGE = {"accept": "text/html"}


@pytest.fixture
def offices(street, sessions):
    """The district's transport and urban offices, and the city's example list."""
    made = [
        UnitEntry(f"万州区{name}", name_en, UnitKind.DEPARTMENT, "district", WANZHOU)
        for name, name_en in (("交通运输委员会", "Transport"), ("城市管理局", "Urban"))
    ]
    at = street.cast
    staff = [
        MemberEntry("冉主任", "主任", "13900000001", made[0].id, at.accounts["planner"].id),
        MemberEntry("高书记", "值班长", "13900000002", at.units[GAOSUNTANG],
                    at.accounts["street"].id),
        MemberEntry("万主任", "值班长", "13900000003", at.units[WANZHOU],
                    at.accounts["wanzhou"].id),
    ]  # fmt: skip
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster(made, staff), area_path=CITY)
        duties.lay_down(session, city=CITY, now=datetime.now(UTC))
    return [str(unit.id) for unit in made]


def see(client, path):
    return client.get(path, headers=PAGE)
