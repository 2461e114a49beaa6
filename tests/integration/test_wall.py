"""The wall of an incident: whole, by what changed, and as it stood; nobody sees what is not his."""

from datetime import timedelta
from uuid import uuid4

import pytest
from shapely import Point
from sqlalchemy import text

from gis.errors import Missing
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls import reading as call_lines
from hazards.calls import service as calls
from hazards.calls.drafts import AnswerDraft
from hazards.calls.rules import EventKind
from rescue_app.dispatch import changing, laying
from rescue_app.dispatch.changes import ChangeDraft, ChangeKind
from rescue_app.incidents import service as incidents
from rescue_app.site import service as sites
from rescue_app.site.calling import SUPPORT
from rescue_app.site.rules import Need, ReportDraft, ReportKind
from rescue_app.wall import reading
from tests.reviewing import at, night, story
from tests.world import WANZHOU

__all__ = ["night", "story"]

pytestmark = pytest.mark.usefixtures("world")
END = 90


class Wall:
    """What the page of somebody asks for."""

    def __init__(self, story, incident_id):
        self.story, self.incident_id = story, incident_id

    def asked(self, who, ask, **facts):
        with self.story.acting(who) as (session, _):
            return ask(session, incidents.visible(session, self.incident_id), **facts)

    def now(self, who="city", minute=END):
        return self.asked(who, reading.now_of, now=at(minute))

    def since(self, seen, who="city", minute=END):
        return self.asked(who, reading.since, seen=seen, roster=True, now=at(minute))

    def as_of(self, minute, who="city"):
        return self.asked(who, reading.as_of, at=at(minute), now=at(END))


@pytest.fixture
def wall(story, night):
    return Wall(story, night[0])


def states(wall):
    return {hop.name_en: hop.state for hop in wall.hops}


def place(wall, name):
    return next((hop.lon, hop.lat, hop.placed) for hop in wall.hops if hop.name_en == name)


def test_at_the_last_moment_the_past_is_the_present(story, wall, night, sessions):
    laying.lay_out(sessions, now=at(END))
    story.tell("crew", night[1], "Gaosuntang crew 1", "done", 60)
    now, then = wall.now(), wall.as_of(END)
    assert (now.numbers["crews"], now.numbers["arrived"], now.numbers["silent"]) == (3, 1, 1)
    assert sum(now.ticks) == 13, "every line that was heard stands on the strip"
    assert [(ring.asked, ring.over) for ring in now.ringing.values()] == [("赵队长", False)]
    assert sorted(then.hops, key=lambda hop: hop.id) == sorted(now.hops, key=lambda hop: hop.id)
    assert (then.numbers, then.orders, then.moved) == (now.numbers, now.orders, now.moved)


def test_a_past_moment_shows_what_had_been_heard_by_then(story, wall, night):
    assert wall.as_of(1).orders
    assert states(wall.as_of(1)) == {"Wanzhou centre": "queued"}
    assert states(wall.as_of(6.5)) == {
        "Wanzhou centre": "passed_down",
        "Gaosuntang crew 1": "seen",
        "Gaosuntang crew 2": "cannot",
    }
    before, after = wall.as_of(20), wall.as_of(24)
    assert (before.numbers["moving"], before.numbers["arrived"]) == (1, 0)
    assert (after.numbers["moving"], after.numbers["arrived"]) == (1, 1)
    assert place(before, "Gaosuntang crew 1") == (None, None, None)
    assert place(after, "Gaosuntang crew 1") == (108.351, 30.801, "said")
    draft = ChangeDraft(new_id(), ChangeKind.SUSPENDED)
    with story.acting("city") as (session, by):
        changing.change(session, order_id=night[1], draft=draft, by=by, now=at(30))
    assert [wall.as_of(minute).orders[0][3] for minute in (29, 31)] == ["in_force", "suspended"]


