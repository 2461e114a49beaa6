"""A station's page draws its streams with what they are judged by and what came of it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards import shipped
from hazards.events.models import DisasterEvent
from hazards.judging.live import Judge
from hazards.monitoring.models import Datastream
from hazards.monitoring.service import Sent
from rescue_app.http.dependencies import COOKIE
from rescue_app.settings import PROJECT
from tests.integration.monitoring.test_judging import HOUR, storm, take
from tests.monitoring import LIST, NOW, bring, measured
from tests.warning import Warner
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, TAIBAI


@pytest.fixture
def warner(acting):
    return Warner(acting)


def add_a_landslide(sessions, now):
    with unit_of_work(sessions, SYSTEM) as session:
        session.add(
            DisasterEvent(
                source="office", source_id="1", title="高笋塘滑坡", time_precision="hour",
                happened_at=now - timedelta(minutes=90), place=IN_GAOSUNTANG,
                location_accuracy_m=500.0, raw={}, hazard_type="landslide",
                area_path=GAOSUNTANG, synthetic=False,
            )
        )  # fmt: skip


def test_a_chart_shows_steps_what_stood_what_was_warned_of_and_what_happened(
    client, sessions, cast, people, warner, tmp_path
):
    point = measured(sessions, tmp_path, cast.actor("city"))
    now = datetime.now(UTC)
    with unit_of_work(sessions, SYSTEM) as session:
        shipped.load(session, PROJECT / "data")
        river = update(Datastream).where(Datastream.property == "water_level")
        session.execute(river.values(marks={"warning": 2.3, "guaranteed": 3.0}))
    add_a_landslide(sessions, now)
    warner.issued()
    warner.issued("wanzhou", "city", area_paths=(TAIBAI,))
    for minutes in (12, 0):
        Judge().look(sessions, now=now - timedelta(minutes=minutes))
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    rain, level = charts(client.get(f"/monitoring/{point}?span=6h&lang=en").text)
    assert "Yellow 2.3" in level
    assert "Orange 3" in level
    assert re.search(r'class="stretch (blue|yellow)".*?<title>[^<]*warning level', level, re.DOTALL)
    for one in (rain, level):
        assert one.count('class="event"') == 1
        assert len(re.findall(r"<title>Orange ·[^<]*Gaosuntang", one)) == 1
    assert 'class="odd"' in rain
    assert 'class="level' not in rain
    summed, _ = charts(client.get(f"/monitoring/{point}?span=6h&over=3&lang=en").text)
    assert 'class="level yellow"' in summed


def charts(page):
    return re.findall(r'<svg class="chart.*?</svg>', page, re.DOTALL)


def test_stations_stand_side_by_side_on_one_scale_as_they_were_judged_then(
    client, sessions, cast, people, tmp_path
):
    bring(sessions, tmp_path, cast.actor("city"), *LIST, "TB-1,太白雨量站,108.45,30.80,rain,5")
    storm(sessions, Judge())
    take(sessions, NOW + HOUR, Sent("TB-1/rain", NOW + HOUR, 3.0))
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))

    def smalls(minutes):
        until = (NOW + timedelta(minutes=minutes)).isoformat()
        asked = {"until": until, "span": "6h", "lang": "zh"}
        page = client.get("/monitoring/side-by-side", params=asked).text
        return re.findall(r'<li class="card small([^"]*)">.*?lang="zh-CN">([^<]+)', page)

    assert smalls(61) == [("", "太白雨量站"), ("", "龙宝雨量站")]
    assert smalls(95)[0][0] in {" blue", " yellow"}
    assert smalls(220)[0] == (" red", "龙宝雨量站")
    client.cookies.set(COOKIE, people.token(cast.accounts["yunyang"]))
    assert {name for _, name in smalls(220)} == {"双江雨量站"}
