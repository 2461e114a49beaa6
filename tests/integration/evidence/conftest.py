"""A planner's desk with records of slides, and searches over them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from gis.authority import Actor, Role
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import Scope
from hazards.evidence import searching
from hazards.evidence.rules import Asked
from tests.integration.events.conftest import hazard_types  # noqa: F401 - a fixture
from tests.world import WANZHOU

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
Search = Callable[..., dict[str, Any]]


@pytest.fixture
def planner(world, hazard_types, people) -> Actor:  # noqa: F811 - the fixture
    return people.add(Role.PLANNER, WANZHOU, name="王规划").as_actor()


@pytest.fixture
def search(sessions) -> Search:
    def look(by: Actor, **figures: Any) -> dict[str, Any]:
        asked = Asked("geological", **figures)
        with unit_of_work(sessions, Scope.of(by)) as session:
            made = searching.search(session, id=new_id(), asked=asked, by=by, now=NOW)
            return {**made.result, "vintage": made.vintage}

    return look
