"""Stations of an area beside each other on one scale, the worst first, at any past moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from hazards.alerts.rules import Colour
from hazards.judging import history
from hazards.judging.rules import RANK
from hazards.monitoring import reading
from hazards.monitoring.models import Datastream, MonitoringPoint, ObservedProperty
from hazards.monitoring.reading import Slot
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import chart
from rescue_app.web import monitoring_view as view
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)
Property = Annotated[str, Query(alias="property")]
MOST, SLOTS, USUAL = 200, 72, "24h"
STEPS = {"6h": 10, "24h": 30, "3d": 60, "30d": 720}
"""How many minutes one step goes, by span."""


@dataclass(frozen=True, slots=True)
class Small:
    """One stream as a small picture, with what stood there at the end of the span."""

    stream: Datastream
    station: MonitoringPoint
    path: str
    figure: float | None
    colour: Colour | None
    why_zh: str
    why_en: str


@router.get("/monitoring/side-by-side", name="side_by_side")
def show(
    request: Request, db: Db, who: Who, now: Now, of: Property = "rain",
    area: str = "", span: str = USUAL, until: str = "",
) -> Response:  # fmt: skip
    """Show the streams of a property in an area as they stood at a moment."""
    where = area if area.startswith(who.area_path) else who.area_path
    span, start, end = view.span_of(span if span in STEPS else USUAL, until, now=now)
    start, end = start - max(end - now, timedelta(0)), min(end, now)  # the future is not played
    facts = shown(db, of, where, start, end) | {"span": span, "spans": list(STEPS)}
    facts |= {"step_min": STEPS[span], "most": MOST}
    return page(request, "monitoring/side_by_side.html", section="monitoring", **facts)


def shown(
    session: Session, of: str, area_path: str, start: datetime, end: datetime
) -> dict[str, Any]:
    """Gather what the page shows of a property in an area over a span."""
    known = view.properties_of(session)
    chosen = known.get(of) or next(iter(known.values()))
    facts: dict[str, Any] = {"property": chosen, "properties": known, "start": start, "end": end}
    facts |= {"area": areas.by_path(session, area_path)}
    facts |= {"inside": areas.children(session, area_path)}
    return facts | {"small": small(session, chosen, area_path, start, end)}


def small(
    session: Session, of: ObservedProperty, area_path: str, start: datetime, end: datetime
) -> list[Small]:
    """Draw the streams of an area on one scale, those in the gravest colour first."""
    joined = MonitoringPoint.id == Datastream.point_id
    query = select(Datastream, MonitoringPoint).join(MonitoringPoint, joined).where(
        Datastream.property == of.code, Datastream.area_path.startswith(area_path, autoescape=True)
    )  # fmt: skip
    rows = session.execute(query.order_by(MonitoringPoint.name).limit(MOST)).all()
    numbers = [stream.number for stream, _ in rows]
    found = reading.series(session, numbers, start=start, end=end, slots=SLOTS)
    stood = standing(session, [station for _, station in rows], end=end)
    bounds = chart.common_bounds(found.values(), adds=of.adds)
    made = [
        Small(
            stream, station,
            chart.spark(found[stream.number], of=SLOTS, adds=of.adds, bounds=bounds),
            figure(found[stream.number], adds=of.adds), *stood.get(station.id, (None, "", "")),
        )
        for stream, station in rows
    ]  # fmt: skip
    return sorted(made, key=lambda one: (-RANK[one.colour], -(one.figure or 0), one.station.name))


def standing(
    session: Session, stations: list[MonitoringPoint], *, end: datetime
) -> dict[Any, tuple[Colour, str, str]]:
    """Give the gravest colour that stood at each station at a moment, and why."""
    points = {one.id for one in stations}
    held = history.stood(session, points, start=end - timedelta(minutes=1), end=end)
    found: dict[Any, tuple[Colour, str, str]] = {}
    for (point_id, _), stretches in held.items():
        last = stretches[-1]
        if last.end == end and RANK[last.colour] > RANK[found.get(point_id, (None,))[0]]:
            found[point_id] = last.colour, last.why_zh, last.why_en
    return found


def figure(slots: list[Slot], *, adds: bool) -> float | None:
    """Give what a picture says in one number: the sum, or the most."""
    told = [one for one in slots if one.mean is not None]
    if not told:
        return None
    return sum(one.total or 0.0 for one in told) if adds else max(one.high or 0.0 for one in told)
