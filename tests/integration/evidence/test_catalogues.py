"""The world's catalogues, whole, through to proposals: needs ../shared/data.

The region is a rectangle around Jakarta, where both catalogues know some places well.
"""

from html import unescape

import pytest

from gis.authority import Role
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.evidence import repository, searching
from hazards.evidence.rules import Asked, State
from rescue_app.http.dependencies import COOKIE
from rescue_app.settings import PROJECT
from tests.integration.evidence.conftest import CATALOGUES, NOW
from tests.integration.points.commands import yitong

REGION = PROJECT / "tests" / "integration" / "evidence" / "region.geojson"
CITY = "/990000/"


@pytest.fixture
def region(database, hazard_types, tmp_path):
    columns = ["--name-column", "name", "--code-column", "code", "--parent-column", "parent"]
    yitong("areas", "import", str(REGION), *columns, "--valid-from", "1980-01-01", "--apply",
           database=database)  # fmt: skip
    for file, mapping in (
        ("events_nasa_glc/glc_11032.csv", "nasa_glc.yaml"),
        ("events_dfo_floods/FloodArchive.xlsx", "dfo_floods.yaml"),
    ):
        how = ["--mapping", str(PROJECT / "data" / "mappings" / mapping), "--apply"]
        refused = ["--refused", str(tmp_path / "refused.csv")]
        yitong("events", "import", str(CATALOGUES / file), *how, *refused, database=database)


def test_slides_and_floods_of_the_world_end_in_proposals_that_say_why(
    region, sessions, people, client
):
    account = people.add(Role.PLANNER, CITY, name="周规划")
    by = account.as_actor()

    def propose(asked):
        with unit_of_work(sessions, Scope.of(by)) as session:
            made = searching.search(session, id=new_id(), asked=asked, by=by, now=NOW)
            where = {"states": [State.OPEN], "page": 1}
            rows = repository.listing(session, **where)[0]
            return made, [row for row in rows if row.search_id == made.id]

    made, (slides, *_) = propose(Asked("geological", within_m=5_000))
    assert list(made.vintage["sources"]) == ["nasa-glc"]
    assert (made.vintage["records"], made.vintage["used"]) == (88, 55)
    assert (slides.facts["occurrences"], slides.facts["every_years"]) == (9, 0.88)

    made, (flood, *others) = propose(Asked("flood", within_m=20_000))
    assert list(made.vintage["sources"]) == ["dfo-floods"]
    assert (made.vintage["records"], made.vintage["used"]) == (21, 8)
    assert made.result["vague"]["occurrences"] == 13
    assert (flood.facts["occurrences"], flood.facts["accuracy_m"] <= 20_000) == (7, True)
    assert [one.facts["records"] for one in others] == [1]
    with unit_of_work(sessions, SYSTEM) as session:
        used = {
            e.id: e for row in (slides, flood) for e in repository.events(session, row.event_ids)
        }
    assert len(used) == 16
    assert max(e.location_accuracy_m for e in used.values()) <= 20_000

    client.cookies.set(COOKIE, people.token(account))
    page = unescape(client.get(f"/evidence/{flood.id}?lang=zh").text)
    assert "平均每 1.72 年一次，95% 置信区间 0.84–4.29 年" in page
