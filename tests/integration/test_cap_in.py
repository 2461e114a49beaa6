"""Warnings of others in CAP 1.2: taken once, proposed or in force, followed to their end."""

from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from gis.errors import PlatformError
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.alerts import repository as ledger
from hazards.alerts import ringing
from hazards.alerts import service as alerts
from hazards.alerts.models import Alert
from hazards.calls.models import Call
from hazards.cap import loader, outgoing, repository, service, sources
from hazards.cap.models import CapMessage, CapSource
from hazards.cap.rules import Sender, Sent
from hazards.cap.service import Way
from hazards.cap.sources import SourceDraft
from hazards.duty import service as duty
from hazards.duty.rules import MemberEntry, Roster
from rescue_app.settings import PROJECT
from tests.cap.messages import AREA, BOX, SENDER, cap, info, moment, reference
from tests.warning import Warner, now
from tests.world import CITY, GAOSUNTANG, WANZHOU


@pytest.fixture
def acting(cast, sessions):
    @contextmanager
    def go(who):
        by = cast.actor(who)
        with unit_of_work(sessions, Scope.of(by)) as session:
            yield session, by

    return go


@pytest.fixture
def source(acting, sessions):
    """Give the number of a new source of the city, set as told."""
    with unit_of_work(sessions, SYSTEM) as session:
        loader.load(session, PROJECT / "data" / "alerts" / "events.yaml")

    def made(**said):
        usual = {"name": "气象台", "senders": SENDER, "hazard_type": "other"}
        with acting("city") as (session, by):
            return sources.keep(session, SourceDraft(**usual | said), by=by).id

    return made


@pytest.fixture
def send(sessions):
    """Send a message to a source: what became of it, and the warnings that it named."""

    def go(source_id, body, way="push", *, at_once=True):
        with unit_of_work(sessions, SYSTEM) as session:
            found = session.get_one(CapSource, source_id)
            done = service.attempt(
                session, body, source=found, way=Way(way, at_once=at_once), now=now(), about="x"
            )  # fmt: skip
            if isinstance(done, PlatformError):
                return str(done), []
            return done.message.outcome + ("+" if done.again else ""), done.message.alert_ids

    return go


@pytest.fixture
def alert(sessions):
    def one(alert_id):
        with unit_of_work(sessions, SYSTEM) as session:
            return alerts.visible(session, alert_id)

    return one


@pytest.fixture
def ringing_now(sessions, cast):
    on_duty = MemberEntry("值班", "值班员", "139", cast.units[WANZHOU])
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster([], [on_duty], []), area_path=CITY)

    def count():
        with unit_of_work(sessions, SYSTEM) as session:
            query = select(func.count(Call.id)).where(
                Call.topic == ringing.TOPIC, Call.over_at.is_(None)
            )
            return session.scalar(query)

    return count


def test_a_message_becomes_a_proposal_that_rings_and_a_person_approves(
    source, send, alert, acting, ringing_now
):
    outcome, (made,) = send(source(), cap(info(), info(language="en-US", headline="Rain")))
    kept = alert(made)
    assert (outcome, kept.state, kept.source, kept.colour) == (
        "proposed", "draft", "outside", "orange",
    )  # fmt: skip
    assert (kept.hazard_type, kept.area_paths) == ("waterlogging", [GAOSUNTANG])
    assert (kept.headline_zh, kept.headline_en) == ("万州发布暴雨橙色预警", "Rain")
    assert (kept.why, kept.instruction_zh) == ("三小时五十毫米", "远离河道")
    assert ringing_now() == 1
    Warner(acting).issue(made)
    assert (alert(made).issuer_zh, ringing_now()) == ("万州区指挥中心", 0)


def test_a_trusted_source_speaks_at_once_but_never_by_a_file(source, send, alert):
    trusted = source(at_once=True)
    outcome, (made,) = send(trusted, cap())
    assert (outcome, alert(made).state, alert(made).issuer_zh) == (
        "in_force", "issued", "万州气象台",
    )  # fmt: skip
    assert send(trusted, cap(name="b"), "file", at_once=False)[0] == "proposed"


def test_the_same_message_twice_is_one_and_another_of_its_name_is_refused(source, send, sessions):
    where, sent = source(), moment()
    first = cap(info(expires="2030-01-01T00:00:00+08:00"), sent=sent)
    other = cap(info(expires="2031-01-01T00:00:00+08:00"), sent=sent)
    assert (send(where, first)[0], send(where, first)[0]) == ("proposed", "proposed+")
    assert "says something else" in send(where, other)[0]
    with unit_of_work(sessions, SYSTEM) as session:
        counted = [session.scalar(select(func.count(one.id))) for one in (CapMessage, Alert)]
    assert counted == [1, 1]


def test_an_update_takes_its_place_and_a_cancellation_ends_it(source, send, alert):
    where, sent = source(at_once=True), moment(-1)
    _, (first,) = send(where, cap(sent=sent))
    worse = cap(info(severity="Extreme", headline="升级"), name="a2", kind="Update", sent=sent,
                refers=reference("a1", sent))  # fmt: skip
    _, (second,) = send(where, worse)
    assert (alert(first).state, alert(second).state) == ("updated", "issued")
    assert (alert(second).colour, alert(second).follows_id) == ("red", first)
    over = cap(name="a3", kind="Cancel", refers=reference("a2", sent), note="雨停了")
    assert send(where, over)[0] == "called_off"
    assert (alert(second).state, alert(second).ended_why) == ("cancelled", "雨停了")
    assert send(where, cap(name="a4", kind="Cancel", refers=reference("a2", sent)))[0] == (
        "nothing_left"
    )


