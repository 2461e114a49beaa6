"""Real messages as their senders published them, through every door: needs ../shared/data."""

import pytest

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.cap import repository
from rescue_app.http.dependencies import COOKIE
from rescue_app.settings import PROJECT
from tests.cap.messages import BOX, moment

REAL = PROJECT.parent / "shared" / "data" / "cap12"
PAGE = "/alerts/sources"
ASKED = {"headers": {"accept": "text/html"}, "follow_redirects": True}
UNKNOWN = "消息所接的前一条从未收到。请先导入前一条，或手工写预警。"
OLDER = "这是 CAP 1.1，本系统只认 1.2。请发送单位改发 CAP 1.2。"


@pytest.fixture
def desk(client, cast, people):
    client.cookies.set(COOKIE, people.token(cast.accounts["city"]))
    return client


@pytest.fixture
def doors(desk, sessions):
    """Give the two ways in of one source: push with its key, and a file by hand."""
    told = {"name": "气象台", "senders": "", "hazard_type": "other", "active": "1"}
    desk.post(PAGE, data=told | {"every_minutes": "1"}, **ASKED)
    with unit_of_work(sessions, SYSTEM) as session:
        where = str(repository.sources(session)[-1].id)
    shown = desk.post(f"{PAGE}/{where}/key", data={"x": "1"}, **ASKED).text
    key = shown.partition("Bearer ")[2].partition("&")[0].partition('"')[0]

    def push(body):
        return desk.post("/api/v1/cap", content=body, headers={"authorization": f"Bearer {key}"})

    def file(body):
        files = {"file": ("a.xml", body, "text/xml")}
        return desk.post(f"{PAGE}/file", files=files, data={"source_id": where}, **ASKED)

    return push, file


@pytest.fixture
def kept(sessions):
    """Give what was kept as name and outcome, and how many were refused."""

    def ask():
        with unit_of_work(sessions, SYSTEM) as session:
            found = [(one.identifier, one.outcome) for one in repository.latest(session)]
            return found, len(repository.refusals(session))

    return ask


@pytest.mark.parametrize(("name", "why"), [("canada", UNKNOWN), ("earthquake", OLDER)])
def test_what_cannot_be_followed_is_refused_with_words_at_each_door(doors, kept, name, why):
    push, file = doors
    body = (REAL / f"{name}.cap").read_bytes()
    pushed, brought = push(body), file(body)
    assert (pushed.status_code, pushed.json()["detail"]) == (422, why)
    assert (brought.status_code, why in brought.text) == (422, True)
    assert kept() == ([], 2)


def test_an_old_warning_is_kept_once_and_warns_nobody(doors, kept):
    push, file = doors
    body = (REAL / "thunderstorm.cap").read_bytes()
    first, again = push(body).json(), push(body).json()
    assert (first["outcome"], first["alerts"], again["again"]) == ("over", [], True)
    assert file(body).status_code == 200
    assert kept() == ([("KSTO1055887203", "over")], 0)


def test_the_same_warning_of_today_and_of_here_is_proposed_once(doors, kept):
    push, file = doors
    said = (REAL / "thunderstorm.cap").read_text("utf-8")
    said = said.replace("2003-06-17T14:57:00-07:00", moment(-1))
    said = said.replace("2003-06-17T16:00:00-07:00", moment(2))
    polygon = said.partition("<polygon>")[2].partition("</polygon>")[0]
    body = said.replace(polygon, BOX).encode()
    first = push(body).json()
    assert first["outcome"] == "proposed"
    assert "SEVERE THUNDERSTORM WARNING" in file(body).text
    assert push(body).json() == first | {"again": True}
    assert kept() == ([("KSTO1055887203", "proposed")], 0)
