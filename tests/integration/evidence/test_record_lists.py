"""Disaster records come in by the wizard, are taken back as a whole, and the evidence with them."""

import pytest
from sqlalchemy import func, select

from gis.authority import Role
from gis.store.audit import AuditEntry
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.events.models import DisasterEvent
from hazards.evidence import weighing
from hazards.evidence.models import EvidenceProposal
from hazards.points.models import HazardPoint
from rescue_app.settings import PROJECT
from tests.evidence import beside
from tests.integration.evidence.conftest import NOW
from tests.integration.points.desks import fields, figures
from tests.integration.test_jobs import run_worker
from tests.ledger import entered
from tests.world import CITY, IN_GAOSUNTANG

__all__ = ["fields", "run_worker"]
pytestmark = pytest.mark.usefixtures("world", "hazard_types")
HEADS = "灾情编号,灾种,灾情描述,发生时间,位置精度(km),死亡人数,经度,纬度"
SHARED = PROJECT.parent / "shared" / "data"


@pytest.fixture
def city(client, sign_in):
    client.follow_redirects = False
    sign_in(client, Role.PLANNER, CITY, name="王规划")
    return client


@pytest.fixture
def bring(city, run_worker):
    def do(data, name):
        asked = {"name": name, "of": "records"}
        sent = city.put(f"/api/v1/imports/{new_id()}", params=asked, content=data)
        assert sent.status_code == 201, sent.text
        run_worker()
        return sent.json()["page"]

    return do


@pytest.fixture
def press(city, run_worker):
    def do(page, act, **sent):
        answer = city.post(f"{page}/{act}", data=sent)
        assert answer.status_code == 303, answer.text
        run_worker()
        return city.get(page, params={"lang": "zh"}).text

    return do


@pytest.fixture
def take_in(city, bring, press, fields):
    """Bring a list in as it is proposed."""

    def do(data, name="灾情.csv"):
        page = bring(data, name)
        tried = press(page, "columns", **fields(city.get(page).text), go="1")
        assert figures(tried)[3] == 0 or figures(tried)[0], tried
        press(page, "send")
        return page, figures(tried)

    return do


def row(number, east_m=0.0, day="2016-07-08", accuracy_km="0.1"):
    spot = beside(IN_GAOSUNTANG, east_m)
    return f"{number},滑坡,公路边坡,{day},{accuracy_km},0,{spot.x},{spot.y}"


def listed(*rows):
    return "\n".join((HEADS, *rows)).encode("gbk")


def records(owner):
    owner.rollback()
    return {one.source_id: one for one in owner.scalars(select(DisasterEvent))}


def evidence_of(sessions, point):
    with unit_of_work(sessions, SYSTEM) as session:
        return session.get_one(HazardPoint, point).evidence


def test_an_offices_own_list_comes_in_with_its_accuracy_and_is_refused_by_the_row(
    city, bring, press, fields, owner
):
    peru = "4,滑坡,外地,2016-07-08,1,0,-75.3,-11.1"
    page = bring(listed(row(1), row(2, accuracy_km="50"), row(3, day="去年夏天"), peru), "灾情.csv")
    said = fields(city.get(page).text)
    assert (said["f.happened_at"], said["u.location_accuracy_m"]) == ("c:发生时间", "km")
    tried = press(page, "columns", **said, go="1")
    assert figures(tried) == [2, 0, 0, 2]
    for reason in ("去年夏天", "不在本市范围内"):
        assert reason in tried
    assert records(owner) == {}
    assert "已导入" in press(page, "send")
    kept = records(owner)
    assert [kept[n].location_accuracy_m for n in "12"] == [100, 50_000]
    assert (kept["1"].hazard_type, kept["2"].area_path) == ("landslide", CITY)
    assert kept["1"].raw["灾情描述"] == "公路边坡"


