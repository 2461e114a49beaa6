"""A storm over many gauges wakes the approver, and once he approves every owner inside."""

from datetime import UTC, datetime

from tests.storms import furnish, send

STREAMS, OWNERS = 60, 5


def test_a_storm_wakes_the_approver_and_then_every_owner_inside_and_none_outside(
    client, sessions, cast, people
):
    now = datetime.now(UTC)
    key = furnish(sessions, cast, streams=STREAMS, owners=OWNERS, now=now)

    def post(path, body, headers):
        answer = client.post(path, json=body, headers=headers)
        assert answer.status_code < 400, answer.text
        return answer.json()

    token = people.token(cast.accounts["city"])
    woken = send(sessions, post, token, key, streams=STREAMS, minutes=10, now=now)
    assert len(woken.approvers) == 2  # rainstorm, and the landslides that such rain starts
    assert all(text.startswith("待批预警：") for text in woken.approvers)
    inside = [text for text in woken.owners if "您负责的 1 处点位在范围内" in text]
    assert len(inside) == len(woken.owners) == OWNERS * 2
