"""What stands on the pages of incidents: itself, what was joined, reports, orders, pictures."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import to_geojson
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, may
from hazards.calls import reading as calls
from hazards.points import types
from rescue_app.dispatch import reading
from rescue_app.incidents import clock, known, limits, raising, repository
from rescue_app.incidents.models import Incident, SituationReport
from rescue_app.levels import repository as levels
from rescue_app.proposals import repository as proposals
from rescue_app.seen import service as seen
from rescue_app.web.points_view import area_names

OTHER = "other"
ROOT = "/"


def detail(
    db: Session, row: Incident, actor: Actor, now: datetime, *, locale: str
) -> dict[str, Any]:
    """Gather what stands on the page of an incident; what was joined with it counts as its own."""
    kin = repository.kin(db, row.id)
    joined = [one for one in kin if one.merged_into_id == row.id]
    whole = [row.id, *(one.id for one in joined)]
    sent = repository.reports(db, whole)
    others = [one for one in (row.merged_into_id, row.split_from_id) if one]
    may_change = may(actor, Act.OPEN_INCIDENT, row.area_path)
    shape = row.extent if row.extent is not None else None
    return about(db, [row, *kin], now, locale=locale) | {
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
        **seen.pictures(db, whole),
        "shape": to_geojson(shape) if shape is not None else "",
        "open_ones": candidates(db, row) if may_change and row.is_open else [],
        "may_order": may(actor, Act.ISSUE_ORDER, actor.area_path),
        "may_change": may_change,
        "level_paths": [p for p in row.district_paths if may(actor, Act.SET_LEVEL, p)],
    }


def candidates(db: Session, row: Incident) -> list[Incident]:
    """Give open incidents that this one could be joined with, the newest first."""
    found = repository.latest(db, open_only=True)
    return [one for one in found if one.id != row.id and one.is_drill == row.is_drill]


def readers(
    db: Session, sent: list[SituationReport]
) -> dict[UUID, list[tuple[str, calls.Line | None]]]:
    """Tell of each report to which centres it went, and who there has answered.

    One that rang nobody anew was said in the call that waited there, about a report before it.
    """
    asked = {
        report.id: clock.readers(report.from_path, given.up_to)
        if (given := limits.of_grade(db, report.grade))
        else []
        for report in sent
    }
    refs = [raising.read_ref(key, path) for key, paths in asked.items() for path in paths]
    lines = calls.lines_of(db, refs, topic=raising.TOPIC)
    found: dict[UUID, list[tuple[str, calls.Line | None]]] = {key: [] for key in asked}
    last: dict[tuple[UUID, str], calls.Line] = {}
    for report in sorted(sent, key=lambda one: one.number):
        for path in asked[report.id]:
            here, own = (report.incident_id, path), lines.get(raising.read_ref(report.id, path))
            if own:
                last[here] = own[0]
            found[report.id].append((path, last.get(here)))
    return found


def about(
    db: Session, rows: list[Incident], now: datetime, *, locale: str = "zh"
) -> dict[str, Any]:
    """Give the names of areas, kinds and plans that a page of incidents says."""
    paths = {path for row in rows for path in lineage(row.area_path)}
    held = {row.area_path for row in levels.in_force(db, ROOT)}
    return {
        "plans": {kind.code: kind for kind in levels.types(db)},
        "names": area_names(db, held, now, locale=locale),
        "areas": repository.areas(db, paths, day=day_of(now)),
        "kinds": {kind.code: kind for kind in types.all_types(db)},
    }


def lineage(area_path: str) -> list[str]:
    """Give an area's path and those of the areas it lies in, the biggest first."""
    codes = area_path.strip("/").split("/")
    return ["/" + "/".join(codes[: n + 1]) + "/" for n in range(len(codes))]
