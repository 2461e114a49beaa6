"""The signed webhook over real HTTP: two processes talk, and what is false is refused."""

import json
import time

import pytest

from rescue_app.settings import PROJECT
from tests import gateway
from tests.calling import draft, ladders, opened, rungs
from tests.cast import build_cast
from tests.channelling import Phones, give_phone
from tests.gateway import signed

PHONE = "13900001111"
DOCUMENT = (PROJECT / "docs" / "gateways.md").read_text(encoding="utf-8")


@pytest.fixture
def phones(sessions, world):
    cast = build_cast(sessions)
    give_phone(sessions, cast, "crew", PHONE)
    return Phones(sessions, cast)


@pytest.fixture(scope="module")
def outside():
    with gateway.running() as made:
        yield made


def test_the_documented_program_is_heard_and_a_gateway_that_repeats_and_reorders_counts_once(
    sessions, phones, outside, live_server
):
    from rescue_app.http.dependencies import now

    phones.gateway("短信", outside.at("hold"))
    call_id = opened(sessions, draft(phones.cast), now())
    outside.go()
    phones.tick(now())
    (message,) = outside.messages
    secret = phones.secret("短信")
    told = {"message": message["id"], "from": PHONE}
    words = [
        {"id": "3", "type": "answer", "text": "1"} | told,
        {"id": "2", "type": "seen"} | told,
        {"id": "1", "type": "delivered"} | told,
    ]
    program: dict = {}
    exec(DOCUMENT.split("```python")[1].split("```")[0], program)  # noqa: S102 - what the page shows
    where = (live_server.url, str(phones.made["短信"]), secret.key_id, secret.key.hex())
    results = program["tell"](*where, words[:1])
    assert [(r["outcome"], r["reply"]) for r in results] == [("kept", "已记录：收到。")]
    url = f"{live_server.url}/api/v1/gateways/{where[1]}/events"
    said = outside.tell(
        url=url, key=where[3], key_id=where[2], requests_=[words[1:], words, words[:1]]
    )
    assert [[r["outcome"] for r in body["results"]] for _, body in said] == [
        ["kept", "kept"],
        ["repeated"] * 3,
        ["repeated"],
    ]
    (ladder,) = ladders(sessions, call_id)
    first = rungs(sessions, call_id)[0]
    assert (ladder.state, ladder.outcome) == ("answered", "first")
    assert all((first.accepted_at, first.delivered_at, first.seen_at, first.answered_at))


def test_only_who_holds_the_key_is_heard_and_only_for_five_minutes(client, phones, outside):
    phones.gateway("短信", outside.at("accept"))
    secret, at_s = phones.secret("短信"), int(time.time())
    url = f"/api/v1/gateways/{phones.made['短信']}/events"
    body = json.dumps({"events": []}).encode()
    good = signed(secret.key, secret.key_id, body, at_s)

    def post(headers, sent=body, to=url):
        return client.post(to, content=sent, headers=headers).status_code

    assert post(good) == 200
    assert post(good, body + b" ") == 403
    assert post(good | {"yitong-key": "00000000"}) == 403
    assert post(good | {"yitong-time": str(at_s + 1)}) == 403
    assert post(signed(b"x" * 32, secret.key_id, body, at_s)) == 403
    assert post(signed(secret.key, secret.key_id, body, at_s - 301)) == 403
    assert post({}) == 403
    assert post(good, to="/api/v1/gateways/00000000-0000-0000-0000-000000000000/events") == 403
    broken = b"{"
    assert post(signed(secret.key, secret.key_id, broken, at_s), broken) == 422
    lists = json.dumps({"events": [1]}).encode()
    assert post(signed(secret.key, secret.key_id, lists, at_s), lists) == 422


def test_a_new_key_is_shown_once_and_ends_the_old_one(client, people, phones, outside):
    from rescue_app.http.dependencies import COOKIE

    phones.gateway("短信", outside.at("accept"))
    old = phones.secret("短信")
    client.cookies.set(COOKIE, people.token(phones.cast.accounts["city"]))
    shown = client.post(f"/gateways/{phones.made['短信']}/key", headers={"accept": "text/html"})
    new = phones.secret("短信")
    assert new.key.hex() in shown.text
    again = client.get("/gateways", headers={"accept": "text/html"}).text
    assert new.key.hex() not in again
    assert "127.0.0.1" in again
    assert old.key != new.key
    client.cookies.set(COOKIE, people.token(phones.cast.accounts["planner"]))
    assert client.get("/gateways").status_code == 403
