"""What is proposed goes out once, all of it or nothing, and the page says what went."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from gis.errors import Conflict, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls.models import Call
from rescue_app.dispatch import laying
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.http.dependencies import COOKIE
from rescue_app.incidents import service as incidents
from rescue_app.proposals import repository
from rescue_app.proposals.models import OrderBatch, OrderBatchLine
from rescue_app.proposals.rules import ActionDraft
from tests.proposing import HTML, NOW, Form, cast, count, drafted, flooded, proposed, tap
from tests.world import WANZHOU, YUNYANG

__all__ = ["cast", "flooded", "proposed", "tap"]


def test_all_of_it_goes_out_in_one_tap_with_each_deadline(sessions, tap, proposed, cast):
    found = proposed(level="III")
    done = tap(level="III", found=found)
    assert done.mine
    laying.lay_out(sessions, now=NOW)
    with unit_of_work(sessions, SYSTEM) as session:
        lines = repository.lines(session, [done.batch.id])[done.batch.id]
        orders = {line.action: session.get(Order, line.order_id) for line in lines}
        hops = session.scalars(select(Assignment.crew_id)).all()
        said = session.scalars(select(Call.text_en).where(Call.topic == "order")).all()
    english = {row.line.action.code: row.line.action.en for row in found.rows}
    assert {code: order.what_in("en") for code, order in orders.items()} == {
        code: english[code] for code in orders
    }
    assert {words.split(" · ")[0] for words in said} == {english[code] for code in orders}
    assert set(orders) == {one.code for one in drafted(found).actions}
    assert orders["consult_2"].due_at == NOW + timedelta(minutes=20)
    assert {order.where for order in orders.values()} == {"高笋塘街道沿江路"}
    assert cast.crews["taibai"] in hops
    lists = {row.line.action.code: list(row.line.action.checklist) for row in found.rows}
    assert {code: order.checklist for code, order in orders.items()} == {
        code: lists[code] for code in orders
    }
    assert lists["patrol_1"]
    able = {row.line.action.code: list(row.line.action.crew) for row in found.rows}
    assert {code: order.crew_needs for code, order in orders.items()} == {
        code: able[code] for code in orders
    }


def test_the_same_press_again_is_the_same_issue(sessions, tap, proposed):
    found = proposed()
    number = new_id()
    first = tap(found=found, id=number)
    orders = count(sessions, Order)
    again = tap(found=found, id=number)
    assert (again.batch.id, again.mine) == (first.batch.id, True)
    assert count(sessions, Order) == orders
    with pytest.raises(Conflict):
        tap(found=found, id=number, where="别处")


def test_of_two_commanders_at_once_one_issues_and_the_other_is_shown_it(sessions, tap, proposed):
    pages = {who: proposed(who, "III") for who in ("city", "wanzhou", "wanzhou2")}
    with ThreadPoolExecutor(3) as pool:
        presses = [pool.submit(tap, who, "III", found=pages[who]) for who in pages for _ in "12"]
        done = [press.result() for press in presses]
    assert len({one.batch.id for one in done}) == 1
    assert [one.mine for one in done].count(True) == 1
    assert count(sessions, OrderBatch) == 1
    assert count(sessions, Order) == count(sessions, OrderBatchLine)


def test_a_higher_level_proposes_only_what_comes_on_top(tap, proposed):
    tap(level="IV")
    more = {row.line.action.code for row in proposed(level="III").rows}
    assert more == {"consult_2", "patrol_2", "evacuate_1", "evacuate_3", "rescue_2"}
    tap(level="III")
    # Nobody on duty can move people: that action was not issued and is still proposed.
    assert {row.line.action.code for row in proposed(level="III").rows} <= {"evacuate_1"}


def test_an_action_goes_out_once_even_where_a_page_says_nothing_was_seen(sessions, tap, proposed):
    found = proposed()
    first = tap(found=found)
    with pytest.raises(Conflict):
        tap(found=found, seen=frozenset([first.batch.id]))
    with pytest.raises(IntegrityError), unit_of_work(sessions, SYSTEM) as session:
        line = repository.lines(session, [first.batch.id])[first.batch.id][0]
        names = ("batch_id", "incident_id", "district_path", "area_path", "step", "within_min")
        facts = {name: getattr(line, name) for name in names}
        order = session.get(Order, line.order_id)
        twin = {c.key: getattr(order, c.key) for c in Order.__table__.columns} | {"id": new_id()}
        session.add(Order(**twin))
        session.flush()
        more = {"order_id": twin["id"], "position": 99, "action": line.action, "proposed": {}}
        session.add(OrderBatchLine(**facts | more))
        session.flush()


def test_when_one_order_cannot_go_out_none_does(sessions, tap, proposed, cast):
    found = proposed("wanzhou")
    good = drafted(found).actions
    bad = replace(good[-1], targets=(cast.crew("shuangjiang"),))
    with pytest.raises(Missing):
        tap(found=found, actions=(*good[:-1], bad))
    assert count(sessions, Order) == count(sessions, OrderBatch) == 0


def test_what_is_not_in_the_plan_is_the_commanders_own_and_needs_somebody(tap, proposed, cast):
    found = proposed()
    own = ActionDraft("added_1", "rescue", "送 200 件救生衣", 45, (cast.crew("gaosuntang"),))
    done = tap(found=found, actions=(own,))
    assert done.mine
    strange = replace(own, code="rescue_99")
    seen = frozenset([done.batch.id])
    with pytest.raises(Rejected):
        tap(found=found, actions=(strange,), seen=seen)
    with pytest.raises(Rejected):
        tap(found=found, actions=(replace(own, targets=()),), seen=seen)


def test_another_district_sees_neither_the_proposal_nor_the_issue(acting, tap, proposed, flooded):
    found = proposed()
    done = tap(found=found)
    with acting("yunyang") as (session, _):
        assert repository.batch(session, done.batch.id) is None
        assert not repository.batches(session, [flooded])
        assert not repository.issued(session, flooded, WANZHOU)
        with pytest.raises(Missing):
            incidents.visible(session, flooded)
    with pytest.raises(Missing):
        tap("yunyang", found=found, seen=frozenset([done.batch.id]))
    with pytest.raises(Missing):
        proposed(district_path=YUNYANG)


def test_the_page_issues_what_is_ticked_and_shows_the_second_commander_the_first(
    client, people, cast, flooded
):
    address = f"/incidents/{flooded}/proposal"

    def enter(who):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        page = client.get(address, headers=HTML)
        assert page.status_code == 200
        return Form(page.text).sent

    first, second = enter("city"), enter("wanzhou")
    asked = client.post(address, data=second, headers=HTML)
    assert "全部下达" in asked.text
    added = client.post(address, data=second | {"do": "add:rescue"}, headers=HTML).text
    assert 'value="added_1"' in added
    client.cookies.set(COOKIE, people.token(cast.accounts["city"]))
    went = client.post(address, data=first | {"confirmed": "1"}, headers=HTML)
    issue = client.get(went.headers["location"], headers=HTML).text
    assert "一并下达" in issue
    assert "会商研判" in issue
    rows = re.findall(r'<a href="/orders/.*?</a>', issue, re.DOTALL)
    assert rows
    assert all("时限" in row and "data-clock" in row for row in rows)
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    late = client.post(address, data=second | {"confirmed": "1"}, headers=HTML)
    assert late.headers["location"].startswith(went.headers["location"])
    assert "先一步下达" in client.get(late.headers["location"], headers=HTML).text
    order = re.search(r'href="(/orders/[0-9a-f-]+)"', issue)[1]
    assert went.headers["location"] in client.get(order, headers=HTML).text
    assert went.headers["location"] in client.get(f"/incidents/{flooded}", headers=HTML).text
    assert "本等级的行动已全部下达" in client.get(address, headers=HTML).text


def test_the_commander_takes_single_items_out_of_a_checklist_and_adds_his_own(
    client, people, cast, flooded, proposed, sessions
):
    found = proposed(level="IV")
    row = next(row for row in found.rows if len(row.line.action.checklist) > 1)
    code, planned = row.line.action.code, row.line.action.checklist
    address = f"/incidents/{flooded}/proposal"
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    sent = Form(client.get(address, headers=HTML).text).sent
    at = sent["code"].index(code)
    shown = sent["items"][at].splitlines()
    assert shown == [item["zh"] for item in planned]
    own = "带上断线钳"
    sent["items"][at] = "\r\n".join([*shown[1:], own])
    asked = client.post(address, data=sent, headers=HTML).text
    assert Form(asked).sent["items"][at].splitlines() == [*shown[1:], own]
    too_long = sent | {"items": ["长" * 81, *sent["items"][1:]], "confirmed": "1"}
    assert "第 1 项行动的处置清单" in client.post(address, data=too_long, headers=HTML).text
    went = client.post(address, data=sent | {"confirmed": "1"}, headers=HTML)
    assert went.status_code == 303
    with unit_of_work(sessions, SYSTEM) as session:
        line = repository.issued(session, flooded, WANZHOU)[code]
        kept = session.get_one(Order, line.order_id).checklist
    assert kept == [*planned[1:], {"zh": own, "en": own}]
    review = client.get(f"/incidents/{flooded}/review", headers=HTML).text
    assert f"处置清单去掉：{shown[0]} · 处置清单加上：{own}" in review
