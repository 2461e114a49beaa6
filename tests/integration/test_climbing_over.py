"""A level that stays silent is climbed over: the order arrives all the same, and says so."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.calls import repository as calls
from hazards.duty import abilities
from hazards.duty import service as duty
from hazards.duty.models import Crew, CrewSeat
from hazards.duty.rules import Roster, UnitEntry, UnitKind
from rescue_app.dispatch import climbing, service, telling
from rescue_app.dispatch.board import board
from rescue_app.dispatch.drafts import OrderDraft, StepDraft, Target
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.rules import StepKind, Urgency
from rescue_app.http.dependencies import COOKIE
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from rescue_app.settings import PROJECT
from tests.calling import rungs, tick
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, WANZHOU

PAGE = {"accept": "text/html"}


@pytest.fixture
def rain(sessions, cast):
    with unit_of_work(sessions, SYSTEM) as session:
        abilities.load(session, PROJECT / "data/duty/abilities.yaml")
    return Rain(sessions, cast)


class Rain:
    """A night by the clock: whoever says nothing is climbed over minute by minute."""

    def __init__(self, sessions, cast):
        self.sessions, self.cast, self.now = sessions, cast, datetime.now(UTC)

    def doing(self, who, verb, **facts):
        actor = self.cast.actor(who)
        with unit_of_work(self.sessions, Scope.of(actor)) as session:
            return verb(session, by=actor, now=self.now, **facts)

    def issue(self, *targets, who="city", **facts):
        chosen = tuple(Target.parse(target) for target in targets)
        draft = OrderDraft(new_id(), "撤离", "沿江路", Urgency.FLASH, chosen, **facts)
        return self.doing(who, service.issue, draft=draft)

    def wait(self, rungs=5):
        """Let the ladders run out, then look what is to be climbed over."""
        for _ in range(rungs):
            self.now += timedelta(minutes=10)
            tick(self.sessions, self.now)
        return climbing.climb_over(self.sessions, now=self.now)

    def tell(self, who, hop, kind, note=""):
        step = StepDraft(new_id(), StepKind(kind), note)
        return self.doing(who, telling.tell, hop_id=hop.id, step=step)

    def board(self, order, who="city"):
        actor = self.cast.actor(who)
        with unit_of_work(self.sessions, Scope.of(actor)) as session:
            return board(session, actor, order.id)

    def names(self, order):
        return [line.hop.name_en for line in self.board(order).lines]


def test_a_silent_district_is_climbed_over_to_the_street_the_order_is_about(rain, cast):
    order = rain.issue(cast.unit(WANZHOU), place=IN_GAOSUNTANG)
    assert rain.wait(rungs=0) == 0
    assert rain.wait() == 1
    shown = rain.board(order)
    district, street = shown.lines
    assert (district.hop.state, street.hop.name_en) == ("queued", "Gaosuntang centre")
    assert shown.climbed_over[district.hop.id].by_name == "系统 · system"
    # The answer goes to who gave the order, past the silent one.
    assert (street.hop.giver_path, street.hop.giver_name) == (order.area_path, "陈市长")
    assert street.hop.answer_due_at == rain.now + timedelta(minutes=3)


def test_where_no_place_is_known_every_street_gets_it(rain, cast):
    order = rain.issue(cast.unit(WANZHOU))
    rain.wait()
    assert set(rain.names(order)) == {"Wanzhou centre", "Gaosuntang centre", "Taibai centre"}


def test_silence_is_climbed_over_down_to_the_crews_on_duty(rain, cast, sessions):
    incident = rain.doing(
        "city", incidents.open_incident,
        draft=IncidentDraft(new_id(), "waterlogging", "积水", IN_GAOSUNTANG),
    )  # fmt: skip
    draft = OrderDraft(
        new_id(), "抽水", "下穿道", Urgency.FLASH, (Target.parse(cast.unit(WANZHOU)),),
        incident_id=incident.id,
    )  # fmt: skip
    order = rain.doing("city", service.issue, draft=draft)
    assert (rain.wait(), rain.wait()) == (1, 1)
    crews = {line.hop.name_en: line.hop for line in rain.board(order).lines[2:]}
    assert crews.keys() == {"Gaosuntang crew 1", "Gaosuntang crew 2"}
    crew = crews["Gaosuntang crew 1"]
    rain.tell("crew", crew, "accepted")
    assert rain.board(order).numbers.crews_answered == 1


def test_it_happens_once_and_not_to_who_answered_late(rain, cast):
    order = rain.issue(cast.unit(WANZHOU))
    rain.wait()
    before = rain.names(order)
    assert rain.wait(rungs=0) == 0
    district = rain.board(order).lines[0].hop
    rain.tell("wanzhou", district, "accepted")
    rain.doing("wanzhou", service.pass_down, hop_id=district.id, step_id=new_id(),
               to=[Target.parse(cast.unit(GAOSUNTANG))])  # fmt: skip
    assert rain.names(order) == before


def test_who_answers_within_the_ladder_is_not_climbed_over(rain, cast):
    order = rain.issue(cast.unit(WANZHOU))
    rain.tell("wanzhou", rain.board(order).lines[0].hop, "accepted")
    assert rain.wait() == 0
    assert rain.names(order) == ["Wanzhou centre"]


def test_a_silent_street_without_crews_on_duty_is_said_to_have_nobody_below(rain, cast, sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(delete(CrewSeat))
        for crew in cast.crews.values():
            session.get_one(Crew, crew).on_duty_since = None
    order = rain.issue(cast.unit(GAOSUNTANG), who="wanzhou")
    assert rain.wait() == 1
    (line,) = rain.board(order, "wanzhou").lines
    over = rain.board(order, "wanzhou").climbed_over[line.hop.id]
    said = {locale: over.said_in(over.note, locale) for locale in ("zh", "en")}
    assert said["en"] == "no centre and no crew on duty is registered below"
    assert said["zh"] == "下一级没有登记的中心或在岗队伍"


def test_the_crew_below_calls_up_to_the_giver_not_to_the_silent_one_alone(rain, cast, sessions):
    rain.issue(cast.unit(GAOSUNTANG), who="wanzhou")
    rain.wait()
    tick(sessions, rain.now)
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(Assignment.id).where(Assignment.crew_id == cast.crews["gaosuntang"])
        call = calls.by_ref(session, "order", session.scalars(query).one())
    assert "万主任" in [rung.name for rung in rungs(sessions, call.id)]


def department(sessions):
    bureau = UnitEntry("万州区水利局", "Wanzhou water", UnitKind.DEPARTMENT, "district", WANZHOU)
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster([bureau]), area_path=WANZHOU)
    return f"unit:{bureau.id}"


def able(sessions, cast, **skills):
    with unit_of_work(sessions, SYSTEM) as session:
        for name, words in skills.items():
            session.get_one(Crew, cast.crews[name]).skills = words


def test_past_a_silent_department_an_offices_own_work_goes_to_the_street_it_is_about(
    rain, sessions
):
    order = rain.issue(department(sessions), place=IN_GAOSUNTANG)
    assert rain.wait() == 1
    assert rain.names(order) == ["Wanzhou water", "Gaosuntang centre"]


def test_past_a_silent_department_the_departments_own_crews_come_first(rain, sessions, cast):
    water = department(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        session.get_one(Crew, cast.crews["taibai"]).unit_id = UUID(water.partition(":")[2])
    order = rain.issue(water, place=IN_GAOSUNTANG)
    rain.wait()
    assert rain.names(order) == ["Wanzhou water", "Taibai crew 1"]


def test_only_crews_that_can_do_it_are_called_up_those_of_the_street_first(rain, sessions, cast):
    able(sessions, cast, gaosuntang=["drainage"], gaosuntang2=["evacuation"], taibai=["drainage"])
    needs, water = {"place": IN_GAOSUNTANG, "crew_needs": ("drainage",)}, department(sessions)
    order = rain.issue(water, **needs)
    rain.wait()
    assert rain.names(order) == ["Wanzhou water", "Gaosuntang crew 1"]
    able(sessions, cast, gaosuntang=["evacuation"])
    order = rain.issue(water, **needs)
    rain.wait()
    assert rain.names(order) == ["Wanzhou water", "Taibai crew 1"]


def test_where_no_crew_below_can_do_it_nobody_is_called_up_and_the_page_says_so(
    rain, sessions, cast
):
    able(sessions, cast, gaosuntang=["evacuation"], gaosuntang2=[])
    order = rain.issue(cast.unit(GAOSUNTANG), who="wanzhou", crew_needs=("medical",))
    rain.wait()
    (line,) = rain.board(order, "wanzhou").lines
    over = rain.board(order, "wanzhou").climbed_over[line.hop.id]
    assert over.said_in(over.note, "en") == "no crew on duty below can do what this needs"


def test_who_has_the_order_from_its_giver_is_not_called_up_for_it_again(rain, sessions, cast):
    able(sessions, cast, gaosuntang=["drainage"], gaosuntang2=[])
    order = rain.issue(
        department(sessions), cast.crew("gaosuntang"), place=IN_GAOSUNTANG, crew_needs=("drainage",)
    )
    rain.wait()
    assert sorted(rain.names(order)) == ["Gaosuntang crew 1", "Wanzhou water"]
    line = next(one for one in rain.board(order).lines if one.hop.name_en == "Wanzhou water")
    over = rain.board(order).climbed_over[line.hop.id]
    assert over.said_in(over.note, "en") == "who is below has this order already"


def test_where_a_crew_has_answered_a_silent_department_calls_up_nobody_else(
    rain, cast, sessions, client, people
):
    order = rain.issue(department(sessions), cast.crew("gaosuntang"), place=IN_GAOSUNTANG)
    hops = {line.hop.name_en: line.hop for line in rain.board(order).lines}
    rain.tell("crew", hops["Gaosuntang crew 1"], "accepted")
    assert rain.wait() == 1
    assert set(rain.names(order)) == {"Wanzhou water", "Gaosuntang crew 1"}
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    for locale, why in (("zh", "未再下派：已有队伍应答了这条指令"), ("en", "a crew has answered")):
        assert why in client.get(f"/orders/{order.id}", params={"lang": locale}, headers=PAGE).text


def test_who_answers_for_two_units_is_asked_for_the_one_still_silent_by_its_name(
    rain, cast, sessions, client, people
):
    order = rain.issue(cast.unit(WANZHOU), department(sessions))
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    asked = []
    for _ in range(2):
        page = client.get(f"/orders/{order.id}", params={"lang": "zh"}, headers=PAGE).text
        head = page.partition('id="mine-part"')[2].partition("</header>")[0]
        hop = next(one.hop for one in rain.board(order).lines if f"<b>{one.hop.name}</b>" in head)
        assert "等您应答" in head
        asked.append(hop.name_en)
        rain.tell("wanzhou", hop, "accepted")
    assert sorted(asked) == ["Wanzhou centre", "Wanzhou water"]
