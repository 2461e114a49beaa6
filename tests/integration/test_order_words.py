"""What an order's page says of others: reasons in the reader's language, seen by whom it is for."""

import re
from datetime import UTC, datetime

import pytest
from shapely import MultiPolygon
from sqlalchemy import text

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty import service as duty
from hazards.duty.rules import Roster, UnitEntry, UnitKind
from rescue_app.dispatch import service
from rescue_app.dispatch.drafts import OrderDraft, Target
from rescue_app.dispatch.rules import Urgency
from rescue_app.http.dependencies import COOKIE
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from tests.world import IN_GAOSUNTANG, WANZHOU

HTML = {"accept": "text/html"}


@pytest.fixture
def page(client, people, cast):
    """`page("city", "/orders/…", "en")` gives what that person reads there."""

    def do(who, path, lang="zh"):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        answer = client.get(path, params={"lang": lang}, headers=HTML)
        assert answer.status_code == 200
        return answer.text

    return do


@pytest.fixture
def bureau(sessions):
    """A department of the district; give it as an order names it."""
    unit = UnitEntry("万州区水利局", "Wanzhou water", UnitKind.DEPARTMENT, "district", WANZHOU)
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster([unit]), area_path=WANZHOU)
    return f"unit:{unit.id}"


def reasons(text):
    return set(re.findall(r'<q class="because">([^<]*)</q>', text))


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("道路中断", "Road cut"),
        ("短信回复“不能”，未说明原因", "answered 2 (cannot), no reason given yet"),
    ],
)
def test_a_reason_that_was_picked_is_read_in_the_readers_language(night, page, zh, en):
    for said in (zh, en):
        order, crew = night.down_to_the_crew()
        night.tell("crew", crew, "cannot", note=said)
        assert reasons(page("city", f"/orders/{order.id}")) == {zh}
        assert reasons(page("city", f"/orders/{order.id}", "en")) == {en}
        assert zh in page("crew", f"/crew?hop={crew.id}")
        assert en in page("crew", f"/crew?hop={crew.id}", "en")


def test_a_reason_of_ones_own_words_stays_as_it_was_written(night, page):
    order, crew = night.down_to_the_crew()
    night.tell("crew", crew, "cannot", note="桥垮了")
    assert reasons(page("city", f"/orders/{order.id}", "en")) == {"桥垮了"}


def test_who_gave_an_order_to_his_own_department_has_not_seen_it_for_the_department(
    night, bureau, acting
):
    order = night.issue(bureau, who="wanzhou")
    hop = night.hop(order, "Wanzhou water")
    for look in ("delivered", "seen"):
        assert night.tell("wanzhou", hop, look).state == "queued"
    assert night.tell("wanzhou", hop, "accepted").state == "accepted"


def test_who_passed_an_order_down_to_his_department_has_not_seen_it_for_it(night, bureau, cast):
    order = night.issue(cast.unit(WANZHOU))
    centre = night.hop(order, "Wanzhou centre")
    assert night.tell("wanzhou", centre, "seen").state == "seen"
    night.tell("wanzhou", centre, "accepted")
    night.pass_down("wanzhou", centre, bureau)
    hop = night.hop(order, "Wanzhou water")
    assert night.tell("wanzhou", hop, "seen").state == "queued"


def test_a_centre_that_orders_itself_has_seen_it(night, cast):
    order = night.issue(cast.unit(WANZHOU), who="wanzhou")
    assert night.tell("wanzhou", night.hop(order, "Wanzhou centre"), "seen").state == "seen"


def test_what_the_city_gave_a_department_is_seen_by_who_commands_there(night, bureau):
    order = night.issue(bureau)
    assert night.tell("wanzhou", night.hop(order, "Wanzhou water"), "seen").state == "seen"


def test_the_map_of_an_order_has_the_area_that_was_drawn(acting, cast, page):
    now = datetime.now(UTC)
    with acting("city") as (session, actor):
        area = MultiPolygon([IN_GAOSUNTANG.buffer(0.01)])
        draft = IncidentDraft(new_id(), "waterlogging", "沿江路积水", IN_GAOSUNTANG, extent=area)
        incident = incidents.open_incident(session, draft=draft, by=actor, now=now)
        to = (Target.parse(cast.unit(WANZHOU)),)
        order = OrderDraft(
            id=new_id(), what="封路", where="沿江路", urgency=Urgency.FLASH, targets=to,
            incident_id=incident.id, place=IN_GAOSUNTANG,
        )  # fmt: skip
        service.issue(session, draft=order, by=actor, now=now)
    shown = page("city", f"/orders/{order.id}")
    assert re.search(r'data-shape="\{&#34;type&#34;:&#34;MultiPolygon', shown)


MANY_HOPS = text("""
    INSERT INTO assignment SELECT (jsonb_populate_record(a, jsonb_build_object(
        'id', gen_random_uuid(), 'unit_id', gen_random_uuid()))).*
    FROM assignment a, generate_series(1, 1200) WHERE a.order_id = :order_id
""")


def stands_above(shown, *parts):
    return shown.index(f'id="{parts[0]}"') < shown.index(f'id="{parts[1]}"')


def test_of_thousands_figures_are_grouped_and_changes_stand_above_them(night, cast, sessions, page):
    order = night.issue(cast.unit(WANZHOU))
    assert stands_above(page("city", f"/orders/{order.id}"), "tree-part", "change-part")
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(MANY_HOPS, {"order_id": order.id})
    shown = page("city", f"/orders/{order.id}")
    assert "<b>1,201</b>" in shown
    assert stands_above(shown, "change-part", "tree-part")
    assert "1,201 处未应答" in page("city", "/incidents")
