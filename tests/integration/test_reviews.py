"""A night is read back from its logs: by level, against its plan, with lessons that ring."""

import csv
import io
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pyogrio
import pypdfium2 as pdfium
import pytest
from shapely import Point
from sqlalchemy import select

from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.calls.models import Call
from rescue_app.dispatch import service as dispatch
from rescue_app.dispatch import telling
from rescue_app.dispatch.drafts import OrderDraft, StepDraft, Target
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.rules import StepKind, Urgency
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from rescue_app.review import lessons, loader, repository, ringing, service
from rescue_app.review.lessons import LessonDraft
from rescue_app.review.plan import Verdict
from rescue_app.review.rules import Leg
from rescue_app.settings import PROJECT
from tests.integration.test_jobs import run_worker
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, WANZHOU

__all__ = ["run_worker"]
START = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("world")
PAGE = {"accept": "text/html"}


def at(minutes):
    return START + timedelta(minutes=minutes)


class Story:
    """One incident, its order, and what each one said when."""

    def __init__(self, street, sessions):
        self.cast, self.sessions, self.street = street.cast, sessions, street
        with unit_of_work(sessions, SYSTEM) as session:
            loader.load(session, PROJECT / "data" / "review" / "indicators.yaml")

    @contextmanager
    def acting(self, who):
        actor = self.cast.actor(who)
        with unit_of_work(self.sessions, Scope.of(actor)) as session:
            yield session, actor

    def incident(self, *, is_drill=False, title="沿江路积水"):
        draft = IncidentDraft(new_id(), "waterlogging", title, IN_GAOSUNTANG, is_drill=is_drill)
        with self.acting("city") as (session, by):
            return incidents.open_incident(session, draft=draft, by=by, now=START).id

    def issue(self, incident_id, *targets, what="撤离河边住户", due=60):
        draft = OrderDraft(
            id=new_id(), what=what, where="高笋塘街道沿江路", urgency=Urgency.FLASH,
            targets=tuple(Target.parse(target) for target in targets), incident_id=incident_id,
            due_at=at(due),
        )  # fmt: skip
        with self.acting("city") as (session, by):
            return dispatch.issue(session, draft=draft, by=by, now=START).id

    def hop(self, order_id, name):
        with self.acting("city") as (session, _):
            query = select(Assignment).where(
                Assignment.order_id == order_id, Assignment.name_en == name
            )
            return session.scalars(query).one()

    def tell(self, who, order_id, name, kind, minute, *, note="", place=None):
        hop = self.hop(order_id, name)
        step = StepDraft(new_id(), StepKind(kind), note, at(minute), place=place)
        with self.acting(who) as (session, by):
            telling.tell(session, hop_id=hop.id, step=step, by=by, now=at(minute))

    def pass_down(self, who, order_id, name, minute, *targets):
        hop, to = self.hop(order_id, name), [Target.parse(target) for target in targets]
        with self.acting(who) as (session, by):
            dispatch.pass_down(
                session, hop_id=hop.id, step_id=new_id(), to=to, by=by, now=at(minute)
            )

    def review(self, incident_id, *, who="city", minute=90):
        with self.acting(who) as (session, _):
            return service.of_incident(session, incident_id, now=at(minute))


@pytest.fixture
def story(street, sessions):
    return Story(street, sessions)


@pytest.fixture
def night(story):
    """The district answers after 2 min, passes on at 4; one crew comes, one cannot."""
    incident_id = story.incident()
    order_id = played(story, incident_id)
    return incident_id, order_id


def played(story, incident_id):
    cast = story.cast
    order_id = story.issue(incident_id, cast.unit(WANZHOU))
    story.tell("wanzhou", order_id, "Wanzhou centre", "accepted", 2)
    crews = cast.crew("gaosuntang"), cast.crew("gaosuntang2"), cast.crew("taibai")
    story.pass_down("wanzhou", order_id, "Wanzhou centre", 4, *crews[:2])
    story.tell("crew2", order_id, "Gaosuntang crew 2", "cannot", 6, note="路断")
    story.pass_down("wanzhou", order_id, "Wanzhou centre", 8, crews[2])
    for kind, minute in (("seen", 5), ("accepted", 7), ("moving", 9), ("arrived", 24)):
        place = Point(108.351, 30.801) if kind == "arrived" else None
        story.tell("crew", order_id, "Gaosuntang crew 1", kind, minute, place=place)
    return order_id


def minutes(spread):
    return [one.total_seconds() / 60 for one in (spread.median, spread.p90, spread.worst)]


def test_a_night_gives_its_times_by_level_and_who_was_silent(story, night):
    incident_id, _ = night
    review = story.review(incident_id)
    assert list(review.levels) == ["district", "crew"]
    crew = review.tallies["crew"]
    assert (crew.given, crew.answered, crew.silent, crew.cannot, crew.arrived) == (3, 2, 1, 1, 1)
    assert minutes(review.times["district"][Leg.ANSWERED]) == [2, 2, 2]
    assert minutes(review.times["crew"][Leg.ANSWERED]) == [2.5, 3, 3]
    assert minutes(review.times["crew"][Leg.ON_SITE]) == [24, 24, 24]
    silent, refused = review.missed
    assert (silent.hop.name_en, refused.hop.name_en) == ("Taibai crew 1", "Gaosuntang crew 2")
    assert [hop.name_en for hop in refused.instead] == ["Taibai crew 1"]
    (planned,) = review.planned
    assert (planned.verdict, planned.arrived) == (Verdict.OVERDUE, timedelta(minutes=24))
    told = {one.row.code: (one.value, one.met) for one in review.measured}
    assert told["district_answers"] == (2, True)
    assert told["first_force"] == (24, False)
    assert told["silent"] == (25, False)


