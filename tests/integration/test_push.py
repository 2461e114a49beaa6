"""Web Push against a push service of our own: sealed for the device, signed by our one key."""

import pytest
from py_vapid import Vapid02
from sqlalchemy import select

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from rescue_app.channels.models import PushKey, PushSubscription
from rescue_app.http.dependencies import COOKIE
from rescue_app.settings import Settings
from tests import gateway
from tests.calling import draft, minutes, opened, rungs
from tests.cast import build_cast
from tests.channelling import Device, Phones, give_phone


@pytest.fixture
def settings(tmp_path, database):
    urls = {"database_url": database.owner, "app_database_url": database.app}
    return Settings(home=tmp_path, push_hosts=["127.0.0.1"], **urls)


@pytest.fixture
def phones(sessions, world):
    cast = build_cast(sessions)
    give_phone(sessions, cast, "crew", "13900001111")
    return Phones(sessions, cast)


@pytest.fixture(scope="module")
def outside():
    with gateway.running() as made:
        yield made


@pytest.fixture
def allow(client, people, phones):
    """`allow("crew", device)`: the press on the button, with the browser's yes."""

    def do(who, device):
        client.cookies.set(COOKIE, people.token(phones.cast.accounts[who]))
        return client.post("/api/v1/push/devices", json=device.as_json())

    return do


def devices(sessions, scope=SYSTEM):
    with unit_of_work(sessions, scope) as session:
        return list(session.scalars(select(PushSubscription)))


def test_a_call_is_sealed_for_the_device_and_shown_is_not_answered(
    client, sessions, phones, outside, allow
):
    device = Device(outside.at("push/1"))
    assert allow("crew", device).status_code == 204
    key = client.get("/api/v1/push/key").json()["key"]
    call_id = opened(sessions, draft(phones.cast))
    phones.tick(minutes(0.1))
    (note,) = [each for each in outside.received if each["path"] == "/push/1"]
    headers = {name.lower(): value for name, value in note["headers"].items()}
    shown = device.read(note)
    assert shown["body"] == "到高笋塘下穿道抽水"
    assert shown["page"] == f"/calls#call-{call_id}"
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["urgency"] == "high"
    assert headers["topic"] == shown["message"].replace("-", "")
    token, named = headers["authorization"].removeprefix("vapid t=").split(",k=")
    assert named == key
    assert Vapid02.verify(f"vapid t={token},k={named}")
    first = rungs(sessions, call_id)[0]
    assert (first.accepted_at, first.delivered_at) == (minutes(0.1), None)
    client.cookies.clear()  # the device tells, whoever is signed in by now
    for kind in ("delivered", "delivered", "seen"):
        told = {"id": shown["id"], "kind": kind}
        assert client.post("/api/v1/push/receipts", json=told).status_code == 204
    first = rungs(sessions, call_id)[0]
    assert first.delivered_at is not None
    assert first.seen_at is not None
    assert first.answered_at is None
    told = {"id": str(call_id), "kind": "seen"}
    assert client.post("/api/v1/push/receipts", json=told).status_code == 404


def test_a_device_that_is_gone_is_removed_and_the_next_way_taken(
    client, sessions, phones, outside, allow
):
    phones.gateway("短信", outside.at("accept/push"))
    assert allow("crew", Device(outside.at("gone"))).status_code == 204
    assert client.get("/api/v1/push/key").status_code == 200
    opened(sessions, draft(phones.cast))
    phones.tick(minutes(0))
    phones.tick(minutes(0.02))
    assert devices(sessions) == []
    assert {e.channel: e.failed_why for e in phones.sent()} == {"push": "HTTP 410", "短信": ""}


def test_the_key_is_made_once_and_nobody_reads_it_or_anothers_device(
    client, sessions, phones, allow
):
    assert allow("crew", Device("http://127.0.0.1:9/a")).status_code == 204
    first = client.get("/api/v1/push/key").json()
    assert client.get("/api/v1/push/key").json() == first
    other = Scope.of(phones.cast.actor("city"))
    assert devices(sessions, other) == []
    with unit_of_work(sessions, other) as session:
        assert session.scalars(select(PushKey)).all() == []


def test_a_device_goes_with_the_sign_in_and_belongs_to_who_allowed_it_last(
    client, sessions, phones, allow
):
    device = Device("http://127.0.0.1:9/b")
    allow("crew", device)
    allow("street", device)
    (kept,) = devices(sessions)
    assert kept.account_id == phones.cast.accounts["street"].id
    client.post("/sign-out")
    assert devices(sessions) == []


@pytest.mark.parametrize(
    "endpoint", ["https://inside.example/x", "http://127.0.0.1.example/x", "ftp://127.0.0.1/x"]
)
def test_only_push_services_of_the_list_are_called(allow, endpoint):
    assert allow("crew", Device(endpoint)).status_code == 422