def test_one_change_is_one_row(story, wall, night):
    seen = wall.now().seen
    nothing = wall.since(seen)
    assert nothing.hops == []
    story.tell("crew", night[1], "Gaosuntang crew 1", "working", 40)
    change = wall.since(nothing.seen)
    assert states(change) == {"Gaosuntang crew 1": "working"}
    assert change.numbers == wall.now().numbers


def test_what_another_transaction_writes_late_is_not_missed(story, wall, night, sessions):
    hop = story.hop(night[1], "Taibai crew 1")
    touch = text("UPDATE assignment SET answer_note = 'x' WHERE id = :id")
    with unit_of_work(sessions, SYSTEM) as slow:
        slow.execute(touch, {"id": hop.id})
        story.tell("crew", night[1], "Gaosuntang crew 1", "working", 40)
        seen = wall.now().seen
    assert list(states(wall.since(seen))) == ["Taibai crew 1"]


def test_calls_for_support_and_people_moved_are_counted_when_they_come(story, wall, night):
    hop = story.hop(night[1], "Gaosuntang crew 1")
    said = (
        ReportDraft(new_id(), ReportKind.SUPPORT, need=Need.MEDICAL, place=Point(108.36, 30.8)),
        ReportDraft(new_id(), ReportKind.MOVED, people_moved=12),
    )
    seen = wall.now(minute=29).seen
    for draft in said:
        with story.acting("crew") as (session, by):
            sites.report(session, hop_id=hop.id, draft=draft, by=by, now=at(30))
    told = wall.since(seen, minute=31)
    assert (told.numbers["support"], told.numbers["said_moved"]) == (1, 12)
    assert place(told, "Gaosuntang crew 1")[0] == 108.36
    assert wall.as_of(29).numbers["support"] == 0


def test_who_called_the_others_away_waits_for_an_answer_on_the_wall_too(story, wall, night):
    hop = story.hop(night[1], "Gaosuntang crew 1")
    away = ReportDraft(new_id(), ReportKind.DANGER, words="后壁在响")
    with story.acting("crew") as (session, by):
        sites.report(session, hop_id=hop.id, draft=away, by=by, now=at(30))
    told = wall.now(minute=31).numbers
    assert (told["support"], told["danger"]) == (1, 1)
    assert wall.now(minute=31).asking == {hop.id: "danger"}
    with story.acting("wanzhou") as (session, by):
        [line] = call_lines.lines_of(session, [away.id], topic=SUPPORT)[away.id]
        said = AnswerDraft(EventKind.YES)
        calls.answer(session, call_id=line.call.id, draft=said, by=by, now=at(32))
    told = wall.now(minute=33).numbers
    assert (told["support"], told["danger"]) == (0, 0)
    assert wall.now(minute=33).asking == {}
    assert wall.as_of(31).numbers["danger"] == 1
    assert wall.as_of(31).asking == {hop.id: "danger"}


def test_nobody_sees_on_a_wall_what_is_not_his(wall):
    assert set(states(wall.now("taibai_crew"))) == {"Taibai crew 1"}
    assert wall.now("taibai_crew").numbers["crews"] == 1
    assert set(states(wall.as_of(END, "taibai_crew"))) == {"Taibai crew 1"}
    assert wall.since(wall.now("taibai_crew").seen, "taibai_crew").hops == []
    with pytest.raises(Missing):
        wall.now("yunyang")


def test_the_page_and_its_answers_are_there_for_who_sees_the_incident(story, night):
    incident_id, order_id = night
    client = story.street.sign_in("wanzhou")
    told = client.get(f"/api/v1/incidents/{incident_id}/wall").json()
    assert len(told["hops"]) == 4
    assert (
        client.get(f"/api/v1/incidents/{incident_id}/wall", params={"seen": told["seen"]}).json()[
            "hops"
        ]
        == []
    )
    wrong = client.get(f"/api/v1/incidents/{incident_id}/wall", params={"seen": "x"})
    assert wrong.status_code == 422
    page = f"/incidents/{incident_id}/wall"
    assert client.get(page).status_code == 200
    for linked in (f"/incidents/{incident_id}", f"/orders/{order_id}"):
        assert f'href="{page}' in client.get(linked, headers={"accept": "text/html"}).text
    assert story.street.sign_in("yunyang").get(page).status_code == 404


