"""The people of crews in a review: their steps, times and figures, on the page and in its files."""

import csv
import io
import re
from datetime import timedelta

import pyogrio
import pypdfium2 as pdfium
import pytest
from shapely import Point
from sqlalchemy import select

from gis.store.base import new_id
from rescue_app.dispatch.drafts import PartDraft, StepDraft
from rescue_app.dispatch.members import giving, telling
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.rules import How, StepKind
from rescue_app.review.rules import Leg
from tests.integration.test_jobs import run_worker
from tests.reviewing import PAGE, at, minutes, night, story
from tests.teams import seat_members

__all__ = ["night", "run_worker", "story"]

pytestmark = pytest.mark.usefixtures("world")
MINUTES = {"seen": 11, "accepted": 13, "moving": 14, "arrived": 26, "working": 27, "done": 60}


@pytest.fixture
def parts(story, night, sessions):
    """Three members get parts at 10; one does his, one's word comes by radio, one is silent."""
    people = seat_members(sessions, story.cast)
    hop = story.hop(night[1], "Gaosuntang crew 1")
    drafts = [PartDraft(people[name], "守桥头") for name in ("周队员", "吴队员", "郑队员")]
    with story.acting("crew") as (session, by):
        giving.give(session, hop_id=hop.id, send_id=new_id(), parts=drafts, by=by, now=at(10))
    with story.acting("city") as (session, _):
        parts = {part.name: part.id for part in session.scalars(select(MemberPart))}
    for kind, minute in MINUTES.items():
        place = Point(108.352, 30.802) if kind == "arrived" else None
        via = "短信" if kind == "accepted" else None
        tell(story, "zhou", parts["周队员"], kind, minute, place=place, via=via)
    tell(story, "crew", parts["郑队员"], "accepted", 15, how=How.RADIO)
    return parts


def tell(story, who, part_id, kind, minute, **more):
    step = StepDraft(new_id(), StepKind(kind), done_at=at(minute), **more)
    with story.acting(who) as (session, by):
        telling.tell(session, part_id=part_id, step=step, by=by, now=at(minute))


def test_members_have_figures_of_their_own_beside_those_of_hops(story, night, parts):
    review = story.review(night[0])
    assert list(review.levels) == ["district", "crew", "member"]
    told = review.tallies["member"]
    assert (told.given, told.answered, told.silent, told.arrived, told.done) == (3, 2, 1, 1, 1)
    assert (review.total.given, review.total.silent) == (4, 1)
    assert minutes(review.times["member"][Leg.ANSWERED]) == [4, 5, 5]
    assert review.times["member"][Leg.ON_SITE].worst == timedelta(minutes=26)
    assert "吴队员（高笋塘抢险一队）" in {one.hop.name for one in review.missed}
    values = {one.row.code: one.found.value for one in review.measured}
    assert values["member_answers"] == 5
    assert values["silent"] == 25
    assert values["members_arrived"] == pytest.approx(100 / 3)


def test_every_step_of_a_member_stands_on_the_page_and_in_its_files(story, night, parts, tmp_path):
    client = story.street.sign_in("wanzhou")
    page = f"/incidents/{night[0]}/review"
    shown = client.get(page, params={"lang": "en", "of": "member"}, headers=PAGE).text
    assert "Received · by radio, entered by 李队长" in shown
    assert "Received · through 短信" in shown
    rows = re.findall(r"<tr>(.*?)</tr>", shown.split('id="timeline-head"')[1], re.DOTALL)
    assert len(rows) - 1 == 3 + len(MINUTES) + 1
    assert "Members on site" in shown
    answer = client.get(f"{page}/timeline.csv").content.decode("utf-8-sig")
    lines = [row for row in csv.DictReader(io.StringIO(answer)) if row["source"] == "member"]
    assert {row["kind"] for row in lines} == {"queued", *MINUTES}
    (by_radio,) = [row for row in lines if row["how"] == "radio"]
    assert (by_radio["who"], by_radio["entered_by"]) == ("郑队员", "李队长")
    assert [row["kind"] for row in lines if row["via"] == "短信"] == ["accepted"]
    path = tmp_path / "timeline.gpkg"
    path.write_bytes(client.get(f"{page}/timeline.gpkg").content)
    layer = pyogrio.read_dataframe(path)
    (there,) = layer[(layer["source"] == "member") & (layer["kind"] == "arrived")].geometry
    assert there.x == pytest.approx(108.352)


def test_the_printed_report_names_members_and_their_times(story, night, parts, run_worker):
    client = story.street.sign_in("wanzhou")
    client.post(f"/incidents/{night[0]}/review/report", headers=PAGE)
    run_worker()
    page = client.get(f"/incidents/{night[0]}/review", headers=PAGE).text
    pdf = pdfium.PdfDocument(client.get(re.search(r'href="(/files/[^"]+)"', page)[1]).content)
    said = "".join(one.get_textpage().get_text_range() for one in pdf)
    for words in ("队员已到场", "郑队员", "对讲机", "经短信", "队员应答用时"):
        assert words in said
