"""Loading the areas a second time is quick and spoils nothing."""

import pytest
from sqlalchemy import update

from gis.areas import repository as areas
from gis.areas import service
from gis.areas.models import Area
from gis.areas.service import Outcome
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from tests.integration.areas.sources import SOURCES


@pytest.fixture
def city(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        return service.load_seed(session, SOURCES)


def test_a_second_load_changes_nothing_and_reads_nothing(sessions, city):
    assert city == {Outcome.ADDED: 2139}
    steps = []
    with unit_of_work(sessions, SYSTEM) as session:
        again = service.load_seed(session, SOURCES, progress=steps.append)
    assert again == {Outcome.SAME: 2139}
    assert steps == []


def test_a_newer_seed_mends_its_own_rows_and_leaves_imported_ones(sessions, city):
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(update(Area).where(Area.level == "city").values(source="seed of old"))
        session.execute(update(Area).where(Area.code == "500101001").values(name_en="Wrong"))
        session.execute(
            update(Area).where(Area.code == "500101017").values(source="street office", name="太白")
        )
    with unit_of_work(sessions, SYSTEM) as session:
        counts = service.load_seed(session, SOURCES)
        assert areas.by_code(session, "500101001").name_en == "Gaosuntang Subdistrict"
        assert areas.by_code(session, "500101017").name == "太白"
    assert counts == {Outcome.SAME: 2133, Outcome.CHANGED: 4, Outcome.KEPT: 2}
