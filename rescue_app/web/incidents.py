"""Pages of incidents: what is happening, how it stands, and the orders given for it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from shapely import to_geojson
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, may
from hazards.calls import reading as calls
from hazards.points import types
from rescue_app.dispatch import reading
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import clock, joining, known, limits, raising, repository, service
from rescue_app.incidents.models import Incident, SituationReport
from rescue_app.levels import repository as levels
from rescue_app.proposals import repository as proposals
from rescue_app.web import flash
from rescue_app.web.points_view import area_names
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
SECTION = "incidents"
OTHER = "other"
ROOT = "/"
Said = Annotated[str, Form(max_length=2_000)]


@router.get("/incidents", name="incidents")
def list_incidents(
    request: Request, db: Db, actor: Who, now: Now, *, drills: bool = False
) -> Response:
    """Show what is happening, and the orders on their way down; drills stand apart."""
    seq = request.app.state.hub.seq  # before the contents, so that nothing falls between
    rows = repository.latest(db, open_only=False, drills=drills)
    facts = about(db, rows, now) | {"drills": drills, "played": repository.drills_open(db)}
    facts |= {"orders": reading.latest_orders(db, drills=drills), "section": SECTION}
    facts["waiting"] = reading.unanswered(db, actor.area_path)
    facts["may_open"] = may(actor, Act.OPEN_INCIDENT, actor.area_path)
    facts["levels"] = levels.in_force(db, actor.area_path)
    return page(request, "incidents/list.html", rows=rows, seq=seq, now=now, **facts)


@router.get("/incidents/{incident_id}", name="incident")
def show_incident(request: Request, db: Db, actor: Who, now: Now, incident_id: UUID) -> Response:
    """Show an incident, its reports, its orders and its log."""
    seq = request.app.state.hub.seq
    facts = detail(db, service.visible(db, incident_id), actor, now)
    return page(request, "incidents/detail.html", seq=seq, now=now, section=SECTION, **facts)


@router.post("/incidents/{incident_id}/close")
def close_incident(
    request: Request, db: Db, actor: Who, now: Now, incident_id: UUID, note: Said = ""
) -> Response:
    """Close an incident; the way back is to open it again."""
    service.close(db, incident_id=incident_id, by=actor, now=now, note=note)
    undo = f"/incidents/{incident_id}/reopen"
    return back(request, incident_id, "Closed. The final report is owed now.", undo)


@router.post("/incidents/{incident_id}/reopen")
def reopen_incident(
    request: Request, db: Db, actor: Who, now: Now, incident_id: UUID, note: Said = ""
) -> Response:
    """Let a closed incident go on."""
    service.reopen(db, incident_id=incident_id, by=actor, now=now, note=note)
    return back(request, incident_id, "It goes on.")


@router.post("/incidents/{incident_id}/merge")
def merge(  # noqa: D103 - the form's own words
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    incident_id: UUID,
    into: Annotated[UUID, Form()],
    note: Said = "",
) -> Response:
    joining.merge(db, incident_id=incident_id, into_id=into, by=actor, now=now, note=note)
    return back(request, into, "Joined. It is one incident now.", f"/incidents/{incident_id}/part")


@router.post("/incidents/{incident_id}/part")
def part(
    request: Request, db: Db, actor: Who, now: Now, incident_id: UUID, note: Said = ""
) -> Response:
    """Take a joined incident out again."""
    joining.part(db, incident_id=incident_id, by=actor, now=now, note=note)
    return back(request, incident_id, "It stands for itself again.")


def detail(db: Session, row: Incident, actor: Actor, now: datetime) -> dict[str, Any]:
    """Gather what stands on the page of an incident; what was joined with it counts as its own."""
    kin = repository.kin(db, row.id)
    joined = [one for one in kin if one.merged_into_id == row.id]
    whole = [row.id, *(one.id for one in joined)]
    sent = repository.reports(db, whole)
    others = [one for one in (row.merged_into_id, row.split_from_id) if one]
    may_change = may(actor, Act.OPEN_INCIDENT, row.area_path)
    shape = row.extent if row.extent is not None else None
    return about(db, [row, *kin], now) | {
        "row": row,
        "joined": joined,
        "split": [one for one in kin if one.split_from_id == row.id],
        "others": {each: repository.visible(db, each) for each in others},
        "orders": reading.latest_orders(db, incident_ids=whole),
        "batches": proposals.batches(db, whole),
        "reports": sent,
        "readers": readers(db, sent),
        "steps": repository.steps(db, whole),
        "around": known.around(db, row),
        "levels": levels.in_force(db, row.area_path),
        "plan_type": levels.type_of(db, row.hazard_type) or OTHER,
        "shape": to_geojson(shape) if shape is not None else "",
        "open_ones": candidates(db, row) if may_change and row.is_open else [],
        "may_order": may(actor, Act.ISSUE_ORDER, actor.area_path),
        "may_change": may_change,
        "may_level": may(actor, Act.SET_LEVEL, row.area_path),
        "district": lineage(row.area_path)[:2][-1],
    }


def candidates(db: Session, row: Incident) -> list[Incident]:
    """Give open incidents that this one could be joined with, the newest first."""
    found = repository.latest(db, open_only=True)
    return [one for one in found if one.id != row.id and one.is_drill == row.is_drill]


def readers(
    db: Session, sent: list[SituationReport]
) -> dict[UUID, list[tuple[str, calls.Line | None]]]:
    """Tell of each report to which centres it went, and who there has answered."""
    asked = {
        report.id: clock.readers(report.from_path, given.up_to)
        if (given := limits.of_grade(db, report.grade))
        else []
        for report in sent
    }
    refs = {raising.read_ref(key, path): (key, path) for key, ps in asked.items() for path in ps}
    lines = calls.lines_of(db, list(refs), topic=raising.TOPIC)
    found: dict[UUID, list[tuple[str, calls.Line | None]]] = {key: [] for key in asked}
    for ref, (key, path) in refs.items():
        found[key].append((path, next(iter(lines.get(ref, ())), None)))
    return found


def about(db: Session, rows: list[Incident], now: datetime) -> dict[str, Any]:
    """Give the names of areas, kinds and plans that a page of incidents says."""
    paths = {path for row in rows for path in lineage(row.area_path)}
    held = {row.area_path for row in levels.in_force(db, ROOT)}
    return {
        "plans": {kind.code: kind for kind in levels.types(db)},
        "names": area_names(db, held, now),
        "areas": repository.areas(db, paths, day=day_of(now)),
        "kinds": {kind.code: kind for kind in types.all_types(db)},
    }


def lineage(area_path: str) -> list[str]:
    """Give an area's path and those of the areas it lies in, the biggest first."""
    codes = area_path.strip("/").split("/")
    return ["/" + "/".join(codes[: n + 1]) + "/" for n in range(len(codes))]


def back(request: Request, incident_id: UUID, text: str, undo: str | None = None) -> Response:
    """Go to an incident's page and say there what was done."""
    return flash.say(
        RedirectResponse(f"/incidents/{incident_id}", 303), say(request, text), undo=undo
    )
