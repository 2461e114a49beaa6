"""A night is read back from its logs: by level, against its plan, with lessons that ring."""

import csv
import io
import re
from datetime import timedelta

import pyogrio
import pypdfium2 as pdfium
import pytest

from gis.errors import Missing
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.review import loader, repository
from rescue_app.review.plan import Verdict
from rescue_app.review.rules import Leg
from rescue_app.settings import PROJECT
from tests.integration.test_jobs import run_worker
from tests.reviewing import PAGE, minutes, night, story

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
