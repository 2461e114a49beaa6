"""What was committed is told at once, to those it concerns, and nobody who was away misses any."""

import psycopg
import pytest
from httpx2 import Client
from sqlalchemy import func, select, text

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.notify import announce
from gis.store.scope import SYSTEM
from rescue_app.dispatch.models import AssignmentStep
from tests.listening import Listener
from tests.processes import Server
from tests.world import CITY, GAOSUNTANG, WANZHOU, YUNYANG


@pytest.fixture(params=["LISTEN/NOTIFY", "JetStream"])
def live_server(request, database, tmp_path):
    """A real server, which is woken by the database, or to which a broker brings the events."""
    carried = {}
    if request.param == "JetStream":
        carried["nats_url"] = request.getfixturevalue("broker").url
    server = Server(database, home=tmp_path, **carried)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def listen(live_server, people, cast):
    """`listen("city")` opens a stream as that person."""
    opened = []

    def begin(who, **more):
        token = people.token(cast.accounts[who])
        opened.append(Listener(live_server, token, **more))
        return opened[-1]

    yield begin
    for listener in opened:
        listener.close()


@pytest.fixture
def call(live_server, people, cast):
    """`call("city", "POST", path, {...})`: one request of that person to the real server."""
    tokens = {}

    def send(who, method, path, body=None):
        if who not in tokens:
            tokens[who] = people.token(cast.accounts[who])
        headers = {"cookie": f"yitong_session={tokens[who]}", "sec-fetch-site": "same-origin"}
        with Client(base_url=live_server.url, headers=headers, timeout=60) as client:
            answer = client.request(method, f"/api/v1{path}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    return send


def say(sessions, area_path, kind="issued", also=(), topic="order"):
    with unit_of_work(sessions, SYSTEM) as session:
        announce(session, topic=topic, kind=kind, ref=None, area_path=area_path, also=also)


def test_a_reader_is_told_what_happens_in_his_area_alone(sessions, listen):
    city, wanzhou, yunyang = listen("city"), listen("wanzhou"), listen("yunyang")
    say(sessions, GAOSUNTANG, "one")
    say(sessions, YUNYANG, "two")
    say(sessions, CITY, "three", also=(WANZHOU,))
    say(sessions, YUNYANG, "last")
    say(sessions, WANZHOU, "last")
    assert [city.next()["kind"] for _ in range(3)] == ["one", "two", "three"]
    assert [wanzhou.next()["kind"] for _ in range(3)] == ["one", "three", "last"]
    assert [yunyang.next()["kind"] for _ in range(2)] == ["two", "last"]


def test_a_reader_hears_the_topics_he_asked_for(sessions, listen):
    points = listen("city", topics="point,asset")
    say(sessions, WANZHOU, "order's")
    say(sessions, WANZHOU, "point's", topic="point")
    assert points.next()["kind"] == "point's"


def test_what_was_rolled_back_is_not_told(sessions, listen):
    city = listen("city")
    with pytest.raises(ZeroDivisionError), unit_of_work(sessions, SYSTEM) as session:
        announce(session, topic="order", kind="never", ref=None, area_path=CITY)
        _ = 1 / 0
    say(sessions, CITY, "after")
    assert city.next()["kind"] == "after"


def test_nobody_listens_without_signing_in(live_server, world):
    with Client(base_url=live_server.url, timeout=60) as client:
        assert client.get("/live").status_code == 401


def test_a_reader_whose_number_is_ahead_of_the_log_starts_anew(sessions, listen):
    reader = listen("city", last_id=999_999)
    assert reader.told.get(timeout=60)[0] == "reset"


def test_the_server_stops_though_pages_are_open(live_server, listen):
    readers = [listen("city") for _ in range(20)]
    live_server.stop()
    assert all(reader.ended.wait(60) for reader in readers)


def test_when_the_listening_connection_is_cut_nothing_is_missed(sessions, listen, database, owner):
    city = listen("city")
    say(sessions, CITY, "before")
    assert city.next()["kind"] == "before"
    cut = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
          AND (query LIKE 'LISTEN%' OR query LIKE '%FROM live_event%')
    """
    with psycopg.connect(owner.get_bind().url.render_as_string(False).replace("+psycopg", "")) as c:
        assert c.execute(cut).fetchall()
    say(sessions, CITY, "while away")
    say(sessions, CITY, "after")
    assert [city.next()["kind"] for _ in range(2)] == ["while away", "after"]


def test_an_order_survives_kill_9_between_every_two_steps(live_server, listen, call, cast, owner):
    """The whole way down, the server killed after each step, each step sent twice."""
    told, last_id = [], listen("city", topics="order").last_id

    def after(step):
        nonlocal last_id
        answer = step()
        live_server.kill()
        live_server.start()
        again = step()
        assert answer["id"] == again["id"]
        reader = listen("city", topics="order", last_id=last_id)
        told.append(reader.next())
        last_id = reader.last_id
        reader.close()
        return again

    def stepper(who, hop, kind, note=""):
        body = {"id": str(new_id()), "kind": kind, "note": note}
        return lambda: call(who, "POST", f"/hops/{hop['id']}/steps", body)

    def passing(who, hop, target):
        body = {"id": str(new_id()), "targets": [target]}
        return lambda: call(who, "POST", f"/hops/{hop['id']}/pass-down", body)

    def hop_named(name):
        found = call("city", "GET", f"/orders/{order['id']}")["hops"]
        return next(hop for hop in found if hop["name_en"] == name)

    draft = {"id": str(new_id()), "what": "撤离", "where": "沿江路", "urgency": "flash"}
    draft["targets"] = [cast.unit(WANZHOU)]
    order = after(lambda: call("city", "POST", "/orders", draft))
    district = hop_named("Wanzhou centre")
    after(stepper("wanzhou", district, "accepted"))
    after(passing("wanzhou", district, cast.unit(GAOSUNTANG)))
    street = hop_named("Gaosuntang centre")
    after(stepper("street", street, "accepted"))
    after(passing("street", street, cast.crew("gaosuntang")))
    crew = hop_named("Gaosuntang crew 1")
    for kind in ("accepted", "moving", "arrived", "done"):
        after(stepper("crew", crew, kind))

    shown = call("city", "GET", f"/orders/{order['id']}")
    assert shown["numbers"]["down"]
    assert shown["numbers"]["finished"]
    assert owner.scalar(select(func.count()).select_from(AssignmentStep)) == 8
    assert [event["kind"] for event in told] == [
        "issued",
        "accepted",
        "passed_down",
        "accepted",
        "passed_down",
        "accepted",
        "moving",
        "arrived",
        "done",
    ]
    assert len({event["seq"] for event in told}) == len(told)
    logged = owner.scalars(text("SELECT seq FROM live_event WHERE topic = 'order'")).all()
    assert sorted(logged) == sorted(event["seq"] for event in told)
