"""A storm over many gauges wakes the approver, then every owner inside, then who is above them."""

from datetime import UTC, datetime

import pytest

from tests.gauges import Storm, furnish
from tests.storms import by_http, by_mqtt, heard, issuer
from tests.waking import Woken, faults, wake

STREAMS, OWNERS, SILENT = 60, 5, 2


@pytest.fixture
def storm():
    return Storm(STREAMS, OWNERS, datetime.now(UTC), silent=SILENT)


@pytest.fixture
def send(client):
    def post(path, body, headers):
        answer = client.post(path, json=body, headers=headers)
        assert answer.status_code < 400, answer.text
        return answer.content

    return post


@pytest.fixture
def woken(sessions, send, cast, people, storm):
    """Give what came of a storm once its readings are in."""

    def wakes():
        told = Woken()
        wake(sessions, issuer(send, people.token(cast.accounts["city"])), storm, told)
        return told

    return wakes


def test_a_storm_by_http_wakes_whom_it_has_to_and_nobody_else(sessions, send, cast, storm, woken):
    by_http(storm, send, furnish(sessions, cast, storm))
    assert faults(storm, woken()) == []


def test_a_storm_through_mosquitto_wakes_whom_it_has_to_and_nobody_else(
    sessions, cast, database, tmp_path, storm, woken
):
    furnish(sessions, cast, storm)
    with heard(database, tmp_path) as both:
        by_mqtt(storm, *both)
    assert faults(storm, woken()) == []
