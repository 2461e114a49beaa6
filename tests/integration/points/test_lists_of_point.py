"""What a point's page and its panel on the map say of its lists: owed, done, found bad."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from tests.tasking import generate, load_lists, point, put_points, tasks
from tests.tiles import layers, tile_at
from tests.world import GAOSUNTANG, SHUANGJIANG, TAIBAI, WANZHOU, YUNYANG

LATE = text("UPDATE task SET due_at = :late WHERE area_path = :path")


@pytest.fixture
def ground(sessions, world):
    """A point in each street; the list of Gaosuntang's is overdue."""
    load_lists(sessions)
    now = datetime.now(UTC)
    made = [point(path, now - timedelta(days=1)) for path in (GAOSUNTANG, TAIBAI, SHUANGJIANG)]
    put_points(sessions, made)
    generate(sessions, now)
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(LATE, {"late": now - timedelta(hours=2), "path": GAOSUNTANG})
    return {task.area_path: task for task in tasks(sessions)}


def counted(client, zoom=9):
    """Add up the rings of the tiles that the small city lies on, for overdue points."""
    (_, west, north), (_, east, south) = tile_at(108.0, 31.5, zoom), tile_at(109.4, 30.3, zoom)
    address = "/api/v1/tiles/points/{}/{}/{}.mvt?overdue=true"
    tiles = ((zoom, x, y) for x in range(west, east + 1) for y in range(north, south + 1))
    drawn = [layers(client.get(address.format(*tile)).content) for tile in tiles]
    return sum(ring.properties["count"] for one in drawn for ring in one.get("counts", []))


def answered(client, task, **said):
    answer = client.post(f"/api/v1/tasks/{task.id}/answers", json=said | {"id": str(uuid4())})
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("address", ["/points/{}", "/points/{}/panel"])
def test_a_point_says_what_is_late_what_was_done_and_what_was_bad(client, ground, sign_in, address):
    late, bad = ground[GAOSUNTANG], ground[TAIBAI]
    sign_in(client, Role.PATROL, TAIBAI, name="覃小红")
    answered(client, bad, outcome="problem", note="截水沟堵塞")
    sign_in(client, Role.PLANNER, WANZHOU)
    page = client.get(address.format(late.subject_id)).text
    assert f'href="/tasks/{late.id}"' in page
    assert "已超期" in page
    assert "近期完成" not in page
    page = client.get(address.format(bad.subject_id)).text
    assert page.count(f'href="/tasks/{bad.id}"') == 2
    for said in ("这里没有到期清单。", "这里曾发现问题", "截水沟堵塞", "近期完成", "覃小红"):
        assert said in page
    sign_in(client, Role.PLANNER, YUNYANG)
    assert client.get(address.format(bad.subject_id)).status_code == 404


def test_list_map_and_export_mean_the_same_overdue_points(client, ground, sign_in):
    sign_in(client, Role.PLANNER, WANZHOU)
    listed = client.get("/api/v1/points", params={"overdue": "true"}).json()
    assert [item["id"] for item in listed["items"]] == [str(ground[GAOSUNTANG].subject_id)]
    assert listed["total"] == 1
    assert counted(client) == 1
    table = client.get("/api/v1/points/export", params={"overdue": "true", "format": "csv"}).text
    assert len(table.strip().splitlines()) == 2
    page = client.get("/points?overdue=true").text
    assert "清单超期" in page
    sign_in(client, Role.PLANNER, YUNYANG)
    assert client.get("/api/v1/points", params={"overdue": "true"}).json()["total"] == 0


def test_a_map_of_overdue_points_lets_go_of_one_that_is_done(client, ground, sign_in):
    sign_in(client, Role.PATROL, GAOSUNTANG)
    assert counted(client) == 1
    answered(client, ground[GAOSUNTANG], outcome="all_normal")
    assert counted(client) == 0
