"""The planner's page: a search by a button, the reason in plain words, and the decision."""

import json
import re
from html import unescape

import pytest
from sqlalchemy import select

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.evidence.models import EvidenceProposal, EvidenceSearch
from hazards.points.cases.models import LedgerCase
from rescue_app.jobs.models import Job
from rescue_app.jobs.running import execute
from tests.evidence import keep, known, slides
from tests.ledger import entered
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, IN_TAIBAI, TAIBAI, WANZHOU

FIGURES = {"family": "geological", "within_m": 1000, "fewest": 3, "apart_days": 3}


@pytest.fixture
def desk(client, world, hazard_types, sign_in):
    client.follow_redirects = False
    sign_in(client, Role.PLANNER, WANZHOU, name="王规划")
    return client


@pytest.fixture
def searched(desk, sessions):
    """Press the button and let the worker do its work."""
    keep(sessions, slides(IN_GAOSUNTANG), area=GAOSUNTANG)
    keep(sessions, [known(IN_TAIBAI, "2016-01-01", precision="year")], area=TAIBAI)
    assert desk.post("/evidence", data=FIGURES).status_code == 303
    with unit_of_work(sessions, SYSTEM) as session:
        job_id = session.scalars(select(Job.id)).one()
    execute(sessions, job_id, must_stop=lambda: False)
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalars(select(EvidenceSearch.id)).one() == job_id
        job = session.get_one(Job, job_id)
        assert (job.state, job.done) == ("done", job.total)
        found = session.scalars(select(EvidenceProposal).order_by(EvidenceProposal.evidence))
        return [row.id for row in found]


def test_the_reason_stands_in_plain_words_in_both_languages(desk, searched):
    frequent, _ = searched
    chinese = unescape(desk.get("/evidence").text)
    assert (
        "11.1 年里，300 米内有 7 条记录：2007-06-20、2009-07-01、2009-07-02、2012-06-30、"
        "2014-09-12、2016-07-08、2018-07。相隔 3 天内的算一次，共 6 次：平均每 1.85 年一次，"
        "95% 置信区间 0.85–5.05 年。看不出变多或变少" in chinese
    )
    assert "50 米内有 1 条记录：2016。" in chinese
    english = unescape(desk.get(f"/evidence/{frequent}?lang=en").text)
    assert "7 records in 11.1 years within 300 m: 2007-06-20, " in english
    assert "so it came 6 times: once in 1.85 years, 95 % 0.85–5.05." in english
    assert "DBSCAN" in english


def test_the_map_lights_every_record_with_the_circle_it_may_lie_in(desk, searched):
    page = desk.get(f"/evidence/{searched[0]}").text
    (told,) = re.findall(r'data-drawn-things="([^"]+)"', page)
    things = json.loads(unescape(told))["features"]
    kinds = [one["properties"]["kind"] for one in things]
    assert (kinds.count("record"), kinds.count("doubt")) == (7, 7)
    ring = next(t for t in things if t["properties"]["kind"] == "doubt")["geometry"]["coordinates"]
    (west, *_), *_, (east, *_) = sorted(ring[0])
    assert (east - west) * 95_600 == pytest.approx(200, rel=0.01)


def test_a_planner_applies_for_the_point_with_the_reason_and_the_case_is_the_only_change(
    desk, searched, sessions
):
    page = desk.get(f"/evidence/{searched[0]}").text
    assert 'value="高笋塘街道滑坡"' in page
    (case,) = set(re.findall(r'name="case" value="([^"]+)"', page))
    form = {"case": case, "name": "大石坡", "category": "occurrence"}
    for _ in range(2):  # pressed twice it is one case
        answer = desk.post(f"/evidence/{searched[0]}/accept", data=form)
        assert answer.headers["location"] == f"/cases/{case}"
    with unit_of_work(sessions, SYSTEM) as session:
        (made,) = session.scalars(select(LedgerCase))
        assert (made.state, made.title, made.reason[:7]) == ("applied", "大石坡", "11.1 年里")
    assert "已申请为点位" in desk.get(f"/evidence/{searched[0]}").text
    assert desk.post(f"/evidence/{searched[0]}/reject", data={"reason": "x"}).status_code == 409


def test_records_are_joined_to_the_point_that_is_there(desk, searched, sessions):
    entered(sessions, evidence="possible", name="大石坡滑坡")
    page = desk.get(f"/evidence/{searched[0]}").text
    (point,) = re.findall(r'name="point" value="([^"]+)"', page)
    (case,) = set(re.findall(r'name="case" value="([^"]+)"', page))
    answer = desk.post(f"/evidence/{searched[0]}/merge", data={"case": case, "point": point})
    assert answer.headers["location"] == f"/cases/{case}"
    assert desk.post(f"/evidence/{searched[1]}/merge", data={"case": case, "point": "x"}).is_error


def test_who_rejects_says_why_and_figures_that_make_no_sense_are_refused(desk, searched):
    address = f"/evidence/{searched[1]}/reject"
    assert desk.post(address).status_code == 422
    assert desk.post(address, data={"reason": "已治理"}).status_code == 303
    assert "已治理" in desk.get(f"/evidence/{searched[1]}").text
    wrong = desk.post("/evidence", data=FIGURES | {"within_m": 5})
    assert wrong.status_code == 422
    assert "100 至 20000 米" in wrong.text