def test_the_wall_of_a_drill_says_so_and_counts_nothing_real(story, night):
    drill = story.incident(is_drill=True, title="演练")
    order = story.issue(drill, story.cast.unit(WANZHOU))
    real, played = Wall(story, night[0]).now(), Wall(story, drill).now()
    assert [one[0] for one in played.orders] == [order]
    assert order not in [one[0] for one in real.orders]
    page = story.street.sign_in("wanzhou").get(f"/incidents/{drill}/wall?lang=en").text
    assert "Drill: nothing here is real" in page


def test_lists_and_figures_take_drills_apart_and_count_them_on_their_own(story, night, sessions):
    drill = story.incident(is_drill=True, title="防汛拉练")
    order = story.issue(drill, story.cast.unit(WANZHOU), what="拉练集合")
    laying.lay_out(sessions, now=at(END))
    client = story.street.sign_in("city")
    real, played = (
        client.get("/incidents", params={"drills": drills}).text for drills in (False, True)
    )
    assert (f"/incidents/{night[0]}" in real, f"/incidents/{night[0]}" in played) == (True, False)
    for address in (f'"/incidents/{drill}"', f'"/orders/{order}"'):
        assert (address in real, address in played) == (False, True)
    board, drills = (
        client.get("/calls/board", params={"drills": drills}).text for drills in (False, True)
    )
    assert ("拉练集合" in board, "拉练集合" in drills) == (False, True)
    assert 'href="/calls/board?drills=true">演练 <span class="count">1</span>' in board
    figures = client.get("/metrics").text
    assert "yitong_drill_calls_overdue 1.0" in figures


def mark(kind="point", shape="POINT(108.35 30.8)", **more):
    return {"id": str(uuid4()), "kind": kind, "shape": shape} | more


def test_people_of_one_incident_draw_together_and_take_away_their_own(story, night):
    address = f"/api/v1/incidents/{night[0]}/sketch"
    street = story.street
    line = mark("line", "LINESTRING(108.35 30.8, 108.36 30.8)", words="封路")
    for _ in range(2):
        assert street.sign_in("wanzhou").post(address, json=line).status_code == 201
    (seen,) = street.sign_in("city").get(address).json()
    assert (seen["by_name"], seen["words"], seen["kind"]) == ("万主任", "封路", "line")
    refused = street.client.post(f"/api/v1/sketch/{line['id']}/removal", json={"id": str(uuid4())})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    with_row_security = {}
    for who in ("city", "street", "crew", "yunyang"):
        with story.acting(who) as (session, _):
            with_row_security[who] = session.scalar(text("SELECT count(*) FROM sketch_line"))
    assert with_row_security == {"city": 1, "street": 1, "crew": 1, "yunyang": 0}
    (to_crew,) = street.sign_in("crew").get(address).json()
    assert to_crew == seen
    assert f'href="/incidents/{night[0]}/wall"' in street.client.get("/crew").text
    assert street.client.post(address, json=mark()).status_code == 403
    assert street.sign_in("yunyang").get(address).status_code == 404
    assert street.client.post(address, json=mark()).status_code == 404
    client = street.sign_in("wanzhou")
    removal = client.post(f"/api/v1/sketch/{line['id']}/removal", json={"id": str(uuid4())})
    assert removal.status_code == 201
    assert client.get(address).json() == []
    before = {"at": (at(0) + timedelta(days=3650)).isoformat()}
    assert client.get(address, params=before).json() == []
    assert client.get(address, params={"at": seen["received_at"]}).json() == [seen]
    empty, long = mark("polygon", "POLYGON EMPTY"), mark(words="x" * 201)
    for wrong in (mark("text"), mark("line"), mark("removed"), empty, long):
        assert client.post(address, json=wrong).status_code == 422
