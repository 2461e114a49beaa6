"""A night is read back from its logs: by level, against its plan, with lessons that ring."""

import csv
import io
import re
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

import pyogrio
import pypdfium2 as pdfium
import pytest
from sqlalchemy import select

from gis.errors import Missing
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import PROGRAM, SYSTEM
from rescue_app.dispatch import changing, telling
from rescue_app.dispatch.changes import ChangeDraft, ChangeKind
from rescue_app.dispatch.climbing import NOBODY
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.models import Assignment, AssignmentStep, ChangeNotice
from rescue_app.dispatch.rules import Step, StepKind
from rescue_app.review import chart, loader, plan, repository, rules, service, timeline
from rescue_app.review.indicators import Found
from rescue_app.review.plan import Verdict
from rescue_app.review.rules import Leg, Told
from rescue_app.settings import PROJECT
from tests.integration.test_jobs import run_worker
from tests.reviewing import PAGE, at, minutes, night, story
from tests.world import WANZHOU

__all__ = ["night", "run_worker", "story"]

pytestmark = pytest.mark.usefixtures("world")


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
    told = {one.row.code: one.found for one in review.measured}
    assert told["district_answers"] == Found(2, 1, 1, met=True)
    assert told["crew_answers"] == Found(3, 2, 3, met=False)
    assert told["first_force"] == Found(24, 1, 2, met=False)
    assert told["silent"] == Found(25, 1, 4, met=False)


def test_what_the_database_reads_off_the_logs_is_what_the_whole_logs_say(story, night):
    chance, whole = Random(7), defaultdict(list)
    with unit_of_work(story.sessions, SYSTEM) as session:
        said = session.scalars(select(AssignmentStep)).first()
        for hop in session.scalars(select(Assignment).order_by(Assignment.id)).all():
            where = {"assignment_id": hop.id, "order_id": hop.order_id, "area_path": hop.area_path}
            by = {"by_id": said.by_id, "by_name": "某", "by_phone": "", "received_at": at(99)}
            for kind in chance.choices(list(StepKind), k=9):
                told = {"id": new_id(), "kind": kind, "done_at": at(chance.randrange(90))}
                session.add(AssignmentStep(**where, **by, **told, note="路断"))
        session.flush()
        hops = repository.hops(session, repository.orders(session, [night[0]]))
        for line in session.scalars(select(AssignmentStep)):
            step = Step(line.id, StepKind(line.kind), line.done_at, note=line.note)
            whole[line.assignment_id].append(step)
    read = [replace(hop, told=Told.of(whole[hop.id])) for hop in hops]
    assert [hop.told.firsts for hop in hops] == [hop.told.firsts for hop in read]
    for figure in (partial(rules.tally, now=at(60)), rules.spreads, plan.finished):
        assert figure(hops) == figure(read)
    seen = {"names": {}, "until": at(60), "label": ""}
    assert chart.lanes(rules.by_level(hops), **seen) == chart.lanes(rules.by_level(read), **seen)


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
    pass_over(story, story.hop(order_id, "Taibai crew 1"))
    client = story.street.sign_in("wanzhou")
    page = f"/incidents/{incident_id}/review"
    english = client.get(page, params={"lang": "en"}, headers=PAGE).text
    assert "Times by level" in english
    missed, timeline = english.split('id="timeline-head"')
    assert "Clear the bank" in missed
    assert "Clear the bank" in timeline
    assert "撤离河边住户" not in missed + timeline
    assert "no centre and no crew on duty is registered below" in timeline
    assert "系统" not in timeline
    assert ">2 / 3</td>" in english, "an indicator says of how many"
    assert "Cannot 10:06 (路断)" in english
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="night"' in english
    only = client.get(page, params={"lang": "zh", "of": "hop", "lane": "crew"}, headers=PAGE).text
    rows = re.findall(r"<tr>(.*?)</tr>", only.split('id="timeline-head"')[1], re.DOTALL)
    assert len(rows) - 1 == 9, "three given, one cannot, one passed over, four of who came"
    assert "下一级没有登记的中心或在岗队伍</span>" in only
    assert f'href="{page}"' in client.get(f"/incidents/{incident_id}", headers=PAGE).text
    report = client.get(f"/incidents/{incident_id}/report?lang=en", headers=PAGE).text
    assert "order: Clear the bank" in report
    assert f"{page}?order={order_id}" in client.get(f"/orders/{order_id}", headers=PAGE).text


