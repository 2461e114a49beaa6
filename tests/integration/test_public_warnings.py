"""What everyone reads without sign-in: what is in force, the feed, "am I in danger here"."""

from contextlib import contextmanager
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import event, func, select

from gis.store.engine import unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import SYSTEM, Scope
from tests.warning import WEST_OF_GAOSUNTANG, Warner, now
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, IN_TAIBAI, OUTSIDE, YUNYANG

TRIES = 500


@pytest.fixture
def warner(cast, sessions):
    @contextmanager
    def acting(who):
        by = cast.actor(who)
        with unit_of_work(sessions, Scope.of(by)) as session:
            yield session, by

    return Warner(acting)


@pytest.fixture
def asked(client):
    """Count what this server asks the database."""
    said = []
    event.listen(client.app.state.engine, "before_cursor_execute", lambda *told: said.append(told))
    return said


@pytest.fixture
def page_with(client, sessions):
    """Give the page, with these words, once this process has heard of all that was committed."""

    def ask(words, path="/warnings"):
        with unit_of_work(sessions, SYSTEM) as session:
            last = session.scalar(select(func.max(LiveEvent.seq)).where(LiveEvent.topic == "alert"))
        for _ in range(TRIES):
            heard = client.app.state.hub.newest_of("alert") >= last
            answer = client.get(path)
            if heard and words in answer.text:
                return answer
        raise AssertionError(words)

    return ask


def test_everyone_reads_what_is_in_force_and_only_that(client, warner, page_with):
    assert "当前没有生效预警" in client.get("/warnings").text
    warner.propose(colour="blue")
    warner.issued(colour="red", is_drill=True)
    alert = warner.issued()
    shown = page_with("滑坡橙色预警").text
    assert ("红色" in shown, "蓝色" in shown, "万主任" in shown) == (False, False, False)
    assert ("万州区指挥中心" in shown, alert.instruction_zh in shown) == (True, True)
    assert "Orange warning: landslide" in client.get("/warnings?lang=en").text
    client.cookies.clear()
    warner.cancel(alert)
    page_with("当前没有生效预警")


def test_readers_do_not_touch_the_database_and_who_has_it_gets_nothing_again(
    client, warner, page_with, asked
):
    warner.issued()
    known = page_with("滑坡橙色预警").headers["etag"]
    asked.clear()
    for _ in range(5):
        assert client.get("/warnings").status_code == 200
        again = client.get("/warnings", headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
    assert asked == []


def test_the_page_of_memory_is_over_when_a_warning_is(client, warner, page_with):
    alert = warner.issued()
    page_with("滑坡橙色预警")
    warned = client.app.state.warned
    assert not warned.fresh(alert.expires_at)
    assert not warned.fresh(now() + timedelta(minutes=2))
    assert warned.fresh(now())


def test_the_page_is_small_and_wants_no_script(client, warner, page_with):
    warner.issued()
    shown = page_with("滑坡橙色预警")
    assert len(shown.content) < 8_000
    assert 'action="/warnings/here"' in shown.text


def test_the_feed_is_atom_with_an_entry_for_each(client, warner, page_with):
    alert = warner.issued(headline_zh="滑坡 <急> & 落石")
    told = page_with("落石", "/warnings/feed.atom")
    assert told.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(told.content)  # noqa: S314 - our own words
    atom = "{http://www.w3.org/2005/Atom}"
    assert [one.text for one in feed.iterfind(f"{atom}entry/{atom}id")] == [f"urn:uuid:{alert.id}"]
    assert feed.findtext(f"{atom}entry/{atom}title") == "滑坡 <急> & 落石"
    assert str(feed.findtext(f"{atom}updated")).endswith("+08:00")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (IN_GAOSUNTANG, "滑坡橙色预警"),
        (IN_TAIBAI, "这里没有生效预警"),
        (OUTSIDE, "没有查到这个地方"),
    ],
)
def test_a_position_is_in_danger_or_not(client, warner, place, words):
    warner.issued(area_paths=(), drawn=WEST_OF_GAOSUNTANG)
    shown = client.get("/warnings/here", params={"lon": place.x, "lat": place.y}).text
    assert words in shown
    assert "滑坡橙色预警" not in shown or words == "滑坡橙色预警"


def test_a_street_or_district_by_name_says_what_holds_in_all_of_it_or_in_a_part(client, warner):
    warner.issued(area_paths=(GAOSUNTANG,))
    warner.issued("city", "yunyang", area_paths=(YUNYANG,), colour="yellow")

    def here(q):
        return client.get("/warnings/here", params={"q": q}).text

    assert ("滑坡橙色预警" in here("高笋塘"), "其中部分地区" in here("高笋塘")) == (True, False)
    assert ("滑坡橙色预警" in here("万州"), "其中部分地区" in here("万州")) == (True, True)
    assert ("滑坡黄色预警" in here("双江"), "滑坡橙色预警" in here("双江")) == (True, False)
    assert "这里没有生效预警" in here("太白")
    assert "没有查到这个地方" in here("北京")
    assert "没有查到这个地方" not in here("")


def test_what_is_no_place_is_told_so(client, world):
    shown = client.get("/warnings/here", params={"lon": 30.8, "lat": 108.3})
    assert (shown.status_code, 'role="alert"' in shown.text) == (200, True)
    assert client.get("/warnings/here", params={"lon": "x", "lat": "1"}).status_code == 422
