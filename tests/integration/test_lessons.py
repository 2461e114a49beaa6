"""Lessons of a review ring until they are done; a drill stands by itself."""

import re
from datetime import UTC, datetime, timedelta

import pypdfium2 as pdfium
import pytest
from sqlalchemy import select

from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls.models import CallRung
from hazards.calls.rules import RungKind
from rescue_app.review import lessons, repository, ringing
from rescue_app.web import lessons as pages
from rescue_app.web import review_view
from tests.integration.test_jobs import run_worker
from tests.reviewing import PAGE, at, calls_about, lesson, night, played, story
from tests.world import CITY, GAOSUNTANG, WANZHOU

__all__ = ["night", "run_worker", "story"]

pytestmark = pytest.mark.usefixtures("world")


def test_a_lesson_rings_at_its_owner_now_and_each_day_once_it_is_late(story, night, sessions):
    kept = lesson(story, night[0])
    (first,) = calls_about(sessions)
    assert (first.text_zh, first.area_path) == ("复盘整改：备用泵先到场", GAOSUNTANG)
    assert ringing.call_late(sessions, now=at(1439)) == 0
    assert ringing.call_late(sessions, now=at(1441)) == 1
    assert ringing.call_late(sessions, now=at(1442)) == 0
    assert ringing.call_late(sessions, now=at(2 * 1440 + 2)) == 1
    _, second, third = calls_about(sessions)
    assert (second.text_zh, third.over_at) == ("整改超期：备用泵先到场", None)
    with story.acting("street") as (session, by):
        done = lessons.done(session, lesson_id=kept.id, how="已配两台", by=by, now=at(3000))
        assert done.done_by_name == "高书记"
    assert calls_about(sessions)[-1].over_at == at(3000)
    assert ringing.call_late(sessions, now=at(9000)) == 0


def test_a_late_lesson_of_a_district_s_centre_climbs_to_the_city(story, night, sessions):
    lesson(story, night[0], who="city", owner=WANZHOU)
    assert {path for _, path in rungs_of_last(sessions)} == {WANZHOU}
    ringing.call_late(sessions, now=at(1441))
    assert rungs_of_last(sessions)[-1] == (RungKind.SUPERIOR, CITY)


def rungs_of_last(sessions):
    call = calls_about(sessions)[-1]
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(CallRung.kind, CallRung.area_path).where(CallRung.call_id == call.id)
        return [tuple(row) for row in session.execute(query.order_by(CallRung.position))]


def test_the_same_lesson_twice_is_one_and_what_nobody_could_do_is_refused(story, night):
    key = new_id()
    assert lesson(story, night[0], id=key).id == lesson(story, night[0], id=key).id
    with pytest.raises(Conflict):
        lesson(story, night[0], id=key, words="别的")
    with pytest.raises(Rejected, match="better next time"):
        lesson(story, night[0], words="  ")
    with pytest.raises(Rejected, match="lie ahead"):
        lesson(story, night[0], due_at=at(1))
    with pytest.raises(Missing, match="centre or department"):
        lesson(story, night[0], who="street", owner=WANZHOU)
    with pytest.raises(Forbidden):
        lesson(story, night[0], who="planner")


def test_a_lesson_is_written_down_and_ticked_off_on_the_page(story, night):
    incident_id, _ = night
    client = story.street.sign_in("wanzhou")
    sent = {"id": str(new_id()), "words": "备用泵先到场", "owner": str(story.cast.units[WANZHOU])}
    wrong = client.post(f"/incidents/{incident_id}/lessons", data=sent, headers=PAGE)
    assert (wrong.status_code, "备用泵先到场" in wrong.text) == (422, True)
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    client.post(f"/incidents/{incident_id}/lessons", data=sent | {"due_on": day}, headers=PAGE)
    client.post(f"/lessons/{sent['id']}/done", data={"how": "已配两台"}, headers=PAGE)
    assert "已配两台" in client.get("/lessons", headers=PAGE).text
    client.post(f"/lessons/{sent['id']}/again", headers=PAGE)
    assert "已配两台" not in client.get("/lessons", headers=PAGE).text


