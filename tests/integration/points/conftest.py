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
from tests.ledger import carried, entered, said
from tests.world import CITY

TYPES = PROJECT / "data" / "hazard_types.yaml"

Enter = Callable[..., dict[str, Any]]
Change = Callable[..., dict[str, Any]]
Delist = Callable[..., None]
__all__ = ["said"]


@pytest.fixture
def hazard_types(sessions: Sessions) -> None:
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, TYPES)


@pytest.fixture
def desk(client: TestClient, world: None, hazard_types: None, sign_in: Any) -> TestClient:
    """The application with the city's commander signed in."""
    sign_in(client, Role.CITY_COMMANDER, CITY, name="Zhang")
    return client


@pytest.fixture
def enter(sessions: Sessions) -> Enter:
    """`enter(client, name=…)` puts a point on the ledger; gives it as the API shows it."""

    def do(client: TestClient, **more: Any) -> dict[str, Any]:
        point_id = entered(sessions, **more)
        return client.get(f"/api/v1/points/{point_id}").json()

    return do


@pytest.fixture
def change(sessions: Sessions) -> Change:
    """`change(client, address, version=1, …)` applies for a change and lets it through."""

    def do(client: TestClient, address: str, **more: Any) -> dict[str, Any]:
        answer = client.patch(address, json=more)
        assert answer.status_code == 201, answer.text
        carried(sessions, answer.json()["id"])
        return client.get(address).json()

    return do


@pytest.fixture
def delist(sessions: Sessions) -> Delist:
    """`delist(client, address, version=1)` applies for a point's leaving and lets it through."""

    def do(client: TestClient, address: str, *, version: int) -> None:
        said = {"version": version, "ground": "works_finished", "report": "6 月 3 日验收"}
        answer = client.post(f"{address}/delist", json=said)
        assert answer.status_code == 201, answer.text
        carried(sessions, answer.json()["id"])

    return do


@pytest.fixture
def office(sessions: Sessions, world: None, hazard_types: None, tmp_path: Path) -> Office:
    return Office(sessions, tmp_path)
