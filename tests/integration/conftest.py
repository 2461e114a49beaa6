"""Who acts in a small city, and a street that works: its people, a bridge with a label."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from gis.authority import Actor, Role
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import Scope
from rescue_app.auth.models import Account
from rescue_app.settings import PROJECT
from tests.cast import Cast, build_cast
from tests.conftest import People
from tests.nights import Night
from tests.patrols import Labelled, labelled, load_reference
from tests.rounds import Street
from tests.world import GAOSUNTANG

REAL_WARNINGS = PROJECT.parent / "shared" / "data" / "cap12"
collect_ignore = [] if REAL_WARNINGS.exists() else ["test_cap_real.py"]
Acting = Callable[[str], AbstractContextManager[tuple[Session, Actor]]]


@pytest.fixture
def cast(sessions: Sessions, world: None) -> Cast:
    return build_cast(sessions)


@pytest.fixture
def acting(sessions: Sessions, cast: Cast) -> Acting:
    """`with acting("city") as (session, actor)`: one request of that person."""

    @contextmanager
    def begin(who: str) -> Iterator[tuple[Session, Actor]]:
        actor = cast.actor(who)
        with unit_of_work(sessions, Scope.of(actor)) as session:
            yield session, actor

    return begin


@pytest.fixture
def night(acting: Acting, cast: Cast) -> Night:
    return Night(acting, cast)


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