def test_what_holds_is_called_off_by_a_person_when_its_source_may_not(
    source, send, alert, acting, ringing_now
):
    where, sent = source(), moment(-1)
    _, (made,) = send(where, cap(sent=sent))
    Warner(acting).issue(made)
    off = cap(name="a2", kind="Cancel", refers=reference("a1", sent), note="解除")
    assert send(where, off)[0] == "cancel_waits"
    assert (alert(made).state, ringing_now()) == ("issued", 1)
    Warner(acting).cancel(alert(made))
    assert ringing_now() == 0


def test_an_update_of_a_proposal_replaces_it_and_all_clear_throws_it_away(source, send, alert):
    where, sent = source(), moment(-1)
    _, (first,) = send(where, cap(sent=sent))
    _, (second,) = send(
        where, cap(name="a2", kind="Update", sent=sent, refers=reference("a1", sent))
    )
    assert (alert(first).state, alert(second).state) == ("dropped", "draft")
    clear = info(response="AllClear", urgency="Past")
    done, _ = send(where, cap(clear, name="a3", kind="Update", refers=reference("a2", sent)))
    assert (done, alert(second).state) == ("called_off", "dropped")


def test_a_drill_stays_one_and_tests_private_words_and_other_places_make_nothing(
    source, send, alert
):
    where = source(at_once=True)
    _, (made,) = send(where, cap(status="Exercise"))
    assert (alert(made).is_drill, alert(made).state) == (True, "issued")
    far = AREA.replace("500101001", "006109").replace("GB/T 10114", "SAME")
    others = {
        "test": cap(name="t", status="Test"),
        "draft": cap(name="d", status="Draft"),
        "private": cap(name="p", scope="Private"),
        "elsewhere": cap(info(area=far), name="f"),
        "over": cap(info(expires=moment(-1)), name="o"),
    }
    assert {send(where, body) == (said, []) for said, body in others.items()} == {True}


def test_places_come_as_polygon_circle_codes_or_all_of_them(source, send, alert):
    where = source()
    circle = "<area><areaDesc>x</areaDesc><circle>30.80,108.35 1.5</circle></area>"
    drawn = f"<area><areaDesc>x</areaDesc><polygon>{BOX}</polygon></area>"
    filled = AREA.replace("500101001", "500101000000")
    shapes = {}
    for name, area in {"c": circle, "d": drawn, "f": filled}.items():
        _, (made,) = send(where, cap(info(area=area), name=name))
        shapes[name] = alert(made)
    assert shapes["c"].drawn.area == pytest.approx(3.14159 * 1.5**2 / (111.2 * 95.5), rel=0.05)
    assert shapes["d"].drawn.bounds == (108.31, 30.75, 108.36, 30.85)
    assert shapes["f"].area_paths == [WANZHOU]


def test_several_things_in_one_message_are_several_warnings(source, send, alert):
    severe, minor = info(), info(severity="Minor", headline="大风", event="大风")
    _, made = send(source(), cap(severe, info(language="en"), minor))
    assert [(alert(one).colour, alert(one).hazard_type) for one in made] == [
        ("orange", "waterlogging"), ("blue", "storm"),
    ]  # fmt: skip


def test_others_acknowledge_and_complain_about_ours(source, send, acting, sessions):
    mine = Warner(acting).issued(area_paths=(WANZHOU,), who="city")
    where = source()
    with unit_of_work(sessions, SYSTEM) as session:
        notice, _ = outgoing.of_alert(session, mine)
    assert isinstance(notice.sent, Sent)
    china = Sender("us", unit="41600000").identifier(notice.sent)
    for number, (kind, name) in enumerate((("Ack", str(mine.id)), ("Error", china))):
        body = cap(name=f"n{number}", kind=kind, refers=reference(name, moment(), "us"), note="收")
        assert send(where, body)[0] == {"Ack": "acked", "Error": "errored"}[kind]
    with unit_of_work(sessions, SYSTEM) as session:
        kinds = [step.kind for step in ledger.steps(session, [mine.id])]
    assert {"acked", "errored"} <= set(kinds)
    strange = cap(name="n9", kind="Ack", refers=reference("nobody", moment()))
    assert "never went out" in send(where, strange)[0]


def test_a_refusal_keeps_nothing_but_its_reason(source, send, sessions):
    where = source(at_once=True)
    crossed = "30.7,108.3 30.8,108.4 30.7,108.4 30.8,108.3 30.7,108.3"
    good = info(headline="好")
    bad = info(
        severity="Minor", area=f"<area><areaDesc>x</areaDesc><polygon>{crossed}</polygon></area>"
    )
    said, made = send(where, cap(good, bad))
    assert ("crosses itself" in said, made) == (True, [])
    with unit_of_work(sessions, SYSTEM) as session:
        counted = [session.scalar(select(func.count(one.id))) for one in (CapMessage, Alert, Call)]
        (kept,) = repository.refusals(session)
    assert (counted, kept.about, "crosses itself" in kept.said) == ([0, 0, 0], "x", True)


def test_a_district_takes_warnings_for_itself_alone(acting, source, send):
    source()
    with acting("wanzhou") as (session, by):
        draft = SourceDraft("区台", SENDER, "other")
        own = sources.keep(session, draft, by=by).id
    beyond = info(area=AREA.replace("500101001", "500235"))
    assert send(own, cap())[0] == "proposed"
    assert "beyond your area" in send(own, cap(beyond, name="b"))[0]