def test_while_it_goes_on_it_reads_the_same_way(story, night):
    incident_id, _ = night
    early = story.review(incident_id, minute=9)
    assert (early.total.silent, early.total.waiting) == (0, 1)
    assert early.planned[0].verdict is Verdict.GOING_ON


def test_a_crew_reads_no_more_of_it_than_its_own(story, night):
    incident_id, _ = night
    seen = story.review(incident_id, who="crew")
    assert {hop.name_en for hop in seen.hops} == {"Gaosuntang crew 1", "Gaosuntang crew 2"}
    with pytest.raises(Missing):
        story.review(incident_id, who="yunyang")


def test_the_page_tells_it_in_both_languages(story, night):
    incident_id, order_id = night
    client = story.street.sign_in("wanzhou")
    page = f"/incidents/{incident_id}/review"
    english = client.get(page, params={"lang": "en"}, headers=PAGE).text
    assert "Times by level" in english
    assert "Cannot 10:06 (路断)" in english
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="night"' in english
    only = client.get(page, params={"lang": "zh", "of": "hop", "lane": "crew"}, headers=PAGE).text
    rows = re.findall(r"<tr>(.*?)</tr>", only.split('id="timeline-head"')[1], re.DOTALL)
    assert len(rows) - 1 == 8, "three given, one cannot, four of the crew that came"
    assert f'href="{page}"' in client.get(f"/incidents/{incident_id}", headers=PAGE).text
    assert f"{page}?order={order_id}" in client.get(f"/orders/{order_id}", headers=PAGE).text


def test_the_timeline_is_a_table_and_a_layer(story, night, tmp_path):
    incident_id, _ = night
    client = story.street.sign_in("wanzhou")
    answer = client.get(f"/incidents/{incident_id}/review/timeline.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    times = [row["at"] for row in rows]
    assert times == sorted(times)
    assert times[0] == "2026-07-01T10:00:00+08:00"
    (arrived,) = [row for row in rows if row["kind"] == "arrived"]
    assert (arrived["unit"], float(arrived["longitude"])) == ("高笋塘抢险一队", 108.351)
    path = tmp_path / "timeline.gpkg"
    path.write_bytes(client.get(f"/incidents/{incident_id}/review/timeline.gpkg").content)
    layer = pyogrio.read_dataframe(path)
    assert len(layer) == len(rows)
    assert layer[layer["kind"] == "arrived"].geometry.iloc[0].x == pytest.approx(108.351)
    assert client.get(f"/incidents/{incident_id}/review/timeline.exe").status_code == 404


def test_the_report_is_printed_by_a_job_with_every_chinese_letter(story, night, run_worker):
    incident_id, _ = night
    client = story.street.sign_in("wanzhou")
    client.post(f"/incidents/{incident_id}/review/report", headers=PAGE)
    run_worker()
    page = client.get(f"/incidents/{incident_id}/review", headers=PAGE).text
    pdf = pdfium.PdfDocument(client.get(re.search(r'href="(/files/[^"]+)"', page)[1]).content)
    said = "".join(one.get_textpage().get_text_range() for one in pdf)
    for words in ("沿江路积水", "各级用时", "高笋塘抢险一队", "路断", "预案与实际对照"):
        assert words in said
    assert "演练" not in said


def lesson(story, incident_id, *, who="wanzhou", owner=GAOSUNTANG, **more):
    facts = {"words": "备用泵先到场", "owner_id": story.cast.units[owner], "due_at": at(1440)}
    draft = LessonDraft(**{"id": new_id()} | facts | more)
    with story.acting(who) as (session, by):
        return lessons.add(session, incident_id=incident_id, draft=draft, by=by, now=at(100))


def calls_about(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(Call).where(Call.topic == ringing.TOPIC).order_by(Call.opened_at)
        return list(session.scalars(query))


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


def test_a_city_sets_its_targets_and_they_outlast_a_new_file(story, sessions):
    client = story.street.sign_in("wanzhou")
    sent = {"target": "3"}
    url = "/reviews/indicators/district_answers"
    assert client.post(url, data=sent, headers=PAGE).status_code == 403
    client = story.street.sign_in("city")
    assert client.post(url, data={"target": "x"}, headers=PAGE).status_code == 422
    client.post(url, data=sent, headers=PAGE)
    with unit_of_work(sessions, SYSTEM) as session:
        loader.load(session, PROJECT / "data" / "review" / "indicators.yaml")
        targets = {row.code: row.target for row in repository.indicators(session)}
    assert (targets["district_answers"], targets["street_answers"]) == (3, 5)
    assert "陈市长" in client.get("/reviews/indicators", headers=PAGE).text


def test_a_drill_is_marked_on_its_result_and_in_its_files(story, run_worker):
    incident_id = story.incident(is_drill=True, title="防汛拉练")
    played(story, incident_id)
    client = story.street.sign_in("wanzhou")
    page = client.get(f"/incidents/{incident_id}/review", headers=PAGE).text
    assert "演练结果" in page
    assert "不计入任何实战统计" in page
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
    assert [one.value for one in after.measured] == [one.value for one in before.measured]
    with story.acting("wanzhou") as (session, _):
        assert repository.owed(session) == 0
        (kept,) = repository.lessons(session)
        assert kept.is_drill
