"""An office's list of stations comes in by the wizard: corrected, tried, taken in, taken back."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from gis.authority import Role
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards import shipped
from hazards.monitoring import service
from hazards.monitoring.models import Datastream, MonitoringPoint
from hazards.monitoring.service import Sent
from rescue_app.settings import PROJECT
from tests.integration.points.desks import fields, figures
from tests.integration.test_jobs import run_worker
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, IN_SHUANGJIANG

__all__ = ["fields", "run_worker"]
pytestmark = pytest.mark.usefixtures("world")
HEADS = "测站编码,站名,测什么,警戒水位,保证水位,报送间隔,经度,纬度"
AT = f"{IN_GAOSUNTANG.x},{IN_GAOSUNTANG.y}"
ROWS = (
    f"H1,高笋塘水文站,水位,171,175,5,{AT}",
    f"H1,高笋塘水文站,降雨量,,,5,{AT}",
    f"H2,南门水文站,水位,175,171,5,{AT}",
    f"H3,北门雨量站,雷声,,,5,{AT}",
    f"H4,双江雨量站,降雨量,,,5,{IN_SHUANGJIANG.x},{IN_SHUANGJIANG.y}",
)


@pytest.fixture
def planner(client, sign_in, sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        shipped.load(session, PROJECT / "data")
    sign_in(client, Role.PLANNER, GAOSUNTANG, name="周规划")
    return client


@pytest.fixture
def bring(planner, run_worker):
    def do(*rows):
        data = "\n".join((HEADS, *rows)).encode("gbk")
        asked = {"name": "水文站.csv", "of": "stations"}
        sent = planner.put(f"/api/v1/imports/{new_id()}", params=asked, content=data)
        run_worker()
        return sent.json()["page"]

    return do


@pytest.fixture
def press(planner, run_worker):
    def do(page, act, **sent):
        assert planner.post(f"{page}/{act}", data=sent).status_code == 303
        run_worker()
        return planner.get(page, params={"lang": "zh"}).text

    return do


def streams(owner):
    owner.rollback()
    query = select(MonitoringPoint.code, Datastream.property, Datastream.interval_s)
    query = query.join(Datastream, Datastream.point_id == MonitoringPoint.id)
    return sorted(tuple(row) for row in owner.execute(query))


BOTH = [("H1", "rain", 300), ("H1", "water_level", 300)]


def taken_in(planner, bring, press, fields, *rows):
    page = bring(*rows)
    said = fields(planner.get(page).text) | {"f.property": "c:测什么", "go": "1"}
    tried = press(page, "columns", **said)
    return page, tried, press(page, "send")


def test_columns_are_corrected_by_hand_tried_and_what_does_not_fit_is_told(
    planner, bring, press, fields, owner
):
    page = bring(*ROWS)
    said = fields(planner.get(page).text)
    assert (said["f.number"], said["f.mark_warning"]) == ("c:测站编码", "c:警戒水位")
    assert said["f.interval_min"] == "c:报送间隔"
    tried = press(page, "columns", **(said | {"f.property": "c:测什么", "go": "1"}))
    assert figures(tried) == [2, 0, 0, 3]
    for reason in ("像是填反了", "雷声", "不在您的辖区"):
        assert reason in tried
    assert streams(owner) == []
    refused = planner.get(re.search(r'href="(/files/[^"]+)"', tried)[1]).content
    told = csv.DictReader(io.StringIO(refused.decode("utf-8-sig")))
    assert [row["测站编码"] for row in told] == ["H2", "H3", "H4"]
    assert "已导入" in press(page, "send")
    assert streams(owner) == BOTH


def test_a_list_is_taken_back_as_a_whole_and_what_it_changed_is_as_it_was(
    planner, bring, press, fields, owner
):
    taken_in(planner, bring, press, fields, *ROWS[:2])
    more = ROWS[0].replace(",171,175,5,", ",172,175,10,").replace("高笋塘水文站", "高笋塘站")
    other = f"H9,新站,降雨量,,,5,{AT}"
    page, tried, _ = taken_in(planner, bring, press, fields, more, other)
    assert figures(tried) == [1, 1, 0, 0], tried
    assert ("H1", "water_level", 600) in streams(owner)
    assert "已恢复原样" in press(page, "undo")
    assert streams(owner) == BOTH
    river = select(Datastream.marks).where(Datastream.property == "water_level")
    assert owner.scalars(river).one() == {"warning": 171, "guaranteed": 175}
    assert owner.scalars(select(MonitoringPoint.name)).all() == ["高笋塘水文站"]


def test_what_was_heard_meanwhile_is_never_taken_back(
    planner, bring, press, fields, owner, sessions
):
    page, *_ = taken_in(planner, bring, press, fields, *ROWS[:2])
    now, source = datetime.now(UTC), owner.scalars(select(MonitoringPoint.source)).one()
    with unit_of_work(sessions, SYSTEM) as session:
        service.take(session, [Sent("H1/rain", now, 1.0)], source=source, area_path="/", now=now)
    assert "已有读数" in press(page, "undo")
    assert streams(owner) == BOTH
