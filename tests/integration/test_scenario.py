"""The scenario: real ground, made-up dangers, the same again from the same seed."""

import os
from datetime import UTC, datetime

from sqlalchemy import func, select

from gis.areas import service as areas
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty.models import Crew, Unit
from hazards.events.models import DisasterEvent
from hazards.points.models import HazardPoint
from hazards.susceptibility.models import GroundLayer
from qr_codes.assets.models import Asset, RiskCode
from qr_codes.stores.models import MaterialStore
from rescue_app import shipped
from rescue_app.auth.models import Account
from rescue_app.evacuation.models import Household
from rescue_app.jobs.models import Job
from rescue_app.scenario import rounds, service
from rescue_app.susceptibility_map import KIND

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SYNTHETIC = (HazardPoint, Asset, Unit, Crew, Account, MaterialStore, DisasterEvent)
# Who applies for a case of the whole city, who reviews and who approves it are three.
THREE_TO_APPROVE = ["city_commander", "city_commander", "observer", "planner"]
DISTRICT = func.split_part(HazardPoint.area_path, "/", 3)


def load(sessions, *, points=600, seed=7):
    with unit_of_work(sessions, SYSTEM) as session:
        loaded = service.load(session, points=points, seed=seed, now=NOW)
        rounds.live(session, now=NOW)
        return loaded


# One test: the ground alone takes seconds to load, and every test starts from an empty database.
def test_the_scenario_is_whole_marked_and_the_same_twice(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        assert shipped.load(session, secret=os.urandom(32), now=NOW)
        areas.load_seed(session, shipped.AREAS)
    city = load(sessions)
    assert city.points.refusals == []
    assert city.crews > 800

    with unit_of_work(sessions, SYSTEM) as session:
        assert not shipped.load(session, secret=os.urandom(32), now=NOW)
        kinds = select(
            DISTRICT,
            func.count(HazardPoint.category.distinct()),
            func.count(HazardPoint.evidence.distinct()),
        ).group_by(DISTRICT)
        found = session.execute(kinds).all()
        assert len(found) == 37
        assert {(categories, evidence) for _, categories, evidence in found} == {(4, 3)}
        assert session.scalar(select(func.count(RiskCode.id))) == city.assets > 3000
        for table in (*SYNTHETIC, Household):
            assert session.scalar(select(func.count()).where(~table.synthetic)) == 0

        lying = select(
            func.count(), func.count(func.split_part(MaterialStore.area_path, "/", 3).distinct())
        )
        assert session.execute(lying).one() == (107, 37)
        city_people = select(Account.role).where(Account.area_path == "/500000/")
        assert sorted(session.scalars(city_people)) == THREE_TO_APPROVE
        disasters = select(func.count()).select_from(DisasterEvent)
        known = session.scalar(disasters)
        assert known > 37 * 14
        ground = select(GroundLayer.kind, GroundLayer.synthetic, GroundLayer.area_path)
        assert session.execute(ground).all() == [("elevation", True, "/500000/")]
        maps = select(Job.area_path).where(Job.kind == KIND).order_by(Job.area_path)
        assert session.scalars(maps).all() == ["/500000/", "/500000/500101/"]
        homes = select(func.count()).select_from(Household)
        housed = session.scalar(homes)
        assert housed > 1_000

    again = load(sessions)
    assert (again.points.new, again.points.changed, again.assets) == (0, 0, 0)
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.execute(lying).one() == (107, 37)
        assert session.scalar(disasters) == known
        assert session.scalar(homes) == housed
        assert len(session.scalars(maps).all()) == 2
