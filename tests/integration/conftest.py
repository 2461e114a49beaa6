"""A street that works: its people, a bridge with a label, and whoever scans it."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from gis.authority import Role
from gis.store.engine import Sessions
from rescue_app.auth.models import Account
from tests.cast import build_cast
from tests.conftest import People
from tests.patrols import Labelled, labelled, load_reference
from tests.rounds import Street
from tests.world import GAOSUNTANG


@pytest.fixture
def street(client: TestClient, people: People, sessions: Sessions) -> Street:
    load_reference(sessions)
    return Street(client, people, build_cast(sessions))


@pytest.fixture
def bridge(street: Street) -> Labelled:
    return labelled(street.sign_in("street"))


@pytest.fixture
def code(client: TestClient, sign_in: Callable[..., Account], sessions: Sessions) -> str:
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    return labelled(client).code


@pytest.fixture
def patrol(client: TestClient, sign_in: Callable[..., Account], code: str) -> Account:
    """Who is signed in after `code` was labelled."""
    return sign_in(client, Role.PATROL, GAOSUNTANG, "覃小红")
