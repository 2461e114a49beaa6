"""What proposals are tried with: crews that stand somewhere, water in a street, one tap."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select, update

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty.models import Crew
from rescue_app.incidents import service as incidents
from rescue_app.incidents.rules import IncidentDraft
from rescue_app.proposals import proposing, service
from rescue_app.proposals.rules import ActionDraft, BatchDraft, Terms
from tests.cast import build_cast
from tests.patrols import load_reference
from tests.world import IN_GAOSUNTANG, IN_SHUANGJIANG, IN_TAIBAI

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)

TERMS = Terms(factor=1.4, kmh=30, busy_min=30)

HTML = {"accept": "text/html"}


@pytest.fixture
def cast(sessions, world):
    made = build_cast(sessions)
    load_reference(sessions)
    stand(sessions, made, "gaosuntang", IN_GAOSUNTANG, skills=["drainage", "rescue"])
    stand(sessions, made, "gaosuntang2", IN_GAOSUNTANG, skills=["evacuation"], off=True)
    stand(sessions, made, "taibai", IN_TAIBAI, skills=["drainage"], equipment=["pump"])
    stand(sessions, made, "shuangjiang", IN_SHUANGJIANG, skills=["drainage"], equipment=["pump"])
    return made


def stand(sessions, cast, name, place, *, skills, equipment=(), off=False):
    """Let a crew stand somewhere, able to do something."""
    facts = {"place": place, "skills": skills, "equipment": list(equipment)}
    facts["on_duty_since"] = None if off else NOW
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(update(Crew).where(Crew.id == cast.crews[name]).values(**facts))


@pytest.fixture
def flooded(acting, cast):
    """Water stands in a street of Wanzhou."""
    with acting("city") as (session, by):
        draft = IncidentDraft(new_id(), "waterlogging", "沿江路积水", IN_GAOSUNTANG)
        return incidents.open_incident(session, draft=draft, by=by, now=NOW).id


@pytest.fixture
def proposed(acting, flooded):
    """`proposed("wanzhou", "III")` reads the proposal through that person's eyes."""

    def read(who="wanzhou", level=None, **more):
        with acting(who) as (session, by):
            incident = incidents.visible(session, flooded)
            asked = {"district_path": None, "level": level, "now": NOW, "terms": TERMS} | more
            return proposing.propose(session, incident, actor=by, **asked)

    return read


@pytest.fixture
def tap(acting, flooded, proposed):
    """`tap("wanzhou", "III")` issues all that is proposed to that person at that level."""

    def press(who="wanzhou", level="IV", *, found=None, **more):
        found = found or proposed(who, level)
        with acting(who) as (session, by):
            draft = replace(drafted(found), **more)
            return service.issue(session, draft=draft, by=by, now=NOW)

    return press


def drafted(found):
    """Write down a proposal as the page would send it, unchanged."""
    actions = []
    for row in found.rows:
        action, chosen = row.line.action, row.line.chosen
        targets = [unit.value for unit in row.acting.units if unit.mine]
        targets += [f"crew:{chosen.crew.id}"] if chosen else []
        if targets:
            facts = (action.code, action.step, action.zh, action.within_min, tuple(targets))
            actions.append(ActionDraft(*facts))
    return BatchDraft(
        id=new_id(),
        incident_id=found.incident.id,
        district_path=found.district_path,
        level=found.level,
        plan_type=found.plan_type,
        plan_version=found.plan.version,
        urgency="flash",
        where="高笋塘街道沿江路",
        actions=tuple(actions),
        seen=frozenset(one.id for one in found.batches),
    )


def count(sessions, table):
    with unit_of_work(sessions, SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(table))


def by_code(found):
    return {row.line.action.code: row for row in found.rows}


class Form(HTMLParser):
    """A proposal's form as a browser would send it, unchanged."""

    def __init__(self, text):
        super().__init__()
        self.sent, self.inside, self.area, self.select = {}, False, None, None
        self.feed(text)

    def keep(self, name, value):
        self.sent.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.inside |= tag == "form" and "data-proposal" in told
        if not self.inside:
            return
        if tag == "input" and (told.get("type") != "checkbox" or "checked" in told):
            self.keep(told["name"], told["value"])
        elif tag == "textarea":
            self.area = told["name"]
            self.keep(self.area, "")
        elif tag == "select":
            self.select = told["name"]
        elif tag == "option" and "selected" in told:
            self.keep(self.select, told["value"])

    def handle_data(self, data):
        if self.area:
            self.sent[self.area][-1] += data

    def handle_endtag(self, tag):
        self.area = None if tag == "textarea" else self.area
        self.inside &= tag != "form"
