"""A plan's checklist comes down with the order; what the crew ticks of it goes back up."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.dispatch import service as dispatch
from rescue_app.dispatch.drafts import OrderDraft, Target, Words
from rescue_app.dispatch.rules import Urgency
from rescue_app.http.dependencies import COOKIE
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from rescue_app.site import reading, service, watching
from rescue_app.site.rules import Tick
from rescue_app.wall import repository as wall
from rescue_app.wall.reading import EVER
from tests.teams import seat_members
from tests.world import IN_GAOSUNTANG, WANZHOU

HTML = {"accept": "text/html"}
LIST = (
    {"zh": "先断电，再下地下室", "en": "Power off first, then go down"},
    {"zh": "逐层查看", "en": "Look floor by floor"},
)


@pytest.fixture
def given(night, cast):
    """A crew that took an order with a checklist on."""
    order = night.issue(cast.unit(WANZHOU), cast.crew("gaosuntang"), checklist=LIST)
    crew = night.hop(order, "Gaosuntang crew 1")
    return order, night.tell("crew", crew, "accepted")


@pytest.fixture
def tick(acting):
    def do(hop, item, *, yes=True, who="crew", number=None, at=None):
        now = datetime.now(UTC)
        draft = Tick(number or new_id(), item, yes, at or now)
        with acting(who) as (session, actor):
            heard = max(now, draft.done_at)
            return service.tick(session, hop_id=hop.id, draft=draft, by=actor, now=heard)

    return do


@pytest.fixture
def done(acting):
    def read(order, hop, who="city"):
        with acting(who) as (session, _):
            ticks = reading.of_order(session, order.id, hop_ids=[hop.id]).ticks.get(hop.id, {})
            return {item: tick.by_name for item, tick in ticks.items()}

    return read


def test_a_tick_sent_twice_is_one_and_says_who_and_when(given, tick, done, sessions):
    order, hop = given
    number, began = new_id(), datetime.now(UTC) - timedelta(hours=3)
    for _ in range(2):
        kept = tick(hop, 1, number=number, at=began)
    assert kept.done_at == hop.began_at  # a phone's slow clock, brought to the order's time
    assert done(order, hop) == {1: "李队长"}
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalar(text("SELECT count(*) FROM checklist_tick")) == 1
    tick(hop, 1, yes=False)
    assert done(order, hop) == {}


def test_any_of_the_crew_ticks_and_nobody_else(given, tick, done, sessions, cast, night):
    order, hop = given
    seat_members(sessions, cast)
    tick(hop, 0, who="zhou")
    assert done(order, hop) == {0: "周队员"}
    with pytest.raises(Forbidden):
        tick(hop, 1, who="street")
    with pytest.raises(Missing):
        tick(hop, 1, who="taibai_crew")
    with pytest.raises(Forbidden):
        tick(night.hop(order, "Wanzhou centre"), 1, who="wanzhou")
    assert done(order, hop, who="yunyang") == {}


def test_the_wall_counts_what_a_crew_has_ticked_now_and_then(given, tick, acting):
    order, hop = given
    before = datetime.now(UTC)
    with acting("city") as (session, _):
        seen = wall.here(session)
    tick(hop, 0)
    with acting("city") as (session, _):
        for until, ticked in ((EVER, 1), (before, 0)):
            hops = wall.hops(session, [order.id], until=until)
            assert {one.id: (one.ticked, one.items) for one in hops if one.items} == {
                hop.id: (ticked, 2)
            }
        assert hop.id in wall.changed(session, [order.id], seen=seen, since=before)


def test_what_is_not_on_the_list_or_under_anothers_number_is_refused(given, tick):
    _, hop = given
    with pytest.raises(Rejected, match="no such item"):
        tick(hop, 2)
    kept = tick(hop, 0)
    with pytest.raises(Conflict):
        tick(hop, 1, number=kept.id)


def test_a_tick_that_comes_after_the_recall_is_kept_and_a_change_keeps_the_list(
    given, tick, done, night
):
    order, hop = given
    words = Words("撤离河边住户，先三号楼", order.where, None)
    amended = night.change("city", order, "amended", words=words)
    assert amended.checklist == list(LIST)
    night.change("city", order, "recalled", why="后缘开裂")
    tick(hop, 0)
    assert done(order, hop) == {0: "李队长"}


def test_a_tick_winds_the_clock_of_who_stands_on_site(given, tick, night, sessions):
    _, hop = given
    night.tell("crew", hop, "arrived")
    arrived = datetime.now(UTC)
    tick(hop, 0, at=arrived + timedelta(minutes=25))
    assert watching.watch(sessions, now=arrived + timedelta(minutes=40)) == 0
    assert watching.watch(sessions, now=arrived + timedelta(minutes=60)) == 1


def test_forms_alone_tick_and_take_back_and_the_city_reads_how_far_it_is(
    given, client, people, cast
):
    order, hop = given
    client.cookies.set(COOKIE, people.token(cast.accounts["crew"]))
    page = client.get("/crew", headers=HTML).text
    assert "先断电，再下地下室" in page
    number = re.search(rf'/crew/{hop.id}/ticks.*?name="id" value="([^"]+)"', page, re.DOTALL)[1]
    for _ in range(2):
        sent = {"id": number, "tick": "0", "part": ""}
        assert client.post(f"/crew/{hop.id}/ticks", data=sent, headers=HTML).status_code == 303
    page = client.get("/crew", headers=HTML).text
    assert re.search(r'name="untick" value="0" aria-pressed="true".*?李队长', page, re.DOTALL)
    assert "1/2" in page
    client.cookies.set(COOKIE, people.token(cast.accounts["city"]))
    shown = client.get(f"/orders/{order.id}", headers=HTML).text
    assert "处置清单 1/2" in shown
    assert re.search("先断电，再下地下室.*?李队长", shown, re.DOTALL)
    told = client.get(f"/api/v1/orders/{order.id}").json()
    assert told["checklist"] == list(LIST)


def test_the_review_has_every_tick_with_its_item_and_name(
    acting, client, people, cast, night, tick
):
    now, targets = datetime.now(UTC), (Target.parse(cast.crew("gaosuntang")),)
    with acting("city") as (session, by):
        draft = IncidentDraft(new_id(), "waterlogging", "沿江路积水", IN_GAOSUNTANG)
        told = incidents.open_incident(session, draft=draft, by=by, now=now).id
        asks = new_id(), "断电", "地下车库", Urgency.FLASH, targets, told
        asked = OrderDraft(*asks, checklist=LIST)
        order = dispatch.issue(session, draft=asked, by=by, now=now)
    hop = night.hop(order, "Gaosuntang crew 1")
    tick(hop, 0)
    tick(hop, 0, yes=False)
    client.cookies.set(COOKIE, people.token(cast.accounts["city"]))
    file = client.get(f"/incidents/{told}/review/timeline.csv").content.decode("utf-8-sig")
    lines = [row for row in csv.DictReader(io.StringIO(file)) if row["source"] == "site"]
    said = "李队长", "先断电，再下地下室", "Power off first, then go down"
    assert [(row["kind"], row["who"], row["words"], row["words_en"]) for row in lines] == [
        ("ticked", *said), ("unticked", *said),
    ]  # fmt: skip
    page = client.get(f"/incidents/{told}/review", headers=HTML).text
    assert "处置清单：完成一项" in page
    english = client.get(f"/incidents/{told}/review?lang=en", headers=HTML).text
    assert "Power off first, then go down" in english
    assert "先断电，再下地下室" not in english
