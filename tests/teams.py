"""A crew with people: two whose phones sign in, and one who has none that does."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest

from gis.authority import Role
from gis.store.base import new_id
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty import service as duty
from hazards.duty.models import Crew, CrewSeat
from hazards.duty.rules import MemberEntry, Roster
from rescue_app.auth.models import Account
from rescue_app.dispatch.drafts import PartDraft, StepDraft
from rescue_app.dispatch.members import giving, reading, telling
from rescue_app.dispatch.rules import StepKind
from tests.cast import Cast
from tests.world import CITY, GAOSUNTANG

MEMBERS = (("zhou", "周队员"), ("wu", "吴队员"), ("", "郑队员"))


def seat_members(sessions: Sessions, cast: Cast) -> dict[str, UUID]:
    """Give the first crew of Gaosuntang its people; their numbers on the roster by name."""
    people: dict[str, UUID] = {}
    with unit_of_work(sessions, SYSTEM) as session:
        crew = session.get(Crew, cast.crews["gaosuntang"])
        assert crew is not None
        for number, (who, name) in enumerate(MEMBERS):
            phone, account_id = f"1370000000{number}", None
            if who:
                account = cast.accounts[who] = Account(
                    login=f"{who}-{new_id()}", name=name, phone=phone, role=Role.CREW,
                    area_path=GAOSUNTANG, password_hash="-",
                )  # fmt: skip
                session.add(account)
                session.flush()
                account_id = account.id
            entry = MemberEntry(name, "队员", phone, crew.unit_id, account_id)
            duty.register(session, Roster(members=[entry]), area_path=CITY)
            session.add(CrewSeat(crew_id=crew.id, member_id=entry.id, area_path=crew.area_path))
            people[name] = entry.id
    return people


@dataclass
class Team:
    """A crew's leader with three members: two with phones that sign in, one without."""

    acting: object
    night: object
    cast: object
    people: dict

    def give(self, hop, *names, who="crew", send_id=None, words="守桥头"):
        parts = [PartDraft(self.people[name], words) for name in names]
        with self.acting(who) as (session, actor):
            giving.give(
                session, hop_id=hop.id, send_id=send_id or new_id(), parts=parts, by=actor,
                now=datetime.now(UTC),
            )  # fmt: skip
        return {part.name: part for part in self.parts(hop.order_id)}

    def parts(self, order_id, who="city"):
        with self.acting(who) as (session, _):
            return reading.parts_of_order(session, order_id)

    def of(self, order, name):
        return next(part for part in self.parts(order.id) if part.name == name)

    def tell(self, who, part, kind, note="", step_id=None, done_at=None, notice=None, how=None):
        step = StepDraft(
            step_id or new_id(), StepKind(kind), note, done_at, notice_id=notice, how=how
        )
        with self.acting(who) as (session, actor):
            now = datetime.now(UTC)
            return telling.tell(session, part_id=part.id, step=step, by=actor, now=now)

    def take_back(self, who, part):
        with self.acting(who) as (session, actor):
            now = datetime.now(UTC)
            return giving.take_back(
                session, part_id=part.id, notice_id=new_id(), why="改派", by=actor, now=now
            )


@pytest.fixture
def team(night, cast, acting, sessions):
    people = seat_members(sessions, cast)
    return Team(acting, night, cast, people)


@pytest.fixture
def held(team, night):
    """An order that the leader took on."""
    order, crew = night.down_to_the_crew()
    return order, night.tell("crew", crew, "accepted")