def test_the_list_names_the_night_of_each_lesson_and_leads_to_its_review(story, night):
    lesson(story, night[0])
    drill_id = story.incident(is_drill=True, title="防汛拉练")
    lesson(story, drill_id)
    page = story.street.sign_in("wanzhou").get("/lessons", params={"lang": "zh"}, headers=PAGE)
    named = re.findall(r'<a href="/incidents/([^/]+)/review">(.+?)<.*?>(.+?)</span></a>', page.text)
    assert sorted(named, key=lambda one: one[1:]) == [
        (str(night[0]), "复盘：", "沿江路积水"),
        (str(drill_id), "演练结果：", "防汛拉练"),
    ]


def test_a_drill_is_marked_on_its_result_and_in_its_files(story, run_worker):
    incident_id = story.incident(is_drill=True, title="防汛拉练")
    played(story, incident_id)
    client = story.street.sign_in("wanzhou")
    page = client.get(f"/incidents/{incident_id}/review", headers=PAGE).text
    assert "演练结果" in page
    assert "不计入任何实战复盘" in page
    rows = client.get(f"/incidents/{incident_id}/review/timeline.csv").text
    assert rows.count("drill 演练") == len(rows.strip().splitlines()) - 1
    client.post(f"/incidents/{incident_id}/review/report", headers=PAGE)
    run_worker()
    page = client.get(f"/incidents/{incident_id}/review", headers=PAGE).text
    pdf = pdfium.PdfDocument(client.get(re.search(r'href="(/files/[^"]+)"', page)[1]).content)
    assert all("演练" in one.get_textpage().get_text_range() for one in pdf)


def test_a_drill_changes_no_figure_of_a_real_night(story, night):
    incident_id, _ = night
    before = story.review(incident_id)
    drill_id = story.incident(is_drill=True, title="防汛拉练")
    played(story, drill_id)
    lesson(story, drill_id)
    after = story.review(incident_id)
    assert (after.total, after.times, after.rungs) == (before.total, before.times, before.rungs)
    assert [one.found for one in after.measured] == [one.found for one in before.measured]
    with story.acting("wanzhou") as (session, _):
        assert repository.owed(session) == 0
        (kept,) = repository.lessons(session, repository.Asked(), now=at(100))
        assert kept.is_drill


def test_many_lessons_are_counted_and_read_page_by_page(story, night, monkeypatch):
    monkeypatch.setattr(pages, "PAGE_ROWS", 2)
    for number in range(5):
        lesson(
            story,
            night[0],
            words=f"第 {number} 条",
            due_at=datetime(2099, 1, 1 + number, tzinfo=UTC),
        )
    client = story.street.sign_in("wanzhou")
    told = client.get("/lessons", params={"lang": "zh", "page": 3}, headers=PAGE).text
    assert re.findall(r"第 \d 条", told) == ["第 4 条"]
    assert "第 3 页，共 3 页" in told
    late = client.get("/lessons", params={"lang": "zh", "of": "late"}, headers=PAGE).text
    assert "没有这样的整改" in late
    other = client.get("/lessons", params={"lang": "zh", "night": str(new_id())}, headers=PAGE).text
    assert not re.findall(r"第 \d 条", other)


def test_a_long_table_shows_its_beginning_and_all_of_it_when_asked(story, night, monkeypatch):
    monkeypatch.setattr(review_view, "SHOWN_ROWS", 1)
    client, page = story.street.sign_in("wanzhou"), f"/incidents/{night[0]}/review"
    told = client.get(page, params={"lang": "zh"}, headers=PAGE).text
    assert "显示全部 2 行" in told
    whole = client.get(page, params={"lang": "zh", "whole": "true"}, headers=PAGE).text
    assert "显示全部" not in whole
    assert whole.count("<tr>") > told.count("<tr>")
