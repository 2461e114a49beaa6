"""Parts from the desk: a commander gives members their parts, changes them, enters their word."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from hazards.calls.models import Call
from rescue_app.dispatch.drafts import PartDraft
from rescue_app.dispatch.members import amending, reading
from rescue_app.dispatch.rules import How
from rescue_app.http.dependencies import COOKIE
from tests.calling import rungs
from tests.lending import desk
from tests.teams import held, team

__all__ = ["desk", "held", "team"]


def amend(team, who, part, words, notice_id=None, why="水位上涨"):
    with team.acting(who) as (session, actor):
        return amending.amend(
            session, part_id=part.id, notice_id=notice_id or new_id(),
            draft=PartDraft(part.id, words, part.due_at), why=why, by=actor, now=datetime.now(UTC),
        )  # fmt: skip


def owed(acting, part, who="city"):
    with acting(who) as (session, _):
        return reading.owed(session, [part.id])[part.id]


def test_a_changed_part_reaches_its_member_once_and_he_says_that_he_heard(
    team, held, acting, owner
):
    order, crew = held
    part = team.give(crew, "周队员")["周队员"]
    team.tell("zhou", part, "accepted")
    notice_id = new_id()
    for _ in range(2):
        amend(team, "street", part, "改守桥尾", notice_id)
    (one,) = owed(acting, part)
    assert (one.notice.before["what"], one.notice.after["what"]) == ("守桥头", "改守桥尾")
    call = owner.scalars(select(Call).where(Call.ref == notice_id)).one()
    assert call.text_zh.startswith("你的分工已改：改守桥尾")
    team.tell("zhou", part, "change_taken", notice=notice_id)
    assert owed(acting, part) == []
    assert (team.of(order, "周队员").words, team.of(order, "周队员").state) == (
        "改守桥尾",
        "accepted",
    )


def test_a_change_that_changes_nothing_or_comes_too_late_is_refused(team, held):
    _, crew = held
    part = team.give(crew, "周队员")["周队员"]
    with pytest.raises(Rejected, match="Nothing is changed"):
        amend(team, "crew", part, "守桥头")
    with pytest.raises(Missing):
        amend(team, "yunyang", part, "别的")
    team.tell("zhou", part, "cannot", "腿伤了")
    with pytest.raises(Conflict, match="through with"):
        amend(team, "crew", part, "改守桥尾")


def test_who_sent_the_crew_enters_a_member_s_word_and_the_log_holds_both_names(team, held, acting):
    _, crew = held
    part = team.give(crew, "郑队员")["郑队员"]
    with pytest.raises(Missing):
        team.tell("taibai_street", part, "accepted", how=How.RADIO)
    told = team.tell("street", part, "accepted", how=How.RADIO)
    assert told.state == "accepted"
    with acting("city") as (session, _):
        (line,) = reading.of_hops(session, [crew.id]).of(crew.id)
    said = line.times["accepted"]
    assert (said.by_name, said.entered_by, said.how) == ("郑队员", "高书记", "radio")


def test_on_the_order_s_page_parts_are_given_changed_and_taken_back(
    team, held, client, people, cast
):
    order, crew = held
    client.cookies.set(COOKIE, people.token(cast.accounts["street"]))
    page = f"/orders/{order.id}?crew={crew.id}"
    assert f"?crew={crew.id}#team-part" in client.get(f"/orders/{order.id}").text
    member = str(team.people["周队员"])
    due = (datetime.now(UTC) + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M")
    form = {"member": member, "words_of": member, "words": "守桥头", "due": due, "back": "order"}
    answer = client.post(f"/crew/{crew.id}/members", data=form, follow_redirects=False)
    assert answer.headers["location"] == f"{page}#team-part"
    part = team.of(order, "周队员")
    assert (part.words, part.giver_name) == ("守桥头", "高书记")
    timeline = client.get(page).text.split('id="timeline-head"')[1]
    assert "高笋塘抢险一队 · 周队员</b> · 高书记" in timeline
    changed = {"words": "守桥尾", "due": "", "note": "换岗", "back": "order"}
    client.post(f"/parts/{part.id}/change", data=changed)
    assert "守桥尾" in client.get(page).text
    client.post(f"/parts/{part.id}/take-back", data={"note": "不用了", "back": "order"})
    assert team.of(order, "周队员").state == "withdrawn"
    client.cookies.set(COOKIE, people.token(cast.accounts["zhou"]))
    told = client.get(f"/crew?part={part.id}", headers={"accept-language": "zh"}).text
    assert "你的分工已改" in told
    assert "<s>守桥头</s> → 守桥尾" in told


def test_a_borrower_gives_the_lent_crew_s_members_their_parts(
    team, night, desk, acting, owner, sessions
):
    loan = desk.lent()
    order = night.issue(f"member:{team.people['吴队员']}", who="yunyang")
    hop = night.hop(order, "Gaosuntang crew 1", who="yunyang")
    part = team.give(hop, "周队员", who="yunyang")["周队员"]
    with acting("yunyang") as (session, _):
        names = {line.part.name for line in reading.of_hops(session, [hop.id]).of(hop.id)}
    assert names == {"吴队员", "周队员"}
    call = owner.scalars(select(Call).where(Call.ref == part.id)).one()
    assert [rung.name for rung in rungs(sessions, call.id)] == ["周队员", "李队长", "云主任"]
    assert team.tell("zhou", part, "accepted").state == "accepted"
    amend(team, "yunyang", part, "改去泵站")
    assert team.tell("yunyang", part, "moving", how=How.RADIO).state == "moving"
    with pytest.raises(Forbidden):
        team.give(hop, "郑队员", who="wanzhou")
    desk.act("yunyang", loan, "give_back")
    with pytest.raises(Conflict, match="somebody else"):
        team.give(hop, "郑队员", who="yunyang")
    with pytest.raises(Conflict, match="somebody else"):
        amend(team, "yunyang", part, "再去堤上")
    amend(team, "crew", part, "收好水泵再回")
    assert team.take_back("yunyang", part).state == "withdrawn"


def test_a_lender_gives_nothing_more_to_a_crew_that_is_away_and_takes_back_what_he_gave(
    team, held, desk, client, people, cast
):
    order, crew = held
    part = team.give(crew, "周队员")["周队员"]
    page = f"/orders/{order.id}?crew={crew.id}"
    client.cookies.set(COOKIE, people.token(cast.accounts["street"]))
    change = f"/parts/{part.id}/change"
    assert change in client.get(page).text
    desk.lent()
    assert change not in client.get(page).text
    with pytest.raises(Conflict, match="somebody else"):
        amend(team, "street", part, "改守桥尾")
    with pytest.raises(Conflict, match="somebody else"):
        team.give(crew, "吴队员", who="street")
    with pytest.raises(Missing):
        amend(team, "yunyang", part, "改守桥尾")
    assert team.take_back("street", part).state == "withdrawn"


def test_who_of_the_borrower_commands_nothing_sees_nobody_of_the_lent_crew(
    desk, team, acting, cast
):
    desk.lent()
    who = "SELECT name FROM member WHERE name = '周队员'"
    with acting("yunyang") as (session, _):
        assert session.scalars(text(who)).all() == ["周队员"]
        session.execute(text("SELECT set_config('yitong.role', 'planner', true)"))
        assert session.scalars(text(who)).all() == []
