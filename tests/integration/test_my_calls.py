"""One's own calls: what asks the same stands on one card, and what presses most stands first."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls import bundling, own, reading, service
from hazards.calls.drafts import CallDraft, Step
from hazards.calls.models import Call, CallEvent, CallRung
from hazards.calls.rules import Cry, EventKind, RungKind, Urgency
from rescue_app.dispatch import changing
from rescue_app.dispatch.changes import ChangeDraft, ChangeKind
from rescue_app.http.dependencies import COOKIE
from rescue_app.site import service as site
from rescue_app.site.rules import Need, ReportDraft, ReportKind
from tests.calling import EACH, callee, draft, gong_beater, rungs, tick

HTML = {"accept": "text/html"}
MANY = 198
CARD = re.compile(r'<article class="call.*?</article>', re.DOTALL)
HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')


@pytest.fixture
def began():
    return datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
def silent(sessions, cast, began):
    """`silent(3, bundle=…)`: so many calls of an hour ago, climbed over to the district."""

    def do(many, **more):
        above = Step(RungKind.SUPERIOR, (callee(cast.accounts["wanzhou"]),))
        ladder = (Step(RungKind.FIRST, (gong_beater(),)), above)
        made = [draft(cast, **({"topic": "member"} | more)) for _ in range(many)]
        made = [CallDraft(**{n: getattr(d, n) for n in d.__slots__} | {"ladder": ladder})
                for d in made]  # fmt: skip
        with unit_of_work(sessions, SYSTEM) as session:
            service.open_many(session, made, now=began)
        tick(sessions, began + timedelta(minutes=40))
        return [each.id for each in made]

    return do


@pytest.fixture
def window(client, people, cast):
    """`window("wanzhou")` gives a signed-in client."""

    def do(who):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        return client

    return do


def cards(page):
    return CARD.findall(page.text)


def answers(sessions):
    """Every answer in the log: which call, what, and how often."""
    with unit_of_work(sessions, SYSTEM) as session:
        said = CallEvent.kind.in_([EventKind.YES, EventKind.CANNOT])
        return sorted(session.execute(select(CallEvent.call_id, CallEvent.kind).where(said)).all())


def test_many_that_ask_the_same_are_one_card_that_leads_to_each(sessions, silent, window):
    ids = set(silent(MANY, bundle=new_id()))
    desk = window("wanzhou")
    (card,) = cards(desk.get("/calls", headers=HTML))
    assert "<b>198</b> 件同样的事" in card
    assert card.count("<li>") == 6
    assert "另有 192 件：逐件看" in card
    path, seen = re.search(r'href="(/calls\?of=[^"]+)"', card).group(1), set()
    while path:
        page = desk.get(path, headers=HTML).text
        seen |= {UUID(one) for one in re.findall(r'data-call="([^"]+)"', page)}
        further = re.search(r'rel="next" href="([^"]+)"', page)
        path = further and "/calls" + further.group(1).replace("&amp;", "&")
    assert seen == ids


def test_one_tap_answers_each_of_them_once_however_often_it_is_sent(sessions, silent, window):
    ids, alone = silent(30, bundle=new_id()), silent(1)
    desk = window("wanzhou")
    card = next(c for c in cards(desk.get("/calls", headers=HTML)) if "/calls/answers" in c)
    sent = dict(HIDDEN.findall(card)) | {"says": "yes"}
    for _ in range(2):
        assert desk.post("/calls/answers", data=sent, headers=HTML).status_code == 303
    assert answers(sessions) == sorted((one, "yes") for one in ids)
    (open_one,) = [c for c in cards(desk.get("/calls", headers=HTML)) if 'data-owed="1"' in c]
    assert str(alone[0]) in open_one


def test_what_was_said_before_stays_said_and_nobody_answers_for_another(
    sessions, cast, silent, window
):
    first, second = silent(2, bundle=new_id())
    others = [rung for rung in rungs(sessions, second) if rung.account_id is None]
    desk = window("wanzhou")
    (card,) = cards(desk.get("/calls", headers=HTML))
    said = {"says": "cannot", "why": "没有人手"}
    desk.post(f"/calls/{first}/answer", data=said, headers=HTML)
    sent = dict(HIDDEN.findall(card)) | {"says": "yes"}
    sent["called"] += f" {second}:{others[0].id}"
    desk.post("/calls/answers", data=sent, headers=HTML)
    assert answers(sessions) == sorted([(first, "cannot"), (second, "yes")])
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.get(CallRung, others[0].id).answer is None


def test_cannot_for_all_needs_its_reason_and_keeps_it_with_each(sessions, silent, window):
    ids = silent(3, bundle=new_id())
    desk = window("wanzhou")
    (card,) = cards(desk.get("/calls", headers=HTML))
    sent = dict(HIDDEN.findall(card))
    assert desk.post("/calls/answers", data=sent, headers=HTML).status_code == 422
    assert answers(sessions) == []
    desk.post("/calls/answers", data=sent | {"because": "车在对岸"}, headers=HTML)
    assert answers(sessions) == sorted((one, "cannot") for one in ids)
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(CallEvent.why).where(CallEvent.kind == EventKind.CANNOT)
        assert set(session.scalars(query)) == {"车在对岸"}


def test_a_page_says_how_many_cards_it_does_not_show(silent, window):
    silent(40)
    desk = window("wanzhou")
    first = desk.get("/calls", headers=HTML)
    assert len(cards(first)) == 30
    assert "还有 10 件等您应答" in first.text
    assert len(cards(desk.get("/calls?page=2", headers=HTML))) == 10


def test_a_page_tells_of_each_matter_of_a_card_that_it_was_shown(sessions, silent, window):
    ids = silent(3, bundle=new_id())
    shown = [
        {"call_id": str(one), "kind": "seen", "rungs": [str(rungs(sessions, one)[-1].id)]}
        for one in ids
    ]
    window("wanzhou").post("/api/v1/calls/receipts", json={"receipts": shown})
    seen = [rungs(sessions, one)[-1].seen_at for one in ids]
    assert None not in seen


def test_what_presses_comes_first_and_a_drill_after_what_is_as_loud(sessions, cast, began, silent):
    (late_routine,) = silent(1, text_zh="常规", urgency=Urgency.ROUTINE)
    (drill,) = silent(1, text_zh="演练", is_drill=True)
    (late,) = silent(1, text_zh="超时")
    now = datetime.now(UTC)
    mine = ((RungKind.FIRST, ("wanzhou",)),)
    fresh = {
        "新令": {"urgency": Urgency.FLASH},
        "求援": {"cry": Cry.HELP, "urgency": Urgency.FLASH},
        "撤": {"cry": Cry.WITHDRAW, "urgency": Urgency.FLASH},
    }
    with unit_of_work(sessions, SYSTEM) as session:
        service.open_many(
            session, [draft(cast, mine, text_zh=zh, **more) for zh, more in fresh.items()], now=now
        )
    with unit_of_work(sessions, SYSTEM) as session:
        calls = own.mine(session, cast.accounts["wanzhou"].id, since=began, now=now)
        said = [each.call.text_zh for each in calls]
    assert said == ["撤", "求援", "超时", "演练", "新令", "常规"]
    assert {late_routine, drill, late} < {each.call.id for each in calls}


def test_a_drill_is_marked_on_its_card_and_counted_apart(silent, window):
    silent(2, bundle=new_id(), is_drill=True)
    silent(1)
    page = window("wanzhou").get("/calls", headers=HTML)
    assert "其中演练 2 件" in page.text
    (drill,) = [card for card in cards(page) if "演练" in card]
    assert '<b class="drill">演练</b>' in drill
    assert '<b class="drill">' in window("wanzhou").get("/calls?lang=en", headers=HTML).text


def test_drills_and_what_is_real_never_share_a_card(sessions, cast, began, silent):
    bundle = new_id()
    silent(2, bundle=bundle, is_drill=True)
    silent(2, bundle=bundle)
    with unit_of_work(sessions, SYSTEM) as session:
        calls = own.mine(session, cast.accounts["wanzhou"].id, since=began, now=began)
        made = bundling.bundles(calls)
        assert sorted(len(each.calls) for each in made) == [2, 2]


def test_an_order_gives_its_calls_one_bundle_and_its_withdrawal_cries(sessions, cast, night):
    order = night.issue(cast.crew("gaosuntang"), cast.crew("taibai"))
    with night.acting("city") as (session, actor):
        change = ChangeDraft(new_id(), ChangeKind.RECALLED, "上游来水")
        changing.change(session, order_id=order.id, draft=change, by=actor, now=datetime.now(UTC))
    tick(sessions, datetime.now(UTC))
    with unit_of_work(sessions, SYSTEM) as session:
        found = list(session.scalars(select(Call)))
    assert {(each.topic, each.cry) for each in found} >= {("order_change", "withdraw")}
    assert len({each.bundle for each in found if each.topic == "order_change"}) == 1


def test_a_call_for_support_cries_for_help(sessions, acting, night):
    _, crew = night.down_to_the_crew()
    night.tell("crew", crew, "accepted")
    said = ReportDraft(new_id(), ReportKind.SUPPORT, need=Need.MEDICAL)
    with acting("crew") as (session, actor):
        site.report(session, hop_id=crew.id, draft=said, by=actor, now=datetime.now(UTC))
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalars(select(Call.cry).where(Call.topic == "support")).one() == "help"


def test_who_was_silent_on_several_ladders_of_a_matter_is_named_once(sessions, cast, began, window):
    asked = ((RungKind.FIRST, ("crew", "crew2")), (RungKind.SUPERIOR, ("street",)),
             (RungKind.SUPERIOR, ("wanzhou",)))  # fmt: skip
    with unit_of_work(sessions, SYSTEM) as session:
        service.open_many(session, [draft(cast, asked, rule=EACH)], now=began)
    for minutes in (6, 12, 18, 24):
        tick(sessions, began + timedelta(minutes=minutes))
    (card,) = cards(window("wanzhou").get("/calls", headers=HTML))
    assert card.count(cast.accounts["street"].name) == 1


def test_the_board_of_the_desk_leads_to_every_ladder_and_says_how_many(silent, window, monkeypatch):
    monkeypatch.setattr(reading, "LIST_LIMIT", 2)
    made = set(silent(3))
    shown = [
        window("wanzhou").get("/calls/board", params={"page": number}, headers=HTML).text
        for number in (1, 2, 99)
    ]
    for page in shown:
        assert "另有" in page
        assert 'href="/calls/' in page
    on_pages = [{call for call in made if f"/calls/{call}" in page} for page in shown]
    assert [len(found) for found in on_pages] == [2, 1, 1]
    assert on_pages[0] | on_pages[1] == made


MANY_LADDERS = text("""
    INSERT INTO call_ladder SELECT (jsonb_populate_record(l, jsonb_build_object(
        'id', gen_random_uuid(), 'number', 1000 + n))).*
    FROM call_ladder l, generate_series(1, 1200) n
""")


def test_the_figures_of_the_board_are_grouped(sessions, silent, window):
    silent(1)
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(MANY_LADDERS)
    page = window("wanzhou").get("/calls/board", headers=HTML).text
    assert page.count("<b>1,201</b>") == 2
