"""What tests of the ledger stand on: hazard types, and points entered as people do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from gis.authority import Role
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.points import types
from rescue_app.settings import PROJECT
from tests.integration.points.importing import Office
from tests.world import CITY, IN_GAOSUNTANG

TYPES = PROJECT / "data" / "hazard_types.yaml"

Enter = Callable[..., dict[str, Any]]


@pytest.fixture
def hazard_types(sessions: Sessions) -> None:
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, TYPES)


@pytest.fixture
def desk(client: TestClient, world: None, hazard_types: None, sign_in: Any) -> TestClient:
    """The application with the city's commander signed in."""
    sign_in(client, Role.CITY_COMMANDER, CITY, name="Zhang")
    return client


def said(**more: Any) -> dict[str, Any]:
    """A point as a form sends it."""
    return {
        "category": "hidden_danger",
        "evidence": "historical",
        "hazard_type": "landslide",
        "name": "大石坡滑坡",
        "longitude": IN_GAOSUNTANG.x,
        "latitude": IN_GAOSUNTANG.y,
        "threatened_persons": 120,
    } | more


@pytest.fixture
def enter() -> Enter:
    """`enter(client, name=…)` enters a point and gives it as the API shows it."""

    def do(client: TestClient, **more: Any) -> dict[str, Any]:
        answer = client.post("/api/v1/points", json=said(**more))
        assert answer.status_code == 201, answer.text
        return answer.json()

    return do


@pytest.fixture
def office(sessions: Sessions, world: None, hazard_types: None, tmp_path: Path) -> Office:
    return Office(sessions, tmp_path)
