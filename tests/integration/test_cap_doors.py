"""The ways in for warnings of others: a feed by the clock, a push with a key, a file by hand."""

from datetime import timedelta

import pytest

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.cap import pulling, repository
from rescue_app.commands import alerts as command
from rescue_app.http.dependencies import COOKIE
from tests.cap.messages import SENDER, cap, info, moment, reference
from tests.cap.outside import serving
from tests.warning import now

HTML = {"accept": "text/html"}
PAGE = "/alerts/sources"


@pytest.fixture
def desk(client, cast, people):
    """`desk("city", path, **form)`: what that person is shown there, after any way on."""

    def go(who, path=PAGE, files=None, **form):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        asked = {"headers": HTML}
        if form or files:
            return client.post(path, data=form, files=files, follow_redirects=True, **asked)
        return client.get(path, **asked)

    return go


@pytest.fixture
def source(desk, sessions):
    """Set a source up on the page; give its number."""

    def made(who="city", **said):
        usual = {"name": "气象台", "senders": SENDER, "hazard_type": "other", "active": "1"}
        told = desk(who, **usual | {"every_minutes": "1"} | said)
        assert told.status_code == 200, told.text
        with unit_of_work(sessions, SYSTEM) as session:
            return repository.sources(session)[-1].id

    return made


@pytest.fixture
def outside():
    with serving() as server:
        yield server


@pytest.fixture
def came(sessions):
    """Give what came, the newest last, as name and outcome; and how many were refused."""

    def ask():
        with unit_of_work(sessions, SYSTEM) as session:
            rows = [(one.identifier, one.outcome) for one in repository.latest(session)]
            return sorted(rows), len(repository.refusals(session))

    return ask


def test_a_feed_is_asked_by_the_clock_and_nothing_is_read_twice(
    source, outside, came, sessions, desk
):
    source(feed_url=f"{outside.url}/feed")
    sent = moment(-1)
    outside.files["/1"] = cap(sent=sent)
    outside.files["/2"] = cap(name="a2", kind="Update", refers=reference("a1", sent))
    outside.files["/bad"] = cap(status="Real", name="bad")
    outside.atom("/2", "/1", "/bad")
    assert pulling.look(sessions, now=now()) == 2
    assert came() == ([("a1", "proposed"), ("a2", "proposed")], 1)
    assert "“status”的值不能是“Real”" in desk("city").text
    first = len(outside.asked)
    assert pulling.look(sessions, now=now()) == 0  # its minute is not over
    assert pulling.look(sessions, now=now() + timedelta(minutes=1)) == 0
    assert outside.asked[first:] == [("/feed", 304)]
    outside.files["/3"] = cap(name="a3")
    outside.atom("/3", "/2", "/1", "/bad")
    assert pulling.look(sessions, now=now() + timedelta(minutes=2)) == 1
    assert outside.asked[first + 1 :] == [("/feed", 200), ("/3", 200)]


def test_what_cannot_be_fetched_is_told_and_asked_for_again(source, outside, came, sessions, desk):
    source(feed_url=f"{outside.url}/feed")
    assert pulling.look(sessions, now=now()) == 0
    assert "/feed 返回 404" in desk("city").text
    outside.files["/1"] = b""
    outside.atom("/1")
    del outside.files["/1"]
    assert pulling.look(sessions, now=now() + timedelta(minutes=1)) == 0
    outside.files["/1"] = cap()
    assert pulling.look(sessions, now=now() + timedelta(minutes=2)) == 1
    assert came() == ([("a1", "proposed")], 0)
    assert "返回 404" not in desk("city").text


def test_a_key_opens_the_push_and_a_refusal_is_answered_and_told(client, desk, source, came):
    where = source()
    shown = desk("city", f"{PAGE}/{where}/key", x="1").text
    key = shown.partition("Bearer ")[2].partition("&")[0].partition('"')[0]
    client.cookies.clear()

    def push(body, key=key):
        return client.post("/api/v1/cap", content=body, headers={"authorization": f"Bearer {key}"})

    body = cap()
    assert push(body, "wrong").status_code == 403
    first, again = push(body).json(), push(body).json()
    assert (first["outcome"], first["again"], again["again"]) == ("proposed", False, True)
    assert first["alerts"] == again["alerts"]
    refused = push(cap(info(severity="9")))
    assert (refused.status_code, refused.json()["code"]) == (422, "rejected")
    assert push(b"").status_code == 422
    assert came()[1] == 2
    assert "info 1 / severity" in desk("city").text


def test_a_file_by_hand_is_a_proposal_and_its_page_shows_where_it_is_from(client, desk, source):
    where = source(at_once="1")
    files = {"file": ("a.xml", cap(encoding="gbk"), "text/xml")}
    shown = desk("street", f"{PAGE}/file", files=files, source_id=str(where)).text
    assert ("待批准" in shown, f"{SENDER} · a1" in shown) == (True, True)
    raw = shown.partition('href="/alerts/messages/')[2].partition('"')[0]
    told = client.get(f"/alerts/messages/{raw}")
    assert (told.content[:5], "attachment" in told.headers["content-disposition"]) == (
        b"<?xml", True,
    )  # fmt: skip
    bad = {"file": ("b.xml", b"<html/>", "text/xml")}
    again = desk("street", f"{PAGE}/file", files=bad, source_id=str(where))
    assert (again.status_code, "不是 CAP 1.2 消息" in again.text) == (422, True)


def test_only_who_may_issue_lets_a_source_speak_at_once(desk, source):
    assert source("planner")
    assert desk("planner", name="x", senders="a", hazard_type="other", every_minutes="1",
                at_once="1").status_code == 403  # fmt: skip
    assert desk("street", name="x", senders="a", hazard_type="other",
                every_minutes="1").status_code == 403  # fmt: skip
    assert desk("crew").status_code == 403
    for wrong in ({"name": " "}, {"at_once": "1", "senders": ""}, {"needs_signature": "1"},
                  {"feed_url": "file:///etc/passwd"}, {"certificates": "x"},
                  {"every_minutes": "0"}):  # fmt: skip
        usual = {"name": "x", "senders": "a", "hazard_type": "other", "every_minutes": "1"}
        told = desk("city", **usual | wrong)
        assert (told.status_code, 'role="alert"' in told.text) == (422, True), wrong


def test_the_command_takes_a_file_in(source, came, settings, tmp_path, monkeypatch, capsys):
    source()
    monkeypatch.setattr(command, "Settings", lambda: settings)
    file = tmp_path / "a.xml"
    file.write_bytes(cap())
    command.take(file, source="气象台")
    command.take(file, source="气象台")
    said = capsys.readouterr().out
    assert ("Alert a1: proposed" in said, "was here already" in said) == (True, True)
    assert came() == ([("a1", "proposed")], 0)
