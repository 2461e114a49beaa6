"""Each person is reached as he set it on his own page; the clock goes on all the same."""

import json

import pytest

from rescue_app.http.dependencies import COOKIE
from tests import gateway
from tests.calling import START, draft, minutes, opened
from tests.cast import build_cast
from tests.channelling import Phones, give_phone
from tests.integration.test_calls import state

DIGITS = "13900001111"


@pytest.fixture
def phones(sessions, world):
    cast = build_cast(sessions)
    give_phone(sessions, cast, "crew", DIGITS)
    return Phones(sessions, cast)


@pytest.fixture(scope="module")
def outside():
    with gateway.running() as made:
        yield made


@pytest.fixture
def mine(client, people, phones):
    """`mine(ways=[…], language="en")`: the crew leader saves his page."""
    client.cookies.set(COOKIE, people.token(phones.cast.accounts["crew"]))

    def do(**sent):
        return client.post("/reach", data={"language": "zh", "quiet_for": "routine"} | sent)

    return do


def test_messages_take_the_ways_in_the_person_s_order_and_language(phones, outside, mine):
    phones.gateway("短信", outside.at("accept/sms"))
    phones.gateway("微信", outside.at("accept/wx"))
    keys = [str(phones.made[name]) for name in ("短信", "微信")]
    assert mine(ways=keys, up=keys[1], language="en").status_code == 303
    opened(phones.sessions, draft(phones.cast))
    phones.tick(minutes(0.1))
    (note,) = [n for n in outside.received if n["path"] in ("/accept/sms", "/accept/wx")]
    assert note["path"] == "/accept/wx"
    assert json.loads(note["body"])["text"].startswith("Pump out the Gaosuntang underpass Reply 1")
    phones.tick(minutes(1.2))
    assert outside.received[-1]["path"] == "/accept/sms"


def test_in_quiet_hours_a_message_waits_and_the_ladder_climbs(phones, outside, mine):
    phones.gateway("短信", outside.at("accept/quiet"))
    # 18:00 UTC is two in the morning here.
    assert mine(quiet_from="22:00", quiet_to="06:00", quiet_for="urgent").status_code == 303
    call_id = opened(phones.sessions, draft(phones.cast))
    phones.tick(START)
    phones.tick(minutes(5))
    (waits,) = [each for each in phones.sent() if each.phone == DIGITS]
    assert (waits.tries, waits.next_try_at) == (0, minutes(240))
    assert state(phones.sessions, call_id) == ("climbing", 1)


def test_a_page_that_makes_no_sense_is_refused(client, mine):
    assert mine(quiet_from="22:00").status_code == 422
    assert mine(quiet_from="22 o'clock", quiet_to="06:00").status_code == 422
    assert mine(language="fr").status_code == 422
