"""Warnings as CAP 1.2: valid by the schema, in both languages, followed to their end."""

import pytest
from lxml import etree
from sqlalchemy import event, func, select

from gis.store.engine import unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import SYSTEM
from rescue_app.http.dependencies import COOKIE
from tests.cap.schema import NS, texts, valid
from tests.warning import WEST_OF_GAOSUNTANG, Warner
from tests.world import GAOSUNTANG, WANZHOU

TRIES = 500


@pytest.fixture
def warner(acting):
    return Warner(acting)


@pytest.fixture
def feed(client, sessions):
    """Give the entries of a feed, as title and address, once all that was committed is heard."""

    def ask(name="cap"):
        with unit_of_work(sessions, SYSTEM) as session:
            last = session.scalar(select(func.max(LiveEvent.seq)).where(LiveEvent.topic == "alert"))
        for _ in range(TRIES):
            told = client.get(f"/warnings/{name}.atom")
            if client.app.state.hub.newest_of("alert") >= (last or 0):
                break
        told = client.get(f"/warnings/{name}.atom")
        home = client.app.state.settings.label_url
        assert told.headers["content-type"].startswith("application/atom+xml")
        return [
            (one.findtext("a:title", "", NS),
             one.find("a:link", NS).get("href").removeprefix(home))
            for one in etree.fromstring(told.content).findall("a:entry", NS)
        ]  # fmt: skip

    return ask


@pytest.fixture
def read(client):
    """Read a message at an address, held to the schema."""

    def ask(path):
        told = client.get(path)
        assert told.headers["content-type"].startswith("application/cap+xml")
        return valid(told.content)

    return ask


def test_a_warning_goes_out_as_a_valid_message_in_both_languages(warner, feed, read):
    alert = warner.issued(area_paths=(GAOSUNTANG,), why="雨 <大> & 久\x0b")
    ((title, path),) = feed()
    said = read(path)
    assert title == "滑坡橙色预警"
    assert texts(said, "c:identifier") == [str(alert.id)]
    assert texts(said, "c:status") + texts(said, "c:msgType") == ["Actual", "Alert"]
    assert texts(said, "c:info/c:language") == ["zh-CN", "en-US"]
    assert texts(said, "c:info/c:headline") == ["滑坡橙色预警", "Orange warning: landslide"]
    assert texts(said, "c:info/c:severity") == ["Severe"] * 2
    assert texts(said, "c:info/c:senderName")[0] == "万州区指挥中心"
    assert texts(said, "c:info/c:area/c:geocode/c:value")[0] == "500101001"
    assert texts(said, "c:info/c:description")[0] == "雨 <大> & 久"
    south, west = map(float, texts(said, "c:info/c:area/c:polygon")[0].split()[0].split(","))
    assert (30 < south < 31, 108 < west < 109) == (True, True)
    assert texts(said, "c:sent")[0].endswith("+08:00")
    assert "万主任" not in etree.tostring(said, encoding="unicode")


def test_a_drawn_area_goes_out_corner_by_corner(warner, feed, read):
    warner.issued(area_paths=(), drawn=WEST_OF_GAOSUNTANG)
    said = read(feed()[0][1])
    corners = texts(said, "c:info/c:area/c:polygon")[0].split()
    assert set(corners) == {
        "30.75000,108.31000", "30.75000,108.36000", "30.85000,108.36000", "30.85000,108.31000",
    }  # fmt: skip
    assert corners[0] == corners[-1]
    assert texts(said, "c:info/c:area/c:geocode/c:value") == []


def test_an_update_and_a_cancellation_refer_to_all_before_them(warner, feed, read):
    first = warner.issued(colour="yellow")
    second = warner.issued(follows=first.id, colour="red", why="雨更大了")
    warner.cancel(second, why="雨已停 < & >")
    told = feed()
    kinds = [texts(read(path), "c:msgType")[0] for _, path in told]
    assert kinds == ["Cancel", "Update", "Alert"]
    assert told[0][0].startswith("已解除")
    cancel, update, alert = (read(path) for _, path in told)

    def own(root):
        sender, name, sent = (
            texts(root, f"c:{tag}")[0] for tag in ("sender", "identifier", "sent")
        )
        return f"{sender},{name},{sent}"

    assert texts(update, "c:references") == [own(alert)]
    assert texts(cancel, "c:references") == [f"{own(alert)} {own(update)}"]
    assert texts(cancel, "c:note") == ["雨已停 < & >"]
    assert set(texts(cancel, "c:info/c:responseType")) == {"AllClear"}


def test_a_drill_is_an_exercise_in_a_feed_of_its_own(warner, feed, read):
    warner.issued(is_drill=True)
    assert feed() == []
    ((title, path),) = feed("drills")
    assert title.startswith("演练")
    assert texts(read(path), "c:status") == ["Exercise"]


def test_whoever_approves_reads_the_message_before_it_goes_out(client, cast, people, warner, feed):
    alert = warner.propose(area_paths=(WANZHOU,), who="wanzhou")
    assert client.get(f"/alerts/{alert.id}/cap.xml", follow_redirects=False).status_code != 200
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    said = valid(client.get(f"/alerts/{alert.id}/cap.xml").content)
    assert texts(said, "c:status") == ["Draft"]
    assert feed() == []


@pytest.mark.parametrize("unit", ["", "41600000"])
def test_messages_can_be_numbered_as_chinas_profile_does(client, warner, feed, read, unit):
    client.app.state.settings.cap_unit = unit
    client.app.state.settings.cap_sender = "重庆市预警中心"
    warner.cancel(warner.issued("city", area_paths=(WANZHOU,)))
    (_, cancel), (_, alert) = feed()
    name = texts(read(alert), "c:identifier")[0]
    code, moment, number = name.split("_")
    sent = texts(read(alert), "c:sent")[0]
    assert (code, moment, number.isdigit()) == (f"500101{unit}", moment_of(sent), True)
    assert texts(read(cancel), "c:references") == [f"重庆市预警中心,{name},{sent}"]


def moment_of(sent):
    return sent[:19].replace("-", "").replace(":", "").replace("T", "")


def test_readers_of_messages_do_not_touch_the_database(client, warner, feed):
    warner.issued()
    ((_, path),) = feed()
    known = client.get(path).headers["etag"]
    asked = []
    event.listen(client.app.state.engine, "before_cursor_execute", lambda *said: asked.append(said))
    assert client.get(path, headers={"if-none-match": known}).status_code == 304
    assert [client.get(one).status_code for one in (path, "/warnings/cap.atom")] == [200, 200]
    assert client.get("/warnings/cap/none.xml").status_code == 404
    assert asked == []