def test_a_closed_incident_says_that_an_order_of_it_still_waits(story, night):
    incident_id, _ = night
    client = story.street.sign_in("city")
    page = f"/incidents/{incident_id}"
    assert "条指令在等人应答" not in client.get(page, headers=PAGE).text
    client.post(f"{page}/close", data={"note": ""}, headers=PAGE)
    assert "事件已关闭，仍有 1 条指令在等人应答" in client.get(page, headers=PAGE).text


def pass_over(story, hop):
    """Climb over a silent crew as the program does where nobody is below."""
    by = {"by_id": PROGRAM.id, "by_name": PROGRAM.name, "by_phone": "", "received_at": at(40)}
    where = {"assignment_id": hop.id, "order_id": hop.order_id, "area_path": hop.area_path}
    told = {"id": new_id(), "kind": StepKind.CLIMBED_OVER, "done_at": at(40)}
    with unit_of_work(story.sessions, SYSTEM) as session:
        session.add(AssignmentStep(**where, **by, **told, note=NOBODY))


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
    for lang, head, said in (("zh", "发生了什么", "已到场"), ("en", "What happened", "On site")):
        asked = {"in_words": "true", "lang": lang}
        read = client.get(f"/incidents/{incident_id}/review/timeline.csv", params=asked)
        table = list(csv.DictReader(io.StringIO(read.content.decode("utf-8-sig"))))
        assert table[rows.index(arrived)][head] == said
    path = tmp_path / "timeline.gpkg"
    path.write_bytes(client.get(f"/incidents/{incident_id}/review/timeline.gpkg").content)
    layer = pyogrio.read_dataframe(path)
    assert len(layer) == len(rows)
    assert layer[layer["kind"] == "arrived"].geometry.iloc[0].x == pytest.approx(108.351)
    assert client.get(f"/incidents/{incident_id}/review/timeline.exe").status_code == 404
    stamp = re.search(r"(\d{8}-\d{4})\.csv", answer.headers["content-disposition"])[1]
    said = datetime.strptime(f"{stamp} +0800", "%Y%m%d-%H%M %z")
    assert datetime.now(UTC) - said < timedelta(hours=1), "the file says the city's time"


def test_an_order_that_ended_is_no_substitution_for_those_who_had_it(story, night):
    incident_id, order_id = night
    draft = ChangeDraft(new_id(), ChangeKind.CANCELLED)
    with story.acting("city") as (session, by):
        changing.change(session, order_id=order_id, draft=draft, by=by, now=at(60))
    review = story.review(incident_id)
    assert review.total.taken_back == 4
    missed = {one.hop.name_en for one in review.missed}
    assert missed == {"Gaosuntang crew 2", "Taibai crew 1"}


def test_who_heard_a_change_stands_once_in_the_timeline(story, night):
    incident_id, order_id = night
    draft = ChangeDraft(new_id(), ChangeKind.SUSPENDED)
    with story.acting("city") as (session, by):
        changing.change(session, order_id=order_id, draft=draft, by=by, now=at(30))
    hop = story.hop(order_id, "Wanzhou centre")
    with story.acting("wanzhou") as (session, by):
        query = select(ChangeNotice).where(ChangeNotice.assignment_id == hop.id)
        notice = session.scalars(query).one()
        step = StepDraft(new_id(), StepKind.CHANGE_TAKEN, "", at(31), notice_id=notice.id)
        telling.tell(session, hop_id=hop.id, step=step, by=by, now=at(31))
        lines = timeline.page(session, service.night_of(session, incident_id)[1],
                              timeline.Wanted(), limit=200)  # fmt: skip
    assert [one.source for one in lines if one.at == at(31)] == ["hop"]


def test_lines_of_one_moment_keep_their_place_from_page_to_page(story):
    incident_id = story.incident()
    for number in range(12):
        story.issue(incident_id, story.cast.unit(WANZHOU), what=f"撤离 {number:02} 号")
    with story.acting("city") as (session, _):
        read = partial(timeline.page, session, service.night_of(session, incident_id)[1])
        given = timeline.Wanted(source="hop")
        pages = [one for n in range(6) for one in read(given, offset=2 * n, limit=2)]
    assert [one.matter for one in pages] == [f"撤离 {number:02} 号" for number in range(12)]


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
