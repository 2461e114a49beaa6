"""The page on which a rule is tried on a station's past, beside another one."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from hazards.judging import live
from hazards.judging import repository as judged
from hazards.judging.models import RuleVersion
from hazards.monitoring import reading
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import trying
from rescue_app.web.render import page
from rescue_app.web.trying import Tried, span_of

router = APIRouter(include_in_schema=False)


@router.get("/monitoring/{point_id}/backtest", name="backtest")
def show(
    request: Request, db: Db, _: Who, now: Now, point_id: UUID,
    rule: str = "", other: str = "", first: str = "", last: str = "",
) -> Response:  # fmt: skip
    """Show what one rule or two would have said about a span of the past."""
    station = reading.station(db, point_id)
    start, end = span_of(first, last, now=now)
    fitting = fitting_rules(db, point_id)
    facts: dict[str, Any] = {"station": station, "start": start, "end": end, "fitting": fitting}
    facts |= {"entries": {one.id: live.entry_of(one) for one in fitting}, "rule": rule}
    chosen = named(fitting, rule, other) or fitting[:1]
    facts |= {"other": other, "tried": [of(db, one, point_id, (start, end)) for one in chosen]}
    return page(request, "monitoring/backtest.html", section="monitoring", **facts)


def fitting_rules(session: Session, point_id: UUID) -> list[RuleVersion]:
    """Give the versions of rules that judge what a station measures, those in force first."""
    measured = {one.property for one in reading.streams_of(session, [point_id])}
    known = [one for one in judged.every(session) if live.entry_of(one).property in measured]
    return sorted(known, key=lambda one: (not one.in_force, one.code, -one.version))


def named(fitting: list[RuleVersion], *ids: str) -> list[RuleVersion]:
    """Give the versions of these ids, in the order asked."""
    return [one for said in ids for one in fitting if str(one.id) == said]


def of(session: Session, version: RuleVersion, point_id: UUID, span: Any) -> Tried:
    """Try a version."""
    entry, held = live.entry_of(version), version.in_force
    return trying.tried(session, entry, point_id, span, version=version.version, in_force=held)
