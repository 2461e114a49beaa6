"""A station beside the map: what it says now and how old that is, what watches it, whom to call."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from hazards.judging import live, standing
from hazards.judging import repository as judged
from hazards.judging.files import RuleEntry
from hazards.monitoring import reading
from hazards.monitoring.models import MonitoringPoint
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import monitoring_view as view
from rescue_app.web.navigation import ways
from rescue_app.web.render import page

router = APIRouter()


@router.get("/stations/{point_id}/panel", name="station_panel")
def station_panel(request: Request, db: Db, _: Who, now: Now, point_id: UUID) -> Response:
    """Show a station beside the map."""
    station = reading.station(db, point_id)
    facts = said(db, station, now) | {"ways": ways(station.place, station.name)}
    return page(request, "map/station.html", station=station, now=now, **facts)


def said(db: Session, station: MonitoringPoint, now: datetime) -> dict[str, Any]:
    """Gather what a station says, and what is said of it."""
    streams = reading.streams_of(db, [station.id])
    return {
        "streams": streams,
        "properties": view.properties_of(db),
        "sparks": view.sparks(db, [(one, station) for one in streams], now=now),
        "rules": watching(db, {one.property for one in streams}),
        "stood": standing.by_rule(db, station.id),
        "last": judged.of_point(db, station.id, most=1),
        "alerts": standing.warnings(db, station, now=now),
    }


def watching(db: Session, measured: set[str]) -> list[RuleEntry]:
    """Give the rules in force that judge what is measured."""
    entries = map(live.entry_of, judged.in_force(db))
    return [one for one in entries if one.property in measured]
