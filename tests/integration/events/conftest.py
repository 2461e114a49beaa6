"""The catalogue test runs on NASA's real file, which lies beside the repository or nowhere."""

import pytest

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.points import types
from rescue_app.settings import PROJECT

NASA_GLC = PROJECT.parent / "shared" / "data" / "events_nasa_glc" / "glc_11032.csv"
collect_ignore = [] if NASA_GLC.exists() else ["test_nasa_glc.py"]


@pytest.fixture
def hazard_types(sessions: Sessions) -> None:
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, PROJECT / "data" / "hazard_types.yaml")