def test_an_import_taken_back_takes_its_evidence_with_it(
    city, take_in, press, sessions, owner, run_worker
):
    point = entered(sessions, evidence="possible", hazard_type="unstable_slope")
    days = ("2007-06-20", "2009-07-01", "2012-06-30", "2016-07-08")
    far = [row(n, 3_000, day) for n, day in enumerate(days, 2)]
    page, told = take_in(listed(row(1, 120), *far))
    assert told == [5, 0, 0, 0]
    weighing.look(sessions, now=NOW)
    assert evidence_of(sessions, point) == "historical"
    assert city.post("/evidence", data={"family": "geological"}).status_code == 303
    run_worker()
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalars(select(EvidenceProposal.state)).all() == ["open"]
    assert "已恢复原样" in press(page, "undo")
    assert records(owner) == {}
    weighing.look(sessions, now=NOW)
    assert evidence_of(sessions, point) == "possible"
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalars(select(EvidenceProposal.state)).all() == ["outdated"]
        acts = select(AuditEntry.act).where(AuditEntry.act.startswith("evidence."))
        assert {"evidence.backed", "evidence.unbacked"} <= set(session.scalars(acts))
    take_in(listed(row(1, 120)))
    weighing.look(sessions, now=NOW)
    assert evidence_of(sessions, point) == "historical"


def test_a_point_stays_historical_while_another_record_backs_it(take_in, press, sessions):
    point = entered(sessions, evidence="possible", hazard_type="unstable_slope")
    page, _ = take_in(listed(row(1, 120)))
    weighing.look(sessions, now=NOW)
    take_in(listed(row(7, 60)), "市志.csv")
    press(page, "undo")
    weighing.look(sessions, now=NOW)
    assert evidence_of(sessions, point) == "historical"


def test_what_a_list_changed_is_as_it_was_and_only_the_last_list_is_taken_back(
    take_in, press, owner
):
    first, _ = take_in(listed(row(1), row(2)))
    second, told = take_in(listed(row(1, 500), row(2)))
    assert told == [0, 1, 1, 0]
    moved = records(owner)["1"].place.x
    assert "先撤回" in press(first, "undo")
    press(second, "undo")
    assert records(owner)["1"].place.x == pytest.approx(moved - 500 / 95_600, abs=1e-5)
    press(first, "undo")
    assert records(owner) == {}


CATALOGUES = [
    ("events_nasa_glc/glc_11032.csv", "nasa-glc"),
    ("events_dfo_floods/FloodArchive.xlsx", "dfo-floods"),
]


@pytest.mark.parametrize(("file", "source"), CATALOGUES)
def test_the_worlds_catalogues_are_known_by_their_headings(
    city, bring, press, fields, owner, file, source
):
    page = bring((SHARED / file).read_bytes(), file.rpartition("/")[2])
    said = fields(city.get(page).text)
    assert said["source"] == source
    tried = press(page, "columns", **said, go="1")
    press(page, "send")
    kept = records(owner)
    assert len(kept) == figures(tried)[0] > 0
    assert {one.source for one in kept.values()} == {source}
    assert owner.scalar(select(func.min(DisasterEvent.location_accuracy_m))) is not None


def test_a_place_rejected_beside_the_map_stays_away_until_a_list_brings_a_new_record(
    city, take_in, sessions, run_worker
):
    days = ("2007-06-20", "2009-07-01", "2012-06-30")
    slides = [row(n, 3_000, day) for n, day in enumerate(days)]

    def search(*rows):
        told = take_in(listed(*rows))[1]
        assert city.post("/evidence", data={"family": "geological"}).status_code == 303
        run_worker()
        with unit_of_work(sessions, SYSTEM) as session:
            found = session.scalars(select(EvidenceProposal).order_by(EvidenceProposal.found_at))
            return told, {one.state: one.id for one in found}

    _, states = search(*slides)
    act = f"/evidence/{states['open']}/reject"
    assert act in city.get(f"/proposals/{states['open']}/panel").text
    assert city.post(act, data={"reason": "边坡已治理"}).status_code == 303
    told, states = search(*slides)
    assert (told, states.keys()) == ([0, 0, 3, 0], {"rejected"})
    told, states = search(*slides, row(9, 3_010, "2025-07-02"))
    assert (told, states.keys()) == ([1, 0, 3, 0], {"rejected", "open"})
