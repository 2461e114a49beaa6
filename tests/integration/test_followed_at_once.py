"""Who stands somewhere hears of a change there: open pages, the round, the pack on the phone."""

import json

import pytest
from sqlalchemy import event, func, select

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import SYSTEM
from tests.patrols import labelled, load_reference
from tests.warning import WEST_OF_GAOSUNTANG, Warner
from tests.world import CITY, GAOSUNTANG, TAIBAI, WANZHOU, YUNYANG

HTML = {"accept": "text/html"}
TRIES = 500


@pytest.fixture
def warner(acting):
    return Warner(acting)


@pytest.fixture
def state(client, sessions):
    """Give the sign of an area once this process has heard of all that was committed."""

    def ask(path):
        with unit_of_work(sessions, SYSTEM) as session:
            last = session.scalar(select(func.max(LiveEvent.seq)).where(LiveEvent.topic == "alert"))
        for _ in range(TRIES):
            client.get("/warnings/state", params={"at": path})
            if client.app.state.hub.newest_of("alert") >= (last or 0):
                break
        told = client.get("/warnings/state", params={"at": path})
        assert told.status_code == 200
        return told.text

    return ask


def test_the_sign_of_a_place_changes_with_its_warnings_and_no_other(client, state, warner):
    quiet = state(GAOSUNTANG)
    elsewhere = state(YUNYANG)
    alert = warner.issued(area_paths=(GAOSUNTANG,))
    warned = state(GAOSUNTANG)
    assert (warned != quiet, state(YUNYANG) == elsewhere) == (True, True)
    assert state(f"{GAOSUNTANG}001/") == warned == state(WANZHOU)
    drill = warner.issued(is_drill=True)
    assert state(GAOSUNTANG) != warned
    warner.cancel(drill)
    warner.cancel(alert)
    assert state(GAOSUNTANG) == quiet
    warner.issued(area_paths=(), drawn=WEST_OF_GAOSUNTANG)
    assert (state(GAOSUNTANG) != quiet, state(TAIBAI) == quiet) == (True, True)
    for wrong in ("", "x", "/500000", "/" + "1" * 40 + "/"):
        assert client.get("/warnings/state", params={"at": wrong}).status_code == 422


def test_ten_thousand_readers_ask_the_database_nothing(client, state, warner):
    warner.issued()
    state(CITY)
    paths = ["/warnings", "/warnings/feed.atom", "/warnings/cap.atom",
             f"/warnings/state?at={GAOSUNTANG}"]  # fmt: skip
    for path in paths:
        client.get(path)
    asked = []
    event.listen(client.app.state.engine, "before_cursor_execute", lambda *said: asked.append(said))
    assert {client.get(path).status_code for _ in range(25) for path in paths} == {200}
    assert asked == []


def test_a_label_says_where_it_is_and_what_it_was_made_of(client, sign_in, sessions, state, warner):
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    bridge = labelled(client)
    warner.issued(area_paths=(GAOSUNTANG,))
    sign = state(GAOSUNTANG)
    for cookies in (True, False):
        if not cookies:
            client.cookies.clear()
        shown = client.get(f"/c/{bridge.code}", headers=HTML).text
        assert f'data-warned="{GAOSUNTANG}" data-state="{sign}"' in shown
        assert "滑坡橙色预警" in shown.partition("data-warned")[2].partition("</div></div>")[0]


def test_round_and_pack_carry_the_warnings_with_their_time(
    client, sign_in, sessions, state, warner
):
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    bridge = labelled(client)
    warner.issued(area_paths=(WANZHOU,), who="city", colour="blue")
    warner.issued(area_paths=(), drawn=WEST_OF_GAOSUNTANG, is_drill=True)
    far = WEST_OF_GAOSUNTANG.buffer(-0.02)
    warner.issued(area_paths=(), drawn=type(WEST_OF_GAOSUNTANG)([far]), colour="red")
    carried = json.loads(client.get("/api/v1/street-pack").json()["pack"])["warned"]
    told = [(one["colour"], one["drill"], one["codes"]) for one in carried["all"]]
    assert ("blue", False, None) in told
    assert ("orange", True, [bridge.code]) in told
    assert carried["state"] == state(GAOSUNTANG)
    shown = client.get("/round", headers=HTML).text
    assert ("生效预警" in shown, "截至" in shown, "演练" in shown) == (True, True, True)
