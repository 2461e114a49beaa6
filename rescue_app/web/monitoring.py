"""Pages of stations: what they measure now, what is wrong with them, and one over a span."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may
from hazards.judging import history
from hazards.judging import repository as judged
from hazards.monitoring import reading
from hazards.monitoring.reading import Wanted
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import monitoring_view as view
from rescue_app.web import navigation, stream_chart
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)
Asked = Annotated[int, Query(alias="page", ge=1, le=100_000)]
Property = Annotated[str, Query(alias="property")]
SECTION = "monitoring"
ACTS = {"brings": Act.EDIT_POINT, "manages": Act.MANAGE_FEEDS}
"""What a page of the list lets its reader do, by the word its template knows."""


@router.get("/monitoring", name="monitoring")
def list_page(
    request: Request, db: Db, who: Who, now: Now, q: str = "", of: Property = "",
    trouble: bool = False, page_number: Asked = 1,
) -> Response:  # fmt: skip
    """List streams with their latest reading and last day, those in trouble first."""
    wanted = Wanted(q.strip(), of, trouble)
    rows, total = reading.listing(db, wanted, page=page_number)
    facts: dict[str, Any] = {"rows": rows, "total": total, "wanted": wanted, "now": now}
    facts |= {"page_number": page_number, "pages": -(-total // reading.PAGE_ROWS)}
    facts |= {"properties": view.properties_of(db), "sparks": view.sparks(db, rows, now=now)}
    facts["colours"] = judged.coloured(db, {station.id for _, station in rows})
    facts |= {word: may(who, act, who.area_path) for word, act in ACTS.items()}
    return page(request, "monitoring/list.html", section=SECTION, **facts)


@router.get("/monitoring/{point_id}", name="station")
def station_page(
    request: Request, db: Db, who: Who, now: Now, point_id: UUID, span: str = "", until: str = "",
    over: str = "",
) -> Response:  # fmt: skip
    """Show a station: its readings over a span, the odd ones, and whom to call."""
    return show_station(request, db, who, now, point_id, span=span, until=until, over=over)


def show_station(
    request: Request, db: Session, who: Actor, now: datetime, point_id: UUID, *,
    span: str = "", until: str = "", over: str = "", status: int = 200, **more: Any,
) -> Response:  # fmt: skip
    """Show a station, also with what is wrong with a form on it."""
    station, streams = reading.station(db, point_id), reading.streams_of(db, [point_id])
    chosen, start, end = view.span_of(span, until, now=now)
    facts: dict[str, Any] = {"station": station, "span": chosen, "start": start, "end": end}
    facts["drawn"] = stream_chart.charts(db, streams, start=start, end=end, over=over)
    facts["lanes"] = stream_chart.lanes(db, station, start=start, end=end)
    facts["events"] = history.happened(db, station, start=start, end=end)
    facts |= {"over": over, "moved": view.moved(start, end, now=now)}
    facts |= {"changes": judged.of_point(db, point_id), "rules": view.rule_names(db)}
    facts["odd"] = view.odd_rows(db, streams, start=start, end=end)
    facts |= {"spans": list(view.SPANS), "ways": navigation.ways(station.place, station.name)}
    facts |= {"may_mark": may(who, Act.EDIT_POINT, station.area_path), "problem": ""} | more
    return page(request, "monitoring/station.html", status=status, section=SECTION, **facts)
