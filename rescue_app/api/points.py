"""The ledger over HTTP, for page scripts and machines."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from hazards.points import features, history, repository, service, summary, types
from hazards.points.cases import proposing
from hazards.points.models import HazardType
from rescue_app import exports
from rescue_app.api.cases_shapes import CaseOut, answered
from rescue_app.api.points_query import ExportQuery, PointQuery, meaning, topics_of
from rescue_app.api.points_said import Changes, Delisting, NewPoint
from rescue_app.api.points_shapes import PointOut, StepOut
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.drawn import answer_text

router = APIRouter(prefix="/api/v1", tags=["points"])
Asked = Annotated[PointQuery, Query()]
JSON = "application/json"
GEOJSON = "application/geo+json"


@router.get("/points")
def list_points(db: Db, _: Who, now: Now, asked: Asked) -> Response:
    """Give one page of the ledger; the database writes the JSON."""
    found = asked.filter(db, now)
    text = repository.page_json(db, found, asked.sort, page=asked.page, size=asked.size)
    return Response(text, media_type=JSON)


@router.get("/points.geojson")
async def list_features(request: Request, now: Now, asked: Asked) -> Response:
    """Give points as GeoJSON, `size` at most; if that was all, `numberMatched` says so."""
    meant = await meaning(request, asked, now)
    text = features.collection(meant, asked.sort, limit=asked.size)
    minute = str(meant.overdue or "")
    return await answer_text(request, topics_of(meant), text, minute, media_type=GEOJSON)


@router.get("/points/summary")
def sum_up(db: Db, _: Who, now: Now, asked: Asked) -> dict[str, float | summary.Figures]:
    """Say what the filter means in numbers: points, people, property, by grade and category."""
    return summary.summed(db, asked.filter(db, now))


@router.get("/points/export")
def export_points(db: Db, _: Who, now: Now, asked: Annotated[ExportQuery, Query()]) -> Response:
    """Give everything the filter means as a file; more rows than fit an answer are a job's."""
    return exports.at_once(db, asked, name=f"points.{asked.format.suffix}", now=now)


@router.post("/points", status_code=201)
def enter_point(db: Db, actor: Who, now: Now, body: NewPoint, response: Response) -> CaseOut:
    """Apply for a new point; the same id again answers 200 and applies for nothing."""
    ask, facts = body.ask(actor, now), body.facts()
    case, is_new = proposing.enter(db, ask=ask, point_id=body.id, facts=facts)
    return answered(response, db, actor, case, is_new=is_new)


@router.get("/points/{point_id}")
def show_point(db: Db, _: Who, point_id: UUID) -> PointOut:
    """Give one point in full."""
    return PointOut.of(service.visible(db, point_id))


@router.patch("/points/{point_id}", status_code=201)
def change_point(
    db: Db, actor: Who, now: Now, point_id: UUID, body: Changes, response: Response
) -> CaseOut:
    """Apply for a change of the fields that are sent, in view of the version they were read at."""
    ask, seen, said = body.ask(actor, now), body.version, body.changes()
    case, is_new = proposing.change(db, ask=ask, point_id=point_id, seen_version=seen, changes=said)
    return answered(response, db, actor, case, is_new=is_new)


@router.post("/points/{point_id}/delist", status_code=201)
def delist_point(
    db: Db, actor: Who, now: Now, point_id: UUID, body: Delisting, response: Response
) -> CaseOut:
    """Apply for a point's leaving the ledger, with ground and report."""
    ask, seen, why = body.ask(actor, now), body.version, body.ground
    case, is_new = proposing.remove(
        db, ask=ask, point_id=point_id, seen_version=seen, ground=why, report=body.report
    )
    return answered(response, db, actor, case, is_new=is_new)


@router.get("/points/{point_id}/history")
def point_history(db: Db, _: Who, point_id: UUID) -> list[StepOut]:
    """Tell the point's life, newest first."""
    point = service.visible(db, point_id)
    replaced = repository.versions(db, point_id)
    return [StepOut.of(step) for step in history.steps(point, replaced)]


@router.get("/hazard-types")
def hazard_types(db: Db) -> list[dict[str, str | bool]]:
    """Give the words for hazards, in their order."""
    return [type_out(kind) for kind in types.all_types(db)]


def type_out(kind: HazardType) -> dict[str, str | bool]:
    """Show a hazard type."""
    names = {"code": kind.code, "name_zh": kind.name_zh, "name_en": kind.name_en}
    return {**names, "family": kind.family, "active": kind.active}
