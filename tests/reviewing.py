"""A night that reviews are tried with, told minute by minute."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from shapely import Point
from sqlalchemy import select

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.calls.models import Call
from rescue_app.dispatch import service as dispatch
from rescue_app.dispatch import telling
from rescue_app.dispatch.drafts import OrderDraft, StepDraft, Target
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.rules import StepKind, Urgency
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from rescue_app.review import lessons, loader, ringing, service
from rescue_app.review.lessons import LessonDraft
from rescue_app.settings import PROJECT
from tests.integration.test_jobs import run_worker
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, WANZHOU

__all__ = ["run_worker"]
START = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)

PAGE = {"accept": "text/html"}


def at(minutes):
    return START + timedelta(minutes=minutes)


class Story:
    """One incident, its order, and what each one said when."""

    def __init__(self, street, sessions):
        self.cast, self.sessions, self.street = street.cast, sessions, street
        with unit_of_work(sessions, SYSTEM) as session:
            loader.load(session, PROJECT / "data" / "review" / "indicators.yaml")

    @contextmanager
    def acting(self, who):
        actor = self.cast.actor(who)
        with unit_of_work(self.sessions, Scope.of(actor)) as session:
            yield session, actor

    def incident(self, *, is_drill=False, title="沿江路积水"):
        draft = IncidentDraft(new_id(), "waterlogging", title, IN_GAOSUNTANG, is_drill=is_drill)
        with self.acting("city") as (session, by):
            return incidents.open_incident(session, draft=draft, by=by, now=START).id

    def issue(self, incident_id, *targets, what="撤离河边住户", due=60):
        draft = OrderDraft(
            id=new_id(), what=what, what_en="Clear the bank", where="高笋塘街道沿江路",
            urgency=Urgency.FLASH, targets=tuple(Target.parse(target) for target in targets),
            incident_id=incident_id, due_at=at(due),
        )  # fmt: skip
        with self.acting("city") as (session, by):
            return dispatch.issue(session, draft=draft, by=by, now=START).id

    def hop(self, order_id, name):
        with self.acting("city") as (session, _):
            query = select(Assignment).where(
                Assignment.order_id == order_id, Assignment.name_en == name
            )
            return session.scalars(query).one()

    def tell(self, who, order_id, name, kind, minute, *, note="", place=None):
        hop = self.hop(order_id, name)
        step = StepDraft(new_id(), StepKind(kind), note, at(minute), place=place)
        with self.acting(who) as (session, by):
            telling.tell(session, hop_id=hop.id, step=step, by=by, now=at(minute))

    def pass_down(self, who, order_id, name, minute, *targets):
        hop, to = self.hop(order_id, name), [Target.parse(target) for target in targets]
        with self.acting(who) as (session, by):
            dispatch.pass_down(
                session, hop_id=hop.id, step_id=new_id(), to=to, by=by, now=at(minute)
            )

    def review(self, incident_id, *, who="city", minute=90):
        with self.acting(who) as (session, _):
            return service.of_incident(session, incident_id, now=at(minute))


@pytest.fixture
def story(street, sessions):
    return Story(street, sessions)


@pytest.fixture
def night(story):
    """The district answers after 2 min, passes on at 4; one crew comes, one cannot."""
    incident_id = story.incident()
    order_id = played(story, incident_id)
    return incident_id, order_id


def played(story, incident_id):
    cast = story.cast
    order_id = story.issue(incident_id, cast.unit(WANZHOU))
    story.tell("wanzhou", order_id, "Wanzhou centre", "accepted", 2)
    crews = cast.crew("gaosuntang"), cast.crew("gaosuntang2"), cast.crew("taibai")
    story.pass_down("wanzhou", order_id, "Wanzhou centre", 4, *crews[:2])
    story.tell("crew2", order_id, "Gaosuntang crew 2", "cannot", 6, note="路断")
    story.pass_down("wanzhou", order_id, "Wanzhou centre", 8, crews[2])
    for kind, minute in (("seen", 5), ("accepted", 7), ("moving", 9), ("arrived", 24)):
        place = Point(108.351, 30.801) if kind == "arrived" else None
        story.tell("crew", order_id, "Gaosuntang crew 1", kind, minute, place=place)
    return order_id


def minutes(spread):
    return [one.total_seconds() / 60 for one in (spread.median, spread.p90, spread.worst)]


def lesson(story, incident_id, *, who="wanzhou", owner=GAOSUNTANG, **more):
    facts = {"words": "备用泵先到场", "owner_id": story.cast.units[owner], "due_at": at(1440)}
    draft = LessonDraft(**{"id": new_id()} | facts | more)
    with story.acting(who) as (session, by):
        return lessons.add(session, incident_id=incident_id, draft=draft, by=by, now=at(100))


def calls_about(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(Call).where(Call.topic == ringing.TOPIC).order_by(Call.opened_at)
        return list(session.scalars(query))
