"""Alerts for tests: one proposes, another approves, the clock ends."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shapely import MultiPolygon, box

from gis.store.base import new_id
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import PROGRAM, SYSTEM
from hazards.alerts import loader, service
from hazards.alerts.models import Alert
from hazards.alerts.rules import AlertDraft, Source
from hazards.points import types
from rescue_app.settings import PROJECT
from tests.world import GAOSUNTANG

WEST_OF_GAOSUNTANG = MultiPolygon([box(108.31, 30.75, 108.36, 30.85)])
"""Around tests.world.IN_GAOSUNTANG, inside its street."""


def now() -> datetime:
    return datetime.now(UTC)


def by_a_rule(sessions: Sessions, **said: Any) -> UUID:
    """Let a warning hold that a rule proposed; give its id."""
    draft = AlertDraft(new_id(), **{"hazard_type": "landslide", "why": "雨大"} | said,
                       source=Source.RULE)  # fmt: skip
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, PROJECT / "data" / "hazard_types.yaml")
        loader.load(session, PROJECT / "data" / "alerts" / "colours.yaml")
        service.propose(session, draft=draft, by=PROGRAM, now=now())
        service.issue(session, alert_id=draft.id, by=PROGRAM, now=now())
    return draft.id


@dataclass
class Warner:
    """What the people of the cast do about alerts; `acting` opens a request of one of them."""

    acting: Any

    def draft(self, **said: Any) -> AlertDraft:
        usual = {"id": new_id(), "colour": "orange", "hazard_type": "landslide",
                 "area_paths": (GAOSUNTANG,), "expires_at": now() + timedelta(hours=6)}  # fmt: skip
        return AlertDraft(**usual | said)

    def propose(self, who: str = "street", **said: Any) -> Alert:
        with self.acting(who) as (session, by):
            return service.propose(session, draft=self.draft(**said), by=by, now=now())

    def issue(self, alert: Alert | UUID, who: str = "wanzhou") -> Alert:
        alert_id = alert.id if isinstance(alert, Alert) else alert
        with self.acting(who) as (session, by):
            return service.issue(session, alert_id=alert_id, by=by, now=now())

    def issued(self, who: str = "street", by: str = "wanzhou", **said: Any) -> Alert:
        return self.issue(self.propose(who, **said), by)

    def cancel(self, alert: Alert, who: str = "wanzhou", why: str = "雨已停") -> Alert:
        with self.acting(who) as (session, by):
            return service.cancel(session, alert_id=alert.id, by=by, now=now(), why=why)

    def drop(self, alert: Alert, who: str = "wanzhou", why: str = "写错了") -> Alert:
        with self.acting(who) as (session, by):
            return service.drop(session, alert_id=alert.id, by=by, now=now(), why=why)
